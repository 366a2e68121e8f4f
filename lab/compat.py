# SPDX-License-Identifier: GPL-2.0-or-later
"""Compiles both modules for the kernels of newer Debian suites (or of those named): compat.py [SUITE ...]"""
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import kernels
import suites

SUITES = ("trixie", "sid")


def prepare(suite):
    """A build directory that modules can be compiled against, made once."""
    name, version = suite.source()
    fragment = kernels.ROOT / "lab/kernel/uml-lean.config"
    key = hashlib.sha256(version.encode() + fragment.read_bytes()).hexdigest()[:12]
    top = kernels.cache_dir() / f"compat-{key}"
    out, log = top / "build", top / "build.log"
    if not (top / "done").exists():
        suites.say(f"preparing {name} {version} of {suite.name} (once; some minutes) ...")
        src = suites.unpack(suite.name, name, version)
        shutil.rmtree(top, ignore_errors=True)
        out.mkdir(parents=True)
        make = ["make", "-C", src, f"O={out}", "ARCH=x86"]
        kernels._run([*make, "tinyconfig"], log)
        kernels._run([src / "scripts/kconfig/merge_config.sh", "-m", "-O", out, out / ".config", fragment], log)
        kernels._run([*make, "olddefconfig"], log)
        kernels._run([*make, f"-j{os.cpu_count()}", "modules_prepare"], log)
        (top / "done").touch()
    return version, out


def main():
    failed = 0
    for name in sys.argv[1:] or SUITES:
        try:
            version, out = prepare(suites.Suite(name))
            # there is no kernel to link with: only the compiler's opinion counts
            kernels.compile_modules(f"compat-{name}", ["make", "-C", out, "KBUILD_MODPOST_WARN=1"])
            print(f"ok   {name}, linux {version}", flush=True)
        except (kernels.BuildError, subprocess.CalledProcessError) as e:
            failed += 1
            print(f"FAIL {name}: {e}", flush=True)
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
