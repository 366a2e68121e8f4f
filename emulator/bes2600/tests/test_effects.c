// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the chip makes of the bytes of the sheets, seen from outside: on the
 * air, in what it answers later. A value that it only stores has its row in
 * test_vectors.c.
 */
#include "host.h"

#define OK(id) "08 00 " id " 04 00 00 00 00"
#define PAIR_KEY "30 00 0c 00 05 00 00 00 0a 0b 0c 0d 0e 0f 00 00 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f " \
	"00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
/* Sheet 30 section 10; TID 0, packet id from outside */
#define DATA(cookie, tid) "54 00 04 a0 " cookie " 00 02 00 15 00 00 a0 00 00 00 00 00 00 00 00 01 00 00 00 00 00 88 41 " \
	"00 00 0a 0b 0c 0d 0e 0f 02 00 00 be 57 01 aa bb cc dd ee ff 10 00 " tid " 00 00 00 00 00 00 00 00 00 aa aa 03 00 " \
	"00 00 08 00 45 46 47 48 49 4a 4b 4c 00 00 00 00 00 00 00 00"

static void done(struct host *h)
{
	assert_int_equal(h->n_said, 0);
	host_free(h);
}

/* Acknowledges all that is sent for so long; the number of frames */
static int quiet(struct host *h, uint64_t ns)
{
	int n = 0;

	for (uint64_t end = h->now + ns; h->now < end; host_advance(h, MS)) {
		n += h->n_air;
		host_air_done(h, true);
		host_drain(h);
	}
	return n;
}

/* ---- configuration ---- */

/*
 * Sheet 30 section 10, sheet 20 sections 4.6, 6.4: 860 bytes, the block as
 * far as its first section end, something else, the end of all sections.
 */
#define CONFIGURATION_860 "5c 03 09 40 00 00 00 00 00 00 00 00 00 00 00 00 4c 03 01 00 02 00 00 be 57 01 05 00 c0 02 02 03 " \
	"c1 06 00 01 00 00 4c 00 c4 0a 00 00 00 00 00 00 00 00 00 00 c5 02 90 65 c7 02 05 00 e9 02 b8 0b " \
	"ea 0a 00 00 38 00 80 00 78 00 80 00 eb 1e 06 00 81 02 01 34 0d 21 11 1d 7c 85 6b 6e 0d 00 00 00 " \
	"00 00 00 00 00 00 00 00 00 00 00 00 fe 02 00 00 " \
	"7f ff @171 7f ff @272 7f e0 @354 c1 06 ff 01 00 00 00 00"

static void test_configuration(void **state)
{
	static const struct { const char *a1; bool ours; } addresses[] = {
		{ "02 00 00 be 57 01", true }, { "02 00 00 be 57 02", true }, { "02 00 00 be d7 02", true },
		{ "02 00 00 be 57 03", false }, { "02 00 00 be d7 01", false }, { "00 02 00 00 be 57", false },
	};
	struct host *h = host_new(WIFI);

	(void)state;
	h->seq[0] = 0;
	host_ask(h, "0c 00 06 00 24 10 04 00 01 00 00 00", "08 00 06 24 00 00 00 00");
	host_ask(h, "0c 00 46 20 24 10 04 00 01 00 00 00", "08 00 46 44 00 00 00 00");
	host_ask(h, CONFIGURATION_860,
		 "2c 00 09 64 00 00 00 00 02 00 00 be 57 01 03 00 cf ff 3f 00 50 00 00 00 c8 00 00 00 01 00 00 00 "
		 "50 00 00 00 c8 00 00 00 01 00 00 00");
	assert_int_equal(h->len, 44);
	/* one sequence number for each of the three, and the start-up indication had the first */
	assert_int_equal(h->msg[3], 0x64);
	host_ask(h, TEMPLATE, OK("06"));
	host_ask(h, POLICY, OK("06"));
	host_join(h);
	/* sheet 30 section 2.3: it acknowledges frames for this address and the two that follow from it, and no others */
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		char text[100];

		snprintf(text, sizeof(text), "c0 00 00 00 %s 0a 0b 0c 0d 0e 0f 0a 0b 0c 0d 0e 0f 10 00 01 00", addresses[i].a1);
		assert_int_equal(host_hears(h, text, 2437), addresses[i].ours);
	}
	done(h);
}

