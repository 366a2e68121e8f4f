# SPDX-License-Identifier: GPL-2.0-or-later
"""Does this machine have what the chamber needs: one line for each thing, and what to do where it is red."""
import mmap
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import kernels
import qemu
import suites

GIB = 1 << 30
GUEST_MEMORY = 3 * GIB // 2     # what two guests at work take
TREE_SPACE = 2 * GIB            # modules, results, captures
KERNEL_SPACE = 7 * GIB          # sources and three kernels
TRACE_LIMIT = 20                # s

# Traces a child as UML does: one system call of it is stopped before it is made.
TRACER = """
import ctypes, os, signal, sys
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long] * 4
def do(what, pid=0):
    if libc.ptrace(what, pid, 0, 0) < 0:
        sys.exit(os.strerror(ctypes.get_errno()))
pid = os.fork()
if not pid:
    do(0)
    os.kill(os.getpid(), signal.SIGSTOP)
    os.getppid()
    os._exit(0)
if not os.WIFSTOPPED(os.waitpid(pid, 0)[1]):
    sys.exit("a traced process does not stop")
do(31, pid)
if not os.WIFSTOPPED(os.waitpid(pid, 0)[1]):
    sys.exit("a system call is not stopped")
os.kill(pid, signal.SIGKILL)
"""


class Host:
    """What is asked of the machine; tests answer instead."""
    machine = staticmethod(platform.machine)
    uid = staticmethod(os.getuid)
    which = staticmethod(shutil.which)

    def read(self, path):
        try:
            return Path(path).read_text(errors="replace")
        except OSError:
            return ""

    def free(self, path):
        """Bytes that the file system of the path, or of the nearest one above it that exists, has left."""
        path = Path(path)
        while not path.exists():
            path = path.parent
        return shutil.disk_usage(path).free

    def write(self, path):
        """Makes the directory and a file in it. OSError tells why not."""
        Path(path).mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path) as f:
            f.write(b"doctor" * 1000)
            f.flush()

    def map_executable(self, path):
        """A file there is mapped as UML maps its memory. OSError tells why not."""
        with tempfile.TemporaryFile(dir=path) as f:
            f.truncate(mmap.PAGESIZE)
            mmap.mmap(f.fileno(), mmap.PAGESIZE, mmap.MAP_PRIVATE, mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC).close()

    def trace(self):
        """None, or why a process cannot be traced."""
        try:
            p = subprocess.run([sys.executable, "-c", TRACER], capture_output=True, text=True, timeout=TRACE_LIMIT)
        except subprocess.TimeoutExpired:
            return f"no answer within {TRACE_LIMIT} s"
        return p.stderr.strip().splitlines()[0] if p.returncode else None

    def missing_packages(self):
        """Names of the Debian packages that lab/setup.sh would install."""
        p = subprocess.run([kernels.ROOT / "lab/setup.sh", "missing"], capture_output=True, text=True)
        return p.stdout.split()

    def kernels(self):
        """{kind: built} of the UML kernels; only for versions that are known without a network."""
        found = {}
        for kind in kernels.FRAGMENTS:
            try:
                found[kind] = (kernels.directory(kind) / "done").exists()
            except (suites.BuildError, OSError, subprocess.CalledProcessError):
                found[kind] = False
        return found


def finding(name, text, todo="", bad=False):
    """todo says what to do; a finding that is bad is red, another that asks for something a remark."""
    return {"name": name, "ok": not bad, "text": text, "todo": todo}


def gib(size):
    return f"{size / GIB:.1f} GiB"


def because(e):
    return (e.strerror or str(e)).lower()


def processor(host):
    machine, info = host.machine(), host.read("/proc/cpuinfo")
    if machine == "x86_64":
        amx = "with" if re.search(r"^flags\s*:.*\bamx_tile\b", info, re.M) else "without"
        return finding("processor", f"x86-64, {amx} AMX")
    if machine in qemu.HOSTS:
        return finding("processor", machine, "there is no UML: guests run in QEMU, in real time ('--kernel debian')")
    return finding("processor", machine, "the chamber runs on x86-64, and on arm64 in QEMU only", True)


def tracing(host):
    why = host.trace()
    if why:
        return finding("ptrace", f"a process cannot be traced: {why}",
                       "a UML guest traces its processes; a container needs --cap-add=SYS_PTRACE and a seccomp profile that allows it",
                       True)
    return finding("ptrace", "allowed")


def unfit(host, directory):
    """None, or why the memory of guests cannot lie there."""
    try:
        host.map_executable(directory)
    except OSError as e:
        why = "mounted noexec" if isinstance(e, PermissionError) else because(e)
        return f"{directory}: {why}"
    if (free := host.free(directory)) < GUEST_MEMORY:
        return f"{directory}: {gib(free)} free, {gib(GUEST_MEMORY)} needed"
    return None


