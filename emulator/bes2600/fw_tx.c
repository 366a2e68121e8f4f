// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Frames from the host to the air and their confirms: sheet 30 section 6.
 */
#include <string.h>

#include "fw.h"

static const uint16_t legacy_kbps100[14] = { 10, 20, 55, 110, 0, 0, 60, 90, 120, 180, 240, 360, 480, 540 };

static size_t hdr_len(const uint8_t *frame)
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

/* ---- rates ---- */

uint32_t fw_rate_policy(struct fw *fw, const uint8_t *data, size_t len)
{
	if (!data[0] || data[0] > WSM_POLICIES || len != 4u + data[0] * 20u) {
		chip_violation(fw->chip, data, 4, "%u retry policies in %zu bytes (31 section 3)", data[0], len);
		return WSM_STATUS_INVALID;
	}
	for (int i = 0; i < data[0]; i++) {
		const uint8_t *p = data + 4 + 20 * i;

		if (p[0] >= WSM_POLICIES) {
			chip_violation(fw->chip, p, 20, "retry policy %u (31 section 3)", p[0]);
			return WSM_STATUS_INVALID;
		}
		for (int r = 0; r < 24; r++)
			fw->policy[p[0]][r] = p[8 + r / 2] >> 4 * (r % 2) & 0xf;
		fw->policies |= 1 << p[0];
	}
	return WSM_STATUS_OK;
}

static void rate_fill(const struct fw *fw, const struct fw_vif *v, uint8_t id, uint8_t tries,
		      struct air_rate *rate)
{
	memset(rate, 0, sizeof(*rate));
	rate->tries = tries;
	if (id >= WSM_RATE_HT_0) {
		rate->ht = true;
		rate->mcs = id - WSM_RATE_HT_0;
		rate->bw40 = v && v->type >= 2;
		rate->sgi = fw->short_gi;
	} else {
		rate->kbps100 = legacy_kbps100[id];
	}
}

/* From the frame's rate downwards through the policy */
static int rates_build(const struct fw *fw, const struct fw_vif *v, uint8_t max, const uint8_t *policy,
		       struct air_rate *rates, uint8_t *ids)
{
	int n = 0;

	for (int r = max; r >= 0 && n < AIR_MAX_RATES; r--) {
		if (!policy[r] || WSM_RATE_HOLE(r) || (v->freq > 5000 && r < WSM_RATE_OFDM_6))
			continue;
		ids[n] = r;
		rate_fill(fw, v, r, policy[r], &rates[n++]);
	}
	if (!n) {
		ids[0] = max;
		rate_fill(fw, v, max, 1, &rates[n++]);
	}
	return n;
}

/* ---- confirms ---- */

static void confirm_single(struct fw *fw, const struct wsm_tx_status *s)
{
	struct wsm_tx_cnf msg;

	msg.s = *s;
	fw_indicate(fw, fw->chip->knobs.confirm_interface ? 0 : fw->done_if, WSM_CNF_TX, &msg, sizeof(msg), 0);
}

void fw_tx_flush_confirms(struct fw *fw)
{
	uint8_t msg[8 + 81 * 20];
	int n = fw->n_done;

	fw->n_done = 0;
	if (n == 1 && fw->chip->knobs.confirm_tx != 2) {
		confirm_single(fw, &fw->done[0]);
		return;
	}
	put_le32(msg + 4, n);
	memcpy(msg + 8, fw->done, n * sizeof(fw->done[0]));
	fw->c.confirms_multi++;
	fw_indicate(fw, fw->chip->knobs.confirm_interface ? 0 : fw->done_if, WSM_CNF_MULTI_TX, msg, 8 + n * 20, 0);
}

static void confirm_add(struct fw *fw, uint8_t if_id, const struct wsm_tx_status *s)
{
	struct knobs *k = &fw->chip->knobs;

	if (fw->faults.drop_confirm > 0 &&
	    (!fw->faults.drop_confirm_id || fw->faults.drop_confirm_id == WSM_REQ_TX)) {
		fw->faults.drop_confirm--;
		return;
	}
	if (fw->n_done && (fw->done_if != if_id || fw->n_done >= k->confirm_tx_max || fw->n_done >= 80))
		fw_tx_flush_confirms(fw);
	fw->done_if = if_id;
	if (!fw->n_done)
		fw->done_at = fw->chip->now + k->confirm_tx_holdoff * 1000ULL;
	fw->done[fw->n_done++] = *s;
	if (!fw->multi_confirm || k->confirm_tx == 1)
		fw_tx_flush_confirms(fw);
}