/* ---- scan ---- */

/* Sheet 31 section 6: the probe requests are of these 40 bytes, at 1 Mbit/s */
#define PROBE "40 00 00 00 ff ff ff ff ff ff 02 00 00 be 57 01 ff ff ff ff ff ff 00 00 00 00 01 04 02 04 0b 16 " \
	"32 06 0c 12 18 24 30 48"

static void test_scan(void **state)
{
	static const int freqs[] = { 2412, 2437, 2462 };
	struct host *h = host_new(CONFIGURED);
	uint8_t probe[64];
	size_t n = hex(PROBE, probe);

	(void)state;
	host_ask(h, "34 00 06 e0 02 10 2c 00 00 00 28 00 " PROBE, OK("06"));
	host_ask(h, "40 00 07 80 00 00 00 00 00 00 00 00 02 03 00 64 01 00 00 00 64 00 00 00 64 00 00 00 00 00 00 00 "
		 "06 00 00 00 64 00 00 00 64 00 00 00 00 00 00 00 0b 00 00 00 64 00 00 00 64 00 00 00 00 00 00 00",
		 "08 00 07 c4 00 00 00 00");
	for (int i = 0; i < 3; i++) {
		assert_int_equal(h->freq, freqs[i]);
		assert_int_equal(h->n_air, 2);
		for (int k = 0; k < 2; k++) {
			assert_int_equal(h->air[k].m.freq, freqs[i]);
			assert_int_equal(h->air[k].m.rates[0].kbps100, 10);
			assert_memory_equal(h->air[k].bytes + 24, probe + 24, n - 24);
			assert_memory_equal(h->air[k].bytes, probe, 22);
			assert_memory_equal(h->air[k].bytes + n, "\3\1", 2);
			assert_int_equal(h->air[k].bytes[n + 2], 1 + 5 * i);
		}
		host_air_done(h, true);
		/* 100 TU on each */
		host_advance(h, 90 * MS);
		assert_int_equal(h->freq, freqs[i]);
		host_advance(h, 15 * MS);
	}
	host_expect(h, "0c 00 06 08 00 00 00 00 00 03 00 00");
	done(h);
}

/* Sheet 30 section 4.4: ends after the first */
static void test_stop_scan(void **state)
{
	struct host *h = host_new(CONFIGURED);

	(void)state;
	host_ask(h, "40 00 07 80 00 00 00 00 00 00 00 00 02 03 00 64 01 00 00 00 64 00 00 00 64 00 00 00 00 00 00 00 "
		 "06 00 00 00 64 00 00 00 64 00 00 00 00 00 00 00 0b 00 00 00 64 00 00 00 64 00 00 00 00 00 00 00",
		 "08 00 07 c4 00 00 00 00");
	host_air_done(h, true);
	host_ask(h, "04 00 08 00", "08 00 08 04 00 00 00 00");
	host_advance(h, MS);
	host_expect(h, "0c 00 06 08");
	assert_true(h->msg[9] < 3);
	host_advance(h, 400 * MS);
	assert_false(host_take(h));
	assert_int_equal(h->n_air, 0);
	done(h);
}

/* ---- channel ---- */

