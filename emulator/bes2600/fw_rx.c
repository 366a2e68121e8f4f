// SPDX-License-Identifier: GPL-2.0-or-later
/* Frames from the air: who gets them, decrypted, and how they are described. */
#include <string.h>

#include "fw.h"

#define AMSDU_BIT	0x80

/* A frame on its way through the firmware */
struct rx {
	uint8_t buf[FW_FRAME];
	size_t len;
	const struct air_rx_info *info;
	uint32_t status, flags;
};

uint8_t fw_rcpi(int dbm)
{
	int rcpi = (dbm + 110) * 2;

	return rcpi < 1 ? 1 : rcpi > 255 ? 255 : rcpi;
}

/* 30 §5.2: what can be said of any frame */
static uint32_t common_flags(const struct fw *fw, const uint8_t *frame, const struct air_rx_info *info)
{
	uint16_t fc = fw_get16(frame);
	uint32_t flags = 0;

	if (info->ampdu)
		flags |= WSM_RX_F_AMPDU;
	if (info->ampdu_last)
		flags |= WSM_RX_F_AMPDU_LAST;
	if (info->rate.ht)
		flags |= WSM_RX_F_HT;
	if (fc & FC_MORE)
		flags |= 1 << 12;
	if (fw_is_group(frame + 4))
		flags |= WSM_RX_F_GROUP;
	else if (fw_if_of_mac(fw, frame + 4) >= 0)
		flags |= WSM_RX_F_TO_US;
	if (!memcmp(frame + 4, "\xff\xff\xff\xff\xff\xff", 6))
		flags |= WSM_RX_F_BROADCAST;
	if ((fc & (FC_TYPE | FC_SUBTYPE)) == FC_BEACON)
		flags |= WSM_RX_F_BEACON;
	return flags;
}

static size_t append_tsf(struct fw *fw, uint8_t *at, uint32_t *flags)
{
	if (knob_is(fw->chip->knobs, KNOB_rx_tsf, "none"))
		return 0;
	fw_put32(at, fw->chip->now / 1000);
	fw_put32(at + 4, fw->chip->now / 1000 >> 32);
	*flags |= WSM_RX_F_TSF;
	return 8;
}

/* The firmware has each frame in hand for a while, one after the other (rx.jitter) */
static uint64_t rx_delay(struct fw *fw)
{
	struct chip *chip = fw->chip;
	int jitter = knob_value(chip->knobs, KNOB_rx_jitter);

	if (!jitter)
		return 0;
	if (fw->rx_ready < chip->now)
		fw->rx_ready = chip->now;
	fw->rx_ready += chip_random(chip) % (jitter * 1000 + 1);
	return fw->rx_ready - chip->now;
}

void fw_rx_indicate(struct fw *fw, int if_id, const uint8_t *frame, size_t len,
		    const struct air_rx_info *info, uint32_t status, uint32_t flags)
{
	uint8_t msg[sizeof(struct wsm_rx_ind) + FW_FRAME + 8] = { 0 };
	struct wsm_rx_ind *ind = (void *)msg;
	size_t i;

	if (fw->silent || len > FW_FRAME)
		return;
	flags |= common_flags(fw, frame, info);
	fw_put32(&ind->status, status);
	fw_put16(&ind->channel, fw_channel_of(info->freq));
	ind->rate = fw_rate_id(&info->rate);
	ind->rcpi = fw_rcpi(info->signal);
	if (knob_is(fw->chip->knobs, KNOB_rx_reserved, "random"))
		for (i = 0; i < sizeof(ind->reserved); i++)
			ind->reserved[i] = chip_random(fw->chip);
	memcpy(ind->frame, frame, len);
	len += append_tsf(fw, ind->frame + len, &flags);
	fw_put32(&ind->flags, flags);
	fw_put16(&ind->hdr.len, sizeof(*ind) + len);
	fw_put16(&ind->hdr.id, WSM_IND_RX | if_id << WSM_ID_IF_SHIFT);
	fw->count.rx_frames++;
	front_send(fw->chip->front, msg, sizeof(*ind) + len, rx_delay(fw));
}

/* ---- filters ---- */

static const uint8_t *bssid_of(const uint8_t *frame)
{
	uint16_t fc = fw_get16(frame);

	if ((fc & FC_TYPE) == FC_DATA && fc & FC_FROMDS)
		return frame + 10;
	if ((fc & FC_TYPE) == FC_DATA && fc & FC_TODS)
		return frame + 4;
	return frame + 16;
}

