// SPDX-License-Identifier: GPL-2.0-or-later
#include "convert.h"

#include <string.h>

/* The bit rates of a hwsim radio, 100 kbit/s. 5 GHz starts at the first of OFDM. */
static const uint16_t legacy[] = { 10, 20, 55, 110, 60, 90, 120, 180, 240, 360, 480, 540 };
#define N_LEGACY	((int)(sizeof(legacy) / sizeof(legacy[0])))
#define FIRST_OFDM	4

/* HT and VHT rates of one stream in units of 6.5 Mbit/s (HT20, long guard) times 3 */
static const uint8_t mcs_units[] = { 3, 6, 9, 12, 18, 24, 27, 30, 36, 40 };

static int band_first(int freq)
{
	return freq >= 5000 ? FIRST_OFDM : 0;
}

/*
 * The air knows one stream and 40 MHz, as the chip does. Radios of hwsim have
 * more: their rates are folded to the fastest that the air has and that is not
 * faster than what was asked.
 */
static uint8_t fold_mcs(int streams, int mcs)
{
	int units = streams * mcs_units[mcs];
	int best = 0;

	for (int i = 0; i <= 7; i++)
		if (mcs_units[i] <= units)
			best = i;
	return best;
}

static void convert_rate(int idx, unsigned int flags, int freq, struct air_rate *out)
{
	int n;

	if (flags & (HWSIM_RC_MCS | HWSIM_RC_VHT_MCS)) {
		out->ht = true;
		out->bw40 = flags & (HWSIM_RC_40_MHZ | HWSIM_RC_80_MHZ | HWSIM_RC_160_MHZ);
		out->sgi = flags & HWSIM_RC_SHORT_GI;
		if (flags & HWSIM_RC_VHT_MCS)
			out->mcs = fold_mcs((idx >> 4) + 1, (idx & 15) > 9 ? 9 : idx & 15);
		else
			out->mcs = fold_mcs(idx / 8 + 1, idx % 8);
		return;
	}
	n = band_first(freq) + idx;
	out->kbps100 = legacy[n < N_LEGACY ? n : N_LEGACY - 1];
}

struct air_rate convert_lowest_rate(int freq)
{
	return (struct air_rate){ .kbps100 = legacy[band_first(freq)], .tries = 1 };
}

int convert_rates(const struct hwsim_tx_rate *rates, const struct hwsim_tx_rate_flag *flags,
		  int n, int freq, struct air_rate *out)
{
	int i;

	for (i = 0; i < n && i < AIR_MAX_RATES; i++) {
		if (rates[i].idx < 0 || !rates[i].count)
			break;
		memset(&out[i], 0, sizeof(out[i]));
		convert_rate(rates[i].idx, flags ? flags[i].flags : 0, freq, &out[i]);
		out[i].tries = rates[i].count;
	}
	if (!i)
		out[i++] = convert_lowest_rate(freq);
	return i;
}

unsigned int convert_rx_rate(const struct air_rate *rate, int freq)
{
	unsigned int kbps100 = rate->kbps100;
	int first = band_first(freq);
	int best = first;

	if (rate->ht)
		kbps100 = 65 * mcs_units[rate->mcs & 7] / 3 * (rate->bw40 ? 2 : 1);
	for (int i = first; i < N_LEGACY; i++)
		if (legacy[i] <= kbps100 && legacy[i] >= legacy[best])
			best = i;
	return best - first;
}

void convert_result(const struct hwsim_tx_rate *asked, int n, const struct air_tx_result *res,
		    struct hwsim_tx_rate *out)
{
	for (int i = 0; i < n; i++) {
		uint8_t tries = i < AIR_MAX_RATES ? res->tries_at_rate[i] : 0;

		out[i].idx = tries ? asked[i].idx : -1;
		out[i].count = tries;
		/* The first unused entry ends the list. */
		if (!tries)
			for (; i < n; i++)
				out[i] = (struct hwsim_tx_rate){ .idx = -1 };
	}
}

const uint8_t *frame_transmitter(const uint8_t *frame, size_t len)
{
	/* Of the control frames CTS and ACK have none; nobody sends those here. */
	return len >= 16 ? frame + 10 : NULL;
}

int frame_tid(const uint8_t *frame, size_t len)
{
	size_t at = (frame[1] & 3) == 3 ? 30 : 24;

	/* QoS data without the "no data" bit */
	if (!frame_is_data(frame) || (frame[0] & 0xc0) != 0x80 || len < at + 2)
		return -1;
	return frame[at] & 15;
}

uint8_t frame_ac(const uint8_t *frame, size_t len)
{
	static const uint8_t of_tid[8] = { 1, 0, 0, 1, 2, 2, 3, 3 };
	size_t at = (frame[1] & 3) == 3 ? 30 : 24;

	if (!frame_is_data(frame))
		return 3;
	if (!(frame[0] & 0x80) || len < at + 2)
		return 1;
	return of_tid[frame[at] & 7];
}

static struct ba_session *ba_find(struct ba_table *table, const uint8_t *from, const uint8_t *to)
{
	for (int i = 0; i < table->n; i++) {
		struct ba_session *s = &table->sessions[i];

		if (!memcmp(s->from, from, 6) && !memcmp(s->to, to, 6))
			return s;
	}
	return NULL;
}

