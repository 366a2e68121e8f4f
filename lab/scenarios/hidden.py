# SPDX-License-Identifier: GPL-2.0-or-later
"""A hidden network is found by its name."""

ARGS = {}


def run(lab):
    lab.bring_up()
    lab.ap(ssid="unseen", extra="ignore_broadcast_ssid=1")
    lab.expect("unseen" not in [ssid for _, _, ssid in lab.scan().values()], "the name is on the air")
    lab.connect(ssid="unseen", extra="scan_ssid=1")
    lab.address()
    lab.expect(lab.ping()[0] == 5, "pings lost")
