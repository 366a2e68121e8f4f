// SPDX-License-Identifier: GPL-2.0-or-later
/* The firmware's two inputs: requests from the host and frames from the air, in any order. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../bes2600/internal.h"

#define MAX_PIECE	1700

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void on_tx(void *ctx, const struct air_mpdu *m)
{
	struct chip **chip = ctx;
	struct air_tx_result res = { .acked = m->len & 1, .attempts = 1 };

	chip_tx_done(*chip, m->cookie, &res, 0);
}

/* One piece, in memory of its own so that a read past its end is seen */
static void feed(struct chip *chip, const uint8_t *data, size_t n, uint8_t how)
{
	struct air_rx_info info = { .freq = how & 2 ? 2437 : 5180, .signal = -60 };
	uint8_t *copy = malloc(n ? n : 1);

	memcpy(copy, data, n);
	if (how & 1) {
		fw_air_rx(chip->fw, copy, n, &info);
	} else if (n >= sizeof(struct wsm_hdr)) {
		copy[0] = n & 0xff;
		copy[1] = n >> 8;
		fw_request(chip->fw, copy, n);
	}
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct chip *chip = NULL;
	const struct chip_env env = { .ctx = &chip, .air_tx = on_tx };
	uint64_t now = 0;

	chip = chip_new(&env, 1);
	if (!chip)
		return 0;
	chip_power(chip, true, 0);
	fw_start(chip->fw);
	while (size > 3) {
		size_t n = (data[0] | data[1] << 8) % MAX_PIECE;
		uint8_t how = data[2];

		data += 3;
		size -= 3;
		n = n < size ? n : size;
		feed(chip, data, n, how);
		data += n;
		size -= n;
		now += how * 1000000ULL;
		chip_run(chip, now);
	}
	chip_free(chip);
	return 0;
}
