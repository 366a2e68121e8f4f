// SPDX-License-Identifier: GPL-2.0-only
/*
 * vsdio: SDIO cards in user space.
 *
 * Each open file may plug one card: an mmc_host whose requests are read from
 * the file and answered by writing to it. What crosses the file is described
 * in vsdio.h.
 */
#include <linux/completion.h>
#include <linux/fs.h>
#include <linux/hrtimer.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mmc/host.h>
#include <linux/mmc/mmc.h>
#include <linux/mmc/sdio.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/poll.h>
#include <linux/scatterlist.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#include "compat.h"
#include "vsdio.h"

/**
 * DOC: Locking
 *
 * vsdio_file::mutex serialises plug and unplug. vsdio_file::lock, taken with
 * interrupts off because hrtimers run in hard interrupt context, guards the
 * rest: the request in flight, the queue of events, the interrupt line. The
 * mmc core is called (request done, interrupt signal) with no lock held.
 *
 * A request is owned by whoever clears vsdio_file::mrq under the lock: the
 * completion timer, the give-up timer or unplug.
 */

/* A program that does not answer within this time loses the request */
#define VSDIO_ANSWER_S		10
/* A level that stays up is delivered again after this time, never at once:
 * where the processor costs no time, an interrupt storm would last for ever.
 */
#define VSDIO_AGAIN_US		10
#define VSDIO_MAX_EVENTS	256

struct vsdio_node {
	struct list_head list;
	struct vsdio_event event;
};

struct vsdio_file {
	struct mutex mutex;		/* plug and unplug */
	spinlock_t lock;		/* all below */
	wait_queue_head_t wait;
	struct mmc_host *mmc;
	bool gone;			/* unplugging: every request fails */

	struct mmc_request *mrq;
	u64 id;
	bool sent;			/* the program has read the request */
	bool answered;
	ktime_t issued;
	struct hrtimer done_timer;
	struct hrtimer give_up_timer;
	u8 *data;			/* bounce buffer, VSDIO_MAX_DATA */
	size_t data_len;

	struct list_head events;
	unsigned int n_events;

	bool irq_level;
	bool irq_enabled;
	bool nothread;
	bool tell_irq;			/* the program wants to know who listens */
	struct hrtimer irq_timer;
	struct mmc_ios ios;
};

struct vsdio_host {
	struct vsdio_file *file;
};

static struct platform_device *vsdio_parent;

static struct vsdio_file *vsdio_of(struct mmc_host *mmc)
{
	return ((struct vsdio_host *)mmc_priv(mmc))->file;
}

/* ---- events to the program ---- */

/* Called with the lock held. State that changes often is merged. */
static void vsdio_post(struct vsdio_file *f, u32 type, u32 arg, u64 id)
{
	struct vsdio_node *node;

	if (f->n_events >= VSDIO_MAX_EVENTS)
		return;
	if (type == VSDIO_EV_IRQ_ENABLE && !list_empty(&f->events)) {
		node = list_last_entry(&f->events, struct vsdio_node, list);
		if (node->event.type == type) {
			node->event.arg = arg;
			return;
		}
	}
	node = kzalloc(sizeof(*node), GFP_ATOMIC);
	if (!node)
		return;
	node->event.type = type;
	node->event.arg = arg;
	node->event.id = id;
	node->event.time_ns = ktime_get_ns();
	list_add_tail(&node->list, &f->events);
	f->n_events++;
	wake_up_interruptible(&f->wait);
}

static void vsdio_fill_request(struct vsdio_file *f, struct vsdio_event *ev)
{
	struct mmc_command *cmd = f->mrq->cmd;
	struct mmc_data *data = f->mrq->data;

	memset(ev, 0, sizeof(*ev));
	ev->type = VSDIO_EV_REQUEST;
	ev->arg = cmd->arg;
	ev->id = f->id;
	ev->time_ns = ktime_to_ns(f->issued);
	ev->opcode = cmd->opcode;
	if (!data)
		return;
	ev->blksz = data->blksz;
	ev->blocks = data->blocks;
	ev->write = !!(data->flags & MMC_DATA_WRITE);
	ev->data_len = ev->write ? f->data_len : 0;
}

/* ---- requests ---- */

/* Takes the request away from everybody else; lock held */
static struct mmc_request *vsdio_take(struct vsdio_file *f)
{
	struct mmc_request *mrq = f->mrq;

