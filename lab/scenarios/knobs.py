# SPDX-License-Identifier: GPL-2.0-or-later
"""Every reading of the description that the chip may turn out to follow (part=1/4, or only=KNOB:VALUE,...).

Each row drives the situation in which its value matters, and fails if the chip was never in it: the chip counts what its
knobs decide. Values that are shown elsewhere are listed with the place.
"""
import struct
import time

from guestlib import OUT, Failed, part, sh

RADIOS = 4

# knob, values other than the default, what the driver goes through beside exercise()
MATRIX = [
    ("card.functions", "2", None),
    ("card.cccr", "3.00", None),
    ("boot.frame_max", "512 1028 2048 32768", None),
    ("boot.room", "1", None),
    ("boot.room_delay", "500 2500", None),
    ("boot.calibration", "0 3000 14000", None),
    ("boot.calibration_bus", "crc silent", None),
    ("boot.dpd_bit", "clears", None),
    ("boot.mcu_ready", "0 3000", None),
    ("reset.effect", "running", "replug"),
    ("start.credits", "2 4 8 64", None),
    ("start.size", "0", None),
    ("start.length", "168", None),
    ("rx.stale_reads", "1 2 3 4 5 6", None),
    ("rx.irq_between", "once", None),
    ("rx.wrong_toggle", "next", "read_errors"),
    ("tx.wrong_toggle", "take", "write_errors"),
    ("rx.burst", "1 2 4 8 15", None),
    ("rx.holdoff", "500 5000", None),
    ("rx.jitter", "10 1000", None),
    ("rx.buffer", "4", None),
    ("rx.mcu_mixed", "apart", "bluetooth"),
    ("confirm.interface", "zero", None),
    ("confirm.delay", "0 100 2900", None),
    ("confirm.tx", "single multi", None),
    ("confirm.tx_max", "1 2 8 81", None),
    ("confirm.tx_holdoff", "2000", None),
    ("confirm.order", "overtake", "commands"),
    ("mcu.confirm", "20", None),
    ("mib.unknown", "refused", None),
    ("reset.keys", "kept", None),
    ("rx.cipher", "7", None),
    ("rx.tkip_mic", "stripped", "tkip"),
    ("rx.no_key", "plain", "no_key"),
    ("rx.reserved", "random", None),
    ("rx.tsf", "appended", None),
    ("rx.amsdu", "whole", "amsdu"),
    ("rx.bar", "passed", "bar"),
    ("scan.gap", "20000 150000", None),
    ("scan.dwell", "ms", None),
    ("scan.complete_if", "2", None),
    ("channel.indication", "500 3000", None),
    ("config.again", "forgets", "address"),
    ("loss.repeat", "repeated", "silence"),
    ("loss.rearm", "ignored", "beacons"),
    ("deauth.effect", "ends", None),
    ("bus.cmd52", "0 400", None),
    ("bus.cmd53", "0 600", None),
]
# other knobs that a value needs to show
NEEDS = {
    "boot.calibration_bus": {"boot.calibration": "2000"},
    "rx.burst": {"rx.holdoff": "2000"},
    "rx.wrong_toggle": {"rx.burst": "1"},       # the next burst is as long as the one before
    "rx.buffer": {"rx.holdoff": "2000"},
    "rx.mcu_mixed": {"rx.holdoff": "5000"},
    "confirm.tx": {"confirm.tx_holdoff": "2000"},
    "confirm.tx_max": {"confirm.tx_holdoff": "5000", "start.credits": "64"},
    "confirm.order": {"confirm.tx_holdoff": "5000"},
}
# those of other scenarios, which fail as well if the value decides nothing
ELSEWHERE = [
    ("pm.indication", "before late never wrong status twice fast-only not-active", "powersave"),
    ("join.fail_delay", "5000", "joins"),
    ("channel.joined", "stays", "chanswitch"),
    ("wake.line", "high low", "suspend mcu=sleeps"),
    # after 2 ms the driver has not even looked
    ("wake.settle", "3 4 40", "suspend mcu=sleeps"),
    ("sleep.cmd52", "silent busy", "suspend mcu=sleeps"),
    ("bt.mcu_sleep", "stops", "suspend mcu=sleeps"),
]
# into which the driver does not come: a unit test of the emulated chip shows what the value does
UNIT = [
    ("boot.check", "lax", "the driver downloads nothing that a strict loader refuses"),
    ("tx.slot_mix", "refused", "the driver puts each message into the class of its own length"),
    ("tx.mcu_shared", "taken", "the driver sends MCU commands alone"),
    ("tx.byte_mode", "ignored", "the driver writes in block mode"),
    ("host.sequence", "ignored fatal", "the driver leaves no number out"),
    ("key.remove_empty", "refused", "the driver removes the keys that it has added"),
    ("join.again", "wedges", "the driver resets the interface after a failed join"),
    ("lp.active_again", "never", "the driver does not write MIB 0x1006"),
    ("lp.commands", "refused unanswered", "the driver sends nothing while the controller sleeps: Wi-Fi is off then"),
    ("sleep.interrupt", "pin none", "the chip has nothing to say while the controller sleeps: Wi-Fi is off then"),
    ("scan.5ghz", "valid all", "the driver scans one channel of 5 GHz at a time"),
    ("scan.dwell", "min", "the driver stays on a channel for a fixed time"),
    ("scan.rate5g", "refused", "the driver names an OFDM rate on 5 GHz"),
    ("doorbell.again", "drops", "the driver rings for nothing that it sees done"),
    ("ap.links", "5", "the driver has no access point mode"),
]
ARGS = {"part": "i/n", "only": [f"{knob}:{value}" for knob, values, _ in MATRIX for value in values.split()]}
CHANNELS = ("2437", "5180", "5200", "5240")


