"""What a hostile page, or a program of another user, can send to the service: nothing is signed, no prompt appears, no try
is burnt, the service lives, and the log tells why."""

import json
import os
import resource
import struct
import time

import pytest

from rig import patience
from rig.key_service import KeyService
from rig.pages import everything
from rig.web import ORIGIN, WebSocket, connect, read_response, request

ADAPTERS = "szca-soap,szca-socket,mtoken,xtx,ukey"
CALL = json.dumps({"id": 1, "function": "certificates"}).encode()
LOGIN = b'json={"function":"SOF_Login","passWd":"123456"}'


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    running = KeyService(tmp_path_factory.mktemp("service"), "--demo", "--adapters", ADAPTERS, allowed=everything())
    yield running
    # Nothing of all this has made a prompt appear or cost a try, and the service is as well as before.
    try:
        assert tries(running) == 10
        assert "PIN" not in running.holder.shown and "Allow" not in running.holder.shown
    finally:
        code = running.stop()
    assert code == 0
    for word in ["SOF_Login ok", "sign ok", "loginToken ok"]:
        assert word not in running.log


pytestmark = pytest.mark.xdist_group("key_service_hostile")


def tries(service):
    body = json.dumps({"id": 1, "function": "triesLeft"}).encode()
    return request(service.port("ukey"), "/ukey/1", body).json["result"]


def refused(service, reason, **arguments):
    """Sends a call that would be answered, but for `arguments`."""
    port = arguments.pop("port", None) or service.port("ukey")
    arguments.setdefault("body", CALL)
    before = service.log.count(reason)
    response = request(port, arguments.pop("path", "/ukey/1"), **arguments)
    assert response.status in (403, 404, 405, 413, 421), response.status
    assert "access-control-allow-origin" not in response.headers
    patience.until(lambda: service.log.count(reason) > before, 10, lambda: service.log)


@pytest.mark.parametrize("origin, reason", [
    (None, "origin-missing"), ("null", "origin-malformed"), ("", "origin-malformed"),
    ("http://portal.example", "origin-insecure"), ("https://portal.example/", "origin-malformed"),
    ("https://PORTAL.example", "origin-malformed"), ("https://user@portal.example", "origin-malformed"),
    ("file://", "origin-malformed"), ("https://portal.example:443", "origin-malformed"),
    ("https://" + "a" * 300, "origin-malformed"),
])
def test_origins(service, origin, reason):
    refused(service, reason, origin=origin)


def test_doubled_origin(service):
    refused(service, "origin-doubled", headers=[("Origin", ORIGIN)])
    refused(service, "origin-doubled", headers=[("oRIGIN", "https://evil.example")])


@pytest.mark.parametrize("host", [
    False, "evil.example", "127.0.0.1", "localhost", "127.0.0.1:1", "127.0.0.1.evil.example:{port}", "0.0.0.0:{port}",
    "[::]:{port}", "127.1:{port}", "portal.example:{port}", "localhost.:{port}", "",
])
def test_hosts_and_rebinding(service, host):
    text = host if host is False else host.format(port=service.port("ukey")) or " "
    if text is False:
        refused(service, "host-differs", host=False)
    else:
        refused(service, "host-differs", host=text)


def test_doubled_host(service):
    refused(service, "host-differs", headers=[("Host", f"127.0.0.1:{service.port('ukey')}")])


@pytest.mark.parametrize("mode", ["no-cors", "navigate", "same-origin", "cors, navigate", ""])
def test_forms_and_links(service, mode):
    refused(service, "mode-refused", headers=[("Sec-Fetch-Mode", mode)])


def test_cross_site_form(service):
    """A form needs no script: its request says where it comes from all the same."""
    port = service.port("mtoken")
    refused(
        service, "mode-refused", port=port, path="/alpha", body=LOGIN,
        headers=[("Content-Type", "text/plain"), ("Sec-Fetch-Mode", "navigate")])
    refused(service, "origin-malformed", port=port, path="/alpha", body=LOGIN, origin="null")
    refused(service, "origin-missing", port=port, path="/alpha", body=LOGIN, origin=None)


