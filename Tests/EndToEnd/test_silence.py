"""A card that falls silent at its n-th command, for every n: each command ends in the time that is documented, and tells
what is true. On the embedded card, with the limit of ten seconds shortened to half of one."""

import itertools
import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from rig import patience
from rig.program import Secret

LIMIT = 500
#: Header's second byte of the commands that carry a PIN.
PIN_COMMANDS = {"gm": {"16", "18", "1A"}, "piv": {"20", "24", "2C"}}
CARDS = ["gm", "piv"]
USER, ADMIN = "123456", "12345678"

COMMANDS = {
    "status": ["status", "--json"],
    "cert-list": ["cert", "list", "--json"],
    "pin-status": ["pin", "status", "--json"],
    "pin-verify": ["pin", "verify", "--json", "--low-tries", "--pin-fd", USER],
    "pin-change": ["pin", "change", "--json", "--low-tries", "--pin-fd", USER, "--new-pin-fd", "24681357"],
    "login-test": ["login-test", "--json", "--low-tries", "--pin-fd", USER],
    "doctor": ["doctor", "--json", "--login", "--no-network", "--low-tries", "--pin-fd", USER],
    "unlock-admin": [
        "unlock", "admin", "--json", "--low-tries", "--pin-fd", ADMIN, "--new-pin-fd", "24681357"],
}


def words(name, card):
    made = [Secret(word) if before.endswith("-fd") else word for before, word in zip([""] + COMMANDS[name], COMMANDS[name])]
    return [*made, "--demo", "--demo-card", card, "--card-limit", str(LIMIT)]


def run(ukey, name, card, number):
    """One command with a card that is silent from its command `number` on.

    Returns how it ended, the header and length of the command that got no answer (None when it never came so far) and the
    seconds it took.
    """
    begun = time.monotonic()
    done = ukey(*words(name, card), "--fault", f"n={number},kind=silence", timeout=40)
    silent = re.search(r"^silent: ([0-9A-F]{8}) (\d+)$", done.stderr, re.M)
    return done, silent and (silent[1], int(silent[2])), time.monotonic() - begun


@pytest.mark.long
@pytest.mark.parametrize("card", CARDS)
@pytest.mark.parametrize("name", COMMANDS)
def test_silence_at_every_command(ukey, name, card):
    def look(number):
        return number, *run(ukey, name, card, number)

    cells = []
    with ThreadPoolExecutor(4) as pool:
        for begin in itertools.count(1, 8):
            part = list(pool.map(look, range(begin, begin + 8)))
            cells += [cell for cell in part if cell[2]]
            if len([cell for cell in part if cell[2]]) < 8:
                break
            assert begin < 400
    assert len(cells) >= 3, "the card was never silent"
    # A VERIFY of four bytes only asks for the tries left.
    carries = {
        number: header[2:4] in PIN_COMMANDS[card] and length > 5 for number, _, (header, length), _ in cells}
    first = min((number for number, carried in carries.items() if carried), default=len(cells) + 1)
    assert (first <= len(cells)) == ("-fd" in " ".join(COMMANDS[name])), cells
    wrong = []
    for number, done, silent, seconds in cells:
        is_late = seconds > patience.limit(15 if name == "doctor" else 8)
        if carries[number]:
            is_true = done.code == 11
        elif number > first:
            is_true = done.code in (0, 3, 10, 11)
        else:
            # Nothing had left: it is neither well nor unknown what became of a PIN. A diagnosis has links it did not see.
            is_true = done.code != 0 and "login-unknown" not in done.stdout and (done.code != 11 or name == "doctor")
        if is_late or not is_true:
            wrong.append((number, silent, f"{seconds:.1f} s", done.code, done.stdout[:400], done.stderr[-300:]))
    assert not wrong, "\n".join(map(str, wrong)) + f"\n{len(wrong)} of {len(cells)}"
