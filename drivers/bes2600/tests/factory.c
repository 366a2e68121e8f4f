// SPDX-License-Identifier: GPL-2.0-only
/*
 * The calibration text of a board.
 */
#include <linux/crc32.h>

#include "test.h"

#define BES_TXT_HEAD	"##head\nmagic:0xba80\nversion:0x2\n"
#define BES_TXT_CRC	"crc:0x0\n"
#define BES_TXT_XTAL	"##iq&xtal\niQ_offset:0x0\n"
#define BES_TXT_2G	"##2.4g_power_11n\nch1:0x1400\nch7:0x1400\nch13:0x1400\n" \
			"tx_power_type:0xff\ntemperature:0x0\n"
#define BES_TXT_5G	"##5g_power_11n\nch36-40:0x1400\nch44-48:0x1400\nch52-56:0x1400\n" \
			"ch60-64:0x1400\nch100-104:0x1400\nch108-112:0x1400\n" \
			"ch116-120:0x1400\nch124-128:0x1400\nch132-136:0x1400\n" \
			"ch140-144:0x1400\nch149-153:0x1400\nch157-161:0x1400\n" \
			"ch165-169:0x1400\ntx_power_flags_5G:0x0\ntemperature_5G:0x0\n"
#define BES_TXT_BT	"##bt\nbdr_div:0x5\nbdr_power:0x10\nedr_div:0x5\nedr_power:0x15\n"
#define BES_TXT_DEFAULT	BES_TXT_HEAD BES_TXT_CRC BES_TXT_XTAL "freq_cal:0xa0\n" \
			"freq_cal_flags:0x0\n" BES_TXT_2G BES_TXT_5G BES_TXT_BT
#define BES_TXT_SHIPPED	BES_TXT_HEAD BES_TXT_CRC BES_TXT_XTAL "freq_cal:0x100\n" \
			"freq_cal_flags:0x1\n" BES_TXT_2G BES_TXT_5G BES_TXT_BT
#define BES_TXT_EFUSE	"##select_efuse_flag\nselect_efuse:0\n"

static const u8 bes_blob_default[] = {
	0x80, 0xba, 0x02, 0x00, 0x9f, 0x33, 0xcf, 0xb1, 0x00, 0x00, 0x00, 0x00,
	0xa0, 0x00, 0x00, 0x14, 0x00, 0x14, 0x00, 0x14, 0x00, 0xff, 0x00, 0x00,
	0x00, 0x14, 0x00, 0x14, 0x00, 0x14, 0x00, 0x14, 0x00, 0x14, 0x00, 0x14,
	0x00, 0x14, 0x00, 0x14, 0x00, 0x14, 0x00, 0x14, 0x00, 0x14, 0x00, 0x14,
	0x00, 0x14, 0x00, 0x00, 0x05, 0x00, 0x00, 0x00, 0x10, 0x00, 0x00, 0x00,
	0x05, 0x00, 0x00, 0x00, 0x15, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
};

static const u8 bes_blob_shipped[] = {
	0x80, 0xba, 0x02, 0x00, 0xcd, 0xeb, 0x16, 0x5e, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x01, 0x00, 0x14, 0x00, 0x14, 0x00, 0x14, 0x01, 0xff, 0x00, 0x00,
	0x00, 0x14, 0x00, 0x14, 0x00, 0x14, 0x00, 0x14, 0x00, 0x14, 0x00, 0x14,
	0x00, 0x14, 0x00, 0x14, 0x00, 0x14, 0x00, 0x14, 0x00, 0x14, 0x00, 0x14,
	0x00, 0x14, 0x00, 0x00, 0x05, 0x00, 0x00, 0x00, 0x10, 0x00, 0x00, 0x00,
	0x05, 0x00, 0x00, 0x00, 0x15, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
};

