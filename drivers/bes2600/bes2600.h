/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Driver for the Bestechnic BES2600WM, SDIO Wi-Fi.
 */
#ifndef BES2600_H
#define BES2600_H

#include <linux/completion.h>
#include <linux/if_ether.h>
#include <linux/mmc/sdio_func.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <kunit/visibility.h>
#include <net/mac80211.h>

#include "compat.h"
#include "wsm_api.h"

/**
 * DOC: Locking
 *
 * All locks there are, outermost first. Each may be taken while those above it
 * are held, none the other way round:
 *
 * wiphy mutex (sleeps)
 *	The control path: everything that mac80211 calls, except for frames, and
 *	all works of the driver. Guards what struct bes_dev lists under it, struct
 *	bes_vif, struct bes_scan and struct bes_pm, and makes commands one at a
 *	time. Functions say "wiphy mutex." and lockdep_assert_wiphy(). There is no
 *	driver mutex.
 *
 * bes->compat.lock (sleeps)
 *	Kernels before 6.7 only, where it takes the part of the wiphy mutex (see
 *	compat.h): lockdep_assert_wiphy() asserts it there. Held by the callbacks
 *	in compat.c and by the works; whoever locks the wiphy gets both.
 *
 * mmc host claim (sleeps, nests): bes_bus_claim()
 *	The bus: registers, data port, and what the interrupt handler shares with
 *	the thread (rx_bursts, rx_known, rx_acked). The core calls the handler with
 *	it held; the handler takes nothing else. Everybody else takes it for
 *	each access.
 *
 * bes->cmd_lock (spins, BHs off)
 *	The command slot bes->cmd, and the request and the confirm it points to:
 *	they live on the stack of a caller who may give up. Taken by the caller,
 *	by the thread, and by bes_fatal(), from any context but a hard interrupt.
 *
 * bes->list_lock (spins, BHs off)
 *	The hand-over lists rx_list, done_list, ind_list and mgmt_list. Taken by
 *	the thread, the NAPI poll, .tx and the work of the indications. The locks
 *	that such lists have of their own are not used.
 *
 * The two spinlocks are leaves: neither is taken under the other, nothing that
 * sleeps and nothing of mac80211 is called under them; of the kernel's own
 * locks only that of a completion is. Everywhere they are taken with BHs
 * disabled, because .tx and the poll run in softirqs. lab/tests/test_locking.py
 * holds the sources to that.
 *
 * No lock at all guards what the BH thread owns: toggles, sequence numbers,
 * credits, cookies, retry policies, the transfer buffers, statistics. They are
 * touched by it alone, or while it is parked. Others leave work for it by an
 * atomic bit and a wake-up (bes_bh_wake()), or by the command slot. The thread
 * never takes the wiphy mutex, so a caller may wait for it while holding the
 * mutex; messages that need the mutex are copied to ind_list and handled by a
 * wiphy work. The NAPI poll's lists belong to whoever has its schedule bit:
 * list_lock is needed only if the poll is busy on another CPU. The table of
 * vifs is RCU's: written under the wiphy mutex, freed after synchronize_net().
 */

#define BES_IFS			3
#define BES_COOKIES		64	/* power of two; credits beyond it are not used */
#define BES_LOG_MSGS		64	/* remembered each way for a core dump */
#define BES_MIB_FIRST		0x1000
#define BES_MIBS		0x80
#define BES_TX_HEADROOM		(sizeof(struct wsm_tx_req))

struct bes_dev;

/* Why the thread is awake */
enum bes_bh_bit {
	BES_BH_IRQ,		/* the interrupt handler read a length */
	BES_BH_TX,		/* a TXQ or the management list has frames */
	BES_BH_CMD,		/* the command slot is filled */
	BES_BH_MCU,		/* nobody waits for the controller's confirm any more */
	BES_BH_DEAD,		/* a fatal condition was found: no more deadlines */
};

/* What the interrupt handler leaves in irq_seen: the byte, or that it could
 * not be read, and in which burst's time that was.
 */
