# SPDX-License-Identifier: GPL-2.0-or-later
"""IPv4 and IPv6, all frame sizes, TCP and UDP both ways."""
import re

import goals
from guestlib import sh

ARGS = {}


def run(lab):
    lab.bring_up()
    lab.ap()
    lab.connect()
    lab.address()
    for size in (0, 1, 18, 64, 127, 128, 256, 511, 512, 777, 1000, 1024, 1300, 1400, 1460, 1472):
        got, _ = lab.ping(size=size, count=3)
        lab.expect(got == 3, f"pings of {size} bytes lost")
    # the address is no source before its detection of duplicates has ended
    lab.wait(lambda: "tentative" not in sh("ip", "-6", "addr", "show", "dev", lab.wlan, ns=lab.STA), "the IPv6 address", 5)
    address = re.search(r"inet6 (fe80\S+)/", sh("ip", "-6", "addr", "show", "dev", "wlan0"))[1]
    got, _ = lab.ping(target=f"{address}%{lab.wlan}", count=5)
    lab.expect(got >= 4, f"{5 - got} of 5 IPv6 pings lost")
    lab.goal("tcp_down_mbps", lab.iperf("-R", seconds=3))
    lab.goal("tcp_up_mbps", lab.iperf(seconds=3))
    lab.goal("udp_down_mbps", lab.iperf("-u", "-b", "100M", "-R", seconds=3), proto="udp")
    lab.goal("udp_up_mbps", lab.iperf("-u", "-b", "100M", seconds=3), proto="udp", share=goals.UP)
