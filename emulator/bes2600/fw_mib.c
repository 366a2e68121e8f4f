// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * MIBs: sizes by sheet 31 §1, values kept as they came for reading back; those
 * that change what the firmware does are also taken apart.
 */
#include <stdlib.h>
#include <string.h>

#include "fw.h"

enum mib_form {
	FIXED,		/* exactly size bytes */
	COUNT8,		/* 4 + n * size, n in the first byte */
	COUNT32,	/* 4 + n * size, n in the first word */
	TAIL,		/* at least size */
};

#define READ_ONLY	0x80

static const struct mib {
	uint16_t id;
	uint8_t form, size, max;
} mibs[] = {
	{ 0x0000, FIXED | READ_ONLY, 6, 0 }, { 0x0001, FIXED, 4, 0 }, { 0x0002, FIXED, 4, 0 },
	{ 0x0003, FIXED, 4, 0 }, { 0x0004, FIXED, 56, 0 }, { 0x0005, FIXED, 4, 0 },
	{ 0x0006, FIXED, 4, 0 }, { 0x0007, FIXED, 4, 0 },
	{ 0x1000, FIXED, 4, 0 }, { 0x1001, FIXED, 8, 0 }, { 0x1002, TAIL, 4, 0 },
	{ 0x1003, FIXED, 4, 0 }, { 0x1004, COUNT32, 8, 32 }, { 0x1005, FIXED, 8, 0 },
	{ 0x1006, FIXED, 4, 0 }, { 0x1007, FIXED, 4, 0 }, { 0x1009, FIXED, 4, 0 },
	{ 0x100a, TAIL, 0, 0 }, { 0x100b, TAIL, 0, 0 }, { 0x100c, FIXED | READ_ONLY, 88, 0 },
	{ 0x100d, TAIL, 0, 0 }, { 0x100e, FIXED, 4, 0 }, { 0x100f, FIXED, 4, 0 },
	{ 0x1010, FIXED, 8, 0 }, { 0x1011, TAIL, 0, 0 }, { 0x1012, TAIL, 0, 0 },
	{ 0x1013, FIXED, 8, 0 }, { 0x1015, TAIL, 0, 0 }, { 0x1016, COUNT8, 20, 8 },
	{ 0x1017, TAIL, 0, 0 }, { 0x1018, TAIL, 0, 0 }, { 0x1019, FIXED, 16, 0 },
	{ 0x101a, COUNT8, 4, 4 }, { 0x101b, COUNT8, 4, 4 }, { 0x101c, TAIL, 0, 0 },
	{ 0x101d, TAIL, 0, 0 }, { 0x101e, TAIL, 0, 0 }, { 0x101f, TAIL, 0, 0 },
	{ 0x1020, FIXED, 4, 0 }, { 0x1021, FIXED, 4, 0 }, { 0x1022, FIXED, 4, 0 },
	{ 0x1023, FIXED | READ_ONLY, 8, 0 }, { 0x1024, FIXED, 4, 0 }, { 0x1025, FIXED, 4, 0 },
	{ 0x1026, FIXED, 4, 0 }, { 0x1030, COUNT8, 8, 255 }, { 0x1031, COUNT8, 8, 255 },
	{ 0x1032, COUNT8, 20, 255 }, { 0x1033, FIXED, 4, 0 }, { 0x1034, FIXED, 20, 0 },
	{ 0x1035, FIXED, 4, 0 }, { 0x1040, TAIL, 0, 0 }, { 0x1041, TAIL, 4, 0 },
	{ 0x1042, FIXED, 4, 0 }, { 0x1043, FIXED, 1, 0 }, { 0x1044, FIXED, 4, 0 },
	{ 0x1045, FIXED, 1, 0 },
};

#define N_MIBS (sizeof(mibs) / sizeof(mibs[0]))
_Static_assert(N_MIBS <= FW_MIBS, "room for the values");

static int find_mib(uint16_t id)
{
	size_t i;

	for (i = 0; i < N_MIBS; i++)
		if (mibs[i].id == id)
			return i;
	return -1;
}

void fw_mib_forget(struct fw *fw)
{
	for (int i = 0; i < FW_IFS; i++)
		fw_value_forget(fw->mib[i], FW_MIBS);
}

