# SPDX-License-Identifier: GPL-2.0-or-later
"""Power save with every way in which firmware confirms it, or does not (part=1/4, or only=never,late)."""
import re
import time

from guestlib import Failed, KernelLog, part, sh

# pm.indication: what debugfs says some time after power save was asked for
MODES = {
    "after": "on",
    "before": "on",
    "twice": "on",
    "fast-only": "on",
    "not-active": "on",
    "late": "unsupported in this association",
    "never": "unsupported in this association",
    "wrong": "unsupported in this association",
    "status": "unsupported in this association",
}
ARGS = {"part": "i/n", "only": [*MODES, "bad_ap", "reset", "latch"]}
SETTLED = 12            # s: three requests, their pauses, and indications that come 5.5 s late
LINES = 2               # of the driver in the log, per association


def power(lab):
    return {k: v.strip() for k, v in (line.split(":", 1) for line in lab.debugfs("vif_0/status").splitlines())}


def ask(lab, state):
    sh("iw", "dev", lab.wlan, "set", "power_save", state, ns=lab.STA)


def rtts(lab, target="10.0.0.1", ns="sta", count=40, interval=0.3):
    """Round trips, sorted, in ms; each begins with a station that had time to doze."""
    text = sh("ping", "-n", "-c", count, "-i", interval, "-W", 1, target, ns=ns, check=False)
    found = sorted(float(t) for t in re.findall(r"time=([\d.]+)", text))
    lab.expect(len(found) == count, f"{count - len(found)} of {count} pings to {target} lost")
    return found


def share(values, part):
    return values[min(len(values) - 1, int(len(values) * part))]


def log_lines(lab):
    return [line for line in sh("dmesg").splitlines() if re.search(r"bes2600 mmc|bes2600: ", line)]


def traffic(lab, text, mbps):
    """Traffic of both directions, whatever the chip thinks of power save."""
    for proto, down in (("udp", True), ("tcp", False)):
        got = lab.flow(proto, down, seconds=0.3)
        lab.expect(got["mbps"] > mbps, f"{text}: {proto} {'down' if down else 'up'} {got}")


def dozing(lab, seconds):
    """Share of an idle time that the chip sleeps, and bus commands meanwhile."""
    before = lab.counters()
    time.sleep(seconds)
    after = lab.counters()
    dozed = after["chip"]["fw_ps_doze_ns"] - before["chip"]["fw_ps_doze_ns"]
    return dozed / (seconds * 1e9), after["shell"]["bus_commands"] - before["shell"]["bus_commands"]


def one(lab, mode):
    lab.control(f"set pm.indication {mode}")
    lab.start_wpa(lab.network())
    lab.wait(lab.connected, f"{mode}: a connection", 30)
    said = len(log_lines(lab))
    before = power(lab)
    ask(lab, "on")
    # nobody waits for the chip: traffic flows while it makes up its mind, slowly while rates are learned
    traffic(lab, f"{mode}, at once", 0.2)
    time.sleep(SETTLED)
    now = power(lab)
    lab.step(f"{mode}: {now['PowerSave']}")
    lab.expect(now["PowerSave"] == MODES[mode], f"{mode}: power save is '{now['PowerSave']}', not '{MODES[mode]}'")
    works = MODES[mode] == "on"
    asleep, commands = dozing(lab, 10)
    lab.expect(asleep > 0.9 if works else asleep == 0, f"{mode}: {asleep:.0%} of the time asleep")
    lab.expect(commands <= 4, f"{mode}: {commands} bus commands on an idle link")
    up, down = rtts(lab), rtts(lab, target="10.0.0.2", ns=None)
    lab.figure(f"{mode}_p50_p99_ms", [share(up, 0.5), share(up, 0.99), share(down, 0.5), share(down, 0.99)])
    lab.expect(share(up, 0.5) <= 15 and share(up, 0.99) <= 150, f"{mode}: round trips {up}")
    # from the other side a frame waits for a beacon
    lab.expect(share(down, 0.99) <= 150, f"{mode}: round trips from the AP's side {down}")
    traffic(lab, mode, 10)
    ask(lab, "off")
    time.sleep(1)
    asleep, _ = dozing(lab, 3)
    lab.expect(asleep == 0, f"{mode}: still asleep after power save was switched off")
    lab.stop_wpa()
    told = [line for line in log_lines(lab)[said:]]
    lab.expect(len(told) <= (0 if works else LINES), f"{mode}: the log is not quiet: {told}")
    check_counters(lab, mode, before, power(lab))


