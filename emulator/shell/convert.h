/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between hwsim's netlink and the air: rates, and what can be read off a
 * frame. No I/O and no state but the one passed in.
 */
#ifndef CONVERT_H
#define CONVERT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../air/air.h"
#include "hwsim_wire.h"

/* Fills out[] with the chain of rates; at least one. Returns their number. */
int convert_rates(const struct hwsim_tx_rate *rates, const struct hwsim_tx_rate_flag *flags,
		  int n, int freq, struct air_rate *out);

/* Index into the bit rates of a hwsim band that comes closest from below. */
unsigned int convert_rx_rate(const struct air_rate *rate, int freq);

/* The rate that beacons and forged frames use. */
struct air_rate convert_lowest_rate(int freq);

/* Rates and counts as they were really used, for the transmit status. */
void convert_result(const struct hwsim_tx_rate *asked, int n, const struct air_tx_result *res,
		    struct hwsim_tx_rate *out);

static inline bool frame_is_group(const uint8_t *frame)
{
	return frame[4] & 1;
}

static inline bool frame_is_mgmt(const uint8_t *frame)
{
	return (frame[0] & 0x0c) == 0x00;
}

static inline bool frame_is_data(const uint8_t *frame)
{
	return (frame[0] & 0x0c) == 0x08;
}

static inline bool frame_is_protected(const uint8_t *frame)
{
	return frame[1] & 0x40;
}

/* Transmitter address, or NULL for a frame that has none. */
const uint8_t *frame_transmitter(const uint8_t *frame, size_t len);
/* TID of a QoS data frame with a body, else -1. */
int frame_tid(const uint8_t *frame, size_t len);
/* 0 BK 1 BE 2 VI 3 VO */
uint8_t frame_ac(const uint8_t *frame, size_t len);

/*
 * Block ack sessions, learned by listening. hwsim does not say which frames
 * mac80211 would aggregate.
 */
#define BA_SESSIONS	128

struct ba_session {
	uint8_t from[6], to[6];
	uint8_t tids;		/* bit per TID with a session from -> to */
	bool hidden;		/* encrypted action frames were seen from -> to */
};

struct ba_table {
	struct ba_session sessions[BA_SESSIONS];
	int n;
	int next;		/* replaced next, when full */
};

/* Looks at a frame that was acknowledged. */
void ba_observe(struct ba_table *table, const uint8_t *frame, size_t len);
/* May this frame go into an A-MPDU at this rate? */
bool ba_aggregable(const struct ba_table *table, const uint8_t *frame, size_t len,
		   const struct air_rate *rate);

/*
 * Stations of access points that doze, learned by listening to the power
 * management bit: a station that says so and is acknowledged hears no unicast
 * frame until it sends one that says otherwise. A PS-Poll is answered by one.
 */
#define DOZE_STATIONS	64

struct doze_table {
	struct { uint8_t mac[6]; bool dozes, polled; } stations[DOZE_STATIONS];
	int n, next;
};

/* A frame has been on the air */
void doze_sent(struct doze_table *table, const uint8_t *frame, size_t len, bool acked);
/* Does the addressee of this unicast frame hear it? */
bool doze_hears(const struct doze_table *table, const uint8_t *frame);

#endif /* CONVERT_H */
