// SPDX-License-Identifier: GPL-2.0-only
/*
 * The station: synchronise with a BSS, associate, lose it, leave it.
 *
 * The order of messages is the one that the chip's firmware has always seen.
 */
#include <linux/etherdevice.h>
#include <linux/slab.h>

#include "bes2600.h"
#include "trace.h"

#define BES_BEACON_TU		100	/* the usual interval */
#define BES_BEACON_LOST		50	/* beacons in a row */
#define BES_KEEP_ALIVE_S	15
#define BES_BA_TIDS		0xb1
#define BES_LOSS_ROUNDS		3
#define BES_LOSS_PROBE_MS	200
#define BES_PERIOD_US		102400
/* Frames that cannot be decrypted: so many in that time, and the keys are wrong */
#define BES_STORM_FRAMES	5
#define BES_STORM_TIME		(5 * HZ)
#define BES_STORM_GRACE		(HZ / 2)	/* after a change of keys */
/* Losses of the AP: so many in that time, and the chip is to blame */
#define BES_LOSS_LIMIT		3
#define BES_LOSS_TIME		(60 * HZ)
/* Thrown out so often in that time: a cluster, unless we left not long before */
#define BES_THROWN_FRAMES	5
#define BES_THROWN_TIME		(2 * HZ)
#define BES_THROWN_QUIET	(10 * HZ)

static struct bes_health *bes_sta_health(struct bes_vif *bvif)
{
	return &bvif->bes->health[bvif->id];
}

/**
 * bes_sta_rcpi() - default signal reporting
 * @bvif: interface
 *
 * Without it the chip reports signals in another unit. wiphy mutex.
 *
 * Return: 0 or a negative errno.
 */
int bes_sta_rcpi(struct bes_vif *bvif)
{
	struct wsm_mib_rcpi rcpi = {
		.mode = WSM_RCPI_ENABLE | WSM_RCPI_NO_UPPER | WSM_RCPI_NO_LOWER,
		.average = 16,
	};

	lockdep_assert_wiphy(bvif->bes->hw->wiphy);
	return bes_mib_write(bvif->bes, 0, WSM_MIB_RCPI, &rcpi, sizeof(rcpi));
}
EXPORT_SYMBOL_IF_KUNIT(bes_sta_rcpi);

/**
 * bes_sta_power() - transmit power
 * @bes: device
 * @ch: channel whose limit counts as well, or NULL
 *
 * wiphy mutex.
 *
 * Return: 0 or a negative errno.
 */
int bes_sta_power(struct bes_dev *bes, const struct ieee80211_channel *ch)
{
	int power = bes->power_dbm, ret;

	lockdep_assert_wiphy(bes->hw->wiphy);
	if (ch && ch->max_power < power)
		power = ch->max_power;
	power = max(power, 1) * 10;
	if (power == bes->power_written)
		return 0;
	ret = bes_mib_u32(bes, 0, WSM_MIB_TX_POWER, power);
	if (!ret)
		bes->power_written = power;
	return ret;
}

/*
 * Beacons in which one of these changes, comes or goes pass the filter. The
 * announcements of another channel are there for mac80211, which follows them.
 */
static int bes_sta_beacon_ies(struct bes_vif *bvif)
{
	struct {
		__le32 n;
		struct wsm_beacon_ie ie[3];
	} __packed ies = {
		.n = cpu_to_le32(ARRAY_SIZE(ies.ie)),
		.ie = {
			{ .id = WLAN_EID_VENDOR_SPECIFIC, .actions = 7,
			  .oui = { 0x50, 0x6f, 0x9a } },
			{ .id = WLAN_EID_CHANNEL_SWITCH, .actions = 7 },
			{ .id = WLAN_EID_EXT_CHANSWITCH_ANN, .actions = 7 },
		},
	};

	return bes_mib_update(bvif, WSM_MIB_BEACON_IE, &ies, sizeof(ies));
}

/**
 * bes_sta_filter() - all receive filters, where they changed
 * @bvif: interface
 *
 * Nothing is sent while the chip has no BSS. wiphy mutex.
 */
