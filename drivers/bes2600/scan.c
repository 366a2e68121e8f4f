// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scans. mac80211 hands over all bands at once; the chip gets well-formed
 * pieces: channels of 2.4 GHz that are scanned alike in one request, channels
 * of 5 GHz one by one, because firmware refuses lists of them.
 */
#include <linux/slab.h>

#include "bes2600.h"

#define BES_SCAN_TIME		100	/* TU on each channel */
#define BES_SCAN_PROBES		2
#define BES_SCAN_PROBE_DELAY	100
/*
 * For the end of a piece, beyond its channels. Firmware has always been given
 * that long, and how late it may be (DTIMs between the channels, Bluetooth) is
 * not known: a shorter limit would end scans that are only slow.
 */
#define BES_SCAN_SLACK_MS	5000
#define BES_SCAN_STOP_MS	1000
#define BES_SCAN_RETRY_MS	150
/* Refused so often, each refusal forgotten after the time: no scans for the time */
#define BES_SCAN_REJECTS	3
#define BES_SCAN_REJECTS_AUDIO	1	/* while Bluetooth streams: it goes on for long */
#define BES_SCAN_DEFER		(30 * HZ)

static bool bes_scan_passive(const struct ieee80211_channel *ch,
			     const struct cfg80211_scan_request *req)
{
	return !req->n_ssids || ch->flags & (IEEE80211_CHAN_NO_IR | IEEE80211_CHAN_RADAR);
}

/* Channels from scan->next on that fit one request */
VISIBLE_IF_KUNIT
int bes_scan_run_length(const struct bes_scan *scan)
{
	const struct cfg80211_scan_request *req = scan->req;
	struct ieee80211_channel *first = req->channels[scan->next];
	int n;

	if (first->band == NL80211_BAND_5GHZ)
		return 1;
	for (n = 1; scan->next + n < req->n_channels && n < WSM_SCAN_MAX_CHANNELS; n++) {
		struct ieee80211_channel *ch = req->channels[scan->next + n];

		if (ch->band != first->band ||
		    bes_scan_passive(ch, req) != bes_scan_passive(first, req))
			break;
	}
	return n;
}
EXPORT_SYMBOL_IF_KUNIT(bes_scan_run_length);

/* Back to where the chip was before the scan */
static void bes_scan_forget(struct bes_dev *bes)
{
	struct bes_scan *scan = &bes->scan;
	struct bes_vif *bvif = bes_vif(scan->vif);

	wiphy_delayed_work_cancel(bes->hw->wiphy, &scan->timeout);
	wiphy_delayed_work_cancel(bes->hw->wiphy, &scan->next_work);
	scan->req = NULL;
	scan->vif = NULL;
	if (READ_ONCE(bes->state) == BES_STATE_RUNNING) {
		bes_sta_power(bes, NULL);
		bes_sta_retune(bvif);
	}
	bes_tx_stop(bes, false);
}

static void bes_scan_finish(struct bes_dev *bes, bool aborted)
{
	struct cfg80211_scan_info info = { .aborted = aborted };

	lockdep_assert_wiphy(bes->hw->wiphy);
	if (!bes->scan.req)
		return;
	bes_scan_forget(bes);
	ieee80211_scan_completed(bes->hw, &info);
}

/* Firmware that refuses scans does not get better by more of them */
static void bes_scan_rejected(struct bes_dev *bes, struct bes_health *health)
{
	unsigned long faded = (jiffies - bes->scan.reject_at) / BES_SCAN_DEFER;
	struct bes_scan *scan = &bes->scan;
	unsigned int limit = READ_ONCE(bes->bt_state) & WSM_BT_AUDIO ?
			     BES_SCAN_REJECTS_AUDIO : BES_SCAN_REJECTS;

	health->scan_refused++;
	scan->rejects -= min_t(unsigned long, scan->rejects, faded);
	scan->rejects++;
	scan->reject_at = jiffies;
	if (scan->rejects < limit)
		return;
	scan->deferred = true;
	scan->defer_until = jiffies + BES_SCAN_DEFER;
	dev_info(bes->dev, "the chip does not want to scan (%u times): not asked for %u s\n",
		 scan->rejects, BES_SCAN_DEFER / HZ);
}

