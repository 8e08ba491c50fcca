"""The manager's PIN screen on a real reader; the card is asked afterwards what is true."""

import shlex
import signal

import pytest
from rig.memory import WITHOUT_SECRET_MEMORY
from rig.program import Secret

NEW = "9k2Lm81x"


def change(ukey, old, new, *arguments):
    return ukey("pin", "change", "--json", "--pin-fd", Secret(old), "--new-pin-fd", Secret(new), *arguments)


def tries(ukey, role="user"):
    return ukey("pin", "status", "--json").json["pins"][0][role]


def waste(ukey, left):
    """Wrong PINs until so many tries are left."""
    while tries(ukey)["triesLeft"] > left:
        change(ukey, "wrong-1", NEW, "--last-try")


@pytest.fixture
def manager(screen):
    def open_manager(language="zh", size=(80, 24), *arguments, by=()):
        window = screen(*size, *by, "ukey", "--lang", language, *arguments)
        window.wait_read()
        return window

    return open_manager


@pytest.mark.parametrize("profile", ["A-lm", "B-le"])
def test_change(ukey, soft_token, manager, profile):
    soft_token(card="gm", profile=profile)
    window = manager()
    window.wait_for("仍为初始密码，请尽快修改（F2）")
    window.keys("F2")
    window.wait_for("还可以试 10 次（共 10 次） +⚠ 仍为初始密码")
    window.enter("123456", NEW, NEW)
    window.wait_for("✓ 密码已修改")
    window.keys("Enter")
    window.wait_gone("修改密码 ─")
    window.wait_for("密码状态 .*剩余 10/10 次 .*\n(?!.*仍为初始密码)")
    window.keys("q")
    assert window.exit_status() == 0
    assert tries(ukey) == {"triesLeft": 10, "triesMax": 10, "locked": False, "default": False}
    assert change(ukey, NEW, "Zx81mn20").code == 0


def test_wrong_in_english_and_again(ukey, soft_token, manager):
    soft_token(card="gm")
    window = manager("en", (120, 36))
    window.keys("F2")
    window.wait_for("10 of 10 tries left")
    window.enter("654321x", NEW, NEW)
    window.wait_for("✕ Wrong PIN, 9 tries left")
    assert tries(ukey)["triesLeft"] == 9
    window.keys("Enter")
    window.wait_for("9 of 10 tries left")
    window.enter("123456", NEW, NEW)
    window.wait_for("✓ The PIN was changed")
    assert tries(ukey) == {"triesLeft": 10, "triesMax": 10, "locked": False, "default": False}


def test_rules_send_nothing(ukey, soft_token, manager):
    token = soft_token(card="gm")
    window = manager()
    window.keys("F2")
    window.wait_for("旧密码")
    window.type("１２３４５６")
    window.wait_for("✕ 含有全角字符")
    window.keys("C-u")
    window.enter("123456", "123456")
    window.wait_for("✕ 新密码与旧密码相同")
    window.enter(NEW, NEW + "9")
    window.wait_for("✕ 两次输入的新密码不一致")
    window.keys("Escape")
    window.wait_gone("再次输入新密码")
    assert tries(ukey)["triesLeft"] == 10
    assert not [line for line in token.trace() if "VERIFY" in str(line)]


def test_weak_takes_a_second_enter(ukey, soft_token, manager):
    soft_token(card="gm")
    window = manager()
    window.keys("F2")
    window.wait_for("旧密码")
    window.enter("123456", "888888", "888888")
    window.wait_for("⚠ 新密码较弱")
    assert tries(ukey)["default"] is True
    window.keys("Enter")
    window.wait_for("✓ 密码已修改")
    assert tries(ukey)["default"] is False


def test_few_tries_the_last_and_locked(ukey, soft_token, manager):
    soft_token(card="gm")
    waste(ukey, 3)
    window = manager()
    window.keys("F2")
    window.wait_for("⚠ 只剩 3 次尝试机会")
    window.enter("123456")
    window.wait_for("输入的不是“继续”")
    window.enter("继续")
    window.wait_for("旧密码")
    window.enter("wrong-1", NEW, NEW)
    window.wait_for("密码不正确，还可以试 2 次")
    window.keys("Enter")
    window.wait_for("⚠ 只剩 2 次尝试机会")
    window.enter("continue", "wrong-1", NEW, NEW)
    window.wait_for("密码不正确，还可以试 1 次")
    window.keys("Enter")
    window.wait_for("ukey pin change --last-try")
    window.enter("wrong-1", NEW, NEW)
    assert tries(ukey)["triesLeft"] == 1
    waste(ukey, 0)
    window.keys("Escape", "F2")
    window.wait_for("✕ 密码已锁定")
    window.wait_for("F3 解锁申请")
    assert tries(ukey)["locked"] is True


def test_administrator_pin(ukey, soft_token, manager):
    soft_token(card="gm")
    window = manager()
    window.keys("F2")
    window.wait_for("旧密码")
    window.type("123")
    window.keys("F2")
    window.wait_for("修改管理员密码")
    window.wait_for("由发证机构保管")
    window.enter("管理员")
    window.wait_for("旧密码 +\\[ +\\]")
    window.enter("12345678", NEW, NEW)
    window.wait_for("✓ 管理员密码已修改")
    assert change(ukey, NEW, "Zx81mn20", "--admin").code == 0
    assert change(ukey, "123456", NEW).code == 0


