// SPDX-License-Identifier: GPL-2.0-only
/*
 * Power save: which indication ends a request, and when the station gives up.
 */
#include "test.h"

static struct bes_vif *bes_pm_vif(struct kunit *test)
{
	struct bes_test *t = test->priv;

	return bes_vif(t->vif);
}

/* The user's wish */
static void bes_pm_wish(struct kunit *test, bool ps)
{
	struct bes_test *t = test->priv;

	t->vif->cfg.ps = ps;
	bes_pm_update(bes_pm_vif(test));
}

static void bes_pm_say(struct kunit *test, u32 status, u8 psm)
{
	struct wsm_set_pm_ind ind = { .status = cpu_to_le32(status), .psm = psm };

	bes_pm_ind(bes_test_dev(test), 0, &ind);
}

/* The wait or the pause ends */
static void bes_pm_expire(struct kunit *test)
{
	struct bes_vif *bvif = bes_pm_vif(test);

	wiphy_delayed_work_cancel(bvif->bes->hw->wiphy, &bvif->pm.work);
	bvif->pm.work.work.func(bvif->bes->hw->wiphy, &bvif->pm.work.work);
}

/* So many requests so far, the last one for this mode */
static void bes_pm_asked(struct kunit *test, int times, u8 mode)
{
	struct bes_test *t = test->priv;

	KUNIT_EXPECT_EQ(test, t->writes, times);
	KUNIT_EXPECT_EQ(test, t->out[2], 0x10);
	KUNIT_EXPECT_EQ(test, t->out[4], mode);
}

static void bes_pm_confirmed(struct kunit *test)
{
	static const u8 psm[] = { 0x81, 0x01, 0x00, 0x80 };
	int i;

	for (i = 0; i < ARRAY_SIZE(psm); i++) {
		bes_pm_wish(test, i < 2);
		bes_pm_say(test, 0, psm[i]);
		KUNIT_EXPECT_FALSE(test, bes_pm_vif(test)->pm.pending);
		KUNIT_EXPECT_EQ(test, bes_pm_vif(test)->pm.in_force, psm[i]);
	}
	/* what is in force is not asked for again */
	bes_pm_asked(test, 2, WSM_PM_ACTIVE);
	KUNIT_EXPECT_EQ(test, bes_test_dev(test)->pm_counts.late, 2);
}

static void bes_pm_wire(struct kunit *test)
{
	static const u8 want[] = { 0x08, 0x00, 0x10, 0x00, 0x81, 0xc8, 0x00, 0x00 };

	bes_pm_wish(test, true);
	bes_test_wrote(test, want, sizeof(want), 512, 0, false);
}

/* Said while a request is under way: done after it */
static void bes_pm_change_of_mind(struct kunit *test)
{
	bes_pm_wish(test, true);
	bes_pm_wish(test, false);
	bes_pm_wish(test, true);
	bes_pm_wish(test, false);
	bes_pm_asked(test, 1, WSM_PM_FAST_PS);
	bes_pm_say(test, 0, 0x81);
	bes_pm_asked(test, 2, WSM_PM_ACTIVE);
	/* about the first request once more: not what is waited for */
	bes_pm_say(test, 0, 0x81);
	KUNIT_EXPECT_TRUE(test, bes_pm_vif(test)->pm.pending);
	KUNIT_EXPECT_EQ(test, bes_test_dev(test)->pm_counts.late, 1);
	bes_pm_say(test, 0, 0);
	KUNIT_EXPECT_FALSE(test, bes_pm_vif(test)->pm.pending);
	bes_pm_asked(test, 2, WSM_PM_ACTIVE);
}

/* One association of firmware that never confirms */
static void bes_pm_never(struct kunit *test, int first)
{
	int i;

	bes_pm_wish(test, true);
	for (i = 0; i < 3; i++) {
		bes_pm_asked(test, first + i, WSM_PM_FAST_PS);
		bes_pm_expire(test);
		/* the pause between two requests */
		if (i < 2)
			bes_pm_expire(test);
	}
	bes_pm_asked(test, first + 3, WSM_PM_ACTIVE);
	KUNIT_EXPECT_TRUE(test, bes_pm_vif(test)->pm.unsupported);
	/* nor is that confirmed */
	bes_pm_expire(test);
	bes_pm_wish(test, false);
	bes_pm_wish(test, true);
	bes_pm_asked(test, first + 3, WSM_PM_ACTIVE);
}

static void bes_pm_unsupported(struct kunit *test)
{
	struct bes_dev *bes = bes_test_dev(test);
	int i;

	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_FALSE(test, bes->pm_unsupported);
		bes_pm_never(test, 4 * i + 1);
		bes_pm_reset_vif(bes_pm_vif(test));
		bes_pm_vif(test)->state = BES_VIF_ASSOC;
	}
	KUNIT_EXPECT_TRUE(test, bes->pm_unsupported);
	KUNIT_EXPECT_EQ(test, bes->pm_counts.unsupported, 3);
	KUNIT_EXPECT_EQ(test, bes->pm_counts.timeouts, 12);
	bes_pm_wish(test, false);
	bes_pm_wish(test, true);
	bes_pm_asked(test, 12, WSM_PM_ACTIVE);
}

