// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rules of the moment (fw_check.c): each row is a history of requests, the last
 * of which breaks one rule or, in the row beside it, just does not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../front.h"
#include "../fw.h"
#include "hex.h"
#include "said.h"

struct bench {
	struct chip *chip;
	uint64_t now;
	int violations;
	char first[256];
};

static void on_violation(void *ctx, const char *what, const void *bytes, size_t len)
{
	struct bench *b = ctx;

	(void)bytes, (void)len;
	if (!b->violations++)
		snprintf(b->first, sizeof(b->first), "%s", what);
}

static int setup(void **state)
{
	struct bench *b = calloc(1, sizeof(*b));
	/* nobody on the air: a frame stays in the chip until its interface is reset */
	struct chip_env env = { .ctx = b, .violation = on_violation };

	b->chip = chip_new(&env, 1);
	b->now = b->chip->now = 1000 * MS;
	b->chip->front->state = FRONT_WSM;
	b->chip->front->run.published = true;
	fw_start(b->chip->fw);
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct bench *b = *state;

	chip_free(b->chip);
	free(b);
	return 0;
}

/* Runs so long, and hands over what is due, as a transfer would */
static void advance(struct bench *b, uint64_t ns)
{
	uint64_t end = b->now + ns;
	struct run *r = &b->chip->front->run;
	struct message *m;

	while (fw_deadline(b->chip->fw) <= end) {
		if (fw_deadline(b->chip->fw) > b->now)
			b->now = fw_deadline(b->chip->fw);
		b->chip->now = b->now;
		fw_run(b->chip->fw);
	}
	b->now = b->chip->now = end;
	while (r->queue && r->queue->due <= b->now) {
		m = run_unqueue(r);
		fw_sent(b->chip->fw, m->bytes);
		free(m);
	}
}

static void send(struct bench *b, const char *text)
{
	uint8_t msg[2048] = { 0 };

	hex(text, msg);
	fw_request(b->chip->fw, msg, fw_get16(msg));
}

#define CONFIGURE "24 00 09 00 00 00 00 00 00 00 00 00 00 00 00 00 14 00 01 00 02 00 00 be 57 01 05 00 c0 02 02 03 c5 02 90 65"
/* policy 2: MCS7 MCS5 MCS2 1 Mbit/s; policy 3: MCS7, 6 Mbit/s */
#define POLICIES "34 00 06 00 16 10 2c 00 02 00 00 00 02 0f 07 0c 00 00 00 00 01 00 00 00 00 00 00 00 02 30 40 00" \
	"03 0f 07 0c 00 00 00 00 00 00 00 01 00 00 00 00 00 00 40 00"
#define PROBE "40 00 00 00 ff ff ff ff ff ff 02 00 00 be 57 01 ff ff ff ff ff ff 00 00"
#define TEMPLATE_2G "2a 00 06 00 02 10 22 00 00 00 1e 00" PROBE "00 00 01 02 82 84"
#define TEMPLATE_5G "2a 00 06 00 02 10 22 00 00 00 1e 00" PROBE "00 00 01 02 8c 12"
#define TEMPLATE_5G_CCK "2e 00 06 00 02 10 26 00 00 00 22 00" PROBE "00 00 01 02 8c 12 32 02 30 16"
#define TEMPLATE_BARE "26 00 06 00 02 10 1e 00 00 00 1a 00" PROBE "00 00"
#define JOIN(band, channel) "40 00 0b 00 01" band channel "0a 0b 0c 0d 0e 0f 00 00 01 01 01 00 04 00 00 00 74 65 73 74 00 00 00 00" \
	"00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 64 00 00 00 40 00 00 00"
/* flag "force": joined without a beacon */
#define JOINED(band, channel) "40 00 0b 00 01" band channel "0a 0b 0c 0d 0e 0f 00 00 01 01 01 04 04 00 00 00 74 65 73 74 00 00 00 00" \
	"00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 64 00 00 00 40 00 00 00"
#define ASSOCIATED "10 00 11 00 00 00 01 00 cf ff 00 00 00 c0 3f 00"
#define SCAN "20 00 07 00 00 01 01 00 00 00 00 00 02 01 00 64 01 00 00 00 64 00 00 00 64 00 00 00 00 00 00 00"
#define SCAN_5G "20 00 07 00 01 01 01 06 00 00 00 00 02 01 00 64 24 00 00 00 64 00 00 00 64 00 00 00 00 00 00 00"
#define SCAN_PASSIVE "20 00 07 00 00 01 01 00 00 00 00 00 00 01 00 64 01 00 00 00 64 00 00 00 64 00 00 00 00 00 00 00"
#define STOP_SCAN "04 00 08 00"
#define SWITCH "08 00 16 00 80 00 06 00"
#define RESET "08 00 0a 00 00 00 00 00"
#define SLOT "0c 00 06 00 03 00 04 00 09 00 00 00"
#define PAIR_KEY "30 00 0c 00 05 00 00 00 0a 0b 0c 0d 0e 0f 00 00 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f" \
	"00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
