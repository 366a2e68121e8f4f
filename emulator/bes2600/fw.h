/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside the firmware of the emulated chip. */
#ifndef FW_H
#define FW_H

#include "internal.h"
#include "../mac/cipher.h"
#include "../mac/frame.h"

#define FW_IFS		3
#define FW_SLOTS	512
#define FW_LINKS	15		/* 1..14 */
#define FW_SESSIONS	64
#define FW_FRAME	2400
#define FW_TEMPLATES	8
#define FW_TEMPLATE_MAX	1620
#define FW_FAULTS	8
#define FW_HELD		64
#define FW_NEVER	UINT64_MAX

#define MS		1000000ULL
#define TU		1024000ULL

/* Sorted: printed in this order */
#define FW_COUNTERS(X) \
	X(ba_refused) X(ba_sessions) X(beacons) X(confirms_multi) X(confirms_single) X(events) \
	X(join_failures) X(joins) X(keep_alives) X(mmie_failures) X(probes) \
	X(ps_doze_ns) X(ps_dozes) X(ps_polls) X(ps_wakes) X(requests) \
	X(rx_decrypt_failures) X(rx_duplicates) X(rx_filtered) X(rx_frames) X(rx_heard) \
	X(rx_no_key) X(rx_overflows) X(rx_replays) X(scan_refused) X(scans) X(starts) X(tx_aggregated) \
	X(tx_failed) X(tx_frames) X(tx_internal) X(tx_ok) X(tx_retries)

struct fw_counters {
#define X(name) uint64_t name;
	FW_COUNTERS(X)
#undef X
};

enum fw_role { FW_IDLE, FW_JOINING, FW_STA, FW_AP, FW_LISTEN };

enum fw_timer {
	FW_T_JOIN, FW_T_SCAN, FW_T_TX_CNF, FW_T_HELD, FW_T_PM, FW_T_RX_STATUS,
	FW_T_LOSS,
	FW_T_ALIVE = FW_T_LOSS + FW_IFS,
	FW_T_BEACON = FW_T_ALIVE + FW_IFS,
	FW_T_BA = FW_T_BEACON + FW_IFS,
	FW_T_PS,
	FW_TIMERS = FW_T_PS + FW_IFS
};

struct fw_template {
	uint16_t len;
	uint8_t rate;
	uint8_t frame[FW_TEMPLATE_MAX];
};

struct fw_link {
	bool used;
	uint8_t mac[6];
};

struct fw_if {
	int id;
	enum fw_role role;
	int channel, freq;
	uint8_t chan_type;
	uint8_t bssid[6];
	uint8_t ssid[32];
	uint8_t ssid_len;
	uint16_t interval;		/* TU */
	bool join_failed;		/* and no reset since */
	bool ended;			/* by the AP: the host does not know (deauth.effect) */

	/* 0x0011 */
	uint16_t aid;
	uint8_t beacon_lost;
	uint32_t ht_rates;
	uint64_t last_beacon;
	bool lost;

	/* power save: mode in force, and what the AP has last been told in the fast mode */
	uint8_t pm_wanted, pm;
	enum fw_ps { FW_PS_AWAKE, FW_PS_LEAVING, FW_PS_DOZE } ps;
	uint8_t fast_idle;		/* 500 us */
	uint64_t doze_since;
	uint64_t last_tx;

	/* MIBs that act */
	uint32_t rx_filter, mgmt_policy, wep_key_id;
	struct wsm_mib_multicast multicast;
	uint32_t n_ies;
	struct wsm_beacon_ie ies[32];
	uint32_t ie_hash[32];
	uint32_t beacon_flags, beacon_count, beacons_seen;
	bool bssid_filter_off, assoc_ht, multi_tx;
	struct wsm_mib_ba_policy ba;
	struct wsm_mib_rcpi rcpi;
	int rcpi_average, rcpi_side;
	uint16_t keep_alive;
	struct fw_template template[FW_TEMPLATES];

	/* AP */
	uint8_t dtim, dtim_count;
	uint32_t basic_rates;
	struct fw_link link[FW_LINKS];

	uint16_t last_seq[17];
};

struct fw_key {
	bool used;
	uint8_t if_id, type;
	uint8_t peer[6];
	struct mac_key mac;
	uint32_t serial;		/* of the installation: the youngest group key sends */
};

enum fw_tx_kind { FW_TX_HOST, FW_TX_PM, FW_TX_LEAVE, FW_TX_PS, FW_TX_OTHER };

struct fw_tx {
	bool used, on_air;
	uint8_t kind, if_id;
	uint8_t ra[6];
	uint8_t tid;			/* 0xff: not QoS data */
	uint16_t seq;
	uint32_t cookie, generation, serial;
	bool no_ack, ampdu;
	uint8_t n_rates, rate_id[AIR_MAX_RATES];
	uint64_t accepted;
	struct air_mpdu held;		/* waiting for the home channel; frame is malloc'ed */
};

