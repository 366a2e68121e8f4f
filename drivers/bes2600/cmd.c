// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests to the chip: one in flight, under the wiphy mutex.
 */
#include <linux/slab.h>

#include "bes2600.h"
#include "trace.h"

/*
 * The thread gives up before these: it knows whether any confirm came. Joining
 * a BSS that does not answer takes 5 s.
 */
#define BES_CMD_TIMEOUT_MS	6000
#define BES_CMD_SLOW_MS		10000
#define BES_CMD_MCU_MS		3000
#define BES_CONFIRM_MS		3000
#define BES_CONFIRM_SLOW_MS	8000
/* Firmware has been waited for as long as it took: there may be some that takes seconds */
#define BES_CHANNEL_MS		5000

static const struct {
	u16 id;
	const char *name;
} bes_names[] = {
	{ WSM_REQ_TX, "transmit" },
	{ WSM_REQ_READ_MIB, "read MIB" },
	{ WSM_REQ_WRITE_MIB, "write MIB" },
	{ WSM_REQ_START_SCAN, "start scan" },
	{ WSM_REQ_STOP_SCAN, "stop scan" },
	{ WSM_REQ_CONFIGURATION, "configuration" },
	{ WSM_REQ_RESET, "reset" },
	{ WSM_REQ_JOIN, "join" },
	{ WSM_REQ_ADD_KEY, "add key" },
	{ WSM_REQ_REMOVE_KEY, "remove key" },
	{ WSM_REQ_SET_PM, "set power mode" },
	{ WSM_REQ_SET_BSS_PARAMS, "set BSS parameters" },
	{ WSM_REQ_TX_QUEUE_PARAMS, "set queue parameters" },
	{ WSM_REQ_EDCA, "set EDCA" },
	{ WSM_REQ_SWITCH_CHANNEL, "switch channel" },
	{ WSM_REQ_START, "start" },
	{ WSM_REQ_UPDATE_IE, "update IE" },
	{ WSM_REQ_MAP_LINK, "map link" },
	{ WSM_REQ_EPTA, "EPTA" },
	{ WSM_MCU_DRIVER, "MCU driver command" },
};

/**
 * bes_msg_name() - name of a request or of its confirm
 * @id: message id, class and sequence ignored
 *
 * Return: a name, never NULL.
 */
const char *bes_msg_name(u16 id)
{
	int i;

	if ((id & WSM_ID_CLASS) == WSM_CLASS_CNF)
		id &= ~WSM_CLASS_CNF;
	id &= WSM_ID_MASK;
	for (i = 0; i < ARRAY_SIZE(bes_names); i++)
		if (bes_names[i].id == id)
			return bes_names[i].name;
	return "unknown message";
}
EXPORT_SYMBOL_IF_KUNIT(bes_msg_name);

static bool bes_cmd_is_slow(u16 id)
{
	return id == WSM_REQ_JOIN || id == WSM_REQ_START || id == WSM_REQ_RESET;
}

static unsigned int bes_cmd_timeout(u16 id)
{
	if (WSM_ID_IS_MCU(id))
		return BES_CMD_MCU_MS;
	/* these wait for the frames in the chip, whose receiver may be gone */
	if (id == WSM_REQ_START_SCAN || id == WSM_REQ_SWITCH_CHANNEL)
		return BES_CMD_SLOW_MS;
	return bes_cmd_is_slow(id) ? BES_CMD_SLOW_MS : BES_CMD_TIMEOUT_MS;
}

/* What the MCU is told only helps it: a chip that does not confirm that is not dead */
static void bes_cmd_unanswered(struct bes_dev *bes, u16 id)
{
	if (!WSM_ID_IS_MCU(id)) {
		bes->stats.wedges++;
		bes_fatal(bes, "command without an answer");
		return;
	}
	WRITE_ONCE(bes->mcu_silent, true);
	bes_bh_wake(bes, BES_BH_MCU);
}

static int bes_cmd_status(struct bes_dev *bes, const struct wsm_hdr *req, u32 status)
{
	u16 id = le16_to_cpu(req->id) & WSM_ID_MASK;

	if (status == WSM_STATUS_OK)
		return 0;
	/* mib.c tells of the one; the other has found the slot empty, which is what was wanted */
	if (id != WSM_REQ_WRITE_MIB && id != WSM_REQ_REMOVE_KEY)
		dev_info_ratelimited(bes->dev, "%s refused by the chip (status %u)\n",
				     bes_msg_name(le16_to_cpu(req->id)), status);
	return -EIO;
}

