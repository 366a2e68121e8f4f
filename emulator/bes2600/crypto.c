// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Ciphers of 802.11. AES uses the processor's instructions where there are
 * any, tables otherwise; the tables are computed at first use.
 */
#include <string.h>

#include "crypto.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define HAVE_AESNI 1
#endif

static uint8_t sbox[256];
static uint32_t table[4][256];
static bool ready, use_aesni;

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
}

static void make_tables(void)
{
	int i;

	make_sbox();
	for (i = 0; i < 256; i++) {
		uint8_t s = sbox[i], s2 = xtime(s);
		uint32_t w = (uint32_t)s2 << 24 | s << 16 | s << 8 | (uint8_t)(s2 ^ s);

		table[0][i] = w;
		table[1][i] = w >> 8 | w << 24;
		table[2][i] = w >> 16 | w << 16;
		table[3][i] = w >> 24 | w << 8;
	}
#ifdef HAVE_AESNI
	use_aesni = __builtin_cpu_supports("aes");
#endif
	ready = true;
}

void aes128_force_tables(bool on)
{
	if (!ready)
		make_tables();
#ifdef HAVE_AESNI
	use_aesni = !on && __builtin_cpu_supports("aes");
#else
	(void)on;
#endif
}

void aes128_init(struct aes128 *aes, const uint8_t key[16])
{
	uint8_t rcon = 1, t[4];
	int round, i;

	if (!ready)
		make_tables();
	memcpy(aes->rk[0], key, 16);
	for (round = 1; round <= 10; round++) {
		const uint8_t *prev = aes->rk[round - 1];
		uint8_t *rk = aes->rk[round];

		t[0] = sbox[prev[13]] ^ rcon;
		t[1] = sbox[prev[14]];
		t[2] = sbox[prev[15]];
		t[3] = sbox[prev[12]];
		rcon = xtime(rcon);
		for (i = 0; i < 4; i++)
			rk[i] = prev[i] ^ t[i];
		for (i = 4; i < 16; i++)
			rk[i] = prev[i] ^ rk[i - 4];
	}
}

#ifdef HAVE_AESNI
__attribute__((target("aes,sse2")))
static void encrypt_aesni(const struct aes128 *aes, const uint8_t in[16], uint8_t out[16])
{
	const __m128i *rk = (const __m128i *)aes->rk;
	__m128i s = _mm_xor_si128(_mm_loadu_si128((const __m128i *)in), _mm_loadu_si128(rk));
	int i;

	for (i = 1; i < 10; i++)
		s = _mm_aesenc_si128(s, _mm_loadu_si128(rk + i));
	s = _mm_aesenclast_si128(s, _mm_loadu_si128(rk + 10));
	_mm_storeu_si128((__m128i *)out, s);
}
#endif

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

static void encrypt_tables(const struct aes128 *aes, const uint8_t in[16], uint8_t out[16])
{
	uint32_t s[4], t[4];
	int round, i;

	for (i = 0; i < 4; i++)
		s[i] = be32(in + 4 * i) ^ be32(aes->rk[0] + 4 * i);
	for (round = 1; round < 10; round++) {
		for (i = 0; i < 4; i++)
			t[i] = table[0][s[i] >> 24] ^ table[1][s[(i + 1) & 3] >> 16 & 255] ^
			       table[2][s[(i + 2) & 3] >> 8 & 255] ^ table[3][s[(i + 3) & 3] & 255] ^
			       be32(aes->rk[round] + 4 * i);
		memcpy(s, t, sizeof(s));
	}
	for (i = 0; i < 4; i++) {
		const uint8_t *rk = aes->rk[10] + 4 * i;

		out[4 * i] = sbox[s[i] >> 24] ^ rk[0];
		out[4 * i + 1] = sbox[s[(i + 1) & 3] >> 16 & 255] ^ rk[1];
		out[4 * i + 2] = sbox[s[(i + 2) & 3] >> 8 & 255] ^ rk[2];
		out[4 * i + 3] = sbox[s[(i + 3) & 3] & 255] ^ rk[3];
	}
}

void aes128_encrypt(const struct aes128 *aes, const uint8_t in[16], uint8_t out[16])
{
#ifdef HAVE_AESNI
	if (use_aesni) {
		encrypt_aesni(aes, in, out);
		return;
	}
#endif
	encrypt_tables(aes, in, out);
}

static void xor16(uint8_t *to, const uint8_t *with, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		to[i] ^= with[i];
}

/* ---- CCM ---- */

