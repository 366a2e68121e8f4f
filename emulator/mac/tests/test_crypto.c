// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Published vectors: FIPS 197, RFC 4493, IEEE 802.11 annexes. Most are the
 * libraries' work, called as the chips call them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <zlib.h>

#include <nettle/aes.h>
#include <nettle/arcfour.h>
#include <nettle/ccm.h>
#include <nettle/cmac.h>

#include "../crypto.h"
#include "hex.h"

static void test_aes(void **state)
{
	uint8_t key[16], in[16], want[16], out[16];
	struct aes128_ctx aes;

	(void)state;
	hex("000102030405060708090a0b0c0d0e0f", key);
	hex("00112233445566778899aabbccddeeff", in);
	hex("69c4e0d86a7b0430d8cdb78070b4c55a", want);
	aes128_set_encrypt_key(&aes, key);
	aes128_encrypt(&aes, 16, out, in);
	assert_memory_equal(out, want, 16);
}

static void test_cmac(void **state)
{
	static const struct { size_t len; const char *mac; } v[] = {
		{ 0, "bb1d6929e95937287fa37d129b756746" }, { 16, "070a16b46b4d4144f79bdd9dd04a287c" },
		{ 40, "dfa66747de9ae63030ca32611497c827" }, { 64, "51f0bebf7e3b9d92fc49741779363cfe" },
	};
	uint8_t key[16], msg[64], want[16], out[16];
	struct cmac_aes128_ctx cmac;
	size_t i;

	(void)state;
	hex("2b7e151628aed2a6abf7158809cf4f3c", key);
	hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
	    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710", msg);
	cmac_aes128_set_key(&cmac, key);
	for (i = 0; i < 4; i++) {
		hex(v[i].mac, want);
		cmac_aes128_update(&cmac, v[i].len, msg);
		cmac_aes128_digest(&cmac, 16, out);
		assert_memory_equal(out, want, 16);
	}
}

/* IEEE 802.11-2012 M.6.4: the CCMP test vector */
static void test_ccm(void **state)
{
	uint8_t key[16], nonce[13], aad[32], data[40], plain[32], want[40];
	struct ccm_aes128_ctx ccm;
	size_t aad_len, len;

	(void)state;
	hex("c97c1f67ce371185514a8a19f2bdd52f", key);
	hex("005030f1844408b5039776e70c", nonce);
	aad_len = hex("08400fd2e128a57c5030f1844408abaea5b8fcba0000", aad);
	len = hex("f8ba1a55d02f85ae967bb62fb6cda8eb7e78a050", data);
	memcpy(plain, data, len);
	hex("f3d0a2fe9a3dbf2342a643e43246e80c3c04d019 7845ce0b16f97623", want);
	ccm_aes128_set_key(&ccm, key);
	ccm_aes128_encrypt_message(&ccm, 13, nonce, aad_len, aad, 8, len + 8, data, data);
	assert_memory_equal(data, want, len + 8);
	assert_true(ccm_aes128_decrypt_message(&ccm, 13, nonce, aad_len, aad, 8, len, data, data));
	assert_memory_equal(data, plain, len);
	ccm_aes128_encrypt_message(&ccm, 13, nonce, aad_len, aad, 8, len + 8, data, data);
	data[len + 3] ^= 1;
	assert_false(ccm_aes128_decrypt_message(&ccm, 13, nonce, aad_len, aad, 8, len, data, data));
}

static void test_rc4(void **state)
{
	uint8_t data[9] = "Plaintext", want[9];
	struct arcfour_ctx rc4;

	(void)state;
	hex("bbf316e8d940af0ad3", want);
	arcfour_set_key(&rc4, 3, (const uint8_t *)"Key");
	arcfour_crypt(&rc4, 9, data, data);
	assert_memory_equal(data, want, 9);
	assert_int_equal(crc32(0, (const uint8_t *)"123456789", 9), 0xcbf43926);
}

/* IEEE 802.11 annex M: TKIP mixing, first vector */
static void test_tkip(void **state)
{
	uint8_t tk[16], ta[6], want[16], key[16];

	(void)state;
	hex("000102030405060708090a0b0c0d0e0f", tk);
	hex("102233445566", ta);
	hex("00200033ea8d2f60ca6d1374234a660b", want);
	tkip_mix(tk, ta, 0, 0, key);
	assert_memory_equal(key, want, 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_aes),
		cmocka_unit_test(test_cmac),
		cmocka_unit_test(test_ccm),
		cmocka_unit_test(test_rc4),
		cmocka_unit_test(test_tkip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
