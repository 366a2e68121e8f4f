// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rates: ids of the wire, indexes of mac80211, the walk of a retry policy.
 */
#include "test.h"

/* Every rate there is, as the wire numbers it. 100 kbit/s; MCS index for HT */
static const struct bes_rate_case {
	u8 id;
	u16 rate;
	s8 idx_2g, idx_5g;	/* -1: not on this band */
	bool ht;
} bes_rate_cases[] = {
	{ 0, 10, 0, -1, false },
	{ 1, 20, 1, -1, false },
	{ 2, 55, 2, -1, false },
	{ 3, 110, 3, -1, false },
	{ 6, 60, 4, 0, false },
	{ 7, 90, 5, 1, false },
	{ 8, 120, 6, 2, false },
	{ 9, 180, 7, 3, false },
	{ 10, 240, 8, 4, false },
	{ 11, 360, 9, 5, false },
	{ 12, 480, 10, 6, false },
	{ 13, 540, 11, 7, false },
	{ 14, 0, 0, 0, true },
	{ 15, 0, 1, 1, true },
	{ 16, 0, 2, 2, true },
	{ 17, 0, 3, 3, true },
	{ 18, 0, 4, 4, true },
	{ 19, 0, 5, 5, true },
	{ 20, 0, 6, 6, true },
	{ 21, 0, 7, 7, true },
};

static void bes_rate_case_desc(const struct bes_rate_case *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "id %u", c->id);
}

KUNIT_ARRAY_PARAM(bes_rate, bes_rate_cases, bes_rate_case_desc);

static void bes_rate_check_rx(struct kunit *test, const struct bes_rate_case *c,
			      enum nl80211_band band, int idx)
{
	struct ieee80211_supported_band *sband = bes_test_dev(test)->hw->wiphy->bands[band];
	struct ieee80211_rx_status rs = {};

	if (idx < 0) {
		KUNIT_EXPECT_EQ(test, bes_rate_to_rx(c->id, band, &rs), -EINVAL);
		return;
	}
	KUNIT_ASSERT_EQ(test, bes_rate_to_rx(c->id, band, &rs), 0);
	KUNIT_EXPECT_EQ(test, (int)rs.rate_idx, idx);
	KUNIT_EXPECT_EQ(test, (int)rs.encoding, c->ht ? RX_ENC_HT : RX_ENC_LEGACY);
	if (c->ht)
		return;
	KUNIT_ASSERT_LT(test, (int)rs.rate_idx, sband->n_bitrates);
	KUNIT_EXPECT_EQ(test, sband->bitrates[rs.rate_idx].bitrate, c->rate);
	KUNIT_EXPECT_EQ(test, sband->bitrates[rs.rate_idx].hw_value, c->id);
}

static void bes_rate_rx(struct kunit *test)
{
	const struct bes_rate_case *c = test->param_value;

	bes_rate_check_rx(test, c, NL80211_BAND_2GHZ, c->idx_2g);
	bes_rate_check_rx(test, c, NL80211_BAND_5GHZ, c->idx_5g);
}

static void bes_rate_rx_bad(struct kunit *test)
{
	struct ieee80211_rx_status rs = {};
	int id, band;

	for (band = NL80211_BAND_2GHZ; band <= NL80211_BAND_5GHZ; band++) {
		KUNIT_EXPECT_EQ(test, bes_rate_to_rx(4, band, &rs), -EINVAL);
		KUNIT_EXPECT_EQ(test, bes_rate_to_rx(5, band, &rs), -EINVAL);
		for (id = 22; id < 256; id++)
			KUNIT_EXPECT_EQ(test, bes_rate_to_rx(id, band, &rs), -EINVAL);
	}
}

static u8 bes_rate_selected(struct kunit *test, enum nl80211_band band, int idx, bool ht,
			    u8 *policy)
{
	struct bes_dev *bes = bes_test_dev(test);
	struct sk_buff skb = {};
	struct ieee80211_tx_info *info = IEEE80211_SKB_CB(&skb);
	u8 id = 0xff;

	info->band = band;
	info->control.rates[0].idx = idx;
	info->control.rates[0].flags = ht ? IEEE80211_TX_RC_MCS : 0;
	bes_rate_select(bes, &skb, &id, policy);
	return id;
}

/* The way back: mac80211's choice gives the id again */
static void bes_rate_tx(struct kunit *test)
{
	const struct bes_rate_case *c = test->param_value;
	u8 policy;

	if (c->idx_2g >= 0)
		KUNIT_EXPECT_EQ(test, bes_rate_selected(test, NL80211_BAND_2GHZ, c->idx_2g, c->ht,
							&policy), c->id);
	KUNIT_EXPECT_LT(test, policy, WSM_POLICIES);
	if (c->idx_5g >= 0)
		KUNIT_EXPECT_EQ(test, bes_rate_selected(test, NL80211_BAND_5GHZ, c->idx_5g, c->ht,
							&policy), c->id);
	KUNIT_EXPECT_LT(test, policy, WSM_POLICIES);
}

