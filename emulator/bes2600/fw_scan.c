// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Scan: sheet 30 section 4.3, sheet 50 section 10.4.
 */
#include <string.h>

#include "fw.h"

#define HOME_NS		(30 * MS)	/* between two channels of a background scan */
#define LEAVE_NS	(4 * MS)	/* for the null frame that announces our absence */

/* Probe request from the template: SSID inserted, DS parameter on 2.4 GHz */
void fw_probe(struct fw *fw, const uint8_t *ssid, size_t ssid_len, uint8_t rate, int freq)
{
	uint8_t frame[1700];
	size_t at = 24, len = fw->probe_req_len;

	if (len < 26)
		return;
	memcpy(frame, fw->probe_req, 24);
	frame[at] = 0;
	frame[at + 1] = ssid_len;
	memcpy(frame + at + 2, ssid, ssid_len);
	at += 2 + ssid_len;
	/* the template holds an empty SSID element */
	memcpy(frame + at, fw->probe_req + 26, len - 26);
	at += len - 26;
	if (freq < 5000) {
		frame[at++] = 3;
		frame[at++] = 1;
		frame[at++] = (freq - 2407) / 5;
	}
	memcpy(frame + 10, fw->mac, 6);
	fw_tx_own(fw, NULL, frame, at, rate);
}

static uint32_t scan_check_5ghz(struct fw *fw, const struct wsm_scan_req *req)
{
	if (req->band != WSM_BAND_5G || req->n_channels < 2)
		return WSM_STATUS_OK;
	return fw->chip->knobs.scan_5ghz ? WSM_STATUS_OK : WSM_STATUS_INVALID;
}

static uint32_t scan_check(struct fw *fw, const uint8_t *msg, size_t len)
{
	const struct wsm_scan_req *req = (const void *)msg;
	const struct wsm_scan_channel *ch = (const void *)req->data;
	size_t want = sizeof(*req) + req->n_channels * 16u + req->n_ssids * 36u;

	if (len != want || req->band > 1 || req->type > 2 || !req->n_channels ||
	    req->n_channels > WSM_SCAN_MAX_CHANNELS || req->n_ssids > WSM_SCAN_MAX_SSIDS) {
		chip_violation(fw->chip, msg, 16, "scan of %zu bytes, %zu expected (30 section 4.3)", len, want);
		return WSM_STATUS_INVALID;
	}
	for (int i = 0; i < req->n_channels; i++) {
		int freq = fw_channel_freq(le16(&ch[i].number));

		if (!freq || (freq > 5000) != req->band) {
			chip_violation(fw->chip, &ch[i], 16, "scan of channel %u, band %u (50 section 1.2)",
				       le16(&ch[i].number), req->band);
			return WSM_STATUS_INVALID;
		}
	}
	if (req->band && req->probes && req->max_rate < WSM_RATE_OFDM_6) {
		chip_violation(fw->chip, msg, 16, "probes at a CCK rate on 5 GHz (50 section 1.2)");
		return WSM_STATUS_INVALID;
	}
	return scan_check_5ghz(fw, req);
}

static bool scan_too_soon(const struct fw *fw)
{
	return fw->scan_end && fw->chip->now < fw->scan_end + fw->chip->knobs.scan_gap * 1000ULL;
}

static void scan_copy(struct fw_scan *s, const uint8_t *msg)
{
	memset(s, 0, sizeof(*s));
	memcpy(&s->req, msg, sizeof(s->req));
	memcpy(s->channels, msg + sizeof(s->req), s->req.n_channels * sizeof(s->channels[0]));
	memcpy(s->ssids, msg + sizeof(s->req) + s->req.n_channels * sizeof(s->channels[0]),
	       s->req.n_ssids * sizeof(s->ssids[0]));
}

void fw_scan_start(struct fw *fw, const uint8_t *msg, size_t len)
{
	struct fw_vif *v = fw_joined(fw);
	uint32_t status;

	if (fw->scan.active || (v && !v->watched)) {
		chip_violation(fw->chip, msg, 16, "scan while a scan runs or between join and association (50 section 10.4)");
		status = WSM_STATUS_DENIED;
	} else {
		status = scan_check(fw, msg, len);
	}
	if (!status && scan_too_soon(fw))
		status = WSM_STATUS_INVALID;
	fw_confirm(fw, msg, status, 0);
	if (status) {
		fw->c.scan_refused++;
		return;
	}
	fw->c.scans++;
	scan_copy(&fw->scan, msg);
	fw->scan.active = true;
	fw->scan.until = fw->chip->now + (fw->chip->knobs.confirm_delay + 1) * MS;
	if (v) {
		fw_null(fw, v, true);
		fw->scan.until += LEAVE_NS;
	}
}

static void scan_probe(struct fw *fw, int freq)
{
	struct fw_scan *s = &fw->scan;
	int n = s->req.n_ssids ? s->req.n_ssids : 1;

	for (int p = 0; p < s->req.probes; p++)
		for (int i = 0; i < n; i++) {
			uint32_t len = s->req.n_ssids ? le32(&s->ssids[i].len) : 0;

			fw_probe(fw, s->ssids[i].ssid, len > 32 ? 32 : len, s->req.max_rate, freq);
		}
}

static uint64_t scan_dwell(const struct fw *fw, const struct wsm_scan_channel *ch)
{
	uint64_t max = le32(&ch->max_time), min = le32(&ch->min_time);

	switch (fw->chip->knobs.scan_dwell) {
	case 1:
		return (min ? min : max) * TU;
	case 2:
		return max * MS;
	default:
		return max * TU;
	}
}

static void scan_finish(struct fw *fw)
{
	struct fw_scan *s = &fw->scan;
	struct fw_vif *v;
	uint8_t ind[12] = { 0 };

	s->active = false;
	fw->scan_end = fw->chip->now;
	fw_tune_home(fw);
	v = fw_joined(fw);
	if (v && v->state == VIF_JOINED) {
		fw_null(fw, v, false);
		v->last_beacon = fw->chip->now;
	}
	ind[9] = s->next;
	if (fw->faults.lose_scan_complete) {
		fw->faults.lose_scan_complete = false;
		return;
	}
	fw_indicate(fw, fw->chip->knobs.scan_complete_if ? 2 : 0, WSM_IND_SCAN_COMPLETE, ind, sizeof(ind), 0);
}

/* Called when s->until has come */
void fw_scan_run(struct fw *fw)
{
	struct fw_scan *s = &fw->scan;
	struct fw_vif *v = fw_joined(fw);

	if (s->stop || (s->where == SCAN_AWAY && s->next == s->req.n_channels)) {
		scan_finish(fw);
		return;
	}
	if (s->where == SCAN_AWAY && v && s->req.type == WSM_SCAN_BACKGROUND) {
		s->where = SCAN_HOME;
		fw_tune_home(fw);
		fw_null(fw, v, false);
		v->last_beacon = fw->chip->now;
		s->until = fw->chip->now + HOME_NS;
		fw_null(fw, v, true);
		return;
	}
	s->where = SCAN_AWAY;
	s->freq = fw_channel_freq(le16(&s->channels[s->next].number));
	fw_tune(fw, s->freq);
	scan_probe(fw, s->freq);
	s->until = fw->chip->now + scan_dwell(fw, &s->channels[s->next]);
	s->next++;
}

void fw_scan_stop(struct fw *fw, const uint8_t *msg)
{
	fw_confirm(fw, msg, WSM_STATUS_OK, 0);
	if (!fw->scan.active)
		return;
	fw->scan.stop = true;
	fw->scan.until = fw->chip->now + (fw->chip->knobs.confirm_delay + 1) * MS;
}
