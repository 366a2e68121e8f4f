// SPDX-License-Identifier: GPL-2.0-or-later
/* Knobs: what counts as a decision, and values that only a unit test can bring about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../front.h"
#include "../fw.h"
#include "hex.h"

static void set(struct knobs *k, const char *name, const char *value)
{
	const char *why;

	assert_int_equal(knobs_set(k, name, value, &why), 0);
}

/* What the counters say of a knob: the text between its braces */
static void decisions(const struct knobs *k, const char *name, char *out, size_t room)
{
	static char text[65536];
	FILE *f = fmemopen(text, sizeof(text), "w");
	char key[64];
	const char *at;

	knobs_print_decisions(k, f);
	fclose(f);
	snprintf(key, sizeof(key), "\"%s\":{", name);
	at = strstr(text, key);
	assert_non_null(at);
	at += strlen(key);
	snprintf(out, room, "%.*s", (int)strcspn(at, "}"), at);
}

static void expect(const struct knobs *k, const char *name, const char *want)
{
	char got[256];

	decisions(k, name, got, sizeof(got));
	assert_string_equal(got, want);
}

/* A default counts when it is asked for; another value when the default would have said something else */
static void test_words(void **state)
{
	struct knobs *k = *state;

	expect(k, "pm.indication", "");
	assert_false(knob_is(k, KNOB_pm_indication, "late"));
	assert_true(knob_is(k, KNOB_pm_indication, "after"));
	expect(k, "pm.indication", "\"after\":2");
	set(k, "pm.indication", "wrong");
	expect(k, "pm.indication", "\"after\":2,\"wrong\":0");
	assert_false(knob_is(k, KNOB_pm_indication, "late"));
	expect(k, "pm.indication", "\"after\":2,\"wrong\":0");
	assert_true(knob_is(k, KNOB_pm_indication, "wrong"));
	assert_false(knob_is(k, KNOB_pm_indication, "after"));
	expect(k, "pm.indication", "\"after\":2,\"wrong\":2");
}

static void test_limits(void **state)
{
	struct knobs *k = *state;

	set(k, "rx.burst", "15");
	assert_true(knob_allows(k, KNOB_rx_burst, 15));
	assert_false(knob_allows(k, KNOB_rx_burst, 17));
	expect(k, "rx.burst", "\"15\":0");
	assert_false(knob_allows(k, KNOB_rx_burst, 16));
	expect(k, "rx.burst", "\"15\":1");
	set(k, "rx.burst", "16");
	assert_true(knob_allows(k, KNOB_rx_burst, 1));
	expect(k, "rx.burst", "\"16\":1,\"15\":1");
}

static void test_moments(void **state)
{
	struct knobs *k = *state;

	/* 1000 by default */
	set(k, "join.fail_delay", "5000");
	assert_false(knob_past(k, KNOB_join_fail_delay, 10, 1, 1009));
	assert_true(knob_past(k, KNOB_join_fail_delay, 10, 1, 5010));
	expect(k, "join.fail_delay", "\"5000\":0");
	assert_false(knob_past(k, KNOB_join_fail_delay, 10, 1, 1010));
	expect(k, "join.fail_delay", "\"5000\":1");
	assert_int_equal(knob_due(k, KNOB_join_fail_delay, 10, 2), 10010);
	expect(k, "join.fail_delay", "\"5000\":1");
	knob_came(k, KNOB_join_fail_delay);
	assert_int_equal(knob_value(k, KNOB_join_fail_delay), 5000);
	expect(k, "join.fail_delay", "\"5000\":3");
}

/* ---- situations that no driver comes into, or ours does not ---- */

/*
 * Rows: with the value the chip does what the value says, and that counts. lab/scenarios/knobs.py names the reasons why
 * these stand here.
 */
struct bench {
	struct chip *chip;
	char violation[256];
	int messages;
};

