# SPDX-License-Identifier: GPL-2.0-or-later
"""The byte examples of the sheets, and the unit tests that hold them: prints docs/vectors.md."""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Why the driver's unit tests do not have one
CORE = "the mmc core builds it"
UNUSED = "the driver does not send it"
SMALL = "in a callback of mac80211; by the scenarios"
AP = "access point"
# (sheet, what, bytes; or a word: the argument of a command; why the driver has no test)
EXAMPLES = [
    *[("10 §4", "CMD53", word, CORE) for word in (
        "94040000 9c07d002 14001008 1c76281e 14040000 16040000 1c0c0003 1e0c0003 1ccc0033 1ecc0033 9c040001 9e040001 9c080002 9e080002 9c080202 "
        "9e080202 9c0c0403 9e0c0403 9c0cc604 9e0cc604 9c198607 9e198607 9ccc0633 9ecc0633").split()],
    *[("10 §9.2", "doorbell", word, CORE) for word in (
        "90024200 90024009 90024005 90024021 90024011 90024201 90024001 90024081 90024204 90024208 90024003").split()],
    ("10 §9.3", "wake configuration", "90024882", CORE),
    *[("10 §11", "loader registers", word, CORE) for word in "10021000 10021200 10021400 10000000 10000200".split()],
    *[("10 §12", "detection", word, CORE) for word in (
        "00000c00 80000c08 00000000 00001000 00002400 00002600 80002603 00000e00 80000e02 00020000 00021200 80022000 "
        "80022202 00000400 80000402 00000600 00000800 80000803").split()],
    ("10 §12.1", "status", "10021800", CORE),
    ("10 §13", "pending interrupts", "00000a00", CORE),
    ("10 §16", "TX burst, first", "04 06 04 c0", "bes_tx_burst has frames of other lengths"),
    ("10 §16", "TX burst, second", "40 06 04 e0", "bes_tx_burst has frames of other lengths"),
    ("20 §3.7", "poke 1, INFO", "b1 00 08 00 04 00 00 00 00 00 10 40", None),
    ("20 §3.7", "poke 1, DATA", "b2 01 08 00 00 00 10 40 06 20 80 00", None),
    ("20 §3.7", "poke 2, INFO", "b1 00 08 00 04 00 00 00 2c 60 08 40", None),
    ("20 §3.7", "poke 2, DATA", "b2 01 08 00 2c 60 08 40 00 c0 00 3e", None),
    ("20 §3.7", "reply", "b0 00 04 00 00 00 00 00", "made by the test's card"),
    ("20 §4.3", "boot image, INFO", "b1 00 08 00 38 00 00 00 68 01 00 20", "by the pieces of other images"),
    ("20 §4.3", "boot image, END", "b3 02 04 00 68 2b 79 cc", "by the pieces of other images"),
    ("20 §4.3", "RUN", "b4 03 04 00 68 01 00 20", "by the pieces of other images"),
    ("20 §4.4", "factory, INFO", "b1 00 08 00 48 00 00 00 00 b0 08 20", None),
    ("20 §4.4", "factory blob (a)", "80 ba 02 00 9f 33 cf b1 00 00 00 00 a0 00 00 14 00 14 00 14 00 ff 00 00", None),
    ("20 §4.4", "factory blob (b)", "cd eb 16 5e", None),
    ("20 §4.4", "factory blob (c)", "80 ba 02 00 d8 3b c5 36 04 03 02 01 23 01 01 11 07 11 0d 11 01 00 29 00", None),
    ("20 §4.5", "calibration block (b), CRC", "02 b3 a4 ab", "the chip's to make; the driver's check by the boot faults"),
    ("20 §6.2, 30 §10", "start-up", "98 00 01 08 1e 00 60 06 d2 07 00 00 00 00 03 00 02 00 24 04 01 00 01 00", None),
    ("20 §6.3, 30 §10", "multi TX confirms, interface 0", "0c 00 06 00 24 10 04 00 01 00 00 00", None),
    ("20 §6.3, 30 §10", "its confirm", "08 00 06 24 00 00 00 00", None),
    ("20 §6.3, 30 §10", "multi TX confirms, interface 1", "0c 00 46 20 24 10 04 00 01 00 00 00", None),
    ("20 §6.3, 30 §10", "its confirm", "08 00 46 44 00 00 00 00", None),
    ("20 §6.5, 30 §10", "configuration confirm",
     "2c 00 09 64 00 00 00 00 02 00 00 be 57 01 03 00 cf ff 3f 00 50 00 00 00 c8 00 00 00 01 00 00 00", None),
    ("30 §10", "start scan", "40 00 07 80 00 00 00 00 00 00 00 00 02 03 00 64 01 00 00 00 64 00 00 00 64 00 00 00", None),
    ("30 §10", "its confirm", "08 00 07 c4 00 00 00 00", "a plain confirm"),
    ("30 §10", "scan complete", "0c 00 06 08 00 00 00 00 00 03 00 00", None),
    ("30 §10", "beacon during a scan", "53 00 84 e8 00 00 00 00 06 00 00 78 80 00 06 00", None),
    ("30 §10", "switch channel", "08 00 16 e0 80 00 06 00", None),
    ("30 §10", "its confirm", "08 00 16 64 00 00 00 00", None),
    ("30 §10", "its end", "08 00 0a 88 00 00 00 00", None),
    ("30 §10", "join", "40 00 0b 20 01 00 06 00 0a 0b 0c 0d 0e 0f 00 00 01 01 01 00 04 00 00 00 74 65 73 74", None),
    ("30 §10", "its confirm", "10 00 0b c4 00 00 00 00 50 00 00 00 c8 00 00 00", None),
    ("30 §10", "data", "54 00 04 a0 03 00 02 00 15 00 00 a0 00 00 00 00 00 00 00 00 01 00 00 00 00 00 88 41",
     "bes_tx_golden has another cookie and policy, and no filler"),
    ("30 §10", "TX confirm", "18 00 04 44 03 00 02 00 00 00 00 00 15 00 00 00 08 07 00 00 5e 01 00 00",
     "bes_tx_golden has another cookie"),
    ("30 §10", "multi TX confirm", "30 00 1e 64 02 00 00 00 03 00 02 00 00 00 00 00 15 00 0d 00 08 07 00 00 5e 01", None),
    ("30 §10, 60 §6.2", "fast power save", "08 00 10 00 81 10 00 00", None),
    ("30 §10", "its indication", "0c 00 09 28 00 00 00 00 01 00 00 00", "by its length, and by the scenario powersave"),
    ("30 §10", "Wi-Fi state connected", "0c 00 27 0c 03 00 00 00 05 00 00 00", None),
    ("30 §10", "its confirm", "10 00 27 0c 00 00 00 00 0f 00 00 00 03 00 00 00", None),
    ("30 §10", "Bluetooth", "10 00 30 2c 00 00 00 00 f0 00 00 00 44 00 00 00", None),
    ("30 §10", "coexistence", "10 00 29 00 20 4e 00 00 e0 41 01 00 00 00 00 00", None),
    ("30 §4.6", "reset", "08 00 0a 00 00 00 00 00", None),
    ("30 §4.4", "stop scan", "04 00 08 00", None),
    ("30 §4.8", "AES pairwise key", "05 00 00 00 0a 0b 0c 0d 0e 0f 00 00", None),
    ("30 §4.8", "AES group key", "30 00 0c 00 04 01 00 00 c9 7c 1f 67 ce 37 11 85", "needs a key of mac80211's own"),
    ("30 §4.8", "TKIP group key", "30 00 0c 00 02 01 00 00 40 41 42 43 44 45 46 47 48 49 4a 4b 4c 4d 4e 4f 58 59",
     "needs a key of mac80211's own"),
    ("30 §4.11", "BSS parameters", "10 00 11 00 00 32", None),
    ("30 §4.12", "TX queue parameters", "10 00 12 00 03 00 00 00", None),
    ("30 §4.13", "EDCA: BK, BE, VI, VO", "30 00 13 00 0f 00 0f 00 07 00 03 00 ff 03 ff 03 0f 00 07 00 07 03 02 02 00 00 "
     "00 00 c0 0b e0 05 c8 00 00 00", None),
    ("30 §4.15", "start", "38 00 57 00 02 00 06 00 00 00 00 00 64 00 00 00 01", AP),
    ("30 §4.16", "update IE", "0e 00 1b 00 01 00 01 00 05 04 00 02 01 00", AP),
    ("30 §4.17, 50 §16.7", "map link", "0c 00 1c 00 0a 0b 0c 0d 0e 0f 00 03", AP),
    ("30 §4.17, 50 §16.7", "unmap link", "0c 00 1c 00 0a 0b 0c 0d 0e 0f 01 03", AP),
    ("30 §5.2", "our TIM bit", "59 00 04 08 00 00 00 00 06 00 00 78 80 09 06 00", "the driver does not look at it"),
    ("30 §5.2", "TSF", "5b 00 04 08 00 00 00 00 06 00 00 78 80 08 06 01", "bes_rx_tsf, by the flag"),
    ("30 §5.2", "link of the sender", "3e 00 04 08 00 00 00 00 06 00 00 78 00 00 01 06", AP),
    ("30 §5.2", "group key, AES", "5c 00 04 08 00 00 00 00 06 00 00 78 03 00 0a 00", "the driver does not look at it"),
    ("30 §5.2", "group key 2, TKIP", "5c 00 04 08 00 00 00 00 06 00 00 78 02 08 2e 00", "the driver does not look at it"),
    ("30 §5.4, 50 §16.5", "BSS lost", "0c 00 05 08 01 00 00 00 00 00 00 00", "by its length, and by the scenario vanish"),
    ("30 §5.7", "resume group traffic", "08 00 0c 08 09 00 00 00", AP),
    ("30 §5.8", "exception", "80 00 00 08 04 00 00 00", None),
    ("30 §6.1", "link in the queue byte", "32 00 04 00 03 00 02 00 00 0f 00 20", AP),
    ("31 §2.1", "slot time", "0c 00 06 00 03 00 04 00 09 00 00 00", None),
    ("31 §2.1", "TX power", "0c 00 06 00 06 00 04 00 c8 00 00 00", None),
    ("31 §2.1", "RTS threshold", "0c 00 06 00 07 00 04 00 85 09 00 00", None),
    ("31 §2.1", "beacon wake-up", "0c 00 06 00 07 10 04 00 01 00 03 00", SMALL),
    ("31 §2.1", "BA policy", "0c 00 06 00 0e 10 04 00 b1 00 b1 00", SMALL),
    ("31 §2.1", "association mode", "10 00 06 00 10 10 08 00 1f 01 00 05 0f 00 00 00", SMALL),
    ("31 §2.1", "U-APSD", "10 00 06 00 13 10 08 00 08 00 00 00 00 00 00 00", SMALL),
    ("31 §2.1", "HT protection", "0c 00 06 00 21 10 04 00 02 00 00 00", None),
    ("31 §2.1", "keep-alive", "0c 00 06 00 25 10 04 00 0f 00 00 00", SMALL),
    ("31 §2.1", "station inactivity", "0c 00 06 00 35 10 04 00 09 01 00 00", AP),
    ("31 §2.1, 40 §9, 50 §5.5", "optimisation, associated", "0c 00 06 00 44 10 04 00 02 05 b8 0b", SMALL),
    ("31 §2.1, 40 §9, 50 §5.6", "optimisation, un-joined", "0c 00 06 00 44 10 04 00 01 00 d2 07", SMALL),
    ("31 §2.1", "power table", "09 00 06 00 45 10 01 00 01", SMALL),
    ("31 §2.2", "read the counters", "08 00 05 00 0c 10 00 00", None),
    ("31 §5.2", "BSSID filter", "0c 00 06 00 26 10 04 00 01 00 00 00", SMALL),
    ("31 §5.3", "beacon elements", "14 00 06 00 04 10 0c 00 01 00 00 00 dd 07 50 6f 9a 00", SMALL),
    ("31 §5.5", "multicast", "40 00 06 00 04 00 38 00 01 00 00 00 02 00 00 00 33 33 00 00 00 01 01 00 5e 00 00 fb", SMALL),
    ("31 §6", "low power on", "0c 00 06 00 06 10 04 00 12 00 00 00", None),
    ("31 §6", "RCPI default", "0c 00 06 60 09 10 04 00 0d 00 00 10", SMALL),
    ("31 §6", "BA policy before join", "0c 00 06 40 0e 10 04 00 00 00 b1 00", SMALL),
    ("31 §6", "management policy at join", "0c 00 06 80 20 10 04 00 06 00 00 00", None),
    ("31 §6", "beacon filter on", "10 00 06 20 05 10 08 00 07 00 00 00 00 00 00 00", SMALL),
    ("31 §6", "short GI on", "09 00 06 a0 43 10 01 00 01", SMALL),
    ("31 §6", "policy 2", "01 00 00 00 02 0f 07 0c 00 00 00 00 01 00 00 00 00 00 00 00 02 30 40 00",
     "bes_rate_policy_upload has the driver's own policies"),
    ("31 §6", "generic confirm", "08 00 06 24 00 00 00 00", None),
    ("50 §5.4", "beacon filter off", "10 00 06 00 05 10 08 00 00 00 00 00 01 00 00 00", SMALL),
    ("50 §16.3", "channel 48", "08 00 16 00 80 00 30 00", None),
    ("50 §16.3", "channel 48, HT40-", "08 00 16 00 a0 00 30 00", None),
    ("60 §6.3", "power save ends", "08 00 10 00 00 10 00 00", None),
    ("60 §6.5", "MAC filter", "14 00 06 00 30 10 0c 00 01 01 00 00 01 01 ff ff ff ff ff ff", UNUSED),
    ("60 §9.3", "UDP filter", "18 00 06 00 1b 10 10 00 03 00 00 00 01 00 43 00 01 00 6c 07 01 00 e9 14", UNUSED),
    ("60 §9.3", "ethertype filter", "18 00 06 00 1a 10 10 00 03 01 00 00 02 00 8e 88 02 00 b4 88 01 00 ff ff", UNUSED),
    ("60 §11.4", "coexistence, associated", "10 00 29 00 20 4e 00 00 80 38 01 00 03 00 00 00", None),
]

