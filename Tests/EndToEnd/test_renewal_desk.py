"""The issuer's side: where the authority's key lies, whose orders it answers, and orders that are put away."""

import base64
import hashlib
import json
import os
import stat
import time
from contextlib import closing

import pytest

from rig import program
from rig.program import Secret, tool
from rig.typed import Typed
from test_renewal import PASSPHRASE, PERSON, authority, containers, first, issue, on, passphrase, pin, request  # noqa: F401


OWN, OTHER = "深圳市样板市政工程有限公司", "深圳市示例建设工程有限公司"


def sm3(data):
    return hashlib.new("sm3", data).hexdigest()


def canonical(document):
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def record(tmp_path):
    return [json.loads(line) for line in (tmp_path / "home/.local/state/ukey/unlock-audit.jsonl").read_text().splitlines()]


def test_the_key_lies_under_a_passphrase(soft_token, ukey, tmp_path, environment, authority):
    folder, _ = authority
    key = folder / "authority.key"
    assert key.read_text().startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----") and stat.S_IMODE(key.stat().st_mode) == 0o600
    # A form that others keep too: OpenSSL opens it with the passphrase, and names scrypt and AES-256.
    opened = tool("openssl", "pkey", "-in", key, "-passin", "pass:" + PASSPHRASE, "-pubout")
    assert opened == tool("openssl", "x509", "-in", folder / "authority.pem", "-noout", "-pubkey")
    parsed = tool("openssl", "asn1parse", "-in", key).decode()
    assert ":scrypt" in parsed and ":aes-256-cbc" in parsed and ":PBES2" in parsed

    short = ukey("desk", "authority", tmp_path / "short", *passphrase("1234567"))
    assert short.code == 9 and "UK-403" in short.stderr and not (tmp_path / "short/authority.pem").exists(), short
    again = ukey("desk", "authority", folder, *passphrase())
    assert again.code == 1 and "UK-610" in again.stderr, again

    soft_token(dir=tmp_path / "card")
    made = request(ukey, tmp_path, first(ukey)["container"])
    words = ["desk", "issue", made["file"], "--authority", folder, "--accept-unverified", "--yes"]
    wrong = ukey(*words, *passphrase("another one"))
    assert wrong.code == 1 and "UK-542" in wrong.stderr and "passphrase" in wrong.stderr and "is wrong" in wrong.stderr, wrong
    # At the terminal it is asked again.
    with closing(Typed([program.ukey_path(), *words, "--lang", "en"], environment)) as typed:
        for said in ["another one", PASSPHRASE]:
            typed.until("Passphrase of the authority's key:")
            typed.send(said + "\n")
            if said != PASSPHRASE:
                typed.until("is wrong")
        typed.until("Answer written to")
        assert typed.end() == 0
    # Nobody to ask.
    nobody = ukey(*words)
    assert nobody.code == 9 and "UK-411" in nobody.stderr, nobody
    assert issue(ukey, made["file"], folder).json["repeated"]

    # What another program has sealed, by another scheme.
    plain = tool("openssl", "pkey", "-in", key, "-passin", "pass:" + PASSPHRASE)
    key.write_bytes(tool(
        "openssl", "pkcs8", "-topk8", "-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA512", "-passout", "pass:" + PASSPHRASE,
        input=plain))
    assert issue(ukey, made["file"], folder).json["repeated"]
    # One without a passphrase still signs, and that is said each time.
    key.write_bytes(plain)
    bare = ukey(*words, "--force", "--lang", "en")
    assert bare.code == 0 and "has no passphrase" in bare.stderr and "openssl pkcs8 -topk8 -scrypt" in bare.stderr, bare
    key.chmod(0o644)
    assert "UK-542" in ukey(*words).stderr


