# SPDX-License-Identifier: GPL-2.0-or-later
"""The doctor on machines that are not well, and on one that is."""
import contextlib
import errno
import importlib.machinery
import importlib.util
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import doctor     # noqa: E402
import guest      # noqa: E402
import kernels    # noqa: E402
import qemu       # noqa: E402

FLAGS = "flags\t\t: fpu sse avx512f"


class Fake(doctor.Host):
    """A machine that is well, unless told otherwise."""
    def __init__(self, **kw):
        self.__dict__.update(machine=lambda: "x86_64", uid=lambda: 0, which=lambda name: f"/usr/bin/{name}",
                             files={"/proc/cpuinfo": FLAGS, "/proc/meminfo": "MemAvailable:    8000000 kB\n"},
                             space={}, unwritable={}, noexec=(), why=None, missing=[], built=dict.fromkeys(kernels.FRAGMENTS, True))
        self.__dict__.update(kw)

    def read(self, path):
        return self.files.get(path, "")

    def free(self, path):
        return self.space.get(str(path), 100 * doctor.GIB)

    def write(self, path):
        if e := self.unwritable.get(str(path)):
            raise OSError(e, os.strerror(e))

    def map_executable(self, path):
        if path in self.noexec:
            raise PermissionError(errno.EPERM, "Operation not permitted")

    def trace(self):
        return self.why

    def missing_packages(self):
        return self.missing

    def kernels(self):
        return self.built


TREE, CACHE = str(kernels.ROOT / "build"), str(kernels.cache_dir())
# what is wrong, which line is red, a word of what is said
SICK = {
    "another processor": (dict(machine=lambda: "riscv64"), "processor", "arm64 in QEMU only"),
    "no ptrace": (dict(why="Operation not permitted"), "ptrace", "--cap-add=SYS_PTRACE"),
    "small and noexec": (dict(space={"/dev/shm": 1 << 26}, noexec=("/tmp",)), "guest memory", "/tmp: mounted noexec"),
    "little memory": (dict(files={"/proc/meminfo": "MemAvailable: 1000000 kB\n"}), "memory", "1.0 GiB available"),
    "small container": (dict(files={"/proc/meminfo": "MemAvailable: 8000000 kB\n",
                                    "/sys/fs/cgroup/memory.max": "1073741824\n"}), "memory", "1.0 GiB available"),
    "full cache": (dict(space={CACHE: 1 << 20}), "cache", "needed"),
    "room for no kernel": (dict(space={CACHE: 2 * doctor.GIB}, built={"lean": False}), "cache", "7.0 GiB are needed"),
    "cache not writable": (dict(unwritable={CACHE: errno.EROFS}), "cache", "read-only file system"),
    "full tree": (dict(space={TREE: 0}), "tree", "needed"),
    "no space at all": (dict(unwritable={TREE: errno.ENOSPC}), "tree", "no space left"),
    "tree not writable": (dict(unwritable={TREE: errno.EROFS}), "tree", "clone to a place"),
    "no Debian": (dict(which=lambda name: None), "packages", "no Debian"),
    "packages nobody may install": (dict(missing=["sparse"], uid=lambda: 1000,
                                         which=lambda name: None if name == "sudo" else name), "packages", "as root"),
    "root not writable": (dict(missing=["sparse"], unwritable={"/var/cache/apt/archives": errno.EROFS}), "packages",
                          "the root is not writable"),
}


@pytest.mark.parametrize("case", SICK)
def test_sick(case, capsys):
    wrong, name, word = SICK[case]
    bad = [f for f in doctor.examine(Fake(**wrong)) if not f["ok"]]
    assert [f["name"] for f in bad] == [name]
    assert bad[0]["todo"] and word in doctor.line(bad[0], False)
    assert doctor.main(Fake(**wrong))[0] == 1
    assert doctor.short(Fake(**wrong)) and "RED" in capsys.readouterr().err


def test_well(capsys):
    assert all(f["ok"] and not f["todo"] for f in doctor.examine(Fake()))
    assert doctor.main(Fake())[0] == 0 and not doctor.short(Fake())
    out = capsys.readouterr()
    assert len(out.out.splitlines()) == len(doctor.COMMON + doctor.UML) and not out.err


REMARKS = {
    "packages to come": (dict(missing=["sparse", "iw"]), "packages", "sparse iw"),
    "sudo will": (dict(missing=["iw"], uid=lambda: 1000, unwritable={"/var/cache/apt/archives": errno.EACCES}), "packages", "iw"),
    "memory elsewhere": (dict(noexec=("/dev/shm",)), "guest memory", "slowly"),
    "kernels to come": (dict(built={"lean": True, "debug": False}), "kernels", "debug missing"),
    "arm64": (dict(machine=lambda: "aarch64"), "processor", "QEMU, in real time"),
}


