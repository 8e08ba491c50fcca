"""No PIN stays in the memory of the program, nor in anything that it writes (root reads a memory that hides itself).

The kernel's memory that nobody reads (memfd_secret) is taken away here, so that the scan sees the page in its place."""

import os
import signal
from pathlib import Path

import pytest
from rig import memory
from rig.program import Secret
from rig.typed import FullPipe, Typed

# Texts that are nowhere else.
PINS = {"gm": ("Qz7!pWx4kD", "uB9#eRt2mY", "Hc5%nVs8aL"), "piv": ("73920461", "58146327", "90263815")}


@pytest.fixture
def typed(environment):
    opened = []

    def start(*words, **more):
        opened.append(Typed(words, environment, **more))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


@pytest.fixture(params=["gm", "piv"])
def stage(request, soft_token, ukey, typed, tmp_path):
    """A card with the old PIN, and `ukey pin change` up to its first prompt, standing still at its result later."""

    class Stage:
        def __init__(self):
            self.old, self.new, self.wrong = PINS[request.param]
            self.card = request.param
            self.token = soft_token(card=request.param)
            done = ukey("pin", "change", "--pin-fd", Secret("123456"), "--new-pin-fd", Secret(self.old), "--low-tries")
            assert done.code == 0, done
            self.open()

        def open(self):
            self.pipe = FullPipe()
            self.log = tmp_path / "stderr"
            with open(self.log, "wb") as log:
                self.window = typed(
                    *memory.WITHOUT_SECRET_MEMORY, ukey.path, "pin", "change", "--json", "--lang", "en", "--low-tries", stdout=self.pipe.writing, stderr=log)
            self.window.until("Old PIN ")

        def places(self):
            return memory.scan(self.window.pid, self.old, self.new, self.wrong)

        def type_all(self, old):
            for prompt, pin in (("New PIN ", old), ("New PIN again ", self.new)):
                self.window.send(pin + "\r")
                self.window.until(prompt)
            self.window.send(self.new + "\r")

        def files(self):
            seen = self.window.rest().encode() + self.log.read_bytes() + self.token.log().encode()
            for folder, _, names in os.walk(tmp_path / "home"):
                seen += b"".join((Path(folder) / name).read_bytes() for name in names)
            return seen

        def nothing_written(self, *more):
            for seen in (self.files(), *more):
                assert not any(pin.encode() in seen for pin in PINS[request.param])

    return Stage()


def test_while_typing_it_is_in_locked_memory_only(stage):
    stage.window.send(stage.old)
    stage.window.until("*" * len(stage.old))
    places = stage.places()
    assert places and not memory.unlocked(places)
    assert len(places) == 1, places


@pytest.mark.parametrize("outcome", ["changed", "wrong"])
def test_nothing_is_left_after(stage, outcome):
    stage.type_all(stage.old if outcome == "changed" else stage.wrong)
    stage.pipe.wait_blocked(stage.window.pid)
    assert stage.places() == []
    said = stage.pipe.drain()
    assert f'"outcome":"{outcome}"'.encode() in said.replace(b" ", b"")
    assert stage.window.end() == {"changed": 0, "wrong": 7}[outcome]
    stage.nothing_written(said)


@pytest.mark.parametrize("key", ["\x1b", "\x03"])
def test_nothing_is_left_after_cancelling(stage, key):
    stage.window.send(stage.old + "\r")
    stage.window.until("New PIN ")
    stage.window.send(stage.new + key)
    stage.pipe.wait_blocked(stage.window.pid)
    assert stage.places() == []
    said = stage.pipe.drain()
    assert stage.window.end() == 130 and b"UK-902" in said
    assert stage.window.is_restored
    stage.nothing_written(said)


def test_while_the_key_works_on_it_it_is_in_locked_memory_only(stage, tmp_path, soft_token):
    """The key stands still with the last command, so that the program does, in the middle of the operation."""
    stage.token.unplug()
    stage.window.send("\x1b")
    stage.pipe.wait_blocked(stage.window.pid)
    stage.pipe.drain()
    faults = ["ins=16,kind=hold", "ins=24,kind=hold"]
    stage.token = soft_token(card=stage.card, dir=tmp_path / "card-0", faults=faults)
    stage.open()
    stage.type_all(stage.old)
    stage.token.wait_held()
    places = stage.places()
    assert places and not memory.unlocked(places)
    stage.token.release()
    stage.pipe.wait_blocked(stage.window.pid)
    assert stage.places() == []
    stage.pipe.drain()
    assert stage.window.end() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_nothing_is_left_when_a_signal_ends_it(stage, number):
    stage.window.send(stage.old + "\r")
    stage.window.until("New PIN ")
    stage.window.send(stage.new)
    stage.window.until("*" * len(stage.new))
    assert len(stage.places()) == 2
    assert memory.at_exit(stage.window.pid, number, stage.places) == []
    assert stage.window.end() == -number
    assert stage.window.is_restored
    stage.nothing_written(stage.pipe.drain())
