#!/usr/bin/env python3
"""Checks unlock requests and responses by Docs/unlock-format.md alone: written from that text, sharing no code with ukey.

usage: unlock_checker.py REQUEST.ukreq [RESPONSE.ukresp]
"""

import base64
import hashlib
import json
import sys
from dataclasses import dataclass, field


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

    filled = new.ljust(16, b"\0")
    if profile == "A-lm":
        return {"data": (application + ecb(padded(len(new).to_bytes(2, "little") + new)) + mac(new)).hex()}
    if profile == "A-be":
        data = application + ecb(padded(b"\x10\x00" + filled))
        return {"data": (data + mac(bytes.fromhex("841a0000000026") + data)).hex()}
    if profile == "B-le":
        data = application + ecb(filled)
        return {
            "authentication": ecb(random.ljust(16, b"\0")).hex(),
            "data": (data + mac(bytes.fromhex("841a000000120000") + data)).hex(),
        }
    raise Refused(f"unknown profile {profile}")


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


def load(data, kind):
    """The document, after the checks of form, version and digest."""
    if len(data) > 65536:
        raise Refused("too large")
    try:
        document = json.loads(data.decode("utf-8"), object_pairs_hook=unique)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Refused(f"not JSON: {error}") from None
    if not isinstance(document, dict) or canonical(document) != data:
        raise Refused("not in canonical form")
    if document.get("format") != kind or document.get("version") != 1:
        raise Refused("another format or version")
    if seal(document) != data:
        raise Refused("the digest is wrong")
    return document


def digest_of(data):
    return bytes.fromhex(json.loads(data)["digest"])


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
    challenge = document.get("challenge") or {}
    compact = {
        "kind": document["kind"], "created": document["created"], "serial": document["key"].get("serial", ""),
        "profile": challenge.get("profile", ""), "application": document["application"],
        "applicationId": challenge.get("applicationId", ""), "random": challenge.get("random", ""),
        "digest": document["digest"],
    }
    return Request(document, digest, check_code(digest), compact)


def parse_compact(text):
    from urllib.parse import unquote

    mark, kind, created, serial, profile, application, identifier, random, digest = text.split("/")
    if mark != "UKREQ1":
        raise Refused("no compact request")
    return {
        "kind": kind.lower(), "created": int(created), "serial": unquote(serial), "profile": unquote(profile),
        "application": unquote(application), "applicationId": identifier.lower(), "random": random.lower(),
        "digest": digest.lower(),
    }


def check_response(data, request):
    """What is wrong with a response to this request, as a list of words; empty when nothing is."""
    try:
        response = load(data, "ukey.unlock-response")
    except Refused as error:
        return [str(error)]
    wrong = []
    if response["request"] != request.document["digest"]:
        wrong.append("answers another request")
    if response["keySerial"] != request.document["key"].get("serial"):
        wrong.append("for another key")
    if response["challenge"] != request.document.get("challenge"):
        wrong.append("for another challenge")
    if not request.document["created"] - 600 <= response["created"] <= response["expires"]:
        wrong.append("its times do not fit")
    payload = bytes.fromhex(response["payload"]["data"])
    if payload[:2].hex() != response["challenge"]["applicationId"] or (len(payload) - 6) % 16:
        wrong.append("the payload is not UNBLOCK PIN data for this application")
    return wrong


def main():
    try:
        with open(sys.argv[1], "rb") as file:
            request = check_request(file.read())
        print("request ", request.check_code)
        if len(sys.argv) > 2:
            with open(sys.argv[2], "rb") as file:
                data = file.read()
            wrong = check_response(data, request)
            print("response", check_code(digest_of(data)) if not wrong else "refused: " + "; ".join(wrong))
            return 1 if wrong else 0
    except Refused as error:
        print("refused:", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
