"""One credit decision on a page that a salesperson understands and an auditor accepts."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from credit.enums import PolicyScope
from credit.models import PolicyVersion
from orders import frozen
from orders.arithmetic import sums
from orders.enums import DecisionKind, Outcome
from orders.models import Decision, Order
from orders.reasons import CheckLine, in_words
from orders.replaying import replay
from orders.views.detail import get_order, judgement
from staff.access import SignedInRequest, needs
from staff.models import User

PEOPLE = ("by", "policy_version__policy__segment", "policy_version__policy__customer")


@needs("orders.view_order")
@require_safe
def decision(request: SignedInRequest, pk: int, decision_pk: int) -> HttpResponse:
    """One recorded decision about the order, with everything that was looked at."""
    order = get_order(request, pk)
    found = get_object_or_404(order.decisions.select_related(*PEOPLE, "shadow"), pk=decision_pk)
    sees = request.user.has_perm("credit.view_creditaccount")
    context = {
        "order": order,
        "decision": found,
        "sees_credit": sees,
        "outcome": _outcome(found, order),
        **_neighbours(order, found),
        **judgement(request.user, order, found),
    }
    if sees:
        context |= _figures(request, found)
    return render(request, "orders/decision.html", context)


def _figures(request: SignedInRequest, found: Decision) -> dict[str, Any]:
    shadow = getattr(found, "shadow", None)
    sees_policy = request.user.has_perm("credit.view_policy")
    return {
        "checks": in_words(found, request.user),
        "sums": sums(found.facts, found.checks),
        "applied": _applied(found.policy_version),
        "shadow": shadow if sees_policy else None,
        "shadow_differs": _differs(found, shadow, request.user) if shadow and sees_policy else [],
        "parts": frozen.parts(found.facts, request.user) if found.facts else [],
        "rates": (found.facts or {}).get("rates", {}),
        "recomputed": _same_again(found) if "again" in request.GET else None,
    }


def _same_again(found: Decision) -> bool:
    """Whether the decision, and the one in its shadow, come out the same from their records."""
    return not replay(Decision.objects.filter(pk=found.pk)).differing


def _outcome(found: Decision, order: Order) -> str:
    """What followed, in one sentence."""
    stopped = len(found.reasons)
    values = {"count": stopped, "all": len(found.checks), "number": order.number}
    if found.outcome == Outcome.FAILED:
        text = ngettext(
            "Order %(number)s did not pass: %(count)d of %(all)d checks stopped it.",
            "Order %(number)s did not pass: %(count)d of %(all)d checks stopped it.",
            stopped,
        )
    elif found.outcome == Outcome.WAIVED:
        text = ngettext(
            "Order %(number)s was released in spite of %(count)d check that stood against it.",
            "Order %(number)s was released in spite of %(count)d checks that stood against it.",
            stopped,
        )
    elif found.kind == DecisionKind.AGAIN:
        text = _(
            "Order %(number)s was released by itself: since money or limits arrived, none of "
            "%(all)d checks stops it."
        )
    else:
        text = _("Order %(number)s passed: none of %(all)d checks stopped it.")
    return text % values


def _applied(version: PolicyVersion | None) -> str:
    """Why this policy was the one that counted, in one sentence."""
    if version is None:
        return _("Taken before there were policies; it cannot be computed again.")
    policy = version.policy
    texts = {
        PolicyScope.ALL: _("It applies to every customer without a policy of their own."),
        PolicyScope.SEGMENT: _("It applies to customers of the segment %(scope)s."),
        PolicyScope.RISK_CLASS: _("It applies to customers of the risk class %(scope)s."),
        PolicyScope.CUSTOMER: _("It applies to %(scope)s alone."),
    }
    scope = policy.segment or policy.customer or policy.get_risk_class_display()
    return texts[PolicyScope(policy.scope)] % {"scope": scope}


def _differs(found: Decision, shadow: Any, user: User) -> list[CheckLine]:
    """The checks that the version in the shadow decides otherwise, as it sees them."""
    verdicts = {check["code"]: check["verdict"] for check in found.checks}
    lines = in_words(shadow, user)
    return [line for line in lines if verdicts.get(line.check["code"]) != line.check["verdict"]]


def _neighbours(order: Order, found: Decision) -> dict[str, Any]:
    near = order.decisions.only("pk", "kind", "at")
    return {
        "earlier": near.filter(pk__lt=found.pk).order_by("-pk").first(),
        "later": near.filter(pk__gt=found.pk).order_by("pk").first(),
    }
