// SPDX-License-Identifier: GPL-2.0-only
/*
 * What can be seen in <phy>/bes2600/. Reading never talks to the chip.
 */
#include <linux/debugfs.h>
#include <linux/seq_file.h>

#include "bes2600.h"

/**
 * bes_status_show() - the device in a few lines
 * @s: where to; its private data is the device
 * @unused: unused
 *
 * Return: 0.
 */
int bes_status_show(struct seq_file *s, void *unused)
{
	struct bes_dev *bes = s->private;
	const struct wsm_startup_ind *caps = &bes->caps;

	seq_printf(s, "State:      %s\n", bes_state_name(READ_ONCE(bes->state)));
	seq_printf(s, "Hardware:   %u.%u\n", le16_to_cpu(caps->hw_id),
		   le16_to_cpu(caps->hw_sub_id));
	seq_printf(s, "Firmware:   %*pE\n", (int)strlen(caps->label), caps->label);
	seq_printf(s, "FW API:     %u, build %u, version %u\n", le16_to_cpu(caps->fw_api),
		   le16_to_cpu(caps->fw_build), le16_to_cpu(caps->fw_version));
	seq_printf(s, "TX bufs:    %d x %u\n", READ_ONCE(bes->credits),
		   le16_to_cpu(caps->buf_size));
	seq_printf(s, "Used bufs:  %d\n", READ_ONCE(bes->outstanding));
	seq_printf(s, "Scan:       %s\n", bes->scan.req ? "active" : "idle");
	seq_printf(s, "TX power:   %d.%d dBm\n", bes->power_written / 10, bes->power_written % 10);
	seq_printf(s, "Bluetooth:  %#x\n", READ_ONCE(bes->bt_state));
	seq_printf(s, "BusResets:  %llu\n", READ_ONCE(bes->stats.resets));
	seq_printf(s, "BusResetFailures: %llu\n", READ_ONCE(bes->stats.reset_failures));
	seq_printf(s, "LmacWedges: %llu\n", READ_ONCE(bes->stats.wedges));
	seq_printf(s, "Exceptions: %llu\n", READ_ONCE(bes->stats.exceptions));
	seq_printf(s, "LastReset:  %s\n", bes->death ?: "none");
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(bes_status);

static void bes_show_row(struct seq_file *s, const char *name, const u64 *row, size_t n)
{
	size_t i;

	seq_printf(s, "%s:", name);
	for (i = 0; i < n; i++)
		seq_printf(s, " %llu", READ_ONCE(row[i]));
	seq_puts(s, "\n");
}

#define BES_SHOW(member) seq_printf(s, #member ": %llu\n", READ_ONCE(st->member))

/**
 * bes_stats_show() - all counters of the device
 * @s: where to; its private data is the device
 * @unused: unused
 *
 * Return: 0.
 */
int bes_stats_show(struct seq_file *s, void *unused)
{
	struct bes_dev *bes = s->private;
	const struct bes_stats *st = &bes->stats;

	BES_SHOW(cmd52);
	BES_SHOW(cmd53_read);
	BES_SHOW(cmd53_write);
	BES_SHOW(rx_bytes);
	BES_SHOW(tx_bytes);
	BES_SHOW(rx_frames);
	BES_SHOW(tx_frames);
	bes_show_row(s, "rx_messages_per_transfer", st->rx_hist, ARRAY_SIZE(st->rx_hist));
	bes_show_row(s, "tx_messages_per_transfer", st->tx_hist, ARRAY_SIZE(st->tx_hist));
	bes_show_row(s, "rx_drops_by_status", st->rx_drops, ARRAY_SIZE(st->rx_drops));
	BES_SHOW(zero_reads);
	BES_SHOW(stale_toggles);
	BES_SHOW(unsettled);
	BES_SHOW(lost_irqs);
	BES_SHOW(crc_retries);
	BES_SHOW(stale_cookies);
	BES_SHOW(copies);
	BES_SHOW(class_splits);
	BES_SHOW(bad_packing);
	BES_SHOW(bad_messages);
	BES_SHOW(unknown_messages);
	BES_SHOW(credit_high);
	BES_SHOW(credits_exhausted);
	BES_SHOW(credits_exhausted_ns);
	BES_SHOW(wakeups);
	BES_SHOW(commands);
	BES_SHOW(mcu_unanswered);
	BES_SHOW(resets);
	BES_SHOW(reset_failures);
	BES_SHOW(wedges);
	BES_SHOW(exceptions);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(bes_stats);

#define BES_HEALTH(name, member) \
	seq_printf(s, "%-11s %llu\n", name ":", READ_ONCE(h->member))

/**
 * bes_health_show() - how well a station of the wire does
 * @s: where to
 * @h: the station
 */
void bes_health_show(struct seq_file *s, const struct bes_health *h)
{
	BES_HEALTH("DecryptFailures", decrypt_failures);
	BES_HEALTH("DecryptStormRecoveries", decrypt_storms);
	BES_HEALTH("ConnectionLosses", losses);
	BES_HEALTH("ConnectionLossStormRecoveries", loss_storms);
	BES_HEALTH("ScanRejects", scan_refused);
	BES_HEALTH("ScanDeferred", scan_deferred);
	BES_HEALTH("ScanSpurious", scan_spurious);
	BES_HEALTH("ScanLost", scan_lost);
	BES_HEALTH("ScanFailed", scan_failed);
	BES_HEALTH("UnprotDeauthRx", deauths);
	BES_HEALTH("TriggerCClusters", clusters);
	BES_HEALTH("JoinFailures", join_failures);
}

static int bes_vif_status_show(struct seq_file *s, void *unused)
{
	struct bes_dev *bes = s->private;

	bes_health_show(s, &bes->health[0]);
	bes_pm_show(bes, s);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(bes_vif_status);

/**
 * bes_debugfs_register() - make the files
 * @bes: device, registered
 */
void bes_debugfs_register(struct bes_dev *bes)
{
	struct dentry *dir = debugfs_create_dir("bes2600", bes->hw->wiphy->debugfsdir);

	debugfs_create_file("status", 0400, dir, bes, &bes_status_fops);
	debugfs_create_file("stats", 0400, dir, bes, &bes_stats_fops);
	/* there as long as the device: counters outlive the interface */
	dir = debugfs_create_dir("vif_0", dir);
	debugfs_create_file("status", 0400, dir, bes, &bes_vif_status_fops);
}
