"""Real browsers without a window: Chromium by its DevTools protocol, Firefox by WebDriver BiDi (W3C), both over a WebSocket.

Each has a home of its own. A page of `Site` is taken as one of the public internet: what it may reach on this machine
the browser decides as it does for anybody (Local Network Access), not because it happens to come from here.
"""

import http.server
import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import threading
from pathlib import Path

from rig import patience
from rig.program import tool
from rig.web import WebSocket, bound_sending

HOST = "portal.example"


class Failed(Exception):
    """What a page threw: its text."""


class Site:
    """https://portal.example, with a certificate of a CA of its own. `files`: path → (content type, bytes)."""

    def __init__(self, directory, files):
        self.directory = Path(directory)
        self.files = files
        self._make_certificates()
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                found = site.files.get(self.path.partition("?")[0])
                self.send_response(200 if found else 404)
                self.send_header("Content-Type", found[0] if found else "text/plain")
                self.send_header("Content-Length", str(len(found[1]) if found else 0))
                self.end_headers()
                if found:
                    self.wfile.write(found[1])

            def log_message(self, *_):
                pass

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.directory / "site.pem", self.directory / "site.key")

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def finish_request(self, request, address):
                # The handshake in the connection's own thread: browsers open connections that they do not use.
                request.settimeout(patience.limit(60))
                try:
                    super().finish_request(context.wrap_socket(request, server_side=True), address)
                except OSError:
                    pass

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self.origin = f"https://{HOST}:{self.port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _make_certificates(self):
        def openssl(*arguments):
            tool("openssl", *arguments, cwd=self.directory)

        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"]
        openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Authority of the tests")
        openssl("req", *key[:-2], "-keyout", "site.key", "-out", "site.csr", "-subj", f"/CN={HOST}")
        (self.directory / "site.ext").write_text(f"subjectAltName=DNS:{HOST}\n")
        openssl("x509", "-req", "-in", "site.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "30", "-extfile", "site.ext",
                "-out", "site.pem")

    def url(self, path, **query):
        return f"{self.origin}{path}?" + "&".join(f"{name}={value}" for name, value in query.items())

    def close(self):
        self._server.shutdown()
        self._server.server_close()


