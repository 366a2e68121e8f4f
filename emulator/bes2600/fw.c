// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The firmware: requests and confirms (sheet 30), MIBs (sheet 31).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fw.h"

/* ---- messages to the host ---- */

void fw_indicate(struct fw *fw, uint8_t if_id, uint16_t id, void *msg, size_t len, uint64_t delay_ns)
{
	put_le16(msg, len);
	put_le16((uint8_t *)msg + 2, id | if_id << WSM_ID_IF_SHIFT);
	front_send(fw->chip->front, msg, len, delay_ns);
}

static uint16_t fw_confirm_id(const struct fw *fw, const void *req)
{
	uint16_t id = le16((const uint8_t *)req + 2) & ~WSM_ID_SEQ;

	if (fw->chip->knobs.confirm_interface)
		id &= ~WSM_ID_IF;
	return id | WSM_CLASS_CNF;
}

static bool fw_dropped(struct fw *fw, const void *req)
{
	uint16_t id = le16((const uint8_t *)req + 2) & WSM_ID_MASK;

	if (fw->faults.drop_confirm <= 0 ||
	    (fw->faults.drop_confirm_id && fw->faults.drop_confirm_id != id))
		return false;
	fw->faults.drop_confirm--;
	return true;
}

static void fw_confirm_body(struct fw *fw, const void *req, void *msg, size_t len, uint64_t delay_ns)
{
	delay_ns += fw->chip->knobs.confirm_delay * MS;
	if (fw->faults.delay_confirm_left > 0) {
		fw->faults.delay_confirm_left--;
		delay_ns += fw->faults.delay_confirm_ms * MS;
	}
	fw->command_until = fw->chip->now + delay_ns;
	if (fw_dropped(fw, req))
		return;
	put_le16(msg, len);
	put_le16((uint8_t *)msg + 2, fw_confirm_id(fw, req));
	front_send(fw->chip->front, msg, len, delay_ns);
}

void fw_confirm(struct fw *fw, const void *req, uint32_t status, uint64_t delay_ns)
{
	uint8_t msg[8];

	put_le32(msg + 4, status);
	fw_confirm_body(fw, req, msg, sizeof(msg), delay_ns);
}

void fw_event(struct fw *fw, uint8_t if_id, uint32_t event, uint32_t data)
{
	uint8_t msg[12];

	put_le32(msg + 4, event);
	put_le32(msg + 8, data);
	fw->c.events++;
	fw_indicate(fw, if_id, WSM_IND_EVENT, msg, sizeof(msg), 0);
}

/* ---- radio ---- */

int fw_channel_freq(int channel)
{
	if (channel >= 1 && channel <= 13)
		return 2407 + 5 * channel;
	if (channel == 14)
		return 2484;
	if ((channel >= 36 && channel <= 64 && channel % 4 == 0) ||
	    (channel >= 100 && channel <= 144 && channel % 4 == 0) ||
	    (channel >= 149 && channel <= 165 && channel % 4 == 1))
		return 5000 + 5 * channel;
	return 0;
}

void fw_tune(struct fw *fw, int freq)
{
	if (fw->freq == freq)
		return;
	fw->freq = freq;
	fw->chip->env.air_tune(fw->chip->env.ctx, freq);
}

struct fw_vif *fw_joined(struct fw *fw)
{
	for (int i = 0; i < FW_IFS; i++)
		if (fw->vif[i].state != VIF_IDLE)
			return &fw->vif[i];
	return NULL;
}

void fw_tune_home(struct fw *fw)
{
	struct fw_vif *v = fw_joined(fw);

	fw_tune(fw, v ? v->freq : 0);
}

/* ---- MIBs ---- */

