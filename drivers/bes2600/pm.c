// SPDX-License-Identifier: GPL-2.0-only
/*
 * Power save of a station.
 *
 * mac80211 says what the user wants. The chip is told once (0x0010) and does
 * the rest: it tells the AP, dozes, wakes for beacons and for traffic. An
 * indication (0x0809) says when a mode is in force. Some firmware never sends
 * it, or late, or before the confirm. So nobody waits for it: one request is
 * under way at a time, a work ends it if nothing is heard, and each end of a
 * request looks again at what is wanted by then. Where three requests in a row
 * are not honoured the station stays awake.
 */
#include <linux/delay.h>
#include <linux/moduleparam.h>
#include <linux/seq_file.h>

#include "bes2600.h"
#include "trace.h"

/* An indication that takes longer will not come, or is of no use */
#define BES_PM_WAIT_MS		500
/* Between requests that were not honoured; doubled each time */
#define BES_PM_RETRY_MS		1000
/* Not honoured so often in a row: never, with this AP */
#define BES_PM_MISSES		3
/* Associations in a row that ended so: never, with this firmware */
#define BES_PM_BAD_ASSOCS	3
/* The chip is on other channels: look again */
#define BES_PM_SCAN_MS		100
/*
 * Awake for 100 ms after the last frame (unit 500 us): an answer from the
 * internet is still heard at once.
 */
#define BES_PM_FAST_IDLE	200
/* Bluetooth's sleep and waking, and a chip after the system's sleep */
#define BES_PM_HANDSHAKE_MS	400
/* A controller that wakes may be deaf for a while */
#define BES_PM_WAKE_MS		1000
/* No answer to requests is known */
#define BES_PM_UNKNOWN		0xff

static bool bes_mcu_sleep;
module_param_named(mcu_sleep, bes_mcu_sleep, bool, 0644);
MODULE_PARM_DESC(mcu_sleep, "the chip's controller sleeps with the system (off: not every board can wake it)");

static void bes_pm_queue(struct bes_vif *bvif, unsigned int ms)
{
	wiphy_delayed_work_queue(bvif->bes->hw->wiphy, &bvif->pm.work, msecs_to_jiffies(ms));
}

static u8 bes_pm_wanted(struct bes_vif *bvif)
{
	const struct bes_pm *pm = &bvif->pm;

	if (!bes_vif_to_vif(bvif)->cfg.ps || pm->unsupported || pm->bad_ap ||
	    bvif->bes->pm_unsupported)
		return WSM_PM_ACTIVE;
	/* the only mode that firmware was seen to confirm */
	return WSM_PM_FAST_PS;
}

/* For the rest of this association */
static void bes_pm_give_up(struct bes_vif *bvif)
{
	struct bes_dev *bes = bvif->bes;

	bvif->pm.unsupported = true;
	WRITE_ONCE(bes->pm_counts.unsupported, bes->pm_counts.unsupported + 1);
	if (++bes->pm_bad_assocs >= BES_PM_BAD_ASSOCS)
		bes->pm_unsupported = true;
	trace_bes_state(bes, READ_ONCE(bes->state), "power save not honoured");
	dev_info_ratelimited(bes->dev, "PSM not honored by the firmware: power save stays off\n");
}

/* A request was not honoured. What the chip does now is unknown. */
static void bes_pm_missed(struct bes_vif *bvif)
{
	struct bes_pm *pm = &bvif->pm;

	pm->pending = false;
	/* firmware that says nothing about waking has still been told to wake */
	if (pm->requested != WSM_PM_ACTIVE) {
		pm->requested = BES_PM_UNKNOWN;
		if (++pm->misses < BES_PM_MISSES) {
			bes_pm_queue(bvif, BES_PM_RETRY_MS << (pm->misses - 1));
			return;
		}
		bes_pm_give_up(bvif);
	}
	bes_pm_update(bvif);
}

