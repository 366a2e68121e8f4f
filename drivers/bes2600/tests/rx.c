// SPDX-License-Identifier: GPL-2.0-only
/*
 * Received frames: what the header says, what is cut off, what is dropped.
 */
#include <linux/crc32.h>

#include "test.h"

/* Beacon during a scan: interface 2, sequence 7, channel 6, 1 Mbit/s, -50 dBm */
static const u8 bes_rx_golden[] = {
	0x53, 0x00, 0x84, 0xe8, 0x00, 0x00, 0x00, 0x00, 0x06, 0x00, 0x00, 0x78,
	0x80, 0x00, 0x06, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x80, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0a, 0x0b,
	0x0c, 0x0d, 0x0e, 0x0f, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x20, 0x00,
	0x56, 0x34, 0x12, 0x00, 0x00, 0x00, 0x00, 0x00, 0x64, 0x00, 0x11, 0x04,
	0x00, 0x04, 0x74, 0x65, 0x73, 0x74, 0x01, 0x04, 0x82, 0x84, 0x8b, 0x96,
	0x03, 0x01, 0x06,
};

#define BES_RX_FRAME	(sizeof(struct wsm_rx_ind))

/* The driver's copy of the frame, or NULL; freed with the test's device */
static struct sk_buff *bes_rx_one(struct kunit *test)
{
	return skb_peek(BES_TEST_RECEIVED(bes_test_dev(test)));
}

static void bes_rx_beacon(struct kunit *test)
{
	const struct ieee80211_rx_status *rs;
	struct sk_buff *skb;

	bes_test_rx_seq(test, 7);
	bes_dispatch(bes_test_dev(test), bes_rx_golden, sizeof(bes_rx_golden));
	skb = bes_test_received(bes_test_dev(test));
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_EXPECT_EQ(test, skb->len, 51);
	KUNIT_EXPECT_MEMEQ(test, skb->data, bes_rx_golden + BES_RX_FRAME, 51);
	rs = IEEE80211_SKB_RXCB(skb);
	KUNIT_EXPECT_EQ(test, rs->band, NL80211_BAND_2GHZ);
	KUNIT_EXPECT_EQ(test, (int)rs->freq, 2437);
	KUNIT_EXPECT_EQ(test, rs->signal, -50);
	KUNIT_EXPECT_EQ(test, (int)rs->encoding, RX_ENC_LEGACY);
	KUNIT_EXPECT_EQ(test, (int)rs->rate_idx, 0);
	KUNIT_EXPECT_EQ(test, rs->flag, 0);
	KUNIT_EXPECT_NE(test, rs->boottime_ns, 0);
	kfree_skb(skb);
}

/* ---- the header alone ---- */

static int bes_rx_status(u16 channel, u8 rate, u8 rcpi, struct ieee80211_rx_status *rs)
{
	struct wsm_rx_ind ind = {
		.channel = cpu_to_le16(channel), .rate = rate, .rcpi = rcpi,
	};

	memset(rs, 0xff, sizeof(*rs));
	return bes_rx_fill_status(&ind, rs);
}

static void bes_rx_channels(struct kunit *test)
{
	static const struct {
		u16 channel, freq;
	} want[] = {
		{ 1, 2412 }, { 6, 2437 }, { 13, 2472 }, { 14, 2484 }, { 36, 5180 },
		{ 64, 5320 }, { 100, 5500 }, { 144, 5720 }, { 165, 5825 },
	};
	struct ieee80211_rx_status rs;
	int i;

	for (i = 0; i < ARRAY_SIZE(want); i++) {
		KUNIT_EXPECT_EQ(test, bes_rx_status(want[i].channel, 10, 100, &rs), 0);
		KUNIT_EXPECT_EQ(test, (int)rs.freq, want[i].freq);
		KUNIT_EXPECT_EQ(test, rs.band, want[i].channel > 14 ? NL80211_BAND_5GHZ :
								       NL80211_BAND_2GHZ);
		KUNIT_EXPECT_EQ(test, rs.flag, 0);
	}
	KUNIT_EXPECT_EQ(test, bes_rx_status(0, 10, 100, &rs), -EINVAL);
}

