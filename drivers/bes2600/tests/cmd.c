// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests and their confirms: the bytes of one and what the other does.
 */
#include <kunit/static_stub.h>

#include "test.h"

#define BES_ANSWER(test, ...) do { \
	static const u8 msg[] = { __VA_ARGS__ }; \
	bes_test_say(test, msg, sizeof(msg)); \
} while (0)

/* One message in the smallest slot */
#define BES_WROTE(test, toggle, ...) do { \
	static const u8 msg[] = { __VA_ARGS__ }; \
	bes_test_wrote(test, msg, sizeof(msg), 512, 0, toggle); \
} while (0)

static void bes_cmd_mib(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);

	bes_test_rx_seq(test, 1);
	BES_ANSWER(test, 0x08, 0x00, 0x06, 0x24, 0x00, 0x00, 0x00, 0x00);
	KUNIT_EXPECT_EQ(test, bes_mib_u32(bes, 0, WSM_MIB_MULTI_TX_CNF, 1), 0);
	BES_WROTE(test, false, 0x0c, 0x00, 0x06, 0x00, 0x24, 0x10, 0x04, 0x00,
		  0x01, 0x00, 0x00, 0x00);
	BES_ANSWER(test, 0x08, 0x00, 0x46, 0x44, 0x00, 0x00, 0x00, 0x00);
	KUNIT_EXPECT_EQ(test, bes_mib_u32(bes, 1, WSM_MIB_MULTI_TX_CNF, 1), 0);
	BES_WROTE(test, true, 0x0c, 0x00, 0x46, 0x20, 0x24, 0x10, 0x04, 0x00,
		  0x01, 0x00, 0x00, 0x00);
	KUNIT_EXPECT_EQ(test, bes->outstanding, 0);
}

static void bes_cmd_configure(struct kunit *test)
{
	static const u8 head[] = {
		0x5c, 0x03, 0x09, 0x40, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x4c, 0x03, 0x01, 0x00, 0x02, 0x00, 0x00, 0xbe,
		0x57, 0x01, 0x05, 0x00, 0xc0, 0x02, 0x02, 0x03, 0xc1, 0x06, 0x00, 0x01,
		0x00, 0x00, 0x4c, 0x00,
	};
	static const u8 cnf[] = {
		0x2c, 0x00, 0x09, 0x64, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0xbe,
		0x57, 0x01, 0x03, 0x00, 0xcf, 0xff, 0x3f, 0x00, 0x50, 0x00, 0x00, 0x00,
		0xc8, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x50, 0x00, 0x00, 0x00,
		0xc8, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00,
	};
	static const u8 mac[ETH_ALEN] = { 0x02, 0x00, 0x00, 0xbe, 0x57, 0x01 };
	struct bes_dev *bes = bes_test_dev(test);
	u8 *want = kunit_kzalloc(test, 860, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, want);
	memcpy(want + 28, bes_sdd, sizeof(bes_sdd));
	memcpy(want, head, sizeof(head));
	bes->tx_seq[0] = 2;
	bes_test_rx_seq(test, 3);
	bes_test_say(test, cnf, sizeof(cnf));
	KUNIT_EXPECT_EQ(test, bes_cmd_configuration(bes, 0, mac), 0);
	bes_test_wrote(test, want, 860, 1024, 1, false);
	KUNIT_EXPECT_EQ(test, bes->conf.bands, 3);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(bes->conf.rates), 0x3fffcf);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(bes->conf.power[1].max), 200);
}

/* A board's own block */
static void bes_cmd_configure_sdd(struct kunit *test)
{
	static const u8 want[] = {
		0x20, 0x00, 0x09, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x01, 0x00, 0x02, 0x00, 0x00, 0xbe,
		0x57, 0x01, 0x05, 0x00, 0xc0, 0x02, 0x02, 0x03,
	};
	static const u8 cnf[44] = { 0x2c, 0x00, 0x09, 0x04 };
	static const u8 mac[ETH_ALEN] = { 0x02, 0x00, 0x00, 0xbe, 0x57, 0x01 };
	u8 sdd[] = { 0xc0, 0x02, 0x02, 0x03 };
	struct bes_dev *bes = bes_test_dev(test);

	bes->sdd = sdd;
	bes->sdd_len = sizeof(sdd);
	bes_test_say(test, cnf, sizeof(cnf));
	KUNIT_EXPECT_EQ(test, bes_cmd_configuration(bes, 0, mac), 0);
	bes_test_wrote(test, want, sizeof(want), 512, 0, false);
}