/* Sheet 30 section 4.14, sheet 50 section 16.3; the width shows in the rates of a frame */
static void test_channel(void **state)
{
	static const struct { const char *request; int freq; } switches[] = {
		{ "08 00 16 e0 80 00 06 00", 2437 }, { "08 00 16 00 80 00 30 00", 5240 }, { "08 00 16 00 a0 00 30 00", 5240 },
	};

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct host *h = host_new(CONFIGURED);

		host_ask(h, switches[i].request, "08 00 16 64 00 00 00 00");
		host_advance(h, 100 * MS);
		host_expect(h, "08 00 0a 88 00 00 00 00");
		assert_int_equal(h->freq, switches[i].freq);
		done(h);
	}
	for (int wide = 0; wide < 2; wide++) {
		struct host *h = host_new(ASSOCIATED);

		host_ask(h, wide ? "08 00 16 00 a0 00 06 00" : "08 00 16 00 80 00 06 00", "08 00 16 64 00 00 00 00");
		host_advance(h, 100 * MS);
		host_expect(h, "08 00 0a 88 00 00 00 00");
		host_ask(h, PAIR_KEY, OK("0c"));
		host_write(h, DATA("03", "00"));
		assert_int_equal(h->n_air, 1);
		assert_int_equal(h->air[0].m.rates[0].bw40, wide);
		done(h);
	}
}

/* ---- block ack ---- */

/* The TIDs that we agree to, by our answers to the AP's ADDBA requests; and those that we ask for */
static int rx_tids(struct host *h)
{
	int tids = 0;

	for (int tid = 0; tid < 8; tid++) {
		char text[200];

		snprintf(text, sizeof(text), "d0 00 00 00 02 00 00 be 57 01 0a 0b 0c 0d 0e 0f 0a 0b 0c 0d 0e 0f 10 00 "
			 "03 00 07 %02x 10 00 00 00 00", 2 | tid << 2);
		assert_true(host_hears(h, text, 2437));
		assert_int_equal(h->n_air, 1);
		assert_memory_equal(h->air[0].bytes + 24, "\3\1\7", 3);
		tids |= !h->air[0].bytes[27] << tid;
		host_air_done(h, true);
		host_drain(h);
	}
	return tids;
}

static int tx_tids(struct host *h)
{
	int tids = 0;

	for (int tid = 0; tid < 8; tid++) {
		char text[400], tid_text[4];

		snprintf(tid_text, sizeof(tid_text), "%02x", tid);
		snprintf(text, sizeof(text), DATA("03", "%s"), tid_text);
		host_write(h, text);
		if (h->n_air == 2) {
			assert_memory_equal(h->air[0].bytes + 24, "\3\0", 2);
			assert_int_equal(h->air[0].bytes[27] >> 2 & 0xf, tid);
			tids |= 1 << tid;
		}
		host_air_done(h, true);
		host_drain(h);
	}
	return tids;
}

/* Sheet 31 sections 2.1, 6: TIDs 0, 4, 5, 7; the first byte is of our frames, the third of the AP's */
static void test_ba_policy(void **state)
{
	struct host *h = host_new(ASSOCIATED);

	(void)state;
	host_ask(h, PAIR_KEY, OK("0c"));
	host_ask(h, "10 00 06 00 10 10 08 00 1f 01 00 05 0f 00 00 00", OK("06"));
	assert_int_equal(rx_tids(h), 0);
	host_ask(h, "0c 00 06 40 0e 10 04 00 00 00 b1 00", OK("06"));
	assert_int_equal(rx_tids(h), 0xb1);
	assert_int_equal(tx_tids(h), 0);
	host_ask(h, "0c 00 06 00 0e 10 04 00 b1 00 b1 00", OK("06"));
	assert_int_equal(rx_tids(h), 0xb1);
	assert_int_equal(tx_tids(h), 0xb1);
	host_ask(h, "0c 00 06 00 0e 10 04 00 b1 00 00 00", OK("06"));
	assert_int_equal(rx_tids(h), 0);
	done(h);
}

