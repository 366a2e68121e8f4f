# SPDX-License-Identifier: GPL-2.0-or-later
"""What scenarios are written with; runs inside the guest, in virtual time."""
import importlib.util
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from pathlib import Path

import goals
import judge

OUT = Path("/run/out")
CONTROL = "/run/emu.sock"
NETLINK_KOBJECT_UEVENT = 15


class Failed(Exception):
    pass


def sh(*cmd, ns=None, check=True, timeout=120):
    """Runs a command; returns what it printed. timeout is virtual."""
    cmd = [str(c) for c in cmd]
    if ns:
        cmd = ["ip", "netns", "exec", ns] + cmd
    p = subprocess.run(cmd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                       timeout=timeout)
    text = p.stdout.decode(errors="replace")
    if check and p.returncode:
        raise Failed(f"{' '.join(cmd)}: exit status {p.returncode}: {text.strip()[-500:]}")
    return text


def listens(path):
    """Somebody listens at that socket; that it exists is not enough."""
    return re.search(rf"^\S+ \S+ \S+ 00010000 .* {path}$", Path("/proc/net/unix").read_text(), re.M)


def part(items, which):
    """Part i of n of a list, which is "i/n": every n-th."""
    i, n = map(int, which.split("/"))
    return items[i - 1::n]


class KernelLog:
    """What the kernel says from now on, with its times (s, in steps of the tick)."""

    def __init__(self):
        self.fd = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK)
        os.lseek(self.fd, 0, os.SEEK_END)
        self.lines = []
        self.levels = []        # one for each

    def read(self):
        while True:
            try:
                record = os.read(self.fd, 8192).decode(errors="replace")
            except BlockingIOError:
                return self.lines
            except BrokenPipeError:
                raise Failed("lines of the kernel log are lost") from None
            head, _, text = record.partition(";")
            self.lines.append((int(head.split(",")[2]) / 1e6, text.splitlines()[0]))
            self.levels.append(int(head.split(",")[0]) & 7)

    def mark(self):
        """For text(): where the log ends now."""
        return len(self.read())

    def bad(self, mark=0):
        """Lines since the mark that fail a scenario unless it allows them."""
        return [text for (t, text), level in zip(self.read()[mark:], self.levels[mark:])
                if judge.matters(judge.Line(level, 0, t, text)) and not judge.usual(text)]

    def text(self, mark=0):
        return "\n".join(text for _, text in self.read()[mark:])

    def all(self, pattern, after=0.0):
        return [t for t, text in self.read() if t >= after and re.search(pattern, text)]

    def first(self, pattern, after=0.0):
        """Time of the first line like that, None if there is none yet."""
        return next(iter(self.all(pattern, after)), None)


class Follower(threading.Thread):
    """
    Writes the kernel's log down as it comes, from its first line to judge.END: its ring forgets, and so would a panic.
    It looks each second, because UML, once idle, does not wake up who waits for a line.
    """

    def __init__(self):
        super().__init__(daemon=True)
        self.fd = os.open("/dev/kmsg", os.O_RDWR | os.O_NONBLOCK)
        self.records = open(OUT / "kmsg.txt", "w", buffering=1)
        self.readable = open(OUT / "dmesg.txt", "w", buffering=1)
        self.over = threading.Event()

    def say(self, text):
        """A line of the lab in the kernel's log, and on the console."""
        os.write(self.fd, f"<{judge.WARNING}>{text}\n".encode())

    def drain(self):
        while True:
            try:
                record = os.read(self.fd, 8192).decode(errors="replace")
            except BlockingIOError:
                return
            except BrokenPipeError:
                self.records.write(f";{judge.LOST}\n")
                continue
            head, _, rest = record.partition(";")
            text = rest.split("\n", 1)[0]
            self.records.write(f"{head};{text}\n")
            self.readable.write(f"[{int(head.split(',')[2]) / 1e6:12.6f}] {text}\n")

    def run(self):
        while not self.over.wait(1):
            self.drain()
        self.drain()

    def end(self):
        self.say(judge.END)
        self.over.set()
        self.join()