/* A confirm that lacks what it should tell */
static void bes_cmd_confirm_short(struct kunit *test)
{
	static const u8 cnf[43] = { 0x2b, 0x00, 0x09, 0x04 };
	static const u8 mac[ETH_ALEN] = { 0x02, 0x00, 0x00, 0xbe, 0x57, 0x01 };
	struct bes_dev *bes = bes_test_dev(test);

	bes_test_say(test, cnf, sizeof(cnf));
	KUNIT_EXPECT_EQ(test, bes_cmd_configuration(bes, 0, mac), -EPROTO);
	KUNIT_EXPECT_EQ(test, bes->state, BES_STATE_RUNNING);
}

/* Longer than we know: the rest is for those who do */
static void bes_cmd_confirm_long(struct kunit *test)
{
	static const u8 cnf[60] = { 0x3c, 0x00, 0x0b, 0x04, [8] = 0x50, [12] = 0xc8 };
	struct wsm_join_req req = {};
	struct {
		struct wsm_join_cnf cnf;
		u8 after[16];
	} got = {};
	struct bes_dev *bes = bes_test_dev(test);

	bes_test_say(test, cnf, sizeof(cnf));
	KUNIT_EXPECT_EQ(test, bes_cmd_join(bes, 0, &req, &got.cnf), 0);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(got.cnf.min_power), 80);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(got.cnf.max_power), 200);
	KUNIT_EXPECT_NULL(test, memchr_inv(got.after, 0, sizeof(got.after)));
}

static void bes_cmd_channel(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);

	bes->tx_seq[0] = 7;
	bes_test_rx_seq(test, 3);
	BES_ANSWER(test, 0x08, 0x00, 0x16, 0x64, 0x00, 0x00, 0x00, 0x00);
	BES_ANSWER(test, 0x08, 0x00, 0x0a, 0x88, 0x00, 0x00, 0x00, 0x00);
	KUNIT_EXPECT_EQ(test, bes_cmd_switch_channel(bes, 0, 6, 0), 0);
	BES_WROTE(test, false, 0x08, 0x00, 0x16, 0xe0, 0x80, 0x00, 0x06, 0x00);
	/* the counter wraps */
	KUNIT_EXPECT_EQ(test, bes->tx_seq[0], 0);
}

/* HT40+ on channel 149; the indication overtakes the confirm */
static void bes_cmd_channel_wide(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);

	BES_ANSWER(test, 0x08, 0x00, 0x0a, 0x08, 0x00, 0x00, 0x00, 0x00);
	BES_ANSWER(test, 0x08, 0x00, 0x16, 0x24, 0x00, 0x00, 0x00, 0x00);
	KUNIT_EXPECT_EQ(test, bes_cmd_switch_channel(bes, 0, 149, 3), 0);
	BES_WROTE(test, false, 0x08, 0x00, 0x16, 0x00, 0xb0, 0x00, 0x95, 0x00);
}

static unsigned int bes_cmd_no_time(struct bes_dev *bes)
{
	return 1;
}

/* The end of the switch is owed; without it the chip is sick */
static void bes_cmd_channel_lost(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);

	kunit_activate_static_stub(test, bes_cmd_channel_limit, bes_cmd_no_time);
	KUNIT_EXPECT_EQ(test, bes_cmd_switch_channel(bes, 0, 6, 0), -ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, bes->state, BES_STATE_DEAD);
}

/* Channel 48 before the association and, HT40-, after it */
static void bes_cmd_channel_48(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);

	BES_ANSWER(test, 0x08, 0x00, 0x16, 0x04, 0x00, 0x00, 0x00, 0x00);
	BES_ANSWER(test, 0x08, 0x00, 0x0a, 0x28, 0x00, 0x00, 0x00, 0x00);
	KUNIT_EXPECT_EQ(test, bes_cmd_switch_channel(bes, 0, 48, 0), 0);
	BES_WROTE(test, false, 0x08, 0x00, 0x16, 0x00, 0x80, 0x00, 0x30, 0x00);
	BES_ANSWER(test, 0x08, 0x00, 0x16, 0x44, 0x00, 0x00, 0x00, 0x00);
	BES_ANSWER(test, 0x08, 0x00, 0x0a, 0x68, 0x00, 0x00, 0x00, 0x00);
	KUNIT_EXPECT_EQ(test, bes_cmd_switch_channel(bes, 0, 48, 2), 0);
	BES_WROTE(test, true, 0x08, 0x00, 0x16, 0x20, 0xa0, 0x00, 0x30, 0x00);
}