def open_network(lab):
    """Frames that are put on the air by hand need a network without keys."""
    lab.stop_wpa()
    lab.start_wpa(lab.network(ssid="open", security="open", extra="scan_freq=2412"))
    lab.wait(lab.connected, "a connection without keys", 60)


def header(lab, fc, seq, qos=None):
    ap, sta = (bytes.fromhex(mac.replace(":", "")) for mac in (lab.ap_mac(2), lab.mac()))
    head = struct.pack("<HH", fc, 0) + sta + ap + ap + struct.pack("<H", seq << 4)
    return head + (struct.pack("<H", qos) if qos is not None else b"")


def replug(lab):
    """Firmware that outlives its card."""
    lab.stop_wpa()
    lab.control("unplug")
    time.sleep(1)
    lab.control("plug")
    lab.find_card()
    lab.up()
    lab.connect(timeout=60, extra="scan_freq=2437")
    lab.address()


def read_errors(lab):
    """A read that went well, but not for the host: asked again, the chip has gone on, and a burst is lost."""
    lab.allow_log("message: out of sequence", 1)
    lab.allow_log("bes2600.*: resetting the chip", 1)
    for _ in range(50):
        lab.control("inject crc-read 1 0x804")
        lab.flow("udp", True, seconds=0.1)
        if decided(lab, "rx.wrong_toggle", "next"):
            break
    lab.wait(lab.connected, "a connection after a lost burst", 60)
    lab.expect(lab.ping()[0] == 5, "pings lost after a lost burst")


def write_errors(lab):
    """Writes that went well, but not for the host: the chip takes the frames twice, and confirms each."""
    faults = lab.counters()["chip"]["faults"]
    for _ in range(20):
        lab.control("inject crc-status 1 0x004")
        lab.flow("udp", False, seconds=0.1)
    lab.expect(lab.counters()["chip"]["faults"] - faults == 20, "not each error came")
    lab.expect(lab.driver("copies", "stats") >= 20, "copies that nobody noticed")
    # a place that is not given back would be missed after 3 s
    time.sleep(4)
    lab.expect(lab.ping()[0] == 5, "pings lost after frames that were taken twice")
    lab.expect(not lab.driver("resets", "stats"), "a reset because of frames that were taken twice")


def bluetooth(lab):
    """Indications of the controller among received frames."""
    receiver = lab.receiver(5001, ns=lab.STA)
    sender = lab.sender("udp", True, seconds=0.5)
    for _ in range(20):
        lab.control("inject bt 0")
        time.sleep(0.02)
    lab.ended(sender)
    lab.count(receiver)


