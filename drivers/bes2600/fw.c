// SPDX-License-Identifier: GPL-2.0-only
/*
 * Download: the mailbox of the boot ROM, the images and their order.
 *
 * The interrupt is not used here: the length register is polled instead, which
 * also works on hosts with unreliable card interrupts.
 */
#include <linux/crc32.h>
#include <linux/delay.h>
#include <linux/firmware.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/unaligned.h>

#include "bes2600.h"

#define BES_FW_BOOT	"bes2600/best2002_fw_boot_sdio.bin"
#define BES_FW_MAIN	"bes2600/best2002_fw_sdio.bin"

/* Largest frame we build; also bounded by what the chip takes */
#define BES_FRAME_CAP	16384
#define BES_LOADER_WAIT_MS	1000
#define BES_ROOM_WAIT_MS	3000
#define BES_CALIBRATION_MS	15000
#define BES_FRAME_TRIES	4
#define BES_DPD_ROUNDED	round_up(BES_DPD_SIZE, BES_BLOCK_SIZE)

struct bes_loader {
	struct bes_dev *bes;
	u8 *buf;		/* BES_FRAME_CAP, DMA-able */
	size_t frame_max;
	u8 seq;
};

static const struct {
	u32 addr;
	u32 val;
} bes_pokes[] = {
	{ 0x40100000, 0x00802006 },
	{ 0x4008602c, 0x3e00c000 },
};

/* Waits until the chip has a buffer free, and learns its size */
static int bes_loader_room(struct bes_loader *l)
{
	unsigned int waited = 0;
	u8 bufs, lo, hi;
	int ret;

	for (;;) {
		ret = bes_bus_read8(l->bes, BES_REG_RX_BUFS, &bufs);
		if (ret)
			return ret;
		if (bufs)
			break;
		if (waited >= BES_ROOM_WAIT_MS)
			return -ETIMEDOUT;
		usleep_range(1000, 1500);
		waited++;
	}
	ret = bes_bus_read8(l->bes, BES_REG_FRAME_MAX, &lo);
	if (!ret)
		ret = bes_bus_read8(l->bes, BES_REG_FRAME_MAX + 1, &hi);
	if (ret)
		return ret;
	l->frame_max = min_t(size_t, hi << 8 | lo, BES_FRAME_CAP);
	return l->frame_max < BES_FRAME_MIN ? -EPROTO : 0;
}

/* Low byte, then high byte: reading the high byte acknowledges the interrupt */
static int bes_loader_length(struct bes_loader *l, unsigned int timeout_ms, u16 *len)
{
	unsigned int waited = 0;
	u8 lo, hi;
	int ret;

	do {
		ret = bes_bus_read8(l->bes, BES_REG_MSG_LO, &lo);
		if (!ret)
			ret = bes_bus_read8(l->bes, BES_REG_MSG_HI, &hi);
		if (ret)
			return ret;
		*len = hi << 8 | lo;
		if (*len)
			return 0;
		usleep_range(500, 1000);
		waited++;
	} while (waited < timeout_ms);
	return -ETIMEDOUT;
}

/* One frame of len bytes, in l->buf, and its reply */
static int bes_loader_frame(struct bes_loader *l, u8 type, size_t len)
{
	struct bes_frame_hdr *hdr = (void *)l->buf;
	struct bes_frame_reply *reply = (void *)l->buf;
	size_t padded = len <= BES_FRAME_MIN ? BES_FRAME_MIN : round_up(len, BES_BLOCK_SIZE);
	u8 seq = l->seq++;
	u16 got;
	int ret;

	hdr->type = type;
	hdr->seq = seq;
	hdr->len = cpu_to_le16(len - sizeof(*hdr));
	memset(l->buf + len, 0, padded - len);
	ret = bes_bus_write(l->bes, max_t(size_t, len, BES_FRAME_MIN), l->buf, padded);
	if (ret)
		return ret;
	ret = bes_loader_length(l, BES_LOADER_WAIT_MS, &got);
	if (ret)
		return ret;
	if (got != sizeof(*reply))
		return -EPROTO;
	ret = bes_bus_read(l->bes, sizeof(*reply), l->buf, sizeof(*reply));
	if (ret)
		return ret;
	if (reply->hdr.type != BES_FRAME_REPLY || reply->hdr.seq != seq ||
	    reply->hdr.len != cpu_to_le16(4))
		return -EPROTO;
	return reply->result ? -EBADMSG : 0;
}

static int bes_loader_info(struct bes_loader *l, u32 addr, u32 len)
{
	struct bes_frame_info *info = (void *)l->buf;

	info->len = cpu_to_le32(len);
	info->addr = cpu_to_le32(addr);
	return bes_loader_frame(l, BES_FRAME_INFO, sizeof(*info));
}