static void on_violation(void *ctx, const char *what, const void *bytes, size_t len)
{
	struct bench *b = ctx;

	(void)bytes, (void)len;
	snprintf(b->violation, sizeof(b->violation), "%s", what);
}

static void on_message(void *ctx, enum chip_dir dir, unsigned int channel, const void *msg, size_t len)
{
	(void)channel, (void)msg, (void)len;
	((struct bench *)ctx)->messages += dir == CHIP_HOST_TO_DEV;
}

/* The last message for the host, its id without the sequence; 0: none */
static int answer(struct bench *b, uint32_t *status)
{
	struct message *m = b->chip->front->run.queue;

	while (m && m->next)
		m = m->next;
	if (!m)
		return 0;
	*status = m->len >= 8 ? fw_get32(m->bytes + 4) : 0;
	return fw_get16(m->bytes + 2) & 0x1fff;
}

static void quiet(struct bench *b)
{
	run_stop(b->chip->front);
	b->chip->front->run.published = true;
	b->messages = 0;
	b->violation[0] = 0;
}

static void request(struct bench *b, const char *text)
{
	uint8_t msg[512] = { 0 };

	quiet(b);
	hex(text, msg);
	fw_request(b->chip->fw, msg, fw_get16(msg));
}

/* One transfer of slots of 512 bytes, each with one of the messages */
static int transfer(struct bench *b, const char *first, const char *second, bool block)
{
	uint8_t buf[1024] = { 0 };
	size_t len = second ? 1024 : 512;

	quiet(b);
	hex(first, buf);
	if (second)
		hex(second, buf + 512);
	return run_write(b->chip->front, len | (b->chip->front->run.tx_toggle ? BES_ADDR_TOGGLE : 0), block, buf, len);
}

#define MIB "0c 00 06 00 24 10 04 00 01 00 00 00"
#define MIB_5 "0c 00 06 a0 24 10 04 00 01 00 00 00"
#define MCU "0c 00 27 0c 03 00 00 00 05 00 00 00"

static void loader(struct bench *b, const char *text, uint32_t result)
{
	struct front *f = b->chip->front;
	uint8_t buf[512] = { 0 }, reply[8];
	int error = 0;

	hex(text, buf);
	assert_int_equal(boot_write(f, 512, false, buf, sizeof(buf)), 0);
	assert_int_equal(boot_read(f, 8, reply, sizeof(reply), &error), 0);
	assert_int_equal(fw_get32(reply + 4), result);
}

static void bad_download(struct bench *b)
{
	struct front *f = b->chip->front;

	f->state = FRONT_ROM;
	f->loader.pokes = 2;
	loader(b, "b1 00 08 00 48 00 00 00 00 b0 08 20", 0);
	/* of 72 bytes eight, at the wrong place, with a wrong checksum */
	loader(b, "b2 01 0c 00 08 b0 08 20 01 02 03 04 05 06 07 08", 0);
	loader(b, "b3 02 04 00 01 02 03 04", 0);
}

static void slot_mix(struct bench *b)
{
	uint8_t buf[1024] = { 0 };

	quiet(b);
	hex(MIB, buf);
	run_write(b->chip->front, 1024 | 1, true, buf, sizeof(buf));
	assert_int_equal(b->messages, 0);
	assert_non_null(strstr(b->violation, "in a slot of 1024"));
}

static void mcu_shared(struct bench *b)
{
	transfer(b, MIB, MCU, true);
	assert_int_equal(b->messages, 2);
}

static void byte_mode(struct bench *b)
{
	transfer(b, MIB, NULL, false);
	assert_int_equal(b->messages, 0);
}

static void sequence_ignored(struct bench *b)
{
	transfer(b, MIB_5, NULL, true);
	assert_string_equal(b->violation, "");
	assert_int_equal(b->messages, 1);
}

static void sequence_fatal(struct bench *b)
{
	uint32_t status;

	transfer(b, MIB_5, NULL, true);
	assert_int_equal(answer(b, &status), WSM_IND_EXCEPTION);
	assert_true(b->chip->fw->silent);
}

