// SPDX-License-Identifier: GPL-2.0-or-later
/* Keys: one table for all interfaces, and what is done with them. */
#include <string.h>
#include <zlib.h>

#include <nettle/arcfour.h>

#include "fw.h"
#include "../mac/crypto.h"

#define MMIE_LEN	18
#define CCMP_MIC	8

static bool is_pair(const struct fw_key *key)
{
	return key->type == WSM_KEY_WEP_PAIR || key->type == WSM_KEY_TKIP_PAIR ||
	       key->type == WSM_KEY_AES_PAIR || key->type == WSM_KEY_WAPI_PAIR;
}

static bool is_aes(const struct fw_key *key)
{
	return key->type == WSM_KEY_AES_GROUP || key->type == WSM_KEY_AES_PAIR;
}

static bool is_tkip(const struct fw_key *key)
{
	return key->type == WSM_KEY_TKIP_GROUP || key->type == WSM_KEY_TKIP_PAIR;
}

static uint64_t get48(const uint8_t *p)
{
	return fw_get32(p) | (uint64_t)fw_get16(p + 4) << 32;
}

static void set_rx_pn(struct fw_key *key, uint64_t pn)
{
	size_t i;

	for (i = 0; i < sizeof(key->rx_pn) / sizeof(key->rx_pn[0]); i++)
		key->rx_pn[i] = pn;
}

/* Bytes of the union that a key of this type uses; what follows must be zero */
static size_t union_used(uint8_t type)
{
	static const uint8_t used[] = { 20, 24, 36, 40, 28, 24, 36, 40, 28 };

	return used[type];
}

static bool zero(const uint8_t *p, size_t n)
{
	while (n--)
		if (*p++)
			return false;
	return true;
}

/* Padding inside the union */
static bool padding_clear(const struct wsm_add_key_req *req)
{
	switch (req->type) {
	case WSM_KEY_WEP_GROUP:
		return zero(req->u.wep_group.pad, 2);
	case WSM_KEY_WEP_PAIR:
		return !req->u.wep_pair.zero;
	case WSM_KEY_TKIP_GROUP:
		return zero(req->u.tkip_group.pad, 3);
	case WSM_KEY_TKIP_PAIR:
		return zero(req->u.tkip_pair.pad, 2);
	case WSM_KEY_AES_GROUP:
		return zero(req->u.aes_group.pad, 3);
	case WSM_KEY_AES_PAIR:
		return zero(req->u.aes_pair.pad, 2);
	case WSM_KEY_IGTK:
		return zero(req->u.igtk.pad, 3);
	}
	return true;
}

static void fill_group(struct fw_key *key, const struct wsm_add_key_req *req)
{
	switch (req->type) {
	case WSM_KEY_WEP_GROUP:
		key->key_id = req->u.wep_group.key_id;
		key->key_len = req->u.wep_group.key_len;
		memcpy(key->key, req->u.wep_group.key, 16);
		break;
	case WSM_KEY_TKIP_GROUP:
		key->key_id = req->u.tkip_group.key_id;
		memcpy(key->key, req->u.tkip_group.key, 16);
		memcpy(key->rx_mic, req->u.tkip_group.rx_mic, 8);
		memcpy(key->tx_mic, req->u.tkip_group.rx_mic, 8);
		set_rx_pn(key, get48(req->u.tkip_group.rx_seq));
		break;
	case WSM_KEY_AES_GROUP:
		key->key_id = req->u.aes_group.key_id;
		memcpy(key->key, req->u.aes_group.key, 16);
		set_rx_pn(key, get48(req->u.aes_group.rx_seq));
		break;
	case WSM_KEY_IGTK:
		key->key_id = req->u.igtk.key_id;
		memcpy(key->key, req->u.igtk.key, 16);
		set_rx_pn(key, get48(req->u.igtk.ipn));
		break;
	}
}

