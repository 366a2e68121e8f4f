// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One medium for each control frequency: who sends next, for how long, and who
 * hears it. Stations contend as EDCA has it: each access category waits AIFS
 * and a number of idle slots drawn from its window; the window grows while
 * nobody answers.
 */
#include <string.h>

#include "air_int.h"
#include "airtime.h"

#define SIFS_NS			16000
#define SLOT_NS			9000
#define AMPDU_NS		10000000
#define RETRY_BIT		0x08

/* ---- contention ---- */

/* Somebody counts down on it, or is about to: it is idle only while all contend anew */
static bool medium_wanted(const struct air *air, const struct medium *med)
{
	int s, ac;

	for (s = 0; s < AIR_MAX_STATIONS; s++)
		for (ac = 0; air->st[s].used && ac < ACS; ac++)
			if (air->st[s].q[ac].head && air->st[s].q[ac].head->m.freq == med->freq)
				return true;
	return false;
}

/* NULL: so many channels are in use at once that this one has to wait. */
static struct medium *medium_of(struct air *air, int freq, uint64_t now)
{
	struct medium *unused = NULL;
	int i;

	for (i = 0; i < MEDIA; i++)
		if (air->media[i].freq == freq)
			return &air->media[i];
	for (i = 0; i < MEDIA && !unused; i++)
		if (!air->media[i].freq ||
		    (air->media[i].state == MEDIUM_IDLE && !medium_wanted(air, &air->media[i])))
			unused = &air->media[i];
	if (!unused)
		return NULL;
	unused->freq = freq;
	unused->idle_since = now;
	unused->last = 0;
	return unused;
}

/* Slots are counted from the end of the last transmission, for all alike */
static uint64_t counts_from(const struct medium *med, const struct contender *c)
{
	uint64_t base = med->idle_since + SIFS_NS, slots = c->edca.aifsn;

	if (c->entered > base) {
		uint64_t gone = (c->entered - base + SLOT_NS - 1) / SLOT_NS;

		slots = gone > slots ? gone : slots;
	}
	return base + slots * SLOT_NS;
}

static uint64_t sends_at(const struct air *air, const struct medium *med, const struct contender *c,
			 uint64_t now)
{
	uint64_t at = counts_from(med, c) + (uint64_t)c->backoff * SLOT_NS;

	return air->unlimited || at < now ? now : at;
}

static void contend(struct air *air, struct station *st, int ac, uint64_t now)
{
	struct contender *c = &st->c[ac];
	struct medium *med;
	uint64_t at;

	if (c->backoff < 0) {
		c->backoff = air_random(&air->backoff_rng) % (c->cw + 1);
		c->entered = now;
	}
	if (st->sending)
		return;
	med = medium_of(air, st->q[ac].head->m.freq, now);
	if (!med || med->state == MEDIUM_SENDING)
		return;
	at = sends_at(air, med, c, now);
	if (med->state == MEDIUM_IDLE || at < med->at)
		med->at = at;
	med->state = MEDIUM_COUNTING;
}

void medium_schedule(struct air *air, uint64_t now)
{
	int i, ac;

	for (i = 0; i < MEDIA; i++)
		if (air->media[i].state == MEDIUM_COUNTING)
			air->media[i].state = MEDIUM_IDLE;
	for (i = 0; i < AIR_MAX_STATIONS; i++)
		for (ac = 0; air->st[i].used && ac < ACS; ac++)
			if (air->st[i].q[ac].head)
				contend(air, &air->st[i], ac, now);
}

static void grow(struct contender *c)
{
	c->cw = 2 * c->cw + 1 < c->edca.cw_max ? 2 * c->cw + 1 : c->edca.cw_max;
	c->backoff = -1;
}

static bool contends(const struct air *air, const struct medium *med, int s, int ac)
{
	const struct frame *f = air->st[s].q[ac].head;

	/* without a draw it has just got another window, and contends anew */
	return air->st[s].used && !air->st[s].sending && f && f->m.freq == med->freq &&
	       air->st[s].c[ac].backoff >= 0;
}

/* Who has counted down by now: in each station the highest category. Returns their number. */
static int medium_ready(struct air *air, struct medium *med, int *station, int *category)
{
	int i, ac, s, n = 0;

	for (i = 1; i <= AIR_MAX_STATIONS; i++) {
		bool first = true;

		s = (med->last + i) % AIR_MAX_STATIONS;
		for (ac = ACS - 1; ac >= 0; ac--) {
			struct contender *c = &air->st[s].c[ac];

			if (!contends(air, med, s, ac) || sends_at(air, med, c, med->at) > med->at)
				continue;
			if (first) {
				station[n] = s;
				category[n++] = ac;
			} else if (!air->unlimited) {
				grow(c);
			}
			first = false;
		}
	}
	return n;
}

