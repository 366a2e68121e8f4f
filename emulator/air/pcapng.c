// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pcapng.h"

#define BLOCK_SECTION	0x0a0d0d0a
#define BLOCK_INTERFACE	0x00000001
#define BLOCK_PACKET	0x00000006
#define OPT_END		0
#define OPT_IF_NAME	2
#define OPT_IF_TSRESOL	9
#define OPT_EPB_FLAGS	2
#define FLAG_INBOUND	1
#define FLAG_OUTBOUND	2

struct pcapng {
	FILE *file;
	int interfaces;
};

static void put32(FILE *f, uint32_t v)
{
	fwrite(&v, sizeof(v), 1, f);
}

static void put16(FILE *f, uint16_t v)
{
	fwrite(&v, sizeof(v), 1, f);
}

static size_t padded(size_t len)
{
	return (len + 3) & ~(size_t)3;
}

static void put_padding(FILE *f, size_t len)
{
	static const char zeros[4];

	fwrite(zeros, 1, padded(len) - len, f);
}

static void put_option(FILE *f, uint16_t code, const void *value, uint16_t len)
{
	put16(f, code);
	put16(f, len);
	fwrite(value, 1, len, f);
	put_padding(f, len);
}

struct pcapng *pcapng_open(const char *path)
{
	struct pcapng *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->file = fopen(path, "wb");
	if (!p->file) {
		free(p);
		return NULL;
	}
	put32(p->file, BLOCK_SECTION);
	put32(p->file, 28);
	put32(p->file, 0x1a2b3c4d);
	put16(p->file, 1);
	put16(p->file, 0);
	put32(p->file, 0xffffffff);	/* section length: not stated */
	put32(p->file, 0xffffffff);
	put32(p->file, 28);
	return p;
}

void pcapng_close(struct pcapng *p)
{
	if (p)
		fclose(p->file);
	free(p);
}

int pcapng_add_interface(struct pcapng *p, uint16_t linktype, const char *name)
{
	const uint8_t nanoseconds = 9;
	uint32_t len = 20 + 4 + padded(strlen(name)) + 8 + 4;

	put32(p->file, BLOCK_INTERFACE);
	put32(p->file, len);
	put16(p->file, linktype);
	put16(p->file, 0);
	put32(p->file, 0);		/* no snap length */
	put_option(p->file, OPT_IF_NAME, name, strlen(name));
	put_option(p->file, OPT_IF_TSRESOL, &nanoseconds, 1);
	put32(p->file, OPT_END);
	put32(p->file, len);
	return p->interfaces++;
}

void pcapng_packet(struct pcapng *p, int interface, uint64_t ts_ns, bool outbound, const void *head,
		   size_t head_len, const void *data, size_t len)
{
	uint32_t flags = outbound ? FLAG_OUTBOUND : FLAG_INBOUND;
	uint32_t total = head_len + len;
	uint32_t block = 32 + padded(total) + 8 + 4;

	put32(p->file, BLOCK_PACKET);
	put32(p->file, block);
	put32(p->file, interface);
	put32(p->file, ts_ns >> 32);
	put32(p->file, (uint32_t)ts_ns);
	put32(p->file, total);
	put32(p->file, total);
	fwrite(head, 1, head_len, p->file);
	if (len)
		fwrite(data, 1, len, p->file);
	put_padding(p->file, total);
	put_option(p->file, OPT_EPB_FLAGS, &flags, sizeof(flags));
	put32(p->file, OPT_END);
	put32(p->file, block);
}
