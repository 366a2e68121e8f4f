# SPDX-License-Identifier: GPL-2.0-or-later
"""Everything that proves the tree, in one run; ends with 'N passed, N failed'.

Kernels are built one after another while a worker does what is ready already; then each processor has one. The dearest
job goes first, by what it cost when it was measured (lab/costs.json).
"""
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import bench
import bustrace
import doctor
import guest
import jobs
import kernels
import mutate

ROOT = kernels.ROOT
CPUS = len(os.sched_getaffinity(0))

# The order that the firmware has always seen, less docs/deviations.md. M1024: write of that MIB.
CHARTS = {
    "boot to first scan": ("demo", "M1024 M1024 0009 0009 M1016 0013 M1013 M1009 M0003 "
                                   "0012 0013 0012 0013 0012 0013 0012 0013 M1002 M0006 0007"),
    "join": ("demo", "M1009 M100E M1020 0016 M1002 000B M1003 M1004 M1005 M1026 M0004"),
    "association": ("demo", "M1044 M0007 M1045 M1043 0016 0C27 0029 M1021 M1010 M1025 0011 M1007 M100E M1002 M0003 000C 000C"),
    "leaving": ("demo", "M1045 M1044 M1025 000A M1009 M100E 0C27"),
    "beacon loss": ("vanish", "000D M1009 M1045 M1044 M1025 000A M1009 M100E 0C27 M0003"),
    "roam": ("roam", "000D 000D M1009 M1045 M1044 M1025 000A M1009 M100E 0C27 M0003 "
                     "0012 0013 M1013 0012 0013 0012 0013 0012 0013 M1009 M100E M1020 0016 M1002 000B"),
}


class Tally:
    """What passed and what did not, told as it comes, by any thread."""

    def __init__(self):
        self.lock = threading.Lock()
        self.results = []

    def add(self, ok, name, detail=""):
        with self.lock:
            self.results.append({"name": name, "ok": bool(ok), "detail": detail})
            print(f"{'ok  ' if ok else 'FAIL'} {name}{'  ' + detail if detail else ''}", flush=True)

    def count(self, ok):
        return sum(r["ok"] == ok for r in self.results)


class Job:
    """needs: what has to be built before. run(tally) tells what passed and returns the processor's seconds it took."""

    def __init__(self, label, needs, run):
        self.label, self.needs, self.run = label, needs, run
        self.cost = jobs.cost(label)
        self.used = None


