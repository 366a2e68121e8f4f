# SPDX-License-Identifier: GPL-2.0-or-later
"""Joins that are refused, time out or are never answered; an AP that asks for patience."""
import re
import time

from guestlib import KernelLog

ARGS = {"security": ("wpa2", "wpa3")}
COMEBACK = "rejected association temporarily; comeback duration"


def sent(lab):
    """Frames that the station put on the air, whoever made them."""
    chip = lab.counters()["chip"]
    return chip["fw_tx_frames"] + chip["fw_tx_internal"] + chip["fw_probes"]


def again(lab, log, text):
    """Connect anew; the interface has to stay what it is."""
    begin = time.monotonic()
    lab.wpa_cli("disconnect")
    time.sleep(0.2)
    lab.wpa_cli("reconnect")
    lab.reconnected(log, begin, f"a connection after {text}", 60)
    lab.expect(lab.ping(count=2)[0] == 2, f"pings lost after {text}")
    return round(time.monotonic() - begin, 2)


def refused(lab, log):
    """The chip wedges if it has to join again without a reset in between (knob join.again)."""
    for status, times in ((1, 1), (3, 1), (2, 3), (1, 7)):
        failures = lab.health("JoinFailures")
        lab.control(f"inject status 0xb {status} {times}")
        took = again(lab, log, f"{times} joins refused with status {status}")
        lab.step(f"status {status}, {times} times: connected after {took} s")
        lab.expect(lab.health("JoinFailures") - failures == times, "the count of failed joins")
    lab.expect(lab.driver("BusResets") == 0, "a refused join costs a reset")


def silent(lab, log):
    """An AP that is known but does not answer: the chip says so after its time, 5 s at worst."""
    for delay in (1000, 5000):
        lab.control(f"set join.fail_delay {delay}")
        lab.wpa_cli("disconnect")
        time.sleep(0.2)
        lab.scan("freq", "2437")
        failures, begin = lab.health("JoinFailures"), time.monotonic()
        lab.control(f"mute {lab.bssid}")
        lab.wpa_cli("reconnect")
        lab.wait(lambda: lab.health("JoinFailures") > failures, "the end of the join", 20)
        lab.expect(time.monotonic() - begin >= delay / 1000, "the join ended before the chip said so")
        lab.control(f"unmute {lab.bssid}")
        lab.wait(lab.connected, f"a connection after a join of {delay} ms", 60)
        lab.expect(lab.driver("BusResets") == 0, f"a join of {delay} ms costs a reset")
    lab.control("set join.fail_delay 1000")


def unanswered(lab, log):
    """No confirm of a join: given up after 8 s, and the chip is reset."""
    lab.wpa_cli("disconnect")
    time.sleep(0.2)
    lab.control("inject drop-confirm 1 0xb")
    begin = time.monotonic()
    lab.wpa_cli("reconnect")
    authenticate = lab.wait(lambda: log.first("wlan.*: authenticate with", begin), "the try", 5)
    dead = lab.wait(lambda: log.first("no confirm in time: resetting", begin), "the notice", 15)
    lab.expect(8 <= dead - authenticate < 9.2, f"noticed after {dead - authenticate:.2f} s")
    lab.wait(lab.connected, "a connection", 60)
    lab.expect(lab.driver("BusResets") == 1 and lab.driver("LmacWedges") == 1, "the counts")


def patience(lab, log):
    """After a reset the AP believes us still connected: it asks to come back later and gets no frame until then."""
    begin = time.monotonic()
    joins = lab.counters()["chip"]["fw_joins"]
    lab.control("inject exception")
    said = lab.wait(lambda: log.first(COMEBACK, begin), "status 30", 10, 0.01)
    ms = int(re.search(r"\((\d+) ms\)", next(text for t, text in log.lines if COMEBACK in text))[1])
    before = sent(lab)
    time.sleep(max(0, said + ms / 1000 - 0.05 - time.monotonic()))
    lab.expect(sent(lab) == before, f"{sent(lab) - before} frames while the AP wants none")
    back = lab.wait(lambda: log.first(": associated", said), "the association", 5)
    lab.wait(lab.connected, "the connection", 5)
    lab.expect(lab.counters()["chip"]["fw_joins"] == joins + 1, "joined anew for each try")
    lab.expect(lab.ping(count=3)[0] == 3, "pings lost")
    lab.figure("comeback", [ms / 1000, round(back - begin, 2)])


def run(lab):
    # what would wedge the chip is a join that we do not make
    lab.idle_knobs.add("join.again=wedges")
    lab.bring_up({"join.again": "wedges"})
    log = KernelLog()
    security = lab.args.get("security", "wpa2")
    lab.ap(security=security)
    lab.connect(security=security, extra="scan_freq=2437")
    lab.address()
    lab.know_ap()
    if security == "wpa3":
        lab.allow_exceptions(1)
        patience(lab, log)
        return
    # 12 are refused and 2 time out, but they are told of no more than ten times in 5 s
    lab.allow_log("join refused by the chip", 11)
    lab.allow_log("bes_cmd_status: 3 callbacks suppressed", 1)
    lab.allow_log("no confirm in time: resetting the chip", 1)
    refused(lab, log)
    silent(lab, log)
    unanswered(lab, log)
