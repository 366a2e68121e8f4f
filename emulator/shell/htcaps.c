// SPDX-License-Identifier: GPL-2.0-or-later
#include "htcaps.h"

#include <string.h>

#define ELEMENT_HT_CAPABILITIES	45
#define ELEMENT_HT_OPERATION	61

#define CAP_WIDTH40	(1u << 1)
#define CAP_SGI20	(1u << 5)
#define CAP_SGI40	(1u << 6)
#define OP_SECONDARY	0x03
#define OP_WIDTH_ANY	(1u << 2)

static struct htcaps_station *find(struct htcaps *caps, const uint8_t *mac)
{
	for (int i = 0; i < caps->n; i++)
		if (!memcmp(caps->stations[i].mac, mac, 6))
			return &caps->stations[i];
	return NULL;
}

static struct htcaps_station *get(struct htcaps *caps, const uint8_t *mac)
{
	struct htcaps_station *s = find(caps, mac);

	if (!s && caps->n < HTCAPS_STATIONS) {
		s = &caps->stations[caps->n++];
	} else if (!s) {
		s = &caps->stations[caps->next];
		caps->next = (caps->next + 1) % HTCAPS_STATIONS;
	}
	*s = (struct htcaps_station){ 0 };
	memcpy(s->mac, mac, 6);
	return s;
}

static void take_element(struct htcaps_station *s, const uint8_t *el)
{
	const uint8_t *body = el + 2;

	if (el[0] == ELEMENT_HT_CAPABILITIES && el[1] >= 4) {
		s->width40 = body[0] & CAP_WIDTH40;
		s->sgi20 = body[0] & CAP_SGI20;
		s->sgi40 = body[0] & CAP_SGI40;
		/* flags 2, A-MPDU parameters 1, then the receive MCS map */
		s->mcs = body[3];
	} else if (el[0] == ELEMENT_HT_OPERATION && el[1] >= 2) {
		s->op40 = (body[1] & OP_SECONDARY) && (body[1] & OP_WIDTH_ANY);
	}
}

/* Offset of the elements of a (re)association frame, 0 for all others */
static size_t elements_at(uint8_t type)
{
	switch (type) {
	case 0x00: return 24 + 4;
	case 0x20: return 24 + 10;
	case 0x10:
	case 0x30: return 24 + 6;
	default: return 0;
	}
}

void htcaps_observe(struct htcaps *caps, const uint8_t *frame, size_t len)
{
	size_t at = elements_at(frame[0]);
	struct htcaps_station *s;

	if (!at || len < at)
		return;
	s = get(caps, frame + 10);
	for (; at + 2 <= len && at + 2 + frame[at + 1] <= len; at += 2 + frame[at + 1])
		take_element(s, frame + at);
}

bool htcaps_best_rate(const struct htcaps *caps, const uint8_t *from, const uint8_t *to,
		      struct air_rate *rate)
{
	const struct htcaps_station *a = find((struct htcaps *)caps, from);
	const struct htcaps_station *b = find((struct htcaps *)caps, to);
	uint8_t mcs;

	if (!a || !b)
		return false;
	mcs = a->mcs & b->mcs;
	if (!mcs)
		return false;
	*rate = (struct air_rate){ .ht = true };
	while (mcs >>= 1)
		rate->mcs++;
	rate->bw40 = a->width40 && b->width40 && (a->op40 || b->op40);
	rate->sgi = rate->bw40 ? a->sgi40 && b->sgi40 : a->sgi20 && b->sgi20;
	return true;
}

void htcaps_limit_rate(struct air_rate *rate, int dbm)
{
	while (rate->mcs && air_error_permille(rate, dbm) >= 100)
		rate->mcs--;
}
