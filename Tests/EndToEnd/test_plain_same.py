"""The window and plain mode, driven by one script of intents through every operation: the same outcomes, the same state of
the card, the same files."""

import json
import re
import shutil

import pytest
from rig.operators import AtWindow, WithLines, carry_out
from rig.plain import Plain
from rig.program import Secret
from rig.unlock import Desk
from test_renewal import issue, passphrase
from test_unlock import ADMIN, works

CHANGED, OWN = "9k2Lm81x", "97531864"

SCRIPT = [
    # Whose certificate, how long; all of it; its values.
    ("see", "深圳市示例建设工程有限公司"),
    ("go", "enter"), ("see", "SHA-256"), ("see", "信用代码"), ("leave",),
    ("go", "y"), ("see", "SHA-256"), ("leave",),
    # Search, order, problems.
    ("go", "/"), ("give", "/|搜索", "样板"), ("see", "深圳市样板市政工程有限公司"), ("go", "esc"),
    ("go", "s"), ("see", "排序：按剩余天数"),
    ("go", "p"), ("see", "只显示有问题的"), ("go", "p"), ("see", "显示全部"), ("go", "n"),
    ("go", "/"), ("give", "/|搜索", "示例建设"), ("see", "深圳市示例建设工程有限公司"), ("go", "esc"),
    # Export: a file, then the same name again.
    ("go", "F6"), ("put", "文件", "~/certificate.pem"), ("go", "enter"), ("see", "已导出：.*certificate.pem"),
    ("go", "F6"), ("put", "文件", "~/certificate.pem"), ("go", "enter"), ("see", "y *覆盖"), ("go", "y"),
    ("see", "已导出：.*certificate.pem"),
    # A wrong PIN, a rule, the right one.
    ("go", "F2"), ("see", "还可以试 10 次（共 10 次）"),
    ("secret", "旧密码", "654321x"), ("secret", "新密码", CHANGED), ("secret", "再次输入新密码", CHANGED),
    ("see", "密码不正确，还可以试 9 次"), ("go", "enter"), ("see", "还可以试 9 次（共 10 次）"),
    ("secret", "旧密码", "123456"), ("secret", "新密码", CHANGED), ("secret", "再次输入新密码", CHANGED),
    ("see", "✓ 密码已修改"), ("leave",),
    # The login.
    ("go", "F5"), ("secret", "密码", CHANGED), ("see", "✓ 登录自检通过"), ("see", "还不能保证：网站"), ("leave",),
    # A renewal onto the key: the request, the authority's answer, what it differs in.
    ("go", "F3"), ("go", "2"), ("see", "续期"), ("go", "enter"), ("see", "旧证书和旧密钥一直留着"), ("go", "enter"),
    ("fill", "经办人", "李四"), ("fill", "手机", "13800138000"), ("go", "enter"), ("see", "回车写入"), ("go", "enter"),
    ("secret", "密码", CHANGED), ("see", "要交的文件写好了"), ("issue",),
    ("give", "发证机构的答复文件", "~/answer.csrrsp"), ("see", "请逐项核对"), ("go", "y"), ("secret", "密码", CHANGED),
    ("see", "签名检验通过"), ("leave",), ("leave",),
    # Unlocking: request, challenge, a wrong file, the desk's answer, a PIN of the holder's own.
    ("go", "F3"), ("go", "1"), ("go", "enter"),
    ("fill", "经办人", "李四"), ("fill", "手机", "13800138000"), ("go", "enter"), ("see", "回车写入"), ("go", "enter"),
    ("see", "现在可以收好 U-Key"), ("go", "enter"), ("see", "请勿拔出 U-Key"),
    ("desk",),
    ("give", "收到批准文件", "~/certificate.pem"), ("see", "UK-50[12]"),
    ("give", "收到批准文件", "~/answer.ukresp"), ("see", "还可以试 10 次（共 10 次）"),
    ("secret", "新密码", OWN), ("secret", "再次输入新密码", OWN), ("see", "密码已修改"), ("leave",), ("leave",),
    # The diagnosis, and its report.
    ("go", "F4"), ("see", "没有不通的环节"), ("go", "s"), ("see", "将保存的内容"), ("go", "enter"),
    ("give", "文件", "~/report.html"), ("see", "已导出：.*report"), ("leave",),
    # The key service, the log, the help, reading again.
    ("go", "F7"), ("see", "未运行"), ("leave",),
    ("go", "l"), ("see", "✓ 已导出：.*certificate.pem"), ("leave",),
    ("go", "F1"), ("see", "怎么拿发票"), ("go", "7"), ("see", "发票"), ("leave",), ("leave",),
    ("go", "r"), ("see", "已识别："),
]