def test_an_old_certificate_that_is_not_verified_stops_it(soft_token, ukey, tmp_path, authority):
    folder, trusted = authority
    soft_token(dir=tmp_path / "card")
    old = first(ukey)["container"]
    made = request(ukey, tmp_path, old)
    words = ["desk", "issue", made["file"], "--authority", folder, "--yes", "--json"]
    for more in ([], ["--trust", trusted]):
        stopped = ukey(*words, *more, *passphrase())
        assert stopped.code == 9 and stopped.json["error"]["code"] == "UK-544", stopped
    assert not list(folder.glob("answers/*")) and not list(folder.glob("*.escrow"))
    issued = issue(ukey, made["file"], folder)
    assert issued.code == 0 and issued.json["overruled"] == ["chain"], issued
    lines = record(tmp_path)
    assert [line.get("error") for line in lines] == ["UK-544", "UK-544", None] and lines[2]["overruled"] == "chain"
    assert all("overruled" not in line for line in lines[:2])
    assert ukey("unlock", "audit", "verify").code == 0
    applied = ukey("renew", "apply", issued.json["answer"], "--yes", "--accept-differences", "--json", *pin())
    assert applied.code == 0, applied

    # The next renewal is of a certificate that this authority has issued: nothing has to be overruled.
    (tmp_path / "next").mkdir()
    second = request(ukey, tmp_path / "next", made["container"], "--new")
    words[2] = second["file"]
    done = ukey(*words, "--trust", trusted, *passphrase())
    assert done.code == 0 and done.json["overruled"] == [], done


@pytest.mark.parametrize("sample, doubt", [("expired", "expired"), ("not-yet-valid", "notYetValid")])
def test_an_old_certificate_out_of_date_stops_it(soft_token, ukey, tmp_path, authority, sample, doubt):
    folder, _ = authority
    soft_token(dir=tmp_path / "card", sample=sample)
    made = request(ukey, tmp_path, first(ukey)["container"])
    stopped = ukey("desk", "issue", made["file"], "--authority", folder, "--yes", "--lang", "en", *passphrase())
    assert stopped.code == 9 and "UK-544" in stopped.stderr and doubt in stopped.stderr, stopped
    issued = issue(ukey, made["file"], folder)
    assert issued.code == 0 and issued.json["overruled"] == ["chain", doubt], issued
    assert record(tmp_path)[-1]["overruled"] == f"chain,{doubt}"


def test_another_name_than_the_old_certificates_stops_it(ukey, tmp_path, authority):
    """Whoever has a certificate that is trusted may order one of their own name, and not of anybody else's."""
    folder, _ = authority
    trusted = tmp_path / "issuer"
    trusted.mkdir()
    distinguished = ("-sm3", "-sigopt", "distid:1234567812345678")

    def name(text):
        return ("-utf8", "-subj", f"/C=CN/O={text}/CN={text}")

    for key in ("ca", "old", "new"):
        tool("openssl", "genpkey", "-algorithm", "SM2", "-out", tmp_path / f"{key}.key")
    tool("openssl", "req", "-x509", "-new", "-key", tmp_path / "ca.key", *distinguished, *name("签发者"), "-days", "900", "-addext",
         "keyUsage=critical,keyCertSign,cRLSign", "-out", trusted / "ca.pem")
    tool("openssl", "req", "-new", "-key", tmp_path / "old.key", *distinguished, *name(OWN), "-out", tmp_path / "old.csr")
    (tmp_path / "old.ext").write_text("keyUsage=critical,digitalSignature\n")
    tool("openssl", "x509", "-req", "-in", tmp_path / "old.csr", "-CA", trusted / "ca.pem", "-CAkey", tmp_path / "ca.key",
         *distinguished, "-vfyopt", "distid:1234567812345678", "-days", "300", "-extfile", tmp_path / "old.ext", "-outform", "DER",
         "-out", tmp_path / "old.der")

    def ordered(number, text):
        request = tmp_path / f"{number}.csr"
        tool("openssl", "req", "-new", "-key", tmp_path / "new.key", *distinguished, *name(text), "-outform", "DER", "-out", request)
        order = {
            "format": "ukey.renewal-order", "version": 1, "order": number, "kind": "renew", "created": int(time.time()),
            "keySerial": "K-1", "application": "A", "container": "ukey-" + number,
            "csr": base64.b64encode(request.read_bytes()).decode(),
            "certificate": base64.b64encode((tmp_path / "old.der").read_bytes()).decode()}
        (tmp_path / "statement").write_text(
            f"ukey-renewal/1\norder {number}\nkind renew\nkey K-1\ncontainer ukey-{number}\ncsr {sm3(request.read_bytes())}\n"
            f"request -\ntime {order['created']}\n")
        signature = tool(
            "openssl", "pkeyutl", "-sign", "-rawin", "-digest", "sm3", "-inkey", tmp_path / "old.key", "-pkeyopt",
            "distid:1234567812345678", "-in", tmp_path / "statement")
        order["signature"] = base64.b64encode(signature).decode()
        order["digest"] = sm3(canonical(order))
        file = tmp_path / f"{number}.ukord"
        file.write_bytes(canonical(order))
        return file

    words = ["--authority", folder, "--trust", trusted, "--yes"]
    own = ukey("desk", "issue", ordered("00000000000000a1", OWN), *words, "--json", *passphrase())
    assert own.code == 0 and own.json["overruled"] == [], own
    other = ordered("00000000000000a2", OTHER)
    stopped = ukey("desk", "issue", other, *words, "--lang", "en", *passphrase())
    # The name that would be certified is shown, not only that of the old certificate.
    assert stopped.code == 9 and "UK-544" in stopped.stderr and OTHER in stopped.stdout and OWN in stopped.stdout, stopped
    assert len(list(folder.glob("answers/*"))) == 1
    overruled = ukey("desk", "issue", other, *words, "--accept-unverified", "--json", *passphrase())
    assert overruled.code == 0 and overruled.json["overruled"] == ["name"], overruled
    last = record(tmp_path)[-1]
    assert last["overruled"] == "name" and last["owner"] == OWN and f"CN={OTHER}" in last["subject"], last

    # A key that was reported lost: who has it knows the PIN, perhaps, and gets nothing.
    (tmp_path / "ca.conf").write_text(
        f"[ca]\ndefault_ca=c\n[c]\ndatabase={tmp_path}/index\ncrlnumber={tmp_path}/number\ndefault_md=sm3\ndefault_crl_days=30\n")
    (tmp_path / "index").write_text("")
    (tmp_path / "number").write_text("01\n")
    authority_of_old = ("-config", tmp_path / "ca.conf", "-keyfile", tmp_path / "ca.key", "-cert", trusted / "ca.pem")
    old = tmp_path / "old.pem"
    tool("openssl", "x509", "-inform", "DER", "-in", tmp_path / "old.der", "-out", old)
    tool("openssl", "ca", *authority_of_old, "-revoke", old)
    tool("openssl", "ca", *authority_of_old, "-gencrl", "-sigopt", "distid:1234567812345678", "-out", trusted / "list.crl")
    lost = ordered("00000000000000a3", OWN)
    stopped = ukey("desk", "issue", lost, *words, "--lang", "zh", *passphrase())
    assert stopped.code == 9 and "UK-544" in stopped.stderr and "旧证书已被吊销" in stopped.stdout, stopped
    overruled = ukey("desk", "issue", lost, *words, "--accept-unverified", "--json", *passphrase())
    assert overruled.code == 0 and overruled.json["overruled"] == ["revoked"], overruled


