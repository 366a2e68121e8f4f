// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Faults on request (sheet 10 section 18, sheet 20 section 11), and counters.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "front.h"

#define MAX_COUNT	1000000

void faults_init(struct faults *x)
{
	memset(x, 0, sizeof(*x));
	x->crc_read.id = x->crc_write.id = x->crc_status.id = x->timeout.id = x->busy.id = -1;
	x->length_byte = -1;
	x->lied = -1;
	x->reply_at = -1;
}

void front_no_faults(struct front *f)
{
	run_silence(f, 0);
	faults_init(&f->faults);
	f->hostile.permille = 0;
}

bool front_fault(struct front *f, int *count)
{
	if (*count <= 0)
		return false;
	--*count;
	chip_fault(f->chip);
	return true;
}

static bool carries(const uint8_t *data, size_t len, size_t stride, int id)
{
	for (size_t at = 0; at + sizeof(struct wsm_hdr) <= len;) {
		size_t n = data[at] | data[at + 1] << 8;

		if (n < sizeof(struct wsm_hdr))
			return false;
		if (((data[at + 2] | data[at + 3] << 8) & WSM_ID_MASK) == id)
			return true;
		at += stride ? stride : (n + 3) & ~(size_t)3;
	}
	return false;
}

bool front_bus_fault(struct front *f, struct bus_fault *x, const uint8_t *data, size_t len, size_t stride)
{
	if (x->id >= 0 && (!data || !carries(data, len, stride, x->id)))
		return false;
	if (x->read && stride)
		return false;
	return front_fault(f, &x->n);
}

/* The number after the name; def if there is none */
static int number(int argc, char **argv, int i, int def, int max, int *out)
{
	char *end;
	long v;

	*out = def;
	if (argc <= i)
		return 0;
	v = strtol(argv[i], &end, 0);
	if (end == argv[i] || *end || v < 0 || v > max)
		return -EINVAL;
	*out = v;
	return 0;
}

/* Position of argv[1] among the words, from 1 */
static int word(int argc, char **argv, const char *const *words, const char *help, const char **why)
{
	*why = help;
	for (int i = 0; argc > 1 && words[i]; i++)
		if (!strcmp(argv[1], words[i]))
			return i + 1;
	return -EINVAL;
}

/* NAME N [ID [read]] */
static int inject_bus(struct front *f, int argc, char **argv, const char **why)
{
	struct faults *x = &f->faults;
	const struct {
		const char *name;
		struct bus_fault *fault;
	} list[] = {
		{ "crc-read", &x->crc_read },
		{ "crc-write", &x->crc_write },
		{ "crc-status", &x->crc_status },
		{ "timeout", &x->timeout },
		{ "busy", &x->busy },
	};

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		struct bus_fault new;

		if (strcmp(argv[0], list[i].name))
			continue;
		*why = "how many: 0..1000000, 1 if not said; and perhaps the id of a message, 0..0xfff, and read";
		if (number(argc, argv, 1, 1, MAX_COUNT, &new.n) || number(argc, argv, 2, -1, WSM_ID_MASK, &new.id))
			return -EINVAL;
		new.read = argc > 3;
		if (argc > 4 || (new.read && strcmp(argv[3], "read")))
			return -EINVAL;
		*list[i].fault = new;
		return 0;
	}
	return -ENOENT;
}

static int inject_count(struct front *f, int argc, char **argv, const char **why)
{
	struct faults *x = &f->faults;
	const struct {
		const char *name;
		int *count;
	} list[] = {
		{ "crc-response", &x->crc_response },
		{ "dead-power", &x->dead_power },
		{ "lose-irq", &x->lose_irq },
		{ "zero-busy", &x->zero_busy },
		{ "no-wifi-ready", &x->no_wifi_ready },
		{ "no-mcu-ready", &x->no_mcu_ready },
		{ "no-mcu-wake", &x->no_mcu_wake },
	};

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		if (strcmp(argv[0], list[i].name))
			continue;
		*why = "how many: 0..1000000; 1 if not said";
		return number(argc, argv, 1, 1, MAX_COUNT, list[i].count);
	}
	return -ENOENT;
}

/* length-byte B [next|last] */
static int inject_length(struct front *f, int argc, char **argv, const char **why)
{
	struct faults *x = &f->faults;
	int v, toggle = TOGGLE_GIVEN;

	*why = "length-byte B [next|last]: 0..0xff; its toggle bit is B's, that of the next burst, or that of the last";
	if (argc > 2) {
		toggle = !strcmp(argv[2], "next") ? TOGGLE_NEXT : TOGGLE_LAST;
		if (argc > 3 || (toggle == TOGGLE_LAST && strcmp(argv[2], "last")))
			return -EINVAL;
	}
	if (number(argc, argv, 1, 0x7f, 0xff, &v))
		return -EINVAL;
	x->length_byte = v;
	x->length_toggle = toggle;
	return 0;
}

