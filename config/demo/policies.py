"""The credit policies and exchange rates of the demo company."""

from copy import deepcopy
from datetime import datetime, timedelta
from decimal import Decimal

from config.demo import gate_rules
from credit.content import Content, default_content
from credit.enums import CheckCode, CheckSeverity, PolicyScope
from credit.lifecycle import policies
from credit.models import ExchangeRate, Policy, Segment
from staff.models import User

# One unit of each currency in Chinese yuan, as of the company's first day.
RATES = {"USD": "7.1035", "EUR": "8.2410", "HKD": "0.9128", "TWD": "0.2261", "JPY": "0.0468"}


def load(people: dict[str, User], at: datetime) -> None:
    """Publish the policies and enter the rates as of `at`; segments exist already."""
    for currency, rate in RATES.items():
        ExchangeRate.objects.create(
            source=currency,
            target="CNY",
            rate=Decimal(rate),
            valid_on=(at - timedelta(days=1)).date(),
            origin="Demo bulletin",
        )
    standard = Policy.objects.get(scope=PolicyScope.ALL)
    _publish(standard, _standard(), "客户逾期一周以内不拦截", people, at)
    state = Policy.objects.create(
        code="state-owned",
        scope=PolicyScope.SEGMENT,
        segment=Segment.objects.get(code="state"),
        name_en="State-owned customers",
        name_zh_hans="国有企业客户",
        name_zh_hant="國有企業客戶",
    )
    _publish(state, _lighter(), "国有企业付款较慢但可靠", people, at)


def _standard() -> Content:
    """A week of grace for overdue invoices, a word of warning about much else."""
    content = default_content()
    _set(content, CheckCode.OVERDUE, days=7)
    _set(content, CheckCode.PROMISES, severity=CheckSeverity.WARN)
    _set(content, CheckCode.RISK_CLASS, severity=CheckSeverity.WARN)
    _set(content, CheckCode.FIRST_ORDER, severity=CheckSeverity.INFORM)
    return content | {"rules": gate_rules.rules()}


def _lighter() -> Content:
    """What is overdue is only mentioned, and long terms are accepted."""
    content = deepcopy(_standard())
    _set(content, CheckCode.OVERDUE, severity=CheckSeverity.INFORM, days=30)
    _set(content, CheckCode.TERMS, severity=CheckSeverity.OFF)
    return content


def _set(content: Content, code: str, **values: object) -> None:
    next(row for row in content["checks"] if row["check"] == code).update(values)


def _publish(
    policy: Policy, content: Content, note: str, people: dict[str, User], at: datetime
) -> None:
    by = people["credit_analyst"]
    version = policies.draft_version(policy_id=policy.pk, content=content, note=note, by=by, at=at)
    policies.publish(version_id=version.pk, by=by, at=at)
