// SPDX-License-Identifier: GPL-2.0-or-later
/* Station: join, beacons of the BSS, power save, channel. */
#include <string.h>

#include "fw.h"

#define PM_LATE_NS	(5500 * MS)

/* ---- join ---- */

static const char *check_join(struct fw *fw, const struct wsm_join_req *req)
{
	uint32_t ssid_len = fw_get32(&req->ssid_len), i;

	if (req->mode > 1 || req->band > 1 || req->preamble > 2 || req->probe_for_join > 1)
		return "30 §4.7: join: mode 0..1, band 0..1, preamble 0..2, probe 0..1";
	if (!fw_freq_of(req->band, fw_get16(&req->channel)))
		return "30 §4.7: join: no such channel in this band";
	if (fw_is_group(req->bssid) || !memcmp(req->bssid, "\0\0\0\0\0", 6))
		return "30 §4.7: join: the BSSID is no unicast address";
	if (req->atim || !req->dtim || req->flags & 0xa0)
		return "30 §4.7: join: ATIM window 0, DTIM period from 1, flags 4:0 and 6";
	if (ssid_len > 32)
		return "30 §4.7: join: an SSID has at most 32 bytes";
	for (i = ssid_len; i < 32; i++)
		if (req->ssid[i])
			return "30 §4.7: join: bytes behind the SSID are not zero";
	if (!fw_get32(&req->beacon_interval) || fw_get32(&req->beacon_interval) > 0xffff)
		return "30 §4.7: join: the beacon interval";
	if (!fw_get32(&req->basic_rates))
		return "30 §4.7: join: no basic rates";
	if (!fw->configured[0] && !fw->configured[1])
		return "30 §8.1: join before the configuration";
	if (fw->ifs[0].template[WSM_TEMPLATE_PROBE_REQ].len < 24)
		return "50 §5.2: join before a probe request template was written";
	return NULL;
}

static void join_done(struct fw *fw, struct fw_if *ifc, bool found)
{
	struct wsm_join_cnf cnf = { 0 };

	fw_set_timer(fw, FW_T_JOIN, FW_NEVER);
	fw->join_if = -1;
	if (!found) {
		fw->count.join_failures++;
		ifc->role = FW_IDLE;
		ifc->join_failed = true;
		fw_retune(fw);
		fw_confirm_status(fw, fw->pending_join, WSM_STATUS_FAILURE);
		return;
	}
	fw->count.joins++;
	ifc->role = FW_STA;
	ifc->join_failed = false;
	ifc->last_beacon = fw->chip->now;
	fw_put32(&cnf.min_power, 80);
	fw_put32(&cnf.max_power, 200);
	fw_confirm(fw, fw->pending_join, &cnf, sizeof(cnf));
}

void fw_join_timeout(struct fw *fw)
{
	if (fw->join_if < 0 || fw->ifs[fw->join_if].role != FW_JOINING)
		return;
	knob_came(fw->chip->knobs, KNOB_join_fail_delay);
	join_done(fw, &fw->ifs[fw->join_if], false);
}

static void start_join(struct fw *fw, struct fw_if *ifc, const struct wsm_join_req *req)
{
	uint8_t frame[FW_FRAME];
	size_t len;

	ifc->role = FW_JOINING;
	ifc->ended = false;
	ifc->channel = fw_get16(&req->channel);
	ifc->freq = fw_freq_of(req->band, ifc->channel);
	memcpy(ifc->bssid, req->bssid, 6);
	ifc->ssid_len = fw_get32(&req->ssid_len);
	memcpy(ifc->ssid, req->ssid, 32);
	ifc->interval = fw_get32(&req->beacon_interval);
	ifc->aid = 0;
	memset(ifc->last_seq, 0xff, sizeof(ifc->last_seq));
	fw->join_if = ifc->id;
	fw_tune(fw, ifc->freq);
	fw_set_timer(fw, FW_T_JOIN, knob_due(fw->chip->knobs, KNOB_join_fail_delay, fw->chip->now, MS));
	if (req->flags & WSM_JOIN_F_FORCE) {
		join_done(fw, ifc, true);
		return;
	}
	if (!req->probe_for_join)
		return;
	len = fw_probe_request(fw, frame, 1600, ifc->ssid, ifc->ssid_len, ifc->channel);
	if (len && fw_tx_own(fw, ifc, FW_TX_OTHER, frame, len, ifc->freq, 0xff, false))
		fw->count.probes++;
}

