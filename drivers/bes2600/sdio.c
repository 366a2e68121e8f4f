// SPDX-License-Identifier: GPL-2.0-only
/*
 * SDIO glue: the card's registers, its data port, its interrupt and its reset.
 */
#include <linux/delay.h>
#include <linux/ktime.h>
#include <linux/mmc/card.h>
#include <linux/mmc/core.h>
#include <linux/mmc/host.h>
#include <linux/mmc/sdio.h>
#include <linux/mmc/sdio_func.h>
#include <linux/mmc/sdio_ids.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/pm.h>

#include "bes2600.h"

/* The doorbell is repeated at this pace until the chip shows the answer */
#define BES_DOORBELL_AGAIN_MS	100
#define BES_OFF_MS		200

/**
 * bes_bus_claim() - keep others off the bus, the interrupt handler included
 * @bes: device
 *
 * Nests.
 */
void bes_bus_claim(struct bes_dev *bes)
{
	KUNIT_STATIC_STUB_REDIRECT(bes_bus_claim, bes);
	sdio_claim_host(bes->func);
}
EXPORT_SYMBOL_IF_KUNIT(bes_bus_claim);

/**
 * bes_bus_release() - undo bes_bus_claim()
 * @bes: device
 */
void bes_bus_release(struct bes_dev *bes)
{
	KUNIT_STATIC_STUB_REDIRECT(bes_bus_release, bes);
	sdio_release_host(bes->func);
}
EXPORT_SYMBOL_IF_KUNIT(bes_bus_release);

/**
 * bes_bus_transient() - may an error go away by itself
 * @err: what an access returned
 *
 * Return: true for a bad CRC, no answer, and a busy card.
 */
bool bes_bus_transient(int err)
{
	return err == -EILSEQ || err == -ETIMEDOUT || err == -EBUSY;
}

/* A card that was pulled out needs no reset and no complaints */
static int bes_bus_result(struct bes_dev *bes, int ret)
{
	if (ret == -ENOMEDIUM)
		WRITE_ONCE(bes->gone, true);
	return ret;
}

/**
 * bes_bus_read8() - read a register by CMD52
 * @bes: device
 * @addr: register, BES_REG_*
 * @val: where the byte goes
 *
 * Return: 0 or a negative errno.
 */
int bes_bus_read8(struct bes_dev *bes, u32 addr, u8 *val)
{
	int ret;

	KUNIT_STATIC_STUB_REDIRECT(bes_bus_read8, bes, addr, val);
	bes_bus_claim(bes);
	*val = sdio_readb(bes->func, addr, &ret);
	bes->stats.cmd52++;
	bes_bus_release(bes);
	return bes_bus_result(bes, ret);
}
EXPORT_SYMBOL_IF_KUNIT(bes_bus_read8);

/**
 * bes_bus_write8() - write a register by CMD52
 * @bes: device
 * @addr: register, BES_REG_*
 * @val: byte to write
 *
 * Return: 0 or a negative errno.
 */
int bes_bus_write8(struct bes_dev *bes, u32 addr, u8 val)
{
	int ret;

	bes_bus_claim(bes);
	sdio_writeb(bes->func, val, addr, &ret);
	bes->stats.cmd52++;
	bes_bus_release(bes);
	return bes_bus_result(bes, ret);
}

/**
 * bes_bus_read() - read from the data port by one CMD53
 * @bes: device
 * @addr: what the wire calls the address: length, in run mode with the toggle
 * @buf: DMA-able buffer
 * @len: at most 512, or a multiple of 512
 *
 * Return: 0 or a negative errno.
 */
int bes_bus_read(struct bes_dev *bes, u32 addr, void *buf, size_t len)
{
	int ret;

	KUNIT_STATIC_STUB_REDIRECT(bes_bus_read, bes, addr, buf, len);
	bes_bus_claim(bes);
	ret = sdio_memcpy_fromio(bes->func, buf, addr, len);
	bes->stats.cmd53_read++;
	bes_bus_release(bes);
	return bes_bus_result(bes, ret);
}
EXPORT_SYMBOL_IF_KUNIT(bes_bus_read);

