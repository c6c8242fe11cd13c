"""What would become of an order if it were changed or split, without doing so."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from credit import lifecycle as credit
from credit.days import company_day
from credit.models import CreditAccount
from credit.money import ZERO
from orders import gate, lifecycle, policies
from orders.amounts import LineInput, totals
from orders.covering import uncovered
from orders.differences import Pair, side_by_side
from orders.enums import OrderState, Outcome
from orders.errors import OrderError, WrongState
from orders.lifecycle.draft import Header
from orders.lifecycle.splitting import fitting
from orders.models import Decision, Order
from orders.quote import Quote
from orders.reasons import in_words
from orders.rehearsing import rehearse
from orders.remedies.fitting import Parts
from orders.versions import content_of
from staff.models import User


@dataclass(frozen=True)
class AmendedQuote(Quote):
    """A quote for a released order: whether the release survives, and if not, why."""

    stays: bool = True
    waived: bool = False
    why: list[str] = field(default_factory=list)
    changes: list[Pair] = field(default_factory=list)


def foresee_amendment(
    order: Order,
    account: CreditAccount,
    header: Header,
    lines: Sequence[LineInput],
    *,
    by: User,
    at: datetime,
) -> Quote:
    """Rehearse the change and say what came of it, also that it was refused; nothing is kept."""
    try:
        return rehearse_amendment(order, account, header, lines, by=by, at=at)
    except OrderError as error:
        return AmendedQuote(account, header.currency, problem=str(error))


def rehearse_amendment(
    order: Order,
    account: CreditAccount,
    header: Header,
    lines: Sequence[LineInput],
    *,
    by: User,
    at: datetime,
) -> AmendedQuote:
    """Rehearse the change and say what came of it; nothing of it is kept.

    Raises what the verb raises.
    """
    before, held = content_of(order), credit.order_exposure(order.pk).used

    def see(amended: Order) -> AmendedQuote:
        made = amended.decisions.select_related("policy_version").latest("pk")
        stays = amended.state == OrderState.APPROVED
        return AmendedQuote(
            account,
            header.currency,
            totals(lines),
            in_words(made, by),
            need=max(made.amount - held, ZERO),
            stays=stays,
            waived=made.outcome == Outcome.WAIVED,
            changes=side_by_side(before, content_of(amended)),
            why=[] if stays else _void_because(order, amended, before, made),
        )

    return rehearse(
        lambda: lifecycle.amend(
            order_id=order.pk,
            header=header,
            lines=lines,
            reason="-",
            seen_version=order.version,
            by=by,
            at=at,
        ),
        see,
    )


def foresee_split(order: Order, *, by: User, at: datetime) -> Parts:
    """The lines that would stay on a failed order and pass now, and those of the rest.

    Raises PermissionDenied, WrongState, or OrderError when no part fits.
    """
    if not policies.can_split(by, order):
        raise PermissionDenied(_("You may not split this order."))
    if order.state != OrderState.CREDIT_FAILED:
        raise WrongState(_("Only an order that did not pass its checks can be split so."))
    account = CreditAccount.objects.with_limits(company_day(at)).get(pk=order.account_id)
    return fitting(order, gate.check(gate.prepare(order.pk, at), account, order, at))


def _void_because(
    order: Order, amended: Order, before: dict[str, Any], made: Decision
) -> list[str]:
    """Why an approval that was given does not cover the change; nothing where none was needed."""
    if made.policy_version is None:
        return []
    approved = made.asks_person or amended.decisions.filter(outcome=Outcome.WAIVED).exists()
    if not approved:
        return []
    amended.released_total = order.released_total
    return uncovered(amended, before, made.policy_version.content, made.reason_codes)
