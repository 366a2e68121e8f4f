// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one way down and the one way back.
 *
 * Whoever finds the chip dead or sick calls bes_fatal(). The first caller
 * wins: the command in flight fails, nobody touches the bus any more, and a
 * work resets the card, downloads the firmware again and lets mac80211 rebuild
 * what it knows.
 */
#include <linux/kthread.h>
#include <linux/workqueue.h>

#include "bes2600.h"
#include "trace.h"

static const unsigned int bes_backoff_s[] = { 5, 15, 60 };

/**
 * bes_fatal() - the chip is dead or sick
 * @bes: device
 * @why: a few words for the log
 *
 * Any context that may take a spinlock. Only the first call since the chip
 * last ran has an effect.
 */
void bes_fatal(struct bes_dev *bes, const char *why)
{
	if (cmpxchg(&bes->state, BES_STATE_RUNNING, BES_STATE_DEAD) != BES_STATE_RUNNING)
		return;
	dev_warn(bes->dev, "%s: resetting the chip\n", why);
	trace_bes_state(bes, why);
	bes_cmd_complete(bes, -EIO, NULL, 0);
	complete(&bes->chan_done);
	complete(&bes->pm_done);
	if (!READ_ONCE(bes->gone))
		queue_delayed_work(system_long_wq, &bes->reset_work, 0);
}

/* Everything that waits for the chip is told that it will not answer */
static void bes_recovery_drop(struct bes_dev *bes)
{
	struct ieee80211_vif *vif;
	int i;

	wiphy_lock(bes->hw->wiphy);
	bes_scan_abort(bes);
	if (bes->wifi_on)
		bes_wifi_stop(bes);
	for (i = 0; i < BES_IFS; i++) {
		vif = rcu_dereference_protected(bes->vifs[i], true);
		if (vif)
			bes_sta_lost(bes_vif(vif));
	}
	wiphy_unlock(bes->hw->wiphy);
}

static void bes_recovery_again(struct bes_dev *bes)
{
	unsigned int n = min_t(unsigned int, bes->reset_tries, ARRAY_SIZE(bes_backoff_s) - 1);

	bes->stats.reset_failures++;
	bes->reset_tries++;
	dev_err(bes->dev, "reset failed, next try in %u s\n", bes_backoff_s[n]);
	queue_delayed_work(system_long_wq, &bes->reset_work, bes_backoff_s[n] * HZ);
}

static void bes_reset_work(struct work_struct *work)
{
	struct bes_dev *bes = container_of(work, struct bes_dev, reset_work.work);
	int ret;

	bes->stats.resets++;
	bes_recovery_drop(bes);
	WRITE_ONCE(bes->state, BES_STATE_OFF);
	ret = bes_bus_reset(bes);
	if (ret == 1)
		return;		/* the core removes us and probes again */
	if (!ret)
		ret = bes_fw_load(bes);
	if (ret) {
		if (!READ_ONCE(bes->gone))
			bes_recovery_again(bes);
		return;
	}
	bes->reset_tries = 0;
	trace_bes_state(bes, "firmware runs again");
	if (bes->wifi_on)
		bes_core_restart(bes);
}

/**
 * bes_recovery_init() - prepare for the worst
 * @bes: device
 */
void bes_recovery_init(struct bes_dev *bes)
{
	INIT_DELAYED_WORK(&bes->reset_work, bes_reset_work);
}

/**
 * bes_recovery_exit() - the driver leaves: no more resets
 * @bes: device
 */
void bes_recovery_exit(struct bes_dev *bes)
{
	WRITE_ONCE(bes->gone, true);
	cancel_delayed_work_sync(&bes->reset_work);
}
