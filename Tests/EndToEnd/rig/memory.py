"""Looks for secrets in all of a process's memory, as only root can of a process that hides it."""

import ctypes
import os
import re
import signal
from pathlib import Path

WITHOUT_SECRET_MEMORY = ["/usr/bin/python3", "-IS", str(Path(__file__).with_name("without_secret_memory.py"))]

_libc = ctypes.CDLL(None, use_errno=True)
PTRACE_CONT, PTRACE_SEIZE, PTRACE_DETACH = 7, 0x4206, 17
PTRACE_O_TRACEEXIT, PTRACE_EVENT_EXIT = 0x40, 6


def has_secret_memory():
    """Whether this kernel gives memory that nobody else can read, memfd_secret(2)."""
    descriptor = _libc.syscall(447, 0)
    if descriptor >= 0:
        os.close(descriptor)
    return descriptor >= 0


def forms(secret):
    """How a text may lie in memory: UTF-8, UTF-16 and UTF-32."""
    return [secret.encode(), secret.encode("utf-16-le"), secret.encode("utf-32-le")]


def mappings(pid):
    """(start, end, name, is locked) of each readable mapping."""
    found, locked = [], {}
    with open(f"/proc/{pid}/smaps") as file:
        for line in file:
            head = re.match(r"([0-9a-f]+)-([0-9a-f]+) (....) \S+ \S+ \S+ *(.*)", line)
            if head:
                current = (int(head[1], 16), int(head[2], 16), head[4])
                if head[3][0] == "r":
                    found.append(current)
            elif line.startswith("VmFlags:"):
                locked[current] = " lo" in line
    return [(*each, locked.get(each, False)) for each in found]


def scan(pid, *secrets):
    """`[(secret's number, mapping, address, is locked)]` of every place where one of the secrets stands now."""
    places, size = [], 0
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for start, end, name, is_locked in mappings(pid):
            try:
                memory.seek(start)
                data = memory.read(end - start)
            except (OSError, OverflowError, ValueError):
                continue  # vvar and the like
            size += len(data)
            for number, secret in enumerate(secrets):
                for form in forms(secret):
                    at = data.find(form)
                    while at >= 0:
                        places.append((number, name, hex(start + at), is_locked))
                        at = data.find(form, at + 1)
    assert size > 1 << 20, "the memory could not be read"
    return places


def unlocked(places):
    return [place for place in places if not place[3]]


def at_exit(pid, number, look):
    """Sends signal `number` and calls `look()` when the process is about to end, its memory still there."""
    if _libc.ptrace(PTRACE_SEIZE, pid, None, ctypes.c_void_p(PTRACE_O_TRACEEXIT)) != 0:
        raise OSError(ctypes.get_errno(), "ptrace")
    os.kill(pid, number)
    while True:
        _, status = os.waitpid(pid, 0)
        if os.WIFEXITED(status) or os.WIFSIGNALED(status):
            raise AssertionError("ended without being seen")
        if status >> 8 == signal.SIGTRAP | PTRACE_EVENT_EXIT << 8:
            result = look()
            _libc.ptrace(PTRACE_DETACH, pid, None, None)
            return result
        _libc.ptrace(PTRACE_CONT, pid, None, ctypes.c_void_p(os.WSTOPSIG(status)))