void fw_mib_print(const struct fw *fw, int if_id, FILE *out)
{
	const char *comma = "";

	for (size_t i = 0; i < N_MIBS; i++) {
		const struct fw_mib_value *v = &fw->mib[if_id][i];

		if (!v->data)
			continue;
		fprintf(out, "%s\"%04x\": ", comma, mibs[i].id);
		fw_print_hex(v->data, v->len, out);
		comma = ", ";
	}
}

void fw_mib_drop(struct fw *fw, int if_id, uint16_t id)
{
	struct fw_mib_value *v = &fw->mib[if_id][find_mib(id)];

	free(v->data);
	memset(v, 0, sizeof(*v));
}

static bool size_fits(const struct mib *m, const uint8_t *data, size_t len)
{
	uint32_t n;

	switch (m->form & ~READ_ONLY) {
	case FIXED:
		return len == m->size;
	case TAIL:
		return len >= m->size;
	}
	if (len < 4)
		return false;
	n = (m->form & ~READ_ONLY) == COUNT8 ? data[0] : fw_get32(data);
	return n <= m->max && len == 4 + n * m->size;
}

/* ---- those that act; each returns NULL or what is wrong ---- */

_Static_assert(FW_TEMPLATE_MAX >= BES_MSG_MAX - 12, "room for the longest message");

static const char *write_template(struct fw_if *ifc, const uint8_t *d, size_t len)
{
	const struct wsm_mib_template *t = (const void *)d;
	uint8_t rate = t->rate & 0x7f;
	struct fw_template *to;

	if (t->type >= FW_TEMPLATES)
		return "31 §4: template types are 0..7";
	if (fw_get16(&t->len) != len - 4)
		return "31 §4: the frame length of the template is not that of the MIB";
	if (t->rate != 0xff && (rate > WSM_RATE_MAX || WSM_RATE_HOLE(rate)))
		return "31 §4: no such rate for a template";
	if (len - 4 && len - 4 < (t->type == WSM_TEMPLATE_PS_POLL ? 16u : 24u))
		return "31 §4: the template is shorter than an 802.11 header";
	to = &ifc->template[t->type];
	to->len = len - 4;
	to->rate = t->rate;
	memcpy(to->frame, t->frame, to->len);
	return NULL;
}

static const char *check_policy(const struct wsm_rate_policy *p)
{
	if (p->index >= WSM_POLICIES)
		return "31 §3: policy indexes are 0..7";
	if (p->reserved[0] || p->reserved[1] || p->reserved[2] || p->recovery)
		return "31 §3: bytes of a rate policy that must be zero";
	if (p->flags & ~(3 | WSM_POLICY_F_TERMINATE | WSM_POLICY_F_COUNT_FIRST))
		return "31 §3: unknown flags in a rate policy";
	if (p->tries[2])
		return "30 §2.2: rates 4 and 5 of a policy do not exist";
	if (p->tries[11])
		return "30 §2.2: a rate policy names rates above 21";
	return NULL;
}

static const char *write_policies(struct fw *fw, const uint8_t *d)
{
	const struct wsm_mib_rate_policy *m = (const void *)d;
	const char *why;
	int i, r;

	if (!m->count || m->reserved[0] || m->reserved[1] || m->reserved[2])
		return "31 §3: 1..8 rate policies, three zero bytes behind the number";
	for (i = 0; i < m->count; i++) {
		why = check_policy(&m->p[i]);
		if (why)
			return why;
	}
	for (i = 0; i < m->count; i++) {
		struct fw_policy *to = &fw->policy[m->p[i].index];

		to->used = true;
		to->short_retries = m->p[i].short_retries;
		for (r = 0; r < 24; r++)
			to->tries[r] = m->p[i].tries[r / 2] >> 4 * (r % 2) & 0xf;
	}
	return NULL;
}

