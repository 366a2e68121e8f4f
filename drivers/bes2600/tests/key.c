// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keys, from mac80211's form to the wire's. Of group keys, whose replay counter
 * mac80211 keeps, the counter; the rest is left to tests with a real mac80211 key.
 */
#include "test.h"

static const u8 bes_key_peer[ETH_ALEN] = { 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f };

static struct ieee80211_key_conf *bes_key_new(struct kunit *test, u32 cipher, int len)
{
	struct ieee80211_key_conf *key;
	int i;

	key = kunit_kzalloc(test, struct_size(key, key, len), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, key);
	key->cipher = cipher;
	key->keylen = len;
	key->keyidx = 2;
	for (i = 0; i < len; i++)
		key->key[i] = 0x40 + i;
	return key;
}

static void bes_key_expect(struct kunit *test, u32 cipher, int len, const u8 *peer,
			   const u8 *want)
{
	struct wsm_add_key_req req = {};

	KUNIT_EXPECT_EQ(test, bes_key_fill(&req, peer, bes_key_new(test, cipher, len)), 0);
	KUNIT_EXPECT_MEMEQ(test, (u8 *)&req + 4, want, 44);
}

static void bes_key_ccmp(struct kunit *test)
{
	static const u8 want[44] = {
		0x05, 0x00, 0x00, 0x00, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x00, 0x00,
		0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47,
		0x48, 0x49, 0x4a, 0x4b, 0x4c, 0x4d, 0x4e, 0x4f,
	};

	bes_key_expect(test, WLAN_CIPHER_SUITE_CCMP, 16, bes_key_peer, want);
}

/* mac80211: key, Michael for TX, Michael for RX. The wire: key, RX, TX. */
static void bes_key_tkip(struct kunit *test)
{
	static const u8 want[44] = {
		0x03, 0x00, 0x00, 0x00, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x00, 0x00,
		0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47,
		0x48, 0x49, 0x4a, 0x4b, 0x4c, 0x4d, 0x4e, 0x4f,
		0x58, 0x59, 0x5a, 0x5b, 0x5c, 0x5d, 0x5e, 0x5f,
		0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57,
	};

	bes_key_expect(test, WLAN_CIPHER_SUITE_TKIP, 32, bes_key_peer, want);
}

static void bes_key_wep(struct kunit *test)
{
	static const u8 pair[44] = {
		0x01, 0x00, 0x00, 0x00, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x00, 0x05,
		0x40, 0x41, 0x42, 0x43, 0x44,
	};
	static const u8 group[44] = {
		0x00, 0x00, 0x00, 0x00, 0x02, 0x0d, 0x00, 0x00, 0x40, 0x41, 0x42, 0x43,
		0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x4b, 0x4c,
	};

	bes_key_expect(test, WLAN_CIPHER_SUITE_WEP40, 5, bes_key_peer, pair);
	bes_key_expect(test, WLAN_CIPHER_SUITE_WEP104, 13, NULL, group);
}

/* The least significant byte first, whichever way mac80211 has it */
static void bes_key_counters(struct kunit *test)
{
	static const u8 want[] = { 6, 5, 4, 3, 2, 1 };
	const struct ieee80211_key_seq ccmp = { .ccmp.pn = { 1, 2, 3, 4, 5, 6 } };
	const struct ieee80211_key_seq cmac = { .aes_cmac.pn = { 1, 2, 3, 4, 5, 6 } };
	const struct ieee80211_key_seq tkip = { .tkip = { .iv32 = 0x01020304, .iv16 = 0x0506 } };
	u8 got[6] = {};

	bes_key_counter(WLAN_CIPHER_SUITE_CCMP, &ccmp, got);
	KUNIT_EXPECT_MEMEQ(test, got, want, sizeof(want));
	memset(got, 0, sizeof(got));
	bes_key_counter(WLAN_CIPHER_SUITE_AES_CMAC, &cmac, got);
	KUNIT_EXPECT_MEMEQ(test, got, want, sizeof(want));
	memset(got, 0, sizeof(got));
	bes_key_counter(WLAN_CIPHER_SUITE_TKIP, &tkip, got);
	KUNIT_EXPECT_MEMEQ(test, got, want, sizeof(want));
}

static void bes_key_refused(struct kunit *test)
{
	struct wsm_add_key_req req = {};

	KUNIT_EXPECT_EQ(test, bes_key_fill(&req, bes_key_peer,
					   bes_key_new(test, WLAN_CIPHER_SUITE_WEP104, 17)),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, bes_key_fill(&req, bes_key_peer,
					   bes_key_new(test, WLAN_CIPHER_SUITE_GCMP_256, 32)),
			-EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, bes_key_fill(&req, bes_key_peer,
					   bes_key_new(test, WLAN_CIPHER_SUITE_CCMP_256, 32)),
			-EOPNOTSUPP);
}

static struct kunit_case bes_key_tests[] = {
	KUNIT_CASE(bes_key_ccmp),
	KUNIT_CASE(bes_key_tkip),
	KUNIT_CASE(bes_key_wep),
	KUNIT_CASE(bes_key_counters),
	KUNIT_CASE(bes_key_refused),
	{}
};

struct kunit_suite bes_key_suite = {
	.name = "bes2600-key",
	.test_cases = bes_key_tests,
};
