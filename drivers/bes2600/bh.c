// SPDX-License-Identifier: GPL-2.0-only
/*
 * The thread that owns the bus while Wi-Fi runs.
 *
 * It sleeps until the interrupt handler, a TXQ or a command wakes it, then
 * alternates one transfer in and one transfer out until neither moves. What
 * it learns comes from reads that happen anyway: one read of the length
 * register after each burst, none after writes, none when idle.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/slab.h>

#include "bes2600.h"
#include "trace.h"

/* The length register shows the new burst after a few readings. Then wait longer. */
#define BES_SETTLE_MS		5
#define BES_CRC_TRIES		4
/* A register that cannot be read for so long will not be readable at all */
#define BES_REG_MS		500
/* Confirms owed and nothing heard for so long: an interrupt may be lost */
#define BES_LOOK_MS		50
#define BES_LOOK_FACTOR		4
#define BES_LOOK_MAX_MS		1000
/* Any confirm within this time; joining and resetting take longer, see cmd.c */
#define BES_CONFIRM_MS		3000
#define BES_MCU_READY_MS	3000
#define BES_WIFI_READY_MS	5000
#define BES_WIFI_OFF_MS		500
#define BES_STARTUP_MS		10000
#define BES_START_TRIES		2

/**
 * bes_bh_wake() - give the thread something to do
 * @bes: device
 * @bit: what it is
 *
 * Any context.
 */
void bes_bh_wake(struct bes_dev *bes, enum bes_bh_bit bit)
{
	KUNIT_STATIC_STUB_REDIRECT(bes_bh_wake, bes, bit);
	if (!test_and_set_bit(bit, &bes->bh_bits))
		wake_up_process(bes->bh);
}
EXPORT_SYMBOL_IF_KUNIT(bes_bh_wake);

/* ---- from the chip ---- */

/**
 * bes_bh_fresh() - does a length announce a burst that was not read yet
 * @bes: device
 * @len_reg: value of register 0x001
 *
 * The thread, or with the host claimed.
 *
 * Return: true if so.
 */
bool bes_bh_fresh(const struct bes_dev *bes, u8 len_reg)
{
	return len_reg & BES_MSG_HI_BLOCKS && !!(len_reg & BES_MSG_HI_TOGGLE) == bes->rx_toggle;
}
EXPORT_SYMBOL_IF_KUNIT(bes_bh_fresh);

/* Reads the length register and tells the interrupt handler what it said */
static int bes_bh_length_once(struct bes_dev *bes, u8 *len_reg)
{
	int ret;

	bes_bus_claim(bes);
	ret = bes_bus_read8(bes, BES_REG_MSG_HI, len_reg);
	bes->rx_known = !ret && bes_bh_fresh(bes, *len_reg);
	bes->rx_acked |= bes->rx_known;
	bes_bus_release(bes);
	return ret;
}

static int bes_bh_length(struct bes_dev *bes, u8 *len_reg)
{
	ktime_t end = ktime_add_ms(ktime_get(), BES_REG_MS);
	int ret;

	for (;;) {
		ret = bes_bh_length_once(bes, len_reg);
		if (!ret)
			return 0;
		if (!bes_bus_transient(ret) || ktime_after(ktime_get(), end))
			break;
		usleep_range(2000, 4000);
	}
	bes_fatal(bes, "length register unreadable");
	return ret;
}

/* One try. The toggles flip before anybody else sees the bus. */
static int bes_bh_transfer(struct bes_dev *bes, size_t len, u8 *next)
{
	u32 addr = len | (bes->rx_toggle ? BES_ADDR_TOGGLE : 0);
	int ret;

	bes_bus_claim(bes);
	ret = bes_bus_read(bes, addr, bes->rx_buf, len);
	if (!ret) {
		bes->rx_toggle = !bes->rx_toggle;
		bes->rx_bursts++;
		/* unreadable is as good as not settled: it will be read again */
		if (bes_bh_length_once(bes, next))
			*next = BES_MSG_HI_BLOCKS | (bes->rx_toggle ? 0 : BES_MSG_HI_TOGGLE);
	}
	bes_bus_release(bes);
	return ret;
}

