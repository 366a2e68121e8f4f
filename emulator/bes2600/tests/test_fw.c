// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The firmware behind the front's queue: the worked examples of the message
 * sheets, then a small BSS on a fake air.
 */
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
#include "said.h"

#define MAX_AIR 64

struct bench {
	struct chip *chip;
	uint64_t now;
	int freq;
	char violation[256];
	struct air_edca edca[4];
	int edca_anew;
	struct { uint8_t bytes[FW_FRAME]; struct air_mpdu m; } air[MAX_AIR];
	int n_air;
	uint8_t msg[FW_FRAME + 64];	/* the last one taken */
	size_t len;
};

static const uint8_t own[6] = { 2, 0, 0, 0xbe, 0x57, 1 };
static const uint8_t ap[6] = { 0xa, 0xb, 0xc, 0xd, 0xe, 0xf };

static void on_tune(void *ctx, int freq)
{
	((struct bench *)ctx)->freq = freq;
}

static void on_edca(void *ctx, int ac, const struct air_edca *edca)
{
	struct bench *b = ctx;

	b->edca_anew += !edca;
	if (edca)
		b->edca[ac] = *edca;
}

static void on_violation(void *ctx, const char *what, const void *bytes, size_t len)
{
	struct bench *b = ctx;

	(void)bytes, (void)len;
	snprintf(b->violation, sizeof(b->violation), "%s", what);
}

static void on_air_tx(void *ctx, const struct air_mpdu *mpdu)
{
	struct bench *b = ctx;

	assert_true(b->n_air < MAX_AIR);
	memcpy(b->air[b->n_air].bytes, mpdu->frame, mpdu->len);
	b->air[b->n_air].m = *mpdu;
	b->air[b->n_air].m.frame = b->air[b->n_air].bytes;
	b->n_air++;
}

/* ---- the bench ---- */

static int setup(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));
	struct chip_env env = {
		.ctx = b, .air_tx = on_air_tx, .air_tune = on_tune, .violation = on_violation,
		.air_edca = on_edca,
	};

	b->chip = chip_new(&env, 1);
	b->now = b->chip->now = 1000 * MS;
	/* the front's queue is read directly; it must not pack it into bursts */
	b->chip->front->state = FRONT_WSM;
	b->chip->front->run.published = true;
	fw_start(b->chip->fw);
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct bench *b = *state;

	chip_free(b->chip);
	free(b);
	return 0;
}

static void advance(struct bench *b, uint64_t ns)
{
	uint64_t end = b->now + ns;

	while (fw_deadline(b->chip->fw) <= end) {
		if (fw_deadline(b->chip->fw) > b->now)
			b->now = fw_deadline(b->chip->fw);
		b->chip->now = b->now;
		fw_run(b->chip->fw);
	}
	b->now = b->chip->now = end;
}

/* The next message that is due, into b->msg */
static bool take(struct bench *b)
{
	struct run *r = &b->chip->front->run;
	struct message *m;

	if (!r->queue || r->queue->due > b->now)
		return false;
	m = run_unqueue(r);
	fw_sent(b->chip->fw, m->bytes);
	memcpy(b->msg, m->bytes, m->len);
	b->len = m->len;
	assert_int_equal(fw_get16(b->msg), m->len);
	free(m);
	return true;
}

static void set_knob(struct bench *b, const char *name, const char *value)
{
	const char *why;

	assert_int_equal(chip_set_knob(b->chip, name, value, &why), 0);
}

static void drain(struct bench *b)
{
	while (take(b))
		;
}

static void expect(struct bench *b, const char *text)
{
	uint8_t want[256];
	size_t n = hex(text, want);

	assert_true(take(b));
	/* the front puts in the sequence */
	want[3] &= 0x1f;
	assert_true(b->len >= n);
	assert_memory_equal(b->msg, want, n);
}

static void expect_nothing(struct bench *b)
{
	assert_false(take(b));
}

static void no_violation(struct bench *b)
{
	assert_string_equal(b->violation, "");
}

static void expect_violation(struct bench *b, const char *part)
{
	assert_non_null(strstr(b->violation, part));
	said(b->violation);
	b->violation[0] = 0;
}

static void send_msg(struct bench *b, const void *msg)
{
	fw_request(b->chip->fw, msg, fw_get16(msg));
}

static void send_hex(struct bench *b, const char *text)
{
	uint8_t msg[2048];

	hex(text, msg);
	send_msg(b, msg);
}

static void ask(struct bench *b, const char *request, const char *answer)
{
	send_hex(b, request);
	advance(b, MS);
	expect(b, answer);
}

static void send_configuration(struct bench *b)
{
	uint8_t msg[28 + 8] = { 0 };

	drain(b);
	fw_put16(msg, sizeof(msg));
	fw_put16(msg + 2, WSM_REQ_CONFIGURATION);
	fw_put16(msg + 16, sizeof(msg) - 16);
	fw_put16(msg + 18, 1);
	memcpy(msg + 20, own, 6);
	fw_put16(msg + 26, 5);
	hex("c0 02 02 03 c5 02 90 65", msg + 28);
	send_msg(b, msg);
	advance(b, MS);
}

static void configure(struct bench *b)
{
	send_configuration(b);
	drain(b);
}

static void write_mib(struct bench *b, int if_id, uint16_t id, const void *data, size_t len)
{
	uint8_t msg[2048] = { 0 };

	fw_put16(msg, 8 + len);
	fw_put16(msg + 2, WSM_REQ_WRITE_MIB | if_id << 6);
	fw_put16(msg + 4, id);
	fw_put16(msg + 6, len);
	memcpy(msg + 8, data, len);
	send_msg(b, msg);
	advance(b, MS);
	expect(b, "08 00 06 04 00 00 00 00");
}

static void probe_template(struct bench *b)
{
	uint8_t t[4 + 24 + 2 + 4] = { 0 };

	fw_put16(t + 2, sizeof(t) - 4);
	t[4] = 0x40;
	memset(t + 8, 0xff, 6);
	memcpy(t + 14, own, 6);
	memset(t + 20, 0xff, 6);
	hex("00 00 01 02 82 84", t + 28);
	write_mib(b, 0, WSM_MIB_TEMPLATE, t, sizeof(t));
}

