"""Runs a program on a kernel without memfd_secret(2): its number (447) answers ENOSYS.

usage: without_secret_memory.py PROGRAM [ARGUMENT...]. What is left is locked memory, which root can read: so a scan sees
where a secret stands.
"""

import ctypes
import os
import struct
import sys

libc = ctypes.CDLL(None, use_errno=True)
ENOSYS = 38
program = b"".join(
    struct.pack("HBBI", *line)
    for line in [(0x20, 0, 0, 0), (0x15, 0, 1, 447), (0x06, 0, 0, 0x00050000 | ENOSYS), (0x06, 0, 0, 0x7FFF0000)])
buffer = ctypes.create_string_buffer(program, len(program))


class Filter(ctypes.Structure):
    _fields_ = [("count", ctypes.c_ushort), ("lines", ctypes.c_void_p)]


PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, SECCOMP_MODE_FILTER = 22, 38, 2
if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
    raise OSError(ctypes.get_errno(), "no_new_privs")
if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(Filter(4, ctypes.addressof(buffer))), 0, 0) != 0:
    raise OSError(ctypes.get_errno(), "seccomp")
os.execv(sys.argv[1], sys.argv[1:])
