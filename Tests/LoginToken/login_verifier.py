#!/usr/bin/env python3
"""Verifies login tokens by Docs/login-token.md alone: written from that text, sharing no code with ukey and using no
library of cryptography.

usage: login_verifier.py TOKEN.json ORIGIN NONCE CA.der...
"""

import base64
import binascii
import datetime
import hashlib
import json
import re
import sys
from dataclasses import dataclass


class Refused(ValueError):
    """args[0] is the name of the refusal."""


# Elliptic curves y² = x³ - 3x + b over p, all with a = -3 (GB/T 32918.5, FIPS 186-4 D.1.2).


@dataclass(frozen=True)
class Curve:
    p: int
    b: int
    n: int
    g: tuple

    @property
    def size(self):
        return (self.n.bit_length() + 7) // 8

    def holds(self, point):
        x, y = point
        return 0 <= x < self.p and 0 <= y < self.p and (y * y - x * x * x + 3 * x - self.b) % self.p == 0

    def add(self, left, right):
        if left is None or right is None:
            return left or right
        (x1, y1), (x2, y2) = left, right
        if x1 == x2:
            if (y1 + y2) % self.p == 0:
                return None
            slope = (3 * x1 * x1 - 3) * pow(2 * y1, -1, self.p)
        else:
            slope = (y2 - y1) * pow(x2 - x1, -1, self.p)
        x3 = (slope * slope - x1 - x2) % self.p
        return x3, (slope * (x1 - x3) - y1) % self.p

    def times(self, factor, point):
        result = None
        while factor:
            if factor & 1:
                result = self.add(result, point)
            point = self.add(point, point)
            factor >>= 1
        return result


SM2 = Curve(
    0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF,
    0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93,
    0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123,
    (0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
     0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0))
P256 = Curve(
    2**256 - 2**224 + 2**192 + 2**96 - 1,
    0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
    0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
     0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5))
P384 = Curve(
    2**384 - 2**128 - 2**96 + 2**32 - 1,
    0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
    0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
    (0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
     0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F))


def sm3(data):
    """GB/T 32905-2016."""

    def rotate(value, count):
        count %= 32
        return ((value << count) | (value >> (32 - count))) & 0xFFFFFFFF

    state = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    message = data + b"\x80" + b"\x00" * ((55 - len(data)) % 64) + (8 * len(data)).to_bytes(8, "big")
    for start in range(0, len(message), 64):
        w = [int.from_bytes(message[start + 4 * i:start + 4 * i + 4], "big") for i in range(16)]
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ rotate(w[j - 3], 15)
            w.append(x ^ rotate(x, 15) ^ rotate(x, 23) ^ rotate(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = state
        for j in range(64):
            ss1 = rotate((rotate(a, 12) + e + rotate(0x79CC4519 if j < 16 else 0x7A879D8A, j)) & 0xFFFFFFFF, 7)
            ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
            gg = e ^ f ^ g if j < 16 else (e & f) | (~e & g & 0xFFFFFFFF)
            tt1 = (ff + d + (ss1 ^ rotate(a, 12)) + (w[j] ^ w[j + 4])) & 0xFFFFFFFF
            tt2 = (gg + h + ss1 + w[j]) & 0xFFFFFFFF
            d, c, b, a = c, rotate(b, 9), a, tt1
            h, g, f, e = g, rotate(f, 19), e, tt2 ^ rotate(tt2, 9) ^ rotate(tt2, 17)
        state = [old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h))]
    return b"".join(word.to_bytes(4, "big") for word in state)


assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


# DER


def elements(data):
    """(tag, content, whole) of each element."""
    place = 0
    while place < len(data):
        start = place
        tag, length = data[place], data[place + 1]
        place += 2
        if length >= 0x80:
            count = length & 0x7F
            length = int.from_bytes(data[place:place + count], "big")
            place += count
        if place + length > len(data):
            raise Refused("malformed")
        yield tag, data[place:place + length], data[start:place + length]
        place += length


def parts(data):
    return list(elements(data))


def oid(content):
    arcs, value = [], 0
    for byte in content:
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            arcs.append(value)
            value = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, [first, arcs[0] - 40 * first] + arcs[1:]))


def numbers(signature):
    """r and s of a DER signature."""
    outer = parts(signature)
    if len(outer) != 1 or outer[0][0] != 0x30:
        raise Refused("signature-wrong")
    inner = parts(outer[0][1])
    if [tag for tag, _, _ in inner] != [2, 2]:
        raise Refused("signature-wrong")
    return [int.from_bytes(content, "big", signed=True) for _, content, _ in inner]


# Certificates


@dataclass
class Certificate:
    der: bytes
    signed: bytes
    signature_algorithm: str
    signature: bytes
    issuer: bytes
    subject: bytes
    not_before: datetime.datetime
    not_after: datetime.datetime
    key: tuple
    extensions: dict

    @property
    def key_usage(self):
        """The first byte of the bits; None when absent."""
        value = self.extensions.get("2.5.29.15")
        return value and parts(value)[0][1][1]

    @property
    def common_name(self):
        for _, names, _ in elements(self.subject):
            for _, attribute, _ in elements(names):
                kind, value = parts(attribute)[:2]
                if oid(kind[1]) == "2.5.4.3":
                    return value[1].decode()
        return None

    @property
    def uscc(self):
        value = self.extensions.get("1.2.156.10260.4.1.4")
        return value and parts(value)[0][1].decode()


def moment(tag, content):
    text = content.decode()
    if tag == 0x17:
        text = ("19" if int(text[:2]) >= 50 else "20") + text
    return datetime.datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=datetime.timezone.utc)


