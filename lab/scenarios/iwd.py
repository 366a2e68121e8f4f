# SPDX-License-Identifier: GPL-2.0-or-later
"""iwd instead of wpa_supplicant."""
from pathlib import Path

from guestlib import OUT


def run(lab):
    lab.bring_up()
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