static void bes_pm_request(struct bes_vif *bvif, u8 mode)
{
	struct bes_pm *pm = &bvif->pm;
	int ret;

	pm->requested = mode;
	pm->pending = true;
	ret = bes_cmd_set_pm(bvif->bes, bvif->id, mode, BES_PM_FAST_IDLE);
	if (!ret) {
		/* an indication that came before the confirm waits for our mutex */
		bes_pm_queue(bvif, BES_PM_WAIT_MS);
		return;
	}
	pm->pending = false;
	/* else the chip died, and recovery starts everything anew */
	if (READ_ONCE(bvif->bes->state) == BES_STATE_RUNNING)
		bes_pm_missed(bvif);
}

/**
 * bes_pm_update() - bring the chip to the power mode that is wanted
 * @bvif: interface
 *
 * Harmless at any time. wiphy mutex.
 */
void bes_pm_update(struct bes_vif *bvif)
{
	struct bes_dev *bes = bvif->bes;
	struct bes_pm *pm = &bvif->pm;
	u8 mode = bes_pm_wanted(bvif);

	lockdep_assert_wiphy(bes->hw->wiphy);
	if (bvif->state != BES_VIF_ASSOC || pm->pending || mode == pm->requested ||
	    READ_ONCE(bes->state) != BES_STATE_RUNNING)
		return;
	if (bes->scan.req)
		bes_pm_queue(bvif, BES_PM_SCAN_MS);
	else
		bes_pm_request(bvif, mode);
}
EXPORT_SYMBOL_IF_KUNIT(bes_pm_update);

/* Nothing was heard in time, or it is time to try again */
static void bes_pm_work(struct wiphy *wiphy, struct wiphy_work *work)
{
	struct bes_vif *bvif = container_of(work, struct bes_vif, pm.work.work);
	struct bes_dev *bes = bvif->bes;

	if (!bvif->pm.pending) {
		bes_pm_update(bvif);
		return;
	}
	WRITE_ONCE(bes->pm_counts.timeouts, bes->pm_counts.timeouts + 1);
	if (bvif->pm.requested != WSM_PM_ACTIVE && !bvif->pm.misses)
		dev_info_ratelimited(bes->dev, "power save not confirmed within %d ms\n",
				     BES_PM_WAIT_MS);
	bes_pm_missed(bvif);
}

static bool bes_pm_matches(const struct bes_pm *pm, const struct wsm_set_pm_ind *ind)
{
	/* some firmware reports the fast mode as the plain one */
	return pm->pending && !((ind->psm ^ pm->requested) & WSM_PM_PS);
}

/**
 * bes_pm_ind() - the chip says which power mode is in force (0x0809)
 * @bes: device
 * @if_id: interface
 * @ind: what it says; the last three bytes may be missing
 *
 * wiphy mutex.
 */
void bes_pm_ind(struct bes_dev *bes, u8 if_id, const struct wsm_set_pm_ind *ind)
{
	struct ieee80211_vif *vif;
	struct bes_vif *bvif;
	bool ok = !ind->status;

	lockdep_assert_wiphy(bes->hw->wiphy);
	vif = if_id < BES_IFS ? wiphy_dereference(bes->hw->wiphy, bes->vifs[if_id]) : NULL;
	bvif = vif ? bes_vif(vif) : NULL;
	if (bvif && ok)
		bvif->pm.in_force = ind->psm;
	if (!bvif || (ok && !bes_pm_matches(&bvif->pm, ind)) || !bvif->pm.pending) {
		/* too late, twice, or about something else: ends no request */
		WRITE_ONCE(bes->pm_counts.late, bes->pm_counts.late + 1);
		return;
	}
	wiphy_delayed_work_cancel(bes->hw->wiphy, &bvif->pm.work);
	if (!ok) {
		bes_pm_missed(bvif);
		return;
	}
	bvif->pm.pending = false;
	if (bvif->pm.requested != WSM_PM_ACTIVE) {
		bvif->pm.misses = 0;
		bes->pm_bad_assocs = 0;
	}
	bes_pm_update(bvif);
}
EXPORT_SYMBOL_IF_KUNIT(bes_pm_ind);

/**
 * bes_pm_error() - event 7: power save goes wrong with this AP
 * @bvif: interface
 * @what: enum wsm_ps_error
 *
 * wiphy mutex.
 */
