from . import Run, fault


@fault("locale not UTF-8 · 语言环境不是 UTF-8", "terminal.locale", "locale-not-utf8", "warning")
def locale_not_utf8(world):
    world.key()
    yield Run(env={"LANG": "C"}, evidence=["ANSI_X3.4-1968"])


@fault("locale not generated · 语言环境未生成", "terminal.locale", "locale-not-generated", "warning")
def locale_not_generated(world):
    world.key()
    yield Run(env={"LANG": "zh_CN.GB18030"}, evidence=["zh_CN.GB18030"])


@fault("TERM unknown · 终端类型不认识", "terminal.type", "terminal-unknown", "warning")
def terminal_unknown(world):
    world.key()
    yield Run(env={"TERM": "no-such-terminal"})


@fault("clock years behind (libfaketime) · 系统时钟落后数年", "system.clock", "clock-before-release")
def clock_wrong(world):
    world.key()
    yield Run(prefix=["faketime", "-f", "@2020-01-01 00:00:00"], env={"NO_FAKE_STAT": "1"}, evidence=["2020-01-01"])


@fault("clock behind the system's own files · 系统时钟早于系统文件", "system.clock", "clock-behind-files")
def clock_behind_files(world):
    # A file of the future instead of a clock of the past: the machine's own clock is past the release by little.
    world.key()
    root = world.tree(files=[("var/lib/dpkg/status", "")])
    import os
    import time

    later = time.time() + 40 * 86400
    os.utime(root / "var/lib/dpkg/status", (later, later))
    yield Run(["--sysroot", root])
