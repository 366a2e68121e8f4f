// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "card.h"

#define OCR		0x00ff8000u
#define READY		0x80000000u
#define RCA		1
/* R1, R6 and R5 state bits: transfer state */
#define R1_TRAN		0x900u
#define R5_TRAN_STATE	0x10

#define CIS_COMMON	0x1000
#define CIS_FUNCTION(n)	(0x1000 + 0x100 * (n))

static size_t cis_common(const struct card *card, uint8_t *t)
{
	const uint8_t cis[] = {
		0x20, 4, card->config.vendor & 0xff, card->config.vendor >> 8,
		card->config.device & 0xff, card->config.device >> 8,
		0x21, 2, 0x0c, 0x00,
		0x22, 4, 0x00, 0x00, 0x02, 0x5a,
		0xff,
	};

	memcpy(t, cis, sizeof(cis));
	return sizeof(cis);
}

static size_t cis_function(const struct card *card, uint8_t *t)
{
	memset(t, 0, 2 + 42 + 1);
	t[0] = 0x22;
	t[1] = 42;
	t[2] = 0x01;			/* extended data for a function */
	t[2 + 12] = card->config.max_block & 0xff;
	t[2 + 13] = card->config.max_block >> 8;
	t[2 + 28] = 100;		/* enable time-out, 10 ms */
	t[2 + 42] = 0xff;
	return 2 + 42 + 1;
}

static uint8_t cis_read(const struct card *card, uint32_t addr)
{
	uint8_t t[64];
	size_t len;

	if (addr >= CIS_FUNCTION(1)) {
		len = cis_function(card, t);
		addr &= 0xff;
	} else {
		len = cis_common(card, t);
		addr -= CIS_COMMON;
	}
	return addr < len ? t[addr] : 0xff;
}

static uint8_t fbr_read(const struct card *card, uint32_t addr)
{
	int fn = addr >> 8;
	uint32_t ptr = CIS_FUNCTION(fn);

	if (fn > card->config.functions)
		return 0;
	switch (addr & 0xff) {
	case 0x09:
		return ptr & 0xff;
	case 0x0a:
		return ptr >> 8;
	case 0x10:
		return card->block[fn] & 0xff;
	case 0x11:
		return card->block[fn] >> 8;
	default:
		return 0;
	}
}

static uint8_t cccr_read(const struct card *card, uint32_t addr)
{
	switch (addr) {
	case 0x00:
		return card->config.version3 ? 0x43 : 0x32;
	case 0x02:
	case 0x03:
		return card->io_enable;
	case 0x04:
		return card->int_enable;
	case 0x05:
		return card->int_pending;
	case 0x07:
		return card->bus;
	case 0x08:
		return 0x02;		/* multi-block */
	case 0x09:
		return CIS_COMMON & 0xff;
	case 0x0a:
		return CIS_COMMON >> 8;
	case 0x13:
		return 0x01 | card->speed;	/* high speed is offered */
	default:
		return 0;
	}
}

static int f0_read(struct card *card, uint32_t addr, uint8_t *val)
{
	if (addr < 0x100)
		*val = cccr_read(card, addr);
	else if (addr < 0x800)
		*val = fbr_read(card, addr);
	else if (addr >= CIS_COMMON && addr < 0x1800)
		*val = cis_read(card, addr);
	else
		return CARD_R5_RANGE;
	return 0;
}

static int f0_write(struct card *card, uint32_t addr, uint8_t val)
{
	int fn = addr >> 8;
	uint8_t mask = (2 << card->config.functions) - 2;

	if (fn >= 1 && fn <= card->config.functions && (addr & 0xff) == 0x10)
		card->block[fn] = (card->block[fn] & 0xff00) | val;
	else if (fn >= 1 && fn <= card->config.functions && (addr & 0xff) == 0x11)
		card->block[fn] = (card->block[fn] & 0xff) | val << 8;
	else if (addr == 0x02)
		card->io_enable = val & mask;
	else if (addr == 0x04)
		card->int_enable = val & (mask | 1);
	else if (addr == 0x06 && val & 0x08)
		card_reset(card);
	else if (addr == 0x07)
		card->bus = val;
	else if (addr == 0x13)
		card->speed = val & 0x0e;
	return 0;
}

void card_init(struct card *card, const struct card_config *config, const struct card_ops *ops, void *ctx)
{
	memset(card, 0, sizeof(*card));
	card->config = *config;
	card->ops = *ops;
	card->ctx = ctx;
	if (card->config.functions < 1 || card->config.functions > CARD_FUNCTIONS)
		card->config.functions = 1;
}

void card_reset(struct card *card)
{
	card->selected = false;
	card->io_enable = 0;
	card->int_enable = 0;
	card->bus = 0;
	card->speed = 0;
	memset(card->block, 0, sizeof(card->block));
}

