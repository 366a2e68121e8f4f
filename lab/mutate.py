# SPDX-License-Identifier: GPL-2.0-or-later
"""
Planted slips: each breaks the product in one place, and the test that is named beside it must notice.

lab/mutants/*.toml hold them as data: [[slip]] with name, file, old (stands there exactly once), new, and test: words of
'chamber run', or 'unit PROGRAM'. survives = "why" marks one that is known not to be noticed.
"""
import fcntl
import fnmatch
import json
import queue
import random
import subprocess
import threading
import time
import tomllib
from collections import Counter
from pathlib import Path

import kernels
import words

ROOT = kernels.ROOT
GOAL = 0.95
JOBS = 2        # copies of the tree that are broken at a time
# s for the test of a slip: so many times what it takes unbroken, and at least that
SLOWER, LIMIT = 6, 240
RESULTS = ROOT / "build/mutants.jsonl"
NOTICED, SURVIVED, UNBUILT, UNTESTED = "noticed", "survived", "does not build", "has no test"


class Slip:
    def __init__(self, source, fields):
        self.source = source
        self.survives = fields.pop("survives", "")
        self.name, self.file, self.old, self.new, self.test = (fields.pop(k) for k in ("name", "file", "old", "new", "test"))
        if fields:
            raise ValueError(f"{source}: '{self.name}' has unknown fields: {', '.join(fields)}")

    def key(self):
        """What a result is for: a slip that was changed has none."""
        return [self.name, self.file, self.old, self.new, self.test]

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


