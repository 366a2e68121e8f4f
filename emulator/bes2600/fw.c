// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The firmware: requests in, confirms and indications out. Here are dispatch,
 * answers, timers, start-up and what is not worth a file of its own.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "fw.h"

#define HELD_MAX_NS	(500 * MS)
#define STARTUP_NS	(1 * MS)
#define RATE_MASK	0x003fffcf

/* ---- helpers ---- */

void fw_set_timer(struct fw *fw, enum fw_timer t, uint64_t at)
{
	fw->timer[t] = at;
}

uint64_t fw_delay(const struct fw *fw)
{
	return (uint64_t)knob_value(fw->chip->knobs, KNOB_confirm_delay) * MS;
}

const uint8_t *fw_find_ie(const uint8_t *ies, size_t len, uint8_t id)
{
	while (len >= 2 && len >= 2u + ies[1]) {
		if (ies[0] == id)
			return ies;
		len -= 2 + ies[1];
		ies += 2 + ies[1];
	}
	return NULL;
}

int fw_freq_of(int band, int channel)
{
	if (band == WSM_BAND_2G)
		return channel == 14 ? 2484 : channel >= 1 && channel <= 13 ? 2407 + 5 * channel : 0;
	if (channel >= 182 && channel <= 196)
		return 4000 + 5 * channel;
	return channel >= 34 && channel <= 216 ? 5000 + 5 * channel : 0;
}

int fw_channel_of(int freq)
{
	if (freq == 2484)
		return 14;
	if (freq < 2484)
		return (freq - 2407) / 5;
	return freq < 5000 ? (freq - 4000) / 5 : (freq - 5000) / 5;
}

/* In today's 5 GHz plan; the list of the real firmware has more, from old Japanese rules */
bool fw_channel_exists(int band, int channel)
{
	if (band == WSM_BAND_2G)
		return channel >= 1 && channel <= 14;
	if (channel < 36 || channel > 177)
		return false;
	if (channel <= 64 || (channel >= 100 && channel <= 144))
		return channel % 4 == 0;
	return channel >= 149 && channel % 4 == 1;
}

int fw_if_of_mac(const struct fw *fw, const uint8_t *mac)
{
	int i;

	if (!fw->configured[0] && !fw->configured[1])
		return -1;
	for (i = 0; i < FW_IFS; i++)
		if (!memcmp(fw->mac[i], mac, 6))
			return i;
	return -1;
}

void fw_tune(struct fw *fw, int freq)
{
	if (fw->freq == freq)
		return;
	fw->freq = freq;
	if (fw->chip->env.air_tune)
		fw->chip->env.air_tune(fw->chip->env.ctx, freq);
}

/* Back to where the interfaces want to be, the busiest first */
void fw_retune(struct fw *fw)
{
	int i, freq = 0;

	if (fw->scan.phase == FW_SCAN_DWELL)
		return;
	for (i = 0; i < FW_IFS && !freq; i++)
		if (fw->ifs[i].role != FW_IDLE)
			freq = fw->ifs[i].freq;
	for (i = 0; i < FW_IFS && !freq; i++)
		freq = fw->ifs[i].freq;
	fw_tune(fw, freq);
	if (freq)
		fw_tx_home(fw);
}

/* ---- faults ---- */

int fw_take_fault(struct fw *fw, int kind, uint16_t id, uint32_t *value)
{
	int i;

	for (i = 0; i < FW_FAULTS; i++) {
		struct fw_fault *f = &fw->fault[i];

		if ((int)f->kind != kind || (f->id != 0xffff && f->id != id))
			continue;
		chip_fault(fw->chip);
		if (value)
			*value = f->value;
		if (!--f->n)
			f->kind = FW_FAULT_NONE;
		return kind;
	}
	return FW_FAULT_NONE;
}

/* ---- answers ---- */

static void send_at(struct fw *fw, const void *msg, size_t len, uint64_t at)
{
	uint64_t now = fw->chip->now;

	front_send(fw->chip->front, msg, len, at > now ? at - now : 0);
}

static void release_held(struct fw *fw)
{
	int i, n = fw->n_held;

	fw->n_held = 0;
	fw_set_timer(fw, FW_T_HELD, FW_NEVER);
	if (fw->confirm_at == FW_NEVER)
		fw->confirm_at = fw->chip->now;
	for (i = 0; i < n; i++) {
		send_at(fw, fw->held[i].msg, fw->held[i].len, fw->held[i].delay);
		free(fw->held[i].msg);
	}
}

static bool hold(struct fw *fw, const void *msg, size_t len, uint64_t at)
{
	struct fw_held *h = &fw->held[fw->n_held];

	if (fw->n_held == FW_HELD)
		return false;
	h->msg = malloc(len);
	if (!h->msg)
		return false;
	memcpy(h->msg, msg, len);
	h->len = len;
	h->delay = at;
	fw->n_held++;
	return true;
}

