# SPDX-License-Identifier: GPL-2.0-or-later
"""Guests on a host whose processor has AMX, played by a preloaded library where it has not."""
import os
import sys
from contextlib import contextmanager
from pathlib import Path

import guest
import kernels

# UML's last words on such a host if nobody helps it
PANIC = "ptrace set fp regs failed, errno = 14"


@contextmanager
def played():
    """The host of all guests has AMX."""
    library, before = kernels.amx_host(), os.environ.get("LD_PRELOAD")
    os.environ["LD_PRELOAD"] = f"{library} {before}" if before else str(library)
    try:
        yield
    finally:
        if before is None:
            del os.environ["LD_PRELOAD"]
        else:
            os.environ["LD_PRELOAD"] = before


@contextmanager
def unaided():
    """Nothing of ours helps the guests."""
    before, guest.PRELOADS = guest.PRELOADS, ()
    try:
        yield
    finally:
        guest.PRELOADS = before


def prove():
    """Yields (name, ok, detail) of each check. Nothing else may start guests meanwhile."""
    with played():
        for scenario in ("connect", "wallclock"):
            result = guest.run(scenario, suffix="-amx")
            yield f"{scenario} on a host with AMX", result["ok"], "; ".join(result.get("why", []))
        with unaided():
            result = guest.run("connect", suffix="-unaided", limit=60)
    console = Path(result["out"], "console.txt").read_text(errors="replace")
    yield "without xstate.so that host is not survived", not result["ok"] and PANIC in console, f"see {result['out']}"


if __name__ == "__main__":
    guest.catch_signals()
    said = list(prove())
    print("; ".join(f"{name}: {detail or 'failed'}" for name, ok, detail in said if not ok))
    sys.exit(not all(ok for _, ok, _ in said))