class Lab:
    STA = "sta"         # namespace of the station

    def __init__(self, job):
        self.job = job
        self.args = job["args"]
        self.figures = {}
        self.steps = []
        self.why = []
        self.idle_knobs = set()     # "knob=value" that need not decide anything
        self.allowed = {}           # lines of the kernel: pattern -> [at least, at most]
        self.procs = []
        self.emu = None
        self.captures = True        # what long flows leave would fill a disk
        self.daemon_flags = []      # of hostapd and wpa_supplicant
        # the driver and the card stay until the guest ends, which must not take longer than this, in s
        self.shutdown_limit = 0
        self.shutdown_says = None       # what the emulator's log must end with
        self.wlan = None
        self.wpa = None
        self.bssid = None       # of the access point on the first radio
        self.log = open(OUT / "steps.txt", "w", buffering=1)
        self.follower = Follower()
        self.follower.say(judge.BEGIN)
        self.follower.start()
        # Debian's kernel has what we need as modules, and runs in real time on a machine of any speed
        self.stock = job["kind"] == "debian"
        self.patience = 10 if self.stock else 1

    # -- telling --

    def step(self, text):
        self.steps.append(text)
        self.log.write(f"[{time.monotonic():10.3f}] {text}\n")

    def show(self, text):
        for line in text.rstrip().splitlines():
            self.log.write(f"             {line}\n")

    def figure(self, key, value):
        self.figures[key] = value

    def plain(self):
        """Virtual time, and the chip as it is by default: figures can be judged."""
        return not self.job["real_time"] and not any("." in key for key in self.args)

    def goal(self, key, mbps, phy="ht20", proto="tcp", share=1.0):
        """A figure that has to reach what the bench asks of such a flow."""
        self.figure(key, mbps)
        low = goals.MBPS[phy][proto] * share
        self.expect(not self.plain() or mbps >= low, f"{key} is {mbps} Mbit/s, goal {low:g}")

    def expect(self, cond, text):
        if not cond:
            raise Failed(text)

    def allow_log(self, pattern, times):
        """
        A line at warn or above that this scenario provokes on purpose, and how often: so many times, or from so many
        to so many; None has no end. Said twice, the two add up.
        """
        low, high = times if isinstance(times, tuple) else (times, times)
        have = self.allowed.setdefault(pattern, [0, 0])
        have[0] += low
        have[1] = None if high is None or have[1] is None else have[1] + high

    def allow_exceptions(self, times):
        """Firmware that dies with a word, and the reset that follows."""
        self.allow_log("firmware exception 4, ", times)
        self.allow_log("firmware exception: resetting the chip", times)

    def allow_failed_resets(self, times):
        """What core and driver say of a chip that stays dead."""
        self.allow_log("mmc.: tried to HW reset card, got error -110", times)
        self.allow_log(r"reset failed \(-110\), next try in", times)

    def wait(self, cond, text, timeout=30, every=0.05):
        end = time.monotonic() + timeout * self.patience
        while time.monotonic() < end:
            value = cond()
            if value:
                return value
            time.sleep(every)
        raise Failed(f"not within {timeout} s: {text}")

    # -- the chip --

    def start_chip(self, knobs=None, plug=True):
        cmd = [self.job["emulator"], "--vsdio", "/dev/vsdio", "--control", CONTROL,
               "--counters", OUT / "counters.json", "--log", OUT / "emulator.log", "--seed", "1"]
        if self.captures:
            cmd += ["--bus-pcap", OUT / "bus.pcapng", "--air-pcap", OUT / "air.pcapng"]
        given = {k: v for k, v in self.args.items() if "." in k}     # chip.knob=value on the command line
        for k, v in {**(knobs or {}), **given}.items():
            cmd += ["--knob", f"{k}={v}"]
        self.emu = self.spawn(cmd, OUT / "emulator.txt")
        self.wait(lambda: listens(CONTROL), "the emulator's control socket", 5)
        if plug:
            self.control("plug")

    def control(self, line):
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(CONTROL)
            s.sendall(line.encode() + b"\n")
            answer = json.loads(s.makefile().readline())
        if isinstance(answer, dict) and "error" in answer:
            raise Failed(f"{line}: {answer['error']}")
        return answer

    def counters(self):
        return self.control("counters")

    def insmod(self, name):
        if self.stock:
            sh("modprobe", name)
        else:
            sh("insmod", f"{self.job['modules']}/{name}.ko")

    def listen(self):
        """A socket on which the kernel tells of new devices, as udev has it."""
        s = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, NETLINK_KOBJECT_UEVENT)
        s.bind((0, 1))
        s.settimeout(30 * self.patience)
        return s

    def autoload(self, uevents):
        """Loads the driver of the next SDIO card by its alias, as udev would; returns the alias."""
        while True:
            words = dict(w.split("=", 1) for w in uevents.recv(8192).decode(errors="replace").split("\0") if "=" in w)
            if words.get("ACTION") == "add" and words.get("SUBSYSTEM") == "sdio" and "MODALIAS" in words:
                sh("modprobe", words["MODALIAS"])
                return words["MODALIAS"]

    def load(self):
        """Our modules; with Debian's kernel what UML has built in instead of the driver, which is loaded by its alias."""
        sh("ip", "link", "set", "lo", "up")
        if self.stock and self.job["radios"]:
            sh("modprobe", "mac80211_hwsim", f"radios={self.job['radios']}")
        self.insmod("vsdio")
        if not self.stock:
            self.insmod("bes2600")

    def unload(self, name):
        if re.search(f"^{name} ", Path("/proc/modules").read_text(), re.M):
            sh("rmmod", name)

    def interfaces(self):
        """Names of the card's interfaces that are not in a namespace yet."""
        return [p.name for p in Path("/sys/bus/sdio/devices").glob("*/net/*")]

    def find_card(self):
        """Waits for the interface of the card and moves it to its own namespace."""
        self.wlan = self.wait(self.interfaces, "an interface of bes2600", 20)[0]
        phy = Path(f"/sys/class/net/{self.wlan}/phy80211/name").read_text().strip()
        if not Path("/run/netns/sta").exists():
            sh("ip", "netns", "add", self.STA)
            sh("ip", "link", "set", "lo", "up", ns=self.STA)
        sh("iw", "phy", phy, "set", "netns", "name", self.STA)
        self.phy = phy
        # it gets another name there if its own is taken
        self.wlan = sh("ls", f"/sys/class/ieee80211/{phy}/device/net", ns=self.STA).split()[0]
        return self.wlan

    def bring_up(self, knobs=None):
        """Modules, chip, interface: the common beginning."""
        self.load()
        if self.stock:
            with self.listen() as uevents:
                self.start_chip(knobs)
                self.step(f"driver loaded by its alias, {self.autoload(uevents)}")
        else:
            self.start_chip(knobs)
        self.find_card()
        self.up()

    def up(self):
        sh("ip", "link", "set", self.wlan, "up", ns=self.STA)

    def down(self):
        sh("ip", "link", "set", self.wlan, "down", ns=self.STA)

    def mac(self):
        """The station's address."""
        return sh("cat", f"/sys/class/net/{self.wlan}/address", ns=self.STA).strip()

    def probe(self, log, timeout):
        """Plugs the card: whether its interface appears, and what the kernel says until then."""
        mark = log.mark()
        self.control("plug")

        def end():
            if re.search(r"probe.*failed with error|error -\d+ whilst initialising", log.text(mark)):
                return "failed"
            return "up" if self.interfaces() else None
        return self.wait(end, "the end of the probe", timeout) == "up", log.text(mark)

    def debugfs(self, file="status"):
        """What the driver says of itself."""
        return Path(f"/sys/kernel/debug/ieee80211/{self.phy}/bes2600/{file}").read_text()

    def driver(self, name, file="status"):
        """A counter of the driver, from its debugfs file."""
        return int(re.search(rf"^{name}: *(\d+)", self.debugfs(file), re.M)[1])

    def health(self, name):
        """A counter of the driver's first interface."""
        return self.driver(name, "vif_0/status")

    # -- access points and the station's user space --

    def spawn(self, cmd, log, ns=None):
        cmd = [str(c) for c in cmd]
        if ns:
            cmd = ["ip", "netns", "exec", ns] + cmd
        p = subprocess.Popen(cmd, stdin=subprocess.DEVNULL, stdout=open(log, "w"), stderr=subprocess.STDOUT)
        self.procs.append(p)
        return p

    def ap(self, ssid="lab", channel=6, security="wpa2", radio=0, ht40=False, extra="", address="10.0.0.1/24",
           capab="[SHORT-GI-20][SHORT-GI-40]"):
        """An access point on a radio of hwsim; capab: of its HT capabilities what does not follow from the width."""
        conf = [f"interface=wlan{radio}", "driver=nl80211", f"ssid={ssid}", f"channel={channel}",
                f"hw_mode={'g' if channel <= 14 else 'a'}", "country_code=US", "ieee80211n=1",
                "wmm_enabled=1", f"ctrl_interface=/run/hostapd{radio}"]
        if ht40:
            up = (channel // 4) % 2 == 1 if channel > 14 else channel < 7
            conf.append(f"ht_capab=[HT40{'+' if up else '-'}]{capab}")
        else:
            conf.append("ht_capab=[SHORT-GI-20]")
        if security in ("wpa2", "wpa3"):
            conf += ["wpa=2", "rsn_pairwise=CCMP", "wpa_passphrase=12345678",
                     f"wpa_key_mgmt={'WPA-PSK' if security == 'wpa2' else 'SAE'}"]
        if security == "tkip":
            conf += ["wpa=1", "wpa_pairwise=TKIP", "wpa_passphrase=12345678", "wpa_key_mgmt=WPA-PSK"]
        if security == "wpa3":
            conf.append("ieee80211w=2")
        if self.stock and security != "open":
            conf.append("wpa_pairwise_update_count=60")     # tries, 1 s apart: a busy machine is no defect
        conf += extra.split("\n") if extra else []
        path = f"/run/hostapd{radio}.conf"
        Path(path).write_text("\n".join(conf) + "\n")
        p = self.spawn(["hostapd", "-t", *self.daemon_flags, path], OUT / f"hostapd{radio}.txt")
        self.wait(lambda: "AP-ENABLED" in (OUT / f"hostapd{radio}.txt").read_text(), "the access point", 30)
        if address:
            sh("ip", "addr", "add", address, "dev", f"wlan{radio}")
        if not radio:
            self.bssid = self.ap_mac()
        return p

    def ap_mac(self, radio=0):
        return Path(f"/sys/class/net/wlan{radio}/address").read_text().strip()

    def network(self, ssid="lab", security="wpa2", passphrase="12345678", extra=""):
        lines = [f'ssid="{ssid}"']
        if security == "open":
            lines.append("key_mgmt=NONE")
        elif security == "wpa2":
            lines += [f'psk="{passphrase}"', "key_mgmt=WPA-PSK"]
        elif security == "tkip":
            lines += [f'psk="{passphrase}"', "key_mgmt=WPA-PSK", "proto=WPA", "pairwise=TKIP"]
        else:
            lines += [f'sae_password="{passphrase}"', "key_mgmt=SAE", "ieee80211w=2"]
        return "network={\n " + "\n ".join(lines + ([extra] if extra else [])) + "\n}\n"

    def start_wpa(self, networks):
        Path("/run/wpa.conf").write_text("ctrl_interface=/run/wpa\ncountry=US\n" + networks)
        self.wpa = self.spawn(["wpa_supplicant", "-t", *self.daemon_flags, "-D", "nl80211", "-i", self.wlan,
                               "-c", "/run/wpa.conf"], OUT / "wpa_supplicant.txt", ns=self.STA)

    def wpa_cli(self, *words):
        """A command on wpa_supplicant's control socket: its answer, as wpa_cli prints it."""
        own = f"/run/wpa-lab-{os.getpid()}"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
            try:
                s.bind(own)
                s.connect(f"/run/wpa/{self.wlan}")
                s.settimeout(10)
                s.send(" ".join([words[0].upper(), *words[1:]]).encode())
                return s.recv(4096).decode(errors="replace")
            finally:
                os.unlink(own)

    def connected(self):
        try:
            return "wpa_state=COMPLETED" in self.wpa_cli("status")
        except (FileNotFoundError, ConnectionRefusedError, TimeoutError):
            return False        # not started yet, or it waits for a slow chip

    def joins(self):
        """How often the chip was asked to join."""
        return self.counters()["chip"]["req_000b"] if self.emu else 0

    def connect(self, timeout=30, joins=1, **kw):
        """Connects; by so many requests to join, or any number if None. Returns how long it took."""
        begin, before = time.monotonic(), self.joins()
        self.start_wpa(self.network(**kw))
        self.wait(self.connected, "a connection", timeout)
        took, asked = time.monotonic() - begin, self.joins() - before
        if self.emu and joins is not None:
            self.expect(asked == joins, f"connected by {asked} requests to join, expected {joins}")
        return took

    def reconnected(self, log, after, text="a connection", timeout=30):
        """A new association and what follows it: user space alone may not have noticed the end of the old one yet."""
        self.wait(lambda: log.first(": associated", after) and self.connected(), text, timeout)

    def scan(self, *words):
        """Table of what a scan finds: {bssid: (freq, signal, ssid)}."""
        text = sh("iw", "dev", self.wlan, "scan", *words, ns=self.STA)
        found = {}
        for block in re.split(r"^BSS ", text, flags=re.M)[1:]:
            ssid = re.search(r"^\tSSID: ?(.*)$", block, re.M)
            found[block[:17]] = (int(float(re.search(r"freq: ([\d.]+)", block)[1])),
                                 float(re.search(r"signal: (-?[\d.]+)", block)[1]),
                                 ssid[1] if ssid else "")
        return found

    def addresses(self):
        return sh("ip", "-4", "addr", "show", "dev", self.wlan, ns=self.STA)

    def know_ap(self, radio=0, address="10.0.0.1"):
        """No ARP: its pace, a question a second, would hide ours."""
        sh("ip", "neigh", "replace", address, "lladdr", self.ap_mac(radio), "nud", "permanent", "dev", self.wlan,
           ns=self.STA)
        sh("ip", "neigh", "replace", "10.0.0.2", "lladdr", self.mac(), "nud", "permanent", "dev", f"wlan{radio}")

    def link(self):
        return sh("iw", "dev", self.wlan, "link", ns=self.STA)

    def ended(self, p):
        """Waits for the end of a process."""
        p.wait()
        self.procs.remove(p)

    def stop(self, p):
        p.send_signal(signal.SIGTERM)
        self.ended(p)

    def kill(self, p):
        p.kill()
        self.ended(p)

    def stop_wpa(self):
        if self.wpa:
            self.stop(self.wpa)
        self.wpa = None

    # -- traffic --

    def address(self, addr="10.0.0.2/24"):
        sh("ip", "addr", "add", addr, "dev", self.wlan, ns=self.STA)

    def dhcp(self):
        Path("/run/udhcpd.conf").write_text(
            "start 10.0.0.20\nend 10.0.0.40\ninterface wlan0\nlease_file /run/leases\n"
            "pidfile /run/udhcpd.pid\noption subnet 255.255.255.0\noption lease 3600\n")
        Path("/run/leases").touch()
        script = Path("/run/udhcpc.sh")
        script.write_text("#!/bin/sh\n[ \"$1\" = bound ] && ip addr add $ip/24 dev $interface\nexit 0\n")
        script.chmod(0o755)
        self.spawn(["busybox", "udhcpd", "-f", "/run/udhcpd.conf"], OUT / "udhcpd.txt")
        return sh("busybox", "udhcpc", "-n", "-q", "-f", "-i", self.wlan, "-s", script, ns=self.STA)

    def ping(self, target="10.0.0.1", count=5, size=56, interval=0.05, ns=STA):
        """
        Replies, and their mean time in ms. That of busybox waits a second for what is late; that of iputils ends two
        round trips after the last question.
        """
        text = sh("busybox", "ping", "-c", count, "-i", interval, "-s", size, "-W", 2, target, ns=ns, check=False)
        m = re.search(r"(\d+) packets received", text)
        rtt = re.search(r"= ([\d.]+)/([\d.]+)/([\d.]+)", text)
        return int(m[1]) if m else 0, float(rtt[2]) if rtt else None

    def iperf(self, *words, seconds=5):
        """Mbit/s at the receiver."""
        server = self.spawn(["iperf3", "-s", "-1"], OUT / "iperf-server.txt")
        time.sleep(0.3)
        text = sh("iperf3", "-J", "-c", "10.0.0.1", "-t", seconds, *words, ns=self.STA, timeout=seconds + 60)
        self.ended(server)
        end = json.loads(text)["end"]
        total = end.get("sum_received") or end["sum"]
        return round(total["bits_per_second"] / 1e6, 2)

    def pinger(self, ms, log):
        """
        Pings of the AP, so many ms apart, until stopped; a line for each reply: when (s, monotonic), and the round trip
        (ms). ping(8) spins for half of a short interval.
        """
        return self.spawn([f"{self.job['root']}/build/flow", "ping", "10.0.0.1", ms], log, ns=self.STA)

    def receiver(self, port, ns=None):
        """Starts counting what comes in at a port; count() tells."""
        p = subprocess.Popen((["ip", "netns", "exec", ns] if ns else []) +
                             [f"{self.job['root']}/build/flow", "recv", str(port)], stdout=subprocess.PIPE)
        self.procs.append(p)
        time.sleep(0.05)
        return p

    def count(self, receiver):
        """Ends a receiver: {bytes, packets, connections, seconds, mbps}."""
        receiver.send_signal(signal.SIGTERM)
        self.procs.remove(receiver)
        return json.loads(receiver.communicate()[0])

    def sender(self, proto, down, port=5001, seconds=1, mbps=0, length=None, tick=4):
        """Starts a flow to or from the station; with a rate, what is due in each tick, in ms, is sent at once."""
        length = length or (1448 if proto == "tcp" else 1472)
        return self.spawn([f"{self.job['root']}/build/flow", "send", proto, "10.0.0.2" if down else "10.0.0.1",
                           port, seconds, mbps, length, tick], OUT / "flow.txt", ns=None if down else self.STA)

    def flow(self, proto, down, **kw):
        """One flow, what its receiver counted."""
        receiver = self.receiver(kw.get("port", 5001), ns=self.STA if down else None)
        sender = self.sender(proto, down, **kw)
        self.ended(sender)
        # what is still on its way
        time.sleep(0.5)
        return self.count(receiver)

    # -- the end --

    def check_leaks(self):
        scan = Path("/sys/kernel/debug/kmemleak")
        if not scan.exists():
            return
        for _ in range(2):      # an object must be seen lost twice
            scan.write_text("scan")
            time.sleep(6)
        leaks = scan.read_text()
        if leaks.strip():
            (OUT / "kmemleak.txt").write_text(leaks)
            self.why.append(f"kmemleak: {leaks.count('unreferenced object')} objects, see kmemleak.txt")

    def end_chip(self):
        """The emulated chip's last word: its counters. What they and its log are worth is judged by the host."""
        if self.emu.poll() is not None:
            self.why.append(f"the emulator died ({self.emu.returncode}), see emulator.txt")
            return None
        if self.shutdown_limit:
            return self.counters()
        # the driver leaves first, as it would on a tablet; then the card
        self.unload("bes2600")
        self.emu.send_signal(signal.SIGTERM)
        if self.emu.wait(30):
            self.why.append(f"the emulator ended with {self.emu.returncode}, see emulator.log")
        return json.loads((OUT / "counters.json").read_text())

    def check_knobs(self, decisions):
        """A value that was set and decided nothing: the scenario has not shown what it says."""
        for knob, values in decisions.items():
            for value, times in values.items():
                text = f"{knob}={value} has decided nothing"
                if not times and f"{knob}={value}" not in self.idle_knobs and text not in self.why:
                    self.why.append(text)

    def finish(self):
        for p in [p for p in self.procs if p is not self.emu]:
            p.kill()
            p.wait()
        counters = None
        try:
            counters = self.end_chip() if self.emu else None
            if not self.shutdown_limit:
                self.unload("bes2600")
                self.unload("vsdio")
        except (Failed, OSError, ValueError, subprocess.TimeoutExpired) as e:
            self.why.append(f"at the end: {e!r}")
        if counters:
            self.check_knobs(counters["chip"]["knobs"])
        # the leak checker takes 12 s, in which what a shutdown is to interrupt would be over
        if not self.shutdown_limit:
            self.check_leaks()
        self.follower.end()
        result = {"name": self.job["name"], "args": self.args, "ok": not self.why, "why": self.why,
                  "figures": self.figures, "steps": self.steps, "virtual_s": round(time.monotonic(), 3),
                  "allowed": [[pattern, *times] for pattern, times in self.allowed.items()],
                  "chip": self.emu is not None}
        if self.shutdown_limit:
            result["shutdown_limit_s"] = self.shutdown_limit
            result["shutdown_says"] = self.shutdown_says
        if counters:
            result["counters"] = counters
        (OUT / "result.json").write_text(json.dumps(result, indent=1, sort_keys=True) + "\n")


def load(job):
    path = f"{job['root']}/lab/scenarios/{job['name']}.py"
    spec = importlib.util.spec_from_file_location("scenario", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main():
    job = json.loads((OUT / "job.json").read_text())
    lab = Lab(job)
    try:
        load(job).run(lab)
    except Failed as e:
        lab.why.append(str(e))
    except Exception:
        lab.why.append(traceback.format_exc())
    lab.finish()


def shell():
    job = json.loads((OUT / "job.json").read_text())
    lab = Lab(job)
    lab.bring_up()
    lab.ap()
    print(f"An access point 'lab' (WPA2, passphrase 12345678) is on channel 6, 10.0.0.1.\n"
          f"The station is {lab.wlan} in namespace 'sta': try 'ip netns exec sta iw dev {lab.wlan} scan'.\n"
          "Control the chip: 'chip counters', 'chip inject lose-irq 1' (docs/emulator.md has all). "
          "Time moves only while something waits. 'exit' ends the guest.",
          flush=True)
    subprocess.run(["setsid", "-c", "/bin/bash", "-i"], check=False)
    lab.finish()


if __name__ == "__main__":
    # scenarios import this module by its name; there must be one copy of it
    import guestlib
    guestlib.shell() if "shell" in sys.argv else guestlib.main()
