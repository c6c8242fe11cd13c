"""Orders that follow lighter rules, because they are paid before the goods are out of hand."""

from collections.abc import Callable
from decimal import Decimal

from credit.checks.case import HUNDRED, Case
from credit.content import Content
from credit.enums import Exemption


def exemptions(case: Case, content: Content) -> dict[str, str]:
    """The checks that are skipped for this order, each with the exemption that says so.

    Where both apply, cash on order counts: such an order ships only when all of it is paid.
    """
    skips: dict[str, str] = {}
    for row in sorted(content["exemptions"], key=lambda row: bool(row["exemption"] == _LAST)):
        if _APPLIES[row["exemption"]](case, row):
            skips |= dict.fromkeys(row["skips"], row["exemption"])
    return skips


_LAST = Exemption.CASH


def _is_cash(case: Case, _row: Content) -> bool:
    return bool(case.order["payment_days"] == 0)


def _is_prepaid(case: Case, row: Content) -> bool:
    paid, total = Decimal(case.order["paid"]), Decimal(case.order["total"])
    return paid > 0 and paid * HUNDRED >= total * Decimal(row["percent"])


_APPLIES: dict[str, Callable[[Case, Content], bool]] = {
    Exemption.CASH: _is_cash,
    Exemption.PREPAID: _is_prepaid,
}
