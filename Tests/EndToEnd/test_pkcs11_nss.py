"""NSS's software token: a module that wants C_Login before C_SetPIN."""

import subprocess
from pathlib import Path

import pytest
from rig.answers import change
from rig.program import Secret

OLD, NEW = "abc12345", "xyz98765"
READER = "NSS User Private Key and Certificate Services"


class NSS:
    def __init__(self, directory, environment):
        self.folder = directory / "nss"
        self.folder.mkdir()
        module = directory / "nss_module.so"
        subprocess.run(
            ["cc", "-O1", "-shared", "-fPIC", "-o", str(module), str(Path(__file__).parent / "rig/nss_module.c"), "-ldl"],
            check=True)
        (directory / "pin").write_text(OLD + "\n")
        subprocess.run(
            ["certutil", "-N", "-d", f"sql:{self.folder}", "-f", str(directory / "pin")], check=True, env=environment,
            capture_output=True)
        self.provider, self.env = f"pkcs11:{module}", {"NSS_FOLDER": str(self.folder)}


@pytest.fixture
def nss(tmp_path, environment):
    return NSS(tmp_path, environment)


def test_pin_is_changed_after_a_login(call, nss):
    """C_SetPIN alone is refused with CKR_USER_NOT_LOGGED_IN and compares nothing."""
    named = ["--reader", READER]
    wrong = change(call, nss, "wrong123", NEW, *named)
    assert (wrong.code, wrong.json["outcome"]) == (7, "wrong"), wrong
    done = change(call, nss, OLD, NEW, *named)
    assert (done.code, done.json["outcome"]) == (0, "changed"), done
    verified = call(nss, "pin", "verify", *named, "--pin-fd", Secret(NEW))
    assert (verified.code, verified.json["outcome"]) == (0, "verified"), verified
    assert call(nss, "pin", "verify", *named, "--pin-fd", Secret(OLD)).code == 7
