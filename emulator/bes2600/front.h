/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside the front: shared by front.c (registers), boot.c (loader), run.c (transfers). */
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
	int pokes;		/* good ones, in order */
	bool other;		/* something other than a poke was downloaded */
	bool image_seen, dpd_seen, factory_seen;
	bool run;		/* run the image once the reply was fetched */
	uint8_t reply[BES_DPD_SIZE];
	size_t reply_len;	/* pending in the mailbox */
	uint8_t image[IMAGE_ROOM];
	size_t image_len;
};

struct message {
	struct message *next;
	uint64_t due;
	size_t len;
	uint8_t bytes[];
};

struct run {
	struct message *queue;
	uint8_t burst[BES_BURST_BYTES], last[BES_BURST_BYTES];
	size_t burst_len, last_len;
	bool published, toggle, last_valid;
	bool tx_toggle;
	bool tx_repeat_ok;	/* the last write was answered with an injected error */
	bool rx_repeat_ok;
	uint8_t seq_tx[2], seq_rx[2];	/* device to host, host to device; LMAC, MCU */
	int credits, outstanding;
	int stale;		/* readings of 0x001 that still show the past */
	uint64_t silent_until;
};

struct front_counters {
	uint64_t cmd52_f0, cmd52_msg_hi, cmd52_msg_lo, cmd52_status, cmd52_other, cmd52_write;
	uint64_t cmd53_read, cmd53_write, bytes_read, bytes_written;
	uint64_t rx_hist[BES_BURST_MSGS + 1], tx_hist[BES_BURST_MSGS + 1];
	uint64_t zero_reads, irqs, credit_high, boots, wifi_starts, messages_in, messages_out;
	uint64_t loader_frames;
};

struct faults {
	int crc_read, crc_write, timeout, lose_irq, zero_busy, length_byte, seq_jump;
	bool dead, no_wifi_ready, no_mcu_ready;
};

struct front {
	struct chip *chip;
	struct card card;
	enum front_state state;
	uint64_t state_at;	/* when the state moves on by itself */
	uint8_t status;
	uint8_t status_next, status_mask;	/* doorbell effect, due at status_at */
	uint64_t status_at;
	uint8_t cmd_hi;
	bool cmd_hi_written;
	bool irq_pending, irq_level;
	unsigned int hz, width;
	struct loader loader;
	struct run run;
	struct faults faults;
	struct front_counters c;
};

void front_irq_raise(struct front *f);
void front_irq_update(struct front *f);

/* boot.c */
void boot_reset(struct front *f);
int boot_write(struct front *f, uint32_t addr, bool block, const uint8_t *buf, size_t len);
int boot_read(struct front *f, uint32_t addr, uint8_t *buf, size_t len);
void boot_step(struct front *f);

/* run.c */
void run_start(struct front *f);
void run_stop(struct front *f);
int run_write(struct front *f, uint32_t addr, bool block, const uint8_t *buf, size_t len, int *data_error);
int run_read(struct front *f, uint32_t addr, uint8_t *buf, size_t len, int *data_error);
uint8_t run_msg_hi(struct front *f);
uint8_t run_msg_lo(struct front *f);
uint64_t run_deadline(const struct front *f);
void run_publish(struct front *f, bool after_read);

uint32_t crc32_of(uint32_t crc, const void *data, size_t len);

#endif /* FRONT_H */
