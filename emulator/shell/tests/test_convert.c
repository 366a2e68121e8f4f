// SPDX-License-Identifier: GPL-2.0-or-later
/* Rates of hwsim, block ack sessions and HT capabilities. Prints TAP. */
#include <stdio.h>
#include <string.h>

#include "../convert.h"
#include "../htcaps.h"

static int number, failed;

static void check(bool ok, const char *what)
{
	failed += !ok;
	printf("%sok %d - %s\n", ok ? "" : "not ", ++number, what);
}

static const uint8_t ap[6] = { 2, 0, 0, 0, 0, 0 };
static const uint8_t sta[6] = { 2, 0, 0, 0, 1, 0 };

static void head(uint8_t *frame, uint8_t type, uint8_t flags, const uint8_t *to,
		 const uint8_t *from)
{
	memset(frame, 0, 128);
	frame[0] = type;
	frame[1] = flags;
	memcpy(frame + 4, to, 6);
	memcpy(frame + 10, from, 6);
}

static void test_rates(void)
{
	struct hwsim_tx_rate in[HWSIM_RATES] = { { 7, 3 }, { 0, 2 }, { -1, 0 }, { 5, 1 } };
	struct hwsim_tx_rate_flag flags[HWSIM_RATES] = {
		{ 7, HWSIM_RC_MCS | HWSIM_RC_40_MHZ | HWSIM_RC_SHORT_GI }, { 0, 0 },
	};
	struct air_rate out[AIR_MAX_RATES];

	check(convert_rates(in, flags, HWSIM_RATES, 2437, out) == 2, "chain ends at -1");
	check(out[0].ht && out[0].mcs == 7 && out[0].bw40 && out[0].sgi && out[0].tries == 3,
	      "HT40 SGI MCS 7");
	check(!out[1].ht && out[1].kbps100 == 10 && out[1].tries == 2, "1 Mbit/s");
	check(convert_rates(in + 1, flags + 1, 1, 5180, out) == 1 && out[0].kbps100 == 60,
	      "5 GHz starts at 6 Mbit/s");
	in[0] = (struct hwsim_tx_rate){ 8, 1 };
	flags[0] = (struct hwsim_tx_rate_flag){ 8, HWSIM_RC_MCS };
	convert_rates(in, flags, 1, 2437, out);
	check(out[0].mcs == 1, "two streams MCS 8 is as fast as MCS 1");
	in[0].idx = 0x19;
	flags[0].flags = HWSIM_RC_VHT_MCS | HWSIM_RC_80_MHZ;
	convert_rates(in, flags, 1, 5180, out);
	check(out[0].mcs == 7 && out[0].bw40, "VHT folds to MCS 7 at 40 MHz");
	in[0] = (struct hwsim_tx_rate){ -1, 0 };
	check(convert_rates(in, NULL, 1, 2437, out) == 1 && out[0].kbps100 == 10 &&
	      out[0].tries == 1, "no rate at all: the lowest, once");
}

static void test_rx_rate(void)
{
	struct air_rate mcs7 = { .ht = true, .mcs = 7 }, mcs0 = { .ht = true };
	struct air_rate cck11 = { .kbps100 = 110 }, ofdm6 = { .kbps100 = 60 };

	check(convert_rx_rate(&mcs7, 2437) == 11, "MCS 7 as 54 Mbit/s");
	check(convert_rx_rate(&mcs7, 5180) == 7, "MCS 7 at 5 GHz");
	check(convert_rx_rate(&mcs0, 2437) == 4, "MCS 0 as 6 Mbit/s");
	check(convert_rx_rate(&cck11, 2437) == 3, "11 Mbit/s");
	check(convert_rx_rate(&ofdm6, 5180) == 0, "6 Mbit/s at 5 GHz");
}

static void test_result(void)
{
	struct hwsim_tx_rate asked[HWSIM_RATES] = { { 7, 2 }, { 3, 2 }, { 0, 4 } };
	struct hwsim_tx_rate out[HWSIM_RATES];
	struct air_tx_result res = { .acked = true, .tries_at_rate = { 2, 1 } };

	convert_result(asked, 3, &res, out);
	check(out[0].idx == 7 && out[0].count == 2 && out[1].idx == 3 && out[1].count == 1 &&
	      out[2].idx == -1, "counts as used");
}

