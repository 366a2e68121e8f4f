# SPDX-License-Identifier: GPL-2.0-or-later
"""Missing and damaged firmware: one clear error each, and a good file then works."""
from pathlib import Path

from guestlib import OUT, sh

MAIN = OUT / "firmware/bes2600/best2002_fw_sdio.bin"
CASES = {
    "missing": (None, "best2002_fw_sdio.bin is missing"),
    "empty": (b"", "is no firmware image|is missing"),
    "truncated": (lambda good: good[:1000], "damaged or too large"),
    "odd": (lambda good: good[:-1], "is no firmware image"),
    "oversized": (lambda good: good[:-4] + b"\0" * 700000 + good[-4:], "damaged or too large"),
}


def run(lab):
    import re
    good = MAIN.read_bytes()
    sh("ip", "link", "set", "lo", "up")
    lab.insmod("vsdio")
    lab.insmod("bes2600")
    lab.start_chip(plug=False)
    for name, (make, pattern) in CASES.items():
        MAIN.unlink(missing_ok=True)
        if make is not None:
            MAIN.write_bytes(make(good) if callable(make) else make)
        before = len(sh("dmesg"))
        lab.control("plug")
        lab.wait(lambda: "failed with error" in sh("dmesg")[before:], f"the probe to fail ({name})", 30)
        lab.expect(re.search(pattern, sh("dmesg")[before:]), f"{name}: the error does not say what is wrong")
        lab.control("unplug")
    MAIN.write_bytes(good)
    lab.control("plug")
    lab.find_card()
    sh("ip", "link", "set", lab.wlan, "up", ns=lab.STA)
    lab.ap()
    lab.connect()