static void sixth_client(struct bench *b)
{
	uint32_t status;

	b->chip->fw->ifs[0].role = FW_AP;
	request(b, "0c 00 1c 00 02 00 00 00 00 01 00 06");
	assert_int_equal(answer(b, &status), WSM_CLASS_CNF | WSM_REQ_MAP_LINK);
	assert_int_equal(status, WSM_STATUS_FAILURE);
}

static void active_again(struct bench *b)
{
	uint32_t status;

	request(b, "0c 00 06 00 06 10 04 00 10 00 00 00");
	assert_int_equal(answer(b, &status), 0);
}

static void rate0(struct bench *b)
{
	uint32_t status;

	/* 5 GHz, channel 36, without probes, rate 0 */
	request(b, "20 00 07 00 01 00 00 00 00 00 00 00 00 01 00 00"
		"24 00 00 00 0a 00 00 00 14 00 00 00 00 00 00 00");
	assert_int_equal(answer(b, &status), WSM_CLASS_CNF | WSM_REQ_START_SCAN);
	assert_int_equal(status, WSM_STATUS_INVALID);
}

/* Two channels of 5 GHz in one scan: 36 and the second one, which is 40 or does not exist */
static void two_channels(struct bench *b, const char *second)
{
	char text[256];
	uint32_t status;

	snprintf(text, sizeof(text), "30 00 07 00 01 00 00 06 00 00 00 00 00 02 00 00 "
		 "24 00 00 00 0a 00 00 00 14 00 00 00 00 00 00 00 "
		 "%s 00 00 00 0a 00 00 00 14 00 00 00 00 00 00 00", second);
	request(b, text);
	assert_string_equal(b->violation, "");
	assert_int_equal(answer(b, &status), WSM_CLASS_CNF | WSM_REQ_START_SCAN);
	assert_int_equal(status, WSM_STATUS_OK);
}

static void scan_valid(struct bench *b)
{
	two_channels(b, "28");
}

static void scan_all(struct bench *b)
{
	two_channels(b, "25");
}

/* Between 10 and 20 time units on a channel */
static void scan_min(struct bench *b)
{
	struct fw *fw = b->chip->fw;

	request(b, "20 00 07 00 00 00 00 00 00 00 00 00 00 01 00 00"
		"06 00 00 00 0a 00 00 00 14 00 00 00 00 00 00 00");
	fw_scan_step(fw);
	assert_int_equal(fw->scan.phase, FW_SCAN_DWELL);
	assert_int_equal(fw->timer[FW_T_SCAN], b->chip->now + 10 * TU);
}

static void sleeping(struct bench *b, const char *text)
{
	b->chip->front->slept_at = 0;
	request(b, text);
	b->chip->front->slept_at = UINT64_MAX;
}

static void asleep_refused(struct bench *b)
{
	uint32_t status;

	sleeping(b, MIB);
	assert_int_equal(answer(b, &status), WSM_CLASS_CNF | WSM_REQ_WRITE_MIB);
	assert_int_equal(status, WSM_STATUS_FAILURE);
}

static void asleep_unanswered(struct bench *b)
{
	uint32_t status;

	sleeping(b, MIB);
	assert_int_equal(answer(b, &status), 0);
}

/* The pin that wakes the host is not emulated: both values are heard as silence on the bus */
static void asleep_silent(struct bench *b)
{
	struct front *f = b->chip->front;

	f->slept_at = 0;
	f->card.int_enable = 3;
	f->irq_pending = true;
	front_irq_update(f);
	assert_false(front_irq(f));
	f->slept_at = UINT64_MAX;
	assert_true(front_irq(f));
}

