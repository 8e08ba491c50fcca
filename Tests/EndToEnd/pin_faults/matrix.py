"""All cells, a fair sample of them, and running them on several readers side by side."""

import queue
import random
import threading

from .cards import ARGUMENTS, OPERATIONS
from .cells import (
    CARD_FAULTS, OUTSIDE_FAULTS, SERVICE_FAULTS, SLOW_FAULTS, Cell, Result, run_cell, run_service_cells)


def every_cell(bench):
    """Right PINs: everything at every command; what lasts until the limit, and the death of the service, from shortly before
    the commands with the PIN on. Wrong PINs: what the card does, from the command with the PIN on.
    """
    cells = []
    for card in ARGUMENTS:
        for operation in OPERATIONS.values():
            commands = bench.commands[card, operation.name]
            first = next(each.number for each in commands if each.has_pin)
            for command in commands:
                if operation.is_right:
                    faults = [*CARD_FAULTS, *OUTSIDE_FAULTS]
                    if command.number >= first - 4:
                        faults += [*SLOW_FAULTS, *SERVICE_FAULTS]
                elif command.number >= first:
                    faults = [*CARD_FAULTS]
                else:
                    faults = []
                cells += [Cell(card, operation, command.number, fault) for fault in faults]
    return cells


def sample(bench, cells, count):
    """All card faults at the commands with a PIN, and a choice from the rest that is the same on every run; few slow."""
    must = [cell for cell in cells if cell.fault in CARD_FAULTS and cell.number in bench.pin_numbers(cell)]
    rest = [cell for cell in cells if cell not in must and cell.fault not in SLOW_FAULTS + SERVICE_FAULTS]
    at_pin = [cell for cell in cells if cell.number in bench.pin_numbers(cell) and cell.operation.is_right]
    chosen = random.Random(17)
    slow = chosen.sample([cell for cell in at_pin if cell.fault in SLOW_FAULTS], 6)
    service = [cell for cell in at_pin if cell.fault in SERVICE_FAULTS]
    return must + chosen.sample(rest, max(0, count - len(must))) + slow + service


def run_all(bench, service, cells, report=lambda result: None):
    """Results in the order of `cells`."""
    results = {}
    waiting = queue.Queue()
    # The slow ones first: they only wait, and the others fill the time.
    ordered = sorted(
        (cell for cell in cells if cell.fault not in SERVICE_FAULTS), key=lambda cell: cell.fault not in SLOW_FAULTS)
    for cell in ordered:
        waiting.put(cell)

    def work(reader):
        while True:
            try:
                cell = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                try:
                    result = run_cell(bench, reader, cell)
                except TimeoutError:  # the reader did not see the card in time; nothing was run yet
                    result = run_cell(bench, reader, cell)
            except Exception as error:  # a mistake of the rig must not end the other cells unseen
                result = Result(cell, "rig", [repr(error)])
            results[cell] = result
            report(result)

    threads = [threading.Thread(target=work, args=(reader,)) for reader in bench.readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for fault in SERVICE_FAULTS:
        together = [cell for cell in cells if cell.fault == fault]
        for start in range(0, len(together), len(bench.readers)):
            for result in run_service_cells(bench, service, together[start:start + len(bench.readers)]):
                results[result.cell] = result
                report(result)
    return [results[cell] for cell in cells]
