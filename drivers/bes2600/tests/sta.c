// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the chip is told of its BSS: the filters, byte by byte, in their order.
 */
#include "test.h"

#define BES_TOLD(test, n, ...) do { \
	static const u8 msg[] = { __VA_ARGS__ }; \
	struct bes_test *told = (test)->priv; \
	KUNIT_EXPECT_MEMEQ(test, told->log[(n) % BES_TEST_LOG], msg, sizeof(msg)); \
} while (0)

/* Between the join and the first beacon all beacons pass */
static void bes_sta_filters(struct kunit *test)
{
	struct bes_test *t = test->priv;
	struct bes_vif *bvif = bes_vif(t->vif);

	bvif->beacons_open = true;
	bes_sta_filter(bvif);
	KUNIT_EXPECT_EQ(test, t->writes, 5);
	BES_TOLD(test, 0, 0x0c, 0x00, 0x06, 0x00, 0x03, 0x10, 0x04, 0x00,
		 0x00, 0x00, 0x00, 0x00);
	BES_TOLD(test, 1, 0x24, 0x00, 0x06, 0x20, 0x04, 0x10, 0x1c, 0x00, 0x03, 0x00, 0x00, 0x00,
		 0xdd, 0x07, 0x50, 0x6f, 0x9a, 0x00, 0x00, 0x00,
		 0x25, 0x07, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
		 0x3c, 0x07, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00);
	BES_TOLD(test, 2, 0x10, 0x00, 0x06, 0x40, 0x05, 0x10, 0x08, 0x00,
		 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00);
	BES_TOLD(test, 3, 0x0c, 0x00, 0x06, 0x60, 0x26, 0x10, 0x04, 0x00,
		 0x00, 0x00, 0x00, 0x00);
	BES_TOLD(test, 4, 0x40, 0x00, 0x06, 0x80, 0x04, 0x00, 0x38, 0x00,
		 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00);
	/* the first beacon closes the filter, and nothing else changes */
	bvif->beacons_open = false;
	bes_sta_filter(bvif);
	KUNIT_EXPECT_EQ(test, t->writes, 6);
	BES_TOLD(test, 5, 0x10, 0x00, 0x06, 0xa0, 0x05, 0x10, 0x08, 0x00,
		 0x07, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00);
}

/* What mac80211 asks for: frames of other BSSs, two multicast addresses */
static void bes_sta_filters_asked(struct kunit *test)
{
	static const struct wsm_mib_multicast two = {
		.enable = cpu_to_le32(1), .count = cpu_to_le32(2),
		.addr = { { 0x33, 0x33, 0x00, 0x00, 0x00, 0x01 },
			  { 0x01, 0x00, 0x5e, 0x00, 0x00, 0xfb } },
	};
	struct bes_test *t = test->priv;
	struct bes_vif *bvif = bes_vif(t->vif);

	bvif->bes->filter_flags = FIF_OTHER_BSS;
	bvif->bes->multicast = two;
	bes_sta_filter(bvif);
	KUNIT_EXPECT_EQ(test, t->writes, 5);
	BES_TOLD(test, 0, 0x0c, 0x00, 0x06, 0x00, 0x03, 0x10, 0x04, 0x00,
		 0x02, 0x00, 0x00, 0x00);
	BES_TOLD(test, 3, 0x0c, 0x00, 0x06, 0x60, 0x26, 0x10, 0x04, 0x00,
		 0x01, 0x00, 0x00, 0x00);
	BES_TOLD(test, 4, 0x40, 0x00, 0x06, 0x80, 0x04, 0x00, 0x38, 0x00,
		 0x01, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00,
		 0x33, 0x33, 0x00, 0x00, 0x00, 0x01, 0x01, 0x00, 0x5e, 0x00, 0x00, 0xfb);
}

static void bes_sta_filters_idle(struct kunit *test)
{
	struct bes_test *t = test->priv;

	bes_vif(t->vif)->state = BES_VIF_NONE;
	bes_sta_filter(bes_vif(t->vif));
	KUNIT_EXPECT_EQ(test, t->writes, 0);
}

/* Signals are told as RCPI, and no limit is watched */
static void bes_sta_rcpi_default(struct kunit *test)
{
	struct bes_test *t = test->priv;

	KUNIT_EXPECT_EQ(test, bes_sta_rcpi(bes_vif(t->vif)), 0);
	BES_TOLD(test, 0, 0x0c, 0x00, 0x06, 0x00, 0x09, 0x10, 0x04, 0x00,
		 0x0d, 0x00, 0x00, 0x10);
}

static const struct bes_test_locked bes_sta_cases[] = {
	{ "filters", bes_sta_filters },
	{ "filters_asked", bes_sta_filters_asked },
	{ "filters_idle", bes_sta_filters_idle },
	{ "rcpi_default", bes_sta_rcpi_default },
};

KUNIT_ARRAY_PARAM_DESC(bes_sta, bes_sta_cases, name);

static void bes_sta_told(struct kunit *test)
{
	const struct bes_test_locked *c = test->param_value;
	struct wiphy *wiphy = bes_test_dev(test)->hw->wiphy;

	wiphy_lock(wiphy);
	c->run(test);
	wiphy_unlock(wiphy);
}

static struct kunit_case bes_sta_tests[] = {
	KUNIT_CASE_PARAM(bes_sta_told, bes_sta_gen_params),
	{}
};

struct kunit_suite bes_sta_suite = {
	.name = "bes2600-sta",
	.init = bes_test_init,
	.exit = bes_test_exit,
	.test_cases = bes_sta_tests,
};
