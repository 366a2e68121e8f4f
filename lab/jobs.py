# SPDX-License-Identifier: GPL-2.0-or-later
"""What 'make check' consists of: jobs as data, in two tiers, and what each costs.

EVERY is what each change must pass: each scenario at least once, those that tell most of memory and locks in the debug
guest as well. ALL adds the rest of the grid, and what takes long: './chamber check --all', each night.
"""
import json

from kernels import ROOT

COSTS = ROOT / "lab/costs.json"         # processor's seconds of each job, as measured by './chamber check --costs'
# For one that has never been measured: so many times what it costs in the lean guest; or, if that is not known either
SLOWER = {"debug": 4, "newest": 1}
UNKNOWN = {"debug": 60, "debian": 200}

# Every program has to be there, and no other
UNIT_TESTS = ["test_air", "test_card", "test_chip", "test_cipher", "test_convert", "test_crypto", "test_effects", "test_faults",
              "test_fw", "test_knobs", "test_line", "test_rules", "test_shell", "test_vectors", "test_violations"]
FUZZERS = ["fuzz_air", "fuzz_bus", "fuzz_control", "fuzz_rx", "fuzz_wsm"]


def each(name, **grid):
    """A scenario with each value of one argument."""
    (key, values), = grid.items()
    return [(name, {key: str(v)}) for v in values]


def of(n):
    return [f"{i}/{n}" for i in range(1, n + 1)]


def connects(*pairs):
    return [("connect", {"security": security, "channel": str(channel)}) for security, channel in pairs]


# The whole table of faults, in guests of as many rows as './chamber faults' gives them
FAULT_PARTS = 22

LEAN = [
    ("demo", {}), ("smoke", {}), ("cards", {}), ("kunit", {}), ("hung", {}), ("wallclock", {}), ("reference", {}),
    *connects(("open", 1), ("wpa2", 11), ("wpa3", 6), ("wpa2", 36), ("wpa3", 48)), ("connect", {"security": "tkip"}),
    ("passphrase", {}), ("hidden", {}), ("vanish", {}), ("roam", {}), ("rekey", {}), ("updown", {"times": "50"}),
    ("reload", {"times": "10"}), ("traffic", {}), ("badfile", {}), ("truth", {}), ("iwd", {}), ("hosts", {}), ("sizes", {}),
    ("sizes", {"security": "tkip"}), ("sizes", {"security": "tkip", "rx.tkip_mic": "stripped"}),
    ("recover", {}), ("recover", {"reset.effect": "running"}), ("reload", {"times": "3", "reset.effect": "running"}),
    *each("backoff", part=("fail", "relapse", "midway")), ("neighbour", {}), *each("coredump", security=("wpa2", "wpa3", "tkip")),
    ("moments", {}), *each("storms", part=("decrypt", "losses", "clusters")), ("scans", {}), ("chanswitch", {}), ("crossings", {}),
    ("joins", {}), ("joins", {"security": "wpa3"}), ("bootfault", {}), ("faults", {"sample": "25"}),
    *each("knobs", part=of(6)), *each("powersave", part=of(4)),
    *[("suspend", {"power": p, "times": "2"}) for p in ("kept", "lost", "lie")], ("suspend", {"mcu": "sleeps", "times": "2"}),
    *each("shutdown", chip=("alive", "dead", "silent", "booting")),
    ("values", {}), *each("group", security=("wpa2", "wpa3", "tkip")), *each("after", part=("scan,address,twice", "down", "rmmod")),
    ("hostile", {"messages": "3000"}), ("soak", {"hours": "0.5"}),
]
DEBUG = [
    ("kunit", {}), ("cards", {}), *connects(("wpa2", 6), ("wpa3", 48)), ("badfile", {}), ("reload", {"times": "3"}),
    ("recover", {}), ("moments", {}), ("backoff", {"part": "midway"}), ("neighbour", {}), ("coredump", {}), ("roam", {}),
    ("joins", {}), ("chanswitch", {}), ("storms", {"part": "losses"}), ("powersave", {"part": "4/4"}),
    ("suspend", {"power": "lost", "times": "2"}), *each("shutdown", chip=("alive", "booting")), ("faults", {"sample": "10"}),
    ("group", {}), ("after", {"part": "rmmod"}), ("hostile", {"messages": "1500"}), ("alloc", {"step": "40", "part": "probe,start,recovery"}),
]
NEWEST = [("kunit", {}), ("smoke", {}), *each("connect", security=("wpa2", "wpa3")), ("recover", {}), ("reload", {"times": "3"}),
          ("suspend", {"power": "kept", "times": "2"}), ("shutdown", {"chip": "alive"})]
DEBIAN = [("smoke", {}), ("sizes", {})]

LEAN_NIGHT = [
    *connects(*[(s, c) for s in ("open", "wpa2", "wpa3") for c in (1, 6, 11, 36, 48)]), ("updown", {}), ("reload", {}),
    ("sizes", {"security": "open"}), ("suspend", {}), ("suspend", {"power": "lost", "times": "20"}),
    ("suspend", {"power": "lie", "times": "20"}), ("hostile", {"messages": "20000"}), ("soak", {}),
    ("storms", {"part": "background"}), ("iwd", {"failures": "1,3"}), *each("faults", part=of(FAULT_PARTS)),
]
# What takes long and shows nothing of memory or locks that the others do not; what is about time or an idle chip
NOT_DEBUG = ("knobs", "soak", "suspend", "reference", "wallclock", "smoke", "hung")
DEBUG_NIGHT = [job for job in LEAN if job[0] not in NOT_DEBUG] + [
    ("hostile", {"messages": "3000"}), ("alloc", {"step": "10"}), *connects(("open", 36), ("wpa3", 11)),
    *[("faults", {"sample": "90", "part": p}) for p in of(3)]]

EVERY = {"lean": LEAN, "debug": DEBUG, "newest": NEWEST, "debian": DEBIAN}
NIGHT = {"lean": LEAN_NIGHT, "debug": DEBUG_NIGHT, "newest": [("traffic", {})]}
# Those that no lean guest can run
NOT_LEAN = {"alloc": "only the debug kernel makes allocations fail", "bench": "has a job for each case"}


def label(kind, name, args):
    return " ".join([kind, name, *(f"{k}={v}" for k, v in sorted(args.items()))])


def scenarios(everything):
    """(kind, name, arguments) of each, once."""
    found = {}
    for tier in (EVERY, NIGHT) if everything else (EVERY,):
        for kind, jobs in tier.items():
            for name, args in jobs:
                found[label(kind, name, args)] = (kind, name, args)
    return list(found.values())


def costs():
    return json.loads(COSTS.read_text()) if COSTS.exists() else {}


def cost(job):
    """What a job costs, or a guess."""
    known, (kind, _, rest) = costs(), job.partition(" ")
    if job in known:
        return known[job]
    if kind in SLOWER and f"lean {rest}" in known:
        return SLOWER[kind] * known[f"lean {rest}"]
    return UNKNOWN.get(kind, 20)


def keep(measured):
    """Remembers what jobs have cost."""
    COSTS.write_text(json.dumps({**costs(), **measured}, indent=1, sort_keys=True) + "\n")
