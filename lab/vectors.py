# SPDX-License-Identifier: GPL-2.0-or-later
"""The byte examples of the sheets, and the unit tests that hold them: prints docs/vectors.md."""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Why the driver's unit tests do not have one
CORE = "the mmc core builds it"
UNUSED = "the driver does not send it"
SMALL = "in a callback of mac80211; compared by the scenario values"
AP = "access point"
VENDOR = "the driver leaves the whole period to Wi-Fi"
# (sheet, what, bytes; or a word: the argument of a command; tests of the chip; tests of the driver, or why there is none)
EXAMPLES = [
    *[("10 §4", "CMD53", word, ["test_boot"], CORE) for word in (
        "94040000 14001008 1c76281e 14040000").split()],
    *[("10 §4", "CMD53", word, ["test_two_blocks"], CORE) for word in (
        "9c07d002").split()],
    *[("10 §4", "CMD53", word, ["test_reads"], CORE) for word in (
        "16040000 1c0c0003 1e0c0003 1ccc0033 1ecc0033").split()],
    *[("10 §4", "CMD53", word, ["test_writes"], CORE) for word in (
        "9c040001 9e040001 9c080002 9e080002 9c080202 9e080202 9c0c0403 9e0c0403 9c0cc604 9e0cc604 9e198607 9ccc0633 "
        "9ecc0633").split()],
    *[("10 §4", "CMD53", word, ["test_tx_burst"], CORE) for word in (
        "9c198607").split()],
    *[("10 §9.2", "doorbell", word, ["test_boot"], CORE) for word in (
        "90024200 90024021").split()],
    *[("10 §9.2", "doorbell", word, ["test_doorbells"], CORE) for word in (
        "90024009 90024005 90024011 90024201 90024001 90024081 90024204 90024208 90024003").split()],
    *[("10 §9.3", "wake configuration", word, ["test_doorbells"], CORE) for word in (
        "90024882").split()],
    *[("10 §11", "loader registers", word, ["test_detection"], CORE) for word in (
        "10021000 10021200 10021400").split()],
    *[("10 §11", "loader registers", word, ["test_boot"], CORE) for word in (
        "10000000 10000200").split()],
    *[("10 §12", "detection", word, ["test_detection"], CORE) for word in (
        "00000c00 80000c08 00000000 00001000 00002400 00002600 80002603 00000e00 80000e02 00020000 00021200 80022000 "
        "80022202 00000400 80000402 00000600 00000800 80000803").split()],
    *[("10 §12.1", "status", word, ["test_boot"], CORE) for word in (
        "10021800").split()],
    *[("10 §13", "pending interrupts", word, ["test_detection"], CORE) for word in (
        "00000a00").split()],
    ("10 §16", "TX burst, first", "04 06 04 c0", ["test_tx_burst"], "bes_tx_burst has frames of other lengths"),
    ("10 §16", "TX burst, second", "40 06 04 e0", ["test_tx_burst"], "bes_tx_burst has frames of other lengths"),
    ("20 §3.7", "poke 1, INFO", "b1 00 08 00 04 00 00 00 00 00 10 40", ["test_boot", "test_detection"], ["bes_loader_pokes"]),
    ("20 §3.7", "poke 1, DATA", "b2 01 08 00 00 00 10 40 06 20 80 00", ["test_boot"], ["bes_loader_pokes"]),
    ("20 §3.7", "poke 2, INFO", "b1 00 08 00 04 00 00 00 2c 60 08 40", ["test_boot"], ["bes_loader_pokes"]),
    ("20 §3.7", "poke 2, DATA", "b2 01 08 00 2c 60 08 40 00 c0 00 3e", ["test_boot"], ["bes_loader_pokes"]),
    ("20 §3.7", "reply", "b0 00 04 00 00 00 00 00", ["test_boot"], "made by the test's card"),
    ("20 §4.3", "boot image, INFO", "b1 00 08 00 38 00 00 00 68 01 00 20", ["test_boot"], "by the pieces of other images"),
    ("20 §4.3", "boot image, END", "b3 02 04 00 68 2b 79 cc", ["test_boot"], "by the pieces of other images"),
    ("20 §4.3", "RUN", "b4 03 04 00 68 01 00 20", ["test_boot"], "by the pieces of other images"),
    ("20 §4.4", "factory, INFO", "b1 00 08 00 48 00 00 00 00 b0 08 20", ["test_factory"], ["bes_loader_factory"]),
    ("20 §4.4", "factory blob (a)",
     "80 ba 02 00 9f 33 cf b1 00 00 00 00 a0 00 00 14 00 14 00 14 00 ff 00 00 00 14 00 14 00 14 00 14 "
     "00 14 00 14 00 14 00 14 00 14 00 14 00 14 00 14 00 14 00 00 05 00 00 00 10 00 00 00 05 00 00 00 "
     "15 00 00 00 00 00 00 00",
     ["test_factory"], ["bes_factory_end_crc", "bes_factory_line_ends"]),
    ("20 §4.4", "factory blob (b)", "cd eb 16 5e", ["test_factory"], ["bes_factory_end_crc", "bes_loader_factory"]),
    ("20 §4.4", "factory blob (c)",
     "80 ba 02 00 d8 3b c5 36 04 03 02 01 23 01 01 11 07 11 0d 11 01 00 29 00 00 20 01 20 02 20 03 20 "
     "04 20 05 20 06 20 07 20 08 20 09 20 0a 20 0b 20 0c 20 01 00 05 00 00 00 10 00 00 00 05 00 00 00 "
     "15 00 00 00 31 00 01 00",
     ["test_factory"], ["bes_factory_end_crc"]),
    ("20 §4.5", "calibration block (b), CRC", "02 b3 a4 ab", ["test_boot"], "the chip's to make; the driver's check by the boot faults"),
    ("20 §6.2, 30 §10", "start-up", "98 00 01 08 1e 00 60 06 d2 07 00 00 00 00 03 00 02 00 24 04 01 00 01 00",
     ["test_startup"], ["bes_event_startup_label"]),
    ("20 §6.2, 30 §10", "start-up, label", "45 4d 55 2d 4c 4d 41 43 20 31 2e 30 00", ["test_startup"], "the driver only shows it"),
    ("20 §6.3, 30 §10", "multi TX confirms, interface 0",
     "0c 00 06 00 24 10 04 00 01 00 00 00",
     ["20 §6.3 multi TX confirms, interface 0", "test_configuration", "test_multi_confirm"], ["bes_cmd_mib"]),
    ("20 §6.3, 30 §10", "its confirm",
     "08 00 06 24 00 00 00 00",
     ["20 §6.3 multi TX confirms, interface 0", "test_keep_alive"], ["bes_cmd_mib"]),
    ("20 §6.3, 30 §10", "multi TX confirms, interface 1",
     "0c 00 46 20 24 10 04 00 01 00 00 00",
     ["20 §6.3 multi TX confirms, interface 1", "test_configuration"], ["bes_cmd_mib"]),
    ("20 §6.3, 30 §10", "its confirm",
     "08 00 46 44 00 00 00 00",
     ["20 §6.3 multi TX confirms, interface 1", "test_configuration"], ["bes_cmd_mib"]),
    ("20 §6.5, 30 §10", "configuration confirm",
     "2c 00 09 64 00 00 00 00 02 00 00 be 57 01 03 00 cf ff 3f 00 50 00 00 00 c8 00 00 00 01 00 00 00 "
     "50 00 00 00 c8 00 00 00 01 00 00 00",
     ["test_configuration"], ["bes_cmd_configure"]),
    ("30 §10", "start scan",
     "40 00 07 80 00 00 00 00 00 00 00 00 02 03 00 64 01 00 00 00 64 00 00 00 64 00 00 00 00 00 00 00 "
     "06 00 00 00 64 00 00 00 64 00 00 00 00 00 00 00 0b 00 00 00 64 00 00 00 64 00 00 00 00 00 00 00",
     ["30 §10 start scan", "test_scan", "test_stop_scan"], ["bes_scan_golden"]),
    ("30 §10", "its confirm", "08 00 07 c4 00 00 00 00", ["30 §10 start scan", "test_scan", "test_scan_beacon"], ["bes_scan_golden"]),
    ("30 §10", "scan complete", "0c 00 06 08 00 00 00 00 00 03 00 00", ["test_scan"], ["bes_transfer_beacon_and_scan"]),
    ("30 §10", "beacon during a scan",
     "53 00 84 e8 00 00 00 00 06 00 00 78 80 00 06 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 "
     "80 00 00 00 ff ff ff ff ff ff 0a 0b 0c 0d 0e 0f 0a 0b 0c 0d 0e 0f 20 00 56 34 12 00 00 00 00 00 "
     "64 00 11 04 00 04 74 65 73 74 01 04 82 84 8b 96 03 01 06",
     ["test_scan_beacon"], ["bes_rx_beacon"]),
    ("30 §10", "switch channel", "08 00 16 e0 80 00 06 00", ["30 §10 switch channel", "test_channel"], ["bes_cmd_channel"]),
    ("30 §10", "its confirm",
     "08 00 16 64 00 00 00 00",
     ["30 §10 switch channel", "test_channel"], ["bes_cmd_channel", "bes_cmd_channel_48"]),
    ("30 §10", "its end", "08 00 0a 88 00 00 00 00", ["test_channel"], ["bes_cmd_channel", "bes_cmd_channel_48"]),
    ("30 §10", "join",
     "40 00 0b 20 01 00 06 00 0a 0b 0c 0d 0e 0f 00 00 01 01 01 00 04 00 00 00 74 65 73 74 00 00 00 00 "
     "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 64 00 00 00 07 00 00 00",
     ["test_join"], ["bes_cmd_joins"]),
    ("30 §10", "its confirm", "10 00 0b c4 00 00 00 00 50 00 00 00 c8 00 00 00", ["test_join"], ["bes_cmd_joins"]),
    ("30 §10", "data",
     "54 00 04 a0 03 00 02 00 15 00 00 a0 00 00 00 00 00 00 00 00 01 00 00 00 00 00 88 41 00 00 0a 0b "
     "0c 0d 0e 0f 02 00 00 be 57 01 aa bb cc dd ee ff 10 00 00 00 00 00 00 00 00 00 00 00 aa aa 03 00 "
     "00 00 08 00 45 46 47 48 49 4a 4b 4c 00 00 00 00 00 00 00 00",
     ["test_multi_confirm"], "bes_tx_golden has another cookie and policy, and no filler"),
    ("30 §10", "TX confirm",
     "18 00 04 44 03 00 02 00 00 00 00 00 15 00 00 00 08 07 00 00 5e 01 00 00",
     ["test_data_tx"], "bes_tx_golden has another cookie"),
    ("30 §10", "multi TX confirm",
     "30 00 1e 64 02 00 00 00 03 00 02 00 00 00 00 00 15 00 0d 00 08 07 00 00 5e 01 00 00 04 00 02 00 "
     "00 00 00 00 15 01 0d 00 34 08 00 00 68 01 00 00",
     ["test_multi_confirm"], ["bes_event_multi_confirm"]),
    ("30 §10, 60 §6.2", "fast power save",
     "08 00 10 00 81 10 00 00",
     ["30 §10 fast power save", "test_power_save"], ["bes_cmd_power_save"]),
    ("30 §10", "its indication",
     "0c 00 09 28 00 00 00 00 01 00 00 00",
     ["test_power_save"], "by its length, and by the scenario powersave"),
    ("30 §10", "Wi-Fi state connected", "0c 00 27 0c 03 00 00 00 05 00 00 00", ["30 §10 Wi-Fi state connected"], ["bes_cmd_mcu"]),
    ("30 §10", "its confirm", "10 00 27 0c 00 00 00 00 0f 00 00 00 03 00 00 00", ["30 §10 Wi-Fi state connected"], ["bes_cmd_mcu"]),
    ("30 §10", "Bluetooth", "10 00 30 2c 00 00 00 00 f0 00 00 00 44 00 00 00", ["test_indications"], ["bes_event_sequence_mcu"]),
    ("30 §10", "coexistence",
     "10 00 29 00 20 4e 00 00 e0 41 01 00 00 00 00 00",
     ["30 §10 coexistence while scanning"], ["bes_cmd_coexistence"]),
    ("30 §4.6", "reset", "08 00 0a 00 00 00 00 00", ["30 §4.6 reset", "test_reset"], ["bes_cmd_crc", "bes_cmd_plain"]),
    ("30 §4.4", "stop scan", "04 00 08 00", ["test_stop_scan"], ["bes_cmd_plain"]),
    ("30 §4.8", "AES pairwise key", "05 00 00 00 0a 0b 0c 0d 0e 0f 00 00", ["test_multi_confirm"], ["bes_key_ccmp", "bes_key_refused"]),
    ("30 §4.8", "AES group key", "30 00 0c 00 04 01 00 00 c9 7c 1f 67 ce 37 11 85", ["test_aes_group"], "needs a key of mac80211's own"),
    ("30 §4.8", "TKIP group key",
     "30 00 0c 00 02 01 00 00 40 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f 58 59",
     ["test_tkip_group"], "needs a key of mac80211's own"),
    ("30 §4.11", "BSS parameters",
     "10 00 11 00 00 32 01 00 cf 3f 00 00 00 c0 3f 00",
     ["30 §4.11 BSS parameters", "test_bss_params", "test_join"], "bes_cmd_plain has another AID"),
    ("30 §4.12", "TX queue parameters",
     "10 00 12 00 03 00 00 00 00 00 00 00 00 00 00 00",
     ["30 §4.12 TX queue parameters"], ["bes_cmd_plain"]),
    ("30 §4.13", "EDCA: BK, BE, VI, VO",
     "30 00 13 00 0f 00 0f 00 07 00 03 00 ff 03 ff 03 0f 00 07 00 07 03 02 02 00 00 00 00 c0 0b e0 05 "
     "c8 00 00 00 c8 00 00 00 c8 00 00 00 c8 00 00 00",
     ["30 §4.13 EDCA", "test_edca"], ["bes_cmd_queues"]),
    ("30 §4.15", "start", "38 00 57 00 02 00 06 00 00 00 00 00 64 00 00 00 01", ["30 §4.15 start"], AP),
    ("30 §4.16", "update IE", "0e 00 1b 00 01 00 01 00 05 04 00 02 01 00", ["test_links"], AP),
    ("30 §4.17, 50 §16.7", "map link", "0c 00 1c 00 0a 0b 0c 0d 0e 0f 00 03", ["30 §4.17 map link", "test_links"], AP),
    ("30 §4.17, 50 §16.7", "unmap link", "0c 00 1c 00 0a 0b 0c 0d 0e 0f 01 03", ["50 §16.7 unmap link", "test_unmap_link"], AP),
    ("30 §5.2", "our TIM bit",
     "59 00 04 08 00 00 00 00 06 00 00 78 80 09 06 00",
     ["test_bss_params", "test_tim"], "the driver does not look at it"),
    ("30 §5.2", "TSF", "5b 00 04 08 00 00 00 00 06 00 00 78 80 08 06 01", ["test_tsf"], "bes_rx_tsf, by the flag"),
    ("30 §5.2", "link of the sender", "3e 00 04 08 00 00 00 00 06 00 00 78 00 00 01 06", ["test_links"], AP),
    ("30 §5.2", "group key, AES", "5c 00 04 08 00 00 00 00 06 00 00 78 03 00 0a 00", ["test_aes_group"], "the driver does not look at it"),
    ("30 §5.2", "group key 2, TKIP",
     "5c 00 04 08 00 00 00 00 06 00 00 78 02 08 2e 00",
     ["test_tkip_group"], "the driver does not look at it"),
    ("30 §5.4, 50 §16.5", "BSS lost",
     "0c 00 05 08 01 00 00 00 00 00 00 00",
     ["test_bss_params", "test_indications"], "by its length, and by the scenario vanish"),
    ("30 §5.7", "resume group traffic", "08 00 0c 08 09 00 00 00", ["test_links"], AP),
    ("30 §5.8", "exception", "80 00 00 08 04 00 00 00", ["test_exception"], ["bes_event_exception"]),
    ("30 §6.1", "link in the queue byte", "32 00 04 00 03 00 02 00 00 0f 00 20", ["test_links"], AP),
    ("31 §2.1", "slot time", "0c 00 06 00 03 00 04 00 09 00 00 00", ["31 §2.1 slot time 9 us"], ["bes_cmd_mib_words"]),
    ("31 §2.1", "TX power", "0c 00 06 00 06 00 04 00 c8 00 00 00", ["31 §2.1 TX power 20 dBm"], ["bes_cmd_mib_words"]),
    ("31 §2.1", "RTS threshold", "0c 00 06 00 07 00 04 00 85 09 00 00", ["31 §2.1 RTS threshold 2437"], ["bes_cmd_mib_words"]),
    ("31 §2.1", "beacon wake-up", "0c 00 06 00 07 10 04 00 01 00 03 00", ["31 §2.1 beacon wake-up"], SMALL),
    ("31 §2.1", "BA policy",
     "0c 00 06 00 0e 10 04 00 b1 00 b1 00",
     ["31 §2.1 BA policy, associated", "test_association_mode", "test_ba_policy"], SMALL),
    ("31 §2.1", "association mode",
     "10 00 06 00 10 10 08 00 1f 01 00 05 0f 00 00 00",
     ["31 §2.1 association mode", "test_association_mode", "test_ba_policy"], SMALL),
    ("31 §2.1", "U-APSD", "10 00 06 00 13 10 08 00 08 00 00 00 00 00 00 00",
     ["31 §2.1 U-APSD"], "no AC of the scenarios has it: values sees zeros"),
    ("31 §2.1", "HT protection", "0c 00 06 00 21 10 04 00 02 00 00 00", ["31 §2.1 HT protection"], ["bes_cmd_mib_words"]),
    ("31 §2.1", "keep-alive", "0c 00 06 00 25 10 04 00 0f 00 00 00", ["31 §2.1 keep-alive 15 s", "test_keep_alive"], SMALL),
    ("31 §2.1", "station inactivity", "0c 00 06 00 35 10 04 00 09 01 00 00", ["31 §2.1 station inactivity"], AP),
    ("31 §2.1, 40 §9, 50 §5.5", "optimisation, associated",
     "0c 00 06 00 44 10 04 00 02 05 b8 0b",
     ["31 §2.1 optimisation, associated"], SMALL),
    ("31 §2.1, 40 §9, 50 §5.6", "optimisation, un-joined",
     "0c 00 06 00 44 10 04 00 01 00 d2 07",
     ["31 §2.1 optimisation, un-joined"], SMALL),
    ("31 §2.1", "power table", "09 00 06 00 45 10 01 00 01", ["31 §2.1 power table"], SMALL),
    ("31 §2.2", "read the counters", "08 00 05 00 0c 10 00 00", ["test_counters"], ["bes_cmd_mib_read"]),
    ("31 §5.2", "BSSID filter", "0c 00 06 00 26 10 04 00 01 00 00 00", ["test_bssid_filter"], ["bes_sta_filters_asked"]),
    ("31 §5.3", "beacon elements", "14 00 06 00 04 10 0c 00 01 00 00 00 dd 07 50 6f 9a 00",
     ["test_beacon_ies"], "bes_sta_filters has three"),
    ("31 §5.5", "multicast",
     "40 00 06 00 04 00 38 00 01 00 00 00 02 00 00 00 33 33 00 00 00 01 01 00 5e 00 00 fb",
     ["test_multicast"], ["bes_sta_filters_asked"]),
    ("31 §6", "low power on", "0c 00 06 00 06 10 04 00 12 00 00 00", ["31 §6 low power on"], ["bes_cmd_mib_words"]),
    ("31 §6", "RCPI default", "0c 00 06 60 09 10 04 00 0d 00 00 10", ["31 §6 RCPI default", "test_rcpi"], ["bes_sta_rcpi_default"]),
    ("31 §6", "BA policy before join", "0c 00 06 40 0e 10 04 00 00 00 b1 00", ["31 §6 BA policy before join", "test_ba_policy"], SMALL),
    ("31 §6", "management policy at join",
     "0c 00 06 80 20 10 04 00 06 00 00 00",
     ["31 §6 management policy at join", "test_mgmt_policy"], ["bes_cmd_mib_words"]),
    ("31 §6", "beacon filter on", "10 00 06 20 05 10 08 00 07 00 00 00 00 00 00 00",
     ["31 §6 beacon filter on", "test_beacon_filter"], ["bes_sta_filters"]),
    ("31 §6", "short GI on", "09 00 06 a0 43 10 01 00 01", ["31 §6 short GI on", "test_short_gi"], SMALL),
    ("31 §6", "policy 2",
     "20 00 06 c0 16 10 18 00 01 00 00 00 02 0f 07 0c 00 00 00 00 01 00 00 00 00 00 00 00 02 30 40 00",
     ["31 §6 policy 2", "test_configuration", "test_policy"], "bes_rate_policy_upload has the driver's own policies"),
    ("31 §6", "generic confirm", "08 00 06 24 00 00 00 00", ["20 §6.3 multi TX confirms, interface 0", "test_keep_alive"], ["bes_cmd_mib"]),
    ("50 §5.4", "beacon filter off", "10 00 06 00 05 10 08 00 00 00 00 00 01 00 00 00",
     ["50 §5.4 beacon filter off", "test_beacon_filter"], ["bes_sta_filters"]),
    ("50 §16.3", "channel 48", "08 00 16 00 80 00 30 00", ["50 §16.3 channel 48, no HT", "test_channel"], ["bes_cmd_channel_48"]),
    ("50 §16.3", "channel 48, HT40-", "08 00 16 00 a0 00 30 00", ["50 §16.3 channel 48, HT40-", "test_channel"], ["bes_cmd_channel_48"]),
    ("60 §6.3", "power save ends", "08 00 10 00 00 10 00 00", ["60 §6.3 power save ends", "test_power_save"], ["bes_cmd_power_save"]),
    ("60 §6.5", "MAC filter", "14 00 06 00 30 10 0c 00 01 01 00 00 01 01 ff ff ff ff ff ff", ["60 §6.5 MAC filter"], UNUSED),
    ("60 §9.3", "UDP filter", "18 00 06 00 1b 10 10 00 03 00 00 00 01 00 43 00 01 00 6c 07 01 00 e9 14", ["60 §9.3 UDP filter"], UNUSED),
    ("60 §9.3", "ethertype filter",
     "18 00 06 00 1a 10 10 00 03 01 00 00 02 00 8e 88 02 00 b4 88 01 00 ff ff",
     ["60 §9.3 ethertype filter"], UNUSED),
    ("60 §11.4", "coexistence, associated",
     "10 00 29 00 20 4e 00 00 80 38 01 00 03 00 00 00",
     ["60 §11.4 coexistence, associated"], ["bes_cmd_coexistence"]),
    ("10 §15", "RX burst, TX confirm", "18 00 04 64", ["test_rx_burst"], ["bes_tx_golden"]),
    ("10 §15", "RX burst, frame of 1298", "12 05 04 88", ["test_rx_burst"], "bes_transfer tests have messages of other lengths"),
    ("10 §15", "RX burst, event",
     "0c 00 05 a8",
     ["test_bss_params", "test_indications"], "bes_transfer tests have messages of other lengths"),
    ("20 §3.7", "reply to DATA", "b0 01 04 00 00 00 00 00", ["test_boot"], "made by the test's card"),
    ("20 §4.3", "boot image, DATA",
     "b2 01 3c 00 68 01 00 20 01 02 20 00 00 00 00 00 00 00 00 00 68 01 00 20",
     ["test_boot"], "by the pieces of other images"),
    ("20 §4.4", "factory, END (a)", "b3 02 04 00 fa 6c 4b d2", ["test_factory"], "by the CRC of the loader's own test"),
    ("20 §4.4", "factory, END (b)", "b3 02 04 00 37 dd f3 0a", ["test_factory"], ["bes_loader_factory"]),
    ("20 §4.4", "factory, END (c)", "b3 02 04 00 9d 79 a3 08", ["test_factory"], "by the CRC of the loader's own test"),
    ("20 §6.4, 30 §10", "configuration, 860 bytes",
     "5c 03 09 40 00 00 00 00 00 00 00 00 00 00 00 00 4c 03 01 00 02 00 00 be 57 01 05 00 c0 02 02 03 "
     "c1 06 00 01 00 00 4c 00",
     ["test_configuration"], ["bes_cmd_configure"]),
    ("20 §4.6", "first section of the block",
     "c5 02 90 65 c7 02 05 00 e9 02 b8 0b ea 0a 00 00 38 00 80 00 78 00 80 00 eb 1e 06 00 81 02 01 34 "
     "0d 21 11 1d 7c 85 6b 6e 0d",
     ["test_configuration"], "opaque: by its CRC, bes_sdd_crc"),
    ("31 §6", "probe request template, head", "34 00 06 e0 02 10 2c 00 00 00 28 00", ["test_scan"], ["bes_cmd_mib_probe"]),
    ("60 §9.3", "IPv6 filter", "20 00 06 00 32 10 18 00 01 02 00 00 02 02 00 00", ["60 §9.3 IPv6 filter"], UNUSED),
    ("60 §9.3", "filter off", "0c 00 06 00 32 10 04 00 00 00 00 00", ["60 §9.3 filters off"], UNUSED),
    ("60 §11.4", "coexistence, joining on 2.4 GHz",
     "10 00 29 00 50 c3 00 00 b0 cc 00 00 00 00 00 00",
     ["60 §11.4 coexistence, joining on 2.4 GHz"], VENDOR),
    ("60 §11.4", "coexistence, joining beside audio",
     "10 00 29 00 30 75 00 00 98 3a 00 00 04 00 00 00",
     ["60 §11.4 coexistence, joining beside Bluetooth audio"], VENDOR),
    ("60 §11.4", "coexistence, joining on 5 GHz",
     "10 00 29 00 50 c3 00 00 b0 cc 00 00 00 04 00 00",
     ["60 §11.4 coexistence, joining on 5 GHz"], VENDOR),
    ("60 §11.4", "coexistence, associated on 5 GHz",
     "10 00 29 00 20 4e 00 00 80 38 01 00 03 04 00 00",
     ["60 §11.4 coexistence, associated on 5 GHz"], ["bes_cmd_coexistence"]),
    ("60 §11.4", "coexistence, address on 5 GHz",
     "10 00 29 00 20 4e 00 00 80 38 01 00 00 04 00 00",
     ["60 §11.4 coexistence, address on 5 GHz"], VENDOR),
    ("60 §11.4", "coexistence, disconnected",
     "10 00 29 00 20 4e 00 00 80 38 01 00 00 00 00 00",
     ["60 §11.4 coexistence, disconnected"], VENDOR),
    ("60 §11.4", "coexistence, no Bluetooth",
     "10 00 29 00 00 90 01 00 00 00 00 00 00 00 00 00",
     ["60 §11.4 coexistence, no Bluetooth"], VENDOR),
    ("60 §11.4", "coexistence, Bluetooth audio",
     "10 00 29 00 a0 a5 00 00 60 ea 00 00 00 00 00 00",
     ["60 §11.4 coexistence, Bluetooth audio"], VENDOR),
]

