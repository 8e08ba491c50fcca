"""Cards that other programs keep busy, cards of other kinds, and what a PIV card has beyond its four slots."""

import subprocess
import sys
from pathlib import Path

import pytest

from rig import patience
from rig.program import Secret
from test_piv_peers import card  # noqa: F401

HOLDER = """
import sys, time
from rig import pcsc
connection = pcsc.Context().connect(sys.argv[1])
connection.begin()
print("ready", flush=True)
time.sleep(600)
"""


@pytest.fixture
def holder(environment):
    """`holder(reader)`: a program that keeps the card in a transaction until the test ends."""
    started = []

    def hold(reader):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, reader.name], stdout=subprocess.PIPE, text=True,
            env=dict(environment, PYTHONPATH=str(Path(__file__).parent)))
        started.append(process)
        assert process.stdout.readline() == "ready\n"
        return process

    yield hold
    for process in started:
        process.kill()
        process.wait(patience.limit(10))
        process.stdout.close()


@pytest.mark.parametrize("words", [("status",), ("pin", "verify", "--pin-fd", Secret("123456"))], ids=["status", "pin"])
def test_a_key_that_is_kept_is_busy(soft_token, ukey, holder, words):
    """Neither key nor reader is broken, and unplugging is the wrong advice: who keeps it is named."""
    token = soft_token(card="piv")
    process = holder(token.reader)
    done = ukey(*words, "--lang", "en", timeout=60)
    text = done.stdout + done.stderr
    assert done.code == 10 and "UK-124" in text and f"pid {process.pid}" in text, done
    assert "Unplug" not in text
    if words[0] == "pin":
        assert not any(line.split()[2:4] == ["00", "20"] for line in token.trace())


def test_the_window_reads_it_when_it_is_free(soft_token, screen, holder):
    token = soft_token(card="piv")
    process = holder(token.reader)
    window = screen(100, 30, "ukey", "--lang", "en")
    window.wait_for("UK-124", timeout=30)
    process.kill()
    process.wait(patience.limit(10))
    window.wait_for("深圳市示例", timeout=30)


def applications(*names):
    """A card that has these applications, by their AIDs."""

    def answer(command):
        name = command[5:5 + command[4]] if len(command) > 5 and command[1] == 0xA4 else None
        return b"\x90\x00" if name and any(own.startswith(name) for own in names) else b"\x6a\x82"

    return answer


OPENPGP = bytes.fromhex("D276000124010304FFFE000000010000")


def test_a_card_of_another_kind_is_named(script_card, ukey):
    """With the module that reads it, as it is installed where these tests run; no command with a PIN is sent."""
    card = script_card(applications(OPENPGP))
    done = ukey("status", "--lang", "en")
    assert done.code == 10 and "UK-205" in done.stdout and "OpenPGP card" in done.stdout, done
    assert "--provider pkcs11:/usr/lib" in done.stdout and "opensc-pkcs11.so" in done.stdout
    assert not [command for command in card.commands if command[1] in (0x20, 0x24, 0x2C)]
    report = ukey("doctor", "--no-network", "--only", "token.recognised", "--json")
    assert "OpenPGP" in report.stdout and "card-foreign" in report.stdout


def test_a_card_that_is_no_key_is_to_be_taken_out(script_card, ukey):
    """The same in the diagnosis and in the login test: no library of the certificate authority helps with a bank card."""
    script_card(applications(b"2PAY.SYS.DDF01"))
    for words in (["status"], ["doctor", "--no-network"], ["login-test", "--pin-fd", Secret("123456")]):
        done = ukey(*words, "--lang", "en")
        assert done.code == 10 and "ake it out" in done.stdout and "tell support the ATR" not in done.stdout, done


def test_a_locked_piv_card_is_told_one_way_out(soft_token, ukey):
    soft_token(card="piv")
    for _ in range(3):
        ukey("pin", "verify", "--last-try", "--pin-fd", Secret("999999"))
    for words in (["status"], ["doctor", "--no-network"], ["login-test", "--pin-fd", Secret("123456")]):
        done = ukey(*words, "--lang", "en")
        assert done.code == 8 and "ukey unlock admin" in done.stdout and "unlock request" not in done.stdout, done


def test_a_key_with_an_encryption_certificate_alone_was_reached(soft_token, ukey):
    """It can be read, and there is a certificate on it: what is missing is the one that logs in."""
    soft_token(card="piv", settings={"slots": "9D"})
    done = ukey("login-test", "--pin-fd", Secret("123456"), "--lang", "en")
    assert done.code == 6 and "no certificate to log in with" in done.stdout, done
    assert ukey("status").code == 0


def test_the_cursor_starts_on_a_key_that_can_be_read(readers, script_card, soft_token, screen):
    first, second = readers(2)
    script_card(applications(OPENPGP), reader=first)
    soft_token(card="piv", reader=second)
    window = screen(100, 30, "ukey", "--lang", "en")
    window.wait_for("OpenPGP")
    # The pane shows what is selected.
    window.wait_for("Valid")
    window.wait_for("Owner")


@pytest.fixture
def retired(card, tmp_path):  # noqa: F811
    """A PIV card with a certificate in a retired slot, whose serial begins with a byte above 7F."""
    piv = card("")
    key, file = tmp_path / "key.pem", tmp_path / "old.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
         "-out", file, "-days", "30", "-subj", "/CN=Retired Example", "-set_serial", "0xB8454D0102030405"],
        check=True, capture_output=True)
    done = piv.yubico("-a", "import-certificate", "-s", "82", "-i", str(file))
    assert done.code == 0, done
    return piv, file.read_text()


def test_retired_certificates_are_listed_shown_and_exported(retired, ukey, tmp_path):
    """A renewed encryption key is there, and it is the one that old documents need."""
    _, pem = retired
    assert "Retired Example" in ukey("cert", "list").stdout
    for words in (["--container", "82"], ["--serial", "B8454D0102030405"], ["--serial", "00:b8:45:4d:01:02:03:04:05"]):
        assert ukey("cert", "show", "--pem", *words).stdout.split() == pem.split(), words
        target = tmp_path / "out.pem"
        done = ukey("cert", "export", target, "--force", *words, "--lang", "en")
        assert done.code == 0 and target.read_text().split() == pem.split()
        assert "82" in done.stderr and "Retired Example" in done.stderr
    assert "Retired Example" not in ukey("status").stdout


def test_slots_are_named_in_either_case_and_what_is_taken_is_said(card, ukey):  # noqa: F811
    card("")
    upper = ukey("cert", "show", "--pem", "--container", "9C")
    assert upper.code == 0 and ukey("cert", "show", "--pem", "--container", "9c").stdout == upper.stdout
    plain = ukey("cert", "show", "--pem", "--lang", "en")
    assert plain.stdout == upper.stdout and "Of 4 certificates" in plain.stderr and "9C" in plain.stderr


def test_metadata_tells_defaults_and_the_puk(soft_token, ukey):
    soft_token(card="piv", settings={"metadata": "yes", "tries": 5, "serial": 7654321})
    pins = ukey("pin", "status", "--json").json["pins"][0]
    assert pins["keySerial"] == "7654321"
    for each in (pins["user"], pins["admin"]):
        assert each["triesLeft"] == each["triesMax"] == 5 and each["default"] is True, pins
    assert ukey("pin", "change", "--admin", "--pin-fd", Secret("00000000\n"), "--new-pin-fd", Secret("87654321")).code == 7
    assert ukey("pin", "status", "--json").json["pins"][0]["admin"]["triesLeft"] == 4