def check_counters(lab, mode, before, after):
    grown = {k: int(after[k]) - int(before[k]) for k in after if k.startswith("Pm")}
    lab.show(f"{mode} {grown}")
    lab.expect(grown["PmUnsupported"] == (MODES[mode] != "on"), f"{mode}: {grown}")
    lab.expect(grown["PmTimeouts"] > 0 if mode in ("late", "never", "wrong", "fast-only", "not-active") else
               not grown["PmTimeouts"], f"{mode}: {grown}")
    lab.expect(grown["PmLateInd"] > 0 if mode in ("late", "wrong", "twice") else not grown["PmLateInd"],
               f"{mode}: {grown}")


def bad_ap(lab):
    """The chip says that the AP does not answer a station that dozes."""
    lab.control("set pm.indication after")
    lab.start_wpa(lab.network())
    lab.wait(lab.connected, "a connection", 30)
    ask(lab, "on")
    lab.wait(lambda: power(lab)["PowerSave"] == "on", "power save", 5)
    lab.control("inject event 7 4")
    time.sleep(1)
    lab.expect(power(lab)["PowerSave"] == "on", "an AP without data is no reason to stay awake")
    lab.control("inject event 7 1")
    lab.wait(lambda: power(lab)["PowerSave"].startswith("off"), "the chip to stay awake", 5)
    time.sleep(1)
    asleep, _ = dozing(lab, 3)
    lab.expect(asleep == 0, "asleep although the AP does not cope")
    lab.expect(lab.ping()[0] == 5, "pings lost")
    # flapping: what counts in the end is the last word
    for _ in range(10):
        ask(lab, "off")
        ask(lab, "on")
    lab.stop_wpa()


def reset(lab):
    """Firmware that died while the station dozed: the new one is asked again. So after a scan and a roam."""
    lab.allow_exceptions(1)
    log = KernelLog()
    lab.control("set pm.indication after")
    lab.start_wpa(lab.network())
    lab.wait(lab.connected, "a connection", 30)
    ask(lab, "on")
    for what in ("inject exception", None, f"deauth {lab.bssid} chip 7 1 1000"):
        lab.wait(lambda: power(lab)["PowerSave"] == "on", f"power save before {what}", 10)
        if what:
            begin = time.monotonic()
            lab.control(what)
            lab.wait(lambda: power(lab)["PowerSave"] == "off", f"the consequence of {what}", 20)
            lab.reconnected(log, begin, f"a connection after {what}")
        else:
            lab.scan()
        lab.expect(lab.ping()[0] == 5, f"pings lost after {what}")
    lab.wait(lambda: power(lab)["PowerSave"] == "on", "power save at the end", 10)
    lab.stop_wpa()


def latch(lab):
    """Three associations without power save: the firmware is not asked any more."""
    lab.control("set pm.indication never")
    for _ in range(3):
        lab.start_wpa(lab.network())
        lab.wait(lab.connected, "a connection", 30)
        ask(lab, "on")
        time.sleep(SETTLED)
        lab.stop(lab.wpa)
    asked = lab.counters()["chip"]["req_0010"]
    lab.start_wpa(lab.network())
    lab.wait(lab.connected, "a connection", 30)
    time.sleep(SETTLED)
    lab.expect(power(lab)["PowerSave"] == "unsupported by the firmware", f"not latched: {power(lab)}")
    lab.expect(lab.counters()["chip"]["req_0010"] == asked, "still asked for power save")
    lab.expect(lab.ping()[0] == 5, "pings lost")


def run(lab):
    lab.bring_up()
    lab.ap()
    lab.address()
    # a question of ARP that meets a station about to doze is lost: what follows waits for it, 100 ms, to be reordered
    lab.know_ap()
    lab.expect("Power save: off" in sh("iw", "dev", lab.wlan, "get", "power_save", ns=lab.STA), "on by default")
    # the latch is for good: it comes last
    others = {"bad_ap": bad_ap, "reset": reset, "latch": latch}
    wanted = lab.args["only"].split(",") if "only" in lab.args else part([*MODES, *others], lab.args.get("part", "1/1"))
    for mode in wanted:
        try:
            others[mode](lab) if mode in others else one(lab, mode)
        except Failed as e:
            raise Failed(f"{mode}: {e}") from e
