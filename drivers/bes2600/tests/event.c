// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages from the chip.
 */
#include "test.h"

#define BES_SAY(test, ...) do { \
	static const u8 msg[] = { __VA_ARGS__ }; \
	bes_event_say(test, msg, sizeof(msg)); \
} while (0)

static void bes_event_say(struct kunit *test, const u8 *msg, size_t len)
{
	bes_dispatch(bes_test_dev(test), bes_test_copy(test, msg, len), len);
}

static void bes_event_expect(struct kunit *test, int bad, int unknown, bool alive)
{
	struct bes_dev *bes = bes_test_dev(test);

	KUNIT_EXPECT_EQ(test, bes->stats.bad_messages, bad);
	KUNIT_EXPECT_EQ(test, bes->stats.unknown_messages, unknown);
	KUNIT_EXPECT_EQ(test, bes->state, alive ? BES_STATE_RUNNING : BES_STATE_DEAD);
}

/* ---- start-up ---- */

static const u8 bes_event_startup_head[] = {
	0x98, 0x00, 0x01, 0x08, 0x1e, 0x00, 0x60, 0x06, 0xd2, 0x07, 0x00, 0x00, 0x00, 0x00,
	0x03, 0x00, 0x02, 0x00, 0x24, 0x04, 0x01, 0x00, 0x01, 0x00, 0x45, 0x4d, 0x55, 0x2d,
	0x4c, 0x4d, 0x41, 0x43, 0x20, 0x31, 0x2e, 0x30,
};

static void bes_event_startup_say(struct kunit *test, u16 bufs, u8 seq, size_t len)
{
	u8 msg[168] = {};

	memcpy(msg, bes_event_startup_head, sizeof(bes_event_startup_head));
	put_unaligned_le16(len, msg);
	put_unaligned_le16(0x0801 | seq << WSM_ID_SEQ_SHIFT, msg + 2);
	put_unaligned_le16(bufs, msg + 4);
	bes_event_say(test, msg, len);
}

static void bes_event_startup(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);

	bes->credits = 1;
	bes_event_startup_say(test, 30, 0, 152);
	KUNIT_EXPECT_EQ(test, bes->credits, 30);
	KUNIT_EXPECT_TRUE(test, completion_done(&bes->startup));
	KUNIT_EXPECT_EQ(test, le16_to_cpu(bes->caps.buf_size), 1632);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(bes->caps.hw_id), 2002);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(bes->caps.status), 0);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(bes->caps.caps), 3);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(bes->caps.fw_type), 2);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(bes->caps.fw_api), 1060);
	KUNIT_EXPECT_STREQ(test, bes->caps.label, "EMU-LMAC 1.0");
	bes_event_expect(test, 0, 0, true);
	/* a second one means that the firmware began anew */
	bes_event_startup_say(test, 30, 1, 152);
	bes_event_expect(test, 0, 0, false);
}

static void bes_event_startup_longer(struct kunit *test)
{
	bes_event_startup_say(test, 4, 0, 168);
	KUNIT_EXPECT_EQ(test, bes_test_dev(test)->credits, 4);
	bes_event_expect(test, 0, 0, true);
}

static void bes_event_startup_short(struct kunit *test)
{
	bes_event_startup_say(test, 30, 0, 151);
	KUNIT_EXPECT_EQ(test, le16_to_cpu(bes_test_dev(test)->caps.bufs), 0);
	bes_event_expect(test, 1, 0, false);
}

/* More credits than cookies, or none: what we can work with */
static void bes_event_startup_credits(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);

	bes_event_startup_say(test, 0xffff, 0, 152);
	KUNIT_EXPECT_EQ(test, bes->credits, BES_COOKIES);
	reinit_completion(&bes->startup);
	bes_event_startup_say(test, 0, 1, 152);
	KUNIT_EXPECT_EQ(test, bes->credits, 1);
}

/* A label that fills its field is cut */
static void bes_event_startup_label(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);
	u8 msg[152];

	memset(msg, 'x', sizeof(msg));
	memcpy(msg, bes_event_startup_head, 24);
	bes_event_say(test, msg, sizeof(msg));
	KUNIT_EXPECT_EQ(test, strnlen(bes->caps.label, 128), 127);
}

/* ---- sequence ---- */

static void bes_event_sequence(struct kunit *test)
{
	u8 msg[8];
	int i;

	for (i = 0; i < 20; i++) {
		bes_test_unknown(msg, 8, i & 7);
		bes_event_say(test, msg, 8);
	}
	bes_event_expect(test, 0, 20, true);
	/* the same again */
	bes_event_say(test, msg, 8);
	bes_event_expect(test, 1, 20, false);
	/* the chip is not listened to any more */
	bes_test_unknown(msg, 8, 4);
	bes_event_say(test, msg, 8);
	bes_event_expect(test, 1, 20, false);
}

