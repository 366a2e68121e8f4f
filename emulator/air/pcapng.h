/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A small pcapng writer: one section, nanosecond time stamps, buffered. */
#ifndef PCAPNG_H
#define PCAPNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pcapng;

/* NULL with errno set on failure */
struct pcapng *pcapng_open(const char *path);
void pcapng_close(struct pcapng *p);
/* Returns the number of the interface */
int pcapng_add_interface(struct pcapng *p, uint16_t linktype, const char *name);
/* One packet, in two parts: a head (may be empty) and data. ts_ns: nanoseconds. */
void pcapng_packet(struct pcapng *p, int interface, uint64_t ts_ns, bool outbound, const void *head,
		   size_t head_len, const void *data, size_t len);

#endif /* PCAPNG_H */
