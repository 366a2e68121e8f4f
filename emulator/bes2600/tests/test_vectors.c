// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The bytes of the sheets, as they stand there, over the bus; what the chip
 * makes of them is read back from outside. lab/vectors.py lists the examples
 * and misses those that are not here.
 */
#include <nettle/arcfour.h>
#include <zlib.h>

#include "../../mac/crypto.h"
#include "host.h"

/* ---- requests: the answer, and what the chip remembers ---- */

static const struct request {
	const char *name;
	enum host_state state;
	const char *request, *answer;
} requests[] = {
	{ "20 §6.3 multi TX confirms, interface 0", WIFI,
	  "0c 00 06 00 24 10 04 00 01 00 00 00", "08 00 06 24 00 00 00 00" },
	{ "20 §6.3 multi TX confirms, interface 1", WIFI,
	  "0c 00 46 20 24 10 04 00 01 00 00 00", "08 00 46 44 00 00 00 00" },
	{ "30 §10 start scan", CONFIGURED,
	  "40 00 07 80 00 00 00 00 00 00 00 00 02 03 00 64 01 00 00 00 64 00 00 00 64 00 00 00 00 00 00 00 "
	  "06 00 00 00 64 00 00 00 64 00 00 00 00 00 00 00 0b 00 00 00 64 00 00 00 64 00 00 00 00 00 00 00",
	  "08 00 07 c4 00 00 00 00" },
	{ "30 §4.6 reset", CONFIGURED, "08 00 0a 00 00 00 00 00", "08 00 0a 04 00 00 00 00" },
	{ "30 §4.9 remove key", CONFIGURED, "08 00 0d 00 02 00 00 00", "08 00 0d 04 00 00 00 00" },
	{ "30 §4.11 BSS parameters", JOINED,
	  "10 00 11 00 00 32 01 00 cf 3f 00 00 00 c0 3f 00", "08 00 11 04 00 00 00 00" },
	{ "30 §4.12 TX queue parameters", CONFIGURED,
	  "10 00 12 00 03 00 00 00 00 00 00 00 00 00 00 00", "08 00 12 04 00 00 00 00" },
	/* BK 7/15/1023/0, BE 3/15/1023/0, VI 2/7/15/3008, VO 2/3/7/1504; life 200 */
	{ "30 §4.13 EDCA", CONFIGURED,
	  "30 00 13 00 0f 00 0f 00 07 00 03 00 ff 03 ff 03 0f 00 07 00 07 03 02 02 00 00 00 00 c0 0b e0 05 "
	  "c8 00 00 00 c8 00 00 00 c8 00 00 00 c8 00 00 00", "08 00 13 04 00 00 00 00" },
	{ "30 §10 switch channel", CONFIGURED, "08 00 16 e0 80 00 06 00", "08 00 16 64 00 00 00 00" },
	{ "50 §16.3 channel 48, no HT", CONFIGURED, "08 00 16 00 80 00 30 00", "08 00 16 04 00 00 00 00" },
	{ "50 §16.3 channel 48, HT40-", CONFIGURED, "08 00 16 00 a0 00 30 00", "08 00 16 04 00 00 00 00" },
	{ "30 §10 fast power save", CONFIGURED, "08 00 10 00 81 10 00 00", "08 00 10 04 00 00 00 00" },
	{ "60 §6.3 power save ends", CONFIGURED, "08 00 10 00 00 10 00 00", "08 00 10 04 00 00 00 00" },
	{ "30 §10 coexistence while scanning", CONFIGURED,
	  "10 00 29 00 20 4e 00 00 e0 41 01 00 00 00 00 00", "08 00 29 04 00 00 00 00" },
	{ "60 §11.4 coexistence, associated", CONFIGURED,
	  "10 00 29 00 20 4e 00 00 80 38 01 00 03 00 00 00", "08 00 29 04 00 00 00 00" },
	{ "60 §11.4 coexistence, joining on 2.4 GHz", CONFIGURED, "10 00 29 00 50 c3 00 00 b0 cc 00 00 00 00 00 00", "08 00 29 04 00 00 00 00" },
	{ "60 §11.4 coexistence, joining beside Bluetooth audio", CONFIGURED, "10 00 29 00 30 75 00 00 98 3a 00 00 04 00 00 00", "08 00 29 04 00 00 00 00" },
	{ "60 §11.4 coexistence, joining on 5 GHz", CONFIGURED, "10 00 29 00 50 c3 00 00 b0 cc 00 00 00 04 00 00", "08 00 29 04 00 00 00 00" },
	{ "60 §11.4 coexistence, associated on 5 GHz", CONFIGURED, "10 00 29 00 20 4e 00 00 80 38 01 00 03 04 00 00", "08 00 29 04 00 00 00 00" },
	{ "60 §11.4 coexistence, address on 5 GHz", CONFIGURED, "10 00 29 00 20 4e 00 00 80 38 01 00 00 04 00 00", "08 00 29 04 00 00 00 00" },
	{ "60 §11.4 coexistence, disconnected", CONFIGURED, "10 00 29 00 20 4e 00 00 80 38 01 00 00 00 00 00", "08 00 29 04 00 00 00 00" },
	{ "60 §11.4 coexistence, no Bluetooth", CONFIGURED, "10 00 29 00 00 90 01 00 00 00 00 00 00 00 00 00", "08 00 29 04 00 00 00 00" },
	{ "60 §11.4 coexistence, Bluetooth audio", CONFIGURED, "10 00 29 00 a0 a5 00 00 60 ea 00 00 00 00 00 00", "08 00 29 04 00 00 00 00" },
	{ "30 §10 Wi-Fi state connected", CONFIGURED,
	  "0c 00 27 0c 03 00 00 00 05 00 00 00", "10 00 27 0c 00 00 00 00 0f 00 00 00 03 00 00 00" },
	{ "31 §2.1 slot time 9 us", ASSOCIATED, "0c 00 06 00 03 00 04 00 09 00 00 00", "08 00 06 04 00 00 00 00" },
	{ "31 §2.1 TX power 20 dBm", CONFIGURED, "0c 00 06 00 06 00 04 00 c8 00 00 00", "08 00 06 04 00 00 00 00" },
	{ "31 §2.1 RTS threshold 2437", CONFIGURED, "0c 00 06 00 07 00 04 00 85 09 00 00", "08 00 06 04 00 00 00 00" },
	{ "31 §6 low power on", CONFIGURED, "0c 00 06 00 06 10 04 00 12 00 00 00", "08 00 06 04 00 00 00 00" },
	{ "31 §2.1 beacon wake-up", ASSOCIATED, "0c 00 06 00 07 10 04 00 01 00 03 00", "08 00 06 04 00 00 00 00" },
	{ "31 §6 RCPI default", CONFIGURED, "0c 00 06 60 09 10 04 00 0d 00 00 10", "08 00 06 04 00 00 00 00" },
	{ "31 §6 BA policy before join", CONFIGURED, "0c 00 06 40 0e 10 04 00 00 00 b1 00", "08 00 06 04 00 00 00 00" },
	{ "31 §2.1 BA policy, associated", ASSOCIATED, "0c 00 06 00 0e 10 04 00 b1 00 b1 00", "08 00 06 04 00 00 00 00" },
	{ "31 §2.1 association mode", ASSOCIATED,
	  "10 00 06 00 10 10 08 00 1f 01 00 05 0f 00 00 00", "08 00 06 04 00 00 00 00" },
	{ "31 §2.1 U-APSD", ASSOCIATED, "10 00 06 00 13 10 08 00 08 00 00 00 00 00 00 00", "08 00 06 04 00 00 00 00" },
	{ "31 §6 management policy at join", CONFIGURED,
	  "0c 00 06 80 20 10 04 00 06 00 00 00", "08 00 06 04 00 00 00 00" },
	{ "31 §2.1 HT protection", ASSOCIATED, "0c 00 06 00 21 10 04 00 02 00 00 00", "08 00 06 04 00 00 00 00" },
	{ "31 §2.1 keep-alive 15 s", ASSOCIATED, "0c 00 06 00 25 10 04 00 0f 00 00 00", "08 00 06 04 00 00 00 00" },
	{ "31 §6 beacon filter on", ASSOCIATED,
	  "10 00 06 20 05 10 08 00 07 00 00 00 00 00 00 00", "08 00 06 04 00 00 00 00" },
	{ "50 §5.4 beacon filter off", ASSOCIATED,
	  "10 00 06 00 05 10 08 00 00 00 00 00 01 00 00 00", "08 00 06 04 00 00 00 00" },
	{ "60 §6.5 MAC filter", ASSOCIATED,
	  "14 00 06 00 30 10 0c 00 01 01 00 00 01 01 ff ff ff ff ff ff", "08 00 06 04 00 00 00 00" },
	{ "60 §9.3 UDP filter", ASSOCIATED,
	  "18 00 06 00 1b 10 10 00 03 00 00 00 01 00 43 00 01 00 6c 07 01 00 e9 14", "08 00 06 04 00 00 00 00" },
	{ "60 §9.3 ethertype filter", ASSOCIATED,
	  "18 00 06 00 1a 10 10 00 03 01 00 00 02 00 8e 88 02 00 b4 88 01 00 ff ff", "08 00 06 04 00 00 00 00" },
	{ "60 §9.3 IPv6 filter", ASSOCIATED,
	  "20 00 06 00 32 10 18 00 01 02 00 00 02 02 00 00 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01", "08 00 06 04 00 00 00 00" },
	{ "60 §9.3 filters off", ASSOCIATED, "0c 00 06 00 32 10 04 00 00 00 00 00", "08 00 06 04 00 00 00 00" },
	{ "31 §2.1 station inactivity", AP, "0c 00 06 00 35 10 04 00 09 01 00 00", "08 00 06 04 00 00 00 00" },
	{ "31 §6 short GI on", CONFIGURED, "09 00 06 a0 43 10 01 00 01", "08 00 06 04 00 00 00 00" },
	{ "31 §2.1 optimisation, associated", CONFIGURED,
	  "0c 00 06 00 44 10 04 00 02 05 b8 0b", "08 00 06 04 00 00 00 00" },
	{ "31 §2.1 optimisation, un-joined", CONFIGURED,
	  "0c 00 06 00 44 10 04 00 01 00 d2 07", "08 00 06 04 00 00 00 00" },
	{ "31 §2.1 power table", CONFIGURED, "09 00 06 00 45 10 01 00 01", "08 00 06 04 00 00 00 00" },
	{ "31 §6 policy 2", CONFIGURED,
	  "20 00 06 c0 16 10 18 00 01 00 00 00 02 0f 07 0c 00 00 00 00 01 00 00 00 00 00 00 00 02 30 40 00",
	  "08 00 06 04 00 00 00 00" },
	{ "30 §4.15 start", AP,
	  "38 00 57 00 02 00 06 00 00 00 00 00 64 00 00 00 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 "
	  "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 0f 00 00 00", "08 00 57 04 00 00 00 00" },
	{ "30 §4.17 map link", AP, "0c 00 1c 00 0a 0b 0c 0d 0e 0f 00 03", "08 00 1c 04 00 00 00 00" },
	{ "50 §16.7 unmap link", AP, "0c 00 1c 00 0a 0b 0c 0d 0e 0f 01 03", "08 00 1c 04 00 00 00 00" },
};

