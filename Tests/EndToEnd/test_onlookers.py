"""No other program of the same user reads a PIN, however early it began to look; nor does root where the kernel has memory
for that."""

import json
import os
import re
import shutil
import tempfile
from pathlib import Path

import pytest
from rig import memory, patience, program
from rig.onlooker import NOBODY, Onlooker, become_nobody
from rig.program import Secret
from rig.typed import Typed
from rig.unlock import Desk, challenge_of

PIN = "Qz7!pWx4kD"


@pytest.fixture
def place():
    """A folder that another user may enter, with a program that he may run: the build's own folder may be closed to him."""
    folder = Path(tempfile.mkdtemp(prefix="ukey-onlooker-"))
    folder.chmod(0o755)
    shutil.copy(program.ukey_path(), folder / "ukey")
    (folder / "ukey").chmod(0o755)
    (folder / "home").mkdir(mode=0o700)
    if os.geteuid() == 0:
        try:
            os.chown(folder / "home", NOBODY, NOBODY)
        except OSError:
            pass  # a namespace with one user: he is the one
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def started(place, environment):
    """`started("pin", "change")`: the program in a terminal, by an unprivileged user, and his other program that looks."""
    running = []

    def start(*words):
        env = dict(environment, HOME=str(place / "home"), TERM="xterm-256color")
        window = Typed([place / "ukey", *words, "--lang", "en"], env, before=become_nobody)
        running.append(window)
        return window

    yield start
    for each in running:
        each.close()


def look(window):
    """The onlooker comes when the program has shown something, long before a PIN is asked."""
    return Onlooker(window.pid)


def test_the_onlooker_reads_a_program_that_does_not_hide(place):
    """So the tests below are not blind."""
    script = "import sys; word = sys.stdin.readline().strip(); print('have', flush=True); sys.stdin.readline()"
    window = Typed(["/usr/bin/python3", "-c", script], {"PATH": "/usr/bin:/bin"}, before=become_nobody)
    try:
        # Undumpable from its change of user until it runs a program of its own.
        patience.until(lambda: "python3" in Path(f"/proc/{window.pid}/cmdline").read_text(), 10)
        onlooker = look(window)
        window.send(PIN + "\r")
        window.until("have")
        assert onlooker.opened == "opened" and onlooker.places(PIN) > 0
        onlooker.close()
    finally:
        window.close()


def test_the_window_is_closed_to_the_early_onlooker(started):
    window = started("--demo")
    window.until("DEMO")
    onlooker = look(window)
    window.send("\x1bOQ")
    window.until("Old PIN")
    window.send(PIN)
    window.until("●")
    assert onlooker.opened == "refused 13" and onlooker.places(PIN) == 0
    onlooker.close()
    window.send("\x1b")


def test_the_desk_is_closed_to_the_early_onlooker(started, place, ukey):
    request = place / "asked.ukreq"
    made = ukey(
        "unlock", "request", "--demo", "--json", "--yes", "--no-wait", "--out", str(request), "--name", "李四", "--mobile",
        "13800138000", "--reason", "忘记密码")
    assert made.code == 0, made
    request.chmod(0o644)
    challenge_of(request)
    request.with_suffix(".ukchl").chmod(0o644)
    desk = Desk(place / "home/.config/ukey")
    if os.geteuid() == 0:
        for file in (desk.key, desk.certificate):
            os.chown(file, NOBODY, NOBODY)
    window = started("unlock", "approve", str(request), "--out", str(place / "home" / "answer.ukresp"))
    # The desk asks for its yes first, as long as it takes.
    window.until("Approve?")
    onlooker = look(window)
    window.send("y\r")
    window.until("dministrator PIN")
    window.send(PIN)
    window.until("*" * 4)
    assert onlooker.opened == "refused 13" and onlooker.places(PIN) == 0
    onlooker.close()
    window.send("\x03")


def test_not_even_root_reads_it(started):
    """Memory that only the process itself has (memfd_secret); without it the page is locked, see test_memory.py."""
    if not memory.has_secret_memory():
        pytest.skip("this kernel has no memfd_secret")
    window = started("pin", "change", "--demo")
    window.until("Old PIN ")
    window.send(PIN)
    window.until("*" * len(PIN))
    maps = Path(f"/proc/{window.pid}/maps").read_text().splitlines()
    pages = [line for line in maps if "secretmem" in line]
    assert pages and memory.scan(window.pid, PIN) == []
    # Between two pages that nothing may touch.
    for page in pages:
        start, end = page.split()[0].split("-")
        neighbours = [line for line in maps if line.split()[0].endswith("-" + start) or line.startswith(end + "-")]
        assert len(neighbours) == 2 and all("---p" in line for line in neighbours), neighbours
    window.send("\x03")


@pytest.mark.parametrize("words", [("status", "--demo"), ("--version",), ("provider", "list")])
def test_every_command_hides_from_its_first_line(place, environment, words):
    """A crash writes no core and runs no program of somebody's choice: the kernel's own end, the variable notwithstanding."""
    done = program.run(
        "/usr/bin/env", "-C", str(place / "home"), "bash", "-c", 'ulimit -c unlimited; "$@"; echo "ended $?"', "sh",
        str(place / "ukey"), *words, env=dict(environment, HOME=str(place / "home")))
    assert "ended" in done.stdout and not list((place / "home").glob("core*"))


def test_a_crash_runs_nothing_and_shows_no_memory(place, environment):
    mark = place / "ran"
    tracer = place / "tracer"
    tracer.write_text(f"#!/bin/sh\ntouch {mark}\n")
    tracer.chmod(0o755)
    done = program.run(
        place / "ukey", "pin", "status", "--demo", "--fault", "n=3,kind=trap",
        env=dict(
            environment, HOME=str(place / "home"),
            SWIFT_BACKTRACE=f"enable=yes,interactive=no,swift-backtrace={tracer}"))
    assert done.code == -4 or done.code == -5, done
    assert not mark.exists() and "Registers" not in done.stderr and not re.search(r"\*\*\* .*[Bb]acktrac", done.stderr)
