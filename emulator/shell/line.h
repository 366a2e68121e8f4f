/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One line of the control socket, taken apart. No I/O, so that tests and the
 * fuzzer can drive it.
 */
#ifndef LINE_H
#define LINE_H

#include <stddef.h>
#include <stdint.h>

#define LINE_MAX_BYTES	8192
#define LINE_MAX_ARGS	5

/*
 * X(verb, "words", "kinds of arguments", "arguments as shown by help", "what it does")
 *
 * Kinds: s station, d dBm, p permille, o on|off, n number, t seconds, u
 * microseconds, f MHz, h frame in hex, w word, W step of the boot or message
 * id (number; -1: perhaps a step), r rest of the line, R rest of the line which may be
 * empty.
 */
#define VERB_LIST(X) \
	X(CHIP, "chip", "wr", "ID COMMAND", "runs a command that is for that one of several chips") \
	X(PLUG, "plug", "R", "[FLAG ...]", "insert the card") \
	X(UNPLUG, "unplug", "", "", "remove the card") \
	X(COUNTERS, "counters", "", "", "all counters") \
	X(KNOBS, "knobs", "", "", "all knobs with their values") \
	X(TOLD, "told", "", "", "what the host has told the chip") \
	X(SET, "set", "wr", "NAME VALUE", "set a knob") \
	X(INJECT, "inject", "r", "WHAT ...", "make the chip misbehave once") \
	X(VIOLATIONS, "violations", "", "", "number of rules the host has broken") \
	X(STATIONS, "stations", "", "", "who is on the air") \
	X(AIR_SIGNAL, "air signal", "ssd", "FROM TO DBM", "signal strength of a link") \
	X(AIR_LOSS, "air loss", "ssp", "FROM TO PERMILLE", "frames lost on a link") \
	X(AIR_ACK_LOSS, "air ack-loss", "ssp", "FROM TO PERMILLE", "acknowledgements lost on a link") \
	X(AIR_EDCA, "air edca", "snnnn", "STATION AC AIFSN CWMIN CWMAX", "how a station contends") \
	X(AIR_COLLISIONS, "air collisions", "o", "on|off", "who sends at once loses") \
	X(AIR_PROTECTION, "air protection", "w", "none|cts|rts", "what goes ahead of frames that old stations do not know") \
	X(AIR_UNLIMITED, "air unlimited", "o", "on|off", "charge no air time") \
	X(AIR_MAX_AMPDU, "air max-ampdu", "n", "FRAMES", "longest aggregate") \
	X(AIR_MAX_BYTES, "air max-ampdu-bytes", "n", "BYTES", "longest aggregate, in bytes") \
	X(MUTE, "mute", "s", "STATION", "neither hears nor is heard any more") \
	X(UNMUTE, "unmute", "s", "STATION", "ends mute") \
	X(SNIFFER, "sniffer", "so", "STATION on|off", "is given unicast frames of others too") \
	X(AT, "at", "tr", "SECONDS COMMAND", "runs a command later") \
	X(AFTER, "after-messages", "nr", "N COMMAND", "runs a command when N more messages have crossed the bus") \
	X(WHEN, "when", "Wr", "STEP|ID COMMAND", "runs a command when the boot gets to a step or the next such message crosses the bus") \
	X(FORGET, "forget", "", "", "drops what at, after-messages, when and deauth have not done yet") \
	X(DEFAULTS, "defaults", "", "", "back to how the program was started; tells what was otherwise") \
	X(DEAUTH, "deauth", "ssnnu", "FROM TO REASON COUNT INTERVAL_US", "forged deauthentications") \
	X(SEND, "send", "fh", "FREQ HEX", "puts a frame on the air") \
	X(QUIT, "quit", "", "", "ends the program") \
	X(HELP, "help", "", "", "this list")

enum verb {
#define X(verb, words, kinds, args, what) VERB_##verb,
	VERB_LIST(X)
#undef X
	N_VERBS,
};

struct command {
	enum verb verb;
	int n_args;
	struct {
		const char *text;	/* into the line; kind h: the bytes */
		int64_t number;		/* kinds d p o n; t u in ns; f in MHz; h: bytes */
	} arg[LINE_MAX_ARGS];
};

struct verb_help {
	const char *words, *kinds, *args, *what;
};

extern const struct verb_help verb_help[N_VERBS];

/*
 * Takes line (NUL terminated, changed, must outlive the command) apart.
 * Returns 0 or -EINVAL with why[] telling what is expected.
 */
int line_parse(char *line, struct command *cmd, char *why, size_t why_len);

/* "aa:bb:cc:dd:ee:ff" */
int line_parse_mac(const char *text, uint8_t *mac);

#endif /* LINE_H */
