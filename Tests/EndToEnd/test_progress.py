"""Long work shows how far it has come, on a terminal only, and Ctrl-C ends it between two items."""

import fcntl
import json
import os
import threading
import time

import pytest
from rig.program import Secret, tool
from rig.unlock import Desk
from test_unlock import ADMIN, approve, make_requests


@pytest.fixture
def slow_reader(tmp_path):
    """A pipe for the PINs whose reader takes his time: the work goes as slowly, until he is told to hurry."""
    path, hurry = tmp_path / "pins", threading.Event()
    os.mkfifo(path)
    # Both ends: who opens one of them waits for nobody.
    descriptor = os.open(path, os.O_RDWR)
    fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, 4096)
    os.set_blocking(descriptor, False)
    over = threading.Event()

    def read():
        while not over.is_set():
            try:
                os.read(descriptor, 4096 if hurry.is_set() else 30)
            except BlockingIOError:
                pass
            time.sleep(0.001 if hurry.is_set() else 0.01)

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    yield path, hurry
    over.set()
    thread.join()
    os.close(descriptor)


def test_a_batch_on_a_terminal(ukey, screen, tmp_path, slow_reader):
    """How far, how fast; one Ctrl-C, and what was done is whole: an answer for each line of the record, nothing else touched."""
    folder, out, audit = make_requests(ukey, tmp_path, 1000), tmp_path / "out", tmp_path / "audit"
    out.mkdir()
    desk = Desk(tmp_path / "signing")
    words = ["ukey", "unlock", "approve", str(folder), "--out", str(out), "--audit", str(audit), "--weak-admin-pin", "--lang", "en",
             "--admin-pin-fd", "3", "--pin-out-fd", "4", *map(str, desk.options)]
    (tmp_path / "pin").write_text(ADMIN)
    pins, hurry = slow_reader
    terminal = screen(
        100, 30, "sh", "-c", f'trap : INT; "$@" 3< {tmp_path}/pin 4> {pins} > {tmp_path}/told; echo ended $?; exec sleep 600', "sh", *words)
    terminal.wait_for(r"\d+ of 1000 · \d+ a second · about \d+ s left")
    terminal.keys("C-c")
    hurry.set()
    terminal.wait_for("ended 130")
    text = terminal.text()
    done = int(terminal.wait_for(r"Interrupted: (\d+) of 1000 done, the others were not touched")[1])
    # Its line is gone when it ends.
    assert "s left" not in text
    answers = len(list(out.glob("*.ukresp")))
    assert 0 < answers == done < 1000 and len((tmp_path / "told").read_text().splitlines()) >= answers
    assert sum(1 for line in audit.read_text().splitlines() if json.loads(line).get("response")) == answers
    # And goes on where it was.
    rest = ukey(
        "unlock", "approve", str(folder), "--out", str(out), "--audit", str(audit), "--weak-admin-pin", "--admin-pin-fd",
        Secret(ADMIN), *desk.options)
    assert len(list(out.glob("*.ukresp"))) == 1000, rest


def test_nothing_of_it_goes_into_a_pipe(ukey, tmp_path):
    folder, out = make_requests(ukey, tmp_path, 300), tmp_path / "out"
    out.mkdir()
    done = approve(ukey, folder, "--out", out, "--audit", tmp_path / "audit")
    assert done.code == 0 and "s left" not in done.stdout + done.stderr and "\r" not in done.stdout + done.stderr


def test_one_long_call_counts_its_seconds(screen, tmp_path):
    source, library = tmp_path / "slow.c", tmp_path / "libslow.so"
    source.write_text("#include <unistd.h>\n__attribute__((constructor)) static void begin(void) { sleep(6); }\n")
    tool("gcc", "-shared", "-fPIC", "-o", library, source)
    terminal = screen(100, 24, "sh", "-c", '"$@"; echo ended $?; exec sleep 600', "sh", "ukey", "provider", "test", f"skf:{library}", "--lang", "zh")
    terminal.wait_for(r"正在进行，已 \d 秒")
    terminal.wait_for("ended 10")
    assert "正在进行" not in terminal.text() and "UK-" in terminal.text()
