// SPDX-License-Identifier: GPL-2.0-only
/*
 * The block of board parameters.
 */
#include <linux/crc32.h>

#include "test.h"

static void bes_sdd_crc(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, sizeof(bes_sdd), 832);
	KUNIT_EXPECT_EQ(test, crc32_le(~0, bes_sdd, sizeof(bes_sdd)) ^ ~0, 0x463b48b5);
}

/* The next element with that id at or after a place, or -1 */
static int bes_sdd_next(size_t at, u8 id)
{
	for (; at + 2 <= sizeof(bes_sdd); at += 2 + bes_sdd[at + 1])
		if (bes_sdd[at] == id)
			return at;
	return -1;
}

static void bes_sdd_elements(struct kunit *test)
{
	static const u8 first[] = { 0xc0, 0x02, 0x02, 0x03 };
	static const u8 clock[] = { 0xc5, 0x02, 0x90, 0x65 };
	static const u8 drift[] = { 0xe9, 0x02, 0xb8, 0x0b };
	static const u8 last[] = { 0xc1, 0x06, 0xff, 0x00, 0x00, 0x00, 0x00, 0x00 };

	KUNIT_EXPECT_MEMEQ(test, bes_sdd, first, sizeof(first));
	KUNIT_EXPECT_EQ(test, bes_sdd_next(0, 0xc5), 24);
	KUNIT_EXPECT_MEMEQ(test, bes_sdd + 24, clock, sizeof(clock));
	KUNIT_EXPECT_EQ(test, bes_sdd_next(0, 0xe9), 32);
	KUNIT_EXPECT_MEMEQ(test, bes_sdd + 32, drift, sizeof(drift));
	KUNIT_EXPECT_EQ(test, bes_sdd_next(0, 0xf0), 92);
	KUNIT_EXPECT_MEMEQ(test, bes_sdd + 94, "ADB_2905_1250_R20_Low_SMPS_v7.01\0", 34);
	KUNIT_EXPECT_MEMEQ(test, bes_sdd + 824, last, sizeof(last));
}

/* From 0xc1 to 0xfe; the first one's stated length is 4 less than it has */
static void bes_sdd_sections(struct kunit *test)
{
	static const struct {
		u16 at, id, len, real;
	} want[] = {
		{ 4, 0x0, 0x4c, 0x50 },
		{ 84, 0x1, 0x30, 0x30 },
		{ 132, 0x3, 0x2b4, 0x2b4 },
		{ 824, 0xff, 0, 0 },
	};
	int i, at = 0, end;

	for (i = 0; i < ARRAY_SIZE(want); i++) {
		at = bes_sdd_next(at, 0xc1);
		KUNIT_ASSERT_EQ(test, at, want[i].at);
		KUNIT_EXPECT_EQ(test, bes_sdd[at + 2], want[i].id);
		KUNIT_EXPECT_EQ(test, bes_sdd[at + 6] | bes_sdd[at + 7] << 8, want[i].len);
		end = bes_sdd_next(at, 0xfe);
		KUNIT_EXPECT_EQ(test, end < 0 ? 0 : end + 4 - at, want[i].real);
		at += 8;
	}
	KUNIT_EXPECT_EQ(test, bes_sdd_next(at, 0xc1), -1);
}

static void bes_sdd_chain(struct kunit *test)
{
	static const u8 minimal[] = {
		0xc0, 0x02, 0x02, 0x03, 0xc1, 0x06, 0x00, 0x01, 0x00, 0x00, 0x0c, 0x00,
		0xfe, 0x02, 0x00, 0x00, 0xc1, 0x06, 0xff, 0x00, 0x00, 0x00, 0x00, 0x00,
	};
	static const u8 empty_element[] = { 0xc0, 0x00 };
	size_t len, ok = 0;

	KUNIT_EXPECT_TRUE(test, bes_sdd_ok(bes_sdd, sizeof(bes_sdd)));
	KUNIT_EXPECT_TRUE(test, bes_sdd_ok(minimal, sizeof(minimal)));
	KUNIT_EXPECT_TRUE(test, bes_sdd_ok(empty_element, sizeof(empty_element)));
	KUNIT_EXPECT_FALSE(test, bes_sdd_ok(minimal, 0));
	/* cut anywhere: good only where an element ends */
	for (len = 1; len <= sizeof(minimal); len++)
		ok += bes_sdd_ok(minimal, len);
	KUNIT_EXPECT_EQ(test, ok, 4);
}

static void bes_sdd_too_long(struct kunit *test)
{
	const size_t max = BES_MSG_MAX - sizeof(struct wsm_configuration_req);
	u8 *data = kunit_kzalloc(test, max + 2, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, data);
	/* elements without a value */
	KUNIT_EXPECT_TRUE(test, bes_sdd_ok(data, max));
	KUNIT_EXPECT_FALSE(test, bes_sdd_ok(data, max + 2));
}

static struct kunit_case bes_sdd_tests[] = {
	KUNIT_CASE(bes_sdd_crc),
	KUNIT_CASE(bes_sdd_elements),
	KUNIT_CASE(bes_sdd_sections),
	KUNIT_CASE(bes_sdd_chain),
	KUNIT_CASE(bes_sdd_too_long),
	{}
};

struct kunit_suite bes_sdd_suite = {
	.name = "bes2600-sdd",
	.test_cases = bes_sdd_tests,
};