static void test_ba(void)
{
	static struct ba_table t;
	struct air_rate ht = { .ht = true }, legacy = { .kbps100 = 540 };
	uint8_t data[128], frame[128];

	head(data, 0x88, 0x02, sta, ap);
	data[24] = 5;
	check(frame_tid(data, 60) == 5 && frame_ac(data, 60) == 2, "TID 5 is video");
	check(!ba_aggregable(&t, data, 60, &ht), "no session");
	/* ADDBA response, station accepts TID 5 of the access point */
	head(frame, 0xd0, 0, ap, sta);
	memcpy(frame + 24, (uint8_t[]){ 3, 1, 9, 0, 0, 5 << 2 | 2, 0x10, 0, 0 }, 9);
	ba_observe(&t, frame, 32);
	check(!ba_aggregable(&t, data, 60, &ht), "truncated response");
	ba_observe(&t, frame, 33);
	check(ba_aggregable(&t, data, 60, &ht), "session");
	check(!ba_aggregable(&t, data, 60, &legacy), "not at legacy rates");
	data[24] = 4;
	check(!ba_aggregable(&t, data, 60, &ht), "not another TID");
	data[24] = 5;
	/* DELBA by the recipient */
	head(frame, 0xd0, 0, ap, sta);
	memcpy(frame + 24, (uint8_t[]){ 3, 2, 0, 0x50, 1, 0 }, 6);
	ba_observe(&t, frame, 30);
	check(!ba_aggregable(&t, data, 60, &ht), "ended by DELBA");
	head(frame, 0xd0, 0x40, ap, sta);
	ba_observe(&t, frame, 44);
	check(!ba_aggregable(&t, data, 60, &ht), "an SA query is no session");
	ba_observe(&t, frame, 49);
	check(ba_aggregable(&t, data, 60, &ht), "encrypted exchange");
	head(frame, 0xc0, 0, sta, ap);
	ba_observe(&t, frame, 26);
	check(!ba_aggregable(&t, data, 60, &ht), "ended by deauthentication");
}

static void test_htcaps(void)
{
	static const uint8_t ht[] = { 45, 26, 0x62, 0, 0, 0xff };
	static const uint8_t op[] = { 61, 22, 6, 0x05 };
	static struct htcaps caps;
	struct air_rate rate;
	uint8_t frame[128];

	head(frame, 0x00, 0, ap, sta);
	memcpy(frame + 28, ht, sizeof(ht));
	htcaps_observe(&caps, frame, 28 + 28);
	check(!htcaps_best_rate(&caps, ap, sta, &rate), "one side only");
	head(frame, 0x10, 0, sta, ap);
	memcpy(frame + 30, ht, sizeof(ht));
	frame[33] = 0;
	htcaps_observe(&caps, frame, 30 + 28);
	check(htcaps_best_rate(&caps, ap, sta, &rate) && rate.mcs == 7 && !rate.bw40 && rate.sgi,
	      "HT20 SGI");
	memcpy(frame + 58, op, sizeof(op));
	htcaps_observe(&caps, frame, 58 + 24);
	check(htcaps_best_rate(&caps, sta, ap, &rate) && rate.bw40 && rate.sgi, "HT40 SGI");
	frame[59] = 60;
	htcaps_observe(&caps, frame, 58 + 24);
	check(htcaps_best_rate(&caps, sta, ap, &rate) && !rate.bw40, "element past the end");
}

static void test_limit(void)
{
	struct air_rate rate = { .ht = true, .mcs = 7, .bw40 = true };

	htcaps_limit_rate(&rate, -50);
	check(rate.mcs == 7, "near: the fastest");
	htcaps_limit_rate(&rate, -72);
	check(rate.mcs == 4, "far: what arrives");
	htcaps_limit_rate(&rate, -100);
	check(rate.mcs == 0 && rate.bw40, "out of reach: the slowest");
}

static void test_doze(void)
{
	static struct doze_table t;
	uint8_t null[128], to_sta[128], poll[16] = { 0xa4 };

	head(null, 0x48, 0x11, ap, sta);
	head(to_sta, 0x88, 0x02, sta, ap);
	check(doze_hears(&t, to_sta), "awake before anything was said");
	doze_sent(&t, null, 24, false);
	check(doze_hears(&t, to_sta), "not acknowledged: awake");
	doze_sent(&t, null, 24, true);
	check(!doze_hears(&t, to_sta), "dozes");
	check(doze_hears(&t, null), "the access point does not");
	memcpy(poll + 4, ap, 6);
	memcpy(poll + 10, sta, 6);
	doze_sent(&t, poll, sizeof(poll), true);
	check(doze_hears(&t, to_sta), "polled: hears");
	doze_sent(&t, to_sta, 60, false);
	check(doze_hears(&t, to_sta), "not taken: still hears");
	doze_sent(&t, to_sta, 60, true);
	check(!doze_hears(&t, to_sta), "one frame for each poll");
	null[1] = 0x01;
	doze_sent(&t, null, 24, false);
	check(doze_hears(&t, to_sta), "awake as soon as it says so");
	null[1] = 0x11;
	doze_sent(&t, null, 24, true);
	head(null, 0xb0, 0, ap, sta);
	doze_sent(&t, null, 30, false);
	check(doze_hears(&t, to_sta), "begins anew: awake");
	head(null, 0x88, 0x13, ap, sta);
	doze_sent(&t, null, 60, true);
	check(doze_hears(&t, to_sta), "four addresses: another meaning");
}

int main(void)
{
	test_rates();
	test_rx_rate();
	test_result();
	test_ba();
	test_htcaps();
	test_limit();
	test_doze();
	printf("1..%d\n", number);
	return failed != 0;
}
