// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames to the loader, and the check of images.
 */
#include <kunit/static_stub.h>
#include <kunit/test-bug.h>
#include <linux/firmware.h>

#include "test.h"

#define BES_LT_FRAMES	16
#define BES_LT_KEPT	80

/* A loader that keeps the head of each frame */
struct bes_loader_test {
	struct bes_loader l;
	struct {
		u32 addr;
		size_t len;
		u8 data[BES_LT_KEPT];
	} frame[BES_LT_FRAMES];
	int n;
	u16 frame_max;
	u16 reply_len;
	u32 result;		/* of END */
	u8 seq_off;
	int errors, err;	/* so many writes fail so */
};

static struct bes_loader_test *bes_loader_current(void)
{
	return ((struct bes_test *)kunit_get_current_test()->priv)->more;
}

static int bes_lt_write(struct bes_dev *bes, u32 addr, const void *buf, size_t len)
{
	struct bes_loader_test *lt = bes_loader_current();

	if (lt->errors) {
		lt->errors--;
		return lt->err;
	}
	if (lt->n == BES_LT_FRAMES)
		return -EIO;
	lt->frame[lt->n].addr = addr;
	lt->frame[lt->n].len = len;
	memcpy(lt->frame[lt->n++].data, buf, BES_LT_KEPT);
	return 0;
}

static int bes_lt_read8(struct bes_dev *bes, u32 addr, u8 *val)
{
	struct bes_loader_test *lt = bes_loader_current();

	switch (addr) {
	case BES_REG_RX_BUFS:
		*val = 1;
		return 0;
	case BES_REG_FRAME_MAX:
		*val = lt->frame_max & 0xff;
		return 0;
	case BES_REG_FRAME_MAX + 1:
		*val = lt->frame_max >> 8;
		return 0;
	case BES_REG_MSG_LO:
		*val = lt->reply_len & 0xff;
		return 0;
	case BES_REG_MSG_HI:
		*val = lt->reply_len >> 8;
		return 0;
	}
	return -EIO;
}

static int bes_lt_read(struct bes_dev *bes, u32 addr, void *buf, size_t len)
{
	struct bes_loader_test *lt = bes_loader_current();
	const u8 *last = lt->frame[lt->n - 1].data;
	struct bes_frame_reply reply = {
		.hdr.type = BES_FRAME_REPLY,
		.hdr.seq = last[1] + lt->seq_off,
		.hdr.len = cpu_to_le16(4),
	};

	if (addr != sizeof(reply) || len != sizeof(reply))
		return -EIO;
	if (last[0] == BES_FRAME_END)
		reply.result = cpu_to_le32(lt->result);
	memcpy(buf, &reply, sizeof(reply));
	return 0;
}

static int bes_loader_init(struct kunit *test)
{
	struct bes_loader_test *lt;
	struct bes_test *t;
	int ret;

	ret = bes_test_init(test);
	if (ret)
		return ret;
	t = test->priv;
	lt = kunit_kzalloc(test, sizeof(*lt), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, lt);
	lt->l.bes = t->bes;
	lt->l.buf = kunit_kzalloc(test, BES_FRAME_CAP, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, lt->l.buf);
	lt->frame_max = 8192;
	lt->reply_len = 8;
	t->more = lt;
	kunit_activate_static_stub(test, bes_bus_write, bes_lt_write);
	kunit_activate_static_stub(test, bes_bus_read8, bes_lt_read8);
	kunit_activate_static_stub(test, bes_bus_read, bes_lt_read);
	return 0;
}

static struct bes_loader_test *bes_loader_test(struct kunit *test)
{
	return ((struct bes_test *)test->priv)->more;
}

static void bes_loader_frame_is(struct kunit *test, int i, u32 addr, size_t len, const u8 *data,
				size_t n)
{
	struct bes_loader_test *lt = bes_loader_test(test);

	KUNIT_ASSERT_LT(test, i, lt->n);
	KUNIT_EXPECT_EQ(test, lt->frame[i].addr, addr);
	KUNIT_EXPECT_EQ(test, lt->frame[i].len, len);
	KUNIT_EXPECT_MEMEQ(test, lt->frame[i].data, data, n);
}