static void ccm_start(const struct aes128 *aes, const uint8_t *nonce, const uint8_t *aad,
		      size_t aad_len, size_t len, uint8_t x[16])
{
	uint8_t b[48] = { 0 };
	size_t i;

	x[0] = (aad_len ? 0x40 : 0) | (CCM_MIC - 2) / 2 << 3 | 1;
	memcpy(x + 1, nonce, CCM_NONCE);
	x[14] = len >> 8;
	x[15] = len;
	aes128_encrypt(aes, x, x);
	if (!aad_len)
		return;
	b[0] = aad_len >> 8;
	b[1] = aad_len;
	memcpy(b + 2, aad, aad_len);
	for (i = 0; i < aad_len + 2; i += 16) {
		xor16(x, b + i, 16);
		aes128_encrypt(aes, x, x);
	}
}

static void ccm_counter(const struct aes128 *aes, const uint8_t *nonce, unsigned int n, uint8_t s[16])
{
	uint8_t a[16];

	a[0] = 1;
	memcpy(a + 1, nonce, CCM_NONCE);
	a[14] = n >> 8;
	a[15] = n;
	aes128_encrypt(aes, a, s);
}

static void ccm_run(const struct aes128 *aes, const uint8_t *nonce, const uint8_t *aad,
		    size_t aad_len, uint8_t *data, size_t len, bool decrypt, uint8_t mic[CCM_MIC])
{
	uint8_t x[16], s[16];
	unsigned int n = 1;
	size_t i, part;

	ccm_start(aes, nonce, aad, aad_len, len, x);
	for (i = 0; i < len; i += 16, n++) {
		part = len - i < 16 ? len - i : 16;
		ccm_counter(aes, nonce, n, s);
		if (decrypt)
			xor16(data + i, s, part);
		xor16(x, data + i, part);
		if (!decrypt)
			xor16(data + i, s, part);
		aes128_encrypt(aes, x, x);
	}
	ccm_counter(aes, nonce, 0, s);
	xor16(x, s, CCM_MIC);
	memcpy(mic, x, CCM_MIC);
}

void ccm_encrypt(const struct aes128 *aes, const uint8_t nonce[CCM_NONCE], const uint8_t *aad,
		 size_t aad_len, uint8_t *data, size_t len, uint8_t mic[CCM_MIC])
{
	ccm_run(aes, nonce, aad, aad_len, data, len, false, mic);
}

bool ccm_decrypt(const struct aes128 *aes, const uint8_t nonce[CCM_NONCE], const uint8_t *aad,
		 size_t aad_len, uint8_t *data, size_t len, const uint8_t mic[CCM_MIC])
{
	uint8_t own[CCM_MIC];

	ccm_run(aes, nonce, aad, aad_len, data, len, true, own);
	return !memcmp(own, mic, CCM_MIC);
}

/* ---- CMAC, RFC 4493 ---- */

static void cmac_double(uint8_t k[16])
{
	uint8_t carry = k[0] & 0x80 ? 0x87 : 0;
	int i;

	for (i = 0; i < 15; i++)
		k[i] = k[i] << 1 | k[i + 1] >> 7;
	k[15] = k[15] << 1 ^ carry;
}

void aes_cmac(const struct aes128 *aes, const uint8_t *data, size_t len, uint8_t mac[16])
{
	uint8_t k[16] = { 0 }, x[16] = { 0 }, last[16] = { 0 };

	aes128_encrypt(aes, k, k);
	cmac_double(k);
	for (; len > 16; data += 16, len -= 16) {
		xor16(x, data, 16);
		aes128_encrypt(aes, x, x);
	}
	if (len)
		memcpy(last, data, len);
	if (len < 16) {
		last[len] = 0x80;
		cmac_double(k);
	}
	xor16(x, last, 16);
	xor16(x, k, 16);
	aes128_encrypt(aes, x, mac);
}

/* ---- WEP and TKIP ---- */

uint32_t crypto_crc32(const uint8_t *data, size_t len)
{
	uint32_t crc = ~0u;
	int bit;

	while (len--) {
		crc ^= *data++;
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

void rc4(const uint8_t *key, size_t key_len, uint8_t *data, size_t len)
{
	uint8_t s[256], i = 0, j = 0, t;
	int n;

	for (n = 0; n < 256; n++)
		s[n] = n;
	for (n = 0; n < 256; n++) {
		j += s[n] + key[n % key_len];
		t = s[n];
		s[n] = s[j];
		s[j] = t;
	}
	for (j = 0; len--; data++) {
		i++;
		j += s[i];
		t = s[i];
		s[i] = s[j];
		s[j] = t;
		*data ^= s[(uint8_t)(s[i] + s[j])];
	}
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
		make_tables();
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
