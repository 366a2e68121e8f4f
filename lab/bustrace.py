# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads a bus capture: the order of messages from host to chip."""
import struct

MESSAGE = 1
WRITE_MIB = 0x0006
TRANSMIT = 0x0004


def blocks(data):
    at = 0
    while at + 12 <= len(data):
        kind, length = struct.unpack_from("<II", data, at)
        yield kind, data[at + 8:at + length - 4]
        at += length


def requests(path):
    """Words like '000B', 'M1024' (a MIB write): what the host sent, without frames."""
    out = []
    for kind, body in blocks(path.read_bytes()):
        if kind != 6:           # enhanced packet
            continue
        captured = struct.unpack_from("<I", body, 12)[0]
        packet = body[20:20 + captured]
        # head of a bus record: kind, direction, then 14 bytes (docs/emulator.md)
        if packet[0] != MESSAGE or packet[1] != 0:
            continue
        ident = struct.unpack_from("<H", packet, 18)[0] & 0x0c3f
        if ident == TRANSMIT:
            continue
        mib = struct.unpack_from("<H", packet, 20)[0] if ident == WRITE_MIB else None
        out.append(f"M{mib:04X}" if mib is not None else f"{ident:04X}")
    return out


if __name__ == "__main__":
    import sys
    from pathlib import Path
    print(" ".join(requests(Path(sys.argv[1]))))
