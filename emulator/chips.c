// SPDX-License-Identifier: GPL-2.0-or-later
/* The chips of this program: the one place that names them. */
#include "bes2600/chip.h"

const struct chip_ops *const chip_kinds[] = { &bes2600_chip, NULL };
