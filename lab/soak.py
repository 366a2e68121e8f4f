# SPDX-License-Identifier: GPL-2.0-or-later
"""Long soaks, and their report: what was done to the chip and what came through, over time."""
import html
import json
import shutil
from pathlib import Path

import bench
import guest
import kernels

OUT = kernels.ROOT / "out/soak"


def timeline(report):
    """Throughput, faults and lost seconds on one axis."""
    def draw(ax):
        ax.step([t / 60 for t, _ in report["kbps"]], [k for _, k in report["kbps"]], linewidth=0.7, label="throughput")
        top = max([k for _, k in report["kbps"]], default=1)
        ax.plot([e["at"] / 60 for e in report["events"]], [1.05 * top] * len(report["events"]), "v", markersize=3,
                color="tab:orange", label="faults")
        ax.plot([t / 60 for t in report["lost"]], [0] * len(report["lost"]), "|", color="tab:red", label="pings lost")
        ax.legend(loc="center right", fontsize=7)
    return bench.plot(draw, "minutes", "kbit/s")


def by_fault(events):
    """Of each kind: how often, and the seconds it cost: all, worst."""
    table = {}
    for e in events:
        table.setdefault(e["fault"], []).append(e["lost_s"])
    return [(name, len(lost), round(sum(lost), 1), max(lost)) for name, lost in sorted(table.items())]


def page(report):
    head = "".join(f"<li>{html.escape(key)}: {report[key]}" for key in
                   ("hours", "seed", "availability", "availability_with_ap_away", "faults", "resets", "longest_s"))
    rows = "".join("<tr>" + "".join(f"<td>{html.escape(str(c))}</td>" for c in row) + "</tr>"
                   for row in by_fault(report["events"]))
    return ("<!doctype html><meta charset=utf-8><title>Soak</title><style>body{font:14px sans-serif}table{border-collapse:"
            "collapse}td,th{border:1px solid #ccc;padding:2px 6px}svg{display:block}</style><h1>Soak</h1>"
            f"<ul>{head}</ul>{timeline(report)}<table><tr><th>fault</th><th>times</th><th>s lost</th><th>worst</th></tr>"
            f"{rows}</table>\n")


def write(result):
    """Copies the figures of a run and draws them; returns the page."""
    OUT.mkdir(parents=True, exist_ok=True)
    shutil.copy(Path(result["out"], "guest/soak.json"), OUT / "soak.json")
    report = json.loads((OUT / "soak.json").read_text())
    (OUT / "timeline.svg").write_text(timeline(report))
    (OUT / "report.html").write_text(page(report))
    return OUT / "report.html"


def run(hours, seed, kind):
    result = guest.run("soak", {"hours": f"{hours:g}", "seed": str(seed)}, kind, limit=guest.WALL_LIMIT + 600 * hours)
    if Path(result["out"], "guest/soak.json").exists():
        print(write(result))
    return result
