// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames to the chip: from .tx to the bytes of a burst, and from a confirm to
 * what mac80211 is told.
 */
#include "test.h"

struct bes_tt_frame {
	__le16 fc;
	size_t len;
	u16 ac;
	u32 cipher;	/* 0: not protected */
	u8 iv_len;
	u32 flags;
};

/* QoS data to 0a:0b:0c:0d:0e:0f, CCMP, with room for the IV, MCS 7 */
static const u8 bes_tt_golden_frame[] = {
	0x88, 0x41, 0x00, 0x00, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x02, 0x00,
	0x00, 0xbe, 0x57, 0x01, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0x10, 0x00,
	0x00, 0x00, 0xe1, 0xe1, 0xe1, 0xe1, 0xe1, 0xe1, 0xe1, 0xe1, 0xaa, 0xaa,
	0x03, 0x00, 0x00, 0x00, 0x08, 0x00, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a,
	0x4b, 0x4c,
};

static struct ieee80211_key_conf *bes_tt_key(struct kunit *test, u32 cipher, u8 iv_len)
{
	struct ieee80211_key_conf *key = kunit_kzalloc(test, sizeof(*key) + 32, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, key);
	key->cipher = cipher;
	key->iv_len = iv_len;
	return key;
}

static struct sk_buff *bes_tt_skb(struct kunit *test, const struct bes_tt_frame *f)
{
	struct bes_test *t = test->priv;
	struct sk_buff *skb = alloc_skb(f->len, GFP_KERNEL);
	struct ieee80211_tx_info *info;
	size_t i;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	for (i = 0; i < f->len; i++)
		skb_put_u8(skb, i);
	memcpy(skb->data, &f->fc, 2);
	skb_set_queue_mapping(skb, f->ac);
	info = IEEE80211_SKB_CB(skb);
	memset(info, 0, sizeof(*info));
	info->flags = f->flags;
	info->control.vif = t->vif;
	info->control.rates[0].idx = 7;
	info->control.rates[0].flags = IEEE80211_TX_RC_MCS;
	if (f->cipher)
		info->control.hw_key = bes_tt_key(test, f->cipher, f->iv_len);
	return skb;
}

static void bes_tt_queue(struct kunit *test, const struct bes_tt_frame *f)
{
	struct bes_dev *bes = bes_test_dev(test);

	bes_op_tx(bes->hw, NULL, bes_tt_skb(test, f));
}

/* Plain data of that length, frame only */
static void bes_tt_queue_plain(struct kunit *test, size_t len)
{
	struct bes_tt_frame f = { .fc = cpu_to_le16(IEEE80211_FTYPE_DATA), .len = len };

	bes_tt_queue(test, &f);
}

static const struct wsm_tx_req *bes_tt_sent(struct kunit *test, size_t at)
{
	struct bes_test *t = test->priv;

	return (void *)(t->out + at);
}

static void bes_tt_confirm(struct kunit *test, __le32 cookie, u32 status, u8 failures, u16 flags)
{
	struct wsm_tx_status s = {
		.cookie = cookie, .status = cpu_to_le32(status),
		.ack_failures = failures, .flags = cpu_to_le16(flags),
	};

	bes_tx_status(bes_test_dev(test), &s);
}

/* Sends one and gives its cookie */
static __le32 bes_tt_send(struct kunit *test, u32 flags)
{
	struct bes_tt_frame f = {
		.fc = cpu_to_le16(IEEE80211_FTYPE_DATA), .len = 60, .flags = flags,
	};

	bes_tt_queue(test, &f);
	KUNIT_EXPECT_TRUE(test, bes_bh_send_data(bes_test_dev(test)));
	return bes_tt_sent(test, 0)->cookie;
}