enum fw_ba_state { FW_BA_NONE, FW_BA_ASKED, FW_BA_ACTIVE, FW_BA_REFUSED };

struct fw_session {
	bool used, rx;
	uint8_t if_id, tid, state, tries, dialog;
	uint8_t peer[6];
	uint16_t start, last;		/* sequence numbers: asked for, of the last frame of the host */
	uint64_t since;
};

struct fw_policy {
	bool used;
	uint8_t short_retries, tries[24];
};

struct fw_scan_channel {
	int number, freq;
	uint32_t min, max;
};

enum fw_scan_phase { FW_SCAN_IDLE, FW_SCAN_START, FW_SCAN_LEAVE, FW_SCAN_DWELL, FW_SCAN_HOME };

struct fw_scan {
	enum fw_scan_phase phase;
	bool stop;
	int n, at, done, if_id;
	uint8_t band, probes, max_rate, n_ssids;
	struct fw_scan_channel ch[WSM_SCAN_MAX_CHANNELS];
	struct wsm_ssid ssid[WSM_SCAN_MAX_SSIDS];
	uint64_t ended;
	int leaving;			/* null frames under way */
	uint8_t left;			/* interfaces whose AP was told that we sleep */
};

/* Confirms that were to be, and what becomes of them */
struct fw_fault {
	enum { FW_FAULT_NONE, FW_FAULT_DROP, FW_FAULT_DELAY, FW_FAULT_DUP, FW_FAULT_STATUS } kind;
	uint16_t id;			/* request number, 0xffff any */
	uint32_t n, value;
};

struct fw_held {
	uint8_t *msg;
	size_t len;
	uint64_t delay;
};

struct fw_mib_value {
	uint8_t *data;
	uint16_t len;
};

#define FW_MIBS	64
#define FW_REQUESTS	64		/* numbers of requests */

struct fw {
	struct chip *chip;
	bool active, silent;
	uint64_t rx_ready;		/* when the last received frame is handed on */
	int freq;
	bool configured[2];
	uint8_t mac[FW_IFS][6];
	struct fw_if ifs[FW_IFS];
	struct fw_key keys[WSM_KEY_SLOTS];
	uint32_t key_serial;
	struct fw_policy policy[WSM_POLICIES];
	struct fw_mib_value mib[FW_IFS][FW_MIBS];
	struct fw_mib_value told[FW_IFS][FW_REQUESTS];	/* last of each, without its header */
	bool short_gi;
	bool low_power;

	uint64_t timer[FW_TIMERS];

	/* the command without a confirm yet */
	uint16_t pending;		/* id word of the request */
	bool has_pending;
	uint64_t confirm_at;		/* when its confirm goes out */
	uint16_t pending_join;
	/* ends that the host has not been told yet */
	bool scan_owed, switch_owed;

	/* answers that wait until frames taken before are confirmed */
	struct fw_held held[FW_HELD];
	int n_held;
	uint32_t held_serial;
	int held_frames;

	struct fw_tx tx[FW_SLOTS];
	uint16_t tx_free[FW_SLOTS];
	int n_tx_free;
	uint32_t tx_serial, tx_generation;
	int tx_host;			/* frames of the host without a result */
	int tx_waiting;			/* slots that wait for the home channel */
	uint16_t own_seq;
	struct wsm_tx_status done[FW_SLOTS];
	uint8_t done_if[FW_SLOTS];
	uint32_t done_serial[FW_SLOTS];
	int n_done;

	struct fw_session session[FW_SESSIONS];
	int n_sessions;			/* highest used + 1 */
	uint8_t dialog;

	struct fw_scan scan;
	int join_if;

	/* faults */
	struct fw_fault fault[FW_FAULTS];
	bool no_startup, lose_scan, dup_scan, lose_switch, dup_switch;
	uint16_t startup_status;
	uint32_t scan_status, scan_delay;	/* of the next 0x0806; ms */
	uint32_t rx_status, rx_status_n;
	uint64_t rx_status_interval;

	struct fw_counters count;
	uint64_t by_id[64], by_mcu;
	struct wsm_mib_counters mib_counters;
};

/* Short names of what the MAC has */
#define fw_get16 mac_get16
#define fw_get32 mac_get32
#define fw_put16 mac_put16
#define fw_put32 mac_put32
#define fw_is_group mac_is_group
#define fw_hdr_len mac_hdr_len
#define fw_is_robust_group mac_is_robust_group

/* A broken rule, with the bytes of the message that broke it */
#define fw_bad(fw, msg, len, ...) chip_violation((fw)->chip, msg, len, __VA_ARGS__)

