"""The key service's speed and size: `make bench SECTIONS=service`.

What a login costs is measured beside a program that sends the same commands to the same card by PC/SC and does nothing
else; the holder's typing is in neither.
"""

import base64
import json
import os
import re
import resource
import socket
import ssl
import statistics
import subprocess
import time
from pathlib import Path

from rig import pcsc, program
from rig.key_service import KeyService
from rig.pages import Background, everything
from rig.web import WebSocket, connect, insecure, read_response, request

from threads import asking_for_the_service, switches

PIN = "123456"
DATA = b"a server's challenge"


class ServiceSection:
    def __init__(self, bench):
        self.bench = bench
        os.environ["UKEY"] = bench.ukey
        self.binary = Path(bench.ukey).parent / "ukey-service"
        self.number = 0

    def start(self, *arguments, **options):
        self.number += 1
        return KeyService(self.bench.work / f"service-{self.number}", *arguments, allowed=everything(), **options)

    def run(self):
        self.bench.title("The key service")
        size = os.path.getsize(self.binary)
        self.bench.figure("ukey-service", f"{size / 1e6:.1f}", "MB", "≤ 26", size <= 26e6)
        readers = self.bench.service()
        try:
            self.first_answers()
            with self.bench.card(readers.readers[0], "service", slots="9A") as token:
                self.login(readers.readers[0], token)
                self.lists(token)
                self.crowd()
                self.idle()
                self.status()
        finally:
            readers.stop()

    # Start

    def first_answers(self):
        """From exec until the port takes a connection, and until the page has come, on a port that is known beforehand."""
        accepted, answered = [], []
        for _ in range(self.bench.options.runs):
            folder = self.bench.work / "start"
            (folder / "run").mkdir(parents=True, exist_ok=True)
            environment = dict(self.bench.environment, XDG_RUNTIME_DIR=str(folder / "run"), XDG_STATE_HOME=str(folder))
            begun = time.perf_counter()
            process = subprocess.Popen(
                [self.binary], env=environment, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                while True:
                    sock = socket.socket()
                    if sock.connect_ex(("127.0.0.1", 21517)) == 0:
                        break
                    sock.close()
                    if time.perf_counter() - begun > 10:
                        raise TimeoutError("the service does not listen")
                accepted.append(1000 * (time.perf_counter() - begun))
                sock.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1:21517\r\n\r\n")
                assert read_response(sock).status == 200
                answered.append(1000 * (time.perf_counter() - begun))
                sock.close()
            finally:
                program.end(process)
        accept = statistics.median(accepted)
        self.bench.figure("start to accept", f"{accept:.1f}", "ms", "≤ 15", accept <= 15)
        self.bench.figure("start to the first answer", f"{statistics.median(answered):.1f}", "ms")

    # A login

    def login(self, reader, token):
        """The signature for which the PIN was typed before, by mToken's two calls."""
        service = self.start("--adapters", "mtoken,ukey")
        try:
            times, commands = [], []
            for _ in range(self.bench.options.runs):
                self.mtoken(service, "SOF_GetUserList")
                page = Background(lambda: self.mtoken(service, "SOF_Login", passWd="1"))
                service.type_pin(PIN)
                assert page.wait()["rtn"] == 0
                container = self.mtoken(service, "SOF_GetUserList")["array"].split("&&&")[0].split("||")[1]
                before = len(token.trace())
                begun = time.perf_counter()
                answer = self.mtoken(
                    service, "SOF_SignDataEx", containerName=container, keySpec=1, inData=base64.b64encode(DATA).decode(),
                    inDataLen=len(DATA))
                times.append(1000 * (time.perf_counter() - begun))
                assert answer["rtn"] == 0 and answer["signed"], answer
                commands.append([re.search(r"^> +\d+  ((?:[0-9A-F]{2} ){3}[0-9A-F]{2})", line)[1]
                                 for line in token.trace()[before:]])
        finally:
            assert service.stop() == 0
        bare = self.bare(reader, commands[-1])
        print(f"    the card gets: {', '.join(commands[-1])}")
        own = statistics.median(times)
        self.bench.figure("login signature through the service", f"{own:.2f}", "ms")
        self.bench.figure("the same commands by PC/SC alone", f"{bare:.2f}", "ms")
        self.bench.figure("what the service adds", f"{own - bare:.2f}", "ms", "≤ 3", own - bare <= 3)

    @staticmethod
    def mtoken(service, function, **members):
        body = b"json=" + json.dumps(dict(members, function=function)).encode()
        return request(service.port("mtoken"), "/alpha", body).json

    def bare(self, reader, headers):
        """What any program needs for it: reaching the card, these commands in one transaction, with the data that PIV has
        for each, and letting it go."""
        bodies = {
            "00 A4 04 00": "00A404000BA000000308000010000100", "00 CB 3F FF": "00CB3FFF055C035FC10500",
            "00 20 00 80": "0020008008" + PIN.encode().hex() + "FFFF", "00 20 FF 80": "0020FF80",
            "00 87 11 9A": "0087119A267C2482008120" + "5A" * 32 + "00"}
        unknown = [header for header in headers if header not in bodies]
        if unknown:
            print(f"    not sent by the bare program: {unknown}")
        times = []
        with pcsc.Context() as context:
            for _ in range(self.bench.options.runs):
                begun = time.perf_counter()
                with context.connect(reader.name) as card:
                    card.begin()
                    for header in headers:
                        if header in bodies:
                            card.transmit(bytes.fromhex(bodies[header]))
                    card.end()
                times.append(1000 * (time.perf_counter() - begun))
        return statistics.median(times)

    # Many requests

    def lists(self, token):
        """Certificates over one connection that is kept: from memory, not from the card."""
        service = self.start("--adapters", "ukey")
        try:
            port = service.port("ukey")
            call = json.dumps({"id": 1, "function": "certificates"}).encode()
            with connect(port) as sock:
                assert request(port, "/ukey/1", call, sock=sock).json["result"]
                before = len(token.trace())
                count, begun = 5000, time.perf_counter()
                for _ in range(count):
                    request(port, "/ukey/1", call, sock=sock)
                rate = count / (time.perf_counter() - begun)
            self.bench.figure("certificate lists", f"{rate:.0f}", "/s", "≥ 2000", rate >= 2000)
            touched = len(token.trace()) - before
            self.bench.figure("commands that the card got for them", touched, "", "0", touched == 0)
        finally:
            assert service.stop() == 0

    def crowd(self):
        """Ten thousand connections that say nothing, and the holder's own page."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        count = min(10_000, hard - 200)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count + 200), hard))
        service = self.start("--adapters", "ukey")
        idle = []
        try:
            port = service.port("ukey")
            for _ in range(count):
                sock = socket.socket()
                sock.settimeout(30)
                sock.connect(("127.0.0.1", port))
                idle.append(sock)
            times = []
            for _ in range(self.bench.options.runs):
                begun = time.perf_counter()
                assert request(port, "/", method="GET", origin=None).status == 200
                times.append(1000 * (time.perf_counter() - begun))
            worst = max(times)
            self.bench.figure(f"page beside {count} idle connections, slowest", f"{worst:.1f}", "ms", "≤ 50", worst <= 50)
        finally:
            for sock in idle:
                sock.close()
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            assert service.stop() == 0

    # Doing nothing

    def idle(self):
        """Two hundred pages with a WebSocket each, over TLS, of which none asks for anything."""
        state = self.bench.work / "state"
        subprocess.run(
            [self.bench.ukey, "serve", "trust"], env=dict(self.bench.environment, XDG_STATE_HOME=str(state)), check=True,
            capture_output=True, timeout=60)
        service = self.start("--adapters", "xtx,ukey", state=state)
        pages = []
        try:
            self.bench.figure("resident memory, no page", f"{self.resident(service):.1f}", "MiB")
            context = insecure()
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            for _ in range(200):
                pages.append(WebSocket(service.port("xtx", "tls"), "/xtxapp", context=context))
            assert all(page.is_open for page in pages)
            memory = self.resident(service)
            self.bench.figure("resident memory, 200 pages over TLS", f"{memory:.1f}", "MiB", "≤ 30", memory <= 30)
            # The clock that watched over the first minute of a connection may tick once for each that has become a WebSocket.
            time.sleep(61)
            seconds = self.bench.options.idle
            before = switches(service.process.pid)
            time.sleep(seconds)  # the measurement itself: time in which nothing happens
            after = switches(service.process.pid)
            grown = {task: count - before.get(task, ("", 0))[1] for task, (_, count) in after.items()}
            theirs = sum(grown.pop(task, 0) for task in list(asking_for_the_service(service.process.pid)))
            for task in filter(grown.get, grown):
                print(f"    thread {task} {after[task][0]}: {grown[task]}")
            own = sum(grown.values())
            self.bench.figure(f"wake-ups in {seconds} s", own, "", "0", own == 0)
            self.bench.figure("and of libpcsclite's own question", theirs, "")
        finally:
            for page in pages:
                page.close()
            assert service.stop() == 0

    @staticmethod
    def resident(service):
        status = Path(f"/proc/{service.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    # Beside the command

    def status(self):
        """`ukey status` with the service beside it and without, in turn."""
        times = {True: [], False: []}
        for _ in range(3):
            for with_service in (True, False):
                service = self.start("--adapters", "ukey") if with_service else None
                try:
                    for _ in range(self.bench.options.runs // 3 + 1):
                        times[with_service].append(self.bench.measure([self.bench.ukey, "status", "--json"])[0])
                finally:
                    assert service is None or service.stop() == 0
        beside, alone = (statistics.median(times[kind]) for kind in (True, False))
        self.bench.figure("ukey status with the service / without", f"{beside / alone:.2f}", "×", "≤ 1.1", beside <= 1.1 * alone)
