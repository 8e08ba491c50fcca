"""Plain mode: the window as numbered questions on a terminal that only appends, and in a script."""

import os
import re
import signal
import subprocess
from pathlib import Path

import pytest
from rig import patience
from rig.plain import CHOICE, Plain
from rig.program import Secret

NEW = "9k2Lm81x"


@pytest.fixture
def plain(ukey, environment):
    opened = []

    def begin(*arguments, language="zh", env=None, **more):
        opened.append(Plain(ukey.path, "--lang", language, *arguments, env=dict(environment, **(env or {})), **more))
        return opened[-1]

    yield begin
    for dialogue in opened:
        dialogue.close()


def tries(ukey):
    return ukey("pin", "status", "--json").json["pins"][0]["user"]


def test_certificates_and_choices_at_once(plain):
    dialogue = plain("--plain", "--demo")
    dialogue.wait_for(CHOICE)
    for words in ("纯文本模式", "演示", "现在建议", r"^证书所有者：深圳市", r"^\d+  修改密码  F2$", r"^\d+  .*签名  20\d\d-"):
        dialogue.wait_for(words)
    dialogue.answer("q")
    dialogue.wait_for("已结束")
    assert dialogue.exit_status() == 0
    # Nothing but lines: no cursor is moved, no colour set, nothing rung.
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", dialogue.transcript)
    assert dialogue.typed.is_restored


@pytest.mark.parametrize("terminal", ["dumb", "no-such-terminal"])
def test_a_terminal_that_cannot_show_the_window_gets_it(plain, terminal):
    dialogue = plain("--demo", env={"TERM": terminal})
    dialogue.wait_for("这个终端显示不了管理窗口")
    dialogue.answer("0")
    assert dialogue.exit_status() == 0


def test_english_forty_columns(plain):
    dialogue = plain("--plain", "--demo", language="en", columns=40)
    dialogue.answer("F1")
    dialogue.answer("2")
    dialogue.wait_for("How to renew")
    dialogue.answer("q")
    dialogue.answer("q")
    dialogue.answer("q")
    assert dialogue.exit_status() == 0

    def cells(line):
        return sum(2 if "\u2e80" <= character <= "\uffef" else 1 for character in line)

    told = [line for line in dialogue.transcript.split("\n") if "Choose (" not in line]
    assert max(map(cells, told)) <= 40, max(told, key=cells)


def test_without_utf8_it_is_ascii(plain):
    dialogue = plain("--plain", "--demo", language="zh", env={"LC_ALL": "C"})
    dialogue.wait_for("not UTF-8")
    dialogue.answer("q")
    assert dialogue.exit_status() == 0
    assert dialogue.transcript.isascii()


def test_a_pin_is_changed_and_never_shown(ukey, soft_token, plain):
    soft_token(card="gm")
    dialogue = plain("--plain")
    dialogue.answer("F2")
    dialogue.wait_for("还可以试 10 次（共 10 次）")
    dialogue.secret("654321x")
    dialogue.secret(NEW)
    dialogue.secret(NEW)
    dialogue.wait_for("✕ 密码不正确，还可以试 9 次")
    assert tries(ukey)["triesLeft"] == 9
    dialogue.answer("enter")
    dialogue.wait_for("还可以试 9 次（共 10 次）")
    for text in ("123456", NEW, NEW):
        dialogue.secret(text)
    dialogue.wait_for("✓ 密码已修改")
    dialogue.answer("q")
    dialogue.answer("q")
    assert dialogue.exit_status() == 0
    assert tries(ukey) == {"triesLeft": 10, "triesMax": 10, "locked": False, "default": False}
    for secret in ("654321", "123456", NEW):
        assert secret not in dialogue.transcript


def test_a_key_that_comes_and_goes_is_told(soft_token, plain, pcscd):
    dialogue = plain("--plain")
    dialogue.wait_for("正在等待插入")
    dialogue.wait_for(CHOICE)
    card = soft_token(card="gm")
    dialogue.wait_for("已插入")
    dialogue.wait_for(r"^\d+  .*签名  20\d\d-")
    dialogue.wait_for(CHOICE)
    card.unplug()
    dialogue.wait_for("已拔出")
    dialogue.wait_for(CHOICE)
    dialogue.answer("q")
    assert dialogue.exit_status() == 0


