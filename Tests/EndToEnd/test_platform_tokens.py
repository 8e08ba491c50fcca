"""Everything that is no login, over the wire: each token is made by hand, with no code of ours, and refused by its own name, in
both languages, with what to do."""

import base64
import datetime
import hashlib
import json
import os
import re
import sqlite3
import subprocess

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

from rig.platform import Platform, free_port
from test_platform_kill import PASSWORD, Visitor, code_of

NOW = datetime.datetime.now(datetime.timezone.utc)
NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority of the table")])
DISTID = ["-sigopt", "distid:1234567812345678"]


def days(count):
    return datetime.timedelta(days=count)


class Table:
    """A CA that the platform trusts, one of its name, and a company that is registered."""

    def __init__(self, platform):
        self.platform = platform
        self.key, self.other = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        made = self._sign(NAME, self.key, self.key, [(x509.BasicConstraints(True, 0), True), self._identifier(self.key)])
        (platform.data / "ca/table.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
        self.revoked = x509.random_serial_number()
        self.holder = ec.generate_private_key(ec.SECP256R1())
        self.rsa = rsa.generate_private_key(65537, 2048)

    @staticmethod
    def _identifier(key):
        return x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False

    @staticmethod
    def _sign(subject, key, by, extensions, issuer=NAME, begins=-30, ends=300, serial=None):
        made = x509.CertificateBuilder(
            issuer, subject, key.public_key(), serial or x509.random_serial_number(), NOW + days(begins), NOW + days(ends))
        for extension, critical in extensions:
            made = made.add_extension(extension, critical)
        return made.sign(by, hashes.SHA256())

    def certificate(self, owner="测试单位1", key=None, by=None, usage="digital_signature", more=(), itself=False, **when):
        key, by = key or self.holder, by or self.key
        words = ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
                 "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"]
        subject = x509.Name([
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, owner), x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, code_of(1)),
            x509.NameAttribute(NameOID.COMMON_NAME, owner)])
        extensions = [(x509.KeyUsage(**{word: word == usage for word in words}), True), (x509.BasicConstraints(False, None), True),
                      (x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), False), *more]
        made = self._sign(subject, key, by, extensions, subject if itself else NAME, **when)
        return made.public_bytes(serialization.Encoding.DER)

    def list(self):
        entry = x509.RevokedCertificateBuilder(self.revoked, NOW - days(1)).build()
        made = x509.CertificateRevocationListBuilder(NAME, NOW - days(1), NOW + days(30)).add_revoked_certificate(entry).sign(
            self.key, hashes.SHA256())
        (self.platform.data / "ca/table.crl").write_bytes(made.public_bytes(serialization.Encoding.DER))

    def register(self):
        """As many have registered before."""
        with sqlite3.connect(self.platform.data / "platform.sqlite", timeout=30) as connection:
            connection.execute(
                "INSERT INTO companies VALUES ('t', '测试单位1', ?, ?, 0, 'table', '', '', '', 'active', '', 'R-T', 1)",
                [code_of(1), code_of(1)[8:17]])
        connection.close()


def message(origin, nonce, der):
    return f"ukey:1 login\norigin {origin}\nnonce {nonce}\ncertificate {hashlib.sha256(der).hexdigest()}\n".encode()


def written(der, signature, algorithm="ECDSA-SHA256", **more):
    return json.dumps({
        "format": "ukey:1", "algorithm": algorithm, "certificate": base64.b64encode(der).decode(),
        "signature": base64.b64encode(signature).decode(), **more})


def token(table, nonce, der=None, origin=None, key=None):
    der = der or table.certificate()
    return written(der, (key or table.holder).sign(message(origin or table.platform.origin, nonce, der), ec.ECDSA(hashes.SHA256())))


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    platform = Platform(tmp_path_factory.mktemp("platform"), free_port())
    made = Table(platform)
    made.list()
    made.register()
    platform.kill()
    platform.start()
    yield made
    assert platform.stop() == 0
    assert platform.run("audit").returncode == 0


def with_pad(table, block):
    """An RSA signature whose block is `block(length, DigestInfo)` instead of that of PKCS#1."""

    def make(nonce, visitor):
        der = table.certificate(key=table.rsa)
        digest = hashlib.sha256(message(table.platform.origin, nonce, der)).digest()
        info = bytes.fromhex("3031300d060960864801650304020105000420") + digest
        numbers = table.rsa.private_numbers()
        number = pow(int.from_bytes(block(256, info)), numbers.d, numbers.public_numbers.n)
        return written(der, number.to_bytes(256), "RSA-SHA256")

    return make


def padded(length, info):
    return b"\0\1" + b"\xff" * (length - len(info) - 3) + b"\0" + info


