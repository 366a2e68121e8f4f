/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernel differences, newest interface first. Absent from the in-tree copy.
 */
#ifndef BES2600_COMPAT_H
#define BES2600_COMPAT_H

#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

/* the source is known from __string() since 6.10 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
#define bes_assign_str(dst, src)	__assign_str(dst)
#else
#define bes_assign_str(dst, src)	__assign_str(dst, src)
#endif

/* name spaces of symbols are strings since 6.13 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
#define BES_IMPORT_TESTING()	MODULE_IMPORT_NS("EXPORTED_FOR_KUNIT_TESTING")
#else
#define BES_IMPORT_TESTING()	MODULE_IMPORT_NS(EXPORTED_FOR_KUNIT_TESTING)
#endif

#endif /* BES2600_COMPAT_H */
