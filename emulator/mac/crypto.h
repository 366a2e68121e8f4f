/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What TKIP needs and no library has. AES, CCM, CMAC and RC4 are nettle's, CRC-32 is zlib's. */
#ifndef MAC_CRYPTO_H
#define MAC_CRYPTO_H

#include <stddef.h>
#include <stdint.h>

/* Mixed key of one frame; ta is the transmitter, iv32/iv16 the counter. */
void tkip_mix(const uint8_t tk[16], const uint8_t ta[6], uint32_t iv32, uint16_t iv16,
	      uint8_t key[16]);
/* Michael over the pseudo header (da, sa, priority) and data. */
void michael(const uint8_t key[8], const uint8_t da[6], const uint8_t sa[6], uint8_t priority,
	     const uint8_t *data, size_t len, uint8_t mic[8]);

#endif /* MAC_CRYPTO_H */
