// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A chip that lies at random: whatever the host reads or hears of may be wrong,
 * with a probability, in every way there is. What the chip itself does stays
 * right, so that it works again the moment this ends.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "front.h"

/* Longest message that front_send() takes */
#define ROOM	(BES_SLOT_MAX + 800)

static uint32_t draw(struct hostile *h)
{
	h->rng ^= h->rng >> 12;
	h->rng ^= h->rng << 25;
	h->rng ^= h->rng >> 27;
	return (h->rng * 0x2545f4914f6cdd1dULL) >> 32;
}

/* 0 to n - 1 */
static uint32_t below(struct hostile *h, uint32_t n)
{
	return draw(h) % n;
}

static bool due(struct front *f)
{
	struct hostile *h = &f->hostile;

	if (!h->permille || below(h, 1000) >= (uint32_t)h->permille)
		return false;
	h->lied = true;
	chip_fault(f->chip);
	return true;
}

static void noise(struct hostile *h, uint8_t *at, size_t len)
{
	while (len--)
		*at++ = draw(h);
}

/* Some bytes of len, or one number of it, which then is of the kind that breaks arithmetic */
static void spoil(struct hostile *h, uint8_t *at, size_t len)
{
	static const uint32_t numbers[] = { 0, 1, 0x7f, 0x80, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff };
	uint32_t v = numbers[below(h, sizeof(numbers) / sizeof(numbers[0]))];

	if (!len)
		return;
	/* what handlers look at stands in front */
	if (below(h, 2) && len > 32)
		len = 32;
	if (below(h, 2)) {
		size_t i = below(h, len) & ~3u;

		for (size_t n = 0; n < 4 && i + n < len; n++)
			at[i + n] = v >> 8 * n;
		return;
	}
	for (int n = 1 + below(h, 8); n; n--)
		at[below(h, len)] = draw(h);
}

static void put16(uint8_t *p, uint16_t v)
{
	p[0] = v & 0xff;
	p[1] = v >> 8;
}

/* ---- messages, before they are packed: well-formed from outside ---- */

static size_t resize(struct hostile *h, uint8_t *msg, size_t len, size_t want)
{
	if (want > ROOM)
		want = ROOM;
	if (want > len)
		noise(h, msg + len, want - len);
	put16(msg, want);
	return want;
}

static uint16_t some_id(struct hostile *h)
{
	static const uint16_t known[] = {
		0x0404, 0x041e, 0x0405, 0x0406, 0x0407, 0x0409, 0x040a, 0x040b, 0x040c, 0x0410, 0x0411, 0x0416,
		0x0800, 0x0801, 0x0803, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080c, 0x0c27, 0x0c28,
	};
	uint16_t any = draw(h) & WSM_ID_MASK, id = known[below(h, sizeof(known) / sizeof(known[0]))];

	return below(h, 4) ? id | below(h, 3) << WSM_ID_IF_SHIFT : any;
}

void hostile_message(struct front *f, uint8_t *msg, size_t *len, uint64_t *delay, int *copies)
{
	struct hostile *h = &f->hostile;

	if (!due(f))
		return;
	switch (below(h, 12)) {
	case 0:
		*copies = 0;
		break;
	case 1:
		*copies += 1 + below(h, 3);
		break;
	case 2:
		*delay += below(h, 2000) * MS;
		break;
	case 3:
		*len = resize(h, msg, *len, sizeof(struct wsm_hdr) + below(h, *len - 3));
		break;
	case 4:
		*len = resize(h, msg, *len, *len + below(h, below(h, 4) ? 64 : ROOM));
		break;
	case 5:
		put16(msg + 2, some_id(h));
		break;
	case 6:
		msg[2] = (msg[2] & 0x3f) | below(h, 4) << 6;
		break;
	default:
		spoil(h, msg + sizeof(struct wsm_hdr), *len - sizeof(struct wsm_hdr));
	}
}

