"""What every section needs: the program under test, its world, and where figures go."""

import os
import subprocess
import time
from pathlib import Path

from rig.cards import SoftToken
from rig.service import Service


class Bench:
    def __init__(self, options, work):
        self.options, self.work = options, Path(work)
        self.ukey = str(Path(options.ukey).resolve())
        home = self.work / "home"
        home.mkdir()
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", "TZ": "Asia/Shanghai"}
        self.missed = 0
        self.results = {}
        # For the README: sections with their lines, and what each program took in each comparison.
        self.sections, self.compared = [], []

    # Output

    def title(self, text):
        print(f"\n{text}", flush=True)
        self.sections.append((text, []))

    def figure(self, what, value, unit, target=None, fine=None):
        """One line: what, value, and beside it the target with its verdict."""
        verdict = ""
        if target is not None:
            verdict = f"target {target}: " + ("ok" if fine else "MISSED")
            self.missed += not fine
        print(f"  {what:<46} {value:>10} {unit:<6} {verdict}".rstrip(), flush=True)
        self.results[what] = {"value": value, "unit": unit, "target": target, "ok": fine}
        if self.sections:
            self.sections[-1][1].append((what, value, unit, target, fine))

    # Help

    def service(self, count=1):
        service = Service(self.work / "pcscd", count, debug=False)
        service.start()
        return service

    def card(self, reader, name, card="piv", **settings):
        return SoftToken(
            self.ukey, reader, self.work / "cards" / name, card=card, settings=settings, env=self.environment)

    def measure(self, command):
        """Wall time in ms and exit status. Output goes where a pipe would take it."""
        begun = time.perf_counter()
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, env=self.environment)
        return (time.perf_counter() - begun) * 1000, done

    def cost(self, command, handles=()):
        """Processor seconds (user and system) and peak memory (KiB) of one run."""
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self.environment, pass_fds=handles)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"{command} ended {process.returncode}")
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss
