// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the driver declares to mac80211, and the callbacks that belong to the
 * device as a whole.
 */
#include <linux/etherdevice.h>
#include <linux/mmc/card.h>
#include <linux/of_net.h>
#include <linux/property.h>
#include <linux/slab.h>

#include "bes2600.h"

#define BES_FLUSH_MS	500
#define BES_MAX_RATES	4
#define BES_MAX_TRIES	15

#define RATE(r, id, f) { .bitrate = (r), .hw_value = (id), .flags = (f) }
static const struct ieee80211_rate bes_rates[] = {
	RATE(10, 0, 0),
	RATE(20, 1, IEEE80211_RATE_SHORT_PREAMBLE),
	RATE(55, 2, IEEE80211_RATE_SHORT_PREAMBLE),
	RATE(110, 3, IEEE80211_RATE_SHORT_PREAMBLE),
	RATE(60, 6, 0),
	RATE(90, 7, 0),
	RATE(120, 8, 0),
	RATE(180, 9, 0),
	RATE(240, 10, 0),
	RATE(360, 11, 0),
	RATE(480, 12, 0),
	RATE(540, 13, 0),
};

#define CHAN2(_n, _f) { \
	.band = NL80211_BAND_2GHZ, .center_freq = (_f), .hw_value = (_n), .max_power = 20 }
static const struct ieee80211_channel bes_channels_2g[] = {
	CHAN2(1, 2412), CHAN2(2, 2417), CHAN2(3, 2422), CHAN2(4, 2427), CHAN2(5, 2432),
	CHAN2(6, 2437), CHAN2(7, 2442), CHAN2(8, 2447), CHAN2(9, 2452), CHAN2(10, 2457),
	CHAN2(11, 2462), CHAN2(12, 2467), CHAN2(13, 2472), CHAN2(14, 2484),
};

#define CHAN5(_n) { \
	.band = NL80211_BAND_5GHZ, .center_freq = 5000 + 5 * (_n), .hw_value = (_n), \
	.max_power = 20 }
static const struct ieee80211_channel bes_channels_5g[] = {
	CHAN5(36), CHAN5(40), CHAN5(44), CHAN5(48), CHAN5(52), CHAN5(56), CHAN5(60), CHAN5(64),
	CHAN5(100), CHAN5(104), CHAN5(108), CHAN5(112), CHAN5(116), CHAN5(120), CHAN5(124),
	CHAN5(128), CHAN5(132), CHAN5(136), CHAN5(140), CHAN5(144),
	CHAN5(149), CHAN5(153), CHAN5(157), CHAN5(161), CHAN5(165),
};

static const u32 bes_ciphers[] = {
	WLAN_CIPHER_SUITE_WEP40,
	WLAN_CIPHER_SUITE_WEP104,
	WLAN_CIPHER_SUITE_TKIP,
	WLAN_CIPHER_SUITE_CCMP,
	WLAN_CIPHER_SUITE_AES_CMAC,
};

static const struct ieee80211_sta_ht_cap bes_ht_cap = {
	.ht_supported = true,
	.cap = IEEE80211_HT_CAP_SUP_WIDTH_20_40 | IEEE80211_HT_CAP_SGI_20 |
	       IEEE80211_HT_CAP_SGI_40 | IEEE80211_HT_CAP_SM_PS,
	.ampdu_factor = IEEE80211_HT_MAX_AMPDU_32K,
	.ampdu_density = IEEE80211_HT_MPDU_DENSITY_NONE,
	.mcs = {
		.rx_mask = { 0xff },
		.tx_params = IEEE80211_HT_MCS_TX_DEFINED,
	},
};

/* Channels carry state that cfg80211 changes: each device has its own */
static int bes_core_band(struct bes_dev *bes, enum nl80211_band band,
			 const struct ieee80211_channel *channels, int n, int first_rate)
{
	struct ieee80211_supported_band *sband;

	sband = devm_kzalloc(bes->dev, sizeof(*sband), GFP_KERNEL);
	if (!sband)
		return -ENOMEM;
	sband->channels = devm_kmemdup(bes->dev, channels, n * sizeof(*channels), GFP_KERNEL);
	sband->bitrates = devm_kmemdup(bes->dev, bes_rates + first_rate,
				       (ARRAY_SIZE(bes_rates) - first_rate) * sizeof(*bes_rates),
				       GFP_KERNEL);
	if (!sband->channels || !sband->bitrates)
		return -ENOMEM;
	sband->band = band;
	sband->n_channels = n;
	sband->n_bitrates = ARRAY_SIZE(bes_rates) - first_rate;
	sband->ht_cap = bes_ht_cap;
	bes->hw->wiphy->bands[band] = sband;
	return 0;
}

