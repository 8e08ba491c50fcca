"""A file that is there where a command is to write: asked on a terminal, refused to a script."""

import pytest

PERSON = ["--name", "李四", "--mobile", "13800138000", "--reason", "忘记密码"]


def commands(folder):
    return {
        "cert export": (["cert", "export", f"{folder}/taken.pem", "--demo"], "taken.pem"),
        "export --all": (["export", "--all", str(folder), "--demo"], "certificates.csv"),
        "doctor --report": (
            ["doctor", "--demo", "--no-network", "--only", "certificate.validity", "--report", f"{folder}/taken.md"], "taken.md"),
        "unlock request": (["unlock", "request", "--demo", "--out", f"{folder}/taken.ukreq", *PERSON], "taken.ukreq"),
    }


@pytest.mark.parametrize("name", commands("x"))
def test_a_script_has_to_say_so(ukey, tmp_path, name):
    words, file = commands(tmp_path)[name]
    yes = ["--yes"] if name == "unlock request" else []
    (tmp_path / file).write_text("mine")
    before = set(tmp_path.iterdir())
    done = ukey(*words, *yes)
    assert done.code == 1 and "UK-610" in done.stdout + done.stderr and (tmp_path / file).read_text() == "mine", done
    # Nothing else was begun.
    assert set(tmp_path.iterdir()) == before
    assert ukey(*words, *yes, "--force").code in (0, 3), done
    assert (tmp_path / file).read_text() != "mine"


@pytest.mark.parametrize("name", commands("x"))
@pytest.mark.parametrize("answer", ["n", "y"])
def test_a_person_is_asked(screen, tmp_path, name, answer):
    words, file = commands(tmp_path)[name]
    (tmp_path / file).write_text("mine")
    terminal = screen(200, 100, "sh", "-c", 'trap : INT; "$@"; echo ended', "sh", "ukey", *words, "--lang", "zh")
    terminal.wait_for("已存在。覆盖吗")
    terminal.type(answer)
    terminal.keys("Enter")
    if name == "unlock request" and answer == "y":
        terminal.wait_for("确认写入")
        terminal.type("y")
        terminal.keys("Enter")
    terminal.wait_for("ended")
    assert ((tmp_path / file).read_text() == "mine") == (answer == "n")
    assert ("UK-610" in terminal.text()) == (answer == "n")