/* A success in between, and the count begins anew */
static void bes_pm_sometimes(struct kunit *test)
{
	int i;

	for (i = 0; i < 5; i++) {
		bes_pm_wish(test, true);
		bes_pm_expire(test);
		bes_pm_expire(test);
		bes_pm_say(test, 1, 0);
		bes_pm_expire(test);
		bes_pm_say(test, 0, 1);
		bes_pm_wish(test, false);
		bes_pm_say(test, 0, 0);
	}
	KUNIT_EXPECT_FALSE(test, bes_pm_vif(test)->pm.unsupported);
	KUNIT_EXPECT_EQ(test, bes_test_dev(test)->pm_counts.timeouts, 5);
	KUNIT_EXPECT_EQ(test, bes_test_dev(test)->pm_counts.late, 0);
}

/* Firmware that refuses the request */
static void bes_pm_refused(struct kunit *test)
{
	static const u8 no[3][8] = {
		{ 0x08, 0x00, 0x10, 0x04, 0x02, 0x00, 0x00, 0x00 },
		{ 0x08, 0x00, 0x10, 0x24, 0x02, 0x00, 0x00, 0x00 },
		{ 0x08, 0x00, 0x10, 0x44, 0x02, 0x00, 0x00, 0x00 },
	};
	int i;

	bes_test_say(test, no[0], sizeof(no[0]));
	bes_pm_wish(test, true);
	for (i = 1; i < 3; i++) {
		KUNIT_EXPECT_FALSE(test, bes_pm_vif(test)->pm.pending);
		bes_test_say(test, no[i], sizeof(no[i]));
		bes_pm_expire(test);
	}
	bes_pm_asked(test, 4, WSM_PM_ACTIVE);
	KUNIT_EXPECT_TRUE(test, bes_pm_vif(test)->pm.unsupported);
}

static void bes_pm_unasked(struct kunit *test)
{
	struct wsm_set_pm_ind ind = { .psm = 1 };
	struct bes_dev *bes = bes_test_dev(test);

	bes_pm_say(test, 0, 1);
	bes_pm_say(test, 1, 1);
	/* interfaces that do not exist */
	bes_pm_ind(bes, 2, &ind);
	bes_pm_ind(bes, 3, &ind);
	KUNIT_EXPECT_EQ(test, bes->pm_counts.late, 4);
	KUNIT_EXPECT_EQ(test, ((struct bes_test *)test->priv)->writes, 0);
}

static void bes_pm_bad_ap(struct kunit *test)
{
	struct bes_vif *bvif = bes_pm_vif(test);

	bes_pm_wish(test, true);
	bes_pm_say(test, 0, 0x81);
	bes_pm_error(bvif, WSM_PS_ERROR_NONE);
	bes_pm_error(bvif, WSM_PS_ERROR_NO_DATA);
	bes_pm_error(bvif, 0xffffffff);
	bes_pm_asked(test, 1, WSM_PM_FAST_PS);
	bes_pm_error(bvif, WSM_PS_ERROR_POLL);
	bes_pm_asked(test, 2, WSM_PM_ACTIVE);
	bes_pm_say(test, 0, 0);
	bes_pm_wish(test, true);
	bes_pm_asked(test, 2, WSM_PM_ACTIVE);
}

/* Only an associated station is asked for anything */
static void bes_pm_idle(struct kunit *test)
{
	bes_pm_vif(test)->state = BES_VIF_JOINED;
	bes_pm_wish(test, true);
	KUNIT_EXPECT_EQ(test, ((struct bes_test *)test->priv)->writes, 0);
}

static const struct bes_test_locked bes_pm_cases[] = {
	{ "confirmed", bes_pm_confirmed },
	{ "wire", bes_pm_wire },
	{ "change_of_mind", bes_pm_change_of_mind },
	{ "unsupported", bes_pm_unsupported },
	{ "sometimes", bes_pm_sometimes },
	{ "refused", bes_pm_refused },
	{ "unasked", bes_pm_unasked },
	{ "bad_ap", bes_pm_bad_ap },
	{ "idle", bes_pm_idle },
};

KUNIT_ARRAY_PARAM_DESC(bes_pm, bes_pm_cases, name);

static void bes_pm_locked(struct kunit *test)
{
	const struct bes_test_locked *c = test->param_value;
	struct bes_vif *bvif = bes_pm_vif(test);

	wiphy_lock(bvif->bes->hw->wiphy);
	bes_pm_init_vif(bvif);
	bvif->state = BES_VIF_ASSOC;
	c->run(test);
	/* no timer outlives the test */
	bes_pm_reset_vif(bvif);
	wiphy_unlock(bvif->bes->hw->wiphy);
}

static struct kunit_case bes_pm_tests[] = {
	KUNIT_CASE_PARAM(bes_pm_locked, bes_pm_gen_params),
	{}
};

struct kunit_suite bes_pm_suite = {
	.name = "bes2600-pm",
	.init = bes_test_init,
	.exit = bes_test_exit,
	.test_cases = bes_pm_tests,
};
