# SPDX-License-Identifier: GPL-2.0-or-later
"""Resets that fail or do not last: pauses of 5, 15, 60, 60 s, which user space knows of; the interface stays."""
import time

from guestlib import KernelLog, sh

ARGS = {"part": ("all", "fail", "relapse", "midway")}
RESTORED = "Hardware restart was requested"


def near(value, wanted):
    """The kernel's timers are late by up to an eighth, never early."""
    return wanted - 0.02 <= value < wanted * 1.125 + 0.3


def settle(lab, log, begin):
    restored = lab.wait(lambda: log.first(RESTORED, begin - 0.01), "the restart", 5)
    lab.wait(lambda: log.first(": associated", restored) and lab.connected(), "a connection", 30)
    lab.expect(lab.ping(count=2)[0] == 2, "pings lost")
    time.sleep(11)      # a reset that lasts


def told(lab, log, since, text):
    """User space hears of it while the chip is still away; what it does then ends at once and touches nothing."""
    lab.wait(lambda: not lab.connected(), f"user space to hear of it: {text}", 2, 0.005)
    lab.expect(log.first("Connection to AP .* lost", since - 0.01), f"no line of the kernel says so: {text}")
    seconds = round(time.monotonic() - since, 2)
    lab.figure(f"told_{text.replace(' ', '_')}_s", seconds)
    lab.expect(seconds < 0.5 * lab.patience, f"{text}: user space hears of it after {seconds} s")
    carrier = sh("cat", f"/sys/class/net/{lab.wlan}/carrier", ns=lab.STA, check=False).strip()
    lab.expect(carrier == "0", f"{text}: the interface still has a carrier")
    return seconds


def meddle(lab):
    """Whatever the user tries in a pause ends at once, well or not, and does not reach the bus."""
    before, begin = lab.counters()["shell"]["bus_commands"], time.monotonic()
    own = ["iw", "dev", lab.wlan]
    for words in ([*own, "scan"], [*own, "set", "power_save", "on"], [*own, "set", "power_save", "off"],
                  [*own, "set", "txpower", "fixed", "1000"], [*own, "set", "txpower", "auto"],
                  ["iw", "phy", lab.phy, "set", "rts", "500"], ["iw", "phy", lab.phy, "set", "rts", "off"],
                  [*own, "link"], [*own, "station", "dump"], ["ping", "-c", "1", "-W", "0.1", "10.0.0.1"]):
        sh(*words, ns=lab.STA, check=False)
    for words in (["scan"], ["reassociate"]):
        lab.wpa_cli(*words)
    lab.expect(time.monotonic() - begin < 1.5 * lab.patience, "somebody waits for a chip that is away")
    lab.expect(lab.counters()["shell"]["bus_commands"] == before, "somebody touches a chip that is away")


def quiet(lab, log, begin, tries):
    """The reset's own lines, one of the core for each, and few about the connection: no flood."""
    said = [text for t, text in log.read() if begin <= t]
    lab.expect(len(said) <= 12 + 3 * tries, f"{len(said)} lines in the log, the last: {said[-1]}")
    lab.expect(len(set(said)) > len(said) / 3, "the same line again and again")


def failing(lab, log, times, waits):
    """So many resets fail; the next one does not."""
    lab.allow_log("burst not taken: resetting the chip", 1)
    lab.allow_failed_resets(times)
    begin = time.monotonic() - 0.01     # the log's clock is that coarse
    resets, failed = lab.driver("BusResets"), lab.driver("BusResetFailures")
    mac = sh("cat", f"/sys/class/net/{lab.wlan}/address", ns=lab.STA)
    lab.control(f"inject dead {times}")
    # an idle link would not notice for a while
    sh("ping", "-c", "1", "-W", "0.1", "10.0.0.1", ns=lab.STA, check=False)
    first = lab.wait(lambda: log.first("reset failed", begin), "the first failure", 5, 0.005)
    heard = told(lab, log, first, f"{times} failures")
    meddle(lab)
    lab.wait(lambda: log.first(RESTORED, begin), "the restart", sum(waits) * 1.125 + 20)
    noticed = log.first("resetting the chip", begin)
    tries = log.all("reset failed", begin)
    lab.step(f"{times} resets fail: at {[round(t - noticed, 2) for t in tries]}, user space hears of it {heard} s "
             f"after the first, back at {log.first(RESTORED, begin) - noticed:.2f} s")
    lab.expect(len(tries) == times, f"{len(tries)} failures instead of {times}")
    ends = [*tries[1:], log.first(RESTORED, begin)]
    lab.expect(all(near(b - a, w) for a, b, w in zip(tries, ends, waits)), f"pauses are not {waits}")
    lab.expect(lab.driver("BusResets") - resets == times + 1, "the count of resets")
    lab.expect(lab.driver("BusResetFailures") - failed == times, "the count of failures")
    lab.expect(lab.health("ConnectionLosses") == 0, "a dead chip counts as a loss of the AP")
    settle(lab, log, begin)
    restored = log.first(RESTORED, begin)
    back = round(log.first(": associated", restored) - restored, 2)
    lab.figure(f"back_after_{times}_failures_s", back)
    lab.expect(back < 1.5 * lab.patience, f"associated only {back} s after the chip was back")
    quiet(lab, log, begin, times)
    lab.expect(sh("cat", f"/sys/class/net/{lab.wlan}/address", ns=lab.STA) == mac, "another address")


def relapsing(lab, log, waits):
    """Each reset works, but the chip dies soon after it."""
    lab.allow_exceptions(len(waits) + 2)
    for wait in [0, *waits]:
        begin = time.monotonic()
        lab.control("inject exception")
        noticed = lab.wait(lambda: log.first("resetting the chip", begin - 0.01), "the notice", 2, 0.002)
        if wait:
            told(lab, log, noticed, f"relapse {wait}")
        restored = lab.wait(lambda: log.first(RESTORED, begin - 0.01), "the restart", wait * 1.125 + 5)
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
        deaths = range(1, 64, 3)
        lab.allow_exceptions(2 * len(deaths))
        # those that come while user space installs keys, and while the chip is started
        lab.allow_log("failed to set key .* to hardware", 19)
        lab.allow_log(r"reset failed \(-5\), next try in", 4)
        for messages in deaths:
            midway(lab, log, messages)
    lab.expect(sh("ip", "link", "show", lab.wlan, ns=lab.STA), "the interface is gone")
    lab.figure("resets", lab.driver("BusResets"))
