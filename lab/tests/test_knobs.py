# SPDX-License-Identifier: GPL-2.0-or-later
"""Each value of each knob is shown once: by a row of the scenario 'knobs', by another scenario, or by a unit test."""
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "lab"))
import jobs                     # noqa: E402
import words                    # noqa: E402

LISTS = words.constants("knobs")
# (knob, value) -> where
SHOWN = [((knob, value), where if key != "MATRIX" else "")
         for key in ("MATRIX", "ELSEWHERE", "UNIT") for knob, values, where in LISTS[key] for value in values.split()]
ROWS = re.findall(r'^\t\{ "([\w.]+)", "([\w.-]+)", \w+ \},$', (ROOT / "emulator/bes2600/tests/test_knobs.c").read_text(), re.M)


def numeric(knob):
    return ".." in words.knobs()[knob]


def defaults():
    """The defaults of numbers, the first word of the others."""
    text = words.KNOBS.read_text()
    return {knob: default if numeric(knob) else words.knobs()[knob].split("|")[0]
            for knob, default in re.findall(r'X\(\w+, "([\w.]+)", (?:INT|ENUM), (\d+),', text)}


def test_each_value_is_shown_once():
    shown = [pair for pair, _ in SHOWN]
    assert len(shown) == len(set(shown))
    words_ = {(knob, value) for knob in words.knobs() if not numeric(knob) for value in words.knobs()[knob].split("|")[1:]}
    assert {pair for pair in shown if not numeric(pair[0])} == words_


def test_each_number_is_shown_with_another_value():
    assert {knob for (knob, _), _ in SHOWN if numeric(knob)} == {knob for knob in words.knobs() if numeric(knob)}
    for (knob, value), _ in SHOWN:
        words.knob(knob, value)
        assert value != defaults()[knob], knob


def test_what_a_unit_test_shows_has_its_row():
    assert {(knob, value) for knob, values, _ in LISTS["UNIT"] for value in values.split()} <= set(ROWS)


@pytest.mark.parametrize("knob, values, where", LISTS["ELSEWHERE"], ids=lambda v: v)
def test_what_another_scenario_shows_is_run(knob, values, where):
    name, *args = where.split()
    wanted = dict(arg.split("=") for arg in args)
    assert any(name == job and wanted.items() <= given.items() for _, job, given in jobs.scenarios(False))
    text = (words.SCENARIOS / f"{name}.py").read_text()
    assert knob in text
    for value in values.split():
        assert re.search(rf'\b{value}\b', text), value


def test_all_rows_are_run():
    parts = [args["part"] for _, name, args in jobs.scenarios(False) if name == "knobs"]
    n = len(parts)
    assert sorted(parts) == [f"{i}/{n}" for i in range(1, n + 1)]


def place(knob):
    """What the table of docs/emulator.md says of a knob: the values that are shown, and where."""
    found = {}
    for (k, value), where in SHOWN:
        if k == knob:
            unit = any(k == row[0] and value in row[1].split() and where == row[2] for row in LISTS["UNIT"])
            found.setdefault("unit test" if unit else f"`{where or 'knobs'}`", []).append(value)
    return "; ".join(f"{where}: {', '.join(values)}" if numeric(knob) or len(found) > 1 else where for where, values in found.items())


def table():
    lines = ["| knob | default | accepted | shown by |", "|---|---|---|---|"]
    for knob, text in words.knobs().items():
        if numeric(knob):
            low, high, unit = re.fullmatch(r"(\d+)\.\.(\d+)(?: \((.*)\))?", text).groups()
            accepted, default = f"{low} to {high}" + (f" {unit}" if unit else ""), defaults()[knob]
        else:
            accepted, default = ", ".join(f"`{value}`" for value in text.split("|")), f"`{defaults()[knob]}`"
        lines.append(f"| `{knob}` | {default} | {accepted} | {place(knob)} |")
    return "\n".join(lines)


def test_the_table_of_the_documentation_is_this_one():
    text = (ROOT / "docs/emulator.md").read_text()
    assert re.search(r"<!-- knobs: begin .*-->\n\n(.*)\n\n<!-- knobs: end -->", text, re.S)[1] == table()


if __name__ == "__main__":
    print(table())
