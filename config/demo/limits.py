"""Limits of every kind, a group, credit reviews and promises of the demo company."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from approvals import lifecycle as approvals
from approvals.enums import RequestState
from approvals.subjects import subject_of
from config.demo.business import Company, approver
from credit import lifecycle
from credit.days import company_day
from credit.enums import LimitType, Security
from credit.models import CreditAccount
from credit.money import quantize

DAY = timedelta(days=1)
# The group's parent, and who belongs to it: one company with its branches.
GROUP = ("C1001", ("C1009", "C5001"))
# code, days ago on which it was promised, days given, share of what was owed then, note
PROMISES = [
    ("C1010", 45, 25, "0.20", "沈浩电话承诺月底前先付一部分。"),
    ("C1001", 30, 20, "0.10", "对账邮件：两周内付清到期款。"),
    ("C1013", 33, 10, "0.60", "财务王经理承诺分批付清逾期款。"),
    ("C1008", 26, 7, "0.80", "高明口头承诺一周内付清。"),
    ("C2003", 12, 9, "0.90", "Joan Silva by phone: the whole balance next week."),
    ("C2002", 3, 12, "0.50", "E-mail of Tom Becker: half now, the rest at month end."),
    ("C1003", 2, 20, "0.30", "对账后承诺先付三成。"),
]


# code, days after that on which the reviews were planned
REVIEWS = [("C4002", 8), ("C1006", 10), ("C2002", 12), ("C1011", 14), ("C3001", 15), ("C1012", 22),
           ("C2005", 36), ("C1014", 41), ("C1001", 60), ("C1008", 200), ("C3002", 280)]  # fmt: skip
# code, days ago on which the change was requested, factor, whether it is approved, justification
CHANGES = [
    ("C1012", 9, "1.05", True, "合作两年,付款及时,年度复核后小幅提额。"),
    ("C2005", 0.2, "1.25", False, "Orders for the spring season are a quarter above last year's."),
    ("C1006", 0.1, "1.60", False, "新开三家门店,采购量预计增加六成。"),
]


def plan(company: Company) -> None:
    """Have limits granted, the group made and promises recorded while the company plays."""
    ago = company.now
    company.later(ago - 85 * DAY, lambda at: _group(company, at))
    company.later(ago - 20 * DAY, lambda at: _limits(company, at))
    company.later(ago - 15 * DAY, lambda at: _reviews(company, at))
    for code, days, factor, approved, text in CHANGES:
        company.later(ago - days * DAY, _change(company, code, Decimal(factor), approved, text))
    for code, days, given, share, note in PROMISES:
        company.later(ago - days * DAY, _promise(company, code, given, Decimal(share), note))
    for days in range(34, -1, -1):
        company.later(ago - days * DAY, lambda at: lifecycle.settle_promises(at=at))
    company.later(ago, lambda at: lifecycle.reconcile(by=None, at=at))


def _account(company: Company, code: str) -> CreditAccount:
    return CreditAccount.objects.get(customer=company.customers[code])


def _group(company: Company, at: datetime) -> None:
    parent, members = GROUP
    for code in members:
        lifecycle.join_group(
            account_id=_account(company, code).pk,
            parent_id=_account(company, parent).pk,
            reason="同一集团控股，统一授信。",
            by=company.people["credit_analyst"],
            at=at,
        )


def _limits(company: Company, at: datetime) -> None:
    """A temporary limit, one secured by insurance, and a base limit that ran out since."""
    today = company_day(at)
    granted = [
        (
            "C1007",
            lifecycle.LimitInput(
                type=LimitType.TEMPORARY,
                amount=Decimal(120_000),
                valid_until=today + 40 * DAY,
            ),
            "旺季备货，临时提高额度。",
        ),
        (
            "C2001",
            lifecycle.LimitInput(
                type=LimitType.SECURED,
                amount=Decimal(80_000),
                security=Security.INSURANCE,
                covered_percent=Decimal(90),
                reference="SINOSURE 2026-11873",
                valid_until=today + 300 * DAY,
            ),
            "Export credit insurance for the new season.",
        ),
        (
            "C2007",
            lifecycle.LimitInput(amount=Decimal(55_000), valid_until=today + 14 * DAY),
            "Until the accounts of the year are in.",
        ),
    ]
    for code, limit, reason in granted:
        lifecycle.take_over_limit(
            account_id=_account(company, code).pk,
            limit=limit,
            reason=reason,
            by=company.people["credit_analyst"],
            at=at,
        )


def _reviews(company: Company, at: datetime) -> None:
    """Credit reviews: some overdue by now, some to come, and customers without such a day."""
    today = company_day(at)
    for code, days in REVIEWS:
        lifecycle.set_review(
            account_id=_account(company, code).pk,
            review_on=today + days * DAY,
            by=company.people["credit_analyst"],
            at=at,
        )


def _change(
    company: Company, code: str, factor: Decimal, approved: bool, text: str
) -> Callable[[datetime], object]:
    def change(at: datetime) -> None:
        account = CreditAccount.objects.with_limits(company_day(at)).get(
            customer=company.customers[code]
        )
        asked = approvals.request_limit(
            account_id=account.pk,
            limit=lifecycle.LimitInput(amount=quantize(account.effective_limit.base * factor)),
            justification=text,
            by=company.people["finance"],
            at=at,
        )
        while approved and asked.state == RequestState.OPEN:
            asked = approvals.approve(
                request_id=asked.pk,
                by=approver(company, asked, at),
                comment="付款记录良好,同意。",
                at=at,
                seen_decision_id=subject_of(asked).shown,
            )

    return change


def _promise(
    company: Company, code: str, given: int, share: Decimal, note: str
) -> Callable[[datetime], object]:
    def promise(at: datetime) -> None:
        account = _account(company, code)
        # What is promised is round, as people promise.
        amount = (account.receivable * share).quantize(Decimal("1E2"))
        lifecycle.record_promise(
            account_id=account.pk,
            amount=max(amount, Decimal(500)).quantize(Decimal("0.01")),
            due_on=company_day(at) + given * DAY,
            note=note,
            by=company.people["finance"],
            at=at,
        )

    return promise