static const struct {
	uint16_t mib;
	uint16_t min, max;
} mib_sizes[] = {
	{ WSM_MIB_SLOT_TIME, 4, 4 }, { WSM_MIB_MULTICAST, 56, 56 }, { WSM_MIB_WEP_KEY_ID, 4, 4 },
	{ WSM_MIB_TX_POWER, 4, 4 }, { WSM_MIB_RTS_THRESHOLD, 4, 4 }, { WSM_MIB_NON_ERP, 4, 4 },
	{ WSM_MIB_ARP, 8, 8 }, { WSM_MIB_TEMPLATE, 4, 1620 }, { WSM_MIB_RX_FILTER, 4, 4 },
	{ WSM_MIB_BEACON_IE, 4, 260 }, { WSM_MIB_BEACON_FILTER, 8, 8 }, { WSM_MIB_POWER_MODE, 4, 4 },
	{ WSM_MIB_BEACON_WAKEUP, 4, 4 }, { WSM_MIB_RCPI, 4, 4 }, { WSM_MIB_BA_POLICY, 4, 4 },
	{ WSM_MIB_ASSOC_MODE, 8, 8 }, { WSM_MIB_UAPSD, 8, 8 }, { WSM_MIB_RATE_POLICY, 24, 164 },
	{ WSM_MIB_P2P_PS, 16, 16 }, { WSM_MIB_ETHERTYPE_FILTER, 4, 20 }, { WSM_MIB_UDP_FILTER, 4, 20 },
	{ WSM_MIB_MGMT_POLICY, 4, 4 }, { WSM_MIB_HT_PROTECTION, 4, 4 }, { WSM_MIB_MULTI_TX_CNF, 4, 4 },
	{ WSM_MIB_KEEP_ALIVE, 4, 4 }, { WSM_MIB_BSSID_FILTER, 4, 4 }, { WSM_MIB_MAC_FILTER, 4, 260 },
	{ WSM_MIB_IPV6_FILTER, 4, 260 }, { WSM_MIB_INACTIVITY, 4, 4 }, { WSM_MIB_SHORT_GI, 1, 1 },
	{ WSM_MIB_TXRX_OPT, 4, 4 }, { WSM_MIB_POWER_TABLE, 1, 1 },
};

static uint32_t mib_size_ok(struct fw *fw, const uint8_t *msg, uint16_t mib, uint16_t len)
{
	for (size_t i = 0; i < sizeof(mib_sizes) / sizeof(mib_sizes[0]); i++) {
		if (mib_sizes[i].mib != mib)
			continue;
		if (len >= mib_sizes[i].min && len <= mib_sizes[i].max)
			return WSM_STATUS_OK;
		chip_violation(fw->chip, msg, 16, "MIB 0x%04x of %u bytes (31 section 1)", mib, len);
		return WSM_STATUS_INVALID;
	}
	chip_violation(fw->chip, msg, 8, "unknown MIB 0x%04x (31 section 1)", mib);
	return fw->chip->knobs.mib_unknown ? WSM_STATUS_INVALID : WSM_STATUS_OK;
}

static uint32_t mib_template(struct fw *fw, const uint8_t *data, size_t len)
{
	size_t n = le16(data + 2);

	if (n > len - 4 || data[0] > WSM_TEMPLATE_NA) {
		chip_violation(fw->chip, data, 4, "template of type %u, %zu bytes in %zu (31 section 4)", data[0], n,
			       len - 4);
		return WSM_STATUS_INVALID;
	}
	if (data[0] == WSM_TEMPLATE_PROBE_REQ && n <= sizeof(fw->probe_req)) {
		memcpy(fw->probe_req, data + 4, n);
		fw->probe_req_len = n;
	}
	return WSM_STATUS_OK;
}

static void mib_beacon_filter(struct fw_vif *v, const uint8_t *data)
{
	v->beacon_flags = le32(data);
	v->beacon_every = le32(data + 4);
	v->beacon_hash = 0;
	v->beacons_skipped = 0;
}

static uint32_t mib_write(struct fw *fw, struct fw_vif *v, uint16_t mib, const uint8_t *data, size_t len)
{
	switch (mib) {
	case WSM_MIB_TEMPLATE:
		return mib_template(fw, data, len);
	case WSM_MIB_RATE_POLICY:
		return fw_rate_policy(fw, data, len);
	case WSM_MIB_MULTI_TX_CNF:
		fw->multi_confirm = data[0];
		break;
	case WSM_MIB_SHORT_GI:
		fw->short_gi = data[0];
		break;
	case WSM_MIB_BA_POLICY:
		v->tx_tids = data[0];
		v->rx_tids = data[2];
		break;
	case WSM_MIB_BEACON_FILTER:
		mib_beacon_filter(v, data);
		break;
	case WSM_MIB_BSSID_FILTER:
		v->bssid_filter_off = data[0];
		break;
	case WSM_MIB_MULTICAST:
		memcpy(&v->multicast, data, sizeof(v->multicast));
		break;
	case WSM_MIB_KEEP_ALIVE:
		v->keep_alive = le16(data);
		break;
	}
	return WSM_STATUS_OK;
}

