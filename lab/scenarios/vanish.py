# SPDX-License-Identifier: GPL-2.0-or-later
"""The access point falls silent and comes back; the link heals by itself."""
import time

import goals

ARGS = {}
AP = "02:00:00:00:00:00"


def run(lab):
    lab.bring_up()
    lab.ap()
    lab.connect()
    lab.address()
    lab.expect(lab.ping()[0] == 5, "pings lost before")
    begin = time.monotonic()
    lab.control(f"mute {AP}")
    lab.wait(lambda: not lab.connected(), "the loss to be noticed", 15)
    lab.figure("noticed_s", round(time.monotonic() - begin, 3))
    lab.control(f"unmute {AP}")
    begin = time.monotonic()
    lab.wait(lab.connected, "a new connection", 40)
    lab.figure("back_s", round(time.monotonic() - begin, 3))
    # 50 beacons and what a timer may be late; a scan of both bands and the connection
    lab.expect(not lab.plain() or lab.figures["noticed_s"] <= 6, f"noticed after {lab.figures['noticed_s']} s")
    lab.expect(not lab.plain() or lab.figures["back_s"] <= goals.CONNECT_S, f"back after {lab.figures['back_s']} s")
    lab.expect(lab.ping()[0] == 5, "pings lost after")
