"""Web pages' requests in the manager's window, on a real reader: the PIN is typed and used there."""

import base64
import json
import os
import sys
from pathlib import Path

import pytest
from rig import memory, patience
from rig.pages import Page, everything
from rig.program import Secret
from rig.web import ORIGIN

sys.path.insert(0, str(Path(__file__).parent.parent / "LoginToken"))

from login_verifier import certificate as parse_certificate, fits  # noqa: E402

PIN = "123456"


@pytest.fixture
def start(key_service):
    """`start(allowed=…)`: the service for the key in the reader, with nowhere to ask but the manager."""
    return lambda allowed=None, terminal=False: key_service(
        allowed=everything() if allowed is None else allowed, terminal=terminal)


@pytest.fixture
def manager(screen):
    """`manager(service)`: the manager's window beside it, with the key read and the service found."""

    def open_manager(service, language="zh", size=(80, 24), *arguments, by=()):
        window = screen(*size, *by, "ukey", "--lang", language, *arguments, env=service.places)
        window.wait_for("已识别：|Read: |证书所有者|Owner")
        # The service has met it.
        window.keys("F7")
        window.wait_for("在管理窗口|in the manager")
        window.keys("Escape")
        window.wait_gone("在管理窗口|in the manager")
        return window

    return open_manager


@pytest.fixture
def asked(soft_token, start, manager):
    """A page's login that waits in the manager, with the token given or a new one: service, window, page."""

    def ask(token=None):
        if token is None:
            soft_token(card="gm")
        service = start()
        window = manager(service)
        page = Page(service).login()
        window.wait_for("网页请求 ─")
        return service, window, page

    return ask


def tries(ukey):
    return ukey("pin", "status", "--json").json["pins"][0]["user"]["triesLeft"]


def waste(ukey, left):
    while tries(ukey) > left:
        ukey("pin", "verify", "--json", "--pin-fd", Secret("wrong-1"), "--last-try")


def test_login(asked):
    service, window, page = asked()
    window.wait_for("网站 +https://portal.example")
    window.wait_for("用途 +登录本网站")
    window.wait_for("证书所有者 +深圳市")
    window.wait_for("剩余尝试次数 +10")
    window.enter(PIN)
    token = page.wait()["result"]
    assert token["algorithm"] == "SM2-SM3"
    window.wait_for("✓ 已为 https://portal.example 签名")
    window.wait_gone("网页请求 ─")
    assert "loginToken ok" in service.log
    window.keys("q")
    assert window.exit_status() == 0


def test_what_is_signed_is_shown_and_checked(soft_token, start, manager):
    soft_token(card="gm")
    service = start()
    window = manager(service, "en", (120, 36))
    # What would turn the line around, or hide in it, is written out.
    data = "pay 100 \u202e to nobody\u200b".encode()
    page = Page(service).sign(data)
    window.wait_for(r"Purpose +signature \(\d+ bytes\): pay 100 \S*202[eE]\S* to nobody")
    assert "\u202e" not in window.text()
    window.enter(PIN)
    certificate = parse_certificate(base64.b64decode(Page(service).call("certificates")["result"][0]["certificate"]))
    assert fits(certificate.key, data, base64.b64decode(page.wait()["result"]))


def test_wrong_then_right(ukey, asked):
    service, window, page = asked()
    window.enter("654321")
    window.wait_for("✕ 密码错误")
    window.wait_for("剩余尝试次数 +9")
    window.enter(PIN)
    assert "signature" in page.wait()["result"]
    # The key is read again, and what was done stays to be read.
    window.wait_for("剩余 10/10 次")
    window.wait_for("✓ 已为 https://portal.example 签名")
    assert tries(ukey) == 10


def test_cancelled_cools_down(ukey, asked):
    service, window, page = asked()
    window.type("1234")
    window.keys("Escape")
    assert page.wait()["error"]["name"] == "cancelled"
    window.wait_gone("网页请求 ─")
    refused = Page(service).login().wait()["error"]
    assert refused["name"] == "cooling-down" and 0 < refused["retryAfter"] <= 30
    # Another site is not kept waiting for it.
    assert tries(ukey) == 10


def test_the_page_goes(soft_token, start, manager):
    soft_token(card="gm")
    service = start()
    window = manager(service)
    connection = Page(service).leaving("loginToken", nonce=base64.b64encode(os.urandom(32)).decode())
    window.wait_for("网页请求 ─")
    connection.close()
    window.wait_gone("网页请求 ─")
    window.wait_for("网页的请求已结束")
    service.wait_for(lambda log: "loginToken disconnected" in log)


