// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames from the chip. The thread makes one skb of each and lists it; after
 * the transfer the lists go to a NAPI poll, which also reports finished TX
 * frames: mac80211 wants the two serialised.
 */
#include <linux/crc32.h>
#include <linux/etherdevice.h>

#include "bes2600.h"
#include "trace.h"

static void bes_rx_drop(struct bes_dev *bes, u32 status)
{
	bes->stats.rx_drops[min_t(u32, status, ARRAY_SIZE(bes->stats.rx_drops) - 1)]++;
	trace_bes_rx_drop(bes, status);
}

/* Bytes that the chip leaves around the body of a decrypted frame, at least */
static size_t bes_rx_overhead(u32 enc)
{
	switch (enc) {
	case WSM_RX_ENC_WEP:
		return 4 + 4;
	case WSM_RX_ENC_TKIP:
		return 8 + 4;
	case WSM_RX_ENC_AES:
		return 8 + 8;
	default:
		return 0;
	}
}

/*
 * Does the Michael MIC still end the body? No flag of the chip tells, but the
 * ICV behind it does: it is the checksum of body and MIC as they were sent, and
 * the chip has found it right.
 */
static bool bes_rx_has_michael(const u8 *frame, size_t len)
{
	size_t at = ieee80211_hdrlen(*(const __le16 *)frame) + 8;

	return len >= at + 8 + 4 &&
	       (crc32_le(~0, frame + at, len - at - 4) ^ ~0) == get_unaligned_le32(frame + len - 4);
}

/* mac80211 cuts off what is left of IV, MIC and ICV, and verifies a MIC that is still there */
static int bes_rx_crypto(u32 enc, const u8 *frame, size_t len, struct ieee80211_rx_status *rs)
{
	if (enc == WSM_RX_ENC_NONE)
		return 0;
	if (len < ieee80211_hdrlen(*(const __le16 *)frame) + bes_rx_overhead(enc))
		return -EINVAL;
	rs->flag |= RX_FLAG_DECRYPTED;
	switch (enc) {
	case WSM_RX_ENC_WEP:
	case WSM_RX_ENC_AES:
		return 0;
	case WSM_RX_ENC_TKIP:
		if (!bes_rx_has_michael(frame, len))
			rs->flag |= RX_FLAG_MMIC_STRIPPED;
		return 0;
	case WSM_RX_ENC_STRIPPED:
		rs->flag |= RX_FLAG_IV_STRIPPED | RX_FLAG_ICV_STRIPPED | RX_FLAG_MIC_STRIPPED |
			    RX_FLAG_MMIC_STRIPPED | RX_FLAG_PN_VALIDATED;
		return 0;
	default:
		return -EINVAL;
	}
}

/**
 * bes_rx_fill_status() - receive header to mac80211's status
 * @ind: receive indication
 * @rs: status, cleared here
 *
 * Return: 0, or -EINVAL for values that mac80211 would choke on.
 */
VISIBLE_IF_KUNIT
int bes_rx_fill_status(const struct wsm_rx_ind *ind, struct ieee80211_rx_status *rs)
{
	u16 channel = le16_to_cpu(ind->channel);

	memset(rs, 0, sizeof(*rs));
	rs->band = channel > 14 ? NL80211_BAND_5GHZ : NL80211_BAND_2GHZ;
	rs->freq = ieee80211_channel_to_frequency(channel, rs->band);
	rs->signal = ind->rcpi / 2 - 110;
	if (!rs->freq)
		return -EINVAL;
	return bes_rate_to_rx(ind->rate, rs->band, rs);
}
EXPORT_SYMBOL_IF_KUNIT(bes_rx_fill_status);

static struct bes_vif *bes_rx_vif(struct bes_dev *bes, u8 if_id)
{
	struct ieee80211_vif *vif;

	/* results of a scan; only one interface exists that could scan */
	if (if_id == WSM_IF_GENERIC)
		if_id = 0;
	if (if_id >= BES_IFS)
		return NULL;
	vif = rcu_dereference(bes->vifs[if_id]);
	return vif ? bes_vif(vif) : NULL;
}

