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

uint32_t hostile_below(struct hostile *h, uint32_t n)
{
	return draw(h) % n;
}

static bool due(struct front *f)
{
	struct hostile *h = &f->hostile;

	if (!h->permille || hostile_below(h, 1000) >= (uint32_t)h->permille)
		return false;
	h->lied = true;
	chip_fault(f->chip);
	return true;
}

/* The same for what is no message */
static bool bus_due(struct front *f)
{
	return !f->hostile.bus_is_honest && due(f);
}

void hostile_noise(struct hostile *h, uint8_t *at, size_t len)
{
	while (len--)
		*at++ = draw(h);
}

/* Some bytes of len, or one number of it, which then is of the kind that breaks arithmetic */
static void spoil(struct hostile *h, uint8_t *at, size_t len)
{
	static const uint32_t numbers[] = { 0, 1, 0x7f, 0x80, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff };
	uint32_t v = numbers[hostile_below(h, sizeof(numbers) / sizeof(numbers[0]))];

	if (!len)
		return;
	/* what handlers look at stands in front */
	if (hostile_below(h, 2) && len > 32)
		len = 32;
	if (hostile_below(h, 2)) {
		size_t i = hostile_below(h, len) & ~3u;

		for (size_t n = 0; n < 4 && i + n < len; n++)
			at[i + n] = v >> 8 * n;
		return;
	}
	for (int n = 1 + hostile_below(h, 8); n; n--)
		at[hostile_below(h, len)] = draw(h);
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
		hostile_noise(h, msg + len, want - len);
	put16(msg, want);
	return want;
}

static uint16_t some_id(struct hostile *h)
{
	static const uint16_t known[] = {
		0x0404, 0x041e, 0x0405, 0x0406, 0x0407, 0x0409, 0x040a, 0x040b, 0x040c, 0x0410, 0x0411, 0x0416,
		0x0800, 0x0801, 0x0803, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080c, 0x0c27, 0x0c28,
	};
	uint16_t any = draw(h) & WSM_ID_MASK, id = known[hostile_below(h, sizeof(known) / sizeof(known[0]))];

	return hostile_below(h, 4) ? id | hostile_below(h, 3) << WSM_ID_IF_SHIFT : any;
}

void hostile_interface(struct hostile *h, uint8_t *msg)
{
	uint16_t id = msg[2] | msg[3] << 8;

	put16(msg + 2, (id & ~WSM_ID_IF) | (hostile_below(h, 16) << WSM_ID_IF_SHIFT));
}

bool hostile_message(struct front *f, uint8_t *msg, size_t *len, uint64_t *delay, int *copies)
{
	struct hostile *h = &f->hostile;

	if (!due(f))
		return false;
	switch (hostile_below(h, 16)) {
	case 0:
		*copies = 0;
		break;
	case 1:
		*copies += 1 + hostile_below(h, 3);
		break;
	case 2:
		*delay += hostile_below(h, 2000) * MS;
		break;
	case 3:
		*len = resize(h, msg, *len, sizeof(struct wsm_hdr) + hostile_below(h, *len - 3));
		break;
	case 4:
		*len = resize(h, msg, *len, *len + hostile_below(h, hostile_below(h, 4) ? 64 : ROOM));
		break;
	case 5:
		put16(msg + 2, some_id(h));
		break;
	case 6:
		hostile_interface(h, msg);
		break;
	case 7:
	case 8:
	case 9:
		spoil(h, msg + sizeof(struct wsm_hdr), *len - sizeof(struct wsm_hdr));
		break;
	default:
		*len = lie_message(h, msg, *len);
	}
	return true;
}

/* Noise under some head */
static size_t stranger(struct hostile *h, uint8_t *out)
{
	size_t n = sizeof(struct wsm_hdr) + hostile_below(h, hostile_below(h, 4) ? 128 : ROOM - 4);

	hostile_noise(h, out, n);
	put16(out, n);
	put16(out + 2, some_id(h));
	return n;
}