static void told(struct host *h, const char *want)
{
	static char text[64 * 1024];
	FILE *out = fmemopen(text, sizeof(text), "w");

	assert_non_null(out);
	chip_print_told(h->chip, out);
	fclose(out);
	if (!strstr(text, want))
		fail_msg("%s is not in %s", want, text);
}

static void test_request(void **state)
{
	const struct request *r = *state;
	struct host *h = host_new(r->state);
	uint8_t msg[MAX_FRAME] = { 0 };
	char want[2 * MAX_FRAME + 16];
	size_t len, at, n;
	bool mib;

	host_drain(h);
	hex(r->request, msg);
	len = msg[0] | msg[1] << 8;
	mib = (msg[2] & 0x3f) == 6;
	host_ask(h, r->request, r->answer);
	/* by the number of the request or MIB: its bytes */
	at = mib ? 8 : 4;
	n = snprintf(want, sizeof(want), "\"%04x\": \"", mib ? msg[4] | msg[5] << 8 : msg[2] & 0x3f);
	for (; at < len; at++)
		n += snprintf(want + n, sizeof(want) - n, "%02x", msg[at]);
	if ((msg[3] & 0x0c) != 0x0c)
		told(h, want);
	assert_int_equal(h->n_said, 0);
	host_free(h);
}

/* ---- registers ---- */