static int bes_sdio_r5(u32 response)
{
	if (response & R5_ERROR)
		return -EIO;
	if (response & R5_FUNCTION_NUMBER)
		return -EINVAL;
	if (response & R5_OUT_OF_RANGE)
		return -ERANGE;
	return 0;
}

/*
 * The core sends a single block in byte mode. In run mode the chip has only
 * ever seen block mode, so such a write is built by hand.
 */
static int bes_sdio_write_block(struct bes_dev *bes, u32 addr, const void *buf)
{
	struct sdio_func *func = bes->func;
	struct mmc_request mrq = {};
	struct mmc_command cmd = {};
	struct mmc_data data = {};
	struct scatterlist sg;

	sg_init_one(&sg, buf, BES_BLOCK_SIZE);
	cmd.opcode = SD_IO_RW_EXTENDED;
	/* write, function, block mode, incrementing address, one block */
	cmd.arg = 0x80000000 | func->num << 28 | 0x0c000000 | addr << 9 | 1;
	cmd.flags = MMC_RSP_SPI_R5 | MMC_RSP_R5 | MMC_CMD_ADTC;
	data.blksz = BES_BLOCK_SIZE;
	data.blocks = 1;
	data.flags = MMC_DATA_WRITE;
	data.sg = &sg;
	data.sg_len = 1;
	mrq.cmd = &cmd;
	mrq.data = &data;

	mmc_set_data_timeout(&data, func->card);
	mmc_wait_for_req(func->card->host, &mrq);
	if (cmd.error)
		return cmd.error;
	if (data.error)
		return data.error;
	return bes_sdio_r5(cmd.resp[0]);
}

/**
 * bes_bus_write() - write to the data port by one CMD53
 * @bes: device
 * @addr: what the wire calls the address: length while booting; in run mode
 *        sum of the slots, slot class and toggle
 * @buf: DMA-able buffer
 * @len: a multiple of 512
 *
 * Return: 0 or a negative errno.
 */
int bes_bus_write(struct bes_dev *bes, u32 addr, const void *buf, size_t len)
{
	int ret;

	KUNIT_STATIC_STUB_REDIRECT(bes_bus_write, bes, addr, buf, len);
	bes_bus_claim(bes);
	if (len == BES_BLOCK_SIZE && READ_ONCE(bes->state) == BES_STATE_RUNNING)
		ret = bes_sdio_write_block(bes, addr, buf);
	else
		ret = sdio_memcpy_toio(bes->func, addr, (void *)buf, len);
	bes->stats.cmd53_write++;
	bes_bus_release(bes);
	return bes_bus_result(bes, ret);
}
EXPORT_SYMBOL_IF_KUNIT(bes_bus_write);

static bool bes_sdio_status_is(struct bes_dev *bes, u8 mask, u8 want, int *err)
{
	u8 status;

	*err = bes_bus_read8(bes, BES_REG_STATUS, &status);
	return !*err && (status & mask) == want;
}

/**
 * bes_bus_wait() - wait for bits of the status register
 * @bes: device
 * @mask: bits of the status register to look at
 * @want: the value to wait for
 * @timeout_ms: how long
 *
 * Return: 0, -ETIMEDOUT, or the errno of the bus.
 */
int bes_bus_wait(struct bes_dev *bes, u8 mask, u8 want, unsigned int timeout_ms)
{
	ktime_t end = ktime_add_ms(ktime_get(), timeout_ms);
	int ret;

	while (!bes_sdio_status_is(bes, mask, want, &ret)) {
		if (ret && !bes_bus_transient(ret))
			return ret;
		if (ktime_after(ktime_get(), end))
			return -ETIMEDOUT;
		usleep_range(2000, 4000);
	}
	return 0;
}

/**
 * bes_bus_ring() - ring a doorbell once
 * @bes: device
 * @cmd: BES_CMD_*
 *
 * The low byte fires, so it goes last.
 *
 * Return: 0 or the errno of the bus.
 */
