// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rates. mac80211's rate control picks the first rate; the chip walks down
 * from there through one of a few fixed retry policies, uploaded once. So no
 * frame ever waits for a policy.
 */
#include "bes2600.h"

enum bes_policy_id {
	BES_POLICY_HT_2G,
	BES_POLICY_HT_5G,
	BES_POLICY_OFDM_2G,
	BES_POLICY_OFDM_5G,
	BES_POLICY_CCK,
	BES_POLICIES,
};

/* Attempts per rate id. Each tail ends at the lowest rate of its band. */
static const u8 bes_policy_tries[BES_POLICIES][WSM_RATE_MAX + 1] = {
	[BES_POLICY_HT_2G] = { [0] = 3, [14] = 2, 2, 2, 2, 2, 2, 2, 3 },
	[BES_POLICY_HT_5G] = { [6] = 3, [14] = 2, 2, 2, 2, 2, 2, 2, 3 },
	[BES_POLICY_OFDM_2G] = { [0] = 3, [6] = 2, 2, 2, 2, 2, 2, 2, 3 },
	[BES_POLICY_OFDM_5G] = { [6] = 4, 2, 2, 2, 2, 2, 2, 3 },
	[BES_POLICY_CCK] = { [0] = 4, 3, 3, 3 },
};

/* The sum is what the chip's counters allow */
#define BES_POLICY_RETRIES	31

/**
 * bes_rate_upload() - give the chip its retry policies
 * @bes: device, running
 *
 * wiphy mutex.
 *
 * Return: 0 or a negative errno.
 */
int bes_rate_upload(struct bes_dev *bes)
{
	struct {
		struct wsm_mib_rate_policy head;
		struct wsm_rate_policy p[BES_POLICIES];
	} __packed mib = { .head.count = BES_POLICIES };
	int i, r;

	lockdep_assert_wiphy(bes->hw->wiphy);
	for (i = 0; i < BES_POLICIES; i++) {
		mib.p[i].index = i;
		mib.p[i].short_retries = BES_POLICY_RETRIES;
		mib.p[i].long_retries = BES_POLICY_RETRIES;
		mib.p[i].flags = WSM_POLICY_F_TERMINATE | WSM_POLICY_F_COUNT_FIRST;
		for (r = 0; r <= WSM_RATE_MAX; r++)
			mib.p[i].tries[r / 2] |= bes_policy_tries[i][r] << 4 * (r % 2);
	}
	return bes_mib_write(bes, 0, WSM_MIB_RATE_POLICY, &mib, sizeof(mib));
}
EXPORT_SYMBOL_IF_KUNIT(bes_rate_upload);

/**
 * bes_rate_select() - first rate and policy of a frame
 * @bes: device
 * @skb: frame with mac80211's choice in its control block
 * @max_rate: rate id of the first attempt
 * @policy: policy for the rest
 */
void bes_rate_select(struct bes_dev *bes, struct sk_buff *skb, u8 *max_rate, u8 *policy)
{
	struct ieee80211_tx_info *info = IEEE80211_SKB_CB(skb);
	const struct ieee80211_tx_rate *r = &info->control.rates[0];
	bool is_5g = info->band == NL80211_BAND_5GHZ;
	struct ieee80211_supported_band *sband = bes->hw->wiphy->bands[info->band];

	if (r->flags & IEEE80211_TX_RC_MCS) {
		*max_rate = WSM_RATE_HT_0 + (r->idx & 7);
		*policy = is_5g ? BES_POLICY_HT_5G : BES_POLICY_HT_2G;
		return;
	}
	*max_rate = r->idx >= 0 && r->idx < sband->n_bitrates ?
		    sband->bitrates[r->idx].hw_value : sband->bitrates[0].hw_value;
	if (*max_rate < WSM_RATE_OFDM_6)
		*policy = BES_POLICY_CCK;
	else
		*policy = is_5g ? BES_POLICY_OFDM_5G : BES_POLICY_OFDM_2G;
}
EXPORT_SYMBOL_IF_KUNIT(bes_rate_select);

/* MCS or index of the band's bitrates; negative: not on that band */
static int bes_rate_idx(u8 id, enum nl80211_band band)
{
	if (id >= WSM_RATE_HT_0)
		return id - WSM_RATE_HT_0;
	if (band == NL80211_BAND_5GHZ)
		return id - WSM_RATE_OFDM_6;
	/* no ids 4 and 5 */
	return id >= WSM_RATE_OFDM_6 ? id - 2 : id;
}

static void bes_rate_to_tx(struct ieee80211_tx_rate *r, u8 id, enum nl80211_band band, u16 ht_flags)
{
	r->idx = bes_rate_idx(id, band);
	r->flags = id >= WSM_RATE_HT_0 ? ht_flags : 0;
}

/**
 * bes_rate_fill_status() - what was tried, for rate control
 * @info: control block, status cleared
 * @cb: what bes_rate_select() chose
 * @attempts: transmissions made
 *
 * Follows the same walk as the chip. When there are more rates than room the
 * last entry takes the rest.
 */
void bes_rate_fill_status(struct ieee80211_tx_info *info, const struct bes_tx_cb *cb, int attempts)
{
	struct ieee80211_tx_rate *r = info->status.rates;
	int id, n, i = 0;

	for (id = cb->max_rate; id >= 0 && attempts > 0; id--) {
		n = bes_policy_tries[cb->policy][id];
		if (!n)
			continue;
		n = min(n, attempts);
		attempts -= n;
		if (i == IEEE80211_TX_MAX_RATES) {
			r[i - 1].count += n;
			continue;
		}
		bes_rate_to_tx(&r[i], id, info->band, cb->rate_flags);
		r[i++].count = n;
	}
	for (; i < IEEE80211_TX_MAX_RATES; i++) {
		r[i].idx = -1;
		r[i].count = 0;
	}
}
EXPORT_SYMBOL_IF_KUNIT(bes_rate_fill_status);

/**
 * bes_rate_to_rx() - rate id of a received frame
 * @id: rate id
 * @band: band it came on
 * @status: where encoding and index go
 *
 * Return: 0, or -EINVAL for an id that does not exist on the band.
 */
int bes_rate_to_rx(u8 id, enum nl80211_band band, struct ieee80211_rx_status *status)
{
	int idx = bes_rate_idx(id, band);

	if (id > WSM_RATE_MAX || WSM_RATE_HOLE(id) || idx < 0)
		return -EINVAL;
	if (id >= WSM_RATE_HT_0)
		status->encoding = RX_ENC_HT;
	status->rate_idx = idx;
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(bes_rate_to_rx);

/**
 * bes_rate_mask() - mac80211's mask of bitrate indexes to rate ids
 * @hw: hardware
 * @band: band of the mask
 * @mask: bits are indexes into the band's bitrates
 *
 * Return: mask of rate ids.
 */
u32 bes_rate_mask(struct ieee80211_hw *hw, enum nl80211_band band, u32 mask)
{
	struct ieee80211_supported_band *sband = hw->wiphy->bands[band];
	u32 out = 0;
	int i;

	for (i = 0; i < sband->n_bitrates; i++)
		if (mask & BIT(i))
			out |= BIT(sband->bitrates[i].hw_value);
	return out;
}
EXPORT_SYMBOL_IF_KUNIT(bes_rate_mask);
