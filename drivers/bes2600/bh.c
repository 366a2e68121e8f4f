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
#include <linux/slab.h>

#include "bes2600.h"
#include "trace.h"

/* A confirm must come within this time, ms; joining and resetting take longer */
#define BES_LOST_IRQ_MS		50
#define BES_STALE_READS		6
#define BES_CRC_TRIES		4
#define BES_MCU_READY_MS	3000
#define BES_WIFI_READY_MS	5000
#define BES_STARTUP_MS		10000

/**
 * bes_bh_wake() - give the thread something to do
 * @bes: device
 * @bit: what it is
 *
 * Any context.
 */
void bes_bh_wake(struct bes_dev *bes, enum bes_bh_bit bit)
{
	if (!test_and_set_bit(bit, &bes->bh_bits))
		wake_up(&bes->bh_wait);
}

/* ---- from the chip ---- */

static int bes_bh_read_burst(struct bes_dev *bes, size_t len)
{
	u32 addr = len | (bes->rx_toggle ? BES_ADDR_TOGGLE : 0);
	int tries, ret;

	/* the same toggle asks for the same burst again */
	for (tries = 0; tries < BES_CRC_TRIES; tries++) {
		ret = bes_bus_read(bes, addr, bes->rx_buf, len);
		if (ret != -EILSEQ)
			break;
		bes->stats.crc_retries++;
	}
	return ret;
}

static void bes_bh_split(struct bes_dev *bes, const u8 *buf, size_t len)
{
	size_t at = 0, n = 0, mlen;

	while (at + sizeof(struct wsm_hdr) <= len) {
		const struct wsm_hdr *hdr = (const void *)(buf + at);

		mlen = le16_to_cpu(hdr->len);
		if (!mlen)
			break;
		if (mlen < sizeof(*hdr) || mlen > len - at) {
			bes->stats.bad_packing++;
			bes_fatal(bes, "burst badly packed");
			return;
		}
		bes_dispatch(bes, hdr, mlen);
		at += ALIGN(mlen, 4);
		n++;
	}
	bes->stats.rx_hist[min_t(size_t, n, BES_BURST_MSGS)]++;
	trace_bes_burst(bes, false, n, len);
}

/*
 * len_reg: what register 0x001 said. Returns the value of its next reading,
 * or a negative errno.
 */
static int bes_bh_receive(struct bes_dev *bes, u8 len_reg)
{
	size_t len = (len_reg & BES_MSG_HI_BLOCKS) * BES_BLOCK_SIZE;
	u8 next;
	int ret;

	if (len > BES_BURST_BYTES) {
		bes->stats.bad_packing++;
		bes_fatal(bes, "burst longer than 51 blocks announced");
		return -EPROTO;
	}
	ret = bes_bh_read_burst(bes, len);
	if (ret) {
		bes_fatal(bes, "burst unreadable");
		return ret;
	}
	bes->rx_toggle = !bes->rx_toggle;
	bes->stats.rx_bytes += len;
	/*
	 * What the interrupt handler read before now is about the past, and
	 * two bursts later its toggle would look fresh again.
	 */
	atomic_set(&bes->irq_len, -1);
	ret = bes_bus_read8(bes, BES_REG_MSG_HI, &next);
	/* the handler may have been told of the same burst meanwhile */
	if (!ret && next & BES_MSG_HI_BLOCKS)
		atomic_cmpxchg(&bes->irq_len, next, -1);
	bes_bh_split(bes, bes->rx_buf, len);
	bes_rx_flush(bes);
	if (ret) {
		bes_fatal(bes, "length register unreadable");
		return ret;
	}
	if (!(next & BES_MSG_HI_BLOCKS))
		bes->stats.zero_reads++;
	return next;
}

static bool bes_bh_fresh(struct bes_dev *bes, int len_reg)
{
	return len_reg > 0 && (len_reg & BES_MSG_HI_BLOCKS) &&
	       !!(len_reg & BES_MSG_HI_TOGGLE) == bes->rx_toggle;
}