int bes_bus_ring(struct bes_dev *bes, u16 cmd)
{
	int ret;

	ret = bes_bus_write8(bes, BES_REG_CMD_HI, cmd >> 8);
	if (!ret)
		ret = bes_bus_write8(bes, BES_REG_CMD_LO, cmd & 0xff);
	return ret;
}

/**
 * bes_bus_doorbell() - switch a sub-system of the chip
 * @bes: device
 * @cmd: BES_CMD_*
 * @mask: bits of the status register to look at
 * @want: their value once the command took effect
 * @timeout_ms: how long to wait for that
 *
 * The command is rung once and again every 100 ms; it is idempotent.
 *
 * Return: 0, -ETIMEDOUT, or the errno of the bus.
 */
int bes_bus_doorbell(struct bes_dev *bes, u16 cmd, u8 mask, u8 want, unsigned int timeout_ms)
{
	unsigned int step, left = timeout_ms;
	int ret;

	do {
		step = min_t(unsigned int, left, BES_DOORBELL_AGAIN_MS);
		ret = bes_bus_ring(bes, cmd);
		if (ret && !bes_bus_transient(ret))
			return ret;
		/* the chip takes a moment in any case */
		usleep_range(1500, 2000);
		ret = bes_bus_wait(bes, mask, want, step);
		left -= step;
	} while (ret == -ETIMEDOUT && left);
	return ret;
}

/*
 * Reading the length acknowledges the level interrupt, so it is done here,
 * before the core unmasks the line. The thread does the rest. If the thread
 * has read the length before this call came, there is nothing to learn. Should
 * that be wrong, the line is still low and the call comes again at once.
 */
static void bes_sdio_irq(struct sdio_func *func)
{
	struct bes_dev *bes = sdio_get_drvdata(func);
	int ret, seen;
	u8 len;

	if ((bes->rx_known || bes->rx_acked) && READ_ONCE(bes->state) == BES_STATE_RUNNING) {
		bes->rx_acked = false;
		return;
	}
	len = sdio_readb(func, BES_REG_MSG_HI, &ret);
	bes->stats.cmd52++;
	seen = bes->rx_bursts << BES_IRQ_BURST_SHIFT & BES_IRQ_BURST;
	if (ret) {
		seen |= BES_IRQ_UNREAD;
	} else {
		seen |= len;
		bes->rx_known = bes_bh_fresh(bes, len);
	}
	atomic_set(&bes->irq_seen, seen);
	bes_bh_wake(bes, BES_BH_IRQ);
}

/**
 * bes_bus_claim_irq() - listen to the card interrupt
 * @bes: device
 *
 * Return: 0 or a negative errno.
 */
int bes_bus_claim_irq(struct bes_dev *bes)
{
	int ret;

	bes_bus_claim(bes);
	ret = sdio_claim_irq(bes->func, bes_sdio_irq);
	bes_bus_release(bes);
	return ret;
}

/**
 * bes_bus_release_irq() - stop listening to the card interrupt
 * @bes: device
 */
void bes_bus_release_irq(struct bes_dev *bes)
{
	bes_bus_claim(bes);
	sdio_release_irq(bes->func);
	bes_bus_release(bes);
}

static int bes_sdio_setup(struct bes_dev *bes)
{
	int ret;

	bes_bus_claim(bes);
	ret = sdio_enable_func(bes->func);
	if (!ret)
		ret = sdio_set_block_size(bes->func, BES_BLOCK_SIZE);
	bes_bus_release(bes);
	return ret;
}

static void bes_sdio_disable(struct bes_dev *bes)
{
	bes_bus_claim(bes);
	sdio_disable_func(bes->func);
	bes_bus_release(bes);
}

/* The chip decides how much comes at once: nothing smaller will do */
static bool bes_sdio_host_ok(const struct mmc_host *host)
{
	return host->max_blk_size >= BES_BLOCK_SIZE && host->max_blk_count >= BES_BURST_BLOCKS &&
	       host->max_req_size >= BES_BURST_BYTES;
}

