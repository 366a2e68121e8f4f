/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A host for tests: the chip from outside, by commands of the bus and literal
 * bytes. It does not read the wire header of driver and chip, which both could
 * misread together.
 */
#ifndef HOST_H
#define HOST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../chip.h"
#include "hex.h"
#include "said.h"

#define MS		1000000ULL
#define MAX_AIR		64
#define MAX_SAID	8
#define MAX_FRAME	2400

struct host {
	struct chip *chip;
	uint64_t now;
	int freq;			/* where the receiver is */
	bool read_toggle, write_toggle;
	uint8_t seq[2];			/* to the chip: LMAC, MCU */
	char said[MAX_SAID][256];	/* violations */
	int n_said;
	struct { uint8_t bytes[MAX_FRAME]; struct air_mpdu m; } air[MAX_AIR];
	int n_air;
	struct air_edca edca[4];	/* BK, BE, VI, VO */
	uint8_t burst[51 * 512];
	size_t burst_len, at;
	uint8_t *msg;			/* the last one taken */
	size_t len;
};

static inline void host_on_violation(void *ctx, const char *what, const void *bytes, size_t len)
{
	struct host *h = ctx;

	(void)bytes, (void)len;
	assert_true(h->n_said < MAX_SAID);
	snprintf(h->said[h->n_said++], sizeof(h->said[0]), "%s", what);
}

static inline void host_on_tune(void *ctx, int freq)
{
	((struct host *)ctx)->freq = freq;
}

static inline void host_on_tx(void *ctx, const struct air_mpdu *mpdu)
{
	struct host *h = ctx;

	assert_true(h->n_air < MAX_AIR && mpdu->len <= MAX_FRAME);
	memcpy(h->air[h->n_air].bytes, mpdu->frame, mpdu->len);
	h->air[h->n_air].m = *mpdu;
	h->n_air++;
}

static inline void host_on_edca(void *ctx, int ac, const struct air_edca *edca)
{
	if (edca)
		((struct host *)ctx)->edca[ac] = *edca;
}

/* ---- the bus ---- */

static inline void host_advance(struct host *h, uint64_t ns)
{
	uint64_t end = h->now + ns;

	while (chip_deadline(h->chip) <= end) {
		if (chip_deadline(h->chip) > h->now)
			h->now = chip_deadline(h->chip);
		chip_run(h->chip, h->now);
	}
	h->now = end;
}

/* One command; its response, flags of an R5 in bits 15:8 */
static inline uint32_t host_cmd(struct host *h, unsigned int opcode, uint32_t arg, void *data, size_t len)
{
	uint32_t response;
	uint64_t ns;
	int error;

	assert_int_equal(chip_command(h->chip, opcode, arg, data, len, &response, &error, &ns, h->now), 0);
	assert_int_equal(error, 0);
	return response;
}

static inline uint8_t host_reg(struct host *h, uint32_t arg)
{
	return host_cmd(h, 52, arg, NULL, 0);
}

/* Sheet 10 section 12: select; B1, B3, A11: enable function 1, its interrupt, block size 512 */
static inline void host_detect(struct host *h)
{
	host_cmd(h, 5, 0x300000, NULL, 0);
	host_cmd(h, 3, 0, NULL, 0);
	host_cmd(h, 7, 0x10000, NULL, 0);
}

static inline void host_enable(struct host *h)
{
	host_reg(h, 0x80000402);
	host_reg(h, 0x80000803);
	host_reg(h, 0x80022000);
	host_reg(h, 0x80022202);
}

/* One frame of the loader, up to 512 bytes, and its reply */
static inline void host_frame(struct host *h, const char *text, uint8_t reply[8])
{
	uint8_t buf[512] = { 0 };

	hex(text, buf);
	host_cmd(h, 53, 0x94040000, buf, sizeof(buf));
	host_reg(h, 0x10000000);
	host_reg(h, 0x10000200);
	host_cmd(h, 53, 0x14001008, reply, 8);
}

