"""The platform killed at any moment while companies register and log in, and its database too: nothing is half registered,
nothing that was answered is lost. UKEY_KILLS says how often; the usual few keep the checks short. Two instances on one database."""

import base64
import datetime
import hashlib
import http.client
import itertools
import json
import os
import random
import re
import ssl
import threading
import time
import urllib.parse

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from rig import patience
from rig.platform import Platform, free_port
from rig.records import PostgreSQL, Server

PASSWORD = "correct horse 1"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


class Authority:
    def __init__(self, folder):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority of the tests")])
        made = self._builder(self.name, self.key).add_extension(x509.BasicConstraints(True, 0), True).sign(self.key, hashes.SHA256())
        (folder / "tests.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))

    def _builder(self, name, key):
        now = datetime.datetime.now(datetime.timezone.utc)
        return x509.CertificateBuilder(
            self.name, name, key.public_key(), x509.random_serial_number(), now - datetime.timedelta(days=2),
            now + datetime.timedelta(days=90))

    def holder(self, owner, code):
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, owner), x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, code),
            x509.NameAttribute(NameOID.COMMON_NAME, owner)])
        made = self._builder(name, key).add_extension(x509.BasicConstraints(False, None), True).sign(self.key, hashes.SHA256())
        return key, made.public_bytes(serialization.Encoding.DER)


def token(key, der, origin, nonce):
    digest = hashlib.sha256(der).hexdigest()
    message = f"ukey:1 login\norigin {origin}\nnonce {nonce}\ncertificate {digest}\n".encode()
    return json.dumps({
        "format": "ukey:1", "algorithm": "ECDSA-SHA256", "certificate": base64.b64encode(der).decode(),
        "signature": base64.b64encode(key.sign(message, ec.ECDSA(hashes.SHA256()))).decode()})


class Unavailable(ConnectionError):
    """The platform said so, with the words for it."""