/*
 * An interrupt came, but the register still shows the previous burst, or a
 * zero that the chip does not call genuine: it has not settled yet.
 */
static int bes_bh_settle(struct bes_dev *bes, int len_reg)
{
	int tries, ret;
	u8 val = len_reg;
	u8 lo;

	for (tries = 0; tries < BES_STALE_READS; tries++) {
		if (bes_bh_fresh(bes, val))
			return val;
		if (!(val & BES_MSG_HI_BLOCKS)) {
			ret = bes_bus_read8(bes, BES_REG_MSG_LO, &lo);
			if (ret || lo & BES_MSG_LO_IDLE)
				return ret;
		} else {
			bes->stats.stale_toggles++;
		}
		usleep_range(50, 100);
		ret = bes_bus_read8(bes, BES_REG_MSG_HI, &val);
		if (ret)
			return ret;
	}
	return bes_bh_fresh(bes, val) ? val : 0;
}

/* ---- to the chip ---- */

static unsigned int bes_bh_class(size_t len, size_t *slot)
{
	static const u16 sizes[] = { 512, 1024, 1536, BES_SLOT_MAX };
	unsigned int class = (ALIGN(len + 4, 4) - 1) / BES_BLOCK_SIZE;

	class = min_t(unsigned int, class, ARRAY_SIZE(sizes) - 1);
	*slot = sizes[class];
	return class;
}

static void bes_bh_stamp(struct bes_dev *bes, void *msg)
{
	struct wsm_hdr *hdr = msg;
	u16 id = le16_to_cpu(hdr->id);
	u8 *seq = &bes->tx_seq[WSM_ID_IS_MCU(id)];

	hdr->id = cpu_to_le16((id & ~WSM_ID_SEQ) | *seq << WSM_ID_SEQ_SHIFT);
	*seq = (*seq + 1) & 7;
	trace_bes_message(bes, true, le16_to_cpu(hdr->id), le16_to_cpu(hdr->len));
}

static int bes_bh_write(struct bes_dev *bes, unsigned int class, size_t slot, unsigned int n)
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
		return ret;
	}
	bes->tx_toggle = !bes->tx_toggle;
	if (!bes->outstanding)
		bes->progress = jiffies;
	bes->outstanding += n;
	bes->stats.credit_high = max_t(u64, bes->stats.credit_high, bes->outstanding);
	bes->stats.tx_hist[n]++;
	bes->stats.tx_bytes += len;
	trace_bes_burst(bes, true, n, len);
	return 0;
}

/* A command goes first, and alone: MCU commands have to, the others are rare */
static bool bes_bh_send_cmd(struct bes_dev *bes)
{
	struct bes_cmd *cmd = smp_load_acquire(&bes->cmd);
	unsigned int class;
	size_t len, slot;

	if (!cmd || cmd->sent || bes->outstanding >= bes->credits)
		return false;
	len = le16_to_cpu(cmd->req->len);
	class = bes_bh_class(len, &slot);
	memcpy(bes->tx_buf, cmd->req, len);
	memset(bes->tx_buf + len, 0, slot - len);
	bes_bh_stamp(bes, bes->tx_buf);
	cmd->sent = true;
	bes->stats.commands++;
	return !bes_bh_write(bes, class, slot, 1);
}

/* As many frames of one slot class as there are, one credit kept for a command */
static bool bes_bh_send_data(struct bes_dev *bes)
{
	unsigned int class = 0, n = 0;
	size_t slot = 0, len, want;

	while (n < BES_BURST_MSGS) {
		if (bes->outstanding + n >= bes->credits - 1) {
			bes->stats.credits_exhausted++;
			break;
		}
		len = bes_tx_peek(bes);
		if (!len)
			break;
		if (n && bes_bh_class(len, &want) != class) {
			bes->stats.class_splits++;
			break;
		}
		class = bes_bh_class(len, &slot);
		bes_tx_emit(bes, bes->tx_buf + n * slot, len);
		memset(bes->tx_buf + n * slot + len, 0, slot - len);
		bes_bh_stamp(bes, bes->tx_buf + n * slot);
		n++;
	}
	if (!n)
		return false;
	bes->stats.tx_frames += n;
	return !bes_bh_write(bes, class, slot, n);
}

