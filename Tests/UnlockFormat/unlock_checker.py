#!/usr/bin/env python3
"""Checks unlock requests and responses by Docs/unlock-format.md alone: written from that text, sharing no code with ukey.

usage: unlock_checker.py REQUEST.ukreq [CHALLENGE.ukchl RESPONSE.ukresp DESK.crt]
"""

import base64
import hashlib
import json
import re
import secrets
import subprocess
import sys
from dataclasses import dataclass, field
from urllib.parse import unquote


def sm3(data):
    """GB/T 32905-2016, from its formulas."""

    def rotate(value, count):
        count %= 32
        return ((value << count) | (value >> (32 - count))) & 0xFFFFFFFF

    def p0(x):
        return x ^ rotate(x, 9) ^ rotate(x, 17)

    def p1(x):
        return x ^ rotate(x, 15) ^ rotate(x, 23)

    state = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    message = data + b"\x80" + b"\x00" * ((55 - len(data)) % 64) + (8 * len(data)).to_bytes(8, "big")
    for start in range(0, len(message), 64):
        w = [int.from_bytes(message[start + 4 * i:start + 4 * i + 4], "big") for i in range(16)]
        for j in range(16, 68):
            w.append(p1(w[j - 16] ^ w[j - 9] ^ rotate(w[j - 3], 15)) ^ rotate(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = state
        for j in range(64):
            constant = 0x79CC4519 if j < 16 else 0x7A879D8A
            ss1 = rotate((rotate(a, 12) + e + rotate(constant, j)) & 0xFFFFFFFF, 7)
            ss2 = ss1 ^ rotate(a, 12)
            ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
            gg = e ^ f ^ g if j < 16 else (e & f) | (~e & g & 0xFFFFFFFF)
            tt1 = (ff + d + ss2 + (w[j] ^ w[j + 4])) & 0xFFFFFFFF
            tt2 = (gg + h + ss1 + w[j]) & 0xFFFFFFFF
            d, c, b, a = c, rotate(b, 9), a, tt1
            h, g, f, e = g, rotate(f, 19), e, p0(tt2)
        state = [old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h))]
    return b"".join(word.to_bytes(4, "big") for word in state)


assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def sm4_box():
    """GB/T 32907-2016, from its algebra: affine, inverse in GF(2^8) modulo x^8+x^7+x^6+x^5+x^4+x^2+1, affine."""

    def times(a, b):
        product = 0
        while b:
            product ^= a if b & 1 else 0
            a, b = (a << 1) ^ (0x1F5 if a & 0x80 else 0), b >> 1
        return product

    def affine(x):
        rows = [(0xA7 << turn | 0xA7 >> (8 - turn)) & 0xFF for turn in range(8)]
        return 0xD3 ^ sum((bin(row & x).count("1") & 1) << bit for bit, row in enumerate(rows))

    inverse = {0: 0, **{a: b for a in range(1, 256) for b in range(1, 256) if times(a, b) == 1}}
    return [affine(inverse[affine(x)]) for x in range(256)]


SM4_BOX = sm4_box()


def sm4(key, block):
    """One block encrypted."""

    def rotate(value, count):
        return ((value << count) | (value >> (32 - count))) & 0xFFFFFFFF

    def box(value):
        return int.from_bytes(bytes(SM4_BOX[byte] for byte in value.to_bytes(4, "big")), "big")

    def words(data):
        return [int.from_bytes(data[start:start + 4], "big") for start in range(0, 16, 4)]

    k = [a ^ b for a, b in zip(words(key), (0xA3B1BAC6, 0x56AA3350, 0x677D9197, 0xB27022DC))]
    x = words(block)
    for number in range(32):
        constant = int.from_bytes(bytes((4 * number + j) * 7 % 256 for j in range(4)), "big")
        mixed = box(k[1] ^ k[2] ^ k[3] ^ constant)
        k = k[1:] + [k[0] ^ mixed ^ rotate(mixed, 13) ^ rotate(mixed, 23)]
        mixed = box(x[1] ^ x[2] ^ x[3] ^ k[3])
        x = x[1:] + [x[0] ^ mixed ^ rotate(mixed, 2) ^ rotate(mixed, 10) ^ rotate(mixed, 18) ^ rotate(mixed, 24)]
    return b"".join(word.to_bytes(4, "big") for word in reversed(x))


