"""Commands on one key behind a library, and what their JSON tells."""

from .program import Secret


def change(call, token, old, new, *flags):
    """`ukey pin change`; `call(token, …)` is the fixture of that name."""
    return call(token, "pin", "change", "--pin-fd", Secret(old), "--new-pin-fd", Secret(new), *flags)


def key_of(done):
    """The first key of `ukey status --json`."""
    return next(reader["key"] for reader in done.json["readers"] if "key" in reader)


def containers(key):
    return key["applications"][0]["containers"]


def verdict(done, link):
    """What `ukey doctor --json` says of one link of the chain."""
    return next(check["verdict"] for check in done.json["checks"] if check["id"] == link)