/* mac80211 speaks of VO, VI, BE, BK and 32 us; the wire of BK, BE, VI, VO and us */
static void bes_cmd_queues(struct kunit *test)
{
	static const struct ieee80211_tx_queue_params params[] = {
		{ .aifs = 2, .cw_min = 3, .cw_max = 7, .txop = 47 },
		{ .aifs = 2, .cw_min = 7, .cw_max = 15, .txop = 94 },
		{ .aifs = 3, .cw_min = 15, .cw_max = 1023 },
		{ .aifs = 7, .cw_min = 15, .cw_max = 1023 },
	};
	struct bes_test *t = test->priv;
	struct bes_vif *bvif = bes_vif(t->vif);
	int i;

	for (i = 0; i < 4; i++)
		bvif->edca.max_rx_lifetime[i] = cpu_to_le32(200);
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, bes_op_conf_tx(t->bes->hw, t->vif, 0, i, &params[i]), 0);
	BES_WROTE(test, false, 0x30, 0x00, 0x13, 0x00, 0x0f, 0x00, 0x0f, 0x00, 0x07, 0x00,
		  0x03, 0x00, 0xff, 0x03, 0xff, 0x03, 0x0f, 0x00, 0x07, 0x00, 0x07, 0x03,
		  0x02, 0x02, 0x00, 0x00, 0x00, 0x00, 0xc0, 0x0b, 0xe0, 0x05,
		  0xc8, 0x00, 0x00, 0x00, 0xc8, 0x00, 0x00, 0x00, 0xc8, 0x00, 0x00, 0x00,
		  0xc8, 0x00, 0x00, 0x00);
	KUNIT_EXPECT_EQ(test, bes_op_conf_tx(t->bes->hw, t->vif, 0, 4, &params[0]), -EINVAL);
}

/* MIBs of one word */
static void bes_cmd_mib_words(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);

	KUNIT_EXPECT_EQ(test, bes_mib_u32(bes, 0, WSM_MIB_SLOT_TIME, 9), 0);
	BES_WROTE(test, false, 0x0c, 0x00, 0x06, 0x00, 0x03, 0x00, 0x04, 0x00,
		  0x09, 0x00, 0x00, 0x00);
	KUNIT_EXPECT_EQ(test, bes_mib_u32(bes, 0, WSM_MIB_TX_POWER, 200), 0);
	BES_WROTE(test, true, 0x0c, 0x00, 0x06, 0x20, 0x06, 0x00, 0x04, 0x00,
		  0xc8, 0x00, 0x00, 0x00);
	KUNIT_EXPECT_EQ(test, bes_mib_u32(bes, 0, WSM_MIB_RTS_THRESHOLD, 2437), 0);
	BES_WROTE(test, false, 0x0c, 0x00, 0x06, 0x40, 0x07, 0x00, 0x04, 0x00,
		  0x85, 0x09, 0x00, 0x00);
	KUNIT_EXPECT_EQ(test, bes_mib_u32(bes, 0, WSM_MIB_HT_PROTECTION, 2), 0);
	BES_WROTE(test, true, 0x0c, 0x00, 0x06, 0x60, 0x21, 0x10, 0x04, 0x00,
		  0x02, 0x00, 0x00, 0x00);
	KUNIT_EXPECT_EQ(test, bes_mib_u32(bes, 0, WSM_MIB_MGMT_POLICY, 6), 0);
	BES_WROTE(test, false, 0x0c, 0x00, 0x06, 0x80, 0x20, 0x10, 0x04, 0x00,
		  0x06, 0x00, 0x00, 0x00);
	KUNIT_EXPECT_EQ(test, bes_mib_u32(bes, 0, WSM_MIB_POWER_MODE, 0x12), 0);
	BES_WROTE(test, true, 0x0c, 0x00, 0x06, 0xa0, 0x06, 0x10, 0x04, 0x00,
		  0x12, 0x00, 0x00, 0x00);
}

