"""Unlocking from afar through an SKF library that has remote unblock: the same files as for a key that is spoken to directly."""

import json
import os
import signal

import pytest
from rig import child_processes, patience, skf
from rig.answers import change
from rig.program import Secret
from test_unlock import NEW, PERSON, TEMPORARY
from test_unlock import asking, desk  # noqa: F401  (fixtures)

ANSWERED = "SKF_RemoteUnblockPIN"


@pytest.fixture
def key(skf_token, environment):
    """A locked key behind such a library."""
    key = skf_token("remote")
    key.set_tries(0)
    environment.update(key.env)
    return key


@pytest.fixture
def waiting(key, asking):  # noqa: F811
    """`waiting()`: a request and its challenge, which wait for the answer."""
    return lambda: asking("--provider", key.provider, "--wait", "answer.ukresp", "--new-pin-fd", Secret(NEW))


def test_locked_key_is_unlocked_by_file(key, waiting, desk, call):  # noqa: F811
    from unlock_checker import parse_challenge

    request = waiting()
    challenge = parse_challenge(request.challenge["line"])
    assert challenge.profile == "A-lm" and challenge.application_id == b"" and len(challenge.random) == 8
    assert ANSWERED not in key.calls()
    request.answer(desk(request.request))
    assert request.wait() == 0, request.output()
    # The temporary PIN is gone before anybody could use it; each function was called once with a secret.
    assert key.pins == (NEW, skf.ADMIN_PIN) and key.tries == (10, 10)
    calls = key.calls()
    assert calls.count(ANSWERED) == 1 and calls.count("SKF_ChangePIN") == 1
    assert "SKF_UnblockPIN" not in calls and "SKF_VerifyPIN" not in calls
    # Nobody stays logged in, and what was opened is closed.
    assert calls.index("SKF_ClearSecureState") > calls.index("SKF_ChangePIN")
    assert calls.count("SKF_ConnectDev") == calls.count("SKF_DisConnectDev")
    assert call(key, "pin", "verify", "--pin-fd", Secret(TEMPORARY)).code == 7


def test_an_answer_of_another_administrator_costs_one_try(key, waiting, desk):  # noqa: F811
    request = waiting()
    request.answer(desk(request.request, admin="87654321"))
    assert request.wait() == 7, request.output()
    assert key.tries == (0, 9) and key.pins[0] == skf.USER_PIN
    assert key.calls().count(ANSWERED) == 1 and "SKF_ChangePIN" not in key.calls()


def test_a_library_that_died_meanwhile_has_no_challenge(key, waiting, desk):  # noqa: F811
    """The challenge lived in its process: nothing is sent, and no try is lost."""
    request = waiting()
    response = desk(request.request)
    hosts = child_processes.children(request.process.pid)
    assert hosts
    for host in hosts:
        os.kill(host, signal.SIGKILL)
    patience.until(lambda: not any(child_processes.is_running(host) for host in hosts), 5)
    request.answer(response)
    assert request.wait() != 0
    assert ANSWERED not in key.calls() and key.tries == (0, 10), request.output()


@pytest.mark.parametrize("when", ["crash", "hang_after"])
def test_no_answer_is_unknown_and_sent_once(key, waiting, desk, environment, when):  # noqa: F811
    key.set(**{when: ANSWERED})
    key.limit(environment)
    request = waiting()
    request.answer(desk(request.request))
    assert request.wait() == 11, request.output()
    assert key.calls().count(ANSWERED) == 1 and "SKF_ChangePIN" not in key.calls()


def test_another_process_does_not_end_it(key, waiting, desk, call):  # noqa: F811
    """Only what happens in the process of the challenge can end it."""
    request = waiting()
    response = desk(request.request)
    assert call(key, "pin", "status").code == 8
    request.answer(response)
    assert request.wait() == 0, request.output()


def test_it_is_told_whether_a_library_can(key, skf_token, ukey):
    def asked(token):
        done = ukey("provider", "test", str(token.library), "--lang", "en", env=token.env)
        report = ukey("provider", "test", "--json", str(token.library), env=token.env)
        doctor = ukey("doctor", "--json", "--full", "--provider", token.provider, env=token.env)
        facts = [fact for check in doctor.json["checks"] for fact in check.get("evidence", [])]
        told = [fact["value"] for fact in facts if fact["name"] == "remoteUnlock"]
        return report.json["unlocksRemotely"], report.json["missing"], done.stdout, told

    can, missing, text, told = asked(key)
    assert can is True and missing == [] and "from afar (SKF_GenRemoteUnblockRequest" in text
    assert told == ["SKF_GenRemoteUnblockRequest SKF_RemoteUnblockPIN"]
    can, missing, text, told = asked(skf_token())
    assert can is False and missing == [] and "only at the desk" in text and told == ["-"]
