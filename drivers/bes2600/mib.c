// SPDX-License-Identifier: GPL-2.0-only
/*
 * MIBs: numbered variables of the chip.
 */
#include <linux/slab.h>

#include "bes2600.h"

/* Said once per number: what a firmware does not know today, it will not know tomorrow */
static void bes_mib_refused(struct bes_dev *bes, u16 mib)
{
	unsigned int bit = mib - BES_MIB_FIRST;

	if (bit >= BES_MIBS || !__test_and_set_bit(bit, bes->mib_refused))
		dev_info(bes->dev, "the firmware does not take MIB %#06x\n", mib);
}

/**
 * bes_mib_write() - write a MIB (0x0006)
 * @bes: device
 * @if_id: interface
 * @mib: number
 * @data: value
 * @len: its size
 *
 * Return: 0 or a negative errno.
 */
int bes_mib_write(struct bes_dev *bes, u8 if_id, u16 mib, const void *data, size_t len)
{
	struct wsm_write_mib_req *req;
	int ret;

	if (len > BES_MSG_MAX - sizeof(*req))
		return -EMSGSIZE;
	req = kzalloc(sizeof(*req) + len, GFP_KERNEL);
	if (!req)
		return -ENOMEM;
	req->mib = cpu_to_le16(mib);
	req->len = cpu_to_le16(len);
	memcpy(req->data, data, len);
	ret = bes_cmd(bes, if_id, WSM_REQ_WRITE_MIB, req, sizeof(*req) + len, NULL, 0);
	kfree(req);
	if (ret == -EIO && READ_ONCE(bes->state) == BES_STATE_RUNNING)
		bes_mib_refused(bes, mib);
	return ret;
}
EXPORT_SYMBOL_IF_KUNIT(bes_mib_write);

static struct bes_mib_shadow *bes_mib_slot(struct bes_vif *bvif, u16 mib)
{
	int i;

	/* filled in order, emptied together */
	for (i = 0; i < ARRAY_SIZE(bvif->shadow); i++)
		if (!bvif->shadow[i].len || bvif->shadow[i].mib == mib)
			return &bvif->shadow[i];
	return NULL;
}

/**
 * bes_mib_update() - write a MIB if its value is new
 * @bvif: interface
 * @mib: number
 * @data: value
 * @len: its size, at most 60
 *
 * wiphy mutex, which guards what is remembered of the last value.
 *
 * Return: 0 or a negative errno.
 */
int bes_mib_update(struct bes_vif *bvif, u16 mib, const void *data, size_t len)
{
	struct bes_mib_shadow *slot;
	int ret;

	lockdep_assert_wiphy(bvif->bes->hw->wiphy);
	slot = bes_mib_slot(bvif, mib);
	if (slot && len > sizeof(slot->data))
		slot = NULL;
	if (slot && slot->len == len && !memcmp(slot->data, data, len))
		return 0;
	ret = bes_mib_write(bvif->bes, bvif->id, mib, data, len);
	if (!ret && slot) {
		slot->mib = mib;
		slot->len = len;
		memcpy(slot->data, data, len);
	}
	return ret;
}
EXPORT_SYMBOL_IF_KUNIT(bes_mib_update);

/**
 * bes_mib_forget() - the chip lost what was written to this interface
 * @bvif: interface
 *
 * wiphy mutex.
 */
void bes_mib_forget(struct bes_vif *bvif)
{
	lockdep_assert_wiphy(bvif->bes->hw->wiphy);
	memset(bvif->shadow, 0, sizeof(bvif->shadow));
}
EXPORT_SYMBOL_IF_KUNIT(bes_mib_forget);

/**
 * bes_mib_u32() - write a MIB that is one word
 * @bes: device
 * @if_id: interface
 * @mib: number
 * @val: value
 *
 * Return: 0 or a negative errno.
 */
int bes_mib_u32(struct bes_dev *bes, u8 if_id, u16 mib, u32 val)
{
	__le32 le = cpu_to_le32(val);

	return bes_mib_write(bes, if_id, mib, &le, sizeof(le));
}
EXPORT_SYMBOL_IF_KUNIT(bes_mib_u32);

/**
 * bes_mib_template() - store a frame in the chip (0x1002)
 * @bes: device
 * @if_id: interface
 * @type: WSM_TEMPLATE_*
 * @rate: rate id; 0xff: the chip chooses
 * @frame: 802.11 frame without FCS
 * @len: its length
 *
 * Return: 0 or a negative errno.
 */
int bes_mib_template(struct bes_dev *bes, u8 if_id, u8 type, u8 rate, const u8 *frame, size_t len)
{
	struct wsm_mib_template *t;
	int ret;

	t = kzalloc(sizeof(*t) + len, GFP_KERNEL);
	if (!t)
		return -ENOMEM;
	t->type = type;
	t->rate = rate;
	t->len = cpu_to_le16(len);
	memcpy(t->frame, frame, len);
	ret = bes_mib_write(bes, if_id, WSM_MIB_TEMPLATE, t, sizeof(*t) + len);
	kfree(t);
	return ret;
}
EXPORT_SYMBOL_IF_KUNIT(bes_mib_template);

/**
 * bes_mib_read() - read a MIB (0x0005)
 * @bes: device
 * @mib: number
 * @data: where the value goes
 * @len: size of the value
 *
 * Return: 0; -EPROTO if the chip answers for another MIB or size; or another
 * negative errno.
 */
int bes_mib_read(struct bes_dev *bes, u16 mib, void *data, size_t len)
{
	struct wsm_read_mib_req req = { .mib = cpu_to_le16(mib) };
	struct wsm_read_mib_cnf *cnf;
	int ret;

	cnf = kzalloc(sizeof(*cnf) + len, GFP_KERNEL);
	if (!cnf)
		return -ENOMEM;
	ret = bes_cmd(bes, 0, WSM_REQ_READ_MIB, &req, sizeof(req), cnf, sizeof(*cnf) + len);
	if (!ret && (le16_to_cpu(cnf->mib) != mib || le16_to_cpu(cnf->len) != len))
		ret = -EPROTO;
	if (!ret)
		memcpy(data, cnf->data, len);
	kfree(cnf);
	return ret;
}
EXPORT_SYMBOL_IF_KUNIT(bes_mib_read);