/**
 * bes_cmd() - send a request and wait for its confirm
 * @bes: device
 * @if_id: interface on the wire
 * @id: WSM_REQ_* or WSM_MCU_*
 * @req: the request, header first (filled in here); stays owned by the caller
 * @len: its length
 * @cnf: where the confirm goes, header included, or NULL
 * @cnf_len: room at @cnf; a successful confirm must be at least that long
 *
 * wiphy mutex.
 *
 * Return: 0; -EIO if the chip refused or died; -ETIMEDOUT; -ENODEV if it does
 * not run.
 */
int bes_cmd(struct bes_dev *bes, u8 if_id, u16 id, void *req, size_t len, void *cnf, size_t cnf_len)
{
	struct wsm_hdr *hdr = req;
	struct bes_cmd cmd = { .req = hdr, .cnf = cnf, .cnf_len = cnf_len };
	/* the watchdog leaves the judgement of the controller to us */
	bool slow = bes_cmd_is_slow(id) || WSM_ID_IS_MCU(id);
	int ret;

	lockdep_assert_wiphy(bes->hw->wiphy);
	if (len > BES_MSG_MAX)
		return -EMSGSIZE;
	hdr->len = cpu_to_le16(len);
	hdr->id = cpu_to_le16(id | (WSM_ID_IS_MCU(id) ? 0 : if_id << WSM_ID_IF_SHIFT));
	init_completion(&cmd.done);

	spin_lock_bh(&bes->cmd_lock);
	if (READ_ONCE(bes->state) != BES_STATE_RUNNING) {
		spin_unlock_bh(&bes->cmd_lock);
		return -ENODEV;
	}
	WRITE_ONCE(bes->cmd_deadline_ms, slow ? BES_CONFIRM_SLOW_MS : BES_CONFIRM_MS);
	bes->cmd = &cmd;
	spin_unlock_bh(&bes->cmd_lock);
	bes_bh_wake(bes, BES_BH_CMD);

	ret = wait_for_completion_timeout(&cmd.done, msecs_to_jiffies(bes_cmd_timeout(id)));
	WRITE_ONCE(bes->cmd_deadline_ms, BES_CONFIRM_MS);
	if (!ret) {
		bes_cmd_unanswered(bes, id);
		/* if not that, then whoever fills the slot this very moment */
		bes_cmd_complete(bes, -ETIMEDOUT, NULL, 0);
		wait_for_completion(&cmd.done);
	}
	trace_bes_command(bes, le16_to_cpu(hdr->id), cmd.result, cmd.status);
	return cmd.result ? cmd.result : bes_cmd_status(bes, hdr, cmd.status);
}

/**
 * bes_cmd_complete() - finish the command in flight, if there is one
 * @bes: device
 * @result: 0 or a negative errno
 * @cnf: the confirm, or NULL
 * @len: its length
 */
void bes_cmd_complete(struct bes_dev *bes, int result, const struct wsm_generic_cnf *cnf,
		      size_t len)
{
	struct bes_cmd *cmd;

	spin_lock_bh(&bes->cmd_lock);
	cmd = bes->cmd;
	bes->cmd = NULL;
	if (cmd) {
		cmd->result = result;
		if (cnf) {
			cmd->status = WSM_ID_IS_MCU(le16_to_cpu(cnf->hdr.id)) ?
				      0 : le32_to_cpu(cnf->status);
			if (cmd->cnf)
				memcpy(cmd->cnf, cnf, min(len, cmd->cnf_len));
			if (!cmd->status && len < cmd->cnf_len)
				cmd->result = -EPROTO;
		}
		complete(&cmd->done);
	}
	spin_unlock_bh(&bes->cmd_lock);
}

/**
 * bes_cmd_configuration() - MAC address and system dependent data (0x0009)
 * @bes: device
 * @if_id: interface
 * @mac: station address
 *
 * Return: 0 or a negative errno.
 */
int bes_cmd_configuration(struct bes_dev *bes, u8 if_id, const u8 *mac)
{
	size_t n = bes->sdd ? bes->sdd_len : WSM_SDD_SIZE;
	struct wsm_configuration_req *req;
	size_t len = sizeof(*req) + n;
	int ret;

	req = kzalloc(len, GFP_KERNEL);
	if (!req)
		return -ENOMEM;
	req->block_len = cpu_to_le16(n + 12);
	req->block_version = cpu_to_le16(1);
	ether_addr_copy(req->mac, mac);
	req->block_flags = cpu_to_le16(5);
	memcpy(req->sdd, bes->sdd ?: bes_sdd, n);
	ret = bes_cmd(bes, if_id, WSM_REQ_CONFIGURATION, req, len, &bes->conf, sizeof(bes->conf));
	kfree(req);
	if (!ret && !ether_addr_equal(bes->conf.mac, mac))
		dev_warn(bes->dev, "the chip took %pM for its address, not %pM\n",
			 bes->conf.mac, mac);
	return ret;
}
EXPORT_SYMBOL_IF_KUNIT(bes_cmd_configuration);

