"""The bill of materials: complete, and nothing in it that is not there."""

import json
import shutil
import subprocess

import pytest
from rig.program import ROOT
from test_make import listed

RESOLVED = ROOT / "Package.resolved"
pytestmark = pytest.mark.skipif(
    shutil.which("swift") is None or shutil.which("dpkg-query") is None or not RESOLVED.exists(), reason="nothing was resolved here")


def sbom(resolved, out, root=ROOT):
    return subprocess.run([root / ".ci/sbom", resolved, out], capture_output=True, text=True, timeout=120)


def test_every_part_is_in_it(tmp_path):
    done = sbom(RESOLVED, tmp_path / "a.json")
    assert done.returncode == 0, done
    made = json.loads((tmp_path / "a.json").read_text())
    parts = {each["name"]: each for each in made["components"]}
    for pin in json.loads(RESOLVED.read_text())["pins"]:
        part = parts[pin["identity"]]
        assert part["version"] == pin["state"]["version"]
        assert part["externalReferences"][0]["comment"] == pin["state"]["revision"]
    # The runtime packages of what it is built against, by Debian's own word.
    for package in set(listed()["libraries"]) - {"libncurses-dev"}:
        needs = subprocess.run(["dpkg-query", "-W", "-f", "${Depends}", package], capture_output=True, text=True).stdout
        assert any(each["purl"].split("/")[-1].split("@")[0] in needs for each in parts.values()), (package, needs)
    assert all(each["licenses"][0]["expression"] and each["version"] for each in parts.values())
    assert set(made["dependencies"][0]["dependsOn"]) == {each["bom-ref"] for each in parts.values()}
    # The same parts make the same bytes.
    assert sbom(RESOLVED, tmp_path / "b.json").returncode == 0
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_a_part_that_nobody_listed_stops_it(tmp_path):
    document = json.loads(RESOLVED.read_text())
    other = json.loads(json.dumps(document["pins"][0]))
    other["identity"] = "left-pad"
    for name, pins in (("more", [*document["pins"], other]), ("less", document["pins"][1:])):
        (tmp_path / name).write_text(json.dumps({"pins": pins}))
        done = sbom(tmp_path / name, tmp_path / "out.json")
        assert done.returncode != 0 and "Docs/dependencies.md" in done.stderr and not (tmp_path / "out.json").exists()
