"""Where wrong PINs lead on PKCS#11 modules: SoftHSM2, which never locks, and OpenSC over a PIV card, which does."""

import re

import pytest
from rig import pcsc
from rig.answers import change
from rig.program import Secret
from rig.softhsm import OFFICER, OPENSC, SOFTHSM, USER


def token_flags(peer, module, env=None):
    """CKF_ flags of the token, as pkcs11-tool reads them."""
    listing = peer("pkcs11-tool", "--module", module, "-L", env=env).stdout
    return set(re.search(r"token flags\s*: (.*)", listing)[1].split(", "))


def verify(call, token, pin, *flags):
    return call(token, "pin", "verify", "--pin-fd", Secret(pin), *flags)


def test_softhsm_never_locks(call, hsm, peer):
    """SoftHSM2 2.6.1: wrong PINs without end set CKF_USER_PIN_COUNT_LOW and nothing more; the right one clears it."""
    hsm.add("01", "RSA")
    assert not token_flags(peer, SOFTHSM, hsm.env) & {"user PIN count low"}
    for number in range(12):
        done = verify(call, hsm, f"99999{number % 10}", "--low-tries")
        # No number is told, so none is claimed; and it is not called locked.
        assert (done.code, done.json["outcome"]) == (7, "wrong") and "triesLeft" not in done.json, done
    flags = token_flags(peer, SOFTHSM, hsm.env)
    assert "user PIN count low" in flags and not flags & {"final user PIN try", "user PIN locked"}
    # "Low" is all that is known: the next try needs the word for few.
    refused = verify(call, hsm, USER)
    assert (refused.code, refused.json["reason"]) == (9, "tries")
    assert verify(call, hsm, USER, "--low-tries").code == 0
    assert "user PIN count low" not in token_flags(peer, SOFTHSM, hsm.env)
    assert verify(call, hsm, USER).code == 0


def test_softhsm_officer(call, hsm, peer):
    """The same for the security officer's PIN, apart from the user's."""
    for number in range(4):
        assert verify(call, hsm, f"9999999{number}", "--admin", "--low-tries").code == 7
    flags = token_flags(peer, SOFTHSM, hsm.env)
    assert "SO PIN count low" in flags and not flags & {"user PIN count low", "final SO PIN try", "SO PIN locked"}
    assert verify(call, hsm, OFFICER, "--admin").code == 9
    assert verify(call, hsm, OFFICER, "--admin", "--low-tries").code == 0


class OpenSC:
    provider, env = f"pkcs11:{OPENSC}", {}


def tries(ukey):
    """What the card itself says."""
    return ukey("pin", "status", "--json", "--provider", "pcsc").json["pins"][0]["user"]["triesLeft"]


@pytest.fixture
def piv(soft_token):
    soft_token(card="piv")
    return OpenSC


def test_opensc_locks(call, piv, peer, ukey):
    """CKF_USER_PIN_FINAL_TRY is one try left, which is not used unasked; CKF_USER_PIN_LOCKED and CKR_PIN_LOCKED are locked."""
    assert verify(call, piv, "654320").code == 7 and tries(ukey) == 2
    wrong = verify(call, piv, "654321", "--low-tries")
    assert (wrong.code, wrong.json["triesLeft"]) == (7, 1), wrong
    assert "final user PIN try" in token_flags(peer, OPENSC)
    for refused in (verify(call, piv, USER, "--low-tries"), change(call, piv, USER, "271828", "--low-tries")):
        assert (refused.code, refused.json["reason"]) == (9, "tries") and tries(ukey) == 1, refused
    locked = verify(call, piv, "654322", "--last-try")
    assert (locked.code, locked.json["outcome"], locked.json["triesLeft"]) == (8, "locked", 0), locked
    assert "user PIN locked" in token_flags(peer, OPENSC)
    # Said by every command; nothing more is sent.
    assert call(piv, "status").code == 8
    shown = call(piv, "pin", "status")
    assert shown.code == 8 and shown.json["pins"][0]["user"] == {"triesLeft": 0, "locked": True}
    for done in (verify(call, piv, USER, "--last-try"), change(call, piv, USER, "271828", "--last-try")):
        assert (done.code, done.json["outcome"]) == (8, "locked"), done
    login = call(piv, "login-test", "--pin-fd", Secret(USER))
    assert login.code == 8, login


def test_opensc_has_no_officer_for_a_piv_card(call, piv, ukey):
    """OpenSC cannot log the officer in on a PIV card: no PUK try is used, no success is claimed; the direct way unblocks."""
    for number in range(3):
        verify(call, piv, f"65432{number}", "--last-try")
    assert tries(ukey) == 0
    done = call(
        piv, "unlock", "admin", "--low-tries", "--pin-fd", Secret("12345678"), "--new-pin-fd", Secret("515151"))
    assert (done.code, done.json["outcome"]) == (11, "unknown") and "CKR_GENERAL_ERROR" in done.json["detail"], done
    assert "no answer" not in done.json["message"]
    assert tries(ukey) == 0
    both = ["--provider", piv.provider, "--provider", "pcsc"]
    done = ukey(
        "unlock", "admin", "--json", "--low-tries", *both, "--pin-fd", Secret("12345678"), "--new-pin-fd", Secret("515151"))
    assert (done.code, done.json["outcome"]) == (0, "unblocked"), done
    assert tries(ukey) == 3 and verify(call, piv, "515151").code == 0


@pytest.fixture
def held(piv, reader):
    """Somebody is connected all the while: from a card that nobody has used for some seconds pcscd takes the power, and the
    login goes with it.
    """
    with pcsc.Context() as context, context.connect(reader.name):
        yield


def test_opensc_leaves_a_piv_card_logged_in(call, piv, peer, ukey, held):
    """C_Logout succeeds and sends nothing (OpenSC 0.23), under ukey as under pkcs11-tool; the direct way clears the state."""
    def is_verified():
        return ukey("pin", "status", "--json", "--provider", "pcsc").json["pins"][0]["user"].get("verified", False)

    assert verify(call, piv, USER).code == 0 and is_verified()
    assert ukey("pin", "verify", "--provider", "pcsc", "--low-tries", "--pin-fd", Secret(USER)).code == 0 and not is_verified()
    listed = peer("pkcs11-tool", "--module", OPENSC, "--login", "--pin", USER, "-O", "--type", "privkey")
    assert listed.code == 0 and is_verified(), listed


@pytest.mark.parametrize("language,final,locked", [
    ("zh", "--last-try", "已锁定"), ("en", "--last-try", "locked")])
def test_window_on_the_last_try_and_locked(call, piv, ukey, screen, language, final, locked):
    verify(call, piv, "654320")
    verify(call, piv, "654321", "--low-tries")
    window = screen(80, 24, "ukey", "--lang", language, "--provider", piv.provider)
    window.wait_read()
    window.keys("F2")
    window.wait_for(final)
    window.keys("Escape")
    assert tries(ukey) == 1
    verify(call, piv, "654322", "--last-try")
    window.keys("r")
    window.wait_for(f"✕ .*{locked}")
    # The PIN's state is shown before all of the key is read.
    window.wait_read()
    window.keys("F2")
    window.wait_for(locked)
    # Not F3: a module has no challenge that an issuer could answer.
    window.wait_for("ukey unlock admin")
    window.keys("Escape", "q")
    assert window.exit_status() == 0
