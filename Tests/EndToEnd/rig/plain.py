"""Plain mode on a pseudo terminal: what it tells is read as lines, its questions are answered one by one."""

import fcntl
import re
import struct
import termios

from . import patience
from .typed import Typed

# A question stands on the last line, with nothing behind it.
CHOICE = r"(?:请选择（回车列出，q [^）\n]*）：|Choose \(Enter lists, q: [^)\n]*\): )$"
SECRET = r"(?:（输入时不显示）：|\(not shown\): )$"
QUESTION = rf"(?:{CHOICE}|{SECRET}|\n[^\n]+[:：] ?$)"


class Plain:
    def __init__(self, ukey, *arguments, env=None, columns=0, echo=True):
        self.transcript = ""
        self._mark = 0

        def before():
            if columns:
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
            if not echo:
                modes = termios.tcgetattr(0)
                modes[3] &= ~termios.ECHO
                termios.tcsetattr(0, termios.TCSANOW, modes)

        self.typed = Typed([ukey, *arguments], {"TERM": "dumb", **(env or {})}, before=before)

    def _look(self):
        self.typed.rest()
        text = self.typed.output.decode(errors="replace").replace("\r\n", "\n")
        self.transcript = text
        return text[self._mark:]

    def wait_for(self, pattern, timeout=15.0):
        """Waits until what was told since the last answer matches; returns the match."""
        return patience.until(
            lambda: re.search(pattern, self._look(), re.M), timeout,
            lambda: f"no match of {pattern!r} in:\n{self.transcript}")

    def answer(self, line, timeout=20.0):
        """Waits for a question and answers it."""
        patience.until(
            lambda: re.search(QUESTION, self._look()), timeout, lambda: f"no question in:\n{self.transcript}")
        self._mark = len(self.transcript)
        self.typed.send(line + "\n")

    def answers(self, *lines):
        for line in lines:
            self.answer(line)

    def secret(self, line, timeout=20.0):
        """Waits for a question whose answer is not shown, and answers it."""
        self.wait_for(SECRET, timeout)
        self._mark = len(self.transcript)
        self.typed.send(line + "\n")

    def number(self, text):
        """The number of a choice, as it was told last."""
        found = [line for line in self.transcript.split("\n") if re.match(r"\d+  ", line) and text in line]
        assert found, f"no choice {text!r} in:\n{self.transcript}"
        return found[-1].split("  ")[0]

    @property
    def pid(self):
        return self.typed.pid

    def exit_status(self, seconds=15.0):
        """Its exit status, or minus the signal that ended it."""
        patience.until(
            lambda: (self._look(), self.typed.process.poll())[1] is not None, seconds,
            lambda: f"still running:\n{self.transcript}")
        self._look()
        return self.typed.process.returncode

    def close(self):
        self.typed.close()