void bes_sta_filter(struct bes_vif *bvif)
{
	struct bes_dev *bes = bvif->bes;
	bool beacons = bes->filter_flags & FIF_BCN_PRBRESP_PROMISC;
	bool others = bes->filter_flags & (FIF_OTHER_BSS | FIF_PROBE_REQ);
	struct wsm_mib_beacon_filter filter = {};
	struct wsm_mib_bssid_filter bssid = { .disable = others };
	__le32 rx = cpu_to_le32((others ? WSM_RX_FILTER_BSSID : 0) |
				(bes->filter_flags & FIF_FCSFAIL ? WSM_RX_FILTER_FCS : 0));

	lockdep_assert_wiphy(bes->hw->wiphy);
	if (bvif->state == BES_VIF_NONE)
		return;
	if (bvif->beacons_open) {
		filter.count = cpu_to_le32(1);
	} else {
		filter.flags = cpu_to_le32(7);
		filter.count = cpu_to_le32(beacons ? 1 : 0);
	}
	bes_mib_update(bvif, WSM_MIB_RX_FILTER, &rx, sizeof(rx));
	bes_sta_beacon_ies(bvif);
	bes_mib_update(bvif, WSM_MIB_BEACON_FILTER, &filter, sizeof(filter));
	bes_mib_update(bvif, WSM_MIB_BSSID_FILTER, &bssid, sizeof(bssid));
	bes_mib_update(bvif, WSM_MIB_MULTICAST, &bes->multicast, sizeof(bes->multicast));
}
EXPORT_SYMBOL_IF_KUNIT(bes_sta_filter);

static void bes_sta_filter_work(struct wiphy *wiphy, struct wiphy_work *work)
{
	bes_sta_filter(container_of(work, struct bes_vif, filter_work));
}

static int bes_sta_ba(struct bes_vif *bvif, u8 tx_tids)
{
	struct wsm_mib_ba_policy ba = { .tx_tids = tx_tids, .rx_tids = BES_BA_TIDS };

	return bes_mib_update(bvif, WSM_MIB_BA_POLICY, &ba, sizeof(ba));
}

/* ---- join ---- */

static u8 bes_sta_dtim(const struct cfg80211_bss_ies *ies)
{
	const struct element *tim;

	tim = cfg80211_find_elem(WLAN_EID_TIM, ies->data, ies->len);
	return tim && tim->datalen >= 2 && tim->data[1] > 1 ? tim->data[1] : 1;
}

/* SSID and DTIM period come from what the scan heard */
static int bes_sta_join_fill(struct bes_vif *bvif, struct ieee80211_channel *ch,
			     struct wsm_join_req *req)
{
	struct ieee80211_vif *vif = bes_vif_to_vif(bvif);
	const struct cfg80211_bss_ies *ies, *beacon;
	const struct element *ssid;
	struct cfg80211_bss *bss;

	bss = cfg80211_get_bss(bvif->bes->hw->wiphy, ch, vif->bss_conf.bssid, NULL, 0,
			       IEEE80211_BSS_TYPE_ANY, IEEE80211_PRIVACY_ANY);
	if (!bss)
		return -ENOENT;
	rcu_read_lock();
	ies = rcu_dereference(bss->ies);
	/* a probe response has no TIM, and a hidden SSID is in no beacon */
	beacon = rcu_dereference(bss->beacon_ies);
	req->dtim = bes_sta_dtim(beacon ? beacon : ies);
	ssid = cfg80211_find_elem(WLAN_EID_SSID, ies->data, ies->len);
	if (ssid && ssid->datalen <= sizeof(req->ssid)) {
		req->ssid_len = cpu_to_le32(ssid->datalen);
		memcpy(req->ssid, ssid->data, ssid->datalen);
	}
	rcu_read_unlock();
	/* a damaged beacon says 0, which the chip must not be told */
	req->beacon_interval = cpu_to_le32(bss->beacon_interval ?: BES_BEACON_TU);
	cfg80211_put_bss(bvif->bes->hw->wiphy, bss);

	req->mode = WSM_JOIN_BSS;
	req->band = ch->band == NL80211_BAND_5GHZ ? WSM_BAND_5G : WSM_BAND_2G;
	req->channel = cpu_to_le16(ch->hw_value);
	ether_addr_copy(req->bssid, vif->bss_conf.bssid);
	req->preamble = 1;
	req->probe_for_join = 1;
	req->basic_rates = cpu_to_le32(req->band == WSM_BAND_5G ? 0x40 : 0x07);
	return 0;
}

static void bes_sta_put_rates(struct sk_buff *skb, const struct ieee80211_supported_band *sband)
{
	int i, n = min(sband->n_bitrates, 8);

	skb_put_u8(skb, WLAN_EID_SUPP_RATES);
	skb_put_u8(skb, n);
	for (i = 0; i < sband->n_bitrates; i++) {
		if (i == n) {
			skb_put_u8(skb, WLAN_EID_EXT_SUPP_RATES);
			skb_put_u8(skb, sband->n_bitrates - n);
		}
		skb_put_u8(skb, sband->bitrates[i].bitrate / 5);
	}
}

