"""The other half of the doctor's proof: machines on which nothing is wrong, however odd, are told so.

A variant is a generator that makes one and yields how the doctor is run: no fault, no warning, nothing unknown, 0.
"""

import contextlib
import os
import time
from email.utils import formatdate

import pytest
from faults import Run
from faults.browsers import firefox_store, locked, permissions, preferences, with_rules
from faults.cards import HOLDER
from faults.certificates import two_applications
from faults.issuers import Authority, key_of, named
from faults.libraries import GOOD
from faults.network import firefox, hosts, proxy
from faults.pages import CALL, EXTENSION, page, site, with_extension
from faults.proxies import resolver
from faults.services import store, trust
from faults.usb import BUNDLE, EPASS, LISTED, LONGMAI, YUBIKEY
from faults.world import answer_http, quiet, silent
from test_faults import NOBODY, doctor, has_users, healthy, world  # noqa: F401

variants = []


def variant(make):
    variants.append(contextlib.contextmanager(make))
    return make


def in_tree(world, *devices, files=()):
    """A recorded tree in which there is a browser."""
    return ["--sysroot", world.tree(*devices, files=[("usr/bin/firefox", "\x7fELF"), *files])]


@variant
def gm(world):
    world.key()
    yield Run()


@variant
def page_with_its_extension(world):
    world.key()
    with_extension(world, {EXTENSION: {"state": 1}}, file="Preferences")
    yield Run(["--page", page(world, CALL)])


@variant
def gm_with_another_application_locked(world):
    """It has no certificate: nobody logs in with its PIN."""
    two_applications(world, "OTHER-DEMO")
    yield Run()


@variant
def piv(world):
    world.key(card="piv")
    yield Run()


@variant
def piv_with_two_certificates(world):
    world.key(card="piv", settings={"slots": "9A+9D"})
    yield Run()


@variant
def piv_of_short_commands(world):
    world.key(card="piv", settings={"extended": "no", "chaining": "no"})
    yield Run()


@variant
def key_of_a_profile_with_other_byte_order(world):
    world.key(profile="B-le")
    yield Run()


@variant
def key_named(world):
    world.key()
    yield Run(["--reader", world.fixture("reader").name])


@variant
def two_readers_one_empty(world):
    first, _ = world.fixture("readers")(2)
    world.key(reader=first)
    yield Run()


@variant
def slow_key(world):
    world.key(settings={"delay": 40}, changed=False, card="piv")
    yield Run(timeout=60)


@variant
def key_shared_with_another_program(world):
    world.key()
    world.python(HOLDER, world.fixture("reader").name, "shared")
    yield Run()


@variant
def no_home(world):
    world.key()
    yield Run(env={"HOME": ""})


@variant
def home_empty(world):
    world.key()
    folder = world.tmp / "home-of-nobody"
    folder.mkdir()
    yield Run(env={"HOME": str(folder)})


@variant
def chinese_locale(world):
    world.key()
    yield Run(env={"LANG": "C.utf8"})


@variant
def no_terminal_type(world):
    world.key()
    yield Run(env={"TERM": ""})


@variant
def few_descriptors(world):
    world.key()
    yield Run(prefix=["prlimit", "--nofile=64"])


def named_platform(world):
    """A platform on this computer that is reached by a name."""
    path, context = world.certificate("portal", name_of="portal.example")
    port = world.server(lambda connection: connection.recv(1), tls=context)
    world.healthy = (f"portal.example:{port}", path)


@variant
def second_address_answers(world):
    """A name with a dead address before the live one: browsers, and so the doctor, take the live one."""
    world.key()
    named_platform(world)
    with hosts(world, "127.0.0.9 portal.example", "127.0.0.1 portal.example"):
        yield Run()


@variant
def six_before_four(world):
    world.key()
    named_platform(world)
    with hosts(world, "2001:db8::9 portal.example", "127.0.0.1 portal.example"):
        yield Run()


def proxy_to_the_platform(world):
    """The port of a proxy behind which the platform is; its name resolves nowhere else."""
    path, context = world.certificate("far", name_of="far.example")
    world.healthy = ("far.example:443", path)
    return world.server(proxy(b"200 OK", lambda connection: context.wrap_socket(connection, server_side=True).recv(1)))


@variant
def platform_through_a_proxy_only(world):
    """The name does not resolve here, the proxy leads there: a company's network, and well."""
    world.key()
    port = proxy_to_the_platform(world)
    yield Run(env={"https_proxy": f"http://127.0.0.1:{port}"})


@variant
def platform_through_a_proxy_of_firefox(world):
    world.key()
    port = proxy_to_the_platform(world)
    firefox(world, '"network.proxy.type", 1', '"network.proxy.ssl", "127.0.0.1"', f'"network.proxy.ssl_port", {port}')
    yield Run()


@variant
def proxy_not_for_the_platform(world):
    world.key()
    yield Run(env={"https_proxy": "http://192.0.2.1:3128", "no_proxy": "localhost,127.0.0.1"})


