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

/**
 * bes_state_name() - a state as a word
 * @state: state
 *
 * Return: the word.
 */
const char *bes_state_name(enum bes_state state)
{
	static const char * const names[] = { "off", "booted", "running", "dead" };

	return names[state];
}

/**
 * bes_set_state() - a transition by its owner
 * @bes: device
 * @state: from now on
 * @why: a few words for the trace
 */
void bes_set_state(struct bes_dev *bes, enum bes_state state, const char *why)
{
	WRITE_ONCE(bes->state, state);
	trace_bes_state(bes, state, why);
}

/**
 * bes_window_hit() - one more: too many of them?
 * @w: when the last ones were
 * @limit: that many, at most 5,
 * @span: in less than so many jiffies
 *
 * Return: true if it is too much.
 */
bool bes_window_hit(struct bes_window *w, unsigned int limit, unsigned long span)
{
	unsigned long first;

	w->at[w->n++ % ARRAY_SIZE(w->at)] = jiffies;
	if (w->n < limit)
		return false;
	first = w->at[(w->n - limit) % ARRAY_SIZE(w->at)];
	return time_before(jiffies, first + span);
}
EXPORT_SYMBOL_IF_KUNIT(bes_window_hit);

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
	/* it may still wait for a time that an earlier failure has set */
	if (!READ_ONCE(bes->gone))
		mod_delayed_work(system_freezable_wq, &bes->reset_work, 0);
}

/* A chip that dies soon after its reset is given more and more time */
static void bes_recovery_plan(struct bes_dev *bes)
{
	unsigned long pause;

	bes->reset_due = jiffies;
	if (!bes->reset_at || time_after_eq(jiffies, bes->reset_at + BES_RESET_LASTS)) {
		bes->reset_tries = 0;
		return;
	}
	pause = bes_recovery_pause(bes);
	bes->reset_due += pause;
	dev_info(bes->dev, "the last reset did not last: the next one in %lu s\n", pause / HZ);
}

/**
 * bes_fatal() - the chip is dead or sick
 * @bes: device
 * @why: a few words for the log, a constant
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
	trace_bes_state(bes, BES_STATE_DEAD, why);
	bes->death = why;
	bes->dumped = false;
	if (!READ_ONCE(bes->resetting))
		bes_recovery_plan(bes);
	bes_cmd_complete(bes, -EIO, NULL, 0);
	complete_all(&bes->startup);
	complete(&bes->chan_done);
	complete(&bes->scan.end);
	wake_up(&bes->flush_wait);
	bes_bh_wake(bes, BES_BH_DEAD);
	bes_recovery_kick(bes);
}

/* Everything that waits for the chip is told that it will not answer */
static void bes_recovery_drop(struct bes_dev *bes)
{
	bes_scan_abort(bes);
	bes_wifi_stop(bes);
	if (bes->death && !bes->dumped)
		bes_coredump(bes);
	bes->dumped = true;
	bes_sta_lost_all(bes);
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
	bes_set_state(bes, BES_STATE_OFF, "card reset");
	bes->stats.resets++;
	ret = bes_bus_reset(bes);
	if (ret > 0) {
		/* the core removes us and probes again */
		WRITE_ONCE(bes->gone, true);
		return -ENODEV;
	}
	trace_bes_state(bes, BES_STATE_OFF, ret ? "card reset failed" : "download");
	if (ret == -EBUSY)
		ret = bes_fw_reuse(bes);
	else if (!ret)
		ret = bes_fw_load(bes);
	if (ret) {
		bes->stats.reset_failures++;
		return ret;
	}
	bes->reset_at = jiffies ?: 1;
	return 0;
}

/*
 * Wi-Fi starts here and not when mac80211 rebuilds: a chip that does not start
 * gets another reset, while mac80211 would give the interface up.
 */