static void policies(struct bench *b)
{
	/* MCS7 x4, MCS5 x3, MCS2 x2, 1 Mbit/s x1 */
	ask(b, "20 00 06 c0 16 10 18 00 01 00 00 00 02 0f 07 0c"
	    "00 00 00 00 01 00 00 00 00 00 00 00 02 30 40 00", "08 00 06 04 00 00 00 00");
}

static bool air_rx(struct bench *b, const uint8_t *frame, size_t len, int freq)
{
	struct air_rx_info info = {
		.freq = freq, .signal = -50, .rate = { .kbps100 = 10 },
	};

	return fw_air_rx(b->chip->fw, frame, len, &info);
}

static size_t beacon(uint8_t *out)
{
	return hex("80 00 00 00 ff ff ff ff ff ff 0a 0b 0c 0d 0e 0f 0a 0b 0c 0d 0e 0f 20 00"
		   "56 34 12 00 00 00 00 00 64 00 11 04 00 04 74 65 73 74 01 04 82 84 8b 96 03 01 06",
		   out);
}

static void hear_beacon(struct bench *b)
{
	uint8_t frame[128];

	air_rx(b, frame, beacon(frame), 2437);
}

/* Everything that is on the air ends well */
static void all_acked(struct bench *b, bool acked)
{
	struct air_tx_result res = {
		.acked = acked, .attempts = 1, .queued_ns = 350000, .media_ns = 1800000,
	};
	int i, n = b->n_air;
	uint64_t cookies[MAX_AIR];

	for (i = 0; i < n; i++)
		cookies[i] = b->air[i].m.cookie;
	b->n_air = 0;
	for (i = 0; i < n; i++)
		fw_tx_done(b->chip->fw, cookies[i], &res);
	advance(b, 0);
}

static void send_join(struct bench *b)
{
	probe_template(b);
	send_hex(b, "40 00 0b 20 01 00 06 00 0a 0b 0c 0d 0e 0f 00 00"
		 "01 01 01 00 04 00 00 00 74 65 73 74 00 00 00 00"
		 "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
		 "00 00 00 00 00 00 00 00 64 00 00 00 07 00 00 00");
}

static void join(struct bench *b)
{
	send_join(b);
	assert_int_equal(b->freq, 2437);
	all_acked(b, true);
	advance(b, 10 * MS);
	expect_nothing(b);
	hear_beacon(b);
	advance(b, MS);
}

static void joined(struct bench *b)
{
	configure(b);
	policies(b);
	join(b);
	drain(b);
	no_violation(b);
}

static void associated(struct bench *b)
{
	joined(b);
	ask(b, "10 00 11 00 00 05 01 00 cf ff 00 00 00 c0 3f 00", "08 00 11 04 00 00 00 00");
}

/* ---- worked examples ---- */

static void test_startup(void **state)
{
	struct bench *b = *state;

	advance(b, MS);
	expect(b, "98 00 01 08 1e 00 60 06 d2 07 00 00 00 00 03 00"
	       "02 00 24 04 01 00 01 00 45 4d 55 2d 4c 4d 41 43 20 31 2e 30 00");
	assert_int_equal(b->len, 152);
	ask(b, "0c 00 06 00 24 10 04 00 01 00 00 00", "08 00 06 24 00 00 00 00");
	ask(b, "0c 00 46 20 24 10 04 00 01 00 00 00", "08 00 46 44 00 00 00 00");
	no_violation(b);
	send_configuration(b);
	expect(b, "2c 00 09 64 00 00 00 00 02 00 00 be 57 01 03 00"
	       "cf ff 3f 00 50 00 00 00 c8 00 00 00 01 00 00 00"
	       "50 00 00 00 c8 00 00 00 01 00 00 00");
	no_violation(b);
}

static void test_mibs(void **state)
{
	static const char *const good[] = {
		"0c 00 06 00 06 10 04 00 12 00 00 00", "0c 00 06 60 09 10 04 00 0d 00 00 10",
		"0c 00 06 40 0e 10 04 00 00 00 b1 00", "0c 00 06 80 20 10 04 00 06 00 00 00",
		"09 00 06 a0 43 10 01 00 01",
	};
	struct bench *b = *state;
	size_t i;

	advance(b, MS);
	take(b);
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ask(b, good[i], "08 00 06 04 00 00 00 00");
	policies(b);
	no_violation(b);
	/* read back */
	ask(b, "08 00 05 00 0e 10 00 00", "10 00 05 04 00 00 00 00 0e 10 04 00 00 00 b1 00");
	ask(b, "08 00 05 00 0c 10 00 00", "64 00 05 04 00 00 00 00 0c 10 58 00");
	no_violation(b);
	/* rate 4 does not exist; a wrong size; a wrong length; an unknown number */
	ask(b, "20 00 06 c0 16 10 18 00 01 00 00 00 02 0f 07 0c"
	    "00 00 00 00 00 00 01 00 00 00 00 00 02 30 40 00", "08 00 06 04 02 00 00 00");
	expect_violation(b, "rates 4 and 5");
	ask(b, "0a 00 06 00 43 10 02 00 01 00", "08 00 06 04 02 00 00 00");
	expect_violation(b, "size");
	ask(b, "0c 00 06 00 24 10 05 00 01 00 00 00", "08 00 06 04 02 00 00 00");
	expect_violation(b, "30 §4.2");
	ask(b, "0c 00 06 00 99 10 04 00 01 00 00 00", "08 00 06 04 00 00 00 00");
	expect_violation(b, "no MIB");
}