/* Halves of a dB from -110 on, rounded down */
static void bes_rx_signal(struct kunit *test)
{
	struct ieee80211_rx_status rs;
	int rcpi;

	for (rcpi = 0; rcpi < 256; rcpi++) {
		bes_rx_status(6, 0, rcpi, &rs);
		KUNIT_EXPECT_EQ(test, rs.signal, (rcpi - rcpi % 2 - 220) / 2);
	}
}

static void bes_rx_rates(struct kunit *test)
{
	struct ieee80211_rx_status rs;

	KUNIT_EXPECT_EQ(test, bes_rx_status(36, 21, 100, &rs), 0);
	KUNIT_EXPECT_EQ(test, (int)rs.encoding, RX_ENC_HT);
	KUNIT_EXPECT_EQ(test, (int)rs.rate_idx, 7);
	KUNIT_EXPECT_EQ(test, bes_rx_status(36, 6, 100, &rs), 0);
	KUNIT_EXPECT_EQ(test, (int)rs.encoding, RX_ENC_LEGACY);
	KUNIT_EXPECT_EQ(test, (int)rs.rate_idx, 0);
	KUNIT_EXPECT_EQ(test, bes_rx_status(6, 4, 100, &rs), -EINVAL);
	KUNIT_EXPECT_EQ(test, bes_rx_status(6, 22, 100, &rs), -EINVAL);
	KUNIT_EXPECT_EQ(test, bes_rx_status(36, 3, 100, &rs), -EINVAL);
}

/* ---- frames ---- */

static void bes_rx_bytes(struct kunit *test, __le16 fc, size_t flen, u32 status, u32 flags,
			 bool icv)
{
	struct wsm_rx_ind *ind = kunit_kzalloc(test, sizeof(*ind) + flen, GFP_KERNEL);
	size_t i;

	KUNIT_ASSERT_NOT_NULL(test, ind);
	ind->status = cpu_to_le32(status);
	ind->channel = cpu_to_le16(6);
	ind->rate = WSM_RATE_OFDM_6;
	ind->rcpi = 100;
	ind->flags = cpu_to_le32(flags);
	for (i = 0; i < flen; i++)
		ind->frame[i] = i;
	if (flen >= 2)
		memcpy(ind->frame, &fc, 2);
	if (icv)
		put_unaligned_le32(~crc32_le(~0, ind->frame + 32, flen - 36),
				   ind->frame + flen - 4);
	bes_rx_ind(bes_test_dev(test), 0, ind, sizeof(*ind) + flen);
}

/* A frame of that type and length (header, then 0, 1, 2, ...) with these flags */
static void bes_rx_frame(struct kunit *test, __le16 fc, size_t flen, u32 status, u32 flags)
{
	bes_rx_bytes(test, fc, flen, status, flags, false);
}

#define BES_FC_DATA	cpu_to_le16(IEEE80211_FTYPE_DATA | IEEE80211_FCTL_PROTECTED)
#define BES_FC_QOS	cpu_to_le16(IEEE80211_FTYPE_DATA | IEEE80211_STYPE_QOS_DATA)

static const struct bes_rx_cipher {
	const char *name;
	u32 enc;
	size_t head, tail;	/* least bytes around the body */
	u32 flag;
} bes_rx_ciphers[] = {
	{ "none", WSM_RX_ENC_NONE, 0, 0, 0 },
	{ "WEP", WSM_RX_ENC_WEP, 4, 4, RX_FLAG_DECRYPTED },
	{ "TKIP", WSM_RX_ENC_TKIP, 8, 4, RX_FLAG_DECRYPTED | RX_FLAG_MMIC_STRIPPED },
	{ "CCMP", WSM_RX_ENC_AES, 8, 8, RX_FLAG_DECRYPTED },
	{ "stripped", WSM_RX_ENC_STRIPPED, 0, 0,
	  RX_FLAG_DECRYPTED | RX_FLAG_IV_STRIPPED | RX_FLAG_ICV_STRIPPED |
	  RX_FLAG_MIC_STRIPPED | RX_FLAG_MMIC_STRIPPED | RX_FLAG_PN_VALIDATED },
};

KUNIT_ARRAY_PARAM_DESC(bes_rx_cipher, bes_rx_ciphers, name);