def commands(lab):
    """Commands while frames are in the chip."""
    receiver = lab.receiver(5001)
    sender = lab.sender("udp", False, seconds=1)
    for state in ("on", "off") * 5:
        sh("iw", "dev", lab.wlan, "set", "power_save", state, ns=lab.STA)
        time.sleep(0.05)
    lab.ended(sender)
    lab.count(receiver)


def tkip(lab):
    lab.stop_wpa()
    lab.start_wpa(lab.network(ssid="tkip", security="tkip", extra="scan_freq=2462"))
    lab.wait(lab.connected, "a connection with TKIP", 60)
    for size in (0, 1, 700, 1472):
        lab.expect(lab.ping("10.0.3.1", size=size, count=2)[0] == 2, f"pings of {size} bytes lost with TKIP")
    # a frame whose MIC is wrong is noticed all the same, and the AP gives new keys
    lab.allow_log("Rekeying PTK for STA .* but driver can't safely do that", 1)
    lab.control("inject rx-status 5 1")
    lab.ping("10.0.3.1", count=1)
    log = (OUT / "wpa_supplicant.txt").read_text()
    lab.expect("Michael MIC failure" in log, "a wrong MIC went unnoticed")


def no_key(lab):
    open_network(lab)
    for seq in range(3):
        frame = header(lab, 0x4288, seq, qos=0) + bytes([seq + 1, 0, 0, 0x20, 0, 0, 0, 0]) + bytes(40)
        lab.control(f"send 2412 {frame.hex()}")
    lab.expect(lab.ping("10.0.2.1")[0] == 5, "pings lost after frames without a key")


def datagram(payload):
    """From the open access point to the station's port 5001; no checksum."""
    udp = struct.pack(">HHHH", 5001, 5001, 8 + len(payload), 0) + payload
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0, bytes([10, 0, 2, 1]), bytes([10, 0, 2, 2]))
    total = sum(struct.unpack(">10H", ip))
    total = (total & 0xffff) + (total >> 16)
    ip = ip[:10] + struct.pack(">H", ~total & 0xffff) + ip[12:]
    return b"\xaa\xaa\x03\0\0\0\x08\0" + ip + udp


def amsdu(lab):
    open_network(lab)
    ap, sta = (bytes.fromhex(mac.replace(":", "")) for mac in (lab.ap_mac(2), lab.mac()))
    receiver = lab.receiver(5001, ns=lab.STA)
    for seq in range(5):
        body = b""
        for text in (b"one", b"another"):
            body += bytes(-len(body) % 4)
            msdu = datagram(text * 10)
            body += sta + ap + struct.pack(">H", len(msdu)) + msdu
        lab.control(f"send 2412 {(header(lab, 0x0288, seq + 100, qos=0x80) + body).hex()}")
        time.sleep(0.05)
    got = lab.count(receiver)
    lab.expect(got["packets"] == 10, f"of 10 datagrams in 5 frames: {got}")


def bar(lab):
    open_network(lab)
    frame = header(lab, 0x0084, 0)[:16] + struct.pack("<HH", 0x0005, 0)
    lab.control(f"send 2412 {frame.hex()}")
    lab.expect(lab.ping("10.0.2.1")[0] == 5, "pings lost after a block ack request")


def address(lab):
    """The chip is configured anew for another address, and then driven hard."""
    lab.stop_wpa()
    lab.down()
    sh("ip", "link", "set", lab.wlan, "address", "02:12:34:56:78:9a", ns=lab.STA)
    lab.up()
    lab.connect(timeout=60, extra="scan_freq=2437")
    got = lab.flow("udp", False, seconds=0.5)
    lab.expect(got["mbps"] > 20, f"with another address: {got}")


def silence(lab):
    def vanish():
        lab.control("mute " + lab.bssid)
        lab.control("at 7 unmute " + lab.bssid)
    reconnected(lab, vanish, "a silent access point")


def beacons(lab):
    """Beacons are said to be lost, but the AP answers: the driver asks for the count to begin anew."""
    lab.control("inject event 1 0")
    time.sleep(2)
    lab.expect(lab.connected() and lab.ping()[0] == 5, "an AP that answers was given up")
    silence(lab)


