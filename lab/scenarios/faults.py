# SPDX-License-Identifier: GPL-2.0-or-later
"""Rows of the fault table: each fault, and the way back (part=1/4, sample=N, seed=S, order=S, only=PATTERN)."""
import json
import os
import re
import subprocess
import time

import faults
from faults import count
from guestlib import OUT, Failed, KernelLog, part, sh

RADIOS = 2
ARGS = {"part": "i/n", "sample": int, "only": "row", "list": ("lean", "debug", "debian"), "seed": str,
        "order": str}

AP_ADDRESS, ADDRESS = "10.0.0.1", "10.0.0.2"
FREQ = {6: 2437, 11: 2462}
SETTLE = 4.5        # s; what a fault starts has shown by then: the driver's own deadlines are shorter
TELLING = ("crc_retries", "lost_irqs", "unsettled", "bad_packing", "bad_messages", "unknown_messages",
           "stale_cookies", "mcu_unanswered")
DUE = 30            # s for a reset that has to come
QUIET = 11          # s between two resets; the driver waits if they come sooner
HOME = 6            # the access point's channel
# What every probe says, and what the kernel says of a file that need not be there
USUAL = re.compile("MAC address|failed to load|no calibration file")


class Bench:
    """A station in use, and how to get it back into that state."""

    def __init__(self, lab):
        self.lab = lab
        self.log = KernelLog()
        self.on_channel = HOME
        self.hostapd = None
        self.last = "the start"     # the row before this one

    # -- the service --

    def control(self, line):
        return self.lab.control(line)

    def start_ap(self):
        self.hostapd = self.lab.ap(channel=self.on_channel, address=None)

    def hostapd_cli(self, *words):
        return sh("hostapd_cli", "-p", "/run/hostapd0", "-s", "/run", *words, check=False)

    def neighbours(self):
        """No ARP: how long it is without an answer would blur the figures."""
        lab = self.lab
        sta = sh("cat", f"/sys/class/net/{lab.wlan}/address", ns=lab.STA, check=False).strip()
        if not re.fullmatch("[0-9a-f:]{17}", sta):
            return
        sh("ip", "neigh", "replace", AP_ADDRESS, "lladdr", lab.bssid, "dev", lab.wlan, "nud", "permanent", ns=lab.STA,
           check=False)
        sh("ip", "neigh", "replace", ADDRESS, "lladdr", sta, "dev", "wlan0", "nud", "permanent")

    def ping(self):
        p = subprocess.run(["ip", "netns", "exec", self.lab.STA, "ping", "-n", "-c", "1", "-W", "0.3", AP_ADDRESS],
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, timeout=60)
        return p.returncode == 0

    def connected(self):
        try:
            return self.lab.connected()
        except OSError:         # user space is busy: it waits for the driver
            return False

    def ask(self, *words):
        """A command to user space, which may be slow to answer while the driver waits for the chip."""
        try:
            return self.lab.wpa_cli(*words)
        except OSError:
            return ""

    def serves(self):
        return self.connected() and self.ping()

    def is_up(self):
        return bool(re.search(r"<[^>]*\bUP\b", sh("ip", "link", "show", self.lab.wlan, ns=self.lab.STA, check=False)))

    def link_up(self):
        sh("ip", "link", "set", self.lab.wlan, "up", ns=self.lab.STA, check=False)
        self.neighbours()
        return self.is_up()

    def join(self):
        """User space on a card that has just appeared."""
        lab = self.lab
        lab.find_card()
        lab.wait(self.link_up, "the interface to come up", 60, every=1)
        sh("ip", "addr", "add", f"{ADDRESS}/24", "dev", lab.wlan, ns=lab.STA)
        self.neighbours()
        lab.start_wpa(lab.network(extra="scan_freq=2437 2462"))

    def pull(self):
        self.lab.stop_wpa()
        try:
            self.control("unplug")
        except Failed:
            pass                # it is out already
        self.lab.wait(lambda: not self.lab.interfaces() and not self.phy(), "the interface to go", 20)

    def cards(self):
        return sh("ls", "/sys/bus/mmc/devices").split()

    def phy(self):
        """Where the driver's figures are, None without a card."""
        found = sh("sh", "-c", "ls -d /sys/kernel/debug/ieee80211/*/bes2600", check=False).split()
        return found[0] if found and found[0].startswith("/sys") and "cannot" not in found else None

    def replug(self):
        self.pull()
        self.control("plug")
        self.join()

    def defaults(self):
        """Nothing is left of what was set, injected, or is to be done later; what was."""
        return self.control("defaults")["otherwise"]

    def ready(self):
        """In use, all of it new: what driver, chip and user space remember of the last row must not count in this one."""
        left = self.defaults() + self.defaults()
        self.lab.expect(not left, f"left by '{self.last}': {', '.join(left)}")
        if self.on_channel != HOME:
            self.on_channel = HOME
            # a station that still knows the other channel would be refused there
            self.pull()
            self.restarts()
        self.replug()
        self.lab.wait(self.serves, "the service before the fault", 60)
        left = self.defaults()
        self.lab.expect(not left, f"not at default after the start: {', '.join(left)}")

    # -- what is seen --

    def stats(self):
        phy = self.phy()
        if not phy:
            return {}
        lines = sh("cat", f"{phy}/stats", check=False).splitlines()
        return {k: int(v) for k, v in (l.split(": ") for l in lines if re.fullmatch(r"\w+: \d+", l))}

    def state(self):
        phy = self.phy()
        m = phy and re.search(r"State: +(\w+)", sh("cat", f"{phy}/status", check=False))
        return m[1] if m else None

    def health(self):
        """Counters of the driver's interface, which last as long as the driver is bound."""
        phy = self.phy()
        text = sh("cat", f"{phy}/vif_0/status", check=False) if phy else ""
        return {k: int(v) for k, v in re.findall(r"^(\w+): +(\d+)$", text, re.M)}

    # -- what the station does: first what comes before the fault, then the act itself --

    def before_connect(self):
        self.ask("disconnect")
        self.lab.wait(lambda: "wpa_state=DISCONNECTED" in self.ask("status"), "the end of the connection", 10)
        time.sleep(0.3)

    def connect(self):
        self.ask("reconnect")
        self.give(self.connected, 3)

    def before_up(self):
        self.lab.down()
        time.sleep(0.3)

    def up(self):
        self.link_up()
        self.give(self.connected, 3)

    def leave(self):
        self.ask("disconnect")
        time.sleep(0.5)
        self.ask("reconnect")

    def scan(self):
        sh("iw", "dev", self.lab.wlan, "scan", "freq", "2437", "2462", "5180", ns=self.lab.STA, check=False)

    def abort(self):
        sh("iw", "dev", self.lab.wlan, "scan", "trigger", "freq", "2412", "2437", "2462", ns=self.lab.STA, check=False)
        time.sleep(0.15)
        sh("iw", "dev", self.lab.wlan, "scan", "abort", ns=self.lab.STA, check=False)
        time.sleep(0.3)

    def traffic(self):
        self.give(self.ping, 0.2)
        sender = self.lab.sender("udp", False, seconds=0.1, mbps=20)
        try:
            sender.wait(5)
        except subprocess.TimeoutExpired:
            sender.kill()
        self.lab.ended(sender)
        self.give(self.ping, 0.2)

    def idle(self):
        time.sleep(0.5)

    def doze(self):
        for word in ("on", "off"):
            sh("iw", "dev", self.lab.wlan, "set", "power_save", word, ns=self.lab.STA, check=False)
            time.sleep(1)

    def exception(self):
        self.control("inject exception")
        time.sleep(0.5)

    def exceptions(self):
        for _ in range(12):
            self.control("inject exception")
            self.give(self.connected, QUIET)
            time.sleep(QUIET)

    def before_plug(self):
        self.pull()

    def plug(self):
        mark = self.log.mark()
        self.control("plug")

        def over():
            if re.search(r"probe.*failed with error|error -\d+ whilst initialising|removed", self.log.text(mark)):
                return True
            return bool(self.lab.interfaces()) or not self.cards()
        self.give(over, 40)
        # a card that is pulled out at that moment may still have its interface
        time.sleep(0.5)
        if self.lab.interfaces():
            try:
                self.join()
            except Failed:
                pass

    def give(self, cond, seconds):
        """Time for something that may not happen."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if cond():
                return True
            time.sleep(0.05)
        return False

    # -- the access point --

    def deauth(self, count, interval_us, reason=7):
        self.control(f"deauth {self.lab.bssid} chip {reason} {count} {interval_us}")

    def vanishes(self):
        self.control("mute " + self.lab.bssid)
        self.control("at 12 unmute " + self.lab.bssid)
        self.lab.wait(lambda: not self.connected(), "the loss to be noticed", 12)

    def changes_its_channel(self):
        self.on_channel = 17 - self.on_channel
        self.hostapd_cli("chan_switch", "5", str(FREQ[self.on_channel]), "ht")
        time.sleep(1)

    def restarts(self):
        self.lab.stop(self.hostapd)
        time.sleep(1)
        self.start_ap()
        sh("ip", "addr", "replace", f"{AP_ADDRESS}/24", "dev", "wlan0")
        self.neighbours()

    def changes_its_passphrase_for_10_s(self):
        for passphrase in ("wrong-12345678", "12345678"):
            self.hostapd_cli("set", "wpa_passphrase", passphrase)
            self.hostapd_cli("reload_wpa_psk")
            self.hostapd_cli("deauthenticate", "ff:ff:ff:ff:ff:ff")
            time.sleep(10 if passphrase != "12345678" else 0)

    def deauthenticates_7_times_in_1_ms(self):
        self.deauth(7, 150)
        time.sleep(0.5)

    def deauthenticates_17_times_in_1_3_s(self):
        self.deauth(17, 80000)
        time.sleep(2)

    def disassociates(self):
        self.hostapd_cli("disassociate", self.lab.mac())
        time.sleep(0.5)

    def before_asks_to_come_back_later(self):
        """To an access point with protected management frames, which doubts who we are."""
        self.lab.stop_wpa()
        lab = self.lab
        lab.start_wpa(lab.network(ssid="pmf", security="wpa3", extra="scan_freq=2462"))
        lab.wait(lab.connected, "a connection with protected management frames", 30)

    def asks_to_come_back_later(self):
        """A chip that dies says no goodbye: the access point still has the old association."""
        self.control("inject dead")
        self.lab.wait(lambda: not self.connected(), "the end of the old association", 30)
        self.lab.wait(self.connected, "a new association", 60)
        self.lab.stop_wpa()
        self.lab.start_wpa(self.lab.network(extra="scan_freq=2437 2462"))


class Trial:
    """One row."""

    def __init__(self, bench, row):
        self.bench, self.lab, self.row = bench, bench.lab, row
        self.why = []
        self.replugged = False
        self.asked = 0
        self.stats, self.health = {}, {}
        self.end = None

    def expect(self, cond, text):
        if not cond:
            self.why.append(text)

    def log(self):
        return self.bench.log.text(self.mark)

    def act(self):
        name = re.sub(r"\W+", "_", self.row.act)
        getattr(self.bench, f"before_{name}", lambda: None)()
        self.mark = self.bench.log.mark()
        counters = self.lab.counters()
        self.chip, self.shell = counters["chip"], counters["shell"]
        self.emulator_log = (OUT / "emulator.log").stat().st_size
        self.hostapd, self.hostapd_log = self.bench.hostapd, len((OUT / "hostapd0.txt").read_text())
        self.stats, self.health = self.bench.stats(), self.bench.health()
        self.began = time.monotonic()
        for line in self.row.arm:
            self.bench.control(line)
        getattr(self.bench, name)()

    def resets(self):
        """(that ended with running firmware, that did not): a driver that is bound anew begins with none."""
        now = self.bench.stats()
        tried, failed = (now.get(k, 0) - self.stats.get(k, 0) for k in ("resets", "reset_failures"))
        return tried - failed, failed

    def steady(self):
        """It serves, and goes on serving when the driver had time to find out more."""
        if time.monotonic() < self.began + self.row.timer or not self.bench.serves():
            return False
        before, now = self.resets(), time.monotonic()
        time.sleep(SETTLE)
        if self.resets() != before or not self.bench.serves() or self.bench.state() != "running":
            return False
        self.back = now
        return True

    def settled(self):
        """A lost confirm is missed after 3 s in which no other comes: that may take a while, a reset that is due is waited for."""
        low = self.row.resets[0] if isinstance(self.row.resets, tuple) else self.row.resets
        return self.resets()[0] >= low or time.monotonic() > self.began + DUE

    def gone(self):
        """The card is not there any more, or its driver gave it up."""
        text = self.log()
        return not self.bench.phy() and bool(
            re.search(r"failed with error|whilst initialising|card .*removed", text) or not self.bench.cards())

    def wait(self):
        end = time.monotonic() + self.row.limit
        while time.monotonic() < end:
            if self.gone():
                return "gone"
            if self.lab.wpa and not self.bench.phy():
                time.sleep(0.2)
                continue
            if not self.lab.wpa and self.lab.interfaces():
                self.bench.join()
            if self.row.act == "up" and not self.bench.is_up():
                # as a user would; but no user should have to
                self.bench.link_up()
                self.asked += 1
            if self.lab.wpa and self.steady() and self.settled():
                return "serves"
            time.sleep(0.2)
        return "lost"

    def again(self):
        """A good card is put into the same slot."""
        begin = time.monotonic()
        self.bench.replug()
        self.replugged = True
        self.lab.wait(self.steady, "the service with a new card", 60)
        self.back -= begin

    # -- that it happened --

    def seen(self, what):
        """How often what came of the fault: a counter, or lines of a log."""
        source, _, name = what.partition(" ")
        if source == "channel":
            return int(f"freq: {FREQ[self.bench.on_channel]}" in self.lab.link() and self.bench.on_channel != HOME)
        if source == "driver":
            return self.bench.health().get(name, 0) - self.health.get(name, 0)
        if source == "shell":
            return self.lab.counters()["shell"][name] - self.shell[name]
        # another hostapd begins its log anew
        begin = self.hostapd_log if self.bench.hostapd is self.hostapd else 0
        text = self.log() if source == "kernel" else (OUT / "hostapd0.txt").read_text()[begin:]
        return len(re.findall(name, text))

    def proven(self):
        """What no chip counts: the access point's deeds."""
        for what, wanted in self.row.proof.items():
            got = self.seen(what)
            self.expect(count(wanted, got), f"{what}: {got}, not {wanted}")

    def removed(self):
        """The card was removed, once, and at the moment that is meant."""
        wanted = self.row.removed
        n = self.lab.counters()["shell"]["cards_removed"] - self.shell["cards_removed"]
        self.expect(n == (wanted is not None), f"the card was removed {n} times")
        if wanted is None or not n:
            return
        with open(OUT / "emulator.log", errors="replace") as f:
            f.seek(self.emulator_log)
            text = f.read()
        if isinstance(wanted, str):
            self.expect(f"card removed in step {wanted}\n" in text, f"the card was not removed in step {wanted}")
        else:
            self.expect(f"scheduled when {wanted:#x}: unplug" in text, f"the card was not removed by message {wanted:#x}")

    # -- what it was worth --

    def judge(self, end):
        row, chip = self.row, self.lab.counters()["chip"]
        fault_at = chip["fault_ns"] / 1e9
        self.happened = chip["faults"] - self.chip["faults"]
        self.joins = chip["req_000b"] - self.chip["req_000b"]
        self.removed()
        self.proven()
        self.expect(chip["violations"] == self.chip["violations"], "the driver broke a rule of the wire")
        self.expect(end != "lost", f"no service within {row.limit} s")
        self.expect(end != "gone" or row.gone, "the card was given up")
        self.expect(end != "serves" or not row.gone, "the card is still there")
        self.expect(not self.asked or end == "gone", f"the interface had to be brought up {self.asked} times more")
        if end == "serves":
            self.good, self.failed = self.resets()
        if end == "serves":
            self.seconds = self.back - max(self.began, fault_at if fault_at < self.back else 0)
        else:
            self.again()
            self.seconds = self.back
        self.seconds = round(self.seconds, 2)
        self.why += faults.worth(row, {"end": end, **self.measured()}, not self.lab.job["real_time"])

    def measured(self):
        return {"happened": self.happened, "resets": self.good, "failed": self.failed, "joins": self.joins,
                "seconds": self.seconds}

    def said(self):
        """Every line of the driver."""
        return [l for l in re.findall(r"bes2600 mmc\S+: (.*)", self.text) if not USUAL.search(l)]

    def check_log(self):
        """Every line of the driver, and every warning of anybody, is one that the row expects, so often."""
        expected = {**self.row.says, **self.row.others}
        for pattern, wanted in expected.items():
            n = len(re.findall(pattern, self.log(), re.M))
            self.expect(count(wanted, n), f"'{pattern}' in the log: {n} times, not {wanted}")
        bad = self.bench.log.bad(self.mark)
        own = [l for l in self.log().splitlines() if l.startswith("bes2600 mmc") and not USUAL.search(l)]
        for line in dict.fromkeys([*own, *bad]):
            if not any(re.search(p, line) for p in expected):
                self.expect(False, f"kernel log: {line}")
        # the host judges the whole log: these and no others
        for line in bad:
            self.lab.allow_log(f"^{re.escape(line)}$", 1)

    def kinds(self):
        """What the driver said, each kind once."""
        lines = self.said() + re.findall(r"(mmc\d+: error -\d+ whilst initialising SDIO card)", self.text)
        return list(dict.fromkeys(re.sub(r"mmc\d+", "mmc", l) for l in lines))

    def deeds(self):
        now = self.bench.stats()
        return [f"{k} {now[k] - self.stats[k]}" for k in TELLING
                if now.get(k, 0) > self.stats.get(k, 0) and k in self.stats]

    def clean(self):
        """What has not happened is forgotten, and is the row's to answer for."""
        left = [l for l in self.bench.defaults() if not (self.row.leaves and re.search(self.row.leaves, l))]
        self.expect(not left, f"left behind: {', '.join(left)}")

    def run(self):
        row = self.row
        self.seconds, self.mark, self.back, self.began = None, self.bench.log.mark(), 0, time.monotonic()
        self.good = self.failed = self.joins = self.happened = None
        self.text, deeds, end, loud = "", [], None, []
        try:
            self.bench.ready()
            self.act()
            end = self.wait()
            self.text, deeds, loud = self.log(), self.deeds(), self.bench.log.bad(self.mark)
            self.judge(end)
        except (Failed, OSError, subprocess.SubprocessError) as e:
            self.why.append(str(e)[-300:])
        self.text = self.text or self.log()
        self.check_log()
        self.clean()
        self.bench.last = row.name
        return {"name": row.name, "group": row.group, "what": row.what, "when": row.act, "arm": row.arm,
                "said": self.kinds(), "deeds": deeds, "replugged": self.replugged, "ok": not self.why, "why": self.why,
                "end": end, "loud": loud, **self.measured()}


