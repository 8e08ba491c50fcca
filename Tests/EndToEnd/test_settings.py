"""The settings files, as another certificate authority would use them."""

from pathlib import Path

import pytest

PERSON = ["--name", "李四", "--mobile", "13800138000", "--reason", "忘记密码"]
OTHER = """# ours
[authority]
name = 示例CA
hotline = 010-8888-0000
site = https://ca.example.cn
hall = https://hall.ca.example.cn
[reminder]
days = 30
[window]
language = zh
"""
SHIPPED = ["400-112-3838", "szca.com", "szca.net", "深圳CA管理工具"]


@pytest.fixture
def settings(environment):
    folder = Path(environment["HOME"]) / ".config/ukey"
    folder.mkdir(parents=True, exist_ok=True)

    def write(text):
        (folder / "ukey.conf").write_text(text)
        return folder / "ukey.conf"

    return write


def test_another_authority_speaks_for_itself(ukey, settings, tmp_path):
    settings(OTHER)
    form = tmp_path / "f.html"
    made = ukey(
        "unlock", "request", "--demo", "--yes", "--no-wait", "--out", str(tmp_path / "f.ukreq"), "--form", str(form), *PERSON)
    assert made.code == 0, made
    texts = [form.read_text()]
    for command in (["explain"], ["explain", "UK-402"], ["explain", "q9"], ["--help"], ["explain", "pin-locked"]):
        done = ukey(*command)
        assert done.code == 0, done
        texts.append(done.stdout)
    whole = "\n".join(texts)
    # Chinese without a Chinese locale.
    assert "010-8888-0000" in whole and "示例CA管理工具" in whole and "hall.ca.example.cn" in whole
    for word in SHIPPED:
        assert word not in whole, word


def test_the_window_is_the_other_authoritys(screen, settings):
    settings(OTHER)
    window = screen(100, 30, "ukey", "--demo")
    window.wait_for("示例CA管理工具")
    window.wait_for("信用代码")
    seen = [window.text()]
    window.keys("F3")
    window.wait_for("hall.ca.example.cn")
    seen.append(window.text())
    window.keys("F1", "9")
    window.wait_for("010-8888-0000")
    seen.append(window.text())
    for word in SHIPPED:
        assert word not in "\n".join(seen), word
    window.keys("F10")
    assert window.exit_status() == 0


def test_reminder_days_are_those_of_the_settings(ukey, settings):
    # The demo's second certificate ends in 39 days.
    assert ukey("status", "--demo").code == 3
    settings("[reminder]\ndays = 30\n")
    assert ukey("status", "--demo").code == 0
    assert ukey("status", "--demo", "--reminder-days", "60").code == 3


def test_mistakes_are_told_and_change_nothing(ukey, settings):
    path = settings("[authority]\nphone = 1\n[reminder]\n  days = soon\n")
    done = ukey("explain", "UK-402", "--lang", "zh")
    assert done.code == 0 and "400-112-3838" in done.stdout
    assert f"{path}:2:1: phone = 1" in done.stderr and f"{path}:4:10: days = soon" in done.stderr
    assert "1\n" not in done.stdout.splitlines()


@pytest.mark.parametrize("bad", ["large", "folder", "foreign", "noise"])
def test_no_file_is_too_bad(ukey, settings, bad):
    path = settings("")
    if bad == "large":
        path.write_bytes(b"[reminder]\n" + b"days = 30\n" * 100_000)
    elif bad == "folder":
        path.unlink()
        path.mkdir()
    elif bad == "foreign":
        path.write_text("[authority]\nhotline = 1\n")
        path.chmod(0o666)
    else:
        path.write_bytes(bytes(i * 197 >> 3 & 255 for i in range(60_000)))
    done = ukey("explain", "UK-402", "--lang", "zh")
    assert done.code == 0 and "400-112-3838" in done.stdout, done
    assert done.stderr