	f->mrq = NULL;
	f->sent = false;
	f->answered = false;
	return mrq;
}

static enum hrtimer_restart vsdio_done(struct hrtimer *timer)
{
	struct vsdio_file *f = container_of(timer, struct vsdio_file, done_timer);
	struct mmc_request *mrq = NULL;
	unsigned long flags;

	spin_lock_irqsave(&f->lock, flags);
	if (f->answered)
		mrq = vsdio_take(f);
	spin_unlock_irqrestore(&f->lock, flags);
	if (mrq) {
		hrtimer_try_to_cancel(&f->give_up_timer);
		mmc_request_done(f->mmc, mrq);
	}
	return HRTIMER_NORESTART;
}

static enum hrtimer_restart vsdio_give_up(struct hrtimer *timer)
{
	struct vsdio_file *f = container_of(timer, struct vsdio_file, give_up_timer);
	struct mmc_request *mrq = NULL;
	unsigned long flags;

	spin_lock_irqsave(&f->lock, flags);
	if (f->mrq && !f->answered) {
		if (f->sent)
			vsdio_post(f, VSDIO_EV_CANCEL, 0, f->id);
		mrq = vsdio_take(f);
		mrq->cmd->error = -ETIMEDOUT;
	}
	spin_unlock_irqrestore(&f->lock, flags);
	if (mrq)
		mmc_request_done(f->mmc, mrq);
	return HRTIMER_NORESTART;
}

static bool vsdio_forwards(u32 opcode)
{
	switch (opcode) {
	case MMC_GO_IDLE_STATE:
	case MMC_SET_RELATIVE_ADDR:
	case SD_IO_SEND_OP_COND:
	case MMC_SELECT_CARD:
	case SD_IO_RW_DIRECT:
	case SD_IO_RW_EXTENDED:
		return true;
	default:
		return false;
	}
}

static void vsdio_request(struct mmc_host *mmc, struct mmc_request *mrq)
{
	struct vsdio_file *f = vsdio_of(mmc);
	struct mmc_data *data = mrq->data;
	unsigned long flags;
	int error = 0;

	if (!vsdio_forwards(mrq->cmd->opcode))
		error = -ETIMEDOUT;
	else if (data && data->blksz * data->blocks > VSDIO_MAX_DATA)
		error = -EINVAL;
	spin_lock_irqsave(&f->lock, flags);
	if (!error && f->gone)
		error = -ENOMEDIUM;
	if (!error) {
		f->mrq = mrq;
		f->id++;
		f->issued = ktime_get();
		f->data_len = data ? data->blksz * data->blocks : 0;
		if (data && data->flags & MMC_DATA_WRITE)
			sg_copy_to_buffer(data->sg, data->sg_len, f->data, f->data_len);
		hrtimer_start(&f->give_up_timer, ktime_set(VSDIO_ANSWER_S, 0), HRTIMER_MODE_REL);
		wake_up_interruptible(&f->wait);
	}
	spin_unlock_irqrestore(&f->lock, flags);
	if (error) {
		mrq->cmd->error = error;
		mmc_request_done(mmc, mrq);
	}
}

/* ---- power, clock, width ---- */

static void vsdio_set_ios(struct mmc_host *mmc, struct mmc_ios *ios)
{
	struct vsdio_file *f = vsdio_of(mmc);
	unsigned long flags;

	spin_lock_irqsave(&f->lock, flags);
	if (ios->power_mode != f->ios.power_mode)
		vsdio_post(f, VSDIO_EV_POWER, ios->power_mode == MMC_POWER_OFF ? 0 :
			   ios->power_mode == MMC_POWER_UP ? 1 : 2, 0);
	if (ios->clock != f->ios.clock)
		vsdio_post(f, VSDIO_EV_CLOCK, ios->clock, 0);
	if (ios->bus_width != f->ios.bus_width)
		vsdio_post(f, VSDIO_EV_WIDTH, ios->bus_width == MMC_BUS_WIDTH_4 ? 4 : 1, 0);
	if (ios->timing != f->ios.timing)
		vsdio_post(f, VSDIO_EV_TIMING, ios->timing != MMC_TIMING_LEGACY, 0);
	f->ios = *ios;
	spin_unlock_irqrestore(&f->lock, flags);
}