void fw_join(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len)
{
	const struct wsm_join_req *req = (const void *)msg;
	const char *why = check_join(fw, req);
	uint16_t id = fw->pending;

	if (why) {
		fw_bad(fw, msg, len, "%s", why);
		fw_confirm_status(fw, id, WSM_STATUS_INVALID);
		return;
	}
	if (ifc->role != FW_IDLE || fw->join_if >= 0 || fw->scan.phase != FW_SCAN_IDLE) {
		fw_bad(fw, msg, len, "30 §9.2: join while the interface is busy, joining or scanning");
		fw_confirm_status(fw, id, WSM_STATUS_DENIED);
		return;
	}
	if (ifc->join_failed && knob_is(fw->chip->knobs, KNOB_join_again, "wedges")) {
		chip_log(fw->chip, "second join without a reset after a failed one: wedged");
		fw->silent = true;
		return;
	}
	why = req->probe_for_join ? fw_check_probes(fw, req->band, false) : NULL;
	if (why)
		fw_bad(fw, msg, len, "%s (join)", why);
	fw->pending_join = id;
	fw_told(fw, ifc, msg, len);
	start_join(fw, ifc, req);
}

/* ---- beacons ---- */

static uint64_t loss_ns(const struct fw_if *ifc)
{
	return ifc->beacon_lost * ifc->interval * TU;
}

static void watch_beacons(struct fw *fw, struct fw_if *ifc)
{
	fw_set_timer(fw, FW_T_LOSS + ifc->id, ifc->beacon_lost && ifc->role == FW_STA ?
		     ifc->last_beacon + loss_ns(ifc) : FW_NEVER);
}

void fw_sta_loss(struct fw *fw, struct fw_if *ifc)
{
	if (ifc->role != FW_STA || !ifc->beacon_lost)
		return;
	if (fw->chip->now < ifc->last_beacon + loss_ns(ifc) && !ifc->lost) {
		watch_beacons(fw, ifc);
		return;
	}
	ifc->lost = true;
	fw_event(fw, ifc->id, WSM_EVENT_BSS_LOST, 0);
	if (knob_is(fw->chip->knobs, KNOB_loss_repeat, "repeated"))
		fw_set_timer(fw, FW_T_LOSS + ifc->id, fw->chip->now + loss_ns(ifc));
}

static void rcpi_event(struct fw *fw, struct fw_if *ifc, int dbm)
{
	int n = ifc->rcpi.average ? ifc->rcpi.average : 1, now = fw_rcpi(dbm) * 16, side = 0;

	if (!(ifc->rcpi.mode & WSM_RCPI_ENABLE))
		return;
	if (ifc->rcpi_average)
		ifc->rcpi_average += (now - ifc->rcpi_average) / (n > 16 ? 16 : n);
	else
		ifc->rcpi_average = now;
	now = ifc->rcpi_average / 16;
	if (!(ifc->rcpi.mode & WSM_RCPI_NO_LOWER) && now < ifc->rcpi.lower)
		side = -1;
	else if (!(ifc->rcpi.mode & WSM_RCPI_NO_UPPER) && now > ifc->rcpi.upper)
		side = 1;
	if (side && side != ifc->rcpi_side)
		fw_event(fw, ifc->id, WSM_EVENT_RCPI, now);
	if (side)
		ifc->rcpi_side = side;
}

void fw_sta_bss_frame(struct fw *fw, struct fw_if *ifc, const uint8_t *frame, size_t len,
		      const struct air_rx_info *info)
{
	(void)len;
	if (ifc->role == FW_JOINING) {
		join_done(fw, ifc, true);
		return;
	}
	if ((fw_get16(frame) & FC_SUBTYPE) != FC_BEACON)
		return;
	fw->count.beacons++;
	ifc->last_beacon = fw->chip->now;
	rcpi_event(fw, ifc, info->signal);
	if (!ifc->lost)
		return;
	ifc->lost = false;
	fw_event(fw, ifc->id, WSM_EVENT_BSS_REGAINED, 0);
	watch_beacons(fw, ifc);
}

