// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Frames to the air: those of the host (0x0004), answered with what became of
 * them, and the firmware's own.
 */
#include <stdlib.h>
#include <string.h>

#include "fw.h"

#define OWN_TRIES	7
#define CONFIRM_MAX	81

/* ---- rates ---- */

static const uint16_t kbps100[] = { 10, 20, 55, 110, 0, 0, 60, 90, 120, 180, 240, 360, 480, 540 };

int fw_rate_id(const struct air_rate *rate)
{
	int i;

	if (rate->ht)
		return WSM_RATE_HT_0 + (rate->mcs & 7);
	for (i = 0; i < WSM_RATE_HT_0; i++)
		if (kbps100[i] && kbps100[i] == rate->kbps100)
			return i;
	return 0;
}

static void fill_rate(const struct fw *fw, const struct fw_if *ifc, struct air_rate *r, int id,
		      int tries)
{
	memset(r, 0, sizeof(*r));
	r->tries = tries;
	if (id < WSM_RATE_HT_0) {
		r->kbps100 = kbps100[id];
		return;
	}
	r->ht = true;
	r->mcs = id - WSM_RATE_HT_0;
	r->bw40 = ifc->chan_type >= 2;
	r->sgi = fw->short_gi;
}

/* Downwards from the frame's maximum, through the rates that have attempts (31 §3) */
static void walk_policy(const struct fw *fw, const struct fw_if *ifc, const struct fw_policy *p,
			int max_rate, struct fw_tx *tx, struct air_mpdu *m)
{
	int left = p->short_retries ? p->short_retries + 1 : 1, id;
	bool is_5g = m->freq > 3000;

	for (id = max_rate; id >= 0 && left > 0 && m->n_rates < AIR_MAX_RATES; id--) {
		int tries = p->tries[id] < left ? p->tries[id] : left;

		if (!tries || WSM_RATE_HOLE(id) || (is_5g && id < WSM_RATE_OFDM_6))
			continue;
		fill_rate(fw, ifc, &m->rates[m->n_rates], id, tries);
		tx->rate_id[m->n_rates++] = id;
		left -= tries;
	}
}

/* ---- slots ---- */

void fw_tx_init(struct fw *fw)
{
	int i;

	fw->n_tx_free = 0;
	for (i = FW_SLOTS - 1; i >= 0; i--)
		fw->tx_free[fw->n_tx_free++] = i;
}

static struct fw_tx *get_slot(struct fw *fw, struct fw_if *ifc, enum fw_tx_kind kind)
{
	struct fw_tx *tx;

	if (!fw->n_tx_free)
		return NULL;
	tx = &fw->tx[fw->tx_free[--fw->n_tx_free]];
	memset(tx, 0, sizeof(*tx));
	tx->used = true;
	tx->kind = kind;
	tx->if_id = ifc->id;
	tx->tid = 0xff;
	tx->generation = ++fw->tx_generation;
	tx->accepted = fw->chip->now;
	return tx;
}

static void put_slot(struct fw *fw, struct fw_tx *tx)
{
	if (tx->held.frame) {
		free((void *)tx->held.frame);
		tx->held.frame = NULL;
		fw->tx_waiting--;
	}
	tx->used = false;
	fw->tx_free[fw->n_tx_free++] = tx - fw->tx;
}

void fw_tx_forget(struct fw *fw)
{
	int i;

	for (i = 0; i < FW_SLOTS; i++)
		if (fw->tx[i].used)
			put_slot(fw, &fw->tx[i]);
	fw->n_tx_free = 0;
	fw->tx_host = 0;
	fw->tx_waiting = 0;
	fw->n_done = 0;
}

uint16_t fw_tx_first_seq(const struct fw *fw, const uint8_t *ra, uint8_t tid, uint16_t seq)
{
	int i;

	for (i = 0; i < FW_SLOTS; i++) {
		const struct fw_tx *tx = &fw->tx[i];

		if (tx->used && tx->tid == tid && !memcmp(tx->ra, ra, 6) &&
		    ((seq - tx->seq) & 0xfff) < 0x800)
			seq = tx->seq;
	}
	return seq;
}

/* ---- results ---- */

