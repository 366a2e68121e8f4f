// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How long a transmission occupies the channel: 802.11-2016 clauses 15 to 19.
 */
#include "airtime.h"

#define HT_PREAMBLE_NS		36000	/* mixed format, one stream */
#define OFDM_PREAMBLE_NS	20000
#define CCK_PREAMBLE_NS		192000	/* long */
#define SERVICE_TAIL_BITS	22
#define DELIMITER		4
#define SIFS_NS			16000

static const uint16_t ht20_kbps100[8] = { 65, 130, 195, 260, 390, 520, 585, 650 };

/* Data bits in one OFDM symbol */
static unsigned int symbol_bits(const struct air_rate *rate)
{
	static const uint16_t ht40[8] = { 54, 108, 162, 216, 324, 432, 486, 540 };

	if (rate->ht)
		return rate->bw40 ? ht40[rate->mcs & 7] : ht20_kbps100[rate->mcs & 7] * 4 / 10;
	return rate->kbps100 * 4 / 10;
}

static bool is_cck(const struct air_rate *rate)
{
	return !rate->ht && (rate->kbps100 <= 20 || rate->kbps100 == 55 || rate->kbps100 == 110);
}

uint64_t airtime_bits(const struct air_rate *rate, uint64_t bytes)
{
	uint64_t symbols, bits = bytes * 8 + SERVICE_TAIL_BITS;
	unsigned int per = symbol_bits(rate);

	if (is_cck(rate))
		return CCK_PREAMBLE_NS + bytes * 8 * 10000 / (rate->kbps100 ? rate->kbps100 : 10);
	if (!per)
		per = 24;
	symbols = (bits + per - 1) / per;
	if (rate->ht)
		return HT_PREAMBLE_NS + symbols * (rate->sgi ? 3600 : 4000);
	return OFDM_PREAMBLE_NS + symbols * 4000;
}

/* At 24 Mbit/s for OFDM and HT, at 2 Mbit/s or less for CCK */
struct air_rate airtime_response_rate(const struct air_rate *rate)
{
	struct air_rate basic = { .kbps100 = 240 };

	if (is_cck(rate))
		basic.kbps100 = rate->kbps100 < 20 ? 10 : 20;
	else if (!rate->ht && rate->kbps100 < 240)
		basic.kbps100 = rate->kbps100 < 120 ? 60 : 120;
	return basic;
}

uint64_t airtime_response(const struct air_rate *rate, bool block_ack)
{
	struct air_rate basic = airtime_response_rate(rate);

	return airtime_bits(&basic, block_ack ? 32 : 14);
}

/* At 11 Mbit/s in the 2.4 GHz band, which every station there understands; at 6 Mbit/s in the other */
uint64_t airtime_protection(const struct air_rate *rate, int freq, bool rts)
{
	const struct air_rate old = { .kbps100 = freq < 5000 ? 110 : 60 };
	uint64_t ns;

	if (is_cck(rate) || (freq >= 5000 && !rate->ht))
		return 0;
	ns = airtime_bits(&old, 14) + SIFS_NS;
	if (rts)
		ns += airtime_bits(&old, 20) + SIFS_NS;
	return ns;
}

uint64_t air_ppdu_ns(const struct air_rate *rate, const size_t *len, int n, bool ampdu)
{
	uint64_t bytes = 0;
	int i;

	for (i = 0; i < n; i++) {
		bytes += len[i] + 4;		/* FCS */
		if (ampdu)
			bytes = ((bytes + 3) & ~3ULL) + DELIMITER;
	}
	return airtime_bits(rate, bytes);
}
