"""What browsers keep: the answer to a page that asked to call this computer, stores, and how they were installed."""

import contextlib
import json
import os
import sqlite3

from . import Run, fault
from .limits import NOBODY
from .network import firefox, proxy
from .services import new_store, store

DENIED = {"setting": 2, "last_modified": "13400000000000000"}


def preferences(world, folder, origin, setting, profile="Default"):
    home = world.home / ".config" / folder
    (home / profile).mkdir(parents=True)
    (home / "Local State").write_text(json.dumps({"profile": {"last_used": profile}}))
    exceptions = {f"https://{origin},*": dict(DENIED, setting=setting)}
    (home / profile / "Preferences").write_text(
        json.dumps({"profile": {"content_settings": {"exceptions": {"loopback_network": exceptions}}}, "zoom": 1.5}))


@fault("Chromium: page not allowed to call this computer · Chromium 不允许网页访问本机", "browser.permission", "loopback-denied")
def permission_chromium(world):
    world.key()
    preferences(world, "chromium", world.healthy[0], 2)
    yield Run(evidence=["Chromium: no"])


@fault("Chrome, the profile last used · Chrome 上次使用的用户", "browser.permission", "loopback-denied")
def permission_chrome(world):
    world.key()
    preferences(world, "google-chrome", world.healthy[0], 2, "Profile 3")
    yield Run(evidence=["Chrome: no"])


def permissions(world, origin, kind, value):
    firefox(world)
    path = world.home / ".mozilla/firefox/abc.default/permissions.sqlite"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE moz_perms (id INTEGER PRIMARY KEY, origin TEXT, type TEXT, permission INTEGER)")
        database.execute("INSERT INTO moz_perms (origin, type, permission) VALUES (?, ?, ?)", (origin, kind, value))
    database.close()


@fault("Firefox: page not allowed to call this computer · Firefox 不允许网页访问本机", "browser.permission", "loopback-denied")
def permission_firefox(world):
    world.key()
    permissions(world, f"https://{world.healthy[0]}", "loopback-network", 2)
    yield Run(evidence=["Firefox abc.default: no"])


@fault("the same in an older Firefox · 旧版 Firefox 同上", "browser.permission", "loopback-denied")
def permission_firefox_older(world):
    world.key()
    permissions(world, f"https://{world.healthy[0]}", "localhost", 2)
    yield Run(evidence=["Firefox abc.default: no"])