static bool bes_scan_deferred(struct bes_scan *scan)
{
	if (scan->deferred && time_after_eq(jiffies, scan->defer_until))
		scan->deferred = false;
	return scan->deferred;
}

static struct bes_health *bes_scan_health(struct bes_dev *bes)
{
	return &bes->health[bes->scan.vif ? bes_vif(bes->scan.vif)->id : 0];
}

static void bes_scan_fill_ssids(struct wsm_ssid *out, const struct cfg80211_scan_request *req)
{
	int i;

	for (i = 0; i < req->n_ssids; i++) {
		out[i].len = cpu_to_le32(req->ssids[i].ssid_len);
		memcpy(out[i].ssid, req->ssids[i].ssid, req->ssids[i].ssid_len);
	}
}

/* A single wildcard is what the chip does without any SSID */
static int bes_scan_n_ssids(const struct cfg80211_scan_request *req)
{
	return req->n_ssids == 1 && !req->ssids[0].ssid_len ? 0 : req->n_ssids;
}

VISIBLE_IF_KUNIT
struct wsm_scan_req *bes_scan_build(struct bes_dev *bes, int n, size_t *len)
{
	struct bes_scan *scan = &bes->scan;
	const struct cfg80211_scan_request *req = scan->req;
	struct ieee80211_channel *first = req->channels[scan->next];
	bool passive = bes_scan_passive(first, req);
	bool joined = bes_vif(scan->vif)->state != BES_VIF_NONE;
	int i, ssids = passive ? 0 : bes_scan_n_ssids(req);
	struct wsm_scan_channel *ch;
	struct wsm_scan_req *out;

	*len = sizeof(*out) + n * sizeof(*ch) + ssids * sizeof(struct wsm_ssid);
	out = kzalloc(*len, GFP_KERNEL);
	if (!out)
		return NULL;
	out->band = first->band == NL80211_BAND_5GHZ ? WSM_BAND_5G : WSM_BAND_2G;
	out->type = joined ? WSM_SCAN_BACKGROUND : WSM_SCAN_FOREGROUND;
	out->flags = joined ? WSM_SCAN_F_FORCE_BG : 0;
	out->max_rate = out->band == WSM_BAND_5G || req->no_cck ? WSM_RATE_OFDM_6 : 0;
	out->probes = passive ? 0 : BES_SCAN_PROBES;
	out->n_channels = n;
	out->n_ssids = ssids;
	out->probe_delay = BES_SCAN_PROBE_DELAY;
	ch = (void *)out->data;
	for (i = 0; i < n; i++) {
		ch[i].number = cpu_to_le16(req->channels[scan->next + i]->hw_value);
		ch[i].min_time = cpu_to_le32(BES_SCAN_TIME);
		ch[i].max_time = cpu_to_le32(BES_SCAN_TIME);
	}
	if (ssids)
		bes_scan_fill_ssids((void *)(ch + n), req);
	return out;
}
EXPORT_SYMBOL_IF_KUNIT(bes_scan_build);

/*
 * What probe requests say differs between the bands: the chip gets them anew
 * for each. It puts the SSID into the empty element.
 */
static int bes_scan_template(struct bes_dev *bes, enum nl80211_band band)
{
	struct bes_scan *scan = &bes->scan;
	const struct ieee80211_scan_ies *ies =
		&container_of(scan->req, struct ieee80211_scan_request, req)->ies;
	struct sk_buff *skb;
	int ret;

	if (scan->template == band)
		return 0;
	skb = ieee80211_probereq_get(bes->hw, scan->vif->addr, NULL, 0,
				     ies->len[band] + ies->common_ie_len);
	if (!skb)
		return -ENOMEM;
	skb_put_data(skb, ies->ies[band], ies->len[band]);
	skb_put_data(skb, ies->common_ies, ies->common_ie_len);
	ret = bes_mib_template(bes, 0, WSM_TEMPLATE_PROBE_REQ, 0, skb->data, skb->len);
	kfree_skb(skb);
	if (!ret)
		scan->template = band;
	return ret;
}

