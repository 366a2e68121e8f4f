// SPDX-License-Identifier: GPL-2.0-only
/*
 * What stands between the driver and older kernels; see compat.h. Empty on the
 * newest one, absent from the in-tree copy.
 */
#include "bes2600.h"

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)

/* from here on the kernel's own */
#undef wiphy_lock
#undef wiphy_unlock

/**
 * bes_compat_mutex() - what takes the part of the wiphy mutex
 * @wiphy: wiphy
 *
 * Return: the mutex.
 */
struct mutex *bes_compat_mutex(struct wiphy *wiphy)
{
	struct bes_dev *bes = wiphy_to_ieee80211_hw(wiphy)->priv;

	return &bes->compat.lock;
}

/**
 * bes_compat_wiphy_lock() - wiphy_lock() for the driver
 * @wiphy: wiphy
 */
void bes_compat_wiphy_lock(struct wiphy *wiphy)
{
	wiphy_lock(wiphy);
	mutex_lock(bes_compat_mutex(wiphy));
}

/**
 * bes_compat_wiphy_unlock() - wiphy_unlock() for the driver
 * @wiphy: wiphy
 */
void bes_compat_wiphy_unlock(struct wiphy *wiphy)
{
	mutex_unlock(bes_compat_mutex(wiphy));
	wiphy_unlock(wiphy);
}

static void bes_compat_work_run(struct work_struct *real)
{
	struct bes_compat_work *work = container_of(real, struct bes_compat_work, real.work);
	struct mutex *lock = bes_compat_mutex(work->wiphy);

	mutex_lock(lock);
	if (xchg(&work->pending, false))
		work->func(work->wiphy, work);
	mutex_unlock(lock);
}

/**
 * bes_compat_work_init() - prepare a work, delayed or not
 * @work: work
 * @func: what it calls
 */
void bes_compat_work_init(struct bes_compat_work *work, bes_compat_work_func func)
{
	INIT_DELAYED_WORK(&work->real, bes_compat_work_run);
	work->func = func;
	work->pending = false;
}

/**
 * bes_compat_work_queue() - have a work run
 * @wiphy: wiphy
 * @work: work
 * @delay: jiffies from now
 */
void bes_compat_work_queue(struct wiphy *wiphy, struct bes_compat_work *work, unsigned long delay)
{
	struct bes_dev *bes = wiphy_to_ieee80211_hw(wiphy)->priv;

	work->wiphy = wiphy;
	xchg(&work->pending, true);
	mod_delayed_work(bes->compat.wq, &work->real, delay);
}

/**
 * bes_compat_work_cancel() - the work does not run any more
 * @work: work
 *
 * It may still wait for the mutex; bes_compat_drain() before it is freed.
 */
void bes_compat_work_cancel(struct bes_compat_work *work)
{
	xchg(&work->pending, false);
	cancel_delayed_work(&work->real);
}

static int bes_compat_init(struct bes_dev *bes)
{
	mutex_init(&bes->compat.lock);
	bes->compat.wq = alloc_ordered_workqueue("bes2600", 0);
	return bes->compat.wq ? 0 : -ENOMEM;
}

static void bes_compat_exit(struct bes_dev *bes)
{
	destroy_workqueue(bes->compat.wq);
}

static void bes_compat_drain(struct ieee80211_hw *hw)
{
	struct bes_dev *bes = hw->priv;

	flush_workqueue(bes->compat.wq);
}

static void bes_compat_lock(struct ieee80211_hw *hw)
{
	mutex_lock(bes_compat_mutex(hw->wiphy));
}

static void bes_compat_unlock(struct ieee80211_hw *hw)
{
	mutex_unlock(bes_compat_mutex(hw->wiphy));
}

#else

static inline int bes_compat_init(struct bes_dev *bes) { return 0; }
static inline void bes_compat_exit(struct bes_dev *bes) { }
static inline void bes_compat_drain(struct ieee80211_hw *hw) { }
static inline void bes_compat_lock(struct ieee80211_hw *hw) { }
static inline void bes_compat_unlock(struct ieee80211_hw *hw) { }

#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
#undef ieee80211_ops
#undef ieee80211_alloc_hw
#undef ieee80211_free_hw

/* One driver, one table */
static const struct bes_compat_ops *bes_ops;

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 14, 0)
#define BES_LINK_PARAM	unsigned int link_id,
#define BES_LINK_ARG	link_id
#else
#define BES_LINK_PARAM
#define BES_LINK_ARG	0
#endif

