/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Inside the front: front.c (registers), doorbell.c (sub-systems), boot.c
 * (loader), run.c (transfers), faults.c (injection, counters).
 */
#ifndef FRONT_H
#define FRONT_H

#include "../card/card.h"
#include "internal.h"

#define MS	1000000ULL
#define IMAGE_ROOM	(BES_ADDR_FACTORY - BES_ADDR_IMAGE)

enum front_state {
	FRONT_OFF,
	FRONT_ROM,		/* loader of the boot ROM */
	FRONT_BOOT,		/* boot image calibrates */
	FRONT_DPD,		/* its result waits in the mailbox */
	FRONT_LOADER2,		/* loader again */
	FRONT_MAIN,		/* main image, Wi-Fi off */
	FRONT_WSM,		/* Wi-Fi on */
};

struct loader {
	bool open;		/* INFO seen */
	uint32_t addr, len, got, crc;
	bool ended;		/* END was good */
	int pokes;		/* register pokes seen */
	bool image_seen, dpd_seen;
	bool run;		/* run the image once the reply was fetched */
	uint64_t room_since;	/* from here on, and a while later, there are receive buffers */
	int frames;		/* since power-on, for faults */
	uint8_t reply[BES_DPD_SIZE];
	size_t reply_len;	/* pending in the mailbox */
	uint64_t late_at;	/* when a withheld reply gets there */
	uint8_t image[IMAGE_ROOM];
	size_t image_len;
	uint8_t dpd[BES_DPD_SIZE];	/* as the host wrote it back */
	uint8_t factory[BES_FACTORY_SIZE];
	uint8_t seq;		/* of the last frame */
};

struct message {
	struct message *next;
	uint64_t due;
	bool edge;		/* ends the longest burst that there is */
	size_t len;
	uint8_t bytes[];
};

struct run {
	struct message *queue;
	struct message *newest;		/* the last that was queued, if it still is */
	uint8_t burst[BES_BURST_BYTES], last[BES_BURST_BYTES];
	size_t burst_len, last_len;
	bool published, toggle, last_valid;
	bool tx_toggle;
	bool tx_spoilt;		/* this write is taken, but will be answered with an error */
	bool tx_repeated;	/* this write is one that the chip had taken before (tx.wrong_toggle) */
	bool tx_repeat_ok;	/* the last write was taken, but answered with an injected error */
	bool rx_repeat_ok;	/* the last read was answered with one */
	uint8_t seq_tx[2], seq_rx[2];	/* device to host, host to device; LMAC, MCU */
	int outstanding;
	int stale;		/* readings of 0x001 that still show the past, by injection */
	int waiting;		/* received frames in the queue */
	unsigned int reads;	/* of 0x001 that showed the past, since it changed */
	uint8_t stale_value;
	uint64_t silent_until;
};

struct front_counters {
	uint64_t cmd52_f0, cmd52_msg_hi, cmd52_msg_lo, cmd52_status, cmd52_other, cmd52_write;
	uint64_t bt_sleeps, bt_wakes, mcu_sleeps, mcu_wakes;
	uint64_t cmd53_read, cmd53_write, bytes_read, bytes_written;
	uint64_t rx_hist[BES_BURST_MSGS + 1], tx_hist[BES_BURST_MSGS + 1];
	uint64_t zero_reads, stale_reads, irqs, credit_high, boots, wifi_starts, messages_in, messages_out;
	uint64_t loader_frames;
};

enum bad_message { BAD_NONE, BAD_SHORT, BAD_HUGE, BAD_UNALIGNED, BAD_COUNT17 };
enum bad_reply { REPLY_GOOD, REPLY_SEQ, REPLY_TYPE, REPLY_LEN, REPLY_RESULT, REPLY_LATE, REPLY_NONE };
enum bad_dpd { DPD_GOOD, DPD_CRC, DPD_LENGTH };

enum mangle_kind {
	MANGLE_NONE, MANGLE_DROP, MANGLE_DELAY, MANGLE_DUP, MANGLE_SHORT, MANGLE_LONG,
	MANGLE_INTERFACE, MANGLE_STATUS, MANGLE_BYTE,
};

/* What becomes of the next message with this id */
struct mangle {
	enum mangle_kind kind;
	uint16_t id;
	int a, b;
};

#define MANGLES	16

/* So many of the next transfers err; only those that carry a message with this id, -1: any */
struct bus_fault {
	int n, id;
	bool read;		/* a command of the MCU and its confirm have the same id: the latter */
};

/* Counts: so many of the next ones */
struct faults {
	struct bus_fault crc_read, crc_write, crc_status, timeout, busy;
	int crc_response, lose_irq, zero_busy, dead_power;
	uint64_t stuck_until;	/* the interrupt line does not let go */
	int lied;		/* length byte that was a lie, -1: none */
	struct mangle mangle[MANGLES];
	int length_byte;	/* -1: none */
	enum { TOGGLE_GIVEN, TOGGLE_NEXT, TOGGLE_LAST } length_toggle;
	bool seq_jump;
	int no_wifi_ready, no_mcu_ready, no_mcu_wake;
	enum bad_message message;
	enum bad_reply reply;
	int reply_at;		/* number of the frame since power-on, -1: the next */
	enum bad_dpd dpd;
	int dead;		/* until the power has come back so many times */
};

#define LIE_SHAPES	15
#define OLD_MESSAGES	8	/* of each shape */

struct old {
	size_t len;
	uint8_t bytes[256];
};

