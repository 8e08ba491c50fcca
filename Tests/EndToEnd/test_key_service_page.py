"""The page that the service itself serves: what it shows, how it is used, and who else may have it."""

import json
import os
import re
import subprocess
import sys

import pytest

from rig import patience
from rig.browser import Chromium
from rig.key_service import KeyService
from rig.pages import Background
from rig.web import request

PIN = "123456"


@pytest.fixture
def service(key_service):
    return key_service("--demo", "--adapters", "ukey,szca-soap")


@pytest.fixture(scope="module")
def chromium(tmp_path_factory):
    browser = Chromium(tmp_path_factory.mktemp("chromium"))
    yield browser
    browser.close()


def get(service, path, **more):
    return request(service.port("ukey"), path, method="GET", origin=None, **more)


def own(service):
    return f"http://127.0.0.1:{service.port('ukey')}"


def text(page, place):
    return page.run(f"document.querySelector('{place}').innerText")


def opened(chromium, service, language, width, height):
    page = chromium.open(f"{own(service)}/?lang={language}", width=width, height=height)
    patience.until(lambda: page.run("document.querySelector('#check').getAttribute('aria-busy') === 'false'"))
    return page


@pytest.mark.xdist_group("chromium")
def test_everything_by_keyboard_on_a_small_screen(chromium, service):
    page = opened(chromium, service, "en", 360, 640)
    shown = text(page, "#check")
    for word in ["version", "pinentry", "DEMO-GM-00412", "深圳市示例建设工程有限公司", "10 tries left"]:
        assert word in shown
    assert "fault" not in shown

    def press(name):
        """Forward by Tab until what has the focus is called so, then Enter."""
        for _ in range(20):
            page.press("Tab", code="Tab", windowsVirtualKeyCode=9)
            if page.run("document.activeElement.innerText") == name:
                page.press("Enter", code="Enter", windowsVirtualKeyCode=13, text="\r")
                return
        raise AssertionError(f"{name} is not reached")

    press("Read the certificate")
    patience.until(lambda: page.run("document.querySelector('dl') !== null"))
    shown = text(page, "dl")
    for word in ["深圳市示例建设工程有限公司", "9144030071526726XG", "1.2.156.10260.4.1.4"]:
        assert word in shown
    press("Begin")
    assert f"127.0.0.1:{service.port('ukey')}" in service.holder.wait("PIN:")
    service.holder.type(PIN + "\r")
    patience.until(lambda: text(page, "#verdict"))
    steps = text(page, "#steps")
    assert steps.count("✓") == 9 and steps.count("○") == 2 and "✕" not in steps
    assert "深圳市示例建设工程有限公司" in text(page, "#verdict")
    # Nothing sticks out, and nothing came from elsewhere.
    assert page.run("document.documentElement.scrollWidth") == 360
    loaded = page.run("performance.getEntriesByType('resource').map(entry => entry.name)")
    assert loaded and all(name.startswith(own(service) + "/") for name in loaded)


@pytest.mark.xdist_group("chromium")
def test_what_a_screen_reader_is_told(chromium, service):
    page = opened(chromium, service, "zh", 1280, 900)
    assert page.run("document.documentElement.lang") == "zh-CN"
    tree = page.call("Accessibility.getFullAXTree")["nodes"]
    names = {(node["role"]["value"], node.get("name", {}).get("value")) for node in tree if not node["ignored"]}
    for role, name in [
            ("button", "读取证书"), ("button", "开始自检"), ("button", "English"), ("heading", "环境检查"),
            ("region", "证书登录自检"), ("main", "")]:
        assert (role, name) in names, names
    # Every link of the chain says its state in words too.
    assert "✓ 正常" in text(page, "#check li")
    page.run("document.querySelector('#language').click()")
    patience.until(lambda: page.run("document.documentElement.lang") == "en")
    assert text(page, "h2") == "Environment"


@pytest.mark.xdist_group("chromium")
def test_a_cancelled_login_names_its_link(chromium, service):
    page = opened(chromium, service, "en", 1280, 900)
    page.run("document.querySelector('#login').click()")
    service.holder.wait("PIN:")
    service.holder.type("\t\t\r")
    patience.until(lambda: text(page, "#verdict"))
    assert "✕ fault" in text(page, "#steps li:nth-child(2)") and "cancelled" in text(page, "#verdict")


@pytest.mark.xdist_group("chromium")
def test_a_page_without_service_says_so(chromium, tmp_path):
    running = KeyService(tmp_path / "service", "--demo", "--adapters", "ukey")
    try:
        page = opened(chromium, running, "en", 1280, 900)
    finally:
        assert running.stop() == 0
    page.run("document.querySelector('#check-again').click()")
    patience.until(lambda: "does not answer" in text(page, "#check"))


