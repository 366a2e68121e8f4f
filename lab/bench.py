# SPDX-License-Identifier: GPL-2.0-or-later
"""The bench: cases, their limits, the table and the report."""
import fnmatch
import html
import io
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import goals
import guest
import kernels
import words

OUT = kernels.ROOT / "out/bench"
RAMP = "4,8,16,32,64,128"       # Mbit/s: 0.5 to 16 MB/s
TCP_LIMIT = {"ht20": 57, "ht40": 105}

# Frames in an aggregate: the chip's burst is 16; 21 of full size are the 32 KiB that it announces; HT ends at 64 KiB
SIZES = (1, 8, 16, 21, 32, 64)
SIZE_ARGS = {32: {"bytes": 65535}, 64: {"bytes": 65535, "length": 900}}
JITTER = 10         # us at most that the chip's firmware has each received frame in hand
PLACES = 29         # of the chip's 30 one is kept for a command

# Name, arguments of the scenario, and limits: (column, what it may be at most), or at least if negative
CASES = {}


def case(name, *limits, **args):
    CASES[name] = (args, limits)


def at_least(column, value):
    return column, value, None


def at_most(column, value):
    return column, None, value


def air_mbps(phy, frames, payload=1472):
    """Mbit/s of UDP payload that the air carries: MCS 7, short guard interval, best effort, no loss, one sender."""
    mpdu = payload + 8 + 20 + 8 + 26 + 16 + 4       # UDP, IP, LLC, QoS header, CCMP, FCS
    size = frames * (-(-mpdu // 4) * 4 + 4) if frames > 1 else mpdu
    symbols = -(-(size * 8 + 22) // (540 if phy == "ht40" else 260))
    response = 32 if frames > 1 else 28
    us = 16 + (3 + 7.5) * 9 + 36 + symbols * 3.6 + 16 + response
    return frames * payload * 8 / us


def reads_bound(frames):
    """Transactions for each received frame. The interrupt finds one; what came while it was acknowledged (the chip packs
    the next burst when this one is being read) is the second burst; the rest comes by 16."""
    early = 1 + 42 // (JITTER // 2)
    bursts = 1 if frames == 1 else 2 + max(0, -(-(frames - early) // 16))
    return (2 * bursts + 1) / frames


def writes_bound(frames):
    """Transactions for each frame sent: what an aggregate frees is confirmed at once and written at once."""
    if frames < 16:
        return 4 / frames
    # the places are on the air by turns, in two parts
    return (2 * 3 + 2 + (frames > 16)) / PLACES


# Up: two writes and twice three reads for the 29 frames that the chip's places allow; see docs/bench.md
UP = 0.2763
for _phy in ("ht20", "ht40"):
    for _proto, _goal in goals.MBPS[_phy].items():
        _rx = at_most("transactions_per_frame", 0.2 if _proto == "udp" else 0.45)
        _tx = at_most("transactions_per_frame", UP if _proto == "udp" else 0.45)
        case(f"{_phy}-{_proto}-down", at_least("mbps", _goal), _rx, phy=_phy, proto=_proto, dir="down", seconds=10)
        case(f"{_phy}-{_proto}-up", at_least("mbps", goals.UP * _goal), _tx, phy=_phy, proto=_proto, dir="up", seconds=10)
        case(f"{_phy}-{_proto}-latency", at_most("rtt_p99_ms", 20), phy=_phy, proto=_proto, dir="up", seconds=10,
             ping=20)
        case(f"{_phy}-{_proto}-both", phy=_phy, proto=_proto, dir="both", seconds=10)
    for _n in SIZES:
        _more = {"phy": _phy, "proto": "udp", "seconds": 2, "ampdu": _n, "rx.jitter": JITTER, **SIZE_ARGS.get(_n, {})}
        _length = _more.get("length", 1472)
        case(f"{_phy}-ampdu{_n}-down", at_least("mbps", round(0.9 * air_mbps(_phy, _n, _length), 1)),
             at_most("transactions_per_frame", round(1.05 * reads_bound(_n), 4)), dir="down", **_more)
        case(f"{_phy}-ampdu{_n}-up", at_least("mbps", round(0.9 * air_mbps(_phy, min(_n, PLACES // 2), _length), 1)),
             at_most("transactions_per_frame", round(1.01 * writes_bound(_n), 4)), dir="up", **_more)
    case(f"{_phy}-ramp", phy=_phy, proto="udp", dir="down", seconds=60, ramp=RAMP)
case("isolated-rx", at_most("transactions_per_frame", 3), proto="udp", dir="down", rate=1.2, seconds=10)
case("isolated-tx", at_most("transactions_per_frame", 4), proto="udp", dir="up", rate=1.2, seconds=10)
case("idle", at_most("transactions", 0), seconds=30)
for _n in (1, 4, 16):
    case(f"burst{_n}", phy="ht40", proto="udp", dir="down", seconds=5, **{"rx.burst": _n})
for _n in (10, 100):
    case(f"loss{_n // 10}-udp", proto="udp", dir="down", seconds=10, loss=_n)
    case(f"loss{_n // 10}-tcp", proto="tcp", dir="down", seconds=10, loss=_n)
    case(f"loss{_n // 10}-up", proto="udp", dir="up", seconds=10, loss=_n)
# Acknowledgements get lost and frames come twice; far away; old neighbours
for _dir in ("down", "up"):
    case(f"acks-{_dir}", proto="udp", dir=_dir, seconds=5, ack_loss=50)
    case(f"far-{_dir}", proto="udp", dir=_dir, seconds=5, signal=-72)
case("protection", proto="udp", dir="both", seconds=5, protection="cts")
case("flows", flows=1000, dir="down")
# Up: the confirms travel as well; see docs/bench.md
for _dir, _goal in (("down", 165), ("up", 162)):
    case(f"bus-{_dir}", at_least("mbps", _goal), phy="ht40", proto="udp", dir=_dir, seconds=3, rate=250, air="off",
         **{"bus.cmd52": 15, "bus.cmd53": 15})
    case(f"bus60-{_dir}", phy="ht40", proto="udp", dir=_dir, seconds=3, rate=250, air="off")
    case(f"bus100-{_dir}", phy="ht40", proto="udp", dir=_dir, seconds=3, rate=250, air="off",
         **{"bus.cmd52": 100, "bus.cmd53": 100})
case("field-rate", phy="ht40", proto="udp", dir="down", rate=32, seconds=20)
case("works", at_most("works_per_frame", 0), phy="ht40", proto="udp", dir="both", seconds=2, count="works")
case("locks-down", at_most("locks_per_frame", 0.1), phy="ht40", proto="udp", dir="down", seconds=1, count="locks")
case("locks-up", at_most("locks_per_frame", 0.1), phy="ht40", proto="udp", dir="up", seconds=1, count="locks")
# By name only: half an hour, half an hour, and half a day
LONG = {"long-field": 32, "long-full": 0, "long-night": 8}
for _name, _rate in LONG.items():
    case(_name, at_least("mbps", 0.98 * _rate or 58), at_most("lost_irqs", 0), proto="udp", dir="down", rate=_rate,
         seconds=37800 if _name == "long-night" else 1800, tick=20)

# What make check runs
SHORT = ["ht20-tcp-down", "ht20-udp-up", "ht40-udp-down", "isolated-rx", "isolated-tx", "idle", "bus-down", "works",
         "locks-down", "locks-up"]


def air_limit(args):
    """Mbit/s of payload that the air can carry; None if it does not limit."""
    phy, proto = args.get("phy", "ht20"), args.get("proto", "udp")
    if args.get("air") == "off" or args.get("dir", "none") == "none":
        return None
    if proto == "tcp":
        return TCP_LIMIT[phy]
    return round(air_mbps(phy, args.get("ampdu", 16), args.get("length", 1472)), 1)


def bus_limit(args):
    """Mbit/s of UDP payload: 1632 bytes for each frame at 24.25 MB/s, a CMD53 and a CMD52 for each burst."""
    burst = args.get("rx.burst", 16)
    cost = args.get("bus.cmd52", 40) + args.get("bus.cmd53", 60) + 2 * 2.4
    return 1472 * 8 / (1632 / 24.25 + cost / burst)


def kind(args):
    return "debug" if args.get("count") == "locks" else "lean"


def judge(row, limits):
    """What a row misses, in words."""
    missed = []
    for column, low, high in limits:
        value = row.get(column)
        if isinstance(value, list):
            value = sum(value)
        if value is None or (low is not None and value < low) or (high is not None and value > high):
            missed.append(f"{column} is {value}, goal {'at least' if low is not None else 'at most'} "
                          f"{low if low is not None else high}")
    return missed


def speed(out, rows):
    """Virtual seconds for each second on a wall clock; only the last row's marks are left."""
    begin, end = (os.stat(f"{out}/guest/wall-{name}").st_mtime for name in ("begin", "end"))
    return round(rows[-1]["seconds"] / max(end - begin, 1e-3), 2)


def run_case(name):
    args, limits = CASES[name]
    limit = 12 * 3600 if name in LONG else guest.WALL_LIMIT
    result = guest.run("bench", {k: str(v) for k, v in args.items()}, kind(args), limit=limit)
    rows = result["figures"].get("rows", [])
    for r in rows:
        r["case"] = name if len(rows) == 1 else f"{name} {r['rate'] / 8:g} MB/s"
        r["air_limit"], r["bus_limit"] = air_limit(args), round(bus_limit(args), 1)
    missed = [m for r in rows for m in judge(r, limits)]
    if len(rows) > 1:
        missed += judge_ramp(rows)
    if not result["ok"]:
        missed = result["why"]
    elif len(rows) != len(str(args.get("ramp", "")).split(",")):
        missed.append(f"{len(rows)} rows")
    return {"name": name, "rows": rows, "missed": missed, "wall": result["wall"], "cpu": result["cpu"],
            "speed": speed(result["out"], rows) if rows else None}


def judge_ramp(rows):
    """More offered load never gives less goodput."""
    best = max(sum(r["mbps"]) for r in rows)
    return [f"{r['case']}: {sum(r['mbps'])} of the best {best} Mbit/s" for r in rows
            if r["rate"] > best and sum(r["mbps"]) < 0.98 * best]


COLUMNS = [("case", "case", 22), ("mbps", "Mbit/s", 14), ("of_air", "of air", 7), ("of_bus", "of bus", 7),
           ("reads_per_frame", "read/f", 7), ("writes_per_frame", "write/f", 8), ("other_per_frame", "other/f", 8),
           ("transactions_per_frame", "all/f", 7), ("wakeups_per_frame", "wake/f", 7), ("rtt_p50_ms", "p50 ms", 8),
           ("rtt_p99_ms", "p99 ms", 8), ("tx_failed", "failed", 7), ("tx_retries", "retries", 8),
           ("rx_drops", "drops", 6), ("places_full", "full", 7),
           ("works_per_frame", "works/f", 8), ("locks_per_frame", "locks/f", 8)]


def cell(r, key):
    total = sum(r["mbps"])
    if key == "of_air":
        return f"{100 * total / r['air_limit']:.0f} %" if r["air_limit"] and total else ""
    if key == "of_bus":
        return f"{100 * total / r['bus_limit']:.0f} %" if total else ""
    if key == "mbps":
        return " + ".join(f"{m:.1f}" for m in r["mbps"])
    value = r.get(key)
    return "" if value is None else str(value)


def table_row(r):
    return " ".join(f"{cell(r, key):>{width}}" for key, _, width in COLUMNS)


def heading():
    return " ".join(f"{title:>{width}}" for _, title, width in COLUMNS)


# -- the report --

def plot(draw, xlabel, ylabel):
    """An SVG picture, ready for a page."""
    import matplotlib
    matplotlib.use("svg")
    from matplotlib import pyplot
    fig, ax = pyplot.subplots(figsize=(7, 3.4))
    draw(ax)
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    ax.grid(alpha=0.3)
    fig.tight_layout()
    text = io.StringIO()
    fig.savefig(text, format="svg", metadata={"Date": None})
    pyplot.close(fig)
    return text.getvalue()[text.getvalue().index("<svg"):]


def plot_ramps(results):
    def draw(ax):
        for r in results:
            if len(r["rows"]) > 1:
                ax.plot([row["rate"] for row in r["rows"]], [sum(row["mbps"]) for row in r["rows"]], "o-", label=r["name"])
        ax.plot([0, 128], [0, 128], ":", color="grey", label="offered")
        ax.legend()
    return plot(draw, "offered, Mbit/s", "goodput, Mbit/s")


def plot_bars(results, key, label):
    rows = [row for r in results for row in r["rows"] if len(r["rows"]) == 1 and row["mbps"]]

    def draw(ax):
        values = [sum(row["mbps"]) if key == "mbps" else row[key] for row in rows]
        ax.barh([row["case"] for row in rows], values)
        ax.tick_params(axis="y", labelsize=6)
        ax.invert_yaxis()
    return plot(draw, label, "")


def report(results):
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell(row, key))}</td>" for key, _, _ in COLUMNS) +
        f"<td>{r['speed']}</td><td>{html.escape('; '.join(r['missed'])) or 'ok'}</td></tr>"
        for r in results for row in r["rows"])
    heads = "".join(f"<th>{title}</th>" for _, title, _ in COLUMNS) + "<th>virtual s per s</th><th>goals</th>"
    pictures = []
    if any(len(r["rows"]) > 1 for r in results):
        pictures.append(plot_ramps(results))
    if any(len(r["rows"]) == 1 and r["rows"][0]["mbps"] for r in results):
        pictures += [plot_bars(results, "mbps", "goodput, Mbit/s"),
                     plot_bars(results, "transactions_per_frame", "bus transactions per frame")]
    return ("<!doctype html><meta charset=utf-8><title>Bench</title><style>body{font:14px sans-serif}table{border-collapse:"
            "collapse}td,th{border:1px solid #ccc;padding:2px 6px;text-align:right}svg{display:block}</style>"
            "<h1>Bench</h1><p>Virtual time: the same on every machine, except for the last but one column.</p>"
            f"<table><tr>{heads}</tr>{rows}</table>{''.join(pictures)}\n")


def pick(patterns):
    for p in patterns:
        if not fnmatch.filter(CASES, p):
            raise words.Refused(f"no case of the bench is called '{p}'; there are {', '.join(CASES)}")
    return [n for n in CASES if not patterns and n not in LONG or any(fnmatch.fnmatch(n, p) for p in patterns)]


def run(names, show=print):
    """Runs the cases, two side by side; returns their results."""
    results = []
    show(heading())
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for r in pool.map(run_case, names):
            results.append(r)
            for row in r["rows"]:
                show(table_row(row))
            for m in r["missed"]:
                show(f"{'':>22} {m}")
    return results


def main(names):
    results = run(names, lambda text: print(text, flush=True))
    OUT.mkdir(parents=True, exist_ok=True)
    # what depends on the machine stands apart
    (OUT / "bench.json").write_text(json.dumps({r["name"]: r["rows"] for r in results}, indent=1, sort_keys=True) + "\n")
    (OUT / "speed.json").write_text(json.dumps({r["name"]: r["speed"] for r in results}, indent=1) + "\n")
    (OUT / "report.html").write_text(report(results))
    missed = sum(bool(r["missed"]) for r in results)
    print(f"{len(results) - missed} of {len(results)} cases meet their goals; {OUT}/report.html")
    return min(missed, 1), {"ok": not missed, "cases": results}
