// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transfers: their length, toggle and retries; how they are split.
 */
#include "test.h"

#define BES_TT_LEN	(4 * BES_BLOCK_SIZE)

static u8 *bes_transfer_buf(struct kunit *test)
{
	u8 *buf = kunit_kzalloc(test, BES_BURST_BYTES, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, buf);
	return buf;
}

static void bes_transfer_split(struct kunit *test, const u8 *buf, size_t len)
{
	bes_bh_split(bes_test_dev(test), bes_test_copy(test, buf, len), len);
}

static void bes_transfer_expect(struct kunit *test, int messages, bool good)
{
	struct bes_dev *bes = bes_test_dev(test);

	KUNIT_EXPECT_EQ(test, bes->stats.unknown_messages, messages);
	KUNIT_EXPECT_EQ(test, bes->stats.rx_hist[messages], 1);
	KUNIT_EXPECT_EQ(test, bes->stats.bad_packing, !good);
	KUNIT_EXPECT_EQ(test, bes->stats.bad_messages, 0);
	KUNIT_EXPECT_EQ(test, bes->state, good ? BES_STATE_RUNNING : BES_STATE_DEAD);
}

static void bes_transfer_empty(struct kunit *test)
{
	bes_transfer_split(test, bes_transfer_buf(test), 512);
	bes_transfer_expect(test, 0, true);
}

static void bes_transfer_shortest(struct kunit *test)
{
	u8 *buf = bes_transfer_buf(test);

	bes_test_unknown(buf, 4, 0);
	bes_transfer_split(test, buf, 512);
	bes_transfer_expect(test, 1, true);
}

/* Lengths that are no multiple of four: the next one starts at the next */
static void bes_transfer_odd(struct kunit *test)
{
	u8 *buf = bes_transfer_buf(test);
	size_t at = 0;
	int i;

	for (i = 0; i < 9; i++)
		at += bes_test_unknown(buf + at, 80 + i, i & 7);
	bes_transfer_split(test, buf, 1024);
	bes_transfer_expect(test, 9, true);
}

/* A receive indication of 83 bytes, then the end of the scan */
static void bes_transfer_beacon_and_scan(struct kunit *test)
{
	static const u8 scan_end[] = {
		0x0c, 0x00, 0x06, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x00, 0x00,
	};
	struct bes_test *t = test->priv;
	u8 *buf = bes_transfer_buf(test);
	size_t at;

	at = bes_test_unknown(buf, 83, 7);
	KUNIT_EXPECT_EQ(test, at, 84);
	memcpy(buf + at, scan_end, sizeof(scan_end));
	bes_test_rx_seq(test, 7);
	bes_transfer_split(test, buf, 512);
	KUNIT_EXPECT_EQ(test, t->bes->stats.unknown_messages, 1);
	KUNIT_EXPECT_EQ(test, t->deferred, 1);
	KUNIT_EXPECT_EQ(test, t->deferred_id, 0x0806);
	KUNIT_EXPECT_EQ(test, t->bes->stats.rx_hist[2], 1);
}

static void bes_transfer_full(struct kunit *test)
{
	u8 *buf = bes_transfer_buf(test);

	/* to the last byte, and to the last but one, which is padding */
	bes_test_unknown(buf, 256, 0);
	bes_test_unknown(buf + 256, 255, 1);
	bes_transfer_split(test, buf, 512);
	bes_transfer_expect(test, 2, true);
}

static void bes_transfer_long(struct kunit *test)
{
	u8 *buf = bes_transfer_buf(test);

	bes_test_unknown(buf, BES_TT_LEN, 0);
	bes_transfer_split(test, buf, BES_TT_LEN);
	bes_transfer_expect(test, 1, true);
}

static void bes_transfer_most(struct kunit *test)
{
	u8 *buf = bes_transfer_buf(test);
	int i;

	for (i = 0; i < BES_BURST_MSGS; i++)
		bes_test_unknown(buf + i * BES_SLOT_MAX, BES_SLOT_MAX, i & 7);
	bes_transfer_split(test, buf, BES_BURST_BYTES);
	bes_transfer_expect(test, BES_BURST_MSGS, true);
}

