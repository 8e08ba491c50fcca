"""The screen 换发证书, by keys alone in a terminal, on a real pcscd: the whole walk, what stops it on the way, what is refused."""

import time

import pytest
from rig import patience
from test_renewal import authority, containers, first, issue, on, pin  # noqa: F401
from test_terminal import switches
from test_unlock_window import fill

PIN = "123456"


@pytest.fixture
def manager(screen):
    """`manager()`: the window at 80×24, once the key is read; `manager(token)`: on a library's token alone."""

    def open_manager(token=None, language="zh"):
        more = ["--provider", token.provider, "--no-network"] if token else []
        window = screen(80, 24, "ukey", "--lang", language, *more, env=token.env if token else None)
        window.wait_for("F3 办业务|F3 Business")
        window.wait_read()
        return window

    return open_manager


def to_renewal(window):
    window.keys("F3")
    window.wait_for("办业务 ─|Business ─")
    window.keys("2", "Enter")


def type_pin(window, text=PIN):
    window.wait_for(r"(密码|PIN) +\[ +\]")
    window.enter(text)


def request(window):
    """From what will happen to the PIN, which is not given."""
    to_renewal(window)
    window.wait_for("w 只填书面申请")
    window.wait_for("旧证书和旧密钥一直留着")
    window.keys("Enter")
    window.wait_for("▸ 经办人")
    fill(window)
    window.wait_for("还可以试 10 次|剩余次数")


def answer(ukey, home, authority):  # noqa: F811
    """The authority's answer, as a file in the holder's home."""
    folder, _ = authority
    orders = sorted(home.glob("*.ukord"))
    assert len(orders) == 1, orders
    done = issue(ukey, orders[0], folder, "--out", home / "answer.csrrsp", env={"HOME": str(home.parent / "desk")})
    assert done.code == 0, done


def give(window, name="~/answer.csrrsp"):
    window.wait_for("发证机构的答复文件")
    window.wait_for("^│ ▸")
    window.type(name)
    window.keys("Enter")


def status(ukey):
    return ukey("renew", "status", "--json").json["orders"]


def leave(window):
    window.keys("F10")
    assert window.exit_status() == 0


@pytest.mark.parametrize("profile", ["A-lm", "B-le"])
def test_the_whole_walk(soft_token, manager, ukey, tmp_path, authority, profile):  # noqa: F811
    soft_token(profile=profile, dir=tmp_path / "card")
    before = containers(ukey)
    home = tmp_path / "home"
    window = manager()
    request(window)
    type_pin(window)
    window.wait_for("要交的文件写好了")
    assert {path.suffix for path in home.glob("DEMO-GM-00412.*")} == {".ukreq", ".html", ".ukord", ".csr"}
    [order] = status(ukey)
    assert order["stage"] == "requested"
    # Left and come back to: the list says so, and the screen stands where it stood.
    window.keys("Escape", "Escape")
    window.wait_for("换证：等机构")
    answer(ukey, home, authority)
    to_renewal(window)
    window.wait_for("▸ 发证机构的答复 +下一步")
    give(window, "~/nothing")
    window.wait_for("UK-612")
    window.keys("C-u")
    give(window)
    # Another authority than before, whom nobody here knows.
    window.wait_for("≠")
    window.wait_for("请逐项核对")
    window.keys("Enter")
    window.wait_for("请逐项核对")
    window.keys("y")
    type_pin(window)
    window.wait_for("签名检验通过")
    window.wait_for("加密密钥对已检验")
    assert containers(ukey) == before | {order["container"]}
    # Once with the new one.
    window.wait_for("Enter 用新证书登录")
    window.keys("Enter")
    type_pin(window)
    window.wait_for("登录自检通过")
    window.keys("Enter")
    window.wait_for("d 删除旧证书")
    # And the old one, for the word alone.
    window.keys("d")
    window.wait_for("再也无法解密")
    window.enter("yes")
    window.wait_for("输入的不是")
    window.enter("删除")
    type_pin(window)
    window.wait_for("全部办完")
    assert containers(ukey) == before - {order["oldContainer"]} | {order["container"]}
    window.keys("Enter")
    window.wait_for("办业务 ─")
    window.keys("Escape")
    window.wait_gone("换证：")
    leave(window)
    assert ukey("login-test", "--container", order["container"], *pin()).code == 0
    assert status(ukey)[0]["stage"] == "closed"


