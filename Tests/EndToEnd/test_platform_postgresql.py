"""The platform and a real PostgreSQL server: a disk that is full, TLS and passwords, a machine without libpq."""

import itertools
import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from rig import patience
from rig.platform import Platform, free_port
from rig.records import NOBODY, PostgreSQL, Server
from test_platform_kill import Authority, Unavailable, Visitor, check, register


@pytest.fixture
def small_disk(postgresql):
    """A folder of a few megabytes, as a place for a database: in this world alone, whose /run is a memory of its own."""
    folder = Path("/run/small")
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m,mode=700", "tmpfs", folder], check=True)
    os.chown(folder, NOBODY, NOBODY)
    postgresql.run(f"CREATE TABLESPACE small LOCATION '{folder}'")
    records = PostgreSQL(postgresql, "TABLESPACE small")
    yield records, folder
    records.drop()
    postgresql.run("DROP TABLESPACE small")
    subprocess.run(["umount", folder], check=True)
    folder.rmdir()


def test_disk_is_full(tmp_path, small_disk):
    """Until it is, after it is, and with room again: what was answered is there, the rest is not."""
    records, folder = small_disk
    platform = Platform(tmp_path / "platform", free_port(), records=records)
    authority = Authority(platform.data / "ca")
    platform.kill()
    platform.start()
    registered, logged, numbers = [], [], itertools.count(1)
    try:
        register(platform, authority, next(numbers), registered, logged)
        # All of it, to the last page.
        filler = folder / "filler"
        with open(filler, "wb", buffering=0) as file:
            try:
                while file.write(b"\0" * 4096) == 4096:
                    pass
            except OSError:
                pass
        refused = 0
        # What is free within its pages is used up first.
        for _ in range(200):
            try:
                register(platform, authority, next(numbers), registered, logged)
            except Unavailable as error:
                assert "没有改变任何内容" in str(error)
                refused += 1
                if refused == 3:
                    break
        assert refused == 3
        assert "database-full: 53100" in (platform.directory / "out.log").read_text()
        check(platform, registered, logged)
        filler.unlink()
        register(platform, authority, next(numbers), registered, logged)
        check(platform, registered, logged)
    finally:
        assert platform.stop() == 0


def openssl(*words, cwd):
    subprocess.run(["openssl", *words], cwd=cwd, check=True, capture_output=True)


@pytest.fixture(scope="module")
def guarded():
    """A server that takes TLS and a password alone, at an address of the network."""
    port = free_port()
    folder = Path("/run/guarded")
    folder.mkdir()
    for name in ("server", "other"):
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.pem", "-days", "2",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", cwd=folder)
    (folder / "hba").write_text("local all all trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n")
    os.chown(folder, NOBODY, NOBODY)
    for path in folder.iterdir():
        os.chown(path, NOBODY, NOBODY)
        path.chmod(0o600)
    options = {
        "listen_addresses": "127.0.0.1", "port": port, "ssl": "on", "ssl_cert_file": folder / "server.pem",
        "ssl_key_file": folder / "server.key", "hba_file": folder / "hba"}
    server = Server(*(word for key, value in options.items() for word in ("-c", f"{key}={value}")), port=port)
    server.run("CREATE ROLE ukey LOGIN PASSWORD 'ge:heim@1'")
    server.run("CREATE DATABASE ukey OWNER ukey")
    for name in ("server.pem", "other.pem"):
        shutil.copy(folder / name, f"/run/{name}")
        os.chmod(f"/run/{name}", 0o644)
    yield port
    server.stop()
    shutil.rmtree(folder)


@pytest.mark.parametrize("way, words", [
    ("address", None), ("file", None), ("environment", None),
    ("none", "no password supplied"), ("wrong", "password authentication failed"), ("readable", "others may read it"),
    ("no-tls", "pg_hba.conf"), ("other-ca", "certificate verify failed"), ("unescaped", "the address is not understood"),
])
def test_password_and_tls(tmp_path, guarded, way, words):
    password = {"address": ":ge%3Aheim%401", "readable": ":ge%3Aheim%401", "wrong": ":geheim", "unescaped": ":ge:heim@1"}.get(way, "")
    ca = "/run/other.pem" if way == "other-ca" else "/run/server.pem"
    mode = "sslmode=disable" if way == "no-tls" else f"sslmode=verify-full&sslrootcert={ca}"
    address = f"postgresql://ukey{password}@localhost:{guarded}/ukey?{mode}"
    if way == "file":
        (tmp_path / "pgpass").write_text(f"localhost:{guarded}:ukey:ukey:ge\\:heim@1\n")
        (tmp_path / "pgpass").chmod(0o600)
        address += f"&passfile={tmp_path}/pgpass"
    config = tmp_path / "platform.conf"
    config.write_text(f"database = {address}\n")
    config.chmod(0o644 if way == "readable" else 0o600)
    env = dict(os.environ, **({"PGPASSWORD": "ge:heim@1"} if way in ("environment", "other-ca", "no-tls") else {}))
    done = subprocess.run(
        [Platform.binary.fget(None), "audit", "--data", tmp_path, "--config", config], capture_output=True, text=True, env=env,
        timeout=patience.limit(60))
    said = done.stdout + done.stderr
    assert "heim" not in said and "ge%3A" not in said
    if words is None:
        assert done.returncode == 0 and "whole" in said, said
    else:
        assert done.returncode != 0 and words in said, said


