// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Station: join, beacon supervision, keep-alive. Sheet 30 sections 4.7 and 8.
 */
#include <string.h>

#include "fw.h"

#define JOIN_NS		(1000 * MS)

static void join_confirm(struct fw *fw, struct fw_vif *v, uint32_t status, uint64_t delay_ns)
{
	uint8_t msg[16] = { 0 };
	bool zero = fw->chip->knobs.confirm_interface;

	put_le32(msg + 4, status);
	put_le32(msg + 8, 80);
	put_le32(msg + 12, 200);
	put_le16(msg, status ? 8 : 16);
	put_le16(msg + 2, (WSM_REQ_JOIN | WSM_CLASS_CNF) | (zero ? 0 : v->id << WSM_ID_IF_SHIFT));
	fw->command_until = fw->chip->now + delay_ns;
	front_send(fw->chip->front, msg, le16(msg), delay_ns);
}

void fw_join(struct fw *fw, struct fw_vif *v, const struct wsm_join_req *req)
{
	int channel = le16(&req->channel), freq = fw_channel_freq(channel);
	uint64_t delay = fw->chip->knobs.confirm_delay * MS;

	if (!freq || req->mode > WSM_JOIN_BSS || (freq > 5000) != req->band || le32(&req->ssid_len) > 32) {
		chip_violation(fw->chip, req, sizeof(*req), "join of channel %d, band %u, mode %u (30 section 4.7)",
			       channel, req->band, req->mode);
		join_confirm(fw, v, WSM_STATUS_INVALID, delay);
		return;
	}
	if (v->state != VIF_IDLE || fw->scan.active) {
		chip_violation(fw->chip, req, 16, "join while joined or scanning (30 section 9.2)");
		join_confirm(fw, v, WSM_STATUS_DENIED, delay);
		return;
	}
	if (!fw->probe_req_len)
		chip_violation(fw->chip, req, 16, "join without a probe request template (50 section 5.2)");
	if (fw->failed_join && fw->chip->knobs.join_again) {
		chip_log(fw->chip, "join after a failed join without reset: wedged");
		return;
	}
	v->state = VIF_JOINING;
	v->channel = channel;
	v->freq = freq;
	v->type = 0;
	memcpy(v->bssid, req->bssid, 6);
	v->beacon_tu = le32(&req->beacon_interval) ? le32(&req->beacon_interval) : 100;
	v->join_until = fw->chip->now + JOIN_NS;
	fw->command_until = UINT64_MAX;
	fw_tune(fw, freq);
	if (req->probe_for_join)
		fw_probe(fw, req->ssid, le32(&req->ssid_len), req->band ? WSM_RATE_OFDM_6 : 0, freq);
}

void fw_join_heard(struct fw *fw, struct fw_vif *v)
{
	v->state = VIF_JOINED;
	v->last_beacon = fw->chip->now;
	v->last_tx = fw->chip->now;
	fw->failed_join = false;
	fw->c.joins++;
	join_confirm(fw, v, WSM_STATUS_OK, fw->chip->knobs.confirm_delay * MS);
}

static void join_failed(struct fw *fw, struct fw_vif *v)
{
	uint64_t delay = fw->chip->knobs.join_fail_delay * MS;

	v->state = VIF_IDLE;
	fw->failed_join = true;
	fw->c.join_failures++;
	fw_tune_home(fw);
	join_confirm(fw, v, WSM_STATUS_FAILURE, delay > JOIN_NS ? delay - JOIN_NS : 0);
}

void fw_reset(struct fw *fw, struct fw_vif *v)
{
	uint8_t id = v->id;

	fw_tx_abort(fw, id, WSM_STATUS_LINK_LOST);
	memset(v, 0, sizeof(*v));
	v->id = id;
	fw->failed_join = false;
	for (int i = 0; !fw->chip->knobs.reset_keys && i < WSM_KEY_SLOTS; i++)
		if (fw->key[i].used && fw->key[i].if_id == id)
			memset(&fw->key[i], 0, sizeof(fw->key[i]));
	if (!fw->scan.active)
		fw_tune_home(fw);
}

/* Null function to the AP; pm: we doze */
void fw_null(struct fw *fw, struct fw_vif *v, bool pm)
{
	uint8_t frame[24] = { 0x48, 0x01 };

	if (v->state != VIF_JOINED || !v->watched)
		return;
	if (pm)
		frame[1] |= 0x10;
	memcpy(frame + 4, v->bssid, 6);
	memcpy(frame + 10, fw->mac, 6);
	memcpy(frame + 16, v->bssid, 6);
	fw_tx_own(fw, v, frame, sizeof(frame), v->freq > 5000 ? WSM_RATE_OFDM_6 : 0);
}

void fw_beacon_heard(struct fw *fw, struct fw_vif *v)
{
	v->last_beacon = fw->chip->now;
	fw->c.beacons++;
	if (!v->lost)
		return;
	v->lost = false;
	fw_event(fw, v->id, WSM_EVENT_BSS_REGAINED, 0);
}

static uint64_t loss_at(const struct fw_vif *v)
{
	return v->last_beacon + (uint64_t)v->lost_count * v->beacon_tu * TU;
}

static uint64_t alive_at(const struct fw_vif *v)
{
	return v->last_tx + v->keep_alive * 1000 * MS;
}

uint64_t fw_sta_deadline(const struct fw *fw, const struct fw_vif *v)
{
	uint64_t first = UINT64_MAX;

	if (v->state == VIF_JOINING)
		return v->join_until;
	if (v->state != VIF_JOINED || !v->watched || fw->scan.active)
		return first;
	if (v->lost_count && !v->lost)
		first = loss_at(v);
	if (v->keep_alive && alive_at(v) < first)
		first = alive_at(v);
	return first;
}

void fw_sta_run(struct fw *fw, struct fw_vif *v)
{
	uint64_t now = fw->chip->now;

	if (v->state == VIF_JOINING && v->join_until <= now) {
		join_failed(fw, v);
		return;
	}
	if (v->state != VIF_JOINED || !v->watched || fw->scan.active)
		return;
	if (v->lost_count && !v->lost && loss_at(v) <= now) {
		v->lost = true;
		fw_event(fw, v->id, WSM_EVENT_BSS_LOST, 0);
		if (fw->chip->knobs.loss_repeat) {
			v->lost = false;
			v->last_beacon = now;
		}
	}
	if (v->keep_alive && alive_at(v) <= now) {
		v->last_tx = now;
		fw_null(fw, v, false);
	}
}
