// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The loader: sheet 20 sections 3 and 11.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "front.h"

#define RESULT_OK	0
#define RESULT_LENGTH	1
#define RESULT_CRC	2
#define LATE_NS		(1200 * MS)	/* hosts wait for one second */

/* Sheet 20 section 3.7 */
static const struct {
	uint32_t addr, value;
} pokes[] = {
	{ 0x40100000, 0x00802006 },
	{ 0x4008602c, 0x3e00c000 },
};

#define POKES	2
#define FACTORY_MAGIC	0xba80	/* sheet 20 section 4.4 */

static uint16_t get16(const uint8_t *p)
{
	return p[0] | p[1] << 8;
}

static uint32_t get32(const uint8_t *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

static void put32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = v >> 8 * i;
}

void boot_reset(struct front *f)
{
	memset(&f->loader, 0, sizeof(f->loader));
	f->loader.late_at = UINT64_MAX;
}

/* Which part of the download is under way */
const char *boot_place(const struct front *f)
{
	const struct loader *l = &f->loader;

	if (!l->frames)
		return "loader";
	switch (l->addr) {
	case BES_ADDR_FACTORY:
		return "factory";
	case BES_ADDR_DPD:
		return "dpd-write";
	case BES_ADDR_IMAGE:
		/* what it is shows when it is whole: the first one of a cold start calibrates */
		return f->state == FRONT_LOADER2 || l->dpd_seen ? "main-image" : "boot-image";
	}
	return "pokes";
}

static void boot_deliver(struct front *f, size_t len)
{
	f->loader.reply_len = len;	/* before the interrupt: the host looks at once */
	front_irq_raise(f);
}

/* A withheld reply */
void boot_late(struct front *f)
{
	f->loader.late_at = UINT64_MAX;
	if (f->state == FRONT_ROM || f->state == FRONT_LOADER2)
		boot_deliver(f, 8);
}

static enum bad_reply boot_fault(struct front *f)
{
	enum bad_reply fault = f->faults.reply;

	if (f->faults.reply_at >= 0 && f->faults.reply_at != f->loader.frames)
		return REPLY_GOOD;
	f->faults.reply = REPLY_GOOD;
	if (fault != REPLY_GOOD)
		chip_fault(f->chip);
	return fault;
}

static void boot_reply(struct front *f, const uint8_t *frame, uint32_t result)
{
	enum bad_reply fault = boot_fault(f);
	struct loader *l = &f->loader;

	l->frames++;
	l->reply[0] = fault == REPLY_TYPE ? BES_FRAME_INFO : BES_FRAME_REPLY;
	l->reply[1] = frame[1] + (fault == REPLY_SEQ);
	l->reply[2] = fault == REPLY_LEN ? 8 : 4;
	l->reply[3] = 0;
	put32(l->reply + 4, fault == REPLY_RESULT ? RESULT_CRC : result);
	l->reply_len = 0;
	l->late_at = UINT64_MAX;
	chip_message(f->chip, CHIP_DEV_TO_HOST, true, l->reply, 8);
	if (fault == REPLY_LATE)
		l->late_at = f->chip->now + LATE_NS;
	else if (fault != REPLY_NONE)
		boot_deliver(f, 8);
}

/* The next one, or one before it: a host that saw an error repeats it */
static bool boot_poke_due(const struct loader *l, uint32_t addr)
{
	for (int i = 0; i <= l->pokes; i++)
		if (addr == pokes[i].addr)
			return true;
	return false;
}

/* Order of downloads: sheet 20 section 11 "what the emulator should check" */
static void boot_check_order(struct front *f, const uint8_t *frame, uint32_t addr)
{
	struct loader *l = &f->loader;

	if (f->state == FRONT_ROM && l->pokes < POKES && !boot_poke_due(l, addr))
		chip_violation(f->chip, frame, 12, "download to 0x%08x before both register pokes (20 section 3.7)",
			       addr);
	if ((addr == BES_ADDR_FACTORY || addr == BES_ADDR_DPD) && l->image_seen)
		chip_violation(f->chip, frame, 12, "download to 0x%08x after an image (20 section 11)", addr);
	if (addr == BES_ADDR_IMAGE)
		l->image_seen = true;
}