LITERALS = re.compile(r'"(?:\\.|[^"\\\n])*"(?:\s*"(?:\\.|[^"\\\n])*")*')
ARRAY = re.compile(r"(?:0x[0-9a-f]{1,2}|\b\d{1,3})(?:,\s*(?:0x[0-9a-f]{1,2}|\d{1,3}))+", re.I)
FUNCTION = re.compile(r"^(?:static |inline |const )*\w[\w ]*[ *](\w+)(?:\([^;{]*\)\n\{|\[\] = \{)", re.M)
ROW = re.compile(r'^\t\{ "(\d0 §[^"]*|31 §[^"]*)"', re.M)
DEFINE = re.compile(r"^#define (\w+)")


class Tests:
    """The bytes that the unit tests of one side hold."""

    def __init__(self, files):
        self.found = []         # (bytes as hex with blanks, file, name)
        self.words = {}
        for path in files:
            self._read(path.name, path.read_text())

    def _read(self, file, text):
        text = text.replace("\\\n", "  ")
        for m in LITERALS.finditer(text):
            plain = re.sub(r'"\s*"|"', " ", m[0])
            self._add(file, text, m.start(), re.findall(r"(?<![\w@])[0-9a-f]{2}(?!\w)", plain))
        for m in ARRAY.finditer(text):
            self._add(file, text, m.start(), [f"{int(v, 16 if v.startswith('0x') else 10) & 255:02x}" for v in re.split(r",\s*", m[0])])
        for m in re.finditer(r"\b0x([0-9a-f]{8})\b", text):
            self.words.setdefault(m[1], f"{name_at(text, m.start())}")

    def _add(self, file, text, at, tokens):
        if len(tokens) >= 4:
            self.found.append((" " + " ".join(tokens) + " ", file, name_at(text, at)))

    def of(self, example):
        """Names of the tests that have these bytes, whatever number the message has in its counter."""
        if re.fullmatch("[0-9a-f]{8}", example):
            return [self.words[example]] if example in self.words else []
        b = example.split()
        while len(b) > 4 and b[-1] == "00":
            b.pop()
        if len(b) > 3 and b[0] not in ("b0", "b1", "b2", "b3", "b4") and not example.startswith("80 ba"):
            digit = int(b[3], 16) & 0x1f
            b[3] = "(?:" + "|".join(f"{digit | seq << 5:02x}" for seq in range(8)) + ")"
        pattern = re.compile(" " + " ".join(b) + " ")
        return sorted({name for tokens, _, name in self.found if pattern.search(tokens)})