static void bes_tx_golden_write(struct kunit *test)
{
	static const u8 want[] = {
		0x52, 0x00, 0x04, 0xa0, 0x00, 0x01, 0x00, 0x00, 0x15, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00,
		0x88, 0x41, 0x00, 0x00, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x02, 0x00,
		0x00, 0xbe, 0x57, 0x01, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0x10, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xaa, 0xaa,
		0x03, 0x00, 0x00, 0x00, 0x08, 0x00, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a,
		0x4b, 0x4c, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	};
	struct bes_tt_frame f = {
		.fc = cpu_to_le16(0x4188), .len = sizeof(bes_tt_golden_frame), .ac = 2,
		.cipher = WLAN_CIPHER_SUITE_CCMP, .iv_len = 8,
	};
	struct bes_dev *bes = bes_test_dev(test);
	struct sk_buff *skb = bes_tt_skb(test, &f);

	memcpy(skb->data, bes_tt_golden_frame, sizeof(bes_tt_golden_frame));
	bes->tx_seq[0] = 5;
	bes_op_tx(bes->hw, NULL, skb);
	KUNIT_EXPECT_TRUE(test, bes_bh_send_data(bes));
	bes_test_wrote(test, want, sizeof(want), 512, 0, false);
	KUNIT_EXPECT_EQ(test, bes->outstanding, 1);
	KUNIT_EXPECT_FALSE(test, bes_bh_send_data(bes));
}

/* mac80211 gets its frame back, without room for the IV */
static void bes_tx_golden(struct kunit *test)
{
	static const u8 cnf[] = {
		0x18, 0x00, 0x04, 0x44, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x15, 0x00, 0x00, 0x00, 0x08, 0x07, 0x00, 0x00, 0x5e, 0x01, 0x00, 0x00,
	};
	struct bes_dev *bes = bes_test_dev(test);
	struct ieee80211_tx_info *info;
	struct sk_buff *skb;

	bes_tx_golden_write(test);
	bes_test_rx_seq(test, 2);
	bes_dispatch(bes, cnf, sizeof(cnf));
	KUNIT_EXPECT_EQ(test, bes->outstanding, 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&bes->tx_pending), 0);
	skb = bes_test_finished(bes);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_EXPECT_EQ(test, skb->len, 42);
	KUNIT_EXPECT_MEMEQ(test, skb->data, bes_tt_golden_frame, 26);
	KUNIT_EXPECT_MEMEQ(test, skb->data + 26, bes_tt_golden_frame + 34, 16);
	info = IEEE80211_SKB_CB(skb);
	KUNIT_EXPECT_EQ(test, info->flags, IEEE80211_TX_STAT_ACK);
	KUNIT_EXPECT_EQ(test, (int)info->status.rates[0].idx, 7);
	KUNIT_EXPECT_EQ(test, (int)info->status.rates[0].count, 1);
	KUNIT_EXPECT_EQ(test, (int)info->status.rates[0].flags, IEEE80211_TX_RC_MCS);
	KUNIT_EXPECT_EQ(test, (int)info->status.rates[1].idx, -1);
	kfree_skb(skb);
}

/* Two frames in one confirm, the second with a retry */
static void bes_tx_multi(struct kunit *test)
{
	static const u8 cnf[] = {
		0x30, 0x00, 0x1e, 0x64, 0x02, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x15, 0x00, 0x0d, 0x00, 0x08, 0x07, 0x00, 0x00,
		0x5e, 0x01, 0x00, 0x00, 0x01, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x15, 0x01, 0x0d, 0x00, 0x34, 0x08, 0x00, 0x00, 0x68, 0x01, 0x00, 0x00,
	};
	struct bes_dev *bes = bes_test_dev(test);
	struct sk_buff *skb;
	int i;

	bes_tt_queue_plain(test, 60);
	bes_tt_queue_plain(test, 61);
	KUNIT_EXPECT_TRUE(test, bes_bh_send_data(bes));
	bes_test_rx_seq(test, 3);
	bes_dispatch(bes, cnf, sizeof(cnf));
	KUNIT_EXPECT_EQ(test, bes->outstanding, 0);
	for (i = 0; i < 2; i++) {
		skb = bes_test_finished(bes);
		KUNIT_ASSERT_NOT_NULL(test, skb);
		KUNIT_EXPECT_EQ(test, skb->len, 60 + i);
		KUNIT_EXPECT_EQ(test, (int)IEEE80211_SKB_CB(skb)->status.rates[0].count, 1 + i);
		kfree_skb(skb);
	}
}