def test_a_key_pulled_out_while_its_pin_is_asked(ukey, soft_token, plain):
    card = soft_token(card="gm")
    dialogue = plain("--plain")
    dialogue.answer("F2")
    dialogue.wait_for("旧密码（输入时不显示）：$")
    dialogue.typed.send("qqq")
    card.unplug()
    dialogue.wait_for("已拔出")
    dialogue.wait_for(CHOICE)
    # What had been typed of it is no answer to this question.
    dialogue.typed.send("F1\n")
    dialogue.wait_for("点“证书登录”没反应")
    dialogue.answers("q", "q")
    assert dialogue.exit_status() == 0


def test_lines_from_a_pipe(ukey, environment):
    """A script that is not at a terminal: its lines are the answers, the end of its input ends it."""
    script = f"F2\n123456\n{NEW}\n{NEW}\nq\nF5\n{NEW}\n"
    done = subprocess.run(
        [ukey.path, "--plain", "--demo", "--lang", "zh"], input=script.encode(), capture_output=True, env=environment,
        timeout=patience.limit(60))
    told = done.stdout.decode()
    assert done.returncode == 0, done
    assert "✓ 密码已修改" in told and "✓ 登录自检通过" in told, told
    assert NEW not in told and "123456" not in told


@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_signals_give_the_terminal_back(plain, number, code):
    dialogue = plain("--plain", "--demo")
    dialogue.answer("F2")
    dialogue.wait_for("旧密码（输入时不显示）：$")
    assert not dialogue.typed.is_restored
    os.kill(dialogue.pid, number)
    assert dialogue.exit_status() == code
    assert dialogue.typed.is_restored


def test_ctrl_c_while_the_key_works_says_what_it_costs(soft_token, plain):
    card = soft_token(card="gm", faults=["ins=18,kind=hold"])
    dialogue = plain("--plain")
    dialogue.answer("F5")
    dialogue.secret("123456")
    card.wait_held()
    os.kill(dialogue.pid, signal.SIGINT)
    dialogue.wait_for("⚠ ")
    card.release()
    dialogue.wait_for("✓ 登录自检通过")
    dialogue.answers("q", "q")
    assert dialogue.exit_status() == 0


def test_a_stop_wipes_what_was_typed(plain):
    dialogue = plain("--plain", "--demo")
    dialogue.answer("F2")
    dialogue.secret("123456")
    dialogue.wait_for("新密码（输入时不显示）：$")
    os.kill(dialogue.pid, signal.SIGSTOP)
    patience.until(lambda: Path(f"/proc/{dialogue.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T")
    os.kill(dialogue.pid, signal.SIGCONT)
    # The first field again: nothing of the ones before is there.
    dialogue.wait_for("旧密码（输入时不显示）：$")
    dialogue.answer("")
    dialogue.answers("q", "q")
    assert dialogue.exit_status() == 0


def test_the_end_of_input_while_the_key_works(ukey, soft_token, environment):
    """What was begun is brought to its end and told."""
    soft_token(card="gm")
    done = subprocess.run(
        [ukey.path, "--plain", "--lang", "en"], input=b"F5\n123456", capture_output=True, env=environment,
        timeout=patience.limit(60))
    assert done.returncode == 0 and "✓ The login self-test passed" in done.stdout.decode(), done
    assert tries(ukey)["triesLeft"] == 10


def test_the_last_try_is_not_sent(soft_token, ukey, plain):
    """As in the window."""
    soft_token(card="gm")
    while tries(ukey)["triesLeft"] > 1:
        ukey("pin", "verify", "--json", "--pin-fd", Secret("wrong-1"), "--last-try")
    dialogue = plain("--plain")
    dialogue.answer("F2")
    dialogue.wait_for("ukey pin change --last-try")
    dialogue.answers("q", "q")
    assert dialogue.exit_status() == 0
    assert tries(ukey)["triesLeft"] == 1
