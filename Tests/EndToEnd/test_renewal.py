"""A renewal on a real pcscd: request, certificate, and a login with it; what stops it on the way; what is refused."""

import json
import sys
from contextlib import closing

import pytest

from rig import program
from rig.program import ROOT, Secret, tool
from rig.typed import Typed

sys.path.insert(0, str(ROOT / "Tests/RenewalFormat"))

from renewal_checker import check_answer, check_order  # noqa: E402

PERSON = ["--name", "李四", "--mobile", "13800138000", "--reason", "到期"]


PASSPHRASE = "correct horse 电池"


def pin():
    return ["--pin-fd", Secret("123456\n")]


def passphrase(text=PASSPHRASE):
    return ["--passphrase-fd", Secret(text + "\n")]


def issue(ukey, order, folder, *more, **how):
    """By the authority, which has nobody's old certificate among those that it trusts."""
    return ukey(
        "desk", "issue", order, "--authority", folder, "--accept-unverified", "--yes", "--json", *passphrase(), *more, **how)


@pytest.fixture
def authority(ukey, tmp_path):
    """A private authority: its folder, and the folder by which others trust it."""
    folder = tmp_path / "authority"
    made = ukey("desk", "authority", folder, "--json", *passphrase())
    assert made.code == 0 and "私有CA/测试" in made.json["subject"], made
    trusted = tmp_path / "trusted"
    trusted.mkdir()
    (trusted / "authority.pem").write_text(made.json["certificate"])
    return folder, trusted


def first(ukey):
    """The first certificate as the key has them."""
    return ukey("cert", "list", "--json").json["certificates"][0]


def request(ukey, tmp_path, container, *more, code=0):
    done = ukey(
        "renew", "request", "--on-key", "--json", "--yes", "--container", container, "--out", tmp_path / "key.ukreq", *PERSON,
        *pin(), *more)
    assert done.code == code, done
    return done.json


def containers(ukey):
    return {each["container"] for each in ukey("cert", "list", "--json").json["certificates"]}


def test_an_order_that_waits_for_its_answer(soft_token, ukey, tmp_path):
    """The old one is not removed, and why is said; the order can be written anew, and nothing else is announced."""
    soft_token(dir=tmp_path / "card")
    made = request(ukey, tmp_path, first(ukey)["container"])
    before = containers(ukey)
    early = ukey("renew", "remove-old", "--yes", "--lang", "en", *pin())
    assert early.code == 9 and "UK-543" in early.stderr and "requested" in early.stderr, early
    again = ukey("renew", "resume", "--lang", "en", "--out", tmp_path / "again.ukord", *pin())
    assert again.code == 0 and made["order"] in again.stderr and "will be made" not in again.stderr, again
    assert check_order(tmp_path / "again.ukord", tmp_path)["container"] == made["container"]
    assert containers(ukey) == before


@pytest.mark.parametrize("profile", ["A-lm", "B-le"])
def test_a_renewal_ends_with_a_login(soft_token, ukey, tmp_path, authority, profile):
    folder, trusted = authority
    soft_token(profile=profile, dir=tmp_path / "card")
    old = first(ukey)["container"]
    before = containers(ukey)
    made = request(ukey, tmp_path, old, "--csr", tmp_path / "key.pem")
    order = check_order(made["file"], tmp_path)
    assert order["container"] == made["container"] and order["order"] == made["order"]
    assert tool("openssl", "req", "-in", tmp_path / "key.pem", "-verify", "-noout", "-vfyopt", "distid:1234567812345678") == b""
    assert ukey("renew", "status", "--json").json["orders"][0]["stage"] == "requested"

    issued = issue(ukey, tmp_path / "key.ukord", folder)
    assert issued.code == 0 and issued.json["private"], issued
    check_answer(issued.json["answer"], folder / "authority.pem")
    again = issue(ukey, tmp_path / "key.ukord", folder)
    assert again.code == 0 and again.json["repeated"] and again.json["digest"] == issued.json["digest"], again

    # Another authority than before is a difference: nobody agreed to it.
    refused = ukey("renew", "apply", issued.json["answer"], "--trust", trusted, "--yes", *pin())
    assert refused.code == 9 and "UK-532" in refused.stderr, refused
    applied = ukey(
        "renew", "apply", issued.json["answer"], "--trust", trusted, "--yes", "--accept-differences", "--json", *pin())
    assert applied.code == 0 and applied.json["encryptionPair"] == "proved", applied
    assert applied.json["stage"] == "installed"

    assert containers(ukey) == before | {made["container"]}
    for container in (made["container"], old):
        login = ukey("login-test", "--container", container, *pin())
        assert login.code == 0, login

    removed = ukey("renew", "remove-old", "--order", made["order"], "--yes", "--json", *pin())
    assert removed.code == 0 and removed.json["oldContainer"] == old, removed
    assert containers(ukey) == before - {old} | {made["container"]}
    assert ukey("login-test", "--container", made["container"], *pin()).code == 0
    record = (tmp_path / "home/.local/state/ukey/unlock-audit.jsonl").read_text().splitlines()
    assert [json.loads(line)["decision"] for line in record] == ["issued", "issued"]
    assert ukey("unlock", "audit", "verify").code == 0


