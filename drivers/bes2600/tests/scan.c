// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scan requests: how a list of channels is cut, and the bytes of a piece.
 */
#include "test.h"

#define BES_ST_CHANNELS	60

/* A request for channels of the device, by their numbers */
static struct cfg80211_scan_request *bes_scan_request(struct kunit *test, const u16 *numbers,
						      int n)
{
	struct bes_test *t = test->priv;
	struct cfg80211_scan_request *req;
	struct ieee80211_channel *ch;
	int i;

	req = kunit_kzalloc(test, struct_size(req, channels, n), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, req);
	req->n_channels = n;
	for (i = 0; i < n; i++) {
		u32 freq = ieee80211_channel_to_frequency(numbers[i], numbers[i] > 14 ?
							  NL80211_BAND_5GHZ : NL80211_BAND_2GHZ);

		ch = ieee80211_get_channel(t->bes->hw->wiphy, freq);
		KUNIT_ASSERT_NOT_NULL(test, ch);
		req->channels[i] = ch;
	}
	req->ssids = kunit_kzalloc(test, 2 * sizeof(*req->ssids), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, req->ssids);
	req->n_ssids = 1;
	t->bes->scan.req = req;
	t->bes->scan.vif = t->vif;
	bes_vif(t->vif)->state = BES_VIF_NONE;
	return req;
}

static struct wsm_scan_req *bes_scan_piece(struct kunit *test, int n, size_t *len)
{
	struct wsm_scan_req *out = bes_scan_build(bes_test_dev(test), n, len);

	KUNIT_ASSERT_NOT_NULL(test, out);
	return out;
}

/* Channels 1, 6, 11, any network */
static void bes_scan_golden(struct kunit *test)
{
	static const u8 want[] = {
		0x40, 0x00, 0x07, 0x80, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x02, 0x03, 0x00, 0x64, 0x01, 0x00, 0x00, 0x00, 0x64, 0x00, 0x00, 0x00,
		0x64, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x06, 0x00, 0x00, 0x00,
		0x64, 0x00, 0x00, 0x00, 0x64, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		0x0b, 0x00, 0x00, 0x00, 0x64, 0x00, 0x00, 0x00, 0x64, 0x00, 0x00, 0x00,
		0x00, 0x00, 0x00, 0x00,
	};
	static const u8 cnf[] = { 0x08, 0x00, 0x07, 0xc4, 0x00, 0x00, 0x00, 0x00 };
	static const u16 numbers[] = { 1, 6, 11 };
	struct bes_dev *bes = bes_test_dev(test);
	struct wsm_scan_req *req;
	size_t len;

	bes_scan_request(test, numbers, 3);
	KUNIT_EXPECT_EQ(test, bes_scan_run_length(&bes->scan), 3);
	req = bes_scan_piece(test, 3, &len);
	KUNIT_EXPECT_EQ(test, len, sizeof(want));
	bes->tx_seq[0] = 4;
	bes_test_rx_seq(test, 6);
	bes_test_say(test, cnf, sizeof(cnf));
	wiphy_lock(bes->hw->wiphy);
	KUNIT_EXPECT_EQ(test, bes_cmd_scan(bes, req, len), 0);
	wiphy_unlock(bes->hw->wiphy);
	bes_test_wrote(test, want, sizeof(want), 512, 0, false);
	kfree(req);
}

/* Two names on a channel of 5 GHz, while connected */
static void bes_scan_names(struct kunit *test)
{
	static const u16 numbers[] = { 36 };
	struct cfg80211_scan_request *req = bes_scan_request(test, numbers, 1);
	struct bes_test *t = test->priv;
	struct wsm_scan_req *out;
	struct wsm_ssid *ssid;
	size_t len;

	bes_vif(t->vif)->state = BES_VIF_ASSOC;
	req->n_ssids = 2;
	req->ssids[0].ssid_len = 4;
	memcpy(req->ssids[0].ssid, "test", 4);
	req->ssids[1].ssid_len = 32;
	memset(req->ssids[1].ssid, 'x', 32);
	out = bes_scan_piece(test, 1, &len);
	KUNIT_EXPECT_EQ(test, len, 16 + 16 + 2 * 36);
	KUNIT_EXPECT_EQ(test, out->band, WSM_BAND_5G);
	KUNIT_EXPECT_EQ(test, out->type, WSM_SCAN_BACKGROUND);
	KUNIT_EXPECT_EQ(test, out->flags, WSM_SCAN_F_FORCE_BG);
	KUNIT_EXPECT_EQ(test, out->max_rate, WSM_RATE_OFDM_6);
	KUNIT_EXPECT_EQ(test, out->n_ssids, 2);
	ssid = (void *)(out->data + 16);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(ssid[0].len), 4);
	KUNIT_EXPECT_MEMEQ(test, ssid[0].ssid, "test\0\0\0", 8);
	KUNIT_EXPECT_EQ(test, le32_to_cpu(ssid[1].len), 32);
	KUNIT_EXPECT_EQ(test, ssid[1].ssid[31], 'x');
	kfree(out);
}