/* 31 §5.5; broadcast is never filtered here */
static bool multicast_passes(const struct fw_if *ifc, const uint8_t *frame)
{
	const struct wsm_mib_multicast *m = &ifc->multicast;
	uint32_t enable = fw_get32(&m->enable), n = fw_get32(&m->count), i;
	bool listed = false;

	if (!enable || (fw_get16(frame) & FC_TYPE) != FC_DATA || !fw_is_group(frame + 4) ||
	    !memcmp(frame + 4, "\xff\xff\xff\xff\xff\xff", 6))
		return true;
	for (i = 0; i < n && !listed; i++)
		listed = !memcmp(m->addr[i], frame + 4, 6);
	return enable == 1 ? listed : n && !listed;
}

static bool is_duplicate(struct fw_if *ifc, const uint8_t *frame)
{
	uint16_t fc = fw_get16(frame), seq = fw_get16(frame + 22);
	int slot = 16;

	if (fw_is_group(frame + 4))
		return false;
	if ((fc & FC_TYPE) == FC_DATA && fc & FC_QOS)
		slot = frame[fw_hdr_len(fc & ~FC_ORDER) - 2] & 0xf;
	if (fc & FC_RETRY && ifc->last_seq[slot] == seq)
		return true;
	ifc->last_seq[slot] = seq;
	return false;
}

static bool passes(struct fw *fw, struct fw_if *ifc, const uint8_t *frame)
{
	if (ifc->role == FW_STA && !ifc->bssid_filter_off && memcmp(bssid_of(frame), ifc->bssid, 6))
		goto filtered;
	if (!multicast_passes(ifc, frame))
		goto filtered;
	if (ifc->role != FW_STA || !is_duplicate(ifc, frame))
		return true;
	fw->count.rx_duplicates++;
	fw->mib_counters.rx_duplicates++;
	return false;
filtered:
	fw->count.rx_filtered++;
	return false;
}

/* ---- A-MSDU ---- */

static bool is_amsdu(const uint8_t *frame, size_t len)
{
	uint16_t fc = fw_get16(frame);

	return (fc & FC_TYPE) == FC_DATA && fc & FC_QOS && !(fc & FC_NODATA) && len > 40 &&
	       frame[fw_hdr_len(fc & ~FC_ORDER) - 2] & AMSDU_BIT;
}

/* Each part becomes a frame of its own, without IV and MIC (rx.amsdu) */
static void split_amsdu(struct fw *fw, struct fw_if *ifc, struct rx *rx)
{
	size_t hdr = fw_hdr_len(fw_get16(rx->buf)), at = hdr, end = rx->len, n;
	bool enc = rx->flags & WSM_RX_F_ENC;
	uint8_t out[FW_FRAME];

	if (enc && (rx->flags & WSM_RX_F_ENC) != WSM_RX_ENC_STRIPPED) {
		at += 8;
		end -= 8;
		rx->flags |= WSM_RX_ENC_STRIPPED;
	}
	while (at + 14 <= end) {
		const uint8_t *sub = rx->buf + at;

		n = sub[12] << 8 | sub[13];
		if (at + 14 + n > end)
			return;
		memcpy(out, rx->buf, hdr);
		out[hdr - 2] &= ~AMSDU_BIT;
		memcpy(out + 16, sub + 6, 6);
		memcpy(out + hdr, sub + 14, n);
		fw_rx_indicate(fw, ifc->id, out, hdr + n, rx->info, rx->status, rx->flags);
		at += (14 + n + 3) & ~3u;
	}
}

/* ---- frames for an interface ---- */

static void deauth_effect(struct fw *fw, struct fw_if *ifc, uint16_t fc)
{
	uint16_t sub = fc & FC_SUBTYPE;

	if (ifc->role != FW_STA || (fc & FC_TYPE) != FC_MGMT || (sub != FC_DEAUTH && sub != FC_DISASSOC) ||
	    knob_is(fw->chip->knobs, KNOB_deauth_effect, "none"))
		return;
	fw_tx_abort(fw, ifc);
	fw_ba_reset(fw, ifc->id);
	fw_ps_stop(fw, ifc);
	ifc->role = FW_IDLE;
	ifc->ended = true;
	fw_set_timer(fw, FW_T_LOSS + ifc->id, FW_NEVER);
	fw_set_timer(fw, FW_T_ALIVE + ifc->id, FW_NEVER);
}

