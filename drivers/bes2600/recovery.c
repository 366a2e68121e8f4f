// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one way down and the one way back.
 *
 * Whoever finds the chip dead or sick calls bes_fatal(). The first caller
 * wins: the command in flight fails, nobody touches the bus any more, and a
 * work resets the card, downloads the firmware again and lets mac80211 rebuild
 * what it knows. The work holds the wiphy mutex all the while, so that no
 * operation of mac80211 meets a chip between two states.
 */
#include <linux/workqueue.h>

#include "bes2600.h"
#include "trace.h"

/* Pauses after resets that failed or did not last */
static const unsigned int bes_backoff_s[] = { 5, 15, 60 };

/* A reset has lasted if the chip lives that long afterwards */
#define BES_RESET_LASTS	(10 * HZ)

static unsigned long bes_recovery_pause(struct bes_dev *bes)
{
	unsigned int n = min_t(unsigned int, bes->reset_tries, ARRAY_SIZE(bes_backoff_s) - 1);

	bes->reset_tries++;
	return bes_backoff_s[n] * HZ;
}

/**
 * bes_recovery_kick() - let the reset work look at the chip
 * @bes: device, its state already says what is wrong
 */
void bes_recovery_kick(struct bes_dev *bes)
{
	if (!READ_ONCE(bes->gone))
		queue_delayed_work(system_freezable_wq, &bes->reset_work, 0);
}

/**
 * bes_fatal() - the chip is dead or sick
 * @bes: device
 * @why: a few words for the log
 *
 * Any context that may take a spinlock, bes->cmd_lock not held. Only the first
 * call since the chip last ran has an effect.
 */
void bes_fatal(struct bes_dev *bes, const char *why)
{
	if (cmpxchg(&bes->state, BES_STATE_RUNNING, BES_STATE_DEAD) != BES_STATE_RUNNING)
		return;
	if (!READ_ONCE(bes->gone))
		dev_warn(bes->dev, "%s: resetting the chip\n", why);
	trace_bes_state(bes, why);
	bes->reset_due = jiffies;
	if (bes->reset_at && time_before(jiffies, bes->reset_at + BES_RESET_LASTS))
		bes->reset_due += bes_recovery_pause(bes);
	else
		bes->reset_tries = 0;
	bes_cmd_complete(bes, -EIO, NULL, 0);
	complete_all(&bes->startup);
	complete(&bes->chan_done);
	complete(&bes->pm_done);
	wake_up(&bes->flush_wait);
	bes_bh_wake(bes, BES_BH_DEAD);
	bes_recovery_kick(bes);
}

/**
 * bes_recovery_again() - the start after a reset failed: reset once more, later
 * @bes: device, Wi-Fi stopped
 *
 * wiphy mutex.
 */
void bes_recovery_again(struct bes_dev *bes)
{
	WRITE_ONCE(bes->state, BES_STATE_OFF);
	bes->reset_due = jiffies + bes_recovery_pause(bes);
	bes_recovery_kick(bes);
}

/* Everything that waits for the chip is told that it will not answer */
static void bes_recovery_drop(struct bes_dev *bes)
{
	struct ieee80211_vif *vif;
	int i;

	bes_scan_abort(bes);
	bes_wifi_stop(bes);
	for (i = 0; i < BES_IFS; i++) {
		vif = rcu_dereference_protected(bes->vifs[i], true);
		if (vif)
			bes_sta_lost(bes_vif(vif));
	}
}

/**
 * bes_bring_up() - reset the card and download the firmware
 * @bes: device, Wi-Fi stopped
 *
 * wiphy mutex.
 *
 * Return: 0 with the state BOOTED, or a negative errno with the state OFF.
 */
int bes_bring_up(struct bes_dev *bes)
{
	int ret;

	lockdep_assert_wiphy(bes->hw->wiphy);
	WRITE_ONCE(bes->state, BES_STATE_OFF);
	bes->stats.resets++;
	ret = bes_bus_reset(bes);
	if (ret > 0) {
		/* the core removes us and probes again */
		WRITE_ONCE(bes->gone, true);
		return -ENODEV;
	}
	if (!ret)
		ret = bes_fw_load(bes);
	if (ret) {
		bes->stats.reset_failures++;
		return ret;
	}
	bes->reset_at = jiffies ?: 1;
	trace_bes_state(bes, "firmware runs again");
	return 0;
}

/* Returns the pause until the next try, or -1 if there is nothing more to do */
static long bes_recovery_step(struct bes_dev *bes, bool *restart)
{
	enum bes_state state = READ_ONCE(bes->state);
	long pause;
	int ret;

	if (READ_ONCE(bes->gone) || state == BES_STATE_RUNNING || state == BES_STATE_BOOTED)
		return -1;
	bes_recovery_drop(bes);
	if (time_before(jiffies, bes->reset_due))
		return bes->reset_due - jiffies;
	ret = bes_bring_up(bes);
	if (!ret) {
		*restart = bes->wifi_on;
		return -1;
	}
	if (READ_ONCE(bes->gone))
		return -1;
	pause = bes_recovery_pause(bes);
	bes->reset_due = jiffies + pause;
	dev_err(bes->dev, "reset failed (%d), next try in %ld s\n", ret, pause / HZ);
	return pause;
}

static void bes_reset_work(struct work_struct *work)
{
	struct bes_dev *bes = container_of(work, struct bes_dev, reset_work.work);
	bool restart = false;
	long pause;

	wiphy_lock(bes->hw->wiphy);
	pause = bes_recovery_step(bes, &restart);
	wiphy_unlock(bes->hw->wiphy);
	if (pause >= 0 && !READ_ONCE(bes->gone))
		mod_delayed_work(system_freezable_wq, &bes->reset_work, pause);
	if (restart)
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