/* The others keep what they have not waited yet */
static void medium_suspend(struct air *air, struct medium *med)
{
	int s, ac;

	for (s = 0; s < AIR_MAX_STATIONS; s++)
		for (ac = 0; ac < ACS; ac++) {
			struct contender *c = &air->st[s].c[ac];
			uint64_t from, gone;

			if (!contends(air, med, s, ac))
				continue;
			from = counts_from(med, c);
			gone = med->at > from ? (med->at - from) / SLOT_NS : 0;
			c->backoff = gone < (uint64_t)c->backoff ? c->backoff - (int)gone : 0;
			c->entered = 0;
		}
}

/* ---- a transmission ---- */

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

static void ppdu_collect(struct air *air, struct ppdu *p, struct queue *q)
{
	struct frame *first = air_queue_pop(q), *f;
	const struct air_rate *rate = &first->m.rates[first->rate];
	size_t len[AMPDU_FRAMES], bytes = first->m.len;

	p->frame[0] = first;
	p->n = 1;
	p->ampdu = first->m.ampdu && rate->ht && air->max_ampdu > 1;
	len[0] = first->m.len;
	while (p->ampdu && p->n < air->max_ampdu && (f = q->head)) {
		if (!joins(first, f) || bytes + f->m.len + 8 > air->max_bytes)
			break;
		len[p->n] = f->m.len;
		if (air_ppdu_ns(rate, len, p->n + 1, true) > AMPDU_NS)
			break;
		bytes += f->m.len + 8;
		p->frame[p->n++] = air_queue_pop(q);
	}
	if (p->n == 1)
		p->ampdu = false;
}

static const struct air_rate *ppdu_rate(const struct ppdu *p)
{
	return &p->frame[0]->m.rates[p->frame[0]->rate];
}

static uint64_t protection_ns(const struct air *air, const struct ppdu *p)
{
	if (air->protection == AIR_PROTECT_NONE || p->frame[0]->m.no_ack)
		return 0;
	return airtime_protection(ppdu_rate(p), p->frame[0]->m.freq, air->protection == AIR_PROTECT_RTS);
}

static uint64_t ppdu_cost(const struct air *air, const struct ppdu *p)
{
	const struct air_rate *rate = ppdu_rate(p);
	size_t len[AMPDU_FRAMES];
	uint64_t ns;
	int i;

	for (i = 0; i < p->n; i++)
		len[i] = p->frame[i]->m.len;
	ns = protection_ns(air, p) + air_ppdu_ns(rate, len, p->n, p->ampdu);
	if (!p->frame[0]->m.no_ack)
		ns += SIFS_NS + airtime_response(rate, p->ampdu);
	return ns;
}

static void ppdu_start(struct air *air, struct medium *med, int station, int ac)
{
	struct ppdu *p = &med->ppdu[med->n++];
	int i;

	p->station = station;
	p->ac = ac;
	ppdu_collect(air, p, &air->st[station].q[ac]);
	air->st[station].sending = true;
	air->stats.ampdus += p->ampdu;
	for (i = 0; i < p->n; i++)
		if (!p->frame[i]->first)
			p->frame[i]->first = med->at;
}

/* After a collision nobody answers; with RTS only that is lost */
static uint64_t medium_cost(const struct air *air, const struct medium *med)
{
	uint64_t longest = 0;
	int i;

	if (air->unlimited)
		return 0;
	for (i = 0; i < med->n; i++) {
		uint64_t ns = ppdu_cost(air, &med->ppdu[i]);

		if (med->n > 1 && air->protection == AIR_PROTECT_RTS && protection_ns(air, &med->ppdu[i]))
			ns = protection_ns(air, &med->ppdu[i]);
		longest = ns > longest ? ns : longest;
	}
	return longest;
}

static void medium_fire(struct air *air, struct medium *med)
{
	int station[AIR_MAX_STATIONS], ac[AIR_MAX_STATIONS], n, best = 0, i;
	uint64_t cost;

	n = medium_ready(air, med, station, ac);
	/* the frames that were counted down for may have been flushed */
	if (n)
		medium_suspend(air, med);
	med->n = 0;
	if (air->collisions && !air->unlimited)
		for (i = 0; i < n && i < COLLIDE; i++)
			ppdu_start(air, med, station[i], ac[i]);
	else if (n) {
		for (i = 1; i < n; i++)
			best = ac[i] > ac[best] ? i : best;
		ppdu_start(air, med, station[best], ac[best]);
	}
	if (med->n) {
		cost = medium_cost(air, med);
		med->last = med->ppdu[0].station;
		med->state = MEDIUM_SENDING;
		air->stats.airtime_ns += cost;
		air->stats.collisions += med->n > 1;
		medium_schedule(air, med->at);
		med->at += cost;
	} else {
		medium_schedule(air, med->at);
	}
}

/* ---- its end ---- */

static bool chance(struct air *air, unsigned int permille)
{
	return permille && air_random(&air->rng) % 1000 < permille;
}

