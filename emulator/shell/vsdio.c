// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The card's side of /dev/vsdio: requests go to the chip, its answers back,
 * with the level of the interrupt line in the same message.
 */
#include "shell.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../../drivers/vsdio/vsdio.h"

struct vsdio {
	struct watch watch;
	bool plugged;
	bool powered;
	bool irq;		/* level that the host knows */
	unsigned int hz, width;
	/* One read(), one write(); the head is looked at where it is */
	uint8_t in[sizeof(struct vsdio_event) + VSDIO_MAX_DATA] __attribute__((aligned(8)));
	uint8_t out[sizeof(struct vsdio_msg) + VSDIO_MAX_DATA] __attribute__((aligned(8)));
};

static const struct {
	const char *word;
	uint32_t flag;
} plug_flags[] = {
	{ "1bit", VSDIO_PLUG_1BIT },
	{ "irq-nothread", VSDIO_PLUG_IRQ_NOTHREAD },
	{ "no-irq", VSDIO_PLUG_NO_SDIO_IRQ },
	{ "no-keep-power", VSDIO_PLUG_NO_KEEP_POWER },
	{ "nonremovable", VSDIO_PLUG_NONREMOVABLE },
};

static uint32_t irq_flag(bool level)
{
	return level ? VSDIO_MSG_IRQ_ASSERT : VSDIO_MSG_IRQ_DEASSERT;
}

/* Flags that bring the host up to date, 0 if it is. */
static uint32_t irq_change(struct device *dev)
{
	struct vsdio *v = dev->vsdio;
	bool level = v->powered && dev->ops->sdio->irq(dev->chip);

	if (level == v->irq)
		return 0;
	v->irq = level;
	dev->sh->counters.bus_interrupts += level;
	return irq_flag(level);
}

static void send_msg(struct device *dev, size_t len)
{
	struct vsdio *v = dev->vsdio;
	const struct vsdio_msg *msg = (struct vsdio_msg *)v->out;

	if (write(v->watch.fd, v->out, len) == (ssize_t)len)
		return;
	/* The host gave the request up meanwhile, or the card is gone. */
	dev->sh->counters.bus_late_answers++;
	if (errno != ENOENT && errno != ENODEV)
		shell_log(dev->sh, "vsdio: write: %s", strerror(errno));
	/* Nor was the interrupt changed: that is to be told again. */
	if (msg->type == VSDIO_MSG_ANSWER && msg->flags)
		v->irq = !v->irq;
}

void vsdio_sync_irq(struct device *dev)
{
	struct vsdio *v = dev->vsdio;
	struct vsdio_msg *msg;
	uint32_t flags;

	if (!v || !v->plugged)
		return;
	flags = irq_change(dev);
	if (!flags)
		return;
	msg = (struct vsdio_msg *)v->out;
	*msg = (struct vsdio_msg){ .type = VSDIO_MSG_IRQ, .flags = flags };
	send_msg(dev, sizeof(*msg));
}

static void on_request(struct device *dev, const struct vsdio_event *ev, uint8_t *data)
{
	struct vsdio *v = dev->vsdio;
	struct vsdio_msg *msg = (struct vsdio_msg *)v->out;
	size_t len = ev->write ? ev->data_len : (size_t)ev->blksz * ev->blocks;
	uint8_t *buf = ev->write ? data : v->out + sizeof(*msg);
	uint64_t bus_ns = 0;
	int data_error = 0;

	*msg = (struct vsdio_msg){ .type = VSDIO_MSG_ANSWER, .id = ev->id };
	if (len > VSDIO_MAX_DATA) {
		msg->error = -EIO;
		send_msg(dev, sizeof(*msg));
		return;
	}
	if (!ev->write)
		memset(buf, 0, len);
	msg->error = dev->ops->sdio->command(dev->chip, ev->opcode, ev->arg, buf, len,
					     &msg->response, &data_error, &bus_ns, dev->sh->now);
	msg->data_error = data_error;
	msg->bus_ns = bus_ns;
	if (!ev->write && !msg->error)
		msg->data_len = len;
	dev->sh->counters.bus_commands++;
	dev->sh->counters.bus_ns += bus_ns;
	capture_command(dev, ev->opcode, ev->arg, msg->response,
			msg->error ? msg->error : data_error, buf, msg->error ? 0 : len);
	msg->flags = irq_change(dev);
	send_msg(dev, sizeof(*msg) + msg->data_len);
}

