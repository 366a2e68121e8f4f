// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Faults on request: what a spoiled message looks like, which transfers err,
 * and that each fault that happened is counted.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "../front.h"
#include "hex.h"

static int violations;

static void on_violation(void *ctx, const char *what, const void *bytes, size_t len)
{
	(void)ctx, (void)what, (void)bytes, (void)len;
	violations++;
}

static int setup(void **state)
{
	struct chip_env env = { .violation = on_violation };
	struct chip *chip = chip_new(&env, 1);

	violations = 0;
	chip_power(chip, true, 0);
	chip->front->state = FRONT_WSM;
	run_start(chip->front);
	*state = chip;
	return 0;
}

static int teardown(void **state)
{
	chip_free(*state);
	return 0;
}

static int inject(struct chip *chip, const char *what)
{
	const char *why;

	return chip_inject(chip, what, chip->now, &why);
}

#define CNF "08 00 07 04 00 00 00 00"

static const struct {
	const char *fault, *msg, *first;
	int n;		/* messages that come of it */
	int delay;	/* ms */
} mangled[] = {
	{ "mangle 0x407 drop", CNF, NULL, 0, 0 },
	{ "mangle 0x406 drop", CNF, CNF, 1, 0 },
	{ "mangle 0x407 delay 250", CNF, CNF, 1, 250 },
	{ "mangle 0x407 dup", CNF, CNF, 2, 0 },
	{ "mangle 0x407 dup 3", CNF, CNF, 4, 0 },
	{ "mangle 0x407 short", CNF, "04 00 07 04", 1, 0 },
	{ "mangle 0x407 short 6", CNF, "06 00 07 04 00 00", 1, 0 },
	{ "mangle 0x407 short 90", CNF, CNF, 1, 0 },
	{ "mangle 0x407 long 3", CNF, "0b 00 07 04 00 00 00 00 a5 a5 a5", 1, 0 },
	{ "mangle 0x407 interface 2", CNF, "08 00 87 04 00 00 00 00", 1, 0 },
	{ "mangle 0x407 interface 0", "08 00 c7 04 00 00 00 00", CNF, 1, 0 },
	{ "mangle 0x407 status 258", CNF, "08 00 07 04 02 01 00 00", 1, 0 },
	{ "mangle 0x404 status 5", "0c 00 04 04 78 56 34 12 00 00 00 00", "0c 00 04 04 78 56 34 12 05 00 00 00", 1, 0 },
	{ "mangle 0x407 byte 5 0xee", CNF, "08 00 07 04 00 ee 00 00", 1, 0 },
	{ "mangle 0x407 byte 8 0xee", CNF, CNF, 1, 0 },
};

/* Twice: only the first message of its kind is spoiled */
static void test_mangle(void **state)
{
	struct chip *chip = *state;
	struct front *f = chip->front;

	f->run.published = true;
	for (size_t i = 0; i < sizeof(mangled) / sizeof(mangled[0]); i++) {
		uint8_t msg[64], want[64];
		size_t len = hex(mangled[i].msg, msg), n = 0;
		size_t wanted = mangled[i].first ? hex(mangled[i].first, want) : 0;
		bool hit = strcmp(mangled[i].fault, "mangle 0x406 drop");
		uint64_t before = chip->faults;
		struct message *m;

		assert_int_equal(inject(chip, mangled[i].fault), 0);
		front_send(f, msg, len, 0);
		assert_int_equal(chip->faults, before + hit);
		for (m = f->run.queue; m; m = m->next, n++) {
			assert_int_equal(m->len, wanted);
			assert_memory_equal(m->bytes, want, wanted);
			assert_int_equal(m->due, mangled[i].delay * MS);
		}
		assert_int_equal(n, mangled[i].n);
		run_start(f);
		f->run.published = true;
		front_send(f, msg, len, 0);
		assert_memory_equal(f->run.queue->bytes, msg, len);
		assert_null(f->run.queue->next);
		run_start(f);
		f->run.published = true;
		front_no_faults(f);
	}
}