static void fill_pair(struct fw_key *key, const struct wsm_add_key_req *req)
{
	memcpy(key->peer, req->u.raw, 6);
	memcpy(key->key, req->u.raw + 8, 16);
	if (req->type == WSM_KEY_WEP_PAIR)
		key->key_len = req->u.wep_pair.key_len;
	if (req->type == WSM_KEY_TKIP_PAIR) {
		memcpy(key->rx_mic, req->u.tkip_pair.rx_mic, 8);
		memcpy(key->tx_mic, req->u.tkip_pair.tx_mic, 8);
	}
}

static bool key_valid(const struct fw_key *key)
{
	if (key->type == WSM_KEY_WEP_GROUP || key->type == WSM_KEY_WEP_PAIR)
		return key->key_id < 4 && (key->key_len == 5 || key->key_len == 13);
	if (key->type == WSM_KEY_IGTK)
		return key->key_id == 4 || key->key_id == 5;
	if (is_pair(key))
		return !fw_is_group(key->peer) && !zero(key->peer, 6);
	return key->key_id < 4;
}

void fw_key_ready(struct fw_key *key)
{
	ccm_aes128_set_key(&key->ccm, key->key);
	cmac_aes128_set_key(&key->cmac, key->key);
}

uint32_t fw_add_key(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len)
{
	const struct wsm_add_key_req *req = (const void *)msg;
	struct fw_key key = { .used = true, .if_id = ifc->id, .key_len = 16 };
	size_t used;

	if (req->type > WSM_KEY_IGTK || req->index >= WSM_KEY_SLOTS) {
		fw_bad(fw, msg, len, "30 §4.8: key type %u, entry %u: types are 0..8, entries 0..10",
		       req->type, req->index);
		return WSM_STATUS_INVALID;
	}
	used = union_used(req->type);
	if (req->reserved || !padding_clear(req) || !zero(req->u.raw + used, 40 - used)) {
		fw_bad(fw, msg, len, "30 §4.8: unused bytes of add key are not zero");
		return WSM_STATUS_INVALID;
	}
	key.type = req->type;
	if (is_pair(&key))
		fill_pair(&key, req);
	else
		fill_group(&key, req);
	if (!key_valid(&key)) {
		fw_bad(fw, msg, len, "30 §4.8: add key with a bad peer, key id %u or length %u",
		       key.key_id, key.key_len);
		return WSM_STATUS_INVALID;
	}
	if (fw->keys[req->index].used)
		fw_bad(fw, msg, len, "30 §4.8: entry %u holds a key already", req->index);
	fw_key_ready(&key);
	key.serial = ++fw->key_serial;
	fw->keys[req->index] = key;
	return WSM_STATUS_OK;
}

uint32_t fw_remove_key(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len)
{
	const struct wsm_remove_key_req *req = (const void *)msg;

	(void)ifc;
	if (req->index >= WSM_KEY_SLOTS || req->reserved || req->reserved2) {
		fw_bad(fw, msg, len, "30 §4.9: remove key: entry %u (0..10), the rest zero", req->index);
		return WSM_STATUS_INVALID;
	}
	if (!fw->keys[req->index].used)
		return knob_is(fw->chip->knobs, KNOB_key_remove_empty, "refused") ? WSM_STATUS_INVALID : WSM_STATUS_OK;
	memset(&fw->keys[req->index], 0, sizeof(fw->keys[0]));
	return WSM_STATUS_OK;
}

void fw_reset_keys(struct fw *fw, int if_id)
{
	int i;

	for (i = 0; i < WSM_KEY_SLOTS; i++)
		if (fw->keys[i].used && fw->keys[i].if_id == if_id &&
		    knob_is(fw->chip->knobs, KNOB_reset_keys, "cleared"))
			memset(&fw->keys[i], 0, sizeof(fw->keys[i]));
}

struct fw_key *fw_pair_key(struct fw *fw, int if_id, const uint8_t *peer)
{
	int i;

	for (i = 0; i < WSM_KEY_SLOTS; i++) {
		struct fw_key *key = &fw->keys[i];

		if (key->used && key->if_id == if_id && is_pair(key) && !memcmp(key->peer, peer, 6))
			return key;
	}
	return NULL;
}

