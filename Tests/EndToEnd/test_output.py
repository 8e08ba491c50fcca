"""What becomes of an answer that cannot get out: a full disk, a closed descriptor. Never a silent success."""

import os
import subprocess
from contextlib import contextmanager

import pytest
from rig import patience
from rig.unlock import Desk, challenge_of

from test_unlock import PERSON

FULL = "UK-611 · errno 28"


@contextmanager
def readable(text):
    """A descriptor from which `text` can be read."""
    source, sink = os.pipe()
    os.write(sink, text.encode())
    os.close(sink)
    try:
        yield source
    finally:
        os.close(source)


def run(ukey, environment, *words, stdout, pass_fds=()):
    done = subprocess.run(
        [str(ukey.path), *words], stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE, env=environment,
        text=True, timeout=patience.limit(30), pass_fds=pass_fds)
    return done.returncode, done.stderr


@pytest.fixture
def full():
    with open("/dev/full", "wb") as file:
        yield file


@pytest.mark.parametrize(
    "words",
    [("status", "--demo"), ("cert", "show", "--demo", "--pem"), ("cert", "list", "--demo"), ("pin", "status", "--demo"),
     ("doctor", "--demo", "--no-network"), ("provider", "list"), ("--help",), ("--version",)], ids=" ".join)
def test_a_full_disk_is_no_success(ukey, environment, full, words):
    code, said = run(ukey, environment, *words, stdout=full)
    assert code == 1 and FULL in said and "stdout" in said


def test_a_changed_pin_stays_changed(ukey, environment, full):
    """A script must not take the change for a failure and send the old PIN again."""
    with readable("123456\n739164\n") as pins:
        code, said = run(
            ukey, environment, "pin", "change", "--demo", "--pin-fd", str(pins), "--new-pin-fd", str(pins), stdout=full,
            pass_fds=(pins,))
    assert code == 0 and "The PIN was changed" in said


def test_a_pipe_nobody_reads_does_not_hide_the_outcome(ukey, environment):
    reading, writing = os.pipe()
    os.close(reading)
    with readable("123456\n739164\n") as pins:
        code, said = run(
            ukey, environment, "pin", "change", "--demo", "--pin-fd", str(pins), "--new-pin-fd", str(pins),
            stdout=writing, pass_fds=(pins,))
    os.close(writing)
    assert code == 0 and "The PIN was changed" in said


def test_descriptors_left_closed_take_no_file(ukey, environment, soft_token, tmp_path):
    """Else the connection to the reader service gets number 1, and the answer is written into it."""
    soft_token(card="gm")
    errors = tmp_path / "errors"
    shell = f'exec "{ukey.path}" status <&- >&- 2>"{errors}"'
    done = subprocess.run(["sh", "-c", shell], env=environment, timeout=patience.limit(30))
    assert done.returncode == 1 and "UK-611 · errno 9" in errors.read_text()
    target = tmp_path / "all.pem"
    shell = f'exec "{ukey.path}" cert export "{target}" <&- >&- 2>&-'
    assert subprocess.run(["sh", "-c", shell], env=environment, timeout=patience.limit(30)).returncode == 0
    text = target.read_text()
    assert text.startswith("-----BEGIN CERTIFICATE-----\n") and text.endswith("-----END CERTIFICATE-----\n")


def test_a_temporary_pin_that_nobody_was_told_takes_its_response_back(ukey, environment, soft_token, tmp_path, full):
    soft_token(card="gm")
    request = tmp_path / "a.ukreq"
    made = ukey("unlock", "request", "--yes", "--no-wait", *PERSON, "--out", request)
    assert made.code == 0, made
    challenge_of(request)
    desk = Desk(tmp_path / "desk")
    for target in (request, tmp_path):
        with readable("12345678\n") as pin:
            code, said = run(
                ukey, environment, "unlock", "approve", str(target), "--yes", "--weak-admin-pin", "--admin-pin-fd", str(pin),
                "--pin-out", str(full.fileno()), *desk.options, stdout=subprocess.DEVNULL, pass_fds=(pin, full.fileno()))
        assert code == 1 and FULL in said
        assert not list(tmp_path.glob("*.ukresp"))


def test_a_report_is_whole_or_not_there(ukey, environment, tmp_path):
    """On a file system without room, as on a memory stick that is full."""
    place = tmp_path / "stick"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", place], check=True)
    try:
        (place / "fill").write_bytes(bytes(8192))
        done = ukey("doctor", "--demo", "--no-network", "--report", place / "r.html")
        assert done.code == 1 and FULL in done.stderr
        assert [each.name for each in place.iterdir()] == ["fill"]
    finally:
        subprocess.run(["umount", place], check=True)


def test_watch_ends_when_nobody_reads(ukey, environment, soft_token, full):
    soft_token(card="gm")
    code, said = run(ukey, environment, "watch", stdout=full)
    assert code == 1 and FULL in said
    shell = f'"{ukey.path}" watch | head -1'
    done = subprocess.run(["sh", "-c", shell], env=environment, capture_output=True, text=True, timeout=patience.limit(30))
    assert done.stdout.count("\n") == 1 and not done.stderr


@pytest.mark.parametrize("words", [
    ("explain", "{}"), ("--{}",), ("status", "--lang", "{}"), ("compare", "--{}"), ("explain", "{}", "--json"), ("{}",)])
@pytest.mark.parametrize("language", ["zh_CN.UTF-8", "C.UTF-8"])
def test_a_word_that_draws_is_not_drawn(ukey, words, language):
    """A name of a file of somebody else's, or what was pasted, may be such a word."""
    done = ukey(*(word.format("x\x1b]0;t\x07\x1b[31m\u202e\u9b7c") for word in words), env={"LC_ALL": language})
    assert done.code == 2 and not set(done.stdout + done.stderr) & set("\x1b\x07\u202e"), done