static void test_usage(void **state)
{
	static const char *const bad[] = {
		"mangle", "mangle 0x407", "mangle 0x407 kill", "mangle x drop", "mangle 0x1407 drop",
		"mangle 0x407 drop 1", "mangle 0x407 delay x", "mangle 0x407 byte 5", "mangle 0x407 byte 5 256",
		"mangle 0x407 delay 1 2", "mangle 0x407 short 9999999", "message", "message 0x805 3",
		"crc-write x", "crc-write 1 0x1000", "busy 1 x", "stuck-irq -1",
		"timeout 1 7 write", "timeout 1 7 read 1", "length-byte 256", "length-byte 1 first", "length-byte 1 next 1",
		"hostile", "hostile 1", "hostile x 1", "hostile 1 1001", "hostile 1 -1", "hostile 1 1 1", "hostile 1 1 messages 1",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(inject(*state, bad[i]), -EINVAL);
	for (int i = 0; i < MANGLES; i++)
		assert_int_equal(inject(*state, "mangle 1 drop"), 0);
	assert_int_equal(inject(*state, "mangle 1 drop"), -EINVAL);
}

/* The longest message that there is does not grow beyond its room */
static void test_long(void **state)
{
	static uint8_t msg[BES_SLOT_MAX + 800] = { 0x80, 0x09, 0x04, 0x08 };
	struct chip *chip = *state;

	chip->front->run.published = true;
	assert_int_equal(inject(chip, "mangle 0x804 long 2000"), 0);
	front_send(chip->front, msg, sizeof(msg), 0);
	assert_int_equal(chip->front->run.queue->len, sizeof(msg));
	assert_int_equal(inject(chip, "message 0x805 2432"), 0);
	assert_int_equal(chip->front->run.queue->next->len, 2432);
}

static int write_mib(struct chip *chip, uint8_t id, bool toggle, int *data_error, uint64_t *ns)
{
	uint8_t buf[512] = { 12, 0, id, 0, 0x24, 0x10, 4, 0, 1 };
	uint32_t response;

	/* enabled function 1 */
	chip->front->card.io_enable = 2;
	chip->front->card.block[1] = 512;
	chip->front->card.selected = true;
	return chip_command(chip, 53, 0x9c040001 | toggle << 25, buf, sizeof(buf), &response, data_error, ns,
			    chip->now);
}

/* A transfer errs only if it carries the message */
static void test_bus(void **state)
{
	static const struct {
		const char *name;
		int ret, data_error, taken;
	} kinds[] = {
		{ "crc-write 1 0x6", 0, -EILSEQ, 0 }, { "crc-status 1 0x6", 0, -EILSEQ, 1 },
		{ "timeout 1 0x6", -ETIMEDOUT, 0, 0 }, { "busy 1 0x6", 0, -ETIMEDOUT, 1 },
	};
	struct chip *chip = *state;
	bool toggle = false;
	uint64_t ns;
	int error;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		uint64_t before = chip->faults, messages = chip->front->c.messages_in;

		assert_int_equal(inject(chip, kinds[i].name), 0);
		assert_int_equal(write_mib(chip, 0x0a, toggle, &error, &ns), 0);
		assert_int_equal(error, 0);
		toggle = !toggle;
		assert_int_equal(chip->faults, before);
		assert_int_equal(write_mib(chip, 0x06, toggle, &error, &ns), kinds[i].ret);
		assert_int_equal(error, kinds[i].data_error);
		assert_int_equal(chip->faults, before + 1);
		assert_int_equal(chip->front->c.messages_in, messages + 1 + kinds[i].taken);
		assert_int_equal(ns > 1000 * MS, !strncmp(kinds[i].name, "busy", 4));
		toggle ^= kinds[i].taken;
	}
}

static void test_power(void **state)
{
	struct chip *chip = *state;
	uint32_t response;
	uint64_t ns;
	int error;

	assert_int_equal(inject(chip, "dead-power 1"), 0);
	for (int i = 0; i < 2; i++) {
		chip_power(chip, false, 0);
		assert_string_equal(chip_step(chip), "off");
		chip_power(chip, true, 0);
		assert_int_equal(chip_command(chip, 5, 0, NULL, 0, &response, &error, &ns, 0), i ? 0 : -ETIMEDOUT);
	}
	assert_string_equal(chip_step(chip), "loader");
}

static void test_stuck(void **state)
{
	struct chip *chip = *state;

	chip->front->card.int_enable = 3;
	assert_false(chip_irq(chip));
	assert_int_equal(inject(chip, "stuck-irq 5"), 0);
	assert_true(chip_irq(chip));
	run_msg_hi(chip->front);
	assert_true(chip_irq(chip));
	assert_int_equal(chip_deadline(chip), 5 * MS);
	chip_run(chip, 5 * MS);
	assert_false(chip_irq(chip));
}

static uint64_t mix(uint64_t sum, const void *data, size_t len)
{
	const uint8_t *p = data;

	while (len--)
		sum = (sum ^ *p++) * 0x100000001b3ULL;
	return sum;
}

static uint32_t port_read(struct chip *chip, uint32_t addr, uint8_t *buf, size_t len, int *error)
{
	uint32_t response;
	uint64_t ns;
	int ret = chip_command(chip, 53, 0x1c000000 | (addr & 0x1ffff) << 9 | len / 512, buf, len, &response, error,
			       &ns, chip->now);

	return ret ? (uint32_t)ret : response;
}