/* Sheet 10 section 9.2: what each word of the doorbell does to 0x10c */
static void test_doorbells(void **state)
{
	static const struct { uint32_t hi, lo; uint8_t mask, value; } words[] = {
		{ 0x90024200, 0x90024009, 0x10, 0x10 }, { 0x90024200, 0x90024005, 0x10, 0 },
		{ 0x90024201, 0x90024001, 0x08, 0x08 }, { 0x90024200, 0x90024081, 0x08, 0 },
		{ 0x90024204, 0x90024001, 0x20, 0x20 }, { 0x90024208, 0x90024001, 0x20, 0 },
		{ 0x90024200, 0x90024021, 0x04, 0x04 }, { 0x90024200, 0x90024011, 0x04, 0 },
		{ 0x90024200, 0x90024003, 0, 0 },
	};
	struct host *h = host_new(MAIN);

	(void)state;
	host_reg(h, 0x90024882);	/* section 9.3 */
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		host_reg(h, words[i].hi);
		host_reg(h, words[i].lo);
		host_advance(h, 40 * MS);
		assert_int_equal(host_reg(h, 0x10021800) & words[i].mask, words[i].value);
	}
	assert_int_equal(h->n_said, 0);
	host_free(h);
}

/* Sheet 10 sections 11 and 12: what the core and a loader read and write */
static void test_detection(void **state)
{
	static const struct { uint32_t arg; int value; } regs[] = {
		{ 0x00000000, 0x32 }, { 0x00001000, -2 }, { 0x00002400, -1 }, { 0x00002600, -1 },
		{ 0x80002603, 3 }, { 0x00000e00, -1 }, { 0x80000e02, -1 }, { 0x00020000, -1 }, { 0x00021200, -1 },
		{ 0x80022000, -1 }, { 0x80022202, -1 }, { 0x00000400, -1 }, { 0x80000402, -1 }, { 0x00000600, 2 },
		{ 0x00000800, -1 }, { 0x80000803, -1 }, { 0x10021000, 4 }, { 0x10021200, 0x00 }, { 0x10021400, 0x20 },
		{ 0x00000a00, 0 },
	};
	struct host *h = host_new(POWERED);
	uint8_t frame[512], reply[8];

	(void)state;
	for (size_t i = 0; i < sizeof(regs) / sizeof(regs[0]); i++) {
		uint8_t got = host_reg(h, regs[i].arg);

		if (regs[i].value >= 0)
			assert_int_equal(got, regs[i].value);
		else if (regs[i].value == -2)
			assert_int_equal(got & 2, 2);
	}
	/* B5 to B8 */
	memset(frame, 0, sizeof(frame));
	hex("b1 00 08 00 04 00 00 00 00 00 10 40", frame);
	host_cmd(h, 53, 0x94040000, frame, sizeof(frame));
	assert_true(chip_irq(h->chip));
	assert_int_equal(host_reg(h, 0x10000000), 8);
	assert_int_equal(host_reg(h, 0x10000200), 0);
	assert_false(chip_irq(h->chip));
	host_cmd(h, 53, 0x14001008, reply, 8);
	assert_memory_equal(reply, "\xb0\0\4\0\0\0\0", 8);
	/* A1: back to the beginning */
	host_reg(h, 0x80000c08);
	host_reg(h, 0x00000c00);
	assert_int_equal(host_reg(h, 0x00000600), 0);
	assert_int_equal(h->n_said, 0);
	host_free(h);
}

/* Sheet 20 section 4.4: blob (c), in which all values differ; sheet 10 section 4: a write of two blocks */
static void test_factory(void **state)
{
	static const char *const blobs[][2] = {
		{ "80 ba 02 00 9f 33 cf b1 00 00 00 00 a0 00 00 14 00 14 00 14 00 ff 00 00 "
		  "00 14 00 14 00 14 00 14 00 14 00 14 00 14 00 14 00 14 00 14 00 14 00 14 "
		  "00 14 00 00 05 00 00 00 10 00 00 00 05 00 00 00 15 00 00 00 00 00 00 00", "b3 02 04 00 fa 6c 4b d2" },
		{ "80 ba 02 00 cd eb 16 5e 00 00 00 00 00 01 00 14 00 14 00 14 01 ff 00 00 "
		  "00 14 00 14 00 14 00 14 00 14 00 14 00 14 00 14 00 14 00 14 00 14 00 14 "
		  "00 14 00 00 05 00 00 00 10 00 00 00 05 00 00 00 15 00 00 00 00 00 00 00", "b3 02 04 00 37 dd f3 0a" },
		{ "80 ba 02 00 d8 3b c5 36 04 03 02 01 23 01 01 11 07 11 0d 11 01 00 29 00 "
		  "00 20 01 20 02 20 03 20 04 20 05 20 06 20 07 20 08 20 09 20 0a 20 0b 20 "
		  "0c 20 01 00 05 00 00 00 10 00 00 00 05 00 00 00 15 00 00 00 31 00 01 00", "b3 02 04 00 9d 79 a3 08" },
	};
	char data[300];

	(void)state;
	for (int i = 0; i < 3; i++) {
		const char *const frames[] = { "b1 00 08 00 48 00 00 00 00 b0 08 20", data, blobs[i][1] };
		struct host *h = host_new(POKED);

		snprintf(data, sizeof(data), "b2 01 4c 00 00 b0 08 20 %s", blobs[i][0]);
		host_boot_frames(h, frames, 3);
		assert_int_equal(h->n_said, 0);
		host_free(h);
	}
}

