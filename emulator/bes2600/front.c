// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Registers, doorbells, the interrupt line: sheet 10 sections 3, 5 and 9.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "front.h"

#define DOORBELL_NS	MS	/* from the doorbell to its bit in the status register */

/* ---- interrupt ---- */

void front_irq_update(struct front *f)
{
	bool level = front_irq(f);

	if (level == f->irq_level)
		return;
	f->irq_level = level;
	f->c.irqs += level;
	f->chip->env.irq(f->chip->env.ctx, level);
}

void front_irq_raise(struct front *f)
{
	f->irq_pending = true;
	front_irq_update(f);
}

bool front_irq(const struct front *f)
{
	return f->irq_pending && card_irq_enabled(&f->card, 1);
}

/* ---- doorbells: sheet 10 section 9.2 ---- */

static void front_bit(struct front *f, uint8_t mask, uint8_t value)
{
	if ((f->status & mask) == value)
		return;
	f->status_mask = mask;
	f->status_next = value;
	f->status_at = f->chip->now + DOORBELL_NS;
}

static void front_wifi_on(struct front *f)
{
	if (f->state == FRONT_WSM)
		return;			/* idempotent */
	f->state = FRONT_WSM;
	run_start(f);
	fw_start(f->chip->fw);
	if (!f->faults.no_wifi_ready)
		front_bit(f, BES_STATUS_WIFI_READY, BES_STATUS_WIFI_READY);
}

static void front_wifi_off(struct front *f)
{
	if (f->state != FRONT_WSM)
		return;
	fw_stop(f->chip->fw);
	run_stop(f);
	f->state = FRONT_MAIN;
	front_bit(f, BES_STATUS_WIFI_READY, 0);
}

static void front_doorbell(struct front *f, uint16_t word)
{
	if (f->state != FRONT_MAIN && f->state != FRONT_WSM) {
		chip_violation(f->chip, NULL, 0, "doorbell 0x%04x while no main image runs (20 section 5)", word);
		return;
	}
	switch (word) {
	case BES_CMD_MCU_ACTIVE:
		front_bit(f, BES_STATUS_MCU_AWAKE, BES_STATUS_MCU_AWAKE);
		break;
	case BES_CMD_MCU_DEACTIVE:
		front_bit(f, BES_STATUS_MCU_AWAKE, 0);
		break;
	case BES_CMD_WIFI_ACTIVE:
		front_wifi_on(f);
		break;
	case BES_CMD_WIFI_DEACTIVE:
		front_wifi_off(f);
		break;
	case BES_CMD_WIFI_DEBUG:
		break;
	case BES_CMD_BT_ACTIVE:
		front_bit(f, BES_STATUS_BT_READY, BES_STATUS_BT_READY);
		break;
	case BES_CMD_BT_DEACTIVE:
		front_bit(f, BES_STATUS_BT_READY, 0);
		break;
	case BES_CMD_BT_WAKE:
		front_bit(f, BES_STATUS_BT_AWAKE, BES_STATUS_BT_AWAKE);
		break;
	case BES_CMD_BT_SLEEP:
		front_bit(f, BES_STATUS_BT_AWAKE, 0);
		break;
	default:
		chip_violation(f->chip, NULL, 0, "unknown doorbell 0x%04x (10 section 9.2)", word);
	}
}

/* ---- registers ---- */

static uint8_t front_room(const struct front *f)
{
	return f->state == FRONT_ROM || f->state == FRONT_LOADER2 ? f->chip->knobs.boot_room : 0;
}

static uint8_t front_msg_hi(struct front *f)
{
	if (f->state == FRONT_WSM)
		return run_msg_hi(f);
	f->c.cmd52_msg_hi++;
	f->irq_pending = false;
	return f->loader.reply_len >> 8;
}

static uint8_t front_msg_lo(struct front *f)
{
	if (f->state == FRONT_WSM)
		return run_msg_lo(f);
	f->c.cmd52_msg_lo++;
	return f->loader.reply_len & 0xff;
}

/* While it calibrates the chip may be deaf: knob boot.calibration_bus */
static int front_deaf(const struct front *f)
{
	if (f->state != FRONT_BOOT)
		return 0;
	switch (f->chip->knobs.boot_calibration_bus) {
	case 1:
		return -EILSEQ;
	case 2:
		return -ETIMEDOUT;
	default:
		return 0;
	}
}