static void result(struct fw *fw, int if_id, uint32_t cookie, uint32_t serial,
		   const struct wsm_tx_status *s)
{
	uint64_t at = fw->chip->now + knob_value(fw->chip->knobs, KNOB_confirm_tx_holdoff) * 1000ULL;

	if (fw->n_done == FW_SLOTS)
		fw_tx_flush_confirms(fw);
	fw->done[fw->n_done] = *s;
	fw_put32(&fw->done[fw->n_done].cookie, cookie);
	fw->done_serial[fw->n_done] = serial;
	fw->done_if[fw->n_done++] = if_id;
	if (fw->timer[FW_T_TX_CNF] > at)
		fw_set_timer(fw, FW_T_TX_CNF, at);
}

static void refuse(struct fw *fw, struct fw_if *ifc, const struct wsm_tx_req *req, uint32_t status)
{
	struct wsm_tx_status s = { .rate = req->max_rate };

	fw_put32(&s.status, status);
	if (status == WSM_STATUS_REQUEUE)
		fw_put16(&s.flags, WSM_TXS_REQUEUE);
	fw->count.tx_failed++;
	fw->tx_host++;
	fw->tx_serial++;
	result(fw, ifc->id, fw_get32(&req->cookie), fw->tx_serial, &s);
}

static void send_confirms(struct fw *fw, const struct wsm_tx_status *s, int n, int if_id, bool multi)
{
	uint8_t msg[sizeof(struct wsm_multi_tx_cnf) + CONFIRM_MAX * sizeof(*s)];
	struct wsm_multi_tx_cnf *cnf = (void *)msg;
	int id = fw_confirm_if(fw, if_id << WSM_ID_IF_SHIFT);
	size_t head = multi ? sizeof(*cnf) : sizeof(struct wsm_hdr);

	if (fw->silent)
		return;
	if (fw_take_fault(fw, FW_FAULT_DROP, WSM_REQ_TX, NULL)) {
		front_release(fw->chip->front, n);
		return;
	}
	fw_put16(&cnf->hdr.id, (multi ? WSM_CNF_MULTI_TX : WSM_CNF_TX) | id);
	fw_put16(&cnf->hdr.len, head + n * sizeof(*s));
	if (multi)
		fw_put32(&cnf->count, n);
	memcpy(msg + head, s, n * sizeof(*s));
	if (multi)
		fw->count.confirms_multi++;
	else
		fw->count.confirms_single++;
	front_send(fw->chip->front, msg, head + n * sizeof(*s), 0);
	if (fw_take_fault(fw, FW_FAULT_DUP, WSM_REQ_TX, NULL))
		front_send(fw->chip->front, msg, head + n * sizeof(*s), 0);
}

/* How many results, from this one on, share a message: those that wait together, of one interface */
static int confirmed_together(struct fw *fw, int first)
{
	struct knobs *k = fw->chip->knobs;
	int if_id = fw->done_if[first], n = 0;

	while (first + ++n < fw->n_done && fw->done_if[first + n] == if_id)
		if ((n == 1 && knob_is(k, KNOB_confirm_tx, "single")) ||
		    !knob_allows(k, KNOB_confirm_tx_max, n + 1))
			break;
	return n;
}

void fw_tx_flush_confirms(struct fw *fw)
{
	int i, n, total = fw->n_done;

	fw_set_timer(fw, FW_T_TX_CNF, FW_NEVER);
	for (i = 0; i < total; i += n) {
		int if_id = fw->done_if[i];
		bool may = fw->ifs[if_id].multi_tx;

		n = may ? confirmed_together(fw, i) : 1;
		send_confirms(fw, &fw->done[i], n, if_id,
			      may && (n > 1 || knob_is(fw->chip->knobs, KNOB_confirm_tx, "multi")));
	}
	fw->n_done = 0;
	fw->tx_host -= total;
	for (i = 0; i < total; i++)
		fw_held_frame_done(fw, fw->done_serial[i]);
}

static void count_result(struct fw *fw, const struct fw_tx *tx, const struct air_tx_result *res)
{
	struct wsm_mib_counters *c = &fw->mib_counters;

	fw->count.tx_ok += res->acked;
	fw->count.tx_failed += !res->acked;
	fw->count.tx_aggregated += res->in_ampdu;
	fw->count.tx_retries += res->attempts > 1 ? res->attempts - 1 : 0;
	c->tx_packets++;
	c->tx_success += res->acked;
	c->tx_failures += !res->acked;
	c->tx_retried += res->attempts == 2;
	c->tx_multi_retried += res->attempts > 2;
	c->tx_multicast += fw_is_group(tx->ra);
	c->ack_failures += res->attempts - (res->acked && res->attempts);
}

