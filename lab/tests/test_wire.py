# SPDX-License-Identifier: GPL-2.0-or-later
"""The wire header is the table of the sheets: each packed struct has its size and each member its place as a number."""
import re
from pathlib import Path

HEADER = Path(__file__).resolve().parents[2] / "drivers/bes2600/wsm_api.h"
STRUCT = re.compile(r"^struct (\w+) \{\n(.*?)^\}( __packed)?;\n", re.M | re.S)
SIZE = re.compile(r"^WSM_ASSERT_SIZE\((\w+), (\d+)\);$", re.M)
AT = re.compile(r"^WSM_ASSERT_AT\((\w+), ([\w.]+), \d+(?: \+ \d+)?\);$", re.M)


def members(body):
    """Names of all members, those inside a union or struct by their path."""
    names, open_at = [], []
    for line in re.sub(r"/\*.*?\*/", "", body, flags=re.S).splitlines():
        line = line.strip()
        if re.match(r"(struct|union)\b[^;]*\{$", line):
            open_at.append(len(names))
        elif closed := re.match(r"\} __packed (\w+);$", line):
            at = open_at.pop()
            names[at:] = [closed[1]] + [f"{closed[1]}.{n}" for n in names[at:]]
        elif member := re.match(r".*?(\w+)(\[[^;]*)?;$", line):
            names.append(member[1])
        else:
            assert not line, f"what is '{line}'?"
    return names


def missing(text):
    """What has no size or no place."""
    sizes, places = {m[1] for m in SIZE.finditer(text)}, {(m[1], m[2]) for m in AT.finditer(text)}
    for name, body, packed in STRUCT.findall(text):
        if not packed:
            yield f"{name} is not packed"
        if name not in sizes:
            yield f"{name} has no size"
        yield from (f"{name}.{m} has no place" for m in members(body) if (name, m) not in places)


def test_every_member_has_its_place():
    text = HEADER.read_text()
    assert len(STRUCT.findall(text)) > 50
    assert not list(missing(text))


def test_a_new_member_is_missed():
    text = "struct a {\n\t__u8 x;\n\tunion {\n\t\t__u8 y[2];\n\t} __packed u;\n\t__le16 z;\t/* us */\n} __packed;\n"
    assert list(missing(text)) == ["a has no size"] + [f"a.{m} has no place" for m in ("x", "u", "u.y", "z")]
    text += "WSM_ASSERT_SIZE(a, 5);\nWSM_ASSERT_AT(a, x, 0);\nWSM_ASSERT_AT(a, u, 1);\nWSM_ASSERT_AT(a, u.y, 1 + 0);\n"
    assert list(missing(text)) == ["a.z has no place"]