static void bes_transfer_too_many(struct kunit *test)
{
	u8 *buf = bes_transfer_buf(test);
	int i;

	for (i = 0; i < BES_BURST_MSGS + 1; i++)
		bes_test_unknown(buf + 8 * i, 8, i & 7);
	bes_transfer_split(test, buf, 512);
	bes_transfer_expect(test, BES_BURST_MSGS, false);
}

/* A zero length ends it, whatever follows */
static void bes_transfer_zero(struct kunit *test)
{
	u8 *buf = bes_transfer_buf(test);

	bes_test_unknown(buf, 8, 0);
	bes_test_unknown(buf + 12, 8, 1);
	bes_transfer_split(test, buf, 512);
	bes_transfer_expect(test, 1, true);
}

/* Lengths that cannot be, after a good message */
static const struct bes_transfer_case {
	u16 len;
} bes_transfer_cases[] = {
	{ 1 }, { 2 }, { 3 }, { 505 }, { 508 }, { 512 }, { 1632 }, { 0x7fff }, { 0xffff },
};

static void bes_transfer_desc(const struct bes_transfer_case *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "length %u", c->len);
}

KUNIT_ARRAY_PARAM(bes_transfer, bes_transfer_cases, bes_transfer_desc);

static void bes_transfer_bad(struct kunit *test)
{
	const struct bes_transfer_case *c = test->param_value;
	u8 *buf = bes_transfer_buf(test);

	bes_test_unknown(buf, 8, 0);
	bes_test_unknown(buf + 8, 8, 1);
	put_unaligned_le16(c->len, buf + 8);
	bes_transfer_split(test, buf, 512);
	bes_transfer_expect(test, 1, false);
}

/* The same as the only message */
static void bes_transfer_bad_alone(struct kunit *test)
{
	const struct bes_transfer_case *c = test->param_value;
	u8 *buf = bes_transfer_buf(test);

	bool fits = c->len >= 4 && c->len <= 512;

	bes_test_unknown(buf, 8, 0);
	put_unaligned_le16(c->len, buf);
	bes_transfer_split(test, buf, 512);
	bes_transfer_expect(test, fits, fits);
}

static void bes_transfer_bad_last_word(struct kunit *test)
{
	u8 *buf = bes_transfer_buf(test);

	bes_test_unknown(buf, 508, 0);
	put_unaligned_le16(5, buf + 508);
	bes_transfer_split(test, buf, 512);
	bes_transfer_expect(test, 1, false);
}

/* Nothing that follows a fatal message is looked at */
static void bes_transfer_after_fatal(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);
	u8 *buf = bes_transfer_buf(test);

	bes_test_unknown(buf, 8, 5);
	bes_test_unknown(buf + 8, 8, 0);
	bes_transfer_split(test, buf, 512);
	KUNIT_EXPECT_EQ(test, bes->state, BES_STATE_DEAD);
	KUNIT_EXPECT_EQ(test, bes->stats.bad_messages, 1);
	KUNIT_EXPECT_EQ(test, bes->stats.unknown_messages, 0);
}

/* ---- reading ---- */

static void bes_transfer_fresh(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);

	bes->rx_toggle = false;
	KUNIT_EXPECT_TRUE(test, bes_bh_fresh(bes, 0x01));
	KUNIT_EXPECT_FALSE(test, bes_bh_fresh(bes, 0x81));
	KUNIT_EXPECT_FALSE(test, bes_bh_fresh(bes, 0x00));
	KUNIT_EXPECT_FALSE(test, bes_bh_fresh(bes, 0x80));
	bes->rx_toggle = true;
	KUNIT_EXPECT_FALSE(test, bes_bh_fresh(bes, 0x01));
	KUNIT_EXPECT_TRUE(test, bes_bh_fresh(bes, 0x81));
	KUNIT_EXPECT_FALSE(test, bes_bh_fresh(bes, 0x00));
	KUNIT_EXPECT_FALSE(test, bes_bh_fresh(bes, 0x80));
}

