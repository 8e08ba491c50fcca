"""One cell: one fault at one command of one operation on one card, and whether everything afterwards is as it must be."""

import shutil
import signal
import threading
from dataclasses import dataclass, field

from rig import patience, pcsc

from . import truth
from .cards import ARGUMENTS, NEW, OLD, OPERATIONS, TRIES, WRONG, CardProcess, Operation
from .program import Run

# What the card does of itself: column, rule of `ukey soft-token --fault` after the number.
CARD_FAULTS = {
    "removed before": "kind=remove",
    "removed after": "kind=remove,when=after",
    "power lost before": "kind=reset",
    "power lost after": "kind=reset,when=after",
    "1 byte, not done": "kind=truncated",
    "1 byte, done": "kind=truncated,when=after",
    "empty, not done": "kind=empty",
    "empty, done": "kind=empty,when=after",
    "SW 1234, not done": "kind=status,sw=1234",
    "SW 1234, done": "kind=status,sw=1234,when=after",
    "7 bytes of AA": "kind=garbage",
    "SW 6C10": "kind=status,sw=6C10",
    "SW 6C10, done": "kind=status,sw=6C10,when=after",
    "SW 6700": "kind=status,sw=6700",
    "61FF for ever": "kind=endless",
}
# What others do while the card stands still before the command.
OUTSIDE_FAULTS = ["reset by another", "exclusive by another", "SIGTERM", "SIGHUP", "terminal closed"]
# The same, but the run lasts until the limit.
SLOW_FAULTS = ["taken by another", "silent before", "silent after"]
# The service dies: many cells share one death.
SERVICE_FAULTS = ["pcscd killed before", "pcscd killed after"]
COLUMNS = [*CARD_FAULTS, *OUTSIDE_FAULTS, *SLOW_FAULTS, *SERVICE_FAULTS]

EXIT_CODES = {0, 5, 6, 7, 8, 9, 10, 11}


@dataclass(frozen=True)
class Cell:
    card: str
    operation: Operation
    number: int
    fault: str


@dataclass
class Result:
    cell: Cell
    stated: str
    wrongs: list = field(default_factory=list)
    seconds: float = 0.0


class Bench:
    """What cells are run with: the program, its environment, and new cards to copy."""

    def __init__(self, ukey, environment, folder, readers):
        self.ukey, self.environment, self.folder, self.readers = ukey, environment, folder, readers
        for card in ARGUMENTS:
            with PluggedCard(self, readers[0], card, folder / card, ()):
                pass
        self.commands = {(card, name): self._learn(card, name) for card in ARGUMENTS for name in OPERATIONS}

    def _learn(self, card, name):
        """The commands of a run without faults."""
        operation = OPERATIONS[name]
        with PluggedCard(self, self.readers[0], card, self.copy(card, "learn"), ()) as plugged:
            run = Run(self.words(operation, self.readers[0]), operation.pins, self.environment, False).finish(patience.limit(30))
            run.close()
        expected = operation.success if operation.is_right else "wrong"
        assert run.stated["outcome"] == expected, (card, name, run.stated, run.stderr)
        return plugged.commands()

    def copy(self, card, name):
        target = self.folder / name
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(self.folder / card, target)
        return target

    def words(self, operation, reader):
        return [str(self.ukey), "pin", operation.command, "--json", "--lang", "en", "--reader", reader.name]

    def pin_numbers(self, cell):
        return [each.number for each in self.commands[cell.card, cell.operation.name] if each.has_pin]


class PluggedCard:
    def __init__(self, bench, reader, card, directory, faults):
        self.reader = reader
        self.process = CardProcess(bench.ukey, reader, card, directory, bench.environment, faults)

    def __enter__(self):
        try:
            self.reader.wait_present(10)
        except BaseException:
            # Left alone it would stay in the reader's queue, before every card that comes after it.
            self.process.end(kill=True)
            raise
        return self.process

    def __exit__(self, *_):
        self.process.end()
        self.reader.wait_empty(10)


class Other:
    """Another program that uses the card; connected before ours, because connecting waits for a command under way."""

    def __init__(self, reader, fault):
        self.reader, self.fault, self.thread, self.connection = reader, fault, None, None
        if fault in ("reset by another", "taken by another", "exclusive by another"):
            self.context = pcsc.Context()
            if fault != "exclusive by another":
                self.connection = self.context.connect(reader.name)

    def act(self):
        """Takes the card in the next gap and resets or keeps it, or asks for it alone; all of them wait for their turn."""
        self.thread = threading.Thread(target=self._take, daemon=True)
        self.thread.start()

    def _take(self):
        try:
            if self.fault == "exclusive by another":
                self.context.connect(self.reader.name, share=pcsc.SHARE_EXCLUSIVE).close()
                return
            self.connection.begin()
            if self.fault == "reset by another":
                self.connection.end(pcsc.RESET_CARD)
        except pcsc.PCSCError:
            pass  # refused because the card is in use, or the card is gone

    def close(self):
        if self.thread is not None:
            self.thread.join(patience.limit(15))
        if self.connection is not None:
            try:
                self.connection.close()
            except pcsc.PCSCError:
                pass
        if hasattr(self, "context"):
            self.context.__exit__()


