# SPDX-License-Identifier: GPL-2.0-or-later
"""What a chip that dies leaves behind: a core dump, and its transitions in the trace."""
import re
import time
from pathlib import Path

from guestlib import OUT, KernelLog, sh

TRACE = Path("/sys/kernel/tracing")
TRANSITIONS = ["dead: firmware exception", "off: card reset", "off: download", "booted: firmware runs", "running: Wi-Fi on"]


def dump(lab, log, what):
    """The text of the core dump after a death."""
    begin = time.monotonic()
    lab.control(what)
    data = lab.wait(lambda: list(Path("/sys/class/devcoredump").glob("devcd*/data")), "a core dump", 5)[0]
    text = data.read_text(errors="backslashreplace")
    data.write_text("0")        # read: the kernel may forget it
    lab.reconnected(log, begin, timeout=10)
    return text


def run(lab):
    lab.allow_log("resetting the chip")
    lab.bring_up()
    log = KernelLog()
    lab.ap()
    lab.connect(extra="scan_freq=2437")
    lab.address()
    lab.expect(lab.ping(count=5)[0] == 5, "pings lost")
    sh("mount", "-t", "tracefs", "none", TRACE)
    (TRACE / "events/bes2600/bes_state/enable").write_text("1")

    text = dump(lab, log, "inject exception")
    (OUT / "coredump.txt").write_text(text)
    for pattern in (r"^bes2600 mmc\S+: firmware exception$", r"^firmware .*\S", r"^register 0x10c: [0-9a-f]{2}$",
                    r"^exception 4 in lmac/emulated.c$", r"^r1: 000004d2$", r"^State: +dead$", r"^commands: [1-9]",
                    r"^DecryptStormRecoveries: 0$", r"^< [\d.]+ [0-9a-f]800 128 04000000"):
        lab.expect(re.search(pattern, text, re.M), f"the dump lacks {pattern}")
    for way in "<>":
        lab.expect(len(re.findall(f"^{way} ", text, re.M)) == 64, f"not 64 messages {way}")
    # 0x000c installs a key: its bytes are nobody's business
    lab.expect(re.search(r"^> \S+ .00c 48 0+$", text, re.M), "no key installed within the last 64 messages")
    lab.expect(not re.search(r"^> \S+ .00c 48 .*[1-9a-f]", text, re.M), "a key in the dump")

    trace = (TRACE / "trace").read_text()
    (OUT / "trace.txt").write_text(trace)
    seen = re.findall(r"bes_state: \S+ (.*)", trace)
    lab.expect(seen == TRANSITIONS, f"transitions {seen}")

    time.sleep(11)
    text = dump(lab, log, "inject dead")
    lab.expect(re.search("^register 0x10c: error -110$", text, re.M), "a dead bus has registers")
    lab.figure("dump_bytes", len(text))
