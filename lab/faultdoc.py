# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs rows of the fault table in guests, and makes the document of the results."""
import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import faults
import guest
import kernels

BATCH = 32      # rows in a guest
HEAD = """<!-- SPDX-License-Identifier: GPL-2.0-or-later -->
# What can go wrong, and what happens then

Made by `./chamber faults` from the messages of the wire header, the driver's
dispatch table and the lists in `lab/faults.py`; not written by hand. Each row
was injected into a station in use (WPA2, traffic), in a guest with the {kind}
kernel; card, driver and user space were new for each row. Times are virtual:
from the fault until a ping is answered again, and the service then lasted.

**{n} of the {rows} rows in the table were tried, with the driver and the emulated
chip of commit {commit}.** A row passes if

- it began with all knobs at their defaults and nothing injected, and left none
  of what it was given undone, but where that is part of it;
- the fault happened exactly as often as the row says, as the emulated chip
  counts it; a card was removed once, and at the moment that the row names; what
  an access point did shows in its own log, in the kernel's, and in the counters
  of the driver;
- the chip was reset exactly as often as the row says that the fault is worth,
  no less, and so many resets failed;
- the driver said what the row expects, so often, and no line more; the kernel
  log has no warning and no hung task (with `--kernel debug` no KASAN or lockdep
  line either, and kmemleak finds nothing), and the driver broke no rule of the
  wire;
- the chip was asked to join exactly as often as the act connects, and once more
  for a connection that a reset has cost: an absorbed fault costs none;
- the service came back by itself, within the time that the recovery table of
  `docs/architecture.md` gives for what the driver noticed, and 1.5 s for a reset
  and a connection; or, where the card is truly gone, after another card was put
  in (marked *plugged again*, the time counts from then).

{ok} of these {n} rows pass. {resets} need a reset of the chip, {plugged} another card. Where the
card stays, half of them serve again within {median} s; the slowest needs {slowest} s.

| when | meaning |
|---|---|
| idle, traffic, scan, abort | the station is connected and does that |
| connect, leave | it connects; it disconnects and connects again |
| up | the interface is brought up |
| plug | the card is plugged, with an empty driver |
| exception | the firmware reports an exception: what follows meets the recovery |
| exceptions | it does so again and again |
"""


