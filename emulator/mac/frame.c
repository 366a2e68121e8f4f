// SPDX-License-Identifier: GPL-2.0-or-later
#include "frame.h"

size_t mac_hdr_len(uint16_t fc)
{
	size_t len = 24;

	if ((fc & FC_TYPE) == FC_CTL)
		return (fc & FC_SUBTYPE) == 0x00c4 || (fc & FC_SUBTYPE) == 0x00d4 ? 10 : 16;
	if ((fc & FC_TYPE) == FC_DATA) {
		if ((fc & (FC_TODS | FC_FROMDS)) == (FC_TODS | FC_FROMDS))
			len += 6;
		if (fc & FC_QOS)
			len += fc & FC_ORDER ? 6 : 2;
	} else if (fc & FC_ORDER) {
		len += 4;
	}
	return len;
}

bool mac_is_robust_group(const uint8_t *frame, size_t len)
{
	uint16_t sub = mac_get16(frame) & FC_SUBTYPE;

	if (len < 25 || !mac_is_group(frame + 4))
		return false;
	if (sub == FC_ACTION)	/* public, HT and VHT actions are not robust */
		return frame[24] != 4 && frame[24] != 7 && frame[24] != 11 && frame[24] != 21 &&
		       frame[24] != 127;
	return sub == FC_DEAUTH || sub == FC_DISASSOC;
}