static void bes_transfer_receive(struct kunit *test)
{
	struct bes_test *t = test->priv;
	u8 *buf = bes_transfer_buf(test);
	static const u8 next[] = { 0x82 };

	bes_test_unknown(buf, 600, 0);
	t->in = buf;
	t->in_len = 1024;
	t->regs = next;
	t->n_regs = 1;
	/* the one that waits already is announced by the same read */
	KUNIT_EXPECT_EQ(test, bes_bh_receive(t->bes, 0x02), 0x82);
	KUNIT_EXPECT_EQ(test, t->in_addr, 1024);
	KUNIT_EXPECT_EQ(test, t->reads, 1);
	KUNIT_EXPECT_EQ(test, t->reg_reads, 1);
	KUNIT_EXPECT_TRUE(test, t->bes->rx_toggle);
	KUNIT_EXPECT_EQ(test, t->bes->rx_bursts, 1);
	bes_transfer_expect(test, 1, true);
	/* and has the other toggle */
	bes_test_unknown(buf, 600, 1);
	KUNIT_EXPECT_EQ(test, bes_bh_receive(t->bes, 0x82), 0);
	KUNIT_EXPECT_EQ(test, t->in_addr, 1024 | BES_ADDR_TOGGLE);
	KUNIT_EXPECT_FALSE(test, t->bes->rx_toggle);
}

/* A bad CRC: the same toggle asks for the same burst */
static void bes_transfer_crc(struct kunit *test)
{
	struct bes_test *t = test->priv;

	t->read_errors = 3;
	KUNIT_EXPECT_EQ(test, bes_bh_receive(t->bes, 0x01), 0);
	KUNIT_EXPECT_EQ(test, t->reads, 4);
	KUNIT_EXPECT_EQ(test, t->in_addr, 512);
	KUNIT_EXPECT_EQ(test, t->bes->stats.crc_retries, 3);
	KUNIT_EXPECT_EQ(test, t->bes->rx_bursts, 1);
	KUNIT_EXPECT_EQ(test, t->bes->state, BES_STATE_RUNNING);
	t->read_errors = 4;
	KUNIT_EXPECT_EQ(test, bes_bh_receive(t->bes, 0x81), 0);
	KUNIT_EXPECT_EQ(test, t->bes->rx_bursts, 1);
	KUNIT_EXPECT_EQ(test, t->bes->state, BES_STATE_DEAD);
}

static void bes_transfer_too_long(struct kunit *test)
{
	struct bes_test *t = test->priv;

	bes_bh_receive(t->bes, 51);
	KUNIT_EXPECT_EQ(test, t->reads, 1);
	KUNIT_EXPECT_EQ(test, t->bes->state, BES_STATE_RUNNING);
	KUNIT_EXPECT_EQ(test, bes_bh_receive(t->bes, 0x80 | 52), 0);
	KUNIT_EXPECT_EQ(test, t->reads, 1);
	KUNIT_EXPECT_EQ(test, t->bes->state, BES_STATE_DEAD);
}

/* The register still shows the burst before, for a while */
static void bes_transfer_settles(struct kunit *test)
{
	static const u8 regs[] = { 0x82, 0x82, 0x03 };
	struct bes_test *t = test->priv;

	t->regs = regs;
	t->n_regs = ARRAY_SIZE(regs);
	KUNIT_EXPECT_EQ(test, bes_bh_settle(t->bes, 0x82, true), 0x03);
	KUNIT_EXPECT_EQ(test, t->reg_reads, 3);
	KUNIT_EXPECT_EQ(test, t->bes->stats.stale_toggles, 3);
}

static void bes_transfer_never_settles(struct kunit *test)
{
	static const u8 regs[] = { 0x82 };
	struct bes_test *t = test->priv;

	t->regs = regs;
	t->n_regs = 1;
	KUNIT_EXPECT_EQ(test, bes_bh_settle(t->bes, 0x82, true), 0);
	KUNIT_EXPECT_EQ(test, t->bes->stats.unsettled, 1);
	KUNIT_EXPECT_TRUE(test, t->bes->unsettled);
	KUNIT_EXPECT_EQ(test, t->bes->state, BES_STATE_RUNNING);
}

