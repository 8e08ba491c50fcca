"""More ways in which the way to the platform is broken: proxies, names, certificates, answers."""

import json
import socket
import ssl
import threading
import time

from rig.service import free_port

from . import Run, fault
from .browsers import with_rules
from .network import OWN_NAME, firefox, hosts, once, only, proxy, server_certificate
from .world import mount, silent, unmount


@fault("SOCKS proxy dead · SOCKS 代理已停", "network.proxy", "proxy-dead")
def socks_dead(world):
    world.key()
    yield Run(env={"ALL_PROXY": f"socks5h://127.0.0.2:{free_port()}"}, evidence=["ALL_PROXY", "refused"])


@fault("SOCKS proxy wants a login · SOCKS 代理要求登录", "network.proxy", "proxy-login")
def socks_login(world):
    world.key()

    def handle(connection):
        connection.recv(16)
        connection.sendall(b"\x05\xff")

    yield Run(env={"all_proxy": f"socks5://127.0.0.1:{world.server(handle)}"}, evidence=["SOCKS5"])


@fault("SOCKS proxy refuses the platform · SOCKS 代理不放行", "network.proxy", "proxy-refuses")
def socks_refuses(world):
    world.key()

    def handle(connection):
        connection.recv(16)
        connection.sendall(b"\x05\x00")
        connection.recv(300)
        connection.sendall(b"\x05\x02\x00\x01" + bytes(6))

    yield Run(env={"all_proxy": f"socks5://127.0.0.1:{world.server(handle)}"}, evidence=["SOCKS5 2"])


@fault("proxy's name does not resolve · 代理域名解析失败", "network.proxy", "proxy-dead")
def proxy_name(world):
    world.key()
    yield Run(env={"HTTPS_PROXY": "http://proxy.invalid:3128"}, evidence=["proxy.invalid"])


@fault("proxy silent · 代理不应答", "network.proxy", "proxy-refuses")
def proxy_silent(world):
    world.key()
    yield Run(env={"https_proxy": f"http://127.0.0.1:{world.server(silent)}"}, evidence=["timed out"], timeout=10)


@fault("proxy closes the line · 代理断开连接", "network.proxy", "proxy-dead")
def proxy_closes(world):
    world.key()
    yield Run(env={"https_proxy": f"http://127.0.0.1:{world.server(lambda connection: connection.recv(4096))}"})


@fault("something that is no proxy · 端口上不是代理", "network.proxy", "proxy-refuses")
def proxy_garbage(world):
    world.key()
    port = world.server(lambda connection: (connection.recv(4096), connection.sendall(b"220 mail ready\r\n")))
    yield Run(env={"https_proxy": f"http://127.0.0.1:{port}"}, evidence=["220"])


@fault("proxy answers 502 · 代理返回 502", "network.proxy", "proxy-refuses")
def proxy_bad_gateway(world):
    world.key()
    port = world.server(proxy(b"502 Bad Gateway"))
    yield Run(env={"https_proxy": f"127.0.0.1:{port}"}, evidence=["502"])


@fault("Firefox's SOCKS proxy dead · Firefox 的 SOCKS 代理已停", "network.proxy", "proxy-dead")
def firefox_socks(world):
    world.key()
    firefox(world, '"network.proxy.type", 1', '"network.proxy.socks", "127.0.0.2"', f'"network.proxy.socks_port", {free_port()}')
    yield Run(evidence=["Firefox", "socks"])


@fault("the platform's name is 0.0.0.0 · 平台被解析为 0.0.0.0", "platform.name", "name-false")
def name_zero(world):
    world.key()
    with hosts(world, "0.0.0.0 portal.example"):
        yield Run(["--platform", f"portal.example:{free_port()}"], network=True, evidence=["0.0.0.0", "/etc/hosts"])


@fault("the platform's name is ::1 · 平台被解析为 ::1", "platform.name", "name-false")
def name_six(world):
    world.key()
    with hosts(world, "::1 portal.example"):
        yield Run(["--platform", f"portal.example:{free_port()}"], network=True, evidence=["::1"])