def rows_of(args, day):
    only = args.get("only")
    rows = faults.select([only] if only else (), int(args.get("sample", 0)), args.get("seed", day))
    if "list" in args:
        names = faults.listed(args["list"]).read_text().splitlines()
        rows = [r for r in faults.every() if r.name in names]
    if "order" in args:
        rows = faults.shuffled(rows, args["order"])
    return part(rows, args.get("part", "1/1"))


def begin(lab):
    lab.load()
    lab.start_chip(plug=False)
    bench = Bench(lab)
    bench.start_ap()
    sh("ip", "addr", "add", f"{AP_ADDRESS}/24", "dev", "wlan0")
    lab.ap(ssid="pmf", channel=11, security="wpa3", radio=1, address=None)
    lab.control("plug")
    bench.join()
    return bench


def run(lab):
    bench = begin(lab)
    results = []
    if "sample" in lab.args:
        lab.figure("seed", lab.args.get("seed", lab.job["day"]))
    for row in rows_of(lab.args, lab.job["day"]):
        lab.step(row.name)
        result = Trial(bench, row).run()
        results.append(result)
        lab.show("\n".join(result["said"] + result["deeds"] + result["why"]) + f"\nback after {result['seconds']} s")
        (OUT / "rows.json").write_text(json.dumps(results, indent=1))
        lab.why += [f"{row.name}: {w}" for w in result["why"]]
    if lab.why and "sample" in lab.args:
        lab.why.append(f"sample={lab.args['sample']} seed={lab.figures['seed']} tries these rows again")
    lab.figure("rows", len(results))
    lab.figure("failed", sum(not r["ok"] for r in results))
