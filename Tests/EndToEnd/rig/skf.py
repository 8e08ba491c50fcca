"""The conformance library: built once, with certificates made for the test by openssl, configured by a file."""

import os
import subprocess
from pathlib import Path

from . import patience

SOURCE = Path(__file__).resolve().parents[2] / "SKFConformance"
SUBJECT = "/C=CN/ST=广东省/L=深圳市/O=深圳市示例建设工程有限公司/OU=9144030071526726XG/CN=深圳市示例建设工程有限公司"
USER_PIN, ADMIN_PIN = "123456", "12345678"


def build(directory, name="libskf_conformance.so", omit=(), table_only=False, remote=False):
    """The library without the symbols in `omit`, or with its function table alone; with remote unblock when told."""
    out = Path(directory) / name
    command = ["make", "-s", "-C", str(SOURCE), f"OUT={out}"]
    if omit:
        command.append("OMIT=" + " ".join(omit))
    if table_only:
        command.append("TABLE_ONLY=1")
    if remote:
        command.append("REMOTE=1")
    subprocess.run(command, check=True)
    return out


def _openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def make_certificates(directory):
    """An SM2 pair and an RSA signature certificate with their keys."""
    directory = Path(directory)
    usages = {"sign": "digitalSignature,nonRepudiation", "enc": "keyEncipherment,dataEncipherment"}
    for kind, role in (("sm2", "sign"), ("sm2", "enc"), ("rsa", "sign")):
        key, certificate = directory / f"{kind}-{role}.key", directory / f"{kind}-{role}.der"
        if kind == "sm2":
            _openssl("genpkey", "-algorithm", "SM2", "-out", key)
            extra = ["-sm3", "-sigopt", "distid:1234567812345678"]
        else:
            _openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", key)
            extra = ["-sha256"]
        _openssl(
            "req", "-x509", "-new", "-utf8", "-key", key, *extra, "-days", "365", "-subj", SUBJECT, "-addext",
            f"keyUsage=critical,{usages[role]}", "-outform", "DER", "-out", certificate)


class Token:
    """One device behind the library: its directory, its quirks."""

    user_pin, admin_pin = USER_PIN, ADMIN_PIN
    certificates = 3
    # It tells how many tries are left.
    counts = True

    def __init__(self, directory, certificates, library, **quirks):
        self.directory = Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        for file in Path(certificates).iterdir():
            target = self.directory / file.name
            if not target.exists():
                os.link(file, target)
        self.library = library
        self.configuration = self.directory.with_name(self.directory.name + ".conf")
        self.quirks = quirks
        self.set()
        self.plug()

    def set(self, **quirks):
        self.quirks.update(quirks)
        lines = [f"dir={self.directory}"] + [f"{key}={value}" for key, value in self.quirks.items()]
        self.configuration.write_text("\n".join(lines) + "\n")

    def plug(self, there=True):
        # Renamed into place: the library sees the one state or the other.
        temporary = self.directory / "plugged.new"
        temporary.write_text("1" if there else "0")
        temporary.rename(self.directory / "plugged")

    def unplug(self):
        self.plug(False)

    @property
    def env(self):
        return {"SKF_CONFORMANCE": str(self.configuration)}

    @property
    def provider(self):
        return f"skf:{self.library}"

    @property
    def tries(self):
        """Tries left of the user PIN and of the administrator PIN."""
        state = self.directory / "pins"
        words = state.read_text().split() if state.exists() else [USER_PIN, ADMIN_PIN, "10", "10", "10", "10"]
        return int(words[2]), int(words[4])

    @property
    def pins(self):
        state = self.directory / "pins"
        return tuple(state.read_text().split()[:2]) if state.exists() else (USER_PIN, ADMIN_PIN)

    def accepts(self, pin):
        return self.pins[0] == pin

    def set_tries(self, user, admin=10):
        one, other = self.pins
        (self.directory / "pins").write_text(f"{one} {other} {user} 10 {admin} 10\n")

    def calls(self):
        log = self.directory / "calls"
        return log.read_text().split() if log.exists() else []

    def limit(self, environment, seconds=1):
        """A configuration that gives each call of the library so long (as patience has it: loading is a call too)."""
        folder = Path(environment["HOME"]) / ".config/ukey"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "providers.conf").write_text(f"{self.provider} limit={round(patience.limit(seconds))}\n")
