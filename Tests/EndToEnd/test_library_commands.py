"""Every command on keys behind a library: the SKF conformance library and SoftHSM2, the same questions to both."""

import json
import signal
import subprocess
import time

import pytest
from rig import patience, skf
from rig.answers import change, key_of, verdict
from rig.program import Secret

OWNER = "深圳市示例建设工程有限公司"
NEW = "7g2K9q"


def test_certificates(call, library_key, ukey, tmp_path):
    listed = call(library_key, "cert", "list").json["certificates"]
    assert [row["certificate"]["owner"] for row in listed] == [OWNER] * library_key.certificates
    words = ["--provider", library_key.provider]
    pem = ukey("cert", "show", "--pem", *words, env=library_key.env)
    assert pem.code == 0 and pem.stdout.startswith("-----BEGIN CERTIFICATE-----")
    out = tmp_path / "out.pem"
    assert ukey("cert", "export", str(out), *words, env=library_key.env).code == 0
    assert out.read_text() == pem.stdout
    subject = subprocess.run(
        ["openssl", "x509", "-in", out, "-noout", "-subject", "-nameopt", "utf8,sep_comma_plus"], capture_output=True, text=True)
    assert OWNER in subject.stdout


def test_pin_is_verified(call, library_key):
    shown = call(library_key, "pin", "status")
    assert shown.code == 0 and shown.json["pins"][0]["user"]["locked"] is False
    right = call(library_key, "pin", "verify", "--pin-fd", Secret(library_key.user_pin))
    assert (right.code, right.json["outcome"]) == (0, "verified"), right
    wrong = call(library_key, "pin", "verify", "--pin-fd", Secret("654321"))
    assert (wrong.code, wrong.json["outcome"]) == (7, "wrong"), wrong
    assert wrong.json.get("triesLeft") == (9 if library_key.counts else None)


def test_pin_is_changed(call, library_key):
    done = change(call, library_key, library_key.user_pin, NEW)
    assert (done.code, done.json["outcome"]) == (0, "changed")
    assert library_key.accepts(NEW) and not library_key.accepts(library_key.user_pin)


def test_administrator_pin_is_changed(call, library_key):
    done = call(
        library_key, "pin", "change", "--admin", "--low-tries", "--pin-fd", Secret(library_key.admin_pin), "--new-pin-fd",
        Secret("87654321"))
    assert (done.code, done.json["outcome"]) == (0, "changed"), done
    unblocked = call(
        library_key, "unlock", "admin", "--low-tries", "--pin-fd", Secret("87654321"), "--new-pin-fd", Secret(NEW))
    assert unblocked.code == 0 and library_key.accepts(NEW), unblocked


def test_unlocking(call, library_key, ukey, environment, tmp_path):
    """On the spot with the administrator PIN. A request can be made, but not answered into the key: said before."""
    out = tmp_path / "home/key.ukreq"
    request = call(
        library_key, "unlock", "request", "--yes", "--name", "李四", "--mobile", "13800138000", "--reason", "忘记密码",
        "--delivery", "collect", "--out", str(out))
    assert request.code == 0 and request.json["challenge"] is False and out.exists(), request
    answer = tmp_path / "home/key.ukresp"
    approved = ukey(
        "unlock", "approve", str(out), "--json", "--yes", "--out", str(answer), "--admin-pin-fd",
        Secret(library_key.admin_pin), "--new-pin-fd", Secret(NEW))
    assert approved.json["error"]["code"] == "UK-506" and not answer.exists(), approved
    applied = call(library_key, "unlock", "apply", str(out), "--new-pin-fd", Secret(NEW))
    assert applied.json["error"]["code"] == "UK-501" and library_key.accepts(library_key.user_pin), applied
    done = call(
        library_key, "unlock", "admin", "--low-tries", "--pin-fd", Secret(library_key.admin_pin), "--new-pin-fd", Secret(NEW))
    assert done.code == 0 and library_key.accepts(NEW), done


WALKED = [
    "reader.present", "card.present", "card.answers", "card.free", "token.recognised", "vendor.library", "certificate.present",
    "certificate.validity", "certificate.usage", "login.signature"]


@pytest.mark.parametrize("pcscd_is", ["not asked", "missing"])
def test_doctor_walks_the_whole_chain(library_key, ukey, environment, pcscd_is):
    """Every link to the login, also where the reader service is missing: this key does not need it."""
    words = ["--provider", library_key.provider]
    if pcscd_is == "missing":
        library_key.limit(environment, 5)
        words = []
    words += ["--no-network", "--timeout", f"{patience.limit(10):.0f}"]
    done = ukey("doctor", "--json", "--full", "--login", *words, "--pin-fd", Secret(library_key.user_pin), env=library_key.env)
    rows = {row["id"]: row for row in done.json["checks"]}
    assert {link: rows[link]["verdict"] for link in WALKED} == dict.fromkeys(WALKED, "ok"), done
    assert done.code == 0 and not [row for row in done.json["checks"] if row["verdict"] == "fault"]
    assert library_key.provider.split(":")[1] in str(rows["vendor.library"])
    text = ukey("doctor", "--lang", "zh", "--plain", *words, env=library_key.env).stdout
    assert "✓ 正常 厂商动态库" in text.replace("  ", " "), text


