"""A pcscd of our own with virtual readers (vpcd), in the foreground, ended by its own process id."""

import itertools
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from . import patience, pcsc

SOCKET = Path("/run/pcscd/pcscd.comm")
PCSCD = "/usr/sbin/pcscd"
MAX_READERS = 16  # PCSCLITE_MAX_READERS_CONTEXTS of pcsc-lite


class Reader:
    """A virtual reader: the name that pcscd gives it, and the port on which it waits for its card."""

    def __init__(self, name, port):
        self.name, self.port = name, port

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def __repr__(self):
        return f"Reader({self.name!r}, {self.port})"

    def wait_present(self, timeout=10.0):
        """Blocks until a card is in; returns its ATR."""
        with pcsc.Context() as context:
            return context.wait(self.name, pcsc.STATE_PRESENT, timeout)

    def wait_empty(self, timeout=10.0):
        with pcsc.Context() as context:
            context.wait(self.name, pcsc.STATE_EMPTY, timeout)


def vpcd_driver():
    """Path of vpcd's driver, from the package's own list of files."""
    listing = subprocess.run(["dpkg-query", "-L", "vsmartcard-vpcd"], capture_output=True, text=True)
    for line in listing.stdout.splitlines():
        if line.endswith("/libifdvpcd.so"):
            return Path(line)
    raise RuntimeError("package vsmartcard-vpcd is missing: sudo apt-get install vsmartcard-vpcd")


# The network is this world's own. Below the ports that the kernel hands to clients, so that none of them takes a
# reader's while pcscd is down.
_ports = itertools.cycle(range(20_000, 30_000))


def free_port():
    for port in _ports:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


def require_private_world():
    """Refuses to run where our pcscd would take the place of the machine's own."""
    if os.environ.get("UKEY_RIG_PRIVATE") != "1":
        raise RuntimeError("start the end-to-end tests by Tests/run-end-to-end (private /run/pcscd)")


class Service:
    """pcscd with `count` readers of one slot each. `directory` keeps its configuration and its log."""

    def __init__(self, directory, count=1, debug=True):
        self.directory = Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.log_path = self.directory / "pcscd.log"
        self.process = None
        self.debug = debug
        self.configure(count)

    def configure(self, count):
        """Sets how many readers the next start brings."""
        if not 0 <= count <= MAX_READERS:
            raise ValueError(f"pcscd holds at most {MAX_READERS} readers")
        self.readers = []
        lines = []
        for index, driver in enumerate(self._drivers(count)):
            name, port = f"Test Reader {index:02d}", free_port()
            # pcscd appends reader number and slot number to the friendly name.
            self.readers.append(Reader(f"{name} 00 00", port))
            lines += [
                f'FRIENDLYNAME "{name}"', f"DEVICENAME /dev/null:0x{port:X}", f"LIBPATH {driver}",
                f"CHANNELID 0x{port:X}", ""]
        # One file, because the entries of a directory come in no order.
        (self.directory / "reader.conf").write_text("\n".join(lines))

    def _drivers(self, count):
        """`count` drivers with one slot each (see one_slot.c), built once in this directory."""
        built = self.directory / "one_slot.so"
        if not built.exists():
            subprocess.run(
                ["cc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-I/usr/include/PCSC", "-o", str(built),
                 str(Path(__file__).with_name("one_slot.c")), "-ldl"],
                check=True)
        drivers = [self.directory / f"reader-{index:02d}.so" for index in range(count)]
        for driver in drivers:
            if not driver.exists():
                shutil.copyfile(vpcd_driver(), f"{driver}.vpcd")
                shutil.copyfile(built, driver)
        return drivers

    @property
    def running(self):
        return self.process is not None and self.process.poll() is None

    def start(self, timeout=10.0):
        require_private_world()
        if self.running:
            return
        if SOCKET.exists():
            SOCKET.unlink()  # left behind by a pcscd that was killed; nobody else lives in this /run
        no_usb = self.directory / "no-usb-drivers"
        no_usb.mkdir(exist_ok=True)
        # An empty driver directory: real readers on this machine's USB are none of our business.
        environment = dict(os.environ, PCSCLITE_HP_DROPDIR=str(no_usb))
        # Never --apdu: it would write PINs into the log.
        level = "--debug" if self.debug else "--error"
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                [PCSCD, "--foreground", level, "--config", str(self.directory / "reader.conf")],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment)
        wanted = [reader.name for reader in self.readers]
        timeout = patience.limit(timeout)
        deadline = time.monotonic() + timeout
        seen = None
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"pcscd ended with {self.process.returncode}:\n{self.log()}")
            try:
                with pcsc.Context() as context:
                    seen = context.readers()
                if sorted(seen) == sorted(wanted):
                    return
            except pcsc.PCSCError as error:
                seen = error
            time.sleep(0.02)
        raise TimeoutError(f"pcscd shows {seen}, wanted {wanted}:\n{self.log()}")

    def stop(self, how=signal.SIGTERM, timeout=10.0):
        """Ends pcscd in an orderly way and waits for its end."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            self.process.wait(patience.limit(timeout))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(patience.limit(10))
            raise TimeoutError(f"pcscd did not end within {timeout} s and was killed:\n{self.log()}")
        finally:
            self.process = None

    def kill(self):
        """The service dies on the spot: socket file and clients are left as they are."""
        self.stop(signal.SIGKILL)

    def restart(self):
        self.stop()
        self.start()

    def log(self, last=200):
        if not self.log_path.exists():
            return ""
        return "\n".join(self.log_path.read_text(errors="replace").splitlines()[-last:])
