"""Every page of the platform in both languages, narrow and wide, by keyboard, without scripts, and as a screen reader has it."""

import base64
import re
import subprocess

import pytest

from rig import patience
from rig.browser import Chromium, Failed, trust
from rig.platform import Platform, free_port
from test_platform_kill import Visitor

PAGES = ["/", "/login", "/login/szca", "/register", "/faq", "/admin/login"]
INSIDE = ["/admin", "/admin/authorities", "/admin/rules", "/admin/audit", "/admin/account"]


@pytest.fixture(scope="module")
def platform(tmp_path_factory):
    made = Platform(tmp_path_factory.mktemp("platform"), free_port())
    yield made
    assert made.stop() == 0


@pytest.fixture(scope="module")
def chromium(tmp_path_factory, platform):
    home = tmp_path_factory.mktemp("chromium")
    trust(home / ".pki/nssdb", platform.authority)
    browser = Chromium(home)
    yield browser
    browser.close()


def inside(chromium, platform, language, **size):
    page = chromium.open(f"{platform.origin}/language/{language}?back=/admin/login", **size)
    page.run(f"""(() => {{ const form = document.querySelector('main form'); form.login_name.value = 'admin';
        form.password.value = '{platform.password}'; form.requestSubmit() }})()""")
    # Between two pages there is none to ask.
    patience.until(lambda: shown(page, "document.querySelector('nav button') !== null"))
    return page


def shown(page, expression):
    try:
        return page.run(expression)
    except Failed:
        return False


@pytest.mark.xdist_group("platform-looks")
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language, tag", [("zh", "zh-CN"), ("en", "en")])
def test_every_page_fits(chromium, platform, tmp_path, width, language, tag):
    pages = inside(chromium, platform, language, width=width, height=800)
    outside = chromium.open(f"{platform.origin}/language/{language}?back=/", width=width, height=800)
    for page, paths in [(outside, PAGES), (pages, INSIDE)]:
        for path in paths:
            page.goto(platform.origin + path)
            assert page.run("document.documentElement.lang") == tag
            assert page.run("document.documentElement.scrollWidth <= innerWidth"), path
            # No word of the other language but the link to it, the names of companies and what is the trade's own.
            text = page.run("document.querySelector('main').innerText + document.querySelector('footer').innerText")
            if language == "en":
                assert set(re.findall("[\u4e00-\u9fff]+", text)) <= {"介质解锁", "介质补办", "变更", "演示"}, (path, text)
            # Everything can be pressed with a thumb, and is named.
            small = page.run("""[...document.querySelectorAll('main button:not(.link):not(.unseen), main input:not([type=hidden])')]
                .filter(each => each.offsetParent && each.getBoundingClientRect().height < 44).length""")
            assert small == 0, path
            page.picture(tmp_path / "picture.png")
            assert (tmp_path / "picture.png").stat().st_size > 1000


BROKEN = """[...document.querySelectorAll('td')].flatMap(cell => {
    const found = [], walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) for (const word of walker.currentNode.data.matchAll(/[A-Za-z0-9_.]+/g)) {
        const range = document.createRange()
        range.setStart(walker.currentNode, word.index)
        range.setEnd(walker.currentNode, word.index + word[0].length)
        if (word[0].length <= 20 && range.getClientRects().length > 1) found.push(word[0])
    }
    return found })"""


@pytest.mark.xdist_group("platform-looks")
@pytest.mark.parametrize("width", [640, 768])
def test_no_word_of_a_table_is_broken(chromium, platform, width):
    page = inside(chromium, platform, "en", width=width, height=800)
    for path in ["/admin/audit", "/admin/authorities", "/admin/rules"]:
        page.goto(platform.origin + path)
        assert page.run(BROKEN) == [], path


@pytest.mark.xdist_group("platform-looks")
def test_a_screen_reader_is_told(chromium, platform):
    page = chromium.open(f"{platform.origin}/language/zh?back=/register")
    tree = page.call("Accessibility.getFullAXTree")["nodes"]
    names = {(node["role"]["value"], node.get("name", {}).get("value")) for node in tree if not node["ignored"]}
    for role, name in [
            ("heading", "承包商注册"), ("button", "插入数字证书读取"), ("textbox", "企业名称"), ("textbox", "统一社会信用代码"),
            ("group", "经办人"), ("button", "获取验证码"), ("navigation", "主导航"), ("link", "跳到正文")]:
        assert (role, name) in names, names
    # What is wrong belongs to its field.
    page.run("(() => { const form = document.querySelector('main form'); form.noValidate = true; form.requestSubmit() })()")
    patience.until(lambda: shown(page, "document.querySelector('[aria-invalid]') !== null"))
    assert page.run("""[...document.querySelectorAll('[aria-invalid]')].every(each =>
        each.getAttribute('aria-describedby').split(' ').some(id => document.getElementById(id).className === 'problem'))""")
    assert page.run("document.querySelector('[role=alert]').innerText").startswith("✕")