/* Known places and what they hold: sheet 20 section 3.8 */
static bool boot_check_target(struct front *f, const uint8_t *frame, uint32_t addr, uint32_t len)
{
	bool fits;

	switch (addr) {
	case BES_ADDR_FACTORY:
		fits = len == BES_FACTORY_SIZE;
		break;
	case BES_ADDR_DPD:
		fits = len == BES_DPD_SIZE;
		break;
	case BES_ADDR_IMAGE:
		fits = len >= 16 && len <= IMAGE_ROOM;
		break;
	default:
		fits = len == 4 && (addr == pokes[0].addr || addr == pokes[1].addr);
	}
	if (!fits)
		chip_violation(f->chip, frame, 12, "download of %u bytes to 0x%08x (20 section 3.8)", len, addr);
	return fits;
}

static uint32_t boot_info(struct front *f, const uint8_t *frame, size_t len)
{
	struct loader *l = &f->loader;

	if (len != 12) {
		chip_violation(f->chip, frame, front_head(len), "INFO of a wrong length (20 section 3.2)");
		return RESULT_LENGTH;
	}
	l->open = true;
	l->ended = false;
	l->len = get32(frame + 4);
	l->addr = get32(frame + 8);
	l->got = 0;
	l->crc = 0;
	if (l->addr == BES_ADDR_IMAGE)
		l->image_len = 0;
	boot_check_order(f, frame, l->addr);
	if (boot_check_target(f, frame, l->addr, l->len) || knob_is(f->chip->knobs, KNOB_boot_check, "lax"))
		return RESULT_OK;
	l->open = false;
	return RESULT_LENGTH;
}

static void boot_poke(struct front *f, const uint8_t *bytes)
{
	struct loader *l = &f->loader;

	if (l->addr != pokes[l->pokes].addr)
		return;
	if (get32(bytes) != pokes[l->pokes].value)
		chip_violation(f->chip, bytes, 4, "register poke with a wrong value (20 section 3.7)");
	l->pokes++;
}

static void boot_store(struct front *f, const uint8_t *bytes, size_t n)
{
	struct loader *l = &f->loader;

	if (l->addr == BES_ADDR_IMAGE && n <= sizeof(l->image) - l->image_len) {
		memcpy(l->image + l->image_len, bytes, n);
		l->image_len += n;
	} else if (l->addr == BES_ADDR_DPD && l->got <= sizeof(l->dpd) && n <= sizeof(l->dpd) - l->got) {
		memcpy(l->dpd + l->got, bytes, n);
	} else if (l->addr == BES_ADDR_FACTORY && l->got <= sizeof(l->factory) &&
		   n <= sizeof(l->factory) - l->got) {
		memcpy(l->factory + l->got, bytes, n);
	} else if (f->state == FRONT_ROM && l->pokes < POKES && n == 4) {
		boot_poke(f, bytes);
	}
}

static uint32_t boot_data(struct front *f, const uint8_t *frame, size_t len)
{
	struct loader *l = &f->loader;
	size_t n = len - 8;

	if (len < 8 || !l->open || n > l->len - l->got) {
		chip_violation(f->chip, frame, front_head(len),
			       "DATA without INFO or beyond its length (20 section 3.6)");
		return RESULT_LENGTH;
	}
	if (get32(frame + 4) != l->addr + l->got && knob_is(f->chip->knobs, KNOB_boot_check, "strict")) {
		chip_violation(f->chip, frame, 8, "DATA for 0x%08x, 0x%08x was next (20 section 3.6)",
			       get32(frame + 4), l->addr + l->got);
		return RESULT_LENGTH;
	}
	l->crc = crc32(l->crc, frame + 8, n);
	boot_store(f, frame + 8, n);
	l->got += n;
	return RESULT_OK;
}

/* Blocks that carry a CRC of their own */
static void boot_check_block(struct front *f)
{
	struct loader *l = &f->loader;

	if (l->addr == BES_ADDR_DPD) {
		l->dpd_seen = true;
		if (crc32(0, l->dpd + 4, BES_DPD_SIZE - 4) != get32(l->dpd))
			chip_violation(f->chip, l->dpd, 16, "calibration data whose own CRC is wrong (20 section 4.5)");
	}
	if (l->addr == BES_ADDR_FACTORY && l->got == BES_FACTORY_SIZE &&
	    (get16(l->factory) != FACTORY_MAGIC ||
	     crc32(0, l->factory + 8, BES_FACTORY_SIZE - 8) != get32(l->factory + 4)))
		chip_violation(f->chip, l->factory, 16, "factory block without its magic or with a wrong CRC (20 section 4.4)");
}

