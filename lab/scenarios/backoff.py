# SPDX-License-Identifier: GPL-2.0-or-later
"""A chip that dies again at once, and resets that fail: pauses of 5, 15, 60, 60 s, and never a lost interface."""
import time

from guestlib import KernelLog, sh

RESTORED = "Hardware restart was requested"


def near(value, wanted):
    """The kernel's timers are late by up to an eighth, never early."""
    return wanted - 0.02 <= value < wanted * 1.125 + 0.3


def settle(lab, log, begin):
    restored = lab.wait(lambda: log.first(RESTORED, begin - 0.01), "the restart", 5)
    lab.wait(lambda: log.first(": associated", restored) and lab.connected(), "a connection", 30)
    lab.expect(lab.ping(count=2)[0] == 2, "pings lost")
    time.sleep(11)      # a reset that lasts


def failing(lab, log, times, waits):
    """So many resets fail; the next one does not."""
    begin = time.monotonic()
    resets, failed = lab.driver("BusResets"), lab.driver("BusResetFailures")
    lab.control(f"inject dead {times}")
    lab.wait(lambda: log.first(RESTORED, begin), "the restart", sum(waits) * 1.125 + 20)
    noticed = log.first("resetting the chip", begin)
    tries = log.all("reset failed", begin)
    lab.step(f"{times} resets fail: at {[round(t - noticed, 2) for t in tries]}, "
             f"back at {log.first(RESTORED, begin) - noticed:.2f} s")
    lab.expect(len(tries) == times, f"{len(tries)} failures instead of {times}")
    ends = [*tries[1:], log.first(RESTORED, begin)]
    lab.expect(all(near(b - a, w) for a, b, w in zip(tries, ends, waits)), f"pauses are not {waits}")
    lab.expect(lab.driver("BusResets") - resets == times + 1, "the count of resets")
    lab.expect(lab.driver("BusResetFailures") - failed == times, "the count of failures")
    settle(lab, log, begin)


def relapsing(lab, log, waits):
    """Each reset works, but the chip dies soon after it."""
    for wait in [0, *waits]:
        begin = time.monotonic()
        lab.control("inject exception")
        restored = lab.wait(lambda: log.first(RESTORED, begin - 0.01), "the restart", wait * 1.125 + 5)
        noticed = log.first("resetting the chip", begin - 0.01)
        lab.step(f"a relapse: back {restored - noticed:.2f} s after the notice")
        lab.expect(near(restored - noticed, wait), f"not {wait} s")
        time.sleep(2)
    settle(lab, log, begin)
    begin = time.monotonic()
    lab.control("inject exception")
    restored = lab.wait(lambda: log.first(RESTORED, begin - 0.01), "the restart", 5)
    lab.expect(restored - begin < 1, "a chip that lived for long is reset at once")
    settle(lab, log, begin)


def midway(lab, log, messages):
    """The fresh firmware dies while mac80211 rebuilds, after so many messages."""
    begin = time.monotonic()
    resets = lab.driver("BusResets")
    lab.control("inject exception")
    lab.wait(lambda: log.first("resetting the chip", begin - 0.01), "the notice", 2, 0.002)
    lab.control(f"after-messages {messages} inject exception")
    lab.wait(lambda: lab.driver("BusResets") == resets + 2, f"{messages} messages: the second reset", 20)
    begin = time.monotonic()
    settle(lab, log, begin)
    lab.step(f"died again {messages} messages after the notice")


def run(lab):
    lab.allow_log("resetting the chip")
    lab.bring_up()
    log = KernelLog()
    lab.ap()
    lab.connect(extra="scan_freq=2437")
    lab.address()
    lab.know_ap()
    part = lab.args.get("part", "all")
    if part in ("all", "fail"):
        failing(lab, log, 1, [5])
        failing(lab, log, 4, [5, 15, 60, 60])
    if part in ("all", "relapse"):
        relapsing(lab, log, [5, 15, 60])
    if part in ("all", "midway"):
        for messages in range(1, 64, 3):
            midway(lab, log, messages)
    lab.expect(sh("ip", "link", "show", lab.wlan, ns=lab.STA), "the interface is gone")
    lab.figure("resets", lab.driver("BusResets"))
