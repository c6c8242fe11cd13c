"""The order and its state diagram."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Cast, Concat, Greatest, Length, LPad
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition
from django_stubs_ext import StrOrPromise

from credit.models import CreditAccount, Customer
from credit.money import CURRENCIES, ZERO
from orders.enums import CLOSED, UNSHIPPED, WAITING, OrderState, Source
from orders.models.amount_rules import AMOUNT_RULES
from orders.models.claim import Claim
from orders.models.history import HISTORY_INDEXES
from orders.querysets import OrderQuerySet
from orders.search_trigger import search_trigger
from orders.state_trigger import state_triggers

_DIGITS = Cast("id", models.CharField())


def amount(label: StrOrPromise, **options: Any) -> models.DecimalField:
    """A column of amounts."""
    return models.DecimalField(label, max_digits=18, decimal_places=2, **options)


class Order(Claim, models.Model):
    """What a customer wants, on its way to them. Amounts are in `currency`.

    The moments say when each thing happened in the world, not when it was entered; `paid_at` is
    when the order was paid in full, `shipped_at` when the last goods left, `invoiced_at` when
    nothing was left to invoice.
    """

    number = models.GeneratedField(
        verbose_name=_("number"),
        expression=Concat(
            models.Value("SO-"),
            # Cutting longer ones off, as LPad does, would give two orders the same number.
            LPad(_DIGITS, Greatest(models.Value(7), Length(_DIGITS)), models.Value("0")),
        ),
        output_field=models.CharField(max_length=24),
        db_persist=True,
    )
    state = FSMField(
        _("state"),
        max_length=14,
        default=OrderState.DRAFT,
        choices=OrderState.choices,
        protected=True,
        db_index=False,
    )
    version = models.PositiveIntegerField(_("version"), default=1)
    source = models.CharField(
        _("source"), max_length=8, choices=Source.choices, default=Source.FORM
    )
    external_id = models.CharField(_("number at the source"), max_length=80, blank=True)
    history = models.BooleanField(
        _("imported history"),
        default=False,
        help_text=_("Happened elsewhere before it was imported; no tickets are opened for it."),
    )
    import_run = models.ForeignKey(
        "orders.ImportRun",
        verbose_name=_("import"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        db_index=False,
        related_name="orders",
    )
    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        on_delete=models.PROTECT,
        related_name="orders",
        db_index=False,
    )
    account = models.ForeignKey(
        CreditAccount, verbose_name=_("account"), on_delete=models.PROTECT, related_name="orders"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("salesperson"),
        on_delete=models.PROTECT,
        related_name="orders",
        db_index=False,
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("submitted by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    replaces = models.ForeignKey(
        "orders.Return",
        verbose_name=_("replaces the return"),
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        db_index=False,
        related_name="replacements",
    )
    # Whether events wait on it, so that its verbs need not look for any.
    events_wait = models.BooleanField(_("events wait"), default=False, db_default=False)
    currency = models.CharField(_("currency"), max_length=3, choices=CURRENCIES)
    payment_days = models.PositiveSmallIntegerField(
        _("payment terms in days"), default=30, validators=[MaxValueValidator(365)]
    )
    ship_to_name = models.CharField(_("recipient"), max_length=120, blank=True)
    ship_to_phone = models.CharField(_("phone"), max_length=40, blank=True)
    ship_to_address = models.CharField(_("ship-to address"), max_length=300, blank=True)
    note = models.TextField(_("note"), blank=True)

    net = amount(_("net"), default=ZERO)
    tax = amount(_("tax"), default=ZERO)
    total = amount(_("total"), default=ZERO)
    cost = amount(_("cost"), null=True)
    margin_percent = models.GeneratedField(
        verbose_name=_("margin %"),
        expression=models.Case(
            models.When(net__gt=0, then=(F("net") - F("cost")) * 100 / F("net")),
            default=None,
        ),
        output_field=models.DecimalField(max_digits=24, decimal_places=2),
        db_persist=True,
    )
    paid_amount = amount(_("paid"), default=ZERO)
    invoiced_amount = amount(_("invoiced"), default=ZERO, db_default=ZERO)
    reduction = amount(_("never shipped or returned"), default=ZERO, db_default=ZERO)
    to_credit = amount(_("invoiced, then never shipped or returned"), default=ZERO, db_default=ZERO)
    credited_amount = amount(_("credit notes"), default=ZERO, db_default=ZERO)
    written_off = amount(_("written off"), default=ZERO, db_default=ZERO)

    # What an approver did not release of it, so that it neither ships nor takes credit.
    unreleased = amount(_("not released"), default=ZERO, db_default=ZERO)

    # Set by the gate: what one unit of the order's currency was worth in the account's, up to when
    # and up to which total the release is good, and whether it only ships when it is paid.
    rate = models.DecimalField(_("rate"), max_digits=20, decimal_places=10, null=True)
    released_until = models.DateTimeField(_("release good until"), null=True)
    released_total = amount(_("total at the release"), null=True)
    ship_when_paid = models.BooleanField(_("ships when paid"), default=False, db_default=False)

    created_at = models.DateTimeField(_("entered"))
    submitted_at = models.DateTimeField(_("submitted"), null=True)
    approved_at = models.DateTimeField(_("released"), null=True)
    paid_at = models.DateTimeField(_("paid in full"), null=True)
    shipped_at = models.DateTimeField(_("shipped"), null=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True)
    invoiced_at = models.DateTimeField(_("invoiced"), null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    promised_at = models.DateTimeField(_("promised for"), null=True, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        default_permissions = ("add", "view")
        permissions = [
            ("submit_order", _("Can submit orders")),
            ("cancel_order", _("Can cancel orders")),
            ("hold_order", _("Can place holds")),
            ("release_hold", _("Can release holds")),
            ("force_hold", _("Can place and release forced holds")),
            ("record_payment", _("Can record payments")),
            ("ship_order", _("Can ship orders")),
            ("deliver_order", _("Can record deliveries")),
            ("return_goods", _("Can record returned goods")),
            ("replace_goods", _("Can enter replacements of returned goods")),
            ("allocate_goods", _("Can allocate goods to orders")),
            ("invoice_order", _("Can issue invoices")),
            ("import_data", _("Can import files")),
        ]
        # Every step of an order writes all of them anew: none that another one serves as well.
        indexes = [
            models.Index(fields=["customer", "-id"], name="order_by_customer"),
            models.Index(fields=["state", "-id"], name="order_by_state"),
            models.Index(fields=["owner", "-id"], name="order_by_owner"),
            # The order list sorted by date or by amount, and its pages.
            models.Index(fields=["created_at", "id"], name="order_by_date"),
            models.Index(fields=["total", "id"], name="order_by_amount"),
            models.Index(
                fields=["paid_at", "id"],
                name="order_paid_unshipped",
                condition=Q(paid_at__isnull=False, shipped_at__isnull=True, closed_at__isnull=True),
            ),
            models.Index(
                fields=["shipped_at"],
                name="order_shipped_open",
                condition=Q(shipped_at__isnull=False, closed_at__isnull=True),
            ),
            models.Index(
                fields=["margin_percent"],
                name="order_margin_open",
                condition=Q(closed_at__isnull=True),
            ),
            models.Index(
                fields=["replaces"], name="order_replaces", condition=Q(replaces__isnull=False)
            ),
            *HISTORY_INDEXES,
        ]
        constraints = [
            models.UniqueConstraint(name="order_number_once", fields=["number"]),
            models.UniqueConstraint(
                name="order_external_id_once_per_source",
                fields=["source", "external_id"],
                condition=~Q(external_id=""),
            ),
            *AMOUNT_RULES,
            models.CheckConstraint(
                name="order_closed_has_moment",
                condition=Q(closed_at__isnull=False, state__in=CLOSED)
                | Q(closed_at__isnull=True) & ~Q(state__in=CLOSED),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    # The state diagram. `lifecycle` holds everything else that belongs to a step.

    @transition(state, source=OrderState.DRAFT, target=OrderState.SUBMITTED)
    def to_submitted(self) -> None: ...

    @transition(state, source=OrderState.SUBMITTED, target=OrderState.CREDIT_PASSED)
    def to_credit_passed(self) -> None: ...

    @transition(
        state,
        source=[OrderState.SUBMITTED, OrderState.CREDIT_PASSED],
        target=OrderState.CREDIT_FAILED,
    )
    def to_credit_failed(self) -> None: ...

    @transition(state, source=OrderState.APPROVED, target=OrderState.SUBMITTED)
    def to_reopened(self) -> None: ...

    @transition(state, source=WAITING, target=OrderState.APPROVED)
    def to_approved(self) -> None: ...

    @transition(state, source=WAITING, target=OrderState.REJECTED)
    def to_rejected(self) -> None: ...

    @transition(state, source=WAITING, target=OrderState.DRAFT)
    def to_draft(self) -> None: ...

    @transition(state, source=OrderState.APPROVED, target=OrderState.PARTLY_SHIPPED)
    def to_partly_shipped(self) -> None: ...

    @transition(
        state,
        source=[OrderState.APPROVED, OrderState.PARTLY_SHIPPED],
        target=OrderState.SHIPPED,
    )
    def to_shipped(self) -> None: ...

    @transition(state, source=OrderState.SHIPPED, target=OrderState.DELIVERED)
    def to_delivered(self) -> None: ...

    @transition(state, source=OrderState.DELIVERED, target=OrderState.COMPLETED)
    def to_completed(self) -> None: ...

    @transition(state, source=[OrderState.DRAFT, *UNSHIPPED], target=OrderState.CANCELLED)
    def to_cancelled(self) -> None: ...


state_triggers(Order, "state")
search_trigger(Order)
