"""Unlocking in the manager's window, by keys alone, on a real pcscd."""

import re

import pytest
from rig.program import Secret
from rig.unlock import Desk, scan
from test_unlock import ADMIN, NEW, lock, works


def open_screen(screen, size=(120, 36)):
    window = screen(*size, "ukey", "--lang", "zh")
    # Read whole: until then nothing is filled in for it.
    window.wait_for("已识别：")
    window.wait_for("F3 办业务")
    window.keys("F3")
    window.wait_for("填写申请")
    window.keys("1", "Enter")
    # The page before has the word, too.
    window.wait_for("▸ 经办人")
    return window


def fill(window):
    window.type("李四")
    window.keys("Tab")
    window.type("13800138000")
    window.keys("Enter")
    window.wait_for("回车写入")
    window.keys("Enter")


@pytest.mark.parametrize("profile", ["A-lm", "B-le"])
def test_locked_key_by_keys_alone(ukey, soft_token, screen, tmp_path, environment, profile):
    soft_token(card="gm", profile=profile)
    lock(ukey)
    home = tmp_path / "home"
    desk = Desk(tmp_path / "desk").pin(home)
    window = open_screen(screen, (140, 50))
    fill(window)
    window.wait_for("现在可以收好 U-Key")
    request = home / "DEMO-GM-00412.ukreq"
    assert request.stat().st_mode & 0o777 == 0o600 and request.with_suffix(".html").exists()
    # The code on the screen is the request.
    from unlock_checker import check_request, parse_challenge, parse_compact

    image = tmp_path / "screen.png"
    checked = check_request(request.read_bytes())
    window.wait_for(re.escape(checked.check_code))
    assert parse_compact(scan(window, image)) == checked.compact
    # Left, and come back to: it waits.
    window.keys("Escape")
    window.wait_for("填写申请")
    window.keys("Enter")
    window.wait_for("正在等待办理")
    window.keys("Enter")
    window.wait_for("请勿拔出 U-Key")
    window.wait_for("UKCHL2/")
    # The code on the screen is the challenge.
    line = scan(window, image)
    assert parse_challenge(line).request == checked.document["digest"]
    answer = tmp_path / "answer.ukresp"
    done = ukey(
        "unlock", "approve", str(request), "--yes", "--out", str(answer), "--admin-pin-fd", Secret(ADMIN),
        "--weak-admin-pin", "--challenge", line, *desk.options, env={"HOME": str(tmp_path)})
    assert done.code == 0, done
    # A wrong file first: told, and the challenge lives on.
    window.type("~/DEMO-GM-00412.ukreq")
    window.keys("Enter")
    window.wait_for("UK-501|UK-502")
    window.keys("C-u")
    # Only then does a file come: one that came before would be cleared with the rest.
    window.wait_gone("UK-50[12]")
    if profile == "A-lm":
        # As a terminal gives a file that is dropped on it.
        window.paste(f"'{answer}' ")
    else:
        # It comes into the folder of the request, as a download or from a stick: half a file first, which is passed over.
        half = home / "half.part"
        half.write_bytes(answer.read_bytes()[:40])
        half.rename(home / "first.ukresp")
        whole = home / "answer.part"
        whole.write_bytes(answer.read_bytes())
        whole.rename(home / "answer.ukresp")
        window.wait_for("批准文件已到")
        window.wait_for("answer.ukresp")
    window.keys("Enter")
    # Straight on to a PIN of the holder's own: nobody has another one to type.
    window.wait_for("新密码")
    window.wait_for("还可以试 10 次（共 10|剩余 10/10|10/10")
    for _ in range(2):
        window.type(NEW)
        window.keys("Enter")
    window.wait_for("密码已修改")
    window.keys("F10")
    assert window.exit_status() == 0
    assert works(ukey, NEW)


def to_the_challenge(screen):
    window = open_screen(screen)
    fill(window)
    window.wait_for("现在可以收好 U-Key")
    window.keys("Enter")
    window.wait_for("请勿拔出 U-Key")
    return window


def test_esc_does_not_give_the_challenge_up_at_once(soft_token, screen):
    soft_token(card="gm")
    window = to_the_challenge(screen)
    window.keys("Escape")
    window.wait_for("再按一次 Esc")
    window.keys("Escape")
    window.wait_for("填写申请")
    window.keys("Escape")
    window.wait_for("F6 导出")
    window.keys("q")
    assert window.exit_status() == 0


def test_taking_the_key_out_is_told(soft_token, screen):
    card = soft_token(card="gm")
    window = to_the_challenge(screen)
    card.unplug()
    window.wait_for("随机码失效")
    window.keys("Enter")
    window.wait_for("没有选中 U-Key")
    window.keys("F10")
    assert window.exit_status() == 0


def test_piv_gets_request_and_form_and_is_told_what_next(soft_token, screen, tmp_path):
    soft_token(card="piv")
    window = screen(80, 24, "ukey", "--lang", "zh")
    window.wait_for("F3 办业务")
    window.wait_for("证书所有者")
    window.keys("F3")
    window.wait_for("填写申请")
    window.keys("1", "Enter")
    window.wait_for("经办人")
    fill(window)
    window.wait_for(r"ukey\s+unlock[\s│]+admin")
    assert len(list((tmp_path / "home").glob("*.ukreq"))) == 1 and len(list((tmp_path / "home").glob("*.html"))) == 1
    assert not re.search("请勿拔出", window.text())
    window.keys("Enter", "F10")
    assert window.exit_status() == 0