/* Asks for the next piece */
static int bes_scan_send(struct bes_dev *bes)
{
	struct bes_scan *scan = &bes->scan;
	struct ieee80211_channel *first = scan->req->channels[scan->next];
	int n = bes_scan_run_length(scan), ret;
	struct wsm_scan_req *req;
	size_t len;

	ret = bes_scan_template(bes, first->band);
	if (!ret)
		ret = bes_sta_power(bes, first);
	if (ret)
		return ret;
	req = bes_scan_build(bes, n, &len);
	if (!req)
		return -ENOMEM;
	reinit_completion(&scan->end);
	ret = bes_cmd_scan(bes, req, len);
	kfree(req);
	if (ret)
		return ret;
	scan->next += n;
	scan->running = true;
	scan->refused = 0;
	wiphy_delayed_work_queue(bes->hw->wiphy, &scan->timeout,
				 msecs_to_jiffies(BES_SCAN_SLACK_MS + n * (BES_SCAN_TIME + 10)));
	return 0;
}

static void bes_scan_next(struct bes_dev *bes)
{
	struct bes_scan *scan = &bes->scan;
	int ret;

	if (scan->aborted || scan->next >= scan->req->n_channels) {
		bes_scan_finish(bes, scan->aborted);
		return;
	}
	ret = bes_scan_send(bes);
	if (!ret)
		return;
	/* a request too close to the end of the one before may be refused */
	if (ret == -EIO && !scan->refused++) {
		wiphy_delayed_work_queue(bes->hw->wiphy, &scan->next_work,
					 msecs_to_jiffies(BES_SCAN_RETRY_MS));
		return;
	}
	if (ret == -EIO && READ_ONCE(bes->state) == BES_STATE_RUNNING)
		bes_scan_rejected(bes, bes_scan_health(bes));
	bes_scan_finish(bes, true);
}

static void bes_scan_next_work(struct wiphy *wiphy, struct wiphy_work *work)
{
	struct bes_scan *scan = container_of(work, struct bes_scan, next_work.work);
	struct bes_dev *bes = container_of(scan, struct bes_dev, scan);

	if (scan->req && !scan->running)
		bes_scan_next(bes);
}

/* The end of the scan was lost: ask for it once, then give the chip up */
static void bes_scan_timeout(struct wiphy *wiphy, struct wiphy_work *work)
{
	struct bes_scan *scan = container_of(work, struct bes_scan, timeout.work);
	struct bes_dev *bes = container_of(scan, struct bes_dev, scan);

	if (!scan->running)
		return;
	if (scan->stopping) {
		bes_fatal(bes, "scan does not end");
		return;
	}
	bes_scan_health(bes)->scan_lost++;
	scan->stopping = true;
	scan->aborted = true;
	if (!bes_cmd_stop_scan(bes, 0))
		wiphy_delayed_work_queue(wiphy, &scan->timeout, msecs_to_jiffies(BES_SCAN_STOP_MS));
}

/**
 * bes_scan_complete() - the chip finished a piece (0x0806)
 * @bes: device
 * @ind: the indication
 *
 * wiphy mutex.
 */
void bes_scan_complete(struct bes_dev *bes, const struct wsm_scan_complete_ind *ind)
{
	struct bes_scan *scan = &bes->scan;

	lockdep_assert_wiphy(bes->hw->wiphy);
	if (scan->seen) {
		scan->seen = false;
		return;
	}
	if (!scan->running) {
		bes_scan_health(bes)->scan_spurious++;
		return;
	}
	scan->running = false;
	wiphy_delayed_work_cancel(bes->hw->wiphy, &scan->timeout);
	if (ind->status) {
		bes_scan_health(bes)->scan_failed++;
		scan->aborted = true;
	} else {
		scan->rejects = 0;
	}
	if (scan->aborted || scan->next >= scan->req->n_channels) {
		bes_scan_finish(bes, scan->aborted);
		return;
	}
	/* one tick of air before the next request */
	wiphy_delayed_work_queue(bes->hw->wiphy, &scan->next_work, 1);
}

