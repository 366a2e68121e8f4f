# SPDX-License-Identifier: GPL-2.0-or-later
"""Connect to one access point; security=open|wpa2|wpa3 channel=N ht40=0|1."""
import goals

ARGS = {"security": ("open", "wpa2", "wpa3", "tkip"), "ht40": ("0", "1"),
        "channel": (*range(1, 12), 36, 40, 44, 48, 149, 153, 157, 161, 165)}


def run(lab):
    security = lab.args.get("security", "wpa2")
    channel = int(lab.args.get("channel", 6))
    ht40 = lab.args.get("ht40", "1" if channel == 48 else "0") == "1"
    lab.bring_up()
    lab.ap(channel=channel, security=security, ht40=ht40)
    took = lab.connect(security=security)
    lab.figure("connect_s", round(took, 3))
    lab.expect(not lab.plain() or took <= goals.CONNECT_S, f"connected only after {took:.1f} s")
    lab.address()
    got, _ = lab.ping(count=10)
    lab.expect(got == 10, f"{10 - got} of 10 pings lost")
    phy = "legacy" if security == "tkip" else "ht40" if ht40 else "ht20"
    lab.goal("down_mbps", lab.iperf("-R", seconds=2), phy)
    lab.goal("up_mbps", lab.iperf(seconds=2), phy)