static void bes_event_sequence_gap(struct kunit *test)
{
	u8 msg[8];

	bes_test_unknown(msg, 8, 1);
	bes_event_say(test, msg, 8);
	bes_event_expect(test, 1, 0, false);
}

/* Bluetooth with A2DP; the MCU counts by itself */
static void bes_event_sequence_mcu(struct kunit *test)
{
	static const u8 msg[] = {
		0x10, 0x00, 0x30, 0x2c, 0x00, 0x00, 0x00, 0x00,
		0xf0, 0x00, 0x00, 0x00, 0x44, 0x00, 0x00, 0x00,
	};
	struct bes_dev *bes = bes_test_dev(test);

	bes->rx_seq[0] = 5;
	bes->rx_seq[1] = 1;
	bes_event_say(test, msg, sizeof(msg));
	bes_event_expect(test, 0, 0, true);
	KUNIT_EXPECT_EQ(test, bes->rx_seq[0], 5);
	KUNIT_EXPECT_EQ(test, bes->rx_seq[1], 2);
	KUNIT_EXPECT_EQ(test, bes->outstanding, 0);
	bes_event_say(test, msg, sizeof(msg));
	bes_event_expect(test, 1, 0, false);
}

static void bes_event_exception(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);
	u8 msg[128] = { 0x80, 0x00, 0x00, 0xe8, 0x04, 0x00, 0x00, 0x00 };

	/* carries any number, and its file name need not end */
	memset(msg + 80, 'f', 48);
	bes_event_say(test, msg, sizeof(msg));
	KUNIT_EXPECT_EQ(test, bes->rx_seq[0], 0);
	bes_event_expect(test, 0, 0, false);
}

static void bes_event_exception_short(struct kunit *test)
{
	u8 msg[127] = { 0x7f, 0x00, 0x00, 0x08 };

	bes_event_say(test, msg, sizeof(msg));
	bes_event_expect(test, 1, 0, false);
}

/* ---- shortest lengths ---- */

static const struct bes_event_len {
	u16 id;
	u8 min;
	bool deferred;
} bes_event_lens[] = {
	{ 0x0404, 24, false },
	{ 0x041e, 28, false },
	{ 0x0804, 32, false },
	{ 0x0805, 12, true },
	{ 0x0806, 10, true },
	{ 0x0809, 9, true },
	{ 0x080a, 8, false },
	{ 0x080c, 8, true },
	{ 0x0409, 8, false },
};

static void bes_event_len_desc(const struct bes_event_len *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%#06x", c->id);
}

KUNIT_ARRAY_PARAM(bes_event_len, bes_event_lens, bes_event_len_desc);

static void bes_event_of_len(struct kunit *test, u16 id, size_t len)
{
	u8 msg[64] = {};

	put_unaligned_le16(len, msg);
	put_unaligned_le16(id, msg + 2);
	msg[4] = 1;	/* a count */
	bes_event_say(test, msg, len);
}

static void bes_event_long_enough(struct kunit *test)
{
	const struct bes_event_len *c = test->param_value;
	struct bes_test *t = test->priv;

	t->bes->outstanding = 1;
	bes_event_of_len(test, c->id, c->min);
	KUNIT_EXPECT_EQ(test, t->bes->stats.bad_messages, 0);
	KUNIT_EXPECT_EQ(test, t->bes->state, BES_STATE_RUNNING);
	KUNIT_EXPECT_EQ(test, t->deferred, c->deferred);
	if (c->deferred) {
		KUNIT_EXPECT_EQ(test, t->deferred_id, c->id);
		KUNIT_EXPECT_EQ(test, t->deferred_len, c->min);
	}
}

static void bes_event_too_short(struct kunit *test)
{
	const struct bes_event_len *c = test->param_value;
	struct bes_test *t = test->priv;
	size_t len;

	for (len = 4; len < c->min; len++) {
		t->bes->state = BES_STATE_RUNNING;
		t->bes->rx_seq[0] = 0;
		t->bes->outstanding = 1;
		bes_event_of_len(test, c->id, len);
		KUNIT_EXPECT_EQ(test, t->bes->state, BES_STATE_DEAD);
	}
	bes_event_expect(test, c->min - 4, 0, false);
	KUNIT_EXPECT_EQ(test, t->deferred, 0);
}

/* ---- what is waited for ---- */

