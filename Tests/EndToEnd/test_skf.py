"""Keys behind an SKF library: signatures, few tries, libraries that are none, events."""

import json
import os
import signal
import subprocess
import threading
import time

import pytest
from rig import child_processes, patience, skf
from rig.answers import change, verdict
from rig.program import LIBRARIES, Secret


@pytest.mark.parametrize("algorithm", ["sm2", "rsa"])
@pytest.mark.parametrize("quirks", [{}, {"double_hash": 1}, {"rsa_digest": 1}], ids=["plain", "double", "digest"])
def test_login_signature_of_each_kind(call, skf_token, algorithm, quirks):
    key = skf_token(**quirks)
    for file in key.directory.glob("rsa-*" if algorithm == "sm2" else "sm2-*"):
        file.unlink()
    done = call(key, "login-test", "--pin-fd", Secret(skf.USER_PIN))
    assert done.code == 0 and verdict(done, "login.signature") == "ok", done
    assert key.calls().count("SKF_VerifyPIN") == 1


def test_low_tries_need_words(call, skf_token):
    key = skf_token()
    key.set_tries(3)
    refused = change(call, key, "654321", "7g2K9q")
    assert refused.code == 9 and key.tries[0] == 3
    assert change(call, key, "654321", "7g2K9q", "--low-tries").code == 7 and key.tries[0] == 2
    key.set_tries(1)
    assert change(call, key, "654321", "7g2K9q", "--low-tries").code == 9 and key.tries[0] == 1
    locked = change(call, key, "654321", "7g2K9q", "--last-try")
    assert (locked.code, locked.json["outcome"]) == (8, "locked")
    before = key.calls().count("SKF_ChangePIN")
    assert change(call, key, skf.USER_PIN, "7g2K9q", "--last-try").code == 8
    assert key.calls().count("SKF_ChangePIN") == before
    assert call(key, "status").code == 8


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_who_does_not_want_to_wait_longer_than_a_card_takes_may_leave(skf_token, environment, ukey, number):
    """A library that hangs with a PIN has a minute; a signal that came long before ends the command after ten seconds, with the
    truth: it is not known."""
    key = skf_token(hang="SKF_VerifyPIN")
    reading, writing = os.pipe()
    os.write(writing, skf.USER_PIN.encode())
    os.close(writing)
    begun = time.monotonic()
    process = subprocess.Popen(
        [ukey.path, "pin", "verify", "--json", "--provider", key.provider, "--pin-fd", str(reading)], pass_fds=[reading],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(environment, **key.env))
    os.close(reading)
    patience.until(lambda: "SKF_VerifyPIN" in key.calls(), 10)
    hosts = child_processes.children(process.pid)
    process.send_signal(number)
    out, told = process.communicate(timeout=patience.limit(20))
    took = time.monotonic() - begun
    answer = json.loads(out)
    assert process.returncode == 11 and (answer["outcome"], answer["uncertain"]) == ("unknown", "verify"), answer
    assert 9 < took < 50, took
    assert "Ctrl-C" in told and key.calls().count("SKF_VerifyPIN") == 1
    patience.until(lambda: not any(child_processes.is_running(host) for host in hosts), 5)


@pytest.mark.parametrize("when", ["crash", "hang"])
def test_nothing_sent_when_it_dies_before(call, skf_token, environment, when):
    key = skf_token(**{when: "SKF_GetPINInfo"})
    key.limit(environment)
    done = change(call, key, skf.USER_PIN, "7g2K9q")
    assert done.code in (9, 10), done
    assert "SKF_ChangePIN" not in key.calls() and key.pins[0] == skf.USER_PIN


def test_library_that_is_none(ukey, tmp_path):
    def code(content):
        path = tmp_path / "lib.so"
        path.write_bytes(content)
        done = ukey("status", "--json", "--provider", f"skf:{path}")
        return done.code, done.json["error"]["code"]

    assert code(b"no library") == (10, "UK-238")
    assert code(b"\x7fELF\x01\x01\x01" + bytes(9) + b"\x03\x00\x03\x00" + bytes(40)) == (10, "UK-231")
    assert code(b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00\xb7\x00" + bytes(40)) == (10, "UK-231")
    assert code(b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00\x3e\x00" + bytes(40)) == (10, "UK-230")
    assert ukey("status", "--json", "--provider", f"skf:{tmp_path}/absent.so").json["error"]["code"] == "UK-230"
    libc = ukey("status", "--json", "--provider", f"skf:{LIBRARIES}/libz.so.1")
    assert libc.json["error"]["code"] == "UK-230"


def test_provider_test_tells(ukey, skf_token):
    key = skf_token(ulong_size=8, bool_size=8, packed=0, noise=1)
    done = ukey("provider", "test", "--json", str(key.library), env=key.env)
    assert done.code == 0
    assert "ULONG 64" in done.json["abi"] and "DEVINFO 328 (ULONG 64, aligned)" in done.json["abi"]
    assert done.json["devices"][0]["name"] == "海泰示例 1" and "vendor error output" in done.json["printed"]
    assert {"SKF_ConnectDev", "dlopen"} <= {timing["function"] for timing in done.json["calls"]}


def test_events(skf_token, environment, ukey):
    """`ukey watch`: by the library's own wait, and by looking every two seconds where it has none."""
    for events in (1, 0):
        key = skf_token(events=events)
        key.unplug()
        (key.directory / "calls").write_text("")
        process = subprocess.Popen(
            [ukey.path, "watch", "--json", "--provider", key.provider], stdout=subprocess.PIPE, text=True,
            env=dict(environment, **key.env))
        lines = []
        reader = threading.Thread(target=lambda: lines.extend(iter(process.stdout.readline, "")), daemon=True)
        reader.start()

        def wait_for(event):
            patience.until(lambda: any(f'"{event}"' in line for line in lines), 10, lambda: (event, lines))

        patience.until(lambda: ("SKF_WaitForDevEvent" if events else "SKF_EnumDev") in key.calls(), 10, key.calls)
        key.plug()
        wait_for("read")
        key.unplug()
        wait_for("removed")
        # It waits again: one that is ended before has nothing to cancel.
        patience.until(lambda: not events or key.calls()[-1] == "SKF_WaitForDevEvent", 10, key.calls)
        process.send_signal(signal.SIGINT)
        assert process.wait(patience.limit(5)) == 130
        # The second host cancels its wait in good order after the program has gone.
        patience.until(lambda: not events or "SKF_CancelWaitForDevEvent" in key.calls(), 5, key.calls)
