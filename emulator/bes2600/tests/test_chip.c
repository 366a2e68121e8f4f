// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The chip on the bus: the worked byte examples of the sheets, from power-on
 * to the first exchange of messages.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <string.h>
#include <stdio.h>
#include <zlib.h>
#include <cmocka.h>

#include "../chip.h"
#include "../front.h"
#include "hex.h"
#include "said.h"

struct host {
	struct chip *chip;
	uint64_t now;
	int violations;
	int buffers;	/* of these, about the buffers of the chip */
	char last[256], first[256];
};

static void on_violation(void *ctx, const char *what, const void *bytes, size_t len)
{
	struct host *h = ctx;

	(void)bytes;
	(void)len;
	h->buffers += !!strstr(what, "30 section 1.5");
	if (!h->violations++)
		snprintf(h->first, sizeof(h->first), "%s", what);
	snprintf(h->last, sizeof(h->last), "%s", what);
}

static void advance(struct host *h, uint64_t ns)
{
	uint64_t end = h->now + ns;

	while (chip_deadline(h->chip) <= end) {
		if (chip_deadline(h->chip) > h->now)
			h->now = chip_deadline(h->chip);
		chip_run(h->chip, h->now);
	}
	h->now = end;
}

static uint32_t cmd(struct host *h, unsigned int opcode, uint32_t arg, void *data, size_t len)
{
	uint32_t response;
	uint64_t ns;
	int error;

	assert_int_equal(chip_command(h->chip, opcode, arg, data, len, &response, &error, &ns, h->now), 0);
	assert_int_equal(error, 0);
	return response;
}

static uint8_t reg(struct host *h, uint32_t arg)
{
	return cmd(h, 52, arg, NULL, 0);
}

static int setup(void **state)
{
	static struct host host;
	const struct chip_env env = { .ctx = &host, .violation = on_violation };

	memset(&host, 0, sizeof(host));
	host.chip = chip_new(&env, 1);
	assert_non_null(host.chip);
	chip_power(host.chip, true, 0);
	chip_set_bus(host.chip, 50000000, 4);
	/* sheet 10 section 12: select, enable f1, interrupts, block size 512 */
	cmd(&host, 5, 0x300000, NULL, 0);
	cmd(&host, 3, 0, NULL, 0);
	cmd(&host, 7, 0x10000, NULL, 0);
	cmd(&host, 52, 0x80000402, NULL, 0);
	cmd(&host, 52, 0x80000803, NULL, 0);
	cmd(&host, 52, 0x80022000, NULL, 0);
	cmd(&host, 52, 0x80022202, NULL, 0);
	*state = &host;
	return 0;
}

static int teardown(void **state)
{
	struct host *h = *state;

	chip_free(h->chip);
	return 0;
}

/* One loader frame of up to 512 bytes and its 8-byte reply */
static void frame(struct host *h, const char *text, const char *reply)
{
	uint8_t buf[512] = { 0 }, got[8], want[8];

	hex(text, buf);
	assert_int_equal(hex(reply, want), sizeof(want));
	cmd(h, 53, 0x94040000, buf, sizeof(buf));
	assert_true(chip_irq(h->chip));
	assert_int_equal(reg(h, 0x10000000), 8);
	assert_int_equal(reg(h, 0x10000200), 0);
	assert_false(chip_irq(h->chip));
	cmd(h, 53, 0x14001008, got, sizeof(got));
	assert_memory_equal(got, want, 8);
	assert_int_equal(reg(h, 0x10000000), 0);
}

/* Sheet 20 section 3.7 */
static void pokes(struct host *h)
{
	frame(h, "b1 00 08 00 04 00 00 00 00 00 10 40", "b0 00 04 00 00 00 00 00");
	frame(h, "b2 01 08 00 00 00 10 40 06 20 80 00", "b0 01 04 00 00 00 00 00");
	frame(h, "b1 00 08 00 04 00 00 00 2c 60 08 40", "b0 00 04 00 00 00 00 00");
	frame(h, "b2 01 08 00 2c 60 08 40 00 c0 00 3e", "b0 01 04 00 00 00 00 00");
}