/* Sheet 20 sections 3.7, 4.3, 4.5, 6.2: from the first frame to the start-up indication, in the commands of sheet 10 section 4 */
static void test_boot(void **state)
{
	static const struct { const char *frame, *reply; } frames[] = {
		{ "b1 00 08 00 04 00 00 00 00 00 10 40", "b0 00 04 00 00 00 00 00" },
		{ "b2 01 08 00 00 00 10 40 06 20 80 00", "b0 01 04 00 00 00 00 00" },
		{ "b1 00 08 00 04 00 00 00 2c 60 08 40", "b0 00 04 00 00 00 00 00" },
		{ "b2 01 08 00 2c 60 08 40 00 c0 00 3e", "b0 01 04 00 00 00 00 00" },
		{ "b1 00 08 00 38 00 00 00 68 01 00 20", "b0 00 04 00 00 00 00 00" },
		{ "b2 01 3c 00 68 01 00 20 01 02 20 00 00 00 00 00 00 00 00 00 68 01 00 20 "
		  "4a 61 6e 20 30 31 20 32 30 32 34 20 30 30 3a 30 30 3a 30 30 20 30 3a 62 65 73 74 32 30 30 32 5f 66 77 "
		  "5f 62 6f 6f 74 00", "b0 01 04 00 00 00 00 00" },
		{ "b3 02 04 00 68 2b 79 cc", "b0 02 04 00 00 00 00 00" },
		{ "b4 03 04 00 68 01 00 20", "b0 03 04 00 00 00 00 00" },
	};
	static uint8_t buf[30 * 512];
	struct host *h = host_new(ROM);
	uint8_t want[8];

	(void)state;
	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		memset(buf, 0, 512);
		hex(frames[i].frame, buf);
		hex(frames[i].reply, want);
		host_cmd(h, 53, 0x94040000, buf, 512);
		assert_int_equal(host_reg(h, 0x10000000), 8);
		host_reg(h, 0x10000200);
		host_cmd(h, 53, 0x14001008, buf, 8);
		assert_memory_equal(buf, want, 8);
	}
	/* calibration block (b) */
	host_advance(h, 250 * MS);
	host_reg(h, 0x10000000);
	host_reg(h, 0x10000200);
	host_cmd(h, 53, 0x1c76281e, buf, sizeof(buf));
	hex("02 b3 a4 ab 04 05 06 07", want);
	assert_memory_equal(buf, want, 8);
	hex("07 00 00 00", want);
	assert_memory_equal(buf + 0x3af4, want, 4);
	host_main_image(h);
	host_reg(h, 0x90024200);
	host_reg(h, 0x90024021);
	host_advance(h, 40 * MS);
	assert_int_equal(host_reg(h, 0x10021800) & 4, 4);
	assert_int_equal(host_reg(h, 0x10000200), 1);
	host_cmd(h, 53, 0x14040000, buf, 512);
	/* the text is the emulated chip's; 30 buffers of 1632 */
	hex("98 00 01 08 1e 00 60 06", want);
	assert_memory_equal(buf, want, 8);
	assert_int_equal(h->n_said, 0);
	host_free(h);
}

/* Sheets 20 section 6.2, 30 section 10: the first message of all */
static void test_startup(void **state)
{
	struct host *h = host_new(MAIN);

	(void)state;
	host_wifi(h);
	host_expect(h, "98 00 01 08 1e 00 60 06 d2 07 00 00 00 00 03 00 02 00 24 04 01 00 01 00 45 4d 55 2d 4c 4d 41 43 "
		    "20 31 2e 30 00");
	assert_int_equal(h->len, 152);
	assert_int_equal(h->n_said, 0);
	host_free(h);
}

/* Sheet 10 section 4: a frame of 1000 bytes in two blocks */
static void test_two_blocks(void **state)
{
	struct host *h = host_new(POKED);
	uint8_t buf[1024] = { 0 }, reply[8];

	(void)state;
	host_frame(h, "b1 00 08 00 e0 03 00 00 68 01 00 20", reply);
	hex("b2 01 e4 03 68 01 00 20", buf);
	host_cmd(h, 53, 0x9c07d002, buf, sizeof(buf));
	host_reg(h, 0x10000200);
	host_cmd(h, 53, 0x14001008, reply, 8);
	assert_memory_equal(reply, "\xb0\1\4\0\0\0\0", 8);
	assert_int_equal(h->n_said, 0);
	host_free(h);
}

/* ---- transfers ---- */

/* Sheet 10 section 4: each write of the table; n messages reach the firmware */
static void test_writes(void **state)
{
	static const struct { uint32_t arg; int slot, n, blocks; } writes[] = {
		{ 0x9c040001, 512, 1, 1 }, { 0x9e040001, 512, 1, 1 }, { 0x9c080002, 512, 2, 2 }, { 0x9e080002, 512, 2, 2 },
		{ 0x9c080202, 1024, 1, 2 }, { 0x9e080202, 1024, 1, 2 }, { 0x9c0c0403, 1536, 1, 3 },
		{ 0x9e0c0403, 1536, 1, 3 }, { 0x9c0cc604, 1632, 1, 4 }, { 0x9e0cc604, 1632, 1, 4 },
		{ 0x9c198607, 1632, 2, 7 }, { 0x9e198607, 1632, 2, 7 }, { 0x9ccc0633, 1632, 16, 51 },
		{ 0x9ecc0633, 1632, 16, 51 },
	};
	static uint8_t buf[51 * 512];
	struct host *h = host_new(ASSOCIATED);
	int seq = h->seq[0];

	(void)state;
	for (size_t i = 0; i < sizeof(writes) / sizeof(writes[0]); i++) {
		int before = h->n_air;

		if (h->write_toggle != (writes[i].arg >> 25 & 1)) {
			host_ask(h, "0c 00 06 00 24 10 04 00 00 00 00 00", "08 00 06 04 00 00 00 00");
			seq++;
		}
		memset(buf, 0, sizeof(buf));
		for (int k = 0; k < writes[i].n; k++) {
			uint8_t *msg = buf + k * writes[i].slot;
			int len = writes[i].slot - 4;

			/* sheet 30 section 6.1: a null frame to the AP, longer than it has to be */
			hex("00 00 04 00 03 00 02 00 00 03 00 20 00 00 00 00 00 00 00 00 00 00 00 00 "
			    "08 01 00 00 0a 0b 0c 0d 0e 0f 02 00 00 be 57 01 0a 0b 0c 0d 0e 0f 10 00", msg);
			msg[0] = len;
			msg[1] = len >> 8;
			msg[3] = seq++ << 5;
		}
		host_cmd(h, 53, writes[i].arg, buf, writes[i].blocks * 512);
		h->write_toggle = !h->write_toggle;
		h->seq[0] = seq & 7;
		assert_int_equal(h->n_air, before + writes[i].n);
		host_air_done(h, true);
		host_drain(h);
	}
	assert_int_equal(h->n_said, 0);
	host_free(h);
}

/* Sheet 10 section 16: two frames in one burst, 0x9c198607 */
static void test_tx_burst(void **state)
{
	static uint8_t buf[7 * 512];
	struct host *h = host_new(ASSOCIATED);

	(void)state;
	while (h->seq[0] != 6 || h->write_toggle)
		host_ask(h, "0c 00 06 00 24 10 04 00 00 00 00 00", "08 00 06 04 00 00 00 00");
	hex("04 06 04 c0 03 00 02 00 00 00 00 20 00 00 00 00 00 00 00 00 00 00 00 00 "
	    "08 01 00 00 0a 0b 0c 0d 0e 0f 02 00 00 be 57 01 aa bb cc dd ee ff 10 00", buf);
	hex("40 06 04 e0 04 00 02 00 00 00 00 20 00 00 00 00 00 00 00 00 00 00 00 00 "
	    "08 01 00 00 0a 0b 0c 0d 0e 0f 02 00 00 be 57 01 aa bb cc dd ee ff 20 00", buf + 0x660);
	host_cmd(h, 53, 0x9c198607, buf, sizeof(buf));
	assert_int_equal(h->n_air, 2);
	assert_int_equal(h->air[0].m.len, 1540 - 24);
	assert_int_equal(h->air[1].m.len, 1600 - 24);
	assert_int_equal(h->n_said, 0);
	host_free(h);
}