def run_cell(bench, reader, cell):
    """Runs any cell but those of the service."""
    directory = bench.copy(cell.card, f"cell-{reader.port}")
    on_terminal = cell.fault in ("SIGTERM", "SIGHUP", "terminal closed")
    rule = CARD_FAULTS.get(cell.fault, "kind=hold" + (",when=after" if cell.fault == "silent after" else ""))
    with PluggedCard(bench, reader, cell.card, directory, [f"n={cell.number},{rule}"]) as card:
        other = Other(reader, cell.fault)
        run = Run(bench.words(cell.operation, reader), cell.operation.pins, bench.environment, on_terminal)
        try:
            if cell.fault not in CARD_FAULTS:
                if not card.held.wait(patience.limit(30)):
                    return Result(cell, "not reached", [f"command {cell.number} was never sent: {run.finish(1).stated}"])
                act(cell.fault, card, other, run)
            run.finish(4 * Run.LIMIT + patience.limit(5))
            return judge(bench, cell, run, directory)
        finally:
            run.close()
            if cell.fault.startswith("silent"):
                card.end(kill=True)
            other.close()


def act(fault, card, other, run):
    if fault.endswith("by another"):
        other.act()
    elif fault in ("SIGTERM", "SIGHUP"):
        run.signal(getattr(signal, fault))
        run.ended_within(0.1)
    elif fault == "terminal closed":
        run.close_terminal()
        run.ended_within(0.1)
    if not fault.startswith("silent"):
        card.release()


def run_service_cells(bench, service, cells):
    """Cells that share one death of pcscd, one a reader."""
    when = ",when=after" if cells[0].fault.endswith("after") else ""
    started = []
    for reader, cell in zip(bench.readers, cells):
        directory = bench.copy(cell.card, f"cell-{reader.port}")
        card = CardProcess(
            bench.ukey, reader, cell.card, directory, bench.environment, [f"n={cell.number},kind=hold{when}"])
        started.append((cell, reader, directory, card))
    runs = []
    for cell, reader, directory, card in started:
        reader.wait_present(10)
        runs.append(Run(bench.words(cell.operation, reader), cell.operation.pins, bench.environment, False))
    reached = [card.held.wait(patience.limit(30)) for _, _, _, card in started]
    service.kill()
    results = []
    for (cell, _, directory, card), run, was_held in zip(started, runs, reached):
        # Before: the command never reaches the card. After: it has been carried out.
        card.end(kill=True)
        run.finish(4 * Run.LIMIT + patience.limit(5))
        results.append(
            judge(bench, cell, run, directory) if was_held else Result(cell, "not reached", ["never sent"]))
        run.close()
    service.start()
    return results


def judge(bench, cell, run, directory):
    """Holds what was said against what is."""
    wrongs = []
    stated = run.stated["outcome"]
    left, stored = truth.read(directory)
    pin = truth.pin_name(stored, old=OLD, new=NEW, wrong=WRONG)
    before = TRIES[cell.card]
    caused = 0 if cell.operation.is_right else 1
    pins = bench.pin_numbers(cell)

    if before - left > caused:
        wrongs.append(f"{before - left} tries burnt, {caused} caused")
    if stated in ("hang", "unreadable"):
        wrongs.append(f"{stated}: {run.stdout!r} {run.stderr!r}")
    if stated != "signal" and run.code not in EXIT_CODES:
        wrongs.append(f"exit code {run.code}")
    if run.code is not None and not run.is_restored:
        wrongs.append("terminal not restored")
    if pin not in ("old", "new") or (pin == "new" and cell.operation.command == "verify"):
        wrongs.append(f"the card holds the {pin} PIN")

    is_after, is_at = cell.number > pins[-1], cell.number in pins
    if stated == "changed" and (pin != "new" or left != before):
        wrongs.append(f"said changed; the card holds the {pin} PIN, {left} tries")
    elif stated == "verified" and (pin != "old" or left != before):
        wrongs.append(f"said verified; {pin}, {left} tries")
    elif stated == "wrong" and (pin != "old" or run.stated.get("triesLeft", left) != left):
        wrongs.append(f"said wrong, {run.stated.get('triesLeft')} left; the card: {pin}, {left} tries")
    elif stated == "locked" and left != 0:
        wrongs.append(f"said locked; {left} tries")
    elif stated in ("notSent", "refused", "error", "signal") and (pin != "old" or left != before):
        wrongs.append(f"said {stated}; the card: {pin}, {left} tries")
    elif stated == "unknown":
        if run.stated["uncertain"] == "verify" and pin != "old":
            wrongs.append("said the PIN is unchanged; it is not")
        if not is_at:
            wrongs.append("said unknown of a command without a PIN")
    # Once the last command with the PIN is answered the outcome is known, whatever follows.
    if is_after and cell.operation.is_right and stated != cell.operation.success:
        wrongs.append(f"said {stated} after the key had answered")

    # In a list of digits and codes, for the table.
    short = {
        "error": run.stated.get("code"), "signal": run.stated.get("signal"),
        "wrong": f"wrong {run.stated.get('triesLeft', '?')}",
    }.get(stated, stated)
    return Result(cell, short, wrongs, run.seconds)