/* Sheet 20 section 4.3: the minimal boot image */
#define BODY_HEAD "01 02 20 00 00 00 00 00 00 00 00 00 68 01 00 20"
#define DATE "4a 61 6e 20 30 31 20 32 30 32 34 20 30 30 3a 30 30 3a 30 30 20 30 3a 62 65 73 74 32 30 30 32 5f 66 77"

static void boot_image(struct host *h)
{
	frame(h, "b1 00 08 00 38 00 00 00 68 01 00 20", "b0 00 04 00 00 00 00 00");
	frame(h, "b2 01 3c 00 68 01 00 20 " BODY_HEAD " " DATE " 5f 62 6f 6f 74 00", "b0 01 04 00 00 00 00 00");
	frame(h, "b3 02 04 00 68 2b 79 cc", "b0 02 04 00 00 00 00 00");
	frame(h, "b4 03 04 00 68 01 00 20", "b0 03 04 00 00 00 00 00");
}

static void main_image(struct host *h)
{
	frame(h, "b1 00 08 00 34 00 00 00 68 01 00 20", "b0 00 04 00 00 00 00 00");
	frame(h, "b2 01 38 00 68 01 00 20 " BODY_HEAD " " DATE " 00 00", "b0 01 04 00 00 00 00 00");
	frame(h, "b3 02 04 00 e7 8c 1d f9", "b0 02 04 00 00 00 00 00");
	frame(h, "b4 03 04 00 68 01 00 20", "b0 03 04 00 00 00 00 00");
}

/* Sheet 20 section 4.5: 30 blocks, address 0x3b14, block (b) with its CRC */
static void read_dpd(struct host *h)
{
	static uint8_t buf[15360];
	static const uint8_t crc[] = { 0x02, 0xb3, 0xa4, 0xab };

	assert_int_equal(reg(h, 0x10021800), 0);
	advance(h, 201 * MS);
	assert_int_equal(reg(h, 0x10021800), 2);
	assert_int_equal(reg(h, 0x10000000), 0x14);
	assert_int_equal(reg(h, 0x10000200), 0x3b);
	cmd(h, 53, 0x1c76281e, buf, sizeof(buf));
	assert_memory_equal(buf, crc, 4);
	assert_int_equal(buf[5], 5);
}

static void boot(struct host *h)
{
	pokes(h);
	boot_image(h);
	read_dpd(h);
	main_image(h);
	advance(h, 60 * MS);
	assert_int_equal(reg(h, 0x10021800) & 1, 1);
}

static void wifi_on(struct host *h)
{
	reg(h, 0x90024200);
	reg(h, 0x90024021);
	advance(h, 31 * MS);
	assert_int_equal(reg(h, 0x10021800) & 4, 4);
}

static void test_cold_boot(void **state)
{
	struct host *h = *state;

	boot(h);
	assert_int_equal(h->violations, 0);
}

static void test_bad_crc(void **state)
{
	struct host *h = *state;

	pokes(h);
	frame(h, "b1 00 08 00 38 00 00 00 68 01 00 20", "b0 00 04 00 00 00 00 00");
	frame(h, "b2 01 3c 00 68 01 00 20 " BODY_HEAD " " DATE " 5f 62 6f 6f 74 00", "b0 01 04 00 00 00 00 00");
	frame(h, "b3 02 04 00 69 2b 79 cc", "b0 02 04 00 02 00 00 00");
	assert_int_equal(h->violations, 1);
}