VISIBLE_IF_KUNIT
int bes_core_bands(struct bes_dev *bes)
{
	int ret;

	ret = bes_core_band(bes, NL80211_BAND_2GHZ, bes_channels_2g,
			    ARRAY_SIZE(bes_channels_2g), 0);
	if (ret)
		return ret;
	return bes_core_band(bes, NL80211_BAND_5GHZ, bes_channels_5g,
			     ARRAY_SIZE(bes_channels_5g), 4);
}
EXPORT_SYMBOL_IF_KUNIT(bes_core_bands);

/* ---- device callbacks ---- */

static int bes_configure(struct bes_dev *bes, const u8 *mac)
{
	int i, ret;

	/* the chip knows two stations; both get the same block */
	for (i = 0; i < 2; i++) {
		ret = bes_cmd_configuration(bes, i, mac);
		if (ret)
			return ret;
	}
	ether_addr_copy(bes->conf_mac, mac);
	return 0;
}

static int bes_multi_confirms(struct bes_dev *bes)
{
	int i, ret = 0;

	for (i = 0; i < 2 && !ret; i++)
		ret = bes_mib_u32(bes, i, WSM_MIB_MULTI_TX_CNF, 1);
	return ret;
}

/* Firmware that is configured anew may forget what it was told of transmissions */
static int bes_configure_again(struct bes_dev *bes, const u8 *mac)
{
	int ret = bes_configure(bes, mac);

	if (!ret)
		ret = bes_multi_confirms(bes);
	if (!ret)
		ret = bes_rate_upload(bes);
	/* half of it is not enough: all of it the next time */
	if (ret)
		eth_zero_addr(bes->conf_mac);
	return ret;
}

/**
 * bes_core_start() - what firmware that has just started is told first
 * @bes: device, running
 *
 * wiphy mutex.
 *
 * Return: 0 or a negative errno.
 */
int bes_core_start(struct bes_dev *bes)
{
	int ret;

	lockdep_assert_wiphy(bes->hw->wiphy);
	ret = bes_multi_confirms(bes);
	if (!ret)
		ret = bes_configure(bes, bes->mac);
	if (!ret)
		ret = bes_rate_upload(bes);
	bes->key_map = 0;
	bes->power_written = 0;
	bes->tx_stopped = false;
	return ret;
}

static int bes_start(struct bes_dev *bes)
{
	int ret = bes_wifi_start(bes);

	if (!ret)
		ret = bes_core_start(bes);
	if (ret)
		bes_wifi_stop(bes);
	return ret;
}

static int bes_op_start(struct ieee80211_hw *hw)
{
	struct bes_dev *bes = hw->priv;
	int ret = 0;

	lockdep_assert_wiphy(hw->wiphy);
	/* the rebuild after a reset finds what was stopped and started anew since */
	if (bes->wifi_on && !bes->restarting) {
		bes_scan_abort(bes);
		bes_wifi_stop(bes);
		bes_sta_lost_all(bes);
	}
	/* after a reset it has been started already */
	if (!bes->restarting || READ_ONCE(bes->state) != BES_STATE_RUNNING) {
		ret = bes_start(bes);
		/* it started, but could not be configured, or died of that */
		if (ret && READ_ONCE(bes->state) != BES_STATE_OFF && !READ_ONCE(bes->gone) &&
		    !bes->resuming)
			ret = bes_start(bes);
		ret = bes_restart_result(bes, ret);
	}
	if (!ret)
		bes->wifi_on = true;
	return ret;
}

/*
 * The chip lost its association; only a new connection brings it back. The
 * marks that mac80211 has for that purpose miscount keys that want tail room.
 */
