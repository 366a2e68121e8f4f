// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Chips of two kinds in one program: two dummies, which have other steps, ids,
 * knobs and messages than the BES2600 beside them. Nothing here may depend on
 * which kind a chip is.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "../shell.h"

#define DUMMY_LINKTYPE	148

struct chip {
	struct chip_env env;
	uint64_t seed, due;
	const char *step;
	int knob, injected, heard, done, runs, destroyed;
	uint64_t cookie;
};

static struct chip dummies[2];
static int n_dummies;

static const char *const dummy_steps[] = { "cold", "warm", NULL };

static struct chip *dummy_create(const struct chip_env *env, uint64_t seed)
{
	struct chip *chip = &dummies[n_dummies++];

	*chip = (struct chip){ .env = *env, .seed = seed, .due = UINT64_MAX, .step = "cold" };
	return chip;
}

static void dummy_destroy(struct chip *chip)
{
	chip->destroyed++;
}

static const char *dummy_step(const struct chip *chip)
{
	return chip->step;
}

/* Big endian, at the beginning */
static int dummy_id(const void *msg, size_t len)
{
	const uint8_t *p = msg;

	return len < 2 ? -1 : p[0] << 8 | p[1];
}

static bool dummy_air_rx(struct chip *chip, const uint8_t *frame, size_t len,
			 const struct air_rx_info *info, uint64_t now)
{
	(void)frame;
	(void)len;
	(void)info;
	(void)now;
	chip->heard++;
	return true;
}

static void dummy_tx_done(struct chip *chip, uint64_t cookie, const struct air_tx_result *res,
			  uint64_t now)
{
	(void)now;
	chip->done += res->acked;
	chip->cookie = cookie;
}

static uint64_t dummy_deadline(const struct chip *chip)
{
	return chip->due;
}

static void dummy_run(struct chip *chip, uint64_t now)
{
	(void)now;
	chip->due = UINT64_MAX;
	chip->runs++;
}

static int dummy_set_knob(struct chip *chip, const char *name, const char *value, const char **why)
{
	(void)why;
	if (strcmp(name, "dummy.knob"))
		return -ENOENT;
	chip->knob = atoi(value);
	return 0;
}

static int dummy_inject(struct chip *chip, const char *what, uint64_t now, const char **why)
{
	(void)what;
	(void)now;
	(void)why;
	chip->injected++;
	return 0;
}

static void dummy_defaults(struct chip *chip, uint64_t now, chip_tell tell, void *ctx)
{
	char text[32];

	(void)now;
	if (!chip->knob)
		return;
	snprintf(text, sizeof(text), "set dummy.knob %d", chip->knob);
	tell(ctx, text);
	chip->knob = 0;
}

static void dummy_print(const struct chip *chip, FILE *out)
{
	fprintf(out, "{\"knob\": %d}", chip->knob);
}

static uint64_t dummy_violations(const struct chip *chip)
{
	(void)chip;
	return 77;
}

static const struct chip_ops dummy_ops = {
	.kind = "dummy",
	.what = "a chip for this test",
	.bus = "wire",
	.linktype = DUMMY_LINKTYPE,
	.steps = dummy_steps,
	.max_id = 0xffff,
	.create = dummy_create,
	.destroy = dummy_destroy,
	.step = dummy_step,
	.message_id = dummy_id,
	.air_rx = dummy_air_rx,
	.tx_done = dummy_tx_done,
	.deadline = dummy_deadline,
	.run = dummy_run,
	.set_knob = dummy_set_knob,
	.inject = dummy_inject,
	.defaults = dummy_defaults,
	.print_knobs = dummy_print,
	.print_counters = dummy_print,
	.violations = dummy_violations,
};

static struct shell sh;
static char answer[1 << 16], bus[] = "/tmp/test_shell.XXXXXX", control[64];

/* The answer to a command */
static const char *say(const char *line)
{
	FILE *out = fmemopen(answer, sizeof(answer), "w");

	control_execute(&sh, line, out);
	fclose(out);
	return answer;
}

#define assert_says(line, text) assert_non_null(strstr(say(line), text))
#define assert_ok(line) assert_string_equal(say(line), "{\"ok\": true}")

static void start(const char *const *ids, const struct chip_ops *const *ops, int n)
{
	n_dummies = 0;
	memset(&sh, 0, sizeof(sh));
	sh.opt.seed = 1;
	sh.opt.bus_pcap = bus;
	sh.log = tmpfile();
	for (int i = 0; i < n; i++)
		assert_int_equal(shell_add_chip(&sh, ops[i], ids[i]), 0);
	assert_int_equal(loop_init(&sh), 0);
	assert_int_equal(capture_open(&sh), 0);
	snprintf(control, sizeof(control), "%s.control", bus);
	assert_int_equal(control_open(&sh, control), 0);
}