/* A firmware that runs does not speak the loader's language */
static int bes_sdio_running(struct bes_dev *bes, bool *running)
{
	u8 status;
	int ret;

	ret = bes_bus_read8(bes, BES_REG_STATUS, &status);
	*running = !ret && status & (BES_STATUS_MCU_READY | BES_STATUS_WIFI_READY |
				     BES_STATUS_BT_READY);
	return ret;
}

/**
 * bes_bus_reset() - power-cycle the card and enable its function again
 * @bes: device, interrupt not claimed
 *
 * Return: 0 with the loader waiting; 1 if the core removes and probes the card
 * again by itself; or a negative errno, -EBUSY if firmware runs all the same.
 */
int bes_bus_reset(struct bes_dev *bes)
{
	bool running;
	int ret;

	bes_bus_claim(bes);
	ret = mmc_hw_reset(bes->func->card);
	bes_bus_release(bes);
	if (ret)
		return ret;
	ret = bes_sdio_setup(bes);
	if (!ret)
		ret = bes_sdio_running(bes, &running);
	if (ret)
		return ret;
	return running ? -EBUSY : 0;
}

/* After a reload of the module the firmware still runs: back to the loader */
static int bes_sdio_fresh(struct bes_dev *bes)
{
	bool running;
	int ret;

	ret = bes_sdio_running(bes, &running);
	if (ret || !running)
		return ret;
	ret = bes_bus_reset(bes);
	/* if the core resets by removal, a new probe follows that */
	return ret > 0 ? -ENODEV : ret;
}

/*
 * Where a download ended cannot be read: the next driver shall find the loader
 * as it was. A chip that does not even answer is not worth the time.
 */
static void bes_sdio_restore(struct bes_dev *bes)
{
	bool running;

	if (bes_sdio_running(bes, &running))
		return;
	bes_bus_claim(bes);
	mmc_hw_reset(bes->func->card);
	bes_bus_release(bes);
}

static int bes_sdio_probe(struct sdio_func *func, const struct sdio_device_id *id)
{
	struct bes_dev *bes;
	int ret;

	/* Binding to one function only keeps mmc_hw_reset() synchronous */
	if (func->num != 1)
		return -ENODEV;
	if (!bes_sdio_host_ok(func->card->host))
		return dev_err_probe(&func->dev, -EOPNOTSUPP,
				     "the SDIO host cannot move %d bytes in one request\n",
				     BES_BURST_BYTES);
	bes = bes_core_alloc(&func->dev);
	if (!bes)
		return -ENOMEM;
	bes->func = func;
	sdio_set_drvdata(func, bes);

	ret = bes_sdio_setup(bes);
	if (ret) {
		dev_err_probe(&func->dev, ret, "cannot enable the SDIO function\n");
		goto err_free;
	}
	ret = bes_bh_init(bes);
	if (ret) {
		dev_err_probe(&func->dev, ret, "cannot make buffers and thread\n");
		goto err_disable;
	}
	ret = bes_sdio_fresh(bes);
	if (ret && ret != -EBUSY) {
		dev_err_probe(&func->dev, ret, "cannot bring the chip to its loader\n");
		goto err_bh;
	}
	ret = ret ? bes_fw_reuse(bes) : bes_fw_load(bes);	/* log the step */
	if (ret) {
		bes_sdio_restore(bes);
		goto err_bh;
	}
	ret = bes_core_register(bes);	/* logs the step */
	if (ret)
		goto err_bh;
	return 0;

err_bh:
	bes_bh_exit(bes);
err_disable:
	bes_sdio_disable(bes);
err_free:
	bes_core_free(bes);
	return ret;
}

