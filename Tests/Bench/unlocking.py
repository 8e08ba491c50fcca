"""A desk's batch of unlock requests, beside its cryptography alone."""

import hashlib
import json
import os
import shutil
import statistics
import subprocess
import tempfile
from pathlib import Path

from rig.unlock import Desk, challenge_of

HERE = Path(__file__).resolve().parent


class UnlockSection:
    """Section `unlock`."""

    def __init__(self, bench):
        self.bench = bench

    def run(self):
        """Two thousand unlock requests answered in one run, beside reading, SM3, SM4 and SM2 alone."""
        self.bench.title("Unlock requests: 2 000 in a batch")
        base = self.bench.work / "unlock_base"
        subprocess.run(["cc", "-O2", "-Wall", "-o", base, HERE / "unlock_base.c", "-lcrypto"], check=True)
        # In memory, so that the disk's file system takes no part in the ratio.
        work = Path(tempfile.mkdtemp(prefix="ukey-bench-", dir="/dev/shm"))
        try:
            self.unlock_in(work, base)
        finally:
            shutil.rmtree(work)

    def unlock_in(self, work, base):
        folder = work / "requests"
        folder.mkdir()
        one = self.bench.work / "one.ukreq"
        subprocess.run(
            [self.bench.ukey, "unlock", "request", "--demo", "--yes", "--no-wait", "--out", str(one), "--name", "李四",
             "--mobile", "13800138000", "--reason", "忘记密码"], check=True, capture_output=True, env=self.bench.environment)
        document = json.loads(one.read_bytes())
        del document["digest"]
        desk = Desk(self.bench.work / "desk")

        for number in range(2_000):
            document["key"]["serial"] = f"DEMO-{number:06}"
            digest = hashlib.new("sm3", canonical(document)).hexdigest()
            (folder / f"{number:06}.ukreq").write_bytes(canonical(dict(document, digest=digest)))
        print(f"    {(folder / '000000.ukreq').stat().st_size} bytes each")
        costs = {"base": [], "ukey": []}
        peak = 0
        for run in range(5):
            costs["base"].append(self.bench.cost([str(base), str(folder)])[0])
            out = work / f"responses-{run}"
            out.mkdir()
            # Challenges live minutes.
            for request in folder.glob("*.ukreq"):
                challenge_of(request)
            reading, writing = os.pipe()
            os.write(writing, b"12345678")
            os.close(writing)
            # Without --new-pin-fd: random temporary PINs, as the desk uses it. A record for each run: one key has few
            # answers a day.
            seconds, memory = self.bench.cost(
                [self.bench.ukey, "unlock", "approve", str(folder), "--out", str(out), "--audit",
                 str(self.bench.work / f"audit-{run}"), "--weak-admin-pin", "--admin-pin-fd", str(reading), *desk.options],
                [reading])
            os.close(reading)
            costs["ukey"].append(seconds)
            peak = max(peak, memory)
            made = sum(1 for _ in out.iterdir())
            if made != 2_000:
                raise RuntimeError(f"{made} responses instead of 2000")
            # Not deleted here: ext4 spends seconds of processor time on not reusing what was deleted just now.
        alone, own = (statistics.median(costs[name]) for name in ("base", "ukey"))
        self.bench.figure("reading, SM3, SM4 and SM2 alone, processor", f"{alone * 1000:.0f}", "ms")
        self.bench.figure("ukey unlock approve, processor", f"{own * 1000:.0f}", "ms")
        self.bench.figure("ukey / alone", f"{own / alone:.2f}", "×", "≤ 3", own / alone <= 3)
        self.bench.figure("ukey, peak memory", f"{peak / 1024:.1f}", "MiB", "≤ 32", peak <= 32 * 1024)


def canonical(value):
    """RFC 8785, as far as these documents need it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
