# SPDX-License-Identifier: GPL-2.0-or-later
"""What a run is worth, judged on the host when its guest has ended: kernel log, console, and the emulated chip's word.

The guest follows its kernel's log into kmsg.txt until it has no more to say but END; what comes after that, while it
shuts down, is on its console, where everything from warnings on shows (loglevel=5).
"""
import json
import re
from typing import NamedTuple

BEGIN, END = "anechoic: the lab begins", "anechoic: the lab ends"
WARNING = 4             # of the kernel's levels, the highest that fails
LOST = "lost"           # instead of a line: the kernel's ring has overwritten some

# At any level, from whomever
BAD = re.compile(r"WARNING|BUG|KASAN|UBSAN|KFENCE|possible recursive|possible circular|inconsistent lock|suspicious RCU|"
                 r"rcu.*(stall|starved)|INFO: task|blocked for more than|lockup|kmemleak: .*suspected|"
                 r"unregister_netdevice: waiting|Oops|Call Trace|sleeping function|scheduling while atomic|"
                 r"general protection|Kernel panic|refcount_t|bes2600.*refused")
# Before the lab begins the kernel tells of a machine that is not ours to judge, but these are
OURS = re.compile(r"^(bes2600|vsdio|mmc|cfg80211|mac80211|ieee80211|phy\d|wlan)")
# What is said without a reason to worry
USUAL = [
    (r"^\w+: loading out-of-tree module taints kernel", 0, 1),
    (r"^\w+: module verification failed: signature and/or required key missing", 0, 1),
    # the two optional files; Debian's kernel says so itself
    (r"^bes2600 mmc\S+: firmware: failed to load bes2600/(factory|sdd)\.bin \(-2\)", 0, None),
    (r"^reboot: Power down", 0, 1),
    # words of the command line that look like trouble
    (r"^(Kernel command|Command) line: |RCU CPU stall warnings timeout set to", 0, None),
    # Debian's advice when an optional file is missing
    (r"^firmware_class: See https://wiki.debian.org/Firmware for information about missing firmware", 0, 1),
]


class Line(NamedTuple):
    level: int
    seq: int
    time: float
    text: str


def parse(text):
    """The lines of kmsg.txt."""
    out = []
    for line in text.splitlines():
        head, _, rest = line.partition(";")
        if rest == LOST:
            out.append(Line(0, -1, 0.0, LOST))
            continue
        priority, seq, usec = head.split(",")[:3]
        out.append(Line(int(priority) & 7, int(seq), int(usec) / 1e6, rest))
    return out


def lost(lines):
    """How often the log went on elsewhere than it had stopped."""
    gaps = sum(l.text == LOST for l in lines)
    numbers = [l.seq for l in lines if l.text != LOST]
    return max(gaps, sum(b != a + 1 for a, b in zip([-1, *numbers], numbers)))


def usual(text):
    return any(re.search(pattern, text) for pattern, _, _ in USUAL)


def matters(line, ours_only=False):
    return bool(BAD.search(line.text) or line.level <= WARNING and (not ours_only or OURS.search(line.text)))


def shut_down(console):
    """Lines of the console after END, as far as the kernel said them; None if END is not there."""
    head, found, rest = console.partition(END)
    if not found:
        return None
    return [Line(WARNING, 0, float(m[1]), m[2])
            for m in re.finditer(r"^\[ *([\d.]+)\](?:\[[^]]*\])? (.*?)\r?$", rest, re.M)]


class Allowed:
    """Lines that a scenario provokes, and how often: [pattern, at least, at most]; None: as often as it likes."""

    def __init__(self, allowed):
        self.rules = [(re.compile(pattern), low, high) for pattern, low, high in allowed]
        self.seen = [0] * len(self.rules)

    def takes(self, text):
        """Counts the line for the first rule that has room for it, so that an exact one may stand before a wide one."""
        for i, (pattern, _, high) in enumerate(self.rules):
            if pattern.search(text) and (high is None or self.seen[i] < high):
                self.seen[i] += 1
                return True
        return False

    def missing(self):
        for (pattern, low, _), n in zip(self.rules, self.seen):
            if n < low:
                yield f"kernel log: '{pattern.pattern}' {n} times, expected {low} at least"


def log(lines, console, allowed):
    """What is wrong with the kernel's log, in words."""
    why = []
    if n := lost(lines):
        why.append(f"kernel log: lines are lost in {n} places")
    rest = shut_down(console)
    if rest is None:
        why.append("the console does not show the end of the lab")
    if not lines or lines[-1].text != END:
        why.append("kernel log: it was not followed to its end")
    begin = next((i for i, l in enumerate(lines) if l.text == BEGIN), len(lines))
    rules = Allowed([*allowed, *USUAL])
    bad = [l.text for i, l in enumerate([*lines, *(rest or [])])
           if l.text not in (BEGIN, END, LOST) and matters(l, i < begin) and not rules.takes(l.text)]
    if bad:
        why.append(f"kernel log: {bad[0]}" + (f" (and {len(bad) - 1} more)" if bad[1:] else ""))
    return why + list(rules.missing())


def counts(lines, console, allowed):
    """How often each allowance was made use of."""
    rules = Allowed(allowed)
    for l in [*lines, *(shut_down(console) or [])]:
        if matters(l):
            rules.takes(l.text)
    return [[pattern, n] for (pattern, _, _), n in zip(allowed, rules.seen)]


def violations(text):
    """Rules of the wire that the host has broken, as the emulated chip logged them."""
    return re.findall(r"^[\d.]+ (violation: .*)$", text, re.M)


def chip(log_text, counters):
    """What the emulated chip says of the run, in words."""
    why = []
    broken = violations(log_text)
    if broken:
        why.append(f"{len(broken)} violations, the first: {broken[0]}")
    shell = (counters or {}).get("shell")
    if shell is None:
        return [*why, "the emulator left no counters"]
    if shell["violations"] > len(broken):
        why.append(f"the emulator counts {shell['violations']} violations and logged {len(broken)}")
    for name in ("medium_overflows", "medium_malformed"):
        if shell[name]:
            why.append(f"{name} is {shell[name]}: the medium is not to be trusted")
    return why


def run(result, guest_dir, console):
    """Adds to a result what only the host can say."""
    why = []
    path = guest_dir / "kmsg.txt"
    if path.exists():
        lines, allowed = parse(path.read_text(errors="replace")), result.get("allowed", [])
        why += log(lines, console, allowed)
        result["log_counts"] = counts(lines, console, allowed)
    else:
        why.append("nobody has followed the kernel's log")
    if result.get("chip") and not (guest_dir / "emulator.log").exists():
        why.append("the emulated chip has left no log")
    elif (guest_dir / "emulator.log").exists():
        text = (guest_dir / "emulator.log").read_text(errors="replace")
        why += chip(text, result.get("counters"))
        result["figures"]["violations"] = len(violations(text))
    if why:
        result["ok"] = False
        result["why"] = [*result["why"], *why]
    (guest_dir / "result.json").write_text(json.dumps(result, indent=1, sort_keys=True) + "\n")
