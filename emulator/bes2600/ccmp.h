/* SPDX-License-Identifier: GPL-2.0-or-later */
/* CCMP and BIP on 802.11 frames. */
#ifndef CCMP_H
#define CCMP_H

#include "crypto.h"

#define CCMP_IV		8
#define CCMP_MIC	8

/*
 * frame: 802.11 header of hdrlen bytes, IV, plaintext, room for the MIC; len in
 * all. Fills IV and MIC, encrypts in place. pn: 48 bits.
 */
void ccmp_encrypt(const struct aes128 *aes, uint8_t *frame, size_t hdrlen, size_t len, uint64_t pn,
		  uint8_t key_id);
/* Decrypts in place; IV and MIC stay. False: MIC wrong or frame too short. */
bool ccmp_decrypt(const struct aes128 *aes, uint8_t *frame, size_t hdrlen, size_t len);
uint64_t ccmp_pn(const uint8_t *iv);
/* Group management frame that ends in an MMIE: is it right? */
bool bip_check(const struct aes128 *aes, const uint8_t *frame, size_t len);

#endif /* CCMP_H */