static int front_read8(void *ctx, int fn, uint32_t addr, uint8_t *val)
{
	struct front *f = ctx;
	int deaf = front_deaf(f);

	if (deaf)
		return deaf;
	if (fn != 1)
		return 0;
	switch (addr) {
	case BES_REG_MSG_LO:
		*val = front_msg_lo(f);
		break;
	case BES_REG_MSG_HI:
		*val = front_msg_hi(f);
		break;
	case BES_REG_RX_BUFS:
		*val = front_room(f);
		break;
	case BES_REG_FRAME_MAX:
		*val = f->chip->knobs.boot_frame_max & 0xff;
		break;
	case BES_REG_FRAME_MAX + 1:
		*val = f->chip->knobs.boot_frame_max >> 8;
		break;
	case BES_REG_STATUS:
		f->c.cmd52_status++;
		*val = f->status;
		return 0;
	default:
		chip_violation(f->chip, NULL, 0, "read of unknown register 0x%x (10 section 3)", addr);
		*val = 0;
	}
	if (addr > BES_REG_MSG_HI)
		f->c.cmd52_other++;
	return 0;
}

static int front_write8(void *ctx, int fn, uint32_t addr, uint8_t val)
{
	struct front *f = ctx;
	int deaf = front_deaf(f);

	if (deaf)
		return deaf;
	f->c.cmd52_write++;
	if (fn != 1)
		return 0;
	switch (addr) {
	case BES_REG_CMD_HI:
		f->cmd_hi = val;
		f->cmd_hi_written = true;
		break;
	case BES_REG_CMD_LO:
		if (!f->cmd_hi_written || !(val & 1))
			chip_violation(f->chip, &val, 1, "0x120 without bit 0 or before 0x121 (10 section 9.2)");
		f->cmd_hi_written = false;
		front_doorbell(f, f->cmd_hi << 8 | val);
		break;
	case BES_REG_AP_WAKE:
		break;
	default:
		chip_violation(f->chip, &val, 1, "write to unknown register 0x%x (10 section 3)", addr);
	}
	return 0;
}

/* ---- data port ---- */

static int front_port_read(void *ctx, int fn, uint32_t addr, bool block, void *buf, size_t len,
			   int *data_error)
{
	struct front *f = ctx;

	(void)block;
	f->c.cmd53_read++;
	f->c.bytes_read += len;
	if (fn != 1)
		return CARD_R5_FUNCTION;
	switch (f->state) {
	case FRONT_ROM:
	case FRONT_DPD:
	case FRONT_LOADER2:
		return boot_read(f, addr, buf, len);
	case FRONT_WSM:
		return run_read(f, addr, buf, len, data_error);
	default:
		memset(buf, 0, len);
		chip_violation(f->chip, NULL, 0, "CMD53 read while nothing can answer (10 section 18)");
		return 0;
	}
}

static int front_port_write(void *ctx, int fn, uint32_t addr, bool block, const void *buf, size_t len,
			    int *data_error)
{
	struct front *f = ctx;

	f->c.cmd53_write++;
	f->c.bytes_written += len;
	if (fn != 1)
		return CARD_R5_FUNCTION;
	switch (f->state) {
	case FRONT_ROM:
	case FRONT_LOADER2:
		if (f->chip->knobs.boot_room == 0)
			chip_violation(f->chip, NULL, 0, "frame although the loader has no room (20 section 3.3)");
		return boot_write(f, addr, block, buf, len);
	case FRONT_WSM:
		return run_write(f, addr, block, buf, len, data_error);
	default:
		/* a running firmware does not speak loader: no answer */
		chip_violation(f->chip, buf, len < 16 ? len : 16, "CMD53 write while nothing can take it (10 section 18)");
		return 0;
	}
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
	f->status_at = UINT64_MAX;
	f->faults.length_byte = -1;
	f->hz = 400000;
	f->width = 1;
	return f;
}

void front_free(struct front *f)
{
	if (!f)
		return;
	run_stop(f);
	free(f);
}

