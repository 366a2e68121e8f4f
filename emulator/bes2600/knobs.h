/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Policy knobs of the emulated chip: one per unknown of the real one. Names
 * and values are those of the index sheet, section 5; the first is the default.
 */
#ifndef KNOBS_H
#define KNOBS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/*
 * X(field, "name", kind, default, "accepted values")
 * kind INT: a number (min..max given in the text), ENUM: one of the words,
 * stored as the position of the word. Times in ms unless said.
 */
#define KNOB_LIST(X) \
	X(card_functions, "card.functions", INT, 1, "1..2") \
	X(card_cccr, "card.cccr", ENUM, 0, "2.00|3.00") \
	X(boot_frame_max, "boot.frame_max", INT, 8192, "512..32768") \
	X(boot_room, "boot.room", INT, 4, "0..255") \
	X(boot_room_delay, "boot.room_delay", INT, 0, "0..5000") \
	X(boot_check, "boot.check", ENUM, 0, "strict|lax") \
	X(boot_calibration, "boot.calibration", INT, 200, "0..60000") \
	X(boot_calibration_bus, "boot.calibration_bus", ENUM, 0, "answers|crc|silent") \
	X(boot_dpd_bit, "boot.dpd_bit", ENUM, 0, "stays|clears") \
	X(boot_mcu_ready, "boot.mcu_ready", INT, 50, "0..60000") \
	X(reset_effect, "reset.effect", ENUM, 0, "rom|running") \
	X(start_credits, "start.credits", INT, 30, "0..255") \
	X(start_size, "start.size", INT, 1632, "0..65535") \
	X(start_length, "start.length", INT, 152, "152..168") \
	X(rx_stale_reads, "rx.stale_reads", INT, 0, "0..6") \
	X(rx_irq_between, "rx.irq_between", ENUM, 0, "again|once") \
	X(rx_wrong_toggle, "rx.wrong_toggle", ENUM, 0, "resend|next") \
	X(tx_wrong_toggle, "tx.wrong_toggle", ENUM, 0, "drop|take") \
	X(rx_burst, "rx.burst", INT, 16, "1..16") \
	X(rx_holdoff, "rx.holdoff", INT, 0, "0..1000000 (us)") \
	X(rx_jitter, "rx.jitter", INT, 0, "0..1000 (us)") \
	X(rx_buffer, "rx.buffer", INT, 65535, "1..65535 (frames)") \
	X(rx_mcu_mixed, "rx.mcu_mixed", ENUM, 0, "mixed|apart") \
	X(tx_byte_mode, "tx.byte_mode", ENUM, 0, "taken|ignored") \
	X(tx_slot_mix, "tx.slot_mix", ENUM, 0, "taken|refused") \
	X(tx_mcu_shared, "tx.mcu_shared", ENUM, 0, "lost|taken") \
	X(host_sequence, "host.sequence", ENUM, 0, "logged|ignored|fatal") \
	X(confirm_interface, "confirm.interface", ENUM, 0, "echo|zero") \
	X(confirm_delay, "confirm.delay", INT, 1, "0..10000") \
	X(join_fail_delay, "join.fail_delay", INT, 1000, "0..10000") \
	X(confirm_tx, "confirm.tx", ENUM, 0, "merged|single|multi") \
	X(confirm_tx_max, "confirm.tx_max", INT, 16, "1..81") \
	X(confirm_tx_holdoff, "confirm.tx_holdoff", INT, 0, "0..1000000 (us)") \
	X(confirm_order, "confirm.order", ENUM, 0, "ordered|overtake") \
	X(mcu_confirm, "mcu.confirm", ENUM, 0, "16|20") \
	X(mib_unknown, "mib.unknown", ENUM, 0, "ok|refused") \
	X(key_remove_empty, "key.remove_empty", ENUM, 0, "ok|refused") \
	X(reset_keys, "reset.keys", ENUM, 0, "cleared|kept") \
	X(rx_cipher, "rx.cipher", ENUM, 0, "3|7") \
	X(rx_tkip_mic, "rx.tkip_mic", ENUM, 0, "present|stripped") \
	X(rx_no_key, "rx.no_key", ENUM, 0, "status9|plain") \
	X(rx_reserved, "rx.reserved", ENUM, 0, "zero|random") \
	X(rx_tsf, "rx.tsf", ENUM, 0, "none|appended") \
	X(rx_amsdu, "rx.amsdu", ENUM, 0, "split|whole") \
	X(rx_bar, "rx.bar", ENUM, 0, "dropped|passed") \
	X(scan_5ghz, "scan.5ghz", ENUM, 0, "single|valid|all") \
	X(scan_rate5g, "scan.rate5g", ENUM, 0, "taken|refused") \
	X(scan_gap, "scan.gap", INT, 0, "0..1000000 (us)") \
	X(scan_dwell, "scan.dwell", ENUM, 0, "max|min|ms") \
	X(scan_complete_if, "scan.complete_if", ENUM, 0, "0|2") \
	X(channel_joined, "channel.joined", ENUM, 0, "moves|stays") \
	X(channel_indication, "channel.indication", INT, 2, "0..30000") \
	X(config_again, "config.again", ENUM, 0, "keeps|forgets") \
	X(join_again, "join.again", ENUM, 0, "works|wedges") \
	X(pm_indication, "pm.indication", ENUM, 0, \
	  "after|before|late|never|wrong|status|twice|fast-only|not-active") \
	X(lp_active_again, "lp.active_again", ENUM, 0, "confirmed|never") \
	X(lp_commands, "lp.commands", ENUM, 0, "served|refused|unanswered") \
	X(wake_line, "wake.line", ENUM, 0, "ignored|high|low") \
	X(wake_settle, "wake.settle", INT, 0, "0..40") \
	X(sleep_cmd52, "sleep.cmd52", ENUM, 0, "answered|silent|busy") \
	X(sleep_interrupt, "sleep.interrupt", ENUM, 0, "dat1|pin|none") \
	X(doorbell_again, "doorbell.again", ENUM, 0, "harmless|drops") \
	X(bt_mcu_sleep, "bt.mcu_sleep", ENUM, 0, "survives|stops") \
	X(loss_repeat, "loss.repeat", ENUM, 0, "once|repeated") \
	X(loss_rearm, "loss.rearm", ENUM, 0, "restarts|ignored") \
	X(deauth_effect, "deauth.effect", ENUM, 0, "none|ends") \
	X(ap_links, "ap.links", INT, 14, "1..14") \
	X(bus_cmd52_us, "bus.cmd52", INT, 40, "0..10000 (us)") \
	X(bus_cmd53_us, "bus.cmd53", INT, 60, "0..10000 (us)")

