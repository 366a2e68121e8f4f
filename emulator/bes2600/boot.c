// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The loader: sheet 20 sections 3 and 11.
 */
#include <stdlib.h>
#include <string.h>

#include "front.h"

#define RESULT_OK	0
#define RESULT_LENGTH	1
#define RESULT_CRC	2

static uint16_t get16(const uint8_t *p)
{
	return p[0] | p[1] << 8;
}

static uint32_t get32(const uint8_t *p)
{
	return p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
}

uint32_t crc32_of(uint32_t crc, const void *data, size_t len)
{
	const uint8_t *p = data;

	crc = ~crc;
	while (len--) {
		crc ^= *p++;
		for (int i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

void boot_reset(struct front *f)
{
	memset(&f->loader, 0, sizeof(f->loader));
}

static void boot_reply(struct front *f, const uint8_t *frame, uint32_t result)
{
	struct loader *l = &f->loader;

	l->reply[0] = BES_FRAME_REPLY;
	l->reply[1] = frame[1];
	l->reply[2] = 4;
	l->reply[3] = 0;
	for (int i = 0; i < 4; i++)
		l->reply[4 + i] = result >> 8 * i;
	l->reply_len = 8;
	f->chip->env.message(f->chip->env.ctx, CHIP_DEV_TO_HOST, true, l->reply, 8);
	front_irq_raise(f);
}

/* Order of downloads: sheet 20 section 11 "what the emulator should check" */
static void boot_check_target(struct front *f, const uint8_t *frame, uint32_t addr)
{
	static const uint32_t pokes[] = { 0x40100000, 0x4008602c };
	struct loader *l = &f->loader;

	if (f->state == FRONT_ROM && l->pokes < 2 && addr != pokes[l->pokes])
		chip_violation(f->chip, frame, 12, "download to 0x%08x before both register pokes (20 section 3.7)",
			       addr);
	if (addr == BES_ADDR_FACTORY && l->image_seen)
		chip_violation(f->chip, frame, 12, "factory blob after an image (20 section 11)");
	if (addr == BES_ADDR_FACTORY)
		l->factory_seen = true;
	if (addr == BES_ADDR_DPD)
		l->dpd_seen = true;
	if (addr == BES_ADDR_IMAGE)
		l->image_seen = true;
}

static uint32_t boot_info(struct front *f, const uint8_t *frame, size_t len)
{
	struct loader *l = &f->loader;

	if (len != 12) {
		chip_violation(f->chip, frame, len, "INFO of a wrong length (20 section 3.2)");
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
	boot_check_target(f, frame, l->addr);
	return RESULT_OK;
}

static void boot_store(struct front *f, const uint8_t *bytes, size_t n)
{
	static const uint32_t values[] = { 0x00802006, 0x3e00c000 };
	struct loader *l = &f->loader;

	if (l->addr == BES_ADDR_IMAGE && l->image_len + n <= sizeof(l->image)) {
		memcpy(l->image + l->image_len, bytes, n);
		l->image_len += n;
	}
	if (f->state == FRONT_ROM && l->pokes < 2 && n == 4) {
		if (get32(bytes) != values[l->pokes])
			chip_violation(f->chip, bytes, 4, "register poke with a wrong value (20 section 3.7)");
		l->pokes++;
	}
}

static uint32_t boot_data(struct front *f, const uint8_t *frame, size_t len)
{
	struct loader *l = &f->loader;
	size_t n = len - 8;

	if (len < 8 || !l->open || n > l->len - l->got) {
		chip_violation(f->chip, frame, len < 16 ? len : 16,
			       "DATA without INFO or beyond its length (20 section 3.6)");
		return RESULT_LENGTH;
	}
	if (!f->chip->knobs.boot_check && get32(frame + 4) != l->addr + l->got) {
		chip_violation(f->chip, frame, 8, "DATA for 0x%08x, 0x%08x was next (20 section 3.6)",
			       get32(frame + 4), l->addr + l->got);
		return RESULT_LENGTH;
	}
	l->crc = crc32_of(l->crc, frame + 8, n);
	boot_store(f, frame + 8, n);
	l->got += n;
	return RESULT_OK;
}

static uint32_t boot_end(struct front *f, const uint8_t *frame, size_t len)
{
	struct loader *l = &f->loader;

	if (len != 8 || !l->open) {
		chip_violation(f->chip, frame, len, "END of a wrong length or without INFO (20 section 3.6)");
		return RESULT_LENGTH;
	}
	l->open = false;
	if (!f->chip->knobs.boot_check && (l->got != l->len || get32(frame + 4) != l->crc)) {
		chip_violation(f->chip, frame, len, "END: CRC 0x%08x, 0x%08x expected, %u of %u bytes (20 section 3.6)",
			       get32(frame + 4), l->crc, l->got, l->len);
		return RESULT_CRC;
	}
	l->ended = true;
	return RESULT_OK;
}

static uint32_t boot_run(struct front *f, const uint8_t *frame, size_t len)
{
	struct loader *l = &f->loader;

	if (len != 8 || !l->ended || get32(frame + 4) != l->addr) {
		chip_violation(f->chip, frame, len, "RUN without a verified image at its address (20 section 11)");
		return RESULT_LENGTH;
	}
	l->run = true;
	return RESULT_OK;
}

static bool boot_frame_ok(struct front *f, uint32_t addr, const uint8_t *buf, size_t len, size_t frame)
{
	size_t exact = frame < BES_FRAME_MIN ? BES_FRAME_MIN : frame;

	if (frame > len || frame > (size_t)f->chip->knobs.boot_frame_max) {
		chip_violation(f->chip, buf, 16, "frame of %zu bytes does not fit (20 section 3.4)", frame);
		return false;
	}
	if (addr & BES_ADDR_TOGGLE)
		chip_violation(f->chip, buf, 16, "toggle set during boot (20 section 2)");
	if ((addr & 0xffff) != exact)
		chip_violation(f->chip, buf, 16, "CMD53 address 0x%x for a frame of %zu bytes (10 section 11)",
			       addr, frame);
	return true;
}

int boot_write(struct front *f, uint32_t addr, bool block, const uint8_t *buf, size_t len)
{
	size_t frame = get16(buf + 2) + 4;
	uint32_t result;

	f->c.loader_frames++;
	if (block != (len > BES_BLOCK_SIZE))
		chip_violation(f->chip, buf, 16, "block mode is for more than 512 bytes only (20 section 2)");
	if (len < BES_FRAME_MIN || !boot_frame_ok(f, addr, buf, len, frame))
		return CARD_R5_RANGE;
	f->chip->env.message(f->chip->env.ctx, CHIP_HOST_TO_DEV, true, buf, frame);
	switch (buf[0]) {
	case BES_FRAME_INFO:
		result = boot_info(f, buf, frame);
		break;
	case BES_FRAME_DATA:
		result = boot_data(f, buf, frame);
		break;
	case BES_FRAME_END:
		result = boot_end(f, buf, frame);
		break;
	case BES_FRAME_RUN:
		result = boot_run(f, buf, frame);
		break;
	default:
		chip_violation(f->chip, buf, frame < 16 ? frame : 16, "loader frame of unknown type 0x%02x (20 section 3.2)",
			       buf[0]);
		result = RESULT_LENGTH;
	}
	boot_reply(f, buf, result);
	return 0;
}

/* The jump happens after the host has fetched the reply to RUN */
static void boot_jump(struct front *f)
{
	struct loader *l = &f->loader;
	struct knobs *k = &f->chip->knobs;
	bool boot = memmem(l->image, l->image_len, "best2002_fw_boot", 16);

	l->run = false;
	f->c.boots++;
	if (boot) {
		f->state = FRONT_BOOT;
		f->status = 0;
		f->state_at = f->chip->now + k->boot_calibration * MS;
		return;
	}
	if (f->state == FRONT_ROM && !l->dpd_seen)
		chip_violation(f->chip, NULL, 0, "main image without calibration result (20 section 4.1)");
	f->state = FRONT_MAIN;
	f->status = 0;
	f->state_at = f->chip->now + k->boot_mcu_ready * MS;
	if (f->faults.no_mcu_ready)
		f->state_at = UINT64_MAX;
}

int boot_read(struct front *f, uint32_t addr, uint8_t *buf, size_t len)
{
	struct loader *l = &f->loader;
	size_t n = addr & 0xffff;

	memset(buf, 0, len);
	if (!l->reply_len || n != l->reply_len || addr & BES_ADDR_TOGGLE || n > len) {
		chip_violation(f->chip, NULL, 0, "read of %zu bytes, %zu were announced (20 section 3.3)", n,
			       l->reply_len);
		return CARD_R5_RANGE;
	}
	memcpy(buf, l->reply, n);
	l->reply_len = 0;
	if (f->state == FRONT_DPD) {
		f->state = FRONT_LOADER2;
		if (f->chip->knobs.boot_dpd_bit)
			f->status &= ~BES_STATUS_DPD_READY;
	} else if (l->run) {
		boot_jump(f);
	}
	return 0;
}

/* The result of the calibration: sheet 20 section 4.5, synthetic block (b) */
static void boot_dpd(struct front *f)
{
	struct loader *l = &f->loader;
	uint32_t crc;

	for (size_t i = 4; i < BES_DPD_SIZE; i++)
		l->reply[i] = i & 0xff;
	memset(l->reply + BES_DPD_VERSION_AT, 0, 4);
	l->reply[BES_DPD_VERSION_AT] = 7;
	crc = crc32_of(0, l->reply + 4, BES_DPD_SIZE - 4);
	for (int i = 0; i < 4; i++)
		l->reply[i] = crc >> 8 * i;
	l->reply_len = BES_DPD_SIZE;
	f->state = FRONT_DPD;
	f->status |= BES_STATUS_DPD_READY;
	front_irq_raise(f);
}

/* Called when state_at has come */
void boot_step(struct front *f)
{
	f->state_at = UINT64_MAX;
	if (f->state == FRONT_BOOT)
		boot_dpd(f);
	else if (f->state == FRONT_MAIN || f->state == FRONT_WSM)
		f->status |= BES_STATUS_MCU_READY;
}