def test_preflight_tells_strangers_nothing(service):
    headers = [("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "content-type, x-evil")]
    allowed = request(service.port("ukey"), "/ukey/1", method="OPTIONS", headers=headers)
    assert allowed.status == 204
    assert allowed.headers["access-control-allow-origin"] == ORIGIN
    assert allowed.headers["access-control-allow-headers"] == "content-type"
    assert "origin" in allowed.headers["vary"].lower()
    refused(service, "origin-insecure", method="OPTIONS", body=b"", origin="http://portal.example", headers=headers)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "TRACE", "CONNECT", "PATCH", "HEAD"])
def test_methods(service, method):
    response = request(service.port("mtoken"), "/alpha", method=method)
    assert response.status in (0, 400, 403, 405)


def test_paths(service):
    for path in ["/other", "/ukey/2", "/ukey/1/../../etc/passwd", "//ukey/1", "/%75key/1", "http://127.0.0.1/ukey/1"]:
        refused(service, "path-unknown", path=path)


def test_socket_without_origin_or_of_strangers(service):
    for origin in [None, "null", "http://portal.example"]:
        assert WebSocket(service.port("xtx"), "/xtxapp", origin=origin).response.status == 403
    assert WebSocket(service.port("xtx"), "/xtxapp", host="evil.example").response.status == 421
    assert WebSocket(service.port("xtx"), "/other").response.status == 404


def test_body_too_large(service):
    port = service.port("ukey")
    refused(service, "body-too-large", body=b" " * (256 * 1024 + 1))
    # Announced, and not sent.
    sock = connect(port)
    sock.sendall(
        f"POST /ukey/1 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {ORIGIN}\r\n"
        "Content-Length: 104857600\r\n\r\n".encode())
    assert sock.recv(100).startswith(b"HTTP/1.1 413")
    # Sent in chunks without end.
    sock = connect(port)
    sock.sendall(
        f"POST /ukey/1 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {ORIGIN}\r\n"
        "Transfer-Encoding: chunked\r\n\r\n".encode())
    chunk = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
    with pytest.raises(OSError):
        for _ in range(3200):
            sock.sendall(chunk)
    assert tries(service) == 10


