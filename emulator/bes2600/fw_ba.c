// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Block ack sessions are the firmware's: sheet 40 section 5.6.
 */
#include <string.h>

#include "fw.h"

#define ACTION_ADDBA_REQ	0
#define ACTION_ADDBA_RESP	1
#define ACTION_DELBA		2
#define BUFFERS			32
#define STATUS_DECLINED		37
#define ASK_AGAIN_NS		(1000 * MS)

static void action_head(struct fw *fw, struct fw_vif *v, uint8_t *f)
{
	memset(f, 0, 24);
	f[0] = 0xd0;
	memcpy(f + 4, v->bssid, 6);
	memcpy(f + 10, fw->mac, 6);
	memcpy(f + 16, v->bssid, 6);
	f[24] = 3;
}

static uint8_t action_rate(const struct fw_vif *v)
{
	return v->freq > 5000 ? WSM_RATE_OFDM_6 : 0;
}

/* The oldest frame of the TID that is still under way starts the session */
static uint16_t first_seq(const struct fw *fw, uint8_t tid)
{
	const struct fw_tx *oldest = NULL;

	for (int i = 0; i < FW_TX; i++) {
		const struct fw_tx *t = &fw->tx[i];

		if (t->used && t->qos && t->tid == tid && (!oldest || t->air_cookie < oldest->air_cookie))
			oldest = t;
	}
	return oldest ? oldest->seq : 0;
}

void fw_ba_maybe_ask(struct fw *fw, struct fw_vif *v, uint8_t tid)
{
	uint8_t f[24 + 9];

	if (!v->ht || !(v->tx_tids & 1 << tid) || v->ba[tid] == BA_OPEN || v->ba[tid] == BA_REFUSED)
		return;
	if (v->ba[tid] == BA_ASKED && fw->chip->now < v->ba_asked[tid] + ASK_AGAIN_NS)
		return;
	v->ba[tid] = BA_ASKED;
	v->ba_asked[tid] = fw->chip->now;
	action_head(fw, v, f);
	f[25] = ACTION_ADDBA_REQ;
	f[26] = 1 + tid;
	put_le16(f + 27, 1 << 1 | tid << 2 | BUFFERS << 6);
	put_le16(f + 29, 0);
	put_le16(f + 31, first_seq(fw, tid) << 4);
	fw_tx_own(fw, v, f, sizeof(f), action_rate(v));
}

static void ba_answer(struct fw *fw, struct fw_vif *v, const uint8_t *body)
{
	uint8_t f[24 + 9], tid = le16(body + 3) >> 2 & 0xf;
	bool take = tid < FW_TIDS && v->rx_tids & 1 << tid;

	action_head(fw, v, f);
	f[25] = ACTION_ADDBA_RESP;
	f[26] = body[2];
	put_le16(f + 27, take ? 0 : STATUS_DECLINED);
	put_le16(f + 29, 1 << 1 | tid << 2 | BUFFERS << 6);
	put_le16(f + 31, le16(body + 5));
	fw->c.ba_sessions += take;
	fw_tx_own(fw, v, f, sizeof(f), action_rate(v));
}

static void ba_response(struct fw *fw, struct fw_vif *v, const uint8_t *body)
{
	uint8_t tid = le16(body + 5) >> 2 & 0xf;

	if (tid >= FW_TIDS || v->ba[tid] != BA_ASKED)
		return;
	v->ba[tid] = le16(body + 3) ? BA_REFUSED : BA_OPEN;
	fw->c.ba_sessions += v->ba[tid] == BA_OPEN;
}

bool fw_ba_action(struct fw *fw, struct fw_vif *v, const uint8_t *frame, const uint8_t *body, size_t len)
{
	uint8_t tid;

	(void)frame;
	if (len < 2 || body[0] != 3)
		return false;
	if (body[1] == ACTION_ADDBA_REQ && len >= 9) {
		ba_answer(fw, v, body);
	} else if (body[1] == ACTION_ADDBA_RESP && len >= 9) {
		ba_response(fw, v, body);
		return true;
	} else if (body[1] == ACTION_DELBA && len >= 6) {
		tid = le16(body + 2) >> 12;
		/* sent by the recipient: our own session is over */
		if (!(le16(body + 2) & 0x0800) && tid < FW_TIDS)
			v->ba[tid] = BA_NONE;
	}
	return false;
}
