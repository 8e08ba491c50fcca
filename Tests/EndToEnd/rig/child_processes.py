"""Other processes: those that one has started, and how one stands."""

from pathlib import Path

from . import patience


def children(parent):
    files = Path(f"/proc/{parent}/task").glob("*/children")
    return [int(word) for file in files for word in file.read_text().split()]


def state(pid):
    """The letter that the kernel tells anybody: T stopped, S asleep, Z ended and not yet waited for; None when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return None


def is_running(pid):
    return state(pid) not in (None, "Z", "X")


def wait_state(pid, wanted):
    patience.until(lambda: state(pid) == wanted, 5)
