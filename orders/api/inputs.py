"""What callers send about orders, and what the verbs are given for it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from credit.models import Customer
from credit.money import CURRENCIES
from orders.amounts import HUNDRED, LARGEST_PRICE, LONGEST_LOT, LineInput
from orders.catalogue import Found, find_skus
from orders.enums import HoldReason, PaymentMethod
from orders.lifecycle.draft import Header
from orders.models import Order, Warehouse
from staff.api.fields import CodeField
from staff.api.inputs import ReasonIn
from staff.api.kept import kept
from staff.models import User

MOST_LINES = 500
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


class LineIn(serializers.Serializer):
    """A line: without a price it is the list price, without a tax that of the product."""

    sku = serializers.CharField(max_length=60)
    quantity = serializers.DecimalField(max_digits=12, decimal_places=3, min_value=Decimal("0.001"))
    price = serializers.DecimalField(
        max_digits=12,
        decimal_places=2,
        min_value=Decimal(0),
        max_value=LARGEST_PRICE,
        required=False,
    )
    discount_percent = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=Decimal(0), max_value=HUNDRED, default=Decimal(0)
    )
    tax_percent = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=Decimal(0), max_value=HUNDRED, required=False
    )
    lot = serializers.CharField(
        max_length=LONGEST_LOT, required=False, allow_blank=True, default=""
    )


class ContentIn(serializers.Serializer):
    """What an order says. Without a currency it is that of the account, without terms theirs."""

    currency = serializers.ChoiceField(CURRENCIES, required=False)
    payment_days = serializers.IntegerField(min_value=0, max_value=365, required=False)
    ship_to_name = serializers.CharField(max_length=120, allow_blank=True, default="")
    ship_to_phone = serializers.CharField(max_length=40, allow_blank=True, default="")
    ship_to_address = serializers.CharField(max_length=300, allow_blank=True, default="")
    note = serializers.CharField(max_length=5000, allow_blank=True, default="")
    promised_at = serializers.DateTimeField(allow_null=True, default=None)
    lines = serializers.ListField(child=LineIn(), max_length=MOST_LINES, allow_empty=True)

    def validate_promised_at(self, moment: datetime | None) -> datetime | None:
        return moment if moment is None else sensible(moment)


class QuoteIn(ContentIn):
    """An order that is only asked about."""

    customer = serializers.CharField(max_length=40, help_text="The code of the customer.")


@kept
class OrderIn(QuoteIn):
    """A new order. `submit` puts it through the gate at once: both are done, or neither."""

    external_id = serializers.CharField(max_length=80, allow_blank=True, default="")
    submit = serializers.BooleanField(default=False)


class EditIn(ContentIn):
    """What a draft says from now on; `version` or If-Match tells which one was seen."""

    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1, required=False)


class AmendIn(EditIn, ReasonIn):
    """What a released order says from now on, and why."""


@kept
class VersionIn(serializers.Serializer):
    """Which version was seen; without one, the order is taken as it is now."""

    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1, required=False)


class EventIn(serializers.Serializer):
    """Something that happened; without a moment, just now."""

    happened_at = serializers.DateTimeField(required=False)

    def validate_happened_at(self, moment: datetime) -> datetime:
        return sensible(moment)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs.setdefault("happened_at", self.context["view"].at)
        return attrs


class PaymentIn(EventIn):
    """Money received, in the order's currency; the same reference is taken once per order."""

    amount = serializers.DecimalField(max_digits=18, decimal_places=2, min_value=Decimal("0.01"))
    method = serializers.ChoiceField(PaymentMethod.choices, default=PaymentMethod.TRANSFER.value)
    reference = serializers.CharField(max_length=80, allow_blank=True, default="")


class RefundIn(PaymentIn, ReasonIn):
    """Money given back, in the order's currency, and why."""


class PieceIn(serializers.Serializer):
    """How much of a line of the order, named by its position."""

    position = serializers.IntegerField(min_value=1, max_value=32767)
    quantity = serializers.DecimalField(max_digits=12, decimal_places=3, min_value=Decimal(0))


class ShipIn(EventIn):
    """Goods that left; without lines, all that is left to ship.

    With the code of a warehouse they are not on hand there any more.
    """

    lines = serializers.ListField(child=PieceIn(), max_length=MOST_LINES, required=False)
    warehouse = CodeField(Warehouse.objects.all, allow_blank=True, default="")
    carrier = serializers.CharField(max_length=80, allow_blank=True, default="")
    tracking_number = serializers.CharField(max_length=80, allow_blank=True, default="")