/* confirm.order: an answer never overtakes those of frames that were taken before */
static bool must_hold(struct fw *fw)
{
	if (fw->n_held)
		return true;
	if (!fw->tx_host || knob_is(fw->chip->knobs, KNOB_confirm_order, "overtake"))
		return false;
	fw->held_serial = fw->tx_serial;
	fw->held_frames = fw->tx_host;
	fw_set_timer(fw, FW_T_HELD, fw->chip->now + HELD_MAX_NS);
	return true;
}

static void send_ordered(struct fw *fw, const void *msg, size_t len, uint64_t at, bool confirm)
{
	if (must_hold(fw) && hold(fw, msg, len, at)) {
		if (confirm)
			fw->confirm_at = FW_NEVER;
		return;
	}
	if (fw->n_held)
		release_held(fw);
	send_at(fw, msg, len, at);
}

void fw_held_frame_done(struct fw *fw, uint32_t serial)
{
	if (!fw->n_held || (int32_t)(serial - fw->held_serial) > 0)
		return;
	if (--fw->held_frames <= 0)
		release_held(fw);
}

uint16_t fw_confirm_if(struct fw *fw, uint16_t bits)
{
	return bits && knob_is(fw->chip->knobs, KNOB_confirm_interface, "zero") ? 0 : bits;
}

void fw_confirm(struct fw *fw, uint16_t request, void *msg, size_t len)
{
	struct wsm_hdr *hdr = msg;
	uint16_t num = request & WSM_ID_MASK;
	uint32_t extra = 0;
	uint64_t at;

	if (fw->silent)
		return;
	if (fw_take_fault(fw, FW_FAULT_DROP, num, NULL)) {
		fw->has_pending = false;
		front_release(fw->chip->front, 1);
		return;
	}
	fw_take_fault(fw, FW_FAULT_DELAY, num, &extra);
	at = fw->chip->now + fw_delay(fw) + extra * MS;
	if (WSM_ID_IS_MCU(request))
		num = request & WSM_ID_MASK;
	else
		num |= WSM_CLASS_CNF | fw_confirm_if(fw, request & WSM_ID_IF);
	fw_put16(&hdr->len, len);
	fw_put16(&hdr->id, num);
	fw->confirm_at = at;
	send_ordered(fw, msg, len, at, true);
	if (fw_take_fault(fw, FW_FAULT_DUP, request & WSM_ID_MASK, NULL))
		send_ordered(fw, msg, len, at, true);
}

void fw_confirm_status(struct fw *fw, uint16_t request, uint32_t status)
{
	struct wsm_generic_cnf cnf = { 0 };

	fw_put32(&cnf.status, status);
	fw_confirm(fw, request, &cnf, sizeof(cnf));
}

void fw_indicate(struct fw *fw, uint16_t id, int if_id, void *msg, size_t len, uint64_t delay)
{
	struct wsm_hdr *hdr = msg;
	uint64_t at = fw->chip->now + delay;

	if (fw->silent)
		return;
	fw_put16(&hdr->len, len);
	fw_put16(&hdr->id, id | if_id << WSM_ID_IF_SHIFT);
	if (fw->has_pending && fw->confirm_at != FW_NEVER && at < fw->confirm_at)
		at = fw->confirm_at;
	if (fw->n_held && hold(fw, msg, len, at))
		return;
	send_at(fw, msg, len, at);
}

void fw_event(struct fw *fw, int if_id, uint32_t event, uint32_t data)
{
	struct wsm_event_ind ind = { 0 };

	if (fw->silent)
		return;
	fw->count.events++;
	fw_put16(&ind.hdr.len, sizeof(ind));
	fw_put16(&ind.hdr.id, WSM_IND_EVENT | if_id << WSM_ID_IF_SHIFT);
	fw_put32(&ind.event, event);
	fw_put32(&ind.data, data);
	front_send(fw->chip->front, &ind, sizeof(ind), 0);
}

/* ---- start-up and configuration ---- */

static void send_startup(struct fw *fw)
{
	struct knobs *k = fw->chip->knobs;
	int length = knob_value(k, KNOB_start_length);
	uint8_t msg[168] = { 0 };
	struct wsm_startup_ind *ind = (void *)msg;

	fw_put16(&ind->hdr.len, length);
	fw_put16(&ind->hdr.id, WSM_IND_STARTUP);
	fw_put16(&ind->bufs, knob_value(k, KNOB_start_credits));
	fw_put16(&ind->buf_size, knob_value(k, KNOB_start_size));
	fw_put16(&ind->hw_id, 2002);
	if (fw->startup_status)
		chip_fault(fw->chip);
	fw_put16(&ind->status, fw->startup_status);
	fw_put16(&ind->caps, 3);
	fw_put16(&ind->fw_type, 2);
	fw_put16(&ind->fw_api, 1060);
	fw_put16(&ind->fw_build, 1);
	fw_put16(&ind->fw_version, 1);
	strcpy(ind->label, "EMU-LMAC 1.0");
	front_send(fw->chip->front, msg, length, STARTUP_NS);
	fw->startup_status = 0;
}