#define AP_ADDR "0a 0b 0c 0d 0e 0f"
#define OWN "02 00 00 be 57 01"
#define OTHER "0a 0b 0c 0d 0e 10"
#define ALL "ff ff ff ff ff ff"
/* 24 + 26 + 8 bytes of data without protection */
#define TX(rate, queue, policy, ht) "3a 00 04 00 03 00 02 00" rate queue "00" policy "00 00 00 00 00 00 00 00" ht "00 00 00"
#define QOS_DATA(a1, a2) "88 01 00 00" a1 a2 "aa bb cc dd ee ff 10 00 00 00"
#define IPV4 "aa aa 03 00 00 00 08 00"
#define EAPOL "aa aa 03 00 00 00 88 8e"
#define HT_TX TX("15", "00", "20", "01")
#define DATA HT_TX QOS_DATA(AP_ADDR, OWN) IPV4
/* 24 + 24 + 10 */
#define DEAUTH(fc, a1, a2, a3) fc "00 00" a1 a2 a3 "00 00 04 00 00 00 00 00 00 00 00 00"
/* the same with protection: room for IV and MIC */
#define PROTECTED "4a 00 04 00 03 00 02 00 15 00 00 20 00 00 00 00 00 00 00 00 01 00 00 00" \
	"88 41 00 00" AP_ADDR OWN "aa bb cc dd ee ff 10 00 00 00 00 00 00 00 00 00 00 00" IPV4 "00 00 00 00 00 00 00 00"
#define BEACON "80 00 00 00 ff ff ff ff ff ff" OWN OWN "00 00 00 00 00 00 00 00 00 00 64 00 11 04 00 04 74 65 73 74"
#define AP_TEMPLATE "36 00 06 00 02 10 2e 00 01 00 2a 00" BEACON
#define START "38 00 17 00 00 00 06 00 00 00 00 00 64 00 00 00 02 01 64 04 74 65 73 74 00 00 00 00" \
	"00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 0f 00 00 00"
#define MAP(link) "0c 00 1c 00" AP_ADDR "00" link
#define UNMAP(link) "0c 00 1c 00" AP_ADDR "01" link
#define MAP_OTHER(link) "0c 00 1c 00" OTHER "00" link

/* In a channel switch or a scan, before its end: no time passes after such a request beyond its confirm */
#define SOON "+"
/* 200 ms later */
#define LATER "."

