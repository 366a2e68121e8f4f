// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs a fuzzer without libFuzzer: on files, or on its corpus and changes of it.
 *
 *	fuzz_x FILE...				each file once
 *	fuzz_x [-n COUNT] [-s SEED] [-c DIR]	all of DIR (-C: of its part for fuzz_x), then COUNT inputs
 *
 * An input is random, or one of the corpus with some bytes changed, cut or
 * repeated. The same SEED, the same inputs; without one the day gives it, so
 * that each day looks elsewhere. An input that kills the fuzzer is left in DIR
 * as crash-FUZZER-SEED-NUMBER, where the next run begins with it.
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define INPUT_ROOM	4096
#define MAX_CORPUS	256

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* of the sanitizers, where there are any */
void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static uint64_t state;
static struct { uint8_t *bytes; size_t len; } corpus[MAX_CORPUS];
static int n_corpus;

/* The input in progress, and where it goes if it is the last one */
static const uint8_t *current;
static size_t current_len;
static char crash[1024];

static uint64_t next(void)
{
	state += 0x9e3779b97f4a7c15ULL;
	uint64_t z = state;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

/* ---- inputs ---- */

/* Small numbers and zeros are what lengths and counts are made of */
static size_t fill(uint8_t *buf)
{
	size_t len = next() % (next() % 4 ? 256 : INPUT_ROOM);

	for (size_t i = 0; i < len; i++) {
		uint64_t r = next();

		buf[i] = r >> 32;
		if (!(r & 3))
			buf[i] &= 0x0f;
		else if (!(r & 28))
			buf[i] = r & 32 ? 0xff : 0;
	}
	return len;
}

/* One of the corpus, changed in a few places; sometimes another one follows */
static size_t change(uint8_t *buf)
{
	size_t len = 0;

	do {
		int i = next() % n_corpus;
		size_t n = corpus[i].len < INPUT_ROOM - len ? corpus[i].len : INPUT_ROOM - len;

		memcpy(buf + len, corpus[i].bytes, n);
		len += n;
	} while (!(next() & 3) && len < INPUT_ROOM);
	if (!(next() & 7))
		len = next() % (len + 1);
	for (int n = next() % 8; n && len; n--) {
		uint64_t r = next();
		uint8_t *at = buf + (r >> 32) % len;

		*at = r & 1 ? *at ^ 1u << (r >> 1 & 7) : r & 2 ? (uint8_t)(r >> 8) : r & 4 ? 0u : 0xffu;
	}
	return len;
}

/* ---- the last input ---- */

static void keep_crash(void)
{
	int fd = crash[0] ? open(crash, O_WRONLY | O_CREAT | O_TRUNC, 0644) : -1;

	if (fd < 0)
		return;
	if (write(fd, current, current_len) == (ssize_t)current_len)
		dprintf(2, "input kept as %s\n", crash);
	close(fd);
}

static void on_signal(int signum)
{
	keep_crash();
	signal(signum, SIG_DFL);
	raise(signum);
}

static void run(const uint8_t *bytes, size_t len)
{
	/* of exact size, so that a read past its end is seen */
	uint8_t *copy = malloc(len ? len : 1);

	if (!copy)
		exit(2);
	memcpy(copy, bytes, len);
	current = bytes;
	current_len = len;
	LLVMFuzzerTestOneInput(copy, len);
	free(copy);
}

/* ---- files ---- */

static size_t load(const char *name, uint8_t *buf, size_t room)
{
	FILE *file = fopen(name, "rb");
	size_t len;

	if (!file) {
		perror(name);
		exit(2);
	}
	len = fread(buf, 1, room, file);
	fclose(file);
	return len;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void load_corpus(const char *dir)
{
	static uint8_t buf[INPUT_ROOM];
	struct dirent **entries;
	int n = scandir(dir, &entries, NULL, by_name);
	char name[512];

	if (n < 0) {
		perror(dir);
		exit(2);
	}
	for (int i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "%s/%s", dir, entries[i]->d_name);
		if (entries[i]->d_name[0] != '.' && n_corpus < MAX_CORPUS) {
			corpus[n_corpus].len = load(name, buf, sizeof(buf));
			corpus[n_corpus].bytes = malloc(corpus[n_corpus].len + 1);
			memcpy(corpus[n_corpus].bytes, buf, corpus[n_corpus].len);
			n_corpus++;
		}
		free(entries[i]);
	}
	free(entries);
	if (!n_corpus) {
		fprintf(stderr, "%s: no input\n", dir);
		exit(2);
	}
}

static void fuzz(const char *fuzzer, const char *dir, unsigned long count, unsigned long seed)
{
	static uint8_t buf[INPUT_ROOM];

	printf("seed %lu, %d inputs of the corpus\n", seed, n_corpus);
	fflush(stdout);
	for (int i = 0; i < n_corpus; i++)
		run(corpus[i].bytes, corpus[i].len);
	state = seed;
	for (unsigned long i = 0; i < count; i++) {
		if (dir)
			snprintf(crash, sizeof(crash), "%s/crash-%s-%lu-%lu", dir, fuzzer, seed, i);
		run(buf, n_corpus && next() & 1 ? change(buf) : fill(buf));
	}
	printf("%lu inputs\n", count);
}

/* YYYYMMDD */
static unsigned long today(void)
{
	time_t now = time(NULL);
	struct tm *tm = gmtime(&now);

	return (tm->tm_year + 1900) * 10000 + (tm->tm_mon + 1) * 100 + tm->tm_mday;
}

int main(int argc, char **argv)
{
	unsigned long count = 10000, seed = today();
	const char *name = strrchr(argv[0], '/'), *dir = NULL;
	static uint8_t buf[1 << 20];
	int files = 0, opt;
	static char own[512];

	signal(SIGABRT, on_signal);
	signal(SIGSEGV, on_signal);
	if (__sanitizer_set_death_callback)
		__sanitizer_set_death_callback(keep_crash);
	while ((opt = getopt(argc, argv, "n:s:c:C:")) != -1) {
		if (opt == 'n')
			count = strtoul(optarg, NULL, 0);
		else if (opt == 's')
			seed = strtoul(optarg, NULL, 0);
		else if (opt == 'c')
			dir = optarg;
		else if (opt == 'C' && snprintf(own, sizeof(own), "%s/%s", optarg, name ? name + 1 : argv[0]) > 0)
			dir = own;
		else
			return 2;
	}
	for (; optind < argc; optind++, files++)
		run(buf, load(argv[optind], buf, sizeof(buf)));
	if (files)
		return 0;
	if (dir)
		load_corpus(dir);
	fuzz(name ? name + 1 : argv[0], dir, count, seed);
	for (int i = 0; i < n_corpus; i++)
		free(corpus[i].bytes);
	return 0;
}
