"""A program on a pseudo terminal of its own that a test types on; standard output and error go where the test wants."""

import fcntl
import os
import pty
import select
import subprocess
import termios
import time

from . import patience


class Typed:
    def __init__(self, words, environment, stdout=None, stderr=None, before=None):
        self.master, self.slave = pty.openpty()
        self.before = termios.tcgetattr(self.slave)
        self.output = b""
        self.process = subprocess.Popen(
            [str(word) for word in words], stdin=self.slave, stdout=self.slave if stdout is None else stdout,
            stderr=self.slave if stderr is None else stderr, env=environment, start_new_session=True,
            preexec_fn=self._begin(before))

    @staticmethod
    def _begin(before):
        """In the new process: its terminal, then what the test wants done."""
        def begin():
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
            if before:
                before()

        return begin

    @property
    def pid(self):
        return self.process.pid

    def until(self, text, seconds=15.0):
        """Waits for `text` after what the last call found."""
        end = time.monotonic() + patience.limit(seconds)
        while text.encode() not in self.output:
            if not select.select([self.master], [], [], max(0, end - time.monotonic()))[0]:
                raise TimeoutError(f"{text!r} not seen in {self.output.decode(errors='replace')!r}")
            self.output += os.read(self.master, 4096)
        at = self.output.index(text.encode()) + len(text.encode())
        found, self.output = self.output[:at].decode(errors="replace"), self.output[at:]
        return found

    def send(self, keys):
        os.write(self.master, keys.encode())

    def rest(self):
        while select.select([self.master], [], [], 0.05)[0]:
            try:
                self.output += os.read(self.master, 4096)
            except OSError:
                break
        return self.output.decode(errors="replace")

    @property
    def is_restored(self):
        return termios.tcgetattr(self.slave) == self.before

    def end(self, seconds=15.0):
        return self.process.wait(patience.limit(seconds))

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(patience.limit(10))
        os.close(self.master)
        os.close(self.slave)


class FullPipe:
    """A pipe that takes nothing more: the program stands still where it says its result."""

    def __init__(self):
        self.reading, self.writing = os.pipe()
        os.set_blocking(self.writing, False)
        self.filled = 0
        try:
            while True:
                self.filled += os.write(self.writing, bytes(4096))
        except BlockingIOError:
            os.set_blocking(self.writing, True)

    def wait_blocked(self, pid, seconds=30.0):
        """Until the process's main thread stands in write(2) (system call 1)."""
        end = time.monotonic() + patience.limit(seconds)
        while time.monotonic() < end:
            with open(f"/proc/{pid}/syscall") as file:
                words = file.read().split()
            if words[0] == "1" and int(words[1], 16) == 1:
                return
            time.sleep(0.02)
        raise TimeoutError("it did not come to its result")

    def drain(self):
        """Lets it go on; what it wrote."""
        os.close(self.writing)
        data = b""
        while part := os.read(self.reading, 65536):
            data += part
        os.close(self.reading)
        return data[self.filled:]
