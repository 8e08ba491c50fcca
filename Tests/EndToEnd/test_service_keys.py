"""Each kind of key logs in through each vendor's protocol, and nothing that breaks in the middle of it costs a try or the
service."""

import base64
import hashlib
import json
import os
import sys
from pathlib import Path

import pytest
from rig import patience
from rig.pages import Background, Page, everything
from rig.web import ORIGIN, WebSocket, request

sys.path.insert(0, str(Path(__file__).parent.parent / "LoginToken"))

from login_verifier import certificate as parse_certificate, fits  # noqa: E402

PIN = "123456"
ADAPTERS = "szca-soap,szca-socket,mtoken,xtx,ukey"
CHALLENGE = b"the server's challenge"
ENCODED = base64.b64encode(CHALLENGE).decode()


class Key:
    """A key of one kind and how the service reaches it."""

    def __init__(self, provider, env=None, algorithm=None):
        self.provider, self.env, self.algorithm = provider, env or {}, algorithm


@pytest.fixture(params=["gm", "piv", "skf", "softhsm-rsa", "softhsm-p256"])
def key(request):
    if request.param in ("gm", "piv"):
        request.getfixturevalue("soft_token")(card=request.param)
        return Key("pcsc", algorithm={"gm": "SM2-SM3"}.get(request.param))
    if request.param == "skf":
        token = request.getfixturevalue("skf_token")()
        assert token.user_pin == PIN
        return Key(token.provider, token.env)
    token = request.getfixturevalue("hsm")
    curve = request.param.endswith("p256")
    token.add("01", "P-256" if curve else "RSA")
    assert token.user_pin == PIN
    return Key(token.provider, token.env, "ECDSA-SHA256" if curve else "RSA-SHA256")


@pytest.fixture
def start(key_service, environment):
    """`start(key)`: the service for this key alone, with the holder at a terminal."""
    return lambda key: key_service(
        "--provider", key.provider, "--adapters", ADAPTERS, allowed=everything(),
        environment=dict(key.env, HOME=environment["HOME"]))


# What each vendor's page does to log in: the certificate, then a signature over the challenge. → (certificate, signature)


def by_soap(service):
    def call(function, element, **arguments):
        children = "".join(f"<{name}>{value}</{name}>" for name, value in arguments.items())
        body = (
            '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
            f'<{function} xmlns="http://tempuri.org">{children}</{function}></soap:Body></soap:Envelope>')
        text = request(
            service.port("szca-soap"), "/Service1.asmx", body.encode(),
            headers=[("Content-Type", "text/xml; charset=utf-8"), ("SOAPAction", f"http://tempuri.org/{function}")]).text
        return text.partition(f"<{element}>")[2].partition(f"</{element}>")[0]

    entries = base64.b64decode(call("SZCAGetCertList", "outData"))[:-1].decode()
    serial = entries.split(";")[0].split("#")[1]
    encoded = call("SZCAGetCertDataBySignSN", "outData", signSN=serial)
    page = Background(lambda: call("SZCASign", "outData", inData=ENCODED))
    service.type_pin()
    return encoded, page.wait()


def by_socket(service):
    socket = WebSocket(service.port("szca-socket"))

    def call(function, **arguments):
        answer = socket.call({"fun": function, "arguments": dict(arguments, requestID="r-1")})
        assert answer["code"] == 0, answer
        return answer["data"]

    (key,) = call("enumKey", applyID=call("createApply", clientVer="1.0")["applyID"])["keys"]
    encoded = call("getCertList", keyID=key)["certs"][0]
    page = Background(lambda: call("signP1", keyID=key, plaintextData=ENCODED, plaintextSize=len(CHALLENGE)))
    service.type_pin()
    return encoded, page.wait()["signature"]


def by_mtoken(service):
    def call(function, **members):
        text = json.dumps(dict(members, function=function), separators=(",", ":"))
        return request(
            service.port("mtoken"), "/alpha", b"json=" + text.encode(),
            headers=[("Content-Type", "application/x-www-form-urlencoded")]).json

    device = call("SOF_EnumDevice")["array"].split("||")[0]
    assert call("SOF_GetDeviceInstance", deviceName=device, applicationName="")["rtn"] == 0
    _, container = call("SOF_GetUserList")["array"].split("&&&")[0].split("||")
    encoded = call("SOF_ExportUserCert", containerName=container, keySpec=1)["cert"]
    page = Background(lambda: call("SOF_Login", passWd="1"))
    service.type_pin()
    assert page.wait()["rtn"] == 0
    return encoded, call(
        "SOF_SignDataEx", containerName=container, keySpec=1, inData=ENCODED, inDataLen=len(ENCODED))["signed"]


def by_xtx(service):
    socket = WebSocket(service.port("xtx"), "/xtxapp/")

    def call(function, *parameters):
        return socket.call(
            {"cookie": "", "xtx_func_name": function, "call_cmd_id": "i_1", "param": list(parameters)})["retVal"]

    _, identity = call("SOF_GetUserList").split("&&&")[0].split("||")
    encoded = call("SOF_ExportUserCert", identity)
    page = Background(lambda: call("SOF_Login", identity, "1"))
    service.type_pin()
    assert page.wait() == "true"
    return encoded, call("SOF_SignData", identity, CHALLENGE.decode())


