// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keys: one table of slots in the chip for all interfaces.
 */
#include <linux/etherdevice.h>

#include "bes2600.h"

VISIBLE_IF_KUNIT
void bes_key_counter(u32 cipher, const struct ieee80211_key_seq *seq, u8 *out)
{
	int i;

	switch (cipher) {
	case WLAN_CIPHER_SUITE_CCMP:
		/* the wire wants the least significant byte first */
		for (i = 0; i < 6; i++)
			out[i] = seq->ccmp.pn[5 - i];
		break;
	case WLAN_CIPHER_SUITE_AES_CMAC:
		for (i = 0; i < 6; i++)
			out[i] = seq->aes_cmac.pn[5 - i];
		break;
	case WLAN_CIPHER_SUITE_TKIP:
		out[0] = seq->tkip.iv16 & 0xff;
		out[1] = seq->tkip.iv16 >> 8;
		for (i = 0; i < 4; i++)
			out[2 + i] = seq->tkip.iv32 >> 8 * i;
		break;
	}
}
EXPORT_SYMBOL_IF_KUNIT(bes_key_counter);

static void bes_key_pn(struct ieee80211_key_conf *key, u8 *out)
{
	struct ieee80211_key_seq seq = {};

	ieee80211_get_key_rx_seq(key, 0, &seq);
	bes_key_counter(key->cipher, &seq, out);
}

static void bes_key_wep(struct wsm_add_key_req *req, const u8 *peer, struct ieee80211_key_conf *key)
{
	if (peer) {
		req->type = WSM_KEY_WEP_PAIR;
		ether_addr_copy(req->u.wep_pair.peer, peer);
		req->u.wep_pair.key_len = key->keylen;
		memcpy(req->u.wep_pair.key, key->key, key->keylen);
	} else {
		req->type = WSM_KEY_WEP_GROUP;
		req->u.wep_group.key_id = key->keyidx;
		req->u.wep_group.key_len = key->keylen;
		memcpy(req->u.wep_group.key, key->key, key->keylen);
	}
}

/* mac80211: key, then Michael TX, then RX, as the authenticator names them */
static void bes_key_tkip(struct wsm_add_key_req *req, const u8 *peer,
			 struct ieee80211_key_conf *key)
{
	if (peer) {
		req->type = WSM_KEY_TKIP_PAIR;
		ether_addr_copy(req->u.tkip_pair.peer, peer);
		memcpy(req->u.tkip_pair.key, key->key, 16);
		memcpy(req->u.tkip_pair.tx_mic, key->key + 16, 8);
		memcpy(req->u.tkip_pair.rx_mic, key->key + 24, 8);
	} else {
		req->type = WSM_KEY_TKIP_GROUP;
		memcpy(req->u.tkip_group.key, key->key, 16);
		memcpy(req->u.tkip_group.rx_mic, key->key + 24, 8);
		req->u.tkip_group.key_id = key->keyidx;
		bes_key_pn(key, req->u.tkip_group.rx_seq);
	}
}

static void bes_key_aes(struct wsm_add_key_req *req, const u8 *peer, struct ieee80211_key_conf *key)
{
	if (peer) {
		req->type = WSM_KEY_AES_PAIR;
		ether_addr_copy(req->u.aes_pair.peer, peer);
		memcpy(req->u.aes_pair.key, key->key, 16);
	} else {
		req->type = WSM_KEY_AES_GROUP;
		memcpy(req->u.aes_group.key, key->key, 16);
		req->u.aes_group.key_id = key->keyidx;
		bes_key_pn(key, req->u.aes_group.rx_seq);
	}
}

static void bes_key_igtk(struct wsm_add_key_req *req, struct ieee80211_key_conf *key)
{
	req->type = WSM_KEY_IGTK;
	memcpy(req->u.igtk.key, key->key, 16);
	req->u.igtk.key_id = key->keyidx;
	bes_key_pn(key, req->u.igtk.ipn);
}

VISIBLE_IF_KUNIT
int bes_key_fill(struct wsm_add_key_req *req, const u8 *peer, struct ieee80211_key_conf *key)
{
	switch (key->cipher) {
	case WLAN_CIPHER_SUITE_WEP40:
	case WLAN_CIPHER_SUITE_WEP104:
		if (key->keylen > 16)
			return -EINVAL;
		bes_key_wep(req, peer, key);
		return 0;
	case WLAN_CIPHER_SUITE_TKIP:
		bes_key_tkip(req, peer, key);
		return 0;
	case WLAN_CIPHER_SUITE_CCMP:
		bes_key_aes(req, peer, key);
		return 0;
	case WLAN_CIPHER_SUITE_AES_CMAC:
		bes_key_igtk(req, key);
		return 0;
	default:
		return -EOPNOTSUPP;
	}
}
EXPORT_SYMBOL_IF_KUNIT(bes_key_fill);

static int bes_key_add(struct bes_dev *bes, struct ieee80211_vif *vif, struct ieee80211_sta *sta,
		       struct ieee80211_key_conf *key)
{
	bool pairwise = key->flags & IEEE80211_KEY_FLAG_PAIRWISE;
	struct wsm_add_key_req req = {};
	unsigned long index;
	int ret;

	index = find_first_zero_bit(&bes->key_map, WSM_KEY_SLOTS);
	if (index == WSM_KEY_SLOTS)
		return -ENOSPC;
	ret = bes_key_fill(&req, pairwise && sta ? sta->addr : NULL, key);
	if (ret)
		return ret;
	req.index = index;
	if (key->cipher == WLAN_CIPHER_SUITE_AES_CMAC) {
		ret = bes_mib_u32(bes, bes_vif(vif)->id, WSM_MIB_MGMT_POLICY, WSM_MGMT_PROTECT);
		if (ret)
			return ret;
	}
	ret = bes_cmd_add_key(bes, bes_vif(vif)->id, &req);
	memzero_explicit(&req, sizeof(req));
	if (ret)
		return ret;
	__set_bit(index, &bes->key_map);
	key->hw_key_idx = index;
	if (key->cipher != WLAN_CIPHER_SUITE_AES_CMAC)
		key->flags |= IEEE80211_KEY_FLAG_PUT_IV_SPACE | IEEE80211_KEY_FLAG_RESERVE_TAILROOM;
	return 0;
}

/**
 * bes_op_set_key() - install or remove a key
 * @hw: hardware
 * @cmd: what to do
 * @vif: interface
 * @sta: peer of a pairwise key
 * @key: the key
 *
 * wiphy mutex.
 *
 * Return: 0 or a negative errno.
 */
int bes_op_set_key(struct ieee80211_hw *hw, enum set_key_cmd cmd, struct ieee80211_vif *vif,
		   struct ieee80211_sta *sta, struct ieee80211_key_conf *key)
{
	struct bes_dev *bes = hw->priv;

	lockdep_assert_wiphy(hw->wiphy);
	/* what could not be decrypted before says nothing of the new keys */
	WRITE_ONCE(bes->health[bes_vif(vif)->id].decrypts.n, 0);
	WRITE_ONCE(bes->health[bes_vif(vif)->id].keyed_at, jiffies ?: 1);
	if (cmd == SET_KEY)
		return bes_key_add(bes, vif, sta, key);
	/* a chip that is gone, or was reset since, has forgotten the key */
	if (__test_and_clear_bit(key->hw_key_idx, &bes->key_map) &&
	    READ_ONCE(bes->state) == BES_STATE_RUNNING)
		bes_cmd_remove_key(bes, bes_vif(vif)->id, key->hw_key_idx);
	return 0;
}
