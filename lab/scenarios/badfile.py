# SPDX-License-Identifier: GPL-2.0-or-later
"""Missing and damaged files: one clear line each, and a good file then works."""
import re

from guestlib import OUT, Failed, KernelLog

ARGS = {}
FILES = OUT / "firmware/bes2600"
MAIN, BOOT = "best2002_fw_sdio.bin", "best2002_fw_boot_sdio.bin"
FACTORY, BINARY, SDD = "bes2600_factory.txt", "factory.bin", "sdd.bin"

# file, what happened to it, does the interface appear, what the driver says
CASES = [(file, damage, False, f"{re.escape(file)}.* {text}") for file in (MAIN, BOOT) for damage, text in (
    ("missing", "is missing"),
    ("empty", "is missing|0 bytes is no firmware image"),
    ("truncated", "damaged or too large"),
    ("odd", "is no firmware image"),
    ("oversized", "damaged or too large"),
    ("text", "is no firmware image|damaged or too large"))] + [
    (FACTORY, "missing", True, "no calibration file"),
    (FACTORY, "empty", True, "not used|no calibration file"),
    (FACTORY, "truncated", True, "not used"),
    (FACTORY, "text", True, "not used"),
    (FACTORY, "oversized", True, "not used"),
    (BINARY, "text", True, "instead of 72, not used"),
    (SDD, "text", True, "not used"),
    (SDD, "oversized", True, "not used"),
]
DAMAGE = {
    "missing": lambda good: None,
    "empty": lambda good: b"",
    "truncated": lambda good: good[:len(good) * 2 // 5 & ~3],
    "odd": lambda good: good[:-1],
    "oversized": lambda good: good[:-4] + b"\0" * 700000 + good[-4:],
    "text": lambda good: b"<html><body>404 Not Found</body></html>\n" * 3,
}


def one(lab, log, file, damage, usable, pattern):
    path = FILES / file
    good = path.read_bytes() if path.exists() else None
    bad = DAMAGE[damage](good or b"good")
    path.unlink(missing_ok=True)
    if bad is not None:
        path.write_bytes(bad)
    up, text = lab.probe(log, 30)
    said = [l for l in text.splitlines() if re.search(pattern, l) and "failed to load" not in l]
    lab.show("\n".join(said))
    lab.control("unplug")
    path.unlink(missing_ok=True)
    if good is not None:
        path.write_bytes(good)
    lab.expect(up == usable, f"the interface {'appears' if up else 'does not appear'}: {text}")
    lab.expect(len(said) == 1, f"the error does not say once what is wrong: {text}")


def run(lab):
    lab.load()
    lab.start_chip(plug=False)
    log = KernelLog()
    unusable = sum(not usable for _, _, usable, _ in CASES)
    lab.allow_log("probe with driver bes2600 failed with error", unusable)
    # the kernel's own word of a file that is not there, or empty; and ours
    lab.allow_log("Direct firmware load for bes2600/best2002", 4)
    lab.allow_log("loading /lib/firmware/bes2600/best2002.* failed with error -22", 2)
    lab.allow_log("bes2600/best2002.* is missing or empty", 4)
    lab.allow_log("bes2600/best2002.*(damaged or too large|is no firmware image)", unusable - 4)
    # but not for a calibration file that is not there at all or empty
    lab.allow_log("bes2600/(bes2600_factory.txt|factory.bin|sdd.bin).*not used", len(CASES) - unusable - 2)
    for case in CASES:
        lab.step(" ".join(case[:2]))
        try:
            one(lab, log, *case)
        except Failed as e:
            lab.why.append(f"{case[0]} {case[1]}: {e}")
    lab.control("plug")
    lab.find_card()
    lab.up()
    lab.ap()
    lab.connect()