/* Sheet 30 section 10, data TX: shifted by two, CCMP, BE, policy 2 from MCS7 */
#define PAIR_KEY "30 00 0c 00 05 00 00 00 0a 0b 0c 0d 0e 0f 00 00 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f " \
	"00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
#define DATA_TX "54 00 04 a0 03 00 02 00 15 00 00 a0 00 00 00 00 00 00 00 00 01 00 00 00 00 00 88 41 00 00 0a 0b " \
	"0c 0d 0e 0f 02 00 00 be 57 01 aa bb cc dd ee ff 10 00 00 00 00 00 00 00 00 00 00 00 aa aa 03 00 " \
	"00 00 08 00 45 46 47 48 49 4a 4b 4c 00 00 00 00 00 00 00 00"

static void test_data_tx(void **state)
{
	struct host *h = host_new(ASSOCIATED);

	(void)state;
	host_ask(h, PAIR_KEY, "08 00 0c 04 00 00 00 00");
	host_write(h, DATA_TX);
	assert_int_equal(h->n_air, 1);
	assert_int_equal(h->air[0].m.len, 58);
	/* the two filler bytes are not on the air; IV of packet 1 */
	assert_memory_equal(h->air[0].bytes, "\x88\x41\0\0\x0a\x0b\x0c\x0d\x0e\x0f", 10);
	assert_memory_equal(h->air[0].bytes + 26, "\1\0\0\x20\0\0\0\0", 8);
	assert_int_equal(h->air[0].m.ac, 1);
	assert_true(h->air[0].m.rates[0].ht && h->air[0].m.rates[0].mcs == 7 && h->air[0].m.rates[0].tries == 4);
	host_air_done(h, true);
	host_expect(h, "18 00 04 44 03 00 02 00 00 00 00 00 15 00 00 00 08 07 00 00 5e 01 00 00");
	assert_int_equal(h->n_said, 0);
	host_free(h);
}

/* Sheet 30 section 4.13: BK, BE, VI, VO contend with these AIFSN, CWmin and CWmax */
static void test_edca(void **state)
{
	static const struct air_edca want[4] = { { 7, 15, 1023 }, { 3, 15, 1023 }, { 2, 7, 15 }, { 2, 3, 7 } };
	struct host *h = host_new(CONFIGURED);

	(void)state;
	host_ask(h, "30 00 13 00 0f 00 0f 00 07 00 03 00 ff 03 ff 03 0f 00 07 00 07 03 02 02 00 00 00 00 c0 0b e0 05 "
		 "c8 00 00 00 c8 00 00 00 c8 00 00 00 c8 00 00 00", "08 00 13 04 00 00 00 00");
	for (int i = 0; i < 4; i++) {
		assert_int_equal(h->edca[i].aifsn, want[i].aifsn);
		assert_int_equal(h->edca[i].cw_min, want[i].cw_min);
		assert_int_equal(h->edca[i].cw_max, want[i].cw_max);
	}
	assert_int_equal(h->n_said, 0);
	host_free(h);
}

/* ---- keys ---- */

/*
 * IEEE 802.11-2012 M.6.4: its address 1 is a group address. Sheet 30 section
 * 4.8: key 0..15, key id 16, RX sequence from 20.
 */
#define AES_GROUP(id, sequence) "30 00 0c 00 04 01 00 00 c9 7c 1f 67 ce 37 11 85 51 4a 8a 19 f2 bd d5 2f " id \
	" 00 00 00 " sequence " 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
#define CCMP_FRAME "08 48 c3 2c 0f d2 e1 28 a5 7c 50 30 f1 84 44 08 ab ae a5 b8 fc ba 80 33 0c e7 00 20 76 97 03 b5 " \
	"f3 d0 a2 fe 9a 3d bf 23 42 a6 43 e4 32 46 e8 0c 3c 04 d0 19 78 45 ce 0b 16 f9 76 23"

static struct host *listener(const char *key)
{
	struct host *h = host_new(ASSOCIATED);

	/* sheet 31 section 5.2: all BSSIDs */
	host_ask(h, "0c 00 06 00 26 10 04 00 01 00 00 00", "08 00 06 04 00 00 00 00");
	host_ask(h, key, "08 00 0c 04 00 00 00 00");
	return h;
}

static void test_aes_group(void **state)
{
	const char *why = NULL;
	struct host *h = listener(AES_GROUP("00", "00 00 00 00 00 00"));

	(void)state;
	host_hears(h, CCMP_FRAME, 2437);
	host_advance(h, MS);
	/* decrypted, IV and MIC present; group, group key */
	host_expect(h, "5c 00 04 08 00 00 00 00 06 00 00 78 03 00 0a 00");
	assert_memory_equal(h->msg + 32 + 32, "\xf8\xba\x1a\x55\xd0\x2f\x85\xae\x96\x7b\xb6\x2f\xb6\xcd\xa8\xeb\x7e\x78\xa0\x50", 20);
	host_free(h);
	/* another key id: no key */
	h = listener(AES_GROUP("01", "00 00 00 00 00 00"));
	host_hears(h, CCMP_FRAME, 2437);
	host_advance(h, MS);
	host_expect(h, "5c 00 04 08 09 00 00 00");
	host_free(h);
	/* received up to this number: a replay; up to the one before: none */
	h = listener(AES_GROUP("00", "0c e7 76 97 03 b5"));
	assert_int_equal(chip_set_knob(h->chip, "rx.cipher", "7", &why), 0);
	host_hears(h, CCMP_FRAME, 2437);
	host_advance(h, MS);
	assert_false(host_take(h));
	host_free(h);
	h = listener(AES_GROUP("00", "0b e7 76 97 03 b5"));
	assert_int_equal(chip_set_knob(h->chip, "rx.cipher", "7", &why), 0);
	host_hears(h, CCMP_FRAME, 2437);
	host_advance(h, MS);
	host_expect(h, "4c 00 04 08 00 00 00 00 06 00 00 78 07 00 0a 00");
	host_free(h);
}