def test_the_key_goes(soft_token, asked):
    token = soft_token(card="gm")
    service, window, page = asked(token)
    window.type("1234")
    token.unplug()
    assert page.wait()["error"]["name"] == "disconnected"
    window.wait_gone("网页请求 ─")


def test_the_key_goes_in_the_middle(ukey, soft_token, asked):
    """At the very command that signs, the PIN having been accepted."""
    token = soft_token(card="gm", faults=["ins=74,kind=remove"])
    service, window, page = asked(token)
    window.enter(PIN)
    assert page.wait()["error"]["name"] in ("key-failed", "outcome-unknown")
    # What became of it is told, and stays.
    window.wait_for("网页请求 ─")
    window.wait_for("[⚠✕] ")
    window.keys("Enter")
    window.wait_gone("网页请求 ─")
    token.unplug()
    window.wait_gone("10/10")
    soft_token(card="gm", dir=token.directory)
    assert tries(ukey) == 10
    # Both see it again: a window that does not see the key is asked in vain.
    service.wait_for(lambda log: log.splitlines().count("key DEMO-GM-00412") == 2)
    window.wait_for("10/10")
    page = Page(service).login()
    window.wait_for("网页请求 ─")
    window.enter(PIN)
    assert "signature" in page.wait()["result"]


def test_the_manager_is_killed_in_the_middle(ukey, soft_token, asked):
    token = soft_token(card="gm", faults=["ins=74,kind=hold"])
    service, window, page = asked(token)
    window.enter(PIN)
    token.wait_held()
    os.kill(window.pid, 9)
    assert page.wait()["error"]["name"] == "outcome-unknown"
    token.release()
    assert tries(ukey) == 10


@pytest.mark.skipif(os.geteuid() != 0, reason="only root looks into a process that hides its memory")
def test_the_pin_is_in_the_managers_memory_only(ukey, soft_token, start, manager):
    """The key stands still while it signs, so that both programs do."""
    pin = "7x9QmL42"
    first = soft_token(card="gm")
    done = ukey("pin", "change", "--json", "--pin-fd", Secret(PIN), "--new-pin-fd", Secret(pin))
    assert done.code == 0, done
    first.unplug()
    token = soft_token(card="gm", dir=first.directory, faults=["ins=74,kind=hold"])
    service = start()
    window = manager(service, by=memory.WITHOUT_SECRET_MEMORY)
    page = Page(service).login()
    window.wait_for("网页请求 ─")
    window.enter(pin)
    token.wait_held()
    places = memory.scan(window.pid, pin)
    assert places and not memory.unlocked(places)
    assert memory.scan(service.process.pid, pin) == []
    token.release()
    assert "signature" in page.wait()["result"]
    window.wait_gone("网页请求 ─")
    for pid in (window.pid, service.process.pid):
        assert memory.scan(pid, pin) == []


def test_a_new_site(soft_token, start, manager):
    soft_token(card="gm")
    service = start(allowed=[])
    window = manager(service)
    page = Page(service, "https://xn--fiq228c.example").later("certificates")
    window.wait_for(r"网站 +https://xn--fiq228c.example \(中文.example\)")
    window.wait_for(r"\(●\) 拒绝")
    window.keys("Down")
    window.wait_for(r"\(●\) 允许：读取证书 ")
    window.keys("Down")
    window.wait_for(r"\(●\) 允许：读取证书，请求登录 ")
    window.keys("Up", "Enter")
    # What was asked is not all allowed, so the page is refused; what was allowed is kept.
    assert page.wait()["error"]["status"] == 403
    assert json.loads(service.grants.read_text())["origins"][0]["may"] == ["read"]


def test_a_stray_enter_allows_nothing(soft_token, start, manager):
    soft_token(card="gm")
    service = start(allowed=[])
    window = manager(service)
    page = Page(service).later("certificates")
    window.wait_for(r"\(●\) 拒绝")
    window.keys("Enter")
    assert page.wait()["error"]["status"] == 403
    assert json.loads(service.grants.read_text())["origins"] == []


def test_over_a_screen_in_which_something_is_typed(ukey, soft_token, start, manager):
    soft_token(card="gm")
    service = start()
    window = manager(service)
    window.keys("F2")
    window.wait_for("旧密码")
    window.type("12")
    page = Page(service).login()
    window.wait_for("网页请求 ─")
    # The rest of what was being typed is for no page: the first Enter only leads into the request.
    window.enter("3456")
    window.wait_for(r"U-Key 密码 +\[ +\]")
    window.enter(PIN)
    assert "signature" in page.wait()["result"]
    window.wait_gone("网页请求 ─")
    window.wait_for("旧密码")
    assert tries(ukey) == 10


