"""A part of the fault matrix, the same on every run: everything that a card can do at each command with a PIN, and a choice
of the rest. `make fault-matrix` runs all of it.
"""

import pytest
from pin_faults import matrix, table, truth
from pin_faults.cards import NEW, OLD, OPERATIONS
from pin_faults.cells import Bench, Cell, judge
from rig.program import ukey_path
from rig.service import MAX_READERS


@pytest.fixture
def bench(tmp_path, environment, readers):
    return Bench(ukey_path(), environment, tmp_path, readers(MAX_READERS))


@pytest.mark.long
def test_a_part_of_the_matrix(bench, pcscd):
    cells = matrix.sample(bench, matrix.every_cell(bench), 240)
    assert len(cells) >= 240
    results = matrix.run_all(bench, pcscd, cells)
    wrong = [f"{each.cell}: {each.stated}: {each.wrongs}" for each in results if each.wrongs]
    assert not wrong, "\n".join(wrong)
    assert f"{len(cells)} cells, 0 wrong" in table.markdown(bench, results)


class Said:
    """A run that ended so."""

    is_restored, stdout, stderr, seconds = True, "", "", 0.1

    def __init__(self, code, **stated):
        self.code, self.stated = code, stated


FALSE = [
    ("change", 0, Said(0, outcome="changed"), "said changed"),
    ("change", 0, Said(11, outcome="unknown", uncertain="change"), "a command without a PIN"),
    ("verify", 99, Said(9, outcome="refused"), "after the key had answered"),
    ("verify", 0, Said(7, outcome="wrong", triesLeft=9), "said wrong"),
    ("verify", 0, Said(8, outcome="locked"), "said locked"),
    ("verify", 0, Said(None, outcome="hang"), "hang"),
    ("verify", 0, Said(1, outcome="notSent"), "exit code 1"),
]


def test_a_false_statement_is_found(bench):
    """On a card that nothing was done to."""
    directory = bench.copy("A-lm", "untouched")
    assert truth.pin_name(truth.read(directory)[1], old=OLD, new=NEW) == "old"
    for operation, number, said, complaint in FALSE:
        cell = Cell("A-lm", OPERATIONS[operation], number, "")
        assert complaint in "; ".join(judge(bench, cell, said, directory).wrongs), complaint
