"""The list in the window: search, order, what to do now, answers, copying; by keys, in a real terminal."""

import pytest
from rig import patience


@pytest.fixture
def window(screen):
    window = screen(80, 24, "ukey", "--lang", "zh", "--demo")
    window.wait_for("信用代码")
    window.wait_for("现在建议")
    return window


def test_a_company_is_found_and_its_renewal_asked_for(window):
    """D2 by keys alone: searched, selected, F3; the form is for that company."""
    window.keys("/")
    window.type("样板")
    window.wait_gone("示例建设")
    window.keys("Enter", "F3")
    window.wait_for("▸ 2 续期")
    window.wait_for("样板市政")
    window.keys("Enter")
    window.wait_for("Enter 填写申请  w")
    window.keys("Enter")
    window.wait_for("业务申请 · 续期")
    window.type("李四")
    window.keys("Tab")
    window.type("13800138000")
    window.keys("Enter")
    window.wait_for("回车写入")
    text = window.text()
    assert "深圳市样板市政工程有限公司" in text and "914403001922038216" in text and "证书即将到期" in text
    assert "示例建设" not in text
    window.keys("F10")
    assert window.exit_status() == 0


def test_every_question_in_two_keys(window):
    for number, word in enumerate(
        ["没反应", "怎么办", "修改密码", "还能试几次", "已经锁定", "领取", "发票", "管理员密码", "客服电话"], 1):
        window.keys("F1", str(number))
        window.wait_for(f" {number} .*{word}")
        window.keys("Escape", "Escape")
        window.wait_for("F3 办业务")
    window.keys("q")
    assert window.exit_status() == 0


def test_a_value_is_copied_to_the_terminals_clipboard(window):
    # The terminal's clipboard, which is tmux's buffer here.
    # What ends soonest is selected.
    window.wait_for("▸.*样板市政")
    window._run("set-option", "-s", "set-clipboard", "on")
    window.keys("y")
    window.wait_for("SHA-256 +[0-9A-F:]{20}")
    window.keys("2")
    window.wait_for("已复制：信用代码")
    patience.until(
        lambda: window._run("show-buffer", check=False).stdout == "914403001922038216", 10, lambda: "nothing in the buffer")
    window.keys("q")
    assert window.exit_status() == 0