static bool bes_bh_send(struct bes_dev *bes)
{
	bool sent;

	if (bes_bh_send_cmd(bes))
		return true;
	sent = bes_bh_send_data(bes);
	/* frames that could not be sent are finished as well */
	bes_rx_flush(bes);
	return sent;
}

/* ---- the loop ---- */

static void bes_bh_run(struct bes_dev *bes)
{
	int len_reg = 0;
	bool moved;

	if (test_and_clear_bit(BES_BH_IRQ, &bes->bh_bits)) {
		len_reg = atomic_xchg(&bes->irq_len, -1);
		if (len_reg >= 0)
			len_reg = bes_bh_settle(bes, len_reg);
	}
	clear_bit(BES_BH_TX, &bes->bh_bits);
	clear_bit(BES_BH_CMD, &bes->bh_bits);
	do {
		moved = false;
		if (bes_bh_fresh(bes, len_reg)) {
			len_reg = bes_bh_receive(bes, len_reg);
			moved = true;
		} else {
			len_reg = 0;
		}
		if (READ_ONCE(bes->state) != BES_STATE_RUNNING)
			return;
		moved |= bes_bh_send(bes);
	} while (moved && READ_ONCE(bes->state) == BES_STATE_RUNNING);
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
	int ret;

	ret = bes_bus_read8(bes, BES_REG_MSG_HI, &len_reg);
	if (ret) {
		bes_fatal(bes, "length register unreadable");
		return;
	}
	if (bes_bh_fresh(bes, len_reg)) {
		bes->stats.lost_irqs++;
		atomic_set(&bes->irq_len, len_reg);
		set_bit(BES_BH_IRQ, &bes->bh_bits);
		return;
	}
	if (time_after(jiffies, bes->progress + limit))
		bes_fatal(bes, "no confirm in time");
}