def request(document):
    """What a request says, without what is another in each run: times, random numbers, keys, the certificates of new keys."""
    said = {key: value for key, value in document.items() if key not in ("created", "digest", "waitingKey")}
    said["certificates"] = [each["role"] for each in document["certificates"]]
    return said


def report(document):
    """What the diagnosis found, link by link."""
    return [(check["id"], check["verdict"]) for check in document["checks"]]


def state(ukey, home):
    """What was left behind: what the card says of itself, and the files."""
    files = {}
    for path in sorted(home.iterdir()):
        if path.is_file() and not path.name.startswith("."):
            if path.suffix in (".ukreq", ".json"):
                files[path.name] = (request if path.suffix == ".ukreq" else report)(json.loads(path.read_text()))
            else:
                # Pages and answers hold times and random numbers: that they are there.
                files[path.name] = path.read_text() if path.suffix == ".pem" else "there"
    return {
        "pins": ukey("pin", "status", "--json").json["pins"], "works": works(ukey, OWN), "files": files,
        "modes": {path.name: path.stat().st_mode & 0o777 for path in home.iterdir() if path.is_file()}}


@pytest.mark.long
def test_one_script_two_fronts(ukey, soft_token, screen, environment, tmp_path):
    # One card, as it is before; each front gets its own copy of it.
    first = soft_token(card="gm", dir=tmp_path / "card")
    first.unplug()
    home = tmp_path / "home"
    assert ukey("desk", "authority", tmp_path / "authority", *passphrase(), env={"HOME": str(tmp_path)}).code == 0
    outcomes, states = {}, {}
    for front in ("window", "lines"):
        shutil.copytree(tmp_path / "card", tmp_path / front)
        card = soft_token(card="gm", dir=tmp_path / front)
        shutil.rmtree(home)
        home.mkdir()
        desk = Desk(tmp_path / f"desk-{front}").pin(home)

        def approve(operator):
            asked = max(home.glob("*.ukreq"), key=lambda path: path.stat().st_mtime_ns)
            done = ukey(
                "unlock", "approve", str(asked), "--yes", "--out", str(home / "answer.ukresp"), "--admin-pin-fd",
                Secret(ADMIN), "--weak-admin-pin", "--challenge", operator.challenge(), *desk.options,
                env={"HOME": str(tmp_path)})
            assert done.code == 0, done

        def answer(operator):
            done = issue(
                ukey, home / "DEMO-GM-00412.ukord", tmp_path / "authority", "--out", home / "answer.csrrsp",
                env={"HOME": str(tmp_path)})
            assert done.code == 0, done

        arguments = ["--lang", "zh", "--no-network"]
        if front == "window":
            operator = AtWindow(screen(140, 50, "ukey", *arguments), tmp_path)
            outcomes[front] = carry_out(operator, SCRIPT, desk=approve, issue=answer)
        else:
            dialogue = Plain(ukey.path, "--plain", *arguments, env=environment)
            try:
                operator = WithLines(dialogue)
                outcomes[front] = carry_out(operator, SCRIPT, desk=approve, issue=answer)
            finally:
                if len(outcomes) < 2:
                    print(dialogue.transcript)
                    dialogue.close()
        assert operator.end() == 0
        if front == "lines":
            for secret in (CHANGED, OWN, "654321x", "123456"):
                assert secret not in dialogue.transcript
            dialogue.close()
        states[front] = state(ukey, home)
        card.unplug()
    assert outcomes["window"] == outcomes["lines"]
    assert states["window"] == states["lines"]
    names = set(states["lines"]["files"])
    assert {"certificate.pem", "answer.ukresp", "DEMO-GM-00412.ukord", "DEMO-GM-00412.csr"} <= names
    assert len([name for name in names if name.endswith(".ukreq")]) == 2
    assert any(re.match(r"report.*\.html", name) for name in names) and len(outcomes["lines"]) > 30