def test_the_eye_and_a_paste(ukey, soft_token, manager):
    """What is pasted with a line break is not sent; what is looked at is on the screen and gone again."""
    soft_token(card="gm")
    window = manager()
    window.keys("F2")
    window.wait_for("旧密码 +\\[ +\\]")
    window.paste("123456\n")
    window.wait_for("旧密码 +\\[●●●●●● ")
    window.keys("F8")
    window.wait_for("旧密码 +\\[123456 ")
    window.keys("F8")
    window.wait_for("旧密码 +\\[●●●●●● ")
    window.keys("Enter")
    window.enter(NEW, NEW)
    window.wait_for("✓ 密码已修改")
    assert tries(ukey)["default"] is False


def test_piv(ukey, soft_token, manager):
    soft_token(card="piv")
    window = manager("en")
    window.keys("F2")
    # All that it has as delivered: nothing is asked first.
    window.wait_for("Tries left +3 tries left")
    window.enter("123456", "90817263", "90817263")
    window.wait_for("✓ The PIN was changed")
    assert change(ukey, "90817263", "12345698", "--low-tries").code == 0


def test_key_removed_or_exchanged_while_typing(ukey, soft_token, manager, tmp_path):
    token = soft_token(card="gm", dir=tmp_path / "first")
    window = manager()
    window.keys("F2")
    window.wait_for("旧密码")
    window.type("123456")
    window.wait_for("●{6}")
    token.unplug()
    window.wait_for("已拔出")
    window.wait_gone("旧密码")
    soft_token(card="gm", dir=tmp_path / "second")
    window.wait_read()
    window.keys("F2")
    window.wait_for("旧密码 +\\[ +\\]")
    assert tries(ukey)["triesLeft"] == 10


def test_a_key_that_does_not_answer(ukey, soft_token, manager):
    token = soft_token(card="gm")
    window = manager()
    window.keys("F2")
    window.wait_for("旧密码")
    window.enter("123456", NEW)
    window.type(NEW)
    token.process.send_signal(signal.SIGSTOP)
    window.keys("Enter")
    window.wait_for("◐ 正在修改密码")
    window.keys("Escape")
    window.wait_for("命令已发出，不能撤销，请等待结果")
    window.wait_for("没有发送：U-Key 应答超时（UK-126）", 20)
    token.process.send_signal(signal.SIGCONT)
    # The operation was given up before a PIN had left, and stays given up.
    assert change(ukey, "123456", "Zx81mn20").code == 0
    assert tries(ukey)["triesLeft"] == 10


def test_a_key_lost_before_the_pin_left(ukey, soft_token, manager, tmp_path):
    token = soft_token(card="gm", dir=tmp_path / "card")
    window = manager()
    window.keys("F2")
    window.wait_for("旧密码")
    window.enter("wrong-1", NEW)
    window.type(NEW)
    token.process.send_signal(signal.SIGSTOP)
    window.keys("Enter")
    window.wait_for("◐ 正在修改密码")
    token.kill()
    # The first command of the operation had left, none with a PIN.
    window.wait_for("⚠ 没有发送：")
    soft_token(card="gm", dir=tmp_path / "card")
    assert tries(ukey) == {"triesLeft": 10, "triesMax": 10, "locked": False, "default": True}


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_service_ends_while_typing(soft_token, manager, pcscd, how):
    soft_token(card="gm")
    window = manager()
    window.keys("F2")
    window.wait_for("旧密码")
    window.type("123456")
    getattr(pcscd, how)()
    window.wait_gone("旧密码")
    window.wait_for("读卡服务 ✕")
    window.keys("q")
    assert window.exit_status() == 0


def test_stop_wipes(ukey, soft_token, screen):
    soft_token(card="gm")
    window = screen(80, 24, "bash", "--norc", "-i", env={"PS1": "shell> "})
    window.wait_for("shell>")
    window.type(shlex.join([str(ukey.path), "--lang", "zh"]))
    window.keys("Enter")
    window.wait_read()
    window.keys("F2")
    window.wait_for("旧密码")
    window.type("123456")
    window.wait_for("旧密码 +\\[●●●●●● ")
    window.keys("C-z")
    window.wait_for("Stopped")
    window.type("fg")
    window.keys("Enter")
    window.wait_for("已清除输入的密码，请重新输入")
    window.wait_for("旧密码 +\\[ +\\]")
    window.keys("Escape", "q")
    window.wait_for("shell>$")


def find(pid, *texts):
    """How often each text stands in the memory of a process, as bytes and as 32-bit characters."""
    counts = [0] * len(texts)
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in maps:
            span, rights = line.split()[:2]
            if not rights.startswith("r") or "[v" in line:
                continue
            start, end = (int(part, 16) for part in span.split("-"))
            try:
                memory.seek(start)
                data = memory.read(end - start)
            except OSError:
                continue
            for index, text in enumerate(texts):
                counts[index] += data.count(text.encode()) + data.count(text.encode("utf-32-le"))
    return counts


def test_memory_holds_no_pin_afterwards(soft_token, manager):
    soft_token(card="gm")
    window = manager(by=WITHOUT_SECRET_MEMORY)
    old, new, wrong = "123456", "Qz7xkW3v", "Hy5tRm2c"
    window.keys("F2")
    window.wait_for("旧密码")
    window.enter(wrong, new)
    try:
        typed = find(window.pid, wrong, new)
    except PermissionError:
        pytest.skip("only root may read the memory of an undumpable process")
    # In the locked pages alone, once each; this shows that the search finds what is there.
    assert typed == [1, 1]
    window.enter(new)
    window.wait_for("密码不正确")
    assert find(window.pid, wrong, new) == [0, 0]
    window.keys("Enter")
    window.wait_for("旧密码")
    window.enter(old, new)
    window.type(new)
    window.keys("Escape")
    window.wait_gone("旧密码")
    assert find(window.pid, wrong, new) == [0, 0]
    window.keys("F2")
    window.wait_for("旧密码")
    window.enter(old, new, new)
    window.wait_for("✓ 密码已修改")
    assert find(window.pid, new) == [0]
