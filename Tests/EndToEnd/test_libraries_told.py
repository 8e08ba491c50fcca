"""What is said of libraries that are none, of tokens that were never initialised, and of certificates behind a PIN."""

import subprocess
from pathlib import Path

import pytest

from rig.program import LIBRARIES, Secret
from rig.softhsm import OPENSC, SOFTHSM, SUBJECT, USER


@pytest.mark.parametrize("content, said", [
    (b"MZ\x90\x00" + bytes(64), "Windows DLL"), (b"just a text\n" * 4, "UK-238"), (b"", "0 B")],
    ids=["dll", "text", "empty"])
def test_a_file_that_is_no_library_is_called_that(ukey, tmp_path, content, said):
    file = tmp_path / "library.so"
    file.write_bytes(content)
    done = ukey("status", "--lang", "en", "--provider", f"skf:{file}")
    assert done.code == 10 and "UK-238" in done.stderr + done.stdout and said in done.stderr + done.stdout, done
    assert "is no library for Linux" in done.stderr + done.stdout and str(file) in done.stderr + done.stdout


def test_each_library_that_fails_is_named(ukey, tmp_path):
    files = [tmp_path / "one.so", tmp_path / "two.so"]
    for file in files:
        file.write_text("no library\n")
    done = ukey("status", *(word for file in files for word in ("--provider", f"pkcs11:{file}")))
    assert done.code == 10, done
    for file in files:
        assert str(file) in done.stdout + done.stderr, done


def test_a_library_of_neither_kind_is_called_that(ukey):
    """zlib is a good library; nobody's keys are behind it."""
    done = ukey("provider", "test", f"{LIBRARIES}/libz.so.1")
    assert done.code == 10
    assert "no SKF_ symbols" in done.stderr + done.stdout and "no C_GetFunctionList" in done.stderr + done.stdout, done


def test_a_symbol_that_is_missing_late_is_named(ukey, tmp_path):
    """The loader finds out at the first call, in the middle of the work, and ends the library's process."""
    source, library = tmp_path / "late.c", tmp_path / "late.so"
    source.write_text(
        "extern unsigned nothere(void);\n"
        "unsigned SKF_EnumDev(int present, char *names, unsigned *size) { return nothere(); }\n")
    subprocess.run(["gcc", "-shared", "-fPIC", "-Wl,-z,lazy", "-o", library, source], check=True)
    done = ukey("status", "--json", "--provider", f"skf:{library}")
    assert done.code == 10 and "nothere" in done.json["error"]["detail"], done


def test_a_token_that_was_never_initialised_is_told(hsm, ukey, tmp_path):
    """Not "none inserted": there is one, and it wants to be initialised."""
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    configuration = tmp_path / "fresh.conf"
    configuration.write_text(f"directories.tokendir = {fresh}\nobjectstore.backend = file\n")
    env = {"SOFTHSM2_CONF": str(configuration)}
    done = ukey("status", "--lang", "en", "--provider", f"pkcs11:{SOFTHSM}", env=env)
    assert "UK-212" in done.stdout and "none inserted" not in done.stdout and done.code == 5, done
    assert ukey("pin", "status", "--json", "--provider", f"pkcs11:{SOFTHSM}", env=env).json["error"]["code"] == "UK-212"
    # Beside a token in use the module's spare place is not one more key.
    used = ukey("pin", "verify", "--provider", hsm.provider, "--pin-fd", Secret(USER), env=hsm.env)
    assert used.code == 0, used


@pytest.fixture
def private(hsm):
    """A token whose certificate is shown after a login only."""
    key, der = hsm.directory / "p.key", hsm.directory / "p.der"
    hsm.tool("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", key)
    hsm.tool(
        "openssl", "req", "-x509", "-new", "-utf8", "-key", key, "-days", "365", "-subj", SUBJECT, "-addext",
        "keyUsage=critical,digitalSignature", "-outform", "DER", "-out", der)
    hsm.tool("softhsm2-util", "--import", key, "--token", "TEST", "--label", "EC", "--id", "0a", "--pin", USER)
    hsm.tool("openssl", "x509", "-inform", "DER", "-in", der, "-out", f"{der}.pem")
    hsm.tool(
        "p11tool", "--provider", SOFTHSM, "--login", f"--set-pin={USER}", "--batch", "--write",
        f"--load-certificate={der}.pem", "--mark-private", "--id=0a", "--label=EC", "pkcs11:token=TEST")
    return hsm


def test_the_login_test_looks_again_after_the_login(private, call):
    """Without a login nothing is to be seen, which is not "no certificate"; with it the key signs."""
    shown = call(private, "status")
    assert "UK-307" in shown.stdout, shown
    done = call(private, "login-test", "--pin-fd", Secret(USER))
    assert done.code == 0, done
    wrong = call(private, "login-test", "--pin-fd", Secret("654321"))
    assert wrong.code == 7, wrong


def test_the_window_looks_again_after_the_login(private, screen):
    """F5 asks for the PIN, then shows with which certificate it is tried, and passes; a wrong PIN ends it at the PIN."""
    window = screen(80, 24, "ukey", "--lang", "zh", "--provider", private.provider, "--no-network", env=private.env)
    window.wait_read()
    for pin, told in ((USER, "登录自检通过"), ("654321", "密码不正确|密码错误")):
        window.keys("F5")
        window.wait_for("输入密码后才能看到")
        window.enter(pin)
        window.wait_for(told)
        if pin == USER:
            window.wait_for("签名证书 · 深圳市示例建设工程")
        window.keys("Escape")
        window.wait_gone("登录自检 ─")
    window.keys("q")
    assert window.exit_status() == 0


