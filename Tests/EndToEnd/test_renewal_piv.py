"""A renewal on a PIV card whose management key is behind the PIN, as Yubico's tools keep it; set up and read by yubico-piv-tool."""

import pytest

from rig.program import tool
from test_renewal import PERSON, authority, issue, pin  # noqa: F401

FACTORY = bytes(range(1, 9)) * 3


@pytest.fixture
def piv(soft_token, peer, tmp_path):
    """`piv(admin data, printed)`: a card with these objects, written by yubico-piv-tool with the management key."""
    def make(admin="8003810102", printed="881a8918" + FACTORY.hex()):
        token = soft_token(
            card="piv", settings={"metadata": True, "version": "5.4.3", "serial": 1234567}, dir=tmp_path / "piv")
        for identity, content in (("0x5fff00", admin), ("0x5fc109", printed)):
            if content:
                done = peer("yubico-piv-tool", "-r", "", "-a", "write-object", "--id", identity, "-f", "hex", "-i", "-", input=content + "\n")
                assert done.code == 0, done
        return token

    return make


def test_a_new_pair_in_a_retired_slot(piv, peer, ukey, tmp_path, authority):
    folder, _ = authority
    piv()
    tool_of = ["yubico-piv-tool", "-r", ""]
    before = peer(*tool_of, "-a", "read-certificate", "-s", "9a").stdout
    asked = ukey(
        "renew", "request", "--on-key", "--json", "--yes", "--container", "9A", "--out", tmp_path / "key.ukreq", *PERSON, *pin())
    assert asked.code == 0 and asked.json["container"] == "82", asked
    issued = issue(ukey, asked.json["file"], folder)
    assert issued.code == 0, issued
    applied = ukey("renew", "apply", issued.json["answer"], "--yes", "--accept-differences", "--json", *pin())
    assert applied.code == 0 and applied.json["stage"] == "installed" and applied.json["encryptionPair"] == "none", applied

    # Another program finds the certificate, and its key signs for it.
    new = peer(*tool_of, "-a", "read-certificate", "-s", "82")
    assert new.code == 0, new
    (tmp_path / "new.pem").write_text(new.stdout)
    tool("openssl", "x509", "-in", tmp_path / "new.pem", "-noout", "-checkend", "0")
    tested = peer(
        *tool_of, "-a", "verify-pin", "-P", "123456", "-a", "test-signature", "-s", "82", "-A", "ECCP256", "-i", tmp_path / "new.pem")
    assert tested.code == 0 and "Successful" in tested.stderr + tested.stdout, tested
    # The old one is as it was, and stays: no command of the standard removes a key.
    assert peer(*tool_of, "-a", "read-certificate", "-s", "9a").stdout == before
    for container in ("9A", "82"):
        login = ukey("login-test", "--container", container, *pin())
        assert login.code == 0, login
    gone = ukey("renew", "remove-old", "--yes", *pin())
    assert gone.code == 9 and "UK-543" in gone.stderr, gone
    listed = ukey("cert", "list", "--json").json["certificates"]
    assert [each["certificate"]["role"] for each in listed if each["container"] == "82"] == ["signature"]
    # And the new one is renewed in its turn.
    again = ukey(
        "renew", "request", "--on-key", "--json", "--yes", "--force", "--container", "82", "--out", tmp_path / "key.ukreq", *PERSON,
        *pin())
    assert again.code == 0 and (again.json["oldContainer"], again.json["container"]) == ("82", "83"), again


@pytest.mark.parametrize("objects", [
    {"admin": ""}, {"admin": "80128210" + "07" * 16}, {"admin": "8003810101"}], ids=["none", "derived", "puk"])
def test_others_are_refused_before_a_pin_is_asked(piv, ukey, tmp_path, objects):
    token = piv(**objects)
    begun = len(token.trace())
    done = ukey("renew", "request", "--on-key", "--yes", "--out", tmp_path / "key.ukreq", *PERSON, *pin())
    assert done.code == 9 and "UK-535" in done.stderr, done
    assert not [line for line in token.trace()[begun:] if "00 20" in str(line) and "Lc 0" not in str(line)]


def test_another_key_than_the_one_that_is_kept(piv, ukey, tmp_path):
    """Tools that do not know of the kept key change the real one: nothing is tried but what is kept, once."""
    token = piv(printed="881a8918" + "09" * 24)
    begun = len(token.trace())
    done = ukey(
        "renew", "request", "--on-key", "--json", "--yes", "--container", "9A", "--out", tmp_path / "key.ukreq", *PERSON, *pin())
    assert done.code == 9 and done.json["error"]["code"] == "UK-535", done
    assert not [line for line in token.trace()[begun:] if " 00 47 " in str(line)]
    assert ukey("login-test", "--container", "9A", *pin()).code == 0