static void test_scan(void **state)
{
	struct bench *b = *state;
	uint8_t frame[128];
	int i;

	configure(b);
	probe_template(b);
	ask(b, "40 00 07 80 00 00 00 00 00 00 00 00 02 03 00 64"
	    "01 00 00 00 64 00 00 00 64 00 00 00 00 00 00 00"
	    "06 00 00 00 64 00 00 00 64 00 00 00 00 00 00 00"
	    "0b 00 00 00 64 00 00 00 64 00 00 00 00 00 00 00", "08 00 07 c4 00 00 00 00");
	no_violation(b);
	assert_int_equal(b->freq, 2412);
	assert_int_equal(b->n_air, 2);
	/* the SSID is empty, the channel is appended */
	assert_memory_equal(b->air[0].bytes + 24, "\0\0\1\2\x82\x84\3\1\1", 9);
	assert_int_equal(b->air[0].m.len, 33);
	assert_true(b->air[0].m.no_ack);
	all_acked(b, true);
	advance(b, 103 * MS);
	assert_int_equal(b->freq, 2437);
	air_rx(b, frame, beacon(frame), 2437);
	expect(b, "53 00 84 e8 00 00 00 00 06 00 00 78 80 00 06 00"
	       "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
	       "80 00 00 00 ff ff ff ff ff ff 0a 0b 0c 0d 0e 0f"
	       "0a 0b 0c 0d 0e 0f 20 00 56 34 12 00 00 00 00 00"
	       "64 00 11 04 00 04 74 65 73 74 01 04 82 84 8b 96 03 01 06");
	assert_int_equal(b->len, 0x53);
	assert_false(air_rx(b, frame, beacon(frame), 2412));
	for (i = 0; i < 3; i++) {
		all_acked(b, true);
		advance(b, 103 * MS);
	}
	expect(b, "0c 00 06 08 00 00 00 00 00 03 00 00");
	expect_nothing(b);
	no_violation(b);
}

static void test_scan_refused(void **state)
{
	struct bench *b = *state;

	configure(b);
	/* two channels of 5 GHz; then a single one, stopped */
	ask(b, "30 00 07 00 01 00 00 06 00 00 00 00 00 02 00 64"
	    "24 00 00 00 64 00 00 00 64 00 00 00 00 00 00 00"
	    "28 00 00 00 64 00 00 00 64 00 00 00 00 00 00 00", "08 00 07 04 02 00 00 00");
	advance(b, 500 * MS);
	expect_nothing(b);
	ask(b, "20 00 07 00 01 00 00 06 00 00 00 00 00 01 00 64"
	    "24 00 00 00 64 00 00 00 64 00 00 00 00 00 00 00", "08 00 07 04 00 00 00 00");
	assert_int_equal(b->freq, 5180);
	ask(b, "04 00 08 00", "08 00 08 04 00 00 00 00");
	expect(b, "0c 00 06 08 00 00 00 00 00 00 00 00");
	no_violation(b);
	advance(b, 500 * MS);
	expect_nothing(b);
	/* channel 15 */
	ask(b, "20 00 07 00 00 00 00 00 00 00 00 00 00 01 00 64"
	    "0f 00 00 00 64 00 00 00 64 00 00 00 00 00 00 00", "08 00 07 04 02 00 00 00");
	expect_violation(b, "no such channel");
}

static void test_switch_and_pm(void **state)
{
	struct bench *b = *state;

	configure(b);
	ask(b, "08 00 16 e0 80 00 06 00", "08 00 16 64 00 00 00 00");
	expect_nothing(b);
	advance(b, 2 * MS);
	expect(b, "08 00 0a 88 00 00 00 00");
	expect_nothing(b);
	ask(b, "08 00 10 00 81 10 00 00", "08 00 10 04 00 00 00 00");
	advance(b, MS);
	expect(b, "0c 00 09 28 00 00 00 00 81");
	ask(b, "0c 00 27 0c 03 00 00 00 05 00 00 00", "10 00 27 0c 00 00 00 00 0f 00 00 00 03 00 00 00");
	ask(b, "10 00 29 00 20 4e 00 00 e0 41 01 00 00 00 00 00", "08 00 29 04 00 00 00 00");
	no_violation(b);
	ask(b, "08 00 16 e0 80 00 0f 00", "08 00 16 04 02 00 00 00");
	expect_violation(b, "no channel 15");
	advance(b, 10 * MS);
	expect_nothing(b);
}

static void test_one_at_a_time(void **state)
{
	struct bench *b = *state;

	configure(b);
	send_hex(b, "10 00 29 00 20 4e 00 00 e0 41 01 00 00 00 00 00");
	send_hex(b, "10 00 29 00 20 4e 00 00 e0 41 01 00 00 00 00 00");
	expect_violation(b, "30 §1.6");
	advance(b, MS);
	send_hex(b, "04 00 2a 00");
	expect_violation(b, "no request 002a");
}

static void test_join(void **state)
{
	struct bench *b = *state;

	configure(b);
	join(b);
	expect(b, "10 00 0b c4 00 00 00 00 50 00 00 00 c8 00 00 00");
	no_violation(b);
	hear_beacon(b);
	expect(b, "53 00 04 08 00 00 00 00 06 00 00 78 80 08 06 00");
	/* leave */
	ask(b, "08 00 0a 00 00 00 00 00", "08 00 0a 04 00 00 00 00");
	assert_int_equal(b->freq, 0);
}

static void test_join_fails(void **state)
{
	struct bench *b = *state;

	configure(b);
	send_join(b);
	advance(b, 999 * MS);
	expect_nothing(b);
	advance(b, 3 * MS);
	expect(b, "08 00 0b 04 01 00 00 00");
	no_violation(b);
}

/* ---- data ---- */

static void test_tx_refused(void **state)
{
	struct bench *b = *state;

	configure(b);
	policies(b);
	/* idle interface: 8 */
	send_hex(b, "32 00 04 00 03 00 02 00 15 00 00 20 00 00 00 00 00 00 00 00 01 00 00 00"
		 "88 01 00 00 0a 0b 0c 0d 0e 0f 02 00 00 be 57 01 aa bb cc dd ee ff 10 00 00 00");
	advance(b, 0);
	expect(b, "18 00 04 04 03 00 02 00 08 00 00 00 15");
	no_violation(b);
	/* policy 3 was never uploaded */
	send_hex(b, "32 00 04 00 03 00 02 00 15 00 00 30 00 00 00 00 00 00 00 00 01 00 00 00"
		 "88 01 00 00 0a 0b 0c 0d 0e 0f 02 00 00 be 57 01 aa bb cc dd ee ff 10 00 00 00");
	advance(b, 0);
	expect(b, "18 00 04 04 03 00 02 00 02 00 00 00 15");
	expect_violation(b, "never uploaded");
}

static const char pair_key[] =
	"30 00 0c 00 05 00 00 00 0a 0b 0c 0d 0e 0f 00 00 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f"
	"00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00";
