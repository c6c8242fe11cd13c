"""Credit policies themselves: what they are called, and whom they are for."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from credit.enums import CreditAction, PolicyScope
from credit.errors import CreditError
from credit.models import Customer, Policy
from journal.changes import change, entered
from journal.record import record
from staff.models import User
from staff.sentences import sentence as _

_WHOM = {"scope", "segment", "risk_class", "customer"}


@transaction.atomic
def enter_policy(
    *,
    values: Mapping[str, Any],
    excluded: Collection[Customer] = (),
    by: User,
    at: datetime,
) -> Policy:
    """A new policy, which governs nobody until a version of it is published.

    The customers that are `excluded` are governed by the next wider policy. Raises
    PermissionDenied, or ValidationError naming each field that is wrong.
    """
    if not by.has_perm("credit.add_policy"):
        raise PermissionDenied(_("You may not enter credit policies."))
    policy = Policy(**values)
    policy.full_clean()
    policy.save(force_insert=True)
    policy.excluded.set(excluded)
    data = entered(values)
    data["after"]["excluded"] = _ids(excluded)
    record(action=CreditAction.POLICY_CHANGED, subject=policy, by=by, at=at, data=data)
    return policy


@transaction.atomic
def change_policy(
    *,
    policy_id: int,
    values: Mapping[str, Any],
    excluded: Collection[Customer] | None = None,
    by: User,
    at: datetime,
) -> Policy:
    """The policy with other names, for others; it counts from the next check on. Its code stays.

    `excluded` are all that are excluded from now on, None leaves them. Nothing is written for no
    change. Raises PermissionDenied, CreditError for narrowing the policy that is for everybody, or
    ValidationError.
    """
    policy = Policy.objects.select_for_update(no_key=True).get(pk=policy_id)
    if not by.has_perm("credit.change_policy"):
        raise PermissionDenied(_("You may not change credit policies."))
    governs_rest = policy.scope == PolicyScope.ALL
    data = change(policy, {name: value for name, value in values.items() if name != "code"})
    if governs_rest and _WHOM & data["after"].keys():
        raise CreditError(
            _("This policy governs whoever has no other. Enter a new policy for some customers.")
        )
    if data["after"]:
        policy.full_clean()
        policy.save(update_fields=data["after"].keys())
    if excluded is not None:
        _exclude(policy, excluded, data)
    if data["after"]:
        record(action=CreditAction.POLICY_CHANGED, subject=policy, by=by, at=at, data=data)
    return policy


def _exclude(policy: Policy, excluded: Collection[Customer], data: dict[str, Any]) -> None:
    before, after = _ids(policy.excluded.all()), _ids(excluded)
    if before != after:
        policy.excluded.set(excluded)
        data["before"]["excluded"], data["after"]["excluded"] = before, after


def _ids(customers: Collection[Customer]) -> list[int]:
    return sorted(customer.pk for customer in customers)
