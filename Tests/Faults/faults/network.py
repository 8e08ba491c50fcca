from rig.service import free_port

from . import Run, fault
from .world import silent


@fault("http_proxy catches loopback · 代理拦截本机地址", "network.proxy", "proxy-catches-loopback", "warning")
def proxy_catches(world):
    world.key()
    yield Run(env={"http_proxy": "http://clerk:secret@10.0.0.1:8080"}, evidence=["10.0.0.1"])


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
    yield Run(["--platform", f"127.0.0.1:{port}"], network=True, evidence=["timed out"])


@fault("platform's certificate not trusted · 平台证书不受信任", "platform.tls", "platform-certificate")
def platform_untrusted(world):
    world.key()
    _, context = world.certificate("gateway")
    port = world.server(lambda connection: connection.recv(1), tls=context)
    yield Run(["--platform", f"127.0.0.1:{port}"], network=True)