/* The calibration of a board as it is shipped */
static void bes_loader_factory(struct kunit *test)
{
	static const u8 info[] = {
		0xb1, 0x00, 0x08, 0x00, 0x48, 0x00, 0x00, 0x00, 0x00, 0xb0, 0x08, 0x20,
	};
	static const u8 data[] = {
		0xb2, 0x01, 0x4c, 0x00, 0x00, 0xb0, 0x08, 0x20,
		0x80, 0xba, 0x02, 0x00, 0xcd, 0xeb, 0x16, 0x5e, 0x00, 0x00, 0x00, 0x00,
		0x00, 0x01, 0x00, 0x14, 0x00, 0x14, 0x00, 0x14, 0x01, 0xff, 0x00, 0x00,
		0x00, 0x14, 0x00, 0x14, 0x00, 0x14, 0x00, 0x14, 0x00, 0x14, 0x00, 0x14,
		0x00, 0x14, 0x00, 0x14, 0x00, 0x14, 0x00, 0x14, 0x00, 0x14, 0x00, 0x14,
		0x00, 0x14, 0x00, 0x00, 0x05, 0x00, 0x00, 0x00, 0x10, 0x00, 0x00, 0x00,
		0x05, 0x00, 0x00, 0x00, 0x15, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	};
	static const u8 end[] = { 0xb3, 0x02, 0x04, 0x00, 0x37, 0xdd, 0xf3, 0x0a };
	struct bes_loader_test *lt = bes_loader_test(test);

	KUNIT_EXPECT_EQ(test, bes_loader_put(&lt->l, BES_ADDR_FACTORY, data + 8, 72), 0);
	KUNIT_EXPECT_EQ(test, lt->n, 3);
	bes_loader_frame_is(test, 0, 512, 512, info, sizeof(info));
	bes_loader_frame_is(test, 1, 512, 512, data, sizeof(data));
	bes_loader_frame_is(test, 2, 512, 512, end, sizeof(end));
}

/* Two registers are written like memory, without END */
static void bes_loader_pokes(struct kunit *test)
{
	static const u8 want[4][16] = {
		{ 0xb1, 0x00, 0x08, 0x00, 0x04, 0x00, 0x00, 0x00, 0x00, 0x00, 0x10, 0x40 },
		{ 0xb2, 0x01, 0x08, 0x00, 0x00, 0x00, 0x10, 0x40, 0x06, 0x20, 0x80, 0x00 },
		{ 0xb1, 0x00, 0x08, 0x00, 0x04, 0x00, 0x00, 0x00, 0x2c, 0x60, 0x08, 0x40 },
		{ 0xb2, 0x01, 0x08, 0x00, 0x2c, 0x60, 0x08, 0x40, 0x00, 0xc0, 0x00, 0x3e },
	};
	struct bes_loader_test *lt = bes_loader_test(test);
	int i;

	KUNIT_EXPECT_EQ(test, bes_loader_poke(&lt->l), 0);
	KUNIT_EXPECT_EQ(test, lt->n, 4);
	for (i = 0; i < ARRAY_SIZE(want); i++)
		bes_loader_frame_is(test, i, 512, 512, want[i], 16);
}

/* Pieces fill whole blocks of what the chip takes; addresses count on */
static void bes_loader_pieces(struct kunit *test)
{
	static const u8 first[] = { 0xb2, 0x01, 0xfc, 0x03, 0x00, 0x00, 0x10, 0x20 };
	static const u8 second[] = { 0xb2, 0x02, 0xfc, 0x03, 0xf8, 0x03, 0x10, 0x20 };
	static const u8 third[] = { 0xb2, 0x03, 0xfc, 0x01, 0xf0, 0x07, 0x10, 0x20 };
	struct bes_loader_test *lt = bes_loader_test(test);
	u8 *data = kunit_kzalloc(test, 2032 + 504, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, data);
	lt->frame_max = 1028;
	KUNIT_EXPECT_EQ(test, bes_loader_put(&lt->l, 0x20100000, data, 2032 + 504), 0);
	KUNIT_EXPECT_EQ(test, lt->n, 5);
	bes_loader_frame_is(test, 1, 1024, 1024, first, sizeof(first));
	bes_loader_frame_is(test, 2, 1024, 1024, second, sizeof(second));
	bes_loader_frame_is(test, 3, 512, 512, third, sizeof(third));
}

