// SPDX-License-Identifier: GPL-2.0-or-later
/* Access point and listen mode: beacons and probe responses from templates, links. */
#include <string.h>

#include "fw.h"

#define UNMAPPED	WSM_RX_LINK_UNMAPPED

int fw_link_of(const struct fw_if *ifc, const uint8_t *mac)
{
	int i;

	if (ifc->role != FW_AP)
		return 0;
	for (i = 1; i < FW_LINKS; i++)
		if (ifc->link[i].used && !memcmp(ifc->link[i].mac, mac, 6))
			return i;
	return UNMAPPED;
}

uint32_t fw_map_link(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len)
{
	const struct wsm_map_link_req *req = (const void *)msg;

	if (req->unmap > 1 || !req->link || req->link >= FW_LINKS || fw_is_group(req->mac)) {
		fw_bad(fw, msg, len, "30 §4.17: map link: unmap 0..1, link 1..14, a unicast address");
		return WSM_STATUS_INVALID;
	}
	if (ifc->role != FW_AP) {
		fw_bad(fw, msg, len, "30 §4.17: map link on an interface that is no access point");
		return WSM_STATUS_DENIED;
	}
	if (!req->unmap && !knob_allows(fw->chip->knobs, KNOB_ap_links, req->link))
		return WSM_STATUS_FAILURE;
	if (!req->unmap && ifc->link[req->link].used)
		fw_bad(fw, msg, len, "50 §8.3: link %u is mapped already: unmap first", req->link);
	else if (!req->unmap && fw_link_of(ifc, req->mac) != UNMAPPED)
		fw_bad(fw, msg, len, "50 §8.3: this station has link %d already", fw_link_of(ifc, req->mac));
	ifc->link[req->link].used = !req->unmap;
	memcpy(ifc->link[req->link].mac, req->mac, 6);
	if (req->unmap)
		memset(ifc->link[req->link].mac, 0, 6);
	return WSM_STATUS_OK;
}

static const char *check_start(const struct fw *fw, const struct fw_if *ifc,
			       const struct wsm_start_req *req)
{
	int mode = req->mode & 0x0f;

	if (mode > 2 || req->mode & 0xa0 || req->band > 1)
		return "30 §4.15: start: mode 0..2 with bit 4 or 52, band 0..1";
	if (!fw_freq_of(req->band, fw_get16(&req->channel)))
		return "30 §4.15: start: no such channel in this band";
	if (req->ssid_len > 32 || !req->dtim)
		return "30 §4.15: start: SSID up to 32 bytes, DTIM period from 1";
	if (!fw_get32(&req->beacon_interval) || fw_get32(&req->beacon_interval) > 0xffff)
		return "30 §4.15: start: the beacon interval";
	if (!fw->configured[0] && !fw->configured[1])
		return "30 §8.1: start before the configuration";
	if (mode < 2 && ifc->template[WSM_TEMPLATE_BEACON].len < 36)
		return "30 §4.15: start before a beacon template was written";
	return NULL;
}

uint32_t fw_start_bss(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len)
{
	const struct wsm_start_req *req = (const void *)msg;
	const char *why = check_start(fw, ifc, req);

	if (why) {
		fw_bad(fw, msg, len, "%s", why);
		return WSM_STATUS_INVALID;
	}
	if (ifc->role != FW_IDLE) {
		fw_bad(fw, msg, len, "30 §9.2: start on an interface that is busy");
		return WSM_STATUS_INVALID;
	}
	ifc->role = (req->mode & 0x0f) == 2 ? FW_LISTEN : FW_AP;
	ifc->channel = fw_get16(&req->channel);
	ifc->freq = fw_freq_of(req->band, ifc->channel);
	ifc->interval = fw_get32(&req->beacon_interval);
	ifc->dtim = req->dtim;
	ifc->dtim_count = 0;
	ifc->ssid_len = req->ssid_len;
	memcpy(ifc->ssid, req->ssid, 32);
	ifc->basic_rates = fw_get32(&req->basic_rates);
	memcpy(ifc->bssid, fw->mac[ifc->id], 6);
	fw_retune(fw);
	if (ifc->role == FW_AP)
		fw_set_timer(fw, FW_T_BEACON + ifc->id, fw->chip->now + ifc->interval * TU);
	return WSM_STATUS_OK;
}

