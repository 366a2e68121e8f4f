// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A station that dozes (60 section 6). In the old mode all frames say so, and
 * what the AP keeps is fetched by PS-Poll. In the fast mode the station tells
 * the AP by null frames: awake as long as there is traffic, and a while after.
 */
#include <string.h>

#include "fw.h"

#define IDLE_UNIT	500000ULL
#define IDLE_DEFAULT	20		/* where the request does not say */

bool fw_ps_awake(const struct fw_if *ifc)
{
	return !(ifc->pm & 1) || ifc->ps == FW_PS_AWAKE;
}

static bool is_fast(const struct fw_if *ifc)
{
	return ifc->pm == WSM_PM_FAST_PS;
}

static void set_state(struct fw *fw, struct fw_if *ifc, enum fw_ps state)
{
	if (ifc->ps == state)
		return;
	if (ifc->ps == FW_PS_DOZE)
		fw->count.ps_doze_ns += fw->chip->now - ifc->doze_since;
	if (state == FW_PS_DOZE) {
		fw->count.ps_dozes++;
		ifc->doze_since = fw->chip->now;
	}
	ifc->ps = state;
}

uint64_t fw_ps_doze_ns(const struct fw *fw)
{
	uint64_t sum = fw->count.ps_doze_ns;
	int i;

	for (i = 0; i < FW_IFS; i++)
		if (fw->ifs[i].ps == FW_PS_DOZE)
			sum += fw->chip->now - fw->ifs[i].doze_since;
	return sum;
}

static void idle_again(struct fw *fw, const struct fw_if *ifc)
{
	uint64_t units = ifc->fast_idle ? ifc->fast_idle : IDLE_DEFAULT;

	fw_set_timer(fw, FW_T_PS + ifc->id, fw->chip->now + units * IDLE_UNIT);
}

void fw_ps_mode(struct fw *fw, struct fw_if *ifc, uint8_t mode)
{
	ifc->pm = mode;
	fw_set_timer(fw, FW_T_PS + ifc->id, FW_NEVER);
	set_state(fw, ifc, mode & 1 ? FW_PS_DOZE : FW_PS_AWAKE);
}

void fw_ps_stop(struct fw *fw, struct fw_if *ifc)
{
	fw_ps_mode(fw, ifc, WSM_PM_ACTIVE);
}

/* ---- traffic ---- */

void fw_ps_host_frame(struct fw *fw, struct fw_if *ifc)
{
	if (!is_fast(ifc))
		return;
	/* the frame itself tells the AP */
	fw->count.ps_wakes += ifc->ps != FW_PS_AWAKE;
	set_state(fw, ifc, FW_PS_AWAKE);
	idle_again(fw, ifc);
}

static void ps_poll(struct fw *fw, struct fw_if *ifc)
{
	uint8_t poll[16];

	fw_put16(poll, FC_PS_POLL);
	fw_put16(poll + 2, ifc->aid | 0xc000);
	memcpy(poll + 4, ifc->bssid, 6);
	memcpy(poll + 10, fw->mac[ifc->id], 6);
	fw->count.ps_polls++;
	fw_tx_own(fw, ifc, FW_TX_OTHER, poll, sizeof(poll), ifc->freq, 0xff, false);
}

void fw_ps_data(struct fw *fw, struct fw_if *ifc, uint16_t fc)
{
	if (!(ifc->pm & 1))
		return;
	if (is_fast(ifc) && ifc->ps == FW_PS_AWAKE)
		idle_again(fw, ifc);
	else if (!is_fast(ifc) && fc & FC_MORE)
		ps_poll(fw, ifc);
}

void fw_ps_tim(struct fw *fw, struct fw_if *ifc)
{
	if (!(ifc->pm & 1) || fw->freq != ifc->freq)
		return;
	if (!is_fast(ifc)) {
		ps_poll(fw, ifc);
		return;
	}
	if (ifc->ps != FW_PS_DOZE)
		return;
	fw->count.ps_wakes++;
	set_state(fw, ifc, FW_PS_AWAKE);
	idle_again(fw, ifc);
	fw_tx_null(fw, ifc, FW_TX_OTHER, false);
}

/* ---- back to sleep ---- */

void fw_ps_left(struct fw *fw, struct fw_if *ifc)
{
	if (ifc->pm & 1)
		set_state(fw, ifc, FW_PS_DOZE);
}

void fw_ps_timer(struct fw *fw, struct fw_if *ifc)
{
	if (!is_fast(ifc) || ifc->ps != FW_PS_AWAKE || ifc->role != FW_STA)
		return;
	/* not with frames under way, nor from another channel */
	if (fw->tx_host || fw->freq != ifc->freq) {
		idle_again(fw, ifc);
		return;
	}
	set_state(fw, ifc, FW_PS_LEAVING);
	fw_tx_null(fw, ifc, FW_TX_PS, true);
}

/* Whoever woke us meanwhile has told the AP behind this frame */
void fw_ps_null_done(struct fw *fw, struct fw_if *ifc, bool acked)
{
	if (ifc->ps != FW_PS_LEAVING)
		return;
	set_state(fw, ifc, acked ? FW_PS_DOZE : FW_PS_AWAKE);
	if (!acked)
		idle_again(fw, ifc);
}
