"""Several keys at once: each is named, none is guessed."""

import subprocess

import pytest

from rig import patience
from rig.program import Secret


@pytest.fixture
def three(soft_token, readers):
    """Both GM/T 0017 profiles and a PIV card, side by side."""
    slots = readers(3)
    for slot, words in zip(slots, ({"profile": "A-lm"}, {"profile": "B-le"}, {"card": "piv"})):
        soft_token(reader=slot, **words)
    return slots


def test_lists_say_whose_each_line_is(three, ukey):
    lines = ukey("cert", "list", "--lang", "zh").stdout.splitlines()
    heads = [line for line in lines if line.startswith("读卡器  ")]
    assert heads == [f"读卡器  {slot.name}" for slot in three]
    assert lines.index(heads[2]) < next(i for i, line in enumerate(lines) if line.startswith("9A  "))
    states = {
        (each["container"], each["certificate"]["state"]) for each in ukey("cert", "list", "--json").json["certificates"]}
    assert ("DEMO-SM2-EXPIRING", "expiring") in states and ("DEMO-SM2-DUAL", "valid") in states
    alone = ukey("cert", "list", "--reader", three[0].name).stdout
    assert three[0].name not in alone and len(alone.splitlines()) == 5


def test_no_certificate_of_a_guessed_key(three, ukey, tmp_path):
    target = tmp_path / "c.pem"
    for words in (["cert", "show"], ["cert", "export", target], ["cert", "export", target, "--container", "DEMO-RSA"]):
        done = ukey(*words, "--json")
        assert done.code == 2 and done.json["error"]["code"] == "UK-113", done
        assert three[0].name in done.json["error"]["detail"] and not target.exists()
    # Only one of them has it: nothing is guessed.
    assert ukey("cert", "export", target, "--container", "9C").code == 0
    assert ukey("cert", "export", target, "--force", "--reader", three[1].name).code == 0


@pytest.mark.parametrize("words", [
    ("pin", "verify"), ("pin", "change", "--new-pin-fd", Secret("739164")), ("login-test",),
    ("doctor", "--login", "--no-network"), ("unlock", "admin", "--new-pin-fd", Secret("739164"))],
    ids=lambda words: " ".join(map(str, words[:2])))
def test_a_pin_is_for_one_key(three, ukey, words):
    done = ukey(*words, "--json", "--pin-fd", Secret("123456"))
    assert done.code == 2 and done.json["error"]["code"] == "UK-113", done


def test_what_was_asked_for_is_named_when_it_is_not_there(ukey, soft_token, tmp_path):
    soft_token(card="gm")
    done = ukey("cert", "show", "--container", "NO-SUCH", "--role", "enc", "--json")
    assert done.code == 6 and done.json["error"]["code"] == "UK-305"
    assert "--container NO-SUCH --role enc" in done.json["error"]["detail"]


def test_watch_names_an_owner_once(ukey, environment, soft_token):
    soft_token(card="gm")
    process = subprocess.Popen(
        [str(ukey.path), "watch", "--lang", "zh"], stdout=subprocess.PIPE, env=environment, text=True)
    try:
        line = next(line for line in process.stdout if "已识别" in line)
        assert line.count("深圳市示例建设工程有限公司") == 1 and "深圳市样板市政工程有限公司" in line
    finally:
        process.terminate()
        process.wait(patience.limit(5))