/* ---- fates ---- */

static const struct bes_tx_fate {
	const char *name;
	u32 ctl;	/* flags from mac80211 */
	u32 status;
	u8 failures;
	u16 flags;
	u32 stat;	/* flags to mac80211, its own left out */
	u8 tries;
} bes_tx_fates[] = {
	{ "sent", 0, 0, 0, 0, IEEE80211_TX_STAT_ACK, 1 },
	{ "sent after two failures", 0, 0, 2, 0, IEEE80211_TX_STAT_ACK, 3 },
	{ "no ack wanted", IEEE80211_TX_CTL_NO_ACK, 0, 0, 0,
	  IEEE80211_TX_STAT_NOACK_TRANSMITTED, 1 },
	{ "retry limit", 0, 6, 2, 0, 0, 2 },
	{ "lifetime", 0, 7, 0, 0, 0, 0 },
	{ "link lost", 0, 8, 0, 0, 0, 0 },
	{ "requeue", 0, 11, 0, 2, IEEE80211_TX_STAT_TX_FILTERED, 0 },
	{ "requeue without its flag", 0, 11, 0, 0, 0, 0 },
	{ "the flag without requeue", 0, 6, 1, 2, 0, 1 },
	{ "unknown status", 0, 0xffffffff, 1, 0, 0, 1 },
};

KUNIT_ARRAY_PARAM_DESC(bes_tx_fate, bes_tx_fates, name);

static void bes_tx_reported(struct kunit *test)
{
	const struct bes_tx_fate *c = test->param_value;
	struct ieee80211_tx_info *info;
	struct sk_buff *skb;

	bes_tt_confirm(test, bes_tt_send(test, c->ctl), c->status, c->failures, c->flags);
	skb = bes_test_finished(bes_test_dev(test));
	KUNIT_ASSERT_NOT_NULL(test, skb);
	info = IEEE80211_SKB_CB(skb);
	KUNIT_EXPECT_EQ(test, info->flags & ~c->ctl, c->stat);
	KUNIT_EXPECT_EQ(test, (int)info->status.rates[0].count, c->tries);
	KUNIT_EXPECT_EQ(test, (int)info->status.rates[0].idx, c->tries ? 7 : -1);
	kfree_skb(skb);
}

/* Cookies that name no frame: never given, used up, of an older frame */
static void bes_tx_stale(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);
	__le32 cookie = bes_tt_send(test, 0);
	u32 i;

	for (i = 0; i < 256; i++)
		if (i != (le32_to_cpu(cookie) & 0xff))
			bes_tt_confirm(test, cpu_to_le32(0x100 | i), 0, 0, 0);
	bes_tt_confirm(test, cookie ^ cpu_to_le32(0x80000000), 0, 0, 0);
	bes_tt_confirm(test, cookie ^ cpu_to_le32(0x00000100), 0, 0, 0);
	KUNIT_EXPECT_EQ(test, bes->stats.stale_cookies, 257);
	KUNIT_EXPECT_EQ(test, atomic_read(&bes->tx_pending), 1);
	bes_tt_confirm(test, cookie, 0, 0, 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&bes->tx_pending), 0);
	bes_tt_confirm(test, cookie, 0, 0, 0);
	KUNIT_EXPECT_EQ(test, bes->stats.stale_cookies, 258);
}

/* A place that is used again has another generation */
static void bes_tx_generations(struct kunit *test)
{
	__le32 first = bes_tt_send(test, 0), cookie = first;
	int i;

	for (i = 0; i < BES_COOKIES; i++) {
		bes_tt_confirm(test, cookie, 0, 0, 0);
		bes_test_dev(test)->outstanding = 0;
		cookie = bes_tt_send(test, 0);
	}
	KUNIT_EXPECT_EQ(test, le32_to_cpu(cookie) & 0xff, le32_to_cpu(first) & 0xff);
	KUNIT_EXPECT_NE(test, le32_to_cpu(cookie), le32_to_cpu(first));
	bes_tt_confirm(test, first, 0, 0, 0);
	KUNIT_EXPECT_EQ(test, bes_test_dev(test)->stats.stale_cookies, 1);
}

