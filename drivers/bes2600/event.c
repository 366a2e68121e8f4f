// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages from the chip: checked here, before a handler sees them.
 */
#include <linux/slab.h>

#include "bes2600.h"
#include "trace.h"

/**
 * struct bes_handler - what is known about a message from the chip
 * @id: number and class
 * @name: for the log
 * @min_len: shorter ones never reach the handler
 * @deferred: a copy is handled by the wiphy work; else the thread calls
 * @handle: takes the message
 */
struct bes_handler {
	u16 id;
	const char *name;
	u16 min_len;
	bool deferred;
	void (*handle)(struct bes_dev *bes, u8 if_id, const void *msg, size_t len);
};

/* The chip broke the protocol: nothing that follows can be trusted */
static void bes_bad_message(struct bes_dev *bes, const char *name, const char *what)
{
	bes->stats.bad_messages++;
	dev_warn_ratelimited(bes->dev, "%s: %s\n", name, what);
	bes_fatal(bes, "message not understood");
}

static void bes_credits_back(struct bes_dev *bes, int n)
{
	bes->progress = jiffies;
	bes->outstanding -= n;
	if (bes->outstanding < 0) {
		bes->outstanding = 0;
		bes_fatal(bes, "confirm for nothing");
	}
	bes_bh_places(bes);
}

/*
 * Of a burst that was written again, the chip may have taken both copies, and
 * confirm both: the second confirm gives back nothing that we had counted.
 */
static bool bes_confirms_copy(struct bes_dev *bes)
{
	if (!bes->copies || time_after(jiffies, bes->copies_end))
		return false;
	bes->copies--;
	bes->stats.copies++;
	bes->progress = jiffies;
	return true;
}

/* Returns the places that come back */
static int bes_on_frame_sent(struct bes_dev *bes, const struct wsm_tx_status *s)
{
	return bes_tx_status(bes, s) || !bes_confirms_copy(bes);
}

static void bes_on_tx_cnf(struct bes_dev *bes, u8 if_id, const void *msg, size_t len)
{
	const struct wsm_tx_cnf *cnf = msg;

	bes_credits_back(bes, bes_on_frame_sent(bes, &cnf->s));
}

static void bes_on_multi_tx_cnf(struct bes_dev *bes, u8 if_id, const void *msg, size_t len)
{
	const struct wsm_multi_tx_cnf *cnf = msg;
	u32 i, n = le32_to_cpu(cnf->count);
	int places = 0;

	if (!n || n > (len - sizeof(*cnf)) / sizeof(cnf->s[0])) {
		bes_bad_message(bes, "multi TX confirm", "wrong count");
		return;
	}
	for (i = 0; i < n; i++)
		places += bes_on_frame_sent(bes, &cnf->s[i]);
	bes_credits_back(bes, places);
}

static void bes_on_startup(struct bes_dev *bes, u8 if_id, const void *msg, size_t len)
{
	const struct wsm_startup_ind *ind = msg;

	if (completion_done(&bes->startup)) {
		bes_fatal(bes, "firmware started anew");
		return;
	}
	bes->caps = *ind;
	bes->caps.label[sizeof(bes->caps.label) - 1] = '\0';
	bes->credits = clamp_t(int, le16_to_cpu(ind->bufs), 1, BES_COOKIES);
	complete_all(&bes->startup);
}

static void bes_on_rx(struct bes_dev *bes, u8 if_id, const void *msg, size_t len)
{
	bes_rx_ind(bes, if_id, msg, len);
}

static void bes_on_channel(struct bes_dev *bes, u8 if_id, const void *msg, size_t len)
{
	bes->hold_data = false;
	complete(&bes->chan_done);
}

static void bes_on_pm(struct bes_dev *bes, u8 if_id, const void *msg, size_t len)
{
	bes_pm_ind(bes, if_id, msg);
}

static void bes_on_exception(struct bes_dev *bes, u8 if_id, const void *msg, size_t len)
{
	const struct wsm_exception_ind *ind = msg;
	int n = strnlen(ind->file, sizeof(ind->file));

	dev_err(bes->dev, "firmware exception %u, pc %#x, lr %#x, r1 %u, %*pE\n",
		le32_to_cpu(ind->reason), le32_to_cpu(ind->regs[15]), le32_to_cpu(ind->regs[14]),
		le32_to_cpu(ind->regs[1]), n, ind->file);
	bes->exception = *ind;
	bes->stats.exceptions++;
	bes_fatal(bes, "firmware exception");
}

/* Only an access point has peers that doze */
static void bes_on_suspend_resume(struct bes_dev *bes, u8 if_id, const void *msg, size_t len)
{
}