/* False if the firmware keeps the frame for itself */
static bool look_inside(struct fw *fw, struct fw_if *ifc, struct rx *rx)
{
	uint16_t fc = fw_get16(rx->buf);
	size_t at = fw_hdr_len(fc), end = rx->len;
	uint32_t enc = rx->flags & WSM_RX_F_ENC;

	if ((fc & (FC_TYPE | FC_SUBTYPE)) != FC_ACTION || fw_is_group(rx->buf + 4))
		return true;
	if (fc & FC_PROTECTED && enc == WSM_RX_ENC_NONE)
		return true;
	if (enc == WSM_RX_ENC_AES) {
		at += 8;
		end -= 8;
	}
	if (end < at + 2 || rx->buf[at] != 3)
		return true;
	return fw_ba_action(fw, ifc, rx->buf, rx->buf + at, end - at);
}

static bool decipher(struct fw *fw, struct fw_if *ifc, struct rx *rx)
{
	uint16_t fc = fw_get16(rx->buf);
	bool replay = false;

	if (fc & FC_PROTECTED && !((fc & (FC_TYPE | FC_SUBTYPE)) == FC_AUTH)) {
		rx->status = fw_decrypt(fw, ifc, rx->buf, &rx->len, &rx->flags, &replay);
		fw->count.rx_replays += replay;
		return !replay;
	}
	if (ifc->role == FW_STA && (fc & FC_TYPE) == FC_MGMT && fw_is_robust_group(rx->buf, rx->len))
		rx->status = fw_check_mmie(fw, ifc, rx->buf, rx->len);
	return true;
}

/* What is not protected cannot fail to be decrypted or verified. */
static void apply_fault(struct fw *fw, struct rx *rx, uint16_t fc)
{
	if (!fw->rx_status_n || fw->timer[FW_T_RX_STATUS] != FW_NEVER || !(fc & FC_PROTECTED))
		return;
	fw->rx_status_n--;
	chip_fault(fw->chip);
	rx->status = fw->rx_status;
}

static void rx_if(struct fw *fw, struct fw_if *ifc, struct rx *rx)
{
	uint16_t fc = fw_get16(rx->buf);
	bool mine = !fw_is_group(rx->buf + 4);

	if (ifc->role == FW_IDLE || ifc->role == FW_JOINING || rx->len < fw_hdr_len(fc) ||
	    !passes(fw, ifc, rx->buf))
		return;
	if (ifc->role == FW_AP)
		rx->flags |= (uint32_t)fw_link_of(ifc, rx->buf + 10) << WSM_RX_F_LINK_SHIFT;
	if (ifc->role == FW_STA && !memcmp(bssid_of(rx->buf), ifc->bssid, 6))
		rx->flags |= WSM_RX_F_BSSID;
	if (!decipher(fw, ifc, rx))
		return;
	apply_fault(fw, rx, fc);
	if (!rx->status && !look_inside(fw, ifc, rx))
		return;
	if (!rx->status && is_amsdu(rx->buf, rx->len) && !(fc & FC_PROTECTED && !(rx->flags & WSM_RX_F_ENC)) &&
	    knob_is(fw->chip->knobs, KNOB_rx_amsdu, "split"))
		split_amsdu(fw, ifc, rx);
	else
		fw_rx_indicate(fw, ifc->id, rx->buf, rx->len, rx->info, rx->status, rx->flags);
	if (ifc->role == FW_STA && mine) {
		if ((fc & FC_TYPE) == FC_DATA)
			fw_ps_data(fw, ifc, fc);
		if (!rx->status)
			deauth_effect(fw, ifc, fc);
	}
}

/* Group frames go to each interface that belongs to their BSS */
static void rx_group(struct fw *fw, const struct rx *rx)
{
	int i;

	for (i = 0; i < FW_IFS; i++) {
		struct fw_if *ifc = &fw->ifs[i];
		struct rx copy;

		if (ifc->role != FW_STA && ifc->role != FW_LISTEN)
			continue;
		memcpy(copy.buf, rx->buf, rx->len);
		copy.len = rx->len;
		copy.info = rx->info;
		copy.status = copy.flags = 0;
		rx_if(fw, ifc, &copy);
	}
}

/* ---- beacons and probes ---- */

