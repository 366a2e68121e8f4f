// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is known about a chip that died, as text for whoever reads
 * /sys/class/devcoredump.
 */
#include <linux/devcoredump.h>
#include <linux/ktime.h>
#include <linux/seq_file.h>
#include <linux/vmalloc.h>

#include "bes2600.h"

#define BES_DUMP_BYTES	SZ_64K

/**
 * bes_log_message() - remember a message for a core dump
 * @bes: device
 * @out: to the chip
 * @msg: the message, header first
 * @len: its length
 *
 * Keys are not remembered. BH thread.
 */
void bes_log_message(struct bes_dev *bes, bool out, const void *msg, size_t len)
{
	struct bes_log *log = &bes->log[out];
	struct bes_log_entry *e = &log->entry[log->next++ % BES_LOG_MSGS];
	const struct wsm_hdr *hdr = msg;

	e->ns = ktime_get_ns();
	e->id = le16_to_cpu(hdr->id);
	e->len = len;
	memset(e->head, 0, sizeof(e->head));
	if ((e->id & WSM_ID_MASK) != WSM_REQ_ADD_KEY)
		memcpy(e->head, hdr + 1, min(len - sizeof(*hdr), sizeof(e->head)));
}

static void bes_dump_registers(struct bes_dev *bes, struct seq_file *s)
{
	static const u32 regs[] = { BES_REG_MSG_LO, BES_REG_MSG_HI, BES_REG_STATUS };
	int i, ret;
	u8 val;

	/* the bus of a dead chip may be dead as well: each read has an end */
	for (i = 0; i < ARRAY_SIZE(regs); i++) {
		ret = bes_bus_read8(bes, regs[i], &val);
		if (ret)
			seq_printf(s, "register %#05x: error %d\n", regs[i], ret);
		else
			seq_printf(s, "register %#05x: %02x\n", regs[i], val);
	}
}

static void bes_dump_exception(const struct bes_dev *bes, struct seq_file *s)
{
	const struct wsm_exception_ind *ind = &bes->exception;
	int i, n = strnlen(ind->file, sizeof(ind->file));

	if (!bes->stats.exceptions)
		return;
	seq_printf(s, "exception %u in %.*s\n", le32_to_cpu(ind->reason), n, ind->file);
	for (i = 0; i < ARRAY_SIZE(ind->regs); i++)
		seq_printf(s, "r%d: %08x\n", i, le32_to_cpu(ind->regs[i]));
}

static void bes_dump_log(const struct bes_log *log, const char *way, struct seq_file *s)
{
	unsigned int i, n = min_t(unsigned int, log->next, BES_LOG_MSGS);

	for (i = log->next - n; i != log->next; i++) {
		const struct bes_log_entry *e = &log->entry[i % BES_LOG_MSGS];
		int shown = min_t(int, e->len - sizeof(struct wsm_hdr), sizeof(e->head));

		seq_printf(s, "%s %llu.%06llu %04x %u %*phN\n", way, e->ns / NSEC_PER_SEC,
			   e->ns % NSEC_PER_SEC / NSEC_PER_USEC, e->id, e->len, shown, e->head);
	}
}

static void bes_dump_write(struct bes_dev *bes, struct seq_file *s)
{
	int i;

	seq_printf(s, "bes2600 %s: %s\n", dev_name(bes->dev), bes->death);
	seq_printf(s, "firmware %s\n", bes->fw_label);
	bes_dump_registers(bes, s);
	bes_dump_exception(bes, s);
	bes_status_show(s, NULL);
	bes_stats_show(s, NULL);
	for (i = 0; i < 2; i++)
		bes_health_show(s, &bes->health[i]);
	bes_dump_log(&bes->log[0], "<", s);
	bes_dump_log(&bes->log[1], ">", s);
}

/**
 * bes_coredump() - tell user space about a chip that died
 * @bes: device, thread parked
 *
 * wiphy mutex.
 */
void bes_coredump(struct bes_dev *bes)
{
	struct seq_file s = { .private = bes, .size = BES_DUMP_BYTES };

	lockdep_assert_wiphy(bes->hw->wiphy);
	if (!IS_ENABLED(CONFIG_DEV_COREDUMP))
		return;
	/* nothing depends on it: without memory there is no dump, and no noise */
	s.buf = __vmalloc(BES_DUMP_BYTES, GFP_KERNEL | __GFP_NOWARN);
	if (!s.buf)
		return;
	/* the text that debugfs shows is written by the same functions */
	bes_dump_write(bes, &s);
	dev_coredumpv(bes->dev, s.buf, s.count, GFP_KERNEL);
}
