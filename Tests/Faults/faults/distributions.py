"""Machines of other distributions, in a recorded tree: what is missing there is brought by their own programs."""

from . import Run, fault
from .world import mount, unmount

ELSEWHERE = "it belongs to another distribution"


def tree(world, *programs):
    """A machine with a browser and these programs."""
    root = world.tree(files=[("usr/bin/firefox", "\x7fELF"), *((program, "#!/bin/sh\n") for program in programs)])
    for program in programs:
        (root / program).chmod(0o755)
    return ["--sysroot", root]


def not_installed(world, program, fix):
    world.fixture("pcscd").stop()
    return Run(tree(world, program), fix=fix, repair=ELSEWHERE)


@fault("Arch without pcscd · Arch 没有安装 pcscd", "pcscd.installed", "pcscd-not-installed")
def arch(world):
    yield not_installed(world, "usr/bin/pacman", "/usr/bin/pacman -S --needed --noconfirm pcsclite ccid")


@fault("openEuler without pcscd · openEuler 没有安装 pcscd", "pcscd.installed", "pcscd-not-installed")
def open_euler(world):
    yield not_installed(world, "usr/bin/dnf", "/usr/bin/dnf install -y pcsc-lite pcsc-lite-ccid")


@fault("openSUSE without pcscd · openSUSE 没有安装 pcscd", "pcscd.installed", "pcscd-not-installed")
def open_suse(world):
    yield not_installed(world, "usr/bin/zypper", "/usr/bin/zypper --non-interactive install pcsc-lite pcsc-ccid")


@fault("WSL without pcscd · WSL 里没有安装 pcscd", "pcscd.installed", "pcscd-not-installed")
def wsl(world):
    version = world.tmp / "version"
    version.write_text("Linux version 5.15.167.4-microsoft-standard-WSL2 (root@build) #1 SMP\n")
    mount("--bind", version, "/proc/version")
    world.at_end(lambda: unmount("/proc/version"))
    yield not_installed(world, "usr/bin/apt-get", "/usr/bin/apt-get install -y pcscd libccid")


@fault("locale not generated on Fedora · Fedora 没有生成语言环境", "terminal.locale", "locale-not-generated", "warning")
def locale_fedora(world):
    world.key()
    yield Run(tree(world, "usr/bin/dnf"), env={"LC_ALL": "fr_CA.UTF-8"}, fix="/usr/bin/dnf install -y glibc-langpack-fr",
              repair=ELSEWHERE)