static void bes_cmd_joins(struct kunit *test)
{
	static const u8 want[] = {
		0x40, 0x00, 0x0b, 0x20, 0x01, 0x00, 0x06, 0x00, 0x0a, 0x0b, 0x0c, 0x0d,
		0x0e, 0x0f, 0x00, 0x00, 0x01, 0x01, 0x01, 0x00, 0x04, 0x00, 0x00, 0x00,
		0x74, 0x65, 0x73, 0x74, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x64, 0x00, 0x00, 0x00,
		0x07, 0x00, 0x00, 0x00,
	};
	struct wsm_join_req req = {
		.mode = WSM_JOIN_BSS, .band = WSM_BAND_2G, .channel = cpu_to_le16(6),
		.bssid = { 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f }, .preamble = 1,
		.probe_for_join = 1, .dtim = 1, .ssid_len = cpu_to_le32(4), .ssid = "test",
		.beacon_interval = cpu_to_le32(100), .basic_rates = cpu_to_le32(7),
	};
	struct wsm_join_cnf cnf = {};
	struct bes_dev *bes = bes_test_dev(test);

	bes->tx_seq[0] = 1;
	bes_test_rx_seq(test, 6);
	BES_ANSWER(test, 0x10, 0x00, 0x0b, 0xc4, 0x00, 0x00, 0x00, 0x00,
		   0x50, 0x00, 0x00, 0x00, 0xc8, 0x00, 0x00, 0x00);
	KUNIT_EXPECT_EQ(test, bes_cmd_join(bes, 0, &req, &cnf), 0);
	bes_test_wrote(test, want, sizeof(want), 512, 0, false);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(cnf.min_power), 80);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(cnf.max_power), 200);
}

static void bes_cmd_power_save(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, bes_cmd_set_pm(bes_test_dev(test), 0, WSM_PM_FAST_PS, 16), 0);
	BES_WROTE(test, false, 0x08, 0x00, 0x10, 0x00, 0x81, 0x10, 0x00, 0x00);
	KUNIT_EXPECT_EQ(test, bes_cmd_set_pm(bes_test_dev(test), 0, WSM_PM_ACTIVE, 16), 0);
	BES_WROTE(test, true, 0x08, 0x00, 0x10, 0x20, 0x00, 0x10, 0x00, 0x00);
}

static void bes_cmd_mcu(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);

	/* the LMAC's counters take no part */
	bes->tx_seq[0] = 3;
	bes_test_rx_seq(test, 3);
	BES_ANSWER(test, 0x10, 0x00, 0x27, 0x0c, 0x00, 0x00, 0x00, 0x00,
		   0x0f, 0x00, 0x00, 0x00, 0x03, 0x00, 0x00, 0x00);
	KUNIT_EXPECT_EQ(test, bes_cmd_mcu_state(bes, WSM_WIFI_STATE_CONNECTED), 0);
	BES_WROTE(test, false, 0x0c, 0x00, 0x27, 0x0c, 0x03, 0x00, 0x00, 0x00,
		  0x05, 0x00, 0x00, 0x00);
	KUNIT_EXPECT_EQ(test, bes->tx_seq[0], 3);
	KUNIT_EXPECT_EQ(test, bes->tx_seq[1], 1);
}

static void bes_cmd_coexistence(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, bes_cmd_epta(bes_test_dev(test), 20000, 82400, 0), 0);
	BES_WROTE(test, false, 0x10, 0x00, 0x29, 0x00, 0x20, 0x4e, 0x00, 0x00,
		  0xe0, 0x41, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00);
	KUNIT_EXPECT_EQ(test, bes_cmd_epta(bes_test_dev(test), 20000, 80000, 3), 0);
	BES_WROTE(test, true, 0x10, 0x00, 0x29, 0x20, 0x20, 0x4e, 0x00, 0x00,
		  0x80, 0x38, 0x01, 0x00, 0x03, 0x00, 0x00, 0x00);
	KUNIT_EXPECT_EQ(test, bes_cmd_epta(bes_test_dev(test), 20000, 80000, 0x403), 0);
	BES_WROTE(test, false, 0x10, 0x00, 0x29, 0x40, 0x20, 0x4e, 0x00, 0x00,
		  0x80, 0x38, 0x01, 0x00, 0x03, 0x04, 0x00, 0x00);
}