SAMPLE = bytes.fromhex("0123456789abcdeffedcba9876543210")
assert sm4(SAMPLE, SAMPLE).hex() == "681edf34d206965e86b3e94f536e4246"


def padded(data):
    """80 00 … to whole blocks, always at least one byte."""
    return data + b"\x80" + bytes(-(len(data) + 1) % 16)


def payload(profile, admin, new, random, application):
    """The member `payload` of a response."""
    key = hashlib.sha1(admin[:16].ljust(16, b"\0")).digest()[:16]

    def ecb(data):
        return b"".join(sm4(key, data[start:start + 16]) for start in range(0, len(data), 16))

    def mac(message):
        chain = random.ljust(16, b"\0")
        message = padded(message)
        for start in range(0, len(message), 16):
            chain = sm4(key, bytes(a ^ b for a, b in zip(chain, message[start:start + 16])))
        return chain[:4]

    if profile == "A-lm":
        return {"data": (application + ecb(padded(len(new).to_bytes(2, "little") + new)) + mac(new)).hex()}
    if profile == "B-le":
        data = application + ecb(new.ljust(16, b"\0"))
        return {
            "authentication": ecb(random.ljust(16, b"\0")).hex(),
            "data": (data + mac(bytes.fromhex("841a000000120000") + data)).hex(),
        }
    raise Refused(f"unknown profile {profile}")


# SM2 on its curve (GM/T 0003.5), by the formulas of GM/T 0003.1 to .4: slow, and only to check.
P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G = (0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
     0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0)
IDENTITY = b"1234567812345678"


def on_curve(point):
    x, y = point
    return 0 <= x < P and 0 <= y < P and (y * y - (x * x * x + A * x + B)) % P == 0


def add(left, right):
    if left is None or right is None:
        return left or right
    (x1, y1), (x2, y2) = left, right
    if x1 == x2 and (y1 + y2) % P == 0:
        return None
    slope = (3 * x1 * x1 + A) * pow(2 * y1, -1, P) if left == right else (y2 - y1) * pow(x2 - x1, -1, P)
    x3 = (slope * slope - x1 - x2) % P
    return x3, (slope * (x1 - x3) - y1) % P


def times(number, point):
    result = None
    while number:
        if number & 1:
            result = add(result, point)
        point, number = add(point, point), number >> 1
    return result


def octets(number):
    return number.to_bytes(32, "big")


def point_of(data):
    """A point from 04 ‖ X ‖ Y."""
    point = int.from_bytes(data[1:33], "big"), int.from_bytes(data[33:], "big")
    if len(data) != 65 or data[0] != 4 or not on_curve(point):
        raise Refused("no point of the curve")
    return point


def point_bytes(point):
    return b"\x04" + octets(point[0]) + octets(point[1])


