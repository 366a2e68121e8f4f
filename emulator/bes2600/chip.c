// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The chip as a whole: what the outside calls.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define MAX_WORDS 8

void chip_leak(struct chip *chip, const void *bytes, size_t len, const char *what)
{
	chip->violations++;
	if (chip->env.violation)
		chip->env.violation(chip->env.ctx, what, bytes, bytes ? len : 0);
}

void chip_violation(struct chip *chip, const void *bytes, size_t len, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	if (front_lied(chip->front)) {
		chip->excused++;
		return;
	}
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	chip_leak(chip, bytes, len, text);
}

void chip_log(struct chip *chip, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (chip->env.log)
		chip->env.log(chip->env.ctx, text);
}

void chip_message(struct chip *chip, enum chip_dir dir, bool loader, const void *msg, size_t len)
{
	if (chip->env.message)
		chip->env.message(chip->env.ctx, dir, loader, msg, len);
}

void chip_flush_air(struct chip *chip)
{
	if (chip->env.air_flush)
		chip->env.air_flush(chip->env.ctx);
}

void chip_fault(struct chip *chip)
{
	chip->faults++;
	chip->fault_at = chip->now;
}

uint32_t chip_random(struct chip *chip)
{
	chip->rng ^= chip->rng >> 12;
	chip->rng ^= chip->rng << 25;
	chip->rng ^= chip->rng >> 27;
	return (chip->rng * 0x2545f4914f6cdd1dULL) >> 32;
}

struct chip *chip_new(const struct chip_env *env, uint64_t seed)
{
	struct chip *chip = calloc(1, sizeof(*chip));

	if (!chip)
		return NULL;
	chip->env = *env;
	chip->rng = seed * 2654435761u + 0x9e3779b97f4a7c15ULL;
	chip->knobs = knobs_new();
	chip->front = front_new(chip);
	chip->fw = fw_new(chip);
	if (!chip->knobs || !chip->front || !chip->fw) {
		chip_free(chip);
		return NULL;
	}
	return chip;
}

void chip_free(struct chip *chip)
{
	if (!chip)
		return;
	fw_free(chip->fw);
	front_free(chip->front);
	knobs_free(chip->knobs);
	free(chip);
}

void chip_power(struct chip *chip, bool on, uint64_t now)
{
	chip->now = now;
	if (on == chip->powered)
		return;
	chip->powered = on;
	front_power(chip->front, on);
}

void chip_set_bus(struct chip *chip, unsigned int hz, unsigned int width)
{
	front_set_bus(chip->front, hz, width);
}

int chip_command(struct chip *chip, unsigned int opcode, uint32_t arg, void *data, size_t len,
		 uint32_t *response, int *data_error, uint64_t *bus_ns, uint64_t now)
{
	chip->now = now;
	return front_command(chip->front, opcode, arg, data, len, response, data_error, bus_ns);
}

const char *chip_step(const struct chip *chip)
{
	return chip->powered ? front_step(chip->front) : "off";
}

bool chip_irq(const struct chip *chip)
{
	return front_irq(chip->front);
}

bool chip_air_rx(struct chip *chip, const uint8_t *frame, size_t len, const struct air_rx_info *info,
		 uint64_t now)
{
	chip->now = now;
	return fw_air_rx(chip->fw, frame, len, info);
}

void chip_tx_done(struct chip *chip, uint64_t cookie, const struct air_tx_result *res, uint64_t now)
{
	chip->now = now;
	fw_tx_done(chip->fw, cookie, res);
}

uint64_t chip_deadline(const struct chip *chip)
{
	uint64_t a = front_deadline(chip->front), b = fw_deadline(chip->fw);

	return a < b ? a : b;
}

void chip_run(struct chip *chip, uint64_t now)
{
	chip->now = now;
	fw_run(chip->fw);
	front_run(chip->front);
}

int chip_set_knob(struct chip *chip, const char *name, const char *value, const char **why)
{
	return knobs_set(chip->knobs, name, value, why);
}

void chip_print_knobs(const struct chip *chip, FILE *out)
{
	knobs_print(chip->knobs, out);
}

int chip_inject(struct chip *chip, const char *what, uint64_t now, const char **why)
{
	char text[256], *argv[MAX_WORDS], *save = NULL;
	const char *bus;
	int argc = 0, ret;

	chip->now = now;
	snprintf(text, sizeof(text), "%s", what);
	for (char *w = strtok_r(text, " ", &save); w && argc < MAX_WORDS; w = strtok_r(NULL, " ", &save))
		argv[argc++] = w;
	*why = "what to inject?";
	if (!argc)
		return -EINVAL;
	if (!strcmp(argv[0], "none")) {
		front_no_faults(chip->front);
		fw_no_faults(chip->fw);
		return 0;
	}
	if (!strcmp(argv[0], "power-cycle")) {
		chip_power(chip, false, now);
		chip_power(chip, true, now);
		front_lose(chip->front);
		return 0;
	}
	ret = front_inject(chip->front, argc, argv, why);
	if (ret != -ENOENT)
		return ret;
	/* nobody knows it: tell what both know */
	bus = *why;
	ret = fw_inject(chip->fw, argc, argv, why);
	if (ret == -ENOENT) {
		snprintf(chip->why, sizeof(chip->why), "power-cycle (the host does not know); bus: %s; firmware: %s", bus, *why);
		*why = chip->why;
	}
	return ret;
}

void chip_print_counters(const struct chip *chip, FILE *out)
{
	fputs("{\n", out);
	front_print_counters(chip->front, out);
	fprintf(out, "\"excused\":%llu,\n", (unsigned long long)chip->excused);
	fprintf(out, "\"fault_ns\":%llu,\n\"faults\":%llu,\n", (unsigned long long)chip->fault_at,
		(unsigned long long)chip->faults);
	fw_print_counters(chip->fw, out);
	fputs("\"knobs\":", out);
	knobs_print_decisions(chip->knobs, out);
	fputs(",\n", out);
	fprintf(out, "\"violations\":%llu\n}", (unsigned long long)chip->violations);
}

void chip_print_told(const struct chip *chip, FILE *out)
{
	fw_print_told(chip->fw, out);
}

uint64_t chip_violations(const struct chip *chip)
{
	return chip->violations;
}