/* The same toggle asks for the same burst again */
static int bes_bh_read_burst(struct bes_dev *bes, size_t len, u8 *next)
{
	int tries, ret;

	for (tries = 0; tries < BES_CRC_TRIES; tries++) {
		ret = bes_bh_transfer(bes, len, next);
		if (ret != -EILSEQ)
			break;
		bes->stats.crc_retries++;
	}
	return ret;
}

static void bes_bh_bad_packing(struct bes_dev *bes, const char *why)
{
	bes->stats.bad_packing++;
	bes_fatal(bes, why);
}

VISIBLE_IF_KUNIT
void bes_bh_split(struct bes_dev *bes, const u8 *buf, size_t len)
{
	size_t at = 0, n = 0, mlen;

	while (at + sizeof(struct wsm_hdr) <= len) {
		const struct wsm_hdr *hdr = (const void *)(buf + at);

		mlen = le16_to_cpu(hdr->len);
		if (!mlen)
			break;
		if (mlen < sizeof(*hdr) || mlen > len - at || n == BES_BURST_MSGS) {
			bes_bh_bad_packing(bes, "burst badly packed");
			break;
		}
		bes_dispatch(bes, hdr, mlen);
		at += ALIGN(mlen, 4);
		n++;
	}
	bes->stats.rx_hist[n]++;
	trace_bes_burst(bes, false, n, len);
}
EXPORT_SYMBOL_IF_KUNIT(bes_bh_split);

static void bes_bh_look_soon(struct bes_dev *bes)
{
	bes->look_ms = BES_LOOK_MS;
	bes->look_at = jiffies + msecs_to_jiffies(BES_LOOK_MS);
}

/* Is a length of zero genuine */
static bool bes_bh_idle(struct bes_dev *bes)
{
	u8 lo;

	return bes_bus_read8(bes, BES_REG_MSG_LO, &lo) || lo & BES_MSG_LO_IDLE;
}

/*
 * The register still shows the previous burst, or, after an interrupt, a zero
 * that the chip does not call genuine: it has not settled yet. Returns a fresh
 * length or 0.
 */
VISIBLE_IF_KUNIT
u8 bes_bh_settle(struct bes_dev *bes, u8 len_reg, bool after_irq)
{
	ktime_t end = ktime_add_ms(ktime_get(), BES_SETTLE_MS);

	while (!bes_bh_fresh(bes, len_reg)) {
		if (len_reg & BES_MSG_HI_BLOCKS) {
			bes->stats.stale_toggles++;
			trace_bes_length(bes, len_reg, "stale");
		} else if (!after_irq || bes_bh_idle(bes)) {
			return 0;
		}
		if (ktime_after(ktime_get(), end)) {
			/* our reads may have acknowledged an interrupt: look again later */
			bes->stats.unsettled++;
			trace_bes_length(bes, len_reg, "unsettled");
			bes_bh_look_soon(bes);
			bes->unsettled = true;
			return 0;
		}
		usleep_range(50, 100);
		if (bes_bh_length(bes, &len_reg))
			return 0;
	}
	return len_reg;
}
EXPORT_SYMBOL_IF_KUNIT(bes_bh_settle);

/* Reads and handles a burst. Returns the length of the next one, 0: none yet */
VISIBLE_IF_KUNIT
u8 bes_bh_receive(struct bes_dev *bes, u8 len_reg)
{
	size_t len = (len_reg & BES_MSG_HI_BLOCKS) * BES_BLOCK_SIZE;
	u8 next;
	int ret;

	if (len > BES_BURST_BYTES) {
		bes_bh_bad_packing(bes, "burst longer than 51 blocks announced");
		return 0;
	}
	ret = bes_bh_read_burst(bes, len, &next);
	if (ret) {
		bes_fatal(bes, "burst unreadable");
		return 0;
	}
	bes->stats.rx_bytes += len;
	bes->unsettled = false;
	bes_bh_look_soon(bes);
	bes_bh_split(bes, bes->rx_buf, len);
	bes_rx_flush(bes);
	if (!(next & BES_MSG_HI_BLOCKS)) {
		bes->stats.zero_reads++;
		trace_bes_length(bes, next, "zero");
		return 0;
	}
	return bes_bh_settle(bes, next, false);
}
EXPORT_SYMBOL_IF_KUNIT(bes_bh_receive);