void bes_pm_error(struct bes_vif *bvif, u32 what)
{
	lockdep_assert_wiphy(bvif->bes->hw->wiphy);
	/* an AP without a frame after it announced one is only odd */
	if (bvif->state != BES_VIF_ASSOC || !what || what >= WSM_PS_ERROR_NO_DATA ||
	    bvif->pm.bad_ap)
		return;
	bvif->pm.bad_ap = true;
	dev_info_ratelimited(bvif->bes->dev, "the AP does not cope with power save (%u)\n", what);
	bes_pm_update(bvif);
}
EXPORT_SYMBOL_IF_KUNIT(bes_pm_error);

/**
 * bes_pm_init_vif() - a new interface
 * @bvif: interface, zeroed
 */
void bes_pm_init_vif(struct bes_vif *bvif)
{
	wiphy_delayed_work_init(&bvif->pm.work, bes_pm_work);
}
EXPORT_SYMBOL_IF_KUNIT(bes_pm_init_vif);

/**
 * bes_pm_reset_vif() - there is no BSS any more: the chip is awake
 * @bvif: interface
 *
 * wiphy mutex.
 */
void bes_pm_reset_vif(struct bes_vif *bvif)
{
	struct bes_pm *pm = &bvif->pm;

	lockdep_assert_wiphy(bvif->bes->hw->wiphy);
	wiphy_delayed_work_cancel(bvif->bes->hw->wiphy, &pm->work);
	pm->pending = false;
	pm->unsupported = false;
	pm->bad_ap = false;
	pm->misses = 0;
	pm->requested = WSM_PM_ACTIVE;
	pm->in_force = WSM_PM_ACTIVE;
}
EXPORT_SYMBOL_IF_KUNIT(bes_pm_reset_vif);

/* ---- the system sleeps ---- */

static void bes_pm_handshake_failed(struct bes_dev *bes, const char *what, int ret)
{
	WRITE_ONCE(bes->pm_counts.handshake_failures, bes->pm_counts.handshake_failures + 1);
	dev_info_ratelimited(bes->dev, "%s (%d)\n", what, ret);
}

static void bes_pm_bt_sleep(struct bes_dev *bes)
{
	u8 status;
	int ret;

	if (bes_bus_read8(bes, BES_REG_STATUS, &status) || !(status & BES_STATUS_BT_READY))
		return;
	ret = bes_bus_doorbell(bes, BES_CMD_BT_SLEEP, BES_STATUS_BT_AWAKE, 0,
			       BES_PM_HANDSHAKE_MS);
	bes->bt_sleeps = true;
	if (ret)
		bes_pm_handshake_failed(bes, "Bluetooth does not go to sleep", ret);
}

static void bes_pm_bt_wake(struct bes_dev *bes)
{
	int ret;

	ret = bes_bus_doorbell(bes, BES_CMD_BT_WAKE, BES_STATUS_BT_AWAKE, BES_STATUS_BT_AWAKE,
			       BES_PM_HANDSHAKE_MS);
	if (ret)
		bes_pm_handshake_failed(bes, "Bluetooth does not wake up", ret);
}

/* Some controllers are confused by a call to wake that they do not need */
static int bes_pm_mcu_wake(struct bes_dev *bes)
{
	u8 status;

	if (!bes_bus_read8(bes, BES_REG_STATUS, &status) && status & BES_STATUS_MCU_AWAKE)
		return 0;
	return bes_bus_doorbell(bes, BES_CMD_MCU_ACTIVE, BES_STATUS_MCU_AWAKE,
				BES_STATUS_MCU_AWAKE, BES_PM_WAKE_MS);
}

/* Asleep is a controller that says so, or that answers no more. Rung once: it may sleep already. */
static int bes_pm_mcu_wait_asleep(struct bes_dev *bes)
{
	int ret;

	ret = bes_bus_ring(bes, BES_CMD_MCU_DEACTIVE);
	if (ret)
		return ret;
	usleep_range(1500, 2000);
	ret = bes_bus_wait(bes, BES_STATUS_MCU_AWAKE, 0, BES_PM_HANDSHAKE_MS);
	if (ret == -ETIMEDOUT) {
		u8 status;

		ret = bes_bus_read8(bes, BES_REG_STATUS, &status);
		ret = bes_bus_transient(ret) ? 0 : -ETIMEDOUT;
	}
	return ret;
}

