// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Frames from the air: filters, decryption, the receive indication. Sheet 30
 * section 5.2, sheet 40 section 5.
 */
#include <string.h>

#include "fw.h"

struct rx {
	uint8_t frame[FW_FRAME];
	size_t len, hdr;
	const struct air_rx_info *info;
	uint32_t status, flags;
	bool to_us, group;
};

static size_t rx_hdr_len(const uint8_t *frame)
{
	size_t len = 24;

	if ((frame[0] & 0x0c) == 0x08) {
		if ((frame[1] & 3) == 3)
			len += 6;
		if (frame[0] & 0x80)
			len += 2;
	}
	return len;
}

static uint8_t rate_id(const struct air_rate *rate)
{
	static const uint16_t kbps100[14] = { 10, 20, 55, 110, 0, 0, 60, 90, 120, 180, 240, 360, 480, 540 };

	if (rate->ht)
		return WSM_RATE_HT_0 + (rate->mcs & 7);
	for (int i = 0; i < 14; i++)
		if (kbps100[i] == rate->kbps100)
			return i;
	return WSM_RATE_OFDM_6;
}

static uint8_t rcpi(int signal)
{
	int v = (signal + 110) * 2;

	return v < 1 ? 1 : v > 220 ? 220 : v;
}

static int channel_of(int freq)
{
	if (freq == 2484)
		return 14;
	return freq < 5000 ? (freq - 2407) / 5 : (freq - 5000) / 5;
}

static void rx_indicate(struct fw *fw, uint8_t if_id, struct rx *r)
{
	uint8_t msg[32 + FW_FRAME] = { 0 };

	if (32 + r->len > BES_SLOT_MAX)
		return;
	if (fw->faults.rx_status_left > 0 && (r->frame[0] & 0x0c) == 0x08) {
		fw->faults.rx_status_left--;
		r->status = fw->faults.rx_status;
	}
	put_le32(msg + 4, r->status);
	put_le16(msg + 8, channel_of(r->info->freq));
	msg[10] = rate_id(&r->info->rate);
	msg[11] = rcpi(r->info->signal);
	if (r->info->ampdu)
		r->flags |= WSM_RX_F_AMPDU | (r->info->ampdu_last ? WSM_RX_F_AMPDU_LAST : 0);
	if (r->info->rate.ht)
		r->flags |= WSM_RX_F_HT;
	if (r->to_us)
		r->flags |= WSM_RX_F_TO_US;
	if (r->group)
		r->flags |= WSM_RX_F_GROUP;
	put_le32(msg + 12, r->flags);
	for (int i = 0; fw->chip->knobs.rx_reserved && i < 16; i++)
		msg[16 + i] = chip_random(fw->chip);
	memcpy(msg + 32, r->frame, r->len);
	fw->c.rx_frames++;
	fw_indicate(fw, if_id, WSM_IND_RX, msg, 32 + r->len, 0);
}

/* ---- beacons ---- */

/* What the beacon filter looks at: everything but time stamp and TIM */
static uint32_t beacon_hash(const uint8_t *frame, size_t len)
{
	uint32_t h = 2166136261u;
	size_t at = 36;

	while (at + 2 <= len && at + 2 + frame[at + 1] <= len) {
		size_t n = 2 + frame[at + 1];

		if (frame[at] != 5)
			for (size_t i = 0; i < n; i++)
				h = (h ^ frame[at + i]) * 16777619u;
		at += n;
	}
	return h ? h : 1;
}

static bool beacon_wanted(struct fw_vif *v, const struct rx *r)
{
	uint32_t h;

	if (!(v->beacon_flags & 1))
		return true;
	if (v->beacon_every)
		return ++v->beacons_skipped % v->beacon_every == 0;
	h = beacon_hash(r->frame, r->len);
	if (h == v->beacon_hash)
		return false;
	v->beacon_hash = h;
	return true;
}

/* ---- decryption ---- */

static void rx_strip(struct rx *r)
{
	memmove(r->frame + CCMP_IV, r->frame, r->hdr);
	memmove(r->frame, r->frame + CCMP_IV, r->len - CCMP_IV);
	r->len -= CCMP_IV + CCMP_MIC;
}

/* False: a replay, which only the device can see in this mode */
static bool rx_fresh(struct fw_key *key, const struct rx *r)
{
	uint64_t pn = ccmp_pn(r->frame + r->hdr);
	int slot = (r->frame[0] & 0x0c) != 0x08 ? 16 : r->hdr > 24 ? r->frame[24] & 0xf : 0;

	if (pn <= key->rx_pn[slot])
		return false;
	key->rx_pn[slot] = pn;
	return true;
}

static bool rx_decrypt(struct fw *fw, struct rx *r)
{
	bool strip = fw->chip->knobs.rx_cipher;
	struct fw_key *key;

	if (!(r->frame[1] & 0x40))
		return true;
	if (r->len < r->hdr + CCMP_IV + CCMP_MIC)
		return false;
	key = r->group ? fw_key_group(fw, r->frame[r->hdr + 3] >> 6) : fw_key_pair(fw, r->frame + 10);
	if (!key) {
		fw->c.rx_no_key++;
		r->status = fw->chip->knobs.rx_no_key ? WSM_STATUS_OK : WSM_STATUS_NO_KEY;
		return true;
	}
	if (!ccmp_decrypt(&key->aes, r->frame, r->hdr, r->len)) {
		fw->c.rx_decrypt_failures++;
		r->status = WSM_STATUS_DECRYPT;
		return true;
	}
	if (strip && !rx_fresh(key, r))
		return false;
	r->flags |= strip ? WSM_RX_ENC_STRIPPED : WSM_RX_ENC_AES;
	if (strip)
		rx_strip(r);
	return true;
}

