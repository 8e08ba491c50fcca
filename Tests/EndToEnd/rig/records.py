"""The platform's records as another program sees them: its SQLite file, or its database on a PostgreSQL server of ours."""

import json
import os
import re
import sqlite3
import subprocess
import tempfile
import uuid
from pathlib import Path

from rig import patience, program

NOBODY = 65534


class SQLite:
    """In the data folder of a platform."""

    settings = []

    def __init__(self, data):
        self.path = Path(data) / "platform.sqlite"

    def rows(self, text):
        connection = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
        try:
            return connection.execute(text).fetchall()
        finally:
            connection.close()

    def change(self, text):
        connection = sqlite3.connect(self.path, timeout=30)
        try:
            with connection:
                connection.execute(text)
        finally:
            connection.close()

    def check(self):
        assert self.rows("PRAGMA integrity_check") == [("ok",)]


class PostgreSQL:
    """A database of its own on a server."""

    def __init__(self, server, more=""):
        self.server = server
        self.name = "p" + uuid.uuid4().hex
        server.run(f"CREATE DATABASE {self.name} {more}")

    @property
    def address(self):
        return self.server.address(self.name)

    @property
    def settings(self):
        return [f"database = {self.address}"]

    def rows(self, text):
        return self.server.rows(text, self.name)

    def change(self, text):
        self.server.run(text, self.name)

    def copy(self, table, rows):
        """Many rows at once; none of their texts has a tab, a backslash or an end of line."""
        text = "".join("\t".join(map(str, row)) + "\n" for row in rows)
        subprocess.run(
            ["psql", "-X", "-q", "-d", self.address, "-c", f"COPY {table} FROM STDIN"], input=text, text=True, check=True)

    def check(self):
        """Every page of every table and index read (amcheck comes with the server)."""
        self.server.run("CREATE EXTENSION IF NOT EXISTS amcheck", self.name)
        self.server.run(
            "SELECT bt_index_check(c.oid, true) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
            "JOIN pg_am a ON a.oid = c.relam WHERE a.amname = 'btree' AND c.relpersistence = 'p'", self.name)

    def drop(self):
        self.server.run(f"DROP DATABASE {self.name} WITH (FORCE)")


class Server:
    """Tests/postgresql, until `stop`; `kill` ends it without a word, `begin` starts it again."""

    def __init__(self, *options, port=5432):
        self.port = port
        self.folder = Path(tempfile.mkdtemp(prefix="ukey-pg-", dir="/tmp")) / "s"
        self.folder.parent.chmod(0o755)
        self._process = subprocess.Popen(
            [program.ROOT / "Tests/postgresql", self.folder, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._wait("ready")

    def _wait(self, word):
        line = self._process.stdout.readline()
        assert line == word + "\n", line

    def address(self, name="postgres", **options):
        more = "".join(f"&{key}={value}" for key, value in options.items())
        return f"postgresql:///{name}?host={self.folder}&port={self.port}&user=postgres{more}"

    def _psql(self, text, name):
        done = subprocess.run(
            ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", self.address(name), "-c", text],
            capture_output=True, text=True, timeout=patience.limit(60))
        if re.search("connection to server|closed the connection|the database system is", done.stderr):
            raise ConnectionError(done.stderr)
        assert done.returncode == 0, (text, done.stderr)
        return done.stdout

    def rows(self, text, name="postgres"):
        out = self._psql(f"SELECT row_to_json(r) FROM ({text}) r", name)
        return [json.loads(line, object_pairs_hook=lambda pairs: tuple(value for _, value in pairs)) for line in out.splitlines()]

    def run(self, text, name="postgres"):
        self._psql(text, name)

    def kill(self):
        self._tell("kill")
        self._wait("killed")

    def begin(self):
        self._tell("begin")
        self._wait("ready")

    def _tell(self, word):
        self._process.stdin.write(word + "\n")
        self._process.stdin.flush()

    def stop(self):
        self._process.stdin.close()
        self._process.wait(patience.limit(30))
        self._process.stdout.close()
        os.rmdir(self.folder.parent)