static void bes_event_channel(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);

	bes_test_rx_seq(test, 4);
	KUNIT_EXPECT_FALSE(test, completion_done(&bes->chan_done));
	BES_SAY(test, 0x08, 0x00, 0x0a, 0x88, 0x00, 0x00, 0x00, 0x00);
	KUNIT_EXPECT_TRUE(test, completion_done(&bes->chan_done));
	bes_event_expect(test, 0, 0, true);
}

/* ---- confirms ---- */

/* Of another request, or before ours was sent: the caller goes on waiting */
static void bes_event_confirm_other(struct kunit *test)
{
	static const struct wsm_hdr req = {
		.len = cpu_to_le16(sizeof(req)), .id = cpu_to_le16(WSM_REQ_JOIN)
	};
	struct bes_dev *bes = bes_test_dev(test);
	struct bes_cmd cmd = { .req = &req, .sent = true };

	init_completion(&cmd.done);
	bes->cmd = &cmd;
	bes->outstanding = 3;
	BES_SAY(test, 0x08, 0x00, 0x0a, 0x04, 0x00, 0x00, 0x00, 0x00);
	KUNIT_EXPECT_FALSE(test, completion_done(&cmd.done));
	cmd.sent = false;
	BES_SAY(test, 0x08, 0x00, 0x0b, 0x24, 0x00, 0x00, 0x00, 0x00);
	KUNIT_EXPECT_FALSE(test, completion_done(&cmd.done));
	KUNIT_EXPECT_EQ(test, bes->stats.unknown_messages, 2);
	cmd.sent = true;
	BES_SAY(test, 0x08, 0x00, 0x0b, 0x44, 0x00, 0x00, 0x00, 0x00);
	KUNIT_EXPECT_TRUE(test, completion_done(&cmd.done));
	KUNIT_EXPECT_EQ(test, bes->outstanding, 0);
	bes->cmd = NULL;
}

static void bes_event_confirm_for_nothing(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);

	BES_SAY(test, 0x08, 0x00, 0x09, 0x04, 0x00, 0x00, 0x00, 0x00);
	KUNIT_EXPECT_EQ(test, bes->outstanding, 0);
	bes_event_expect(test, 0, 1, false);
}

/* Nobody asked, but a credit is owed: late, and harmless */
static void bes_event_confirm_late(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);

	bes->outstanding = 2;
	BES_SAY(test, 0x08, 0x00, 0x09, 0x04, 0x00, 0x00, 0x00, 0x00);
	KUNIT_EXPECT_EQ(test, bes->outstanding, 1);
	bes_event_expect(test, 0, 1, true);
}

static void bes_event_mcu_say(struct kunit *test, u8 label, u8 len)
{
	const u8 msg[16] = { len, 0x00, 0x27, 0x0c, [8] = label, [12] = 0x03 };

	bes_event_say(test, msg, len);
}

static void bes_event_mcu_confirm(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);

	bes->outstanding = 1;
	bes_event_mcu_say(test, 0x0f, 16);
	KUNIT_EXPECT_EQ(test, bes->outstanding, 0);
	bes_event_expect(test, 0, 1, true);
}

static void bes_event_mcu_label(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);

	bes->outstanding = 1;
	bes_event_mcu_say(test, 0x0e, 16);
	KUNIT_EXPECT_EQ(test, bes->outstanding, 1);
	bes_event_expect(test, 1, 0, true);
}

static void bes_event_mcu_short(struct kunit *test)
{
	bes_event_mcu_say(test, 0x0f, 15);
	bes_event_expect(test, 1, 0, false);
}

/* Two frames; their cookies are stale, which costs the credits all the same */
static void bes_event_multi_confirm(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);

	bes_test_rx_seq(test, 3);
	bes->outstanding = 3;
	BES_SAY(test, 0x30, 0x00, 0x1e, 0x64, 0x02, 0x00, 0x00, 0x00, 0x03, 0x00, 0x02, 0x00,
		0x00, 0x00, 0x00, 0x00, 0x15, 0x00, 0x0d, 0x00, 0x08, 0x07, 0x00, 0x00,
		0x5e, 0x01, 0x00, 0x00, 0x04, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x15, 0x01, 0x0d, 0x00, 0x34, 0x08, 0x00, 0x00, 0x68, 0x01, 0x00, 0x00);
	KUNIT_EXPECT_EQ(test, bes->outstanding, 1);
	KUNIT_EXPECT_EQ(test, bes->stats.stale_cookies, 2);
	bes_event_expect(test, 0, 0, true);
}

