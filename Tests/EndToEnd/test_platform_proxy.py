"""Behind a reverse proxy: the limits count visitors and not the proxy, and nobody writes an address for himself or for another."""

import contextlib
import sqlite3

import pytest

from rig.platform import Platform, free_port
from test_platform_kill import Visitor

# Of RFC 5737.
ONE, OTHER, FORGED = "203.0.113.9", "203.0.113.10", "198.51.100.1"
LIMIT = 30


@contextlib.contextmanager
def platform(folder, *settings):
    made = Platform(folder / "platform", free_port(), settings)
    try:
        yield made
    finally:
        assert made.stop() == 0


def try_once(platform, number, **headers):
    """A login that is none; the name of its refusal."""
    visitor = Visitor(platform, number, headers={name.replace("_", "-"): value for name, value in headers.items()})
    visitor.ask("GET", "/login")
    text = visitor.ask("POST", "/login/certificate", {"token": "{}"})[1]
    return next(name for name in ("malformed", "too-many") if f'data-refused="{name}"' in text)


def actors(platform):
    connection = sqlite3.connect(f"file:{platform.data / 'platform.sqlite'}?mode=ro", uri=True, timeout=30)
    try:
        return {row[0] for row in connection.execute("SELECT actor FROM audit WHERE kind = 'login.refused'")}
    finally:
        connection.close()


@pytest.mark.parametrize("header, written", [
    ("X_Forwarded_For", "{}"), ("Forwarded", 'for="{}:4711";proto=https')])
def test_visitors_are_counted_behind_a_proxy(tmp_path, header, written):
    settings = ["trusted-proxies = 127.0.0.0/24"] + (["proxy-header = Forwarded"] if header == "Forwarded" else [])
    with platform(tmp_path, *settings) as made:
        for number in range(LIMIT):
            # Whatever the visitor writes in front, and whichever proxy it comes by.
            before = written.format(f"198.51.100.{number}")
            assert try_once(made, 1 + number % 5, **{header: f"{before}, {written.format(ONE)}"}) == "malformed"
        assert try_once(made, 1, **{header: written.format(ONE)}) == "too-many"
        assert try_once(made, 1, **{header: f"{written.format(OTHER)}, {written.format(ONE)}"}) == "too-many"
        # Another visitor of the same proxy is another one.
        assert try_once(made, 1, **{header: written.format(OTHER)}) == "malformed"
        # The header that the proxy does not write says nothing: that is the proxy itself.
        other = "Forwarded" if header != "Forwarded" else "X_Forwarded_For"
        assert try_once(made, 1, **{other: f"for={FORGED}" if other == "Forwarded" else FORGED}) == "malformed"
        assert actors(made) == {f"visitor {ONE}", f"visitor {OTHER}", "visitor 127.0.0.3"}


@pytest.mark.parametrize("settings", [[], ["trusted-proxies = 10.0.0.1"]], ids=["no proxy", "another proxy"])
def test_nobody_writes_an_address_of_their_own(tmp_path, settings):
    with platform(tmp_path, *settings) as made:
        for number in range(LIMIT):
            assert try_once(made, 1, X_Forwarded_For=f"203.0.113.{number}", Forwarded=f"for=203.0.113.{number}") == "malformed"
        assert try_once(made, 1, X_Forwarded_For=OTHER) == "too-many"
        # Nor does one fill up another's count.
        assert try_once(made, 2) == "malformed"
        assert actors(made) == {"visitor 127.0.0.3", "visitor 127.0.0.4"}
