// SPDX-License-Identifier: GPL-2.0-or-later
/* The card front alone: the commands of a Linux host from detection on. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "../card.h"

#define DATA(fn, addr, block, count) \
	((uint32_t)(fn) << 28 | (uint32_t)(block) << 27 | 1u << 26 | (uint32_t)(addr) << 9 | (count))
#define WRITE 0x80000000u

static struct card card;
static struct {
	int violations, data_error, fail;
	int fn;
	uint32_t addr;
	bool block;
	size_t len;
	uint8_t reg, first;
} seen;

static int on_read8(void *ctx, int fn, uint32_t addr, uint8_t *val)
{
	assert_ptr_equal(ctx, &seen);
	seen.fn = fn;
	seen.addr = addr;
	*val = seen.reg;
	return seen.fail;
}

static int on_write8(void *ctx, int fn, uint32_t addr, uint8_t val)
{
	assert_ptr_equal(ctx, &seen);
	seen.fn = fn;
	seen.addr = addr;
	seen.reg = val + 1;
	return seen.fail;
}

static int on_read(void *ctx, int fn, uint32_t addr, bool block, void *buf, size_t len, int *data_error)
{
	assert_ptr_equal(ctx, &seen);
	seen.fn = fn;
	seen.addr = addr;
	seen.block = block;
	seen.len = len;
	memset(buf, 0x5a, len);
	*data_error = seen.data_error;
	return seen.fail;
}

static int on_write(void *ctx, int fn, uint32_t addr, bool block, const void *buf, size_t len, int *data_error)
{
	assert_ptr_equal(ctx, &seen);
	seen.fn = fn;
	seen.addr = addr;
	seen.block = block;
	seen.len = len;
	seen.first = *(const uint8_t *)buf;
	*data_error = seen.data_error;
	return seen.fail;
}

static void on_violation(void *ctx, const char *what, uint32_t arg)
{
	(void)what;
	(void)arg;
	assert_ptr_equal(ctx, &seen);
	seen.violations++;
}

static void start(int functions, bool version3)
{
	static const struct card_ops ops = { on_read8, on_write8, on_read, on_write, on_violation };
	struct card_config config = {
		.vendor = 0xbe57, .device = 0x2002, .functions = functions, .version3 = version3, .max_block = 512,
	};

	memset(&seen, 0, sizeof(seen));
	card_init(&card, &config, &ops, &seen);
}

static uint32_t cmd(unsigned int opcode, uint32_t arg)
{
	uint32_t response;
	int error;

	assert_int_equal(card_command(&card, opcode, arg, NULL, 0, &response, &error), 0);
	return response;
}

/* CMD52; flags must be clean */
static uint8_t r52(uint32_t arg)
{
	uint32_t response = cmd(52, arg);

	assert_int_equal(response >> 8, 0x10);
	return response & 0xff;
}

static uint32_t cmd53(uint32_t arg, void *data, size_t len)
{
	uint32_t response;
	int error;

	assert_int_equal(card_command(&card, 53, arg, data, len, &response, &error), 0);
	return response;
}

static void enable(void)
{
	r52(0x80000402);
	r52(0x80022000);
	r52(0x80022202);
}

static void test_detect(void **state)
{
	uint32_t response;
	int error;

	(void)state;
	start(1, false);
	r52(0x80000c08);
	assert_int_equal(cmd(0, 0), 0);
	assert_int_equal(card_command(&card, 8, 0x1aa, NULL, 0, &response, &error), -ETIMEDOUT);
	assert_int_equal(cmd(5, 0), 0x90ff8000);
	assert_int_equal(cmd(3, 0) >> 16, 1);
	cmd(7, 0x10000);
	assert_int_equal(card_command(&card, 7, 0x20000, NULL, 0, &response, &error), -ETIMEDOUT);
	assert_int_equal(r52(0x00000000), 0x32);
	assert_int_equal(r52(0x00001000) & 2, 2);
	assert_int_equal(r52(0x00002600), 0x01);
	r52(0x80002603);
	assert_int_equal(r52(0x00002600), 0x03);
	r52(0x80000e02);
	assert_int_equal(r52(0x00000e00), 0x02);
	assert_int_equal(seen.violations, 0);
}

static void test_version3(void **state)
{
	(void)state;
	start(2, true);
	assert_int_equal(cmd(5, 0), 0xa0ff8000);
	assert_int_equal(r52(0x00000000), 0x43);
	/* no UHS modes */
	assert_int_equal(r52(0x14 << 9), 0);
}

static uint32_t pointer(uint32_t base)
{
	return r52((base + 9) << 9) | r52((base + 10) << 9) << 8 | r52((base + 11) << 9) << 16;
}

/* Copies one tuple's body; false if the chain ends before it */
static bool tuple(uint32_t at, uint8_t code, uint8_t *body, uint8_t *len)
{
	for (;;) {
		uint8_t c = r52(at << 9);

		if (c == 0xff)
			return false;
		*len = r52((at + 1) << 9);
		for (int i = 0; i < *len; i++)
			body[i] = r52((at + 2 + i) << 9);
		if (c == code)
			return true;
		at += 2 + *len;
	}
}

static void test_cis(void **state)
{
	static const uint8_t id[] = { 0x57, 0xbe, 0x02, 0x20 };
	uint8_t body[256], len;

	(void)state;
	start(2, false);
	assert_true(tuple(pointer(0), 0x20, body, &len));
	assert_int_equal(len, 4);
	assert_memory_equal(body, id, 4);
	assert_true(tuple(pointer(0), 0x21, body, &len));
	assert_true(tuple(pointer(0), 0x22, body, &len));
	assert_int_equal(body[0], 0);
	assert_int_equal(body[1] | body[2] << 8, 512);
	assert_int_equal(body[3], 0x5a);
	for (uint32_t fn = 1; fn <= 2; fn++) {
		assert_true(tuple(pointer(fn << 8), 0x22, body, &len));
		assert_int_equal(body[0], 1);
		assert_true(len >= 42);
		assert_int_equal(body[12] | body[13] << 8, 512);
		assert_int_equal(body[28] | body[29] << 8, 100);
	}
}

