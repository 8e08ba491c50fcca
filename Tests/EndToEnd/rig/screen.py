"""A terminal for the program under test: a tmux session of its own, driven by keys and read as text."""

import re
import subprocess
import tempfile
from pathlib import Path

from . import patience

CONFIGURATION = """
set -g default-terminal tmux-256color
set -g status off
set -g remain-on-exit on
set -g escape-time 0
set -g history-limit 1000
"""


class Screen:
    """`cols` × `rows` cells with `command` running in them. Every wait has a deadline and shows the screen on failing."""

    def __init__(self, cols, rows, *command, env=None, cwd=None):
        # Not under pytest's directory: a Unix socket's path has 107 bytes. The child that outlives its window may still write
        # its record when the directory goes.
        self._home = tempfile.TemporaryDirectory(prefix="ukey-tmux-", ignore_cleanup_errors=True)
        self._socket = str(Path(self._home.name) / "s")
        configuration = Path(self._home.name) / "conf"
        configuration.write_text(CONFIGURATION)
        environment = dict(env or {})
        environment.setdefault("LANG", "C.UTF-8")
        # TERM is tmux's to set; a caller's own TERM comes in by `env`.
        self._command = [str(word) for word in command]
        self._record = Path(self._home.name) / "record"
        line = ["env", *(f"{key}={value}" for key, value in environment.items())]
        line += ["/usr/bin/python3", "-IS", str(Path(__file__).with_name("child.py")), str(self._record)]
        line += self._command
        self._run(
            "-f", str(configuration), "new-session", "-d", "-x", str(cols), "-y", str(rows),
            *(["-c", str(cwd)] if cwd else []), *line)
        # Not in the configuration: tmux 3.3a falls over a manual size before there is a window.
        self._run("set-option", "-w", "window-size", "manual")

    def _run(self, *arguments, check=True):
        # Without an outer TERM tmux refuses to start; which one does not matter, nobody attaches.
        done = subprocess.run(
            ["tmux", "-u", "-S", self._socket, *arguments], capture_output=True, text=True,
            env={"PATH": "/usr/bin:/bin", "TERM": "xterm-256color", "LANG": "C.UTF-8", "HOME": self._home.name},
            stdin=subprocess.DEVNULL, timeout=patience.limit(60))
        if check and done.returncode:
            raise RuntimeError(f"tmux {' '.join(arguments)}: {done.stderr.strip()}")
        return done

    def text(self):
        """The screen as it stands, one line a row, without trailing blanks."""
        return self._run("capture-pane", "-p").stdout

    def ansi(self):
        """The screen with its attributes as escape sequences, blanks at the ends of lines kept."""
        return self._run("capture-pane", "-p", "-e", "-N").stdout

    def keys(self, *names):
        """Keys by tmux's names: Enter, Down, F2, C-z, Escape, x."""
        self._run("send-keys", *names)

    def type(self, text):
        self._run("send-keys", "-l", text)

    def paste(self, text):
        """As a terminal pastes: between marks, where the program asked for them."""
        self._run("set-buffer", "-b", "paste", text)
        self._run("paste-buffer", "-p", "-r", "-d", "-b", "paste")

    def enter(self, *texts):
        """Types each text and Enter behind it."""
        for text in texts:
            self.type(text)
            self.keys("Enter")

    def resize(self, cols, rows):
        self._run("resize-window", "-x", str(cols), "-y", str(rows))

    def wait_for(self, pattern, timeout=10.0):
        """Waits until the screen matches; returns the match."""
        return self._wait(lambda text: re.search(pattern, text, re.M), timeout, f"no match of {pattern!r}")

    def wait_read(self):
        """Until the key has been read to its end: before that, what is done with a key is not to be had yet."""
        return self.wait_for("已识别：|Read: ")

    def wait_gone(self, pattern, timeout=10.0):
        self._wait(lambda text: not re.search(pattern, text, re.M), timeout, f"still there: {pattern!r}")

    def _wait(self, test, timeout, what):
        text = ""

        def look():
            nonlocal text
            text = self.text()
            return test(text)

        return patience.until(look, timeout, lambda: f"{what} in {self._command}; the screen:\n{text}")

    def _recorded(self, word, timeout):
        def look():
            return self._record.exists() and re.search(rf"^{word} (-?\d+)$", self._record.read_text(), re.M)

        found = patience.until(look, timeout, lambda: f"{self._command}: {word}; the screen:\n{self.text()}")
        return int(found[1])

    @property
    def pid(self):
        """Process id of the program."""
        return self._recorded("pid", 5.0)

    @property
    def tty(self):
        """Device of the terminal."""
        return self._run("display-message", "-p", "#{pane_tty}").stdout.strip()

    def exit_status(self, timeout=10.0):
        """Waits for the program's end; its exit status, or minus the signal that ended it."""
        return self._recorded("ended", timeout)

    def hang_up(self):
        """The terminal goes away, as when a window is closed or ssh breaks."""
        self._run("kill-server", check=False)

    def close(self):
        self._run("kill-server", check=False)
        self._home.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
