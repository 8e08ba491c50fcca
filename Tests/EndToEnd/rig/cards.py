"""Cards for the virtual readers: ukey's software cards as processes, and cards of a few lines of Python.

A vpcd card is a TCP client of its reader: two bytes of length, big-endian, then the body. A body of one byte is control.
"""

import re
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

from . import patience

POWER_OFF, POWER_ON, RESET, REQUEST_ATR = 0, 1, 2, 4


class SoftToken:
    """`ukey soft-token` in a reader. Ready when constructed: pcscd has seen the card."""

    def __init__(
        self, ukey, reader, directory, card="gm", profile=None, settings=None, trace=True, env=None, timeout=20.0,
        faults=(), sample=None):
        self.reader, self.directory = reader, Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.log_path = self.directory.with_name(self.directory.name + ".log")
        command = [str(ukey), "soft-token", "--card", card, "--vpcd", reader.address, "--dir", str(self.directory)]
        if profile is not None:
            command += ["--profile", profile]
        if settings:
            command += ["--settings", ",".join(f"{key}={_plain(value)}" for key, value in settings.items())]
        if sample is not None:
            command += ["--sample", sample]
        for fault in faults:
            command += ["--fault", fault]
        if trace:
            command += ["--trace"]
        self._log = open(self.log_path, "ab")
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=self._log, stderr=subprocess.STDOUT, env=env)
        try:
            self.atr = self._wait_present(timeout)
        except BaseException:
            self._end(signal.SIGKILL)
            raise

    def _wait_present(self, timeout):
        # In slices, so that a card that dies at once is reported as that and not as a timeout.
        deadline = time.monotonic() + patience.limit(timeout)
        while True:
            if self.process.poll() is not None:
                raise RuntimeError(f"soft-token ended with {self.process.returncode}:\n{self.log()}")
            try:
                return self.reader.wait_present(0.25)
            except TimeoutError:
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{self.reader} saw no card within {timeout} s:\n{self.log()}") from None

    def unplug(self, timeout=10.0):
        """Takes the card out and waits until pcscd has seen it go (when pcscd still runs)."""
        self._leave(signal.SIGTERM, timeout)

    def kill(self):
        """The card dies on the spot, as when it is torn out during a write."""
        self._leave(signal.SIGKILL, 10.0)

    def _leave(self, how, timeout):
        if self.process is None:
            return
        self._end(how)
        try:
            self.reader.wait_empty(timeout)
        except Exception as error:  # the service may have been stopped by the test
            if "0x8010001D" not in str(error) and "0x8010001E" not in str(error):
                raise

    def _end(self, how):
        process, self.process = self.process, None
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(how)
        try:
            process.wait(patience.limit(5))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(patience.limit(10))
        process.stdin.close()
        self._log.close()

    @property
    def pid(self):
        return self.process.pid

    def wait_held(self, timeout=15.0):
        """Until the card stands still by a fault of the kind `hold`; `release` lets it go on."""
        patience.until(lambda: "holding " in self.log(), timeout, lambda: f"the card was never held:\n{self.log()}")

    def release(self):
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()

    def log(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def trace(self):
        """The lines of --trace, one a command: number, header, Lc, bytes answered, status word."""
        return [line for line in self.log().splitlines() if re.match(r"> +\d+  [0-9A-F]{2} ", line)]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.unplug()


def _plain(value):
    return ("no", "yes")[value] if isinstance(value, bool) else value


class ScriptCard:
    """A card whose answers a test makes: `answer(command) -> bytes`, or None to be pulled out instead of answering.

    Keeps every command in `.commands`.
    """

    def __init__(self, reader, answer, atr=bytes.fromhex("3B80800101"), wait=True):
        self.reader, self.answer, self.atr = reader, answer, atr
        self.commands = []
        self.error = None
        self._socket = socket.create_connection(("127.0.0.1", reader.port), timeout=patience.limit(5))
        self._socket.settimeout(None)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        if wait:
            reader.wait_present()

    def _receive(self, count):
        data = b""
        while len(data) < count:
            # The reader sends length and body apart; without this each APDU waits 40 ms for a delayed ACK.
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            part = self._socket.recv(count - len(data))
            if not part:
                raise EOFError
            data += part
        return data

    def _serve(self):
        try:
            while True:
                length = int.from_bytes(self._receive(2), "big")
                body = self._receive(length)
                if length == 1:
                    if body[0] == REQUEST_ATR:
                        self._send(self.atr)
                    continue
                self.commands.append(body)
                reply = self.answer(body)
                if reply is None:
                    break
                self._send(reply)
        except (EOFError, OSError):
            pass
        except Exception as error:  # shown by unplug: a mistake in a test's card must not look like a removal
            self.error = error
        finally:
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            self._socket.close()

    def _send(self, body):
        self._socket.sendall(len(body).to_bytes(2, "big") + body)

    def unplug(self, timeout=10.0):
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._thread.join(patience.limit(timeout))
        if self.error is not None:
            raise self.error
        self.reader.wait_empty(timeout)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            self.unplug()
        else:
            self._socket.close()
