"""A library that attacks the program that loads it: what it can reach, and what is left of it."""

import os
import subprocess
import time
import uuid
from pathlib import Path

import pytest
from rig import patience

SOURCE = Path(__file__).resolve().parents[1] / "HostileLibrary"


@pytest.fixture(scope="session")
def hostile(tmp_path_factory):
    out = tmp_path_factory.mktemp("hostile") / "libhostile.so"
    subprocess.run(["make", "-s", "-C", str(SOURCE), f"OUT={out}"], check=True)
    return out


@pytest.fixture
def attack(hostile, ukey):
    """`attack("internet", at="call")`: what became of each attempt, and the answer of `provider test`."""

    def run(*attempts, at="load", env=None):
        variables = dict({"HOSTILE": " ".join(attempts), "HOSTILE_AT": at}, **(env or {}))
        done = ukey("provider", "test", "--json", f"skf:{hostile}", env=variables)
        printed = (done.json or {}).get("printed", "")
        told = dict(line.split(": ") for line in printed.splitlines() if line.count(": ") == 1)
        return told, done

    return run


def named(name):
    """Processes of this name, those that have ended left out."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
        except OSError:
            continue
        if fields.get("Name") == name and not fields.get("State", "Z").startswith("Z"):
            found.append(int(fields["Pid"]))
    return found


@pytest.mark.parametrize("output", ["json", "text"])
def test_an_answer_forged_on_the_socket_harms_nobody(hostile, ukey, output):
    """Number 2^60 where a width of 4 or 8 bytes is expected."""
    words = ["provider", "test", f"skf:{hostile}"] + (["--json"] if output == "json" else [])
    done = ukey(*words, env={"HOSTILE": "forge", "HOSTILE_AT": "call"})
    assert done.code == 10, done
    assert "UK-203" in done.stdout and (output == "text" or str(1 << 60) in done.stdout), done


@pytest.mark.parametrize("kind", ["child", "detached-child"])
@pytest.mark.parametrize("after", [[], ["crash"]], ids=["returned", "crashed"])
def test_a_child_of_the_library_does_not_outlive_us(attack, kind, after):
    """Nor does it make a crash look like silence: it holds the socket's other end open."""
    name = "uk" + uuid.uuid4().hex[:12]
    begun = time.monotonic()
    told, done = attack(kind, *after, at="call", env={"HOSTILE_NAME": name})
    if after:
        assert "UK-232" in done.stdout and "UK-233" not in done.stdout, done
        assert time.monotonic() - begun < patience.limit(4)
    else:
        assert done.code == 0, done
    patience.until(lambda: named(name) == [])
