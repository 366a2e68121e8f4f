// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Back to what the chip was before somebody meddled with it: the knobs as they
 * were at the start, and nothing injected that has not happened yet. Whatever
 * was otherwise is told, so that nobody inherits it unseen.
 */
#include <stdarg.h>
#include <stdio.h>

#include "front.h"
#include "fw.h"

struct tale {
	chip_tell tell;
	void *ctx;
};

static void __attribute__((format(printf, 2, 3))) say(const struct tale *t, const char *format, ...)
{
	char text[128];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	t->tell(t->ctx, text);
}

static void tell_count(const struct tale *t, const char *name, int n)
{
	if (n > 0)
		say(t, "inject %s %d", name, n);
}

static void tell_flag(const struct tale *t, const char *name, bool set)
{
	if (set)
		say(t, "inject %s", name);
}

static void tell_bus(const struct tale *t, const char *name, const struct bus_fault *x)
{
	if (x->n > 0 && x->id >= 0)
		say(t, "inject %s %d %#x", name, x->n, x->id);
	else
		tell_count(t, name, x->n);
}

static void tell_counts(const struct tale *t, const struct faults *x)
{
	tell_bus(t, "crc-read", &x->crc_read);
	tell_bus(t, "crc-write", &x->crc_write);
	tell_bus(t, "crc-status", &x->crc_status);
	tell_bus(t, "timeout", &x->timeout);
	tell_bus(t, "busy", &x->busy);
	tell_count(t, "crc-response", x->crc_response);
	tell_count(t, "lose-irq", x->lose_irq);
	tell_count(t, "zero-busy", x->zero_busy);
	tell_count(t, "dead-power", x->dead_power);
	tell_count(t, "no-wifi-ready", x->no_wifi_ready);
	tell_count(t, "no-mcu-ready", x->no_mcu_ready);
	tell_count(t, "no-mcu-wake", x->no_mcu_wake);
	tell_count(t, "dead", x->dead);
}

static void tell_front(const struct tale *t, const struct front *f)
{
	const struct faults *x = &f->faults;

	tell_counts(t, x);
	tell_count(t, "stale", f->run.stale);
	tell_flag(t, "stuck-irq", x->stuck_until > f->chip->now);
	tell_flag(t, "silence", f->run.silent_until > f->chip->now);
	tell_flag(t, "length-byte", x->length_byte >= 0);
	tell_flag(t, "seq-jump", x->seq_jump);
	tell_flag(t, "bad-message", x->message != BAD_NONE);
	tell_flag(t, "boot-reply", x->reply != REPLY_GOOD);
	tell_flag(t, "boot-dpd", x->dpd != DPD_GOOD);
	tell_flag(t, "wake-line", f->wake_line);
	tell_count(t, "hostile", f->hostile.permille);
	for (int i = 0; i < MANGLES; i++)
		if (x->mangle[i].kind)
			say(t, "inject mangle %#x", x->mangle[i].id);
}

static void tell_fw(const struct tale *t, const struct fw *fw)
{
	static const char *const kinds[] = { "", "drop-confirm", "delay-confirm", "dup-confirm", "status" };

	for (int i = 0; i < FW_FAULTS; i++)
		if (fw->fault[i].kind != FW_FAULT_NONE)
			say(t, "inject %s %#x", kinds[fw->fault[i].kind], fw->fault[i].id);
	tell_flag(t, "no-startup", fw->no_startup);
	tell_flag(t, "lose-scan-complete", fw->lose_scan);
	tell_flag(t, "dup-scan-complete", fw->dup_scan);
	tell_flag(t, "lose-channel-switch", fw->lose_switch);
	tell_flag(t, "dup-channel-switch", fw->dup_switch);
	tell_flag(t, "startup-status", fw->startup_status);
	tell_flag(t, "scan-status", fw->scan_status);
	tell_flag(t, "delay-scan-complete", fw->scan_delay);
	tell_count(t, "rx-status", fw->rx_status_n);
}

void chip_keep_knobs(struct chip *chip)
{
	knobs_keep(chip->knobs);
}

void chip_defaults(struct chip *chip, uint64_t now, chip_tell tell, void *ctx)
{
	struct tale t = { tell, ctx };
	struct front *f = chip->front;

	chip->now = now;
	knobs_restore(chip->knobs, tell, ctx);
	tell_front(&t, f);
	tell_fw(&t, chip->fw);
	run_stale(f, 0);
	if (f->wake_line)
		bell_wake_line(f, false);
	front_no_faults(f);
	fw_no_faults(chip->fw);
	front_irq_update(f);
}
