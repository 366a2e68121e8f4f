# SPDX-License-Identifier: GPL-2.0-or-later
"""What the driver declares is what works: modinfo and the phy's capabilities."""
import re

from guestlib import sh

ARGS = {}
NOT_THERE = ("start_sched_scan", "remain_on_channel", "WoWLAN support:", "VHT Capabilities",
             "HE Iftypes", "scheduled_scan_randomize_mac", "scan_random_mac")


def block(text, title):
    """The indented lines below a title."""
    m = re.search(rf"^(\t+){re.escape(title)}.*\n((?:\1\t.*\n)*)", text, re.M)
    return m[2] if m else ""


def run(lab):
    lab.bring_up()
    info = sh("modinfo", f"{lab.job['modules']}/bes2600.ko")
    for line in ("license:        GPL", "alias:          sdio:c*vBE57d2002*",
                 "firmware:       bes2600/best2002_fw_sdio.bin", "firmware:       bes2600/best2002_fw_boot_sdio.bin"):
        lab.expect(line in info, f"modinfo lacks '{line}'")
    phy = sh("iw", "phy", lab.phy, "info", ns=lab.STA)
    lab.show(phy)
    lab.expect(block(phy, "Supported interface modes:").split() == ["*", "managed", "*", "monitor"],
               "modes other than managed and mac80211's own monitor")
    for name in NOT_THERE:
        lab.expect(not re.search(rf"^\s*(\* )?{name}", phy, re.M), f"{name} is declared and does not exist")
    ciphers = re.findall(r"\* (\S+) \(00", block(phy, "Supported Ciphers:"))
    lab.figure("ciphers", ciphers)
    lab.expect(set(ciphers) >= {"CCMP-128", "CMAC"}, f"ciphers: {ciphers}")
    lab.expect(phy.count("HT20/HT40") == 2, "HT40 is missing on a band")
    streams = re.findall(r"HT TX/RX MCS rate indexes supported: (\S+)", phy)
    lab.expect(streams == ["0-7", "0-7"], f"streams: {streams}")
    # power save is off until somebody asks for it
    lab.expect("Power save: off" in sh("iw", "dev", lab.wlan, "get", "power_save", ns=lab.STA), "power save is on")
