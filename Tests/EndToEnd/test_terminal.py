"""The manager on a real pseudo terminal: it comes, answers keys, and gives the terminal back on every way out."""

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

import pytest

from rig import patience
from rig.program import ukey_path

LEAVE = b"\x1b[?1049l"  # rmcup of xterm-256color


class Window:
    def __init__(self, program, arguments=("--demo",), size=(24, 80), **environment):
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
        self.before = termios.tcgetattr(slave)
        self.master, self.slave, self.output = master, slave, b""
        self.pid = os.fork()
        if self.pid == 0:
            # Whatever goes wrong here must not go on as a second run of the tests.
            try:
                os.setsid()
                fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
                for descriptor in range(3):
                    os.dup2(slave, descriptor)
                os.closerange(3, 256)
                values = {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no"}
                os.execve(program, [program, *arguments], {**os.environ, **values, **environment})
            finally:
                os._exit(127)

    def until(self, text, seconds=10, start=0):
        end = time.monotonic() + patience.limit(seconds)
        while text.encode() not in self.output[start:]:
            ready, _, _ = select.select([self.master], [], [], max(0, end - time.monotonic()))
            assert ready, f"{text!r} not seen in {self.output[-2000:]!r}"
            self.output += os.read(self.master, 65536)

    def send(self, keys):
        os.write(self.master, keys)

    def end(self, seconds=10):
        """The wait status, everything written read."""
        end = time.monotonic() + patience.limit(seconds)
        while time.monotonic() < end:
            ready, _, _ = select.select([self.master], [], [], 0.02)
            if ready:
                self.output += os.read(self.master, 65536)
                continue
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.pid = None
                while select.select([self.master], [], [], 0)[0]:
                    self.output += os.read(self.master, 65536)
                return status
        raise AssertionError("still running")

    def assert_given_back(self):
        assert self.output.rfind(LEAVE) > self.output.rfind(b"\x1b[?1049h")
        assert termios.tcgetattr(self.slave) == self.before

    def close(self):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.master)
        os.close(self.slave)


@pytest.fixture
def terminal():
    opened = []

    def start(*arguments, **options):
        opened.append(Window(str(ukey_path()), *arguments, **options))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


CHINESE = ("--demo", "--lang", "zh")


@pytest.mark.parametrize("keys, code", [(b"q", 0), (b"\x1b[21~", 0), (b"\x03", 130), (b"\x1bOP\x03", 130)])
def test_leaving_by_keys(terminal, keys, code):
    window = terminal(CHINESE)
    window.until("证书所有者")
    window.send(keys)
    assert os.waitstatus_to_exitcode(window.end()) == code
    window.assert_given_back()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT])
def test_leaving_by_a_signal(terminal, number):
    window = terminal(CHINESE)
    window.until("证书所有者")
    os.kill(window.pid, number)
    assert os.waitstatus_to_exitcode(window.end()) == 128 + number
    window.assert_given_back()


@pytest.mark.parametrize(
    "number", [signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGTRAP, signal.SIGABRT, signal.SIGFPE])
def test_leaving_by_a_crash(terminal, number):
    window = terminal(CHINESE)
    window.until("证书所有者")
    os.kill(window.pid, number)
    assert os.waitstatus_to_exitcode(window.end()) == -number
    window.assert_given_back()


def test_a_trap_on_a_thread_that_reads_a_card(terminal):
    # The first reading passes, a later one meets the fault.
    window = terminal((*CHINESE, "--fault", "n=200,kind=trap"))
    window.until("证书所有者")
    status = None
    for _ in range(100):
        window.send(b"r")
        try:
            status = window.end(seconds=0.3)
            break
        except AssertionError:
            continue
    assert status is not None, "never trapped"
    # A trap of the Swift runtime: SIGILL on x86, SIGTRAP elsewhere.
    assert os.waitstatus_to_exitcode(status) in (-signal.SIGILL, -signal.SIGTRAP)
    window.assert_given_back()
    assert window.output.count(LEAVE) == 1
    assert b"Fatal error: trap on purpose" in window.output.rsplit(LEAVE, 1)[1]


def test_what_a_library_prints_comes_out_when_the_window_is_left(terminal):
    # libpcsclite tells on standard error, when asked to, that there is no reader service.
    window = terminal(("--lang", "zh"), PCSCLITE_DEBUG="0")
    window.until("读卡服务没有运行")
    window.send(b"q")
    assert os.waitstatus_to_exitcode(window.end()) == 0
    window.assert_given_back()
    screen, after = window.output.rsplit(LEAVE, 1)
    assert b"SCardCheckDaemonAvailability" not in screen
    assert b"SCardCheckDaemonAvailability" in after


def test_stopping_and_continuing(terminal):
    window = terminal(CHINESE)
    window.until("证书所有者")
    os.kill(window.pid, signal.SIGSTOP)
    os.waitpid(window.pid, os.WUNTRACED)
    mark = len(window.output)
    fcntl.ioctl(window.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 10, 50, 0, 0))
    os.kill(window.pid, signal.SIGCONT)
    window.until("60×16", start=mark)
    mark = len(window.output)
    fcntl.ioctl(window.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    os.kill(window.pid, signal.SIGWINCH)
    window.until("证书所有者", start=mark)
    window.send(b"q")
    assert os.waitstatus_to_exitcode(window.end()) == 0
    window.assert_given_back()


def test_a_lost_terminal_ends_it(terminal):
    window = terminal(CHINESE)
    window.until("证书所有者")
    os.close(window.master)
    _, status = os.waitpid(window.pid, 0)
    window.pid = None
    window.master = os.open("/dev/null", os.O_RDONLY)
    assert os.waitstatus_to_exitcode(status) == 129


def switches(pid):
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/status") as file:
            total += sum(int(line.split()[1]) for line in file if line.startswith("voluntary"))
    return total


def test_idle_means_idle(terminal):
    window = terminal(CHINESE)
    window.until("证书所有者")

    def is_quiet():
        """Five seconds in which it wakes once at most; what polls never has them."""
        before = switches(window.pid)
        time.sleep(5)
        return switches(window.pid) - before <= 1

    patience.until(is_quiet, 6)


@pytest.mark.parametrize("environment", [{"LC_ALL": "C"}, {"LC_ALL": "zh_CN.GB18030"}])
def test_without_utf8_it_falls_to_english_and_says_why(terminal, environment):
    window = terminal(CHINESE, **environment)
    window.until("Owner")
    window.until("not UTF-8")
    assert window.output.isascii()


def test_no_colour(terminal):
    window = terminal(CHINESE, NO_COLOR="1")
    window.until("证书所有者")
    for colour in [b"\x1b[3%dm" % number for number in range(8)]:
        assert colour not in window.output