static uint32_t req_write_mib(struct fw *fw, struct fw_vif *v, const uint8_t *msg, size_t len)
{
	uint16_t mib = le16(msg + 4), n = le16(msg + 6);
	uint32_t status;

	if (len != 8u + n) {
		chip_violation(fw->chip, msg, 8, "write MIB of %u bytes in a message of %zu (30 section 4.2)", n, len);
		return WSM_STATUS_INVALID;
	}
	status = mib_size_ok(fw, msg, mib, n);
	return status ? status : mib_write(fw, v, mib, msg + 8, n);
}

static void req_read_mib(struct fw *fw, const uint8_t *msg)
{
	uint8_t cnf[12 + 88] = { 0 };
	uint16_t n = le16(msg + 4) == WSM_MIB_COUNTERS ? 88 : 4;

	memcpy(cnf + 8, msg + 4, 2);
	put_le16(cnf + 10, n);
	if (n == 88) {
		put_le32(cnf + 12 + 8, fw->c.tx_frames);
		put_le32(cnf + 12 + 12, fw->c.rx_frames);
		put_le32(cnf + 12 + 20, fw->c.rx_decrypt_failures);
		put_le32(cnf + 12 + 36, fw->c.tx_ok);
		put_le32(cnf + 12 + 40, fw->c.tx_failed);
	}
	fw_confirm_body(fw, msg, cnf, 12 + n, 0);
}

/* ---- start-up, configuration ---- */

static void fw_startup(struct fw *fw)
{
	struct knobs *k = &fw->chip->knobs;
	uint8_t msg[168] = { 0 };
	size_t len = k->start_length >= 168 ? 168 : 152;

	put_le16(msg + 4, k->start_credits);
	put_le16(msg + 6, k->start_size);
	put_le16(msg + 8, 2002);
	put_le16(msg + 14, 3);
	put_le16(msg + 16, 2);
	put_le16(msg + 18, 1060);
	put_le16(msg + 20, 1);
	put_le16(msg + 22, 1);
	strcpy((char *)msg + 24, "EMU-LMAC 1.0");
	fw_indicate(fw, 0, WSM_IND_STARTUP, msg, len, 2 * MS);
}

static bool sdd_ok(const uint8_t *p, size_t len)
{
	while (len) {
		if (len < 2 || p[1] + 2u > len)
			return false;
		len -= p[1] + 2;
		p += p[1] + 2;
	}
	return true;
}

static void req_configuration(struct fw *fw, const uint8_t *msg, size_t len)
{
	uint8_t cnf[44] = { 0 };

	if (len < 28 || le16(msg + 16) != len - 28 + 12 || !sdd_ok(msg + 28, len - 28)) {
		chip_violation(fw->chip, msg, 28, "configuration whose lengths disagree (30 section 4.5, 31 section 7)");
		put_le32(cnf + 4, WSM_STATUS_INVALID);
	} else {
		memcpy(fw->mac, msg + 20, 6);
	}
	memcpy(cnf + 8, fw->mac, 6);
	cnf[14] = 3;
	put_le32(cnf + 16, 0x003fffcf);
	for (int i = 0; i < 2; i++) {
		put_le32(cnf + 20 + 12 * i, 80);
		put_le32(cnf + 24 + 12 * i, 200);
		put_le32(cnf + 28 + 12 * i, 1);
	}
	fw_confirm_body(fw, msg, cnf, sizeof(cnf), 0);
}

/* ---- the other requests ---- */

