/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A chip whose firmware runs, without bus and air: for the fuzzers of the firmware. */
#ifndef FW_BENCH_H
#define FW_BENCH_H

#include "../bes2600/front.h"
#include "../bes2600/fw.h"

#define FUZZ_AIR 64

struct fuzz_bench {
	struct chip *chip;
	uint64_t now;
	int freq;
	uint64_t cookie[FUZZ_AIR];
	int n_air;
};

static void fuzz_flush(void *ctx) { ((struct fuzz_bench *)ctx)->n_air = 0; }
static void fuzz_tune(void *ctx, int freq) { ((struct fuzz_bench *)ctx)->freq = freq; }

static void fuzz_air_tx(void *ctx, const struct air_mpdu *mpdu)
{
	struct air_tx_result res = { 0 };
	struct fuzz_bench *b = ctx;

	/* what the air accepts */
	if (mpdu->len > AIR_MAX_FRAME || mpdu->len < 10 || mpdu->n_rates < 1 ||
	    mpdu->n_rates > AIR_MAX_RATES || mpdu->ac > 3 || !mpdu->freq)
		abort();
	if (b->n_air == FUZZ_AIR)
		fw_tx_done(b->chip->fw, mpdu->cookie, &res);
	else
		b->cookie[b->n_air++] = mpdu->cookie;
}

static inline void fuzz_results(struct fuzz_bench *b, bool acked)
{
	struct air_tx_result res = { .acked = acked, .attempts = 3 };
	uint64_t cookie[FUZZ_AIR];
	int i, n = b->n_air;

	memcpy(cookie, b->cookie, sizeof(cookie));
	b->n_air = 0;
	for (i = 0; i < n; i++)
		fw_tx_done(b->chip->fw, cookie[i], &res);
}

/* What may never reach a host */
static inline void fuzz_drain(struct fuzz_bench *b)
{
	struct run *r = &b->chip->front->run;
	struct message *m;

	while ((m = r->queue)) {
		if (m->len < 4 || fw_get16(m->bytes) != m->len ||
		    (fw_get16(m->bytes + 2) & WSM_ID_IF) > 2 << WSM_ID_IF_SHIFT)
			abort();
		run_unqueue(r);
		free(m);
	}
}

static inline void fuzz_advance(struct fuzz_bench *b, uint64_t ns)
{
	uint64_t end = b->now + ns;
	int steps = 0;

	while (fw_deadline(b->chip->fw) <= end) {
		if (fw_deadline(b->chip->fw) > b->now)
			b->now = fw_deadline(b->chip->fw);
		b->chip->now = b->now;
		fw_run(b->chip->fw);
		/* a timer that never moves on */
		if (++steps > 100000)
			abort();
		fuzz_drain(b);
	}
	b->now = b->chip->now = end;
}

static inline void fuzz_open(struct fuzz_bench *b)
{
	struct chip_env env = {
		.ctx = b, .air_tx = fuzz_air_tx, .air_tune = fuzz_tune, .air_flush = fuzz_flush,
	};

	memset(b, 0, sizeof(*b));
	b->chip = chip_new(&env, 1);
	b->now = b->chip->now = 1000 * MS;
	b->chip->front->state = FRONT_WSM;
	b->chip->front->run.published = true;
	fw_start(b->chip->fw);
}

static inline void fuzz_close(struct fuzz_bench *b)
{
	fuzz_drain(b);
	chip_free(b->chip);
}

#endif /* FW_BENCH_H */
