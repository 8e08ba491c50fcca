import os
import signal
import subprocess
from pathlib import Path

import pytest

from . import Run, fault
from .world import mount, replace_program, unmount

SOCKET = Path("/run/pcscd/pcscd.comm")


# In a container the same lack has another remedy.
IN_CONTAINER = any(Path(mark).exists() for mark in ("/.dockerenv", "/run/.containerenv"))


@fault("pcscd not installed · 没有安装 pcscd", "pcscd.installed",
       "container-without-socket" if IN_CONTAINER else "pcscd-not-installed")
def pcscd_absent(world):
    world.fixture("pcscd").stop()
    SOCKET.unlink(missing_ok=True)
    replace_program(world, "/usr/sbin", "pcscd")
    yield Run()


@fault("pcscd not installed on a plain machine (recorded tree) · 普通主机没有安装 pcscd", "pcscd.installed",
       "pcscd-not-installed")
def pcscd_absent_plain(world):
    world.fixture("pcscd").stop()
    SOCKET.unlink(missing_ok=True)
    yield Run(["--sysroot", world.tree()], evidence=["/usr/sbin/pcscd"])


@fault("pcscd stopped, socket gone · 读卡服务没有启动", "pcscd.socket", "pcscd-socket-missing")
def socket_missing(world):
    world.fixture("pcscd").stop()
    SOCKET.unlink(missing_ok=True)
    yield Run(evidence=["errno 2"])


@fault("pcscd runs, its socket is gone · 读卡服务在运行，套接字文件没有了", "pcscd.socket", "pcscd-socket-lost")
def socket_lost(world):
    service = world.fixture("pcscd")
    SOCKET.unlink()
    # Its repair ends it; whoever asks for another then gets one that lives.
    world.at_end(service.stop)
    yield Run(evidence=["errno 2", "pcscd (pid"])


@fault("pcscd killed, socket file left behind · 服务被杀，套接字残留", "pcscd.socket", "pcscd-socket-stale")
def socket_stale(world):
    world.fixture("pcscd").kill()
    assert SOCKET.exists()
    yield Run(evidence=["errno 111"])


@fault("socket not permitted to this user · 当前用户无权连接", "pcscd.socket", "pcscd-socket-denied", needs_users=True)
def socket_denied(world):
    world.fixture("pcscd")
    world.key()
    mode = SOCKET.stat().st_mode & 0o7777
    SOCKET.chmod(0o600)
    yield Run(prefix=["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"], evidence=["0600", "errno 13"])
    SOCKET.chmod(mode)


@fault("PCSCLITE_CSOCK_NAME wrong · 环境变量指向错误的套接字", "pcscd.socket", "pcscd-socket-name-wrong")
def socket_name_wrong(world):
    world.key()
    yield Run(env={"PCSCLITE_CSOCK_NAME": "/run/user/nobody/remote.comm"}, evidence=["PCSCLITE_CSOCK_NAME"])


LISTENER = """
import ctypes, os, socket, sys, time
path, behaviour = sys.argv[1:]
if behaviour == "refuse":
    # The service's own name (PR_SET_NAME): to the client it closes the line as pcscd does when polkit says no.
    ctypes.CDLL(None).prctl(15, b"pcscd", 0, 0, 0)
if behaviour == "end":
    # systemd keeps the socket; nothing that it starts lives.
    ctypes.CDLL(None).prctl(15, b"systemd", 0, 0, 0)
s = socket.socket(socket.AF_UNIX); s.bind(path); os.chmod(path, 0o666); s.listen(16); print("ready", flush=True)
kept = []
while True:
    c, _ = s.accept()
    if behaviour in ("close", "refuse", "end"):
        c.close(); continue
    kept.append(c)
    if behaviour == "mismatch":
        # pcsc-lite's CMD_VERSION: header (size, command), then major, minor, rv; this server is of another protocol.
        data = c.recv(20, socket.MSG_WAITALL)
        if len(data) == 20:
            c.sendall((9).to_bytes(4, "little") + (9).to_bytes(4, "little") + (0x8010001E).to_bytes(4, "little"))
"""


def listener(world, behaviour):
    """A program in the place of the reader service, and the environment that leads to it."""
    path = world.tmp / "s"
    return world.python(LISTENER, path, behaviour), {"PCSCLITE_CSOCK_NAME": str(path)}


@fault("another program listens on pcscd's socket · 套接字被另一程序占用", "pcscd.socket", "pcscd-socket-foreign")
def socket_foreign(world):
    world.fixture("pcscd").stop()
    SOCKET.unlink(missing_ok=True)
    process = world.python(LISTENER, SOCKET, "hold")
    yield Run(evidence=[f"pid {process.pid}"])
    SOCKET.unlink(missing_ok=True)


