// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The channel: one medium for each control frequency. Contention is charged at
 * its mean, so that figures are the same in each run.
 */
#include <stdlib.h>
#include <string.h>

#include "air.h"
#include "airtime.h"

#define ACS			4
#define SIFS_NS			16000
#define SLOT_NS			9000
#define AMPDU_BYTES		32768
#define AMPDU_NS		10000000
#define AMPDU_FRAMES		64
#define MEDIA			16
#define RETRY_BIT		0x08

struct frame {
	struct frame *next;
	struct air_mpdu m;
	uint8_t bytes[AIR_MAX_FRAME];
	int station;
	int rate;		/* index into m.rates */
	int tries;		/* at that rate */
	uint64_t submitted, first;
	struct air_tx_result res;
	bool dead;		/* flushed while on the air */
};

struct queue {
	struct frame *head, **tail;
};

struct station {
	bool used;
	int freq;
	struct queue q[ACS];
	int queued;
};

struct medium {
	int freq;		/* 0: unused */
	bool busy;
	uint64_t end;
	uint64_t idle_since;
	struct frame *ppdu[AMPDU_FRAMES];
	int n;
	bool ampdu;
	int last;		/* station that sent last: round robin */
};

struct air {
	struct air_ops ops;
	void *ctx;
	struct station st[AIR_MAX_STATIONS];
	struct medium media[MEDIA];
	int signal[AIR_MAX_STATIONS][AIR_MAX_STATIONS];
	int loss[AIR_MAX_STATIONS][AIR_MAX_STATIONS];
	struct frame *free;
	bool unlimited;
	int max_ampdu;
	uint64_t rng;
	struct air_stats stats;
};

static uint32_t air_random(struct air *air)
{
	/* xorshift64*, seeded: the same losses in each run */
	air->rng ^= air->rng >> 12;
	air->rng ^= air->rng << 25;
	air->rng ^= air->rng >> 27;
	return (air->rng * 0x2545f4914f6cdd1dULL) >> 32;
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
	air->max_ampdu = AMPDU_FRAMES;
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

static void queue_head(struct queue *q, struct frame *f)
{
	f->next = q->head;
	q->head = f;
	if (!f->next)
		q->tail = &f->next;
}

static struct frame *queue_pop(struct queue *q)
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
	int i, ac;

	if (!air)
		return;
	for (i = 0; i < AIR_MAX_STATIONS; i++)
		for (ac = 0; air->st[i].used && ac < ACS; ac++)
			while ((f = queue_pop(&air->st[i].q[ac])))
				free(f);
	for (i = 0; i < MEDIA; i++)
		while (air->media[i].n)
			free(air->media[i].ppdu[--air->media[i].n]);
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
		for (ac = 0; ac < ACS; ac++)
			queue_init(&air->st[i].q[ac]);
		air->st[i].used = true;
		air->st[i].freq = AIR_ANY_FREQ;
		return i;
	}
	return -1;
}

static void frame_done(struct air *air, struct frame *f, uint64_t now)
{
	int station = f->station;

	air->st[station].queued--;
	f->res.media_ns = now - f->submitted;
	f->res.queued_ns = f->first ? f->first - f->submitted : f->res.media_ns;
	if (!f->dead)
		air->ops.tx_done(air->ctx, station, f->m.cookie, &f->res);
	frame_put(air, f);
}