static void bes_cmd_plain(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);

	KUNIT_EXPECT_EQ(test, bes_cmd_reset(bes, 0), 0);
	BES_WROTE(test, false, 0x08, 0x00, 0x0a, 0x00, 0x00, 0x00, 0x00, 0x00);
	KUNIT_EXPECT_EQ(test, bes_cmd_stop_scan(bes, 0), 0);
	BES_WROTE(test, true, 0x04, 0x00, 0x08, 0x20);
	KUNIT_EXPECT_EQ(test, bes_cmd_remove_key(bes, 1, 10), 0);
	BES_WROTE(test, false, 0x08, 0x00, 0x4d, 0x40, 0x0a, 0x00, 0x00, 0x00);
	KUNIT_EXPECT_EQ(test, bes_cmd_bss_params(bes, 0, 50, 0x1234, 0x3fcf, 0xff << 14), 0);
	BES_WROTE(test, true, 0x10, 0x00, 0x11, 0x60, 0x00, 0x32, 0x34, 0x12,
		  0xcf, 0x3f, 0x00, 0x00, 0x00, 0xc0, 0x3f, 0x00);
	KUNIT_EXPECT_EQ(test, bes_cmd_tx_queue(bes, 0, 3), 0);
	BES_WROTE(test, false, 0x10, 0x00, 0x12, 0x80, 0x03, 0x00, 0x00, 0x00,
		  0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00);
	KUNIT_EXPECT_EQ(test, bes->stats.commands, 5);
	KUNIT_EXPECT_EQ(test, bes->outstanding, 0);
}

static void bes_cmd_refused(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);

	BES_ANSWER(test, 0x08, 0x00, 0x0a, 0x04, 0x02, 0x00, 0x00, 0x00);
	KUNIT_EXPECT_EQ(test, bes_cmd_reset(bes, 0), -EIO);
	KUNIT_EXPECT_EQ(test, bes->state, BES_STATE_RUNNING);
	KUNIT_EXPECT_NULL(test, bes->cmd);
}

/* A confirm of another request does not end this one */
static void bes_cmd_other_confirm(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);

	bes->outstanding = 1;
	BES_ANSWER(test, 0x08, 0x00, 0x0b, 0x04, 0x00, 0x00, 0x00, 0x00);
	BES_ANSWER(test, 0x08, 0x00, 0x0a, 0x24, 0x00, 0x00, 0x00, 0x00);
	KUNIT_EXPECT_EQ(test, bes_cmd_reset(bes, 0), 0);
	KUNIT_EXPECT_EQ(test, bes->stats.unknown_messages, 1);
	KUNIT_EXPECT_EQ(test, bes->outstanding, 0);
}

/* The chip dies instead of answering */
static void bes_cmd_no_chip(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);
	struct bes_test *t = test->priv;

	BES_ANSWER(test, 0x08, 0x00, 0x0a, 0xe4, 0x00, 0x00, 0x00, 0x00);
	KUNIT_EXPECT_EQ(test, bes_cmd_reset(bes, 0), -EIO);
	KUNIT_EXPECT_EQ(test, bes->state, BES_STATE_DEAD);
	KUNIT_EXPECT_EQ(test, t->writes, 1);
	KUNIT_EXPECT_EQ(test, bes_cmd_reset(bes, 0), -ENODEV);
	KUNIT_EXPECT_EQ(test, t->writes, 1);
}

/* A transfer with a bad CRC is repeated with the same toggle */
static void bes_cmd_crc(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);
	struct bes_test *t = test->priv;

	t->write_errors = 3;
	/* the chip may have taken each, and confirm each */
	BES_ANSWER(test, 0x08, 0x00, 0x0a, 0x04, 0x00, 0x00, 0x00, 0x00);
	BES_ANSWER(test, 0x08, 0x00, 0x0a, 0x24, 0x00, 0x00, 0x00, 0x00);
	KUNIT_EXPECT_EQ(test, bes_cmd_reset(bes, 0), 0);
	KUNIT_EXPECT_EQ(test, t->writes, 4);
	BES_WROTE(test, false, 0x08, 0x00, 0x0a, 0x00, 0x00, 0x00, 0x00, 0x00);
	KUNIT_EXPECT_EQ(test, bes->stats.crc_retries, 3);
	KUNIT_EXPECT_EQ(test, bes->outstanding, 0);
	KUNIT_EXPECT_EQ(test, bes->copies, 2);
	KUNIT_EXPECT_EQ(test, bes->state, BES_STATE_RUNNING);
	t->write_errors = 4;
	KUNIT_EXPECT_EQ(test, bes_cmd_reset(bes, 0), -EIO);
	KUNIT_EXPECT_EQ(test, bes->state, BES_STATE_DEAD);
}