static bool sdd_ends_exactly(const uint8_t *p, size_t len)
{
	while (len >= 2 && len >= 2u + p[1]) {
		len -= 2 + p[1];
		p += 2 + p[1];
	}
	return !len;
}

static uint32_t check_configuration(struct fw *fw, const uint8_t *msg, size_t len)
{
	const struct wsm_configuration_req *req = (const void *)msg;

	if (fw_get16(&req->block_len) != len - 16 || fw_get16(&req->block_version) != 1 ||
	    fw_get16(&req->block_flags) != 5) {
		fw_bad(fw, msg, len, "30 §4.5: configuration block of length %u, version %u, flags %u "
		       "in a message of %zu bytes (length - 16, 1, 5)", fw_get16(&req->block_len),
		       fw_get16(&req->block_version), fw_get16(&req->block_flags), len);
		return WSM_STATUS_INVALID;
	}
	if (!sdd_ends_exactly(req->sdd, len - sizeof(*req))) {
		fw_bad(fw, msg, len, "31 §7: elements of the configuration block do not end with it");
		return WSM_STATUS_INVALID;
	}
	if (fw_is_group(req->mac) || !memcmp(req->mac, "\0\0\0\0\0", 6)) {
		fw_bad(fw, msg, len, "30 §4.5: the station address is no unicast address");
		return WSM_STATUS_INVALID;
	}
	return WSM_STATUS_OK;
}

/* 30 §2.3: the other two addresses follow from the first */
static void derive_macs(struct fw *fw, const uint8_t *mac)
{
	memcpy(fw->mac[0], mac, 6);
	memcpy(fw->mac[2], mac, 6);
	fw->mac[2][5]++;
	memcpy(fw->mac[1], fw->mac[2], 6);
	fw->mac[1][4] ^= 0x80;
}

/* A second configuration starts the transmitter anew: its MIBs 0x1016 and 0x1024 are as after the start */
static void forget_tx(struct fw *fw)
{
	int i;

	memset(fw->policy, 0, sizeof(fw->policy));
	for (i = 0; i < FW_IFS; i++) {
		fw->ifs[i].multi_tx = false;
		fw_mib_drop(fw, i, WSM_MIB_RATE_POLICY);
		fw_mib_drop(fw, i, WSM_MIB_MULTI_TX_CNF);
	}
}

static uint32_t configuration(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len)
{
	const struct wsm_configuration_req *req = (const void *)msg;
	struct wsm_configuration_cnf cnf = { 0 };
	uint32_t status = check_configuration(fw, msg, len);
	int i;

	if (!status) {
		if (fw->configured[ifc->id & 1] && knob_is(fw->chip->knobs, KNOB_config_again, "forgets"))
			forget_tx(fw);
		derive_macs(fw, req->mac);
		fw->configured[ifc->id & 1] = true;
	}
	fw_put32(&cnf.status, status);
	memcpy(cnf.mac, req->mac, 6);
	cnf.bands = 3;
	fw_put32(&cnf.rates, RATE_MASK);
	for (i = 0; i < 2; i++) {
		fw_put32(&cnf.power[i].min, 80);
		fw_put32(&cnf.power[i].max, 200);
		fw_put32(&cnf.power[i].step, 1);
	}
	fw_confirm(fw, fw->pending, &cnf, sizeof(cnf));
	return FW_ANSWERED;
}

/* ---- requests without much behind them ---- */

void fw_reset_if(struct fw *fw, struct fw_if *ifc)
{
	struct fw_if old = *ifc;

	fw_tx_abort(fw, ifc);
	fw_ba_reset(fw, ifc->id);
	fw_ps_stop(fw, ifc);
	fw_reset_keys(fw, ifc->id);
	memset(ifc, 0, sizeof(*ifc));
	ifc->id = old.id;
	ifc->multi_tx = old.multi_tx;
	ifc->rcpi = old.rcpi;
	ifc->mgmt_policy = old.mgmt_policy;
	ifc->ba = old.ba;
	memcpy(ifc->template, old.template, sizeof(ifc->template));
	memset(ifc->last_seq, 0xff, sizeof(ifc->last_seq));
	fw_set_timer(fw, FW_T_LOSS + ifc->id, FW_NEVER);
	fw_set_timer(fw, FW_T_ALIVE + ifc->id, FW_NEVER);
	fw_set_timer(fw, FW_T_BEACON + ifc->id, FW_NEVER);
}

static uint32_t reset(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len)
{
	uint32_t keep = fw_get32(msg + 4);

	if (keep > 1)
		fw_bad(fw, msg, len, "30 §4.6: reset: %u is neither 0 nor 1", keep);
	if (!keep)
		memset(&fw->mib_counters, 0, sizeof(fw->mib_counters));
	fw_reset_if(fw, ifc);
	fw_retune(fw);
	return WSM_STATUS_OK;
}