/* The first beacon of the BSS that was joined closes the beacon filter */
static void bes_rx_beacon(struct bes_dev *bes, struct bes_vif *bvif,
			  const struct ieee80211_mgmt *mgmt)
{
	if (READ_ONCE(bvif->beacons_open) && READ_ONCE(bvif->state) != BES_VIF_NONE &&
	    ether_addr_equal(mgmt->bssid, bvif->bssid)) {
		WRITE_ONCE(bvif->beacons_open, false);
		wiphy_work_queue(bes->hw->wiphy, &bvif->filter_work);
	}
}

static bool bes_rx_wanted(struct bes_dev *bes, u8 if_id, const struct wsm_rx_ind *ind, size_t flen)
{
	const struct ieee80211_mgmt *mgmt = (const void *)ind->frame;
	struct bes_vif *bvif;
	bool wanted;

	rcu_read_lock();
	bvif = bes_rx_vif(bes, if_id);
	wanted = bvif;
	if (bvif && flen >= sizeof(struct ieee80211_hdr_3addr)) {
		if (le32_to_cpu(ind->status) == WSM_STATUS_DECRYPT)
			bes_sta_undecryptable(bvif);
		if (ieee80211_is_deauth(mgmt->frame_control) ||
		    ieee80211_is_disassoc(mgmt->frame_control))
			bes_sta_thrown_out(bvif, mgmt, flen);
		if (ieee80211_is_beacon(mgmt->frame_control) ||
		    ieee80211_is_probe_resp(mgmt->frame_control)) {
			/* the chip's mark for a frame it knows to be bogus */
			wanted = ind->rcpi;
			if (wanted && ieee80211_is_beacon(mgmt->frame_control))
				bes_rx_beacon(bes, bvif, mgmt);
		}
	}
	rcu_read_unlock();
	return wanted;
}

static struct sk_buff *bes_rx_skb(const u8 *frame, size_t len)
{
	__le16 fc = *(const __le16 *)frame;
	/* keep the payload of a data frame aligned to four bytes */
	size_t pad = ieee80211_hdrlen(fc) & 3;
	struct sk_buff *skb = alloc_skb(NET_SKB_PAD + pad + len, GFP_KERNEL);

	if (skb) {
		skb_reserve(skb, NET_SKB_PAD + pad);
		skb_put_data(skb, frame, len);
	}
	return skb;
}

/**
 * bes_rx_ind() - a frame from the chip (0x0804)
 * @bes: device
 * @if_id: interface it came on
 * @ind: the message
 * @len: its length, at least the receive header
 *
 * BH thread.
 */
void bes_rx_ind(struct bes_dev *bes, u8 if_id, const struct wsm_rx_ind *ind, size_t len)
{
	u32 status = le32_to_cpu(ind->status), flags = le32_to_cpu(ind->flags);
	struct ieee80211_rx_status rs;
	size_t flen = len - sizeof(*ind);
	struct sk_buff *skb;

	if (flags & WSM_RX_F_TSF && flen >= 8)
		flen -= 8;
	if (!bes_rx_wanted(bes, if_id, ind, flen))
		return;
	if (flen < 16 || flen < ieee80211_hdrlen(*(__le16 *)ind->frame) ||
	    (status && status != WSM_STATUS_MIC) || bes_rx_fill_status(ind, &rs) ||
	    bes_rx_crypto(flags & WSM_RX_F_ENC, ind->frame, flen, &rs)) {
		bes_rx_drop(bes, status);
		return;
	}
	if (status == WSM_STATUS_MIC)
		rs.flag |= RX_FLAG_MMIC_ERROR;
	skb = bes_rx_skb(ind->frame, flen);
	if (!skb) {
		bes_rx_drop(bes, status);
		return;
	}
	rs.boottime_ns = ktime_get_boottime_ns();
	*IEEE80211_SKB_RXCB(skb) = rs;
	__skb_queue_tail(&bes->rx_new, skb);
	bes->stats.rx_frames++;
}

