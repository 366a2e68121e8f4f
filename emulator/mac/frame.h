/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MAC_FRAME_H
#define MAC_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 802.11, as far as a chip looks into it; frame control as u16 */
#define FC_TYPE		0x000c
#define FC_MGMT		0x0000
#define FC_CTL		0x0004
#define FC_DATA		0x0008
#define FC_SUBTYPE	0x00fc
#define FC_ASSOC_REQ	0x0000
#define FC_REASSOC_REQ	0x0020
#define FC_PROBE_REQ	0x0040
#define FC_PROBE_RESP	0x0050
#define FC_BEACON	0x0080
#define FC_DISASSOC	0x00a0
#define FC_AUTH		0x00b0
#define FC_DEAUTH	0x00c0
#define FC_ACTION	0x00d0
#define FC_BAR		0x0084
#define FC_PS_POLL	0x00a4
#define FC_NULL		0x0048
#define FC_QOS		0x0080
#define FC_NODATA	0x0040
#define FC_TODS		0x0100
#define FC_FROMDS	0x0200
#define FC_RETRY	0x0800
#define FC_PM		0x1000
#define FC_MORE		0x2000
#define FC_PROTECTED	0x4000
#define FC_ORDER	0x8000
#define HDR_MAX		36

static inline uint16_t mac_get16(const void *p)
{
	const uint8_t *b = p;

	return b[0] | b[1] << 8;
}

static inline uint32_t mac_get32(const void *p)
{
	return mac_get16(p) | (uint32_t)mac_get16((const uint8_t *)p + 2) << 16;
}

static inline void mac_put16(void *p, uint16_t v)
{
	uint8_t *b = p;

	b[0] = v;
	b[1] = v >> 8;
}

static inline void mac_put32(void *p, uint32_t v)
{
	mac_put16(p, v);
	mac_put16((uint8_t *)p + 2, v >> 16);
}

static inline bool mac_is_group(const uint8_t *mac)
{
	return mac[0] & 1;
}

size_t mac_hdr_len(uint16_t fc);
/* Group management frames that BIP protects */
bool mac_is_robust_group(const uint8_t *frame, size_t len);

#endif /* MAC_FRAME_H */
