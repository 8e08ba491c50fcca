import threading

from rig import pcsc
from rig.cards import POWER_ON, REQUEST_ATR, RESET, ScriptCard

from . import Run, fault
from .limits import NOBODY

HOLDER = """
import sys, time
from rig import pcsc
reader, how = sys.argv[1:]
context = pcsc.Context()
connection = context.connect(reader, pcsc.SHARE_EXCLUSIVE if how == "exclusive" else pcsc.SHARE_SHARED)
if how == "transaction": connection.begin()
print("ready", flush=True)
time.sleep(600)
"""


@fault("reader without a card · 读卡器中无 U-Key", "card.present", "no-card", code=5)
def reader_without_card(world):
    world.fixture("reader")
    yield Run()


@fault("no such reader · 指定的读卡器不存在", "reader.present", "reader-name-unknown", code=5)
def reader_name(world):
    world.key()
    yield Run(["--reader", "No Such Reader 00 00"])


class MuteCard(ScriptCard):
    """In the reader, but without a usable ATR when it is powered: the reader asks for one just to see that it is there."""

    powered = False

    def _receive(self, count):
        data = super()._receive(count)
        if count == 1 and data[0] != REQUEST_ATR:
            self.powered = data[0] in (POWER_ON, RESET)
        return data

    @property
    def atr(self):
        if self.powered:
            self.powered = False
            return bytes(40)  # longer than any ATR: the driver reports that powering up failed
        return bytes.fromhex("3B80800101")

    @atr.setter
    def atr(self, _):
        pass


@fault("mute card · U-Key 无应答", "card.answers", "card-mute")
def card_mute(world):
    card = MuteCard(world.fixture("reader"), lambda command: None, wait=False)
    world.at_end(card._socket.close)
    with pcsc.Context() as context:
        context.wait(world.fixture("reader").name, pcsc.STATE_MUTE)
    yield Run()


@fault("unknown card · 不认识的 U-Key", "token.recognised", "card-unknown")
def card_unknown(world):
    world.fixture("script_card")(lambda command: b"\x6d\x00")
    yield Run(evidence=["3B80800101"])


@fault("card dies in the middle of reading · 读取中通信中断", "card.free", "card-failed")
def card_dies(world):
    world.fixture("script_card")(lambda command: b"")
    yield Run()


@fault("card held exclusively by another process · U-Key 被独占", "card.free", "card-held")
def card_held(world):
    world.key()
    process = world.python(HOLDER, world.fixture("reader").name, "exclusive")
    yield Run(evidence=[f"pid {process.pid}"])


@fault("card kept in another program's transaction · U-Key 一直被占用", "card.free", "card-busy")
def card_busy(world):
    world.key()
    process = world.python(HOLDER, world.fixture("reader").name, "transaction")
    yield Run(evidence=[f"pid {process.pid}"], timeout=10)


@fault("two keys plugged in · 插着两个 U-Key", "token.recognised", "several-keys", "warning")
def several_keys(world):
    first, second = world.fixture("readers")(2)
    world.key(reader=first, changed=False)
    world.key(card="piv", reader=second, changed=False)
    yield Run()


NAMED = """
import ctypes, sys
ctypes.CDLL(None).prctl(15, sys.argv.pop(1).encode(), 0, 0, 0)
""" + HOLDER


@fault("card held by gpg's scdaemon · U-Key 被 scdaemon 占用", "card.free", "card-held")
def card_held_scdaemon(world):
    world.key()
    process = world.python(NAMED, "scdaemon", world.fixture("reader").name, "exclusive")
    yield Run(evidence=[f"scdaemon (pid {process.pid})"], repair="it is not gpg's own daemon that holds it here")


@fault("PIV card held by another process · PIV 卡被独占", "card.free", "card-held")
def piv_held(world):
    world.key(card="piv")
    process = world.python(HOLDER, world.fixture("reader").name, "exclusive")
    yield Run(evidence=[f"pid {process.pid}"])


@fault("card held by another user's program · U-Key 被其他用户的程序占用", "card.free", "card-held", needs_users=True)
def card_held_by_other(world):
    world.key()
    world.python(HOLDER, world.fixture("reader").name, "exclusive")
    yield Run(prefix=NOBODY, evidence=["uid 0"])


@fault("two programs share the card, one in a transaction · 两个程序共用 U-Key", "card.free", "card-busy")
def card_shared(world):
    world.key()
    reader = world.fixture("reader").name
    world.python(HOLDER, reader, "shared")
    process = world.python(HOLDER, reader, "transaction")
    yield Run(evidence=[f"pid {process.pid}"], timeout=10)


@fault("card pulled out while it is read · 读取中拔出 U-Key", "card.free", "no-card", code=5)
def card_pulled(world):
    def plug():
        world.fixture("script_card")(lambda command: None)

    plug()
    yield Run(again=plug)


@fault("reader service ends while the card is read · 读取中读卡服务退出", "card.free", "pcscd-died")
def service_dies(world):
    service = world.fixture("pcscd")
    # The card's thread may still be killing the old service while a new one is wanted.
    turn = threading.Lock()

    def plug():
        killed = []

        def answer(command):
            with turn:
                # Once a card: a command that comes late finds the service of the next one.
                if not killed:
                    killed.append(command)
                    service.kill()
            return b""

        with turn:
            if not service.running:
                service.start()
        world.fixture("script_card")(answer)

    plug()
    yield Run(again=plug, repair="no systemd in the tests")
    with turn:
        service.start()
