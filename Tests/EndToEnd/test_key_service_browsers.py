"""Pages of a public site log in through real browsers, which decide as for anybody whether the page may reach this
machine; the holder types into pinentry on a terminal.

The pages (pages/) speak as the vendors' scripts do and were written from the descriptions of their protocols alone.
"""

import base64
import os
import sys
import time
from pathlib import Path

import pytest

from rig import patience
from rig.browser import Chromium, Failed, Firefox, Site
from rig.key_service import TmuxHolder
from rig.program import Secret
from rig.screen import Screen

sys.path.insert(0, str(Path(__file__).parent.parent / "LoginToken"))

from login_verifier import certificate as parse_certificate, fits, verify  # noqa: E402

PAGES = Path(__file__).parent / "pages"
SCRIPT = Path(__file__).parents[2] / "Sources/KeyServer/Page/Files/ukey.js"
ADAPTERS = {"szca-soap": "szca", "szca-socket": "szca", "mtoken": "mtoken", "xtx": "xtx"}
PIN = "123456"
TEXT = "登录 7f3a"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    files = {f"/{page.name}": ("text/html", page.read_bytes()) for page in PAGES.iterdir()}
    files["/ukey.js"] = ("text/javascript", SCRIPT.read_bytes())
    made = Site(tmp_path_factory.mktemp("site"), files)
    yield made
    made.close()


@pytest.fixture(scope="module")
def chromium(tmp_path_factory, site):
    browser = Chromium(tmp_path_factory.mktemp("chromium"), site)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def firefox(tmp_path_factory, site):
    browser = Firefox(tmp_path_factory.mktemp("firefox"), site)
    yield browser
    browser.close()


@pytest.fixture
def start(key_service, site):
    """`start("mtoken")`: the service, which knows the site, with the demonstration's key."""

    def make(*adapters, key=("--demo",), allowed=True, **more):
        families = {ADAPTERS.get(name, name) for name in adapters}
        grants = [(site.origin, family, ["read", "login", "sign"]) for family in families] if allowed else []
        return key_service(*key, "--adapters", ",".join(adapters), allowed=grants, **more)

    return make


@pytest.fixture
def browser(request):
    """One by its name."""
    return request.getfixturevalue(request.param)


# Each in the worker that has that browser open.
in_each_browser = pytest.mark.parametrize(
    "browser", [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in ("chromium", "firefox")], indirect=True)


def opened(browser, site, service, adapter):
    return browser.open(site.url(f"/{adapter}.html", port=service.port(adapter)), permission="granted")


def log_in(browser, site, service, adapter, pin=PIN):
    pending = opened(browser, site, service, adapter).begin(f"login('{TEXT}')")
    service.type_pin(pin)
    return pending


def check(result):
    assert "error" not in result, result
    holder = parse_certificate(base64.b64decode(result["certificate"]))
    assert result["owner"] == holder.common_name
    assert fits(holder.key, TEXT.encode(), base64.b64decode(result["signature"]))


@pytest.fixture
def nonce():
    return base64.b64encode(os.urandom(32)).decode()


def check_token(result, site, nonce):
    import json

    assert result["uscc"]["code"] == parse_certificate(base64.b64decode(result["token"]["certificate"])).uscc
    # The demonstration's root is not known here; everything before that holds.
    with pytest.raises(ValueError, match="untrusted"):
        verify(json.dumps(result["token"]), site.origin, nonce, [])


# Permission granted


@pytest.mark.xdist_group("chromium")
@pytest.mark.parametrize("adapter", ADAPTERS)
def test_chromium_logs_in(chromium, site, start, adapter):
    service = start(adapter)
    check(log_in(chromium, site, service, adapter).wait())


@pytest.mark.xdist_group("firefox")
@pytest.mark.parametrize("adapter", ADAPTERS)
def test_firefox_logs_in(firefox, site, start, adapter):
    service = start(adapter)
    check(log_in(firefox, site, service, adapter).wait())


@pytest.mark.xdist_group("chromium")
def test_chromium_makes_a_token(chromium, site, start, nonce):
    service = start("ukey")
    page = opened(chromium, site, service, "ukey")
    assert page.run("UKey.permission()")["state"] == "granted"
    pending = page.begin(f"login('{nonce}')")
    service.type_pin()
    check_token(pending.wait(), site, nonce)


@pytest.mark.xdist_group("firefox")
def test_firefox_makes_a_token(firefox, site, start, nonce):
    service = start("ukey")
    page = opened(firefox, site, service, "ukey")
    pending = page.begin(f"login('{nonce}')")
    service.type_pin()
    check_token(pending.wait(), site, nonce)