static uint32_t req_switch_channel(struct fw *fw, struct fw_vif *v, const uint8_t *msg)
{
	int channel = le16(msg + 6), freq = fw_channel_freq(channel);
	uint8_t ind[8] = { 0 };

	if (!freq || !(msg[4] & WSM_CHAN_MODE)) {
		chip_violation(fw->chip, msg, 8, "switch to channel %d, mode 0x%02x (30 section 4.14)", channel, msg[4]);
		return WSM_STATUS_INVALID;
	}
	v->channel = channel;
	v->freq = freq;
	v->type = msg[4] >> WSM_CHAN_TYPE_SHIFT & 3;
	fw_tune(fw, freq);
	if (fw->faults.lose_channel_switch)
		fw->faults.lose_channel_switch = false;
	else
		fw_indicate(fw, v->id, WSM_IND_SWITCH_CHANNEL, ind, sizeof(ind),
			    (fw->chip->knobs.confirm_delay + 2) * MS);
	return WSM_STATUS_OK;
}

static uint32_t req_bss_params(struct fw *fw, struct fw_vif *v, const uint8_t *msg)
{
	v->lost_count = msg[5];
	v->aid = le16(msg + 6);
	v->ht = le32(msg + 12);
	if (!v->watched || !fw->chip->knobs.loss_rearm) {
		v->last_beacon = fw->chip->now;
		v->lost = false;
	}
	v->watched = true;
	v->last_tx = fw->chip->now;
	return WSM_STATUS_OK;
}

static void req_set_pm(struct fw *fw, struct fw_vif *v, const uint8_t *msg)
{
	int knob = fw->chip->knobs.pm_indication;
	uint8_t ind[12] = { 0 };

	v->pm = msg[4];
	fw_confirm(fw, msg, WSM_STATUS_OK, 0);
	if (v->state == VIF_JOINED)
		fw_null(fw, v, v->pm & 1);
	if (knob == 3 || (knob == 7 && v->pm != WSM_PM_FAST_PS) || (knob == 8 && !v->pm))
		return;
	ind[8] = knob == 4 ? !(v->pm & 1) : v->pm & 1;
	put_le32(ind + 4, knob == 5);
	fw_indicate(fw, v->id, WSM_IND_SET_PM, ind, sizeof(ind),
		    knob == 1 ? 0 : knob == 2 ? 5000 * MS : (fw->chip->knobs.confirm_delay + 3) * MS);
	if (knob == 6)
		fw_indicate(fw, v->id, WSM_IND_SET_PM, ind, sizeof(ind), 10 * MS);
}

static void req_mcu(struct fw *fw, const uint8_t *msg, size_t len)
{
	int knob = fw->chip->knobs.mcu_confirm;
	uint8_t cnf[20] = { 0 };

	if (len < 8) {
		chip_violation(fw->chip, msg, len, "MCU command without a type (30 section 7.3)");
		return;
	}
	if (knob == 2)
		return;
	put_le16(cnf, knob ? 20 : 16);
	put_le16(cnf + 2, le16(msg + 2) & ~WSM_ID_SEQ);
	put_le32(cnf + 8, WSM_MCU_LABEL_CNF);
	if (!knob)
		memcpy(cnf + 12, msg + 4, 4);
	front_send(fw->chip->front, cnf, le16(cnf), fw->chip->knobs.confirm_delay * MS);
}

static const struct {
	uint16_t id;
	uint16_t min, max;
} sizes[] = {
	{ WSM_REQ_TX, 34, BES_MSG_MAX }, { WSM_REQ_READ_MIB, 8, 8 }, { WSM_REQ_WRITE_MIB, 9, BES_MSG_MAX },
	{ WSM_REQ_START_SCAN, 32, BES_MSG_MAX }, { WSM_REQ_STOP_SCAN, 4, 4 },
	{ WSM_REQ_CONFIGURATION, 28, BES_MSG_MAX }, { WSM_REQ_RESET, 8, 8 }, { WSM_REQ_JOIN, 64, 64 },
	{ WSM_REQ_ADD_KEY, 48, 48 }, { WSM_REQ_REMOVE_KEY, 8, 8 }, { WSM_REQ_SET_PM, 8, 8 },
	{ WSM_REQ_SET_BSS_PARAMS, 16, 16 }, { WSM_REQ_TX_QUEUE_PARAMS, 16, 16 }, { WSM_REQ_EDCA, 48, 48 },
	{ WSM_REQ_SWITCH_CHANNEL, 8, 8 }, { WSM_REQ_START, 56, 56 }, { WSM_REQ_UPDATE_IE, 8, BES_MSG_MAX },
	{ WSM_REQ_MAP_LINK, 12, 12 }, { WSM_REQ_EPTA, 16, 16 },
};