/* No choice, or one that cannot be: the lowest rate of the band */
static void bes_rate_tx_bad(struct kunit *test)
{
	u8 policy;

	KUNIT_EXPECT_EQ(test, bes_rate_selected(test, NL80211_BAND_2GHZ, -1, false, &policy), 0);
	KUNIT_EXPECT_EQ(test, bes_rate_selected(test, NL80211_BAND_2GHZ, 12, false, &policy), 0);
	KUNIT_EXPECT_EQ(test, bes_rate_selected(test, NL80211_BAND_5GHZ, -1, false, &policy), 6);
	KUNIT_EXPECT_EQ(test, bes_rate_selected(test, NL80211_BAND_5GHZ, 8, false, &policy), 6);
}

static void bes_rate_masks(struct kunit *test)
{
	struct ieee80211_hw *hw = bes_test_dev(test)->hw;
	int i;

	for (i = 0; i < ARRAY_SIZE(bes_rate_cases); i++) {
		const struct bes_rate_case *c = &bes_rate_cases[i];

		if (c->ht)
			continue;
		KUNIT_EXPECT_EQ(test, bes_rate_mask(hw, NL80211_BAND_2GHZ, BIT(c->idx_2g)),
				BIT(c->id));
		if (c->idx_5g >= 0)
			KUNIT_EXPECT_EQ(test, bes_rate_mask(hw, NL80211_BAND_5GHZ, BIT(c->idx_5g)),
					BIT(c->id));
	}
	KUNIT_EXPECT_EQ(test, bes_rate_mask(hw, NL80211_BAND_2GHZ, 0), 0);
	KUNIT_EXPECT_EQ(test, bes_rate_mask(hw, NL80211_BAND_2GHZ, ~0), 0x3fcf);
	KUNIT_EXPECT_EQ(test, bes_rate_mask(hw, NL80211_BAND_5GHZ, ~0), 0x3fc0);
}

/* Head of the message and five policies: index, limits, flags, nibbles */
static const u8 bes_rate_policies[] = {
	0x70, 0x00, 0x06, 0x00, 0x16, 0x10, 0x68, 0x00, 0x05, 0x00, 0x00, 0x00,
	0x00, 0x1f, 0x1f, 0x0c, 0x00, 0x00, 0x00, 0x00,
	0x03, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x22, 0x22, 0x22, 0x32, 0x00,
	0x01, 0x1f, 0x1f, 0x0c, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x03, 0x00, 0x00, 0x00, 0x22, 0x22, 0x22, 0x32, 0x00,
	0x02, 0x1f, 0x1f, 0x0c, 0x00, 0x00, 0x00, 0x00,
	0x03, 0x00, 0x00, 0x22, 0x22, 0x22, 0x32, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x03, 0x1f, 0x1f, 0x0c, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x24, 0x22, 0x22, 0x32, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x04, 0x1f, 0x1f, 0x0c, 0x00, 0x00, 0x00, 0x00,
	0x34, 0x33, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
};

static void bes_rate_policy_upload(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);

	wiphy_lock(bes->hw->wiphy);
	KUNIT_EXPECT_EQ(test, bes_rate_upload(bes), 0);
	wiphy_unlock(bes->hw->wiphy);
	bes_test_wrote(test, bes_rate_policies, sizeof(bes_rate_policies), 512, 0, false);
}

/* Every policy that is chosen for a rate tries that rate, and ends on the band's lowest */
static void bes_rate_policy_fits(struct kunit *test)
{
	const struct bes_rate_case *c = test->param_value;
	const u8 *p;
	u8 policy;

	bes_rate_selected(test, NL80211_BAND_2GHZ, c->idx_2g, c->ht, &policy);
	p = bes_rate_policies + 12 + 20 * policy + 8;
	KUNIT_EXPECT_NE(test, p[c->id / 2] >> 4 * (c->id % 2) & 0xf, 0);
	KUNIT_EXPECT_NE(test, p[0] & 0xf, 0);
	if (c->idx_5g < 0)
		return;
	bes_rate_selected(test, NL80211_BAND_5GHZ, c->idx_5g, c->ht, &policy);
	p = bes_rate_policies + 12 + 20 * policy + 8;
	KUNIT_EXPECT_NE(test, p[c->id / 2] >> 4 * (c->id % 2) & 0xf, 0);
	KUNIT_EXPECT_NE(test, p[3] & 0xf, 0);
	/* no CCK there */
	KUNIT_EXPECT_EQ(test, p[0], 0);
	KUNIT_EXPECT_EQ(test, p[1], 0);
}

