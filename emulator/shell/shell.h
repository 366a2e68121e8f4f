/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The program around chip and air: everything that does I/O. One thread, one
 * epoll, and one reading of the clock per wake-up; chip and air get their time
 * from here and nowhere else.
 */
#ifndef SHELL_H
#define SHELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "../air/air.h"
#include "../chip.h"
#include "convert.h"

#define NEVER		UINT64_MAX
#define NS_PER_S	1000000000ull
#define MAX_CHIPS	4
#define CHIP_MACS	4

struct options {
	const char *control, *bus_pcap, *air_pcap, *counters, *log;
	uint64_t seed;
	bool plug, no_medium;
};

/* X(name): sorted, as they are printed */
#define SHELL_COUNTERS(X) \
	X(bus_cancelled) \
	X(bus_commands) \
	X(bus_interrupts) \
	X(bus_late_answers) \
	X(bus_ns) \
	X(cards_removed) \
	X(control_errors) \
	X(control_lines) \
	X(doze_deaf) \
	X(frames_forged) \
	X(medium_acks_refused) \
	X(medium_copies) \
	X(medium_copies_refused) \
	X(medium_frames) \
	X(medium_malformed) \
	X(medium_overflows) \
	X(medium_queue_full) \
	X(medium_status_refused) \
	X(messages) \
	X(violations) \
	X(wakeups)

struct shell_counters {
#define X(name) uint64_t name;
	SHELL_COUNTERS(X)
#undef X
};

struct vsdio;
struct hwsim;
struct control;
struct capture;

/* One emulated chip and its wires */
struct device {
	struct shell *sh;
	const struct chip_ops *ops;
	struct chip *chip;
	char id[32];			/* names it on the command line and to the control socket */
	const char *path;		/* of its host, NULL: none */
	int station, freq;
	uint8_t macs[CHIP_MACS][6];	/* addresses that it was seen to use, latest first */
	int n_macs;
	bool flush;			/* its frames leave the air when the air has run */
	bool dropping;			/* it asked for that itself */
	uint64_t messages;
	struct vsdio *vsdio;
	int capture;			/* its interface there */
};

struct shell {
	struct options opt;
	uint64_t now;			/* ns, CLOCK_MONOTONIC at this wake-up */
	uint64_t started;
	bool quit;
	int failed;			/* exit code of an internal error */

	struct device devices[MAX_CHIPS];
	int n_devices;
	struct air *air;
	int forge_station;		/* sends what the control socket makes up */
	bool muted[AIR_MAX_STATIONS];
	struct doze_table doze;
	bool in_air;			/* inside air_run(): the air must not be flushed */

	struct hwsim *hwsim;
	struct control *control;
	struct capture *capture;
	FILE *log;
	struct shell_counters counters;

	int epoll;
	int timer;
	uint64_t armed;
};

/* loop.c */
typedef void (*shell_ready)(struct shell *sh, void *arg);
/* What epoll hands back: who is to be called. */
struct watch {
	shell_ready ready;
	void *arg;
	int fd;
	/* its events tell the time: the handler sets it and calls loop_due() */
	bool own_time;
};
/* A chip more, before loop_init(); id NULL: called as its kind. 0 or -errno. */
int shell_add_chip(struct shell *sh, const struct chip_ops *ops, const char *id);
/* The chip that was seen to use this address; the chip of that name; or NULL */
struct device *shell_chip_of(struct shell *sh, const uint8_t *mac);
struct device *shell_find_chip(struct shell *sh, const char *id);
int loop_init(struct shell *sh);
int loop_watch(struct shell *sh, struct watch *watch);
void loop_unwatch(struct shell *sh, struct watch *watch);
/* Does all work that is due, until nothing is due any more. */
void loop_due(struct shell *sh);
/* Until quit or an internal error. */
void loop_run(struct shell *sh);
void shell_log(struct shell *sh, const char *format, ...) __attribute__((format(printf, 2, 3)));
void shell_print_counters(struct shell *sh, FILE *out);
/* Who has this address, or -1 */
int shell_station(struct shell *sh, const uint8_t *mac);
void shell_set_muted(struct shell *sh, int station, bool muted);
/* Puts a made-up frame on the air. */
int shell_forge(struct shell *sh, const uint8_t *frame, size_t len, int freq);

/* vsdio.c */
int vsdio_open(struct device *dev);
void vsdio_close(struct device *dev);
/* 0 or -errno; *why says what to do. words: flags of the host, or "". */
int vsdio_plug(struct device *dev, const char *words, const char **why);
int vsdio_unplug(struct device *dev, const char **why);
/* Tells the host the level of the interrupt line, if it has changed. */
void vsdio_sync_irq(struct device *dev);

/* hwsim.c */
int hwsim_open(struct shell *sh);
void hwsim_close(struct shell *sh);
/* Handles what the kernel has sent; returns true if there was anything. */
bool hwsim_process(struct shell *sh);
/* Sends what was collected */
void hwsim_flush(struct shell *sh);
bool hwsim_deliver(struct shell *sh, int station, const uint8_t *frame, size_t len,
		   const struct air_rx_info *info);
/* A unicast frame has been taken by its addressee: sessions may begin or end with it. */
void hwsim_observe(struct shell *sh, const uint8_t *frame, size_t len);
void hwsim_tx_done(struct shell *sh, int station, uint64_t cookie,
		   const struct air_tx_result *res);
/* Station of the radio that owns an address, or -1; *freq (may be NULL): where it last sent. */
int hwsim_find(struct shell *sh, const uint8_t *mac, int *freq);
/* A radio that the kernel does not list (other network namespace); returns the station. */
int hwsim_declare(struct shell *sh, const uint8_t *mac);
int hwsim_set_sniffer(struct shell *sh, int station, bool on);
void hwsim_print_stations(struct shell *sh, FILE *out);

/* control.c */
int control_open(struct shell *sh, const char *path);
void control_close(struct shell *sh);
/* Runs a line; the answer is one of JSON. */
void control_execute(struct shell *sh, const char *text, FILE *out);
/* A message with this id crosses the bus of that chip */
void control_message(struct device *dev, int id);
uint64_t control_deadline(const struct shell *sh);
/* Runs what has been scheduled for now or before. */
void control_run(struct shell *sh);

/* capture.c */
int capture_open(struct shell *sh);
void capture_close(struct shell *sh);
void capture_command(struct device *dev, unsigned int opcode, uint32_t arg, uint32_t response,
		     int error, const void *data, size_t len);
void capture_message(struct device *dev, enum chip_dir dir, unsigned int channel, const void *msg,
		     size_t len);
void capture_air(struct shell *sh, uint64_t at, const uint8_t *frame, size_t len,
		 const struct air_rx_info *info, bool lost);

#endif /* SHELL_H */
