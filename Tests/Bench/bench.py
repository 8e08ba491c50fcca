#!/usr/bin/python3
"""ukey's speed and size, beside its peers, in the same pcscd and on the same cards: `make bench`.

Every figure is a median. Programs to be compared run in turn (A B C A B C …), so that what the machine does besides hits
all of them alike. APDUs are counted by the card. Run inside Tests/run-end-to-end --exec.
"""

import argparse
import fcntl
import hashlib
import json
import os
import pty
import re
import select
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "EndToEnd"))

from rig import skf  # noqa: E402
from rig.cards import SoftToken  # noqa: E402
from rig.screen import Screen  # noqa: E402
from rig.service import Service  # noqa: E402
from rig.unlock import Desk, challenge_of  # noqa: E402

from inventory import InventorySection  # noqa: E402
from key_service import ServiceSection  # noqa: E402
from platform_section import PlatformSection  # noqa: E402
from tasks import TasksSection  # noqa: E402

PEERS = {
    "pkcs15-tool --list-certificates": ["pkcs15-tool", "--list-certificates"],
    "pkcs11-tool -O": ["pkcs11-tool", "-O"],
    "yubico-piv-tool -a status": ["yubico-piv-tool", "-r", "", "-a", "status"],
    "ykman piv info": ["ykman", "--reader", "Test Reader", "piv", "info"],
}


# The most that ukey may need: times the C program that does the same; instructions of `status` on a PIV card with one certificate, in
# millions, as before the house was put in order.
AS_IN_C, INSTRUCTIONS = 1.25, 8.3