/* Sheet 31 section 2.1: bit 1 of the first byte of 0x1010 is HT; without it nothing is aggregated */
static void test_association_mode(void **state)
{
	struct host *h = host_new(ASSOCIATED);

	(void)state;
	host_ask(h, PAIR_KEY, OK("0c"));
	host_ask(h, "0c 00 06 00 0e 10 04 00 b1 00 b1 00", OK("06"));
	host_ask(h, "10 00 06 00 10 10 08 00 1d 01 00 05 0f 00 00 00", OK("06"));
	assert_int_equal(tx_tids(h), 0);
	host_ask(h, "10 00 06 00 10 10 08 00 1f 01 00 05 0f 00 00 00", OK("06"));
	assert_int_equal(tx_tids(h), 0xb1);
	done(h);
}

/* ---- join and its supervision ---- */

/* Sheet 30 section 10: tunes to channel 6, asks for this SSID there, and is through with the first beacon of this BSSID */
static void test_join(void **state)
{
	struct host *h = host_new(CONFIGURED);

	(void)state;
	host_write(h, "40 00 0b 20 01 00 06 00 0a 0b 0c 0d 0e 0f 00 00 01 01 01 00 04 00 00 00 74 65 73 74 @38 64 00 00 00 07 00 00 00");
	host_advance(h, 5 * MS);
	assert_int_equal(h->freq, 2437);
	assert_int_equal(h->n_air, 1);
	assert_memory_equal(h->air[0].bytes, "\x40\0", 2);
	assert_memory_equal(h->air[0].bytes + 24, "\0\4test", 6);
	host_air_done(h, true);
	/* another AP of the same name */
	host_hears(h, "80 00 00 00 ff ff ff ff ff ff 0a 0b 0c 0d 0e 10 0a 0b 0c 0d 0e 10 20 00 "
		   "56 34 12 00 00 00 00 00 64 00 11 04 00 04 74 65 73 74", 2437);
	host_advance(h, 5 * MS);
	assert_false(host_take(h));
	host_hears(h, BEACON, 2437);
	host_advance(h, 5 * MS);
	host_expect(h, "10 00 0b c4 00 00 00 00 50 00 00 00 c8 00 00 00");
	/* lost after 50 beacons of 100 TU */
	host_ask(h, BSS_PARAMS, OK("11"));
	host_advance(h, 5130 * MS);
	host_expect(h, "0c 00 05 08 01 00 00 00 00 00 00 00");
	done(h);
}

/* Sheet 31 section 2.1: a null frame after 15 s without a frame, and no sooner; the beacons are kept alive here */
static void test_keep_alive(void **state)
{
	struct host *h = host_new(ASSOCIATED);
	int at = 0, n = 0;

	(void)state;
	host_ask(h, "0c 00 06 00 25 10 04 00 0f 00 00 00", OK("06"));
	for (int s = 1; s <= 30; s++) {
		host_advance(h, 1000 * MS);
		host_hears(h, BEACON, 2437);
		if (h->n_air) {
			assert_memory_equal(h->air[0].bytes, "\x48\1", 2);
			assert_memory_equal(h->air[0].bytes + 4, "\x0a\x0b\x0c\x0d\x0e\x0f\2\0\0\xbe\x57\1", 12);
			at = at ? at : s;
			n += h->n_air;
		}
		host_air_done(h, true);
		host_drain(h);
	}
	assert_int_equal(at, 15);
	assert_int_equal(n, 2);
	host_ask(h, "0c 00 06 00 25 10 04 00 00 00 00 00", OK("06"));
	for (int s = 0; s < 20; s++) {
		host_advance(h, 1000 * MS);
		host_hears(h, BEACON, 2437);
		host_drain(h);
	}
	assert_int_equal(h->n_air, 0);
	done(h);
}

/* Sheet 30 section 4.11: 50 beacons of 100 TU without one, then event 1; AID 1 is bit 1 of the TIM */
static void test_bss_params(void **state)
{
	struct host *h = host_new(JOINED);

	(void)state;
	host_ask(h, "10 00 11 00 00 32 01 00 cf 3f 00 00 00 c0 3f 00", OK("11"));
	host_hears(h, BEACON " 05 04 00 01 00 02", 2437);
	host_advance(h, MS);
	host_expect(h, "59 00 04 08 00 00 00 00 06 00 00 78 80 09 06 00");
	host_hears(h, BEACON " 05 04 00 01 00 04", 2437);
	host_advance(h, MS);
	host_expect(h, "59 00 04 08 00 00 00 00 06 00 00 78 80 08 06 00");
	host_advance(h, 5000 * MS);
	assert_false(host_take(h));
	host_advance(h, 130 * MS);
	host_expect(h, "0c 00 05 08 01 00 00 00 00 00 00 00");
	done(h);
}

