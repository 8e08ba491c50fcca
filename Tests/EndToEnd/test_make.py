"""What the Makefile says of the build agrees with the manifest, and `make build` says what is missing instead of installing."""

import json
import os
import re
import shutil
import subprocess
import tempfile

import pytest
from rig.program import ROOT, ukey_path

needs_swift = pytest.mark.skipif(shutil.which("swift") is None, reason="Swift is not on the PATH")


def make(*arguments, **env):
    return subprocess.run(
        ["make", "-s", "-C", str(ROOT), *arguments], capture_output=True, text=True, env=dict(os.environ, **env))


def listed():
    lines = make("packages").stdout.splitlines()
    return {name: words.split() for name, words in (line.split(":", 1) for line in lines)}


def manifest(tmp_path):
    # With a scratch folder of its own: the one of the tree belongs to whoever builds there.
    dump = subprocess.run(
        ["swift", "package", "--scratch-path", str(tmp_path / "build"), "--package-path", str(ROOT), "dump-package"],
        capture_output=True, text=True)
    assert dump.returncode == 0, dump.stderr
    return json.loads(dump.stdout)


@needs_swift
def test_the_lists_are_those_of_the_manifest(tmp_path):
    package = manifest(tmp_path)
    targets = package["targets"]
    packages = {
        name for target in targets for provider in target.get("providers") or [] for names in provider["apt"] for name in names}
    assert packages and packages == set(listed()["libraries"])
    assert {target["pkgConfig"] for target in targets if target.get("pkgConfig")} == set(listed()["pkg-config"])
    assert packages <= set(listed()["build"])
    products = {product["name"] for product in package["products"] if "executable" in product["type"]}
    assert products == set(listed()["programs"])


@needs_swift
def test_the_architecture_names_what_the_manifest_lets_in(tmp_path):
    """Every module of Docs/architecture.md, with what it may import besides Base and Failures, and nothing below it."""
    rows = [row.strip("|").split("|") for row in (ROOT / "Docs/architecture.md").read_text().splitlines() if row.startswith("| `")]
    told, order = {}, []
    for row in rows:
        names = re.findall(r"`([\w-]+)`", row[0])
        order += names
        if len(row) == 3 and row[2].strip() != "all":
            told[names[0]] = set(re.findall(r"[\w-]+", row[2].split(";")[0].replace("–", "")))
    targets = {target["name"]: target for target in manifest(tmp_path)["targets"] if target["type"] == "regular"}
    for name, imports in told.items():
        if name in targets:
            given = {dependency["byName"][0] for dependency in targets[name]["dependencies"] if "byName" in dependency}
            assert imports == given - {"Base", "Failures"}, name
            # C modules stand in one row, beside one another.
            assert all(order.index(module) <= order.index(name) for module in given), name
    assert targets.keys() - {"SeededRandom"} <= set(order)


@needs_swift
def test_a_release_tells_nothing_of_where_it_was_built(tmp_path):
    """With the flags of `make build`: a C header's name for itself, as OpenSSL's macros put it into programs, has no folder of ours."""
    line = next(line for line in make("-n", "build").stdout.splitlines() if " build -c release " in line)
    words = line.replace(f"{ROOT}=", f"{tmp_path}=").split()
    flags = []
    for kind, word in zip(words, words[1:]):
        if kind == "-Xcc":
            flags += [kind, word]
        elif kind == "-Xswiftc" and word != "-use-ld=lld":
            flags.append(word)
    (tmp_path / "C").mkdir()
    (tmp_path / "C/module.modulemap").write_text('module C { header "c.h" }\n')
    (tmp_path / "C/c.h").write_text("static inline const char *place(void) { return __FILE__; }\n")
    (tmp_path / "main.swift").write_text("import C\nprint(String(cString: place()))\n")
    subprocess.run(
        ["swiftc", *flags, "-I", tmp_path / "C", "-o", tmp_path / "program", tmp_path / "main.swift"], check=True,
        capture_output=True, cwd=tmp_path)
    assert str(tmp_path).encode() not in (tmp_path / "program").read_bytes()
    assert subprocess.run([tmp_path / "program"], capture_output=True, text=True, check=True).stdout == "C/c.h\n"


def test_what_is_installed_runs(tmp_path, environment):
    """With the programs of this build in place of a release's; nothing is built."""
    programs = ukey_path().parent
    done = make(
        "-o", "build", "install", f"DESTDIR={tmp_path}", "PREFIX=/usr", f"RELEASE={programs}", f"UKEY={ukey_path()}")
    assert done.returncode == 0, done.stderr
    for name in ["bin/ukey", "libexec/ukey-service"]:
        assert (tmp_path / "usr" / name).stat().st_mode & 0o777 == 0o711
    assert not (tmp_path / "usr/bin/ukey-service").exists()
    unit = (tmp_path / "usr/lib/systemd/user/ukey-service.service").read_text()
    assert "ExecStart=/usr/libexec/ukey-service\n" in unit and "@" not in unit
    # It finds the service where it was put.
    with tempfile.TemporaryDirectory(prefix="ukey-run-") as runtime:
        session = dict(environment, XDG_RUNTIME_DIR=runtime, XDG_STATE_HOME=str(tmp_path / "state"))
        for words, code in [(["start"], 0), (["stop"], 0)]:
            done = subprocess.run(
                [tmp_path / "usr/bin/ukey", "serve", *words], env=session, capture_output=True, text=True)
            assert done.returncode == code, done


def test_what_is_missing_is_said_and_nothing_installed(tmp_path):
    for name in ("apt-get", "sudo"):
        (tmp_path / name).write_text("#!/bin/sh\ntouch \"$(dirname \"$0\")/called\"\n")
        (tmp_path / name).chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    done = make("build", "BUILD_PACKAGES=no-such-package-1 dpkg no-such-package-2", "SWIFT=true", PATH=path)
    assert done.returncode != 0 and "no-such-package-1 no-such-package-2\n" in done.stderr, done
    assert "make deps" in done.stderr and not (tmp_path / "called").exists()


def test_a_missing_compiler_is_said():
    done = make("build", "SWIFT=no-such-swift")
    assert done.returncode != 0 and "Swift 6.2" in done.stderr, done


@pytest.mark.parametrize("verb", ["check", "install"])
def test_nothing_missing_is_nothing_said(verb):
    done = subprocess.run([str(ROOT / ".ci/packages"), verb, "dpkg", "bash"], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
