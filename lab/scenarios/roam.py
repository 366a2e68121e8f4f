# SPDX-License-Identifier: GPL-2.0-or-later
"""Roams from one access point to another of the same network, and back."""
RADIOS = 2
ARGS = {}
FIRST, SECOND = "02:00:00:00:00:00", "02:00:00:00:01:00"


def here(lab, bssid):
    return bssid in lab.link() and lab.connected()


def run(lab):
    lab.bring_up()
    lab.ap(channel=6)
    lab.connect()
    lab.ap(channel=11, radio=1, address=None)
    lab.wpa_cli("scan")
    lab.wait(lambda: SECOND in lab.wpa_cli("scan_results"), "the second access point", 20)
    lab.wpa_cli("roam", SECOND)
    lab.wait(lambda: here(lab, SECOND), "the roam", 20)
    lab.wpa_cli("roam", FIRST)
    lab.wait(lambda: here(lab, FIRST), "the way back", 20)
    lab.address()
    lab.expect(lab.ping()[0] == 5, "pings lost")