/* The firmware asserts if a join finds no probe request template */
static int bes_sta_join_template(struct bes_dev *bes, struct ieee80211_vif *vif,
				 enum nl80211_band band)
{
	const struct ieee80211_supported_band *sband = bes->hw->wiphy->bands[band];
	struct sk_buff *skb;
	int ret;

	skb = ieee80211_probereq_get(bes->hw, vif->addr, NULL, 0, 2 + 2 + sband->n_bitrates);
	if (!skb)
		return -ENOMEM;
	bes_sta_put_rates(skb, sband);
	ret = bes_mib_template(bes, 0, WSM_TEMPLATE_PROBE_REQ, 0, skb->data, skb->len);
	kfree_skb(skb);
	return ret;
}

static int bes_sta_join(struct bes_vif *bvif, struct ieee80211_channel *ch)
{
	struct bes_dev *bes = bvif->bes;
	struct wsm_join_req req = {};
	struct wsm_join_cnf cnf;
	int ret;

	ret = bes_sta_join_fill(bvif, ch, &req);
	if (ret)
		return ret;
	bes_scan_stop(bes);
	bes_mib_forget(bvif);
	ret = bes_sta_ba(bvif, 0);
	if (!ret)
		ret = bes_mib_u32(bes, bvif->id, WSM_MIB_MGMT_POLICY,
				  WSM_MGMT_UNPROTECTED_OK | WSM_MGMT_AUTH_AS_GIVEN);
	if (!ret)
		ret = bes_cmd_switch_channel(bes, bvif->id, ch->hw_value, 0);
	if (!ret)
		ret = bes_sta_join_template(bes, bes_vif_to_vif(bvif), ch->band);
	if (!ret)
		ret = bes_cmd_join(bes, bvif->id, &req, &cnf);
	if (ret) {
		bes_sta_health(bvif)->join_failures++;
		/* a second join right after a refused one wedges the firmware */
		bes_cmd_reset(bes, bvif->id);
		return ret;
	}
	ether_addr_copy(bvif->bssid, req.bssid);
	WRITE_ONCE(bes_sta_health(bvif)->ap, ether_addr_to_u64(req.bssid));
	bvif->channel = ch->hw_value;
	bvif->chan_type = 0;
	bvif->dtim = req.dtim;
	WRITE_ONCE(bvif->beacons_open, true);
	WRITE_ONCE(bvif->state, BES_VIF_JOINED);
	bes_sta_filter(bvif);
	return 0;
}

/**
 * bes_op_mgd_prepare_tx() - join before the first frame to the AP
 * @hw: hardware
 * @vif: interface
 * @info: the frame
 *
 * wiphy mutex.
 */
void bes_op_mgd_prepare_tx(struct ieee80211_hw *hw, struct ieee80211_vif *vif,
			   struct ieee80211_prep_tx_info *info)
{
	struct bes_dev *bes = hw->priv;
	struct bes_vif *bvif = bes_vif(vif);
	struct ieee80211_channel *ch = bes_chandef(&vif->bss_conf)->chan;

	lockdep_assert_wiphy(hw->wiphy);
	if (bvif->state != BES_VIF_NONE && ether_addr_equal(bvif->bssid, vif->bss_conf.bssid))
		return;
	if (!ch || READ_ONCE(bes->state) != BES_STATE_RUNNING || bes->restarting ||
	    is_zero_ether_addr(vif->bss_conf.bssid))
		return;
	/* nobody joins to say good-bye */
	if (info->subtype == IEEE80211_STYPE_DEAUTH || info->subtype == IEEE80211_STYPE_DISASSOC)
		return;
	bes_sta_leave(bvif);
	/* a failure shows as a frame that is not acknowledged */
	bes_sta_join(bvif, ch);
}

/* ---- association ---- */

static int bes_sta_short_gi(struct bes_vif *bvif, const struct ieee80211_sta *sta)
{
	u16 need = bvif->chan_type > 1 ? IEEE80211_HT_CAP_SGI_40 : IEEE80211_HT_CAP_SGI_20;
	u8 on = sta->deflink.ht_cap.ht_supported && sta->deflink.ht_cap.cap & need;

	return bes_mib_write(bvif->bes, 0, WSM_MIB_SHORT_GI, &on, sizeof(on));
}

/* The tuner's one-time settings */
static void bes_sta_assoc_tune(struct bes_vif *bvif, const struct ieee80211_sta *sta)
{
	struct wsm_mib_txrx_opt opt = { 2, 5, cpu_to_le16(3000) };
	struct bes_dev *bes = bvif->bes;
	u8 table = 1;

	bes_mib_write(bes, 0, WSM_MIB_TXRX_OPT, &opt, sizeof(opt));
	bes_mib_u32(bes, 0, WSM_MIB_RTS_THRESHOLD, bes->rts_threshold);
	bes_mib_write(bes, 0, WSM_MIB_POWER_TABLE, &table, sizeof(table));
	bes_sta_short_gi(bvif, sta);
}