/* What the thread could not hand over directly */
static void bes_rx_take(struct bes_dev *bes)
{
	if (skb_queue_empty_lockless(&bes->rx_list) && skb_queue_empty_lockless(&bes->done_list))
		return;
	spin_lock_bh(&bes->list_lock);
	skb_queue_splice_tail_init(&bes->rx_list, &bes->poll_list);
	skb_queue_splice_tail_init(&bes->done_list, &bes->poll_done);
	spin_unlock_bh(&bes->list_lock);
}
EXPORT_SYMBOL_IF_KUNIT(bes_rx_ind);

static int bes_rx_poll(struct napi_struct *napi, int budget)
{
	struct bes_dev *bes = *(struct bes_dev **)netdev_priv(napi->dev);
	struct sk_buff *skb;
	int n = 0;

	bes_rx_take(bes);
	while ((skb = __skb_dequeue(&bes->poll_done)))
		ieee80211_tx_status_skb(bes->hw, skb);
	while (n < budget && (skb = __skb_dequeue(&bes->poll_list))) {
		ieee80211_rx_napi(bes->hw, NULL, skb, napi);
		n++;
	}
	if (n < budget)
		napi_complete_done(napi, n);
	/* finished frames made room in mac80211's queues */
	if (current != bes->bh)
		bes_bh_wake(bes, BES_BH_TX);
	return n;
}

/**
 * bes_rx_flush() - deliver what was listed
 * @bes: device
 *
 * The poll normally runs right here, when BHs are enabled again.
 */
void bes_rx_flush(struct bes_dev *bes)
{
	KUNIT_STATIC_STUB_REDIRECT(bes_rx_flush, bes);
	if (skb_queue_empty(&bes->rx_new) && skb_queue_empty(&bes->done_new))
		return;
	local_bh_disable();
	if (napi_schedule_prep(&bes->napi)) {
		/* the poll waits for us: nobody else touches its lists */
		bes_rx_take(bes);
		skb_queue_splice_tail_init(&bes->rx_new, &bes->poll_list);
		skb_queue_splice_tail_init(&bes->done_new, &bes->poll_done);
		__napi_schedule(&bes->napi);
	} else {
		spin_lock(&bes->list_lock);
		skb_queue_splice_tail_init(&bes->rx_new, &bes->rx_list);
		skb_queue_splice_tail_init(&bes->done_new, &bes->done_list);
		spin_unlock(&bes->list_lock);
		/* after the lists are filled: the poll comes again and finds them */
		napi_schedule(&bes->napi);
	}
	local_bh_enable();
}
EXPORT_SYMBOL_IF_KUNIT(bes_rx_flush);

/**
 * bes_rx_init() - the NAPI context
 * @bes: device
 *
 * Return: 0 or -ENOMEM.
 */
int bes_rx_init(struct bes_dev *bes)
{
	bes->napi_dev = alloc_netdev_dummy(sizeof(bes));
	if (!bes->napi_dev)
		return -ENOMEM;
	*(struct bes_dev **)netdev_priv(bes->napi_dev) = bes;
	netif_napi_add(bes->napi_dev, &bes->napi, bes_rx_poll);
	napi_enable(&bes->napi);
	return 0;
}

/**
 * bes_rx_exit() - undo bes_rx_init()
 * @bes: device
 */
void bes_rx_exit(struct bes_dev *bes)
{
	napi_disable(&bes->napi);
	netif_napi_del(&bes->napi);
	free_netdev(bes->napi_dev);
	__skb_queue_purge(&bes->rx_new);
	__skb_queue_purge(&bes->rx_list);
	__skb_queue_purge(&bes->poll_list);
	ieee80211_purge_tx_queue(bes->hw, &bes->done_new);
	ieee80211_purge_tx_queue(bes->hw, &bes->done_list);
	ieee80211_purge_tx_queue(bes->hw, &bes->poll_done);
}