class ReturnIn(EventIn, ReasonIn):
    """Goods that came back, and why; with the code of a warehouse they are on hand there again."""

    lines = serializers.ListField(child=PieceIn(), max_length=MOST_LINES)
    warehouse = CodeField(Warehouse.objects.all, allow_blank=True, default="")


class InvoiceIn(EventIn):
    """An invoice; without an amount, for what shipped and is not invoiced."""

    number = serializers.CharField(max_length=60)
    amount = serializers.DecimalField(
        max_digits=18, decimal_places=2, min_value=Decimal(0), required=False
    )


class CloseShortIn(EventIn, ReasonIn):
    """The rest of a partly shipped order is given up, and why."""


class HoldIn(serializers.Serializer):
    """A hold; a forced one is released only by those who may force."""

    reason = serializers.ChoiceField(HoldReason.choices)
    note = serializers.CharField(max_length=1000)
    forced = serializers.BooleanField(default=False)


class NoteIn(serializers.Serializer):
    """Why: it is kept."""

    note = serializers.CharField(max_length=1000)


class EvidenceIn(serializers.Serializer):
    """Which document came in, and where it is."""

    evidence = serializers.CharField(max_length=1000)


class MisjudgedIn(ReasonIn):
    """Which check of a decision was wrong, and why; without a decision, the latest."""

    code = serializers.CharField(max_length=40)
    decision = serializers.IntegerField(min_value=1, max_value=2**62, required=False)


class ManyIn(serializers.Serializer):
    """Up to 1,000 new orders, each of which is entered and submitted, or refused, by itself."""

    orders = serializers.ListField(
        child=OrderIn(), min_length=1, max_length=1000, allow_empty=False
    )


class RawManyIn(serializers.Serializer):
    """The same, each order as it was sent."""

    orders = serializers.ListField(child=serializers.JSONField(), min_length=1, max_length=1000)


def unknown_customer() -> ValidationError:
    return ValidationError({"customer": [_("You have no customer with this code.")]})


def customer_of(user: User, code: str) -> Customer:
    """The customer with this code, with their account. Raises ValidationError without one."""
    found = (
        Customer.objects.for_user(user).select_related("account").filter(code=code).first()
        if code
        else None
    )
    if found is None:
        raise unknown_customer()
    return found


def header_of(content: Mapping[str, Any], customer: Customer) -> Header:
    """What the order says apart from its lines."""
    account = getattr(customer, "account", None)
    standing = {
        "currency": account.currency if account else "CNY",
        "payment_days": customer.payment_days,
    }
    return Header(**{name: content.get(name, standing.get(name)) for name in Header.__slots__})


def lines_of(lines: Sequence[Mapping[str, Any]], known: Mapping[str, Found]) -> list[LineInput]:
    """The lines with their products. Raises ValidationError naming each line without one."""
    problems = {
        str(place): {"sku": [known[line["sku"]].problem]}
        for place, line in enumerate(lines)
        if known[line["sku"]].product is None
    }
    if problems:
        raise ValidationError({"lines": problems})
    return [_line(line, known[line["sku"]]) for line in lines]


def known_products(lines: Iterable[Mapping[str, Any]], currency: str) -> dict[str, Found]:
    """The products of the lines, with their prices in the currency."""
    return find_skus({line["sku"] for line in lines}, currency)


def _line(line: Mapping[str, Any], found: Found) -> LineInput:
    product, listed = found.product, found.price
    if product is None or listed is None:
        raise ValueError("only a product that was found has its figures")
    return LineInput(
        product_id=product.pk,
        quantity=line["quantity"],
        price=line.get("price", listed.price),
        tax_percent=line.get("tax_percent", product.tax_percent),
        discount_percent=line["discount_percent"],
        list_price=listed.price,
        unit_cost=listed.cost,
        lot=line["lot"],
    )


def quantities_of(order: Order, pieces: Sequence[Mapping[str, Any]]) -> dict[int, Decimal]:
    """Quantities by the id of the line, as the verbs take them.

    Raises ValidationError for a position that the order has not, or that is named twice.
    """
    ids = dict(order.lines.values_list("position", "pk"))
    named = [piece["position"] for piece in pieces]
    if len(set(named)) != len(named) or set(named) - set(ids):
        raise ValidationError({"lines": [_("Name positions of the order, each of them once.")]})
    return {ids[piece["position"]]: piece["quantity"] for piece in pieces}


def sensible(moment: datetime) -> datetime:
    """The moment, if it lies in living memory. Raises ValidationError for any other."""
    latest = timezone.now().replace(year=timezone.now().year + 50, day=1)
    if not _EARLIEST <= moment <= latest:
        raise ValidationError(_("This is not a likely time. Check the year."))
    return moment
