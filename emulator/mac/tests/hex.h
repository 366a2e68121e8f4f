/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes as the sheets print them. */
#ifndef HEX_H
#define HEX_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Up to the first character that is neither space nor hex digit; returns how many bytes */
static inline size_t hex(const char *text, uint8_t *out)
{
	unsigned int v;
	size_t n = 0;
	int used;

	while (sscanf(text, " %2x%n", &v, &used) == 1) {
		out[n++] = v;
		text += used;
	}
	return n;
}

#endif /* HEX_H */
