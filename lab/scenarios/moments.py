# SPDX-License-Identifier: GPL-2.0-or-later
"""The chip dies at awkward moments: in a scan, while connecting, while the interface or the card goes."""
import time

from guestlib import KernelLog, sh

ARGS = {"part": ["scan", "connecting", "unused", "leaving"]}


def lasts(lab):
    """Until a reset counts as one that lasted."""
    lab.control("inject none")
    time.sleep(11)


def up(lab):
    sh("ip", "link", "set", lab.wlan, "up", ns=lab.STA)


def down(lab):
    sh("ip", "link", "set", lab.wlan, "down", ns=lab.STA)


def in_scan(lab, log):
    """The scan ends as aborted, mac80211 rebuilds without a word of it."""
    lab.allow_exceptions(4)
    for seconds in (0.05, 0.25, 1.5, 3.5):
        begin = time.monotonic()
        lab.control(f"at {seconds} inject exception")
        text = sh("iw", "dev", lab.wlan, "scan", ns=lab.STA, check=False)
        lab.expect("aborted" in text, f"a death after {seconds} s of a scan: {text[:80]!r}")
        lab.expect(time.monotonic() - begin < seconds + 1, "the scan did not end with the chip")
        lab.wait(lambda: log.first("Hardware restart", begin), "the restart", 3)
        lasts(lab)
        lab.expect(lab.scan("freq", "2437"), "no scan afterwards")


def connecting(lab, log):
    """At any message between the scan and the keys."""
    lab.allow_exceptions(len(range(2, 70, 4)))
    # a death while the interface is set up takes the rest of the four with it: how many depends on the message
    lab.allow_log("failed to set TX queue parameters for AC", (12, 18))
    lab.connect(extra="scan_freq=2437")
    lab.address()
    lab.know_ap()
    for messages in range(2, 70, 4):
        lab.wpa_cli("disconnect")
        time.sleep(0.3)
        resets = lab.driver("BusResets")
        lab.control(f"after-messages {messages} inject exception")
        lab.wpa_cli("reconnect")
        lab.wait(lambda: lab.driver("BusResets") > resets, f"{messages} messages: the reset", 20)
        time.sleep(1)
        lab.wait(lab.connected, f"{messages} messages: the connection", 60)
        lab.expect(lab.ping(count=2)[0] == 2, f"{messages} messages: pings lost")
        lasts(lab)
    lab.stop(lab.wpa)
    lab.wpa = None


def unused(lab, log):
    """Nobody uses the interface, or somebody stops using it."""
    lab.allow_log("burst not taken: resetting the chip", 2)
    lab.allow_failed_resets(2)
    lab.allow_log("Wi-Fi does not become inactive: the next start resets the chip", 1)
    lab.allow_log("the chip's controller is not ready", 1)
    # dies unnoticed, then goes down: the next up finds out
    lab.control("inject dead")
    down(lab)
    up(lab)
    lab.expect(lab.scan("freq", "2437"), "no scan after a death that going down noticed")
    lasts(lab)
    # goes down while the driver waits for the next reset, and comes back before it
    for pause in (0.5, 6):
        begin = time.monotonic()
        lab.control("inject dead 1")
        sh("iw", "dev", lab.wlan, "scan", "freq", "2437", ns=lab.STA, check=False)
        lab.wait(lambda: log.first("reset failed", begin), "the failed reset", 3)
        down(lab)
        time.sleep(pause)
        up(lab)
        lab.expect(lab.scan("freq", "2437"), f"no scan {pause} s after going down in a pause")
        lasts(lab)
    # killed while down: nothing to notice
    down(lab)
    lab.control("inject dead")
    time.sleep(5)
    up(lab)
    lab.expect(lab.scan("freq", "2437"), "no scan after a death while down")
    lasts(lab)


def leaving(lab, log):
    """The card or the driver goes while a reset is due or goes on."""
    lab.allow_exceptions(6)
    lab.allow_log("tried to HW reset card, got error -123", 2)
    # where the reset is when the card goes
    lab.allow_log(r"(download failed|the main firmware does not come up|Wi-Fi does not become active) \(-123\)", (1, 4))
    lab.allow_log("burst not taken: resetting the chip", 3)
    # a driver that is gone has no word of its reset
    lab.allow_log("tried to HW reset card, got error -110", 3)
    lab.allow_log(r"reset failed \(-110\), next try in", 2)
    for seconds in (0.0, 0.02, 0.05, 0.09, 0.15, 2):
        begin = time.monotonic()
        lab.control("inject exception")
        lab.wait(lambda: log.first("resetting the chip", begin - 0.01), "the notice", 2, 0.002)
        time.sleep(seconds)
        lab.control("unplug")
        time.sleep(1)
        lab.control("plug")
        lab.find_card()
        up(lab)
        lab.expect(lab.scan("freq", "2437"), f"no scan with a new card, unplugged {seconds} s after a death")
    for seconds in (0.0, 0.05, 2):
        lab.control("inject dead 1")
        sh("iw", "dev", lab.wlan, "scan", "freq", "2437", ns=lab.STA, check=False)
        time.sleep(seconds)
        lab.unload("bes2600")
        time.sleep(0.5)
        lab.control("unplug")
        lab.insmod("bes2600")
        lab.control("plug")
        lab.find_card()
        up(lab)
        lab.expect(lab.scan("freq", "2437"), f"no scan with a new driver, unloaded {seconds} s after a death")


def run(lab):
    lab.bring_up()
    log = KernelLog()
    lab.ap()
    parts = {"scan": in_scan, "connecting": connecting, "unused": unused, "leaving": leaving}
    for name in lab.args.get("part", ",".join(parts)).split(","):
        parts[name](lab, log)
        lab.step(f"{name}: fine")