static const struct {
	const char *history[10];
	const char *want;	/* NULL: nothing is wrong */
} rows[] = {
	/* while an end is owed */
	{ { TEMPLATE_2G, SCAN, SOON, RESET }, "50 §10.4: request 000a while the 0806" },
	{ { TEMPLATE_2G, SCAN, SOON, SWITCH }, "50 §10.4: request 0016 while the 0806" },
	{ { TEMPLATE_2G, SCAN, SOON, SCAN }, "50 §10.4: start scan before the 0x0806" },
	{ { TEMPLATE_2G, SCAN, SOON, JOIN("00", "06 00") }, "30 §9.2: join while the interface is busy" },
	{ { TEMPLATE_2G, SCAN, SOON, STOP_SCAN, LATER, RESET }, NULL },
	{ { TEMPLATE_2G, SCAN, LATER, RESET }, NULL },
	{ { TEMPLATE_2G, SCAN, LATER, SWITCH }, NULL },
	{ { TEMPLATE_2G, SCAN, SOON, SLOT }, NULL },
	{ { SWITCH, SOON, RESET }, "30 §4.14: request 000a while the 080a" },
	{ { SWITCH, SOON, SWITCH }, "30 §4.14: request 0016 while the 080a" },
	{ { TEMPLATE_2G, SWITCH, SOON, SCAN }, "30 §4.14: request 0007 while the 080a" },
	{ { TEMPLATE_2G, SWITCH, SOON, JOIN("00", "06 00") }, "30 §4.14: request 000b while the 080a" },
	{ { SWITCH, LATER, SWITCH }, NULL },
	{ { "joined", SWITCH, SOON, DATA }, "30 §4.14: a frame while the 080a" },
	{ { "joined", SWITCH, LATER, DATA }, NULL },
	/* with frames in the chip */
	{ { "joined", DATA, SWITCH }, "30 §8.2: request 0016 with unconfirmed frames" },
	{ { "joined", ASSOCIATED, DATA, SCAN }, "30 §8.2: request 0007 with unconfirmed frames" },
	{ { "joined", DATA, "40 00 4b 00" }, "30 §8.2: request 000b with unconfirmed frames" },
	{ { "joined", DATA, RESET }, NULL },
	{ { "joined", DATA, RESET, LATER, JOIN("00", "06 00") }, NULL },
	/* addresses */
	{ { "joined", HT_TX QOS_DATA(OTHER, OWN) IPV4 }, "40 §4.8: data to another station" },
	{ { "joined", HT_TX QOS_DATA(AP_ADDR, OTHER) IPV4 }, "30 §2.3: address 2" },
	{ { "joined", HT_TX DEAUTH("c0 00", AP_ADDR, OWN, AP_ADDR) }, NULL },
	{ { "joined", HT_TX DEAUTH("c0 00", OTHER, OWN, OTHER) }, "50 §5.1: management frame of another BSS" },
	{ { "joined", HT_TX DEAUTH("c0 00", OTHER, OWN, AP_ADDR) }, "50 §5.1: management frame of another BSS" },
	{ { "joined", HT_TX DEAUTH("c0 00", AP_ADDR, OWN, OTHER) }, "50 §5.1: management frame of another BSS" },
	{ { "joined", HT_TX DEAUTH("d0 00", OTHER, OWN, ALL) }, NULL },
	{ { "joined", HT_TX DEAUTH("d0 00", OTHER, OWN, OTHER) }, "50 §5.1: action frame of another BSS" },
	{ { "joined", HT_TX "a4 00 01 c0" OTHER OWN "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00" },
	  "50 §5.1: control frame to another station" },
	/* protection */
	{ { "joined", PAIR_KEY, DATA }, "40 §4.3: data without protection" },
	{ { "joined", PAIR_KEY, HT_TX QOS_DATA(AP_ADDR, OWN) EAPOL }, NULL },
	{ { "joined", PAIR_KEY, PROTECTED }, NULL },
	{ { "joined", PROTECTED }, "40 §4.3: a protected frame whose key is not there" },
	/* rates */
	{ { "joined 5G", TX("00", "00", "30", "00") QOS_DATA(AP_ADDR, OWN) IPV4 }, "30 §2.2: a CCK rate on 5 GHz" },
	{ { "joined 5G", DATA }, "40 §4.7: a rate policy with CCK rates" },
	{ { "joined 5G", TX("06", "00", "30", "00") QOS_DATA(AP_ADDR, OWN) IPV4 }, NULL },
	{ { "joined 5G", TX("06", "00", "30", "01") QOS_DATA(AP_ADDR, OWN) IPV4 }, NULL },
	{ { "joined 5G", TX("06", "00", "30", "02") QOS_DATA(AP_ADDR, OWN) IPV4 }, "40 §4.1: greenfield" },
	/* templates of probe requests */
	{ { TEMPLATE_BARE, SCAN }, "31 §4: probe requests from a template without rates (scan)" },
	{ { TEMPLATE_BARE, SCAN_PASSIVE }, NULL },
	{ { TEMPLATE_BARE, JOIN("00", "06 00") }, NULL },
	{ { TEMPLATE_2G, SCAN_5G }, "31 §4: probe requests on 5 GHz from a template with CCK rates (scan)" },
	{ { TEMPLATE_5G_CCK, SCAN_5G }, "31 §4: probe requests on 5 GHz from a template with CCK rates (scan)" },
	{ { TEMPLATE_5G, SCAN_5G }, NULL },
	{ { TEMPLATE_2G, JOIN("01", "24 00") }, "31 §4: probe requests on 5 GHz from a template with CCK rates (join)" },
	/* MIBs that belong to interface 0, or to a joined one */
	{ { "0c 00 46 00 07 00 04 00 00 00 00 00" }, "31 §1: this MIB is written on interface 0" },
	{ { "09 00 46 00 43 10 01 00 01" }, "31 §1: this MIB is written on interface 0" },
	{ { "0c 00 46 00 44 10 04 00 02 05 b8 0b" }, "31 §1: this MIB is written on interface 0" },
	{ { "09 00 46 00 45 10 01 00 01" }, "31 §1: this MIB is written on interface 0" },
	{ { "0c 00 46 00 06 10 04 00 10 00 00 00" }, "31 §1: this MIB is written on interface 0" },
	{ { "0c 00 86 00 24 10 04 00 01 00 00 00" }, "31 §1: this MIB is written on interfaces 0 and 1" },
	{ { "0c 00 46 00 24 10 04 00 01 00 00 00" }, NULL },
	{ { "0c 00 06 00 03 10 04 00 00 00 00 00" }, "31 §5: filters are not sent" },
	{ { "0c 00 06 00 04 10 04 00 00 00 00 00" }, "31 §5: filters are not sent" },
	{ { "10 00 06 00 05 10 08 00 07 00 00 00 00 00 00 00" }, "31 §5: filters are not sent" },
	{ { "0c 00 06 00 26 10 04 00 00 00 00 00" }, "31 §5: filters are not sent" },
	{ { "joined", "10 00 06 00 05 10 08 00 07 00 00 00 00 00 00 00" }, NULL },
	{ { "joined", RESET, LATER, "0c 00 06 00 26 10 04 00 00 00 00 00" }, "31 §5: filters are not sent" },
	{ { AP_TEMPLATE, "0c 00 06 00 03 10 04 00 00 00 00 00" }, NULL },
	/* links */
	{ { AP_TEMPLATE, START, MAP("03"), MAP_OTHER("03") }, "50 §8.3: link 3 is mapped already" },
	{ { AP_TEMPLATE, START, MAP("03"), MAP("04") }, "50 §8.3: this station has link 3 already" },
	{ { AP_TEMPLATE, START, MAP("03"), UNMAP("03"), MAP("04") }, NULL },
	{ { AP_TEMPLATE, START, MAP("03"), TX("15", "0c", "20", "01") QOS_DATA(AP_ADDR, OWN) IPV4 }, NULL },
	{ { AP_TEMPLATE, START, MAP("03"), MAP_OTHER("04"), TX("15", "10", "20", "01") QOS_DATA(AP_ADDR, OWN) IPV4 },
	  "40 §4.6: the link id of a frame is not that of its receiver" },
	{ { AP_TEMPLATE, START, MAP("03"), TX("15", "0c", "20", "01") QOS_DATA(ALL, OWN) IPV4 },
	  "40 §4.6: a group frame with a link id" },
	{ { AP_TEMPLATE, START, HT_TX QOS_DATA(AP_ADDR, OWN) IPV4 }, "40 §4.6: a frame to a station without a link" },
	{ { AP_TEMPLATE, START, HT_TX DEAUTH("c0 00", AP_ADDR, OWN, OWN) }, NULL },
};