static void bes_sta_assoc_mode(struct bes_vif *bvif, const struct ieee80211_sta *sta)
{
	struct ieee80211_vif *vif = bes_vif_to_vif(bvif);
	const struct ieee80211_sta_ht_cap *ht = &sta->deflink.ht_cap;
	struct wsm_mib_assoc_mode mode = {
		.flags = 0x1f,
		.short_preamble = vif->bss_conf.use_short_preamble,
		.mpdu_spacing = ht->ht_supported ? ht->ampdu_density : 0,
	};
	enum nl80211_band band = bes_chandef(&vif->bss_conf)->chan->band;

	mode.basic_rates = cpu_to_le32(bes_rate_mask(bvif->bes->hw, band,
						     vif->bss_conf.basic_rates));
	bes_mib_update(bvif, WSM_MIB_ASSOC_MODE, &mode, sizeof(mode));
}

/* Beacons are supervised from here on, also anew */
static void bes_sta_bss_params(struct bes_vif *bvif)
{
	bes_cmd_bss_params(bvif->bes, bvif->id, BES_BEACON_LOST, bvif->aid, bvif->rates,
			   bvif->ht_rates);
}

static void bes_sta_assoc_bss(struct bes_vif *bvif, const struct ieee80211_sta *sta)
{
	struct ieee80211_vif *vif = bes_vif_to_vif(bvif);
	enum nl80211_band band = bes_chandef(&vif->bss_conf)->chan->band;
	const struct ieee80211_sta_ht_cap *ht = &sta->deflink.ht_cap;
	u32 dtim = vif->bss_conf.dtim_period ?: 1;
	struct wsm_mib_beacon_wakeup wakeup = {};

	bvif->aid = vif->cfg.aid;
	bvif->rates = bes_rate_mask(bvif->bes->hw, band, sta->deflink.supp_rates[band]);
	bvif->ht_rates = ht->ht_supported ? ht->mcs.rx_mask[0] << WSM_RATE_HT_0 : 0;
	bes_sta_bss_params(bvif);
	wakeup.dtim = vif->bss_conf.beacon_int * dtim > 1000 ? 1 : dtim;
	bes_mib_update(bvif, WSM_MIB_BEACON_WAKEUP, &wakeup, sizeof(wakeup));
	if (ht->ht_supported)
		bes_sta_ba(bvif, BES_BA_TIDS);
}

static void bes_sta_null_template(struct bes_vif *bvif)
{
	struct sk_buff *skb;

	skb = ieee80211_nullfunc_get(bvif->bes->hw, bes_vif_to_vif(bvif), -1, false);
	if (!skb)
		return;
	bes_mib_template(bvif->bes, bvif->id, WSM_TEMPLATE_QOS_NULL, 0xff, skb->data, skb->len);
	kfree_skb(skb);
}

static void bes_sta_coex(struct bes_dev *bes, bool connected, bool is_5g)
{
	bes_cmd_mcu_state(bes, connected ? WSM_WIFI_STATE_CONNECTED : WSM_WIFI_STATE_IDLE);
	/* no Bluetooth activity is known: the whole period is Wi-Fi's */
	if (connected)
		bes_cmd_epta(bes, BES_PERIOD_US, 0, is_5g ? 0x403 : 3);
}

static void bes_sta_assoc(struct bes_vif *bvif)
{
	struct ieee80211_vif *vif = bes_vif_to_vif(bvif);
	const struct cfg80211_chan_def *def = bes_chandef(&vif->bss_conf);
	struct wsm_mib_keep_alive alive = { .seconds = cpu_to_le16(BES_KEEP_ALIVE_S) };
	struct bes_dev *bes = bvif->bes;
	struct ieee80211_sta *sta;
	__le32 protection;

	rcu_read_lock();
	sta = ieee80211_find_sta(vif, bvif->bssid);
	rcu_read_unlock();
	/* the wiphy mutex keeps the station */
	if (!sta)
		return;
	WRITE_ONCE(bes_sta_health(bvif)->decrypts.n, 0);
	WRITE_ONCE(bvif->state, BES_VIF_ASSOC);
	bvif->chan_type = cfg80211_get_chandef_type(def);
	bvif->pmf = sta->mfp;
	bes_sta_assoc_tune(bvif, sta);
	bes_cmd_switch_channel(bes, bvif->id, bvif->channel, bvif->chan_type);
	bes_sta_coex(bes, true, def->chan->band == NL80211_BAND_5GHZ);
	protection = cpu_to_le32(vif->bss_conf.ht_operation_mode &
				 IEEE80211_HT_OP_MODE_NON_GF_STA_PRSNT ? 2 : 0);
	bes_mib_update(bvif, WSM_MIB_HT_PROTECTION, &protection, sizeof(protection));
	bes_sta_assoc_mode(bvif, sta);
	bes_mib_update(bvif, WSM_MIB_KEEP_ALIVE, &alive, sizeof(alive));
	bes_sta_assoc_bss(bvif, sta);
	bes_sta_null_template(bvif);
	/* mac80211 tells of a change only, not of a limit that outlived a connection */
	if (vif->bss_conf.txpower != INT_MIN)
		bes->power_dbm = vif->bss_conf.txpower;
	bes_sta_power(bes, def->chan);
}

