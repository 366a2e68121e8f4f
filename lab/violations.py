# SPDX-License-Identifier: GPL-2.0-or-later
"""The texts by which the emulated chip says that a rule was broken, and those that a unit test provoked."""
import re
import subprocess
import tempfile
from pathlib import Path

import kernels

ROOT = kernels.ROOT
CALL = re.compile(r"(?:\bchip_violation|\bchip_leak|\bfw_bad|[.>]violation)\(")
LITERAL = re.compile(r'"((?:\\.|[^"\\\n])*)"(?:\s*"((?:\\.|[^"\\\n])*)")*')
# a rule by its sheet and section
RULE = re.compile(r"^[1-7]0 (?:§|section )|^31 (?:§|section )|\((?:[1-7]0|31) section [\d.]+[^()]*\)$")
CONVERSION = {"s": ".*", "c": ".", "d": r"-?\d+", "u": r"\d+", "x": "[0-9a-f]+", "X": "[0-9A-F]+", "p": r"\S+"}


def sources():
    return [p for d in ("card", "bes2600", "shell", "air", "mac", "crypto") for p in sorted((ROOT / "emulator" / d).glob("*.c"))]


def arguments(text, at):
    """The text between the parenthesis that ends before at and its counterpart."""
    depth, i = 1, at
    while depth:
        if text[i] == '"':
            i = LITERAL.match(text, i).end()
            continue
        depth += {"(": 1, ")": -1}.get(text[i], 0)
        i += 1
    return text[at:i - 1]


def literals(text):
    for m in LITERAL.finditer(text):
        yield "".join(re.findall(r'"((?:\\.|[^"\\\n])*)"', m[0])).replace('\\"', '"')


def formats(text):
    """Format strings of one source: what is told outright, and the rules that are told through a variable."""
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
    told = [lit for call in CALL.finditer(text) for lit in literals(arguments(text, call.end()))]
    return set(told) | {lit for lit in literals(text) if RULE.search(lit)}


def every():
    """(format, suffixes): all format strings, and what a call adds behind those that come through a variable."""
    found = set().union(*(formats(p.read_text()) for p in sources()))
    return sorted(f for f in found if not f.startswith("%s")), sorted(f[2:] for f in found if f.startswith("%s"))


def pattern(fmt):
    """What the format string can print, as a regular expression."""
    parts = re.split(r"%(?:[-+ #0]*\d*(?:l|ll|z|h|hh)?([a-zA-Z])|(%))", fmt)
    out = re.escape(parts[0])
    for conversion, percent, text in zip(parts[1::3], parts[2::3], parts[3::3]):
        out += ("%" if percent else CONVERSION[conversion]) + re.escape(text)
    return out


def covers(fmt, suffixes, text):
    tail = "|".join(pattern(s) for s in suffixes)
    return re.fullmatch(f"{pattern(fmt)}(?:{tail})?", text)


def programs():
    """Unit tests that tell what they provoked."""
    tests = [p for p in sorted((ROOT / "emulator").glob("*/tests/test_*.c")) if re.search(r'#include "(?:said|host)\.h"', p.read_text())]
    return [ROOT / "build/tests" / p.stem for p in tests]


def said():
    """Texts that the unit tests provoked and compared."""
    make = ["make", "-s", "-C", ROOT / "emulator", f"OUT={ROOT}/build", *programs()]
    subprocess.run(make, check=True, capture_output=True)
    with tempfile.NamedTemporaryFile("r") as log:
        for program in programs():
            subprocess.run([program], check=True, capture_output=True, env={"ANECHOIC_SAID": log.name})
        return sorted(set(log.read().splitlines()))


def untested():
    fmts, suffixes = every()
    texts = said()
    return [f for f in fmts if not any(covers(f, suffixes, t) for t in texts)]
