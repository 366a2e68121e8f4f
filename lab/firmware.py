# SPDX-License-Identifier: GPL-2.0-or-later
"""Synthetic firmware and calibration files: flat images with entry, load address and version."""
import struct
import zlib
from pathlib import Path

LOAD = 0x20000168
BOOT, MAIN = "best2002_fw_boot", "best2002_fw"
NAMES = {"boot": "best2002_fw_boot_sdio.bin", "main": "best2002_fw_sdio.bin",
         "factory": "bes2600_factory.txt"}


def image(tag, size=0):
    """An image of at least size bytes whose filler differs everywhere, so that misplaced pieces show."""
    head = struct.pack("<4I", 0x00200201, 0, 0, LOAD)
    version = f"Jan 01 2024 00:00:00 0:{tag}".encode() + b"\0"
    version += b"\0" * (-len(version) % 4)
    room = max(0, size - len(head) - len(version) - 4)
    filler = bytes((7 * i + 3 ^ i >> 8) & 0xff for i in range(room - room % 4))
    return head + filler + version + struct.pack("<I", LOAD)


def body_crc(data):
    return zlib.crc32(data[:-4])


def factory(efuse=True):
    """Calibration text with the values of the published file."""
    powers = ["36-40", "44-48", "52-56", "60-64", "100-104", "108-112", "116-120", "124-128",
              "132-136", "140-144", "149-153", "157-161", "165-169"]
    lines = ["##head", "magic:0xba80", "version:0x2", "crc:0x0", "##iq&xtal", "iQ_offset:0x0",
             "freq_cal:0x100", "freq_cal_flags:0x1", "##2.4g_power_11n", "ch1:0x1400", "ch7:0x1400",
             "ch13:0x1400", "tx_power_type:0xff", "temperature:0x0", "##5g_power_11n"]
    lines += [f"ch{p}:0x1400" for p in powers]
    lines += ["tx_power_flags_5G:0x0", "temperature_5G:0x0", "##bt", "bdr_div:0x5", "bdr_power:0x10",
              "edr_div:0x5", "edr_power:0x15"]
    if efuse:
        lines += ["##select_efuse_flag", "select_efuse:0"]
    return "\n".join(lines + ["%%", ""])


def write(directory, main_size=251652):
    """All files under directory/bes2600."""
    d = Path(directory) / "bes2600"
    d.mkdir(parents=True, exist_ok=True)
    (d / NAMES["boot"]).write_bytes(image(BOOT, 20000))
    (d / NAMES["main"]).write_bytes(image(MAIN, main_size))
    (d / NAMES["factory"]).write_text(factory())
