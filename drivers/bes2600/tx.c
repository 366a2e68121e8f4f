// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames to the chip. Data waits in mac80211's TXQs until there is a credit;
 * management frames wait in one list. The thread pulls, builds the message in
 * the transfer buffer and remembers the skb under a cookie.
 */
#include "bes2600.h"

/* Pulled per round, so that a burst can be filled */
#define BES_TX_READY	BES_BURST_MSGS
#define BES_COOKIE_INDEX	(BES_COOKIES - 1)

static struct bes_tx_cb *bes_tx_cb(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct bes_tx_cb) > IEEE80211_TX_INFO_DRIVER_DATA_SIZE);
	return (struct bes_tx_cb *)IEEE80211_SKB_CB(skb)->driver_data;
}

/* Room that the chip fills after the frame: MIC, ICV */
static u8 bes_tx_tail(const struct ieee80211_key_conf *key)
{
	if (!key)
		return 0;
	switch (key->cipher) {
	case WLAN_CIPHER_SUITE_WEP40:
	case WLAN_CIPHER_SUITE_WEP104:
		return 4;
	case WLAN_CIPHER_SUITE_TKIP:
		return 12;
	case WLAN_CIPHER_SUITE_CCMP:
		return 8;
	default:
		return 0;
	}
}

/* While mac80211's control block is still valid: key and rates go away with it */
static void bes_tx_prepare(struct bes_dev *bes, struct sk_buff *skb)
{
	static const u8 queue[] = { WSM_QUEUE_VO, WSM_QUEUE_VI, WSM_QUEUE_BE, WSM_QUEUE_BK };
	struct ieee80211_tx_info *info = IEEE80211_SKB_CB(skb);
	const struct ieee80211_hdr *hdr = (const void *)skb->data;
	struct bes_tx_cb cb = {};

	cb.if_id = bes_vif(info->control.vif)->id;
	cb.queue = queue[skb_get_queue_mapping(skb) & 3];
	cb.rate_flags = info->control.rates[0].flags;
	bes_rate_select(bes, skb, &cb.max_rate, &cb.policy);
	if (ieee80211_has_protected(hdr->frame_control) && info->control.hw_key) {
		cb.tail = bes_tx_tail(info->control.hw_key);
		cb.iv = info->control.hw_key->iv_len;
	}
	*bes_tx_cb(skb) = cb;
}

static bool bes_tx_is_block_ack(const struct sk_buff *skb)
{
	const struct ieee80211_mgmt *mgmt = (const void *)skb->data;
	size_t at = offsetof(struct ieee80211_mgmt, u.action.category);

	if (!ieee80211_is_action(mgmt->frame_control) ||
	    ieee80211_has_protected(mgmt->frame_control))
		return false;
	return skb->len > at && mgmt->u.action.category == WLAN_CATEGORY_BACK;
}

/* Protected action frames: the category follows the room for the IV */
static bool bes_tx_is_protected_block_ack(const struct sk_buff *skb, u8 iv)
{
	const struct ieee80211_hdr *hdr = (const void *)skb->data;
	size_t at = ieee80211_hdrlen(hdr->frame_control) + iv;

	return ieee80211_is_action(hdr->frame_control) &&
	       ieee80211_has_protected(hdr->frame_control) &&
	       skb->len > at && skb->data[at] == WLAN_CATEGORY_BACK;
}

static void bes_tx_pending(struct bes_dev *bes, int n)
{
	if (!atomic_add_return(n, &bes->tx_pending))
		wake_up(&bes->flush_wait);
}

/**
 * bes_op_tx() - frames that have no TXQ: management
 * @hw: hardware
 * @control: unused
 * @skb: frame
 */
void bes_op_tx(struct ieee80211_hw *hw, struct ieee80211_tx_control *control, struct sk_buff *skb)
{
	struct bes_dev *bes = hw->priv;

	bes_tx_prepare(bes, skb);
	/* the chip negotiates block ack by itself */
	if (READ_ONCE(bes->state) != BES_STATE_RUNNING || bes_tx_is_block_ack(skb) ||
	    bes_tx_is_protected_block_ack(skb, bes_tx_cb(skb)->iv)) {
		ieee80211_free_txskb(hw, skb);
		return;
	}
	bes_tx_pending(bes, 1);
	spin_lock_bh(&bes->list_lock);
	__skb_queue_tail(&bes->mgmt_list, skb);
	spin_unlock_bh(&bes->list_lock);
	bes_bh_wake(bes, BES_BH_TX);
}
EXPORT_SYMBOL_IF_KUNIT(bes_op_tx);

