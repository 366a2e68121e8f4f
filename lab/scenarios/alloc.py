# SPDX-License-Identifier: GPL-2.0-or-later
"""Allocations fail, one after another or at random: probe, start, connect, traffic, recovery (debug guest; part=, step=, first=)."""
import ctypes
import fcntl
import os
import re
import socket
import struct
import time
from pathlib import Path

from guestlib import Failed, KernelLog

ARGS = {"part": ["probe", "start", "recovery", "life"], "step": int, "first": int}
DEBUG = Path("/sys/kernel/debug")
DRIVER = Path("/sys/bus/sdio/drivers/bes2600")
SIOCSIFFLAGS, SIOCGIFFLAGS, IFF_UP = 0x8914, 0x8913, 1
CLONE_NEWNET = 0x40000000
ATTEMPTS = 5000     # no part allocates that often
LIFE_DUMPS = 40     # the kernel writes 10 of them in 5 s at most


def setup(lab):
    """No word of what is made to fail, and nothing spared."""
    lab.expect((DEBUG / "failslab").is_dir(), "this kernel cannot make allocations fail: --kernel debug")
    for what in ("failslab", "fail_page_alloc"):
        for key, value in {"verbose": 0, "ignore-gfp-wait": "N", "task-filter": "Y", "probability": 0,
                           "interval": 1, "times": -1, "space": 0}.items():
            (DEBUG / what / key).write_text(str(value))
    (DEBUG / "fail_page_alloc/min-order").write_text("0")
    # the kernel's own code frees a dump twice if it cannot add the device for it
    Path("/sys/class/devcoredump/disabled").write_text("1")


def fail(probability, interval=1, times=-1):
    for what in ("failslab", "fail_page_alloc"):
        (DEBUG / what / "interval").write_text(str(interval))
        (DEBUG / what / "times").write_text(str(times))
        (DEBUG / what / "probability").write_text(str(probability))


def mark(pattern, value):
    """Tasks whose allocations may fail."""
    n = 0
    for task in Path("/proc").glob("[0-9]*"):
        try:
            if re.search(pattern, (task / "comm").read_text()):
                (task / "make-it-fail").write_text(str(value))
                n += 1
        except OSError:
            pass            # it has ended meanwhile
    return n


def nth(n, action):
    """Does it in a child whose n-th allocation fails: its errno, and whether there were so many."""
    read, write = os.pipe()
    pid = os.fork()
    if not pid:
        code = 0
        fd = os.open("/proc/thread-self/fail-nth", os.O_RDWR)
        prepared = action()
        os.write(fd, str(n).encode())
        try:
            prepared()
        except OSError as e:
            code = e.errno
        # what is left of the count; the write ends it
        left = os.pread(fd, 20, 0)
        os.pwrite(fd, b"0", 0)
        os.write(write, struct.pack("ii", code, int(left)))
        os._exit(0)
    os.close(write)
    code, left = struct.unpack("ii", os.read(read, 8))
    os.close(read)
    os.waitpid(pid, 0)
    return code, left == 0


def bind(device):
    def action():
        fd = os.open(DRIVER / "bind", os.O_WRONLY)
        return lambda: os.write(fd, device.encode())
    return action


def up(lab):
    """As ip does it, but with nothing else around it."""
    def action():
        with open(f"/run/netns/{lab.STA}") as ns:
            if ctypes.CDLL(None, use_errno=True).setns(ns.fileno(), CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), "setns")
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        request = struct.pack("16sH14x", lab.wlan.encode(), IFF_UP)
        return lambda: fcntl.ioctl(s, SIOCSIFFLAGS, request)
    return action


def series(lab, name, step, action, undo):
    """Each allocation in turn, or each step-th, until there are no more."""
    failed = 0
    for n in range(int(lab.args.get("first", 1)), ATTEMPTS, step):
        code, reached = nth(n, action)
        failed += code != 0
        undo(code)
        if not reached:
            lab.expect(n > step, f"{name}: it does not allocate at all")
            lab.expect(code == 0, f"{name}: error {code} though nothing failed")
            lab.figure(f"{name}_allocations", n)
            break
    else:
        raise Failed(f"{name}: no end of it after {ATTEMPTS} allocations")
    # most are things that one can do without, debugfs and the checkers' own
    lab.figure(f"{name}_failed", failed)


