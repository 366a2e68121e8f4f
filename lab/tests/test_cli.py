# SPDX-License-Identifier: GPL-2.0-or-later
"""Words that mean nothing are refused by name, with what is accepted, before anything is built."""
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "lab"))
import bench                    # noqa: E402
import guest                    # noqa: E402
import words                    # noqa: E402


def chamber(*args):
    return subprocess.run([ROOT / "chamber", *args], capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("args, said", [
    (["run", "conect"], "no scenario 'conect'.*connect"),
    (["run", "security=wpa2"], "without a scenario"),
    (["run", "connect", "foo=bar"], "no argument 'foo'.*security.*channel"),
    (["run", "demo", "security=wpa2"], "demo takes no argument 'security'; it takes none"),
    (["run", "connect", "security=wpa4"], "security=wpa4.*open, wpa2, wpa3"),
    (["run", "connect", "channel=14"], "channel=14.*1, 2, 3"),
    (["run", "connect", "channel=1", "channel=6"], "channel is given twice"),
    (["run", "updown", "times=often"], "times=often.*whole number"),
    (["run", "moments", "part=scan,scanning"], "part=scan,scanning.*some of scan,connecting"),
    (["run", "powersave", "part=5/4"], "part=5/4.*part i of n"),
    (["run", "recover", "only=exception,excepton"], "some of exception"),
    (["run", "bench", "ramp=1,two"], "ramp=1,two.*numbers"),
    (["run", "connect", "rx.brst=1"], "no knob 'rx.brst'.*rx.burst"),
    (["run", "connect", "rx.burst=17"], r"rx.burst=17.*1\.\.16"),
    (["run", "connect", "reset.effect=run"], "reset.effect=run.*rom, running"),
    (["run", "knobs", "only=rx.burst:0"], "only=rx.burst:0.*rx.burst:1"),
    (["run", "faults", "only=no such row"], "no row .*'no such row'"),
    (["faults", "removal: * join", "no such row"], "no row .*'no such row'"),
    (["bench", "idle", "isolated"], "'isolated'.*isolated-rx"),
    (["profile", "idel"], "idel"),
    (["run", "--kernel", "leen", "connect"], "leen.*lean"),
    (["run", "connect", "demo", "foo=1"], "demo takes no argument 'foo'"),
])
def test_refusals(args, said):
    p = chamber(*args)
    assert p.returncode == 2 and not p.stdout, p
    assert re.search(said, p.stderr), p.stderr
    # told at once: nothing has been built or started
    assert "building" not in p.stderr and "Traceback" not in p.stderr


def test_refusals_as_a_document():
    p = chamber("run", "--json", "connect", "foo=bar")
    assert p.returncode == 2 and "foo" in json.loads(p.stdout)["error"]


def test_the_list_as_a_document():
    listed = json.loads(chamber("list", "--json").stdout)
    assert [s["name"] for s in listed] == words.scenarios()
    connect = next(s for s in listed if s["name"] == "connect")
    assert "wpa3" in connect["arguments"]["security"] and connect["summary"]


def test_each_verb_that_reports_takes_json():
    for verb in ("run", "bench", "check", "faults", "profile", "soak", "list"):
        assert "--json" in chamber(verb, "--help").stdout, verb


@pytest.mark.parametrize("name", words.scenarios())
def test_each_scenario_declares_what_it_takes(name):
    """And takes what it declares: no argument is read that is not declared, none declared that is not read."""
    declared = set(words.arguments(name))
    text = (words.SCENARIOS / f"{name}.py").read_text()
    for kind in words.arguments(name).values():
        assert words.accepted(kind)
    read = {a or b for a, b in re.findall(r"""\bargs(?:\.get\(|\[)["']([a-z_0-9]+)["']|"([a-z_0-9]+)" in (?:lab\.)?args\b""", text)}
    assert read == declared


def test_knobs_are_those_of_the_emulated_chip():
    text = words.KNOBS.read_text()
    assert len(words.knobs()) == len(re.findall(r'^\s*X\(\w+, "', text, re.M)) > 50
    for name, values in words.knobs().items():
        assert re.match(r"\d+\.\.\d+|[\w.-]+\|", values), (name, values)


@pytest.mark.parametrize("name", bench.CASES)
def test_cases_of_the_bench_are_understood(name):
    words.check("bench", {k: str(v) for k, v in bench.CASES[name][0].items()})


def test_directories_have_names_that_nothing_divides():
    labels = [guest.label("faults", {"only": only}) for only in
              ("removal: * join", "removal: ? join", "x" * 300, "a|b", "$(true)", "it's", "../up")]
    assert len(set(labels)) == len(labels)
    for label in labels:
        assert re.fullmatch(r"[\w.=,+:-]{1,120}", label), label
    assert guest.label("connect", {"security": "wpa2", "channel": "6"}) == "connect-channel=6-security=wpa2"