@variant
def proxy_for_nothing(world):
    world.key()
    yield Run(env={"https_proxy": "http://192.0.2.1:3128", "no_proxy": "*"})


@variant
def proxy_of_plain_pages(world):
    """Browsers send nothing for this computer to it, nor what goes by TLS."""
    world.key()
    yield Run(env={"http_proxy": "http://192.0.2.1:8080"})


@variant
def firefox_without_a_proxy(world):
    world.key()
    firefox(world, '"network.proxy.type", 0', '"network.proxy.ssl", "192.0.2.1"')
    yield Run()


@variant
def resolver_that_is_not_asked(world):
    world.key()
    resolver(world, "nameserver 192.0.2.53\n")
    yield Run()


@variant
def strangers_at_known_ports(world):
    """A silent program and one with its own TLS at ports of other vendors' services."""
    world.key()
    world.server(silent, port=20443)
    _, context = world.certificate("notebook")
    world.server(answer_http(b"404 Not Found"), port=10443, tls=context)
    yield Run(timeout=10)


@variant
def service_that_wants_an_origin(world):
    world.key()

    def handle(connection):
        request = connection.recv(4096).lower()
        known = b"\r\norigin: https://" in request
        connection.sendall(b"HTTP/1.1 " + (b"200 OK" if known else b"403 Forbidden") + b"\r\nContent-Length: 0\r\n\r\n")

    world.server(handle, port=11200)
    yield Run(["--service", "rs-agent"])


@variant
def service_that_lets_only_known_pages_in(world):
    world.key()
    world.server(answer_http(b"403 Forbidden"), port=21051)
    yield Run(["--service", "bjca"])


@variant
def service_slow_to_start(world):
    world.key()

    def handle(connection):
        connection.recv(4096)
        time.sleep(2)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    world.server(handle, port=11200)
    yield Run(["--service", "rs-agent"])


@variant
def service_of_szca(world):
    world.key()
    world.server(answer_http(b"405 Method Not Allowed"), port=9528)
    yield Run(["--service", "szca"])


@variant
def service_of_ukey(world):
    world.key()
    world.server(answer_http(b"403 Forbidden"), port=21517)
    yield Run(["--service", "ukey"])


@variant
def service_of_no_known_name(world):
    world.key()
    port = world.server(answer_http(b"204 No Content"))
    yield Run(["--service", f"http://127.0.0.1:{port}/x"])


@variant
def page_whose_service_answers(world):
    world.key()
    yield Run(["--page", page(world, 'fetch("http://127.0.0.1:51235/alpha")')])


@variant
def page_that_tries_three_ports(world):
    world.key()
    world.server(answer_http(b"403 Forbidden"), port=23838)
    yield Run(["--page", page(world, 'for (p of [9528, 21317, 23838]) open("ws://127.0.0.1:" + p)')])


@variant
def page_of_a_site_on_this_computer(world):
    world.key()
    port = site(world, {"/": ("200 OK", "", "<script src=/a.js></script>"),
                        "/a.js": ("200 OK", "", "u='http://localhost:51235/alpha'")})
    yield Run(["--page", f"http://127.0.0.1:{port}/"])


@variant
def chromium_allowed(world):
    world.key()
    preferences(world, "chromium", world.healthy[0], 1)
    yield Run()


@variant
def firefox_allowed_though_chromium_is_not(world):
    world.key()
    preferences(world, "chromium", world.healthy[0], 2)
    permissions(world, f"https://{world.healthy[0]}", "loopback-network", 1)
    yield Run()


@variant
def another_site_is_not_allowed(world):
    world.key()
    preferences(world, "chromium", "other.example:443", 2)
    yield Run()


@variant
def store_with_a_module(world):
    world.key()
    with open(store(world) / "pkcs11.txt", "a") as file:
        file.write(f"\nlibrary={world.library(GOOD)}\nname=Vendor\n")
    yield Run()


@variant
def profile_without_a_store(world):
    world.key()
    firefox(world, '"browser.startup.page", 3')
    yield Run()


@variant
def library_of_the_right_kind(world):
    world.key()
    yield Run(["--library", world.library(GOOD)], user=False)


@variant
def key_of_a_module_whose_issuer_is_named(world):
    authority = Authority(world)
    key, certificate = authority.issue("holder")
    named(world, authority.certificate, authority.revoke())
    yield Run(**key_of(world, key, certificate))


@variant
def service_trusted_by_the_profile_that_is_opened(world):
    world.key()
    path, context = world.certificate("vendor")
    trust(firefox_store(world), path)
    world.server(answer_http(b"200 OK"), port=51245, tls=context)
    yield Run(["--service", "mtoken-tls"])


@variant
def proxy_of_a_policy_that_leaves_this_computer_out(world):
    world.key()
    rules = '{"ProxyServer": "192.0.2.1:8080", "ProxyBypassList": "intranet.example"}'
    yield Run(in_tree(world, EPASS, files=[(BUNDLE, LISTED), ("etc/chromium/policies/managed/proxy.json", rules)]))