/* The address is the exact length, the transfer whole blocks */
static void bes_loader_exact_length(struct kunit *test)
{
	struct bes_loader_test *lt = bes_loader_test(test);
	u8 *data = kunit_kzalloc(test, 508, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, data);
	KUNIT_EXPECT_EQ(test, bes_loader_put(&lt->l, 0x20100000, data, 508), 0);
	KUNIT_EXPECT_EQ(test, lt->frame[1].addr, 516);
	KUNIT_EXPECT_EQ(test, lt->frame[1].len, 1024);
}

/* A loader that claims to take frames without end gets no more than we can build */
static void bes_loader_frame_max(struct kunit *test)
{
	struct bes_loader_test *lt = bes_loader_test(test);
	u8 *data = kunit_kzalloc(test, BES_FRAME_CAP, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, data);
	lt->frame_max = 0xffff;
	KUNIT_EXPECT_EQ(test, bes_loader_put(&lt->l, 0x20100000, data, BES_FRAME_CAP), 0);
	KUNIT_EXPECT_EQ(test, lt->frame[1].len, BES_FRAME_CAP);
	lt->n = 0;
	lt->frame_max = 511;
	KUNIT_EXPECT_EQ(test, bes_loader_put(&lt->l, 0x20100000, data, 4), -EPROTO);
	KUNIT_EXPECT_EQ(test, lt->n, 0);
}

static int bes_loader_word_put(struct bes_loader_test *lt)
{
	static const u8 word[4] = { 1, 2, 3, 4 };

	lt->n = 0;
	return bes_loader_put(&lt->l, 0x20100000, word, sizeof(word));
}

/* What goes wrong is begun anew three times */
static void bes_loader_refused(struct kunit *test)
{
	struct bes_loader_test *lt = bes_loader_test(test);

	lt->result = 1;
	KUNIT_EXPECT_EQ(test, bes_loader_word_put(lt), -EBADMSG);
	KUNIT_EXPECT_EQ(test, lt->n, 12);
	lt->result = 0;
	lt->seq_off = 1;
	KUNIT_EXPECT_EQ(test, bes_loader_word_put(lt), -EPROTO);
	KUNIT_EXPECT_EQ(test, lt->n, 4);
	lt->seq_off = 0;
	lt->reply_len = 12;
	KUNIT_EXPECT_EQ(test, bes_loader_word_put(lt), -EPROTO);
	KUNIT_EXPECT_EQ(test, lt->n, 4);
}

static void bes_loader_errors(struct kunit *test)
{
	struct bes_loader_test *lt = bes_loader_test(test);

	lt->errors = 3;
	lt->err = -EILSEQ;
	KUNIT_EXPECT_EQ(test, bes_loader_word_put(lt), 0);
	KUNIT_EXPECT_EQ(test, lt->n, 3);
	lt->errors = 4;
	KUNIT_EXPECT_EQ(test, bes_loader_word_put(lt), -EILSEQ);
	/* an error of another kind does not go away */
	lt->errors = 1;
	lt->err = -ENODEV;
	KUNIT_EXPECT_EQ(test, bes_loader_word_put(lt), -ENODEV);
	KUNIT_EXPECT_EQ(test, lt->n, 0);
}

/* ---- images ---- */