def derive(secret, length):
    """The key derivation of GM/T 0003.3 §5.4.3."""
    stream = b"".join(sm3(secret + count.to_bytes(4, "big")) for count in range(1, length // 32 + 2))
    return stream[:length]


def der(tag, content):
    size = len(content)
    length = bytes([size]) if size < 128 else bytes([0x81, size]) if size < 256 else b"\x82" + size.to_bytes(2, "big")
    return bytes([tag]) + length + content


def der_number(number):
    return der(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def der_items(data, tags):
    """The contents of a SEQUENCE of just these tags."""

    def item(data):
        if len(data) < 2:
            raise Refused("no DER")
        size, start = data[1], 2
        if size > 0x80:
            start += size - 0x80
            size = int.from_bytes(data[2:start], "big")
        if len(data) < start + size:
            raise Refused("no DER")
        return data[0], data[start:start + size], data[start + size:]

    tag, rest, after = item(data)
    found = []
    while rest:
        tag_found, content, rest = item(rest)
        found.append((tag_found, content))
    if tag != 0x30 or after or [each[0] for each in found] != tags:
        raise Refused("not this DER")
    return [each[1] for each in found]


def sm2_encrypt(point, plain):
    """SM2Cipher of GM/T 0009 §7.2."""
    k = secrets.randbelow(N - 1) + 1
    x1, y1 = times(k, G)
    x2, y2 = times(k, point)
    cipher = bytes(a ^ b for a, b in zip(plain, derive(octets(x2) + octets(y2), len(plain))))
    check = sm3(octets(x2) + plain + octets(y2))
    return der(0x30, der_number(x1) + der_number(y1) + der(4, check) + der(4, cipher))


def sm2_decrypt(private, data):
    x, y, check, cipher = der_items(data, [2, 2, 4, 4])
    x2, y2 = times(private, point_of(b"\x04" + octets(int.from_bytes(x, "big")) + octets(int.from_bytes(y, "big"))))
    plain = bytes(a ^ b for a, b in zip(cipher, derive(octets(x2) + octets(y2), len(cipher))))
    if sm3(octets(x2) + plain + octets(y2)) != check:
        raise Refused("sealed to another key")
    return plain


def sm2_hash(point, message):
    bits = len(IDENTITY) * 8
    z = sm3(bits.to_bytes(2, "big") + IDENTITY + b"".join(octets(each) for each in (A, B, *G, *point)))
    return int.from_bytes(sm3(z + message), "big")


def sm2_sign(private, message):
    e = sm2_hash(times(private, G), message)
    while True:
        k = secrets.randbelow(N - 1) + 1
        r = (e + times(k, G)[0]) % N
        s = (k - r * private) * pow(1 + private, -1, N) % N
        if r and r + k != N and s:
            return der(0x30, der_number(r) + der_number(s))


def sm2_verify(point, message, signature):
    r, s = (int.from_bytes(each, "big") for each in der_items(signature, [2, 2]))
    t = (r + s) % N
    if not 0 < r < N or not 0 < s < N or not t:
        return False
    return (sm2_hash(point, message) + add(times(s, G), times(t, point))[0]) % N == r


# Example 1 of GM/T 0003.5 annex A, in effect: what is signed verifies, what is sealed opens, and nothing else.
def sm2_works():
    private = 0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8
    public = times(private, G)
    return (
        on_curve(public) and octets(public[0]).hex().startswith("09f9df311e5421a150dd7d161e4bc5c6")
        and sm2_verify(public, b"message digest", sm2_sign(private, b"message digest"))
        and not sm2_verify(public, b"message digesT", sm2_sign(private, b"message digest"))
        and sm2_decrypt(private, sm2_encrypt(public, b"encryption standard")) == b"encryption standard")


assert sm2_works()


def derived_admin_pin(master, issuer, serial):
    """The administrator PIN of one key, see §8."""
    message = b"ukey-admin/1"
    for text in (issuer.encode(), serial.encode()):
        message += len(text).to_bytes(2, "big") + text
    key = (sm3(master) if len(master) > 64 else master).ljust(64, b"\0")
    inner = sm3(bytes(byte ^ 0x36 for byte in key) + message)
    return base64.urlsafe_b64encode(sm3(bytes(byte ^ 0x5C for byte in key) + inner))[:16]


def audit_break(data):
    """The number of the first line at which a record is not as it was written; None when it is whole."""
    before, tied = bytes(32), False
    for number, line in enumerate(data.split(b"\n")[:-1], 1):
        try:
            decision = json.loads(line)
        except ValueError:
            decision = None
        if isinstance(decision, dict):
            if "prev" in decision:
                tied = True
                if decision["prev"] != before.hex() or decision.get("number") != number:
                    return number
            elif tied:
                return number
        before = sm3(line)
    return None


class Refused(ValueError):
    """The file is not what it says."""


def canonical(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def seal(document):
    """The bytes of a document with its digest made anew."""
    members = {key: value for key, value in document.items() if key != "digest"}
    return canonical(dict(members, digest=sm3(canonical(members)).hex()))


def unique(pairs):
    if len({key for key, _ in pairs}) != len(pairs):
        raise Refused("a key twice")
    return dict(pairs)


def load(data, kind, versions=(1, 2)):
    """The document, after the checks of form, version and digest."""
    if len(data) > 65536:
        raise Refused("too large")
    try:
        document = json.loads(data.decode("utf-8"), object_pairs_hook=unique)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Refused(f"not JSON: {error}") from None
    if not isinstance(document, dict) or canonical(document) != data:
        raise Refused("not in canonical form")
    if document.get("format") != kind or document.get("version") not in versions:
        raise Refused("another format or version")
    if seal(document) != data:
        raise Refused("the digest is wrong")
    return document


def digest_of(data):
    """Of a document, or of a line."""
    if data.startswith(b"{"):
        return bytes.fromhex(json.loads(data)["digest"])
    return sm3(data.strip())


def check_code(digest):
    bits = int.from_bytes(digest, "big") >> (len(digest) * 8 - 100)
    text = "".join("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[bits >> shift & 31] for shift in range(95, -1, -5))
    return "-".join(text[start:start + 4] for start in range(0, 20, 4))


@dataclass
class Request:
    document: dict
    digest: bytes
    check_code: str
    compact: dict = field(default_factory=dict)


def check_request(data):
    document = load(data, "ukey.unlock-request")
    digest = bytes.fromhex(document["digest"])
    compact = {
        "kind": document["kind"], "created": document["created"], "serial": document["key"].get("serial", ""),
        "application": document["application"], "waitingKey": document.get("waitingKey", ""),
        "digest": document["digest"],
    }
    return Request(document, digest, check_code(digest), compact)


def line_fields(text, mark, names):
    """The fields of a document of one line."""
    fields = text.strip().split("/")
    if fields[0] != mark or len(fields) != len(names) + 1 or not re.fullmatch(r"[0-9A-Z%./-]+", text.strip()):
        raise Refused(f"no {mark} line")
    return dict(zip(names, fields[1:]))


def text_field(text):
    """A text as a field: every character but digits, capitals, `-` and `.` as %XX."""
    return "".join(chr(byte) if re.match(rb"[0-9A-Z.-]", bytes([byte])) else f"%{byte:02X}" for byte in text.encode())


def parse_compact(text):
    fields = line_fields(text, "UKREQ2", ["kind", "created", "serial", "application", "waitingKey", "digest"])
    return {
        "kind": fields["kind"].lower(), "created": int(fields["created"]), "serial": unquote(fields["serial"]),
        "application": unquote(fields["application"]), "waitingKey": fields["waitingKey"].lower(),
        "digest": fields["digest"].lower(),
    }


@dataclass
class Challenge:
    request: str
    created: int
    serial: str
    profile: str
    application: str
    application_id: bytes
    random: bytes

    def line(self):
        body = "/".join([
            "UKCHL2", self.request.upper(), str(self.created), text_field(self.serial), text_field(self.profile),
            text_field(self.application), self.application_id.hex().upper(), self.random.hex().upper()])
        return body + "/" + check_code(sm3(body.encode())).replace("-", "")[:8]

    def digest(self):
        return sm3(self.line().encode())


def parse_challenge(text):
    fields = line_fields(
        text, "UKCHL2", ["request", "created", "serial", "profile", "application", "id", "random", "check"])
    challenge = Challenge(
        fields["request"].lower(), int(fields["created"]), unquote(fields["serial"]), unquote(fields["profile"]),
        unquote(fields["application"]), bytes.fromhex(fields["id"]), bytes.fromhex(fields["random"]))
    if challenge.line() != text.strip():
        raise Refused("the challenge was mistyped")
    return challenge


RESPONSE_FIELDS = ["request", "challenge", "serial", "created", "expires", "desk", "sealed", "signature"]


def certificate_point(certificate):
    """04 ‖ X ‖ Y of an SM2 certificate in DER: behind its algorithm identifier, as a BIT STRING."""
    mark = bytes.fromhex("06082a811ccf5501822d034200")
    return point_of(certificate[certificate.index(mark) + len(mark):][:65])


def make_response(request, challenge, admin, new, certificate, private, created, recipient=None, expires=None):
    """The line of an answer. `request`: of check_request; `certificate`: DER; `private`: the desk's number."""
    head = "/".join([
        "UKRSP2", request.document["digest"].upper(), challenge.digest().hex().upper(), text_field(challenge.serial),
        str(created), str(challenge.created + 900 if expires is None else expires), sm3(certificate).hex().upper()])
    made = payload(challenge.profile, admin, new, challenge.random, challenge.application_id)
    parts = [bytes.fromhex(made.get("authentication", "")), bytes.fromhex(made["data"]), new]
    plain = sm3(head.encode()) + b"".join(bytes([len(part)]) + part for part in parts)
    point = point_of(bytes.fromhex(recipient or request.document["waitingKey"]))
    signed = head + "/" + sm2_encrypt(point, plain).hex().upper()
    return signed + "/" + sm2_sign(private, signed.encode()).hex().upper()


def check_response(data, request, challenge, certificate):
    """What is wrong with a response to this request and challenge, as a list of words; empty when nothing is."""
    try:
        text = data.decode("ascii").strip()
        fields = line_fields(text, "UKRSP2", RESPONSE_FIELDS)
        wrong = []
        if fields["request"].lower() != request.document["digest"]:
            wrong.append("answers another request")
        if unquote(fields["serial"]) != request.document["key"].get("serial"):
            wrong.append("for another key")
        if fields["challenge"].lower() != challenge.digest().hex():
            wrong.append("for another challenge")
        if int(fields["expires"]) != challenge.created + 900:
            wrong.append("its times do not fit")
        if fields["desk"].lower() != sm3(certificate).hex():
            return wrong + ["of another desk"]
        signed = text[: text.rindex("/")].encode()
        if not sm2_verify(certificate_point(certificate), signed, bytes.fromhex(fields["signature"])):
            wrong.append("the signature is wrong")
        der_items(bytes.fromhex(fields["sealed"]), [2, 2, 4, 4])
        return wrong
    except (Refused, UnicodeDecodeError, ValueError) as error:
        return [str(error)]


def open_response(data, private):
    """What is sealed: payload and temporary PIN, for who has the waiting key."""
    text = data.decode("ascii").strip()
    fields = line_fields(text, "UKRSP2", RESPONSE_FIELDS)
    plain = sm2_decrypt(private, bytes.fromhex(fields["sealed"]))
    head = text[: text.index("/" + fields["sealed"])]
    if plain[:32] != sm3(head.encode()):
        raise Refused("sealed for another answer")
    parts, rest = [], plain[32:]
    while rest:
        parts.append(rest[1:1 + rest[0]])
        rest = rest[1 + rest[0]:]
    authentication, made, pin = parts
    return ({"authentication": authentication.hex()} if authentication else {}) | {"data": made.hex()}, pin


def pem_number(path):
    """The number of a private SM2 key in a PEM file, as openssl tells it."""
    text = subprocess.run(["openssl", "pkey", "-in", path, "-text", "-noout"], check=True, capture_output=True, text=True)
    found = re.search(r"priv:\s*((?:[0-9a-f]{2}[:\s]*)+)", text.stdout)[1]
    return int(re.sub(r"[:\s]", "", found), 16)


def pem_certificate(path):
    """The DER of a certificate in a PEM file."""
    with open(path, encoding="ascii") as file:
        body = re.search(r"-----BEGIN CERTIFICATE-----(.*?)-----END", file.read(), re.S)[1]
    return base64.b64decode(body)


def main():
    try:
        with open(sys.argv[1], "rb") as file:
            request = check_request(file.read())
        print("request ", request.check_code)
        if len(sys.argv) > 4:
            with open(sys.argv[2], encoding="ascii") as file:
                challenge = parse_challenge(file.read())
            with open(sys.argv[3], "rb") as file:
                data = file.read()
            wrong = check_response(data, request, challenge, pem_certificate(sys.argv[4]))
            print("response", check_code(digest_of(data)) if not wrong else "refused: " + "; ".join(wrong))
            return 1 if wrong else 0
    except Refused as error:
        print("refused:", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