@pytest.mark.xdist_group("chromium")
def test_pin_in_tmux_in_chinese(chromium, site, start, environment):
    """What the holder sees who works over ssh, in the language of the service."""
    screen = Screen(80, 24, "sleep", "infinity", env=environment)
    service = start("xtx", holder=TmuxHolder(screen), environment={"LC_ALL": "zh_CN.UTF-8", "LANG": "zh_CN.UTF-8"})
    pending = opened(chromium, site, service, "xtx").begin(f"login('{TEXT}')")
    shown = service.holder.wait("portal.example", "10")
    assert "深圳市示例建设工程有限公司" in shown and "网页" in shown
    service.holder.type(PIN + "\r")
    check(pending.wait())


# Permission not granted: nothing of the page reaches the service


def reached(service):
    return [line for line in service.log.splitlines() if "portal.example" in line]


@pytest.mark.xdist_group("chromium")
@pytest.mark.parametrize("permission, name", [
    ("denied", "permission-denied"), ("prompt", "permission-needed"), (None, "permission-denied")])
def test_chromium_keeps_pages_away(chromium, site, start, nonce, permission, name):
    service = start("ukey", *ADAPTERS)
    for adapter in ADAPTERS:
        page = chromium.open(site.url(f"/{adapter}.html", port=service.port(adapter)), permission)
        with pytest.raises(Failed):
            page.run(f"login('{TEXT}')")
    page = chromium.open(site.url("/ukey.html", port=service.port("ukey")), permission)
    assert page.run(f"login('{nonce}')")["error"] == name
    assert reached(service) == []


@pytest.mark.xdist_group("firefox")
def test_firefox_asks_its_user(firefox, site, start, nonce):
    """One that is allowed comes through; without a window nobody answers and the page waits."""
    service = start("ukey")
    assert opened(firefox, site, service, "ukey").run("key.version()")
    came = [["version", "ok"]]
    assert [line.split()[-2:] for line in reached(service)] == came
    # The permission is the site's, not the page's: whoever asks after it was taken back waits.
    page = firefox.open(site.url("/ukey.html", port=service.port("ukey")))
    permission = page.run("UKey.permission()")
    assert permission["state"] == "prompt" and "允许" in permission["message"] and "Allow" in permission["messageEN"]
    page.begin(f"login('{nonce}')")
    # Nothing tells that it waits; a request that came through would be here within a moment.
    for _ in range(20):
        assert [line.split()[-2:] for line in reached(service)] == came
        time.sleep(0.1)


@pytest.mark.xdist_group("firefox")
def test_firefox_keeps_pages_away(firefox, site, start, nonce):
    service = start("ukey", "mtoken")
    page = firefox.open(site.url("/ukey.html", port=service.port("ukey")), permission="denied")
    assert page.run(f"login('{nonce}')")["error"] == "permission-denied"
    page = firefox.open(site.url("/mtoken.html", port=service.port("mtoken")), permission="denied")
    with pytest.raises(Failed):
        page.run(f"login('{TEXT}')")
    assert reached(service) == []


# What the holder does, and what the page hears


@in_each_browser
@pytest.mark.parametrize("adapter", ADAPTERS)
def test_wrong_pin_then_right(browser, site, start, adapter):
    service = start(adapter)
    pending = log_in(browser, site, service, adapter, "999999")
    assert "Tries left: 9" in service.holder.wait("wrong", "PIN:")
    service.holder.type(PIN + "\r")
    check(pending.wait())


@pytest.mark.xdist_group("chromium")
@pytest.mark.parametrize("adapter", ADAPTERS)
def test_cancelled(chromium, site, start, adapter):
    service = start(adapter)
    page = opened(chromium, site, service, adapter)
    pending = page.begin(f"login('{TEXT}')")
    service.holder.wait("PIN:")
    # From the field to OK, from there to Cancel.
    service.holder.type("\t\t\r")
    assert pending.wait()["error"]
    # The next one has to wait; no prompt appears.
    assert page.run(f"login('{TEXT}')")["error"]
    assert " cancelled\n" in service.log and " cooling-down\n" in service.log


@in_each_browser
def test_cancelled_by_name(browser, site, start, nonce):
    service = start("ukey")
    page = opened(browser, site, service, "ukey")
    pending = page.begin(f"login('{nonce}')")
    service.holder.wait("PIN:")
    service.holder.type("\t\t\r")
    told = pending.wait()
    assert (told["error"], told["messageEN"]) == ("cancelled", "cancelled")
    assert page.run(f"login('{nonce}')")["error"] == "cooling-down"


@pytest.fixture
def card_key(soft_token):
    """A key in a reader of the machine's own service."""
    return lambda **more: soft_token(card="piv", **more)


@in_each_browser
def test_few_tries_end_the_prompts_of_pages(browser, site, start, card_key, nonce):
    card_key(settings={"tries": 3})
    service = start("ukey", "mtoken", key=())
    page = opened(browser, site, service, "ukey")
    pending = page.begin(f"login('{nonce}')")
    service.type_pin("999999")
    told = pending.wait()
    assert (told["error"], told["left"]) == ("pin-wrong", 2)
    told = page.run(f"login('{nonce}')")
    assert (told["error"], told["left"]) == ("few-tries", 2)
    told = opened(browser, site, service, "mtoken").run(f"login('{TEXT}')")
    assert (told["error"], told["left"]) == ("login", 2)