static int bes_bh_thread(void *arg)
{
	struct bes_dev *bes = arg;
	long timeout;

	while (!kthread_should_stop()) {
		if (kthread_should_park()) {
			kthread_parkme();
			continue;
		}
		timeout = bes->outstanding && READ_ONCE(bes->state) == BES_STATE_RUNNING ?
			  msecs_to_jiffies(BES_LOST_IRQ_MS) : MAX_SCHEDULE_TIMEOUT;
		timeout = wait_event_interruptible_timeout(bes->bh_wait,
							   READ_ONCE(bes->bh_bits) ||
							   kthread_should_park() ||
							   kthread_should_stop(), timeout);
		if (kthread_should_park() || kthread_should_stop())
			continue;
		if (READ_ONCE(bes->state) != BES_STATE_RUNNING) {
			WRITE_ONCE(bes->bh_bits, 0);
			continue;
		}
		bes->stats.wakeups++;
		if (READ_ONCE(bes->bh_bits))
			bes_bh_run(bes);
		else if (bes->outstanding)
			bes_bh_overdue(bes);
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
	int ret;

	bes->rx_buf = kzalloc(BES_BURST_BYTES, GFP_KERNEL);
	bes->tx_buf = kzalloc(BES_BURST_BYTES + BES_BLOCK_SIZE, GFP_KERNEL);
	if (!bes->rx_buf || !bes->tx_buf) {
		ret = -ENOMEM;
		goto err_free;
	}
	bes->bh = kthread_create(bes_bh_thread, bes, "bes2600/%s", dev_name(bes->dev));
	if (IS_ERR(bes->bh)) {
		ret = PTR_ERR(bes->bh);
		goto err_free;
	}
	sched_set_fifo_low(bes->bh);
	kthread_park(bes->bh);
	return 0;

err_free:
	kfree(bes->rx_buf);
	kfree(bes->tx_buf);
	return ret;
}

/**
 * bes_bh_exit() - undo bes_bh_init()
 * @bes: device
 */
void bes_bh_exit(struct bes_dev *bes)
{
	kthread_stop(bes->bh);
	kfree(bes->rx_buf);
	kfree(bes->tx_buf);
}

static void bes_bh_fresh_start(struct bes_dev *bes)
{
	bes->rx_toggle = false;
	bes->tx_toggle = false;
	memset(bes->tx_seq, 0, sizeof(bes->tx_seq));
	memset(bes->rx_seq, 0, sizeof(bes->rx_seq));
	bes->outstanding = 0;
	/* until the start-up indication tells */
	bes->credits = 1;
	bes->bh_bits = 0;
	bes->cmd_deadline_ms = 3000;
	atomic_set(&bes->irq_len, -1);
	reinit_completion(&bes->startup);
}

static int bes_startup_check(struct bes_dev *bes)
{
	const struct wsm_startup_ind *ind = &bes->caps;

	if (ind->status || le16_to_cpu(ind->fw_type) > 4 || le16_to_cpu(ind->bufs) < 2) {
		dev_err(bes->dev, "unusable start-up indication: status %u, type %u, %u buffers\n",
			le16_to_cpu(ind->status), le16_to_cpu(ind->fw_type),
			le16_to_cpu(ind->bufs));
		return -EPROTO;
	}
	return 0;
}

/**
 * bes_wifi_start() - switch the Wi-Fi part of the chip on
 * @bes: device, booted
 *
 * Return: 0 with the state RUNNING, or a negative errno with the state before.
 */
int bes_wifi_start(struct bes_dev *bes)
{
	int ret;

	if (READ_ONCE(bes->state) != BES_STATE_BOOTED)
		return -ENODEV;
	bes_bh_fresh_start(bes);
	ret = bes_bus_claim_irq(bes);
	if (ret)
		return ret;
	/* the indication may come before the status bit is seen */
	WRITE_ONCE(bes->state, BES_STATE_RUNNING);
	kthread_unpark(bes->bh);
	ret = bes_bus_doorbell(bes, BES_CMD_WIFI_ACTIVE, BES_STATUS_WIFI_READY,
			       BES_STATUS_WIFI_READY, BES_WIFI_READY_MS);
	if (ret) {
		dev_err(bes->dev, "Wi-Fi does not become active (%d)\n", ret);
		goto err_stop;
	}
	if (!wait_for_completion_timeout(&bes->startup, msecs_to_jiffies(BES_STARTUP_MS))) {
		dev_err(bes->dev, "no start-up indication\n");
		ret = -ETIMEDOUT;
		goto err_stop;
	}
	ret = bes_startup_check(bes);
	if (ret)
		goto err_stop;
	return 0;

err_stop:
	bes_wifi_stop(bes);
	return ret;
}

/**
 * bes_wifi_stop() - switch the Wi-Fi part of the chip off
 * @bes: device
 *
 * Frames that the chip holds are reported as not sent. A dead chip is not
 * touched.
 */
void bes_wifi_stop(struct bes_dev *bes)
{
	bool alive = READ_ONCE(bes->state) == BES_STATE_RUNNING;

	kthread_park(bes->bh);
	bes_bus_release_irq(bes);
	if (alive) {
		WRITE_ONCE(bes->state, BES_STATE_BOOTED);
		if (bes_bus_doorbell(bes, BES_CMD_WIFI_DEACTIVE, BES_STATUS_WIFI_READY, 0, 500))
			dev_warn(bes->dev, "Wi-Fi does not become inactive\n");
	}
	bes->outstanding = 0;
	bes_tx_fail_all(bes);
	bes_rx_flush(bes);
}
