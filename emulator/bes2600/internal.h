/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside the emulated chip: the front (SDIO registers, loader, transfers,
 * sequence numbers, credits) and the firmware (WSM requests, MAC) meet here.
 *
 *   host <-> sdio.c, boot.c, run.c (front)  <->  fw*.c (firmware)  <-> air
 */
#ifndef CHIP_INTERNAL_H
#define CHIP_INTERNAL_H

#include "chip.h"
#include "knobs.h"
#include "../../drivers/bes2600/wsm_api.h"

struct front;
struct fw;

struct chip {
	struct chip_env env;
	struct knobs *knobs;
	struct front *front;
	struct fw *fw;
	uint64_t now;		/* of the call in progress */
	uint64_t rng;
	uint64_t violations, excused;
	uint64_t faults, fault_at;	/* injected, and happened; when the last one did */
	bool powered;
	char why[1024];		/* last refusal of an injection */
};

/* What nothing excuses: bytes that the host should not have sent at all */
void chip_leak(struct chip *chip, const void *bytes, size_t len, const char *what);
/* Counts, logs by env.violation; only counts while the host is lied to. fmt is a sentence that names the sheet and section. */
void chip_violation(struct chip *chip, const void *bytes, size_t len, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* The callbacks of chip_env by these names */
void chip_message(struct chip *chip, enum chip_dir dir, bool loader, const void *msg, size_t len);
void chip_flush_air(struct chip *chip);
void chip_log(struct chip *chip, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
uint32_t chip_random(struct chip *chip);
/* An injected fault happens now */
void chip_fault(struct chip *chip);

/* ---- front.c and friends: called by chip.c ---- */
struct front *front_new(struct chip *chip);
void front_free(struct front *front);
void front_power(struct front *front, bool on);
/* The host has not noticed: nothing is heard until it selects the card anew */
void front_lose(struct front *front);
int front_command(struct front *front, unsigned int opcode, uint32_t arg, void *data, size_t len,
		  uint32_t *response, int *data_error, uint64_t *bus_ns);
void front_set_bus(struct front *front, unsigned int hz, unsigned int width);
bool front_irq(const struct front *front);
/* The chip has lied at random since its power came (inject hostile) */
bool front_lied(const struct front *front);
const char *front_step(const struct front *front);
uint64_t front_deadline(const struct front *front);
void front_run(struct front *front);
/* Forget what was injected and has not happened yet */
void front_no_faults(struct front *front);
void fw_no_faults(struct fw *fw);
int front_inject(struct front *front, int argc, char **argv, const char **why);
/* Appends "key":value pairs, each followed by a comma and newline, to a JSON object. */
void front_print_counters(const struct front *front, FILE *out);

/* ---- front: called by the firmware ---- */
/*
 * Queue one message to the host. msg starts with a wsm_hdr whose id holds
 * number, class and interface; len is taken from hdr.len (set by the caller);
 * the front fills in the sequence number when it is packed into a burst.
 * delay_ns: not before now + delay (0: at once). FIFO among equal times.
 * Confirms give back credits here (multi TX confirms: count).
 */
void front_send(struct front *front, const void *msg, size_t len, uint64_t delay_ns);
/* So many requests have been served whose confirm never leaves: their buffers are free */
void front_release(struct front *front, int n);

/* Received frames that the host has not fetched, nor is being told of */
int front_waiting(const struct front *front);

/* The host has allowed the MCU to sleep and nothing keeps it awake (knob lp.commands). */
bool front_asleep(const struct front *front);

/* ---- firmware: called by the front ---- */
struct fw *fw_new(struct chip *chip);
void fw_free(struct fw *fw);
/* WIFI active: forget everything, then send the start-up indication. */
void fw_start(struct fw *fw);
/* WIFI deactive, power off. */
void fw_stop(struct fw *fw);
/* One request from the host: header checked by the front (len >= 4, class request or
 * MCU, sequence); msg is exactly hdr.len bytes long. */
void fw_request(struct fw *fw, const void *msg, size_t len);
/* A message of the firmware's leaves for the host, headers as they were sent */
void fw_sent(struct fw *fw, const void *msg);
/* The debug doorbell: nothing is served or said until Wi-Fi starts anew */
void fw_halt(struct fw *fw);
uint64_t fw_deadline(const struct fw *fw);
void fw_run(struct fw *fw);
bool fw_air_rx(struct fw *fw, const uint8_t *frame, size_t len, const struct air_rx_info *info);
void fw_tx_done(struct fw *fw, uint64_t cookie, const struct air_tx_result *res);
int fw_inject(struct fw *fw, int argc, char **argv, const char **why);
void fw_print_counters(const struct fw *fw, FILE *out);
void fw_print_told(const struct fw *fw, FILE *out);

#endif /* CHIP_INTERNAL_H */