static const char bes_txt_distinct[] =
	"##head\nmagic:0xba80\nversion:0x2\ncrc:0x0\n##iq&xtal\niQ_offset:0x01020304\n"
	"freq_cal:0x123\nfreq_cal_flags:0x1\n##2.4g_power_11n\nch1:0x1101\nch7:0x1107\n"
	"ch13:0x110d\ntx_power_type:0x0\ntemperature:0x29\n##5g_power_11n\nch36-40:0x2000\n"
	"ch44-48:0x2001\nch52-56:0x2002\nch60-64:0x2003\nch100-104:0x2004\nch108-112:0x2005\n"
	"ch116-120:0x2006\nch124-128:0x2007\nch132-136:0x2008\nch140-144:0x2009\n"
	"ch149-153:0x200a\nch157-161:0x200b\nch165-169:0x200c\ntx_power_flags_5G:0x1\n"
	"temperature_5G:0x31\n##bt\nbdr_div:0x5\nbdr_power:0x10\nedr_div:0x5\n"
	"edr_power:0x15\n##select_efuse_flag\nselect_efuse:1\n%%\n";

static const u8 bes_blob_distinct[] = {
	0x80, 0xba, 0x02, 0x00, 0xd8, 0x3b, 0xc5, 0x36, 0x04, 0x03, 0x02, 0x01,
	0x23, 0x01, 0x01, 0x11, 0x07, 0x11, 0x0d, 0x11, 0x01, 0x00, 0x29, 0x00,
	0x00, 0x20, 0x01, 0x20, 0x02, 0x20, 0x03, 0x20, 0x04, 0x20, 0x05, 0x20,
	0x06, 0x20, 0x07, 0x20, 0x08, 0x20, 0x09, 0x20, 0x0a, 0x20, 0x0b, 0x20,
	0x0c, 0x20, 0x01, 0x00, 0x05, 0x00, 0x00, 0x00, 0x10, 0x00, 0x00, 0x00,
	0x05, 0x00, 0x00, 0x00, 0x15, 0x00, 0x00, 0x00, 0x31, 0x00, 0x01, 0x00,
};

#define BES_TXT(name, text, blob) { name, text, sizeof(text) - 1, blob }

static const struct bes_factory_good {
	const char *name;
	const char *text;
	size_t len;
	const u8 *blob;
} bes_factory_goods[] = {
	BES_TXT("defaults", BES_TXT_DEFAULT BES_TXT_EFUSE "%%\n", bes_blob_default),
	BES_TXT("shipped, 30 fields", BES_TXT_SHIPPED "%%\n", bes_blob_shipped),
	BES_TXT("all distinct", bes_txt_distinct, bes_blob_distinct),
	BES_TXT("without trailer", BES_TXT_DEFAULT, bes_blob_default),
	BES_TXT("text after the trailer", BES_TXT_DEFAULT "%%\nrubbish", bes_blob_default),
	BES_TXT("other order", BES_TXT_BT BES_TXT_5G BES_TXT_2G BES_TXT_XTAL
		"freq_cal:0xa0\nfreq_cal_flags:0x0\n" BES_TXT_CRC BES_TXT_HEAD, bes_blob_default),
	BES_TXT("unknown key", BES_TXT_DEFAULT "colour:blue\n", bes_blob_default),
	BES_TXT("numbers without 0x", BES_TXT_DEFAULT "freq_cal:a0\nch1:1400\n", bes_blob_default),
	BES_TXT("capitals", BES_TXT_DEFAULT "freq_cal:0XA0\n", bes_blob_default),
	BES_TXT("right CRC", BES_TXT_DEFAULT "crc:0xB1CF339F\n", bes_blob_default),
	BES_TXT("leading zeros", BES_TXT_DEFAULT "ch1:0x000001400\n", bes_blob_default),
};

KUNIT_ARRAY_PARAM_DESC(bes_factory_good, bes_factory_goods, name);