static inline void host_boot_frames(struct host *h, const char *const *frames, int n)
{
	uint8_t reply[8], want[8] = { 0xb0, 0, 0x04 };

	for (int i = 0; i < n; i++) {
		host_frame(h, frames[i], reply);
		want[1] = strtoul(frames[i] + 3, NULL, 16);
		assert_memory_equal(reply, want, 8);
	}
}

/* Sheet 20 section 3.7: two register pokes */
static inline void host_poke(struct host *h)
{
	static const char *const frames[] = {
		"b1 00 08 00 04 00 00 00 00 00 10 40", "b2 01 08 00 00 00 10 40 06 20 80 00",
		"b1 00 08 00 04 00 00 00 2c 60 08 40", "b2 01 08 00 2c 60 08 40 00 c0 00 3e",
	};

	host_boot_frames(h, frames, 4);
}

/* Sheet 20 section 4.3: minimal images */
#define HEAD "01 02 20 00 00 00 00 00 00 00 00 00 68 01 00 20 "
#define DATE "4a 61 6e 20 30 31 20 32 30 32 34 20 30 30 3a 30 30 3a 30 30 20 30 3a 62 65 73 74 32 30 30 32 5f 66 77 "
#define BOOT_INFO "b1 00 08 00 38 00 00 00 68 01 00 20"
#define BOOT_DATA "b2 01 3c 00 68 01 00 20 " HEAD DATE "5f 62 6f 6f 74 00"
#define BOOT_END "b3 02 04 00 68 2b 79 cc"
#define MAIN_INFO "b1 00 08 00 34 00 00 00 68 01 00 20"
#define MAIN_DATA "b2 01 38 00 68 01 00 20 " HEAD DATE "00 00"
#define MAIN_END "b3 02 04 00 e7 8c 1d f9"
#define RUN "b4 03 04 00 68 01 00 20"

static inline void host_boot_image(struct host *h)
{
	static const char *const frames[] = { BOOT_INFO, BOOT_DATA, BOOT_END, RUN };
	static uint8_t dpd[30 * 512];

	host_boot_frames(h, frames, 4);
	host_advance(h, 250 * MS);
	host_reg(h, 0x10000000);
	host_reg(h, 0x10000200);
	host_cmd(h, 53, 0x1c76281e, dpd, sizeof(dpd));
}

static inline void host_main_image(struct host *h)
{
	static const char *const frames[] = { MAIN_INFO, MAIN_DATA, MAIN_END, RUN };

	host_boot_frames(h, frames, 4);
	host_advance(h, 60 * MS);
}

/* Doorbell 0x0021; sheet 10 section 12.1 */
static inline void host_wifi(struct host *h)
{
	host_reg(h, 0x90024200);
	host_reg(h, 0x90024021);
	host_advance(h, 40 * MS);
	assert_int_equal(host_reg(h, 0x10021800) & 4, 4);
	h->read_toggle = h->write_toggle = false;
	h->seq[0] = h->seq[1] = 0;
	h->burst_len = h->at = 0;
}

static inline void host_boot(struct host *h)
{
	host_detect(h);
	host_enable(h);
	host_poke(h);
	host_boot_image(h);
	host_main_image(h);
}

/* ---- messages ---- */

/* The next one that the chip has by now */
static inline bool host_take(struct host *h)
{
	uint32_t arg;
	uint8_t hi;

	if (h->at + 4 > h->burst_len || !(h->burst[h->at] | h->burst[h->at + 1])) {
		hi = host_reg(h, 0x10000200);
		if (!(hi & 0x7f) || hi >> 7 != h->read_toggle)
			return false;
		h->burst_len = (hi & 0x7f) * 512;
		arg = (hi & 0x7f) == 1 ? 0x14040000 : 0x1c000000 | (hi & 0x7fu) << 18 | (hi & 0x7fu);
		host_cmd(h, 53, arg | (uint32_t)h->read_toggle << 25, h->burst, h->burst_len);
		h->read_toggle = !h->read_toggle;
		h->at = 0;
	}
	h->msg = h->burst + h->at;
	h->len = h->msg[0] | h->msg[1] << 8;
	h->at += (h->len + 3) & ~3u;
	return true;
}

