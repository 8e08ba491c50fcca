import ctypes
import os
import signal
import socket
import struct
import time

from rig import patience

from . import Run, fault
from .world import answer_http, quiet, silent

HTTP = """
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self): self.send_response(200); self.end_headers()
    def log_message(self, *_): pass
server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler); print("ready", flush=True); server.serve_forever()
"""


@fault("only strangers at the ports of key services · 证书服务的端口上都是别的程序", "service.answers", "key-service-absent", "warning")
def service_absent(world):
    world.key()
    world.plain = True
    world.server(answer_http(b"404 Not Found"), port=9528)
    yield Run(evidence=["9528", "404"])


@fault("key service dead · 本机证书服务未运行", "service.port", "key-service-down")
def service_down(world):
    world.key()
    process = world.python(HTTP, 51245)
    process.kill()
    process.wait(patience.limit(10))
    yield Run(["--service", "mtoken-tls"], evidence=["51245"])


@fault("key service hangs · 本机证书服务不应答", "service.answers", "key-service-silent")
def service_hangs_on_port(world):
    world.key()
    process = world.python(HTTP, 11200)
    os.kill(process.pid, signal.SIGSTOP)
    yield Run(["--service", "rs-agent"], evidence=[f"pid {process.pid}"], timeout=10)


@fault("key service's port taken by another program · 端口被占用", "service.answers", "key-service-foreign")
def service_foreign(world):
    world.key()
    process = world.python(HTTP, 21051)
    yield Run(["--service", "bjca"], evidence=[f"pid {process.pid}"])


@fault("key service speaks no TLS where it should · 端口上不是安全连接", "service.answers", "key-service-tls")
def service_not_tls(world):
    world.key()
    world.server(answer_http(b"400 Bad Request"), port=21061)
    yield Run(["--service", "bjca-tls"])


@fault("key service's TLS certificate trusted by no browser · 服务证书不受信任", "service.trust", "key-service-untrusted")
def service_untrusted(world):
    world.key()
    _, context = world.certificate("vendor")
    world.server(answer_http(b"200 OK"), port=51245, tls=context)
    yield Run(["--service", "mtoken-tls"])


@fault("its certificate trusted by an old profile only · 只有旧的配置文件信任", "service.trust", "key-service-untrusted")
def service_trusted_by_old_profile(world):
    world.key()
    path, context = world.certificate("vendor")
    world.server(answer_http(b"200 OK"), port=51245, tls=context)
    root = world.home / ".mozilla/firefox"
    for name in ("new.default", "old.default"):
        (root / name).mkdir(parents=True)
        new_store(root / name)
    trust(root / "old.default", path)
    (root / "profiles.ini").write_text(
        "[Profile1]\nName=old\nPath=old.default\n[Profile0]\nName=new\nPath=new.default\nDefault=1\n")
    yield Run(["--service", "mtoken-tls"], evidence=["new.default: no"])


@fault("its certificate trusted by the system but no browser · 只受系统信任", "service.trust", "key-service-system-only", "warning")
def service_system_only(world):
    world.key()
    path, context = world.certificate("vendor")
    world.server(answer_http(b"200 OK"), port=51245, tls=context)
    yield Run(["--service", "mtoken-tls"], trust=[path])


@fault("key service's certificate expired · 服务证书过期", "service.trust", "key-service-expired")
def service_expired(world):
    world.key()
    path, context = world.certificate("vendor", days=1)
    world.server(answer_http(b"200 OK"), port=51245, tls=context)
    later = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(time.time() + 3 * 86400))
    yield Run(["--service", "mtoken-tls"], trust=[path], prefix=["faketime", "-f", "@" + later], env={"NO_FAKE_STAT": "1"})


@fault("key service on ::1 only · 服务只在 ::1", "service.answers", "key-service-ipv6-only")
def service_ipv6(world):
    world.key()
    world.plain = True
    listener = socket.create_server(("::1", 51235), family=socket.AF_INET6)
    world.at_end(listener.close)
    yield Run(["--service", "mtoken"])