#define BES_IRQ_NONE		-1
#define BES_IRQ_LEN		0x000000ff
#define BES_IRQ_UNREAD		0x00000100
#define BES_IRQ_BURST		0x7fff0000
#define BES_IRQ_BURST_SHIFT	16

/* What the chip does as far as the driver knows */
enum bes_state {
	BES_STATE_OFF,		/* no firmware, or the card is being reset */
	BES_STATE_BOOTED,	/* main image runs, Wi-Fi part off */
	BES_STATE_RUNNING,	/* start-up indication received, WSM spoken */
	BES_STATE_DEAD,		/* fatal error; recovery is due or failed */
};

/* Counted by the BH thread; read with READ_ONCE() by debugfs */
struct bes_stats {
	u64 cmd52, cmd53_read, cmd53_write;
	u64 rx_bytes, tx_bytes;
	u64 rx_hist[BES_BURST_MSGS + 1], tx_hist[BES_BURST_MSGS + 1];
	u64 zero_reads, stale_toggles, unsettled, lost_irqs, crc_retries;
	u64 stale_cookies, copies, class_splits, bad_packing, bad_messages, unknown_messages;
	u64 credit_high, credits_exhausted, credits_exhausted_ns;
	u64 rx_frames, tx_frames, rx_drops[16];
	u64 wakeups, commands, mcu_unanswered, resets, reset_failures;
	u64 wedges, exceptions;
};

/* When something happened, to tell whether it happens too often */
struct bes_window {
	unsigned long at[5];		/* jiffies, a ring */
	unsigned int n;			/* since it was cleared */
};

/*
 * What outlives an interface and a reset of the chip: how well a station of
 * the wire does. Counters are cleared by loading the module only.
 */
struct bes_health {
	u64 decrypt_failures, decrypt_storms;
	u64 losses, loss_storms;
	u64 deauths, clusters;		/* unprotected, of class 2 and 3 */
	u64 join_failures;
	u64 scan_refused, scan_deferred, scan_spurious, scan_lost, scan_failed;
	struct bes_window decrypts;	/* BH thread; cleared under the wiphy mutex */
	struct bes_window lost;		/* wiphy mutex */
	struct bes_window thrown;	/* BH thread */
	unsigned long decrypt_at;	/* jiffies of the last storm, 0: none */
	unsigned long keyed_at;		/* jiffies of the last change of keys, 0: none */
	unsigned long lost_at;		/* jiffies of the last loss or storm, 0: none */
	unsigned long thrown_at;	/* BH thread: jiffies of the last such frame */
	bool cluster;			/* BH thread: one is going on */
	u64 ap;				/* address of the last BSS, 0: none yet */
};

/* One message, as far as a core dump shows it */
struct bes_log_entry {
	u64 ns;
	u16 id, len;
	u8 head[28];
};

struct bes_log {
	struct bes_log_entry entry[BES_LOG_MSGS];
	unsigned int next;
};

/* A request to the chip and the place for its confirm */
struct bes_cmd {
	const struct wsm_hdr *req;	/* id: number and interface; len set */
	void *cnf;			/* whole confirm is copied here, or NULL */
	size_t cnf_len;			/* room at cnf */
	bool sent;			/* by the thread */
	u32 status;
	int result;
	struct completion done;
};

/* A frame given to the chip */
struct bes_tx_slot {
	struct sk_buff *skb;
	u32 generation;		/* 24 bits */
};

/* What the driver remembers of a frame, in the driver's part of skb->cb */
struct bes_tx_cb {
	u8 if_id;
	u8 queue;		/* on the wire */
	u8 max_rate;
	u8 policy;
	u8 iv, tail;		/* room that the chip fills */
	u16 rate_flags;		/* of the first rate, for the report */
	bool probe;		/* our own null frame: the vif wants its fate */
};

/* Power save of a vif, pm.c; wiphy mutex */
struct bes_pm {
	u8 requested;			/* WSM_PM_*: last request */
	u8 in_force;			/* last indication */
	u8 misses;			/* requests in a row that were not honoured */
	bool pending;			/* the indication is owed */
	bool unsupported, bad_ap;	/* in this association: stays awake */
	struct wiphy_delayed_work work;	/* end of the wait, or of a pause */
};