def execute(*cmd):
    """Exit status, what it said, the processor's seconds of it and its children."""
    with tempfile.TemporaryFile() as out:
        p = subprocess.Popen([str(c) for c in cmd], stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(p.pid, 0)
        p.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        return p.returncode, out.read().decode(errors="replace"), usage.ru_utime + usage.ru_stime


# -- what needs no kernel --

def programs(tally, target, names, *args):
    """Builds the unit tests or the fuzzers and runs each: all that are listed, and no others are there."""
    code, text, used = execute("make", "-C", ROOT / "emulator", f"OUT={ROOT}/build", target)
    (ROOT / f"build/{target}.log").write_text(text)
    tally.add(not code, f"{target} build", f"see build/{target}.log" if code else "")
    prefix = names[0].split("_")[0]
    sources = {p.stem for p in (ROOT / "emulator").rglob(f"{prefix}_*.c")}
    astray = sorted(sources.symmetric_difference(names))
    tally.add(not astray, f"{target} are those of lab/jobs.py", ", ".join(astray))
    for name in [] if code else names:
        program = ROOT / "build" / {"test": "tests", "fuzz": "fuzz"}[prefix] / name
        if not program.exists():
            tally.add(False, f"{prefix} {name}", "is missing")
            continue
        code, text, seconds = execute(program, *args)
        tally.add(code == 0, f"{prefix} {name}", text[-500:] if code else "")
        used += seconds
    return used


def unit_tests(tally):
    return programs(tally, "tests", jobs.UNIT_TESTS)


def fuzzers(tally):
    """A short run of each with its corpus, elsewhere each day; by hand they take -n and -s (emulator/fuzz/standalone_main.c)."""
    return programs(tally, "fuzzers", jobs.FUZZERS, "-n", 2000, "-C", ROOT / "emulator/fuzz/corpus")


def style(tally):
    begin = time.monotonic()
    said = kernels.checkpatch()
    tally.add(not said, "checkpatch --strict", "; ".join(said[:5]))
    return time.monotonic() - begin


def lab_tests(tally):
    code, text, used = execute("/usr/bin/python3", "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", ROOT / "lab/tests")
    tally.add(code == 0, "lab tests", text[-600:] if code else "")
    return used


# -- what runs in guests --

def scenario(kind, name, args):
    def run(tally):
        result = guest.run(name, args, kind)
        tally.add(result["ok"], jobs.label(kind, name, args), "; ".join(result["why"]) or f"{result['cpu']} s")
        return result["cpu"]
    return run


def bench_case(name):
    """Goals are limits that no change may cross."""
    def run(tally):
        result = bench.run_case(name)
        tally.add(not result["missed"], f"bench {name}", "; ".join(result["missed"]))
        return result["cpu"]
    return run


def same_twice(tally):
    """The same scenario gives the same result, to the last counter."""
    texts, used = [], 0
    for _ in range(2):
        result = guest.run("connect", {"security": "wpa2", "channel": "6"}, suffix="-twice")
        tally.add(result["ok"], "connect, one of two", "; ".join(result["why"]))
        texts.append(Path(result["out"], "guest/result.json").read_text())
        used += result["cpu"]
    tally.add(texts[0] == texts[1], "two runs agree exactly")
    return used


def amx(tally):
    """By itself: it plays a host to all guests that it starts."""
    code, text, used = execute("/usr/bin/python3", "-B", ROOT / "lab/amxhost.py")
    tally.add(code == 0, "guests on a host with AMX", text[-400:] if code else "")
    return used


SLIPS = 3


def planted_slips(tally):
    """Some of the cheap ones, others each day: does a test notice."""
    begin = time.monotonic()
    code, document = mutate.main(["kunit", "unit test_"], SLIPS, int(time.strftime("%Y%m%d")), jobs=1)
    tally.add(not code, "planted slips", "; ".join(f"{s['name']}: {s['outcome']}" for s in document["slips"]))
    return time.monotonic() - begin


# -- what guests have left --

def captures(tally):
    """The demo's air capture shows the whole life of a connection."""
    pcap = ROOT / "out/lean/demo/guest/air.pcapng"
    wanted = {"beacon": "wlan.fc.type_subtype==8", "authentication": "wlan.fc.type_subtype==11",
              "association": "wlan.fc.type_subtype==0", "4-way handshake": "eapol",
              "encrypted data": "wlan.fc.type==2 && wlan.fc.protected==1"}
    for name, display in wanted.items():
        p = subprocess.run(["tshark", "-r", pcap, "-Y", display, "-c", "400"], capture_output=True, text=True)
        tally.add(bool(p.stdout.strip()), f"air capture shows {name}")
    p = subprocess.run(["tshark", "-r", ROOT / "out/lean/demo/guest/bus.pcapng", "-c", "10"],
                       capture_output=True, text=True)
    tally.add(len(p.stdout.splitlines()) == 10, "bus capture is readable")


def charts(tally):
    """What the bus captures show follows the charts."""
    for name, (scenario_name, order) in CHARTS.items():
        path = ROOT / f"out/lean/{scenario_name}/guest/bus.pcapng"
        seen = " ".join(bustrace.requests(path)) if path.exists() else "no capture"
        # the beacon filter closes after the first beacon, whenever that comes
        seen = re.sub(r"(?<!M1004) M1005", "", seen)
        tally.add(order in seen, f"order of messages: {name}", "" if order in seen else f"seen: {seen}")


# -- who does what, when --

def plan(everything):
    cases = [n for n in bench.CASES if n not in bench.LONG] if everything else bench.SHORT
    return [Job("unit tests", "", unit_tests), Job("fuzzers", "", fuzzers), Job("checkpatch", "", style),
            Job("lab tests", "emulator", lab_tests), Job("two runs", "lean", same_twice), Job("amx", "lean", amx),
            *([Job("planted slips", "lean", planted_slips)] if everything else []),
            *[Job(f"bench {n}", bench.kind(bench.CASES[n][0]), bench_case(n)) for n in cases],
            *[Job(jobs.label(*j), j[0], scenario(*j)) for j in jobs.scenarios(everything)]]


class Work:
    """Jobs, and what is built for them."""

    def __init__(self, todo, tally):
        self.todo, self.done, self.tally = sorted(todo, key=lambda j: -j.cost), [], tally
        self.ready, self.broken, self.building = {""}, {}, True
        self.changed = threading.Condition()

    def build(self):
        """One after another, each as wide as the machine; guests that run in real time want it for themselves, at the end."""
        kinds = {j.needs for j in self.todo} - {"", "emulator"}
        for what in ["emulator", *sorted(kinds, key=("lean", "debug", "newest", "debian").index)]:
            why, begin = None, time.monotonic()
            try:
                kernels.emulator() if what == "emulator" else guest.build(what)
            except Exception as e:      # one that does not build must not hide the others
                why = str(e) or repr(e)
            told = f"{time.monotonic() - begin:.0f} s"
            if what != "emulator":
                told += f", modules {'' if what in kernels.CHECKED else 'not '}checked by sparse"
            self.tally.add(not why, f"build {what}", why or told)
            with self.changed:
                self.broken.update({what: why} if why else {})
                self.ready.add(what)
                self.changed.notify_all()
        with self.changed:
            self.building = False
            self.changed.notify_all()

    def take(self, n):
        """The dearest job that can be done now, for worker n; None if there are none left."""
        with self.changed:
            while self.todo:
                # while a kernel is built one worker is enough
                if not self.building or n == 0:
                    for job in self.todo:
                        if job.needs in self.ready:
                            self.todo.remove(job)
                            return job
                self.changed.wait()
        return None

    def worker(self, n):
        while job := self.take(n):
            try:
                if job.needs in self.broken:
                    self.tally.add(False, job.label, f"not tried: build {job.needs} failed")
                else:
                    job.used = job.run(self.tally)
            except Exception as e:      # one broken guest must not hide the others
                self.tally.add(False, job.label, repr(e))
            with self.changed:
                self.done.append(job)
                self.changed.notify_all()

    def run(self):
        threads = [threading.Thread(target=self.build), *[threading.Thread(target=self.worker, args=(n,)) for n in range(CPUS)]]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        return self.done


def main(everything=False, costs=False):
    begin = time.monotonic()
    if bad := doctor.short():
        return 1, {"ok": False, "error": bad}
    tally, todo = Tally(), plan(everything)
    (ROOT / "build").mkdir(exist_ok=True)
    print(f"{len(todo)} jobs, about {sum(j.cost for j in todo) / 60:.0f} minutes of one processor, and what is to be built",
          flush=True)
    done = Work(todo, tally).run()
    captures(tally)
    charts(tally)
    measured = {j.label: round(j.used, 1) for j in done if j.used is not None}
    if costs:
        jobs.keep(measured)
    dearest = sorted(measured.items(), key=lambda item: -item[1])[:10]
    print("the dearest, in seconds of a processor: " + ", ".join(f"{label} {used:.0f}" for label, used in dearest))
    minutes = (time.monotonic() - begin) / 60
    print(f"({minutes:.0f} minutes)")
    passed, failed = tally.count(True), tally.count(False)
    print(f"{passed} passed, {failed} failed", flush=True)
    return int(failed > 0), {"ok": not failed, "passed": passed, "failed": failed, "minutes": round(minutes, 1),
                             "results": tally.results, "dearest": dict(dearest), "costs": measured}


if __name__ == "__main__":
    guest.catch_signals()
    sys.exit(main()[0])
