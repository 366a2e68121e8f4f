# SPDX-License-Identifier: GPL-2.0-or-later
"""iwd instead of wpa_supplicant; it too finds back when a chip was away for long."""
import time
from pathlib import Path

from guestlib import OUT, KernelLog, sh

ARGS = {"failures": [int]}


def away(lab, log, times):
    """So many resets fail."""
    begin = time.monotonic() - 0.01
    lab.control(f"inject dead {times}")
    sh("ping", "-c", "1", "-W", "0.1", "10.0.0.1", ns=lab.STA, check=False)
    lab.wait(lambda: "Connected to" not in lab.link(), "iwd to hear of it", 2)
    back = lab.wait(lambda: log.first("Hardware restart", begin), "the restart", 110)
    lab.wait(lambda: "Connected to" in lab.link(), "a connection by iwd", 120, 0.2)
    lab.figure(f"iwd_{times}_failures_back_s", round(time.monotonic() - back, 2))
    lab.expect(lab.ping(count=10)[0] >= 9, "pings lost")
    time.sleep(11)


def run(lab):
    lab.bring_up()
    log = KernelLog()
    lab.ap()
    Path("/run/dbus").mkdir(exist_ok=True)
    lab.spawn(["dbus-daemon", "--system", "--nofork", "--nopidfile"], OUT / "dbus.txt")
    lab.wait(lambda: Path("/run/dbus/system_bus_socket").exists(), "dbus", 10)
    Path("/var/lib/iwd").mkdir(parents=True, exist_ok=True)
    Path("/var/lib/iwd/lab.psk").write_text("[Security]\nPassphrase=12345678\n")
    lab.spawn(["/usr/libexec/iwd", "-i", lab.wlan], OUT / "iwd.txt", ns=lab.STA)
    lab.wait(lambda: "Connected to" in lab.link(), "a connection by iwd", 60, 0.5)
    lab.address()
    lab.expect(lab.ping(count=10)[0] >= 9, "pings lost")
    # its scans get rarer while they fail: it takes about as long again as the chip was away
    for times in map(int, lab.args.get("failures", "1").split(",")):
        lab.allow_log("resetting the chip", 1)
        lab.allow_log("tried to HW reset card, got error|reset failed", 2 * times)
        away(lab, log, times)