def name_at(text, at):
    """The row or function in which this place is; of a macro, its name."""
    line = text[text.rfind("\n", 0, at) + 1:at]
    if m := DEFINE.match(line):
        return m[1]
    inside = [m for m in FUNCTION.finditer(text, 0, at)]
    rows = [m for m in ROW.finditer(text, inside[-1].start() if inside else 0, at)]
    return rows[-1][1] if rows else inside[-1][1] if inside else "?"


def emulator():
    return Tests(sorted((ROOT / "emulator").glob("*/tests/*.[ch]")))


def driver():
    return Tests(sorted((ROOT / "drivers/bes2600/tests").glob("*.c")))


def rows():
    """(sheet, what, bytes, tests of the emulated chip, tests of the driver, why there is none of these)"""
    chip, drv = emulator(), driver()
    for sheet, what, example, why in EXAMPLES:
        yield sheet, what, example, chip.of(example), drv.of(example), why


def missing():
    for sheet, what, example, chip, drv, why in rows():
        if not chip:
            yield f"{sheet} {what} ({example}): no test of the emulated chip"
        if not drv and not why:
            yield f"{sheet} {what} ({example}): no test of the driver"


HEAD = """<!-- SPDX-License-Identifier: GPL-2.0-or-later -->
<!-- made by lab/vectors.py -->
# Vectors

Driver and emulated chip read the wire by one header, so what it gets wrong is wrong on both sides at once. Here are the byte examples of the
sheets, which the unit tests of either side hold literally: those of the chip over the bus, without that header. The number of a message in its
counter (bits 15:13 of the id) is not compared. Eight digits are the argument of a command.

| sheet | example | bytes | emulated chip | driver |
|---|---|---|---|---|
"""


def document():
    lines = []
    for sheet, what, example, chip, drv, why in rows():
        tests = [", ".join(f"`{t}`" for t in names[:3]) for names in (chip, drv)]
        lines.append(f"| {sheet} | {what} | `{example}` | {tests[0]} | {tests[1] or why} |\n")
    return HEAD + "".join(lines)


if __name__ == "__main__":
    sys.stdout.write(document())