static int vsdio_get_cd(struct mmc_host *mmc)
{
	return !READ_ONCE(vsdio_of(mmc)->gone);
}

/* ---- the card interrupt ---- */

/* Lock held. True if the caller is to signal the core once it is dropped. */
static bool vsdio_irq_due(struct vsdio_file *f)
{
	if (!f->irq_level || !f->irq_enabled || f->gone)
		return false;
	if (f->nothread)
		f->irq_enabled = false;
	return true;
}

static void vsdio_signal(struct vsdio_file *f)
{
	if (f->nothread)
		sdio_signal_irq(f->mmc);
	else
		mmc_signal_sdio_irq(f->mmc);
}

static enum hrtimer_restart vsdio_irq_again(struct hrtimer *timer)
{
	struct vsdio_file *f = container_of(timer, struct vsdio_file, irq_timer);
	unsigned long flags;
	bool due;

	spin_lock_irqsave(&f->lock, flags);
	due = vsdio_irq_due(f);
	spin_unlock_irqrestore(&f->lock, flags);
	if (due)
		vsdio_signal(f);
	return HRTIMER_NORESTART;
}

static void vsdio_irq_set(struct vsdio_file *f, bool enable)
{
	unsigned long flags;

	spin_lock_irqsave(&f->lock, flags);
	f->irq_enabled = enable;
	if (f->tell_irq)
		vsdio_post(f, VSDIO_EV_IRQ_ENABLE, enable, 0);
	if (enable && f->irq_level && !f->gone)
		hrtimer_start(&f->irq_timer, ns_to_ktime(VSDIO_AGAIN_US * NSEC_PER_USEC),
			      HRTIMER_MODE_REL);
	spin_unlock_irqrestore(&f->lock, flags);
}

static void vsdio_enable_sdio_irq(struct mmc_host *mmc, int enable)
{
	vsdio_irq_set(vsdio_of(mmc), enable);
}

static void vsdio_ack_sdio_irq(struct mmc_host *mmc)
{
	vsdio_irq_set(vsdio_of(mmc), true);
}

static const struct mmc_host_ops vsdio_ops = {
	.request = vsdio_request,
	.set_ios = vsdio_set_ios,
	.get_cd = vsdio_get_cd,
	.enable_sdio_irq = vsdio_enable_sdio_irq,
	.ack_sdio_irq = vsdio_ack_sdio_irq,
};

/* ---- plug and unplug ---- */

static void vsdio_describe(struct mmc_host *mmc, const struct vsdio_plug *plug)
{
	mmc->ops = &vsdio_ops;
	mmc->f_min = 400000;
	mmc->f_max = plug->max_clock ?: 50000000;
	mmc->ocr_avail = MMC_VDD_32_33 | MMC_VDD_33_34;
	mmc->caps = MMC_CAP_SD_HIGHSPEED;
	if (!(plug->flags & VSDIO_PLUG_1BIT))
		mmc->caps |= MMC_CAP_4_BIT_DATA;
	if (!(plug->flags & VSDIO_PLUG_NO_SDIO_IRQ))
		mmc->caps |= MMC_CAP_SDIO_IRQ;
	if (plug->flags & VSDIO_PLUG_NONREMOVABLE)
		mmc->caps |= MMC_CAP_NONREMOVABLE;
	mmc->caps2 = MMC_CAP2_NO_SD | MMC_CAP2_NO_MMC;
	if (plug->flags & VSDIO_PLUG_IRQ_NOTHREAD)
		mmc->caps2 |= MMC_CAP2_SDIO_IRQ_NOTHREAD;
	if (!(plug->flags & VSDIO_PLUG_NO_KEEP_POWER))
		mmc->pm_caps = MMC_PM_KEEP_POWER | MMC_PM_WAKE_SDIO_IRQ;
	mmc->max_blk_size = plug->max_blk_size ?: 512;
	mmc->max_blk_count = plug->max_blk_count ?: 127;
	mmc->max_req_size = plug->max_req_size ?: VSDIO_MAX_DATA;
	mmc->max_seg_size = mmc->max_req_size;
	mmc->max_segs = 128;
}

