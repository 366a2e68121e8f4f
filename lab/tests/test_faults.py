# SPDX-License-Identifier: GPL-2.0-or-later
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import faultdoc   # noqa: E402
import faults     # noqa: E402


def test_every_message_has_rows():
    names = " ".join(r.name for r in faults.every())
    for request in faults.requests():
        assert f"confirm of {faults.title(request)}" in names
    for message in faults.handled():
        assert faults.title(message) in names


def test_names_are_words_of_a_kernel_command_line():
    for row in faults.every():
        assert not re.search(r"[\"'\\/]", row.name)


def test_sizes_come_from_the_wire_header():
    sizes = faults.sizes_of_structs()
    assert sizes[0x804] == 32 and sizes[0x801] == 152 and sizes[0x40b] == 16


def names(rows):
    return [r.name for r in rows]


def test_a_sample_is_spread_and_another_one_each_day():
    for seed in ("20260101", "20260102", "x"):
        rows = faults.select(sample=25, seed=seed)
        assert len(set(names(rows))) == 25 and len({r.group for r in rows}) >= 6
        assert names(rows) == names(faults.select(sample=25, seed=seed))
    assert len(set(names(faults.select(sample=25, seed="1"))) & set(names(faults.select(sample=25, seed="2")))) < 10
    seen = {n for day in range(400) for n in names(faults.select(sample=25, seed=day))}
    assert len(seen) == len(faults.every())


def test_order():
    rows = faults.every()
    assert sorted(names(faults.shuffled(rows, "1"))) == sorted(names(rows))
    assert names(faults.shuffled(rows, "1")) == names(faults.shuffled(rows, "1")) != names(faults.shuffled(rows, "2"))
    assert names(faults.shuffled(rows, "1")) != names(rows) == names(faults.every())


def test_rows_say_what_they_are_worth():
    for row in faults.every():
        told = sum(n for p, n in row.says.items() if "resetting the chip" in p)
        assert told or not row.failed or "boot" in row.group, row.name
        # a chip that is told to be reset comes back, or another one is put in
        assert row.resets or not told or row.gone, row.name
        assert row.faults or row.removed is not None or row.proof, f"{row.name}: nothing proves that it happened"
        assert bool(row.gone) == (row.removed is not None) or row.group == "boot", row.name


def test_rows_with_a_timer_wait_for_it():
    timers = {r.what: r.timer for r in faults.every() if r.timer}
    assert timers["firmware survives the reset for 15 s"] == 15 and timers["busy for 8 s"] == 8
    for row in faults.every():
        assert row.timer < row.limit
        for line in row.arm:
            # nobody sets these back
            assert not line.startswith("air ") and (not line.startswith("set ") or row.timer), row.name


def test_one_row_alone():
    for row in faults.every()[::20]:
        assert row.name in names(faults.select([row.name])), row.name


def test_patterns():
    assert all("join" in r.name for r in faults.select(["join"]))
    assert faults.select(["removal:*join"])
    assert not faults.select(["no such row"])


def test_a_guest_that_ends_early_fails_its_rows():
    rows = faults.select(["removal"])[:3]
    done = [{"name": rows[0].name}]
    lost = list(faultdoc.lost(rows, done, {"why": ["hangs"]}))
    assert [r["name"] for r in lost] == [r.name for r in rows[1:]]
    assert not any(r["ok"] for r in lost)


def test_document():
    result = {"name": "x", "group": "bus", "what": "a|b", "when": "idle", "said": ["no <answer>"], "deeds": [],
              "replugged": False, "ok": True, "seconds": 1.5, "why": [], "resets": 1, "failed": 2}
    text = faultdoc.document([result, dict(result, ok=False, seconds=None, why=["why"])], "lean")
    assert "1 of 2 rows pass" in text and "| a\\|b | idle | 1, 2 failed | no &lt;answer> | 1.5 | passes |" in text
    assert "**fails**: why" in text
