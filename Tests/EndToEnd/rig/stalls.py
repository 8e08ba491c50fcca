"""So that a run always ends and always says why: failures told when they happen, and nothing waited for without end.

Three nets, one below the other:
  - pytest-timeout raises in the test that takes too long (conftest.py gives each its limit), and the run goes on;
  - a worker that cannot even be interrupted is seen by the process that hands out the tests (`Watch`): no report for
    long. It says which tests were under way and kills every process of the workers' worlds, which ends the run;
  - Tests/run-all gives each step a time to end in.
"""

import os
import signal
import sys
import threading
import time
from pathlib import Path

from . import child_processes, patience

# A test may take this long on an idle machine; the slowest takes a quarter of it.
TEST = 120


def configure(config):
    """Once in each process, however many conftest.py call it."""
    if config.pluginmanager.has_plugin("stalls"):
        return
    # Where no worker takes the tests (UKEY_TEST_WORKERS=0), somebody sits before a debugger.
    if config.getoption("tx", None) and not hasattr(config, "workerinput"):
        watch = Watch(patience.limit(2 * TEST))
        config.pluginmanager.register(watch, "stalls")
        watch.begin()


def world_of(pid):
    """What tells the private world of a process: its network. None when it is gone."""
    try:
        return os.readlink(f"/proc/{pid}/ns/net")
    except OSError:
        return None


def processes_of(world):
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and world_of(entry.name) == world]


def kill_world(worker):
    """Ends a worker and all that it has started, also what has left its process tree: no pipe of it stays open."""
    world = world_of(worker)
    if world is None or world == world_of("self"):
        return
    for pid in processes_of(world):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


class Watch:
    """Lives in the process that hands out the tests."""

    def __init__(self, limit):
        self.limit = limit
        self.under_way = {}
        self.ended = threading.Event()
        self.heard = time.monotonic()

    @staticmethod
    def write(text):
        print(text, file=sys.stderr, flush=True)

    def begin(self):
        threading.Thread(target=self.watch, daemon=True).start()

    def pytest_runtest_logstart(self, nodeid):
        self.heard = time.monotonic()
        self.under_way[nodeid] = self.heard

    def pytest_runtest_logfinish(self, nodeid):
        self.heard = time.monotonic()
        self.under_way.pop(nodeid, None)

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.write(f"\nFAILED {report.nodeid} ({report.when})\n{report.longreprtext}")

    def pytest_sessionfinish(self):
        self.ended.set()

    def late(self, now):
        """The tests that are under way for too long; all of them when nothing was heard at all."""
        return {name: now - begun for name, begun in self.under_way.items() if now - begun > self.limit}

    def watch(self):
        while not self.ended.wait(5):
            now = time.monotonic()
            if self.late(now) or now - self.heard > self.limit:
                told = [f"  {name}: {now - begun:.0f} s" for name, begun in self.under_way.items()]
                self.write("\n".join([f"\nno end for {self.limit:g} s; the worlds are ended. Under way:", *told]))
                for worker in child_processes.children(os.getpid()):
                    kill_world(worker)
                self.under_way.clear()
                self.heard = now