/*
 * So many that nobody expects. Of most kinds the first ends the talk, so that
 * a boot is spent on each; frames may say what they want, and come by the score.
 */
int hostile_strangers(struct front *f, const uint8_t *msg, size_t len)
{
	struct hostile *h = &f->hostile;
	int n;

	lie_remember(h, msg, len);
	if (!due(f))
		return 0;
	h->frames = hostile_below(h, 2);
	n = hostile_below(h, h->frames ? 64 : 4);
	f->chip->faults += n;
	return n + 1;
}

size_t hostile_stranger(struct front *f, uint8_t *out)
{
	struct hostile *h = &f->hostile;

	return h->frames || hostile_below(h, 4) ? lie_anew(h, out, h->frames) : stranger(h, out);
}

/*
 * What is read beyond the end of a message is mostly the next one, or the rest
 * of the host's buffer. Many lies stand where that ends as well.
 */
bool hostile_edge(struct front *f)
{
	return hostile_below(&f->hostile, 4);
}

/* What fills such a burst up: nobody knows it, or a frame that is far too long */
void hostile_fill(struct front *f, uint8_t *out, size_t len)
{
	struct hostile *h = &f->hostile;

	memset(out, 0, len);
	if (hostile_below(h, 8) || !lie_frame_head(h, out, len))
		put16(out + 2, WSM_CLASS_IND | WSM_ID_NUM);
	put16(out, len);
}

/* ---- what crosses the bus ---- */

static int bus_error(struct hostile *h)
{
	static const int errors[] = { -EILSEQ, -ETIMEDOUT, -EIO };

	return errors[hostile_below(h, 3)];
}

int hostile_register(struct front *f, uint8_t *val)
{
	struct hostile *h = &f->hostile;

	if (!bus_due(f))
		return 0;
	switch (hostile_below(h, 6)) {
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
	size_t at = 0, n = hostile_below(h, BES_BURST_MSGS);

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

	if (!len || !bus_due(f))
		return 0;
	switch (hostile_below(h, 8)) {
	case 0:
	case 1:
		hostile_noise(h, buf, len);
		/* so that it can be had again */
		f->run.rx_repeat_ok = true;
		return bus_error(h);
	case 2:
		hostile_noise(h, buf, len);
		break;
	case 3:
		memset(buf, hostile_below(h, 2) ? 0xff : 0, len);
		break;
	case 4:
		/* only its end is what it was */
		hostile_noise(h, buf, hostile_below(h, len));
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

	if (!h->permille || h->bus_is_honest || hostile_below(h, 2))
		return false;
	hostile_noise(h, buf, len);
	return true;
}

int hostile_write(struct front *f)
{
	return bus_due(f) ? bus_error(&f->hostile) : 0;
}

bool hostile_irq_lost(struct front *f)
{
	return bus_due(f);
}

/* ---- on and off ---- */

bool front_lied(const struct front *f)
{
	return f->hostile.lied;
}

void hostile_power(struct front *f)
{
	f->hostile.lied = f->hostile.permille;
	if (f->hostile.permille)
		return;
	memset(f->hostile.old, 0, sizeof(f->hostile.old));
	f->hostile.olds = 0;
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

/* hostile SEED PERMILLE [messages] */
int hostile_inject(struct front *f, int argc, char **argv, const char **why)
{
	struct hostile *h = &f->hostile;
	int seed, permille;

	if (strcmp(argv[0], "hostile"))
		return -ENOENT;
	*why = "hostile SEED PERMILLE [messages]: 0..1000000, 0..1000";
	if (argc < 3 || argc > 4 || (argc == 4 && strcmp(argv[3], "messages")) || parse(argv[1], 1000000, &seed) || parse(argv[2], 1000, &permille))
		return -EINVAL;
	h->rng = seed * 2654435761ULL + 0x9e3779b97f4a7c15ULL;
	h->permille = permille;
	h->bus_is_honest = argc == 4;
	return 0;
}
