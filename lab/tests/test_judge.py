# SPDX-License-Identifier: GPL-2.0-or-later
"""What the host makes of a guest's log, console and emulated chip."""
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import judge                    # noqa: E402

CONSOLE = f"[    9.0] {judge.END}\n[    9.1] reboot: Power down\n"
GOOD = {"shell": {"violations": 0, "medium_overflows": 0, "medium_malformed": 0}}


def kmsg(*lines, boot=()):
    """A log with these (level, text) after the lab has begun."""
    said = [*boot, (12, judge.BEGIN), *lines, (12, judge.END)]
    return judge.parse("".join(f"{level},{i},1000,-;{text}\n" for i, (level, text) in enumerate(said)))


def test_a_quiet_log_passes():
    assert judge.log(kmsg((6, "wlan1: associated"), (4, "vsdio: loading out-of-tree module taints kernel.")), CONSOLE, []) == []


@pytest.mark.parametrize("level, text", [
    (4, "bes2600 mmc0:0001:1: firmware exception: resetting the chip"), (3, "mmc0: error -110 whilst initialising SDIO card"),
    (4, "vsdio vsdio.0: late"), (4, "wlan1: something"), (4, "Rekeying PTK for STA 02:00:00:00:00:00"),
    (12, "whoever: it warns"), (6, "UBSAN: array-index-out-of-bounds in tx.c"), (3, "rcu: INFO: rcu_sched detected stalls"),
    (3, "INFO: task kworker/0:1 blocked for more than 122 seconds."), (6, "Call Trace:"),
    (6, "kmemleak: 1 new suspected memory leaks"), (4, "net_ratelimit: 12 callbacks suppressed")])
def test_what_fails(level, text):
    assert judge.log(kmsg((level, text)), CONSOLE, []) == [f"kernel log: {text}"]
    assert judge.log(kmsg((level, text)), CONSOLE, [["^" + text[:12], 1, 1]]) == []


def test_the_first_is_told_and_how_many_follow():
    assert judge.log(kmsg(*[(4, f"bes2600: {i}") for i in range(3)]), CONSOLE, []) == ["kernel log: bes2600: 0 (and 2 more)"]


@pytest.mark.parametrize("n, low, high, good", [
    (0, 1, 1, False), (1, 1, 1, True), (2, 1, 1, False), (0, 0, 1, True), (3, 2, 4, True), (5, 2, 4, False), (9, 0, None, True),
    (0, 1, None, False)])
def test_lines_are_allowed_so_often(n, low, high, good):
    why = judge.log(kmsg(*[(4, "bes2600 mmc0: resetting the chip")] * n), CONSOLE, [["resetting", low, high]])
    assert (why == []) == good, why


def test_an_exact_allowance_before_a_wide_one():
    allowed = [["exception: resetting", 1, 1], ["resetting", 0, 2]]
    assert judge.log(kmsg(*[(4, "exception: resetting")] * 3), CONSOLE, allowed) == []
    assert judge.log(kmsg(*[(4, "exception: resetting")] * 4), CONSOLE, allowed)


def test_before_the_lab_begins_only_what_is_ours_counts():
    boot = [(4, "epollctl add err fd 0, Operation not permitted")]
    assert judge.log(kmsg(boot=boot), CONSOLE, []) == []
    for text in ("cfg80211: failed to load regulatory.db", "mmc0: bad", "WARNING: CPU: 0 PID: 1"):
        assert judge.log(kmsg(boot=[*boot, (4, text)]), CONSOLE, []) == [f"kernel log: {text}"]


@pytest.mark.parametrize("boot", [
    (6, "Command line: console=ttyS0 rcupdate.rcu_cpu_stall_timeout=120"),
    (5, "Kernel command line: console=ttyS0 rcupdate.rcu_cpu_stall_timeout=120"),
    (6, "\\x09RCU CPU stall warnings timeout set to 120 (rcu_cpu_stall_timeout)."),
    (3, "firmware_class: See https://wiki.debian.org/Firmware for information about missing firmware")])
def test_what_debians_kernel_says_when_all_is_well(boot):
    assert judge.log(kmsg(boot=[boot]), CONSOLE, []) == []
    assert judge.log(kmsg(boot=[boot, (3, "rcu: INFO: rcu_sched detected stalls")]), CONSOLE, [])


def test_lines_that_are_lost():
    text = (f"12,0,0,-;{judge.BEGIN}\n", "6,1,0,-;a\n", "6,2,0,-;b\n", f"12,3,0,-;{judge.END}\n")
    assert judge.log(judge.parse("".join(text)), CONSOLE, []) == []
    for lost in ("".join(text[:1] + text[2:]), "".join((*text[:2], ";lost\n", *text[3:])), "".join(text[1:])):
        assert judge.log(judge.parse(lost), CONSOLE, [])[0].startswith("kernel log: lines are lost")
    assert judge.log(judge.parse("".join(text[:3])), CONSOLE, []) == ["kernel log: it was not followed to its end"]


def test_what_the_kernel_says_while_it_goes_down():
    bad = CONSOLE + "[    9.2] WARNING: CPU: 0 PID: 1 at kernel/workqueue.c:1\n"
    assert judge.log(kmsg(), bad, []) == ["kernel log: WARNING: CPU: 0 PID: 1 at kernel/workqueue.c:1"]
    bad = CONSOLE + "[    9.2] bes2600 mmc0:0001:1: firmware exception: resetting the chip\r\n"
    assert judge.log(kmsg(), bad, []) == ["kernel log: bes2600 mmc0:0001:1: firmware exception: resetting the chip"]
    assert judge.log(kmsg(), bad, [["resetting", 1, 1]]) == []
    assert judge.log(kmsg(), "[    9.1] reboot: Power down\n", []) == ["the console does not show the end of the lab"]


def test_the_chips_word():
    assert judge.chip("0.1 card plugged into mmc0\n", GOOD) == []
    broken = "9.000000001 violation: toggle bit repeated: 4c 00\n"
    assert judge.chip(broken, GOOD) == ["1 violations, the first: violation: toggle bit repeated: 4c 00"]
    assert judge.chip("", None) == ["the emulator left no counters"]
    for name in GOOD["shell"]:
        assert len(judge.chip("", {"shell": {**GOOD["shell"], name: 1}})) == 1
