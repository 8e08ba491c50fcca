"""A host of its own: a network namespace at the other end of a wire."""

import os

from rig import patience

from . import Run, fault
from .network import server_certificate
from .world import quiet

NEAR, FAR = "192.0.2.1", "192.0.2.2"

SERVER = """
import socket, ssl, sys, threading
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[2], sys.argv[3])
listener = socket.create_server((sys.argv[1], 4433))
print("ready", flush=True)
def serve(connection):
    connection.settimeout(60)
    try:
        with context.wrap_socket(connection, server_side=True) as line: line.recv(1)
    except OSError: pass
while True: threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
"""


def far_host(world, limit):
    """The process whose network namespace it is. What is longer than `limit` bytes gets lost on the way back, without a word:
    this end takes no more at once, and lets the other believe that it does."""
    host = world.program("unshare", "--net", "sleep", "600")
    own = os.readlink("/proc/self/ns/net")
    patience.until(lambda: os.readlink(f"/proc/{host.pid}/ns/net") != own)
    # One segment a packet: longer ones are cut only behind the wire.
    packets = ["gso_max_segs", "1"]
    quiet("ip", "link", "add", "near", "type", "veth", "peer", "name", "far", "netns", host.pid)
    world.at_end(lambda: quiet("ip", "link", "del", "near"))
    quiet("ip", "addr", "add", NEAR + "/30", "dev", "near")
    quiet("ip", "link", "set", "near", "mtu", limit, "up", *packets)
    inside = ["nsenter", "--target", host.pid, "--net", "ip"]
    quiet(*inside, "addr", "add", FAR + "/30", "dev", "far")
    quiet(*inside, "link", "set", "far", "up", *packets)
    quiet("ip", "route", "replace", "192.0.2.0/30", "dev", "near", "advmss", "1460")
    return host


@fault("large packets get lost on the way · 大包在路上丢失", "platform.tls", "platform-mtu")
def platform_mtu(world):
    world.key()
    path, _ = server_certificate(world, "-addext", "subjectAltName=IP:" + FAR, kind=("rsa:4096",))
    host = far_host(world, 1000)
    world.python(SERVER, FAR, path, path.with_suffix(".key"), prefix=["nsenter", "--target", host.pid, "--net"])
    yield Run(["--platform", FAR + ":4433"], network=True, env={"SSL_CERT_FILE": str(path)}, timeout=20)