def test_the_key_in_a_pkcs11_module(soft_token, hsm, ukey, tmp_path):
    folder = tmp_path / "ca"
    call = on(hsm, ukey)
    # An empty token: nothing on it tells which key is meant, and none has to be.
    made = call("desk", "authority", folder, "--on-key", "--json", *pin())
    assert made.code == 0 and "私有CA/测试" in made.json["subject"], made
    assert os.listdir(folder) == ["authority.pem"]
    assert b"id-ecPublicKey" in tool("openssl", "x509", "-in", folder / "authority.pem", "-noout", "-text")
    tool("openssl", "verify", "-CAfile", folder / "authority.pem", folder / "authority.pem")
    hsm.add("01", "P-256")
    asked = call(
        "renew", "request", "--on-key", "--json", "--yes", "--container", "01", "--out", tmp_path / "key.ukreq", *PERSON, *pin())
    assert asked.code == 0, asked
    words = ["desk", "issue", asked.json["file"], "--authority", folder, "--accept-unverified", "--yes", "--json"]
    wrong = call(*words, "--pin-fd", Secret("999999\n"))
    assert wrong.code == 7 and wrong.json["outcome"] == "wrong" and not list(folder.glob("answers/*")), wrong
    # SoftHSM says after a wrong one that tries are few.
    issued = call(*words, "--low-tries", *pin())
    assert issued.code == 0, issued
    applied = call("renew", "apply", issued.json["answer"], "--yes", "--accept-differences", "--json", *pin())
    assert applied.code == 0, applied
    hsm.tool(
        "pkcs11-tool", "--module", hsm.provider[7:], "--token-label", "TEST", "--read-object", "--type", "cert", "--id",
        applied.json["container"], "--output-file", tmp_path / "new.der")
    tool("openssl", "verify", "-CAfile", folder / "authority.pem", tmp_path / "new.der")
    assert call("login-test", "--container", applied.json["container"], *pin()).code == 0

    # An SM2 order wants an SM2 authority: nobody else could keep its encryption key.
    (tmp_path / "other").mkdir()
    with soft_token(dir=tmp_path / "card"):
        order = request(ukey, tmp_path / "other", first(ukey)["container"])
    words[2] = order["file"]
    refused = call(*words, *pin())
    assert refused.code == 1 and refused.json["error"]["code"] == "UK-542", refused
    assert [line["decision"] for line in record(tmp_path)] == ["issued", "refused"]