void card_set_pending(struct card *card, int fn, bool pending)
{
	card->int_pending &= ~(1 << fn);
	card->int_pending |= pending << fn;
}

bool card_irq_enabled(const struct card *card, int fn)
{
	return card->int_enable & 1 && card->int_enable & 1 << fn;
}

bool card_enabled(const struct card *card, int fn)
{
	return card->io_enable & 1 << fn;
}

/* Functions are served between their enable bit and the next reset */
static int function_check(struct card *card, int fn, uint32_t arg)
{
	if (fn > card->config.functions)
		return CARD_R5_FUNCTION;
	if (!fn || card_enabled(card, fn))
		return 0;
	card->ops.violation(card->ctx, "access to a function that is not enabled", arg);
	return CARD_R5_ERROR;
}

static int read8(struct card *card, int fn, uint32_t addr, uint8_t *val)
{
	return fn ? card->ops.read8(card->ctx, fn, addr, val) : f0_read(card, addr, val);
}

static int write8(struct card *card, int fn, uint32_t addr, uint8_t val)
{
	return fn ? card->ops.write8(card->ctx, fn, addr, val) : f0_write(card, addr, val);
}

static int cmd52(struct card *card, uint32_t arg, uint32_t *response)
{
	int fn = arg >> 28 & 7, flags = function_check(card, fn, arg);
	uint32_t addr = arg >> 9 & 0x1ffff;
	bool write = arg >> 31, read_back = arg & 1 << 27;
	uint8_t val = write ? arg & 0xff : 0;

	if (!flags && write)
		flags = write8(card, fn, addr, val);
	if (!flags && (!write || read_back))
		flags = read8(card, fn, addr, &val);
	if (flags < 0)
		return flags;
	*response = (uint32_t)(flags | R5_TRAN_STATE) << 8 | val;
	return 0;
}

static int cmd53_f0(struct card *card, uint32_t arg, uint8_t *data, size_t len)
{
	uint32_t addr = arg >> 9 & 0x1ffff;
	bool write = arg >> 31, step = arg & 1 << 26;
	int flags = 0;
	size_t i;

	for (i = 0; i < len && !flags; i++, addr += step)
		flags = write ? f0_write(card, addr, data[i]) : f0_read(card, addr, &data[i]);
	return flags;
}

/* Bytes that the argument speaks of; 0 (no block size set, endless transfer): not served */
static size_t cmd53_len(const struct card *card, uint32_t arg)
{
	uint32_t count = arg & 0x1ff;

	if (arg & 1 << 27)
		return (size_t)count * card->block[arg >> 28 & 7];
	return count ? count : 512;
}

static int cmd53_port(struct card *card, uint32_t arg, void *data, size_t len, int *data_error)
{
	uint32_t addr = arg >> 9 & 0x1ffff;
	bool block = arg & 1 << 27;
	int fn = arg >> 28 & 7;

	if (!(arg & 1 << 26)) {
		card->ops.violation(card->ctx, "CMD53 without the incrementing-address flag", arg);
		return CARD_R5_ERROR;
	}
	if (arg >> 31)
		return card->ops.write(card->ctx, fn, addr, block, data, len, data_error);
	return card->ops.read(card->ctx, fn, addr, block, data, len, data_error);
}

static int cmd53(struct card *card, uint32_t arg, void *data, size_t len, uint32_t *response,
		 int *data_error)
{
	int fn = arg >> 28 & 7, flags = function_check(card, fn, arg);

	if (!(arg >> 31) && len)
		memset(data, 0, len);
	if (!flags && (!len || cmd53_len(card, arg) != len)) {
		card->ops.violation(card->ctx, "CMD53 whose count does not agree with its data", arg);
		flags = CARD_R5_RANGE;
	}
	if (!flags)
		flags = fn ? cmd53_port(card, arg, data, len, data_error) :
			     cmd53_f0(card, arg, data, len);
	if (flags < 0)
		return flags;
	*response = (uint32_t)(flags | R5_TRAN_STATE) << 8;
	return 0;
}

int card_command(struct card *card, unsigned int opcode, uint32_t arg, void *data, size_t len,
		 uint32_t *response, int *data_error)
{
	*response = 0;
	*data_error = 0;
	if (card->lost && opcode >= 52)
		return -ETIMEDOUT;
	switch (opcode) {
	case 0:
		return 0;
	case 5:
		/* ready at once, no memory, no 1.8 V switch */
		*response = READY | (uint32_t)card->config.functions << 28 | OCR;
		return 0;
	case 3:
		*response = RCA << 16 | R1_TRAN;
		return 0;
	case 7:
		card->selected = arg >> 16 == RCA;
		card->lost &= !card->selected;
		*response = R1_TRAN;
		return card->selected ? 0 : -ETIMEDOUT;
	case 52:
		return cmd52(card, arg, response);
	case 53:
		return cmd53(card, arg, data, len, response, data_error);
	default:
		return -ETIMEDOUT;
	}
}