/* ---- fw.c ---- */
/* Answers of handlers: a status for the generic confirm, or none of that */
#define FW_ANSWERED	0xffffffffu

void fw_set_timer(struct fw *fw, enum fw_timer t, uint64_t at);
/* Confirm of the pending command, built by the caller (header filled in here) */
void fw_confirm(struct fw *fw, uint16_t request, void *msg, size_t len);
/* Interface bits of a confirm for a request that had these */
uint16_t fw_confirm_if(struct fw *fw, uint16_t bits);
void fw_confirm_status(struct fw *fw, uint16_t request, uint32_t status);
/* An indication in order behind the confirms; delay from now */
void fw_indicate(struct fw *fw, uint16_t id, int if_id, void *msg, size_t len, uint64_t delay);
void fw_event(struct fw *fw, int if_id, uint32_t event, uint32_t data);
void fw_held_frame_done(struct fw *fw, uint32_t serial);
/* Kind of fault that awaits this confirm; consumes it. value may be NULL. */
int fw_take_fault(struct fw *fw, int kind, uint16_t id, uint32_t *value);
int fw_freq_of(int band, int channel);
int fw_channel_of(int freq);
bool fw_channel_exists(int band, int channel);
void fw_reset_if(struct fw *fw, struct fw_if *ifc);
void fw_retune(struct fw *fw);
void fw_tune(struct fw *fw, int freq);
const uint8_t *fw_find_ie(const uint8_t *ies, size_t len, uint8_t id);
/* Index of the interface that has this address, or -1 */
int fw_if_of_mac(const struct fw *fw, const uint8_t *mac);
uint64_t fw_delay(const struct fw *fw);

/* ---- fw_check.c: rules that the host breaks; the firmware goes on as if it had not ---- */
void fw_check_moment(struct fw *fw, uint16_t id, const uint8_t *msg, size_t len);
/* The handler has taken the request, or refused it */
void fw_check_accepted(struct fw *fw, uint16_t id, uint32_t status);
void fw_check_sent(struct fw *fw, const uint8_t *msg);
/* These return NULL or what is wrong */
const char *fw_check_mib(const struct fw_if *ifc, uint16_t id);
const char *fw_check_probes(const struct fw *fw, int band, bool scan);
const char *fw_check_tx(struct fw *fw, const struct fw_if *ifc, const struct wsm_tx_req *req,
			const uint8_t *frame, size_t len);

/* ---- fw_mib.c ---- */
uint32_t fw_mib_write(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len);
void fw_mib_read(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len);
void fw_mib_forget(struct fw *fw);
/* The values that were written to an interface: a JSON object, number to bytes */
void fw_mib_print(const struct fw *fw, int if_id, FILE *out);
/* A value is as after the start */
void fw_mib_drop(struct fw *fw, int if_id, uint16_t id);
uint32_t fw_update_ie(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len);

/* ---- fw_told.c ---- */
void fw_value_keep(struct fw_mib_value *v, const uint8_t *data, size_t len);
void fw_value_forget(struct fw_mib_value *v, size_t n);
void fw_print_hex(const uint8_t *bytes, size_t len, FILE *out);
/* A request that was accepted; keys and frames are not kept */
void fw_told(struct fw *fw, const struct fw_if *ifc, const uint8_t *msg, size_t len);
void fw_told_forget(struct fw *fw);

/* ---- fw_tx.c ---- */
void fw_tx_init(struct fw *fw);
void fw_tx_request(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len);
/* A frame of the firmware's own. rate: id or 0xff for the lowest. False if it cannot be sent. */
bool fw_tx_own(struct fw *fw, struct fw_if *ifc, enum fw_tx_kind kind, const uint8_t *frame,
	       size_t len, int freq, uint8_t rate, bool protect);
void fw_tx_null(struct fw *fw, struct fw_if *ifc, enum fw_tx_kind kind, bool pm);
void fw_tx_flush_confirms(struct fw *fw);
/* Frames of the host on this interface come back with status 8 */
void fw_tx_abort(struct fw *fw, struct fw_if *ifc);
/* The home channel is tuned: what waited goes out */
void fw_tx_home(struct fw *fw);
void fw_tx_forget(struct fw *fw);
/* Lowest sequence number still under way to this peer and TID, or seq */
uint16_t fw_tx_first_seq(const struct fw *fw, const uint8_t *ra, uint8_t tid, uint16_t seq);
int fw_rate_id(const struct air_rate *rate);

/* ---- fw_rx.c ---- */
void fw_rx_indicate(struct fw *fw, int if_id, const uint8_t *frame, size_t len,
		    const struct air_rx_info *info, uint32_t status, uint32_t flags);
uint8_t fw_rcpi(int dbm);

