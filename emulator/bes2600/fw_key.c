// SPDX-License-Identifier: GPL-2.0-or-later
/* Keys: one table for all interfaces, and what is done with them. */
#include <string.h>

#include "fw.h"

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

	for (i = 0; i < sizeof(key->mac.rx_pn) / sizeof(key->mac.rx_pn[0]); i++)
		key->mac.rx_pn[i] = pn;
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
		key->mac.key_id = req->u.wep_group.key_id;
		key->mac.key_len = req->u.wep_group.key_len;
		memcpy(key->mac.key, req->u.wep_group.key, 16);
		break;
	case WSM_KEY_TKIP_GROUP:
		key->mac.key_id = req->u.tkip_group.key_id;
		memcpy(key->mac.key, req->u.tkip_group.key, 16);
		memcpy(key->mac.rx_mic, req->u.tkip_group.rx_mic, 8);
		memcpy(key->mac.tx_mic, req->u.tkip_group.rx_mic, 8);
		set_rx_pn(key, get48(req->u.tkip_group.rx_seq));
		break;
	case WSM_KEY_AES_GROUP:
		key->mac.key_id = req->u.aes_group.key_id;
		memcpy(key->mac.key, req->u.aes_group.key, 16);
		set_rx_pn(key, get48(req->u.aes_group.rx_seq));
		break;
	case WSM_KEY_IGTK:
		key->mac.key_id = req->u.igtk.key_id;
		memcpy(key->mac.key, req->u.igtk.key, 16);
		set_rx_pn(key, get48(req->u.igtk.ipn));
		break;
	}
}

static void fill_pair(struct fw_key *key, const struct wsm_add_key_req *req)
{
	memcpy(key->peer, req->u.raw, 6);
	memcpy(key->mac.key, req->u.raw + 8, 16);
	if (req->type == WSM_KEY_WEP_PAIR)
		key->mac.key_len = req->u.wep_pair.key_len;
	if (req->type == WSM_KEY_TKIP_PAIR) {
		memcpy(key->mac.rx_mic, req->u.tkip_pair.rx_mic, 8);
		memcpy(key->mac.tx_mic, req->u.tkip_pair.tx_mic, 8);
	}
}

static bool key_valid(const struct fw_key *key)
{
	if (key->type == WSM_KEY_WEP_GROUP || key->type == WSM_KEY_WEP_PAIR)
		return key->mac.key_id < 4 && (key->mac.key_len == 5 || key->mac.key_len == 13);
	if (key->type == WSM_KEY_IGTK)
		return key->mac.key_id == 4 || key->mac.key_id == 5;
	if (is_pair(key))
		return !fw_is_group(key->peer) && !zero(key->peer, 6);
	return key->mac.key_id < 4;
}

static enum mac_cipher cipher_of(uint8_t type)
{
	switch (type) {
	case WSM_KEY_AES_GROUP:
	case WSM_KEY_AES_PAIR:
		return MAC_CCMP;
	case WSM_KEY_TKIP_GROUP:
	case WSM_KEY_TKIP_PAIR:
		return MAC_TKIP;
	case WSM_KEY_IGTK:
		return MAC_BIP;
	case WSM_KEY_WEP_GROUP:
	case WSM_KEY_WEP_PAIR:
		return MAC_WEP;
	default:	/* WAPI */
		return MAC_UNKNOWN;
	}
}

void fw_key_ready(struct fw_key *key)
{
	key->mac.cipher = cipher_of(key->type);
	mac_key_ready(&key->mac);
}

uint32_t fw_add_key(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len)
{
	const struct wsm_add_key_req *req = (const void *)msg;
	struct fw_key key = { .used = true, .if_id = ifc->id, .mac.key_len = 16 };
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
		       key.mac.key_id, key.mac.key_len);
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
		if (is_group_key(&fw->keys[i], if_id) && fw->keys[i].mac.key_id == key_id)
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
		    (key_id >= 0 && key->mac.key_id != key_id))
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

uint32_t fw_decrypt(struct fw *fw, struct fw_if *ifc, uint8_t *frame, size_t *len, uint32_t *flags,
		    bool *replay)
{
	size_t hdr = fw_hdr_len(fw_get16(frame));
	enum mac_opened opened;
	uint32_t status, enc;
	struct fw_key *key;

	if (*len < hdr + 8)
		return WSM_STATUS_DECRYPT;
	key = rx_key(fw, ifc, frame, hdr);
	if (!key) {
		fw->count.rx_no_key++;
		fw->mib_counters.rx_no_key++;
		return knob_is(fw->chip->knobs, KNOB_rx_no_key, "plain") ? WSM_STATUS_OK : WSM_STATUS_NO_KEY;
	}
	if (*len < hdr + mac_key_iv(&key->mac) + mac_key_tail(&key->mac))
		return WSM_STATUS_DECRYPT;
	enc = is_aes(key) ? WSM_RX_ENC_AES : is_tkip(key) ? WSM_RX_ENC_TKIP : WSM_RX_ENC_WEP;
	if (!is_pair(key))
		*flags |= WSM_RX_F_GROUP_KEY;
	*flags |= (uint32_t)key->mac.key_id << WSM_RX_F_KEY_SHIFT;
	opened = mac_decrypt(&key->mac, frame, *len);
	status = opened == MAC_GOOD ? WSM_STATUS_OK :
		 opened == MAC_FORGED ? WSM_STATUS_MIC : WSM_STATUS_DECRYPT;
	if (status) {
		fw->count.rx_decrypt_failures++;
		fw->mib_counters.rx_decrypt_failures++;
		*flags |= enc;
		return status;
	}
	if (knob_is(fw->chip->knobs, KNOB_rx_cipher, "7")) {
		*replay = !mac_strip(&key->mac, frame, len);
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

uint32_t fw_check_mmie(struct fw *fw, struct fw_if *ifc, const uint8_t *frame, size_t len)
{
	const uint8_t *mmie = mac_mmie(frame, len);
	struct fw_key *key;

	if (!fw_igtk(fw, ifc->id, -1))
		return WSM_STATUS_OK;
	/* without one it is for the host to distrust the frame: it sees it as it is */
	if (!mmie)
		return WSM_STATUS_OK;
	key = fw_igtk(fw, ifc->id, fw_get16(mmie + 2));
	if (!key)
		return WSM_STATUS_NO_KEY;
	if (!mac_bip_good(&key->mac, frame, len)) {
		fw->count.mmie_failures++;
		fw->mib_counters.cmac_icv_errors++;
		return WSM_STATUS_DECRYPT;
	}
	return WSM_STATUS_OK;
}

size_t fw_add_mmie(struct fw *fw, struct fw_if *ifc, uint8_t *frame, size_t len)
{
	struct fw_key *key = fw_igtk(fw, ifc->id, -1);

	if (!key || len + MAC_MMIE > FW_FRAME)
		return len;
	mac_bip_add(&key->mac, frame, len);
	return len + MAC_MMIE;
}