/* Sheet 30 section 4.8: key 0..15, RX MIC 16..23, key id 24, RX sequence from 28. The frame is made here. */
#define TKIP_GROUP "30 00 0c 00 02 01 00 00 40 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f 58 59 5a 5b 5c 5d 5e 5f " \
	"02 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"

static void test_tkip_group(void **state)
{
	static const uint8_t mic[8] = { 0x58, 0x59, 0x5a, 0x5b, 0x5c, 0x5d, 0x5e, 0x5f };
	static const char head[] = "08 42 00 00 ff ff ff ff ff ff 0a 0b 0c 0d 0e 0f aa bb cc dd ee ff 10 00 ";
	struct host *h = host_new(ASSOCIATED);
	uint8_t frame[24 + 8 + 16 + 12], key[16], rc4_key[16], *body = frame + 32;
	struct air_rx_info info = { .freq = 2437, .signal = -50, .rate = { .kbps100 = 10 } };
	struct arcfour_ctx rc4;
	uint32_t icv;

	(void)state;
	host_ask(h, TKIP_GROUP, "08 00 0c 04 00 00 00 00");
	for (int i = 0; i < 16; i++)
		key[i] = 0x40 + i;
	hex(head, frame);
	memset(body, 0x5a, 16);
	michael(mic, frame + 4, frame + 16, 0, body, 16, body + 16);
	icv = crc32(0, body, 24);
	for (int i = 0; i < 4; i++)
		body[24 + i] = icv >> 8 * i;
	tkip_mix(key, frame + 10, 0, 1, rc4_key);
	arcfour_set_key(&rc4, 16, rc4_key);
	arcfour_crypt(&rc4, 28, body, body);
	memcpy(frame + 24, rc4_key, 3);
	memcpy(frame + 27, "\xa0\0\0\0", 5);	/* extended IV, key id 2 */
	chip_air_rx(h->chip, frame, sizeof(frame), &info, h->now);
	host_advance(h, MS);
	/* TKIP, BSSID, group, broadcast, group key, key index 2 */
	host_expect(h, "5c 00 04 08 00 00 00 00 06 00 00 78 02 08 2e 00");
	assert_memory_equal(h->msg + 64, "\x5a\x5a\x5a\x5a", 4);
	assert_int_equal(h->n_said, 0);
	host_free(h);
}

/* ---- filters ---- */

#define MDNS "08 02 00 00 01 00 5e 00 00 fb 0a 0b 0c 0d 0e 0f aa bb cc dd ee ff 10 00 aa aa 03 00 00 00 08 00"
#define OTHER "08 02 00 00 01 00 5e 00 00 fc 0a 0b 0c 0d 0e 0f aa bb cc dd ee ff 10 00 aa aa 03 00 00 00 08 00"

/* Sheet 31 section 5.5: enable 1 passes only what is listed, here the second and last of two */
static void test_multicast(void **state)
{
	struct host *h = host_new(ASSOCIATED);

	(void)state;
	host_ask(h, "40 00 06 00 04 00 38 00 01 00 00 00 02 00 00 00 33 33 00 00 00 01 01 00 5e 00 00 fb 00 00 00 00 "
		 "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00",
		 "08 00 06 04 00 00 00 00");
	host_hears(h, OTHER, 2437);
	host_advance(h, MS);
	assert_false(host_take(h));
	host_hears(h, MDNS, 2437);
	host_advance(h, MS);
	host_expect(h, "40 00 04 08 00 00 00 00 06 00 00 78 00 08 02 00");
	assert_int_equal(h->n_said, 0);
	host_free(h);
}

/* Sheet 31 sections 5.3, 5.4: one element, 221 of 50:6f:9a; it appears, stays, changes, goes */
static void test_beacon_ies(void **state)
{
	static const struct { const char *ie; bool passes; } beacons[] = {
		{ "", false }, { " dd 04 50 6f 9a 09", true }, { " dd 04 50 6f 9a 09", false },
		{ " dd 04 50 6f 9a 0a", true }, { " dd 04 50 6f 9b 0a", true }, { " dd 04 50 6f 9b 0b", false },
	};
	struct host *h = host_new(ASSOCIATED);

	(void)state;
	host_ask(h, "14 00 06 00 04 10 0c 00 01 00 00 00 dd 07 50 6f 9a 00 00 00", "08 00 06 04 00 00 00 00");
	host_ask(h, "10 00 06 20 05 10 08 00 07 00 00 00 00 00 00 00", "08 00 06 04 00 00 00 00");
	for (size_t i = 0; i < sizeof(beacons) / sizeof(beacons[0]); i++) {
		char text[400];

		snprintf(text, sizeof(text), "%s%s", BEACON, beacons[i].ie);
		host_hears(h, text, 2437);
		host_advance(h, MS);
		assert_int_equal(host_take(h), beacons[i].passes);
	}
	assert_int_equal(h->n_said, 0);
	host_free(h);
}

/* Sheet 31 section 5.2: 0 only our BSSID, 1 all */
static void test_bssid_filter(void **state)
{
	static const char stranger[] = "80 00 00 00 ff ff ff ff ff ff 0a 0b 0c 0d 0e 10 0a 0b 0c 0d 0e 10 20 00 "
		"56 34 12 00 00 00 00 00 64 00 11 04 00 04 74 65 73 74";
	struct host *h = host_new(ASSOCIATED);

	(void)state;
	host_ask(h, "0c 00 06 00 26 10 04 00 00 00 00 00", "08 00 06 04 00 00 00 00");
	host_hears(h, stranger, 2437);
	host_advance(h, MS);
	assert_false(host_take(h));
	host_ask(h, "0c 00 06 00 26 10 04 00 01 00 00 00", "08 00 06 04 00 00 00 00");
	host_hears(h, stranger, 2437);
	host_advance(h, MS);
	host_expect(h, "4a 00 04 08 00 00 00 00 06 00 00 78 80 00 06 00");
	host_free(h);
}

/* ---- received frames ---- */

