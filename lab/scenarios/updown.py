# SPDX-License-Identifier: GPL-2.0-or-later
"""Interface down and up, many times (times=200), then a connection."""
from guestlib import sh


def run(lab):
    lab.bring_up()
    for _ in range(int(lab.args.get("times", 200))):
        sh("ip", "link", "set", lab.wlan, "down", ns=lab.STA)
        sh("ip", "link", "set", lab.wlan, "up", ns=lab.STA)
    lab.ap()
    lab.connect()
    lab.address()
    lab.expect(lab.ping()[0] == 5, "pings lost")