static int vsdio_plug_check(const struct vsdio_plug *plug)
{
	const u32 known = VSDIO_PLUG_IRQ_NOTHREAD | VSDIO_PLUG_NO_SDIO_IRQ |
			  VSDIO_PLUG_NONREMOVABLE | VSDIO_PLUG_NO_KEEP_POWER | VSDIO_PLUG_1BIT |
			  VSDIO_PLUG_TELL_IRQ;

	if (plug->version != VSDIO_API_VERSION || plug->flags & ~known || plug->reserved)
		return -EINVAL;
	if (plug->max_blk_size > 2048 || plug->max_blk_count > 511 ||
	    plug->max_req_size > VSDIO_MAX_DATA || plug->max_clock > 208000000)
		return -EINVAL;
	return 0;
}

static int vsdio_plug(struct vsdio_file *f, struct vsdio_plug __user *arg)
{
	struct vsdio_plug plug;
	struct mmc_host *mmc;
	int ret;

	if (copy_from_user(&plug, arg, sizeof(plug)))
		return -EFAULT;
	ret = vsdio_plug_check(&plug);
	if (ret)
		return ret;
	mmc = mmc_alloc_host(sizeof(struct vsdio_host), &vsdio_parent->dev);
	if (!mmc)
		return -ENOMEM;
	vsdio_describe(mmc, &plug);
	((struct vsdio_host *)mmc_priv(mmc))->file = f;
	spin_lock_irq(&f->lock);
	f->mmc = mmc;
	f->gone = false;
	f->irq_level = false;
	f->irq_enabled = false;
	f->nothread = plug.flags & VSDIO_PLUG_IRQ_NOTHREAD;
	f->tell_irq = plug.flags & VSDIO_PLUG_TELL_IRQ;
	memset(&f->ios, 0, sizeof(f->ios));
	spin_unlock_irq(&f->lock);
	plug.host_index = mmc->index;
	if (copy_to_user(arg, &plug, sizeof(plug)))
		ret = -EFAULT;
	if (!ret)
		ret = mmc_add_host(mmc);
	if (ret) {
		mmc_free_host(mmc);
		f->mmc = NULL;
		return ret;
	}
	/* a card does not sleep with the host's programs: it answers while they are frozen */
	current->flags |= PF_NOFREEZE;
	return 0;
}

static void vsdio_drop_events(struct vsdio_file *f)
{
	struct vsdio_node *node, *next;

	spin_lock_irq(&f->lock);
	list_for_each_entry_safe(node, next, &f->events, list) {
		list_del(&node->list);
		kfree(node);
	}
	f->n_events = 0;
	spin_unlock_irq(&f->lock);
}

/* From here on every request fails at once, so the core gets rid of the card */
static void vsdio_unplug(struct vsdio_file *f)
{
	struct mmc_request *mrq;

	if (!f->mmc)
		return;
	spin_lock_irq(&f->lock);
	f->gone = true;
	mrq = vsdio_take(f);
	spin_unlock_irq(&f->lock);
	hrtimer_cancel(&f->give_up_timer);
	hrtimer_cancel(&f->done_timer);
	hrtimer_cancel(&f->irq_timer);
	if (mrq) {
		mrq->cmd->error = -ENOMEDIUM;
		mmc_request_done(f->mmc, mrq);
	}
	mmc_remove_host(f->mmc);
	/* the core may have enabled the interrupt meanwhile */
	hrtimer_cancel(&f->irq_timer);
	mmc_free_host(f->mmc);
	f->mmc = NULL;
	vsdio_drop_events(f);
}

/* ---- file operations ---- */