/**
 * bes_tx_probe() - send a null frame of our own
 * @bes: device
 * @skb: frame, owned by this call
 *
 * bvif->probe_acked tells later whether the AP acknowledged it.
 */
void bes_tx_probe(struct bes_dev *bes, struct sk_buff *skb)
{
	struct ieee80211_tx_info *info = IEEE80211_SKB_CB(skb);

	/* rate control is not asked: lowest rate */
	info->control.rates[0].idx = 0;
	info->control.rates[0].flags = 0;
	bes_tx_prepare(bes, skb);
	bes_tx_cb(skb)->probe = true;
	bes_tx_pending(bes, 1);
	spin_lock_bh(&bes->list_lock);
	__skb_queue_tail(&bes->mgmt_list, skb);
	spin_unlock_bh(&bes->list_lock);
	bes_bh_wake(bes, BES_BH_TX);
}
EXPORT_SYMBOL_IF_KUNIT(bes_tx_probe);

/**
 * bes_op_wake_tx_queue() - a TXQ has frames
 * @hw: hardware
 * @txq: the TXQ, found again by the thread
 */
void bes_op_wake_tx_queue(struct ieee80211_hw *hw, struct ieee80211_txq *txq)
{
	bes_bh_wake(hw->priv, BES_BH_TX);
}

static int bes_tx_pull_txq(struct bes_dev *bes, struct ieee80211_txq *txq, int room)
{
	struct sk_buff *skb;
	int n = 0;

	while (n < room) {
		skb = ieee80211_tx_dequeue(bes->hw, txq);
		if (!skb)
			break;
		bes_tx_prepare(bes, skb);
		bes_tx_pending(bes, 1);
		__skb_queue_tail(&bes->ready, skb);
		n++;
	}
	return n;
}

/* One round over the TXQs, in mac80211's order, voice first */
static void bes_tx_pull(struct bes_dev *bes)
{
	struct ieee80211_hw *hw = bes->hw;
	struct ieee80211_txq *txq;
	int ac, room = BES_TX_READY;

	rcu_read_lock();
	local_bh_disable();
	for (ac = 0; ac < IEEE80211_NUM_ACS && room > 0; ac++) {
		ieee80211_txq_schedule_start(hw, ac);
		while (room > 0 && (txq = ieee80211_next_txq(hw, ac))) {
			room -= bes_tx_pull_txq(bes, txq, room);
			ieee80211_return_txq(hw, txq, false);
		}
		ieee80211_txq_schedule_end(hw, ac);
	}
	local_bh_enable();
	rcu_read_unlock();
}

static size_t bes_tx_len(struct sk_buff *skb)
{
	return sizeof(struct wsm_tx_req) + skb->len + bes_tx_cb(skb)->tail;
}

/* Reported by the NAPI poll, so that it never runs beside RX */
static void bes_tx_done(struct bes_dev *bes, struct sk_buff *skb)
{
	__skb_queue_tail(&bes->done_new, skb);
	bes_tx_pending(bes, -1);
}

static void bes_tx_probe_done(struct bes_dev *bes, const struct bes_tx_cb *cb, bool acked)
{
	struct ieee80211_vif *vif;

	rcu_read_lock();
	vif = rcu_dereference(bes->vifs[cb->if_id]);
	if (vif)
		WRITE_ONCE(bes_vif(vif)->probe_acked, acked);
	rcu_read_unlock();
}

