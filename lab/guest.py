# SPDX-License-Identifier: GPL-2.0-or-later
"""Boots a guest, runs one scenario in it, brings the results back."""
import contextlib
import fcntl
import hashlib
import json
import os
import platform
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import doctor
import firmware
import judge
import kernels
import qemu
import words

ROOT = kernels.ROOT
WALL_LIMIT = 900      # s; a guest that takes longer hangs


KINDS = sorted([*kernels.FRAGMENTS, qemu.KIND])


def usual(machine=None):
    """The kind of guest that this machine shows best: UML is for x86-64 only."""
    return "lean" if (machine or platform.machine()) == "x86_64" else qemu.KIND


def build(kind):
    """The modules and the chip for a guest of that kind, and its kernel if need be."""
    kernels.sanitized_emulator(kind)
    return qemu.modules() if kind == qemu.KIND else kernels.modules(kind)


def label(name, args):
    """A name for the result directory, of letters that no command line of a kernel and no shell divides."""
    told = "-".join([name] + [f"{k}={v}" for k, v in sorted(args.items())])
    told = told.replace("/", "of")
    plain = re.sub(r"[^\w.=,+:-]", "_", told)
    if plain == told and len(told) < 100:
        return told
    return f"{plain[:80]}-{hashlib.sha256(told.encode()).hexdigest()[:8]}"


def prepare(name, args, kind, fw_dir, suffix=""):
    """The result directory with everything the guest needs."""
    words.check(name, args)
    out = ROOT / "out" / kind / (label(name, args) + suffix)
    shutil.rmtree(out, ignore_errors=True)
    (out / "guest").mkdir(parents=True)
    if fw_dir:
        shutil.copytree(fw_dir, out / "guest/firmware/bes2600")
    else:
        firmware.write(out / "guest/firmware")
    for db in ("regulatory.db", "regulatory.db.p7s"):
        for d in ("/lib/firmware", "/usr/lib/crda"):
            if Path(d, db).exists():
                shutil.copy(Path(d, db), out / "guest/firmware")
    job = {"name": name, "args": args, "kind": kind, "day": time.strftime("%Y%m%d"), "root": str(ROOT), "radios": radios(name), "real_time": kind == qemu.KIND or real_time(name),
           "modules": str(ROOT / "build" / kind), "emulator": str(kernels.emulator_program(kind))}
    (out / "guest/job.json").write_text(json.dumps(job, indent=1))
    return out


def radios(name):
    """Number of hwsim radios, from the scenario's 'RADIOS = N'."""
    return words.constants(name).get("RADIOS", 1)


def real_time(name):
    """TIME = "real": the scenario measures what the processor does, which costs nothing in virtual time."""
    return words.constants(name).get("TIME") == "real"


def command(kind, out, name, extra=""):
    if kind == qemu.KIND:
        return qemu.command(out, extra)
    travel = [] if real_time(name) else ["time-travel=inf-cpu", "time-travel-start=1767225600"]
    kernel = kernels.kernel(kind)
    mem = "2G" if kind == "debug" else "1G"
    return [str(kernel / "linux"), f"mem={mem}", *travel, "root=/dev/root",
            "rootfstype=hostfs", "rootflags=/", "ro", "con0=fd:0,fd:1", "loglevel=5",
            "sysctl.kernel.hung_task_timeout_secs=120", f"mac80211_hwsim.radios={radios(name)}",
            f"init={ROOT}/lab/guest/init.sh", f"anechoic={out}", *extra.split()]


PRELOADS = ("xstate.so",)     # of each UML kernel


def environment(kind, cmd):
    """
    Of the guest's process; None: as ours. Libraries that the user preloads come behind our own: they play the host.
    """
    if kind == qemu.KIND:
        return None
    # random numbers are ours to choose where the clock is
    ours = [*PRELOADS, "seed.so"] if "time-travel=inf-cpu" in cmd else PRELOADS
    preload = [*(str(ROOT / "build" / name) for name in ours), *os.environ.get("LD_PRELOAD", "").replace(":", " ").split()]
    # UML keeps a guest's memory in a file in TMPDIR, and panics if it cannot make ~/.uml
    directory, _ = doctor.memory_directory()
    return dict(os.environ, LD_PRELOAD=" ".join(preload), TMPDIR=directory or "/dev/shm", HOME=str(kernels.cache_dir()))


LIVE = set()     # guests that run now; each has a session of its own


def stop(process):
    LIVE.discard(process)
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def interrupted(signum, _frame):
    """No guest outlives us."""
    for process in list(LIVE):
        stop(process)
    os._exit(128 + signum)


def catch_signals():
    for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(signum, interrupted)