@fault("something silent behind PCSCLITE_CSOCK_NAME · 套接字另一端不应答", "pcscd.answers", "pcscd-silent")
def listener_silent(world):
    process, env = listener(world, "hold")
    yield Run(env=env, evidence=[f"pid {process.pid}"], timeout=10)


@fault("pcscd hangs · 读卡服务挂起", "pcscd.answers", "pcscd-silent")
def service_hangs(world):
    world.key()
    service = world.fixture("pcscd")
    os.kill(service.process.pid, signal.SIGSTOP)
    world.at_end(lambda: os.kill(service.process.pid, signal.SIGCONT))
    yield Run(evidence=[f"pcscd (pid {service.process.pid})"], timeout=10)


@fault("client and service of different protocol · 协议版本不一致", "pcscd.answers", "pcscd-mismatch")
def service_mismatch(world):
    yield Run(env=listener(world, "mismatch")[1], evidence=["8010001E"])


@fault("service closes every connection · 服务接通即断开", "pcscd.answers", "pcscd-broken")
def service_closes(world):
    yield Run(env=listener(world, "close")[1])


def pkcheck(world, code, card=0):
    """polkit's program, with these answers for service and card, in the place of the machine's own: in this mount namespace
    only."""
    path = world.tmp / "pkcheck"
    path.write_text(f'#!/bin/sh\ncase "$*" in *access_card*) exit {card} ;; esac\nexit {code}\n')
    path.chmod(0o755)
    replace_program(world, "/usr/bin", "pkcheck", path)


def refusing(world, code, behaviour="refuse"):
    """The environment that leads to a service which closes the line, where polkit's own program answers this."""
    pkcheck(world, code)
    return listener(world, behaviour)[1]


@fault("service refuses the session as polkit makes it · 会话被拒绝", "pcscd.answers", "pcscd-denied")
def service_denied(world):
    yield Run(env=refusing(world, 1), evidence=["access_pcsc: no"])


@fault("polkit does not answer · polkit 不应答", "pcscd.answers", "polkit-unreachable")
def polkit_unreachable(world):
    yield Run(env=refusing(world, 126))


# pcscd's answer to SCardConnect when polkit gives the service and not the card (SCARD_W_SECURITY_VIOLATION, as measured).
NO_CARD = "long SCardConnect(void) { return 0x8010006A; }"


@fault("polkit allows the service, not the card · polkit 允许服务、不允许 U-Key", "card.free", "card-denied")
def card_denied(world):
    world.key()
    pkcheck(world, 0, card=1)
    yield Run(env={"LD_PRELOAD": str(world.library(NO_CARD, "libanswer.so"))}, evidence=["access_card: no"])


@fault("the unit is masked · 服务被屏蔽", "pcscd.socket", "pcscd-socket-masked")
def socket_masked(world):
    """systemd's own program reads the units by itself where told that systemd does not run."""
    world.fixture("pcscd").stop()
    SOCKET.unlink(missing_ok=True)
    units = world.tmp / "units"
    units.mkdir()
    (units / "pcscd.socket").symlink_to("/dev/null")
    mount("--bind", units, "/etc/systemd/system")
    world.at_end(lambda: unmount("/etc/systemd/system"))
    Path("/run/systemd/system").mkdir(parents=True)
    world.at_end(Path("/run/systemd/system").rmdir)
    yield Run(env={"SYSTEMD_OFFLINE": "1"}, evidence=["masked"])


@fault("processes hidden from one another · /proc 隐藏其他用户的进程", "pcscd.answers", "pcscd-hidepid", needs_users=True)
def hidden_processes(world):
    env = listener(world, "refuse")[1]
    try:
        mount("-t", "proc", "-o", "hidepid=2", "proc", "/proc")
    except subprocess.CalledProcessError:
        pytest.skip("/proc is mounted by the machine's root only")
    world.at_end(lambda: unmount("/proc"))
    yield Run(env=env, evidence=["hidepid"])


@fault("service closes the line though polkit allows · 服务断开，polkit 允许", "pcscd.answers", "pcscd-broken")
def service_closes_allowed(world):
    yield Run(env=refusing(world, 0), evidence=["access_pcsc: yes"])


@fault("service dies on every connection behind systemd's socket · 服务一启动就结束", "pcscd.answers", "pcscd-ends")
def service_ends(world):
    # Another user cannot tell this from a service that lives in another world.
    yield Run(env=refusing(world, 126, "end"), user=False)


@fault("the same over ssh · 通过 ssh 登录被拒绝", "pcscd.answers", "pcscd-denied-remote")
def service_denied_remote(world):
    yield Run(env=dict(refusing(world, 1), SSH_CONNECTION="192.0.2.7 50000 192.0.2.8 22"), evidence=["ssh"])
