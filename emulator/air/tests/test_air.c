// SPDX-License-Identifier: GPL-2.0-or-later
/* The channel: durations, the published limits, loss and retries, fairness. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "../air.h"

#define S 1000000000ULL

struct world {
	struct air *air;
	int from, to, other;
	unsigned int done, acked, heard[4], attempts;
	uint64_t last_cookie;
	bool ordered, refill;
	struct air_mpdu mpdu;
	uint64_t now, next_cookie;
};

static bool deliver(void *ctx, int station, const uint8_t *frame, size_t len, const struct air_rx_info *info)
{
	struct world *w = ctx;

	(void)len;
	(void)info;
	w->heard[station]++;
	return frame[4] == station;
}

static void tx_done(void *ctx, int station, uint64_t cookie, const struct air_tx_result *res)
{
	struct world *w = ctx;

	w->done++;
	w->acked += res->acked;
	w->attempts += res->attempts;
	w->ordered &= cookie > w->last_cookie;
	w->last_cookie = cookie;
	if (w->refill) {
		w->mpdu.cookie = ++w->next_cookie;
		air_submit(w->air, station, &w->mpdu, w->now);
	}
}

static void run(struct world *w, uint64_t until)
{
	while (air_deadline(w->air) <= until) {
		w->now = air_deadline(w->air);
		air_run(w->air, w->now);
	}
}

static void setup_world(struct world *w, const struct air_rate *rate, size_t len, bool ampdu)
{
	static const struct air_ops ops = { .deliver = deliver, .tx_done = tx_done };
	static uint8_t frame[AIR_MAX_FRAME];

	memset(w, 0, sizeof(*w));
	w->air = air_new(&ops, w, 1);
	w->from = air_add_station(w->air, "a");
	w->to = air_add_station(w->air, "b");
	w->other = air_add_station(w->air, "c");
	w->ordered = true;
	memset(frame, 0, sizeof(frame));
	frame[0] = 0x88;
	frame[4] = w->to;
	w->mpdu = (struct air_mpdu){ .frame = frame, .len = len, .freq = 2437, .ac = 1, .ampdu = ampdu,
				     .n_rates = 1 };
	w->mpdu.rates[0] = *rate;
	w->mpdu.rates[0].tries = 7;
}

/* UDP payload in Mbit/s of a saturated link */
static double saturate(const struct air_rate *rate, int frames)
{
	struct world w;
	double mbps;

	/* 1472 payload, UDP, IP, LLC, QoS header, CCMP */
	setup_world(&w, rate, 1472 + 8 + 20 + 8 + 26 + 16, frames > 1);
	air_set_max_ampdu(w.air, frames);
	w.refill = true;
	for (int i = 0; i < 128; i++) {
		w.mpdu.cookie = ++w.next_cookie;
		air_submit(w.air, w.from, &w.mpdu, 0);
	}
	run(&w, S);
	mbps = w.acked * 1472 * 8 / 1e6;
	air_free(w.air);
	return mbps;
}

static void test_durations(void **state)
{
	const struct air_rate cck = { .kbps100 = 10 }, ofdm = { .kbps100 = 240 };
	const struct air_rate ht = { .ht = true, .mcs = 7, .sgi = true };
	size_t len = 10;

	(void)state;
	/* an ACK at 24 Mbit/s is 28 us; 14 bytes at 1 Mbit/s take 192 + 112 us */
	assert_int_equal(air_ppdu_ns(&ofdm, &len, 1, false), 28000);
	assert_int_equal(air_ppdu_ns(&cck, &len, 1, false), 304000);
	len = 1500 - 4;
	/* 12022 bits in symbols of 260 bits: 47 symbols of 3.6 us */
	assert_int_equal(air_ppdu_ns(&ht, &len, 1, false), 36000 + 47 * 3600);
}

