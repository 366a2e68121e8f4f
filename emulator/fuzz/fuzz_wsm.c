// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Requests of the host, straight into the firmware, with time, air results and
 * frames in between. Input: records of {kind, length, bytes}.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fw_bench.h"

static void request(struct fuzz_bench *b, const uint8_t *p, size_t len)
{
	uint8_t msg[BES_MSG_MAX] = { 0 };

	if (len < 2)
		return;
	/* number and interface; the front lets only the right length through */
	memcpy(msg + 4, p + 2, len - 2);
	len += 2;
	fw_put16(msg, len);
	fw_put16(msg + 2, p[0] == 0xff ? WSM_MCU_DRIVER : (p[0] & WSM_ID_NUM) | (p[1] & 3) << 6);
	fw_request(b->chip->fw, msg, len);
}

static void record(struct fuzz_bench *b, uint8_t kind, const uint8_t *p, size_t len)
{
	struct air_rx_info info = { .freq = b->freq, .signal = -60, .rate = { .kbps100 = 60 } };

	switch (kind & 7) {
	default:
		request(b, p, len);
		break;
	case 4:
		fw_air_rx(b->chip->fw, p, len, &info);
		break;
	case 5:
		fuzz_advance(b, len * 10 * MS);
		break;
	case 6:
		fuzz_results(b, len & 1);
		break;
	}
	fuzz_drain(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_bench b;

	fuzz_open(&b);
	while (size >= 3) {
		size_t len = data[1] | (data[2] & 3) << 8;

		if (len > size - 3)
			len = size - 3;
		record(&b, data[0], data + 3, len);
		data += 3 + len;
		size -= 3 + len;
	}
	fuzz_close(&b);
	return 0;
}