static void confirm_status(struct fw *fw, uint8_t if_id, uint32_t cookie, uint32_t status)
{
	struct wsm_tx_status s = { 0 };

	put_le32(&s.cookie, cookie);
	put_le32(&s.status, status);
	fw->c.tx_failed++;
	confirm_add(fw, if_id, &s);
}

/* ---- to the air ---- */

static void air_send(struct fw *fw, uint64_t cookie, const uint8_t *frame, size_t len, uint8_t ac,
		     struct air_mpdu *m)
{
	m->cookie = cookie;
	m->frame = frame;
	m->len = len;
	m->freq = fw->freq;
	m->ac = ac;
	m->no_ack = frame[4] & 1;
	fw->chip->env.air_tx(fw->chip->env.ctx, m);
}

static bool is_robust(const uint8_t *frame, size_t len)
{
	uint8_t type = frame[0] & 0xfc;

	if (type == 0xa0 || type == 0xc0)	/* disassociation, deauthentication */
		return true;
	/* action, unless public */
	return type == 0xd0 && len > 24 && frame[24] != 4;
}

void fw_tx_own(struct fw *fw, struct fw_vif *v, uint8_t *frame, size_t len, uint8_t rate)
{
	struct fw_key *key = v ? fw_key_pair(fw, frame + 4) : NULL;
	uint8_t buf[FW_FRAME] = { 0 };
	struct air_mpdu m = { .n_rates = 1 };

	put_le16(frame + 22, fw->own_seq++ << 4);
	rate_fill(fw, v, rate, 4, &m.rates[0]);
	m.rates[0].bw40 = false;
	if (!key || !is_robust(frame, len) || !fw_key_igtk(fw)) {
		air_send(fw, FW_COOKIE_OWN, frame, len, 3, &m);
		return;
	}
	memcpy(buf, frame, 24);
	buf[1] |= 0x40;
	memcpy(buf + 24 + CCMP_IV, frame + 24, len - 24);
	len += CCMP_IV + CCMP_MIC;
	ccmp_encrypt(&key->aes, buf, 24, len, ++key->tx_pn, 0);
	air_send(fw, FW_COOKIE_OWN, buf, len, 3, &m);
}

/* Protected frames arrive with zeroed room for IV and MIC; both are ours to fill */
static bool tx_protect(struct fw *fw, uint8_t *frame, size_t len)
{
	struct fw_key *key = fw_key_pair(fw, frame + 4);
	size_t hdr = hdr_len(frame);

	if (!key) {
		chip_violation(fw->chip, frame, 24, "protected frame for a peer without a key (30 section 6.1)");
		return false;
	}
	if (len < hdr + CCMP_IV + CCMP_MIC) {
		chip_violation(fw->chip, frame, 24, "no room for IV and MIC (40 section 4.3)");
		return false;
	}
	for (int i = 0; i < 8; i++)
		if (frame[hdr + i] || frame[len - 1 - i]) {
			chip_violation(fw->chip, frame + hdr, 8, "room for IV or MIC is not zero (30 section 6.1)");
			break;
		}
	ccmp_encrypt(&key->aes, frame, hdr, len, ++key->tx_pn, 0);
	return true;
}

static struct fw_tx *tx_slot(struct fw *fw)
{
	for (int i = 0; i < FW_TX; i++) {
		struct fw_tx *t = &fw->tx[fw->tx_next++ % FW_TX];

		if (!t->used)
			return t;
	}
	return NULL;
}

static bool tx_check(struct fw *fw, const uint8_t *msg, const uint8_t *frame, size_t len)
{
	uint8_t policy = msg[11] >> WSM_TX_F_POLICY_SHIFT & 7, rate = msg[8];

	if (len < 24 || len < hdr_len(frame)) {
		chip_violation(fw->chip, msg, 24, "frame of %zu bytes (30 section 6.1)", len);
		return false;
	}
	if (rate > WSM_RATE_MAX || WSM_RATE_HOLE(rate)) {
		chip_violation(fw->chip, msg, 24, "rate id %u (30 section 2.2)", rate);
		return false;
	}
	if (!(fw->policies & 1 << policy)) {
		chip_violation(fw->chip, msg, 24, "retry policy %u was never uploaded (31 section 3)", policy);
		return false;
	}
	if (msg[10] || le32(msg + 12) || le32(msg + 20) > 2)
		chip_violation(fw->chip, msg, 24, "reserved fields of a transmit request (30 section 6.1)");
	if ((frame[0] & 0xfc) == 0xd0 && !(frame[1] & 0x40) && len > 24 && frame[24] == 3)
		chip_violation(fw->chip, frame, 26, "block ack action frame from the host (40 section 4.8)");
	return true;
}

