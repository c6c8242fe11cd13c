"""One order on one page: what it is, why it stands where it stands, and what can be done now."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import HTMX_STOP_POLLING

from credit.days import company_day
from credit.models import CreditAccount, Invoice, Promise
from journal.attachments.shown import files_of
from orders import policies
from orders.actions import available_actions
from orders.availability import goods_of
from orders.conditional import conditions_of
from orders.differences import differences
from orders.enums import WAITING, DecisionKind, OrderState, Outcome
from orders.models import Decision, Hold, Order
from orders.reasons import in_words
from orders.remedies.offering import advise
from orders.timeline import ending, timeline
from orders.versions import history_of
from orders.waiting import place as waiting_place
from staff.access import SignedInRequest, needs
from staff.models import User

# What an order's page looks like for a verb: icon, whether it ends something, its shortcut.
_LOOKS: dict[str, dict[str, Any]] = {
    "edit": {"icon": "pencil"},
    "amend": {"icon": "pencil"},
    "submit": {"icon": "send", "method": "post"},
    "take_back": {"icon": "arrow-back-up"},
    "pay": {"icon": "cash"},
    "allocate": {"icon": "bookmark"},
    "pick": {"icon": "list-check"},
    "ship": {"icon": "truck"},
    "scan": {"icon": "map-pin"},
    "deliver": {"icon": "package"},
    "invoice": {"icon": "file-invoice"},
    "return_goods": {"icon": "package"},
    "refund": {"icon": "arrow-back-up"},
    "set_free": {"icon": "lock-open"},
    "close_short": {"icon": "minus", "danger": True},
    "hold": {"icon": "lock"},
    "cancel": {"icon": "ban", "danger": True},
}
_NEXT_STEPS = ("submit", "ship", "deliver", "invoice", "pay")


@needs("orders.view_order")
@require_safe
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """The whole story of one order."""
    order = get_order(request, pk)
    return render(request, "orders/detail.html", page_of(request, order, timezone.now()))


@needs("orders.view_order")
@require_safe
def news(request: SignedInRequest, pk: int) -> HttpResponse:
    """Whether an order that waits for credit still does; asked by its page, which stays as it is.

    Nothing while it waits, so that what somebody reads or types there is left alone.
    """
    order = get_object_or_404(Order.objects.for_user(request.user), pk=pk)
    if order.state in WAITING:
        return HttpResponse(status=204)
    return render(request, "orders/_news.html", {"order": order}, status=HTMX_STOP_POLLING)


def get_order(request: SignedInRequest, pk: int) -> Order:
    """The order with all that its page shows of it. Raises Http404 for an order of others."""
    user = request.user
    orders = Order.objects.for_user(user).select_related("customer", "owner", "submitted_by")
    return get_object_or_404(orders, pk=pk)


def page_of(request: SignedInRequest, order: Order, at: datetime) -> dict[str, Any]:
    """What the page of an order shows to this user, in a fixed number of queries."""
    user = request.user
    holds, past = _holds(user, order)
    lines = list(order.lines.select_related("product"))
    goods = goods_of(user, order)
    conditions = conditions_of(user, order)
    waits = any(shown.keeps_back for shown in conditions)
    order.account = CreditAccount.objects.with_limits(company_day(at)).get(pk=order.account_id)
    decisions = list(order.decisions.select_related("by").order_by("-pk"))
    failed = order.state == OrderState.CREDIT_FAILED
    sees_credit = user.has_perm("credit.view_creditaccount")
    return {
        "order": order,
        "at": at,
        "holds": holds,
        "conditions": conditions,
        "waits": waits,
        **goods,
        "actions": _actions(user, order, held=bool(holds), waits=waits, kept=bool(goods["kept"])),
        "lines": lines,
        "partial": any(line.shipped not in (0, line.quantity) or line.returned for line in lines),
        "shipments": _movements(order.shipments).prefetch_related("scans"),
        "returns": _movements(order.returns).prefetch_related("replacements"),
        "may_replace": policies.can_replace(user, order),
        "past_holds": past,
        "payments": order.payments.select_related("recorded_by").order_by("at", "pk"),
        "refunds": order.refunds.select_related("recorded_by").order_by("at", "pk"),
        "invoices": Invoice.objects.filter(order_id=order.pk),
        "promises": Promise.objects.filter(order_id=order.pk).order_by("due_on", "pk"),
        "decisions": decisions,
        "decision": decisions[0] if decisions else None,
        "checks": in_words(decisions[0], user) if decisions else [],
        "request_for_release": order.approval_requests.order_by("-pk").first(),
        "sees_credit": sees_credit,
        "sees_margin": user.has_perm("orders.view_margin"),
        "advice": advise(order, order.account, user, at) if failed and sees_credit else None,
        "place": waiting_place(order) if failed else None,
        "released_again": _released_again(order, decisions),
        "versions": [
            (version, differences(version.content, after)) for version, after in history_of(order)
        ],
        "files": files_of(user, order),
        **judgement(user, order, decisions[0] if decisions else None),
        "timeline": timeline(request, order),
        "ending": ending(order),
    }


def _holds(user: User, order: Order) -> tuple[list[Hold], list[Hold]]:
    """The holds that stand and those released, each with what this user may do with it."""
    standing = list(order.holds.active().select_related("placed_by").order_by("placed_at"))
    for hold in standing:
        hold.order = order
        hold.may_release = policies.can_release(user, hold)
    past = list(
        order.holds.filter(released_at__isnull=False)
        .select_related("released_by", "misjudgment__by")
        .order_by("-released_at")
    )
    for hold in past:
        hold.order = order
        hold.may_judge = not hasattr(hold, "misjudgment") and policies.can_release(user, hold)  # type: ignore[attr-defined]
    return standing, past


def _movements(moved: Any) -> Any:
    """Shipments or returns with their lines, in the order in which they happened."""
    moved = moved.select_related("recorded_by", "warehouse")
    lines = moved.prefetch_related("lines__order_line__product")
    return lines.order_by("at", "pk")


def _released_again(order: Order, decisions: list[Decision]) -> Decision | None:
    """The decision by which the order was released by itself, until goods leave."""
    if order.state != OrderState.APPROVED:
        return None
    last = next((one for one in decisions if one.outcome != Outcome.FAILED), None)
    return last if last and last.kind == DecisionKind.AGAIN else None


def judgement(user: User, order: Order, decision: Decision | None) -> dict[str, Any]:
    """Which checks of the decision were marked as wrong, and whether this user may mark one."""
    if decision is None or not decision.reason_codes:
        return {}
    marked = list(decision.misjudgments.select_related("by").order_by("pk"))
    left = decision.reason_codes - {one.code for one in marked}
    return {
        "misjudgments": marked,
        "may_misjudge": bool(left) and policies.can_decide(user, order),
    }


def _actions(user: User, order: Order, **known: bool) -> list[dict[str, Any]]:
    """The verbs as buttons; the likeliest next step first among equals is the primary one."""
    offered = available_actions(user, order, **known)
    codes = [action.code for action in offered if not action.why_not]
    primary = next((code for code in _NEXT_STEPS if code in codes), None)
    buttons = [
        {
            "label": action.label,
            "url": reverse(f"orders:{action.code}", args=[order.pk]),
            "reason": action.why_not,
            "primary": action.code == primary,
            **_LOOKS[action.code],
            **({"hidden": {"seen_version": order.version}} if action.code == "submit" else {}),
        }
        for action in offered
    ]
    if user.has_perm("orders.add_order"):
        url = reverse("orders:copy", args=[order.pk])
        buttons.append({"label": _("Copy order"), "url": url, "icon": "copy"})
    # What undoes most is the farthest from the hand.
    return sorted(buttons, key=lambda button: bool(button.get("danger")))