/* What the interrupt handler found. Returns a fresh length or 0. */
static u8 bes_bh_irq(struct bes_dev *bes)
{
	u8 len_reg;
	int seen;

	if (!test_and_clear_bit(BES_BH_IRQ, &bes->bh_bits))
		return 0;
	seen = atomic_xchg(&bes->irq_seen, BES_IRQ_NONE);
	if (seen < 0)
		return 0;
	/* the read after a later burst has told more */
	if ((seen ^ bes->rx_bursts << BES_IRQ_BURST_SHIFT) & BES_IRQ_BURST)
		return 0;
	len_reg = seen & BES_IRQ_LEN;
	if (seen & BES_IRQ_UNREAD && bes_bh_length(bes, &len_reg))
		return 0;
	return bes_bh_settle(bes, len_reg, true);
}

/* ---- to the chip ---- */

VISIBLE_IF_KUNIT
unsigned int bes_bh_class(size_t len, size_t *slot)
{
	static const u16 sizes[] = { 512, 1024, 1536, BES_SLOT_MAX };
	/* four bytes after the message belong to it: a time stamp nobody needs */
	unsigned int class = (ALIGN(len + 4, 4) - 1) / BES_BLOCK_SIZE;

	class = min_t(unsigned int, class, ARRAY_SIZE(sizes) - 1);
	*slot = sizes[class];
	return class;
}
EXPORT_SYMBOL_IF_KUNIT(bes_bh_class);

static void bes_bh_stamp(struct bes_dev *bes, void *msg)
{
	struct wsm_hdr *hdr = msg;
	u16 id = le16_to_cpu(hdr->id);
	u8 *seq = &bes->tx_seq[WSM_ID_IS_MCU(id)];

	hdr->id = cpu_to_le16((id & ~WSM_ID_SEQ) | *seq << WSM_ID_SEQ_SHIFT);
	*seq = (*seq + 1) & 7;
	bes_log_message(bes, true, hdr, le16_to_cpu(hdr->len));
	trace_bes_message(bes, true, le16_to_cpu(hdr->id), le16_to_cpu(hdr->len));
}

/**
 * bes_bh_places() - places at the chip were taken, or came back
 * @bes: device
 *
 * Counts how often, and for how long, no frame could have been sent. BH thread.
 */
void bes_bh_places(struct bes_dev *bes)
{
	bool full = bes->outstanding && bes->outstanding >= bes->credits - 1;
	u64 ns = 0;

	if (full == bes->full)
		return;
	bes->full = full;
	if (full) {
		bes->full_since = ktime_get();
		bes->stats.credits_exhausted++;
	} else {
		ns = ktime_to_ns(ktime_sub(ktime_get(), bes->full_since));
		bes->stats.credits_exhausted_ns += ns;
	}
	trace_bes_places(bes, full, ns);
}

static void bes_bh_sent(struct bes_dev *bes, unsigned int n, size_t len)
{
	bes->tx_toggle = !bes->tx_toggle;
	if (!bes->outstanding) {
		bes->progress = jiffies;
		bes_bh_look_soon(bes);
	}
	bes->outstanding += n;
	bes->stats.credit_high = max_t(u64, bes->stats.credit_high, bes->outstanding);
	bes_bh_places(bes);
	bes->stats.tx_hist[n]++;
	bes->stats.tx_bytes += len;
	trace_bes_burst(bes, true, n, len);
}

/*
 * The toggle tells the chip that it is the same burst again. Should it not look
 * at that, it takes and confirms each message again.
 */
static void bes_bh_copies(struct bes_dev *bes, unsigned int n)
{
	if (time_after(jiffies, bes->copies_end))
		bes->copies = 0;
	bes->copies += n;
	bes->copies_end = jiffies + msecs_to_jiffies(BES_CONFIRM_MS);
}

