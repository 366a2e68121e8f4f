// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Scans. While an interface is joined its AP is told before the channel is
 * left, and the home channel gets its share between two others.
 */
#include <string.h>

#include "fw.h"

#define LEAVE_NS	(20 * MS)
#define HOME_NS		(50 * MS)
#define STATUS_REFUSED	WSM_STATUS_DENIED

bool fw_scan_listens(const struct fw *fw)
{
	return fw->scan.phase == FW_SCAN_DWELL && fw->freq == fw->scan.ch[fw->scan.at].freq;
}

/* ---- probe requests ---- */

static size_t put_ies(uint8_t *out, const struct fw_template *t, const uint8_t *ssid,
		      size_t ssid_len, int channel)
{
	const uint8_t *p = t->frame + 24;
	size_t left = t->len - 24, n = 0;

	while (left >= 2 && left >= 2u + p[1]) {
		if (p[0] == 0) {
			out[n++] = 0;
			out[n++] = ssid_len;
			memcpy(out + n, ssid, ssid_len);
			n += ssid_len;
		} else {
			memcpy(out + n, p, 2 + p[1]);
			if (p[0] == 3 && p[1] == 1 && channel)
				out[n + 2] = channel;
			n += 2 + p[1];
		}
		left -= 2 + p[1];
		p += 2 + p[1];
	}
	return n;
}

size_t fw_probe_request(struct fw *fw, uint8_t *out, size_t room, const uint8_t *ssid,
			size_t ssid_len, int channel)
{
	const struct fw_template *t = &fw->ifs[0].template[WSM_TEMPLATE_PROBE_REQ];
	size_t n = 24;

	if (t->len < 24 || t->len + ssid_len + 8 > room)
		return 0;
	memcpy(out, t->frame, 24);
	n += put_ies(out + n, t, ssid, ssid_len, channel <= 14 ? channel : 0);
	if (channel <= 14 && !fw_find_ie(t->frame + 24, t->len - 24, 3)) {
		out[n++] = 3;
		out[n++] = 1;
		out[n++] = channel;
	}
	return n;
}

static void send_probes(struct fw *fw)
{
	struct fw_scan *s = &fw->scan;
	const struct fw_scan_channel *ch = &s->ch[s->at];
	int i, j, n = s->n_ssids ? s->n_ssids : 1;
	uint8_t frame[FW_FRAME];
	size_t len;

	for (i = 0; i < s->probes; i++) {
		for (j = 0; j < n; j++) {
			const uint8_t *ssid = s->n_ssids ? s->ssid[j].ssid : (const uint8_t *)"";
			size_t ssid_len = s->n_ssids ? fw_get32(&s->ssid[j].len) : 0;

			len = fw_probe_request(fw, frame, 1600, ssid, ssid_len, ch->number);
			if (len && fw_tx_own(fw, &fw->ifs[s->if_id], FW_TX_OTHER, frame, len,
					     ch->freq, s->max_rate, false))
				fw->count.probes++;
		}
	}
}

/* ---- the walk ---- */

static void tell_aps(struct fw *fw, bool sleep)
{
	struct fw_scan *s = &fw->scan;
	int i;

	for (i = 0; i < FW_IFS; i++) {
		struct fw_if *ifc = &fw->ifs[i];

		if (sleep && ifc->role == FW_STA && ifc->aid && fw_ps_awake(ifc)) {
			s->leaving++;
			s->left |= 1 << i;
			fw_tx_null(fw, ifc, FW_TX_LEAVE, true);
			fw_ps_left(fw, ifc);
		} else if (!sleep && s->left & 1 << i) {
			s->left &= ~(1 << i);
			if (ifc->role == FW_STA && !(ifc->pm & 1))
				fw_tx_null(fw, ifc, FW_TX_OTHER, false);
		}
	}
}

static bool anybody_home(const struct fw *fw)
{
	int i;

	for (i = 0; i < FW_IFS; i++)
		if (fw->ifs[i].role == FW_STA || fw->ifs[i].role == FW_AP)
			return true;
	return false;
}

static uint64_t dwell_ns(const struct fw *fw, const struct fw_scan_channel *ch)
{
	struct knobs *k = fw->chip->knobs;
	uint64_t t = ch->min != ch->max && knob_is(k, KNOB_scan_dwell, "min") ? ch->min : ch->max;

	/* nothing at all would never let the probes out */
	return (t ? t : 1) * (knob_is(k, KNOB_scan_dwell, "ms") ? MS : TU);
}

static void go_home(struct fw *fw)
{
	fw->scan.phase = FW_SCAN_HOME;
	fw_retune(fw);
	tell_aps(fw, false);
}

