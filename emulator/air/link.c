// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Errors by rate and signal: two plain tables. The first says where one frame
 * of ten is lost: the least that 802.11-2016 asks of a receiver (tables 15-x,
 * 17-18 and 19-23), and 6 dB, by which receivers that are sold are better. The
 * second says how the share changes around there. It is for frames of 1000
 * bytes and is used for all.
 */
#include "link.h"

#define BETTER_DB	6
#define WIDTH40_DB	3

static const int8_t ht20_dbm[8] = { -82, -79, -77, -74, -70, -66, -65, -64 };

static const struct {
	uint16_t kbps100;
	int8_t dbm;
} legacy_dbm[] = {
	{ 10, -88 }, { 20, -86 }, { 55, -82 }, { 110, -78 },
	{ 60, -82 }, { 90, -81 }, { 120, -79 }, { 180, -77 },
	{ 240, -74 }, { 360, -70 }, { 480, -66 }, { 540, -65 },
};

/* Permille lost, from so many dB above the sensitivity downwards in steps of 1 dB */
#define FIRST_DB	4
static const uint16_t lost_permille[] = { 1, 5, 20, 50, 100, 220, 420, 680, 880, 970, 1000 };

int link_sensitivity(const struct air_rate *rate)
{
	int dbm = legacy_dbm[0].dbm;

	if (rate->ht)
		return ht20_dbm[rate->mcs & 7] - BETTER_DB + (rate->bw40 ? WIDTH40_DB : 0);
	for (size_t i = 0; i < sizeof(legacy_dbm) / sizeof(legacy_dbm[0]); i++)
		if (legacy_dbm[i].kbps100 == rate->kbps100)
			dbm = legacy_dbm[i].dbm;
	return dbm - BETTER_DB;
}

unsigned int air_error_permille(const struct air_rate *rate, int dbm)
{
	int n = sizeof(lost_permille) / sizeof(lost_permille[0]);
	int i = link_sensitivity(rate) + FIRST_DB - dbm;

	return i < 0 ? 0 : lost_permille[i < n ? i : n - 1];
}
