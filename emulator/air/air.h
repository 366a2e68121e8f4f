/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The radio channel. Stations (hwsim radios, the emulated chip) hand in MPDUs;
 * the channel decides who sends when, groups MPDUs into A-MPDUs, charges air
 * time, loses frames, and says who hears what. No I/O, no clock of its own:
 * the caller passes the time in and calls air_run() at air_deadline().
 *
 * Times are ns (CLOCK_MONOTONIC), frequencies MHz, signals dBm.
 */
#ifndef AIR_H
#define AIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AIR_MAX_STATIONS	32
#define AIR_MAX_RATES		24
#define AIR_MAX_FRAME		2400

/* One PHY rate. kind LEGACY: kbps100 in 100 kbit/s (10..540); HT: mcs 0..7. */
struct air_rate {
	bool ht;
	uint8_t mcs;
	uint16_t kbps100;
	bool bw40;
	bool sgi;
	uint8_t tries;		/* attempts at this rate, in a chain */
};

/* One MPDU to be sent. The frame is plain 802.11 without FCS, already encrypted. */
struct air_mpdu {
	uint64_t cookie;	/* returned in tx_done */
	const uint8_t *frame;	/* copied by air_submit */
	size_t len;
	int freq;		/* control channel centre */
	uint8_t ac;		/* 0 BK 1 BE 2 VI 3 VO */
	bool no_ack;		/* group frame or no-ack policy */
	bool ampdu;		/* a block ack session exists for RA/TID: may be aggregated */
	struct air_rate rates[AIR_MAX_RATES];	/* tried in order */
	int n_rates;
};

struct air_tx_result {
	bool acked;
	uint8_t attempts;	/* transmissions made */
	uint8_t rate_index;	/* index into rates[] of the last attempt */
	uint8_t tries_at_rate[AIR_MAX_RATES];
	bool in_ampdu;
	uint64_t queued_ns;	/* submit to first attempt */
	uint64_t media_ns;	/* submit to completion */
};

struct air_rx_info {
	int freq;
	int signal;		/* dBm */
	struct air_rate rate;
	bool ampdu, ampdu_last;
	int from;		/* station index of the transmitter */
};

struct air_ops {
	/* A station hears a frame. Returns true if the station would acknowledge it
	 * (addressed to it, tuned, alive). Must not call back into the air except air_submit. */
	bool (*deliver)(void *ctx, int station, const uint8_t *frame, size_t len,
			const struct air_rx_info *info);
	void (*tx_done)(void *ctx, int station, uint64_t cookie, const struct air_tx_result *res);
	/* After each attempt; acked: the sender has the acknowledgement. May be NULL. */
	void (*sent)(void *ctx, int station, const uint8_t *frame, size_t len, bool acked);
	/* Every transmission on the air, once per MPDU attempt, for the capture. */
	void (*capture)(void *ctx, uint64_t at, const uint8_t *frame, size_t len,
			const struct air_rx_info *info, bool lost);
};

struct air;

struct air *air_new(const struct air_ops *ops, void *ctx, uint64_t seed);
void air_free(struct air *air);

/* Stations are small indexes handed out by the air. addr may be NULL (sniffer). */
int air_add_station(struct air *air, const char *name);
void air_del_station(struct air *air, int station);
/* A station listens on freq (0: deaf). The chip and hwsim radios that tell no channel use
 * AIR_ANY_FREQ: they are offered every frame and filter themselves. */
#define AIR_ANY_FREQ	(-1)
void air_tune(struct air *air, int station, int freq);

/* Link properties, from -> to. The signal alone may lose frames, see air_error_permille(). */
void air_set_signal(struct air *air, int from, int to, int dbm);
int air_signal(const struct air *air, int from, int to);
/* Permille of MPDUs lost besides, and of acknowledgements (block acks as a whole) */
void air_set_loss(struct air *air, int from, int to, int permille);
void air_set_ack_loss(struct air *air, int from, int to, int permille);
/* What a signal loses at a rate, permille of MPDUs (the same table for acknowledgements) */
unsigned int air_error_permille(const struct air_rate *rate, int dbm);

/* How a station contends in an access category; NULL: the defaults of WMM */
struct air_edca {
	uint8_t aifsn;
	uint16_t cw_min, cw_max;
};
void air_set_edca(struct air *air, int station, int ac, const struct air_edca *edca);
/* Who counts down to the same slot destroys each other's frames; off: they take turns */
void air_set_collisions(struct air *air, bool on);
/* What goes ahead of frames that old stations do not understand */
enum air_protection { AIR_PROTECT_NONE, AIR_PROTECT_CTS, AIR_PROTECT_RTS };
void air_set_protection(struct air *air, enum air_protection protection);

/* Unlimited air: no time is charged (bus-only measurements). */
void air_set_unlimited(struct air *air, bool on);
/* Longest aggregate: 64 frames and 32 KiB, unless told otherwise; HT ends at 65535 bytes. */
void air_set_max_ampdu(struct air *air, int frames);
void air_set_max_ampdu_bytes(struct air *air, size_t bytes);

int air_submit(struct air *air, int station, const struct air_mpdu *mpdu, uint64_t now);
/* Drop every frame that a station still has queued (tx_done with acked = false). */
void air_flush(struct air *air, int station, uint64_t now);
/* MPDUs that a station has waiting, including those on the air. */
int air_queued(const struct air *air, int station);

uint64_t air_deadline(const struct air *air);	/* UINT64_MAX: nothing to do */
void air_run(struct air *air, uint64_t now);

struct air_stats {
	uint64_t airtime_ns, mpdus, ampdus, attempts, lost, bytes;
	uint64_t acks_lost, collisions;
};
void air_get_stats(const struct air *air, struct air_stats *stats);

/* Air time of n MPDUs of the given sizes in one PPDU, without contention, ns. */
uint64_t air_ppdu_ns(const struct air_rate *rate, const size_t *len, int n, bool ampdu);

#endif /* AIR_H */
