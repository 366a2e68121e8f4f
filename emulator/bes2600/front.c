// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Registers, data port, the interrupt line: sheet 10 sections 3 to 5.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "front.h"

/* ---- interrupt ---- */

void front_irq_update(struct front *f)
{
	bool level = front_irq(f);

	card_set_pending(&f->card, 1, f->irq_pending || f->faults.stuck_until > f->chip->now);
	if (level == f->irq_level)
		return;
	f->irq_level = level;
	f->c.irqs += level;
	if (f->chip->env.irq)
		f->chip->env.irq(f->chip->env.ctx, level);
}

void front_irq_raise(struct front *f)
{
	if (front_fault(f, &f->faults.lose_irq) || hostile_irq_lost(f))
		return;
	/* a sleeping chip with something to say wakes itself */
	if (bell_asleep(f) && knob_is(f->chip->knobs, KNOB_sleep_interrupt, "dat1"))
		f->slept_at = UINT64_MAX;
	f->irq_pending = true;
	front_irq_update(f);
}

bool front_irq(const struct front *f)
{
	bool level = (f->irq_pending || f->faults.stuck_until > f->chip->now) && card_irq_enabled(&f->card, 1);

	return level && !(bell_asleep(f) && !knob_is(f->chip->knobs, KNOB_sleep_interrupt, "dat1"));
}

size_t front_head(size_t len)
{
	return len < 16 ? len : 16;
}

/* ---- registers ---- */

static bool front_loads(const struct front *f)
{
	return (f->state == FRONT_ROM || f->state == FRONT_LOADER2) &&
	       knob_past(f->chip->knobs, KNOB_boot_room_delay, f->loader.room_since, MS, f->chip->now);
}

static uint8_t front_msg_hi(struct front *f)
{
	if (f->state == FRONT_WSM)
		return run_msg_hi(f);
	f->irq_pending = false;
	return f->loader.reply_len >> 8;
}

static uint8_t front_msg_lo(struct front *f)
{
	if (f->state == FRONT_WSM)
		return run_msg_lo(f);
	return f->loader.reply_len & 0xff;
}

/* While it calibrates the chip may be deaf (knob boot.calibration_bus), asleep too */
static int front_deaf(const struct front *f)
{
	struct knobs *k = f->chip->knobs;

	if (f->state == FRONT_BOOT && !knob_is(k, KNOB_boot_calibration_bus, "answers"))
		return knob_is(k, KNOB_boot_calibration_bus, "crc") ? -EILSEQ : -ETIMEDOUT;
	return bell_deaf(f);
}

static void front_read_other(struct front *f, uint32_t addr, uint8_t *val)
{
	switch (addr) {
	case BES_REG_RX_BUFS:
		*val = front_loads(f) ? knob_value(f->chip->knobs, KNOB_boot_room) : 0;
		break;
	case BES_REG_FRAME_MAX:
		*val = knob_value(f->chip->knobs, KNOB_boot_frame_max) & 0xff;
		break;
	case BES_REG_FRAME_MAX + 1:
		*val = knob_value(f->chip->knobs, KNOB_boot_frame_max) >> 8;
		break;
	default:
		chip_violation(f->chip, NULL, 0, "read of unknown register 0x%x (10 section 3)", addr);
	}
}

static int front_read8(void *ctx, int fn, uint32_t addr, uint8_t *val)
{
	struct front *f = ctx;
	int deaf = front_deaf(f);

	*val = 0;
	if (fn != 1)
		return 0;
	switch (addr) {
	case BES_REG_MSG_LO:
		f->c.cmd52_msg_lo++;
		*val = deaf ? 0 : front_msg_lo(f);
		break;
	case BES_REG_MSG_HI:
		f->c.cmd52_msg_hi++;
		*val = deaf ? 0 : front_msg_hi(f);
		break;
	case BES_REG_STATUS:
		f->c.cmd52_status++;
		*val = f->status;
		break;
	default:
		f->c.cmd52_other++;
		front_read_other(f, addr, val);
	}
	return deaf ? deaf : hostile_register(f, val);
}

static void front_write_cmd(struct front *f, uint8_t val)
{
	if (!f->cmd_hi_written)
		chip_violation(f->chip, &val, 1, "0x120 written without 0x121 before (10 section 9.2)");
	f->cmd_hi_written = false;
	if (val & 1)
		bell_ring(f, f->cmd_hi << 8 | val);
	else
		chip_violation(f->chip, &val, 1, "0x120 written without bit 0 (10 section 9.2)");
}

/* What a sleeping chip hears: the doorbell that wakes it */
static bool front_hears(const struct front *f, uint32_t addr, uint8_t val)
{
	return addr == BES_REG_CMD_HI ||
	       (addr == BES_REG_CMD_LO && (f->cmd_hi << 8 | val) == BES_CMD_MCU_ACTIVE);
}

