# SPDX-License-Identifier: GPL-2.0-or-later
"""One case of the bench: traffic, and all that it costs. Arguments: see lab/bench.py.

phy=ht20|ht40, proto=udp|tcp, dir=down|up|both|none, rate=MBIT/S (0: all that goes), seconds=S, ping=MS (apart),
tick=MS (what is due is sent that often), length=BYTES (payload), ampdu=N, bytes=N (the longest aggregate), loss=PERMILLE,
ack_loss=PERMILLE, signal=DBM, collisions=on|off (on), protection=cts|rts, air=off (no air time), flows=N (so many small TCP
connections), ramp=R,R,... (one row each),
count=works|locks (what the driver does in the kernel; costs the chamber time).
"""
import json
import re
import time
from pathlib import Path

from guestlib import OUT, sh

ARGS = {"phy": ("ht20", "ht40"), "proto": ("udp", "tcp"), "dir": ("down", "up", "both", "none"), "rate": float, "seconds": float,
        "ping": float, "tick": float, "length": int, "ampdu": int, "bytes": int, "loss": int, "ack_loss": int, "signal": int,
        "collisions": ("on", "off"), "protection": ("none", "cts", "rts"), "air": ("off",), "flows": int, "ramp": [float],
        "count": ("works", "locks")}
CHANNEL = {"ht20": 6, "ht40": 48}
LOCKS = re.compile(r"&bes->|&cmd\.done|\(&bes->")
TRACING = Path("/sys/kernel/debug/tracing")


def stats(lab):
    out = {}
    for line in lab.debugfs("stats").splitlines():
        key, _, values = line.partition(": ")
        words = [int(v) for v in values.split()]
        out[key] = words[0] if len(words) == 1 else words
    return out


def snapshot(lab):
    c = lab.counters()
    return {"chip": c["chip"], "air": c["air"], "shell": c["shell"], "driver": stats(lab),
            "time": time.clock_gettime_ns(time.CLOCK_MONOTONIC)}


def mark(name):
    """A file whose date, given by the host, says when that was on a wall clock."""
    (OUT / f"wall-{name}").write_text("")


def change(a, b, part, key):
    return b[part][key] - a[part][key]


def changes(a, b, key):
    """Of a row of the driver's counters."""
    return [y - x for x, y in zip(a["driver"][key], b["driver"][key])]


def percentile(values, share):
    return round(sorted(values)[min(int(len(values) * share), len(values) - 1)], 3) if values else None


class Ping:
    """Runs beside the traffic."""
    def __init__(self, lab, interval):
        self.lab, self.p = lab, None
        if interval:
            self.p = lab.pinger(interval, OUT / "ping.txt")

    def stop(self):
        if not self.p:
            return {}
        self.lab.stop(self.p)
        rtts = [float(line.split()[1]) for line in (OUT / "ping.txt").read_text().splitlines()]
        return {"pings": len(rtts), "rtt_p50_ms": percentile(rtts, 0.5), "rtt_p99_ms": percentile(rtts, 0.99),
                "rtt_max_ms": max(rtts, default=None)}


def flows(lab, proto, direction, seconds, rate, tick=4, length=None):
    """Traffic in the directions; what each receiver counted."""
    downs = {"down": [True], "up": [False], "both": [True, False], "none": []}[direction]
    receivers = [lab.receiver(5001 + i, ns=lab.STA if down else None) for i, down in enumerate(downs)]
    senders = [lab.sender(proto, down, port=5001 + i, seconds=seconds, mbps=rate, tick=tick,
                          length=length) for i, down in enumerate(downs)]
    for s in senders:
        s.wait()
        lab.procs.remove(s)
    if not downs:
        time.sleep(seconds)
    time.sleep(0.3)      # what is still on its way
    return [lab.count(r) for r in receivers]