@pytest.mark.xdist_group("platform-looks")
def test_by_keyboard(chromium, platform):
    page = chromium.open(f"{platform.origin}/language/en?back=/")

    def press(name):
        for _ in range(30):
            page.press("Tab", code="Tab", windowsVirtualKeyCode=9)
            if shown(page, "document.activeElement.innerText.split('\\n')[0]") == name:
                page.press("Enter", code="Enter", windowsVirtualKeyCode=13, text="\r")
                return
        raise AssertionError(name)

    press("Skip to content")
    press("Log in")
    patience.until(lambda: shown(page, "location.pathname === '/login'"))
    press("Log in with the older SZCA driver")
    patience.until(lambda: shown(page, "location.pathname === '/login/szca'"))


@pytest.mark.xdist_group("platform-looks")
def test_without_scripts(chromium, platform):
    """What needs no certificate works; what does says why it does not."""
    page = chromium.open(f"{platform.origin}/language/zh?back=/")
    page.call("Emulation.setScriptExecutionDisabled", {"value": True})
    page.call("Page.navigate", {"url": platform.origin + "/register"})

    def text():
        tree = page.call("Accessibility.getFullAXTree")["nodes"]
        return " ".join(node.get("name", {}).get("value") or "" for node in tree if not node["ignored"])

    patience.until(lambda: "浏览器没有启用脚本" in text())
    assert "插入数字证书读取" not in text()
    root = page.call("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    field = page.call("DOM.querySelector", {"nodeId": root, "selector": "[name=mobile]"})["nodeId"]
    page.call("DOM.focus", {"nodeId": field})
    page.call("Input.insertText", {"text": "13800000009"})
    button = page.call("DOM.querySelector", {"nodeId": root, "selector": "[formaction='/register/code']"})["nodeId"]
    page.call("DOM.focus", {"nodeId": button})
    page.press("Enter", code="Enter", windowsVirtualKeyCode=13, text="\r")
    patience.until(lambda: "验证码已发送" in text())
    assert "To: 13800000009" in platform.message("13800000009")


@pytest.mark.xdist_group("platform-looks")
def test_nothing_is_forbidden_by_our_own_policy(chromium, platform):
    """The pages keep to their own content policy: nothing of them is blocked, and no error is thrown."""
    page = chromium.open(f"{platform.origin}/language/zh?back=/")
    page.call("Page.addScriptToEvaluateOnNewDocument", {"source": """
        window.blocked = []
        document.addEventListener('securitypolicyviolation', event => window.blocked.push(event.violatedDirective))
        window.addEventListener('error', event => window.blocked.push(event.message))"""})
    for path in PAGES:
        page.goto(platform.origin + path)
        assert page.run("window.blocked") == [], path


RECEIPT = {
    "zh": ["注册回执", "回执号 R-", "企业名称 深圳市示例建设工程有限公司", "统一社会信用代码 9144030071526726XG", "手机 138****0003", "待审核", "服务热线"],
    "en": ["Receipt of the registration", "Number R-", "Company 深圳市示例建设工程有限公司", "Code 9144030071526726XG", "Mobile 138****0003",
           "waiting for approval", "Hotline"]}


@pytest.mark.xdist_group("platform-looks")
def test_receipt_on_paper(chromium, platform, tmp_path):
    """One sheet of A4 with all that is needed at a counter, and nothing that only a screen has use for."""
    visitor = Visitor(platform, 1)
    visitor.ask("GET", "/register")
    fields = {
        "name": "深圳市示例建设工程有限公司", "uscc": "9144030071526726XG", "login_name": "papier", "contact": "张三", "mobile": "13800000003",
        "password": "correct horse 1", "again": "correct horse 1"}
    visitor.ask("POST", "/register/code", fields)
    fields["code"] = re.search(r"验证码 (\d{6})", platform.message("To: 13800000003"))[1]
    assert visitor.ask("POST", "/register", fields)[0].status == 303
    page = chromium.open(f"{platform.origin}/language/zh?back=/")
    page.call("Network.setCookie", {
        "name": "__Host-session", "value": visitor.cookies["__Host-session"], "url": platform.origin, "path": "/", "secure": True,
        "httpOnly": True, "sameSite": "Strict"})
    for language, words in RECEIPT.items():
        page.goto(f"{platform.origin}/language/{language}?back=/register/receipt")
        patience.until(lambda: shown(page, "location.pathname === '/register/receipt' && document.readyState === 'complete'"))
        assert page.run("document.querySelector('[data-print]').offsetParent !== null")
        # As browsers print: without backgrounds.
        path = tmp_path / f"{language}.pdf"
        path.write_bytes(base64.b64decode(page.call("Page.printToPDF", {"preferCSSPageSize": True})["data"]))
        about = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
        assert re.search(r"Pages:\s+1\n", about) and "(A4)" in about, about
        text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
        text = re.sub(" +", " ", text)
        for word in words:
            assert word in text, (word, text)
        for word in ["打印回执", "去登录", "常见问题", "English", "Print", "FAQ", "中文", "PIN"]:
            assert word not in text, (word, text)