def test_what_is_not_known_is_said(tmp_path, postgresql):
    """The server ends our connection in the middle of a single change: it is not repeated, and not called undone."""
    records = PostgreSQL(postgresql)
    platform = Platform(tmp_path / "platform", free_port(), records=records)
    try:
        visitor = Visitor(platform, 1)
        visitor.ask("GET", "/register")
        records.change(
            "CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$")
        records.change("CREATE TRIGGER lose AFTER DELETE ON readings FOR EACH STATEMENT EXECUTE FUNCTION lose()")
        with pytest.raises(Unavailable, match="不知道是否已保存"):
            visitor.ask("POST", "/register/forget")
        assert "database-unknown: " in (platform.directory / "out.log").read_text()
        records.change("DROP TRIGGER lose ON readings")
        assert visitor.ask("POST", "/register/forget")[0].status == 200
    finally:
        assert platform.stop() == 0
    records.drop()


def test_a_role_that_can_less(tmp_path, postgresql):
    """As Docs/platform.md has it: it serves, and it cannot touch what was written into the audit."""
    records = PostgreSQL(postgresql)
    platform = Platform(tmp_path / "platform", free_port(), records=records)
    authority = Authority(platform.data / "ca")
    platform.kill()
    role = "web" + records.name
    records.change(f"CREATE ROLE {role} LOGIN")
    records.change(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
    records.change(f"REVOKE UPDATE, DELETE ON audit, schema_steps FROM {role}")
    platform.config.write_text(f"database = {records.address.replace('user=postgres', 'user=' + role)}\n")
    platform.start()
    try:
        registered, logged = [], []
        register(platform, authority, 1, registered, logged)
        check(platform, registered, logged)
    finally:
        assert platform.stop() == 0
    records.change(f"DROP OWNED BY {role}")
    records.change(f"DROP ROLE {role}")
    records.drop()


def test_without_libpq(tmp_path):
    """It starts without it, and does not open it for a file; where a server is configured it says what is missing."""
    library = next(
        path for path in ("/usr/lib/x86_64-linux-gnu/libpq.so.5", "/usr/lib/aarch64-linux-gnu/libpq.so.5") if os.path.exists(path))

    def audit(*words):
        return subprocess.run(
            ["unshare", "--mount", "sh", "-c", f'mount --bind /dev/null "$(realpath {library})"; exec "$@"', "sh",
             Platform.binary.fget(None), "audit", "--data", tmp_path, *words],
            capture_output=True, text=True, timeout=patience.limit(60))

    assert audit().returncode == 0
    config = tmp_path / "platform.conf"
    config.write_text("database = postgresql://ukey@localhost/ukey\n")
    done = audit("--config", config)
    assert done.returncode != 0 and "database-library: libpq.so.5" in done.stderr, done
    platform = Platform(tmp_path / "platform", free_port())
    try:
        maps = Path(f"/proc/{platform.process.pid}/maps").read_text()
        assert "/libsqlite3.so" in maps and "/libpq.so" not in maps
    finally:
        assert platform.stop() == 0


def test_server_that_stops_and_comes_back(tmp_path):
    """Without it pages say so and nothing hangs; with it again all goes on, in the same process."""
    server = Server()
    platform = Platform(tmp_path / "platform", free_port(), records=PostgreSQL(server))
    authority = Authority(platform.data / "ca")
    platform.kill()
    platform.start()
    try:
        registered, logged = [], []
        visitor = register(platform, authority, 1, registered, logged)
        server.kill()
        begun = time.monotonic()
        with pytest.raises(Unavailable):
            visitor.ask("GET", "/home")
        with pytest.raises(Unavailable):
            visitor.ask("GET", "/home")
        assert time.monotonic() - begun < patience.limit(15)
        server.begin()
        assert visitor.ask("GET", "/home")[0].status == 200
        register(platform, authority, 2, registered, logged)
        check(platform, registered, logged)
    finally:
        assert platform.stop() == 0
        server.stop()