static void bes_sta_slot(struct bes_vif *bvif, bool short_slot)
{
	__le32 slot = cpu_to_le32(short_slot ? 9 : 20);

	bes_mib_update(bvif, WSM_MIB_SLOT_TIME, &slot, sizeof(slot));
}

/* No frame meets the chip between two channels; a scan lets them go when it ends */
static void bes_sta_switch(struct bes_vif *bvif)
{
	struct bes_dev *bes = bvif->bes;

	bes_tx_stop(bes, true);
	bes_cmd_switch_channel(bes, bvif->id, bvif->channel, bvif->chan_type);
	if (!bes->scan.req)
		bes_tx_stop(bes, false);
}

static void bes_sta_bandwidth(struct bes_vif *bvif)
{
	struct ieee80211_vif *vif = bes_vif_to_vif(bvif);
	u8 type = cfg80211_get_chandef_type(bes_chandef(&vif->bss_conf));

	if (bvif->state != BES_VIF_ASSOC || type == bvif->chan_type)
		return;
	bvif->chan_type = type;
	bvif->resized = true;
	if (!bvif->bes->scan.req)
		bes_sta_retune(bvif);
}

/**
 * bes_sta_retune() - bring the chip to the channel and width of its BSS
 * @bvif: interface
 *
 * Sent only if the AP has moved or changed its width, or if a scan may have
 * narrowed the channel. Not while it scans: the end of the scan calls again.
 * After a move the first beacon has to pass: mac80211 waits for it. wiphy mutex.
 */
void bes_sta_retune(struct bes_vif *bvif)
{
	lockdep_assert_wiphy(bvif->bes->hw->wiphy);
	if (bvif->state != BES_VIF_ASSOC ||
	    (!bvif->moved && !bvif->resized && bvif->chan_type <= 1))
		return;
	bvif->resized = false;
	bes_sta_switch(bvif);
	if (!bvif->moved)
		return;
	bvif->moved = false;
	WRITE_ONCE(bvif->beacons_open, true);
	bes_sta_filter(bvif);
}

/**
 * bes_sta_follow() - mac80211 goes to another channel, maybe because the AP does
 * @bvif: interface
 *
 * A chip that does not retune loses its BSS by that, as it would otherwise. Not
 * while it scans: then the end of the scan brings it there. wiphy mutex.
 */
void bes_sta_follow(struct bes_vif *bvif)
{
	const struct cfg80211_chan_def *def = &bvif->bes->hw->conf.chandef;
	struct bes_dev *bes = bvif->bes;

	lockdep_assert_wiphy(bes->hw->wiphy);
	if (bvif->state != BES_VIF_ASSOC || READ_ONCE(bes->state) != BES_STATE_RUNNING ||
	    !bes_vif_to_vif(bvif)->bss_conf.csa_active || def->chan->hw_value == bvif->channel)
		return;
	bvif->channel = def->chan->hw_value;
	bvif->chan_type = cfg80211_get_chandef_type(def);
	bvif->moved = true;
	if (bes->scan.req)
		return;
	bes_sta_power(bes, def->chan);
	bes_sta_retune(bvif);
}

/**
 * bes_op_bss_info_changed() - mac80211's view of the BSS changed
 * @hw: hardware
 * @vif: interface
 * @conf: the view
 * @changed: BSS_CHANGED_*
 *
 * wiphy mutex.
 */
void bes_op_bss_info_changed(struct ieee80211_hw *hw, struct ieee80211_vif *vif,
			     struct ieee80211_bss_conf *conf, u64 changed)
{
	struct bes_dev *bes = hw->priv;
	struct bes_vif *bvif = bes_vif(vif);

