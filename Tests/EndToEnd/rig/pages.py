"""What pages ask of the key service, by this program's own interface."""

import base64
import json
import os
import threading

from rig import patience
from rig.web import ORIGIN, connect, request

FAMILIES = ["szca", "mtoken", "xtx", "ukey"]


def everything(origin=ORIGIN):
    """What a holder has allowed who allowed all."""
    return [(origin, family, ["read", "login", "sign"]) for family in FAMILIES]


class Background:
    """A page's call happens beside the test, as its browser waits for the holder too."""

    def __init__(self, call):
        self._result = self._error = None

        def run():
            try:
                self._result = call()
            except Exception as error:
                self._error = error

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()

    def wait(self):
        self._thread.join(patience.limit(60))
        assert not self._thread.is_alive(), "the page was not answered"
        if self._error:
            raise self._error
        return self._result


class Page:
    """A page of `origin` that speaks `ukey:1`."""

    def __init__(self, service, origin=ORIGIN):
        self.service, self.origin = service, origin

    def call(self, function, **members):
        response = request(
            self.service.port("ukey"), "/ukey/1", json.dumps(dict(members, id=1, function=function)).encode(),
            headers=[("Content-Type", "application/json")], origin=self.origin)
        return response.json if response.status == 200 else {"error": {"name": response.text, "status": response.status}}

    def later(self, function, **members):
        return Background(lambda: self.call(function, **members))

    def login(self):
        return self.later("loginToken", nonce=base64.b64encode(os.urandom(32)).decode())

    def sign(self, data, form="bare"):
        return self.later("sign", data=base64.b64encode(data).decode(), form=form)

    def leaving(self, function, **members):
        """A call whose page can go away: the connection."""
        body = json.dumps(dict(members, id=1, function=function))
        port = self.service.port("ukey")
        connection = connect(port)
        connection.sendall(
            f"POST /ukey/1 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {self.origin}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}".encode())
        return connection