static int setup(void **state)
{
	static const char *const ids[] = { "a", "b", "c" };
	const struct chip_ops *const ops[] = { chip_kinds[0], &dummy_ops, &dummy_ops };

	(void)state;
	start(ids, ops, 3);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	control_close(&sh);
	capture_close(&sh);
	for (int i = 0; i < sh.n_devices; i++)
		sh.devices[i].ops->destroy(sh.devices[i].chip);
	air_free(sh.air);
	close(sh.epoll);
	close(sh.timer);
	fclose(sh.log);
	return 0;
}

static void test_names(void **state)
{
	(void)state;
	assert_int_equal(shell_add_chip(&sh, &dummy_ops, "b"), -EEXIST);
	assert_int_equal(shell_add_chip(&sh, &dummy_ops, "b:c"), -EINVAL);
	assert_int_equal(shell_add_chip(&sh, &dummy_ops, NULL), 0);
	assert_int_equal(shell_add_chip(&sh, &dummy_ops, "e"), -ENOSPC);
	assert_ptr_equal(shell_find_chip(&sh, "dummy"), &sh.devices[3]);
	assert_null(shell_find_chip(&sh, "d"));
	sh.n_devices = 3;
	assert_int_not_equal(dummies[0].seed, dummies[1].seed);
}

/* Each command gets to the chip that it names, and to no other */
static void test_addressed(void **state)
{
	static const char *const bare[] = { "knobs", "set dummy.knob 1", "inject x", "told", "plug",
					    "unplug", "violations", "after-messages 1 quit", "when warm quit" };

	(void)state;
	for (size_t i = 0; i < sizeof(bare) / sizeof(bare[0]); i++)
		assert_says(bare[i], "there are several chips: say");
	assert_says("chip d inject x", "no chip d");
	assert_ok("chip c set dummy.knob 5");
	assert_int_equal(dummies[1].knob, 5);
	assert_int_equal(dummies[0].knob, 0);
	assert_says("chip a set dummy.knob 5", "no knob dummy.knob");
	assert_ok("chip b inject x");
	assert_int_equal(dummies[0].injected, 1);
	assert_int_equal(dummies[1].injected, 0);
	assert_says("chip a inject x", "error");
	assert_says("chip b violations", "77");
	assert_says("chip a violations", "0");
	assert_says("chip b told", "keeps no account");
	assert_says("chip b plug", "no SDIO card");
	assert_says("chip a plug", "start the program with --vsdio");
	assert_says("counters", "\"chips\": {\"a\": {");
	assert_says("counters", ", \"b\": {\"knob\": 0}, \"c\": {\"knob\": 5}}, \"shell\"");
	assert_says("defaults", "{\"otherwise\": [\"set dummy.knob 5\"]}");
	assert_int_equal(dummies[1].knob, 0);
}

/* A scheduled command belongs to the chip that it was given for, and so does what it waits for */
static void test_later(void **state)
{
	(void)state;
	assert_says("chip b when loader inject x", "step of the boot or the id of a message, 0..0xffff");
	assert_says("chip a when warm inject x", "step of the boot or the id of a message, 0..0xfff\"");
	assert_says("chip a when 0x1000 inject x", "0..0xfff\"");
	assert_ok("chip b when 0x1000 inject x");
	assert_ok("chip c when warm inject x");
	assert_ok("chip c after-messages 2 set dummy.knob 9");
	loop_due(&sh);
	assert_int_equal(dummies[0].injected + dummies[1].injected, 0);

	dummies[0].step = "warm";	/* b: nobody waits for that */
	dummies[1].env.message(dummies[1].env.ctx, CHIP_DEV_TO_HOST, 0, "\x10\x00", 2);
	/* no message, but something of the kind's own */
	dummies[0].env.message(dummies[0].env.ctx, CHIP_DEV_TO_HOST, 5, "\x10\x00", 2);
	loop_due(&sh);
	assert_int_equal(dummies[0].injected + dummies[1].injected, 0);

	dummies[0].env.message(dummies[0].env.ctx, CHIP_DEV_TO_HOST, 0, "\x10\x00", 2);
	loop_due(&sh);
	assert_int_equal(dummies[0].injected, 1);
	dummies[1].step = "warm";
	loop_due(&sh);
	assert_int_equal(dummies[1].injected, 1);
	assert_int_equal(dummies[1].knob, 0);
	dummies[1].env.message(dummies[1].env.ctx, CHIP_HOST_TO_DEV, 0, "", 0);
	loop_due(&sh);
	assert_int_equal(dummies[1].knob, 9);
	assert_int_equal(sh.counters.messages, 3);

	assert_ok("chip c at 1 inject x");
	sh.now += NS_PER_S;
	loop_due(&sh);
	assert_int_equal(dummies[1].injected, 2);
	dummies[0].due = sh.now;
	loop_due(&sh);
	assert_int_equal(dummies[0].runs, 1);
	assert_int_equal(dummies[1].runs, 0);
}

