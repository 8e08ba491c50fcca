"""The manager in a terminal: how soon it shows what, and what it does while nothing happens."""

import fcntl
import os
import pty
import re
import select
import statistics
import struct
import termios
import time
from pathlib import Path

from rig.screen import Screen

from threads import asking_for_the_service, switches


class WindowSections:
    """Sections `screen`, `idle` and `sixteen`."""

    def __init__(self, bench):
        self.bench = bench

    def screen(self):
        """First frame after exec; insertion to certificate on the screen."""
        self.bench.title("Screen")
        service = self.bench.service()
        try:
            first = statistics.median(self.first_frame() for _ in range(self.bench.options.runs))
            self.bench.figure("first frame after exec", f"{first:.1f}", "ms", "≤ 15", first <= 15)
            for delay in (0, 10):
                shown, commands = [], []
                for index in range(5):
                    terminal, path = self.manager("screen")
                    with terminal:
                        terminal.wait_for(re.escape(self.bench.options.title))
                        with self.bench.card(service.readers[0], f"screen-{delay}-{index}", delay=delay) as token:
                            terminal.wait_for(self.bench.options.shown)
                            commands.append(until_certificate(token.trace()))
                            terminal.keys("q")
                            terminal.exit_status()
                    shown += self.shown(path)
                    # pcscd looks at a reader every 400 ms. A program's own call can find the card gone sooner; one put in
                    # before the next look is then taken for the old one, and never told.
                    time.sleep(0.5)
                # What the card itself takes: its delay for each command. Transport counts as ours.
                own = statistics.median(shown) - delay * statistics.median(commands)
                self.bench.figure(
                    f"insertion to screen, {delay} ms an APDU", f"{statistics.median(shown):.1f}", "ms",
                    f"≤ {delay} × {statistics.median(commands):g} + 20", own <= 20)
        finally:
            service.stop()

    def idle(self):
        """The manager with a key inserted, doing nothing."""
        seconds = self.bench.options.idle
        self.bench.title(f"Idle for {seconds} s with a key inserted")
        service = self.bench.service()
        try:
            with self.bench.card(service.readers[0], "idle"):
                terminal, _ = self.manager("idle")
                with terminal:
                    terminal.wait_for(self.bench.options.shown)
                    pid = terminal.pid
                    self.settle(pid)
                    before = switches(pid)
                    time.sleep(seconds)  # the measurement itself: time in which nothing happens
                    after = switches(pid)
                    resident = int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024
                    grown = {task: count - before.get(task, ("", 0))[1] for task, (_, count) in after.items()}
                    for task in filter(grown.get, grown):
                        print(f"    thread {task} {after[task][0]}: {grown[task]}")
                    theirs = sum(grown.pop(task, 0) for task in asking_for_the_service(pid))
                    ours = sum(grown.values()) * 60 / seconds
                    self.bench.figure("voluntary context switches", f"{ours:.1f}", "/min", "≤ 2", ours <= 2)
                    self.bench.figure("and of libpcsclite's own question", f"{theirs * 60 / seconds:.1f}", "/min")
                    self.bench.figure("resident memory", f"{resident:.1f}", "MiB", "≤ 25", resident <= 25)
                    terminal.keys("q")
        finally:
            service.stop()

    def sixteen(self):
        """Sixteen readers with a key each: until all are shown."""
        self.bench.title("Sixteen readers")
        service = self.bench.service(16)
        tokens = []
        try:
            for index, reader in enumerate(service.readers):
                tokens.append(self.bench.card(reader, f"sixteen-{index}", delay=10))
            wall, done = self.bench.measure([self.bench.ukey, "status", "--json"])
            single = statistics.median(
                self.bench.measure([self.bench.ukey, "status", "--json", "--reader", service.readers[0].name])[0] for _ in range(5))
            self.bench.figure("status, 1 key with 10 ms an APDU", f"{single:.0f}", "ms")
            self.bench.figure("status, 16 keys at once", f"{wall:.0f}", "ms", "≤ 3 × one", wall <= 3 * single)
            print(f"    exit {done.returncode}")
            screen, path = self.manager("sixteen", 120, 60)
            with screen:
                screen.wait_for(self.bench.options.shown)
                self.still(screen)
                last = screen.text()
                screen.keys("q")
                screen.exit_status()
            shown = self.shown(path)
            self.bench.figure("keys shown by the manager", len(shown), "", "= 16", len(shown) == 16)
            if len(shown) != 16:
                print(f"{last}\n{path.read_text()}")
            if shown:
                self.bench.figure("slowest, insertion to screen", f"{max(shown):.0f}", "ms", "≤ 3 × one", max(shown) <= 3 * single)
        finally:
            for token in tokens:
                token.unplug()
            service.stop()

    def manager(self, name, cols=80, rows=24):
        """The manager in a terminal; standard error, where --trace-timing writes at the end, goes into a file."""
        path = self.bench.work / f"timing-{name}"
        path.unlink(missing_ok=True)
        # exec, so that the pid is the program's.
        screen = Screen(
            cols, rows, "sh", "-c", 'exec "$@" 2>"$0"', str(path), self.bench.ukey, "manager", "--trace-timing",
            env=self.bench.environment)
        return screen, path

    def shown(self, path):
        """Milliseconds from insertion to certificate on the screen, one an insertion, from --trace-timing."""
        found = re.findall(r"^insertion to certificate on screen: ([\d.]+) ms", path.read_text(), re.M)
        return [float(value) for value in found]

    def first_frame(self):
        """Milliseconds from exec until the first frame has arrived at the terminal, seen from the terminal's side."""
        begun = time.perf_counter()
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(self.bench.ukey, [self.bench.ukey, "manager"], dict(self.bench.environment, TERM="xterm-256color"))
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        seen, arrived = b"", None
        try:
            # The last line holds the key hints: with it the frame is whole.
            while arrived is None and select.select([terminal], [], [], 10)[0]:
                seen += os.read(terminal, 65536)
                if self.bench.options.title.encode() in seen and b"F1" in seen:
                    arrived = time.perf_counter()
        finally:
            os.write(terminal, b"q")
            drain(terminal)
            os.close(terminal)
            os.waitpid(pid, 0)
        if arrived is None:
            raise RuntimeError(f"no frame with {self.bench.options.title!r}: {seen[-400:]!r}")
        return (arrived - begun) * 1000

    def settle(self, pid):
        """Waits until a second passes without a context switch, at most ten."""
        for _ in range(10):
            before = switches(pid)
            time.sleep(1)
            if switches(pid) == before:
                return

    def still(self, screen, seconds=1.0, timeout=20.0):
        """Waits until the screen has not changed for a while."""
        deadline = time.monotonic() + timeout
        text, since = screen.text(), time.monotonic()
        while time.monotonic() - since < seconds:
            if time.monotonic() > deadline:
                raise TimeoutError(f"the screen goes on changing:\n{text}")
            time.sleep(0.05)
            now = screen.text()
            if now != text:
                text, since = now, time.monotonic()


def drain(terminal):
    """Reads what a program still writes until it closes its terminal."""
    try:
        while select.select([terminal], [], [], 5)[0] and os.read(terminal, 65536):
            pass
    except OSError:
        pass  # closed from the other side


def until_certificate(trace):
    """How many commands the card had answered when the first certificate was out: the last of its pieces."""
    for number, line in enumerate(trace, 1):
        if re.search(r" (CB|C0) .* → [2-9]\d\d|[1-9]\d{3,} bytes", line) and line.endswith("9000"):
            return number
    return len(trace)
