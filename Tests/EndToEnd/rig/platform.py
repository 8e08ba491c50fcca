"""The platform as `make platform` starts it: its own authorities, a database of its own, on a port of its own."""

import os
import re
import socket
import subprocess
from pathlib import Path

from rig import patience, program, records as records_module


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Platform:
    """`settings`: lines of its settings file; `records`: on a server (`rig.records`), else in its data folder. A second instance
    in the same directory has a `log` of its own."""

    def __init__(self, directory, port, settings=(), log="out.log", records=None):
        self.directory = Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.data = self.directory / "data"
        self.port = port
        self.origin = f"https://localhost:{self.port}"
        self._out = self.directory / log
        self.config = self._out.with_suffix(".conf")
        self.records = records or records_module.SQLite(self.data)
        self.config.write_text("".join(line + "\n" for line in [*settings, *self.records.settings]))
        self.password = None
        self.process = None
        self.start()

    @property
    def binary(self):
        return program.ukey_path().parent / "ukey-platform"

    @property
    def authority(self):
        return self.data / "tls/authority.pem"

    def start(self, seconds=60):
        out = self._out
        with open(out, "wb") as log:
            self.process = subprocess.Popen(
                [self.binary, "--demo", "--data", self.data, "--port", str(self.port), "--config", self.config],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, cwd=self.directory,
                env=dict(os.environ, TZ="Asia/Shanghai"))
        patience.until(
            lambda: "\nready " in "\n" + out.read_text() or self.process.poll() is not None, seconds, lambda: out.read_text())
        self.log = out.read_text()
        assert self.process.poll() is None, self.log
        found = re.search(r"password 密码: (\S+)", self.log)
        self.password = found[1] if found else self.password

    def audit(self):
        """The verdict of the program itself on its chain."""
        return self.run("audit", "--config", self.config)

    def run(self, *words):
        return subprocess.run(
            [self.binary, *words, "--data", self.data], capture_output=True, text=True, timeout=patience.limit(60))

    def make_key(self, folder, **more):
        """`name`, `code`, `begins`, `ends`: a software key with certificates of the demonstration's CA."""
        options = [word for name, value in more.items() for word in (f"--{name}={value}",)]
        done = self.run("demo-key", folder, *options)
        assert done.returncode == 0, done
        return folder

    def message(self, words):
        """The body of the newest message that has these words."""

        def found():
            # Nobody writes one any more.
            if self.process.poll() is not None:
                raise ConnectionError("the platform has ended")
            texts = [(path.stat().st_mtime_ns, path.read_text()) for path in (self.data / "outbox").glob("*.txt")]
            return [text for _, text in sorted(texts) if words in text]

        return patience.until(found, 30)[-1]

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        return program.end(self.process, timeout=20)
