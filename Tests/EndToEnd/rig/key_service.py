"""The key service as it is installed, with the holder at a terminal that pinentry draws on."""

import json
import os
import re
import select
import signal
import subprocess
import tempfile
import threading
from pathlib import Path

from rig import patience, program


class Holder:
    """A terminal, and one who types what is told. pinentry opens the terminal by its name."""

    kind = "xterm"

    def __init__(self):
        self.master, self._slave = os.openpty()
        self.path = os.ttyname(self._slave)
        self._screen = b""
        self._changed = threading.Condition()
        self._leave, self._left = os.pipe()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        while True:
            ready, _, _ = select.select([self.master, self._leave], [], [])
            if self._leave in ready:
                return
            try:
                data = os.read(self.master, 65536)
            except OSError:
                return
            with self._changed:
                self._screen += data
                self._changed.notify_all()

    @property
    def shown(self):
        """What was drawn since the last answer, without the terminal's own codes."""
        text = self._screen.decode("utf-8", "replace")
        return re.sub(r"\x1b(\[[0-9;?]*[A-Za-z]|[()][A-Z0-9]|[=>])", "", text)

    def wait(self, *words):
        with self._changed:
            done = self._changed.wait_for(lambda: all(word in self.shown for word in words), patience.limit(30))
        assert done, f"waited for {words}, shown: {self.shown!r}"
        return self.shown

    def type(self, text):
        with self._changed:
            self._screen = b""
        os.write(self.master, text.encode())

    def close(self):
        """The reader first: it must not read from what gets this descriptor's number next."""
        os.close(self._left)
        self._reader.join(patience.limit(10))
        assert not self._reader.is_alive()
        for descriptor in (self.master, self._slave, self._leave):
            os.close(descriptor)


class TmuxHolder:
    """The same in a terminal that tmux draws, as one who works over ssh has it."""

    kind = "tmux-256color"

    def __init__(self, screen):
        self._screen = screen
        self.path = screen.tty

    @property
    def shown(self):
        return self._screen.text()

    def wait(self, *words):
        patience.until(lambda: all(word in self.shown for word in words), 30, lambda: f"{words} not in\n{self.shown}")
        return self.shown

    def type(self, text):
        self._screen.type(text)

    def close(self):
        self._screen.close()


class KeyService:
    """`allowed`: (origin, adapter's family, what it may) as the holder has allowed it before. `terminal`: whether the holder
    registered one. `keys`: whether a key is in that is waited for."""

    def __init__(
        self, directory, *arguments, allowed=(), environment=None, holder=None, any_port=True, terminal=True, keys=True,
        state=None):
        self.directory = Path(directory)
        self.holder = holder or Holder()
        self.state = Path(state or self.directory / "state")
        self.directory.mkdir(parents=True, exist_ok=True)
        # Not under pytest's directory: a Unix socket's path has 107 bytes.
        self._runtime = tempfile.TemporaryDirectory(prefix="ukey-run-")
        runtime = Path(self._runtime.name)
        (runtime / "ukey").mkdir(mode=0o700, exist_ok=True)
        if terminal:
            (runtime / "ukey/tty").write_text(f"{self.holder.path}\n{self.holder.kind}\n")
        self._arguments = [*(["--any-port"] if any_port else []), *arguments]
        self._keys = keys
        self.environment = dict(
            os.environ, XDG_RUNTIME_DIR=str(runtime), XDG_STATE_HOME=str(self.state), LANG="C.UTF-8",
            LC_ALL="C.UTF-8") | (environment or {})
        self.environment.pop("DISPLAY", None)
        self._write(allowed)
        self.log_path = self.directory / "service.log"
        self.process = None
        try:
            self.start()
        except BaseException:
            self._end()
            raise

    @property
    def places(self):
        """What the holder's other programs need to find it."""
        return {name: self.environment[name] for name in ("XDG_RUNTIME_DIR", "XDG_STATE_HOME")}

    def start(self):
        binary = program.ukey_path().parent / "ukey-service"
        self._is_killed = False
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(
                [binary, *self._arguments], env=self.environment, stdin=subprocess.DEVNULL, stderr=log,
                cwd=self.directory)
        self.wait_for(lambda log: "ready\n" in log and ("\nkey " in "\n" + log or not self._keys))
        self.ports = {}
        for line in self.log.splitlines():
            found = re.match(r"port (\S+) 127\.0\.0\.1 (\d+) (\S+) open", line)
            if found:
                self.ports.setdefault((found[1], found[3]), []).append(int(found[2]))

    def type_pin(self, pin="123456"):
        """Once it is asked for."""
        self.holder.wait("PIN:")
        self.holder.type(pin + "\r")

    def port(self, adapter, kind="plain"):
        return self.ports[adapter, kind][0]

    @property
    def log(self):
        return self.log_path.read_text()

    def wait_for(self, condition):
        """Until the log says so, or the process has ended."""
        patience.until(
            lambda: condition(self.log) or self.process.poll() is not None, 30, lambda: self.log)
        assert condition(self.log), self.log

    @property
    def grants(self):
        return self.state / "ukey/service/origins.json"

    def _write(self, allowed):
        self.grants.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
        origins = [{"origin": origin, "adapter": family, "may": may, "granted": 1} for origin, family, may in allowed]
        self.grants.write_text(json.dumps({"schema": "ukey.service-origins/1", "origins": origins}))

    def kill(self):
        """It dies on the spot. That it did not end well is then no failure."""
        self._is_killed = True
        program.end(self.process, signal.SIGKILL)

    def stop(self):
        code = self._end()
        return 0 if self._is_killed else code

    def _end(self):
        try:
            code = program.end(self.process, timeout=20) if self.process else None
            # One that took its place meanwhile, started in the background.
            if (Path(self.places["XDG_RUNTIME_DIR"]) / "ukey/service").exists():
                program.run(program.ukey_path(), "serve", "stop", env=self.environment)
            return code
        finally:
            self.holder.close()
            self._runtime.cleanup()