def test_length_and_chunks_at_once(service):
    """What makes one program see another request than the next one."""
    port = service.port("ukey")
    sock = connect(port)
    sock.sendall(
        f"POST /ukey/1 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {ORIGIN}\r\n"
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".encode() + b"GET / HTTP/1.1\r\n\r\n")
    answer = sock.recv(100)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 400")


def test_junk_and_endless_headers(service):
    port = service.port("ukey")
    for junk in [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + os.urandom(500), b"\x00" * 1000, b"HELO x\r\n\r\n"]:
        sock = connect(port)
        sock.sendall(junk)
        assert sock.recv(100)[:12] in (b"", b"HTTP/1.1 400")
    sock = connect(port)
    sock.sendall(b"POST /ukey/1 HTTP/1.1\r\n")
    with pytest.raises(OSError):
        for number in range(1_000_000):
            sock.sendall(b"X-%d: " % number + b"y" * 1000 + b"\r\n")
    assert tries(service) == 10


@pytest.mark.parametrize("body", [
    b"", b"{", b"[" * 100_000, b'{"a":' * 5000, b'{"id":1,"id":2}', b"\xff\xfe{}", b"null", b'{"function":null}',
    b'{"function":"sign","form":"bare","data":"not base64!"}', b'{"function":"random","bytes":1e99}',
    b'{"function":"random","bytes":-1}', b'{"function":"random","bytes":9223372036854775808}',
    b'{"function":"certificateInformation","oid":"1.2.$(reboot)"}',
])
def test_bad_json(service, body):
    response = request(service.port("ukey"), "/ukey/1", body)
    assert response.status == 200
    assert response.json["error"]["name"] in ("malformed", "unknown-function", "not-supported")


def test_data_that_is_not_signed(service):
    import base64

    port = service.port("ukey")
    for data in [b"", b" " * 64 + b"TLS 1.3, client CertificateVerify\x00", b"ukey:1 login\norigin https://bank.example\n",
                 b"ukey-renewal/1\norder 0123456789abcdef\nkind renew\n",
                 b'{"origin":"https://bank.example","challenge":"x"}']:
        body = json.dumps({"function": "sign", "form": "bare", "data": base64.b64encode(data).decode()}).encode()
        assert request(port, "/ukey/1", body).json["error"]["name"].startswith("data-")


@pytest.mark.parametrize("body", [
    b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><Envelope><Body><SZCASign><inData>&e;</inData></SZCASign>"
    b"</Body></Envelope>",
    b"<" * 100_000, b"<a>" * 50_000, b"<Envelope><Body><SZCASign><inData>" + b"QUFB" * 50_000 + b"</inData></SZCASign>",
])
def test_bad_soap(service, body):
    response = request(service.port("szca-soap"), "/Service1.asmx", body)
    assert response.status == 200 and b"Fault" in response.body and b"root:" not in response.body


def test_frames(service):
    port = service.port("xtx")

    def opened():
        web = WebSocket(port, "/xtxapp")
        assert web.is_open
        return web

    web = opened()
    web.sock.sendall(web.frame(b'{"xtx_func_name":"SOF_GetVersion"}', masked=False))
    assert web.receive() == 1002
    web = opened()
    # Announces 2^63 bytes.
    web.sock.sendall(b"\x81\xff" + struct.pack(">Q", 1 << 63) + b"abcd")
    assert web.receive() in (1002, 1009)
    web = opened()
    with pytest.raises((OSError, ConnectionError, AssertionError)):
        web.sock.sendall(web.frame(b"{", fin=False))
        for _ in range(100_000):
            web.sock.sendall(web.frame(b" ", opcode=0, fin=False))
        assert web.receive() == "never"
    web = opened()
    web.sock.sendall(web.frame(b"x" * 126, opcode=9))
    with pytest.raises((ConnectionError, AssertionError)):
        assert isinstance(web.receive(), str)
    web = opened()
    web.sock.sendall(web.frame(b"\xff\xff not utf-8"))
    assert json.loads(web.receive())["retVal"] == ""
    web = opened()
    assert web.call({"xtx_func_name": "SOF_GetVersion", "call_cmd_id": "i_1", "param": []})["retVal"]


def test_a_flood_of_messages(service):
    web = WebSocket(service.port("xtx"), "/xtxapp")
    message = json.dumps({"xtx_func_name": "SOF_GetPinRetryCount", "call_cmd_id": "i", "param": ["x"]})
    try:
        for _ in range(5000):
            web.send(message)
    except OSError:
        pass
    assert tries(service) == 10


def test_half_a_request_does_not_stay(service):
    """Ten seconds from its first byte a request has to be whole; without any byte a minute."""
    sock = connect(service.port("ukey"))
    begun = time.monotonic()
    sock.sendall(b"POST /ukey/1 HTTP/1.1\r\nX-Slow: ")
    try:
        for _ in range(40):
            time.sleep(0.5)
            sock.sendall(b"T")
    except OSError:
        pass
    assert sock_is_closed(sock)
    assert 8 < time.monotonic() - begun < patience.limit(20)


def sock_is_closed(sock):
    sock.settimeout(patience.limit(20))
    try:
        return sock.recv(1000) == b"" or sock_is_closed(sock)
    except OSError:
        return True


def test_thousands_of_idle_connections(service):
    """They give way to those that say something."""
    port = service.port("ukey")
    idle = []
    for _ in range(800):
        sock = connect(port)
        idle.append(sock)
    begun = time.monotonic()
    assert request(port, "/ukey/1", CALL).status == 200
    print("answered in", time.monotonic() - begun)
    assert time.monotonic() - begun < patience.limit(1)
    for sock in idle:
        sock.close()


def test_only_on_this_machine(service):
    port = service.port("ukey")
    addresses = {line.split()[1] for name in ["tcp", "tcp6"] for line in open(f"/proc/net/{name}").readlines()[1:]
                 if line.split()[3] == "0A" and line.split()[1].endswith(f":{port:04X}")}
    assert addresses == {f"0100007F:{port:04X}", f"00000000000000000000000001000000:{port:04X}"}


@pytest.mark.parametrize("body", [
    b'json={"function":"SOF_SignDataEx","inData":"a"b","inDataLen":3}', b'json={"function":"SOF_Login","passWd":"1"}}',
    b'json={"function":"SOF_Login","passWd":"1","function":"SOF_EnumDevice"}', b"json=%7B%22function%22%3A", b"json=%",
    b"json=", b"x=1", b"json=" + b"[" * 100_000, b'json={"function":{"function":"SOF_Login"}}',
])
def test_bad_forms(service, body):
    """Glued texts are never guessed at, least of all around a login."""
    response = request(service.port("mtoken"), "/alpha", body)
    assert response.status == 200 and response.json["rtn"] not in (0, None)
    assert response.body.isascii() and b"<" not in response.body


def test_requests_byte_by_byte_keep_nobody_out(service):
    """More of them than there may be connections: the oldest give way."""
    port = service.port("ukey")
    slow = []
    for _ in range(600):
        sock = connect(port)
        sock.sendall(b"POST /ukey/1 HTTP/1.1\r\nX: ")
        slow.append(sock)
    assert request(port, "/ukey/1", CALL).status == 200
    # Some of them were closed for it, not all.
    slow[0].settimeout(patience.limit(20))
    assert slow[0].recv(100) == b""
    for sock in slow:
        sock.close()


def test_connections_of_all_interfaces_leave_room(tmp_path):
    """Each has its limit, and the process has one for all of them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    # As a session begins.
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(1024, hard), hard))
    try:
        running = KeyService(tmp_path / "service", "--demo", "--adapters", ADAPTERS, allowed=everything())
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, hard), hard))
    slow = []
    try:
        for _ in range(6):
            for ports in running.ports.values():
                for port in ports:
                    for _ in range(60):
                        sock = connect(port)
                        sock.sendall(b"P")
                        slow.append(sock)
        begun = time.monotonic()
        assert request(running.port("ukey"), "/ukey/1", CALL).status == 200
        assert time.monotonic() - begun < patience.limit(2)
        assert "other-user" not in running.log
    finally:
        for sock in slow:
            sock.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        assert running.stop() == 0


def test_answered_connections_give_way_too(service):
    port = service.port("ukey")
    kept = []
    for _ in range(520):
        sock = connect(port)
        assert request(port, "/ukey/1", CALL, sock=sock).status == 200
        kept.append(sock)
    for sock in kept:
        sock.close()
    assert tries(service) == 10


def test_open_sockets_are_limited(service):
    """Each has a page that waits for events; beyond the limit a newcomer is refused, and those that are in go on."""
    port = service.port("xtx")
    version = {"xtx_func_name": "SOF_GetVersion", "call_cmd_id": "i", "param": []}
    opened = []
    try:
        for _ in range(520):
            web = WebSocket(port, "/xtxapp")
            if not web.is_open:
                break
            opened.append(web)
    except OSError:
        pass
    assert len(opened) == 512
    assert opened[0].call(version)["retVal"] and opened[-1].call(version)["retVal"]
    # Other interfaces have their own.
    assert tries(service) == 10
    for web in opened:
        web.close()
    patience.until(lambda: admitted(port))


def admitted(port):
    try:
        web = WebSocket(port, "/xtxapp")
    except OSError:
        return False
    web.close()
    return web.is_open


def test_the_log_is_not_flooded(service):
    """One that knocks without end is written of now and then, with how much was left out; others as before."""
    port, noisy = service.port("szca-soap"), "http://noisy.example"

    def left_out():
        # Many at a time: one after the other they may be no more a second than are written, on a busy machine.
        knocking = [connect(port) for _ in range(60)]
        for sock in knocking:
            sock.sendall(
                f"POST /Service1.asmx HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {noisy}\r\n"
                "Content-Length: 0\r\n\r\n".encode())
        for sock in knocking:
            assert read_response(sock).status == 403
            sock.close()
        return f"szca-soap {noisy} log left-out " in service.log

    patience.until(left_out, 60)
    refused(service, "origin-insecure", origin="http://quiet.example")
