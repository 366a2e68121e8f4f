// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lies that know what they are about: messages that are well-formed from
 * outside and contradict themselves inside. Made of the last real messages of
 * their kind, or of nothing where there has been none.
 */
#include <stddef.h>
#include <string.h>

#include "front.h"

#define FRAME	offsetof(struct wsm_rx_ind, frame)
#define FIELDS	8

/* What a number of a message means */
enum number {
	NUMBER_END,
	NUMBER_COUNT,		/* of the entries behind it */
	NUMBER_LENGTH,		/* of the bytes behind it */
	NUMBER_COOKIE,		/* index in the low byte, generation above */
	NUMBER_CODE,		/* one of few, an index somewhere */
	NUMBER_BITS,
	NUMBER_TEXT,		/* up to its end: the zero at its end */
};

struct field {
	uint8_t at, size;
	enum number what;
};

/* len: as it should be, without entries. entry: size of one */
struct shape {
	uint16_t id, len, entry;
	struct field field[FIELDS];
};

/* Where they are in the table */
enum { LIE_MULTI_TX = 0, LIE_RX = 2 };

static const struct shape shapes[LIE_SHAPES] = {
	{ WSM_CNF_MULTI_TX, 8, sizeof(struct wsm_tx_status), {
		{ 4, 4, NUMBER_COUNT }, { 8, 4, NUMBER_COOKIE }, { 12, 4, NUMBER_CODE },
		{ 17, 1, NUMBER_CODE }, { 18, 2, NUMBER_BITS } } },
	{ WSM_CNF_TX, 24, 0, {
		{ 4, 4, NUMBER_COOKIE }, { 8, 4, NUMBER_CODE }, { 12, 1, NUMBER_CODE }, { 13, 1, NUMBER_CODE },
		{ 14, 2, NUMBER_BITS } } },
	{ WSM_IND_RX, 32, 0, {
		{ 10, 1, NUMBER_CODE }, { 4, 4, NUMBER_CODE }, { 8, 2, NUMBER_CODE }, { 11, 1, NUMBER_CODE },
		{ 12, 4, NUMBER_BITS }, { 12, 1, NUMBER_CODE }, { 15, 1, NUMBER_BITS } } },
	{ WSM_IND_EVENT, 12, 0, { { 4, 4, NUMBER_CODE }, { 8, 4, NUMBER_CODE } } },
	{ WSM_IND_SCAN_COMPLETE, 12, 0, { { 4, 4, NUMBER_CODE }, { 8, 1, NUMBER_CODE }, { 9, 1, NUMBER_COUNT } } },
	{ WSM_IND_SET_PM, 12, 0, { { 4, 4, NUMBER_CODE }, { 8, 1, NUMBER_CODE } } },
	{ WSM_IND_SWITCH_CHANNEL, 8, 0, { { 4, 4, NUMBER_CODE } } },
	{ WSM_IND_SUSPEND_RESUME, 8, 0, { { 4, 4, NUMBER_BITS } } },
	{ WSM_IND_STARTUP, 152, 0, {
		{ 24, 128, NUMBER_TEXT }, { 4, 2, NUMBER_COUNT }, { 6, 2, NUMBER_LENGTH }, { 12, 2, NUMBER_CODE },
		{ 14, 2, NUMBER_BITS }, { 16, 2, NUMBER_CODE } } },
	{ WSM_IND_EXCEPTION, 128, 0, { { 80, 48, NUMBER_TEXT }, { 4, 4, NUMBER_CODE } } },
	{ WSM_REQ_READ_MIB | WSM_CLASS_CNF, 12, 1, {
		{ 4, 4, NUMBER_CODE }, { 8, 2, NUMBER_CODE }, { 10, 2, NUMBER_LENGTH } } },
	{ WSM_REQ_CONFIGURATION | WSM_CLASS_CNF, 44, 0, {
		{ 4, 4, NUMBER_CODE }, { 14, 1, NUMBER_BITS }, { 20, 4, NUMBER_CODE }, { 24, 4, NUMBER_CODE } } },
	{ WSM_REQ_JOIN | WSM_CLASS_CNF, 16, 0, {
		{ 4, 4, NUMBER_CODE }, { 8, 4, NUMBER_CODE }, { 12, 4, NUMBER_CODE } } },
	{ WSM_MCU_DRIVER, 16, 0, { { 4, 4, NUMBER_CODE }, { 8, 4, NUMBER_CODE }, { 12, 4, NUMBER_BITS } } },
	{ WSM_MCU_BT_STATE, 16, 0, { { 4, 4, NUMBER_CODE }, { 8, 4, NUMBER_CODE }, { 12, 4, NUMBER_BITS } } },
};

static uint16_t id_of(const uint8_t *msg)
{
	return (msg[2] | msg[3] << 8) & WSM_ID_MASK;
}

static uint32_t get(const uint8_t *p, size_t size)
{
	uint32_t v = 0;

	while (size--)
		v = v << 8 | p[size];
	return v;
}

