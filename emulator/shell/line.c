// SPDX-License-Identifier: GPL-2.0-or-later
#include "line.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../air/air.h"

const struct verb_help verb_help[N_VERBS] = {
#define X(verb, words, kinds, args, what) [VERB_##verb] = { words, kinds, args, what },
	VERB_LIST(X)
#undef X
};

/* Blanks only: a frame may not smuggle in a line feed. */
static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static char *skip_blanks(char *p)
{
	while (is_blank(*p))
		p++;
	return p;
}

/* Cuts off the next word; *p moves behind it. NULL at the end. */
static char *next_word(char **p)
{
	char *word = skip_blanks(*p);
	char *end = word;

	if (!*word)
		return NULL;
	while (*end && !is_blank(*end))
		end++;
	*p = *end ? end + 1 : end;
	*end = 0;
	return word;
}

/*
 * Digits with an optional sign and, if digits > 0, up to so many decimals; the
 * value is in units of 10^-digits.
 */
static int parse_decimal(const char *text, int digits, int64_t min, int64_t max, int64_t *value)
{
	bool minus = *text == '-';
	bool point = false;
	int64_t v = 0;
	int seen = 0;

	for (text += minus; *text; text++) {
		if (*text == '.' && digits && !point) {
			point = true;
			continue;
		}
		if (!isdigit((unsigned char)*text) || v > INT64_MAX / 20 || (point && !digits))
			return -EINVAL;
		v = v * 10 + (*text - '0');
		digits -= point;
		seen++;
	}
	for (; digits > 0; digits--) {
		if (v > INT64_MAX / 20)
			return -EINVAL;
		v *= 10;
	}
	v = minus ? -v : v;
	if (!seen || v < min || v > max)
		return -EINVAL;
	*value = v;
	return 0;
}

int line_parse_mac(const char *text, uint8_t *mac)
{
	unsigned int m[6];
	int end = 0;

	if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%n", &m[0], &m[1], &m[2], &m[3], &m[4], &m[5],
		   &end) != 6 || text[end] || end != 17)
		return -EINVAL;
	for (int i = 0; i < 6; i++)
		mac[i] = m[i];
	return 0;
}