/**
 * bes_cmd_scan() - start a scan (0x0007); always on interface 0
 * @bes: device
 * @req: request with channels and SSIDs
 * @len: its length
 *
 * Return: 0 if a scan-complete indication will follow, else a negative errno.
 */
int bes_cmd_scan(struct bes_dev *bes, struct wsm_scan_req *req, size_t len)
{
	return bes_cmd(bes, 0, WSM_REQ_START_SCAN, req, len, NULL, 0);
}
EXPORT_SYMBOL_IF_KUNIT(bes_cmd_scan);

/**
 * bes_cmd_stop_scan() - stop a scan (0x0008)
 * @bes: device
 * @if_id: interface
 *
 * Return: 0 or a negative errno.
 */
int bes_cmd_stop_scan(struct bes_dev *bes, u8 if_id)
{
	struct wsm_hdr req = {};

	return bes_cmd(bes, if_id, WSM_REQ_STOP_SCAN, &req, sizeof(req), NULL, 0);
}
EXPORT_SYMBOL_IF_KUNIT(bes_cmd_stop_scan);

/**
 * bes_cmd_reset() - leave the BSS (0x000a)
 * @bes: device
 * @if_id: interface
 *
 * Return: 0 or a negative errno.
 */
int bes_cmd_reset(struct bes_dev *bes, u8 if_id)
{
	struct wsm_reset_req req = {};

	return bes_cmd(bes, if_id, WSM_REQ_RESET, &req, sizeof(req), NULL, 0);
}
EXPORT_SYMBOL_IF_KUNIT(bes_cmd_reset);

/**
 * bes_cmd_join() - synchronise with a BSS (0x000b)
 * @bes: device
 * @if_id: interface
 * @req: what to join
 * @cnf: the confirm: power range
 *
 * Return: 0 or a negative errno.
 */
int bes_cmd_join(struct bes_dev *bes, u8 if_id, struct wsm_join_req *req, struct wsm_join_cnf *cnf)
{
	return bes_cmd(bes, if_id, WSM_REQ_JOIN, req, sizeof(*req), cnf, sizeof(*cnf));
}
EXPORT_SYMBOL_IF_KUNIT(bes_cmd_join);

/**
 * bes_cmd_add_key() - install a key (0x000c)
 * @bes: device
 * @if_id: interface
 * @req: the key
 *
 * Return: 0 or a negative errno.
 */
int bes_cmd_add_key(struct bes_dev *bes, u8 if_id, struct wsm_add_key_req *req)
{
	return bes_cmd(bes, if_id, WSM_REQ_ADD_KEY, req, sizeof(*req), NULL, 0);
}

/**
 * bes_cmd_remove_key() - remove a key (0x000d)
 * @bes: device
 * @if_id: interface
 * @index: slot
 *
 * Return: 0 or a negative errno.
 */
int bes_cmd_remove_key(struct bes_dev *bes, u8 if_id, u8 index)
{
	struct wsm_remove_key_req req = { .index = index };

	return bes_cmd(bes, if_id, WSM_REQ_REMOVE_KEY, &req, sizeof(req), NULL, 0);
}
EXPORT_SYMBOL_IF_KUNIT(bes_cmd_remove_key);

/**
 * bes_cmd_set_pm() - power save mode of a station (0x0010)
 * @bes: device
 * @if_id: interface
 * @mode: WSM_PM_*
 * @fast_idle: idle time before dozing in the fast mode, 500 us
 *
 * An indication follows when the mode is in force. Some firmware never says.
 *
 * Return: 0 or a negative errno.
 */
int bes_cmd_set_pm(struct bes_dev *bes, u8 if_id, u8 mode, u8 fast_idle)
{
	struct wsm_set_pm_req req = { .mode = mode, .fast_idle = fast_idle };

	return bes_cmd(bes, if_id, WSM_REQ_SET_PM, &req, sizeof(req), NULL, 0);
}
EXPORT_SYMBOL_IF_KUNIT(bes_cmd_set_pm);

/**
 * bes_cmd_bss_params() - association id, rates, beacon supervision (0x0011)
 * @bes: device
 * @if_id: interface
 * @beacon_lost: beacons missed in a row that make a lost BSS
 * @aid: association id
 * @rates: operational rates, bits are rate ids
 * @ht_rates: HT rates, bits are rate ids
 *
 * Return: 0 or a negative errno.
 */
int bes_cmd_bss_params(struct bes_dev *bes, u8 if_id, u8 beacon_lost, u16 aid, u32 rates,
		       u32 ht_rates)
{
	struct wsm_bss_params_req req = {
		.beacon_lost = beacon_lost,
		.aid = cpu_to_le16(aid),
		.rates = cpu_to_le32(rates),
		.ht_rates = cpu_to_le32(ht_rates),
	};

	return bes_cmd(bes, if_id, WSM_REQ_SET_BSS_PARAMS, &req, sizeof(req), NULL, 0);
}
EXPORT_SYMBOL_IF_KUNIT(bes_cmd_bss_params);