static bool bes_bh_write(struct bes_dev *bes, unsigned int class, size_t slot, unsigned int n)
{
	size_t sum = n * slot, len = round_up(sum, BES_BLOCK_SIZE);
	u32 addr = sum | class | (bes->tx_toggle ? BES_ADDR_TOGGLE : 0);
	int tries, ret;

	memset(bes->tx_buf + sum, 0, len - sum);
	for (tries = 0; tries < BES_CRC_TRIES; tries++) {
		ret = bes_bus_write(bes, addr, bes->tx_buf, len);
		if (ret != -EILSEQ)
			break;
		bes->stats.crc_retries++;
	}
	if (ret) {
		bes_fatal(bes, "burst not taken");
		return false;
	}
	if (tries)
		bes_bh_copies(bes, n * tries);
	bes_bh_sent(bes, n, len);
	return true;
}

/* Takes the radio elsewhere: no frame may be in the chip then, or be given to it */
static bool bes_bh_moves_radio(u16 id)
{
	id &= WSM_ID_MASK;
	return id == WSM_REQ_START_SCAN || id == WSM_REQ_JOIN || id == WSM_REQ_SWITCH_CHANNEL;
}

/*
 * The request is copied under the lock: a caller that gives up must not find
 * the thread reading from its stack. Returns the length, 0: nothing to send.
 */
static size_t bes_bh_take_cmd(struct bes_dev *bes)
{
	struct bes_cmd *cmd;
	size_t len = 0;

	spin_lock_bh(&bes->cmd_lock);
	cmd = bes->cmd;
	if (cmd && !cmd->sent && bes_bh_moves_radio(le16_to_cpu(cmd->req->id)))
		bes->hold_data = true;
	if (cmd && !cmd->sent && !(bes->hold_data && bes->outstanding)) {
		len = le16_to_cpu(cmd->req->len);
		memcpy(bes->tx_buf, cmd->req, len);
		cmd->sent = true;
	}
	spin_unlock_bh(&bes->cmd_lock);
	return len;
}

/* A command goes first, and alone: MCU commands have to, the others are rare */
VISIBLE_IF_KUNIT
bool bes_bh_send_cmd(struct bes_dev *bes)
{
	unsigned int class;
	size_t len, slot;

	if (!READ_ONCE(bes->cmd) || bes->outstanding >= bes->credits)
		return false;
	len = bes_bh_take_cmd(bes);
	if (!len)
		return false;
	class = bes_bh_class(len, &slot);
	memset(bes->tx_buf + len, 0, slot - len);
	if (WSM_ID_IS_MCU(get_unaligned_le16(bes->tx_buf + 2)))
		bes->mcu_owed = true;
	bes_bh_stamp(bes, bes->tx_buf);
	bes->stats.commands++;
	return bes_bh_write(bes, class, slot, 1);
}
EXPORT_SYMBOL_IF_KUNIT(bes_bh_send_cmd);

static void bes_bh_fill_slot(struct bes_dev *bes, u8 *at, size_t len, size_t slot)
{
	bes_tx_emit(bes, at, len);
	memset(at + len, 0, slot - len);
	bes_bh_stamp(bes, at);
}

/* As many frames of one slot class as there are, one credit kept for a command */
VISIBLE_IF_KUNIT
bool bes_bh_send_data(struct bes_dev *bes)
{
	unsigned int class = 0, n = 0;
	size_t slot = 0, len, want;

	while (n < BES_BURST_MSGS && !bes->hold_data) {
		if (bes->outstanding + n >= bes->credits - 1)
			break;
		len = bes_tx_peek(bes);
		if (!len || WARN_ON_ONCE(len > BES_MSG_MAX))
			break;
		if (n && bes_bh_class(len, &want) != class) {
			bes->stats.class_splits++;
			break;
		}
		class = bes_bh_class(len, &slot);
		bes_bh_fill_slot(bes, bes->tx_buf + n * slot, len, slot);
		n++;
	}
	/* frames that could not be sent are finished as well */
	bes_rx_flush(bes);
	if (!n)
		return false;
	bes->stats.tx_frames += n;
	return bes_bh_write(bes, class, slot, n);
}
EXPORT_SYMBOL_IF_KUNIT(bes_bh_send_data);

/* ---- the loop ---- */

static bool bes_bh_alive(const struct bes_dev *bes)
{
	return READ_ONCE(bes->state) == BES_STATE_RUNNING;
}

