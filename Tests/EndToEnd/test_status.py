"""`ukey status` on real readers: what it prints, and the exit codes that scripts rely on."""

import pytest


@pytest.mark.parametrize("profile", ["A-lm", "B-le"])
def test_gm_key_is_shown(ukey, soft_token, profile):
    soft_token(card="gm", profile=profile)
    done = ukey("status", "--json")
    key = done.json["readers"][0]["key"]
    assert key["family"] == "gmt0017" and key["serial"] == "DEMO-GM-00412"
    application = key["applications"][0]
    assert application["userPin"] == {"triesLeft": 10, "triesMax": 10, "locked": False, "default": True}
    pair = application["containers"][0]["certificates"]
    assert [entry["role"] for entry in pair] == ["signature", "encryption"]
    assert pair[0]["owner"] == "深圳市示例建设工程有限公司"
    assert pair[0]["uscc"] == {"code": "9144030071526726XG", "source": "1.2.156.10260.4.1.4", "check": "valid"}
    assert pair[0]["algorithm"] == "SM2" and pair[0]["signatureAlgorithm"] == "SM3withSM2"
    assert pair[0]["notAfter"].endswith("+08:00") and pair[0]["daysLeft"] > 300
    # One of its certificates ends in 39 days, within the reminder window.
    assert done.code == 3
    assert ukey("status", "--json", "--reminder-days", "10").code == 0


def test_piv_key_is_shown(ukey, soft_token):
    soft_token(card="piv")
    done = ukey("status", "--json")
    key = done.json["readers"][0]["key"]
    assert key["family"] == "piv" and key["serial"]
    containers = key["applications"][0]["containers"]
    assert {"9A", "9C"} <= {container["name"] for container in containers}
    assert done.code in (0, 3)


def test_no_service(ukey, pcscd):
    pcscd.stop()
    done = ukey("status", "--json")
    assert done.code == 10
    assert done.json["error"]["code"] == "UK-101" and "SCARD" in done.json["error"]["detail"]


def test_no_reader(ukey, readers):
    readers(0)
    assert ukey("status", "--json").code == 5


def test_reader_without_key(ukey, reader):
    done = ukey("status", "--json")
    assert done.code == 5 and done.json["readers"][0]["present"] is False


def test_unknown_reader_name(ukey, reader):
    done = ukey("status", "--json", "--reader", "no such reader")
    assert done.code == 5 and done.json["error"]["code"] == "UK-111"


def test_ending_beside_a_busy_thread(ukey, readers):
    """Nothing to read: the program ends while another thread still starts OpenSSL. It must end as usual, every time."""
    readers(0)
    assert {ukey("status", "--json").code for _ in range(60)} == {5}