# Hex of the sheets that is no message, or no example of its own: nothing has to hold it
NOT_VECTORS = [
    ("10 §6.6", "CRC-8 of an alternative length word", "not compiled into the vendor's driver; neither side has that word"),
    ("10 §9.2", "90024041, 90024202",
     "doorbells for halting the firmware and closing the system: nobody rings them, and the chip is not to know them"),
    ("10 §3", "57 be 02 20 and the tuples around it", "the card's CIS: test_card, and the mmc core reads it"),
    ("20 §3.5, §4.3, §4.4", "CRC-32 constants as words", "the same four bytes are in the END frames and blobs"),
    ("20 §4.3", "sizes, entry points and CRCs of the vendor's images", "the images are no part of this project"),
    ("20 §4.5", "d7 22 5f 7e: calibration block (a)", "the emulated chip's block is (b)"),
    ("20 §4.6", "832 bytes of the configuration block",
     "opaque; the driver's are checked by their CRC (bes_sdd_crc), the chip gets the first 84"),
    ("20 §6.2", "98 00 01 08 1e 00 60 06 01 00", "the start-up indication of 30 §10 with another hardware id"),
    ("30 §7.1", "times in us of the coexistence commands", "as bytes under 60 §11.4"),
    ("50 §2", "channel numbers of 5 GHz", "decimal"),
    ("50 §9.4, 60 §6.5", "addresses on their own", "no message"),
    ("60 §6.5", "01 aa 00 00 01 01 ff ff ff ff ff ff", "aa is the action: with 01, the MAC filter"),
]

