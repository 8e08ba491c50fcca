"""The manager's login self-test (F5) on a real reader; the card is asked afterwards what is true."""

import os
import signal

import pytest
from rig import memory
from rig.program import Secret


def tries(ukey):
    return ukey("pin", "status", "--json").json["pins"][0]["user"]["triesLeft"]


def waste(ukey, left):
    """Wrong PINs until so many tries are left."""
    while tries(ukey) > left:
        ukey("pin", "verify", "--json", "--pin-fd", Secret("wrong-1"), "--last-try")


@pytest.fixture
def login(screen):
    """F5 in a new window, as far as the question for the PIN or what stands in its place."""

    def open_login(language="zh", size=(80, 24), *arguments, by=()):
        window = screen(*size, *by, "ukey", "--lang", language, *arguments)
        window.wait_read()
        window.keys("F5")
        window.wait_for("─ 登录自检|─ Login self-test")
        return window

    return open_login


@pytest.mark.parametrize("profile", ["A-lm", "B-le"])
def test_right_pin(ukey, soft_token, login, profile):
    token = soft_token(card="gm", profile=profile)
    window = login()
    window.wait_for("还可以试 10 次（共 10 次）")
    window.enter("123456")
    window.wait_for("✓ 登录自检通过")
    for link in ("连接 U-Key", "签名证书", "证书用途", "核对密码", "U-Key 签名", "证书验签"):
        window.wait_for(f"✓ {link}")
    # What is selected is the certificate that ends soonest.
    window.wait_for("⚠ 证书有效期")
    window.wait_for("还不能保证：网站")
    window.keys("Enter")
    window.wait_gone("登录自检 ─")
    window.keys("q")
    assert window.exit_status() == 0
    assert tries(ukey) == 10
    assert len([line for line in token.trace() if "80 74 " in line]) == 1


def test_wrong_pin_in_english_and_again(ukey, soft_token, login):
    soft_token(card="gm")
    window = login("en", (120, 36))
    window.wait_for("10 of 10 tries left")
    window.enter("654321")
    window.wait_for("First broken link: PIN")
    window.wait_for("Wrong PIN, 9 tries left")
    assert tries(ukey) == 9
    window.keys("Enter")
    window.wait_for("9 of 10 tries left")
    window.enter("123456")
    window.wait_for("✓ The login self-test passed")
    assert tries(ukey) == 10


def test_few_tries_the_last_and_locked(ukey, soft_token, login):
    token = soft_token(card="gm")
    waste(ukey, 3)
    window = login()
    window.wait_for("⚠ 只剩 3 次尝试机会")
    window.enter("123456")
    window.wait_for("输入的不是“继续”")
    window.enter("继续")
    window.wait_for("密码 +\\[")
    window.keys("Escape")
    window.wait_gone("登录自检 ─")
    waste(ukey, 1)
    window.keys("F5")
    window.wait_for("ukey login-test --last-try")
    window.keys("Escape")
    waste(ukey, 0)
    sent = len(token.trace())
    window.keys("F5")
    window.wait_for("✕ 密码已锁定")
    window.wait_for("F3 解锁申请")
    window.keys("F3")
    window.wait_for("─ 业务申请 · 介质解锁")
    assert not [line for line in token.trace()[sent:] if " 80 74 " in line or " 18 " in line[:20]]


def test_expired_certificate_asks_for_no_pin(ukey, soft_token, login):
    soft_token(card="gm", sample="expired")
    window = login()
    window.wait_for("✕ 证书有效期 +已过期")
    window.wait_for("卡在这一步：证书有效期")
    assert "密码      [" not in window.text()
    assert tries(ukey) == 10


def test_key_pulled_out_while_typing(ukey, soft_token, login):
    token = soft_token(card="gm")
    window = login()
    window.wait_for("密码 +\\[")
    window.type("123456")
    window.wait_for("●{6}")
    token.unplug()
    window.wait_for("已拔出")
    window.wait_gone("登录自检 ─")


