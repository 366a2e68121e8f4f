# SPDX-License-Identifier: GPL-2.0-or-later
"""vsdio by itself: the example card, several at once, killed at any moment."""
import subprocess
import time
from pathlib import Path

from guestlib import OUT, sh

RADIOS = 0
ARGS = {}


def cards():
    return sorted(p.name for p in Path("/sys/bus/sdio/devices").iterdir())


def run(lab):
    card = Path(lab.job["root"]) / "build/vsdio-card"
    lab.insmod("vsdio")
    procs = [lab.spawn([card], OUT / f"card{i}.txt") for i in range(3)]
    lab.wait(lambda: len(cards()) == 3, "three cards", 20)
    for name in cards():
        d = Path("/sys/bus/sdio/devices") / name
        lab.expect((d / "vendor").read_text().strip() == "0x1234", "vendor id")
        lab.expect((d / "device").read_text().strip() == "0x0001", "device id")
    for p in procs:
        lab.kill(p)
    lab.wait(lambda: not cards(), "the cards to go", 20)
    # a card that dies at every stage of its enumeration
    for n in range(60):
        p = subprocess.Popen([card], stdout=subprocess.DEVNULL)
        time.sleep(n * 0.0002)
        p.kill()
        p.wait()
    lab.wait(lambda: not cards(), "the last card to go", 20)
    lab.spawn([card], OUT / "card.txt")
    lab.wait(lambda: len(cards()) == 1, "a card after all that", 20)
    for p in list(lab.procs):
        lab.kill(p)
    lab.wait(lambda: not cards(), "the card to go", 20)
    sh("rmmod", "vsdio")