def small_flows(lab, n):
    """Connections of 20 kB to the station, 20 side by side."""
    receiver = lab.receiver(5001, ns=lab.STA)
    sender = lab.spawn([f"{lab.job['root']}/build/flow", "many", "10.0.0.2", "5001", n, "20000", "20"], OUT / "flow.txt")
    sender.wait()
    lab.procs.remove(sender)
    got = lab.count(receiver)
    lab.expect(got["connections"] == n and got["bytes"] == n * 20000, f"of {n} connections came {got}")
    return [got]


def row(a, b, got, direction):
    """The figures between two snapshots."""
    rx, tx = change(a, b, "driver", "rx_frames"), change(a, b, "driver", "tx_frames")
    frames = {"down": rx, "up": tx}.get(direction, rx + tx)
    bus = {key: change(a, b, "chip", key) for key in a["chip"] if key.startswith(("bus_cmd52", "bus_cmd53"))}
    reads, writes = bus["bus_cmd53_read"] + bus["bus_cmd52_msg_hi"], bus["bus_cmd53_write"]
    other = sum(bus.values()) - reads - writes
    seconds = (b["time"] - a["time"]) / 1e9
    per = frames or 1
    return {"mbps": [g["mbps"] for g in got], "rx_frames": rx, "tx_frames": tx, "seconds": round(seconds, 6),
            "transactions": sum(bus.values()), "reads_per_frame": round(reads / per, 4),
            "writes_per_frame": round(writes / per, 4), "other_per_frame": round(other / per, 4),
            "transactions_per_frame": round(sum(bus.values()) / per, 4),
            "wakeups_per_frame": round(change(a, b, "driver", "wakeups") / per, 4),
            "tx_failed": change(a, b, "chip", "fw_tx_failed"), "tx_retries": change(a, b, "chip", "fw_tx_retries"),
            "air_lost": change(a, b, "air", "lost"), "ap_queue_full": change(a, b, "shell", "medium_queue_full"),
            "air_busy": round(change(a, b, "air", "airtime_ns") / (b["time"] - a["time"]), 4),
            "bus_busy": round(change(a, b, "shell", "bus_ns") / (b["time"] - a["time"]), 4),
            "irqs": change(a, b, "chip", "bus_irqs"), "zero_reads": change(a, b, "driver", "zero_reads"),
            "stale_toggles": change(a, b, "driver", "stale_toggles"), "lost_irqs": change(a, b, "driver", "lost_irqs"),
            "credits_exhausted": change(a, b, "driver", "credits_exhausted"),
            "places_full": round(change(a, b, "driver", "credits_exhausted_ns") / (b["time"] - a["time"]), 4),
            "rx_drops": sum(changes(a, b, "rx_drops_by_status")),
            "rx_per_transfer": changes(a, b, "rx_messages_per_transfer"),
            "tx_per_transfer": changes(a, b, "tx_messages_per_transfer")}


class Works:
    """Counts work items that run, by name."""
    def __init__(self):
        (TRACING / "buffer_size_kb").write_text("65536")
        (TRACING / "trace").write_text("")
        (TRACING / "events/workqueue/workqueue_execute_start/enable").write_text("1")

    def stop(self, frames):
        (TRACING / "events/workqueue/workqueue_execute_start/enable").write_text("0")
        names = re.findall(r"workqueue_execute_start: .*function (\S+)", (TRACING / "trace").read_text())
        (OUT / "works.json").write_text(json.dumps({n: names.count(n) for n in sorted(set(names))}, indent=1))
        # wiphy works of the driver hide behind cfg80211's, which mac80211 uses as well
        own = [n for n in names if n.startswith(("bes_", "cfg80211_wiphy_work"))]
        return {"works_per_frame": round(len(own) / (frames or 1), 6)}


class Locks:
    """Counts acquisitions of the driver's own locks."""
    def __init__(self):
        Path("/proc/sys/kernel/lock_stat").write_text("1")
        Path("/proc/lock_stat").write_text("0")

    def stop(self, frames):
        text = Path("/proc/lock_stat").read_text()
        (OUT / "lock_stat.txt").write_text(text)
        taken = {}
        for line in text.splitlines():
            name, _, numbers = line.strip().rpartition(": ")
            words = numbers.split()
            if len(words) >= 8 and LOCKS.search(name):
                taken[name] = taken.get(name, 0) + int(words[7])
        (OUT / "locks.json").write_text(json.dumps(taken, indent=1))
        return {"locks_per_frame": round(sum(taken.values()) / (frames or 1), 4)}


