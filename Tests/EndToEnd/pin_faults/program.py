"""ukey in one cell: on descriptors, or on a pseudo terminal where the PINs are typed."""

import json
import os
import pty
import select
import signal
import subprocess
import termios
import threading
import time

from rig.program import Secret


class Run:
    """A run of `ukey pin …`. `finish` waits for its end; then `code`, `stated`, `seconds`."""

    # Finding, support, status and the operation itself have this limit each (seconds); starting costs the rest.
    LIMIT = 10.0

    def __init__(self, words, pins, environment, on_terminal):
        self.pins = list(pins)
        self.begun = time.monotonic()
        self.master = self.slave = self.before = None
        self.output = b""
        descriptors, extra = [], []
        if on_terminal:
            self.master, self.slave = pty.openpty()
            self.before = termios.tcgetattr(self.slave)
        else:
            for option, pin in zip(("--pin-fd", "--new-pin-fd"), pins):
                reading, writing = os.pipe()
                os.write(writing, Secret(pin).data)
                os.close(writing)
                descriptors.append(reading)
                extra += [option, str(reading)]
        self.process = subprocess.Popen(
            [*words, *extra], stdin=self.slave if on_terminal else subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=environment, pass_fds=descriptors, start_new_session=True,
            preexec_fn=self._take_terminal if on_terminal else None)
        for descriptor in descriptors:
            os.close(descriptor)
        if on_terminal:
            self._typist = threading.Thread(target=self._type, daemon=True)
            self._typist.start()

    @staticmethod
    def _take_terminal():
        import fcntl

        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    def _type(self):
        """Types the next PIN at each prompt; a new one twice."""
        answers = [self.pins[0], *[pin for pin in self.pins[1:] for _ in range(2)]]
        try:
            while True:
                master = self.master
                if master is None or not select.select([master], [], [], 0.05)[0]:
                    if master is None or self.process.poll() is not None:
                        return
                    continue
                self.output += os.read(master, 4096)
                if answers and self.output.endswith((b"PIN ", b"again ")):
                    os.write(master, answers.pop(0).encode() + b"\r")
                    self.output = b""
        except OSError:
            pass

    def signal(self, number):
        self.process.send_signal(number)

    def close_terminal(self):
        """The window is closed: the master goes first, which hangs the terminal up."""
        master, self.master = self.master, None
        self._typist.join(1)
        os.close(self.slave)
        self.slave = None
        os.close(master)

    def ended_within(self, seconds):
        try:
            self.process.wait(seconds)
            return True
        except subprocess.TimeoutExpired:
            return False

    def finish(self, seconds):
        try:
            self.stdout, self.stderr = self.process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            try:
                self.stdout, self.stderr = self.process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:  # a child of it holds its pipes
                self.stdout = self.stderr = ""
            self.seconds = time.monotonic() - self.begun
            self.code, self.stated = None, {"outcome": "hang"}
            return self
        self.seconds = time.monotonic() - self.begun
        self.code = self.process.returncode
        self.stated = self._stated()
        self.is_restored = self.slave is None or termios.tcgetattr(self.slave) == self.before
        return self

    def _stated(self):
        if self.code is not None and self.code < 0:
            return {"outcome": "signal", "signal": signal.Signals(-self.code).name}
        try:
            said = json.loads(self.stdout)
        except ValueError:
            return {"outcome": "unreadable"}
        if "error" in said:
            return {"outcome": "error", "code": said["error"]["code"]}
        return said

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)
        master, self.master = self.master, None
        if master is not None:
            self._typist.join(1)
            os.close(master)
        if self.slave is not None:
            os.close(self.slave)
