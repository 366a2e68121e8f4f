// SPDX-License-Identifier: GPL-2.0-or-later
/* The lines of the control socket come from scripts and people: any bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../shell/line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct command cmd;
	char why[256];
	char *line;

	if (size >= LINE_MAX_BYTES)
		return 0;
	/* Of exact size, so that a read past the end is seen. */
	line = malloc(size + 1);
	if (!line)
		return 0;
	memcpy(line, data, size);
	line[size] = 0;

	if (!line_parse(line, &cmd, why, sizeof(why))) {
		for (int i = 0; i < cmd.n_args; i++)
			if (cmd.arg[i].text < line || cmd.arg[i].text > line + size)
				abort();
	} else if (!memchr(why, 0, sizeof(why))) {
		abort();
	}
	free(line);
	return 0;
}