static bool is_group_key(const struct fw_key *key, int if_id)
{
	return key->used && key->if_id == if_id && !is_pair(key) && key->type != WSM_KEY_IGTK;
}

static struct fw_key *group_key(struct fw *fw, int if_id, int key_id)
{
	int i;

	for (i = 0; i < WSM_KEY_SLOTS; i++)
		if (is_group_key(&fw->keys[i], if_id) && fw->keys[i].key_id == key_id)
			return &fw->keys[i];
	return NULL;
}

struct fw_key *fw_igtk(struct fw *fw, int if_id, int key_id)
{
	struct fw_key *best = NULL;
	int i;

	for (i = 0; i < WSM_KEY_SLOTS; i++) {
		struct fw_key *key = &fw->keys[i];

		if (!key->used || key->if_id != if_id || key->type != WSM_KEY_IGTK ||
		    (key_id >= 0 && key->key_id != key_id))
			continue;
		if (!best || key->serial > best->serial)
			best = key;
	}
	return best;
}

struct fw_key *fw_tx_key(struct fw *fw, struct fw_if *ifc, const uint8_t *frame)
{
	struct fw_key *key = NULL, *best = NULL;
	int i;

	if (!fw_is_group(frame + 4))
		key = fw_pair_key(fw, ifc->id, frame + 4);
	if (key)
		return key;
	key = group_key(fw, ifc->id, ifc->wep_key_id);
	if (key && key->type == WSM_KEY_WEP_GROUP)
		return key;
	if (!fw_is_group(frame + 4))
		return NULL;
	for (i = 0; i < WSM_KEY_SLOTS; i++)
		if (is_group_key(&fw->keys[i], ifc->id) &&
		    (!best || fw->keys[i].serial > best->serial))
			best = &fw->keys[i];
	return best;
}

size_t fw_key_iv(const struct fw_key *key)
{
	return is_aes(key) || is_tkip(key) ? 8 : 4;
}

size_t fw_key_tail(const struct fw_key *key)
{
	return is_aes(key) ? 8 : is_tkip(key) ? 12 : 4;
}

/* ---- CCMP ---- */

static size_t ccmp_aad(const uint8_t *frame, uint8_t *aad, uint8_t *priority)
{
	uint16_t fc = fw_get16(frame);
	bool data = (fc & FC_TYPE) == FC_DATA;
	bool a4 = (fc & (FC_TODS | FC_FROMDS)) == (FC_TODS | FC_FROMDS);
	bool qos = data && fc & FC_QOS;
	size_t n = 22;

	fc &= ~(FC_RETRY | FC_PM | FC_MORE);
	if (data)
		fc &= ~0x0070;
	if (qos)
		fc &= ~FC_ORDER;
	fw_put16(aad, fc | FC_PROTECTED);
	memcpy(aad + 2, frame + 4, 18);
	fw_put16(aad + 20, fw_get16(frame + 22) & 0xf);
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
	fw_put32(iv + 4, pn >> 16);
}

static void ccmp_encrypt(struct fw_key *key, uint8_t *frame, size_t len)
{
	uint8_t aad[30], nonce[13], priority;
	size_t hdr = fw_hdr_len(fw_get16(frame)), n = ccmp_aad(frame, aad, &priority);

	key->tx_pn++;
	put_ext_iv(frame + hdr, key->tx_pn, key->key_id);
	ccmp_nonce(frame, priority, key->tx_pn, nonce);
	ccm_aes128_encrypt_message(&key->ccm, sizeof(nonce), nonce, n, aad, CCMP_MIC,
				   len - hdr - 8, frame + hdr + 8, frame + hdr + 8);
}

static uint64_t ext_iv_pn(const uint8_t *iv)
{
	return iv[0] | iv[1] << 8 | (uint64_t)fw_get32(iv + 4) << 16;
}

