# SPDX-License-Identifier: GPL-2.0-or-later
"""Every byte example of the sheets is in a unit test, and docs/vectors.md says in which."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import vectors      # noqa: E402


def test_none_is_missing():
    assert len(vectors.EXAMPLES) > 130
    assert not list(vectors.missing())


def test_the_table_is_that_of_today():
    assert (vectors.ROOT / "docs/vectors.md").read_text() == vectors.document(), "python3 lab/vectors.py > docs/vectors.md"


def test_the_vectors_know_no_wire_header():
    tests = vectors.ROOT / "emulator/bes2600/tests"
    for name in ("test_vectors.c", "test_violations.c", "host.h"):
        assert not [word for word in ("wsm_api.h", "fw.h", "front.h", "internal.h") if word in (tests / name).read_text()]


def test_bytes_are_found(tmp_path):
    path = tmp_path / "a.c"
    path.write_text('static void one(void)\n{\n\task("send 08 00 16 60 80 "\n\t    "00 06 00");\n\treg(0x10021800);\n}\n'
                    'static void two(void)\n{\n\tstatic const u8 m[] = { 0x0c, 0x00, 0x46, 0x20, 0x24, 16, 4, 0 };\n}\n')
    found = vectors.Tests([path])
    assert found.of("08 00 16 e0 80 00 06 00") == ["one"] and found.of("10021800") == ["one"]
    assert found.of("0c 00 46 00 24 10 04 00") == ["two"] and not found.of("0c 00 06 00 24 10 04 00")