/* What mac80211 knows as a vif, drv_priv */
struct bes_vif {
	struct bes_dev *bes;
	u8 id;			/* interface id on the wire */
	enum bes_vif_state {
		BES_VIF_NONE,		/* the chip knows nothing of a BSS */
		BES_VIF_JOINED,		/* synchronised (0x000b), not associated */
		BES_VIF_ASSOC,
	} state;
	u8 bssid[ETH_ALEN];	/* joined BSSID */
	u16 channel;		/* joined channel number */
	u8 chan_type;		/* as in 0x0016 */
	bool moved;		/* to that channel, which the chip has not been told yet */
	bool resized;		/* the width likewise */
	bool beacons_open;	/* beacon filter off until the first own beacon */
	bool pmf;
	u16 aid;
	u8 dtim;
	struct wsm_edca_req edca;	/* all four queues travel together */
	u16 uapsd;
	/* mib.c: last value written, so that only changes travel */
	struct bes_mib_shadow {
		u16 mib;
		u8 len;
		u8 data[60];
	} shadow[24];
	struct wiphy_work filter_work;
	struct wiphy_delayed_work loss_work;
	u8 loss_probes, loss_rounds;
	unsigned long loss_since;
	bool probe_acked;
	u32 rates, ht_rates;		/* as given in 0x0011 */
	struct wiphy_work storm_work;
	struct bes_pm pm;
};

struct bes_sta {
	u8 link;
};

/* Scan in progress; wiphy mutex */
struct bes_scan {
	struct ieee80211_vif *vif;
	struct cfg80211_scan_request *req;
	int next;			/* first channel not yet asked for */
	int template;			/* band of the probe requests in the chip, -1: none */
	bool running;			/* 0x0806 is owed */
	bool aborted;
	bool stopping;			/* 0x0008 was sent */
	bool seen;			/* 0x0806 was waited for: the work has nothing to do */
	struct completion end;		/* 0x0806, as the thread sees it */
	int refused;			/* in a row */
	unsigned int rejects;		/* requests that came to nothing, fading */
	unsigned long reject_at;	/* jiffies of the last one */
	unsigned long defer_until;	/* jiffies; only if deferred */
	bool deferred;
	struct wiphy_delayed_work timeout;
	struct wiphy_delayed_work next_work;
};

struct bes_dev {
	struct ieee80211_hw *hw;
	struct device *dev;
	struct sdio_func *func;
	struct bes_compat compat;

	enum bes_state state;		/* written by the owner of the transition */
	unsigned long bh_bits;		/* enum bes_bh_bit */
	struct task_struct *bh;

	/* -- BH thread only -- */
	bool bh_runs;			/* not parked, interrupt claimed; wiphy mutex */
	u8 *rx_buf;			/* BES_BURST_BYTES, DMA-able */
	u8 *tx_buf;			/* BES_BURST_BYTES + a block, DMA-able */
	bool unsettled;			/* the length register did not make up its mind */
	bool rx_toggle;			/* next expected, burst and read toggle alike */
	bool tx_toggle;
	u8 tx_seq[2], rx_seq[2];	/* LMAC, MCU */
	int credits, outstanding;
	unsigned int copies;		/* messages that the chip may have taken twice */
	unsigned long copies_end;	/* jiffies; so long it may confirm the second ones */
	bool full;			/* only the place kept for a command is free, if any */
	ktime_t full_since;
	bool hold_data;			/* a command waits for the frames, or moves the radio */
	bool mcu_owed;			/* an MCU command waits for its confirm */
	unsigned int mcu_lost;		/* MCU confirms that nobody waits for */
	unsigned long progress;		/* jiffies of the last confirm, while outstanding */
	unsigned long look_at;		/* jiffies of the next look for a lost interrupt */
	unsigned int look_ms;		/* time between looks */
	struct bes_tx_slot cookies[BES_COOKIES];
	u32 cookie_next;
	struct sk_buff *tx_head;	/* pulled from a TXQ, not yet sent */
	struct sk_buff_head ready;	/* pulled from TXQs in one round */
	struct sk_buff_head rx_new;	/* received, not handed over yet */
	struct sk_buff_head done_new;	/* finished TX, likewise */
	struct bes_stats stats;
	struct bes_log log[2];		/* from the chip, to the chip */
	struct wsm_exception_ind exception;	/* the last one; stats.exceptions counts */
	struct {
		__le16 fc;
		unsigned long at;	/* jiffies */
	} sent[4];			/* management frames, the newest first */
	atomic_t irq_seen;		/* BES_IRQ_*: from the interrupt handler to the thread */
	/* written with the host claimed, so that the handler may look at them */
	u16 rx_bursts;			/* accepted, wraps */
	bool rx_known;			/* a length was read and not used yet */
	bool rx_acked;			/* the thread beat a handler that may still come */