def test_pulled_out_in_the_middle_and_gone_on_with(soft_token, manager, ukey, tmp_path, authority):  # noqa: F811
    home = tmp_path / "home"
    # Writes: the PIN's try and its return, the container, and in the middle of the pair.
    with soft_token(profile="B-le", dir=tmp_path / "card", faults=["write=3,kind=remove,when=after"]):
        old = first(ukey)["container"]
        window = manager()
        request(window)
        type_pin(window)
        window.wait_for("中途停下了，旧证书不受影响")
    # Without the key it stays stopped, and says why.
    window.keys("Enter")
    window.wait_for("UK-1")
    with soft_token(profile="B-le", dir=tmp_path / "card", faults=["ins=72,kind=remove,when=after"]):
        assert ukey("login-test", "--container", old, *pin()).code == 0
        window.keys("Enter")
        # The steps stand on the page where it stopped, too.
        window.wait_for("U-Key 上还没有密钥对")
        window.keys("Enter")
        type_pin(window)
        window.wait_for("要交的文件写好了")
        answer(ukey, home, authority)
        give(window)
        window.wait_for("请逐项核对")
        window.keys("y")
        type_pin(window)
        window.wait_for("中途停下了，旧证书不受影响")
        window.wait_for("✓ 发证机构的答复")
    with soft_token(profile="B-le", dir=tmp_path / "card"):
        window.keys("Enter")
        window.wait_for("答复已经存好，不用再给")
        window.keys("Enter")
        type_pin(window)
        window.wait_for("加密密钥对已检验")
        leave(window)
        assert ukey("login-test", "--container", old, *pin()).code == 0


def test_quit_in_the_middle_and_gone_on_with(soft_token, manager, ukey, tmp_path):
    with soft_token(dir=tmp_path / "card", faults=["ins=70,kind=hold,when=after"]) as token:
        window = manager()
        request(window)
        type_pin(window)
        token.wait_held()
        window.wait_for("◐ 生成密钥对")
        window.keys("F10")
        window.wait_for("F10|退出")
        window.keys("C-c")
        window.wait_for("再按一次 Ctrl-C 退出")
        window.keys("C-c")
        assert window.exit_status() == 130
    assert status(ukey)[0]["stage"] == "begun"
    with soft_token(dir=tmp_path / "card") as token:
        begun = len(token.trace())
        window = manager()
        window.wait_for("换证：申请没有")
        window.wait_for("按 F3 接着办")
        to_renewal(window)
        window.wait_for("▸ U-Key 生成新密钥 +下一步")
        window.keys("Enter")
        type_pin(window)
        window.wait_for("要交的文件写好了")
        # The pair that was made is taken, and no second one made.
        assert not [line for line in token.trace()[begun:] if "80 70" in str(line)]
        leave(window)
    assert status(ukey)[0]["stage"] == "requested"


def test_left_at_the_pin(soft_token, manager, ukey, tmp_path):
    """Nothing is on the key; F3 goes on. A wrong PIN is told, and leaves it there."""
    soft_token(dir=tmp_path / "card")
    before = containers(ukey)
    window = manager()
    request(window)
    window.keys("Escape")
    window.wait_for("▸ U-Key 生成新密钥 +下一步")
    window.keys("Enter")
    type_pin(window, "999999")
    window.wait_for("密码不正确，还可以试 9 次")
    window.keys("Escape")
    window.wait_for("▸ U-Key 生成新密钥 +下一步")
    leave(window)
    assert containers(ukey) == before and status(ukey)[0]["stage"] == "begun"
    assert not list((tmp_path / "home").glob("*.ukord"))


