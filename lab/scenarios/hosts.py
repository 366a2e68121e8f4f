# SPDX-License-Identifier: GPL-2.0-or-later
"""Mmc hosts of other kinds: one data line, card interrupt without a thread, no card interrupt."""
from guestlib import sh

ARGS = {}
FLAGS = ("", "1bit", "irq-nothread", "no-irq")


def one(lab, flags):
    lab.control(f"plug {flags}")
    lab.find_card()
    lab.up()
    before = lab.counters()["shell"]
    lab.connect(extra="scan_freq=2437")
    lab.address()
    lab.expect(lab.ping()[0] == 5, "pings lost")
    down, up = lab.flow("tcp", True)["mbps"], lab.flow("tcp", False)["mbps"]
    lab.goal(f"{flags or 'usual'}_down_mbps", down)
    # the core asks such a card now and then only
    lab.goal(f"{flags or 'usual'}_up_mbps", up, share=0.3 if flags == "no-irq" else 1)
    after = lab.counters()["shell"]
    lab.step(f"{flags or 'usual'}: down {down}, up {up} Mbit/s, "
             f"{after['bus_commands'] - before['bus_commands']} bus commands")
    lab.stop(lab.wpa)
    lab.control("unplug")
    lab.wait(lambda: lab.wlan not in sh("iw", "dev", ns=lab.STA), "the end of the interface", 5)


def run(lab):
    lab.load()
    lab.start_chip(plug=False)
    lab.ap()
    for flags in FLAGS:
        one(lab, flags)
