#!/usr/bin/env python3
"""A second issuer, written from Docs/renewal.md alone: a connector of `ukey desk issue` that certifies with OpenSSL's own
programs. It reads a line of JSON and the PKCS#10 in PEM, and writes CSRResponse (GM/T 0092) as DER.

    UKEY_CA=folder renewal_connector.py < order > answer

The folder has ca.key and ca.pem, made with OpenSSL."""

import json
import os
import subprocess
import sys
from pathlib import Path

DISTID = "distid:1234567812345678"


def openssl(*words, input=b""):
    return subprocess.run(["openssl", *map(str, words)], input=input, check=True, capture_output=True).stdout


def element(tag, content):
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def elements(data):
    """(tag, content, whole) of each element."""
    place = 0
    while place < len(data):
        size, start = data[place + 1], place + 2
        if size >= 128:
            count = size & 127
            size, start = int.from_bytes(data[start:start + count], "big"), start + count
        yield data[place], data[start:start + size], data[place:start + size]
        place = start + size


def certificate(folder, key, csr, usage, name):
    extensions = folder / f"{name}.cnf"
    extensions.write_text(f"basicConstraints=critical,CA:FALSE\nkeyUsage=critical,{usage}\n")
    words = ["x509", "-req", "-in", csr, "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key", "-sm3", "-days", "400",
             "-sigopt", DISTID, "-vfyopt", DISTID, "-extfile", extensions, "-outform", "DER", "-set_serial",
             str(int.from_bytes(os.urandom(8), "big"))]
    return openssl(*words, *(["-force_pubkey", key] if key else []))


def point(key):
    """04 ‖ X ‖ Y of a public key in PEM."""
    der = openssl("pkey", "-pubin", "-in", key, "-outform", "DER")
    return der[-65:]


def enveloped(folder, signature_key, pair):
    """SM2EnvelopedKey, GM/T 0009 §7.4."""
    session = os.urandom(16)
    cipher = openssl("pkeyutl", "-encrypt", "-pubin", "-inkey", signature_key, input=session)
    text = openssl("pkey", "-in", pair, "-noout", "-text").decode()
    number = text.split("priv:")[1].split("pub:")[0].replace(":", "").split()
    private = bytes.fromhex("".join(number))[-32:].rjust(32, b"\0")
    sealed = openssl("enc", "-sm4-ecb", "-nopad", "-K", session.hex(), input=private)
    public = folder / "pair.pub"
    public.write_bytes(openssl("pkey", "-in", pair, "-pubout"))
    oid = bytes.fromhex("06082a811ccf55016801")
    return element(0x30, element(0x30, oid) + cipher + element(0x03, b"\0" + point(public)) + element(0x03, b"\0" + sealed)), public


def main():
    folder = Path(os.environ["UKEY_CA"])
    line, pem = sys.stdin.buffer.read().split(b"\n", 1)
    order = json.loads(line)
    assert order["schema"] == "ukey.issue/1" and len(order["order"]) == 16
    work = folder / order["order"]
    work.mkdir(exist_ok=True)
    for name in ("ca.key", "ca.pem"):
        if not (work / name).exists():
            (work / name).symlink_to(folder / name)
    csr = work / "csr.pem"
    csr.write_bytes(pem)
    # Signed by the key that it is for: nobody else's is certified.
    if order["keyKind"] == "SM2":
        openssl("req", "-in", csr, "-verify", "-noout", "-vfyopt", DISTID)
    else:
        openssl("req", "-in", csr, "-verify", "-noout")
    signature = certificate(work, None, csr, "digitalSignature,nonRepudiation", "signature")
    parts = element(0x31, signature)
    if order["keyKind"] == "SM2":
        public = work / "signature.pub"
        public.write_bytes(openssl("req", "-in", csr, "-noout", "-pubkey"))
        pair = work / "pair.key"
        openssl("genpkey", "-algorithm", "SM2", "-out", pair)
        envelope, encryption = enveloped(work, public, pair)
        second = certificate(work, encryption, csr, "keyEncipherment,dataEncipherment,keyAgreement", "encryption")
        parts += element(0xA0, envelope) + element(0xA1, second)
    sys.stdout.buffer.write(element(0x30, parts))


if __name__ == "__main__":
    main()
