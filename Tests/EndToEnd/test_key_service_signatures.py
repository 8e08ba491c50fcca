"""What the service signs, verified by programs of other authors: OpenSSL's command line, Botan, libgcrypt and
python3-cryptography."""

import base64
import json
import subprocess
import sys
from pathlib import Path

import botan2
import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from rig import gcrypt, patience
from rig.key_service import KeyService
from rig.pages import Background
from rig.program import tool
from rig.web import ORIGIN, request

sys.path.insert(0, str(Path(__file__).parent.parent / "LoginToken"))

from login_verifier import parts  # noqa: E402

pytestmark = pytest.mark.xdist_group("signatures")

DATA = "投标文件 2026-11-28 №42\n".encode() * 3
IDENTITY = "1234567812345678"
KINDS = ["SM2", "RSA-2048"]
FORMS = ["bare", "rs", "attached", "detached"]


class Signed:
    """Of one kind of key: its certificate, and a signature in each form."""

    def __init__(self, directory, der, signatures):
        self.directory, self.der, self.signatures = directory, der, signatures
        self.key = directory / "key.pem"
        (directory / "certificate.der").write_bytes(der)
        self.key.write_bytes(openssl("x509", "-inform", "DER", "-in", directory / "certificate.der", "-noout", "-pubkey"))

    @property
    def point(self):
        """The two coordinates, behind the byte 04 of a public key's bit string."""
        der = openssl("pkey", "-pubin", "-in", self.key, "-outform", "DER")
        return int.from_bytes(der[-64:-32], "big"), int.from_bytes(der[-32:], "big")

    def file(self, name, data):
        path = self.directory / name
        path.write_bytes(data)
        return path


def openssl(*arguments):
    return tool("openssl", *arguments)


@pytest.fixture(scope="module")
def signed(tmp_path_factory):
    """Each made once, with the holder typing into pinentry each time."""
    directory = tmp_path_factory.mktemp("signatures")
    service = KeyService(directory, "--demo", "--adapters", "ukey", allowed=[(ORIGIN, "ukey", ["read", "sign"])])

    def call(function, **members):
        return request(service.port("ukey"), "/ukey/1", json.dumps(dict(members, function=function)).encode()).json["result"]

    def signature(certificate, form):
        page = Background(lambda: call(
            "sign", data=base64.b64encode(DATA).decode(), form=form, certificateID=certificate["id"]))
        service.holder.wait("PIN:")
        service.holder.type("123456\r")
        return base64.b64decode(page.wait())

    found = {}
    try:
        for kind in KINDS:
            certificate = next(item for item in call("certificates") if item["algorithm"] == kind)
            place = directory / kind
            place.mkdir()
            found[kind] = Signed(
                place, base64.b64decode(certificate["certificate"]), {form: signature(certificate, form) for form in FORMS})
    finally:
        code = service.stop()
    assert code == 0
    return found


# Programs that verify: (Signed, message, signature in DER or PKCS#1) → whether it holds


def by_openssl(made, message, signature):
    digest = ["-sm3", "-sigopt", f"distid:{IDENTITY}"] if b"SM2" in openssl(
        "pkey", "-pubin", "-in", made.key, "-noout", "-text") else ["-sha256"]
    done = subprocess.run(
        ["openssl", "dgst", *digest, "-verify", made.key, "-signature", made.file("s", signature), made.file("m", message)],
        capture_output=True, text=True, timeout=patience.limit(60))
    return (done.returncode, done.stdout) == (0, "Verified OK\n")


def raw(signature):
    """r and s in 32 bytes each, of the DER of two numbers."""
    (_, content, _), = parts(signature)
    return b"".join(number.lstrip(b"\0").rjust(32, b"\0") for _, number, _ in parts(content))


def by_botan(made, message, signature):
    verifier = botan2.PKVerify(botan2.PublicKey.load_sm2("sm2p256v1", *made.point), f"{IDENTITY},SM3")
    verifier.update(message)
    return verifier.check_signature(raw(signature))


