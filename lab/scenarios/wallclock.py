# SPDX-License-Identifier: GPL-2.0-or-later
"""A guest whose clock is the host's connects, too, and pings."""
TIME = "real"
ARGS = {}


def run(lab):
    lab.patience = 10       # a slow machine is no defect
    lab.bring_up()
    lab.ap()
    lab.connect(extra="scan_freq=2437")
    lab.address()
    got, _ = lab.ping()
    lab.expect(got == 5, f"{5 - got} of 5 pings lost")