static int bes_factory_try(struct kunit *test, const char *text, size_t len,
			   struct bes_factory *out, const char **why)
{
	return bes_factory_parse(bes_test_copy(test, text, len), len, out, why);
}

static void bes_factory_accepts(struct kunit *test)
{
	const struct bes_factory_good *c = test->param_value;
	const char *why = "";
	struct bes_factory out;

	memset(&out, 0xaa, sizeof(out));
	KUNIT_EXPECT_EQ_MSG(test, bes_factory_try(test, c->text, c->len, &out, &why), 0, "%s", why);
	KUNIT_EXPECT_MEMEQ(test, &out, c->blob, sizeof(out));
}

#define BES_BAD(name, text) { name, text, sizeof(text) - 1, NULL }

static const struct bes_factory_good bes_factory_bads[] = {
	BES_BAD("empty", ""),
	BES_BAD("blank", "\n\t\n"),
	BES_BAD("trailer first", "%%\n" BES_TXT_DEFAULT),
	BES_BAD("magic", BES_TXT_DEFAULT "magic:0xba81\n"),
	BES_BAD("version 0", BES_TXT_DEFAULT "version:0x0\n"),
	BES_BAD("version 3", BES_TXT_DEFAULT "version:0x3\n"),
	BES_BAD("wrong CRC", BES_TXT_DEFAULT "crc:0xb1cf339e\n"),
	BES_BAD("key misspelt", BES_TXT_HEAD BES_TXT_CRC BES_TXT_XTAL "freq_cla:0xa0\n"
		"freq_cal_flags:0x0\n" BES_TXT_2G BES_TXT_5G BES_TXT_BT),
	BES_BAD("no edr_power", BES_TXT_HEAD BES_TXT_XTAL "freq_cal:0xa0\nfreq_cal_flags:0x0\n"
		BES_TXT_2G BES_TXT_5G "bdr_div:0x5\nbdr_power:0x10\nedr_div:0x5\n"),
	BES_BAD("no 5 GHz", BES_TXT_HEAD BES_TXT_XTAL "freq_cal:0xa0\nfreq_cal_flags:0x0\n"
		BES_TXT_2G BES_TXT_BT),
	BES_BAD("prefix twice", BES_TXT_DEFAULT "ch1:0x0x12\n"),
	BES_BAD("prefix alone", BES_TXT_DEFAULT "ch1:0x\n"),
	BES_BAD("no value", BES_TXT_DEFAULT "ch1:\n"),
	BES_BAD("space before value", BES_TXT_DEFAULT "ch1: 0x12\n"),
	BES_BAD("no digit", BES_TXT_DEFAULT "ch1:0x14g0\n"),
	BES_BAD("minus", BES_TXT_DEFAULT "ch1:-1\n"),
	BES_BAD("17 bits in 16", BES_TXT_DEFAULT "ch1:0x12345\n"),
	BES_BAD("9 bits in 8", BES_TXT_DEFAULT "tx_power_type:0x100\n"),
	BES_BAD("33 bits in 32", BES_TXT_DEFAULT "bdr_div:0x100000000\n"),
	BES_BAD("65 bits", BES_TXT_DEFAULT "bdr_div:0x10000000000000005\n"),
	BES_BAD("no colon", BES_TXT_DEFAULT "ch1=0x1400\n"),
	BES_BAD("a NUL", BES_TXT_DEFAULT "\0"),
	BES_BAD("a byte order mark", "\xef\xbb\xbf" BES_TXT_DEFAULT),
	BES_BAD("not a text", "\x7f\x45LF\x02\x01\x01"),
};

KUNIT_ARRAY_PARAM_DESC(bes_factory_bad, bes_factory_bads, name);

static void bes_factory_refuses(struct kunit *test)
{
	const struct bes_factory_good *c = test->param_value;
	const char *why = NULL;
	struct bes_factory out;

	KUNIT_EXPECT_EQ(test, bes_factory_try(test, c->text, c->len, &out, &why), -EINVAL);
	KUNIT_EXPECT_NOT_NULL(test, why);
}

