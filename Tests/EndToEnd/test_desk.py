"""The desk does not give away its administrator PIN, its temporary PINs or its record."""

import json
import re
import subprocess

import pytest
from rig import patience
from rig.program import Secret

from test_unlock import ADMIN, NEW, PERSON, TEMPORARY, lock, works

# pylint: disable=unused-import
from test_unlock import asking  # noqa: F401  (a fixture)

STRONG = "aB3dE5gH7jKmN9pQ"
MASTER = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def request_file(ukey, tmp_path):
    path = tmp_path / "one.ukreq"
    assert ukey("unlock", "request", "--demo", "--yes", "--no-wait", "--out", path, *PERSON).code == 0
    return path


def approve(ukey, request, *options, admin=STRONG):
    """In JSON, with a temporary PIN that is given."""
    known = ["--admin-pin-fd", Secret(admin)] if admin else []
    return ukey(
        "unlock", "approve", str(request), "--json", "--yes", "--force", *known, "--new-pin-fd", Secret(TEMPORARY), *options)


@pytest.mark.parametrize("admin", ["86305917", "8630591724681357", "aB3dE5gH", "12345678"])
def test_a_weak_administrator_pin_is_refused_unless_named_so(ukey, request_file, admin):
    done = approve(ukey, request_file, admin=admin)
    assert done.code == 9 and done.json["error"]["code"] == "UK-509", done
    assert re.search(r"(\d+ \w+|less than a second) on one processor core", done.json["error"]["detail"]), done
    assert admin not in done.stdout + done.stderr and not request_file.with_suffix(".ukresp").exists()
    done = approve(ukey, request_file, "--weak-admin-pin", admin=admin)
    assert done.code == 0 and "on one processor core" in done.stderr, done


def test_a_strong_one_needs_no_word(ukey, request_file):
    done = approve(ukey, request_file)
    assert done.code == 0 and "processor core" not in done.stderr, done


def test_the_temporary_pin_never_goes_to_a_redirected_output(ukey, request_file):
    """Without a terminal: usage, before anything is decided."""
    done = subprocess.run(
        [ukey.path, "unlock", "approve", str(request_file), "--yes", "--admin-pin-fd", "0"], input=STRONG, text=True,
        capture_output=True, start_new_session=True, timeout=patience.limit(30))
    assert done.returncode == 2 and "--pin-out" in done.stderr and not done.stdout, done
    assert not request_file.with_suffix(".ukresp").exists()


def test_the_temporary_pin_is_on_the_terminal_until_a_key_is_pressed(screen, request_file, tmp_path):
    out = tmp_path / "stdout"
    terminal = screen(
        100, 30, "sh", "-c", f'exec "$0" unlock approve "$1" --yes >"{out}"', "ukey", str(request_file))
    for _ in range(2):
        terminal.wait_for("Administrator PIN")
        terminal.type(STRONG)
        terminal.keys("Enter")
    terminal.wait_for(r"Temporary PIN \d{8}")
    pin = re.search(r"Temporary PIN (\d{8})", terminal.text())[1]
    terminal.keys("x")
    assert terminal.exit_status() == 0
    history = subprocess.run(
        ["tmux", "-S", terminal._socket, "capture-pane", "-p", "-S", "-"], capture_output=True, text=True, check=True)
    assert pin not in terminal.text() + history.stdout + out.read_text()
    assert request_file.with_suffix(".ukresp").exists()


def test_the_check_code_that_was_read_out(ukey, request_file):
    from unlock_checker import check_request

    code = check_request(request_file.read_bytes()).check_code
    assert len(code) == 24
    for typed in (code, code.lower().replace("-", " "), code[:14]):
        assert approve(ukey, request_file, "--check-code", typed).code == 0, typed
    done = approve(ukey, request_file, "--check-code", "0000-0000-0000-0000-0000")
    assert done.code == 9 and done.json["error"]["code"] == "UK-503", done


def test_answers_are_limited_by_serial_and_day(ukey, request_file):
    for _ in range(3):
        assert approve(ukey, request_file).code == 0
    done = approve(ukey, request_file)
    assert done.code == 9 and done.json["error"]["code"] == "UK-516", done
    assert approve(ukey, request_file, "--per-day", "4").code == 0


