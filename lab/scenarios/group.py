# SPDX-License-Identifier: GPL-2.0-or-later
"""Group traffic towards the station: broadcast over group rekeys, neighbour discovery, multicast beyond the chip's table."""
import re
import socket
import struct
import time
from pathlib import Path

from guestlib import OUT, sh

ARGS = {"security": ("wpa2", "wpa3", "tkip")}
TABLE = 8       # addresses in the chip's multicast table
PORT = 5353


def group_keys(lab):
    """Key ids of the group keys in the chip: AES or TKIP, not the IGTK."""
    return sorted(k["key_id"] for k in lab.control("told")["keys"] if k["type"] in (2, 4))


def rekeyed(lab, n):
    return (OUT / "wpa_supplicant.txt").read_text().count("Group rekeying completed") >= n


def broadcast(lab):
    """Each key that the AP sends with is another one, and frames of all of them arrive."""
    seen = []
    for n in range(4):
        lab.wait(lambda: rekeyed(lab, n), f"group rekey {n}", 20)
        time.sleep(0.3)
        seen.append(group_keys(lab))
        text = sh("ping", "-b", "-n", "-c", 10, "-i", 0.05, "-W", 2, "10.0.0.255", check=False)
        got = int(re.search(r"(\d+) received", text)[1])
        lab.expect(got == 10, f"{10 - got} of 10 broadcast pings lost after {n} group rekeys")
    lab.figure("group_keys", seen)
    lab.expect({key for ids in seen for key in ids} == {1, 2}, f"group keys {seen}: the ids do not alternate")


def neighbours(lab):
    """The AP's question goes to a group that the station's kernel has joined."""
    address = re.search(r"inet6 (fe80\S+)/", sh("ip", "-6", "addr", "show", "dev", lab.wlan, ns=lab.STA))[1]
    for _ in range(5):
        sh("ip", "-6", "neigh", "flush", "dev", "wlan0")
        got, _ = lab.ping(target=f"{address}%wlan0", count=1, ns=None)
        lab.expect(got == 1, "a neighbour solicitation lost")


def groups(n):
    return ["224.0.0.251"] + [f"239.1.2.{i}" for i in range(1, n)]


def send(address, count):
    """From the AP's side, so often."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("10.0.0.1"))
        for i in range(count):
            s.sendto(struct.pack("!I", i), (address, PORT))
            time.sleep(0.01)


def multicast(lab, n, count=5):
    """Datagrams to each of n groups, all of them joined."""
    log = OUT / f"groups-{n}.txt"
    p = lab.spawn(["/usr/bin/python3", f"{lab.job['root']}/lab/guest/groups.py", "10.0.0.2", PORT, *groups(n)], log,
                  ns=lab.STA)
    lab.wait(lambda: "ready" in log.read_text(), "the receiver", 10)
    time.sleep(0.2)
    before = lab.counters()["chip"]["fw_rx_filtered"]
    for address in groups(n):
        send(address, count)
    send("239.9.9.9", count)
    time.sleep(0.3)
    lab.stop(p)
    got = log.read_text().split().count("got")
    lab.expect(got == n * count, f"{got} of {n * count} datagrams to {n} groups")
    return lab.counters()["chip"]["fw_rx_filtered"] - before


def table(lab):
    """The chip's filter: enabled, and how many addresses; 0 where it lets all pass."""
    value = bytes.fromhex(lab.control("told")["interfaces"][0]["mibs"]["0004"])
    enable, count = struct.unpack("<II", value[:8])
    return count if enable else 0


def run(lab):
    security = lab.args.get("security", "wpa2")
    lab.bring_up()
    lab.ap(security=security, extra="wpa_group_rekey=4")
    lab.connect(security=security, extra="scan_freq=2437")
    lab.address()
    lab.know_ap()
    Path("/proc/sys/net/ipv4/icmp_echo_ignore_broadcasts").write_text("0")
    sh("sysctl", "-qw", "net.ipv4.icmp_echo_ignore_broadcasts=0", ns=lab.STA)
    broadcast(lab)
    neighbours(lab)
    own = table(lab)
    lab.expect(0 < own < TABLE, f"{own} addresses in the chip's table before any group was joined")
    # the AP's kernel has a word of its own for groups, now and then
    lab.expect(multicast(lab, 1) >= 5, "the chip does not filter a group that nobody joined")
    lab.expect(multicast(lab, TABLE - own) >= 5, "a table that is just full does not filter")
    lab.expect(multicast(lab, TABLE - own + 1) == 0, "a table that is too small filters")
    lab.wait(lambda: table(lab) == own, "the table without the addresses that nobody wants any more", 5)