static uint32_t boot_end(struct front *f, const uint8_t *frame, size_t len)
{
	struct loader *l = &f->loader;

	if (len != 8 || !l->open) {
		chip_violation(f->chip, frame, front_head(len), "END of a wrong length or without INFO (20 section 3.6)");
		return RESULT_LENGTH;
	}
	l->open = false;
	if ((l->got != l->len || get32(frame + 4) != l->crc) && knob_is(f->chip->knobs, KNOB_boot_check, "strict")) {
		chip_violation(f->chip, frame, len, "END: CRC 0x%08x, 0x%08x expected, %u of %u bytes (20 section 3.6)",
			       get32(frame + 4), l->crc, l->got, l->len);
		return RESULT_CRC;
	}
	l->ended = true;
	boot_check_block(f);
	return RESULT_OK;
}

static uint32_t boot_run(struct front *f, const uint8_t *frame, size_t len)
{
	struct loader *l = &f->loader;

	if (len != 8 || !l->ended || get32(frame + 4) != l->addr || l->addr != BES_ADDR_IMAGE) {
		chip_violation(f->chip, frame, front_head(len), "RUN without a verified image at its address (20 section 11)");
		return RESULT_LENGTH;
	}
	l->run = true;
	return RESULT_OK;
}

/* How the frame came over the bus */
static void boot_check_bus(struct front *f, uint32_t addr, bool block, const uint8_t *buf, size_t len,
			   size_t frame)
{
	size_t exact = frame < BES_FRAME_MIN ? BES_FRAME_MIN : frame;

	if (block != (exact > BES_BLOCK_SIZE))
		chip_violation(f->chip, buf, front_head(len), "block mode is for more than 512 bytes (20 section 2)");
	if (addr & BES_ADDR_TOGGLE)
		chip_violation(f->chip, buf, front_head(len), "toggle set during boot (20 section 2)");
	if ((addr & 0xffff) != exact)
		chip_violation(f->chip, buf, front_head(len), "CMD53 address 0x%x for a frame of %zu bytes (10 section 11)",
			       addr, frame);
}

/* Sheet 20 section 3.5: INFO begins with any number, what follows counts on */
static void boot_check_sequence(struct front *f, const uint8_t *buf)
{
	struct loader *l = &f->loader;
	uint8_t next = l->seq + 1;

	if (buf[0] != BES_FRAME_INFO && buf[1] != next)
		chip_violation(f->chip, buf, 4, "loader frame with number %u, %u was next (20 section 3.5)",
			       buf[1], next);
	l->seq = buf[1];
}

/* Hosts may leave there what their buffer held before; this one sends zeros */
static void boot_check_padding(struct front *f, const uint8_t *buf, size_t frame, size_t len)
{
	size_t i = frame;

	while (i < len && !buf[i])
		i++;
	if (i < len)
		chip_leak(f->chip, buf + frame, front_head(len - frame),
			  "bytes after a loader frame are not zero (20 section 3.2)");
}

static uint32_t boot_frame(struct front *f, const uint8_t *buf, size_t frame)
{
	switch (buf[0]) {
	case BES_FRAME_INFO:
		return boot_info(f, buf, frame);
	case BES_FRAME_DATA:
		return boot_data(f, buf, frame);
	case BES_FRAME_END:
		return boot_end(f, buf, frame);
	case BES_FRAME_RUN:
		return boot_run(f, buf, frame);
	default:
		chip_violation(f->chip, buf, front_head(frame), "loader frame of unknown type 0x%02x (20 section 3.2)",
			       buf[0]);
		return RESULT_LENGTH;
	}
}

int boot_write(struct front *f, uint32_t addr, bool block, const uint8_t *buf, size_t len)
{
	size_t frame = len < 4 ? 0 : get16(buf + 2) + 4;

	f->c.loader_frames++;
	if (!frame || frame > len || !knob_allows(f->chip->knobs, KNOB_boot_frame_max, frame)) {
		chip_violation(f->chip, buf, front_head(len), "frame of %zu bytes in %zu (20 section 3.4)", frame, len);
		return CARD_R5_RANGE;
	}
	if (f->loader.reply_len && buf[0] != BES_FRAME_INFO)
		chip_violation(f->chip, buf, front_head(len), "frame before the last reply was fetched (20 section 3.3)");
	boot_check_bus(f, addr, block, buf, len, frame);
	boot_check_padding(f, buf, frame, len);
	boot_check_sequence(f, buf);
	chip_message(f->chip, CHIP_HOST_TO_DEV, true, buf, frame);
	f->loader.run = false;
	boot_reply(f, buf, boot_frame(f, buf, frame));
	return 0;
}

