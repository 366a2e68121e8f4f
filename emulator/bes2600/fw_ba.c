// SPDX-License-Identifier: GPL-2.0-or-later
/* Block ack sessions: negotiated by the firmware alone, told to the host where it must reorder. */
#include <string.h>

#include "fw.h"

#define CATEGORY	3
#define ADDBA_REQUEST	0
#define ADDBA_RESPONSE	1
#define DELBA		2
#define DECLINED	37
#define BUFFER		64
#define ANSWER_NS	(1000 * MS)
#define AGAIN_NS	(30000 * MS)
#define TRIES		3

static struct fw_session *find(struct fw *fw, int if_id, const uint8_t *peer, int tid, bool rx)
{
	int i;

	for (i = 0; i < fw->n_sessions; i++) {
		struct fw_session *s = &fw->session[i];

		if (s->used && s->if_id == if_id && s->tid == tid && s->rx == rx &&
		    !memcmp(s->peer, peer, 6))
			return s;
	}
	return NULL;
}

static struct fw_session *get(struct fw *fw, int if_id, const uint8_t *peer, int tid, bool rx)
{
	struct fw_session *s = find(fw, if_id, peer, tid, rx);
	int i;

	for (i = 0; !s && i < FW_SESSIONS; i++)
		if (!fw->session[i].used)
			s = &fw->session[i];
	if (!s || s->used)
		return s;
	memset(s, 0, sizeof(*s));
	s->used = true;
	s->rx = rx;
	s->if_id = if_id;
	s->tid = tid;
	memcpy(s->peer, peer, 6);
	if (s - fw->session >= fw->n_sessions)
		fw->n_sessions = s - fw->session + 1;
	return s;
}

void fw_ba_reset(struct fw *fw, int if_id)
{
	int i;

	for (i = 0; i < fw->n_sessions; i++)
		if (fw->session[i].if_id == if_id)
			fw->session[i].used = false;
}

static void send_action(struct fw *fw, struct fw_if *ifc, const uint8_t *peer, const uint8_t *body,
			size_t len)
{
	uint8_t frame[24 + 16] = { 0 };

	fw_put16(frame, FC_ACTION);
	memcpy(frame + 4, peer, 6);
	memcpy(frame + 10, fw->mac[ifc->id], 6);
	memcpy(frame + 16, ifc->role == FW_AP ? fw->mac[ifc->id] : ifc->bssid, 6);
	memcpy(frame + 24, body, len);
	/* robust action frames are protected where management frames are at all */
	fw_tx_own(fw, ifc, FW_TX_OTHER, frame, 24 + len, ifc->freq, 0xff,
		  fw_igtk(fw, ifc->id, -1) != NULL);
}

/* ---- our side sends ---- */

bool fw_ba_tx_active(struct fw *fw, struct fw_if *ifc, const uint8_t *ra, uint8_t tid)
{
	struct fw_session *s = find(fw, ifc->id, ra, tid, false);

	return s && s->state == FW_BA_ACTIVE;
}

static void ask(struct fw *fw, struct fw_if *ifc, struct fw_session *s, uint16_t seq)
{
	uint8_t body[9] = { CATEGORY, ADDBA_REQUEST };

	s->state = FW_BA_ASKED;
	s->since = fw->chip->now;
	s->dialog = body[2] = ++fw->dialog;
	s->tries++;
	s->start = fw_tx_first_seq(fw, s->peer, s->tid, seq);
	fw_put16(body + 3, 1 << 1 | s->tid << 2 | BUFFER << 6);
	fw_put16(body + 7, s->start << 4);
	send_action(fw, ifc, s->peer, body, sizeof(body));
}

void fw_ba_tx_frame(struct fw *fw, struct fw_if *ifc, const uint8_t *ra, uint8_t tid, uint16_t seq)
{
	struct fw_session *s;

	if (ifc->role != FW_STA || !ifc->aid || !ifc->assoc_ht || !ifc->ht_rates ||
	    !(ifc->ba.tx_tids >> tid & 1) || memcmp(ra, ifc->bssid, 6))
		return;
	s = get(fw, ifc->id, ra, tid, false);
	if (!s)
		return;
	s->last = seq;
	if (s->state == FW_BA_ACTIVE)
		return;
	if (s->state != FW_BA_NONE &&
	    fw->chip->now < s->since + (s->state == FW_BA_REFUSED ? AGAIN_NS : ANSWER_NS))
		return;
	if (s->tries == TRIES) {
		s->state = FW_BA_REFUSED;
		s->since = fw->chip->now;
		s->tries = 0;
		return;
	}
	ask(fw, ifc, s, seq);
}

