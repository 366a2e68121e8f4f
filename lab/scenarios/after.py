# SPDX-License-Identifier: GPL-2.0-or-later
"""State after something: speed after a scan, another address, the same thing twice, an end right behind an event."""
import subprocess
import time

from guestlib import OUT, KernelLog, sh

RADIOS = 2
ARGS = {"part": ["scan", "address", "twice", "down", "rmmod"]}
DELAYS = (0.0, 0.02, 0.06, 0.12, 0.2)     # s from an event to its end


def station(lab, radio=0, freq=2437, **kw):
    lab.connect(extra=f"scan_freq={freq}", **kw)
    sh("ip", "addr", "flush", "dev", lab.wlan, ns=lab.STA)
    lab.address()
    lab.know_ap(radio=radio)


def speeds(lab):
    return [lab.flow("udp", down, seconds=0.5, mbps=200)["mbps"] for down in (True, False)]


def scan(lab, log):
    """A link of 40 MHz is as fast after a scan as before, whether the scan ended well or not."""
    ap = lab.ap(ssid="wide", radio=1, channel=36, ht40=True)
    station(lab, radio=1, freq=5180, ssid="wide")
    # the first flow sets up its block ack session
    speeds(lab)
    before = speeds(lab)
    lab.scan()
    after = speeds(lab)
    lab.figure("scan_mbps", [before, after])
    lab.expect(min(before) > 100, f"{before} Mbit/s before the scan")
    lab.expect(all(b >= 0.99 * a for a, b in zip(before, after)), f"{before} Mbit/s before a scan, {after} after it")
    lab.stop_wpa()
    lab.stop(ap)
    sh("ip", "addr", "flush", "dev", "wlan1")


def address(lab, log):
    """Another address, while the interface is down: the chip listens to it, and to it only."""
    for mac in ("02:11:22:33:44:55", "06:aa:bb:cc:dd:ee"):
        lab.down()
        sh("ip", "link", "set", lab.wlan, "address", mac, ns=lab.STA)
        lab.up()
        station(lab)
        lab.expect(lab.mac() == mac, "the address was not taken")
        lab.expect(lab.ping(count=5)[0] == 5, f"pings lost with the address {mac}")
        lab.stop_wpa()


def power_save(lab):
    return lab.debugfs("vif_0/status").split("PowerSave: ")[1].split("\n")[0]


def again(lab, log):
    """A new association."""
    since = time.monotonic()
    lab.wpa_cli("disconnect")
    time.sleep(0.2)
    lab.wpa_cli("reconnect")
    lab.reconnected(log, since, "a new association")


def twice(lab, log):
    """What happened once in the life of a driver may happen again."""
    station(lab)
    resets = lab.driver("BusResets")
    for n in (1, 2):
        # the end of the switch that follows an association never comes
        lab.allow_log("channel switch does not end: resetting the chip", 1)
        begin = time.monotonic()
        lab.wpa_cli("disconnect")
        time.sleep(0.2)
        lab.control("inject lose-channel-switch")
        lab.wpa_cli("reconnect")
        lab.wait(lambda: lab.driver("BusResets") == resets + n, f"the reset for lost switch {n}", 20)
        lab.reconnected(log, begin + 1, f"a connection after lost switch {n}")
        lab.expect(lab.ping(count=3)[0] == 3, f"pings lost after lost switch {n}")
        time.sleep(11)
    sh("iw", "dev", lab.wlan, "set", "power_save", "on", ns=lab.STA)
    # the AP does not cope with a station that dozes; the firmware does not honour the mode
    for provoke, state in (("inject event 7 1", "off, the AP does not cope"), ("set pm.indication never", "unsupported in this")):
        for n in (1, 2):
            lab.wait(lambda: power_save(lab) == "on", f"power save, {state} {n}", 5)
            lab.control(provoke)
            if provoke.startswith("set"):
                again(lab, log)
            lab.wait(lambda: power_save(lab).startswith(state), f"power save to end for {state} {n}", 10)
            lab.control("set pm.indication after")
            again(lab, log)
    sh("iw", "dev", lab.wlan, "set", "power_save", "off", ns=lab.STA)
    lab.stop_wpa()


