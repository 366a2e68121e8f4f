# SPDX-License-Identifier: GPL-2.0-or-later
"""The synthetic images against the published examples."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import firmware      # noqa: E402


def minimal(tag):
    head = bytes.fromhex("01022000" + "00" * 8 + "68010020")
    version = f"Jan 01 2024 00:00:00 0:{tag}".encode() + b"\0"
    version += b"\0" * (-len(version) % 4)
    return head + version + bytes.fromhex("68010020")


def test_minimal_boot_image():
    data = firmware.image(firmware.BOOT)
    assert data == minimal("best2002_fw_boot")
    assert len(data) == 60 and firmware.body_crc(data) == 0xcc792b68


def test_minimal_main_image():
    data = firmware.image(firmware.MAIN)
    assert len(data) == 56 and firmware.body_crc(data) == 0xf91d8ce7


def test_sizes():
    for size in (60, 1000, 20000, 251652):
        data = firmware.image(firmware.MAIN, size)
        assert len(data) == size and data[-4:] == data[12:16]


def test_factory_variants():
    assert firmware.factory().count(":") == 31
    assert firmware.factory(efuse=False).count(":") == 30
    assert len(firmware.factory()) <= 600
