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
    # Certificates that the system trusts besides.
    trust: list = field(default_factory=list)


def fault(title, link, cause, verdict="fault", code=10):
    """Registers a fault. `make(world)` is a generator of one `Run`; what stands behind the yield undoes the fault."""

    def register(make):
        _all.append(
            Fault(make.__name__, title, link, cause, verdict, 0 if verdict == "warning" and code == 10 else code,
                  contextlib.contextmanager(make)))
        return make

    return register


def catalogue():
    from . import cards, certificates, libraries, limits, network, readerservice, services, terminal, usb  # noqa: F401

    return _all
