# SPDX-License-Identifier: GPL-2.0-or-later
"""The system sleeps and wakes, again and again (times=100); the card's power is kept, or not (power=lost, or lie).

With power=... it sleeps at awkward moments as well: dozing, in traffic, in a scan, with the interface down, with a
dead chip. With mcu=sleeps the chip's controller sleeps as well, as far as it can be woken.

The access points are in the same kernel and sleep as well. mac80211 6.12 does not survive an access point with keys
that is taken down after that, so each of the protected ones is used once, and the open one does the rest.
"""
import time
from pathlib import Path

from guestlib import OUT, sh

RADIOS = 3
ARGS = {"power": ("kept", "lost", "lie"), "mcu": ("sleeps",), "times": int}
POWER = Path("/sys/power")
ASLEEP = 1              # s
PROTECTED = 2           # sleeps
# what core and driver say of the chips that die, and how often
TELLING = {
    "kept": {"no confirm in time: resetting the chip": 2, "burst not taken: resetting the chip": 2,
             "tried to HW reset card, got error -110": 2, r"reset failed \(-110\), next try in": 2},
    "lost": {"no confirm in time: resetting the chip": 2, "burst not taken: resetting the chip": 2,
             "tried to HW reset card, got error -110": 1, r"reset failed \(-110\), next try in": 1,
             r"error -110 during resume \(card was removed": 1},
    "lie": {"burst not taken: resetting the chip": 3, "length register unreadable: resetting the chip": 2,
            "tried to HW reset card, got error -110": 1, r"reset failed \(-110\), next try in": 1},
}


def access_point(lab, i):
    """The one for the i-th sleep."""
    if i < PROTECTED:
        lab.ap(ssid=f"keys{i}", channel=1, radio=i, address=None)
    elif i == PROTECTED:
        lab.ap(ssid="open", security="open", radio=PROTECTED, address=None)
    else:
        for word in ("disable", "enable"):
            sh("hostapd_cli", "-p", f"/run/hostapd{PROTECTED}", "-s", "/run", word)
    if i <= PROTECTED:
        sh("ip", "addr", "flush", "to", "10.0.0.1")
        sh("ip", "addr", "add", "10.0.0.1/24", "dev", f"wlan{i}")


def start(lab, power):
    lab.load()
    lab.start_chip(plug=False)
    # soldered, as on the tablet: from other slots the core removes a card that does not answer after a sleep
    lab.control("plug nonremovable" + (" no-keep-power" if power == "lost" else ""))
    lab.find_card()
    lab.up()
    lab.address()
    lab.start_wpa(lab.network(ssid="open", security="open", extra="scan_freq=2437") +
                  "".join(lab.network(ssid=f"keys{i}", extra="scan_freq=2412") for i in range(PROTECTED)))
    # user space tries the access point that is gone, from memory
    lab.allow_log("join refused by the chip", 6)
    # all devices are suspended and resumed; the test stops short of the platform
    (POWER / "pm_test").write_text("devices")
    Path("/sys/module/suspend/parameters/pm_test_delay").write_text(str(ASLEEP))


def sleep(lab, power, state="mem"):
    """Returns how long it took beyond the sleep itself."""
    if power == "lie":
        # while all are suspended
        lab.control("at 0.5 inject power-cycle")
    begin = time.monotonic()
    (POWER / "state").write_text(state)
    return time.monotonic() - begin - ASLEEP


def connects():
    return (OUT / "wpa_supplicant.txt").read_text().count("CTRL-EVENT-CONNECTED")


def connected_again(lab, text):
    """User space may not have noticed yet that each sleep ends a connection."""
    lab.wait(lambda: connects() > lab.connects and lab.connected(), f"a connection after sleep {text}", 40)
    lab.connects = connects()


def back(lab, text):
    """The open access point again, and the station on it. Returns how long the station needed."""
    access_point(lab, PROTECTED + 1)
    begin = time.monotonic()
    connected_again(lab, text)
    lab.expect(lab.ping(count=2)[0] == 2, f"pings lost after sleep {text}")
    return time.monotonic() - begin