def public_key(info):
    algorithm, bits = parts(info)
    kind, *parameters = parts(algorithm[1])
    data = bits[1][1:]
    if oid(kind[1]) == "1.2.840.113549.1.1.1":
        modulus, exponent = (int.from_bytes(content, "big") for _, content, _ in elements(parts(data)[0][1]))
        return "RSA-SHA256", modulus, exponent
    names = {
        "1.2.156.10197.1.301": ("SM2-SM3", SM2), "1.2.840.10045.3.1.7": ("ECDSA-SHA256", P256),
        "1.3.132.0.34": ("ECDSA-SHA384", P384)}
    name, curve = names[oid(parameters[0][1])]
    point = int.from_bytes(data[1:1 + curve.size], "big"), int.from_bytes(data[1 + curve.size:], "big")
    if data[0] != 4 or not curve.holds(point):
        raise Refused("certificate-malformed")
    return name, curve, point


def certificate(der):
    try:
        outer = parts(der)
        body, algorithm, signature = parts(outer[0][1])
        if len(outer) != 1:
            raise Refused("certificate-malformed")
        fields = [field for field in elements(body[1]) if field[0] != 0xA0]
        _, _, issuer, validity, subject, key, *rest = fields
        extensions = {}
        for tag, content, _ in rest:
            if tag == 0xA3:
                for _, extension, _ in elements(parts(content)[0][1]):
                    inner = parts(extension)
                    extensions[oid(inner[0][1])] = inner[-1][1]
        start, end = (moment(tag, content) for tag, content, _ in elements(validity[1]))
        return Certificate(
            der, body[2], oid(parts(algorithm[1])[0][1]), signature[1][1:], issuer[1], subject[1], start, end,
            public_key(key[1]), extensions)
    except (IndexError, KeyError, ValueError, UnicodeDecodeError):
        raise Refused("certificate-malformed") from None


# Signatures


def fits(key, message, signature):
    name, *parameters = key
    if name == "RSA-SHA256":
        modulus, exponent = parameters
        size = (modulus.bit_length() + 7) // 8
        info = bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(message).digest()
        block = b"\x00\x01" + b"\xff" * (size - len(info) - 3) + b"\x00" + info
        return len(signature) == size and pow(int.from_bytes(signature, "big"), exponent, modulus) == int.from_bytes(
            block, "big")
    curve, point = parameters
    r, s = numbers(signature)
    if not (0 < r < curve.n and 0 < s < curve.n):
        return False
    if name == "SM2-SM3":
        identity = b"1234567812345678"
        z = sm3(
            (8 * len(identity)).to_bytes(2, "big") + identity
            + b"".join(value.to_bytes(32, "big") for value in (curve.p - 3, curve.b, *curve.g, *point)))
        e = int.from_bytes(sm3(z + message), "big")
        t = (r + s) % curve.n
        found = t and curve.add(curve.times(s, curve.g), curve.times(t, point))
        return bool(found) and (e + found[0]) % curve.n == r
    digest = hashlib.sha256 if name == "ECDSA-SHA256" else hashlib.sha384
    e = int.from_bytes(digest(message).digest(), "big")
    w = pow(s, -1, curve.n)
    found = curve.add(curve.times(e * w % curve.n, curve.g), curve.times(r * w % curve.n, point))
    return found is not None and found[0] % curve.n == r


def plain_base64(text, name):
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise Refused(name) from None
    if base64.b64encode(data).decode() != text:
        raise Refused(name)
    return data


def unique(pairs):
    if len({key for key, _ in pairs}) != len(pairs):
        raise Refused("malformed")
    return dict(pairs)


def verify(text, origin, nonce, authorities, now=None):
    """The certificate that logged in. `nonce` is the one kept with the session."""
    now = now or datetime.datetime.now(datetime.timezone.utc)
    if len(text) > 32768:
        raise Refused("malformed")
    try:
        token = json.loads(text, object_pairs_hook=unique)
    except (ValueError, RecursionError):
        raise Refused("malformed") from None
    if not isinstance(token, dict) or "format" not in token:
        raise Refused("malformed")
    if token["format"] != "ukey:1":
        raise Refused("unknown-format")
    holder = certificate(plain_base64(token.get("certificate"), "malformed"))
    signature = plain_base64(token.get("signature"), "malformed")
    if token.get("algorithm") != holder.key[0]:
        raise Refused("algorithm")
    if not re.fullmatch("[!-~]{44,128}", nonce):
        raise Refused("challenge-unknown")
    message = (
        f"ukey:1 login\norigin {origin}\nnonce {nonce}\n"
        f"certificate {hashlib.sha256(holder.der).hexdigest()}\n").encode()
    if not fits(holder.key, message, signature):
        raise Refused("signature-wrong")
    usage = holder.key_usage
    if usage is not None and not usage & 0xC0:
        raise Refused("key-usage")
    if now < holder.not_before:
        raise Refused("certificate-not-yet-valid")
    if now > holder.not_after:
        raise Refused("certificate-expired")
    # One link is enough here; a site with CAs below its roots goes on in the same way.
    for der in authorities:
        authority = certificate(der)
        if authority.subject == holder.issuer and fits(authority.key, holder.signed, holder.signature):
            return holder
    raise Refused("untrusted")


def main():
    path, origin, nonce, *files = sys.argv[1:]
    authorities = [open(file, "rb").read() for file in files]
    try:
        holder = verify(open(path, "rb").read().decode(), origin, nonce, authorities)
    except Refused as refused:
        print("refused:", refused.args[0])
        return 1
    print("login:", holder.common_name, holder.uscc)
    return 0


if __name__ == "__main__":
    sys.exit(main())
