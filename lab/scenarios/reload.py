# SPDX-License-Identifier: GPL-2.0-or-later
"""The module is unloaded and loaded, many times (times=50), then a connection."""
from guestlib import sh

ARGS = {"times": int}


def run(lab):
    lab.bring_up()
    for _ in range(int(lab.args.get("times", 50))):
        sh("rmmod", "bes2600")
        lab.insmod("bes2600")
        lab.find_card()
    lab.up()
    lab.ap()
    lab.connect()
    lab.address()
    lab.expect(lab.ping()[0] == 5, "pings lost")
