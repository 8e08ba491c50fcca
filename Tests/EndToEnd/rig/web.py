"""What a browser does to a service on this machine, without a browser: requests byte by byte, and WebSockets (RFC 6455)."""

import base64
import hashlib
import json
import os
import socket
import ssl
import struct

from rig import patience

ORIGIN = "https://portal.example"


def connect(port, address="127.0.0.1", context=None):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.settimeout(patience.limit(60))
    sock.connect((address, port))
    return context.wrap_socket(sock, server_hostname="127.0.0.1") if context else sock


def bound_sending(sock, seconds=60):
    """What is sent, and a connection to a crowded Unix socket, has to be taken in time; reading is as it was."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", int(patience.limit(seconds)), 0))


class Response:
    def __init__(self, data):
        head, _, self.body = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split()[1]) if lines[0] else 0
        self.headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            self.headers[name.strip().lower()] = value.strip()

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)


def read_response(sock):
    """One answer; an empty one with status 0 when the connection was closed instead."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = sock.recv(65536)
        if not part:
            return Response(b"\r\n\r\n")
        data += part
    response = Response(data)
    length = int(response.headers.get("content-length", 0))
    while len(response.body) < length:
        part = sock.recv(65536)
        if not part:
            break
        response.body += part
    return response


def request(port, path, body=b"", method="POST", headers=None, origin=ORIGIN, host=None, sock=None):
    """`headers` is a list, so that one may stand twice."""
    lines = [f"{method} {path} HTTP/1.1"]
    if host is not False:
        lines.append(f"Host: {host or f'127.0.0.1:{port}'}")
    if origin is not None:
        lines.append(f"Origin: {origin}")
    lines += [f"{name}: {value}" for name, value in headers or []]
    if body or method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    own = sock or connect(port)
    try:
        own.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        return read_response(own)
    except (ConnectionError, BrokenPipeError):
        return Response(b"\r\n\r\n")
    finally:
        if sock is None:
            own.close()


class WebSocket:
    def __init__(self, port, path="/", origin=ORIGIN, headers=None, host=None, address="127.0.0.1", context=None):
        self.sock = connect(port, address, context)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            f"GET {path} HTTP/1.1", f"Host: {host or f'127.0.0.1:{port}'}", "Upgrade: websocket",
            "Connection: Upgrade", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]
        if origin is not None:
            lines.append(f"Origin: {origin}")
        lines += [f"{name}: {value}" for name, value in headers or []]
        self.sock.sendall("\r\n".join(lines).encode() + b"\r\n\r\n")
        data = b""
        while b"\r\n\r\n" not in data:
            part = self.sock.recv(1)
            if not part:
                break
            data += part
        self.response = Response(data or b"\r\n\r\n")
        self.is_open = self.response.status == 101
        if self.is_open:
            accept = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest())
            assert self.response.headers["sec-websocket-accept"] == accept.decode()

    def frame(self, payload, opcode=1, fin=True, masked=True):
        head = bytes([(0x80 if fin else 0) | opcode])
        mask = 0x80 if masked else 0
        if len(payload) < 126:
            head += bytes([mask | len(payload)])
        elif len(payload) < 65536:
            head += bytes([mask | 126]) + struct.pack(">H", len(payload))
        else:
            head += bytes([mask | 127]) + struct.pack(">Q", len(payload))
        if not masked:
            return head + payload
        key = os.urandom(4)
        return head + key + bytes(byte ^ key[index % 4] for index, byte in enumerate(payload))

    def send(self, value):
        text = value if isinstance(value, (str, bytes)) else json.dumps(value)
        self.sock.sendall(self.frame(text.encode() if isinstance(text, str) else text))

    def _read(self, count):
        data = b""
        while len(data) < count:
            part = self.sock.recv(count - len(data))
            if not part:
                raise ConnectionError("closed")
            data += part
        return data

    def receive(self):
        """The next message; for a close frame its code."""
        first, second = self._read(2)
        length = second & 0x7F
        if length == 126:
            length = struct.unpack(">H", self._read(2))[0]
        elif length == 127:
            length = struct.unpack(">Q", self._read(8))[0]
        payload = self._read(length)
        opcode = first & 0x0F
        if opcode == 8:
            return struct.unpack(">H", payload[:2])[0] if payload else 1005
        return payload.decode()

    def call(self, value):
        self.send(value)
        return json.loads(self.receive())

    def close(self):
        self.sock.close()


def insecure():
    """TLS without asking who it is; the tests of trust use real browsers."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
