"""A key whose pieces each keep their limit and whose sum does not: 64 applications of 64 containers with certificates of 60 kB."""

import json
import re
import subprocess
import time
from pathlib import Path

from rig import patience


def peak(pid):
    """KiB of memory that the process had at most so far; 0 when it is gone."""
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    except FileNotFoundError:
        found = None
    return int(found[1]) if found else 0


def test_a_key_of_half_a_gigabyte_takes_little_and_is_told(skf_token, ukey, environment, tmp_path):
    key = skf_token(many=60000)
    report = tmp_path / "report"
    with open(report, "wb") as out:
        process = subprocess.Popen(
            [ukey.path, "status", "--json", "--provider", key.provider], stdin=subprocess.DEVNULL, stdout=out,
            stderr=subprocess.DEVNULL, env=dict(environment, **key.env))
    deadline, most = time.monotonic() + patience.limit(60), 0
    # As long as it runs: what the kernel counts of a child holds what the tests' own process had.
    try:
        while process.poll() is None:
            most = max(most, peak(process.pid))
            assert time.monotonic() < deadline
            time.sleep(0.002)
    finally:
        process.kill()
    assert process.returncode == 11
    # 518 MiB before there was a limit; 14 without this key.
    assert 1 << 10 < most < 64 << 10, most
    assert report.stat().st_size < 1 << 20
    assert "UK-306" in report.read_text() and json.loads(report.read_text())
    # Two mebibytes of certificates and no more were taken from the library.
    assert key.calls().count("SKF_ExportCertificate") <= 2 * 64 + 2
