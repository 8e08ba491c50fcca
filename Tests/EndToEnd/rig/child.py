"""Runs a program as the foreground job of this terminal and writes down its pid and how it ended.

usage: child.py RECORD COMMAND [ARGUMENT...]

The place of the shell in the screen driver: tmux (3.3a) loses the exit status of about one pane in five. The program has
a process group of its own in the foreground, as a shell gives it, so that Ctrl-Z stops it and SIGCONT continues it.
"""

import contextlib
import os
import signal
import sys


def main():
    record, command = sys.argv[1], sys.argv[2:]
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGHUP])
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        os.tcsetpgrp(0, os.getpid())
        # Python ignores SIGPIPE and this file SIGTTOU; the program starts with neither.
        for number in (signal.SIGTTOU, signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGHUP])
        os.execvp(command[0], command)
    # Whoever reads the record may press a key at once, and the child may not have come so far.
    with contextlib.suppress(OSError):
        os.setpgid(pid, pid)
    os.tcsetpgrp(0, pid)
    write(record, f"pid {pid}\n")
    # The kernel tells a hang-up to the session's leader, which is this; passing it on is the shell's task.
    signal.signal(signal.SIGHUP, lambda *_: hang_up(pid))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGHUP])
    _, status = os.waitpid(pid, 0)
    write(record, f"pid {pid}\nended {os.waitstatus_to_exitcode(status)}\n")


def hang_up(group):
    """What does not end then, because it hangs or stands still, ends two minutes later: it outlives its window, no test."""
    os.killpg(group, signal.SIGHUP)
    signal.signal(signal.SIGALRM, lambda *_: os.killpg(group, signal.SIGKILL))
    signal.alarm(120)


def write(path, text):
    with open(path + ".new", "w") as file:
        file.write(text)
    os.rename(path + ".new", path)


main()