/* All radios: what mac80211 says where there is one */
#define BES_RADIO_ARG	-1

static int bes_compat_start(struct ieee80211_hw *hw)
{
	int ret;

	bes_compat_lock(hw);
	ret = bes_ops->start(hw);
	bes_compat_unlock(hw);
	return ret;
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
static void bes_compat_stop(struct ieee80211_hw *hw, bool suspend)
{
	bes_compat_lock(hw);
	bes_ops->stop(hw, suspend);
	bes_compat_unlock(hw);
}
#else
static void bes_compat_stop(struct ieee80211_hw *hw)
{
	bes_compat_lock(hw);
	bes_ops->stop(hw, false);
	bes_compat_unlock(hw);
}
#endif

static int bes_compat_add_interface(struct ieee80211_hw *hw, struct ieee80211_vif *vif)
{
	int ret;

	bes_compat_lock(hw);
	ret = bes_ops->add_interface(hw, vif);
	bes_compat_unlock(hw);
	return ret;
}

static void bes_compat_remove_interface(struct ieee80211_hw *hw, struct ieee80211_vif *vif)
{
	bes_compat_lock(hw);
	bes_ops->remove_interface(hw, vif);
	bes_compat_unlock(hw);
	/* its works, that is those that were cancelled while they waited for the mutex */
	bes_compat_drain(hw);
}

static int bes_compat_config(struct ieee80211_hw *hw, u32 changed)
{
	int ret;

	bes_compat_lock(hw);
	ret = bes_ops->config(hw, BES_RADIO_ARG, changed);
	bes_compat_unlock(hw);
	return ret;
}

static void bes_compat_configure_filter(struct ieee80211_hw *hw, unsigned int changed,
					unsigned int *total, u64 multicast)
{
	bes_compat_lock(hw);
	bes_ops->configure_filter(hw, changed, total, multicast);
	bes_compat_unlock(hw);
}

static int bes_compat_conf_tx(struct ieee80211_hw *hw, struct ieee80211_vif *vif,
			      unsigned int link_id, u16 ac,
			      const struct ieee80211_tx_queue_params *params)
{
	int ret;

	bes_compat_lock(hw);
	ret = bes_ops->conf_tx(hw, vif, link_id, ac, params);
	bes_compat_unlock(hw);
	return ret;
}

static int bes_compat_set_rts_threshold(struct ieee80211_hw *hw, u32 value)
{
	int ret;

	bes_compat_lock(hw);
	ret = bes_ops->set_rts_threshold(hw, BES_RADIO_ARG, value);
	bes_compat_unlock(hw);
	return ret;
}

static int bes_compat_get_txpower(struct ieee80211_hw *hw, struct ieee80211_vif *vif,
				  BES_LINK_PARAM int *dbm)
{
	int ret;

	bes_compat_lock(hw);
	ret = bes_ops->get_txpower(hw, vif, BES_LINK_ARG, dbm);
	bes_compat_unlock(hw);
	return ret;
}

static int bes_compat_ampdu_action(struct ieee80211_hw *hw, struct ieee80211_vif *vif,
				   struct ieee80211_ampdu_params *params)
{
	int ret;

	bes_compat_lock(hw);
	ret = bes_ops->ampdu_action(hw, vif, params);
	bes_compat_unlock(hw);
	return ret;
}

static void bes_compat_mgd_prepare_tx(struct ieee80211_hw *hw, struct ieee80211_vif *vif,
				      struct ieee80211_prep_tx_info *info)
{
	bes_compat_lock(hw);
	bes_ops->mgd_prepare_tx(hw, vif, info);
	bes_compat_unlock(hw);
}

static void bes_compat_bss_info_changed(struct ieee80211_hw *hw, struct ieee80211_vif *vif,
					struct ieee80211_bss_conf *conf, u64 changed)
{
	bes_compat_lock(hw);
	bes_ops->bss_info_changed(hw, vif, conf, changed);
	bes_compat_unlock(hw);
}

static int bes_compat_sta_state(struct ieee80211_hw *hw, struct ieee80211_vif *vif,
				struct ieee80211_sta *sta, enum ieee80211_sta_state old_state,
				enum ieee80211_sta_state new_state)
{
	int ret;

	bes_compat_lock(hw);
	ret = bes_ops->sta_state(hw, vif, sta, old_state, new_state);
	bes_compat_unlock(hw);
	return ret;
}

static int bes_compat_set_key(struct ieee80211_hw *hw, enum set_key_cmd cmd,
			      struct ieee80211_vif *vif, struct ieee80211_sta *sta,
			      struct ieee80211_key_conf *key)
{
	int ret;

	bes_compat_lock(hw);
	ret = bes_ops->set_key(hw, cmd, vif, sta, key);
	bes_compat_unlock(hw);
	return ret;
}

static int bes_compat_hw_scan(struct ieee80211_hw *hw, struct ieee80211_vif *vif,
			      struct ieee80211_scan_request *req)
{
	int ret;

	bes_compat_lock(hw);
	ret = bes_ops->hw_scan(hw, vif, req);
	bes_compat_unlock(hw);
	return ret;
}

static void bes_compat_cancel_hw_scan(struct ieee80211_hw *hw, struct ieee80211_vif *vif)
{
	bes_compat_lock(hw);
	bes_ops->cancel_hw_scan(hw, vif);
	bes_compat_unlock(hw);
}

/* Those that may not sleep, or that need no mutex */

static void bes_compat_tx(struct ieee80211_hw *hw, struct ieee80211_tx_control *control,
			  struct sk_buff *skb)
{
	bes_ops->tx(hw, control, skb);
}

static void bes_compat_wake_tx_queue(struct ieee80211_hw *hw, struct ieee80211_txq *txq)
{
	bes_ops->wake_tx_queue(hw, txq);
}

static u64 bes_compat_prepare_multicast(struct ieee80211_hw *hw, struct netdev_hw_addr_list *list)
{
	return bes_ops->prepare_multicast(hw, list);
}

static void bes_compat_flush(struct ieee80211_hw *hw, struct ieee80211_vif *vif, u32 queues,
			     bool drop)
{
	bes_ops->flush(hw, vif, queues, drop);
}

static void bes_compat_reconfig_complete(struct ieee80211_hw *hw,
					 enum ieee80211_reconfig_type type)
{
	bes_compat_lock(hw);
	bes_ops->reconfig_complete(hw, type);
	bes_compat_unlock(hw);
}

static const struct ieee80211_ops bes_real_ops = {
	.add_chanctx = ieee80211_emulate_add_chanctx,
	.remove_chanctx = ieee80211_emulate_remove_chanctx,
	.change_chanctx = ieee80211_emulate_change_chanctx,
	.switch_vif_chanctx = ieee80211_emulate_switch_vif_chanctx,
	.tx = bes_compat_tx,
	.wake_tx_queue = bes_compat_wake_tx_queue,
	.prepare_multicast = bes_compat_prepare_multicast,
	.flush = bes_compat_flush,
	.start = bes_compat_start,
	.stop = bes_compat_stop,
	.reconfig_complete = bes_compat_reconfig_complete,
	.add_interface = bes_compat_add_interface,
	.remove_interface = bes_compat_remove_interface,
	.config = bes_compat_config,
	.configure_filter = bes_compat_configure_filter,
	.conf_tx = bes_compat_conf_tx,
	.set_rts_threshold = bes_compat_set_rts_threshold,
	.get_txpower = bes_compat_get_txpower,
	.ampdu_action = bes_compat_ampdu_action,
	.mgd_prepare_tx = bes_compat_mgd_prepare_tx,
	.bss_info_changed = bes_compat_bss_info_changed,
	.sta_state = bes_compat_sta_state,
	.set_key = bes_compat_set_key,
	.hw_scan = bes_compat_hw_scan,
	.cancel_hw_scan = bes_compat_cancel_hw_scan,
};

/**
 * bes_compat_alloc_hw() - ieee80211_alloc_hw() with the driver's table
 * @priv: size of what belongs to the driver
 * @ops: the table, always the same
 *
 * Return: hardware, or NULL.
 */
struct ieee80211_hw *bes_compat_alloc_hw(size_t priv, const struct bes_compat_ops *ops)
{
	struct ieee80211_hw *hw;

	bes_ops = ops;
	hw = ieee80211_alloc_hw(priv, &bes_real_ops);
	if (hw && bes_compat_init(hw->priv)) {
		ieee80211_free_hw(hw);
		return NULL;
	}
	return hw;
}

/**
 * bes_compat_free_hw() - undo bes_compat_alloc_hw()
 * @hw: hardware, unregistered
 */
void bes_compat_free_hw(struct ieee80211_hw *hw)
{
	bes_compat_exit(hw->priv);
	ieee80211_free_hw(hw);
}

#endif
