"""The login self-test of the chain. A PIN is sent once a run, and wrong ones are few."""

from rig.program import Secret

from . import Run, fault
from .certificates import wrong_pins


@fault("wrong PIN in the login self-test · 登录自检密码错误", "login.signature", "login-pin", code=7)
def login_wrong_pin(world):
    world.key()
    yield Run(["--login", "--pin-fd", Secret("999999\n")])


@fault("wrong PIN of a PIV card · PIV 卡密码错误", "login.signature", "login-pin", code=7)
def login_wrong_pin_piv(world):
    world.key(card="piv", settings={"tries": 10})
    yield Run(["--login", "--pin-fd", Secret("999999\n")])


@fault("two of ten tries left · 十次只剩两次", "pin.state", "pin-few-tries", "warning")
def piv_few(world):
    wrong_pins(world, 8, 10)
    yield Run(evidence=["2"])
