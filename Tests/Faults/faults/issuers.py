"""Who stands behind a certificate: keys of a PKCS#11 module with certificates of a CA of our own."""

from rig import softhsm

from . import Run, fault
from .world import quiet

NAME = "/C=CN/O=Sample/CN=Sample CA"


class Authority:
    """A CA made with openssl, in a folder of its own."""

    def __init__(self, world, name="ca", kind=("ec", "-pkeyopt", "ec_paramgen_curve:P-256")):
        self.world, self.folder = world, world.tmp / name
        self.folder.mkdir()
        self.key, self.certificate = self.folder / "ca.key", self.folder / "ca.pem"
        quiet(
            "openssl", "req", "-x509", "-newkey", *kind, "-nodes", "-keyout", self.key, "-out", self.certificate, "-days", "800",
            "-subj", NAME, "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-addext", "subjectKeyIdentifier=none")

    def issue(self, holder):
        """A certificate for a new key: the paths of both."""
        key, request, pem = (self.folder / f"{holder}.{end}" for end in ("key", "csr", "pem"))
        extensions = self.folder / "extensions"
        extensions.write_text(
            "basicConstraints=CA:FALSE\nkeyUsage=critical,digitalSignature\nsubjectKeyIdentifier=none\n"
            "authorityKeyIdentifier=none\n")
        quiet(
            "openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out",
            request, "-subj", f"/C=CN/O={holder}/CN={holder}")
        quiet(
            "openssl", "x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key, "-set_serial", "4711", "-days",
            "400", "-extfile", extensions, "-out", pem)
        return key, pem

    def revoke(self, *certificates):
        """A list with these on it, in force for a month."""
        (self.folder / "index.txt").write_text("")
        (self.folder / "number").write_text("01\n")
        settings = self.folder / "ca.cnf"
        settings.write_text(
            f"[ca]\ndefault_ca=it\n[it]\ndatabase={self.folder}/index.txt\ncrlnumber={self.folder}/number\n"
            "default_md=sha256\ndefault_crl_days=30\n")
        words = ["openssl", "ca", "-config", settings, "-cert", self.certificate, "-keyfile", self.key]
        for certificate in certificates:
            quiet(*words, "-revoke", certificate, "-crl_reason", "keyCompromise")
        quiet(*words, "-gencrl", "-out", self.folder / "ca.crl")
        return self.folder / "ca.crl"


def key_of(world, key, certificate):
    """A key that a PKCS#11 module shows, with these; how the doctor is run to see it."""
    hsm = softhsm.HSM(world.tmp / "hsm", world.environment)
    der = world.tmp / "certificate.der"
    quiet("openssl", "x509", "-in", certificate, "-outform", "DER", "-out", der)
    hsm.put("01", key, der, "holder")
    return dict(arguments=["--provider", hsm.provider], env=hsm.env, user=False)


def named(world, *files):
    """The CA certificates and lists that the user has named."""
    folder = world.home / ".config/ukey/ca"
    folder.mkdir(parents=True)
    for file in files:
        (folder / file.name).write_bytes(file.read_bytes())


@fault("certificate revoked · 证书已吊销", "certificate.issuer", "certificate-revoked")
def revoked(world):
    authority = Authority(world)
    key, certificate = authority.issue("holder")
    named(world, authority.certificate, authority.revoke(certificate))
    yield Run(**key_of(world, key, certificate), evidence=["ca.crl"])


@fault("issuer is none of those named · 发证机构不在已登记之列", "certificate.issuer", "issuer-unknown", "warning")
def issuer_unknown(world):
    named(world, Authority(world).certificate)
    world.key()
    yield Run()


@fault("certificate not signed by the CA it names · 证书不是所称机构签发", "certificate.issuer", "issuer-denies")
def issuer_denies(world):
    authority, other = Authority(world), Authority(world, "other")
    named(world, other.certificate)
    yield Run(**key_of(world, *authority.issue("holder")))


@fault("issuer's key too short · 发证机构的密钥太短", "certificate.issuer", "issuer-doubtful", "warning")
def issuer_weak(world):
    authority = Authority(world, kind=["rsa:1024"])
    named(world, authority.certificate)
    yield Run(**key_of(world, *authority.issue("holder")), evidence=["1024"])


@fault("module shows a certificate of another key · 动态库显示的证书属于另一私钥", "certificate.key", "certificate-other-key")
def module_other_key(world):
    authority = Authority(world)
    key, _ = authority.issue("holder")
    _, certificate = authority.issue("other")
    yield Run(**key_of(world, key, certificate), evidence=["≠"])
