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


@fault("locale of another language not generated · 其他语言环境未生成", "terminal.locale", "locale-not-generated", "warning")
def locale_other(world):
    world.key()
    yield Run(env={"LC_ALL": "fr_CA.UTF-8"}, evidence=["fr_CA.UTF-8"], repair="it may have to be installed first")


@fault("locale POSIX · 语言环境是 POSIX", "terminal.locale", "locale-not-utf8", "warning")
def locale_posix(world):
    world.key()
    yield Run(env={"LC_CTYPE": "POSIX"}, evidence=["POSIX"])


@fault("TERM with a path in it · TERM 里有路径", "terminal.type", "terminal-unknown", "warning")
def terminal_path(world):
    world.key()
    yield Run(env={"TERM": "../../etc/passwd"})


@fault("clock two days behind what systemd kept · 时钟早于 systemd 的记录", "system.clock", "clock-behind-files")
def clock_behind_systemd(world):
    import os
    import time

    world.key()
    root = world.tree(files=[("var/lib/systemd/timesync/clock", "")])
    later = time.time() + 2 * 86400
    os.utime(root / "var/lib/systemd/timesync/clock", (later, later))
    yield Run(["--sysroot", root], evidence=["timesync"])


@fault("clock six years after the last file · 时钟比系统文件晚六年", "system.clock", "clock-ahead", "warning")
def clock_far_ahead(world):
    import os
    import time

    world.key()
    root = world.tree(files=[("var/lib/dpkg/status", ""), ("usr/bin/firefox", "x")])
    before = time.time() - 6 * 366 * 86400
    os.utime(root / "var/lib/dpkg/status", (before, before))
    yield Run(["--sysroot", root])
