"""The figures of the home page, each for one person and each with the list behind it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Sum
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from approvals.models import ApprovalRequest
from config import display
from credit.days import company_day
from credit.models import CreditAccount, CreditLimit, Customer, Invoice
from credit.money import ZERO
from exceptions.models import Ticket
from orders.enums import DecisionKind, OrderState, Outcome
from orders.models import Decision, Order
from staff.models import User

CHART_DAYS = 30


@dataclass(frozen=True)
class Tile:
    """One figure and where its list is. `value` is the figure as it is, which `figure` words."""

    code: str
    label: str
    value: Decimal | int
    figure: str
    url: str
    icon: str
    unit: str = ""
    note: str = ""
    tone: str = ""


def tiles(user: User, at: datetime) -> list[Tile]:
    """The tiles this person may see, work that waits first."""
    made: list[Tile] = []
    if user.has_perm("approvals.view_approvalrequest"):
        made.append(_approvals(user, at))
    if user.has_perm("orders.view_order"):
        made.append(_held_value(user))
    if user.has_perm("exceptions.view_ticket"):
        made += [_open_tickets(user), _sla(user, at)]
    if user.has_perm("credit.view_creditaccount"):
        made += [_exposure(user, at), _overdue(user, at)]
    return made


def _approvals(user: User, at: datetime) -> Tile:
    mine = user.has_perm("approvals.decide")
    requests = ApprovalRequest.objects
    waiting = (
        requests.waiting_for(user, company_day(at)) if mine else requests.for_user(user).open()
    )
    oldest = waiting.order_by("opened_at").values_list("opened_at", flat=True).first()
    age = _("longest for %(age)s") % {"age": display.duration(at - oldest)} if oldest else ""
    count = waiting.count()
    return Tile(
        code="approvals",
        label=_("Waiting for my decision") if mine else _("Waiting for approval"),
        value=count,
        figure=display.count(count),
        url=reverse("approvals:list"),
        icon="clipboard-check",
        note=age,
        tone="warning" if oldest and at - oldest > timedelta(days=1) else "",
    )


def _held_value(user: User) -> Tile:
    # What waits for an approval has a tile of its own.
    sums = (
        Order.objects.for_user(user)
        .only_held()
        .values("currency")
        .annotate(sum=Sum("total"), orders=Count("pk"))
    )
    rows = [(row["currency"], row["sum"]) for row in sums]
    orders = sum(row["orders"] for row in sums)
    value, unit, others = _main_currency(rows)
    note = ngettext("%(count)s order", "%(count)s orders", orders) % {"count": orders}
    return Tile(
        code="held_value",
        label=_("Held value"),
        value=value,
        figure=display.compact(value),
        unit=unit,
        url=reverse("orders:list") + "?view=held",
        icon="lock",
        note=" · ".join([note, *others]),
    )


def _open_tickets(user: User) -> Tile:
    seen = Ticket.objects.for_user(user).open()
    mine, count = Ticket.objects.mine_open(user).count(), seen.count()
    return Tile(
        code="open_tickets",
        label=_("Open tickets"),
        value=count,
        figure=display.count(count),
        url=reverse("exceptions:tickets") + "?view=open",
        icon="ticket",
        note=_("%(count)s for me") % {"count": display.count(mine)},
    )


def _sla(user: User, at: datetime) -> Tile:
    late = Ticket.objects.for_user(user).at_risk(at).count()
    return Tile(
        code="tickets_at_risk",
        label=_("Deadline at risk or missed"),
        value=late,
        figure=display.count(late),
        url=reverse("exceptions:tickets") + "?view=open&clock=at_risk",
        icon="clock-exclamation",
        note=_("tickets"),
        tone="danger" if late else "",
    )


def _exposure(user: User, at: datetime) -> Tile:
    sums = (
        CreditAccount.objects.filter(customer__in=Customer.objects.for_user(user))
        .annotate(granted=CreditLimit.objects.amount_on(company_day(at)))
        .filter(granted__isnull=False)
        .values("currency")
        .annotate(
            taken=Sum(F("reserved") + F("delivered") + F("receivable")), ceiling=Sum("granted")
        )
    )
    main = max(sums, key=lambda row: row["ceiling"], default=None)
    share = main["taken"] * 100 / main["ceiling"] if main and main["ceiling"] else ZERO
    note = ""
    if main:
        note = _("%(used)s of %(limit)s %(currency)s used") % {
            "used": display.compact(main["taken"]),
            "limit": display.compact(main["ceiling"]),
            "currency": main["currency"],
        }
    return Tile(
        code="exposure",
        label=_("Exposure against limits"),
        value=share.quantize(Decimal("0.01")),
        figure=display.percent(share, 0),
        url=reverse("credit:customers"),
        icon="gauge",
        note=note,
        tone="warning" if share > 90 else "",
    )


def _overdue(user: User, at: datetime) -> Tile:
    today = timezone.localdate(at, timezone.get_default_timezone())
    late = Invoice.objects.filter(
        open_amount__gt=0,
        due_on__lt=today,
        account__customer__in=Customer.objects.for_user(user),
    )
    sums = late.values_list("account__currency").annotate(Sum("open_amount"))
    value, unit, others = _main_currency(sums)
    return Tile(
        code="overdue",
        label=_("Overdue receivables"),
        value=value,
        figure=display.compact(value),
        unit=unit,
        url=reverse("credit:customers") + "?overdue=on",
        icon="calendar-due",
        note=" · ".join(others),
    )


def _main_currency(rows: Iterable[tuple[str, Decimal]]) -> tuple[Decimal, str, list[str]]:
    """The largest sum with its currency, the others in words: they do not add up."""
    ordered = sorted(rows, key=lambda row: row[1], reverse=True)
    if not ordered:
        return ZERO, "", []
    (currency, amount), *rest = ordered
    return amount, currency, [f"{display.compact(a)} {c}" for c, a in rest[:2]]


def gate_chart(user: User, at: datetime) -> dict[str, Any]:
    """Orders submitted on each of the last days, by what the gate said."""
    zone = timezone.get_current_timezone()
    today = timezone.localdate(at, zone)
    days = [today - timedelta(days=n) for n in reversed(range(CHART_DAYS))]
    counts = (
        Decision.objects.filter(
            kind=DecisionKind.SUBMIT,
            at__gt=at - timedelta(days=CHART_DAYS),
            order__in=Order.objects.for_user(user).filter(history=False),
        )
        .annotate(day=TruncDate("at", tzinfo=zone))
        .values_list("day", "outcome")
        .annotate(Count("pk"))
    )
    found = {(day, outcome): count for day, outcome, count in counts}
    return {
        "title": _("Orders at the gate in the last 30 days"),
        "type": "stacked",
        "whole": True,
        "category_label": _("Day"),
        "categories": [formats.date_format(day, "MONTH_DAY_FORMAT") for day in days],
        "series": [
            {
                "name": str(label),
                "values": [found.get((day, outcome), 0) for day in days],
            }
            for outcome, label in (
                (Outcome.PASSED, _("Credit check passed")),
                (Outcome.FAILED, _("Credit check failed")),
            )
        ],
    }


def worklists(user: User, at: datetime) -> dict[str, Any]:
    """The first few things that wait for this person."""
    lists: dict[str, Any] = {}
    if user.has_perm("approvals.decide"):
        waiting = ApprovalRequest.objects.waiting_for(user, company_day(at)).order_by("opened_at")
        lists["approvals"] = waiting.with_subject()[:5]
    if user.has_perm("exceptions.work_ticket"):
        mine = Ticket.objects.mine_open(user).order_by("resolve_due_at")
        lists["tickets"] = mine.select_related("order__customer", "rule")[:5]
    if user.has_perm("orders.submit_order"):
        failed = Order.objects.for_user(user).filter(state=OrderState.CREDIT_FAILED)
        lists["failed"] = failed.select_related("customer").order_by("-pk")[:5]
    return lists