/* Line ends as of other systems, and none at all */
static void bes_factory_line_ends(struct kunit *test)
{
	static const char * const ends[] = { "\r\n", " ", "\t", "\n\n" };
	const char *text = BES_TXT_DEFAULT, *why = "";
	char *copy = kunit_kzalloc(test, 2 * sizeof(BES_TXT_DEFAULT), GFP_KERNEL);
	struct bes_factory out;
	size_t i, at, len;

	KUNIT_ASSERT_NOT_NULL(test, copy);
	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		for (at = 0, len = 0; text[at]; at++) {
			if (text[at] != '\n')
				copy[len++] = text[at];
			else
				len += strscpy(copy + len, ends[i], 3);
		}
		KUNIT_EXPECT_EQ_MSG(test, bes_factory_try(test, copy, len, &out, &why), 0,
				    "%zu: %s", i, why);
		KUNIT_EXPECT_MEMEQ(test, &out, bes_blob_default, sizeof(out));
	}
}

/* Every shorter file lacks something, until the last value has its digits */
static void bes_factory_truncated(struct kunit *test)
{
	static const char text[] = BES_TXT_DEFAULT;
	const size_t whole = sizeof(text) - sizeof("15\n");
	struct bes_factory out;
	const char *why;
	size_t len;

	for (len = 0; len <= whole; len++) {
		/* "edr_power:0" says zero */
		if (len == whole - 1)
			continue;
		KUNIT_EXPECT_EQ_MSG(test, bes_factory_try(test, text, len, &out, &why), -EINVAL,
				    "%zu bytes", len);
	}
	/* one digit less is a good file, with another value */
	KUNIT_EXPECT_EQ(test, bes_factory_try(test, text, whole + 1, &out, &why), 0);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(out.edr_power), 0x1);
	/* no newline at the end */
	KUNIT_EXPECT_EQ(test, bes_factory_try(test, text, whole + 2, &out, &why), 0);
	KUNIT_EXPECT_MEMEQ(test, &out, bes_blob_default, sizeof(out));
}

static void bes_factory_longest(struct kunit *test)
{
	char *copy = kunit_kmalloc(test, 601, GFP_KERNEL);
	struct bes_factory out;
	const char *why;

	KUNIT_ASSERT_NOT_NULL(test, copy);
	memset(copy, '\n', 601);
	memcpy(copy, BES_TXT_DEFAULT, sizeof(BES_TXT_DEFAULT) - 1);
	KUNIT_EXPECT_EQ(test, bes_factory_parse(copy, 600, &out, &why), 0);
	KUNIT_EXPECT_EQ(test, bes_factory_parse(copy, 601, &out, &why), -EINVAL);
}

/* What the loader sends at the end covers all 72 bytes */
static void bes_factory_end_crc(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, crc32_le(~0, bes_blob_default, 72) ^ ~0, 0xd24b6cfa);
	KUNIT_EXPECT_EQ(test, crc32_le(~0, bes_blob_shipped, 72) ^ ~0, 0x0af3dd37);
	KUNIT_EXPECT_EQ(test, crc32_le(~0, bes_blob_distinct, 72) ^ ~0, 0x08a3799d);
}

static struct kunit_case bes_factory_tests[] = {
	KUNIT_CASE_PARAM(bes_factory_accepts, bes_factory_good_gen_params),
	KUNIT_CASE_PARAM(bes_factory_refuses, bes_factory_bad_gen_params),
	KUNIT_CASE(bes_factory_line_ends),
	KUNIT_CASE(bes_factory_truncated),
	KUNIT_CASE(bes_factory_longest),
	KUNIT_CASE(bes_factory_end_crc),
	{}
};

struct kunit_suite bes_factory_suite = {
	.name = "bes2600-factory",
	.test_cases = bes_factory_tests,
};