static const char protected_frame[] =
	"54 00 04 a0 03 00 02 00 15 00 00 a0 00 00 00 00"
	"00 00 00 00 01 00 00 00 00 00 88 41 00 00 0a 0b"
	"0c 0d 0e 0f 02 00 00 be 57 01 aa bb cc dd ee ff"
	"10 00 00 00 00 00 00 00 00 00 00 00 aa aa 03 00"
	"00 00 08 00 45 46 47 48 49 4a 4b 4c 00 00 00 00"
	"00 00 00 00";

static void test_tx(void **state)
{
	struct bench *b = *state;
	const struct air_mpdu *m = &b->air[0].m;

	joined(b);
	/* no key yet */
	send_hex(b, protected_frame);
	advance(b, 0);
	expect(b, "18 00 04 44 03 00 02 00 01 00 00 00 15");
	expect_violation(b, "40 §4.3: a protected frame whose key is not there");
	ask(b, pair_key, "08 00 0c 04 00 00 00 00");
	send_hex(b, protected_frame);
	no_violation(b);
	assert_int_equal(b->n_air, 1);
	assert_int_equal(m->len, 58);
	/* IV of the first frame: packet number 1, extended IV */
	assert_memory_equal(m->frame + 26, "\1\0\0\x20\0\0\0\0", 8);
	assert_memory_not_equal(m->frame + 34, "\xaa\xaa\3", 3);
	/* MCS7 x4, MCS5 x3, MCS2 x2, 1 Mbit/s x1 */
	assert_int_equal(m->n_rates, 4);
	assert_true(m->rates[0].ht && m->rates[0].mcs == 7 && m->rates[0].tries == 4);
	assert_true(m->rates[1].ht && m->rates[1].mcs == 5 && m->rates[1].tries == 3);
	assert_true(!m->rates[3].ht && m->rates[3].kbps100 == 10 && m->rates[3].tries == 1);
	assert_int_equal(m->ac, 1);
	assert_false(m->ampdu);
	all_acked(b, true);
	expect(b, "18 00 04 44 03 00 02 00 00 00 00 00 15 00 00 00 08 07 00 00 5e 01 00 00");
}

static void test_tx_multi(void **state)
{
	struct air_tx_result res = {
		.acked = true, .attempts = 1, .in_ampdu = true, .queued_ns = 350000, .media_ns = 1800000,
	};
	struct bench *b = *state;

	joined(b);
	ask(b, "0c 00 06 00 24 10 04 00 01 00 00 00", "08 00 06 04 00 00 00 00");
	ask(b, pair_key, "08 00 0c 04 00 00 00 00");
	send_hex(b, protected_frame);
	send_hex(b, protected_frame);
	assert_int_equal(b->n_air, 2);
	fw_tx_done(b->chip->fw, b->air[0].m.cookie, &res);
	res.attempts = 2;
	fw_tx_done(b->chip->fw, b->air[1].m.cookie, &res);
	expect_nothing(b);
	advance(b, 0);
	expect(b, "30 00 1e 64 02 00 00 00 03 00 02 00 00 00 00 00"
	       "15 00 0d 00 08 07 00 00 5e 01 00 00 03 00 02 00 00 00 00 00 15 01 0d 00");
	/* a late result for a slot that is free again */
	fw_tx_done(b->chip->fw, b->air[0].m.cookie, &res);
	advance(b, 0);
	expect_nothing(b);
}

static void test_order(void **state)
{
	struct bench *b = *state;

	joined(b);
	ask(b, pair_key, "08 00 0c 04 00 00 00 00");
	send_hex(b, protected_frame);
	send_hex(b, "10 00 29 00 20 4e 00 00 e0 41 01 00 00 00 00 00");
	advance(b, 20 * MS);
	expect_nothing(b);
	all_acked(b, true);
	expect(b, "18 00 04 04 03 00 02 00 00 00 00 00");
	expect(b, "08 00 29 04 00 00 00 00");
	/* frames that a reset finds come back first */
	send_hex(b, protected_frame);
	send_hex(b, "08 00 0a 00 00 00 00 00");
	advance(b, MS);
	expect(b, "18 00 04 04 03 00 02 00 08 00 00 00");
	expect(b, "08 00 0a 04 00 00 00 00");
	no_violation(b);
}

static void test_rx_decrypt(void **state)
{
	struct bench *b = *state;
	uint8_t frame[26 + 8 + 16 + 8];
	struct fw_key key = {
		.type = WSM_KEY_AES_PAIR,
		.mac.key = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
	};

	joined(b);
	fw_key_ready(&key);
	memset(frame, 0, sizeof(frame));
	fw_put16(frame, 0x4288);
	memcpy(frame + 4, own, 6);
	memcpy(frame + 10, ap, 6);
	memcpy(frame + 16, ap, 6);
	memset(frame + 34, 0x5a, 16);
	mac_encrypt(&key.mac, frame, sizeof(frame));
	assert_true(air_rx(b, frame, sizeof(frame), 2437));
	expect(b, "5a 00 04 08 09 00 00 00");
	ask(b, pair_key, "08 00 0c 04 00 00 00 00");
	assert_true(air_rx(b, frame, sizeof(frame), 2437));
	expect(b, "5a 00 04 08 00 00 00 00 06 00 00 78 03 08 01 00");
	assert_int_equal(b->msg[32 + 34], 0x5a);
	assert_int_equal(b->msg[32 + 34 + 15], 0x5a);
	frame[40] ^= 1;
	assert_true(air_rx(b, frame, sizeof(frame), 2437));
	expect(b, "5a 00 04 08 04 00 00 00");
	frame[40] ^= 1;
	/* stripped, with the replay check of the device */
	set_knob(b, "rx.cipher", "7");
	assert_true(air_rx(b, frame, sizeof(frame), 2437));
	expect(b, "4a 00 04 08 00 00 00 00 06 00 00 78 07 08 01 00");
	assert_true(air_rx(b, frame, sizeof(frame), 2437));
	expect_nothing(b);
	no_violation(b);
}

static void test_room(void **state)
{
	struct bench *b = *state;
	uint8_t msg[84];

	joined(b);
	ask(b, pair_key, "08 00 0c 04 00 00 00 00");
	hex(protected_frame, msg);
	msg[26 + 26] = 1;
	send_msg(b, msg);
	expect_violation(b, "room for the IV");
	hex(protected_frame, msg);
	msg[83] = 1;
	send_msg(b, msg);
	expect_violation(b, "room for MIC");
}