def probe(lab, step):
    device = next(Path("/sys/bus/sdio/devices").iterdir()).name

    def unbind(code):
        if not code and (DRIVER / device).exists():
            (DRIVER / "unbind").write_text(device)
        lab.expect(not (DRIVER / device).exists(), "a driver that failed is bound")

    lab.wait(lambda: (DRIVER / device).exists(), "the driver to bind", 20)
    unbind(0)
    series(lab, "probe", step, bind(device), unbind)
    (DRIVER / "bind").write_text(device)


def start(lab, step):
    def down(code):
        lab.down()

    series(lab, "start", step, up(lab), down)


def serve(lab, limit=90):
    lab.wait(lab.connected, "the connection", limit)
    lab.wait(lambda: lab.ping(count=2)[0] == 2, "traffic", limit, every=0.5)


def recovery(lab, step):
    """The n-th allocation of whatever works for the driver fails while it resets the chip."""
    log = KernelLog()
    resets = 0
    for n in range(1, 400, 10 * step):
        mark("kworker|bes2600", 1)
        begin = time.monotonic()
        fail(100, n, 1)
        lab.control("inject exception")
        lab.wait(lambda: log.first("Hardware restart", begin), "the restart", 90)
        time.sleep(1)
        fail(0)
        mark("kworker|bes2600", 0)
        serve(lab)
        resets += 1
        time.sleep(11)      # a reset that has lasted
    lab.figure("recoveries", resets)


def life(lab, seconds):
    """Everything that the station does, while some of all allocations of those who do it fail."""
    for percent in (1, 5, 20):
        mark("bes2600|wpa_supplicant|kworker|ksoftirqd|napi", 1)
        fail(percent)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            senders = [lab.sender("udp", down, port=5001 + down, seconds=1, mbps=2) for down in (False, True)]
            time.sleep(1.2)
            for s in senders:
                lab.kill(s)
            try:
                lab.wpa_cli("reassociate")
            except OSError:
                pass            # user space has no memory either
            time.sleep(0.5)
        fail(0)
        mark(".", 0)
        lab.stop(lab.wpa)       # it may not have outlived that
        lab.start_wpa(lab.network(extra="scan_freq=2437"))
        serve(lab)
        lab.step(f"{percent} % failed, and it serves again")


def allow_dumps(lab, most):
    """What the kernel says where it has no memory; a report of a defect begins with a line of its own, which is not here."""
    for head in (r"^\S+: (vmalloc error: size |page allocation failure: order:)\d+", r"^SLUB: Unable to allocate memory on ",
                 "^Call Trace:$", r"^debugfs: out of free dentries, can not create ", r"^ieee80211 phy\d+: Failed to add default virtual iface$",
                 r"^sysctl could not get directory: /net/ipv[46]/(conf|neigh)/\w+ -12$"):
        lab.allow_log(head, (0, most))
    # the rest of each dump
    lab.allow_log(r"^(CPU: \d+ UID: |Tainted: |Stack:$| [0-9a-f]{8,16} | \[<[0-9a-f]{8,16}>\] \? |Mem-Info:$|active_anon:|Node 0 |Normal( free)?:|"
                  r"lowmem_reserve\[\]: |\d+ (total pagecache pages|pages RAM|pages HighMem|pages reserved)|  (cache|node 0): )",
                  (0, 150 * most))


def run(lab):
    lab.captures = False
    lab.allow_log(r"^(bes2600|bes_|mmc\d)", (0, None))
    # and mac80211's own, if there is no memory for the request that it makes of a scan
    lab.allow_log(r"WARNING: .* net/mac80211/scan\.c:\d+ __ieee80211_start_scan", (0, None))
    parts = lab.args.get("part", "probe,start,recovery,life").split(",")
    step = int(lab.args.get("step", 1))
    allow_dumps(lab, 80 // step + 2 + (LIFE_DUMPS if "life" in parts else 0))
    setup(lab)
    lab.load()
    lab.start_chip()
    lab.ap(extra="beacon_int=300")
    lab.wait(lab.interfaces, "an interface", 20)
    if "probe" in parts:
        probe(lab, step)
    lab.find_card()
    if "start" in parts:
        start(lab, step)
    lab.up()
    lab.know_ap()
    lab.address()
    lab.connect(extra="scan_freq=2437")
    serve(lab)
    if "recovery" in parts:
        recovery(lab, step)
    if "life" in parts:
        life(lab, 6)
    serve(lab)
