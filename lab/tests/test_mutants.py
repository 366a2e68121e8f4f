# SPDX-License-Identifier: GPL-2.0-or-later
"""The planted slips fit the tree: each place is there once, each test exists."""
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import mutate   # noqa: E402
import words    # noqa: E402

SLIPS = mutate.load()


@pytest.mark.parametrize("slip", SLIPS, ids=lambda s: s.name)
def test_place_is_there_once(slip):
    assert slip.text() != (mutate.ROOT / slip.file).read_text()


@pytest.mark.parametrize("slip", SLIPS, ids=lambda s: s.name)
def test_its_test_exists(slip):
    if slip.test.startswith("unit "):
        assert list(mutate.ROOT.glob(f"emulator/*/tests/{slip.test.split()[1]}.c"))
    else:
        assert words.parse(slip.test.split())


def test_names_are_unique():
    assert len({s.name for s in SLIPS}) == len(SLIPS)


def test_what_matches_nothing_is_refused():
    with pytest.raises(ValueError, match="no slip matches"):
        mutate.pick(["no such slip"])


def test_a_place_that_is_gone_is_refused():
    slip = mutate.Slip("x.toml", {"name": "n", "file": "README.md", "old": "certainly not in there", "new": "", "test": "connect"})
    with pytest.raises(ValueError, match="0 places"):
        slip.text()
