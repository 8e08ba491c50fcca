"""Names of the user's own for keys, and keys chosen by them, by the end of their serial number and by parts of reader names."""

import os
import signal
import stat
import subprocess
from pathlib import Path

import pytest

from rig import patience
from rig.program import Secret, end

SERIAL = "DEMO-GM-00412"


@pytest.fixture
def file(environment):
    return Path(environment["HOME"]) / ".config/ukey/names.conf"


def test_a_name_is_given_shown_used_and_taken_away(ukey, file):
    given = ukey("name", "张工的公司锁", "--demo", "--json")
    assert given.code == 0 and given.json["changed"] and given.json["key"]["name"] == "张工的公司锁", given
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "张工的公司锁" in ukey("status", "--demo").stdout and "张工的公司锁" in ukey("list", "--demo").stdout
    assert ukey("status", "--demo", "--json").json["readers"][0]["key"]["name"] == "张工的公司锁"
    assert ukey("pin", "verify", "--demo", "--key", "张工的公司锁", "--pin-fd", Secret("123456")).code == 0
    assert ukey("name", "--json").json["names"] == [{"serial": SERIAL, "name": "张工的公司锁"}]
    # Another name takes its place; what the user wrote beside it stays.
    file.write_text(file.read_text() + "# mine\nOTHER = 别的\n")
    assert ukey("name", "新", "--serial", SERIAL).code == 0
    assert ukey("name").stdout.splitlines() == [f"{SERIAL}  新", "OTHER  别的"] and "# mine" in file.read_text()
    assert ukey("name", "--remove", "--demo").code == 0 and "新" not in ukey("status", "--demo").stdout
    again = ukey("name", "--remove", "--demo", "--json")
    assert again.code == 0 and not again.json["changed"]


def test_the_window_calls_it_so(ukey, screen):
    """In the list, in what is asked, and in the search."""
    assert ukey("name", "张工的公司锁", "--demo").code == 0
    window = screen(100, 30, "ukey", "--demo", "--lang", "zh")
    window.wait_for("● 张工的公司锁")
    window.wait_read()
    window.keys("F2")
    window.wait_for(r"U-Key +张工的公司锁 · DEMO-GM-00412")
    window.keys("Escape")
    window.wait_gone("新密码")
    window.keys("/")
    window.type("张工")
    window.keys("Enter")
    window.wait_for("/ 张工")
    assert "样板" in window.text()
    # Where it would be question marks the key is called as it calls itself.
    plain = screen(80, 24, "ukey", "--demo", env={"LANG": "C", "LC_ALL": "C"})
    plain.wait_for("DEMO GM SOFT TOKEN")


@pytest.mark.parametrize("name", ["", " 前", "长" * 41, "a\u202eb", "a\nb"])
def test_what_is_no_name_is_refused(ukey, file, name):
    done = ukey("name", name, "--demo")
    assert done.code == 2 and not file.exists(), done


@pytest.mark.parametrize("bad", ["large", "folder", "foreign", "noise"])
def test_no_file_is_too_bad(ukey, file, bad):
    file.parent.mkdir(parents=True)
    if bad == "folder":
        file.mkdir()
    else:
        file.write_bytes({
            "large": b"[names]\n" + b"A = b\n" * 200_000, "foreign": b"[names]\nDEMO-GM-00412 = x\n",
            "noise": bytes(i * 197 >> 3 & 255 for i in range(60_000))}[bad])
    if bad == "foreign":
        file.chmod(0o666)
    done = ukey("status", "--demo", "--json")
    assert done.code == 3 and "name" not in done.json["readers"][0]["key"] and done.stderr, done
    if bad == "foreign":
        assert "UK-614" in done.stderr and ukey("name", "新", "--demo").code != 0
        assert file.read_text() == "[names]\nDEMO-GM-00412 = x\n"


def test_lines_that_say_nothing_are_told(ukey, file):
    file.parent.mkdir(parents=True)
    file.write_text("[names]\n  what\n")
    assert f"{file}:2:3: what" in ukey("status", "--demo").stderr


def test_of_two_keys_the_one_that_is_meant(ukey, readers, soft_token):
    """Every command that is about one key, by serial end and by a part of the reader's name; what fits both is refused."""
    one, two = readers(2)
    soft_token(card="gm", reader=one)
    soft_token(card="piv", reader=two)
    keys = [each["key"] for each in ukey("status", "--json").json["readers"]]
    gm, piv = (next(key for key in keys if key["family"] == family) for family in ("gmt0017", "piv"))
    ends = [gm["serial"][-5:], piv["serial"][-6:]]
    assert ends[0] != ends[1]
    for key, tail in zip((gm, piv), ends):
        row = ukey("cert", "list", "--json", "--key", tail).json["certificates"][0]
        show = ["cert", "show", "--role", row["certificate"]["role"], "--container", row["container"]]
        for words in (["status"], ["pin", "status"], ["list"], ["cert", "list"], show):
            by_serial, by_reader = ukey(*words, "--json", "--key", tail), ukey(*words, "--json", "--reader", key["reader"][-8:])
            for done in (by_serial, by_reader):
                assert key["reader"] in done.stdout, (words, done)
                other = gm if key is piv else piv
                assert other["reader"] not in done.stdout, (words, done)
        checked = ukey("pin", "verify", "--key", tail, "--json", "--pin-fd", Secret("123456"))
        assert checked.code == 0 and checked.json["key"]["serial"] == key["serial"], checked
        doctor = ukey("doctor", "--no-network", "--json", "--only", "card.free", "--key", tail)
        assert key["reader"] in doctor.stdout, doctor
    # What fits both is not guessed.
    shared = os.path.commonprefix([gm["reader"], piv["reader"]]).strip()
    for words in (["status"], ["pin", "verify", "--pin-fd", Secret("123456")], ["cert", "show"], ["export", "--all", "x"]):
        done = ukey(*words, "--json", "--reader", shared)
        assert done.code == 2 and done.json["error"]["code"] == "UK-115", done
        assert gm["reader"] in done.json["error"]["detail"] and piv["reader"] in done.json["error"]["detail"]
    assert ukey("name", "同名", "--key", ends[0]).code == 0 and ukey("name", "同名", "--key", ends[1]).code == 0
    same = ukey("pin", "status", "--json", "--key", "同名")
    assert same.code == 2 and gm["serial"] in same.stdout and piv["serial"] in same.stdout, same
    none = ukey("pin", "status", "--json", "--key", "nothing")
    assert none.code == 5 and none.json["error"]["code"] == "UK-114"


def test_watch_tells_of_the_chosen_key_only(ukey, environment, readers, soft_token, tmp_path):
    one, two = readers(2)
    soft_token(card="gm", reader=one)
    soft_token(card="piv", reader=two)
    printed = tmp_path / "printed"
    with open(printed, "w") as file:
        process = subprocess.Popen(
            [str(ukey.path), "watch", "--json", "--key", "00412"], stdout=file, env=environment)
        try:
            patience.until(lambda: '"read"' in printed.read_text(), 20, printed.read_text)
        finally:
            end(process, signal.SIGINT)
    assert one.name in printed.read_text() and two.name not in printed.read_text()
