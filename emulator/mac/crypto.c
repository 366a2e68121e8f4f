// SPDX-License-Identifier: GPL-2.0-or-later
/* TKIP: mixing of keys, and Michael. */
#include <stdbool.h>
#include <string.h>

#include "crypto.h"

static uint8_t sbox[256];	/* of AES; no library shows its own */
static bool ready;

static uint8_t xtime(uint8_t x)
{
	return x << 1 ^ (x & 0x80 ? 0x1b : 0);
}

static uint8_t rotl8(uint8_t x, int n)
{
	return x << n | x >> (8 - n);
}

/* p runs through the powers of 3, q through their inverses */
static void make_sbox(void)
{
	uint8_t p = 1, q = 1;

	do {
		p ^= xtime(p);
		q ^= q << 1;
		q ^= q << 2;
		q ^= q << 4;
		if (q & 0x80)
			q ^= 0x09;
		sbox[p] = q ^ rotl8(q, 1) ^ rotl8(q, 2) ^ rotl8(q, 3) ^ rotl8(q, 4) ^ 0x63;
	} while (p != 1);
	sbox[0] = 0x63;
	ready = true;
}

static uint16_t le16(const uint8_t *p)
{
	return p[0] | p[1] << 8;
}

/* The 16 bit S-box of TKIP is AES's, multiplied */
static uint16_t tkip_s(uint16_t v)
{
	uint8_t lo = sbox[v & 255], hi = sbox[v >> 8];
	uint16_t a = (uint16_t)(xtime(lo) << 8 | (uint8_t)(xtime(lo) ^ lo));
	uint16_t b = (uint16_t)(xtime(hi) << 8 | (uint8_t)(xtime(hi) ^ hi));

	return a ^ (uint16_t)(b >> 8 | b << 8);
}

static uint16_t ror16(uint16_t v)
{
	return v >> 1 | v << 15;
}

static void tkip_phase1(const uint8_t tk[16], const uint8_t ta[6], uint32_t iv32, uint16_t p[5])
{
	int i, j;

	p[0] = iv32;
	p[1] = iv32 >> 16;
	p[2] = le16(ta);
	p[3] = le16(ta + 2);
	p[4] = le16(ta + 4);
	for (i = 0; i < 8; i++) {
		j = 2 * (i & 1);
		p[0] += tkip_s(p[4] ^ le16(tk + j));
		p[1] += tkip_s(p[0] ^ le16(tk + 4 + j));
		p[2] += tkip_s(p[1] ^ le16(tk + 8 + j));
		p[3] += tkip_s(p[2] ^ le16(tk + 12 + j));
		p[4] += tkip_s(p[3] ^ le16(tk + j)) + i;
	}
}

void tkip_mix(const uint8_t tk[16], const uint8_t ta[6], uint32_t iv32, uint16_t iv16,
	      uint8_t key[16])
{
	uint16_t p[6];
	int i;

	if (!ready)
		make_sbox();
	tkip_phase1(tk, ta, iv32, p);
	p[5] = p[4] + iv16;
	for (i = 0; i < 6; i++)
		p[i] += tkip_s(p[(i + 5) % 6] ^ le16(tk + 2 * i));
	p[0] += ror16(p[5] ^ le16(tk + 12));
	p[1] += ror16(p[0] ^ le16(tk + 14));
	for (i = 2; i < 6; i++)
		p[i] += ror16(p[i - 1]);
	key[0] = iv16 >> 8;
	key[1] = (iv16 >> 8 | 0x20) & 0x7f;
	key[2] = iv16;
	key[3] = (p[5] ^ le16(tk)) >> 1;
	for (i = 0; i < 6; i++) {
		key[4 + 2 * i] = p[i];
		key[5 + 2 * i] = p[i] >> 8;
	}
}

static uint32_t le32(const uint8_t *p)
{
	return le16(p) | (uint32_t)le16(p + 2) << 16;
}

static uint32_t rol32(uint32_t v, int n)
{
	return v << n | v >> (32 - n);
}

static void michael_word(uint32_t *l, uint32_t *r, uint32_t word)
{
	*l ^= word;
	*r ^= rol32(*l, 17);
	*l += *r;
	*r ^= (*l & 0xff00ff00) >> 8 | (*l & 0x00ff00ff) << 8;
	*l += *r;
	*r ^= rol32(*l, 3);
	*l += *r;
	*r ^= rol32(*l, 30);
	*l += *r;
}

void michael(const uint8_t key[8], const uint8_t da[6], const uint8_t sa[6], uint8_t priority,
	     const uint8_t *data, size_t len, uint8_t mic[8])
{
	uint32_t l = le32(key), r = le32(key + 4);
	uint8_t head[16] = { 0 }, tail[8] = { 0 };
	size_t i;

	memcpy(head, da, 6);
	memcpy(head + 6, sa, 6);
	head[12] = priority;
	for (i = 0; i < 16; i += 4)
		michael_word(&l, &r, le32(head + i));
	for (; len >= 4; data += 4, len -= 4)
		michael_word(&l, &r, le32(data));
	if (len)
		memcpy(tail, data, len);
	tail[len] = 0x5a;
	michael_word(&l, &r, le32(tail));
	michael_word(&l, &r, 0);
	for (i = 0; i < 4; i++) {
		mic[i] = l >> 8 * i;
		mic[4 + i] = r >> 8 * i;
	}
}