static int bes_loader_image(struct kunit *test, size_t size, u32 load, u32 last)
{
	struct firmware fw = { .size = size };
	u8 *data = kunit_kzalloc(test, max_t(size_t, size, 1), GFP_KERNEL);
	int ret;

	KUNIT_ASSERT_NOT_NULL(test, data);
	if (size >= 16)
		put_unaligned_le32(load, data + 12);
	if (size >= 4)
		put_unaligned_le32(last, data + size - 4);
	fw.data = data;
	ret = bes_image_check(bes_test_dev(test), "image", &fw);
	kunit_kfree(test, data);
	return ret;
}

static void bes_loader_image_check(struct kunit *test)
{
	const u32 load = BES_ADDR_IMAGE, top = BES_ADDR_FACTORY;

	KUNIT_EXPECT_EQ(test, bes_loader_image(test, 20, load, load), 0);
	KUNIT_EXPECT_EQ(test, bes_loader_image(test, 4096, load, load), 0);
	/* right up to the calibration */
	KUNIT_EXPECT_EQ(test, bes_loader_image(test, 4096, top - 4092, top - 4092), 0);
	KUNIT_EXPECT_EQ(test, bes_loader_image(test, 4096, top - 4088, top - 4088), -EINVAL);
	KUNIT_EXPECT_EQ(test, bes_loader_image(test, 4096, top, top), -EINVAL);
	KUNIT_EXPECT_EQ(test, bes_loader_image(test, 4096, 0xfffffffc, 0xfffffffc), -EINVAL);
	KUNIT_EXPECT_EQ(test, bes_loader_image(test, 4096, 0x1ffffffc, 0x1ffffffc), -EINVAL);
	KUNIT_EXPECT_EQ(test, bes_loader_image(test, 4096, load, load + 4), -EINVAL);
	KUNIT_EXPECT_EQ(test, bes_loader_image(test, 0, load, load), -EINVAL);
	KUNIT_EXPECT_EQ(test, bes_loader_image(test, 16, load, load), -EINVAL);
	KUNIT_EXPECT_EQ(test, bes_loader_image(test, 4095, load, load), -EINVAL);
}

static void bes_loader_label(struct kunit *test)
{
	static const char tag[] = "\x01Jan 1 2020 abc:best2002_fw_x\x02";
	struct bes_dev *bes = bes_test_dev(test);
	char *data = kunit_kzalloc(test, 256, GFP_KERNEL);
	struct firmware fw = { .size = 256 };

	KUNIT_ASSERT_NOT_NULL(test, data);
	fw.data = (u8 *)data;
	bes_image_label(bes, &fw);
	KUNIT_EXPECT_STREQ(test, bes->fw_label, "");
	memcpy(data + 100, tag, sizeof(tag));
	bes_image_label(bes, &fw);
	KUNIT_EXPECT_STREQ(test, bes->fw_label, "Jan 1 2020 abc:best2002_fw_x");
	/* longer than there is room, and up to the load address that ends an image */
	memset(data, 'x', 252);
	memcpy(data + 252 - 12, ":best2002_fw", 12);
	bes_image_label(bes, &fw);
	KUNIT_EXPECT_EQ(test, strlen(bes->fw_label), sizeof(bes->fw_label) - 1);
	memset(data, 0, 252 - 12);
	bes_image_label(bes, &fw);
	KUNIT_EXPECT_STREQ(test, bes->fw_label, ":best2002_fw");
}

static struct kunit_case bes_loader_tests[] = {
	KUNIT_CASE(bes_loader_factory),
	KUNIT_CASE(bes_loader_pokes),
	KUNIT_CASE(bes_loader_pieces),
	KUNIT_CASE(bes_loader_exact_length),
	KUNIT_CASE(bes_loader_frame_max),
	KUNIT_CASE(bes_loader_refused),
	KUNIT_CASE(bes_loader_errors),
	KUNIT_CASE(bes_loader_image_check),
	KUNIT_CASE(bes_loader_label),
	{}
};

struct kunit_suite bes_loader_suite = {
	.name = "bes2600-loader",
	.init = bes_loader_init,
	.exit = bes_test_exit,
	.test_cases = bes_loader_tests,
};
