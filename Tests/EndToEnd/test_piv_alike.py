"""ukey and its peers read the software PIV card alike, in every setting, through the same pcscd; see test_piv_peers for
which peer fails on which legal setting."""

import hashlib
import ssl

from rig import pcsc
from test_piv_peers import CERTIFICATES, READING, card, every, pairs  # noqa: F401


@every(READING)
def test_read_alike(card, ukey, settings):  # noqa: F811
    piv = card(settings)
    before = piv.tries()
    done = ukey("status", "--json")
    application = done.json["readers"][0]["key"]["applications"][0]
    assert {container["name"].lower() for container in application["containers"]} == set(CERTIFICATES)
    assert application["userPin"]["triesLeft"] == before == int(pairs(settings).get("tries", 3))
    for number, slot in enumerate(CERTIFICATES, start=1):
        shown = ukey("cert", "show", "--pem", "--container", slot.upper())
        assert shown.code == 0, shown
        digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(shown.stdout)).hexdigest()
        assert digest == piv.certificate(slot) == piv.by_pkcs15(f"{number:02}")
    assert piv.tries() == before


def test_apdus(card, ukey):  # noqa: F811
    """One command an object: SELECT, which PIN it is, its state, four certificates, the CHUID."""
    piv = card("extended=yes,version=none,serial=none")
    before = len(piv.token.trace())
    ukey("status", "--json")
    assert len(piv.token.trace()) - before == 8


def test_a_verified_card_is_not_misread(card, ukey):  # noqa: F811
    """A card on which someone verified the PIN answers 9000 to the empty VERIFY: that is no count of tries."""
    piv = card("")
    # Held open meanwhile: pcscd takes the power from a card that nobody has used for five seconds, and with it the PIN.
    with pcsc.Context() as context, context.connect(piv.token.reader.name):
        with_pin = piv.send("0020008008313233343536FFFF", "00200080")
        assert with_pin[1] == "9000"
        status = ukey("pin", "status", "--json").json["pins"][0]["user"]
    assert status.get("verified") is True and "triesLeft" not in status and status["locked"] is False