static const char *write_multicast(struct fw_if *ifc, const uint8_t *d)
{
	const struct wsm_mib_multicast *m = (const void *)d;
	uint32_t i, n = fw_get32(&m->count);

	if (fw_get32(&m->enable) > 2 || n > 8)
		return "31 §5.5: multicast filter: enable 0..2, at most 8 addresses";
	for (i = 0; i < n; i++)
		if (!fw_is_group(m->addr[i]))
			return "31 §5.5: an address of the multicast filter is no group address";
	ifc->multicast = *m;
	return NULL;
}

static const char *write_keep_alive(struct fw *fw, struct fw_if *ifc, const uint8_t *d)
{
	if (fw_get16(d + 2))
		return "31 §2.1: keep-alive: two zero bytes follow the period";
	ifc->keep_alive = fw_get16(d);
	fw_set_timer(fw, FW_T_ALIVE + ifc->id,
		     ifc->keep_alive ? fw->chip->now + ifc->keep_alive * 1000 * MS : FW_NEVER);
	return NULL;
}

static const char *write_beacon_ies(struct fw_if *ifc, const uint8_t *d)
{
	ifc->n_ies = fw_get32(d);
	memcpy(ifc->ies, d + 4, ifc->n_ies * sizeof(ifc->ies[0]));
	memset(ifc->ie_hash, 0, sizeof(ifc->ie_hash));
	return NULL;
}

static const char *write_rcpi(struct fw_if *ifc, const uint8_t *d)
{
	memcpy(&ifc->rcpi, d, sizeof(ifc->rcpi));
	if (ifc->rcpi.mode & 0xf0)
		return "31 §2.1: unknown bits in the RCPI threshold mode";
	ifc->rcpi_average = 0;
	ifc->rcpi_side = 0;
	return NULL;
}

static const char *write_filters(struct fw_if *ifc, uint16_t id, const uint8_t *d)
{
	switch (id) {
	case WSM_MIB_RX_FILTER:
		if (fw_get32(d) & ~0x1fu)
			return "31 §5.1: unknown bits in the RX filter";
		ifc->rx_filter = fw_get32(d);
		break;
	case WSM_MIB_BEACON_FILTER:
		if (fw_get32(d) & ~7u)
			return "31 §5.4: unknown bits in the beacon filter";
		ifc->beacon_flags = fw_get32(d);
		ifc->beacon_count = fw_get32(d + 4);
		ifc->beacons_seen = 0;
		break;
	case WSM_MIB_BSSID_FILTER:
		if (d[0] > 1 || d[1] || d[2] || d[3])
			return "31 §5.2: BSSID filter: 0 or 1, then three zero bytes";
		ifc->bssid_filter_off = d[0];
		break;
	}
	return NULL;
}

static const char *write_assoc(struct fw_if *ifc, uint16_t id, const uint8_t *d)
{
	switch (id) {
	case WSM_MIB_BA_POLICY:
		if (d[1] || d[3])
			return "31 §2.1: block-ack policy: bytes 1 and 3 are zero";
		memcpy(&ifc->ba, d, sizeof(ifc->ba));
		break;
	case WSM_MIB_ASSOC_MODE:
		if (d[0] & 0xe0 || d[1] > 2 || d[2] > 1 || d[3] > 7)
			return "31 §2.1: association mode out of range";
		ifc->assoc_ht = d[0] & 2;
		break;
	case WSM_MIB_MGMT_POLICY:
		if (fw_get32(d) & ~7u)
			return "31 §2.1: unknown bits in the protected management policy";
		ifc->mgmt_policy = fw_get32(d);
		break;
	case WSM_MIB_WEP_KEY_ID:
		if (fw_get32(d) > 3)
			return "31 §2.1: WEP key ids are 0..3";
		ifc->wep_key_id = fw_get32(d);
		break;
	}
	return NULL;
}

