/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The emulated BES2600: a library without I/O. SDIO commands in, answers out;
 * 802.11 frames in and out; time is passed in. The shell connects it to
 * /dev/vsdio, to the air and to the control socket; unit tests and fuzzers
 * drive it directly.
 *
 * All wire facts come from the fact sheets; the sheet and section stand at
 * each rule. Whatever a real chip could choke on is a violation.
 */
#ifndef BES2600_CHIP_H
#define BES2600_CHIP_H

#include "../chip.h"

/* The BES2600 as a kind of chip (ops.c) */
extern const struct chip_ops bes2600_chip;

struct chip *chip_new(const struct chip_env *env, uint64_t seed);
void chip_free(struct chip *chip);

/* Card power. Off forgets everything but the knobs and the counters. */
void chip_power(struct chip *chip, bool on, uint64_t now);

/* Bus width and clock as the host set them, for the bus time model. */
void chip_set_bus(struct chip *chip, unsigned int hz, unsigned int width);

/*
 * One SDIO command. Returns the error of the response phase (0 or -errno);
 * *response is the R4/R5/R6/R1 word, R5 as flags << 8 | data. For CMD53, data
 * holds len bytes to the card (write) or room for len bytes from it (read).
 * *bus_ns is what the transfer costs.
 */
int chip_command(struct chip *chip, unsigned int opcode, uint32_t arg, void *data, size_t len,
		 uint32_t *response, int *data_error, uint64_t *bus_ns, uint64_t now);

/* How far the boot is: one of */
#define CHIP_STEPS \
	"off", "loader", "pokes", "factory", "boot-image", "calibration", "dpd-read", "dpd-write", \
	"main-image", "main-start", "main", "wifi-start", "wifi"
const char *chip_step(const struct chip *chip);

/* Level of the interrupt line now. */
bool chip_irq(const struct chip *chip);

/* Air side. Returns true if the chip acknowledges the frame (unicast to it, tuned). */
bool chip_air_rx(struct chip *chip, const uint8_t *frame, size_t len,
		 const struct air_rx_info *info, uint64_t now);
void chip_tx_done(struct chip *chip, uint64_t cookie, const struct air_tx_result *res, uint64_t now);

/* Next moment at which chip_run() has work; UINT64_MAX for none. */
uint64_t chip_deadline(const struct chip *chip);
void chip_run(struct chip *chip, uint64_t now);

/*
 * Knobs and faults by name ("start.credits", "rx.burst", "scan.5ghz" ...), as
 * text. Returns 0, -ENOENT (no such knob) or -EINVAL (bad value; *why says
 * what is accepted).
 */
int chip_set_knob(struct chip *chip, const char *name, const char *value, const char **why);
/* Writes every knob as one JSON object. */
void chip_print_knobs(const struct chip *chip, FILE *out);
/*
 * Injects something once: "event 1 0", "violation", "rx-status 4 5 1000000" ...
 * Same returns as chip_set_knob().
 */
int chip_inject(struct chip *chip, const char *what, uint64_t now, const char **why);
/* The knobs as they are now are those that chip_defaults() goes back to. */
void chip_keep_knobs(struct chip *chip);
/*
 * Knobs as they were kept, nothing injected that has not happened yet. Tells
 * each thing that was otherwise, as the command that would do it again. What
 * has happened lasts: a firmware that crashed stays so.
 */
void chip_defaults(struct chip *chip, uint64_t now, chip_tell tell, void *ctx);
/* Writes all counters as one JSON object with sorted, stable keys. */
void chip_print_counters(const struct chip *chip, FILE *out);

/* What the host has told the chip since WIFI active, as one JSON object; see docs/emulator.md. */
void chip_print_told(const struct chip *chip, FILE *out);

uint64_t chip_violations(const struct chip *chip);

#endif /* BES2600_CHIP_H */
