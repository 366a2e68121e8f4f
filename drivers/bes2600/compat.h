/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernel differences, newest interface first. The driver is written for the
 * newest kernel; what older ones lack is made here and in compat.c. Absent
 * from the in-tree copy. The oldest kernel is 6.1.
 */
#ifndef BES2600_COMPAT_H
#define BES2600_COMPAT_H

#include <linux/etherdevice.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/version.h>
#include <linux/workqueue.h>
#include <net/mac80211.h>

/*
 * The bus of newer kernels has a shutdown, and a line in the log for drivers
 * that give their device one; 6.12 has the latter only.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 3, 0)
#define BES_COMPAT_SHUTDOWN(fn)
#define BES_BUS_SHUTDOWN(fn)	.shutdown = fn,
#define BES_DEVICE_SHUTDOWN(fn)
#else
#define BES_COMPAT_SHUTDOWN(fn) \
	static void fn##_device(struct device *dev) { fn(dev_to_sdio_func(dev)); }
#define BES_BUS_SHUTDOWN(fn)
#define BES_DEVICE_SHUTDOWN(fn)	.shutdown = fn##_device,
#endif

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#include <linux/hex.h>
#else
#include <linux/kernel.h>
#endif

/* without it, functions cannot be replaced in tests */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
#include <kunit/static_stub.h>
#else
#define KUNIT_STATIC_STUB_REDIRECT(real, args...) do { } while (0)
#endif

/* the source is known from __string() since 6.10 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
#define bes_assign_str(dst, src)	__assign_str(dst)
#else
#define bes_assign_str(dst, src)	__assign_str(dst, src)
#endif

/* name spaces of symbols are strings since 6.13 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
#define BES_IMPORT_TESTING()	MODULE_IMPORT_NS("EXPORTED_FOR_KUNIT_TESTING")
#else
#define BES_IMPORT_TESTING()	MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING)
#endif

/* a net_device that nobody registers, for NAPI only */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
static inline struct net_device *bes_compat_netdev(size_t priv)
{
	struct net_device *dev;

	dev = kzalloc(ALIGN(sizeof(*dev), NETDEV_ALIGN) + priv, GFP_KERNEL);
	if (dev)
		init_dummy_netdev(dev);
	return dev;
}

#define alloc_netdev_dummy(priv)	bes_compat_netdev(priv)
#define free_netdev(dev)		kfree(dev)
#endif

/* the channel of a BSS */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 9, 0)
static inline const struct cfg80211_chan_def *bes_chandef(const struct ieee80211_bss_conf *conf)
{
	return &conf->chanreq.oper;
}
#else
static inline const struct cfg80211_chan_def *bes_chandef(const struct ieee80211_bss_conf *conf)
{
	return &conf->chandef;
}
#endif

/* without channel contexts, the driver need not say that it has none */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 9, 0)
#define ieee80211_emulate_add_chanctx		NULL
#define ieee80211_emulate_remove_chanctx	NULL
#define ieee80211_emulate_change_chanctx	NULL
#define ieee80211_emulate_switch_vif_chanctx	NULL
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
#define ieee80211_tx_status_skb(hw, skb)	ieee80211_tx_status(hw, skb)
#endif

