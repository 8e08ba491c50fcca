"""The PIN of the software PIV card in every setting: changed by ukey and back by yubico-piv-tool and pkcs15-tool, and the
other way round; and on cards that take liberties with PINs.
"""

import pytest
from rig.program import Secret
from test_piv_peers import NO_CONNECTION, READING, YUBICO, Card, every, pairs, refused

LIBERTIES = [
    "min-pin=3", "min-pin=3,digits=no", "malformed=63CX", "malformed=63CX,digits=no,min-pin=3", "verified=forget",
    "verified=forget,reselect=lose", "logout=no", "logout=no,blocked=63C0", "logout=no,verified=forget,malformed=63CX",
    "logout=63CX", "old-first=yes",
]
SETTINGS = READING + LIBERTIES


@pytest.fixture
def card(soft_token, peer, tmp_path):
    def plug(settings):
        return Card(soft_token(card="piv", settings={**YUBICO, **pairs(settings)}), peer, tmp_path)

    return plug


@pytest.fixture
def pin(ukey):
    """`pin("verify", "123456")`, `pin("change", old, new)`: always allowed to go on with three tries."""

    def call(command, *pins, flags=("--low-tries",)):
        options = [word for name, value in zip(("--pin-fd", "--new-pin-fd"), pins) for word in (name, Secret(value))]
        return ukey("pin", command, "--json", *options, *flags)

    return call


def tries(ukey):
    return ukey("pin", "status", "--json").json["pins"][0]["user"]["triesLeft"]


@every(SETTINGS)
def test_to_and_fro(card, ukey, pin, settings):
    piv = card(settings)
    most = int(pairs(settings).get("tries", 3))
    has_logout = pairs(settings).get("logout") != "no"
    assert tries(ukey) == most

    # ukey there, OpenSC back.
    done = pin("change", "123456", "918273")
    assert (done.code, done.json["outcome"]) == (0, "changed"), done
    assert tries(ukey) == most
    assert piv.pkcs15("--verify-pin", "--auth-id", "01", "--pin", "918273").code == 0
    back = piv.pkcs15("--change-pin", "--auth-id", "01", "--pin", "918273", "--new-pin", "123456")
    assert back.code == 0, back
    # OpenSC leaves the PIN verified: ukey tells the tries all the same, and no PIN passes for right because of that.
    wrong = pin("verify", "654322")
    assert (wrong.code, wrong.json["outcome"], wrong.json["triesLeft"]) == (7, "wrong", most - 1), wrong
    assert tries(ukey) == most - 1
    assert pin("verify", "123456").code == 0
    assert tries(ukey) == most

    # OpenSC there, ukey back.
    assert piv.pkcs15("--change-pin", "--auth-id", "01", "--pin", "123456", "--new-pin", "90817263").code == 0
    assert pin("change", "90817263", "123456").code == 0
    if has_logout:
        assert piv.tries() == most
    if refused(settings, NO_CONNECTION):
        return

    # ukey there, Yubico back; Yubico there, ukey back.
    assert pin("change", "123456", "918273").code == 0
    back = piv.yubico("-a", "change-pin", "-P", "918273", "-N", "654321")
    assert back.code == 0, back
    assert pin("change", "654321", "123456").code == 0
    verified = piv.yubico("-a", "verify-pin", "-P", "123456")
    assert verified.code == 0, verified


@every(["", "min-pin=3,digits=no", "verified=forget", "logout=no", "blocked=63C0"])
def test_puk_to_and_fro(card, pin, settings):
    piv = card(settings)
    done = pin("change", "12345678", "87650923", flags=("--admin", "--low-tries"))
    assert (done.code, done.json["outcome"]) == (0, "changed"), done
    assert piv.yubico("-a", "change-puk", "-P", "87650923", "-N", "12345678").code == 0
    wrong = pin("change", "99999999", "87650923", flags=("--admin", "--low-tries"))
    assert (wrong.code, wrong.json["outcome"], wrong.json["triesLeft"]) == (7, "wrong", 2)
    # What checks a PUK is only its use.
    assert pin("verify", "12345678", flags=("--admin", "--low-tries")).code == 9


