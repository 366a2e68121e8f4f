// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device that tests use.
 */
#include <kunit/device.h>
#include <kunit/static_stub.h>
#include <kunit/test-bug.h>
#include <linux/err.h>

#include "test.h"

static struct bes_test *bes_test_current(void)
{
	return kunit_get_current_test()->priv;
}

/* There is nobody to claim the bus from, and no mac80211 to give frames to */
static void bes_test_nothing(struct bes_dev *bes)
{
}

static int bes_test_bus_write(struct bes_dev *bes, u32 addr, const void *buf, size_t len)
{
	struct bes_test *t = bes_test_current();

	t->writes++;
	if (t->write_errors) {
		t->write_errors--;
		return -EILSEQ;
	}
	t->out_addr = addr;
	t->out_len = len;
	memcpy(t->out, buf, len);
	memcpy(t->log[(t->writes - 1) % BES_TEST_LOG], buf, BES_TEST_LOG_BYTES);
	return 0;
}

static int bes_test_bus_read(struct bes_dev *bes, u32 addr, void *buf, size_t len)
{
	struct bes_test *t = bes_test_current();

	t->reads++;
	t->in_addr = addr;
	if (t->read_errors) {
		t->read_errors--;
		return -EILSEQ;
	}
	memset(buf, 0, len);
	if (t->in)
		memcpy(buf, t->in, min(len, t->in_len));
	return 0;
}

static int bes_test_bus_read8(struct bes_dev *bes, u32 addr, u8 *val)
{
	struct bes_test *t = bes_test_current();

	*val = t->n_regs ? t->regs[min(t->reg_reads, t->n_regs - 1)] : 0;
	t->reg_reads++;
	return 0;
}

/* The confirm of every request that has no special one */
static void bes_test_yes(struct bes_test *t)
{
	const struct wsm_hdr *req = (const void *)t->out;
	struct wsm_generic_cnf cnf = { .hdr.len = cpu_to_le16(sizeof(cnf)) };
	u16 id = le16_to_cpu(req->id) & ~WSM_ID_SEQ;

	id |= WSM_CLASS_CNF | t->bes->rx_seq[0] << WSM_ID_SEQ_SHIFT;
	cnf.hdr.id = cpu_to_le16(id);
	bes_dispatch(t->bes, &cnf, sizeof(cnf));
}

/* The thread and the chip at once: the command is answered before its caller waits */
static void bes_test_bh_wake(struct bes_dev *bes, enum bes_bh_bit bit)
{
	struct bes_test *t = bes_test_current();

	if (bit != BES_BH_CMD || !bes_bh_send_cmd(bes))
		return;
	if (!t->says)
		bes_test_yes(t);
	while (t->said < t->says) {
		bes_dispatch(bes, t->say[t->said].msg, t->say[t->said].len);
		t->said++;
	}
	t->says = 0;
	t->said = 0;
}

static void bes_test_defer(struct bes_dev *bes, const void *msg, size_t len)
{
	const struct wsm_hdr *hdr = msg;
	struct bes_test *t = bes_test_current();

	t->deferred++;
	t->deferred_id = le16_to_cpu(hdr->id);
	t->deferred_len = len;
}

static void bes_test_stubs(struct kunit *test)
{
	kunit_activate_static_stub(test, bes_bus_claim, bes_test_nothing);
	kunit_activate_static_stub(test, bes_bus_release, bes_test_nothing);
	kunit_activate_static_stub(test, bes_rx_flush, bes_test_nothing);
	kunit_activate_static_stub(test, bes_bus_read, bes_test_bus_read);
	kunit_activate_static_stub(test, bes_bus_read8, bes_test_bus_read8);
	kunit_activate_static_stub(test, bes_bus_write, bes_test_bus_write);
	kunit_activate_static_stub(test, bes_bh_wake, bes_test_bh_wake);
	kunit_activate_static_stub(test, bes_defer, bes_test_defer);
}

static void bes_test_vif(struct kunit *test, struct bes_test *t)
{
	struct bes_vif *bvif;

	t->vif = kunit_kzalloc(test, sizeof(*t->vif) + sizeof(*bvif), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, t->vif);
	t->vif->type = NL80211_IFTYPE_STATION;
	bvif = bes_vif(t->vif);
	bvif->bes = t->bes;
	bvif->state = BES_VIF_JOINED;
	rcu_assign_pointer(t->bes->vifs[0], t->vif);
}

int bes_test_init(struct kunit *test)
{
	struct bes_test *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	struct device *dev = kunit_device_register(test, "bes2600-test");

	KUNIT_ASSERT_NOT_NULL(test, t);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, dev);
	test->priv = t;
	t->out = kunit_kzalloc(test, BES_BURST_BYTES + BES_BLOCK_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, t->out);
	t->bes = bes_core_alloc(dev);
	KUNIT_ASSERT_NOT_NULL(test, t->bes);
	/* a chip found dead is not reset */
	t->bes->gone = true;
	t->bes->tx_buf = kunit_kzalloc(test, BES_BURST_BYTES + BES_BLOCK_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, t->bes->tx_buf);
	t->bes->rx_buf = kunit_kzalloc(test, BES_BURST_BYTES, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, t->bes->rx_buf);
	KUNIT_ASSERT_EQ(test, bes_core_bands(t->bes), 0);
	bes_test_vif(test, t);
	t->bes->credits = 30;
	t->bes->state = BES_STATE_RUNNING;
	bes_test_stubs(test);
	return 0;
}

void bes_test_exit(struct kunit *test)
{
	struct bes_test *t = test->priv;

	if (!t || !t->bes)
		return;
	bes_tx_fail_all(t->bes);
	__skb_queue_purge(BES_TEST_RECEIVED(t->bes));
	__skb_queue_purge(BES_TEST_FINISHED(t->bes));
	bes_core_free(t->bes);
}

void *bes_test_copy(struct kunit *test, const void *data, size_t len)
{
	void *copy = kunit_kmalloc(test, len ?: 1, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, copy);
	return memcpy(copy, data, len);
}

void bes_test_say(struct kunit *test, const void *msg, size_t len)
{
	struct bes_test *t = test->priv;

	KUNIT_ASSERT_LT(test, t->says, BES_TEST_SAYINGS);
	t->say[t->says].msg = msg;
	t->say[t->says].len = len;
	t->says++;
}

void bes_test_wrote(struct kunit *test, const void *msg, size_t len, size_t slot,
		    unsigned int class, bool toggle)
{
	struct bes_test *t = test->priv;

	KUNIT_EXPECT_MEMEQ(test, t->out, msg, len);
	KUNIT_EXPECT_EQ(test, t->out_addr, slot | class | (toggle ? BES_ADDR_TOGGLE : 0));
	KUNIT_EXPECT_EQ(test, t->out_len, round_up(slot, BES_BLOCK_SIZE));
	KUNIT_EXPECT_NULL(test, memchr_inv(t->out + len, 0, t->out_len - len));
}

void bes_test_rx_seq(struct kunit *test, u8 seq)
{
	bes_test_dev(test)->rx_seq[0] = seq;
}

size_t bes_test_unknown(u8 *at, size_t len, u8 seq)
{
	struct wsm_hdr *hdr = (void *)at;

	memset(at, 0xee, len);
	hdr->len = cpu_to_le16(len);
	hdr->id = cpu_to_le16(0x083e | seq << WSM_ID_SEQ_SHIFT);
	memset(at + len, 0, ALIGN(len, 4) - len);
	return ALIGN(len, 4);
}
