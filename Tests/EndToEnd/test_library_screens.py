"""Every screen on keys behind a library, by keys alone in a terminal: the SKF conformance library and SoftHSM2."""

import os
import signal
import subprocess

import pytest
from rig import child_processes, patience
from rig.child_processes import children
from rig.program import Secret

OWNER = "深圳市示例建设工程有限公司"
NEW = "9k2Lm81x"


@pytest.fixture
def manager(screen):
    """`manager(key)`: the window on this key alone, once it is read."""

    def open_manager(key, language="zh", size=(80, 24), *words):
        window = screen(*size, "ukey", "--lang", language, "--provider", key.provider, "--no-network", *words, env=key.env)
        window.wait_read()
        return window

    return open_manager


def quit(window):
    window.keys("q")
    assert window.exit_status() == 0


@pytest.mark.parametrize("language,owner,tries", [
    ("zh", "证书所有者", "剩余 10/10 次"), ("en", "Owner|Certificate owner", "10/10|10 of 10")])
def test_main_window_and_details(library_key, manager, language, owner, tries):
    window = manager(library_key, language)
    window.wait_for(OWNER)
    window.wait_for(owner)
    # No service is in use, and nothing here is a demo.
    window.wait_for("读卡服务 ● 不需要|Reader service ● not needed")
    if library_key.counts:
        window.wait_for(tries)
    window.keys("Enter")
    window.wait_for("证书详情|Certificate details")
    window.wait_for("1–20/")
    window.keys("End")
    window.wait_for("▲")
    window.keys("Escape")
    window.wait_for("F1 ")
    quit(window)


@pytest.mark.parametrize("language,changed", [("zh", "✓ 密码已修改"), ("en", "✓ The PIN was changed")])
def test_change_pin(library_key, manager, language, changed):
    window = manager(library_key, language)
    window.keys("F2")
    window.wait_for("旧密码|Old PIN")
    window.enter(library_key.user_pin, NEW, NEW)
    window.wait_for(changed)
    window.keys("Enter")
    window.wait_gone("旧密码|Old PIN")
    quit(window)
    assert library_key.accepts(NEW) and not library_key.accepts(library_key.user_pin)


def test_wrong_pin(library_key, manager):
    window = manager(library_key)
    window.keys("F2")
    window.wait_for("旧密码")
    window.enter("654321x", NEW, NEW)
    window.wait_for("密码不正确，还可以试 9 次" if library_key.counts else "密码不正确")
    window.keys("Escape")
    quit(window)
    assert library_key.accepts(library_key.user_pin)


def test_administrator_pin(library_key, manager, call):
    window = manager(library_key)
    window.keys("F2")
    window.wait_for("旧密码")
    window.keys("F2")
    window.wait_for("由发证机构保管，用来解锁")
    window.enter("管理员")
    window.wait_for("管理员密码 +⚠ 由发证机构保管")
    window.wait_for("旧管理员密码|旧密码")
    window.enter(library_key.admin_pin, "87654321", "87654321")
    window.wait_for("较弱")
    window.keys("Enter")
    window.wait_for("已修改")
    window.keys("Enter")
    quit(window)
    done = call(
        library_key, "unlock", "admin", "--low-tries", "--pin-fd", Secret("87654321"), "--new-pin-fd", Secret(NEW))
    assert done.code == 0 and library_key.accepts(NEW), done


def test_few_tries_the_last_and_locked(skf_token, manager):
    key = skf_token()
    key.set_tries(3)
    window = manager(key)
    window.keys("F2")
    window.wait_for("⚠ 只剩 3 次尝试机会")
    window.enter("继续")
    window.wait_for("旧密码")
    window.enter("654321x", NEW, NEW)
    window.wait_for("密码不正确，还可以试 2 次")
    window.keys("Escape")
    key.set_tries(1)
    window.keys("r")
    window.wait_for("剩余 1/10|1/10 次")
    # The tries are shown before the reading has ended; until then F2 stands in parentheses.
    window.wait_for("F2 修改密码")
    window.keys("F2")
    window.wait_for("--last-try")
    before = key.calls().count("SKF_ChangePIN")
    window.keys("Escape")
    key.set_tries(0)
    window.keys("r")
    window.wait_for("已锁定")
    window.wait_for("F2 修改密码")
    window.keys("F2")
    window.wait_for("已锁定")
    window.wait_for("F3")
    assert key.calls().count("SKF_ChangePIN") == before == 1
    window.keys("Escape")
    quit(window)


