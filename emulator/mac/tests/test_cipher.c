// SPDX-License-Identifier: GPL-2.0-or-later
/* Protected frames: the vector of IEEE 802.11, and each cipher there and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "../cipher.h"
#include "../frame.h"
#include "hex.h"

/* IEEE 802.11-2012 M.6.4 */
static void test_ccmp_vector(void **state)
{
	struct mac_key key = { .cipher = MAC_CCMP, .tx_pn = 0xb5039776e70b };
	uint8_t frame[64], want[64];
	size_t n;

	(void)state;
	hex("c97c1f67ce371185514a8a19f2bdd52f", key.key);
	mac_key_ready(&key);
	n = hex("0848c32c0fd2e128a57c5030f1844408abaea5b8fcba8033", frame);
	hex("f8ba1a55d02f85ae967bb62fb6cda8eb7e78a050", frame + n + 8);
	hex("0848c32c0fd2e128a57c5030f1844408abaea5b8fcba8033 0ce70020769703b5"
	    "f3d0a2fe9a3dbf2342a643e43246e80c3c04d019 7845ce0b16f97623", want);
	mac_encrypt(&key, frame, n + 8 + 20 + 8);
	assert_memory_equal(frame, want, n + 8 + 20 + 8);
	assert_int_equal(mac_decrypt(&key, frame, n + 8 + 20 + 8), MAC_GOOD);
}

static size_t build(uint8_t *frame, const struct mac_key *key)
{
	size_t n = hex("8842000002000000000102000000000202000000000210000500", frame);

	memset(frame + n + mac_key_iv(key), 0x77, 37);
	return n + mac_key_iv(key) + 37 + mac_key_tail(key);
}

/* There and back; twice is a replay, except for WEP; one bit spoils it */
static void test_round(void **state)
{
	static const enum mac_cipher ciphers[] = { MAC_WEP, MAC_TKIP, MAC_CCMP };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct mac_key key = { .cipher = ciphers[i], .key_len = 13, .key = { 1, 2, 3 } };
		uint8_t frame[128], copy[128];
		size_t len = build(frame, &key), n = len;

		mac_key_ready(&key);
		mac_encrypt(&key, frame, len);
		memcpy(copy, frame, len);
		assert_int_equal(mac_decrypt(&key, frame, len), MAC_GOOD);
		assert_true(mac_strip(&key, frame, &n));
		assert_int_equal(n, 26 + 37);
		assert_int_equal(frame[26], 0x77);
		assert_int_equal(frame[26 + 36], 0x77);
		memcpy(frame, copy, len);
		n = len;
		assert_int_equal(mac_decrypt(&key, frame, len), MAC_GOOD);
		assert_int_equal(mac_strip(&key, frame, &n), ciphers[i] == MAC_WEP);
		copy[26 + mac_key_iv(&key) + 5] ^= 1;
		assert_int_equal(mac_decrypt(&key, copy, len), MAC_DAMAGED);
		assert_int_equal(mac_decrypt(&key, copy, 26 + 7), MAC_DAMAGED);
	}
}

/* The ICV fits and Michael does not: another key of Michael */
static void test_michael(void **state)
{
	struct mac_key key = { .cipher = MAC_TKIP };
	uint8_t frame[128];
	size_t len = build(frame, &key);

	(void)state;
	mac_key_ready(&key);
	mac_encrypt(&key, frame, len);
	key.rx_mic[0] = 1;
	assert_int_equal(mac_decrypt(&key, frame, len), MAC_FORGED);
}

static void test_bip(void **state)
{
	struct mac_key key = { .cipher = MAC_BIP, .key_id = 4, .key = { 9 } };
	uint8_t frame[64];
	size_t n;

	(void)state;
	mac_key_ready(&key);
	n = hex("c0000000ffffffffffff02000000000202000000000210000700", frame);
	assert_true(mac_is_robust_group(frame, n));
	assert_null(mac_mmie(frame, n));
	mac_bip_add(&key, frame, n);
	n += MAC_MMIE;
	assert_ptr_equal(mac_mmie(frame, n), frame + 26);
	assert_true(mac_bip_good(&key, frame, n));
	frame[1] ^= 0x08;	/* the retry bit may change on the way */
	assert_true(mac_bip_good(&key, frame, n));
	frame[24] ^= 1;
	assert_false(mac_bip_good(&key, frame, n));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ccmp_vector),
		cmocka_unit_test(test_round),
		cmocka_unit_test(test_michael),
		cmocka_unit_test(test_bip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
