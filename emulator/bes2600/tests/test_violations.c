// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Each rule by which the chip judges its host: bytes that break it, and what
 * is said then. lab/tests/test_violations.py misses a text that is not here
 * (or in another test that compares texts).
 */
#include "host.h"

struct rule {
	enum host_state state;	/* how far the chip is */
	const char *script;	/* steps, by semicolon; the last one breaks the rule */
	const char *text;	/* several: by a bar */
};

/* ---- bytes that come again ---- */

/* Sheet 31 section 6, its policy; n: from byte 12 on */
#define POLICY_OF(bytes) "send 20 00 06 00 16 10 18 00 01 00 00 00 " bytes
/* Sheet 31 section 4: template frame */
#define TEMPLATE_OF(type, rate, len) \
	"send 24 00 06 00 02 10 1c 00 " type " " rate " " len " 00 40 00 00 00 ff ff ff ff ff ff 02 00 00 be 57 01 " \
	"ff ff ff ff ff ff"
/* Sheet 30 section 4.3: one channel */
#define SCAN_OF(len, head, counts, channel) \
	"send " len " 00 07 00 " head " 00 00 00 00 " counts " 64 " channel " 64 00 00 00 64 00 00 00"
#define CHANNEL_1 "01 00 00 00"
#define SCAN SCAN_OF("20", "00 00 00 00", "02 01 00", CHANNEL_1)
/* Sheet 30 section 4.7 */
#define JOIN_OF(mode, bssid, rest, tail) "send 40 00 0b 00 " mode " " bssid " 00 00 " rest " " tail
#define TO_AP "0a 0b 0c 0d 0e 0f"
#define SSID_TEST "04 00 00 00 74 65 73 74"
/* Sheet 30 section 4.15 */
#define START_OF(head, interval, rest) "send 38 00 17 00 " head " 00 00 00 00 " interval " " rest " 74 65 73 74 @34 0f"
/* Sheet 30 section 4.8: AES pairwise */
#define KEY_OF(type, index, pad, peer) "send 30 00 0c 00 " type " " index " " pad " 00 " peer " 00 00 00 01 02 03"
#define KEY KEY_OF("05", "00", "00", TO_AP)
/* Sheet 30 section 6.1: 26 bytes of QoS data in 50 */
#define TX_OF(len, request, fc) \
	"send " len " 00 04 00 03 00 02 00 " request " 00 00 00 00 00 00 00 00 01 00 00 00 " fc " 00 00 " TO_AP \
	" 02 00 00 be 57 01 aa bb cc dd ee ff 10 00 00 00"
#define MCS7 "15 00 00 20"