void front_power(struct front *f, bool on)
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
		.functions = f->chip->knobs.card_functions,
		.version3 = f->chip->knobs.card_cccr,
		.max_block = BES_BLOCK_SIZE,
	};

	if (f->state == FRONT_WSM)
		fw_stop(f->chip->fw);
	run_stop(f);
	card_init(&f->card, &config, &ops, f);
	boot_reset(f);
	memset(&f->faults, 0, sizeof(f->faults));
	f->faults.length_byte = -1;
	f->state = on ? FRONT_ROM : FRONT_OFF;
	f->status = 0;
	f->state_at = UINT64_MAX;
	f->status_at = UINT64_MAX;
	f->cmd_hi_written = false;
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
	const struct knobs *k = &f->chip->knobs;
	uint64_t rate = (uint64_t)f->hz * f->width / 8;
	uint64_t ns = (opcode == 53 ? k->bus_cmd53_us : k->bus_cmd52_us) * 1000ULL;

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
	if (f->state == FRONT_OFF || f->faults.dead)
		return -ETIMEDOUT;
	if (opcode >= 52 && f->faults.timeout) {
		f->faults.timeout--;
		return -ETIMEDOUT;
	}
	if (opcode == 52 && !(arg >> 28 & 7))
		f->c.cmd52_f0++;
	ret = card_command(&f->card, opcode, arg, data, len, response, data_error);
	front_irq_update(f);
	return ret;
}

uint64_t front_deadline(const struct front *f)
{
	uint64_t first = run_deadline(f);

	if (f->state_at < first)
		first = f->state_at;
	return f->status_at < first ? f->status_at : first;
}

void front_run(struct front *f)
{
	if (f->status_at <= f->chip->now) {
		f->status_at = UINT64_MAX;
		f->status = (f->status & ~f->status_mask) | f->status_next;
	}
	if (f->state_at <= f->chip->now)
		boot_step(f);
	run_publish(f, false);
	front_irq_update(f);
}

/* ---- faults ---- */

static int number(int argc, char **argv, int i, int def)
{
	return argc > i ? atoi(argv[i]) : def;
}

int front_inject(struct front *f, int argc, char **argv, const char **why)
{
	struct faults *x = &f->faults;
	const char *what = argv[0];

	*why = "crc-read N, crc-write N, timeout N, lose-irq N, spurious-irq, zero-busy N, length-byte B, seq-jump, silence MS, no-wifi-ready, no-mcu-ready, dead";
	if (!strcmp(what, "crc-read")) {
		x->crc_read = number(argc, argv, 1, 1);
	} else if (!strcmp(what, "crc-write")) {
		x->crc_write = number(argc, argv, 1, 1);
	} else if (!strcmp(what, "timeout")) {
		x->timeout = number(argc, argv, 1, 1);
	} else if (!strcmp(what, "lose-irq")) {
		x->lose_irq = number(argc, argv, 1, 1);
	} else if (!strcmp(what, "spurious-irq")) {
		front_irq_raise(f);
	} else if (!strcmp(what, "zero-busy")) {
		x->zero_busy = number(argc, argv, 1, 1);
	} else if (!strcmp(what, "length-byte")) {
		x->length_byte = number(argc, argv, 1, 0x7f) & 0xff;
	} else if (!strcmp(what, "seq-jump")) {
		x->seq_jump = 1;
	} else if (!strcmp(what, "silence")) {
		f->run.silent_until = f->chip->now + number(argc, argv, 1, 5000) * MS;
	} else if (!strcmp(what, "no-wifi-ready")) {
		x->no_wifi_ready = true;
	} else if (!strcmp(what, "no-mcu-ready")) {
		x->no_mcu_ready = true;
	} else if (!strcmp(what, "dead")) {
		x->dead = true;
	} else {
		return -ENOENT;
	}
	return 0;
}

/* ---- counters ---- */

static void print_hist(const char *name, const uint64_t *h, FILE *out)
{
	fprintf(out, "\"%s\":[", name);
	for (int i = 0; i <= BES_BURST_MSGS; i++)
		fprintf(out, "%s%llu", i ? "," : "", (unsigned long long)h[i]);
	fputs("],\n", out);
}

void front_print_counters(const struct front *f, FILE *out)
{
#define P(name) fprintf(out, "\"bus_" #name "\":%llu,\n", (unsigned long long)f->c.name)
	P(boots);
	P(bytes_read);
	P(bytes_written);
	P(cmd52_f0);
	P(cmd52_msg_hi);
	P(cmd52_msg_lo);
	P(cmd52_other);
	P(cmd52_status);
	P(cmd52_write);
	P(cmd53_read);
	P(cmd53_write);
	P(credit_high);
	P(irqs);
	P(loader_frames);
	P(messages_in);
	P(messages_out);
	print_hist("bus_rx_messages_per_transfer", f->c.rx_hist, out);
	print_hist("bus_tx_messages_per_transfer", f->c.tx_hist, out);
	P(wifi_starts);
	P(zero_reads);
#undef P
}