/* Sheet 10 section 15: three messages in three blocks, with the other toggle; then nothing */
static void test_rx_burst(void **state)
{
	const char *why = NULL;
	struct host *h = host_new(ASSOCIATED);
	char frame[4000] = "08 02 00 00 02 00 00 be 57 01 0a 0b 0c 0d 0e 0f aa bb cc dd ee ff 10 00";
	uint8_t buf[3 * 512];
	size_t n = strlen(frame);

	(void)state;
	/* 0x18 + 1298 + 12 bytes */
	for (int i = 24; i < 1298 - 32; i++)
		n += snprintf(frame + n, sizeof(frame) - n, " 5a");
	while (!h->read_toggle)
		host_ask(h, "0c 00 06 00 24 10 04 00 00 00 00 00", "08 00 06 04 00 00 00 00");
	host_write(h, "32 00 04 00 03 00 02 00 15 00 00 20 00 00 00 00 00 00 00 00 01 00 00 00 "
		   "88 01 00 00 0a 0b 0c 0d 0e 0f 02 00 00 be 57 01 aa bb cc dd ee ff 10 00 00 00");
	/* all three in one */
	assert_int_equal(chip_set_knob(h->chip, "rx.holdoff", "500", &why), 0);
	host_air_done(h, true);
	host_hears(h, frame, 2437);
	assert_int_equal(chip_inject(h->chip, "event 10 0", h->now, &why), 0);
	host_advance(h, MS);
	assert_true(chip_irq(h->chip));
	assert_int_equal(host_reg(h, 0x10000200), 0x83);
	assert_false(chip_irq(h->chip));
	host_cmd(h, 53, 0x1e0c0003, buf, sizeof(buf));
	assert_int_equal(host_reg(h, 0x10000200), 0x00);
	assert_int_equal(host_reg(h, 0x10000000), 0x01);
	for (int i = 0; i < 4; i++) {
		static const struct { int at; const char *bytes; } want[] = {
			{ 0, "18 00 04 64" }, { 0x18, "12 05 04 88" }, { 0x52a, "00 00" }, { 0x52c, "0c 00 05 a8" },
		};
		uint8_t bytes[4];
		size_t len = hex(want[i].bytes, bytes);

		/* one after the other, from whatever number of the counter */
		if (len == 4)
			bytes[3] = (bytes[3] & 0x1f) | ((buf[3] + bytes[3] - 0x60) & 0xe0);
		assert_memory_equal(buf + want[i].at, bytes, len);
	}
	for (size_t i = 0x538; i < sizeof(buf); i++)
		assert_int_equal(buf[i], 0);
	assert_int_equal(h->n_said, 0);
	host_free(h);
}

/* Sheet 10 section 4: three blocks with toggle 0, and the longest burst */
static void test_reads(void **state)
{
	static uint8_t buf[51 * 512];
	const char *why = NULL;

	(void)state;
	for (int toggle = 0; toggle < 2; toggle++) {
		static const struct { uint32_t arg[2]; int blocks, len; } reads[] = {
			{ { 0x14040000, 0x16040000 }, 1, 500 }, { { 0x1c0c0003, 0x1e0c0003 }, 3, 1500 },
			{ { 0x1ccc0033, 0x1ecc0033 }, 51, 51 * 512 / 16 },
		};

		for (int i = 0; i < 3; i++) {
			struct host *h = host_new(CONFIGURED);
			char what[40];

			while (h->read_toggle != toggle)
				host_ask(h, "0c 00 06 00 24 10 04 00 00 00 00 00", "08 00 06 04 00 00 00 00");
			for (int k = 0; k < (i == 2 ? 16 : 1); k++) {
				snprintf(what, sizeof(what), "message 0x83e %d", reads[i].len);
				assert_int_equal(chip_inject(h->chip, what, h->now, &why), 0);
			}
			host_advance(h, MS);
			assert_int_equal(host_reg(h, 0x10000200), toggle << 7 | reads[i].blocks);
			host_cmd(h, 53, reads[i].arg[toggle], buf, reads[i].blocks * 512);
			assert_int_equal(buf[0] | buf[1] << 8, reads[i].len);
			assert_int_equal(host_reg(h, 0x10000200), 0);
			assert_int_equal(h->n_said, 0);
			host_free(h);
		}
	}
}

/* Sheet 30 section 5.2: bit 8 our TIM bit, bit 9 group traffic; AID 1 */
static void test_tim(void **state)
{
	struct host *h = host_new(ASSOCIATED);

	(void)state;
	host_hears(h, BEACON " 05 04 00 01 00 02", 2437);
	host_advance(h, MS);
	host_expect(h, "59 00 04 08 00 00 00 00 06 00 00 78 80 09 06 00");
	host_hears(h, BEACON " 05 04 00 01 01 00", 2437);
	host_advance(h, MS);
	host_expect(h, "59 00 04 08 00 00 00 00 06 00 00 78 80 0a 06 00");
	host_free(h);
}

/* Sheet 30 section 5.2: bit 24, eight more bytes */
static void test_tsf(void **state)
{
	const char *why = NULL;
	struct host *h = host_new(ASSOCIATED);
	uint64_t us;

	(void)state;
	assert_int_equal(chip_set_knob(h->chip, "rx.tsf", "appended", &why), 0);
	us = h->now / 1000;
	host_hears(h, BEACON, 2437);
	host_advance(h, MS);
	host_expect(h, "5b 00 04 08 00 00 00 00 06 00 00 78 80 08 06 01");
	for (int i = 0; i < 8; i++)
		assert_int_equal(h->msg[0x53 + i], us >> 8 * i & 0xff);
	host_free(h);
}

/* Sheet 30 section 10: beacon during a scan */
static void test_scan_beacon(void **state)
{
	struct host *h = host_new(CONFIGURED);

	(void)state;
	host_ask(h, "20 00 07 80 00 00 00 00 00 00 00 00 02 01 00 64 06 00 00 00 64 00 00 00 64 00 00 00 00 00 00 00",
		 "08 00 07 c4 00 00 00 00");
	host_hears(h, BEACON, 2437);
	host_advance(h, MS);
	host_expect(h, "53 00 84 e8 00 00 00 00 06 00 00 78 80 00 06 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 "
		    "80 00 00 00 ff ff ff ff ff ff 0a 0b 0c 0d 0e 0f 0a 0b 0c 0d 0e 0f 20 00 56 34 12 00 00 00 00 00 "
		    "64 00 11 04 00 04 74 65 73 74 01 04 82 84 8b 96 03 01 06");
	host_air_done(h, true);
	host_advance(h, 200 * MS);
	host_expect(h, "0c 00 06 08 00 00 00 00 00 01 00 00");
	assert_int_equal(h->n_said, 0);
	host_free(h);
}

/* ---- access point ---- */

/*
 * Sheet 30 sections 4.16, 4.17, 5.2, 5.7, 6.1: link 3 in the RX flags 28:25 and
 * in the queue byte 5:2; the TIM by 0x001b, and 0x080c at the DTIM.
 */