/**
 * bes_cmd_tx_queue() - queue parameters, all default (0x0012)
 * @bes: device
 * @if_id: interface
 * @aci: access category as 802.11 numbers it
 *
 * Return: 0 or a negative errno.
 */
int bes_cmd_tx_queue(struct bes_dev *bes, u8 if_id, u8 aci)
{
	struct wsm_tx_queue_params_req req = { .aci = aci };

	return bes_cmd(bes, if_id, WSM_REQ_TX_QUEUE_PARAMS, &req, sizeof(req), NULL, 0);
}
EXPORT_SYMBOL_IF_KUNIT(bes_cmd_tx_queue);

/**
 * bes_cmd_edca() - the whole EDCA table (0x0013)
 * @bes: device
 * @if_id: interface
 * @edca: table in wire order
 *
 * Return: 0 or a negative errno.
 */
int bes_cmd_edca(struct bes_dev *bes, u8 if_id, struct wsm_edca_req *edca)
{
	return bes_cmd(bes, if_id, WSM_REQ_EDCA, edca, sizeof(*edca), NULL, 0);
}

/* How long the end of a channel switch may take, in ms */
VISIBLE_IF_KUNIT
unsigned int bes_cmd_channel_limit(struct bes_dev *bes)
{
	KUNIT_STATIC_STUB_REDIRECT(bes_cmd_channel_limit, bes);
	return BES_CHANNEL_MS;
}
EXPORT_SYMBOL_IF_KUNIT(bes_cmd_channel_limit);

/**
 * bes_cmd_switch_channel() - channel and width (0x0016)
 * @bes: device
 * @if_id: interface
 * @channel: IEEE number
 * @type: 0 no HT, 1 HT20, 2 HT40-, 3 HT40+
 *
 * Waits for the indication that ends the switch. A chip that never sends it is
 * sick.
 *
 * Return: 0 or a negative errno.
 */
int bes_cmd_switch_channel(struct bes_dev *bes, u8 if_id, u16 channel, u8 type)
{
	struct wsm_switch_channel_req req = {
		.mode = WSM_CHAN_MODE | type << WSM_CHAN_TYPE_SHIFT,
		.channel = cpu_to_le16(channel),
	};
	unsigned long limit = msecs_to_jiffies(bes_cmd_channel_limit(bes));
	int ret;

	reinit_completion(&bes->chan_done);
	ret = bes_cmd(bes, if_id, WSM_REQ_SWITCH_CHANNEL, &req, sizeof(req), NULL, 0);
	if (ret)
		return ret;
	if (!wait_for_completion_timeout(&bes->chan_done, limit)) {
		bes_fatal(bes, "channel switch does not end");
		return -ETIMEDOUT;
	}
	return READ_ONCE(bes->state) == BES_STATE_RUNNING ? 0 : -EIO;
}
EXPORT_SYMBOL_IF_KUNIT(bes_cmd_switch_channel);

/**
 * bes_cmd_epta() - time division between Wi-Fi and Bluetooth (0x0029)
 * @bes: device
 * @wlan_us: time for Wi-Fi
 * @bt_us: time for Bluetooth
 * @mode: arbitration mode
 *
 * Return: 0 or a negative errno.
 */
int bes_cmd_epta(struct bes_dev *bes, u32 wlan_us, u32 bt_us, u32 mode)
{
	struct wsm_epta_req req = {
		.wlan_us = cpu_to_le32(wlan_us),
		.bt_us = cpu_to_le32(bt_us),
		.mode = cpu_to_le32(mode),
	};

	return bes_cmd(bes, 0, WSM_REQ_EPTA, &req, sizeof(req), NULL, 0);
}
EXPORT_SYMBOL_IF_KUNIT(bes_cmd_epta);

/**
 * bes_cmd_mcu_state() - tell the MCU what Wi-Fi does (0x0c27)
 * @bes: device
 * @state: WSM_WIFI_STATE_*
 *
 * Return: 0 or a negative errno.
 */
int bes_cmd_mcu_state(struct bes_dev *bes, u32 state)
{
	struct wsm_mcu_state_req req = {
		.type = cpu_to_le32(WSM_MCU_TYPE_WIFI_STATE),
		.state = cpu_to_le32(state),
	};

	if (READ_ONCE(bes->mcu_silent))
		return 0;
	return bes_cmd(bes, 0, WSM_MCU_DRIVER, &req, sizeof(req), NULL, 0);
}
EXPORT_SYMBOL_IF_KUNIT(bes_cmd_mcu_state);