class Visitor:
    """A browser without a screen, at an address of its own. `ports`: of several instances, asked one after the other;
    `headers`: what it or a proxy writes besides."""

    def __init__(self, platform, number, ports=None, headers=None):
        self.platform, self.cookies, self.form, self.headers = platform, {}, "", headers or {}
        self._ports = itertools.cycle(ports or [platform.port])
        self._source = (f"127.0.{number // 250}.{2 + number % 250}", 0)

    def ask(self, method, path, fields=None):
        connection = http.client.HTTPSConnection(
            "localhost", next(self._ports), timeout=patience.limit(30), source_address=self._source,
            context=ssl.create_default_context(cafile=self.platform.authority))
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), "Origin": self.platform.origin, **self.headers}
        body = None
        if method == "POST":
            body = urllib.parse.urlencode(dict(fields or {}, form_token=self.form))
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        if answer.status == 503:
            raise Unavailable(text)
        for cookie in answer.headers.get_all("set-cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        found = re.search(r'name="form_token" value="([0-9a-f]+)"', text)
        self.form = found[1] if found else self.form
        connection.close()
        return answer, text

    def nonce(self):
        return json.loads(self.ask("POST", "/challenge")[1])["nonce"]


def code_of(number):
    """A code whose check digit is right (GB 32100; GB 11714 within)."""
    organization = f"{number:08d}"
    check = 11 - sum(int(digit) * weight for digit, weight in zip(organization, [3, 7, 9, 10, 5, 8, 4, 2])) % 11
    body = "91440300" + organization + {10: "X", 11: "0"}.get(check, str(check))
    last = (31 - sum(ALPHABET.index(letter) * 3 ** place % 31 for place, letter in enumerate(body)) % 31) % 31
    return body + ALPHABET[last]


def register(platform, authority, number, registered, logged, ports=None):
    visitor, code, mobile = Visitor(platform, number, ports), code_of(number), f"138{number:08d}"
    key, der = authority.holder(f"测试单位{number}", code)
    visitor.ask("GET", "/register")
    fields = {"contact": "张三", "mobile": mobile, "login_name": f"user{number}", "password": PASSWORD, "again": PASSWORD}
    assert 'data-marked="code-sent"' in visitor.ask("POST", "/register/code", fields)[1]
    fields["code"] = re.search(r"验证码 (\d{6})", platform.message(mobile))[1]
    answer, text = visitor.ask(
        "POST", "/register/certificate", dict(fields, token=token(key, der, platform.origin, visitor.nonce())))
    assert answer.status == 200 and "readonly" in text, text
    if visitor.ask("POST", "/register", fields)[0].status == 303:
        registered.append(code)
        platform.records.change(f"UPDATE companies SET state = 'active' WHERE uscc = '{code}'")
    visitor.ask("GET", "/login")
    answer, text = visitor.ask("POST", "/login/certificate", {"token": token(key, der, platform.origin, visitor.nonce())})
    assert answer.status == 303, text
    logged.append(code)
    return visitor


def check(platform, registered, logged):
    done = platform.audit()
    assert done.returncode == 0, done
    rows = platform.records.rows
    platform.records.check()
    companies = dict(rows("SELECT uscc, 'company ' || id FROM companies"))
    assert set(registered) <= set(companies)
    # Whoever is registered is found.
    assert {row[0] for row in rows("SELECT 'company ' || company FROM search_texts")} == set(companies.values())
    for kind, table in [
            ("registration", set(companies.values())),
            ("certificate.bound", {row[0] for row in rows("SELECT 'company ' || company FROM certificates")})]:
        told = [row[0] for row in rows(f"SELECT subject FROM audit WHERE kind = '{kind}'")]
        assert len(told) == len(set(told)) and set(told) == table == set(companies.values()), kind
    logins = [row[0] for row in rows("SELECT subject FROM audit WHERE kind = 'login'")]
    assert {companies[code] for code in logged} <= set(logins)
    assert sorted(logins) == sorted(row[0] for row in rows("SELECT 'company ' || subject FROM sessions"))


@pytest.mark.long
def test_killed_while_companies_register(tmp_path, records):
    platform = Platform(tmp_path / "platform", free_port(), records=records)
    authority = Authority(platform.data / "ca")
    platform.kill()
    platform.start()
    chance = random.Random(20261129)
    registered, logged, failed, number = [], [], [], 0
    try:
        for _ in range(int(os.environ.get("UKEY_KILLS", "6"))):
            ends = threading.Event()

            def work():
                nonlocal number
                while not ends.is_set():
                    number += 1
                    try:
                        register(platform, authority, number, registered, logged)
                    except (OSError, http.client.HTTPException):
                        return
                    except Exception as error:
                        failed.append(error)
                        return

            worker = threading.Thread(target=work)
            worker.start()
            time.sleep(chance.uniform(0.3, 3))
            platform.kill()
            ends.set()
            worker.join()
            assert not failed, failed
            check(platform, registered, logged)
            platform.start()
        # And it goes on.
        register(platform, authority, number + 1, registered, logged)
        check(platform, registered, logged)
        print(f"{len(registered)} registered, {len(logged)} logged in")
    finally:
        assert platform.stop() == 0


@pytest.mark.long
def test_database_killed_while_companies_register(tmp_path):
    """The server of the database ends without a word, again and again; the platform goes on by itself."""
    server = Server()
    platform = Platform(tmp_path / "platform", free_port(), records=PostgreSQL(server))
    authority = Authority(platform.data / "ca")
    platform.kill()
    platform.start()
    chance = random.Random(20261130)
    registered, logged, failed, told = [], [], [], []
    numbers = itertools.count(1)
    ends = threading.Event()

    def work():
        while not ends.is_set():
            try:
                register(platform, authority, next(numbers), registered, logged)
            except Unavailable as error:
                told.append(str(error))
            except ConnectionError:
                # It was not the platform that asked just then.
                pass
            except BaseException as error:
                # The challenge could not be taken: said as a refusal of the login.
                if "store-unavailable" in str(error):
                    told.append("没有改变任何内容")
                    continue
                failed.append(error)
                return

    workers = [threading.Thread(target=work) for _ in range(2)]
    try:
        for worker in workers:
            worker.start()
        for _ in range(int(os.environ.get("UKEY_KILLS", "6"))):
            time.sleep(chance.uniform(0.3, 2))
            server.kill()
            server.begin()
            assert not failed, failed
        time.sleep(1)
        ends.set()
        for worker in workers:
            worker.join()
        assert not failed, failed
        # What is said is one of two: nothing was changed, or it is not known.
        assert all("没有改变任何内容" in text or "不知道是否已保存" in text for text in told), told
        register(platform, authority, next(numbers), registered, logged)
        check(platform, registered, logged)
        print(f"{len(registered)} registered, {len(logged)} logged in, {len(told)} told to come again")
    finally:
        ends.set()
        ended = platform.stop()
        server.stop()
    assert ended == 0


def test_two_instances_on_one_database(tmp_path, records):
    """Behind a round robin: forms, codes, challenges and sessions of one are good at the other, each challenge once across both."""
    first = Platform(tmp_path / "platform", free_port(), records=records)
    authority = Authority(first.data / "ca")
    second = Platform(tmp_path / "platform", free_port(), [f"origin = {first.origin}"], log="second.log", records=records)
    assert (first.data / "platform.sqlite").exists() == (records is None)
    try:
        assert second.password is None
        # The folder of CA certificates is read again within a minute; both begin anew for it.
        for each in (first, second):
            each.kill()
            each.start()
        ports, registered, logged, failed = [first.port, second.port], [], [], []

        def come(number):
            try:
                visitor = register(first, authority, number, registered, logged, ports)
                for _ in range(4):
                    answer, text = visitor.ask("GET", "/home")
                    assert answer.status == 200 and code_of(number) in text
            except BaseException as error:
                failed.append(error)

        comers = [threading.Thread(target=come, args=[number]) for number in range(1, 7)]
        for comer in comers:
            comer.start()
        for comer in comers:
            comer.join()
        assert not failed, failed
        check(first, registered, logged)
        # One token sent to both at once: one of them takes it.
        key, der = authority.holder("测试单位1", code_of(1))
        for _ in range(5):
            visitor = Visitor(first, 90, ports)
            visitor.ask("GET", "/login")
            made = token(key, der, first.origin, visitor.nonce())
            answers = []

            def send(port):
                other = Visitor(first, 90, [port])
                other.cookies, other.form = dict(visitor.cookies), visitor.form
                answers.append(other.ask("POST", "/login/certificate", {"token": made})[0].status)

            both = [threading.Thread(target=send, args=[port]) for port in ports]
            for each in both:
                each.start()
            for each in both:
                each.join()
            assert sorted(answers) == [303, 403]
    finally:
        assert (first.stop(), second.stop()) == (0, 0)
