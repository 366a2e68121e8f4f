/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which violations a test provoked and compared: a line each in the file that
 * ANECHOIC_SAID names. lab/violations.py reads it and misses the others.
 */
#ifndef SAID_H
#define SAID_H

#include <stdio.h>
#include <stdlib.h>

static inline void said(const char *text)
{
	const char *name = getenv("ANECHOIC_SAID");
	FILE *file = name ? fopen(name, "a") : NULL;

	if (!file)
		return;
	fprintf(file, "%s\n", text);
	fclose(file);
}

#endif /* SAID_H */