def test_key_taken_out_and_another_put_in(skf_token, manager):
    """F2 open: the key goes, its screen goes and nothing is sent."""
    key = skf_token(events=1)
    window = manager(key)
    window.keys("F2")
    window.wait_for("旧密码")
    window.type("123456")
    window.wait_for("●{6}")
    key.unplug()
    window.wait_gone("旧密码")
    key.plug()
    window.wait_for(OWNER)
    quit(window)
    assert "SKF_ChangePIN" not in key.calls()


@pytest.mark.parametrize("fault,words", [("crash", "无法确定|结果未知|不确定"), ("hang", "无法确定|结果未知|不确定")])
def test_library_dies_in_the_change(skf_token, manager, environment, fault, words):
    key = skf_token(**{fault: "SKF_ChangePIN"})
    key.limit(environment, 2)
    window = manager(key)
    window.keys("F2")
    window.wait_for("旧密码")
    window.enter("123456", NEW, NEW)
    window.wait_for(words)
    window.keys("Enter")
    window.wait_for(OWNER)
    quit(window)
    assert key.calls().count("SKF_ChangePIN") == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_unlock_request(library_key, manager, tmp_path, language):
    window = manager(library_key, language)
    window.keys("F3")
    window.wait_for("填写申请|Fill in")
    window.keys("1", "Enter")
    window.wait_for("经办人|▸ Name")
    window.type("李四")
    window.keys("Tab")
    window.type("13800138000")
    window.keys("Enter")
    window.wait_for("回车写入|Enter writes")
    window.keys("Enter")
    window.wait_for(r"ukey\s+unlock[\s│]+admin")
    home = tmp_path / "home"
    assert len(list(home.glob("*.ukreq"))) == 1 and len(list(home.glob("*.html"))) == 1
    window.keys("Enter", "Escape")
    quit(window)


@pytest.mark.parametrize("language,recognised", [("zh", "识别 U-Key"), ("en", "Key recognised|recognised")])
def test_diagnosis(library_key, manager, language, recognised):
    window = manager(library_key, language, (100, 40))
    window.keys("F4")
    window.wait_for(f"✓ .*({recognised})", timeout=20)
    window.wait_for("✓ .*(证书有效|有效期|[Vv]alid)", timeout=20)
    window.keys("Escape")
    quit(window)


def test_export(library_key, manager, tmp_path, ukey):
    window = manager(library_key)
    window.keys("F6")
    window.wait_for("PEM")
    window.keys("C-u")
    window.type("~/out.pem")
    window.keys("Enter")
    window.wait_for("已导出|已保存")
    quit(window)
    shown = subprocess.run(
        ["openssl", "x509", "-in", tmp_path / "home/out.pem", "-noout", "-subject", "-nameopt", "utf8"],
        capture_output=True, text=True)
    assert OWNER in shown.stdout, shown


def test_narrow_and_without_colour(library_key, screen):
    window = screen(
        60, 16, "ukey", "--lang", "zh", "--provider", library_key.provider, env=dict(library_key.env, NO_COLOR="1"))
    window.wait_for("深圳市示例建设")
    window.resize(59, 15)
    window.wait_for("60")
    window.resize(120, 36)
    window.wait_for(OWNER)
    quit(window)


def test_no_host_is_left_behind(skf_token, manager):
    """SIGTERM while the library waits for events: the window goes, and both its processes with it."""
    key = skf_token(events=1)
    window = manager(key)
    hosts = children(window.pid)
    assert hosts
    os.kill(window.pid, signal.SIGTERM)
    assert window.exit_status() == 128 + signal.SIGTERM
    patience.until(lambda: not any(child_processes.is_running(pid) for pid in hosts), 8, hosts)