static void bes_op_reconfig_complete(struct ieee80211_hw *hw, enum ieee80211_reconfig_type type)
{
	struct bes_dev *bes = hw->priv;
	struct ieee80211_vif *vif;
	int i;

	lockdep_assert_wiphy(hw->wiphy);
	bes->restarting = false;
	bes->resuming = false;
	/* one that died again will be back */
	if (READ_ONCE(bes->state) != BES_STATE_RUNNING)
		return;
	for (i = 0; i < BES_IFS; i++) {
		vif = wiphy_dereference(bes->hw->wiphy, bes->vifs[i]);
		if (vif && vif->cfg.assoc && bes_vif(vif)->state == BES_VIF_NONE)
			ieee80211_disconnect(vif, true);
	}
}

static void bes_op_stop(struct ieee80211_hw *hw, bool suspend)
{
	struct bes_dev *bes = hw->priv;

	lockdep_assert_wiphy(hw->wiphy);
	bes_scan_abort(bes);
	if (bes->wifi_on)
		bes_wifi_stop(bes);
	bes->wifi_on = false;
	/* a chip that does not outlast the sleep is no reason to give the interface up */
	bes->resuming = suspend;
	/* mac80211 never completes a rebuild that finds no interface up */
	bes->restarting = suspend;
	/* the thread is parked */
	__skb_queue_purge(&bes->ind_list);
}

static void bes_edca_default(struct wsm_edca_req *edca)
{
	/* BK, BE, VI, VO */
	static const u16 cw_min[] = { 15, 15, 7, 3 };
	static const u16 cw_max[] = { 1023, 1023, 15, 7 };
	static const u8 aifs[] = { 7, 3, 2, 2 };
	static const u16 txop[] = { 0, 0, 94 * 32, 47 * 32 };
	int i;

	memset(edca, 0, sizeof(*edca));
	for (i = 0; i < 4; i++) {
		edca->cw_min[i] = cpu_to_le16(cw_min[i]);
		edca->cw_max[i] = cpu_to_le16(cw_max[i]);
		edca->aifs[i] = aifs[i];
		edca->txop[i] = cpu_to_le16(txop[i]);
		edca->max_rx_lifetime[i] = cpu_to_le32(200);
	}
}

static int bes_add_interface(struct bes_dev *bes, struct ieee80211_vif *vif)
{
	struct bes_vif *bvif = bes_vif(vif);
	struct wsm_mib_uapsd uapsd = {};
	int ret;

	/* the chip filters by the address it was configured with */
	if (!ether_addr_equal(vif->addr, bes->conf_mac)) {
		ret = bes_configure_again(bes, vif->addr);
		if (ret)
			return ret;
	}
	ret = bes_cmd_edca(bes, bvif->id, &bvif->edca);
	if (!ret)
		ret = bes_mib_update(bvif, WSM_MIB_UAPSD, &uapsd, sizeof(uapsd));
	if (!ret)
		ret = bes_sta_rcpi(bvif);
	return ret;
}

static int bes_op_add_interface(struct ieee80211_hw *hw, struct ieee80211_vif *vif)
{
	struct bes_dev *bes = hw->priv;
	struct bes_vif *bvif = bes_vif(vif);
	int ret;

	lockdep_assert_wiphy(hw->wiphy);
	if (vif->type != NL80211_IFTYPE_STATION)
		return -EOPNOTSUPP;
	memset(bvif, 0, sizeof(*bvif));
	bvif->bes = bes;
	bes_sta_init_vif(bvif);
	bes_edca_default(&bvif->edca);
	ret = bes_restart_result(bes, bes_add_interface(bes, vif));
	if (ret)
		return ret;
	rcu_assign_pointer(bes->vifs[bvif->id], vif);
	return 0;
}

static void bes_op_remove_interface(struct ieee80211_hw *hw, struct ieee80211_vif *vif)
{
	struct bes_dev *bes = hw->priv;
	struct bes_vif *bvif = bes_vif(vif);

	lockdep_assert_wiphy(hw->wiphy);
	bes_sta_leave(bvif);
	RCU_INIT_POINTER(bes->vifs[bvif->id], NULL);
	synchronize_net();
	/* from here on nobody queues its works */
	bes_sta_stop_vif(bvif);
}