/* Some firmware keeps the confirm of an MCU command for itself, and so the credit */
static void bes_bh_mcu_lost(struct bes_dev *bes)
{
	if (!test_and_clear_bit(BES_BH_MCU, &bes->bh_bits) || !bes->mcu_owed)
		return;
	bes->mcu_owed = false;
	bes->mcu_lost++;
	bes->outstanding--;
	bes_bh_places(bes);
	bes->progress = jiffies;
	bes->stats.mcu_unanswered++;
}

static void bes_bh_run(struct bes_dev *bes)
{
	u8 len_reg = 0;
	bool moved;

	do {
		clear_bit(BES_BH_CMD, &bes->bh_bits);
		moved = bes_bh_send_cmd(bes);
		if (!len_reg)
			len_reg = bes_bh_irq(bes);
		if (len_reg && bes_bh_alive(bes)) {
			len_reg = bes_bh_receive(bes, len_reg);
			moved = true;
		}
		clear_bit(BES_BH_TX, &bes->bh_bits);
		if (bes_bh_alive(bes))
			moved |= bes_bh_send_data(bes);
	} while ((moved || len_reg) && bes_bh_alive(bes));
}

static unsigned long bes_bh_earlier(unsigned long a, unsigned long b)
{
	return time_before(a, b) ? a : b;
}

/* Confirms are owed: when to look for them, at the latest when to give up */
static long bes_bh_timeout(struct bes_dev *bes)
{
	unsigned long end;

	/* the start-up indication is owed as well */
	if (!bes_bh_alive(bes) ||
	    (!bes->outstanding && !bes->unsettled && completion_done(&bes->startup)))
		return MAX_SCHEDULE_TIMEOUT;
	end = bes->look_at;
	if (bes->outstanding)
		end = bes_bh_earlier(end, bes->progress +
				     msecs_to_jiffies(READ_ONCE(bes->cmd_deadline_ms)));
	return time_after(end, jiffies) ? end - jiffies : 1;
}

/*
 * Nothing happened for a while although the chip owes confirms. Either an
 * interrupt was lost, then one read of the length finds the burst; or the chip
 * is slow; or it is dead.
 */
static void bes_bh_overdue(struct bes_dev *bes)
{
	unsigned long limit = msecs_to_jiffies(READ_ONCE(bes->cmd_deadline_ms));
	u8 len_reg;

	if (bes_bh_length(bes, &len_reg))
		return;
	if (bes_bh_fresh(bes, len_reg)) {
		bes->stats.lost_irqs++;
		trace_bes_length(bes, len_reg, "interrupt lost");
		atomic_set(&bes->irq_seen,
			   (bes->rx_bursts << BES_IRQ_BURST_SHIFT & BES_IRQ_BURST) | len_reg);
		set_bit(BES_BH_IRQ, &bes->bh_bits);
		return;
	}
	if (!(len_reg & BES_MSG_HI_BLOCKS) && bes_bh_idle(bes))
		bes->unsettled = false;
	if (bes->outstanding && time_after_eq(jiffies, bes->progress + limit)) {
		bes->stats.wedges++;
		bes_fatal(bes, "no confirm in time");
		return;
	}
	/* less and less often: the deadline comes soon */
	bes->look_ms = min_t(unsigned int, bes->look_ms * BES_LOOK_FACTOR, BES_LOOK_MAX_MS);
	bes->look_at = jiffies + msecs_to_jiffies(bes->look_ms);
}

static bool bes_bh_wanted(const struct bes_dev *bes)
{
	return READ_ONCE(bes->bh_bits) || kthread_should_park() || kthread_should_stop();
}

/* True if somebody wants the thread, false if its time is over */
static bool bes_bh_sleep(struct bes_dev *bes)
{
	long left = bes_bh_timeout(bes);
	bool wanted;

	for (;;) {
		set_current_state(TASK_IDLE);
		wanted = bes_bh_wanted(bes);
		if (wanted || !left)
			break;
		left = schedule_timeout(left);
	}
	__set_current_state(TASK_RUNNING);
	return wanted;
}

