"""The documents that the program prints, and Docs/schema. Every `--json` output of every test is held against it (rig/program.py);
here is what those do not come by, and that the check can fail."""

import json
import re
import signal
import subprocess
from pathlib import Path

import pytest

from rig import patience, schema
from rig.program import ROOT, Secret, end

# What the program keeps or speaks itself, for no one else to read.
INTERNAL = {"ukey.unlock-audit/1", "ukey.issue-audit/1", "ukey.control/1", "ukey.service-adapters/1", "ukey.service-origins/1"}


def named_in_sources():
    text = "\n".join(file.read_text() for file in (ROOT / "Sources").rglob("*.swift"))
    return set(re.findall(r'"(ukey\.[a-z-]+/\d+)"', text)) - INTERNAL


def test_every_document_has_its_schema_and_every_schema_its_document():
    files = {file.name for file in schema.FOLDER.glob("*.json")} - {"definitions.json"}
    assert files == {schema.file_name(each) for each in named_in_sources()}
    for name in files:
        own = json.loads((schema.FOLDER / name).read_text())
        assert schema.file_name(own["title"]) == name and own["description"] and own["properties"]["schema"]
        assert schema.validator(name)


def test_the_check_finds_what_is_wrong(ukey):
    document = ukey("status", "--demo", "--json").json
    assert schema.mistakes(document) == []
    pin = document["readers"][0]["key"]["applications"][0]["userPin"]
    for change in ({"triesLeft": "9"}, {"triesleft": 9}, {"locked": None}):
        broken = json.loads(json.dumps(document))
        broken["readers"][0]["key"]["applications"][0]["userPin"] = {**pin, **change}
        assert schema.mistakes(broken), change
    assert schema.mistakes({"error": {}}) and schema.mistakes({"schema": "ukey.nothing/1"}) and schema.mistakes([])
    del document["time"]
    assert schema.mistakes(document)


def test_a_reader_of_old_passes_over_what_is_new():
    """The files themselves are open: only the tests take them strictly."""
    import jsonschema

    files = {file.name: json.loads(file.read_text()) for file in schema.FOLDER.glob("*.json")}
    own = files["ukey.error-1.json"]
    resolver = jsonschema.RefResolver("ukey.error-1.json", own, store=files)
    error = {"code": "UK-113", "message": "m", "remedy": "r", "detail": "d", "later": 1}
    jsonschema.Draft202012Validator(own, resolver=resolver).validate({"schema": "ukey.error/1", "error": error, "more": []})


def test_a_failure_has_a_schema_too(ukey):
    done = ukey("pin", "status", "--reader", "no such reader", "--demo", "--json")
    assert done.code == 5 and done.json["schema"] == "ukey.error/1" and done.json["error"]["code"] == "UK-111"


def test_one_key_is_one_object_everywhere(ukey, tmp_path):
    """The same members for the same thing, whichever command tells of it."""
    demo = lambda *words: ukey(*words, "--demo", "--json").json
    key = demo("status")["readers"][0]["key"]
    folder = str(tmp_path / "all")
    others = [
        demo("list")["certificates"][0]["key"], demo("cert", "list")["certificates"][0]["key"],
        demo("cert", "show")["certificate"]["key"], demo("pin", "status")["pins"][0]["key"],
        demo("export", "--all", folder)["files"][0]["key"],
        demo("cert", "export", str(tmp_path / "c.pem"))["certificate"]["key"],
        ukey("pin", "verify", "--demo", "--json", "--pin-fd", Secret("123456")).json["key"],
        demo("unlock", "request", "--yes", "--name", "李四", "--mobile", "13800138000", "--reason", "忘记密码", "--out",
             str(tmp_path / "r.ukreq"))["key"],
    ]
    for other in others:
        assert other["serial"] == key["serial"] and other["reader"] == key["reader"]
        assert all(value == key.get(name, value) for name, value in other.items()), other
    pin = key["applications"][0]["userPin"]
    assert demo("pin", "status")["pins"][0]["userPin"] == demo("pin", "status")["pins"][0]["user"]
    assert demo("list")["certificates"][0]["pin"].keys() == pin.keys()
    # Roles are taken as they are printed.
    for row in demo("cert", "list")["certificates"]:
        role = row["certificate"]["role"]
        shown = demo("cert", "show", "--container", row["container"], "--role", role)
        assert shown["certificate"]["certificate"]["role"] == role


def test_times_are_iso(ukey, tmp_path):
    for words in (["status"], ["list"], ["cert", "list"], ["cert", "show"], ["pin", "status"]):
        assert re.match(r"\d{4}-\d\d-\d\dT", ukey(*words, "--demo", "--json").json["time"]), words
    report = tmp_path / "r.json"
    done = ukey("doctor", "--demo", "--no-network", "--json", "--only", "certificate.validity", "--report", str(report))
    assert done.json["isoTime"][:10].count("-") == 2 and done.json["time"] > 0
    schema.check(report.read_text())


@pytest.mark.parametrize("command", ["watch", "intake"])
def test_lines_as_they_come(ukey, environment, tmp_path, command):
    out = tmp_path / "keys.jsonl"
    words = ["watch"] if command == "watch" else ["intake", "--out", str(out), "--count", "1"]
    printed = tmp_path / "printed"
    with open(printed, "w") as file:
        process = subprocess.Popen([str(ukey.path), *words, "--demo", "--json"], stdout=file, env=environment)
        try:
            patience.until(lambda: '"key"' in printed.read_text(), 20, printed.read_text)
        finally:
            end(process, signal.SIGINT)
    schema.check(printed.read_text())
    if command == "intake":
        schema.check(Path(out).read_text())