static const char *check_value(uint16_t id, const uint8_t *d)
{
	switch (id) {
	case WSM_MIB_SLOT_TIME:
		return fw_get32(d) == 9 || fw_get32(d) == 20 ? NULL : "31 §2.1: slot time is 9 or 20";
	case WSM_MIB_POWER_MODE:
		return (fw_get32(d) & 15) > 2 || fw_get32(d) & ~0x3fu ?
		       "31 §2.1: unknown operational power mode" : NULL;
	case WSM_MIB_BEACON_WAKEUP:
		return d[1] ? "31 §2.1: byte 1 of the beacon wake-up period is zero" : NULL;
	case WSM_MIB_UAPSD:
		return fw_get16(d) & ~15u ? "31 §2.1: U-APSD has four flags" : NULL;
	case WSM_MIB_POWER_TABLE:
		return d[0] == 1 || d[0] == 2 ? NULL : "31 §2.1: power tables are 1 and 2";
	case WSM_MIB_MULTI_TX_CNF:
	case WSM_MIB_NON_ERP:
		return fw_get32(d) > 1 ? "31 §2.1: this MIB is 0 or 1" : NULL;
	case WSM_MIB_SHORT_GI:
		return d[0] > 1 ? "31 §2.1: short GI is 0 or 1" : NULL;
	case WSM_MIB_ARP:
		return fw_get32(d) > 3 ? "31 §5.6: ARP offload has two bits" : NULL;
	}
	return NULL;
}

static const char *act(struct fw *fw, struct fw_if *ifc, uint16_t id, const uint8_t *d, size_t len)
{
	switch (id) {
	case WSM_MIB_TEMPLATE:
		return write_template(ifc, d, len);
	case WSM_MIB_RATE_POLICY:
		return write_policies(fw, d);
	case WSM_MIB_MULTICAST:
		return write_multicast(ifc, d);
	case WSM_MIB_KEEP_ALIVE:
		return write_keep_alive(fw, ifc, d);
	case WSM_MIB_BEACON_IE:
		return write_beacon_ies(ifc, d);
	case WSM_MIB_RCPI:
		return write_rcpi(ifc, d);
	case WSM_MIB_RX_FILTER:
	case WSM_MIB_BEACON_FILTER:
	case WSM_MIB_BSSID_FILTER:
		return write_filters(ifc, id, d);
	case WSM_MIB_BA_POLICY:
	case WSM_MIB_ASSOC_MODE:
	case WSM_MIB_MGMT_POLICY:
	case WSM_MIB_WEP_KEY_ID:
		return write_assoc(ifc, id, d);
	case WSM_MIB_MULTI_TX_CNF:
		ifc->multi_tx = d[0];
		break;
	case WSM_MIB_SHORT_GI:
		fw->short_gi = d[0];
		break;
	}
	return check_value(id, d);
}

/* lp.active_again: some firmware is said not to answer "active" while it is active */
static bool unanswered_power_mode(struct fw *fw, uint16_t id, const uint8_t *d)
{
	bool again;

	if (id != WSM_MIB_POWER_MODE)
		return false;
	again = !(d[0] & 15) && !fw->low_power;
	fw->low_power = d[0] & 15;
	return again && knob_is(fw->chip->knobs, KNOB_lp_active_again, "never");
}

uint32_t fw_mib_write(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len)
{
	uint16_t id = fw_get16(msg + 4), size = fw_get16(msg + 6);
	const uint8_t *d = msg + 8;
	int i = find_mib(id);
	const char *why = NULL;

	if (size != len - 8) {
		fw_bad(fw, msg, len, "30 §4.2: MIB %04x of %u bytes in a message of %zu", id, size, len);
		return WSM_STATUS_INVALID;
	}
	if ((id >= 0x1030 || i < 0) && knob_is(fw->chip->knobs, KNOB_mib_unknown, "refused"))
		return WSM_STATUS_INVALID;
	if (i < 0) {
		fw_bad(fw, msg, len, "31 §1: no MIB %04x", id);
		return WSM_STATUS_OK;
	}
	if (mibs[i].form & READ_ONLY)
		why = "31 §1: this MIB can only be read";
	else if (!size_fits(&mibs[i], d, size))
		why = "31 §1: the size of the MIB is wrong";
	else
		why = fw_check_mib(ifc, id);
	if (!why)
		why = act(fw, ifc, id, d, size);
	if (why) {
		fw_bad(fw, msg, len, "%s (MIB %04x, %u bytes)", why, id, size);
		return WSM_STATUS_INVALID;
	}
	fw_value_keep(&fw->mib[ifc->id][i], d, size);
	if (unanswered_power_mode(fw, id, d)) {
		fw->has_pending = false;
		return FW_ANSWERED;
	}
	return WSM_STATUS_OK;
}