static const struct rule rules[] = {
	/* registers and commands: sheet 10 */
	{ POWERED, "52 10021800", "access to a function that is not enabled (argument 0x10021800)" },
	{ ROM, "53 90040000 b1", "CMD53 without the incrementing-address flag (argument 0x90040000)" },
	{ ROM, "bare 94040000 500", "CMD53 whose count does not agree with its data (argument 0x94040000)" },
	{ ROM, "52 1000a000", "read of unknown register 0x50 (10 section 3)" },
	{ ROM, "52 9000a001", "write to unknown register 0x50 (10 section 3)" },
	{ MAIN, "52 90024009", "0x120 written without 0x121 before (10 section 9.2)" },
	{ MAIN, "52 90024200; 52 90024008", "0x120 written without bit 0 (10 section 9.2)" },
	{ MAIN, "52 90024210; 52 90024001", "unknown doorbell 0x1001 (10 section 9.2)" },
	{ ROM, "52 90024200; 52 90024021", "doorbell 0x0021 while the MCU is not ready (20 section 5)" },
	{ MAIN, "53 14001008", "CMD53 read while nothing can answer (10 section 18)" },
	{ MAIN, "53 94040000 b1 00 08 00 04 00 00 00 00 00 10 40",
	  "CMD53 write while nothing can take it (10 section 18)" },
	/* loader: sheet 20 */
	{ ROM, "knob boot.room=0; 53 94040000 b1 00 08 00 04 00 00 00 00 00 10 40",
	  "frame although the loader has no room (20 section 3.3)" },
	{ ROM, "53 94040000 b1 00 09 00 04 00 00 00 00 00 10 40 00",
	  "INFO of a wrong length (20 section 3.2)" },
	{ ROM, "frame b1 00 08 00 48 00 00 00 00 b0 08 20",
	  "download to 0x2008b000 before both register pokes (20 section 3.7)" },
	{ LOADER2, "frame b1 00 08 00 48 00 00 00 00 b0 08 20",
	  "download to 0x2008b000 after an image (20 section 11)" },
	{ POKED, "frame b1 00 08 00 47 00 00 00 00 b0 08 20",
	  "download of 71 bytes to 0x2008b000 (20 section 3.8)" },
	{ ROM, "frame b1 00 08 00 04 00 00 00 00 00 10 40; frame b2 01 08 00 00 00 10 40 07 20 80 00",
	  "register poke with a wrong value (20 section 3.7)" },
	{ ROM, "frame b2 01 08 00 00 00 10 40 06 20 80 00",
	  "DATA without INFO or beyond its length (20 section 3.6)" },
	{ POKED, "frame b1 00 08 00 48 00 00 00 00 b0 08 20; frame b2 01 08 00 04 b0 08 20 80 ba 02 00",
	  "DATA for 0x2008b004, 0x2008b000 was next (20 section 3.6)" },
	{ ROM, "frame b3 01 04 00 00 00 00 00", "END of a wrong length or without INFO (20 section 3.6)" },
	{ POKED, "frame " BOOT_INFO "; frame " BOOT_DATA "; frame b3 02 04 00 69 2b 79 cc",
	  "END: CRC 0xcc792b69, 0xcc792b68 expected, 56 of 56 bytes (20 section 3.6)" },
	{ POKED, "frame b1 00 08 00 14 3b 00 00 00 c0 08 20; zeros 15124 2008c000; frame b3 03 04 00 7b f2"
	  " 20 77", "calibration data whose own CRC is wrong (20 section 4.5)" },
	{ POKED, "frame b4 02 04 00 68 01 00 20", "RUN without a verified image at its address (20 section 11)" },
	{ POKED, "frame " MAIN_INFO "; frame " MAIN_DATA "; frame " MAIN_END "; frame " RUN,
	  "main image without calibration result (20 section 4.1)" },
	{ ROM, "53 9c040001 b1 00 08 00 04 00 00 00 00 00 10 40",
	  "block mode is for more than 512 bytes (20 section 2)" },
	{ ROM, "53 96040000 b1 00 08 00 04 00 00 00 00 00 10 40", "toggle set during boot (20 section 2)" },
	{ ROM, "53 94040800 b1 00 08 00 04 00 00 00 00 00 10 40",
	  "CMD53 address 0x204 for a frame of 12 bytes (10 section 11)" },
	{ ROM, "frame b5 01 04 00 00 00 00 00", "loader frame of unknown type 0xb5 (20 section 3.2)" },
	{ ROM, "53 94040000 b1 00 00 08", "frame of 2052 bytes in 512 (20 section 3.4)" },
	{ ROM, "53 94040000 b1 00 08 00 04 00 00 00 00 00 10 40; 53 94040000 b2 01 08 00 00 00 10 40 06 "
	  "20 80 00", "frame before the last reply was fetched (20 section 3.3)" },
	{ ROM, "53 94040000 b1 00 08 00 04 00 00 00 00 00 10 40; 53 14002010",
	  "read of 16 bytes, 8 were announced (20 section 3.3)" },
	{ ROM, "53 94040000 b1 00 08 00 04 00 00 00 00 00 10 40; 53 1c001001",
	  "512 bytes on the bus for a read of 8 (10 section 4)" },
	/* transfers: sheet 10 sections 4 to 7 */
	{ MAIN, "wifi; 53 14040800", "read of 512 bytes with address 0x204 (10 section 4)" },
	{ MAIN, "wifi; 53 14040000; 53 14040000", "read toggle repeated without an error (10 section 4.1)" },
	{ MAIN, "wifi; 53 1c080002",
	  "read of 1024 bytes, toggle 0: 512 bytes, toggle 0 announced (10 section 6.4)" },
	{ WIFI, "53 9c040001 0c 00 06 60 24 10 04 00 01 00 00 00", "sequence 3, 0 expected (30 section 1.3)" },
	{ WIFI, "knob tx.slot_mix=refused; 53 9c080202 0c 00 06 00 24 10 04 00 01 00 00 00",
	  "message of 12 bytes in a slot of 1024 (10 section 7.1)" },
	{ WIFI, "53 9c040001 01 02 06 00", "message of 513 bytes in a slot of 512 (10 section 7.2)" },
	{ WIFI, "53 9c040001 0c 00 06 00 24 10 04 00 01 00 00 00 ff",
	  "bytes after a message are not zero (40 section 16 E2)" },
	{ WIFI, "53 9c040001 08 00 06 04 00 00 00 00",
	  "message 0x0406 is neither request nor MCU (30 section 1.1)" },
	{ WIFI, "53 9c080002 0c 00 06 00 24 10 04 00 01 00 00 00 @200 0c 00 27 0c 03 00 00 00 05",
	  "MCU command shares a transfer (10 section 7.4)" },
	{ MAIN, "knob start.credits=2; wifi; inject silence 1000; send 0c 00 06 00 24 10 04 00 01 00 00"
	  " 00; send 0c 00 06 00 24 10 04 00 01 00 00 00; send 0c 00 06 00 24 10 04 00 01 00 00 00",
	  "3 messages outstanding, 2 buffers (30 section 1.5)" },
	{ WIFI, "knob tx.byte_mode=ignored; 53 94040000 0c 00 06 00 24 10 04 00 01 00 00 00",
	  "run-mode write in byte mode (10 section 4)" },
	{ WIFI, "53 9c040401 0c 00 06 00 24 10 04 00 01 00 00 00",
	  "address 0x202 is no sum of slots of 1536 (10 section 7.2)" },
	{ WIFI, "53 9c040002 0c 00 06 00 24 10 04 00 01 00 00 00",
	  "1024 bytes for slots of 512 in all (10 section 7.2)" },
	{ WIFI, "53 9c0cc604 0c 00 06 00 24 10 04 00 01 00 00 00 @660 01",
	  "padding of a burst is not zero (40 section 16 E2)" },
	{ WIFI, "send 0c 00 06 00 24 10 04 00 01 00 00 00; 53 9c040001 0c 00 46 20 24 10 04 00 01 00 00 " "00",
	  "write toggle repeated without an error (10 section 4.1)" },
	/* requests: sheet 30 sections 1 to 4 */
	{ WIFI, "send 09 00 0a 00 00", "30 §4.6: request 000a of 9 bytes (8..8)" },
	{ WIFI, "send 0c 00 67 0c 03 00 00 00 05",
	  "30 §1.1: MCU request 0c67 carries interface bits|30 §3: no MCU request 0c67" },
	{ WIFI, "send 08 00 ca 00 00 00 00 00", "30 §1.1: interface 3 in request 00ca (0..2)" },
	{ CONFIGURED, "post 10 00 29 00 20 4e 00 00 e0 41 01 00 00 00 00 00; post 10 00 29 00 20 4e 00 00 e0 41"
	  " 01 00 00 00 00 00", "30 §1.6: request 0029 before the confirm of 0029" },
	{ WIFI, "send 04 00 2a 00", "30 §3: no request 002a" },
	{ WIFI, "send 08 00 26 0c 00 00 00 00", "30 §3: no MCU request 0c26" },
	{ CONFIGURED, "send 08 00 05 00 0c 10 01 00",
	  "30 §4.1: read MIB: two zero bytes behind the id, interface 0" },
	{ CONFIGURED, "send 08 00 05 00 99 10 00 00", "31 §1: no MIB 1099 to read" },
	{ WIFI, "send 20 00 09 00 @10 0f 00 01 00 02 00 00 be 57 01 05 00 c0 02 02 03",
	  "30 §4.5: configuration block of length 15, version 1, flags 5 in a message of 32 bytes "
	  "(length - 16, 1, 5)" },
	{ WIFI, "send 20 00 09 00 @10 10 00 01 00 02 00 00 be 57 01 05 00 c0 03 02 03",
	  "31 §7: elements of the configuration block do not end with it" },
	{ WIFI, "send 20 00 09 00 @10 10 00 01 00 03 00 00 be 57 01 05 00 c0 02 02 03",
	  "30 §4.5: the station address is no unicast address" },
	{ CONFIGURED, "send 08 00 0a 00 02 00 00 00", "30 §4.6: reset: 2 is neither 0 nor 1" },
	{ CONFIGURED, "send 10 00 12 00 04",
	  "30 §4.12: queue parameters: queue 4, ack policy 0, or bytes that must be zero" },
	{ CONFIGURED, "send 30 00 13 00 0f 00 0e 00 07 00 03 00 ff 03 ff 03 0f 00 07 00 07 03 02 02 00 00 00 00"
	  " c0 0b e0 05", "30 §4.13: EDCA entry 1 (order BK, BE, VI, VO): CWmin 14, CWmax 1023, AIFSN 3" },
	{ CONFIGURED, "send 0a 00 1b 00 00 00 01 00 05 00",
	  "30 §4.16: update IE: targets 0000, 1 elements that do not fill the message" },
	{ CONFIGURED, "send 10 00 69 00 20 4e 00 00 e0 41 01 00", "30 §7.1: EPTA goes to interface 0, not 1" },
	{ WIFI, "send 0c 00 27 0c 02", "30 §7.3: driver command 2 of 12 bytes" },
	{ WIFI, "send 0c 00 27 0c 03 00 00 00 08", "30 §7.3: Wi-Fi state 8 is unknown" },
	{ WIFI, "send 11 00 25 0c 00 00 00 00 00 00 00 00 02 00 00 00 41",
	  "30 §7.4: RF test command whose text does not fill it" },
	/* MIBs: sheet 31 */
	{ CONFIGURED, "send 0c 00 06 00 24 10 05 00 01", "30 §4.2: MIB 1024 of 5 bytes in a message of 12" },
	{ CONFIGURED, "send 0c 00 06 00 99 10 04 00 01", "31 §1: no MIB 1099" },
	{ CONFIGURED, "send 0c 00 06 00 0c 10 04 00 01",
	  "31 §1: this MIB can only be read (MIB 100c, 4 bytes)" },
	{ CONFIGURED, "send 0a 00 06 00 43 10 02 00 01",
	  "31 §1: the size of the MIB is wrong (MIB 1043, 2 bytes)" },
	{ CONFIGURED, "send 0c 00 46 00 06 10 04 00 10",
	  "31 §1: this MIB is written on interface 0 (MIB 1006, 4 bytes)" },
	{ ASSOCIATED, "send 0c 00 06 00 03 00 04 00 0a", "31 §2.1: slot time is 9 or 20 (MIB 0003, 4 bytes)" },
	{ ASSOCIATED, "send 40 00 06 00 04 00 38 00 03",
	  "31 §5.5: multicast filter: enable 0..2, at most 8 addresses (MIB 0004, 56 bytes)" },
	{ ASSOCIATED, "send 40 00 06 00 04 00 38 00 01 00 00 00 01 00 00 00 02 00 5e 00 00 01",
	  "31 §5.5: an address of the multicast filter is no group address (MIB 0004, 56 bytes)" },
	{ ASSOCIATED, "send 0c 00 06 00 05 00 04 00 04", "31 §2.1: WEP key ids are 0..3 (MIB 0005, 4 bytes)" },
	{ ASSOCIATED, "send 0c 00 06 00 00 10 04 00 02", "31 §2.1: this MIB is 0 or 1 (MIB 1000, 4 bytes)" },
	{ ASSOCIATED, "send 10 00 06 00 01 10 08 00 04",
	  "31 §5.6: ARP offload has two bits (MIB 1001, 8 bytes)" },
	{ CONFIGURED, TEMPLATE_OF("08", "ff", "18"), "31 §4: template types are 0..7 (MIB 1002, 28 bytes)" },
	{ CONFIGURED, TEMPLATE_OF("00", "00", "17"),
	  "31 §4: the frame length of the template is not that of the MIB (MIB 1002, 28 bytes)" },
	{ CONFIGURED, TEMPLATE_OF("00", "04", "18"),
	  "31 §4: no such rate for a template (MIB 1002, 28 bytes)" },
	{ CONFIGURED, "send 10 00 06 00 02 10 08 00 00 00 04 00 40 00 00 00",
	  "31 §4: the template is shorter than an 802.11 header (MIB 1002, 8 bytes)" },
	{ ASSOCIATED, "send 0c 00 06 00 03 10 04 00 20",
	  "31 §5.1: unknown bits in the RX filter (MIB 1003, 4 bytes)" },
	{ ASSOCIATED, "send 10 00 06 00 05 10 08 00 08",
	  "31 §5.4: unknown bits in the beacon filter (MIB 1005, 8 bytes)" },
	{ CONFIGURED, "send 0c 00 06 00 06 10 04 00 13",
	  "31 §2.1: unknown operational power mode (MIB 1006, 4 bytes)" },
	{ ASSOCIATED, "send 0c 00 06 00 07 10 04 00 01 01",
	  "31 §2.1: byte 1 of the beacon wake-up period is zero (MIB 1007, 4 bytes)" },
	{ CONFIGURED, "send 0c 00 06 00 09 10 04 00 1d 00 00 10",
	  "31 §2.1: unknown bits in the RCPI threshold mode (MIB 1009, 4 bytes)" },
	{ ASSOCIATED, "send 0c 00 06 00 0e 10 04 00 b1 01 b1 00",
	  "31 §2.1: block-ack policy: bytes 1 and 3 are zero (MIB 100e, 4 bytes)" },
	{ ASSOCIATED, "send 10 00 06 00 10 10 08 00 3f 01",
	  "31 §2.1: association mode out of range (MIB 1010, 8 bytes)" },
	{ ASSOCIATED, "send 10 00 06 00 13 10 08 00 10", "31 §2.1: U-APSD has four flags (MIB 1013, 8 bytes)" },
	{ CONFIGURED, "send 0c 00 06 00 16 10 04 00 00 00 00 00",
	  "31 §3: 1..8 rate policies, three zero bytes behind the number (MIB 1016, 4 bytes)" },
	{ CONFIGURED, POLICY_OF("08 0f 07 0c 00 00 00 00 01"),
	  "31 §3: policy indexes are 0..7 (MIB 1016, 24 bytes)" },
	{ CONFIGURED, POLICY_OF("02 0f 07 0c 01 00 00 00 01"),
	  "31 §3: bytes of a rate policy that must be zero (MIB 1016, 24 bytes)" },
	{ CONFIGURED, POLICY_OF("02 0f 07 1c 00 00 00 00 01"),
	  "31 §3: unknown flags in a rate policy (MIB 1016, 24 bytes)" },
	{ CONFIGURED, POLICY_OF("02 0f 07 0c 00 00 00 00 01 00 01"),
	  "30 §2.2: rates 4 and 5 of a policy do not exist (MIB 1016, 24 bytes)" },
	{ CONFIGURED, POLICY_OF("02 0f 07 0c 00 00 00 00 01 00 00 00 00 00 00 00 00 00 00 01"),
	  "30 §2.2: a rate policy names rates above 21 (MIB 1016, 24 bytes)" },
	{ ASSOCIATED, "send 0c 00 06 00 20 10 04 00 08",
	  "31 §2.1: unknown bits in the protected management policy (MIB 1020, 4 bytes)" },
	{ ASSOCIATED, "send 0c 00 06 00 25 10 04 00 0f 00 01 00",
	  "31 §2.1: keep-alive: two zero bytes follow the period (MIB 1025, 4 bytes)" },
	{ ASSOCIATED, "send 0c 00 06 00 26 10 04 00 02",
	  "31 §5.2: BSSID filter: 0 or 1, then three zero bytes (MIB 1026, 4 bytes)" },
	{ CONFIGURED, "send 09 00 06 00 43 10 01 00 02", "31 §2.1: short GI is 0 or 1 (MIB 1043, 1 bytes)" },
	{ CONFIGURED, "send 09 00 06 00 45 10 01 00 03",
	  "31 §2.1: power tables are 1 and 2 (MIB 1045, 1 bytes)" },
	/* scan: sheet 30 section 4.3 */
	{ CONFIGURED, SCAN_OF("20", "02 00 00 00", "02 01 00", CHANNEL_1),
	  "30 §4.3: band 0..1, type 0..2, flags 4:0" },
	{ CONFIGURED, SCAN_OF("20", "00 00 00 00", "02 00 00", CHANNEL_1),
	  "30 §4.3: 1..48 channels, 0..2 SSIDs" },
	{ CONFIGURED, SCAN_OF("21", "00 00 00 00", "02 01 00", CHANNEL_1),
	  "30 §4.3: channels and SSIDs do not fill the message" },
	{ CONFIGURED, SCAN_OF("20", "00 00 00 16", "02 01 00", CHANNEL_1),
	  "30 §4.3: the rate does not exist in this band" },
	{ CONFIGURED, SCAN_OF("20", "00 00 00 00", "02 01 00", "01 00 01 00"),
	  "30 §4.3: two zero bytes follow the channel number" },
	{ CONFIGURED, SCAN_OF("20", "00 00 00 00", "02 01 00", "0f 00 00 00"),
	  "30 §4.3: no such channel in this band" },
	{ CONFIGURED, SCAN_OF("44", "00 00 00 00", "02 01 01", CHANNEL_1) " @20 21",
	  "30 §4.3: an SSID has at most 32 bytes" },
	{ CONFIGURED, SCAN_OF("20", "00 00 00 00", "02 01 00", CHANNEL_1) " @14 65",
	  "30 §4.3: minimum time above maximum time" },
	{ CONFIGURED, SCAN_OF("20", "00 00 00 00", "02 01 00", CHANNEL_1) " @2 47",
	  "30 §4.3: start scan always goes to interface 0" },
	{ WIFI, SCAN, "50 §5.2: scan with probes before a probe request template" },
	{ CONFIGURED, SCAN "; " SCAN, "50 §10.4: start scan before the 0x0806 of the one before" },
	{ JOINED, SCAN, "50 §10.4: start scan between join and association" },
	/* join: sheet 30 section 4.7 */
	{ CONFIGURED, JOIN_OF("02 00 06 00", TO_AP, "01 01 01 00", SSID_TEST " @38 64 00 00 00 07 00 00 00"),
	  "30 §4.7: join: mode 0..1, band 0..1, preamble 0..2, probe 0..1" },
	{ CONFIGURED, JOIN_OF("01 00 0f 00", TO_AP, "01 01 01 00", SSID_TEST " @38 64 00 00 00 07 00 00 00"),
	  "30 §4.7: join: no such channel in this band" },
	{ CONFIGURED,
	  JOIN_OF("01 00 06 00", "0b 0b 0c 0d 0e 0f", "01 01 01 00", SSID_TEST " @38 64 00 00 00 07 00 00 00"),
	  "30 §4.7: join: the BSSID is no unicast address" },
	{ CONFIGURED, JOIN_OF("01 00 06 00", TO_AP, "01 01 00 00", SSID_TEST " @38 64 00 00 00 07 00 00 00"),
	  "30 §4.7: join: ATIM window 0, DTIM period from 1, flags 4:0 and 6" },
	{ CONFIGURED, JOIN_OF("01 00 06 00", TO_AP, "01 01 01 00", "21 00 00 00 @38 64 00 00 00 07 00 00 00"),
	  "30 §4.7: join: an SSID has at most 32 bytes" },
	{ CONFIGURED,
	  JOIN_OF("01 00 06 00", TO_AP, "01 01 01 00", "03 00 00 00 74 65 73 74 @38 64 00 00 00 07 00 00 00"),
	  "30 §4.7: join: bytes behind the SSID are not zero" },
	{ CONFIGURED, JOIN_OF("01 00 06 00", TO_AP, "01 01 01 00", SSID_TEST " @38 00 00 00 00 07 00 00 00"),
	  "30 §4.7: join: the beacon interval" },
	{ CONFIGURED, JOIN_OF("01 00 06 00", TO_AP, "01 01 01 00", SSID_TEST " @38 64 00 00 00 00 00 00 00"),
	  "30 §4.7: join: no basic rates" },
	{ WIFI, "send " JOIN, "30 §8.1: join before the configuration" },
	{ WIFI, "send " CONFIGURATION "; send " JOIN,
	  "50 §5.2: join before a probe request template was written" },
	{ JOINED, "send " JOIN, "30 §9.2: join while the interface is busy, joining or scanning" },
	/* station: sheet 30 sections 4.8 to 4.14 */
	{ JOINED, "send 10 00 11 00 01 32 01 00 cf 3f",
	  "30 §4.11: BSS parameters: byte 4 zero, AID up to 2007, MCS mask in bits 21:14" },
	{ CONFIGURED, "send " BSS_PARAMS, "30 §4.11: BSS parameters for an interface that has not joined" },
	{ JOINED, "send 08 00 10 00 02 10 00 00", "30 §4.10: power mode 02 (00, 01, 81)" },
	{ CONFIGURED, "send 08 00 16 00 00 00 06 00",
	  "30 §4.14: switch channel: mode 00 (80, type 0..3 in bits 6:4, bit 0)" },
	{ CONFIGURED, "send 08 00 16 00 80 00 0f 00", "30 §4.14: switch channel: no channel 15" },
	{ ASSOCIATED, KEY_OF("09", "00", "00", TO_AP),
	  "30 §4.8: key type 9, entry 0: types are 0..8, entries 0..10" },
	{ ASSOCIATED, KEY_OF("05", "00", "01", TO_AP), "30 §4.8: unused bytes of add key are not zero" },
	{ ASSOCIATED, KEY_OF("05", "00", "00", "0b 0b 0c 0d 0e 0f"),
	  "30 §4.8: add key with a bad peer, key id 0 or length 16" },
	{ ASSOCIATED, KEY "; " KEY, "30 §4.8: entry 0 holds a key already" },
	{ ASSOCIATED, "send 08 00 0d 00 0b 00 00 00", "30 §4.9: remove key: entry 11 (0..10), the rest zero" },
	/* access point: sheet 30 sections 4.15 to 4.17 */
	{ CONFIGURED, START_OF("03 00 06 00", "64 00 00 00", "02 01 64 04"),
	  "30 §4.15: start: mode 0..2 with bit 4 or 52, band 0..1" },
	{ CONFIGURED, START_OF("00 00 0f 00", "64 00 00 00", "02 01 64 04"),
	  "30 §4.15: start: no such channel in this band" },
	{ CONFIGURED, START_OF("00 00 06 00", "64 00 00 00", "00 01 64 04"),
	  "30 §4.15: start: SSID up to 32 bytes, DTIM period from 1" },
	{ CONFIGURED, START_OF("00 00 06 00", "00 00 00 00", "02 01 64 04"),
	  "30 §4.15: start: the beacon interval" },
	{ CONFIGURED, START_OF("00 00 06 00", "64 00 00 00", "02 01 64 04"),
	  "30 §4.15: start before a beacon template was written" },
	{ WIFI, START_OF("02 00 06 00", "64 00 00 00", "02 01 64 04"),
	  "30 §8.1: start before the configuration" },
	{ AP, "send " START, "30 §9.2: start on an interface that is busy" },
	{ AP, "send 0c 00 1c 00 0a 0b 0c 0d 0e 0f 00 0f",
	  "30 §4.17: map link: unmap 0..1, link 1..14, a unicast address" },
	{ CONFIGURED, "send 0c 00 1c 00 0a 0b 0c 0d 0e 0f 00 01",
	  "30 §4.17: map link on an interface that is no access point" },
	/* frames: sheet 40 section 4, sheet 30 section 6.1 */
	{ ASSOCIATED, TX_OF("32", "15 00 01 20", "88 01"),
	  "30 §6.1: \"more\" and the reserved word of a TX request are zero" },
	{ ASSOCIATED, TX_OF("32", "04 00 00 20", "88 01"),
	  "30 §2.2: the maximum rate of a TX request does not exist" },
	{ ASSOCIATED, TX_OF("32", "15 40 00 20", "88 01"), "40 §4.1: bits 7:6 of the queue byte are zero" },
	{ ASSOCIATED, TX_OF("32", "15 00 00 30", "88 01"),
	  "31 §3: the TX request names a rate policy that was never uploaded" },
	{ ASSOCIATED, TX_OF("32", MCS7, "89 01"), "40 §4.1: protocol version of the frame is not 0" },
	{ ASSOCIATED, TX_OF("32", MCS7, "0c 01"), "40 §4.1: frame type 3 does not exist" },
	{ ASSOCIATED, TX_OF("32", "15 04 00 20", "88 01"), "40 §4.6: a station's frames have link id 0" },
	{ ASSOCIATED, "send 19 00 04 00 03 00 02 00 15 00 00 20", "30 §6.1: TX request of 25 bytes" },
	{ ASSOCIATED, TX_OF("32", MCS7, "88 01") " @14 03",
	  "40 §4.1: HT parameters of a TX request are 0, 1 or 2" },
	{ ASSOCIATED, TX_OF("32", MCS7, "88 01") " @14 00", "40 §4.1: an HT rate without HT parameters" },
	{ ASSOCIATED, "send 20 00 04 00 03 00 02 00 15 00 00 20 @14 01 00 00 00 88 01 00 00",
	  "40 §4.1: the frame of a TX request is shorter than any" },
	{ ASSOCIATED, "send 24 00 04 00 03 00 02 00 15 00 00 20 @14 01 00 00 00 88 01 00 00",
	  "40 §4.1: the frame of a TX request is shorter than its header" },
	{ AP, TX_OF("32", "15 04 00 20", "88 02") " @1c 0a 0b 0c 0d 0e 0f",
	  "40 §4.6: the link id of a TX request is not mapped" },
	{ ASSOCIATED, KEY "; " TX_OF("3a", MCS7, "88 41"),
	  "40 §4.3: no room for IV and MIC in a protected frame" },
	{ ASSOCIATED, KEY "; " TX_OF("52", MCS7, "88 41") " @32 01", "30 §6.1: room for the IV is not zero" },
	{ ASSOCIATED, KEY "; " TX_OF("52", MCS7, "88 41") " @51 01",
	  "30 §6.1: room for MIC or ICV is not zero" },
	{ ASSOCIATED, "send 39 00 04 00 03 00 02 00 00 03 00 20 @18 d0 00 00 00 0a 0b 0c 0d 0e 0f 02 00 00 be "
	  "57 01 0a 0b 0c 0d 0e 0f 10 00 03 00 01 02 10",
	  "40 §4.8: block ack action frames are the firmware's business" },
	{ ASSOCIATED, POLICY_OF("03 0f 07 0c @1e 40") "; " TX_OF("32", "00 00 00 30", "88 01") " @14 00",
	  "31 §3: policy 3 has no attempt at or below rate 0" },
};

