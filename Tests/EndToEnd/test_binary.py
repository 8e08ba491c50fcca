"""The programs as they are linked: what the loader has filled in cannot be changed afterwards, and nothing runs that can be written."""

import re
import subprocess
from pathlib import Path

import pytest
from rig.program import ukey_path

#: Libraries that a program may ask the system for; Swift's own are linked into a release.
KNOWN = {
    "libcrypto.so.3", "libpcsclite.so.1", "libncursesw.so.6", "libtinfo.so.6", "libqrencode.so.4", "libz.so.1", "libc.so.6",
    "libm.so.6", "libgcc_s.so.1", "libstdc++.so.6", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}


@pytest.fixture(params=["ukey", "ukey-service"])
def program(request):
    path = Path(ukey_path()).with_name(request.param)
    if not path.exists():
        pytest.skip(f"no {request.param} beside the program under test")
    return path


def readelf(*words):
    return subprocess.run(["readelf", "-W", *map(str, words)], check=True, capture_output=True, text=True).stdout


def segments(program):
    """Kind, offset in the file, address, size in memory and flags of each."""
    found = re.findall(
        r"^ +([A-Z_]+) +0x([0-9a-f]+) 0x([0-9a-f]+) 0x[0-9a-f]+ 0x[0-9a-f]+ 0x([0-9a-f]+) ([R W E]{3}) ",
        readelf("-l", program), re.MULTILINE)
    return [(kind, int(offset, 16), int(address, 16), int(size, 16), flags) for kind, offset, address, size, flags in found]


def test_everything_is_bound_before_it_runs_and_closed_then(program):
    dynamic = readelf("-d", program)
    assert re.search(r"FLAGS_1.*\bNOW\b", dynamic) and re.search(r"FLAGS_1.*\bPIE\b", dynamic)
    assert "TEXTREL" not in dynamic
    kinds = [kind for kind, *_ in segments(program)]
    assert kinds.count("GNU_RELRO") == 1 and kinds.count("GNU_STACK") == 1


def test_nothing_is_both_writable_and_run(program):
    assert [segment for segment in segments(program) if "W" in segment[4] and "E" in segment[4]] == []


def test_constants_cannot_be_changed(program):
    """A command of the shell, as one of them: it lies where nothing is written, or where nothing is any more."""
    constant = {"ukey": b"/usr/bin/systemctl enable --now pcscd.socket", "ukey-service": b"usage: ukey-service [--demo]"}
    places = [match.start() for match in re.finditer(re.escape(constant[program.name]), program.read_bytes())]
    assert places
    parts = segments(program)
    closed = next((address, address + size) for kind, _, address, size, _ in parts if kind == "GNU_RELRO")
    for place in places:
        for kind, offset, address, size, flags in parts:
            if kind == "LOAD" and offset <= place < offset + size:
                at = address + place - offset
                assert "W" not in flags or closed[0] <= at < closed[1], hex(at)
    sections = readelf("-S", program)
    assert not re.search(r" \.rodata +\w+ +\w+ \w+ \w+ \w+ +WA", sections)


def test_it_asks_for_no_library_that_nobody_knows(program):
    needed = set(re.findall(r"\(NEEDED\).*\[(.+)\]", readelf("-d", program)))
    assert {name for name in needed if not re.match(r"lib(swift|Foundation|_Foundation|dispatch|BlocksRuntime)", name)} <= KNOWN
