// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "knobs.h"

enum knob_kind { KNOB_KIND_INT, KNOB_KIND_ENUM };

static const struct knob_def {
	const char *name;
	enum knob_kind kind;
	int def;
	const char *text;
} list[] = {
#define X(field, name, kind, def, text) { name, KNOB_KIND_##kind, def, text },
	KNOB_LIST(X)
#undef X
};

/* A value that a knob had, and what it has decided */
struct tally {
	struct tally *next;
	int value;
	uint64_t decisions;
};

struct knobs {
	struct tally *all[N_KNOBS];	/* the default first */
	struct tally *now[N_KNOBS];
	int kept[N_KNOBS];		/* what knobs_restore() goes back to */
};

static void assign(struct knobs *knobs, int i, int value)
{
	struct tally **at = &knobs->all[i];

	while (*at && (*at)->value != value)
		at = &(*at)->next;
	if (!*at)
		*at = calloc(1, sizeof(**at));
	if (!*at)
		abort();
	(*at)->value = value;
	knobs->now[i] = *at;
}

struct knobs *knobs_new(void)
{
	struct knobs *knobs = calloc(1, sizeof(*knobs));

	for (int i = 0; knobs && i < N_KNOBS; i++)
		assign(knobs, i, list[i].def);
	if (knobs)
		knobs_keep(knobs);
	return knobs;
}

void knobs_free(struct knobs *knobs)
{
	for (int i = 0; knobs && i < N_KNOBS; i++) {
		struct tally *next, *t;

		for (t = knobs->all[i]; t; t = next) {
			next = t->next;
			free(t);
		}
	}
	free(knobs);
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
	for (int i = 0; i < N_KNOBS; i++) {
		const struct knob_def *k = &list[i];
		int v;

		if (strcmp(k->name, name))
			continue;
		*why = k->text;
		if (k->kind == KNOB_KIND_ENUM)
			v = enum_find(k->text, value);
		else if (int_parse(k->text, value, &v))
			return -EINVAL;
		if (v < 0)
			return -EINVAL;
		assign(knobs, i, v);
		return 0;
	}
	*why = "no such knob; 'knobs' lists them";
	return -ENOENT;
}

/* ---- what the chip asks ---- */

static bool decided(struct knobs *knobs, enum knob knob, bool answer, bool by_default)
{
	struct tally *t = knobs->now[knob];

	t->decisions += t->value == list[knob].def || answer != by_default;
	return answer;
}

bool knob_is(struct knobs *knobs, enum knob knob, const char *word)
{
	int value = enum_find(list[knob].text, word);

	if (value < 0 || list[knob].kind != KNOB_KIND_ENUM)
		abort();
	return decided(knobs, knob, knobs->now[knob]->value == value, list[knob].def == value);
}

bool knob_allows(struct knobs *knobs, enum knob knob, uint64_t n)
{
	return decided(knobs, knob, n <= (uint64_t)knobs->now[knob]->value, n <= (uint64_t)list[knob].def);
}

bool knob_past(struct knobs *knobs, enum knob knob, uint64_t since, uint64_t unit, uint64_t now)
{
	return decided(knobs, knob, now >= knob_due(knobs, knob, since, unit), now >= since + list[knob].def * unit);
}

int knob_value(struct knobs *knobs, enum knob knob)
{
	knobs->now[knob]->decisions++;
	return knobs->now[knob]->value;
}

uint64_t knob_due(const struct knobs *knobs, enum knob knob, uint64_t since, uint64_t unit)
{
	return since + knobs->now[knob]->value * unit;
}

void knob_came(struct knobs *knobs, enum knob knob)
{
	knobs->now[knob]->decisions++;
}

/* ---- for people ---- */

static void value_print(const struct knob_def *k, int value, FILE *out)
{
	const char *text = k->text;

	if (k->kind == KNOB_KIND_INT) {
		fprintf(out, "%d", value);
		return;
	}
	while (value--)
		text = strchr(text, '|') + 1;
	fprintf(out, "%.*s", (int)strcspn(text, "|"), text);
}

void knobs_keep(struct knobs *knobs)
{
	for (int i = 0; i < N_KNOBS; i++)
		knobs->kept[i] = knobs->now[i]->value;
}

void knobs_restore(struct knobs *knobs, void (*tell)(void *ctx, const char *text), void *ctx)
{
	for (int i = 0; i < N_KNOBS; i++) {
		const char *word = list[i].text;
		int v = knobs->now[i]->value;
		char text[128];

		if (v == knobs->kept[i])
			continue;
		if (list[i].kind == KNOB_KIND_INT) {
			snprintf(text, sizeof(text), "set %s %d", list[i].name, v);
		} else {
			while (v--)
				word = strchr(word, '|') + 1;
			snprintf(text, sizeof(text), "set %s %.*s", list[i].name, (int)strcspn(word, "|"), word);
		}
		tell(ctx, text);
		assign(knobs, i, knobs->kept[i]);
	}
}

void knobs_print(const struct knobs *knobs, FILE *out)
{
	fputc('{', out);
	for (int i = 0; i < N_KNOBS; i++) {
		const char *quote = list[i].kind == KNOB_KIND_ENUM ? "\"" : "";

		fprintf(out, "%s\"%s\":%s", i ? "," : "", list[i].name, quote);
		value_print(&list[i], knobs->now[i]->value, out);
		fputs(quote, out);
	}
	fputc('}', out);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(list[*(const int *)a].name, list[*(const int *)b].name);
}

void knobs_print_decisions(const struct knobs *knobs, FILE *out)
{
	int order[N_KNOBS], i;
	const struct tally *t;

	for (i = 0; i < N_KNOBS; i++)
		order[i] = i;
	qsort(order, N_KNOBS, sizeof(order[0]), by_name);
	fputc('{', out);
	for (i = 0; i < N_KNOBS; i++) {
		const struct knob_def *k = &list[order[i]];
		const char *comma = "";

		fprintf(out, "%s\"%s\":{", i ? ",\n" : "\n", k->name);
		for (t = knobs->all[order[i]]; t; t = t->next) {
			if (t->value == k->def && !t->decisions)
				continue;
			fprintf(out, "%s\"", comma);
			value_print(k, t->value, out);
			fprintf(out, "\":%llu", (unsigned long long)t->decisions);
			comma = ",";
		}
		fputc('}', out);
	}
	fputc('}', out);
}
