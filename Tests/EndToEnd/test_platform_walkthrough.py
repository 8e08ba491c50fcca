"""The guide, chapter by chapter, with this system: what each command and page says goes into Docs/walkthrough.md, and a page
that says something else fails here. `UKEY_RECORD=1` writes the document anew."""

import os
import re

import pytest

from rig import patience
from rig.program import ROOT, Secret
from test_platform import (  # noqa: F401
    PASSWORD, administrator, answer_service, approve, browser, log_in, log_in_when_there, person, platform, port, register, service)

DOCUMENT = ROOT / "Docs/walkthrough.md"
HEAD = """# 全程演练 · The guide, walked

用户指南的每一章，用本系统从注册走到登录；由测试 `test_platform_walkthrough.py` 写成（`UKEY_RECORD=1`），页面一变测试即失败。序列号、日期等以 … 代替。

Each chapter of the guide with this system, written by the test's own run: a page that says something else fails it. What differs in each run is `…`.
"""


class Book:
    def __init__(self):
        self.text = HEAD

    def chapter(self, zh, en):
        self.text += f"\n## {zh} · {en}\n"

    def say(self, zh, en):
        self.text += f"\n{zh}\n\n{en}\n"

    def command(self, *lines):
        self.text += "\n```sh\n" + "\n".join(lines) + "\n```\n"

    def screen(self, person):
        # The whole page, not what has come of it so far.
        patience.until(lambda: person.quietly("document.readyState === 'complete'"))
        shown = person.text()
        for pattern, word in [
                (r"([0-9A-F]{2}:){5,}[0-9A-F]{2}", "…"), (r"\d{4}-\d\d-\d\d( \d\d:\d\d)?", "…"), (r"R-[0-9A-Z]{10}", "R-…"),
                (r"\b[0-9a-f]{32}\b", "…"), (r"127\.0\.0\.1", "…"), (r"36[45](?= 天)", "…")]:
            shown = re.sub(pattern, word, shown)
        lines = [line.strip() for line in shown.splitlines()]
        self.text += "\n```text\n" + re.sub("\n+", "\n", "\n".join(lines)).strip() + "\n```\n"

    def check(self):
        if os.environ.get("UKEY_RECORD") == "1":
            DOCUMENT.write_text(self.text)
        assert DOCUMENT.read_text() == self.text


@pytest.mark.long
def test_the_guide(person, platform, service, soft_token, tmp_path, ukey):  # noqa: F811
    book = Book()
    book.chapter("一、准备", "1. Before")
    book.say("平台由 `make platform` 启动；U-Key 插好，密钥服务在运行。", "`make platform` starts the platform; the U-Key is in, the key service runs.")
    book.command("make platform", "ukey-platform demo-key --data .build/platform --ends 20 key1", "ukey soft-token --dir key1", "ukey serve")
    key = soft_token(dir=platform.make_key(tmp_path / "key", ends=20))
    service.wait_for(lambda log: "\nkey " in log)
    holder = person()
    holder.wait("承包商办事入口")
    book.screen(holder)

    book.chapter("二、注册", "2. Registering")
    book.say(
        "在“注册”页点“插入数字证书读取”，在密钥服务的窗口输入 U-Key 密码；填手机、验证码、登录密码后提交。",
        "On the page 注册 press 插入数字证书读取, type the PIN into the window of the key service; then mobile, code, password.")
    register(holder, platform, service)
    holder.wait("服务热线", place="footer")
    book.screen(holder)
    log_in(holder, platform, service)
    holder.wait("注册申请正在等待审核", "还没有账户？")
    chief = administrator(person, platform)
    approve(chief, "深圳市示例建设工程有限公司")
    book.say("管理员在“单位”里批准。", "An administrator approves it under 单位.")

    book.chapter("三、证书登录", "3. Logging in with the certificate")
    book.say(
        "在“登录”页点“证书登录”，密码只在密钥服务的窗口里输入；输错时它自己再问，网页不会知道。",
        "Press 证书登录; the PIN goes into the service's window only, which asks again after a wrong one.")
    holder.goto("/login")
    holder.press("[data-key=login]")
    answer_service(service, platform, "999999")
    service.holder.wait("wrong", "PIN:")
    service.holder.type("123456\r")
    # Begun days do not count.
    holder.wait("证书还有 19 天到期", "先完成开标", "常见问题")
    book.screen(holder)
    first = re.search(r"([0-9A-F]{2}:){5,}[0-9A-F]{2}", holder.text())[0]

    book.chapter("四、旧版驱动", "4. The older driver")
    book.say("只有旧版驱动的电脑：登录页下方“使用旧版 SZCA 驱动登录”。", "With the older driver alone: the link below the login.")
    holder.press("nav button")
    patience.until(lambda: "退出登录" not in holder.text("nav"))
    holder.goto("/login/szca")
    book.screen(holder)
    holder.press("[data-szca=login]")
    answer_service(service, platform)
    holder.wait("证书还有 19 天到期", "常见问题")

    book.chapter("五、密码锁死与解锁", "5. Locked, and unlocked")
    for _ in range(10):
        ukey("pin", "verify", "--json", "--pin-fd", Secret("999999"), "--last-try")
    holder.goto("/login")
    holder.press("[data-key=login]")
    holder.wait("U-Key 已锁定", "介质解锁", place=".told")
    book.say(f"> {holder.text('.told')}", "Ten wrong PINs have locked the key; the page says what to do. Unlocking at the desk:")
    book.command("ukey unlock request …   # 见 unlock.md", "ukey unlock admin       # 在发证机构的柜台 at the authority's desk")
    done = ukey("unlock", "admin", "--json", "--pin-fd", Secret("12345678"), "--new-pin-fd", Secret("515151"))
    assert done.code == 0, done
    holder.goto("/login")
    holder.press("[data-key=login]")
    answer_service(service, platform, "515151")
    holder.wait("证书还有 19 天到期", "常见问题")

    book.chapter("六、续期", "6. Renewed")
    book.say("续期后序列号变了、代码不变：直接登录，新证书自动登记。", "Another serial number, the same code: just log in.")
    key.unplug()
    soft_token(dir=platform.make_key(tmp_path / "renewed", begins=-1, ends=365))
    log_in_when_there(holder, platform, service)
    holder.wait("已识别到新证书", "证书有效", "登记过的证书", first, "常见问题")
    book.screen(holder)

    book.chapter("七、停用与密码登录", "7. Suspended; logging in with a password")
    chief.goto("/admin?search=shili")
    chief.press("td a")
    chief.fill(reason="资质过期")
    chief.press("button[name=next]")
    chief.wait("已停用", "company.suspended")
    holder.goto("/home")
    assert "证书登录" in holder.text()
    log_in(holder, platform, service)
    holder.wait("账户已停用", "资质过期", "还没有账户？")
    book.screen(holder)
    # Once more active, and passwords allowed.
    chief.press("button[name=next]")
    chief.wait("company.active")
    chief.goto("/admin/rules")
    chief.press("main tr:has(input[value=password-login]) button")
    patience.until(lambda: holder_allows(holder))
    book.say("管理员可以开放密码登录。", "An administrator may open logging in with a password.")
    holder.fill(password=PASSWORD)
    holder.page.run("document.querySelector('form[action=\"/login/password\"] [name=login_name]').value = 'shili'")
    holder.press("form[action='/login/password'] button")
    holder.wait("深圳市示例建设工程有限公司", "正常")
    book.check()


def holder_allows(holder):
    holder.goto("/login")
    return "密码登录" in holder.text()
