# SPDX-License-Identifier: GPL-2.0-or-later
"""Scans that the chip refuses, ends wrongly or never ends; and all bands without a refusal."""
import re
import time

from guestlib import KernelLog, sh

RADIOS = 3
ARGS = {}
ABORTED = "aborted"


def scan(lab, *words):
    """'done', 'aborted', or the error."""
    text = sh("iw", "dev", lab.wlan, "scan", *words, ns=lab.STA, check=False)
    error = re.search(r"command failed: .*\((-\d+)\)", text)
    return error[1] if error else ABORTED if "scan aborted" in text else "done"


def asked(lab):
    return lab.counters()["chip"]["req_0007"]


def at(begin, second):
    time.sleep(max(0, begin + second - time.monotonic()))


def refusals(lab, log):
    """Three refusals that have not faded: no scans for 30 s."""
    begin = time.monotonic()
    for second in (0, 12, 24):
        at(begin, second)
        lab.control("inject status 0x7 2 1")
        lab.expect(scan(lab, "freq", "2437") == "-5", f"the refusal at {second} s does not show")
    lab.expect(lab.health("ScanRejects") == 3, "the count of refusals")
    before = asked(lab)
    for second in (36, 48, 53.9):
        at(begin, second)
        lab.expect(scan(lab, "freq", "2437") == "-16", f"not deferred at {second} s")
    lab.expect(asked(lab) == before, "a deferred scan reached the chip")
    lab.expect(lab.health("ScanDeferred") == 3, "the count of deferrals")
    lab.expect(len(log.all("does not want to scan")) == 1, "one line was to say so")
    at(begin, 60)
    lab.expect(scan(lab, "freq", "2437") == "done", "no scan at 60 s")


def trickle(lab, log):
    """A refusal each 40 s for 10 minutes, and two in a row with a good one behind: no reason to defer."""
    begin, deferred = time.monotonic(), lab.health("ScanDeferred")
    for second in range(0, 601, 40):
        at(begin, second)
        lab.control("inject status 0x7 2 1")
        lab.expect(scan(lab, "freq", "2437") == "-5", f"the refusal at {second} s does not show")
    for _ in range(5):
        lab.expect(scan(lab, "freq", "2437") == "done", "a scan after two refusals")
        for _ in range(2):
            lab.control("inject status 0x7 2 1")
            scan(lab, "freq", "2437")
    lab.expect(scan(lab, "freq", "2437") == "done", "a scan after two refusals")
    lab.expect(lab.health("ScanDeferred") == deferred, "deferred for a trickle")


def audio(lab):
    """While Bluetooth streams one refusal is enough."""
    # connected; and streaming: A2DP, SCO
    for word, deferred in (("0x4", False), ("0x44", True), ("0x84", True)):
        lab.control(f"inject bt {word}")
        lab.control("inject status 0x7 2 1")
        lab.expect(scan(lab, "freq", "2437") == "-5", "the refusal does not show")
        lab.expect(scan(lab, "freq", "2437") == ("-16" if deferred else "done"), f"Bluetooth {word}: deferred or not")
        time.sleep(31)
        lab.expect(scan(lab, "freq", "2437") == "done", f"Bluetooth {word}: no scan after 31 s")
    lab.control("inject bt 0")


def bands(lab):
    """5 GHz channel by channel: whatever the firmware's policy, it has nothing to refuse."""
    for policy in ("single", "valid", "all"):
        lab.control(f"set scan.5ghz {policy}")
        refused = lab.counters()["chip"]["fw_scan_refused"]
        begin = time.monotonic()
        found = sorted(f for f, _, _ in lab.scan().values())
        lab.expect(found == [2437, 5240, 5745], f"scan.5ghz={policy}: found {found}")
        lab.expect(lab.counters()["chip"]["fw_scan_refused"] == refused, f"scan.5ghz={policy}: refusals")
        lab.figure(f"all_bands_{policy}_s", round(time.monotonic() - begin, 2))
    lab.control("set scan.5ghz single")


def ends(lab, log):
    """One end per scan: spurious, twice, late, failed, lost."""
    n = lab.health("ScanSpurious")
    lab.control("inject scan-complete")
    time.sleep(0.1)
    lab.expect(lab.health("ScanSpurious") == n + 1, "a spurious end is not counted")
    lab.control("inject dup-scan-complete")
    lab.expect(scan(lab, "freq", "2437", "5240") == "done", "a scan that ends twice")
    lab.expect(lab.health("ScanSpurious") == n + 2, "a second end is not counted")

    lab.control("inject scan-status 1")
    lab.expect(scan(lab, "freq", "2437") == ABORTED, "a failed scan is not reported as aborted")
    lab.expect(lab.health("ScanFailed") == 1, "the count of failed scans")

    # the chip has 5 s more than the channel takes
    lab.control("inject delay-scan-complete 4900")
    lab.expect(scan(lab, "freq", "2437") == "done", "a scan that ends in time was given up")
    lab.expect(lab.health("ScanLost") == 0, "the count of lost ends")

    begin, stops = time.monotonic(), lab.counters()["chip"].get("req_0008", 0)
    # later than 5.1 s, by which a timer may be late, and before the second that follows
    lab.control("inject delay-scan-complete 5800")
    lab.expect(scan(lab, "freq", "2437") == ABORTED, "a scan that ends late is not reported as aborted")
    lab.expect(5.8 < time.monotonic() - begin < 6.1, "the late end was not waited for")
    lab.expect(lab.health("ScanLost") == 1 and lab.driver("BusResets") == 0, "a late end costs a reset")
    lab.expect(scan(lab, "freq", "2437") == "done", "no scan after a late end")

    lab.expect(lab.counters()["chip"]["req_0008"] == stops + 1, "a late end was not asked for")

    begin = time.monotonic()
    lab.control("inject lose-scan-complete")
    lab.expect(scan(lab, "freq", "2437") == ABORTED, "a scan without an end is not reported as aborted")
    lab.figure("lost_end_s", round(time.monotonic() - begin, 2))
    # 5 s + the channel, 1 s more after the stop; timers are late by up to an eighth
    lab.expect(6.1 < time.monotonic() - begin < 6.2 * 1.125, "the end was not waited for, or too long")
    lab.wait(lambda: log.first("Hardware restart", begin), "the reset after an end that never came", 3)
    lab.expect(lab.health("ScanLost") == 2 and lab.driver("BusResets") == 1, "the counts")
    time.sleep(1)
    lab.expect(scan(lab, "freq", "2437") == "done", "no scan after the reset")


def run(lab):
    # what the driver asks for is refused by none of them, which is what is to be seen
    lab.idle_knobs |= {"scan.5ghz=valid", "scan.5ghz=all"}
    # two more are not told, ten in 5 s are enough
    lab.allow_log("start scan refused by the chip", 31)
    lab.allow_log("bes_cmd_status: 2 callbacks suppressed", 1)
    lab.allow_log("scan does not end: resetting the chip", 1)
    lab.bring_up()
    log = KernelLog()
    lab.ap()
    lab.ap(ssid="five", channel=48, radio=1, address=None)
    lab.ap(ssid="high", channel=149, radio=2, address=None)
    refusals(lab, log)
    trickle(lab, log)
    audio(lab)
    bands(lab)
    ends(lab, log)
    # the same while connected: the link survives it
    lab.connect(extra="scan_freq=2437")
    lab.address()
    lab.control("inject scan-complete")
    lab.control("inject status 0x7 2 1")
    lab.expect(scan(lab) == "-5", "a refusal while connected")
    bands(lab)
    lab.expect(lab.ping(count=3)[0] == 3, "pings lost")
