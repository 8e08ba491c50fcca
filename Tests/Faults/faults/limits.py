"""Limits that leave links unlooked at, and slow things that are not broken."""

from . import Run, fault

NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]


@fault("no descriptor left · 文件描述符用尽", "system.limits", "limit-descriptors", "unknown", code=11)
def limit_descriptors(world):
    world.key()
    yield Run(prefix=["prlimit", "--nofile=6"], evidence=["nofile 6"])


@fault("no thread left · 线程用尽", "system.limits", "limit-threads", "unknown", code=11, needs_users=True)
def limit_threads(world):
    world.key()
    yield Run(prefix=[*NOBODY, "prlimit", "--nproc=1"], copied=True, evidence=["nproc 1"])


@fault("key of 700 ms a command · 每条命令 700 毫秒的 U-Key", "card.free", "card-slow", "unknown", code=11)
def card_slow(world):
    world.key(settings={"delay": 700}, changed=False)
    yield Run(timeout=10)


@fault("the same with more time · 同上，时限放宽", "card.free", "card-slow", "warning")
def card_slow_read(world):
    world.key(settings={"delay": 700}, changed=False)
    yield Run(timeout=120)