/*
 * Confirms for other frames than were sent give credits back, but no places.
 * When none is left, a frame that was never confirmed makes room.
 */
static void bes_tx_places(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);
	struct sk_buff *skb;
	int i;

	for (i = 0; i < BES_COOKIES; i++) {
		bes_tt_confirm(test, bes_tt_send(test, 0) ^ cpu_to_le32(0x80000000), 0, 0, 0);
		bes->outstanding = 0;
	}
	KUNIT_EXPECT_EQ(test, bes->stats.stale_cookies, BES_COOKIES);
	KUNIT_EXPECT_NULL(test, bes_test_finished(bes));
	bes_tt_confirm(test, bes_tt_send(test, 0), 0, 0, 0);
	for (i = 0; i < 2; i++) {
		skb = bes_test_finished(bes);
		KUNIT_ASSERT_NOT_NULL(test, skb);
		KUNIT_EXPECT_EQ(test, IEEE80211_SKB_CB(skb)->flags,
				i ? IEEE80211_TX_STAT_ACK : 0);
		kfree_skb(skb);
	}
	KUNIT_EXPECT_EQ(test, atomic_read(&bes->tx_pending), BES_COOKIES - 1);
}

/* ---- contents ---- */

static const struct bes_tx_cipher {
	const char *name;
	u32 cipher;
	u8 iv, tail;
} bes_tx_ciphers[] = {
	{ "none", 0, 0, 0 },
	{ "WEP40", WLAN_CIPHER_SUITE_WEP40, 4, 4 },
	{ "WEP104", WLAN_CIPHER_SUITE_WEP104, 4, 4 },
	{ "TKIP", WLAN_CIPHER_SUITE_TKIP, 8, 12 },
	{ "CCMP", WLAN_CIPHER_SUITE_CCMP, 8, 8 },
	{ "BIP", WLAN_CIPHER_SUITE_AES_CMAC, 0, 0 },
};

KUNIT_ARRAY_PARAM_DESC(bes_tx_cipher, bes_tx_ciphers, name);

static void bes_tx_room(struct kunit *test)
{
	const struct bes_tx_cipher *c = test->param_value;
	struct bes_tt_frame f = {
		.fc = cpu_to_le16(IEEE80211_FTYPE_DATA | IEEE80211_FCTL_PROTECTED),
		.len = 60, .cipher = c->cipher, .iv_len = c->iv,
	};
	const struct wsm_tx_req *req;
	int i;

	bes_tt_queue(test, &f);
	bes_bh_send_data(bes_test_dev(test));
	req = bes_tt_sent(test, 0);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(req->hdr.len), 24 + 60 + c->tail);
	for (i = 2; i < 60; i++)
		KUNIT_EXPECT_EQ(test, req->frame[i], i >= 24 && i < 24 + c->iv ? 0 : i);
	for (; i < 60 + c->tail; i++)
		KUNIT_EXPECT_EQ(test, req->frame[i], 0);
}

/* A key that the frame is not protected by leaves no room */
static void bes_tx_unprotected(struct kunit *test)
{
	struct bes_tt_frame f = {
		.fc = cpu_to_le16(IEEE80211_FTYPE_DATA), .len = 60,
		.cipher = WLAN_CIPHER_SUITE_CCMP, .iv_len = 8,
	};

	bes_tt_queue(test, &f);
	bes_bh_send_data(bes_test_dev(test));
	KUNIT_EXPECT_EQ(test, le16_to_cpu(bes_tt_sent(test, 0)->hdr.len), 84);
	KUNIT_EXPECT_EQ(test, bes_tt_sent(test, 0)->frame[24], 24);
}

