# SPDX-License-Identifier: GPL-2.0-or-later
"""The chip dies in every way it can, in the middle of traffic; the link comes back by itself (only=NAME)."""
import re
import time

from guestlib import OUT, KernelLog

# what is done to the chip, how long the driver may take to notice (s), and what it says
DEATHS = {
    "exception": ("inject exception", 0.1, "firmware exception"),
    "seq-jump": ("inject seq-jump", 0.1, "message not understood"),
    "packing": ("inject bad-message huge", 0.1, "burst badly packed|message not understood"),
    "dead": ("inject dead", 0.6, "length register unreadable|burst not taken|burst unreadable"),
    "timeout": ("inject timeout 100000", 0.6, "length register unreadable|burst not taken|burst unreadable"),
    "crc-read": ("inject crc-read 100000", 0.1, "burst unreadable"),
    "crc-write": ("inject crc-write 100000", 0.1, "burst not taken"),
    "silence": ("inject silence 100000", 3.1, "no confirm in time"),
    "confirms": ("inject drop-confirm 100000", 3.1, "no confirm in time"),
}
ARGS = {"only": [*DEATHS]}
# what else it says of them
TELLING = {"exception": "firmware exception 4, ", "seq-jump": "message: out of sequence"}


class Pings:
    """Traffic, and when it came through, in the time of the kernel's log."""

    def __init__(self, lab):
        self.lab, self.log = lab, OUT / "pings.txt"
        self.process = lab.pinger(20, self.log)

    def first(self, after):
        times = (float(line.split()[0]) for line in self.log.read_text().splitlines())
        return next((t for t in times if t > after), None)

    def stop(self):
        self.lab.kill(self.process)


def die(lab, log, name, pings):
    what, limit, says = DEATHS[name]
    resets = lab.driver("BusResets")
    begin = time.monotonic()
    lab.control(what)
    noticed = lab.wait(lambda: log.first("resetting the chip", begin - 0.01), f"{name}: the driver to notice", 5, 0.002)
    # counts of errors: the chip that comes back shall be a good one
    lab.control("inject none")
    lab.expect(log.first(f"({says}): resetting", begin - 0.01), f"{name}: not '{says}' but {log.lines[-1]}")
    lab.expect(noticed - begin <= limit * lab.patience, f"{name}: noticed after {noticed - begin:.3f} s")
    running = lab.wait(lambda: log.first("Hardware restart", noticed), f"{name}: the restart", 3)
    joined = lab.wait(lambda: log.first(": associated", running), f"{name}: a new association", 20)
    flowing = lab.wait(lambda: pings.first(joined), f"{name}: traffic", 5)
    lab.expect(lab.driver("BusResets") == resets + 1, f"{name}: more than one reset")
    split = [round(t, 2) for t in (noticed - begin, running - noticed, joined - running, flowing - joined)]
    lab.step(f"{name}: notice {split[0]} s, reset and download {split[1]} s, join {split[2]} s, traffic {split[3]} s")
    lab.figure(name, split)
    lab.expect(flowing - noticed <= 1.5 * lab.patience, f"{name}: traffic only after {flowing - noticed:.3f} s")


def run(lab):
    names = lab.args.get("only", ",".join(DEATHS)).split(",")
    lab.allow_log("resetting the chip", len(names))
    for name in TELLING.keys() & set(names):
        lab.allow_log(TELLING[name], 1)
    lab.bring_up()
    log = KernelLog()
    lab.ap()
    mac = lab.mac()
    # scan policy is user space's: one channel
    lab.connect(extra="scan_freq=2437")
    lab.address()
    lab.know_ap()
    for name in names:
        lab.expect(lab.ping(count=2)[0] == 2, f"pings lost before {name}")
        pings = Pings(lab)
        time.sleep(0.2)
        die(lab, log, name, pings)
        pings.stop()
        lab.expect(lab.mac() == mac, "another address")
        lab.expect(re.search("^State: +running", lab.debugfs(), re.M), "the driver does not call it running")
        time.sleep(10)      # a reset that has lasted
    lab.expect(lab.driver("BusResetFailures") == 0, "a reset failed")