/* One that nobody expects: an old one with changes, or noise under some head. Returns its length, 0: none */
size_t hostile_stranger(struct front *f, const uint8_t *msg, size_t len, uint8_t *out)
{
	struct hostile *h = &f->hostile;
	struct old *old;
	size_t n;

	if (!h->permille)
		return 0;
	old = &h->old[below(h, OLD_MESSAGES)];
	if (!old->len || !below(h, 4)) {
		old->len = len < sizeof(old->bytes) ? len : sizeof(old->bytes);
		memcpy(old->bytes, msg, old->len);
	}
	if (!due(f))
		return 0;
	n = old->len;
	memcpy(out, old->bytes, n);
	if (below(h, 2)) {
		n = sizeof(struct wsm_hdr) + below(h, below(h, 4) ? 128 : ROOM - 4);
		noise(h, out, n);
		put16(out + 2, some_id(h));
	} else {
		spoil(h, out + sizeof(struct wsm_hdr), n - sizeof(struct wsm_hdr));
	}
	put16(out, n);
	return n;
}

/* ---- what crosses the bus ---- */

static int bus_error(struct hostile *h)
{
	static const int errors[] = { -EILSEQ, -ETIMEDOUT, -EIO };

	return errors[below(h, 3)];
}

int hostile_register(struct front *f, uint8_t *val)
{
	struct hostile *h = &f->hostile;

	if (!due(f))
		return 0;
	switch (below(h, 6)) {
	case 0:
		return bus_error(h);
	case 1:
		*val = 0;
		break;
	case 2:
		*val = 0xff;
		break;
	case 3:
		*val ^= 0x80;
		break;
	case 4:
		/* and an interrupt for nothing */
		f->irq_pending = true;
		front_irq_update(f);
		break;
	default:
		*val = draw(h);
	}
	return 0;
}

/* The head of one of the messages in a burst: length, interface, sequence, number */
static void spoil_head(struct hostile *h, uint8_t *buf, size_t len)
{
	size_t at = 0, n = below(h, BES_BURST_MSGS);

	while (n-- && at + 8 <= len) {
		size_t mlen = buf[at] | buf[at + 1] << 8;
		size_t next = at + ((mlen + 3) & ~(size_t)3);

		if (mlen < sizeof(struct wsm_hdr) || next + 8 > len)
			break;
		at = next;
	}
	if (at + sizeof(struct wsm_hdr) <= len)
		spoil(h, buf + at, sizeof(struct wsm_hdr));
}

int hostile_data(struct front *f, uint8_t *buf, size_t len)
{
	struct hostile *h = &f->hostile;

	if (!len || !due(f))
		return 0;
	switch (below(h, 8)) {
	case 0:
	case 1:
		noise(h, buf, len);
		/* so that it can be had again */
		f->run.rx_repeat_ok = true;
		return bus_error(h);
	case 2:
		noise(h, buf, len);
		break;
	case 3:
		memset(buf, below(h, 2) ? 0xff : 0, len);
		break;
	case 4:
		/* only its end is what it was */
		noise(h, buf, below(h, len));
		break;
	case 5:
		spoil_head(h, buf, len);
		break;
	default:
		spoil(h, buf, len);
	}
	return 0;
}

bool hostile_serves(struct front *f, uint8_t *buf, size_t len)
{
	struct hostile *h = &f->hostile;

	if (!h->permille || below(h, 2))
		return false;
	noise(h, buf, len);
	return true;
}

int hostile_write(struct front *f)
{
	return due(f) ? bus_error(&f->hostile) : 0;
}

bool hostile_irq_lost(struct front *f)
{
	return due(f);
}

/* ---- on and off ---- */

bool front_lied(const struct front *f)
{
	return f->hostile.lied;
}

void hostile_power(struct front *f)
{
	f->hostile.lied = f->hostile.permille;
	memset(f->hostile.old, 0, sizeof(f->hostile.old));
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

/* hostile SEED PERMILLE */
int hostile_inject(struct front *f, int argc, char **argv, const char **why)
{
	struct hostile *h = &f->hostile;
	int seed, permille;

	if (strcmp(argv[0], "hostile"))
		return -ENOENT;
	*why = "hostile SEED PERMILLE: 0..1000000, 0..1000";
	if (argc != 3 || parse(argv[1], 1000000, &seed) || parse(argv[2], 1000, &permille))
		return -EINVAL;
	h->rng = seed * 2654435761ULL + 0x9e3779b97f4a7c15ULL;
	h->permille = permille;
	return 0;
}