def test_few_tries(ukey, soft_token, start, manager):
    soft_token(card="gm")
    waste(ukey, 2)
    service = start()
    window = manager(service)
    assert Page(service).login().wait()["error"]["name"] == "few-tries"
    assert "网页请求 ─" not in window.text()
    # The holder lets it from the manager.
    window.keys("F7")
    window.wait_for("剩余次数过少 few-tries +loginToken +https://portal.example")
    window.keys("Tab", "a")
    window.wait_for("两分钟内允许 https://portal.example")
    page = Page(service).login()
    window.wait_for("网页请求 ─")
    window.keys("Enter")
    window.wait_for("只剩 2 次尝试机会")
    window.enter("继续")
    window.wait_for("U-Key 密码")
    window.enter(PIN)
    assert "signature" in page.wait()["result"]
    # It held once. The right PIN has restored the tries.
    assert tries(ukey) == 10


def test_one_try_is_no_pages(ukey, soft_token, start, manager):
    soft_token(card="gm")
    waste(ukey, 1)
    service = start()
    window = manager(service)
    assert Page(service).login().wait()["error"]["name"] == "few-tries"
    window.keys("F7")
    window.wait_for("few-tries")
    window.keys("Tab", "a")
    window.wait_for("两分钟内允许")
    assert Page(service).login().wait()["error"]["name"] == "few-tries"
    assert tries(ukey) == 1


def test_opens_the_pin_change(soft_token, start, manager):
    soft_token(card="gm")
    service = start()
    window = manager(service)
    page = Page(service).later("openPINChange")
    window.wait_for("修改密码 ─")
    assert page.wait()["result"] is True
    # Not over what someone is in the middle of.
    assert Page(service).call("openPINChange")["error"]["name"] == "no-prompt"


def test_a_stopped_manager_does_not_keep_pages_waiting(soft_token, start, manager):
    soft_token(card="gm")
    service = start(terminal=True)
    window = manager(service)
    os.kill(window.pid, 19)
    try:
        page = Page(service).login()
        service.holder.wait("PIN:")
        service.holder.type(PIN + "\r")
        assert "signature" in page.wait()["result"]
    finally:
        os.kill(window.pid, 18)
    # It saw question and end together.
    window.wait_gone("网页请求 ─")


def test_no_manager_no_terminal(soft_token, start):
    soft_token(card="gm")
    service = start()
    assert Page(service).login().wait()["error"]["name"] == "no-prompt"


def test_leaving_the_manager_refuses(asked):
    service, window, page = asked()
    window.keys("F10")
    assert window.exit_status() == 0
    assert page.wait()["error"]["name"] == "cancelled"


def test_the_service_is_killed(soft_token, start, manager):
    soft_token(card="gm")
    service = start()
    window = manager(service)
    Page(service).login()
    window.wait_for("网页请求 ─")
    service.kill()
    window.wait_gone("网页请求 ─")
    # The next one finds the manager by itself.
    service.start()
    page = Page(service).login()
    window.wait_for("网页请求 ─")
    window.enter(PIN)
    assert "signature" in page.wait()["result"]


def test_ports_sites_and_requests(soft_token, start, manager):
    soft_token(card="gm")
    service = start(allowed=[(ORIGIN, "ukey", ["read", "login"])])
    window = manager(service, "en", (120, 36))
    Page(service).call("certificates")
    window.keys("F7")
    window.wait_for(r"● running \(pid \d+, since ")
    window.wait_for(rf"ukey +✓ {service.port('ukey')}")
    window.wait_for("https://portal.example +ukey: read certificates, ask for logins")
    window.wait_for("✓ done +certificates +https://portal.example +ukey")
    # Follows what happens.
    Page(service).call("keys")
    window.wait_for("✓ done +keys +https://portal.example")
    window.keys("d")
    window.wait_for("Take back all that https://portal.example may")
    window.keys("y")
    window.wait_for("no site has been allowed yet")
    assert json.loads(service.grants.read_text())["origins"] == []


def test_stopped_and_started(soft_token, start, manager, ukey):
    soft_token(card="gm")
    service = start()
    window = manager(service)
    window.keys("F7")
    window.wait_for("● 运行中")
    window.keys("x")
    window.wait_for("停止密钥服务？")
    window.keys("y")
    window.wait_for("○ 未运行")
    assert service.process.wait(patience.limit(30)) == 0
    window.keys("x")
    window.wait_for("● 运行中")
    status = ukey("serve", "status", "--json", env=service.places).json
    assert status["running"] and status["prompt"] == "manager"
    # It goes on without the manager, until it is told to stop.
    window.keys("F10")
    assert window.exit_status() == 0
    assert ukey("serve", "status", "--json", env=service.places).json["pid"] == status["pid"]
    assert ukey("serve", "stop", env=service.places).code == 0