/* Sheet 31 section 2.1: 0x0d and no limits tell nothing; enabled, the second byte is the lower, the third the upper one */
static void test_rcpi(void **state)
{
	struct host *h = host_new(ASSOCIATED);

	(void)state;
	host_ask(h, "0c 00 06 60 09 10 04 00 0d 00 00 10", OK("06"));
	host_hears(h, BEACON, 2437);
	host_advance(h, MS);
	host_expect(h, "53 00 04 08");
	assert_false(host_take(h));
	/* -50 dBm is 120: between 80 and 130, above 90, below 130 */
	host_ask(h, "0c 00 06 60 09 10 04 00 01 50 82 08", OK("06"));
	host_hears(h, BEACON, 2437);
	host_advance(h, MS);
	host_expect(h, "53 00 04 08");
	assert_false(host_take(h));
	for (int low = 0; low < 2; low++) {
		host_ask(h, low ? "0c 00 06 60 09 10 04 00 01 82 8c 08" : "0c 00 06 60 09 10 04 00 01 50 5a 08", OK("06"));
		host_hears(h, BEACON, 2437);
		host_advance(h, MS);
		assert_true(host_take(h));
		if (!(h->msg[2] == 5))
			assert_true(host_take(h));
		assert_memory_equal(h->msg, "\x0c\0\5", 3);
		assert_memory_equal(h->msg + 4, "\4\0\0\0\x78\0\0\0", 8);
		host_drain(h);
	}
	done(h);
}

/* Sheets 50 section 5.4, 31 section 6: all beacons pass while it is off; on, none that is like the last one */
static void test_beacon_filter(void **state)
{
	static const struct { const char *request; bool passes; } filters[] = {
		{ "10 00 06 20 05 10 08 00 07 00 00 00 00 00 00 00", false },
		{ "10 00 06 00 05 10 08 00 00 00 00 00 01 00 00 00", true },
		{ "10 00 06 20 05 10 08 00 07 00 00 00 01 00 00 00", true },
	};
	struct host *h = host_new(ASSOCIATED);

	(void)state;
	for (int i = 0; i < 3; i++) {
		host_ask(h, filters[i].request, OK("06"));
		for (int k = 0; k < 3; k++) {
			host_hears(h, BEACON, 2437);
			host_advance(h, MS);
			assert_int_equal(host_take(h), filters[i].passes);
		}
	}
	done(h);
}

/* ---- power save ---- */

/* A mode, the null frame by which the AP learns of it, and the indication */
static void power_mode(struct host *h, const char *request, const char *null, const char *indication)
{
	host_write(h, request);
	host_advance(h, MS);
	host_expect(h, "08 00 10 04 00 00 00 00");
	assert_int_equal(h->n_air, 1);
	assert_memory_equal(h->air[0].bytes, null, 2);
	host_air_done(h, true);
	host_advance(h, MS);
	host_expect(h, indication);
}

/*
 * Sheet 30 section 4.10, sheet 60 section 6: 0x81 is idle for 16 x 500 us; 0
 * ends it. Sheet 30 section 10 has mode 1 in the indication that follows 0x81,
 * sheet 60 section 6.4 the mode as requested: so it is 1 for 1 here.
 */