static void test_block_ack(void **state)
{
	static const uint8_t ba[4] = { 0xb1, 0, 0xb1, 0 }, mode[8] = { 0x1f };
	struct bench *b = *state;
	uint8_t frame[64];
	size_t n;

	associated(b);
	write_mib(b, 0, WSM_MIB_BA_POLICY, ba, 4);
	write_mib(b, 0, WSM_MIB_ASSOC_MODE, mode, 8);
	ask(b, pair_key, "08 00 0c 04 00 00 00 00");
	send_hex(b, protected_frame);
	/* our request, from the sequence number of the frame, then the frame */
	assert_int_equal(b->n_air, 2);
	assert_memory_equal(b->air[0].bytes, "\xd0\0", 2);
	assert_memory_equal(b->air[0].bytes + 24, "\3\0\1\x02\x10\0\0\x10\0", 9);
	assert_false(b->air[1].m.ampdu);
	all_acked(b, true);
	drain(b);
	n = hex("d0 00 00 00 02 00 00 be 57 01 0a 0b 0c 0d 0e 0f 0a 0b 0c 0d 0e 0f 00 00"
		"03 01 01 00 00 02 10 00 00", frame);
	assert_true(air_rx(b, frame, n, 2437));
	expect_nothing(b);
	/* it came before the session: the window begins behind it */
	assert_int_equal(b->n_air, 1);
	assert_memory_equal(b->air[0].bytes, "\x84\0", 2);
	assert_memory_equal(b->air[0].bytes + 16, "\4\0\x20\0", 4);
	all_acked(b, true);
	send_hex(b, protected_frame);
	assert_int_equal(b->n_air, 1);
	assert_true(b->air[0].m.ampdu);
	/* lost: the window is moved on */
	all_acked(b, false);
	expect(b, "18 00 04 04 03 00 02 00 06 00 00 00");
	assert_int_equal(b->n_air, 1);
	assert_memory_equal(b->air[0].bytes, "\x84\0", 2);
	assert_memory_equal(b->air[0].bytes + 16, "\4\0\x20\0", 4);
	all_acked(b, true);
	/* the AP asks: answered, and shown to the host */
	n = hex("d0 00 00 00 02 00 00 be 57 01 0a 0b 0c 0d 0e 0f 0a 0b 0c 0d 0e 0f 10 00"
		"03 00 07 02 10 00 00 00 00", frame);
	assert_true(air_rx(b, frame, n, 2437));
	assert_int_equal(b->n_air, 1);
	assert_memory_equal(b->air[0].bytes + 24, "\3\1\7\0\0\x02\x10\0\0", 9);
	assert_true(take(b));
	assert_memory_equal(b->msg + 32 + 24, "\3\0\7", 3);
	all_acked(b, true);
	/* TID 1 is not in the mask */
	n = hex("d0 00 00 00 02 00 00 be 57 01 0a 0b 0c 0d 0e 0f 0a 0b 0c 0d 0e 0f 20 00"
		"03 00 08 06 10 00 00 00 00", frame);
	assert_true(air_rx(b, frame, n, 2437));
	assert_memory_equal(b->air[0].bytes + 24, "\3\1\x08\x25\0", 5);
	no_violation(b);
}

static void test_beacon_loss(void **state)
{
	struct bench *b = *state;

	associated(b);
	advance(b, 5 * 103 * MS);
	expect(b, "0c 00 05 08 01 00 00 00 00 00 00 00");
	advance(b, 5000 * MS);
	expect_nothing(b);
	hear_beacon(b);
	expect(b, "0c 00 05 08 02 00 00 00 00 00 00 00");
	assert_true(take(b));
	/* filter on: nothing changes, nothing comes */
	ask(b, "10 00 06 20 05 10 08 00 07 00 00 00 00 00 00 00", "08 00 06 04 00 00 00 00");
	hear_beacon(b);
	expect_nothing(b);
	no_violation(b);
}

static void test_power_save(void **state)
{
	struct bench *b = *state;
	uint8_t frame[128];
	size_t n;

	associated(b);
	send_hex(b, "08 00 10 00 01 10 00 00");
	assert_int_equal(b->n_air, 1);
	assert_memory_equal(b->air[0].bytes, "\x48\x11", 2);
	advance(b, MS);
	expect(b, "08 00 10 04 00 00 00 00");
	all_acked(b, true);
	advance(b, MS);
	expect(b, "0c 00 09 28 00 00 00 00 01 00 00 00");
	/* our bit in the TIM: we poll */
	n = beacon(frame);
	n += hex("05 04 00 01 00 02", frame + n);
	air_rx(b, frame, n, 2437);
	assert_int_equal(b->n_air, 1);
	assert_memory_equal(b->air[0].bytes, "\xa4\0\1\xc0", 4);
	expect(b, "59 00 04 08 00 00 00 00 06 00 00 78 80 09 06 00");
	no_violation(b);
}

/* The fast mode: null frames tell the AP, and the PM bit of each frame */
static void test_fast_power_save(void **state)
{
	struct bench *b = *state;
	uint8_t frame[128];
	size_t n;

	associated(b);
	ask(b, pair_key, "08 00 0c 04 00 00 00 00");
	send_hex(b, "08 00 10 00 81 10 00 00");
	all_acked(b, true);
	advance(b, MS);
	assert_true(take(b) && take(b));
	assert_false(fw_ps_awake(&b->chip->fw->ifs[0]));
	/* our bit in the TIM: awake until nothing came for 8 ms */
	n = beacon(frame);
	n += hex("05 04 00 01 00 02", frame + n);
	air_rx(b, frame, n, 2437);
	assert_true(take(b));
	assert_int_equal(b->n_air, 1);
	assert_memory_equal(b->air[0].bytes, "\x48\x01", 2);
	all_acked(b, true);
	advance(b, 7 * MS);
	assert_int_equal(b->n_air, 0);
	advance(b, MS);
	assert_int_equal(b->n_air, 1);
	assert_memory_equal(b->air[0].bytes, "\x48\x11", 2);
	/* not acknowledged: the AP does not know, so we stay */
	all_acked(b, false);
	assert_true(fw_ps_awake(&b->chip->fw->ifs[0]));
	advance(b, 8 * MS);
	assert_memory_equal(b->air[0].bytes, "\x48\x11", 2);
	all_acked(b, true);
	assert_false(fw_ps_awake(&b->chip->fw->ifs[0]));
	/* a frame of the host wakes by itself, and crosses our good night unharmed */
	send_hex(b, protected_frame);
	assert_int_equal(b->n_air, 1);
	assert_int_equal(b->air[0].bytes[1] & 0x10, 0);
	/* no good night before its fate is known */
	advance(b, 20 * MS);
	assert_int_equal(b->n_air, 1);
	all_acked(b, true);
	advance(b, 20 * MS);
	assert_int_equal(b->n_air, 1);
	assert_memory_equal(b->air[0].bytes, "\x48\x11", 2);
	send_hex(b, protected_frame);
	assert_int_equal(b->n_air, 2);
	all_acked(b, true);
	assert_true(fw_ps_awake(&b->chip->fw->ifs[0]));
	no_violation(b);
}

