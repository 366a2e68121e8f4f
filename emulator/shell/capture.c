// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Captures: what crossed the bus and what was on the air, as pcapng. See
 * docs/emulator.md for the records of the bus.
 */
#include "shell.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../air/pcapng.h"

#define LINKTYPE_RADIOTAP	127

struct capture {
	struct pcapng *bus, *air;
	int air_if;
};

/*
 * Head of each record of the bus capture, little endian; the data of the
 * command or the message follows.
 */
struct bus_head {
	uint8_t kind;		/* 0: a command; 1 + channel: a message */
	uint8_t detail;		/* command: its number; message: enum chip_dir */
	uint16_t reserved;
	uint32_t arg;
	uint32_t response;
	int32_t error;
} __attribute__((packed));

#define BUS_COMMAND	0
#define BUS_MESSAGE	1

/* Radiotap fields present, in the order of their bits */
#define RT_TSFT		(1u << 0)
#define RT_FLAGS	(1u << 1)
#define RT_RATE		(1u << 2)
#define RT_CHANNEL	(1u << 3)
#define RT_SIGNAL	(1u << 5)
#define RT_MCS		(1u << 19)
#define RT_AMPDU	(1u << 20)

#define RT_FLAGS_BAD_FCS	0x40
#define RT_CHANNEL_2GHZ	0x0080
#define RT_CHANNEL_5GHZ	0x0100
#define RT_MCS_KNOWN	0x07	/* bandwidth, index, guard interval */
#define RT_MCS_40	0x01
#define RT_MCS_SGI	0x04
#define RT_AMPDU_LAST_KNOWN	0x0004
#define RT_AMPDU_LAST		0x0008

static int fail(const char *path)
{
	fprintf(stderr, "anechoic-emu: %s: %s\n", path, strerror(errno));
	return -1;
}

/* One interface for each chip; more than one are told apart by their names */
static void add_devices(struct shell *sh)
{
	for (int i = 0; i < sh->n_devices; i++) {
		struct device *dev = &sh->devices[i];
		char name[64];

		snprintf(name, sizeof(name), "%s%s%s", dev->ops->bus, sh->n_devices > 1 ? " " : "",
			 sh->n_devices > 1 ? dev->id : "");
		dev->capture = pcapng_add_interface(sh->capture->bus, dev->ops->linktype, name);
	}
}

int capture_open(struct shell *sh)
{
	struct capture *c = calloc(1, sizeof(*c));

	if (!c)
		return -ENOMEM;
	sh->capture = c;
	if (sh->opt.bus_pcap) {
		c->bus = pcapng_open(sh->opt.bus_pcap);
		if (!c->bus)
			return fail(sh->opt.bus_pcap);
		add_devices(sh);
	}
	if (sh->opt.air_pcap) {
		c->air = pcapng_open(sh->opt.air_pcap);
		if (!c->air)
			return fail(sh->opt.air_pcap);
		c->air_if = pcapng_add_interface(c->air, LINKTYPE_RADIOTAP, "air");
	}
	return 0;
}

void capture_close(struct shell *sh)
{
	struct capture *c = sh->capture;

	if (!c)
		return;
	if (c->bus)
		pcapng_close(c->bus);
	if (c->air)
		pcapng_close(c->air);
	sh->capture = NULL;
	free(c);
}

void capture_command(struct device *dev, unsigned int opcode, uint32_t arg, uint32_t response,
		     int error, const void *data, size_t len)
{
	struct bus_head head = {
		.kind = BUS_COMMAND, .detail = opcode, .arg = arg, .response = response,
		.error = error,
	};
	struct shell *sh = dev->sh;

	if (sh->capture->bus)
		pcapng_packet(sh->capture->bus, dev->capture, sh->now, arg >> 31, &head,
			      sizeof(head), data, len);
}

void capture_message(struct device *dev, enum chip_dir dir, unsigned int channel, const void *msg,
		     size_t len)
{
	struct bus_head head = { .kind = BUS_MESSAGE + channel, .detail = dir };
	struct shell *sh = dev->sh;

	if (sh->capture->bus)
		pcapng_packet(sh->capture->bus, dev->capture, sh->now, dir == CHIP_HOST_TO_DEV,
			      &head, sizeof(head), msg, len);
}

/* Radiotap wants each field at a multiple of its size. */
struct rt {
	uint8_t bytes[64];
	size_t len;
};

static void rt_put(struct rt *rt, uint64_t value, size_t size)
{
	while (rt->len % size)
		rt->bytes[rt->len++] = 0;
	for (size_t i = 0; i < size; i++)
		rt->bytes[rt->len++] = value >> 8 * i;
}

static void rt_build(struct rt *rt, uint64_t at, const struct air_rx_info *info, bool lost)
{
	uint32_t present = RT_TSFT | RT_FLAGS | RT_CHANNEL | RT_SIGNAL;

	present |= info->rate.ht ? RT_MCS : RT_RATE;
	present |= info->ampdu ? RT_AMPDU : 0;
	rt->len = 0;
	rt_put(rt, 0, 4);		/* version, padding, length (below) */
	rt_put(rt, present, 4);
	rt_put(rt, at / 1000, 8);
	rt_put(rt, lost ? RT_FLAGS_BAD_FCS : 0, 1);
	if (!info->rate.ht)
		rt_put(rt, info->rate.kbps100 / 5, 1);
	rt_put(rt, info->freq, 2);
	rt_put(rt, info->freq >= 5000 ? RT_CHANNEL_5GHZ : RT_CHANNEL_2GHZ, 2);
	rt_put(rt, (uint8_t)info->signal, 1);
	if (info->rate.ht) {
		rt_put(rt, RT_MCS_KNOWN, 1);
		rt_put(rt, (info->rate.bw40 ? RT_MCS_40 : 0) | (info->rate.sgi ? RT_MCS_SGI : 0),
		       1);
		rt_put(rt, info->rate.mcs, 1);
	}
	if (info->ampdu) {
		/* All frames of one aggregate start at the same time: that is its number. */
		rt_put(rt, (uint32_t)(at / 1000), 4);
		rt_put(rt, RT_AMPDU_LAST_KNOWN | (info->ampdu_last ? RT_AMPDU_LAST : 0), 2);
		rt_put(rt, 0, 2);
	}
	rt->bytes[2] = rt->len;
}

void capture_air(struct shell *sh, uint64_t at, const uint8_t *frame, size_t len,
		 const struct air_rx_info *info, bool lost)
{
	struct rt rt;

	if (!sh->capture->air)
		return;
	rt_build(&rt, at, info, lost);
	pcapng_packet(sh->capture->air, sh->capture->air_if, at, true, rt.bytes, rt.len, frame,
		      len);
}