static void bes_tx_report(struct bes_dev *bes, struct sk_buff *skb, int attempts, bool acked,
			  bool filtered)
{
	struct ieee80211_tx_info *info = IEEE80211_SKB_CB(skb);
	struct bes_tx_cb cb = *bes_tx_cb(skb);
	bool no_ack = info->flags & IEEE80211_TX_CTL_NO_ACK;
	size_t hdrlen;

	/* mac80211 gets the frame as it gave it, without room for the IV */
	if (cb.iv) {
		hdrlen = ieee80211_hdrlen(((struct ieee80211_hdr *)skb->data)->frame_control);
		memmove(skb->data + cb.iv, skb->data, hdrlen);
		skb_pull(skb, cb.iv);
	}
	if (cb.probe) {
		bes_tx_probe_done(bes, &cb, acked);
		dev_kfree_skb(skb);
		bes_tx_pending(bes, -1);
		return;
	}
	ieee80211_tx_info_clear_status(info);
	bes_rate_fill_status(info, &cb, attempts);
	if (filtered)
		info->flags |= IEEE80211_TX_STAT_TX_FILTERED;
	else if (acked)
		info->flags |= no_ack ? IEEE80211_TX_STAT_NOACK_TRANSMITTED :
					IEEE80211_TX_STAT_ACK;
	bes_tx_done(bes, skb);
}

/* A frame that the chip could not send now would only come back as failed */
static bool bes_tx_sendable(struct bes_dev *bes, struct sk_buff *skb)
{
	struct bes_tx_cb *cb = bes_tx_cb(skb);
	struct ieee80211_vif *vif;
	bool ok = false;

	rcu_read_lock();
	vif = rcu_dereference(bes->vifs[cb->if_id]);
	if (vif)
		ok = READ_ONCE(bes_vif(vif)->state) != BES_VIF_NONE;
	rcu_read_unlock();
	return ok && bes_tx_len(skb) <= BES_MSG_MAX;
}

static struct sk_buff *bes_tx_next_mgmt(struct bes_dev *bes)
{
	struct sk_buff *skb;

	/* whoever adds one wakes the thread afterwards */
	if (skb_queue_empty_lockless(&bes->mgmt_list))
		return NULL;
	spin_lock_bh(&bes->list_lock);
	skb = __skb_dequeue(&bes->mgmt_list);
	spin_unlock_bh(&bes->list_lock);
	return skb;
}

static struct sk_buff *bes_tx_next(struct bes_dev *bes)
{
	struct sk_buff *skb = bes_tx_next_mgmt(bes);

	if (skb)
		return skb;
	if (skb_queue_empty(&bes->ready))
		bes_tx_pull(bes);
	return __skb_dequeue(&bes->ready);
}

/**
 * bes_tx_peek() - is there a frame to send
 * @bes: device
 *
 * The frame stays as bes->tx_head until bes_tx_emit(). BH thread.
 *
 * Return: length of its message, 0 if there is none.
 */
size_t bes_tx_peek(struct bes_dev *bes)
{
	if (READ_ONCE(bes->tx_stopped))
		return 0;
	while (!bes->tx_head) {
		bes->tx_head = bes_tx_next(bes);
		if (!bes->tx_head)
			return 0;
		if (bes_tx_sendable(bes, bes->tx_head))
			break;
		bes_tx_report(bes, bes->tx_head, 0, false, false);
		bes->tx_head = NULL;
	}
	return bes_tx_len(bes->tx_head);
}

/*
 * A chip that confirms what it was not given returns credits, but no places.
 * When none is left, the oldest frame was never confirmed: it makes room.
 */
static u32 bes_tx_place(struct bes_dev *bes)
{
	u32 i, n;

	for (n = 0; n < BES_COOKIES; n++) {
		i = bes->cookie_next++ & BES_COOKIE_INDEX;
		if (!bes->cookies[i].skb)
			return i;
	}
	i = bes->cookie_next++ & BES_COOKIE_INDEX;
	bes_tx_report(bes, bes->cookies[i].skb, 0, false, false);
	return i;
}

static u32 bes_tx_cookie(struct bes_dev *bes, struct sk_buff *skb)
{
	u32 i = bes_tx_place(bes);

	bes->cookies[i].skb = skb;
	bes->cookies[i].generation = (bes->cookies[i].generation + 1) & 0xffffff;
	return bes->cookies[i].generation << 8 | i;
}

/* For whoever wonders later why the AP is cross with us */
static void bes_tx_remember(struct bes_dev *bes, __le16 fc)
{
	if (!ieee80211_is_mgmt(fc) && !ieee80211_is_nullfunc(fc))
		return;
	memmove(bes->sent + 1, bes->sent, sizeof(bes->sent) - sizeof(bes->sent[0]));
	bes->sent[0].fc = fc;
	bes->sent[0].at = jiffies ?: 1;
}

