// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sub-systems: doorbells and their bits in the status register (sheet 10
 * section 9), sleep of the MCU (sheet 60 section 4).
 */
#include <errno.h>

#include "front.h"

/* From the doorbell to its bit: sheet 60 section 4.6 */
#define CONFIRM_NS	MS
#define SLOW_CONFIRM_NS	(30 * MS)	/* Wi-Fi, Bluetooth */
#define DROP_NS		(20 * MS)	/* knob doorbell.again */

void bell_reset(struct front *f)
{
	for (int i = 0; i < 8; i++)
		f->bell[i].at = UINT64_MAX;
	f->status = 0;
	f->wifi_starting = false;
	f->slept_at = UINT64_MAX;
	f->woken_at = UINT64_MAX;
}

static int bit_of(uint8_t mask)
{
	return __builtin_ctz(mask);
}

static void bell_move(struct front *f, uint8_t mask, bool value, uint64_t delay)
{
	struct bell *b = &f->bell[bit_of(mask)];

	b->value = value;
	b->at = f->chip->now + delay;
}

static uint64_t confirm_ns(uint8_t mask)
{
	return mask & (BES_STATUS_WIFI_READY | BES_STATUS_BT_READY) ? SLOW_CONFIRM_NS : CONFIRM_NS;
}

/* Hosts ring at every poll: a bit that is there, or on its way, is left alone */
static void bell_want(struct front *f, uint8_t mask, bool value)
{
	struct bell *b = &f->bell[bit_of(mask)];
	bool now = f->status & mask;

	if (b->at != UINT64_MAX) {
		if (b->value != value)
			bell_move(f, mask, value, confirm_ns(mask));
	} else if (now != value) {
		bell_move(f, mask, value, confirm_ns(mask));
	} else if (value && knob_is(f->chip->knobs, KNOB_doorbell_again, "drops")) {
		f->status &= ~mask;
		bell_move(f, mask, true, DROP_NS);
	}
}

/* Or will be */
static bool bell_is_up(const struct front *f, uint8_t mask)
{
	const struct bell *b = &f->bell[bit_of(mask)];

	return b->at != UINT64_MAX ? b->value : f->status & mask;
}

static void bell_wifi_on(struct front *f)
{
	if (f->state == FRONT_WSM) {
		/* while it starts, or where its bit is withheld, ringing again changes nothing */
		if (!f->wifi_starting)
			bell_want(f, BES_STATUS_WIFI_READY, true);
		return;
	}
	/* From here on the registers speak of bursts: the host may look before the bit is set */
	f->state = FRONT_WSM;
	f->wifi_starting = true;
	run_start(f);
	if (!front_fault(f, &f->faults.no_wifi_ready))
		bell_want(f, BES_STATUS_WIFI_READY, true);
}

static void bell_wifi_off(struct front *f)
{
	bell_want(f, BES_STATUS_WIFI_READY, false);
	if (f->state != FRONT_WSM)
		return;
	chip_log(f->chip, "Wi-Fi switched off");
	if (!f->wifi_starting)
		fw_stop(f->chip->fw);
	f->wifi_starting = false;
	run_stop(f);
	f->state = FRONT_MAIN;
}

static void bell_mcu_off(struct front *f)
{
	f->c.mcu_sleeps++;
	bell_want(f, BES_STATUS_MCU_AWAKE, false);
	if (f->slept_at == UINT64_MAX)
		f->slept_at = f->chip->now + CONFIRM_NS;
	if (bell_is_up(f, BES_STATUS_BT_READY) && knob_is(f->chip->knobs, KNOB_bt_mcu_sleep, "stops"))
		bell_want(f, BES_STATUS_BT_READY, false);
}

static void bell_mcu_on(struct front *f)
{
	f->c.mcu_wakes++;
	if (front_fault(f, &f->faults.no_mcu_wake))
		return;
	if (bell_asleep(f))
		f->woken_at = f->chip->now;
	f->slept_at = UINT64_MAX;
	bell_want(f, BES_STATUS_MCU_AWAKE, true);
}

void bell_ring(struct front *f, uint16_t word)
{
	if (f->state < FRONT_MAIN || !(f->status & BES_STATUS_MCU_READY)) {
		chip_violation(f->chip, NULL, 0, "doorbell 0x%04x while the MCU is not ready (20 section 5)", word);
		return;
	}
	switch (word) {
	case BES_CMD_MCU_ACTIVE:
		return bell_mcu_on(f);
	case BES_CMD_MCU_DEACTIVE:
		return bell_mcu_off(f);
	case BES_CMD_WIFI_ACTIVE:
		return bell_wifi_on(f);
	case BES_CMD_WIFI_DEACTIVE:
		return bell_wifi_off(f);
	case BES_CMD_WIFI_DEBUG:
		if (f->state == FRONT_WSM && !f->wifi_starting)
			fw_halt(f->chip->fw);
		return;
	case 0x0003:			/* take the wake configuration of 0x124 */
		return;
	case BES_CMD_BT_ACTIVE:
		return bell_want(f, BES_STATUS_BT_READY, true);
	case BES_CMD_BT_DEACTIVE:
		return bell_want(f, BES_STATUS_BT_READY, false);
	case BES_CMD_BT_WAKE:
		f->c.bt_wakes++;
		return bell_want(f, BES_STATUS_BT_AWAKE, true);
	case BES_CMD_BT_SLEEP:
		f->c.bt_sleeps++;
		return bell_want(f, BES_STATUS_BT_AWAKE, false);
	default:
		chip_violation(f->chip, NULL, 0, "unknown doorbell 0x%04x (10 section 9.2)", word);
	}
}

void bell_run(struct front *f)
{
	for (int i = 0; i < 8; i++) {
		struct bell *b = &f->bell[i];

		if (b->at > f->chip->now)
			continue;
		b->at = UINT64_MAX;
		f->status = (f->status & ~(1 << i)) | b->value << i;
	}
	if (f->wifi_starting && f->status & BES_STATUS_WIFI_READY) {
		f->wifi_starting = false;
		fw_start(f->chip->fw);
	}
}

uint64_t bell_deadline(const struct front *f)
{
	uint64_t first = UINT64_MAX;

	for (int i = 0; i < 8; i++)
		if (f->bell[i].at < first)
			first = f->bell[i].at;
	return first;
}

/* ---- sleep ---- */

static bool line_awake(const struct front *f)
{
	return knob_is(f->chip->knobs, KNOB_wake_line, f->wake_line ? "high" : "low");
}

bool bell_asleep(const struct front *f)
{
	return f->slept_at <= f->chip->now && !line_awake(f);
}

bool front_asleep(const struct front *f)
{
	return bell_asleep(f);
}

int bell_deaf(const struct front *f)
{
	struct knobs *k = f->chip->knobs;
	bool settles = f->woken_at != UINT64_MAX &&
		       !knob_past(k, KNOB_wake_settle, f->woken_at, MS, f->chip->now);

	if (!settles && !(bell_asleep(f) && !knob_is(k, KNOB_sleep_cmd52, "answered")))
		return 0;
	return knob_is(k, KNOB_sleep_cmd52, "busy") ? -EBUSY : -ETIMEDOUT;
}

void bell_wake_line(struct front *f, bool level)
{
	bool asleep = bell_asleep(f);

	f->wake_line = level;
	if (asleep && !bell_asleep(f))
		f->woken_at = f->chip->now;
	front_irq_update(f);
}
