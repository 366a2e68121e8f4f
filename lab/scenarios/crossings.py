# SPDX-License-Identifier: GPL-2.0-or-later
"""The connection ends, moves or changes while the chip is elsewhere for a scan, or has frames (part=...)."""
import time

from guestlib import KernelLog, sh

RADIOS = 2
ARGS = {"part": ["leaves", "downs", "ends", "traffic", "wide"]}


def scan(lab, seconds, *words):
    """Asks for a scan and returns when it is so far."""
    before = lab.counters()["chip"]["req_0007"]
    sh("iw", "dev", lab.wlan, "scan", "trigger", *words, ns=lab.STA)
    lab.wait(lambda: lab.counters()["chip"]["req_0007"] > before, "the scan at the chip", 2, 0.005)
    time.sleep(seconds)


def again(lab, log, begin, text):
    lab.reconnected(log, begin, f"a connection {text}")
    lab.expect(lab.ping(count=3)[0] == 3, f"pings lost {text}")


def leaves(lab, log):
    """Disconnected in the middle of a piece, between two pieces, and right after the scan was cancelled."""
    for name, seconds, abort in (("piece", 0.03, False), ("later", 0.25, False), ("home", 0.17, False),
                                 ("cancelled", 0.03, True)):
        begin, lost = time.monotonic(), lab.health("ScanLost")
        scan(lab, seconds, "freq", *"2412 2437 5180 5200 5220 2462".split())
        if abort:
            sh("iw", "dev", lab.wlan, "scan", "abort", ns=lab.STA)
        lab.wpa_cli("disconnect")
        lab.wpa_cli("reconnect")
        again(lab, log, begin, f"after leaving in a scan ({name})")
        lab.expect(lab.health("ScanLost") == lost, f"{name}: an end of a scan was missed")


def downs(lab, log):
    """The interface goes down in the middle of a scan, connected and not."""
    for connected in (True, False):
        begin = time.monotonic()
        if not connected:
            lab.wpa_cli("disconnect")
            time.sleep(0.2)
        scan(lab, 0.03, "freq", "2412", "2437", "5180")
        lab.down()
        time.sleep(0.1)
        lab.up()
        lab.wpa_cli("reconnect")
        again(lab, log, begin, "after the interface was down")


def ends(lab, log):
    """The end of a cancelled scan is a second late: who waits for it gives the chip up."""
    lab.allow_log("scan does not end: resetting the chip", 1)
    begin, resets = time.monotonic(), lab.driver("BusResets")
    lab.control("inject delay-scan-complete 900")
    scan(lab, 0.03, "freq", "2412", "2437")
    lab.wpa_cli("disconnect")
    lab.wpa_cli("reconnect")
    again(lab, log, begin, "after a late end")
    lab.expect(lab.driver("BusResets") == resets, "a reset for an end within a second")
    begin = time.monotonic()
    lab.control("inject lose-scan-complete")
    scan(lab, 0.03, "freq", "2412", "2437")
    lab.wpa_cli("disconnect")
    lab.wpa_cli("reconnect")
    lab.wait(lambda: lab.driver("BusResets") == resets + 1, "the reset after a lost end", 5)
    again(lab, log, begin, "after a lost end")


def traffic(lab, log):
    """Scans while frames stream up and down: the chip is empty when it goes."""
    receivers = [lab.receiver(5001), lab.receiver(5002, ns=lab.STA)]
    flows = [lab.sender("udp", False, seconds=4, mbps=30), lab.sender("udp", True, port=5002, seconds=4, mbps=20)]
    for _ in range(6):
        time.sleep(0.3)
        sh("iw", "dev", lab.wlan, "scan", "freq", "2412", "5180", ns=lab.STA, check=False)
    for flow in flows:
        lab.ended(flow)
    for name, receiver in zip(("up", "down"), receivers):
        lab.figure(f"{name}_mbps", round(lab.count(receiver)["mbps"], 1))
    lab.expect(lab.ping(count=3)[0] == 3, "pings lost after scans in traffic")


def wide(lab, log):
    """On 40 MHz the channel is narrowed for the scan: it gets its width back after the end, and not before."""
    for name, seconds in (("piece", 0.03), ("later", 0.25)):
        scan(lab, seconds, "freq", "5180", "5220", "2412", "2437")
        sh("iw", "dev", lab.wlan, "scan", "abort", ns=lab.STA)
        time.sleep(0.3)
        lab.expect(lab.ping(count=3)[0] == 3, f"pings lost after a cancelled scan ({name})")
    begin = time.monotonic()
    scan(lab, 0.03, "freq", "5180", "5220")
    lab.wpa_cli("disconnect")
    lab.wpa_cli("reconnect")
    again(lab, log, begin, "after leaving a wide channel in a scan")


def run(lab):
    lab.bring_up()
    log = KernelLog()
    parts = {"leaves": leaves, "downs": downs, "ends": ends, "traffic": traffic, "wide": wide}
    chosen = lab.args.get("part", " ".join(parts)).split()
    lab.ap()
    lab.connect(extra="scan_freq=2437 5180")
    lab.address()
    lab.know_ap()
    for name in [p for p in chosen if p != "wide"]:
        parts[name](lab, log)
        lab.step(f"{name}: done")
    if "wide" in chosen:
        lab.stop_wpa()
        lab.ap(ssid="wide", channel=36, radio=1, ht40=True, address=None)
        sh("ip", "addr", "flush", "dev", "wlan0")
        sh("ip", "addr", "add", "10.0.0.1/24", "dev", "wlan1")
        sh("ip", "neigh", "flush", "dev", lab.wlan, ns=lab.STA)
        lab.connect(ssid="wide", extra="scan_freq=5180")
        wide(lab, KernelLog())