/* VO, VI, BE, BK of mac80211 */
static void bes_tx_queues(struct kunit *test)
{
	static const u8 want[] = { 3, 2, 0, 1 };
	struct bes_tt_frame f = { .fc = cpu_to_le16(IEEE80211_FTYPE_DATA), .len = 60 };
	int i;

	for (i = 0; i < ARRAY_SIZE(want); i++) {
		f.ac = i;
		bes_tt_queue(test, &f);
	}
	bes_bh_send_data(bes_test_dev(test));
	for (i = 0; i < ARRAY_SIZE(want); i++)
		KUNIT_EXPECT_EQ(test, bes_tt_sent(test, 512 * i)->queue, want[i]);
}

/* A frame at 6 Mbit/s in 5 GHz: no HT, and a policy without CCK */
static void bes_tx_legacy(struct kunit *test)
{
	struct bes_tt_frame f = { .fc = cpu_to_le16(IEEE80211_FTYPE_MGMT), .len = 60 };
	struct sk_buff *skb = bes_tt_skb(test, &f);
	struct ieee80211_tx_info *info = IEEE80211_SKB_CB(skb);
	struct bes_dev *bes = bes_test_dev(test);

	info->band = NL80211_BAND_5GHZ;
	info->control.rates[0].idx = 0;
	info->control.rates[0].flags = 0;
	bes_op_tx(bes->hw, NULL, skb);
	bes_bh_send_data(bes);
	KUNIT_EXPECT_EQ(test, bes_tt_sent(test, 0)->max_rate, 6);
	KUNIT_EXPECT_EQ(test, bes_tt_sent(test, 0)->flags, 3 << 4);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(bes_tt_sent(test, 0)->ht), 0);
}

/* ---- bursts ---- */

static void bes_tx_burst(struct kunit *test)
{
	struct bes_test *t = test->priv;
	int i;

	for (i = 0; i < BES_BURST_MSGS + 1; i++)
		bes_tt_queue_plain(test, 60);
	KUNIT_EXPECT_TRUE(test, bes_bh_send_data(t->bes));
	KUNIT_EXPECT_EQ(test, t->out_addr, 16 * 512);
	KUNIT_EXPECT_EQ(test, t->out_len, 16 * 512);
	for (i = 0; i < BES_BURST_MSGS; i++) {
		KUNIT_EXPECT_EQ(test, le16_to_cpu(bes_tt_sent(test, 512 * i)->hdr.id),
				0x0004 | (i & 7) << WSM_ID_SEQ_SHIFT);
		KUNIT_EXPECT_NULL(test, memchr_inv(t->out + 512 * i + 84, 0, 512 - 84));
	}
	KUNIT_EXPECT_TRUE(test, bes_bh_send_data(t->bes));
	KUNIT_EXPECT_EQ(test, t->out_addr, 512 | BES_ADDR_TOGGLE);
	KUNIT_EXPECT_EQ(test, t->bes->outstanding, 17);
	KUNIT_EXPECT_EQ(test, t->bes->stats.tx_hist[16], 1);
	KUNIT_EXPECT_EQ(test, t->bes->stats.tx_hist[1], 1);
}

/* Frames of another slot class wait for the next burst, in their order */
static void bes_tx_class_splits(struct kunit *test)
{
	struct bes_test *t = test->priv;

	bes_tt_queue_plain(test, 100);
	bes_tt_queue_plain(test, 484);	/* with the header and 4 bytes, just 512 */
	bes_tt_queue_plain(test, 485);
	bes_tt_queue_plain(test, 1600);
	bes_tt_queue_plain(test, 1600);
	KUNIT_EXPECT_TRUE(test, bes_bh_send_data(t->bes));
	KUNIT_EXPECT_EQ(test, t->out_addr, 1024);
	KUNIT_EXPECT_TRUE(test, bes_bh_send_data(t->bes));
	KUNIT_EXPECT_EQ(test, t->out_addr, 1024 | 1 | BES_ADDR_TOGGLE);
	KUNIT_EXPECT_TRUE(test, bes_bh_send_data(t->bes));
	KUNIT_EXPECT_EQ(test, t->out_addr, 2 * 1632 | 3);
	KUNIT_EXPECT_EQ(test, t->out_len, 7 * 512);
	KUNIT_EXPECT_NULL(test, memchr_inv(t->out + 2 * 1632, 0, 7 * 512 - 2 * 1632));
	KUNIT_EXPECT_FALSE(test, bes_bh_send_data(t->bes));
	KUNIT_EXPECT_EQ(test, t->bes->stats.class_splits, 2);
	KUNIT_EXPECT_EQ(test, t->bes->outstanding, 5);
}

