from rig import pcsc
from rig.program import Secret

from . import Run, fault


def sample(title, link, cause, name, code=10, verdict="fault"):
    def make(world):
        world.key(sample=name)
        yield Run()

    make.__name__ = "key_" + name.replace("-", "_")
    return fault(title, link, cause, verdict, code)(make)


sample("key without application · U-Key 无应用", "certificate.present", "no-application", "blank", 6)
sample("application without container · 无容器", "certificate.present", "no-container", "no-container", 6)
sample("empty container · 容器为空", "certificate.present", "no-certificate", "empty-container", 6)
sample("keys without certificate · 无证书", "certificate.present", "no-certificate", "no-certificate", 6)
sample("damaged certificate · 证书损坏", "certificate.present", "certificate-broken", "broken-certificate")
sample("only the encryption certificate · 只有加密证书", "certificate.pair", "signature-certificate-missing", "encryption-only", 6)
sample("only the signature certificate · 只有签名证书", "certificate.pair", "encryption-certificate-missing", "signature-only",
       0, "warning")
sample("the two certificates of different owners · 两张证书的所有者不同", "certificate.pair", "pair-differs", "halves-differ", 0,
       "warning")
sample("certificate of another private key · 证书与私钥不是一对", "certificate.key", "certificate-other-key", "other-key")
sample("private key gone · 私钥不在了", "certificate.key", "private-key-missing", "key-gone")
sample("certificate expired · 证书过期", "certificate.validity", "certificate-expired", "expired", 4)
sample("certificate not yet valid · 证书未生效", "certificate.validity", "certificate-not-yet-valid", "not-yet-valid", 4)
sample("certificate of the wrong usage · 证书用途不符", "certificate.usage", "certificate-wrong-usage", "wrong-usage")
sample("default PIN · 仍是默认密码", "pin.state", "pin-default", "one-pair", 0, "warning")


@fault("certificate expires soon · 证书即将到期", "certificate.validity", "certificate-expiring", "warning", 3)
def certificate_expiring(world):
    world.key(sample="demo", changed=True)
    yield Run()


@fault("PIV card without certificates · PIV 卡无证书", "certificate.present", "no-certificate", code=6)
def piv_without_certificate(world):
    world.key(card="piv", settings={"slots": ""})
    yield Run()


def wrong_pins(world, count, tries):
    """Wrong PINs by raw commands, as another program would send them."""
    token = world.key(card="piv", settings={"tries": tries})
    with pcsc.Context() as context, context.connect(token.reader.name) as card:
        card.transmit(bytes.fromhex("00A404000BA00000030800001000010000"))
        for _ in range(count):
            assert card.transmit(bytes.fromhex("0020008008") + b"999999\xff\xff")[0] in (0x63, 0x69)


@fault("PIN locked · 密码锁定", "pin.state", "pin-locked-unlock-here", code=8)
def pin_locked(world):
    wrong_pins(world, 4, 4)
    yield Run(evidence=["0"])


def two_applications(world, locked):
    """A key with two applications, each with a PIN of its own; that of one is locked."""
    world.key(sample="two-applications", changed=False)
    for name, new in (("SZCA-DEMO", "246813"), ("OTHER-DEMO", "135792")):
        words = ("--application", name, "--pin-fd", Secret("123456"), "--new-pin-fd", Secret(new))
        assert world.ukey("pin", "change", *words).code == 0
    tries = [
        world.ukey("pin", "verify", "--application", locked, "--low-tries", "--last-try", "--pin-fd", Secret("999999")).code
        for _ in range(10)]
    assert tries == [7] * 9 + [8], tries


@fault("PIN locked, that of another application not · 登录用的应用密码锁定", "pin.state", "pin-locked", code=8)
def pin_locked_of_two(world):
    two_applications(world, "SZCA-DEMO")
    yield Run(evidence=["SZCA-DEMO"])


def wrong_puks(world, pins, tries):
    """The PUK of a card that tells its state (GET METADATA) locked, after so many wrong PINs."""
    token = world.key(card="piv", settings={"tries": tries, "metadata": "yes"})
    with pcsc.Context() as context, context.connect(token.reader.name) as card:
        card.transmit(bytes.fromhex("00A404000BA00000030800001000010000"))
        for _ in range(pins):
            card.transmit(bytes.fromhex("0020008008") + b"999999\xff\xff")
        for _ in range(16):
            if card.transmit(bytes.fromhex("002C008010") + b"99999999" + b"123456\xff\xff")[0] == 0x69:
                return
    raise AssertionError("the PUK does not lock")


@fault("PIN and PUK locked · 密码和 PUK 都已锁定", "pin.state", "pin-both-locked", code=8)
def pin_and_puk_locked(world):
    wrong_puks(world, 4, 4)
    yield Run(evidence=["0"])


@fault("PUK locked, PIN not · 只有 PUK 锁定", "pin.state", "admin-pin-locked", "warning", 0)
def puk_locked(world):
    wrong_puks(world, 0, 5)
    yield Run()


@fault("two tries left · 剩余两次", "pin.state", "pin-few-tries", "warning")
def pin_two_left(world):
    wrong_pins(world, 3, 5)
    yield Run(evidence=["2"])


@fault("one try left · 剩余最后一次", "pin.state", "pin-last-try", "warning")
def pin_one_left(world):
    wrong_pins(world, 4, 5)
    yield Run(evidence=["1"])