def test_files_and_their_rules(service):
    words = {"/": b"<!doctype html>", "/page.css": b"", "/page.js": b"", "/words.js": b"", "/ukey.js": b"", "/ukey.d.ts": b"",
             "/icon.svg": b"<svg"}
    for path, beginning in words.items():
        response = get(service, path)
        assert response.status == 200 and response.body.startswith(beginning)
        policy = response.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["cross-origin-resource-policy"] == "same-origin"
        # No address but this machine's, and that of the name of SVG.
        for address in re.findall(rb"https?://[^\s'\"`)$/]+", response.body):
            assert address in (b"http://127.0.0.1:21517", b"http://www.w3.org"), address
        assert b"<script>" not in response.body and b" onclick" not in response.body and b"style=" not in response.body
    assert get(service, "/other").status == 404
    assert get(service, "/../etc/passwd").status == 404


@pytest.mark.parametrize("name", ["localhost", "[::1]"])
def test_one_name_only(service, name):
    """Three names are three origins; one is the service's own."""
    response = get(service, "/", host=f"{name}:{service.port('ukey')}")
    assert (response.status, response.headers["location"]) == (308, own(service) + "/")


ELSEWHERE = ["https://portal.example", "http://localhost:PORT", "http://[::1]:PORT", "http://127.0.0.1:1", "null", None]


@pytest.mark.parametrize("origin", ELSEWHERE)
def test_only_the_page_itself_asks(service, origin):
    """A page on another port of this machine is a stranger like any other."""
    origin = origin and origin.replace("PORT", str(service.port("ukey")))
    for path in ["/check/service", "/check/nonce", "/check/login"]:
        assert request(service.port("ukey"), path, b"{}", origin=origin).status in (403, 404)
    if origin:
        assert get(service, "/", headers=[("Origin", origin)]).status == 403


def test_a_page_of_another_port_is_asked_about(service):
    port = service.port("ukey")
    page = Background(lambda: request(port, "/ukey/1", b'{"function":"certificates"}', origin="http://localhost:3000"))
    assert "localhost:3000" in service.holder.wait("Allow")
    service.holder.type("\t\r")
    assert page.wait().status == 403


def check(service, path, body=b"{}", cookie=None):
    headers = [("Content-Type", "application/json")] + ([("Cookie", cookie)] if cookie else [])
    response = request(service.port("ukey"), path, body, headers=headers, origin=own(service))
    assert response.status == 200
    return response


def test_login_is_of_its_session_and_used_up(service):
    import base64

    given = check(service, "/check/nonce")
    cookie = given.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie
    cookie = cookie.split(";")[0]
    body = json.dumps({"function": "loginToken", "nonce": given.json["nonce"]}).encode()
    page = Background(lambda: request(service.port("ukey"), "/ukey/1", body, origin=own(service)))
    service.holder.wait("PIN:")
    service.holder.type(PIN + "\r")
    token = json.dumps(page.wait().json["result"]).encode()

    def refusal(body, cookie):
        return check(service, "/check/login", body, cookie).json["refusal"]

    assert refusal(token, None) == "challenge-unknown"
    assert refusal(token, "ukey_check=" + "0" * 48) == "challenge-unknown"
    assert refusal(b"{}", check(service, "/check/nonce").headers["set-cookie"].split(";")[0]) == "malformed"
    # A token for one nonce is none for another.
    assert refusal(token, check(service, "/check/nonce").headers["set-cookie"].split(";")[0]) == "signature-wrong"
    found = check(service, "/check/login", token, "other=1; " + cookie).json
    assert found.get("refusal") is None and found["owner"] == "深圳市示例建设工程有限公司"
    assert refusal(token, cookie) == "challenge-unknown"
    assert base64.b64decode(given.json["nonce"]) != base64.b64decode(check(service, "/check/nonce").json["nonce"])


def test_the_account_of_itself(service):
    account = check(service, "/check/service").json
    assert account["prompt"] == "pinentry" and account["readerService"]["state"] == "embedded"
    states = {(port["name"], port["tls"], port["state"]) for port in account["interfaces"]}
    assert ("ukey", False, "open") in states and ("szca-soap", True, "no-certificate") in states


CLIENT = """
import os, socket, sys
port, user = int(sys.argv[1]), int(sys.argv[2])
os.setgroups([]); os.setgid(user); os.setuid(user)
socket.setdefaulttimeout(60)
sock = socket.create_connection(("127.0.0.1", port))
sock.sendall(f"GET / HTTP/1.1\\r\\nHost: 127.0.0.1:{port}\\r\\n\\r\\n".encode())
print(sock.recv(100).decode().split()[1])
sock.close()
sock = socket.socket(socket.AF_INET6)
sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
sock.connect(("::ffff:127.0.0.1", port))
sock.sendall(f"GET / HTTP/1.1\\r\\nHost: 127.0.0.1:{port}\\r\\n\\r\\n".encode())
print(sock.recv(100).decode().split()[1])
"""


def test_programs_of_other_users_get_nothing(service):
    """Whatever origin they claim; the same by both kinds of socket."""
    others = [line for line in open("/proc/self/uid_map") if int(line.split()[2]) > 65534]
    if os.getuid() != 0 or not others:
        pytest.skip("no other user can be had here")
    for user, status in [(65534, "403"), (0, "200")]:
        done = subprocess.run(
            [sys.executable, "-c", CLIENT, str(service.port("ukey")), str(user)], capture_output=True, text=True,
            timeout=patience.limit(20))
        assert done.stdout.split() == [status, status], done.stderr
    assert service.log.count("other-user") == 2