/* Nothing is sent where listening only is allowed */
static void bes_scan_passive_piece(struct kunit *test)
{
	static const u16 numbers[] = { 52 };
	struct cfg80211_scan_request *req = bes_scan_request(test, numbers, 1);
	struct wsm_scan_req *out;
	size_t len;

	req->channels[0]->flags |= IEEE80211_CHAN_RADAR;
	req->ssids[0].ssid_len = 4;
	out = bes_scan_piece(test, 1, &len);
	KUNIT_EXPECT_EQ(test, len, 32);
	KUNIT_EXPECT_EQ(test, out->probes, 0);
	KUNIT_EXPECT_EQ(test, out->n_ssids, 0);
	kfree(out);
	req->channels[0]->flags = 0;
	req->n_ssids = 0;
	out = bes_scan_piece(test, 1, &len);
	KUNIT_EXPECT_EQ(test, len, 32);
	KUNIT_EXPECT_EQ(test, out->probes, 0);
	kfree(out);
}

static void bes_scan_no_cck(struct kunit *test)
{
	static const u16 numbers[] = { 1 };
	struct cfg80211_scan_request *req = bes_scan_request(test, numbers, 1);
	struct wsm_scan_req *out;
	size_t len;

	req->no_cck = true;
	out = bes_scan_piece(test, 1, &len);
	KUNIT_EXPECT_EQ(test, out->max_rate, WSM_RATE_OFDM_6);
	kfree(out);
}

/* Pieces: 2.4 GHz while alike, 5 GHz one by one */
static void bes_scan_pieces(struct kunit *test)
{
	static const u16 numbers[] = { 1, 2, 3, 12, 13, 14, 36, 40, 6 };
	static const u8 want[] = { 3, 2, 1, 1, 1, 1 };
	struct cfg80211_scan_request *req = bes_scan_request(test, numbers, 9);
	struct bes_scan *scan = &bes_test_dev(test)->scan;
	int i;

	req->channels[3]->flags |= IEEE80211_CHAN_NO_IR;
	req->channels[4]->flags |= IEEE80211_CHAN_NO_IR;
	for (i = 0; i < ARRAY_SIZE(want); i++) {
		KUNIT_EXPECT_EQ(test, bes_scan_run_length(scan), want[i]);
		scan->next += want[i];
	}
	KUNIT_EXPECT_EQ(test, scan->next, 9);
}

/* Never more than the request has room for */
static void bes_scan_longest(struct kunit *test)
{
	struct wsm_scan_req *out;
	u16 numbers[BES_ST_CHANNELS];
	size_t len;
	int i;

	for (i = 0; i < BES_ST_CHANNELS; i++)
		numbers[i] = 1 + i % 14;
	bes_scan_request(test, numbers, BES_ST_CHANNELS);
	KUNIT_EXPECT_EQ(test, bes_scan_run_length(&bes_test_dev(test)->scan), 48);
	out = bes_scan_piece(test, 48, &len);
	KUNIT_EXPECT_LE(test, len + 2 * sizeof(struct wsm_ssid), BES_MSG_MAX);
	kfree(out);
}

static struct kunit_case bes_scan_tests[] = {
	KUNIT_CASE(bes_scan_golden),
	KUNIT_CASE(bes_scan_names),
	KUNIT_CASE(bes_scan_passive_piece),
	KUNIT_CASE(bes_scan_no_cck),
	KUNIT_CASE(bes_scan_pieces),
	KUNIT_CASE(bes_scan_longest),
	{}
};

struct kunit_suite bes_scan_suite = {
	.name = "bes2600-scan",
	.init = bes_test_init,
	.exit = bes_test_exit,
	.test_cases = bes_scan_tests,
};
