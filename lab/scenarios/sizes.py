# SPDX-License-Identifier: GPL-2.0-or-later
"""Frames of every size, from no payload to 1500 bytes, there and back, each byte compared."""
import socket

from guestlib import OUT

ARGS = {"security": ("open", "wpa2", "wpa3", "tkip")}
TYPE = 0x88b5
SIZES = range(1501)


def payload(size):
    return bytes((size + 7 * i) & 0xff for i in range(size))


def run(lab):
    lab.captures = False
    lab.bring_up()
    lab.ap(security=lab.args.get("security", "wpa2"))
    lab.connect(security=lab.args.get("security", "wpa2"), extra="scan_freq=2437")
    echo = lab.spawn(["/usr/bin/python3", f"{lab.job['root']}/lab/guest/echo.py", lab.wlan], OUT / "echo.txt", ns=lab.STA)
    lab.wait(lambda: "ready" in (OUT / "echo.txt").read_text(), "the echo", 10)
    ap, sta = (bytes.fromhex(mac.replace(":", "")) for mac in (lab.bssid, lab.mac()))
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(TYPE)) as s:
        s.bind(("wlan0", TYPE))
        s.settimeout(2)
        for size in SIZES:
            head, body = sta + ap + TYPE.to_bytes(2, "big"), payload(size)
            s.send(head + body)
            back = s.recv(2048)
            lab.expect(back == ap + sta + head[12:] + body, f"{size} bytes came back as {back[14:].hex()}")
    lab.stop(echo)
    lab.step(f"{len(SIZES)} sizes there and back")
