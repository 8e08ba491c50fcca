"""Fixtures of the end-to-end tests. Start them by Tests/run-end-to-end, which makes the private world they need."""

import fcntl
import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from rig import patience, program, records as records_module, screen as screen_module, service, skf, softhsm, stalls  # noqa: E402
from rig.cards import ScriptCard, SoftToken  # noqa: E402
from rig.key_service import KeyService  # noqa: E402


def pytest_configure(config):
    config.addinivalue_line("markers", "long: of those tests that the others need not wait for at the end")
    config.addinivalue_line("markers", "xdist_group(name): tests that one worker takes, in their order")
    stalls.configure(config)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """None goes on without end, and the long ones begin first; the others fill the time beside them."""
    for item in items:
        item.add_marker(pytest.mark.timeout(patience.limit(stalls.TEST)))
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Remembers the outcome of each phase, and shows the logs of the rig beside a failure."""
    outcome = yield
    report = outcome.get_result()
    if report.when == "call" and report.failed:
        for name, log in getattr(item, "rig_logs", []):
            try:
                report.sections.append((name, log()))
            except Exception as error:  # the failure itself must be shown whatever became of the rig
                report.sections.append((name, f"not available: {error}"))


def keep_log(request, name, log):
    logs = getattr(request.node, "rig_logs", [])
    logs.append((name, log))
    request.node.rig_logs = logs


@pytest.fixture(scope="session")
def postgresql():
    """A server for the tests of one worker that want one; each makes databases of its own."""
    server = records_module.Server()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def records(request):
    """What a platform takes for its records: nothing for the file in its folder, or a database of a server."""
    if request.param == "sqlite":
        yield None
        return
    made = records_module.PostgreSQL(request.getfixturevalue("postgresql"))
    yield made
    made.drop()


@pytest.fixture(scope="session")
def driver_directory(tmp_path_factory):
    return tmp_path_factory.mktemp("pcscd")


@pytest.fixture
def pcscd(request, driver_directory):
    """A running service with one reader; `.stop()`, `.kill()`, `.start()`, `.restart()`."""
    # The directory is shared by all tests, so that the driver is compiled once; the log begins anew.
    running = service.Service(driver_directory)
    running.log_path.unlink(missing_ok=True)
    keep_log(request, "pcscd.log", running.log)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def readers(pcscd):
    """`readers(n)`: the service with n empty readers (0 to 16)."""

    def make(count):
        if count != len(pcscd.readers):
            pcscd.stop()
            pcscd.configure(count)
            pcscd.start()
        return list(pcscd.readers)

    return make


@pytest.fixture
def reader(pcscd):
    """The one reader of the service."""
    return pcscd.readers[0]


@pytest.fixture
def environment(tmp_path):
    """A clean environment with a home of its own, so that no configuration of the tester's takes part."""
    home = tmp_path / "home"
    home.mkdir()
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return dict(kept, HOME=str(home), LANG="C.UTF-8", TZ="Asia/Shanghai")


@pytest.fixture
def ukey(environment):
    """`ukey("status", "--json", input=…, env={…}, timeout=…)` → code, stdout, stderr, json."""
    path = program.ukey_path()

    def call(*arguments, input=None, env=None, timeout=30.0):
        return program.run(path, *arguments, input=input, env=dict(environment, **(env or {})), timeout=timeout)

    call.path = path
    return call


@pytest.fixture
def peer(environment):
    """Another program in the same world: `peer("pkcs15-tool", "--list-certificates")`."""

    def call(name, *arguments, input=None, env=None, timeout=60.0):
        return program.run(name, *arguments, input=input, env=dict(environment, **(env or {})), timeout=timeout)

    return call


@pytest.fixture
def soft_token(request, tmp_path, environment, ukey):
    """`soft_token(card="piv", settings={…}, profile=…, dir=…, reader=…)`: plugs a software card in; usable with `with`."""
    plugged = []

    def plug(
        card="gm", settings=None, profile=None, dir=None, reader=None, trace=True, timeout=20.0, faults=(), sample=None):
        slot = reader or request.getfixturevalue("reader")
        directory = Path(dir) if dir else tmp_path / f"card-{len(plugged)}"
        token = SoftToken(
            ukey.path, slot, directory, card=card, profile=profile, settings=settings, trace=trace, env=environment,
            timeout=timeout, faults=faults, sample=sample)
        plugged.append(token)
        keep_log(request, f"soft-token {card} in {slot.name}", token.log)
        return token

    yield plug
    for token in reversed(plugged):
        token.unplug()


