#!/usr/bin/env python3
"""Checks unlock requests and responses by Docs/unlock-format.md alone: written from that text, sharing no code with ukey.

usage: unlock_checker.py REQUEST.ukreq [RESPONSE.ukresp]
"""

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
    bits = int.from_bytes(digest, "big") >> (len(digest) * 8 - 60)
    text = "".join("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[bits >> shift & 31] for shift in range(55, -1, -5))
    return "-".join(text[start:start + 4] for start in (0, 4, 8))


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