@variant
def no_network_asked_for(world):
    world.key()
    yield Run(["--no-network"], network=True)


@variant
def demo(world):
    yield Run(["--demo", "--reminder-days", "1"], network=True)


@variant
def tree_with_another_device(world):
    world.key()
    yield Run(in_tree(world, dict(vendor="046d", product="c077", name="USB Mouse", interfaces=[("03", "usbhid")])))


@variant
def tree_with_the_key_on_usb(world):
    world.key()
    yield Run(in_tree(world, EPASS, files=[(BUNDLE, LISTED)]))


@variant
def second_application_of_the_card_is_off(world):
    """A YubiKey whose FIDO side is all that USB shows, beside the key that is read."""
    world.key()
    yield Run(in_tree(world, EPASS, YUBIKEY, files=[(BUNDLE, LISTED)]))


@variant
def container_with_the_hosts_service(world):
    """/sys shows the key, the driver is where the service runs."""
    world.key()
    yield Run(in_tree(world, EPASS, files=[("run/.containerenv", "")]))


@variant
def driver_built_from_source(world):
    world.key()
    yield Run(in_tree(world, EPASS, files=[(BUNDLE.replace("usr/lib", "usr/local/lib"), LISTED)]))


@variant
def security_key_beside_a_key_that_is_not_on_this_usb(world):
    world.key()
    yield Run(in_tree(world, YUBIKEY))


@variant
def key_that_its_library_reads_by_another_node(world):
    """/dev/bus/usb is closed to the user, /dev/hidraw is not: the library shows the key all the same."""
    if not has_users():
        pytest.skip("needs a second user")
    authority = Authority(world)
    run = key_of(world, *authority.issue("holder"))
    quiet("chmod", "-R", "a+rwX", world.tmp / "hsm")
    world.home.chmod(0o755)
    yield Run(in_tree(world, dict(LONGMAI, mode=0o600)) + run["arguments"], env=run["env"], prefix=NOBODY, user=False)


@variant
def socket_by_its_older_name(world):
    world.key()
    yield Run(env={"PCSCLITE_CSOCK_NAME": "/var/run/pcscd/pcscd.comm"})


@variant
def store_that_its_browser_is_writing(world):
    world.key()
    with locked(store(world) / "cert9.db"):
        yield Run()


@variant
def file_of_a_later_date(world):
    """The platform's time settles that it is the file that is wrong."""
    world.key()
    path, context = world.certificate("dated")

    def handle(connection):
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nDate: " + formatdate(usegmt=True).encode() + b"\r\nContent-Length: 0\r\n\r\n")

    world.healthy = (f"127.0.0.1:{world.server(handle, tls=context)}", path)
    arguments = in_tree(world, files=[("etc/ld.so.cache", "")])
    later = time.time() + 10 * 86400
    os.utime(arguments[1] / "etc/ld.so.cache", (later, later))
    yield Run(arguments)


ENTRY = """[Desktop Entry]
Name=Browser
Exec=env LANG=zh_CN.UTF-8 "/opt/apps/cn.example.browser/files/browser" --class=x %U
Categories=Network;WebBrowser;
MimeType=text/html;x-scheme-handler/http;x-scheme-handler/https;
[Desktop Action new]
Exec=/snap/bin/other
"""


@variant
def browser_that_only_the_desktop_knows(world):
    world.key()
    yield Run(["--sysroot", world.tree(files=[("opt/apps/cn.example.browser/entries/applications/browser.desktop", ENTRY)])])


@variant
def range_of_addresses_without_the_proxy(world):
    world.key()
    yield Run(env={"https_proxy": "http://192.0.2.1:3128", "no_proxy": "localhost,127.0.0.0/8"})


@variant
def proxy_of_a_rule_that_leaves_the_platform_out(world):
    world.key()
    named_platform(world)
    with hosts(world, "127.0.0.1 portal.example"):
        yield Run(with_rules(world, ProxyServer="192.0.2.1:8080", ProxyBypassList="<local>;*.example"))


@variant
def rule_that_allows_what_the_user_refused(world):
    world.key()
    preferences(world, "chromium", world.healthy[0], 2)
    yield Run(with_rules(world, LoopbackNetworkAllowedForUrls=["*"], LocalNetworkAccessBlockedForUrls=["*"]))


@pytest.mark.parametrize("make", variants, ids=lambda make: make.__name__)
def test_healthy(make, healthy):
    """In Chinese as root, in English as an ordinary user where there is one to be had."""
    with make(healthy) as run:
        healthy.healthy_service()
        both = run.user and not run.prefix and has_users()
        for language, prefix in (("zh", ()), ("en", NOBODY if both else ())):
            done, _ = doctor(healthy, run, language, prefix)
            told = [row for row in done.json["checks"] if row["verdict"] not in ("ok", "skipped")]
            # The demonstration's own PIN is the default one, and said to be.
            if "--demo" in run.arguments:
                told = [row for row in told if row.get("cause") != "pin-default"]
            assert not told, done
            assert not done.json["unknown"] and done.code == 0, done
