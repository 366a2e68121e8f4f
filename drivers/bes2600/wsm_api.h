/* SPDX-License-Identifier: GPL-2.0-only OR BSD-3-Clause */
/*
 * The wire of the BES2600: bus registers, loader frames, WSM messages, MIBs.
 *
 * Nothing but the wire: no driver state, no pointers. Also included by the
 * emulated chip and by unit tests in user space. All fields little-endian.
 */
#ifndef WSM_API_H
#define WSM_API_H

#include <linux/types.h>
#ifdef __KERNEL__
#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/stddef.h>
#else
#include <assert.h>
#include <stddef.h>
#ifndef __packed
#define __packed __attribute__((__packed__))
#endif
#ifndef BIT
#define BIT(n) (1UL << (n))
#endif
#endif

#define WSM_ASSERT_SIZE(type, size) \
	static_assert(sizeof(struct type) == (size), #type)
#define WSM_ASSERT_AT(type, member, at) \
	static_assert(offsetof(struct type, member) == (at), #type "." #member)

/* ---- SDIO function 1 registers, CMD52 only ---- */
#define BES_SDIO_VENDOR_ID	0xbe57
#define BES_SDIO_DEVICE_ID	0x2002
#define BES_BLOCK_SIZE		512

#define BES_REG_MSG_LO		0x000	/* boot: length 7:0; run: bit 0 = nothing pending */
#define BES_REG_MSG_HI		0x001	/* boot: length 15:8; run: toggle | blocks; read = ack */
#define BES_REG_RX_BUFS		0x108	/* boot: free receive buffers */
#define BES_REG_FRAME_MAX	0x109	/* boot: largest frame, u16 */
#define BES_REG_STATUS		0x10c	/* BES_STATUS_* */
#define BES_REG_CMD_LO		0x120	/* doorbell, low byte fires */
#define BES_REG_CMD_HI		0x121	/* doorbell, high byte, written first */
#define BES_REG_AP_WAKE		0x124

#define BES_MSG_LO_IDLE		BIT(0)
#define BES_MSG_HI_BLOCKS	0x7f
#define BES_MSG_HI_TOGGLE	BIT(7)

#define BES_STATUS_MCU_READY	BIT(0)
#define BES_STATUS_DPD_READY	BIT(1)
#define BES_STATUS_WIFI_READY	BIT(2)
#define BES_STATUS_BT_READY	BIT(3)
#define BES_STATUS_MCU_AWAKE	BIT(4)
#define BES_STATUS_BT_AWAKE	BIT(5)

#define BES_CMD_MCU_ACTIVE	0x0009
#define BES_CMD_MCU_DEACTIVE	0x0005
#define BES_CMD_WIFI_ACTIVE	0x0021
#define BES_CMD_WIFI_DEACTIVE	0x0011
#define BES_CMD_WIFI_DEBUG	0x0041
#define BES_CMD_BT_ACTIVE	0x0101
#define BES_CMD_BT_DEACTIVE	0x0081
#define BES_CMD_BT_WAKE		0x0401
#define BES_CMD_BT_SLEEP	0x0801

/* CMD53 "address" in run mode */
#define BES_ADDR_TOGGLE		BIT(16)
#define BES_ADDR_CLASS		0x3
#define BES_BURST_MSGS		16
#define BES_SLOT_MAX		1632
#define BES_BURST_BLOCKS	51
#define BES_BURST_BYTES		(BES_BURST_BLOCKS * BES_BLOCK_SIZE)
#define BES_MSG_MAX		1628	/* longest message to the chip */

/* ---- loader ---- */
enum bes_frame_type {
	BES_FRAME_REPLY = 0xb0,
	BES_FRAME_INFO = 0xb1,
	BES_FRAME_DATA = 0xb2,
	BES_FRAME_END = 0xb3,
	BES_FRAME_RUN = 0xb4,
};

struct bes_frame_hdr {
	__u8 type;
	__u8 seq;
	__le16 len;		/* bytes after this header */
} __packed;
WSM_ASSERT_SIZE(bes_frame_hdr, 4);
WSM_ASSERT_AT(bes_frame_hdr, type, 0);
WSM_ASSERT_AT(bes_frame_hdr, seq, 1);
WSM_ASSERT_AT(bes_frame_hdr, len, 2);

struct bes_frame_reply {
	struct bes_frame_hdr hdr;
	__le32 result;
} __packed;
WSM_ASSERT_SIZE(bes_frame_reply, 8);
WSM_ASSERT_AT(bes_frame_reply, hdr, 0);
WSM_ASSERT_AT(bes_frame_reply, result, 4);

struct bes_frame_info {
	struct bes_frame_hdr hdr;
	__le32 len;
	__le32 addr;
} __packed;
WSM_ASSERT_SIZE(bes_frame_info, 12);
WSM_ASSERT_AT(bes_frame_info, hdr, 0);
WSM_ASSERT_AT(bes_frame_info, len, 4);
WSM_ASSERT_AT(bes_frame_info, addr, 8);

/* DATA: address, then the bytes. END: CRC-32. RUN: load address. */
struct bes_frame_word {
	struct bes_frame_hdr hdr;
	__le32 word;
} __packed;
WSM_ASSERT_SIZE(bes_frame_word, 8);
WSM_ASSERT_AT(bes_frame_word, hdr, 0);
WSM_ASSERT_AT(bes_frame_word, word, 4);

#define BES_FRAME_MIN		512
#define BES_ADDR_IMAGE		0x20000168
#define BES_ADDR_FACTORY	0x2008b000
#define BES_ADDR_DPD		0x2008c000
#define BES_FACTORY_SIZE	72
#define BES_DPD_SIZE		0x3b14
#define BES_DPD_VERSION_AT	0x3af4

struct bes_factory {
	__le16 magic;		/* 0xba80 */
	__le16 version;
	__le32 crc;		/* CRC-32 of what follows */
	__le32 iq_offset;
	__le16 freq_cal;
	__le16 power_2g[3];
	__u8 freq_cal_flags;
	__u8 tx_power_type;
	__le16 temperature;
	__le16 power_5g[13];
	__le16 power_5g_flags;
	__le32 bdr_div;
	__le32 bdr_power;
	__le32 edr_div;
	__le32 edr_power;
	__le16 temperature_5g;
	__le16 select_efuse;
} __packed;
WSM_ASSERT_SIZE(bes_factory, 72);
WSM_ASSERT_AT(bes_factory, magic, 0);
WSM_ASSERT_AT(bes_factory, version, 2);
WSM_ASSERT_AT(bes_factory, crc, 4);
WSM_ASSERT_AT(bes_factory, iq_offset, 8);
WSM_ASSERT_AT(bes_factory, freq_cal, 12);
WSM_ASSERT_AT(bes_factory, power_2g, 14);
WSM_ASSERT_AT(bes_factory, freq_cal_flags, 20);
WSM_ASSERT_AT(bes_factory, tx_power_type, 21);
WSM_ASSERT_AT(bes_factory, temperature, 22);
WSM_ASSERT_AT(bes_factory, power_5g, 24);
WSM_ASSERT_AT(bes_factory, power_5g_flags, 50);
WSM_ASSERT_AT(bes_factory, bdr_div, 52);
WSM_ASSERT_AT(bes_factory, bdr_power, 56);
WSM_ASSERT_AT(bes_factory, edr_div, 60);
WSM_ASSERT_AT(bes_factory, edr_power, 64);
WSM_ASSERT_AT(bes_factory, temperature_5g, 68);
WSM_ASSERT_AT(bes_factory, select_efuse, 70);

/* ---- WSM message header ---- */
struct wsm_hdr {
	__le16 len;		/* header included, padding excluded */
	__le16 id;		/* WSM_ID_* fields */
} __packed;
WSM_ASSERT_SIZE(wsm_hdr, 4);
WSM_ASSERT_AT(wsm_hdr, len, 0);
WSM_ASSERT_AT(wsm_hdr, id, 2);

#define WSM_ID_NUM		0x003f
#define WSM_ID_IF		0x03c0
#define WSM_ID_IF_SHIFT		6
#define WSM_ID_CLASS		0x0c00
#define WSM_ID_SEQ		0xe000
#define WSM_ID_SEQ_SHIFT	13
#define WSM_ID_MASK		(WSM_ID_NUM | WSM_ID_CLASS)
#define WSM_CLASS_REQ		0x0000
#define WSM_CLASS_CNF		0x0400
#define WSM_CLASS_IND		0x0800
#define WSM_CLASS_MCU		0x0c00
/* MCU counters are chosen by these bits, interface included */
#define WSM_ID_IS_MCU(id)	(((id) & 0x0f00) == 0x0c00)
#define WSM_IF_GENERIC		2

/* MCU class, device to host */
struct wsm_mcu_hdr {
	struct wsm_hdr hdr;
	__le32 reserved;
	__le32 label;
	__le32 type;
} __packed;
WSM_ASSERT_SIZE(wsm_mcu_hdr, 16);
WSM_ASSERT_AT(wsm_mcu_hdr, hdr, 0);
WSM_ASSERT_AT(wsm_mcu_hdr, reserved, 4);
WSM_ASSERT_AT(wsm_mcu_hdr, label, 8);
WSM_ASSERT_AT(wsm_mcu_hdr, type, 12);
#define WSM_MCU_LABEL_CNF	0x0000000f
#define WSM_MCU_LABEL_IND	0x000000f0
/* type of WSM_MCU_BT_STATE: what Bluetooth does */
#define WSM_BT_AUDIO		0x000001c0	/* 0 none, else it streams */

enum wsm_id {
	WSM_REQ_TX = 0x0004,
	WSM_REQ_READ_MIB = 0x0005,
	WSM_REQ_WRITE_MIB = 0x0006,
	WSM_REQ_START_SCAN = 0x0007,
	WSM_REQ_STOP_SCAN = 0x0008,
	WSM_REQ_CONFIGURATION = 0x0009,
	WSM_REQ_RESET = 0x000a,
	WSM_REQ_JOIN = 0x000b,
	WSM_REQ_ADD_KEY = 0x000c,
	WSM_REQ_REMOVE_KEY = 0x000d,
	WSM_REQ_SET_PM = 0x0010,
	WSM_REQ_SET_BSS_PARAMS = 0x0011,
	WSM_REQ_TX_QUEUE_PARAMS = 0x0012,
	WSM_REQ_EDCA = 0x0013,
	WSM_REQ_SWITCH_CHANNEL = 0x0016,
	WSM_REQ_START = 0x0017,
	WSM_REQ_UPDATE_IE = 0x001b,
	WSM_REQ_MAP_LINK = 0x001c,
	WSM_REQ_EPTA = 0x0029,
	WSM_MCU_RF_TEST = 0x0c25,
	WSM_MCU_DRIVER = 0x0c27,
	WSM_CNF_TX = 0x0404,
	WSM_CNF_MULTI_TX = 0x041e,
	WSM_IND_EXCEPTION = 0x0800,
	WSM_IND_STARTUP = 0x0801,
	WSM_IND_RX = 0x0804,
	WSM_IND_EVENT = 0x0805,
	WSM_IND_SCAN_COMPLETE = 0x0806,
	WSM_IND_BA_TIMEOUT = 0x0808,
	WSM_IND_SET_PM = 0x0809,
	WSM_IND_SWITCH_CHANNEL = 0x080a,
	WSM_IND_FIND_COMPLETE = 0x080b,
	WSM_IND_SUSPEND_RESUME = 0x080c,
	WSM_IND_JOIN_COMPLETE = 0x080f,
	WSM_MCU_BT_STATE = 0x0c30,
	WSM_MCU_BT_WAKE = 0x0c31,
};

enum wsm_status {
	WSM_STATUS_OK = 0,
	WSM_STATUS_FAILURE = 1,
	WSM_STATUS_INVALID = 2,
	WSM_STATUS_DENIED = 3,
	WSM_STATUS_DECRYPT = 4,
	WSM_STATUS_MIC = 5,
	WSM_STATUS_RETRY = 6,
	WSM_STATUS_LIFETIME = 7,
	WSM_STATUS_LINK_LOST = 8,
	WSM_STATUS_NO_KEY = 9,
	WSM_STATUS_JAMMER = 10,
	WSM_STATUS_REQUEUE = 11,
};

#define WSM_BAND_2G	0
#define WSM_BAND_5G	1

/* Rate ids: CCK 0..3, OFDM 6..13, HT MCS n = 14 + n */
#define WSM_RATE_OFDM_6		6
#define WSM_RATE_HT_0		14
#define WSM_RATE_MAX		21
#define WSM_RATE_HOLE(r)	((r) == 4 || (r) == 5)

enum wsm_queue { WSM_QUEUE_BE, WSM_QUEUE_BK, WSM_QUEUE_VI, WSM_QUEUE_VO };

/* ---- confirms ---- */
struct wsm_generic_cnf {
	struct wsm_hdr hdr;
	__le32 status;
} __packed;
WSM_ASSERT_SIZE(wsm_generic_cnf, 8);
WSM_ASSERT_AT(wsm_generic_cnf, hdr, 0);
WSM_ASSERT_AT(wsm_generic_cnf, status, 4);

/* ---- start-up ---- */
struct wsm_startup_ind {
	struct wsm_hdr hdr;
	__le16 bufs;
	__le16 buf_size;
	__le16 hw_id;
	__le16 hw_sub_id;
	__le16 status;
	__le16 caps;		/* bit 0 2.4 GHz, bit 1 5 GHz */
	__le16 fw_type;		/* <= 4 */
	__le16 fw_api;
	__le16 fw_build;
	__le16 fw_version;
	char label[128];
} __packed;
WSM_ASSERT_SIZE(wsm_startup_ind, 152);
WSM_ASSERT_AT(wsm_startup_ind, hdr, 0);
WSM_ASSERT_AT(wsm_startup_ind, bufs, 4);
WSM_ASSERT_AT(wsm_startup_ind, buf_size, 6);
WSM_ASSERT_AT(wsm_startup_ind, hw_id, 8);
WSM_ASSERT_AT(wsm_startup_ind, hw_sub_id, 10);
WSM_ASSERT_AT(wsm_startup_ind, status, 12);
WSM_ASSERT_AT(wsm_startup_ind, caps, 14);
WSM_ASSERT_AT(wsm_startup_ind, fw_type, 16);
WSM_ASSERT_AT(wsm_startup_ind, fw_api, 18);
WSM_ASSERT_AT(wsm_startup_ind, fw_build, 20);
WSM_ASSERT_AT(wsm_startup_ind, fw_version, 22);
WSM_ASSERT_AT(wsm_startup_ind, label, 24);

/* ---- 0x0005, 0x0006 ---- */
struct wsm_read_mib_req {
	struct wsm_hdr hdr;
	__le16 mib;
	__le16 reserved;
} __packed;
WSM_ASSERT_SIZE(wsm_read_mib_req, 8);
WSM_ASSERT_AT(wsm_read_mib_req, hdr, 0);
WSM_ASSERT_AT(wsm_read_mib_req, mib, 4);
WSM_ASSERT_AT(wsm_read_mib_req, reserved, 6);

struct wsm_read_mib_cnf {
	struct wsm_hdr hdr;
	__le32 status;
	__le16 mib;
	__le16 len;
	__u8 data[];
} __packed;
WSM_ASSERT_SIZE(wsm_read_mib_cnf, 12);
WSM_ASSERT_AT(wsm_read_mib_cnf, hdr, 0);
WSM_ASSERT_AT(wsm_read_mib_cnf, status, 4);
WSM_ASSERT_AT(wsm_read_mib_cnf, mib, 8);
WSM_ASSERT_AT(wsm_read_mib_cnf, len, 10);
WSM_ASSERT_AT(wsm_read_mib_cnf, data, 12);

struct wsm_write_mib_req {
	struct wsm_hdr hdr;
	__le16 mib;
	__le16 len;
	__u8 data[];
} __packed;
WSM_ASSERT_SIZE(wsm_write_mib_req, 8);
WSM_ASSERT_AT(wsm_write_mib_req, hdr, 0);
WSM_ASSERT_AT(wsm_write_mib_req, mib, 4);
WSM_ASSERT_AT(wsm_write_mib_req, len, 6);
WSM_ASSERT_AT(wsm_write_mib_req, data, 8);

/* ---- scan ---- */
#define WSM_SCAN_MAX_CHANNELS	48
#define WSM_SCAN_MAX_SSIDS	2
#define WSM_SCAN_FOREGROUND	0
#define WSM_SCAN_BACKGROUND	1
#define WSM_SCAN_F_FORCE_BG	BIT(0)
#define WSM_SCAN_F_SPLIT	BIT(1)
#define WSM_SCAN_F_SHORT_PREAMBLE BIT(2)
#define WSM_SCAN_F_INSTANCE_1	BIT(4)

struct wsm_scan_req {
	struct wsm_hdr hdr;
	__u8 band;
	__u8 type;
	__u8 flags;
	__u8 max_rate;
	__le32 auto_interval;
	__u8 probes;
	__u8 n_channels;
	__u8 n_ssids;
	__u8 probe_delay;	/* us */
	__u8 data[];		/* channels, then SSIDs */
} __packed;
WSM_ASSERT_SIZE(wsm_scan_req, 16);
WSM_ASSERT_AT(wsm_scan_req, hdr, 0);
WSM_ASSERT_AT(wsm_scan_req, band, 4);
WSM_ASSERT_AT(wsm_scan_req, type, 5);
WSM_ASSERT_AT(wsm_scan_req, flags, 6);
WSM_ASSERT_AT(wsm_scan_req, max_rate, 7);
WSM_ASSERT_AT(wsm_scan_req, auto_interval, 8);
WSM_ASSERT_AT(wsm_scan_req, probes, 12);
WSM_ASSERT_AT(wsm_scan_req, n_channels, 13);
WSM_ASSERT_AT(wsm_scan_req, n_ssids, 14);
WSM_ASSERT_AT(wsm_scan_req, probe_delay, 15);
WSM_ASSERT_AT(wsm_scan_req, data, 16);

struct wsm_scan_channel {
	__le16 number;
	__le16 reserved;
	__le32 min_time;	/* TU */
	__le32 max_time;
	__le32 tx_power;
} __packed;
WSM_ASSERT_SIZE(wsm_scan_channel, 16);
WSM_ASSERT_AT(wsm_scan_channel, number, 0);
WSM_ASSERT_AT(wsm_scan_channel, reserved, 2);
WSM_ASSERT_AT(wsm_scan_channel, min_time, 4);
WSM_ASSERT_AT(wsm_scan_channel, max_time, 8);
WSM_ASSERT_AT(wsm_scan_channel, tx_power, 12);

struct wsm_ssid {
	__le32 len;
	__u8 ssid[32];
} __packed;
WSM_ASSERT_SIZE(wsm_ssid, 36);
WSM_ASSERT_AT(wsm_ssid, len, 0);
WSM_ASSERT_AT(wsm_ssid, ssid, 4);

struct wsm_scan_complete_ind {
	struct wsm_hdr hdr;
	__le32 status;
	__u8 psm;
	__u8 n_channels;
	__le16 reserved;
} __packed;
WSM_ASSERT_SIZE(wsm_scan_complete_ind, 12);
WSM_ASSERT_AT(wsm_scan_complete_ind, hdr, 0);
WSM_ASSERT_AT(wsm_scan_complete_ind, status, 4);
WSM_ASSERT_AT(wsm_scan_complete_ind, psm, 8);
WSM_ASSERT_AT(wsm_scan_complete_ind, n_channels, 9);
WSM_ASSERT_AT(wsm_scan_complete_ind, reserved, 10);

/* ---- configuration ---- */
struct wsm_configuration_req {
	struct wsm_hdr hdr;
	__le32 max_tx_lifetime;
	__le32 max_rx_lifetime;
	__le32 rts_threshold;
	__le16 block_len;	/* SDD bytes + 12 */
	__le16 block_version;	/* 1 */
	__u8 mac[6];
	__le16 block_flags;	/* 5 */
	__u8 sdd[];
} __packed;
WSM_ASSERT_SIZE(wsm_configuration_req, 28);
WSM_ASSERT_AT(wsm_configuration_req, hdr, 0);
WSM_ASSERT_AT(wsm_configuration_req, max_tx_lifetime, 4);
WSM_ASSERT_AT(wsm_configuration_req, max_rx_lifetime, 8);
WSM_ASSERT_AT(wsm_configuration_req, rts_threshold, 12);
WSM_ASSERT_AT(wsm_configuration_req, block_len, 16);
WSM_ASSERT_AT(wsm_configuration_req, block_version, 18);
WSM_ASSERT_AT(wsm_configuration_req, mac, 20);
WSM_ASSERT_AT(wsm_configuration_req, block_flags, 26);
WSM_ASSERT_AT(wsm_configuration_req, sdd, 28);
#define WSM_SDD_SIZE		832

struct wsm_power_range {
	__le32 min;		/* 0.1 dBm, signed */
	__le32 max;
	__le32 step;
} __packed;
WSM_ASSERT_SIZE(wsm_power_range, 12);
WSM_ASSERT_AT(wsm_power_range, min, 0);
WSM_ASSERT_AT(wsm_power_range, max, 4);
WSM_ASSERT_AT(wsm_power_range, step, 8);

struct wsm_configuration_cnf {
	struct wsm_hdr hdr;
	__le32 status;
	__u8 mac[6];
	__u8 bands;
	__u8 reserved;
	__le32 rates;
	struct wsm_power_range power[2];
} __packed;
WSM_ASSERT_SIZE(wsm_configuration_cnf, 44);
WSM_ASSERT_AT(wsm_configuration_cnf, hdr, 0);
WSM_ASSERT_AT(wsm_configuration_cnf, status, 4);
WSM_ASSERT_AT(wsm_configuration_cnf, mac, 8);
WSM_ASSERT_AT(wsm_configuration_cnf, bands, 14);
WSM_ASSERT_AT(wsm_configuration_cnf, reserved, 15);
WSM_ASSERT_AT(wsm_configuration_cnf, rates, 16);
WSM_ASSERT_AT(wsm_configuration_cnf, power, 20);

/* ---- reset, join, start ---- */
struct wsm_reset_req {
	struct wsm_hdr hdr;
	__le32 keep_statistics;
} __packed;
WSM_ASSERT_SIZE(wsm_reset_req, 8);
WSM_ASSERT_AT(wsm_reset_req, hdr, 0);
WSM_ASSERT_AT(wsm_reset_req, keep_statistics, 4);

#define WSM_JOIN_IBSS		0
#define WSM_JOIN_BSS		1
#define WSM_JOIN_F_UNSYNC	BIT(0)
#define WSM_JOIN_F_P2P_GO	BIT(1)
#define WSM_JOIN_F_FORCE	BIT(2)
#define WSM_JOIN_F_INSTANCE_1	BIT(4)

struct wsm_join_req {
	struct wsm_hdr hdr;
	__u8 mode;
	__u8 band;
	__le16 channel;
	__u8 bssid[6];
	__le16 atim;
	__u8 preamble;
	__u8 probe_for_join;
	__u8 dtim;
	__u8 flags;
	__le32 ssid_len;
	__u8 ssid[32];
	__le32 beacon_interval;	/* TU */
	__le32 basic_rates;
} __packed;
WSM_ASSERT_SIZE(wsm_join_req, 64);
WSM_ASSERT_AT(wsm_join_req, hdr, 0);
WSM_ASSERT_AT(wsm_join_req, mode, 4);
WSM_ASSERT_AT(wsm_join_req, band, 5);
WSM_ASSERT_AT(wsm_join_req, channel, 6);
WSM_ASSERT_AT(wsm_join_req, bssid, 8);
WSM_ASSERT_AT(wsm_join_req, atim, 14);
WSM_ASSERT_AT(wsm_join_req, preamble, 16);
WSM_ASSERT_AT(wsm_join_req, probe_for_join, 17);
WSM_ASSERT_AT(wsm_join_req, dtim, 18);
WSM_ASSERT_AT(wsm_join_req, flags, 19);
WSM_ASSERT_AT(wsm_join_req, ssid_len, 20);
WSM_ASSERT_AT(wsm_join_req, ssid, 24);
WSM_ASSERT_AT(wsm_join_req, beacon_interval, 56);
WSM_ASSERT_AT(wsm_join_req, basic_rates, 60);

struct wsm_join_cnf {
	struct wsm_hdr hdr;
	__le32 status;
	__le32 min_power;	/* 0.1 dBm, signed */
	__le32 max_power;
} __packed;
WSM_ASSERT_SIZE(wsm_join_cnf, 16);
WSM_ASSERT_AT(wsm_join_cnf, hdr, 0);
WSM_ASSERT_AT(wsm_join_cnf, status, 4);
WSM_ASSERT_AT(wsm_join_cnf, min_power, 8);
WSM_ASSERT_AT(wsm_join_cnf, max_power, 12);

struct wsm_start_req {
	struct wsm_hdr hdr;
	__u8 mode;		/* 0 AP, 1 GO, 2 listen */
	__u8 band;
	__le16 channel;
	__le32 ct_window;
	__le32 beacon_interval;
	__u8 dtim;
	__u8 preamble;
	__u8 probe_delay;
	__u8 ssid_len;
	__u8 ssid[32];
	__le32 basic_rates;
} __packed;
WSM_ASSERT_SIZE(wsm_start_req, 56);
WSM_ASSERT_AT(wsm_start_req, hdr, 0);
WSM_ASSERT_AT(wsm_start_req, mode, 4);
WSM_ASSERT_AT(wsm_start_req, band, 5);
WSM_ASSERT_AT(wsm_start_req, channel, 6);
WSM_ASSERT_AT(wsm_start_req, ct_window, 8);
WSM_ASSERT_AT(wsm_start_req, beacon_interval, 12);
WSM_ASSERT_AT(wsm_start_req, dtim, 16);
WSM_ASSERT_AT(wsm_start_req, preamble, 17);
WSM_ASSERT_AT(wsm_start_req, probe_delay, 18);
WSM_ASSERT_AT(wsm_start_req, ssid_len, 19);
WSM_ASSERT_AT(wsm_start_req, ssid, 20);
WSM_ASSERT_AT(wsm_start_req, basic_rates, 52);

/* ---- keys ---- */
#define WSM_KEY_SLOTS		11
enum wsm_key_type {
	WSM_KEY_WEP_GROUP,
	WSM_KEY_WEP_PAIR,
	WSM_KEY_TKIP_GROUP,
	WSM_KEY_TKIP_PAIR,
	WSM_KEY_AES_GROUP,
	WSM_KEY_AES_PAIR,
	WSM_KEY_WAPI_GROUP,
	WSM_KEY_WAPI_PAIR,
	WSM_KEY_IGTK,
};

struct wsm_add_key_req {
	struct wsm_hdr hdr;
	__u8 type;
	__u8 index;
	__le16 reserved;
	union {
		struct {
			__u8 key_id;
			__u8 key_len;
			__u8 pad[2];
			__u8 key[16];
		} __packed wep_group;
		struct {
			__u8 peer[6];
			__u8 zero;
			__u8 key_len;
			__u8 key[16];
		} __packed wep_pair;
		struct {
			__u8 key[16];
			__u8 rx_mic[8];
			__u8 key_id;
			__u8 pad[3];
			__u8 rx_seq[8];
		} __packed tkip_group;
		struct {
			__u8 peer[6];
			__u8 pad[2];
			__u8 key[16];
			__u8 rx_mic[8];
			__u8 tx_mic[8];
		} __packed tkip_pair;
		struct {
			__u8 key[16];
			__u8 key_id;
			__u8 pad[3];
			__u8 rx_seq[8];
		} __packed aes_group;
		struct {
			__u8 peer[6];
			__u8 pad[2];
			__u8 key[16];
		} __packed aes_pair;
		struct {
			__u8 key[16];
			__u8 key_id;
			__u8 pad[3];
			__u8 ipn[8];
		} __packed igtk;
		__u8 raw[40];
	} __packed u;
} __packed;
WSM_ASSERT_SIZE(wsm_add_key_req, 48);
WSM_ASSERT_AT(wsm_add_key_req, hdr, 0);
WSM_ASSERT_AT(wsm_add_key_req, type, 4);
WSM_ASSERT_AT(wsm_add_key_req, index, 5);
WSM_ASSERT_AT(wsm_add_key_req, reserved, 6);
WSM_ASSERT_AT(wsm_add_key_req, u, 8);
WSM_ASSERT_AT(wsm_add_key_req, u.wep_group, 8 + 0);
WSM_ASSERT_AT(wsm_add_key_req, u.wep_group.key_id, 8 + 0);
WSM_ASSERT_AT(wsm_add_key_req, u.wep_group.key_len, 8 + 1);
WSM_ASSERT_AT(wsm_add_key_req, u.wep_group.pad, 8 + 2);
WSM_ASSERT_AT(wsm_add_key_req, u.wep_group.key, 8 + 4);
WSM_ASSERT_AT(wsm_add_key_req, u.wep_pair, 8 + 0);
WSM_ASSERT_AT(wsm_add_key_req, u.wep_pair.peer, 8 + 0);
WSM_ASSERT_AT(wsm_add_key_req, u.wep_pair.zero, 8 + 6);
WSM_ASSERT_AT(wsm_add_key_req, u.wep_pair.key_len, 8 + 7);
WSM_ASSERT_AT(wsm_add_key_req, u.wep_pair.key, 8 + 8);
WSM_ASSERT_AT(wsm_add_key_req, u.tkip_group, 8 + 0);
WSM_ASSERT_AT(wsm_add_key_req, u.tkip_group.key, 8 + 0);
WSM_ASSERT_AT(wsm_add_key_req, u.tkip_group.rx_mic, 8 + 16);
WSM_ASSERT_AT(wsm_add_key_req, u.tkip_group.key_id, 8 + 24);
WSM_ASSERT_AT(wsm_add_key_req, u.tkip_group.pad, 8 + 25);
WSM_ASSERT_AT(wsm_add_key_req, u.tkip_group.rx_seq, 8 + 28);
WSM_ASSERT_AT(wsm_add_key_req, u.tkip_pair, 8 + 0);
WSM_ASSERT_AT(wsm_add_key_req, u.tkip_pair.peer, 8 + 0);
WSM_ASSERT_AT(wsm_add_key_req, u.tkip_pair.pad, 8 + 6);
WSM_ASSERT_AT(wsm_add_key_req, u.tkip_pair.key, 8 + 8);
WSM_ASSERT_AT(wsm_add_key_req, u.tkip_pair.rx_mic, 8 + 24);
WSM_ASSERT_AT(wsm_add_key_req, u.tkip_pair.tx_mic, 8 + 32);
WSM_ASSERT_AT(wsm_add_key_req, u.aes_group, 8 + 0);
WSM_ASSERT_AT(wsm_add_key_req, u.aes_group.key, 8 + 0);
WSM_ASSERT_AT(wsm_add_key_req, u.aes_group.key_id, 8 + 16);
WSM_ASSERT_AT(wsm_add_key_req, u.aes_group.pad, 8 + 17);
WSM_ASSERT_AT(wsm_add_key_req, u.aes_group.rx_seq, 8 + 20);
WSM_ASSERT_AT(wsm_add_key_req, u.aes_pair, 8 + 0);
WSM_ASSERT_AT(wsm_add_key_req, u.aes_pair.peer, 8 + 0);
WSM_ASSERT_AT(wsm_add_key_req, u.aes_pair.pad, 8 + 6);
WSM_ASSERT_AT(wsm_add_key_req, u.aes_pair.key, 8 + 8);
WSM_ASSERT_AT(wsm_add_key_req, u.igtk, 8 + 0);
WSM_ASSERT_AT(wsm_add_key_req, u.igtk.key, 8 + 0);
WSM_ASSERT_AT(wsm_add_key_req, u.igtk.key_id, 8 + 16);
WSM_ASSERT_AT(wsm_add_key_req, u.igtk.pad, 8 + 17);
WSM_ASSERT_AT(wsm_add_key_req, u.igtk.ipn, 8 + 20);
WSM_ASSERT_AT(wsm_add_key_req, u.raw, 8 + 0);

struct wsm_remove_key_req {
	struct wsm_hdr hdr;
	__u8 index;
	__u8 reserved;
	__le16 reserved2;
} __packed;
WSM_ASSERT_SIZE(wsm_remove_key_req, 8);
WSM_ASSERT_AT(wsm_remove_key_req, hdr, 0);
WSM_ASSERT_AT(wsm_remove_key_req, index, 4);
WSM_ASSERT_AT(wsm_remove_key_req, reserved, 5);
WSM_ASSERT_AT(wsm_remove_key_req, reserved2, 6);

/* ---- power save ---- */
#define WSM_PM_ACTIVE		0x00
#define WSM_PM_PS		0x01
#define WSM_PM_FAST_PS		0x81

struct wsm_set_pm_req {
	struct wsm_hdr hdr;
	__u8 mode;
	__u8 fast_idle;		/* 500 us */
	__u8 ap_change;
	__u8 min_poll;
} __packed;
WSM_ASSERT_SIZE(wsm_set_pm_req, 8);
WSM_ASSERT_AT(wsm_set_pm_req, hdr, 0);
WSM_ASSERT_AT(wsm_set_pm_req, mode, 4);
WSM_ASSERT_AT(wsm_set_pm_req, fast_idle, 5);
WSM_ASSERT_AT(wsm_set_pm_req, ap_change, 6);
WSM_ASSERT_AT(wsm_set_pm_req, min_poll, 7);

struct wsm_set_pm_ind {
	struct wsm_hdr hdr;
	__le32 status;
	__u8 psm;
	__u8 pad[3];
} __packed;
WSM_ASSERT_SIZE(wsm_set_pm_ind, 12);
WSM_ASSERT_AT(wsm_set_pm_ind, hdr, 0);
WSM_ASSERT_AT(wsm_set_pm_ind, status, 4);
WSM_ASSERT_AT(wsm_set_pm_ind, psm, 8);
WSM_ASSERT_AT(wsm_set_pm_ind, pad, 9);

/* ---- association ---- */
struct wsm_bss_params_req {
	struct wsm_hdr hdr;
	__u8 reserved;
	__u8 beacon_lost;	/* beacons */
	__le16 aid;
	__le32 rates;
	__le32 ht_rates;
} __packed;
WSM_ASSERT_SIZE(wsm_bss_params_req, 16);
WSM_ASSERT_AT(wsm_bss_params_req, hdr, 0);
WSM_ASSERT_AT(wsm_bss_params_req, reserved, 4);
WSM_ASSERT_AT(wsm_bss_params_req, beacon_lost, 5);
WSM_ASSERT_AT(wsm_bss_params_req, aid, 6);
WSM_ASSERT_AT(wsm_bss_params_req, rates, 8);
WSM_ASSERT_AT(wsm_bss_params_req, ht_rates, 12);

struct wsm_tx_queue_params_req {
	struct wsm_hdr hdr;
	__u8 aci;
	__u8 reserved;
	__u8 ack_policy;
	__u8 reserved2;
	__le32 max_lifetime;
	__le16 medium_time;
	__le16 reserved3;
} __packed;
WSM_ASSERT_SIZE(wsm_tx_queue_params_req, 16);
WSM_ASSERT_AT(wsm_tx_queue_params_req, hdr, 0);
WSM_ASSERT_AT(wsm_tx_queue_params_req, aci, 4);
WSM_ASSERT_AT(wsm_tx_queue_params_req, reserved, 5);
WSM_ASSERT_AT(wsm_tx_queue_params_req, ack_policy, 6);
WSM_ASSERT_AT(wsm_tx_queue_params_req, reserved2, 7);
WSM_ASSERT_AT(wsm_tx_queue_params_req, max_lifetime, 8);
WSM_ASSERT_AT(wsm_tx_queue_params_req, medium_time, 12);
WSM_ASSERT_AT(wsm_tx_queue_params_req, reserved3, 14);

/* Arrays in the order BK, BE, VI, VO */
struct wsm_edca_req {
	struct wsm_hdr hdr;
	__le16 cw_min[4];
	__le16 cw_max[4];
	__u8 aifs[4];
	__le16 txop[4];		/* us */
	__le32 max_rx_lifetime[4];
} __packed;
WSM_ASSERT_SIZE(wsm_edca_req, 48);
WSM_ASSERT_AT(wsm_edca_req, hdr, 0);
WSM_ASSERT_AT(wsm_edca_req, cw_min, 4);
WSM_ASSERT_AT(wsm_edca_req, cw_max, 12);
WSM_ASSERT_AT(wsm_edca_req, aifs, 20);
WSM_ASSERT_AT(wsm_edca_req, txop, 24);
WSM_ASSERT_AT(wsm_edca_req, max_rx_lifetime, 32);

#define WSM_CHAN_MODE		0x80
#define WSM_CHAN_TYPE_SHIFT	4	/* 0 no HT, 1 HT20, 2 HT40-, 3 HT40+ */

struct wsm_switch_channel_req {
	struct wsm_hdr hdr;
	__u8 mode;
	__u8 count;
	__le16 channel;
} __packed;
WSM_ASSERT_SIZE(wsm_switch_channel_req, 8);
WSM_ASSERT_AT(wsm_switch_channel_req, hdr, 0);
WSM_ASSERT_AT(wsm_switch_channel_req, mode, 4);
WSM_ASSERT_AT(wsm_switch_channel_req, count, 5);
WSM_ASSERT_AT(wsm_switch_channel_req, channel, 6);

struct wsm_status_ind {
	struct wsm_hdr hdr;
	__le32 status;
} __packed;
WSM_ASSERT_SIZE(wsm_status_ind, 8);
WSM_ASSERT_AT(wsm_status_ind, hdr, 0);
WSM_ASSERT_AT(wsm_status_ind, status, 4);

struct wsm_update_ie_req {
	struct wsm_hdr hdr;
	__le16 what;		/* bit 0 beacon, 1 probe response, 2 probe request */
	__le16 count;
	__u8 ie[];
} __packed;
WSM_ASSERT_SIZE(wsm_update_ie_req, 8);
WSM_ASSERT_AT(wsm_update_ie_req, hdr, 0);
WSM_ASSERT_AT(wsm_update_ie_req, what, 4);
WSM_ASSERT_AT(wsm_update_ie_req, count, 6);
WSM_ASSERT_AT(wsm_update_ie_req, ie, 8);

struct wsm_map_link_req {
	struct wsm_hdr hdr;
	__u8 mac[6];
	__u8 unmap;
	__u8 link;
} __packed;
WSM_ASSERT_SIZE(wsm_map_link_req, 12);
WSM_ASSERT_AT(wsm_map_link_req, hdr, 0);
WSM_ASSERT_AT(wsm_map_link_req, mac, 4);
WSM_ASSERT_AT(wsm_map_link_req, unmap, 10);
WSM_ASSERT_AT(wsm_map_link_req, link, 11);

struct wsm_epta_req {
	struct wsm_hdr hdr;
	__le32 wlan_us;
	__le32 bt_us;
	__le32 mode;
} __packed;
WSM_ASSERT_SIZE(wsm_epta_req, 16);
WSM_ASSERT_AT(wsm_epta_req, hdr, 0);
WSM_ASSERT_AT(wsm_epta_req, wlan_us, 4);
WSM_ASSERT_AT(wsm_epta_req, bt_us, 8);
WSM_ASSERT_AT(wsm_epta_req, mode, 12);

#define WSM_MCU_TYPE_WIFI_STATE	3
#define WSM_WIFI_STATE_IDLE	0
#define WSM_WIFI_STATE_CONNECTED 5

struct wsm_mcu_state_req {
	struct wsm_hdr hdr;
	__le32 type;
	__le32 state;
} __packed;
WSM_ASSERT_SIZE(wsm_mcu_state_req, 12);
WSM_ASSERT_AT(wsm_mcu_state_req, hdr, 0);
WSM_ASSERT_AT(wsm_mcu_state_req, type, 4);
WSM_ASSERT_AT(wsm_mcu_state_req, state, 8);

/* ---- data ---- */
#define WSM_TX_QUEUE_LINK_SHIFT	2
#define WSM_TX_F_EXPIRY		BIT(0)
#define WSM_TX_F_PRIO_SHIFT	1
#define WSM_TX_F_POLICY_SHIFT	4
#define WSM_TX_F_SHIFTED	BIT(7)	/* two filler bytes before the frame */
#define WSM_TX_HT_NONE		0
#define WSM_TX_HT_MIXED		1

struct wsm_tx_req {
	struct wsm_hdr hdr;
	__le32 cookie;
	__u8 max_rate;
	__u8 queue;		/* wire queue | link << 2 */
	__u8 more;
	__u8 flags;
	__le32 reserved;
	__le32 expire;		/* TU */
	__le32 ht;
	__u8 frame[];
} __packed;
WSM_ASSERT_SIZE(wsm_tx_req, 24);
WSM_ASSERT_AT(wsm_tx_req, hdr, 0);
WSM_ASSERT_AT(wsm_tx_req, cookie, 4);
WSM_ASSERT_AT(wsm_tx_req, max_rate, 8);
WSM_ASSERT_AT(wsm_tx_req, queue, 9);
WSM_ASSERT_AT(wsm_tx_req, more, 10);
WSM_ASSERT_AT(wsm_tx_req, flags, 11);
WSM_ASSERT_AT(wsm_tx_req, reserved, 12);
WSM_ASSERT_AT(wsm_tx_req, expire, 16);
WSM_ASSERT_AT(wsm_tx_req, ht, 20);
WSM_ASSERT_AT(wsm_tx_req, frame, 24);

#define WSM_TXS_AGGREGATED	BIT(0)
#define WSM_TXS_REQUEUE		BIT(1)

struct wsm_tx_status {
	__le32 cookie;
	__le32 status;
	__u8 rate;
	__u8 ack_failures;
	__le16 flags;
	__le32 media_us;
	__le32 queue_us;
} __packed;
WSM_ASSERT_SIZE(wsm_tx_status, 20);
WSM_ASSERT_AT(wsm_tx_status, cookie, 0);
WSM_ASSERT_AT(wsm_tx_status, status, 4);
WSM_ASSERT_AT(wsm_tx_status, rate, 8);
WSM_ASSERT_AT(wsm_tx_status, ack_failures, 9);
WSM_ASSERT_AT(wsm_tx_status, flags, 10);
WSM_ASSERT_AT(wsm_tx_status, media_us, 12);
WSM_ASSERT_AT(wsm_tx_status, queue_us, 16);

struct wsm_tx_cnf {
	struct wsm_hdr hdr;
	struct wsm_tx_status s;
} __packed;
WSM_ASSERT_SIZE(wsm_tx_cnf, 24);
WSM_ASSERT_AT(wsm_tx_cnf, hdr, 0);
WSM_ASSERT_AT(wsm_tx_cnf, s, 4);

struct wsm_multi_tx_cnf {
	struct wsm_hdr hdr;
	__le32 count;
	struct wsm_tx_status s[];
} __packed;
WSM_ASSERT_SIZE(wsm_multi_tx_cnf, 8);
WSM_ASSERT_AT(wsm_multi_tx_cnf, hdr, 0);
WSM_ASSERT_AT(wsm_multi_tx_cnf, count, 4);
WSM_ASSERT_AT(wsm_multi_tx_cnf, s, 8);

#define WSM_RX_F_ENC		0x7
#define WSM_RX_ENC_NONE		0
#define WSM_RX_ENC_WEP		1
#define WSM_RX_ENC_TKIP		2
#define WSM_RX_ENC_AES		3
#define WSM_RX_ENC_STRIPPED	7
#define WSM_RX_F_AMPDU		BIT(3)
#define WSM_RX_F_AMPDU_FIRST	BIT(4)
#define WSM_RX_F_AMPDU_LAST	BIT(5)
#define WSM_RX_F_BEACON		BIT(7)
#define WSM_RX_F_TIM		BIT(8)
#define WSM_RX_F_SSID		BIT(10)
#define WSM_RX_F_BSSID		BIT(11)
#define WSM_RX_F_HT		BIT(14)
#define WSM_RX_F_TO_US		BIT(16)
#define WSM_RX_F_GROUP		BIT(17)
#define WSM_RX_F_BROADCAST	BIT(18)
#define WSM_RX_F_GROUP_KEY	BIT(19)
#define WSM_RX_F_KEY_SHIFT	20
#define WSM_RX_F_TSF		BIT(24)
#define WSM_RX_F_LINK_SHIFT	25
#define WSM_RX_LINK_UNMAPPED	15

struct wsm_rx_ind {
	struct wsm_hdr hdr;
	__le32 status;
	__le16 channel;
	__u8 rate;
	__u8 rcpi;		/* dBm = rcpi / 2 - 110 */
	__le32 flags;
	__u8 reserved[16];
	__u8 frame[];
} __packed;
WSM_ASSERT_SIZE(wsm_rx_ind, 32);
WSM_ASSERT_AT(wsm_rx_ind, hdr, 0);
WSM_ASSERT_AT(wsm_rx_ind, status, 4);
WSM_ASSERT_AT(wsm_rx_ind, channel, 8);
WSM_ASSERT_AT(wsm_rx_ind, rate, 10);
WSM_ASSERT_AT(wsm_rx_ind, rcpi, 11);
WSM_ASSERT_AT(wsm_rx_ind, flags, 12);
WSM_ASSERT_AT(wsm_rx_ind, reserved, 16);
WSM_ASSERT_AT(wsm_rx_ind, frame, 32);

/* ---- events, exception ---- */
enum wsm_event {
	WSM_EVENT_ERROR = 0,
	WSM_EVENT_BSS_LOST = 1,
	WSM_EVENT_BSS_REGAINED = 2,
	WSM_EVENT_RADAR = 3,
	WSM_EVENT_RCPI = 4,
	WSM_EVENT_BT_INACTIVE = 5,
	WSM_EVENT_BT_ACTIVE = 6,
	WSM_EVENT_PS_ERROR = 7,
	WSM_EVENT_INACTIVITY = 9,
	WSM_EVENT_WAKE_UP = 10,
};

/* Data of WSM_EVENT_PS_ERROR */
enum wsm_ps_error {
	WSM_PS_ERROR_NONE = 0,
	WSM_PS_ERROR_POLL = 1,		/* no answer of the AP to a poll */
	WSM_PS_ERROR_TRIGGER = 2,	/* none to a U-APSD trigger */
	WSM_PS_ERROR_UNASKED = 3,	/* frames of the AP while dozing */
	WSM_PS_ERROR_NO_DATA = 4,	/* nothing came after the TIM said so */
};

struct wsm_event_ind {
	struct wsm_hdr hdr;
	__le32 event;
	__le32 data;
} __packed;
WSM_ASSERT_SIZE(wsm_event_ind, 12);
WSM_ASSERT_AT(wsm_event_ind, hdr, 0);
WSM_ASSERT_AT(wsm_event_ind, event, 4);
WSM_ASSERT_AT(wsm_event_ind, data, 8);

struct wsm_suspend_resume_ind {
	struct wsm_hdr hdr;
	__le32 flags;		/* bit 0 resume, 2:1 queue, 3 group */
} __packed;
WSM_ASSERT_SIZE(wsm_suspend_resume_ind, 8);
WSM_ASSERT_AT(wsm_suspend_resume_ind, hdr, 0);
WSM_ASSERT_AT(wsm_suspend_resume_ind, flags, 4);

struct wsm_exception_ind {
	struct wsm_hdr hdr;
	__le32 reason;
	__le32 regs[18];
	char file[48];
} __packed;
WSM_ASSERT_SIZE(wsm_exception_ind, 128);
WSM_ASSERT_AT(wsm_exception_ind, hdr, 0);
WSM_ASSERT_AT(wsm_exception_ind, reason, 4);
WSM_ASSERT_AT(wsm_exception_ind, regs, 8);
WSM_ASSERT_AT(wsm_exception_ind, file, 80);

/* ---- MIBs ---- */
enum wsm_mib {
	WSM_MIB_STATION_ID = 0x0000,
	WSM_MIB_SLOT_TIME = 0x0003,
	WSM_MIB_MULTICAST = 0x0004,
	WSM_MIB_WEP_KEY_ID = 0x0005,
	WSM_MIB_TX_POWER = 0x0006,
	WSM_MIB_RTS_THRESHOLD = 0x0007,
	WSM_MIB_NON_ERP = 0x1000,
	WSM_MIB_ARP = 0x1001,
	WSM_MIB_TEMPLATE = 0x1002,
	WSM_MIB_RX_FILTER = 0x1003,
	WSM_MIB_BEACON_IE = 0x1004,
	WSM_MIB_BEACON_FILTER = 0x1005,
	WSM_MIB_POWER_MODE = 0x1006,
	WSM_MIB_BEACON_WAKEUP = 0x1007,
	WSM_MIB_RCPI = 0x1009,
	WSM_MIB_COUNTERS = 0x100c,
	WSM_MIB_BA_POLICY = 0x100e,
	WSM_MIB_ASSOC_MODE = 0x1010,
	WSM_MIB_UAPSD = 0x1013,
	WSM_MIB_RATE_POLICY = 0x1016,
	WSM_MIB_P2P_PS = 0x1019,
	WSM_MIB_ETHERTYPE_FILTER = 0x101a,
	WSM_MIB_UDP_FILTER = 0x101b,
	WSM_MIB_MGMT_POLICY = 0x1020,
	WSM_MIB_HT_PROTECTION = 0x1021,
	WSM_MIB_MULTI_TX_CNF = 0x1024,
	WSM_MIB_KEEP_ALIVE = 0x1025,
	WSM_MIB_BSSID_FILTER = 0x1026,
	WSM_MIB_MAC_FILTER = 0x1030,
	WSM_MIB_IPV6_FILTER = 0x1032,
	WSM_MIB_INACTIVITY = 0x1035,
	WSM_MIB_SHORT_GI = 0x1043,
	WSM_MIB_TXRX_OPT = 0x1044,
	WSM_MIB_POWER_TABLE = 0x1045,
};

struct wsm_mib_multicast {
	__le32 enable;
	__le32 count;
	__u8 addr[8][6];
} __packed;
WSM_ASSERT_SIZE(wsm_mib_multicast, 56);
WSM_ASSERT_AT(wsm_mib_multicast, enable, 0);
WSM_ASSERT_AT(wsm_mib_multicast, count, 4);
WSM_ASSERT_AT(wsm_mib_multicast, addr, 8);

enum wsm_template {
	WSM_TEMPLATE_PROBE_REQ,
	WSM_TEMPLATE_BEACON,
	WSM_TEMPLATE_NULL,
	WSM_TEMPLATE_QOS_NULL,
	WSM_TEMPLATE_PS_POLL,
	WSM_TEMPLATE_PROBE_RESP,
	WSM_TEMPLATE_ARP,
	WSM_TEMPLATE_NA,
};

struct wsm_mib_template {
	__u8 type;
	__u8 rate;		/* 0xff: firmware chooses */
	__le16 len;
	__u8 frame[];
} __packed;
WSM_ASSERT_SIZE(wsm_mib_template, 4);
WSM_ASSERT_AT(wsm_mib_template, type, 0);
WSM_ASSERT_AT(wsm_mib_template, rate, 1);
WSM_ASSERT_AT(wsm_mib_template, len, 2);
WSM_ASSERT_AT(wsm_mib_template, frame, 4);

#define WSM_RX_FILTER_PROMISC	BIT(0)
#define WSM_RX_FILTER_BSSID	BIT(1)
#define WSM_RX_FILTER_FCS	BIT(2)
#define WSM_RX_FILTER_PROBE	BIT(3)

struct wsm_beacon_ie {
	__u8 id;
	__u8 actions;		/* bit 0 changed, 1 gone, 2 appeared */
	__u8 oui[3];
	__u8 match[3];
} __packed;
WSM_ASSERT_SIZE(wsm_beacon_ie, 8);
WSM_ASSERT_AT(wsm_beacon_ie, id, 0);
WSM_ASSERT_AT(wsm_beacon_ie, actions, 1);
WSM_ASSERT_AT(wsm_beacon_ie, oui, 2);
WSM_ASSERT_AT(wsm_beacon_ie, match, 5);

struct wsm_mib_beacon_filter {
	__le32 flags;		/* bit 0 on, 1 auto ERP, 2 auto HT */
	__le32 count;
} __packed;
WSM_ASSERT_SIZE(wsm_mib_beacon_filter, 8);
WSM_ASSERT_AT(wsm_mib_beacon_filter, flags, 0);
WSM_ASSERT_AT(wsm_mib_beacon_filter, count, 4);

struct wsm_mib_beacon_wakeup {
	__u8 dtim;
	__u8 reserved;
	__le16 listen;
} __packed;
WSM_ASSERT_SIZE(wsm_mib_beacon_wakeup, 4);
WSM_ASSERT_AT(wsm_mib_beacon_wakeup, dtim, 0);
WSM_ASSERT_AT(wsm_mib_beacon_wakeup, reserved, 1);
WSM_ASSERT_AT(wsm_mib_beacon_wakeup, listen, 2);

#define WSM_RCPI_ENABLE		BIT(0)
#define WSM_RCPI_USE_RSSI	BIT(1)
#define WSM_RCPI_NO_UPPER	BIT(2)
#define WSM_RCPI_NO_LOWER	BIT(3)
struct wsm_mib_rcpi {
	__u8 mode;
	__u8 lower;
	__u8 upper;
	__u8 average;
} __packed;
WSM_ASSERT_SIZE(wsm_mib_rcpi, 4);
WSM_ASSERT_AT(wsm_mib_rcpi, mode, 0);
WSM_ASSERT_AT(wsm_mib_rcpi, lower, 1);
WSM_ASSERT_AT(wsm_mib_rcpi, upper, 2);
WSM_ASSERT_AT(wsm_mib_rcpi, average, 3);

struct wsm_mib_ba_policy {
	__u8 tx_tids;
	__u8 reserved;
	__u8 rx_tids;
	__u8 reserved2;
} __packed;
WSM_ASSERT_SIZE(wsm_mib_ba_policy, 4);
WSM_ASSERT_AT(wsm_mib_ba_policy, tx_tids, 0);
WSM_ASSERT_AT(wsm_mib_ba_policy, reserved, 1);
WSM_ASSERT_AT(wsm_mib_ba_policy, rx_tids, 2);
WSM_ASSERT_AT(wsm_mib_ba_policy, reserved2, 3);

struct wsm_mib_assoc_mode {
	__u8 flags;
	__u8 short_preamble;
	__u8 greenfield;
	__u8 mpdu_spacing;
	__le32 basic_rates;
} __packed;
WSM_ASSERT_SIZE(wsm_mib_assoc_mode, 8);
WSM_ASSERT_AT(wsm_mib_assoc_mode, flags, 0);
WSM_ASSERT_AT(wsm_mib_assoc_mode, short_preamble, 1);
WSM_ASSERT_AT(wsm_mib_assoc_mode, greenfield, 2);
WSM_ASSERT_AT(wsm_mib_assoc_mode, mpdu_spacing, 3);
WSM_ASSERT_AT(wsm_mib_assoc_mode, basic_rates, 4);

struct wsm_mib_uapsd {
	__le16 flags;		/* bit 0 BK, 1 BE, 2 VI, 3 VO */
	__le16 min;
	__le16 max;
	__le16 step;
} __packed;
WSM_ASSERT_SIZE(wsm_mib_uapsd, 8);
WSM_ASSERT_AT(wsm_mib_uapsd, flags, 0);
WSM_ASSERT_AT(wsm_mib_uapsd, min, 2);
WSM_ASSERT_AT(wsm_mib_uapsd, max, 4);
WSM_ASSERT_AT(wsm_mib_uapsd, step, 6);

#define WSM_POLICIES		8
#define WSM_POLICY_F_TERMINATE	BIT(2)
#define WSM_POLICY_F_COUNT_FIRST BIT(3)
struct wsm_rate_policy {
	__u8 index;
	__u8 short_retries;
	__u8 long_retries;
	__u8 flags;
	__u8 recovery;
	__u8 reserved[3];
	__u8 tries[12];		/* nibble r: attempts at rate r, low nibble for even r */
} __packed;
WSM_ASSERT_SIZE(wsm_rate_policy, 20);
WSM_ASSERT_AT(wsm_rate_policy, index, 0);
WSM_ASSERT_AT(wsm_rate_policy, short_retries, 1);
WSM_ASSERT_AT(wsm_rate_policy, long_retries, 2);
WSM_ASSERT_AT(wsm_rate_policy, flags, 3);
WSM_ASSERT_AT(wsm_rate_policy, recovery, 4);
WSM_ASSERT_AT(wsm_rate_policy, reserved, 5);
WSM_ASSERT_AT(wsm_rate_policy, tries, 8);

struct wsm_mib_rate_policy {
	__u8 count;
	__u8 reserved[3];
	struct wsm_rate_policy p[];
} __packed;
WSM_ASSERT_SIZE(wsm_mib_rate_policy, 4);
WSM_ASSERT_AT(wsm_mib_rate_policy, count, 0);
WSM_ASSERT_AT(wsm_mib_rate_policy, reserved, 1);
WSM_ASSERT_AT(wsm_mib_rate_policy, p, 4);

#define WSM_MGMT_PROTECT	BIT(0)
#define WSM_MGMT_UNPROTECTED_OK	BIT(1)
#define WSM_MGMT_AUTH_AS_GIVEN	BIT(2)

struct wsm_mib_keep_alive {
	__le16 seconds;
	__le16 reserved;
} __packed;
WSM_ASSERT_SIZE(wsm_mib_keep_alive, 4);
WSM_ASSERT_AT(wsm_mib_keep_alive, seconds, 0);
WSM_ASSERT_AT(wsm_mib_keep_alive, reserved, 2);

struct wsm_mib_bssid_filter {
	__u8 disable;
	__u8 reserved[3];
} __packed;
WSM_ASSERT_SIZE(wsm_mib_bssid_filter, 4);
WSM_ASSERT_AT(wsm_mib_bssid_filter, disable, 0);
WSM_ASSERT_AT(wsm_mib_bssid_filter, reserved, 1);

struct wsm_mib_txrx_opt {
	__u8 rts_retries;
	__u8 protection;
	__le16 rts_us;
} __packed;
WSM_ASSERT_SIZE(wsm_mib_txrx_opt, 4);
WSM_ASSERT_AT(wsm_mib_txrx_opt, rts_retries, 0);
WSM_ASSERT_AT(wsm_mib_txrx_opt, protection, 1);
WSM_ASSERT_AT(wsm_mib_txrx_opt, rts_us, 2);

struct wsm_mib_counters {
	__le32 plcp_errors;
	__le32 fcs_errors;
	__le32 tx_packets;
	__le32 rx_packets;
	__le32 rx_packet_errors;
	__le32 rx_decrypt_failures;
	__le32 rx_mic_failures;
	__le32 rx_no_key;
	__le32 tx_multicast;
	__le32 tx_success;
	__le32 tx_failures;
	__le32 tx_retried;
	__le32 tx_multi_retried;
	__le32 rx_duplicates;
	__le32 rts_success;
	__le32 rts_failures;
	__le32 ack_failures;
	__le32 rx_multicast;
	__le32 rx_success;
	__le32 cmac_icv_errors;
	__le32 cmac_replays;
	__le32 ccmp_mgmt_replays;
} __packed;
WSM_ASSERT_SIZE(wsm_mib_counters, 88);
WSM_ASSERT_AT(wsm_mib_counters, plcp_errors, 0);
WSM_ASSERT_AT(wsm_mib_counters, fcs_errors, 4);
WSM_ASSERT_AT(wsm_mib_counters, tx_packets, 8);
WSM_ASSERT_AT(wsm_mib_counters, rx_packets, 12);
WSM_ASSERT_AT(wsm_mib_counters, rx_packet_errors, 16);
WSM_ASSERT_AT(wsm_mib_counters, rx_decrypt_failures, 20);
WSM_ASSERT_AT(wsm_mib_counters, rx_mic_failures, 24);
WSM_ASSERT_AT(wsm_mib_counters, rx_no_key, 28);
WSM_ASSERT_AT(wsm_mib_counters, tx_multicast, 32);
WSM_ASSERT_AT(wsm_mib_counters, tx_success, 36);
WSM_ASSERT_AT(wsm_mib_counters, tx_failures, 40);
WSM_ASSERT_AT(wsm_mib_counters, tx_retried, 44);
WSM_ASSERT_AT(wsm_mib_counters, tx_multi_retried, 48);
WSM_ASSERT_AT(wsm_mib_counters, rx_duplicates, 52);
WSM_ASSERT_AT(wsm_mib_counters, rts_success, 56);
WSM_ASSERT_AT(wsm_mib_counters, rts_failures, 60);
WSM_ASSERT_AT(wsm_mib_counters, ack_failures, 64);
WSM_ASSERT_AT(wsm_mib_counters, rx_multicast, 68);
WSM_ASSERT_AT(wsm_mib_counters, rx_success, 72);
WSM_ASSERT_AT(wsm_mib_counters, cmac_icv_errors, 76);
WSM_ASSERT_AT(wsm_mib_counters, cmac_replays, 80);
WSM_ASSERT_AT(wsm_mib_counters, ccmp_mgmt_replays, 84);

#endif /* WSM_API_H */