static void host_done(struct fw *fw, struct fw_tx *tx, const struct air_tx_result *res)
{
	uint32_t failures = tx->no_ack ? 0 : res->attempts - (res->acked && res->attempts);
	struct wsm_tx_status s = { 0 };
	uint16_t flags = 0;

	if (tx->no_ack)
		flags = 1 << 2;
	else if (res->in_ampdu)
		flags = WSM_TXS_AGGREGATED | 3 << 2;
	fw_put32(&s.status, res->acked ? WSM_STATUS_OK : WSM_STATUS_RETRY);
	s.rate = tx->rate_id[res->rate_index < tx->n_rates ? res->rate_index : 0];
	s.ack_failures = failures > 255 ? 255 : failures;
	fw_put16(&s.flags, flags);
	fw_put32(&s.media_us, res->media_ns / 1000);
	fw_put32(&s.queue_us, res->queued_ns / 1000);
	result(fw, tx->if_id, tx->cookie, tx->serial, &s);
}

void fw_tx_done(struct fw *fw, uint64_t cookie, const struct air_tx_result *res)
{
	struct fw_tx *slot = &fw->tx[cookie & (FW_SLOTS - 1)], tx;
	struct fw_if *ifc;

	if (!fw->active || !slot->used || slot->generation != cookie >> 16)
		return;
	tx = *slot;
	put_slot(fw, slot);
	ifc = &fw->ifs[tx.if_id];
	count_result(fw, &tx, res);
	switch (tx.kind) {
	case FW_TX_HOST:
		host_done(fw, &tx, res);
		if (!res->acked && tx.ampdu)
			fw_ba_tx_lost(fw, ifc, &tx);
		break;
	case FW_TX_PM:
		fw_sta_pm_done(fw, ifc, res->acked);
		break;
	case FW_TX_LEAVE:
		fw_scan_left(fw);
		break;
	case FW_TX_PS:
		fw_ps_null_done(fw, ifc, res->acked);
		break;
	}
}

/* A host's frame ends without the air */
static void abandon(struct fw *fw, struct fw_tx *tx, uint32_t status)
{
	struct wsm_tx_status s = { 0 };

	fw_put32(&s.status, status);
	s.rate = tx->rate_id[0];
	fw_put32(&s.media_us, (fw->chip->now - tx->accepted) / 1000);
	s.queue_us = s.media_us;
	fw->count.tx_failed++;
	result(fw, tx->if_id, tx->cookie, tx->serial, &s);
	put_slot(fw, tx);
}

void fw_tx_abort(struct fw *fw, struct fw_if *ifc)
{
	bool others = false;
	int i;

	for (i = 0; i < FW_SLOTS; i++) {
		struct fw_tx *tx = &fw->tx[i];

		if (!tx->used)
			continue;
		if (tx->if_id != ifc->id)
			others = true;
		else if (tx->kind == FW_TX_HOST)
			abandon(fw, tx, WSM_STATUS_LINK_LOST);
		else
			put_slot(fw, tx);
	}
	fw_tx_flush_confirms(fw);
	if (!others)
		chip_flush_air(fw->chip);
}

/* ---- to the air ---- */

static void submit(struct fw *fw, struct fw_tx *tx, struct air_mpdu *m)
{
	m->cookie = (uint64_t)tx->generation << 16 | (uint64_t)(tx - fw->tx);
	tx->on_air = true;
	tx->n_rates = m->n_rates;
	fw->ifs[tx->if_id].last_tx = fw->chip->now;
	/* the result may come before this returns */
	if (fw->chip->env.air_tx)
		fw->chip->env.air_tx(fw->chip->env.ctx, m);
}

static bool keep_for_home(struct fw *fw, struct fw_tx *tx, const struct air_mpdu *m)
{
	uint8_t *copy = malloc(m->len);

	if (!copy)
		return false;
	memcpy(copy, m->frame, m->len);
	tx->held = *m;
	tx->held.frame = copy;
	tx->n_rates = m->n_rates;
	fw->tx_waiting++;
	return true;
}

/* Oldest first: their order is that of their generations */
void fw_tx_home(struct fw *fw)
{
	while (fw->tx_waiting) {
		struct fw_tx *first = NULL;
		struct air_mpdu m;
		int i;

		for (i = 0; i < FW_SLOTS; i++) {
			struct fw_tx *tx = &fw->tx[i];

			if (tx->used && tx->held.frame && tx->held.freq == fw->freq &&
			    (!first || (int32_t)(tx->generation - first->generation) < 0))
				first = tx;
		}
		if (!first)
			return;
		m = first->held;
		first->held.frame = NULL;
		fw->tx_waiting--;
		submit(fw, first, &m);
		free((void *)m.frame);
	}
}