def test_another_issuer_by_the_format_alone(soft_token, ukey, tmp_path):
    """A connector made with OpenSSL's own programs."""
    folder = tmp_path / "ca"
    folder.mkdir()
    tool("openssl", "genpkey", "-algorithm", "SM2", "-out", folder / "ca.key")
    tool(
        "openssl", "req", "-x509", "-new", "-key", folder / "ca.key", "-sm3", "-sigopt", "distid:1234567812345678", "-subj",
        "/C=CN/CN=OTHER", "-days", "3000", "-out", folder / "ca.pem")
    soft_token(dir=tmp_path / "card")
    made = request(ukey, tmp_path, first(ukey)["container"])
    issued = ukey(
        "desk", "issue", made["file"], "--connector", ROOT / "Tests/RenewalFormat/renewal_connector.py", "--accept-unverified", "--yes",
        "--json",
        env={"UKEY_CA": str(folder)})
    assert issued.code == 0 and not issued.json["private"], issued
    applied = ukey("renew", "apply", issued.json["answer"], "--yes", "--accept-differences", "--json", *pin())
    assert applied.code == 0 and applied.json["encryptionPair"] == "proved", applied
    assert ukey("login-test", "--container", made["container"], *pin()).code == 0
    broken = ukey("desk", "issue", made["file"], "--connector", "/bin/false", "--answers", tmp_path / "none", "--accept-unverified",
        "--yes")
    assert broken.code == 1 and "UK-542" in broken.stderr, broken


def test_it_goes_on_after_a_power_cut(soft_token, ukey, tmp_path, authority, reader):
    folder, _ = authority
    with soft_token(profile="B-le", dir=tmp_path / "card"):
        old = first(ukey)["container"]
    # Writes: the PIN's try and its return, the container, and in the middle of the pair.
    with soft_token(profile="B-le", dir=tmp_path / "card", faults=["write=3,kind=remove,when=after"]):
        cut = ukey(
            "renew", "request", "--on-key", "--json", "--yes", "--container", old, "--out", tmp_path / "key.ukreq", *PERSON,
            *pin())
        assert cut.code not in (0, 2), cut
    with soft_token(profile="B-le", dir=tmp_path / "card"):
        assert ukey("login-test", "--container", old, *pin()).code == 0
        # The inventory says that something is half done, and how to go on.
        listed = ukey("list")
        assert listed.code == 0 and "ukey renew resume" in listed.stderr, listed
        resumed = ukey("renew", "resume", "--out", tmp_path / "key.ukord", "--json", *pin())
        assert resumed.code == 0, resumed
        issued = issue(ukey, tmp_path / "key.ukord", folder)
        assert issued.code == 0, issued
    with soft_token(profile="B-le", dir=tmp_path / "card", faults=["ins=72,kind=remove,when=after"]):
        cut = ukey("renew", "apply", issued.json["answer"], "--yes", "--accept-differences", *pin())
        assert cut.code not in (0, 2), cut
    with soft_token(profile="B-le", dir=tmp_path / "card"):
        assert ukey("renew", "status", "--json").json["orders"][0]["stage"] == "answered"
        resumed = ukey("renew", "resume", "--json", *pin())
        assert resumed.code == 0 and resumed.json["encryptionPair"] == "proved", resumed
        assert ukey("login-test", "--container", resumed.json["container"], *pin()).code == 0


