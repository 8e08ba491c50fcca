"""Unlocking on a real pcscd: request, approval elsewhere, application; the refusals; PIV with the PUK."""

import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest
from rig import patience
from rig.program import Secret
from rig.unlock import Asking, Desk, challenge_of, decode_qr, scan

PERSON = ["--name", "李四", "--mobile", "13800138000", "--reason", "忘记密码"]
ADMIN, USER, TEMPORARY, NEW = "12345678", "123456", "24681357", "97531864"


def lock(ukey, tries=10):
    """Uses the PIN's tries up with wrong ones."""
    for left in range(tries, 0, -1):
        done = ukey(
            "pin", "change", "--last-try", "--pin-fd", Secret("999999\n"), "--new-pin-fd", Secret("13572468\n"))
        assert done.code == (7 if left > 1 else 8), done
    assert ukey("pin", "status").code == 8


def works(ukey, pin, other="86427531"):
    """Changes the PIN there and back: it is the one."""
    for old, new in ((pin, other), (other, pin)):
        done = ukey("pin", "change", "--low-tries", "--pin-fd", Secret(old + "\n"), "--new-pin-fd", Secret(new + "\n"))
        assert done.code == 0, done
    return True


@pytest.fixture
def desk(tmp_path, ukey, environment):
    """The certificate authority: another home, another directory, no key. `desk(request)` → the response's path."""
    home = tmp_path / "desk"
    signing = Desk(home / ".config/ukey").pin(environment["HOME"])

    def approve(request, *options, admin=ADMIN, code=0):
        response = home / (Path(request).stem + ".ukresp")
        done = ukey(
            "unlock", "approve", str(request), "--yes", "--force", "--out", str(response), "--admin-pin-fd", Secret(admin),
            "--weak-admin-pin", "--new-pin-fd", Secret(TEMPORARY), *options, env={"HOME": str(home)})
        assert done.code == code, done
        return response

    approve.home, approve.signing = home, signing
    return approve


@pytest.fixture
def asking(request, tmp_path, ukey, environment):
    """`asking(…)`: a request that stays open, see rig.unlock.Asking."""
    running = []

    def ask(*options, **more):
        item = Asking(ukey.path, tmp_path, environment, [*PERSON, *options], **more)
        running.append(item)
        return item

    yield ask
    for item in running:
        item.close()


@pytest.mark.parametrize("profile", ["A-lm", "B-le"])
def test_locked_key_is_unlocked_by_file(ukey, soft_token, asking, desk, profile):
    soft_token(card="gm", profile=profile)
    lock(ukey)
    open_request = asking("--wait", "answer.ukresp", "--new-pin-fd", Secret(NEW))
    document = json.loads(open_request.request.read_bytes())
    assert document["userPin"] == {"left": 0, "locked": True, "max": 10}
    assert "challenge" not in document and len(document["certificates"]) >= 2
    from unlock_checker import parse_challenge

    assert parse_challenge(open_request.challenge["line"]).profile == profile
    assert open_request.request.stat().st_mode & 0o777 == 0o600
    response = desk(open_request.request)
    for secret in (ADMIN, TEMPORARY):
        assert secret.encode() not in response.read_bytes()
    open_request.answer(response)
    assert open_request.wait() == 0, open_request.output()
    assert works(ukey, NEW)
    status = ukey("pin", "status", "--json").json["pins"][0]
    assert status["user"]["triesLeft"] == 10 and status["admin"]["triesLeft"] == 10