def test_the_answer_for_another_key(soft_token, manager, ukey, tmp_path, authority):  # noqa: F811
    folder, _ = authority
    other = tmp_path / "other"
    other.mkdir()
    with soft_token(dir=tmp_path / "card-2"):
        asked = ukey(
            "renew", "request", "--on-key", "--json", "--yes", "--container", first(ukey)["container"], "--out",
            other / "other.ukreq", "--name", "王五", "--mobile", "13900139000", "--reason", "到期", *pin(),
            env={"HOME": str(other)})
        assert asked.code == 0, asked
    assert issue(ukey, asked.json["file"], folder, "--out", other / "answer").code == 0
    with soft_token(dir=tmp_path / "card"):
        window = manager()
        request(window)
        type_pin(window)
        window.wait_for("要交的文件写好了")
        give(window, str(other / "answer"))
        window.wait_for("UK-531")
        window.wait_for("拿错了文件")
        leave(window)
        assert status(ukey)[0]["stage"] == "requested"


def test_a_key_that_takes_none_gets_the_paper(soft_token, manager, tmp_path):
    soft_token(card="piv")
    window = manager()
    to_renewal(window)
    window.wait_for("不能直接写到这把 U-Key 上")
    window.wait_for("▸ 经办人")
    fill(window)
    window.wait_for("申请已写入")
    leave(window)
    assert {path.suffix for path in (tmp_path / "home").glob("*.*") if not path.name.startswith(".")} == {".ukreq", ".html"}


def behind_a_library(token, manager, ukey, tmp_path, authority, container, proved):  # noqa: F811
    window = manager(token)
    window.keys("/")
    window.type(container)
    window.wait_for("▸.*签名")
    window.keys("Enter")
    request(window)
    type_pin(window)
    window.wait_for("要交的文件写好了", 30)
    answer(ukey, tmp_path / "home", authority)
    give(window)
    window.wait_for("请逐项核对")
    window.keys("y")
    type_pin(window)
    window.wait_for("签名检验通过", 30)
    assert ("加密密钥对已检验" in window.text()) == proved
    leave(window)
    [order] = status(ukey)
    assert order["stage"] == "installed"
    assert on(token, ukey)("login-test", "--container", order["container"], *pin()).code == 0


def test_behind_an_skf_library(skf_token, manager, ukey, tmp_path, authority):  # noqa: F811
    behind_a_library(skf_token(), manager, ukey, tmp_path, authority, "容器01", True)


def test_on_softhsm(hsm, manager, ukey, tmp_path, authority):  # noqa: F811
    hsm.add("01", "P-256")
    behind_a_library(hsm, manager, ukey, tmp_path, authority, "01", False)


def test_in_english(soft_token, manager, ukey, tmp_path, authority):  # noqa: F811
    soft_token(dir=tmp_path / "card")
    window = manager(language="en")
    to_renewal(window)
    window.wait_for("w On paper")
    window.keys("Enter")
    window.wait_for("▸ Name")
    window.type("Li Si")
    window.keys("Tab")
    window.type("13800138000")
    window.keys("Enter")
    window.wait_for("Enter writes")
    window.keys("Enter")
    type_pin(window)
    window.wait_for("The files to hand in")
    answer(ukey, tmp_path / "home", authority)
    window.type("~/answer.csrrsp")
    window.keys("Enter")
    window.wait_for("Check each")
    window.keys("y")
    type_pin(window)
    window.wait_for("its key has signed")
    window.wait_for("Enter Log in with it")
    window.keys("d")
    window.wait_for("Then type: remove|remove")
    window.enter("remove")
    type_pin(window)
    window.wait_for("All done")
    leave(window)


def test_idle_it_does_nothing(soft_token, manager, ukey, tmp_path):
    """No wake-ups while it waits for an answer."""
    soft_token(dir=tmp_path / "card")
    window = manager()
    request(window)
    type_pin(window)
    window.wait_for("要交的文件写好了")

    def is_quiet():
        """Four seconds in which it wakes once at most; what polls never has them."""
        before = switches(window.pid)
        time.sleep(4)
        return switches(window.pid) - before <= 1

    patience.until(is_quiet, 6)
    leave(window)
