/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What distance does to a frame. */
#ifndef LINK_H
#define LINK_H

#include "air.h"

/* Signal at which one of ten frames at this rate is lost, dBm */
int link_sensitivity(const struct air_rate *rate);

#endif /* LINK_H */
