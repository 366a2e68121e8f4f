# SPDX-License-Identifier: GPL-2.0-or-later
"""What a flow has to carry, in Mbit/s of payload: limits of the bench (docs/bench.md), floors of the scenarios."""

MBPS = {
    "ht20": {"udp": 58, "tcp": 52},
    "ht40": {"udp": 114, "tcp": 98},
    # TKIP excludes HT: what 54 Mbit/s without aggregation leave
    "legacy": {"tcp": 21},
}
UP = 0.9                # share of it that is asked upward of UDP
CONNECT_S = 6           # a scan of both bands, and the connection
