# SPDX-License-Identifier: GPL-2.0-or-later
"""The limits that the bench's goals are computed from."""
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import bench   # noqa: E402


@pytest.mark.parametrize("phy, frames, mbps", [("ht20", 1, 32), ("ht20", 8, 60), ("ht20", 16, 64), ("ht20", 20, 65),
                                               ("ht40", 1, 42), ("ht40", 8, 110), ("ht40", 16, 123), ("ht40", 20, 127)])
def test_air_limit(phy, frames, mbps):
    """The published table: UDP at MCS 7 with short guard interval"""
    assert abs(bench.air_mbps(phy, frames) - mbps) < 0.75


def test_bounds():
    """A frame by itself: interrupt, read, read again; to the chip a write, and a confirm that comes back like that"""
    assert bench.reads_bound(1) == 3 and bench.reads_bound(8) == 5 / 8 and bench.reads_bound(64) == 13 / 64
    assert bench.writes_bound(1) == 4 and bench.writes_bound(8) == 0.5


def test_every_size_has_its_goals():
    for n in bench.SIZES:
        for way in ("down", "up"):
            args, limits = bench.CASES[f"ht40-ampdu{n}-{way}"]
            assert args["ampdu"] == n and [column for column, _, _ in limits] == ["mbps", "transactions_per_frame"]
            # 64 KiB are the end of HT
            assert n * (args.get("length", 1472) + 86) <= args.get("bytes", 32768)