def parts(rows):
    return max(1, (len(rows) + BATCH - 1) // BATCH)


def one(job):
    kind, args = job
    result = guest.run("faults", args, kind)
    path = Path(result["out"], "guest/rows.json")
    rows = json.loads(path.read_text()) if path.exists() else []
    print(f"{'ok  ' if result['ok'] else 'FAIL'} {kind} faults {args.get('part')}: {len(rows)} rows, "
          f"{sum(not r['ok'] for r in rows)} failed, {result['wall']} s", flush=True)
    return result, rows


def lost(wanted, rows, result):
    """A guest that ended early says where; its other rows were not tried."""
    done = {r["name"] for r in rows}
    for row in wanted:
        if row.name not in done:
            yield {"name": row.name, "group": row.group, "what": row.what, "when": row.act, "said": [], "deeds": [],
                   "replugged": False, "ok": False, "seconds": None, "resets": None, "failed": None,
                   "joins": None, "end": None,
                   "why": ["not tried: " + "; ".join(result.get("why", ["the guest ended"]))[:200]]}


def run(kind, patterns, jobs, sample=0, seed="", order=None):
    """All results, in the order of the table."""
    rows = faults.select(patterns, sample, seed)
    (kernels.ROOT / "out").mkdir(exist_ok=True)
    # many patterns are too long for the name of a directory
    faults.listed(kind).write_text("\n".join(r.name for r in rows) + "\n")
    n = parts(rows)
    args = [{"part": f"{i}/{n}"} for i in range(1, n + 1)]
    for a in args:
        if patterns:
            a["list"] = kind
        elif sample:
            a.update(sample=str(sample), seed=seed)
        if order is not None:
            a["order"] = order
    tried = faults.shuffled(rows, order) if order is not None else rows
    results = []
    guest_errors = []
    with ThreadPoolExecutor(jobs or os.cpu_count()) as pool:
        for i, (result, got) in enumerate(pool.map(one, [(kind, a) for a in args])):
            results += got + list(lost(tried[i::n], got, result))
            told = {f"{r['name']}: {w}" for r in got for w in r["why"]}
            # what no row is to blame for: leaks, the driver's removal
            guest_errors += [f"part {i + 1}: {w}" for w in result.get("why", []) if w not in told]
    order = {r.name: i for i, r in enumerate(rows)}
    return sorted(results, key=lambda r: order[r["name"]]), guest_errors


def median(values):
    return sorted(values)[len(values) // 2] if values else 0


def cell(text):
    return text.replace("|", "\\|").replace("<", "&lt;")


def deed(r):
    if r["end"] is None:
        return "-"
    said = "; ".join(r["said"])
    done = ", ".join(r["deeds"])
    return cell("; ".join(t for t in (said, done) if t) or "goes on")


def resets(r):
    """As many as there were; of a card that is gone nobody can tell."""
    if r["resets"] is None:
        return "-"
    return f"{r['resets']}, {r['failed']} failed" if r["failed"] else r["resets"]


def joins(r):
    return "-" if r["joins"] is None else r["joins"]


def result_of(r):
    if r["end"] is None and r["why"] and r["why"][0].startswith("not tried"):
        return cell(r["why"][0])
    if not r["ok"]:
        return "**fails**: " + cell("; ".join(r["why"]))
    return "passes, plugged again" if r["replugged"] else "passes"


def tried_commit():
    """The last one that changed the driver or the emulated chip, with a plus if there are changes on top."""
    git = ["git", "-C", str(kernels.ROOT)]
    paths = ["--", "drivers", "emulator"]
    found = subprocess.run([*git, "log", "-1", "--format=%h", *paths], capture_output=True, text=True)
    changed = subprocess.run([*git, "diff", "--quiet", "HEAD", *paths], capture_output=True)
    return (found.stdout.strip() or "unknown") + ("+" if changed.returncode == 1 else "")


def document(results, kind, commit):
    own = [r["seconds"] for r in results if r["ok"] and not r["replugged"]]
    out = [HEAD.format(kind=kind, commit=commit, rows=len(faults.every()),
                       n=sum(r["end"] is not None for r in results), ok=sum(r["ok"] for r in results),
                       resets=sum(bool(r["resets"]) or any("resetting" in l for l in r["said"]) for r in results),
                       plugged=sum(r["replugged"] for r in results), median=median(own), slowest=max(own, default=0))]
    for group in dict.fromkeys(r["group"] for r in results):
        out.append(f"\n## {group.capitalize()}\n\n"
                   "| fault | when | resets | joins | what the driver says and counts | back after (s) | result |\n"
                   "|---|---|---|---|---|---|---|\n")
        for r in results:
            if r["group"] == group:
                out.append(f"| {cell(r['what'])} | {r['when']} | {resets(r)} | {joins(r)} | {deed(r)} | "
                           f"{'-' if r['seconds'] is None else r['seconds']} | {result_of(r)} |\n")
    return "".join(out)


def main(kind, patterns, jobs, sample=0, seed=None, order=None):
    seed = seed or faults.today()
    if sample:
        print(f"sample with --seed {seed}", flush=True)
    if order is not None:
        print(f"order with --shuffle {order}", flush=True)
    commit = tried_commit()
    results, errors = run(kind, patterns, jobs, sample, seed, order)
    whole = not patterns and not sample
    name = f"out/faults-{kind}" if whole else f"out/faults-{kind}-some"
    (kernels.ROOT / f"{name}.json").write_text(json.dumps(results, indent=1) + "\n")
    # the lean guest's is the one that is kept; the others say the same of more checks
    keep = "docs/faults.md" if whole and kind == "lean" else f"{name}.md"
    (kernels.ROOT / keep).write_text(document(results, kind, commit))
    for r in results:
        if not r["ok"]:
            print(f"FAIL {r['name']}: {'; '.join(r['why'])}")
    for e in errors:
        print(f"FAIL {e}")
    print(f"{sum(r['ok'] for r in results)} of {len(results)} rows pass")
    ok = not errors and all(r["ok"] for r in results)
    return int(not ok), {"ok": ok, "rows": results, "errors": errors}
