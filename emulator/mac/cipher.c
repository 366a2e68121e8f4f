// SPDX-License-Identifier: GPL-2.0-or-later
/* Protected frames: CCMP, TKIP, WEP and BIP. */
#include <string.h>
#include <zlib.h>

#include <nettle/arcfour.h>

#include "cipher.h"
#include "crypto.h"
#include "frame.h"

#define CCMP_MIC	8

void mac_key_ready(struct mac_key *key)
{
	ccm_aes128_set_key(&key->ccm, key->key);
	cmac_aes128_set_key(&key->cmac, key->key);
}

size_t mac_key_iv(const struct mac_key *key)
{
	return key->cipher == MAC_CCMP || key->cipher == MAC_TKIP ? 8 : 4;
}

size_t mac_key_tail(const struct mac_key *key)
{
	return key->cipher == MAC_CCMP ? 8 : key->cipher == MAC_TKIP ? 12 : 4;
}

/* ---- CCMP ---- */

static size_t ccmp_aad(const uint8_t *frame, uint8_t *aad, uint8_t *priority)
{
	uint16_t fc = mac_get16(frame);
	bool data = (fc & FC_TYPE) == FC_DATA;
	bool a4 = (fc & (FC_TODS | FC_FROMDS)) == (FC_TODS | FC_FROMDS);
	bool qos = data && fc & FC_QOS;
	size_t n = 22;

	fc &= ~(FC_RETRY | FC_PM | FC_MORE);
	if (data)
		fc &= ~0x0070;
	if (qos)
		fc &= ~FC_ORDER;
	mac_put16(aad, fc | FC_PROTECTED);
	memcpy(aad + 2, frame + 4, 18);
	mac_put16(aad + 20, mac_get16(frame + 22) & 0xf);
	if (a4) {
		memcpy(aad + n, frame + 24, 6);
		n += 6;
	}
	*priority = data ? 0 : 0x10;
	if (qos) {
		*priority = frame[a4 ? 30 : 24] & 0xf;
		aad[n++] = *priority;
		aad[n++] = 0;
	}
	return n;
}

static void ccmp_nonce(const uint8_t *frame, uint8_t priority, uint64_t pn, uint8_t *nonce)
{
	int i;

	nonce[0] = priority;
	memcpy(nonce + 1, frame + 10, 6);
	for (i = 0; i < 6; i++)
		nonce[7 + i] = pn >> 8 * (5 - i);
}

static void put_ext_iv(uint8_t *iv, uint64_t pn, uint8_t key_id)
{
	iv[0] = pn;
	iv[1] = pn >> 8;
	iv[2] = 0;
	iv[3] = 0x20 | key_id << 6;
	mac_put32(iv + 4, pn >> 16);
}

static void ccmp_encrypt(struct mac_key *key, uint8_t *frame, size_t len)
{
	uint8_t aad[30], nonce[13], priority;
	size_t hdr = mac_hdr_len(mac_get16(frame)), n = ccmp_aad(frame, aad, &priority);

	key->tx_pn++;
	put_ext_iv(frame + hdr, key->tx_pn, key->key_id);
	ccmp_nonce(frame, priority, key->tx_pn, nonce);
	ccm_aes128_encrypt_message(&key->ccm, sizeof(nonce), nonce, n, aad, CCMP_MIC,
				   len - hdr - 8, frame + hdr + 8, frame + hdr + 8);
}

static uint64_t ext_iv_pn(const uint8_t *iv)
{
	return iv[0] | iv[1] << 8 | (uint64_t)mac_get32(iv + 4) << 16;
}

static bool ccmp_decrypt(struct mac_key *key, uint8_t *frame, size_t len)
{
	uint8_t aad[30], nonce[13], priority;
	size_t hdr = mac_hdr_len(mac_get16(frame)), n = ccmp_aad(frame, aad, &priority);

	ccmp_nonce(frame, priority, ext_iv_pn(frame + hdr), nonce);
	return ccm_aes128_decrypt_message(&key->ccm, sizeof(nonce), nonce, n, aad, CCMP_MIC,
					  len - hdr - 16, frame + hdr + 8, frame + hdr + 8);
}