static void test_keep_alive(void **state)
{
	struct bench *b = *state;
	static const uint8_t alive[4] = { 15 };

	associated(b);
	b->chip->fw->ifs[0].beacon_lost = 0;
	write_mib(b, 0, WSM_MIB_KEEP_ALIVE, alive, 4);
	advance(b, 16000 * MS);
	assert_int_equal(b->n_air, 1);
	assert_memory_equal(b->air[0].bytes, "\x48\1", 2);
}

static void test_igtk(void **state)
{
	struct bench *b = *state;
	struct fw *fw;
	uint8_t frame[128] = { 0xc0, 0 };
	size_t n;

	associated(b);
	ask(b, "30 00 0c 00 08 03 00 00 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 04 00 00 00"
	    "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00", "08 00 0c 04 00 00 00 00");
	fw = b->chip->fw;
	memset(frame + 4, 0xff, 6);
	memcpy(frame + 10, ap, 6);
	memcpy(frame + 16, ap, 6);
	frame[24] = 3;
	n = fw_add_mmie(fw, &fw->ifs[0], frame, 26);
	assert_int_equal(n, 44);
	assert_false(air_rx(b, frame, n, 2437));
	expect(b, "4c 00 04 08 00 00 00 00");
	frame[40] ^= 1;
	air_rx(b, frame, n, 2437);
	expect(b, "4c 00 04 08 04 00 00 00");
	no_violation(b);
}

static void test_ciphers_round(void **state)
{
	static const uint8_t types[] = { WSM_KEY_AES_PAIR, WSM_KEY_TKIP_PAIR, WSM_KEY_WEP_PAIR };
	struct bench *b = *state;
	struct fw *fw = b->chip->fw;
	size_t i;

	joined(b);
	for (i = 0; i < sizeof(types); i++) {
		struct fw_key *key = &fw->keys[0];
		uint8_t frame[200] = { 0 };
		uint32_t flags = 0;
		bool replay = false;
		size_t len;

		memset(key, 0, sizeof(*key));
		key->used = true;
		key->type = types[i];
		key->mac.key_len = 13;
		memcpy(key->peer, ap, 6);
		memset(key->mac.key, 0x11, 16);
		memset(key->mac.rx_mic, 0x22, 8);
		memset(key->mac.tx_mic, 0x22, 8);
		fw_key_ready(key);
		fw_put16(frame, 0x4208);
		memcpy(frame + 4, own, 6);
		memcpy(frame + 10, ap, 6);
		memcpy(frame + 16, ap, 6);
		len = 24 + mac_key_iv(&key->mac) + 37 + mac_key_tail(&key->mac);
		memset(frame + 24 + mac_key_iv(&key->mac), 0x77, 37);
		mac_encrypt(&key->mac, frame, len);
		assert_int_equal(fw_decrypt(fw, &fw->ifs[0], frame, &len, &flags, &replay), 0);
		assert_int_equal(frame[24 + mac_key_iv(&key->mac)], 0x77);
		assert_int_equal(frame[24 + mac_key_iv(&key->mac) + 36], 0x77);
	}
}

static void test_ap(void **state)
{
	struct bench *b = *state;
	uint8_t t[4 + 64] = { 1, 0 }, frame[64];
	size_t n = beacon(t + 4);

	configure(b);
	memcpy(t + 14, own, 6);
	memcpy(t + 20, own, 6);
	fw_put16(t + 2, n);
	write_mib(b, 0, WSM_MIB_TEMPLATE, t, 4 + n);
	t[0] = 5;
	t[4] = 0x50;
	write_mib(b, 0, WSM_MIB_TEMPLATE, t, 4 + n);
	ask(b, "38 00 17 00 00 00 06 00 00 00 00 00 64 00 00 00 02 01 64 04 74 65 73 74 00 00 00 00"
	    "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 0f 00 00 00",
	    "08 00 17 04 00 00 00 00");
	advance(b, 103 * MS);
	assert_int_equal(b->n_air, 1);
	assert_int_equal(b->air[0].m.len, n + 6);
	all_acked(b, true);
	n = hex("40 00 00 00 ff ff ff ff ff ff 0a 0b 0c 0d 0e 0f ff ff ff ff ff ff 00 00 00 00", frame);
	air_rx(b, frame, n, 2437);
	assert_int_equal(b->n_air, 1);
	assert_int_equal(b->air[0].bytes[0], 0x50);
	ask(b, "0c 00 1c 00 0a 0b 0c 0d 0e 0f 00 03", "08 00 1c 04 00 00 00 00");
	n = hex("b0 00 00 00 02 00 00 be 57 01 0a 0b 0c 0d 0e 0f 02 00 00 be 57 01 00 00 00 00 01 00 00 00",
		frame);
	air_rx(b, frame, n, 2437);
	expect(b, "3e 00 04 08 00 00 00 00 06 00 00 78 00 00 01 06");
	no_violation(b);
}