static inline void host_drain(struct host *h)
{
	while (host_take(h))
		;
}

/* As many bytes as the text has; the counter in the text is not looked at */
static inline void host_expect(struct host *h, const char *text)
{
	uint8_t want[MAX_FRAME], got[MAX_FRAME];
	size_t n = hex(text, want);

	assert_true(host_take(h));
	assert_true(h->len >= n);
	memcpy(got, h->msg, n);
	got[3] &= 0x1f;
	want[3] &= 0x1f;
	assert_memory_equal(got, want, n);
}

/* Hex bytes, zeros to the end of the message; "@660" goes on at that place. Returns the last place. */
static inline size_t host_bytes(const char *text, uint8_t *buf)
{
	const char *at = strchr(text, '@');
	size_t place, n = hex(text, buf);
	char *end;

	while (at) {
		place = strtoul(at + 1, &end, 16);
		n = place + hex(end, buf + place);
		at = strchr(end, '@');
	}
	return n;
}

/* One message in its slot, with the next number of its counter */
static inline void host_write(struct host *h, const char *text)
{
	static const uint16_t slots[] = { 512, 1024, 1536, 1632 };
	uint8_t buf[2048] = { 0 };
	uint32_t class = 0, blocks;
	uint8_t *seq;
	size_t len;

	host_bytes(text, buf);
	len = buf[0] | buf[1] << 8;
	seq = &h->seq[(buf[3] & 0x0f) == 0x0c];
	buf[3] = (buf[3] & 0x1f) | *seq << 5;
	*seq = (*seq + 1) & 7;
	while (class < 3 && slots[class] < len)
		class++;
	blocks = (slots[class] + 511) / 512;
	host_cmd(h, 53, 0x9c000000 | (uint32_t)h->write_toggle << 25 | (uint32_t)(slots[class] | class) << 9 | blocks, buf,
		 blocks * 512);
	h->write_toggle = !h->write_toggle;
}

static inline void host_ask(struct host *h, const char *request, const char *answer)
{
	host_write(h, request);
	host_advance(h, 5 * MS);
	host_expect(h, answer);
}

/* ---- the air ---- */

static inline bool host_hears(struct host *h, const char *text, int freq)
{
	struct air_rx_info info = { .freq = freq, .signal = -50, .rate = { .kbps100 = 10 } };
	uint8_t frame[MAX_FRAME];
	size_t n = hex(text, frame);

	return chip_air_rx(h->chip, frame, n, &info, h->now);
}

/* Everything that is on the air ends */
static inline void host_air_done(struct host *h, bool acked)
{
	struct air_tx_result res = { .acked = acked, .attempts = 1, .queued_ns = 350000, .media_ns = 1800000 };
	uint64_t cookies[MAX_AIR];
	int n = h->n_air;

	for (int i = 0; i < n; i++)
		cookies[i] = h->air[i].m.cookie;
	h->n_air = 0;
	for (int i = 0; i < n; i++)
		chip_tx_done(h->chip, cookies[i], &res, h->now);
	host_advance(h, 0);
}

/* ---- how far a test begins ---- */

/* Sheet 30 section 10: its MAC address, AP, SSID, policy; sheet 31 section 6: template */
#define CONFIGURATION "20 00 09 00 @10 10 00 01 00 02 00 00 be 57 01 05 00 c0 02 02 03"
#define TEMPLATE "2c 00 06 00 02 10 24 00 00 00 20 00 40 00 00 00 ff ff ff ff ff ff 02 00 00 be 57 01 " \
	"ff ff ff ff ff ff 00 00 00 00 01 04 02 04 0b 16"
