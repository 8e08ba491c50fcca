"""The software PIV card, read and used by programs this project did not write: OpenSC (pkcs15-tool, pkcs11-tool) and
yubico-piv-tool, through a real pcscd and the vpcd reader driver, in every setting that changes what they see.

Needs: pcscd, vsmartcard-vpcd, opensc, yubico-piv-tool, openssl, unshare/nsenter (mount namespace), a built `ukey`.
UKEY=path names the executable, UKEY_VPCD_PORT the first port (36100).
"""

import hashlib
import os
import re
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UKEY = os.environ.get("UKEY", str(ROOT / ".build/debug/ukey"))
PORT = int(os.environ.get("UKEY_VPCD_PORT", "36100"))
DRIVER = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"
YUBICO = "version=5.2.7,serial=1234567"


def wait_for(what, condition, seconds=10.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"no {what} within {seconds} s"
        time.sleep(0.02)


class Result:
    def __init__(self, done):
        self.code = done.returncode
        self.raw = done.stdout
        self.text = done.stdout.decode("utf-8", "replace") + done.stderr.decode("utf-8", "replace")


class Rig:
    """A pcscd of its own in a mount namespace of its own, so that the machine's pcscd is not touched."""

    def __init__(self, folder):
        self.folder = folder
        config = folder / "reader.conf.d"
        config.mkdir()
        (config / "vpcd").write_text(
            f'FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:0x{PORT:X}\nLIBPATH {DRIVER}\nCHANNELID 0x{PORT:X}\n')
        self.user = [] if os.geteuid() == 0 else ["--map-root-user"]
        if not os.path.isdir("/run/pcscd"):
            os.mkdir("/run/pcscd")
        self.log = open(folder / "pcscd.log", "wb")
        script = f"mount -t tmpfs tmpfs /run/pcscd && exec pcscd --foreground --config {config}"
        self.pcscd = subprocess.Popen(["unshare", "-m", *self.user, "sh", "-c", script],
                                      stdout=self.log, stderr=self.log)
        wait_for("pcscd", self.listens)

    def listens(self):
        assert self.pcscd.poll() is None, (self.folder / "pcscd.log").read_text()
        return f":{PORT:04X}" in Path("/proc/net/tcp").read_text() + Path("/proc/net/tcp6").read_text()

    def run(self, *command, seconds=60, env=None, stdin=b""):
        enter = ["nsenter", "-m", "-t", str(self.pcscd.pid)]
        if self.user:
            enter += ["-U", "--preserve-credentials"]
        return Result(subprocess.run([*enter, "--", *map(str, command)], input=stdin, capture_output=True,
                                     timeout=seconds, env={**os.environ, "LC_ALL": "C.UTF-8", **(env or {})}))

    def close(self):
        self.pcscd.terminate()
        self.pcscd.wait(10)
        self.log.close()


class Card:
    """`ukey soft-token --card piv`, plugged in for the time of a with block."""

    def __init__(self, rig, settings="", directory=None):
        self.rig, self.settings, self.directory = rig, settings, directory

    def __enter__(self):
        command = [UKEY, "soft-token", "--card", "piv", "--vpcd", f"127.0.0.1:{PORT}", "--trace"]
        command += ["--settings", self.settings] if self.settings else []
        command += ["--dir", str(self.directory)] if self.directory else []
        self.trace = open(self.rig.folder / "card.log", "wb")
        self.process = subprocess.Popen(command, stderr=self.trace)
        wait_for("card", self.is_seen)
        return self

    def is_seen(self):
        assert self.process.poll() is None, self.lines()
        return "Yes" in self.rig.run("opensc-tool", "-l").text

    def lines(self):
        return (self.rig.folder / "card.log").read_text()

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(10)
        self.trace.close()
        assert code == 0, self.lines()
        wait_for("removal", lambda: "Yes" not in self.rig.run("opensc-tool", "-l").text)

    # The peers.

    def pkcs15(self, *arguments):
        return self.rig.run("pkcs15-tool", *arguments)

    def pkcs11(self, *arguments):
        return self.rig.run("pkcs11-tool", *arguments)

    def yubico(self, *arguments, stdin=b""):
        return self.rig.run("yubico-piv-tool", "-r", "", *arguments, stdin=stdin)

    def send(self, *apdus):
        """The status words of raw commands, by opensc-tool (which sends them as they are)."""
        arguments = [item for apdu in apdus for item in ("-s", apdu)]
        text = self.rig.run("opensc-tool", "-c", "default", *arguments).text
        return re.findall(r"SW1=0x(..), SW2=0x(..)", text)


@pytest.fixture(scope="module")
def rig(tmp_path_factory):
    rig = Rig(tmp_path_factory.mktemp("rig"))
    yield rig
    rig.close()


SELECT = "00A404000BA000000308000010000100"
EMPTY_VERIFY = "00200080"

# Every setting that a reading program can see, alone, then the harshest together.
READ_SETTINGS = [
    "", "extended=no", "chaining=no", "extended=no,chaining=no", "extended=no,piece=255", "always61=yes",
    "always61=yes,piece=255,extended=no", "no-le=61xx", "exact-le=yes", "partial-aid=no", "discovery=no", "chuid=no",
    "ccc=no", "key-history=no", "discovery=no,chuid=no,ccc=no,key-history=no", "gzip=yes", "missing=5300",
    "blocked=63C0", "malformed=63CX", "reselect=lose", "protocol=t0", "protocol=t0,always61=yes,extended=no", "tries=5",
    "min-pin=4,digits=no", "delay=2",
    "protocol=t0,always61=yes,piece=255,extended=no,chaining=no,discovery=no,chuid=no,ccc=no,gzip=yes,reselect=lose",
]

# Legal settings a peer cannot cope with, by (peer, setting): why. Anything else failing is our mistake; one of these
# passing is news.
PEER_LIMITS = {
}


def limit(request, peer, settings):
    for (name, part), why in PEER_LIMITS.items():
        if name == peer and set(part.split(",")) <= set(settings.split(",")):
            request.applymarker(pytest.mark.xfail(reason=f"{peer}: {why}", strict=True))


def fingerprint(pem_or_der):
    der = subprocess.run(["openssl", "x509", "-outform", "DER", "-inform",
                          "PEM" if b"-----BEGIN" in pem_or_der else "DER"],
                         input=pem_or_der, capture_output=True, check=True).stdout
    return hashlib.sha256(der).hexdigest()


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """A directory per compression, so that all settings show the same certificates."""
    return {gzip: tmp_path_factory.mktemp("card") / "state" for gzip in (False, True)}


def certificates(card, peer):
    """SHA-256 of the certificates of 9A and 9C as a peer reads them."""
    found = []
    for number, slot in (("01", "9a"), ("02", "9c")):
        if peer == "pkcs15-tool":
            result = card.pkcs15("--read-certificate", number)
        elif peer == "pkcs11-tool":
            result = card.pkcs11("--read-object", "--type", "cert", "--id", number)
        else:
            result = card.yubico("-a", "read-certificate", "-s", slot)
        assert result.code == 0, result.text
        raw = result.raw
        start = raw.find(b"-----BEGIN")
        found.append(fingerprint(raw[start:] if start >= 0 else raw))
    return found


@pytest.mark.parametrize("settings", READ_SETTINGS, ids=lambda text: text or "default")
@pytest.mark.parametrize("peer", ["pkcs15-tool", "pkcs11-tool", "yubico-piv-tool"])
def test_certificates(request, rig, stored, peer, settings):
    limit(request, peer, settings)
    gzip = "gzip=yes" in settings
    with Card(rig, "", stored[False]) as card:
        expected = certificates(card, "pkcs15-tool") if not gzip else None
    with Card(rig, ",".join(filter(None, [settings, YUBICO])), stored[gzip]) as card:
        assert certificates(card, peer) == (expected or certificates(card, "pkcs15-tool"))


@pytest.mark.parametrize("settings", READ_SETTINGS, ids=lambda text: text or "default")
def test_lists(request, rig, stored, settings):
    """What the peers print about the card as a whole."""
    gzip = "gzip=yes" in settings
    with Card(rig, ",".join(filter(None, [settings, YUBICO])), stored[gzip]) as card:
        assert card.pkcs15("--list-certificates").text.count("X.509 Certificate [") == 4
        assert "PIN [PIN]" in card.pkcs15("-D").text
        objects = card.pkcs11("-O")
        assert objects.text.count("Certificate Object; type = X.509 cert") == 4, objects.text


@pytest.mark.parametrize("settings", READ_SETTINGS, ids=lambda text: text or "default")
def test_status_of_yubico(request, rig, stored, settings):
    limit(request, "yubico-piv-tool", settings)
    gzip = "gzip=yes" in settings
    with Card(rig, ",".join(filter(None, [settings, YUBICO])), stored[gzip]) as card:
        status = card.yubico("-a", "status")
        assert status.code == 0, status.text
        assert ("No data available" in status.text.split("CHUID:")[1][:40]) == ("chuid=no" in settings)
        assert status.text.count("Subject DN:") == 4, status.text
        assert f"PIN tries left:\t{5 if 'tries=5' in settings else 3}" in status.text


# PIN

PIN_SETTINGS = ["", "reselect=lose", "blocked=63C0", "malformed=63CX", "protocol=t0", "extended=no,chaining=no",
                "always61=yes", "discovery=no", "tries=5"]


def tries(card):
    """Tries left by an empty VERIFY; 0 when blocked."""
    answers = card.send(SELECT, EMPTY_VERIFY)
    sw = "".join(answers[-1])
    return 0 if sw in ("6983", "63C0") else int(sw[3], 16) if sw.startswith("63C") else sw


@pytest.mark.parametrize("settings", PIN_SETTINGS, ids=lambda text: text or "default")
def test_pin_by_yubico(request, rig, settings):
    limit(request, "yubico-piv-tool", settings)
    with Card(rig, ",".join(filter(None, [settings, YUBICO]))) as card:
        most = 5 if "tries=5" in settings else 3
        assert "Successfully verified PIN" in card.yubico("-a", "verify-pin", "-P", "123456").text
        wrong = card.yubico("-a", "verify-pin", "-P", "111111")
        assert wrong.code != 0 and f"{most - 1} tries left" in wrong.text, wrong.text
        changed = card.yubico("-a", "change-pin", "-P", "123456", "-N", "654321")
        assert changed.code == 0, changed.text
        assert card.yubico("-a", "verify-pin", "-P", "123456").code != 0
        assert "Successfully verified PIN" in card.yubico("-a", "verify-pin", "-P", "654321").text
        changed = card.yubico("-a", "change-puk", "-P", "12345678", "-N", "87654321")
        assert changed.code == 0, changed.text
        for _ in range(most):
            blocked = card.yubico("-a", "verify-pin", "-P", "111111")
        assert blocked.code != 0
        assert tries(card) == 0
        unblocked = card.yubico("-a", "unblock-pin", "-P", "87654321", "-N", "222222")
        assert unblocked.code == 0, unblocked.text
        assert "Successfully verified PIN" in card.yubico("-a", "verify-pin", "-P", "222222").text


@pytest.mark.parametrize("settings", PIN_SETTINGS, ids=lambda text: text or "default")
def test_pin_by_opensc(request, rig, settings):
    limit(request, "pkcs15-tool", settings)
    with Card(rig, settings) as card:
        most = 5 if "tries=5" in settings else 3
        assert card.pkcs15("--verify-pin", "--auth-id", "01", "--pin", "123456").code == 0
        assert card.pkcs15("--verify-pin", "--auth-id", "01", "--pin", "111111").code != 0
        changed = card.pkcs15("--change-pin", "--auth-id", "01", "--pin", "123456", "--new-pin", "654321")
        assert changed.code == 0, changed.text
        assert card.pkcs15("--verify-pin", "--auth-id", "01", "--pin", "654321").code == 0
        changed = card.pkcs11("--login", "--pin", "654321", "--change-pin", "--new-pin", "333333")
        assert changed.code == 0, changed.text
        assert card.pkcs15("--verify-pin", "--auth-id", "01", "--pin", "654321").code != 0
        for _ in range(most):
            card.pkcs15("--verify-pin", "--auth-id", "01", "--pin", "111111")
        unblocked = card.pkcs15("--unblock-pin", "--auth-id", "01", "--puk", "12345678", "--new-pin", "444444")
        assert unblocked.code == 0, unblocked.text
        assert card.pkcs15("--verify-pin", "--auth-id", "01", "--pin", "444444").code == 0


def test_pin_survives_power(rig, tmp_path):
    state = tmp_path / "state"
    with Card(rig, YUBICO, state) as card:
        assert card.yubico("-a", "change-pin", "-P", "123456", "-N", "654321").code == 0
        assert card.yubico("-a", "verify-pin", "-P", "123456").code != 0
    with Card(rig, YUBICO, state) as card:
        assert tries(card) == 2
        assert "Successfully verified PIN" in card.yubico("-a", "verify-pin", "-P", "654321").text


# Keys

KEY_SETTINGS = ["", "extended=no", "reselect=lose", "always61=yes", "protocol=t0", "extended=no,piece=255",
                "discovery=no"]


@pytest.mark.parametrize("settings", KEY_SETTINGS, ids=lambda text: text or "default")
@pytest.mark.parametrize("number,mechanism", [("01", "ECDSA-SHA256"), ("02", "SHA256-RSA-PKCS")])
def test_sign_by_pkcs11(request, rig, tmp_path, settings, number, mechanism):
    limit(request, "pkcs11-tool", settings)
    (tmp_path / "data").write_bytes(b"to be signed\n")
    with Card(rig, settings) as card:
        (tmp_path / "cert.der").write_bytes(card.pkcs11("--read-object", "--type", "cert", "--id", number).raw)
        signed = card.pkcs11("--login", "--pin", "123456", "--sign", "--id", number, "-m", mechanism, "-f", "openssl",
                             "-i", tmp_path / "data", "-o", tmp_path / "signature")
        assert signed.code == 0, signed.text + card.lines()
    key = subprocess.run(["openssl", "x509", "-in", tmp_path / "cert.der", "-noout", "-pubkey"], check=True,
                         capture_output=True).stdout
    (tmp_path / "key.pem").write_bytes(key)
    subprocess.run(["openssl", "dgst", "-sha256", "-verify", tmp_path / "key.pem", "-signature",
                    tmp_path / "signature", tmp_path / "data"], check=True)


@pytest.mark.parametrize("settings", KEY_SETTINGS, ids=lambda text: text or "default")
def test_keys_by_yubico(request, rig, settings):
    limit(request, "yubico-piv-tool", settings)
    with Card(rig, ",".join(filter(None, [settings, YUBICO]))) as card:
        for slot, action in (("9a", "test-signature"), ("9c", "test-signature"), ("9d", "test-decipher")):
            pem = card.yubico("-a", "read-certificate", "-s", slot).raw
            result = card.yubico("-a", "verify-pin", "-P", "123456", "-a", action, "-s", slot, stdin=pem)
            assert result.code == 0 and "uccessful" in result.text, result.text


@pytest.mark.parametrize("settings", ["", "extended=no"], ids=["default", "chained"])
@pytest.mark.parametrize("algorithm", ["ECCP256", "ECCP384", "RSA2048"])
def test_new_key_and_certificate_by_yubico(rig, tmp_path, settings, algorithm):
    """Management key, GENERATE ASYMMETRIC KEY PAIR, PUT DATA in chained commands."""
    with Card(rig, ",".join(filter(None, [settings, YUBICO]))) as card:
        public = card.yubico("-a", "generate", "-s", "9a", "-A", algorithm)
        assert public.code == 0, public.text
        signed = card.yubico("-a", "verify-pin", "-P", "123456", "-a", "selfsign-certificate", "-s", "9a", "-S",
                             "/CN=selbst/", stdin=public.raw)
        assert signed.code == 0, signed.text
        assert card.yubico("-a", "import-certificate", "-s", "9a", stdin=signed.raw).code == 0
        start = signed.raw.find(b"-----BEGIN")
        assert certificates(card, "pkcs15-tool")[0] == fingerprint(signed.raw[start:])


# The virtual reader

def test_reader_not_listening():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        done = subprocess.run([UKEY, "soft-token", "--card", "piv", "--vpcd", f"127.0.0.1:{taken.getsockname()[1]}"],
                              capture_output=True, timeout=20)
    assert done.returncode == 10
    assert b"UK-621" in done.stderr and b"errno 111" in done.stderr