/* Is there traffic for us? */
static uint32_t read_tim(const struct fw_if *ifc, const uint8_t *tim)
{
	unsigned int first, octet = ifc->aid / 8;
	uint32_t flags = 0;

	if (!tim || tim[1] < 4)
		return 0;
	if (tim[4] & 1)
		flags |= 1 << 9;
	first = tim[4] & 0xfe;
	if (ifc->aid && octet >= first && octet - first < tim[1] - 3u &&
	    tim[5 + octet - first] >> (ifc->aid % 8) & 1)
		flags |= WSM_RX_F_TIM;
	return flags;
}

static bool ie_matches(const struct wsm_beacon_ie *want, const uint8_t *ie)
{
	if (ie[0] != want->id)
		return false;
	return want->id != 221 || (ie[1] >= 3 && !memcmp(ie + 2, want->oui, 3));
}

static uint32_t hash_ies(const struct wsm_beacon_ie *want, const uint8_t *p, size_t len)
{
	uint32_t h = 0;
	size_t i;

	while (len >= 2 && len >= 2u + p[1]) {
		if (ie_matches(want, p))
			for (h += 2166136261u, i = 0; i < 2u + p[1]; i++)
				h = (h ^ p[i]) * 16777619u;
		len -= 2 + p[1];
		p += 2 + p[1];
	}
	return h;
}

/* 31 §5.3: bit 0 changed, 1 gone, 2 appeared */
static bool ies_changed(struct fw_if *ifc, const uint8_t *ies, size_t len)
{
	bool changed = false;
	uint32_t i, h, old;

	for (i = 0; i < ifc->n_ies; i++) {
		h = hash_ies(&ifc->ies[i], ies, len);
		old = ifc->ie_hash[i];
		if (h != old)
			changed |= ifc->ies[i].actions >> (!h ? 1 : !old ? 2 : 0) & 1;
		ifc->ie_hash[i] = h;
	}
	return changed;
}

bool fw_sta_beacon(struct fw *fw, struct fw_if *ifc, const uint8_t *frame, size_t len,
		   uint32_t *flags)
{
	const uint8_t *ies = frame + 36;
	bool changed = ies_changed(ifc, ies, len - 36);

	*flags |= read_tim(ifc, fw_find_ie(ies, len - 36, 5));
	if (*flags & WSM_RX_F_TIM)
		fw_ps_tim(fw, ifc);
	ifc->beacons_seen++;
	if (!(ifc->beacon_flags & 1) || changed)
		return true;
	if (!ifc->beacon_count || ifc->beacons_seen < ifc->beacon_count)
		return false;
	ifc->beacons_seen = 0;
	return true;
}

void fw_sta_keep_alive(struct fw *fw, struct fw_if *ifc)
{
	uint64_t period = ifc->keep_alive * 1000 * MS, due = ifc->last_tx + period;

	if (!period)
		return;
	if (ifc->role == FW_STA && ifc->aid && fw->chip->now >= due && fw->freq == ifc->freq) {
		fw->count.keep_alives++;
		fw_tx_null(fw, ifc, FW_TX_OTHER, !fw_ps_awake(ifc));
		due = fw->chip->now + period;
	}
	fw_set_timer(fw, FW_T_ALIVE + ifc->id, due > fw->chip->now ? due : fw->chip->now + period);
}

uint32_t fw_bss_params(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len)
{
	const struct wsm_bss_params_req *req = (const void *)msg;
	uint16_t aid = fw_get16(&req->aid);

	if (req->reserved || aid > 2007 || fw_get32(&req->ht_rates) & ~(0xffu << WSM_RATE_HT_0)) {
		fw_bad(fw, msg, len, "30 §4.11: BSS parameters: byte 4 zero, AID up to 2007, MCS mask in "
		       "bits 21:14");
		return WSM_STATUS_INVALID;
	}
	if (ifc->role != FW_STA) {
		fw_bad(fw, msg, len, "30 §4.11: BSS parameters for an interface that has not joined");
		return WSM_STATUS_DENIED;
	}
	ifc->aid = aid;
	ifc->beacon_lost = req->beacon_lost;
	ifc->ht_rates = fw_get32(&req->ht_rates);
	if ((!ifc->lost && fw->timer[FW_T_LOSS + ifc->id] == FW_NEVER) ||
	    knob_is(fw->chip->knobs, KNOB_loss_rearm, "restarts")) {
		ifc->lost = false;
		ifc->last_beacon = fw->chip->now;
		watch_beacons(fw, ifc);
	}
	return WSM_STATUS_OK;
}

/* ---- power save ---- */

