"""The documents: links lead somewhere, commands in them are commands, recipes run, and the pages inside the program print."""

import json
import os
import re
import shutil
import subprocess
import unicodedata

import pytest
from rig import patience
from rig.program import ROOT, tool, ukey_path

DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("Docs/*.md")])
NAMES = [str(path.relative_to(ROOT)) for path in DOCUMENTS]
#: Whose commands are run in a world with a key.
RUN = [f"Docs/{name}{language}.md" for name in ["support", "deployment"] for language in ["", ".zh"]]


def text(name):
    return (ROOT / name).read_text()


def without_blocks(source):
    return re.sub(r"^```.*?^```", "", source, flags=re.M | re.S)


def anchors(path):
    """As code hosts make them of headings."""
    found = set()
    for heading in re.findall(r"^#+ (.+)$", without_blocks(path.read_text()), re.M):
        words = re.sub(r"[`*]|\]\([^)]*\)|\[", "", heading).strip().lower()
        kept = (each for each in words if each in " -_" or unicodedata.category(each)[0] in "LN")
        found.add("".join(kept).replace(" ", "-"))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name):
    for target in re.findall(r"\[[^\]\n]*\]\(([^)\s]+)\)", without_blocks(text(name))):
        if re.match(r"[a-z]+:", target):
            continue
        place, _, anchor = target.partition("#")
        path = (ROOT / name).parent / place if place else ROOT / name
        assert path.exists(), target
        if anchor:
            assert anchor in anchors(path), target


def commands(source):
    """Every `ukey …` in backticks and in blocks of shell, as words."""
    spans = re.findall(r"`((?:sudo )?ukey [^`\n]+)`", without_blocks(source))
    for block in re.findall(r"^```(?:sh|text)?\n(.*?)^```", source, re.M | re.S):
        spans += [line for line in block.splitlines() if line.startswith("ukey ")]
    for span in spans:
        # A pipe, a redirection or a remark behind it is not its own; `a / b` and `a|b` name several.
        yield span, re.split(r"\s[|#>&;]|\s\d?[<>]", span.removeprefix("sudo "))[0].split()


@pytest.fixture(scope="module")
def known():
    """The commands and their options, hidden ones too, as the program itself lists them: from the words of a command to its options."""
    dump = json.loads(tool(ukey_path(), "--experimental-dump-help"))
    found = {}

    def walk(command, path):
        names = {name["name"] for argument in command.get("arguments", []) for name in argument.get("names") or []}
        # `--no-…` of what is on by itself.
        found[path] = {f"--{name}" for name in names} | {f"--no-{name}" for name in names} | {"--help", "--version"}
        for child in command.get("subcommands", []):
            walk(child, (*path, child["commandName"]))

    walk(dump["command"], ())
    return found


@pytest.mark.parametrize("name", NAMES)
def test_commands_in_them_are_commands(name, known):
    for span, words in commands(text(name)):
        path, rest = (), words[1:]
        while rest and (*path, rest[0]) in known:
            path, rest = (*path, rest[0]), rest[1:]
        if rest[:1] == ["provider-host"]:
            continue  # what the program calls itself while it holds a library; nobody types it
        assert path or not rest or not re.fullmatch(r"[a-z][a-z-]+", rest[0]), f"{name}: no command {rest[0]!r} in {span!r}"
        # Alone it is the manager, and a group what it does alone; `pin verify / change` names several.
        options = known[path].union(*(known[other] for other in known if other[: len(path)] == path) if "/" in span or len(path) < 2 else ())
        for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", " ".join(rest)):
            assert option in options, f"{name}: {option} in {span!r}"


def recipes(name):
    for block in re.findall(r"^```sh\n(.*?)^```", text(name), re.M | re.S):
        yield from block.splitlines()


@pytest.mark.parametrize("name", RUN)
def test_recipes_run(name, environment, soft_token, tmp_path):
    """Each line of shell, as it stands, on a machine with a key, from an empty folder."""
    soft_token("gm")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/ukey").symlink_to(ukey_path().resolve())
    work = tmp_path / "work"
    work.mkdir()
    session = dict(environment, PATH=f"{tmp_path / 'bin'}:{environment['PATH']}", XDG_RUNTIME_DIR=str(tmp_path))
    ran = 0
    for line in recipes(name):
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", line], cwd=work, env=session, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=patience.limit(60), start_new_session=True)
        # 3, 4, 10, 11 speak of key and machine; jq ends 2, 3 with usage or syntax and 5 with what does not fit, but says so too.
        assert done.returncode in {0, 3, 4, 10, 11} and "jq: " not in done.stderr, (line, done)
        ran += 1
    assert ran >= 4


def test_tests_that_the_security_page_names_are_there():
    source = text("SECURITY.md")
    named = re.findall(r"`(test_\w+\.py)::(test_\w+)`", source)
    assert len(named) > 20
    for file, test in named:
        path = next(ROOT.glob(f"Tests/*/{file}"), None)
        assert path and re.search(rf"^def {test}\(", path.read_text(), re.M), (file, test)
    units = "\n".join(path.read_text() for path in ROOT.glob("Tests/*Tests/**/*.swift"))
    suites, tests = set(re.findall(r"\b(?:struct|class) (\w+Tests)", units)), set(re.findall(r"\bfunc (\w+)", units))
    named = re.findall(r"`([A-Z]\w+Tests)(?:\.(\w+))?`", source)
    assert len(named) > 10
    for suite, test in named:
        assert suite in suites and (not test or test in tests), (suite, test)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_guide_is_inside(ukey, language):
    page = ukey("guide", "--lang", language)
    assert page.code == 0 and "400-112-3838" in page.stdout and "`" not in page.stdout
    as_json = ukey("guide", "support", "--lang", language, "--json").json
    assert as_json["schema"] == "ukey.guide/1" and as_json["page"] == "support" and as_json["language"] == language
    assert as_json["markdown"] == text("Docs/support" + (".zh.md" if language == "zh" else ".md"))
    assert ukey("guide", "nothing").code == 2


@pytest.mark.skipif(not (shutil.which("chromium") and shutil.which("pdfinfo")), reason="chromium or poppler-utils is not installed")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_holders_page_is_one_sheet(ukey, tmp_path, language):
    (tmp_path / "page.html").write_text(ukey("guide", "--html", "--lang", language).stdout)
    paper = tmp_path / "page.pdf"
    subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/profile", "--no-pdf-header-footer",
         f"--print-to-pdf={paper}", f"file://{tmp_path}/page.html"],
        check=True, capture_output=True, env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]}, timeout=patience.limit(60))
    told = tool("pdfinfo", paper).decode()
    assert re.search(r"^Pages: +1$", told, re.M) and re.search(r"^Page size: +59\d(?:\.\d+)? x 84\d", told, re.M), told
    assert ("投标" if language == "zh" else "bids") in tool("pdftotext", paper, "-").decode()