/* What a host that believes everything sees of so many messages, in one number */
static uint64_t listen_to(struct chip *chip, int seed, int permille)
{
	static uint8_t buf[128 * 512];
	uint8_t msg[600] = { 600 & 0xff, 600 >> 8, 0x04, 0x08 };
	uint64_t sum = 0;
	char what[40];

	chip_power(chip, false, 0);
	chip_power(chip, true, 0);
	chip->front->state = FRONT_WSM;
	run_start(chip->front);
	chip->front->card.io_enable = 2;
	chip->front->card.block[1] = 512;
	chip->front->card.selected = true;
	snprintf(what, sizeof(what), "hostile %d %d", seed, permille);
	assert_int_equal(inject(chip, what), 0);
	for (int i = 0; i < 2000; i++) {
		uint32_t response, len;
		uint64_t ns;
		int ret, error;

		chip->now += MS;
		front_send(chip->front, msg, i % 3 ? 12 : sizeof(msg), 0);
		ret = chip_command(chip, 52, 0x10000000 | BES_REG_MSG_HI << 9, NULL, 0, &response, &error, &ns, chip->now);
		sum = mix(mix(sum, &ret, sizeof(ret)), &response, sizeof(response));
		len = (response & 0x7f) * 512;
		if (!len)
			continue;
		response = port_read(chip, len | (response & 0x80 ? BES_ADDR_TOGGLE : 0), buf, len, &error);
		sum = mix(mix(mix(sum, &response, sizeof(response)), &error, sizeof(error)), buf, len);
	}
	assert_int_equal(inject(chip, "none"), 0);
	return sum;
}

/* The same seed tells the same lies, within their rooms; the host is excused until the power comes again */
static void test_hostile(void **state)
{
	struct chip *chip = *state;
	uint64_t honest = listen_to(chip, 1, 0), lies;

	assert_int_equal(chip->faults, 0);
	assert_int_equal(listen_to(chip, 2, 0), honest);
	lies = listen_to(chip, 1, 100);
	assert_true(chip->faults > 200 && chip->faults < 20000);
	assert_true(lies != honest);
	assert_int_equal(listen_to(chip, 1, 100), lies);
	assert_true(listen_to(chip, 2, 100) != lies);
	for (int seed = 0; seed < 20; seed++)
		listen_to(chip, seed, 1000);
	assert_true(chip->excused);
	assert_int_equal(violations, 0);
	assert_int_equal(listen_to(chip, 1, 0), honest);
	chip_violation(chip, NULL, 0, "test");
	assert_int_equal(violations, 1);
}

/* The last burst that was published: its messages are whole, and where the last of them ends */
static size_t burst_end(const struct front *f, int *n)
{
	size_t at = 0;

	for (*n = 0; at + 4 <= f->run.burst_len && f->run.burst[at] + f->run.burst[at + 1]; ++*n)
		at += ((f->run.burst[at] | f->run.burst[at + 1] << 8) + 3) & ~3;
	return at;
}

/* Lies among messages: whole from outside, many of them at the very end of the longest burst */
static void test_lies(void **state)
{
	struct chip *chip = *state;
	struct front *f = chip->front;
	uint8_t msg[24] = { 24, 0, 0x04, 0x04, 1, 2, 3 };
	int edges = 0, counts = 0;

	f->state = FRONT_WSM;
	run_start(f);
	assert_int_equal(inject(chip, "hostile 1 500 messages"), 0);
	for (int i = 0; i < 2000; i++) {
		int n;

		front_send(f, msg, sizeof(msg), 0);
		for (f->run.published = false; f->run.queue && f->run.queue->due <= chip->now; f->run.published = false) {
			run_publish(f, false);
			assert_true(burst_end(f, &n) <= f->run.burst_len && n <= BES_BURST_MSGS);
			edges += n == 2 && burst_end(f, &n) == BES_BURST_BYTES;
			counts += f->run.burst[2] == 0x1e;
		}
	}
	assert_true(edges > 1000);
	assert_true(counts > 30);
	assert_int_equal(violations, 0);
}

/* Leaked bytes have no excuse */
static void test_leak(void **state)
{
	struct chip *chip = *state;
	uint8_t msg[512] = { 8, 0, 0x0a, 0 };
	uint32_t response;
	uint64_t ns;
	int error;

	listen_to(chip, 1, 1000);
	assert_int_equal(violations, 0);
	msg[500] = 1;
	chip->front->run.tx_toggle = false;
	chip_command(chip, 53, 0x9c000001 | 512 << 9, msg, sizeof(msg), &response, &error, &ns, chip->now);
	assert_int_equal(violations, 1);
}

struct told {
	int n;
	char last[128];
};

static void on_told(void *ctx, const char *text)
{
	struct told *told = ctx;

	told->n++;
	snprintf(told->last, sizeof(told->last), "%s", text);
}

static struct told defaults(struct chip *chip)
{
	struct told told = { 0 };

