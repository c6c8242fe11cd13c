import pytest
from django.core.exceptions import ImproperlyConfigured

from config.mail import MailServer, sender, server


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.com", MailServer("mail.example.com", 25)),
        ("smtp://localhost:1025", MailServer("localhost", 1025)),
        (
            "smtp+tls://ann%40example.com:p%2Fw@mail.example.com",
            MailServer("mail.example.com", 587, "ann@example.com", "p/w", tls=True),
        ),
        ("smtps://a:b@mail.example.com", MailServer("mail.example.com", 465, "a", "b", ssl=True)),
    ],
)
def test_server_reads_what_an_address_says(url, expected):
    assert server(url) == expected


def test_server_is_none_without_an_address():
    assert not server("").exists


@pytest.mark.parametrize(
    "url", ["mail.example.com", "http://secret:secret@host", "smtp://", "smtp://secret@h:x"]
)
def test_server_refuses_other_addresses_and_keeps_their_secrets(url):
    with pytest.raises(ImproperlyConfigured) as refusal:
        server(url)
    assert "secret" not in str(refusal.value)


def test_sender_comes_from_the_name_of_the_site():
    assert sender("https://orders.example.com") == "Ordergate <ordergate@orders.example.com>"
