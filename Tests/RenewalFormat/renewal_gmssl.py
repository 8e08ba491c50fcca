"""A third issuer and holder, written from Docs/renewal.md alone with gmssl of Python's index: SM2, SM3 and SM4 in Python, with no
line of OpenSSL. Fetched by Tests/python-packages; where it is missing the tests that want it fail."""

import base64
import json
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / ".build/python"))

from gmssl import func, sm2, sm3, sm4  # noqa: E402
from renewal_connector import element, elements  # noqa: E402

SM2_KEY = bytes.fromhex("301306072a8648ce3d020106082a811ccf5501822d")
SM2_SM3 = element(0x30, bytes.fromhex("06082a811ccf55018375"))
SM4_ECB = element(0x30, bytes.fromhex("06082a811ccf55016801"))
ORDER = int(sm2.default_ecc_table["n"], 16)


def digest(data):
    return sm3.sm3_hash(func.bytes_to_list(data))


class Key:
    """An SM2 key; with `private` None only its public half, X ‖ Y."""

    def __init__(self, private=None, point=None):
        self.private = private
        base = sm2.CryptSM2("", "")
        self.point = point or bytes.fromhex(base._kg(private, base.ecc_table["g"]))

    @classmethod
    def new(cls):
        return cls(int.from_bytes(os.urandom(40), "big") % (ORDER - 1) + 1)

    def _crypt(self):
        made = sm2.CryptSM2("" if self.private is None else f"{self.private:064x}", "", mode=1, asn1=True)
        # Its own initialiser takes the digits 0 and 4 for the mark of an uncompressed point.
        made.public_key = self.point.hex()
        return made

    def sign(self, message):
        return bytes.fromhex(self._crypt().sign_with_sm3(message))

    def verifies(self, signature, message):
        return bool(self._crypt().verify_with_sm3(signature.hex(), message))

    def encrypt(self, plain):
        """SM2Cipher of GM/T 0009, DER."""
        cipher = self._crypt().encrypt(plain)
        return element(
            0x30, integer(cipher[:32]) + integer(cipher[32:64]) + element(4, cipher[64:96]) + element(4, cipher[96:]))

    def decrypt(self, der):
        (_, body, _), = elements(der)
        x, y, hash, text = (content for _, content, _ in elements(body))
        numbers = b"".join(int.from_bytes(part, "big").to_bytes(32, "big") for part in (x, y))
        return self._crypt().decrypt(numbers + hash + text)

    @property
    def info(self):
        return element(0x30, SM2_KEY + element(3, b"\0\4" + self.point))


def integer(number):
    value = number.lstrip(b"\0") or b"\0"
    return element(2, (b"\0" if value[0] & 0x80 else b"") + value)


def sm4_ecb(key, data, encrypt):
    # Neither of its two paddings: whole blocks.
    cipher = sm4.CryptSM4(padding_mode=-1)
    cipher.set_key(key, sm4.SM4_ENCRYPT if encrypt else sm4.SM4_DECRYPT)
    return cipher.crypt_ecb(data)


def parts(der):
    """The elements of a SEQUENCE, whole."""
    (_, content, _), = elements(der)
    return [whole for _, _, whole in elements(content)]


def bits(element_):
    (_, content, _), = elements(element_)
    return content[1:]


def check_csr(der):
    """Subject and key of a request that its own key has signed."""
    information, algorithm, signature = parts(der)
    assert algorithm == SM2_SM3
    _, subject, info, attributes = parts(information)
    assert info.startswith(Key(point=info[-64:]).info[:-64]) and attributes == b"\xa0\0"
    key = Key(point=info[-64:])
    assert key.verifies(bits(signature), information)
    return subject, key


def make_csr(subject, key):
    information = element(0x30, element(2, b"\0") + subject + key.info + b"\xa0\0")
    return element(0x30, information + SM2_SM3 + element(3, b"\0" + key.sign(information)))


def utc(seconds):
    return element(0x17, time.strftime("%y%m%d%H%M%SZ", time.gmtime(seconds)).encode())


def certificate(issuer, issuer_key, subject, key, usage, authority=False, days=400):
    """`usage`: the BIT STRING of KeyUsage."""
    def extension(oid, value):
        return element(0x30, element(6, bytes.fromhex(oid)) + b"\x01\x01\xff" + element(4, value))

    now = int(time.time())
    constraints = element(0x30, b"\x01\x01\xff" if authority else b"")
    extensions = element(0x30, extension("551d13", constraints) + extension("551d0f", element(3, usage)))
    body = element(
        0x30, element(0xA0, b"\x02\x01\x02") + integer(os.urandom(8)) + SM2_SM3 + issuer
        + element(0x30, utc(now - 60) + utc(now + days * 86400)) + subject + key.info + element(0xA3, extensions))
    return element(0x30, body + SM2_SM3 + element(3, b"\0" + issuer_key.sign(body)))


def check_certificate(der, issuer_key):
    """Subject and key of a certificate that this issuer has signed."""
    body, algorithm, signature = parts(der)
    assert algorithm == SM2_SM3 and issuer_key.verifies(bits(signature), body)
    fields = parts(body)
    return fields[5], Key(point=fields[6][-64:])


def certificate_key(der):
    """The public key in it, whoever signed it."""
    return Key(point=parts(parts(der)[0])[6][-64:])


def answer(csr, issuer, issuer_key):
    """CSRResponse of GM/T 0092: both certificates, and the private key of the second."""
    subject, key = check_csr(csr)
    pair, session = Key.new(), os.urandom(16)
    envelope = element(
        0x30, SM4_ECB + key.encrypt(session) + element(3, b"\0\4" + pair.point)
        + element(3, b"\0" + sm4_ecb(session, pair.private.to_bytes(32, "big"), True)))
    first = certificate(issuer, issuer_key, subject, key, b"\x06\xc0")
    second = certificate(issuer, issuer_key, subject, pair, b"\x03\x38")
    return element(0x30, element(0x31, first) + element(0xA0, envelope) + element(0xA1, second))


def open_answer(der, key):
    """Both certificates, and the private key that came with the second, opened with the key of the request."""
    (first_tag, first, _), (envelope_tag, envelope, _), (second_tag, second, _) = elements(elements_of(der))
    assert (first_tag, envelope_tag, second_tag) == (0x31, 0xA0, 0xA1)
    algorithm, cipher, public, private = parts(envelope)
    assert algorithm == SM4_ECB
    number = sm4_ecb(key.decrypt(cipher), bits(private), False)
    assert len(number) == 32
    pair = Key(int.from_bytes(number, "big"))
    assert b"\4" + pair.point == bits(public)
    return first, second, pair


def elements_of(der):
    (_, content, _), = elements(der)
    return content


def make_order(serial, csr, old, old_key, container="ukey-0123456789abcdef"):
    """An order as Docs/renewal.md has it."""
    order = {
        "format": "ukey.renewal-order", "version": 1, "order": os.urandom(8).hex(), "kind": "renew", "created": int(time.time()),
        "keySerial": serial, "application": "A", "container": container, "csr": base64.b64encode(csr).decode(),
        "certificate": base64.b64encode(old).decode()}
    statement = "".join(
        line + "\n" for line in (
            "ukey-renewal/1", f"order {order['order']}", "kind renew", f"key {serial}", f"container {container}",
            f"csr {digest(csr)}", "request -", f"time {order['created']}"))
    order["signature"] = base64.b64encode(old_key.sign(statement.encode())).decode()

    def canonical():
        return json.dumps(order, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    order["digest"] = digest(canonical())
    return canonical()
