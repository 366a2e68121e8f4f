/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AIRTIME_H
#define AIRTIME_H

#include "air.h"

/* Preamble and payload of that many bytes, ns */
uint64_t airtime_bits(const struct air_rate *rate, uint64_t bytes);
/* The response that follows a PPDU after SIFS, ns */
uint64_t airtime_response(const struct air_rate *rate, bool block_ack);

#endif /* AIRTIME_H */
