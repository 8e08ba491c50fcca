"""Renewals behind an SKF library: SM2 and RSA, however wide its numbers are; what it does wrong; what stops it."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from rig import patience
from rig.program import tool
from test_renewal import PERSON, authority, issue, on, pin, renewed  # noqa: F401


@pytest.mark.parametrize("quirks", [
    {}, {"double_hash": 1, "size_query": 1}, {"ulong_size": 8}, {"ulong_size": 8, "packed": 0, "bool_size": 8}, {"packed": 0}],
    ids=["plain", "odd", "wide", "wide-aligned", "aligned"])
def test_behind_an_skf_library(skf_token, ukey, tmp_path, authority, quirks):
    token = skf_token(**quirks)
    done = renewed(ukey, on(token, ukey), tmp_path, authority, "容器01")
    assert done["encryptionPair"] == "proved"
    calls = token.calls()
    assert calls.count("SKF_GenECCKeyPair") == calls.count("SKF_ImportECCKeyPair") == 1
    removed = on(token, ukey)("renew", "remove-old", "--yes", "--json", *pin())
    assert removed.code == 0, removed


@pytest.mark.parametrize("quirks", [
    {}, {"rsa_digest": 1}, {"ulong_size": 8}, {"ulong_size": 8, "packed": 0}], ids=["plain", "digest", "wide", "wide-aligned"])
def test_rsa_behind_an_skf_library(skf_token, ukey, tmp_path, authority, quirks):
    folder, _ = authority
    token = skf_token(**quirks)
    done = renewed(ukey, on(token, ukey), tmp_path, authority, "R")
    assert done["encryptionPair"] == "none"
    assert token.calls().count("SKF_GenRSAKeyPair") == 1 and "SKF_GenECCKeyPair" not in token.calls()
    key, = token.directory.glob("made-*.sign-key")
    der, = token.directory.glob("made-*.sign-der")
    assert tool("openssl", "pkey", "-in", key, "-pubout") == tool("openssl", "x509", "-inform", "DER", "-in", der, "-noout", "-pubkey")


def test_a_library_that_wants_the_private_key_left(skf_token, ukey, environment, tmp_path, authority):
    """A setting of the library; with the other one the pair that comes out is found to be a wrong one."""
    folder, _ = authority
    token = skf_token(key_left=1)
    call = on(token, ukey)
    asked = call(
        "renew", "request", "--on-key", "--json", "--yes", "--container", "容器01", "--out", tmp_path / "key.ukreq", *PERSON, *pin())
    assert asked.code == 0, asked
    answer = issue(ukey, asked.json["file"], folder).json["answer"]
    wrong = call("renew", "apply", answer, "--yes", "--accept-differences", "--json", *pin())
    assert wrong.code == 9 and wrong.json["error"]["code"] == "UK-534", wrong
    # Nothing is imported over a pair: it takes a new order, in a container of its own.
    configure(environment, f"{token.provider} key-in-blob=left\n")
    assert call("renew", "resume", "--json", *pin()).json["error"]["code"] == "UK-534"
    assert ukey("renew", "forget", "--order", asked.json["order"], "--yes").code == 0
    asked = call(
        "renew", "request", "--on-key", "--json", "--yes", "--force", "--container", "容器01", "--out", tmp_path / "key.ukreq", *PERSON,
        *pin())
    answer = issue(ukey, asked.json["file"], folder, "--force").json["answer"]
    done = call("renew", "apply", answer, "--yes", "--accept-differences", "--json", *pin())
    assert done.code == 0 and done.json["encryptionPair"] == "proved", done
    assert call("login-test", "--container", "容器01", *pin()).code == 0
    configure(environment, f"{token.provider} key-in-blob=middle\n")
    assert "key-in-blob" in call("list", "--lang", "en").stderr


def configure(environment, text):
    folder = Path(environment["HOME"]) / ".config/ukey"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "providers.conf").write_text(text)


def test_what_an_skf_library_does_wrong(skf_token, ukey, tmp_path, authority):
    folder, _ = authority
    token = skf_token()
    call = on(token, ukey)
    words = ["renew", "request", "--on-key", "--json", "--yes", "--force", "--container", "容器01", "--out", tmp_path / "key.ukreq", *PERSON]
    token.set(full=1)
    full = call(*words, *pin())
    assert full.code == 9 and full.json["error"]["code"] == "UK-536", full
    # It dies in the middle of making the pair; the next run goes on.
    token.set(full=0, crash="SKF_GenECCKeyPair")
    died = call(*words, *pin())
    assert died.code == 10, died
    token.set(crash="")
    # It says that it has stored the pair, and has not.
    token.set(lose="sign-key")
    lost = call(*words, *pin())
    assert lost.json["error"]["code"] == "UK-538", lost
    token.set(lose="")
    asked = call(*words, *pin())
    assert asked.code == 0, asked
    issued = issue(ukey, asked.json["file"], folder)
    token.set(lose="enc-der")
    lost = call("renew", "apply", issued.json["answer"], "--yes", "--accept-differences", "--json", *pin())
    assert lost.json["error"]["code"] == "UK-538", lost
    token.set(lose="", crash="SKF_ImportSessionKey")
    assert call("renew", "resume", "--json", *pin()).code == 10
    token.set(crash="")
    resumed = call("renew", "resume", "--json", *pin())
    assert resumed.code == 0 and resumed.json["encryptionPair"] == "proved", resumed
    assert call("login-test", "--container", "容器01", *pin()).code == 0


@pytest.mark.parametrize("step", [
    "SKF_CreateContainer", "SKF_GenECCKeyPair", "SKF_ECCSignData", "SKF_ImportECCKeyPair", "SKF_ImportCertificate",
    "SKF_ImportSessionKey", "SKF_Encrypt"])
def test_a_library_that_crashes_between_two_steps(skf_token, ukey, tmp_path, authority, step):
    """The step was done and written down, and the library's process is gone before anybody was told."""
    folder, _ = authority
    token = skf_token()
    call = on(token, ukey)
    words = ["renew", "request", "--on-key", "--json", "--yes", "--force", "--container", "容器01", "--out", tmp_path / "key.ukreq", *PERSON]
    ends = []

    def until_done(*more):
        token.set(crash_after=step)
        done = call(*more, *pin())
        if done.code != 0:
            ends.append(done)
            assert done.json["error"]["code"] == "UK-232", done
            token.set(crash_after="")
            assert call("login-test", "--container", "容器01", *pin()).code == 0
            done = call(*more, *pin()) if more[1] == "request" else call("renew", "resume", "--json", *pin())
        assert done.code == 0, done
        token.set(crash_after="")
        return done.json

    asked = until_done(*words)
    answer = issue(ukey, asked["file"], folder).json["answer"]
    done = until_done("renew", "apply", answer, "--yes", "--accept-differences", "--json")
    assert ends and done["encryptionPair"] == "proved" and done["stage"] == "installed"
    calls = token.calls()
    assert calls.count("SKF_CreateContainer") == calls.count("SKF_GenECCKeyPair") == calls.count("SKF_ImportECCKeyPair") == 1
    assert call("login-test", "--container", done["container"], *pin()).code == 0


