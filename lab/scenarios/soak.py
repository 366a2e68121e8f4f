# SPDX-License-Identifier: GPL-2.0-or-later
"""Hours of light traffic with a fault every few minutes; nobody helps (hours=, seed=, mbps=)."""
import json
import random
import re
import time
from pathlib import Path

from guestlib import OUT, KernelLog, sh

GOAL = 99.5             # percent of the seconds in which a ping comes back
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


def pings(log):
    """Seconds in which an answer came, by sequence number."""
    return {int(n) for n in re.findall(r"icmp_seq=(\d+) ttl", log.read_text())}


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

    def outages(self, came, offset):
        """Lost seconds, each put down to the last fault before it."""
        for event, after in zip(self.events, [*[e["at"] for e in self.events[1:]], self.now()]):
            first, last = int(event["at"] - offset), int(after - offset)
            event["lost_s"] = sum(1 for s in range(first, last) if s not in came)


def run(lab):
    lab.captures = False
    lab.allow_log("resetting the chip")
    hours, seed = float(lab.args.get("hours", 1)), int(lab.args.get("seed", 1))
    lab.bring_up()
    log = KernelLog()
    lab.ap(extra="beacon_int=300")
    lab.bssid = sh("cat", "/sys/class/net/wlan0/address").strip()
    lab.connect(extra="scan_freq=2437")
    lab.address()
    lab.know_ap()
    lab.receiver(5001)
    soak = Soak(lab, seed)
    lab.sender("udp", False, seconds=hours * 3600 + 600, mbps=float(lab.args.get("mbps", 0.05)), length=625)
    offset = soak.now()
    text = OUT / "pings.txt"
    ping = lab.spawn(["ping", "-n", "-i", "1", "-W", "1", "10.0.0.1"], text, ns=lab.STA)
    soak.run(hours * 3600)
    ping.kill()
    ping.wait()
    came, sent = pings(text), int(soak.now() - offset)
    soak.outages(came, offset)
    up = 100 * len({s for s in came if s <= sent}) / sent
    resets = len(log.all("resetting the chip"))
    report = {"hours": hours, "seed": seed, "availability": round(up, 3), "faults": len(soak.events), "resets": resets,
              "longest_s": longest(came, sent), "events": soak.events, "kbps": soak.samples,
              "lost": [s for s in range(1, sent) if s not in came]}
    (OUT / "soak.json").write_text(json.dumps(report, indent=1) + "\n")
    for key in ("availability", "faults", "resets", "longest_s"):
        lab.figure(key, report[key])
    worst = sorted(soak.events, key=lambda e: -e["lost_s"])[:5]
    lab.figure("worst", [[e["fault"], e["lost_s"]] for e in worst])
    lab.expect(soak.events, "no fault at all")
    lab.expect(up >= GOAL, f"available {up:.3f} % of the time, goal {GOAL} %")
    lab.expect(lab.ping(count=3)[0] == 3, "pings lost at the end")


def longest(came, sent):
    """The longest time without an answer, in s."""
    best = run_ = 0
    for s in range(1, sent):
        run_ = 0 if s in came else run_ + 1
        best = max(best, run_)
    return best
