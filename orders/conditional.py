"""How a released order stands with the conditions of its release, as pages show it."""

from dataclasses import dataclass

from credit.models import Promise
from orders import policies, portions
from orders.conditions import demand, is_met, progress, way_out
from orders.enums import BEFORE_SHIPPING, SHIPPABLE, ConditionKind
from orders.models import Order, ReleaseCondition
from staff.models import User


@dataclass(frozen=True, slots=True)
class Shown:
    """A condition with what it asks and how far it is met, in words, and what this user may do."""

    condition: ReleaseCondition
    demand: str
    progress: str
    met: bool
    keeps_back: bool
    may_meet: bool
    promise: Promise | None


def conditions_of(user: User, order: Order) -> list[Shown]:
    """The conditions of the order's release. One query, two where payment was promised."""
    standing = list(order.conditions.standing().select_related("set_by", "met_by").order_by("pk"))
    promise = None
    if any(one.kind == ConditionKind.PAY_WITHIN for one in standing):
        promise = Promise.objects.filter(order_id=order.pk).order_by("-pk").first()
    return [_shown(user, order, condition, promise) for condition in standing]


def before_shipping(order: Order) -> tuple[bool, list[str]]:
    """Whether nothing may leave yet, and what to know before goods do, as sentences."""
    if order.state not in SHIPPABLE or order.history:
        return False, []
    standing = list(order.conditions.standing().order_by("pk"))
    back = [one for one in standing if one.kind in BEFORE_SHIPPING and not is_met(one, order)]
    limits = [one for one in standing if one.kind == ConditionKind.AMOUNT and order.unreleased]
    rest = portions.value(portions.rest(order.lines.all())) if limits else order.total
    return bool(back), [way_out(one, order, rest) for one in [*back, *limits]]


def _shown(user: User, order: Order, condition: ReleaseCondition, promise: Promise | None) -> Shown:
    condition.order = order
    met = is_met(condition, order)
    back = condition.kind in BEFORE_SHIPPING and not met and order.state in SHIPPABLE
    document = condition.kind == ConditionKind.GUARANTEE
    return Shown(
        condition=condition,
        demand=demand(condition, order),
        progress=progress(condition, order),
        met=met,
        keeps_back=back and not order.history,
        may_meet=document and not met and policies.can_meet(user, condition),
        promise=promise if condition.kind == ConditionKind.PAY_WITHIN else None,
    )