static void bes_sdio_remove(struct sdio_func *func)
{
	struct bes_dev *bes = sdio_get_drvdata(func);

	bes_recovery_exit(bes);
	bes_core_unregister(bes);	/* stops Wi-Fi */
	if (READ_ONCE(bes->state) == BES_STATE_BOOTED)
		bes_bus_doorbell(bes, BES_CMD_BT_DEACTIVE, BES_STATUS_BT_READY, 0, BES_OFF_MS);
	bes_bh_exit(bes);
	bes_sdio_disable(bes);
	bes_core_free(bes);
}

/*
 * mac80211 has stopped Wi-Fi when this is called, and resets wait in a queue
 * that is frozen: nobody else is on the bus. Where the host cannot keep the
 * card powered, whoever starts Wi-Fi next downloads the firmware again.
 */
static int bes_sdio_suspend(struct device *dev)
{
	struct sdio_func *func = dev_to_sdio_func(dev);
	struct bes_dev *bes = sdio_get_drvdata(func);
	int ret;

	if (!(sdio_get_host_pm_caps(func) & MMC_PM_KEEP_POWER)) {
		bes_set_state(bes, BES_STATE_OFF, "asleep without power");
		return 0;
	}
	ret = sdio_set_host_pm_flags(func, MMC_PM_KEEP_POWER);
	if (!ret)
		bes_pm_park(bes);
	return ret;
}

static int bes_sdio_resume(struct device *dev)
{
	struct bes_dev *bes = sdio_get_drvdata(dev_to_sdio_func(dev));

	bes_pm_unpark(bes);
	/* for Bluetooth, if nobody starts Wi-Fi before */
	if (READ_ONCE(bes->state) == BES_STATE_OFF)
		bes_recovery_kick(bes);
	return 0;
}

/*
 * The system goes down. Nobody may be made to wait for a chip that does not
 * answer, so no lock is taken: whoever waits for the chip is told that it is
 * gone, and then it is told to be quiet.
 */
static void bes_sdio_shutdown(struct sdio_func *func)
{
	struct bes_dev *bes = sdio_get_drvdata(func);
	enum bes_state state = READ_ONCE(bes->state);

	bes_recovery_stop(bes);
	bes_fatal(bes, "shutdown");
	if (state == BES_STATE_RUNNING)
		bes_bus_doorbell(bes, BES_CMD_WIFI_DEACTIVE, BES_STATUS_WIFI_READY, 0,
				 BES_OFF_MS);
	if (state == BES_STATE_RUNNING || state == BES_STATE_BOOTED)
		bes_bus_doorbell(bes, BES_CMD_BT_DEACTIVE, BES_STATUS_BT_READY, 0, BES_OFF_MS);
}

BES_COMPAT_SHUTDOWN(bes_sdio_shutdown)

static DEFINE_SIMPLE_DEV_PM_OPS(bes_sdio_pm, bes_sdio_suspend, bes_sdio_resume);

static const struct sdio_device_id bes_sdio_ids[] = {
	{ SDIO_DEVICE(BES_SDIO_VENDOR_ID, BES_SDIO_DEVICE_ID) },
	{ }
};
MODULE_DEVICE_TABLE(sdio, bes_sdio_ids);

static const struct of_device_id bes_of_ids[] __maybe_unused = {
	{ .compatible = "bestechnic,bes2600" },
	{ .compatible = "bestechnic,bes2600-sdio" },
	{ }
};
MODULE_DEVICE_TABLE(of, bes_of_ids);

static struct sdio_driver bes_sdio_driver = {
	.name = "bes2600",
	.id_table = bes_sdio_ids,
	.probe = bes_sdio_probe,
	.remove = bes_sdio_remove,
	.drv = {
		.of_match_table = of_match_ptr(bes_of_ids),
		.probe_type = PROBE_PREFER_ASYNCHRONOUS,
		.pm = pm_sleep_ptr(&bes_sdio_pm),
		BES_DEVICE_SHUTDOWN(bes_sdio_shutdown)
	},
	BES_BUS_SHUTDOWN(bes_sdio_shutdown)
};
module_sdio_driver(bes_sdio_driver);

MODULE_DESCRIPTION("Bestechnic BES2600WM SDIO Wi-Fi driver");
MODULE_LICENSE("GPL");
