// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs a fuzzer without libFuzzer: on files, or on pseudo-random inputs.
 *
 *	fuzz_x FILE...			each file once
 *	fuzz_x [-n COUNT] [-s SEED]	COUNT inputs; the same SEED, the same inputs
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_INPUT	4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t state;

static uint64_t next(void)
{
	state += 0x9e3779b97f4a7c15ULL;
	uint64_t z = state;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

/* Small numbers and zeros are what lengths and counts are made of */
static size_t fill(uint8_t *buf)
{
	size_t len = next() % (next() % 4 ? 256 : MAX_INPUT);

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

static void run(const uint8_t *bytes, size_t len)
{
	/* of exact size, so that a read past its end is seen */
	uint8_t *copy = malloc(len ? len : 1);

	if (!copy)
		exit(2);
	memcpy(copy, bytes, len);
	LLVMFuzzerTestOneInput(copy, len);
	free(copy);
}

static int run_file(const char *name)
{
	static uint8_t buf[1 << 20];
	FILE *file = fopen(name, "rb");
	size_t len;

	if (!file) {
		perror(name);
		return 2;
	}
	len = fread(buf, 1, sizeof(buf), file);
	fclose(file);
	run(buf, len);
	return 0;
}

int main(int argc, char **argv)
{
	unsigned long count = 10000, seed = 1;
	static uint8_t buf[MAX_INPUT];
	int files = 0, ret = 0;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "-n") && i + 1 < argc) {
			count = strtoul(argv[++i], NULL, 0);
		} else if (!strcmp(argv[i], "-s") && i + 1 < argc) {
			seed = strtoul(argv[++i], NULL, 0);
		} else {
			files++;
			ret |= run_file(argv[i]);
		}
	}
	if (files)
		return ret;
	state = seed;
	for (unsigned long i = 0; i < count; i++)
		run(buf, fill(buf));
	printf("%lu inputs, seed %lu\n", count, seed);
	return 0;
}
