"""PIN status and change on real readers; the card is asked afterwards what is true."""

import pytest
from rig.program import Secret

GM_PROFILES = ["A-lm", "B-le"]


def change(ukey, old, new, *arguments):
    return ukey("pin", "change", "--json", "--pin-fd", Secret(old), "--new-pin-fd", Secret(new), *arguments)


def tries(ukey, role="user"):
    return ukey("pin", "status", "--json").json["pins"][0][role]


@pytest.mark.parametrize("profile", GM_PROFILES)
def test_change_survives_restart(ukey, soft_token, tmp_path, profile):
    token = soft_token(card="gm", profile=profile, dir=tmp_path / "card")
    assert tries(ukey) == {"triesLeft": 10, "triesMax": 10, "locked": False, "default": True}
    done = change(ukey, "123456", "7g2K9q")
    assert (done.code, done.json["outcome"]) == (0, "changed")
    assert tries(ukey)["default"] is False
    token.unplug()
    soft_token(card="gm", profile=profile, dir=tmp_path / "card")
    wrong = change(ukey, "123456", "7g2K9r")
    assert (wrong.code, wrong.json["outcome"], wrong.json["triesLeft"]) == (7, "wrong", 9)
    assert change(ukey, "7g2K9q", "abc123XY").code == 0
    assert tries(ukey)["triesLeft"] == 10


@pytest.mark.parametrize("profile", GM_PROFILES)
def test_ten_wrong_pins_lock(ukey, soft_token, profile):
    soft_token(card="gm", profile=profile)
    for left in range(9, 3, -1):
        done = change(ukey, "wrong-1", "7g2K9q")
        assert (done.code, done.json["triesLeft"]) == (7, left)
    # Four tries are left: this one goes without a flag and leaves three.
    assert change(ukey, "wrong-1", "7g2K9q").json["triesLeft"] == 3
    refused = change(ukey, "wrong-1", "7g2K9q")
    assert (refused.code, refused.json["reason"]) == (9, "tries")
    assert tries(ukey)["triesLeft"] == 3
    assert change(ukey, "wrong-1", "7g2K9q", "--low-tries").json["triesLeft"] == 2
    assert change(ukey, "wrong-1", "7g2K9q", "--low-tries").json["triesLeft"] == 1
    assert change(ukey, "wrong-1", "7g2K9q", "--low-tries").code == 9
    locked = change(ukey, "wrong-1", "7g2K9q", "--last-try")
    assert (locked.code, locked.json["outcome"]) == (8, "locked")
    assert change(ukey, "123456", "7g2K9q", "--last-try").code == 8
    assert ukey("status", "--json").code in (3, 8)
    assert ukey("pin", "status").code == 8


@pytest.mark.parametrize(
    "old, new, rule",
    [("123456", "123", "太短"), ("123456", "12345678901234567", "太长"), ("123456", "１２３４５６", "全角"),
     ("123456", "密码密码", "英文"), ("123456", "123456", "相同"), ("", "7g2K9q", "没有输入")])
def test_local_rules_send_nothing(ukey, soft_token, old, new, rule):
    token = soft_token(card="gm")
    done = change(ukey, old, new, "--lang", "zh")
    assert (done.code, done.json["reason"]) == (9, "rule")
    assert rule in done.json["message"]
    assert not [line for line in token.trace() if " 18 " in str(line) and "VERIFY" in str(line)]
    assert tries(ukey)["triesLeft"] == 10


def test_weak_pin_warns(ukey, soft_token):
    soft_token(card="gm")
    done = change(ukey, "123456", "888888", "--lang", "zh")
    assert done.code == 0 and "容易被猜到" in done.stderr


def test_piv_change_and_wrong(ukey, soft_token):
    soft_token(card="piv", settings={"tries": 5})
    assert tries(ukey)["triesLeft"] == 5
    assert change(ukey, "123456", "90817263").code == 0
    wrong = change(ukey, "123456", "90817264")
    assert (wrong.code, wrong.json["triesLeft"]) == (7, 4)
    assert change(ukey, "90817263", "12345698").code == 0


def test_puk_change(ukey, soft_token):
    soft_token(card="piv")
    assert change(ukey, "12345678", "87654399", "--admin").code == 9
    assert change(ukey, "12345678", "87654399", "--admin", "--low-tries").code == 0


@pytest.mark.parametrize("flags", [(), ("--low-tries",)])
def test_a_puk_cannot_be_checked_alone(ukey, soft_token, flags):
    token = soft_token(card="piv")
    done = ukey("pin", "verify", "--json", "--admin", "--pin-fd", Secret("12345678"), *flags)
    assert (done.code, done.json["error"]["code"]) == (9, "UK-220")
    assert not [line for line in token.trace() if " 00 81 " in line]


def test_arguments_and_environment_take_no_pin(ukey, soft_token):
    soft_token(card="gm")
    assert ukey("pin", "change", "123456", "7g2K9q").code == 2
