"""Vendor libraries matched to the keys that are plugged in: named, asked first, left out, and missed where there is none."""

import shutil
import subprocess
import time

import pytest
from rig import patience
from rig.answers import key_of
from rig.program import Secret
from rig.usb import Bus

LONGMAI = dict(vendor="055c", product="e618", interfaces=[("03", "usbhid")])
LONGMAI_DISK = dict(vendor="055c", product="db08", interfaces=[("08", "usb-storage")])
FEITIAN = dict(vendor="096e", product="0309", interfaces=[("03", "usbhid")])
HAITAI = dict(vendor="5448", product="0003", interfaces=[("03", "usbhid")])
WATCHDATA = dict(vendor="163c", product="0406", interfaces=[("0b", None)])
KEYBOARD = dict(vendor="046d", product="c31c", interfaces=[("03", "usbhid")], subclass="01")
CAMERA = dict(vendor="046d", product="0825", interfaces=[("0e", "uvcvideo")])
UNLISTED = dict(vendor="1234", product="5678", interfaces=[("03", "usbhid")])
FILES = {"longmai": "opt/lm-gm3000/lib/libgm3000.1.0.so", "feitian": "usr/lib/libes_3000gm.so"}


class Machine:
    """A recorded tree with devices, and with the conformance library in makers' known places."""

    def __init__(self, root, token, ukey):
        self.bus, self.token, self.ukey = Bus(root), token, ukey

    def install(self, *makers):
        for maker in makers:
            place = self.bus.root / FILES[maker]
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(self.token.library, place)

    def path(self, maker):
        return f"skf:{self.bus.root}/{FILES[maker]}"

    def run(self, *words, json=True):
        return self.ukey(
            *words, *(["--json"] if json else []), "--device-root", str(self.bus.root), env=self.token.env)

    @property
    def was_asked(self):
        """Whether the library has been called since the last question."""
        calls = self.token.directory / "calls"
        asked = bool(self.token.calls())
        calls.unlink(missing_ok=True)
        return asked


@pytest.fixture
def machine(tmp_path, skf_token, ukey):
    return Machine(tmp_path / "machine", skf_token(), ukey)


def test_list_tells_which_key_a_library_is_for(machine):
    machine.install("feitian", "longmai")
    for device in (LONGMAI, FEITIAN, LONGMAI_DISK, HAITAI, WATCHDATA, KEYBOARD):
        machine.bus.plug(device)
    listed = machine.run("provider", "list").json
    used = {entry["provider"]: entry["devices"] for entry in listed["providers"] if entry["used"]}
    assert used == {machine.path("longmai"): ["055c:e618", "055c:db08"], machine.path("feitian"): ["096e:0309"]}
    devices = {entry["id"]: entry for entry in listed["devices"]}
    assert devices["055c:db08"]["libraries"] == [machine.path("longmai")]
    assert devices["055c:db08"]["transport"] == "mass-storage" and "error" not in devices["055c:db08"]
    assert devices["163c:0406"]["pcsc"] and "error" not in devices["163c:0406"]
    # No Linux library is known for this one: said so, no file named.
    assert devices["5448:0003"]["error"]["code"] == "UK-236" and devices["5448:0003"]["wanted"] == []
    assert machine.was_asked is False
    text = machine.run("provider", "list", "--lang", "zh", json=False).stdout
    assert "用于已插入的 096e:0309 飞天诚信" in text and "没有已知的 Linux 动态库（UK-236）  5448:0003" in text


def test_list_names_the_missing_file_and_the_unknown_bus(machine, ukey):
    machine.bus.plug(FEITIAN)
    entry, = machine.run("provider", "list").json["devices"]
    assert entry["libraries"] == [] and "/usr/lib/libes_3000gm.so" in entry["wanted"]
    assert entry["error"]["code"] == "UK-235" and "libes_3000gm.so" in entry["error"]["detail"]
    assert "libes_3000gm.so" in machine.run("provider", "list", "--lang", "en", json=False).stdout
    # Where USB cannot be looked at, nothing is claimed of what is plugged in.
    empty = ukey("provider", "list", "--json", "--device-root", str(machine.token.directory)).json
    assert "devices" not in empty


def test_a_library_in_its_known_place_serves_its_key(machine):
    machine.install("longmai")
    machine.bus.plug(LONGMAI)
    done = machine.run("status")
    assert key_of(done)["serial"] == "SKF-00412" and not [r for r in done.json["readers"] if r["provider"] == "usb"]
    changed = machine.run("pin", "change", "--pin-fd", Secret("123456"), "--new-pin-fd", Secret("7g2K9q"))
    assert changed.code == 0, changed


@pytest.mark.parametrize("device,code,words", [
    (FEITIAN, "UK-235", "libes_3000gm.so"), (LONGMAI_DISK, "UK-235", "libgm3000.1.0.so"), (HAITAI, "UK-236", "5448:0003")],
    ids=["hid", "mass-storage", "unknown"])
def test_a_key_without_library_is_not_called_no_key(machine, pcscd, device, code, words):
    machine.bus.plug(device)
    done = machine.run("status")
    assert done.code == 10, done
    told = [reader for reader in done.json["readers"] if reader["provider"] == "usb"]
    assert [reader["error"]["code"] for reader in told] == [code] and words in told[0]["error"]["detail"]
    for command in (["cert", "list"], ["pin", "status"], ["pin", "change"], ["unlock", "request"]):
        refused = machine.run(*command)
        assert (refused.code, refused.json["error"]["code"]) == (10, code), refused
    pcscd.stop()
    without = machine.run("status")
    assert without.code == 10 and "UK-101" in without.json["readers"][0]["error"]["detail"]