static int bes_recovery_up(struct bes_dev *bes)
{
	int ret;

	ret = bes_bring_up(bes);
	if (ret || !bes->wifi_on)
		return ret;
	ret = bes_wifi_try(bes);
	if (!ret)
		ret = bes_core_start(bes);
	if (!ret)
		return 0;
	bes_wifi_stop(bes);
	bes_set_state(bes, BES_STATE_OFF, "start failed");
	bes->stats.reset_failures++;
	return ret;
}

static long bes_recovery_again(struct bes_dev *bes, int err)
{
	unsigned long pause = bes_recovery_pause(bes);

	bes->reset_due = jiffies + pause;
	dev_err(bes->dev, "reset failed (%d), next try in %lu s\n", err, pause / HZ);
	return pause;
}

static void bes_recovery_disconnect(void *data, u8 *mac, struct ieee80211_vif *vif)
{
	if (vif->type == NL80211_IFTYPE_STATION && vif->cfg.assoc)
		ieee80211_connection_loss(vif);
}

/*
 * The chip is away for longer than a connection keeps: user space shall know,
 * and find its way back once the chip is. The BSS is forgotten as well, so that
 * user space scans, which fails at once, and does not try in vain to associate
 * until it shuns the AP. Not counted as a loss: the AP is not to blame.
 */
static void bes_recovery_tell(struct bes_dev *bes)
{
	ieee80211_iterate_active_interfaces_atomic(bes->hw, IEEE80211_IFACE_ITER_NORMAL,
						   bes_recovery_disconnect, NULL);
}

/* Returns the pause until the next try, or -1 if there is nothing more to do */
static long bes_recovery_step(struct bes_dev *bes)
{
	enum bes_state state = READ_ONCE(bes->state);
	int ret;

	if (READ_ONCE(bes->gone) || state == BES_STATE_RUNNING || state == BES_STATE_BOOTED)
		return -1;
	bes_recovery_drop(bes);
	if (time_before(jiffies, bes->reset_due)) {
		bes_recovery_tell(bes);
		return bes->reset_due - jiffies;
	}
	WRITE_ONCE(bes->resetting, true);
	ret = bes_recovery_up(bes);
	WRITE_ONCE(bes->resetting, false);
	if (!ret && bes->wifi_on)
		bes_core_restart(bes);
	if (!ret || READ_ONCE(bes->gone))
		return -1;
	bes_recovery_tell(bes);
	return bes_recovery_again(bes, ret);
}

/**
 * bes_restart_result() - result of a callback, as mac80211 should see it
 * @bes: device
 * @ret: 0 or a negative errno
 *
 * mac80211 gives an interface up if it cannot be rebuilt. A chip that dies
 * while that goes on is reset again, and mac80211 rebuilds once more: until
 * then it is told that all is well. wiphy mutex.
 *
 * Return: 0 or a negative errno.
 */
int bes_restart_result(struct bes_dev *bes, int ret)
{
	enum bes_state state;

	lockdep_assert_wiphy(bes->hw->wiphy);
	if (!ret || !bes->restarting || READ_ONCE(bes->gone))
		return ret;
	bes_fatal(bes, "fresh firmware refuses to work");
	state = READ_ONCE(bes->state);
	if (state != BES_STATE_DEAD) {
		/* it did not even start */
		bes_set_state(bes, BES_STATE_DEAD, "restart failed");
		bes_recovery_again(bes, ret);
		bes_recovery_kick(bes);
	}
	return 0;
}

static void bes_reset_work(struct work_struct *work)
{
	struct bes_dev *bes = container_of(work, struct bes_dev, reset_work.work);
	long pause;

	wiphy_lock(bes->hw->wiphy);
	pause = bes_recovery_step(bes);
	wiphy_unlock(bes->hw->wiphy);
	if (pause >= 0 && !READ_ONCE(bes->gone))
		mod_delayed_work(system_freezable_wq, &bes->reset_work, pause);
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
 * bes_recovery_stop() - no more resets, but one may be under way
 * @bes: device
 */
void bes_recovery_stop(struct bes_dev *bes)
{
	WRITE_ONCE(bes->gone, true);
	cancel_delayed_work(&bes->reset_work);
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
