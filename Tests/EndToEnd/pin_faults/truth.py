"""What a software card really holds, from its state file: the tries left and which PIN is on it."""

import hashlib
import re
from pathlib import Path


def gm_key(pin):
    """The 16-byte key that a GM/T 0017 token keeps in place of a PIN."""
    return hashlib.sha1(pin.encode().ljust(16, b"\0")).digest()[:16]


def piv_field(pin):
    return pin.encode().ljust(8, b"\xff")


def read(directory):
    """(tries left, stored form of the user PIN)."""
    directory = Path(directory)
    if (directory / "gm.state").exists():
        # Items of the state file: a secret is tag 7, 19 bytes: maximum, left, default flag, key. Device, admin, user.
        secrets = re.findall(rb"\x07\x00\x00\x00\x13(.{19})", (directory / "gm.state").read_bytes(), re.S)
        assert len(secrets) == 3, "one application expected"
        return secrets[2][1], secrets[2][3:]
    (state,) = directory.glob("*.state")
    found = re.match(rb"\xc0\x0a(.)(.)(.{8})", state.read_bytes(), re.S)
    assert found, "PIN expected first"
    return found[1][0], found[3]


def pin_name(stored, **pins):
    """The name of the PIN that is stored, or `other`."""
    return next((name for name, pin in pins.items() if stored in (gm_key(pin), piv_field(pin))), "other")