static struct ba_session *ba_get(struct ba_table *table, const uint8_t *from, const uint8_t *to)
{
	struct ba_session *s = ba_find(table, from, to);

	if (s)
		return s;
	if (table->n < BA_SESSIONS) {
		s = &table->sessions[table->n++];
	} else {
		s = &table->sessions[table->next];
		table->next = (table->next + 1) % BA_SESSIONS;
	}
	*s = (struct ba_session){ 0 };
	memcpy(s->from, from, 6);
	memcpy(s->to, to, 6);
	return s;
}

static void ba_forget(struct ba_table *table, const uint8_t *a, const uint8_t *b)
{
	struct ba_session *s;

	s = ba_find(table, a, b);
	if (s) {
		s->tids = 0;
		s->hidden = false;
	}
	s = ba_find(table, b, a);
	if (s) {
		s->tids = 0;
		s->hidden = false;
	}
}

static void ba_action(struct ba_table *table, const uint8_t *frame, size_t len)
{
	const uint8_t *body = frame + 24;
	const uint8_t *to = frame + 4, *from = frame + 10;
	unsigned int param;

	if (body[1] == 1 && len >= 24 + 9) {	/* ADDBA response: category, action, token, status */
		param = body[5] | body[6] << 8;
		if (body[3] || body[4] || ((param >> 2) & 15) > 7)
			return;
		ba_get(table, to, from)->tids |= 1u << ((param >> 2) & 7);
	} else if (body[1] == 2 && len >= 24 + 6) {	/* DELBA */
		struct ba_session *s;

		param = body[2] | body[3] << 8;
		/* bit 11: sent by the originator of the data */
		s = param & 1u << 11 ? ba_find(table, from, to) : ba_find(table, to, from);
		if (s && param >> 12 < 8)
			s->tids &= ~(1u << (param >> 12));
	}
}

void ba_observe(struct ba_table *table, const uint8_t *frame, size_t len)
{
	if (len < 24 || !frame_is_mgmt(frame) || frame_is_group(frame))
		return;
	switch (frame[0] >> 4) {
	case 0: case 2: case 10: case 11: case 12:
		/* (re)association, disassociation, authentication, deauthentication: sessions end */
		ba_forget(table, frame + 4, frame + 10);
		break;
	case 13:
		/*
		 * With management frame protection the exchange cannot be
		 * read. A pair that sends encrypted actions is taken to have
		 * a session for whatever it sends at HT rates. An ADDBA is 9
		 * bytes plus 16 of CCMP; shorter ones are SA queries.
		 */
		if (frame_is_protected(frame) && len >= 24 + 9 + 16) {
			ba_get(table, frame + 4, frame + 10)->hidden = true;
			ba_get(table, frame + 10, frame + 4)->hidden = true;
		} else if (!frame_is_protected(frame) && len >= 24 + 2 && frame[24] == 3) {
			ba_action(table, frame, len);
		}
		break;
	}
}

bool ba_aggregable(const struct ba_table *table, const uint8_t *frame, size_t len,
		   const struct air_rate *rate)
{
	const struct ba_session *s;
	int tid;

	if (!rate->ht || len < 24 || frame_is_group(frame))
		return false;
	tid = frame_tid(frame, len);
	if (tid < 0 || tid > 7)
		return false;
	s = ba_find((struct ba_table *)table, frame + 10, frame + 4);
	return s && (s->hidden || s->tids >> tid & 1);
}

static int doze_find(const struct doze_table *table, const uint8_t *mac)
{
	for (int i = 0; i < table->n; i++)
		if (!memcmp(table->stations[i].mac, mac, 6))
			return i;
	return -1;
}

static void doze_begin(struct doze_table *table, const uint8_t *mac)
{
	int i = doze_find(table, mac);

	if (i < 0 && table->n < DOZE_STATIONS) {
		i = table->n++;
	} else if (i < 0) {
		i = table->next;
		table->next = (table->next + 1) % DOZE_STATIONS;
	}
	memcpy(table->stations[i].mac, mac, 6);
	table->stations[i].dozes = true;
	table->stations[i].polled = false;
}

void doze_sent(struct doze_table *table, const uint8_t *frame, size_t len, bool acked)
{
	bool ps_poll = frame[0] == 0xa4, action = (frame[0] & 0xfc) == 0xd0;
	int i;

	if (acked && !frame_is_group(frame)) {
		/* what a poll asked for has come */
		i = doze_find(table, frame + 4);
		if (i >= 0)
			table->stations[i].polled = false;
	}
	if (len < 16 || (!ps_poll && len < 24))
		return;
	i = doze_find(table, frame + 10);
	if (ps_poll) {
		if (i >= 0)
			table->stations[i].polled = true;
		return;
	}
	/* Data to an access point, and all management: elsewhere the bit means something else. */
	if (!frame_is_mgmt(frame) && !(frame_is_data(frame) && (frame[1] & 3) == 1))
		return;
	if (!(frame[1] & 0x10)) {
		if (i >= 0)
			table->stations[i].dozes = false;
	} else if (acked && (!frame_is_mgmt(frame) || action)) {
		doze_begin(table, frame + 10);
	}
}

bool doze_hears(const struct doze_table *table, const uint8_t *frame)
{
	int i = doze_find(table, frame + 4);

	return i < 0 || !table->stations[i].dozes || table->stations[i].polled;
}