/*
 * Callbacks of mac80211 have changed their parameters, last in 6.17. Before
 * that the driver's table is of this type and compat.c stands between. An
 * operation that is new in the driver needs a line here and there.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
struct bes_compat_ops {
	int (*add_chanctx)(struct ieee80211_hw *hw, struct ieee80211_chanctx_conf *ctx);
	void (*remove_chanctx)(struct ieee80211_hw *hw, struct ieee80211_chanctx_conf *ctx);
	void (*change_chanctx)(struct ieee80211_hw *hw, struct ieee80211_chanctx_conf *ctx,
			       u32 changed);
	int (*switch_vif_chanctx)(struct ieee80211_hw *hw,
				  struct ieee80211_vif_chanctx_switch *vifs, int n_vifs,
				  enum ieee80211_chanctx_switch_mode mode);
	int (*start)(struct ieee80211_hw *hw);
	void (*stop)(struct ieee80211_hw *hw, bool suspend);
	void (*reconfig_complete)(struct ieee80211_hw *hw, enum ieee80211_reconfig_type type);
	void (*tx)(struct ieee80211_hw *hw, struct ieee80211_tx_control *control,
		   struct sk_buff *skb);
	void (*wake_tx_queue)(struct ieee80211_hw *hw, struct ieee80211_txq *txq);
	int (*add_interface)(struct ieee80211_hw *hw, struct ieee80211_vif *vif);
	void (*remove_interface)(struct ieee80211_hw *hw, struct ieee80211_vif *vif);
	int (*config)(struct ieee80211_hw *hw, int radio_idx, u32 changed);
	u64 (*prepare_multicast)(struct ieee80211_hw *hw, struct netdev_hw_addr_list *list);
	void (*configure_filter)(struct ieee80211_hw *hw, unsigned int changed,
				 unsigned int *total, u64 multicast);
	int (*conf_tx)(struct ieee80211_hw *hw, struct ieee80211_vif *vif, unsigned int link_id,
		       u16 ac, const struct ieee80211_tx_queue_params *params);
	int (*set_rts_threshold)(struct ieee80211_hw *hw, int radio_idx, u32 value);
	int (*get_txpower)(struct ieee80211_hw *hw, struct ieee80211_vif *vif,
			   unsigned int link_id, int *dbm);
	void (*flush)(struct ieee80211_hw *hw, struct ieee80211_vif *vif, u32 queues, bool drop);
	int (*ampdu_action)(struct ieee80211_hw *hw, struct ieee80211_vif *vif,
			    struct ieee80211_ampdu_params *params);
	void (*mgd_prepare_tx)(struct ieee80211_hw *hw, struct ieee80211_vif *vif,
			       struct ieee80211_prep_tx_info *info);
	void (*bss_info_changed)(struct ieee80211_hw *hw, struct ieee80211_vif *vif,
				 struct ieee80211_bss_conf *conf, u64 changed);
	int (*sta_state)(struct ieee80211_hw *hw, struct ieee80211_vif *vif,
			 struct ieee80211_sta *sta, enum ieee80211_sta_state old_state,
			 enum ieee80211_sta_state new_state);
	int (*set_key)(struct ieee80211_hw *hw, enum set_key_cmd cmd, struct ieee80211_vif *vif,
		       struct ieee80211_sta *sta, struct ieee80211_key_conf *key);
	int (*hw_scan)(struct ieee80211_hw *hw, struct ieee80211_vif *vif,
		       struct ieee80211_scan_request *req);
	void (*cancel_hw_scan)(struct ieee80211_hw *hw, struct ieee80211_vif *vif);
};

struct ieee80211_hw *bes_compat_alloc_hw(size_t priv, const struct bes_compat_ops *ops);
void bes_compat_free_hw(struct ieee80211_hw *hw);

#define ieee80211_ops			bes_compat_ops
#define ieee80211_alloc_hw(priv, ops)	bes_compat_alloc_hw(priv, ops)
#define ieee80211_free_hw(hw)		bes_compat_free_hw(hw)
#endif

/*
 * Since 6.7 all callbacks and wiphy works run under the wiphy mutex. Before
 * that many came from works of mac80211 which held other locks, so that the
 * wiphy mutex could not be taken. There a mutex of the driver, inner to all of
 * mac80211's, takes its part: the callbacks in compat.c, the works and
 * whoever locks the wiphy by itself hold it. The works are ordinary ones.
 */
struct bes_compat {
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
	struct mutex lock;	/* as above; see DOC: Locking */
	struct workqueue_struct *wq;
#endif
};

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
/* Cancelled by the flag: the work may already wait for the mutex */
struct bes_compat_work {
	struct delayed_work real;
	struct wiphy *wiphy;
	void (*func)(struct wiphy *wiphy, struct bes_compat_work *work);
	bool pending;
};

struct bes_compat_delayed_work {
	struct bes_compat_work work;
};

typedef void (*bes_compat_work_func)(struct wiphy *wiphy, struct bes_compat_work *work);

struct mutex *bes_compat_mutex(struct wiphy *wiphy);
void bes_compat_wiphy_lock(struct wiphy *wiphy);
void bes_compat_wiphy_unlock(struct wiphy *wiphy);
void bes_compat_work_init(struct bes_compat_work *work, bes_compat_work_func func);
void bes_compat_work_queue(struct wiphy *wiphy, struct bes_compat_work *work, unsigned long delay);
void bes_compat_work_cancel(struct bes_compat_work *work);

#undef lockdep_assert_wiphy
#define lockdep_assert_wiphy(wiphy)	lockdep_assert_held(bes_compat_mutex(wiphy))
#undef wiphy_dereference
#define wiphy_dereference(wiphy, p) \
	rcu_dereference_protected(p, lockdep_is_held(bes_compat_mutex(wiphy)))

#define wiphy_lock(wiphy)		bes_compat_wiphy_lock(wiphy)
#define wiphy_unlock(wiphy)		bes_compat_wiphy_unlock(wiphy)
#define wiphy_work			bes_compat_work
#define wiphy_delayed_work		bes_compat_delayed_work
#define wiphy_work_init(w, func)	bes_compat_work_init(w, func)
#define wiphy_delayed_work_init(d, func) bes_compat_work_init(&(d)->work, func)
#define wiphy_work_queue(wiphy, w)	bes_compat_work_queue(wiphy, w, 0)
#define wiphy_work_cancel(wiphy, w)	bes_compat_work_cancel(w)
#define wiphy_delayed_work_queue(wiphy, d, delay) \
	bes_compat_work_queue(wiphy, &(d)->work, delay)
#define wiphy_delayed_work_cancel(wiphy, d) bes_compat_work_cancel(&(d)->work)
#endif

#endif /* BES2600_COMPAT_H */