class Bench:
    def __init__(self, options, work):
        self.options, self.work = options, Path(work)
        self.ukey = str(Path(options.ukey).resolve())
        home = self.work / "home"
        home.mkdir()
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", "TZ": "Asia/Shanghai"}
        self.missed = 0
        self.results = {}

    # Output

    def title(self, text):
        print(f"\n{text}", flush=True)

    def figure(self, what, value, unit, target=None, fine=None):
        """One line: what, value, and beside it the target with its verdict."""
        verdict = ""
        if target is not None:
            verdict = f"target {target}: " + ("ok" if fine else "MISSED")
            self.missed += not fine
        print(f"  {what:<46} {value:>10} {unit:<6} {verdict}".rstrip(), flush=True)
        self.results[what] = {"value": value, "unit": unit, "target": target, "ok": fine}

    # Help

    def service(self, count=1):
        service = Service(self.work / "pcscd", count, debug=False)
        service.start()
        return service

    def card(self, reader, name, card="piv", **settings):
        return SoftToken(
            self.ukey, reader, self.work / "cards" / name, card=card, settings=settings, env=self.environment)

    def measure(self, command):
        """Wall time in ms and exit status. Output goes where a pipe would take it."""
        begun = time.perf_counter()
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, env=self.environment)
        return (time.perf_counter() - begun) * 1000, done

    # Sections

    def library(self):
        """status --json on an SKF library: in its own process, and loaded into ukey itself."""
        self.title("A key behind an SKF library")
        folder = self.work / "skf"
        certificates = folder / "certificates"
        certificates.mkdir(parents=True)
        skf.make_certificates(certificates)
        token = skf.Token(folder / "token", certificates, skf.build(folder))
        self.environment.update(token.env)
        command = [self.ukey, "status", "--json", "--provider", token.provider]
        ways = {"in its own process": command, "loaded into ukey": command + ["--in-process"]}
        times = {name: [] for name in ways}
        for _ in range(self.options.runs):
            for name, words in ways.items():
                milliseconds, done = self.measure(words)
                if done.returncode != 0:
                    raise RuntimeError(done.stdout.decode(errors="replace"))
                times[name].append(milliseconds)
        own, loaded = (statistics.median(values) for values in times.values())
        for name, values in times.items():
            self.figure(name, f"{statistics.median(values):.1f}", "ms")
        self.figure("what the process costs", f"{own - loaded:.1f}", "ms", "at most 15 ms", own - loaded <= 15)

    def start(self):
        """Size, libraries, and the time to do nothing."""
        self.title("Start")
        size = os.path.getsize(self.ukey)
        self.figure("binary", f"{size / 2**20:.1f}", "MiB")
        libraries = sorted(re.findall(r"^\s*(\S+?)(?:\.so\S*) =>", subprocess.run(
            ["ldd", self.ukey], capture_output=True, text=True).stdout, re.M))
        self.figure("shared libraries", len(libraries), "")
        print("    " + " ".join(libraries))
        times = {"ukey --version": [], "/bin/true": []}
        for _ in range(self.options.runs * 3):
            times["ukey --version"].append(self.measure([self.ukey, "--version"])[0])
            times["/bin/true"].append(self.measure(["/bin/true"])[0])
        for name, values in times.items():
            self.figure(name, f"{statistics.median(values):.1f}", "ms")

    def card_section(self):
        """status --json beside minimal C programs and the peers, on a PIV card with one certificate and on a full one."""
        self.compile_yardsticks()
        service = self.service()
        try:
            for slots in ("9A", "9A+9C+9D+9E"):
                for delay in (0, 10):
                    self.compare(service.readers[0], slots, delay)
        finally:
            service.stop()

    def compile_yardsticks(self):
        """`read1`, and `status`: in C what `ukey status` does."""
        self.read1, self.status = self.work / "read1", self.work / "status"
        command = ["cc", "-O2", "-Wall", "-Wextra", "-Werror", "-I/usr/include/PCSC", HERE / "read1.c", "-lpcsclite", "-o"]
        if not self.status.exists():
            subprocess.run([*command, self.read1], check=True)
            subprocess.run([*command, self.status, "-DSTATUS", "-lcrypto"], check=True)

    def instructions(self):
        """Instructions of `status` on a PIV card with one certificate, by callgrind, beside those of the C program that does the same."""
        if not shutil.which("valgrind"):
            print("  instructions: valgrind is not installed")
            return
        self.title("Instructions on a PIV card with one certificate")
        self.compile_yardsticks()
        service = self.service()
        try:
            with self.card(service.readers[0], "instructions", slots="9A"):
                for name, command, limit in (
                    ("status (C)", [str(self.status)], None),
                    ("ukey status", [self.ukey, "status"], INSTRUCTIONS)):
                    _, done = self.measure(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command])
                    found = re.search(rb"Collected : (\d+)", done.stderr)
                    if done.returncode not in (0, 3, 4) or not found:
                        raise RuntimeError(done.stderr.decode(errors="replace")[-2000:])
                    millions = int(found[1]) / 1e6
                    self.figure(
                        name, f"{millions:.2f}", "M", limit and f"at most {limit} M", limit is None or millions <= limit)
        finally:
            service.stop()

    def compare(self, reader, slots, delay):
        certificates = slots.count("+") + 1
        self.title(f"A PIV card with {certificates} certificate{'s' * (certificates > 1)}, {delay} ms an APDU")
        programs = {
            "read1 (C)": [str(self.read1)], "status (C)": [str(self.status)],
            "ukey status --json": [self.ukey, "status", "--json"]}
        programs |= {name: command for name, command in PEERS.items() if shutil.which(command[0])}
        for name in PEERS.keys() - programs.keys():
            print(f"  {name}: not installed")
        # A version and a serial number, because ykman gives up without.
        settings = dict({"slots": slots, "version": "4.3.5", "serial": 4711}, delay=delay, **self.options.settings)
        with self.card(reader, f"compare-{certificates}-{delay}", **settings) as token:
            apdus, times, failed = {}, {name: [] for name in programs}, {}
            for name, command in programs.items():
                before = len(token.trace())
                _, done = self.measure(command)
                apdus[name] = len(token.trace()) - before
                # 3 and 4 are ukey's words about the certificate's validity.
                if done.returncode not in ((0, 3, 4) if name.startswith("ukey") else (0,)):
                    failed[name] = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()[-1:]
            runs = self.options.runs if delay == 0 else max(3, self.options.runs // 3)
            for _ in range(runs):
                for name, command in programs.items():
                    times[name].append(self.measure(command)[0])
        medians = {name: statistics.median(values) for name, values in times.items()}
        base, own = medians["read1 (C)"], medians["ukey status --json"]
        print(f"  {'':<34} {'ms':>9} {'× read1':>8} {'APDUs':>6}   {runs} runs in turn")
        for name, median in medians.items():
            note = f"   FAILED: {failed[name]}" if name in failed else ""
            print(f"  {name:<34} {median:9.1f} {median / base:8.2f} {apdus[name]:6d}{note}")
        limit = 2.0 if delay == 0 else 1.05
        label = f"[{certificates}, {delay} ms] "
        own_ok = "ukey status --json" not in failed
        # The yardstick reads one certificate; beside a full card it measures nothing.
        if certificates == 1:
            self.figure(label + "ukey / read1", f"{own / base:.2f}", "×", f"≤ {limit}", own_ok and own / base <= limit)
        same = own / medians["status (C)"]
        self.figure(label + "ukey / status (C)", f"{same:.2f}", "×", f"≤ {AS_IN_C}", own_ok and same <= AS_IN_C)
        for name in medians.keys() & PEERS.keys():
            least = 1.0 if delay == 0 else 4.0
            self.figure(
                label + f"{name} / ukey", f"{medians[name] / own:.1f}", "×",
                f"≥ {least:g}" if name not in failed else None, own_ok and medians[name] / own >= least)
        self.figure(
            label + "APDUs of ukey beside status' (C)", apdus["ukey status --json"] - apdus["status (C)"], "more")

    def key_service(self):
        """Start, a login, many requests, memory and sleep of the program that web pages speak to."""
        ServiceSection(self, switches, asking_for_the_service).run()

    def apdus(self):
        """Commands that a card gets from each program for the same work, counted by the card; short and extended form."""
        work = {
            "read what is on it": {
                "ukey status": [self.ukey, "status", "--json"],
                "yubico-piv-tool -a status": ["yubico-piv-tool", "-r", "", "-a", "status"],
                "pkcs15-tool --list-certificates": ["pkcs15-tool", "--list-certificates"],
                "pkcs11-tool -O": ["pkcs11-tool", "-O"], "ykman piv info": ["ykman", "--reader", "Test Reader", "piv", "info"]},
            "one certificate": {
                "ukey cert show 9A": [self.ukey, "cert", "show", "--pem", "--container", "9A"],
                "yubico-piv-tool read-certificate": ["yubico-piv-tool", "-r", "", "-a", "read-certificate", "-s", "9a"],
                "pkcs15-tool --read-certificate": ["pkcs15-tool", "--read-certificate", "01"]},
            "check the PIN": {
                "ukey pin verify": [self.ukey, "pin", "verify", "--pin-fd", "0"],
                "yubico-piv-tool verify-pin": ["yubico-piv-tool", "-r", "", "-a", "verify-pin", "-P", "123456"],
                "pkcs15-tool --verify-pin": ["pkcs15-tool", "--verify-pin", "--pin", "123456"]},
            "change the PIN": {
                "ukey pin change": [self.ukey, "pin", "change", "--pin-fd", "0", "--new-pin-fd", "0"],
                "yubico-piv-tool change-pin": [
                    "yubico-piv-tool", "-r", "", "-a", "change-pin", "-P", "654321", "-N", "123456"],
                "pkcs11-tool --change-pin": [
                    "pkcs11-tool", "--login", "--pin", "123456", "--change-pin", "--new-pin", "654321"],
                "ykman access change-pin": [
                    "ykman", "--reader", "Test Reader", "piv", "access", "change-pin", "-P", "654321", "-n", "123456"]},
            "a login": {"ukey login-test": [self.ukey, "login-test", "--json", "--pin-fd", "0"]},
        }
        lines = {"ukey pin change": b"123456\n654321\n"}
        most = {"ukey pin verify": 8, "ukey pin change": 8, "ukey login-test": 20}
        service = self.service()
        try:
            for form in ("no", "yes"):
                self.title(f"APDUs on a PIV card with four certificates, {'extended' if form == 'yes' else 'short'} form")
                settings = {"version": "4.3.5", "serial": 4711, "extended": form, "tries": 9, **self.options.settings}
                for kind, programs in work.items():
                    # A card for each piece of work: what one program leaves behind does not reach the next kind.
                    with self.card(service.readers[0], f"apdus-{form}-{kind.replace(' ', '-')}", **settings) as token:
                        for name, command in programs.items():
                            if shutil.which(command[0]) is None:
                                print(f"  {name}: not installed")
                                continue
                            before = len(token.trace())
                            done = subprocess.run(
                                command, input=lines.get(name, b"123456\n"), capture_output=True, env=self.environment)
                            count = len(token.trace()) - before
                            label = f"{kind}: {name}" + ("" if done.returncode in (0, 3, 4) else f" (ended {done.returncode})")
                            limit = most.get(name) if form == "no" else None
                            self.figure(
                                label, count, "APDUs", limit and f"at most {limit}",
                                limit is None or (count <= limit and done.returncode == 0))
        finally:
            service.stop()

    def manager(self, name, cols=80, rows=24):
        """The manager in a terminal; standard error, where --trace-timing writes at the end, goes into a file."""
        path = self.work / f"timing-{name}"
        path.unlink(missing_ok=True)
        # exec, so that the pid is the program's.
        screen = Screen(
            cols, rows, "sh", "-c", 'exec "$@" 2>"$0"', str(path), self.ukey, "manager", "--trace-timing",
            env=self.environment)
        return screen, path

    def shown(self, path):
        """Milliseconds from insertion to certificate on the screen, one an insertion, from --trace-timing."""
        found = re.findall(r"^insertion to certificate on screen: ([\d.]+) ms", path.read_text(), re.M)
        return [float(value) for value in found]

    def first_frame(self):
        """Milliseconds from exec until the first frame has arrived at the terminal, seen from the terminal's side."""
        begun = time.perf_counter()
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(self.ukey, [self.ukey, "manager"], dict(self.environment, TERM="xterm-256color"))
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        seen, arrived = b"", None
        try:
            # The last line holds the key hints: with it the frame is whole.
            while arrived is None and select.select([terminal], [], [], 10)[0]:
                seen += os.read(terminal, 65536)
                if self.options.title.encode() in seen and b"F1" in seen:
                    arrived = time.perf_counter()
        finally:
            os.write(terminal, b"q")
            drain(terminal)
            os.close(terminal)
            os.waitpid(pid, 0)
        if arrived is None:
            raise RuntimeError(f"no frame with {self.options.title!r}: {seen[-400:]!r}")
        return (arrived - begun) * 1000

    def screen(self):
        """First frame after exec; insertion to certificate on the screen."""
        self.title("Screen")
        service = self.service()
        try:
            first = statistics.median(self.first_frame() for _ in range(self.options.runs))
            self.figure("first frame after exec", f"{first:.1f}", "ms", "≤ 15", first <= 15)
            for delay in (0, 10):
                shown, commands = [], []
                for index in range(5):
                    terminal, path = self.manager("screen")
                    with terminal:
                        terminal.wait_for(re.escape(self.options.title))
                        with self.card(service.readers[0], f"screen-{delay}-{index}", delay=delay) as token:
                            terminal.wait_for(self.options.shown)
                            commands.append(until_certificate(token.trace()))
                            terminal.keys("q")
                            terminal.exit_status()
                    shown += self.shown(path)
                    # pcscd looks at a reader every 400 ms. A program's own call can find the card gone sooner; one put in
                    # before the next look is then taken for the old one, and never told.
                    time.sleep(0.5)
                # What the card itself takes: its delay for each command. Transport counts as ours.
                own = statistics.median(shown) - delay * statistics.median(commands)
                self.figure(
                    f"insertion to screen, {delay} ms an APDU", f"{statistics.median(shown):.1f}", "ms",
                    f"≤ {delay} × {statistics.median(commands):g} + 20", own <= 20)
        finally:
            service.stop()

    def idle(self):
        """The manager with a key inserted, doing nothing."""
        seconds = self.options.idle
        self.title(f"Idle for {seconds} s with a key inserted")
        service = self.service()
        try:
            with self.card(service.readers[0], "idle"):
                terminal, _ = self.manager("idle")
                with terminal:
                    terminal.wait_for(self.options.shown)
                    pid = terminal.pid
                    self.settle(pid)
                    before = switches(pid)
                    time.sleep(seconds)  # the measurement itself: time in which nothing happens
                    after = switches(pid)
                    resident = int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024
                    grown = {task: count - before.get(task, ("", 0))[1] for task, (_, count) in after.items()}
                    for task in filter(grown.get, grown):
                        print(f"    thread {task} {after[task][0]}: {grown[task]}")
                    theirs = sum(grown.pop(task, 0) for task in asking_for_the_service(pid))
                    ours = sum(grown.values()) * 60 / seconds
                    self.figure("voluntary context switches", f"{ours:.1f}", "/min", "≤ 2", ours <= 2)
                    self.figure("and of libpcsclite's own question", f"{theirs * 60 / seconds:.1f}", "/min")
                    self.figure("resident memory", f"{resident:.1f}", "MiB", "≤ 25", resident <= 25)
                    terminal.keys("q")
        finally:
            service.stop()

    def settle(self, pid):
        """Waits until a second passes without a context switch, at most ten."""
        for _ in range(10):
            before = switches(pid)
            time.sleep(1)
            if switches(pid) == before:
                return

    def sixteen(self):
        """Sixteen readers with a key each: until all are shown."""
        self.title("Sixteen readers")
        service = self.service(16)
        tokens = []
        try:
            for index, reader in enumerate(service.readers):
                tokens.append(self.card(reader, f"sixteen-{index}", delay=10))
            wall, done = self.measure([self.ukey, "status", "--json"])
            single = statistics.median(
                self.measure([self.ukey, "status", "--json", "--reader", service.readers[0].name])[0] for _ in range(5))
            self.figure("status, 1 key with 10 ms an APDU", f"{single:.0f}", "ms")
            self.figure("status, 16 keys at once", f"{wall:.0f}", "ms", "≤ 3 × one", wall <= 3 * single)
            print(f"    exit {done.returncode}")
            screen, path = self.manager("sixteen", 120, 60)
            with screen:
                screen.wait_for(self.options.shown)
                self.still(screen)
                last = screen.text()
                screen.keys("q")
                screen.exit_status()
            shown = self.shown(path)
            self.figure("keys shown by the manager", len(shown), "", "= 16", len(shown) == 16)
            if len(shown) != 16:
                print(f"{last}\n{path.read_text()}")
            if shown:
                self.figure("slowest, insertion to screen", f"{max(shown):.0f}", "ms", "≤ 3 × one", max(shown) <= 3 * single)
        finally:
            for token in tokens:
                token.unplug()
            service.stop()

    def unlock(self):
        """Two thousand unlock requests answered in one run, beside reading, SM3, SM4 and SM2 alone."""
        self.title("Unlock requests: 2 000 in a batch")
        base = self.work / "unlock_base"
        subprocess.run(["cc", "-O2", "-Wall", "-o", base, HERE / "unlock_base.c", "-lcrypto"], check=True)
        # In memory, so that the disk's file system takes no part in the ratio.
        work = Path(tempfile.mkdtemp(prefix="ukey-bench-", dir="/dev/shm"))
        try:
            self.unlock_in(work, base)
        finally:
            shutil.rmtree(work)

    def unlock_in(self, work, base):
        folder = work / "requests"
        folder.mkdir()
        one = self.work / "one.ukreq"
        subprocess.run(
            [self.ukey, "unlock", "request", "--demo", "--yes", "--no-wait", "--out", str(one), "--name", "李四",
             "--mobile", "13800138000", "--reason", "忘记密码"], check=True, capture_output=True, env=self.environment)
        document = json.loads(one.read_bytes())
        del document["digest"]
        desk = Desk(self.work / "desk")

        for number in range(2_000):
            document["key"]["serial"] = f"DEMO-{number:06}"
            digest = hashlib.new("sm3", canonical(document)).hexdigest()
            (folder / f"{number:06}.ukreq").write_bytes(canonical(dict(document, digest=digest)))
        print(f"    {(folder / '000000.ukreq').stat().st_size} bytes each")
        costs = {"base": [], "ukey": []}
        peak = 0
        for run in range(5):
            costs["base"].append(self.cost([str(base), str(folder)])[0])
            out = work / f"responses-{run}"
            out.mkdir()
            # Challenges live minutes.
            for request in folder.glob("*.ukreq"):
                challenge_of(request)
            reading, writing = os.pipe()
            os.write(writing, b"12345678")
            os.close(writing)
            # Without --new-pin-fd: random temporary PINs, as the desk uses it. A record for each run: one key has few
            # answers a day.
            seconds, memory = self.cost(
                [self.ukey, "unlock", "approve", str(folder), "--out", str(out), "--audit",
                 str(self.work / f"audit-{run}"), "--weak-admin-pin", "--admin-pin-fd", str(reading), *desk.options],
                [reading])
            os.close(reading)
            costs["ukey"].append(seconds)
            peak = max(peak, memory)
            made = sum(1 for _ in out.iterdir())
            if made != 2_000:
                raise RuntimeError(f"{made} responses instead of 2000")
            # Not deleted here: ext4 spends seconds of processor time on not reusing what was deleted just now.
        alone, own = (statistics.median(costs[name]) for name in ("base", "ukey"))
        self.figure("reading, SM3, SM4 and SM2 alone, processor", f"{alone * 1000:.0f}", "ms")
        self.figure("ukey unlock approve, processor", f"{own * 1000:.0f}", "ms")
        self.figure("ukey / alone", f"{own / alone:.2f}", "×", "≤ 3", own / alone <= 3)
        self.figure("ukey, peak memory", f"{peak / 1024:.1f}", "MiB", "≤ 32", peak <= 32 * 1024)

    def cost(self, command, handles=()):
        """Processor seconds (user and system) and peak memory (KiB) of one run."""
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self.environment, pass_fds=handles)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"{command} ended {process.returncode}")
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss

    def still(self, screen, seconds=1.0, timeout=20.0):
        """Waits until the screen has not changed for a while."""
        deadline = time.monotonic() + timeout
        text, since = screen.text(), time.monotonic()
        while time.monotonic() - since < seconds:
            if time.monotonic() > deadline:
                raise TimeoutError(f"the screen goes on changing:\n{text}")
            time.sleep(0.05)
            now = screen.text()
            if now != text:
                text, since = now, time.monotonic()