/**
 * bes_tx_emit() - write the message of the frame that was peeked
 * @bes: device
 * @buf: place in the transfer buffer
 * @len: what bes_tx_peek() returned
 *
 * BH thread.
 */
void bes_tx_emit(struct bes_dev *bes, void *buf, size_t len)
{
	struct sk_buff *skb = bes->tx_head;
	struct bes_tx_cb *cb = bes_tx_cb(skb);
	struct wsm_tx_req *req = buf;
	size_t hdrlen;

	bes->tx_head = NULL;
	memset(req, 0, sizeof(*req));
	req->hdr.len = cpu_to_le16(len);
	req->hdr.id = cpu_to_le16(WSM_REQ_TX | cb->if_id << WSM_ID_IF_SHIFT);
	req->cookie = cpu_to_le32(bes_tx_cookie(bes, skb));
	req->max_rate = cb->max_rate;
	req->queue = cb->queue;
	req->flags = cb->policy << WSM_TX_F_POLICY_SHIFT;
	req->ht = cpu_to_le32(cb->max_rate >= WSM_RATE_HT_0 ? WSM_TX_HT_MIXED : WSM_TX_HT_NONE);
	skb_copy_bits(skb, 0, req->frame, skb->len);
	bes_tx_remember(bes, ((struct ieee80211_hdr *)skb->data)->frame_control);
	if (cb->iv) {
		hdrlen = ieee80211_hdrlen(((struct ieee80211_hdr *)skb->data)->frame_control);
		memset(req->frame + hdrlen, 0, cb->iv);
	}
	memset(req->frame + skb->len, 0, cb->tail);
}

/**
 * bes_tx_status() - the chip is done with a frame
 * @bes: device
 * @s: what became of it
 *
 * BH thread.
 *
 * Return: false if nobody waits for it.
 */
bool bes_tx_status(struct bes_dev *bes, const struct wsm_tx_status *s)
{
	u32 cookie = le32_to_cpu(s->cookie), status = le32_to_cpu(s->status);
	u32 i = cookie & 0xff;
	struct sk_buff *skb;
	bool filtered;

	if (i >= BES_COOKIES || !bes->cookies[i].skb || bes->cookies[i].generation != cookie >> 8) {
		bes->stats.stale_cookies++;
		return false;
	}
	skb = bes->cookies[i].skb;
	bes->cookies[i].skb = NULL;
	filtered = status == WSM_STATUS_REQUEUE && le16_to_cpu(s->flags) & WSM_TXS_REQUEUE;
	bes_tx_report(bes, skb, s->ack_failures + (status == WSM_STATUS_OK),
		      status == WSM_STATUS_OK, filtered);
	return true;
}
EXPORT_SYMBOL_IF_KUNIT(bes_tx_status);

/**
 * bes_tx_fail_all() - nothing that was queued or sent will be confirmed
 * @bes: device, thread parked
 */
void bes_tx_fail_all(struct bes_dev *bes)
{
	struct sk_buff *skb;
	int i;

	for (i = 0; i < BES_COOKIES; i++) {
		skb = bes->cookies[i].skb;
		bes->cookies[i].skb = NULL;
		if (skb)
			bes_tx_report(bes, skb, 0, false, false);
	}
	if (bes->tx_head)
		bes_tx_report(bes, bes->tx_head, 0, false, false);
	bes->tx_head = NULL;
	while ((skb = __skb_dequeue(&bes->ready)))
		bes_tx_report(bes, skb, 0, false, false);
	while ((skb = bes_tx_next_mgmt(bes)))
		bes_tx_report(bes, skb, 0, false, false);
}
EXPORT_SYMBOL_IF_KUNIT(bes_tx_fail_all);

/**
 * bes_tx_stop() - hold frames back, or let them go again
 * @bes: device
 * @stop: hold
 */
void bes_tx_stop(struct bes_dev *bes, bool stop)
{
	WRITE_ONCE(bes->tx_stopped, stop);
	if (!stop)
		bes_bh_wake(bes, BES_BH_TX);
}