/* Sheet 10 section 12.1, sheet 30 section 10 */
static void test_startup(void **state)
{
	static const uint8_t want[] = {
		0x98, 0x00, 0x01, 0x08, 0x1e, 0x00, 0x60, 0x06, 0xd2, 0x07, 0x00, 0x00, 0x00, 0x00, 0x03, 0x00,
		0x02, 0x00, 0x24, 0x04, 0x01, 0x00, 0x01, 0x00, 0x45, 0x4d, 0x55, 0x2d, 0x4c, 0x4d, 0x41, 0x43,
	};
	struct host *h = *state;
	uint8_t buf[512];

	boot(h);
	wifi_on(h);
	assert_true(chip_irq(h->chip));
	assert_int_equal(reg(h, 0x10000200), 0x01);
	assert_false(chip_irq(h->chip));
	cmd(h, 53, 0x14040000, buf, sizeof(buf));
	assert_memory_equal(buf, want, sizeof(want));
	for (size_t i = 152; i < sizeof(buf); i++)
		assert_int_equal(buf[i], 0);
	assert_int_equal(reg(h, 0x10000200) & 0x7f, 0);
	assert_int_equal(reg(h, 0x10000000) & 1, 1);
	assert_int_equal(h->violations, 0);
}

/* Sheet 30 section 10: both multi-TX writes with their confirms, in one transfer of two slots */
static void test_two_mibs(void **state)
{
	static const uint8_t first[] = { 0x0c, 0, 0x06, 0, 0x24, 0x10, 4, 0, 1, 0, 0, 0 };
	static const uint8_t second[] = { 0x0c, 0, 0x46, 0x20, 0x24, 0x10, 4, 0, 1, 0, 0, 0 };
	static const uint8_t cnf1[] = { 0x08, 0, 0x06, 0x24, 0, 0, 0, 0 };
	static const uint8_t cnf2[] = { 0x08, 0, 0x46, 0x44, 0, 0, 0, 0 };
	struct host *h = *state;
	uint8_t buf[512];

	boot(h);
	wifi_on(h);
	reg(h, 0x10000200);
	cmd(h, 53, 0x14040000, buf, sizeof(buf));
	memset(buf, 0, sizeof(buf));
	memcpy(buf, first, sizeof(first));
	cmd(h, 53, 0x9c040001, buf, sizeof(buf));
	advance(h, 5 * MS);
	assert_int_equal(reg(h, 0x10000200), 0x81);
	cmd(h, 53, 0x16040000, buf, sizeof(buf));
	assert_memory_equal(buf, cnf1, sizeof(cnf1));
	memset(buf, 0, sizeof(buf));
	memcpy(buf, second, sizeof(second));
	cmd(h, 53, 0x9e040001, buf, sizeof(buf));
	advance(h, 5 * MS);
	assert_int_equal(reg(h, 0x10000200), 0x01);
	cmd(h, 53, 0x14040000, buf, sizeof(buf));
	assert_memory_equal(buf, cnf2, sizeof(cnf2));
	assert_int_equal(h->violations, 0);
}

static void expect_violation(struct host *h, uint32_t arg, const uint8_t *msg, size_t n, const char *sheet)
{
	uint8_t buf[1024] = { 0 };
	int before = h->violations;

	memcpy(buf, msg, n);
	cmd(h, 53, arg, buf, (arg & 0x1ff) * 512);
	assert_int_equal(h->violations, before + 1);
	assert_non_null(strstr(h->last, sheet));
}

static void test_strict(void **state)
{
	uint8_t dirty[] = { 0x0c, 0, 0x06, 0, 0x24, 0x10, 4, 0, 1, 0, 0, 0, 0xff };
	uint8_t gap[] = { 0x0c, 0, 0x06, 0x60, 0x24, 0x10, 4, 0, 1, 0, 0, 0 };
	struct host *h = *state;

	boot(h);
	wifi_on(h);
	expect_violation(h, 0x9c040001, dirty, sizeof(dirty), "40 section 16");
	advance(h, 5 * MS);
	expect_violation(h, 0x9e040001, gap, sizeof(gap), "30 section 1.3");
}