@pytest.mark.parametrize("step, stored", [
    ("SKF_GenECCKeyPair", "made-*.sign-key"), ("SKF_ImportECCKeyPair", "made-*.enc-key"),
    ("SKF_ImportCertificate", "made-*.sign-der")])
def test_killed_in_the_middle_of_a_step(skf_token, ukey, environment, tmp_path, authority, step, stored):
    """The step was done, nobody could note it: it is seen, and not done again."""
    folder, _ = authority
    token = skf_token()
    call = on(token, ukey)
    words = ["renew", "request", "--on-key", "--json", "--yes", "--force", "--container", "容器01", "--out", tmp_path / "key.ukreq", *PERSON]
    answer = tmp_path / "key.csrrsp"

    def killed(*more):
        token.set(hang_after=step)
        reading, writing = os.pipe()
        os.write(writing, b"123456\n")
        os.close(writing)
        before = token.calls().count(step)
        command = [str(ukey.path), *map(str, more), "--provider", token.provider, "--pin-fd", str(reading)]
        process = subprocess.Popen(
            command, env=dict(environment, **token.env), pass_fds=[reading], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        os.close(reading)
        end = time.monotonic() + patience.limit(30)
        while not list(token.directory.glob(stored)) and time.monotonic() < end:
            time.sleep(0.02)
        # The library hangs now: the program waits for it and knows nothing of what was stored.
        assert process.poll() is None and token.calls().count(step) == before + 1
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        token.set(hang_after="")

    if step == "SKF_GenECCKeyPair":
        killed(*words)
    asked = call(*words, *pin())
    assert asked.code == 0, asked
    assert issue(ukey, asked.json["file"], folder, "--out", answer).code == 0
    if step != "SKF_GenECCKeyPair":
        killed("renew", "apply", answer, "--yes", "--accept-differences")
        assert ukey("renew", "status", "--json").json["orders"][0]["stage"] == "answered"
        done = call("renew", "resume", "--json", *pin())
    else:
        done = call("renew", "apply", answer, "--yes", "--accept-differences", "--json", *pin())
    assert done.code == 0 and done.json["encryptionPair"] == "proved", done
    assert token.calls().count(step) == (2 if step == "SKF_ImportCertificate" else 1)
    assert call("login-test", "--container", "容器01", *pin()).code == 0