def by_libgcrypt(made, message, signature):
    point = b"".join(number.to_bytes(32, "big") for number in made.point)
    return gcrypt.verifies(point, IDENTITY, message, raw(signature))


def by_cryptography(made, message, signature):
    key = x509.load_der_x509_certificate(made.der).public_key()
    try:
        key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
        return True
    except InvalidSignature:
        return False


VERIFIERS = [("SM2", by_openssl), ("SM2", by_botan), ("SM2", by_libgcrypt), ("RSA-2048", by_openssl), ("RSA-2048", by_cryptography)]


@pytest.mark.parametrize("kind, verifier", VERIFIERS)
def test_bare(signed, kind, verifier):
    made = signed[kind]
    assert verifier(made, DATA, made.signatures["bare"])
    assert not verifier(made, DATA + b"!", made.signatures["bare"])


def test_rs_is_the_same_in_another_form(signed):
    made = signed["SM2"]
    both = made.signatures["rs"]
    assert len(both) == 64

    def number(data):
        data = data.lstrip(b"\0")
        data = b"\0" + data if data[0] & 0x80 else data
        return bytes([2, len(data)]) + data

    body = number(both[:32]) + number(both[32:])
    assert by_botan(made, DATA, bytes([0x30, len(body)]) + body)
    assert by_cryptography(signed["RSA-2048"], DATA, signed["RSA-2048"].signatures["rs"])


def taken_apart(der):
    """Content (None where it is not in it), the bytes that are signed by the signer (None: the content itself), its
    signature, and the certificates."""
    (_, info, _), = parts(der)
    _, explicit = parts(info)
    (_, data, _), = parts(explicit[1])
    items = parts(data)
    encapsulated = parts(items[2][1])
    content = None
    if len(encapsulated) > 1:
        (_, content, _), = parts(encapsulated[1][1])
    certificates = next(value for tag, value, _ in items if tag == 0xA0)
    (_, signer, _), = parts(items[-1][1])
    fields = parts(signer)
    attributes = next((whole for tag, _, whole in fields if tag == 0xA0), None)
    signature = next(value for tag, value, _ in fields if tag == 0x04)
    return content, attributes and b"\x31" + attributes[1:], signature, certificates


@pytest.mark.parametrize("form", ["attached", "detached"])
@pytest.mark.parametrize("kind, verifier", VERIFIERS)
def test_signed_data_taken_apart(signed, kind, verifier, form):
    made = signed[kind]
    content, attributes, signature, certificates = taken_apart(made.signatures[form])
    assert content == (DATA if form == "attached" else None)
    assert made.der in certificates
    assert verifier(made, attributes or DATA, signature)
    assert not verifier(made, (attributes or DATA)[:-1] + b"\0", signature)
    if attributes:
        name = "-sm3" if kind == "SM2" else "-sha256"
        digest = openssl("dgst", name, "-binary", made.file("content", DATA))
        assert b"\x04\x20" + digest in attributes


def test_rsa_by_openssl_cms(signed):
    made = signed["RSA-2048"]
    attached = made.file("attached", made.signatures["attached"])
    assert openssl("cms", "-verify", "-inform", "DER", "-binary", "-noverify", "-in", attached) == DATA
    detached = made.file("detached", made.signatures["detached"])
    verify = ["cms", "-verify", "-inform", "DER", "-binary", "-noverify", "-in", detached, "-content"]
    assert openssl(*verify, made.file("right", DATA)) == DATA
    with pytest.raises(subprocess.CalledProcessError):
        openssl(*verify, made.file("wrong", DATA + b"!"))


def test_certificate_is_of_its_authority(signed):
    """The names are not only text: the subject that openssl reads is the owner that pages are told."""
    made = signed["SM2"]
    subject = openssl("x509", "-inform", "DER", "-in", made.directory / "certificate.der", "-noout", "-subject", "-nameopt",
                      "utf8,sep_multiline,lname").decode()
    assert "深圳市示例建设工程有限公司" in subject