static bool ccmp_decrypt(struct fw_key *key, uint8_t *frame, size_t len)
{
	uint8_t aad[30], nonce[13], priority;
	size_t hdr = fw_hdr_len(fw_get16(frame)), n = ccmp_aad(frame, aad, &priority);

	ccmp_nonce(frame, priority, ext_iv_pn(frame + hdr), nonce);
	return ccm_aes128_decrypt_message(&key->ccm, sizeof(nonce), nonce, n, aad, CCMP_MIC,
					  len - hdr - 16, frame + hdr + 8, frame + hdr + 8);
}

/* ---- TKIP and WEP ---- */

static const uint8_t *frame_da(const uint8_t *frame)
{
	return fw_get16(frame) & FC_TODS ? frame + 16 : frame + 4;
}

static const uint8_t *frame_sa(const uint8_t *frame)
{
	uint16_t ds = fw_get16(frame) & (FC_TODS | FC_FROMDS);

	return ds == FC_FROMDS ? frame + 16 : ds == (FC_TODS | FC_FROMDS) ? frame + 24 : frame + 10;
}

static uint8_t frame_priority(const uint8_t *frame)
{
	uint16_t fc = fw_get16(frame);

	return fc & FC_QOS ? frame[fw_hdr_len(fc) - 2] & 0xf : 0;
}

static void rc4(const uint8_t *key, size_t key_len, uint8_t *data, size_t len)
{
	struct arcfour_ctx ctx;

	arcfour_set_key(&ctx, key_len, key);
	arcfour_crypt(&ctx, len, data, data);
}

static void tkip_key(const struct fw_key *key, const uint8_t *frame, uint64_t tsc, uint8_t *out)
{
	tkip_mix(key->key, frame + 10, tsc >> 16, tsc, out);
}

static void tkip_encrypt(struct fw_key *key, uint8_t *frame, size_t len)
{
	size_t hdr = fw_hdr_len(fw_get16(frame)), body = len - hdr - 8 - 12;
	uint8_t *iv = frame + hdr, *data = iv + 8, rc4_key[16];

	key->tx_pn++;
	michael(key->tx_mic, frame_da(frame), frame_sa(frame), frame_priority(frame), data, body,
		data + body);
	fw_put32(data + body + 8, crc32(0, data, body + 8));
	tkip_key(key, frame, key->tx_pn, rc4_key);
	rc4(rc4_key, 16, data, body + 12);
	memcpy(iv, rc4_key, 3);
	iv[3] = 0x20 | key->key_id << 6;
	fw_put32(iv + 4, key->tx_pn >> 16);
}

static uint64_t tkip_tsc(const uint8_t *iv)
{
	return iv[2] | iv[0] << 8 | (uint64_t)fw_get32(iv + 4) << 16;
}

static uint32_t tkip_decrypt(struct fw_key *key, uint8_t *frame, size_t len)
{
	size_t hdr = fw_hdr_len(fw_get16(frame)), body = len - hdr - 8 - 12;
	uint8_t *data = frame + hdr + 8, rc4_key[16], mic[8];

	tkip_key(key, frame, tkip_tsc(frame + hdr), rc4_key);
	rc4(rc4_key, 16, data, body + 12);
	if (fw_get32(data + body + 8) != crc32(0, data, body + 8))
		return WSM_STATUS_DECRYPT;
	michael(key->rx_mic, frame_da(frame), frame_sa(frame), frame_priority(frame), data, body, mic);
	return memcmp(mic, data + body, 8) ? WSM_STATUS_MIC : WSM_STATUS_OK;
}

static void wep_encrypt(struct fw_key *key, uint8_t *frame, size_t len)
{
	size_t hdr = fw_hdr_len(fw_get16(frame)), body = len - hdr - 8;
	uint8_t *iv = frame + hdr, rc4_key[16];

	key->tx_pn++;
	iv[0] = key->tx_pn >> 16;
	iv[1] = key->tx_pn >> 8;
	iv[2] = key->tx_pn;
	iv[3] = key->key_id << 6;
	memcpy(rc4_key, iv, 3);
	memcpy(rc4_key + 3, key->key, key->key_len);
	fw_put32(iv + 4 + body, crc32(0, iv + 4, body));
	rc4(rc4_key, 3 + key->key_len, iv + 4, body + 4);
}

