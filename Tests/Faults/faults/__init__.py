"""The fault catalogue: each fault is a generator that makes it for real, yields how to run the doctor, and undoes it."""

import contextlib
from dataclasses import dataclass, field

_all = []


@dataclass
class Fault:
    name: str
    title: str
    link: str
    cause: str
    verdict: str
    code: int
    make: object
    # Made with the help of a second user, whom a world of an ordinary user has not.
    needs_users: bool = False


@dataclass
class Run:
    """How the doctor is run while the fault is there."""

    arguments: list = field(default_factory=list)
    env: dict = field(default_factory=dict)
    # The command before `ukey`: setpriv, faketime …
    prefix: list = field(default_factory=list)
    # Texts that the evidence of the first link must contain.
    evidence: list = field(default_factory=list)
    network: bool = False
    # Seconds for everything: much, because the tests run beside other work. Ten where something hangs: all of it is waited.
    timeout: int = 40
    # Whether another program of the ordinary user starts the doctor: from a folder that he may enter, as ours may not be.
    copied: bool = False
    # Whether the ordinary user's doctor says the same; else only root's is asked.
    user: bool = True
    # Makes the fault anew before the second look, where the first one used it up.
    again: object = None
    # The repair offered is run, and the link looked at again; else why it cannot be run here.
    repair: str = "run"
    # The repair offered, where it matters which one.
    fix: str = ""
    # Certificates that the system trusts besides.
    trust: list = field(default_factory=list)


def fault(title, link, cause, verdict="fault", code=10, needs_users=False):
    """Registers a fault. `make(world)` is a generator of one `Run`; what stands behind the yield undoes the fault."""

    def register(make):
        _all.append(
            Fault(make.__name__, title, link, cause, verdict, 0 if verdict == "warning" and code == 10 else code,
                  contextlib.contextmanager(make), needs_users))
        return make

    return register


def catalogue():
    from . import (  # noqa: F401
        browsers, cards, certificates, distributions, far, issuers, libraries, limits, logins, network, pages, proxies, readerservice, services,
        terminal, usb)

    return _all
