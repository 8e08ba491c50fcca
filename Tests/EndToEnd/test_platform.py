"""A contractor's way through the platform with real browsers, a key in a reader and the key service: registered from the
key, approved, logged in, and refused where it has to be."""

import hashlib
import http.client
import re
import ssl
import warnings

import pytest

from rig import patience
from rig.browser import Chromium, Failed, Firefox, trust
from rig.platform import Platform, free_port

PASSWORD = "correct horse 1"


class Person:
    """One in front of a page: presses what is there and reads what comes."""

    def __init__(self, platform, page):
        self.platform, self.page = platform, page

    def goto(self, path):
        """And until the page from before is gone: its words are not those of the one that comes."""
        self.page.run("window.left = true")
        self.page.goto(self.platform.origin + path)
        patience.until(lambda: self.quietly("typeof window.left === 'undefined' && document.readyState === 'complete'"))

    def quietly(self, expression):
        """Between two pages there is none to ask."""
        try:
            return self.page.run(expression)
        except Failed:
            return False

    def text(self, place="main"):
        return self.page.run(f"document.querySelector({place!r})?.innerText ?? ''")

    def wait(self, *words, place="main"):
        """Until they are shown; also on the page that comes."""

        def shown():
            text = self.quietly(f"document.querySelector({place!r})?.innerText ?? ''")
            return text if text and all(word in text for word in words) else False

        return patience.until(shown, 30, lambda: f"{words} not in\n{self.text(place)}")

    def find(self, place):
        patience.until(lambda: self.quietly(f"document.querySelector({place!r}) !== null"), 30, lambda: f"{place} in {self.text()}")

    def fill(self, **fields):
        for name, value in fields.items():
            self.find(f"main [name={name}]")
            self.page.run(f"document.querySelector('main [name={name}]').value = {value!r}")

    def press(self, place):
        """By its element, as the mouse does, once it is there."""
        self.find(place)
        self.page.run(f"(() => {{ document.querySelector({place!r}).click() }})()")


@pytest.fixture
def port():
    return free_port()


@pytest.fixture
def service(request, key_service, port):
    """One that knows the site; without a grant (`param`) it asks its holder."""
    origin = f"https://localhost:{port}"
    may = ["read", "login", "sign"] if getattr(request, "param", True) else []
    return key_service(
        "--adapters", "ukey,szca-soap", keys=False, allowed=[(origin, name, may) for name in ("ukey", "szca") if may])


@pytest.fixture
def platform(tmp_path, service, port):
    made = Platform(tmp_path / "platform", port, [
        f"key-service = http://127.0.0.1:{service.port('ukey')}",
        f"szca-services = http://127.0.0.1:{service.port('szca-soap')}"])
    yield made
    assert made.stop() == 0
    assert made.run("audit").returncode == 0


@pytest.fixture
def browser(request, tmp_path, platform):
    home = tmp_path / "browser"
    kind = {"chromium": Chromium, "firefox": Firefox}[getattr(request, "param", "chromium")]
    trust(home / (".pki/nssdb" if kind is Chromium else ".mozilla/firefox/tests.default"), platform.authority)
    made = kind(home)
    yield made
    made.close()


@pytest.fixture
def person(platform, browser):
    def come(path="/", language="zh", **more):
        return Person(platform, browser.open(f"{platform.origin}/language/{language}?back={path}", **more))

    return come


def answer_service(service, platform, pin="123456"):
    """Allows the site where it is asked, then types the PIN."""
    shown = patience.until(lambda: next((word for word in ("Allow", "PIN:") if word in service.holder.shown), None), 30,
                           lambda: service.holder.shown)
    if shown == "Allow" and "PIN:" not in service.holder.shown:
        service.holder.type("\r")
        service.holder.wait("PIN:")
    service.holder.type(pin + "\r")


def register(person, platform, service, login="shili", mobile="13800000000"):
    person.goto("/register")
    person.fill(contact="张三", mobile=mobile, login_name=login)
    person.press("[data-key=read]")
    answer_service(service, platform)
    person.wait("以下两项已从证书读取", "1.2.156.10260.4.1.4")
    # What was typed before is still there.
    assert person.page.run("document.querySelector('[name=contact]').value") == "张三"
    assert person.page.run("document.querySelector('[name=uscc]').readOnly") is True
    person.press("[formaction='/register/code']")
    person.wait("验证码已发送")
    code = re.search(r"验证码 (\d{6})", platform.message("验证码"))[1]
    person.fill(code=code, password=PASSWORD, again=PASSWORD)
    person.press("main form > button:last-of-type")
    return person.wait("注册回执", "R-")


def administrator(come, platform):
    chief = come("/admin/login")
    chief.fill(login_name="admin", password=platform.password)
    chief.press("main form button")
    chief.wait("统一社会信用代码")
    return chief


def approve(chief, name):
    chief.goto("/admin?state=waiting")
    chief.wait(name)
    chief.press("td a")
    chief.wait(name, "待审核")
    chief.press("button[name=next]")
    chief.wait("正常")


def log_in(person, platform, service, pin="123456"):
    person.goto("/login")
    person.press("[data-key=login]")
    answer_service(service, platform, pin)


