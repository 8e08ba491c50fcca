"""Root runs nothing, and believes nothing, that another user could have written: libraries in their makers' places, settings,
a home that is not his, certificates of CAs, the folder of open challenges. In a mount namespace of the test's own."""

import json
import os
import shlex
import shutil
import subprocess

import pytest
from rig.program import ukey_path

NOBODY = 65534


@pytest.fixture
def stage(tmp_path, environment):
    # In a world of an ordinary user the machine's folders belong to nobody: what root trusts is to be seen by root only.
    if os.stat("/").st_uid != 0:
        pytest.skip("the machine's own folders are not root's here")
    return Stage(tmp_path, environment)


class Stage:
    """A library whose loading leaves a mark, and commands with folders of the test's in the place of a maker's in /opt and of /etc/ukey."""

    def __init__(self, folder, environment):
        self.folder, self.environment = folder, environment
        # In a folder of its own: a confined library makes no new file beside the home folder.
        self.mark = folder / "marks" / "loaded"
        self.mark.parent.mkdir()
        source = folder / "evil.c"
        source.write_text(
            '#include <fcntl.h>\n#include <unistd.h>\n__attribute__((constructor)) static void begin(void) {\n'
            f'  close(open("{self.mark}", O_CREAT | O_WRONLY, 0600));\n}}\n'
            "unsigned SKF_EnumDev(int present, char *names, unsigned *size) { *size = 0; return 0; }\n"
            "unsigned SKF_ConnectDev(char *name, void **device) { return 0x0A000001; }\n")
        self.library = folder / "evil.so"
        subprocess.run(["gcc", "-shared", "-fPIC", "-o", self.library, source], check=True)
        for name in ("opt", "etc"):
            (folder / name).mkdir(mode=0o755)
        self.places = {"opt": "/opt/lm-gm3000", "etc": "/etc/ukey"}

    def put(self, path, source=None, text=None, owner=0, mode=0o644):
        """A file below opt or etc (folders are root's)."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if source:
            shutil.copy(source, target)
        else:
            target.write_text(text)
        target.chmod(mode)
        os.chown(target, owner, owner)
        return target

    def run(self, *words, **env):
        self.mark.unlink(missing_ok=True)
        binds = "".join(
            f"mkdir -p {place} && mount --bind {shlex.quote(str(self.folder / name))} {place} && "
            for name, place in self.places.items())
        command = " ".join(shlex.quote(str(word)) for word in (ukey_path(), *words))
        # Copies in the place of the machine's own folders, where nothing of this is to stay; what is in /opt may run us.
        script = (
            "mount -t tmpfs -o mode=755 none /mnt && cp -a /etc /mnt/ && mount --bind /mnt/etc /etc && "
            "mkdir /mnt/opt && mount --rbind /opt /mnt/opt && mount -t tmpfs -o mode=755 none /opt && "
            'for each in /mnt/opt/*; do [ ! -d "$each" ] || { mkdir "/opt/${each##*/}" && '
            'mount --rbind "$each" "/opt/${each##*/}"; } || exit 99; done; '
            f"{binds}exec {command}")
        done = subprocess.run(
            ["unshare", "--mount", "--propagation", "private", "sh", "-c", script], capture_output=True, text=True,
            env=dict(self.environment, **env), timeout=120)
        return done, self.mark.exists()


KNOWN, PLACE = "opt/lib/libgm3000.1.0.so", "/opt/lm-gm3000/lib/libgm3000.1.0.so"


def failures(done):
    """`(code, text)` of all failures in a command's JSON."""
    found = []

    def walk(value):
        if isinstance(value, dict):
            if str(value.get("code", "")).startswith("UK-"):
                found.append((value["code"], json.dumps(value, ensure_ascii=False)))
            for each in value.values():
                walk(each)
        elif isinstance(value, list):
            for each in value:
                walk(each)

    walk(json.loads(done.stdout))
    return found


def test_the_library_is_loaded_when_it_is_roots(stage):
    """So the tests below are not blind."""
    stage.put(KNOWN, stage.library)
    assert stage.run("status", "--json")[1]


@pytest.mark.parametrize("what", ["file", "file mode", "folder", "folder mode"])
def test_a_library_in_a_known_place(stage, what):
    library = stage.put(KNOWN, stage.library)
    spoilt = library if "file" in what else library.parent
    if "mode" in what:
        spoilt.chmod(0o777)
    else:
        os.chown(spoilt, NOBODY, NOBODY)
    done, loaded = stage.run("status", "--json")
    place = PLACE if spoilt == library else PLACE.rpartition("/")[0]
    assert not loaded and any(code == "UK-614" and place in text for code, text in failures(done)), done
    for words in (["doctor", "--json", "--no-network"], ["provider", "list"], ["provider", "test", "skf:" + PLACE],
                  ["status", "--provider", "skf:" + PLACE], ["probe-library", PLACE]):
        assert not stage.run(*words)[1], words