/* ---- beacons ---- */

static void put_timestamp(struct fw *fw, uint8_t *frame)
{
	uint64_t us = fw->chip->now / 1000;

	fw_put32(frame + 24, us);
	fw_put32(frame + 28, us >> 32);
}

/* Elements are sorted by id up to here: the TIM goes before the first above 5 */
static size_t insert_tim(uint8_t *frame, size_t len, uint8_t count, uint8_t period)
{
	const uint8_t tim[6] = { 5, 4, count, period, 0, 0 };
	size_t at = 36;

	while (at + 2 <= len && frame[at] < 5 && at + 2 + frame[at + 1] <= len)
		at += 2 + frame[at + 1];
	memmove(frame + at + 6, frame + at, len - at);
	memcpy(frame + at, tim, 6);
	return len + 6;
}

/* Returns whether group frames are announced */
static bool patch_tim(struct fw_if *ifc, uint8_t *frame, size_t *len)
{
	uint8_t *tim = (uint8_t *)fw_find_ie(frame + 36, *len - 36, 5);

	if (!tim || tim[1] < 4) {
		*len = insert_tim(frame, *len, ifc->dtim_count, ifc->dtim);
		return false;
	}
	tim[2] = ifc->dtim_count;
	tim[3] = ifc->dtim;
	return tim[4] & 1;
}

void fw_ap_beacon(struct fw *fw, struct fw_if *ifc)
{
	const struct fw_template *t = &ifc->template[WSM_TEMPLATE_BEACON];
	struct wsm_suspend_resume_ind ind = { 0 };
	uint8_t frame[FW_FRAME];
	size_t len = t->len;
	bool group;

	if (ifc->role != FW_AP)
		return;
	fw_set_timer(fw, FW_T_BEACON + ifc->id, fw->chip->now + ifc->interval * TU);
	if (len < 36 || fw->freq != ifc->freq)
		return;
	memcpy(frame, t->frame, len);
	put_timestamp(fw, frame);
	group = patch_tim(ifc, frame, &len);
	fw_tx_own(fw, ifc, FW_TX_OTHER, frame, len, ifc->freq, t->rate, false);
	if (!ifc->dtim_count && group) {
		fw_put32(&ind.flags, 1 << 3 | 1);
		fw_indicate(fw, WSM_IND_SUSPEND_RESUME, ifc->id, &ind, sizeof(ind), 0);
	}
	ifc->dtim_count = ifc->dtim_count ? ifc->dtim_count - 1 : ifc->dtim - 1;
}

bool fw_ap_probe(struct fw *fw, struct fw_if *ifc, const uint8_t *frame, size_t len)
{
	const struct fw_template *t = &ifc->template[WSM_TEMPLATE_PROBE_RESP];
	const uint8_t *ssid = fw_find_ie(frame + 24, len - 24, 0);
	uint8_t out[FW_FRAME];

	/* 31 §5.1: with bit 3 the host answers */
	if (ifc->role != FW_AP || ifc->rx_filter & WSM_RX_FILTER_PROBE)
		return false;
	if (ssid && ssid[1] && (ssid[1] != ifc->ssid_len || memcmp(ssid + 2, ifc->ssid, ssid[1])))
		return true;
	if (!fw_is_group(frame + 4) && memcmp(frame + 4, fw->mac[ifc->id], 6))
		return true;
	if (t->len < 36)
		return true;
	memcpy(out, t->frame, t->len);
	memcpy(out + 4, frame + 10, 6);
	put_timestamp(fw, out);
	fw_tx_own(fw, ifc, FW_TX_OTHER, out, t->len, ifc->freq, t->rate, false);
	return true;
}
