"""Other processes: those that one has started, and how one stands."""

from pathlib import Path

from . import patience


def children(parent):
    files = Path(f"/proc/{parent}/task").glob("*/children")
    return [int(word) for file in files for word in file.read_text().split()]


def wait_state(pid, wanted):
    """Until the process's state is this letter: T stopped, S asleep."""
    patience.until(lambda: Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == wanted, 5)
