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


def test_a_sample_is_spread():
    groups = {r.group for r in faults.select(sample=25)}
    assert len(faults.select(sample=25)) == 25 and len(groups) >= 6


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
              "replugged": False, "ok": True, "seconds": 1.5, "why": []}
    text = faultdoc.document([result, dict(result, ok=False, seconds=None, why=["why"])], "lean")
    assert "1 of 2 rows pass" in text and "| a\\|b | idle | no &lt;answer> | 1.5 | passes |" in text
    assert "**fails**: why" in text
