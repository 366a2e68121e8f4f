/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of the channel, shared by air.c (stations) and medium.c (who sends, and what comes of it). */
#ifndef AIR_INT_H
#define AIR_INT_H

#include "air.h"

#define ACS			4
#define AMPDU_BYTES		32768
#define AMPDU_BYTES_MAX		65535
#define AMPDU_FRAMES		64
#define MEDIA			16
#define COLLIDE			4

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

/* An access category of a station, which counts down to its turn */
struct contender {
	struct air_edca edca;
	unsigned int cw;
	int backoff;		/* slots still to wait, -1: not drawn yet */
	uint64_t entered;	/* not counted before */
};

struct station {
	bool used;
	bool sending;		/* a radio is on one channel at a time */
	int freq;
	struct queue q[ACS];
	struct contender c[ACS];
	int queued;
};

/* What one station sends at a time */
struct ppdu {
	struct frame *frame[AMPDU_FRAMES];
	int n;
	bool ampdu;
	int station, ac;
};

struct medium {
	int freq;		/* 0: never used */
	enum { MEDIUM_IDLE, MEDIUM_COUNTING, MEDIUM_SENDING } state;
	uint64_t at;		/* end of that state */
	uint64_t idle_since;
	struct ppdu ppdu[COLLIDE];
	int n;			/* more than one: a collision */
	int last;		/* station that sent last: the next one wins a tie */
};

struct air {
	struct air_ops ops;
	void *ctx;
	struct station st[AIR_MAX_STATIONS];
	struct medium media[MEDIA];
	int signal[AIR_MAX_STATIONS][AIR_MAX_STATIONS];
	int loss[AIR_MAX_STATIONS][AIR_MAX_STATIONS];
	int ack_loss[AIR_MAX_STATIONS][AIR_MAX_STATIONS];
	struct frame *free;
	bool unlimited, collisions;
	enum air_protection protection;
	int max_ampdu;
	size_t max_bytes;
	uint64_t rng, backoff_rng;	/* losses do not depend on who waits how long */
	struct air_stats stats;
};

/* air.c */
uint32_t air_random(uint64_t *rng);
struct frame *air_queue_pop(struct queue *q);
void air_queue_head(struct queue *q, struct frame *f);
void air_frame_done(struct air *air, struct frame *f, uint64_t now);

/* medium.c */
/* Whoever can go on, goes on: to be called when a frame has come or a transmission is over. */
void medium_schedule(struct air *air, uint64_t now);

#endif /* AIR_INT_H */