void fw_scan_complete(struct fw *fw, uint32_t status, uint64_t delay)
{
	struct fw_scan *s = &fw->scan;
	struct wsm_scan_complete_ind ind = { 0 };

	fw_put32(&ind.status, status);
	ind.psm = fw->ifs[s->if_id].pm;
	ind.n_channels = s->done;
	fw_indicate(fw, WSM_IND_SCAN_COMPLETE, knob_is(fw->chip->knobs, KNOB_scan_complete_if, "2") ? WSM_IF_GENERIC : 0,
		    &ind, sizeof(ind), delay);
}

static void finish(struct fw *fw, uint32_t status)
{
	uint64_t delay = fw->scan_delay * MS;
	struct fw_scan *s = &fw->scan;

	go_home(fw);
	s->phase = FW_SCAN_IDLE;
	s->ended = fw->chip->now;
	fw_set_timer(fw, FW_T_SCAN, FW_NEVER);
	if (fw->scan_status)
		status = fw->scan_status;
	fw->scan_status = fw->scan_delay = 0;
	if (fw->lose_scan) {
		/* the chip believes that it told the host */
		fw->scan_owed = fw->lose_scan = false;
		return;
	}
	fw_scan_complete(fw, status, delay);
	if (fw->dup_scan)
		fw_scan_complete(fw, status, delay);
	fw->dup_scan = false;
}

static void dwell(struct fw *fw)
{
	struct fw_scan *s = &fw->scan;

	s->phase = FW_SCAN_DWELL;
	fw_tune(fw, s->ch[s->at].freq);
	fw_set_timer(fw, FW_T_SCAN, fw->chip->now + dwell_ns(fw, &s->ch[s->at]));
	send_probes(fw);
}

static void leave(struct fw *fw)
{
	struct fw_scan *s = &fw->scan;

	s->phase = FW_SCAN_LEAVE;
	s->leaving = 0;
	fw_set_timer(fw, FW_T_SCAN, fw->chip->now + LEAVE_NS);
	tell_aps(fw, true);
	if (!s->leaving && s->phase == FW_SCAN_LEAVE)
		dwell(fw);
}

void fw_scan_left(struct fw *fw)
{
	/* not from inside the air: the next run goes on */
	if (fw->scan.phase == FW_SCAN_LEAVE && --fw->scan.leaving <= 0)
		fw_set_timer(fw, FW_T_SCAN, fw->chip->now);
}

void fw_scan_step(struct fw *fw)
{
	struct fw_scan *s = &fw->scan;

	if (s->phase == FW_SCAN_IDLE)
		return;
	if (s->phase == FW_SCAN_DWELL) {
		s->done++;
		s->at++;
	}
	if (s->stop || s->at >= s->n) {
		if (s->stop && s->phase == FW_SCAN_DWELL)
			s->done--;
		finish(fw, WSM_STATUS_OK);
		return;
	}
	switch (s->phase) {
	case FW_SCAN_DWELL:
		if (!anybody_home(fw)) {
			dwell(fw);
			break;
		}
		go_home(fw);
		fw_set_timer(fw, FW_T_SCAN, fw->chip->now + HOME_NS);
		break;
	case FW_SCAN_LEAVE:
		dwell(fw);
		break;
	default:
		leave(fw);
	}
}

/* ---- requests ---- */

static const char *check_channels(const struct wsm_scan_req *req)
{
	const struct wsm_scan_channel *ch = (const void *)req->data;
	int i;

	for (i = 0; i < req->n_channels; i++) {
		if (ch[i].reserved)
			return "30 §4.3: two zero bytes follow the channel number";
		if (fw_get32(&ch[i].min_time) > fw_get32(&ch[i].max_time))
			return "30 §4.3: minimum time above maximum time";
		if (!fw_freq_of(req->band, fw_get16(&ch[i].number)))
			return "30 §4.3: no such channel in this band";
	}
	return NULL;
}

static const char *check_scan(const struct wsm_scan_req *req, size_t len)
{
	const struct wsm_ssid *ssid;
	int i;

	if (req->band > 1 || req->type > 2 || req->flags & 0xe0)
		return "30 §4.3: band 0..1, type 0..2, flags 4:0";
	if (!req->n_channels || req->n_channels > WSM_SCAN_MAX_CHANNELS ||
	    req->n_ssids > WSM_SCAN_MAX_SSIDS)
		return "30 §4.3: 1..48 channels, 0..2 SSIDs";
	if (len != sizeof(*req) + req->n_channels * sizeof(struct wsm_scan_channel) +
	    req->n_ssids * sizeof(*ssid))
		return "30 §4.3: channels and SSIDs do not fill the message";
	if (req->max_rate > WSM_RATE_MAX || WSM_RATE_HOLE(req->max_rate) ||
	    (req->band && req->max_rate && req->max_rate < WSM_RATE_OFDM_6))
		return "30 §4.3: the rate does not exist in this band";
	ssid = (const void *)(req->data + req->n_channels * sizeof(struct wsm_scan_channel));
	for (i = 0; i < req->n_ssids; i++)
		if (fw_get32(&ssid[i].len) > 32)
			return "30 §4.3: an SSID has at most 32 bytes";
	return check_channels(req);
}