static void put(uint8_t *p, size_t size, uint32_t v)
{
	for (; size--; v >>= 8)
		*p++ = v;
}

/* ---- numbers ---- */

static uint32_t lie_index(struct hostile *h, uint32_t v)
{
	switch (hostile_below(h, 6)) {
	case 0:
		return v + 1;
	case 1:
		return v - 1;
	case 2:
		return 1u << hostile_below(h, 32);
	case 3:
		return -1u << hostile_below(h, 32);
	case 4:
		return hostile_below(h, 32);
	default:
		return hostile_below(h, 256);
	}
}

/* room: what there are bytes for. Times 20 or so some of them are small again */
static uint32_t lie_count(struct hostile *h, uint32_t v, uint32_t room, uint32_t entry)
{
	switch (hostile_below(h, 8)) {
	case 0:
		return 0;
	case 1:
	case 2:
	case 3:
		return room + 1 + hostile_below(h, 4);
	case 4:
		return room + hostile_below(h, 256);
	case 5:
		return 0xffffffffu / (entry ? entry : 1) + 1 + hostile_below(h, 4);
	case 6:
		return 0x80000000u + room;
	default:
		return lie_index(h, v);
	}
}

/* The generation decides whether anybody looks at the index: an empty place has any, mostly none */
static uint32_t lie_cookie(struct hostile *h, uint32_t v)
{
	switch (hostile_below(h, 4)) {
	case 0:
		return hostile_below(h, 256);
	case 1:
		return (v & 0xff) | hostile_below(h, 4) << 8;
	case 2:
		return v + (hostile_below(h, 2) ? 0x100 : -0x100u);
	default:
		return (v & ~0xffu) | hostile_below(h, 256);
	}
}

static void lie_text(struct hostile *h, uint8_t *at, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (!at[i])
			at[i] = 'A' + hostile_below(h, 26);
}

/* room: entries that there are bytes for */
static void lie_number(struct hostile *h, uint8_t *at, const struct field *x, size_t room, size_t entry)
{
	uint32_t v = get(at, x->size < 4 ? x->size : 4);

	if (x->what == NUMBER_TEXT)
		lie_text(h, at, x->size);
	else if (x->what == NUMBER_COOKIE)
		put(at, x->size, lie_cookie(h, v));
	else if (x->what == NUMBER_BITS)
		put(at, x->size, hostile_below(h, 2) ? v ^ 1u << hostile_below(h, 8 * x->size) : hostile_below(h, -1u));
	else if (x->what == NUMBER_CODE)
		put(at, x->size, lie_index(h, v));
	else
		put(at, x->size, lie_count(h, v, room, entry));
}

/* Of an entry: one of them, or most */
static void lie_field(struct hostile *h, uint8_t *msg, size_t len, const struct shape *s, const struct field *x)
{
	size_t entry = s->entry ? s->entry : 1, n = len > s->len ? (len - s->len) / entry : 0, only;

	if (x->at < s->len) {
		if (x->at + x->size <= len)
			lie_number(h, msg + x->at, x, n, entry);
		return;
	}
	only = hostile_below(h, 2) ? hostile_below(h, n + 1) : n;
	for (size_t i = 0; i < n; i++)
		if (only == n ? hostile_below(h, 4) : i == only)
			lie_number(h, msg + x->at + i * entry, x, n, entry);
}

/* ---- frames inside ---- */

static void lie_type(struct hostile *h, uint8_t *frame)
{
	static const uint8_t types[] = {
		0xc0, 0xa0, 0x80, 0x50, 0x10, 0x30, 0xb0, 0xd0, 0x40, 0x08, 0x88, 0x48, 0xc8, 0x84, 0x94, 0xa4, 0xb4, 0xd4,
	};

	frame[0] = types[hostile_below(h, hostile_below(h, 5) ? sizeof(types) : 2)];
	if (!hostile_below(h, 3))
		frame[1] ^= 1 << hostile_below(h, 8);
	else if (frame[0] != 0x08 && frame[0] != 0x88)
		frame[1] = 0;
}

/* One of the information elements has another length */
static void lie_element(struct hostile *h, uint8_t *frame, size_t len)
{
	static const uint8_t starts[] = { 36, 36, 36, 30, 28, 24 };
	size_t at = starts[hostile_below(h, sizeof(starts))], n = hostile_below(h, 12);

	while (n-- && at + 2 + frame[at + 1] + 2 <= len)
		at += 2 + frame[at + 1];
	if (at + 2 > len)
		return;
	if (hostile_below(h, 2))
		frame[at + 1] = len - at - 2 + hostile_below(h, 3);
	else
		frame[at + 1] = lie_index(h, frame[at + 1]);
	if (!hostile_below(h, 3))
		frame[at] = hostile_below(h, 256);
}