static void bes_on_event(struct bes_dev *bes, u8 if_id, const void *msg, size_t len)
{
	const struct wsm_event_ind *ind = msg;

	bes_sta_event(bes, if_id, le32_to_cpu(ind->event), le32_to_cpu(ind->data));
}

static void bes_on_scan_complete(struct bes_dev *bes, u8 if_id, const void *msg, size_t len)
{
	bes_scan_complete(bes, msg);
}

/* Most frequent first */
static const struct bes_handler bes_handlers[] = {
	{ WSM_IND_RX, "receive", sizeof(struct wsm_rx_ind), false, bes_on_rx },
	{ WSM_CNF_MULTI_TX, "multi TX confirm", sizeof(struct wsm_multi_tx_cnf), false,
	  bes_on_multi_tx_cnf },
	{ WSM_CNF_TX, "TX confirm", sizeof(struct wsm_tx_cnf), false, bes_on_tx_cnf },
	{ WSM_IND_EVENT, "event", sizeof(struct wsm_event_ind), true, bes_on_event },
	/* two bytes of padding end it, which firmware may leave out */
	{ WSM_IND_SCAN_COMPLETE, "scan complete", 10, true, bes_on_scan_complete },
	{ WSM_IND_SWITCH_CHANNEL, "channel switched", sizeof(struct wsm_status_ind), false,
	  bes_on_channel },
	/* so here, three */
	{ WSM_IND_SET_PM, "power mode set", 9, true, bes_on_pm },
	{ WSM_IND_SUSPEND_RESUME, "suspend or resume", sizeof(struct wsm_suspend_resume_ind),
	  true, bes_on_suspend_resume },
	{ WSM_IND_STARTUP, "start-up", sizeof(struct wsm_startup_ind), false, bes_on_startup },
	{ WSM_IND_EXCEPTION, "exception", sizeof(struct wsm_exception_ind), false,
	  bes_on_exception },
};

static const struct bes_handler *bes_handler(u16 id)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(bes_handlers); i++)
		if (bes_handlers[i].id == id)
			return &bes_handlers[i];
	return NULL;
}

/* The wiphy mutex is needed: keep a copy for the work */
VISIBLE_IF_KUNIT
void bes_defer(struct bes_dev *bes, const void *msg, size_t len)
{
	struct sk_buff *skb;

	KUNIT_STATIC_STUB_REDIRECT(bes_defer, bes, msg, len);
	skb = alloc_skb(len, GFP_KERNEL);
	if (!skb) {
		bes_fatal(bes, "no memory for an indication");
		return;
	}
	/* owed indications must not get lost: what waits for them would wait for ever */
	skb_put_data(skb, msg, len);
	spin_lock_bh(&bes->list_lock);
	__skb_queue_tail(&bes->ind_list, skb);
	spin_unlock_bh(&bes->list_lock);
	wiphy_work_queue(bes->hw->wiphy, &bes->ind_work);
}
EXPORT_SYMBOL_IF_KUNIT(bes_defer);

/* Who holds the wiphy mutex may wait for the end of a scan, but not for the work */
static void bes_put_off(struct bes_dev *bes, u16 id, const void *msg, size_t len)
{
	if (id == WSM_IND_SCAN_COMPLETE)
		complete(&bes->scan.end);
	bes_defer(bes, msg, len);
}

static void bes_on_confirm(struct bes_dev *bes, u16 id, const void *msg, size_t len)
{
	const struct wsm_generic_cnf *cnf = msg;
	struct bes_cmd *cmd;
	bool ours;

	if (len < sizeof(struct wsm_generic_cnf)) {
		bes_bad_message(bes, bes_msg_name(id), "confirm too short");
		return;
	}
	spin_lock_bh(&bes->cmd_lock);
	cmd = bes->cmd;
	ours = cmd && cmd->sent &&
	       (le16_to_cpu(cmd->req->id) & WSM_ID_MASK) ==
	       (WSM_ID_IS_MCU(id) ? id : (id & ~WSM_CLASS_CNF));
	spin_unlock_bh(&bes->cmd_lock);
	if (ours || !bes_confirms_copy(bes))
		bes_credits_back(bes, 1);
	/* one that comes late, or that nobody asked for */
	if (!ours) {
		bes->stats.unknown_messages++;
		return;
	}
	/* a channel switch goes on until its indication */
	if ((id & ~WSM_CLASS_CNF) != WSM_REQ_SWITCH_CHANNEL || cnf->status)
		bes->hold_data = false;
	bes_cmd_complete(bes, 0, msg, len);
}

