# SPDX-License-Identifier: GPL-2.0-or-later
"""Kernel sources: the installed package, and those of other Debian suites, unpacked in the cache."""
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

INSTALLED = "linux-source-6.12"
NEWEST = ("trixie-backports", "sid", "trixie")      # where a newer kernel may be
WEEK = 7 * 24 * 3600


class BuildError(Exception):
    pass


def say(text):
    """Progress: not among the results, which may be read by a program."""
    print(text, file=sys.stderr, flush=True)


def cache_dir():
    default = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "anechoic"
    return Path(os.environ.get("ANECHOIC_CACHE", default))


def mirror():
    """The one that this machine uses."""
    for path in [*Path("/etc/apt/sources.list.d").glob("*.sources"), Path("/etc/apt/sources.list")]:
        if path.exists() and (m := re.search(r"^(?:URIs:|deb)\s+(http\S+/debian)/?\s", path.read_text() + "\n", re.M)):
            return m[1]
    raise BuildError("no mirror of Debian in /etc/apt/sources.list or sources.list.d")


class Suite:
    """Packages of another suite; the machine's own lists stay as they are."""
    def __init__(self, name):
        self.name = name
        state = cache_dir() / "suites" / name
        (state / "lists/partial").mkdir(parents=True, exist_ok=True)
        (state / "sources.list").write_text(f"deb {mirror()} {name} main\n")
        self.options = [f"-oDir::Etc::sourcelist={state}/sources.list", "-oDir::Etc::sourceparts=/dev/null",
                        f"-oDir::State::Lists={state}/lists", "-oDir::Cache::pkgcache=", "-oDir::Cache::srcpkgcache=",
                        "-oAPT::Sandbox::User=", "-oDir::State::status=/dev/null"]
        self.apt("apt-get", "-qq", "update")

    def apt(self, *words, **kw):
        cmd = [words[0], *self.options, *words[1:]]
        p = subprocess.run(cmd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **kw)
        if p.returncode:
            raise BuildError(f"{' '.join(words)} of suite {self.name}: {p.stderr.strip()[-300:]}")
        return p.stdout

    def source(self):
        """Name and version of the kernel source package."""
        m = re.search(r"Depends: (linux-source-[\d.]+)", self.apt("apt-cache", "depends", "linux-source"))
        if not m:
            raise BuildError(f"no linux-source in suite {self.name}")
        return m[1], re.search(r"^Version: (\S+)", self.apt("apt-cache", "show", m[1]), re.M)[1]


def upstream(version):
    """[7, 3, 4] of 7.3.4-1~bpo13+1, to compare by."""
    return [int(n) for n in re.findall(r"\d+", version.partition("-")[0])]


def look_for_newest(suite=Suite):
    """(suite, name, version) of the newest kernel source that any of the suites has; says so if it is not the first's."""
    found, errors = [], []
    for name in NEWEST:
        try:
            found.append((name, *suite(name).source()))
        except BuildError as e:
            errors.append(str(e))
    if not found:
        raise BuildError("no source of a newer kernel: " + "; ".join(errors))
    best = max(found, key=lambda f: upstream(f[2]))
    if errors:
        say(f"{'; '.join(errors)}; the newest that is obtainable is {best[1]} {best[2]} of {best[0]}")
    return best


def newest(age=WEEK, look=look_for_newest):
    """As look_for_newest(), asked once a week; without a network what was found last."""
    memo = cache_dir() / "newest"
    known = tuple(memo.read_text().split()) if memo.exists() else None
    if known and time.time() - memo.stat().st_mtime < age:
        return known
    try:
        known = look()
    except BuildError as e:
        if not known:
            raise
        say(f"{e}; {known[1]} {known[2]} stays the newest")
    cache_dir().mkdir(parents=True, exist_ok=True)
    memo.write_text(" ".join(known) + "\n")
    return known


def installed():
    """As newest(), of the package that lab/setup.sh installs."""
    version = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", INSTALLED],
                             capture_output=True, text=True, check=True).stdout
    return None, INSTALLED, version


def unpack(suite, name, version):
    """The source tree, one for all kinds of guests."""
    top = cache_dir() / f"source-{hashlib.sha256(version.encode()).hexdigest()[:12]}"
    if (top / "done").exists():
        return top / name
    cache_dir().mkdir(parents=True, exist_ok=True)
    with open(f"{top}.lock", "w") as lock:
        # one unpacks, the others wait for it
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (top / "done").exists():
            _unpack(suite, name, version, top)
    return top / name


def _unpack(suite, name, version, top):
    shutil.rmtree(top, ignore_errors=True)
    top.mkdir(parents=True)
    source = Path("/usr/src", f"{name}.tar.xz")
    if suite:
        say(f"downloading {name} {version} of {suite} ...")
        Suite(suite).apt("apt-get", "-qq", "download", f"{name}={version}", cwd=top)
        subprocess.run(["dpkg-deb", "-x", *top.glob("*.deb"), top / "package"], check=True)
        source = top / f"package/usr/src/{name}.tar.xz"
    say("unpacking the kernel source ...")
    p = subprocess.run(["tar", "xf", source, "-C", top], stderr=subprocess.PIPE, text=True)
    if p.returncode:
        raise BuildError(f"{source} cannot be unpacked in {top}: {p.stderr.splitlines()[0]}")
    shutil.rmtree(top / "package", ignore_errors=True)
    for package in top.glob("*.deb"):
        package.unlink()
    (top / "done").touch()