/* Ends where a header, a fixed part, an IV ends, or a little off */
static size_t lie_frame_end(struct hostile *h, size_t len, bool management)
{
	static const uint8_t ends[] = { 0, 2, 10, 16, 24, 24, 26, 28, 30, 32, 34, 36, 40, 44 };
	size_t end = ends[hostile_below(h, sizeof(ends))];

	/* its shortest bodies have two bytes */
	if (management && hostile_below(h, 3))
		end = 24;
	if (hostile_below(h, 2))
		end += hostile_below(h, 4) - 1;
	return end < len ? end : len;
}

static size_t lie_frame(struct hostile *h, uint8_t *msg, size_t len)
{
	uint8_t *frame = msg + FRAME;
	size_t n = len - FRAME;

	if (n >= 24 && hostile_below(h, 2))
		lie_type(h, frame);
	if (n > 38 && hostile_below(h, 2))
		lie_element(h, frame, n);
	if (hostile_below(h, 2))
		return FRAME + lie_frame_end(h, n, n && !(frame[0] & 0x0c));
	return len;
}

/* ---- messages ---- */

/* Ends within its fixed part, at its end, or in the middle of the last entry */
static size_t lie_end(struct hostile *h, const struct shape *s, size_t len)
{
	size_t end;

	switch (hostile_below(h, 5)) {
	case 0:
	case 1:
		end = sizeof(struct wsm_hdr) + (hostile_below(h, 2) ? hostile_below(h, 3) * 4 : 0);
		break;
	case 2:
		end = s->len - 1 - hostile_below(h, 4);
		break;
	case 3:
		end = s->len;
		break;
	default:
		end = len - hostile_below(h, 24);
	}
	return end < sizeof(struct wsm_hdr) || end > len ? len : end;
}

/* Of the many answers that are a status and nothing else */
static const struct shape answer = { 0, 8, 0, { { 4, 4, NUMBER_CODE } } };

static const struct shape *shape_of(const uint8_t *msg)
{
	for (size_t i = 0; i < LIE_SHAPES; i++)
		if (shapes[i].id == id_of(msg))
			return &shapes[i];
	return &answer;
}

size_t lie_message(struct hostile *h, uint8_t *msg, size_t len)
{
	const struct shape *s = shape_of(msg);
	size_t used = 0;

	while (used < FIELDS && s->field[used].what != NUMBER_END)
		used++;
	/* the first is the worst */
	if (hostile_below(h, 3))
		lie_field(h, msg, len, s, &s->field[hostile_below(h, 2) ? hostile_below(h, used) : 0]);
	if (!hostile_below(h, 3))
		lie_field(h, msg, len, s, &s->field[hostile_below(h, used)]);
	if (s->id == WSM_IND_RX && len > FRAME && hostile_below(h, 16))
		len = lie_frame(h, msg, len);
	else if (hostile_below(h, 2))
		len = lie_end(h, s, len);
	put(msg, 2, len);
	return len;
}

/* Whatever comes, so that the next lie starts from the truth */
void lie_remember(struct hostile *h, const uint8_t *msg, size_t len)
{
	const struct shape *s = shape_of(msg);
	struct old *old;

	if (s == &answer)
		return;
	old = &h->old[s - shapes][h->olds++ % OLD_MESSAGES];
	old->len = len < sizeof(old->bytes) ? len : sizeof(old->bytes);
	memcpy(old->bytes, msg, old->len);
}

/* The last frame's beginning, where there is room */
bool lie_frame_head(struct hostile *h, uint8_t *out, size_t len)
{
	const struct old *old = &h->old[LIE_RX][hostile_below(h, OLD_MESSAGES)];

	if (!old->len || old->len > len)
		return false;
	memcpy(out, old->bytes, old->len);
	return true;
}

/* As it should be, with some entries */
static size_t lie_invent(struct hostile *h, const struct shape *s, uint8_t *out)
{
	size_t n = s->entry ? hostile_below(h, hostile_below(h, 2) ? 17 : 82) : 0, len = s->len + n * s->entry;

	if (s->id == WSM_IND_RX)
		len += hostile_below(h, 200);
	memset(out, 0, len);
	if (hostile_below(h, 2))
		hostile_noise(h, out + s->len, len - s->len);
	put(out, 2, len);
	put(out + 2, 2, s->id);
	for (const struct field *x = s->field; x < s->field + FIELDS; x++)
		if (x->what == NUMBER_COUNT && s->entry)
			put(out + x->at, x->size, n);
	return len;
}

size_t lie_anew(struct hostile *h, uint8_t *out, bool frame)
{
	size_t i = frame ? LIE_RX : hostile_below(h, 3) ? hostile_below(h, LIE_SHAPES) : LIE_MULTI_TX, len;
	struct old *old = &h->old[i][hostile_below(h, OLD_MESSAGES)];

	if (old->len && hostile_below(h, 4)) {
		len = old->len;
		memcpy(out, old->bytes, len);
	} else {
		len = lie_invent(h, &shapes[i], out);
	}
	if (!hostile_below(h, 4))
		hostile_interface(h, out);
	return lie_message(h, out, len);
}