def awkward(lab, power):
    for pattern, times in TELLING[power].items():
        lab.allow_log(pattern, times)
    sh("iw", "dev", lab.wlan, "set", "power_save", "on", ns=lab.STA)
    time.sleep(1)
    sleep(lab, power)
    back(lab, "of a station that dozed")
    sender = lab.sender("udp", False, seconds=3, mbps=30)
    time.sleep(0.2)
    sleep(lab, power)
    lab.stop(sender)
    back(lab, "in traffic")
    sh("iw", "dev", lab.wlan, "scan", "trigger", ns=lab.STA)
    sleep(lab, power)
    back(lab, "in a scan")
    lab.down()
    sleep(lab, power)
    # where the card has lost its power, it is brought back for Bluetooth
    time.sleep(5)
    status = lab.debugfs()
    lab.expect("State:      booted" in status, f"not booted after a sleep with the interface down: {status}")
    lab.up()
    back(lab, "with the interface down")
    for fault, limit in (("dead", 4), ("silence 4000", 4), ("dead 2", 6), ("silence 20000", 16)):
        # deaths in a row would be answered later and later
        time.sleep(12)
        lab.control(f"inject {fault}")
        lasts = sleep(lab, power)
        lab.figure(f"sleep_{fault.replace(' ', '_')}_s", round(lasts, 3))
        lab.expect(lasts < limit, f"a chip with '{fault}' keeps the system from sleeping for {lasts} s")
        back(lab, f"with '{fault}'")


# with the controller asleep: knobs, faults before and during the sleep, whether it sleeps, whether it wakes
SLEEPERS = [
    # one that has not shown that it can be woken is not sent to sleep
    ({}, "inject no-mcu-wake 100", None, False, True),
    ({}, None, None, True, True),
    *[({"wake.settle": ms}, None, None, True, True) for ms in ("3", "4", "40")],
    # the driver leaves the wake line alone: boards where it is tied to the level that wakes never let the chip sleep
    ({"wake.line": "low", "sleep.cmd52": "silent"}, None, None, True, True),
    ({"wake.line": "high", "sleep.cmd52": "silent"}, "inject wake-line 1", None, True, True),
    ({"bt.mcu_sleep": "stops"}, None, None, True, True),
    ({"sleep.cmd52": "silent"}, None, None, True, True),
    ({"sleep.cmd52": "busy"}, None, None, True, True),
    ({"sleep.cmd52": "silent"}, None, "inject no-mcu-wake 100", True, False),
]


def sleepers(lab):
    """The controller sleeps with the system; one that does not wake is reset."""
    Path("/sys/module/bes2600/parameters/mcu_sleep").write_text("1")
    default = lab.control("knobs")
    for knobs, before, meanwhile, sleeps, wakes in SLEEPERS:
        for k, v in knobs.items():
            lab.control(f"set {k} {v}")
        if before:
            lab.control(before)
        if meanwhile:
            lab.control(f"at 0.5 {meanwhile}")
        was, failed = lab.counters()["chip"], lab.health("PmHandshakeFail")
        lasts = sleep(lab, "kept")
        lab.control("inject none")
        now = {k: v - was[k] for k, v in lab.counters()["chip"].items() if k in ("bus_boots", "bus_mcu_sleeps")}
        lab.step(f"{knobs} {before} {meanwhile}: {lasts:.3f} s, {now}")
        lab.expect(now == {"bus_boots": not wakes, "bus_mcu_sleeps": sleeps}, f"{knobs} {before} {meanwhile}: {now}")
        lab.expect((lab.health("PmHandshakeFail") > failed) == (not (sleeps and wakes)), f"{knobs}: handshakes that failed")
        lab.expect(lasts < 3, f"{knobs}: sleep and waking took {lasts} s")
        back(lab, f"with {knobs}")
        lab.control("inject wake-line 0")
        for k in knobs:
            lab.control(f"set {k} {default[k]}")


def run(lab):
    power = lab.args.get("power", "kept")
    lab.connects = 0
    start(lab, power)
    before, longest = lab.counters()["chip"], 0
    times = max(PROTECTED, int(lab.args.get("times", 100)))
    for i in range(times + 1):
        access_point(lab, i)
        begin = time.monotonic()
        connected_again(lab, i)
        longest = max(longest, time.monotonic() - begin)
        lab.expect(lab.ping(count=2)[0] == 2, f"pings lost after sleep {i}")
        if i == times:
            break
        sleep(lab, power, "freeze" if i % 2 else "mem")
    lab.figure("longest_reconnect_s", round(longest, 3))
    grown = {k: lab.counters()["chip"][k] - before[k] for k in ("bus_boots", "bus_bt_sleeps", "bus_bt_wakes")}
    lab.figure("grown", grown)
    lab.expect(grown["bus_boots"] == (0 if power == "kept" else times), f"firmware downloads: {grown}")
    lab.expect(grown["bus_bt_sleeps"] == (0 if power == "lost" else times), f"Bluetooth not sent to sleep: {grown}")
    lab.expect(grown["bus_bt_wakes"] == (times if power == "kept" else 0), f"Bluetooth not woken: {grown}")
    if "mcu" in lab.args:
        sleepers(lab)
    elif "power" in lab.args:
        awkward(lab, power)
