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
def test_a_child_of_the_library_does_not_outlive_us(attack, settings, kind, after):
    """Nor does it make a crash look like silence: it holds the socket's other end open. Without a sandbox: with one there is
    no child."""
    settings("sandbox=off")
    name = "uk" + uuid.uuid4().hex[:12]
    begun = time.monotonic()
    told, done = attack(kind, *after, at="call", env={"HOSTILE_NAME": name})
    if after:
        assert "UK-232" in done.stdout and "UK-233" not in done.stdout, done
        assert time.monotonic() - begun < patience.limit(4)
    else:
        assert done.code == 0, done
    patience.until(lambda: named(name) == [])


# What a library may have to do, and what it never has.
NEEDED = ["unix", "uevent", "signal-self", "passwd", "cpu", "self"]
NEVER = [
    "memory-of-parent", "proc-of-parent", "terminal", "internet", "internet6", "raw", "netlink", "run", "child",
    "detached-child", "signal-parent", "signal-by-descriptor", "leave-parent", "ssh", "firefox", "editor", "python", "providers", "memory", "core", "secret-setting"]


@pytest.fixture
def home(environment):
    """A home with what is worth stealing, and with a library's own folder."""
    home = Path(environment["HOME"])
    for name in (
            ".ssh/id_ed25519", ".mozilla/key4.db", ".config/nvim/init.lua", ".local/lib/python3/site-packages/usercustomize.py",
            ".config/ukey/providers.conf", ".vendor/state"):
        file = home / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("# a secret\n")
    return home


@pytest.fixture
def settings(hostile, home):
    """`settings("sandbox=strict")`: words behind the library's path in providers.conf."""
    return lambda words: (home / ".config/ukey/providers.conf").write_text(f"skf:{hostile} {words}\n")


@pytest.fixture
def variables():
    """A terminal of ours to write on, and variables of which one is nobody else's business."""
    ours, theirs = os.openpty()
    yield {
        "HOSTILE_TTY": os.ttyname(theirs), "VENDOR_SETTING": "1", "VENDOR_TOKEN": "t", "SSH_AUTH_SOCK": "/s",
        "HOSTILE_NAME": "uk" + uuid.uuid4().hex[:12]}
    os.close(ours)
    os.close(theirs)


@pytest.mark.parametrize("at", ["load", "call"])
def test_relaxed(attack, home, variables, at):
    """Without a word in the configuration."""
    told, done = attack(*NEVER, *NEEDED, "own-folder", "own-setting", at=at, env=variables)
    assert done.json["sandbox"] == {
        "mode": "relaxed", "inForce": ["session", "privileges", "limits", "files", "calls"], "missing": []}, done
    assert {word for word in NEVER if told[word] == "done"} == set(), told
    assert {word for word in [*NEEDED, "own-folder", "own-setting"] if told[word] != "done"} == set(), told


def test_strict(attack, settings, variables):
    """The home folder too is closed, but for what the configuration names."""
    words = [*NEVER, *NEEDED, "own-folder", "own-setting"]
    settings("sandbox=strict env=HOSTILE env=HOSTILE_AT env=HOSTILE_TTY env=HOSTILE_NAME")
    told, done = attack(*words, env=variables)
    assert done.json["sandbox"]["mode"] == "strict" and done.json["sandbox"]["missing"] == [], done
    assert {word for word in words if told[word] == "done"} == set(NEEDED), told


def test_strict_with_what_is_named(attack, settings, home, variables):
    settings(f"sandbox=strict env=HOSTILE env=HOSTILE_AT env=VENDOR_SETTING files={home}/.vendor")
    told, _ = attack("own-folder", "own-setting", "ssh", env=variables)
    assert told == {"own-folder": "done", "own-setting": "done", "ssh": told["ssh"]} and told["ssh"] != "done", told


def test_off(attack, settings, variables):
    """Shows that the attempts above fail by the sandbox and not by themselves; ukey's own memory stays closed."""
    settings("sandbox=off")
    told, done = attack(*NEVER, *NEEDED, "own-folder", "own-setting", env=variables)
    assert done.json["sandbox"] == {"mode": "off", "inForce": ["session"], "missing": []}, done
    assert told["ssh"] == told["internet"] == told["run"] == told["child"] == told["secret-setting"] == "done", told
    patience.until(lambda: named(variables["HOSTILE_NAME"]) == [])


def test_told_in_words(hostile, ukey):
    done = ukey("provider", "test", "--lang", "zh", f"skf:{hostile}")
    assert "沙箱" in done.stdout and "relaxed" in done.stdout and "seccomp" in done.stdout, done