static void send_or_keep(struct fw *fw, struct fw_tx *tx, struct air_mpdu *m)
{
	if (m->freq != fw->freq && tx->kind == FW_TX_HOST && keep_for_home(fw, tx, m))
		return;
	submit(fw, tx, m);
}

static bool wants_ack(const uint8_t *frame)
{
	uint16_t fc = fw_get16(frame);

	if (fw_is_group(frame + 4))
		return false;
	if ((fc & FC_TYPE) == FC_DATA && fc & FC_QOS)
		return (frame[fw_hdr_len(fc & ~FC_ORDER) - 2] & 0x60) != 0x20;
	return true;
}

/* ---- frames of the host ---- */

static const char *check_header(const struct fw *fw, const struct wsm_tx_req *req)
{
	uint32_t ht = fw_get32(&req->ht);
	int policy = req->flags >> WSM_TX_F_POLICY_SHIFT & 7;

	if (req->reserved || req->more)
		return "30 §6.1: \"more\" and the reserved word of a TX request are zero";
	if (req->max_rate > WSM_RATE_MAX || WSM_RATE_HOLE(req->max_rate))
		return "30 §2.2: the maximum rate of a TX request does not exist";
	if (req->queue & 0xc0)
		return "40 §4.1: bits 7:6 of the queue byte are zero";
	if (ht > 2)
		return "40 §4.1: HT parameters of a TX request are 0, 1 or 2";
	if (req->max_rate >= WSM_RATE_HT_0 && !ht)
		return "40 §4.1: an HT rate without HT parameters";
	if (!fw->policy[policy].used)
		return "31 §3: the TX request names a rate policy that was never uploaded";
	return NULL;
}

static bool is_block_ack_action(const uint8_t *f, size_t len, const struct fw_key *key)
{
	uint16_t fc = fw_get16(f);
	size_t at = 24 + (key ? mac_key_iv(&key->mac) : 0);

	return (fc & FC_SUBTYPE) == FC_ACTION && (fc & FC_TYPE) == FC_MGMT && len > at && f[at] == 3;
}

static const char *check_frame(const struct fw_if *ifc, const struct wsm_tx_req *req,
			       const uint8_t *f, size_t len)
{
	int link = req->queue >> WSM_TX_QUEUE_LINK_SHIFT;
	uint16_t fc;

	if (len < 10)
		return "40 §4.1: the frame of a TX request is shorter than any";
	fc = fw_get16(f);
	if (fc & 3)
		return "40 §4.1: protocol version of the frame is not 0";
	if ((fc & FC_TYPE) == FC_TYPE)
		return "40 §4.1: frame type 3 does not exist";
	if (len < fw_hdr_len(fc))
		return "40 §4.1: the frame of a TX request is shorter than its header";
	if (ifc->role == FW_STA && link)
		return "40 §4.6: a station's frames have link id 0";
	if (link == 15 || (link && !ifc->link[link].used))
		return "40 §4.6: the link id of a TX request is not mapped";
	return NULL;
}

static const char *check_room(const struct fw_key *key, const uint8_t *f, size_t len)
{
	size_t hdr = fw_hdr_len(fw_get16(f)), iv = mac_key_iv(&key->mac), tail = mac_key_tail(&key->mac), i;

	if (len < hdr + iv + tail)
		return "40 §4.3: no room for IV and MIC in a protected frame";
	for (i = 0; i < iv; i++)
		if (f[hdr + i])
			return "30 §6.1: room for the IV is not zero";
	for (i = len - tail; i < len; i++)
		if (f[i])
			return "30 §6.1: room for MIC or ICV is not zero";
	return NULL;
}

static void note_frame(struct fw_tx *tx, const uint8_t *f)
{
	uint16_t fc = fw_get16(f);

	memcpy(tx->ra, f + 4, 6);
	tx->no_ack = !wants_ack(f);
	if ((fc & FC_TYPE) == FC_CTL)
		return;
	tx->seq = fw_get16(f + 22) >> 4;
	if ((fc & FC_TYPE) == FC_DATA && fc & FC_QOS && !(fc & FC_NODATA) && !fw_is_group(f + 4))
		tx->tid = f[fw_hdr_len(fc & ~FC_ORDER) - 2] & 7;
}

static bool is_eapol(const uint8_t *f, size_t len)
{
	size_t at = fw_hdr_len(fw_get16(f)) + (fw_get16(f) & FC_PROTECTED ? 8 : 0);

	return len >= at + 8 && f[at] == 0xaa && f[at + 6] == 0x88 && f[at + 7] == 0x8e;
}

