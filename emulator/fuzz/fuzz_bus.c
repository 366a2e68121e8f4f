// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The host side of the bus: any command with any argument, in any order. The
 * input is a script; some of its steps put the chip into a state that random
 * bytes would not reach (a loaded main image, Wi-Fi on, transfers whose
 * framing is right), the others are as wild as they come.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../bes2600/internal.h"

#define MAX_STEPS	400

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct script {
	const uint8_t *p;
	size_t left;
};

struct host {
	struct chip *chip;
	uint64_t now;
	uint8_t touched;
};

static uint8_t take8(struct script *s)
{
	if (!s->left)
		return 0;
	s->left--;
	return *s->p++;
}

static uint32_t take32(struct script *s)
{
	uint32_t v = 0;

	for (int i = 0; i < 4; i++)
		v = v << 8 | take8(s);
	return v;
}

static void on_tx(void *ctx, const struct air_mpdu *mpdu)
{
	struct host *h = ctx;

	if (mpdu->len)
		h->touched ^= mpdu->frame[0] ^ mpdu->frame[mpdu->len - 1];
}

/* Whoever is shown bytes may read them all */
static void touch(struct host *h, const uint8_t *p, size_t len)
{
	while (len--)
		h->touched ^= *p++;
}

static void on_violation(void *ctx, const char *what, const void *bytes, size_t len)
{
	touch(ctx, (const uint8_t *)what, strlen(what));
	if (bytes)
		touch(ctx, bytes, len);
}

static void on_message(void *ctx, enum chip_dir dir, unsigned int channel, const void *msg, size_t len)
{
	(void)dir;
	(void)channel;
	touch(ctx, msg, len);
}

static void command(struct host *h, unsigned int opcode, uint32_t arg, const uint8_t *bytes, size_t n, size_t len)
{
	uint8_t *buf = malloc(len ? len : 1);	/* of exact size, so that a step past it is seen */
	uint32_t response;
	uint64_t ns;
	int error;

	memset(buf, 0, len);
	if (n)
		memcpy(buf, bytes, n < len ? n : len);
	chip_command(h->chip, opcode, arg, buf, len, &response, &error, &ns, h->now);
	h->now += ns;
	free(buf);
}

static void reg(struct host *h, uint32_t arg)
{
	command(h, 52, arg, NULL, 0, 0);
}

static void wait(struct host *h, uint64_t ns)
{
	uint64_t end = h->now + ns, due;
	int steps = 1000;

	while ((due = chip_deadline(h->chip)) <= end && steps--) {
		h->now = due > h->now ? due : h->now;
		chip_run(h->chip, h->now);
	}
	h->now = end;
	chip_run(h->chip, h->now);
}

static void enable(struct host *h)
{
	reg(h, 0x80000402);
	reg(h, 0x80022000);
	reg(h, 0x80022202);
	reg(h, 0x80000803);
}

static void loader_frame(struct host *h, const uint8_t *frame, size_t n)
{
	command(h, 53, 0x94040000, frame, n, 512);
	reg(h, 0x10000200);
	command(h, 53, 0x14001008, NULL, 0, 8);
}

/* The shortest main image: sheet 20 section 4.3 */
static void boot(struct host *h)
{
	static const uint8_t info[] = { 0xb1, 0, 8, 0, 20, 0, 0, 0, 0x68, 1, 0, 0x20 };
	static const uint8_t data[28] = { 0xb2, 1, 24, 0, 0x68, 1, 0, 0x20 };
	static const uint8_t run[] = { 0xb4, 3, 4, 0, 0x68, 1, 0, 0x20 };
	static const uint8_t end[] = { 0xb3, 2, 4, 0, 0, 0, 0, 0 };
	const char *why;

	chip_set_knob(h->chip, "boot.check", "lax", &why);
	loader_frame(h, info, sizeof(info));
	loader_frame(h, data, sizeof(data));
	loader_frame(h, end, sizeof(end));
	loader_frame(h, run, sizeof(run));
	wait(h, 100000000);
}

