"""The process that holds an SKF library is killed: the program lives, and what it tells is true."""

import os
import random
import signal
import subprocess
import time

import pytest
from rig import patience, skf
from rig.child_processes import children
from rig.program import Secret


@pytest.mark.parametrize("moment", ["idle", "reading"])
def test_manager_outlives_its_host(skf_token, screen, moment):
    """The window on a key behind a library: shown, host killed, read again by itself in a new one, key pulled and put."""
    key = skf_token(events=1)
    window = screen(100, 30, "ukey", "--lang", "en", "--provider", key.provider, env=key.env)
    window.wait_for("示例建设工程有限公司")
    window.wait_for("10/10")
    window.wait_read()
    hosts = children(window.pid)
    if moment == "reading":
        for host in hosts:
            os.kill(host, signal.SIGSTOP)
        window.keys("r")
        # A key that is read again is shown as before meanwhile: that "r" was taken is seen by what the next key does.
        window.keys("F1")
        window.wait_for("The login button does nothing")
        window.keys("Escape")
        window.wait_gone("The login button does nothing")
        window.wait_for("示例建设工程有限公司")
    for host in hosts:
        os.kill(host, signal.SIGKILL)
    if moment == "idle":
        window.keys("r")
    window.wait_for("started again by itself")
    window.wait_for("示例建设工程有限公司")
    key.unplug()
    window.wait_gone("示例建设工程有限公司")
    key.plug()
    window.wait_for("示例建设工程有限公司")
    window.keys("q")
    assert window.exit_status() == 0


KILLS, PARTS = 1000, 10


def host_of(parent):
    """The child process of this program, while there is one."""
    try:
        return next(iter(children(parent)), None)
    except (OSError, ValueError):
        return None


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_kill_at_any_moment(skf_token, environment, ukey, part):
    """kill -9 of the child at any moment: the program lives, and the outcome it tells is what the key holds."""
    key = skf_token()
    chance = random.Random(20260101 + part)
    environment = dict(environment, **key.env)
    pins = [skf.USER_PIN, "7g2K9q"]
    kills, outcomes = 0, {}
    while kills < KILLS // PARTS:
        key.set_tries(10)
        old, new = key.pins[0], pins[1 - pins.index(key.pins[0])]
        old_fd, new_fd = Secret(old), Secret(new)
        handles = []
        for secret in (old_fd, new_fd):
            reading, writing = os.pipe()
            os.write(writing, secret.data)
            os.close(writing)
            handles.append(reading)
        process = subprocess.Popen(
            [ukey.path, "pin", "change", "--json", "--pin-fd", str(handles[0]), "--new-pin-fd", str(handles[1]),
             "--provider", key.provider], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment,
            pass_fds=handles, text=True)
        for handle in handles:
            os.close(handle)
        child = None
        while child is None and process.poll() is None:
            child = host_of(process.pid)
        time.sleep(chance.random() * 0.03)
        if child is not None:
            try:
                os.kill(child, signal.SIGKILL)
                kills += 1
            except ProcessLookupError:
                pass
        out, _ = process.communicate(timeout=patience.limit(20))
        now = key.pins[0]
        code = process.returncode
        outcomes[code] = outcomes.get(code, 0) + 1
        assert code in (0, 9, 10, 11), (code, out)
        if code == 0:
            assert now == new, out
        elif code in (9, 10):
            assert now == old, out
        else:
            assert now in (old, new)
        assert key.tries[0] in (9, 10)
    print("outcomes by exit code:", outcomes)
    # Kills that came too late to matter are many; those that struck are told by the other codes.
    assert sum(outcomes.values()) > outcomes.get(0, 0)
