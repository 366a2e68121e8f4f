# SPDX-License-Identifier: GPL-2.0-or-later
"""Joins multicast groups and tells of each datagram: groups.py OWN-ADDRESS PORT GROUP ..."""
import os
import socket
import sys

own, port = sys.argv[1], int(sys.argv[2])
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", port))
for group in sys.argv[3:]:
    s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(group) + socket.inet_aton(own))
os.write(1, b"ready\n")
while True:
    s.recv(100)
    os.write(1, b"got\n")