void air_flush(struct air *air, int station, uint64_t now)
{
	struct station *st = &air->st[station];
	struct frame *f;
	int i, j, ac;

	/* what is on the air goes on, but nobody hears of it */
	for (i = 0; i < MEDIA; i++)
		for (j = 0; j < air->media[i].n; j++)
			if (air->media[i].ppdu[j] && air->media[i].ppdu[j]->station == station)
				air->media[i].ppdu[j]->dead = true;
	for (ac = 0; ac < ACS; ac++)
		while ((f = queue_pop(&st->q[ac])))
			frame_done(air, f, now);
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

void air_set_unlimited(struct air *air, bool on)
{
	air->unlimited = on;
}

void air_set_max_ampdu(struct air *air, int frames)
{
	air->max_ampdu = frames < 1 ? 1 : frames > AMPDU_FRAMES ? AMPDU_FRAMES : frames;
}

int air_queued(const struct air *air, int station)
{
	return air->st[station].queued;
}

void air_get_stats(const struct air *air, struct air_stats *stats)
{
	*stats = air->stats;
}

/* ---- who sends next ---- */

/* NULL: so many channels are in use at once that this one has to wait. */
static struct medium *medium_of(struct air *air, int freq, uint64_t now)
{
	struct medium *unused = NULL;
	int i;

	for (i = 0; i < MEDIA; i++) {
		if (air->media[i].freq == freq)
			return &air->media[i];
		if (!unused && !air->media[i].busy)
			unused = &air->media[i];
	}
	if (!unused)
		return NULL;
	unused->freq = freq;
	unused->idle_since = now;
	unused->last = 0;
	return unused;
}

/* Highest access category that anybody has; among equals the next station */
static struct queue *medium_pick(struct air *air, struct medium *med, int *station, int *pick_ac)
{
	int ac, i, s;

	for (ac = ACS - 1; ac >= 0; ac--) {
		for (i = 1; i <= AIR_MAX_STATIONS; i++) {
			struct queue *q;

			s = (med->last + i) % AIR_MAX_STATIONS;
			if (!air->st[s].used)
				continue;
			q = &air->st[s].q[ac];
			if (q->head && q->head->m.freq == med->freq) {
				*station = s;
				*pick_ac = ac;
				return q;
			}
		}
	}
	return NULL;
}

static uint8_t frame_tid(const struct frame *f)
{
	return f->m.len > 24 ? f->bytes[24] & 0xf : 0;
}

static bool joins(const struct frame *a, const struct frame *b)
{
	const struct air_rate *ra = &a->m.rates[a->rate], *rb = &b->m.rates[b->rate];

	return b->m.ampdu && b->m.freq == a->m.freq && !memcmp(a->bytes + 4, b->bytes + 4, 6) &&
	       frame_tid(a) == frame_tid(b) && rb->ht && ra->mcs == rb->mcs &&
	       ra->bw40 == rb->bw40 && ra->sgi == rb->sgi;
}

static uint64_t contention_ns(int ac)
{
	static const uint8_t aifsn[ACS] = { 7, 3, 2, 2 };
	static const uint8_t cw_min[ACS] = { 15, 15, 7, 3 };

	return SIFS_NS + aifsn[ac] * SLOT_NS + cw_min[ac] * SLOT_NS / 2;
}

static void medium_collect(struct air *air, struct medium *med, struct queue *q)
{
	struct frame *first = queue_pop(q), *f;
	const struct air_rate *rate = &first->m.rates[first->rate];
	size_t len[AMPDU_FRAMES], bytes = first->m.len;

	med->ppdu[0] = first;
	med->n = 1;
	med->ampdu = first->m.ampdu && rate->ht && air->max_ampdu > 1;
	len[0] = first->m.len;
	while (med->ampdu && med->n < air->max_ampdu && (f = q->head)) {
		if (!joins(first, f) || bytes + f->m.len + 8 > AMPDU_BYTES)
			break;
		len[med->n] = f->m.len;
		if (air_ppdu_ns(rate, len, med->n + 1, true) > AMPDU_NS)
			break;
		bytes += f->m.len + 8;
		med->ppdu[med->n++] = queue_pop(q);
	}
	if (med->n == 1)
		med->ampdu = false;
}

static uint64_t medium_cost(struct air *air, struct medium *med, int ac)
{
	struct frame *f = med->ppdu[0];
	const struct air_rate *rate = &f->m.rates[f->rate];
	size_t len[AMPDU_FRAMES];
	uint64_t ns;
	int i;

	if (air->unlimited)
		return 0;
	for (i = 0; i < med->n; i++)
		len[i] = med->ppdu[i]->m.len;
	ns = contention_ns(ac) + air_ppdu_ns(rate, len, med->n, med->ampdu);
	if (!f->m.no_ack)
		ns += SIFS_NS + airtime_response(rate, med->ampdu);
	return ns;
}

static void medium_start(struct air *air, struct medium *med, uint64_t now)
{
	int station, ac, i;
	struct queue *q;
	uint64_t cost;

	q = medium_pick(air, med, &station, &ac);
	if (!q)
		return;
	medium_collect(air, med, q);
	cost = medium_cost(air, med, ac);
	med->last = station;
	med->busy = true;
	med->end = now + cost;
	for (i = 0; i < med->n; i++)
		if (!med->ppdu[i]->first)
			med->ppdu[i]->first = now;
	air->stats.airtime_ns += cost;
	air->stats.ampdus += med->ampdu;
}

/*
 * A queue holds frames for several channels: whose turn it is may be known
 * only when a transmission on another channel is over.
 */
static void media_start(struct air *air, uint64_t now)
{
	int s, ac;

	for (s = 0; s < AIR_MAX_STATIONS; s++)
		for (ac = 0; air->st[s].used && ac < ACS; ac++) {
			const struct frame *f = air->st[s].q[ac].head;
			struct medium *med = f ? medium_of(air, f->m.freq, now) : NULL;

			if (med && !med->busy)
				medium_start(air, med, now);
		}
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
	queue_tail(&air->st[station].q[mpdu->ac], f);
	air->st[station].queued++;
	media_start(air, now);
	return 0;
}

/* ---- the end of a transmission ---- */

static bool frame_deliver(struct air *air, struct medium *med, struct frame *f, bool last, uint64_t now)
{
	bool acked = false, lost_all = true;
	struct air_rx_info info = {
		.freq = f->m.freq,
		.rate = f->m.rates[f->rate],
		.ampdu = med->ampdu,
		.ampdu_last = med->ampdu && last,
		.from = f->station,
		.signal = -50,
	};
	int i;

	for (i = 0; i < AIR_MAX_STATIONS; i++) {
		struct station *st = &air->st[i];

		if (!st->used || i == f->station ||
		    (st->freq != AIR_ANY_FREQ && st->freq != f->m.freq))
			continue;
		if (air->loss[f->station][i] &&
		    (int)(air_random(air) % 1000) < air->loss[f->station][i]) {
			air->stats.lost++;
			continue;
		}
		lost_all = false;
		info.signal = air->signal[f->station][i];
		acked |= air->ops.deliver(air->ctx, i, f->bytes, f->m.len, &info);
	}
	if (air->ops.capture)
		air->ops.capture(air->ctx, now, f->bytes, f->m.len, &info, lost_all);
	return acked;
}

/* Counts the attempt; true if the frame is finished */
static bool frame_attempted(struct frame *f, bool acked, bool in_ampdu)
{
	f->res.attempts++;
	f->res.rate_index = f->rate;
	f->res.tries_at_rate[f->rate]++;
	f->res.in_ampdu = in_ampdu;
	if (acked || f->m.no_ack) {
		f->res.acked = acked || f->m.no_ack;
		return true;
	}
	f->bytes[1] |= RETRY_BIT;
	if (++f->tries >= f->m.rates[f->rate].tries) {
		f->tries = 0;
		if (++f->rate >= f->m.n_rates) {
			f->rate = f->m.n_rates - 1;
			return true;
		}
	}
	return f->dead;
}

static void medium_finish(struct air *air, struct medium *med)
{
	struct frame *done[AMPDU_FRAMES], *again[AMPDU_FRAMES];
	int n_done = 0, n_again = 0, n = med->n, i;
	uint64_t now = med->end;

	for (i = 0; i < n; i++) {
		struct frame *f = med->ppdu[i];
		bool acked = frame_deliver(air, med, f, i == n - 1, now);

		air->stats.attempts++;
		air->stats.bytes += f->m.len;
		if (frame_attempted(f, acked, med->ampdu))
			done[n_done++] = f;
		else
			again[n_again++] = f;
	}
	air->stats.mpdus += n_done;
	med->n = 0;
	med->busy = false;
	med->idle_since = now;
	/* retries keep their place before what was queued later */
	while (n_again)  {
		struct frame *f = again[--n_again];

		queue_head(&air->st[f->station].q[f->m.ac], f);
	}
	for (i = 0; i < n_done; i++)
		frame_done(air, done[i], now);
	media_start(air, now);
}

uint64_t air_deadline(const struct air *air)
{
	uint64_t first = UINT64_MAX;
	int i;

	for (i = 0; i < MEDIA; i++)
		if (air->media[i].busy && air->media[i].end < first)
			first = air->media[i].end;
	return first;
}

void air_run(struct air *air, uint64_t now)
{
	int i;

	for (i = 0; i < MEDIA; i++)
		while (air->media[i].busy && air->media[i].end <= now)
			medium_finish(air, &air->media[i]);
}
