// SPDX-License-Identifier: GPL-2.0-only
/*
 * Too many in too short a time?
 */
#include "test.h"

struct bes_window_case {
	const char *name;
	unsigned int limit, span;	/* jiffies */
	unsigned int n;
	unsigned int apart[6];		/* jiffies before the next one; the last is now */
	bool hit;
};

static const struct bes_window_case bes_window_cases[] = {
	{ "one is never too much", 5, 500, 1, { 0 }, false },
	{ "four at once", 5, 500, 4, { 0, 0, 0, 0 }, false },
	{ "five at once", 5, 500, 5, { 0, 0, 0, 0, 0 }, true },
	{ "five in less than the span", 5, 500, 5, { 125, 125, 125, 100, 0 }, true },
	{ "five in exactly the span", 5, 500, 5, { 125, 125, 125, 125, 0 }, false },
	{ "an old one and four", 5, 500, 5, { 400, 50, 50, 1, 0 }, false },
	{ "the oldest is forgotten", 5, 500, 6, { 5000, 1, 1, 1, 1, 0 }, true },
	{ "three of three", 3, 6000, 3, { 2000, 2000, 0 }, true },
	{ "the third too late", 3, 6000, 3, { 3000, 3100, 0 }, false },
	{ "the last three of four", 3, 6000, 4, { 9100, 3000, 2900, 0 }, true },
};

KUNIT_ARRAY_PARAM_DESC(bes_window, bes_window_cases, name);

/* What is past is written as if it had been seen then: the clock cannot be set */
static void bes_window_test(struct kunit *test)
{
	const struct bes_window_case *c = test->param_value;
	unsigned long at = jiffies;
	struct bes_window w = {};
	int i;

	w.n = c->n - 1;
	for (i = c->n - 2; i >= 0; i--) {
		at -= c->apart[i];
		w.at[i % ARRAY_SIZE(w.at)] = at;
		/* a ring keeps the youngest only */
		if (c->n - 1 - i >= ARRAY_SIZE(w.at))
			break;
	}
	KUNIT_EXPECT_EQ(test, bes_window_hit(&w, c->limit, c->span), c->hit);
	KUNIT_EXPECT_EQ(test, w.n, c->n);
}

static struct kunit_case bes_window_tests[] = {
	KUNIT_CASE_PARAM(bes_window_test, bes_window_gen_params),
	{}
};

struct kunit_suite bes_window_suite = {
	.name = "bes2600-window",
	.test_cases = bes_window_tests,
};
