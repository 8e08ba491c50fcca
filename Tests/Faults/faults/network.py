import contextlib
import ssl
import time

from rig.service import free_port

from . import Run, fault
from .world import mount, quiet, silent, unmount


@contextlib.contextmanager
def hosts(world, *lines):
    """These lines as /etc/hosts, in this mount namespace only."""
    file = world.tmp / "hosts"
    file.write_text("".join(line + "\n" for line in ("127.0.0.1 localhost", *lines)))
    mount("--bind", file, "/etc/hosts")
    try:
        yield
    finally:
        unmount("/etc/hosts")


def proxy(status, target=None):
    """A proxy that answers CONNECT with this status, and then is the other side itself."""

    def handle(connection):
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 " + status + b"\r\n\r\n")
        if target:
            target(connection)

    return handle


@fault("proxy of the environment dead · 代理已停", "network.proxy", "proxy-dead")
def proxy_dead(world):
    world.key()
    yield Run(env={"https_proxy": f"http://clerk:secret@127.0.0.2:{free_port()}"}, evidence=["127.0.0.2", "refused"])


def firefox(world, *preferences):
    folder = world.home / ".mozilla/firefox"
    (folder / "abc.default").mkdir(parents=True)
    (folder / "profiles.ini").write_text("[Profile0]\nName=default\nPath=abc.default\nDefault=1\n")
    (folder / "abc.default/prefs.js").write_text("".join(f"user_pref({item});\n" for item in preferences))


@fault("Firefox's own proxy dead · Firefox 的代理已停", "network.proxy", "proxy-dead")
def proxy_firefox(world):
    world.key()
    firefox(world, '"network.proxy.type", 1', '"network.proxy.ssl", "127.0.0.2"', f'"network.proxy.ssl_port", {free_port()}')
    yield Run(evidence=["Firefox"])


@fault("Firefox's proxy by PAC · Firefox 用 PAC", "network.proxy", "proxy-script", "warning")
def proxy_pac(world):
    world.key()
    firefox(world, '"network.proxy.type", 2', '"network.proxy.autoconfig_url", "http://wpad.example/wpad.dat"')
    yield Run(evidence=["PAC"])


@fault("the platform only behind a proxy that PAC names · 只有 PAC 代理能到平台", "platform.name", "name-unresolved", "unknown",
       code=11)
def only_by_pac(world):
    world.key()
    firefox(world, '"network.proxy.type", 2', '"network.proxy.autoconfig_url", "http://wpad.example/wpad.dat"')
    yield Run(["--platform", "no-such-host.invalid:28021"], network=True)


@fault("proxy that is spoken to by TLS · 用 TLS 连接的代理", "network.proxy", "proxy-by-tls", "warning")
def proxy_by_tls(world):
    world.key()
    yield Run(env={"https_proxy": f"https://127.0.0.1:{free_port()}"})


@fault("proxy wants a login · 代理要求登录", "network.proxy", "proxy-login")
def proxy_login(world):
    world.key()
    port = world.server(proxy(b"407 Proxy Authentication Required"))
    yield Run(env={"https_proxy": f"http://127.0.0.1:{port}"}, evidence=["407"])


@fault("proxy refuses the platform · 代理不放行平台", "network.proxy", "proxy-refuses")
def proxy_refuses(world):
    world.key()
    port = world.server(proxy(b"403 Forbidden"))
    yield Run(env={"https_proxy": f"http://127.0.0.1:{port}"}, evidence=["403"])


@fault("platform's name in /etc/hosts · hosts 把平台指向本机", "platform.name", "name-false")
def name_false(world):
    world.key()
    with hosts(world, "127.0.0.1 portal.example"):
        yield Run(["--platform", f"portal.example:{free_port()}"], network=True, evidence=["/etc/hosts"])


@fault("platform's name does not resolve · 域名解析失败", "platform.name", "name-unresolved")
def name_unresolved(world):
    world.key()
    yield Run(["--platform", "no-such-host.invalid:28021"], network=True)


@fault("platform refuses · 平台拒绝连接", "platform.connect", "platform-refused")
def platform_refused(world):
    world.key()
    yield Run(["--platform", f"127.0.0.1:{free_port()}"], network=True)


@fault("platform unreachable · 连不上平台", "platform.connect", "platform-unreachable")
def platform_unreachable(world):
    world.key()
    # No route leads out of this network namespace.
    yield Run(["--platform", "192.0.2.1:28021"], network=True)


@fault("platform speaks no TLS · 平台安全连接失败", "platform.tls", "platform-tls")
def platform_not_tls(world):
    world.key()
    port = world.server(lambda connection: connection.sendall(b"220 hello\r\n"))
    yield Run(["--platform", f"127.0.0.1:{port}"], network=True)


@fault("platform silent in the handshake · 平台握手无应答", "platform.tls", "platform-tls")
def platform_silent(world):
    world.key()
    port = world.server(silent)
    yield Run(["--platform", f"127.0.0.1:{port}"], network=True, evidence=["timed out"], timeout=10)


