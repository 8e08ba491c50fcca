"""The matrix as a page for people."""

from .cards import OPERATIONS
from .cells import COLUMNS
from .program import Run

HEAD = """# Fault matrix · 故障矩阵

Made by `make fault-matrix`; do not edit. Each cell is one run of the real `ukey pin verify` or `ukey pin change` on a
software card behind a real pcscd, with one fault at one command (APDU); afterwards the card's own state is read. The cell
shows what `ukey` said.

In every cell it was checked that: the program did not crash and ended within its limit; its exit code is one of the
contract; the terminal was as before; no more tries were used than the user caused (none with the right PIN); what was said
is what the card holds; *unknown* was said only when the command with the PIN was the one disturbed; and once the key had
answered that command, nothing that followed changed what was said.

每格是一次真实运行：在某条 APDU 处制造一种故障，事后读取卡的真实状态核对。格中是 `ukey` 的说法。

- `verified` `changed` `wrong N` (N tries left) `refused` `notSent` `unknown`: the outcome. `UK-…`: ended with that error
  before anything was sent. `SIGTERM` `SIGHUP`: ended by that signal before anything was sent; from the operation on a
  signal is held back until the outcome is said.
- *not done* / *done*: whether the card carried the command out before its answer was lost or spoilt.
- *power lost*: the card forgot its session and nobody was told. *reset by another*, *taken by another*: another program
  takes the card in the next gap between two transactions and resets it, or keeps it. *exclusive by another*: another
  program asks for exclusive use. *silent*: no answer, ever.
- Time limit: {limit:.0f} s for each of finding and reading the key, its support, its state, and the operation. Slowest cell
  here: {slowest:.1f} s.
- `SW 6700` after a command was carried out is not among the columns: ISO/IEC 7816-4 §5.6 forbids it (a checking error means
  that nothing was done). PIV cards that do it all the same are found out by the empty VERIFY; GM/T 0017 offers no way.

{count} cells, {bad} wrong.
"""


def markdown(bench, results):
    found = {result.cell: result for result in results}
    text = HEAD.format(
        limit=Run.LIMIT, slowest=max(result.seconds for result in results), count=len(results),
        bad=sum(1 for result in results if result.wrongs))
    for (card, name), commands in bench.commands.items():
        operation = OPERATIONS[name]
        rows = []
        for command in commands:
            row = {
                cell.fault: result for cell, result in found.items()
                if cell.card == card and cell.operation == operation and cell.number == command.number}
            if row:
                rows.append((command, row))
        if not rows:
            continue
        columns = [column for column in COLUMNS if any(column in row for _, row in rows)]
        text += f"\n## {card}: {name}\n\n"
        text += "| # | command | " + " | ".join(columns) + " |\n"
        text += "|---" * (len(columns) + 2) + "|\n"
        for command, row in rows:
            title = command.name(card)
            cells = [show(row.get(column)) for column in columns]
            text += f"| {command.number} | {f'**{title}**' if command.has_pin else title} | " + " | ".join(cells) + " |\n"
    return text


def show(result):
    if result is None:
        return ""
    return f"**WRONG: {result.stated}**" if result.wrongs else result.stated