	chip_defaults(chip, chip->now, on_told, &told);
	return told;
}

/* What can wait to happen: told once, and then forgotten */
static const struct {
	const char *what;
	const char *told;	/* if it is told in other words */
} waiting[] = {
	{ "crc-read 3 0x406", NULL }, { "crc-write 1", NULL }, { "crc-status 1", NULL }, { "timeout 2", NULL },
	{ "busy 1 0x7", NULL }, { "crc-response 1", NULL }, { "lose-irq 20", NULL }, { "zero-busy 9", NULL },
	{ "dead-power 2", NULL }, { "no-wifi-ready 1", NULL }, { "no-mcu-ready 1", NULL },
	{ "no-mcu-wake 1", NULL }, { "dead", "dead 1" }, { "stale 100", NULL }, { "stuck-irq 10", "stuck-irq" },
	{ "silence 10", "silence" }, { "length-byte 3 next", "length-byte" }, { "seq-jump", NULL },
	{ "bad-message huge", "bad-message" }, { "boot-reply seq 4", "boot-reply" }, { "boot-dpd crc", "boot-dpd" },
	{ "wake-line 1", "wake-line" }, { "hostile 1 5", "hostile 5" }, { "mangle 0x404 drop", "mangle 0x404" },
	{ "drop-confirm 1 7", "drop-confirm 0x7" }, { "delay-confirm 9", "delay-confirm 0xffff" },
	{ "dup-confirm 7", "dup-confirm 0x7" }, { "status 6 1", "status 0x6" }, { "no-startup", NULL },
	{ "lose-scan-complete", NULL }, { "dup-scan-complete", NULL }, { "lose-channel-switch", NULL },
	{ "dup-channel-switch", NULL }, { "startup-status 2", "startup-status" }, { "scan-status 1", "scan-status" },
	{ "delay-scan-complete 9", "delay-scan-complete" }, { "rx-status 4 30", "rx-status 30" },
};

static void test_defaults(void **state)
{
	struct chip *chip = *state;
	const char *why;

	assert_int_equal(defaults(chip).n, 0);
	for (size_t i = 0; i < sizeof(waiting) / sizeof(waiting[0]); i++) {
		struct told told;

		assert_int_equal(inject(chip, waiting[i].what), 0);
		told = defaults(chip);
		assert_int_equal(told.n, 1);
		assert_memory_equal(told.last, "inject ", 7);
		assert_string_equal(told.last + 7, waiting[i].told ? waiting[i].told : waiting[i].what);
		assert_int_equal(defaults(chip).n, 0);
	}
	assert_int_equal(chip_set_knob(chip, "reset.effect", "running", &why), 0);
	assert_string_equal(defaults(chip).last, "set reset.effect running");
	assert_true(knob_is(chip->knobs, KNOB_reset_effect, "rom"));
	/* a knob of the command line is no meddling, its default is */
	assert_int_equal(chip_set_knob(chip, "rx.burst", "4", &why), 0);
	chip_keep_knobs(chip);
	assert_int_equal(defaults(chip).n, 0);
	assert_int_equal(chip_set_knob(chip, "rx.burst", "16", &why), 0);
	assert_string_equal(defaults(chip).last, "set rx.burst 16");
	assert_int_equal(knob_value(chip->knobs, KNOB_rx_burst), 4);
	assert_int_equal(defaults(chip).n, 0);
}

/* A length byte that is wrong has the toggle that was asked for */
static void test_length_byte(void **state)
{
	struct chip *chip = *state;
	struct front *f = chip->front;

	for (int toggle = 0; toggle < 2; toggle++) {
		f->run.toggle = toggle;
		assert_int_equal(inject(chip, "length-byte 0xb3"), 0);
		assert_int_equal(run_msg_hi(f), 0xb3);
		assert_int_equal(inject(chip, "length-byte 0xb3 next"), 0);
		assert_int_equal(run_msg_hi(f), toggle ? 0xb3 : 0x33);
		assert_int_equal(inject(chip, "length-byte 0x33 last"), 0);
		assert_int_equal(run_msg_hi(f), toggle ? 0x33 : 0xb3);
		assert_int_equal(run_msg_hi(f), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_mangle, setup, teardown),
		cmocka_unit_test_setup_teardown(test_usage, setup, teardown),
		cmocka_unit_test_setup_teardown(test_long, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bus, setup, teardown),
		cmocka_unit_test_setup_teardown(test_power, setup, teardown),
		cmocka_unit_test_setup_teardown(test_stuck, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hostile, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lies, setup, teardown),
		cmocka_unit_test_setup_teardown(test_leak, setup, teardown),
		cmocka_unit_test_setup_teardown(test_defaults, setup, teardown),
		cmocka_unit_test_setup_teardown(test_length_byte, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