@pytest.mark.parametrize("profile", ["A-be", "A-lm", "B-le"])
def test_from_issuing_to_unlocking_with_derived_pins(ukey, soft_token, asking, tmp_path, profile):  # noqa: F811
    from unlock_checker import derived_admin_pin, payload

    soft_token(card="gm", profile=profile)
    issued = tmp_path / "issued.tsv"
    done = ukey(
        "unlock", "set-admin", "--json", "--admin-master-fd", Secret(MASTER), "--pin-fd", Secret(ADMIN), "--issued", issued)
    assert done.code == 0 and done.json["outcome"] == "changed", done
    lock(ukey)
    opened = asking("--wait", "answer.ukresp", "--pin-fd", Secret(TEMPORARY), "--new-pin-fd", Secret(NEW))
    document = json.loads(opened.request.read_bytes())
    # The entry is of the key, its certificate and its owner; without it no answer.
    serial, certificate, owner = issued.read_text().splitlines()[0].split("\t")
    assert serial == document["key"]["serial"]
    assert (certificate, owner) in [(each["serial"], each["owner"]) for each in document["certificates"]]
    other = tmp_path / "other.tsv"
    lines = [line.split("\t") for line in issued.read_text().splitlines()]
    other.write_text("".join(f"{serial}\t{certificate}\t另一家公司\n" for serial, certificate, _ in lines))
    master = ["--admin-master-fd", Secret(MASTER), "--out", str(tmp_path / "made.ukresp")]
    done = approve(ukey, opened.request, *master, "--issued", other, admin=None)
    assert done.code == 9 and done.json["error"]["code"] == "UK-515", done
    done = approve(ukey, opened.request, *master, "--issued", issued, admin=None)
    assert done.code == 0, done
    answer = json.loads((tmp_path / "made.ukresp").read_bytes())
    admin = derived_admin_pin(MASTER.encode(), document["key"].get("issuer", ""), serial)
    random, application = (bytes.fromhex(answer["challenge"][name]) for name in ("random", "applicationId"))
    assert answer["payload"] == payload(profile, admin, TEMPORARY.encode(), random, application)
    opened.answer(tmp_path / "made.ukresp")
    assert opened.wait() == 0, opened.output()
    assert works(ukey, NEW)


def test_a_short_or_overlong_master_is_refused(ukey, request_file):
    for master in (MASTER[:-1], "x" * 65):
        done = approve(ukey, request_file, "--admin-master-fd", Secret(master), admin=None)
        assert done.code == 9 and done.json["error"]["code"] == "UK-403", done
    assert approve(ukey, request_file, "--admin-master-fd", Secret("x" * 64 + "\r\n"), admin=None).code == 0


def test_the_record_tells_what_was_done_to_it(ukey, request_file, tmp_path):
    from unlock_checker import audit_break, sm3

    audit = tmp_path / "audit.jsonl"
    for _ in range(3):
        assert approve(ukey, request_file, "--audit", audit).code == 0
    whole = audit.read_bytes()
    assert audit_break(whole) is None
    done = ukey("unlock", "audit", "verify", audit, "--json")
    head = "3:" + sm3(whole.splitlines()[-1]).hex()
    assert done.code == 0 and done.json["lines"] == done.json["tied"] == 3 and done.json["head"] == head, done
    # Cut at the end, as `sed -i '$d'` does: shows against what was noted elsewhere.
    audit.write_bytes(b"".join(whole.splitlines(True)[:-1]))
    assert ukey("unlock", "audit", "verify", audit).code == 0
    done = ukey("unlock", "audit", "verify", audit, "--holds", head, "--json")
    assert done.code == 1 and done.json["error"]["code"] == "UK-517", done
    # Cut and written on: another decision, as the same one within the same second makes the very same line.
    other = request_file.with_name("other.ukreq")
    other.write_bytes(request_file.read_bytes())
    assert approve(ukey, other, "--audit", audit).code == 0
    assert ukey("unlock", "audit", "verify", audit, "--holds", head).code == 1
    # Altered in the middle: shows by itself, and nothing is decided any more.
    audit.write_bytes(whole.replace(b'"number":1', b'"number":7'))
    assert audit_break(audit.read_bytes()) == 1
    assert ukey("unlock", "audit", "verify", audit, "--json").json["error"]["code"] == "UK-517"
    done = approve(ukey, request_file, "--audit", audit, "--per-day", "100")
    assert done.json["error"]["code"] == "UK-517", done
    audit.write_bytes(whole)
    audit.chmod(0o666)
    done = approve(ukey, request_file, "--audit", audit)
    assert done.json["error"]["code"] == "UK-507" and "0666" in done.json["error"]["detail"], done


def test_sudo_is_kept_in_the_record(ukey, request_file, tmp_path):
    import os

    if os.getuid() != 0:
        pytest.skip("SUDO_UID is believed of root only")
    done = ukey(
        "unlock", "approve", str(request_file), "--yes", "--admin-pin-fd", Secret(STRONG), "--new-pin-fd",
        Secret(TEMPORARY), "--audit", tmp_path / "audit", env={"SUDO_UID": "1234"})
    assert done.code == 0, done
    line = json.loads((tmp_path / "audit").read_text())
    assert line["operator"] == 0 and line["sudoUser"] == 1234
