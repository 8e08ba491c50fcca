"""A run of tests ends and says why, whatever a test does."""

import os
import subprocess
import sys
from pathlib import Path

from rig import child_processes, patience, stalls

TESTS = '''
import os, signal, time, pytest

@pytest.mark.timeout(1)
def test_interrupted():
    time.sleep(1000)

def test_told():
    assert "the reason" == ""

def test_stopped():
    """The worker stands still, and a child that has left it holds its pipe."""
    if os.fork() == 0:
        os.setsid()
        time.sleep(1000)
        os._exit(0)
    os.kill(os.getpid(), signal.SIGSTOP)
'''

CONFTEST = f'''
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from rig import stalls
stalls.TEST = 1.5

def pytest_configure(config):
    stalls.configure(config)
'''


def test_a_run_that_stands_still_is_ended_and_says_where(tmp_path):
    (tmp_path / "test_bad.py").write_text(TESTS)
    (tmp_path / "conftest.py").write_text(CONFTEST)
    world = Path(__file__).resolve().parents[1] / "world"
    # The run's worker gets a world of its own, as Tests/run-end-to-end gives it, from here where we are in one already.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "UKEY_RIG"))}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--dist", "loadgroup", "--max-worker-restart", "0",
         "--tx", f"1*popen//python='{world}' {sys.executable}", str(tmp_path)],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=patience.limit(60))
    assert run.returncode != 0
    assert "Timeout >1.0s" in run.stdout and "the reason" in run.stderr, run
    assert "worker 'gw0' crashed while running 'test_bad.py::test_stopped'" in run.stdout, run
    assert "Under way:" in run.stderr and "test_bad.py::test_stopped" in run.stderr.split("Under way:")[1], run
    assert "3 failed" in run.stdout, run


def test_a_world_is_known_by_its_network():
    mine = stalls.world_of("self")
    assert mine and os.getpid() in stalls.processes_of(mine)
    assert stalls.world_of(2**22 + 1) is None


def test_its_own_world_is_never_ended():
    child = subprocess.Popen(["sleep", "1000"])
    try:
        stalls.kill_world(child.pid)
        assert child_processes.is_running(child.pid)
    finally:
        child.kill()
        child.wait()
