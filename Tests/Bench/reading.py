"""Reading a key, beside C programs and peers on the same card: start, time, instructions, APDUs, and through a library."""

import os
import re
import shutil
import statistics
import subprocess
from pathlib import Path

from rig import skf

HERE = Path(__file__).resolve().parent

PEERS = {
    "pkcs15-tool --list-certificates": ["pkcs15-tool", "--list-certificates"],
    "pkcs11-tool -O": ["pkcs11-tool", "-O"],
    "yubico-piv-tool -a status": ["yubico-piv-tool", "-r", "", "-a", "status"],
    "ykman piv info": ["ykman", "--reader", "Test Reader", "piv", "info"],
}

# The most that ukey may need: times the C program that does the same; instructions of `status` on a PIV card with one certificate, in
# millions, as before the house was put in order.
AS_IN_C, INSTRUCTIONS = 1.25, 8.3


class ReadingSections:
    """Sections `start`, `card`, `instructions`, `apdus` and `library`."""

    def __init__(self, bench):
        self.bench = bench

    def start(self):
        """Size, libraries, and the time to do nothing."""
        self.bench.title("Start")
        size = os.path.getsize(self.bench.ukey)
        self.bench.figure("binary", f"{size / 2**20:.1f}", "MiB")
        libraries = sorted(re.findall(r"^\s*(\S+?)(?:\.so\S*) =>", subprocess.run(
            ["ldd", self.bench.ukey], capture_output=True, text=True).stdout, re.M))
        self.bench.figure("shared libraries", len(libraries), "")
        print("    " + " ".join(libraries))
        times = {"ukey --version": [], "/bin/true": []}
        for _ in range(self.bench.options.runs * 3):
            times["ukey --version"].append(self.bench.measure([self.bench.ukey, "--version"])[0])
            times["/bin/true"].append(self.bench.measure(["/bin/true"])[0])
        for name, values in times.items():
            self.bench.figure(name, f"{statistics.median(values):.1f}", "ms")

    def card(self):
        """status --json beside minimal C programs and the peers, on a PIV card with one certificate and on a full one."""
        self.compile_yardsticks()
        service = self.bench.service()
        try:
            for slots in ("9A", "9A+9C+9D+9E"):
                for delay in (0, 10):
                    self.compare(service.readers[0], slots, delay)
        finally:
            service.stop()

    def compile_yardsticks(self):
        """`read1`, and `status`: in C what `ukey status` does."""
        self.read1, self.status = self.bench.work / "read1", self.bench.work / "status"
        command = ["cc", "-O2", "-Wall", "-Wextra", "-Werror", "-I/usr/include/PCSC", HERE / "read1.c", "-lpcsclite", "-o"]
        if not self.status.exists():
            subprocess.run([*command, self.read1], check=True)
            subprocess.run([*command, self.status, "-DSTATUS", "-lcrypto"], check=True)

    def instructions(self):
        """Instructions of `status` on a PIV card with one certificate, by callgrind, beside those of the C program that does the same."""
        if not shutil.which("valgrind"):
            print("  instructions: valgrind is not installed")
            return
        self.bench.title("Instructions on a PIV card with one certificate")
        self.compile_yardsticks()
        service = self.bench.service()
        try:
            with self.bench.card(service.readers[0], "instructions", slots="9A"):
                for name, command, limit in (
                    ("status (C)", [str(self.status)], None),
                    ("ukey status", [self.bench.ukey, "status"], INSTRUCTIONS)):
                    _, done = self.bench.measure(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command])
                    found = re.search(rb"Collected : (\d+)", done.stderr)
                    if done.returncode not in (0, 3, 4) or not found:
                        raise RuntimeError(done.stderr.decode(errors="replace")[-2000:])
                    millions = int(found[1]) / 1e6
                    self.bench.figure(
                        name, f"{millions:.2f}", "M", limit and f"at most {limit} M", limit is None or millions <= limit)
        finally:
            service.stop()

    def compare(self, reader, slots, delay):
        certificates = slots.count("+") + 1
        title = (
            f"{certificates} 张证书，每条指令 {delay} ms · "
            f"a PIV card with {certificates} certificate{'s' * (certificates > 1)}, {delay} ms an APDU")
        self.bench.title(title)
        programs = {
            "read1 (C)": [str(self.read1)], "status (C)": [str(self.status)],
            "ukey status --json": [self.bench.ukey, "status", "--json"]}
        programs |= {name: command for name, command in PEERS.items() if shutil.which(command[0])}
        for name in PEERS.keys() - programs.keys():
            print(f"  {name}: not installed")
        # A version and a serial number, because ykman gives up without.
        settings = dict({"slots": slots, "version": "4.3.5", "serial": 4711}, delay=delay, **self.bench.options.settings)
        with self.bench.card(reader, f"compare-{certificates}-{delay}", **settings) as token:
            apdus, times, failed = {}, {name: [] for name in programs}, {}
            for name, command in programs.items():
                before = len(token.trace())
                _, done = self.bench.measure(command)
                apdus[name] = len(token.trace()) - before
                # 3 and 4 are ukey's words about the certificate's validity.
                if done.returncode not in ((0, 3, 4) if name.startswith("ukey") else (0,)):
                    failed[name] = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()[-1:]
            runs = self.bench.options.runs if delay == 0 else max(3, self.bench.options.runs // 3)
            for _ in range(runs):
                for name, command in programs.items():
                    times[name].append(self.bench.measure(command)[0])
        medians = {name: statistics.median(values) for name, values in times.items()}
        base, own = medians["read1 (C)"], medians["ukey status --json"]
        print(f"  {'':<34} {'ms':>9} {'× read1':>8} {'APDUs':>6}   {runs} runs in turn")
        for name, median in medians.items():
            note = f"   FAILED: {failed[name]}" if name in failed else ""
            print(f"  {name:<34} {median:9.1f} {median / base:8.2f} {apdus[name]:6d}{note}")
        self.bench.compared.append((title, {name: (median, apdus[name]) for name, median in medians.items() if name not in failed}))
        limit = 2.0 if delay == 0 else 1.05
        label = f"[{certificates}, {delay} ms] "
        own_ok = "ukey status --json" not in failed
        # The yardstick reads one certificate; beside a full card it measures nothing.
        if certificates == 1:
            self.bench.figure(label + "ukey / read1", f"{own / base:.2f}", "×", f"≤ {limit}", own_ok and own / base <= limit)
        same = own / medians["status (C)"]
        self.bench.figure(label + "ukey / status (C)", f"{same:.2f}", "×", f"≤ {AS_IN_C}", own_ok and same <= AS_IN_C)
        for name in [peer for peer in PEERS if peer in medians]:
            least = 1.0 if delay == 0 else 4.0
            self.bench.figure(
                label + f"{name} / ukey", f"{medians[name] / own:.1f}", "×",
                f"≥ {least:g}" if name not in failed else None, own_ok and medians[name] / own >= least)
        self.bench.figure(
            label + "APDUs of ukey beside status' (C)", apdus["ukey status --json"] - apdus["status (C)"], "more")

    def apdus(self):
        """Commands that a card gets from each program for the same work, counted by the card; short and extended form."""
        work = {
            "read what is on it": {
                "ukey status": [self.bench.ukey, "status", "--json"],
                "yubico-piv-tool -a status": ["yubico-piv-tool", "-r", "", "-a", "status"],
                "pkcs15-tool --list-certificates": ["pkcs15-tool", "--list-certificates"],
                "pkcs11-tool -O": ["pkcs11-tool", "-O"], "ykman piv info": ["ykman", "--reader", "Test Reader", "piv", "info"]},
            "one certificate": {
                "ukey cert show 9A": [self.bench.ukey, "cert", "show", "--pem", "--container", "9A"],
                "yubico-piv-tool read-certificate": ["yubico-piv-tool", "-r", "", "-a", "read-certificate", "-s", "9a"],
                "pkcs15-tool --read-certificate": ["pkcs15-tool", "--read-certificate", "01"]},
            "check the PIN": {
                "ukey pin verify": [self.bench.ukey, "pin", "verify", "--pin-fd", "0"],
                "yubico-piv-tool verify-pin": ["yubico-piv-tool", "-r", "", "-a", "verify-pin", "-P", "123456"],
                "pkcs15-tool --verify-pin": ["pkcs15-tool", "--verify-pin", "--pin", "123456"]},
            "change the PIN": {
                "ukey pin change": [self.bench.ukey, "pin", "change", "--pin-fd", "0", "--new-pin-fd", "0"],
                "yubico-piv-tool change-pin": [
                    "yubico-piv-tool", "-r", "", "-a", "change-pin", "-P", "654321", "-N", "123456"],
                "pkcs11-tool --change-pin": [
                    "pkcs11-tool", "--login", "--pin", "123456", "--change-pin", "--new-pin", "654321"],
                "ykman access change-pin": [
                    "ykman", "--reader", "Test Reader", "piv", "access", "change-pin", "-P", "654321", "-n", "123456"]},
            "a login": {"ukey login-test": [self.bench.ukey, "login-test", "--json", "--pin-fd", "0"]},
        }
        lines = {"ukey pin change": b"123456\n654321\n"}
        most = {"ukey pin verify": 8, "ukey pin change": 8, "ukey login-test": 20}
        service = self.bench.service()
        try:
            for form in ("no", "yes"):
                self.bench.title(f"APDUs on a PIV card with four certificates, {'extended' if form == 'yes' else 'short'} form")
                settings = {"version": "4.3.5", "serial": 4711, "extended": form, "tries": 9, **self.bench.options.settings}
                for kind, programs in work.items():
                    # A card for each piece of work: what one program leaves behind does not reach the next kind.
                    with self.bench.card(service.readers[0], f"apdus-{form}-{kind.replace(' ', '-')}", **settings) as token:
                        for name, command in programs.items():
                            if shutil.which(command[0]) is None:
                                print(f"  {name}: not installed")
                                continue
                            before = len(token.trace())
                            done = subprocess.run(
                                command, input=lines.get(name, b"123456\n"), capture_output=True, env=self.bench.environment)
                            count = len(token.trace()) - before
                            label = f"{kind}: {name}" + ("" if done.returncode in (0, 3, 4) else f" (ended {done.returncode})")
                            limit = most.get(name) if form == "no" else None
                            self.bench.figure(
                                label, count, "APDUs", limit and f"at most {limit}",
                                limit is None or (count <= limit and done.returncode == 0))
        finally:
            service.stop()

    def library(self):
        """status --json on an SKF library: in its own process, and loaded into ukey itself."""
        self.bench.title("A key behind an SKF library")
        folder = self.bench.work / "skf"
        certificates = folder / "certificates"
        certificates.mkdir(parents=True)
        skf.make_certificates(certificates)
        token = skf.Token(folder / "token", certificates, skf.build(folder))
        self.bench.environment.update(token.env)
        command = [self.bench.ukey, "status", "--json", "--provider", token.provider]
        ways = {"in its own process": command, "loaded into ukey": command + ["--in-process"]}
        times = {name: [] for name in ways}
        for _ in range(self.bench.options.runs):
            for name, words in ways.items():
                milliseconds, done = self.bench.measure(words)
                if done.returncode != 0:
                    raise RuntimeError(done.stdout.decode(errors="replace"))
                times[name].append(milliseconds)
        own, loaded = (statistics.median(values) for values in times.values())
        for name, values in times.items():
            self.bench.figure(name, f"{statistics.median(values):.1f}", "ms")
        self.bench.figure("what the process costs", f"{own - loaded:.1f}", "ms", "at most 15 ms", own - loaded <= 15)
