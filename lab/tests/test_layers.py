# SPDX-License-Identifier: GPL-2.0-or-later
"""What serves every chip knows none: no header of one, no wire of one."""
import re
from pathlib import Path

EMULATOR = Path(__file__).resolve().parents[2] / "emulator"
COMMON = ("mac", "air", "card", "shell")
CHIPS = ("bes2600",)


def foreign(text):
    """Lines of a common part that lead to a chip."""
    found = [f for f in re.findall(r'#include\s+[<"]([^">]+)', text)
             if any(re.search(rf"(^|/){chip}/", f) for chip in CHIPS) or f.endswith("wsm_api.h")]
    rest = re.sub(r"#include.*", "", text)
    return found + re.findall(rf"\b(?:{'|'.join(CHIPS)})_\w+|\bwsm_\w+|\bWSM_\w+", rest)


def test_common_parts_know_no_chip():
    files = [p for part in COMMON for p in (EMULATOR / part).rglob("*.[ch]")]
    assert {p.relative_to(EMULATOR).parts[0] for p in files} == set(COMMON)
    bad = {str(p.relative_to(EMULATOR)): foreign(p.read_text()) for p in files}
    assert {name: found for name, found in bad.items() if found} == {}
    assert foreign((EMULATOR / "chip.h").read_text()) == []


def test_what_is_found():
    assert foreign('#include "../bes2600/chip.h"\n') == ["../bes2600/chip.h"]
    assert foreign('#include "../../drivers/bes2600/wsm_api.h"\n') == ["../../drivers/bes2600/wsm_api.h"]
    assert foreign("int id = msg[2] & WSM_ID_MASK;\n") == ["WSM_ID_MASK"]
    assert foreign('#include "../chip.h"\n#include <nettle/ccm.h>\n') == []


def test_chips_are_named_in_one_place():
    names = [p.name for p in EMULATOR.glob("*.[ch]") if re.search("|".join(CHIPS), p.read_text())]
    assert names == ["chips.c"]
