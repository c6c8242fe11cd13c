"""Recovery codes as a text to put away, which the page carries that shows them."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote

from django.conf import settings
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from staff.models import User


def as_link(person: User, shown: Sequence[str], *, at: datetime) -> str:
    """The text as an address that holds it, for a link that downloads."""
    return f"data:text/plain;charset=utf-8,{quote(_text(person, shown, at))}"


def _text(person: User, shown: Sequence[str], at: datetime) -> str:
    day = formats.date_format(timezone.localtime(at), "DATE_FORMAT")
    lines = [
        _("Recovery codes of %(name)s for Ordergate") % {"name": person.username},
        f"{settings.SITE_URL} · {day}",
        "",
        *shown,
        "",
        _("Each opens once, in place of a code from the app. New codes make these worthless."),
    ]
    return "\r\n".join(lines) + "\r\n"
