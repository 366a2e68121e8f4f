// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the host may ask at which moment, and what a frame has to look like on
 * its interface. Nothing here changes what the firmware does: a host that
 * breaks one of these rules is told so and served as ever.
 */
#include <string.h>

#include "fw.h"

#define HT_GREENFIELD	2

/* ---- moments ---- */

static bool moves_radio(uint16_t id)
{
	return id == WSM_REQ_START_SCAN || id == WSM_REQ_JOIN || id == WSM_REQ_SWITCH_CHANNEL;
}

/* A scan or join that finds the walk under way is told so by its own handler */
static bool told_elsewhere(const struct fw *fw, uint16_t id)
{
	return fw->scan.phase != FW_SCAN_IDLE && (id == WSM_REQ_START_SCAN || id == WSM_REQ_JOIN);
}

void fw_check_moment(struct fw *fw, uint16_t id, const uint8_t *msg, size_t len)
{
	if (!moves_radio(id) && id != WSM_REQ_RESET)
		return;
	if (fw->scan_owed && !told_elsewhere(fw, id))
		fw_bad(fw, msg, len, "50 §10.4: request %04x while the 0806 of a scan is owed", id);
	if (fw->switch_owed)
		fw_bad(fw, msg, len, "30 §4.14: request %04x while the 080a of a channel switch is owed",
		       id);
	if (fw->tx_host && moves_radio(id))
		fw_bad(fw, msg, len, "30 §8.2: request %04x with unconfirmed frames in the chip: flush first",
		       id);
}

void fw_check_accepted(struct fw *fw, uint16_t id, uint32_t status)
{
	if (id == WSM_REQ_START_SCAN && status == WSM_STATUS_OK)
		fw->scan_owed = true;
	if (id == WSM_REQ_SWITCH_CHANNEL && status == FW_ANSWERED)
		fw->switch_owed = true;
}

void fw_check_sent(struct fw *fw, const uint8_t *msg)
{
	switch (fw_get16(msg + 2) & WSM_ID_MASK) {
	case WSM_IND_SCAN_COMPLETE:
		fw->scan_owed = false;
		break;
	case WSM_IND_SWITCH_CHANNEL:
		fw->switch_owed = false;
		break;
	}
}

/* ---- MIBs ---- */

static bool is_filter(uint16_t id)
{
	return id == WSM_MIB_MULTICAST || id == WSM_MIB_RX_FILTER || id == WSM_MIB_BEACON_IE ||
	       id == WSM_MIB_BEACON_FILTER || id == WSM_MIB_BSSID_FILTER;
}

/* 50 §8.2: an access point sets it between its templates and its start */
static bool prepares_ap(const struct fw_if *ifc, uint16_t id)
{
	return id == WSM_MIB_RX_FILTER && ifc->template[WSM_TEMPLATE_BEACON].len;
}

const char *fw_check_mib(const struct fw_if *ifc, uint16_t id)
{
	switch (id) {
	case WSM_MIB_RTS_THRESHOLD:
	case WSM_MIB_POWER_MODE:
	case WSM_MIB_RATE_POLICY:
	case WSM_MIB_SHORT_GI:
	case WSM_MIB_TXRX_OPT:
	case WSM_MIB_POWER_TABLE:
		if (ifc->id)
			return "31 §1: this MIB is written on interface 0";
		break;
	case WSM_MIB_MULTI_TX_CNF:
		if (ifc->id == WSM_IF_GENERIC)
			return "31 §1: this MIB is written on interfaces 0 and 1";
		break;
	}
	if (is_filter(id) && ifc->role == FW_IDLE && !ifc->ended && !prepares_ap(ifc, id))
		return "31 §5: filters are not sent while the interface has not joined";
	return NULL;
}

/* ---- the template of probe requests ---- */

static bool has_cck(const uint8_t *ie)
{
	int i;

	for (i = 0; ie && i < ie[1]; i++) {
		uint8_t rate = ie[2 + i] & 0x7f;

		if (rate == 2 || rate == 4 || rate == 11 || rate == 22)
			return true;
	}
	return false;
}

const char *fw_check_probes(const struct fw *fw, int band, bool scan)
{
	const struct fw_template *t = &fw->ifs[0].template[WSM_TEMPLATE_PROBE_REQ];
	const uint8_t *rates, *more;

	if (t->len < 24)
		return NULL;
	rates = fw_find_ie(t->frame + 24, t->len - 24, 1);
	more = fw_find_ie(t->frame + 24, t->len - 24, 50);
	/* firmware has joined with a bare template ever since, 50 §5.2 */
	if (scan && (!rates || !rates[1]))
		return "31 §4: probe requests from a template without rates";
	if (band == WSM_BAND_5G && (has_cck(rates) || has_cck(more)))
		return "31 §4: probe requests on 5 GHz from a template with CCK rates";
	return NULL;
}

/* ---- frames ---- */

