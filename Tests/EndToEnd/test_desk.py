"""The desk does not give away its administrator PIN, its temporary PINs or its record."""

import json
import re
from pathlib import Path

import pytest
from rig.program import Secret
from rig.unlock import Desk, challenge_of

from test_unlock import ADMIN, NEW, PERSON, TEMPORARY, lock, works

# pylint: disable=unused-import
from test_unlock import asking  # noqa: F401  (a fixture)

STRONG = "aB3dE5gH7jKmN9pQ"
MASTER = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def signing(environment):
    """The desk's key where `approve` looks for it, and pinned in the same home."""
    home = environment["HOME"]
    return Desk(f"{home}/.config/ukey").pin(home)


@pytest.fixture
def request_file(ukey, tmp_path, signing):
    path = tmp_path / "one.ukreq"
    assert ukey("unlock", "request", "--demo", "--yes", "--no-wait", "--out", path, *PERSON).code == 0
    challenge_of(path)
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


def test_the_temporary_pin_is_told_to_nobody(ukey, request_file, environment):
    """Neither on the terminal nor in a file: it is sealed in the answer, which only the waiting request opens."""
    from unlock_checker import open_response, pem_number

    done = ukey("unlock", "approve", str(request_file), "--yes", "--admin-pin-fd", Secret(STRONG))
    assert done.code == 0, done
    answer = request_file.with_suffix(".ukresp").read_bytes()
    digest = json.loads(request_file.read_bytes())["digest"]
    _, pin = open_response(answer, pem_number(f"{environment['HOME']}/.local/state/ukey/waiting/{digest}.key"))
    assert re.fullmatch(rb"\d{8}", pin)
    audit = (Path(environment["HOME"]) / ".local/state/ukey/unlock-audit.jsonl").read_text()
    assert pin.decode() not in done.stdout + done.stderr + audit and pin not in answer
    with pytest.raises(ValueError):
        open_response(answer, 12345)


def test_a_challenge_is_asked_for_where_none_is_there(screen, request_file):
    line = request_file.with_suffix(".ukchl").read_text().strip()
    request_file.with_suffix(".ukchl").unlink()
    terminal = screen(100, 30, "ukey", "unlock", "approve", str(request_file), "--no-qr")
    terminal.wait_for("Approve?")
    terminal.type("y")
    terminal.keys("Enter")
    terminal.wait_for(r"Challenge \(the whole line")
    terminal.type(line)
    terminal.keys("Enter")
    for _ in range(2):
        terminal.wait_for("Administrator PIN")
        terminal.type(STRONG)
        terminal.keys("Enter")
    terminal.wait_for("Response written")
    assert terminal.exit_status() == 0 and request_file.with_suffix(".ukresp").exists()


def test_a_desk_key_that_others_can_read_is_not_used(ukey, request_file, signing):
    signing.key.chmod(0o644)
    done = approve(ukey, request_file)
    assert done.code == 1 and done.json["error"]["code"] == "UK-522", done
    signing.key.unlink()
    assert approve(ukey, request_file).json["error"]["code"] == "UK-522"


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


@pytest.mark.parametrize("profile", ["A-lm", "B-le"])
def test_from_issuing_to_unlocking_with_derived_pins(  # noqa: F811
    ukey, soft_token, asking, tmp_path, environment, signing, profile):
    from unlock_checker import derived_admin_pin, open_response, parse_challenge, payload, pem_number

    soft_token(card="gm", profile=profile)
    issued = tmp_path / "issued.tsv"
    done = ukey(
        "unlock", "set-admin", "--json", "--admin-master-fd", Secret(MASTER), "--pin-fd", Secret(ADMIN), "--issued", issued)
    assert done.code == 0 and done.json["outcome"] == "changed", done
    lock(ukey)
    opened = asking("--wait", "answer.ukresp", "--new-pin-fd", Secret(NEW))
    document = json.loads(opened.request.read_bytes())
    # The entry is of the key, its certificate and its owner; without it no answer.
    serial, certificate, owner = issued.read_text().splitlines()[0].split("\t")
    assert serial == document["key"]["serial"]
    assert certificate and owner
    other = tmp_path / "other.tsv"
    lines = [line.split("\t") for line in issued.read_text().splitlines()]
    other.write_text("".join(f"{serial}\t{certificate}\t另一家公司\n" for serial, certificate, _ in lines))
    master = ["--admin-master-fd", Secret(MASTER), "--out", str(tmp_path / "made.ukresp")]
    done = approve(ukey, opened.request, *master, "--issued", other, admin=None)
    assert done.code == 9 and done.json["error"]["code"] == "UK-515", done
    done = approve(ukey, opened.request, *master, "--issued", issued, admin=None)
    assert done.code == 0, done
    challenge = parse_challenge(opened.challenge["line"])
    waiting = f"{environment['HOME']}/.local/state/ukey/waiting/{document['digest']}.key"
    content, _ = open_response((tmp_path / "made.ukresp").read_bytes(), pem_number(waiting))
    admin = derived_admin_pin(MASTER.encode(), document["key"].get("issuer", ""), serial)
    assert content == payload(profile, admin, TEMPORARY.encode(), challenge.random, challenge.application_id)
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
    challenge_of(other)
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
