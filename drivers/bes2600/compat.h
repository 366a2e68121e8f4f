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

#endif /* BES2600_COMPAT_H */
