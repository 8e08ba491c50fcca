"""What a module says of its slots and tokens, and what ukey makes of it: a module whose answers the test sets."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from rig import child_processes, patience
from rig.program import Secret

PIN_SET, PAD, LOGIN_REQUIRED = 0x408, 0x508, 0x40C


@pytest.fixture(scope="session")
def module(tmp_path_factory):
    out = tmp_path_factory.mktemp("plain") / "plain_module.so"
    source = Path(__file__).parent / "rig/plain_module.c"
    subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", str(out), str(source)], check=True)
    return out


@pytest.fixture
def plain(module, ukey, tmp_path):
    """`plain("pin", "status", flags=0x408)`: a command on the module; `.calls` is what it was asked."""
    log = tmp_path / "calls"
    log.mkdir()
    log = log / "log"

    def run(*words, env=None, **settings):
        variables = {"MODULE_LOG": str(log)} | {f"MODULE_{name.upper()}": str(value) for name, value in settings.items()}
        return ukey(*words, "--provider", f"pkcs11:{module}", env=variables | (env or {}))

    run.log = log
    run.calls = lambda: log.read_text().splitlines() if log.exists() else []
    return run


@pytest.mark.parametrize("words,sent", [(["verify"], "C_Login 0"), (["change"], "C_SetPIN 0")])
@pytest.mark.parametrize("language,told", [("en", "keypad"), ("zh", "自带的键盘")])
def test_a_pin_pad_is_not_typed_for(plain, words, sent, language, told):
    """No terminal, no descriptor: nothing is asked here. What is entered at the key is not this program's business."""
    done = plain("pin", *words, "--lang", language, flags=PAD)
    assert done.code == 0 and told in done.stderr and "60" in done.stderr, done
    assert [call for call in plain.calls() if call.startswith(("C_Login", "C_SetPIN"))] == [sent]


def test_a_pin_pad_leaves_the_descriptor_alone(plain):
    """A script that gives a PIN all the same: it is not sent."""
    done = plain("pin", "verify", "--json", "--pin-fd", Secret("123456"), flags=PAD)
    assert (done.code, done.json["outcome"]) == (0, "verified"), done
    assert "C_Login 0" in plain.calls() and "C_Login 6" not in plain.calls()


def test_without_a_user_pin_nothing_is_sent(plain):
    for words in (["verify", "--pin-fd", Secret("123456")],
                  ["change", "--pin-fd", Secret("123456"), "--new-pin-fd", Secret("7g2K9q")]):
        done = plain("pin", *words, "--json", flags=0x400)
        assert done.code == 9 and done.json["error"]["code"] == "UK-412", done
    assert not [call for call in plain.calls() if call.startswith(("C_Login", "C_SetPIN"))]


def test_an_uninitialised_token_is_called_so(plain):
    done = plain("pin", "verify", "--json", "--reader", "Plain 0", "--pin-fd", Secret("123456"), flags=0)
    assert done.json["error"]["code"] == "UK-212", done


def test_certificates_behind_a_login(plain):
    """Nothing is seen without one: that is said, and not that there is nothing."""
    done = plain("status", "--lang", "en", flags=LOGIN_REQUIRED)
    assert done.code == 6 and "UK-307" in done.stdout and "UK-301" not in done.stdout, done
    assert "UK-301" in plain("status", "--lang", "en", flags=PIN_SET).stdout


def test_one_bad_slot_hides_no_other(plain):
    done = plain("status", "--json", slots=3, bad_slot=1)
    readers = [reader["reader"] for reader in done.json["readers"]]
    assert {"Plain 0", "Plain 2"} < set(readers) and len(readers) == 3, done


def test_slots_without_number(plain):
    done = plain("status", "--json", slots=5000)
    assert len(done.json["readers"]) == 256, done


def test_slots_without_name_are_called_by_the_file(plain):
    done = plain("status", "--json", slots=3, nameless=1)
    names = [f"plain_module.so{number}" for number in ("", " #2", " #3")]
    assert [reader["reader"] for reader in done.json["readers"]] == names, done


def test_each_slot_is_listed_once(plain):
    plain("status", "--json", slots=5)
    calls = plain.calls()
    # The length and the list, for all slots and for those with a token.
    assert calls.count("C_GetSlotList") == 4 and calls.count("C_GetSlotInfo") == 5, calls


def test_why_it_cannot_begin_is_said(plain):
    done = plain("status", "--json", fail=0x05)
    error = done.json["error"]
    assert done.code == 10 and error["code"] == "UK-237", done
    assert "CKR_GENERAL_ERROR" in error["detail"] and "its daemon is not running" in error["detail"], done


def test_a_wait_that_returns_at_once_costs_nothing(module, environment, ukey, tmp_path):
    """Looked at ever more slowly, down to every two seconds."""
    log = tmp_path / "log"
    log.write_text("")
    process = subprocess.Popen(
        [ukey.path, "watch", "--provider", f"pkcs11:{module}"], stdout=subprocess.DEVNULL,
        env=environment | {"MODULE_WAIT": "1", "MODULE_LOG": str(log)})
    waits = lambda: log.read_text().splitlines().count("C_WaitForSlotEvent")
    patience.until(waits)
    time.sleep(3)
    count, begun = waits(), time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.wait(patience.limit(5)) == 130 and time.monotonic() - begun < patience.limit(3)
    assert count <= 8, count


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_pin_pad_is_left_by_a_signal(plain, module, ukey, environment, number):
    """At once, with the truth, and the module's process goes with it."""
    process = subprocess.Popen(
        [ukey.path, "pin", "verify", "--json", "--provider", f"pkcs11:{module}"], stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=dict(environment, MODULE_LOG=str(plain.log), MODULE_FLAGS=str(PAD), MODULE_KEYPAD="60"))
    patience.until(lambda: "C_Login 0" in plain.calls(), 10)
    hosts = child_processes.children(process.pid)
    # Where it has begun to listen for one; before, a signal waits.
    process.send_signal(number)
    out, told = process.communicate(timeout=patience.limit(8))
    assert process.returncode == 11 and json.loads(out)["outcome"] == "unknown", (out, told)
    patience.until(lambda: not any(child_processes.is_running(host) for host in hosts), 5)
    assert plain.calls().count("C_Login 0") == 1


def test_escape_ends_the_wait_for_a_pin_pad(plain, module, screen):
    """In the window: the module's process is ended, what is known is said, and the key is there again."""
    window = screen(
        80, 24, "ukey", "--lang", "zh", "--provider", f"pkcs11:{module}", "--no-network",
        env={"MODULE_LOG": str(plain.log), "MODULE_FLAGS": str(PAD), "MODULE_KEYPAD": "60"})
    window.wait_read()
    window.keys("F2")
    window.wait_for("自带的键盘上输入")
    window.keys("Enter")
    patience.until(lambda: "C_Login 0" in plain.calls() or "C_SetPIN 0" in plain.calls(), 10)
    window.wait_for("还有 .* 秒")
    before = len(plain.calls())
    window.keys("Escape")
    window.wait_for("结果未知")
    window.wait_for("键盘上取消")
    # Read again by a new process: the old one, which would have waited for a minute, is no more.
    patience.until(lambda: "C_GetTokenInfo" in plain.calls()[before:], 10)
    window.keys("Escape")
    window.keys("q")
    assert window.exit_status() == 0