@fault("a stand-in address of a proxy program · 代理软件的 fake-ip", "platform.connect", "name-false")
def name_stand_in(world):
    world.key()
    with hosts(world, "198.18.0.7 portal.example"):
        yield Run(["--platform", "portal.example:28021"], network=True, evidence=["198.18.0.7"])


def resolver(world, text):
    file = world.tmp / "resolv.conf"
    file.write_text(text)
    mount("--bind", file, "/etc/resolv.conf")
    world.at_end(lambda: unmount("/etc/resolv.conf"))


@fault("name server not there · DNS 服务器没有运行", "platform.name", "name-unresolved")
def resolver_dead(world):
    world.key()
    resolver(world, "nameserver 127.0.0.9\n")
    yield Run(["--platform", "portal.example:28021"], network=True, evidence=["127.0.0.9"])


@fault("name server silent · DNS 服务器不应答", "platform.name", "name-unresolved")
def resolver_silent(world):
    world.key()
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind(("127.0.0.8", 53))
    world.at_end(listener.close)
    resolver(world, "nameserver 127.0.0.8\noptions timeout:9 attempts:1\n")
    yield Run(["--platform", "portal.example:28021"], network=True, evidence=["127.0.0.8"], timeout=10)


def slow_name_server(world, address, seconds):
    """Every name is 127.0.0.1 (and has no IPv6 address), and the answer takes its time."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((address, 53))
    server.settimeout(0.2)
    ended = threading.Event()

    def answer(query, client):
        time.sleep(seconds)
        kind = query[-4:-2]
        found = kind == b"\0\1"
        record = b"\xc0\x0c" + kind + b"\0\1" + (60).to_bytes(4, "big") + b"\0\4\x7f\0\0\1"
        question = query[12:]
        if not ended.is_set():
            server.sendto(query[:2] + b"\x81\x80\0\1\0" + bytes([found]) + bytes(4) + question + (record if found else b""), client)

    def serve():
        with server:
            while not ended.is_set():
                try:
                    query, client = server.recvfrom(512)
                except TimeoutError:
                    continue
                threading.Thread(target=answer, args=(query, client), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    world.at_end(ended.set)


@fault("name server slow · DNS 应答慢", "platform.name", "name-slow", "warning")
def resolver_slow(world):
    world.key()
    slow_name_server(world, "127.0.0.7", 2.5)
    resolver(world, "nameserver 127.0.0.7\noptions timeout:9 attempts:1\n")
    path, context = server_certificate(world, "-addext", "subjectAltName=DNS:portal.example", name="portal")
    world.healthy = (f"portal.example:{world.server(once, tls=context)}", path)
    yield Run(evidence=["127.0.0.7", "127.0.0.1"])


@fault("platform on IPv6 refuses · IPv6 平台拒绝连接", "platform.connect", "platform-refused")
def refused_six(world):
    world.key()
    yield Run(["--platform", f"[::1]:{free_port()}"], network=True, evidence=["::1"])


@fault("every address of the platform unreachable · 平台的所有地址都连不上", "platform.connect", "platform-unreachable")
def unreachable_both(world):
    world.key()
    with hosts(world, "192.0.2.7 portal.example", "2001:db8::7 portal.example"):
        yield Run(["--platform", "portal.example:28021"], network=True, evidence=["192.0.2.7", "2001:db8::7"])


@fault("platform's certificate not yet valid · 平台证书未生效", "platform.tls", "platform-certificate-early")
def certificate_early(world):
    world.key()
    path, context = server_certificate(world, *OWN_NAME, name="early", prefix=["faketime", "-f", "+3d"])
    port = world.server(once, tls=context)
    yield Run(["--platform", f"127.0.0.1:{port}"], network=True, env={"SSL_CERT_FILE": str(path)})


@fault("platform's key of 1024 bits · 平台证书密钥太短", "platform.tls", "platform-certificate-weak")
def certificate_weak(world):
    world.key()
    path, context = server_certificate(world, *OWN_NAME, name="weak", kind=("rsa:1024",))
    port = world.server(once, tls=context)
    yield Run(["--platform", f"127.0.0.1:{port}"], network=True, env={"SSL_CERT_FILE": str(path)})


@fault("TLS 1.1 only · 只支持 TLS 1.1", "platform.tls", "platform-tls-old")
def tls_11(world):
    yield only(world, ssl.TLSVersion.TLSv1_1, "TLSv1.1")


@fault("captive portal that answers 200 · 上网登录页直接应答", "platform.tls", "captive-portal")
def portal_page(world):
    world.key()

    def portal(connection):
        connection.recv(4096)
        connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n<html>login</html>")

    yield Run(["--platform", f"127.0.0.1:{world.server(portal)}"], network=True, evidence=["200"])


@fault("platform closes in the handshake · 平台握手时断开", "platform.tls", "platform-tls")
def handshake_closed(world):
    world.key()
    port = world.server(lambda connection: connection.recv(4096))
    yield Run(["--platform", f"127.0.0.1:{port}"], network=True)


@fault("platform's certificate of another address · 平台证书地址不符", "platform.tls", "platform-certificate-name")
def certificate_address(world):
    world.key()
    path, context = server_certificate(world, "-addext", "subjectAltName=IP:192.0.2.5")
    port = world.server(once, tls=context)
    yield Run(["--platform", f"127.0.0.1:{port}"], network=True, env={"SSL_CERT_FILE": str(path)})


@fault("proxy of a Chromium rule dead · Chromium 策略里的代理已停", "network.proxy", "proxy-dead")
def proxy_chromium_rule(world):
    world.key()
    rules = with_rules(world, ProxyMode="fixed_servers", ProxyServer=f"127.0.0.2:{free_port()}")
    yield Run([*rules, "--platform", "far.example:443"], network=True, evidence=["Chromium (policy)"])


@fault("proxy of Chromium's own settings dead · Chromium 设置里的代理已停", "network.proxy", "proxy-dead")
def proxy_chromium_profile(world):
    world.key()
    folder = world.home / ".config/chromium/Default"
    folder.mkdir(parents=True)
    (folder / "Preferences").write_text(
        json.dumps({"proxy": {"mode": "fixed_servers", "server": f"http=192.0.2.1:80;https=127.0.0.2:{free_port()}"}}))
    yield Run(["--platform", "far.example:443"], network=True, evidence=["Chromium: connection refused"])


@fault("proxy of a Firefox rule dead · Firefox 策略里的代理已停", "network.proxy", "proxy-dead")
def proxy_firefox_rule(world):
    world.key()
    # Above what the user has set.
    firefox(world, '"network.proxy.type", 0')
    rules = {"policies": {"Proxy": {"Mode": "manual", "SSLProxy": f"127.0.0.2:{free_port()}"}}}
    root = world.tree(files=[("usr/bin/firefox", "\x7fELF"), ("etc/firefox/policies/policies.json", json.dumps(rules))])
    yield Run(["--sysroot", root], evidence=["Firefox (policy)"])


@fault("proxy of the KDE desktop dead · KDE 桌面的代理已停", "network.proxy", "proxy-dead")
def proxy_kde(world):
    world.key()
    (world.home / ".config").mkdir(exist_ok=True)
    (world.home / ".config/kioslaverc").write_text(
        f"[Proxy Settings]\nNoProxyFor=intranet.example\nProxyType=1\nhttpsProxy=http://127.0.0.2 {free_port()}\n[Other]\n")
    yield Run(env={"XDG_CURRENT_DESKTOP": "ubuntu:KDE"}, evidence=["KDE"])


@fault("Firefox's proxy dead, its settings with the line ends of Windows · 换行符为 CRLF 的 Firefox 设置", "network.proxy",
       "proxy-dead")
def proxy_firefox_crlf(world):
    world.key()
    firefox(world, '"network.proxy.type", 1', '"network.proxy.ssl", "127.0.0.2"', f'"network.proxy.ssl_port", {free_port()}')
    for name in ("profiles.ini", "abc.default/prefs.js"):
        path = world.home / ".mozilla/firefox" / name
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    yield Run(evidence=["Firefox"])
