/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What two stations can do with each other at HT, learned from their
 * association.
 *
 * Why a medium has to know: mac80211 learns nothing from the status of frames
 * that belong to a block ack session unless the driver reports A-MPDU status,
 * which hwsim cannot. Its rate control freezes at the rate of the first
 * frames. So for those frames the medium chooses the rate, as a good rate
 * control would have.
 */
#ifndef HTCAPS_H
#define HTCAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../air/air.h"

#define HTCAPS_STATIONS	64

struct htcaps_station {
	uint8_t mac[6];
	uint8_t mcs;		/* bit per MCS 0..7 */
	bool width40, sgi20, sgi40;
	bool op40;		/* an access point whose network uses 40 MHz now */
};

struct htcaps {
	struct htcaps_station stations[HTCAPS_STATIONS];
	int n, next;
};

/* Looks at a frame that was acknowledged. */
void htcaps_observe(struct htcaps *caps, const uint8_t *frame, size_t len);
/* The best rate from -> to; false if they are not known to use HT. */
bool htcaps_best_rate(const struct htcaps *caps, const uint8_t *from, const uint8_t *to,
		      struct air_rate *rate);

/* Down to what that signal carries with less than a tenth lost */
void htcaps_limit_rate(struct air_rate *rate, int dbm);

#endif /* HTCAPS_H */