static int bes_op_config(struct ieee80211_hw *hw, int radio_idx, u32 changed)
{
	struct bes_dev *bes = hw->priv;
	struct ieee80211_vif *vif;
	int i;

	lockdep_assert_wiphy(hw->wiphy);
	if (changed & IEEE80211_CONF_CHANGE_POWER)
		bes->power_dbm = hw->conf.power_level;
	for (i = 0; i < BES_IFS && changed & IEEE80211_CONF_CHANGE_CHANNEL; i++) {
		vif = wiphy_dereference(hw->wiphy, bes->vifs[i]);
		if (vif)
			bes_sta_follow(bes_vif(vif));
	}
	return 0;
}

static u64 bes_op_prepare_multicast(struct ieee80211_hw *hw, struct netdev_hw_addr_list *list)
{
	struct wsm_mib_multicast *table;
	struct netdev_hw_addr *ha;
	u32 n = 0;

	table = kzalloc(sizeof(*table), GFP_ATOMIC);
	if (!table)
		return 0;
	netdev_hw_addr_list_for_each(ha, list) {
		if (n == ARRAY_SIZE(table->addr)) {
			/* too many: let all pass */
			memset(table, 0, sizeof(*table));
			return (unsigned long)table;
		}
		ether_addr_copy(table->addr[n++], ha->addr);
	}
	table->enable = cpu_to_le32(n ? 1 : 0);
	table->count = cpu_to_le32(n);
	return (unsigned long)table;
}

static void bes_op_configure_filter(struct ieee80211_hw *hw, unsigned int changed,
				    unsigned int *total, u64 multicast)
{
	struct wsm_mib_multicast *table = (void *)(unsigned long)multicast;
	struct bes_dev *bes = hw->priv;
	struct ieee80211_vif *vif;
	int i;

	lockdep_assert_wiphy(hw->wiphy);
	*total &= FIF_OTHER_BSS | FIF_FCSFAIL | FIF_BCN_PRBRESP_PROMISC | FIF_PROBE_REQ;
	bes->filter_flags = *total;
	if (table) {
		bes->multicast = *table;
		kfree(table);
	}
	for (i = 0; i < BES_IFS; i++) {
		vif = wiphy_dereference(bes->hw->wiphy, bes->vifs[i]);
		if (vif)
			bes_sta_filter(bes_vif(vif));
	}
}

VISIBLE_IF_KUNIT
int bes_op_conf_tx(struct ieee80211_hw *hw, struct ieee80211_vif *vif, unsigned int link_id,
		   u16 ac, const struct ieee80211_tx_queue_params *params)
{
	/* Linux AC to slot of the arrays, and to ACI */
	static const u8 slot[] = { 3, 2, 1, 0 };
	static const u8 aci[] = { 3, 2, 0, 1 };
	struct bes_dev *bes = hw->priv;
	struct bes_vif *bvif = bes_vif(vif);
	struct wsm_mib_uapsd uapsd = {};
	u8 s;
	int ret;

	lockdep_assert_wiphy(hw->wiphy);
	if (ac >= ARRAY_SIZE(slot))
		return -EINVAL;
	s = slot[ac];
	bvif->edca.cw_min[s] = cpu_to_le16(params->cw_min);
	bvif->edca.cw_max[s] = cpu_to_le16(params->cw_max);
	bvif->edca.aifs[s] = params->aifs;
	bvif->edca.txop[s] = cpu_to_le16(params->txop * 32);
	ret = bes_cmd_tx_queue(bes, bvif->id, aci[ac]);
	if (!ret)
		ret = bes_cmd_edca(bes, bvif->id, &bvif->edca);
	if (!ret)
		ret = bes_mib_update(bvif, WSM_MIB_UAPSD, &uapsd, sizeof(uapsd));
	return ret;
}
EXPORT_SYMBOL_IF_KUNIT(bes_op_conf_tx);

static int bes_op_set_rts_threshold(struct ieee80211_hw *hw, int radio_idx, u32 value)
{
	struct bes_dev *bes = hw->priv;

	lockdep_assert_wiphy(hw->wiphy);
	if (value == (u32)-1)
		value = 0;
	if (value == bes->rts_threshold)
		return 0;
	bes->rts_threshold = value;
	return bes_mib_u32(bes, 0, WSM_MIB_RTS_THRESHOLD, value);
}

