"""One key seen in several ways is one key: by PC/SC and by OpenSC's module, and by two SKF libraries."""

import json
import re
import signal
import subprocess
import time

import pytest
from rig import patience
from rig.answers import key_of, verdict
from rig.program import Secret
from rig.softhsm import OPENSC, USER

BOTH = [["--provider", "pcsc", "--provider", f"pkcs11:{OPENSC}"], ["--provider", f"pkcs11:{OPENSC}", "--provider", "pcsc"]]
IDS = ["pcsc first", "module first"]


@pytest.mark.parametrize("words", BOTH, ids=IDS)
def test_status_and_what_follows(ukey, soft_token, words):
    soft_token(card="piv")
    for language, named in (("zh", "其他途径"), ("en", "Also by")):
        text = ukey("status", "--lang", language, *words).stdout
        assert re.search(f"{named} +pkcs11:{OPENSC}", text) and text.count(named) == 1, text
    done = ukey("status", "--json", *words)
    keys = [reader for reader in done.json["readers"] if "key" in reader]
    assert [reader["provider"] for reader in done.json["readers"]] == ["pcsc"] and len(keys) == 1, done
    assert [way["provider"] for way in keys[0]["key"]["alsoSeen"]] == [f"pkcs11:{OPENSC}"]
    assert len(ukey("cert", "list", "--json", *words).json["certificates"]) == 4
    assert len(ukey("pin", "status", "--json", *words).json["pins"]) == 1


@pytest.mark.parametrize("words", BOTH, ids=IDS)
def test_diagnosis_and_login(ukey, soft_token, words):
    """No "several keys"; the login is signed by the way that was chosen."""
    soft_token(card="piv")
    done = ukey("doctor", "--json", "--no-network", "--login", *words, "--low-tries", "--pin-fd", Secret(USER))
    rows = {row["id"]: row for row in done.json["checks"]}
    assert rows["token.recognised"]["verdict"] == "ok" and "several-keys" not in str(done.json), rows["token.recognised"]
    assert verdict(done, "login.signature") == "ok", done


def rows(window):
    return sum(line.lstrip("│▸ ").startswith("●") for line in window.text().splitlines())


@pytest.mark.parametrize("language,also", [("zh", "其他途径"), ("en", "Also by")])
def test_window(soft_token, screen, language, also):
    """One row however the two arrive; both named; the key out and in again is still one."""
    card = soft_token(card="piv")
    window = screen(100, 40, "ukey", "--lang", language, *BOTH[1])

    def is_one():
        window.wait_for(f"{also} +pkcs11:.*opensc-pkcs11")
        window.wait_for("│ .* +PIV")
        patience.until(lambda: rows(window) == 1, what=window.text)

    is_one()
    window.keys("r")
    is_one()
    card.unplug()
    window.wait_gone("opensc-pkcs11")
    window.keys("q")
    assert window.exit_status() == 0


def test_window_changes_the_pin_once(soft_token, screen, ukey):
    soft_token(card="piv")
    window = screen(100, 40, "ukey", "--lang", "zh", *BOTH[0])
    # Not only asked: its way to the key is known.
    window.wait_for("其他途径 +pkcs11:.*opensc-pkcs11")
    window.keys("F2")
    window.wait_for("继续|旧密码")
    window.type("继续")
    window.keys("Enter")
    window.wait_for("旧密码")
    for text in (USER, "271828", "271828"):
        window.type(text)
        window.keys("Enter")
    window.wait_for("✓ 密码已修改")
    window.keys("Enter")
    window.wait_gone("密码已修改")
    window.keys("q")
    assert window.exit_status() == 0
    assert ukey("pin", "verify", "--low-tries", "--provider", "pcsc", "--pin-fd", Secret("271828")).code == 0


def test_watch_says_it(ukey, soft_token, environment):
    soft_token(card="piv")
    process = subprocess.Popen(
        [ukey.path, "watch", "--json", *BOTH[0]], stdout=subprocess.PIPE, text=True, env=environment)
    same = None
    deadline = time.monotonic() + patience.limit(15)
    while same is None:
        assert time.monotonic() < deadline
        event = json.loads(process.stdout.readline())
        same = event if event["event"] == "sameKey" else None
    process.send_signal(signal.SIGINT)
    assert process.wait(patience.limit(10)) == 130
    assert (same["provider"], same["shownProvider"]) == (f"pkcs11:{OPENSC}", "pcsc")


def test_two_libraries_of_one_maker(skf_token, skf_parts, ukey, screen):
    """The same SKF key through two libraries, neither better: one entry, in the window by the one that was read first."""
    key = skf_token()
    other = f"skf:{skf_parts['table']}"
    words = ["--provider", key.provider, "--provider", other]
    done = ukey("status", "--json", *words, env=key.env)
    assert len(done.json["readers"]) == 1 and key_of(done)["alsoSeen"] == [
        {"provider": other, "reader": done.json["readers"][0]["reader"]}], done
    changed = ukey(
        "pin", "change", "--json", *words, "--pin-fd", Secret(key.user_pin), "--new-pin-fd", Secret("7g2K9q"), env=key.env)
    assert changed.code == 0 and key.calls().count("SKF_ChangePIN") == 1, changed
    window = screen(160, 40, "ukey", "--lang", "zh", *words, env=key.env)
    window.wait_for(r"其他途径 +skf:.*libskf_(table|conformance)\.so")
    window.keys("q")
    assert window.exit_status() == 0


def test_an_unknown_card_does_not_stop_a_key_behind_a_library(ukey, script_card, hsm):
    """A bank card forgotten in a reader: the key that the library reaches is still the only one."""
    hsm.add("01", "P-256")
    script_card(lambda command: bytes.fromhex("6D00"))
    for words in (["--provider", "pcsc", "--provider", hsm.provider], ["--provider", hsm.provider, "--provider", "pcsc"]):
        done = ukey("pin", "verify", "--json", *words, "--pin-fd", Secret(USER), env=hsm.env)
        assert done.code == 0, done
        login = ukey("login-test", "--json", *words, "--pin-fd", Secret(USER), env=hsm.env)
        assert verdict(login, "login.signature") == "ok", login
