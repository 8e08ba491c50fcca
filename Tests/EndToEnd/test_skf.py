"""Keys behind an SKF library: every command on the conformance library, its quirks one by one, its crashes and hangs."""

import os
import random
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest
from rig import skf
from rig.program import Secret

QUIRKS = [
    # name, settings, what is different
    ("plain", {}),
    ("ULONG of 8 bytes, packed", {"ulong_size": 8, "bool_size": 8}),
    ("ULONG of 8 bytes, aligned", {"ulong_size": 8, "bool_size": 4, "packed": 0}),
    ("natural alignment", {"packed": 0}),
    ("BOOL of 8 bytes", {"bool_size": 8}),
    ("size query 0xFFFFFFC2", {"size_query": 1}),
    ("size query always 512", {"size_query": 2}),
    ("SAR codes of another table", {"foreign_codes": 1}),
    ("ECCSignData hashes again", {"double_hash": 1}),
    ("RSASignData adds DigestInfo", {"rsa_digest": 1}),
    ("much noise on stdout and stderr", {"noise": 1}),
    ("names in GB18030", {"gb18030": 1}),
    ("retry count with nonsense on success", {"retry_garbage": 1}),
    ("Reserved of DEVINFO not written", {"short_reserved": 1}),
    ("names with escape sequences", {"control_names": 1}),
]


@pytest.fixture(scope="session")
def skf_parts(tmp_path_factory):
    directory = tmp_path_factory.mktemp("skf")
    certificates = directory / "certificates"
    certificates.mkdir()
    skf.make_certificates(certificates)
    return {
        "certificates": certificates,
        "library": skf.build(directory),
        "table": skf.build(directory, "libskf_table.so", table_only=True),
        "sparse": skf.build(
            directory, "libskf_sparse.so",
            omit=["SKF_ClearSecureState", "SKF_GetContainerType", "SKF_WaitForDevEvent", "SKF_GetDevState"]),
        "no-pin": skf.build(directory, "libskf_nopin.so", omit=["SKF_VerifyPIN", "SKF_ChangePIN", "SKF_GetPINInfo"]),
    }


TABLE = Path(__file__).resolve().parents[2] / "Docs/skf-quirks.md"
ROWS = []


def record(quirk, *cells):
    """A row of Docs/skf-quirks.md, as it was seen."""
    ROWS.append((quirk, *cells))


@pytest.fixture
def token(skf_parts, tmp_path):
    def make(library="library", **quirks):
        return skf.Token(tmp_path / "token", skf_parts["certificates"], skf_parts[library], **quirks)

    return make


@pytest.fixture
def call(ukey):
    """`call(token, "status")`: a command on this token alone, as JSON."""

    def run(token, *words, timeout=60):
        return ukey(*words, "--json", "--provider", token.provider, env=token.env, timeout=timeout)

    return run


def change(call, token, old, new, *flags):
    return call(token, "pin", "change", "--pin-fd", Secret(old), "--new-pin-fd", Secret(new), *flags)


def the_key(done):
    return done.json["readers"][0]["key"]


def containers(key):
    return key["applications"][0]["containers"]


@pytest.mark.parametrize("name,quirks", QUIRKS, ids=[name for name, _ in QUIRKS])
def test_quirk(call, token, name, quirks):
    """Everything right in spite of the quirk: reading, wrong PIN, change, login signature, unblocking."""
    key = token(**quirks)
    done = call(key, "status")
    assert done.code == 0, done
    shown = the_key(done)
    assert shown["family"] == "skf" and shown["serial"] == "SKF-00412" and shown["firmwareVersion"] == "3.4"
    assert shown["manufacturer"] == "示例厂商"
    application = shown["applications"][0]
    assert application["name"] == "应用"
    assert application["userPin"] == {"triesLeft": 10, "triesMax": 10, "locked": False, "default": True}
    assert [c["name"] for c in containers(shown)] == ["R", "容器01"]
    pair = containers(shown)[1]["certificates"]
    assert [(c["role"], c["owner"], c["algorithm"]) for c in pair] == [
        ("signature", "深圳市示例建设工程有限公司", "SM2"), ("encryption", "深圳市示例建设工程有限公司", "SM2")]

    wrong = change(call, key, "654321", "7g2K9q")
    assert (wrong.code, wrong.json["outcome"], wrong.json["triesLeft"]) == (7, "wrong", 9), wrong
    assert key.tries == (9, 10)
    right = change(call, key, skf.USER_PIN, "7g2K9q")
    assert (right.code, right.json["outcome"]) == (0, "changed"), right
    assert key.tries == (10, 10) and key.pins[0] == "7g2K9q"
    login = call(key, "login-test", "--pin-fd", Secret("7g2K9q"))
    assert login.code == 0, login
    assert verdict(login, "login.signature") == "ok"
    unblocked = call(
        key, "unlock", "admin", "--pin-fd", Secret(skf.ADMIN_PIN), "--new-pin-fd", Secret("abc123XY"))
    assert unblocked.code == 0 and key.pins[0] == "abc123XY", unblocked
    # No PIN was sent oftener than asked for, and nobody was left logged in.
    calls = key.calls()
    assert (calls.count("SKF_ChangePIN"), calls.count("SKF_VerifyPIN"), calls.count("SKF_UnblockPIN")) == (2, 1, 1)
    assert calls.count("SKF_ClearSecureState") == 4
    record(
        name, "right", f"{wrong.json['outcome']}, {wrong.json['triesLeft']} left", right.json["outcome"], "verified",
        "unblocked")