	/* -- command slot -- */
	spinlock_t cmd_lock;		/* leaf, BHs off; see DOC: Locking */
	struct bes_cmd *cmd;		/* cmd_lock */
	u32 bt_state;			/* WSM_BT_*, as last told */
	bool mcu_silent;		/* the controller does not confirm: not bothered again */
	unsigned long cmd_deadline_ms;	/* watchdog: 8 s for join, start, reset; else 3 s */

	/* -- hand-over lists: list_lock -- */
	spinlock_t list_lock;		/* leaf, BHs off; see DOC: Locking */
	struct sk_buff_head rx_list;	/* to a NAPI poll that is busy */
	struct sk_buff_head done_list;	/* finished TX, likewise */
	struct sk_buff_head poll_list;	/* NAPI only */
	struct sk_buff_head poll_done;	/* NAPI only */
	struct sk_buff_head ind_list;	/* to ind_work: raw messages */
	struct sk_buff_head mgmt_list;	/* frames from .tx */
	atomic_t tx_pending;		/* frames between us and the chip */
	wait_queue_head_t flush_wait;
	bool tx_stopped;
	struct net_device *napi_dev;
	struct napi_struct napi;
	struct wiphy_work ind_work;

	/* -- start-up and configuration -- */
	struct completion startup;
	struct wsm_startup_ind caps;
	struct wsm_configuration_cnf conf;
	struct completion chan_done;	/* 0x080a */

	/* -- wiphy mutex -- */
	struct ieee80211_vif __rcu *vifs[BES_IFS];
	struct bes_health health[BES_IFS];	/* parts belong to the BH thread */
	struct bes_scan scan;
	unsigned long key_map;		/* slots in use */
	DECLARE_BITMAP(mib_refused, BES_MIBS);	/* and told so */
	bool wifi_on;			/* between start and stop */
	bool restarting;		/* mac80211 rebuilds after a reset or a sleep */
	bool resuming;			/* the latter: everybody waits for us */
	int power_dbm;			/* as the user and the rules allow */
	int power_written;		/* 0.1 dBm, 0: nothing yet */
	unsigned int filter_flags;	/* FIF_* */
	struct wsm_mib_multicast multicast;
	u8 conf_mac[ETH_ALEN];		/* as last configured */
	u32 rts_threshold;
	u8 mac[ETH_ALEN];
	unsigned int pm_bad_assocs;	/* in a row, without power save that works */
	bool pm_unsupported;		/* power save, by this firmware */
	bool bt_sleeps, mcu_sleeps;	/* were told so, for the time of a suspend */
	struct bes_pm_counts {
		u32 timeouts, unsupported, late, handshake_failures;
	} pm_counts;

	/* -- boot; wiphy mutex once registered -- */
	u8 *dpd;			/* calibration result, kept for the warm order */
	struct bes_factory *factory;	/* calibration file; NULL: there is none */
	bool factory_asked;
	u8 *sdd;			/* the board's own block; NULL: bes_sdd */
	size_t sdd_len;
	bool sdd_asked;
	char fw_label[64];		/* version text of the main image */

