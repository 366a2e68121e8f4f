/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the program around them knows of the emulated chips: a table of what
 * each kind can do, and what a chip tells the outside. A chip is a library
 * without I/O: bytes in and out, 802.11 frames in and out, time passed in.
 */
#ifndef EMULATOR_CHIP_H
#define EMULATOR_CHIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "air/air.h"

/* Each kind has its own; nobody else looks inside. */
struct chip;

/* Who carried a message, for traces and captures */
enum chip_dir { CHIP_HOST_TO_DEV, CHIP_DEV_TO_HOST };

/* What the chip tells the outside. A callback may be NULL. */
struct chip_env {
	void *ctx;
	/* Level of the chip's interrupt changed. */
	void (*irq)(void *ctx, bool asserted);
	/* The chip hands an MPDU to the air as "its" station; result by tx_done(). */
	void (*air_tx)(void *ctx, const struct air_mpdu *mpdu);
	/* The chip's receiver moved: control frequency, MHz (0 off). */
	void (*air_tune)(void *ctx, int freq);
	/* Frames queued on the air and not yet started are to be dropped (reset, power off). */
	void (*air_flush)(void *ctx);
	/* How the chip contends in an access category (0 BK .. 3 VO), as the host said; NULL: anew. */
	void (*air_edca)(void *ctx, int ac, const struct air_edca *edca);
	/* A rule of the wire was broken by the host. bytes may be NULL. */
	void (*violation)(void *ctx, const char *what, const void *bytes, size_t len);
	/*
	 * Each message as it crosses the bus. channel 0: what host and firmware say to each other;
	 * others are the kind's own, as a loader. They differ in the capture.
	 */
	void (*message)(void *ctx, enum chip_dir dir, unsigned int channel, const void *msg,
			size_t len);
	/* Something worth a line in the log. */
	void (*log)(void *ctx, const char *text);
};

/* The host's side of a chip that is an SDIO card */
struct chip_sdio {
	/* Card power. Off forgets everything but the knobs and the counters. */
	void (*power)(struct chip *chip, bool on, uint64_t now);
	/* Bus width and clock as the host set them, for the bus time model. */
	void (*set_bus)(struct chip *chip, unsigned int hz, unsigned int width);
	/*
	 * One command. Returns the error of the response phase (0 or -errno); *response is the
	 * R4/R5/R6/R1 word, R5 as flags << 8 | data. For CMD53, data holds len bytes to the card
	 * (write) or room for len bytes from it (read). *bus_ns is what the transfer costs.
	 */
	int (*command)(struct chip *chip, unsigned int opcode, uint32_t arg, void *data, size_t len,
		       uint32_t *response, int *data_error, uint64_t *bus_ns, uint64_t now);
	/* Level of the interrupt line now. */
	bool (*irq)(const struct chip *chip);
};

typedef void (*chip_tell)(void *ctx, const char *text);

/* A kind of chip. What may be missing says so. */
struct chip_ops {
	const char *kind;		/* a word: names it on the command line */
	const char *what;		/* a line for people */
	const char *bus;		/* name of its interface in the capture of the bus ... */
	int linktype;			/* ... and the link type there */
	const char *const *steps;	/* how far a boot can be, in order; ends with NULL */
	unsigned int max_id;		/* of messages */
	const struct chip_sdio *sdio;	/* NULL: no SDIO card */

	struct chip *(*create)(const struct chip_env *env, uint64_t seed);
	void (*destroy)(struct chip *chip);

	/* One of steps */
	const char *(*step)(const struct chip *chip);
	/* Id of a message of channel 0, or -1 */
	int (*message_id)(const void *msg, size_t len);

	/* Air side. True if the chip acknowledges the frame (unicast to it, tuned). */
	bool (*air_rx)(struct chip *chip, const uint8_t *frame, size_t len,
		       const struct air_rx_info *info, uint64_t now);
	void (*tx_done)(struct chip *chip, uint64_t cookie, const struct air_tx_result *res,
			uint64_t now);

	/* Next moment at which run() has work; UINT64_MAX for none. */
	uint64_t (*deadline)(const struct chip *chip);
	void (*run)(struct chip *chip, uint64_t now);

	/*
	 * Knobs and faults by name, as text. Both return 0, -ENOENT (no such) or -EINVAL (bad
	 * value; *why says what is accepted).
	 */
	int (*set_knob)(struct chip *chip, const char *name, const char *value, const char **why);
	int (*inject)(struct chip *chip, const char *what, uint64_t now, const char **why);

	/* The knobs as they are now are those that defaults() goes back to. */
	void (*keep_knobs)(struct chip *chip);
	/*
	 * Knobs as they were kept, nothing injected that has not happened yet. Tells each thing that
	 * was otherwise, as the command that would do it again. What has happened lasts.
	 */
	void (*defaults)(struct chip *chip, uint64_t now, chip_tell tell, void *ctx);

	/* One JSON object each: all knobs; all counters; what the host has told the chip (may be NULL) */
	void (*print_knobs)(const struct chip *chip, FILE *out);
	void (*print_counters)(const struct chip *chip, FILE *out);
	void (*print_told)(const struct chip *chip, FILE *out);
	uint64_t (*violations)(const struct chip *chip);
};

/* Kinds of this program (chips.c), ends with NULL; the first is the usual one */
extern const struct chip_ops *const chip_kinds[];

#endif /* EMULATOR_CHIP_H */
