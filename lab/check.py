# SPDX-License-Identifier: GPL-2.0-or-later
"""Everything that proves the tree, in one run; ends with 'N passed, N failed'."""
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import amxhost
import bench
import bustrace
import doctor
import guest
import kernels

ROOT = kernels.ROOT

CONNECT = [("connect", {"security": s, "channel": str(c)})
           for s in ("open", "wpa2", "wpa3") for c in (1, 6, 11, 36, 48)]
LEAN = [("demo", {}), ("cards", {}), ("hung", {}), ("kunit", {}), *CONNECT, ("passphrase", {}), ("hidden", {}), ("vanish", {}), ("roam", {}),
        ("rekey", {}), ("updown", {}), ("reload", {}), ("traffic", {}), ("badfile", {}), ("truth", {}), ("iwd", {}),
        ("recover", {}), ("recover", {"reset.effect": "running"}), ("reload", {"times": "3", "reset.effect": "running"}),
        *[("backoff", {"part": p}) for p in ("fail", "relapse", "midway")], ("neighbour", {}),
        *[("coredump", {"security": s}) for s in ("wpa2", "wpa3", "tkip")], ("moments", {}),
        *[("storms", {"part": p}) for p in ("decrypt", "losses", "clusters", "background")], ("scans", {}), ("chanswitch", {}),
        ("joins", {}), ("joins", {"security": "wpa3"}),
        ("connect", {"security": "tkip"}), ("bootfault", {}), ("faults", {"sample": "25"}),
        *[("knobs", {"part": f"{i}/6"}) for i in range(1, 7)],
        *[("powersave", {"part": f"{i}/4"}) for i in range(1, 5)],
        ("suspend", {}), *[("suspend", {"power": p, "times": n}) for p, n in (("kept", "2"), ("lost", "20"), ("lie", "20"))],
        ("suspend", {"mcu": "sleeps", "times": "2"}), ("hosts", {}), ("sizes", {}), ("sizes", {"security": "open"}),
        ("sizes", {"security": "tkip"}), ("sizes", {"security": "tkip", "rx.tkip_mic": "stripped"}),
        *[("shutdown", {"chip": c}) for c in ("alive", "dead", "silent", "booting")],
        ("hostile", {"messages": "20000"}), ("soak", {})]
# What takes long and shows nothing of memory or locks that the others do not
LEAN_ONLY = [("suspend", {}), ("hostile", {"messages": "20000"}), ("soak", {}), ("storms", {"part": "background"})]
DEBUG = [job for job in LEAN if job[0] != "knobs" and job not in LEAN_ONLY]
DEBUG += [("hostile", {"messages": "3000"}), ("alloc", {"step": "40", "part": "probe,start,recovery"})]
DEBIAN = [("smoke", {}), ("sizes", {})]


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
    def __init__(self):
        self.passed = self.failed = 0

    def add(self, ok, name, detail=""):
        self.passed += ok
        self.failed += not ok
        print(f"{'ok  ' if ok else 'FAIL'} {name}{'  ' + detail if detail else ''}", flush=True)


def unit_tests(tally):
    log = ROOT / "build/tests.log"
    with open(log, "w") as out:
        built = subprocess.run(["make", "-C", ROOT / "emulator", f"OUT={ROOT}/build", "tests",
                                f"-j{os.cpu_count()}"], stdout=out, stderr=out)
    if built.returncode:
        tally.add(False, "unit tests build", f"see {log}")
        return
    for program in sorted((ROOT / "build/tests").glob("test_*")):
        if program.is_dir() or program.suffix:
            continue
        p = subprocess.run([program], capture_output=True, text=True)
        tally.add(p.returncode == 0, f"unit {program.name}", (p.stdout + p.stderr)[-400:] if p.returncode else "")


def fuzzers(tally):
    """A short run of each; by hand they take -n and -s, or libFuzzer."""
    log = ROOT / "build/fuzz.log"
    with open(log, "w") as out:
        built = subprocess.run(["make", "-C", ROOT / "emulator", f"OUT={ROOT}/build", "fuzzers",
                                f"-j{os.cpu_count()}"], stdout=out, stderr=out)
    programs = [p for p in sorted((ROOT / "build/fuzz").glob("fuzz_*")) if not p.suffix]
    tally.add(not built.returncode and len(programs) == 5, "fuzzers build", f"see {log}" if built.returncode else "")
    for program in programs:
        p = subprocess.run([program, "-n", "2000", "-s", "1"], capture_output=True, text=True)
        tally.add(p.returncode == 0, f"fuzz {program.name}", p.stderr[-600:] if p.returncode else "")


def style(tally):
    said = kernels.checkpatch()
    tally.add(not said, "checkpatch --strict", "; ".join(said[:5]))


def lab_tests(tally):
    p = subprocess.run(["/usr/bin/python3", "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", ROOT / "lab/tests"],
                       capture_output=True, text=True)
    tally.add(p.returncode == 0, "lab tests", p.stdout[-600:] if p.returncode else "")


def one(job):
    kind, (name, args) = job
    try:
        return job, guest.run(name, args, kind)
    except Exception as e:      # one broken guest must not hide the others
        return job, {"ok": False, "why": [repr(e)], "wall": 0}


def scenarios(tally, jobs):
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for (kind, (name, args)), result in pool.map(one, jobs):
            label = " ".join([f"{kind} {name}"] + [f"{k}={v}" for k, v in args.items()])
            tally.add(result["ok"], label, "; ".join(result.get("why", [])) or f"{result['wall']} s")


def bench_cases(tally):
    """A short bench; its goals are limits that no change may cross."""
    for r in bench.run(bench.SHORT, lambda text: None):
        tally.add(not r["missed"], f"bench {r['name']}", "; ".join(r["missed"]))


def same_twice(tally):
    """The same scenario gives the same result, to the last counter."""
    args = {"security": "wpa2", "channel": "6"}
    texts = []
    for _ in range(2):
        result = guest.run("connect", args, "lean")
        texts.append(Path(result["out"], "guest/result.json").read_text())
    tally.add(texts[0] == texts[1], "two runs agree exactly")


def amx(tally):
    for name, ok, detail in amxhost.prove():
        tally.add(ok, name, "" if ok else detail)


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
    for name, (scenario, order) in CHARTS.items():
        seen = " ".join(bustrace.requests(ROOT / f"out/lean/{scenario}/guest/bus.pcapng"))
        tally.add(order in seen, f"order of messages: {name}", "" if order in seen else f"seen: {seen}")


def main(everything=False, costs=False):
    begin = time.monotonic()
    guest.catch_signals()
    if bad := doctor.short():
        return 1, {"ok": False, "error": bad}
    tally = Tally()
    try:
        kernels.emulator()
        for kind in ("lean", "debug", "debian"):
            guest.build(kind)
        tally.add(True, "builds")
        style(tally)
        unit_tests(tally)
        fuzzers(tally)
        lab_tests(tally)
        scenarios(tally, [("debian", s) for s in DEBIAN] + [("lean", s) for s in LEAN] + [("debug", s) for s in DEBUG])
        bench_cases(tally)
        same_twice(tally)
        amx(tally)
        captures(tally)
        charts(tally)
    except kernels.BuildError as e:
        tally.add(False, "builds", str(e))
    print(f"({(time.monotonic() - begin) / 60:.0f} minutes)")
    print(f"{tally.passed} passed, {tally.failed} failed")
    return int(tally.failed > 0), {"ok": not tally.failed, "passed": tally.passed, "failed": tally.failed}


if __name__ == "__main__":
    sys.exit(main()[0])
