"""`ukey compare`: two certificates, a file and a key, two keys."""

import json

import pytest


@pytest.fixture
def files(ukey, soft_token, tmp_path):
    """The sample key's signature and encryption certificate, and that of another company on it."""
    # One that is plugged in stays what it is; --demo makes its certificates anew each time.
    soft_token(card="gm")
    rows = ukey("cert", "list", "--json").json["certificates"]
    made = {}
    for row in rows:
        path = tmp_path / f"{row['container']}-{row['certificate']['role']}.cer"
        done = ukey(
            "cert", "export", str(path), "--container", row["container"], "--role", row["certificate"]["role"])
        assert done.code == 0, done
        made[row["container"], row["certificate"]["role"]] = (path, row["certificate"])
    return made


def renewal(folder, days, serial, new_key=True):
    """A certificate of the same company as another of these, made by OpenSSL."""
    from rig.program import tool

    key = folder / ("new.key" if new_key else "old.key")
    if not key.exists():
        tool("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", key)
    path = folder / f"{serial}.pem"
    tool(
        "openssl", "req", "-x509", "-new", "-utf8", "-key", key, "-days", days, "-set_serial", serial, "-subj",
        "/C=CN/O=深圳市续期示例有限公司/CN=深圳市续期示例有限公司", "-addext", "keyUsage=critical,digitalSignature", "-out", path)
    return path


@pytest.mark.parametrize("new_key", [True, False])
def test_a_renewal_says_which_is_newer_and_whether_the_key_is_another(ukey, tmp_path, new_key):
    old, new = renewal(tmp_path, 30, 1, False), renewal(tmp_path, 400, 2, new_key)
    done = ukey("compare", str(old), str(new), "--json")
    (pair,) = done.json["pairs"]
    assert done.code == 0 and pair["relation"] == "renewal" and pair["newer"] == "right"
    assert pair["keepsKey"] is not new_key
    differing = {row["field"] for row in pair["rows"] if row["differs"]}
    assert {"serial", "notAfter"} <= differing and "owner" not in differing and ("publicKey" in differing) == new_key
    for language, words in (("zh", "较新"), ("en", "newer")):
        text = ukey("compare", str(old), str(new), "--lang", language).stdout
        assert words in text and str(old) in text and "深圳市续期示例有限公司" not in text.replace(str(old), "")
        assert "深圳市续期示例有限公司" in ukey("compare", str(old), str(new), "--all", "--lang", language).stdout


def test_a_file_beside_the_key_finds_its_own_certificate(ukey, files):
    for (container, role), (path, certificate) in files.items():
        (pair,) = ukey("compare", str(path), "--json").json["pairs"]
        assert pair["relation"] == "same", (container, role)
        assert pair["right"]["certificate"]["serial"] == certificate["serial"] and pair["left"]["file"] == str(path)
        assert pair["right"]["key"]["serial"] == "DEMO-GM-00412"


def test_another_companys_is_no_renewal(ukey, tmp_path):
    stranger = renewal(tmp_path, 400, 7)
    (pair,) = ukey("compare", str(stranger), "--demo", "--json").json["pairs"]
    assert pair["relation"] == "unrelated" and "newer" not in pair


def test_two_keys(ukey, readers, soft_token):
    one, two = readers(2)
    soft_token(card="gm", reader=one)
    soft_token(card="piv", reader=two)
    serials = {each["key"]["family"]: each["key"]["serial"] for each in ukey("status", "--json").json["readers"]}
    done = ukey("compare", serials["gmt0017"][-5:], serials["piv"][-6:], "--json")
    assert done.code == 0 and done.json["keys"]["left"]["serial"] == serials["gmt0017"], done
    assert done.json["keys"]["right"]["serial"] == serials["piv"]
    assert any(row["field"] == "serial" and row["differs"] for row in done.json["keys"]["rows"])
    assert len(done.json["pairs"]) > 5
    text = ukey("compare", serials["gmt0017"][-5:], serials["piv"][-6:], "--lang", "zh").stdout
    assert "不同的" in text and serials["gmt0017"] in text and serials["piv"] in text


@pytest.mark.parametrize("bad, code", [("none.pem", "UK-612"), ("noise.pem", "UK-302"), ("empty.cer", "UK-302"), ("999", "UK-114")])
def test_what_is_neither_is_said(ukey, tmp_path, bad, code):
    (tmp_path / "noise.pem").write_bytes(bytes(i * 197 >> 3 & 255 for i in range(60_000)))
    (tmp_path / "empty.cer").touch()
    word = bad if bad == "999" else str(tmp_path / bad)
    done = ukey("compare", word, "--demo", "--json")
    assert done.code != 0 and json.loads(done.stdout)["error"]["code"] == code, done
