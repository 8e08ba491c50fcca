"""Debian's packages, made of the programs of this build: what is in them, and that they run from where they are unpacked."""

import gzip
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from rig import patience
from rig.program import ROOT, run, tool, ukey_path

pytestmark = [
    pytest.mark.skipif(shutil.which("dpkg-shlibdeps") is None, reason="dpkg-dev is not installed"),
    pytest.mark.xdist_group("package")]


def build(folder, umask=0o022):
    # Not compressed: it is taken apart again at once.
    done = subprocess.run(
        [ROOT / ".ci/build-deb", ukey_path(), folder], cwd=ROOT, capture_output=True, text=True, umask=umask,
        env=dict(os.environ, DPKG_DEB_COMPRESSOR_TYPE="none", SHLIBDEPS_OPTIONS="--ignore-missing-info"),
        timeout=patience.limit(120))
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return build(tmp_path_factory.mktemp("package"))


@pytest.fixture(scope="module")
def unpacked(package, tmp_path_factory):
    root = tmp_path_factory.mktemp("root")
    assert run("dpkg-deb", "-x", package, root, timeout=60).code == 0
    return root


def listed(package):
    found = {}
    for line in run("dpkg-deb", "-c", package).stdout.splitlines():
        mode, owner, _, _, _, path = line.split(maxsplit=5)
        found[path] = mode
        assert owner == "root/root"
    return found


def test_what_the_package_holds(package, unpacked, environment, tmp_path):
    there = listed(package)
    assert there["./usr/bin/ukey"] == there["./usr/libexec/ukey-service"] == "-rwx--x--x"
    for file in ["lib/systemd/user/ukey-service.service", "lib/udev/rules.d/70-ukey.rules", "share/ukey/ukey.js", "share/ukey/ukey.d.ts",
                 "share/bash-completion/completions/ukey", "share/zsh/vendor-completions/_ukey", "share/fish/vendor_completions.d/ukey.fish",
                 "share/applications/ukey.desktop", "share/icons/hicolor/scalable/apps/ukey.svg",
                 "share/metainfo/invalid.example.ukey.metainfo.xml", "share/man/man1/ukey.1.gz", "share/man/zh_CN/man1/ukey-pin-change.1.gz",
                 "share/doc/ukey/copyright", "share/doc/ukey/changelog.gz", "share/doc/ukey/SECURITY.md", "share/doc/ukey/Docs/support.zh.md",
                 "share/doc/ukey/examples/60-ukey-remote.rules", "share/lintian/overrides/ukey"]:
        assert there[f"./usr/{file}"] == "-rw-r--r--", file
    # Nothing outside /usr but the settings, no rule of polkit that holds, nothing that others may write.
    assert {path for path in there if not path.startswith("./usr")} == {"./", "./etc/", "./etc/ukey/", "./etc/ukey/ukey.conf"}
    assert not any("polkit" in path for path in there)
    assert all(mode[8] == "-" and mode[5] == "-" for mode in there.values())
    # No maintainer script.
    control = run("dpkg-deb", "--ctrl-tarfile", package).stdout
    assert {name for name in ["conffiles", "control", "md5sums", "preinst", "postinst", "prerm", "postrm"] if f"./{name}\0" in control} == {
        "conffiles", "control", "md5sums"}
    depends = run("dpkg-deb", "-f", package, "Depends").stdout
    for name in ["libpcsclite1", "libc6", "libssl3"]:
        assert name in depends, depends
    assert "swift" not in depends

    ukey = unpacked / "usr/bin/ukey"
    with tempfile.TemporaryDirectory(prefix="ukey-run-") as runtime:
        session = dict(environment, XDG_RUNTIME_DIR=runtime, XDG_STATE_HOME=str(tmp_path / "state"))
        status = run(ukey, "serve", "status", "--json", env=session)
        assert status.code == 10 and status.json["running"] is False
        try:
            started = run(ukey, "serve", "start", "--json", env=session)
            assert started.code == 0 and started.json["running"] is True
        finally:
            run(ukey, "serve", "stop", env=session)


def test_two_builds_give_the_same_bytes(package, tmp_path):
    """In another folder, by somebody with another umask: both packages are the same."""
    again = build(tmp_path, umask=0o077)
    for first in sorted(Path(package).parent.glob("*.deb")):
        second = Path(again).with_name(first.name)
        assert hashlib.sha256(first.read_bytes()).digest() == hashlib.sha256(second.read_bytes()).digest(), first.name


def test_symbols_are_in_a_package_of_their_own(package, unpacked, tmp_path):
    symbols = next(Path(package).parent.glob("ukey-dbgsym_*.deb"))
    assert run("dpkg-deb", "-x", symbols, tmp_path, timeout=60).code == 0
    ids = run("dpkg-deb", "-f", symbols, "Build-Ids").stdout.split()
    assert len(ids) == 2
    for program in ["usr/bin/ukey", "usr/libexec/ukey-service"]:
        told = tool("readelf", "-W", "-S", "-n", unpacked / program).decode()
        assert ".symtab" not in told and ".debug_info" not in told
        id_ = re.search(r"Build ID: (\w+)", told)[1]
        assert id_ in ids
        kept = tmp_path / f"usr/lib/debug/.build-id/{id_[:2]}/{id_[2:]}.debug"
        assert ".symtab" in tool("readelf", "-W", "-S", kept).decode()