/* ---- TKIP and WEP ---- */

static const uint8_t *frame_da(const uint8_t *frame)
{
	return mac_get16(frame) & FC_TODS ? frame + 16 : frame + 4;
}

static const uint8_t *frame_sa(const uint8_t *frame)
{
	uint16_t ds = mac_get16(frame) & (FC_TODS | FC_FROMDS);

	return ds == FC_FROMDS ? frame + 16 : ds == (FC_TODS | FC_FROMDS) ? frame + 24 : frame + 10;
}

static uint8_t frame_priority(const uint8_t *frame)
{
	uint16_t fc = mac_get16(frame);

	return fc & FC_QOS ? frame[mac_hdr_len(fc) - 2] & 0xf : 0;
}

static void rc4(const uint8_t *key, size_t key_len, uint8_t *data, size_t len)
{
	struct arcfour_ctx ctx;

	arcfour_set_key(&ctx, key_len, key);
	arcfour_crypt(&ctx, len, data, data);
}

static void tkip_key(const struct mac_key *key, const uint8_t *frame, uint64_t tsc, uint8_t *out)
{
	tkip_mix(key->key, frame + 10, tsc >> 16, tsc, out);
}

static void tkip_encrypt(struct mac_key *key, uint8_t *frame, size_t len)
{
	size_t hdr = mac_hdr_len(mac_get16(frame)), body = len - hdr - 8 - 12;
	uint8_t *iv = frame + hdr, *data = iv + 8, rc4_key[16];

	key->tx_pn++;
	michael(key->tx_mic, frame_da(frame), frame_sa(frame), frame_priority(frame), data, body,
		data + body);
	mac_put32(data + body + 8, crc32(0, data, body + 8));
	tkip_key(key, frame, key->tx_pn, rc4_key);
	rc4(rc4_key, 16, data, body + 12);
	memcpy(iv, rc4_key, 3);
	iv[3] = 0x20 | key->key_id << 6;
	mac_put32(iv + 4, key->tx_pn >> 16);
}

static uint64_t tkip_tsc(const uint8_t *iv)
{
	return iv[2] | iv[0] << 8 | (uint64_t)mac_get32(iv + 4) << 16;
}

static enum mac_opened tkip_decrypt(struct mac_key *key, uint8_t *frame, size_t len)
{
	size_t hdr = mac_hdr_len(mac_get16(frame)), body = len - hdr - 8 - 12;
	uint8_t *data = frame + hdr + 8, rc4_key[16], mic[8];

	tkip_key(key, frame, tkip_tsc(frame + hdr), rc4_key);
	rc4(rc4_key, 16, data, body + 12);
	if (mac_get32(data + body + 8) != crc32(0, data, body + 8))
		return MAC_DAMAGED;
	michael(key->rx_mic, frame_da(frame), frame_sa(frame), frame_priority(frame), data, body, mic);
	return memcmp(mic, data + body, 8) ? MAC_FORGED : MAC_GOOD;
}

static void wep_encrypt(struct mac_key *key, uint8_t *frame, size_t len)
{
	size_t hdr = mac_hdr_len(mac_get16(frame)), body = len - hdr - 8;
	uint8_t *iv = frame + hdr, rc4_key[16];

	key->tx_pn++;
	iv[0] = key->tx_pn >> 16;
	iv[1] = key->tx_pn >> 8;
	iv[2] = key->tx_pn;
	iv[3] = key->key_id << 6;
	memcpy(rc4_key, iv, 3);
	memcpy(rc4_key + 3, key->key, key->key_len);
	mac_put32(iv + 4 + body, crc32(0, iv + 4, body));
	rc4(rc4_key, 3 + key->key_len, iv + 4, body + 4);
}

static bool wep_decrypt(struct mac_key *key, uint8_t *frame, size_t len)
{
	size_t hdr = mac_hdr_len(mac_get16(frame)), body = len - hdr - 8;
	uint8_t *iv = frame + hdr, rc4_key[16];

	memcpy(rc4_key, iv, 3);
	memcpy(rc4_key + 3, key->key, key->key_len);
	rc4(rc4_key, 3 + key->key_len, iv + 4, body + 4);
	return mac_get32(iv + 4 + body) == crc32(0, iv + 4, body);
}