/* What was written once is written again only if it changes */
static void bes_cmd_mib_shadow(struct kunit *test)
{
	struct bes_test *t = test->priv;
	struct bes_vif *bvif = bes_vif(t->vif);
	static const u8 big[61];
	u8 val[4] = {};

	KUNIT_EXPECT_EQ(test, bes_mib_update(bvif, 0x1025, val, 4), 0);
	KUNIT_EXPECT_EQ(test, t->writes, 1);
	KUNIT_EXPECT_EQ(test, bes_mib_update(bvif, 0x1025, val, 4), 0);
	KUNIT_EXPECT_EQ(test, t->writes, 1);
	val[3] = 1;
	KUNIT_EXPECT_EQ(test, bes_mib_update(bvif, 0x1025, val, 4), 0);
	KUNIT_EXPECT_EQ(test, bes_mib_update(bvif, 0x1021, val, 4), 0);
	KUNIT_EXPECT_EQ(test, bes_mib_update(bvif, 0x1021, val, 3), 0);
	KUNIT_EXPECT_EQ(test, bes_mib_update(bvif, 0x1021, val, 3), 0);
	KUNIT_EXPECT_EQ(test, t->writes, 4);
	/* too large to remember */
	KUNIT_EXPECT_EQ(test, bes_mib_update(bvif, 0x1002, big, sizeof(big)), 0);
	KUNIT_EXPECT_EQ(test, bes_mib_update(bvif, 0x1002, big, sizeof(big)), 0);
	KUNIT_EXPECT_EQ(test, t->writes, 6);
	bes_mib_forget(bvif);
	KUNIT_EXPECT_EQ(test, bes_mib_update(bvif, 0x1021, val, 3), 0);
	KUNIT_EXPECT_EQ(test, t->writes, 7);
}

/* A refused value is not remembered */
static void bes_cmd_mib_shadow_refused(struct kunit *test)
{
	struct bes_test *t = test->priv;
	u8 val[4] = {};

	BES_ANSWER(test, 0x08, 0x00, 0x06, 0x04, 0x02, 0x00, 0x00, 0x00);
	KUNIT_EXPECT_EQ(test, bes_mib_update(bes_vif(t->vif), 0x1025, val, 4), -EIO);
	KUNIT_EXPECT_EQ(test, bes_mib_update(bes_vif(t->vif), 0x1025, val, 4), 0);
	KUNIT_EXPECT_EQ(test, t->writes, 2);
}

static void bes_cmd_mib_template(struct kunit *test)
{
	static const u8 frame[] = { 0x48, 0x01, 0x00 };

	KUNIT_EXPECT_EQ(test, bes_mib_template(bes_test_dev(test), 0, WSM_TEMPLATE_NULL, 0xff,
					       frame, sizeof(frame)), 0);
	BES_WROTE(test, false, 0x0f, 0x00, 0x06, 0x00, 0x02, 0x10, 0x07, 0x00,
		  0x02, 0xff, 0x03, 0x00, 0x48, 0x01, 0x00);
}

/* As a scan has it: 1 Mbit/s, 40 bytes */
static void bes_cmd_mib_probe(struct kunit *test)
{
	static const u8 frame[40] = { 0x40, 0x00, [39] = 0x48 };
	static const u8 want[52] = {
		0x34, 0x00, 0x06, 0xe0, 0x02, 0x10, 0x2c, 0x00, 0x00, 0x00, 0x28, 0x00,
		0x40, 0x00, [51] = 0x48,
	};
	struct bes_dev *bes = bes_test_dev(test);

	bes->tx_seq[0] = 7;
	KUNIT_EXPECT_EQ(test, bes_mib_template(bes, 0, WSM_TEMPLATE_PROBE_REQ, 0,
					       frame, sizeof(frame)), 0);
	bes_test_wrote(test, want, sizeof(want), 512, 0, false);
}

static void bes_cmd_mib_too_long(struct kunit *test)
{
	struct bes_test *t = test->priv;
	u8 *data = kunit_kzalloc(test, 1621, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, data);
	KUNIT_EXPECT_EQ(test, bes_mib_write(t->bes, 0, 0x1016, data, 1621), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, t->writes, 0);
	KUNIT_EXPECT_EQ(test, bes_mib_write(t->bes, 0, 0x1016, data, 1620), 0);
	KUNIT_EXPECT_EQ(test, t->out_addr, 1632 | 3);
	KUNIT_EXPECT_EQ(test, t->out_len, 2048);
}