def sm2(table, tmp_path, signature):
    """A certificate with an SM2 key, and a signature that no key has made."""
    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=tmp_path, check=True, capture_output=True)

    openssl("genpkey", "-algorithm", "SM2", "-out", "sm2.key")
    openssl("req", "-x509", "-new", "-key", "sm2.key", "-sm3", *DISTID, "-subj", f"/O=A/OU={code_of(1)}/CN=A", "-outform", "DER",
            "-out", "sm2.der", "-addext", "keyUsage=digitalSignature", "-addext", "basicConstraints=critical,CA:FALSE")
    return written((tmp_path / "sm2.der").read_bytes(), signature, "SM2-SM3")


def used(table, nonce, visitor):
    made = token(table, nonce)
    assert visitor.ask("POST", "/login/certificate", {"token": made})[0].status == 303
    visitor.ask("GET", "/home")
    assert visitor.ask("POST", "/logout")[0].status == 303
    visitor.ask("GET", "/login")
    return made


def old(table, nonce, visitor):
    with sqlite3.connect(table.platform.data / "platform.sqlite", timeout=30) as connection:
        connection.execute("UPDATE challenges SET issued = issued - 301 WHERE nonce = ?", [nonce])
    connection.close()
    return token(table, nonce)


def numbers(r, s):
    def number(value):
        data = value.to_bytes(value.bit_length() // 8 + 1)
        return b"\2" + bytes([len(data)]) + data

    body = number(r) + number(s)
    return b"\x30" + bytes([len(body)]) + body


SM2_ORDER = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123

# What is sent, the name it is refused by, and words of the page in Chinese and English.
CASES = {
    "another origin": (lambda t, n, v, p: token(t, n, origin="https://evil.example"), "signature-wrong", "签名核对不上", "does not fit"),
    "another nonce": (
        lambda t, n, v, p: token(t, base64.b64encode(os.urandom(32)).decode()), "signature-wrong", "拔下 U-Key", "Take the U-Key out"),
    "old": (lambda t, n, v, p: old(t, n, v), "challenge-expired", "再点一次“证书登录”", "once and for five minutes"),
    "used": (lambda t, n, v, p: used(t, n, v), "challenge-unknown", "已过期或已用过", "was used already"),
    "encryption certificate": (
        lambda t, n, v, p: token(t, n, t.certificate(usage="key_encipherment")), "key-usage", "不是加密证书", "not that for encryption"),
    "self-signed": (
        lambda t, n, v, p: token(t, n, t.certificate(by=t.holder, itself=True)), "untrusted", "不是本平台认可的机构签发的",
        "not of an authority that this platform trusts"),
    "expired": (
        lambda t, n, v, p: token(t, n, t.certificate(begins=-90, ends=-1)), "certificate-expired", "先办理续期", "Have it renewed"),
    "not yet valid": (
        lambda t, n, v, p: token(t, n, t.certificate(begins=1)), "certificate-not-yet-valid", "核对电脑的日期和时间", "Check date and time"),
    "revoked": (
        lambda t, n, v, p: token(t, n, t.certificate(serial=t.revoked)), "revoked", "立即致电发证机构", "call the authority at once"),
    "CA of the same name": (
        lambda t, n, v, p: token(t, n, t.certificate(by=t.other)), "untrusted", "名称与本平台认可的相同", "has the name of one"),
    "another key's signature": (
        lambda t, n, v, p: token(t, n, key=t.other), "signature-wrong", "签名核对不上", "does not fit"),
    "RSA, pad of zeros": (
        lambda t, n, v, p: with_pad(t, lambda size, info: b"\0\1" + b"\0" * (size - len(info) - 3) + b"\0" + info)(n, v),
        "signature-wrong", "签名核对不上", "does not fit"),
    "RSA, short pad and the rest behind it": (
        lambda t, n, v, p: with_pad(t, lambda size, info: (b"\0\1" + b"\xff" * 8 + b"\0" + info).ljust(size, b"\1"))(n, v),
        "signature-wrong", "签名核对不上", "does not fit"),
    "RSA, pad of encryption": (
        lambda t, n, v, p: with_pad(t, lambda size, info: b"\0\2" + b"\xff" * (size - len(info) - 3) + b"\0" + info)(n, v),
        "signature-wrong", "签名核对不上", "does not fit"),
    "SM2, r of 0": (lambda t, n, v, p: sm2(t, p, numbers(0, 1)), "signature-wrong", "签名核对不上", "does not fit"),
    "SM2, s of 0": (lambda t, n, v, p: sm2(t, p, numbers(1, 0)), "signature-wrong", "签名核对不上", "does not fit"),
    "SM2, r + s of the order": (
        lambda t, n, v, p: sm2(t, p, numbers(1, SM2_ORDER - 1)), "signature-wrong", "签名核对不上", "does not fit"),
    "certificate of 64 KiB": (
        lambda t, n, v, p: token(t, n, t.certificate(more=[
            (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), os.urandom(65_000)), False)])),
        None, "提交的内容过大", "too large"),
    "certificate of 20 KiB of another CA": (
        lambda t, n, v, p: token(t, n, t.certificate(by=t.other, itself=True, more=[
            (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), os.urandom(20_000)), False)])),
        "untrusted", "不是本平台认可的机构签发的", "not of an authority"),
    "no certificate": (lambda t, n, v, p: written(b"\x30\x03\2\1\1", b"\0"), "certificate-malformed", "无法识别", "cannot be read"),
    "an algorithm of another key": (
        lambda t, n, v, p: written(t.certificate(), b"\0", "RSA-SHA256"), "algorithm", "签名算法不被接受", "algorithm"),
    "nothing": (lambda t, n, v, p: "", "malformed", "请升级 U-Key 管理工具", "update the U-Key manager"),
}


