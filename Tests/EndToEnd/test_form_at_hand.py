"""The form of a request is opened and printed by the programs of the desktop, where there are such."""

import pytest

from rig import patience


@pytest.fixture
def desktop(tmp_path):
    """Programs that write down what they were asked for; `lp` keeps what it was given."""
    folder, asked = tmp_path / "bin", tmp_path / "asked"
    folder.mkdir()
    asked.touch()

    def program(name, body=""):
        path = folder / name
        path.write_text(f'#!/bin/sh\nprintf "%s\\n" "{name} $*" >> {asked}\n{body}\n')
        path.chmod(0o755)

    program.asked = asked
    program.env = {"PATH": f"{folder}:/usr/bin:/bin", "DISPLAY": ":99"}
    # Whatever this machine has, there is nothing but what the test made.
    program.bare = {"PATH": str(folder), "DISPLAY": ""}
    return program


def form_made(screen, environment, env):
    terminal = screen(100, 36, "ukey", "--demo", "--lang", "zh", env=env)
    terminal.wait_read()
    terminal.keys("F3", "2")
    terminal.wait_for("填写申请")
    terminal.keys("Enter")
    # By paper: on the key itself it is another walk.
    terminal.wait_for("w 只填书面申请")
    terminal.keys("w")
    terminal.wait_for("▸ 经办人")
    terminal.type("李四")
    terminal.keys("Tab")
    terminal.wait_for("▸ 手机")
    terminal.type("13800138000")
    terminal.keys("Enter")
    terminal.wait_for("回车写入")
    terminal.keys("Enter")
    terminal.wait_for("申请已写入")
    return terminal


def test_it_is_opened_and_printed(screen, environment, desktop, tmp_path):
    desktop("xdg-open")
    desktop("weasyprint", 'printf "%%PDF-1.4 %s" "$(grep -c 李四 "$1")" > "$2"')
    desktop("lp", f'cp "$2" {tmp_path}/printed; ls -ld "$(dirname "$2")" > {tmp_path}/folder')
    terminal = form_made(screen, environment, desktop.env)
    terminal.keys("o")
    patience.until(lambda: "xdg-open /" in desktop.asked.read_text(), 20, desktop.asked.read_text)
    terminal.wait_for("✓ 已交给桌面打开")
    form = desktop.asked.read_text().split("xdg-open ")[1].splitlines()[0]
    assert form.endswith(".html") and form.startswith(environment["HOME"])
    terminal.keys("p")
    terminal.wait_for("✓ 已交给打印机")
    # What the printer got is the form; it lay where nobody else could read it, and is gone.
    assert int((tmp_path / "printed").read_text().split()[1]) > 0
    folder = (tmp_path / "folder").read_text().split()
    assert folder[0] == "drwx------"
    from pathlib import Path

    patience.until(lambda: not Path(folder[-1]).exists(), 10, folder)


def test_without_them_the_keys_say_why(screen, environment, desktop, tmp_path):
    desktop("xdg-open", "exit 3")
    terminal = form_made(screen, environment, desktop.bare)
    terminal.keys("o")
    terminal.wait_for("这里没有桌面")
    terminal.keys("p")
    terminal.wait_for("没有能打印它的程序")


def test_one_that_fails_is_told(screen, environment, desktop):
    desktop("xdg-open", "exit 3")
    terminal = form_made(screen, environment, desktop.env)
    terminal.keys("o")
    terminal.wait_for("⚠ 没能打开")