@pytest.mark.parametrize("owner,mode", [(NOBODY, 0o644), (0, 0o666)])
def test_settings(stage, owner, mode):
    library = stage.put("opt/evil.so", stage.library)
    settings = stage.put("etc/providers.conf", text="skf:/opt/lm-gm3000/evil.so\n")
    assert library.exists() and stage.run("status", "--json")[1]
    settings.chmod(mode)
    os.chown(settings, owner, owner)
    done, loaded = stage.run("status", "--json")
    assert not loaded and any(
        code == "UK-614" and "/etc/ukey/providers.conf" in text for code, text in failures(done)), done


def test_settings_for_devices(stage):
    stage.put("opt/evil.so", stage.library)
    text = "[library evil]\ninterface = skf\nfile = /opt/lm-gm3000/evil.so\n"
    settings = stage.put("etc/devices.d/evil.conf", text=text)
    assert stage.run("status", "--json")[1]
    os.chown(settings, NOBODY, NOBODY)
    done, loaded = stage.run("status", "--json")
    assert not loaded and any(code == "UK-614" and "evil.conf" in text for code, text in failures(done)), done


def test_a_home_that_is_anothers(stage):
    """sudo -E, su -p: his settings, his certificates and his open requests are not root's."""
    stage.put("opt/evil.so", stage.library)
    home = stage.folder / "his"
    settings = home / ".config/ukey"
    settings.mkdir(parents=True)
    (settings / "providers.conf").write_text("skf:/opt/lm-gm3000/evil.so\n")
    assert stage.run("status", "--json", HOME=str(home))[1]
    os.chown(home, NOBODY, NOBODY)
    assert not stage.run("status", "--json", HOME=str(home))[1]
    (settings / "ca").mkdir()
    done, _ = stage.run("cert", "show", "--demo", "--json", HOME=str(home))
    assert '"chain"' not in done.stdout, done.stdout


def test_a_key_services_files_that_are_anothers(stage):
    """What his sites may is nothing to root, and root writes nothing into his folders."""
    his = stage.folder / "his"
    book = his / "state/ukey/service/origins.json"
    book.parent.mkdir(parents=True)
    grant = {"origin": "https://evil.example", "adapter": "ukey", "may": ["read", "login", "sign"], "granted": 1}
    book.write_text(json.dumps({"schema": "ukey.service-origins/1", "origins": [grant]}))
    (his / "run").mkdir()
    own = stage.folder / "own"
    own.mkdir()
    theirs = {"HOME": str(his), "XDG_STATE_HOME": str(his / "state"), "XDG_RUNTIME_DIR": str(his / "run")}
    assert "evil.example" in stage.run("serve", "origins", **theirs)[0].stdout
    for path in [his, *his.rglob("*")]:
        os.chown(path, NOBODY, NOBODY)
    assert "evil.example" not in stage.run("serve", "origins", **dict(theirs, HOME=str(own)))[0].stdout
    before = sorted(his.rglob("*"))
    stage.run("serve", "disable", "xtx", **dict(theirs, HOME=str(own)))
    assert sorted(his.rglob("*")) == before and (own / ".local/state/ukey/service/adapters.json").exists()


def test_certificates_of_authorities(stage):
    folder = stage.folder / "etc/ca"
    folder.mkdir()
    folder.chmod(0o777)
    words = ["cert", "show", "--demo", "--json"]
    chain = json.loads(stage.run(*words)[0].stdout)["certificate"]["certificate"]["chain"]
    assert chain["verdict"] == "noTrustAnchors" and chain["notUsed"] == ["UK-614 · /etc/ukey/ca"], chain


def test_the_folder_of_open_requests(stage):
    state = stage.folder / "state"
    (state / "ukey").mkdir(parents=True)
    os.chown(state / "ukey", NOBODY, NOBODY)
    (state / "ukey").chmod(0o777)
    done, _ = stage.run(
        "unlock", "request", "--demo", "--json", "--yes", "--no-wait", "--out", stage.folder / "x.ukreq", "--name", "李四",
        "--mobile", "13800138000", "--reason", "忘记密码", XDG_STATE_HOME=str(state))
    assert json.loads(done.stdout)["error"]["code"] == "UK-614", done