@every(["min-pin=3", "min-pin=3,digits=no,malformed=63CX"])
def test_a_short_pin_on_the_key_is_taken_but_not_made(card, ukey, pin, settings):
    """A card that accepts three digits: another program's PIN of that length works as the old one."""
    piv = card(settings)
    assert pin("change", "123456", "321").json["reason"] == "rule"
    # CHANGE REFERENCE DATA from 123456 to 321, as a careless program sends it.
    _, word = piv.send("0024008010313233343536FFFF333231FFFFFFFFFF")
    assert word == "9000"
    assert pin("verify", "321").code == 0
    assert pin("change", "321", "918273").code == 0
    assert tries(ukey) == 3


@every(["malformed=63CX", "malformed=63CX,digits=no", ""])
def test_no_try_is_lost_to_padding_or_asking(card, ukey, pin, settings):
    """Where 00 in place of FF would be a wrong try, nothing but a wrong PIN costs one."""
    card(settings)
    for _ in range(3):
        assert pin("verify", "123456").code == 0
        assert ukey("status", "--json").code in (0, 3, 4)
        assert pin("change", "123456", "1234567890").json["reason"] == "rule"
    assert tries(ukey) == 3


@every(["digits=no,min-pin=6"])
def test_letters_and_signs_where_the_card_takes_them(card, pin, settings):
    card(settings)
    assert pin("change", "123456", "aB3$xy").code == 0
    assert pin("verify", "aB3$xy").code == 0
    assert pin("change", "aB3$xy", "123456").code == 0


def test_a_digits_card_refuses_letters_and_keeps_its_pin(card, ukey, pin):
    card("")
    done = pin("change", "123456", "aB3$xy")
    assert (done.code, done.json["outcome"]) == (9, "refused")
    assert "6A80" in done.json["detail"]
    assert pin("verify", "123456").code == 0 and tries(ukey) == 3


def test_a_card_that_compares_the_old_pin_first_refuses_too(card, ukey, pin):
    """PivApplet and OpenFIPS201: the old PIN counts as verified before the new one is looked at."""
    card("old-first=yes")
    done = pin("change", "123456", "12345a")
    assert (done.code, done.json["outcome"]) == (9, "refused"), done
    assert "6A80" in done.json["detail"]
    assert pin("verify", "123456").code == 0 and tries(ukey) == 3


def test_the_puk_is_called_the_puk(card, ukey):
    card("")

    def change(old, new, *flags):
        pins = ("--pin-fd", Secret(old), "--new-pin-fd", Secret(new))
        return ukey("pin", "change", "--admin", "--lang", "en", "--low-tries", *pins, *flags)

    wrong = change("11111111", "87654322")
    assert wrong.code == 7 and "Wrong PUK, 2 tries left" in wrong.stderr, wrong
    right = change("12345678", "8765432a")
    assert right.code == 0 and right.stdout.startswith("The PUK was changed"), right
    # Its form is its own: only PINs are digits.
    assert "digits" not in right.stderr
    for _ in range(2):
        change("11111111", "87654322")
    locked = change("11111111", "87654322")
    assert locked.code == 8 and "The PUK is locked" in locked.stderr and "F3" not in locked.stderr, locked
    assert tries(ukey) == 3


def test_a_locked_pin_shows_the_door_that_opens(card, ukey, pin):
    card("")
    for _ in range(3):
        pin("verify", "111111", flags=("--last-try",))
    for words in (("status",), ("pin", "status")):
        assert "ukey unlock admin" in ukey(*words, "--lang", "en").stdout
    locked = ukey("pin", "verify", "--lang", "en", "--pin-fd", Secret("123456"))
    assert locked.code == 8 and "ukey unlock admin" in locked.stderr and "unlock request" not in locked.stderr