@fault("platform's certificate not trusted · 平台证书不受信任", "platform.tls", "platform-certificate")
def platform_untrusted(world):
    world.key()
    _, context = world.certificate("gateway")
    port = world.server(lambda connection: connection.recv(1), tls=context)
    yield Run(["--platform", f"127.0.0.1:{port}"], network=True)


def server_certificate(
    world, *extra, name="gateway", issuer=None, days=30, kind=("ec", "-pkeyopt", "ec_paramgen_curve:P-256"), prefix=()):
    """A certificate of these options; `issuer` makes one that another, here unsent, has signed."""
    key, path = world.tmp / f"{name}.key", world.tmp / f"{name}.pem"
    words = [*prefix, "openssl", "req", "-x509", "-newkey", *kind, "-nodes", "-keyout", key, "-out", path, "-days", days, "-subj",
             f"/CN={name}", *extra]
    if issuer:
        words += ["-CA", world.tmp / f"{issuer}.pem", "-CAkey", world.tmp / f"{issuer}.key"]
    quiet(*words)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # So that a short key is the browser's to refuse, not this server's.
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.load_cert_chain(path, key)
    return path, context


def once(connection):
    connection.recv(1)


OWN_NAME = ["-addext", "subjectAltName=IP:127.0.0.1"]


@fault("platform's certificate expired · 平台证书过期", "platform.tls", "platform-certificate-expired")
def platform_expired(world):
    world.key()
    path, context = server_certificate(world, *OWN_NAME, days=1)
    port = world.server(once, tls=context)
    # Everything else of the world lives long enough; the clock is right as far as anybody here can tell.
    later = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(time.time() + 3 * 86400))
    yield Run(["--platform", f"127.0.0.1:{port}"], network=True, trust=[path], prefix=["faketime", "-f", "@" + later],
              env={"NO_FAKE_STAT": "1", "SSL_CERT_FILE": str(path)})


@fault("certificate of another name · 证书域名不符", "platform.tls", "platform-certificate-name")
def platform_name(world):
    world.key()
    path, context = server_certificate(world, "-addext", "subjectAltName=DNS:other.example")
    port = world.server(once, tls=context)
    yield Run(["--platform", f"127.0.0.1:{port}"], network=True, env={"SSL_CERT_FILE": str(path)})


@fault("platform sends no intermediate · 平台缺中间证书", "platform.tls", "platform-certificate-chain")
def platform_chain(world):
    world.key()
    server_certificate(world, name="root")
    _, context = server_certificate(world, *OWN_NAME, name="leaf", issuer="root")
    port = world.server(once, tls=context)
    yield Run(["--platform", f"127.0.0.1:{port}"], network=True)


def only(world, version, name):
    """A platform that speaks this version and no other."""
    world.key()
    path, context = server_certificate(world, *OWN_NAME, kind=("rsa:2048",))
    context.minimum_version = context.maximum_version = version
    port = world.server(once, tls=context)
    return Run(["--platform", f"127.0.0.1:{port}"], network=True, env={"SSL_CERT_FILE": str(path)}, evidence=[name])


@fault("TLS 1.0 only · 只支持 TLS 1.0", "platform.tls", "platform-tls-old")
def platform_old(world):
    yield only(world, ssl.TLSVersion.TLSv1, "TLSv1")


@fault("captive portal in the platform's place · 上网登录页", "platform.tls", "captive-portal")
def captive_portal(world):
    world.key()

    def portal(connection):
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\nConnection: close\r\n\r\n")

    port = world.server(portal)
    yield Run(["--platform", f"127.0.0.1:{port}"], network=True, evidence=["302"])


@fault("clock two years ahead, the platform knows better · 时钟超前，平台时间为准", "system.clock", "clock-differs")
def clock_ahead(world):
    world.key()
    path, context = server_certificate(world, *OWN_NAME)

    def dated(connection):
        connection.recv(4096)
        date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime())
        connection.sendall(f"HTTP/1.1 200 OK\r\nDate: {date}\r\nConnection: close\r\n\r\n".encode())

    port = world.server(dated, tls=context)
    later = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(time.time() + 2 * 365 * 86400))
    yield Run(["--platform", f"127.0.0.1:{port}"], network=True, prefix=["faketime", "-f", "@" + later],
              env={"NO_FAKE_STAT": "1", "SSL_CERT_FILE": str(path)})


@fault("no list of certificate authorities · 没有根证书列表", "platform.tls", "platform-no-roots", "unknown", code=11)
def no_roots(world):
    world.key()
    nowhere = str(world.tmp / "gone")
    yield Run(["--platform", world.healthy[0]], network=True, env={"SSL_CERT_FILE": nowhere, "SSL_CERT_DIR": nowhere},
              evidence=["SSL_CERT_FILE"])


@fault("an old address of the platform in /etc/hosts · hosts 里是平台的旧地址", "platform.connect", "platform-unreachable")
def hosts_old(world):
    world.key()
    with hosts(world, "192.0.2.55 portal.example"):
        yield Run(["--platform", "portal.example:28021"], network=True, evidence=["/etc/hosts"])