static void test_power_save(void **state)
{
	struct host *h = host_new(ASSOCIATED);

	(void)state;
	power_mode(h, "08 00 10 00 01 10 00 00", "\x48\x11", "0c 00 09 28 00 00 00 00 01 00 00 00");
	power_mode(h, "08 00 10 00 81 10 00 00", "\x48\x11", "0c 00 09 28 00 00 00 00 81 00 00 00");
	host_hears(h, BEACON " 05 04 00 01 00 02", 2437);
	assert_int_equal(h->n_air, 1);
	assert_memory_equal(h->air[0].bytes, "\x48\x01", 2);
	host_air_done(h, true);
	host_advance(h, 7 * MS);
	assert_int_equal(h->n_air, 0);
	host_advance(h, MS);
	assert_int_equal(h->n_air, 1);
	assert_memory_equal(h->air[0].bytes, "\x48\x11", 2);
	host_air_done(h, true);
	host_drain(h);
	power_mode(h, "08 00 10 00 00 10 00 00", "\x48\x01", "0c 00 09 08 00 00 00 00 00 00 00 00");
	assert_int_equal(quiet(h, 100 * MS), 0);
	done(h);
}

/* ---- frames ---- */

/* Sheet 31 section 6: MCS7 x 4, MCS5 x 3, MCS2 x 2, 1 Mbit/s x 1; of a short limit of 15 */
static void test_policy(void **state)
{
	static const struct { int mcs, tries; } want[] = { { 7, 4 }, { 5, 3 }, { 2, 2 }, { -1, 1 } };
	struct host *h = host_new(CONFIGURED);

	(void)state;
	host_ask(h, "20 00 06 c0 16 10 18 00 01 00 00 00 02 0f 07 0c 00 00 00 00 01 00 00 00 00 00 00 00 02 30 40 00", OK("06"));
	host_join(h);
	host_ask(h, BSS_PARAMS, OK("11"));
	host_ask(h, PAIR_KEY, OK("0c"));
	host_write(h, DATA("03", "00"));
	assert_int_equal(h->n_air, 1);
	assert_int_equal(h->air[0].m.n_rates, 4);
	for (int i = 0; i < 4; i++) {
		const struct air_rate *r = &h->air[0].m.rates[i];

		assert_int_equal(r->tries, want[i].tries);
		assert_int_equal(r->ht, want[i].mcs >= 0);
		assert_int_equal(r->ht ? r->mcs : r->kbps100, r->ht ? want[i].mcs : 10);
	}
	done(h);
}

/* Sheet 31 section 6: short GI */
static void test_short_gi(void **state)
{
	struct host *h = host_new(ASSOCIATED);

	(void)state;
	host_ask(h, PAIR_KEY, OK("0c"));
	for (int on = 0; on < 2; on++) {
		if (on)
			host_ask(h, "09 00 06 a0 43 10 01 00 01", OK("06"));
		host_write(h, DATA("03", "00"));
		assert_int_equal(h->n_air, 1);
		assert_int_equal(h->air[0].m.rates[0].sgi, on);
		host_air_done(h, true);
		host_drain(h);
	}
	done(h);
}

/* Sheet 30 section 10: two in one confirm, once 0x1024 allows it; before, one each */
static void test_multi_confirm(void **state)
{
	struct air_tx_result res = { .acked = true, .attempts = 1, .in_ampdu = true, .queued_ns = 350000, .media_ns = 1800000 };
	struct host *h = host_new(ASSOCIATED);

	(void)state;
	host_ask(h, PAIR_KEY, OK("0c"));
	for (int multi = 0; multi < 2; multi++) {
		uint64_t cookies[2];

		if (multi)
			host_ask(h, "0c 00 06 00 24 10 04 00 01 00 00 00", "08 00 06 24 00 00 00 00");
		host_write(h, DATA("03", "00"));
		host_write(h, DATA("04", "00"));
		assert_int_equal(h->n_air, 2);
		for (int i = 0; i < 2; i++) {
			cookies[i] = h->air[i].m.cookie;
			res.attempts = 1 + i;
			res.queued_ns = i ? 360000 : 350000;
			res.media_ns = i ? 2100000 : 1800000;
			chip_tx_done(h->chip, cookies[i], &res, h->now);
		}
		h->n_air = 0;
		host_advance(h, 0);
		if (multi) {
			host_expect(h, "30 00 1e 64 02 00 00 00 03 00 02 00 00 00 00 00 15 00 0d 00 08 07 00 00 5e 01 00 00 "
				    "04 00 02 00 00 00 00 00 15 01 0d 00 34 08 00 00 68 01 00 00");
		} else {
			host_expect(h, "18 00 04 44 03 00 02 00 00 00 00 00 15 00 0d 00 08 07 00 00 5e 01 00 00");
			host_expect(h, "18 00 04 44 04 00 02 00 00 00 00 00 15 01 0d 00 34 08 00 00 68 01 00 00");
		}
		assert_false(host_take(h));
	}
	done(h);
}