/* One credit is kept for a command */
static void bes_tx_credits(struct kunit *test)
{
	struct bes_test *t = test->priv;
	int i;

	t->bes->credits = 4;
	for (i = 0; i < 5; i++)
		bes_tt_queue_plain(test, 60);
	KUNIT_EXPECT_TRUE(test, bes_bh_send_data(t->bes));
	KUNIT_EXPECT_EQ(test, t->out_addr, 3 * 512);
	KUNIT_EXPECT_FALSE(test, bes_bh_send_data(t->bes));
	KUNIT_EXPECT_EQ(test, t->writes, 1);
	KUNIT_EXPECT_EQ(test, t->bes->stats.credits_exhausted, 1);
	wiphy_lock(t->bes->hw->wiphy);
	KUNIT_EXPECT_EQ(test, bes_cmd_reset(t->bes, 0), 0);
	wiphy_unlock(t->bes->hw->wiphy);
	t->bes->outstanding = 2;
	KUNIT_EXPECT_TRUE(test, bes_bh_send_data(t->bes));
	KUNIT_EXPECT_EQ(test, t->out_len, 512);
	/* a chip with a single buffer gets no data */
	t->bes->credits = 1;
	t->bes->outstanding = 0;
	KUNIT_EXPECT_FALSE(test, bes_bh_send_data(t->bes));
}

static void bes_tx_held_back(struct kunit *test)
{
	struct bes_test *t = test->priv;

	t->bes->tx_stopped = true;
	bes_tt_queue_plain(test, 60);
	KUNIT_EXPECT_FALSE(test, bes_bh_send_data(t->bes));
	t->bes->tx_stopped = false;
	KUNIT_EXPECT_TRUE(test, bes_bh_send_data(t->bes));
}

/* A command that moves the radio waits for the frames in the chip, and no frame goes beside it */
static void bes_tx_flushed(struct kunit *test)
{
	static const u8 cnf[] = { 0x08, 0x00, 0x16, 0x04, 0x00, 0x00, 0x00, 0x00 };
	static const u8 end[] = { 0x08, 0x00, 0x0a, 0x28, 0x00, 0x00, 0x00, 0x00 };
	struct wsm_switch_channel_req req = {
		.hdr = { cpu_to_le16(sizeof(req)), cpu_to_le16(WSM_REQ_SWITCH_CHANNEL) },
	};
	struct bes_cmd cmd = { .req = &req.hdr };
	struct bes_test *t = test->priv;

	init_completion(&cmd.done);
	t->bes->cmd = &cmd;
	t->bes->outstanding = 2;
	bes_tt_queue_plain(test, 60);
	KUNIT_EXPECT_FALSE(test, bes_bh_send_cmd(t->bes));
	KUNIT_EXPECT_FALSE(test, bes_bh_send_data(t->bes));
	t->bes->outstanding = 0;
	KUNIT_EXPECT_TRUE(test, bes_bh_send_cmd(t->bes));
	KUNIT_EXPECT_FALSE(test, bes_bh_send_data(t->bes));
	bes_dispatch(t->bes, cnf, sizeof(cnf));
	KUNIT_EXPECT_TRUE(test, completion_done(&cmd.done));
	KUNIT_EXPECT_FALSE(test, bes_bh_send_data(t->bes));
	bes_dispatch(t->bes, end, sizeof(end));
	KUNIT_EXPECT_TRUE(test, bes_bh_send_data(t->bes));
}