#define POLICY "20 00 06 c0 16 10 18 00 01 00 00 00 02 0f 07 0c 00 00 00 00 01 00 00 00 00 00 00 00 02 30 40 00"
#define JOIN_TAIL "04 00 00 00 74 65 73 74 @38 64 00 00 00 07 00 00 00"
#define JOIN "40 00 0b 20 01 00 06 00 0a 0b 0c 0d 0e 0f 00 00 01 01 01 00 " JOIN_TAIL
#define BEACON "80 00 00 00 ff ff ff ff ff ff 0a 0b 0c 0d 0e 0f 0a 0b 0c 0d 0e 0f 20 00 56 34 12 00 00 00 00 00 " \
	"64 00 11 04 00 04 74 65 73 74 01 04 82 84 8b 96 03 01 06"
#define BSS_PARAMS "10 00 11 00 00 32 01 00 cf 3f 00 00 00 c0 3f 00"
#define AP_BEACON "3b 00 06 00 02 10 33 00 01 00 2f 00 80 00 00 00 ff ff ff ff ff ff 02 00 00 be 57 01 " \
	"02 00 00 be 57 01 00 00 @2c 64 00 11 04 00 04 74 65 73 74 01 03 82 84 8b"
#define START "38 00 17 00 00 00 06 00 00 00 00 00 64 00 00 00 02 01 64 04 74 65 73 74 @34 0f 00 00 00"

enum host_state { POWERED, ROM, POKED, LOADER2, MAIN, WIFI, CONFIGURED, JOINED, ASSOCIATED, AP };

static inline void host_join(struct host *h)
{
	host_write(h, JOIN);
	host_advance(h, 5 * MS);
	host_air_done(h, true);
	host_hears(h, BEACON, 2437);
	host_advance(h, 5 * MS);
	host_expect(h, "10 00 0b c4 00 00 00 00 50 00 00 00 c8 00 00 00");
}

/* Each state is reached through those before it */
static inline void host_enter(struct host *h, enum host_state state, enum host_state want)
{
	switch (state) {
	case POWERED:
		return host_detect(h);
	case ROM:
		return host_enable(h);
	case POKED:
		return host_poke(h);
	case LOADER2:
		return host_boot_image(h);
	case MAIN:
		return host_main_image(h);
	case WIFI:
		host_wifi(h);
		return host_expect(h, "98 00 01 08");
	case CONFIGURED:
		host_ask(h, CONFIGURATION, "2c 00 09 04 00 00 00 00");
		host_ask(h, TEMPLATE, "08 00 06 04 00 00 00 00");
		return host_ask(h, POLICY, "08 00 06 04 00 00 00 00");
	case JOINED:
		return want == AP ? (void)0 : host_join(h);
	case ASSOCIATED:
		return want == AP ? (void)0 : host_ask(h, BSS_PARAMS, "08 00 11 04 00 00 00 00");
	case AP:
		host_ask(h, AP_BEACON, "08 00 06 04 00 00 00 00");
		return host_ask(h, START, "08 00 17 04 00 00 00 00");
	}
}

static inline struct host *host_new(enum host_state want)
{
	struct host *h = calloc(1, sizeof(*h));
	const struct chip_env env = {
		.ctx = h, .violation = host_on_violation, .air_tx = host_on_tx, .air_tune = host_on_tune,
		.air_edca = host_on_edca,
	};

	assert_non_null(h);
	h->now = 1000 * MS;
	h->chip = chip_new(&env, 1);
	assert_non_null(h->chip);
	chip_power(h->chip, true, h->now);
	chip_set_bus(h->chip, 50000000, 4);
	for (enum host_state s = POWERED; s <= want; s++)
		host_enter(h, s, want);
	assert_int_equal(h->n_said, 0);
	return h;
}

static inline void host_free(struct host *h)
{
	chip_free(h->chip);
	free(h);
}

#endif /* HOST_H */