@pytest.mark.parametrize(
    "instruction, link, words",
    [("18", "核对密码", "结果未知：密码已发出"), ("74", "U-Key 签名", "U-Key 签名失败")])
def test_key_pulled_out_in_the_middle(soft_token, login, instruction, link, words):
    """At the PIN what became of it is not known; at the signature the PIN had been right."""
    soft_token(card="gm", faults=[f"ins={instruction},kind=remove"])
    window = login()
    window.wait_for("密码 +\\[")
    window.enter("123456")
    window.wait_for(f"✕ {link}")
    window.wait_for(f"卡在这一步：{link}")
    window.wait_for(words)
    window.wait_for("没有进行")
    window.keys("Escape")
    window.wait_gone("登录自检 ─")
    window.wait_for("已拔出|正在等待")


def test_running_holds_every_key(ukey, soft_token, login):
    token = soft_token(card="gm", faults=["ins=18,kind=hold"])
    window = login()
    window.wait_for("密码 +\\[")
    window.enter("123456")
    token.wait_held()
    window.wait_for("◐ 核对密码")
    window.keys("Escape")
    window.wait_for("命令已发出，不能撤销，请等待结果")
    token.release()
    window.wait_for("✓ 登录自检通过")


def test_without_profile_it_is_disabled_and_says_why(soft_token, screen):
    soft_token(card="gm", sample="unknown-maker")
    window = screen(120, 36, "ukey", "--lang", "zh")
    window.wait_read()
    window.keys("F5")
    window.wait_for("现在不能“登录自检”：没有密码规格")


def test_piv(ukey, soft_token, login):
    """3 tries are all that it has as delivered: nothing is asked first."""
    soft_token(card="piv")
    window = login("en")
    window.wait_for("PIN +\\[")
    window.enter("123456")
    window.wait_for("✓ The login self-test passed")
    assert tries(ukey) == 3


def test_demo(login):
    window = login("zh", (60, 16), "--demo")
    window.wait_for("演示 DEMO")
    window.wait_for("还可以试 10 次（共 10 次）")
    window.enter("000000")
    window.wait_for("还可以试 9 次")
    window.keys("Enter")
    window.wait_for("还可以试 9 次（共 10 次）")
    window.enter("123456")
    window.wait_for("✓ 登录自检通过")
    window.keys("F4")
    window.wait_for("故障诊断")
    window.keys("F10")
    assert window.exit_status() == 0


def test_service_killed_while_typing(soft_token, login, pcscd):
    soft_token(card="gm")
    window = login()
    window.wait_for("密码 +\\[")
    window.type("123456")
    pcscd.kill()
    window.wait_gone("登录自检 ─")
    window.wait_for("读卡服务 ✕")


def test_a_signal_gives_the_terminal_back(soft_token, login):
    soft_token(card="gm")
    window = login()
    window.wait_for("密码 +\\[")
    window.type("123456")
    os.kill(window.pid, signal.SIGTERM)
    assert window.exit_status() == 128 + signal.SIGTERM


def test_memory_holds_no_pin_afterwards(soft_token, login):
    """The scan finds it while it stands in the field, so that finding nothing later means something."""
    soft_token(card="gm")
    wrong = "Hy5tRm2c"
    window = login(by=memory.WITHOUT_SECRET_MEMORY)
    window.wait_for("密码 +\\[")
    window.type(wrong)
    window.wait_for("●●●●●●●●")
    try:
        places = memory.scan(window.pid, wrong)
    except PermissionError:
        pytest.skip("only root may read the memory of an undumpable process")
    assert len(places) == 1 and not memory.unlocked(places), places
    window.keys("Enter")
    window.wait_for("密码不正确")
    assert memory.scan(window.pid, wrong) == []
    window.keys("Enter")
    window.wait_for("密码 +\\[")
    window.type(wrong)
    window.wait_for("●●●●●●●●")
    window.keys("Escape")
    window.wait_gone("登录自检 ─")
    assert memory.scan(window.pid, wrong) == []