/* Moves the receiver's window on to the first frame that is still to come */
static void send_bar(struct fw *fw, struct fw_if *ifc, const uint8_t *ra, uint8_t tid, uint16_t next)
{
	uint8_t bar[20] = { 0 };

	fw_put16(bar, FC_BAR);
	memcpy(bar + 4, ra, 6);
	memcpy(bar + 10, fw->mac[ifc->id], 6);
	fw_put16(bar + 16, 0x0004 | tid << 12);
	fw_put16(bar + 18, next << 4);
	fw_tx_own(fw, ifc, FW_TX_OTHER, bar, sizeof(bar), ifc->freq, 0xff, false);
}

/* The receiver would wait for the lost frame */
void fw_ba_tx_lost(struct fw *fw, struct fw_if *ifc, const struct fw_tx *tx)
{
	if (fw_ba_tx_active(fw, ifc, tx->ra, tx->tid))
		send_bar(fw, ifc, tx->ra, tx->tid,
			 fw_tx_first_seq(fw, tx->ra, tx->tid, (tx->seq + 1) & 0xfff));
}

/* Nor does it know of frames that came after it was asked and before it agreed */
static void skip_delivered(struct fw *fw, struct fw_if *ifc, const struct fw_session *s)
{
	uint16_t next = fw_tx_first_seq(fw, s->peer, s->tid, (s->last + 1) & 0xfff);

	if (next != s->start)
		send_bar(fw, ifc, s->peer, s->tid, next);
}

static void on_response(struct fw *fw, struct fw_if *ifc, const uint8_t *peer, const uint8_t *body)
{
	uint16_t status = fw_get16(body + 3), params = fw_get16(body + 5);
	struct fw_session *s = find(fw, ifc->id, peer, params >> 2 & 0xf, false);

	if (!s || s->state != FW_BA_ASKED || s->dialog != body[2])
		return;
	s->since = fw->chip->now;
	if (status) {
		s->state = FW_BA_REFUSED;
		fw->count.ba_refused++;
		return;
	}
	s->state = FW_BA_ACTIVE;
	s->tries = 0;
	fw->count.ba_sessions++;
	skip_delivered(fw, ifc, s);
}

/* ---- the peer sends ---- */

static void on_request(struct fw *fw, struct fw_if *ifc, const uint8_t *peer, const uint8_t *body)
{
	uint16_t params = fw_get16(body + 3), buffer = params >> 6;
	int tid = params >> 2 & 0xf;
	bool take = tid < 8 && ifc->ba.rx_tids >> tid & 1 && params & 2;
	uint8_t answer[9] = { CATEGORY, ADDBA_RESPONSE, body[2] };
	struct fw_session *s;

	if (!buffer || buffer > BUFFER)
		buffer = BUFFER;
	fw_put16(answer + 3, take ? 0 : DECLINED);
	fw_put16(answer + 5, (params & 0x3e) | buffer << 6);
	fw_put16(answer + 7, fw_get16(body + 5));
	if (take) {
		s = get(fw, ifc->id, peer, tid, true);
		if (s)
			s->state = FW_BA_ACTIVE;
		fw->count.ba_sessions++;
	} else {
		fw->count.ba_refused++;
	}
	send_action(fw, ifc, peer, answer, sizeof(answer));
}

static void on_delba(struct fw *fw, struct fw_if *ifc, const uint8_t *peer, const uint8_t *body)
{
	uint16_t params = fw_get16(body + 2);
	bool by_originator = params & 1 << 11;
	struct fw_session *s = find(fw, ifc->id, peer, params >> 12, by_originator);

	if (!s)
		return;
	/* a session of ours that the peer ended is not asked for again at once */
	s->state = by_originator ? FW_BA_NONE : FW_BA_REFUSED;
	s->since = fw->chip->now;
}

bool fw_ba_action(struct fw *fw, struct fw_if *ifc, const uint8_t *frame, const uint8_t *body,
		  size_t len)
{
	const uint8_t *peer = frame + 10;

	/* with protected management frames a bare one is anybody's */
	if (fw_igtk(fw, ifc->id, -1) && !(fw_get16(frame) & FC_PROTECTED))
		return true;
	switch (body[1]) {
	case ADDBA_REQUEST:
		if (len >= 9)
			on_request(fw, ifc, peer, body);
		return true;
	case ADDBA_RESPONSE:
		if (len >= 9)
			on_response(fw, ifc, peer, body);
		return false;
	case DELBA:
		if (len >= 6)
			on_delba(fw, ifc, peer, body);
		return true;
	}
	return true;
}