static bool wep_decrypt(struct fw_key *key, uint8_t *frame, size_t len)
{
	size_t hdr = fw_hdr_len(fw_get16(frame)), body = len - hdr - 8;
	uint8_t *iv = frame + hdr, rc4_key[16];

	memcpy(rc4_key, iv, 3);
	memcpy(rc4_key + 3, key->key, key->key_len);
	rc4(rc4_key, 3 + key->key_len, iv + 4, body + 4);
	return fw_get32(iv + 4 + body) == crc32(0, iv + 4, body);
}

/* ---- frames ---- */

void fw_encrypt(struct fw_key *key, uint8_t *frame, size_t len)
{
	if (is_aes(key))
		ccmp_encrypt(key, frame, len);
	else if (is_tkip(key))
		tkip_encrypt(key, frame, len);
	else
		wep_encrypt(key, frame, len);
}

static struct fw_key *rx_key(struct fw *fw, struct fw_if *ifc, const uint8_t *frame, size_t hdr)
{
	struct fw_key *key;

	if (!fw_is_group(frame + 4)) {
		key = fw_pair_key(fw, ifc->id, frame + 10);
		if (key)
			return key;
		key = group_key(fw, ifc->id, frame[hdr + 3] >> 6);
		return key && key->type == WSM_KEY_WEP_GROUP ? key : NULL;
	}
	return group_key(fw, ifc->id, frame[hdr + 3] >> 6);
}

/* rx.cipher 7: replay check and removal of what surrounds the body */
static bool strip(struct fw_key *key, uint8_t *frame, size_t *len)
{
	uint16_t fc = fw_get16(frame);
	size_t hdr = fw_hdr_len(fc), iv = fw_key_iv(key);
	int slot = (fc & FC_TYPE) == FC_MGMT ? 17 : fc & FC_QOS ? frame_priority(frame) : 16;
	uint64_t pn = is_aes(key) ? ext_iv_pn(frame + hdr) :
		      is_tkip(key) ? tkip_tsc(frame + hdr) : UINT64_MAX;

	if (pn != UINT64_MAX) {
		if (pn <= key->rx_pn[slot])
			return false;
		key->rx_pn[slot] = pn;
	}
	*len -= iv + fw_key_tail(key);
	memmove(frame + hdr, frame + hdr + iv, *len - hdr);
	return true;
}

uint32_t fw_decrypt(struct fw *fw, struct fw_if *ifc, uint8_t *frame, size_t *len, uint32_t *flags,
		    bool *replay)
{
	size_t hdr = fw_hdr_len(fw_get16(frame));
	uint32_t status = WSM_STATUS_OK, enc;
	struct fw_key *key;

	if (*len < hdr + 8)
		return WSM_STATUS_DECRYPT;
	key = rx_key(fw, ifc, frame, hdr);
	if (!key) {
		fw->count.rx_no_key++;
		fw->mib_counters.rx_no_key++;
		return knob_is(fw->chip->knobs, KNOB_rx_no_key, "plain") ? WSM_STATUS_OK : WSM_STATUS_NO_KEY;
	}
	if (*len < hdr + fw_key_iv(key) + fw_key_tail(key))
		return WSM_STATUS_DECRYPT;
	enc = is_aes(key) ? WSM_RX_ENC_AES : is_tkip(key) ? WSM_RX_ENC_TKIP : WSM_RX_ENC_WEP;
	if (!is_pair(key))
		*flags |= WSM_RX_F_GROUP_KEY;
	*flags |= (uint32_t)key->key_id << WSM_RX_F_KEY_SHIFT;
	if (is_tkip(key))
		status = tkip_decrypt(key, frame, *len);
	else if (!(is_aes(key) ? ccmp_decrypt(key, frame, *len) : wep_decrypt(key, frame, *len)))
		status = WSM_STATUS_DECRYPT;
	if (status) {
		fw->count.rx_decrypt_failures++;
		fw->mib_counters.rx_decrypt_failures++;
		*flags |= enc;
		return status;
	}
	if (knob_is(fw->chip->knobs, KNOB_rx_cipher, "7")) {
		*replay = !strip(key, frame, len);
		enc = WSM_RX_ENC_STRIPPED;
	} else if (is_tkip(key) && knob_is(fw->chip->knobs, KNOB_rx_tkip_mic, "stripped")) {
		/* Michael goes, the ICV stays */
		memmove(frame + *len - 12, frame + *len - 4, 4);
		*len -= 8;
	}
	*flags |= enc;
	return WSM_STATUS_OK;
}

