"""Where webhooks may lead."""

from ipaddress import ip_address

import pytest

from journal.webhooks.addresses import AddressRefused, check, is_public, resolve
from journal.webhooks.enums import Cause
from journal.webhooks.posting import post

PUBLIC = "93.184.215.14"
INSIDE = [
    "0.1.2.3", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.9.9.9", "169.254.169.254",
    "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.168.1.1", "198.18.0.1",
    "198.51.100.7", "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:93.184.215.14", "::127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "fc00::1",
    "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "5f00::1",
]  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_inside(settings):
    settings.WEBHOOK_INSIDE, settings.WEBHOOK_HTTP = [], False


def answering(*addresses):
    return lambda host, port: list(addresses)


@pytest.mark.parametrize("address", INSIDE)
def test_address_inside_is_refused(address):
    assert not is_public(ip_address(address))
    with pytest.raises(AddressRefused, match="private or special"):
        resolve("https://hooks.example.com/", answering(address))


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "172.32.0.1", "2606:4700::1111"])
def test_address_outside_is_used_as_it_was_judged(address):
    (target,) = resolve("https://hooks.example.com/a?b=c", answering(address))
    assert (target.address, target.host, target.port) == (address, "hooks.example.com", 443)
    assert (target.path, target.authority) == ("/a?b=c", "hooks.example.com")


def test_name_with_one_address_inside_is_refused():
    with pytest.raises(AddressRefused):
        resolve("https://hooks.example.com/", answering(PUBLIC, "10.0.0.1"))


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/", "ftp://hooks.example.com/", "//hooks.example.com/", "hooks",
        "https://", "https://user:word@hooks.example.com/", "https://@hooks.example.com/",
        "https://hooks.example.com/#part", "https://hooks.example.com:22/",
        "https://hooks.example.com:0/", "https://hooks.example.com:99999/",
        "https://hooks.example.com/a\nb", "https://hooks.example.com/a b", "https://127.0.0.1/",
        "https://例子.example.com/", "https://hooks.example.com/收",
        "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://[fe80::1%25eth0]/", "https://[::1/",
    ],
)  # fmt: skip
def test_address_that_may_not_be_entered_is_refused_in_words(url):
    with pytest.raises(AddressRefused) as refused:
        check(url)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1", "0177.0.0.1", "localhost"])
def test_other_spellings_of_this_machine_are_looked_up_and_refused(host):
    assert post(f"https://{host}/", "{}", {}).cause == Cause.REFUSED


@pytest.mark.parametrize("named", ["erp.example.com", "10.0.0.0/8", "ERP.example.com"])
def test_setting_allows_hosts_and_networks_inside(named, settings):
    settings.WEBHOOK_INSIDE = [named]
    (target,) = resolve("https://erp.example.com:8443/", answering("10.0.0.5"))
    assert (target.address, target.authority) == ("10.0.0.5", "erp.example.com:8443")


def test_setting_allows_nothing_else(settings):
    settings.WEBHOOK_INSIDE = ["erp.example.com", "10.0.0.0/24"]
    for host, address in (("erp.example.org", "10.0.1.5"), ("a.erp.example.com", "127.0.0.1")):
        with pytest.raises(AddressRefused):
            resolve(f"https://{host}/", answering(address))


def test_setting_allows_http(settings):
    settings.WEBHOOK_HTTP = True
    (target,) = resolve("http://hooks.example.com/", answering(PUBLIC))
    assert (target.secure, target.port) == (False, 80)


def test_post_connects_to_what_was_judged_though_the_name_moves(receiver, settings):
    # The first look-up leads to what is allowed, any further one would lead elsewhere.
    settings.WEBHOOK_INSIDE, settings.WEBHOOK_HTTP = ["127.0.0.0/8"], True
    asked = []

    def moving(host, port):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.2"]

    url = f"http://moving.test:{receiver.server_port}/"
    assert post(url, "{}", {}, look_up=moving).status == 204
    assert asked == ["moving.test"] and receiver.requests[0].headers["host"].startswith("moving")


def test_post_refuses_a_name_that_moved_inside(receiver, settings):
    settings.WEBHOOK_HTTP = True
    url = f"http://moving.test:{receiver.server_port}/"
    answer = post(url, "{}", {}, look_up=answering("127.0.0.1"))
    assert answer.cause == Cause.REFUSED and "WEBHOOK_INSIDE" in answer.error
    assert not receiver.requests


def test_post_uses_no_proxy_of_the_environment(receiver, settings, monkeypatch):
    settings.WEBHOOK_INSIDE, settings.WEBHOOK_HTTP = ["127.0.0.1"], True
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert post(receiver.url, "{}", {}).status == 204