static void wifi(struct host *h)
{
	reg(h, 0x90024200);
	reg(h, 0x90024021);
	wait(h, 10000000);
}

/* A run-mode write whose framing is right; the messages are not */
static void slots(struct host *h, struct script *s)
{
	static const size_t sizes[] = { 512, 1024, 1536, BES_SLOT_MAX };
	static uint8_t buf[BES_BURST_BYTES + 512];
	uint32_t kind = take8(s), n = 1 + (kind >> 4), class = kind & 3;
	size_t sum = n * sizes[class], blocks = (sum + 511) / 512;

	memset(buf, 0, sizeof(buf));
	for (uint32_t i = 0; i < n; i++) {
		uint8_t *msg = buf + i * sizes[class];
		size_t given = take8(s);

		for (size_t k = 0; k < given && k < sizes[class]; k++)
			msg[k] = take8(s);
		if (kind & 4) {
			msg[0] = given;
			msg[1] = 0;
		}
	}
	command(h, 53, 0x9c000000 | (kind & 8 ? 1u << 25 : 0) | (uint32_t)(sum | class) << 9 | (uint32_t)blocks, buf,
		blocks * 512, blocks * 512);
}

static void wild(struct host *h, struct script *s)
{
	uint32_t arg = take32(s);
	size_t len = arg & 1 << 27 ? (size_t)(arg & 0x1ff) * 512 : arg & 0x1ff ? arg & 0x1ff : 512;
	size_t n = take8(s);

	if (take8(s) & 1)
		len = n;
	if (n > s->left)
		n = s->left;
	command(h, 53, arg, s->p, n, len);
	s->p += n;
	s->left -= n;
}

static void fetch(struct host *h, struct script *s)
{
	uint8_t blocks = take8(s);

	reg(h, 0x10000200);
	command(h, 53, 0x1c000000 | (blocks & 0x80 ? 1u << 25 : 0) | (uint32_t)(blocks & 0x7f) << 18 | (blocks & 0x7f),
		NULL, 0, (size_t)(blocks & 0x7f) * 512);
}

static void inject(struct host *h, struct script *s)
{
	char text[64];
	size_t n = take8(s) % sizeof(text);
	const char *why;

	for (size_t i = 0; i < n; i++)
		text[i] = take8(s);
	text[n] = 0;
	chip_inject(h->chip, text, h->now, &why);
}

static void knob(struct host *h, struct script *s)
{
#define X(field, name, kind, def, text) name,
	static const char *const names[] = { KNOB_LIST(X) };
#undef X
	char value[8] = { 0 };
	const char *why;

	uint8_t which = take8(s);

	for (int i = 0; i < 5; i++)
		value[i] = take8(s);
	chip_set_knob(h->chip, names[which % (sizeof(names) / sizeof(names[0]))], value, &why);
}

static void step(struct host *h, struct script *s)
{
	switch (take8(s) % 12) {
	case 0:
		return enable(h);
	case 1:
		return boot(h);
	case 2:
		return wifi(h);
	case 3:
		return slots(h, s);
	case 4:
		return fetch(h, s);
	case 5:
		return wait(h, take8(s) * 1000000ULL);
	case 6:
		return inject(h, s);
	case 7:
		return knob(h, s);
	case 8:
		return chip_power(h->chip, take8(s) & 1, h->now);
	case 9:
		return command(h, take8(s) & 63, take32(s), NULL, 0, 0);
	case 10:
		return reg(h, take32(s));
	default:
		return wild(h, s);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct script s = { data, size };
	struct host h = { 0 };
	const struct chip_env env = {
		.ctx = &h, .air_tx = on_tx, .violation = on_violation, .message = on_message,
	};

	h.chip = chip_new(&env, 1);
	if (!h.chip)
		return 0;
	chip_set_bus(h.chip, 50000000, 4);
	chip_power(h.chip, true, h.now);
	for (int i = 0; s.left && i < MAX_STEPS; i++)
		step(&h, &s);
	chip_free(h.chip);
	return 0;
}
