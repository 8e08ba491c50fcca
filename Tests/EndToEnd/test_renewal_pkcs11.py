"""Renewals behind a PKCS#11 module: what stops them, and keys that want the PIN for each signature."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from rig import patience
from rig.softhsm import SOFTHSM
from test_renewal import PERSON, authority, issue, on, pin, renewed  # noqa: F401

SOURCE = Path(__file__).parent / "rig/faulty_module.c"


@pytest.fixture
def faulty(hsm, tmp_path):
    """The token `hsm` with an old certificate, behind a module with a fault in the middle."""
    module = tmp_path / "libfaulty.so"
    subprocess.run(
        ["gcc", "-shared", "-fPIC", "-Wall", "-Wextra", "-Werror", f'-DREAL="{SOFTHSM}"', "-o", module, SOURCE, "-ldl"], check=True)
    hsm.provider = f"pkcs11:{module}"
    fault, calls = hsm.directory / "fault", hsm.directory / "calls"
    calls.touch()
    hsm.env |= {"MODULE_FAULT": str(fault), "MODULE_LOG": str(calls)}
    hsm.fault = fault.write_text
    hsm.calls = lambda: calls.read_text().split()
    hsm.add("01", "P-256")
    return hsm


def killed(token, ukey, environment, *words):
    """The program, killed when the module has done the step and hangs."""
    reading, writing = os.pipe()
    os.write(writing, b"123456\n")
    os.close(writing)
    step = Path(token.env["MODULE_FAULT"]).read_text().split()[0]
    before = token.calls().count(step)
    process = subprocess.Popen(
        [str(ukey.path), *map(str, words), "--provider", token.provider, "--pin-fd", str(reading)],
        env=dict(environment, **token.env), pass_fds=[reading], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True)
    os.close(reading)
    end = time.monotonic() + patience.limit(30)
    while token.calls().count(step) == before and process.poll() is None and time.monotonic() < end:
        time.sleep(0.02)
    # Written to the disk a moment after the function was entered.
    time.sleep(0.5)
    is_killed = process.poll() is None
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return is_killed


@pytest.mark.parametrize("fault", ["crash", "crash-after", "gone", "gone-after", "kill"])
@pytest.mark.parametrize("step", ["C_GenerateKeyPair", "C_Sign", "C_CreateObject"])
def test_it_is_stopped_at_every_step(faulty, ukey, environment, tmp_path, authority, step, fault):
    folder, _ = authority
    call = on(faulty, ukey)
    stops = []

    def until_done(words, again):
        faulty.fault(f"{step} {'hang-after' if fault == 'kill' else fault}")
        if fault == "kill":
            if step in ("C_Sign", {"request": "C_GenerateKeyPair", "apply": "C_CreateObject"}[words[1]]):
                assert killed(faulty, ukey, environment, *words)
                stops.append(words[1])
        else:
            done = call(*words, *pin())
            if done.code == 0:
                faulty.fault("")
                return done.json
            assert done.json["error"]["code"] in ("UK-232", "UK-122"), done
            stops.append(words[1])
        faulty.fault("")
        # The old certificate is as it was, whatever was reached.
        assert call("login-test", "--container", "01", *pin()).code == 0
        done = call(*again, *pin())
        assert done.code == 0, done
        return done.json

    words = ["renew", "request", "--on-key", "--json", "--yes", "--force", "--container", "01", "--out", tmp_path / "key.ukreq", *PERSON]
    asked = until_done(words, words)
    answer = issue(ukey, asked["file"], folder).json["answer"]
    apply = ["renew", "apply", answer, "--yes", "--accept-differences", "--json"]
    done = until_done(apply, ["renew", "resume", "--json"] if step != "C_GenerateKeyPair" else apply)
    assert done["stage"] == "installed" and done["order"] == asked["order"]
    assert stops == {"C_GenerateKeyPair": ["request"], "C_CreateObject": ["apply"], "C_Sign": ["request", "apply"]}[step]
    # Done once: what was there was seen.
    made = 1 if fault in ("crash-after", "gone-after", "kill") or step != "C_GenerateKeyPair" else 2
    assert faulty.calls().count("C_GenerateKeyPair") == made
    listed = faulty.tool("pkcs11-tool", "--module", SOFTHSM, "--token-label", "TEST", "--login", "--pin", "123456", "-O").stdout
    identity = done["container"].lower()
    assert [line.strip().lower() for line in listed.splitlines()].count(f"id:         {identity}") == 3, listed
    for container in ("01", done["container"]):
        assert call("login-test", "--container", container, *pin()).code == 0


def test_what_a_module_does_wrong(faulty, ukey, tmp_path, authority):
    folder, _ = authority
    call = on(faulty, ukey)
    words = ["renew", "request", "--on-key", "--json", "--yes", "--force", "--container", "01", "--out", tmp_path / "key.ukreq", *PERSON]
    for fault, code in (("full", "UK-536"), ("lose", "UK-538")):
        faulty.fault("C_GenerateKeyPair " + fault)
        done = call(*words, *pin())
        assert done.code in (9, 10) and done.json["error"]["code"] == code, done
    faulty.fault("")
    asked = call(*words, *pin())
    assert asked.code == 0, asked
    answer = issue(ukey, asked.json["file"], folder).json["answer"]
    for fault, code in (("full", "UK-536"), ("lose", "UK-538")):
        faulty.fault("C_CreateObject " + fault)
        done = call("renew", "apply", answer, "--yes", "--accept-differences", "--json", *pin())
        assert done.code in (9, 10) and done.json["error"]["code"] == code, done
    faulty.fault("")
    assert call("renew", "resume", "--json", *pin()).json["stage"] == "installed"
    # The old one is removed: pulled in the middle, what is left of it goes the next time.
    faulty.fault("C_DestroyObject gone-after")
    assert call("renew", "remove-old", "--yes", "--json", *pin()).code != 0
    faulty.fault("")
    removed = call("renew", "remove-old", "--yes", "--json", *pin())
    listed = faulty.tool("pkcs11-tool", "--module", SOFTHSM, "--token-label", "TEST", "--login", "--pin", "123456", "-O").stdout
    assert removed.code == 0 and "ID:         01" not in listed, (removed, listed)


@pytest.mark.parametrize("kind", ["EC:prime256v1", "rsa:2048"])
def test_a_key_that_wants_the_pin_for_each_signature(hsm, ukey, tmp_path, authority, kind):
    """CKA_ALWAYS_AUTHENTICATE of the old key: the statement is signed after a login for that alone."""
    tool = ["pkcs11-tool", "--module", SOFTHSM, "--token-label", "TEST", "--login", "--pin", "123456"]
    made = hsm.tool(*tool, "--keypairgen", "--key-type", kind, "--id", "07", "--label", "own", "--always-auth")
    assert "always authenticate" in hsm.tool(*tool, "-O", "--type", "privkey").stdout.lower(), made
    key, request, der = tmp_path / "own.pub", tmp_path / "ca.key", tmp_path / "own.der"
    hsm.tool(*tool, "--read-object", "--type", "pubkey", "--id", "07", "--output-file", key)
    hsm.tool("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", request)
    hsm.tool(
        "openssl", "req", "-x509", "-new", "-utf8", "-key", request, "-subj", "/C=CN/CN=CA", "-days", "9", "-out", tmp_path / "ca.pem")
    hsm.tool("openssl", "req", "-new", "-utf8", "-key", request, "-subj", "/C=CN/O=示例/CN=李四", "-out", tmp_path / "own.csr")
    hsm.tool(
        "openssl", "x509", "-req", "-in", tmp_path / "own.csr", "-CA", tmp_path / "ca.pem", "-CAkey", request, "-days", "9",
        "-force_pubkey", key, "-outform", "DER", "-out", der)
    hsm.tool(*tool, "--write-object", der, "--type", "cert", "--id", "07", "--label", "own")
    done = renewed(ukey, on(hsm, ukey), tmp_path, authority, "07")
    assert done["oldContainer"] == "07"
