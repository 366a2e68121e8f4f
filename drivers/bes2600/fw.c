// SPDX-License-Identifier: GPL-2.0-only
/*
 * Download: the mailbox of the boot ROM, the images and their order.
 *
 * The interrupt is not used here: the length register is polled instead, which
 * also works on hosts with unreliable card interrupts.
 */
#include <linux/crc32.h>
#include <linux/ctype.h>
#include <linux/delay.h>
#include <linux/firmware.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "bes2600.h"

#define BES_FW_BOOT	"bes2600/best2002_fw_boot_sdio.bin"
#define BES_FW_MAIN	"bes2600/best2002_fw_sdio.bin"
/* Optional, made at the factory for one board */
#define BES_FACTORY_BIN	"bes2600/factory.bin"
#define BES_FACTORY_TXT	"bes2600/bes2600_factory.txt"

#define BES_LOADER_WAIT_MS	1000
#define BES_ROOM_WAIT_MS	3000
#define BES_CALIBRATION_MS	20000
#define BES_MAIN_MS		5000
#define BES_BT_MS		1000
#define BES_WIFI_OFF_MS		500
#define BES_FRAME_TRIES		4
#define BES_DPD_ROUNDED		round_up(BES_DPD_SIZE, BES_BLOCK_SIZE)

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
	ktime_t end = ktime_add_ms(ktime_get(), BES_ROOM_WAIT_MS);
	u8 bufs, lo, hi;
	int ret;

	for (;;) {
		ret = bes_bus_read8(l->bes, BES_REG_RX_BUFS, &bufs);
		if (ret && !bes_bus_transient(ret))
			return ret;
		if (!ret && bufs)
			break;
		if (ktime_after(ktime_get(), end))
			return -ETIMEDOUT;
		usleep_range(1000, 1500);
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
static int bes_loader_length(struct bes_loader *l, u16 *len)
{
	ktime_t end = ktime_add_ms(ktime_get(), BES_LOADER_WAIT_MS);
	u8 lo, hi;
	int ret;

	for (;;) {
		ret = bes_bus_read8(l->bes, BES_REG_MSG_LO, &lo);
		if (!ret)
			ret = bes_bus_read8(l->bes, BES_REG_MSG_HI, &hi);
		if (ret)
			return ret;
		*len = hi << 8 | lo;
		if (*len)
			return 0;
		if (ktime_after(ktime_get(), end))
			return -ETIMEDOUT;
		usleep_range(200, 500);
	}
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
	ret = bes_loader_length(l, &got);
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

static int bes_loader_try(struct bes_loader *l, u32 addr, const u8 *data, size_t len, bool verify)
{
	int ret;

	l->seq = 0;
	ret = bes_loader_room(l);
	if (!ret)
		ret = bes_loader_info(l, addr, len);
	if (!ret)
		ret = bes_loader_data(l, addr, data, len);
	if (!ret && verify)
		ret = bes_loader_word(l, BES_FRAME_END, crc32_le(~0, data, len) ^ ~0);
	return ret;
}

/* Worth another try: the loader takes a new INFO at any time */
static bool bes_loader_again(int err)
{
	return err == -EBADMSG || err == -EPROTO || bes_bus_transient(err);
}

/* A transfer that fails is started anew */
static int bes_loader_send(struct bes_loader *l, u32 addr, const u8 *data, size_t len, bool verify)
{
	int tries = 0, ret;

	do {
		ret = bes_loader_try(l, addr, data, len, verify);
	} while (bes_loader_again(ret) && ++tries < BES_FRAME_TRIES);
	return ret;
}

VISIBLE_IF_KUNIT
int bes_loader_put(struct bes_loader *l, u32 addr, const u8 *data, size_t len)
{
	return bes_loader_send(l, addr, data, len, true);
}
EXPORT_SYMBOL_IF_KUNIT(bes_loader_put);

/* A register is written like memory, but without END */
VISIBLE_IF_KUNIT
int bes_loader_poke(struct bes_loader *l)
{
	__le32 val;
	int i, ret;

	for (i = 0; i < ARRAY_SIZE(bes_pokes); i++) {
		val = cpu_to_le32(bes_pokes[i].val);
		ret = bes_loader_send(l, bes_pokes[i].addr, (u8 *)&val, sizeof(val), false);
		if (ret)
			return ret;
	}
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(bes_loader_poke);

/* A flat blob; its last word repeats the load address and is not sent */
VISIBLE_IF_KUNIT
int bes_image_check(struct bes_dev *bes, const char *name, const struct firmware *fw)
{
	u32 load, last;

	if (fw->size < 20 || fw->size % 4) {
		dev_err(bes->dev, "%s: %zu bytes is no firmware image (truncated?)\n", name,
			fw->size);
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
EXPORT_SYMBOL_IF_KUNIT(bes_image_check);

/* The kernel's isprint() knows Latin-1 */
static bool bes_image_is_text(u8 c)
{
	return isascii(c) && isprint(c);
}

/*
 * The text "<date> <hash>:best2002_fw..." near the end of every image; for the
 * log and debugfs only.
 */
VISIBLE_IF_KUNIT
void bes_image_label(struct bes_dev *bes, const struct firmware *fw)
{
	static const char tag[] = ":best2002_fw";
	const size_t taglen = sizeof(tag) - 1;
	size_t at, start, end;

	for (at = fw->size - taglen; at; at--)
		if (!memcmp(fw->data + at, tag, taglen))
			break;
	if (!at)
		return;
	for (start = at; start && bes_image_is_text(fw->data[start - 1]); start--)
		;
	for (end = at; end < fw->size && bes_image_is_text(fw->data[end]); end++)
		;
	strscpy(bes->fw_label, fw->data + start, min(end - start + 1, sizeof(bes->fw_label)));
}
EXPORT_SYMBOL_IF_KUNIT(bes_image_label);

static int bes_image_run(struct bes_loader *l, const char *name)
{
	const struct firmware *fw;
	u32 load;
	int ret;

	ret = request_firmware(&fw, name, l->bes->dev);
	if (ret)
		return dev_err_probe(l->bes->dev, ret,
				     "firmware %s is missing or empty: install it below /lib/firmware\n",
				     name);
	ret = bes_image_check(l->bes, name, fw);
	if (ret)
		goto out;
	load = get_unaligned_le32(fw->data + 12);
	ret = bes_loader_put(l, load, fw->data, fw->size - 4);
	if (!ret)
		ret = bes_loader_word(l, BES_FRAME_RUN, load);
	if (ret)
		dev_err(l->bes->dev, "%s: download failed (%d)\n", name, ret);
	else
		bes_image_label(l->bes, fw);
out:
	release_firmware(fw);
	return ret;
}

/* The binary goes before the text; whoever made it computed its CRC */
static int bes_factory_binary(struct bes_dev *bes, struct bes_factory *blob)
{
	const struct firmware *fw;
	int ret;

	ret = firmware_request_nowarn(&fw, BES_FACTORY_BIN, bes->dev);
	if (ret)
		return ret;
	if (fw->size == sizeof(*blob)) {
		memcpy(blob, fw->data, sizeof(*blob));
	} else {
		dev_warn(bes->dev, "%s: %zu bytes instead of %zu, not used\n", BES_FACTORY_BIN,
			 fw->size, sizeof(*blob));
		ret = -EINVAL;
	}
	release_firmware(fw);
	return ret;
}

static int bes_factory_text(struct bes_dev *bes, struct bes_factory *blob)
{
	static const char * const names[] = { BES_FACTORY_TXT, "bes2600_factory.txt" };
	const struct firmware *fw;
	const char *why;
	int i, ret = -ENOENT;

	for (i = 0; i < ARRAY_SIZE(names) && ret; i++)
		ret = firmware_request_nowarn(&fw, names[i], bes->dev);
	if (ret) {
		dev_info(bes->dev, "no calibration file %s, the chip uses its defaults\n",
			 BES_FACTORY_TXT);
		return ret;
	}
	ret = bes_factory_parse(fw->data, fw->size, blob, &why);
	if (ret)
		dev_warn(bes->dev, "%s not used: %s\n", names[i - 1], why);
	release_firmware(fw);
	return ret;
}

/*
 * Looked for once: when the chip is loaded again, the system may be waking up
 * and the disk still asleep. The images are kept by the kernel's firmware
 * cache, a file that does not exist is not.
 */
static int bes_factory_load(struct bes_dev *bes)
{
	struct bes_factory blob;

	if (bes->factory_asked)
		return 0;
	if (!bes_factory_binary(bes, &blob) || !bes_factory_text(bes, &blob)) {
		bes->factory = kmemdup(&blob, sizeof(blob), GFP_KERNEL);
		if (!bes->factory)
			return -ENOMEM;
	}
	bes->factory_asked = true;
	return 0;
}

/* Without a usable file the chip runs with its defaults: no reason to fail */
static int bes_factory_put(struct bes_loader *l)
{
	int ret = bes_factory_load(l->bes);

	if (ret || !l->bes->factory)
		return ret;
	ret = bes_loader_put(l, BES_ADDR_FACTORY, (u8 *)l->bes->factory, sizeof(*l->bes->factory));
	if (ret)
		dev_err(l->bes->dev, "download of the calibration failed (%d)\n", ret);
	return ret;
}

/* The result stays in the mailbox until it was read as a whole */
static int bes_dpd_try(struct bes_loader *l)
{
	u16 len;
	int ret;

	ret = bes_loader_length(l, &len);
	if (ret)
		return ret;
	if (len != BES_DPD_SIZE)
		return -EPROTO;
	return bes_bus_read(l->bes, BES_DPD_SIZE, l->buf, BES_DPD_ROUNDED);
}

/* The boot image leaves its calibration result in the mailbox */
static int bes_dpd_read(struct bes_loader *l)
{
	struct bes_dev *bes = l->bes;
	int tries = 0, ret;

	/* the chip may not answer while it calibrates */
	ret = bes_bus_wait(bes, BES_STATUS_DPD_READY, BES_STATUS_DPD_READY, BES_CALIBRATION_MS);
	if (!ret) {
		do {
			ret = bes_dpd_try(l);
		} while (bes_bus_transient(ret) && ++tries < BES_FRAME_TRIES);
	}
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
			dev_err(l->bes->dev, "download of the calibration result failed (%d)\n",
				ret);
		return ret;
	}
	ret = bes_image_run(l, BES_FW_BOOT);
	if (!ret)
		ret = bes_dpd_read(l);
	return ret;
}

static int bes_main_wait(struct bes_dev *bes)
{
	int ret;

	ret = bes_bus_wait(bes, BES_STATUS_MCU_READY, BES_STATUS_MCU_READY, BES_MAIN_MS);
	if (ret)
		dev_err(bes->dev, "the main firmware does not come up (%d)\n", ret);
	return ret;
}

/* Bluetooth speaks over a UART, but it is switched on here. Wi-Fi works without. */
static void bes_bt_on(struct bes_dev *bes)
{
	int ret;

	ret = bes_bus_doorbell(bes, BES_CMD_BT_ACTIVE, BES_STATUS_BT_READY, BES_STATUS_BT_READY,
			       BES_BT_MS);
	if (ret)
		dev_warn(bes->dev, "Bluetooth does not become active (%d)\n", ret);
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
		ret = bes_main_wait(bes);
	if (ret)
		goto out;
	bes_bt_on(bes);
	bes_sdd_load(bes);
	dev_dbg(bes->dev, "firmware %s\n", bes->fw_label);
	bes_set_state(bes, BES_STATE_BOOTED, "firmware runs");
out:
	kfree(l.buf);
	return ret;
}

/**
 * bes_fw_reuse() - go on with firmware that outlived a reset of the card
 * @bes: device, function enabled, interrupt not claimed
 *
 * Where the board does not control the chip's power the loader is out of
 * reach. Switched off, the Wi-Fi part forgets all but its code, which cures
 * everything short of a crash.
 *
 * Return: 0 or a negative errno.
 */
int bes_fw_reuse(struct bes_dev *bes)
{
	int ret;

	ret = bes_bus_doorbell(bes, BES_CMD_WIFI_DEACTIVE, BES_STATUS_WIFI_READY, 0,
			       BES_WIFI_OFF_MS);
	if (ret) {
		dev_err(bes->dev, "firmware still runs after a card reset, and does not listen (%d): is the card's power under control?\n",
			ret);
		return ret;
	}
	dev_info(bes->dev, "firmware still runs after a card reset, going on with it\n");
	bes_bt_on(bes);
	bes_sdd_load(bes);
	bes_set_state(bes, BES_STATE_BOOTED, "firmware still runs");
	return 0;
}

MODULE_FIRMWARE(BES_FW_BOOT);
MODULE_FIRMWARE(BES_FW_MAIN);
