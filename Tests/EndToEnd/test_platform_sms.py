"""Codes and reminders by a gateway over HTTPS: the request is the one that the template describes, nothing is told to a stranger,
and what the gateway does not take is kept and sent later."""

import datetime
import http.server
import json
import re
import sqlite3
import ssl
import threading
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from rig import patience
from rig.platform import Platform, free_port
from test_platform_kill import Visitor

MOBILE = "13800000007"
TAKEN = (200, '{"code":0,"message":"ok"}')


class Authority:
    """Makes certificates of servers."""

    def __init__(self, folder, name):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.path = folder / f"{name}.pem"
        made = self._make(self.name, self.key, x509.BasicConstraints(True, 0))
        self.path.write_bytes(made.public_bytes(serialization.Encoding.PEM))

    def _make(self, name, key, basic, names=()):
        now = datetime.datetime.now(datetime.timezone.utc)
        made = x509.CertificateBuilder(
            self.name, name, key.public_key(), x509.random_serial_number(), now - datetime.timedelta(days=2),
            now + datetime.timedelta(days=30)).add_extension(basic, True)
        if names:
            made = made.add_extension(x509.SubjectAlternativeName(names), False)
        return made.sign(self.key, hashes.SHA256())

    def server(self, folder, host):
        key = ec.generate_private_key(ec.SECP256R1())
        made = self._make(
            x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)]), key, x509.BasicConstraints(False, None),
            [x509.DNSName(host)])
        path = folder / f"{host}-{made.serial_number}.pem"
        path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        return path


class Gateway:
    """Answers as it is told, and keeps what it was asked."""

    def __init__(self, certificate):
        self.asked, self.answer, self.delay = [], TAKEN, 0
        self.ends = threading.Event()
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                owner.asked.append((self.path, dict(self.headers.items()), body.decode()))
                owner.ends.wait(owner.delay)
                status, text = owner.answer
                data = text.encode()
                try:
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(data)))
                    self.end_headers()
                    self.wfile.write(data)
                except OSError:
                    # Whoever asked does not wait any more.
                    pass

            def log_message(self, *words):
                pass

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, request, address):
                # A handshake that the other side broke off.
                pass

        self._server = Server(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self.ends.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path, "gateway-authority")


@pytest.fixture
def gateway(tmp_path, authority):
    made = []

    def start(certificate=None):
        made.append(Gateway(certificate or authority.server(tmp_path, "localhost")))
        return made[-1]

    yield start
    for each in made:
        each.close()


@pytest.fixture
def platform(tmp_path, authority):
    made = []

    def start(gateway, *settings):
        made.append(Platform(tmp_path / "platform", free_port(), [
            f"sms-url = https://localhost:{gateway.port}/v1/send?app=7", f"sms-authority = {authority.path}",
            'sms-body = {"to":"{mobile}","content":"{text}","sign":"{x}"}', "sms-header = Authorization: Bearer s3cret",
            'sms-ok = "code":0', *settings]))
        return made[-1]

    yield start
    for each in made:
        assert each.stop() == 0


def ask_for_code(platform):
    visitor = Visitor(platform, 1)
    visitor.ask("GET", "/register")
    # Whatever becomes of it: the visitor learns nothing of the gateway.
    assert 'data-marked="code-sent"' in visitor.ask("POST", "/register/code", {"mobile": MOBILE})[1]
    return visitor


def outbox(platform):
    connection = sqlite3.connect(f"file:{platform.data / 'platform.sqlite'}?mode=ro", uri=True, timeout=30)
    try:
        return connection.execute("SELECT state, tries, note, body FROM outbox").fetchone()
    finally:
        connection.close()


def wait_for(platform, state, note=""):
    return patience.until(
        lambda: (found := outbox(platform)) and found[0] == state and found[1] and note in found[2] and (note or not found[2])
        and found, 30, lambda: outbox(platform))