def verdict(done, link):
    return next(check["verdict"] for check in done.json["checks"] if check["id"] == link)


@pytest.mark.parametrize("algorithm", ["sm2", "rsa"])
@pytest.mark.parametrize("quirks", [{}, {"double_hash": 1}, {"rsa_digest": 1}], ids=["plain", "double", "digest"])
def test_login_signature_of_each_kind(call, token, algorithm, quirks):
    key = token(**quirks)
    for file in key.directory.glob("rsa-*" if algorithm == "sm2" else "sm2-*"):
        file.unlink()
    done = call(key, "login-test", "--pin-fd", Secret(skf.USER_PIN))
    assert done.code == 0 and verdict(done, "login.signature") == "ok", done
    assert key.calls().count("SKF_VerifyPIN") == 1


def test_table_only(call, token):
    key = token("table")
    assert the_key(call(key, "status"))["serial"] == "SKF-00412"
    assert change(call, key, skf.USER_PIN, "7g2K9q").code == 0 and key.pins[0] == "7g2K9q"
    record("exports SKF_GetFuncList only", "right", "", "changed", "", "")


def test_missing_symbols(call, token):
    key = token("sparse")
    shown = the_key(call(key, "status"))
    assert containers(shown)[1]["certificates"][0]["algorithm"] == "SM2"
    assert containers(shown)[1]["kind"]["error"]["code"] == "UK-220"
    assert change(call, key, skf.USER_PIN, "7g2K9q").code == 0
    record("symbols missing", "right, kind UK-220", "", "changed; the host is ended for want of ClearSecureState", "", "")


def test_missing_pin_functions(call, token):
    key = token("no-pin")
    done = call(key, "status")
    assert the_key(done)["applications"][0]["userPin"]["error"]["code"] == "UK-220"
    assert change(call, key, skf.USER_PIN, "7g2K9q").code == 9
    assert key.pins[0] == skf.USER_PIN
    record("PIN functions missing", "right, PIN UK-220", "", "not sent", "", "")


@pytest.mark.parametrize("size", [0, 1, 2])
def test_empty_lists(call, token, size):
    key = token(empty_size=size, no_devices=1)
    assert call(key, "status").code == 5
    key.set(no_devices=0, no_applications=1)
    assert call(key, "status").code == 6
    key.set(no_applications=0, no_containers=1)
    assert call(key, "status").code == 6
    record(f"empty lists of {size} bytes", "no key, no application, no container", "", "", "", "")


def test_low_tries_need_words(call, token):
    key = token()
    key.set_tries(3)
    refused = change(call, key, "654321", "7g2K9q")
    assert refused.code == 9 and key.tries[0] == 3
    assert change(call, key, "654321", "7g2K9q", "--low-tries").code == 7 and key.tries[0] == 2
    key.set_tries(1)
    assert change(call, key, "654321", "7g2K9q", "--low-tries").code == 9 and key.tries[0] == 1
    locked = change(call, key, "654321", "7g2K9q", "--last-try")
    assert (locked.code, locked.json["outcome"]) == (8, "locked")
    before = key.calls().count("SKF_ChangePIN")
    assert change(call, key, skf.USER_PIN, "7g2K9q", "--last-try").code == 8
    assert key.calls().count("SKF_ChangePIN") == before
    assert call(key, "status").code == 8


