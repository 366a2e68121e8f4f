// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of bes2600: no chip, no bus. Byte strings are worked examples
 * of the wire's description, not what the driver happens to send.
 */
#include <linux/module.h>

#include "test.h"

kunit_test_suites(&bes_rate_suite, &bes_factory_suite, &bes_sdd_suite, &bes_loader_suite,
		  &bes_transfer_suite, &bes_event_suite, &bes_cmd_suite, &bes_scan_suite,
		  &bes_key_suite, &bes_rx_suite, &bes_tx_suite, &bes_pm_suite, &bes_sta_suite,
		  &bes_window_suite);

MODULE_DESCRIPTION("Tests for bes2600");
MODULE_LICENSE("GPL");
BES_IMPORT_TESTING();