SITUATIONS = {f.__name__: f for f in (replug, read_errors, write_errors, bluetooth, commands, tkip, no_key, amsdu, bar,
                                      address, silence, beacons)}


def reconnected(lab, how, text):
    """The AP lets the station go; user space has to find back without help."""
    how()
    lab.wait(lambda: not lab.connected(), f"the loss to be noticed: {text}", 20)
    lab.wait(lab.connected, f"a connection after {text}", 90)


def exercise(lab, situation):
    lab.find_card()
    lab.up()
    # two channels: with the slowest confirms a whole scan outlives its first results
    slow = lab.control("knobs")["confirm.delay"] > 100
    found = lab.scan("freq", *(CHANNELS if not slow else ("2437", "5240")))
    lab.expect({f for f, _, _ in found.values()} >= {2437, 5240}, f"the scan finds only {found}")
    if slow:
        return      # two dozen messages in a row: the AP has no patience for that
    lab.connect(timeout=90, extra="scan_freq=2437 5240")
    lab.address()
    for size in (0, 56, 700, 1472):
        lab.expect(lab.ping(size=size, count=2)[0] == 2, f"pings of {size} bytes lost")
    for down in (True, False):
        for proto in ("udp", "tcp"):
            got = lab.flow(proto, down, seconds=0.3)
            lab.expect(got["mbps"] > 0.2, f"{proto} {'down' if down else 'up'}: {got}")
    mac = lab.mac()
    reconnected(lab, lambda: sh("hostapd_cli", "-p", "/run/hostapd0", "-s", "/run", "deauthenticate", mac),
                "deauthentication")
    lab.expect(lab.ping(count=3)[0] >= 2, "pings lost after the reconnection")
    if situation:
        for net in (2, 3):
            lab.address(f"10.0.{net}.2/24")
        SITUATIONS[situation](lab)


def decided(lab, knob, value):
    return lab.counters()["chip"]["knobs"][knob].get(value, 0)


def one(lab, knob, value, situation):
    extra = NEEDS.get(knob, {})
    default = lab.control("knobs")
    for k, v in {**extra, knob: value}.items():
        lab.control(f"set {k} {v}")
    lab.step(f"{knob}={value}")
    if knob == "scan.gap":
        lab.allow_log("start scan refused", (0, None))      # the first one that comes too soon
    before = decided(lab, knob, value)
    lab.control("plug")
    try:
        exercise(lab, situation)
    except Failed as e:
        lab.why.append(f"{knob}={value}: {e}")
    times = decided(lab, knob, value) - before
    lab.check_knobs({knob: {value: times}})
    lab.stop_wpa()
    lab.control("unplug")
    for k in {**extra, knob: value}:
        lab.control(f"set {k} {default[k]}")
    return times


def access_points(lab):
    lab.ap()
    lab.ap(ssid="five", channel=48, radio=1, address=None)
    lab.ap(ssid="open", channel=1, security="open", radio=2, address="10.0.2.1/24")
    lab.ap(ssid="tkip", channel=11, security="tkip", radio=3, address="10.0.3.1/24")


def run(lab):
    lab.load()
    lab.start_chip(plug=False)
    access_points(lab)
    rows = [(knob, value, situation) for knob, values, situation in MATRIX for value in values.split()]
    if "only" in lab.args:
        rows = [row for row in rows if f"{row[0]}:{row[1]}" in lab.args["only"].split(",")]
    rows = part(rows, lab.args.get("part", "1/1"))
    table = [(knob, value, one(lab, knob, value, situation), situation or "") for knob, value, situation in rows]
    lab.figure("values", len(rows))
    lab.figure("vacuous", sum(not row[2] for row in table))
    for knob, value, times, situation in table:
        lab.show(f"{knob:22} {value:10} {times:8} {situation}")
    for knob, values, where in ELSEWHERE + UNIT:
        for value in values.split():
            lab.show(f"{knob:22} {value:10} {'-':>8} {where if (knob, values, where) in ELSEWHERE else 'unit test: ' + where}")
