"""No PIN stays in ukey's memory, nor in that of the process that holds a vendor's library.

What a library copies for itself is not ours to wipe. The conformance library keeps nothing unless told to, so that what is found
in its process is ours; told to keep the PIN it shows that the scan sees such a copy, and where it lies.
"""

import os
import signal

import pytest
from rig import memory, patience, skf
from rig.child_processes import children, wait_state
from rig.typed import FullPipe, Typed

OLD, NEW, WRONG = "Qz7!pWx4kD", "uB9#eRt2mY", "Hc5%nVs8aL"


@pytest.fixture
def typed(environment):
    opened = []

    def start(*words, env, **more):
        opened.append(Typed(words, dict(environment, **env), **more))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


def places(pid):
    return memory.scan(pid, OLD, NEW, WRONG)


class Stage:
    """A command on this key, typed up to its end; it stands still where it would tell its result."""

    def __init__(self, ukey, typed, key, *command):
        self.pipe = FullPipe()
        self.window = typed(
            *memory.WITHOUT_SECRET_MEMORY, ukey.path, *command, "--json", "--lang", "en", "--low-tries", "--provider", key.provider, env=key.env,
            stdout=self.pipe.writing)

    def enter(self, prompt, text):
        self.window.until(prompt)
        self.window.send(text + "\r")

    @property
    def hosts(self):
        return children(self.window.pid)

    @property
    def places(self):
        return places(self.window.pid)

    def end(self):
        said = self.pipe.drain().replace(b" ", b"")
        return self.window.end(), said


@pytest.fixture
def key(skf_token):
    """A key whose user PIN is one that stands nowhere else."""
    def make(**quirks):
        token = skf_token(**quirks)
        (token.directory / "pins").write_text(f"{OLD} {skf.ADMIN_PIN} 10 10 10 10\n")
        return token

    return make


def change(ukey, typed, token, old=OLD):
    stage = Stage(ukey, typed, token, "pin", "change")
    stage.enter("Old PIN ", old)
    stage.enter("New PIN ", NEW)
    stage.enter("New PIN again ", NEW)
    return stage


def at_result(stage):
    """Nothing is left here, nor in the library's process, which has mostly gone with the operation."""
    stage.pipe.wait_blocked(stage.window.pid)
    assert stage.places == [] and not any(places(host) for host in stage.hosts)
    return stage.end()


@pytest.mark.parametrize("outcome,pin,code", [("changed", OLD, 0), ("wrong", WRONG, 7)])
def test_nothing_is_left_after_a_change(ukey, typed, key, outcome, pin, code):
    token = key()
    ended, said = at_result(change(ukey, typed, token, pin))
    assert ended == code and f'"outcome":"{outcome}"'.encode() in said
    assert token.pins[0] == (NEW if outcome == "changed" else OLD)


@pytest.mark.parametrize("words,pin,code", [
    (["pin", "verify"], OLD, 0), (["pin", "verify"], WRONG, 7), (["login-test"], OLD, 0), (["login-test"], WRONG, 7)])
def test_nothing_is_left_after(ukey, typed, key, words, pin, code):
    stage = Stage(ukey, typed, key(), *words)
    stage.enter("PIN", pin)
    assert at_result(stage)[0] == code


def test_softhsm(ukey, typed, hsm):
    hsm.add("01", "RSA")
    hsm.tool(
        "pkcs11-tool", "--module", hsm.provider.split(":")[1], "--token-label", "TEST", "--login", "--pin", hsm.user_pin,
        "--change-pin", "--new-pin", OLD)
    assert at_result(change(ukey, typed, hsm))[0] == 0 and hsm.accepts(NEW)


def test_while_the_library_works_it_is_in_locked_memory_only(ukey, typed, key, environment):
    token = key(slow="SKF_ChangePIN", slow_ms=2000)
    token.limit(environment, 60)
    stage = change(ukey, typed, token)
    patience.until(lambda: "SKF_ChangePIN" in token.calls())
    host, = stage.hosts
    # Stopped: looking through the memory of both may take longer than the library does.
    os.kill(host, signal.SIGSTOP)
    wait_state(host, "T")
    for found in (stage.places, places(host)):
        # Once each of old and new, in both processes.
        assert sorted(number for number, *_ in found) == [0, 1] and not memory.unlocked(found), found
    os.kill(host, signal.SIGCONT)
    assert at_result(stage)[0] == 0


def change_in_window(screen, token, old, outcome):
    """F2 in the window, whose processes for the library live on afterwards. Returns the window, its outcome on the screen."""
    window = screen(80, 24, *memory.WITHOUT_SECRET_MEMORY, "ukey", "--lang", "en", "--provider", token.provider, env=token.env)
    window.wait_read()
    window.keys("F2")
    window.wait_for("Old PIN")
    for text in (old, NEW, NEW):
        window.type(text)
        window.keys("Enter")
    window.wait_for(outcome)
    return window


@pytest.mark.parametrize("old,outcome", [(OLD, "The PIN was changed"), (WRONG, "Wrong PIN, 9 tries left")])
def test_nothing_is_left_in_the_window_nor_in_its_hosts(screen, key, old, outcome):
    token = key(events=1)
    window = change_in_window(screen, token, old, outcome)
    hosts = children(window.pid)
    assert len(hosts) == 2
    assert places(window.pid) == [] and [places(host) for host in hosts] == [[], []]
    window.keys("Escape", "q")
    assert window.exit_status() == 0


def test_a_copy_that_the_library_keeps_is_seen_in_its_process_alone(screen, key):
    """So the scan above is not blind: a library that keeps the PIN is caught, and only its own process has it."""
    window = change_in_window(screen, key(events=1, keep_pin=1), OLD, "The PIN was changed")
    found = [places(host) for host in children(window.pid)]
    assert places(window.pid) == [] and sorted(map(bool, found)) == [False, True], found
    kept = found[0] or found[1]
    # The one that it keeps, in its own data.
    assert [(number, is_locked) for number, _, _, is_locked in kept] == [(0, False)], kept
    window.keys("Escape", "q")
    assert window.exit_status() == 0