static void on_event(struct device *dev, const struct vsdio_event *ev, uint8_t *data)
{
	struct vsdio *v = dev->vsdio;

	switch (ev->type) {
	case VSDIO_EV_REQUEST:
		on_request(dev, ev, data);
		break;
	case VSDIO_EV_POWER:
		if (v->powered != !!ev->arg) {
			v->powered = !!ev->arg;
			dev->ops->sdio->power(dev->chip, v->powered, dev->sh->now);
		}
		break;
	case VSDIO_EV_CLOCK:
		v->hz = ev->arg;
		dev->ops->sdio->set_bus(dev->chip, v->hz, v->width);
		break;
	case VSDIO_EV_WIDTH:
		v->width = ev->arg;
		dev->ops->sdio->set_bus(dev->chip, v->hz, v->width);
		break;
	case VSDIO_EV_CANCEL:
		dev->sh->counters.bus_cancelled++;
		break;
	default:
		/* Timing and the host's interrupt mask change nothing for the card. */
		break;
	}
}

/* One event: the host rarely has two for us, and asking for more costs a call */
static void on_ready(struct shell *sh, void *arg)
{
	struct device *dev = arg;
	struct vsdio *v = dev->vsdio;
	struct vsdio_event *ev = (struct vsdio_event *)v->in;
	ssize_t n = read(v->watch.fd, v->in, sizeof(v->in));

	if (n >= (ssize_t)sizeof(*ev) && ev->time_ns > sh->now)
		sh->now = ev->time_ns;
	loop_due(sh);
	if (n < 0) {
		if (errno != EAGAIN && errno != EINTR && errno != ENODEV)
			shell_log(sh, "vsdio: read: %s", strerror(errno));
		return;
	}
	if (n < (ssize_t)sizeof(*ev) || (ev->type == VSDIO_EV_REQUEST && ev->write &&
					 ev->data_len != n - sizeof(*ev))) {
		shell_log(sh, "internal error: vsdio event of %zd bytes", n);
		sh->failed = 3;
		sh->quit = true;
		return;
	}
	on_event(dev, ev, v->in + sizeof(*ev));
}

int vsdio_open(struct device *dev)
{
	struct vsdio *v = calloc(1, sizeof(*v));
	int error;

	if (!v)
		return -ENOMEM;
	v->width = 1;
	v->watch.ready = on_ready;
	v->watch.arg = dev;
	v->watch.own_time = true;
	v->watch.fd = open(dev->path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (v->watch.fd < 0) {
		error = -errno;
		free(v);
		return error;
	}
	dev->vsdio = v;
	error = loop_watch(dev->sh, &v->watch);
	if (error)
		vsdio_close(dev);
	return error;
}

void vsdio_close(struct device *dev)
{
	struct vsdio *v = dev->vsdio;

	if (!v)
		return;
	dev->vsdio = NULL;
	close(v->watch.fd);
	free(v);
}

static int plug_words(const char *words, uint32_t *flags)
{
	size_t n = sizeof(plug_flags) / sizeof(plug_flags[0]);

	for (words += strspn(words, " \t"); *words; words += strspn(words, " \t")) {
		size_t len = strcspn(words, " \t");
		size_t i;

		for (i = 0; i < n; i++)
			if (strlen(plug_flags[i].word) == len &&
			    !strncmp(words, plug_flags[i].word, len))
				break;
		if (i == n)
			return -EINVAL;
		*flags |= plug_flags[i].flag;
		words += len;
	}
	return 0;
}

int vsdio_plug(struct device *dev, const char *words, const char **why)
{
	struct vsdio_plug plug = { .version = VSDIO_API_VERSION };
	struct vsdio *v = dev->vsdio;

	*why = dev->ops->sdio ? "start the program with --vsdio" : "this chip is no SDIO card";
	if (!v)
		return -ENODEV;
	*why = "flags are 1bit, irq-nothread, no-irq, no-keep-power, nonremovable";
	if (plug_words(words, &plug.flags))
		return -EINVAL;
	*why = "the card is plugged already; unplug it first";
	if (v->plugged)
		return -EBUSY;
	if (ioctl(v->watch.fd, VSDIO_IOC_PLUG, &plug)) {
		*why = strerror(errno);
		return -EIO;
	}
	v->plugged = true;
	v->irq = false;
	shell_log(dev->sh, "card plugged into mmc%u", plug.host_index);
	return 0;
}

int vsdio_unplug(struct device *dev, const char **why)
{
	struct vsdio *v = dev->vsdio;

	*why = "no card is plugged";
	if (!v || !v->plugged)
		return -ENODEV;
	shell_log(dev->sh, "card removed in step %s", dev->ops->step(dev->chip));
	dev->sh->counters.cards_removed++;
	/* Requests on their way must not be answered by a card that is gone. */
	v->plugged = false;
	if (v->powered) {
		v->powered = false;
		dev->ops->sdio->power(dev->chip, false, dev->sh->now);
	}
	if (ioctl(v->watch.fd, VSDIO_IOC_UNPLUG)) {
		*why = strerror(errno);
		return -EIO;
	}
	v->irq = false;
	return 0;
}