def test_the_version_stands_in_one_place(package, unpacked, ukey):
    lines = ukey("--version").stdout.splitlines()
    version = re.search(r'number = "([\d.]+)"', (ROOT / "Sources/Base/ProgramVersion.swift").read_text())[1]
    assert lines[0] == version and len(lines) >= 5
    assert re.match(r"commit: .+", lines[1]) and "OpenSSL 3" in lines[2] and "pcsc-lite" in lines[2] and "A-lm" in lines[3]
    assert run("dpkg-deb", "-f", package, "Version").stdout.strip() == version
    assert gzip.decompress((unpacked / "usr/share/doc/ukey/changelog.gz").read_bytes()).decode().startswith(f"ukey ({version}) ")
    metainfo = ElementTree.parse(unpacked / "usr/share/metainfo/invalid.example.ukey.metainfo.xml")
    assert metainfo.find("releases/release").get("version") == version
    # Nowhere else in what makes the package.
    for file in [ROOT / "Makefile", ROOT / "Package.swift", *ROOT.glob("Packaging/**/*"), *ROOT.glob(".ci/*")]:
        assert file.is_dir() or not re.search(rf"(?<![\d.]){re.escape(version)}(?![\d.])", file.read_text()), file


def test_settings_of_the_package_set_nothing(unpacked, ukey, environment, tmp_path):
    lines = (unpacked / "etc/ukey/ukey.conf").read_text().splitlines()
    shipped = (ROOT / "Sources/Wording/Settings/ukey.conf").read_text().splitlines()
    assert all(not line or line.startswith(("#", "[")) for line in lines)
    for line in shipped:
        if "=" in line and not line.startswith("#"):
            assert f"#{line}" in lines
    # Each line can be taken as it stands.
    home = tmp_path / "home/.config/ukey"
    home.mkdir(parents=True)
    (home / "ukey.conf").write_text("\n".join(re.sub(r"^#(?=[a-z-]+ = )", "", line) for line in lines) + "\n")
    done = ukey("status", "--demo", env={"LANG": "C.UTF-8", "HOME": str(tmp_path / "home")})
    assert done.code in (0, 3) and "ukey.conf" not in done.stderr and "剩余" in done.stdout, done


def test_udev_rules_are_for_every_key_that_pcscd_does_not_open(unpacked):
    rules = (unpacked / "usr/lib/udev/rules.d/70-ukey.rules").read_text()
    named = set(re.findall(r'^ATTRS\{idVendor\}=="([0-9a-f]{4})", ATTRS\{idProduct\}=="([0-9a-f]{4})", TAG\+="uaccess"$', rules, re.M))
    wanted = set()
    for section in (ROOT / "Sources/TokenKit/Devices/devices.conf").read_text().split("\n[")[1:]:
        place = re.match(r"device ([0-9a-f]{4}):([0-9a-f]{4})\]", section)
        if place and "transport = ccid" not in section:
            wanted.add(place.groups())
    assert named == wanted and len(wanted) > 30
    for line in rules.splitlines():
        assert re.match(r'#|ACTION==|SUBSYSTEM!=|ATTRS|LABEL=', line), line


def test_desktop_entry_and_metainfo_are_well_formed(unpacked):
    for command in [
        ["desktop-file-validate", unpacked / "usr/share/applications/ukey.desktop"],
        ["appstreamcli", "validate", "--no-net", unpacked / "usr/share/metainfo/invalid.example.ukey.metainfo.xml"],
        ["systemd-analyze", "--user", "--man=no", "verify", unpacked / "usr/lib/systemd/user/ukey-service.service"],
    ]:
        if shutil.which(command[0]) is None or command[0] == "systemd-analyze":
            continue
        done = subprocess.run(command, capture_output=True, text=True, timeout=patience.limit(30))
        assert done.returncode == 0 and "warning" not in done.stdout.lower(), done
    ElementTree.parse(unpacked / "usr/share/icons/hicolor/scalable/apps/ukey.svg")


@pytest.mark.skipif(shutil.which("lintian") is None, reason="lintian is not installed")
def test_lintian_has_nothing_to_say(package, tmp_path):
    """But of what only this test's package has: programs that know where Swift's libraries are, and no compression."""
    told = subprocess.run(
        ["lintian", "--tag-display-limit", "0", "--fail-on", "none", "--allow-root", *Path(package).parent.glob("*.deb")], capture_output=True, text=True,
        timeout=patience.limit(180), env=dict(os.environ, TMPDIR=str(tmp_path), LC_ALL="C.UTF-8"))
    faults = [line for line in told.stdout.splitlines() if re.match(r"[EW]: ", line)]
    assert [line for line in faults if not re.search(r"custom-library-search-path|uses-no-compression", line)] == [], told
    assert told.returncode == 0, told
    overrides = (ROOT / "Packaging/debian/lintian-overrides").read_text()
    # Every override has its reason above it.
    assert not re.search(r"\A(?!#)|\n\n", overrides)