	lockdep_assert_wiphy(hw->wiphy);
	if (READ_ONCE(bes->state) != BES_STATE_RUNNING)
		return;
	if (changed & BSS_CHANGED_BSSID) {
		/* given up; an AP that only asks for patience is still the BSS */
		if (bvif->state == BES_VIF_JOINED && !ether_addr_equal(bvif->bssid, conf->bssid))
			bes_sta_leave(bvif);
		bes_sta_rcpi(bvif);
	}
	if (changed & BSS_CHANGED_ASSOC) {
		if (vif->cfg.assoc)
			bes_sta_assoc(bvif);
		else
			bes_sta_leave(bvif);
	}
	if (changed & BSS_CHANGED_ERP_SLOT)
		bes_sta_slot(bvif, conf->use_short_slot);
	if (changed & BSS_CHANGED_BANDWIDTH)
		bes_sta_bandwidth(bvif);
	if (changed & BSS_CHANGED_PS)
		bes_pm_update(bvif);
	if (changed & BSS_CHANGED_TXPOWER && bvif->state == BES_VIF_ASSOC) {
		bes->power_dbm = conf->txpower;
		bes_sta_power(bes, bes_chandef(conf)->chan);
	}
}

/**
 * bes_op_sta_state() - the AP's entry changes state; nothing to tell the chip
 * @hw: hardware
 * @vif: interface
 * @sta: the AP
 * @old_state: from
 * @new_state: to
 *
 * Return: 0.
 */
int bes_op_sta_state(struct ieee80211_hw *hw, struct ieee80211_vif *vif, struct ieee80211_sta *sta,
		     enum ieee80211_sta_state old_state, enum ieee80211_sta_state new_state)
{
	return 0;
}

/* ---- leaving ---- */

/**
 * bes_sta_stop_vif() - the interface goes away
 * @bvif: interface
 *
 * wiphy mutex.
 */
void bes_sta_stop_vif(struct bes_vif *bvif)
{
	lockdep_assert_wiphy(bvif->bes->hw->wiphy);
	wiphy_delayed_work_cancel(bvif->bes->hw->wiphy, &bvif->loss_work);
	wiphy_work_cancel(bvif->bes->hw->wiphy, &bvif->filter_work);
	wiphy_work_cancel(bvif->bes->hw->wiphy, &bvif->storm_work);
	bes_pm_reset_vif(bvif);
}

/**
 * bes_sta_lost() - the chip forgot the BSS
 * @bvif: interface
 */
void bes_sta_lost(struct bes_vif *bvif)
{
	bes_sta_stop_vif(bvif);
	WRITE_ONCE(bvif->state, BES_VIF_NONE);
	WRITE_ONCE(bvif->beacons_open, false);
	WRITE_ONCE(bes_sta_health(bvif)->decrypts.n, 0);
	eth_zero_addr(bvif->bssid);
	bvif->chan_type = 0;
	bvif->moved = false;
	bvif->resized = false;
	bes_mib_forget(bvif);
}

/**
 * bes_sta_lost_all() - the chip forgot all interfaces
 * @bes: device, thread parked
 *
 * mac80211 adds them again, zeroed, or never: nobody may look meanwhile. wiphy
 * mutex.
 */
void bes_sta_lost_all(struct bes_dev *bes)
{
	struct ieee80211_vif *vif;
	int i;

	for (i = 0; i < BES_IFS; i++) {
		vif = wiphy_dereference(bes->hw->wiphy, bes->vifs[i]);
		if (vif)
			bes_sta_lost(bes_vif(vif));
		RCU_INIT_POINTER(bes->vifs[i], NULL);
	}
}

/**
 * bes_sta_leave() - leave the BSS, if there is one
 * @bvif: interface
 *
 * wiphy mutex.
 */
void bes_sta_leave(struct bes_vif *bvif)
{
	struct wsm_mib_txrx_opt opt = { 1, 0, cpu_to_le16(2002) };
	struct bes_dev *bes = bvif->bes;
	bool assoc = bvif->state == BES_VIF_ASSOC;
	struct wsm_mib_keep_alive alive = {};
	u8 table = 1;

	lockdep_assert_wiphy(bes->hw->wiphy);
	if (bvif->state == BES_VIF_NONE)
		return;
	/* the end of the scan has no channel to come back to */
	bvif->chan_type = 0;
	bvif->moved = false;
	bvif->resized = false;
	/* firmware loses its way when its BSS goes while it is elsewhere */
	bes_scan_stop(bes);
	if (READ_ONCE(bes->state) == BES_STATE_RUNNING) {
		if (assoc) {
			bes_mib_write(bes, 0, WSM_MIB_POWER_TABLE, &table, sizeof(table));
			bes_mib_write(bes, 0, WSM_MIB_TXRX_OPT, &opt, sizeof(opt));
		}
		bes_mib_write(bes, bvif->id, WSM_MIB_KEEP_ALIVE, &alive, sizeof(alive));
		/* it would find itself busy when it is to join the next BSS */
		if (bes_cmd_reset(bes, bvif->id) == -EIO)
			bes_fatal(bes, "BSS not left");
	}
	bes_sta_lost(bvif);
	if (READ_ONCE(bes->state) == BES_STATE_RUNNING) {
		bes_sta_power(bes, NULL);
		bes_sta_rcpi(bvif);
		bes_sta_ba(bvif, 0);
		if (assoc)
			bes_sta_coex(bes, false, false);
	}
}

