# SPDX-License-Identifier: GPL-2.0-or-later
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import faultdoc   # noqa: E402
import faults     # noqa: E402
import jobs       # noqa: E402


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


def test_every_row_is_tried_each_night():
    tried = [args["part"] for name, args in jobs.LEAN_NIGHT if name == "faults"]
    assert tried == jobs.of(faultdoc.parts(faults.every()))


def result(row, **more):
    return {"happened": row.faults, "end": "serves", "joins": row.joins, "resets": row.resets, "failed": row.failed,
            "seconds": row.within, **more}


def test_what_a_row_is_worth():
    row = next(r for r in faults.every() if r.name == "message: confirm of tx, twice, traffic")
    assert not list(faults.worth(row, result(row)))
    for more in ({"happened": 0}, {"happened": 2}, {"joins": 0}, {"joins": 2}, {"resets": 0}, {"failed": 1},
                 {"seconds": row.within + 0.01}):
        assert len(list(faults.worth(row, result(row, **more)))) == 1, more
    gone = next(r for r in faults.every() if r.name == "removal: at rest, idle")
    assert list(faults.worth(gone, result(gone, end="gone", joins=1)))


def test_an_absorbed_fault_costs_no_connection():
    rows = [r for r in faults.every() if r.act in ("idle", "traffic", "scan", "abort", "doze") and not r.resets]
    assert len(rows) > 150
    assert {r.joins for r in rows} == {0}
    assert not any(isinstance(r.joins, tuple) for r in faults.every() if r.group != "access point")


def test_seconds_follow_the_documented_deadlines():
    seconds = {r.name: r.within for r in faults.every()}
    assert seconds["message: confirm of start scan, only a header, scan"] == 2
    assert seconds["message: confirm of start scan, lost, scan"] == 5
    assert seconds["message: indication scan complete, lost, scan"] == 8
    assert seconds["message: confirm of join, lost, connect"] == 10.5
    assert sorted(seconds.values())[len(seconds) // 2] <= 2


def test_a_guest_that_ends_early_fails_its_rows():
    rows = faults.select(["removal"])[:3]
    done = [{"name": rows[0].name}]
    lost = list(faultdoc.lost(rows, done, {"why": ["hangs"]}))
    assert [r["name"] for r in lost] == [r.name for r in rows[1:]]
    assert not any(r["ok"] for r in lost)


def test_document():
    result = {"name": "x", "group": "bus", "what": "a|b", "when": "idle", "said": ["no <answer>"], "deeds": [],
              "replugged": False, "ok": True, "seconds": 1.5, "why": [], "resets": 1, "failed": 2,
              "joins": 3, "end": "serves"}
    text = faultdoc.document([result, dict(result, ok=False, seconds=None, why=["why"])], "lean", "abc123")
    assert f"2 of the {len(faults.every())} rows" in text and "of commit abc123" in text
    assert "1 of these 2 rows pass" in text and "| a\\|b | idle | 1, 2 failed | 3 | no &lt;answer> | 1.5 | passes |" in text
    assert "**fails**: why" in text
    lost = list(faultdoc.lost(faults.every()[:1], [], {"why": ["hangs"]}))
    text = faultdoc.document([result, *lost], "lean", "abc123")
    assert f"1 of the {len(faults.every())} rows" in text and "| - | not tried: hangs |" in text