def test_the_key_on_a_key(soft_token, ukey, tmp_path, authority):
    """SM2 from end to end: the authority's key never leaves a U-Key either."""
    folder = tmp_path / "ca"
    with soft_token(dir=tmp_path / "issuer"):
        before = containers(ukey)
        made = ukey("desk", "authority", folder, "--on-key", "--json", *pin())
        assert made.code == 0, made
        assert len(containers(ukey) - before) == 1
    with soft_token(dir=tmp_path / "card"):
        order = request(ukey, tmp_path, first(ukey)["container"])
        words = ["desk", "issue", order["file"], "--authority", folder, "--accept-unverified", "--yes", "--json"]
        elsewhere = ukey(*words, *pin())
        assert elsewhere.code == 1 and elsewhere.json["error"]["code"] == "UK-542", elsewhere
    with soft_token(dir=tmp_path / "issuer"):
        issued = ukey(*words, *pin())
        assert issued.code == 0 and (folder / f"{order['order']}.escrow").exists(), issued
    with soft_token(dir=tmp_path / "card"):
        applied = ukey("renew", "apply", issued.json["answer"], "--yes", "--accept-differences", "--json", *pin())
        assert applied.code == 0 and applied.json["encryptionPair"] == "proved", applied


def test_an_order_is_put_away(soft_token, ukey, tmp_path):
    none = ukey("renew", "forget", "--order", "00", "--yes")
    assert none.code == 9 and "UK-539" in none.stderr, none
    soft_token(dir=tmp_path / "card")
    old = first(ukey)["container"]
    resumed = ukey("renew", "resume", *pin())
    assert resumed.code == 9 and "UK-545" in resumed.stderr, resumed
    made = request(ukey, tmp_path, old)
    there = containers(ukey)
    assert ukey("renew", "forget", "--order", made["order"]).code == 130
    done = ukey("renew", "forget", "--order", made["order"][:6], "--yes", "--json")
    assert done.code == 0 and done.json["container"] == made["container"], done
    assert ukey("renew", "status", "--json").json["orders"] == [] and "ukey renew" not in ukey("list").stderr
    assert "UK-545" in ukey("renew", "resume", *pin()).stderr
    # The key is as it was, and the next request begins anew.
    assert containers(ukey) == there
    assert request(ukey, tmp_path, old, "--force")["order"] != made["order"]


def test_a_new_key_without_a_certificate(soft_token, ukey, tmp_path, authority):
    """A replacement: the name is that of the old certificate, whose key is gone."""
    folder, trusted = authority
    with soft_token(dir=tmp_path / "lost"):
        place = first(ukey)
        old = tmp_path / "old.pem"
        exported = ukey("cert", "export", "--container", place["container"], "--role", "signature", old)
        assert exported.code == 0, exported
    soft_token(dir=tmp_path / "card", sample="no-container")
    words = [
        "reissue", "request", "--on-key", "--json", "--yes", "--out", tmp_path / "key.ukreq", "--old-cert", old, *PERSON, "--uscc",
        "9144030071526726XG"]
    asked = ukey(*words, *pin())
    assert asked.code == 0 and "oldContainer" not in asked.json, asked
    words = ["desk", "issue", asked.json["file"], "--authority", folder, "--trust", trusted, "--yes", "--json"]
    stopped = ukey(*words, *passphrase())
    assert stopped.code == 9 and stopped.json["error"]["code"] == "UK-544", stopped
    issued = ukey(*words, "--accept-unverified", *passphrase())
    assert issued.code == 0 and issued.json["overruled"] == ["statement"], issued
    applied = ukey("renew", "apply", issued.json["answer"], "--trust", trusted, "--yes", "--json", *pin())
    assert applied.code == 0 and applied.json["encryptionPair"] == "proved" and applied.json["differences"] == [], applied
    assert first(ukey)["certificate"]["owner"] == place["certificate"]["owner"]
    gone = ukey("renew", "remove-old", "--yes", *pin())
    assert gone.code == 9 and "UK-543" in gone.stderr, gone
