"""`ukey watch --notify`: what the desktop is told, by a notify-send of the test's own."""

import json
import os
import signal
import subprocess

import pytest

from rig import patience
from rig.program import end


@pytest.fixture
def desktop(tmp_path, environment):
    """A notify-send that writes down what it is called with; `.told()`, `.environment`."""
    folder = tmp_path / "bin"
    folder.mkdir()
    book = tmp_path / "told"
    book.touch()
    program = folder / "notify-send"
    # One write a call: two notifications may come side by side.
    program.write_text(
        "#!/usr/bin/python3\nimport json, os, sys\n"
        f"os.write(os.open({str(book)!r}, os.O_WRONLY | os.O_APPEND), (json.dumps(sys.argv[1:]) + '\\n').encode())\n")
    program.chmod(0o755)

    class Desktop:
        environment_ = dict(environment, PATH=f"{folder}:{os.environ['PATH']}")

        @staticmethod
        def told():
            return [json.loads(line) for line in book.read_text().splitlines()]

    return Desktop


def watching(ukey, env, *words):
    return subprocess.Popen(
        [str(ukey.path), "watch", "--notify", *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=env)


def test_each_key_is_told_once_with_what_needs_care(ukey, desktop, soft_token):
    process = watching(ukey, desktop.environment_, "--lang", "zh")
    try:
        with soft_token(card="gm"):
            patience.until(desktop.told)
        with soft_token(card="gm"):
            patience.until(lambda: len(desktop.told()) > 1)
    finally:
        end(process, signal.SIGINT)
    first, *rest = desktop.told()
    assert len(rest) == 1, rest
    *options, title, body = first
    assert options[-1] == "--" and "--urgency=critical" in options and "--app-name=ukey" in options
    assert "DEMO-GM-00412" in title and "有限公司" in title
    assert "⚠ 还有 39 天" in body and "初始密码" in body


def test_without_it_the_lines_go_on(ukey, environment, tmp_path):
    printed = tmp_path / "printed"
    with open(printed, "w") as file:
        process = subprocess.Popen(
            [str(ukey.path), "watch", "--notify", "--demo", "--lang", "zh"], stdout=file, stderr=subprocess.PIPE, text=True,
            env=dict(environment, PATH=str(tmp_path)))
        try:
            patience.until(lambda: "已识别" in printed.read_text(), 20, printed.read_text)
        finally:
            end(process, signal.SIGINT)
    assert "libnotify-bin" in process.stderr.read()


def test_one_that_hangs_does_not_hold_up_the_lines(ukey, environment, tmp_path):
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "notify-send"
    program.write_text("#!/bin/sh\nexec sleep 20\n")
    program.chmod(0o755)
    printed = tmp_path / "printed"
    with open(printed, "w") as file:
        process = subprocess.Popen(
            [str(ukey.path), "watch", "--notify", "--demo", "--json"], stdout=file,
            env=dict(environment, PATH=f"{folder}:{os.environ['PATH']}"))
        try:
            patience.until(lambda: '"read"' in printed.read_text(), 20, printed.read_text)
        finally:
            assert end(process, signal.SIGINT) == 130
