// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines of the control socket: what is taken, what is refused. Prints TAP. */
#include <stdio.h>
#include <string.h>

#include "../line.h"

static const struct {
	const char *line;
	int verb;		/* -1: refused */
	int arg;		/* argument whose number is checked, -1 none */
	int64_t number;
} cases[] = {
	{ "plug", VERB_PLUG, -1, 0 },
	{ "  plug 1bit no-irq", VERB_PLUG, -1, 0 },
	{ "plugin", -1, 0, 0 },
	{ "", -1, 0, 0 },
	{ "unplug now", -1, 0, 0 },
	{ "counters ", VERB_COUNTERS, -1, 0 },
	{ "set rx.burst 4", VERB_SET, -1, 0 },
	{ "set rx.burst", -1, 0, 0 },
	{ "inject event 1 0", VERB_INJECT, -1, 0 },
	{ "inject", -1, 0, 0 },
	{ "air signal chip 02:00:00:00:00:00 -72", VERB_AIR_SIGNAL, 2, -72 },
	{ "air signal chip 02:00:00:00:00:00 5", -1, 0, 0 },
	{ "air signal chip 02:00:00:00:00 -72", -1, 0, 0 },
	{ "air loss 02:00:00:00:00:00 chip 1000", VERB_AIR_LOSS, 2, 1000 },
	{ "air loss 02:00:00:00:00:00 chip 1001", -1, 0, 0 },
	{ "air loss a b 1", -1, 0, 0 },
	{ "air unlimited on", VERB_AIR_UNLIMITED, 0, 1 },
	{ "air unlimited off", VERB_AIR_UNLIMITED, 0, 0 },
	{ "air unlimited maybe", -1, 0, 0 },
	{ "air", -1, 0, 0 },
	{ "air max-ampdu 16", VERB_AIR_MAX_AMPDU, 0, 16 },
	{ "mute chip", VERB_MUTE, -1, 0 },
	{ "at 1.5 plug", VERB_AT, 0, 1500000000 },
	{ "at 0.000000001 plug", VERB_AT, 0, 1 },
	{ "at 0.0000000001 plug", -1, 0, 0 },
	{ "at 1.2.3 plug", -1, 0, 0 },
	{ "at -1 plug", -1, 0, 0 },
	{ "at . plug", -1, 0, 0 },
	{ "at 99999999999999999999 plug", -1, 0, 0 },
	{ "at 1 nonsense", -1, 0, 0 },
	{ "at 1 at 1 plug", -1, 0, 0 },
	{ "at 1", -1, 0, 0 },
	{ "after-messages 10 inject violation", VERB_AFTER, 0, 10 },
	{ "when main-image inject dead", VERB_WHEN, 0, -1 },
	{ "when 0x40b unplug", VERB_WHEN, 0, 0x40b },
	{ "when -1 unplug", -1, 0, 0 },
	{ "when main", -1, 0, 0 },
	{ "at 1 when main unplug", -1, 0, 0 },
	{ "forget", VERB_FORGET, -1, 0 },
	{ "defaults", VERB_DEFAULTS, -1, 0 },
	{ "defaults now", -1, 0, 0 },
	{ "mute chip:b", VERB_MUTE, -1, 0 },
	{ "mute chips", -1, 0, 0 },
	{ "chip b unplug", VERB_CHIP, -1, 0 },
	{ "chip b when main unplug", VERB_CHIP, -1, 0 },
	{ "chip b", -1, 0, 0 },
	{ "chip b nonsense", -1, 0, 0 },
	{ "chip b chip a unplug", -1, 0, 0 },
	{ "when main chip b unplug", -1, 0, 0 },
	{ "chip b at 1 at 1 unplug", -1, 0, 0 },
	{ "deauth 02:00:00:00:00:00 ff:ff:ff:ff:ff:ff 7 3 100", VERB_DEAUTH, 4, 100000 },
	{ "deauth chip chip 7 3 0.5", VERB_DEAUTH, 4, 500 },
	{ "send 2437 c0000000020000000100", VERB_SEND, 1, 10 },
	{ "send 2437 c000000002000000010", -1, 0, 0 },
	{ "send 2437 c0", -1, 0, 0 },
	{ "send 100 c0000000020000000100", -1, 0, 0 },
	{ "send 2437 c000000002000000010g", -1, 0, 0 },
	{ "quit\r", -1, 0, 0 },
};

static int check(int i)
{
	struct command cmd;
	char line[256], why[256] = "";
	int error;

	strcpy(line, cases[i].line);
	error = line_parse(line, &cmd, why, sizeof(why));
	if (cases[i].verb < 0)
		return error && *why;
	if (error || (int)cmd.verb != cases[i].verb)
		return 0;
	return cases[i].arg < 0 || cmd.arg[cases[i].arg].number == cases[i].number;
}

int main(void)
{
	int n = sizeof(cases) / sizeof(cases[0]), failed = 0;

	printf("1..%d\n", n);
	for (int i = 0; i < n; i++) {
		int ok = check(i);

		failed += !ok;
		printf("%sok %d - %s\n", ok ? "" : "not ", i + 1,
		       cases[i].line[strcspn(cases[i].line, "\r")] ? "(control)" : cases[i].line);
	}
	return failed != 0;
}