@pytest.fixture
def both_there(soft_token, ukey, tmp_path, authority):
    """Old and new certificate on a card in `tmp_path / "card"`, which is away: the order."""
    with soft_token(dir=tmp_path / "card"):
        made = request(ukey, tmp_path, first(ukey)["container"])
        answer = issue(ukey, made["file"], authority[0]).json["answer"]
        assert ukey("renew", "apply", answer, "--yes", "--accept-differences", *pin()).code == 0
    return {**made, "answer": answer}


def test_pulled_out_while_the_old_one_goes(soft_token, ukey, tmp_path, both_there):
    """What became of it is not known and not claimed; the key shows it afterwards, and no PIN is asked for that."""
    with soft_token(dir=tmp_path / "card", faults=["ins=48,kind=remove,when=after"]):
        cut = ukey("renew", "remove-old", "--yes", "--lang", "en", *pin())
        assert cut.code not in (0, 2) and "may be gone or still there" in cut.stderr, cut
        assert "The old certificate is as it was" not in cut.stderr and "renew resume" not in cut.stderr, cut
    # Before the card had the command, and not in the removal: the old one is there.
    with soft_token(dir=tmp_path / "card") as token:
        there = both_there["oldContainer"] in containers(ukey)
        begun = len(token.trace())
        again = ukey("renew", "remove-old", "--yes", "--json", *pin())
        assert again.code == 0 and again.json["stage"] == "closed", again
        if not there:
            assert not [line for line in token.trace()[begun:] if "80 18" in str(line) or "80 48" in str(line)]
        assert both_there["oldContainer"] not in containers(ukey)


def test_an_order_that_is_done_is_not_begun_anew(soft_token, ukey, tmp_path, both_there):
    """Who runs it once more hears how it stands, and not only that there is none."""
    soft_token(dir=tmp_path / "card")
    for words in [("resume",), ("apply", both_there["answer"], "--yes")]:
        done = ukey("renew", *words, "--lang", "en", *pin())
        assert done.code == 9 and "UK-545" in done.stderr and both_there["order"] in done.stderr, done
        assert "is written and has been tried" in done.stderr, done


def test_the_old_one_goes_for_the_word(soft_token, ukey, tmp_path, environment, both_there):
    """At the terminal as in the window: whose and which, then the word; `y` is none."""
    soft_token(dir=tmp_path / "card")
    words = [program.ukey_path(), "renew", "remove-old", "--lang", "en"]
    with closing(Typed(words, environment)) as typed:
        said = typed.until("type: remove")
        assert "Valid until" in said and "nobody can ever open" in said
        typed.send("y\n")
        said = typed.until("Nothing was removed")
        assert "That is not" in said and typed.end() == 130
    assert both_there["oldContainer"] in containers(ukey)
    with closing(Typed(words, environment)) as typed:
        typed.until("type: remove")
        typed.send("remove\n")
        typed.until("PIN")
        typed.send("123456\n")
        typed.until("was removed")
        assert typed.end() == 0
    assert both_there["oldContainer"] not in containers(ukey)


def test_several_certificates_stand_below_each_other(soft_token, ukey, tmp_path):
    soft_token(dir=tmp_path / "card")
    done = ukey("renew", "--on-key", "--yes", "--out", tmp_path / "key.ukreq", *PERSON, *pin())
    assert done.code == 2 and "UK-308" in done.stderr, done
    listed = [line.split(" · ")[0] for line in done.stderr.splitlines() if line.startswith("    ")]
    assert sorted(listed) == ["    DEMO-RSA", "    DEMO-SM2-DUAL", "    DEMO-SM2-EXPIRING"], done