/* A zero counts only if the chip calls it genuine; registers 0 and 1 by turns */
static void bes_transfer_zero_length(struct kunit *test)
{
	static const u8 genuine[] = { 0x01 };
	static const u8 not_yet[] = { 0x00, 0x00, 0x00, 0x05 };
	struct bes_test *t = test->priv;

	KUNIT_EXPECT_EQ(test, bes_bh_settle(t->bes, 0x00, false), 0);
	KUNIT_EXPECT_EQ(test, t->reg_reads, 0);
	t->regs = genuine;
	t->n_regs = 1;
	KUNIT_EXPECT_EQ(test, bes_bh_settle(t->bes, 0x00, true), 0);
	KUNIT_EXPECT_EQ(test, t->reg_reads, 1);
	t->regs = not_yet;
	t->n_regs = ARRAY_SIZE(not_yet);
	t->reg_reads = 0;
	KUNIT_EXPECT_EQ(test, bes_bh_settle(t->bes, 0x00, true), 0x05);
	KUNIT_EXPECT_EQ(test, t->reg_reads, 4);
}

/* ---- slots ---- */

static void bes_transfer_classes(struct kunit *test)
{
	size_t len, slot;
	unsigned int class;

	/* the message and the four bytes behind it */
	for (len = 4; len <= BES_MSG_MAX; len++) {
		class = bes_bh_class(len, &slot);
		KUNIT_EXPECT_EQ(test, class, DIV_ROUND_UP(ALIGN(len, 4) + 4, 512) - 1);
		KUNIT_EXPECT_EQ(test, slot, class == 3 ? 1632 : (class + 1) * 512);
		KUNIT_EXPECT_LE(test, len + 4, slot);
	}
}

/* The last place is for a command, and there is none beyond it */
static void bes_transfer_command_place(struct kunit *test)
{
	static const struct wsm_hdr req = {
		.len = cpu_to_le16(sizeof(req)), .id = cpu_to_le16(WSM_REQ_EDCA)
	};
	struct bes_test *t = test->priv;
	struct bes_cmd cmd = { .req = &req };

	t->bes->cmd = &cmd;
	t->bes->credits = 4;
	t->bes->outstanding = 4;
	KUNIT_EXPECT_FALSE(test, bes_bh_send_cmd(t->bes));
	KUNIT_EXPECT_EQ(test, t->writes, 0);
	t->bes->outstanding = 3;
	KUNIT_EXPECT_TRUE(test, bes_bh_send_cmd(t->bes));
	KUNIT_EXPECT_EQ(test, t->writes, 1);
	KUNIT_EXPECT_EQ(test, t->bes->outstanding, 4);
	t->bes->cmd = NULL;
}

static struct kunit_case bes_transfer_tests[] = {
	KUNIT_CASE(bes_transfer_empty),
	KUNIT_CASE(bes_transfer_shortest),
	KUNIT_CASE(bes_transfer_odd),
	KUNIT_CASE(bes_transfer_beacon_and_scan),
	KUNIT_CASE(bes_transfer_full),
	KUNIT_CASE(bes_transfer_long),
	KUNIT_CASE(bes_transfer_most),
	KUNIT_CASE(bes_transfer_too_many),
	KUNIT_CASE(bes_transfer_zero),
	KUNIT_CASE_PARAM(bes_transfer_bad, bes_transfer_gen_params),
	KUNIT_CASE_PARAM(bes_transfer_bad_alone, bes_transfer_gen_params),
	KUNIT_CASE(bes_transfer_bad_last_word),
	KUNIT_CASE(bes_transfer_after_fatal),
	KUNIT_CASE(bes_transfer_fresh),
	KUNIT_CASE(bes_transfer_receive),
	KUNIT_CASE(bes_transfer_crc),
	KUNIT_CASE(bes_transfer_too_long),
	KUNIT_CASE(bes_transfer_settles),
	KUNIT_CASE(bes_transfer_never_settles),
	KUNIT_CASE(bes_transfer_zero_length),
	KUNIT_CASE(bes_transfer_classes),
	KUNIT_CASE(bes_transfer_command_place),
	{}
};

struct kunit_suite bes_transfer_suite = {
	.name = "bes2600-transfer",
	.init = bes_test_init,
	.exit = bes_test_exit,
	.test_cases = bes_transfer_tests,
};
