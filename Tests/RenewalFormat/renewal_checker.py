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
    openssl("req", "-inform", "DER", "-in", request, "-verify", "-noout", "-vfyopt", DISTID)
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
    done = subprocess.run(
        ["openssl", "pkeyutl", "-verify", "-rawin", "-digest", "sm3", "-pubin", "-inkey", public, "-in", text, "-sigfile",
         signature, "-pkeyopt", DISTID], capture_output=True, text=True)
    assert done.returncode == 0, done
    return order


def check_answer(path):
    """CSRResponse: the signature certificate and, for SM2, envelope and encryption certificate."""
    (tag, content, _), = elements(Path(path).read_bytes())
    assert tag == 0x30
    parts = {tag: content for tag, content, _ in elements(content)}
    assert list(parts) in ([0x31], [0x31, 0xA0, 0xA1])
    return parts
