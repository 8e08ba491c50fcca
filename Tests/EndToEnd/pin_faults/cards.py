"""The cards of the matrix, the operations on them, and the card process that misbehaves."""

import re
import subprocess
import threading
from dataclasses import dataclass

OLD, NEW, WRONG = "123456", "918273", "654322"
TRIES = {"A-lm": 10, "B-le": 10, "PIV": 5}
# Little to read, so that the table is about PINs: an application without containers, a card without certificates.
ARGUMENTS = {
    "A-lm": ["--card", "gm", "--profile", "A-lm", "--sample", "no-container"],
    "B-le": ["--card", "gm", "--profile", "B-le", "--sample", "no-container"],
    "PIV": ["--card", "piv", "--settings", "slots=,tries=5,version=5.2.7,serial=1234567"],
}
NAMES = {
    "A-lm": {
        "8004": "GetDevInfo", "8022": "EnumApplication", "8026": "OpenApplication", "8014": "GetPINInfo",
        "8046": "EnumContainer", "8028": "CloseApplication", "8050": "GenRandom", "8018": "VerifyPIN",
        "8416": "ChangePIN", "801C": "ClearSecureState", "00A4": "SELECT PIV"},
    "PIV": {
        "00A4": "SELECT", "00CB": "GET DATA", "0020": "VERIFY", "0024": "CHANGE REFERENCE DATA", "00F8": "GET SERIAL",
        "00FD": "GET VERSION", "00C0": "GET RESPONSE"},
}
NAMES["B-le"] = NAMES["A-lm"]


@dataclass(frozen=True)
class Operation:
    """`ukey pin …` with the PINs that it is given."""

    name: str
    command: str
    pins: tuple

    @property
    def success(self):
        return {"verify": "verified", "change": "changed"}[self.command]

    @property
    def is_right(self):
        return self.pins[0] == OLD


OPERATIONS = {
    each.name: each
    for each in [
        Operation("verify", "verify", (OLD,)), Operation("change", "change", (OLD, NEW)),
        Operation("verify, wrong PIN", "verify", (WRONG,)), Operation("change, wrong PIN", "change", (WRONG, NEW)),
    ]
}


@dataclass(frozen=True)
class Command:
    """One command of a run without faults."""

    number: int
    header: str
    length: int

    @property
    def has_pin(self):
        """It can cost a try or change a PIN."""
        return self.header[:4] in ("8018", "8416", "0024") or (self.header[:4] == "0020" and self.length > 0)

    def name(self, card):
        name = NAMES[card].get(self.header[:4], self.header)
        if name == "VERIFY" and not self.length:
            name += " (log out)" if self.header[4:6] == "FF" else " (empty)"
        return name


class CardProcess:
    """`ukey soft-token` in a reader, with faults. `held` is set when it stands still; `release` lets it go on."""

    def __init__(self, ukey, reader, card, directory, environment, faults=()):
        self.reader, self.lines, self.held = reader, [], threading.Event()
        words = [str(ukey), "soft-token", "--vpcd", reader.address, "--dir", str(directory), "--trace", *ARGUMENTS[card]]
        for fault in faults:
            words += ["--fault", fault]
        self.process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace",
            env=environment)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        for line in self.process.stderr:
            self.lines.append(line.rstrip("\n"))
            if line.startswith("holding "):
                self.held.set()

    def commands(self):
        found = (re.match(r"> (\d+)  ((?:[0-9A-F]{2} )+)Lc (\d+)", line) for line in self.lines)
        return [Command(int(each[1]), each[2].replace(" ", ""), int(each[3])) for each in found if each]

    def release(self):
        try:
            self.process.stdin.write("\n")
            self.process.stdin.flush()
        except (BrokenPipeError, ValueError):
            pass

    def end(self, kill=False):
        """Takes the card out and waits for its process."""
        if self.process.poll() is None:
            self.process.kill() if kill else self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)
        self._thread.join(5)
        self.process.stdin.close()
        self.process.stderr.close()