/* What else is wrong with the frame is not of interest */
static const uint8_t mib[] = { 0x0c, 0, 0x06, 0, 0x24, 0x10, 4, 0, 1, 0, 0, 0 }, tx[] = { 0x32, 0, 0x04, 0 };

/* Sheet 30 section 1.5: of two buffers a frame may have the first, a command either */
static void test_last_buffer(void **state)
{
	const char *why = NULL;

	for (int command_first = 0; command_first < 2; command_first++) {
		struct host *h = *state;
		uint8_t buf[1024] = { 0 };

		assert_int_equal(chip_set_knob(h->chip, "start.credits", "2", &why), 0);
		boot(h);
		wifi_on(h);
		assert_int_equal(h->violations, 0);
		memcpy(buf + (command_first ? 0 : 512), mib, sizeof(mib));
		memcpy(buf + (command_first ? 512 : 0), tx, sizeof(tx));
		buf[512 + 3] = 0x20;
		cmd(h, 53, 0x9c080002, buf, sizeof(buf));
		assert_int_equal(!!strstr(h->first, "a frame takes the last of 2 buffers"), command_first);
		if (command_first)
			said(h->first);
		teardown(state);
		setup(state);
	}
}

/* A confirm that is lost on its way has freed its buffer */
static void test_lost_confirm(void **state)
{
	static const char *const faults[] = {
		"drop-confirm 1 6", "mangle 0x406 drop", "mangle 0x406 byte 3 8", "silence 100",
	};
	const char *why = NULL;

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct host *h = *state;
		uint8_t buf[512] = { 0 };

		assert_int_equal(chip_set_knob(h->chip, "start.credits", "2", &why), 0);
		boot(h);
		wifi_on(h);
		assert_int_equal(chip_inject(h->chip, faults[i], h->now, &why), 0);
		memcpy(buf, mib, sizeof(mib));
		cmd(h, 53, 0x9c040001, buf, sizeof(buf));
		advance(h, 5 * MS);
		memset(buf, 0, sizeof(buf));
		memcpy(buf, tx, sizeof(tx));
		buf[3] = 0x20;
		cmd(h, 53, 0x9e040001, buf, sizeof(buf));
		/* one that only waits has not */
		assert_int_equal(h->buffers, !strncmp(faults[i], "silence", 7));
		teardown(state);
		setup(state);
	}
}

/* A burst that the chip takes twice, by its own mistake, takes its places once */
static void test_repeated_burst(void **state)
{
	struct host *h = *state;
	const char *why = NULL;
	uint8_t buf[1024] = { 0 };
	uint32_t response;
	uint64_t ns;
	int error;

	assert_int_equal(chip_set_knob(h->chip, "start.credits", "2", &why), 0);
	assert_int_equal(chip_set_knob(h->chip, "tx.wrong_toggle", "take", &why), 0);
	boot(h);
	wifi_on(h);
	assert_int_equal(chip_inject(h->chip, "crc-status 1", h->now, &why), 0);
	memcpy(buf, tx, sizeof(tx));
	memcpy(buf + 512, mib, sizeof(mib));
	buf[512 + 3] = 0x20;
	assert_int_equal(chip_command(h->chip, 53, 0x9c080002, buf, sizeof(buf), &response, &error, &ns, h->now), 0);
	assert_int_equal(error, -EILSEQ);
	cmd(h, 53, 0x9c080002, buf, sizeof(buf));
	assert_int_equal(h->buffers, 0);
}

static bool bit(struct host *h, uint8_t mask)
{
	return reg(h, 0x10021800) & mask;
}