def try_again_now(platform):
    """What is tried again in a minute."""
    with sqlite3.connect(platform.data / "platform.sqlite", timeout=30) as connection:
        connection.execute("UPDATE outbox SET next = 0")
    connection.close()


def test_code_by_the_gateway(gateway, platform):
    taker = gateway()
    made = platform(taker)
    visitor = ask_for_code(made)
    state, tries, _, body = wait_for(made, "sent")
    # A code is not kept when it is out.
    assert (state, tries, body) == ("sent", 1, "")
    [(path, headers, text)] = taker.asked
    assert path == "/v1/send?app=7"
    assert (headers["Content-Type"], headers["Authorization"], headers["Host"]) == (
        "application/json", "Bearer s3cret", f"localhost:{taker.port}")
    asked = json.loads(text)
    assert (asked["to"], asked["sign"]) == (MOBILE, "{x}") and asked["content"].startswith("【承包商平台】验证码 ")
    fields = {
        "name": "深圳市示例建设工程有限公司", "uscc": "9144030071526726XG", "login_name": "shili", "contact": "张三", "mobile": MOBILE,
        "code": re.search(r"验证码 (\d{6})", asked["content"])[1], "password": "correct horse 1", "again": "correct horse 1"}
    assert visitor.ask("POST", "/register", fields)[0].status == 303


@pytest.mark.parametrize("wrong", ["another authority", "another name"])
def test_gateway_that_is_another(gateway, platform, authority, tmp_path, wrong):
    """A certificate of nobody we know, or for another name: not one byte of the message goes out."""
    by = Authority(tmp_path, "stranger") if wrong == "another authority" else authority
    taker = gateway(by.server(tmp_path, "localhost" if wrong == "another authority" else "sms.example"))
    made = platform(taker)
    ask_for_code(made)
    found = patience.until(lambda: (row := outbox(made)) and row[2] and row, 30)
    assert (found[0], taker.asked) == ("waiting", [])
    assert re.search("(?i)certificate|handshake|hostname", found[2]), found


def test_gateway_of_the_system_s_authorities_alone(gateway, platform, tmp_path):
    """Without an authority of its own in the settings the system's count, and ours is none of them."""
    taker = gateway()
    made = Platform(tmp_path / "other", free_port(), [f"sms-url = https://localhost:{taker.port}/"])
    try:
        ask_for_code(made)
        found = patience.until(lambda: (row := outbox(made)) and row[2] and row, 30)
        assert (found[0], taker.asked) == ("waiting", []) and re.search("(?i)certificate", found[2]), found
    finally:
        assert made.stop() == 0


@pytest.mark.parametrize("answer, note", [
    ((500, "down"), "HTTP 500"), ((302, ""), "HTTP 302"), ((200, '{"code":7,"message":"no balance"}'), "no balance"), ((200, ""), "answer")])
def test_gateway_that_does_not_take_it(gateway, platform, answer, note):
    """Kept, tried again, and sent when it is taken."""
    taker = gateway()
    taker.answer = answer
    made = platform(taker)
    ask_for_code(made)
    assert wait_for(made, "waiting", note)[1] == 1
    taker.answer = TAKEN
    try_again_now(made)
    assert wait_for(made, "sent")[1] == 2
    assert len(taker.asked) == 2 and taker.asked[0][2] == taker.asked[1][2]


def test_slow_gateway(gateway, platform):
    """Nobody waits for it but the message; it is given up after the time of the settings."""
    taker = gateway()
    taker.delay = 600
    made = platform(taker, "sms-seconds = 2")
    start = time.monotonic()
    visitor = ask_for_code(made)
    patience.until(lambda: taker.asked)
    assert visitor.ask("GET", "/login")[0].status == 200
    if time.monotonic() - start < 2:
        assert outbox(made)[0] == "waiting" and outbox(made)[2] == ""
    assert wait_for(made, "waiting", "imeout")
    assert time.monotonic() - start < patience.limit(30)
    taker.delay = 0
    try_again_now(made)
    wait_for(made, "sent")
