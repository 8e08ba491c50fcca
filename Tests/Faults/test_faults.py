"""The doctor's proof: every fault of the catalogue is made for real, named rightly in both languages, and undone."""

import json
import time

import pytest
from faults import Run, catalogue
from faults.world import World
from rig import patience, program


@pytest.fixture
def world(request, tmp_path, ukey, environment):
    made = World(request, tmp_path, ukey, environment)
    # Other users run the doctor in some faults.
    for folder in (tmp_path, *tmp_path.parents):
        if str(folder).startswith("/tmp/") and folder.owner() == tmp_path.owner():
            folder.chmod(folder.stat().st_mode | 0o055)
    yield made
    made.close()


def doctor(world, run, language):
    arguments = list(run.arguments)
    env = dict(world.environment)
    env.update(run.env)
    if not run.network:
        platform, trust = world.healthy
        arguments += ["--platform", platform]
        bundle = world.tmp / "trusted.pem"
        bundle.write_text("".join(path.read_text() for path in [trust, *run.trust]))
        env["SSL_CERT_FILE"] = str(bundle)
    words = [*run.prefix, str(world.ukey.path), "doctor", "--json", "--lang", language, *arguments]
    begun = time.monotonic()
    done = program.run(words[0], *words[1:], env=env, timeout=30)
    return done, time.monotonic() - begun


@pytest.fixture
def healthy(world):
    """The rest of the world is well: a local service that answers, a platform that is trusted."""
    world.plain = False
    world.healthy = world.healthy_platform()
    return world


@pytest.mark.parametrize("fault", catalogue(), ids=lambda fault: fault.name)
def test_fault(fault, healthy, request):
    with fault.make(healthy) as run:
        if not getattr(healthy, "plain", False):
            healthy.healthy_service()
        for language in ("zh", "en"):
            done, seconds = doctor(healthy, run, language)
            first = done.json["first"]
            assert first is not None, done
            assert (first["id"], first.get("cause"), first["verdict"]) == (fault.link, fault.cause, fault.verdict), done
            assert first["message"] and first["remedy"] and first["documentation"], done
            assert done.code == fault.code, done
            evidence = " ".join(item["value"] for item in first.get("evidence", []))
            for text in run.evidence:
                assert text in evidence, (text, evidence)
            if language == "zh":
                request.node.user_properties.append(("fault", (fault.name, dict(first, seconds=seconds))))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("card", ["gm", "piv"])
def test_healthy(healthy, card, language):
    """No false fault where nothing is wrong."""
    healthy.key(card=card)
    healthy.healthy_service()
    done, seconds = doctor(healthy, Run(), language)
    assert done.json["first"] is None, done
    assert not [row for row in done.json["checks"] if row["verdict"] in ("fault", "warning")]
    assert done.code == 0
    assert done.json["microseconds"] < patience.limit(1_000_000)