static void test_enable_and_reset(void **state)
{
	(void)state;
	start(1, false);
	assert_int_equal(r52(0x00000600), 0);
	enable();
	assert_int_equal(r52(0x00000600), 2);
	assert_int_equal(r52(0x110 << 9) | r52(0x111 << 9) << 8, 512);
	r52(0x80000803);
	assert_int_equal(r52(0x00000800), 3);
	assert_true(card_irq_enabled(&card, 1));
	card_set_pending(&card, 1, true);
	assert_int_equal(r52(0x00000a00), 2);
	card_set_pending(&card, 1, false);
	assert_int_equal(r52(0x00000a00), 0);
	r52(0x80000802);			/* master off */
	assert_false(card_irq_enabled(&card, 1));
	r52(0x80000c08);
	assert_int_equal(r52(0x00000600), 0);
	assert_int_equal(r52(0x111 << 9), 0);
	/* a function that is not there cannot be enabled */
	r52(0x80000404);
	assert_int_equal(r52(0x00000600), 0);
}

static void test_cmd52(void **state)
{
	(void)state;
	start(1, false);
	assert_int_equal(cmd(52, 0x10021800) >> 8, 0x10 | CARD_R5_ERROR);
	assert_int_equal(seen.violations, 1);
	assert_int_equal(cmd(52, 0x20000000) >> 8, 0x10 | CARD_R5_FUNCTION);
	enable();
	seen.reg = 0x42;
	assert_int_equal(r52(0x10021800), 0x42);
	assert_int_equal(seen.addr, 0x10c);
	assert_int_equal(r52(0x90024021), 0x21);
	assert_int_equal(seen.addr, 0x120);
	/* read after write */
	assert_int_equal(r52(0x98024021), 0x22);
	assert_int_equal(cmd(52, 0x1ffff << 9 & 0x0fffffff) >> 8, 0x10 | CARD_R5_RANGE);
	seen.fail = -EBUSY;
	assert_int_equal(card_command(&card, 52, 0x10021800, NULL, 0, &(uint32_t){ 0 }, &(int){ 0 }), -EBUSY);
}

static void test_cmd53(void **state)
{
	static uint8_t buf[51 * 512];

	(void)state;
	start(1, false);
	enable();
	buf[0] = 0x77;
	cmd53(0x94040000, buf, 512);
	assert_int_equal(seen.addr, 512);
	assert_false(seen.block);
	assert_int_equal(seen.len, 512);
	assert_int_equal(seen.first, 0x77);
	cmd53(0x9e0c0403, buf, 1536);
	assert_int_equal(seen.addr, 0x10602);
	assert_true(seen.block);
	cmd53(0x14001008, buf, 8);
	assert_int_equal(seen.len, 8);
	assert_int_equal(buf[7], 0x5a);
	cmd53(0x1ecc0033, buf, sizeof(buf));
	assert_int_equal(seen.addr, 0x16600);
	assert_int_equal(seen.violations, 0);
	/* a function of its own: CCCR in one go */
	cmd53(DATA(0, 0, 0, 4), buf, 4);
	assert_int_equal(buf[0], 0x32);
	assert_int_equal(buf[2], 0x02);
	cmd53(WRITE | DATA(0, 0x110, 0, 2), (uint8_t[]){ 0x80, 0x00 }, 2);
	assert_int_equal(r52(0x110 << 9), 0x80);
}

static void test_cmd53_refused(void **state)
{
	static uint8_t buf[1024];

	(void)state;
	start(1, false);
	assert_int_equal(cmd53(DATA(1, 8, 0, 8), buf, 8), (0x10 | CARD_R5_ERROR) << 8);
	assert_int_equal(seen.violations, 1);
	r52(0x80000402);
	/* no block size yet */
	assert_int_equal(cmd53(DATA(1, 512, 1, 1), buf, 512), (0x10 | CARD_R5_RANGE) << 8);
	enable();
	seen.violations = 0;
	assert_int_equal(cmd53(DATA(1, 8, 0, 8), buf, 9), (0x10 | CARD_R5_RANGE) << 8);
	assert_int_equal(cmd53(DATA(1, 8, 0, 8), NULL, 0), (0x10 | CARD_R5_RANGE) << 8);
	assert_int_equal(cmd53(DATA(1, 512, 1, 0), buf, 512), (0x10 | CARD_R5_RANGE) << 8);
	assert_int_equal(cmd53(DATA(1, 8, 0, 8) & ~(1u << 26), buf, 8), (0x10 | CARD_R5_ERROR) << 8);
	assert_int_equal(seen.violations, 4);
	assert_int_equal(cmd53(DATA(7, 8, 0, 8), buf, 8), (0x10 | CARD_R5_FUNCTION) << 8);
	assert_int_equal(seen.len, 0);
	seen.data_error = -EILSEQ;
	{
		uint32_t response;
		int error;

		assert_int_equal(card_command(&card, 53, DATA(1, 8, 0, 8), buf, 8, &response, &error), 0);
		assert_int_equal(error, -EILSEQ);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_detect),
		cmocka_unit_test(test_version3),
		cmocka_unit_test(test_cis),
		cmocka_unit_test(test_enable_and_reset),
		cmocka_unit_test(test_cmd52),
		cmocka_unit_test(test_cmd53),
		cmocka_unit_test(test_cmd53_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