@pytest.mark.parametrize("service", [False], indirect=True, ids=["asked"])
@pytest.mark.parametrize("browser", ["chromium", "firefox"], indirect=True)
def test_from_registration_to_login(person, platform, service, soft_token, tmp_path):
    soft_token(dir=platform.make_key(tmp_path / "key"))
    service.wait_for(lambda log: "\nkey " in log)
    holder = person()
    assert "待审核" in register(holder, platform, service)
    log_in(holder, platform, service)
    holder.wait("注册申请正在等待审核")
    approve(administrator(person, platform), "深圳市示例建设工程有限公司")
    log_in(holder, platform, service)
    holder.wait("深圳市示例建设工程有限公司", "9144030071526726XG ✓", "证书有效", "400-112-3838")
    holder.goto("/account")
    holder.wait("证书", "本次登录")
    holder.press("nav button")
    patience.until(lambda: "退出登录" not in holder.text("nav"))


def log_in_when_there(holder, platform, service):
    """Once the service knows the key that came last."""

    def asked():
        holder.goto("/login")
        holder.press("[data-key=login]")
        error = patience.until(
            lambda: holder.page.run("document.querySelector('.told').dataset.error ?? ''")
            or any(word in service.holder.shown for word in ("Allow", "PIN:")), 30)
        assert error in (True, "key-missing"), error
        return error is True

    patience.until(asked, 30)
    answer_service(service, platform)


def test_keys_of_others(person, platform, service, soft_token, tmp_path):
    """Expired, of another authority, of a company that is not registered, none at all."""
    holder = person("/login")
    holder.press("[data-key=login]")
    holder.wait("没有找到 U-Key", place=".told")
    key = soft_token(dir=platform.make_key(tmp_path / "old", begins=-400, ends=-2))
    service.wait_for(lambda log: "\nkey " in log)
    log_in_when_there(holder, platform, service)
    holder.wait("证书已过期", "先办理续期")
    key.unplug()
    # The demonstration of `ukey`, whose CA this platform does not know.
    key = soft_token(sample="one-pair")
    log_in_when_there(holder, platform, service)
    holder.wait("不是本平台认可的机构签发的")
    key.unplug()
    soft_token(dir=platform.make_key(tmp_path / "other", name="深圳市样板市政工程有限公司", code="914403001922038216"))
    log_in_when_there(holder, platform, service)
    holder.wait("贵单位尚未注册")


def request(platform, method, path, body=None, headers=None):
    connection = http.client.HTTPSConnection(
        "localhost", platform.port, context=ssl.create_default_context(cafile=platform.authority), timeout=30)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    return answer, answer.read()


def test_without_a_browser(platform):
    """What goes over the wire: TLS, limits, headers, and pages that are not there."""
    answer, body = request(platform, "GET", "/")
    assert answer.status == 200 and b"<h1>" in body and "script-src 'self'" in answer.headers["content-security-policy"]
    assert request(platform, "HEAD", "/login")[0].status == 200
    answer, body = request(platform, "GET", "/../../etc/passwd")
    assert answer.status == 404 and answer.headers["content-security-policy"]
    assert request(platform, "GET", "/assets/ukey.js")[1].startswith(b"/* ukey.js")
    assert request(platform, "DELETE", "/login")[0].status in (404, 405)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        answer, _ = request(platform, "POST", "/register", b"a" * (10 << 20), form)
        assert answer.status == 413
    except (BrokenPipeError, ConnectionError):
        # It did not read to the end.
        pass
    # Without our form's token, and from nowhere.
    assert request(platform, "POST", "/login/certificate", b"token=x", form)[0].status == 403
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(platform.authority)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    connection = http.client.HTTPSConnection("localhost", platform.port, context=context, timeout=30)
    with pytest.raises(ssl.SSLError):
        connection.request("GET", "/")


@pytest.fixture
def recording(tmp_path, records):
    """A platform on either database, without a key service."""
    made = Platform(tmp_path / "platform", free_port(), records=records)
    yield made
    assert made.stop() == 0


def test_audit_by_another_program(recording):
    """The chain as Docs/platform.md describes it, with no code of ours."""
    platform = recording
    request(platform, "POST", "/login/certificate", b"x=1", {
        "Content-Type": "application/x-www-form-urlencoded", "Origin": "https://evil.example"})
    rows = platform.records.rows("SELECT seq, at, actor, kind, subject, detail, prev, hash FROM audit ORDER BY seq")
    assert rows and rows[-1][3] == "request.foreign"
    before = "0" * 64
    for number, (seq, at, actor, kind, subject, detail, prev, digest) in enumerate(rows, 1):
        fields = [before, str(seq), str(at), actor, kind, subject, detail]
        data = b"".join(b"%d:%s\n" % (len(field.encode()), field.encode()) for field in fields)
        assert (seq, prev, digest) == (number, before, hashlib.sha256(data).hexdigest())
        before = digest
    done = platform.audit()
    assert done.returncode == 0 and before in done.stdout


def test_killed_and_started_again(recording):
    """Killed in the middle: what was answered is there, and the same password is not printed twice."""
    platform = recording
    for _ in range(5):
        request(platform, "POST", "/login/certificate", b"x=1", {
            "Content-Type": "application/x-www-form-urlencoded", "Origin": "https://evil.example"})
        platform.kill()
        assert platform.audit().returncode == 0
        platform.start()
        assert "password" not in platform.log
    assert "whole" in platform.audit().stdout