class Tree:
    """A copy that is broken; it keeps what was built in it before."""

    def __init__(self, n):
        self.path = kernels.cache_dir() / f"mutants-{n}"
        self.path.mkdir(parents=True, exist_ok=True)
        self.lock = open(f"{self.path}.lock", "w")
        fcntl.flock(self.lock, fcntl.LOCK_EX)
        subprocess.run(["rsync", "-a", "--delete", "--exclude=/build", "--exclude=/out", "--exclude=/.git", "--exclude=__pycache__",
                        f"{ROOT}/", self.path], check=True)

    def execute(self, cmd, limit):
        """Exit status, None if it did not end in time, and what it said. It does not outlive us: a chamber takes its guests along."""
        with subprocess.Popen(["setpriv", "--pdeathsig", "TERM", *map(str, cmd)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace") as p:
            try:
                said, _ = p.communicate(timeout=limit)
                return p.returncode, said
            except subprocess.TimeoutExpired:
                p.terminate()
                p.communicate()
                return None, f"      not done after {limit:.0f} s"

    def test(self, command, limit=None):
        """'noticed', 'survived' or 'does not build', and what the test said."""
        if command.startswith("unit "):
            cmd = [self.path / "build/tests" / command.split()[1]]
            code, said = self.execute(["make", "-s", "-C", self.path / "emulator", f"OUT={self.path}/build", *cmd], None)
            if code:
                return UNBUILT, said
        else:
            cmd = [self.path / "chamber", "run", *command.split()]
        code, said = self.execute(cmd, limit)
        if "build failed" in said:
            return UNBUILT, said
        return SURVIVED if code == 0 else NOTICED, said

    def broken(self, slip, limit):
        path = self.path / slip.file
        whole = path.read_text()
        path.write_text(slip.text(self.path))
        try:
            return self.test(slip.test, limit)
        finally:
            path.write_text(whole)


def why(said):
    """The first reason that a test gives."""
    lines = [l.strip() for l in said.splitlines() if l.startswith("      ") and not l.strip().startswith("{")]
    lines += [l.strip() for l in said.splitlines() if any(w in l.lower() for w in ("error", "failed", "assert", "expected"))]
    return next((l[:160] for l in lines if l), said.strip()[-160:])


class Unbroken:
    """Each test as it is without a slip: it has to pass, or its word is worth nothing. Asked once for each."""

    def __init__(self):
        self.lock, self.locks, self.known = threading.Lock(), {}, {}

    def limit(self, tree, command):
        """Seconds for the test of a slip, or None and why there is none."""
        with self.lock:
            mine = self.locks.setdefault(command, threading.Lock())
        with mine:
            if command not in self.known:
                begin = time.monotonic()
                outcome, said = tree.test(command)
                seconds = max(LIMIT, SLOWER * (time.monotonic() - begin))
                self.known[command] = (seconds, "") if outcome == SURVIVED else (None, f"without a slip: {why(said)}")
            return self.known[command]


def earlier():
    """Results of the runs before, the last of each slip."""
    lines = RESULTS.read_text().splitlines() if RESULTS.exists() else []
    return {json.dumps(r["key"]): r for r in map(json.loads, lines)}


class Run:
    """A list of (slip, outcome, why); each is kept as it comes."""

    def __init__(self, slips):
        self.todo, self.results, self.lock, self.unbroken = queue.SimpleQueue(), [], threading.Lock(), Unbroken()
        for slip in sorted(slips, key=lambda s: s.test):
            self.todo.put(slip)

    def add(self, slip, outcome, reason, seconds=None):
        with self.lock:
            self.results.append((slip, outcome, reason))
            took = "before" if seconds is None else f"{seconds:.0f} s"
            print(f"{outcome:14} {slip.file}: {slip.name} [{slip.test}] {reason}  ({took})", flush=True)
            if seconds is not None:
                with open(RESULTS, "a") as f:
                    f.write(json.dumps({"key": slip.key(), "outcome": outcome, "why": reason}) + "\n")

    def one(self, slip, tree):
        limit, reason = self.unbroken.limit(tree, slip.test)
        if limit is None:
            return UNTESTED, reason
        outcome, said = tree.broken(slip, limit)
        return outcome, slip.survives if outcome == SURVIVED else why(said)

    def worker(self, n):
        tree = Tree(n)
        while True:
            try:
                slip = self.todo.get_nowait()
            except queue.Empty:
                return
            begin = time.monotonic()
            try:
                outcome, reason = self.one(slip, tree)
            except (OSError, ValueError) as e:
                outcome, reason = UNTESTED, str(e)
            self.add(slip, outcome, reason, time.monotonic() - begin)


def run(slips, jobs=JOBS, known=None):
    """A list of (slip, outcome, why); known: results that are taken as they are."""
    known = known or {}
    RESULTS.parent.mkdir(exist_ok=True)
    have = {s.name: known[json.dumps(s.key())] for s in slips if json.dumps(s.key()) in known}
    work = Run([s for s in slips if s.name not in have])
    for slip in slips:
        if r := have.get(slip.name):
            work.add(slip, r["outcome"], r["why"])
    threads = [threading.Thread(target=work.worker, args=(n,), daemon=True) for n in range(min(jobs, len(slips) - len(have)))]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return work.results


def score(results):
    return sum(outcome == NOTICED for _, outcome, _ in results) / len(results)


def main(patterns, sample=0, seed=None, jobs=JOBS, go_on=False):
    """Exit code and document. go_on: what has a result in build/mutants.jsonl is not run again."""
    if sample:
        print(f"a sample with seed {seed}")
    try:
        slips = pick(patterns, sample, seed)
    except ValueError as e:
        raise words.Refused(str(e)) from e
    results = run(slips, jobs, earlier() if go_on else None)
    count = Counter(outcome for _, outcome, _ in results)
    astray = count[UNBUILT] + count[UNTESTED]
    print(f"{len(results)} slips, {100 * score(results):.1f} % noticed, goal {100 * GOAL:.0f} %"
          + "".join(f"; {count[o]} {o}" for o in (SURVIVED, UNBUILT, UNTESTED) if count[o]))
    # of a sample each must be noticed that is not known to survive
    ok = not astray and (score(results) >= GOAL or all(o == NOTICED or s.survives for s, o, _ in results))
    return int(not ok), {"ok": ok, "score": round(score(results), 4), "goal": GOAL,
                         "slips": [{"name": s.name, "file": s.file, "test": s.test, "outcome": outcome, "why": reason}
                                   for s, outcome, reason in results]}