def background_scan(lab):
    cmd = ["ip", "netns", "exec", lab.STA, "iw", "dev", lab.wlan, "scan"]
    lab.procs.append(subprocess.Popen(cmd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))


def rejoin(lab):
    lab.wpa_cli("disconnect")
    time.sleep(0.3)
    lab.wpa_cli("reconnect")


def chip(name):
    return lambda lab: lab.counters()["chip"].get(name, 0)


# what begins, how, and what moves when it has begun
EVENTS = {
    "scan": (background_scan, chip("req_0007")),
    "join": (rejoin, chip("req_000b")),
    "leave": (lambda lab: lab.wpa_cli("disconnect"), chip("req_000a")),
    "loss": (lambda lab: lab.control("inject event 1 0"), chip("fw_events")),
    "deauthentication": (lambda lab: lab.control(f"deauth {lab.bssid} {lab.mac()} 7 1 1000"),
                         lambda lab: lab.counters()["shell"]["frames_forged"]),
    "exception": (lambda lab: lab.control("inject exception"), chip("faults")),
}


def begin(lab, name):
    """The event, under way."""
    start, moved = EVENTS[name]
    before = moved(lab)
    start(lab)
    lab.wait(lambda: moved(lab) > before, f"{name} to begin", 5, 0.001)


def welcomed(lab):
    """How often the AP has installed the station's key, without which it hears nothing of it."""
    return (OUT / "hostapd0.txt").read_text().count("AP-STA-CONNECTED")


def serves(lab, text):
    """As it was before: connects and answers."""
    before = welcomed(lab)
    sh("ip", "addr", "flush", "dev", lab.wlan, ns=lab.STA)
    lab.address()
    lab.start_wpa(lab.network(extra="scan_freq=2437"))
    lab.wait(lambda: lab.connected() and welcomed(lab) > before, f"a connection, {text}", 20)
    lab.know_ap()
    lab.expect(lab.ping(count=2)[0] == 2, f"pings lost, {text}")


def behind(lab, end):
    """Each event, and the end of the interface a moment later."""
    for name in EVENTS:
        for delay in DELAYS:
            text = f"{name}, {end.__name__} after {delay} s"
            if name == "exception":
                lab.allow_log("firmware exception 4, ", 1)
                # a driver that is unloaded at once has no word of its reset
                lab.allow_log("firmware exception: resetting the chip", 1 if delay or end is down_up else 0)
            begin(lab, name)
            time.sleep(delay)
            since = time.monotonic()
            end(lab)
            lab.step(f"{text}: took {time.monotonic() - since:.3f} s")
            serves(lab, text)
            if name == "exception":
                time.sleep(11)


def down_up(lab):
    lab.stop_wpa()
    lab.down()
    lab.up()


def reload(lab):
    lab.unload("bes2600")
    lab.stop_wpa()
    lab.insmod("bes2600")
    lab.find_card()
    lab.up()


def down(lab, log):
    serves(lab, "first")
    behind(lab, down_up)
    lab.stop_wpa()


def rmmod(lab, log):
    serves(lab, "first")
    behind(lab, reload)
    lab.stop_wpa()


def run(lab):
    parts = {"scan": scan, "address": address, "twice": twice, "down": down, "rmmod": rmmod}
    lab.bring_up()
    log = KernelLog()
    wanted = lab.args.get("part", ",".join(parts)).split(",")
    # two APs with one address: that of the other parts comes behind the fast one
    for name in sorted(wanted, key=lambda name: name != "scan"):
        if name != "scan" and not lab.bssid:
            lab.ap()
        parts[name](lab, log)
        lab.step(f"{name}: fine")