	struct delayed_work reset_work;
	unsigned int reset_tries;	/* resets in a row that did not last */
	unsigned long reset_at;		/* jiffies of the last success, 0: none */
	unsigned long reset_due;	/* jiffies before which there is no other */
	const char *death;		/* what the last reset was for */
	bool dumped;			/* this death was */
	bool resetting;			/* a reset goes on: who fails it plans the next one */
	bool gone;			/* the card or the driver leaves, or has left */
	struct dentry *debugfs;
};

/* ---- sdio.c: the bus; errors are negative errno ---- */
/* Nests. Needed only to keep the interrupt handler out between two accesses. */
void bes_bus_claim(struct bes_dev *bes);
void bes_bus_release(struct bes_dev *bes);
/* True for errors that a chip at work may show for a while */
bool bes_bus_transient(int err);
int bes_bus_read8(struct bes_dev *bes, u32 addr, u8 *val);
int bes_bus_write8(struct bes_dev *bes, u32 addr, u8 val);
/* addr: see the definitions; buf DMA-able; len a multiple of 512, or (boot) <= 512 */
int bes_bus_read(struct bes_dev *bes, u32 addr, void *buf, size_t len);
int bes_bus_write(struct bes_dev *bes, u32 addr, const void *buf, size_t len);
/* Waits until (status & mask) == want; bounded in time */
int bes_bus_wait(struct bes_dev *bes, u8 mask, u8 want, unsigned int timeout_ms);
int bes_bus_ring(struct bes_dev *bes, u16 cmd);
/* Waits as above, and rings the command again and again meanwhile */
int bes_bus_doorbell(struct bes_dev *bes, u16 cmd, u8 mask, u8 want, unsigned int timeout_ms);
int bes_bus_claim_irq(struct bes_dev *bes);
void bes_bus_release_irq(struct bes_dev *bes);
/* 0: the loader waits; 1: the core removes us; -EBUSY: firmware still runs; or an error */
int bes_bus_reset(struct bes_dev *bes);

/* ---- fw.c, factory.c ---- */
/* Largest frame we build; also bounded by what the chip takes */
#define BES_FRAME_CAP	16384

struct bes_loader {
	struct bes_dev *bes;
	u8 *buf;		/* BES_FRAME_CAP, DMA-able */
	size_t frame_max;
	u8 seq;
};

int bes_fw_load(struct bes_dev *bes);
/* Firmware that outlived a reset of the card; a fresh download is better */
int bes_fw_reuse(struct bes_dev *bes);
int bes_factory_parse(const char *text, size_t len, struct bes_factory *out, const char **why);

/* ---- bh.c: the thread ---- */
int bes_bh_init(struct bes_dev *bes);		/* buffers, thread (parked) */
void bes_bh_exit(struct bes_dev *bes);
void bes_bh_wake(struct bes_dev *bes, enum bes_bh_bit bit);
bool bes_bh_fresh(const struct bes_dev *bes, u8 len_reg);
void bes_bh_places(struct bes_dev *bes);
/* Wi-Fi on, start-up indication; returns with the state RUNNING. wiphy mutex. */
int bes_wifi_start(struct bes_dev *bes);
/* The same, one try on a chip that is booted */
int bes_wifi_try(struct bes_dev *bes);
/* Wi-Fi off; all frames and commands fail, the thread is parked. wiphy mutex. */
void bes_wifi_stop(struct bes_dev *bes);

/* ---- cmd.c: typed requests; wiphy mutex; 0 or -errno (-EIO: refused by the chip) ---- */
int bes_cmd(struct bes_dev *bes, u8 if_id, u16 id, void *req, size_t len, void *cnf,
	    size_t cnf_len);
int bes_cmd_configuration(struct bes_dev *bes, u8 if_id, const u8 *mac);
int bes_cmd_scan(struct bes_dev *bes, struct wsm_scan_req *req, size_t len);
int bes_cmd_stop_scan(struct bes_dev *bes, u8 if_id);
int bes_cmd_reset(struct bes_dev *bes, u8 if_id);
int bes_cmd_join(struct bes_dev *bes, u8 if_id, struct wsm_join_req *req, struct wsm_join_cnf *cnf);
int bes_cmd_add_key(struct bes_dev *bes, u8 if_id, struct wsm_add_key_req *req);
int bes_cmd_remove_key(struct bes_dev *bes, u8 if_id, u8 index);
int bes_cmd_set_pm(struct bes_dev *bes, u8 if_id, u8 mode, u8 fast_idle);
int bes_cmd_bss_params(struct bes_dev *bes, u8 if_id, u8 beacon_lost, u16 aid, u32 rates,
		       u32 ht_rates);