static int bes_loader_word(struct bes_loader *l, u8 type, u32 word)
{
	struct bes_frame_word *frame = (void *)l->buf;

	frame->word = cpu_to_le32(word);
	return bes_loader_frame(l, type, sizeof(*frame));
}

/*
 * Pieces fill whole blocks, so that each goes out as one command with the
 * exact length as its address; the last piece is what remains.
 */
static int bes_loader_data(struct bes_loader *l, u32 addr, const u8 *data, size_t len)
{
	const size_t head = sizeof(struct bes_frame_word);
	size_t room = round_down(l->frame_max, BES_BLOCK_SIZE) - head;
	struct bes_frame_word *frame = (void *)l->buf;
	size_t n;
	int ret;

	while (len) {
		n = min(len, room);
		frame->word = cpu_to_le32(addr);
		memcpy(l->buf + head, data, n);
		ret = bes_loader_frame(l, BES_FRAME_DATA, head + n);
		if (ret)
			return ret;
		data += n;
		addr += n;
		len -= n;
	}
	return 0;
}

static int bes_loader_try(struct bes_loader *l, u32 addr, const u8 *data, size_t len)
{
	int ret;

	l->seq = 0;
	ret = bes_loader_room(l);
	if (!ret)
		ret = bes_loader_info(l, addr, len);
	if (!ret)
		ret = bes_loader_data(l, addr, data, len);
	if (!ret)
		ret = bes_loader_word(l, BES_FRAME_END, crc32_le(~0, data, len) ^ ~0);
	return ret;
}

/* Download with verification; a refused transfer is started anew */
static int bes_loader_put(struct bes_loader *l, u32 addr, const u8 *data, size_t len)
{
	int tries, ret;

	for (tries = 0; tries < BES_FRAME_TRIES; tries++) {
		ret = bes_loader_try(l, addr, data, len);
		if (ret != -EBADMSG && ret != -EILSEQ)
			break;
	}
	return ret;
}

static int bes_loader_poke(struct bes_loader *l)
{
	__le32 val;
	int i, ret;

	for (i = 0; i < ARRAY_SIZE(bes_pokes); i++) {
		val = cpu_to_le32(bes_pokes[i].val);
		l->seq = 0;
		ret = bes_loader_room(l);
		if (!ret)
			ret = bes_loader_info(l, bes_pokes[i].addr, sizeof(val));
		if (!ret)
			ret = bes_loader_data(l, bes_pokes[i].addr, (u8 *)&val, sizeof(val));
		if (ret)
			return ret;
	}
	return 0;
}

/* A flat blob; its last word repeats the load address and is not sent */
static int bes_image_check(struct bes_dev *bes, const char *name, const struct firmware *fw)
{
	u32 load, last;

	if (fw->size < 20 || fw->size % 4) {
		dev_err(bes->dev, "%s: %zu bytes is no firmware image (truncated?)\n", name, fw->size);
		return -EINVAL;
	}
	load = get_unaligned_le32(fw->data + 12);
	last = get_unaligned_le32(fw->data + fw->size - 4);
	if (load != last || load < 0x20000000 || load >= BES_ADDR_FACTORY ||
	    fw->size - 4 > BES_ADDR_FACTORY - load) {
		dev_err(bes->dev, "%s: damaged or too large: load address %#x, repeated as %#x, %zu bytes\n",
			name, load, last, fw->size);
		return -EINVAL;
	}
	return 0;
}

static int bes_image_run(struct bes_loader *l, const char *name)
{
	const struct firmware *fw;
	u32 load;
	int ret;

	ret = request_firmware(&fw, name, l->bes->dev);
	if (ret)
		return dev_err_probe(l->bes->dev, ret, "firmware %s is missing\n", name);
	ret = bes_image_check(l->bes, name, fw);
	if (ret)
		goto out;
	load = get_unaligned_le32(fw->data + 12);
	ret = bes_loader_put(l, load, fw->data, fw->size - 4);
	if (!ret)
		ret = bes_loader_word(l, BES_FRAME_RUN, load);
	if (ret)
		dev_err(l->bes->dev, "%s: download failed (%d)\n", name, ret);
out:
	release_firmware(fw);
	return ret;
}

