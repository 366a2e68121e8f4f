// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "knobs.h"

enum knob_kind { KNOB_INT, KNOB_ENUM };

static const struct knob {
	const char *name;
	enum knob_kind kind;
	size_t at;
	int def;
	const char *text;
} list[] = {
#define X(field, name, kind, def, text) { name, KNOB_##kind, offsetof(struct knobs, field), def, text },
	KNOB_LIST(X)
#undef X
};

#define N_KNOBS (sizeof(list) / sizeof(list[0]))

static int *knob_at(const struct knobs *knobs, const struct knob *k)
{
	return (int *)((char *)knobs + k->at);
}

void knobs_init(struct knobs *knobs)
{
	for (size_t i = 0; i < N_KNOBS; i++)
		*knob_at(knobs, &list[i]) = list[i].def;
}

/* Position of the word in "a|b|c", -1 if it is none of them */
static int enum_find(const char *text, const char *value)
{
	size_t len = strlen(value);
	int i = 0;

	for (;; i++) {
		const char *end = strchr(text, '|');
		size_t n = end ? (size_t)(end - text) : strlen(text);

		if (n == len && !memcmp(text, value, n))
			return i;
		if (!end)
			return -1;
		text = end + 1;
	}
}

static int int_parse(const char *text, const char *value, int *out)
{
	char *end;
	long min = strtol(text, &end, 10);
	long max = strtol(end + 2, NULL, 10);
	long v = strtol(value, &end, 0);

	if (end == value || *end || v < min || v > max)
		return -EINVAL;
	*out = v;
	return 0;
}

int knobs_set(struct knobs *knobs, const char *name, const char *value, const char **why)
{
	for (size_t i = 0; i < N_KNOBS; i++) {
		const struct knob *k = &list[i];
		int v;

		if (strcmp(k->name, name))
			continue;
		*why = k->text;
		if (k->kind == KNOB_INT)
			return int_parse(k->text, value, knob_at(knobs, k));
		v = enum_find(k->text, value);
		if (v < 0)
			return -EINVAL;
		*knob_at(knobs, k) = v;
		return 0;
	}
	*why = "no such knob; 'knobs' lists them";
	return -ENOENT;
}

static void enum_print(const char *text, int i, FILE *out)
{
	while (i--)
		text = strchr(text, '|') + 1;
	fprintf(out, "\"%.*s\"", (int)strcspn(text, "|"), text);
}

void knobs_print(const struct knobs *knobs, FILE *out)
{
	fputc('{', out);
	for (size_t i = 0; i < N_KNOBS; i++) {
		fprintf(out, "%s\"%s\":", i ? "," : "", list[i].name);
		if (list[i].kind == KNOB_INT)
			fprintf(out, "%d", *knob_at(knobs, &list[i]));
		else
			enum_print(list[i].text, *knob_at(knobs, &list[i]), out);
	}
	fputc('}', out);
}
