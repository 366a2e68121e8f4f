// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * CCMP (802.11-2016 12.5.3) and BIP (12.5.4).
 */
#include <string.h>

#include "ccmp.h"

#define FC1_RETRY	0x08
#define FC1_PM		0x10
#define FC1_MORE	0x20
#define FC1_PROTECTED	0x40
#define FC1_ORDER	0x80

struct ccm {
	uint8_t nonce[CCM_NONCE];
	uint8_t aad[32];
	size_t aad_len;
};

uint64_t ccmp_pn(const uint8_t *iv)
{
	return iv[0] | iv[1] << 8 | (uint64_t)iv[4] << 16 | (uint64_t)iv[5] << 24 |
	       (uint64_t)iv[6] << 32 | (uint64_t)iv[7] << 40;
}

static void ccm_prepare(struct ccm *c, const uint8_t *frame, size_t hdrlen, uint64_t pn)
{
	bool mgmt = (frame[0] & 0x0c) == 0x00;
	bool four = (frame[1] & 3) == 3;
	size_t base = four ? 30 : 24;
	bool qos = !mgmt && hdrlen > base;
	uint8_t tid = qos ? frame[base] & 0x0f : 0;
	uint8_t *p = c->aad;

	c->nonce[0] = tid | (mgmt ? 0x10 : 0);
	memcpy(c->nonce + 1, frame + 10, 6);
	for (int i = 0; i < 6; i++)
		c->nonce[7 + i] = pn >> (40 - 8 * i);
	/* the subtype of data and what a retry may change are masked */
	*p++ = mgmt ? frame[0] : frame[0] & 0x8f;
	*p++ = ((frame[1] & ~(FC1_RETRY | FC1_PM | FC1_MORE)) | FC1_PROTECTED) & ~(qos ? FC1_ORDER : 0);
	memcpy(p, frame + 4, 18);
	p += 18;
	*p++ = frame[22] & 0x0f;
	*p++ = 0;
	if (four) {
		memcpy(p, frame + 24, 6);
		p += 6;
	}
	if (qos) {
		*p++ = tid;
		*p++ = 0;
	}
	c->aad_len = p - c->aad;
}

void ccmp_encrypt(const struct aes128 *aes, uint8_t *frame, size_t hdrlen, size_t len, uint64_t pn,
		  uint8_t key_id)
{
	uint8_t *iv = frame + hdrlen, *data = iv + CCMP_IV;
	size_t n = len - hdrlen - CCMP_IV - CCMP_MIC;
	struct ccm c;

	iv[0] = pn;
	iv[1] = pn >> 8;
	iv[2] = 0;
	iv[3] = 0x20 | key_id << 6;
	for (int i = 0; i < 4; i++)
		iv[4 + i] = pn >> (16 + 8 * i);
	ccm_prepare(&c, frame, hdrlen, pn);
	ccm_encrypt(aes, c.nonce, c.aad, c.aad_len, data, n, data + n);
}

bool ccmp_decrypt(const struct aes128 *aes, uint8_t *frame, size_t hdrlen, size_t len)
{
	uint8_t *iv = frame + hdrlen, *data = iv + CCMP_IV;
	struct ccm c;
	size_t n;

	if (len < hdrlen + CCMP_IV + CCMP_MIC)
		return false;
	n = len - hdrlen - CCMP_IV - CCMP_MIC;
	ccm_prepare(&c, frame, hdrlen, ccmp_pn(iv));
	return ccm_decrypt(aes, c.nonce, c.aad, c.aad_len, data, n, data + n);
}

bool bip_check(const struct aes128 *aes, const uint8_t *frame, size_t len)
{
	uint8_t buf[2400], mac[16];
	size_t body = len - 24;

	if (len < 24 + 18 || len > sizeof(buf) || frame[len - 18] != 0x4c || frame[len - 17] != 16)
		return false;
	buf[0] = frame[0];
	buf[1] = frame[1] & ~(FC1_RETRY | FC1_PM | FC1_MORE);
	memcpy(buf + 2, frame + 4, 18);
	memcpy(buf + 20, frame + 24, body);
	memset(buf + 20 + body - 8, 0, 8);
	aes_cmac(aes, buf, 20 + body, mac);
	return !memcmp(mac, frame + len - 8, 8);
}