@pytest.mark.parametrize("log_in", [by_soap, by_socket, by_mtoken, by_xtx])
def test_each_key_by_each_protocol(key, start, log_in):
    service = start(key)
    encoded, signature = log_in(service)
    holder = parse_certificate(base64.b64decode(encoded))
    assert key.algorithm in (None, holder.key[0])
    assert fits(holder.key, CHALLENGE, base64.b64decode(signature))
    assert not fits(holder.key, CHALLENGE + b".", base64.b64decode(signature))


def test_each_certificate_by_our_own(key, start):
    service = start(key)
    found = Page(service).call("certificates")["result"]
    assert found
    for each in found:
        nonce = base64.b64encode(os.urandom(32)).decode()
        page = Page(service).later("loginToken", nonce=nonce, certificateID=each["id"])
        service.type_pin()
        token = page.wait()["result"]
        der = base64.b64decode(token["certificate"])
        holder = parse_certificate(der)
        assert token["certificate"] == each["certificate"] and token["algorithm"] == holder.key[0]
        fingerprint = hashlib.sha256(der).hexdigest()
        message = f"ukey:1 login\norigin {ORIGIN}\nnonce {nonce}\ncertificate {fingerprint}\n".encode()
        assert fits(holder.key, message, base64.b64decode(token["signature"]))


# What breaks in the middle


def tries(ukey):
    return ukey("pin", "status", "--json").json["pins"][0]["user"]["triesLeft"]


def is_there(service):
    """The key, again."""
    patience.until(lambda: len(Page(service).call("keys").get("result", [])) == 1, 30, lambda: service.log)


def signs(service):
    """It still does."""
    page = Page(service).login()
    service.type_pin()
    return "signature" in page.wait()["result"]


def test_the_key_is_pulled_in_the_middle(ukey, soft_token, start):
    """At the very command that signs, the PIN having been accepted."""
    token = soft_token(card="gm", faults=["ins=74,kind=remove"])
    service = start(Key("pcsc"))
    page = Page(service).login()
    service.type_pin()
    assert page.wait()["error"]["name"] in ("key-failed", "outcome-unknown", "disconnected")
    service.wait_for(lambda log: " left\n" in log)
    token.unplug()
    soft_token(card="gm", dir=token.directory)
    assert tries(ukey) == 10
    is_there(service)
    assert signs(service)


def test_a_site_that_is_taken_back_hears_of_no_key(ukey, soft_token, start):
    """Not by a connection either that was open before."""
    token = soft_token(card="gm")
    service = start(Key("pcsc"))
    heard = WebSocket(service.port("ukey"), "/ukey/1", headers=[("Sec-WebSocket-Protocol", "ukey.1")])
    assert heard.call({"id": 1, "function": "listen"})["result"] is True
    token.unplug()
    assert json.loads(heard.receive())["event"] == "keyLeft"
    assert ukey("serve", "origins", "revoke", ORIGIN, env=service.places).code == 0
    before = service.log.count("\nkey ")
    soft_token(card="gm", dir=token.directory)
    service.wait_for(lambda log: log.count("\nkey ") > before)
    heard.sock.settimeout(1)
    with pytest.raises(TimeoutError):
        heard.receive()


def test_pcscd_restarts_while_the_prompt_is_open(ukey, soft_token, start, pcscd):
    token = soft_token(card="gm")
    service = start(Key("pcsc"))
    page = Page(service).login()
    service.holder.wait("PIN:")
    token.unplug()
    pcscd.restart()
    assert page.wait()["error"]["name"] == "disconnected"
    soft_token(card="gm", dir=token.directory)
    is_there(service)
    assert signs(service)
    assert tries(ukey) == 10


def test_the_library_crashes_in_the_middle(skf_token, start):
    token = skf_token(crash="SKF_RSASignData")
    service = start(Key(token.provider, token.env))
    page = Page(service).login()
    service.type_pin()
    assert page.wait()["error"]["name"] in ("key-failed", "outcome-unknown")
    assert token.tries == (10, 10)
    token.set(crash="")
    is_there(service)
    assert signs(service)


def test_the_service_is_killed_in_the_middle(skf_token, start):
    """The library's own process ends with it; the next service finds the key as it was."""
    token = skf_token(hang="SKF_RSASignData")
    service = start(Key(token.provider, token.env))
    Page(service).login()
    service.type_pin()
    patience.until(lambda: "SKF_RSASignData" in token.calls(), 20, lambda: token.calls())
    service.kill()
    token.set(hang="")
    service.start()
    assert token.tries == (10, 10)
    assert signs(service)


def test_a_wrong_pin_costs_one_try_with_a_library(skf_token, start):
    token = skf_token()
    service = start(Key(token.provider, token.env))
    page = Page(service).login()
    service.type_pin("654321")
    service.holder.wait("wrong", "PIN:")
    assert token.tries[0] == 9
    service.holder.type(PIN + "\r")
    assert "signature" in page.wait()["result"]
    assert token.tries[0] == 10
