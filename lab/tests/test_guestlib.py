# SPDX-License-Identifier: GPL-2.0-or-later
"""Parts of guestlib that need no guest."""
import socket
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import guestlib                 # noqa: E402


def test_a_socket_that_exists_does_not_listen_yet(tmp_path):
    path = tmp_path / "control"
    with socket.socket(socket.AF_UNIX) as s:
        assert not guestlib.listens(path)
        s.bind(str(path))
        assert not guestlib.listens(path)
        s.listen()
        assert guestlib.listens(path)
