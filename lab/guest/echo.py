# SPDX-License-Identifier: GPL-2.0-or-later
"""Sends frames of an experimental type back where they came from: echo.py INTERFACE"""
import socket
import sys

TYPE = 0x88b5

with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(TYPE)) as s:
    s.bind((sys.argv[1], TYPE))
    print("ready", flush=True)
    while True:
        frame = s.recv(2048)
        s.send(frame[6:12] + frame[:6] + frame[12:])
