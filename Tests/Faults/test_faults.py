"""The doctor's proof: every fault of the catalogue is made for real, named rightly in both languages, and undone."""

import functools
import os
import shutil
import signal
import tempfile
import time
from pathlib import Path

import pytest
from faults import Run, catalogue
from faults.limits import NOBODY
from faults.world import World
from rig import child_processes, patience, program


@pytest.fixture
def world(request, ukey, environment):
    # In this world's own /run, where every user may look: pytest's folder is closed again whenever another run begins.
    place = Path(tempfile.mkdtemp(prefix="fault-", dir="/run"))
    place.chmod(0o755)
    home = place / "home"
    home.mkdir()
    made = World(request, place, ukey, dict(environment, HOME=str(home)))
    yield made
    made.close()
    shutil.rmtree(place, ignore_errors=True)


def doctor(world, run, language, prefix=()):
    arguments = list(run.arguments)
    env = dict(world.environment)
    env.update(run.env)
    if prefix == NOBODY:
        env["XDG_RUNTIME_DIR"] = "/nonexistent"
    if not run.network:
        platform, trust = world.healthy
        arguments += ["--platform", platform]
        bundle = world.tmp / "trusted.pem"
        bundle.write_text("".join(path.read_text() for path in [trust, *run.trust]))
        env["SSL_CERT_FILE"] = str(bundle)
    ukey = shutil.copy(world.ukey.path, world.tmp / "ukey") if run.copied else world.ukey.path
    words = [*(prefix or run.prefix), str(ukey), "doctor", "--json", "--full", "--timeout", str(run.timeout), "--lang", language,
             *arguments]
    begun = time.monotonic()
    done = program.run(words[0], *words[1:], env=env, timeout=run.timeout + 20)
    return done, time.monotonic() - begun


@pytest.fixture
def healthy(world):
    """The rest of the world is well: a local service that answers, a platform that is trusted."""
    world.plain = False
    world.healthy = world.healthy_platform()
    return world


@functools.cache
def has_users():
    """Whether there is a second user here: not in the namespace of an ordinary user, which has but one."""
    return program.run(*NOBODY, "true").code == 0


@pytest.mark.parametrize("fault", catalogue(), ids=lambda fault: fault.name)
def test_fault(fault, healthy, request):
    """In Chinese as root, in English as an ordinary user where there is one to be had; then what mends it."""
    if fault.needs_users and not has_users():
        pytest.skip("needs a second user")
    with fault.make(healthy) as run:
        if not getattr(healthy, "plain", False):
            healthy.healthy_service()
        both = run.user and not run.prefix and has_users()
        for language, prefix in (("zh", ()), ("en", NOBODY if both else ())):
            if language == "en" and run.again:
                run.again()
            done, seconds = doctor(healthy, run, language, prefix)
            first = done.json["first"]
            assert first is not None, done
            assert (first["id"], first.get("cause"), first["verdict"]) == (fault.link, fault.cause, fault.verdict), done
            assert first["message"] and first["remedy"] and first["documentation"], done
            assert done.code == fault.code, done
            assert not run.fix or run.fix == first["fix"]["command"], done
            evidence = " ".join(item["value"] for item in first.get("evidence", []))
            # Whose processes they are, only their owner and root may see.
            for text in run.evidence if not prefix else []:
                assert text in evidence, (text, evidence)
            if language == "zh":
                row = dict(first, seconds=seconds, users="root, user" if both else "user" if run.prefix[:1] == ["setpriv"] else "root")
        # Root is offered more than who may not see whose processes they are.
        row["repair"] = repaired(healthy, fault, run, row)
        request.node.user_properties.append(("fault", (fault.name, row)))


def repaired(world, fault, run, first):
    """Runs the repair that was offered, by the shell as the program does, and looks again."""
    fix = first.get("fix")
    if not fix:
        return "–"
    if run.repair != "run":
        return "not run: " + run.repair
    if "systemctl" in fix["command"] or "timedatectl" in fix["command"]:
        return "not run: no systemd in the tests"
    if "apt-get" in fix["command"]:
        return "not run: no package is installed by a test"
    if "--sysroot" in map(str, run.arguments):
        return "not run: a recorded tree"
    if "pcscd" in fix["command"]:
        world.at_end(end_service)
    done = program.run("/bin/sh", "-c", fix["command"])
    assert done.code == 0, (fix, done)
    if "pcscd" in fix["command"]:
        patience.until(lambda: Path("/run/pcscd/pcscd.comm").exists())
    again = patience.until(
        lambda: (lambda row: row if (row["verdict"], row.get("cause")) != (fault.verdict, fault.cause) else None)(
            link(doctor(world, run, "en")[0], fault.link)))
    assert again["verdict"] != "fault", again
    return "run, and well: `" + fix["command"] + "`"


def end_service():
    """Ends the reader service that a repair has started. It went into the background, and its process id is what it left
    behind; while it ends it takes its socket away, so that nobody else's must be there yet."""
    number = Path("/run/pcscd/pcscd.pid")
    if number.exists():
        pid = int(number.read_text().strip("\0\n "))
        os.kill(pid, signal.SIGTERM)
        patience.until(lambda: not child_processes.is_running(pid))


def link(done, id):
    return next(row for row in done.json["checks"] if row["id"] == id)
