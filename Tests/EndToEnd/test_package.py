"""Debian's package, made of the programs of this build: what is in it, and that it runs from where it is unpacked."""

import os
import shutil
import subprocess
import tempfile

import pytest
from rig import patience
from rig.program import ROOT, run, ukey_path

pytestmark = pytest.mark.skipif(shutil.which("dpkg-shlibdeps") is None, reason="dpkg-dev is not installed")


@pytest.fixture
def package(tmp_path):
    # Not compressed: these programs have all their symbols yet.
    done = subprocess.run(
        [ROOT / ".ci/build-deb", ukey_path(), tmp_path], cwd=ROOT, capture_output=True, text=True,
        env=dict(os.environ, DPKG_DEB_COMPRESSOR_TYPE="none", SHLIBDEPS_OPTIONS="--ignore-missing-info"),
        timeout=patience.limit(60))
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


def test_what_the_package_holds(package, tmp_path, environment):
    listed = {}
    for line in run("dpkg-deb", "-c", package).stdout.splitlines():
        mode, owner, _, _, _, path = line.split(maxsplit=5)
        listed[path] = mode
        assert owner == "root/root"
    assert listed["./usr/bin/ukey"] == listed["./usr/libexec/ukey-service"] == "-rwx--x--x"
    for file in ["lib/systemd/user/ukey-service.service", "share/ukey/ukey.js", "share/ukey/ukey.d.ts",
                 "share/bash-completion/completions/ukey", "share/doc/ukey/copyright", "share/doc/ukey/changelog.gz"]:
        assert listed[f"./usr/{file}"] == "-rw-r--r--"
    # Nothing outside /usr, nothing that others may write.
    assert all(path.startswith("./usr") or path == "./" for path in listed)
    assert all(mode[8] == "-" and mode[5] == "-" for mode in listed.values())
    depends = run("dpkg-deb", "-f", package, "Depends").stdout
    for name in ["libpcsclite1", "libc6", "libssl3"]:
        assert name in depends, depends
    assert "swift" not in depends

    root = tmp_path / "root"
    assert run("dpkg-deb", "-x", package, root).code == 0
    ukey = root / "usr/bin/ukey"
    with tempfile.TemporaryDirectory(prefix="ukey-run-") as runtime:
        session = dict(environment, XDG_RUNTIME_DIR=runtime, XDG_STATE_HOME=str(tmp_path / "state"))
        status = run(ukey, "serve", "status", "--json", env=session)
        assert status.code == 10 and status.json["running"] is False
        try:
            started = run(ukey, "serve", "start", "--json", env=session)
            assert started.code == 0 and started.json["running"] is True
        finally:
            run(ukey, "serve", "stop", env=session)
