from datetime import timedelta

import pytest

from staff.inbox.mail import compose
from tests.factories.moments import NOW
from tests.factories.notices import posted
from tests.factories.staff import person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def by_mail(settings):
    settings.NOTICES_BY_MAIL = True
    settings.SITE_URL = "https://orders.example.com"


def mail_to(reader=None, **values):
    return compose(posted(reader or person(email="ada@example.com"), **values))


def test_mail_says_what_is_told_and_where_to_look():
    delivery = posted(person(email="ada@example.com"))
    mail = compose(delivery)
    assert (mail.subject, mail.to) == ("Approvals: SO-1", ["ada@example.com"])
    assert "Acme & Söhne 50,000.00" in mail.body
    assert f"https://orders.example.com/inbox/{delivery.notice_id}/" in mail.body


@pytest.mark.parametrize(
    ("language", "subject"),
    [("", "Approvals"), ("en", "Approvals"), ("zh-hans", "审批"), ("zh-hant", "簽核")],
)
def test_mail_speaks_the_language_of_its_reader(language, subject):
    mail = mail_to(person(email="ada@example.com", language=language))
    assert mail.subject == f"{subject}: SO-1"
    assert f'lang="{language or "en"}"' in mail.alternatives[0].content


def test_mail_tells_times_in_the_zone_of_its_reader():
    mail = mail_to(person(email="a@example.com", time_zone="Europe/Berlin"))
    assert "50,000.00 10:00" in mail.body
    assert "50,000.00 17:00" in mail_to(person(email="b@example.com", time_zone="Mars/One")).body


def test_mail_keeps_line_breaks_out_of_its_head():
    head = mail_to(order="SO-1\r\nBcc: everybody@example.com").message()
    assert head["Subject"] == "Approvals: SO-1 Bcc: everybody@example.com"
    assert head["Bcc"] is None


def test_mail_escapes_what_it_tells_in_its_html_only():
    mail = mail_to(customer="<b>&")
    assert "<b>&" in mail.body
    assert "&lt;b&gt;&amp;" in mail.alternatives[0].content


def test_mail_says_that_no_person_wrote_it():
    assert mail_to().message()["Auto-Submitted"] == "auto-generated"


def test_mail_of_a_delivery_keeps_its_message_id():
    delivery = posted(person(email="ada@example.com"))
    first, again = compose(delivery).message()["Message-ID"], compose(delivery).message()
    assert first == again["Message-ID"]
    other = posted(person(email="bob@example.com"), at=NOW + timedelta(microseconds=1))
    assert compose(other).message()["Message-ID"] != first
    assert first.endswith("@orders.example.com>")
