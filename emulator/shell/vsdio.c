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
static uint32_t irq_change(struct shell *sh)
{
	struct vsdio *v = sh->vsdio;
	bool level = v->powered && chip_irq(sh->chip);

	if (level == v->irq)
		return 0;
	v->irq = level;
	sh->counters.bus_interrupts += level;
	return irq_flag(level);
}

static void send_msg(struct shell *sh, size_t len)
{
	struct vsdio *v = sh->vsdio;
	const struct vsdio_msg *msg = (struct vsdio_msg *)v->out;

	if (write(v->watch.fd, v->out, len) == (ssize_t)len)
		return;
	/* The host gave the request up meanwhile, or the card is gone. */
	sh->counters.bus_late_answers++;
	if (errno != ENOENT && errno != ENODEV)
		shell_log(sh, "vsdio: write: %s", strerror(errno));
	/* Nor was the interrupt changed: that is to be told again. */
	if (msg->type == VSDIO_MSG_ANSWER && msg->flags)
		v->irq = !v->irq;
}

void vsdio_sync_irq(struct shell *sh)
{
	struct vsdio *v = sh->vsdio;
	struct vsdio_msg *msg;
	uint32_t flags;

	if (!v || !v->plugged)
		return;
	flags = irq_change(sh);
	if (!flags)
		return;
	msg = (struct vsdio_msg *)v->out;
	*msg = (struct vsdio_msg){ .type = VSDIO_MSG_IRQ, .flags = flags };
	send_msg(sh, sizeof(*msg));
}

static void on_request(struct shell *sh, const struct vsdio_event *ev, uint8_t *data)
{
	struct vsdio *v = sh->vsdio;
	struct vsdio_msg *msg = (struct vsdio_msg *)v->out;
	size_t len = ev->write ? ev->data_len : (size_t)ev->blksz * ev->blocks;
	uint8_t *buf = ev->write ? data : v->out + sizeof(*msg);
	uint64_t bus_ns = 0;
	int data_error = 0;

	*msg = (struct vsdio_msg){ .type = VSDIO_MSG_ANSWER, .id = ev->id };
	if (len > VSDIO_MAX_DATA) {
		msg->error = -EIO;
		send_msg(sh, sizeof(*msg));
		return;
	}
	if (!ev->write)
		memset(buf, 0, len);
	msg->error = chip_command(sh->chip, ev->opcode, ev->arg, buf, len, &msg->response,
				  &data_error, &bus_ns, sh->now);
	msg->data_error = data_error;
	msg->bus_ns = bus_ns;
	if (!ev->write && !msg->error)
		msg->data_len = len;
	sh->counters.bus_commands++;
	sh->counters.bus_ns += bus_ns;
	capture_command(sh, ev->opcode, ev->arg, msg->response,
			msg->error ? msg->error : data_error, buf, msg->error ? 0 : len);
	msg->flags = irq_change(sh);
	send_msg(sh, sizeof(*msg) + msg->data_len);
}

static void on_event(struct shell *sh, const struct vsdio_event *ev, uint8_t *data)
{
	struct vsdio *v = sh->vsdio;

	switch (ev->type) {
	case VSDIO_EV_REQUEST:
		on_request(sh, ev, data);
		break;
	case VSDIO_EV_POWER:
		if (v->powered != !!ev->arg) {
			v->powered = !!ev->arg;
			chip_power(sh->chip, v->powered, sh->now);
		}
		break;
	case VSDIO_EV_CLOCK:
		v->hz = ev->arg;
		chip_set_bus(sh->chip, v->hz, v->width);
		break;
	case VSDIO_EV_WIDTH:
		v->width = ev->arg;
		chip_set_bus(sh->chip, v->hz, v->width);
		break;
	case VSDIO_EV_CANCEL:
		sh->counters.bus_cancelled++;
		break;
	default:
		/* Timing and the host's interrupt mask change nothing for the card. */
		break;
	}
}

/* One event: the host rarely has two for us, and asking for more costs a call */
static void on_ready(struct shell *sh, void *arg)
{
	struct vsdio *v = sh->vsdio;
	struct vsdio_event *ev = (struct vsdio_event *)v->in;
	ssize_t n = read(v->watch.fd, v->in, sizeof(v->in));

	(void)arg;
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
	on_event(sh, ev, v->in + sizeof(*ev));
}

int vsdio_open(struct shell *sh, const char *path)
{
	struct vsdio *v = calloc(1, sizeof(*v));
	int error;

	if (!v)
		return -ENOMEM;
	v->width = 1;
	v->watch.ready = on_ready;
	v->watch.own_time = true;
	v->watch.fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (v->watch.fd < 0) {
		error = -errno;
		free(v);
		return error;
	}
	sh->vsdio = v;
	error = loop_watch(sh, &v->watch);
	if (error)
		vsdio_close(sh);
	return error;
}

void vsdio_close(struct shell *sh)
{
	struct vsdio *v = sh->vsdio;

	if (!v)
		return;
	sh->vsdio = NULL;
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

int vsdio_plug(struct shell *sh, const char *words, const char **why)
{
	struct vsdio_plug plug = { .version = VSDIO_API_VERSION };
	struct vsdio *v = sh->vsdio;

	*why = "start the program with --vsdio";
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
	shell_log(sh, "card plugged into mmc%u", plug.host_index);
	return 0;
}

int vsdio_unplug(struct shell *sh, const char **why)
{
	struct vsdio *v = sh->vsdio;

	*why = "no card is plugged";
	if (!v || !v->plugged)
		return -ENODEV;
	shell_log(sh, "card removed in step %s", chip_step(sh->chip));
	sh->counters.cards_removed++;
	/* Requests on their way must not be answered by a card that is gone. */
	v->plugged = false;
	if (v->powered) {
		v->powered = false;
		chip_power(sh->chip, false, sh->now);
	}
	if (ioctl(v->watch.fd, VSDIO_IOC_UNPLUG)) {
		*why = strerror(errno);
		return -EIO;
	}
	v->irq = false;
	return 0;
}