static int bes_factory_put(struct bes_loader *l)
{
	static const char * const names[] = {
		"bes2600/bes2600_factory.txt", "bes2600_factory.txt",
	};
	const struct firmware *fw;
	struct bes_factory *blob;
	const char *why;
	int i, ret = -ENOENT;

	for (i = 0; i < ARRAY_SIZE(names) && ret; i++)
		ret = firmware_request_nowarn(&fw, names[i], l->bes->dev);
	if (ret) {
		dev_info(l->bes->dev, "no calibration file %s, the chip uses its defaults\n", names[0]);
		return 0;
	}
	blob = kzalloc(sizeof(*blob), GFP_KERNEL);
	if (!blob) {
		release_firmware(fw);
		return -ENOMEM;
	}
	ret = bes_factory_parse(fw->data, fw->size, blob, &why);
	release_firmware(fw);
	if (ret) {
		dev_warn(l->bes->dev, "calibration file not used: %s\n", why);
		ret = 0;
	} else {
		ret = bes_loader_put(l, BES_ADDR_FACTORY, (u8 *)blob, sizeof(*blob));
		if (ret)
			dev_err(l->bes->dev, "download of the calibration failed (%d)\n", ret);
	}
	kfree(blob);
	return ret;
}

/* The chip may not answer while it calibrates */
static int bes_dpd_wait(struct bes_dev *bes)
{
	unsigned int waited;
	u8 status;
	int ret;

	for (waited = 0; waited < BES_CALIBRATION_MS; waited += 20) {
		ret = bes_bus_read8(bes, BES_REG_STATUS, &status);
		if (!ret && status & BES_STATUS_DPD_READY)
			return 0;
		if (ret && ret != -EILSEQ && ret != -ETIMEDOUT)
			return ret;
		msleep(20);
	}
	return -ETIMEDOUT;
}

/* The boot image leaves its calibration result in the mailbox */
static int bes_dpd_read(struct bes_loader *l)
{
	struct bes_dev *bes = l->bes;
	u16 len;
	int ret;

	ret = bes_dpd_wait(bes);
	if (!ret)
		ret = bes_loader_length(l, BES_LOADER_WAIT_MS, &len);
	if (!ret && len != BES_DPD_SIZE)
		ret = -EPROTO;
	if (!ret)
		ret = bes_bus_read(bes, BES_DPD_SIZE, l->buf, BES_DPD_ROUNDED);
	if (!ret && (crc32_le(~0, l->buf + 4, BES_DPD_SIZE - 4) ^ ~0) != get_unaligned_le32(l->buf))
		ret = -EBADMSG;
	if (!ret) {
		bes->dpd = kmemdup(l->buf, BES_DPD_SIZE, GFP_KERNEL);
		if (!bes->dpd)
			ret = -ENOMEM;
	}
	if (ret)
		dev_err(bes->dev, "no calibration result from the chip (%d)\n", ret);
	return ret;
}

/* Cold: calibrate. Warm: give the chip what it measured before. */
static int bes_calibrate(struct bes_loader *l)
{
	int ret;

	if (l->bes->dpd) {
		ret = bes_loader_put(l, BES_ADDR_DPD, l->bes->dpd, BES_DPD_SIZE);
		if (ret)
			dev_err(l->bes->dev, "download of the calibration result failed (%d)\n", ret);
		return ret;
	}
	ret = bes_image_run(l, BES_FW_BOOT);
	if (!ret)
		ret = bes_dpd_read(l);
	return ret;
}

static int bes_mcu_wait(struct bes_dev *bes)
{
	unsigned int waited;
	u8 status;
	int ret;

	for (waited = 0; waited < 3000; waited += 10) {
		ret = bes_bus_read8(bes, BES_REG_STATUS, &status);
		if (!ret && status & BES_STATUS_MCU_READY)
			return 0;
		msleep(10);
	}
	dev_err(bes->dev, "the main firmware does not come up\n");
	return -ETIMEDOUT;
}

/**
 * bes_fw_load() - from a fresh loader to a running main image
 * @bes: device, function enabled, interrupt not claimed
 *
 * Return: 0 or a negative errno; the failing step was logged.
 */
int bes_fw_load(struct bes_dev *bes)
{
	struct bes_loader l = { .bes = bes };
	int ret;

	l.buf = kzalloc(BES_FRAME_CAP, GFP_KERNEL);
	if (!l.buf)
		return -ENOMEM;
	ret = bes_loader_poke(&l);
	if (ret) {
		dev_err(bes->dev, "the loader does not answer (%d)\n", ret);
		goto out;
	}
	ret = bes_factory_put(&l);
	if (!ret)
		ret = bes_calibrate(&l);
	if (!ret)
		ret = bes_image_run(&l, BES_FW_MAIN);
	if (!ret)
		ret = bes_mcu_wait(bes);
	if (!ret)
		WRITE_ONCE(bes->state, BES_STATE_BOOTED);
out:
	kfree(l.buf);
	return ret;
}

MODULE_FIRMWARE(BES_FW_BOOT);
MODULE_FIRMWARE(BES_FW_MAIN);
