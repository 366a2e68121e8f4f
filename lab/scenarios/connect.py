# SPDX-License-Identifier: GPL-2.0-or-later
"""Connect to one access point; security=open|wpa2|wpa3 channel=N ht40=0|1."""


def run(lab):
    security = lab.args.get("security", "wpa2")
    channel = int(lab.args.get("channel", 6))
    ht40 = lab.args.get("ht40", "1" if channel == 48 else "0") == "1"
    lab.bring_up()
    lab.ap(channel=channel, security=security, ht40=ht40)
    lab.figure("connect_s", round(lab.connect(security=security), 3))
    lab.address()
    got, _ = lab.ping(count=10)
    lab.expect(got == 10, f"{10 - got} of 10 pings lost")
    lab.figure("down_mbps", lab.iperf("-R", seconds=2))
    lab.figure("up_mbps", lab.iperf(seconds=2))