def test_a_key_in_a_reader_is_shown_without_that(machine, soft_token):
    soft_token(card="gm")
    machine.bus.plug(FEITIAN)
    done = machine.run("status")
    assert key_of(done) and [reader["provider"] for reader in done.json["readers"]] == ["pcsc"]


@pytest.mark.parametrize("devices,installed,asked", [
    ([], ["longmai"], False), ([KEYBOARD, CAMERA], ["longmai"], False), ([FEITIAN], ["longmai", "feitian"], True),
    ([UNLISTED], ["longmai"], True), ([HAITAI], ["longmai"], True), ([FEITIAN], ["longmai"], True),
    ([WATCHDATA], ["longmai"], True)],
    ids=["empty", "no-keys", "its-own", "unlisted", "no-library-known", "its-library-missing", "card"])
def test_only_what_certainly_has_no_key_is_not_started(machine, devices, installed, asked):
    machine.install(*installed)
    for device in devices:
        machine.bus.plug(device)
    machine.run("status")
    assert machine.was_asked is asked


def test_the_other_makers_library_is_left_alone(machine, tmp_path, ukey):
    """Two makers' libraries, the key of one: only that one is started, and it is named first."""
    machine.install("feitian", "longmai")
    machine.bus.plug(FEITIAN)
    listed = machine.run("provider", "list").json["providers"]
    assert [(e["provider"], e.get("nothingForIt", False)) for e in listed if e["used"]] == [
        (machine.path("feitian"), False), (machine.path("longmai"), True)]
    done = machine.run("status")
    assert {reader["provider"] for reader in done.json["readers"]} == {machine.path("feitian")}
    assert "alsoSeen" not in key_of(done)


def test_one_that_the_user_names_is_always_asked(machine, environment):
    machine.install("longmai")
    machine.token.limit(environment, seconds=5)
    assert machine.run("status").code == 0 and machine.was_asked


def test_what_the_user_named_may_be_for_a_key_without_library(machine, environment, pcscd):
    """Whether an unlisted library is for it is not known, so nothing is said to be missing."""
    machine.bus.plug(HAITAI)
    machine.token.limit(environment, seconds=5)
    machine.token.unplug()
    assert machine.run("status").code == 5
    entry, = machine.run("provider", "list").json["devices"]
    assert entry["libraries"] == [] and "error" not in entry
    assert "not known" in machine.run("provider", "list", "--lang", "en", json=False).stdout


def test_what_waits_for_keys_starts_every_library(machine, environment):
    machine.install("longmai")
    watch = subprocess.Popen(
        [machine.ukey.path, "watch", "--json", "--device-root", str(machine.bus.root)], stdout=subprocess.DEVNULL,
        env=dict(environment, **machine.token.env))
    patience.until(machine.token.calls)
    watch.terminate()
    assert watch.wait(patience.limit(10)) == 0


def test_users_list_brings_libraries_too(machine, environment, tmp_path):
    """A device and a library in ~/.config/ukey/devices.d: used unasked, as the diagnosis takes it."""
    folder = tmp_path / "home/.config/ukey/devices.d"
    folder.mkdir(parents=True)
    place = machine.bus.root / "opt/haitai/libhaikey.so"
    place.parent.mkdir(parents=True)
    shutil.copy(machine.token.library, place)
    (folder / "haitai.conf").write_text(
        "[library haitai]\ninterface = skf\nfile = /opt/haitai/libhaikey.so\n\n"
        "[device 5448:0003]\nname = HaiKey\ntransport = hid\nlibrary = haitai\n")
    machine.bus.plug(HAITAI)
    listed = machine.run("provider", "list").json
    assert listed["devices"][0]["libraries"] == [f"skf:{place}"] and "mistakes" not in listed
    with open(folder / "haitai.conf", "a") as file:
        file.write("nonsense\n")
    assert machine.run("provider", "list").json["mistakes"] == [f"{folder}/haitai.conf:9:1: nonsense"]
    assert key_of(machine.run("status"))["serial"] == "SKF-00412"


@pytest.mark.parametrize("language,missing,waiting", [
    ("zh", "已插入 USB，缺少厂商动态库", "等待插入|没有检测到"),
    ("en", "on USB, its library is missing", "waiting for one|none found")])
def test_the_window_tells_it_as_it_comes_and_goes(machine, pcscd, screen, language, missing, waiting):
    window = screen(80, 24, "ukey", "--lang", language, "--device-root", str(machine.bus.root))
    window.wait_for(waiting)
    number = machine.bus.plug(FEITIAN)
    window.wait_for(missing)
    window.wait_for("UK-235")
    window.wait_for("libes_3000gm.so")
    machine.bus.unplug(number)
    window.wait_gone("UK-235.*\n(.*\n)*.*libes_3000gm")
    window.wait_gone(missing)
    window.keys("q")
    assert window.exit_status() == 0


def test_the_window_shows_keys_before_what_is_missing(machine, soft_token, screen):
    soft_token(card="gm")
    machine.bus.plug(HAITAI)
    window = screen(80, 24, "ukey", "--lang", "zh", "--device-root", str(machine.bus.root))
    window.wait_for("证书所有者")
    time.sleep(0.5)
    assert "UK-236" not in window.text()
    window.keys("q")
    assert window.exit_status() == 0
