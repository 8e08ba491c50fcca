"""An open unlock request as a process, and pictures of the screen for scanners."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from rig import patience
from rig.program import Secret

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "UnlockFormat"))


class Desk:
    """A desk's signing key and certificate, made as Docs/unlock.md says."""

    def __init__(self, folder, name="desk"):
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self.key, self.certificate = folder / f"{name}-signing.key", folder / f"{name}-signing.crt"
        subprocess.run(["openssl", "genpkey", "-algorithm", "SM2", "-out", self.key], check=True, capture_output=True)
        self.key.chmod(0o600)
        subprocess.run(
            ["openssl", "req", "-x509", "-new", "-key", self.key, "-sm3", "-sigopt", "distid:1234567812345678", "-utf8",
             "-subj", f"/C=CN/CN={name} 办理台", "-days", "730", "-out", self.certificate], check=True, capture_output=True)
        self.options = ["--desk-key", str(self.key), "--desk-cert", str(self.certificate)]

    def pin(self, home):
        """The holder of this home accepts its answers."""
        folder = Path(home) / ".config/ukey/desk"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / self.certificate.name).write_bytes(self.certificate.read_bytes())
        return self


def challenge_of(request, profile="A-lm", random=None, created=None):
    """A challenge for a request of a key that is not here, as its description says, beside the request."""
    from unlock_checker import Challenge

    document = json.loads(Path(request).read_bytes())
    made = Challenge(
        document["digest"], int(time.time()) if created is None else created, document["key"].get("serial", ""), profile,
        document["application"], b"\x10\x00", os.urandom(8) if random is None else random)
    Path(request).with_suffix(".ukchl").write_text(made.line() + "\n")
    return made


class Asking:
    """`ukey unlock request --wait`: has written request and challenge and holds the key."""

    def __init__(self, ukey, directory, env, options, out="asked.ukreq"):
        self.request = Path(directory) / out
        self._answer = None
        words, handles = [str(ukey), "unlock", "request", "--json", "--yes", "--out", str(self.request)], []
        for index, option in enumerate(options):
            if isinstance(option, Secret):
                reading, writing = os.pipe()
                os.write(writing, option.data)
                os.close(writing)
                handles.append(reading)
                option = reading
            elif options[index - 1] == "--wait":
                self._answer = option = str(Path(directory) / option)
            words.append(str(option))
        self._out = open(self.request.with_suffix(".log"), "w+b")
        self.process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=self._out, stderr=subprocess.STDOUT, env=env, pass_fds=handles)
        for handle in handles:
            os.close(handle)
        deadline = time.monotonic() + patience.limit(20)
        while b"ukey.unlock-challenge/1" not in self._log() or self._log().count(b"\n") < 2:
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"no request: {self.output()}")
            time.sleep(0.02)
        self.report, self.challenge = (json.loads(line) for line in self._log().splitlines()[:2])

    def _log(self):
        return Path(self._out.name).read_bytes()

    def output(self):
        return self._log().decode(errors="replace")

    def answer(self, response):
        """Hands the response over whole, as a file manager's move does."""
        temporary = self._answer + ".part"
        Path(temporary).write_bytes(Path(response).read_bytes())
        os.rename(temporary, self._answer)

    def wait_until_watching(self):
        """Until it sleeps with the folder watched: what was there before has been looked at."""
        task = Path(f"/proc/{self.process.pid}")

        def is_watching():
            files = [each.read_text() for each in (task / "fdinfo").iterdir()]
            state = (task / "task" / task.name / "stat").read_text().rpartition(")")[2].split()[0]
            return any("inotify wd:" in each for each in files) and state == "S"

        deadline = time.monotonic() + patience.limit(20)
        while not is_watching():
            assert self.process.poll() is None and time.monotonic() < deadline, self.output()
            time.sleep(0.02)

    def wait(self, timeout=20):
        return self.process.wait(patience.limit(timeout))

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(patience.limit(10))
        self._out.close()


def picture(ansi, path, theme="dark"):
    """Paints a terminal's text with its colours, block elements as rectangles, so that a scanner can look at it."""
    from PIL import Image, ImageDraw, ImageFont

    cell = (8, 16)
    default = {"dark": ((229, 229, 229), (0, 0, 0)), "light": ((30, 30, 30), (255, 255, 255))}[theme]
    lines = ansi.split("\n")
    width = max(len(re.sub(r"\x1b\[[0-9;]*m|\x0f", "", line)) for line in lines) * 2
    image = Image.new("RGB", (max(width, 80) * cell[0], len(lines) * cell[1]), default[1])
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf", 13)
    wide = ImageFont.truetype("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 14)
    # tmux lets attributes run on over the ends of lines.
    ink, ground = default
    for row, line in enumerate(lines):
        column = 0
        for part in re.findall(r"\x1b\[[0-9;]*m|\x0f|[^\x1b\x0f]", line):
            if part.startswith("\x1b"):
                ink, ground = colours(part, ink, ground, default)
                continue
            if part == "\x0f":
                continue
            step = 2 if "\u2e80" <= part <= "\uffef" else 1
            left, top = column * cell[0], row * cell[1]
            right, bottom, middle = left + step * cell[0] - 1, top + cell[1] - 1, top + cell[1] // 2
            draw.rectangle([left, top, right, bottom], ground)
            if part in "█▀▄":
                draw.rectangle(
                    [left, middle if part == "▄" else top, right, middle - 1 if part == "▀" else bottom], ink)
            elif part != " ":
                draw.text((left, top), part, ink, wide if step == 2 else font)
            column += step
    image.save(path)


def colours(sequence, ink, ground, default):
    numbers = [int(number or 0) for number in sequence[2:-1].split(";")]
    while numbers:
        number = numbers.pop(0)
        if number == 0:
            ink, ground = default
        elif number in (38, 48) and numbers[:1] == [5]:
            value = colour(numbers[1])
            numbers = numbers[2:]
            ink, ground = (value, ground) if number == 38 else (ink, value)
        elif number == 39:
            ink = default[0]
        elif number == 49:
            ground = default[1]
    return ink, ground


def colour(number):
    """Of the 256: the cube and the greys; the first sixteen are the theme's, none of ours."""
    if number >= 232:
        return (8 + 10 * (number - 232),) * 3
    levels = (0, 95, 135, 175, 215, 255)
    number -= 16
    return levels[number // 36], levels[number // 6 % 6], levels[number % 6]


def scan(screen, image, theme="dark"):
    """The QR code on the screen, looked at again while it is still being drawn."""

    def look():
        picture(screen.ansi(), image, theme)
        try:
            return decode_qr(image)
        except AssertionError:
            return None

    return patience.until(look, what=screen.text)


def decode_qr(image):
    done = subprocess.run(
        ["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", str(image)], capture_output=True, text=True)
    assert done.returncode == 0, f"no QR code found in {image}: {done.stderr}"
    return done.stdout.strip()