ASSERTS = re.compile(r"\b(?:assert_\w+|host_ask|host_expect|"
                     r"host_boot_frames|power_mode|KUNIT_(?:EXPECT|ASSERT)_\w+|BES_WROTE|BES_TOLD|bes_test_wrote)\(")
TEST = re.compile(r"^static void (\w+)\((?:void \*\*state|struct kunit \*test)\)\n\{\n(.*?)^\}", re.M | re.S)
TABLE = re.compile(r"^static const [\w ]+?\*?(?:const )?\**(\w+)(?:\[[^=\n]*)? = (\{.*?^\}|\".*?\"|\{.*?\});", re.M | re.S)
DEFINE = re.compile(r"^#define (\w+)(?:\(([\w, ]*)\))? (.*)", re.M)
ROW = re.compile(r'^\t\{ "(\d0 §[^"]*|31 §[^"]*)",(.*?\}),$', re.M | re.S)
LITERALS = re.compile(r'"(?:\\.|[^"\\\n])*"(?:\s*"(?:\\.|[^"\\\n])*")*')
ARRAY = re.compile(r"(?:0x[0-9a-f]{1,2}|\b\d{1,3})(?:,\s*(?:0x[0-9a-f]{1,2}|\d{1,3}))+", re.I)
WORD = re.compile(r"\b0x([0-9a-f]{8})\b")


