# SPDX-License-Identifier: GPL-2.0-or-later
"""A wrong passphrase is refused, the right one then works."""
from guestlib import OUT

ARGS = {}


def run(lab):
    lab.bring_up()
    lab.ap()
    lab.start_wpa(lab.network(passphrase="not the right one"))
    lab.wait(lambda: "WRONG_KEY" in (OUT / "wpa_supplicant.txt").read_text(), "a refusal", 40)
    lab.expect(not lab.connected(), "connected with a wrong passphrase")
    lab.wpa_cli("set_network", "0", "psk", '"12345678"')
    lab.wpa_cli("enable_network", "0")
    lab.wpa_cli("reassociate")
    lab.wait(lab.connected, "a connection with the right passphrase", 60)
    lab.address()
    lab.expect(lab.ping()[0] == 5, "pings lost")
