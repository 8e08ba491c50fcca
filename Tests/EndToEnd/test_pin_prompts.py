"""What a person sees who checks or changes a PIN in a terminal: words, keys, and the terminal as it was."""

import os
import signal
import subprocess
import termios
import time

import pytest
from rig import patience
from rig.child_processes import wait_state
from rig.program import Secret
from rig.typed import Typed

# (tries, old, new, repeat, wrong, word, rule of full width)
WORDS = {
    "zh": {
        "tries": "还可以试 10 次（共 10 次）", "old": "旧密码 ", "new": "新密码 ", "repeat": "再次输入新密码 ", "verify": "密码 ",
        "wrong": "密码不正确，还可以试 9 次", "few": "只剩 3 次尝试机会", "word": "继续", "full": "全角", "weak": "容易被猜到",
        "differ": "两次输入的新密码不一致", "changed": "密码已修改", "last": "只剩 1 次尝试机会", "profile": "配置不符会消耗尝试次数",
        "none": "没有适用于此 U-Key 的密码规格", "way": "SKF", "same": "新密码与旧密码相同", "right": "密码正确",
        "happens": "将先核对旧密码", "cancelled": "操作已取消"},
    "en": {
        "tries": "10 of 10 tries left", "old": "Old PIN ", "new": "New PIN ", "repeat": "New PIN again ", "verify": "PIN ",
        "wrong": "Wrong PIN, 9 tries left", "few": "Only 3 tries are left", "word": "continue", "full": "full-width",
        "weak": "easily guessed", "differ": "the two new PINs differ", "changed": "The PIN was changed",
        "last": "only 1 try left", "profile": "a wrong profile costs tries", "none": "No profile", "way": "SKF",
        "same": "the new PIN is the old one", "right": "The PIN is right", "happens": "The old PIN is checked first",
        "cancelled": "cancelled"},
}


@pytest.fixture(params=["zh", "en"])
def words(request):
    return dict(WORDS[request.param], lang=request.param)


@pytest.fixture
def window(environment, ukey, words):
    opened = []

    def start(*arguments, **more):
        opened.append(Typed([ukey.path, "pin", *arguments, "--lang", words["lang"]], environment, **more))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


def burn(ukey, count):
    for _ in range(count):
        assert ukey("pin", "verify", "--pin-fd", Secret("wrong-1"), "--low-tries").code == 7


def left(ukey):
    return ukey("pin", "status", "--json").json["pins"][0]["user"]["triesLeft"]


def echoes(window):
    return bool(termios.tcgetattr(window.slave)[3] & termios.ECHO)


def assert_ended(window, code):
    rest = window.rest()
    assert window.end() == code, rest
    assert window.is_restored
    return window.rest()


def test_tries_come_first_then_the_questions(soft_token, window, words):
    soft_token()
    asking = window("change")
    seen = asking.until(words["old"])
    assert seen.index(words["tries"]) < seen.index(words["happens"]) < seen.rindex(words["old"])
    assert not echoes(asking)
    asking.send("123456\r")
    assert "*" * 6 in asking.until(words["new"])
    asking.send("7g2K9q\r")
    asking.until(words["repeat"])
    asking.send("7g2K9q\r")
    asking.until(words["changed"])
    assert_ended(asking, 0)
    checking = window("verify")
    checking.until(words["verify"])
    checking.send("7g2K9q\r")
    checking.until(words["right"])
    assert_ended(checking, 0)


def test_a_wrong_pin_in_words(soft_token, ukey, window, words):
    soft_token()
    asking = window("verify")
    asking.until(words["verify"])
    asking.send("654321\r")
    asking.until(words["wrong"])
    assert_ended(asking, 7)
    assert left(ukey) == 9


def test_rules_are_told_and_asked_again(soft_token, ukey, window, words):
    soft_token()
    asking = window("change")
    asking.until(words["old"])
    asking.send("１２３４５６\r")
    asking.until(words["full"])
    asking.until(words["old"])
    asking.send("123456\r")
    asking.until(words["new"])
    asking.send("123456\r")
    asking.until(words["same"])
    asking.until(words["new"])
    asking.send("888888\r")
    asking.until(words["weak"])
    asking.until(words["word"])
    asking.send("no\r")
    asking.until(words["new"])
    asking.send("7g2K9q\r")
    asking.until(words["repeat"])
    asking.send("7g2K9Q\r")
    asking.until(words["differ"])
    asking.until(words["new"])
    asking.send("7g2K9\x7f\x7fK9q\r")
    asking.until(words["repeat"])
    asking.send("xx\x157g2K9q\r")
    assert left(ukey) == 10
    asking.until(words["changed"])
    assert_ended(asking, 0)


