/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef AIRTIME_H
#define AIRTIME_H

#include "air.h"

/* Preamble and payload of that many bytes, ns */
uint64_t airtime_bits(const struct air_rate *rate, uint64_t bytes);
/* The rate of ACK and block ack */
struct air_rate airtime_response_rate(const struct air_rate *rate);
/* CTS-to-self, or RTS and CTS, ahead of a frame at that rate: with the SIFS behind each, ns */
uint64_t airtime_protection(const struct air_rate *rate, int freq, bool rts);
/* The response that follows a PPDU after SIFS, ns */
uint64_t airtime_response(const struct air_rate *rate, bool block_ack);

#endif /* AIRTIME_H */