static void bes_op_flush(struct ieee80211_hw *hw, struct ieee80211_vif *vif, u32 queues, bool drop)
{
	struct bes_dev *bes = hw->priv;

	wait_event_timeout(bes->flush_wait,
			   !atomic_read(&bes->tx_pending) ||
			   READ_ONCE(bes->state) != BES_STATE_RUNNING,
			   msecs_to_jiffies(BES_FLUSH_MS));
}

/* The chip negotiates block ack by itself; mac80211 only reorders */
static int bes_op_ampdu_action(struct ieee80211_hw *hw, struct ieee80211_vif *vif,
			       struct ieee80211_ampdu_params *params)
{
	switch (params->action) {
	case IEEE80211_AMPDU_RX_START:
	case IEEE80211_AMPDU_RX_STOP:
		return 0;
	default:
		return -EOPNOTSUPP;
	}
}

static int bes_op_get_txpower(struct ieee80211_hw *hw, struct ieee80211_vif *vif,
			      unsigned int link_id, int *dbm)
{
	struct bes_dev *bes = hw->priv;

	lockdep_assert_wiphy(hw->wiphy);
	if (!bes->power_written)
		return -ENODATA;
	*dbm = bes->power_written / 10;
	return 0;
}

static const struct ieee80211_ops bes_ops = {
	.add_chanctx = ieee80211_emulate_add_chanctx,
	.remove_chanctx = ieee80211_emulate_remove_chanctx,
	.change_chanctx = ieee80211_emulate_change_chanctx,
	.switch_vif_chanctx = ieee80211_emulate_switch_vif_chanctx,
	.start = bes_op_start,
	.stop = bes_op_stop,
	.reconfig_complete = bes_op_reconfig_complete,
	.tx = bes_op_tx,
	.wake_tx_queue = bes_op_wake_tx_queue,
	.add_interface = bes_op_add_interface,
	.remove_interface = bes_op_remove_interface,
	.config = bes_op_config,
	.prepare_multicast = bes_op_prepare_multicast,
	.configure_filter = bes_op_configure_filter,
	.conf_tx = bes_op_conf_tx,
	.set_rts_threshold = bes_op_set_rts_threshold,
	.get_txpower = bes_op_get_txpower,
	.flush = bes_op_flush,
	.ampdu_action = bes_op_ampdu_action,
	.mgd_prepare_tx = bes_op_mgd_prepare_tx,
	.bss_info_changed = bes_op_bss_info_changed,
	.sta_state = bes_op_sta_state,
	.set_key = bes_op_set_key,
	.hw_scan = bes_op_hw_scan,
	.cancel_hw_scan = bes_op_cancel_hw_scan,
};

/* ---- life of the device ---- */

static void bes_core_mac(struct bes_dev *bes)
{
	struct device_node *np = bes->dev->of_node;

	if (!np && bes->func)
		np = bes->func->card->dev.of_node;
	if (!device_get_mac_address(bes->dev, bes->mac) ||
	    (np && !of_get_mac_address(np, bes->mac)))
		return;
	eth_random_addr(bes->mac);
	dev_info(bes->dev, "no MAC address given, using the random %pM\n", bes->mac);
}

static void bes_core_declare(struct bes_dev *bes)
{
	struct ieee80211_hw *hw = bes->hw;
	struct wiphy *wiphy = hw->wiphy;

	ieee80211_hw_set(hw, SIGNAL_DBM);
	ieee80211_hw_set(hw, REPORTS_TX_ACK_STATUS);
	ieee80211_hw_set(hw, SUPPORTS_PS);
	ieee80211_hw_set(hw, SUPPORTS_DYNAMIC_PS);
	ieee80211_hw_set(hw, AMPDU_AGGREGATION);
	ieee80211_hw_set(hw, TX_AMPDU_SETUP_IN_HW);
	ieee80211_hw_set(hw, CONNECTION_MONITOR);
	ieee80211_hw_set(hw, NEED_DTIM_BEFORE_ASSOC);
	ieee80211_hw_set(hw, MFP_CAPABLE);
	ieee80211_hw_set(hw, SW_CRYPTO_CONTROL);
	ieee80211_hw_set(hw, SINGLE_SCAN_ON_ALL_BANDS);
	hw->queues = IEEE80211_NUM_ACS;
	hw->max_rates = BES_MAX_RATES;
	hw->max_rate_tries = BES_MAX_TRIES;
	hw->extra_tx_headroom = 8;	/* IV */
	hw->max_mtu = ETH_DATA_LEN;
	hw->vif_data_size = sizeof(struct bes_vif);
	hw->sta_data_size = sizeof(struct bes_sta);
	wiphy->interface_modes = BIT(NL80211_IFTYPE_STATION);
	wiphy->cipher_suites = bes_ciphers;
	wiphy->n_cipher_suites = ARRAY_SIZE(bes_ciphers);
	wiphy->max_scan_ssids = WSM_SCAN_MAX_SSIDS;
	wiphy->max_scan_ie_len = 1024;
	/* the chip leaves its channel for scans only; power save is the user's choice */
	wiphy->flags &= ~(WIPHY_FLAG_PS_ON_BY_DEFAULT | WIPHY_FLAG_HAS_REMAIN_ON_CHANNEL |
			  WIPHY_FLAG_OFFCHAN_TX);
	SET_IEEE80211_DEV(hw, bes->dev);
	SET_IEEE80211_PERM_ADDR(hw, bes->mac);
}