/* A scan beside a BSS: the AP is told before and after, home gets its time */
static void test_scan_joined(void **state)
{
	struct bench *b = *state;
	uint8_t frame[128];

	associated(b);
	ask(b, pair_key, "08 00 0c 04 00 00 00 00");
	send_hex(b, "30 00 07 80 00 01 01 00 00 00 00 00 00 02 00 64"
		 "01 00 00 00 64 00 00 00 64 00 00 00 00 00 00 00"
		 "0b 00 00 00 64 00 00 00 64 00 00 00 00 00 00 00");
	advance(b, MS);
	expect(b, "08 00 07 04 00 00 00 00");
	assert_int_equal(b->n_air, 1);
	assert_memory_equal(b->air[0].bytes, "\x48\x11", 2);
	assert_int_equal(b->freq, 2437);
	all_acked(b, true);
	assert_int_equal(b->freq, 2412);
	/* a frame for the BSS waits until we are home */
	send_hex(b, protected_frame);
	assert_int_equal(b->n_air, 0);
	assert_false(air_rx(b, frame, beacon(frame), 2437));
	advance(b, 103 * MS);
	assert_int_equal(b->freq, 2437);
	assert_int_equal(b->n_air, 2);
	assert_int_equal(b->air[0].m.len, 58);
	assert_memory_equal(b->air[1].bytes, "\x48\x01", 2);
	all_acked(b, true);
	expect(b, "18 00 04 04 03 00 02 00 00 00 00 00");
	advance(b, 50 * MS);
	all_acked(b, true);
	assert_int_equal(b->freq, 2462);
	advance(b, 103 * MS);
	assert_int_equal(b->freq, 2437);
	expect(b, "0c 00 06 08 00 00 00 00 00 02 00 00");
	no_violation(b);
}

static void test_amsdu(void **state)
{
	struct bench *b = *state;
	uint8_t frame[200];
	size_t n;

	joined(b);
	n = hex("88 02 00 00 02 00 00 be 57 01 0a 0b 0c 0d 0e 0f 0a 0b 0c 0d 0e 0f 00 00 80 00"
		"02 00 00 be 57 01 aa aa aa aa aa 01 00 0a aa aa 03 00 00 00 08 00 11 22"
		"02 00 00 be 57 01 aa aa aa aa aa 02 00 09 aa aa 03 00 00 00 08 00 33", frame);
	assert_true(air_rx(b, frame, n, 2437));
	expect(b, "44 00 04 08 00 00 00 00");
	assert_memory_equal(b->msg + 32 + 16, "\xaa\xaa\xaa\xaa\xaa\1", 6);
	assert_int_equal(b->msg[32 + 24], 0);
	expect(b, "43 00 04 08 00 00 00 00");
	set_knob(b, "rx.amsdu", "whole");
	frame[22] = 0x10;
	assert_true(air_rx(b, frame, n, 2437));
	assert_true(take(b));
	assert_int_equal(b->len, 32 + n);
	expect_nothing(b);
}

static void test_forms(void **state)
{
	static const struct { const char *form; int n; uint8_t psm; uint32_t status; } pm[] = {
		{ "after", 1, 0x81, 0 }, { "never", 0, 0, 0 }, { "wrong", 1, 0x80, 0 }, { "status", 1, 0x81, 1 },
		{ "twice", 2, 0x81, 0 }, { "fast-only", 1, 0x81, 0 }, { "not-active", 1, 0x81, 0 },
	};
	struct bench *b = *state;
	size_t i;
	int n;

	configure(b);
	for (i = 0; i < sizeof(pm) / sizeof(pm[0]); i++) {
		set_knob(b, "pm.indication", pm[i].form);
		ask(b, "08 00 10 00 81 10 00 00", "08 00 10 04 00 00 00 00");
		advance(b, MS);
		for (n = 0; take(b); n++) {
			assert_int_equal(b->msg[4], pm[i].status);
			assert_int_equal(b->msg[8], pm[i].psm);
		}
		assert_int_equal(n, pm[i].n);
	}
	set_knob(b, "pm.indication", "before");
	send_hex(b, "08 00 10 00 01 10 00 00");
	expect(b, "0c 00 09 08 00 00 00 00 01");
	advance(b, MS);
	expect(b, "08 00 10 04 00 00 00 00");
	set_knob(b, "mcu.confirm", "20");
	ask(b, "0c 00 27 0c 03 00 00 00 05 00 00 00",
	    "14 00 27 0c 00 00 00 00 0f 00 00 00 00 00 00 00 00 00 00 00");
	set_knob(b, "confirm.interface", "zero");
	ask(b, "0c 00 46 20 24 10 04 00 01 00 00 00", "08 00 06 04 00 00 00 00");
	no_violation(b);
}

/* 0x0009 a second time: keeps all, or forgets policies and merged confirms */
static void test_config_again(void **state)
{
	struct bench *b = *state;
	static const uint8_t one[4] = { 1 };

	configure(b);
	policies(b);
	write_mib(b, 0, WSM_MIB_MULTI_TX_CNF, one, 4);
	send_configuration(b);
	assert_true(b->chip->fw->policy[2].used && b->chip->fw->ifs[0].multi_tx);
	set_knob(b, "config.again", "forgets");
	configure(b);
	assert_false(b->chip->fw->policy[2].used || b->chip->fw->ifs[0].multi_tx);
	ask(b, "08 00 05 00 24 10 00 00", "10 00 05 04 00 00 00 00 24 10 04 00 00 00 00 00");
	no_violation(b);
}

/* 0x080a takes as long as the knob says */
static void test_channel_indication(void **state)
{
	struct bench *b = *state;

	configure(b);
	set_knob(b, "channel.indication", "3000");
	ask(b, "08 00 16 00 80 00 0b 00", "08 00 16 04 00 00 00 00");
	advance(b, 2999 * MS);
	expect_nothing(b);
	advance(b, MS);
	expect(b, "08 00 0a 08 00 00 00 00");
	no_violation(b);
}

/* No more frames than there is room for; the rest is not acknowledged, and comes through once there is */
static void test_rx_buffer(void **state)
{
	struct bench *b = *state;
	uint8_t frame[128];
	size_t n = hex("08 02 00 00 02 00 00 be 57 01 0a 0b 0c 0d 0e 0f 0a 0b 0c 0d 0e 0f 00 00"
		       "aa aa 03 00 00 00 08 00 11 22", frame);
	int i;

	joined(b);
	drain(b);
	set_knob(b, "rx.buffer", "3");
	for (i = 0; i < 5; i++) {
		frame[22] = i << 4;
		assert_int_equal(air_rx(b, frame, n, 2437), i < 3);
	}
	assert_int_equal(b->chip->fw->count.rx_overflows, 2);
	assert_true(take(b));
	frame[22] = 0x50;
	assert_true(air_rx(b, frame, n, 2437));
	for (i = 0; take(b); i++)
		;
	assert_int_equal(i, 3);
	no_violation(b);
}

