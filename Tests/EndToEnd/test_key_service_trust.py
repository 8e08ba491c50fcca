"""`ukey serve trust`: browsers take the service's own certificate without a warning, and nothing else that its CA might
sign; `untrust` leaves nothing."""

import base64
import os
import ssl
import sys
from pathlib import Path

import pytest

from rig.browser import Chromium, Failed, Firefox, Site
from rig.pages import everything
from rig.program import run, tool
from rig.web import WebSocket, connect

sys.path.insert(0, str(Path(__file__).parent.parent / "LoginToken"))

from login_verifier import certificate as parse_certificate, fits  # noqa: E402

PAGES = Path(__file__).parent / "pages"
NAME = "ukey local key service"
ADAPTERS = {"szca-soap": ("szca", "https"), "mtoken": ("mtoken", "https"), "szca-socket": ("szca", "wss"),
            "xtx": ("xtx", "wss")}
TEXT = "登录 over TLS"


def listed(folder):
    """The certificate of ours in a store, in PEM; empty when it is not there."""
    done = run("certutil", "-L", "-d", f"sql:{folder}", "-n", NAME, "-a")
    return done.stdout if done.code == 0 else ""


def make_store(folder, password=None):
    folder.mkdir(parents=True)
    if password is None:
        how = ["--empty-password"]
    else:
        (folder.parent / "password").write_text(password + "\n")
        how = ["-f", str(folder.parent / "password")]
    tool("certutil", "-N", "-d", f"sql:{folder}", *how)
    return folder


@pytest.fixture
def home(environment):
    return Path(environment["HOME"])


@pytest.fixture
def serve(ukey, home):
    return lambda *words: ukey("serve", *words, env={"XDG_STATE_HOME": str(home / "state")}, timeout=60)


def tls(home):
    return home / "state/ukey/service/tls"


def test_every_store_is_found_and_named(serve, home):
    stores = [
        make_store(home / ".mozilla/firefox/a.default"), make_store(home / "snap/firefox/common/.mozilla/firefox/b.default"),
        make_store(home / ".var/app/org.mozilla.firefox/.mozilla/firefox/c.default"),
        make_store(home / "snap/chromium/current/.pki/nssdb"),
        make_store(home / ".var/app/org.chromium.Chromium/.pki/nssdb")]
    # A profile that was never opened has none.
    (home / ".mozilla/firefox/Crash Reports").mkdir()
    done = serve("trust", "--json")
    assert done.code == 0
    found = {(entry["folder"], entry["result"]) for entry in done.json["stores"]}
    assert found == {(str(folder), "added") for folder in [home / ".pki/nssdb", *stores]}
    pem = listed(home / ".pki/nssdb")
    assert pem and all(listed(folder) == pem for folder in stores)
    again = serve("trust", "--json")
    assert {entry["result"] for entry in again.json["stores"]} == {"kept"}
    assert again.json["fingerprint"] == done.json["fingerprint"]
    gone = serve("untrust", "--json")
    assert gone.code == 0 and {entry["result"] for entry in gone.json["stores"]} == {"removed"}
    assert not any(listed(folder) for folder in [home / ".pki/nssdb", *stores])
    assert not tls(home).exists()
    assert {entry["result"] for entry in serve("untrust", "--json").json["stores"]} == {"absent"}


def test_a_store_with_a_password_is_left_to_its_holder(serve, home):
    make_store(home / ".mozilla/firefox/a.default", password="secret word")
    done = serve("trust", "--json")
    results = {entry["title"]: entry["result"] for entry in done.json["stores"]}
    assert results["Chromium/Chrome"] == "added"
    if results["Firefox a.default"] != "added":
        assert (done.code, results["Firefox a.default"]) == (10, "locked")
        assert "⚠ Firefox a.default" in serve("trust").stdout


def test_words(serve, home):
    shown = serve("trust", "--lang", "zh").stdout
    assert "✓ Chromium/Chrome" in shown and "已加入" in shown and "重新启动浏览器" in shown
    assert "removed" in serve("untrust", "--lang", "en").stdout


def openssl(*arguments):
    return run("openssl", *arguments)


def test_a_stolen_key_is_of_no_use_elsewhere(serve, home, tmp_path):
    """With the CA's key in hand: a certificate for another name is refused, one below it cannot be a CA."""
    serve("trust")
    folder = tls(home)
    assert folder.stat().st_mode & 0o777 == 0o700
    for name in ["authority.key", "service.key", "authority.pem", "service.pem"]:
        assert (folder / name).stat().st_mode & 0o777 == 0o600
    text = openssl("x509", "-in", folder / "authority.pem", "-noout", "-text").stdout
    assert "CA:TRUE, pathlen:0" in text and "Name Constraints: critical" in text and "TLS Web Server" in text
    assert openssl("verify", "-CAfile", folder / "authority.pem", "-verify_hostname", "localhost", folder / "service.pem").code == 0
    for name, works in [("localhost", True), ("portal.example", False)]:
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", tmp_path / "k",
                "-out", tmp_path / "r", "-subj", f"/CN={name}")
        (tmp_path / "e").write_text(f"subjectAltName=DNS:{name}\n")
        openssl("x509", "-req", "-in", tmp_path / "r", "-CA", folder / "authority.pem", "-CAkey", folder / "authority.key",
                "-days", "30", "-extfile", tmp_path / "e", "-out", tmp_path / "c")
        done = openssl("verify", "-CAfile", folder / "authority.pem", tmp_path / "c")
        assert (done.code == 0) == works, done.stderr
        assert works or "permitted subtree violation" in done.stderr