static bool pm_is(struct fw *fw, const char *form)
{
	return knob_is(fw->chip->knobs, KNOB_pm_indication, form);
}

static void pm_indicate(struct fw *fw, struct fw_if *ifc, uint32_t status)
{
	struct wsm_set_pm_ind ind = { 0 };
	uint64_t delay = pm_is(fw, "late") ? PM_LATE_NS : pm_is(fw, "before") ? 0 : MS;

	if (pm_is(fw, "never") || (ifc->pm_wanted != WSM_PM_FAST_PS && pm_is(fw, "fast-only")) ||
	    (!ifc->pm_wanted && pm_is(fw, "not-active")))
		return;
	fw_put32(&ind.status, pm_is(fw, "status") ? WSM_STATUS_FAILURE : status);
	ind.psm = pm_is(fw, "wrong") ? ifc->pm ^ 1 : ifc->pm;
	fw_indicate(fw, WSM_IND_SET_PM, ifc->id, &ind, sizeof(ind), delay);
	if (pm_is(fw, "twice"))
		fw_indicate(fw, WSM_IND_SET_PM, ifc->id, &ind, sizeof(ind), delay);
}

void fw_sta_pm_done(struct fw *fw, struct fw_if *ifc, bool acked)
{
	if (acked)
		fw_ps_mode(fw, ifc, ifc->pm_wanted);
	if (!pm_is(fw, "before"))
		pm_indicate(fw, ifc, acked ? WSM_STATUS_OK : WSM_STATUS_FAILURE);
}

uint32_t fw_set_pm(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len)
{
	const struct wsm_set_pm_req *req = (const void *)msg;

	if (req->mode != WSM_PM_ACTIVE && req->mode != WSM_PM_PS && req->mode != WSM_PM_FAST_PS) {
		fw_bad(fw, msg, len, "30 §4.10: power mode %02x (00, 01, 81)", req->mode);
		return WSM_STATUS_INVALID;
	}
	ifc->pm_wanted = req->mode;
	ifc->fast_idle = req->fast_idle;
	if (pm_is(fw, "before")) {
		fw_ps_mode(fw, ifc, req->mode);
		pm_indicate(fw, ifc, WSM_STATUS_OK);
	}
	/* the answer first: the indication must not overtake it */
	fw_confirm_status(fw, fw->pending, WSM_STATUS_OK);
	if (ifc->role == FW_STA)
		fw_tx_null(fw, ifc, FW_TX_PM, req->mode & 1);
	else
		fw_sta_pm_done(fw, ifc, true);
	return FW_ANSWERED;
}

/* ---- channel ---- */

uint32_t fw_switch_channel(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len)
{
	const struct wsm_switch_channel_req *req = (const void *)msg;
	int channel = fw_get16(&req->channel), type = req->mode >> WSM_CHAN_TYPE_SHIFT & 7;
	struct wsm_status_ind ind = { 0 };
	int freq = fw_freq_of(channel > 14, channel);
	uint64_t late;

	if (!(req->mode & WSM_CHAN_MODE) || type > 3 || req->mode & 0x0e) {
		fw_bad(fw, msg, len, "30 §4.14: switch channel: mode %02x (80, type 0..3 in bits 6:4, "
		       "bit 0)", req->mode);
		return WSM_STATUS_INVALID;
	}
	if (!freq) {
		fw_bad(fw, msg, len, "30 §4.14: switch channel: no channel %d", channel);
		return WSM_STATUS_INVALID;
	}
	if (ifc->role != FW_STA || freq == ifc->freq || knob_is(fw->chip->knobs, KNOB_channel_joined, "moves")) {
		ifc->channel = channel;
		ifc->freq = freq;
	}
	ifc->chan_type = type;
	fw_retune(fw);
	fw_confirm_status(fw, fw->pending, WSM_STATUS_OK);
	if (fw->lose_switch) {
		fw->switch_owed = fw->lose_switch = false;
		return FW_ANSWERED;
	}
	late = fw_delay(fw) + knob_value(fw->chip->knobs, KNOB_channel_indication) * MS;
	fw_indicate(fw, WSM_IND_SWITCH_CHANNEL, ifc->id, &ind, sizeof(ind), late);
	if (fw->dup_switch)
		fw_indicate(fw, WSM_IND_SWITCH_CHANNEL, ifc->id, &ind, sizeof(ind), late);
	fw->dup_switch = false;
	return FW_ANSWERED;
}
