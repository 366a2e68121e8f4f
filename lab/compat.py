# SPDX-License-Identifier: GPL-2.0-or-later
"""Compiles both modules for the kernels of newer Debian suites (or of those named): compat.py [SUITE ...]"""
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import kernels

SUITES = ("trixie", "sid")


def mirror():
    """The one that this machine uses."""
    for path in [*Path("/etc/apt/sources.list.d").glob("*.sources"), Path("/etc/apt/sources.list")]:
        if path.exists() and (m := re.search(r"^(?:URIs:|deb)\s+(http\S+/debian)/?\s", path.read_text() + "\n", re.M)):
            return m[1]
    raise kernels.BuildError("no mirror of Debian in /etc/apt/sources.list or sources.list.d")


class Suite:
    """Packages of another suite; the machine's own lists stay as they are."""
    def __init__(self, name):
        self.name = name
        state = kernels.cache_dir() / "suites" / name
        (state / "lists/partial").mkdir(parents=True, exist_ok=True)
        (state / "sources.list").write_text(f"deb {mirror()} {name} main\n")
        self.options = [f"-oDir::Etc::sourcelist={state}/sources.list", "-oDir::Etc::sourceparts=/dev/null",
                        f"-oDir::State::Lists={state}/lists", "-oDir::Cache::pkgcache=", "-oDir::Cache::srcpkgcache=",
                        "-oAPT::Sandbox::User=", "-oDir::State::status=/dev/null"]
        self.apt("apt-get", "-qq", "update")

    def apt(self, *words, **kw):
        cmd = [words[0], *self.options, *words[1:]]
        return subprocess.run(cmd, check=True, stdout=subprocess.PIPE, text=True, **kw).stdout

    def source(self):
        """Name and version of the kernel source package."""
        name = re.search(r"Depends: (linux-source-[\d.]+)", self.apt("apt-cache", "depends", "linux-source"))[1]
        return name, re.search(r"^Version: (\S+)", self.apt("apt-cache", "show", name), re.M)[1]


def unpack(suite, top, name):
    subprocess.run(["rm", "-rf", top], check=True)
    (top / "package").mkdir(parents=True)
    suite.apt("apt-get", "-qq", "download", name, cwd=top)
    subprocess.run(["dpkg-deb", "-x", *top.glob("*.deb"), top / "package"], check=True)
    subprocess.run(["tar", "xf", top / f"package/usr/src/{name}.tar.xz", "-C", top], check=True)
    shutil.rmtree(top / "package")


def prepare(suite):
    """A build directory that modules can be compiled against, made once."""
    name, version = suite.source()
    fragment = kernels.ROOT / "lab/kernel/uml-lean.config"
    key = hashlib.sha256(version.encode() + fragment.read_bytes()).hexdigest()[:12]
    top = kernels.cache_dir() / f"compat-{key}"
    src, out, log = top / name, top / "build", top / "build.log"
    if not (top / "done").exists():
        print(f"preparing {name} {version} of {suite.name} (once; some minutes) ...", flush=True)
        unpack(suite, top, name)
        out.mkdir()
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
            version, out = prepare(Suite(name))
            # there is no kernel to link with: only the compiler's opinion counts
            kernels.compile_modules(f"compat-{name}", ["make", "-C", out, "KBUILD_MODPOST_WARN=1"])
            print(f"ok   {name}, linux {version}", flush=True)
        except (kernels.BuildError, subprocess.CalledProcessError) as e:
            failed += 1
            print(f"FAIL {name}: {e}", flush=True)
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