static void rx_bss(struct fw *fw, const struct rx *rx)
{
	uint16_t sub = fw_get16(rx->buf) & FC_SUBTYPE;
	int i;

	if (rx->len < 36)
		return;
	if (fw_scan_listens(fw))
		fw_rx_indicate(fw, WSM_IF_GENERIC, rx->buf, rx->len, rx->info, 0, 0);
	for (i = 0; i < FW_IFS; i++) {
		struct fw_if *ifc = &fw->ifs[i];
		bool own = !memcmp(ifc->bssid, rx->buf + 16, 6);
		bool joined = ifc->role == FW_STA;
		uint32_t flags = own ? WSM_RX_F_BSSID : 0;

		if (ifc->role == FW_IDLE || ifc->freq != rx->info->freq)
			continue;
		if (own && (joined || ifc->role == FW_JOINING))
			fw_sta_bss_frame(fw, ifc, rx->buf, rx->len, rx->info);
		if (!joined && ifc->role != FW_LISTEN && !(ifc->role == FW_AP && ifc->rx_filter & 2))
			continue;
		if (joined && !own && !ifc->bssid_filter_off)
			continue;
		if (own && joined && sub == FC_BEACON &&
		    !fw_sta_beacon(fw, ifc, rx->buf, rx->len, &flags))
			continue;
		if (!fw_scan_listens(fw))
			fw_rx_indicate(fw, i, rx->buf, rx->len, rx->info, 0, flags);
	}
}

static void rx_probe_request(struct fw *fw, struct rx *rx)
{
	int i;

	for (i = 0; i < FW_IFS; i++) {
		struct fw_if *ifc = &fw->ifs[i];

		if (ifc->role != FW_AP && ifc->role != FW_LISTEN)
			continue;
		if (!fw_ap_probe(fw, ifc, rx->buf, rx->len))
			fw_rx_indicate(fw, i, rx->buf, rx->len, rx->info, 0,
				       (uint32_t)fw_link_of(ifc, rx->buf + 10) << WSM_RX_F_LINK_SHIFT);
	}
}

static void rx_control(struct fw *fw, int own, const struct rx *rx)
{
	uint16_t sub = fw_get16(rx->buf) & FC_SUBTYPE;
	struct fw_if *ifc;

	if (own < 0 || rx->len < 16)
		return;
	ifc = &fw->ifs[own];
	if (ifc->role == FW_IDLE || ifc->role == FW_JOINING)
		return;
	if ((sub == FC_BAR && knob_is(fw->chip->knobs, KNOB_rx_bar, "passed")) || (sub == FC_PS_POLL && ifc->role == FW_AP))
		fw_rx_indicate(fw, own, rx->buf, rx->len, rx->info, 0,
			       ifc->role == FW_AP ? (uint32_t)fw_link_of(ifc, rx->buf + 10)
			       << WSM_RX_F_LINK_SHIFT : 0);
}

/* Knob rx.buffer: what finds no room is not acknowledged. Beacons and control frames need none. */
static bool overflows(struct fw *fw, uint16_t fc)
{
	if ((fc & FC_TYPE) == FC_CTL || (fc & (FC_TYPE | FC_SUBTYPE)) == FC_BEACON ||
	    knob_allows(fw->chip->knobs, KNOB_rx_buffer, front_waiting(fw->chip->front) + 1))
		return false;
	fw->count.rx_overflows++;
	return true;
}

bool fw_air_rx(struct fw *fw, const uint8_t *frame, size_t len, const struct air_rx_info *info)
{
	struct rx rx;
	uint16_t fc;
	int own;

	if (!fw->active || fw->silent || !fw->freq || info->freq != fw->freq || len < 10 ||
	    len > FW_FRAME)
		return false;
	fc = fw_get16(frame);
	own = fw_if_of_mac(fw, frame + 4);
	if ((own >= 0 || fw_is_group(frame + 4)) && overflows(fw, fc))
		return false;
	memcpy(rx.buf, frame, len);
	rx.len = len;
	rx.info = info;
	rx.status = rx.flags = 0;
	fw->count.rx_heard++;
	fw->mib_counters.rx_packets++;
	fw->mib_counters.rx_success++;
	fw->mib_counters.rx_multicast += fw_is_group(frame + 4);
	if ((fc & FC_TYPE) == FC_CTL)
		rx_control(fw, own, &rx);
	else if (len < 24)
		return own >= 0;
	else if ((fc & (FC_TYPE | FC_SUBTYPE)) == FC_BEACON ||
		 (fc & (FC_TYPE | FC_SUBTYPE)) == FC_PROBE_RESP) {
		if (own >= 0 || fw_is_group(frame + 4))
			rx_bss(fw, &rx);
	} else if ((fc & (FC_TYPE | FC_SUBTYPE)) == FC_PROBE_REQ)
		rx_probe_request(fw, &rx);
	else if (fw_is_group(frame + 4))
		rx_group(fw, &rx);
	else if (own >= 0)
		rx_if(fw, &fw->ifs[own], &rx);
	return own >= 0;
}