@pytest.mark.parametrize("how,cause", [("crash", "library-crash"), ("hang", "library-hang")])
@pytest.mark.parametrize("service", ["running", "not asked"])
def test_doctor_blames_the_library_not_the_service(request, skf_token, ukey, environment, how, cause, service):
    key = skf_token(**{how: "SKF_EnumDev"})
    key.limit(environment, 2)
    words = ["--provider", key.provider]
    if service == "running":
        request.getfixturevalue("pcscd")
        words = ["--provider", "pcsc", *words]
    done = ukey("doctor", "--json", "--no-network", "--timeout", f"{patience.limit(10):.0f}", *words, env=key.env)
    broken = {row["id"]: row["cause"] for row in done.json["checks"] if row["verdict"] == "fault"}
    assert done.code == 10 and set(broken.values()) == {cause}, broken
    assert not [link for link in broken if link.startswith("pcscd")]


def test_doctor_goes_on_beside_a_broken_library(soft_token, skf_token, ukey):
    """A key in a reader is looked at to its end; the library that failed is told as worth a look."""
    soft_token(card="gm", sample="one-pair")
    key = skf_token(crash="SKF_EnumDev")
    done = ukey("doctor", "--json", "--no-network", "--provider", "pcsc", "--provider", key.provider, env=key.env)
    rows = {row["id"]: row for row in done.json["checks"]}
    assert rows["certificate.present"]["verdict"] == "ok" and done.code == 0, done
    assert (rows["vendor.library"]["verdict"], rows["vendor.library"]["cause"]) == ("warning", "library-crash")


def test_a_slow_library_is_not_a_silent_service(skf_token, ukey):
    """Listing takes longer than the reader service is given: a login-test failed so, under load, with nothing wrong."""
    key = skf_token(slow="SKF_EnumDev", slow_ms=1200)
    done = ukey("doctor", "--only", "card.present", "--json", "--provider", key.provider, env=key.env)
    assert done.code == 0 and verdict(done, "card.present") == "ok", done


def test_a_slow_signature_is_waited_for(skf_token, ukey, environment):
    """The PIN has been sent: what came of it is told, though all other links must be found within the time given."""
    key = skf_token(slow="SKF_VerifyPIN", slow_ms=4000)
    key.limit(environment, 20)
    done = ukey(
        "doctor", "--only", "login.signature", "--login", "--timeout", "2", "--json", "--provider", key.provider, "--pin-fd",
        Secret(skf.USER_PIN), env=key.env)
    assert done.code == 0 and verdict(done, "login.signature") == "ok", done
    assert key.calls().count("SKF_VerifyPIN") == 1


def test_login(call, library_key):
    done = call(library_key, "login-test", "--pin-fd", Secret(library_key.user_pin))
    assert done.code == 0 and verdict(done, "login.signature") == "ok", done
    wrong = call(library_key, "login-test", "--pin-fd", Secret("654321"))
    assert wrong.code == 7 and verdict(wrong, "login.signature") == "fault", wrong


def test_watch(library_key, ukey, environment):
    process = subprocess.Popen(
        [ukey.path, "watch", "--json", "--provider", library_key.provider], stdout=subprocess.PIPE, text=True,
        env=dict(environment, **library_key.env))
    seen = []
    deadline = time.monotonic() + patience.limit(10)
    while not seen or seen[-1]["event"] != "read":
        assert time.monotonic() < deadline
        seen.append(json.loads(process.stdout.readline()))
    process.send_signal(signal.SIGINT)
    assert process.wait(patience.limit(5)) == 130
    assert seen[-1]["provider"] == library_key.provider and seen[-1]["key"]["applications"]


def test_provider_test(library_key, ukey):
    done = ukey("provider", "test", "--json", library_key.provider, env=library_key.env)
    assert done.code == 0 and done.json["devices"], done
    assert all("error" not in timing for timing in done.json["calls"])
    text = ukey("provider", "test", "--lang", "zh", library_key.provider, env=library_key.env)
    assert text.code == 0 and "µs" in text.stdout
    labels = [line.split("  ")[0] for line in text.stdout.splitlines()[1:]]
    assert labels[:4] == ["导出函数", "解锁", "沙箱", "ABI"] and "设备" in labels


def test_no_word_of_a_pin_reaches_the_library_unasked(skf_token, ukey):
    """Reading commands call no function that takes a PIN."""
    key = skf_token()
    for words in (["status"], ["cert", "list"], ["pin", "status"], ["doctor", "--no-network"]):
        ukey(*words, "--provider", key.provider, env=key.env)
    ukey("provider", "test", key.provider, env=key.env)
    assert not {"SKF_VerifyPIN", "SKF_ChangePIN", "SKF_UnblockPIN"} & set(key.calls())
    assert key.tries == (10, 10) and key.pins == (skf.USER_PIN, skf.ADMIN_PIN)


def test_keys_side_by_side(skf_token, hsm, ukey):
    """Two libraries at once: two keys in one list; a command with a PIN wants one named."""
    hsm.add("01", "RSA")
    key = skf_token()
    words = ["--provider", key.provider, "--provider", hsm.provider]
    environment = dict(key.env, **hsm.env)
    done = ukey("status", "--json", *words, env=environment)
    assert {reader["key"]["family"] for reader in done.json["readers"] if "key" in reader} == {"skf", "pkcs11"}
    several = ukey("pin", "change", "--json", *words, env=environment)
    assert several.code == 2 and several.json["error"]["code"] == "UK-113", several
    name = next(reader["reader"] for reader in done.json["readers"] if reader.get("key", {}).get("family") == "skf")
    chosen = ukey(
        "pin", "change", "--json", "--reader", name, "--pin-fd", Secret(skf.USER_PIN), "--new-pin-fd", Secret(NEW), *words,
        env=environment)
    assert chosen.code == 0 and key.pins[0] == NEW, chosen
    assert key_of(ukey("status", "--json", "--reader", name, *words, env=environment))["family"] == "skf"