static void bes_on_mcu_confirm(struct bes_dev *bes, u16 id, const void *msg, size_t len)
{
	if (!bes->mcu_owed && bes->mcu_lost) {
		/* late: its credit was taken back already. It speaks after all. */
		bes->mcu_lost--;
		WRITE_ONCE(bes->mcu_silent, false);
		return;
	}
	bes->mcu_owed = false;
	bes_on_confirm(bes, id, msg, len);
}

static void bes_on_mcu(struct bes_dev *bes, u16 id, const void *msg, size_t len)
{
	const struct wsm_mcu_hdr *hdr = msg;

	if (len < sizeof(*hdr)) {
		bes_bad_message(bes, bes_msg_name(id), "too short");
		return;
	}
	if (le32_to_cpu(hdr->label) == WSM_MCU_LABEL_CNF)
		bes_on_mcu_confirm(bes, id, msg, len);
	else if (le32_to_cpu(hdr->label) != WSM_MCU_LABEL_IND)
		bes->stats.bad_messages++;
	else if (id == WSM_MCU_BT_STATE)
		WRITE_ONCE(bes->bt_state, le32_to_cpu(hdr->type));
}

static bool bes_seq_ok(struct bes_dev *bes, u16 raw)
{
	u8 *expected = &bes->rx_seq[WSM_ID_IS_MCU(raw)];
	u8 seq = (raw & WSM_ID_SEQ) >> WSM_ID_SEQ_SHIFT;

	if ((raw & WSM_ID_MASK) == WSM_IND_EXCEPTION)
		return true;
	if (seq != *expected)
		return false;
	*expected = (seq + 1) & 7;
	return true;
}

/**
 * bes_dispatch() - one message from the chip
 * @bes: device
 * @msg: the message, header first
 * @len: its length, at least a header, all of it in memory
 *
 * BH thread.
 */
void bes_dispatch(struct bes_dev *bes, const void *msg, size_t len)
{
	const struct wsm_hdr *hdr = msg;
	u16 raw = le16_to_cpu(hdr->id), id = raw & WSM_ID_MASK;
	u8 if_id = (raw & WSM_ID_IF) >> WSM_ID_IF_SHIFT;
	const struct bes_handler *h;

	bes_log_message(bes, false, msg, len);
	trace_bes_message(bes, false, raw, len);
	if (READ_ONCE(bes->state) != BES_STATE_RUNNING)
		return;
	if (!bes_seq_ok(bes, raw)) {
		bes_bad_message(bes, "message", "out of sequence");
		return;
	}
	if ((id & WSM_ID_CLASS) == WSM_CLASS_MCU) {
		bes_on_mcu(bes, id, msg, len);
		return;
	}
	h = bes_handler(id);
	if (h && len < h->min_len)
		bes_bad_message(bes, h->name, "too short");
	else if (h && h->deferred)
		bes_put_off(bes, id, msg, len);
	else if (h)
		h->handle(bes, if_id, msg, len);
	else if ((id & WSM_ID_CLASS) == WSM_CLASS_CNF)
		bes_on_confirm(bes, id, msg, len);
	else
		bes->stats.unknown_messages++;
}
EXPORT_SYMBOL_IF_KUNIT(bes_dispatch);

/* Its length was checked before it was copied */
static void bes_ind_one(struct bes_dev *bes, const struct sk_buff *skb)
{
	const struct wsm_hdr *hdr = (const void *)skb->data;
	u16 raw = le16_to_cpu(hdr->id);
	const struct bes_handler *h = bes_handler(raw & WSM_ID_MASK);

	if (h)
		h->handle(bes, (raw & WSM_ID_IF) >> WSM_ID_IF_SHIFT, skb->data, skb->len);
}

/**
 * bes_ind_work() - indications that need the wiphy mutex
 * @wiphy: wiphy
 * @work: bes->ind_work
 *
 * wiphy mutex.
 */
void bes_ind_work(struct wiphy *wiphy, struct wiphy_work *work)
{
	struct bes_dev *bes = container_of(work, struct bes_dev, ind_work);
	struct sk_buff_head list;
	struct sk_buff *skb;

	lockdep_assert_wiphy(wiphy);
	__skb_queue_head_init(&list);
	spin_lock_bh(&bes->list_lock);
	skb_queue_splice_init(&bes->ind_list, &list);
	spin_unlock_bh(&bes->list_lock);
	while ((skb = __skb_dequeue(&list))) {
		if (READ_ONCE(bes->state) == BES_STATE_RUNNING)
			bes_ind_one(bes, skb);
		kfree_skb(skb);
	}
}