/* ---- loss of the AP ---- */

/*
 * The only way to tell mac80211. One loss is the air's fault; several in a row
 * are the chip's.
 */
static void bes_sta_report_loss(struct bes_vif *bvif)
{
	struct bes_health *h = bes_sta_health(bvif);

	h->losses++;
	WRITE_ONCE(h->lost_at, jiffies ?: 1);
	if (!bes_window_hit(&h->lost, BES_LOSS_LIMIT, BES_LOSS_TIME)) {
		ieee80211_connection_loss(bes_vif_to_vif(bvif));
		return;
	}
	h->lost.n = 0;
	h->loss_storms++;
	bes_fatal(bvif->bes, "the AP is lost again and again");
}

static void bes_sta_storm_work(struct wiphy *wiphy, struct wiphy_work *work)
{
	struct bes_vif *bvif = container_of(work, struct bes_vif, storm_work);
	struct bes_health *h = bes_sta_health(bvif);

	if (bvif->state != BES_VIF_ASSOC)
		return;
	if (h->decrypt_at && time_before(jiffies, h->decrypt_at + BES_STORM_TIME))
		return;
	h->decrypt_at = jiffies ?: 1;
	h->decrypt_storms++;
	WRITE_ONCE(h->decrypts.n, 0);
	dev_info(bvif->bes->dev, "decrypt-storm fast-recover: forcing reassoc\n");
	trace_bes_state(bvif->bes, READ_ONCE(bvif->bes->state), "decrypt storm");
	bes_sta_report_loss(bvif);
}

/**
 * bes_sta_undecryptable() - a frame that the chip could not decrypt
 * @bvif: interface
 *
 * Now and then one is normal. Many mean that chip and AP have different keys,
 * which only a new association ends. BH thread.
 */
void bes_sta_undecryptable(struct bes_vif *bvif)
{
	struct bes_health *h = bes_sta_health(bvif);
	unsigned long keyed = READ_ONCE(h->keyed_at);

	h->decrypt_failures++;
	/* frames under the old key may still be on their way */
	if (keyed && time_before(jiffies, keyed + BES_STORM_GRACE))
		return;
	if (READ_ONCE(bvif->state) == BES_VIF_ASSOC &&
	    bes_window_hit(&h->decrypts, BES_STORM_FRAMES, BES_STORM_TIME))
		wiphy_work_queue(bvif->bes->hw->wiphy, &bvif->storm_work);
}

static void bes_sta_cluster(struct bes_vif *bvif, u16 reason)
{
	struct bes_dev *bes = bvif->bes;
	unsigned int ms[ARRAY_SIZE(bes->sent)];
	int i;

	for (i = 0; i < ARRAY_SIZE(ms); i++)
		ms[i] = bes->sent[i].at ? jiffies_to_msecs(jiffies - bes->sent[i].at) : 0;
	dev_info_ratelimited(bes->dev,
			     "the AP throws us out (reason %u, state %d); sent before: %04x %u ms, %04x %u ms, %04x %u ms, %04x %u ms ago\n",
			     reason, READ_ONCE(bvif->state), le16_to_cpu(bes->sent[0].fc), ms[0],
			     le16_to_cpu(bes->sent[1].fc), ms[1], le16_to_cpu(bes->sent[2].fc),
			     ms[2], le16_to_cpu(bes->sent[3].fc), ms[3]);
}

/**
 * bes_sta_thrown_out() - a deauthentication or disassociation was received
 * @bvif: interface
 * @mgmt: the frame
 * @len: its length, at least a header
 *
 * Only counted: an AP that has forgotten the station says so many times. What
 * a single one means is mac80211's business. BH thread.
 */
