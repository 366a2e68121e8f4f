# SPDX-License-Identifier: GPL-2.0-or-later
"""Every rule by which the emulated chip judges its host was broken once by a unit test."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import violations      # noqa: E402


def test_every_text_is_provoked():
    formats, _ = violations.every()
    assert len(formats) > 150
    assert not violations.untested()


def test_texts_are_found():
    text = '''chip_violation(c, NULL, 0, "a %u (10 section 3)", /* "x" */ 1);
    fw_bad(fw, msg, len, "%s (MIB %04x)", why, id);
    return "31 §4: \\"b\\" is "
           "long";
    chip_log(c, "no rule");'''
    assert violations.formats(text) == {"a %u (10 section 3)", "%s (MIB %04x)", '31 §4: "b" is long'}


def test_a_text_covers_its_format_only():
    assert violations.covers("no MIB %04x", [], "no MIB 1099")
    assert not violations.covers("no MIB %04x", [], "no MIB 1099 to read")
    assert violations.covers("rule", ["", " (MIB %04x)"], "rule (MIB 1024)")
    assert not violations.covers("rule", [" (MIB %04x)"], "rule (MIB x)")
    assert not violations.covers("%zu of 100%%", [], "1 of 100")