def test_days_later_with_the_key_in_a_drawer(ukey, reader, soft_token, desk, environment, tmp_path):
    """The request is made, the key taken out; days later it is plugged in, and two lines are exchanged."""
    store = tmp_path / "store"
    card = soft_token(card="gm", dir=store)
    lock(ukey)
    request = tmp_path / "a.ukreq"
    made = ukey("unlock", "request", "--yes", "--json", "--out", request, *PERSON)
    assert made.code == 0 and made.json["challenge"] is True, made
    card.unplug()
    # The desk looks at it, and has no challenge yet.
    done = ukey(
        "unlock", "approve", str(request), "--yes", "--json", "--admin-pin-fd", Secret(ADMIN), "--weak-admin-pin",
        env={"HOME": str(desk.home)})
    assert done.code == 9 and done.json["error"]["code"] == "UK-524", done
    soft_token(card="gm", dir=store)
    reading, writing = os.pipe()
    os.write(writing, NEW.encode())
    os.close(writing)
    holder = subprocess.Popen(
        [ukey.path, "unlock", "challenge", "--json", "--yes", "--new-pin-fd", str(reading), "--wait", tmp_path / "b.ukresp"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
        pass_fds=[reading])
    os.close(reading)
    try:
        challenge = json.loads(holder.stdout.readline())
        # As a line, in place of a file.
        answer = desk(request, "--challenge", challenge["line"])
        (tmp_path / "b.part").write_bytes(answer.read_bytes())
        os.rename(tmp_path / "b.part", tmp_path / "b.ukresp")
        assert holder.wait(patience.limit(20)) == 0, holder.stderr.read()
        result = json.loads(holder.stdout.read())
        assert result["outcome"] == "unblocked" and result["change"]["outcome"] == "changed", result
    finally:
        if holder.poll() is None:
            holder.kill()
        holder.communicate(timeout=patience.limit(10))
    assert works(ukey, NEW)
    # It waits no longer: neither the request nor the key that opens answers.
    assert not list((tmp_path / "home/.local/state/ukey/waiting").iterdir())
    done = ukey("unlock", "challenge", "--json", str(request))
    assert done.code == 9 and done.json["error"]["code"] == "UK-523", done


def test_a_response_that_is_still_being_copied_is_not_taken(ukey, soft_token, asking, desk):
    """Half a file is there, and something else in the folder is done: the challenge is not lost to it."""
    soft_token(card="gm")
    lock(ukey)
    open_request = asking("--wait", "answer.ukresp", "--new-pin-fd", Secret(NEW))
    response = desk(open_request.request).read_bytes()
    answer = open_request.request.parent / "answer.ukresp"
    open_request.wait_until_watching()
    with answer.open("wb", buffering=0) as file:
        file.write(response[: len(response) // 2])
        (answer.parent / "beside").write_text("x")
        with pytest.raises(subprocess.TimeoutExpired):
            open_request.process.wait(1)
        file.write(response[len(response) // 2 :])
    assert open_request.wait() == 0, open_request.output()
    assert works(ukey, NEW)


@pytest.mark.parametrize("taken", ["x.ukreq", "x.html"])
def test_a_taken_name_leaves_nothing_half_made(ukey, tmp_path, taken):
    (tmp_path / taken).write_text("mine")
    words = ["--out", str(tmp_path / "x.ukreq"), "--form", str(tmp_path / "x.html")]
    done = ukey("unlock", "request", "--demo", "--json", "--yes", "--no-wait", *words, *PERSON)
    assert done.json["error"]["code"] == "UK-610" and taken in done.json["error"]["detail"], done
    assert [each.name for each in tmp_path.glob("x.*")] == [taken] and (tmp_path / taken).read_text() == "mine"


def test_apply_from_another_terminal_while_the_request_waits(ukey, soft_token, asking, desk):
    soft_token(card="gm")
    lock(ukey)
    open_request = asking("--wait", "never.ukresp")
    response = desk(open_request.request)
    # The line does it as well as the file.
    done = ukey("unlock", "apply", response.read_text().strip(), "--json", "--new-pin-fd", Secret(NEW))
    assert done.code == 0 and done.json["outcome"] == "unblocked" and done.json["change"]["outcome"] == "changed", done
    replay = ukey("unlock", "apply", str(response), "--json", "--new-pin-fd", Secret(NEW))
    assert replay.json["error"]["code"] == "UK-513" and replay.code != 0
    assert works(ukey, NEW)


def refused(ukey, response, code):
    before = ukey("pin", "status", "--json").json["pins"]
    done = ukey("unlock", "apply", str(response), "--json", "--new-pin-fd", Secret(NEW))
    # A file that cannot be read is no answer yet; all else was looked at and not sent.
    assert done.code == (1 if code == "UK-612" else 9) and done.json["error"]["code"] == code, done
    assert ukey("pin", "status", "--json").json["pins"] == before
    return done


def test_refusals_send_nothing(ukey, soft_token, asking, desk, tmp_path):
    soft_token(card="gm")
    first = asking("--wait", "never1.ukresp", out="first.ukreq")
    old = desk(first.request)
    second = asking("--wait", "never2.ukresp", out="second.ukreq")
    refused(ukey, old, "UK-511")
    good = desk(second.request)
    altered = tmp_path / "altered.ukresp"
    fields = good.read_text().strip().split("/")

    def changed(place, value):
        altered.write_text("/".join(fields[:place] + [value] + fields[place + 1:]) + "\n")
        return altered

    from unlock_checker import check_request, make_response, parse_challenge, pem_certificate, pem_number, seal

    # Altered or forged: the desk's signature does not fit; nor does one under another desk's name.
    refused(ukey, changed(4, str(int(fields[4]) + 1)), "UK-520")
    refused(ukey, changed(6, "00" * 32), "UK-519")
    refused(ukey, changed(0, "UKRSP3"), "UK-501")
    refused(ukey, changed(8, fields[8] + "/"), "UK-501")
    # Downgraded: rightly made in the form of old, which anybody could.
    challenge = parse_challenge(second.challenge["line"])
    request = check_request(second.request.read_bytes())
    from unlock_checker import payload

    made = payload(challenge.profile, ADMIN.encode(), TEMPORARY.encode(), challenge.random, challenge.application_id)
    altered.write_bytes(seal({
        "format": "ukey.unlock-response", "version": 1, "request": request.document["digest"],
        "keySerial": challenge.serial, "created": int(time.time()), "expires": int(time.time()) + 600, "payload": made,
        "challenge": {
            "profile": challenge.profile, "application": challenge.application,
            "applicationId": challenge.application_id.hex(), "random": challenge.random.hex()}}))
    refused(ukey, altered, "UK-518")
    # By the second program: of another desk, sealed to another key, expired.
    signing, stranger = desk.signing, Desk(tmp_path / "stranger")

    def answer(desk, **more):
        altered.write_text(make_response(
            request, challenge, ADMIN.encode(), TEMPORARY.encode(), pem_certificate(desk.certificate), pem_number(desk.key),
            int(time.time()), **more))
        return altered

    refused(ukey, answer(stranger), "UK-519")
    other = json.loads(first.request.read_bytes())["waitingKey"]
    refused(ukey, answer(signing, recipient=other), "UK-521")
    refused(ukey, answer(signing, expires=int(time.time()) - 1), "UK-512")
    altered.write_bytes(b"{" + b" " * 70000)
    refused(ukey, altered, "UK-612")
    link = tmp_path / "link.ukresp"
    link.symlink_to(good)
    refused(ukey, link, "UK-612")
    # The program that held the key ends: so does the challenge.
    second.close()
    first.close()
    refused(ukey, good, "UK-514")


def test_other_key_is_refused(ukey, readers, soft_token, asking, desk):
    first, second = readers(2)
    soft_token(card="gm", reader=first)
    open_request = asking("--wait", "never.ukresp")
    response = desk(open_request.request)
    soft_token(card="piv", reader=second)
    done = ukey("unlock", "apply", str(response), "--json", "--new-pin-fd", Secret(NEW), "--reader", second.name)
    assert done.json["error"]["code"] == "UK-510", done


def test_wrong_admin_pin_at_the_desk_costs_one_try_and_says_so(ukey, soft_token, asking, desk):
    soft_token(card="gm")
    lock(ukey)
    open_request = asking("--wait", "never.ukresp")
    response = desk(open_request.request, admin="87654321")
    done = ukey("unlock", "apply", str(response), "--json", "--new-pin-fd", Secret(NEW))
    assert done.code == 7 and done.json["outcome"] == "wrong" and done.json["triesLeft"] == 9, done
    assert ukey("pin", "status").code == 8


def test_taking_the_key_out_ends_the_request(soft_token, asking):
    card = soft_token(card="gm")
    open_request = asking("--wait", "never.ukresp")
    card.unplug()
    assert open_request.wait() == 9
    assert "UK-514" in open_request.output()


def test_what_the_desk_refuses(ukey, soft_token, asking, desk, tmp_path):
    from unlock_checker import parse_challenge, seal

    soft_token(card="gm")
    opened = asking("--wait", "never.ukresp")

    def refusal(request, *options):
        done = ukey(
            "unlock", "approve", str(request), "--json", "--yes", "--admin-pin-fd", Secret(ADMIN), "--weak-admin-pin",
            "--new-pin-fd", Secret(TEMPORARY), *options, env={"HOME": str(desk.home)})
        assert done.code == 9 and not Path(request).with_suffix(".ukresp").exists(), done
        return done.json["error"]["code"]

    assert refusal(opened.request, "--serial", "OTHER") == "UK-508"
    # A request of two months ago, and one of format 1, sealed as the format says.
    document = json.loads(opened.request.read_bytes())
    old = tmp_path / "old.ukreq"
    old.write_bytes(seal(dict(document, created=document["created"] - 60 * 86400)))
    assert refusal(old) == "UK-504"
    facts = {
        "role": "signature", "container": "C", "serial": "0a", "issuer": "CN=CA", "subject": "CN=A", "owner": "A",
        "notBefore": 0, "notAfter": 1900000000}
    first = {key: value for key, value in document.items() if key not in ("waitingKey", "digest")}
    challenge = parse_challenge(opened.challenge["line"])
    old.write_bytes(seal(dict(first, version=1, certificates=[facts], challenge={
        "profile": challenge.profile, "application": challenge.application, "applicationId": "1000",
        "random": challenge.random.hex()})))
    assert refusal(old) == "UK-518"
    # A challenge of another request, one that is over, and one mistyped.
    other = tmp_path / "other.ukreq"
    other.write_bytes(seal(dict(document, created=document["created"] - 1)))
    challenge_of(other)
    assert refusal(opened.request, "--challenge", other.with_suffix(".ukchl")) == "UK-525"
    challenge_of(other, created=int(time.time()) - 901)
    assert refusal(other) == "UK-504"
    line = challenge.line()
    assert refusal(opened.request, "--challenge", line[:-1] + ("0" if line[-1] != "0" else "1")) == "UK-503"


def test_what_nobody_has_checked_is_marked_so(ukey, desk, tmp_path):
    """The certificate is checked itself; what it does not say is marked, on the screen and on the paper."""
    request, form, trust = tmp_path / "a.ukreq", tmp_path / "a.html", tmp_path / "ca"
    done = ukey("unlock", "request", "--demo", "--yes", "--no-wait", "--out", request, "--form", form, *PERSON)
    assert done.code == 0, done
    assert "介质（介质自报，未核实）" in form.read_text() and "申请单位与经办人（自填，未核实）" in form.read_text()
    challenge_of(request)

    def screen(*options):
        done = ukey(
            "unlock", "approve", str(request), "--yes", "--force", "--lang", "zh", "--admin-pin-fd", Secret(ADMIN),
            "--weak-admin-pin", *options, env={"HOME": str(desk.home)})
        assert done.code == 0, done
        return {line.split()[0]: line for line in done.stdout.splitlines() if "[" in line}

    lines = screen()
    assert all("未核实" in line for line in lines.values()) and "证书所有者" in lines and "经办人" in lines
    trust.mkdir()
    assert "未核实" in screen("--trust", trust)["证书所有者"]
    # Another's certificate under the owner's name: what counts is what the certificate says.
    from unlock_checker import seal

    document = json.loads(request.read_bytes())
    assert set(document["certificates"][0]) == {"role", "container", "der"}
    named = dict(document, certificates=[dict(document["certificates"][0], owner="冒名公司")])
    request.write_bytes(seal(named))
    done = ukey(
        "unlock", "approve", str(request), "--yes", "--json", "--force", "--admin-pin-fd", Secret(ADMIN), env={"HOME": str(desk.home)})
    assert done.code == 9 and done.json["error"]["code"] == "UK-501", done


@pytest.mark.parametrize("profile", ["A-lm", "B-le"])
def test_the_second_program_reads_and_seals(ukey, soft_token, asking, desk, environment, profile):
    """From the description alone: it reads what ukey made, and ukey takes what it made."""
    from unlock_checker import (
        check_request, check_response, make_response, open_response, parse_challenge, payload, pem_certificate, pem_number)

    soft_token(card="gm", profile=profile)
    lock(ukey)
    opened = asking("--wait", "never.ukresp")
    request = check_request(opened.request.read_bytes())
    challenge = parse_challenge(opened.challenge["line"])
    assert request.check_code == opened.report["checkCode"] and challenge.request == request.document["digest"]
    certificate, private = pem_certificate(desk.signing.certificate), pem_number(desk.signing.key)
    response = desk(opened.request).read_bytes()
    assert check_response(response, request, challenge, certificate) == []
    waiting = Path(environment["HOME"], ".local/state/ukey/waiting", request.document["digest"] + ".key")
    content, pin = open_response(response, pem_number(waiting))
    assert pin == TEMPORARY.encode()
    assert content == payload(
        profile, ADMIN.encode(), TEMPORARY.encode(), challenge.random, challenge.application_id)
    for index in range(0, len(response.strip()), 29):
        data = bytearray(response)
        data[index] ^= 1
        assert check_response(bytes(data), request, challenge, certificate)
    made = opened.request.with_name("made.ukresp")
    made.write_text(make_response(
        request, challenge, ADMIN.encode(), b"86427531", certificate, private, int(time.time())))
    done = ukey("unlock", "apply", str(made), "--json", "--new-pin-fd", Secret(NEW))
    assert done.code == 0 and done.json["change"]["outcome"] == "changed", done
    assert works(ukey, NEW)


@pytest.mark.parametrize(
    "settings",
    [{}, {"protocol": "t0"}, {"extended": False, "chaining": False}, {"blocked": "63C0"}, {"reselect": "lose"},
     {"discovery": False, "chuid": False, "ccc": False}, {"tries": 3, "digits": True}, {"always61": True, "piece": 255},
     {"version": "none", "serial": "none"}],
    ids=lambda settings: ",".join(settings) or "default")
def test_piv_with_the_puk(ukey, peer, reader, soft_token, settings, tmp_path):
    soft_token(card="piv", settings=settings)
    status = ukey("pin", "status", "--json").json["pins"][0]["user"]
    lock(ukey, status["triesLeft"])
    done = ukey("unlock", "request", "--json", "--yes", *PERSON, "--out", str(tmp_path / "piv.ukreq"))
    assert done.code == 0 and done.json["challenge"] is False, done
    done = ukey("unlock", "admin", "--json", "--low-tries", "--pin-fd", Secret("12345678"), "--new-pin-fd", Secret("515151"))
    assert done.code == 0 and done.json["outcome"] == "unblocked", done
    if "protocol" in settings or "always61" in settings:
        # yubico-piv-tool connects to neither: it asks for T=1, and takes the answer to SELECT only whole.
        assert works(ukey, "515151", "626262")
        return
    verified = peer("yubico-piv-tool", "-r", reader.name, "-a", "verify-pin", "-P", "515151")
    assert "Successfully verified PIN" in verified.stdout + verified.stderr, verified


def test_piv_puk_locked_is_said(ukey, soft_token):
    soft_token(card="piv")
    codes = [
        ukey(
            "unlock", "admin", "--last-try", "--pin-fd", Secret("00000000"), "--new-pin-fd", Secret("515151")).code
        for _ in range(3)
    ]
    assert codes == [7, 7, 8]
    done = ukey("unlock", "admin", "--last-try", "--lang", "zh", "--pin-fd", Secret("12345678"), "--new-pin-fd", Secret("515151"))
    assert done.code == 8 and "已锁定" in done.stderr, done


@pytest.mark.parametrize("profile", ["A-lm", "B-le"])
def test_gm_admin(ukey, soft_token, profile):
    soft_token(card="gm", profile=profile)
    lock(ukey)
    done = ukey("unlock", "admin", "--json", "--pin-fd", Secret("00000000"), "--new-pin-fd", Secret(NEW))
    assert done.code == 7 and done.json["triesLeft"] == 9, done
    done = ukey("unlock", "admin", "--json", "--pin-fd", Secret(ADMIN), "--new-pin-fd", Secret(NEW))
    assert done.code == 0, done
    assert works(ukey, NEW)


def test_fields_are_checked(ukey, tmp_path):
    for wrong in (["--mobile", "1380013800"], ["--name", ""], ["--name", "a\u202eb"], ["--delivery", "post"]):
        done = ukey(
            "unlock", "request", "--demo", "--json", "--yes", "--no-wait", "--out", str(tmp_path / "x.ukreq"), *PERSON, *wrong)
        assert done.code == 2 and done.json["error"]["code"] == "UK-505", done
        assert not (tmp_path / "x.ukreq").exists()
    done = ukey(
        "unlock", "request", "--demo", "--yes", "--no-wait", "--lang", "zh", "--out", str(tmp_path / "x.ukreq"), *PERSON,
        "--uscc", "914403007152672600", "--kind", "renew", "--container", "DEMO-SM2-DUAL")
    assert done.code == 0 and "信用代码" in done.stderr and "无法解密" in done.stderr, done
    again = ukey(
        "unlock", "request", "--demo", "--json", "--yes", "--no-wait", "--out", str(tmp_path / "x.ukreq"), *PERSON)
    assert again.json["error"]["code"] == "UK-610"


def test_disk_full_and_unwritable_leave_nothing(ukey, tmp_path):
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", str(small)]).returncode:
        pytest.skip("no mount here")
    try:
        (small / "fill").write_bytes(b"x" * 4096)
        for target in (small / "a.ukreq", Path("/proc/a.ukreq"), tmp_path / "none" / "a.ukreq"):
            done = ukey("unlock", "request", "--demo", "--json", "--yes", "--no-wait", "--out", str(target), *PERSON)
            assert done.json["error"]["code"] == "UK-611", done
        assert [entry.name for entry in small.iterdir()] == ["fill"]
        # The desk without room for its record decides nothing.
        assert not subprocess.run(["mount", "-o", "remount,size=16k", str(small)]).returncode
        request = tmp_path / "b.ukreq"
        assert ukey("unlock", "request", "--demo", "--yes", "--no-wait", "--out", str(request), *PERSON).code == 0
        challenge_of(request)
        (small / "fill").write_bytes(b"x" * 16384)
        done = ukey(
            "unlock", "approve", str(request), "--json", "--yes", "--audit", str(small / "audit"), "--admin-pin-fd",
            Secret(ADMIN), "--weak-admin-pin", "--new-pin-fd", Secret(TEMPORARY), *Desk(tmp_path / "desk").options)
        assert done.json["error"]["code"] == "UK-507", done
        assert not request.with_suffix(".ukresp").exists()
    finally:
        subprocess.run(["umount", str(small)], check=True)


def approve(ukey, target, *options, **more):
    """The desk with a weak PIN; an open file among the options is handed over as a descriptor."""
    handles = [option.fileno() for option in options if hasattr(option, "fileno")]
    reading, writing = os.pipe()
    os.write(writing, ADMIN.encode())
    os.close(writing)
    words = [str(option.fileno() if hasattr(option, "fileno") else option) for option in options]
    done = subprocess.run(
        [ukey.path, "unlock", "approve", str(target), "--weak-admin-pin", "--admin-pin-fd", str(reading), *words,
         *Desk(Path(target).parent / "signing").options],
        pass_fds=[reading, *handles], stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=patience.limit(60), env={"HOME": str(Path(target).parent), "LANG": "C.UTF-8"}, **more)
    os.close(reading)
    done.code = done.returncode
    return done


def make_requests(ukey, tmp_path, count):
    """Many requests from one, each with another serial and challenge, sealed anew."""
    from unlock_checker import seal

    one = tmp_path / "one.ukreq"
    assert ukey("unlock", "request", "--demo", "--yes", "--no-wait", "--out", str(one), *PERSON).code == 0
    document = json.loads(one.read_bytes())
    folder = tmp_path / "requests"
    folder.mkdir()
    # One certificate is enough, and each byte costs the slow digest of this description.
    document["certificates"] = document["certificates"][:1]
    for number in range(count):
        document["key"]["serial"] = f"DEMO-{number:06}"
        (folder / f"{number:06}.ukreq").write_bytes(seal(document))
        challenge_of(folder / f"{number:06}.ukreq")
    return folder


def test_batch_goes_on_past_bad_files(ukey, tmp_path):
    folder = make_requests(ukey, tmp_path, 20)
    (folder / "bad.ukreq").write_bytes(b"{}")
    (folder / "cut.ukreq").write_bytes((folder / "000001.ukreq").read_bytes()[:100])
    (folder / "link.ukreq").symlink_to(folder / "000002.ukreq")
    out = tmp_path / "out"
    out.mkdir()
    # A name that would make two lines of one.
    (folder / "victim.ukreq\t00000000\nzz.ukreq").write_bytes((folder / "000003.ukreq").read_bytes())
    (folder / "victim.ukreq\t00000000\nzz.ukchl").write_bytes((folder / "000003.ukchl").read_bytes())
    # Without its challenge.
    (folder / "000004.ukchl").unlink()
    with open(tmp_path / "pins", "wb") as pins:
        done = approve(ukey, folder, "--out", out, "--audit", tmp_path / "audit", "--pin-out-fd", pins)
    assert done.code == 1, done
    lines = done.stdout.splitlines()
    assert len(lines) == 24 and sum(line.startswith("ok") for line in lines) == 20 and "UK-524" in done.stdout
    told = [line.split("\t") for line in (tmp_path / "pins").read_text().splitlines()]
    pins = [pin for _, pin in told]
    assert len(set(pins)) == len(told) == 20 and all(re.fullmatch(r"\d{8}", pin) for pin in pins)
    assert r"victim.ukreq\u{9}00000000\u{A}zz.ukreq" in [name for name, _ in told]
    assert not any(pin in done.stdout for pin in pins)
    audit = (tmp_path / "audit").read_text()
    assert len(audit.splitlines()) == 24 and not any(pin in audit for pin in pins)
    assert len(list(out.glob("*.ukresp"))) == 20


def test_audit_is_complete_after_kill(ukey, tmp_path):
    folder = make_requests(ukey, tmp_path, 800)
    signing = Desk(tmp_path / "signing").options
    from unlock_checker import digest_of

    # Where the machine lets the approving run to its end before this test runs again, once more.
    for number in range(10):
        out, audit = tmp_path / f"out-{number}", tmp_path / f"audit-{number}"
        out.mkdir()
        reading, writing = os.pipe()
        os.write(writing, ADMIN.encode())
        os.close(writing)
        process = subprocess.Popen(
            [ukey.path, "unlock", "approve", str(folder), "--out", str(out), "--audit", str(audit), "--admin-pin-fd",
             str(reading), "--weak-admin-pin", *signing], pass_fds=[reading], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={"HOME": str(tmp_path)})
        os.close(reading)
        deadline = time.monotonic() + patience.limit(30)
        while sum(1 for _ in out.glob("*.ukresp")) < 200 and time.monotonic() < deadline:
            pass
        process.send_signal(signal.SIGKILL)
        process.wait(patience.limit(30))
        answers = list(out.glob("*.ukresp"))
        if len(answers) < 800:
            break
    assert 200 <= len(answers) < 800, "killed too early or too late"
    recorded = {json.loads(line)["response"] for line in audit.read_text().splitlines()}
    assert {digest_of(path.read_bytes()).hex() for path in answers} <= recorded
    # Going on afterwards: what is answered is refused as existing, the rest is done.
    done = ukey(
        "unlock", "approve", str(folder), "--out", str(out), "--audit", str(audit), "--admin-pin-fd", Secret(ADMIN),
        "--weak-admin-pin", "--new-pin-fd", Secret(TEMPORARY), *signing)
    assert done.code == 1 and len(list(out.glob("*.ukresp"))) == 800
    assert not list(out.glob(".ukey-*.tmp")) or len(list(out.glob(".ukey-*.tmp"))) == 1


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_qr_on_the_screen(screen, tmp_path, theme):
    terminal = screen(
        100, 50, "ukey", "unlock", "request", "--demo", "--lang", "zh", "--yes", "--no-wait", "--out",
        str(tmp_path / "q.ukreq"), *PERSON)
    assert terminal.exit_status() == 0
    image = tmp_path / "screen.png"
    from unlock_checker import check_request, parse_compact

    request = check_request((tmp_path / "q.ukreq").read_bytes())
    # The program has ended; the terminal may still be drawing.
    terminal.wait_for("核对码")
    terminal.wait_for(re.escape(request.check_code))
    assert parse_compact(scan(terminal, image, theme)) == request.compact


def test_qr_falls_back_to_text(screen, tmp_path):
    terminal = screen(
        40, 24, "ukey", "unlock", "request", "--demo", "--lang", "zh", "--yes", "--no-wait", "--out",
        str(tmp_path / "q.ukreq"), *PERSON)
    assert terminal.exit_status() == 0
    terminal.wait_for("UKREQ2/UNLOCK/")


@pytest.mark.parametrize("command", [("unlock", "request", "--kind", "renew"), ("renew",), ("renew", "request")])
def test_a_renewal_is_for_the_certificate_named(ukey, tmp_path, command):
    """A key with two companies: none is guessed, and the one that is named is the one that is asked for."""
    from unlock_checker import check_request

    def ask(*options):
        return ukey(*command, "--demo", "--json", "--yes", "--no-wait", "--out", str(tmp_path / "r.ukreq"), *PERSON, *options)

    refused = ask()
    assert refused.code == 2 and refused.json["error"]["code"] == "UK-308", refused
    assert "深圳市样板市政工程有限公司" in refused.json["error"]["detail"] or "样板" in refused.stdout, refused
    assert not (tmp_path / "r.ukreq").exists()
    assert ask("--container", "NO-SUCH").json["error"]["code"] == "UK-305"
    form = tmp_path / "r.html"
    done = ask("--container", "demo-sm2-expiring", "--form", str(form))
    assert done.code == 0, done
    page = form.read_text()
    assert "深圳市样板市政工程有限公司" in page and "914403001922038216" in page and "办理证书" in page
    assert page.count("☑ 签名证书") == 1 and page.count("☑ 加密证书") == 1
    first = check_request((tmp_path / "r.ukreq").read_bytes()).document["certificates"][0]
    assert (first["container"], first["role"]) == ("DEMO-SM2-EXPIRING", "signature")


@pytest.mark.parametrize("kind", ["unlock", "renew"])
def test_form_prints_to_paper(ukey, tmp_path, kind):
    form = tmp_path / "form.html"
    done = ukey(
        "unlock", "request", "--demo", "--yes", "--no-wait", "--out", str(tmp_path / "f.ukreq"), "--form", str(form),
        *PERSON, "--kind", kind, "--container", "DEMO-SM2-DUAL", "--delivery", "post", "--address", "深圳市福田区<示例>路1号")
    assert done.code == 0, done
    assert form.stat().st_mode & 0o777 == 0o600
    text = form.read_text()
    assert "<示例>" not in text and not re.search(r'(src|href)="', text)
    pdf = tmp_path / "form.pdf"
    subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
         f"--user-data-dir={tmp_path / 'chromium'}", f"--print-to-pdf={pdf}", form.as_uri()],
        check=True, capture_output=True, timeout=120, env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]})
    printed = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    squeezed = re.sub(r"\s", "", printed)
    document = json.loads((tmp_path / "f.ukreq").read_bytes())
    for item in (
        "李四", "13800138000", "深圳市福田区<示例>路1号", "深圳市示例建设工程有限公司", "9144030071526726XG",
        document["key"]["serial"], "盖章处", "签字处", "营业执照",
        "400-112-3838", "www.szca.com", document["digest"],
        {"unlock": "数字证书介质解锁申请表", "renew": "数字证书续期申请表"}[kind],
    ):
        assert item in squeezed, item
    assert ("无法解密" in squeezed) == (kind == "renew")
    pages = printed.count("\f")
    assert 1 <= pages <= 2, pages
    image = tmp_path / "page"
    subprocess.run(["pdftoppm", "-r", "150", "-f", "1", "-l", "1", "-singlefile", "-png", str(pdf), str(image)], check=True)
    from unlock_checker import check_request, parse_compact

    request = check_request((tmp_path / "f.ukreq").read_bytes())
    assert parse_compact(decode_qr(image.with_suffix(".png"))) == request.compact
