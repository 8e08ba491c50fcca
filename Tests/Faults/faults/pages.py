"""Login pages that call services of this computer, and what becomes of it."""

import json

from rig.service import free_port

from . import Run, fault
from .limits import NOBODY
from .network import hosts
from .world import answer_http, silent


def page(world, *scripts, name="login.html"):
    path = world.tmp / name
    path.write_text("<!DOCTYPE html><html><body>" + "".join(f"<script>{text}</script>" for text in scripts) + "</body></html>")
    return path


def site(world, files):
    """A server of these files: path -> (status, headers, text)."""

    def handle(connection):
        path = connection.recv(4096).split(b" ")[1].decode()
        status, headers, text = files.get(path, ("404 Not Found", "", ""))
        body = text.encode()
        connection.sendall(
            f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)

    return world.server(handle)


@fault("page calls a service that is not running · 网页呼叫的服务没有运行", "page.calls", "page-service-down")
def page_service_down(world):
    world.key()
    yield Run(["--page", page(world, 'x.open("POST", "https://127.0.0.1:51245/alpha"); SOF_Login(pin)')],
              evidence=["https://127.0.0.1:51245/alpha", "mToken", "SOF_Login"])


@fault("page with its port put together by a script · 端口由脚本拼出", "page.calls", "page-service-down")
def page_port_elsewhere(world):
    world.key()
    yield Run(["--page", page(world, 'var ports = [23838]; new WebSocket("ws://127.0.0.1:" + ports[0]); enumKey()')],
              evidence=["23838", "SZCA", "enumKey"])


@fault("call in a script of its own · 呼叫在单独的脚本文件里", "page.calls", "page-service-down")
def page_script(world):
    world.key()
    (world.tmp / "js").mkdir()
    (world.tmp / "js/login.js").write_text("SZCAInit(); url = 'http://127.0.0.1:9528/Service1.asmx';")
    path = world.tmp / "login.html"
    path.write_text("<html><script src='js/login.js'></script></html>")
    yield Run(["--page", path], evidence=["9528", "SZCAInit"])


@fault("page's service hangs · 网页呼叫的服务不应答", "page.calls", "key-service-silent")
def page_service_hangs(world):
    world.key()
    port = world.server(silent)
    yield Run(["--page", page(world, f'fetch("http://127.0.0.1:{port}/sign")')], evidence=[str(port)], timeout=10)


EXTENSION = "abcdefghijklmnopabcdefghijklmnop"
CALL = f'chrome.runtime.sendMessage("{EXTENSION}", {{ask: "sign"}})'


def with_extension(world, entry, file="Secure Preferences"):
    """A Chromium profile whose extensions are these."""
    profile = world.home / ".config/chromium/Default"
    profile.mkdir(parents=True)
    (profile / "Preferences").write_text("{}")
    (profile / file).write_text(json.dumps({"extensions": {"settings": entry}}))


@fault("page calls an extension that no browser has · 网页要用的扩展没有安装", "page.calls", "page-extension-missing")
def page_extension_missing(world):
    world.key()
    with_extension(world, {"p" * 32: {"disable_reasons": []}, EXTENSION: {"state": 2}})
    yield Run(["--page", page(world, CALL)], evidence=[EXTENSION, "Chromium: no"])


@fault("page calls an extension, and there is no Chromium · 没有能用扩展的浏览器", "page.calls", "page-extension-missing",
       needs_users=True)
def page_extension_no_chromium(world):
    world.key()
    yield Run(
        ["--page", page(world, f'fetch("chrome-extension://{EXTENSION}/api")')], prefix=NOBODY, evidence=[EXTENSION])


@fault("root's doctor, a page that calls an extension · 管理员检查要用扩展的网页", "page.calls", "page-extension-unread",
       "unknown", code=11)
def page_extension_root(world):
    world.key()
    yield Run(["--page", page(world, CALL)], evidence=[EXTENSION], user=False)


