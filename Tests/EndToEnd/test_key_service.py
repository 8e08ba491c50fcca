"""Pages of every protocol log in by the service, with the holder typing into pinentry on a terminal.

The clients speak as the vendors' scripts do; nothing here knows the service's code.
"""

import base64
import json
import os
import sys
from pathlib import Path

import pytest

from rig.pages import Background, Page, everything
from rig.web import ORIGIN, WebSocket, request

sys.path.insert(0, str(Path(__file__).parent.parent / "LoginToken"))

from login_verifier import certificate as parse_certificate, fits, verify  # noqa: E402

PIN = "123456"
EVERYTHING = "szca-soap,szca-socket,mtoken,xtx,ukey"


@pytest.fixture
def start(key_service):
    """`start(allowed=…)`: the service with the demonstration's key."""
    return lambda allowed=True: key_service("--demo", "--adapters", EVERYTHING, allowed=everything() if allowed else [])


# SZCA, SOAP


def soap(service, function, **arguments):
    children = "".join(f"<{name}>{value}</{name}>" for name, value in arguments.items())
    body = (
        '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        'xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
        f'<{function} xmlns="http://tempuri.org">{children}</{function}></soap:Body></soap:Envelope>')
    response = request(
        service.port("szca-soap"), "/Service1.asmx", body.encode(), headers=[
            ("Content-Type", "text/xml; charset=utf-8"), ("SOAPAction", f"http://tempuri.org/{function}"),
            ("Cache-Control", "no-cache")])
    assert response.status == 200
    assert response.headers["access-control-allow-origin"] == ORIGIN
    return response


def element(response, name):
    return response.text.partition(f"<{name}>")[2].partition(f"</{name}>")[0]


def lossy(text):
    """As the script decodes: the last byte is lost."""
    return base64.b64decode(text)[:-1].decode()


def test_szca_soap_login(start):
    service = start()
    assert element(soap(service, "SZCAInit"), "bInit") == "1"
    assert element(soap(service, "SZCAKeyIsExist"), "isExist") == "1"
    entries = lossy(element(soap(service, "SZCAGetCertList"), "outData")).split(";")
    assert entries[-1] == ""
    owner, serial, issuer = entries[0].split("#")
    der = base64.b64decode(element(soap(service, "SZCAGetCertDataBySignSN", signSN=serial), "outData"))
    holder = parse_certificate(der)
    assert holder.common_name == owner
    twice = base64.b64encode(base64.b64encode(der)).decode()
    assert lossy(element(soap(service, "SZCAParseCertData", certData=twice, nType=0x31), "infoData")) == owner
    assert lossy(element(soap(service, "SZCAParseCertData", certData=twice, nType=0x33), "infoData")) == holder.uscc
    # Signs without having logged in: the prompt comes by itself.
    text = base64.b64encode(b"a server's challenge").decode()
    page = Background(lambda: soap(service, "SZCASign", inData=text))
    shown = service.holder.wait("PIN:")
    assert "portal.example" in shown and "a server's challenge" in shown
    service.holder.type(PIN + "\r")
    assert fits(holder.key, b"a server's challenge", base64.b64decode(element(page.wait(), "outData")))


def test_szca_soap_ignores_the_pages_pin(start):
    service = start()
    wrong = base64.b64encode(b"000000").decode()
    serial = lossy(element(soap(service, "SZCAGetCertList"), "outData")).split("#")[1]
    page = Background(lambda: soap(service, "SZCALoginKeyBySignSN", signSN=serial, strPIN=wrong))
    shown = service.holder.wait("PIN:")
    assert "Tries left: 10" in shown
    service.holder.type(PIN + "\r")
    assert element(page.wait(), "bPass") == "0"
    assert element(soap(service, "SZCAIsLoginBySignSN", signSN=serial), "bSucc") == "0"
    # The PIN was kept for one signature.
    text = base64.b64encode(b"once").decode()
    assert element(soap(service, "SZCASignMessageBySignSN", signSN=serial, inData=text, bDetach=0), "outData")
    assert element(soap(service, "SZCAIsLoginBySignSN", signSN=serial), "bSucc") == "1"


# SZCA, WebSocket