static int vsdio_open(struct inode *inode, struct file *file)
{
	struct vsdio_file *f = kzalloc(sizeof(*f), GFP_KERNEL);

	if (!f)
		return -ENOMEM;
	f->data = kvzalloc(VSDIO_MAX_DATA, GFP_KERNEL);
	if (!f->data) {
		kfree(f);
		return -ENOMEM;
	}
	mutex_init(&f->mutex);
	spin_lock_init(&f->lock);
	init_waitqueue_head(&f->wait);
	INIT_LIST_HEAD(&f->events);
	hrtimer_setup(&f->done_timer, vsdio_done, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
	hrtimer_setup(&f->give_up_timer, vsdio_give_up, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	hrtimer_setup(&f->irq_timer, vsdio_irq_again, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	file->private_data = f;
	return stream_open(inode, file);
}

static int vsdio_release(struct inode *inode, struct file *file)
{
	struct vsdio_file *f = file->private_data;

	mutex_lock(&f->mutex);
	vsdio_unplug(f);
	mutex_unlock(&f->mutex);
	vsdio_drop_events(f);
	kvfree(f->data);
	kfree(f);
	return 0;
}

static long vsdio_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct vsdio_file *f = file->private_data;
	long ret;

	mutex_lock(&f->mutex);
	switch (cmd) {
	case VSDIO_IOC_PLUG:
		ret = f->mmc ? -EBUSY : vsdio_plug(f, (void __user *)arg);
		break;
	case VSDIO_IOC_UNPLUG:
		ret = f->mmc ? 0 : -ENODEV;
		vsdio_unplug(f);
		break;
	default:
		ret = -ENOTTY;
	}
	mutex_unlock(&f->mutex);
	return ret;
}

/* Lock held: state events come before the request that follows them */
static bool vsdio_has_event(struct vsdio_file *f)
{
	return !list_empty(&f->events) || (f->mrq && !f->sent);
}

static bool vsdio_readable(struct vsdio_file *f)
{
	bool ret;

	spin_lock_irq(&f->lock);
	ret = vsdio_has_event(f);
	spin_unlock_irq(&f->lock);
	return ret;
}

static ssize_t vsdio_read_node(struct vsdio_file *f, struct vsdio_event *ev, size_t len)
{
	struct vsdio_node *node;

	if (len < sizeof(*ev))
		return -EMSGSIZE;
	node = list_first_entry(&f->events, struct vsdio_node, list);
	*ev = node->event;
	list_del(&node->list);
	f->n_events--;
	kfree(node);
	return sizeof(*ev);
}

/* The data cannot change while it is copied: only the program's own answer, which
 * it has not been able to give yet, or a time-out ends the request.
 */
static ssize_t vsdio_read_request(struct vsdio_file *f, struct vsdio_event *ev, size_t len)
{
	vsdio_fill_request(f, ev);
	if (len < sizeof(*ev) + ev->data_len)
		return -EMSGSIZE;
	f->sent = true;
	return sizeof(*ev) + ev->data_len;
}

static ssize_t vsdio_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	struct vsdio_file *f = file->private_data;
	struct vsdio_event ev;
	ssize_t ret;

	do {
		if (file->f_flags & O_NONBLOCK) {
			if (!vsdio_readable(f))
				return -EAGAIN;
		} else if (wait_event_interruptible(f->wait, vsdio_readable(f))) {
			return -ERESTARTSYS;
		}
		spin_lock_irq(&f->lock);
		if (!list_empty(&f->events))
			ret = vsdio_read_node(f, &ev, len);
		else if (f->mrq && !f->sent)
			ret = vsdio_read_request(f, &ev, len);
		else
			ret = -EAGAIN;		/* another reader was faster */
		spin_unlock_irq(&f->lock);
	} while (ret == -EAGAIN);
	if (ret < 0)
		return ret;
	if (copy_to_user(buf, &ev, sizeof(ev)) ||
	    copy_to_user(buf + sizeof(ev), f->data, ret - sizeof(ev)))
		return -EFAULT;
	return ret;
}

/* Lock held */
static void vsdio_irq_flags(struct vsdio_file *f, u32 flags)
{
	if (flags & VSDIO_MSG_IRQ_ASSERT)
		f->irq_level = true;
	if (flags & VSDIO_MSG_IRQ_DEASSERT)
		f->irq_level = false;
}

/* The card's data goes to where the host wants it; lock held */
static int vsdio_answer_data(struct vsdio_file *f, const struct vsdio_msg *msg, const u8 *bytes)
{
	struct mmc_data *data = f->mrq->data;
	size_t want = f->data_len;

	if (!data) {
		if (msg->data_len)
			return -EINVAL;
		return 0;
	}
	data->error = msg->data_error;
	if (data->flags & MMC_DATA_WRITE) {
		data->bytes_xfered = msg->data_error ? 0 : want;
		return msg->data_len ? -EINVAL : 0;
	}
	if (msg->data_len > want)
		return -EINVAL;
	sg_copy_from_buffer(data->sg, data->sg_len, bytes, msg->data_len);
	data->bytes_xfered = msg->data_len;
	/* a short transfer without a reason is one that ran out of time */
	if (msg->data_len < want && !data->error && !msg->error)
		data->error = -ETIMEDOUT;
	return 0;
}

static int vsdio_answer(struct vsdio_file *f, const struct vsdio_msg *msg, const u8 *bytes)
{
	struct mmc_command *cmd;
	int ret;

	if (!f->mrq || !f->sent || f->answered || msg->id != f->id)
		return -ENOENT;
	ret = vsdio_answer_data(f, msg, bytes);
	if (ret)
		return ret;
	cmd = f->mrq->cmd;
	cmd->error = msg->error;
	cmd->resp[0] = msg->response;
	f->answered = true;
	hrtimer_start(&f->done_timer, ktime_add_ns(f->issued, msg->bus_ns), HRTIMER_MODE_ABS);
	return 0;
}

static int vsdio_msg_check(const struct vsdio_msg *msg, size_t len)
{
	const u64 longest = 9ULL * NSEC_PER_SEC;

	if (msg->data_len > VSDIO_MAX_DATA || len != sizeof(*msg) + msg->data_len)
		return -EMSGSIZE;
	if (msg->flags & ~(VSDIO_MSG_IRQ_ASSERT | VSDIO_MSG_IRQ_DEASSERT) || msg->bus_ns > longest)
		return -EINVAL;
	if (msg->error > 0 || msg->error < -MAX_ERRNO ||
	    msg->data_error > 0 || msg->data_error < -MAX_ERRNO)
		return -EINVAL;
	return 0;
}

static int vsdio_write_msg(struct vsdio_file *f, const struct vsdio_msg *msg, const u8 *bytes)
{
	bool due = false;
	int ret = 0;

	spin_lock_irq(&f->lock);
	if (!f->mmc || f->gone)
		ret = -ENODEV;
	else if (msg->type == VSDIO_MSG_ANSWER)
		ret = vsdio_answer(f, msg, bytes);
	else if (msg->type != VSDIO_MSG_IRQ)
		ret = -EINVAL;
	if (!ret) {
		vsdio_irq_flags(f, msg->flags);
		due = msg->flags & VSDIO_MSG_IRQ_ASSERT && vsdio_irq_due(f);
	}
	spin_unlock_irq(&f->lock);
	/* unplug takes the mutex, which our caller holds */
	if (due)
		vsdio_signal(f);
	return ret;
}

static ssize_t vsdio_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	struct vsdio_file *f = file->private_data;
	struct vsdio_msg msg;
	u8 *bytes = NULL;
	ssize_t ret;

	if (len < sizeof(msg))
		return -EMSGSIZE;
	if (copy_from_user(&msg, buf, sizeof(msg)))
		return -EFAULT;
	ret = vsdio_msg_check(&msg, len);
	if (ret)
		return ret;
	if (msg.data_len) {
		bytes = memdup_user(buf + sizeof(msg), msg.data_len);
		if (IS_ERR(bytes))
			return PTR_ERR(bytes);
	}
	mutex_lock(&f->mutex);
	ret = vsdio_write_msg(f, &msg, bytes);
	mutex_unlock(&f->mutex);
	kfree(bytes);
	return ret ?: len;
}

