# SPDX-License-Identifier: GPL-2.0-or-later
"""What 'make check' consists of, and how it is spread."""
import sys
import threading
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "lab"))
import bench                    # noqa: E402
import check                    # noqa: E402
import jobs                     # noqa: E402
import words                    # noqa: E402

MINUTES = 20        # what is left of 40 when three kernels have been built, on two processors


@pytest.mark.parametrize("kind, name, args", jobs.scenarios(True), ids=lambda v: str(v))
def test_jobs_are_understood(kind, name, args):
    words.check(name, args)


def test_every_change_runs_every_scenario_in_the_lean_guest():
    run = {name for kind, name, _ in jobs.scenarios(False) if kind == "lean"}
    assert run | set(jobs.NOT_LEAN) == set(words.scenarios())
    assert not run & set(jobs.NOT_LEAN)
    assert "alloc" in {name for kind, name, _ in jobs.scenarios(False) if kind == "debug"}


def test_the_night_has_all_that_a_change_has():
    every, everything = ({j.label for j in check.plan(e)} for e in (False, True))
    assert every < everything


def test_jobs_have_one_label_each():
    for everything in (False, True):
        labels = [j.label for j in check.plan(everything)]
        assert len(labels) == len(set(labels))


def test_a_change_is_cheap_enough():
    """On two processors, with what has been measured; jobs that nobody has measured count as a guess."""
    assert sum(j.cost for j in check.plan(False)) < 2 * 60 * MINUTES


def test_costs_are_those_of_jobs_that_exist():
    assert set(jobs.costs()) <= {j.label for j in check.plan(True)}


@pytest.mark.parametrize("names, pattern", [(jobs.UNIT_TESTS, "test_*.c"), (jobs.FUZZERS, "fuzz_*.c")])
def test_programs_are_listed(names, pattern):
    assert sorted(names) == sorted(p.stem for p in (ROOT / "emulator").rglob(pattern))


class Silent(check.Tally):
    def add(self, ok, name, detail=""):
        self.results.append({"name": name, "ok": bool(ok), "detail": detail})


def run(monkeypatch, todo, broken=()):
    """The order in which jobs began, and the tally."""
    began, tally, lock = [], Silent(), threading.Lock()

    def build(kind):
        time.sleep(0.1)
        if kind in broken:
            raise RuntimeError("no compiler")
        with lock:
            began.append(kind)

    def job(label, needs, cost, fails=False):
        def work(tally):
            with lock:
                began.append(label)
            if fails:
                raise RuntimeError("it broke")
            tally.add(True, label)
            return cost
        j = check.Job(label, needs, work)
        j.cost = cost
        return j

    monkeypatch.setattr(check.kernels, "emulator", lambda: build("emulator"))
    monkeypatch.setattr(check.guest, "build", build)
    done = check.Work([job(*t) for t in todo], tally).run()
    assert len(done) == len(todo)
    return began, tally


def test_the_dearest_goes_first_and_waits_for_its_kernel(monkeypatch):
    monkeypatch.setattr(check, "CPUS", 1)
    began, tally = run(monkeypatch, [("cheap", "", 1), ("dear", "", 9), ("guest", "lean", 5), ("debugged", "debug", 99)])
    assert began.index("dear") < began.index("cheap")
    assert began.index("lean") < began.index("guest") and began.index("debug") < began.index("debugged")
    assert began.index("cheap") < began.index("lean")       # beside the build
    assert not tally.count(False)


def test_what_sparse_has_not_seen_is_told(monkeypatch):
    monkeypatch.setattr(check.kernels, "CHECKED", {"lean"})
    _, tally = run(monkeypatch, [("a", "lean", 1), ("b", "newest", 1)])
    told = {r["name"]: r["detail"] for r in tally.results}
    assert "modules checked by sparse" in told["build lean"] and "not checked by sparse" in told["build newest"]
    assert "sparse" not in told["build emulator"]


def test_a_kernel_that_does_not_build_fails_its_jobs_only(monkeypatch):
    began, tally = run(monkeypatch, [("a", "lean", 1), ("b", "debug", 1), ("c", "debug", 1)], broken=["debug"])
    failed = {r["name"] for r in tally.results if not r["ok"]}
    assert failed == {"build debug", "b", "c"} and "a" in began


def test_a_job_that_breaks_fails_and_hides_no_other(monkeypatch):
    _, tally = run(monkeypatch, [("a", "", 2, True), ("b", "", 1)])
    assert {r["name"] for r in tally.results if not r["ok"]} == {"a"}


def test_a_program_that_is_missing_or_new_fails(monkeypatch):
    monkeypatch.setattr(check, "execute", lambda *cmd: (0, "", 1.0))
    for names in (jobs.UNIT_TESTS[1:], [*jobs.UNIT_TESTS, "test_nothing"]):
        tally = Silent()
        check.programs(tally, "tests", names)
        assert any("are those of" in r["name"] and not r["ok"] for r in tally.results)


def test_a_bench_without_rows_fails(monkeypatch):
    args = {"ok": True, "why": [], "wall": 1, "cpu": 1, "out": "/nowhere"}
    for name in ("idle", "ht20-udp-both", "ht20-ramp"):
        monkeypatch.setattr(bench.guest, "run", lambda *a, **k: {**args, "figures": {}})
        assert bench.run_case(name)["missed"]
        monkeypatch.setattr(bench.guest, "run", lambda *a, **k: {**args, "figures": {"rows": []}})
        assert bench.run_case(name)["missed"]