/* The host does not know in which state of power save the firmware is */
static void set_pm_bit(const struct fw_if *ifc, uint8_t *f)
{
	uint16_t fc = fw_get16(f), sub = fc & FC_SUBTYPE;

	if (ifc->role != FW_STA || fw_ps_awake(ifc) || (fc & FC_TYPE) == FC_CTL)
		return;
	if ((fc & FC_TYPE) == FC_MGMT && sub != FC_ACTION)
		return;
	fw_put16(f, fc | FC_PM);
}

static void send_host_frame(struct fw *fw, struct fw_if *ifc, const struct wsm_tx_req *req,
			    uint8_t *f, size_t len, struct fw_key *key, bool eapol)
{
	static const uint8_t ac[] = { 1, 0, 2, 3 };
	struct fw_tx *tx = get_slot(fw, ifc, FW_TX_HOST);
	struct air_mpdu m = { .frame = f, .freq = ifc->freq, .ac = ac[req->queue & 3] };

	if (!tx) {
		refuse(fw, ifc, req, WSM_STATUS_FAILURE);
		return;
	}
	tx->cookie = fw_get32(&req->cookie);
	tx->serial = ++fw->tx_serial;
	fw->tx_host++;
	note_frame(tx, f);
	if (tx->tid != 0xff && !eapol)
		fw_ba_tx_frame(fw, ifc, tx->ra, tx->tid, tx->seq);
	fw_ps_host_frame(fw, ifc);
	set_pm_bit(ifc, f);
	if (key)
		mac_encrypt(&key->mac, f, len);
	else if (fw_is_robust_group(f, len))
		len = fw_add_mmie(fw, ifc, f, len);
	m.len = len;
	m.no_ack = tx->no_ack;
	walk_policy(fw, ifc, &fw->policy[req->flags >> WSM_TX_F_POLICY_SHIFT & 7], req->max_rate, tx, &m);
	if (!m.n_rates) {
		chip_violation(fw->chip, req, sizeof(*req), "31 §3: policy %u has no attempt at or "
			       "below rate %u", req->flags >> 4 & 7, req->max_rate);
		fill_rate(fw, ifc, &m.rates[0], req->max_rate, 1);
		tx->rate_id[0] = req->max_rate;
		m.n_rates = 1;
	}
	tx->ampdu = tx->tid != 0xff && !eapol && m.rates[0].ht &&
		    fw_ba_tx_active(fw, ifc, tx->ra, tx->tid);
	m.ampdu = tx->ampdu;
	send_or_keep(fw, tx, &m);
}

/* Protected frames need a key with room for what it adds. Returns a status. */
static uint32_t find_key(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t msg_len,
			 const uint8_t *f, size_t len, struct fw_key **key)
{
	uint16_t fc = fw_get16(f);
	const char *why;

	if (!(fc & FC_PROTECTED) || (fc & FC_TYPE) == FC_CTL)
		return WSM_STATUS_OK;
	*key = fw_tx_key(fw, ifc, f);
	if (!*key && (fc & FC_SUBTYPE) == FC_AUTH && ifc->mgmt_policy & WSM_MGMT_AUTH_AS_GIVEN)
		return WSM_STATUS_OK;
	if (!*key) {
		fw_bad(fw, msg, msg_len, "40 §4.3: a protected frame whose key is not there");
		return WSM_STATUS_FAILURE;
	}
	why = check_room(*key, f, len);
	if (!why)
		return WSM_STATUS_OK;
	fw_bad(fw, msg, msg_len, "%s", why);
	return len < fw_hdr_len(fc) + mac_key_iv(&(*key)->mac) + mac_key_tail(&(*key)->mac) ? WSM_STATUS_INVALID :
	       WSM_STATUS_OK;
}

