// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Frames of the air, into a firmware that has joined, or is an access point.
 * Input: mode byte, then records of {length u16, bytes}.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fw_bench.h"

static const uint8_t own[6] = { 2, 0, 0, 0xbe, 0x57, 1 };
static const uint8_t ap[6] = { 2, 0, 0, 0, 1, 0 };

static void add_key(struct fuzz_bench *b, int i, uint8_t type, uint8_t key_id)
{
	struct fw_key *key = &b->chip->fw->keys[i];

	key->used = true;
	key->type = type;
	key->mac.key_id = key_id;
	key->mac.key_len = 13;
	memcpy(key->peer, ap, 6);
	fw_key_ready(key);
}

static void put_up(struct fuzz_bench *b, uint8_t mode)
{
	struct fw *fw = b->chip->fw;
	struct fw_if *ifc = &fw->ifs[0];
	const char *why;

	fw->configured[0] = true;
	memcpy(fw->mac[0], own, 6);
	ifc->role = mode & 1 ? FW_AP : FW_STA;
	ifc->freq = 2437;
	ifc->interval = 100;
	ifc->dtim = 1;
	ifc->aid = 1;
	ifc->pm = mode & 2 ? 1 : 0;
	ifc->ba.rx_tids = 0xff;
	ifc->rx_filter = mode >> 2 & 3;
	memcpy(ifc->bssid, mode & 1 ? own : ap, 6);
	ifc->n_ies = 1;
	ifc->ies[0] = (struct wsm_beacon_ie){ .id = 221, .actions = 7 };
	ifc->beacon_flags = 7;
	if (mode & 0x10)
		add_key(b, 0, mode & 0x20 ? WSM_KEY_TKIP_PAIR : WSM_KEY_AES_PAIR, 0);
	add_key(b, 1, mode & 0x40 ? WSM_KEY_WEP_GROUP : WSM_KEY_AES_GROUP, 1);
	if (mode & 0x80)
		add_key(b, 2, WSM_KEY_IGTK, 4);
	chip_set_knob(b->chip, "rx.cipher", mode & 0x20 ? "7" : "3", &why);
	chip_set_knob(b->chip, "rx.tkip_mic", mode & 0x40 ? "stripped" : "present", &why);
	fw_retune(fw);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct air_rx_info info = { .freq = 2437, .signal = -60, .rate = { .ht = true, .mcs = 3 } };
	struct fuzz_bench b;

	if (!size)
		return 0;
	fuzz_open(&b);
	put_up(&b, *data++);
	size--;
	while (size >= 3) {
		size_t len = data[0] | (data[1] & 15) << 8;

		data += 2;
		size -= 2;
		if (len > size)
			len = size;
		fw_air_rx(b.chip->fw, data, len, &info);
		if (len & 1)
			fuzz_results(&b, true);
		fuzz_advance(&b, MS);
		fuzz_drain(&b);
		data += len;
		size -= len;
	}
	fuzz_close(&b);
	return 0;
}
