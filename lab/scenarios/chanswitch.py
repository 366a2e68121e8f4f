# SPDX-License-Identifier: GPL-2.0-or-later
"""The access point announces another channel and goes there: the station follows, and stays connected (part=...)."""
import re
import time

from guestlib import OUT, KernelLog, sh

RADIOS = 2
ARGS = {"part": ["narrow", "power", "scanning", "stays", "deaths", "bands", "wide"]}


class Pings:
    """One every 20 ms; gap() is the longest time without an answer."""

    def __init__(self, lab):
        self.lab, self.log, self.offset = lab, OUT / "pings.txt", time.time() - time.monotonic()
        self.process = lab.spawn(["ping", "-n", "-D", "-i", "0.02", "10.0.0.1"], self.log, ns=lab.STA)

    def answers(self):
        return [float(t) - self.offset for t in re.findall(r"^\[([\d.]+)\].*bytes from", self.log.read_text(), re.M)]

    def gap(self):
        """The gap so far, when there is an answer again."""
        now = time.monotonic()
        self.lab.wait(lambda: self.answers()[-1] > now, "an answer after the switch", 30)
        self.process.kill()
        self.process.wait()
        self.lab.procs.remove(self.process)
        times = self.answers()
        return max(b - a for a, b in zip(times, times[1:]))


def switch(freq, count=5, *words, radio=0):
    text = sh("hostapd_cli", "-p", f"/run/hostapd{radio}", "-s", "/run", "chan_switch", count, freq, *words, "ht")
    if "OK" not in text:
        raise RuntimeError(text)


def associations(log):
    return len(log.all(": associated"))


def follows(lab, log, name, freq, *words, count=5, limit=0.5, while_=None):
    """The link survives, on the new channel, and traffic stops for a moment only."""
    before, losses = associations(log), lab.health("ConnectionLosses")
    pings = Pings(lab)
    time.sleep(0.2)
    begin = time.monotonic()
    switch(freq, count, *words)
    if while_:
        while_()
    time.sleep(max(0, begin + count * 0.1024 + 1 - time.monotonic()))
    gap = round(pings.gap(), 2)
    lab.figure(f"{name}_gap_s", gap)
    lab.step(f"{name}: no answer for {gap} s")
    lab.expect(f"freq: {freq}" in lab.link(), f"{name}: not on {freq} MHz: {lab.link()}")
    lab.expect(associations(log) == before and not log.all("Connection to AP|deauthenticating|disconnecting"),
               f"{name}: a new connection, or a lost one")
    lab.expect(lab.health("ConnectionLosses") == losses, f"{name}: counted as a loss")
    lab.expect(gap < limit, f"{name}: no answer for {gap} s")
    lab.expect(lab.ping(count=5)[0] == 5, f"{name}: pings lost afterwards")


def narrow(lab, log):
    """2.4 GHz, 20 MHz: near, far, quietly, often."""
    follows(lab, log, "near", 2442)
    follows(lab, log, "far", 2462)
    follows(lab, log, "quiet", 2412, "blocktx", count=8, limit=1.2)
    for freq in (2437, 2412, 2462):
        follows(lab, log, f"hop_{freq}", freq, count=2)


def power(lab, log):
    """While the chip dozes between beacons."""
    sh("iw", "dev", lab.wlan, "set", "power_save", "on", ns=lab.STA)
    time.sleep(1)
    follows(lab, log, "power_save", 2462)
    sh("iw", "dev", lab.wlan, "set", "power_save", "off", ns=lab.STA)


def scanning(lab, log):
    """The chip is on other channels when the time comes: it follows after the scan at the latest."""
    for wait in (0, 0.2, 0.4):
        def scan():
            time.sleep(wait)
            sh("iw", "dev", lab.wlan, "scan", "freq", "2412", "2417", "2422", "2427", "2432", "2442", "2447", "2452",
               ns=lab.STA, check=False)
        freq = 2462 if "freq: 2437" in lab.link() else 2437
        follows(lab, log, f"scan_{wait}", freq, limit=2, while_=scan)


def deaths(lab, log):
    """A chip that does not end its switch is reset; the link comes back on the new channel."""
    lab.allow_log("channel switch does not end: resetting the chip", 1)
    lab.control("inject lose-channel-switch")
    resets = lab.driver("BusResets")
    switch(2462 if "freq: 2437" in lab.link() else 2437)
    lab.wait(lambda: lab.driver("BusResets") == resets + 1, "the reset", 10)
    lab.wait(lambda: not lab.connected(), "the disconnection", 5)
    lab.wait(lab.connected, "a connection", 30)
    lab.expect(lab.ping(count=5)[0] == 5, "pings lost after a switch without an end")


def stays(lab, log):
    """Firmware that does not go elsewhere while joined: the AP is lost as if it had said nothing, without a reset."""
    resets = lab.driver("BusResets")
    lab.control("set channel.joined stays")
    pings = Pings(lab)
    time.sleep(0.2)
    switch(2462 if "freq: 2437" in lab.link() else 2437)
    lab.wait(lambda: not lab.connected(), "the loss", 8)
    lab.wait(lab.connected, "a connection", 30)
    gap = round(pings.gap(), 2)
    lab.figure("stays_gap_s", gap)
    lab.expect(gap < 9, f"stays: no answer for {gap} s")
    lab.expect(lab.driver("BusResets") == resets, "a reset for a chip that stays")
    lab.control("set channel.joined moves")


def bands(lab, log):
    """To the other band, where a station cannot follow: it knows at once. hostapd does not cope, so it ends here."""
    switch(5180)
    lab.wait(lambda: log.all("switches to different band"), "mac80211 to see where the AP goes", 2)
    lab.wait(lambda: not lab.connected(), "the disconnection", 1)


def wide(lab, log):
    """5 GHz, 40 MHz: to another pair, to 20 MHz, and back."""
    follows(lab, log, "pair", 5220, "sec_channel_offset=1", "center_freq1=5230", "bandwidth=40")
    follows(lab, log, "narrower", 5200, "bandwidth=20")
    follows(lab, log, "wider", 5180, "sec_channel_offset=1", "center_freq1=5190", "bandwidth=40")


def run(lab):
    lab.bring_up()
    log = KernelLog()
    parts = {"narrow": narrow, "power": power, "scanning": scanning, "stays": stays, "deaths": deaths, "bands": bands,
             "wide": wide}
    chosen = lab.args.get("part", ",".join(parts)).split(",")
    ap = lab.ap()
    lab.connect(extra="scan_freq=" + " ".join(str(f) for f in [*range(2412, 2463, 5), 5180]))
    lab.address()
    lab.know_ap()
    for name in [p for p in chosen if p != "wide"]:
        parts[name](lab, log)
    if "wide" in chosen:
        lab.stop(lab.wpa)
        lab.stop(ap)
        sh("ip", "addr", "flush", "dev", "wlan0")
        lab.ap(channel=36, ht40=True)
        lab.connect(extra="scan_freq=5180 5200 5220")
        wide(lab, KernelLog())
