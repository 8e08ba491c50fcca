"""Every help text in both languages: none is missing in Chinese, none is wider than the screen."""

import re
import unicodedata

import pytest

ZH = {"LANG": "zh_CN.UTF-8", "LC_ALL": ""}


def commands(ukey):
    """Every command that a help names, and the hidden default."""
    found, open_ = [()], [()]
    while open_:
        words = open_.pop()
        text = ukey(*words, "--help").stdout
        names = text.partition("SUBCOMMANDS:\n")[2].partition("EXAMPLES:\n")[0]
        for name in re.findall(r"^  ([a-z-]+)  ", names, re.M):
            found.append((*words, name))
            open_.append((*words, name))
    return [*found, ("manager",)]


def width(line):
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in line)


def has_chinese(text):
    return any("\u4e00" <= each <= "\u9fff" for each in text)


def sentences(text):
    """What a help says, without usage and labels; a folded description is one again."""
    for block in re.split(r"\n\n", text):
        if block.startswith("用法："):
            continue
        folded = re.sub(r"\n {26}", "", block)
        for line in folded.splitlines():
            said = re.sub(r"^  (?:\S+(?: \S+)*)(?:\s{2,}|$)", "", line)
            said = re.sub(r"（(?:可选|默认)：.*）$", "", said)
            if said.strip():
                yield said


def test_no_help_text_is_missing_in_chinese(ukey):
    every = commands(ukey)
    assert len(every) > 18
    for words in every:
        done = ukey(*words, "--help", env=ZH)
        assert done.code == 0 and done.stdout.startswith("概述："), (words, done)
        for line in done.stdout.splitlines():
            assert width(line) <= 80, (words, line)
        for said in sentences(done.stdout):
            # One that has but a Chinese example in it is not translated.
            assert not re.search(r"[A-Za-z]+(?: [a-z]+){3}", said) or "ukey " in said, (words, said)
            assert has_chinese(said) or re.fullmatch(r"[a-z0-9=|,. A-Z…+-]+", said) and "=" in said, (words, said)


@pytest.mark.parametrize("env", [{"LANG": "C"}, {"LANG": "en_US.UTF-8"}])
def test_english_help_is_as_it_was(ukey, env):
    done = ukey("pin", "change", "--help", env=env)
    assert done.code == 0 and done.stdout.startswith("OVERVIEW: Change the PIN.\n") and not has_chinese(
        done.stdout.replace("演示", ""))


def test_the_option_chooses_the_language(ukey):
    assert ukey("status", "--lang", "zh", "--help").stdout.startswith("概述：")
    assert ukey("status", "--help", "--lang=en", env=ZH).stdout.startswith("OVERVIEW:")


def test_mistakes_and_what_is_no_help(ukey):
    wrong = ukey("status", "--no-such", env=ZH)
    assert wrong.code == 2 and wrong.stderr.startswith("错误：没有这个选项：'--no-such'") and not wrong.stdout
    value = ukey("status", "--lang", "fr", env=ZH)
    assert value.code == 2 and "值 'fr' 不能用于 '--lang <lang>'" in value.stderr
    range_ = ukey("doctor", "--timeout", "0", env=ZH)
    assert range_.code == 2 and "--timeout 应为 1 至 600 秒" in range_.stderr
    apart = ukey("pin", "change", "--pin-fd", "0", env=ZH)
    assert apart.code == 2 and "--pin-fd 与 --new-pin-fd 须同时给出" in apart.stderr
    missing = ukey("cert", "export", env=ZH)
    assert missing.code == 2 and "缺少参数 '<file>'" in missing.stderr
    # The version is for scripts, in every language; what follows is for people.
    assert ukey("--version", env=ZH).stdout.split()[0] == ukey("--version").stdout.split()[0]
    script = ("--generate-completion-script", "bash")
    assert ukey(*script, env=ZH).stdout == ukey(*script).stdout
