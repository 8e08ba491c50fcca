"""Keys behind PKCS#11 modules this project did not write: SoftHSM2, and OpenSC over a PIV card in a virtual reader."""

import subprocess
from pathlib import Path

import pytest
from rig.program import Secret

SUBJECT = "/C=CN/O=深圳市示例建设工程有限公司/OU=9144030071526726XG/CN=深圳市示例建设工程有限公司"


def library(package, name):
    listing = subprocess.run(["dpkg-query", "-L", package], capture_output=True, text=True).stdout
    return next(line for line in listing.splitlines() if line.endswith("/" + name))


SOFTHSM = library("libsofthsm2", "libsofthsm2.so")
OPENSC = library("opensc-pkcs11", "opensc-pkcs11.so")
USER, OFFICER = "123456", "12345678"


class HSM:
    def __init__(self, directory, environment):
        (directory / "tokens").mkdir(parents=True)
        configuration = directory / "softhsm2.conf"
        configuration.write_text(f"directories.tokendir = {directory}/tokens\nobjectstore.backend = file\n")
        self.directory = directory
        self.env = {"SOFTHSM2_CONF": str(configuration)}
        self.provider = f"pkcs11:{SOFTHSM}"
        self._environment = dict(environment, **self.env)
        self.tool("softhsm2-util", "--init-token", "--free", "--label", "TEST", "--pin", USER, "--so-pin", OFFICER)

    def tool(self, *words, check=True):
        return subprocess.run(words, env=self._environment, check=check, capture_output=True, text=True)

    def add(self, identity, kind):
        """A key made outside and imported with its certificate, paired by CKA_ID."""
        key, der = self.directory / f"{identity}.key", self.directory / f"{identity}.der"
        option = ["rsa_keygen_bits:2048"] if kind == "RSA" else [f"ec_paramgen_curve:{kind}"]
        self.tool("openssl", "genpkey", "-algorithm", "RSA" if kind == "RSA" else "EC", "-pkeyopt", *option, "-out", key)
        self.tool(
            "openssl", "req", "-x509", "-new", "-utf8", "-key", key, "-days", "365", "-subj", SUBJECT, "-addext",
            "keyUsage=critical,digitalSignature", "-outform", "DER", "-out", der)
        self.tool("softhsm2-util", "--import", key, "--token", "TEST", "--label", kind, "--id", identity, "--pin", USER)
        self.tool(
            "pkcs11-tool", "--module", SOFTHSM, "--token-label", "TEST", "--login", "--pin", USER, "--write-object", der,
            "--type", "cert", "--id", identity, "--label", kind)

    def login_works(self, pin):
        return self.tool(
            "pkcs11-tool", "--module", SOFTHSM, "--token-label", "TEST", "--login", "--pin", pin, "-O",
            check=False).returncode == 0


@pytest.fixture
def hsm(tmp_path, environment):
    return HSM(tmp_path / "hsm", environment)


@pytest.fixture
def call(ukey, hsm):
    return lambda *words: ukey(*words, "--json", "--provider", hsm.provider, env=hsm.env)


def key_of(done):
    return next(reader["key"] for reader in done.json["readers"] if "key" in reader)


def change(call, old, new, *flags):
    return call("pin", "change", "--pin-fd", Secret(old), "--new-pin-fd", Secret(new), *flags)


def verdict(done, link):
    return next(check["verdict"] for check in done.json["checks"] if check["id"] == link)


def test_softhsm_is_shown(call, hsm):
    hsm.add("01", "RSA")
    hsm.add("02", "P-256")
    done = call("status")
    key = key_of(done)
    assert done.code == 0 and key["family"] == "pkcs11" and key["label"] == "TEST"
    containers = {c["name"]: c["certificates"][0] for c in key["applications"][0]["containers"]}
    assert containers["01"]["algorithm"] == "RSA-2048" and containers["02"]["algorithm"].startswith("EC ")
    assert containers["01"]["owner"] == "深圳市示例建设工程有限公司"


@pytest.mark.parametrize("kind", ["RSA", "P-256", "P-384"])
def test_softhsm_login_signature(call, hsm, kind):
    hsm.add("01", kind)
    done = call("login-test", "--pin-fd", Secret(USER))
    assert done.code == 0 and verdict(done, "login.signature") == "ok", done


def test_softhsm_change(call, hsm):
    hsm.add("01", "RSA")
    wrong = change(call, "654321", "7g2K9q")
    assert (wrong.code, wrong.json["outcome"]) == (7, "wrong")
    assert hsm.login_works(USER)
    assert change(call, USER, "7g2K9q").code == 0
    assert hsm.login_works("7g2K9q") and not hsm.login_works(USER)


def test_softhsm_count_low_needs_words(call, hsm):
    """SoftHSM says "count low" after a wrong PIN: the next try is not made unasked."""
    assert change(call, "654321", "7g2K9q").code == 7
    refused = change(call, USER, "7g2K9q")
    assert refused.code in (0, 9)
    if refused.code == 9:
        assert change(call, USER, "7g2K9q", "--low-tries").code == 0
    assert hsm.login_works("7g2K9q")


def test_softhsm_unblock_by_officer(call, hsm):
    wrong = call("unlock", "admin", "--pin-fd", Secret("87654321"), "--new-pin-fd", Secret("abc123XY"))
    assert wrong.code == 7 and not hsm.login_works("abc123XY")
    done = call(
        "unlock", "admin", "--low-tries", "--pin-fd", Secret(OFFICER), "--new-pin-fd", Secret("abc123XY"))
    assert done.code == 0, done
    assert hsm.login_works("abc123XY")


def test_module_without_token(ukey, environment, tmp_path):
    (tmp_path / "tokens").mkdir()
    (tmp_path / "conf").write_text(f"directories.tokendir = {tmp_path}/tokens\n")
    done = ukey(
        "status", "--json", "--provider", f"pkcs11:{SOFTHSM}", env={"SOFTHSM2_CONF": str(tmp_path / "conf")})
    assert done.code == 5


def test_not_a_module(ukey):
    done = ukey("status", "--json", "--provider", "pkcs11:/lib/x86_64-linux-gnu/libz.so.1")
    assert (done.code, done.json["error"]["code"]) == (10, "UK-230")


def test_p11_kit_names(ukey, hsm):
    listed = ukey("provider", "list", "--json").json["providers"]
    assert any(entry["origin"] == "p11Kit" and "libsofthsm2" in entry["provider"] for entry in listed)
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