static bool size_ok(struct fw *fw, const uint8_t *msg, uint16_t id, size_t len)
{
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		if (sizes[i].id != id)
			continue;
		if (len >= sizes[i].min && len <= sizes[i].max)
			return true;
		chip_violation(fw->chip, msg, len < 16 ? len : 16, "request 0x%04x of %zu bytes (30 section 4)", id, len);
		return false;
	}
	chip_violation(fw->chip, msg, 4, "unknown request 0x%04x (30 section 3)", id);
	return false;
}

static uint32_t request_simple(struct fw *fw, struct fw_vif *v, uint16_t id, const uint8_t *msg, size_t len)
{
	switch (id) {
	case WSM_REQ_WRITE_MIB:
		return req_write_mib(fw, v, msg, len);
	case WSM_REQ_RESET:
		fw_reset(fw, v);
		return WSM_STATUS_OK;
	case WSM_REQ_ADD_KEY:
		return fw_key_add(fw, v->id, (const void *)msg);
	case WSM_REQ_REMOVE_KEY:
		return fw_key_remove(fw, msg[4]);
	case WSM_REQ_SET_BSS_PARAMS:
		return req_bss_params(fw, v, msg);
	case WSM_REQ_SWITCH_CHANNEL:
		return req_switch_channel(fw, v, msg);
	case WSM_REQ_START:
		/* the AP role is not modelled: the mode is refused */
		return WSM_STATUS_DENIED;
	default:
		return WSM_STATUS_OK;
	}
}

static bool injected_status(struct fw *fw, uint16_t id, const uint8_t *msg)
{
	struct fw_faults *x = &fw->faults;

	if (x->status_left <= 0 || x->status_id != id)
		return false;
	x->status_left--;
	fw_confirm(fw, msg, x->status, 0);
	return true;
}

void fw_request(struct fw *fw, const void *data, size_t len)
{
	const uint8_t *msg = data;
	uint16_t raw = le16(msg + 2), id = raw & WSM_ID_MASK;
	uint8_t if_id = (raw & WSM_ID_IF) >> WSM_ID_IF_SHIFT;
	struct fw_vif *v;

	fw->c.requests++;
	if (WSM_ID_IS_MCU(raw)) {
		req_mcu(fw, msg, len);
		return;
	}
	if (if_id >= FW_IFS) {
		chip_violation(fw->chip, msg, 4, "interface %u (30 section 1.1)", if_id);
		if_id = 0;
	}
	v = &fw->vif[if_id];
	if (id != WSM_REQ_TX && fw->chip->now < fw->command_until)
		chip_violation(fw->chip, msg, 4, "request 0x%04x before the last was confirmed (30 section 1.6)", id);
	if (!size_ok(fw, msg, id, len)) {
		fw_confirm(fw, msg, WSM_STATUS_INVALID, 0);
		return;
	}
	if (injected_status(fw, id, msg))
		return;
	switch (id) {
	case WSM_REQ_TX:
		fw_tx_request(fw, v, msg, len);
		break;
	case WSM_REQ_READ_MIB:
		req_read_mib(fw, msg);
		break;
	case WSM_REQ_CONFIGURATION:
		req_configuration(fw, msg, len);
		break;
	case WSM_REQ_START_SCAN:
		fw_scan_start(fw, msg, len);
		break;
	case WSM_REQ_STOP_SCAN:
		fw_scan_stop(fw, msg);
		break;
	case WSM_REQ_JOIN:
		fw_join(fw, v, (const void *)msg);
		break;
	case WSM_REQ_SET_PM:
		req_set_pm(fw, v, msg);
		break;
	default:
		fw_confirm(fw, msg, request_simple(fw, v, id, msg, len), 0);
	}
}

/* ---- life ---- */

struct fw *fw_new(struct chip *chip)
{
	struct fw *fw = calloc(1, sizeof(*fw));

	if (fw)
		fw->chip = chip;
	return fw;
}

void fw_free(struct fw *fw)
{
	free(fw);
}

void fw_stop(struct fw *fw)
{
	struct fw_counters c = fw->c;
	struct chip *chip = fw->chip;
	struct fw_faults x = fw->faults;
	uint64_t generation = fw->generation;

	if (fw->running)
		chip->env.air_flush(chip->env.ctx);
	fw_tune(fw, 0);
	memset(fw, 0, sizeof(*fw));
	fw->chip = chip;
	fw->c = c;
	fw->faults = x;
	fw->generation = generation;
}