/* Refused: there is no indication to wait for */
static void bes_tx_flush_refused(struct kunit *test)
{
	static const u8 cnf[] = { 0x08, 0x00, 0x16, 0x04, 0x02, 0x00, 0x00, 0x00 };
	struct bes_test *t = test->priv;

	bes_tt_queue_plain(test, 60);
	bes_test_say(test, cnf, sizeof(cnf));
	wiphy_lock(t->bes->hw->wiphy);
	KUNIT_EXPECT_EQ(test, bes_cmd_switch_channel(t->bes, 0, 6, 0), -EIO);
	wiphy_unlock(t->bes->hw->wiphy);
	KUNIT_EXPECT_TRUE(test, bes_bh_send_data(t->bes));
}

/* Fails at once: too long for any slot, or the chip has no BSS */
static void bes_tx_unsendable(struct kunit *test)
{
	struct bes_test *t = test->priv;
	struct sk_buff *skb;
	int i;

	bes_tt_queue_plain(test, BES_MSG_MAX - 24 + 1);
	bes_tt_queue_plain(test, BES_MSG_MAX - 24);
	KUNIT_EXPECT_TRUE(test, bes_bh_send_data(t->bes));
	KUNIT_EXPECT_EQ(test, t->out_addr, 1632 | 3);
	bes_vif(t->vif)->state = BES_VIF_NONE;
	bes_tt_queue_plain(test, 60);
	KUNIT_EXPECT_FALSE(test, bes_bh_send_data(t->bes));
	KUNIT_EXPECT_EQ(test, t->writes, 1);
	for (i = 0; i < 2; i++) {
		skb = bes_test_finished(t->bes);
		KUNIT_ASSERT_NOT_NULL(test, skb);
		KUNIT_EXPECT_EQ(test, IEEE80211_SKB_CB(skb)->flags, 0);
		kfree_skb(skb);
	}
	KUNIT_EXPECT_EQ(test, atomic_read(&t->bes->tx_pending), 1);
}

/* ---- what never goes ---- */

static void bes_tx_action(struct kunit *test, bool protected, u8 category, bool goes)
{
	struct bes_tt_frame f = {
		.fc = cpu_to_le16(IEEE80211_FTYPE_MGMT | IEEE80211_STYPE_ACTION),
		.len = 40, .cipher = WLAN_CIPHER_SUITE_CCMP, .iv_len = 8,
	};
	struct bes_dev *bes = bes_test_dev(test);
	struct sk_buff *skb;

	if (protected)
		f.fc |= cpu_to_le16(IEEE80211_FCTL_PROTECTED);
	skb = bes_tt_skb(test, &f);
	skb->data[protected ? 32 : 24] = category;
	bes_op_tx(bes->hw, NULL, skb);
	KUNIT_EXPECT_EQ(test, bes_bh_send_data(bes), goes);
}

/* The chip negotiates block ack by itself */
static void bes_tx_block_ack(struct kunit *test)
{
	bes_tx_action(test, false, WLAN_CATEGORY_BACK, false);
	bes_tx_action(test, true, WLAN_CATEGORY_BACK, false);
	bes_tx_action(test, false, WLAN_CATEGORY_SA_QUERY, true);
	bes_tx_action(test, true, WLAN_CATEGORY_SA_QUERY, true);
}

/* An action frame without a category is no block ack, and is not read beyond */
static void bes_tx_action_short(struct kunit *test)
{
	struct bes_tt_frame f = {
		.fc = cpu_to_le16(IEEE80211_FTYPE_MGMT | IEEE80211_STYPE_ACTION), .len = 24,
	};

	bes_tt_queue(test, &f);
	KUNIT_EXPECT_TRUE(test, bes_bh_send_data(bes_test_dev(test)));
	f.fc |= cpu_to_le16(IEEE80211_FCTL_PROTECTED);
	f.cipher = WLAN_CIPHER_SUITE_CCMP;
	f.iv_len = 8;
	f.len = 32;
	bes_tt_queue(test, &f);
	KUNIT_EXPECT_TRUE(test, bes_bh_send_data(bes_test_dev(test)));
}

/* ---- probes and the end ---- */