def of_text(text):
    """The bytes of a string as host.h reads it: hex, and zeros up to "@place"; other words end a run."""
    run, runs = [], []
    for token in text.split():
        if re.fullmatch("[0-9a-f]{2}", token):
            run.append(token)
        elif re.fullmatch("@[0-9a-f]+", token):
            run += ["00"] * (int(token[1:], 16) - len(run))
        else:
            runs.append(run)
            run = []
    return [*runs, run]


class Tests:
    """The test functions of one side (and the rows of "requests"), and the bytes in each of them that something asserts."""

    def __init__(self, files, shared=()):
        self.runs, self.words = {}, {}
        for path in files:
            self._read(path.read_text(), [p.read_text() for p in shared])

    def _read(self, text, shared):
        whole = "".join([*shared, text]).replace("\\\n", "  ")
        text = text.replace("\\\n", "  ")
        macros = {m[1]: m for m in DEFINE.finditer(whole) if '"' in m[3]}
        tables = {m[1]: m[2] for m in TABLE.finditer(text)}
        for m in TEST.finditer(text):
            if len(re.findall(rf"\b{m[1]}\b", text)) < 2:
                continue        # nobody runs it
            used = "".join(f"{tables[name]};\n" for name in tables if re.search(rf"\b{name}\b", m[2]))
            self._keep(m[1], used + m[2], macros)
        start = text.find("} requests[] = {")
        for m in ROW.finditer(text, start, text.index("\n};", start) + 1) if start >= 0 else ():
            self._keep(m[1], m[2] + "host_ask(", macros)

    def _keep(self, name, body, macros):
        for _ in range(4):
            body = re.sub(r"\b([A-Z]\w+)\b(\([^()]*\))?", lambda m: expand(macros.get(m[1]), m), body)
        last = [m.start() for m in ASSERTS.finditer(body)]
        # bytes behind the last call that asserts are not looked at; its own arguments are
        body = body[:body.index(";", last[-1])] if last and ";" in body[last[-1]:] else body if last else ""
        runs = [run for m in LITERALS.finditer(body) for run in of_text(re.sub(r'"\s*"|"', " ", m[0]))]
        runs += [[f"{int(v, 16 if v.startswith('0x') else 10) & 255:02x}" for v in re.split(r",\s*", m[0])] for m in ARRAY.finditer(body)]
        self.runs[name] = [" " + " ".join(run) + " " for run in runs if len(run) >= 2]
        self.words[name] = set(WORD.findall(body))

    def holds(self, name, example):
        """All bytes in one run, whatever number the message has in its counter."""
        if re.fullmatch("[0-9a-f]{8}", example):
            return example in self.words.get(name, ())
        b = example.split()
        if len(b) > 3 and b[0] not in ("b0", "b1", "b2", "b3", "b4") and not example.startswith("80 ba"):
            digit = int(b[3], 16) & 0x1f
            b[3] = "(?:" + "|".join(f"{digit | seq << 5:02x}" for seq in range(8)) + ")"
        pattern = re.compile(" " + " ".join(b) + " ")
        return any(pattern.search(run) for run in self.runs.get(name, ()))

    def of(self, example):
        return sorted(name for name in self.runs if self.holds(name, example))