static void bes_bh_once(struct bes_dev *bes)
{
	bool wanted = bes_bh_sleep(bes);

	if (kthread_should_park() || kthread_should_stop())
		return;
	if (!bes_bh_alive(bes)) {
		WRITE_ONCE(bes->bh_bits, 0);
		return;
	}
	bes->stats.wakeups++;
	clear_bit(BES_BH_DEAD, &bes->bh_bits);
	bes_bh_mcu_lost(bes);
	if (wanted)
		bes_bh_run(bes);
	else
		bes_bh_overdue(bes);
}

static int bes_bh_thread(void *arg)
{
	struct bes_dev *bes = arg;

	while (!kthread_should_stop()) {
		if (kthread_should_park())
			kthread_parkme();
		else
			bes_bh_once(bes);
	}
	return 0;
}

/**
 * bes_bh_init() - transfer buffers and the parked thread
 * @bes: device
 *
 * Return: 0 or a negative errno.
 */
int bes_bh_init(struct bes_dev *bes)
{
	int ret = -ENOMEM;

	bes->rx_buf = kzalloc(BES_BURST_BYTES, GFP_KERNEL);
	bes->tx_buf = kzalloc(BES_BURST_BYTES + BES_BLOCK_SIZE, GFP_KERNEL);
	if (!bes->rx_buf || !bes->tx_buf)
		goto err_free;
	bes->bh = kthread_create(bes_bh_thread, bes, "bes2600/%s", dev_name(bes->dev));
	if (IS_ERR(bes->bh)) {
		ret = PTR_ERR(bes->bh);
		goto err_free;
	}
	sched_set_fifo_low(bes->bh);
	ret = kthread_park(bes->bh);
	if (ret)
		goto err_stop;
	return 0;

err_stop:
	kthread_stop(bes->bh);
err_free:
	kfree(bes->rx_buf);
	kfree(bes->tx_buf);
	return ret;
}

/**
 * bes_bh_exit() - undo bes_bh_init()
 * @bes: device, Wi-Fi stopped
 */
void bes_bh_exit(struct bes_dev *bes)
{
	kthread_stop(bes->bh);
	kfree(bes->rx_buf);
	kfree(bes->tx_buf);
}

/* ---- on and off ---- */

static void bes_bh_fresh_start(struct bes_dev *bes)
{
	bes->rx_toggle = false;
	bes->tx_toggle = false;
	bes->unsettled = false;
	bes->rx_known = false;
	bes->rx_acked = false;
	bes->rx_bursts = 0;
	memset(bes->tx_seq, 0, sizeof(bes->tx_seq));
	memset(bes->rx_seq, 0, sizeof(bes->rx_seq));
	bes->outstanding = 0;
	bes->copies = 0;
	bes->full = false;
	bes->hold_data = false;
	bes->mcu_owed = false;
	bes->mcu_lost = 0;
	bes->mcu_silent = false;
	bes->bt_state = 0;
	/* until the start-up indication tells */
	bes->credits = 1;
	bes->bh_bits = 0;
	bes->cmd_deadline_ms = BES_CONFIRM_MS;
	atomic_set(&bes->irq_seen, BES_IRQ_NONE);
	bes_bh_look_soon(bes);
	reinit_completion(&bes->startup);
}

/* The indication may come before the status bit is seen: RUNNING comes first */
static int bes_bh_up(struct bes_dev *bes)
{
	int ret;

	bes_bh_fresh_start(bes);
	ret = bes_bus_claim_irq(bes);
	if (ret)
		return ret;
	bes_set_state(bes, BES_STATE_RUNNING, "Wi-Fi on");
	kthread_unpark(bes->bh);
	bes->bh_runs = true;
	return 0;
}

static void bes_bh_down(struct bes_dev *bes)
{
	if (!bes->bh_runs)
		return;
	bes->bh_runs = false;
	kthread_park(bes->bh);
	bes_bus_release_irq(bes);
}

static int bes_startup_check(struct bes_dev *bes)
{
	const struct wsm_startup_ind *ind = &bes->caps;

	if (!bes_bh_alive(bes))
		return -EIO;
	if (ind->status || le16_to_cpu(ind->fw_type) > 4 || le16_to_cpu(ind->bufs) < 2) {
		dev_err(bes->dev, "unusable start-up indication: status %u, type %u, %u buffers\n",
			le16_to_cpu(ind->status), le16_to_cpu(ind->fw_type),
			le16_to_cpu(ind->bufs));
		return -EPROTO;
	}
	return 0;
}