/* Faults with an argument that is no count */
static int inject_value(struct front *f, int argc, char **argv, const char **why)
{
	int v, ret;

	if (!strcmp(argv[0], "length-byte"))
		return inject_length(f, argc, argv, why);
	if (!strcmp(argv[0], "stale")) {
		*why = "stale N: 0..100";
		ret = number(argc, argv, 1, 1, 100, &v);
		if (!ret) {
			chip_fault(f->chip);
			run_stale(f, v);
		}
		return ret;
	}
	if (!strcmp(argv[0], "stuck-irq")) {
		*why = "stuck-irq MS: 0..1000000";
		ret = number(argc, argv, 1, 100, MAX_COUNT, &v);
		if (!ret) {
			chip_fault(f->chip);
			f->faults.stuck_until = f->chip->now + v * MS;
			front_irq_update(f);
		}
		return ret;
	}
	if (!strcmp(argv[0], "silence")) {
		*why = "silence MS: 0..1000000";
		ret = number(argc, argv, 1, 5000, MAX_COUNT, &v);
		if (!ret) {
			chip_fault(f->chip);
			run_silence(f, f->chip->now + v * MS);
		}
		return ret;
	}
	if (!strcmp(argv[0], "dead")) {
		*why = "dead [N]: no answer, and none after the next 0..100 times that the power comes back";
		ret = number(argc, argv, 1, 0, 100, &v);
		if (!ret) {
			f->faults.dead = v + 1;
			chip_fault(f->chip);
		}
		return ret;
	}
	if (!strcmp(argv[0], "wake-line")) {
		*why = "wake-line 0|1: physical level";
		ret = number(argc, argv, 1, 1, 1, &v);
		if (!ret)
			bell_wake_line(f, v);
		return ret;
	}
	return -ENOENT;
}

static int inject_word(struct front *f, int argc, char **argv, const char **why)
{
	static const char *const messages[] = { "short", "huge", "unaligned", "count17", NULL };
	static const char *const replies[] = { "seq", "type", "len", "result", "late", "none", NULL };
	static const char *const dpds[] = { "crc", "length", NULL };
	struct faults *x = &f->faults;
	int v, at;

	if (!strcmp(argv[0], "bad-message")) {
		v = word(argc, argv, messages, "bad-message short|huge|unaligned|count17", why);
		if (v > 0)
			x->message = v;
	} else if (!strcmp(argv[0], "boot-reply")) {
		v = word(argc, argv, replies, "boot-reply seq|type|len|result|late|none [FRAME since power-on]", why);
		if (v > 0 && number(argc, argv, 2, -1, MAX_COUNT, &at))
			v = -EINVAL;
		if (v > 0) {
			x->reply = v;
			x->reply_at = at;
		}
	} else if (!strcmp(argv[0], "boot-dpd")) {
		v = word(argc, argv, dpds, "boot-dpd crc|length", why);
		if (v > 0)
			x->dpd = v;
	} else {
		return -ENOENT;
	}
	return v > 0 ? 0 : v;
}

static int inject_plain(struct front *f, const char *what)
{
	if (!strcmp(what, "spurious-irq")) {
		f->irq_pending = true;
		front_irq_update(f);
		chip_fault(f->chip);
	} else if (!strcmp(what, "toggle")) {
		f->run.toggle = !f->run.toggle;
		chip_fault(f->chip);
	} else if (!strcmp(what, "seq-jump")) {
		f->faults.seq_jump = true;
	} else if (!strcmp(what, "lose-mcu-ready")) {
		f->status &= ~BES_STATUS_MCU_READY;
		chip_fault(f->chip);
	} else {
		return -ENOENT;
	}
	return 0;
}

int front_inject(struct front *f, int argc, char **argv, const char **why)
{
	int ret = inject_bus(f, argc, argv, why);

	if (ret == -ENOENT)
		ret = inject_count(f, argc, argv, why);
	if (ret == -ENOENT)
		ret = inject_value(f, argc, argv, why);
	if (ret == -ENOENT)
		ret = inject_word(f, argc, argv, why);
	if (ret == -ENOENT)
		ret = inject_plain(f, argv[0]);
	if (ret == -ENOENT)
		ret = mangle_inject(f, argc, argv, why);
	if (ret == -ENOENT)
		ret = hostile_inject(f, argc, argv, why);
	if (ret == -ENOENT)
		*why = "crc-read N [ID], crc-write N [ID] (not taken), crc-status N [ID] (taken), timeout N [ID], "
		       "busy N [ID], crc-response N, lose-irq N, spurious-irq, stuck-irq MS, stale N, zero-busy N, "
		       "length-byte B [next|last], toggle, seq-jump, mangle ID KIND, message ID [LEN], "
		       "bad-message short|huge|unaligned|count17, silence MS, no-wifi-ready N, no-mcu-ready N, "
		       "no-mcu-wake N, "
		       "lose-mcu-ready, boot-reply seq|type|len|result|late|none [FRAME], boot-dpd crc|length, "
		       "wake-line 0|1, dead [N], dead-power N, hostile SEED PERMILLE";
	return ret;
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
	P(bt_sleeps);
	P(bt_wakes);
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
	P(mcu_sleeps);
	P(mcu_wakes);
	P(messages_in);
	P(messages_out);
	print_hist("bus_rx_messages_per_transfer", f->c.rx_hist, out);
	P(stale_reads);
	print_hist("bus_tx_messages_per_transfer", f->c.tx_hist, out);
	P(wifi_starts);
	P(zero_reads);
#undef P
}