static uint32_t tx_queue_params(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len)
{
	const struct wsm_tx_queue_params_req *req = (const void *)msg;

	(void)ifc;
	if (req->aci > 3 || req->ack_policy > 1 || req->reserved || req->reserved2 ||
	    req->reserved3) {
		fw_bad(fw, msg, len, "30 §4.12: queue parameters: queue %u, ack policy %u, or bytes "
		       "that must be zero", req->aci, req->ack_policy);
		return WSM_STATUS_INVALID;
	}
	return WSM_STATUS_OK;
}

static void tell_edca(struct fw *fw, int ac, const struct air_edca *edca)
{
	if (fw->chip->env.air_edca)
		fw->chip->env.air_edca(fw->chip->env.ctx, ac, edca);
}

static bool is_cw(uint16_t cw)
{
	return !(cw & (cw + 1)) && cw <= 32767;
}

static uint32_t edca(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len)
{
	const struct wsm_edca_req *req = (const void *)msg;
	int i;

	(void)ifc;
	for (i = 0; i < 4; i++) {
		uint16_t min = fw_get16(&req->cw_min[i]), max = fw_get16(&req->cw_max[i]);

		if (is_cw(min) && is_cw(max) && min <= max && req->aifs[i] && req->aifs[i] <= 15)
			continue;
		fw_bad(fw, msg, len, "30 §4.13: EDCA entry %d (order BK, BE, VI, VO): CWmin %u, CWmax %u, "
		       "AIFSN %u", i, min, max, req->aifs[i]);
		return WSM_STATUS_INVALID;
	}
	for (i = 0; i < 4; i++) {
		const struct air_edca e = { req->aifs[i], fw_get16(&req->cw_min[i]),
					    fw_get16(&req->cw_max[i]) };

		tell_edca(fw, i, &e);
	}
	return WSM_STATUS_OK;
}

static uint32_t epta(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len)
{
	if (ifc->id)
		fw_bad(fw, msg, len, "30 §7.1: EPTA goes to interface 0, not %d", ifc->id);
	return WSM_STATUS_OK;
}

static uint32_t stop_scan(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len)
{
	(void)ifc, (void)msg, (void)len;
	fw_confirm_status(fw, fw->pending, fw_stop_scan(fw));
	return FW_ANSWERED;
}

static uint32_t accept_any(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len)
{
	(void)fw, (void)ifc, (void)msg, (void)len;
	return WSM_STATUS_OK;
}

static uint32_t read_mib(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len)
{
	fw_mib_read(fw, ifc, msg, len);
	return FW_ANSWERED;
}

static uint32_t join(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len)
{
	fw_join(fw, ifc, msg, len);
	return FW_ANSWERED;
}

/* ---- MCU ---- */

static void mcu_answer(struct fw *fw, uint16_t id, uint32_t type)
{
	uint8_t msg[20] = { 0 };
	struct wsm_mcu_hdr *hdr = (void *)msg;
	bool longer = knob_is(fw->chip->knobs, KNOB_mcu_confirm, "20");

	fw_put32(&hdr->label, WSM_MCU_LABEL_CNF);
	fw_put32(&hdr->type, longer ? 0 : type);
	fw_confirm(fw, id & ~WSM_ID_SEQ, msg, longer ? 20 : 16);
}

static size_t driver_command_len(uint32_t type)
{
	static const uint8_t len[] = { 70, 14, 8, 12, 70 };

	return type < sizeof(len) ? len[type] : 0;
}

static void mcu_request(struct fw *fw, const uint8_t *msg, size_t len)
{
	uint16_t id = fw_get16(msg + 2) & 0x0fff;
	uint32_t type = len >= 8 ? fw_get32(msg + 4) : 0;

	fw->by_mcu++;
	if (id == WSM_MCU_DRIVER) {
		if (len < 8 || len != driver_command_len(type))
			fw_bad(fw, msg, len, "30 §7.3: driver command %u of %zu bytes", type, len);
		else if (type == WSM_MCU_TYPE_WIFI_STATE && fw_get32(msg + 8) > 7)
			fw_bad(fw, msg, len, "30 §7.3: Wi-Fi state %u is unknown", fw_get32(msg + 8));
	} else if (id == WSM_MCU_RF_TEST) {
		if (len < 16 || fw_get32(msg + 12) != len - 16)
			fw_bad(fw, msg, len, "30 §7.4: RF test command whose text does not fill it");
	} else {
		fw_bad(fw, msg, len, "30 §3: no MCU request %04x", id);
		fw->has_pending = false;
		return;
	}
	mcu_answer(fw, id, type);
}

/* ---- dispatch ---- */

typedef uint32_t handler(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len);