COUNTS = {"works": Works, "locks": Locks}


def measure(lab, args, rate):
    direction, seconds = args.get("dir", "none"), float(args.get("seconds", 10))
    ping = Ping(lab, args.get("ping"))
    counting = COUNTS[args["count"]]() if "count" in args else None
    a = snapshot(lab)
    mark("begin")
    if "flows" in args:
        got = small_flows(lab, int(args["flows"]))
    else:
        got = flows(lab, args.get("proto", "udp"), direction, seconds, rate, args.get("tick", 4), args.get("length"))
    mark("end")
    b = snapshot(lab)
    r = row(a, b, got, direction)
    if counting:
        r.update(counting.stop(r["rx_frames"] + r["tx_frames"]))
    r.update(ping.stop(), rate=rate)
    return r


def quiet(lab):
    """Only the flows of the bench are on the air: no neighbour discovery of either kind."""
    for ns, dev in ((None, "wlan0"), (lab.STA, lab.wlan)):
        sh("sysctl", "-q", f"net.ipv6.conf.{dev}.disable_ipv6=1", ns=ns)
    lab.know_ap()


def prepare(lab, args):
    phy = args.get("phy", "ht20")
    lab.captures = False
    lab.bring_up({k: v for k, v in args.items() if "." in k})
    lab.ap(channel=CHANNEL[phy], ht40=phy == "ht40")
    lab.connect(extra=f"scan_freq={2437 if phy == 'ht20' else 5240}")
    lab.address()
    got, rtt = lab.ping(count=10)
    lab.expect(got == 10, f"{10 - got} of 10 pings lost")
    lab.figure("idle_rtt_ms", rtt)
    (OUT / "modules.txt").write_text(Path("/proc/modules").read_text())
    ap = lab.ap_mac()
    lab.control(f"air max-ampdu {args.get('ampdu', 16)}")
    lab.control(f"air max-ampdu-bytes {args.get('bytes', 32768)}")
    for link in (f"chip {ap}", f"{ap} chip"):
        lab.control(f"air loss {link} {args.get('loss', 0)}")
        lab.control(f"air ack-loss {link} {args.get('ack_loss', 0)}")
        lab.control(f"air signal {link} {args.get('signal', -50)}")
    lab.control(f"air collisions {args.get('collisions', 'on')}")
    lab.control(f"air protection {args.get('protection', 'none')}")
    lab.control(f"air unlimited {'on' if args.get('air') == 'off' else 'off'}")
    quiet(lab)
    # block ack sessions are there before the count begins
    if args.get("dir", "none") != "none":
        flows(lab, "udp", "both", 0.5, 1)
    time.sleep(1)


def run(lab):
    args = lab.args
    prepare(lab, args)
    rates = [float(r) for r in args.get("ramp", args.get("rate", "0")).split(",")]
    rows = []
    for rate in rates:
        rows.append(measure(lab, args, rate))
        lab.step(f"rate {rate:g}: {rows[-1]['mbps']} Mbit/s, {rows[-1]['transactions_per_frame']} transactions per frame")
        time.sleep(1)
    lab.expect(lab.connected(), "the connection did not last")
    events = (OUT / "wpa_supplicant.txt").read_text().count("CTRL-EVENT-CONNECTED")
    lab.expect(events == 1, f"the link died {events - 1} times")
    loud = [line for line in sh("dmesg", "--level", "emerg,alert,crit,err,warn").splitlines() if "bes2600" in line]
    # the module is not part of the kernel's tree
    loud = [line for line in loud if "taint" not in line]
    lab.expect(not loud, f"{len(loud)} lines above info in the log, the first: {loud[:1]}")
    lab.figure("rows", rows)
