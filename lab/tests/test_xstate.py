# SPDX-License-Identifier: GPL-2.0-or-later
"""What is preloaded into guests, and what it does with a process's FP state; without a guest."""
import os
import subprocess
import sys
from pathlib import Path

import pytest

LAB = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(LAB))

import guest      # noqa: E402

FLAGS = ["gcc", "-O2", "-Wall", "-Wextra", "-Werror"]
LENGTHS = [576, 2696, 11000, 11008, 65536]


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    out = tmp_path_factory.mktemp("xstate")
    subprocess.run([*FLAGS, "-o", out / "regset", LAB / "tests/regset.c"], check=True)
    for source in ("guest/xstate.c", "tests/amxhost.c"):
        subprocess.run([*FLAGS, "-shared", "-fPIC", "-o", out / f"{Path(source).stem}.so", LAB / source], check=True)
    return out


def regset(programs, *preloads):
    """[length of the area, what becomes of each of LENGTHS]"""
    env = dict(os.environ, LD_PRELOAD=" ".join(str(programs / f"{name}.so") for name in preloads))
    return subprocess.run([programs / "regset", *map(str, LENGTHS)], env=env, capture_output=True, text=True,
                          check=True).stdout.split()


def test_the_played_host_takes_all_or_nothing(programs):
    assert regset(programs, "amxhost") == ["11008", "EFAULT", "EFAULT", "EFAULT", "ok", "ok"]


def test_short_areas_are_filled_up(programs):
    assert regset(programs, "xstate", "amxhost") == ["11008"] + ["ok"] * len(LENGTHS)


def test_this_host_takes_short_areas_too(programs):
    plain, helped = regset(programs), regset(programs, "xstate")
    assert helped[0] == plain[0] and set(helped[1:]) == {"ok"}
    assert plain[1] == "EFAULT"      # or the preload would not be needed here


def preloaded(kind, cmd):
    return [Path(name).name for name in guest.environment(kind, cmd)["LD_PRELOAD"].split()]


def test_every_uml_guest_is_helped_and_before_the_users_libraries(monkeypatch):
    monkeypatch.setenv("LD_PRELOAD", "/a/one.so:/b/two.so")
    assert preloaded("lean", ["linux", "time-travel=inf-cpu"]) == ["xstate.so", "seed.so", "one.so", "two.so"]
    for kind in ("lean", "debug", "newest"):
        assert preloaded(kind, ["linux"]) == ["xstate.so", "one.so", "two.so"]
    assert guest.environment("debian", ["qemu"]) is None


def test_a_guests_memory_is_where_the_doctor_says(monkeypatch):
    for directory, taken in (("/elsewhere", "/elsewhere"), (None, "/dev/shm")):
        monkeypatch.setattr(guest.doctor, "memory_directory", lambda: (directory, ""))
        assert guest.environment("lean", [])["TMPDIR"] == taken


def test_a_home_that_cannot_be_written_does_no_harm(monkeypatch):
    monkeypatch.setenv("ANECHOIC_CACHE", "/cache")
    monkeypatch.setenv("HOME", "/nowhere")
    assert guest.environment("lean", [])["HOME"] == "/cache"