@contextlib.contextmanager
def processor():
    """
    A processor that no other guest has, or any if all have one. A guest's kernel and its processes take turns,
    by ptrace: where that means waking another processor each time, the guest takes five times as long.
    """
    cpus = sorted(os.sched_getaffinity(0))
    with contextlib.ExitStack() as stack:
        for cpu in cpus:
            lock = stack.enter_context(open(kernels.cache_dir() / f"cpu-{cpu}.lock", "w"))
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
        else:
            cpu = random.choice(cpus)
        yield cpu


def boot(kind, cmd, out, live, limit=WALL_LIMIT, wrap=()):
    """Runs the guest; steps are shown as they come if live. Returns what went wrong, and the processor's seconds."""
    env = environment(kind, cmd)
    if kind == qemu.KIND:
        return execute(cmd, env, out, live, limit)
    with processor() as cpu:
        return execute(["taskset", "-c", str(cpu), *wrap, *cmd], env, out, live, limit)


def execute(cmd, env, out, live, limit):
    console = open(out / "console.txt", "w")
    process = subprocess.Popen(cmd, stdin=subprocess.DEVNULL, stdout=console, stderr=console, env=env,
                               start_new_session=True)
    LIVE.add(process)
    steps, seen, begin = out / "guest/steps.txt", 0, time.monotonic()
    while (used := ended(process)) is None:
        time.sleep(0.1)
        if live and steps.exists():
            text = steps.read_text(errors="replace")
            sys.stdout.write(text[seen:])
            sys.stdout.flush()
            seen = len(text)
        if time.monotonic() - begin > limit:
            stop(process)
            return f"the guest ran for more than {limit} s of wall time", limit
    if live and steps.exists():
        sys.stdout.write(steps.read_text(errors="replace")[seen:])
    stop(process)
    return None, used


def ended(process):
    """The processor's seconds that a guest has used, all its processes together; None while it runs."""
    pid, status, usage = os.wait4(process.pid, os.WNOHANG)
    if not pid:
        return None
    process.returncode = os.waitstatus_to_exitcode(status)
    return round(usage.ru_utime + usage.ru_stime, 1)


def shutdown(result, out):
    """Time from the result to the end of the machine; with the driver bound it has a limit. Returns what is wrong."""
    end = re.search(r"\[ *([\d.]+)\] reboot: Power down", (out / "console.txt").read_text(errors="replace"))
    if not end:
        return "the guest did not power down"
    lasted = result["figures"]["shutdown_s"] = round(float(end[1]) - result["virtual_s"], 2)
    if lasted > result["shutdown_limit_s"]:
        return f"the shutdown took {lasted} s"
    last = (out / "guest/emulator.log").read_text().splitlines()[-1]
    if result["shutdown_says"] and not last.endswith(result["shutdown_says"]):
        return f"the chip's last word is '{last}'"
    return None


def judged(out, name, why):
    """The guest's own result, and what only shows after its end."""
    path = out / "guest/result.json"
    if not why and not path.exists():
        why = "; ".join([f"the guest ended without a result; see {out}/console.txt", *doctor.red()])
    result = {"name": name, "figures": {}, "why": []}
    try:
        result = json.loads(path.read_text()) if path.exists() else result
    except ValueError:
        why = why or f"the guest ended while it wrote its result; see {out}/console.txt"
    if not why and "shutdown_limit_s" in result:
        why = shutdown(result, out)
    if why:
        result.update(ok=False, why=[*result["why"], why])
    if said := sanitizer(out):
        result.update(ok=False, why=[*result["why"], said])
    judge.run(result, out / "guest", (out / "console.txt").read_text(errors="replace"))
    return result


def sanitizer(out):
    """What a sanitizer said of the emulated chip, or None."""
    # the program ends there, with the reason in its output
    text = (out / "guest/emulator.txt").read_text(errors="replace") if (out / "guest/emulator.txt").exists() else ""
    found = re.search(r"^.*runtime error:.*$", text, re.M)
    return f"the emulated chip: {found[0].strip()}" if found else None


def run(name, args=None, kind="lean", fw_dir=None, live=False, limit=WALL_LIMIT, wrap=(), suffix=""):
    """
    One scenario in one guest, which the program wrap runs, if given. Returns the result as a dictionary.
    suffix is that of the result directory, where more than the arguments tells two runs apart.
    """
    args = args or {}
    out = prepare(name, args, kind, fw_dir, suffix)
    begin = time.monotonic()
    why, used = boot(kind, command(kind, out, name), out, live, limit, wrap)
    result = judged(out, name, why)
    result["cpu"] = used
    result["out"] = str(out)
    result["wall"] = round(time.monotonic() - begin, 1)
    return result
