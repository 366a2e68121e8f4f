// SPDX-License-Identifier: GPL-2.0-or-later
/* Published vectors: FIPS 197, RFC 4493; CCMP there and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "../ccmp.h"

static const uint8_t rfc4493_key[16] = {
	0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6, 0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf, 0x4f, 0x3c,
};

static void test_aes(void **state)
{
	static const uint8_t want[16] = {
		0x69, 0xc4, 0xe0, 0xd8, 0x6a, 0x7b, 0x04, 0x30, 0xd8, 0xcd, 0xb7, 0x80, 0x70, 0xb4, 0xc5, 0x5a,
	};
	uint8_t key[16], in[16], out[16];
	struct aes128 aes;

	(void)state;
	for (int i = 0; i < 16; i++) {
		key[i] = i;
		in[i] = i * 0x11;
	}
	aes128_init(&aes, key);
	aes128_encrypt(&aes, in, out);
	assert_memory_equal(out, want, 16);
}

static void test_cmac(void **state)
{
	static const uint8_t empty[16] = {
		0xbb, 0x1d, 0x69, 0x29, 0xe9, 0x59, 0x37, 0x28, 0x7f, 0xa3, 0x7d, 0x12, 0x9b, 0x75, 0x67, 0x46,
	};
	static const uint8_t msg[16] = {
		0x6b, 0xc1, 0xbe, 0xe2, 0x2e, 0x40, 0x9f, 0x96, 0xe9, 0x3d, 0x7e, 0x11, 0x73, 0x93, 0x17, 0x2a,
	};
	static const uint8_t sixteen[16] = {
		0x07, 0x0a, 0x16, 0xb4, 0x6b, 0x4d, 0x41, 0x44, 0xf7, 0x9b, 0xdd, 0x9d, 0xd0, 0x4a, 0x28, 0x7c,
	};
	struct aes128 aes;
	uint8_t mac[16];

	(void)state;
	aes128_init(&aes, rfc4493_key);
	aes_cmac(&aes, msg, 0, mac);
	assert_memory_equal(mac, empty, 16);
	aes_cmac(&aes, msg, 16, mac);
	assert_memory_equal(mac, sixteen, 16);
}

static void test_ccmp(void **state)
{
	uint8_t frame[26 + 8 + 100 + 8] = { 0x88, 0x41 }, plain[sizeof(frame)];
	struct aes128 aes;

	(void)state;
	aes128_init(&aes, rfc4493_key);
	for (size_t i = 2; i < sizeof(frame); i++)
		frame[i] = i;
	memcpy(plain, frame, sizeof(frame));
	ccmp_encrypt(&aes, frame, 26, sizeof(frame), 0x010203040506ULL, 0);
	assert_int_equal(ccmp_pn(frame + 26), 0x010203040506ULL);
	assert_memory_not_equal(frame + 34, plain + 34, 100);
	/* a retry sets a bit that the MIC does not cover */
	frame[1] |= 0x08;
	assert_true(ccmp_decrypt(&aes, frame, 26, sizeof(frame)));
	assert_memory_equal(frame + 34, plain + 34, 100);
}

static void test_ccmp_tampered(void **state)
{
	uint8_t frame[24 + 8 + 20 + 8] = { 0x08, 0x41 };
	struct aes128 aes;

	(void)state;
	aes128_init(&aes, rfc4493_key);
	ccmp_encrypt(&aes, frame, 24, sizeof(frame), 1, 0);
	frame[40] ^= 1;
	assert_false(ccmp_decrypt(&aes, frame, 24, sizeof(frame)));
	assert_false(ccmp_decrypt(&aes, frame, 24, 30));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_aes),
		cmocka_unit_test(test_cmac),
		cmocka_unit_test(test_ccmp),
		cmocka_unit_test(test_ccmp_tampered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
