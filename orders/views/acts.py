"""The actions of an order: each a small form, in a dialog or on a page of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from orders import lifecycle
from orders.actions import LABELS, available_actions
from orders.conditional import before_shipping
from orders.errors import InFuture, InvalidQuantity, OrderError, OrderHeld, WrongState
from orders.forms.acts import (
    ActForm,
    CloseShortForm,
    EventForm,
    HoldForm,
    InvoiceForm,
    PaymentForm,
    ReasonForm,
    RefundForm,
    ReturnForm,
    ShipForm,
)
from orders.forms.handling import AllocateForm, PickForm, ScanForm
from orders.models import Order
from orders.once import once
from orders.views.answers import ask, cannot, done, fresh
from orders.views.detail import get_order
from orders.views.entry import submit_and_tell
from staff.access import SignedInRequest, needs
from staff.models import User


@dataclass(frozen=True)
class Act:
    """A verb with its form. `blame` is the field that a refusal by the verb is about."""

    permission: str
    form: type[ActForm]
    verb: Callable[..., Any]
    done: str | Promise
    text: str | Promise = ""
    blame: str | None = None
    danger: bool = False


ACTS: dict[str, Act] = {
    "pay": Act(
        "orders.record_payment",
        PaymentForm,
        lifecycle.record_payment,
        gettext_lazy("The payment for order %(number)s is recorded."),
        blame="reference",
    ),
    "allocate": Act(
        "orders.allocate_goods",
        AllocateForm,
        lifecycle.allocate,
        gettext_lazy("The goods of order %(number)s are allocated."),
        text=gettext_lazy("What is allocated is kept for this order, on hand or not."),
        blame="warehouse_id",
    ),
    "pick": Act(
        "orders.ship_order",
        PickForm,
        lifecycle.pick,
        gettext_lazy("The pick for order %(number)s is recorded."),
        blame="warehouse_id",
    ),
    "ship": Act(
        "orders.ship_order",
        ShipForm,
        lifecycle.ship,
        gettext_lazy("The shipment of order %(number)s is recorded."),
        text=gettext_lazy("Everything left is filled in; lower what is to leave later."),
    ),
    "scan": Act(
        "orders.ship_order",
        ScanForm,
        lifecycle.record_scan,
        gettext_lazy("The carrier scan of order %(number)s is recorded."),
        blame="happened_at",
    ),
    "deliver": Act(
        "orders.deliver_order",
        EventForm,
        lifecycle.deliver,
        gettext_lazy("The delivery of order %(number)s is recorded."),
        blame="happened_at",
    ),
    "invoice": Act(
        "orders.invoice_order",
        InvoiceForm,
        lifecycle.invoice,
        gettext_lazy("The invoice for order %(number)s is issued."),
        blame="number",
    ),
    "return_goods": Act(
        "orders.return_goods",
        ReturnForm,
        lifecycle.return_goods,
        gettext_lazy("The return to order %(number)s is recorded."),
        text=gettext_lazy(
            "The customer owes that much less. What is invoiced already then waits for a credit "
            "note on the invoice."
        ),
    ),
    "refund": Act(
        "credit.give_refund",
        RefundForm,
        lifecycle.refund,
        gettext_lazy("The refund of order %(number)s is recorded."),
        text=gettext_lazy("What was paid beyond what is owed can be given back, and no more."),
        blame="amount",
    ),
    "set_free": Act(
        "orders.allocate_goods",
        ReasonForm,
        lifecycle.set_free,
        gettext_lazy("Nothing is allocated to order %(number)s any more."),
        text=gettext_lazy("What is kept for this order can be allocated to others."),
    ),
    "close_short": Act(
        "orders.cancel_order",
        CloseShortForm,
        lifecycle.close_short,
        gettext_lazy("Order %(number)s is closed short."),
        text=gettext_lazy(
            "What has not shipped is given up and its credit freed; the order goes on as shipped. "
            "It cannot be undone."
        ),
        danger=True,
    ),
    "hold": Act(
        "orders.hold_order",
        HoldForm,
        lifecycle.place_hold,
        gettext_lazy("Order %(number)s is held."),
        text=gettext_lazy("A held order cannot ship until each of its holds is released."),
    ),
    "take_back": Act(
        "orders.submit_order",
        ReasonForm,
        lifecycle.take_back,
        gettext_lazy("Order %(number)s is a draft again."),
        text=gettext_lazy("The order becomes a draft and its approval request is withdrawn."),
    ),
    "cancel": Act(
        "orders.cancel_order",
        ReasonForm,
        lifecycle.cancel,
        gettext_lazy("Order %(number)s is cancelled."),
        text=gettext_lazy("This ends the order and gives its credit back. It cannot be undone."),
        danger=True,
    ),
}


def _view_of(code: str) -> Callable[[SignedInRequest, int], HttpResponse]:
    @needs(ACTS[code].permission)
    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: SignedInRequest, pk: int) -> HttpResponse:
        return _act(request, pk, code)

    return view


(
    pay, allocate, pick, ship, scan, deliver, invoice, return_goods, refund, set_free, close_short,
    hold, take_back, cancel,
) = (_view_of(code) for code in ACTS)  # fmt: skip


@needs("orders.submit_order")
@require_POST
def submit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Submit a draft as it was seen."""
    order = get_order(request, pk)
    seen = request.POST.get("seen_version", "")
    order.version = int(seen) if seen.isdecimal() and len(seen) < 10 else 0
    return submit_and_tell(request, order, timezone.now())