@fault("page calls an extension that is switched off · 网页要用的扩展已停用", "page.calls", "page-extension-off")
def page_extension_off(world):
    world.key()
    with_extension(world, {EXTENSION: {"disable_reasons": [1]}})
    yield Run(["--page", page(world, CALL)], evidence=[EXTENSION, "Chromium: off"])


@fault("page calls an extension, the browser's settings are damaged · 网页要用扩展，浏览器设置损坏", "page.calls",
       "page-extension-unread", "unknown", code=11)
def page_extension_unread(world):
    world.key()
    with_extension(world, {})
    (world.home / ".config/chromium/Default/Secure Preferences").write_text('{"extensions":')
    yield Run(["--page", page(world, CALL)], evidence=[EXTENSION, "Chromium: ?"])


@fault("page's port has another program · 网页呼叫的端口是别的程序", "page.calls", "key-service-foreign")
def page_service_foreign(world):
    world.key()
    world.server(answer_http(b"404 Not Found"), port=21051)
    yield Run(["--page", page(world, 'new WebSocket("ws://localhost:21051/xtxapp/")')], evidence=["21051", "404"])


@fault("page opened by http · 网页以 http 打开", "page.calls", "page-insecure")
def page_insecure(world):
    world.key()
    port = site(world, {"/login": ("200 OK", "", "<script>u='ws://127.0.0.1:23838'</script>")})
    with hosts(world, "127.0.0.1 portal.example"):
        yield Run(["--page", f"http://portal.example:{port}/login"], evidence=["portal.example", "23838"])


@fault("page behind a redirect · 跳转后的网页", "page.calls", "page-insecure")
def page_redirected(world):
    world.key()
    port = site(world, {
        "/": ("302 Found", "Location: /sso/login.do\r\n", ""),
        "/sso/login.do": ("200 OK", "", '<SCRIPT language=x SRC="../js/a.js"></SCRIPT>'),
        "/js/a.js": ("200 OK", "", "var s = 'wss://localhost:10443/'; SignedDataSign();")})
    with hosts(world, "127.0.0.1 portal.example"):
        yield Run(["--page", f"http://portal.example:{port}"], evidence=["10443", "NETCA", "SignedDataSign"])


@fault("page for Internet Explorer · 网页用 ActiveX 控件", "page.calls", "page-activex")
def page_activex(world):
    world.key()
    yield Run(["--page", page(world, 'var a = new ActiveXObject("XTXAppCOM.XTXApp.1");')])


@fault("page without any call · 网页没有呼叫本机", "page.calls", "page-calls-nothing", "unknown", code=11)
def page_calls_nothing(world):
    world.key()
    yield Run(["--page", page(world, 'document.title = "127.0.0.11 mylocalhost:9528"')])


@fault("page not found · 网页打不开", "page.calls", "page-unreadable", "unknown", code=11)
def page_not_found(world):
    world.key()
    yield Run(["--page", f"http://127.0.0.1:{site(world, {})}/login"], evidence=["404"])


@fault("page's server dead · 网页服务器没有运行", "page.calls", "page-unreadable", "unknown", code=11)
def page_server_dead(world):
    world.key()
    yield Run(["--page", f"http://127.0.0.1:{free_port()}/login"], evidence=["refused"])


@fault("page's server never ends its answer · 网页没有传完", "page.calls", "page-unreadable", "unknown", code=11)
def page_endless(world):
    world.key()

    def endless(connection):
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n<html>")
        silent(connection)

    yield Run(["--page", f"http://127.0.0.1:{world.server(endless)}/"], evidence=["timed out"], timeout=10)


@fault("page that redirects for ever · 网页循环跳转", "page.calls", "page-unreadable", "unknown", code=11)
def page_circle(world):
    world.key()
    port = site(world, {"/": ("302 Found", "Location: /\r\n", "")})
    yield Run(["--page", f"http://127.0.0.1:{port}/"], evidence=["redirects"])


@fault("saved page missing · 保存的网页不存在", "page.calls", "page-unreadable", "unknown", code=11)
def page_missing(world):
    world.key()
    yield Run(["--page", world.tmp / "gone.html"], evidence=["gone.html"])
