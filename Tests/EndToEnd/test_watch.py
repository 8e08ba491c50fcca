"""`ukey watch`: events in the order in which they happen, through the end and the return of the service."""

import json
import queue
import signal
import socket
import subprocess
import threading

import pytest
from rig import patience, schema


class Watch:
    def __init__(self, path, environment, *arguments):
        self.process = subprocess.Popen(
            [path, "watch", "--json", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=environment)
        self.lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(json.loads(line))

    def wait(self, event, timeout=15):
        """The next event of this name; what comes before it is passed over."""
        seen = []
        while True:
            try:
                got = self.lines.get(timeout=patience.limit(timeout))
            except queue.Empty:
                raise AssertionError(f"no {event}; seen {seen}") from None
            assert not schema.mistakes(got), schema.mistakes(got)
            seen.append(got["event"])
            if got["event"] == event:
                return got

    def end(self, number=signal.SIGINT):
        self.process.send_signal(number)
        return self.process.wait(patience.limit(10))


@pytest.fixture
def watch(ukey, environment):
    started = []

    def start(*arguments):
        started.append(Watch(str(ukey.path), environment, *arguments))
        return started[-1]

    yield start
    for item in started:
        if item.process.poll() is None:
            item.process.kill()
            item.process.wait(patience.limit(10))


def test_insertion_and_removal(watch, soft_token, reader):
    watching = watch()
    assert watching.wait("readerAdded")["reader"] == reader.name
    token = soft_token(card="gm")
    assert watching.wait("inserted")["atr"].startswith("3B")
    assert watching.wait("read")["key"]["serial"] == "DEMO-GM-00412"
    token.unplug()
    watching.wait("removed")
    soft_token(card="piv")
    assert watching.wait("read")["key"]["family"] == "piv"
    assert watching.end() == 130


@pytest.mark.parametrize("way", ["stop", "kill"])
def test_service_ends_and_returns(watch, pcscd, soft_token, way):
    watching = watch()
    watching.wait("serviceUp")
    soft_token(card="gm")
    watching.wait("read")
    getattr(pcscd, way)()
    assert watching.wait("serviceDown")["error"]["code"] in ("UK-101", "UK-103")
    pcscd.start()
    watching.wait("serviceUp")
    watching.wait("readerAdded")
    soft_token(card="piv")
    assert watching.wait("read")["key"]["family"] == "piv"
    assert watching.end(signal.SIGTERM) == 0


def test_service_started_later(watch, pcscd, soft_token):
    pcscd.stop()
    watching = watch()
    assert watching.wait("serviceDown")["error"]["code"] == "UK-101"
    pcscd.start()
    watching.wait("serviceUp")
    soft_token(card="gm")
    watching.wait("read")


def test_service_that_returns_before_its_end_is_noticed(ukey, environment, tmp_path):
    """A restart may be quicker than the news of the end: the new socket is there before anyone looks for it."""
    path = tmp_path / "pcscd" / "pcscd.comm"
    path.parent.mkdir()

    def listen():
        listener = socket.socket(socket.AF_UNIX)
        listener.settimeout(patience.limit(5))
        listener.bind(str(path))
        listener.listen()
        return listener

    old = listen()
    watching = Watch(str(ukey.path), environment | {"PCSCLITE_CSOCK_NAME": str(path)})
    try:
        session, _ = old.accept()
        path.unlink()
        new = listen()
        # Only now it learns that the old service is gone; nothing more will change at the path.
        session.close()
        old.close()
        new.accept()
    finally:
        watching.process.kill()
        watching.process.wait(patience.limit(10))


def test_sixteen_readers(watch, readers, soft_token):
    every = readers(16)
    watching = watch()
    for reader in every:
        soft_token(card="piv", reader=reader)
    names = {watching.wait("read")["reader"] for _ in every}
    assert names == {reader.name for reader in every}


def test_plain_lines_have_no_escape_codes(ukey, environment, soft_token, reader):
    process = subprocess.Popen([str(ukey.path), "watch"], stdout=subprocess.PIPE, env=environment)
    token = soft_token(card="gm")
    text = b""
    while b"DEMO-GM-00412" not in text:
        text += process.stdout.readline()
    token.unplug()
    process.send_signal(signal.SIGTERM)
    text += process.communicate(timeout=patience.limit(10))[0]
    assert b"\x1b" not in text and "深圳市示例建设工程有限公司" in text.decode()


@pytest.mark.parametrize("language,words", [("zh", ["⚠ 还有 39 天到期", "⚠ 仍为初始密码"]), ("en", ["⚠ 39 days left", "⚠ "])])
def test_a_line_tells_what_is_urgent(ukey, environment, language, words):
    process = subprocess.Popen(
        [ukey.path, "watch", "--demo", "--lang", language], stdout=subprocess.PIPE, text=True, env=environment)
    lines = queue.Queue()
    threading.Thread(target=lambda: [lines.put(line) for line in process.stdout], daemon=True).start()
    try:
        seen = ""
        while "DEMO-GM-00412" not in seen:
            seen = lines.get(timeout=patience.limit(15))
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(patience.limit(10)) == 130
    for word in words:
        assert word in seen, seen
