"""Requests like one that waits, and how they turned out."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Q

from approvals.endings import End, endings
from approvals.enums import RequestState
from approvals.models import ApprovalRequest
from approvals.querysets import ApprovalRequestQuerySet
from approvals.subjects import about_order
from credit.days import company_day
from credit.enums import Verdict
from orders.backtest.enums import Ending
from orders.enums import Outcome
from staff.models import User

# How many are shown of each kind, how far back others are looked for, and how many are counted.
SHOWN = 3
SINCE = timedelta(days=365)
COUNTED = 200
# Shares of the limit, in percent, between which an excess counts as alike.
BANDS = (Decimal(0), Decimal(10), Decimal(50))


@dataclass(frozen=True)
class Precedent:
    """A request like the one looked at, with what came of its order if it was released."""

    request: ApprovalRequest
    end: End | None
    same_customer: bool


@dataclass(frozen=True)
class Precedents:
    """Those shown, and how all that were counted turned out."""

    shown: list[Precedent]
    counted: int
    released: int
    on_time: int
    late: int
    unpaid: int
    refused: int


def precedents(request: ApprovalRequest, user: User, at: datetime) -> Precedents:
    """Requests of the same customer, then those of others with the same reasons and excess band.

    Only what `user` may see. The request comes `with_percent`. A fixed number of queries.
    """
    seen = ApprovalRequest.objects.for_user(user).exclude(pk=request.pk).select_related(
        "order__customer", "decided_by", "decision"
    )  # fmt: skip
    own = list(
        seen.filter(order__customer_id=request.customer.pk).with_percent().order_by("-pk")[:COUNTED]
    )
    others = list(_alike(seen, request, at).order_by("-decided_at", "-pk")[:COUNTED])
    ends = endings([*own, *others], company_day(at))
    shown = [Precedent(each, ends.get(each.pk), same_customer=True) for each in own[:SHOWN]]
    shown += [Precedent(each, ends.get(each.pk), same_customer=False) for each in others[:SHOWN]]
    return _counted(shown, [*own, *others], ends)


def _alike(
    seen: ApprovalRequestQuerySet, request: ApprovalRequest, at: datetime
) -> ApprovalRequestQuerySet:
    reasons = sorted(about_order(request).decision.reason_codes)
    blocked = [{"code": code, "verdict": Verdict.BLOCKED.value} for code in reasons]
    ended = seen.exclude(order__customer_id=request.customer.pk).filter(
        state__in=[RequestState.APPROVED, RequestState.REJECTED, RequestState.LAPSED],
        decided_at__gt=at - SINCE,
        decision__checks__contains=blocked,
    )
    if not reasons:
        ended = ended.filter(decision__outcome=Outcome.PASSED)
    return ended.with_percent().filter(band(request.percent_rank))  # type: ignore[attr-defined]


def band(percent: Decimal) -> Q:
    """Requests whose excess lies in the band of `percent`; they come `with_percent`."""
    if percent <= BANDS[0]:
        return Q(percent_rank__lte=BANDS[0])
    low = max(edge for edge in BANDS if edge < percent)
    higher = [edge for edge in BANDS if edge > low]
    within = Q(percent_rank__gt=low)
    return within & Q(percent_rank__lte=higher[0]) if higher else within


def _counted(
    shown: list[Precedent], found: list[ApprovalRequest], ends: dict[int, End]
) -> Precedents:
    how = Counter(end.ending for end in ends.values())
    refused = sum(each.state == RequestState.REJECTED for each in found)
    return Precedents(
        shown=shown,
        counted=len(ends) + refused,
        released=len(ends),
        on_time=how[Ending.ON_TIME],
        late=how[Ending.LATE],
        unpaid=how[Ending.NEVER],
        refused=refused,
    )