def trust(folder, certificate):
    """As the administrator of a browser does; makes the store where there is none."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    store = f"sql:{folder}"
    if not (Path(folder) / "cert9.db").exists():
        tool("certutil", "-N", "-d", store, "--empty-password")
    tool("certutil", "-A", "-d", store, "-n", "tests", "-t", "C,,", "-i", certificate)


class Wire:
    """Commands and their answers by number; other messages are dropped."""

    def __init__(self, address):
        found = re.fullmatch(r"ws://([^/]+):(\d+)(/.*)?", address)
        self._socket = WebSocket(int(found[2]), found[3] or "/", origin=None, host=f"{found[1]}:{found[2]}")
        assert self._socket.is_open, self._socket.response.status
        # It is listened to without end; what is sent has to be taken within a minute.
        self._socket.sock.settimeout(None)
        bound_sending(self._socket.sock)
        self._sending = threading.Lock()
        self._answers = {}
        self._changed = threading.Condition()
        self._number = 0
        self._ended = False
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        try:
            while True:
                message = json.loads(self._socket.receive())
                if "id" in message:
                    with self._changed:
                        self._answers[message["id"]] = message
                        self._changed.notify_all()
        except (OSError, ConnectionError, TypeError, ValueError):
            pass
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def begin(self, method, parameters, **more):
        with self._changed:
            self._number += 1
            number = self._number
        # Not while the answers are kept from being read: a browser may want to be heard before it listens.
        with self._sending:
            self._socket.send(dict(more, id=number, method=method, params=parameters))
        return number

    def has(self, number):
        with self._changed:
            return number in self._answers

    def wait(self, number, seconds=60):
        with self._changed:
            there = self._changed.wait_for(lambda: number in self._answers or self._ended, patience.limit(seconds))
            assert there, "the browser does not answer"
            assert number in self._answers, "the browser ended"
            return self._answers.pop(number)

    def call(self, method, parameters=None, **more):
        answer = self.wait(self.begin(method, parameters or {}, **more))
        if "error" in answer:
            raise Failed(f"{method}: {answer['error']} {answer.get('message', '')}")
        return answer["result"]

    def close(self):
        self._socket.close()


class Pending:
    """What a page is busy with."""

    def __init__(self, wire, number, read):
        self._wire, self._number, self._read = wire, number, read

    @property
    def is_done(self):
        return self._wire.has(self._number)

    def wait(self, seconds=60):
        return self._read(self._wire.wait(self._number, seconds))


class Page:
    """`begin` starts an expression, awaited where it is a promise; `run` waits for its value, which is JSON."""

    def begin(self, expression):
        raise NotImplementedError

    def run(self, expression, seconds=60):
        return self.begin(expression).wait(seconds)

    @staticmethod
    def wrapped(expression):
        return f"(async () => JSON.stringify(await ({expression})))()"


class Browser:
    wire = None

    def _start(self, command, environment, line):
        """Until it has said where it listens."""
        self.log_path = self.home / "browser.log"
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(
                command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.home,
                start_new_session=True)
        try:
            found = patience.until(
                lambda: self.process.poll() is not None or re.search(line, self.log_path.read_text(errors="replace")), 60,
                lambda: self.log_path.read_text(errors="replace"))
            assert found is not True, self.log_path.read_text(errors="replace")
            self._meet(found[1])
        except BaseException:
            self.close()
            raise

    def _meet(self, address):
        """Its first words, at the address where it listens."""
        self.wire = Wire(address)

    def close(self):
        if self.wire:
            self.wire.close()
        # With all that it started; each is of the session made for it above.
        for kind, seconds in ((signal.SIGTERM, 5), (signal.SIGKILL, 10)):
            try:
                os.killpg(self.process.pid, kind)
            except ProcessLookupError:
                pass
            try:
                self.process.wait(patience.limit(seconds))
                break
            except subprocess.TimeoutExpired:
                continue
        try:
            # What outlived its leader.
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        if not self.keep:
            shutil.rmtree(self.home, ignore_errors=True)


def environment_of(home):
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return dict(kept, HOME=str(home), XDG_RUNTIME_DIR=str(home), LANG="C.UTF-8", TZ="Asia/Shanghai")


class Chromium(Browser):
    name = "chromium"

    def __init__(self, home, site=None, flags=(), keep=False):
        """`keep` leaves the home as it is when the browser ends."""
        self.keep = keep
        self.home = Path(home)
        self.home.mkdir(parents=True, exist_ok=True)
        if site:
            trust(self.home / ".pki/nssdb", site.directory / "ca.pem")
            # Not by the name's address, which is this machine's: as if from anywhere.
            flags = [f"--ip-address-space-overrides=127.0.0.1:{site.port}=public",
                     f"--host-resolver-rules=MAP {HOST} 127.0.0.1", *flags]
        self._start(
            ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--no-proxy-server",
             "--remote-debugging-port=0", f"--user-data-dir={self.home / 'profile'}", *flags, "about:blank"],
            environment_of(self.home), r"DevTools listening on (ws://\S+)")

    def open(self, url, permission=None, width=None, height=None):
        """A page in a context of its own. `permission`: granted, denied, prompt; without one the browser asks, and
        without a window answers that question with no."""
        context = self.wire.call("Target.createBrowserContext")["browserContextId"]
        origin = "/".join(url.split("/")[:3])
        if permission:
            self.wire.call("Browser.setPermission", {
                "permission": {"name": "loopback-network"}, "setting": permission, "origin": origin,
                "browserContextId": context})
        target = self.wire.call("Target.createTarget", {"url": "about:blank", "browserContextId": context})["targetId"]
        session = self.wire.call("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        page = ChromiumPage(self.wire, session)
        if width:
            page.call("Emulation.setDeviceMetricsOverride", {
                "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})
        page.goto(url)
        return page


class ChromiumPage(Page):
    def __init__(self, wire, session):
        self._wire, self._session = wire, session

    def call(self, method, parameters=None):
        return self._wire.call(method, parameters, sessionId=self._session)

    def goto(self, url):
        self.call("Page.enable")
        failed = self.call("Page.navigate", {"url": url}).get("errorText")
        if failed:
            raise Failed(failed)
        patience.until(lambda: self.run("document.readyState === 'complete' && location.href !== 'about:blank'"))

    def begin(self, expression):
        number = self._wire.begin(
            "Runtime.evaluate", {"expression": self.wrapped(expression), "awaitPromise": True, "returnByValue": True},
            sessionId=self._session)
        return Pending(self._wire, number, self._value)

    @staticmethod
    def _value(answer):
        result = answer.get("result", {})
        if "exceptionDetails" in result or "error" in answer:
            details = result.get("exceptionDetails", {})
            raise Failed(details.get("exception", {}).get("description") or str(details or answer["error"]))
        value = result["result"].get("value")
        return None if value is None else json.loads(value)

    def press(self, key, **more):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", dict(more, type=kind, key=key))

    def picture(self, path):
        import base64

        height = self.run("document.documentElement.scrollHeight")
        width = self.run("document.documentElement.clientWidth")
        data = self.call("Page.captureScreenshot", {
            "captureBeyondViewport": True, "clip": {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}})
        Path(path).write_bytes(base64.b64decode(data["data"]))


class Firefox(Browser):
    name = "firefox"

    def __init__(self, home, site=None, keep=False):
        self.keep = keep
        self.home = Path(home)
        self.profile = self.home / ".mozilla/firefox/tests.default"
        self.profile.mkdir(parents=True, exist_ok=True)
        wanted = {
            "browser.shell.checkDefaultBrowser": False, "browser.aboutwelcome.enabled": False,
            "datareporting.policy.dataSubmissionEnabled": False, "app.update.disabledForTesting": True,
            "browser.startup.page": 0, "network.proxy.type": 0, "network.captive-portal-service.enabled": False,
            "network.connectivity-service.enabled": False, "network.dns.localDomains": HOST,
            "toolkit.telemetry.reportingpolicy.firstRun": False, "remote.active-protocols": 1,
        }
        if site:
            trust(self.profile, site.directory / "ca.pem")
            # Not by the name's address, which is this machine's: as if from anywhere. The others are what people have by
            # default; a browser that is driven has them switched off.
            wanted["network.lna.address_space.public.override"] = f"127.0.0.1:{site.port}"
            wanted |= {f"network.lna.{name}": True for name in ("enabled", "blocking", "websocket.enabled")}
        (self.profile / "user.js").write_text(
            "".join(f'user_pref("{name}", {json.dumps(value)});\n' for name, value in wanted.items()))
        self._start(
            ["firefox-esr", "--headless", "--no-remote", "--profile", str(self.profile), "--remote-debugging-port=0"],
            dict(environment_of(self.home), MOZ_HEADLESS="1"), r"WebDriver BiDi listening on (ws://\S+)")

    def _meet(self, address):
        self.wire = Wire(address + "/session")
        self.wire.call("session.new", {"capabilities": {}})

    def open(self, url, permission="prompt"):
        """`permission`: granted, denied, or prompt, which without a window stays unanswered."""
        context = self.wire.call("browsingContext.create", {"type": "tab"})["context"]
        self.wire.call("permissions.setPermission", {
            "descriptor": {"name": "loopback-network"}, "state": permission, "origin": "/".join(url.split("/")[:3])})
        page = FirefoxPage(self.wire, context)
        page.goto(url)
        return page


class FirefoxPage(Page):
    def __init__(self, wire, context):
        self._wire, self._context = wire, context

    def goto(self, url):
        self._wire.call("browsingContext.navigate", {"context": self._context, "url": url, "wait": "complete"})

    def begin(self, expression):
        number = self._wire.begin("script.evaluate", {
            "expression": self.wrapped(expression), "target": {"context": self._context}, "awaitPromise": True,
            "resultOwnership": "none"})
        return Pending(self._wire, number, self._value)

    @staticmethod
    def _value(answer):
        result = answer.get("result", {})
        if answer.get("type") == "error" or result.get("type") == "exception":
            raise Failed(result.get("exceptionDetails", {}).get("text") or str(answer))
        value = result["result"].get("value")
        return None if value is None else json.loads(value)
