/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The generic netlink family "MAC80211_HWSIM" as far as a medium needs it.
 * The kernel does not install a header for it, so the numbers stand here. They
 * are ABI: the kernel only ever appends.
 */
#ifndef HWSIM_WIRE_H
#define HWSIM_WIRE_H

#include <stdint.h>

#define HWSIM_FAMILY		"MAC80211_HWSIM"
#define HWSIM_GROUP_CONFIG	"config"
#define HWSIM_VERSION		1

enum hwsim_cmd {
	HWSIM_CMD_REGISTER = 1,
	HWSIM_CMD_FRAME = 2,
	HWSIM_CMD_TX_INFO_FRAME = 3,
	HWSIM_CMD_NEW_RADIO = 4,
	HWSIM_CMD_DEL_RADIO = 5,
	HWSIM_CMD_GET_RADIO = 6,
	HWSIM_CMD_ADD_MAC_ADDR = 7,
	HWSIM_CMD_DEL_MAC_ADDR = 8,
};

enum hwsim_attr {
	HWSIM_ATTR_ADDR_RECEIVER = 1,
	HWSIM_ATTR_ADDR_TRANSMITTER = 2,
	HWSIM_ATTR_FRAME = 3,
	HWSIM_ATTR_FLAGS = 4,
	HWSIM_ATTR_RX_RATE = 5,
	HWSIM_ATTR_SIGNAL = 6,
	HWSIM_ATTR_TX_INFO = 7,
	HWSIM_ATTR_COOKIE = 8,
	HWSIM_ATTR_RADIO_ID = 10,
	HWSIM_ATTR_RADIO_NAME = 17,
	HWSIM_ATTR_FREQ = 19,
	HWSIM_ATTR_TX_INFO_FLAGS = 21,
	/* Highest that is parsed; later ones are skipped. */
	HWSIM_ATTR_LAST = 21,
};

/* HWSIM_ATTR_FLAGS */
#define HWSIM_TX_CTL_REQ_TX_STATUS	(1u << 0)
#define HWSIM_TX_CTL_NO_ACK		(1u << 1)
#define HWSIM_TX_STAT_ACK		(1u << 2)

/* Entries of HWSIM_ATTR_TX_INFO and HWSIM_ATTR_TX_INFO_FLAGS */
#define HWSIM_RATES	4

struct hwsim_tx_rate {
	int8_t idx;		/* -1: no more rates */
	uint8_t count;
} __attribute__((packed));

struct hwsim_tx_rate_flag {
	int8_t idx;
	uint16_t flags;
} __attribute__((packed));

#define HWSIM_RC_MCS		(1u << 3)
#define HWSIM_RC_40_MHZ		(1u << 5)
#define HWSIM_RC_SHORT_GI	(1u << 7)
#define HWSIM_RC_VHT_MCS	(1u << 8)
#define HWSIM_RC_80_MHZ		(1u << 9)
#define HWSIM_RC_160_MHZ	(1u << 10)

/* What the kernel accepts as HWSIM_ATTR_FRAME of a received frame */
#define HWSIM_RX_MIN		24
#define HWSIM_RX_MAX		2304

#endif /* HWSIM_WIRE_H */