/* A chip that lies at random */
struct hostile {
	int permille;		/* of all answers and messages; 0: off */
	uint64_t rng;
	bool bus_is_honest;	/* only messages are lies */
	bool frames;		/* those that nobody expects are, this time */
	bool lied;		/* since the power came: the host cannot know what is right */
	struct old old[LIE_SHAPES][OLD_MESSAGES];
	unsigned int olds;
};

/* One bit of the status register, on its way */
struct bell {
	uint64_t at;		/* UINT64_MAX: settled */
	bool value;
};

struct front {
	struct chip *chip;
	struct card card;
	enum front_state state;
	uint64_t state_at;	/* when the state moves on by itself */
	uint8_t status;
	struct bell bell[8];
	bool wifi_starting;	/* the firmware starts when the Wi-Fi bit gets set */
	uint64_t slept_at;	/* since when the host lets the MCU sleep; UINT64_MAX: it does not */
	uint64_t woken_at;	/* when it was last woken; UINT64_MAX: never */
	bool wake_line;		/* physical level */
	uint8_t cmd_hi;
	bool cmd_hi_written;
	bool irq_pending, irq_level;
	unsigned int hz, width;
	uint64_t extra_ns;	/* of the command in progress: the card stayed busy */
	struct loader loader;
	struct run run;
	struct faults faults;
	struct hostile hostile;
	struct front_counters c;
};

void front_irq_raise(struct front *f);
void front_irq_update(struct front *f);
/* So many of len bytes as a violation shows */
size_t front_head(size_t len);
/* An injected fault is due: true once per count */
bool front_fault(struct front *f, int *count);
/* The same for a transfer of messages, stride bytes apart (0: packed); data NULL: no messages */
bool front_bus_fault(struct front *f, struct bus_fault *x, const uint8_t *data, size_t len, size_t stride);

/* doorbell.c */
void bell_reset(struct front *f);
void bell_ring(struct front *f, uint16_t word);
void bell_run(struct front *f);
uint64_t bell_deadline(const struct front *f);
bool bell_asleep(const struct front *f);
/* 0 or what CMD52 and CMD53 end with while the MCU sleeps or just wakes */
int bell_deaf(const struct front *f);
void bell_wake_line(struct front *f, bool level);

/* faults.c */
void faults_init(struct faults *x);

/* mangle.c */
/* Spoils what is to be spoiled; msg has room for every size */
void mangle_message(struct front *f, uint8_t *msg, size_t *len, uint64_t *delay, int *copies);
int mangle_inject(struct front *f, int argc, char **argv, const char **why);

/* hostile.c */
/* Both spoil what they are given, or leave it; 0 or an error of the bus */
int hostile_register(struct front *f, uint8_t *val);
int hostile_data(struct front *f, uint8_t *buf, size_t len);
/* Error of a write that was taken */
int hostile_write(struct front *f);
bool hostile_irq_lost(struct front *f);
/* A read of what was never announced gets noise and no error */
bool hostile_serves(struct front *f, uint8_t *buf, size_t len);
/* As mangle_message(); true if it did anything */
bool hostile_message(struct front *f, uint8_t *msg, size_t *len, uint64_t *delay, int *copies);
/* How many messages are to go before msg; one of them, of that length, out has room for every size */
int hostile_strangers(struct front *f, const uint8_t *msg, size_t len);
size_t hostile_stranger(struct front *f, uint8_t *out);
/* Shall a lie end the longest burst that there is; what goes before it there, len bytes */
bool hostile_edge(struct front *f);
void hostile_fill(struct front *f, uint8_t *out, size_t len);
void hostile_power(struct front *f);
/* 0 to n - 1 */
uint32_t hostile_below(struct hostile *h, uint32_t n);
void hostile_noise(struct hostile *h, uint8_t *at, size_t len);
/* Another interface in the head of a message */
void hostile_interface(struct hostile *h, uint8_t *msg);
int hostile_inject(struct front *f, int argc, char **argv, const char **why);

/* lies.c */
void lie_remember(struct hostile *h, const uint8_t *msg, size_t len);
/* A message contradicts itself. Returns its length, which never grows */
size_t lie_message(struct hostile *h, uint8_t *msg, size_t len);
/* One that does, out of nothing, a received frame or anything; out has room for every size */
size_t lie_anew(struct hostile *h, uint8_t *out, bool frame);
/* The beginning of a frame that was received; false: none is known */
bool lie_frame_head(struct hostile *h, uint8_t *out, size_t len);

/* boot.c */
void boot_reset(struct front *f);
const char *boot_place(const struct front *f);
int boot_write(struct front *f, uint32_t addr, bool block, const uint8_t *buf, size_t len);
int boot_read(struct front *f, uint32_t addr, uint8_t *buf, size_t len, int *data_error);
void boot_step(struct front *f);
void boot_late(struct front *f);

/* run.c */
/* The burst that waits to be read, NULL: none */
const uint8_t *run_burst(const struct front *f);
size_t run_slot(uint32_t addr);
void run_start(struct front *f);
void run_stop(struct front *f);
/* Takes the first message from a queue that is not empty; the caller frees it */
struct message *run_unqueue(struct run *r);
int run_write(struct front *f, uint32_t addr, bool block, const uint8_t *buf, size_t len);
int run_read(struct front *f, uint32_t addr, uint8_t *buf, size_t len, int *data_error);
uint8_t run_msg_hi(struct front *f);
uint8_t run_msg_lo(struct front *f);
void run_silence(struct front *f, uint64_t until);
void run_stale(struct front *f, int readings);
uint64_t run_deadline(const struct front *f);
void run_publish(struct front *f, bool after_read);

#endif /* FRONT_H */