/* Sheet 60 section 4.6: 30 ms for Wi-Fi and Bluetooth, 1 ms for the controller */
static void test_doorbells(void **state)
{
	struct host *h = *state;

	boot(h);
	reg(h, 0x90024200);
	reg(h, 0x90024021);
	reg(h, 0x90024201);
	reg(h, 0x90024001);
	advance(h, 29 * MS);
	assert_false(bit(h, 0x0c));
	advance(h, 2 * MS);
	assert_true(bit(h, 0x04) && bit(h, 0x08));
	reg(h, 0x90024200);
	reg(h, 0x90024081);
	reg(h, 0x90024200);
	reg(h, 0x90024009);
	advance(h, 2 * MS);
	assert_true(bit(h, 0x08) && bit(h, 0x10));
	advance(h, 29 * MS);
	assert_false(bit(h, 0x08));
	assert_int_equal(h->violations, 0);
}

/* 0x0041 halts the firmware: its requests have no confirm any more */
static void test_debug_doorbell(void **state)
{
	struct host *h = *state;
	uint8_t buf[512];

	for (int halted = 0; halted < 2; halted++) {
		boot(h);
		wifi_on(h);
		reg(h, 0x10000200);
		cmd(h, 53, 0x14040000, buf, sizeof(buf));
		if (halted) {
			reg(h, 0x90024200);
			reg(h, 0x90024041);
		}
		memset(buf, 0, sizeof(buf));
		memcpy(buf, mib, sizeof(mib));
		cmd(h, 53, 0x9c040001, buf, sizeof(buf));
		advance(h, 10 * MS);
		assert_int_equal(reg(h, 0x10000200) & 0x7f, !halted);
		assert_int_equal(h->violations, 0);
		teardown(state);
		setup(state);
	}
}

/* What the loader takes, but no host of ours should send */
static void test_loader_rules(void **state)
{
	static const char *const factory[][2] = {
		/* all zero but magic, version and CRC */
		{ "80 ba 01 00 36 63 8d 75", NULL },
		{ "81 ba 01 00 36 63 8d 75", "20 section 4.4" },
		{ "80 ba 01 00 37 63 8d 75", "20 section 4.4" },
	};
	uint8_t dirty[512] = { 0 }, block[72] = { 0 };
	struct host *h = *state;
	char text[512];
	uint32_t crc;
	size_t i, j;

	pokes(h);
	assert_int_equal(h->violations, 0);
	frame(h, "b1 00 08 00 38 00 00 00 68 01 00 20", "b0 00 04 00 00 00 00 00");
	frame(h, "b2 02 3c 00 68 01 00 20 " BODY_HEAD " " DATE " 5f 62 6f 6f 74 00", "b0 02 04 00 00 00 00 00");
	assert_non_null(strstr(h->last, "number 2, 1 was next (20 section 3.5)"));
	assert_int_equal(h->violations, 1);
	said(h->last);
	teardown(state);
	setup(state);
	pokes(h);
	for (i = 0; i < sizeof(factory) / sizeof(factory[0]); i++) {
		h->violations = 0;
		hex(factory[i][0], block);
		crc = crc32(0, block, sizeof(block));
		frame(h, "b1 00 08 00 48 00 00 00 00 b0 08 20", "b0 00 04 00 00 00 00 00");
		strcpy(text, "b2 01 4c 00 00 b0 08 20");
		for (j = 0; j < sizeof(block); j++)
			sprintf(text + strlen(text), " %02x", block[j]);
		frame(h, text, "b0 01 04 00 00 00 00 00");
		sprintf(text, "b3 02 04 00 %02x %02x %02x %02x", crc & 0xff, crc >> 8 & 0xff, crc >> 16 & 0xff,
			crc >> 24);
		frame(h, text, "b0 02 04 00 00 00 00 00");
		assert_int_equal(h->violations, factory[i][1] != NULL);
		if (!factory[i][1])
			continue;
		assert_non_null(strstr(h->last, factory[i][1]));
		said(h->last);
	}
	h->violations = 0;
	hex("b1 00 08 00 48 00 00 00 00 b0 08 20", dirty);
	dirty[511] = 1;
	cmd(h, 53, 0x94040000, dirty, sizeof(dirty));
	assert_int_equal(h->violations, 1);
	assert_non_null(strstr(h->last, "bytes after a loader frame are not zero"));
	said(h->last);
}