def test_left_at_the_pin_says_how_to_go_on(soft_token, ukey, tmp_path, environment):
    """The request is there, the key has nothing yet: a wrong PIN or Ctrl-C is not the end of it."""
    soft_token(dir=tmp_path / "card")
    old = first(ukey)["container"]
    wrong = ukey(
        "renew", "--on-key", "--yes", "--container", old, "--out", tmp_path / "key.ukreq", *PERSON, "--lang", "en", "--pin-fd",
        Secret("000000\n"))
    assert wrong.code == 7 and "ukey renew resume --order" in wrong.stderr, wrong
    with closing(Typed(
            [program.ukey_path(), "renew", "--on-key", "--container", old, "--out", tmp_path / "b.ukreq", "--name", "李四", "--mobile",
             "13800138000", "--lang", "en"], environment)) as typed:
        # What is usual is offered, and Enter takes it.
        typed.until("[certificate about to expire]: ")
        typed.send("\n")
        typed.until("[y/N]")
        typed.send("y\n")
        typed.until("tries left")
        typed.until("PIN")
        typed.send("\x03")
        typed.until("ukey renew resume --order")
        assert typed.end() == 130
    # It goes where it was to go from the beginning.
    resumed = ukey("renew", "resume", "--json", *pin())
    assert resumed.code == 0 and resumed.json["file"] == str(tmp_path / "b.ukord"), resumed


def test_what_is_refused_before_a_pin_is_asked(soft_token, ukey, tmp_path):
    for card, sample in (("piv", None), ("gm", "unknown-maker")):
        with soft_token(card=card, sample=sample) as token:
            begun = len(token.trace())
            done = ukey("renew", "request", "--on-key", "--yes", "--out", tmp_path / "key.ukreq", *PERSON, *pin())
            assert done.code == 9 and "UK-535" in done.stderr, done
            sent = token.trace()[begun:]
            # VERIFY without data only asks how many tries are left.
            pins = [line for line in sent if "80 18" in str(line) or ("00 20" in str(line) and "Lc 0" not in str(line))]
            assert not pins and not (tmp_path / "key.ukreq").exists()


def test_a_wrong_pin_ends_it_and_is_told(soft_token, ukey, tmp_path):
    soft_token(dir=tmp_path / "card")
    old = first(ukey)["container"]
    done = ukey(
        "renew", "request", "--on-key", "--json", "--yes", "--container", old, "--out", tmp_path / "key.ukreq", *PERSON,
        "--pin-fd", Secret("999999\n"))
    assert done.code == 7 and done.json["outcome"] == "wrong", done
    assert not (tmp_path / "key.ukord").exists()
    assert ukey("renew", "apply", tmp_path / "key.ukreq", "--yes").code == 9


def on(token, ukey):
    """The program on a library's token alone."""
    return lambda *words, **more: ukey(*words, "--provider", token.provider, env=token.env, timeout=90, **more)


def renewed(ukey, call, tmp_path, authority, old):
    """Request, certificate, and logins with the new one and the old."""
    folder, _ = authority
    asked = call(
        "renew", "request", "--on-key", "--json", "--yes", "--container", old, "--out", tmp_path / "key.ukreq", *PERSON, *pin())
    assert asked.code == 0, asked
    check_order(asked.json["file"], tmp_path)
    issued = issue(ukey, asked.json["file"], folder)
    assert issued.code == 0, issued
    check_answer(issued.json["answer"], folder / "authority.pem")
    applied = call("renew", "apply", issued.json["answer"], "--yes", "--accept-differences", "--json", *pin())
    assert applied.code == 0 and applied.json["stage"] == "installed", applied
    for container in (applied.json["container"], old):
        login = call("login-test", "--container", container, *pin())
        assert login.code == 0, login
    return applied.json


@pytest.mark.parametrize("kind", ["P-256", "RSA"])
def test_on_softhsm(hsm, ukey, tmp_path, authority, kind):
    hsm.add("01", kind)
    done = renewed(ukey, on(hsm, ukey), tmp_path, authority, "01")
    assert done["encryptionPair"] == "none"
    removed = on(hsm, ukey)("renew", "remove-old", "--yes", "--json", *pin())
    assert removed.code == 0 and removed.json["oldContainer"] == "01", removed
    listed = hsm.tool("pkcs11-tool", "--module", hsm.provider[7:], "--token-label", "TEST", "--login", "--pin", "123456", "-O").stdout
    assert "ID:         01" not in listed and done["container"].lower() in listed.lower(), listed
