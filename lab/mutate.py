# SPDX-License-Identifier: GPL-2.0-or-later
"""
Planted slips: each breaks the product in one place, and the test that is named beside it must notice.

lab/mutants/*.toml hold them as data: [[slip]] with name, file, old (stands there exactly once), new, and test: words of
'chamber run', or 'unit PROGRAM'. survives = "why" marks one that is known not to be noticed.
"""
import fnmatch
import random
import subprocess
import time
import tomllib
from pathlib import Path

import kernels
import words

ROOT = kernels.ROOT
GOAL = 0.95
LIMIT = 900     # s for the test of one slip


class Slip:
    def __init__(self, source, fields):
        self.source = source
        self.survives = fields.pop("survives", "")
        self.name, self.file, self.old, self.new, self.test = (fields.pop(k) for k in ("name", "file", "old", "new", "test"))
        if fields:
            raise ValueError(f"{source}: '{self.name}' has unknown fields: {', '.join(fields)}")

    def text(self, root=ROOT):
        """The file with the slip; refused unless the place is there, and there once."""
        text = (root / self.file).read_text()
        n = text.count(self.old)
        if n != 1:
            raise ValueError(f"'{self.name}': {n} places like that in {self.file}")
        return text.replace(self.old, self.new)


def load():
    slips = []
    for path in sorted((ROOT / "lab/mutants").glob("*.toml")):
        slips += [Slip(path.name, fields) for fields in tomllib.loads(path.read_text())["slip"]]
    return slips


def pick(patterns, sample=0, seed=None):
    slips = load()
    for p in patterns:
        if not any(matches(s, p) for s in slips):
            raise ValueError(f"no slip matches '{p}'; they stand in lab/mutants")
    if patterns:
        slips = [s for s in slips if any(matches(s, p) for p in patterns)]
    return random.Random(seed).sample(slips, min(sample, len(slips))) if sample else slips


def matches(slip, pattern):
    return any(fnmatch.fnmatch(text, f"*{pattern}*") for text in (slip.name, slip.file, slip.test))


def copy(tree):
    """The tree that is broken: a copy, which keeps what was built in it before."""
    tree.mkdir(parents=True, exist_ok=True)
    subprocess.run(["rsync", "-a", "--delete", "--exclude=/build", "--exclude=/out", "--exclude=/.git", f"{ROOT}/", tree],
                   check=True)


def test(tree, command):
    """Whether the test passes, and what it says."""
    if command.startswith("unit "):
        program = command.split()[1]
        target = tree / "build/tests" / program
        p = subprocess.run(["make", "-s", "-C", tree / "emulator", f"OUT={tree}/build", target], capture_output=True, text=True)
        if p.returncode:
            return None, p.stderr
        p = subprocess.run([target], capture_output=True, text=True, timeout=LIMIT)
        return p.returncode == 0, p.stdout + p.stderr
    p = subprocess.run([tree / "chamber", "run", *command.split()], capture_output=True, text=True, timeout=LIMIT)
    text = p.stdout + p.stderr
    return None if "build failed" in text else p.returncode == 0, text


def why(text):
    """The first reason that a test gives."""
    lines = [l.strip() for l in text.splitlines() if l.startswith("      ") and l.strip() and not l.strip().startswith("{")]
    lines += [l.strip() for l in text.splitlines() if "error:" in l.lower() or "FAILED" in l]
    return lines[0][:110] if lines else "?"


def one(slip, tree):
    """'noticed', 'survived' or 'does not build', and why."""
    broken = slip.text(tree)
    path = tree / slip.file
    whole = path.read_text()
    path.write_text(broken)
    try:
        ok, text = test(tree, slip.test)
    except subprocess.TimeoutExpired:
        ok, text = False, f"      not done after {LIMIT} s"
    finally:
        path.write_text(whole)
    if ok is None:
        return "does not build", text.strip()[-300:]
    return ("survived", slip.survives) if ok else ("noticed", why(text))


def run(slips, say=print):
    """A list of (slip, outcome, why). All of them pass unbroken first, or their word is worth nothing."""
    tree = kernels.cache_dir() / "mutants"
    copy(tree)
    for command in sorted({s.test for s in slips}):
        ok, text = test(tree, command)
        if not ok:
            raise ValueError(f"'{command}' fails without a slip: {why(text)}")
    results = []
    for slip in slips:
        begin = time.monotonic()
        outcome, reason = one(slip, tree)
        results.append((slip, outcome, reason))
        say(f"{outcome:14} {slip.file}: {slip.name} [{slip.test}] {reason}  ({time.monotonic() - begin:.0f} s)", flush=True)
    return results


def score(results):
    return sum(outcome == "noticed" for _, outcome, _ in results) / len(results)


def main(patterns, sample=0, seed=None):
    """Exit code and document."""
    if sample:
        print(f"a sample with seed {seed}")
    try:
        results = run(pick(patterns, sample, seed))
    except ValueError as e:
        raise words.Refused(str(e)) from e
    unbuilt = sum(outcome == "does not build" for _, outcome, _ in results)
    print(f"{len(results)} slips, {100 * score(results):.1f} % noticed, goal {100 * GOAL:.0f} %"
          + (f"; {unbuilt} do not build" if unbuilt else ""))
    ok = score(results) >= GOAL and not unbuilt
    return int(not ok), {"ok": ok, "score": round(score(results), 4), "goal": GOAL,
                         "slips": [{"name": s.name, "file": s.file, "test": s.test, "outcome": outcome, "why": reason}
                                   for s, outcome, reason in results]}
