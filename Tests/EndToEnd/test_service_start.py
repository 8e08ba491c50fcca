"""The service is started where it is missed: by the diagnosis, in the window (F4) and on the command line, and by the login
self-test (F5)."""

import re
import subprocess

from rig import patience
from test_serve import serve, session  # noqa: F401  (fixtures)

LINK = "本机证书服务端口"
LOCAL = ["--no-network", "--timeout", "10"]


def port_link(ukey, session):  # noqa: F811
    done = ukey("doctor", "--json", "--full", *LOCAL, env=session)
    return next(row for row in done.json["checks"] if row["id"] == "service.port")


def test_by_the_command_that_the_diagnosis_names(ukey, soft_token, serve, session, environment):  # noqa: F811
    soft_token(card="gm")
    row = port_link(ukey, session)
    # Other programs listen too, the tests' own reader among them.
    assert (row["verdict"], row["cause"]) == ("skipped", "key-service-unknown")
    assert row["fix"] == {"command": f"{ukey.path.resolve()} serve start", "needsRoot": False}
    subprocess.run(
        ["/bin/sh", "-c", row["fix"]["command"]], env=dict(environment, **session), check=True, capture_output=True,
        timeout=patience.limit(30))
    row = port_link(ukey, session)
    assert row["verdict"] == "ok" and "fix" not in row
    assert serve("status").code == 0


def test_one_that_was_asked_for_is_offered_in_its_place(ukey, soft_token, serve, session):  # noqa: F811
    soft_token(card="gm")
    for name, is_ours in [("szca", True), ("rs-agent", False)]:
        done = ukey("doctor", "--json", "--service", name, *LOCAL, env=session)
        assert done.json["first"]["cause"] == "key-service-down" and ("fix" in done.json["first"]) == is_ours
    done = ukey("doctor", "--fix", "--service", "szca", *LOCAL, "--lang", "en", env=session, input="y\n")
    assert "serve start" in done.stdout and "Checked again" in done.stdout
    assert [line for line in done.stdout.splitlines() if "[service.port]" in line][-1].startswith("✓ ok"), done
    assert serve("status").code == 0


def test_without_a_session_nothing_is_offered(ukey, soft_token):
    soft_token(card="gm")
    assert "fix" not in port_link(ukey, {})


def choose(window, link):
    """Down to a link of the chain, a row at a time."""

    def chosen():
        return re.findall(r"^.*▸.*$", window.text(), re.M)

    window.keys("Home")
    for _ in range(40):
        before = chosen()
        if any(link in row for row in before):
            return
        window.keys("Down")
        patience.until(lambda: chosen() != before, 10, window.text)
    raise AssertionError(f"{link} is not in\n{window.text()}")


def test_in_the_diagnosis_screen(screen, soft_token, serve, session):  # noqa: F811
    soft_token(card="gm")
    window = screen(120, 40, "ukey", "--lang", "zh", "--no-network", env=session)
    window.wait_read()
    window.keys("F4")
    window.wait_for(rf"跳过 +{LINK}")
    choose(window, LINK)
    window.keys("x")
    window.wait_for("将执行下面的命令")
    window.keys("y")
    # It looks again by itself.
    window.wait_for(rf"✓ 正常 +{LINK}", 30)
    assert serve("status").code == 0
    # What was started is asked without its holder being asked about a site, and there is nothing to repair any more.
    window.wait_for(r"✓ 正常 +本机证书服务应答", 30)
    assert "网页" not in window.text().splitlines()[-2]
    window.keys("x")
    window.wait_for("不能“修复”")


def test_the_diagnosis_asks_the_holder_nothing(ukey, key_service, soft_token):
    """With a terminal on which the holder could be asked, and no site allowed yet."""
    soft_token(card="gm")
    service = key_service(any_port=False)
    done = ukey("doctor", "--json", *LOCAL, env=service.places)
    rows = {row["id"]: row for row in done.json["checks"]}
    assert rows["service.answers"]["verdict"] == "ok", rows["service.answers"]
    assert "Allow" not in service.holder.shown and "admission" not in service.log
    assert "origin-missing" in service.log


def test_after_the_login_self_test(screen, soft_token, serve, session):  # noqa: F811
    soft_token(card="gm")
    window = screen(80, 24, "ukey", "--lang", "zh", "--no-network", env=session)
    window.wait_read()
    window.keys("F5")
    window.wait_for("还可以试 10 次（共 10 次）")
    window.enter("123456")
    window.wait_for("✓ 登录自检通过")
    window.wait_for("○ 密钥服务没有运行")
    window.keys("x")
    window.wait_for("● 密钥服务在运行", 30)
    assert serve("status").code == 0