static const char *check_station(const struct fw_if *ifc, const uint8_t *f)
{
	uint16_t fc = fw_get16(f);
	bool to_bss = !memcmp(f + 4, ifc->bssid, 6), of_bss = !memcmp(f + 16, ifc->bssid, 6);

	if ((fc & FC_TYPE) == FC_DATA)
		return fc & FC_TODS && to_bss ? NULL :
		       "40 §4.8: data to another station than the AP that was joined";
	/* public action frames go to anybody, under the wildcard BSSID */
	if (fc & FC_PROTECTED || (fc & FC_SUBTYPE) != FC_ACTION)
		return to_bss && of_bss ? NULL :
		       "50 §5.1: management frame of another BSS than the one that was joined";
	return of_bss || !memcmp(f + 16, "\xff\xff\xff\xff\xff\xff", 6) ? NULL :
	       "50 §5.1: action frame of another BSS than the one that was joined";
}

static const char *check_addresses(const struct fw *fw, const struct fw_if *ifc, const uint8_t *f,
				   size_t len)
{
	if (len < 16 || memcmp(f + 10, fw->mac[ifc->id], 6))
		return "30 §2.3: address 2 of a frame is not that of its interface";
	if ((fw_get16(f) & FC_TYPE) == FC_CTL)
		return ifc->role != FW_STA || !memcmp(f + 4, ifc->bssid, 6) ? NULL :
		       "50 §5.1: control frame to another station than the AP that was joined";
	return ifc->role == FW_STA ? check_station(ifc, f) : NULL;
}

static bool policy_has_cck(const struct fw_policy *p)
{
	int i;

	for (i = 0; i < WSM_RATE_OFDM_6; i++)
		if (p->tries[i])
			return true;
	return false;
}

static const char *check_rate(const struct fw *fw, const struct fw_if *ifc,
			      const struct wsm_tx_req *req)
{
	const struct fw_policy *p = &fw->policy[req->flags >> WSM_TX_F_POLICY_SHIFT & 7];
	bool is_5g = ifc->freq > 3000;

	if (is_5g && req->max_rate < WSM_RATE_OFDM_6)
		return "30 §2.2: a CCK rate on 5 GHz";
	if (is_5g && policy_has_cck(p))
		return "40 §4.7: a rate policy with CCK rates for a frame on 5 GHz";
	/* 1 (mixed) has been seen with legacy rates, and did no harm */
	if (fw_get32(&req->ht) == HT_GREENFIELD && req->max_rate < WSM_RATE_HT_0)
		return "40 §4.1: greenfield preamble for a legacy rate";
	return NULL;
}

static bool is_eapol(const uint8_t *f, size_t len)
{
	size_t at = fw_hdr_len(fw_get16(f));

	return len >= at + 8 && f[at] == 0xaa && f[at + 6] == 0x88 && f[at + 7] == 0x8e;
}

/* The last frame of a handshake may meet the key that it is about */
static const char *check_plain(struct fw *fw, const struct fw_if *ifc, const uint8_t *f, size_t len)
{
	uint16_t fc = fw_get16(f);

	if ((fc & FC_TYPE) != FC_DATA || fc & (FC_PROTECTED | FC_NODATA) || fw_is_group(f + 4) ||
	    is_eapol(f, len))
		return NULL;
	return fw_pair_key(fw, ifc->id, f + 4) ?
	       "40 §4.3: data without protection although there is a pairwise key" : NULL;
}

/* 40 §4.6; a station that is not known is only ever sent away */
static const char *check_link(const struct fw_if *ifc, const struct wsm_tx_req *req,
			      const uint8_t *f)
{
	int link = req->queue >> WSM_TX_QUEUE_LINK_SHIFT, own = fw_link_of(ifc, f + 4);
	uint16_t sub = fw_get16(f) & (FC_TYPE | FC_SUBTYPE);

	if (ifc->role != FW_AP)
		return NULL;
	if (fw_is_group(f + 4))
		return link ? "40 §4.6: a group frame with a link id" : NULL;
	if (own == WSM_RX_LINK_UNMAPPED)
		return !link && (sub == FC_DEAUTH || sub == FC_DISASSOC) ? NULL :
		       "40 §4.6: a frame to a station without a link";
	return link == own ? NULL : "40 §4.6: the link id of a frame is not that of its receiver";
}

const char *fw_check_tx(struct fw *fw, const struct fw_if *ifc, const struct wsm_tx_req *req,
			const uint8_t *f, size_t len)
{
	const char *why = fw->switch_owed ?
			  "30 §4.14: a frame while the 080a of a channel switch is owed" : NULL;

	if (!why)
		why = check_addresses(fw, ifc, f, len);
	if (!why)
		why = check_rate(fw, ifc, req);
	if (!why)
		why = check_plain(fw, ifc, f, len);
	return why ? why : check_link(ifc, req, f);
}
