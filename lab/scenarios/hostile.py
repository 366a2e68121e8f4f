# SPDX-License-Identifier: GPL-2.0-or-later
"""The chip lies at random while it boots, connects and carries traffic; then it behaves (seed=, messages=)."""
import re
import time
from pathlib import Path

from guestlib import Failed, KernelLog, sh

ARGS = {"seed": int, "messages": int}
# Shares of spoiled answers, permille: seldom, so that lies meet a driver at work, or so often that nothing boots; and
# shares of spoiled messages, on a bus that works
ROUNDS = (2, "20 messages", "5 messages", 100, "10 messages", 1, "100 messages", 10, "20 messages", 400, "50 messages", 3)
ROUND_S = 20        # virtual seconds, at most
MBPS = 8            # each way
LINES = 12          # of the driver for each of its resets, retries and probes


class Station:
    """User space on a card that may go and come."""

    def __init__(self, lab, log):
        self.lab, self.log = lab, log
        self.plugs, self.since = 1, 0.0

    def gone(self):
        """Without asking a namespace: that would take a process each time."""
        return not Path(f"/sys/kernel/debug/ieee80211/{self.lab.phy}/bes2600").exists()

    def start(self):
        lab = self.lab
        if lab.wpa:
            lab.stop(lab.wpa)
            lab.wpa = None
        sh("ip", "link", "set", lab.wlan, "up", ns=lab.STA)
        sh("ip", "addr", "replace", "10.0.0.2/24", "dev", lab.wlan, ns=lab.STA, check=False)
        lab.start_wpa(lab.network(extra="scan_freq=2437"))

    def replug(self):
        try:
            self.lab.control("unplug")
        except Failed:
            pass                # it is out already
        self.lab.wait(lambda: self.gone() and not self.lab.interfaces(), "the interface to go", 120)
        self.plugs += 1
        self.since = time.monotonic()
        self.lab.control("plug")

    def tend(self):
        """Whatever user space would do now: the card may have come, or go any moment."""
        try:
            if self.lab.interfaces():
                self.lab.find_card()
                self.start()
                self.lab.know_ap()
            elif not self.gone() and (not self.lab.wpa or self.lab.wpa.poll() is not None):
                self.start()
                self.lab.know_ap()
        except (Failed, OSError) as e:
            self.lab.step(f"no station: {e}")
            time.sleep(1)

    def lost(self):
        """No card, or one that gets a long time to think."""
        if self.gone() and not self.lab.interfaces():
            return time.monotonic() > self.since + 20
        return self.log.first("(one|try) in (5|15|60) s", self.since)

    def connected(self):
        try:
            return self.lab.connected()
        except OSError:
            return False        # user space waits for the driver


def messages(lab):
    return lab.counters()["shell"]["messages"]


def traffic(lab, station, seconds):
    """Both ways, and a scan now and then; none of it has to succeed."""
    if not station.connected():
        time.sleep(0.5)
        return
    senders = [lab.sender("udp", down, port=5001 + down, seconds=seconds, mbps=MBPS) for down in (False, True)]
    time.sleep(seconds + 0.2)
    for s in senders:
        s.kill()
        s.wait()
        lab.procs.remove(s)
    sh("iw", "dev", lab.wlan, "scan", "trigger", "freq", "2437", "5180", ns=lab.STA, check=False)


def stop_at_finding(lab, log):
    """Here, where it is known how many messages it took."""
    for text in log.bad():
        if not any(re.search(p, text) for p in lab.allowed):
            raise Failed(f"after {messages(lab)} messages, {lab.counters()['chip']['faults']} lies: {text}")


def one_round(lab, station, seed, lies, count):
    begin, start = messages(lab), time.monotonic()
    lab.control(f"inject hostile {seed} {lies}")
    while messages(lab) - begin < count and time.monotonic() < start + ROUND_S:
        station.tend()
        if station.lost():
            station.replug()
        traffic(lab, station, 0.5)
        stop_at_finding(lab, station.log)


def driver_lines(log):
    return [text for _, text in log.read() if "bes2600" in text]


def recover(lab, station):
    """The chip is honest again: the driver must find its way back, or leave the card cleanly."""
    lab.control("inject none")
    lab.control("forget")
    start = time.monotonic()
    while not station.connected() and time.monotonic() < start + 150:
        station.tend()
        if station.gone() and station.lost():
            station.replug()
        time.sleep(0.5)
    lab.wait(station.connected, "a connection with an honest chip", 1)
    # a wrong idea of the chip may only show now
    lab.wait(lambda: lab.ping(count=3)[0] == 3, "traffic with an honest chip", 90, every=1)
    return time.monotonic() - start


def run(lab):
    lab.captures = False
    # whatever the driver says of it is counted below; the core and mac80211 tell of what fails
    lab.allow_log("^bes2600 |^bes_.*callbacks suppressed", (0, None))
    lab.allow_log(r"^mmc\d: (error|tried to HW reset card|bad|queuing|unrecognised|card has|can't)", (0, None))
    lab.allow_log(r"^wlan\d: failed to (set|remove) (key|TX queue parameters)", (0, None))
    seed, total = int(lab.args.get("seed", 1)), int(lab.args.get("messages", 20000))
    log = KernelLog()
    sh("ip", "link", "set", "lo", "up")
    lab.insmod("vsdio")
    lab.insmod("bes2600")
    lab.start_chip()
    lab.ap(extra="beacon_int=300")
    lab.find_card()
    station = Station(lab, log)
    back, n, begin = [recover(lab, station)], 0, messages(lab)
    while messages(lab) - begin < total:
        lies = ROUNDS[n % len(ROUNDS)]
        at = messages(lab)
        one_round(lab, station, seed * 1000 + n, lies, total // (60 if lies in (100, 400) else 12))
        count = messages(lab) - at
        if n % 4 == 3:
            back.append(recover(lab, station))
        lab.log.write(f"round {n}: {lies} permille, {count} messages, {time.monotonic():.1f} s\n")
        n += 1
        log.read()
        lab.expect(n < total / 20 + 20, f"{messages(lab) - begin} messages in {n} rounds")
    back.append(recover(lab, station))
    time.sleep(12)
    lab.expect(lab.ping(count=3)[0] == 3, "pings lost at the end")
    lines = driver_lines(log)
    ends = sum(1 for t in lines if re.search("resetting the chip|reset failed|probe.*failed", t)) + station.plugs
    chip = lab.counters()["chip"]
    lab.figure("lies", chip["faults"])
    lab.figure("excused", chip["excused"])
    lab.figure("resets", ends)
    lab.figure("boots", chip["bus_boots"])
    lab.figure("lines", len(lines))
    lab.figure("back_s", [round(t, 1) for t in back])
    lab.expect(chip["faults"] > total / 200, f"only {chip['faults']} lies")
    lab.expect(len(lines) <= LINES * ends, f"{len(lines)} lines of the driver for {ends} resets")
    Path("/run/out/driver.txt").write_text("\n".join(lines) + "\n")
