"""ukey's software cards in a real reader, read by other people's programs."""

import pytest


def test_piv_card_is_read_by_peers(soft_token, peer):
    token = soft_token(card="piv")
    listing = peer("pkcs15-tool", "--list-certificates")
    assert listing.code == 0 and "X.509 Certificate" in listing.stdout, listing
    status = peer("yubico-piv-tool", "-r", "", "-a", "status")
    assert status.code == 0 and "Slot 9a" in status.stdout, status
    assert token.trace()


def test_removal_is_seen(soft_token, reader):
    soft_token(card="piv").unplug()
    soft_token(card="piv").kill()
    with soft_token(card="piv"):
        reader.wait_present()
    reader.wait_empty()
