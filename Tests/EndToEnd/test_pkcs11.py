"""Keys behind PKCS#11 modules this project did not write: SoftHSM2, and OpenSC over a PIV card in a virtual reader."""

from pathlib import Path

import pytest
from rig.answers import change, key_of, verdict
from rig.program import LIBRARIES, Secret
from rig.softhsm import OFFICER, OPENSC, SOFTHSM, USER


def test_softhsm_is_shown(call, hsm):
    hsm.add("01", "RSA")
    hsm.add("02", "P-256")
    done = call(hsm, "status")
    key = key_of(done)
    assert done.code == 0 and key["family"] == "pkcs11" and key["label"] == "TEST"
    containers = {c["name"]: c["certificates"][0] for c in key["applications"][0]["containers"]}
    assert containers["01"]["algorithm"] == "RSA-2048" and containers["02"]["algorithm"].startswith("EC ")
    assert containers["01"]["owner"] == "深圳市示例建设工程有限公司"


@pytest.mark.parametrize("kind", ["RSA", "P-256", "P-384"])
def test_softhsm_login_signature(call, hsm, kind):
    hsm.add("01", kind)
    done = call(hsm, "login-test", "--pin-fd", Secret(USER))
    assert done.code == 0 and verdict(done, "login.signature") == "ok", done


@pytest.mark.parametrize("first", ["CA", "key"])
def test_a_ca_certificate_beside_it_is_not_taken_for_the_users(call, ukey, hsm, first):
    """In whichever order the module names them."""
    if first == "CA":
        hsm.add_authority("09")
    hsm.add("01", "RSA")
    if first == "key":
        hsm.add_authority("00")
    rows = call(hsm, "cert", "list").json["certificates"]
    assert sorted(row["certificate"]["role"] for row in rows) == ["authority", "signature"], rows
    assert call(hsm, "cert", "show").json["certificate"]["container"] == "01"
    assert "CA certificate" in ukey("status", "--provider", hsm.provider, "--lang", "en", env=hsm.env).stdout
    done = call(hsm, "login-test", "--pin-fd", Secret(USER))
    assert done.code == 0 and verdict(done, "login.signature") == "ok", done


def test_softhsm_change(call, hsm):
    hsm.add("01", "RSA")
    wrong = change(call, hsm, "654321", "7g2K9q")
    assert (wrong.code, wrong.json["outcome"]) == (7, "wrong")
    assert hsm.accepts(USER)
    assert change(call, hsm, USER, "7g2K9q").code == 0
    assert hsm.accepts("7g2K9q") and not hsm.accepts(USER)


def test_softhsm_count_low_needs_words(call, hsm):
    """SoftHSM says "count low" after a wrong PIN: the next try is not made unasked."""
    assert change(call, hsm, "654321", "7g2K9q").code == 7
    refused = change(call, hsm, USER, "7g2K9q")
    assert refused.code in (0, 9)
    if refused.code == 9:
        assert change(call, hsm, USER, "7g2K9q", "--low-tries").code == 0
    assert hsm.accepts("7g2K9q")


def test_softhsm_unblock_by_officer(call, hsm):
    wrong = call(hsm, "unlock", "admin", "--pin-fd", Secret("87654321"), "--new-pin-fd", Secret("abc123XY"))
    assert wrong.code == 7 and not hsm.accepts("abc123XY")
    done = call(
        hsm, "unlock", "admin", "--low-tries", "--pin-fd", Secret(OFFICER), "--new-pin-fd", Secret("abc123XY"))
    assert done.code == 0, done
    assert hsm.accepts("abc123XY")


def test_module_without_token(ukey, environment, tmp_path):
    (tmp_path / "tokens").mkdir()
    (tmp_path / "conf").write_text(f"directories.tokendir = {tmp_path}/tokens\n")
    done = ukey(
        "status", "--json", "--provider", f"pkcs11:{SOFTHSM}", env={"SOFTHSM2_CONF": str(tmp_path / "conf")})
    assert done.code == 5


def test_not_a_module(ukey):
    done = ukey("status", "--json", "--provider", f"pkcs11:{LIBRARIES}/libz.so.1")
    assert (done.code, done.json["error"]["code"]) == (10, "UK-230")


def test_p11_kit_names(ukey, hsm):
    listed = ukey("provider", "list", "--json").json["providers"]
    assert any(entry["origin"] == "p11Kit" and "libsofthsm2" in entry["provider"] for entry in listed)
    assert "p11-kit 列表  ✓" in ukey("provider", "list", "--lang", "zh").stdout
    assert "from p11-kit's list  ✓" in ukey("provider", "list", "--lang", "en").stdout
    done = ukey("status", "--json", "--provider", "pkcs11:softhsm2", env=hsm.env)
    assert key_of(done)["label"] == "TEST"
    folder = Path(hsm.directory / "home/.config/pkcs11/modules")
    folder.mkdir(parents=True)
    (folder / "softhsm2.module").write_text(f"module: {SOFTHSM}\ndisable-in: ukey\n")
    listed = ukey("provider", "list", "--json", env={"HOME": str(hsm.directory / "home")}).json["providers"]
    assert not any("libsofthsm2" in entry["provider"] for entry in listed)


def test_opensc_over_a_piv_card(ukey, soft_token):
    soft_token(card="piv")
    done = ukey("status", "--json", "--provider", f"pkcs11:{OPENSC}")
    key = key_of(done)
    assert key["family"] == "pkcs11"
    rows = [c for a in key["applications"] for c in a["containers"] for c in c["certificates"]]
    direct = ukey("status", "--json", "--provider", "pcsc")
    serials = {c["serial"] for a in key_of(direct)["applications"] for x in a["containers"] for c in x["certificates"]}
    assert rows and {row["serial"] for row in rows} <= serials
    login = ukey("login-test", "--json", "--provider", f"pkcs11:{OPENSC}", "--pin-fd", Secret(USER))
    assert verdict(login, "login.signature") == "ok", login


def test_one_key_is_shown_once(ukey, soft_token):
    """The PIV card by PC/SC and by OpenSC: one entry, the direct way, the other named."""
    soft_token(card="piv")
    done = ukey("status", "--json", "--provider", "pcsc", "--provider", f"pkcs11:{OPENSC}")
    keys = [reader for reader in done.json["readers"] if "key" in reader]
    assert len(keys) == 1 and keys[0]["provider"] == "pcsc", done
    assert keys[0]["key"]["alsoSeen"][0]["provider"] == f"pkcs11:{OPENSC}"
    changed = ukey(
        "pin", "change", "--json", "--provider", "pcsc", "--provider", f"pkcs11:{OPENSC}", "--pin-fd", Secret(USER),
        "--new-pin-fd", Secret("271828"), "--low-tries")
    assert changed.code == 0, changed


def test_nothing_generic_is_loaded_unasked(ukey, soft_token):
    """OpenSC and SoftHSM are installed here; without being named they cost nothing and show nothing."""
    listed = ukey("provider", "list", "--json").json["providers"]
    assert not any(entry["used"] for entry in listed), listed
    soft_token(card="piv")
    assert "alsoSeen" not in key_of(ukey("status", "--json"))