static const struct request {
	uint16_t id, min, max;
	handler *handle;
	const char *section;
} requests[] = {
	{ WSM_REQ_READ_MIB, 8, 8, read_mib, "4.1" },
	{ WSM_REQ_WRITE_MIB, 8, BES_MSG_MAX, fw_mib_write, "4.2" },
	{ WSM_REQ_START_SCAN, 32, BES_MSG_MAX, fw_start_scan, "4.3" },
	{ WSM_REQ_STOP_SCAN, 4, 4, stop_scan, "4.4" },
	{ WSM_REQ_CONFIGURATION, 28, BES_MSG_MAX, configuration, "4.5" },
	{ WSM_REQ_RESET, 8, 8, reset, "4.6" },
	{ WSM_REQ_JOIN, 64, 64, join, "4.7" },
	{ WSM_REQ_ADD_KEY, 48, 48, fw_add_key, "4.8" },
	{ WSM_REQ_REMOVE_KEY, 8, 8, fw_remove_key, "4.9" },
	{ WSM_REQ_SET_PM, 8, 8, fw_set_pm, "4.10" },
	{ WSM_REQ_SET_BSS_PARAMS, 16, 16, fw_bss_params, "4.11" },
	{ WSM_REQ_TX_QUEUE_PARAMS, 16, 16, tx_queue_params, "4.12" },
	{ WSM_REQ_EDCA, 48, 48, edca, "4.13" },
	{ WSM_REQ_SWITCH_CHANNEL, 8, 8, fw_switch_channel, "4.14" },
	{ WSM_REQ_START, 56, 56, fw_start_bss, "4.15" },
	{ 0x0019, 4, BES_MSG_MAX, accept_any, "3" },
	{ 0x001a, 4, BES_MSG_MAX, accept_any, "3" },
	{ WSM_REQ_UPDATE_IE, 10, BES_MSG_MAX, fw_update_ie, "4.16" },
	{ WSM_REQ_MAP_LINK, 12, 12, fw_map_link, "4.17" },
	{ 0x0024, 4, BES_MSG_MAX, accept_any, "3" },
	{ WSM_REQ_EPTA, 16, 16, epta, "7.1" },
};

