"""More connections than a process may have descriptors: the platform goes on, and a newcomer is answered."""

import resource
import socket
import time

from rig import patience
from rig.platform import Platform, free_port
from test_platform_kill import Visitor


def test_silent_connections_keep_nobody_out(tmp_path):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    # As a session begins.
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(1024, hard), hard))
    try:
        platform = Platform(tmp_path / "platform", free_port())
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, hard), hard))
    silent = []
    try:
        for _ in range(1500):
            silent.append(socket.create_connection(("127.0.0.1", platform.port), timeout=patience.limit(10)))
        for number in range(3):
            begun = time.monotonic()
            assert Visitor(platform, number).ask("GET", "/login")[0].status == 200
            assert time.monotonic() - begun < patience.limit(5)
    finally:
        for sock in silent:
            sock.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        assert platform.stop() == 0