def issue(folder, tmp_path, days):
    """The service's certificate as it is when so many days of it are left; its serial number."""
    (tmp_path / "e").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1\n")
    openssl("req", "-new", "-key", folder / "service.key", "-out", tmp_path / "r", "-subj", "/CN=localhost")
    openssl("x509", "-req", "-in", tmp_path / "r", "-CA", folder / "authority.pem", "-CAkey", folder / "authority.key",
            "-days", str(days), "-extfile", tmp_path / "e", "-out", folder / "service.pem")
    return serial(folder)


def serial(folder):
    return openssl("x509", "-in", folder / "service.pem", "-noout", "-serial").stdout


@pytest.mark.parametrize("days, renewed", [(100, False), (30, True)])
def test_renewed_before_its_end(service, serve, home, tmp_path, days, renewed):
    """When the service starts; the CA, which browsers have, stays."""
    serve("trust")
    folder = tls(home)
    authority = (folder / "authority.pem").read_bytes()
    made = issue(folder, tmp_path, days)
    running = service()
    assert running.port("xtx", "tls")
    assert (serial(folder) != made) == renewed
    assert (folder / "service.key").stat().st_mode & 0o777 == 0o600
    assert (folder / "authority.pem").read_bytes() == authority
    assert openssl("verify", "-CAfile", folder / "authority.pem", folder / "service.pem").code == 0


# In browsers


@pytest.fixture
def site(tmp_path):
    made = Site(tmp_path, {f"/{page.name}": ("text/html", page.read_bytes()) for page in PAGES.iterdir()})
    yield made
    made.close()


@pytest.fixture
def service(key_service, site, serve, home):
    return lambda: key_service(
        "--demo", "--adapters", ",".join(ADAPTERS), allowed=everything(site.origin), state=home / "state")


def log_in(browser, site, service, adapter):
    base = f"{ADAPTERS[adapter][1]}://127.0.0.1:{service.port(adapter, 'tls')}"
    page = browser.open(site.url(f"/{adapter}.html", port=0, base=base), "granted")
    pending = page.begin(f"login('{TEXT}')")
    service.type_pin()
    result = pending.wait()
    assert "error" not in result, result
    holder = parse_certificate(base64.b64decode(result["certificate"]))
    assert fits(holder.key, TEXT.encode(), base64.b64decode(result["signature"]))


def refused(browser, site, service, adapter):
    base = f"{ADAPTERS[adapter][1]}://127.0.0.1:{service.port(adapter, 'tls')}"
    page = browser.open(site.url(f"/{adapter}.html", port=0, base=base), "granted")
    with pytest.raises(Failed):
        page.run(f"login('{TEXT}')")


@pytest.mark.long
@pytest.mark.parametrize("kind", [Chromium, Firefox])
def test_fresh_profiles_take_it(kind, site, service, serve, home):
    # Firefox makes a profile with an empty store; Chromium's is made when it is first needed.
    make_store(home / ".mozilla/firefox/tests.default")
    assert serve("trust").code == 0
    running = service()
    browser = kind(home, site, keep=True)
    try:
        for adapter in ADAPTERS:
            log_in(browser, site, running, adapter)
    finally:
        browser.close()
    assert serve("untrust").code == 0
    # The service still runs here, with a certificate that no browser knows any more.
    browser = kind(home, site, keep=True)
    try:
        for adapter in ["mtoken", "xtx"]:
            refused(browser, site, running, adapter)
    finally:
        browser.close()


def test_a_running_service_opens_and_closes_its_ports(service, ukey, home):
    running = service()
    assert not any(kind == "tls" for _, kind in running.ports)
    assert ukey("serve", "trust", env=running.places, timeout=60).code == 0
    running.wait_for(lambda log: log.count("ready\n") == 2 and log.count(" tls open\n") == 2 * len(ADAPTERS))
    assert ukey("serve", "untrust", env=running.places, timeout=60).code == 0
    running.wait_for(lambda log: log.count("ready\n") == 3)
    assert " tls open\n" not in running.log.split("ready\n")[2]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_modern_tls_only(site, service, serve, home):
    serve("trust")
    running = service()
    context = ssl.create_default_context(cafile=tls(home) / "authority.pem")
    for address, name in [("127.0.0.1", "127.0.0.1"), ("127.0.0.1", "localhost"), ("::1", "::1")]:
        with connect(running.port("xtx", "tls"), address) as plain, context.wrap_socket(plain, server_hostname=name) as sock:
            assert sock.version() in ("TLSv1.2", "TLSv1.3")
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    # What this client itself would refuse by default, it offers.
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.options |= ssl.OP_NO_TLSv1_2 | ssl.OP_NO_TLSv1_3
    old.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    with connect(running.port("xtx", "tls")) as plain, pytest.raises((ssl.SSLError, OSError)):
        old.wrap_socket(plain)
    context.check_hostname = False
    socket = WebSocket(running.port("xtx", "tls"), "/xtxapp", origin=site.origin, context=context)
    assert socket.call({"xtx_func_name": "SOF_GetVersion", "call_cmd_id": "i", "param": []})["retVal"]
    assert os.stat(tls(home)).st_uid == os.getuid()
