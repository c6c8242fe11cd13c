"""Notices of a kind that only tests know."""

from decimal import Decimal
from itertools import count

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.figures import money
from staff.inbox import declare, notify
from staff.inbox.models import Delivery, Notice
from tests.factories.moments import NOW

KIND = "test.told"
_number = count(1)


def _subject(data):
    return f"{_('Approvals')}: {data['order']}"


def _text(data):
    moment = timezone.localtime(NOW).strftime("%H:%M")
    return f"{data['customer']} {money(Decimal(data['amount']))} {moment}"


# "Orders" and "Approvals" have translations, whatever the state of the catalogues.
declare(KIND, label=gettext_lazy("Orders"), subject=_subject, text=_text, icon="receipt")


def data(**values):
    return {"order": "SO-1", "customer": "Acme & Söhne", "amount": "50000.00"} | values


def tell(*people, key=None, at=NOW, kind=KIND, path="/orders/", **values):
    """Tell people of an order; what they got under this key."""
    key = key or f"test:{next(_number)}"
    ids = [person.pk for person in people]
    notify(to=ids, kind=kind, data=data(**values), path=path, key=key, at=at)
    return list(Notice.objects.filter(key=key).order_by("to_id"))


def posted(reader, at=NOW, **values):
    """A delivery that waits to be mailed to a person; needs the setting NOTICES_BY_MAIL."""
    (notice,) = tell(reader, at=at, **values)
    return Delivery.objects.select_related("notice__to").get(notice=notice)
