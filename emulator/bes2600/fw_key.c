// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Keys: one table by index, sheet 30 sections 4.8 and 4.9.
 */
#include <string.h>

#include "fw.h"

static uint64_t seq48(const uint8_t *p)
{
	uint64_t v = 0;

	for (int i = 5; i >= 0; i--)
		v = v << 8 | p[i];
	return v;
}

static void key_start(struct fw_key *k, const uint8_t key[16], uint64_t rx_pn)
{
	aes128_init(&k->aes, key);
	for (size_t i = 0; i < sizeof(k->rx_pn) / sizeof(k->rx_pn[0]); i++)
		k->rx_pn[i] = rx_pn;
}

uint32_t fw_key_add(struct fw *fw, uint8_t if_id, const struct wsm_add_key_req *req)
{
	struct fw_key *k;

	if (req->index >= WSM_KEY_SLOTS || req->type > WSM_KEY_IGTK) {
		chip_violation(fw->chip, req, 8, "key type %u, index %u (30 section 4.8)", req->type, req->index);
		return WSM_STATUS_INVALID;
	}
	k = &fw->key[req->index];
	if (k->used)
		chip_violation(fw->chip, req, 8, "key index %u is in use (30 section 4.8)", req->index);
	memset(k, 0, sizeof(*k));
	k->type = req->type;
	k->if_id = if_id;
	switch (req->type) {
	case WSM_KEY_AES_PAIR:
		memcpy(k->peer, req->u.aes_pair.peer, 6);
		key_start(k, req->u.aes_pair.key, 0);
		break;
	case WSM_KEY_AES_GROUP:
		k->key_id = req->u.aes_group.key_id;
		key_start(k, req->u.aes_group.key, seq48(req->u.aes_group.rx_seq));
		break;
	case WSM_KEY_IGTK:
		k->key_id = req->u.igtk.key_id;
		key_start(k, req->u.igtk.key, seq48(req->u.igtk.ipn));
		break;
	default:
		/* the engines of WEP, TKIP and WAPI are not modelled: refused */
		return WSM_STATUS_INVALID;
	}
	k->used = true;
	return WSM_STATUS_OK;
}

uint32_t fw_key_remove(struct fw *fw, uint8_t index)
{
	if (index >= WSM_KEY_SLOTS) {
		chip_violation(fw->chip, &index, 1, "removal of key %u (30 section 4.9)", index);
		return WSM_STATUS_INVALID;
	}
	if (!fw->key[index].used)
		return fw->chip->knobs.key_remove_empty ? WSM_STATUS_INVALID : WSM_STATUS_OK;
	memset(&fw->key[index], 0, sizeof(fw->key[index]));
	return WSM_STATUS_OK;
}

static struct fw_key *key_find(struct fw *fw, uint8_t type, int key_id, const uint8_t *peer)
{
	for (int i = 0; i < WSM_KEY_SLOTS; i++) {
		struct fw_key *k = &fw->key[i];

		if (k->used && k->type == type && (key_id < 0 || k->key_id == key_id) &&
		    (!peer || !memcmp(k->peer, peer, 6)))
			return k;
	}
	return NULL;
}

struct fw_key *fw_key_pair(struct fw *fw, const uint8_t *peer)
{
	return key_find(fw, WSM_KEY_AES_PAIR, -1, peer);
}

struct fw_key *fw_key_group(struct fw *fw, uint8_t key_id)
{
	return key_find(fw, WSM_KEY_AES_GROUP, key_id, NULL);
}

struct fw_key *fw_key_igtk(struct fw *fw)
{
	return key_find(fw, WSM_KEY_IGTK, -1, NULL);
}
