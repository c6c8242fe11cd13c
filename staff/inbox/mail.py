"""A notice as a mail, in the words of its reader."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language

from staff.inbox.models import Delivery
from staff.inbox.reader import reading_as


def compose(delivery: Delivery) -> EmailMultiAlternatives:
    """The mail of a delivery. The same delivery makes the same Message-ID, however often."""
    notice = delivery.notice
    with reading_as(notice.to):
        context = {
            "notice": notice,
            "link": settings.SITE_URL + reverse("inbox:open", args=[notice.pk]),
            "profile": settings.SITE_URL + reverse("staff:profile") + "#mail",
            "language": get_language(),
        }
        mail = EmailMultiAlternatives(
            subject=notice.subject,
            body=render_to_string("inbox/mail.txt", context),
            to=[notice.to.email],
            headers={
                "Message-ID": message_id(delivery),
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "All",
            },
        )
        mail.attach_alternative(render_to_string("inbox/mail.html", context), "text/html")
    return mail


def message_id(delivery: Delivery) -> str:
    """Unique also after the database was emptied and numbers began anew."""
    moment = f"{delivery.notice.at:%Y%m%d%H%M%S%f}"
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"<notice.{delivery.pk}.{moment}@{host}>"