def canonical(value):
    """RFC 8785, as far as these documents need it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def drain(terminal):
    """Reads what a program still writes until it closes its terminal."""
    try:
        while select.select([terminal], [], [], 5)[0] and os.read(terminal, 65536):
            pass
    except OSError:
        pass  # closed from the other side


def until_certificate(trace):
    """How many commands the card had answered when the first certificate was out: the last of its pieces."""
    for number, line in enumerate(trace, 1):
        if re.search(r" (CB|C0) .* → [2-9]\d\d|[1-9]\d{3,} bytes", line) and line.endswith("9000"):
            return number
    return len(trace)


def switches(pid):
    """Voluntary context switches so far by thread: id → (name, count)."""
    result = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        text = (task / "status").read_text()
        result[task.name] = (
            re.search(r"Name:\s+(.*)", text)[1], int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", text, re.M)[1]))
    return result


def asking_for_the_service(pid):
    """The threads in SCardGetStatusChange: libpcsclite ends its endless wait once a minute to ask whether pcscd lives."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        call = (task / "syscall").read_text().split()
        # poll(2) with one descriptor and 60,000 ms.
        if len(call) > 3 and call[0] == "7" and [int(word, 16) for word in call[2:4]] == [1, 60_000]:
            yield task.name


def main():
    sections = {
        "start": Bench.start, "card": Bench.card_section, "apdus": Bench.apdus, "instructions": Bench.instructions, "screen": Bench.screen, "idle": Bench.idle,
        "sixteen": Bench.sixteen, "unlock": Bench.unlock,
        "library": Bench.library, "service": Bench.key_service, "inventory": lambda bench: InventorySection(bench).run(),
        "platform": lambda bench: PlatformSection(bench).run(), "tasks": lambda bench: TasksSection(bench).run()}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"some of: {' '.join(sections)} (default: all)")
    parser.add_argument("--ukey", default=".build/release/ukey")
    parser.add_argument("--runs", type=int, default=21, help="runs of each program (default 21)")
    parser.add_argument("--idle", type=int, default=60, help="seconds of the idle section (default 60)")
    parser.add_argument("--settings", type=json.loads, default={},
        help="further settings of the PIV card, as JSON")
    parser.add_argument("--title", default="Key Manager", help="words of the first frame")
    parser.add_argument("--shown", default="Credit code", help="what the screen shows when the key has been read (regex)")
    parser.add_argument("--json", help="write the figures to this file, too")
    options = parser.parse_args()
    unknown = set(options.sections) - sections.keys()
    if unknown:
        parser.error(f"no such section: {' '.join(sorted(unknown))}")

    crashed = []
    with tempfile.TemporaryDirectory(prefix="ukey-bench-") as work:
        bench = Bench(options, work)
        print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; {options.runs} runs; medians")
        for name in options.sections or sections:
            try:
                sections[name](bench)
            except Exception as error:  # one section's failure must not hide the other figures
                crashed.append(name)
                print(f"  section {name} FAILED: {type(error).__name__}: {error}")
        if options.json:
            Path(options.json).write_text(json.dumps(bench.results, indent=1, ensure_ascii=False))
    print(f"\n{bench.missed} targets missed" + (f"; sections that failed: {' '.join(crashed)}" if crashed else ""))
    return 1 if crashed else 0


sys.exit(main())