static __poll_t vsdio_poll(struct file *file, poll_table *wait)
{
	struct vsdio_file *f = file->private_data;

	poll_wait(file, &f->wait, wait);
	return EPOLLOUT | EPOLLWRNORM | (vsdio_readable(f) ? EPOLLIN | EPOLLRDNORM : 0);
}

static const struct file_operations vsdio_fops = {
	.owner = THIS_MODULE,
	.open = vsdio_open,
	.release = vsdio_release,
	.read = vsdio_read,
	.write = vsdio_write,
	.poll = vsdio_poll,
	.unlocked_ioctl = vsdio_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice vsdio_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "vsdio",
	.fops = &vsdio_fops,
	.mode = 0600,
};

static int __init vsdio_init(void)
{
	int ret;

	vsdio_parent = platform_device_register_simple("vsdio", PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(vsdio_parent))
		return PTR_ERR(vsdio_parent);
	ret = misc_register(&vsdio_misc);
	if (ret)
		platform_device_unregister(vsdio_parent);
	return ret;
}
module_init(vsdio_init);

static void __exit vsdio_exit(void)
{
	misc_deregister(&vsdio_misc);
	platform_device_unregister(vsdio_parent);
}
module_exit(vsdio_exit);

MODULE_DESCRIPTION("SDIO cards in user space");
MODULE_LICENSE("GPL");