static const uint8_t ac_of_queue[4] = { 1, 0, 2, 3 };	/* BE BK VI VO to the air's numbering */

static void tx_send(struct fw *fw, struct fw_vif *v, const uint8_t *msg, uint8_t *frame, size_t len)
{
	struct fw_tx *t = tx_slot(fw);
	struct air_mpdu m = { 0 };

	if (!t) {
		confirm_status(fw, v->id, le32(msg + 4), WSM_STATUS_FAILURE);
		return;
	}
	memset(t, 0, sizeof(*t));
	t->used = true;
	t->host_cookie = le32(msg + 4);
	t->air_cookie = ++fw->generation << 8 | (t - fw->tx);
	t->if_id = v->id;
	t->qos = (frame[0] & 0x8c) == 0x88;
	t->tid = t->qos ? frame[24] & 7 : 0;
	t->seq = le16(frame + 22) >> 4;
	m.n_rates = rates_build(fw, v, msg[8], fw->policy[msg[11] >> WSM_TX_F_POLICY_SHIFT & 7], m.rates,
				t->rate_ids);
	t->n_rates = m.n_rates;
	m.ampdu = t->qos && !(frame[4] & 1) && m.rates[0].ht && v->ba[t->tid] == BA_OPEN;
	v->last_tx = fw->chip->now;
	air_send(fw, t->air_cookie, frame, len, ac_of_queue[msg[9] & 3], &m);
	/* not for the frames of the key exchange: they come before any HT data */
	if (t->qos && m.rates[0].ht && (frame[0] & 0x40) == 0)
		fw_ba_maybe_ask(fw, v, t->tid);
}

void fw_tx_request(struct fw *fw, struct fw_vif *v, const uint8_t *msg, size_t len)
{
	size_t at = 24 + (msg[11] & WSM_TX_F_SHIFTED ? 2 : 0);
	uint8_t frame[FW_FRAME];

	fw->c.tx_frames++;
	len -= at;
	memcpy(frame, msg + at, len);
	if (!tx_check(fw, msg, frame, len)) {
		confirm_status(fw, v->id, le32(msg + 4), WSM_STATUS_INVALID);
		return;
	}
	if (v->state != VIF_JOINED) {
		confirm_status(fw, v->id, le32(msg + 4), WSM_STATUS_LINK_LOST);
		return;
	}
	if (frame[1] & 0x40 && !tx_protect(fw, frame, len)) {
		confirm_status(fw, v->id, le32(msg + 4), WSM_STATUS_FAILURE);
		return;
	}
	tx_send(fw, v, msg, frame, len);
}

void fw_tx_done(struct fw *fw, uint64_t cookie, const struct air_tx_result *res)
{
	struct fw_tx *t = &fw->tx[cookie % 256 % FW_TX];
	struct wsm_tx_status s = { 0 };

	if (!fw->running || cookie & FW_COOKIE_OWN || !t->used || t->air_cookie != cookie)
		return;
	t->used = false;
	put_le32(&s.cookie, t->host_cookie);
	put_le32(&s.status, res->acked ? WSM_STATUS_OK : WSM_STATUS_RETRY);
	s.rate = t->rate_ids[res->rate_index < t->n_rates ? res->rate_index : 0];
	s.ack_failures = res->attempts - res->acked;
	/* bits 3:2: 3 is block ack */
	put_le16(&s.flags, res->in_ampdu ? WSM_TXS_AGGREGATED | 3 << 2 : 0);
	put_le32(&s.media_us, res->media_ns / 1000);
	put_le32(&s.queue_us, res->queued_ns / 1000);
	if (res->acked)
		fw->c.tx_ok++;
	else
		fw->c.tx_failed++;
	confirm_add(fw, t->if_id, &s);
}

/* Frames that the interface still has come back with a status */
void fw_tx_abort(struct fw *fw, uint8_t if_id, uint32_t status)
{
	fw->chip->env.air_flush(fw->chip->env.ctx);
	for (int i = 0; i < FW_TX; i++) {
		struct fw_tx *t = &fw->tx[i];

		if (!t->used || t->if_id != if_id)
			continue;
		t->used = false;
		confirm_status(fw, if_id, t->host_cookie, status);
	}
}