void fw_start(struct fw *fw)
{
	fw_stop(fw);
	fw->running = true;
	for (int i = 0; i < FW_IFS; i++)
		fw->vif[i].id = i;
	if (fw->faults.no_startup)
		fw->faults.no_startup = false;
	else
		fw_startup(fw);
}

uint64_t fw_deadline(const struct fw *fw)
{
	uint64_t first = UINT64_MAX, d;

	if (!fw->running)
		return first;
	if (fw->n_done)
		first = fw->done_at;
	if (fw->scan.active && fw->scan.until < first)
		first = fw->scan.until;
	for (int i = 0; i < FW_IFS; i++) {
		d = fw_sta_deadline(fw, &fw->vif[i]);
		if (d < first)
			first = d;
	}
	return first;
}

void fw_run(struct fw *fw)
{
	if (!fw->running)
		return;
	if (fw->n_done && fw->done_at <= fw->chip->now)
		fw_tx_flush_confirms(fw);
	if (fw->scan.active && fw->scan.until <= fw->chip->now)
		fw_scan_run(fw);
	for (int i = 0; i < FW_IFS; i++)
		fw_sta_run(fw, &fw->vif[i]);
}

/* ---- faults ---- */

static int number(int argc, char **argv, int i, int def)
{
	return argc > i ? strtol(argv[i], NULL, 0) : def;
}

static void inject_exception(struct fw *fw)
{
	uint8_t msg[128] = { 0 };

	put_le32(msg + 4, 4);
	put_le32(msg + 8 + 4, 1234);
	strcpy((char *)msg + 80, "emulated.c");
	fw_indicate(fw, 0, WSM_IND_EXCEPTION, msg, sizeof(msg), 0);
}

int fw_inject(struct fw *fw, int argc, char **argv, const char **why)
{
	struct fw_faults *x = &fw->faults;
	const char *what = argv[0];

	*why = "bus faults, or: event ID DATA, rx-status CODE COUNT, exception, drop-confirm N [ID], delay-confirm MS N, status ID CODE N, no-startup, lose-scan-complete, lose-channel-switch";
	if (!strcmp(what, "event")) {
		fw_event(fw, 0, number(argc, argv, 1, 0), number(argc, argv, 2, 0));
	} else if (!strcmp(what, "rx-status")) {
		x->rx_status = number(argc, argv, 1, WSM_STATUS_DECRYPT);
		x->rx_status_left = number(argc, argv, 2, 1);
	} else if (!strcmp(what, "exception")) {
		inject_exception(fw);
	} else if (!strcmp(what, "drop-confirm")) {
		x->drop_confirm = number(argc, argv, 1, 1);
		x->drop_confirm_id = number(argc, argv, 2, 0);
	} else if (!strcmp(what, "delay-confirm")) {
		x->delay_confirm_ms = number(argc, argv, 1, 1000);
		x->delay_confirm_left = number(argc, argv, 2, 1);
	} else if (!strcmp(what, "status")) {
		x->status_id = number(argc, argv, 1, 0);
		x->status = number(argc, argv, 2, 1);
		x->status_left = number(argc, argv, 3, 1);
	} else if (!strcmp(what, "no-startup")) {
		x->no_startup = true;
	} else if (!strcmp(what, "lose-scan-complete")) {
		x->lose_scan_complete = true;
	} else if (!strcmp(what, "lose-channel-switch")) {
		x->lose_channel_switch = true;
	} else {
		return -ENOENT;
	}
	return 0;
}

void fw_print_counters(const struct fw *fw, FILE *out)
{
#define P(name) fprintf(out, "\"fw_" #name "\":%llu,\n", (unsigned long long)fw->c.name)
	P(ba_sessions);
	P(beacons);
	P(confirms_multi);
	P(events);
	P(join_failures);
	P(joins);
	P(requests);
	P(rx_decrypt_failures);
	P(rx_frames);
	P(rx_no_key);
	P(scan_refused);
	P(scans);
	P(tx_failed);
	P(tx_frames);
	P(tx_ok);
#undef P
}