/* 0x0806 with an error, late, lost, twice */
static void test_scan_ends(void **state)
{
	static const struct {
		const char *what;
		int later;	/* ms after the channel, -1: never */
		const char *end;
		int times;
	} cases[] = {
		{ "scan-status 1", 0, "0c 00 06 08 01 00 00 00 00 01 00 00", 1 },
		{ "delay-scan-complete 700", 700, "0c 00 06 08 00 00 00 00 00 01 00 00", 1 },
		{ "lose-scan-complete", -1, NULL, 0 },
		{ "dup-scan-complete", 0, "0c 00 06 08 00 00 00 00 00 01 00 00", 2 },
		{ NULL, 0, "0c 00 06 08 00 00 00 00 00 01 00 00", 1 },
	};
	struct bench *b = *state;
	const char *why = NULL;

	configure(b);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (cases[i].what)
			assert_int_equal(chip_inject(b->chip, cases[i].what, b->now, &why), 0);
		ask(b, "20 00 07 00 00 00 00 00 00 00 00 00 00 01 00 64"
		    "01 00 00 00 64 00 00 00 64 00 00 00 00 00 00 00", "08 00 07 04 00 00 00 00");
		advance(b, 105 * MS);
		if (cases[i].later) {
			expect_nothing(b);
			advance(b, 700 * MS);
		}
		for (int n = 0; n < cases[i].times; n++)
			expect(b, cases[i].end);
		/* a host that has lost the end does not scan again, but resets the chip */
		b->chip->fw->scan_owed = false;
		expect_nothing(b);
	}
	no_violation(b);
}

static void test_inject(void **state)
{
	struct bench *b = *state;
	const char *why = NULL;

	configure(b);
	assert_int_equal(chip_inject(b->chip, "event 7 2", b->now, &why), 0);
	expect(b, "0c 00 05 08 07 00 00 00 02 00 00 00");
	assert_int_equal(chip_inject(b->chip, "drop-confirm 1", b->now, &why), 0);
	send_hex(b, "10 00 29 00 20 4e 00 00 e0 41 01 00 00 00 00 00");
	advance(b, 10 * MS);
	expect_nothing(b);
	assert_int_equal(chip_inject(b->chip, "status 0x16 1 1", b->now, &why), 0);
	ask(b, "08 00 16 e0 80 00 06 00", "08 00 16 64 01 00 00 00");
	advance(b, 10 * MS);
	expect_nothing(b);
	assert_true(chip_inject(b->chip, "event x", b->now, &why) < 0);
	assert_int_equal(chip_inject(b->chip, "scan-complete 3", b->now, &why), 0);
	expect(b, "0c 00 06 08 03 00 00 00 00 00 00 00");
	assert_int_equal(chip_inject(b->chip, "exception", b->now, &why), 0);
	expect(b, "80 00 00 08 04 00 00 00");
	send_hex(b, "10 00 29 00 20 4e 00 00 e0 41 01 00 00 00 00 00");
	advance(b, 10 * MS);
	expect_nothing(b);
	no_violation(b);
}

/* 30 section 4.13, in the order BK, BE, VI, VO; the air hears of it */
static void test_edca(void **state)
{
	struct bench *b = *state;
	static const struct air_edca want[4] = {
		{ 7, 15, 1023 }, { 3, 15, 1023 }, { 2, 7, 15 }, { 2, 3, 7 },
	};

	assert_int_equal(b->edca_anew, 4);
	send_configuration(b);
	advance(b, 10 * MS);
	drain(b);
	ask(b, "30 00 13 00 0f 00 0f 00 07 00 03 00 ff 03 ff 03 0f 00 07 00 07 03 02 02"
	    "00 00 00 00 c0 0b e0 05 c8 00 00 00 c8 00 00 00 c8 00 00 00 c8 00 00 00",
	    "08 00 13 04 00 00 00 00");
	for (int ac = 0; ac < 4; ac++) {
		assert_int_equal(b->edca[ac].aifsn, want[ac].aifsn);
		assert_int_equal(b->edca[ac].cw_min, want[ac].cw_min);
		assert_int_equal(b->edca[ac].cw_max, want[ac].cw_max);
	}
	no_violation(b);
	/* a new start forgets it */
	fw_start(b->chip->fw);
	assert_int_equal(b->edca_anew, 8);
}

/* One after the other, each a while after the one before */
static void test_rx_jitter(void **state)
{
	struct bench *b = *state;
	uint8_t frame[40] = { 0x80 };
	const struct air_rx_info info = { .freq = 2437, .signal = -60 };
	const char *why;
	uint64_t last;

	advance(b, 10 * MS);
	drain(b);
	last = b->now;
	assert_int_equal(chip_set_knob(b->chip, "rx.jitter", "10", &why), 0);
	for (int i = 0; i < 16; i++)
		fw_rx_indicate(b->chip->fw, 0, frame, sizeof(frame), &info, 0, 0);
	for (const struct message *m = b->chip->front->run.queue; m; m = m->next) {
		assert_in_range(m->due, last, last + 10000);
		last = m->due;
	}
	assert_in_range(last, b->now + 16 * 2500, b->now + 16 * 7500);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_edca), T(test_rx_jitter), T(test_startup), T(test_mibs), T(test_scan), T(test_scan_refused), T(test_switch_and_pm),
		T(test_one_at_a_time), T(test_join), T(test_join_fails), T(test_tx_refused), T(test_tx),
		T(test_tx_multi), T(test_order), T(test_rx_decrypt), T(test_room), T(test_block_ack),
		T(test_beacon_loss), T(test_power_save), T(test_fast_power_save), T(test_keep_alive),
		T(test_igtk),
		T(test_ciphers_round), T(test_ap), T(test_scan_joined), T(test_amsdu), T(test_config_again), T(test_channel_indication), T(test_rx_buffer), T(test_forms),
		T(test_scan_ends),
		T(test_inject),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
