# SPDX-License-Identifier: GPL-2.0-or-later
"""Interface down and up, many times (times=200), then a connection."""

ARGS = {"times": int}


def run(lab):
    lab.bring_up()
    for _ in range(int(lab.args.get("times", 200))):
        lab.down()
        lab.up()
    lab.ap()
    lab.connect()
    lab.address()
    lab.expect(lab.ping()[0] == 5, "pings lost")
