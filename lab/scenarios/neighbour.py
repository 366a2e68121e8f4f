# SPDX-License-Identifier: GPL-2.0-or-later
"""Another driver sits on the card: the core resets it by removing it and finding it anew."""
import time
from pathlib import Path

from guestlib import KernelLog, sh

ARGS = {}


def use(lab):
    lab.up()
    lab.connect(extra="scan_freq=2437")
    lab.address()
    lab.expect(lab.ping(count=3)[0] == 3, "pings lost")


def run(lab):
    lab.allow_log("resetting the chip", 3)
    lab.allow_log("firmware exception 4, ", 1)
    sh("ip", "link", "set", "lo", "up")
    for module in ("vsdio", "neighbour", "bes2600"):
        lab.insmod(module)
    lab.start_chip({"card.functions": "2"})
    lab.find_card()
    lab.expect(len(list(Path("/sys/bus/sdio/drivers/neighbour").glob("mmc*"))) == 1, "the neighbour has no function")
    log = KernelLog()
    lab.ap()
    use(lab)
    for death in ("exception", "dead", "silence 100000"):
        begin = time.monotonic()
        # an idle chip's silence shows when something is asked of it
        lab.control(f"inject {death}")
        sh("ping", "-n", "-c", 1, "-W", 1, "10.0.0.1", ns=lab.STA, check=False)
        noticed = lab.wait(lambda: log.first("resetting the chip", begin - 0.01), f"{death}: the notice", 5)
        lab.stop(lab.wpa)
        lab.find_card()
        lab.step(f"{death}: a new interface {time.monotonic() - noticed:.2f} s after the notice")
        use(lab)
    lab.expect(lab.driver("BusResets") == 0, "the new driver knows of resets")
    lab.stop(lab.wpa)
    lab.control("unplug")
    time.sleep(1)
    lab.unload("neighbour")