static void bes_rx_decrypted(struct kunit *test)
{
	const struct bes_rx_cipher *c = test->param_value;
	size_t flen = 24 + c->head + 10 + c->tail;
	struct sk_buff *skb;

	/* bits beside the cipher do not matter */
	bes_rx_frame(test, BES_FC_DATA, flen, 0, c->enc | WSM_RX_F_HT | WSM_RX_F_TO_US);
	skb = bes_rx_one(test);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_EXPECT_EQ(test, skb->len, flen);
	KUNIT_EXPECT_EQ(test, IEEE80211_SKB_RXCB(skb)->flag, c->flag);
	KUNIT_EXPECT_EQ(test, skb->data[skb->len - 1], flen - 1);
}

/* No room for what the cipher leaves: one byte decides */
static void bes_rx_cipher_room(struct kunit *test)
{
	const struct bes_rx_cipher *c = test->param_value;
	size_t least = 24 + c->head + c->tail;
	struct bes_dev *bes = bes_test_dev(test);

	bes_rx_frame(test, BES_FC_DATA, least - 1, 0, c->enc);
	KUNIT_EXPECT_NULL(test, bes_rx_one(test));
	KUNIT_EXPECT_EQ(test, bes->stats.rx_drops[0], 1);
	bes_rx_frame(test, BES_FC_DATA, least, 0, c->enc);
	KUNIT_EXPECT_NOT_NULL(test, bes_rx_one(test));
}

/* Codes that the wire does not have, or that we cannot serve */
static void bes_rx_cipher_unknown(struct kunit *test)
{
	u32 enc;

	for (enc = 4; enc < 7; enc++)
		bes_rx_frame(test, BES_FC_DATA, 100, 0, enc);
	KUNIT_EXPECT_NULL(test, bes_rx_one(test));
	KUNIT_EXPECT_EQ(test, bes_test_dev(test)->stats.rx_drops[0], 3);
}

/* The ICV tells: with the bytes before it right, the MIC is among them and mac80211 looks at it */
static void bes_rx_michael_left(struct kunit *test)
{
	size_t least = 24 + 8 + 8 + 4, flen;
	struct sk_buff *skb;

	for (flen = least - 1; flen < least + 3; flen++) {
		bes_rx_bytes(test, BES_FC_DATA, flen, 0, WSM_RX_ENC_TKIP, true);
		skb = bes_test_received(bes_test_dev(test));
		KUNIT_ASSERT_NOT_NULL(test, skb);
		KUNIT_EXPECT_EQ(test, skb->len, flen);
		KUNIT_EXPECT_EQ(test, IEEE80211_SKB_RXCB(skb)->flag,
				RX_FLAG_DECRYPTED | (flen < least ? RX_FLAG_MMIC_STRIPPED : 0));
		kfree_skb(skb);
	}
}

static void bes_rx_michael(struct kunit *test)
{
	struct sk_buff *skb;

	bes_rx_frame(test, BES_FC_DATA, 100, WSM_STATUS_MIC, WSM_RX_ENC_TKIP);
	skb = bes_rx_one(test);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_EXPECT_NE(test, IEEE80211_SKB_RXCB(skb)->flag & RX_FLAG_MMIC_ERROR, 0);
}

/* Every other status drops, and is counted */
static void bes_rx_failed(struct kunit *test)
{
	struct bes_test *t = test->priv;
	struct bes_dev *bes = t->bes;
	u32 status;

	for (status = 1; status < 20; status++)
		if (status != WSM_STATUS_MIC)
			bes_rx_frame(test, BES_FC_DATA, 100, status, 0);
	bes_rx_frame(test, BES_FC_DATA, 100, 0xffffffff, 0);
	KUNIT_EXPECT_NULL(test, bes_rx_one(test));
	for (status = 1; status < 15; status++)
		KUNIT_EXPECT_EQ(test, bes->stats.rx_drops[status], status != WSM_STATUS_MIC);
	KUNIT_EXPECT_EQ(test, bes->stats.rx_drops[15], 6);
	KUNIT_EXPECT_EQ(test, t->bes->health[0].decrypt_failures, 1);
}