int bes_cmd_tx_queue(struct bes_dev *bes, u8 if_id, u8 aci);
int bes_cmd_edca(struct bes_dev *bes, u8 if_id, struct wsm_edca_req *edca);
/* Sends 0x0016 and waits for 0x080a */
int bes_cmd_switch_channel(struct bes_dev *bes, u8 if_id, u16 channel, u8 type);
int bes_cmd_epta(struct bes_dev *bes, u32 wlan_us, u32 bt_us, u32 mode);
int bes_cmd_mcu_state(struct bes_dev *bes, u32 state);
const char *bes_msg_name(u16 id);
void bes_cmd_complete(struct bes_dev *bes, int result, const struct wsm_generic_cnf *cnf,
		      size_t len);

/* ---- sdd.c ---- */
/* Asks once for the board's own block */
void bes_sdd_load(struct bes_dev *bes);
extern const u8 bes_sdd[WSM_SDD_SIZE];

/* ---- mib.c ---- */
int bes_mib_write(struct bes_dev *bes, u8 if_id, u16 mib, const void *data, size_t len);
/* Writes only if the value differs from what this vif wrote last */
int bes_mib_update(struct bes_vif *bvif, u16 mib, const void *data, size_t len);
void bes_mib_forget(struct bes_vif *bvif);
int bes_mib_u32(struct bes_dev *bes, u8 if_id, u16 mib, u32 val);
int bes_mib_template(struct bes_dev *bes, u8 if_id, u8 type, u8 rate, const u8 *frame, size_t len);
int bes_mib_read(struct bes_dev *bes, u16 mib, void *data, size_t len);

/* ---- event.c: messages from the chip, in the thread ---- */
/* One message, already split off a transfer: sequence, length and id are checked here */
void bes_dispatch(struct bes_dev *bes, const void *msg, size_t len);
void bes_ind_work(struct wiphy *wiphy, struct wiphy_work *work);

/* ---- recovery.c ---- */
/* From any context: the chip is dead or sick. First caller wins. */
void bes_fatal(struct bes_dev *bes, const char *why);
/* The owner of a transition says so */
void bes_set_state(struct bes_dev *bes, enum bes_state state, const char *why);
const char *bes_state_name(enum bes_state state);
/* While mac80211 rebuilds, a chip that dies again is no error: it is reset again */
int bes_restart_result(struct bes_dev *bes, int ret);
/* True if this is number @limit within @span jiffies; at most 5 are remembered */
bool bes_window_hit(struct bes_window *w, unsigned int limit, unsigned long span);
/* Card reset and firmware download; wiphy mutex */
int bes_bring_up(struct bes_dev *bes);
void bes_recovery_kick(struct bes_dev *bes);
void bes_recovery_init(struct bes_dev *bes);
void bes_recovery_stop(struct bes_dev *bes);
void bes_recovery_exit(struct bes_dev *bes);

/* ---- coredump.c ---- */
/* Remembers a message; the thread */
void bes_log_message(struct bes_dev *bes, bool out, const void *msg, size_t len);
/* Everything known about a chip that died, for user space; wiphy mutex, thread parked */
void bes_coredump(struct bes_dev *bes);

/* ---- main.c ---- */
struct bes_dev *bes_core_alloc(struct device *dev);
/* After bes_fw_load(): registers with mac80211 */
int bes_core_register(struct bes_dev *bes);
void bes_core_unregister(struct bes_dev *bes);
void bes_core_free(struct bes_dev *bes);
/* Wi-Fi runs: configure it */
int bes_core_start(struct bes_dev *bes);
/* After a reset: mac80211 rebuilds what it knows; wiphy mutex */
void bes_core_restart(struct bes_dev *bes);