@in_each_browser
def test_locked(browser, site, start, card_key, ukey, nonce):
    card_key(settings={"tries": 1})
    assert ukey("pin", "verify", "--json", "--pin-fd", Secret("999999"), "--last-try").code in (7, 8)
    service = start("ukey", "mtoken", "xtx", key=())
    assert opened(browser, site, service, "ukey").run(f"login('{nonce}')")["error"] == "pin-locked"
    told = opened(browser, site, service, "mtoken").run(f"login('{TEXT}')")
    assert (told["code"], told["left"]) == (0x0A000025, 0)
    assert opened(browser, site, service, "xtx").run(f"login('{TEXT}')") == {"error": "login", "left": "0"}


@in_each_browser
@pytest.mark.parametrize("adapter", ["szca-socket", "mtoken", "ukey"])
def test_pulled_out_while_asked(browser, site, start, card_key, nonce, adapter):
    key = card_key()
    service = start(adapter, key=())
    page = opened(browser, site, service, adapter)
    pending = page.begin(f"login('{nonce}')")
    service.holder.wait("PIN:")
    key.unplug()
    assert pending.wait()["error"]
    # The page is told at its next try that there is no key, and nothing is asked.
    if adapter == "szca-socket":
        assert page.run(f"login('{nonce}')")["error"] == "no key"


@pytest.mark.xdist_group("chromium")
def test_reader_service_lost_while_asked(chromium, site, start, pcscd, card_key):
    """The page is told; afterwards everything goes on."""
    key = card_key()
    service = start("mtoken", key=())
    page = opened(chromium, site, service, "mtoken")
    pending = page.begin(f"login('{TEXT}')")
    service.holder.wait("PIN:")
    pcscd.kill()
    assert pending.wait()["error"]
    key.unplug()
    pcscd.start()
    card_key()
    patience.until(lambda: page.run("call({function: 'SOF_EnumDevice'}).array"))
    assert page.run("call({function: 'SOF_GetPinRetryCount'}).retryCount") > 0


# ukey.js


@pytest.mark.xdist_group("chromium")
def test_script_connects_again(chromium, site, start, nonce):
    service = start("ukey", any_port=False)
    page = opened(chromium, site, service, "ukey")
    assert page.run("key.listen()") is None
    # The service dies while it asks: the call is lost and told as such, never made again.
    pending = page.begin(f"login('{nonce}')")
    service.holder.wait("PIN:")
    service.kill()
    assert pending.wait()["error"] == "disconnected"
    assert page.run("told(key.version())")["error"] == "service-unreachable"
    again = start("ukey", any_port=False)
    patience.until(lambda: page.run("events").count("connected") == 2, 60)
    again.wait_for(lambda log: "listen ok" in log)
    assert "loginToken" not in again.log


@pytest.mark.xdist_group("chromium")
def test_script_hears_of_keys(chromium, site, start, card_key):
    key = card_key()
    service = start("ukey", key=())
    page = opened(chromium, site, service, "ukey")
    page.run("key.listen()")
    key.unplug()
    patience.until(lambda: any(event.startswith("keyLeft ") for event in page.run("events")))
    card_key()
    patience.until(lambda: any(event.startswith("keyArrived ") for event in page.run("events")))


@pytest.mark.xdist_group("chromium")
def test_script_tells_that_the_holder_refused(chromium, site, start, nonce):
    service = start("ukey", allowed=False)
    page = opened(chromium, site, service, "ukey")
    pending = page.begin(f"login('{nonce}')")
    service.holder.wait("Allow")
    service.holder.type("\t\r")
    assert pending.wait()["error"] == "not-permitted"


@pytest.mark.xdist_group("chromium")
def test_script_signs_and_verifies(chromium, site, start):
    service = start("ukey")
    page = opened(chromium, site, service, "ukey")
    pending = page.begin(f"sign('{TEXT}')")
    service.type_pin()
    signature = pending.wait()
    (certificate, *_) = page.run("key.certificates()")
    assert fits(parse_certificate(base64.b64decode(certificate["certificate"])).key, TEXT.encode(), base64.b64decode(signature))
    call = f"key.verify('{signature}', {{data: '%s', certificate: '{certificate['certificate']}'}})"
    assert page.run(call % TEXT) is True and page.run(call % "other") is False
    assert page.run("told(key.loginToken('short'))")["error"] == "malformed"
    assert len(base64.b64decode(page.run("key.random(24)"))) == 24
    assert page.run("key.certificateInformation({item: 'organization'})")
    page.run("key.close()")
    assert page.run("told(key.version())")["error"] == "closed"
