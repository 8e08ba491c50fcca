"""The platform's speed and size: `make bench SECTIONS=platform`.

What a request costs is the processor time of the server, so that neither the client nor what else the machine does is in it;
of the search on PostgreSQL, which another process does, the time until its answer is there. SM2 verifications of `openssl
speed` in the same run stand beside the logins.
"""

import base64
import hashlib
import http.client
import json
import os
import re
import sqlite3
import ssl
import statistics
import subprocess
import sys
import time
import urllib.parse
from pathlib import Path

from rig.platform import Platform, free_port
from rig.records import PostgreSQL, Server

sys.path.insert(0, str(Path(__file__).parent.parent / "EndToEnd"))

from test_platform_kill import code_of  # noqa: E402

LOGINS = 300
BATCH = 100
COMPANIES = 100_000
DISTID = ["-sigopt", "distid:1234567812345678"]


def openssl(*words, cwd, data=None):
    done = subprocess.run(["openssl", *words], cwd=cwd, input=data, capture_output=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


class Line:
    """One connection that is kept."""

    def __init__(self, platform):
        self.platform, self.cookie, self.form = platform, "", ""
        self._wire = http.client.HTTPSConnection(
            "localhost", platform.port, timeout=60, context=ssl.create_default_context(cafile=platform.authority))

    def close(self):
        self._wire.close()

    def ask(self, method, path, fields=None):
        headers = {"Cookie": self.cookie, "Origin": self.platform.origin}
        body = None
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urllib.parse.urlencode(dict(fields or {}, form_token=self.form))
        self._wire.request(method, path, body, headers)
        answer = self._wire.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("set-cookie") or []:
            if cookie.startswith("__Host-session"):
                self.cookie = cookie.split(";")[0]
        found = re.search(r'name="form_token" value="([0-9a-f]+)"', text)
        self.form = found[1] if found else self.form
        return answer.status, text


class PlatformSection:
    def __init__(self, bench):
        self.bench = bench
        os.environ["UKEY"] = bench.ukey

    def run(self):
        self.bench.title("The platform")
        work = self.bench.work / "platform"
        work.mkdir(parents=True)
        platform = Platform(work, free_port())
        try:
            size = os.path.getsize(platform.binary)
            self.bench.figure("ukey-platform", f"{size / 1e6:.1f}", "MB", "≤ 30", size <= 30e6)
            self.page(platform)
            self.logins(platform, work)
            self.fill(lambda rows: self.fill_file(platform, rows), platform)
            self.search(platform, "", lambda body: self.cost(platform, 20, body))
            resident = int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{platform.process.pid}/status").read_text())[1]) / 1024
            self.bench.figure("memory after all this", f"{resident:.0f}", "MiB", "≤ 64", resident <= 64)
        finally:
            platform.stop()
        self.on_postgresql()

    def on_postgresql(self):
        server = Server()
        try:
            records = PostgreSQL(server)
            platform = Platform(self.bench.work / "platform-postgresql", free_port(), records=records)
            try:
                self.fill(lambda rows: records.copy("companies", rows), platform)
                self.search(platform, "PostgreSQL, ", self.time)
            finally:
                platform.stop()
        finally:
            server.stop()

    @staticmethod
    def time(body):
        """Milliseconds until the answer, in the middle of many."""
        times = []
        for number in range(60):
            begun = time.perf_counter()
            body(number)
            times.append(1000 * (time.perf_counter() - begun))
        return statistics.median(times)

    @staticmethod
    def processor(platform):
        """Seconds used so far, by the clock that the kernel keeps for each process."""
        return time.clock_gettime(~platform.process.pid << 3 | 2)

    @staticmethod
    def wire(platform):
        """Of those, what the threads of the connections used: TLS, HTTP and what brings requests to the others."""
        used = 0
        for task in Path(f"/proc/{platform.process.pid}/task").iterdir():
            if (task / "comm").read_text().startswith("NIO"):
                used += int((task / "schedstat").read_text().split()[0]) / 1e9
        return used

    def cost(self, platform, count, body):
        """Milliseconds of the processor for one of so many."""
        before = self.processor(platform)
        for number in range(count):
            body(number)
        return 1000 * (self.processor(platform) - before) / count

    def page(self, platform):
        line = Line(platform)
        line.ask("GET", "/login")
        cost = self.cost(platform, 1000, lambda _: line.ask("GET", "/login"))
        self.bench.figure("page of the login form", f"{cost:.2f}", "ms", "≤ 2", cost <= 2)

    def logins(self, platform, work):
        """Challenge, verification of an SM2 token with its chain, session and audit on disk, all of it over HTTPS. Each token is
        a new one, to a nonce of its own; first each of a certificate that has not come before, then all of one that has."""
        openssl("genpkey", "-algorithm", "SM2", "-out", "ca.key", cwd=work)
        openssl("req", "-x509", "-new", "-key", "ca.key", "-sm3", *DISTID, "-subj", "/CN=Bench", "-days", "30", "-out",
                str(platform.data / "ca/bench.pem"), cwd=work)
        code = code_of(1)
        (work / "ext").write_text("keyUsage=digitalSignature\nbasicConstraints=CA:FALSE\n")
        openssl("genpkey", "-algorithm", "SM2", "-out", "holder.key", cwd=work)
        openssl("req", "-new", "-key", "holder.key", "-sm3", *DISTID, "-utf8", "-subj", f"/O=Bench/OU={code}/CN=Bench", "-out",
                "holder.csr", cwd=work)
        platform.kill()
        platform.start()
        with sqlite3.connect(platform.data / "platform.sqlite") as connection:
            connection.execute(
                "INSERT INTO companies VALUES ('b', 'Bench', ?, ?, 0, 'bench', '', '', '', 'active', '', 'R', 1)", [code, code[8:17]])
        speed = openssl("speed", "-seconds", "2", "-mr", "sm2", cwd=work).decode()
        found = re.findall(r"^\+F\d+:\d+:\d+:[^:]*:([\d.]+):([\d.]+)", speed, re.M)
        verify = 1 / float(found[-1][1]) if found and float(found[-1][1]) < 1 else float(found[-1][1]) if found else 0
        self.holders(platform, work, verify, [self.certificate(platform, work) for _ in range(LOGINS)], "a certificate that comes first", False)
        self.holders(platform, work, verify, [self.certificate(platform, work)] * LOGINS, "a certificate that comes again", True)

    @staticmethod
    def certificate(platform, work):
        """Each with a serial number of its own."""
        return openssl(
            "x509", "-req", "-in", "holder.csr", "-CA", str(platform.data / "ca/bench.pem"), "-CAkey", "ca.key", "-sm3", *DISTID,
            "-vfyopt", "distid:1234567812345678", "-days", "30", "-extfile", "ext", "-outform", "DER", cwd=work)

    @staticmethod
    def token(platform, work, nonce, der):
        message = f"ukey:1 login\norigin {platform.origin}\nnonce {nonce}\ncertificate {hashlib.sha256(der).hexdigest()}\n".encode()
        signature = openssl("dgst", "-sm3", "-sign", "holder.key", *DISTID, cwd=work, data=message)
        return json.dumps({
            "format": "ukey:1", "algorithm": "SM2-SM3", "certificate": base64.b64encode(der).decode(),
            "signature": base64.b64encode(signature).decode()})

    def holders(self, platform, work, verify, certificates, title, is_target):
        """In batches, as a crowd comes, and short enough that no connection idles away meanwhile."""
        whole = on_wire = 0

        def measure(body):
            nonlocal whole, on_wire
            before, wire = self.processor(platform), self.wire(platform)
            body()
            whole, on_wire = whole + self.processor(platform) - before, on_wire + self.wire(platform) - wire

        def log_in(line, token):
            status, text = line.ask("POST", "/login/certificate", {"token": token})
            assert status == 303, text

        for start in range(0, len(certificates), BATCH):
            batch = certificates[start:start + BATCH]
            lines = [Line(platform) for _ in batch]
            for line in lines:
                line.ask("GET", "/login")
            nonces = []
            measure(lambda: nonces.extend(json.loads(line.ask("POST", "/challenge")[1])["nonce"] for line in lines))
            tokens = [self.token(platform, work, nonce, der) for nonce, der in zip(nonces, batch)]
            measure(lambda: [log_in(line, token) for line, token in zip(lines, tokens)])
            for line in lines:
                line.close()
        cost, on_wire = 1000 * whole / len(certificates), 1000 * on_wire / len(certificates)
        self.bench.figure(f"certificate login (SM2, chain of two), {title}", f"{cost:.2f}", "ms of a core")
        self.bench.figure("  of it TLS and HTTP of the two requests", f"{on_wire:.2f}", "ms")
        each = 1000 / cost
        told = ("≥ 1000", each >= 1000) if is_target else ()
        self.bench.figure("  logins a second and core", f"{each:.0f}", "", *told)
        if verify:
            told = ("≥ 0.33", each / verify >= 0.33) if is_target else ()
            self.bench.figure("  beside verifications of openssl speed sm2", f"{each / verify:.2f}", "×", *told)
            self.bench.figure(
                "  the same without TLS and HTTP", f"{1000 / (cost - on_wire) / verify:.2f}", "×")

    @staticmethod
    def fill_file(platform, rows):
        with sqlite3.connect(platform.records.path, timeout=60) as connection:
            connection.executemany(f"INSERT INTO companies VALUES ({', '.join('?' * 13)})", rows)

    def fill(self, write, platform):
        """With companies that a program without the search has left: the next start makes them to be found."""
        write(
            (f"{number:032x}", f"深圳市{number}号建设工程有限公司", code_of(number + 10), "", 0, f"user{number}", "", "", "x" * 120, "active", "",
             f"S{number}", number) for number in range(COMPANIES))
        platform.kill()
        begun = time.perf_counter()
        platform.start(seconds=300)
        self.bench.figure(f"first start with {COMPANIES} companies from before", f"{time.perf_counter() - begun:.0f}", "s")

    def search(self, platform, where, cost_of):
        line = Line(platform)
        line.ask("GET", "/admin/login")
        assert line.ask("POST", "/admin/login", {"login_name": "admin", "password": platform.password})[0] == 303
        for name, words in [
                ("the first page", {}), ("a state that nobody is in", {"state": "waiting"}), ("a part of one name", {"search": "99998号"}),
                ("a part of all names", {"search": "建设工程"}), ("a part of a code", {"search": code_of(5010)[8:14]}),
                ("one letter that all have", {"search": "市"}), ("two letters that nobody has", {"search": "市有"}),
                ("one letter that nobody has", {"search": "鑫"}), ("nothing", {"search": "nobody"})]:
            cost = cost_of(lambda _: line.ask("GET", "/admin?" + urllib.parse.urlencode(words)))
            self.bench.figure(f"search of {COMPANIES} companies: {where}{name}", f"{cost:.1f}", "ms", "≤ 20", cost <= 20)
