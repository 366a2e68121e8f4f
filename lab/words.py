# SPDX-License-Identifier: GPL-2.0-or-later
"""The words of the command line: what scenarios, knobs and bench cases there are, and what each accepts.

A scenario declares its arguments as data, which is read without running it:

    ARGS = {"security": ("open", "wpa2"), "part": [*PARTS], "times": int, "share": "i/n"}

A tuple: one of these words. A list: one or more of them, separated by commas; [int]: numbers, separated by commas.
int, float, str: what these make of it. "i/n": part i of n. "row": of the fault table.
"""
import ast
import functools
import re
from pathlib import Path

import faults

ROOT = Path(__file__).resolve().parent.parent
SCENARIOS = ROOT / "lab/scenarios"
KNOBS = ROOT / "emulator/bes2600/knobs.h"
# all that a declaration may call
NAMES = {"__builtins__": {}, "int": int, "float": float, "str": str, "range": range, "sorted": sorted}


class Refused(Exception):
    """A word that means nothing, and what would."""


def scenarios():
    return sorted(p.stem for p in SCENARIOS.glob("*.py"))


@functools.cache
def constants(name):
    """What a scenario's file defines as plain data at its top; ARGS may use what stands before it."""
    found = {}
    for node in ast.parse((SCENARIOS / f"{name}.py").read_text()).body:
        if not (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)):
            continue
        try:
            found[node.targets[0].id] = eval(compile(ast.Expression(node.value), name, "eval"), {**NAMES, **found})
        except Exception:
            continue            # not plain data
    return found


def summary(name):
    """The first line of a scenario's docstring."""
    return ast.get_docstring(ast.parse((SCENARIOS / f"{name}.py").read_text())).splitlines()[0]


def arguments(name):
    args = constants(name).get("ARGS")
    if args is None:
        raise Refused(f"{name} does not declare its arguments: ARGS = {{...}}, see docs/scenarios.md")
    return args


def accepted(kind):
    """In words."""
    if isinstance(kind, tuple):
        return "one of " + ", ".join(map(str, kind))
    if isinstance(kind, list):
        if kind in ([int], [float]):
            return "numbers, separated by commas"
        return "some of " + ",".join(kind)
    return {int: "a whole number", float: "a number", str: "text", "i/n": "part i of n, as 1/4",
            "row": "a pattern of rows"}[kind]


def number(make, text):
    try:
        make(text)
    except ValueError:
        return False
    return True


def fits(kind, text):
    if isinstance(kind, tuple):
        return text in map(str, kind)
    if isinstance(kind, list):
        if kind in ([int], [float]):
            return all(number(kind[0], word) for word in text.split(","))
        return all(word in kind for word in text.split(","))
    if kind in (int, float):
        return number(kind, text)
    if kind == "i/n":
        m = re.fullmatch(r"(\d+)/(\d+)", text)
        return bool(m) and 1 <= int(m[1]) <= int(m[2])
    if kind == "row":
        rows([text])
    return True


@functools.cache
def knobs():
    """{name: accepted values} of the emulated chip, from its own list."""
    text = KNOBS.read_text().replace("\\\n", " ")
    return dict(re.findall(r'\bX\(\w+, "([\w.]+)", (?:INT|ENUM), [^,]+,\s*"([^"]+)"\)', text))


def knob(name, value):
    """Refuses a knob that is not there, or a value that it does not take."""
    if name not in knobs():
        raise Refused(f"the chip has no knob '{name}'; it has {', '.join(knobs())}")
    values = knobs()[name]
    m = re.match(r"(\d+)\.\.(\d+)", values)
    good = number(int, value) and int(m[1]) <= int(value) <= int(m[2]) if m else value in values.split("|")
    if not good:
        raise Refused(f"knob {name}={value}: accepted are {values.replace('|', ', ')}")


def rows(patterns):
    """Refuses a pattern that no row of the fault table has in its name."""
    for pattern in patterns:
        if not faults.select([pattern]):
            raise Refused(f"no row of the fault table matches '{pattern}'; docs/faults.md has them all")


def check(name, args):
    """Refuses what a scenario does not take."""
    if name not in scenarios():
        raise Refused(f"no scenario '{name}'; there are {', '.join(scenarios())}")
    takes = arguments(name)
    for key, value in args.items():
        if "." in key:
            knob(key, value)
        elif key not in takes:
            raise Refused(f"{name} takes no argument '{key}'; it takes " +
                          (", ".join(f"{k} ({accepted(kind)})" for k, kind in takes.items()) or "none") +
                          ", and knobs of the chip as knob=value")
        elif not fits(takes[key], value):
            raise Refused(f"{name} {key}={value}: it takes {accepted(takes[key])}")


def parse(words):
    """['connect', 'security=wpa2', 'demo'] -> [('connect', {...}), ('demo', {})]"""
    jobs = []
    for w in words:
        key, equals, value = w.partition("=")
        if not equals:
            jobs.append((w, {}))
        elif not jobs:
            raise Refused(f"'{w}' is an argument without a scenario before it")
        elif key in jobs[-1][1]:
            raise Refused(f"{jobs[-1][0]}: {key} is given twice")
        else:
            jobs[-1][1][key] = value
    for job in jobs:
        check(*job)
    return jobs