static void bes_cmd_mib_read(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);
	u8 val[4];

	BES_ANSWER(test, 0x10, 0x00, 0x05, 0x04, 0x00, 0x00, 0x00, 0x00,
		   0x0c, 0x10, 0x04, 0x00, 0x01, 0x02, 0x03, 0x04);
	KUNIT_EXPECT_EQ(test, bes_mib_read(bes, 0x100c, val, sizeof(val)), 0);
	BES_WROTE(test, false, 0x08, 0x00, 0x05, 0x00, 0x0c, 0x10, 0x00, 0x00);
	KUNIT_EXPECT_MEMEQ(test, val, "\1\2\3\4", 4);
	/* another MIB, and another size */
	BES_ANSWER(test, 0x10, 0x00, 0x05, 0x24, 0x00, 0x00, 0x00, 0x00,
		   0x0d, 0x10, 0x04, 0x00, 0x01, 0x02, 0x03, 0x04);
	KUNIT_EXPECT_EQ(test, bes_mib_read(bes, 0x100c, val, sizeof(val)), -EPROTO);
	BES_ANSWER(test, 0x10, 0x00, 0x05, 0x44, 0x00, 0x00, 0x00, 0x00,
		   0x0c, 0x10, 0x05, 0x00, 0x01, 0x02, 0x03, 0x04);
	KUNIT_EXPECT_EQ(test, bes_mib_read(bes, 0x100c, val, sizeof(val)), -EPROTO);
	BES_ANSWER(test, 0x0c, 0x00, 0x05, 0x64, 0x00, 0x00, 0x00, 0x00,
		   0x0c, 0x10, 0x04, 0x00);
	KUNIT_EXPECT_EQ(test, bes_mib_read(bes, 0x100c, val, sizeof(val)), -EPROTO);
}

static const struct bes_test_locked bes_cmd_cases[] = {
	{ "mib", bes_cmd_mib },
	{ "configure", bes_cmd_configure },
	{ "configure_sdd", bes_cmd_configure_sdd },
	{ "confirm_short", bes_cmd_confirm_short },
	{ "confirm_long", bes_cmd_confirm_long },
	{ "channel", bes_cmd_channel },
	{ "channel_wide", bes_cmd_channel_wide },
	{ "channel_lost", bes_cmd_channel_lost },
	{ "channel_48", bes_cmd_channel_48 },
	{ "queues", bes_cmd_queues },
	{ "mib_words", bes_cmd_mib_words },
	{ "joins", bes_cmd_joins },
	{ "power_save", bes_cmd_power_save },
	{ "mcu", bes_cmd_mcu },
	{ "coexistence", bes_cmd_coexistence },
	{ "plain", bes_cmd_plain },
	{ "refused", bes_cmd_refused },
	{ "other_confirm", bes_cmd_other_confirm },
	{ "no_chip", bes_cmd_no_chip },
	{ "crc", bes_cmd_crc },
	{ "mib_shadow", bes_cmd_mib_shadow },
	{ "mib_shadow_refused", bes_cmd_mib_shadow_refused },
	{ "mib_template", bes_cmd_mib_template },
	{ "mib_probe", bes_cmd_mib_probe },
	{ "mib_too_long", bes_cmd_mib_too_long },
	{ "mib_read", bes_cmd_mib_read },
};

KUNIT_ARRAY_PARAM_DESC(bes_cmd, bes_cmd_cases, name);

static void bes_cmd_exchange(struct kunit *test)
{
	const struct bes_test_locked *c = test->param_value;
	struct wiphy *wiphy = bes_test_dev(test)->hw->wiphy;

	wiphy_lock(wiphy);
	c->run(test);
	wiphy_unlock(wiphy);
}

static struct kunit_case bes_cmd_tests[] = {
	KUNIT_CASE_PARAM(bes_cmd_exchange, bes_cmd_gen_params),
	{}
};

struct kunit_suite bes_cmd_suite = {
	.name = "bes2600-cmd",
	.init = bes_test_init,
	.exit = bes_test_exit,
	.test_cases = bes_cmd_tests,
};
