# SPDX-License-Identifier: GPL-2.0-or-later
"""Where kernels come from, and that a build without sparse or with warnings is no clean one."""
import platform
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import kernels    # noqa: E402
import suites     # noqa: E402

CC = "  CC [M]  /w/bes2600/{0}.o\n"
CHECK = "  CHECK   /w/bes2600/{0}.c\n"


# -- the newest source --

class Suites:
    """Debian's suites, as {name: (package, version)}."""
    def __init__(self, **have):
        self.have = {name.replace("_", "-"): found for name, found in have.items()}

    def __call__(self, name):
        self.name = name
        if name not in self.have:
            raise suites.BuildError(f"no linux-source in suite {name}")
        return self

    def source(self):
        return self.have[self.name]


def test_the_newest_of_all_suites():
    have = Suites(trixie_backports=("linux-source-7.3", "7.3.4-1~bpo13+1"), sid=("linux-source-7.2", "7.2.13-1"),
                  trixie=("linux-source-6.12", "6.12.107-1"))
    assert suites.look_for_newest(have) == ("trixie-backports", "linux-source-7.3", "7.3.4-1~bpo13+1")
    have.have["sid"] = ("linux-source-7.10", "7.10.1-1")
    assert suites.look_for_newest(have)[0] == "sid"


def test_what_is_obtainable_is_told(capsys):
    assert suites.look_for_newest(Suites(sid=("linux-source-7.2", "7.2.13-1")))[0] == "sid"
    said = capsys.readouterr().err
    assert "no linux-source in suite trixie-backports" in said and "obtainable is linux-source-7.2 7.2.13-1 of sid" in said
    with pytest.raises(suites.BuildError, match="trixie-backports"):
        suites.look_for_newest(Suites())


def test_the_newest_is_asked_for_once_a_week(tmp_path, monkeypatch):
    monkeypatch.setenv("ANECHOIC_CACHE", str(tmp_path / "cache"))
    found = [("a", "linux-source-7.3", "7.3.4"), ("b", "linux-source-7.4", "7.4.1")]
    assert suites.newest(look=lambda: found[0]) == found[0]
    assert suites.newest(look=lambda: found[1]) == found[0]
    assert suites.newest(look=lambda: found[1], age=0) == found[1]


def test_without_a_network_what_was_found_last(tmp_path, monkeypatch, capsys):
    def fails():
        raise suites.BuildError("no network")
    monkeypatch.setenv("ANECHOIC_CACHE", str(tmp_path))
    with pytest.raises(suites.BuildError, match="no network"):
        suites.newest(look=fails)
    suites.newest(look=lambda: ("a", "linux-source-7.3", "7.3.4"))
    assert suites.newest(look=fails, age=0)[2] == "7.3.4"
    assert "no network" in capsys.readouterr().err


def test_a_package_that_does_not_unpack_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("ANECHOIC_CACHE", str(tmp_path))
    with pytest.raises(suites.BuildError, match="cannot be unpacked"):
        suites.unpack(None, "linux-source-0.1", "0.1")
    assert not list(tmp_path.glob("source-*/done"))


def test_other_machines_have_no_uml(monkeypatch):
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")
    with pytest.raises(suites.BuildError, match="no UML on aarch64: '--kernel debian'"):
        kernels.kernel("lean")


# -- sparse --

def test_every_object_must_be_checked():
    log = CHECK.format("main") + CC.format("main") + CC.format("bh") + CHECK.format("bh") + CC.format("bes2600.mod")
    # what the kernel compiles into each module
    log += "  CC [M]  /w/bes2600/.module-common.o\n"
    assert not kernels._unchecked(log)
    assert kernels._unchecked(log.replace(CHECK.format("bh"), "")) == ["/w/bes2600/bh"]


def test_a_kernel_that_skips_sparse_is_found(tmp_path):
    assert kernels.sparse_for("lean", tmp_path) is None
    (tmp_path / "scripts").mkdir()
    script = tmp_path / "scripts/checker-valid.sh"
    script.write_text("echo 1\n")
    assert kernels.sparse_for("lean", tmp_path) is None
    script.write_text("echo 0\n")
    assert "too old" in kernels.sparse_for("lean", tmp_path)
    assert "not installed" in kernels.sparse_for("lean", tmp_path, which=lambda name: None)


@pytest.mark.parametrize("kind", kernels.FRAGMENTS)
def test_without_sparse_the_required_builds_fail(kind, monkeypatch, capsys):
    class Built(Exception):
        pass

    def build(*_, sparse):
        assert not sparse
        raise Built
    for name, value in (("compile_modules", build), ("sparse_for", lambda *_: "it is too old"), ("source", lambda _: ()),
                        ("kernel", lambda _: "")):
        monkeypatch.setattr(kernels, name, value)
    monkeypatch.setattr(suites, "unpack", lambda *_: "")
    if kind in kernels.SPARSE:
        with pytest.raises(kernels.BuildError, match="sparse must check"):
            kernels.modules(kind)
    else:
        with pytest.raises(Built):
            kernels.modules(kind)
        assert "sparse does not check the modules for the newest kernel: it is too old" in capsys.readouterr().err


@pytest.mark.parametrize("why", [None, "it is too old"])
def test_it_is_told_which_modules_sparse_has_seen(tmp_path, monkeypatch, why):
    for ko in ("vsdio/tests/neighbour.ko", "bes2600/tests/bes2600-test.ko"):
        (tmp_path / ko).parent.mkdir(parents=True)
        (tmp_path / ko).touch()
    for name, value in (("compile_modules", lambda *_, sparse: tmp_path), ("sparse_for", lambda *_: why),
                        ("source", lambda _: ()), ("kernel", lambda _: ""), ("CHECKED", set())):
        monkeypatch.setattr(kernels, name, value)
    monkeypatch.setattr(suites, "unpack", lambda *_: "")
    kernels.modules("newest")
    assert kernels.CHECKED == (set() if why else {"newest"})


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A tree with two modules, and what make says of them in a file."""
    for name in ("vsdio", "bes2600"):
        (tmp_path / "drivers" / name).mkdir(parents=True)
        (tmp_path / "drivers" / name / f"{name}.ko").touch()
    monkeypatch.setattr(kernels, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize("said,why", [("a.c:1: warning: x", "with warnings"), (CC.format("bh"), "sparse did not look at"),
                                      (CC.format("bh") + CHECK.format("bh"), None)])
def test_a_build_that_is_not_clean_is_not_clean_the_next_time_either(tree, said, why):
    (tree / "said").write_text(said)
    make = ["sh", "-c", f"cat {tree}/said"]
    if not why:
        assert kernels.compile_modules("lean", make, sparse=True) == tree / "build/lean"
        return
    with pytest.raises(kernels.BuildError, match=why):
        kernels.compile_modules("lean", make, sparse=True)
    assert not (tree / "build/lean/bes2600").exists()