/* ---- steps ---- */

static void raw(struct host *h, const char *args)
{
	static uint8_t buf[64 * 1024];
	char *bytes;
	uint32_t arg = strtoul(args, &bytes, 16), count = arg & 0x1ff;
	size_t len = arg & 1 << 27 ? count * 512 : count ? count : 512;

	memset(buf, 0, sizeof(buf));
	host_bytes(bytes, buf);
	host_cmd(h, 53, arg, buf, len);
}

/* DATA frames of nothing but zeros */
static void zeros(struct host *h, const char *args)
{
	static uint8_t buf[8192], reply[8];
	char *end;
	uint32_t left = strtoul(args, &end, 10), addr = strtoul(end, NULL, 16);

	for (int seq = 1; left; seq++) {
		uint32_t n = left < 8184 ? left : 8184, blocks = (n + 8 + 511) / 512;

		memset(buf, 0, sizeof(buf));
		buf[0] = 0xb2;
		buf[1] = seq;
		buf[2] = n + 4;
		buf[3] = (n + 4) >> 8;
		for (int i = 0; i < 4; i++)
			buf[4 + i] = addr >> 8 * i;
		host_cmd(h, 53, 0x9c000000 | (n + 8) << 9 | blocks, buf, blocks * 512);
		host_reg(h, 0x10000200);
		host_cmd(h, 53, 0x14001008, reply, 8);
		addr += n;
		left -= n;
	}
}