def test_what_the_key_calls_its_certificate_is_shown(hsm, call, ukey):
    """CKA_LABEL, beside the number that pairs certificate and key."""
    hsm.add("01", "RSA")
    done = call(hsm, "status")
    containers = done.json["readers"][0]["key"]["applications"][0]["containers"]
    assert [(each["name"], each["certificates"][0]["label"]) for each in containers] == [("01", "RSA")], done
    assert "01 (RSA)" in ukey("status", "--provider", hsm.provider, env=hsm.env).stdout


def test_a_library_that_has_not_answered_is_no_missing_reader(skf_token, screen):
    """In the first seconds of a slow library the window says what it waits for, not that there is nothing."""
    key = skf_token(slow="SKF_EnumDev", slow_ms=3000)
    window = screen(80, 24, "ukey", "--lang", "zh", "--provider", key.provider, "--no-network", env=key.env)
    window.wait_for("正在询问")
    assert "没有检测到" not in window.text() and "请把 U-Key 插入" not in window.text()
    window.wait_read()
    window.keys("q")
    assert window.exit_status() == 0


def test_which_of_two_certificates_of_one_container_is_asked(hsm, call, tmp_path):
    """Two signature certificates under one CKA_ID: none is taken silently, and the serial number says which."""
    hsm.add("01", "RSA")
    first = hsm.directory / "01.der"
    serials = [serial_of(first)]
    hsm.tool(
        "openssl", "req", "-x509", "-new", "-utf8", "-key", hsm.directory / "01.key", "-days", "365", "-subj", SUBJECT, "-addext",
        "keyUsage=critical,digitalSignature", "-outform", "DER", "-out", hsm.directory / "second.der")
    hsm.tool(
        "pkcs11-tool", "--module", SOFTHSM, "--token-label", "TEST", "--login", "--pin", USER, "--write-object",
        hsm.directory / "second.der", "--type", "cert", "--id", "01", "--label", "second")
    serials.append(serial_of(hsm.directory / "second.der"))
    for words in (["show"], ["export", str(tmp_path / "out.pem")]):
        done = call(hsm, "cert", words[0], "--container", "01", "--role", "sign", *words[1:])
        assert (done.code, done.json["error"]["code"]) == (2, "UK-308"), done
        # Both are named.
        told = done.json["error"]["detail"].replace(":", "").upper()
        assert all(serial in told for serial in serials), done
    assert not (tmp_path / "out.pem").exists()
    for serial in serials:
        done = call(hsm, "cert", "show", "--serial", serial)
        assert done.code == 0 and done.json["certificate"]["certificate"]["serial"].replace(":", "").upper() == serial, done


def serial_of(der):
    done = subprocess.run(
        ["openssl", "x509", "-inform", "DER", "-in", der, "-noout", "-serial"], check=True, capture_output=True, text=True)
    return done.stdout.strip().partition("=")[2]


def test_a_certificate_without_its_key_is_no_broken_key(hsm, call):
    """Plugging in again does not bring a private key that is not there."""
    hsm.add("01", "P-256")
    hsm.tool(
        "pkcs11-tool", "--module", SOFTHSM, "--token-label", "TEST", "--login", "--pin", USER, "--delete-object", "--type",
        "privkey", "--id", "01")
    done = call(hsm, "login-test", "--pin-fd", Secret(USER), "--low-tries")
    assert done.code == 10 and "login-no-private-key" in done.stdout and "UK-213" in done.stdout, done


def test_an_ed25519_key_signs(hsm, call):
    """By the mechanism of PKCS#11 v3.0, and by its name."""
    key, der = hsm.directory / "e.key", hsm.directory / "e.der"
    hsm.tool("openssl", "genpkey", "-algorithm", "ED25519", "-out", key)
    hsm.tool(
        "openssl", "req", "-x509", "-new", "-utf8", "-key", key, "-days", "365", "-subj", SUBJECT, "-addext",
        "keyUsage=critical,digitalSignature", "-outform", "DER", "-out", der)
    hsm.tool("softhsm2-util", "--import", key, "--token", "TEST", "--label", "E", "--id", "0e", "--pin", USER)
    hsm.tool(
        "pkcs11-tool", "--module", SOFTHSM, "--token-label", "TEST", "--login", "--pin", USER, "--write-object", der,
        "--type", "cert", "--id", "0e", "--label", "E")
    done = call(hsm, "login-test", "--pin-fd", Secret(USER))
    assert done.code == 0 and "Ed25519" in done.stdout, done


def test_trust_modules_of_p11_kit_hold_no_keys(hsm, ukey, environment):
    """Its list marks them; System Trust is no U-Key with 139 certificates."""
    folder = Path(environment["HOME"]) / ".config/pkcs11/modules"
    folder.mkdir(parents=True)
    (folder / "anchors.module").write_text(f"module: {OPENSC}\ntrust-policy: yes\n")
    (folder / "softhsm2.module").write_text(f"module: {SOFTHSM}\n")
    hsm.add("01", "P-256")
    done = ukey("pin", "verify", "--provider", "p11-kit", "--pin-fd", Secret(USER), env=hsm.env)
    assert done.code == 0, done
    shown = ukey("status", "--json", "--provider", "p11-kit", env=hsm.env)
    assert "opensc" not in shown.stdout and "trust" not in shown.stdout, shown


def test_a_list_of_damaged_certificates_ends_as_status_does(call, skf_token):
    """None that can be read is none; one that cannot be read among others is not looked at."""
    key = skf_token()
    files = sorted(key.directory.glob("*.der"))
    for number, file in enumerate(files, 1):
        # A link to the file that all tests share: replaced, not written to.
        file.unlink()
        file.write_bytes(b"this is no certificate")
        wanted = 6 if number == len(files) else 11
        assert [call(key, *words).code for words in (["status"], ["cert", "list"])] == [wanted, wanted], number
