/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ciphers of 802.11: AES-128 with CCM and CMAC, and the old ones. No state of the chip. */
#ifndef CRYPTO_H
#define CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct aes128 {
	uint8_t rk[11][16] __attribute__((aligned(16)));
};

void aes128_init(struct aes128 *aes, const uint8_t key[16]);
void aes128_encrypt(const struct aes128 *aes, const uint8_t in[16], uint8_t out[16]);
/* For tests: never use the processor's AES instructions. */
void aes128_force_tables(bool on);

#define CCM_MIC	8
#define CCM_NONCE 13
/* CCM with an 8 byte MIC and a 13 byte nonce, in place. aad_len at most 46. */
void ccm_encrypt(const struct aes128 *aes, const uint8_t nonce[CCM_NONCE], const uint8_t *aad,
		 size_t aad_len, uint8_t *data, size_t len, uint8_t mic[CCM_MIC]);
/* False if the MIC does not fit; data is then rubbish. */
bool ccm_decrypt(const struct aes128 *aes, const uint8_t nonce[CCM_NONCE], const uint8_t *aad,
		 size_t aad_len, uint8_t *data, size_t len, const uint8_t mic[CCM_MIC]);

void aes_cmac(const struct aes128 *aes, const uint8_t *data, size_t len, uint8_t mac[16]);

uint32_t crypto_crc32(const uint8_t *data, size_t len);
void rc4(const uint8_t *key, size_t key_len, uint8_t *data, size_t len);

/* TKIP: mixed key of one frame; ta is the transmitter, iv32/iv16 the counter. */
void tkip_mix(const uint8_t tk[16], const uint8_t ta[6], uint32_t iv32, uint16_t iv16,
	      uint8_t key[16]);
/* Michael over the pseudo header (da, sa, priority) and data. */
void michael(const uint8_t key[8], const uint8_t da[6], const uint8_t sa[6], uint8_t priority,
	     const uint8_t *data, size_t len, uint8_t mic[8]);

#endif /* CRYPTO_H */