def expand(macro, use):
    """One use of a macro of strings; arguments are pasted as they are."""
    if not macro or (macro[2] is not None) != (use[2] is not None):
        return use[0]
    text = macro[3]
    for name, value in zip((macro[2] or "").split(","), (use[2] or "()")[1:-1].split(",")):
        text = re.sub(rf"\b{name.strip()}\b", lambda _: value.strip(), text) if name.strip() else text
    return text


def emulator():
    tests = ROOT / "emulator/bes2600/tests"
    return Tests([tests / "test_vectors.c", tests / "test_effects.c"], [tests / "host.h"])


def driver():
    return Tests(sorted((ROOT / "drivers/bes2600/tests").glob("*.c")))


def missing():
    chip, drv = emulator(), driver()
    for sheet, what, example, in_chip, in_driver in EXAMPLES:
        for side, tests, names in (("emulated chip", chip, in_chip), ("driver", drv, in_driver)):
            if isinstance(names, str):
                continue        # why there is none
            if not names:
                yield f"{sheet} {what} ({example}): no test of the {side}"
            for name in names:
                if not tests.holds(name, example):
                    yield f"{sheet} {what} ({example}): not asserted by {name} of the {side}"


HEAD = """<!-- SPDX-License-Identifier: GPL-2.0-or-later -->
<!-- made by lab/vectors.py -->
# Vectors

Driver and emulated chip read the wire by one header, so what it gets wrong is wrong on both sides at once. Here are the byte examples of the
sheets, which the unit tests of either side hold literally: those of the chip over the bus, without that header. Each example is bound to
tests by name; `lab/tests/test_vectors.py` looks for all of its bytes, in one piece, in that test (its tables and macros included), in front of
something that asserts. The number of a message in its counter (bits 15:13 of the id) is not compared. Eight digits are the argument of a command.

A name that begins with a section is a row of `requests` in `test_vectors.c`: the chip's answer, and the bytes as it remembers them. Where that
is all, the emulated chip **only stores** the value. Every other name is a function that sees what the chip makes of the bytes: on the air, in a
register, in a later message.

| sheet | example | bytes | emulated chip | driver |
|---|---|---|---|---|
"""
TAIL = """
## Hex of the sheets that is not here

| sheet | what | why |
|---|---|---|
"""


def tests_of(names):
    """A cell of the table."""
    if isinstance(names, str):
        return names
    stored = names and all(n[0].isdigit() for n in names)
    return ", ".join(f"`{n}`" for n in names) + (" (stored)" if stored else "")


def document():
    lines = [f"| {sheet} | {what} | `{example}` | {tests_of(chip)} | {tests_of(drv)} |\n" for sheet, what, example, chip, drv in EXAMPLES]
    return HEAD + "".join(lines) + TAIL + "".join(f"| {sheet} | {what} | {why} |\n" for sheet, what, why in NOT_VECTORS)


if __name__ == "__main__":
    sys.stdout.write(document())
