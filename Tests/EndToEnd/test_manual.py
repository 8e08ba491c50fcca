"""Manual pages and completions: there is one for every command, of the same words as its help, and they work where they are read."""

import os
import re
import shutil
import subprocess

import pytest
from rig import patience
from rig.program import run, ukey_path
from test_help import commands

LANGUAGES = [("en", "man1", "C.UTF-8"), ("zh", "zh_CN/man1", "zh_CN.UTF-8")]


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("man")
    done = run(ukey_path(), "manual", folder)
    assert done.code == 0, done
    return folder


@pytest.mark.parametrize("language,place,_", LANGUAGES)
def test_every_command_has_its_page(ukey, pages, language, place, _):
    wanted = {"-".join(["ukey", *words]) + ".1" for words in commands(ukey) if words not in [("manager",)]}
    # The help of `serve` alone is that of what it does alone.
    wanted |= {f"ukey-serve-{name}.1" for name in ["start", "stop", "status", "enable", "disable", "origins", "tty", "trust", "untrust"]}
    there = {path.name for path in (pages / place).iterdir()}
    assert wanted <= there and len(there) > 35, wanted ^ there


def told(text):
    """Without what folding and filling change, and without overstriking."""
    return re.sub(r"[\s‐\-]+", "", re.sub(r".\x08", "", text))


@pytest.mark.skipif(not (shutil.which("man") and shutil.which("groff")), reason="man-db is not installed")
@pytest.mark.parametrize("language,place,_", LANGUAGES)
def test_man_shows_what_the_help_says(ukey, pages, language, place, _):
    for name in ["ukey", "ukey-pin-change", "ukey-unlock-approve", "ukey-serve"]:
        path = pages / place / f"{name}.1"
        # Whatever groff has to say of it comes on standard error.
        done = subprocess.run(
            ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", path], capture_output=True, text=True,
            env=dict(os.environ, LC_ALL="C.UTF-8", MANROFFSEQ=""), timeout=patience.limit(30))
        assert done.returncode == 0 and done.stderr == "", (name, done.stderr)
        shown = subprocess.run(
            ["man", "-l", path], capture_output=True, text=True, timeout=patience.limit(30),
            env=dict(os.environ, LC_ALL="C.UTF-8", MANWIDTH="80", MAN_KEEP_FORMATTING="0", GROFF_NO_SGR="1", PAGER="cat")).stdout
        assert shown
        for line in shown.splitlines():
            assert "\x1b" not in line
        help_ = ukey(*name.split("-")[1:], "--help", "--lang", language).stdout
        for option in re.findall(r"^  (--[a-z-]+)", help_, re.M):
            if name != "ukey-serve":
                assert told(option) in told(shown), (name, option)
    # A sentence of the help, whole.
    words = {"en": "Read the new PIN from this file descriptor.", "zh": "从这个文件描述符读取新密码。"}[language]
    assert told(words) in told(subprocess.run(
        ["man", "-l", pages / place / "ukey-pin-change.1"], capture_output=True, text=True, timeout=patience.limit(30),
        env=dict(os.environ, LC_ALL="C.UTF-8", MANWIDTH="80", GROFF_NO_SGR="1", PAGER="cat")).stdout)


@pytest.mark.skipif(shutil.which("mandoc") is None, reason="mandoc is not installed")
@pytest.mark.parametrize("language,place,_", LANGUAGES)
def test_mandoc_finds_no_fault(pages, language, place, _):
    done = subprocess.run(
        ["mandoc", "-Tlint", "-Wwarning", *sorted((pages / place).iterdir())], capture_output=True, text=True,
        timeout=patience.limit(60))
    # There is no date: the same source makes the same page.
    faults = [line for line in done.stdout.splitlines() if "missing date" not in line]
    assert faults == []


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("completions")
    for shell in ["bash", "zsh", "fish"]:
        done = run(ukey_path(), "--generate-completion-script", shell)
        assert done.code == 0 and done.stdout
        (folder / shell).write_text(done.stdout)
    (folder / "bin").mkdir()
    (folder / "bin/ukey").symlink_to(ukey_path().resolve())
    return folder


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_scripts_are_of_their_shell(scripts, shell):
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    done = subprocess.run([shell, "-n", scripts / shell], capture_output=True, text=True, timeout=patience.limit(30))
    assert done.returncode == 0 and done.stderr == "", done


def completed_by_bash(scripts, environment, *words):
    """What bash offers behind these words, the last of which is being typed."""
    line = " ".join(words)
    script = f"""
      COMP_WORDS=({' '.join(f"'{word}'" for word in words)})
      COMP_CWORD={len(words) - 1} COMP_LINE='{line}' COMP_POINT=${{#COMP_LINE}} COMP_TYPE=9 COMP_KEY=9
      source {scripts}/bash
      _ukey ukey '{words[-1]}' '{words[-2]}' || true
      printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, timeout=patience.limit(60), stdin=subprocess.DEVNULL,
        env=dict(environment, PATH=f"{scripts / 'bin'}:{environment['PATH']}", LC_ALL="C.UTF-8"))
    return [line.replace("\\", "").strip() for line in done.stdout.splitlines()]


VALUES = [
    (("ukey", "cert", "show", "--demo", "--reader", ""), "DEMO 演示"),
    (("ukey", "cert", "show", "--demo", "--container", ""), "DEMO-SM2-DUAL"),
    (("ukey", "doctor", "--only", "pcscd."), "pcscd.socket"),
    (("ukey", "explain", "UK-11"), "UK-113"),
    (("ukey", "guide", "sup"), "support"),
    (("ukey", "serve", "tr"), "trust"),
]


@pytest.mark.parametrize("words,value", VALUES)
def test_bash_offers_values(scripts, environment, words, value):
    assert value in completed_by_bash(scripts, environment, *words)