def memory_directory(host=None):
    """(directory in which UML keeps a guest's memory, why it is not the usual one); the directory is None if none is fit."""
    host, why = host or Host(), []
    for directory in ("/dev/shm", *filter(None, [os.environ.get("TMPDIR")]), "/tmp"):
        bad = unfit(host, directory)
        if not bad:
            return directory, "; ".join(why)
        why.append(bad)
    return None, "; ".join(why)


def shared_memory(host):
    directory, why = memory_directory(host)
    more = "make /dev/shm larger and executable (mount -o remount,exec,size=4G /dev/shm; a container: --shm-size=4g)"
    if not directory:
        return finding("guest memory", why, more, True)
    if why:
        return finding("guest memory", f"in {directory}, since {why}", f"works, slowly; {more}")
    return finding("guest memory", f"in {directory}, {gib(host.free(directory))} free")


def memory(host):
    m = re.search(r"^MemAvailable:\s+(\d+) kB", host.read("/proc/meminfo"), re.M)
    size = int(m[1]) * 1024 if m else 0
    limit = host.read("/sys/fs/cgroup/memory.max").strip()
    if limit.isdigit():
        size = min(size, int(limit))
    text = f"{gib(size)} available"
    if size < 2 * GIB:
        return finding("memory", text, "two guests and a compiler need 4 GiB in the machine or the container", True)
    return finding("memory", text)


def directory(host, name, path, need):
    try:
        host.write(path)
    except OSError as e:
        return finding(name, f"{path} cannot be written: {because(e)}",
                       "another directory is taken from $ANECHOIC_CACHE" if name == "cache" else "clone to a place that can be written",
                       True)
    free = host.free(path)
    text = f"{path}, {gib(free)} free"
    if free < need:
        return finding(name, text, f"{gib(need)} are needed", True)
    return finding(name, text)


def cache(host):
    need = GIB if host.kernels()["lean"] else KERNEL_SPACE
    return directory(host, "cache", suites.cache_dir(), need)


def tree(host):
    if re.search(r"[\s:]", str(kernels.ROOT)):
        return finding("tree", f"'{kernels.ROOT}' has a space or a colon in it", "make and the dynamic linker part words there: "
                       "clone to another place", True)
    return directory(host, "tree", kernels.ROOT / "build", TREE_SPACE)


def packages(host):
    if not host.which("dpkg-query"):
        return finding("packages", "this is no Debian", "the chamber installs its packages on Debian 12", True)
    missing = host.missing_packages()
    if not missing:
        return finding("packages", "all there")
    text = f"missing: {' '.join(missing)}"
    if host.uid() and not host.which("sudo"):
        return finding("packages", text, "run lab/setup.sh as root, or install sudo", True)
    try:
        host.write("/var/cache/apt/archives")
    except PermissionError:
        pass        # sudo's business
    except OSError as e:
        return finding("packages", text, f"they cannot be installed: the root is not writable ({because(e)})", True)
    return finding("packages", text, "the first run installs them")


def cached_kernels(host):
    if host.machine() != "x86_64":
        return finding("kernels", "Debian's own")
    found = host.kernels()
    text = ", ".join(f"{kind} {'built' if there else 'missing'}" for kind, there in found.items())
    return finding("kernels", text, "" if all(found.values()) else "a missing one is built when it is first needed, 10 minutes on two cores")


COMMON = (processor, memory, cache, tree, packages, cached_kernels)
UML = (tracing, shared_memory)      # of no use to QEMU


def examine(host=None):
    host = host or Host()
    probes = COMMON + (UML if host.machine() == "x86_64" else ())
    return [probe(host) for probe in probes]


def line(f, colour):
    mark, paint = ("ok  ", "32") if f["ok"] and not f["todo"] else ("note", "33") if f["ok"] else ("RED ", "31")
    if colour:
        mark = f"\033[{paint}m{mark}\033[0m"
    return f"{mark} {f['name'] + ':':14} {f['text']}" + (f" ({f['todo']})" if f["todo"] else "")


def red(host=None):
    """The lines of what keeps guests from running."""
    return [line(f, False) for f in examine(host) if not f["ok"]]


def main(host=None):
    """Returns the exit status, 1 if anything is red, and what a program may want to read."""
    found = examine(host)
    for f in found:
        print(line(f, sys.stdout.isatty()))
    ok = all(f["ok"] for f in found)
    return 0 if ok else 1, {"ok": ok, "findings": found}


def short(host=None):
    """Before a long run: silent if all is well. Else it is of no use to begin; returns why."""
    bad = red(host)
    for text in bad:
        print(text, file=sys.stderr)
    if bad:
        print("This machine does not have what the chamber needs; './chamber doctor' shows all.", file=sys.stderr)
    return bad