@pytest.fixture
def script_card(request):
    """`script_card(answer, atr=…, reader=…)`: a card whose answers the test makes."""
    plugged = []

    def plug(answer, atr=bytes.fromhex("3B80800101"), reader=None, wait=True):
        card = ScriptCard(reader or request.getfixturevalue("reader"), answer, atr, wait)
        plugged.append(card)
        return card

    yield plug
    for card in reversed(plugged):
        card._socket.close() if card.error else card.unplug()


@pytest.fixture
def screen(request, environment):
    """`screen(80, 24, "ukey", …, env={…})`: a terminal; see rig.screen.Screen. A word "ukey" means the one under test."""
    opened = []

    def open_screen(cols, rows, *command, env=None):
        words = [str(program.ukey_path()) if word == "ukey" else word for word in command]
        terminal = screen_module.Screen(cols, rows, *words, env=dict(environment, **(env or {})))
        opened.append(terminal)
        keep_log(request, "screen", terminal.text)
        return terminal

    yield open_screen
    for terminal in opened:
        terminal.close()


@pytest.fixture
def key_service(tmp_path):
    """`key_service("--demo", …)`: the service that web pages call; see rig.key_service.KeyService."""
    running = []

    def start(*arguments, **options):
        running.append(KeyService(tmp_path / "service", *arguments, **options))
        return running[-1]

    yield start
    codes = [service.stop() for service in running]
    for service in running:
        print(service.log)
    assert not any(codes), codes


@pytest.fixture(scope="session")
def skf_parts(tmp_path_factory):
    """The SKF conformance library in several makes, and the certificates of its keys; never written to once made."""
    own = tmp_path_factory.getbasetemp()
    # Workers share it: their folders stand beside each other in that of the run.
    directory = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "skf-parts"
    certificates = directory / "certificates"
    makes = {
        "library": {},
        "table": {"table_only": True},
        "sparse": {
            "omit": ["SKF_ClearSecureState", "SKF_GetContainerType", "SKF_WaitForDevEvent", "SKF_GetDevState"]},
        "remote": {"remote": True},
        "no-pin": {"omit": ["SKF_VerifyPIN", "SKF_ChangePIN", "SKF_GetPINInfo"]},
    }

    def file(make):
        return directory / f"libskf_{'conformance' if make == 'library' else make}.so"

    with open(directory.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (directory / "made").exists():
            certificates.mkdir(parents=True, exist_ok=True)
            skf.make_certificates(certificates)
            for name, options in makes.items():
                skf.build(directory, file(name).name, **options)
            (directory / "made").touch()
    return {"certificates": certificates, **{name: file(name) for name in makes}}


@pytest.fixture
def skf_token(skf_parts, tmp_path):
    """`skf_token("sparse", noise=1)`: a key behind a make of the conformance library, with quirks."""

    def make(library="library", **quirks):
        return skf.Token(tmp_path / "token", skf_parts["certificates"], skf_parts[library], **quirks)

    return make


@pytest.fixture
def hsm(tmp_path, environment):
    """A SoftHSM2 token of its own."""
    return softhsm.HSM(tmp_path / "hsm", environment)


@pytest.fixture
def call(ukey):
    """`call(token, "status")`: a command on this token alone, as JSON."""

    def run(token, *words, timeout=60):
        return ukey(*words, "--json", "--provider", token.provider, env=token.env, timeout=timeout)

    return run


@pytest.fixture(params=["skf", "softhsm"])
def library_key(request):
    """A key with certificates behind each kind of library; `.user_pin`, `.admin_pin`, `.accepts(pin)`, `.counts`."""
    if request.param == "skf":
        return request.getfixturevalue("skf_token")()
    token = request.getfixturevalue("hsm")
    token.add("01", "RSA")
    return token
