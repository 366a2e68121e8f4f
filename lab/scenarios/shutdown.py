# SPDX-License-Identifier: GPL-2.0-or-later
"""The system goes down while the driver works (chip=alive, dead, silent, booting); it takes 3 s at most."""
import time

ARGS = {"chip": ("alive", "dead", "silent", "booting")}
LIMIT = 3               # s
# what the driver says before it or meanwhile; a chip that is just dead goes unnoticed
TELLING = {"silent": ["resetting the chip"], "booting": ["firmware exception: resetting the chip", "firmware exception 4, "]}


def run(lab):
    chip = lab.args.get("chip", "alive")
    lab.bring_up()
    lab.ap()
    lab.connect()
    lab.address()
    lab.expect(lab.ping()[0] == 5, "pings lost")
    for pattern in TELLING.get(chip, ()):
        lab.allow_log(pattern, 1)
    # frames and a command under way
    lab.sender("udp", False, seconds=30, mbps=30)
    time.sleep(0.3)
    if chip == "dead":
        lab.control("inject dead")
    elif chip == "silent":
        lab.control("inject silence 60000")
        lab.spawn(["iw", "dev", lab.wlan, "scan"], "/run/scan.txt", ns=lab.STA)
        time.sleep(0.2)
    elif chip == "booting":
        # in the middle of the reset that follows
        lab.control("set boot.mcu_ready 60000")
        lab.control("inject exception")
        time.sleep(0.5)
    lab.shutdown_limit = LIMIT
    lab.shutdown_says = "Wi-Fi switched off" if chip == "alive" else None
