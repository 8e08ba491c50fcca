"""The settings files, as another certificate authority would use them."""

import re
from pathlib import Path

import pytest

PERSON = ["--name", "李四", "--mobile", "13800138000", "--reason", "忘记密码"]
OTHER = """# ours
[authority]
name = 示例CA
hotline = 010-8888-0000
site = https://ca.example.cn
hall = https://hall.ca.example.cn
[platform]
address = portal.example.cn:443
[reminder]
days = 30
[window]
language = zh
"""
# What of the shipped authority stands in the shipped file; all of it is the other's now.
SHIPPED = ["400-112-3838", "szca.com", "szca.net", "深圳CA", "深圳 CA", "Shenzhen CA", "szwb.sz.gov.cn"]


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
    report = str(tmp_path / "r")
    commands = [[*words, "--help"] for words in every_command(ukey)] + [
        ["explain"], ["explain", "--json"], ["explain", "UK-402"], ["explain", "q9"], ["explain", "pin-locked"],
        ["status", "--demo"], ["list", "--demo", "--wide"], ["list", "--demo", "--csv"], ["pin", "status", "--demo"],
        ["cert", "list", "--demo"], ["watch", "--help"], ["name"], ["provider", "list"],
        *(["doctor", "--demo", "--no-network", "--report", f"{report}.{form}"] for form in ("html", "md", "json")),
        ["doctor", "--timeout", "3", "--only", "platform.name", "--full"], ["login-test", "--demo", "--pin-fd", "9"],
        ["stauts"], ["pin", "verify", "--no-such"], ["pin", "status", "--reader", "none", "--demo"]]
    for command in commands:
        for language in ("zh", "en"):
            done = ukey(*command, "--lang", language, *(["--force"] if "--report" in command else []))
            texts.append(done.stdout + done.stderr)
    texts += [Path(f"{report}.{form}").read_text() for form in ("html", "md", "json")]
    whole = "\n".join(texts)
    # Chinese without a Chinese locale.
    assert "010-8888-0000" in whole and "示例CA管理工具" in whole and "hall.ca.example.cn" in whole
    assert "portal.example.cn" in whole
    # The sample certificates are issued by a test authority; what they say is not ours.
    for word in SHIPPED:
        at = whole.find(word)
        assert at < 0, whole[max(0, at - 200):at + 50]


def every_command(ukey):
    """The words of every command that a help names."""
    found, open_ = [[]], [[]]
    while open_:
        words = open_.pop()
        names = ukey(*words, "--help", "--lang", "en").stdout.partition("SUBCOMMANDS:\n")[2].partition("\n\n")[0]
        for name in re.findall(r"^  ([a-z-]+)  ", names, re.M):
            found.append([*words, name])
            open_.append([*words, name])
    assert len(found) > 30
    return found


def test_the_window_is_the_other_authoritys(screen, settings):
    """Every screen that a key opens."""
    settings(OTHER)
    window = screen(100, 30, "ukey", "--demo")
    window.wait_for("示例CA管理工具")
    window.wait_for("信用代码")
    seen = [window.text()]

    def look(keys, word):
        window.keys(*keys)
        window.wait_for(word)
        seen.append(window.text())

    def home():
        window.keys("Escape", "Escape", "Escape")
        window.wait_for("F3 办业务")

    for number in range(1, 6):
        look(["F3"], "hall.ca.example.cn")
        look([str(number)], "Esc")
        home()
    for number in range(1, 10):
        look(["F1", str(number)], f" {number} ")
        home()
    look(["F1", "9"], "010-8888-0000")
    home()
    for key, word in (("F2", "密码"), ("F4", "诊断"), ("F5", "自检"), ("F6", "导出"), ("Enter", "颁发者"), ("l", "日志")):
        look([key], word)
        home()
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