void fw_tx_request(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len)
{
	const struct wsm_tx_req *req = (const void *)msg;
	size_t shift, flen;
	uint8_t frame[FW_FRAME + 32];
	struct fw_key *key = NULL;
	const char *why;
	uint32_t status;

	fw->count.tx_frames++;
	if (len < sizeof(*req) + 2 || len > BES_MSG_MAX) {
		fw_bad(fw, msg, len, "30 §6.1: TX request of %zu bytes", len);
		if (len >= 12)
			refuse(fw, ifc, req, WSM_STATUS_INVALID);
		return;
	}
	if (fw_take_fault(fw, FW_FAULT_STATUS, WSM_REQ_TX, &status)) {
		refuse(fw, ifc, req, status);
		return;
	}
	shift = req->flags & WSM_TX_F_SHIFTED ? 2 : 0;
	flen = len - sizeof(*req) - shift;
	why = check_header(fw, req);
	if (!why)
		why = check_frame(ifc, req, req->frame + shift, flen);
	if (why) {
		fw_bad(fw, msg, len, "%s", why);
		refuse(fw, ifc, req, WSM_STATUS_INVALID);
		return;
	}
	if (ifc->role == FW_IDLE || ifc->role == FW_JOINING) {
		refuse(fw, ifc, req, WSM_STATUS_LINK_LOST);
		return;
	}
	why = fw_check_tx(fw, ifc, req, req->frame + shift, flen);
	if (why)
		fw_bad(fw, msg, len, "%s", why);
	memcpy(frame, req->frame + shift, flen);
	status = find_key(fw, ifc, msg, len, frame, flen, &key);
	if (!status && is_block_ack_action(frame, flen, key)) {
		fw_bad(fw, msg, len, "40 §4.8: block ack action frames are the firmware's business");
		status = WSM_STATUS_INVALID;
	}
	if (status) {
		refuse(fw, ifc, req, status);
		return;
	}
	send_host_frame(fw, ifc, req, frame, flen, key, is_eapol(frame, flen));
}

/* ---- the firmware's own ---- */

static size_t make_protected(struct fw *fw, struct fw_if *ifc, const uint8_t *frame, size_t len,
			     uint8_t *out)
{
	struct fw_key *key = fw_pair_key(fw, ifc->id, frame + 4);
	size_t hdr = fw_hdr_len(fw_get16(frame)), iv, total;

	if (!key) {
		memcpy(out, frame, len);
		return len;
	}
	iv = mac_key_iv(&key->mac);
	total = len + iv + mac_key_tail(&key->mac);
	memset(out, 0, total);
	memcpy(out, frame, hdr);
	memcpy(out + hdr + iv, frame + hdr, len - hdr);
	fw_put16(out, fw_get16(out) | FC_PROTECTED);
	mac_encrypt(&key->mac, out, total);
	return total;
}

bool fw_tx_own(struct fw *fw, struct fw_if *ifc, enum fw_tx_kind kind, const uint8_t *frame,
	       size_t len, int freq, uint8_t rate, bool protect)
{
	uint8_t out[FW_FRAME + 32];
	struct air_mpdu m = { .frame = out, .freq = freq, .ac = 3, .n_rates = 1 };
	int id = freq > 3000 ? WSM_RATE_OFDM_6 : 0;
	struct fw_tx *tx;

	if (!freq || len > FW_FRAME - 32)
		return false;
	tx = get_slot(fw, ifc, kind);
	if (!tx)
		return false;
	memcpy(out, frame, len);
	/* null frames are there to say something else */
	if ((fw_get16(frame) & (FC_TYPE | FC_NODATA)) != (FC_DATA | FC_NODATA))
		set_pm_bit(ifc, out);
	if ((fw_get16(frame) & FC_TYPE) != FC_CTL)
		fw_put16(out + 22, (fw->own_seq++ & 0xfff) << 4);
	m.len = len;
	if (protect) {
		uint8_t plain[FW_FRAME + 32];

		memcpy(plain, out, len);
		m.len = make_protected(fw, ifc, plain, len, out);
	}
	if (rate <= WSM_RATE_MAX && !WSM_RATE_HOLE(rate) && rate >= id)
		id = rate;
	note_frame(tx, out);
	tx->tid = 0xff;
	m.no_ack = tx->no_ack;
	fill_rate(fw, ifc, &m.rates[0], id, m.no_ack ? 1 : OWN_TRIES);
	tx->rate_id[0] = id;
	fw->count.tx_internal++;
	submit(fw, tx, &m);
	return true;
}

void fw_tx_null(struct fw *fw, struct fw_if *ifc, enum fw_tx_kind kind, bool pm)
{
	uint8_t frame[24] = { 0 };

	fw_put16(frame, FC_NULL | FC_TODS | (pm ? FC_PM : 0));
	memcpy(frame + 4, ifc->bssid, 6);
	memcpy(frame + 10, fw->mac[ifc->id], 6);
	memcpy(frame + 16, ifc->bssid, 6);
	fw_tx_own(fw, ifc, kind, frame, sizeof(frame), ifc->freq, 0xff, false);
}