@pytest.mark.parametrize("case", REMARKS)
def test_remarks(case, monkeypatch):
    monkeypatch.delenv("TMPDIR", raising=False)
    wrong, name, word = REMARKS[case]
    found = doctor.examine(Fake(**wrong))
    assert all(f["ok"] for f in found)
    assert [f["name"] for f in found if f["todo"]] == [name]
    assert word in doctor.line(next(f for f in found if f["todo"]), False)


def test_amx_is_told():
    told = [doctor.processor(Fake(files={"/proc/cpuinfo": FLAGS + more}))["text"] for more in ("", " amx_bf16 amx_tile")]
    assert told == ["x86-64, without AMX", "x86-64, with AMX"]


def test_what_a_program_reads():
    _, said = doctor.main(Fake(why="no"))
    assert not said["ok"] and [f["name"] for f in said["findings"] if not f["ok"]] == ["ptrace"]


# -- the real probes --

def test_a_directory_that_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OSError):
        doctor.Host().write(tmp_path / "file/below")
    doctor.Host().write(tmp_path / "new/below")
    assert not list((tmp_path / "new/below").iterdir())


@contextlib.contextmanager
def mounted(path, options):
    if os.getuid():
        pytest.skip("only root mounts")
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", path], check=True)
    try:
        yield path
    finally:
        subprocess.run(["umount", path], check=True)


def test_a_full_disk(tmp_path):
    with mounted(tmp_path, "size=16k"):
        (tmp_path / "all").write_bytes(bytes(12 << 10))
        with pytest.raises(OSError, match="No space left"):
            doctor.Host().write(tmp_path)


def test_memory_that_cannot_be_executed(tmp_path):
    with mounted(tmp_path, "noexec,size=1m"):
        assert "noexec" in doctor.unfit(doctor.Host(), str(tmp_path))
        subprocess.run(["mount", "-o", "remount,exec", tmp_path], check=True)
        assert "0.0 GiB free" in doctor.unfit(doctor.Host(), str(tmp_path))


def test_a_process_is_traced_and_a_refusal_told(monkeypatch):
    assert doctor.Host().trace() is None
    # a child that is somebody else's already
    monkeypatch.setattr(doctor, "TRACER", doctor.TRACER.replace("    do(0)\n", "    do(0)\n    do(0)\n"))
    assert doctor.Host().trace()


# -- other machines --

def test_the_usual_guest():
    assert [guest.usual(m) for m in ("x86_64", "aarch64")] == ["lean", "debian"]


def test_figures_say_what_clock_they_are_of(monkeypatch):
    loader = importlib.machinery.SourceFileLoader("chamber", str(kernels.ROOT / "chamber"))
    chamber = importlib.util.module_from_spec(importlib.util.spec_from_loader("chamber", loader))
    loader.exec_module(chamber)
    monkeypatch.setattr(qemu, "accelerator", lambda: "tcg")
    f = dict.fromkeys(("down_mbps", "up_mbps", "down_transactions_per_frame", "up_transactions_per_frame", "violations"), 1)
    assert "virtual time: the same on every machine" in chamber.figures(f, "lean")
    real = chamber.figures(f, "debian")
    assert "real time under QEMU (tcg)" in real and "not comparable" in real and "virtual" not in real


def test_qemu_of_each_machine():
    arm, x86 = qemu.HOSTS["aarch64"], qemu.HOSTS["x86_64"]
    assert qemu.machine("tcg", arm)[:3] == ["qemu-system-aarch64", "-M", "virt"]
    assert qemu.machine("tcg", x86)[:3] == ["qemu-system-x86_64", "-accel", "tcg,thread=multi"]
    assert (arm.console, arm.kernels) == ("ttyAMA0", "arm64")
    assert qemu.machine("kvm", arm)[3:7] == ["-accel", "kvm", "-cpu", "host"]
    with pytest.raises(kernels.BuildError, match="riscv64"):
        qemu.host("riscv64")


PROGRAMS = {"hangs": ("exec sleep 60", False), "fails": ("echo Kernel panic; exit 1", False), "silent": ("exit 0", False),
            "works": ("echo 'Kernel panic - not syncing: VFS'", True)}


@pytest.mark.parametrize("case", PROGRAMS)
def test_kvm_is_probed(case, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: True)
    script, works = PROGRAMS[case]
    program = tmp_path / "qemu"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    this = qemu.HOSTS["x86_64"]._replace(program=str(program))
    assert qemu.kvm_works("kernel", this, limit=1) == works
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert not qemu.kvm_works("kernel", this, limit=1)
