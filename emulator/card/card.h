/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The front of an SDIO card, for any chip: command decoding, CCCR, FBR, CIS.
 * The other functions are served by callbacks.
 */
#ifndef CARD_H
#define CARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CARD_FUNCTIONS	2

/* R5 flags */
#define CARD_R5_RANGE		0x01
#define CARD_R5_FUNCTION	0x02
#define CARD_R5_ERROR		0x08

struct card_config {
	uint16_t vendor, device;
	int functions;			/* 1..CARD_FUNCTIONS, all with the same ids */
	bool version3;			/* SDIO 3.00 without UHS modes, else 2.00 */
	uint16_t max_block;
};

struct card_ops {
	/* CMD52 on a function; return R5 flags (0: fine) */
	int (*read8)(void *ctx, int fn, uint32_t addr, uint8_t *val);
	int (*write8)(void *ctx, int fn, uint32_t addr, uint8_t val);
	/* CMD53; len is what goes over the bus; *data_error: errno of the data phase */
	int (*read)(void *ctx, int fn, uint32_t addr, bool block, void *buf, size_t len, int *data_error);
	int (*write)(void *ctx, int fn, uint32_t addr, bool block, const void *buf, size_t len,
		     int *data_error);
	/* A rule of the card bus was broken by the host */
	void (*violation)(void *ctx, const char *what, uint32_t arg);
};

struct card {
	struct card_config config;
	struct card_ops ops;
	void *ctx;
	bool selected;
	bool lost;			/* lost its power behind the host's back, and so its address */
	uint8_t io_enable, int_enable, int_pending, bus, speed;
	uint16_t block[8];		/* block size, by function */
};

void card_init(struct card *card, const struct card_config *config, const struct card_ops *ops, void *ctx);
/* Power-on state; configuration stays */
void card_reset(struct card *card);
/* As chip_command(); returns 0 or the errno of the response phase */
int card_command(struct card *card, unsigned int opcode, uint32_t arg, void *data, size_t len,
		 uint32_t *response, int *data_error);
/* What CCCR 0x05 shows; hosts without the interrupt line poll it */
void card_set_pending(struct card *card, int fn, bool pending);
/* May the function drive the interrupt line? */
bool card_irq_enabled(const struct card *card, int fn);
bool card_enabled(const struct card *card, int fn);

#endif /* CARD_H */
