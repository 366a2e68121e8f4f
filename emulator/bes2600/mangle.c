// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Messages to the host that get spoiled on their way out, whatever they are:
 * lost, late, twice, cut short, too long, with another interface, status or
 * byte; and messages that nobody expects.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "front.h"

/* Longest message that front_send() takes */
#define ROOM	(BES_SLOT_MAX + 800)

static const struct {
	const char *name;
	int def;		/* first number if none is given */
	int max;
} kinds[] = {
	[MANGLE_DROP] = { "drop", 0, 0 },
	[MANGLE_DELAY] = { "delay", 1000, 1000000 },
	[MANGLE_DUP] = { "dup", 1, 100 },
	[MANGLE_SHORT] = { "short", 4, ROOM },
	[MANGLE_LONG] = { "long", 64, ROOM },
	[MANGLE_INTERFACE] = { "interface", 3, 15 },
	[MANGLE_STATUS] = { "status", 1, 0x7fffffff },
	[MANGLE_BYTE] = { "byte", 0, ROOM },
};

static const char usage[] =
	"mangle ID drop | delay MS | dup TIMES | short LEN | long EXTRA | interface IF | "
	"status CODE | byte OFFSET VALUE";

/* Where a message tells how it went, and in how many bytes: sheet 30 */
static size_t status_of(uint16_t id, size_t *size)
{
	*size = 4;
	switch (id) {
	case WSM_CNF_TX:
		return offsetof(struct wsm_tx_cnf, s.status);
	case WSM_CNF_MULTI_TX:
		return sizeof(struct wsm_multi_tx_cnf) + offsetof(struct wsm_tx_status, status);
	case WSM_IND_STARTUP:
		*size = 2;
		return offsetof(struct wsm_startup_ind, status);
	}
	return sizeof(struct wsm_hdr);
}

static struct mangle *find(struct front *f, uint16_t id)
{
	for (int i = 0; i < MANGLES; i++)
		if (f->faults.mangle[i].kind && f->faults.mangle[i].id == (id & WSM_ID_MASK))
			return &f->faults.mangle[i];
	return NULL;
}

static size_t resize(uint8_t *msg, size_t len, size_t want)
{
	if (want < sizeof(struct wsm_hdr))
		want = sizeof(struct wsm_hdr);
	if (want > ROOM)
		want = ROOM;
	if (want > len)
		memset(msg + len, 0xa5, want - len);
	msg[0] = want & 0xff;
	msg[1] = want >> 8;
	return want;
}

static void put_status(uint8_t *msg, size_t len, uint16_t id, uint32_t code)
{
	size_t size, at = status_of(id, &size);

	for (size_t i = 0; i < size && at + i < len; i++)
		msg[at + i] = code >> 8 * i;
}

static void put_interface(uint8_t *msg, int if_id)
{
	uint16_t id = (msg[2] | msg[3] << 8) & ~WSM_ID_IF;

	id |= if_id << WSM_ID_IF_SHIFT & WSM_ID_IF;
	msg[2] = id & 0xff;
	msg[3] = id >> 8;
}

static void apply(const struct mangle *m, uint8_t *msg, size_t *len, uint64_t *delay, int *copies)
{
	size_t n = m->a;

	switch (m->kind) {
	case MANGLE_DROP:
		*copies = 0;
		break;
	case MANGLE_DELAY:
		*delay += n * MS;
		break;
	case MANGLE_DUP:
		*copies += n;
		break;
	case MANGLE_SHORT:
		*len = resize(msg, *len, n < *len ? n : *len);
		break;
	case MANGLE_LONG:
		*len = resize(msg, *len, *len + n);
		break;
	case MANGLE_INTERFACE:
		put_interface(msg, m->a);
		break;
	case MANGLE_STATUS:
		put_status(msg, *len, m->id, m->a);
		break;
	case MANGLE_BYTE:
		if (n < *len)
			msg[n] = m->b;
		break;
	case MANGLE_NONE:
		break;
	}
}

void mangle_message(struct front *f, uint8_t *msg, size_t *len, uint64_t *delay, int *copies)
{
	struct mangle *m = find(f, msg[2] | msg[3] << 8);

	*copies = 1;
	if (!m)
		return;
	apply(m, msg, len, delay, copies);
	m->kind = MANGLE_NONE;
	chip_fault(f->chip);
}

static int parse(const char *text, long max, int *out)
{
	char *end;
	long v = strtol(text, &end, 0);

	if (end == text || *end || v < 0 || v > max)
		return -EINVAL;
	*out = v;
	return 0;
}

static int add(struct front *f, const struct mangle *m)
{
	for (int i = 0; i < MANGLES; i++) {
		if (f->faults.mangle[i].kind)
			continue;
		f->faults.mangle[i] = *m;
		return 0;
	}
	return -EINVAL;
}

/* mangle ID KIND [NUMBER [NUMBER]] */
static int inject_mangle(struct front *f, int argc, char **argv, const char **why)
{
	struct mangle m = { 0 };
	int id;

	*why = usage;
	if (argc < 3 || argc > 5 || parse(argv[1], WSM_ID_MASK, &id))
		return -EINVAL;
	m.id = id;
	for (size_t i = 1; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(argv[2], kinds[i].name))
			m.kind = i;
	if (!m.kind || (argc > 3 && !kinds[m.kind].max) || (argc == 5) != (m.kind == MANGLE_BYTE))
		return -EINVAL;
	m.a = kinds[m.kind].def;
	if (argc > 3 && parse(argv[3], kinds[m.kind].max, &m.a))
		return -EINVAL;
	if (argc > 4 && parse(argv[4], 0xff, &m.b))
		return -EINVAL;
	*why = "too many at a time";
	return add(f, &m);
}

/* message ID LEN: as if the firmware had something to say; zeros behind the header */
static int inject_message(struct front *f, int argc, char **argv, const char **why)
{
	uint8_t msg[ROOM] = { 0 };
	int id, len = 12;

	*why = "message ID [LEN]: 4 bytes or more; Wi-Fi must be on";
	if (argc < 2 || argc > 3 || parse(argv[1], 0xffff, &id) || f->state != FRONT_WSM)
		return -EINVAL;
	if (argc == 3 && (parse(argv[2], ROOM, &len) || len < (int)sizeof(struct wsm_hdr)))
		return -EINVAL;
	msg[0] = len & 0xff;
	msg[1] = len >> 8;
	msg[2] = id & 0xff;
	msg[3] = id >> 8;
	chip_fault(f->chip);
	front_send(f, msg, len, 0);
	return 0;
}

int mangle_inject(struct front *f, int argc, char **argv, const char **why)
{
	if (!strcmp(argv[0], "mangle"))
		return inject_mangle(f, argc, argv, why);
	if (!strcmp(argv[0], "message"))
		return inject_message(f, argc, argv, why);
	return -ENOENT;
}