/* A frame of our own is no business of mac80211 */
static void bes_tx_probes(struct kunit *test)
{
	struct bes_tt_frame f = { .fc = cpu_to_le16(IEEE80211_FTYPE_DATA), .len = 24 };
	struct bes_test *t = test->priv;

	bes_tx_probe(t->bes, bes_tt_skb(test, &f));
	KUNIT_EXPECT_TRUE(test, bes_bh_send_data(t->bes));
	KUNIT_EXPECT_EQ(test, bes_tt_sent(test, 0)->max_rate, 0);
	KUNIT_EXPECT_FALSE(test, bes_vif(t->vif)->probe_acked);
	bes_tt_confirm(test, bes_tt_sent(test, 0)->cookie, 0, 0, 0);
	KUNIT_EXPECT_TRUE(test, bes_vif(t->vif)->probe_acked);
	KUNIT_EXPECT_NULL(test, bes_test_finished(t->bes));
	KUNIT_EXPECT_EQ(test, atomic_read(&t->bes->tx_pending), 0);
	bes_tx_probe(t->bes, bes_tt_skb(test, &f));
	KUNIT_EXPECT_TRUE(test, bes_bh_send_data(t->bes));
	bes_tt_confirm(test, bes_tt_sent(test, 0)->cookie, 6, 4, 0);
	KUNIT_EXPECT_FALSE(test, bes_vif(t->vif)->probe_acked);
}

/* Sent, pulled and waiting ones are all told to have failed */
static void bes_tx_fail(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);
	struct sk_buff *skb;
	int i, n = 0;

	for (i = 0; i < 3; i++)
		bes_tt_queue_plain(test, 60);
	bes_bh_send_data(bes);
	bes_tt_queue_plain(test, 60);
	bes_tt_queue_plain(test, 600);
	bes_tt_queue_plain(test, 60);
	bes_bh_send_data(bes);
	KUNIT_EXPECT_NOT_NULL(test, bes->tx_head);
	bes_tx_fail_all(bes);
	KUNIT_EXPECT_EQ(test, atomic_read(&bes->tx_pending), 0);
	while ((skb = bes_test_finished(bes))) {
		KUNIT_EXPECT_EQ(test, IEEE80211_SKB_CB(skb)->flags, 0);
		kfree_skb(skb);
		n++;
	}
	KUNIT_EXPECT_EQ(test, n, 6);
}

/* A chip that is dead takes nothing from mac80211 */
static void bes_tx_dead(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);

	bes->state = BES_STATE_DEAD;
	bes_tt_queue_plain(test, 60);
	KUNIT_EXPECT_EQ(test, atomic_read(&bes->tx_pending), 0);
	KUNIT_EXPECT_FALSE(test, bes_bh_send_data(bes));
}

static struct kunit_case bes_tx_tests[] = {
	KUNIT_CASE(bes_tx_golden),
	KUNIT_CASE(bes_tx_multi),
	KUNIT_CASE_PARAM(bes_tx_reported, bes_tx_fate_gen_params),
	KUNIT_CASE(bes_tx_stale),
	KUNIT_CASE(bes_tx_generations),
	KUNIT_CASE(bes_tx_places),
	KUNIT_CASE_PARAM(bes_tx_room, bes_tx_cipher_gen_params),
	KUNIT_CASE(bes_tx_unprotected),
	KUNIT_CASE(bes_tx_queues),
	KUNIT_CASE(bes_tx_legacy),
	KUNIT_CASE(bes_tx_burst),
	KUNIT_CASE(bes_tx_class_splits),
	KUNIT_CASE(bes_tx_credits),
	KUNIT_CASE(bes_tx_held_back),
	KUNIT_CASE(bes_tx_flushed),
	KUNIT_CASE(bes_tx_flush_refused),
	KUNIT_CASE(bes_tx_unsendable),
	KUNIT_CASE(bes_tx_block_ack),
	KUNIT_CASE(bes_tx_action_short),
	KUNIT_CASE(bes_tx_probes),
	KUNIT_CASE(bes_tx_fail),
	KUNIT_CASE(bes_tx_dead),
	{}
};

struct kunit_suite bes_tx_suite = {
	.name = "bes2600-tx",
	.init = bes_test_init,
	.exit = bes_test_exit,
	.test_cases = bes_tx_tests,
};
