"""A key whose application, container and label have names in GBK, as Chinese makers write them: all works on it."""

import json

import pytest
from rig.program import Secret
from rig.unlock import Asking, Desk

APPLICATION, CONTAINER, LABEL = "深圳政务应用", "签名与加密", "示例智能密码钥匙"
USER, ADMIN, NEW, TEMPORARY, LAST = "123456", "12345678", "918273", "24681357", "97531864"

pytestmark = pytest.mark.parametrize("profile", ["A-lm", "B-le"])


@pytest.fixture
def key(soft_token, profile):
    return soft_token(card="gm", profile=profile, sample="gbk-names")


def test_it_is_read(ukey, key, profile):
    found = ukey("status", "--json").json["readers"][0]["key"]
    application = found["applications"][0]
    assert (found["label"], found["issuer"], application["name"]) == (LABEL, "示例签发", APPLICATION)
    assert application["containers"][0]["name"] == CONTAINER
    assert len(application["containers"][0]["certificates"]) == 2
    text = ukey("status", "--lang", "zh").stdout
    assert APPLICATION in text and LABEL in text and "\ufffd" not in text
    assert ukey("cert", "show", "--container", CONTAINER, "--role", "sign", "--pem").stdout.startswith("-----BEGIN")


@pytest.mark.parametrize("named", [(), ("--application", APPLICATION)], ids=["only", "named"])
def test_pin_is_checked_changed_and_signed_with(ukey, key, profile, named):
    assert ukey("pin", "verify", "--pin-fd", Secret(USER), *named).code == 0
    done = ukey("pin", "change", "--json", "--pin-fd", Secret(USER), "--new-pin-fd", Secret(NEW), *named)
    assert (done.code, done.json["outcome"]) == (0, "changed"), done
    assert ukey("pin", "verify", "--pin-fd", Secret(USER), *named).code == 7
    test = ukey("login-test", "--pin-fd", Secret(NEW), *named)
    assert test.code == 0, test
    done = ukey(
        "unlock", "admin", "--json", "--pin-fd", Secret(ADMIN), "--new-pin-fd", Secret(LAST), *named)
    assert (done.code, done.json["outcome"]) == (0, "unblocked"), done
    assert ukey("pin", "verify", "--pin-fd", Secret(LAST), *named).code == 0


def test_it_is_unlocked_by_file(ukey, key, profile, tmp_path, environment):
    desk = Desk(tmp_path / "desk").pin(environment["HOME"])
    asked = Asking(
        ukey.path, tmp_path, environment,
        ["--name", "李四", "--mobile", "13800138000", "--reason", "忘记密码", "--wait", "answer.ukresp", "--new-pin-fd",
         Secret(LAST)])
    try:
        document = json.loads(asked.request.read_bytes())
        assert document["application"] == APPLICATION
        response = tmp_path / "made.ukresp"
        done = ukey(
            "unlock", "approve", str(asked.request), "--yes", "--out", str(response), "--admin-pin-fd", Secret(ADMIN),
            "--weak-admin-pin", "--new-pin-fd", Secret(TEMPORARY), *desk.options)
        assert done.code == 0, done
        asked.answer(response)
        assert asked.wait() == 0, asked.output()
    finally:
        asked.close()
    assert ukey("pin", "verify", "--pin-fd", Secret(LAST)).code == 0