def test_szca_socket_login(start):
    service = start()
    socket = WebSocket(service.port("szca-socket"))

    def call(function, **arguments):
        answer = socket.call({"fun": function, "arguments": dict(arguments, requestID=f"{function}-1")})
        assert answer["requestID"] == f"{function}-1"
        return answer

    application = call("createApply", clientVer="1.0")["data"]["applyID"]
    (key,) = call("enumKey", applyID=application)["data"]["keys"]
    certificates = call("getCertList", keyID=key)["data"]["certs"]
    holder = parse_certificate(base64.b64decode(certificates[0]))
    subject = call("analyseCert", certData=certificates[0], extends="")["data"]["subject"]
    assert subject[3:].split(",")[0] == holder.common_name
    page = Background(lambda: call("loginKey", keyID=key, PIN="whatever"))
    service.type_pin()
    assert page.wait()["code"] == 0
    assert call("setCurrentAlgorithm", keyID=key, algoType=1)["code"] == 0
    data = base64.b64encode(os.urandom(32)).decode()
    signed = call("signP7", keyID=key, plaintextData=data, detached=False)
    assert signed["code"] == 0
    assert base64.b64decode(data) in base64.b64decode(signed["data"]["signature"])
    for function in ["initToken", "resetUserPIN", "readFile", "dataDecrypt", "noSuchThing"]:
        refused = call(function, keyID=key, soPIN="12345678")
        assert refused["code"] != 0 and refused["msg"]


# Longmai mToken


def mtoken(service, function, encode=False, **members):
    text = json.dumps(dict(members, function=function), separators=(",", ":"))
    if encode:
        from urllib.parse import quote

        text = quote(text)
    response = request(
        service.port("mtoken"), "/alpha", b"json=" + text.encode(),
        headers=[("Content-Type", "application/x-www-form-urlencoded")])
    assert response.status == 200
    assert response.headers["content-type"] == "application/json" and response.body.isascii()
    return response.json


def test_mtoken_login(start):
    service = start()
    assert mtoken(service, "SOF_LoadLibrary", linuxSOName="libgm3000.so")["rtn"] == 0
    device = mtoken(service, "SOF_EnumDevice")["array"].split("||")[0]
    assert mtoken(service, "SOF_GetHardwareType", deviceName=device)["type"] == 1
    assert mtoken(service, "SOF_GetDeviceInstance", deviceName=device, applicationName="")["rtn"] == 0
    name, container = mtoken(service, "SOF_GetUserList")["array"].split("&&&")[0].split("||")
    encoded = mtoken(service, "SOF_ExportUserCert", containerName=container, keySpec=1)["cert"]
    holder = parse_certificate(base64.b64decode(encoded))
    assert holder.common_name == name
    assert "SM3" in mtoken(service, "SOF_GetCertInfo", base64EncodeCert=encoded, type=0x36)["info"]
    page = Background(lambda: mtoken(service, "SOF_Login", passWd="123"))
    service.type_pin()
    assert page.wait()["rtn"] == 0
    assert mtoken(service, "SOF_SetDigestMethod", digestMethod=1)["rtn"] == 0
    assert mtoken(service, "SOF_SetUserID", userID="")["rtn"] == 0
    text = base64.b64encode(b"\xfb\xef\xbechallenge").decode()
    assert "+" in text
    answer = mtoken(service, "SOF_SignDataEx", containerName=container, keySpec=1, inData=text, inDataLen=len(text))
    assert fits(holder.key, b"\xfb\xef\xbechallenge", base64.b64decode(answer["signed"]))
    # As other clients encode it.
    assert mtoken(service, "SOF_GetPinRetryCount", encode=True, containerName=container)["retryCount"] == 10
    for function in ["SocketConnect", "SOF_ReadFile", "SOF_RemoteUnblockPIN", "SOF_ImportPfxCert", "SOF_DecryptData"]:
        assert mtoken(service, function)["rtn"] == 167772163


def test_mtoken_cancelled(start):
    service = start()
    page = Background(lambda: mtoken(service, "SOF_Login", passWd="123456"))
    service.holder.wait("PIN:")
    # From the field to OK, from there to Cancel.
    service.holder.type("\t\t\r")
    assert page.wait()["rtn"] != 0
    # The next prompt has to wait, and says so.
    refused = mtoken(service, "SOF_Login", passWd="123456")
    assert refused["rtn"] != 0
    assert mtoken(service, "SOF_GetLastError")["lastError"] == refused["rtn"]
    assert "SOF_Login cancelled" in service.log and "SOF_Login cooling-down" in service.log


def test_mtoken_wrong_pin_then_right(start):
    service = start()
    page = Background(lambda: mtoken(service, "SOF_Login", passWd=PIN))
    service.type_pin("999999")
    shown = service.holder.wait("wrong", "PIN:")
    assert "Tries left: 9" in shown
    service.holder.type(PIN + "\r")
    assert page.wait()["rtn"] == 0


