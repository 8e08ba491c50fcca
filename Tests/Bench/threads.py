"""How often a process wakes."""

import re
from pathlib import Path


def switches(pid):
    """Voluntary context switches so far by thread: id → (name, count)."""
    result = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        text = (task / "status").read_text()
        result[task.name] = (
            re.search(r"Name:\s+(.*)", text)[1], int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", text, re.M)[1]))
    return result


def asking_for_the_service(pid):
    """The threads in SCardGetStatusChange: libpcsclite ends its endless wait once a minute to ask whether pcscd lives."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        call = (task / "syscall").read_text().split()
        # poll(2) with one descriptor and 60,000 ms.
        if len(call) > 3 and call[0] == "7" and [int(word, 16) for word in call[2:4]] == [1, 60_000]:
            yield task.name