/* ---- scan.c ---- */
int bes_op_hw_scan(struct ieee80211_hw *hw, struct ieee80211_vif *vif,
		   struct ieee80211_scan_request *req);
void bes_op_cancel_hw_scan(struct ieee80211_hw *hw, struct ieee80211_vif *vif);
void bes_scan_init(struct bes_dev *bes);
/* 0x0806, in the wiphy work */
void bes_scan_complete(struct bes_dev *bes, const struct wsm_scan_complete_ind *ind);
/* The chip is gone: finish the scan as aborted */
void bes_scan_abort(struct bes_dev *bes);
/* Ends a scan, and waits for what the chip has to say to that */
void bes_scan_stop(struct bes_dev *bes);

/* ---- sta.c: in the wiphy work ---- */
void bes_sta_event(struct bes_dev *bes, u8 if_id, u32 event, u32 data);
void bes_sta_init_vif(struct bes_vif *bvif);
/* The chip forgot the BSS (reset): so does the vif */
void bes_sta_lost(struct bes_vif *bvif);
void bes_sta_lost_all(struct bes_dev *bes);
void bes_sta_leave(struct bes_vif *bvif);
void bes_sta_stop_vif(struct bes_vif *bvif);
/* In the thread: undecryptable frames, and frames that throw the station out */
void bes_sta_undecryptable(struct bes_vif *bvif);
void bes_sta_thrown_out(struct bes_vif *bvif, const struct ieee80211_mgmt *mgmt, size_t len);
void bes_sta_filter(struct bes_vif *bvif);
void bes_sta_retune(struct bes_vif *bvif);
void bes_sta_follow(struct bes_vif *bvif);
int bes_sta_rcpi(struct bes_vif *bvif);
int bes_sta_power(struct bes_dev *bes, const struct ieee80211_channel *ch);
void bes_op_mgd_prepare_tx(struct ieee80211_hw *hw, struct ieee80211_vif *vif,
			   struct ieee80211_prep_tx_info *info);
void bes_op_bss_info_changed(struct ieee80211_hw *hw, struct ieee80211_vif *vif,
			     struct ieee80211_bss_conf *conf, u64 changed);
int bes_op_sta_state(struct ieee80211_hw *hw, struct ieee80211_vif *vif, struct ieee80211_sta *sta,
		     enum ieee80211_sta_state old_state, enum ieee80211_sta_state new_state);

/* ---- pm.c: power save; wiphy mutex ---- */
struct seq_file;

void bes_pm_init_vif(struct bes_vif *bvif);
/* The chip has no BSS, or forgot it */
void bes_pm_reset_vif(struct bes_vif *bvif);
void bes_pm_update(struct bes_vif *bvif);
void bes_pm_ind(struct bes_dev *bes, u8 if_id, const struct wsm_set_pm_ind *ind);
void bes_pm_error(struct bes_vif *bvif, u32 what);
void bes_pm_show(struct bes_dev *bes, struct seq_file *s);
/* The system sleeps with the card powered, and wakes; Wi-Fi is off */
void bes_pm_park(struct bes_dev *bes);
void bes_pm_unpark(struct bes_dev *bes);

/* ---- key.c ---- */
int bes_op_set_key(struct ieee80211_hw *hw, enum set_key_cmd cmd, struct ieee80211_vif *vif,
		   struct ieee80211_sta *sta, struct ieee80211_key_conf *key);

/* ---- tx.c, in the thread unless said ---- */
void bes_op_tx(struct ieee80211_hw *hw, struct ieee80211_tx_control *control, struct sk_buff *skb);
void bes_op_wake_tx_queue(struct ieee80211_hw *hw, struct ieee80211_txq *txq);
/* Length of the next data message (24 + shift + frame + room), 0: none. Keeps it as tx_head. */
size_t bes_tx_peek(struct bes_dev *bes);
/* Writes the message of tx_head (hdr.len, hdr.id without sequence) at buf, books the cookie. */
void bes_tx_emit(struct bes_dev *bes, void *buf, size_t len);
bool bes_tx_status(struct bes_dev *bes, const struct wsm_tx_status *s);
/* Every frame the chip holds, and tx_head, is reported as not sent */
void bes_tx_fail_all(struct bes_dev *bes);
void bes_tx_stop(struct bes_dev *bes, bool stop);
/* A null frame of our own; bvif->probe_acked tells its fate. wiphy mutex. */
void bes_tx_probe(struct bes_dev *bes, struct sk_buff *skb);

