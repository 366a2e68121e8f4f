# SPDX-License-Identifier: GPL-2.0-or-later
"""Unit tests inside the kernel: what the driver does without a chip."""
import re
from pathlib import Path

from guestlib import OUT, sh

RADIOS = 0
# lines of the driver, and how often
PROVOKED = {"image: damaged or too large": 5, "image: .* is no firmware image": 3, "too short": 6, "message: out of sequence": 4,
            "firmware exception 4": 1, "the chip took .* for its address": 1, "refused by the chip": 5}
ARGS = {}
RESULTS = Path("/sys/kernel/debug/kunit")
TOTALS = re.compile(r"^# Totals: pass:(\d+) fail:(\d+) skip:(\d+) total:(\d+)$", re.M)


def check(lab, suite):
    """One suite's results; returns the number of cases, each parameter counted."""
    text = (suite / "results").read_text()
    (OUT / f"{suite.name}.ktap").write_text(text)
    failed = re.findall(r"^ *not ok \d+ (.*)$", text, re.M)
    lab.expect(not failed, f"{suite.name} failed: {', '.join(failed)}; see kernel.txt")
    m = TOTALS.search(text)
    # also if the suite never ran to its end
    lab.expect(m and re.search(rf"^ok 1 {suite.name}$", text, re.M), f"{suite.name} has no result")
    passed, _, skipped, total = map(int, m.groups())
    lab.expect(passed == total, f"{suite.name}: {passed} of {total} passed, {skipped} were skipped")
    lab.step(f"{suite.name}: {total} cases")
    return total


def run(lab):
    # what the tests provoke
    for text, times in PROVOKED.items():
        lab.allow_log(f"^bes2600-test .*{text}", times)
    lab.insmod("bes2600")
    lab.insmod("bes2600-test")
    try:
        suites = sorted(p for p in RESULTS.iterdir() if p.name.startswith("bes2600-"))
        lab.expect(suites, "no suite of tests was registered")
        lab.figure("suites", len(suites))
        lab.figure("cases", sum(check(lab, suite) for suite in suites))
    finally:
        (OUT / "kernel.txt").write_text(sh("dmesg"))
        sh("rmmod", "bes2600_test")