static void joins_again(struct bench *b)
{
	static const uint8_t ap[6] = { 0xa, 0xb, 0xc, 0xd, 0xe, 0xf };
	struct wsm_join_req req = { .dtim = 1 };
	struct fw *fw = b->chip->fw;
	uint32_t status;

	fw->configured[0] = true;
	fw->ifs[0].template[WSM_TEMPLATE_PROBE_REQ].len = 24;
	fw->ifs[0].join_failed = true;
	fw_put16(&req.hdr.len, sizeof(req));
	fw_put16(&req.hdr.id, WSM_REQ_JOIN);
	fw_put16(&req.channel, 6);
	memcpy(req.bssid, ap, 6);
	fw_put32(&req.beacon_interval, 100);
	fw_put32(&req.basic_rates, 1);
	quiet(b);
	fw_request(fw, &req, sizeof(req));
	assert_string_equal(b->violation, "");
	assert_int_equal(answer(b, &status), 0);
	assert_true(fw->silent);
}

static void remove_empty(struct bench *b)
{
	uint32_t status;

	request(b, "08 00 0d 00 05 00 00 00");
	assert_int_equal(answer(b, &status), WSM_CLASS_CNF | WSM_REQ_REMOVE_KEY);
	assert_int_equal(status, WSM_STATUS_INVALID);
}

static void ring_again(struct bench *b)
{
	struct front *f = b->chip->front;

	f->state = FRONT_MAIN;
	f->status = BES_STATUS_MCU_READY | BES_STATUS_BT_READY;
	bell_ring(f, BES_CMD_BT_ACTIVE);
	assert_int_equal(f->status & BES_STATUS_BT_READY, 0);
	b->chip->now += 20 * MS;
	bell_run(f);
	assert_int_equal(f->status & BES_STATUS_BT_READY, BES_STATUS_BT_READY);
}

static const struct row {
	const char *knob, *value;
	void (*situation)(struct bench *b);
} rows[] = {
	{ "boot.check", "lax", bad_download },
	{ "tx.slot_mix", "refused", slot_mix },
	{ "tx.mcu_shared", "taken", mcu_shared },
	{ "tx.byte_mode", "ignored", byte_mode },
	{ "host.sequence", "ignored", sequence_ignored },
	{ "host.sequence", "fatal", sequence_fatal },
	{ "ap.links", "5", sixth_client },
	{ "lp.active_again", "never", active_again },
	{ "lp.commands", "refused", asleep_refused },
	{ "lp.commands", "unanswered", asleep_unanswered },
	{ "sleep.interrupt", "pin", asleep_silent },
	{ "sleep.interrupt", "none", asleep_silent },
	{ "join.again", "wedges", joins_again },
	{ "scan.rate5g", "refused", rate0 },
	{ "scan.5ghz", "valid", scan_valid },
	{ "scan.5ghz", "all", scan_all },
	{ "scan.dwell", "min", scan_min },
	{ "key.remove_empty", "refused", remove_empty },
	{ "doorbell.again", "drops", ring_again },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bench b = { 0 };
		struct chip_env env = { .ctx = &b, .violation = on_violation, .message = on_message };
		char none[64], text[64];

		b.chip = chip_new(&env, 1);
		b.chip->now = 1000 * MS;
		b.chip->front->state = FRONT_WSM;
		run_start(b.chip->front);
		fw_start(b.chip->fw);
		set(b.chip->knobs, rows[i].knob, rows[i].value);
		rows[i].situation(&b);
		snprintf(none, sizeof(none), "\"%s\":0", rows[i].value);
		decisions(b.chip->knobs, rows[i].knob, text, sizeof(text));
		if (strstr(text, none))
			fail_msg("%s=%s decided nothing", rows[i].knob, rows[i].value);
		chip_free(b.chip);
	}
}

static int setup(void **state)
{
	*state = knobs_new();
	return 0;
}

static int teardown(void **state)
{
	knobs_free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_words, setup, teardown),
		cmocka_unit_test_setup_teardown(test_limits, setup, teardown),
		cmocka_unit_test_setup_teardown(test_moments, setup, teardown),
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests_name("knobs", tests, NULL, NULL);
}