def drop_everything(listener):
    """A filter of the kernel on the socket that lets nothing in, as a firewall's rule on loopback: BPF_RET | BPF_K, 0."""
    code = ctypes.create_string_buffer(struct.pack("HBBI", 6, 0, 0, 0))
    listener.setsockopt(socket.SOL_SOCKET, 26, struct.pack("HP", 1, ctypes.addressof(code)))  # SO_ATTACH_FILTER


@fault("this computer's own addresses filtered · 本机地址被过滤", "service.answers", "key-service-filtered")
def service_filtered(world):
    world.key()
    world.plain = True
    listener = socket.create_server(("127.0.0.1", 51235))
    world.at_end(listener.close)
    drop_everything(listener)
    yield Run(["--service", "mtoken"], timeout=10)


@fault("browser folder of root · 浏览器文件夹属于 root", "browser.store", "store-shut", needs_users=True)
def store_shut(world):
    world.key()
    store(world)
    (world.home / ".pki").chmod(0o700)
    yield Run(prefix=["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"], evidence=["0700", ".pki"])
    (world.home / ".pki").chmod(0o755)


@fault("browser store damaged · 证书库损坏", "browser.store", "store-broken")
def store_broken(world):
    world.key()
    folder = store(world)
    (folder / "cert9.db").write_bytes(b"not a database" * 100)
    yield Run(evidence=["cert9.db"])


@fault("registered module of another processor · 登记的模块架构不符", "browser.store", "store-module-architecture", "warning")
def store_module_foreign(world):
    world.key()
    folder = store(world)
    path = world.library("int C_GetFunctionList(void *p) { return 0; }")
    data = bytearray(path.read_bytes())
    data[18:20] = (183).to_bytes(2, "little")
    path.write_bytes(data)
    with open(folder / "pkcs11.txt", "a") as file:
        file.write(f"\nlibrary={path}\nname=Vendor\n")
    yield Run(evidence=["aarch64"])


def store(world):
    folder = world.home / ".pki/nssdb"
    folder.mkdir(parents=True)
    return new_store(folder)


def trust(folder, certificate):
    """Imports a certificate into a store, as one that vouches for servers."""
    quiet("certutil", "-A", "-d", f"sql:{folder}", "-n", certificate.stem, "-t", "CP,,", "-i", certificate)


def new_store(folder):
    """An empty store in a folder, which everybody may read."""
    quiet("certutil", "-N", "-d", f"sql:{folder}", "--empty-password")
    for entry in folder.iterdir():
        entry.chmod(0o644)
    return folder


@fault("browser store owned by another user · 证书库属于他人", "browser.store", "store-owner", needs_users=True)
def store_owner(world):
    world.key()
    folder = store(world)
    os.chown(world.home, 65534, 65534)
    yield Run(evidence=["root", str(folder)])
    os.chown(world.home, 0, 0)


@fault("registered module does not exist · 登记的模块文件不存在", "browser.store", "store-module-missing", "warning")
def store_module(world):
    world.key()
    folder = store(world)
    with open(folder / "pkcs11.txt", "a") as file:
        file.write("\nlibrary=/opt/vendor/libgone.so\nname=Vendor\n")
    yield Run(evidence=["/opt/vendor/libgone.so"])


@fault("only a snap browser · 只有 snap 浏览器", "browser.packaging", "browser-sandboxed", "warning")
def browser_snap(world):
    world.key()
    yield Run(["--sysroot", world.tree(files=[("snap/bin/firefox", "")])], evidence=["snap"])


@fault("its certificate trusted by one browser of two · 两个浏览器只有一个信任", "service.trust", "key-service-one-browser",
       "warning")
def service_one_browser(world):
    world.key()
    path, context = world.certificate("vendor")
    world.server(answer_http(b"200 OK"), port=51245, tls=context)
    trust(store(world), path)
    root = world.home / ".mozilla/firefox"
    (root / "new.default").mkdir(parents=True)
    new_store(root / "new.default")
    (root / "profiles.ini").write_text("[Profile0]\nName=new\nPath=new.default\nDefault=1\n")
    tree = world.tree(files=[("usr/bin/firefox", "\x7fELF"), ("usr/bin/chromium", "\x7fELF")])
    yield Run(["--service", "mtoken-tls", "--sysroot", tree], evidence=["new.default: no", "Chromium/Chrome: yes"])
