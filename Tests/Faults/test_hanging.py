"""Everything hangs at once: the diagnosis still ends in the time it was given, and says what it could not look at."""

import socket
import time

import pytest
from faults.cards import HOLDER
from faults.limits import NOBODY
from faults.pages import page
from faults.proxies import resolver
from faults.readerservice import listener
from faults.world import replace_program, silent
from rig import patience, program, stuck
from test_faults import has_users, world  # noqa: F401

TIMEOUT = 10
# Of the services that pages call.
PORTS = (9528, 10443, 11200, 20443, 21051, 21061, 21517, 23838, 51235, 51245)
HANGS = "#include <unistd.h>\n__attribute__((constructor)) static void wait(void) { for (;;) sleep(9); }\n"
ACCOUNTS = "#include <unistd.h>\nint getpwuid_r(void) { for (;;) sleep(9); }\n"


@pytest.fixture
def hanging(world):
    """Services, a page's server, a library, the programs that are asked: none of them answers."""
    for port in PORTS:
        world.server(silent, port=port)
    asleep = world.tmp / "asleep"
    asleep.write_text("#!/bin/sh\nexec sleep 600\n")
    asleep.chmod(0o755)
    for name in ("pkcheck", "gsettings", "systemctl"):
        replace_program(world, "/usr/bin", name, asleep)
    (world.tmp.parent / "systemd/system").mkdir(parents=True)
    world.at_end(lambda: (world.tmp.parent / "systemd/system").rmdir())
    world.arguments = ["--library", world.library(HANGS), "--page", page(world, 'fetch("http://127.0.0.1:51235/alpha")')]
    world.env = dict(world.environment)
    return world


def walk(world, *arguments, prefix=()):
    """Runs it, and holds it to its time. - Returns: the verdicts by link."""
    words = [*prefix, world.ukey.path, "doctor", "--json", "--full", "--timeout", TIMEOUT, *world.arguments, *arguments]
    begun = time.monotonic()
    done = program.run(*words, env=world.env, timeout=TIMEOUT + 20)
    seconds = time.monotonic() - begun
    assert done.json["microseconds"] <= TIMEOUT * 1_000_000, done
    # What is left is starting, and the words.
    assert seconds < TIMEOUT + patience.limit(1), (seconds, done)
    assert done.json["first"]["verdict"] in ("fault", "unknown") and done.code != 0, done
    world.done = done
    rows = {row["id"]: row["verdict"] for row in done.json["checks"]}
    # Not looked at is not well.
    assert rows["service.answers"] != "ok" and rows["vendor.library"] not in ("ok", "warning", "skipped"), done
    return rows


def silent_name_server(world):
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.8", 53))
    world.at_end(server.close)
    resolver(world, "nameserver 127.0.0.8\noptions timeout:30 attempts:5\n")


def test_service_names_and_library(hanging):
    hanging.env.update(listener(hanging, "hold")[1])
    silent_name_server(hanging)
    rows = walk(hanging, "--platform", "portal.example:28021")
    assert (rows["pcscd.answers"], rows["platform.name"]) == ("fault", "fault"), hanging.done


def test_key_and_proxy(hanging):
    hanging.key()
    hanging.python(HOLDER, hanging.fixture("reader").name, "transaction")
    hanging.env["https_proxy"] = f"http://127.0.0.1:{hanging.server(silent)}"
    rows = walk(hanging, "--platform", "portal.example:28021")
    assert (rows["card.free"], rows["network.proxy"]) == ("fault", "fault"), hanging.done


def test_platform(hanging):
    hanging.key()
    port = hanging.server(silent)
    rows = walk(hanging, "--platform", f"127.0.0.1:{port}", "--page", f"http://127.0.0.1:{port}/")
    assert rows["platform.tls"] == "fault" and rows["page.calls"] == "unknown" and rows["card.free"] == "ok"


def test_home(hanging):
    """A home that does not answer keeps nothing from being looked at that does not lie in it."""
    if not stuck.is_possible():
        pytest.skip("/dev/fuse is not for this user")
    hanging.key()
    folder = hanging.tmp / "far"
    folder.mkdir()
    hanging.at_end(stuck.StuckFolder(folder).close)
    hanging.env["HOME"] = str(folder)
    rows = walk(hanging, "--platform", f"127.0.0.1:{hanging.server(silent)}", "--report", folder / "report.json")
    assert (rows["card.free"], rows["certificate.present"]) == ("ok", "ok"), hanging.done
    assert (rows["browser.store"], rows["browser.permission"]) == ("unknown", "unknown"), hanging.done


def test_account_names(hanging):
    """Names of accounts come from a server that is gone (LDAP); one of them is asked for when the service hangs."""
    if not has_users():
        pytest.skip("needs a second user")
    hanging.env.update(listener(hanging, "hold")[1])
    hanging.env["LD_PRELOAD"] = str(hanging.library(ACCOUNTS, "libaccounts.so"))
    walk(hanging, "--no-network", prefix=NOBODY)
