"""What the commands say to people: words of their language, local days, aligned columns, never nothing at all."""

import re
import signal
import subprocess
import threading

import pytest
from rig import patience


@pytest.mark.parametrize("language, role, days", [("zh", "签名证书", "还有 39 天到期"), ("en", "Signature", "39 days left")])
def test_cert_list_is_for_people(ukey, soft_token, language, role, days):
    soft_token(card="gm")
    done = ukey("cert", "list", "--lang", language)
    lines = done.stdout.splitlines()
    assert done.code == 0 and len(lines) == 5
    expiring = [line for line in lines if "EXPIRING" in line]
    assert all(f"⚠ {days}" in line for line in expiring) and role in expiring[0]
    # The day as every other screen shows it, and the columns one under the other.
    assert all(re.search(r"  \d{4}-\d\d-\d\d  [✓⚠✕] ", line) for line in lines)
    assert len({line.index(":") for line in lines}) <= 2
    assert len(ukey("cert", "list", "--json").json["certificates"]) == 5


@pytest.mark.parametrize("language, words", [("zh", "U-Key 中没有证书"), ("en", "no certificate on the key")])
def test_an_empty_list_says_so(ukey, soft_token, language, words):
    soft_token(card="gm", sample="no-certificate")
    done = ukey("cert", "list", "--lang", language)
    assert done.code == 6 and not done.stdout and words in done.stderr
    script = ukey("cert", "list", "--json")
    assert script.json["certificates"] == [] and not script.stderr


def test_a_list_with_what_could_not_be_read_ends_so(skf_token, call):
    """What was not looked at is not well, in the list of one key as in that of all."""
    key = skf_token()
    file = sorted(key.directory.glob("*.der"))[0]
    file.unlink()
    file.write_bytes(b"this is no certificate")
    assert [call(key, *words).code for words in (["cert", "list"], ["list"])] == [11, 11]


def test_a_named_profile_has_to_be_confirmed_by_a_script(soft_token, ukey):
    """Nothing was said of tries, of which there are ten."""
    from rig.program import Secret

    soft_token(card="gm")
    words = ["pin", "verify", "--profile", "A-lm", "--lang", "en", "--pin-fd"]
    done = ukey(*words, Secret("123456"))
    assert done.code == 9 and "UK-408" in done.stderr and "tries left" not in done.stderr, done
    assert ukey(*words, Secret("123456"), "--low-tries").code == 0


def test_nothing_is_not_renewed(soft_token, ukey, tmp_path):
    """A request for the renewal of no certificate would come back from the authority."""
    soft_token(card="gm", sample="no-certificate")
    file = tmp_path / "request.ukreq"
    words = ["--yes", "--name", "李四", "--mobile", "13800138000", "--out", file, "--lang", "en"]
    done = ukey("renew", *words, "--reason", "到期")
    assert done.code == 6 and "UK-301" in done.stderr and not file.exists(), done
    assert ukey("unlock", "request", *words, "--reason", "忘记密码").code == 0


@pytest.mark.parametrize("language, words", [("zh", "没有插入"), ("en", "none inserted")])
def test_status_of_an_empty_reader_does_not_claim_to_wait(ukey, pcscd, language, words):
    done = ukey("status", "--lang", language)
    assert done.code == 5 and words in done.stdout


def test_a_locked_pin_is_told_its_command(ukey, soft_token):
    from rig.program import Secret

    soft_token(card="gm")
    for _ in range(10):
        ukey("pin", "verify", "--last-try", "--pin-fd", Secret("wrong-1"))
    done = ukey("status", "--lang", "zh")
    assert done.code == 8 and "已锁定 · 需办理介质解锁（ukey unlock request）" in done.stdout


def read_until(process, word):
    """The lines up to the one with this word; fails where they end before, or do not come."""
    lines = []
    reader = threading.Thread(
        target=lambda: lines.extend(iter(lambda: "" if lines and word in lines[-1] else process.stdout.readline(), "")),
        daemon=True)
    reader.start()
    reader.join(patience.limit(20))
    assert lines and word in lines[-1], lines
    return "".join(lines)


def test_watch_speaks(ukey, environment, soft_token, reader):
    process = subprocess.Popen(
        [str(ukey.path), "watch", "--lang", "zh"], stdout=subprocess.PIPE, env=environment, text=True)
    try:
        with soft_token(card="gm"):
            text = read_until(process, "已识别")
        text += read_until(process, "已拔出")
        assert "读卡服务 正常" in text and "> 已插入：" in text
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(patience.limit(10))


@pytest.mark.parametrize("lang, words", [("zh_CN.UTF-8", "无法连接虚拟读卡器（UK-621"), ("C", "cannot be reached (UK-621")])
def test_a_reader_that_is_not_there_is_said_in_words(ukey, lang, words):
    done = ukey("soft-token", "--vpcd", "127.0.0.1:1", env={"LANG": lang})
    assert done.code == 10 and words in done.stderr and "→" in done.stderr