/* Only a controller that has shown that it can be woken is sent to sleep */
static void bes_pm_mcu_sleep(struct bes_dev *bes)
{
	int ret;

	ret = bes_pm_mcu_wake(bes);
	if (!ret) {
		ret = bes_pm_mcu_wait_asleep(bes);
		bes->mcu_sleeps = !ret;
		if (ret)
			bes_pm_mcu_wake(bes);
	}
	if (ret)
		bes_pm_handshake_failed(bes, "the controller stays awake", ret);
}

/**
 * bes_pm_park() - the system is about to sleep, the card stays powered
 * @bes: device, Wi-Fi off
 *
 * Bluetooth, if it is on, may sleep as well, and with the parameter mcu_sleep
 * the controller. What does not sleep stays awake: no reason to keep the system
 * from sleeping.
 */
void bes_pm_park(struct bes_dev *bes)
{
	if (READ_ONCE(bes->state) != BES_STATE_BOOTED)
		return;
	bes_pm_bt_sleep(bes);
	if (READ_ONCE(bes_mcu_sleep))
		bes_pm_mcu_sleep(bes);
}

static int bes_pm_alive(struct bes_dev *bes, bool asleep)
{
	int ret;

	if (asleep) {
		ret = bes_pm_mcu_wake(bes);
		if (ret) {
			bes_pm_handshake_failed(bes, "the controller does not wake up", ret);
			return ret;
		}
		/* some need that before the next command */
		usleep_range(20000, 40000);
	}
	return bes_bus_wait(bes, BES_STATUS_MCU_READY, BES_STATUS_MCU_READY, BES_PM_HANDSHAKE_MS);
}

/**
 * bes_pm_unpark() - the system has woken up
 * @bes: device
 *
 * A host that promised to keep the card powered may not have done so: a chip
 * that is not ready is off, and whoever starts Wi-Fi resets it.
 */
void bes_pm_unpark(struct bes_dev *bes)
{
	bool bt = bes->bt_sleeps, mcu = bes->mcu_sleeps;
	int ret;

	bes->bt_sleeps = false;
	bes->mcu_sleeps = false;
	if (READ_ONCE(bes->state) != BES_STATE_BOOTED)
		return;
	ret = bes_pm_alive(bes, mcu);
	if (ret) {
		dev_info(bes->dev, "the chip did not outlast the sleep (%d)\n", ret);
		bes_set_state(bes, BES_STATE_OFF, "lost in sleep");
	} else if (bt) {
		bes_pm_bt_wake(bes);
	}
}

/* ---- seeing ---- */

static const char *bes_pm_text(struct bes_dev *bes, struct bes_vif *bvif)
{
	const struct bes_pm *pm = &bvif->pm;

	if (READ_ONCE(bes->pm_unsupported))
		return "unsupported by the firmware";
	if (READ_ONCE(pm->unsupported))
		return "unsupported in this association";
	if (READ_ONCE(pm->bad_ap))
		return "off, the AP does not cope";
	if (READ_ONCE(pm->pending))
		return "changing";
	if (READ_ONCE(pm->requested) == WSM_PM_ACTIVE)
		return "off";
	return READ_ONCE(pm->in_force) & WSM_PM_PS ? "on" : "not confirmed";
}

#define BES_PM_COUNT(name, member) \
	seq_printf(s, "%s: %u\n", name, READ_ONCE(bes->pm_counts.member))

/**
 * bes_pm_show() - state of the station's power save, and counters
 * @bes: device
 * @s: where to
 */
void bes_pm_show(struct bes_dev *bes, struct seq_file *s)
{
	struct ieee80211_vif *vif;

	rcu_read_lock();
	vif = rcu_dereference(bes->vifs[0]);
	seq_printf(s, "PowerSave: %s\n", vif ? bes_pm_text(bes, bes_vif(vif)) : "no interface");
	rcu_read_unlock();
	BES_PM_COUNT("PmTimeouts", timeouts);
	BES_PM_COUNT("PmUnsupported", unsupported);
	BES_PM_COUNT("PmLateInd", late);
	BES_PM_COUNT("PmHandshakeFail", handshake_failures);
}
