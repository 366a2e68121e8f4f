// SPDX-License-Identifier: GPL-2.0-or-later
/* The emulated BES2600 as one kind of chip among others. */
#include "internal.h"

#define LINKTYPE_USER0	147	/* records as in docs/emulator.md */

static const char *const steps[] = { CHIP_STEPS, NULL };

static int message_id(const void *msg, size_t len)
{
	const uint8_t *p = msg;

	return len < 4 ? -1 : (p[2] | p[3] << 8) & WSM_ID_MASK;
}

static const struct chip_sdio sdio = {
	.power = chip_power,
	.set_bus = chip_set_bus,
	.command = chip_command,
	.irq = chip_irq,
};

const struct chip_ops bes2600_chip = {
	.kind = "bes2600",
	.what = "Bestechnic BES2600, an SDIO card",
	.bus = "sdio",
	.linktype = LINKTYPE_USER0,
	.steps = steps,
	.max_id = 0xfff,
	.sdio = &sdio,
	.create = chip_new,
	.destroy = chip_free,
	.step = chip_step,
	.message_id = message_id,
	.air_rx = chip_air_rx,
	.tx_done = chip_tx_done,
	.deadline = chip_deadline,
	.run = chip_run,
	.set_knob = chip_set_knob,
	.inject = chip_inject,
	.keep_knobs = chip_keep_knobs,
	.defaults = chip_defaults,
	.print_knobs = chip_print_knobs,
	.print_counters = chip_print_counters,
	.print_told = chip_print_told,
	.violations = chip_violations,
};