/* A second confirm of what was written twice gives nothing back; only as many, and in time */
static void bes_event_copy(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);
	u8 msg[24] = { 0x18, 0x00, 0x04, 0x04 };
	int i;

	bes->outstanding = 2;
	bes->copies = 2;
	bes->copies_end = jiffies + HZ;
	for (i = 0; i < 3; i++) {
		put_unaligned_le16(0x0404 | i << WSM_ID_SEQ_SHIFT, msg + 2);
		bes_event_say(test, msg, sizeof(msg));
		KUNIT_EXPECT_EQ(test, bes->outstanding, i < 2 ? 2 : 1);
	}
	KUNIT_EXPECT_EQ(test, bes->stats.copies, 2);
	bes->copies = 1;
	bes->copies_end = jiffies - 1;
	put_unaligned_le16(0x0404 | i << WSM_ID_SEQ_SHIFT, msg + 2);
	bes_event_say(test, msg, sizeof(msg));
	KUNIT_EXPECT_EQ(test, bes->outstanding, 0);
	KUNIT_EXPECT_EQ(test, bes->stats.copies, 2);
	bes_event_expect(test, 0, 0, true);
}

/* Counts that the message cannot hold, the last ones overflowing 32 bits of bytes */
static const u32 bes_event_counts[] = {
	0, 3, 4, 100, 0x7fffffff, 0x80000000, 0xccccccd, 0xcccccce, 0xffffffff,
};

static void bes_event_count_desc(const u32 *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "count %#x", *c);
}

KUNIT_ARRAY_PARAM(bes_event_count, bes_event_counts, bes_event_count_desc);

static void bes_event_multi_count(struct kunit *test)
{
	const u32 *count = test->param_value;
	struct bes_dev *bes = bes_test_dev(test);
	u8 msg[8 + 2 * 20] = { 0x30, 0x00, 0x1e, 0x04 };

	put_unaligned_le32(*count, msg + 4);
	bes->outstanding = 5;
	bes_event_say(test, msg, sizeof(msg));
	KUNIT_EXPECT_EQ(test, bes->stats.stale_cookies, 0);
	bes_event_expect(test, 1, 0, false);
}

/* A count that leaves room behind it is taken by its word */
static void bes_event_multi_room(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);
	u8 msg[8 + 2 * 20 + 3] = { 0x33, 0x00, 0x1e, 0x04, 0x01 };

	bes->outstanding = 5;
	bes_event_say(test, msg, sizeof(msg));
	KUNIT_EXPECT_EQ(test, bes->outstanding, 4);
	KUNIT_EXPECT_EQ(test, bes->stats.stale_cookies, 1);
	bes_event_expect(test, 0, 0, true);
}

static void bes_event_names(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, bes_msg_name(0x0009), "configuration");
	KUNIT_EXPECT_STREQ(test, bes_msg_name(0x0409), "configuration");
	KUNIT_EXPECT_STREQ(test, bes_msg_name(0xe449), "configuration");
	KUNIT_EXPECT_STREQ(test, bes_msg_name(0x0c27), "MCU driver command");
	KUNIT_EXPECT_STREQ(test, bes_msg_name(0x003f), "unknown message");
}

static struct kunit_case bes_event_tests[] = {
	KUNIT_CASE(bes_event_startup),
	KUNIT_CASE(bes_event_startup_longer),
	KUNIT_CASE(bes_event_startup_short),
	KUNIT_CASE(bes_event_startup_credits),
	KUNIT_CASE(bes_event_startup_label),
	KUNIT_CASE(bes_event_sequence),
	KUNIT_CASE(bes_event_sequence_gap),
	KUNIT_CASE(bes_event_sequence_mcu),
	KUNIT_CASE(bes_event_exception),
	KUNIT_CASE(bes_event_exception_short),
	KUNIT_CASE_PARAM(bes_event_long_enough, bes_event_len_gen_params),
	KUNIT_CASE_PARAM(bes_event_too_short, bes_event_len_gen_params),
	KUNIT_CASE(bes_event_channel),
	KUNIT_CASE(bes_event_confirm_other),
	KUNIT_CASE(bes_event_confirm_for_nothing),
	KUNIT_CASE(bes_event_confirm_late),
	KUNIT_CASE(bes_event_mcu_confirm),
	KUNIT_CASE(bes_event_mcu_label),
	KUNIT_CASE(bes_event_mcu_short),
	KUNIT_CASE(bes_event_multi_confirm),
	KUNIT_CASE(bes_event_copy),
	KUNIT_CASE_PARAM(bes_event_multi_count, bes_event_count_gen_params),
	KUNIT_CASE(bes_event_multi_room),
	KUNIT_CASE(bes_event_names),
	{}
};

struct kunit_suite bes_event_suite = {
	.name = "bes2600-event",
	.init = bes_test_init,
	.exit = bes_test_exit,
	.test_cases = bes_event_tests,
};
