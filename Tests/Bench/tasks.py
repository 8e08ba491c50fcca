"""What people come for, in seconds of the program: `make bench SECTIONS=tasks`. From the last key press to the words that
answer it, once with a card that answers at once and once with one that takes 45 ms a command, as slow keys do. The people's own
time, and what they type, is not in it. Docs/tasks.md tells how many keys each takes."""

import statistics
import time
from pathlib import Path

from inventory import Window

SLOW = 45
PIN, OTHER = b"123456", b"9k2Lm81x"
# What a terminal gets for each key.
ENTER, F2, F4, F5, F6 = b"\r", b"\x1bOQ", b"\x1bOS", b"\x1b[15~", b"\x1b[17~"


class TasksSection:
    def __init__(self, bench):
        self.bench = bench
        self.figures = {}

    def run(self):
        self.bench.title(f"What people come for: seconds of the program, a fast card / {SLOW} ms a command")
        service = self.bench.service(4)
        try:
            for delay in (0, SLOW):
                for turn in range(max(3, self.bench.options.runs // 5)):
                    with self.bench.card(service.readers[0], f"tasks-{delay}-{turn}", card="gm", delay=delay):
                        self.one(delay, turn)
                    time.sleep(0.5)  # pcscd looks at a reader every 400 ms
            tokens = [
                self.bench.card(reader, f"tasks-four-{index}", card="gm") for index, reader in enumerate(service.readers)]
            try:
                self.four()
            finally:
                for token in tokens:
                    token.unplug()
        finally:
            service.stop()
        for what, times in self.figures.items():
            middles = [statistics.median(times[delay]) for delay in sorted(times)]
            self.bench.figure(what, " / ".join(f"{middle:.2f}" for middle in middles), "s")

    def took(self, what, delay, seconds):
        self.figures.setdefault(what, {}).setdefault(delay, []).append(seconds)

    def window(self, cols=80, rows=24):
        return Window([self.bench.ukey, "manager", "--lang", "en"], self.bench.environment, cols, rows)

    def one(self, delay, turn):
        begun = time.perf_counter()
        with self.window() as window:
            self.took("whose it is, how long: from the start", delay, window.seen(b"Credit code", 30) - begun)
            window.settle()
            self.took("F4: which link is broken", delay, window.answer(F4, rb" \d+\.\d\d s ", 60))
            window.settle()
            window.leave()
            window.answer(F5, b"Wipe, leave")
            window.settle()
            window.type(PIN)
            self.took("F5: does the key sign", delay, window.answer(ENTER, b"self-test passed", 60))
            window.leave()
            window.answer(F2, b"Wipe, leave")
            window.settle()
            for text in (PIN, ENTER, OTHER, ENTER, OTHER):
                window.type(text)
            self.took("change the PIN: from the last Enter", delay, window.answer(ENTER, b"PIN was changed", 60))
            window.leave()
            target = Path(self.bench.work) / f"exported-{delay}-{turn}"
            target.mkdir()
        wall, _ = self.bench.measure([self.bench.ukey, "export", "--all", str(target)])
        self.took("export all its certificates (command)", delay, wall / 1000)

    def four(self):
        for _ in range(max(3, self.bench.options.runs // 5)):
            begun = time.perf_counter()
            with self.window(120, 40) as window:
                self.took("four keys at a glance: from the start", 0, window.seen(b"4 keys", 30) - begun)
            wall, _ = self.bench.measure([self.bench.ukey, "list", "--csv"])
            self.took("four keys as CSV (command)", 0, wall / 1000)
