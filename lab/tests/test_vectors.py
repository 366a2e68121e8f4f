# SPDX-License-Identifier: GPL-2.0-or-later
"""Every byte example of the sheets is in a unit test, and docs/vectors.md says in which."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import vectors      # noqa: E402


def test_none_is_missing():
    assert len(vectors.EXAMPLES) > 160
    assert not list(vectors.missing())


def test_the_table_is_that_of_today():
    assert (vectors.ROOT / "docs/vectors.md").read_text() == vectors.document(), "python3 lab/vectors.py > docs/vectors.md"


def test_the_vectors_know_no_wire_header():
    tests = vectors.ROOT / "emulator/bes2600/tests"
    for name in ("test_vectors.c", "test_effects.c", "test_violations.c", "host.h"):
        assert not [word for word in ("wsm_api.h", "fw.h", "front.h", "internal.h") if word in (tests / name).read_text()]


CODE = """#define HEAD "08 00 16 "
#define TO(channel) HEAD "60 80 00 " channel " 00"
static const u8 table[] = { 0x0c, 0x00, 0x46, 0x20, 0x24, 16, 4, 0 };

static void one(void **state)
{
\task(TO("06"));
\tassert_int_equal(reg(0x10021800), 4);
\task("04 00 08 00 00 00");
}

static void two(void **state)
{
\tassert_true(same(table));
\tbytes("0e 00 @8 01", 9);
\tassert_true(1);
}

static void nobody(void **state)
{
\thost_ask("04 00 0a 00 00 00");
}

static const T tests[] = { one, two };
"""


def test_bytes_are_bound(tmp_path):
    path = tmp_path / "a.c"
    path.write_text(CODE)
    found = vectors.Tests([path])
    assert found.of("08 00 16 e0 80 00 06 00") == ["one"] and found.of("10021800") == ["one"]
    assert found.of("0c 00 46 00 24 10 04 00") == ["two"] and not found.of("0c 00 06 00 24 10 04 00")
    # zeros count, those that "@" stands for as well
    assert found.of("0e 00 00 00 00 00 00 00 01") == ["two"] and not found.of("08 00 16 e0 80 00 06 00 00")
    # nothing asserts behind the one, nobody runs the other
    assert not found.of("04 00 08 00 00 00") and not found.of("04 00 0a 00 00 00")
    assert found.holds("one", "08 00 16 e0 80 00 06 00") and not found.holds("two", "08 00 16 e0 80 00 06 00")