/**
 * bes_wifi_try() - switch the Wi-Fi part of a booted chip on
 * @bes: device
 *
 * wiphy mutex.
 *
 * Return: 0 with the state RUNNING, or a negative errno; then bes_wifi_stop()
 * cleans up.
 */
int bes_wifi_try(struct bes_dev *bes)
{
	int ret;

	lockdep_assert_wiphy(bes->hw->wiphy);
	ret = bes_bus_wait(bes, BES_STATUS_MCU_READY, BES_STATUS_MCU_READY, BES_MCU_READY_MS);
	if (ret) {
		dev_err(bes->dev, "the chip's controller is not ready (%d)\n", ret);
		return ret;
	}
	ret = bes_bh_up(bes);
	if (ret) {
		dev_err(bes->dev, "cannot claim the SDIO interrupt (%d)\n", ret);
		return ret;
	}
	ret = bes_bus_doorbell(bes, BES_CMD_WIFI_ACTIVE, BES_STATUS_WIFI_READY,
			       BES_STATUS_WIFI_READY, BES_WIFI_READY_MS);
	if (ret) {
		dev_err(bes->dev, "Wi-Fi does not become active (%d)\n", ret);
		return ret;
	}
	if (!wait_for_completion_timeout(&bes->startup, msecs_to_jiffies(BES_STARTUP_MS))) {
		dev_err(bes->dev, "no start-up indication\n");
		return -ETIMEDOUT;
	}
	return bes_startup_check(bes);
}

/**
 * bes_wifi_start() - switch the Wi-Fi part of the chip on
 * @bes: device
 *
 * A chip that is not booted, or does not start, is reset once. While the
 * system wakes nobody runs: then what takes more is left to the reset work.
 * wiphy mutex.
 *
 * Return: 0 with the state RUNNING, or a negative errno.
 */
int bes_wifi_start(struct bes_dev *bes)
{
	int tries, ret = 0;

	lockdep_assert_wiphy(bes->hw->wiphy);
	for (tries = bes->resuming ? 1 : BES_START_TRIES; tries; tries--) {
		/* not after a shutdown either */
		if (READ_ONCE(bes->gone))
			return -ENODEV;
		if (READ_ONCE(bes->state) != BES_STATE_BOOTED)
			ret = bes_bring_up(bes);
		if (!ret)
			ret = bes_wifi_try(bes);
		if (!ret)
			return 0;
		bes_wifi_stop(bes);
		bes_set_state(bes, BES_STATE_OFF, "start failed");
	}
	return ret;
}

static void bes_bh_drop(struct bes_dev *bes)
{
	struct sk_buff_head list;

	bes->outstanding = 0;
	bes_tx_fail_all(bes);
	bes_rx_flush(bes);
	__skb_queue_head_init(&list);
	spin_lock_bh(&bes->list_lock);
	skb_queue_splice_init(&bes->ind_list, &list);
	spin_unlock_bh(&bes->list_lock);
	__skb_queue_purge(&list);
}

/**
 * bes_wifi_stop() - switch the Wi-Fi part of the chip off
 * @bes: device
 *
 * Frames that the chip holds are reported as not sent. A dead chip is not
 * touched. Harmless if Wi-Fi is off. wiphy mutex.
 */
void bes_wifi_stop(struct bes_dev *bes)
{
	lockdep_assert_wiphy(bes->hw->wiphy);
	bes_bh_down(bes);
	if (bes_bh_alive(bes)) {
		enum bes_state next = BES_STATE_BOOTED;

		/* a controller that is not ready must not be rung at */
		if (bes_bus_wait(bes, BES_STATUS_MCU_READY, BES_STATUS_MCU_READY, 0) ||
		    bes_bus_doorbell(bes, BES_CMD_WIFI_DEACTIVE, BES_STATUS_WIFI_READY, 0,
				     BES_WIFI_OFF_MS)) {
			if (!READ_ONCE(bes->gone))
				dev_warn(bes->dev, "Wi-Fi does not become inactive: the next start resets the chip\n");
			next = BES_STATE_OFF;
		}
		bes_set_state(bes, next, "Wi-Fi off");
	}
	bes_bh_drop(bes);
}