READING = [
    "SKF_EnumDev", "SKF_ConnectDev", "SKF_GetDevInfo", "SKF_EnumApplication", "SKF_OpenApplication", "SKF_GetPINInfo",
    "SKF_EnumContainer", "SKF_OpenContainer", "SKF_ExportCertificate"]


def limited(token, environment, seconds=1):
    folder = Path(environment["HOME"]) / ".config/ukey"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "providers.conf").write_text(f"{token.provider} limit={seconds}\n")


@pytest.mark.parametrize("function", READING)
@pytest.mark.parametrize("how", ["crash", "hang"])
def test_reading_survives(call, token, environment, function, how):
    key = token(**{how: function})
    limited(key, environment)
    begun = time.monotonic()
    done = call(key, "status", timeout=15)
    assert time.monotonic() - begun < 8
    error = done.json.get("error") or done.json["readers"][0]["error"]
    assert error["code"] == ("UK-232" if how == "crash" else "UK-233"), done
    assert done.code == 10
    record(f"{how} in {function}", error["code"], "", "", "", "")


@pytest.mark.parametrize("when", ["crash", "hang", "hang_after"])
def test_pin_change_survives(call, token, environment, when):
    key = token(**{when: "SKF_ChangePIN"})
    limited(key, environment)
    done = change(call, key, skf.USER_PIN, "7g2K9q")
    # The command had left: only the key knows, and it is said so.
    assert (done.code, done.json["outcome"]) == (11, "unknown"), done
    assert key.calls().count("SKF_ChangePIN") == 1
    assert key.pins[0] == ("7g2K9q" if when == "hang_after" else skf.USER_PIN)
    record(f"{when.replace('_', ' ')} in SKF_ChangePIN", "right", "", "unknown (exit 11), sent once", "", "")


@pytest.mark.parametrize("when", ["crash", "hang"])
def test_nothing_sent_when_it_dies_before(call, token, environment, when):
    key = token(**{when: "SKF_GetPINInfo"})
    limited(key, environment)
    done = change(call, key, skf.USER_PIN, "7g2K9q")
    assert done.code in (9, 10), done
    assert "SKF_ChangePIN" not in key.calls() and key.pins[0] == skf.USER_PIN


