/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside the emulated firmware. */
#ifndef FW_H
#define FW_H

#include "ccmp.h"
#include "internal.h"

#define MS		1000000ULL
#define TU		1024000ULL
#define FW_IFS		3
#define FW_TX		128
#define FW_TIDS		8
#define FW_FRAME	2400

/* Cookies of our own frames */
#define FW_COOKIE_OWN	(1ULL << 63)

enum vif_state { VIF_IDLE, VIF_JOINING, VIF_JOINED };
enum ba_state { BA_NONE, BA_ASKED, BA_OPEN, BA_REFUSED };

struct fw_vif {
	enum vif_state state;
	uint8_t id;
	uint8_t bssid[6];
	int channel, freq, type;	/* type as in 0x0016 */
	uint32_t beacon_tu;
	uint64_t join_until;
	/* beacon supervision */
	bool watched, lost;
	uint8_t lost_count;
	uint64_t last_beacon;
	uint32_t beacon_hash;
	unsigned int beacons_skipped;
	/* association */
	uint16_t aid;
	bool ht;
	uint8_t tx_tids, rx_tids;
	enum ba_state ba[FW_TIDS];
	uint64_t ba_asked[FW_TIDS];
	/* filters */
	uint32_t beacon_flags, beacon_every;
	bool bssid_filter_off;
	struct wsm_mib_multicast multicast;
	uint16_t keep_alive;		/* s */
	uint64_t last_tx;
	uint8_t pm;
};

struct fw_key {
	bool used;
	uint8_t type, key_id, if_id;
	uint8_t peer[6];
	struct aes128 aes;
	uint64_t tx_pn, rx_pn[17];	/* by TID; 16: management */
};

struct fw_tx {
	bool used;
	uint32_t host_cookie;
	uint64_t air_cookie;
	uint8_t if_id, tid, n_rates;
	bool qos;
	uint16_t seq;
	uint8_t rate_ids[AIR_MAX_RATES];
};

struct fw_scan {
	bool active, stop;
	struct wsm_scan_req req;
	struct wsm_scan_channel channels[WSM_SCAN_MAX_CHANNELS];
	struct wsm_ssid ssids[WSM_SCAN_MAX_SSIDS];
	int next;			/* channel to visit */
	enum { SCAN_HOME, SCAN_AWAY } where;
	uint64_t until;
	int freq;
};

struct fw_counters {
	uint64_t requests, tx_frames, tx_ok, tx_failed, rx_frames, rx_decrypt_failures, rx_no_key;
	uint64_t scans, scan_refused, joins, join_failures, ba_sessions, events, confirms_multi, beacons;
};

struct fw_faults {
	int rx_status, rx_status_left;
	int drop_confirm, drop_confirm_id;
	int delay_confirm_ms, delay_confirm_left;
	int status, status_id, status_left;
	bool lose_scan_complete, lose_channel_switch, no_startup;
};

struct fw {
	struct chip *chip;
	bool running;
	uint8_t mac[6];
	struct fw_vif vif[FW_IFS];
	struct fw_key key[WSM_KEY_SLOTS];
	uint8_t policy[WSM_POLICIES][24];
	uint8_t policies;		/* uploaded, bit mask */
	struct fw_tx tx[FW_TX];
	unsigned int tx_next;
	uint64_t generation;
	struct fw_scan scan;
	uint64_t scan_end;		/* of the last one, for the gap knob */
	uint8_t probe_req[1600];
	size_t probe_req_len;
	bool multi_confirm, short_gi;
	struct wsm_tx_status done[81];
	int n_done;
	uint64_t done_at;
	uint8_t done_if;
	uint64_t command_until;		/* a confirm is owed until then */
	uint16_t own_seq;
	int freq;			/* where the receiver is */
	bool failed_join;		/* no reset since */
	struct fw_faults faults;
	struct fw_counters c;
};

static inline uint16_t le16(const void *p)
{
	const uint8_t *b = p;

	return b[0] | b[1] << 8;
}

static inline uint32_t le32(const void *p)
{
	const uint8_t *b = p;

	return b[0] | b[1] << 8 | b[2] << 16 | (uint32_t)b[3] << 24;
}

static inline void put_le16(void *p, uint16_t v)
{
	uint8_t *b = p;

	b[0] = v;
	b[1] = v >> 8;
}

static inline void put_le32(void *p, uint32_t v)
{
	uint8_t *b = p;

	for (int i = 0; i < 4; i++)
		b[i] = v >> 8 * i;
}

/* fw.c */
void fw_confirm(struct fw *fw, const void *req, uint32_t status, uint64_t delay_ns);
void fw_indicate(struct fw *fw, uint8_t if_id, uint16_t id, void *msg, size_t len, uint64_t delay_ns);
void fw_event(struct fw *fw, uint8_t if_id, uint32_t event, uint32_t data);
int fw_channel_freq(int channel);
void fw_tune(struct fw *fw, int freq);
void fw_tune_home(struct fw *fw);
struct fw_vif *fw_joined(struct fw *fw);

/* fw_scan.c */
void fw_scan_start(struct fw *fw, const uint8_t *msg, size_t len);
void fw_scan_stop(struct fw *fw, const uint8_t *msg);
void fw_scan_run(struct fw *fw);
void fw_probe(struct fw *fw, const uint8_t *ssid, size_t ssid_len, uint8_t rate, int freq);

/* fw_sta.c */
void fw_join(struct fw *fw, struct fw_vif *v, const struct wsm_join_req *req);
void fw_join_heard(struct fw *fw, struct fw_vif *v);
void fw_reset(struct fw *fw, struct fw_vif *v);
void fw_sta_run(struct fw *fw, struct fw_vif *v);
uint64_t fw_sta_deadline(const struct fw *fw, const struct fw_vif *v);
void fw_beacon_heard(struct fw *fw, struct fw_vif *v);
void fw_null(struct fw *fw, struct fw_vif *v, bool pm);

/* fw_key.c */
uint32_t fw_key_add(struct fw *fw, uint8_t if_id, const struct wsm_add_key_req *req);
uint32_t fw_key_remove(struct fw *fw, uint8_t index);
struct fw_key *fw_key_pair(struct fw *fw, const uint8_t *peer);
struct fw_key *fw_key_group(struct fw *fw, uint8_t key_id);
struct fw_key *fw_key_igtk(struct fw *fw);

/* fw_tx.c */
void fw_tx_request(struct fw *fw, struct fw_vif *v, const uint8_t *msg, size_t len);
/* A frame of our own: protected if the peer has a key and it is robust */
void fw_tx_own(struct fw *fw, struct fw_vif *v, uint8_t *frame, size_t len, uint8_t rate);
void fw_tx_abort(struct fw *fw, uint8_t if_id, uint32_t status);
void fw_tx_flush_confirms(struct fw *fw);
uint32_t fw_rate_policy(struct fw *fw, const uint8_t *data, size_t len);

/* fw_ba.c */
void fw_ba_maybe_ask(struct fw *fw, struct fw_vif *v, uint8_t tid);
/* Block ack action frame from the peer, decrypted. True: the host does not see it. */
bool fw_ba_action(struct fw *fw, struct fw_vif *v, const uint8_t *frame, const uint8_t *body, size_t len);

#endif /* FW_H */