static int front_write8(void *ctx, int fn, uint32_t addr, uint8_t val)
{
	struct front *f = ctx;
	int deaf = front_deaf(f);

	f->c.cmd52_write++;
	if (fn != 1)
		return 0;
	if (deaf && !front_hears(f, addr, val))
		return deaf;
	switch (addr) {
	case BES_REG_CMD_HI:
		f->cmd_hi = val;
		f->cmd_hi_written = true;
		break;
	case BES_REG_CMD_LO:
		front_write_cmd(f, val);
		break;
	case BES_REG_AP_WAKE:
		break;
	default:
		chip_violation(f->chip, &val, 1, "write to unknown register 0x%x (10 section 3)", addr);
	}
	return 0;
}

/* ---- data port ---- */

const char *front_step(const struct front *f)
{
	switch (f->state) {
	case FRONT_OFF:
		return "off";
	case FRONT_ROM:
	case FRONT_LOADER2:
		return boot_place(f);
	case FRONT_BOOT:
		return "calibration";
	case FRONT_DPD:
		return "dpd-read";
	case FRONT_MAIN:
		return f->status & BES_STATUS_MCU_READY ? "main" : "main-start";
	case FRONT_WSM:
		break;
	}
	return f->wifi_starting ? "wifi-start" : "wifi";
}

/* The card does not let go of the bus: the host gives up after a second */
static int front_busy(struct front *f)
{
	f->extra_ns = 1000 * MS;
	return -ETIMEDOUT;
}

static int front_give(struct front *f, uint32_t addr, void *buf, size_t len, int *data_error)
{
	switch (f->state) {
	case FRONT_ROM:
	case FRONT_DPD:
	case FRONT_LOADER2:
		return boot_read(f, addr, buf, len, data_error);
	case FRONT_WSM:
		return run_read(f, addr, buf, len, data_error);
	default:
		chip_violation(f->chip, NULL, 0, "CMD53 read while nothing can answer (10 section 18)");
		return 0;
	}
}

static int front_port_read(void *ctx, int fn, uint32_t addr, bool block, void *buf, size_t len,
			   int *data_error)
{
	struct front *f = ctx;
	int deaf = front_deaf(f), ret;

	(void)block;
	f->c.cmd53_read++;
	f->c.bytes_read += len;
	if (deaf)
		return deaf;
	if (fn != 1)
		return CARD_R5_FUNCTION;
	if (front_bus_fault(f, &f->faults.timeout, run_burst(f), f->run.burst_len, 0))
		return -ETIMEDOUT;
	if (front_bus_fault(f, &f->faults.busy, run_burst(f), f->run.burst_len, 0)) {
		memset(buf, 0, len);
		*data_error = front_busy(f);
		return 0;
	}
	ret = front_give(f, addr, buf, len, data_error);
	if (!ret && !*data_error)
		*data_error = hostile_data(f, buf, len);
	return ret;
}

static int front_take(struct front *f, uint32_t addr, bool block, const void *buf, size_t len)
{
	switch (f->state) {
	case FRONT_ROM:
	case FRONT_LOADER2:
		if (front_loads(f) && knob_allows(f->chip->knobs, KNOB_boot_room, 1))
			return boot_write(f, addr, block, buf, len);
		chip_violation(f->chip, buf, front_head(len), "frame although the loader has no room (20 section 3.3)");
		return 0;
	case FRONT_WSM:
		return run_write(f, addr, block, buf, len);
	default:
		/* a running firmware does not speak loader: no answer */
		chip_violation(f->chip, buf, front_head(len), "CMD53 write while nothing can take it (10 section 18)");
		return 0;
	}
}

static int front_port_write(void *ctx, int fn, uint32_t addr, bool block, const void *buf, size_t len,
			    int *data_error)
{
	struct front *f = ctx;
	int deaf = front_deaf(f);
	const void *messages;
	size_t slot;

	f->c.cmd53_write++;
	f->c.bytes_written += len;
	if (deaf)
		return deaf;
	if (fn != 1)
		return CARD_R5_FUNCTION;
	messages = f->state == FRONT_WSM ? buf : NULL;
	slot = run_slot(addr);
	if (front_bus_fault(f, &f->faults.timeout, messages, len, slot))
		return -ETIMEDOUT;
	if (front_bus_fault(f, &f->faults.crc_write, messages, len, slot)) {
		*data_error = -EILSEQ;
		return 0;
	}
	if (front_bus_fault(f, &f->faults.crc_status, messages, len, slot))
		*data_error = -EILSEQ;
	else if (front_bus_fault(f, &f->faults.busy, messages, len, slot))
		*data_error = front_busy(f);
	else
		*data_error = hostile_write(f);
	f->run.tx_spoilt = *data_error;
	return front_take(f, addr, block, buf, len);
}

