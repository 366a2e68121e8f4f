# SPDX-License-Identifier: GPL-2.0-or-later
"""A bus that errs and a chip that talks nonsense, at each step of the boot."""
import re
import time

from guestlib import Failed, KernelLog

ARGS = {}
# Errors that pass: the interface appears all the same. One error in a transfer
# is repaired by repeating what the loader allows to repeat.
PASSING = [f"at {at} inject {what}" for at in ("0.02", "0.1", "0.3", "0.5")
           for what in ("crc-write 1", "timeout 1")] + ["inject boot-reply seq 3", "inject boot-reply result 9"]
REPLIES = [f"inject boot-reply {what} {frame}" for what in ("type", "len", "late", "none") for frame in (0, 5, 12)]
# Those that stay end the probe with one line that names the step. The first meets the core while it looks at the card,
# from 29 to 32 ms after the plug; a card that dies before it was asked for the first time is not worth a line to the core.
LASTING = [f"at {at} inject {what}" for at in ("0.03", "0.06", "0.15", "0.3", "0.4")
           for what in ("dead", "timeout 100000", "crc-read 100000", "crc-write 100000")]
CHIP = ["inject boot-dpd crc", "inject boot-dpd length", "inject no-mcu-ready 1"]


def errors(text):
    """What the driver itself said; the kernel adds its own view of a missing optional file and of the probe."""
    return [l for l in text.splitlines() if re.search(r"bes2600 mmc\S+: ", l) and
            not re.search(r"MAC address|firmware: failed to load|probe with driver", l)]


def use(lab):
    lab.find_card()
    lab.up()
    lab.expect(lab.scan(), "the scan finds nothing")


def one(lab, log, fault):
    lab.control(fault)
    up, text = lab.probe(log, 40)
    said = errors(text)
    lab.step(f"{fault}: {'up' if up else 'failed'}")
    lab.show("\n".join(said))
    if fault in PASSING:
        lab.expect(up, "no interface")
        use(lab)
    if up:
        time.sleep(1)       # for a fault that comes later
    elif "whilst initialising" not in text:      # else the driver was not even asked
        lab.expect(len(said) == 1, f"{len(said)} lines instead of one: {said}")
    lab.control("unplug")
    lab.control("inject none")
    if fault not in PASSING:
        lab.expect(lab.probe(log, 40)[0], "a good card is not taken afterwards")
        use(lab)
        lab.control("unplug")


def run(lab):
    lab.load()
    lab.start_chip(plug=False)
    lab.ap()
    # of those that end the probe 19 meet the driver, which names the step, and two the core before it
    lab.allow_log("probe with driver bes2600 failed with error", 19)
    lab.allow_log("no calibration result|download failed|the main firmware does not come up|the loader does not answer", 19)
    lab.allow_log("error -110 whilst initialising SDIO card", 2)
    faults = PASSING + REPLIES + LASTING + CHIP
    log = KernelLog()
    for fault in faults:
        try:
            one(lab, log, fault)
        except Failed as e:
            lab.why.append(f"{fault}: {e}")
            lab.control("unplug")
            lab.control("inject none")
    lab.figure("faults", len(faults))
