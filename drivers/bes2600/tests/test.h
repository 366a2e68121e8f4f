/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A device without a card: what goes to the bus is caught, what comes from the
 * chip is given to bes_dispatch() or bes_bh_split().
 */
#ifndef BES2600_TEST_H
#define BES2600_TEST_H

#include <kunit/test.h>

#include "bes2600.h"

#define BES_TEST_SAYINGS	3
#define BES_TEST_LOG		8
#define BES_TEST_LOG_BYTES	64

/* What is ready for mac80211 */
#define BES_TEST_RECEIVED(bes)	(&(bes)->rx_new)
#define BES_TEST_FINISHED(bes)	(&(bes)->done_new)

struct bes_test {
	struct bes_dev *bes;
	struct ieee80211_vif *vif;	/* interface 0, listed as vifs[0] */

	/* last write to the data port */
	u8 *out;
	u32 out_addr;
	size_t out_len;
	int writes;
	/* the heads of the last ones, by their number */
	u8 log[BES_TEST_LOG][BES_TEST_LOG_BYTES];
	int write_errors;		/* so many fail with -EILSEQ first */

	/* reads of the data port: all get these bytes, or zeros */
	const void *in;
	size_t in_len;
	u32 in_addr;
	int reads;
	int read_errors;		/* so many fail with -EILSEQ first */
	/* reads of registers, in order; the last value stays */
	const u8 *regs;
	int n_regs, reg_reads;

	/* what the chip says once a command was written; default: a plain yes */
	struct {
		const void *msg;
		size_t len;
	} say[BES_TEST_SAYINGS];
	int says, said;

	/* messages left to the wiphy work */
	int deferred;
	u16 deferred_id;
	size_t deferred_len;

	void *more;			/* of a suite */
};

/* A case that runs under the wiphy mutex, which init() cannot take for another thread */
struct bes_test_locked {
	const char *name;
	void (*run)(struct kunit *test);
};

int bes_test_init(struct kunit *test);
void bes_test_exit(struct kunit *test);

static inline struct bes_dev *bes_test_dev(struct kunit *test)
{
	return ((struct bes_test *)test->priv)->bes;
}

/* The next one, or NULL; the caller owns it */
static inline struct sk_buff *bes_test_received(struct bes_dev *bes)
{
	return __skb_dequeue(BES_TEST_RECEIVED(bes));
}

static inline struct sk_buff *bes_test_finished(struct bes_dev *bes)
{
	return __skb_dequeue(BES_TEST_FINISHED(bes));
}

/* Of exact size, so that a read past the end is seen by KASAN */
void *bes_test_copy(struct kunit *test, const void *data, size_t len);
/* After the next command, the chip sends this; several add up */
void bes_test_say(struct kunit *test, const void *msg, size_t len);
/* The last write held one message in a slot of that class, zero to its end */
void bes_test_wrote(struct kunit *test, const void *msg, size_t len, size_t slot,
		    unsigned int class, bool toggle);
/* The next messages from the chip carry this sequence number */
void bes_test_rx_seq(struct kunit *test, u8 seq);
/* A message of an indication nobody knows, to be counted only. Returns its padded length. */
size_t bes_test_unknown(u8 *at, size_t len, u8 seq);

extern struct kunit_suite bes_rate_suite;
extern struct kunit_suite bes_factory_suite;
extern struct kunit_suite bes_sdd_suite;
extern struct kunit_suite bes_loader_suite;
extern struct kunit_suite bes_transfer_suite;
extern struct kunit_suite bes_event_suite;
extern struct kunit_suite bes_cmd_suite;
extern struct kunit_suite bes_scan_suite;
extern struct kunit_suite bes_key_suite;
extern struct kunit_suite bes_rx_suite;
extern struct kunit_suite bes_tx_suite;
extern struct kunit_suite bes_window_suite;
extern struct kunit_suite bes_pm_suite;
extern struct kunit_suite bes_sta_suite;

#endif /* BES2600_TEST_H */
