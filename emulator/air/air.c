// SPDX-License-Identifier: GPL-2.0-or-later
/* The channel: stations, their queues and links. */
#include <stdlib.h>
#include <string.h>

#include "air_int.h"

/* WMM defaults of a station, BK BE VI VO */
static const struct air_edca default_edca[ACS] = {
	{ 7, 15, 1023 }, { 3, 15, 1023 }, { 2, 7, 15 }, { 2, 3, 7 },
};

uint32_t air_random(uint64_t *rng)
{
	/* xorshift64*, seeded: the same losses in each run */
	*rng ^= *rng >> 12;
	*rng ^= *rng << 25;
	*rng ^= *rng >> 27;
	return (*rng * 0x2545f4914f6cdd1dULL) >> 32;
}

struct air *air_new(const struct air_ops *ops, void *ctx, uint64_t seed)
{
	struct air *air = calloc(1, sizeof(*air));
	int i, j;

	if (!air)
		return NULL;
	air->ops = *ops;
	air->ctx = ctx;
	air->rng = seed * 2654435761u + 0x9e3779b97f4a7c15ULL;
	air->backoff_rng = ~air->rng;
	air->max_ampdu = AMPDU_FRAMES;
	air->max_bytes = AMPDU_BYTES;
	for (i = 0; i < AIR_MAX_STATIONS; i++)
		for (j = 0; j < AIR_MAX_STATIONS; j++)
			air->signal[i][j] = -50;
	return air;
}

static void frame_put(struct air *air, struct frame *f)
{
	f->next = air->free;
	air->free = f;
}

static struct frame *frame_get(struct air *air)
{
	struct frame *f = air->free;

	if (f)
		air->free = f->next;
	else
		f = malloc(sizeof(*f));
	return f;
}

static void queue_init(struct queue *q)
{
	q->head = NULL;
	q->tail = &q->head;
}

static void queue_tail(struct queue *q, struct frame *f)
{
	f->next = NULL;
	*q->tail = f;
	q->tail = &f->next;
}

void air_queue_head(struct queue *q, struct frame *f)
{
	f->next = q->head;
	q->head = f;
	if (!f->next)
		q->tail = &f->next;
}

struct frame *air_queue_pop(struct queue *q)
{
	struct frame *f = q->head;

	if (f) {
		q->head = f->next;
		if (!q->head)
			q->tail = &q->head;
	}
	return f;
}

void air_free(struct air *air)
{
	struct frame *f;
	int i, j, ac;

	if (!air)
		return;
	for (i = 0; i < AIR_MAX_STATIONS; i++)
		for (ac = 0; air->st[i].used && ac < ACS; ac++)
			while ((f = air_queue_pop(&air->st[i].q[ac])))
				free(f);
	for (i = 0; i < MEDIA; i++)
		for (j = 0; j < air->media[i].n; j++)
			while (air->media[i].ppdu[j].n)
				free(air->media[i].ppdu[j].frame[--air->media[i].ppdu[j].n]);
	while ((f = air->free)) {
		air->free = f->next;
		free(f);
	}
	free(air);
}

int air_add_station(struct air *air, const char *name)
{
	int i, ac;

	(void)name;
	for (i = 0; i < AIR_MAX_STATIONS; i++) {
		if (air->st[i].used)
			continue;
		memset(&air->st[i], 0, sizeof(air->st[i]));
		for (ac = 0; ac < ACS; ac++) {
			queue_init(&air->st[i].q[ac]);
			air_set_edca(air, i, ac, NULL);
		}
		air->st[i].used = true;
		air->st[i].freq = AIR_ANY_FREQ;
		return i;
	}
	return -1;
}

void air_frame_done(struct air *air, struct frame *f, uint64_t now)
{
	int station = f->station;

	air->st[station].queued--;
	f->res.media_ns = now - f->submitted;
	f->res.queued_ns = f->first ? f->first - f->submitted : f->res.media_ns;
	if (!f->dead)
		air->ops.tx_done(air->ctx, station, f->m.cookie, &f->res);
	frame_put(air, f);
}

static void ppdu_forget(struct ppdu *ppdu, int station)
{
	int i;

	for (i = 0; ppdu->station == station && i < ppdu->n; i++)
		ppdu->frame[i]->dead = true;
}

void air_flush(struct air *air, int station, uint64_t now)
{
	struct station *st = &air->st[station];
	struct frame *f;
	int i, j, ac;

	/* what is on the air goes on, but nobody hears of it */
	for (i = 0; i < MEDIA; i++)
		for (j = 0; j < air->media[i].n; j++)
			ppdu_forget(&air->media[i].ppdu[j], station);
	for (ac = 0; ac < ACS; ac++)
		while ((f = air_queue_pop(&st->q[ac])))
			air_frame_done(air, f, now);
}

void air_del_station(struct air *air, int station)
{
	air_flush(air, station, 0);
	air->st[station].used = false;
}

void air_tune(struct air *air, int station, int freq)
{
	air->st[station].freq = freq;
}

void air_set_signal(struct air *air, int from, int to, int dbm)
{
	air->signal[from][to] = dbm;
}

void air_set_loss(struct air *air, int from, int to, int permille)
{
	air->loss[from][to] = permille;
}

void air_set_ack_loss(struct air *air, int from, int to, int permille)
{
	air->ack_loss[from][to] = permille;
}

int air_signal(const struct air *air, int from, int to)
{
	return air->signal[from][to];
}

void air_set_edca(struct air *air, int station, int ac, const struct air_edca *edca)
{
	struct contender *c = &air->st[station].c[ac];

	c->edca = edca ? *edca : default_edca[ac];
	c->cw = c->edca.cw_min;
	c->backoff = -1;
}

void air_set_collisions(struct air *air, bool on)
{
	air->collisions = on;
}

void air_set_protection(struct air *air, enum air_protection protection)
{
	air->protection = protection;
}

void air_set_unlimited(struct air *air, bool on)
{
	air->unlimited = on;
}

void air_set_max_ampdu(struct air *air, int frames)
{
	air->max_ampdu = frames < 1 ? 1 : frames > AMPDU_FRAMES ? AMPDU_FRAMES : frames;
}

void air_set_max_ampdu_bytes(struct air *air, size_t bytes)
{
	air->max_bytes = bytes < AMPDU_BYTES_MAX ? bytes : AMPDU_BYTES_MAX;
}

int air_queued(const struct air *air, int station)
{
	return air->st[station].queued;
}

void air_get_stats(const struct air *air, struct air_stats *stats)
{
	*stats = air->stats;
}

int air_submit(struct air *air, int station, const struct air_mpdu *mpdu, uint64_t now)
{
	struct frame *f;

	if (mpdu->len > AIR_MAX_FRAME || mpdu->len < 10 || mpdu->n_rates < 1 ||
	    mpdu->n_rates > AIR_MAX_RATES || mpdu->ac >= ACS || !air->st[station].used)
		return -1;
	f = frame_get(air);
	if (!f)
		return -1;
	f->m = *mpdu;
	memcpy(f->bytes, mpdu->frame, mpdu->len);
	f->m.frame = f->bytes;
	f->station = station;
	f->rate = 0;
	f->tries = 0;
	f->submitted = now;
	f->first = 0;
	f->dead = false;
	memset(&f->res, 0, sizeof(f->res));
	if (!air->st[station].q[mpdu->ac].head)
		air->st[station].c[mpdu->ac].backoff = -1;
	queue_tail(&air->st[station].q[mpdu->ac], f);
	air->st[station].queued++;
	medium_schedule(air, now);
	return 0;
}
