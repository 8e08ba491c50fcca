"""The window over many keys: `make bench SECTIONS=inventory`. Twenty keys with two hundred certificates behind one module, as a
support desk might never have them at once: what a key press costs then, what is searched, what it takes in memory."""

import fcntl
import os
import pty
import re
import select
import statistics
import struct
import subprocess
import termios
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rig.softhsm import OFFICER, SOFTHSM, USER

KEYS, EACH = 20, 10
# Nothing more comes from a program that was given one key press: far above a frame, far below a person.
QUIET = 0.05


class InventorySection:
    def __init__(self, bench):
        self.bench = bench
        self.folder = bench.work / "inventory"

    def run(self):
        self.bench.title(f"{KEYS} keys with {KEYS * EACH} certificates")
        env = self.tokens()
        with Window([self.bench.ukey, "manager", "--provider", f"pkcs11:{SOFTHSM}"], env) as window:
            window.seen(f"{KEYS * EACH}".encode(), 60)
            window.settle()
            figures = {"a key press (↓) to its frame": [], "a letter of a search to its frame": []}
            for _ in range(self.bench.options.runs):
                figures["a key press (↓) to its frame"].append(window.press(b"\x1b[B"))
            for letter in "company 07 number".encode():
                if not figures["a letter of a search to its frame"]:
                    window.press(b"/")
                figures["a letter of a search to its frame"].append(window.press(bytes([letter])))
            for (what, times), most in zip(figures.items(), (5, 20)):
                middle = statistics.median(times)
                self.bench.figure(what, f"{middle:.1f}", "ms", f"≤ {most}", middle <= most)
            resident = int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{window.pid}/status").read_text())[1]) / 1024
            self.bench.figure("resident memory", f"{resident:.1f}", "MiB", "≤ 25", resident <= 25)

    def tokens(self):
        """SoftHSM2 tokens, each with its certificates; several are made at once."""
        (self.folder / "tokens").mkdir(parents=True)
        configuration = self.folder / "softhsm2.conf"
        configuration.write_text(f"directories.tokendir = {self.folder}/tokens\nobjectstore.backend = file\n")
        env = dict(self.bench.environment, SOFTHSM2_CONF=str(configuration))

        def tool(*words):
            subprocess.run([str(word) for word in words], env=env, check=True, capture_output=True, timeout=60)

        key = self.folder / "key.pem"
        tool("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", key)

        def token(number):
            label = f"DESK-{number:02}"
            for each in range(EACH):
                der = self.folder / f"{label}-{each}.der"
                name = f"Company {number:02} Number {each}"
                tool(
                    "openssl", "req", "-x509", "-new", "-key", key, "-days", str(30 + 10 * each), "-subj",
                    f"/C=CN/O={name}/CN={name}", "-addext", "keyUsage=critical,digitalSignature", "-outform", "DER", "-out", der)
                tool(
                    "pkcs11-tool", "--module", SOFTHSM, "--token-label", label, "--login", "--pin", USER, "--write-object", der,
                    "--type", "cert", "--id", f"{each:02x}", "--label", f"C{each}")

        for number in range(KEYS):
            # One after the other: each takes the module's one free place.
            tool(
                "softhsm2-util", "--init-token", "--free", "--label", f"DESK-{number:02}", "--pin", USER, "--so-pin", OFFICER)
        with ThreadPoolExecutor(os.cpu_count()) as workers:
            list(workers.map(token, range(KEYS)))
        return env


class Window:
    """A program in a terminal of its own, looked at as bytes."""

    def __init__(self, command, env, cols=120, rows=40):
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.execve(command[0], command, dict(env, TERM="xterm-256color"))
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for word in (b"\x1b", b"\x1b", b"q"):
            os.write(self.terminal, word)
            self.settle()
        os.close(self.terminal)
        for _ in range(100):
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                return
            time.sleep(0.05)
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)

    def read(self, seconds):
        """What has come, and when the last of it came; nothing after so much silence."""
        last, seen = None, b""
        while select.select([self.terminal], [], [], seconds)[0]:
            try:
                seen += os.read(self.terminal, 65536)
            except OSError:
                break
            last = time.perf_counter()
        return last, seen

    def settle(self):
        return self.read(0.5)[1]

    def seen(self, pattern, seconds=10):
        """Waits for words; when the last byte of them came, as time.perf_counter() tells it."""
        end, seen = time.monotonic() + seconds, b""
        while not re.search(pattern, seen):
            if time.monotonic() > end:
                raise TimeoutError(f"no {pattern!r}: {seen[-600:]!r}")
            if select.select([self.terminal], [], [], 0.2)[0]:
                seen += os.read(self.terminal, 65536)
        return time.perf_counter()

    def type(self, word):
        """Keys one after the other, each when the one before is shown."""
        os.write(self.terminal, word)
        self.read(QUIET)

    def answer(self, word, pattern, seconds=10):
        """Seconds from a key press until words of its answer have come."""
        begun = time.perf_counter()
        os.write(self.terminal, word)
        return self.seen(pattern, seconds) - begun

    def leave(self):
        """Back to the main window."""
        self.settle()
        for _ in range(2):
            self.type(b"\x1b")
        self.settle()

    def press(self, word):
        """Milliseconds from the key press until the last byte of its frame."""
        begun = time.perf_counter()
        os.write(self.terminal, word)
        last, _ = self.read(QUIET)
        if last is None:
            raise RuntimeError(f"nothing is drawn for {word!r}")
        return (last - begun) * 1000
