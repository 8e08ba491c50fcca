"""What the faults are made with: servers, programs, compiled libraries, recorded device trees."""

import os
import select
import signal
import socket
import ssl
import subprocess
import threading
from pathlib import Path

from rig import patience


class World:
    """The healthy world around one fault: fixtures of the rig, and helpers that end with it."""

    def __init__(self, request, tmp_path, ukey, environment):
        self.request, self.tmp, self.ukey, self.environment = request, tmp_path, ukey, environment
        self._ends = []

    def fixture(self, name):
        return self.request.getfixturevalue(name)

    @property
    def home(self):
        return Path(self.environment["HOME"])

    def at_end(self, action):
        self._ends.append(action)

    def close(self):
        """Undoes everything, also what stands behind something that cannot be undone."""
        problems = []
        while self._ends:
            try:
                self._ends.pop()()
            except Exception as error:
                problems.append(error)
        if problems:
            raise ExceptionGroup("the fault was not undone", problems)

    def key(self, **settings):
        """A key in the reader: GM/T 0017 with one valid pair, its PIN changed from the default."""
        settings.setdefault("card", "gm")
        changed = settings.pop("changed", settings["card"] == "gm" and "sample" not in settings)
        if settings["card"] == "gm":
            settings.setdefault("sample", "one-pair")
        token = self.fixture("soft_token")(**settings)
        if changed:
            from rig.program import Secret

            done = self.ukey("pin", "change", "--pin-fd", Secret("123456\n"), "--new-pin-fd", Secret("246813\n"))
            assert done.code == 0, done
        return token

    def program(self, *words, name=None, **options):
        """A program of ours that lives until the fault is undone; ended by its own process id."""
        process = subprocess.Popen([str(word) for word in words], stdin=subprocess.DEVNULL, **options)

        def end():
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait(patience.limit(10))

        self.at_end(end)
        return process

    def python(self, source, *arguments, prefix=()):
        """A Python program; waits until it prints a line."""
        process = self.program(
            *prefix, "/usr/bin/python3", "-c", source, *arguments, stdout=subprocess.PIPE,
            env={"PYTHONPATH": str(Path(__file__).parents[2] / "EndToEnd"), "PATH": "/usr/bin:/bin"})
        readable, _, _ = select.select([process.stdout], [], [], patience.limit(20))
        assert readable and process.stdout.readline(), "the helper ended, or hangs, before it was ready"
        return process

    def library(self, source, name="libvendor.so"):
        """A shared library compiled from a few lines of C."""
        path = self.tmp / name
        code = self.tmp / (name + ".c")
        code.write_text(source)
        quiet("cc", "-shared", "-fPIC", "-o", path, code)
        return path

    def tree(self, *devices, files=()):
        """A recorded tree with these USB devices: dict(vendor, product, interfaces=[(class, driver)], name)."""
        from rig.usb import Bus

        root = self.tmp / "sysroot"
        bus = Bus(root)
        for device in devices:
            bus.plug(device)
        for path, text in files:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        return root

    def server(self, handle, port=0, tls=None):
        """A TCP server on loopback in this process; `handle(connection)` once a connection. Returns its port."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(16)

        def end():
            # A thread that waits in accept keeps the port until it is woken.
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()

        self.at_end(end)

        def serve():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=one, args=(connection,), daemon=True).start()

        def one(connection):
            try:
                with connection:
                    connection.settimeout(10)
                    handle(tls.wrap_socket(connection, server_side=True) if tls else connection)
            except (OSError, ssl.SSLError):
                pass

        threading.Thread(target=serve, daemon=True).start()
        return listener.getsockname()[1]

    def certificate(self, name="localhost", days=30, name_of="localhost"):
        """A self-signed certificate for 127.0.0.1 and an SSLContext with it."""
        key, path = self.tmp / f"{name}.key", self.tmp / f"{name}.pem"
        quiet(
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out",
            path, "-days", days, "-subj", f"/CN={name}", "-addext", f"subjectAltName=IP:127.0.0.1,DNS:{name_of}", "-addext",
            "basicConstraints=critical,CA:TRUE")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path, key)
        return path, context

    def healthy_service(self):
        """The local service of a vendor as its web page expects it."""
        self.server(answer_http(b"200 OK"), port=51235)

    def healthy_platform(self):
        """A platform whose certificate is trusted: by SSL_CERT_FILE, as an administrator's root would be."""
        path, context = self.certificate("platform")
        port = self.server(lambda connection: connection.recv(1), tls=context)
        return f"127.0.0.1:{port}", path


def answer_http(status):
    def handle(connection):
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    return handle


def silent(connection):
    """Takes what comes and never answers."""
    while connection.recv(4096):
        pass


def quiet(*words, **options):
    """Runs a helper's program, which has to succeed and to end."""
    subprocess.run(
        [str(word) for word in words], check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=patience.limit(30),
        **options)


def mount(*arguments):
    quiet("mount", *arguments)


def unmount(path):
    quiet("umount", path)


def replace_program(world, folder, name, path=None):
    """This program in the place of the machine's own, or none at all: in this mount namespace only, until the fault is
    undone."""
    here = f"{folder}/{name}"
    if path and os.path.exists(here):
        mount("--bind", path, here)
        world.at_end(lambda: unmount(here))
        return
    # The folder with everything in it but this program, over the real one.
    original, copy = world.tmp / f"original-{name}", world.tmp / f"copy-{name}"
    original.mkdir()
    copy.mkdir()
    mount("--bind", folder, original)
    for entry in original.iterdir():
        if entry.name != name:
            (copy / entry.name).symlink_to(original / entry.name)
    if path:
        (copy / name).symlink_to(path)
    mount("--bind", copy, folder)
    world.at_end(lambda: (unmount(folder), unmount(original)))