static void bes_rate_expect(struct kunit *test, enum nl80211_band band, u8 id, u8 policy,
			    int attempts, const s8 *want)
{
	struct bes_tx_cb cb = { .max_rate = id, .policy = policy, .rate_flags = 0 };
	struct ieee80211_tx_info info = { .band = band };
	int i;

	if (id >= WSM_RATE_HT_0)
		cb.rate_flags = IEEE80211_TX_RC_MCS;
	bes_rate_fill_status(&info, &cb, attempts);
	for (i = 0; i < IEEE80211_TX_MAX_RATES; i++) {
		KUNIT_EXPECT_EQ(test, (int)info.status.rates[i].idx, want[2 * i]);
		KUNIT_EXPECT_EQ(test, (int)info.status.rates[i].count, want[2 * i + 1]);
	}
}

/* Index and count of four rates */
static void bes_rate_status(struct kunit *test)
{
	static const s8 none[] = { -1, 0, -1, 0, -1, 0, -1, 0 };
	static const s8 once[] = { 7, 1, -1, 0, -1, 0, -1, 0 };
	static const s8 some[] = { 7, 3, 6, 2, 5, 1, -1, 0 };
	static const s8 all[] = { 7, 3, 6, 2, 5, 2, 4, 13 };
	static const s8 ofdm[] = { 1, 2, 0, 4, -1, 0, -1, 0 };
	static const s8 ofdm_2g[] = { 5, 2, 4, 2, 0, 3, -1, 0 };
	static const s8 cck[] = { 3, 3, 2, 3, 1, 3, 0, 4 };

	bes_rate_expect(test, NL80211_BAND_2GHZ, 21, 0, 0, none);
	bes_rate_expect(test, NL80211_BAND_2GHZ, 21, 0, 1, once);
	bes_rate_expect(test, NL80211_BAND_2GHZ, 21, 0, 6, some);
	bes_rate_expect(test, NL80211_BAND_2GHZ, 21, 0, 20, all);
	/* the chip said more than the policy allows */
	bes_rate_expect(test, NL80211_BAND_2GHZ, 21, 0, 256, all);
	bes_rate_expect(test, NL80211_BAND_5GHZ, 7, 3, 20, ofdm);
	bes_rate_expect(test, NL80211_BAND_2GHZ, 7, 2, 20, ofdm_2g);
	bes_rate_expect(test, NL80211_BAND_2GHZ, 3, 4, 31, cck);
}

/* Flags of an HT rate stay off the legacy rates below it */
static void bes_rate_status_flags(struct kunit *test)
{
	struct bes_tx_cb cb = {
		.max_rate = WSM_RATE_HT_0,
		.rate_flags = IEEE80211_TX_RC_MCS | IEEE80211_TX_RC_SHORT_GI,
	};
	struct ieee80211_tx_info info = { .band = NL80211_BAND_2GHZ };

	bes_rate_fill_status(&info, &cb, 5);
	KUNIT_EXPECT_EQ(test, (int)info.status.rates[0].flags,
			IEEE80211_TX_RC_MCS | IEEE80211_TX_RC_SHORT_GI);
	KUNIT_EXPECT_EQ(test, (int)info.status.rates[0].count, 2);
	KUNIT_EXPECT_EQ(test, (int)info.status.rates[1].idx, 0);
	KUNIT_EXPECT_EQ(test, (int)info.status.rates[1].flags, 0);
	KUNIT_EXPECT_EQ(test, (int)info.status.rates[1].count, 3);
}

static struct kunit_case bes_rate_tests[] = {
	KUNIT_CASE_PARAM(bes_rate_rx, bes_rate_gen_params),
	KUNIT_CASE(bes_rate_rx_bad),
	KUNIT_CASE_PARAM(bes_rate_tx, bes_rate_gen_params),
	KUNIT_CASE(bes_rate_tx_bad),
	KUNIT_CASE(bes_rate_masks),
	KUNIT_CASE(bes_rate_policy_upload),
	KUNIT_CASE_PARAM(bes_rate_policy_fits, bes_rate_gen_params),
	KUNIT_CASE(bes_rate_status),
	KUNIT_CASE(bes_rate_status_flags),
	{}
};

struct kunit_suite bes_rate_suite = {
	.name = "bes2600-rate",
	.init = bes_test_init,
	.exit = bes_test_exit,
	.test_cases = bes_rate_tests,
};