static bool answers(struct host *h)
{
	uint32_t response;
	uint64_t ns;
	int error;

	return !chip_command(h->chip, 5, 0x300000, NULL, 0, &response, &error, &ns, h->now);
}

/* A chip that stays dead while its power comes and goes, so many times */
static void test_dead(void **state)
{
	struct host *h = *state;
	const char *why = NULL;

	for (int n = 0; n < 3; n++) {
		char what[16];

		snprintf(what, sizeof(what), "dead %d", n);
		assert_int_equal(chip_inject(h->chip, what, h->now, &why), 0);
		assert_false(answers(h));
		for (int i = 0; i <= n; i++) {
			assert_false(answers(h));
			chip_power(h->chip, false, h->now);
			assert_false(answers(h));
			chip_power(h->chip, true, h->now);
		}
		assert_true(answers(h));
	}
	assert_true(chip_inject(h->chip, "dead -1", h->now, &why) < 0);
	assert_int_equal(h->violations, 0);
}

/* Rings and tells whether the controller shows itself awake 2 ms later */
static bool mcu(struct host *h, uint32_t word)
{
	reg(h, 0x90024200);
	reg(h, 0x90024000 | word);
	advance(h, 2 * MS);
	return reg(h, 0x10021800) & 0x10;
}

static void test_mcu_sleep(void **state)
{
	struct host *h = *state;
	const char *why = NULL;

	boot(h);
	assert_int_equal(chip_inject(h->chip, "no-mcu-wake 1", h->now, &why), 0);
	assert_false(mcu(h, 9));
	assert_true(mcu(h, 9));
	assert_true(mcu(h, 9));
	assert_false(mcu(h, 5));
	assert_true(mcu(h, 9));
	assert_int_equal(h->violations, 0);
}

/* The host does not notice until it speaks to the card, and then has to begin anew */
static void test_power_cycle(void **state)
{
	struct host *h = *state;
	const char *why = NULL;
	uint32_t response;
	uint64_t ns;
	int error;

	boot(h);
	assert_int_equal(chip_inject(h->chip, "power-cycle", h->now, &why), 0);
	assert_int_equal(chip_command(h->chip, 52, 0x10021800, NULL, 0, &response, &error, &ns, h->now),
			 -ETIMEDOUT);
	cmd(h, 5, 0x300000, NULL, 0);
	cmd(h, 3, 0, NULL, 0);
	cmd(h, 7, 0x10000, NULL, 0);
	cmd(h, 52, 0x80000402, NULL, 0);
	assert_int_equal(reg(h, 0x10021800), 0);
	assert_int_equal(h->violations, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_cold_boot, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bad_crc, setup, teardown),
		cmocka_unit_test_setup_teardown(test_startup, setup, teardown),
		cmocka_unit_test_setup_teardown(test_two_mibs, setup, teardown),
		cmocka_unit_test_setup_teardown(test_strict, setup, teardown),
		cmocka_unit_test_setup_teardown(test_last_buffer, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lost_confirm, setup, teardown),
		cmocka_unit_test_setup_teardown(test_repeated_burst, setup, teardown),
		cmocka_unit_test_setup_teardown(test_doorbells, setup, teardown),
		cmocka_unit_test_setup_teardown(test_debug_doorbell, setup, teardown),
		cmocka_unit_test_setup_teardown(test_loader_rules, setup, teardown),
		cmocka_unit_test_setup_teardown(test_dead, setup, teardown),
		cmocka_unit_test_setup_teardown(test_mcu_sleep, setup, teardown),
		cmocka_unit_test_setup_teardown(test_power_cycle, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
