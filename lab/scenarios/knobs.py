# SPDX-License-Identifier: GPL-2.0-or-later
"""Every reading of the description that the chip may turn out to follow (part=1/4, or only=KNOB:VALUE)."""
from guestlib import Failed, part, sh

RADIOS = 2
ARGS = {"part": "i/n", "only": "knob:value"}

# knob, values other than the default, and other knobs that the value needs to show
MATRIX = [
    ("card.functions", "2"),
    ("card.cccr", "3.00"),
    ("boot.frame_max", "512 1028 2048 32768"),
    ("boot.room", "1"),
    ("boot.room_delay", "500 2500"),
    ("boot.check", "lax"),
    ("boot.calibration", "0 3000 14000"),
    ("boot.calibration_bus", "crc silent"),
    ("boot.dpd_bit", "clears"),
    ("boot.mcu_ready", "0 3000"),
    ("reset.effect", "running"),
    ("start.credits", "2 4 8 64"),
    ("start.size", "0"),
    ("start.length", "168"),
    ("rx.stale_reads", "1 3 6"),
    ("rx.irq_between", "once"),
    ("rx.wrong_toggle", "next"),
    ("tx.wrong_toggle", "take"),
    ("rx.burst", "1 2 15"),
    ("rx.holdoff", "500 5000"),
    ("rx.jitter", "10 1000"),
    ("rx.mcu_mixed", "apart"),
    ("tx.byte_mode", "ignored"),
    ("tx.slot_mix", "refused"),
    ("tx.mcu_shared", "taken"),
    ("host.sequence", "ignored fatal"),
    ("confirm.interface", "zero"),
    ("confirm.delay", "0 100 2900"),
    ("join.fail_delay", "5000"),
    ("confirm.tx", "single multi"),
    ("confirm.tx_max", "1 2 81"),
    ("confirm.tx_holdoff", "2000"),
    ("confirm.order", "overtake"),
    ("mcu.confirm", "20"),
    ("mib.unknown", "refused"),
    ("key.remove_empty", "refused"),
    ("reset.keys", "kept"),
    ("channel.indication", "3000"),
    ("config.again", "forgets"),
    ("rx.cipher", "7"),
    ("rx.no_key", "plain"),
    ("rx.reserved", "random"),
    ("rx.tsf", "appended"),
    ("rx.amsdu", "whole"),
    ("rx.bar", "passed"),
    ("scan.5ghz", "valid all"),
    ("scan.gap", "200 150000"),
    ("scan.dwell", "min ms"),
    ("scan.complete_if", "2"),
    ("join.again", "wedges"),
    ("pm.indication", "before late never wrong status twice fast-only not-active"),
    ("lp.active_again", "never"),
    ("lp.commands", "refused unanswered"),
    ("wake.line", "high low"),
    ("wake.settle", "3 40"),
    ("sleep.cmd52", "silent busy"),
    ("sleep.interrupt", "pin none"),
    ("doorbell.again", "drops"),
    ("bt.mcu_sleep", "stops"),
    ("loss.repeat", "repeated"),
    ("loss.rearm", "ignored"),
    ("deauth.effect", "ends"),
    ("ap.links", "5"),
]
NEEDS = {"boot.calibration_bus": {"boot.calibration": "2000"}}


def reconnected(lab, how, text):
    """The AP lets the station go; user space has to find back without help."""
    how()
    lab.wait(lambda: not lab.connected(), f"the loss to be noticed: {text}", 20)
    lab.wait(lab.connected, f"a connection after {text}", 90)


def exercise(lab, knob):
    lab.find_card()
    lab.up()
    # two channels: with the slowest confirms a whole scan outlives its first results
    found = lab.scan("freq", "2437", "5240")
    lab.expect({f for f, _, _ in found.values()} >= {2437, 5240}, f"the scan finds only {found}")
    if lab.control("knobs")["confirm.delay"] > 100:
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
    if knob.startswith("loss."):
        def vanish():
            lab.control("mute " + lab.bssid)
            lab.control("at 7 unmute " + lab.bssid)
        reconnected(lab, vanish, "a silent access point")
    lab.expect(lab.ping(count=3)[0] >= 2, "pings lost after the reconnection")


def one(lab, knob, value):
    extra = NEEDS.get(knob, {})
    default = lab.control("knobs")
    for k, v in {**extra, knob: value}.items():
        lab.control(f"set {k} {v}")
    lab.step(f"{knob}={value}")
    if (knob, value) == ("scan.gap", "150000"):
        lab.allow_log("start scan refused by the chip", 4)     # those that come too soon
    lab.control("plug")
    try:
        exercise(lab, knob)
    except Failed as e:
        lab.why.append(f"{knob}={value}: {e}")
    lab.stop_wpa()
    lab.control("unplug")
    for k in {**extra, knob: value}:
        lab.control(f"set {k} {default[k]}")


def run(lab):
    lab.load()
    lab.start_chip(plug=False)
    lab.ap()
    lab.ap(ssid="five", channel=48, radio=1, address=None)
    done = part([(knob, value) for knob, values in MATRIX for value in values.split()], lab.args.get("part", "1/1"))
    if "only" in lab.args:
        done = [tuple(lab.args["only"].split(":"))]
    for knob, value in done:
        one(lab, knob, value)
    lab.figure("values", len(done))