static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* In place; returns the number of bytes or -EINVAL. */
static int parse_hex(char *text)
{
	size_t n = strlen(text) / 2;

	if (strlen(text) % 2 || n < 10 || n > AIR_MAX_FRAME)
		return -EINVAL;
	for (size_t i = 0; i < n; i++) {
		int high = nibble(text[2 * i]), low = nibble(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return -EINVAL;
		text[i] = (char)(high << 4 | low);
	}
	return n;
}

static const char *parse_station(const char *text)
{
	uint8_t mac[6];

	if (!strcmp(text, "chip") || !strncmp(text, "chip:", 5) || !line_parse_mac(text, mac))
		return NULL;
	return "a station is \"chip\" or an address aa:bb:cc:dd:ee:ff";
}

static const char *parse_number(char kind, const char *text, int64_t *value)
{
	switch (kind) {
	case 'd':
		return parse_decimal(text, 0, -120, 0, value) ? "a signal is -120..0 dBm" : NULL;
	case 'p':
		return parse_decimal(text, 0, 0, 1000, value) ? "a loss is 0..1000 permille" : NULL;
	case 'n':
		return parse_decimal(text, 0, 0, 1000000000, value) ?
			"a number is 0..1000000000" : NULL;
	case 't':
		return parse_decimal(text, 9, 0, 1000000000000000000, value) ?
			"a time is seconds, as 1.5" : NULL;
	case 'u':
		return parse_decimal(text, 3, 0, 1000000000000000, value) ?
			"an interval is microseconds" : NULL;
	case 'f':
		return parse_decimal(text, 0, 2412, 5925, value) ? "a frequency is MHz" : NULL;
	}
	return "internal error";
}

/* A message by its id, or else a step of the boot: the chip knows which there are. */
static const char *parse_where(const char *text, int64_t *value)
{
	char *end;

	*value = strtol(text, &end, 0);
	if (end == text || *end)
		*value = -1;
	else if (*value < 0)
		return "the id of a message is not negative";
	return NULL;
}

static const char *parse_arg(char kind, char *text, struct command *cmd)
{
	int64_t *number = &cmd->arg[cmd->n_args].number;
	const char *why = NULL;

	*number = 0;
	switch (kind) {
	case 's':
		why = parse_station(text);
		break;
	case 'o':
		*number = !strcmp(text, "on");
		if (!*number && strcmp(text, "off"))
			why = "it is either on or off";
		break;
	case 'h':
		*number = parse_hex(text);
		if (*number < 0)
			why = "a frame is 10..2400 bytes, two hex digits each, without blanks";
		break;
	case 'W':
		why = parse_where(text, number);
		break;
	case 'w': case 'r': case 'R':
		break;
	default:
		why = parse_number(kind, text, number);
	}
	cmd->arg[cmd->n_args++].text = text;
	return why;
}

static const char *parse_args(const char *kinds, char *p, struct command *cmd)
{
	for (; *kinds; kinds++) {
		const char *why;
		char *text;

		if (*kinds == 'r' || *kinds == 'R') {
			text = skip_blanks(p);
			p = text + strlen(text);
			if (!*text && *kinds == 'r')
				return "something is missing";
		} else {
			text = next_word(&p);
			if (!text)
				return "something is missing";
		}
		why = parse_arg(*kinds, text, cmd);
		if (why)
			return why;
	}
	return *skip_blanks(p) ? "too many words" : NULL;
}

/* Finds the verb; *p moves behind its words. */
static int find_verb(char **p)
{
	char *start = skip_blanks(*p);

	for (int v = 0; v < N_VERBS; v++) {
		size_t len = strlen(verb_help[v].words);

		if (strncmp(start, verb_help[v].words, len) || (start[len] && !is_blank(start[len])))
			continue;
		*p = start + len;
		return v;
	}
	return -1;
}

static bool is_later(int verb)
{
	return verb == VERB_AT || verb == VERB_AFTER || verb == VERB_WHEN;
}

/* A command inside a command */
static bool is_outer(int verb)
{
	return is_later(verb) || verb == VERB_CHIP;
}

/* A command that is to run later is checked now, and may not itself wait; neither names two chips. */
static const char *check_inner(int outer, const char *text, char *why, size_t why_len)
{
	char copy[LINE_MAX_BYTES];
	struct command cmd;
	char *p = copy;
	int verb;

	if (strlen(text) >= sizeof(copy))
		return "the line is too long";
	strcpy(copy, text);
	verb = find_verb(&p);
	if (verb == VERB_CHIP)
		return "chip ID stands at the beginning of a line, once";
	if (is_later(outer) && is_later(verb))
		return "at, after-messages and when cannot be nested: send them as lines of their own";
	return line_parse(copy, &cmd, why, why_len) ? why : NULL;
}

int line_parse(char *line, struct command *cmd, char *why, size_t why_len)
{
	const char *error;
	char inner[256];
	int verb;

	memset(cmd, 0, sizeof(*cmd));
	verb = find_verb(&line);
	if (verb < 0) {
		snprintf(why, why_len, "no such command; \"help\" lists them");
		return -EINVAL;
	}
	cmd->verb = verb;
	error = parse_args(verb_help[verb].kinds, line, cmd);
	if (!error && is_outer(verb))
		error = check_inner(verb, cmd->arg[1].text, inner, sizeof(inner));
	if (error) {
		snprintf(why, why_len, "%s: usage: %s%s%s", error, verb_help[verb].words,
			 *verb_help[verb].args ? " " : "", verb_help[verb].args);
		return -EINVAL;
	}
	return 0;
}