/* ---- BIP ---- */

bool fw_is_robust_group(const uint8_t *frame, size_t len)
{
	uint16_t sub = fw_get16(frame) & FC_SUBTYPE;

	if (len < 25 || !fw_is_group(frame + 4))
		return false;
	if (sub == FC_ACTION)	/* public, HT and VHT actions are not robust */
		return frame[24] != 4 && frame[24] != 7 && frame[24] != 11 && frame[24] != 21 &&
		       frame[24] != 127;
	return sub == FC_DEAUTH || sub == FC_DISASSOC;
}

/* Up to where the MIC stands, which counts as zero */
static void bip_mic(struct fw_key *key, const uint8_t *frame, size_t len, uint8_t mic[16])
{
	uint8_t aad[20];

	fw_put16(aad, fw_get16(frame) & ~(FC_RETRY | FC_PM | FC_MORE));
	memcpy(aad + 2, frame + 4, 18);
	cmac_aes128_update(&key->cmac, sizeof(aad), aad);
	cmac_aes128_update(&key->cmac, len - 24 - 8, frame + 24);
	cmac_aes128_update(&key->cmac, 8, (const uint8_t[8]){ 0 });
	cmac_aes128_digest(&key->cmac, 16, mic);
}

uint32_t fw_check_mmie(struct fw *fw, struct fw_if *ifc, const uint8_t *frame, size_t len)
{
	const uint8_t *mmie = frame + len - MMIE_LEN;
	struct fw_key *key;
	uint8_t mic[16];

	if (!fw_igtk(fw, ifc->id, -1))
		return WSM_STATUS_OK;
	/* without one it is for the host to distrust the frame: it sees it as it is */
	if (len < 24 + MMIE_LEN || mmie[0] != 0x4c || mmie[1] != 16)
		return WSM_STATUS_OK;
	key = fw_igtk(fw, ifc->id, fw_get16(mmie + 2));
	if (!key)
		return WSM_STATUS_NO_KEY;
	bip_mic(key, frame, len, mic);
	if (memcmp(mic, mmie + 10, 8)) {
		fw->count.mmie_failures++;
		fw->mib_counters.cmac_icv_errors++;
		return WSM_STATUS_DECRYPT;
	}
	return WSM_STATUS_OK;
}

size_t fw_add_mmie(struct fw *fw, struct fw_if *ifc, uint8_t *frame, size_t len)
{
	struct fw_key *key = fw_igtk(fw, ifc->id, -1);
	uint8_t *mmie = frame + len, mic[16];

	if (!key || len + MMIE_LEN > FW_FRAME)
		return len;
	key->tx_pn++;
	mmie[0] = 0x4c;
	mmie[1] = 16;
	fw_put16(mmie + 2, key->key_id);
	fw_put32(mmie + 4, key->tx_pn);
	fw_put16(mmie + 8, key->tx_pn >> 32);
	memset(mmie + 10, 0, 8);
	bip_mic(key, frame, len + MMIE_LEN, mic);
	memcpy(mmie + 10, mic, 8);
	return len + MMIE_LEN;
}
