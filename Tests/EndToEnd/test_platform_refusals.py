"""Keys in a real browser that do not log in: each is told why and what to do, in Chinese and in English."""

import re
import subprocess

from rig import patience
from test_platform import (  # noqa: F401
    browser, log_in, log_in_when_there, person, platform, port, service)

CODE = "914403001922038216"


def refused(holder, platform, service, zh, en):  # noqa: F811
    """The key that was plugged in last: by the button, in both languages."""
    log_in_when_there(holder, platform, service)
    holder.wait(*zh, "还没有账户？")
    holder.goto("/language/en?back=/login")
    log_in(holder, platform, service)
    holder.wait(*en, "No account yet?")
    holder.goto("/language/zh?back=/login")


def test_keys_that_do_not_log_in(person, platform, service, soft_token, tmp_path, ukey):  # noqa: F811
    holder = person("/login")
    key = soft_token(dir=platform.make_key(tmp_path / "early", begins=2, ends=300))
    service.wait_for(lambda log: "\nkey " in log)
    refused(holder, platform, service, ["证书尚未生效", "核对电脑的日期和时间"], ["not valid yet", "Check date and time"])
    key.unplug()

    # Another demonstration has a CA of the same name and a key of its own.
    made = subprocess.run(
        [platform.binary, "demo-key", "--data", tmp_path / "other", tmp_path / "twin"], capture_output=True, text=True,
        timeout=patience.limit(60))
    assert made.returncode == 0, made
    key = soft_token(dir=tmp_path / "twin")
    refused(
        holder, platform, service, ["名称与本平台认可的相同", "可能是测试证书或仿冒证书"],
        ["has the name of one that this platform trusts", "It may be a test or a forgery"])
    key.unplug()

    # It logs in until its authority revokes it.
    key = soft_token(dir=platform.make_key(tmp_path / "good", code=CODE, name="深圳市样板市政工程有限公司"))
    refused(holder, platform, service, ["尚未注册"], ["not registered"])
    serials = re.findall('"serial": *"((?:[0-9A-F]{2}:)+[0-9A-F]{2})"', ukey("status", "--json").stdout)
    assert len(serials) >= 2
    chief = person("/admin/login")
    chief.fill(login_name="admin", password=platform.password)
    chief.press("main form button")
    chief.wait("没有符合条件的单位")
    chief.goto("/admin/authorities")
    chief.page.run(
        f"document.querySelector('form[action=\"/admin/lists\"] textarea').value = {revocation_list(platform, tmp_path, serials)!r}")
    chief.press("form[action='/admin/lists'] button")
    chief.wait("吊销列表", "本次更新")
    refused(holder, platform, service, ["证书已被吊销", "立即致电发证机构"], ["is revoked", "call the authority at once"])


def revocation_list(platform, folder, serials):  # noqa: F811
    """By openssl, with the key of the demonstration's CA."""
    (folder / "index").write_text("".join(
        f"R\t300101000000Z\t260101000000Z\t{serial.replace(':', '')}\tunknown\t/CN=x\n" for serial in serials))
    (folder / "ca.cnf").write_text(
        f"[ca]\ndefault_ca=a\n[a]\ndatabase={folder}/index\ndefault_md=sm3\ndefault_crl_days=30\n")
    done = subprocess.run(
        ["openssl", "ca", "-config", folder / "ca.cnf", "-gencrl", "-keyfile", platform.data / "demo/ca.key", "-cert",
         platform.data / "ca/demo.pem", "-sigopt", "distid:1234567812345678"], capture_output=True, text=True)
    assert done.returncode == 0, done
    return done.stdout[done.stdout.index("-----BEGIN"):]