def test_library_that_is_none(ukey, tmp_path):
    def code(content):
        path = tmp_path / "lib.so"
        path.write_bytes(content)
        done = ukey("status", "--json", "--provider", f"skf:{path}")
        return done.code, done.json["error"]["code"]

    assert code(b"no library") == (10, "UK-230")
    assert code(b"\x7fELF\x01\x01\x01" + bytes(9) + b"\x03\x00\x03\x00" + bytes(40)) == (10, "UK-231")
    assert code(b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00\xb7\x00" + bytes(40)) == (10, "UK-231")
    assert code(b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00\x3e\x00" + bytes(40)) == (10, "UK-230")
    assert ukey("status", "--json", "--provider", f"skf:{tmp_path}/absent.so").json["error"]["code"] == "UK-230"
    libc = ukey("status", "--json", "--provider", "skf:/lib/x86_64-linux-gnu/libz.so.1")
    assert libc.json["error"]["code"] == "UK-230"


def test_provider_test_tells(ukey, token):
    key = token(ulong_size=8, bool_size=8, packed=0, noise=1)
    done = ukey("provider", "test", "--json", str(key.library), env=key.env)
    assert done.code == 0
    assert "ULONG 64" in done.json["abi"] and "DEVINFO 328 (ULONG 64, aligned)" in done.json["abi"]
    assert done.json["devices"][0]["name"] == "海泰示例 1" and "vendor error output" in done.json["printed"]
    assert {"SKF_ConnectDev", "dlopen"} <= {timing["function"] for timing in done.json["calls"]}


def test_events(token, environment, ukey):
    """`ukey watch`: by the library's own wait, and by looking every two seconds where it has none."""
    for events in (1, 0):
        key = token(events=events)
        key.unplug()
        (key.directory / "calls").write_text("")
        process = subprocess.Popen(
            [ukey.path, "watch", "--json", "--provider", key.provider], stdout=subprocess.PIPE, text=True,
            env=dict(environment, **key.env))
        lines = []
        reader = threading.Thread(target=lambda: lines.extend(iter(process.stdout.readline, "")), daemon=True)
        reader.start()

        def wait_for(event):
            deadline = time.monotonic() + 10
            while not any(f'"{event}"' in line for line in lines):
                assert time.monotonic() < deadline, (event, lines)
                time.sleep(0.02)

        time.sleep(0.5)
        key.plug()
        wait_for("read")
        key.unplug()
        wait_for("removed")
        process.send_signal(signal.SIGINT)
        assert process.wait(5) == 130
        # The second host cancels its wait in good order after the program has gone.
        deadline = time.monotonic() + 5
        while events and "SKF_CancelWaitForDevEvent" not in key.calls():
            assert time.monotonic() < deadline, key.calls()
            time.sleep(0.02)


def test_table_is_what_was_seen(request):
    """Docs/skf-quirks.md is this run's result; UKEY_UPDATE_DOCS=1 writes it anew."""
    if len(ROWS) < len(QUIRKS) + len(READING) * 2 + 6:
        pytest.skip("only with all the tests before it")
    head = TABLE.read_text().split("\n| quirk |")[0] if TABLE.exists() else "# Quirks of SKF libraries\n"
    lines = ["| quirk | reading | wrong PIN | change PIN | login signature | unblock |", "|---|---|---|---|---|---|"]
    lines += ["| " + " | ".join(row) + " |" for row in ROWS]
    text = head + "\n" + "\n".join(lines) + "\n"
    if os.environ.get("UKEY_UPDATE_DOCS") == "1":
        TABLE.write_text(text)
    assert TABLE.read_text() == text


def test_manager_outlives_its_host(token, screen):
    """The window on a key behind a library: shown, host killed, read again by itself in a new one, key pulled and put."""
    key = token(events=1)
    window = screen(100, 30, "ukey", "--lang", "en", "--provider", key.provider, env=key.env)
    window.wait_for("示例建设工程有限公司")
    window.wait_for("10/10")
    for child in children(window.pid):
        os.kill(child, signal.SIGKILL)
    window.keys("r")
    window.wait_for("started again by itself")
    assert "示例建设工程有限公司" in window.text()
    key.unplug()
    window.wait_gone("示例建设工程有限公司")
    key.plug()
    window.wait_for("示例建设工程有限公司")
    window.keys("q")
    assert window.exit_status() == 0


def children(parent):
    files = Path(f"/proc/{parent}/task").glob("*/children")
    return [int(word) for file in files for word in file.read_text().split()]


ROUNDS = 1000


def host_of(parent):
    """The child process of this program, while there is one."""
    try:
        return next(iter(children(parent)), None)
    except (OSError, ValueError):
        return None


def test_kill_at_any_moment(token, environment, ukey):
    """kill -9 of the child at any moment: the program lives, and the outcome it tells is what the key holds."""
    key = token()
    chance = random.Random(20260101)
    environment = dict(environment, **key.env)
    pins = [skf.USER_PIN, "7g2K9q"]
    kills, outcomes = 0, {}
    while kills < ROUNDS:
        key.set_tries(10)
        old, new = key.pins[0], pins[1 - pins.index(key.pins[0])]
        old_fd, new_fd = Secret(old), Secret(new)
        handles = []
        for secret in (old_fd, new_fd):
            reading, writing = os.pipe()
            os.write(writing, secret.data)
            os.close(writing)
            handles.append(reading)
        process = subprocess.Popen(
            [ukey.path, "pin", "change", "--json", "--pin-fd", str(handles[0]), "--new-pin-fd", str(handles[1]),
             "--provider", key.provider], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment,
            pass_fds=handles, text=True)
        for handle in handles:
            os.close(handle)
        child = None
        while child is None and process.poll() is None:
            child = host_of(process.pid)
        time.sleep(chance.random() * 0.03)
        if child is not None:
            try:
                os.kill(child, signal.SIGKILL)
                kills += 1
            except ProcessLookupError:
                pass
        out, _ = process.communicate(timeout=20)
        now = key.pins[0]
        code = process.returncode
        outcomes[code] = outcomes.get(code, 0) + 1
        assert code in (0, 9, 10, 11), (code, out)
        if code == 0:
            assert now == new, out
        elif code in (9, 10):
            assert now == old, out
        else:
            assert now in (old, new)
        assert key.tries[0] in (9, 10)
    print("outcomes by exit code:", outcomes)
    assert outcomes.get(0, 0) < ROUNDS
