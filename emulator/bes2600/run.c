// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Transfers while Wi-Fi is on: sheet 10 sections 4, 6 and 7, sheet 30 section 1.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "front.h"

#define RUN_SETTLED	1000	/* readings after which no value of rx.stale_reads counts */

/* By class: sheet 10 section 7.1 */
static const size_t slots[] = { 512, 1024, 1536, BES_SLOT_MAX };

static uint16_t get16(const uint8_t *p)
{
	return p[0] | p[1] << 8;
}

static void put16(uint8_t *p, uint16_t v)
{
	p[0] = v & 0xff;
	p[1] = v >> 8;
}

size_t run_slot(uint32_t addr)
{
	return slots[addr & BES_ADDR_CLASS];
}

const uint8_t *run_burst(const struct front *f)
{
	return f->state == FRONT_WSM && f->run.published ? f->run.burst : NULL;
}

static size_t align4(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

static bool run_is_mcu(const struct message *m)
{
	return WSM_ID_IS_MCU(get16(m->bytes + 2));
}

static bool run_is_frame(const struct message *m)
{
	return (get16(m->bytes + 2) & WSM_ID_MASK) == WSM_IND_RX;
}

struct message *run_unqueue(struct run *r)
{
	struct message *m = r->queue;

	r->queue = m->next;
	r->waiting -= run_is_frame(m);
	if (r->newest == m)
		r->newest = NULL;
	return m;
}

static void run_drop(struct front *f)
{
	while (f->run.queue)
		free(run_unqueue(&f->run));
}

void run_start(struct front *f)
{
	uint64_t silent_until = f->run.silent_until;

	run_drop(f);
	memset(&f->run, 0, sizeof(f->run));
	f->run.silent_until = silent_until;
	f->run.reads = RUN_SETTLED;
	f->c.wifi_starts++;
	f->irq_pending = false;
}

void run_stop(struct front *f)
{
	run_drop(f);
	f->run.published = false;
	f->irq_pending = false;
	front_irq_update(f);
}

/* ---- to the host ---- */

int front_waiting(const struct front *f)
{
	return f->run.waiting;
}

static void run_queue(struct front *f, const void *msg, size_t len, uint64_t delay_ns, bool edge)
{
	struct message **at = &f->run.queue, *m;

	m = malloc(sizeof(*m) + len);
	if (!m)
		abort();
	m->due = f->chip->now + delay_ns;
	m->edge = edge;
	m->len = len;
	memcpy(m->bytes, msg, len);
	f->run.waiting += run_is_frame(m);
	/* nearly always behind the one before: a flood must not cost a walk for each message */
	if (f->run.newest && f->run.newest->due <= m->due)
		at = &f->run.newest->next;
	while (*at && (*at)->due <= m->due)
		at = &(*at)->next;
	m->next = *at;
	*at = m;
	f->run.newest = m;
}

static void run_strangers(struct front *f, const void *msg, size_t len, uint64_t delay_ns)
{
	uint8_t more[BES_SLOT_MAX + 800];

	for (int n = hostile_strangers(f, msg, len); n; n--) {
		size_t extra = hostile_stranger(f, more);

		run_queue(f, more, extra, delay_ns, hostile_edge(f));
	}
}

/* Credits that a message gives back: sheet 30 section 1.5 */
static int run_credits_of(const uint8_t *msg, size_t len)
{
	uint16_t id = get16(msg + 2);

	if (WSM_ID_IS_MCU(id))
		return len >= 12 && msg[8] == WSM_MCU_LABEL_CNF;
	if ((id & WSM_ID_CLASS) != WSM_CLASS_CNF)
		return 0;
	if ((id & WSM_ID_MASK) == WSM_CNF_MULTI_TX && len >= 8)
		return msg[4];
	return 1;
}

void front_release(struct front *f, int n)
{
	f->run.outstanding -= n;
	if (f->run.outstanding < 0)
		f->run.outstanding = 0;
}

/* Published by front_run(): what comes at one moment, as an aggregate does, goes into one burst */
void front_send(struct front *f, const void *msg, size_t len, uint64_t delay_ns)
{
	uint8_t copy[BES_SLOT_MAX + 800];
	int copies = 1, own, told;
	bool edge;

	if (f->state != FRONT_WSM || len < sizeof(struct wsm_hdr) || len > sizeof(copy))
		return;
	memcpy(copy, msg, len);
	own = run_credits_of(copy, len);
	run_strangers(f, copy, len, delay_ns);
	mangle_message(f, copy, &len, &delay_ns, &copies);
	edge = hostile_message(f, copy, &len, &delay_ns, &copies) && hostile_edge(f);
	/* a spoiled confirm may hide from the host what is free, but the buffers are */
	told = copies * run_credits_of(copy, len);
	if (told < own)
		front_release(f, own - told);
	while (copies--)
		run_queue(f, copy, len, delay_ns, edge);
}

void run_silence(struct front *f, uint64_t until)
{
	f->run.silent_until = until;
}

static void run_stamp(struct front *f, uint8_t *msg, size_t len)
{
	uint16_t id = get16(msg + 2);
	uint8_t *seq = &f->run.seq_tx[WSM_ID_IS_MCU(id)];

	if (f->faults.seq_jump) {
		f->faults.seq_jump = 0;
		chip_fault(f->chip);
		*seq = (*seq + 1) & 7;
	}
	put16(msg + 2, (id & ~WSM_ID_SEQ) | *seq << WSM_ID_SEQ_SHIFT);
	if ((id & WSM_ID_MASK) != WSM_IND_EXCEPTION)
		*seq = (*seq + 1) & 7;
	front_release(f, run_credits_of(msg, len));
	f->c.messages_out++;
	fw_sent(f->chip->fw, msg);
	chip_message(f->chip, CHIP_DEV_TO_HOST, false, msg, len);
}

/* Spoils a packed burst of n messages; returns how many it holds then */
static int run_spoil(struct front *f, size_t *at, int n)
{
	static const uint8_t event[] = { 12, 0, 0x05, 0x08, 10, 0, 0, 0, 0, 0, 0, 0 };
	uint8_t *burst = f->run.burst;

	switch (f->faults.message) {
	case BAD_SHORT:
		put16(burst, 2);
		break;
	case BAD_HUGE:
		put16(burst, 0xffff);
		break;
	case BAD_UNALIGNED:
		put16(burst, get16(burst) + 1);
		break;
	case BAD_COUNT17:
		for (; n < 17 && *at + sizeof(event) <= sizeof(f->run.burst); n++, *at += sizeof(event)) {
			memcpy(burst + *at, event, sizeof(event));
			run_stamp(f, burst + *at, sizeof(event));
		}
		break;
	default:
		break;
	}
	if (f->faults.message != BAD_NONE)
		chip_fault(f->chip);
	f->faults.message = BAD_NONE;
	return n;
}

/* So much before a message that it ends the longest burst */
static size_t run_fill(struct front *f, const struct message *m)
{
	size_t fill = sizeof(f->run.burst) - align4(m->len);

	hostile_fill(f, f->run.burst, fill);
	run_stamp(f, f->run.burst, fill);
	return fill;
}

static void run_pack(struct front *f)
{
	struct run *r = &f->run;
	struct knobs *k = f->chip->knobs;
	bool was_mcu = false;
	size_t at = 0;
	int n = 0;

	memset(r->burst, 0, sizeof(r->burst));
	while (r->queue) {
		struct message *m = r->queue;
		bool mcu = run_is_mcu(m);

		if (m->due > f->chip->now || at + align4(m->len) > sizeof(r->burst))
			break;
		/* longer than a slot: only as the first of its burst, 30 section 1.4 */
		if (n && (m->len > BES_SLOT_MAX || m->edge))
			break;
		if (!knob_allows(k, KNOB_rx_burst, n + 1))
			break;
		if (n && mcu != was_mcu && knob_is(k, KNOB_rx_mcu_mixed, "apart"))
			break;
		was_mcu = mcu;
		if (m->edge) {
			at = run_fill(f, m);
			n++;
		}
		memcpy(r->burst + at, m->bytes, m->len);
		run_stamp(f, r->burst + at, m->len);
		at += align4(m->len);
		free(run_unqueue(r));
		n++;
	}
	n = run_spoil(f, &at, n);
	r->burst_len = (at + BES_BLOCK_SIZE - 1) / BES_BLOCK_SIZE * BES_BLOCK_SIZE;
	f->c.rx_hist[n < BES_BURST_MSGS ? n : BES_BURST_MSGS]++;
}

/* The length byte lags behind what happened, for some readings (inject stale) */
void run_stale(struct front *f, int readings)
{
	f->run.stale = readings;
}

static void run_changed(struct front *f)
{
	run_stale(f, 0);
	f->run.reads = 0;
}

void run_publish(struct front *f, bool after_read)
{
	struct run *r = &f->run;
	if (f->state != FRONT_WSM || r->published || !r->queue || r->silent_until > f->chip->now ||
	    r->queue->due > f->chip->now ||
	    !knob_past(f->chip->knobs, KNOB_rx_holdoff, r->queue->due, 1000, f->chip->now))
		return;
	run_pack(f);
	r->published = true;
	if (!after_read)
		run_changed(f);
	/* "once": the host's trailing read of the length finds it */
	if (!after_read || knob_is(f->chip->knobs, KNOB_rx_irq_between, "again"))
		front_irq_raise(f);
}

uint64_t run_deadline(const struct front *f)
{
	const struct run *r = &f->run;
	uint64_t due;

	if (f->state != FRONT_WSM || r->published || !r->queue)
		return UINT64_MAX;
	due = knob_due(f->chip->knobs, KNOB_rx_holdoff, r->queue->due, 1000);
	return due > r->silent_until ? due : r->silent_until;
}

static uint8_t run_length_byte(const struct run *r)
{
	return r->published ? r->burst_len / BES_BLOCK_SIZE | r->toggle << 7 : 0;
}

/* With the toggle bit that was asked for: of the burst that is next, or of the one before it */
static uint8_t run_false_length(const struct front *f)
{
	const struct faults *x = &f->faults;
	bool toggle = f->run.toggle == (x->length_toggle == TOGGLE_NEXT);

	if (x->length_toggle == TOGGLE_GIVEN)
		return x->length_byte;
	return (x->length_byte & BES_MSG_HI_BLOCKS) | (toggle ? BES_MSG_HI_TOGGLE : 0);
}

static bool run_is_stale(const struct front *f)
{
	return f->run.stale > 0 || knob_allows(f->chip->knobs, KNOB_rx_stale_reads, f->run.reads + 1);
}

/* Register 0x001: reading it drops the interrupt, sheet 10 section 5 */
uint8_t run_msg_hi(struct front *f)
{
	struct run *r = &f->run;
	uint8_t val;

	f->irq_pending = false;
	if (f->faults.length_byte >= 0) {
		val = run_false_length(f);
		f->faults.length_byte = -1;
		f->faults.lied = val;
		chip_fault(f->chip);
		return val;
	}
	if (run_is_stale(f)) {
		r->stale -= r->stale > 0;
		r->reads++;
		f->c.stale_reads++;
		return r->stale_value;
	}
	val = run_length_byte(r);
	r->stale_value = val;
	f->c.zero_reads += !val;
	return val;
}

/* Register 0x000: bit 0 says that an empty 0x001 is to be believed */
uint8_t run_msg_lo(struct front *f)
{
	if (run_is_stale(f) || front_fault(f, &f->faults.zero_busy))
		return 0;
	return f->run.published ? 0 : BES_MSG_LO_IDLE;
}

/* The host cannot tell the chip that the data was damaged: it asks with the same toggle again */
static int run_hand_over(struct front *f, uint8_t *buf, size_t len, int *data_error)
{
	struct run *r = &f->run;

	memcpy(buf, r->last, len < r->last_len ? len : r->last_len);
	r->rx_repeat_ok = front_bus_fault(f, &f->faults.crc_read, r->last, r->last_len, 0);
	if (r->rx_repeat_ok) {
		memset(buf, 0xa5, len);
		*data_error = -EILSEQ;
	}
	return 0;
}

static int run_read_next(struct front *f, uint8_t *buf, size_t len, int *data_error)
{
	struct run *r = &f->run;

	memcpy(r->last, r->burst, len);
	r->last_len = len;
	r->last_valid = true;
	/* what 0x001 goes on showing for a while */
	r->stale_value = run_length_byte(r);
	run_changed(f);
	r->published = false;
	r->toggle = !r->toggle;
	f->irq_pending = false;
	run_publish(f, true);
	return run_hand_over(f, buf, len, data_error);
}

/* The host believes what an injected length byte said */
static bool run_misled(struct front *f, size_t len, bool toggle)
{
	int lied = f->faults.lied;

	f->faults.lied = -1;
	return lied >= 0 && len == (lied & 0x7fu) * BES_BLOCK_SIZE && toggle == lied >> 7;
}

int run_read(struct front *f, uint32_t addr, uint8_t *buf, size_t len, int *data_error)
{
	struct run *r = &f->run;
	bool toggle = addr & BES_ADDR_TOGGLE;
	bool fits = r->published && len == r->burst_len;
	bool misled = run_misled(f, len, toggle);

	memset(buf, 0, len);
	if ((addr & 0xffff) != len)
		chip_violation(f->chip, NULL, 0, "read of %zu bytes with address 0x%x (10 section 4)", len, addr);
	if (fits && toggle == r->toggle)
		return run_read_next(f, buf, len, data_error);
	if (hostile_serves(f, buf, len))
		return 0;
	if (misled)
		return CARD_R5_RANGE;
	if (r->last_valid && toggle != r->toggle) {
		if (!r->rx_repeat_ok || len != r->last_len)
			chip_violation(f->chip, NULL, 0, "read toggle repeated without an error (10 section 4.1)");
		if (fits && knob_is(f->chip->knobs, KNOB_rx_wrong_toggle, "next"))
			return run_read_next(f, buf, len, data_error);
		return run_hand_over(f, buf, len, data_error);
	}
	chip_violation(f->chip, NULL, 0, "read of %zu bytes, toggle %d: %zu bytes, toggle %d announced (10 section 6.4)",
		       len, toggle, r->published ? r->burst_len : 0, r->toggle);
	return CARD_R5_RANGE;
}

/* ---- from the host ---- */

static bool run_zero(const uint8_t *p, size_t len)
{
	while (len--)
		if (*p++)
			return false;
	return true;
}

static void run_check_sequence(struct front *f, const uint8_t *msg)
{
	static char exception[] = "exception";
	char *argv[] = { exception, NULL };
	uint16_t id = get16(msg + 2);
	uint8_t *expected = &f->run.seq_rx[WSM_ID_IS_MCU(id)];
	uint8_t seq = id >> WSM_ID_SEQ_SHIFT, was = *expected;
	const char *why;

	*expected = (seq + 1) & 7;
	if (seq == was || knob_is(f->chip->knobs, KNOB_host_sequence, "ignored"))
		return;
	chip_violation(f->chip, msg, 4, "sequence %u, %u expected (30 section 1.3)", seq, was);
	if (knob_is(f->chip->knobs, KNOB_host_sequence, "fatal"))
		fw_inject(f->chip->fw, 1, argv, &why);
}

/* L = align4(length + 4) decides the class; the smallest that fits the bare length is as good */
static bool run_check_class(struct front *f, const uint8_t *msg, size_t len, size_t slot)
{
	int with = 0, bare = 0;

	while (with < 3 && slots[with] < align4(len + 4))
		with++;
	while (bare < 3 && slots[bare] < len)
		bare++;
	if (slot == slots[with] || slot == slots[bare] || knob_is(f->chip->knobs, KNOB_tx_slot_mix, "taken"))
		return true;
	chip_violation(f->chip, msg, 4, "message of %zu bytes in a slot of %zu (10 section 7.1)", len, slot);
	return false;
}

/* alone: nothing shares its transfer */
static bool run_check_message(struct front *f, const uint8_t *msg, size_t slot, bool alone)
{
	size_t len = get16(msg);
	uint16_t id = get16(msg + 2);

	if (len < sizeof(struct wsm_hdr) || len > slot) {
		chip_violation(f->chip, msg, 16, "message of %zu bytes in a slot of %zu (10 section 7.2)", len, slot);
		return false;
	}
	if (!run_zero(msg + len, slot - len))
		chip_leak(f->chip, msg + len, front_head(slot - len),
			  "bytes after a message are not zero (40 section 16 E2)");
	if ((id & WSM_ID_CLASS) != WSM_CLASS_REQ && !WSM_ID_IS_MCU(id)) {
		chip_violation(f->chip, msg, 4, "message 0x%04x is neither request nor MCU (30 section 1.1)", id);
		return false;
	}
	if (!run_check_class(f, msg, len, slot))
		return false;
	if (!alone && WSM_ID_IS_MCU(id)) {
		chip_violation(f->chip, msg, 4, "MCU command shares a transfer (10 section 7.4)");
		if (knob_is(f->chip->knobs, KNOB_tx_mcu_shared, "lost"))
			return false;
	}
	/* the chip's mistake, not the host's */
	if (!f->run.tx_repeated)
		run_check_sequence(f, msg);
	return true;
}

/* What the chip takes a second time is its own mistake, and has its place */
static void run_place(struct front *f, const uint8_t *msg)
{
	struct run *r = &f->run;

	if (r->tx_repeated)
		return;
	r->outstanding++;
	if ((uint64_t)r->outstanding > f->c.credit_high)
		f->c.credit_high = r->outstanding;
	if (!knob_allows(f->chip->knobs, KNOB_start_credits, r->outstanding))
		chip_violation(f->chip, msg, 4, "%d messages outstanding, %d buffers (30 section 1.5)",
			       r->outstanding, knob_value(f->chip->knobs, KNOB_start_credits));
	else if ((get16(msg + 2) & WSM_ID_MASK) == WSM_REQ_TX &&
		 !knob_allows(f->chip->knobs, KNOB_start_credits, r->outstanding + 1))
		chip_violation(f->chip, msg, 4, "a frame takes the last of %d buffers, which is for commands (30 section 1.5)",
			       knob_value(f->chip->knobs, KNOB_start_credits));
}

static void run_take(struct front *f, const uint8_t *msg)
{
	run_place(f, msg);
	f->c.messages_in++;
	chip_message(f->chip, CHIP_HOST_TO_DEV, false, msg, get16(msg));
	fw_request(f->chip->fw, msg, get16(msg));
}

/* Knob tx.byte_mode: the mmc core sends a single block in byte mode */
static bool run_check_mode(struct front *f, bool block, const uint8_t *buf, size_t len)
{
	if (block || (len == BES_BLOCK_SIZE && knob_is(f->chip->knobs, KNOB_tx_byte_mode, "taken")))
		return true;
	chip_violation(f->chip, buf, front_head(len), "run-mode write in byte mode (10 section 4)");
	return false;
}

static bool run_check_burst(struct front *f, uint32_t addr, const uint8_t *buf, size_t len, size_t slot)
{
	size_t sum = addr & 0xfffc;

	if (!sum || sum % slot || sum / slot > BES_BURST_MSGS || sum > len) {
		chip_violation(f->chip, buf, front_head(len), "address 0x%x is no sum of slots of %zu (10 section 7.2)",
			       addr, slot);
		return false;
	}
	if (len != (sum + BES_BLOCK_SIZE - 1) / BES_BLOCK_SIZE * BES_BLOCK_SIZE)
		chip_violation(f->chip, buf, 4, "%zu bytes for slots of %zu in all (10 section 7.2)", len, sum);
	if (!run_zero(buf + sum, len - sum))
		chip_leak(f->chip, buf + sum, front_head(len - sum),
			  "padding of a burst is not zero (40 section 16 E2)");
	return true;
}

/* The toggle of the transfer before: the host thinks that one was lost */
static bool run_repeated(struct front *f, bool toggle)
{
	struct run *r = &f->run;

	if (toggle == r->tx_toggle)
		return false;
	if (!r->tx_repeat_ok)
		chip_violation(f->chip, NULL, 0, "write toggle repeated without an error (10 section 4.1)");
	r->tx_repeated = r->tx_repeat_ok;
	return knob_is(f->chip->knobs, KNOB_tx_wrong_toggle, "drop");
}

int run_write(struct front *f, uint32_t addr, bool block, const uint8_t *buf, size_t len)
{
	struct run *r = &f->run;
	size_t slot = slots[addr & BES_ADDR_CLASS];
	bool toggle = addr & BES_ADDR_TOGGLE, repeated;
	int n = (addr & 0xfffc) / slot;

	if (!run_check_mode(f, block, buf, len))
		return 0;
	if (!run_check_burst(f, addr, buf, len, slot))
		return CARD_R5_RANGE;
	r->tx_repeated = false;
	repeated = run_repeated(f, toggle);
	r->tx_repeat_ok = r->tx_spoilt;
	if (repeated)
		return 0;
	r->tx_toggle = !toggle;
	f->c.tx_hist[n]++;
	for (int i = 0; i < n; i++)
		if (run_check_message(f, buf + i * slot, slot, n == 1))
			run_take(f, buf + i * slot);
	return 0;
}
