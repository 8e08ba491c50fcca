"""SoftHSM2 tokens, and where Debian puts PKCS#11 modules."""

import subprocess
from pathlib import Path

from . import patience

SUBJECT = "/C=CN/O=深圳市示例建设工程有限公司/OU=9144030071526726XG/CN=深圳市示例建设工程有限公司"


def library(package, name):
    listing = subprocess.run(["dpkg-query", "-L", package], capture_output=True, text=True).stdout
    return next(line for line in listing.splitlines() if line.endswith("/" + name))


SOFTHSM = library("libsofthsm2", "libsofthsm2.so")
OPENSC = library("opensc-pkcs11", "opensc-pkcs11.so")
USER, OFFICER = "123456", "12345678"


class HSM:
    user_pin, admin_pin = USER, OFFICER
    certificates = 1
    counts = False

    def __init__(self, directory, environment):
        (directory / "tokens").mkdir(parents=True)
        configuration = directory / "softhsm2.conf"
        configuration.write_text(f"directories.tokendir = {directory}/tokens\nobjectstore.backend = file\n")
        self.directory = directory
        self.env = {"SOFTHSM2_CONF": str(configuration)}
        self.provider = f"pkcs11:{SOFTHSM}"
        self._environment = dict(environment, **self.env)
        self.tool("softhsm2-util", "--init-token", "--free", "--label", "TEST", "--pin", USER, "--so-pin", OFFICER)

    def tool(self, *words, check=True):
        return subprocess.run(
            words, env=self._environment, check=check, capture_output=True, text=True, timeout=patience.limit(30))

    def add(self, identity, kind):
        """A key made outside and imported with its certificate, paired by CKA_ID."""
        key, der = self.directory / f"{identity}.key", self.directory / f"{identity}.der"
        option = ["rsa_keygen_bits:2048"] if kind == "RSA" else [f"ec_paramgen_curve:{kind}"]
        self.tool("openssl", "genpkey", "-algorithm", "RSA" if kind == "RSA" else "EC", "-pkeyopt", *option, "-out", key)
        self.tool(
            "openssl", "req", "-x509", "-new", "-utf8", "-key", key, "-days", "365", "-subj", SUBJECT, "-addext",
            "keyUsage=critical,digitalSignature", "-outform", "DER", "-out", der)
        self.put(identity, key, der, kind)

    def put(self, identity, key, der, label):
        """A private key (PEM) and a certificate, under one CKA_ID and one CKA_LABEL."""
        self.tool("softhsm2-util", "--import", key, "--token", "TEST", "--label", label, "--id", identity, "--pin", USER)
        self.tool(
            "pkcs11-tool", "--module", SOFTHSM, "--token-label", "TEST", "--login", "--pin", USER, "--write-object", der,
            "--type", "cert", "--id", identity, "--label", label)

    def add_authority(self, identity):
        """A CA's certificate without its key, as makers put their chain beside the user's certificate."""
        key, der = self.directory / "ca.key", self.directory / "ca.der"
        if not der.exists():
            self.tool(
                "openssl", "req", "-x509", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-days", "365", "-subj",
                "/C=CN/O=Sample/CN=Sample CA", "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-outform", "DER", "-out",
                der)
        self.tool(
            "pkcs11-tool", "--module", SOFTHSM, "--token-label", "TEST", "--login", "--pin", USER, "--write-object", der,
            "--type", "cert", "--id", identity, "--label", "CA")

    def accepts(self, pin):
        return self.tool(
            "pkcs11-tool", "--module", SOFTHSM, "--token-label", "TEST", "--login", "--pin", pin, "-O",
            check=False).returncode == 0

    def limit(self, environment, seconds):
        """Named in the configuration, each call limited to so many seconds, as patience has it."""
        folder = Path(environment["HOME"]) / ".config/ukey"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "providers.conf").write_text(f"{self.provider} limit={round(patience.limit(seconds))}\n")