static bool busy(struct fw *fw, const uint8_t *msg, size_t len)
{
	int i;

	if (fw->scan.phase != FW_SCAN_IDLE) {
		fw_bad(fw, msg, len, "50 §10.4: start scan before the 0x0806 of the one before");
		return true;
	}
	for (i = 0; i < FW_IFS; i++) {
		if (fw->ifs[i].role == FW_AP)
			return true;
		if (fw->ifs[i].role == FW_JOINING ||
		    (fw->ifs[i].role == FW_STA && !fw->ifs[i].aid)) {
			fw_bad(fw, msg, len, "50 §10.4: start scan between join and association");
			return fw->ifs[i].role == FW_JOINING;
		}
	}
	return false;
}

static bool channels_exist(const struct wsm_scan_req *req)
{
	const struct wsm_scan_channel *ch = (const void *)req->data;
	int i;

	for (i = 0; i < req->n_channels; i++)
		if (!fw_channel_exists(req->band, fw_get16(&ch[i].number)))
			return false;
	return true;
}

/* What real firmware refuses without anything being wrong (scan.5ghz, scan.rate5g, scan.gap) */
static bool unwilling(const struct fw *fw, const struct wsm_scan_req *req)
{
	struct knobs *k = fw->chip->knobs;

	if (fw->scan.ended && !knob_past(k, KNOB_scan_gap, fw->scan.ended, 1000, fw->chip->now))
		return true;
	if (req->band && !req->max_rate && knob_is(k, KNOB_scan_rate5g, "refused"))
		return true;
	if (req->band && req->n_channels > 1 && knob_is(k, KNOB_scan_5ghz, "single"))
		return true;
	return req->band && !channels_exist(req) && knob_is(k, KNOB_scan_5ghz, "valid");
}

static void store(struct fw *fw, const struct wsm_scan_req *req)
{
	const struct wsm_scan_channel *ch = (const void *)req->data;
	struct fw_scan *s = &fw->scan;
	int i;

	s->band = req->band;
	s->probes = req->probes > 8 ? 8 : req->probes;
	s->max_rate = req->max_rate;
	s->if_id = req->flags & WSM_SCAN_F_INSTANCE_1 ? 1 : 0;
	s->n = req->n_channels;
	s->n_ssids = req->n_ssids;
	for (i = 0; i < s->n; i++) {
		s->ch[i].number = fw_get16(&ch[i].number);
		s->ch[i].freq = fw_freq_of(req->band, s->ch[i].number);
		s->ch[i].min = fw_get32(&ch[i].min_time);
		s->ch[i].max = fw_get32(&ch[i].max_time);
	}
	memcpy(s->ssid, ch + s->n, s->n_ssids * sizeof(s->ssid[0]));
	s->at = s->done = s->leaving = 0;
	s->left = 0;
	s->stop = false;
}

uint32_t fw_start_scan(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len)
{
	const struct wsm_scan_req *req = (const void *)msg;
	const char *why = check_scan(req, len), *probes;
	uint32_t status = WSM_STATUS_OK;

	if (ifc->id)
		fw_bad(fw, msg, len, "30 §4.3: start scan always goes to interface 0");
	if (why)
		fw_bad(fw, msg, len, "%s", why);
	if (!why && req->probes && fw->ifs[0].template[WSM_TEMPLATE_PROBE_REQ].len < 24)
		fw_bad(fw, msg, len, "50 §5.2: scan with probes before a probe request template");
	probes = !why && req->probes ? fw_check_probes(fw, req->band, true) : NULL;
	if (probes)
		fw_bad(fw, msg, len, "%s (scan)", probes);
	if (why || unwilling(fw, req))
		status = WSM_STATUS_INVALID;
	else if (busy(fw, msg, len))
		status = STATUS_REFUSED;
	if (status) {
		fw->count.scan_refused++;
		return status;
	}
	store(fw, req);
	fw->count.scans++;
	fw->scan.phase = FW_SCAN_START;
	fw_set_timer(fw, FW_T_SCAN, fw->chip->now + fw_delay(fw));
	return WSM_STATUS_OK;
}

uint32_t fw_stop_scan(struct fw *fw)
{
	if (fw->scan.phase == FW_SCAN_IDLE)
		return WSM_STATUS_OK;
	fw->scan.stop = true;
	fw_set_timer(fw, FW_T_SCAN, fw->chip->now + fw_delay(fw));
	return WSM_STATUS_OK;
}