/* ---- rx.c, in the thread ---- */
void bes_rx_ind(struct bes_dev *bes, u8 if_id, const struct wsm_rx_ind *ind, size_t len);
/* After each transfer: deliver what was queued (NAPI of a dummy netdev) */
void bes_rx_flush(struct bes_dev *bes);
int bes_rx_init(struct bes_dev *bes);
void bes_rx_exit(struct bes_dev *bes);

/* ---- rate.c ---- */
/* All policies are fixed tables uploaded once after start (wiphy mutex) */
int bes_rate_upload(struct bes_dev *bes);
/* max rate id and policy index for a frame */
void bes_rate_select(struct bes_dev *bes, struct sk_buff *skb, u8 *max_rate, u8 *policy);
/* wire rate id <-> mac80211 */
int bes_rate_to_rx(u8 id, enum nl80211_band band, struct ieee80211_rx_status *status);
void bes_rate_fill_status(struct ieee80211_tx_info *info, const struct bes_tx_cb *cb, int attempts);
u32 bes_rate_mask(struct ieee80211_hw *hw, enum nl80211_band band, u32 mac80211_mask);

/* ---- for tests/ only ---- */
#if IS_ENABLED(CONFIG_KUNIT)
struct firmware;

int bes_core_bands(struct bes_dev *bes);
int bes_op_conf_tx(struct ieee80211_hw *hw, struct ieee80211_vif *vif, unsigned int link_id,
		   u16 ac, const struct ieee80211_tx_queue_params *params);
int bes_image_check(struct bes_dev *bes, const char *name, const struct firmware *fw);
void bes_image_label(struct bes_dev *bes, const struct firmware *fw);
int bes_loader_poke(struct bes_loader *l);
int bes_loader_put(struct bes_loader *l, u32 addr, const u8 *data, size_t len);
bool bes_sdd_ok(const u8 *data, size_t len);
void bes_bh_split(struct bes_dev *bes, const u8 *buf, size_t len);
u8 bes_bh_settle(struct bes_dev *bes, u8 len_reg, bool after_irq);
u8 bes_bh_receive(struct bes_dev *bes, u8 len_reg);
unsigned int bes_bh_class(size_t len, size_t *slot);
bool bes_bh_send_cmd(struct bes_dev *bes);
bool bes_bh_send_data(struct bes_dev *bes);
void bes_defer(struct bes_dev *bes, const void *msg, size_t len);
unsigned int bes_cmd_channel_limit(struct bes_dev *bes);
int bes_rx_fill_status(const struct wsm_rx_ind *ind, struct ieee80211_rx_status *rs);
int bes_scan_run_length(const struct bes_scan *scan);
struct wsm_scan_req *bes_scan_build(struct bes_dev *bes, int n, size_t *len);
int bes_key_fill(struct wsm_add_key_req *req, const u8 *peer, struct ieee80211_key_conf *key);
void bes_key_counter(u32 cipher, const struct ieee80211_key_seq *seq, u8 *out);
#endif

/* ---- debugfs.c ---- */
struct seq_file;

void bes_debugfs_register(struct bes_dev *bes);
/* Text about the device, for core dumps as well; s->private is the device */
int bes_status_show(struct seq_file *s, void *unused);
int bes_stats_show(struct seq_file *s, void *unused);
void bes_health_show(struct seq_file *s, const struct bes_health *h);

static inline struct bes_vif *bes_vif(struct ieee80211_vif *vif)
{
	return (struct bes_vif *)vif->drv_priv;
}

static inline struct ieee80211_vif *bes_vif_to_vif(struct bes_vif *bvif)
{
	return container_of((void *)bvif, struct ieee80211_vif, drv_priv);
}

#endif /* BES2600_H */