static void joined(struct bench *b, bool is_5g)
{
	send(b, is_5g ? TEMPLATE_5G : TEMPLATE_2G);
	advance(b, 2 * MS);
	send(b, is_5g ? JOINED("01", "24 00") : JOINED("00", "06 00"));
	advance(b, 2 * MS);
}

/* A word of a history; each request has its confirm before the next, unless SOON follows */
static void word(struct bench *b, const char *w, const char *next)
{
	if (!strcmp(w, SOON))
		advance(b, MS);
	else if (!strcmp(w, LATER))
		advance(b, 200 * MS);
	else if (!strncmp(w, "joined", 6))
		joined(b, w[6]);
	else {
		send(b, w);
		if (!next || strcmp(next, SOON))
			advance(b, 5 * MS);
	}
}

static void test_rules(void **state)
{
	size_t i, n;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bench *b;

		setup(state);
		b = *state;
		word(b, CONFIGURE, NULL);
		word(b, POLICIES, NULL);
		for (n = 0; rows[i].history[n + 1]; n++)
			word(b, rows[i].history[n], rows[i].history[n + 1]);
		if (b->violations)
			fail_msg("row %zu: before its last request: %s", i, b->first);
		send(b, rows[i].history[n]);
		if (!rows[i].want && b->violations)
			fail_msg("row %zu: %s", i, b->first);
		if (rows[i].want && (!b->violations || strncmp(b->first, rows[i].want, strlen(rows[i].want))))
			fail_msg("row %zu: %s: got '%s'", i, rows[i].want, b->first);
		if (rows[i].want)
			said(b->first);
		teardown(state);
	}
}

/* The debug doorbell: no answer any more, until Wi-Fi starts anew */
static void test_halt(void **state)
{
	struct bench *b = *state;

	advance(b, 5 * MS);
	fw_halt(b->chip->fw);
	send(b, CONFIGURE);
	b->now = b->chip->now += 10 * MS;
	fw_run(b->chip->fw);
	assert_null(b->chip->front->run.queue);
	fw_start(b->chip->fw);
	assert_non_null(b->chip->front->run.queue);
	assert_int_equal(b->violations, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),
		cmocka_unit_test_setup_teardown(test_halt, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