/* Sheet 31 section 6: bit 2 lets an authentication frame that says "protected" out as it is */
static void test_mgmt_policy(void **state)
{
	static const char auth[] = "3a 00 04 00 03 00 02 00 00 03 00 20 00 00 00 00 00 00 00 00 00 00 00 00 "
		"b0 40 00 00 0a 0b 0c 0d 0e 0f 02 00 00 be 57 01 0a 0b 0c 0d 0e 0f 10 00 "
		"00 00 00 00 01 00 03 00 00 00";

	static const struct { const char *request; int out; } policies[] = {
		{ "0c 00 06 80 20 10 04 00 01 00 00 00", 0 }, { "0c 00 06 80 20 10 04 00 02 00 00 00", 0 },
		{ "0c 00 06 80 20 10 04 00 06 00 00 00", 1 },
	};

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct host *h = host_new(CONFIGURED);

		host_ask(h, policies[i].request, OK("06"));
		host_join(h);
		host_write(h, auth);
		assert_int_equal(h->n_air, policies[i].out);
		host_free(h);
	}
}

/* ---- access point ---- */

/* Sheets 30 section 4.17, 50 section 16.7: of an unmapped station, link 15 */
static void test_unmap_link(void **state)
{
	static const char frame[] = "b0 00 00 00 02 00 00 be 57 01 0a 0b 0c 0d 0e 0f 02 00 00 be 57 01 00 00 00 00 01 00 00 00";
	struct host *h = host_new(AP);

	(void)state;
	host_ask(h, "0c 00 1c 00 0a 0b 0c 0d 0e 0f 00 03", OK("1c"));
	host_hears(h, frame, 2437);
	host_advance(h, MS);
	host_expect(h, "3e 00 04 08 00 00 00 00 06 00 00 78 00 00 01 06");
	host_ask(h, "0c 00 1c 00 0a 0b 0c 0d 0e 0f 01 03", OK("1c"));
	host_hears(h, frame, 2437);
	host_advance(h, MS);
	host_expect(h, "3e 00 04 08 00 00 00 00 06 00 00 78 00 00 01 1e");
	done(h);
}

/* ---- the end ---- */

/* Sheet 30 section 4.6: after a reset there is no BSS */
static void test_reset(void **state)
{
	struct host *h = host_new(ASSOCIATED);

	(void)state;
	host_ask(h, PAIR_KEY, OK("0c"));
	host_ask(h, "08 00 0a 00 00 00 00 00", "08 00 0a 04 00 00 00 00");
	host_write(h, DATA("03", "00"));
	host_advance(h, 5 * MS);
	host_expect(h, "18 00 04 04 03 00 02 00 08 00 00 00");
	assert_int_equal(h->n_air, 0);
	host_free(h);
}

#define T(test) { #test, test, NULL, NULL, NULL }

int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(test_configuration), T(test_scan), T(test_stop_scan), T(test_channel), T(test_ba_policy),
		T(test_association_mode), T(test_join), T(test_keep_alive), T(test_bss_params), T(test_rcpi), T(test_beacon_filter), T(test_power_save),
		T(test_policy), T(test_short_gi), T(test_multi_confirm), T(test_mgmt_policy), T(test_unmap_link), T(test_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