@contextlib.contextmanager
def locked(path):
    """A database that somebody is writing."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("BEGIN EXCLUSIVE")
        yield


CATCHES = "localhost.example;<-loopback>"


@fault("policy sends this computer's addresses through a proxy · 策略让本机地址走代理", "browser.permission",
       "proxy-catches-loopback")
def proxy_policy(world):
    world.key()
    rules = json.dumps({"ProxySettings": {
        "ProxyMode": "fixed_servers", "ProxyServer": "http=192.0.2.1:8080;https=192.0.2.1:8080", "ProxyBypassList": CATCHES}})
    yield Run(["--sysroot", world.tree(files=[("usr/bin/chromium", "\x7fELF"), ("etc/opt/chrome/policies/managed/p.json", rules)])],
              evidence=["192.0.2.1", "managed/p.json"])


@fault("Chromium started with such options · Chromium 启动参数同上", "browser.permission", "proxy-catches-loopback")
def proxy_flags(world):
    world.key()
    flags = f'# proxy\nexport CHROMIUM_FLAGS="$CHROMIUM_FLAGS --proxy-server=192.0.2.1:8080 --proxy-bypass-list=\'{CATCHES}\'"\n'
    yield Run(["--sysroot", world.tree(files=[("usr/bin/chromium", "\x7fELF"), ("etc/chromium.d/proxy", flags)])],
              evidence=["192.0.2.1:8080"])


@fault("Chromium's own settings say so, the proxy is on this computer · 本机代理工具接管本机地址", "browser.permission",
       "proxy-catches-loopback", "warning")
def proxy_profile(world):
    world.key()
    # It works: the platform is behind it.
    path, context = world.certificate("far", name_of="far.example")
    world.healthy = ("far.example:443", path)
    port = world.server(proxy(b"200 OK", lambda connection: context.wrap_socket(connection, server_side=True).recv(1)))
    folder = world.home / ".config/chromium/Default"
    folder.mkdir(parents=True)
    (folder / "Preferences").write_text(json.dumps(
        {"proxy": {"mode": "fixed_servers", "server": f"127.0.0.1:{port}", "bypass_list": "<-loopback>"}}))
    yield Run(evidence=[f"127.0.0.1:{port}"])


@fault("Firefox lets its proxy take localhost · Firefox 允许代理接管 localhost", "browser.permission", "proxy-catches-loopback")
def proxy_hijacks(world):
    world.key()
    firefox(world, '"network.proxy.type", 1', '"network.proxy.http", "192.0.2.1"', '"network.proxy.http_port", 8080',
            '"network.proxy.allow_hijacking_localhost", true')
    yield Run(evidence=["Firefox abc.default"])


@fault("no browser at all · 没有浏览器", "browser.packaging", "browser-absent", "warning")
def browser_absent(world):
    world.key()
    yield Run(["--sysroot", world.tree()])


@fault("only a flatpak browser · 只有 flatpak 浏览器", "browser.packaging", "browser-sandboxed", "warning")
def browser_flatpak(world):
    world.key()
    yield Run(["--sysroot", world.tree(files=[("var/lib/flatpak/app/org.mozilla.firefox/current", "")])], evidence=["flatpak"])


@fault("a browser that is a script for its snap · 启动 snap 的脚本", "browser.packaging", "browser-sandboxed", "warning")
def browser_script(world):
    world.key()
    script = "#!/bin/sh\nexec /snap/bin/firefox \"$@\"\n"
    yield Run(["--sysroot", world.tree(files=[("usr/bin/firefox", script)])], evidence=["snap"])


def firefox_store(world):
    firefox(world)
    folder = world.home / ".mozilla/firefox/abc.default"
    return new_store(folder)


@fault("Firefox's store damaged · Firefox 证书库损坏", "browser.store", "store-broken")
def firefox_broken(world):
    world.key()
    (firefox_store(world) / "cert9.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 4096)
    yield Run(evidence=["abc.default"])


@fault("Firefox's module gone · Firefox 登记的模块不存在", "browser.store", "store-module-missing", "warning")
def firefox_module(world):
    world.key()
    with open(firefox_store(world) / "pkcs11.txt", "a") as file:
        file.write("\nlibrary=/usr/lib/vendor/libgone.so\nname=Vendor\n")
    yield Run(evidence=["libgone.so"])


@fault("snap Firefox's store damaged · snap 版 Firefox 证书库损坏", "browser.store", "store-broken")
def firefox_snap_broken(world):
    world.key()
    folder = world.home / "snap/firefox/common/.mozilla/firefox/x.default"
    folder.mkdir(parents=True)
    (folder / "cert9.db").write_bytes(b"nothing" * 100)
    yield Run(evidence=["x.default"])


@fault("Firefox's folder closed to its user · Firefox 文件夹不可进入", "browser.store", "store-shut", needs_users=True)
def firefox_shut(world):
    world.key()
    firefox_store(world)
    (world.home / ".mozilla").chmod(0o700)
    yield Run(prefix=NOBODY, evidence=["0700", ".mozilla"])
    (world.home / ".mozilla").chmod(0o755)


@fault("store's key file not readable · 证书库的密钥文件不可读", "browser.store", "store-shut", needs_users=True)
def key_file_shut(world):
    world.key()
    folder = store(world)
    (folder / "key4.db").chmod(0o600)
    yield Run(prefix=NOBODY, evidence=["key4.db", "0600"])


@fault("home that its user may not enter · 用户主目录不可进入", "browser.store", "store-shut", needs_users=True)
def home_shut(world):
    world.key()
    (world.home / "inner").mkdir()
    world.home.chmod(0o700)
    yield Run(prefix=NOBODY, env={"HOME": str(world.home / "inner")}, evidence=["inner"])
    world.home.chmod(0o755)


@fault("Firefox's store of root in a user's home · 用户目录下 root 的 Firefox 证书库", "browser.store", "store-owner", needs_users=True)
def firefox_owner(world):
    world.key()
    folder = firefox_store(world)
    os.chown(world.home, 65534, 65534)
    yield Run(evidence=["root", str(folder)])
    os.chown(world.home, 0, 0)


@fault("registered module a dangling link · 登记的模块是断开的链接", "browser.store", "store-module-missing", "warning")
def module_dangling(world):
    world.key()
    link = world.tmp / "libvendor.so"
    link.symlink_to(world.tmp / "libvendor.so.1.0")
    with open(store(world) / "pkcs11.txt", "a") as file:
        file.write(f"\nlibrary={link}\nname=Vendor\n")
    yield Run(evidence=["libvendor.so"])


RULES = "etc/chromium/policies/managed/rules.json"


def with_rules(world, **rules):
    """A machine with Chromium and these rules of its administrator."""
    return ["--sysroot", world.tree(files=[("usr/bin/chromium", "\x7fELF"), (RULES, json.dumps(rules))])]


@fault("a rule of Chromium forbids the page to call this computer · 策略禁止网页访问本机", "browser.permission",
       "loopback-forbidden")
def permission_policy(world):
    world.key()
    preferences(world, "chromium", world.healthy[0], 1)
    yield Run(with_rules(world, LoopbackNetworkBlockedForUrls=["https://" + world.healthy[0]]), evidence=[RULES])


@fault("Firefox runs and keeps its answers to itself · Firefox 正在运行，许可文件被锁", "browser.permission", "loopback-denied")
def permission_locked(world):
    world.key()
    permissions(world, f"https://{world.healthy[0]}", "loopback-network", 2)
    with locked(world.home / ".mozilla/firefox/abc.default/permissions.sqlite"):
        yield Run(evidence=["Firefox abc.default: no"])
