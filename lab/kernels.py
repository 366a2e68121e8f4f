# SPDX-License-Identifier: GPL-2.0-or-later
"""Builds the UML kernels and keeps them outside the tree, by the hash of what they are made of."""
import fcntl
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

import suites
from suites import BuildError, cache_dir, say

ROOT = Path(__file__).resolve().parent.parent
FRAGMENTS = {
    "lean": ["uml-lean.config"],
    "debug": ["uml-lean.config", "uml-debug.config"],
    "newest": ["uml-lean.config", "uml-newest.config"],
}
SPARSE = ("lean", "debug")      # kernels for which the modules must be checked by sparse
CHECKED = set()                 # for which they have been, by this process
OBJECTS = {"lean": 1000, "debug": 1100, "newest": 1000}     # for the progress display only


def _run(cmd, log, **kw):
    with open(log, "a") as out:
        if subprocess.run(cmd, stdout=out, stderr=out, **kw).returncode:
            raise BuildError(f"{' '.join(map(str, cmd))} failed; see {log}")


def source(kind):
    """(suite, package, version) of the kernel's source."""
    return suites.newest() if kind == "newest" else suites.installed()


def _key(kind):
    h = hashlib.sha256(source(kind)[2].encode())
    for name in FRAGMENTS[kind]:
        h.update((ROOT / "lab/kernel" / name).read_bytes())
    h.update(subprocess.run(["gcc", "--version"], capture_output=True, check=True).stdout)
    return h.hexdigest()[:16]


def _configure(src, out, kind, log):
    fragments = [ROOT / "lab/kernel" / name for name in FRAGMENTS[kind]]
    env = dict(os.environ, ARCH="um")
    _run(["make", "-C", src, "ARCH=um", f"O={out}", "tinyconfig"], log)
    _run([src / "scripts/kconfig/merge_config.sh", "-m", "-O", out, out / ".config", *fragments],
         log, env=env, cwd=src)
    _run(["make", "-C", src, "ARCH=um", f"O={out}", "olddefconfig"], log)
    have = set((out / ".config").read_text().splitlines())
    wanted = {}
    for f in fragments:
        for line in f.read_text().splitlines():
            if m := re.match(r"(CONFIG_\w+)=y", line):
                wanted[m[1]] = line
            elif m := re.match(r"(CONFIG_\w+)=n", line):
                wanted.pop(m[1], None)
    lost = sorted(line for line in wanted.values() if line not in have)
    if lost:
        raise BuildError(f"the kernel does not take {', '.join(lost)}: a dependency is missing")