static void send_frame(struct chip *from)
{
	static const uint8_t frame[28] = { 0x08, 0, 0, 0, 2, 0, 0, 0, 0, 0xc, 2, 0, 0, 0, 0, 0xb };
	struct air_mpdu mpdu = { .frame = frame, .len = sizeof(frame), .freq = 2437, .cookie = 42,
				 .n_rates = 1, .rates = { convert_lowest_rate(2437) } };

	mpdu.rates[0].tries = 1;
	from->env.air_tx(from->env.ctx, &mpdu);
	for (int i = 0; i < 20; i++) {
		sh.now += NS_PER_S / 1000;
		loop_due(&sh);
	}
}

/* They hear each other, each gets its own results, and one of them can be mute */
static void test_air(void **state)
{
	(void)state;
	dummies[1].env.air_tune(dummies[1].env.ctx, 2437);
	send_frame(&dummies[0]);
	assert_int_equal(dummies[1].heard, 1);
	assert_int_equal(dummies[0].heard, 0);
	assert_int_equal(dummies[0].done, 1);
	assert_int_equal(dummies[0].cookie, 42);
	assert_int_equal(dummies[1].cookie, 0);
	assert_says("stations", "\"addresses\": [\"02:00:00:00:00:0b\"], \"freq\": 0, \"muted\": false, \"name\": \"chip:b\"");
	assert_says("stations", "\"freq\": 2437, \"muted\": false, \"name\": \"chip:c\"");
	assert_says("mute chip", "no station chip");
	assert_says("mute chip:d", "no station chip:d");
	assert_ok("mute 02:00:00:00:00:0b");
	send_frame(&dummies[0]);
	assert_int_equal(dummies[1].heard, 1);
	assert_ok("unmute chip:b");
	assert_ok("air loss chip:b chip:c 1000");
	send_frame(&dummies[0]);
	assert_int_equal(dummies[1].heard, 1);
	assert_ok("chip b air loss chip chip:c 0");
	send_frame(&dummies[0]);
	assert_int_equal(dummies[1].heard, 2);
}

static void test_told(void **state)
{
	char log[4096] = "";
	size_t n;

	(void)state;
	dummies[1].env.violation(dummies[1].env.ctx, "not like this", "\x12", 1);
	dummies[0].env.log(dummies[0].env.ctx, "well");
	rewind(sh.log);
	n = fread(log, 1, sizeof(log) - 1, sh.log);
	log[n] = 0;
	assert_non_null(strstr(log, "c: violation: not like this: 12\n"));
	assert_non_null(strstr(log, "chip b: well\n"));
	assert_int_equal(sh.counters.violations, 1);
}

static bool contains(const void *bytes, size_t len, const void *what, size_t n)
{
	return memmem(bytes, len, what, n);
}

/* Each chip is an interface of the capture, with its own link type */
static void test_capture(void **state)
{
	uint8_t file[4096];
	size_t n;
	FILE *f;

	(void)state;
	dummies[1].env.message(dummies[1].env.ctx, CHIP_HOST_TO_DEV, 5, "hello", 5);
	assert_int_equal(sh.devices[2].capture, 2);
	capture_close(&sh);
	f = fopen(bus, "r");
	n = fread(file, 1, sizeof(file), f);
	fclose(f);
	assert_true(contains(file, n, "sdio a", 6));
	assert_true(contains(file, n, "wire b", 6));
	assert_true(contains(file, n, "wire c", 6));
	/* interface description: its link type; packet: interface 2, and its head */
	assert_true(contains(file, n, "\x94\x00\x00\x00", 4));
	assert_true(contains(file, n, "\x06\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00hello", 21));
	assert_int_equal(capture_open(&sh), 0);
}

/* One alone needs no name, whatever its kind */
static void test_alone(void **state)
{
	static const char *const id[] = { NULL };
	const struct chip_ops *const ops[] = { &dummy_ops };

	teardown(state);
	start(id, ops, 1);
	assert_ok("set dummy.knob 3");
	assert_ok("chip dummy inject x");
	assert_ok("when warm inject x");
	assert_ok("mute chip");
	assert_says("stations", "\"name\": \"chip\"");
	assert_says("counters", "\"chip\": {\"knob\": 3}, \"shell\"");
	assert_says("violations", "77");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_names, setup, teardown),
		cmocka_unit_test_setup_teardown(test_addressed, setup, teardown),
		cmocka_unit_test_setup_teardown(test_later, setup, teardown),
		cmocka_unit_test_setup_teardown(test_air, setup, teardown),
		cmocka_unit_test_setup_teardown(test_told, setup, teardown),
		cmocka_unit_test_setup_teardown(test_capture, setup, teardown),
		cmocka_unit_test_setup_teardown(test_alone, setup, teardown),
	};
	int failed;

	close(mkstemp(bus));
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(bus);
	return failed;
}