static void test_limits(void **state)
{
	static const struct {
		struct air_rate rate;
		int frames, mbps;
	} rows[] = {
		{ { .ht = true, .mcs = 7 }, 1, 30 }, { { .ht = true, .mcs = 7 }, 8, 54 },
		{ { .ht = true, .mcs = 7 }, 16, 58 }, { { .ht = true, .mcs = 7, .sgi = true }, 1, 32 },
		{ { .ht = true, .mcs = 7, .sgi = true }, 20, 65 },
		{ { .ht = true, .mcs = 7, .bw40 = true }, 16, 113 },
		{ { .ht = true, .mcs = 7, .bw40 = true, .sgi = true }, 8, 110 },
		{ { .ht = true, .mcs = 7, .bw40 = true, .sgi = true }, 20, 127 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		double mbps = saturate(&rows[i].rate, rows[i].frames);

		if (mbps < rows[i].mbps - 2 || mbps > rows[i].mbps + 2)
			fail_msg("row %zu: %.1f Mbit/s, %d expected", i, mbps, rows[i].mbps);
	}
}

static void test_loss(void **state)
{
	const struct air_rate rate = { .ht = true, .mcs = 7 };
	struct world w;

	(void)state;
	setup_world(&w, &rate, 500, false);
	air_set_loss(w.air, w.from, w.to, 500);
	for (int i = 1; i <= 200; i++) {
		w.mpdu.cookie = i;
		air_submit(w.air, w.from, &w.mpdu, 0);
	}
	run(&w, S);
	assert_int_equal(w.done, 200);
	assert_true(w.ordered);
	assert_in_range(w.acked, 190, 200);
	assert_in_range(w.attempts, 300, 500);
	air_free(w.air);
}

static void test_nobody_answers(void **state)
{
	const struct air_rate rate = { .kbps100 = 60 };
	struct world w;

	(void)state;
	setup_world(&w, &rate, 100, false);
	air_tune(w.air, w.to, 2412);
	w.mpdu.cookie = 1;
	air_submit(w.air, w.from, &w.mpdu, 0);
	run(&w, S);
	assert_int_equal(w.done, 1);
	assert_int_equal(w.acked, 0);
	assert_int_equal(w.attempts, 7);
	assert_int_equal(w.heard[w.to], 0);
	assert_int_equal(w.heard[w.other], 7);
	air_free(w.air);
}

/* One queue, two channels: the end of a transmission on one lets the other go on. */
static void test_two_channels(void **state)
{
	const struct air_rate rate = { .kbps100 = 60 };
	struct world w;

	(void)state;
	setup_world(&w, &rate, 100, false);
	for (int i = 1; i <= 4; i++) {
		w.mpdu.cookie = i;
		w.mpdu.freq = i <= 2 ? 2437 : 2412;
		assert_int_equal(air_submit(w.air, w.from, &w.mpdu, 0), 0);
	}
	run(&w, S);
	assert_int_equal(w.done, 4);
	assert_int_equal(w.acked, 4);
	assert_true(w.ordered);
	assert_true(w.now < S / 100);
	air_free(w.air);
}

/* More channels than there are media at a time: nobody is forgotten, nobody loses his place. */
static void test_many_channels(void **state)
{
	const struct air_rate rate = { .kbps100 = 60 };
	struct world w;

	(void)state;
	setup_world(&w, &rate, 100, false);
	for (int i = 1; i <= 40; i++) {
		w.mpdu.cookie = i;
		w.mpdu.freq = 5000 + 5 * i;
		assert_int_equal(air_submit(w.air, i & 1 ? w.from : w.other, &w.mpdu, 0), 0);
	}
	run(&w, S);
	assert_int_equal(w.done, 40);
	assert_int_equal(w.acked, 40);
	air_free(w.air);
}

static void test_unlimited(void **state)
{
	const struct air_rate rate = { .kbps100 = 60 };
	struct world w;

	(void)state;
	setup_world(&w, &rate, 100, false);
	air_set_unlimited(w.air, true);
	for (int i = 1; i <= 3; i++) {
		w.mpdu.cookie = i;
		air_submit(w.air, w.from, &w.mpdu, 5000);
	}
	assert_int_equal(air_deadline(w.air), 5000);
	air_run(w.air, 5000);
	assert_int_equal(w.done, 3);
	air_free(w.air);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_durations),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_loss),
		cmocka_unit_test(test_nobody_answers),
		cmocka_unit_test(test_two_channels),
		cmocka_unit_test(test_many_channels),
		cmocka_unit_test(test_unlimited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
