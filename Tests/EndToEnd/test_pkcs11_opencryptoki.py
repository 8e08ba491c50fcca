"""opencryptoki's software token: a module with a daemon behind it, which counts tries and locks.

The daemon, its shared memory and its state live in namespaces of their own; nothing of the machine's is touched.
"""

import grp
import os
import shutil
import signal
import subprocess

import pytest

from rig import patience, program
from rig.answers import change
from rig.program import LIBRARIES, Secret

MODULE = str(LIBRARIES / "opencryptoki/libopencryptoki.so.0")
OFFICER, USER, NEW, WRONG = "11223344", "12345678", "87651234", "00009999"

SETUP = """
set -e
mount -t tmpfs tmpfs /run && mkdir -p /run/lock/opencryptoki/swtok /run/opencryptoki
mount -t tmpfs tmpfs /var/lib/opencryptoki && mkdir -p /var/lib/opencryptoki/swtok/TOK_OBJ
mount -t tmpfs tmpfs /dev/shm
chgrp -R pkcs11 /run/lock/opencryptoki /run/opencryptoki /var/lib/opencryptoki
chmod -R 2770 /run/lock/opencryptoki /var/lib/opencryptoki
mount --bind "$1" /etc/opencryptoki/opencryptoki.conf
exec pkcsslotd -f
"""


def missing():
    if shutil.which("pkcsslotd") is None or not os.path.exists(MODULE):
        return "opencryptoki is not installed"
    try:
        grp.getgrnam("pkcs11")
    except KeyError:
        return "opencryptoki's group pkcs11 is missing"
    return None if os.geteuid() == 0 and owns_groups() else "only root may give files to the group pkcs11"


def owns_groups():
    """In a user namespace we are root of one group alone."""
    return len(open("/proc/self/gid_map").read().split()) == 3 and int(open("/proc/self/gid_map").read().split()[2]) > 1


pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))


class Token:
    def __init__(self, directory, environment):
        self.provider = f"pkcs11:{MODULE}"
        conf = directory / "opencryptoki.conf"
        conf.write_text("version opencryptoki-3.1\nslot 3\n{\nstdll = libpkcs11_sw.so\n}\n")
        self._log = open(directory / "pkcsslotd.log", "wb")
        self.daemon = subprocess.Popen(
            ["unshare", "--ipc", "--mount", "sh", "-c", SETUP, "sh", str(conf)], stdout=self._log,
            stderr=subprocess.STDOUT, env=environment)
        self.inside = ["nsenter", "-t", str(self.daemon.pid), "--ipc", "--mount", "--"]
        self.environment = environment
        patience.until(lambda: self.tool("-t").code == 0, 20, lambda: self.tool("-t").stdout)
        self.tool("-I", "-c", "3", "-S", "87654321", input="OCK\n")
        self.tool("-P", "-c", "3", "-S", "87654321", "-n", OFFICER)
        assert self.tool("-u", "-c", "3", "-S", OFFICER, "-n", USER).code == 0

    def tool(self, *words, input=""):
        return program.run(*self.inside, "pkcsconf", *words, input=input, env=self.environment)

    def end(self):
        # Not asked to end: its handler of SIGTERM may wait for a lock that its own thread holds. All it leaves behind is in its
        # namespaces and goes with it.
        program.end(self.daemon, signal.SIGKILL)
        self._log.close()


@pytest.fixture
def token(tmp_path, environment):
    made = Token(tmp_path, environment)
    yield made
    made.end()


@pytest.fixture
def call(token, environment):
    def run(_, *words, timeout=60):
        return program.run(
            token.inside[0], *token.inside[1:], str(program.ukey_path()), *words, "--json", "--provider", token.provider,
            env=environment, timeout=timeout)

    return run


def test_pin_is_changed_and_locks(token, call):
    """Every word of the token about its tries is told, and nothing is sent beyond them."""
    done = change(call, token, USER, NEW)
    assert (done.code, done.json["outcome"]) == (0, "changed"), done
    assert call(token, "pin", "verify", "--pin-fd", Secret(NEW)).code == 0

    def wrong(*words):
        return call(token, "pin", "verify", "--pin-fd", Secret(WRONG), *words)

    assert wrong().code == 7
    # "Count low" is few: a script says that it knows.
    assert wrong().code == 9
    codes = []
    while not codes or codes[-1] == 7:
        codes.append(wrong("--low-tries").code)
        assert len(codes) < 12
    # The last try is not sent without being named.
    assert codes[-1] == 9
    state = call(token, "pin", "status").json["pins"][0]["user"]
    assert state["triesLeft"] == 1 and state["locked"] is False
    assert wrong("--last-try").code == 8
    assert call(token, "pin", "status").code == 8
    assert call(token, "pin", "verify", "--pin-fd", Secret(NEW), "--last-try").code == 8
    unlocked = call(token, "unlock", "admin", "--pin-fd", Secret(OFFICER), "--new-pin-fd", Secret(USER))
    assert unlocked.code == 0, unlocked
    assert call(token, "pin", "verify", "--pin-fd", Secret(USER)).code == 0


def test_without_its_daemon_the_module_says_so(ukey):
    """It loads and cannot begin: that is not "cannot be loaded"."""
    done = ukey("status", "--json", "--provider", f"pkcs11:{MODULE}")
    assert done.code == 10 and done.json["error"]["code"] == "UK-237", done