/* ---- fw_key.c ---- */
/* Type and key are set: the rest */
void fw_key_ready(struct fw_key *key);
uint32_t fw_add_key(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len);
uint32_t fw_remove_key(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len);
void fw_reset_keys(struct fw *fw, int if_id);
struct fw_key *fw_pair_key(struct fw *fw, int if_id, const uint8_t *peer);
struct fw_key *fw_igtk(struct fw *fw, int if_id, int key_id);
/* Key for a frame that is to be sent */
struct fw_key *fw_tx_key(struct fw *fw, struct fw_if *ifc, const uint8_t *frame);
/* In place; status of the receive indication. *len shrinks and flags say how, see rx.cipher. */
uint32_t fw_decrypt(struct fw *fw, struct fw_if *ifc, uint8_t *frame, size_t *len, uint32_t *flags,
		    bool *replay);
/* Status for a group management frame when there is an IGTK */
uint32_t fw_check_mmie(struct fw *fw, struct fw_if *ifc, const uint8_t *frame, size_t len);
size_t fw_add_mmie(struct fw *fw, struct fw_if *ifc, uint8_t *frame, size_t len);

/* ---- fw_ba.c ---- */
bool fw_ba_tx_active(struct fw *fw, struct fw_if *ifc, const uint8_t *ra, uint8_t tid);
void fw_ba_tx_frame(struct fw *fw, struct fw_if *ifc, const uint8_t *ra, uint8_t tid, uint16_t seq);
void fw_ba_tx_lost(struct fw *fw, struct fw_if *ifc, const struct fw_tx *tx);
/* Block ack action frame, decrypted; true if the host is to see it */
bool fw_ba_action(struct fw *fw, struct fw_if *ifc, const uint8_t *frame, const uint8_t *body,
		  size_t body_len);
void fw_ba_reset(struct fw *fw, int if_id);

/* ---- fw_sta.c ---- */
void fw_join(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len);
void fw_join_timeout(struct fw *fw);
uint32_t fw_set_pm(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len);
uint32_t fw_bss_params(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len);
uint32_t fw_switch_channel(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len);
/* A beacon or probe response of the BSS of ifc (joined or joining) */
void fw_sta_bss_frame(struct fw *fw, struct fw_if *ifc, const uint8_t *frame, size_t len,
		      const struct air_rx_info *info);
/* Does the beacon filter let it through? Also adds the TIM flags. */
bool fw_sta_beacon(struct fw *fw, struct fw_if *ifc, const uint8_t *frame, size_t len,
		   uint32_t *flags);
void fw_sta_loss(struct fw *fw, struct fw_if *ifc);
void fw_sta_keep_alive(struct fw *fw, struct fw_if *ifc);
void fw_sta_pm_done(struct fw *fw, struct fw_if *ifc, bool acked);

/* ---- fw_ps.c ---- */
/* Does the AP believe that this station listens all the time? */
bool fw_ps_awake(const struct fw_if *ifc);
/* A power mode is in force from now on */
void fw_ps_mode(struct fw *fw, struct fw_if *ifc, uint8_t mode);
/* The host has a frame for the AP */
void fw_ps_host_frame(struct fw *fw, struct fw_if *ifc);
/* A unicast data frame came */
void fw_ps_data(struct fw *fw, struct fw_if *ifc, uint16_t fc);
/* Our bit in the beacon's TIM is set */
void fw_ps_tim(struct fw *fw, struct fw_if *ifc);
/* The AP was told by a null frame that went with a scan */
void fw_ps_left(struct fw *fw, struct fw_if *ifc);
void fw_ps_null_done(struct fw *fw, struct fw_if *ifc, bool acked);
void fw_ps_timer(struct fw *fw, struct fw_if *ifc);
void fw_ps_stop(struct fw *fw, struct fw_if *ifc);
uint64_t fw_ps_doze_ns(const struct fw *fw);

/* ---- fw_scan.c ---- */
uint32_t fw_start_scan(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len);
uint32_t fw_stop_scan(struct fw *fw);
void fw_scan_step(struct fw *fw);
void fw_scan_left(struct fw *fw);
/* 0x0806, whether there was a scan or not */
void fw_scan_complete(struct fw *fw, uint32_t status, uint64_t delay);
bool fw_scan_listens(const struct fw *fw);
size_t fw_probe_request(struct fw *fw, uint8_t *out, size_t room, const uint8_t *ssid,
			size_t ssid_len, int channel);

/* ---- fw_ap.c ---- */
uint32_t fw_start_bss(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len);
uint32_t fw_map_link(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len);
int fw_link_of(const struct fw_if *ifc, const uint8_t *mac);
void fw_ap_beacon(struct fw *fw, struct fw_if *ifc);
/* True if the host is not to see this probe request */
bool fw_ap_probe(struct fw *fw, struct fw_if *ifc, const uint8_t *frame, size_t len);

#endif /* FW_H */