static bool frame_lost(struct air *air, const struct frame *f, int to)
{
	bool lost = chance(air, air_error_permille(&f->m.rates[f->rate], air->signal[f->station][to]));

	return chance(air, air->loss[f->station][to]) || lost;
}

/* Returns the station that would acknowledge, or -1 */
static int frame_deliver(struct air *air, const struct ppdu *p, struct frame *f, bool collided,
			 uint64_t now)
{
	bool lost_all = true;
	struct air_rx_info info = {
		.freq = f->m.freq,
		.rate = f->m.rates[f->rate],
		.ampdu = p->ampdu,
		.ampdu_last = p->ampdu && f == p->frame[p->n - 1],
		.from = f->station,
		.signal = -50,
	};
	int i, by = -1;

	for (i = 0; i < AIR_MAX_STATIONS && !collided; i++) {
		struct station *st = &air->st[i];

		if (!st->used || i == f->station ||
		    (st->freq != AIR_ANY_FREQ && st->freq != f->m.freq))
			continue;
		if (frame_lost(air, f, i)) {
			air->stats.lost++;
			continue;
		}
		lost_all = false;
		info.signal = air->signal[f->station][i];
		if (air->ops.deliver(air->ctx, i, f->bytes, f->m.len, &info))
			by = i;
	}
	if (air->ops.capture)
		air->ops.capture(air->ctx, now, f->bytes, f->m.len, &info, lost_all);
	return by;
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

/* One response answers all of an aggregate, or none */
static bool response_heard(struct air *air, const struct ppdu *p, int by)
{
	struct air_rate rate = airtime_response_rate(ppdu_rate(p));
	bool lost = chance(air, air_error_permille(&rate, air->signal[by][p->station]));

	lost |= chance(air, air->ack_loss[by][p->station]);
	air->stats.acks_lost += lost;
	return !lost;
}

static void ppdu_finish(struct air *air, struct ppdu *p, bool collided, uint64_t now)
{
	struct contender *c = &air->st[p->station].c[p->ac];
	struct frame *done[AMPDU_FRAMES], *again[AMPDU_FRAMES];
	int n_done = 0, n_again = 0, n = p->n, i, by = -1;
	bool taken[AMPDU_FRAMES];

	for (i = 0; i < n; i++) {
		int who = frame_deliver(air, p, p->frame[i], collided, now);

		taken[i] = who >= 0;
		by = who >= 0 ? who : by;
	}
	if (by >= 0 && !p->frame[0]->m.no_ack && !response_heard(air, p, by)) {
		memset(taken, 0, sizeof(taken));
		by = -1;
	}
	for (i = 0; i < n; i++) {
		struct frame *f = p->frame[i];

		air->stats.attempts++;
		air->stats.bytes += f->m.len;
		if (air->ops.sent)
			air->ops.sent(air->ctx, f->station, f->bytes, f->m.len, taken[i]);
		if (frame_attempted(f, taken[i], p->ampdu))
			done[n_done++] = f;
		else
			again[n_again++] = f;
	}
	air->stats.mpdus += n_done;
	p->n = 0;
	air->st[p->station].sending = false;
	/* the window is small again when somebody answered, and for the next frame */
	if (n_again && by < 0)
		grow(c);
	else
		c->cw = c->edca.cw_min;
	c->backoff = -1;
	/* retries keep their place before what was queued later */
	while (n_again)
		air_queue_head(&air->st[p->station].q[p->ac], again[--n_again]);
	for (i = 0; i < n_done; i++)
		air_frame_done(air, done[i], now);
}

static void medium_finish(struct air *air, struct medium *med)
{
	uint64_t now = med->at;
	int i, ac;

	for (i = 0; i < med->n; i++) {
		struct station *st = &air->st[med->ppdu[i].station];

		/* it could not count while it was sending, on this channel or another */
		for (ac = 0; ac < ACS; ac++)
			st->c[ac].entered = now;
		ppdu_finish(air, &med->ppdu[i], med->n > 1, now);
	}
	med->n = 0;
	med->state = MEDIUM_IDLE;
	med->idle_since = now;
	medium_schedule(air, now);
}

uint64_t air_deadline(const struct air *air)
{
	uint64_t first = UINT64_MAX;
	int i;

	for (i = 0; i < MEDIA; i++)
		if (air->media[i].state != MEDIUM_IDLE && air->media[i].at < first)
			first = air->media[i].at;
	return first;
}

/* In the order of time, also when called late */
void air_run(struct air *air, uint64_t now)
{
	uint64_t due;
	int i;

	while ((due = air_deadline(air)) <= now)
		for (i = 0; i < MEDIA; i++) {
			struct medium *med = &air->media[i];

			if (med->state == MEDIUM_IDLE || med->at != due)
				continue;
			if (med->state == MEDIUM_COUNTING)
				medium_fire(air, med);
			else
				medium_finish(air, med);
			break;
		}
}
