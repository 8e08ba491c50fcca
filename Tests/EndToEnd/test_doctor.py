"""`ukey doctor` beside the fault catalogue: reports, redaction, plain output, repairs, the screen."""

import http.server
import os
import re
import signal
import socket
import threading
from pathlib import Path

import pytest
from rig import patience, program

LOCAL = ("--no-network",)


def personal(status):
    """Every value of a key that is somebody's: names, codes, serials."""
    found = set()
    for reader in status["readers"]:
        key = reader["key"]
        found.add(key["serial"])
        for application in key["applications"]:
            for container in application["containers"]:
                for certificate in container["certificates"]:
                    found |= {certificate["owner"], certificate["organization"], certificate["serial"],
                              certificate["uscc"]["code"], certificate["serial"].replace(":", "")}
    return {value for value in found if value}


@pytest.mark.parametrize("form", ["json", "md", "html"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_report_is_redacted(ukey, soft_token, tmp_path, form, language):
    soft_token(card="gm")
    secrets = personal(ukey("status", "--json").json)
    assert len(secrets) > 6
    path = tmp_path / f"report.{form}"
    done = ukey("doctor", *LOCAL, "--lang", language, "--report", path)
    assert done.code == 3, done
    text = path.read_text()
    assert not [secret for secret in secrets if secret in text]
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    assert "end-of-report" in text if form == "json" else ("报告结束" in text or "END OF REPORT" in text)
    # Not overwritten unasked; with everything in it when told so.
    assert ukey("doctor", *LOCAL, "--report", path).code == 1
    ukey("doctor", *LOCAL, "--report", path, "--force", "--full")
    full = path.read_text()
    assert [secret for secret in secrets if secret in full]


@pytest.mark.parametrize("form", [(), ("--plain",), ("--json",)], ids=["text", "plain", "json"])
def test_what_is_printed_is_redacted(ukey, soft_token, form):
    soft_token(card="gm")
    secrets = personal(ukey("status", "--json").json)
    shown = ukey("doctor", *LOCAL, *form).stdout
    assert not [secret for secret in secrets if secret in shown]
    assert [secret for secret in secrets if secret in ukey("doctor", *LOCAL, *form, "--full").stdout] or form == ("--plain",)


def test_a_report_that_cannot_be_written_keeps_nothing_back(ukey, soft_token, tmp_path):
    """It is said before the walk, and the diagnosis is printed all the same."""
    soft_token(card="gm")
    (tmp_path / "there.json").write_text("mine")
    for path, code in ((tmp_path / "there.json", "UK-610"), (tmp_path / "gone/report.md", "UK-611")):
        done = ukey("doctor", *LOCAL, "--lang", "en", "--report", path)
        assert done.code == 1 and code in done.stderr and "END OF REPORT" in done.stdout, done
    assert (tmp_path / "there.json").read_text() == "mine"


def test_a_limit_to_the_size_of_files_ends_nothing(ukey, soft_token, tmp_path, environment):
    soft_token(card="gm")
    path = tmp_path / "report.md"
    done = program.run(
        "prlimit", "--fsize=100", str(ukey.path), "doctor", *LOCAL, "--lang", "en", "--report", path, env=environment)
    assert done.code == 1 and "UK-611 · errno 27" in done.stderr and "END OF REPORT" in done.stdout, done
    assert not path.exists()


@pytest.mark.parametrize("only, off", [("platform.name", "--no-network"), ("page.calls", "--demo"), ("network.proxy", "--demo")])
def test_a_link_that_was_asked_for_and_left_out_is_not_well(ukey, soft_token, only, off):
    if off != "--demo":
        soft_token(card="gm")
    done = ukey("doctor", "--only", only, off, "--lang", "zh")
    assert done.code == 11 and "都通过" not in done.stdout and "没有检查" in done.stdout, done
    # Of the whole chain it stays what it is: nobody asked for that link.
    whole = ukey("doctor", off, "--no-network", "--json").json
    assert next(row for row in whole["checks"] if row["id"] == only)["verdict"] == "skipped"


def test_complaint_orders_the_chain(ukey, soft_token):
    soft_token(card="gm", sample="expired")
    usual = ukey("doctor", *LOCAL, "--json").json
    for symptom, link in (("pin", "pin.state"), ("key", "usb.device"), ("button", "page.calls"), ("page", "network.proxy")):
        done = ukey("doctor", *LOCAL, "--json", "--symptom", symptom)
        assert done.json["symptom"] == symptom and done.json["checks"][0]["id"] == link
        assert {row["id"] for row in done.json["checks"]} == {row["id"] for row in usual["checks"]}
        assert done.json["first"]["cause"] == "certificate-expired" and done.code == 4
    told = ukey("doctor", *LOCAL, "--lang", "zh", "--symptom", "pin").stdout
    assert told.startswith("现象：密码不对；") and "问题在别处" in told.splitlines()[0]
    assert ukey("doctor", "--symptom", "toothache").code == 2


def test_demo_dials_nobody(ukey):
    """Nothing is sent, not even on this computer: a listener at a known port hears nobody."""
    with socket.create_server(("127.0.0.1", 51235)) as listener:
        done = ukey("doctor", "--demo", "--json")
        listener.settimeout(0)
        with pytest.raises(BlockingIOError):
            listener.accept()
    rows = {row["id"]: row for row in done.json["checks"]}
    assert rows["platform.connect"]["verdict"] == rows["service.answers"]["verdict"] == "skipped"


@pytest.mark.parametrize("home", ["", "home"])
def test_nothing_is_left_behind(ukey, pcscd, tmp_path, environment, home):
    """The desktop's own program for its settings makes files in the home, and without one where it is started."""
    place = tmp_path / "place"
    (place / "home").mkdir(parents=True)
    env = dict(environment, HOME=str(place / home) if home else "")
    program.run("env", "-C", place, ukey.path, "doctor", "--json", "--platform", "127.0.0.1:9", env=env)
    assert [path.name for path in place.rglob("*")] == ["home"]


def test_arguments_do_not_come_from_proc(ukey):
    """Without /proc every command would be the one without a name."""
    hidden = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /proc && exec "$0" "$@"', ukey.path]
    for arguments, code, text in ((["--version"], 0, "0.1"), (["no-such-command"], 2, "no-such-command")):
        done = program.run(*hidden, *arguments)
        assert done.code == code and text in done.stdout + done.stderr, done


def test_report_is_read_back(ukey, soft_token, tmp_path):
    soft_token(card="gm", sample="expired")
    path = tmp_path / "customer.json"
    made = ukey("doctor", *LOCAL, "--lang", "zh", "--report", path)
    shown = ukey("doctor", "--lang", "zh", "--read", path)
    assert made.code == shown.code == 4
    # Conclusion and chain stand word for word; only values are shortened.
    assert made.stdout.split("\n依据")[0] == shown.stdout.split("\n依据")[0]
    assert "卡在这一步：证书有效期" in shown.stdout
    assert "First broken link: Certificate validity" in ukey("doctor", "--lang", "en", "--read", path).stdout
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    cut = ukey("doctor", "--json", "--read", path)
    assert cut.code == 1 and cut.json["error"]["code"] == "UK-613"


def test_same_answer_without_terminal(ukey, soft_token):
    """As over ssh: no terminal, LANG=C, append-only lines."""
    soft_token(card="gm", sample="expired")
    usual = {row["id"]: row["verdict"] for row in ukey("doctor", *LOCAL, "--json").json["checks"]}
    done = ukey("doctor", *LOCAL, "--plain", env={"LANG": "C", "SSH_CONNECTION": "192.0.2.7 5 192.0.2.8 22", "TERM": ""})
    words = {"ok": "ok", "look": "warning", "FAULT": "fault", "unknown": "unknown", "skipped": "skipped"}
    plain = {id: words[word] for word, id in re.findall(r"^\S (\S+) .*?\[([a-z.]+)\]", done.stdout.split("\n\n")[0], re.M)}
    assert done.code == 4 and "First broken link: Certificate validity" in done.stdout
    assert "\x1b" not in done.stdout
    different = {id for id in usual if usual[id] != plain.get(id)}
    assert different <= {"terminal.locale", "terminal.type"}, different


def test_only_one_link(ukey, soft_token):
    soft_token(card="gm")
    ids = [row["id"] for row in ukey("doctor", "--json", "--only", "card.present").json["checks"]]
    assert "card.present" in ids and "platform.name" not in ids and "pin.state" not in ids
    assert ukey("doctor", "--only", "no.such").code == 2


def test_repair_is_run_after_a_yes_and_verified(ukey, pcscd):
    pcscd.kill()
    pid_file = Path("/run/pcscd/pcscd.pid")
    pid_file.unlink(missing_ok=True)
    refused = ukey("doctor", *LOCAL, "--fix", "--lang", "en", input="\n")
    assert "Run it now?" in refused.stdout and refused.code == 10 and not pid_file.exists()
    done = ukey("doctor", *LOCAL, "--fix", "--lang", "en", input="y\n")
    try:
        assert "Checked again" in done.stdout
        last = [line for line in done.stdout.splitlines() if "[pcscd.socket]" in line][-1]
        assert last.startswith("✓ ok"), done
        assert done.code == 0
    finally:
        written = patience.until(lambda: pid_file.exists() and pid_file.read_text().strip(chr(0) + chr(10)), 2)
        os.kill(int(written), signal.SIGTERM)


def test_login_self_test(ukey, soft_token):
    from rig.program import Secret

    soft_token(card="gm")
    done = ukey("doctor", *LOCAL, "--json", "--login", "--pin-fd", Secret("123456\n"))
    rows = {row["id"]: row for row in done.json["checks"]}
    assert rows["login.signature"]["verdict"] == "ok"
    wrong = ukey("login-test", "--json", "--pin-fd", Secret("999999\n"))
    assert wrong.code == 7 and wrong.json["first"]["cause"] == "login-pin"
    assert ukey("login-test", "--lang", "zh", "--pin-fd", Secret("123456\n")).code == 0


def test_healthy_chain_is_quick(ukey, soft_token):
    soft_token(card="gm", sample="one-pair")
    times = [ukey("doctor", *LOCAL, "--json").json["microseconds"] for _ in range(3)]
    assert min(times) < patience.limit(300_000), times


def test_screen_names_the_link_and_checks_again(screen, soft_token, reader):
    terminal = screen(80, 24, "ukey", "--lang", "zh", "--no-network")
    terminal.wait_for("F4")
    terminal.keys("F4")
    terminal.wait_for("卡在这一步：读卡器中有 U-Key")
    soft_token(card="gm", sample="expired")
    # By itself: the key that came is what the chain was waiting for.
    terminal.wait_for("卡在这一步：证书有效期")
    terminal.keys("s")
    terminal.wait_for("将保存的内容")
    terminal.wait_gone("深圳市示例建设工程有限公司")
    terminal.keys("Escape")
    terminal.wait_gone("将保存的内容")
    terminal.keys("Escape")
    terminal.wait_for("数字证书信息")
    terminal.keys("q")
    assert terminal.exit_status() == 0


def test_screen_saves_the_report_where_the_user_says(screen, soft_token, environment, tmp_path):
    soft_token(card="gm", sample="expired")
    terminal = screen(80, 24, "ukey", "--lang", "zh", "--no-network")
    terminal.wait_for("F4")
    terminal.keys("F4")
    terminal.wait_for("卡在这一步：证书有效期")

    def ask():
        terminal.keys("s")
        terminal.wait_for("将保存的内容")
        terminal.keys("Enter")
        terminal.wait_for("~/ukey-report-\\d+.html")

    # In the home, unless another name is given; both forms; nobody's name in them, and for nobody else.
    ask()
    terminal.keys("Enter")
    terminal.wait_for("已导出")
    saved = sorted(Path(environment["HOME"]).glob("ukey-report-*"))
    assert [path.suffix for path in saved] == [".html", ".json"]
    for path in saved:
        assert path.stat().st_mode & 0o777 == 0o600 and "深圳市示例建设工程" not in path.read_text()
    before = [path.read_bytes() for path in saved]
    # A name that is taken is refused, and another can be given at once.
    ask()
    terminal.keys("Enter")
    terminal.wait_for("UK-610")
    terminal.keys("C-u")
    terminal.enter(f"{tmp_path}/mine.json")
    terminal.wait_for("已导出")
    assert (tmp_path / "mine.json").exists() and (tmp_path / "mine.html").exists()
    assert [path.read_bytes() for path in saved] == before
    terminal.keys("Escape", "q")
    assert terminal.exit_status() == 0


def test_a_service_is_asked_at_its_path(ukey):
    asked = []

    class Answering(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200 if self.path == "/a/b" else 404)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/a/b"
        rows = {row["id"]: row for row in ukey("doctor", "--json", "--no-network", "--service", address).json["checks"]}
        server.shutdown()
    assert rows["service.answers"]["verdict"] == "ok" and set(asked) == {"/a/b"}, (rows["service.answers"], asked)
