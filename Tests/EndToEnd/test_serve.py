"""`ukey serve`: running, starting and stopping the service, its ports and who has them, interfaces, sites, the terminal."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from rig import patience
from rig.pages import Page, everything
from rig.program import end, ukey_path
from rig.web import ORIGIN, bound_sending


@pytest.fixture
def session(tmp_path):
    """The folders of a session: what the environment of every program in it says."""
    # Not under pytest's directory: a Unix socket's path has 107 bytes, and other users come through this world's /run only.
    with tempfile.TemporaryDirectory(prefix="ukey-", dir="/run") as runtime:
        yield {"XDG_RUNTIME_DIR": runtime, "XDG_STATE_HOME": str(tmp_path / "state")}


@pytest.fixture
def serve(ukey, session):
    """`serve("status", "--json")`; a service that was started is stopped at the end."""

    def call(*words, **options):
        return ukey("serve", *words, env=session, **options)

    yield call
    call("stop")


@pytest.fixture
def service(key_service):
    return key_service("--demo", allowed=everything())


def port(report, number):
    return next(each for each in report["ports"] if each["port"] == number)


def test_without_a_service(serve):
    done = serve("status", "--json")
    assert done.code == 10
    assert done.json["running"] is False and done.json["enabled"] == ["szca-soap", "szca-socket", "ukey"]
    assert port(done.json, 21517)["state"] == "free" and port(done.json, 51235)["state"] == "off"
    text = serve("status", "--lang", "zh")
    assert text.code == 10 and "未运行" in text.stdout and "21517" in text.stdout
    stopped = serve("stop", "--json")
    assert stopped.code == 10 and stopped.json["error"]["code"] == "UK-640"


def test_without_a_session_nothing_is_claimed(ukey, session):
    done = ukey("serve", "status", "--json", env={"XDG_STATE_HOME": session["XDG_STATE_HOME"]})
    assert done.code == 10 and done.json["error"]["code"] == "UK-640"
    assert "XDG_RUNTIME_DIR" in done.json["error"]["detail"]


IMPOSTOR = """
import os, socket, sys
path = sys.argv[1]
os.setgroups([]); os.setgid(65534); os.setuid(65534)
sock = socket.socket(socket.AF_UNIX)
sock.bind(path)
os.chmod(path, 0o777)
sock.listen()
print("ready", flush=True)
connection, _ = sock.accept()
connection.sendall(b'{"say":"welcome","protocol":"ukey.control/1","version":"9"}\\n')
connection.recv(100)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")
def test_what_another_user_listens_with_is_no_service(ukey, session, tmp_path):
    folder = Path(session["XDG_RUNTIME_DIR"]) / "ukey"
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    Path(session["XDG_RUNTIME_DIR"]).chmod(0o777)
    # A program of its own, not a fork of this one: a fork that fails would go on as a second run of the tests.
    said = tmp_path / "impostor"
    with open(said, "wb") as out:
        impostor = subprocess.Popen(
            [sys.executable, "-c", IMPOSTOR, folder / "service"], stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    try:
        patience.until(lambda: said.read_text() or impostor.poll() is not None, 20)
        assert said.read_text() == "ready\n"
        stopped = ukey("serve", "stop", "--json", env=session)
        assert stopped.code == 10 and "errno 1" in stopped.json["error"]["detail"]
    finally:
        end(impostor, signal.SIGKILL)


def test_started_and_stopped(serve):
    done = serve("start", "--json")
    assert done.code == 0 and done.json["running"] is True
    assert {each["state"] for each in done.json["ports"] if each["port"] in (9528, 21317, 23838, 21517)} == {"open"}
    # Once is enough.
    assert serve("start", "--json").json["pid"] == done.json["pid"]
    second = serve("--json")
    assert second.code == 10 and second.json["error"]["code"] == "UK-642"
    assert "运行中" in serve("status", "--lang", "zh").stdout
    assert serve("stop").code == 0
    patience.until(lambda: serve("status").code == 10, 10, lambda: "it goes on")


def test_a_port_that_another_program_has_is_named(serve):
    with socket.create_server(("127.0.0.1", 9528)), socket.create_server(("127.0.0.1", 51235)):
        before = serve("status", "--json").json
        assert port(before, 9528)["state"] == "taken"
        assert port(before, 9528)["holders"][0]["pid"] == os.getpid()
        # Not wanted, but told: who switches it on should know.
        assert port(before, 51235)["state"] == "off" and port(before, 51235)["holders"][0]["pid"] == os.getpid()
        report = serve("start", "--json").json
        taken = port(report, 9528)
        assert taken["state"] == "taken"
        assert [each["pid"] for each in taken["holders"]] == [os.getpid()]
        assert taken["holders"][0]["program"].startswith("pytest") or "python" in taken["holders"][0]["program"]
        assert port(report, 21317)["state"] == "open" and "holders" not in port(report, 21317)
        assert f"(pid {os.getpid()}, user " in serve("status", "--lang", "en").stdout


def test_interfaces_are_switched_while_it_runs(ukey, service):
    def serve(*words):
        return ukey("serve", *words, env=service.places)

    adapters = {each["adapter"] for each in serve("status", "--json").json["ports"] if each["state"] == "open"}
    assert adapters == {"szca-soap", "szca-socket", "ukey"}
    done = serve("enable", "mtoken", "--json")
    assert done.code == 0 and done.json["running"] is True and "mtoken" in done.json["enabled"]

    def opened():
        return {each["adapter"] for each in serve("status", "--json").json["ports"] if each["state"] == "open"}

    patience.until(lambda: "mtoken" in opened(), 10, opened)
    assert serve("disable", "szca-soap").code == 0
    patience.until(lambda: "szca-soap" not in opened(), 10, opened)
    assert serve("enable", "no-such").code == 2


def test_sites_are_listed_and_taken_back(ukey, service):
    def serve(*words):
        return ukey("serve", *words, env=service.places)

    listed = serve("origins", "--json").json["origins"]
    own = {"origin": ORIGIN, "adapter": "ukey", "may": ["read", "login", "sign"], "granted": 1}
    assert any({**each, **own} == each for each in listed), listed
    assert "result" in Page(service).call("keys")
    assert "已收回" in serve("origins", "revoke", ORIGIN, "--lang", "zh").stdout
    assert serve("origins", "--json").json["origins"] == []
    # The site is a new one now; it is asked about, and the holder says nothing.
    page = Page(service).later("keys")
    service.holder.wait("Allow")
    service.holder.type("\t\r")
    assert page.wait()["error"]["status"] == 403
    assert serve("origins", "revoke", ORIGIN, "--json").json["revoked"] is False
    assert serve("origins", "revoke", "portal.example").code == 2


CONFINED = """
import ctypes, socket, struct, sys
code = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0x7FFF0000))
program = struct.pack("HxxxxxxQ", 1, ctypes.addressof(code))
libc = ctypes.CDLL(None, use_errno=True)
if sys.argv[2] == "confined":
    assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, program, 0, 0) == 0
control = socket.socket(socket.AF_UNIX)
control.connect(sys.argv[1])
control.settimeout(10)
print(control.recv(100))
"""


def test_a_librarys_sandbox_says_nothing_for_the_holder(service):
    """A vendor's library reaches sockets of its user. What it would say to this one is what the holder says: who may what."""
    path = Path(service.places["XDG_RUNTIME_DIR"]) / "ukey/service"
    for kind, answered in (("free", True), ("confined", False)):
        done = subprocess.run(["/usr/bin/python3", "-c", CONFINED, path, kind], capture_output=True, text=True, timeout=60,
                              start_new_session=True)
        assert done.returncode == 0 and ("welcome" in done.stdout) == answered, done


def test_sites_without_a_service(ukey, session, tmp_path):
    folder = Path(session["XDG_STATE_HOME"]) / "ukey/service"
    folder.mkdir(parents=True)
    (folder / "origins.json").write_text(json.dumps({
        "schema": "ukey.service-origins/1",
        "origins": [{"origin": ORIGIN, "adapter": "xtx", "may": ["read"], "granted": 1}]}))
    assert "xtx" in ukey("serve", "origins", env=session).stdout
    assert ukey("serve", "origins", "revoke", ORIGIN, "--json", env=session).json["revoked"] is True
    assert ukey("serve", "origins", "--json", env=session).json["origins"] == []
    (folder / "origins.json").write_text("{")
    assert ukey("serve", "origins", "--json", env=session).json["error"]["code"] == "UK-612"


def test_a_terminal_is_registered(screen, ukey, session):
    window = screen(100, 30, "ukey", "serve", "tty", "--lang", "zh", env=session)
    # Of two lines the last: a pane whose program has ended may have been scrolled by one for the word of that.
    window.wait_for("询问时请不要在此终端运行其他程序")
    assert window.exit_status() == 0
    path, kind = (Path(session["XDG_RUNTIME_DIR"]) / "ukey/tty").read_text().splitlines()
    assert path.startswith("/dev/pts/") and kind == "tmux-256color"
    # Without a terminal there is none to register.
    assert ukey("serve", "tty", "--json", env=session).json["error"]["code"] == "UK-601"


def test_interrupted_it_ends_well(session, environment, tmp_path):
    log = tmp_path / "log"
    with open(log, "wb") as out:
        process = subprocess.Popen(
            [ukey_path(), "serve", "--demo"], env=dict(environment, **session), stdin=subprocess.DEVNULL, stderr=out)
    try:
        patience.until(lambda: "ready\n" in log.read_text(), 20, log.read_text)
        assert end(process, signal.SIGINT, 20) == 0
    finally:
        end(process, signal.SIGKILL)
    assert not (Path(session["XDG_RUNTIME_DIR"]) / "ukey/service").exists()


def test_nonsense_at_the_socket_is_hung_up_on(service, ukey):
    path = Path(service.places["XDG_RUNTIME_DIR"]) / "ukey/service"
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700
    for junk in [b"GET / HTTP/1.1\r\n\r\n", b"{}\n", b'{"say":"typed"}\n' * 100, b"[" * 100_000 + b"\n", b"x" * 2_000_000]:
        with socket.socket(socket.AF_UNIX) as sock:
            sock.settimeout(patience.limit(20))
            sock.connect(str(path))
            assert b"ukey.control/1" in sock.recv(4096)
            try:
                sock.sendall(junk)
                sock.shutdown(socket.SHUT_WR)
                while sock.recv(4096):
                    pass
            except (BrokenPipeError, ConnectionResetError):
                pass
    # More connections than it takes: the others are closed, and it goes on.
    crowd = [socket.socket(socket.AF_UNIX) for _ in range(40)]
    for each in crowd:
        bound_sending(each)
        each.connect(str(path))
    for each in crowd:
        each.close()
    patience.until(
        lambda: ukey("serve", "status", env=service.places).code == 0, 20, lambda: service.log)
    assert "result" in Page(service).call("keys")