def _compile(src, out, kind, log):
    cmd = ["make", "-C", src, "ARCH=um", f"O={out}", f"-j{os.cpu_count()}", "linux", "modules"]
    built = 0
    with subprocess.Popen(cmd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as p, \
            open(log, "a") as f:
        for line in p.stdout:
            f.write(line)
            built += " CC " in line or " AS " in line
            step = 20 if sys.stderr.isatty() else 200
            if built and " CC " in line and built % step == 0:
                print(f"  {kind} kernel: {built} of about {OBJECTS[kind]} objects",
                      end="\r" if sys.stderr.isatty() else "\n", file=sys.stderr, flush=True)
    if p.returncode:
        raise BuildError(f"the {kind} kernel does not build; see {log}")


def directory(kind):
    """Where that kernel is, or will be."""
    return cache_dir() / f"uml-{kind}-{_key(kind)}"


def kernel(kind):
    """Build directory of the kernel, built first if need be."""
    if platform.machine() != "x86_64":
        raise BuildError(f"there is no UML on {platform.machine()}: '--kernel debian' runs a guest in QEMU")
    out = directory(kind)
    if (out / "done").exists():
        return out
    cache_dir().mkdir(parents=True, exist_ok=True)
    with open(f"{out}.lock", "w") as lock:
        # one builds, the others wait for it
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (out / "done").exists():
            _build(kind, out)
    return out


def _build(kind, out):
    src = suites.unpack(*source(kind))
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    log = out / "build.log"
    say(f"building the {kind} guest kernel (once; some minutes) ...")
    _configure(src, out, kind, log)
    _compile(src, out, kind, log)
    (out / "done").touch()


def checkpatch():
    """What the kernel's style checker says of the drivers, a line each."""
    script = suites.unpack(*suites.installed()) / "scripts/checkpatch.pl"
    # compat.h exists to compare versions; trace headers and tables have their own ways
    ignored = ("FILE_PATH_CHANGES,LINUX_VERSION_CODE,PREFER_DEFINED_ATTRIBUTE_MACRO,CONSTANT_COMPARISON,MACRO_ARG_REUSE,MACRO_ARG_UNUSED,"
               "MACRO_ARG_PRECEDENCE,PREFER_PACKED,BIT_MACRO,OPEN_ENDED_LINE")
    files = [f for f in sorted((ROOT / "drivers").rglob("*.[ch]")) if f.name != "trace.h"]
    p = subprocess.run(["perl", script, "--no-tree", "--strict", "--terse", "--no-summary", "--max-line-length=100",
                        "--ignore", ignored, "-f", *files], capture_output=True, text=True, cwd=cache_dir())
    return p.stdout.splitlines()


def _unchecked(text):
    """Objects of a build's log that were compiled and not looked at by sparse; what the kernel adds to each module is not ours."""
    compiled = re.findall(r"^  CC \[M\]\s+(\S+)\.o$", text, re.M)
    return sorted({o for o in compiled if not o.endswith((".mod", "/.module-common"))} - set(re.findall(r"^  CHECK\s+(\S+)\.c$", text, re.M)))


def compile_modules(kind, make, sparse=False):
    """Builds both modules by that make command; returns the directory of the .ko files."""
    work = ROOT / "build" / kind
    work.mkdir(parents=True, exist_ok=True)
    log = work / "modules.log"
    log.unlink(missing_ok=True)
    try:
        for name in ("vsdio", "bes2600"):
            subprocess.run(["rsync", "-a", f"{ROOT}/drivers/{name}", work], check=True)
            _run([*make, f"M={work / name}", "W=1", f"C={int(sparse)}", "modules"], log)
            shutil.copy(work / name / f"{name}.ko", work)
        text = log.read_text()
        if re.search("warning:|error:", text):
            raise BuildError(f"the modules build with warnings; see {log}")
        if sparse and (missed := _unchecked(text)):
            raise BuildError(f"sparse did not look at {', '.join(missed)}; see {log}")
    except BuildError:
        # what has been compiled would not be compiled, and warned of, again
        for name in ("vsdio", "bes2600"):
            shutil.rmtree(work / name, ignore_errors=True)
        raise
    return work


def sparse_for(kind, source_tree, which=shutil.which):
    """None if sparse can check modules for that kernel, else why not. A kernel that does not trust it skips it in silence."""
    if not which("sparse"):
        return "it is not installed"
    script = Path(source_tree, "scripts/checker-valid.sh")
    if script.exists() and subprocess.run(["sh", script, "sparse"], capture_output=True, text=True).stdout.strip() != "1":
        return "it is too old for this kernel"
    return None


def modules(kind):
    """Builds both modules and the driver's tests for a UML kernel, with sparse."""
    why = sparse_for(kind, suites.unpack(*source(kind)))
    if why and kind in SPARSE:
        raise BuildError(f"sparse must check the modules for the {kind} kernel, and {why}")
    if why:
        say(f"sparse does not check the modules for the {kind} kernel: {why}")
    work = compile_modules(kind, ["make", "-C", kernel(kind), "ARCH=um", "CONFIG_BES2600_KUNIT_TEST=m", "CONFIG_VSDIO_TEST=m"],
                           sparse=not why)
    if not why:
        CHECKED.add(kind)
    shutil.copy(work / "vsdio/tests/neighbour.ko", work)
    shutil.copy(work / "bes2600/tests/bes2600-test.ko", work)
    return work


def _program(name, sources, log, *flags):
    """A small program, the first of its sources; not touched if up to date, because guests may be running it."""
    out, sources = ROOT / "build" / name, [ROOT / s for s in sources]
    if not out.exists() or out.stat().st_mtime < max(s.stat().st_mtime for s in sources):
        _run(["gcc", "-O2", "-Wall", "-Wextra", "-Werror", *flags, "-o", out, sources[0]], log)


def amx_host():
    """Builds the library that plays a host with AMX; returns it."""
    _program("amxhost.so", ["lab/tests/amxhost.c"], ROOT / "build/emulator.log", "-shared", "-fPIC")
    return ROOT / "build/amxhost.so"


# Guests whose emulated chip is built with UndefinedBehaviorSanitizer
SANITIZED = {"debug"}


def emulator_program(kind):
    return ROOT / "build/emulator" / ("anechoic-emu-ubsan" if kind in SANITIZED else "anechoic-emu")


def sanitized_emulator(kind):
    """Builds the emulated chip for a guest of that kind, if it has one of its own."""
    if kind in SANITIZED:
        _run(["make", "-C", ROOT / "emulator", f"OUT={ROOT}/build", f"-j{os.cpu_count()}", "ubsan"], ROOT / "build/sanitized.log")


def emulator():
    """Builds the emulated chip; returns the program."""
    log = ROOT / "build/emulator.log"
    log.parent.mkdir(exist_ok=True)
    log.unlink(missing_ok=True)
    _run(["make", "-C", ROOT / "emulator", f"OUT={ROOT}/build", f"-j{os.cpu_count()}"], log)
    _program("vsdio-card", ["drivers/vsdio/example/card.c", "drivers/vsdio/vsdio.h"], log)
    _program("flow", ["lab/guest/flow.c"], log)
    _program("seed.so", ["lab/guest/seed.c"], log, "-shared", "-fPIC")
    _program("xstate.so", ["lab/guest/xstate.c"], log, "-shared", "-fPIC")
    return ROOT / "build/emulator/anechoic-emu"
