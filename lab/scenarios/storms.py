# SPDX-License-Identifier: GPL-2.0-or-later
"""Frames that cannot be decrypted, an AP lost again and again, an AP that throws us out: when is it too much?"""
import time

from guestlib import KernelLog

ARGS = {"part": ("decrypt", "losses", "clusters", "background")}
STORM = "decrypt-storm fast-recover: forcing reassoc"


def undecryptable(lab, frames, apart, status=4):
    """So many frames, so many seconds apart."""
    lab.control(f"inject rx-status {status} {frames} {round(apart * 1e6)}")
    time.sleep(frames * apart + 0.05)


def rejoined(lab, log, begin):
    at = lab.wait(lambda: log.first(": associated", begin), "the new association", 10)
    lab.wait(lab.connected, "the connection", 5)
    return at


def storm(lab, log):
    begin, n = time.monotonic() - 0.01, lab.health("DecryptStormRecoveries")
    undecryptable(lab, 5, 0.001)
    fired = lab.wait(lambda: log.first(STORM, begin), "the recovery", 1)
    back = rejoined(lab, log, fired) - fired
    lab.expect(lab.health("DecryptStormRecoveries") == n + 1, "the count of recoveries")
    lab.expect(back <= 1, f"back only after {back:.2f} s")
    return back


def decrypt(lab, log):
    """5 within 5 s, of that status only."""
    for frames, apart, status in ((4, 1.25, 4), (4, 0.001, 4), (5, 1.5, 4), (5, 1.25, 4), (20, 0.01, 9), (20, 0.01, 5)):
        undecryptable(lab, frames, apart, status)
        lab.expect(lab.health("DecryptStormRecoveries") == 0, f"{frames} frames {apart} s apart, status {status}: fired")
        time.sleep(5)
    lab.expect(lab.health("DecryptFailures") == 18, "the count of failures")
    lab.figure("rejoin_s", round(storm(lab, log), 2))
    # no second one within 5 s, whatever comes
    undecryptable(lab, 20, 0.01)
    lab.expect(lab.health("DecryptStormRecoveries") == 1, "two recoveries in 5 s")
    time.sleep(60)
    begin = time.monotonic()
    undecryptable(lab, 5, 1.2)
    lab.expect(log.first(STORM, begin), "5 frames in 4.8 s do not fire")
    rejoined(lab, log, begin)
    lab.expect(lab.driver("BusResets") == 0, "a reset")
    time.sleep(61)


def background(lab):
    """As seen in the field, without a fault: 183 failures in 10.5 hours."""
    n, fired = lab.health("DecryptFailures"), lab.health("DecryptStormRecoveries")
    undecryptable(lab, 183, 10.5 * 3600 / 183)
    lab.expect(lab.health("DecryptFailures") - n == 183, "the count of failures")
    lab.expect(lab.health("DecryptStormRecoveries") == fired, "183 failures in 10.5 h fire")


def losses(lab, log):
    """3 within 60 s, whatever they come from."""
    # for half a second frames under the old key may come
    time.sleep(1)
    for pauses, resets in (([30, 31, 61], 0), ([91, 61], 0), ([20, 20, 61], 1)):
        before, storms = lab.driver("BusResets"), lab.health("ConnectionLossStormRecoveries")
        for pause in pauses:
            begin = time.monotonic() - 0.01
            undecryptable(lab, 5, 0.001)
            rejoined(lab, log, begin)
            time.sleep(max(0, begin + pause - time.monotonic()))
        lab.expect(lab.driver("BusResets") - before == resets, f"losses followed by {pauses} s: not {resets} resets")
        lab.expect(lab.health("ConnectionLossStormRecoveries") - storms == resets, "the count of storms")
    # an AP that is really gone counts as well
    before = lab.driver("BusResets")
    for _ in range(3):
        lab.control(f"mute {lab.bssid}")
        lab.control("inject event 1 0")
        begin = time.monotonic()
        lab.wait(lambda: log.first("Connection to AP.*lost|resetting", begin), "the loss", 2)
        lab.control(f"unmute {lab.bssid}")
        rejoined(lab, log, begin)
        time.sleep(1)
    lab.expect(lab.driver("BusResets") == before + 1, "three lost APs, no reset")
    lab.expect(lab.health("ConnectionLosses") == 11, "the count of losses")


def clusters(lab, log):
    """Unprotected deauthentications are counted; with protected management frames they are nothing else."""
    mac = lab.mac()

    def deauths(reason, count, apart_us):
        lab.control(f"deauth {lab.bssid} {mac} {reason} {count} {apart_us}")
        time.sleep(count * apart_us / 1e6 + 2.5)
        return lab.health("TriggerCClusters")

    lab.expect(deauths(7, 4, 10000) == 0, "4 frames are a cluster")
    lab.expect(deauths(7, 5, 700000) == 0, "5 frames in 2.8 s are a cluster")
    lab.expect(deauths(9, 10, 1000) == 0, "reason 9 counts")
    lab.expect(deauths(7, 7, 143) == 1, "7 frames in 1 ms are no cluster")
    lab.expect(deauths(6, 17, 80000) == 2, "17 frames in 1.3 s are no cluster, or several")
    lab.expect(lab.health("UnprotDeauthRx") == 4 + 5 + 7 + 17, "the count of frames")
    lab.expect(log.first(r"the AP throws us out \(reason 7"), "no word of it")
    lab.wait(lab.connected, "still connected", 5)
    # right after our own leaving it is what the AP has to say
    storm(lab, log)
    time.sleep(5)
    lab.expect(deauths(7, 7, 143) == 2, "a cluster 5 s after a recovery")
    time.sleep(10)
    lab.expect(deauths(7, 7, 143) == 3, "no cluster 15 s after a recovery")
    lab.expect(lab.driver("BusResets") == 0, "a reset")


def run(lab):
    part = lab.args.get("part", "decrypt")
    lab.allow_log("the AP is lost again and again: resetting the chip", 2 if part == "losses" else 0)
    lab.bring_up()
    log = KernelLog()
    security = "wpa3" if part == "clusters" else "wpa2"
    # half a day has fewer beacons that way
    lab.ap(security=security, extra="beacon_int=1000" if part == "background" else "")
    lab.connect(security=security, extra="scan_freq=2437")
    lab.address()
    lab.know_ap()
    if part == "decrypt":
        decrypt(lab, log)
    elif part == "background":
        background(lab)
    elif part == "losses":
        losses(lab, log)
    else:
        clusters(lab, log)
    lab.expect(lab.ping(count=3)[0] == 3, "pings lost at the end")
    # counters outlive the interface
    kept = lab.health("DecryptFailures")
    lab.down()
    lab.expect(lab.health("DecryptFailures") == kept, "counters went with the interface")