enum knob {
#define X(field, name, kind, def, text) KNOB_##field,
	KNOB_LIST(X)
#undef X
	N_KNOBS
};

/* Opaque: who wants to know a value asks, and is counted */
struct knobs;

struct knobs *knobs_new(void);
void knobs_free(struct knobs *knobs);
/* 0, -ENOENT, -EINVAL (*why: the accepted values) */
int knobs_set(struct knobs *knobs, const char *name, const char *value, const char **why);
/* The values as they are now are those that knobs_restore() goes back to; it tells each other one as "set NAME VALUE" */
void knobs_keep(struct knobs *knobs);
void knobs_restore(struct knobs *knobs, void (*tell)(void *ctx, const char *text), void *ctx);
void knobs_print(const struct knobs *knobs, FILE *out);
/*
 * How often each value decided what the chip did: {name: {value: times}}. A default that was never asked for is left
 * out; another value that was set and decided nothing is there, with 0.
 */
void knobs_print_decisions(const struct knobs *knobs, FILE *out);

/*
 * Asking is deciding: these count. The default counts whenever it is asked for, another value only where the answer is
 * not the one that the default would have given. So the question comes last: behind all other conditions.
 */
/* Is a word its value? */
bool knob_is(struct knobs *knobs, enum knob knob, const char *word);
/* Is n within its limit? */
bool knob_allows(struct knobs *knobs, enum knob knob, uint64_t n);
/* Is a moment, asked for at any time, past: so many units after since? */
bool knob_past(struct knobs *knobs, enum knob knob, uint64_t since, uint64_t unit, uint64_t now);
/* The value itself, which goes to the host or becomes a time right away */
int knob_value(struct knobs *knobs, enum knob knob);
/*
 * For a timer that may be stopped before it decides anything: when it is due, which does not count, and that it has
 * come, which does.
 */
uint64_t knob_due(const struct knobs *knobs, enum knob knob, uint64_t since, uint64_t unit);
void knob_came(struct knobs *knobs, enum knob knob);

#endif /* KNOBS_H */
