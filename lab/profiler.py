# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the processor's time goes in a case of the bench, and how much of the driver's goes into locks."""
import collections
import os
import re
import subprocess
import sys
from pathlib import Path

import bench
import guest

# Everything that takes or gives back a lock, switches softirqs off and on, or claims the bus
LOCKS = re.compile(r"(_raw_)?(spin|read|write)_(un)?lock|__local_bh_(en|dis)able|_local_bh_enable|mutex_(un)?lock|"
                   r"^(down|up)(_|$)|__mmc_claim_host|mmc_release_host|sdio_(claim|release)_host|rwsem_")
# What the driver has done for it rather than calls upon: to copy, to clear, to allocate
HELPERS = re.compile(r"mem(cpy|set|move)|kmalloc|kfree|kmem_cache|alloc_skb|build_skb|^skb_|get_partial_node|___slab|__slab")
FRAME = re.compile(r"^\s+([0-9a-f]+) (.+?) \((.*)\)$", re.M)
MAPPED = re.compile(r"MMAP2 \S+ \[0x([0-9a-f]+)\(0x([0-9a-f]+)\) @ 0x([0-9a-f]+) .*/dev/shm")
PAGE = 4096


def perf(*args):
    return subprocess.run(["perf", *map(str, args)], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          text=True).stdout


def driver_pages(data, out):
    """Pages of the guest's memory with the driver's code: perf names them by their place in the file that is the memory."""
    line = re.search(r"^bes2600 (\d+) .* 0x([0-9a-f]+)", (out / "guest/modules.txt").read_text(), re.M)
    first, size = int(line[2], 16), int(line[1])
    pages = set()
    for address, length, offset in MAPPED.findall(perf("script", "-i", data, "--show-mmap-events", "-F", "comm")):
        address, length, offset = (int(x, 16) for x in (address, length, offset))
        pages.update((offset + at) // PAGE for at in range(0, length, PAGE) if first <= address + at < first + size)
    return pages


def chains(data, pages, begin, end):
    """Call chains in the guest's kernel between two moments, innermost first: functions, DRIVER for all of the driver's."""
    for block in perf("script", "--no-inline", "-i", data, "--ns", "-F", "time,ip,sym,dso").split("\n\n"):
        at = re.match(r"\s*([\d.]+):", block)
        frames = FRAME.findall(block)
        if not at or not frames or not begin <= float(at[1]) <= end:
            continue
        chain = [name(*frame, pages) for frame in frames]
        if chain[0]:
            yield list(filter(None, chain))


DRIVER = "bes2600"


def name(ip, symbol, dso, pages):
    if dso.endswith("/linux"):
        return symbol
    return DRIVER if "/dev/shm" in dso and int(ip, 16) // PAGE in pages else None


def calls(chain, kind):
    """Does the driver call functions of that kind, and only these."""
    n = next((i for i, function in enumerate(chain) if not kind.search(function)), 0)
    return n > 0 and chain[n] == DRIVER


class Count:
    """Samples by function; of the driver with its helpers, and among these of locks, the bus claimed included."""
    def __init__(self, found):
        self.by_name = collections.Counter()
        self.driver = self.locks = 0
        for chain in found:
            self.by_name[chain[0]] += 1
            self.locks += calls(chain, LOCKS)
            self.driver += chain[0] == DRIVER or calls(chain, LOCKS) or calls(chain, HELPERS)


def main(case):
    data = bench.OUT / "perf.data"
    bench.OUT.mkdir(parents=True, exist_ok=True)
    # the guest's kernel is a program: user mode has all of it, and none of what simulating its processes costs
    result = guest.run("bench", {k: str(v) for k, v in bench.CASES[case][0].items()}, wrap=[
        "perf", "record", "-q", "-e", "cpu-clock:u", "-F", "4999", "--call-graph", "dwarf,1024", "-k", "CLOCK_REALTIME",
        "-o", str(data)])
    if not result["ok"]:
        print("; ".join(result["why"]), file=sys.stderr)
        return 1, {"ok": False, "why": result["why"]}
    out = Path(result["out"])
    begin, end = (os.stat(out / f"guest/wall-{mark}").st_mtime for mark in ("begin", "end"))
    c = Count(chains(data, driver_pages(data, out), begin, end))
    total = sum(c.by_name.values())
    for function, n in c.by_name.most_common(20):
        print(f"{100 * n / total:6.2f} %  {function}")
    print(f"{total} samples in the kernel; {c.driver} in the driver ({100 * c.driver / total:.1f} %), "
          f"{c.locks} of them in locks ({100 * c.locks / max(c.driver, 1):.1f} %)")
    return 0, {"ok": True, "samples": total, "driver": c.driver, "locks": c.locks, "functions": dict(c.by_name.most_common(20))}