static void knob(struct host *h, char *args)
{
	const char *why = NULL;
	char *value = strchr(args, '=');

	*value++ = 0;
	assert_int_equal(chip_set_knob(h->chip, args, value, &why), 0);
}

static void send(struct host *h, const char *bytes)
{
	host_write(h, bytes);
	host_advance(h, 5 * MS);
	host_drain(h);
}

static void step(struct host *h, char *verb)
{
	static uint8_t buf[512], reply[8];
	char *args = strchr(verb, ' ');
	const char *why = NULL;

	if (args)
		*args++ = 0;
	if (!strcmp(verb, "52"))
		host_reg(h, strtoul(args, NULL, 16));
	else if (!strcmp(verb, "53"))
		raw(h, args);
	else if (!strcmp(verb, "bare"))
		host_cmd(h, 53, strtoul(args, &args, 16), buf, strtoul(args, NULL, 10));
	else if (!strcmp(verb, "frame"))
		host_frame(h, args, reply);
	else if (!strcmp(verb, "zeros"))
		zeros(h, args);
	else if (!strcmp(verb, "knob"))
		knob(h, args);
	else if (!strcmp(verb, "inject"))
		assert_int_equal(chip_inject(h->chip, args, h->now, &why), 0);
	else if (!strcmp(verb, "wifi"))
		host_wifi(h);
	else if (!strcmp(verb, "post"))
		host_write(h, args);
	else if (!strcmp(verb, "send"))
		send(h, args);
	else
		fail_msg("no step '%s'", verb);
}

/* Nothing is said before the last step; then exactly this */
static void check(const struct rule *r)
{
	char script[1024], text[256], *save = NULL, *next, *now;
	struct host *h = host_new(r->state);
	int n = 0;

	snprintf(script, sizeof(script), "%s", r->script);
	for (now = strtok_r(script, ";", &save); now; now = next) {
		next = strtok_r(NULL, ";", &save);
		if (h->n_said)
			fail_msg("too early: '%s'", h->said[0]);
		step(h, now + strspn(now, " "));
	}
	snprintf(text, sizeof(text), "%s", r->text);
	for (now = strtok_r(text, "|", &save); now; now = strtok_r(NULL, "|", &save)) {
		assert_string_equal(n < h->n_said ? h->said[n] : "nothing", now);
		said(h->said[n++]);
	}
	assert_string_equal(n < h->n_said ? h->said[n] : "", "");
	host_free(h);
}

static void test_rule(void **state)
{
	check(*state);
}

int main(void)
{
	static struct CMUnitTest tests[sizeof(rules) / sizeof(rules[0])];

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		tests[i] = (struct CMUnitTest){ rules[i].text, test_rule, NULL, NULL, (void *)&rules[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
