/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Protected frames. All work in place, on whole frames without FCS. */
#ifndef MAC_CIPHER_H
#define MAC_CIPHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <nettle/ccm.h>
#include <nettle/cmac.h>

#define MAC_MMIE	18

/* MAC_UNKNOWN: of a cipher that is not emulated; nothing is encrypted with it, nothing decrypted */
enum mac_cipher { MAC_WEP, MAC_TKIP, MAC_CCMP, MAC_BIP, MAC_UNKNOWN };

struct mac_key {
	enum mac_cipher cipher;
	uint8_t key_id, key_len;	/* key_len: of WEP */
	uint8_t key[16], rx_mic[8], tx_mic[8];
	uint64_t tx_pn, rx_pn[18];	/* per TID, 16 not QoS, 17 management */
	struct ccm_aes128_ctx ccm;
	struct cmac_aes128_ctx cmac;
};

/* What the ciphers derive from the key itself */
void mac_key_ready(struct mac_key *key);
/* What stands before and behind the body of a frame under this key */
size_t mac_key_iv(const struct mac_key *key);
size_t mac_key_tail(const struct mac_key *key);

/* len counts the room for IV, MIC and ICV, which is there already. */
void mac_encrypt(struct mac_key *key, uint8_t *frame, size_t len);
/* Damaged: CCMP's MIC or the ICV does not fit; forged: only Michael does not */
enum mac_opened { MAC_GOOD, MAC_DAMAGED, MAC_FORGED };
enum mac_opened mac_decrypt(struct mac_key *key, uint8_t *frame, size_t len);
/* Takes what surrounds the body off a decrypted frame; false if it is a replay. */
bool mac_strip(struct mac_key *key, uint8_t *frame, size_t *len);

/* The MMIE at the end of a management frame, or NULL */
const uint8_t *mac_mmie(const uint8_t *frame, size_t len);
/* Does the MIC of the MMIE fit? */
bool mac_bip_good(struct mac_key *key, const uint8_t *frame, size_t len);
/* Adds an MMIE behind len bytes. */
void mac_bip_add(struct mac_key *key, uint8_t *frame, size_t len);

#endif /* MAC_CIPHER_H */