static const struct request *find_request(uint16_t id)
{
	size_t i;

	for (i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
		if (requests[i].id == id)
			return &requests[i];
	return NULL;
}

static uint32_t serve(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len)
{
	uint16_t id = fw_get16(msg + 2) & WSM_ID_MASK;
	const struct request *r = find_request(id);
	uint32_t status;

	if (!r) {
		fw_bad(fw, msg, len, "30 §3: no request %04x", id);
		return WSM_STATUS_INVALID;
	}
	if (len < r->min || len > r->max) {
		fw_bad(fw, msg, len, "30 §%s: request %04x of %zu bytes (%u..%u)", r->section, id, len,
		       r->min, r->max);
		return WSM_STATUS_INVALID;
	}
	fw_check_moment(fw, id, msg, len);
	if (fw_take_fault(fw, FW_FAULT_STATUS, id, &status)) {
		/* as after any other failed join: knob join.again */
		if (id == WSM_REQ_JOIN && status)
			ifc->join_failed = true;
		return status;
	}
	status = r->handle(fw, ifc, msg, len);
	fw_check_accepted(fw, id, status);
	return status;
}

/* lp.commands: what becomes of requests while the MCU may sleep */
static bool sleeps(struct fw *fw, struct fw_if *ifc, uint16_t id)
{
	struct knobs *k = fw->chip->knobs;
	bool refused;

	if (!front_asleep(fw->chip->front) || knob_is(k, KNOB_lp_commands, "served"))
		return false;
	refused = knob_is(k, KNOB_lp_commands, "refused");
	if (refused && id == WSM_REQ_TX)
		return false;
	fw->has_pending = false;
	if (refused)
		fw_confirm_status(fw, id | ifc->id << WSM_ID_IF_SHIFT, WSM_STATUS_FAILURE);
	return true;
}

static void check_pending(struct fw *fw, const uint8_t *msg, size_t len)
{
	uint16_t id = fw_get16(msg + 2);

	if (fw->has_pending && fw->confirm_at > fw->chip->now)
		fw_bad(fw, msg, len, "30 §1.6: request %04x before the confirm of %04x",
		       id & WSM_ID_MASK, fw->pending & WSM_ID_MASK);
	fw->has_pending = true;
	fw->pending = id;
	fw->confirm_at = FW_NEVER;
}

void fw_request(struct fw *fw, const void *message, size_t len)
{
	const uint8_t *msg = message;
	uint16_t id = fw_get16(msg + 2);
	int if_id = (id & WSM_ID_IF) >> WSM_ID_IF_SHIFT;
	uint32_t status;

	if (!fw->active || fw->silent)
		return;
	fw->count.requests++;
	if ((id & WSM_ID_CLASS) == WSM_CLASS_MCU) {
		check_pending(fw, msg, len);
		if (if_id)
			fw_bad(fw, msg, len, "30 §1.1: MCU request %04x carries interface bits", id);
		mcu_request(fw, msg, len);
		return;
	}
	fw->by_id[id & WSM_ID_NUM]++;
	if (if_id >= FW_IFS) {
		fw_bad(fw, msg, len, "30 §1.1: interface %d in request %04x (0..2)", if_id, id);
		id &= ~WSM_ID_IF;
		if_id = 0;
	}
	if (sleeps(fw, &fw->ifs[if_id], id & WSM_ID_MASK))
		return;
	if ((id & WSM_ID_MASK) == WSM_REQ_TX) {
		fw_tx_request(fw, &fw->ifs[if_id], msg, len);
		return;
	}
	check_pending(fw, msg, len);
	fw->pending = id;
	status = serve(fw, &fw->ifs[if_id], msg, len);
	/* a join says by itself whether it is taken */
	if (status == WSM_STATUS_OK || (status == FW_ANSWERED && (id & WSM_ID_NUM) != WSM_REQ_JOIN))
		fw_told(fw, &fw->ifs[if_id], msg, len);
	if (status != FW_ANSWERED)
		fw_confirm_status(fw, id, status);
}

/* ---- life ---- */

struct fw *fw_new(struct chip *chip)
{
	struct fw *fw = calloc(1, sizeof(*fw));
	int i;

	if (!fw)
		return NULL;
	fw->chip = chip;
	for (i = 0; i < FW_TIMERS; i++)
		fw->timer[i] = FW_NEVER;
	return fw;
}

static void forget(struct fw *fw)
{
	int i;

	fw_tx_forget(fw);
	while (fw->n_held)
		free(fw->held[--fw->n_held].msg);
	fw_mib_forget(fw);
	fw_told_forget(fw);
	for (i = 0; i < FW_TIMERS; i++)
		fw->timer[i] = FW_NEVER;
	for (i = 0; i < FW_IFS; i++) {
		fw_ps_stop(fw, &fw->ifs[i]);
		memset(&fw->ifs[i], 0, sizeof(fw->ifs[i]));
		fw->ifs[i].id = i;
		memset(fw->ifs[i].last_seq, 0xff, sizeof(fw->ifs[i].last_seq));
	}
	memset(fw->keys, 0, sizeof(fw->keys));
	memset(fw->policy, 0, sizeof(fw->policy));
	memset(fw->session, 0, sizeof(fw->session));
	memset(&fw->scan, 0, sizeof(fw->scan));
	memset(&fw->mib_counters, 0, sizeof(fw->mib_counters));
	memset(fw->configured, 0, sizeof(fw->configured));
	fw->n_sessions = 0;
	fw->short_gi = false;
	fw->low_power = false;
	fw->scan_owed = fw->switch_owed = false;
	fw->has_pending = false;
	fw->silent = false;
	fw->join_if = -1;
}

void fw_free(struct fw *fw)
{
	if (!fw)
		return;
	forget(fw);
	free(fw);
}

void fw_start(struct fw *fw)
{
	forget(fw);
	for (int ac = 0; ac < 4; ac++)
		tell_edca(fw, ac, NULL);
	fw->active = true;
	fw->count.starts++;
	fw_tx_init(fw);
	if (fw->no_startup)
		chip_fault(fw->chip);
	else
		send_startup(fw);
	fw->no_startup = false;
}

void fw_stop(struct fw *fw)
{
	if (!fw->active)
		return;
	fw->active = false;
	forget(fw);
	chip_flush_air(fw->chip);
	fw_tune(fw, 0);
}

void fw_sent(struct fw *fw, const void *msg)
{
	fw_check_sent(fw, msg);
}

void fw_halt(struct fw *fw)
{
	chip_log(fw->chip, "debug doorbell: the firmware halts");
	fw->silent = true;
}

uint64_t fw_deadline(const struct fw *fw)
{
	uint64_t first = FW_NEVER;
	int i;

	for (i = 0; i < FW_TIMERS; i++)
		if (fw->timer[i] < first)
			first = fw->timer[i];
	return first;
}

static void send_rx_status(struct fw *fw)
{
	uint8_t frame[26 + 8 + 16 + 8] = { 0x88, 0x42 };
	struct fw_if *ifc = &fw->ifs[0];
	struct air_rx_info info = { .freq = ifc->freq, .signal = -50, .rate = { .kbps100 = 540 } };

	if (!fw->rx_status_n || ifc->role != FW_STA)
		return;
	memcpy(frame + 4, fw->mac[0], 6);
	memcpy(frame + 10, ifc->bssid, 6);
	memcpy(frame + 16, ifc->bssid, 6);
	fw_rx_indicate(fw, 0, frame, sizeof(frame), &info, fw->rx_status,
		       fw->rx_status == WSM_STATUS_MIC ? WSM_RX_ENC_AES : 0);
	if (--fw->rx_status_n)
		fw_set_timer(fw, FW_T_RX_STATUS, fw->chip->now + fw->rx_status_interval);
}

static void expired(struct fw *fw, int t)
{
	switch (t) {
	case FW_T_JOIN:
		fw_join_timeout(fw);
		return;
	case FW_T_SCAN:
		fw_scan_step(fw);
		return;
	case FW_T_TX_CNF:
		fw_tx_flush_confirms(fw);
		return;
	case FW_T_HELD:
		release_held(fw);
		return;
	case FW_T_RX_STATUS:
		send_rx_status(fw);
		return;
	}
	if (t >= FW_T_LOSS && t < FW_T_LOSS + FW_IFS)
		fw_sta_loss(fw, &fw->ifs[t - FW_T_LOSS]);
	else if (t >= FW_T_ALIVE && t < FW_T_ALIVE + FW_IFS)
		fw_sta_keep_alive(fw, &fw->ifs[t - FW_T_ALIVE]);
	else if (t >= FW_T_BEACON && t < FW_T_BEACON + FW_IFS)
		fw_ap_beacon(fw, &fw->ifs[t - FW_T_BEACON]);
	else if (t >= FW_T_PS && t < FW_T_PS + FW_IFS)
		fw_ps_timer(fw, &fw->ifs[t - FW_T_PS]);
}

void fw_run(struct fw *fw)
{
	int t;

	for (t = 0; t < FW_TIMERS; t++) {
		if (fw->timer[t] > fw->chip->now)
			continue;
		fw->timer[t] = FW_NEVER;
		if (fw->active)
			expired(fw, t);
	}
}

/* ---- faults from outside ---- */

static const char faults[] =
	"event ID DATA, rx-status CODE COUNT [INTERVAL_US], exception, "
	"drop-confirm N [ID], delay-confirm MS N [ID], dup-confirm [ID], status ID CODE [N], "
	"bt WORD, no-startup, startup-status CODE, lose-scan-complete, dup-scan-complete, "
	"scan-status CODE, delay-scan-complete MS, scan-complete [CODE], "
	"lose-channel-switch, dup-channel-switch, silence";

static int add_fault(struct fw *fw, int kind, uint16_t id, uint32_t n, uint32_t value)
{
	int i;

	if (!n)
		return -EINVAL;
	for (i = 0; i < FW_FAULTS; i++) {
		if (fw->fault[i].kind != FW_FAULT_NONE)
			continue;
		fw->fault[i] = (struct fw_fault){ .kind = kind, .id = id, .n = n, .value = value };
		return 0;
	}
	return -EINVAL;
}

static void send_exception(struct fw *fw)
{
	struct wsm_exception_ind ind = { 0 };

	if (fw->silent)
		return;
	fw_put16(&ind.hdr.len, sizeof(ind));
	fw_put16(&ind.hdr.id, WSM_IND_EXCEPTION);
	fw_put32(&ind.reason, 4);
	fw_put32(&ind.regs[1], 1234);
	strcpy(ind.file, "lmac/emulated.c");
	front_send(fw->chip->front, &ind, sizeof(ind), 0);
	fw->silent = true;
}

static int inject_event(struct fw *fw, int n, const uint32_t *arg)
{
	if (n < 1 || n > 2 || !fw->active)
		return -EINVAL;
	chip_fault(fw->chip);
	fw_event(fw, 0, arg[0], arg[1]);
	return 0;
}

static int inject_rx_status(struct fw *fw, int n, const uint32_t *arg)
{
	if (n < 1 || n > 3)
		return -EINVAL;
	fw->rx_status = arg[0];
	fw->rx_status_n = n > 1 ? arg[1] : 1;
	fw->rx_status_interval = arg[2] * 1000ULL;
	/* without an interval the next frames of the air get the status */
	fw_set_timer(fw, FW_T_RX_STATUS, n == 3 && fw->active ? fw->chip->now : FW_NEVER);
	return 0;
}

static int inject_startup_status(struct fw *fw, int n, const uint32_t *arg)
{
	if (n != 1)
		return -EINVAL;
	fw->startup_status = arg[0];
	return 0;
}

static int inject_scan_status(struct fw *fw, int n, const uint32_t *arg)
{
	if (n != 1)
		return -EINVAL;
	fw->scan_status = arg[0];
	return 0;
}

static int inject_scan_delay(struct fw *fw, int n, const uint32_t *arg)
{
	if (n != 1 || arg[0] > 1000000)
		return -EINVAL;
	fw->scan_delay = arg[0];
	return 0;
}

/* One that nobody asked for */
static int inject_scan_complete(struct fw *fw, int n, const uint32_t *arg)
{
	if (n > 1 || !fw->active)
		return -EINVAL;
	fw_scan_complete(fw, arg[0], 0);
	return 0;
}

static int inject_exception(struct fw *fw, int n, const uint32_t *arg)
{
	(void)arg;
	if (n || !fw->active)
		return -EINVAL;
	chip_fault(fw->chip);
	send_exception(fw);
	return 0;
}

static int inject_drop(struct fw *fw, int n, const uint32_t *arg)
{
	return n > 2 ? -EINVAL :
	       add_fault(fw, FW_FAULT_DROP, n == 2 ? arg[1] : 0xffff, n ? arg[0] : 1, 0);
}

static int inject_delay(struct fw *fw, int n, const uint32_t *arg)
{
	return n < 1 || n > 3 ? -EINVAL :
	       add_fault(fw, FW_FAULT_DELAY, n == 3 ? arg[2] : 0xffff, n > 1 ? arg[1] : 1, arg[0]);
}

static int inject_dup(struct fw *fw, int n, const uint32_t *arg)
{
	return n > 1 ? -EINVAL : add_fault(fw, FW_FAULT_DUP, n ? arg[0] : 0xffff, 1, 0);
}

static int inject_status(struct fw *fw, int n, const uint32_t *arg)
{
	return n < 2 || n > 3 ? -EINVAL :
	       add_fault(fw, FW_FAULT_STATUS, arg[0], n == 3 ? arg[2] : 1, arg[1]);
}

/* 30 §7.2: Bluetooth's state, from the MCU */
static int inject_bt(struct fw *fw, int n, const uint32_t *arg)
{
	struct wsm_mcu_hdr ind = { 0 };

	if (n != 1 || !fw->active)
		return -EINVAL;
	fw_put16(&ind.hdr.len, sizeof(ind));
	fw_put16(&ind.hdr.id, WSM_MCU_BT_STATE);
	fw_put32(&ind.label, WSM_MCU_LABEL_IND);
	fw_put32(&ind.type, arg[0]);
	chip_fault(fw->chip);
	front_send(fw->chip->front, &ind, sizeof(ind), 0);
	return 0;
}

static const struct injection {
	const char *name;
	int (*act)(struct fw *fw, int n, const uint32_t *arg);
	size_t flag;		/* or this one is set */
} injections[] = {
	{ "event", inject_event, 0 },
	{ "rx-status", inject_rx_status, 0 },
	{ "exception", inject_exception, 0 },
	{ "drop-confirm", inject_drop, 0 },
	{ "delay-confirm", inject_delay, 0 },
	{ "dup-confirm", inject_dup, 0 },
	{ "status", inject_status, 0 },
	{ "bt", inject_bt, 0 },
	{ "startup-status", inject_startup_status, 0 },
	{ "scan-status", inject_scan_status, 0 },
	{ "delay-scan-complete", inject_scan_delay, 0 },
	{ "scan-complete", inject_scan_complete, 0 },
	{ "no-startup", NULL, offsetof(struct fw, no_startup) },
	{ "lose-scan-complete", NULL, offsetof(struct fw, lose_scan) },
	{ "dup-scan-complete", NULL, offsetof(struct fw, dup_scan) },
	{ "lose-channel-switch", NULL, offsetof(struct fw, lose_switch) },
	{ "dup-channel-switch", NULL, offsetof(struct fw, dup_switch) },
	{ "silence", NULL, offsetof(struct fw, silent) },
};

static int inject(struct fw *fw, const struct injection *x, int n, char **words)
{
	uint32_t arg[4] = { 0 };
	char *end;
	int i;

	if (n > 4)
		return -EINVAL;
	for (i = 0; i < n; i++) {
		arg[i] = strtoul(words[i], &end, 0);
		if (*end || end == words[i])
			return -EINVAL;
	}
	if (x->act)
		return x->act(fw, n, arg);
	if (n)
		return -EINVAL;
	*(bool *)((char *)fw + x->flag) = true;
	return 0;
}

void fw_no_faults(struct fw *fw)
{
	memset(fw->fault, 0, sizeof(fw->fault));
	fw->no_startup = fw->lose_scan = fw->dup_scan = fw->lose_switch = fw->dup_switch = false;
	fw->startup_status = 0;
	fw->scan_status = fw->scan_delay = 0;
	fw->rx_status_n = 0;
	fw_set_timer(fw, FW_T_RX_STATUS, FW_NEVER);
}

int fw_inject(struct fw *fw, int argc, char **argv, const char **why)
{
	size_t i;

	*why = faults;
	for (i = 0; argc > 0 && i < sizeof(injections) / sizeof(injections[0]); i++)
		if (!strcmp(argv[0], injections[i].name))
			return inject(fw, &injections[i], argc - 1, argv + 1);
	return -ENOENT;
}

void fw_print_counters(const struct fw *fw, FILE *out)
{
	struct fw_counters count = fw->count;
	size_t i;

	count.ps_doze_ns = fw_ps_doze_ns(fw);
#define X(name) fprintf(out, "\"fw_" #name "\":%" PRIu64 ",\n", count.name);
	FW_COUNTERS(X)
#undef X
	fprintf(out, "\"req_0004\":%" PRIu64 ",\n", fw->by_id[WSM_REQ_TX]);
	for (i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
		fprintf(out, "\"req_%04x\":%" PRIu64 ",\n", requests[i].id,
			fw->by_id[requests[i].id]);
	fprintf(out, "\"req_mcu\":%" PRIu64 ",\n", fw->by_mcu);
}