/* The jump happens after the host has fetched the reply to RUN */
static void boot_jump(struct front *f)
{
	struct loader *l = &f->loader;
	struct knobs *k = f->chip->knobs;

	l->run = false;
	f->c.boots++;
	f->irq_pending = false;		/* nobody listens from here on: sheet 10 section 5 */
	bell_reset(f);
	if (memmem(l->image, l->image_len, "best2002_fw_boot", 16)) {
		f->state = FRONT_BOOT;
		f->state_at = f->chip->now + knob_value(k, KNOB_boot_calibration) * MS;
		return;
	}
	if (f->state == FRONT_ROM && !l->dpd_seen)
		chip_violation(f->chip, NULL, 0, "main image without calibration result (20 section 4.1)");
	f->state = FRONT_MAIN;
	f->state_at = front_fault(f, &f->faults.no_mcu_ready) ? UINT64_MAX :
		      f->chip->now + knob_value(k, KNOB_boot_mcu_ready) * MS;
}

static void boot_fetched(struct front *f)
{
	struct loader *l = &f->loader;

	l->reply_len = 0;
	if (f->state == FRONT_DPD) {
		f->state = FRONT_LOADER2;
		l->image_seen = true;
		l->room_since = f->chip->now;
		if (knob_is(f->chip->knobs, KNOB_boot_dpd_bit, "clears"))
			f->status &= ~BES_STATUS_DPD_READY;
	} else if (l->run) {
		boot_jump(f);
	}
}

int boot_read(struct front *f, uint32_t addr, uint8_t *buf, size_t len, int *data_error)
{
	struct loader *l = &f->loader;
	size_t n = addr & 0xffff;
	size_t bus = n <= BES_BLOCK_SIZE ? n : (n + BES_BLOCK_SIZE - 1) / BES_BLOCK_SIZE * BES_BLOCK_SIZE;

	memset(buf, 0, len);
	if (!l->reply_len || n != l->reply_len || addr & BES_ADDR_TOGGLE || n > len) {
		chip_violation(f->chip, NULL, 0, "read of %zu bytes, %zu were announced (20 section 3.3)", n,
			       l->reply_len);
		return CARD_R5_RANGE;
	}
	if (len != bus)
		chip_violation(f->chip, NULL, 0, "%zu bytes on the bus for a read of %zu (10 section 4)", len, n);
	if (front_bus_fault(f, &f->faults.crc_read, NULL, 0, 0)) {
		memset(buf, 0xa5, len);
		*data_error = -EILSEQ;
		return 0;
	}
	memcpy(buf, l->reply, n);
	boot_fetched(f);
	return 0;
}

/* The result of the calibration: sheet 20 section 4.5, synthetic block (b) */
static void boot_dpd(struct front *f)
{
	struct loader *l = &f->loader;

	for (size_t i = 4; i < BES_DPD_SIZE; i++)
		l->reply[i] = i & 0xff;
	put32(l->reply + BES_DPD_VERSION_AT, 7);
	put32(l->reply, crc32(0, l->reply + 4, BES_DPD_SIZE - 4));
	if (f->faults.dpd == DPD_CRC)
		l->reply[0] ^= 0xff;
	f->state = FRONT_DPD;
	f->status |= BES_STATUS_DPD_READY;
	boot_deliver(f, f->faults.dpd == DPD_LENGTH ? BES_DPD_SIZE - 4 : BES_DPD_SIZE);
	if (f->faults.dpd != DPD_GOOD)
		chip_fault(f->chip);
	f->faults.dpd = DPD_GOOD;
}

/* Called when state_at has come */
void boot_step(struct front *f)
{
	f->state_at = UINT64_MAX;
	if (f->state == FRONT_BOOT)
		boot_dpd(f);
	else if (f->state == FRONT_MAIN)
		f->status |= BES_STATUS_MCU_READY;
}
