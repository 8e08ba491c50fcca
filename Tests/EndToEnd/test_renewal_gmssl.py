"""Requests and answers of renewal made and read by gmssl of Python's index, which shares no line with what ukey computes by."""

import base64
import json
import sys

from rig.program import ROOT, tool
from test_renewal import PASSPHRASE, authority, first, issue, pin, request  # noqa: F401

sys.path.insert(0, str(ROOT / "Tests/RenewalFormat"))

import renewal_gmssl as gm  # noqa: E402

# CN=GMSSL
NAME = gm.element(0x30, gm.element(0x31, gm.element(0x30, bytes.fromhex("0603550403") + gm.element(0x0C, b"GMSSL"))))


def pem(der):
    text = base64.encodebytes(der).decode().replace("\n", "")
    lines = "\n".join(text[at:at + 64] for at in range(0, len(text), 64))
    return f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n"


def test_its_answer_comes_onto_the_key(soft_token, ukey, tmp_path):
    ca = gm.Key.new()
    root = gm.certificate(NAME, ca, NAME, ca, b"\x01\x06", authority=True)
    trusted = tmp_path / "trusted"
    trusted.mkdir()
    (trusted / "ca.pem").write_text(pem(root))
    soft_token(dir=tmp_path / "card")
    made = request(ukey, tmp_path, first(ukey)["container"])
    order = json.loads((tmp_path / "key.ukord").read_bytes())
    # The order: its digest, the request, and the statement by the old certificate's key.
    told = order.pop("digest")
    assert gm.digest(json.dumps(order, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()) == told
    csr, old = base64.b64decode(order["csr"]), base64.b64decode(order["certificate"])
    statement = (
        f"ukey-renewal/1\norder {order['order']}\nkind renew\nkey {order['keySerial']}\ncontainer {order['container']}\n"
        f"csr {gm.digest(csr)}\nrequest {order['request']}\ntime {order['created']}\n").encode()
    signature = base64.b64decode(order["signature"])
    assert gm.certificate_key(old).verifies(signature, statement)
    assert not gm.certificate_key(old).verifies(signature, statement + b"x")

    answer = tmp_path / "answer"
    answer.write_bytes(gm.answer(csr, NAME, ca))
    applied = ukey(
        "renew", "apply", answer, "--trust", trusted, "--yes", "--accept-differences", "--json", *pin())
    assert applied.code == 0 and applied.json["encryptionPair"] == "proved", applied
    assert "chain" not in [each["what"] for each in applied.json["differences"]]
    assert ukey("login-test", "--container", made["container"], *pin()).code == 0


def test_its_order_is_answered(ukey, tmp_path, authority):
    folder, trusted = authority
    ca, old_key, new_key = gm.Key.new(), gm.Key.new(), gm.Key.new()
    old = gm.certificate(NAME, ca, NAME, old_key, b"\x06\xc0")
    order = tmp_path / "other.ukord"
    order.write_bytes(gm.make_order("X-1", gm.make_csr(NAME, new_key), old, old_key))
    issued = issue(ukey, order, folder)
    assert issued.code == 0 and issued.json["keySerial"] == "X-1", issued
    der = open(issued.json["answer"], "rb").read()
    signature, encryption, pair = gm.open_answer(der, new_key)
    root = base64.b64decode("".join((trusted / "authority.pem").read_text().splitlines()[1:-1]))
    issuer = gm.certificate_key(root)
    assert gm.check_certificate(signature, issuer)[1].point == new_key.point
    assert gm.check_certificate(encryption, issuer)[1].point == pair.point
    gm.check_certificate(root, issuer)
    # Kept for the authority: the private number, encrypted to its key.
    number = gm.Key(int.from_bytes(bytes.fromhex(private_number(folder)), "big")).decrypt(
        next(folder.glob("*.escrow")).read_bytes())
    assert int.from_bytes(number, "big") == pair.private

    # A statement that somebody else has signed.
    order.write_bytes(gm.make_order("X-1", gm.make_csr(NAME, new_key), old, new_key))
    forged = issue(ukey, order, folder, "--force")
    assert forged.code == 9 and forged.json["error"]["code"] == "UK-540", forged
    # A request that somebody else has signed.
    csr = gm.make_csr(NAME, new_key).replace(new_key.point, old_key.point)
    order.write_bytes(gm.make_order("X-1", csr, old, old_key))
    forged = issue(ukey, order, folder, "--force")
    assert forged.code != 0 and forged.json["error"]["code"] == "UK-430", forged


def private_number(folder):
    text = tool(
        "openssl", "pkey", "-in", folder / "authority.key", "-passin", "pass:" + PASSPHRASE, "-noout", "-text").decode()
    return "".join(text.split("priv:")[1].split("pub:")[0].replace(":", "").split())[-64:]