/**
 * bes_op_hw_scan() - start a scan
 * @hw: hardware
 * @vif: interface that scans
 * @hw_req: what to scan
 *
 * wiphy mutex.
 *
 * Return: 0 or a negative errno.
 */
int bes_op_hw_scan(struct ieee80211_hw *hw, struct ieee80211_vif *vif,
		   struct ieee80211_scan_request *hw_req)
{
	struct bes_dev *bes = hw->priv;
	struct bes_scan *scan = &bes->scan;
	struct bes_vif *bvif = bes_vif(vif);
	int ret;

	lockdep_assert_wiphy(hw->wiphy);
	if (scan->req)
		return -EBUSY;
	/* the chip is confused by a scan between join and association */
	if (bvif->state == BES_VIF_JOINED || bes->restarting)
		return -EBUSY;
	if (bes_scan_deferred(scan)) {
		bes->health[bvif->id].scan_deferred++;
		return -EBUSY;
	}
	scan->vif = vif;
	scan->req = &hw_req->req;
	scan->next = 0;
	scan->template = -1;
	scan->refused = 0;
	scan->aborted = false;
	scan->stopping = false;
	bes_tx_stop(bes, true);
	ret = bes_scan_template(bes, hw_req->req.channels[0]->band);
	if (!ret && bvif->state == BES_VIF_ASSOC && bvif->chan_type > 1)
		ret = bes_cmd_switch_channel(bes, bvif->id, bvif->channel, 0);
	if (!ret) {
		ret = bes_scan_send(bes);
		if (ret == -EIO && READ_ONCE(bes->state) == BES_STATE_RUNNING)
			bes_scan_rejected(bes, bes_scan_health(bes));
	}
	if (ret)
		bes_scan_forget(bes);
	return ret;
}

static void bes_scan_wait(struct bes_dev *bes)
{
	struct bes_scan *scan = &bes->scan;

	if (!scan->stopping && !completion_done(&scan->end)) {
		scan->stopping = true;
		bes_cmd_stop_scan(bes, 0);
	}
	if (!wait_for_completion_timeout(&scan->end, msecs_to_jiffies(BES_SCAN_STOP_MS)))
		bes_fatal(bes, "scan does not end");
	scan->seen = READ_ONCE(bes->state) == BES_STATE_RUNNING;
}

/**
 * bes_scan_stop() - end the scan, if there is one
 * @bes: device
 *
 * The end of the piece under way is owed until the chip has told it: nothing
 * may move the radio before, nor leave the BSS. wiphy mutex.
 */
void bes_scan_stop(struct bes_dev *bes)
{
	struct bes_scan *scan = &bes->scan;

	lockdep_assert_wiphy(bes->hw->wiphy);
	if (scan->running)
		bes_scan_wait(bes);
	scan->running = false;
	bes_scan_finish(bes, true);
}

/**
 * bes_op_cancel_hw_scan() - stop the scan; mac80211 hears of it in any case
 * @hw: hardware
 * @vif: interface that scans
 *
 * wiphy mutex.
 */
void bes_op_cancel_hw_scan(struct ieee80211_hw *hw, struct ieee80211_vif *vif)
{
	struct bes_dev *bes = hw->priv;
	struct bes_scan *scan = &bes->scan;

	lockdep_assert_wiphy(hw->wiphy);
	if (scan->req && scan->vif == vif)
		bes_scan_stop(bes);
}

/**
 * bes_scan_abort() - the chip is gone or going
 * @bes: device
 *
 * wiphy mutex.
 */
void bes_scan_abort(struct bes_dev *bes)
{
	lockdep_assert_wiphy(bes->hw->wiphy);
	bes->scan.running = false;
	bes->scan.seen = false;
	bes_scan_finish(bes, true);
}

/**
 * bes_scan_init() - prepare the works
 * @bes: device
 */
void bes_scan_init(struct bes_dev *bes)
{
	init_completion(&bes->scan.end);
	wiphy_delayed_work_init(&bes->scan.timeout, bes_scan_timeout);
	wiphy_delayed_work_init(&bes->scan.next_work, bes_scan_next_work);
}