# BJCA XTX


def test_xtx_login(start):
    service = start()
    socket = WebSocket(
        service.port("xtx"), "/xtxapp/", headers=[("Sec-WebSocket-Protocol", "cryptokit-kdets-protocol")])
    assert socket.response.headers["sec-websocket-protocol"] == "cryptokit-kdets-protocol"

    def call(function, *parameters):
        answer = socket.call(
            {"cookie": "", "xtx_func_name": function, "call_cmd_id": f"i_{function}", "param": list(parameters)})
        assert answer["call_cmd_id"] == f"i_{function}"
        return answer["retVal"]

    assert call("SOF_GetVersion") >= "3.0"
    users = call("SOF_GetUserList")
    assert users.endswith("&&&")
    name, identity = users.split("&&&")[0].split("||")
    encoded = call("SOF_ExportUserCert", identity)
    holder = parse_certificate(base64.b64decode(encoded))
    assert call("SOF_GetCertInfo", encoded, 17) == name == holder.common_name
    assert len(call("SOF_GetCertInfo", encoded, 12)) == 14
    assert call("GetDeviceInfo", identity, 7) == "HARD"
    assert call("SOF_GetPinRetryCount", identity) == "10"
    page = Background(lambda: call("SOF_Login", identity, "1"))
    service.type_pin()
    assert page.wait() == "true"
    signature = base64.b64decode(call("SOF_SignData", identity, "登录 42"))
    assert fits(holder.key, "登录 42".encode(), signature)
    assert call("SOF_VerifySignedData", encoded, "登录 42", base64.b64encode(signature).decode()) == "true"
    assert call("SOF_VerifySignedData", encoded, "登录 43", base64.b64encode(signature).decode()) == "false"
    assert call("UnlockUserPass", identity, "12345678", "1") == "false"
    assert call("SOF_Whatever") == ""


# Our own


def test_login_token(start):
    service = start(allowed=False)
    port = service.port("ukey")

    def call(function, **members):
        response = request(
            port, "/ukey/1", json.dumps(dict(members, id=7, function=function)).encode(),
            headers=[("Content-Type", "application/json")])
        assert response.status == 200 and response.json["id"] == 7
        return response.json

    # The first contact is held until the holder has allowed it.
    page = Background(lambda: call("certificates"))
    assert "portal.example" in service.holder.wait("Allow")
    service.holder.type("\r")
    found = page.wait()["result"][0]
    assert found["uscc"]["source"] == "1.2.156.10260.4.1.4"
    assert json.loads(service.grants.read_text())["origins"][0]["may"] == ["read", "login"]
    assert service.grants.stat().st_mode & 0o777 == 0o600

    nonce = base64.b64encode(os.urandom(32)).decode()
    page = Background(lambda: call("loginToken", nonce=nonce))
    service.type_pin()
    token = page.wait()["result"]
    holder = parse_certificate(base64.b64decode(token["certificate"]))
    # The verifier written from the document; the demonstration's root is not known here, so it ends at that.
    with pytest.raises(ValueError, match="untrusted"):
        verify(json.dumps(token), ORIGIN, nonce, [])
    with pytest.raises(ValueError, match="signature-wrong"):
        verify(json.dumps(token), "https://evil.example", nonce, [])
    assert holder.uscc == found["uscc"]["code"]
    assert call("loginToken", nonce="short")["error"]["name"] == "malformed"
    assert call("random", bytes=16)["result"] != call("random", bytes=16)["result"]


def test_first_contact_refused(start):
    service = start(allowed=False)
    port = service.port("ukey")
    page = Background(lambda: request(port, "/ukey/1", b"{}"))
    service.holder.wait("Allow")
    service.holder.type("\t\r")
    assert page.wait().status == 403
    assert request(port, "/ukey/1", b"{}").status == 403
    assert json.loads(service.grants.read_text())["origins"] == []
    assert "certificates" not in service.log


def test_events_of_keys(start):
    service = start()
    socket = WebSocket(service.port("ukey"), "/ukey/1", headers=[("Sec-WebSocket-Protocol", "ukey.1")])
    assert socket.call({"id": 1, "function": "listen"})["result"] is True


def test_prompt_ends_when_the_page_goes(start):
    service = start()
    connection = Page(service).leaving("loginToken", nonce=base64.b64encode(os.urandom(32)).decode())
    service.holder.wait("PIN:")
    connection.close()
    service.wait_for(lambda log: "loginToken disconnected" in log)
