"""A second reader of orders and answers, written from Docs/renewal.md alone, with OpenSSL's own programs for the signatures."""

import base64
import hashlib
import json
import subprocess
from pathlib import Path

from renewal_connector import DISTID, elements, openssl


def sm3(data):
    return hashlib.new("sm3", data).hexdigest()


def check_order(path, scratch):
    """Everything that an order has to keep; what it says."""
    data = Path(path).read_bytes()
    order = json.loads(data)
    # Canonical: the bytes are those of the sorted members without blanks.
    assert json.dumps(order, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == data
    digest = order.pop("digest")
    assert sm3(json.dumps(order, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()) == digest
    assert order["format"] == "ukey.renewal-order" and order["version"] == 1 and len(order["order"]) == 16
    csr = base64.b64decode(order["csr"], validate=True)
    request = Path(scratch) / "order.csr"
    request.write_bytes(csr)
    verify_request(request)
    statement = "".join(
        line + "\n" for line in (
            "ukey-renewal/1", f"order {order['order']}", f"kind {order['kind']}", f"key {order['keySerial']}",
            f"container {order['container']}", f"csr {sm3(csr)}", f"request {order.get('request', '-')}",
            f"time {order['created']}"))
    old = Path(scratch) / "old.der"
    old.write_bytes(base64.b64decode(order["certificate"], validate=True))
    public = Path(scratch) / "old.pub"
    public.write_bytes(openssl("x509", "-inform", "DER", "-in", old, "-noout", "-pubkey"))
    text, signature = Path(scratch) / "statement", Path(scratch) / "signature"
    text.write_text(statement)
    signature.write_bytes(base64.b64decode(order["signature"], validate=True))
    how = ["-digest", "sm3", "-pkeyopt", DISTID] if is_sm2("-pubin", "-in", public) else ["-digest", "sha256"]
    done = subprocess.run(
        ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", public, "-in", text, "-sigfile", signature, *how],
        capture_output=True, text=True)
    assert done.returncode == 0, done
    return order


def is_sm2(*words):
    return b"SM2" in openssl("pkey", *words, "-noout", "-text")


def verify_request(path):
    """A request is signed by its own key."""
    public = Path(path).with_suffix(".csrpub")
    public.write_bytes(openssl("req", "-inform", "DER", "-in", path, "-noout", "-pubkey"))
    openssl(
        "req", "-inform", "DER", "-in", path, "-verify", "-noout", *(["-vfyopt", DISTID] if is_sm2("-pubin", "-in", public) else []))


def check_answer(path, authority=None):
    """CSRResponse: the signature certificate and, for SM2, envelope and encryption certificate; each by the authority whose
    certificate is in the file `authority`."""
    (tag, content, _), = elements(Path(path).read_bytes())
    assert tag == 0x30
    parts = {tag: content for tag, content, _ in elements(content)}
    assert list(parts) in ([0x31], [0x31, 0xA0, 0xA1])
    for tag in (0x31, 0xA1) if authority else ():
        if tag in parts:
            file = Path(path).with_suffix(f".{tag:02x}.der")
            file.write_bytes(parts[tag])
            openssl("verify", "-CAfile", authority, "-vfyopt", DISTID, file)
            usage = openssl("x509", "-inform", "DER", "-in", file, "-noout", "-ext", "keyUsage")
            assert (b"Digital Signature" if tag == 0x31 else b"Key Agreement") in usage, usage
    return parts