def _act(request: SignedInRequest, pk: int, code: str) -> HttpResponse:
    user = request.user
    act, at = ACTS[code], timezone.now()
    order = get_order(request, pk)
    look = {"label": LABELS[code], "text": act.text, "danger": act.danger, "url": request.path}
    if request.method == "POST":
        form = act.form(request.POST, order=order, user=user, at=at)
        if form.is_valid() and _did(act, form):
            return done(request, order, str(act.done) % {"number": order.number}, at)
        return ask(request, order, form, look, status=422)
    if why := _why_not(user, order, code, look):
        return cannot(request, order, why)
    form = act.form(order=order, user=user, at=at, initial=_suggested(request, act.form))
    if form.nothing_left:
        return cannot(request, order, form.nothing_left)
    return ask(request, order, fresh(form), look)


def _why_not(user: User, order: Order, code: str, look: dict[str, Any]) -> str:
    """Why this cannot be done now; what else to know before shipping is added to the look."""
    held = order.holds.active().exists()
    waits, notes = before_shipping(order) if code == "ship" else (False, [])
    look["notes"] = notes
    offered = {
        action.code: action for action in available_actions(user, order, held=held, waits=waits)
    }
    if code not in offered:
        return _wrong_state(order)
    why = str(offered[code].why_not)
    return " ".join([why, *notes]) if why and not held else why


def _suggested(request: SignedInRequest, form: type[ActForm]) -> dict[str, str]:
    """What the link that led here fills in; whoever sends the form can still change it."""
    return {name: request.GET[name] for name in form.base_fields if request.GET.get(name)}


def _did(act: Act, form: ActForm) -> bool:
    """Let the verb do it, once for the form's token; a refusal is put beside its field."""
    values = {name: value for name, value in form.cleaned_data.items() if name != "token"}

    def do() -> Order:
        act.verb(order_id=form.order.pk, by=form.user, at=form.at, **values)
        return form.order

    try:
        once(form.cleaned_data["token"], form.user, do)
    except InFuture as error:
        form.add_error("happened_at", str(error))
    except (WrongState, OrderHeld, InvalidQuantity) as error:
        form.add_error(None, str(error))
    except OrderError as error:
        form.add_error(act.blame, str(error))
    return form.is_valid()


def _wrong_state(order: Order) -> str:
    return _("Order %(number)s is %(state)s, so this cannot be done now.") % {
        "number": order.number,
        "state": order.get_state_display(),
    }
