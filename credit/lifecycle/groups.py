"""Groups of accounts: whose limits an account takes from besides its own."""

from collections import defaultdict
from contextlib import suppress
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q

from credit.enums import CreditAction
from credit.errors import CreditError
from credit.models import CreditAccount, GroupExposure
from credit.money import ZERO
from credit.signals import credit_arrived
from journal.record import record
from staff.models import User
from staff.sentences import sentence as _

# How many groups may lie above an account.
DEEPEST = 5
# How often the locks are taken anew before somebody is asked to come back.
ATTEMPTS = 5


@transaction.atomic
def join_group(
    *, account_id: int, parent_id: int | None, reason: str, by: User, at: datetime
) -> CreditAccount:
    """Put an account, with all below it, under another one; None takes it out of its group.

    What they use moves along, from the groups they leave to those they join. Raises
    CreditAccount.DoesNotExist, PermissionDenied without the right, or CreditError for a circle, for
    more levels than can be, without a reason, and where nothing would change.
    """
    accounts = _lock_all(account_id, parent_id)
    if not by.has_perm("credit.change_limit"):
        raise PermissionDenied(_("You may not change the groups of customers."))
    if not reason.strip():
        raise CreditError(_("Say why the group changes; it is kept in the journal."))
    account = accounts[account_id]
    above = [] if parent_id is None else [parent_id, *accounts[parent_id].ancestors]
    below = [each for each in accounts.values() if account_id in each.ancestors]
    _guard_tree(account, above, below)
    before, moving = account.parent_id, [account, *below]
    if before == parent_id:
        raise CreditError(_("The customer is there already."))
    _move_use(moving, account.ancestors, above)
    account.parent_id = parent_id
    for each in moving:
        inside = (
            each.ancestors[: each.ancestors.index(account_id) + 1] if each is not account else []
        )
        each.ancestors = [*inside, *above]
    CreditAccount.objects.bulk_update(moving, ["parent", "ancestors"])
    record(
        action=CreditAction.GROUP_CHANGED,
        subject=account,
        by=by,
        at=at,
        reason=reason.strip(),
        data={"before": before, "after": parent_id},
    )
    # Answered by orders.receivers.ask_waiting_orders_again: another group may have more to give.
    credit_arrived.send(CreditAccount, account_id=account.pk, by=by)
    return account


class _Moved(Exception):
    """Somebody changed the groups between looking and locking."""


def _lock_all(account_id: int, parent_id: int | None) -> dict[int, CreditAccount]:
    """The account, everything below it, and everything above it before and after, locked by id.

    Who that is can change while the locks are waited for; then they are let go, since taking more
    out of order could end in a circle, and taken anew.
    """
    for _attempt in range(ATTEMPTS):
        with suppress(_Moved), transaction.atomic():
            seen = _touched(account_id, parent_id)
            accounts = {
                each.pk: each for each in CreditAccount.objects.locked().filter(pk__in=seen)
            }
            if not {account_id, parent_id or account_id} <= accounts.keys():
                raise CreditAccount.DoesNotExist
            if _touched(account_id, parent_id) == accounts.keys():
                return accounts
            raise _Moved
    raise CreditError(_("The customer's group has just changed. Repeat this."))


def _touched(account_id: int, parent_id: int | None) -> set[int]:
    touched = {account_id}
    ends = Q(pk__in=[account_id, parent_id or account_id])
    below = Q(ancestors__contains=[account_id])
    for pk, ancestors in CreditAccount.objects.filter(ends | below).values_list("pk", "ancestors"):
        touched |= {pk, *ancestors}
    return touched


def _guard_tree(account: CreditAccount, above: list[int], below: list[CreditAccount]) -> None:
    if account.pk in above:
        raise CreditError(_("A customer cannot be in a group below itself."))
    levels = max((each.ancestors.index(account.pk) + 1 for each in below), default=0)
    if len(above) + levels > DEEPEST:
        raise CreditError(_("Groups may be nested at most %(limit)s deep.") % {"limit": DEEPEST})


def _move_use(moving: list[CreditAccount], left: list[int], joined: list[int]) -> None:
    used: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for each in moving:
        used[each.currency] += each.used
    for currency, amount in sorted(used.items()):
        for group in sorted({*left, *joined}):
            GroupExposure.objects.get_or_create(
                account_id=group, currency=currency, defaults={"used": ZERO}
            )
        rows = GroupExposure.objects.filter(currency=currency)
        rows.filter(account__in=left).update(used=F("used") - amount)
        rows.filter(account__in=joined).update(used=F("used") + amount)
