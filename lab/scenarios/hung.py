# SPDX-License-Identifier: GPL-2.0-or-later
"""A card that takes minutes to be found: the guest's kernel tells of the task that waits for it, as of all that hang."""
import time
from pathlib import Path

from guestlib import OUT, KernelLog

RADIOS = 0
ARGS = {}
LIMIT = 120      # s, as the guest's command line says; who hangs is told of after once to twice that time


def run(lab):
    told = "INFO: task sh:.* blocked for more than"
    lab.allow_log(told, 1)
    # what follows of it, and the end of the card
    lab.allow_log("^ |^task:sh |^Call Trace|^\"echo 0 > ", (3, 40))
    lab.allow_log("mmc0: error -123 whilst initialising SDIO card", 1)
    have = int(Path("/proc/sys/kernel/hung_task_timeout_secs").read_text())
    lab.expect(have == LIMIT, f"the limit for hung tasks is {have} s")
    lab.insmod("vsdio")
    log = KernelLog()
    begin = time.monotonic()
    # 9 s a command: some 40 of them, and the host is claimed meanwhile; so this waits, and nothing wakes it
    card = lab.spawn([Path(lab.job["root"]) / "build/vsdio-card", 9 * 10 ** 9], OUT / "card.txt")
    time.sleep(1)
    waiting = lab.spawn(["sh", "-c", "echo 400000 >/sys/kernel/debug/mmc0/clock"], OUT / "waiting.txt")
    when = lab.wait(lambda: log.first(told, begin), "a word of the task that waits for the card", 2 * LIMIT + 10, every=1)
    lab.expect(when - begin >= LIMIT, f"told of after {when - begin:.1f} s")
    lab.figure("told_s", round(when - begin, 2))
    lab.kill(card)
    lab.ended(waiting)
