/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernel differences, newest interface first. Absent from the in-tree copy.
 */
#ifndef BES2600_COMPAT_H
#define BES2600_COMPAT_H

#include <linux/version.h>

#endif /* BES2600_COMPAT_H */