void bes_sta_thrown_out(struct bes_vif *bvif, const struct ieee80211_mgmt *mgmt, size_t len)
{
	struct bes_health *h = bes_sta_health(bvif);
	unsigned long lost = READ_ONCE(h->lost_at);
	u16 reason;

	if (ieee80211_has_protected(mgmt->frame_control) ||
	    len < offsetofend(struct ieee80211_mgmt, u.deauth.reason_code) ||
	    ether_addr_to_u64(mgmt->bssid) != READ_ONCE(h->ap))
		return;
	reason = le16_to_cpu(mgmt->u.deauth.reason_code);
	if (reason != WLAN_REASON_CLASS2_FRAME_FROM_NONAUTH_STA &&
	    reason != WLAN_REASON_CLASS3_FRAME_FROM_NONASSOC_STA)
		return;
	h->deauths++;
	if (time_after_eq(jiffies, h->thrown_at + BES_THROWN_TIME)) {
		h->cluster = false;
		h->thrown.n = 0;
	}
	h->thrown_at = jiffies;
	if (!bes_window_hit(&h->thrown, BES_THROWN_FRAMES, BES_THROWN_TIME) || h->cluster)
		return;
	h->cluster = true;
	if (lost && time_before(jiffies, lost + BES_THROWN_QUIET))
		return;
	h->clusters++;
	bes_sta_cluster(bvif, reason);
}

static void bes_sta_probe_ap(struct bes_vif *bvif)
{
	struct ieee80211_vif *vif = bes_vif_to_vif(bvif);
	struct ieee80211_tx_info *info;
	struct sk_buff *skb;

	skb = ieee80211_nullfunc_get(bvif->bes->hw, vif, -1, false);
	if (!skb)
		return;
	info = IEEE80211_SKB_CB(skb);
	info->control.vif = vif;
	info->band = bes_chandef(&vif->bss_conf)->chan->band;
	skb_set_queue_mapping(skb, IEEE80211_AC_VO);
	bvif->probe_acked = false;
	bes_tx_probe(bvif->bes, skb);
}

/* Asks the AP whether it lives; the work looks at the answer */
static void bes_sta_ask_ap(struct bes_vif *bvif)
{
	bes_sta_probe_ap(bvif);
	wiphy_delayed_work_queue(bvif->bes->hw->wiphy, &bvif->loss_work,
				 msecs_to_jiffies(BES_LOSS_PROBE_MS));
}

/* An acknowledged probe means that the AP lives; the beacons may come back */
static void bes_sta_loss_work(struct wiphy *wiphy, struct wiphy_work *work)
{
	struct bes_vif *bvif = container_of(work, struct bes_vif, loss_work.work);

	if (bvif->state != BES_VIF_ASSOC)
		return;
	if (READ_ONCE(bvif->probe_acked)) {
		if (++bvif->loss_rounds < BES_LOSS_ROUNDS) {
			bes_sta_bss_params(bvif);
			return;
		}
	} else if (!bvif->loss_probes++) {
		bes_sta_ask_ap(bvif);
		return;
	}
	bvif->loss_rounds = 0;
	bes_sta_report_loss(bvif);
}

static void bes_sta_bss_lost(struct bes_vif *bvif)
{
	if (bvif->state != BES_VIF_ASSOC)
		return;
	if (time_after(jiffies, bvif->loss_since + 30 * HZ)) {
		bvif->loss_rounds = 0;
		bvif->loss_since = jiffies;
	}
	bvif->loss_probes = 0;
	bes_sta_ask_ap(bvif);
}

/**
 * bes_sta_event() - event of the chip (0x0805)
 * @bes: device
 * @if_id: interface
 * @event: enum wsm_event
 * @data: of the event
 *
 * wiphy mutex.
 */
void bes_sta_event(struct bes_dev *bes, u8 if_id, u32 event, u32 data)
{
	struct ieee80211_vif *vif;
	struct bes_vif *bvif;

	lockdep_assert_wiphy(bes->hw->wiphy);
	if (if_id >= BES_IFS)
		return;
	vif = wiphy_dereference(bes->hw->wiphy, bes->vifs[if_id]);
	if (!vif)
		return;
	bvif = bes_vif(vif);
	switch (event) {
	case WSM_EVENT_BSS_LOST:
		bes_sta_bss_lost(bvif);
		break;
	case WSM_EVENT_BSS_REGAINED:
		bvif->loss_rounds = 0;
		wiphy_delayed_work_cancel(bes->hw->wiphy, &bvif->loss_work);
		break;
	case WSM_EVENT_PS_ERROR:
		bes_pm_error(bvif, data);
		break;
	}
}

/**
 * bes_sta_init_vif() - a new interface
 * @bvif: interface, zeroed
 */
void bes_sta_init_vif(struct bes_vif *bvif)
{
	wiphy_work_init(&bvif->filter_work, bes_sta_filter_work);
	wiphy_work_init(&bvif->storm_work, bes_sta_storm_work);
	wiphy_delayed_work_init(&bvif->loss_work, bes_sta_loss_work);
	bes_pm_init_vif(bvif);
}
