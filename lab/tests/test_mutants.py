# SPDX-License-Identifier: GPL-2.0-or-later
"""The planted slips fit the tree: each place is there once, each test exists."""
import fnmatch
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import mutate   # noqa: E402
import words    # noqa: E402

SLIPS = mutate.load()
# None is planted yet: what every chip's MAC does, and what builds upon it
NOT_YET = ("emulator/mac/*", "emulator/chips.c", *(f"emulator/bes2600/{name}.c" for name in ("fw_ap", "fw_ba", "fw_key", "fw_ps", "fw_scan", "ops")))
# Programs of the product that no slip breaks, and why
WITHOUT = {
    "drivers/bes2600/compat.c": "compiled for other kernels only",
    "drivers/bes2600/trace.c": "generates code from a header, has none of its own",
    "emulator/shell/capture.c": "runs beside a kernel only", "emulator/shell/control.c": "runs beside a kernel only",
    "emulator/shell/hwsim.c": "runs beside a kernel only", "emulator/shell/loop.c": "runs beside a kernel only",
    "emulator/shell/main.c": "runs beside a kernel only", "emulator/shell/vsdio.c": "runs beside a kernel only",
}


@pytest.mark.parametrize("slip", SLIPS, ids=lambda s: s.name)
def test_place_is_there_once(slip):
    assert slip.text() != (mutate.ROOT / slip.file).read_text()


@pytest.mark.parametrize("slip", SLIPS, ids=lambda s: s.name)
def test_its_test_exists(slip):
    if slip.test.startswith("unit "):
        assert list(mutate.ROOT.glob(f"emulator/*/tests/{slip.test.split()[1]}.c"))
    else:
        assert words.parse(slip.test.split())


def test_each_file_of_the_product_has_one():
    product = {str(p.relative_to(mutate.ROOT)) for top in ("drivers", "emulator") for p in (mutate.ROOT / top).rglob("*.c")}
    product = {p for p in product if not {"tests", "fuzz", "example"} & set(Path(p).parts)}
    product = {p for p in product if not any(fnmatch.fnmatch(p, pattern) for pattern in NOT_YET)}
    broken = {s.file for s in SLIPS}
    assert not product - broken - set(WITHOUT)
    assert not set(WITHOUT) - product, "files that are gone"
    assert not set(WITHOUT) & broken, "files that have slips by now"


def test_names_are_unique():
    assert len({s.name for s in SLIPS}) == len(SLIPS)


def test_what_matches_nothing_is_refused():
    with pytest.raises(ValueError, match="no slip matches"):
        mutate.pick(["no such slip"])


def test_a_place_that_is_gone_is_refused():
    slip = mutate.Slip("x.toml", {"name": "n", "file": "README.md", "old": "certainly not in there", "new": "", "test": "connect"})
    with pytest.raises(ValueError, match="0 places"):
        slip.text()