/**
 * bes_core_alloc() - the device, before it touches the bus
 * @dev: device of the SDIO function
 *
 * Return: the device or NULL.
 */
struct bes_dev *bes_core_alloc(struct device *dev)
{
	struct ieee80211_hw *hw;
	struct bes_dev *bes;

	hw = ieee80211_alloc_hw(sizeof(*bes), &bes_ops);
	if (!hw)
		return NULL;
	bes = hw->priv;
	bes->hw = hw;
	bes->dev = dev;
	spin_lock_init(&bes->cmd_lock);
	spin_lock_init(&bes->list_lock);
	__skb_queue_head_init(&bes->rx_new);
	__skb_queue_head_init(&bes->done_new);
	__skb_queue_head_init(&bes->rx_list);
	__skb_queue_head_init(&bes->done_list);
	__skb_queue_head_init(&bes->ind_list);
	__skb_queue_head_init(&bes->mgmt_list);
	__skb_queue_head_init(&bes->poll_list);
	__skb_queue_head_init(&bes->poll_done);
	__skb_queue_head_init(&bes->ready);
	init_waitqueue_head(&bes->flush_wait);
	init_completion(&bes->startup);
	init_completion(&bes->chan_done);
	wiphy_work_init(&bes->ind_work, bes_ind_work);
	bes->power_dbm = 20;
	bes_scan_init(bes);
	bes_recovery_init(bes);
	return bes;
}
EXPORT_SYMBOL_IF_KUNIT(bes_core_alloc);

/**
 * bes_core_register() - announce the device to mac80211
 * @bes: device, main firmware running
 *
 * Return: 0 or a negative errno; the reason was logged.
 */
int bes_core_register(struct bes_dev *bes)
{
	int ret;

	bes_core_mac(bes);
	bes_core_declare(bes);
	ret = bes_core_bands(bes);
	if (!ret)
		ret = bes_rx_init(bes);
	if (ret)
		return ret;
	ret = ieee80211_register_hw(bes->hw);
	if (ret) {
		dev_err_probe(bes->dev, ret, "cannot register with mac80211\n");
		bes_rx_exit(bes);
		return ret;
	}
	bes_debugfs_register(bes);
	return 0;
}

/**
 * bes_core_unregister() - undo bes_core_register()
 * @bes: device
 */
void bes_core_unregister(struct bes_dev *bes)
{
	ieee80211_unregister_hw(bes->hw);
	bes_rx_exit(bes);
}

/**
 * bes_core_free() - undo bes_core_alloc()
 * @bes: device
 */
void bes_core_free(struct bes_dev *bes)
{
	__skb_queue_purge(&bes->ind_list);
	kfree(bes->dpd);
	kfree(bes->factory);
	ieee80211_free_hw(bes->hw);
}
EXPORT_SYMBOL_IF_KUNIT(bes_core_free);

/**
 * bes_core_restart() - the firmware is new: let mac80211 rebuild
 * @bes: device, running
 *
 * wiphy mutex.
 */
void bes_core_restart(struct bes_dev *bes)
{
	lockdep_assert_wiphy(bes->hw->wiphy);
	bes->restarting = true;
	ieee80211_restart_hw(bes->hw);
}
