"""Another program of the same user, without any privilege, that reads a process's memory if it is let.

usage: its text by `python3 -c`, and PID, as `rig.onlooker.Onlooker` starts it. Opens /proc/PID/mem at once, which is when the kernel asks
whether it may, and says so; for each line of input it reads all that is mapped then and says how often the text of that
line stands there.
"""

import ctypes
import os
import subprocess
import sys
from pathlib import Path

NOBODY = 65534


def become_nobody():
    """Gives up every privilege: another user where the system has one for us, else all capabilities of this one."""
    try:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    except OSError:
        drop_capabilities()


def drop_capabilities():
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in range(64):
        libc.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    if libc.capset(header, (ctypes.c_uint32 * 6)()) != 0:
        raise OSError(ctypes.get_errno(), "capset")


class Onlooker:
    def __init__(self, pid):
        self.process = subprocess.Popen(
            # Its text, not its path: the folder of the tests may be closed to another user.
            ["/usr/bin/python3", "-IS", "-c", Path(__file__).read_text(), str(pid)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True, preexec_fn=become_nobody)
        self.opened = self.process.stdout.readline().strip()

    def places(self, text):
        """How often the text stands in the memory that it can read."""
        if self.opened != "opened":
            return 0
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait(30)


def main():
    pid = int(sys.argv[1])
    try:
        memory = open(f"/proc/{pid}/mem", "rb", buffering=0)
        maps = open(f"/proc/{pid}/maps")
    except OSError as error:
        print(f"refused {error.errno}", flush=True)
        sys.stdin.read()
        return
    print("opened", flush=True)
    for line in sys.stdin:
        wanted, count = line.rstrip("\n"), 0
        maps.seek(0)
        for entry in maps:
            start, end = (int(number, 16) for number in entry.split()[0].split("-"))
            try:
                memory.seek(start)
                data = memory.read(end - start)
            except (OSError, OverflowError, ValueError):
                continue
            count += sum(data.count(form) for form in (wanted.encode(), wanted.encode("utf-32-le")))
        print(count, flush=True)


if __name__ == "__main__":
    main()