void mac_encrypt(struct mac_key *key, uint8_t *frame, size_t len)
{
	if (key->cipher == MAC_CCMP)
		ccmp_encrypt(key, frame, len);
	else if (key->cipher == MAC_TKIP)
		tkip_encrypt(key, frame, len);
	else if (key->cipher == MAC_WEP)
		wep_encrypt(key, frame, len);
}

enum mac_opened mac_decrypt(struct mac_key *key, uint8_t *frame, size_t len)
{
	if (len < mac_hdr_len(mac_get16(frame)) + mac_key_iv(key) + mac_key_tail(key))
		return MAC_DAMAGED;
	switch (key->cipher) {
	case MAC_CCMP:
		return ccmp_decrypt(key, frame, len) ? MAC_GOOD : MAC_DAMAGED;
	case MAC_TKIP:
		return tkip_decrypt(key, frame, len);
	case MAC_WEP:
		return wep_decrypt(key, frame, len) ? MAC_GOOD : MAC_DAMAGED;
	case MAC_BIP:
	case MAC_UNKNOWN:
		break;
	}
	return MAC_DAMAGED;
}

bool mac_strip(struct mac_key *key, uint8_t *frame, size_t *len)
{
	uint16_t fc = mac_get16(frame);
	size_t hdr = mac_hdr_len(fc), iv = mac_key_iv(key);
	int slot = (fc & FC_TYPE) == FC_MGMT ? 17 : fc & FC_QOS ? frame_priority(frame) : 16;
	uint64_t pn = key->cipher == MAC_CCMP ? ext_iv_pn(frame + hdr) :
		      key->cipher == MAC_TKIP ? tkip_tsc(frame + hdr) : UINT64_MAX;

	if (pn != UINT64_MAX) {
		if (pn <= key->rx_pn[slot])
			return false;
		key->rx_pn[slot] = pn;
	}
	*len -= iv + mac_key_tail(key);
	memmove(frame + hdr, frame + hdr + iv, *len - hdr);
	return true;
}

/* ---- BIP ---- */

/* Up to where the MIC stands, which counts as zero */
static void bip_mic(struct mac_key *key, const uint8_t *frame, size_t len, uint8_t mic[16])
{
	uint8_t aad[20];

	mac_put16(aad, mac_get16(frame) & ~(FC_RETRY | FC_PM | FC_MORE));
	memcpy(aad + 2, frame + 4, 18);
	cmac_aes128_update(&key->cmac, sizeof(aad), aad);
	cmac_aes128_update(&key->cmac, len - 24 - 8, frame + 24);
	cmac_aes128_update(&key->cmac, 8, (const uint8_t[8]){ 0 });
	cmac_aes128_digest(&key->cmac, 16, mic);
}

const uint8_t *mac_mmie(const uint8_t *frame, size_t len)
{
	const uint8_t *mmie = frame + len - MAC_MMIE;

	return len < 24 + MAC_MMIE || mmie[0] != 0x4c || mmie[1] != 16 ? NULL : mmie;
}

bool mac_bip_good(struct mac_key *key, const uint8_t *frame, size_t len)
{
	uint8_t mic[16];

	bip_mic(key, frame, len, mic);
	return !memcmp(mic, frame + len - 8, 8);
}

void mac_bip_add(struct mac_key *key, uint8_t *frame, size_t len)
{
	uint8_t *mmie = frame + len, mic[16];

	key->tx_pn++;
	mmie[0] = 0x4c;
	mmie[1] = 16;
	mac_put16(mmie + 2, key->key_id);
	mac_put32(mmie + 4, key->tx_pn);
	mac_put16(mmie + 8, key->tx_pn >> 32);
	memset(mmie + 10, 0, 8);
	bip_mic(key, frame, len + MAC_MMIE, mic);
	memcpy(mmie + 10, mic, 8);
}