static void front_bus_violation(void *ctx, const char *what, uint32_t arg)
{
	struct front *f = ctx;

	chip_violation(f->chip, NULL, 0, "%s (argument 0x%08x)", what, arg);
}

/* ---- the chip's side ---- */

struct front *front_new(struct chip *chip)
{
	struct front *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->chip = chip;
	f->state_at = UINT64_MAX;
	f->hz = 400000;
	f->width = 1;
	boot_reset(f);
	bell_reset(f);
	faults_init(&f->faults);
	return f;
}

void front_free(struct front *f)
{
	if (!f)
		return;
	run_stop(f);
	free(f);
}

static void front_card_init(struct front *f)
{
	static const struct card_ops ops = {
		.read8 = front_read8,
		.write8 = front_write8,
		.read = front_port_read,
		.write = front_port_write,
		.violation = front_bus_violation,
	};
	struct card_config config = {
		.vendor = BES_SDIO_VENDOR_ID,
		.device = BES_SDIO_DEVICE_ID,
		.functions = knob_value(f->chip->knobs, KNOB_card_functions),
		.version3 = knob_is(f->chip->knobs, KNOB_card_cccr, "3.00"),
		.max_block = BES_BLOCK_SIZE,
	};

	card_init(&f->card, &config, &ops, f);
}

/* Knob reset.effect: where the power does not reach the chip, its firmware goes on */
static bool front_survives(const struct front *f)
{
	return f->state >= FRONT_MAIN && knob_is(f->chip->knobs, KNOB_reset_effect, "running");
}

void front_lose(struct front *f)
{
	f->card.lost = true;
}

void front_power(struct front *f, bool on)
{
	front_card_init(f);
	if (on)
		f->faults.dead -= f->faults.dead > 0;
	if (on && !f->faults.dead)
		f->faults.dead = front_fault(f, &f->faults.dead_power);
	f->cmd_hi_written = false;
	hostile_power(f);
	if (!front_survives(f)) {
		run_silence(f, 0);
		if (f->state == FRONT_WSM && !f->wifi_starting)
			fw_stop(f->chip->fw);
		run_stop(f);
		boot_reset(f);
		bell_reset(f);
		f->state = on ? FRONT_ROM : FRONT_OFF;
		f->state_at = UINT64_MAX;
		f->loader.room_since = f->chip->now;
	}
	front_irq_update(f);
}

void front_set_bus(struct front *f, unsigned int hz, unsigned int width)
{
	f->hz = hz;
	f->width = width;
}

/* Fixed cost plus bytes with 3 % for the frames of the blocks */
static uint64_t front_bus_ns(const struct front *f, unsigned int opcode, size_t len)
{
	struct knobs *k = f->chip->knobs;
	uint64_t rate = (uint64_t)f->hz * f->width / 8;
	uint64_t ns = knob_value(k, opcode == 53 ? KNOB_bus_cmd53_us : KNOB_bus_cmd52_us) * 1000ULL;

	if (opcode == 53 && rate)
		ns += len * 1030000000ULL / rate;
	return ns;
}

int front_command(struct front *f, unsigned int opcode, uint32_t arg, void *data, size_t len,
		  uint32_t *response, int *data_error, uint64_t *bus_ns)
{
	int ret;

	*bus_ns = front_bus_ns(f, opcode, len);
	*response = 0;
	*data_error = 0;
	if (!f->chip->powered || f->faults.dead)
		return -ETIMEDOUT;
	/* what is due by now has happened, whoever is called first */
	front_run(f);
	if (opcode >= 52 && f->faults.timeout.id < 0 && front_fault(f, &f->faults.timeout.n))
		return -ETIMEDOUT;
	f->extra_ns = 0;
	if (opcode == 52 && !(arg >> 28 & 7))
		f->c.cmd52_f0++;
	ret = card_command(&f->card, opcode, arg, data, len, response, data_error);
	*bus_ns += f->extra_ns;
	front_irq_update(f);
	/* it was done all the same */
	if (opcode == 52 && arg >> 28 & 7 && front_fault(f, &f->faults.crc_response))
		return -EILSEQ;
	return ret;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t front_deadline(const struct front *f)
{
	uint64_t first = earlier(run_deadline(f), bell_deadline(f));

	if (f->faults.stuck_until > f->chip->now)
		first = earlier(first, f->faults.stuck_until);
	return earlier(first, earlier(f->state_at, f->loader.late_at));
}

void front_run(struct front *f)
{
	bell_run(f);
	if (f->state_at <= f->chip->now)
		boot_step(f);
	if (f->loader.late_at <= f->chip->now)
		boot_late(f);
	run_publish(f, false);
	front_irq_update(f);
}
