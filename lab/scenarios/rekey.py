# SPDX-License-Identifier: GPL-2.0-or-later
"""Group and pairwise keys change under traffic."""
from guestlib import OUT

ARGS = {}


def run(lab):
    lab.bring_up()
    lab.ap(extra="wpa_group_rekey=3\nwpa_ptk_rekey=5")
    lab.connect()
    lab.address()
    lab.figure("down_mbps", lab.iperf("-R", "-b", "5M", seconds=16))
    text = (OUT / "wpa_supplicant.txt").read_text()
    lab.figure("group_rekeys", text.count("Group rekeying completed"))
    lab.figure("pairwise_rekeys", text.count("WPA: Key negotiation completed") - 1)
    # the driver does not claim that it keeps frames of the old key apart from the new one: mac80211 warns each time
    lab.allow_log("Rekeying PTK for STA .* but driver can't safely do that", lab.figures["pairwise_rekeys"])
    lab.expect(lab.figures["group_rekeys"] >= 3, "too few group rekeys")
    lab.expect(lab.figures["pairwise_rekeys"] >= 2, "too few pairwise rekeys")
    lab.expect(lab.figures["down_mbps"] > 4.5, "traffic suffered")
    lab.expect(lab.ping()[0] == 5, "pings lost")