/* Values that come from the firmware and not from the host */
static void refresh(struct fw *fw, struct fw_if *ifc, int i)
{
	struct wsm_mib_counters c = fw->mib_counters;
	uint8_t tsf[8];

	if (mibs[i].id == WSM_MIB_STATION_ID) {
		fw_value_keep(&fw->mib[ifc->id][i], fw->mac[ifc->id], 6);
	} else if (mibs[i].id == WSM_MIB_COUNTERS) {
		fw_value_keep(&fw->mib[ifc->id][i], (const uint8_t *)&c, sizeof(c));
	} else if (mibs[i].id == 0x1023) {
		fw_put32(tsf, fw->chip->now / 1000);
		fw_put32(tsf + 4, fw->chip->now / 1000 >> 32);
		fw_value_keep(&fw->mib[ifc->id][i], tsf, sizeof(tsf));
	}
}

void fw_mib_read(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len)
{
	uint8_t buf[sizeof(struct wsm_read_mib_cnf) + BES_MSG_MAX] = { 0 };
	struct wsm_read_mib_cnf *cnf = (void *)buf;
	uint16_t id = fw_get16(msg + 4), size = 0;
	uint32_t status = WSM_STATUS_OK;
	int i = find_mib(id);

	if (fw_get16(msg + 6) || ifc->id)
		fw_bad(fw, msg, len, "30 §4.1: read MIB: two zero bytes behind the id, interface 0");
	if (i < 0) {
		fw_bad(fw, msg, len, "31 §1: no MIB %04x to read", id);
		status = WSM_STATUS_INVALID;
	} else {
		refresh(fw, ifc, i);
		size = fw->mib[ifc->id][i].len;
		if (size)
			memcpy(cnf->data, fw->mib[ifc->id][i].data, size);
		else if (mibs[i].form == FIXED)
			size = mibs[i].size;
	}
	fw_put32(&cnf->status, status);
	fw_put16(&cnf->mib, id);
	fw_put16(&cnf->len, size);
	fw_confirm(fw, fw->pending, buf, sizeof(*cnf) + size);
}

/* ---- 0x001b: elements of templates ---- */

static void patch_ie(struct fw_template *t, size_t fixed, const uint8_t *ie)
{
	size_t n = 2 + ie[1], at, old;
	const uint8_t *p;

	if (t->len < fixed)
		return;
	p = fw_find_ie(t->frame + fixed, t->len - fixed, ie[0]);
	at = p ? (size_t)(p - t->frame) : t->len;
	old = p ? 2u + p[1] : 0;
	if (t->len - old + n > FW_TEMPLATE_MAX)
		return;
	memmove(t->frame + at + n, t->frame + at + old, t->len - at - old);
	memcpy(t->frame + at, ie, n);
	t->len += n - old;
}

static bool count_ies(const uint8_t *p, size_t len, unsigned int want)
{
	unsigned int n = 0;

	for (; len >= 2 && len >= 2u + p[1]; n++) {
		len -= 2 + p[1];
		p += 2 + p[1];
	}
	return !len && n == want;
}

uint32_t fw_update_ie(struct fw *fw, struct fw_if *ifc, const uint8_t *msg, size_t len)
{
	uint16_t what = fw_get16(msg + 4), n = fw_get16(msg + 6);
	const uint8_t *ie = msg + 8;

	if (!what || what & ~7 || !n || !count_ies(ie, len - 8, n)) {
		fw_bad(fw, msg, len, "30 §4.16: update IE: targets %04x, %u elements that do not fill "
		       "the message", what, n);
		return WSM_STATUS_INVALID;
	}
	for (; n--; ie += 2 + ie[1]) {
		if (what & 1)
			patch_ie(&ifc->template[WSM_TEMPLATE_BEACON], 36, ie);
		if (what & 2)
			patch_ie(&ifc->template[WSM_TEMPLATE_PROBE_RESP], 36, ie);
		if (what & 4)
			patch_ie(&ifc->template[WSM_TEMPLATE_PROBE_REQ], 24, ie);
	}
	return WSM_STATUS_OK;
}