@pytest.mark.parametrize("answer, code", [("word", 0), ("no", 130)])
def test_few_tries_are_agreed_to_in_words(soft_token, ukey, window, words, answer, code):
    soft_token()
    burn(ukey, 7)
    asking = window("verify")
    asking.until(words["few"])
    asking.until(words["word"])
    asking.send("错\x7f" + (words["word"] if answer == "word" else "no") + "\r")
    if answer == "word":
        asking.until(words["verify"])
        asking.send("123456\r")
        asking.until(words["right"])
    assert_ended(asking, code)
    assert left(ukey) == (10 if answer == "word" else 3)


def test_the_last_try_is_not_asked_for(soft_token, ukey, window, words):
    soft_token()
    burn(ukey, 9)
    asking = window("verify")
    asking.until(words["last"])
    asking.until("--last-try")
    assert_ended(asking, 9)
    asking = window("verify", "--last-try")
    asking.until(words["verify"])
    asking.send("123456\r")
    asking.until(words["right"])
    assert_ended(asking, 0)


@pytest.mark.parametrize("keys", ["\x1b", "\x03", "123\x1b", "123\x03", "\x04", "\x1b[A"])
def test_leaving_by_a_key(soft_token, ukey, window, words, keys):
    soft_token()
    asking = window("change")
    asking.until(words["old"])
    asking.send(keys)
    asking.until(words["cancelled"])
    assert_ended(asking, 130)
    assert echoes(asking) and left(ukey) == 10


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT])
def test_leaving_by_a_signal(soft_token, ukey, window, words, number):
    soft_token()
    asking = window("change")
    asking.until(words["old"])
    asking.send("1234")
    asking.until("****")
    os.kill(asking.pid, number)
    assert asking.end() == -number
    assert asking.is_restored and left(ukey) == 10


@pytest.mark.parametrize("how", ["key", "SIGTSTP", "SIGSTOP"])
def test_stopping_forgets_and_continuing_asks_anew(soft_token, window, words, how):
    soft_token()
    # The leader of a session has no shell to come back to and is not stopped by the terminal: one of its children is.
    asking = window("change")
    asking.until(words["old"])
    asking.send("123456\r")
    asking.until(words["new"])
    asking.send("99")
    asking.until("**")
    if how == "key":
        asking.send("\x1a")
    else:
        os.kill(asking.pid, getattr(signal, how))
    if how == "SIGSTOP":
        wait_state(asking.pid, "T")
        os.kill(asking.pid, signal.SIGCONT)
    asking.until(words["old"])
    assert not echoes(asking)
    asking.send("123456\r")
    asking.until(words["new"])
    asking.send("7g2K9q\r")
    asking.until(words["repeat"])
    asking.send("7g2K9q\r")
    asking.until(words["changed"])
    assert_ended(asking, 0)


@pytest.mark.parametrize("answer, code", [("word", 0), ("no", 130)])
def test_a_profile_is_insisted_on_in_words(soft_token, ukey, window, words, answer, code):
    soft_token(sample="unknown-maker")
    asking = window("verify", "--profile", "A-lm")
    asking.until(words["profile"])
    asking.until(words["word"])
    asking.send((words["word"] if answer == "word" else "no") + "\r")
    if answer == "word":
        asking.until(words["verify"])
        asking.send("123456\r")
        asking.until(words["right"])
    assert_ended(asking, code)


def test_a_key_without_a_profile_says_so_and_the_ways_on(soft_token, ukey, window, words):
    token = soft_token(sample="unknown-maker")
    asking = window("change")
    asking.until(words["none"] if words["lang"] == "zh" else "profile")
    asking.until(words["way"])
    assert_ended(asking, 9)
    done = ukey("pin", "change", "--json", "--pin-fd", Secret("123456"), "--new-pin-fd", Secret("7g2K9q"))
    assert (done.code, done.json["reason"]) == (9, "noProfile")
    forced = ["--profile", "A-lm", "--pin-fd", Secret("123456")]
    assert ukey("pin", "verify", *forced).code == 9
    assert not [line for line in token.trace() if "80 18" in line]
    assert ukey("pin", "verify", *forced, "--low-tries").code == 0


def test_without_a_terminal_it_says_what_it_needs(soft_token, ukey, words):
    soft_token()
    done = ukey("pin", "verify", "--json")
    assert (done.code, done.json["error"]["code"]) == (9, "UK-411")


def test_a_login_test_is_not_ended_while_its_pin_is_under_way(ukey, environment, soft_token):
    """As pin verify: the outcome is waited for and said."""
    token = soft_token(card="gm", faults=["ins=18,kind=hold"])
    reading, writing = os.pipe()
    os.write(writing, b"123456\n")
    os.close(writing)
    process = subprocess.Popen(
        [str(ukey.path), "login-test", "--pin-fd", str(reading)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=environment, text=True, pass_fds=(reading,))
    os.close(reading)
    token.wait_held()
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGTERM)
    time.sleep(0.3)
    assert process.poll() is None
    token.release()
    said, _ = process.communicate(timeout=patience.limit(10))
    assert process.returncode == 0 and "login self-test passed" in said