/* Shorter than 16 bytes, or than the header that the type has */
static void bes_rx_short(struct kunit *test)
{
	size_t flen;

	for (flen = 0; flen < 26; flen++)
		bes_rx_frame(test, BES_FC_QOS, flen, 0, 0);
	KUNIT_EXPECT_NULL(test, bes_rx_one(test));
	bes_rx_frame(test, BES_FC_QOS, 26, 0, 0);
	KUNIT_EXPECT_NOT_NULL(test, bes_rx_one(test));
}

/* A time stamp behind the frame is no part of it */
static void bes_rx_tsf(struct kunit *test)
{
	struct sk_buff *skb;

	bes_rx_frame(test, BES_FC_QOS, 26 + 7, 0, WSM_RX_F_TSF);
	KUNIT_EXPECT_NULL(test, bes_rx_one(test));
	bes_rx_frame(test, BES_FC_QOS, 7, 0, WSM_RX_F_TSF);
	KUNIT_EXPECT_NULL(test, bes_rx_one(test));
	bes_rx_frame(test, BES_FC_QOS, 60, 0, WSM_RX_F_TSF);
	skb = bes_rx_one(test);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_EXPECT_EQ(test, skb->len, 52);
}

/* The payload of data is aligned, with and without QoS */
static void bes_rx_aligned(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);
	struct sk_buff *skb;

	bes_rx_frame(test, BES_FC_QOS, 60, 0, 0);
	skb = bes_test_received(bes);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_EXPECT_EQ(test, ((unsigned long)skb->data + 26) & 3, 0);
	kfree_skb(skb);
	bes_rx_frame(test, BES_FC_DATA, 60, 0, 0);
	skb = bes_test_received(bes);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_EXPECT_EQ(test, ((unsigned long)skb->data + 24) & 3, 0);
	kfree_skb(skb);
}

static void bes_rx_say(struct kunit *test, u8 if_id, u8 rcpi, u8 rate)
{
	u8 *msg = bes_test_copy(test, bes_rx_golden, sizeof(bes_rx_golden));

	msg[10] = rate;
	msg[11] = rcpi;
	bes_rx_ind(bes_test_dev(test), if_id, (void *)msg, sizeof(bes_rx_golden));
}

/* Beacons of signal 0, interfaces that do not exist, rates that do not exist */
static void bes_rx_unwanted(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);
	int i;

	bes_rx_say(test, 2, 0, 0);
	for (i = 1; i < 16; i++)
		if (i != WSM_IF_GENERIC)
			bes_rx_say(test, i, 100, 0);
	bes_rx_say(test, 0, 100, 4);
	bes_rx_say(test, 0, 100, 0xff);
	KUNIT_EXPECT_NULL(test, bes_rx_one(test));
	bes_rx_say(test, 0, 1, 0);
	KUNIT_EXPECT_NOT_NULL(test, bes_rx_one(test));
	RCU_INIT_POINTER(bes->vifs[0], NULL);
	bes_rx_say(test, 0, 100, 0);
	KUNIT_EXPECT_EQ(test, bes->stats.rx_frames, 1);
}

static struct kunit_case bes_rx_tests[] = {
	KUNIT_CASE(bes_rx_beacon),
	KUNIT_CASE(bes_rx_channels),
	KUNIT_CASE(bes_rx_signal),
	KUNIT_CASE(bes_rx_rates),
	KUNIT_CASE_PARAM(bes_rx_decrypted, bes_rx_cipher_gen_params),
	KUNIT_CASE_PARAM(bes_rx_cipher_room, bes_rx_cipher_gen_params),
	KUNIT_CASE(bes_rx_cipher_unknown),
	KUNIT_CASE(bes_rx_michael_left),
	KUNIT_CASE(bes_rx_michael),
	KUNIT_CASE(bes_rx_failed),
	KUNIT_CASE(bes_rx_short),
	KUNIT_CASE(bes_rx_tsf),
	KUNIT_CASE(bes_rx_aligned),
	KUNIT_CASE(bes_rx_unwanted),
	{}
};

struct kunit_suite bes_rx_suite = {
	.name = "bes2600-rx",
	.init = bes_test_init,
	.exit = bes_test_exit,
	.test_cases = bes_rx_tests,
};