@pytest.mark.xdist_group("platform-tokens")
@pytest.mark.parametrize("case", CASES)
def test_what_is_no_login(table, tmp_path, case):
    make, name, zh, en = CASES[case]
    for number, (language, words) in enumerate([("zh", zh), ("en", en)]):
        visitor = Visitor(table.platform, 2000 + 2 * list(CASES).index(case) + number)
        visitor.ask("GET", f"/language/{language}?back=/login")
        visitor.ask("GET", "/login")
        sent = make(table, visitor.nonce(), visitor, tmp_path)
        answer, text = visitor.ask("POST", "/login/certificate", {"token": sent})
        if name:
            assert answer.status == 403 and f'data-refused="{name}"' in text and 'role="alert"' in text, text
        else:
            # It was not read to the end.
            assert answer.status == 413
        assert words in text, text
        # And the challenge is used up: the right answer to it comes too late.
        if name not in (None, "malformed", "certificate-malformed", "algorithm"):
            assert "challenge-unknown" in visitor.ask("POST", "/login/certificate", {"token": sent})[1]
        assert visitor.ask("GET", "/home")[0].status == 303


@pytest.mark.xdist_group("platform-tokens")
def test_what_is_one(table):
    """The same, right: of both kinds of key; and a name full of markup is only a name."""
    visitor = Visitor(table.platform, 3000)
    for key, algorithm in [(table.holder, "ECDSA-SHA256"), (table.rsa, "RSA-SHA256")]:
        owner = "<script>alert(1)</script>\"'&<img src=x>"
        der = table.certificate(owner, key=key)
        visitor.ask("GET", "/login")
        data = message(table.platform.origin, visitor.nonce(), der)
        signature = key.sign(data, ec.ECDSA(hashes.SHA256())) if key is table.holder else key.sign(
            data, padding.PKCS1v15(), hashes.SHA256())
        assert visitor.ask("POST", "/login/certificate", {"token": written(der, signature, algorithm)})[0].status == 303
        text = visitor.ask("GET", "/account")[1] + visitor.ask("GET", "/home")[1]
        assert "<script>alert" not in text and "<img" not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;&lt;img src=x&gt;" in text


@pytest.mark.xdist_group("platform-tokens")
def test_name_with_markup_registers(tmp_path):
    platform = Platform(tmp_path / "platform", free_port())
    try:
        made = Table(platform)
        platform.kill()
        platform.start()
        visitor = Visitor(platform, 1)
        visitor.ask("GET", "/register")
        der = made.certificate('"><svg onload=alert(1)>')
        answer, text = visitor.ask(
            "POST", "/register/certificate",
            {"token": written(der, made.holder.sign(message(platform.origin, visitor.nonce(), der), ec.ECDSA(hashes.SHA256())))})
        assert answer.status == 200 and "<svg" not in text and "&quot;&gt;&lt;svg onload=alert(1)&gt;" in text
        # The code by SMS, then all fields: what the certificate says is what is registered.
        fields = {"contact": "<b>张三</b>", "mobile": "13800000001", "login_name": "markup", "password": PASSWORD, "again": PASSWORD}
        visitor.ask("POST", "/register/code", fields)
        fields["code"] = re.search(r"验证码 (\d{6})", platform.message("13800000001"))[1]
        assert visitor.ask("POST", "/register", dict(fields, name="other", uscc="other"))[0].status == 303
        text = visitor.ask("GET", "/register/receipt")[1]
        assert "<svg" not in text and "<b>" not in text and "&lt;b&gt;张三&lt;/b&gt;" in text
        visitor.ask("GET", "/admin/login")
        assert visitor.ask("POST", "/admin/login", {"login_name": "admin", "password": platform.password})[0].status == 303
        text = visitor.ask("GET", "/admin?search=markup")[1]
        assert "<svg" not in text and "&lt;svg onload" in text
    finally:
        assert platform.stop() == 0
