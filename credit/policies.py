"""Who may do what to an account's receivables. Each predicate answers for one verb."""

from collections.abc import Callable

from credit.models import CreditAccount, Customer
from staff.models import User


def can_see(user: User, account: CreditAccount) -> bool:
    """One's own customers, or all with the right to see all customers."""
    return user.has_perm("credit.view_all_customers") or account.customer.owner_id == user.pk


def _sees_and_has(permission: str) -> Callable[[User, CreditAccount], bool]:
    def allowed(user: User, account: CreditAccount) -> bool:
        return user.has_perm(permission) and can_see(user, account)

    return allowed


def can_keep_addresses(user: User, customer: Customer) -> bool:
    """Of customers whom one sees."""
    sees = user.has_perm("credit.view_all_customers") or customer.owner_id == user.pk
    return user.has_perm("credit.keep_addresses") and sees


def can_review(user: User, account: CreditAccount) -> bool:
    """Whoever sets limits, but never for customers that they look after themselves."""
    may = user.has_perm("credit.change_limit") and can_see(user, account)
    return may and account.customer.owner_id != user.pk


can_record_receipt = _sees_and_has("credit.record_receipt")
can_refund = _sees_and_has("credit.give_refund")
can_record_promise = _sees_and_has("credit.record_promise")
can_dispute = _sees_and_has("credit.dispute_invoice")
can_credit = _sees_and_has("credit.issue_credit_note")
can_write_off = _sees_and_has("credit.write_off")
can_open_item = _sees_and_has("credit.add_invoice")