static void test_links(void **state)
{
	struct host *h = host_new(AP);

	(void)state;
	host_ask(h, "0c 00 1c 00 0a 0b 0c 0d 0e 0f 00 03", "08 00 1c 04 00 00 00 00");
	host_hears(h, "b0 00 00 00 02 00 00 be 57 01 0a 0b 0c 0d 0e 0f 02 00 00 be 57 01 00 00 00 00 01 00 00 00", 2437);
	host_advance(h, MS);
	host_expect(h, "3e 00 04 08 00 00 00 00 06 00 00 78 00 00 01 06");
	/* a stranger: 15 */
	host_hears(h, "b0 00 00 00 02 00 00 be 57 01 0a 0b 0c 0d 0e 10 02 00 00 be 57 01 00 00 00 00 01 00 00 00", 2437);
	host_advance(h, MS);
	host_expect(h, "3e 00 04 08 00 00 00 00 06 00 00 78 00 00 01 1e");
	host_air_done(h, true);
	host_write(h, "32 00 04 00 03 00 02 00 00 0f 00 20 00 00 00 00 00 00 00 00 00 00 00 00 "
		   "b0 00 00 00 0a 0b 0c 0d 0e 0f 02 00 00 be 57 01 02 00 00 be 57 01 10 00 00 00");
	assert_int_equal(h->n_air, 1);
	assert_int_equal(h->air[0].m.ac, 3);
	host_air_done(h, true);
	host_drain(h);
	host_ask(h, "0e 00 1b 00 01 00 01 00 05 04 00 02 01 00", "08 00 1b 04 00 00 00 00");
	host_advance(h, 210 * MS);
	host_expect(h, "08 00 0c 08 09 00 00 00");
	assert_int_equal(h->n_said, 0);
	host_free(h);
}

/* ---- what comes unasked ---- */

/* Sheet 30 section 5.8: reason, R0..R12, SP, LR, PC, CPSR, SPSR, file name at 80; R1 is the line */
static void test_exception(void **state)
{
	const char *why = NULL;
	struct host *h = host_new(CONFIGURED);

	(void)state;
	assert_int_equal(chip_inject(h->chip, "exception", h->now, &why), 0);
	host_advance(h, MS);
	host_expect(h, "80 00 00 08 04 00 00 00 00 00 00 00 d2 04 00 00");
	assert_int_equal(h->len, 128);
	assert_string_equal((const char *)h->msg + 80, "lmac/emulated.c");
	host_free(h);
}

/* Sheet 30 section 10: Bluetooth connected with A2DP; sheet 50 section 16.5: events */
static void test_indications(void **state)
{
	const char *why = NULL;
	struct host *h = host_new(CONFIGURED);

	(void)state;
	assert_int_equal(chip_inject(h->chip, "bt 0x44", h->now, &why), 0);
	host_advance(h, MS);
	host_expect(h, "10 00 30 2c 00 00 00 00 f0 00 00 00 44 00 00 00");
	assert_int_equal(chip_inject(h->chip, "event 1 0", h->now, &why), 0);
	host_advance(h, MS);
	host_expect(h, "0c 00 05 08 01 00 00 00 00 00 00 00");
	host_free(h);
}

/* Sheet 31 section 2.2: places of the counters, of 22 */
static void test_counters(void **state)
{
	struct host *h = host_new(ASSOCIATED);
	const uint8_t *c;

	(void)state;
	host_write(h, PAIR_KEY);
	host_advance(h, 5 * MS);
	host_write(h, DATA_TX);
	host_air_done(h, true);
	host_write(h, DATA_TX);
	host_air_done(h, false);
	/* a group frame, and one with a key that nobody has */
	host_hears(h, MDNS, 2437);
	host_hears(h, "08 42 00 00 ff ff ff ff ff ff 0a 0b 0c 0d 0e 0f aa bb cc dd ee ff 10 00 01 00 00 e0 00 00 00 00 "
		   "5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a 5a", 2437);
	host_advance(h, MS);
	host_drain(h);
	host_ask(h, "08 00 05 00 0c 10 00 00", "64 00 05 04 00 00 00 00 0c 10 58 00");
	c = h->msg + 12;
	assert_int_equal(c[4 * 7], 1);		/* RX no-key failures */
	assert_int_equal(c[4 * 10], 1);		/* TX failures */
	assert_true(c[4 * 2] > c[4 * 9]);	/* TX packets, TX success */
	assert_int_equal(c[4 * 16], 1);		/* ACK failures */
	assert_true(c[4 * 17] >= 2);		/* RX multicast */
	assert_int_equal(c[4 * 0] | c[4 * 1] | c[4 * 5] | c[4 * 6] | c[4 * 19] | c[4 * 21], 0);
	host_free(h);
}

#define T(name, test) { name, test, NULL, NULL, NULL }
static const struct CMUnitTest singles[] = {
	T("10 §9.2 doorbells", test_doorbells), T("10 §12 detection", test_detection),
	T("20 §4.3 boot", test_boot), T("20 §6.2 start-up", test_startup), T("20 §4.4 factory blobs", test_factory), T("10 §4 two blocks", test_two_blocks), T("10 §4 writes", test_writes),
	T("10 §15 RX burst", test_rx_burst), T("10 §4 reads", test_reads), T("10 §16 TX burst", test_tx_burst),
	T("30 §10 data TX", test_data_tx), T("30 §4.13 EDCA on the air", test_edca),
	T("30 §4.8 AES group key", test_aes_group), T("30 §4.8 TKIP group key", test_tkip_group),
	T("31 §5.5 multicast", test_multicast), T("31 §5.3 beacon elements", test_beacon_ies),
	T("31 §5.2 BSSID filter", test_bssid_filter), T("30 §5.2 TIM flags", test_tim), T("30 §5.2 TSF flag", test_tsf),
	T("30 §10 beacon during a scan", test_scan_beacon), T("30 §4.17 links", test_links),
	T("30 §5.8 exception", test_exception), T("30 §10 indications", test_indications),
	T("31 §2.2 counters", test_counters),
};
#define N_REQUESTS	(sizeof(requests) / sizeof(requests[0]))
#define N_SINGLES	(sizeof(singles) / sizeof(singles[0]))

int main(void)
{
	static struct CMUnitTest tests[N_REQUESTS + N_SINGLES];

	for (size_t i = 0; i < N_REQUESTS; i++)
		tests[i] = (struct CMUnitTest){ requests[i].name, test_request, NULL, NULL, (void *)&requests[i] };
	memcpy(tests + N_REQUESTS, singles, sizeof(singles));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
