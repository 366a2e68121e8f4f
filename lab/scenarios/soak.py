# SPDX-License-Identifier: GPL-2.0-or-later
"""Hours of light traffic with a fault every few minutes; nobody helps (hours=, seed=, interval=)."""
import json
import random
import re
import signal
import time
from pathlib import Path

from guestlib import OUT, KernelLog, sh

ARGS = {"hours": float, "seed": int, "interval": float}
GOAL = 99.5             # percent of the seconds with an access point in which a ping comes back
PAUSE_S = (60, 600)     # between faults
SAMPLE_S = 20
# what is done, and how many seconds later it ends
FAULTS = {
    "exception": (["inject exception"], 0),
    "dead": (["inject dead"], 0),
    "silence of 1 s": (["inject silence 1000"], 0),
    "silence for good": (["inject silence 1000000"], 5),
    "CRC errors, few": (["inject crc-read 2", "inject crc-write 2"], 5),
    "CRC errors, many": (["inject crc-read 100"], 2),
    "time-out": (["inject timeout 1"], 5),
    "busy": (["inject busy 1"], 5),
    "sequence jumps": (["inject seq-jump"], 5),
    "toggle jumps": (["inject toggle"], 5),
    "bad packing": (["inject bad-message huge"], 5),
    "wrong length": (["inject length-byte 0x7f"], 5),
    "stale length": (["inject stale 4"], 5),
    "interrupt lost": (["inject lose-irq 1"], 5),
    "interrupts lost": (["inject lose-irq 20"], 5),
    "interrupt stuck": (["inject stuck-irq 200"], 0),
    "confirm lost": (["inject drop-confirm 1"], 5),
    "confirm late": (["inject delay-confirm 800 3"], 5),
    "scan without an end": (["inject lose-scan-complete"], 20),
    "beacons lost": (["inject event 1 0"], 0),
    "decrypt storm": (["inject rx-status 4 6 1000"], 0),
    "deauthentication cluster": (["deauth {bssid} chip 7 7 143"], 0),
    "access point away for 3 s": (["mute {bssid}", "at 3 unmute {bssid}"], 0),
    "access point away for 15 s": (["mute {bssid}", "at 15 unmute {bssid}"], 0),
    "power cut": (["inject power-cycle"], 0),
}


# Seconds in which nothing that the station does can bring service
AWAY = {"access point away for 3 s": 3, "access point away for 15 s": 15}


class Pings:
    """What came back of one each second, or a little later: by the number of each, and where that is in time."""

    def __init__(self, text, seconds):
        self.came, high = set(), 0
        for n in map(int, re.findall(r"icmp_seq=(\d+) ttl", text)):
            # the number on the wire has 16 bits
            n += high - high % 65536
            if n < high - 32768:
                n += 65536
            high = max(high, n)
            self.came.add(n)
        self.sent = int(re.search(r"(\d+) packets transmitted", text)[1])
        self.pace = seconds / self.sent
        self.lost = [n for n in range(1, self.sent + 1) if n not in self.came]

    def available(self, away=()):
        """Answered, in percent; without those sent between the moments of each pair in away."""
        out = {n for first, last in away for n in range(round(first / self.pace), round(last / self.pace) + 1)}
        return 100 * (1 - len(set(self.lost) - out) / (self.sent - len(out)))

    def longest(self):
        """The longest time without an answer, in s."""
        best = length = 0
        for n in range(1, self.sent + 1):
            length = 0 if n in self.came else length + 1
            best = max(best, length)
        return round(best * self.pace, 1)


def air_bytes():
    return int(Path("/sys/class/net/wlan0/statistics/rx_bytes").read_text())


class Soak:
    def __init__(self, lab, seed):
        self.lab, self.random = lab, random.Random(seed)
        self.events, self.samples = [], []
        self.begin = time.monotonic()

    def now(self):
        return time.monotonic() - self.begin

    def rest(self, until):
        """Takes samples of what comes through."""
        while self.now() < until:
            before, at = air_bytes(), self.now()
            time.sleep(min(SAMPLE_S, until - at))
            self.samples.append([round(self.now(), 1), round((air_bytes() - before) * 8e-3 / (self.now() - at), 2)])

    def fault(self):
        name = self.random.choice(sorted(FAULTS))
        lines, lasts = FAULTS[name]
        self.events.append({"at": round(self.now(), 1), "fault": name})
        for line in lines:
            self.lab.control(line.format(bssid=self.lab.bssid))
        if "scan" in name:
            sh("iw", "dev", self.lab.wlan, "scan", "trigger", "freq", "2437", ns=self.lab.STA, check=False)
        if lasts:
            time.sleep(lasts)
            self.lab.control("inject none")

    def run(self, seconds):
        while True:
            pause = self.random.uniform(*PAUSE_S)
            if self.now() + pause > seconds - 60:
                break
            self.rest(self.now() + pause)
            self.fault()
        self.rest(seconds)

    def outages(self, pings, offset):
        """Lost seconds, each put down to the last fault before it."""
        for event, after in zip(self.events, [*[e["at"] for e in self.events[1:]], self.now()]):
            first, last = (int((t - offset) / pings.pace) for t in (event["at"], after))
            event["lost_s"] = round(pings.pace * sum(1 for n in pings.lost if first < n <= last), 1)


def run(lab):
    lab.captures = False
    hours, seed = float(lab.args.get("hours", 1)), int(lab.args.get("seed", 1))
    lab.bring_up()
    log = KernelLog()
    lab.ap(extra="beacon_int=300")
    lab.connect(extra="scan_freq=2437")
    lab.address()
    lab.know_ap()
    soak = Soak(lab, seed)
    # something to do: a program that wakes up more often costs more than all that it sends
    lab.spawn(["ping", "-n", "-q", "-i", lab.args.get("interval", 0.25), "-s", 1000, "10.0.0.1"], OUT / "load.txt",
              ns=lab.STA)
    offset = soak.now()
    text = OUT / "pings.txt"
    ping = lab.spawn(["ping", "-n", "-i", "1", "-W", "1", "10.0.0.1"], text, ns=lab.STA)
    soak.run(hours * 3600)
    # the death, and a few lines of how the core and the driver get over it
    lab.allow_log(r"^(bes2600|bes_|mmc\d)", (0, 4 * len(soak.events)))
    # so that it writes the last lines as well
    ping.send_signal(signal.SIGINT)
    ping.wait()
    pings = Pings(text.read_text(), soak.now() - offset)
    soak.outages(pings, offset)
    away = [(e["at"] - offset, e["at"] - offset + AWAY[e["fault"]]) for e in soak.events if e["fault"] in AWAY]
    up = pings.available(away)
    report = {"hours": hours, "seed": seed, "availability": round(up, 3),
              "availability_with_ap_away": round(pings.available(), 3), "faults": len(soak.events),
              "resets": len(log.all("resetting the chip")), "longest_s": pings.longest(), "events": soak.events,
              "kbps": soak.samples, "lost": [round(offset + n * pings.pace, 1) for n in pings.lost]}
    (OUT / "soak.json").write_text(json.dumps(report, indent=1) + "\n")
    for key in ("availability", "availability_with_ap_away", "faults", "resets", "longest_s"):
        lab.figure(key, report[key])
    worst = sorted(soak.events, key=lambda e: -e["lost_s"])[:5]
    lab.figure("worst", [[e["fault"], e["lost_s"]] for e in worst])
    lab.expect(soak.events, "no fault at all")
    lab.expect(up >= GOAL, f"available {up:.3f} % of the time that the access point was there, goal {GOAL} %")
    lab.expect(lab.ping(count=3)[0] == 3, "pings lost at the end")
