# SPDX-License-Identifier: GPL-2.0-or-later
"""What a frame costs the processor, through bes2600 and between two hwsim radios, in real time."""
from pathlib import Path

from guestlib import sh

RADIOS = 2
ARGS = {}
TIME = "real"
RATE, SECONDS = 20, 10      # Mbit/s: what both manage on a slow machine


def busy():
    """Ticks that the processor was not idle."""
    user, nice, system, _, _, irq, softirq = map(int, Path("/proc/stat").read_text().split()[1:8])
    return user + nice + system + irq + softirq


def used(process):
    """Ticks of one process."""
    words = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return int(words[11]) + int(words[12])


def cost(lab, down, without=None):
    """Microseconds for each frame; without what that process uses."""
    a, mine = busy(), used(without) if without else 0
    got = lab.flow("udp", down, seconds=SECONDS, mbps=RATE)
    ticks = busy() - a
    return {"us_per_frame": round(ticks * 1e4 / got["packets"], 1),
            "without_chip": round((ticks - (used(without) - mine if without else 0)) * 1e4 / got["packets"], 1),
            "mbps": got["mbps"]}


def link(lab, name, chip=None):
    lab.connect(extra="scan_freq=2437")
    lab.address()
    got, _ = lab.ping()
    lab.expect(got == 5, f"{name}: {5 - got} of 5 pings lost")
    for down in (True, False):
        c = cost(lab, down, chip)
        lab.figure(f"{name}_{'down' if down else 'up'}", c)
        lab.step(f"{name} {'down' if down else 'up'}: {c}")
    lab.stop(lab.wpa)


def run(lab):
    lab.patience = 10
    sh("ip", "link", "set", "lo", "up")
    sh("ip", "netns", "add", lab.STA)
    sh("ip", "link", "set", "lo", "up", ns=lab.STA)
    sh("iw", "phy", "phy1", "set", "netns", "name", lab.STA)
    lab.wlan = "wlan1"
    lab.ap()
    link(lab, "hwsim")
    lab.down()
    sh("ip", "addr", "flush", "dev", lab.wlan, ns=lab.STA)
    lab.captures = False
    lab.bring_up()
    link(lab, "bes2600", lab.emu)
    f = lab.figures
    for way in ("down", "up"):
        ratio = f[f"bes2600_{way}"]["without_chip"] / f[f"hwsim_{way}"]["us_per_frame"]
        lab.figure(f"ratio_{way}", round(ratio, 2))