/* ---- per kind ---- */

static bool multicast_wanted(const struct fw_vif *v, const uint8_t *addr)
{
	static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	uint32_t n = le32(&v->multicast.count);

	if (!memcmp(addr, broadcast, 6) || le32(&v->multicast.enable) != 1)
		return true;
	for (uint32_t i = 0; i < n && i < 8; i++)
		if (!memcmp(addr, v->multicast.addr[i], 6))
			return true;
	return false;
}

static const uint8_t *rx_body(const struct rx *r, size_t *len)
{
	size_t skip = r->hdr + ((r->flags & WSM_RX_F_ENC) == WSM_RX_ENC_AES ? CCMP_IV : 0);
	size_t tail = (r->flags & WSM_RX_F_ENC) == WSM_RX_ENC_AES ? CCMP_MIC : 0;

	*len = r->len > skip + tail ? r->len - skip - tail : 0;
	return r->frame + skip;
}

static void rx_mgmt(struct fw *fw, struct fw_vif *v, struct rx *r)
{
	struct fw_key *igtk = fw_key_igtk(fw);
	const uint8_t *body;
	size_t len;

	if (!r->to_us && !r->group)
		return;
	if (r->group && igtk && ((r->frame[0] & 0xf0) == 0xc0 || (r->frame[0] & 0xf0) == 0xa0 ||
				 (r->frame[0] & 0xf0) == 0xd0) && !bip_check(&igtk->aes, r->frame, r->len))
		r->status = WSM_STATUS_DECRYPT;
	if (!rx_decrypt(fw, r))
		return;
	body = rx_body(r, &len);
	if (!r->status && (r->frame[0] & 0xfc) == 0xd0 && fw_ba_action(fw, v, r->frame, body, len))
		return;
	rx_indicate(fw, v->id, r);
}

static void rx_data(struct fw *fw, struct fw_vif *v, struct rx *r)
{
	if (!r->to_us && !(r->group && multicast_wanted(v, r->frame + 4)))
		return;
	/* our own group frames, sent on by the AP */
	if (r->group && !memcmp(r->frame + 16, fw->mac, 6))
		return;
	/* null frames end here */
	if (r->frame[0] & 0x40)
		return;
	if (rx_decrypt(fw, r))
		rx_indicate(fw, v->id, r);
}

static bool is_beacon(const struct rx *r)
{
	return r->frame[0] == 0x80 && r->len >= 36;
}

static bool is_probe_resp(const struct rx *r)
{
	return r->frame[0] == 0x50 && r->len >= 36;
}

/* Beacons and probe responses go to whoever scans, and to the interface of the BSS */
static void rx_bss_info(struct fw *fw, struct rx *r)
{
	struct fw_scan *s = &fw->scan;
	struct fw_vif *v;

	if (s->active && s->where == SCAN_AWAY && r->info->freq == s->freq)
		rx_indicate(fw, WSM_IF_GENERIC, r);
	for (int i = 0; i < FW_IFS; i++) {
		v = &fw->vif[i];
		if (v->state == VIF_IDLE || memcmp(r->frame + 16, v->bssid, 6) || r->info->freq != v->freq)
			continue;
		if (v->state == VIF_JOINING)
			fw_join_heard(fw, v);
		if (is_beacon(r))
			fw_beacon_heard(fw, v);
		if (!is_beacon(r) || beacon_wanted(v, r))
			rx_indicate(fw, v->id, r);
	}
}

static void rx_frame(struct fw *fw, struct rx *r)
{
	struct fw_vif *v;

	if (is_beacon(r) || is_probe_resp(r)) {
		r->flags |= is_beacon(r) ? WSM_RX_F_BEACON : 0;
		rx_bss_info(fw, r);
		return;
	}
	for (int i = 0; i < FW_IFS; i++) {
		v = &fw->vif[i];
		if (v->state != VIF_JOINED || r->info->freq != v->freq || memcmp(r->frame + 10, v->bssid, 6))
			continue;
		if ((r->frame[0] & 0x0c) == 0x00)
			rx_mgmt(fw, v, r);
		else if ((r->frame[0] & 0x0c) == 0x08)
			rx_data(fw, v, r);
		return;
	}
}

bool fw_air_rx(struct fw *fw, const uint8_t *frame, size_t len, const struct air_rx_info *info)
{
	struct rx r;

	if (!fw->running || info->freq != fw->freq || len < 10 || len > FW_FRAME)
		return false;
	r.to_us = !memcmp(frame + 4, fw->mac, 6);
	r.group = frame[4] & 1;
	if (len < 24)
		return r.to_us;
	memcpy(r.frame, frame, len);
	r.len = len;
	r.hdr = rx_hdr_len(frame);
	r.info = info;
	r.status = WSM_STATUS_OK;
	r.flags = 0;
	if (r.hdr <= len)
		rx_frame(fw, &r);
	return r.to_us;
}
