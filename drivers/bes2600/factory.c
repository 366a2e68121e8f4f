// SPDX-License-Identifier: GPL-2.0-only
/*
 * The calibration text that comes with a board, turned into the chip's blob.
 *
 * "key:value" lines in any order; "##" lines are titles, "%%" ends the text.
 * Values are hexadecimal, with or without 0x. Unknown keys are ignored, so
 * that both published variants (30 and 31 fields) are read.
 */
#include <linux/crc32.h>
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "bes2600.h"

#define BES_FACTORY_MAGIC	0xba80
#define BES_FACTORY_TEXT_MAX	600

#define BES_F(key, member) \
	{ key, offsetof(struct bes_factory, member), sizeof_field(struct bes_factory, member) }
#define BES_F5(key, i) \
	{ key, offsetof(struct bes_factory, power_5g) + 2 * (i), 2 }

static const struct bes_factory_field {
	const char *key;
	u8 at;
	u8 size;
} bes_factory_fields[] = {
	BES_F("magic", magic),
	BES_F("version", version),
	BES_F("crc", crc),
	BES_F("iQ_offset", iq_offset),
	BES_F("freq_cal", freq_cal),
	BES_F("freq_cal_flags", freq_cal_flags),
	BES_F("ch1", power_2g[0]),
	BES_F("ch7", power_2g[1]),
	BES_F("ch13", power_2g[2]),
	BES_F("tx_power_type", tx_power_type),
	BES_F("temperature", temperature),
	BES_F5("ch36-40", 0),
	BES_F5("ch44-48", 1),
	BES_F5("ch52-56", 2),
	BES_F5("ch60-64", 3),
	BES_F5("ch100-104", 4),
	BES_F5("ch108-112", 5),
	BES_F5("ch116-120", 6),
	BES_F5("ch124-128", 7),
	BES_F5("ch132-136", 8),
	BES_F5("ch140-144", 9),
	BES_F5("ch149-153", 10),
	BES_F5("ch157-161", 11),
	BES_F5("ch165-169", 12),
	BES_F("tx_power_flags_5G", power_5g_flags),
	BES_F("temperature_5G", temperature_5g),
	BES_F("bdr_div", bdr_div),
	BES_F("bdr_power", bdr_power),
	BES_F("edr_div", edr_div),
	BES_F("edr_power", edr_power),
	BES_F("select_efuse", select_efuse),
};

static const struct bes_factory_field *bes_factory_find(const char *key, size_t len)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(bes_factory_fields); i++) {
		const char *name = bes_factory_fields[i].key;

		if (strlen(name) == len && !memcmp(name, key, len))
			return &bes_factory_fields[i];
	}
	return NULL;
}

static void bes_factory_store(struct bes_factory *out, const struct bes_factory_field *f, u32 val)
{
	__le32 le = cpu_to_le32(val);

	memcpy((u8 *)out + f->at, &le, f->size);
}

/* Hexadecimal digits in [p, end); returns the end of the number, NULL if there is none */
static const char *bes_factory_hex(const char *p, const char *end, u64 *val)
{
	const char *start;

	if (end - p > 2 && p[0] == '0' && tolower(p[1]) == 'x')
		p += 2;
	*val = 0;
	for (start = p; p < end && isxdigit(*p); p++) {
		*val = *val << 4 | hex_to_bin(*p);
		if (*val > U32_MAX)
			return NULL;
	}
	return p == start ? NULL : p;
}

static int bes_factory_word(const char *p, const char *end, struct bes_factory *out,
			    u32 *seen, const char **why)
{
	const char *colon = memchr(p, ':', end - p);
	const struct bes_factory_field *f;
	u64 val;

	if (!colon) {
		*why = "a line without a colon";
		return -EINVAL;
	}
	f = bes_factory_find(p, colon - p);
	if (!f)
		return 0;
	if (bes_factory_hex(colon + 1, end, &val) != end) {
		*why = "a value that is no hexadecimal number";
		return -EINVAL;
	}
	if (val >> (8 * f->size)) {
		*why = "a value too large for its field";
		return -EINVAL;
	}
	bes_factory_store(out, f, val);
	*seen |= BIT(f - bes_factory_fields);
	return 0;
}

static int bes_factory_words(const char *p, const char *end, struct bes_factory *out,
			     u32 *seen, const char **why)
{
	const char *q;
	int ret;

	while (p < end) {
		if (isspace(*p)) {
			p++;
			continue;
		}
		for (q = p; q < end && !isspace(*q); q++)
			;
		if (q - p >= 2 && !memcmp(p, "%%", 2))
			break;
		if (*p != '#') {
			ret = bes_factory_word(p, q, out, seen, why);
			if (ret)
				return ret;
		}
		p = q;
	}
	return 0;
}

/**
 * bes_factory_parse() - calibration text to blob
 * @text: the file, not terminated
 * @len: its length
 * @out: the blob, CRC filled in
 * @why: on error, what is wrong in a few words
 *
 * Return: 0 or -EINVAL.
 */
int bes_factory_parse(const char *text, size_t len, struct bes_factory *out, const char **why)
{
	/* all but select_efuse, which the shorter variant lacks, and the CRC */
	const u32 needed = (BIT(ARRAY_SIZE(bes_factory_fields) - 1) - 1) & ~BIT(2);
	u32 seen = 0, crc;
	int ret;

	memset(out, 0, sizeof(*out));
	if (!len || len > BES_FACTORY_TEXT_MAX) {
		*why = len ? "longer than 600 bytes" : "empty";
		return -EINVAL;
	}
	ret = bes_factory_words(text, text + len, out, &seen, why);
	if (ret)
		return ret;
	if ((seen & needed) != needed) {
		*why = "a field is missing (truncated?)";
		return -EINVAL;
	}
	if (le16_to_cpu(out->magic) != BES_FACTORY_MAGIC) {
		*why = "wrong magic";
		return -EINVAL;
	}
	if (le16_to_cpu(out->version) < 1 || le16_to_cpu(out->version) > 2) {
		*why = "unknown version";
		return -EINVAL;
	}
	crc = crc32_le(~0, (u8 *)out + 8, sizeof(*out) - 8) ^ ~0;
	/* 0: not computed, which is what most files say */
	if (out->crc && le32_to_cpu(out->crc) != crc) {
		*why = "the CRC does not match";
		return -EINVAL;
	}
	out->crc = cpu_to_le32(crc);
	return 0;
}
EXPORT_SYMBOL_IF_KUNIT(bes_factory_parse);
