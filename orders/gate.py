"""The gate: everything that is asked of an order before it is released.

Facts that need no lock are gathered by `prepare`; `check` reads how the customer stands, under the
lock where there is one, and judges. `judge` is a pure function of what a decision keeps, so that
any decision can be computed again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from time import perf_counter
from typing import Any

from django.utils.translation import gettext as _

from credit import standing
from credit.checks import CheckResult, evaluate
from credit.content import Content
from credit.enums import CheckCode, Exemption, Verdict
from credit.governing import Governing, governing, of_versions
from credit.models import CreditAccount, Customer
from credit.money import LARGEST, ZERO, Money
from credit.rates import Rates, rates_on
from orders.enums import DecisionKind, OrderState, Outcome
from orders.errors import OrderError
from orders.gate_rules import ask_rules, rule_result
from orders.models import Decision, Order, ShadowDecision
from staff.batch import Batch, reserve_id
from staff.models import User
from staff.prepared import ask


@dataclass(frozen=True)
class Prepared:
    """What the gate needs and can be read before the account is locked.

    `rules` says of each gate rule, also of a version in the shadow, how it came out.
    """

    policy: Governing
    rules: dict[str, Any] = field(default_factory=dict)
    shadow_rules: dict[str, Any] = field(default_factory=dict)
    first: bool | None = None
    began: float = 0.0


@dataclass(frozen=True)
class Reading:
    """What is read under the lock: how the account stands, also as the shadow's version sees it.

    `number` is the one of the decision to be written; None where none will be. `rates` tells those
    of a day, as `credit.rates.rates_on` does.
    """

    standing: Any
    shadow: Any
    number: int | None = None
    rates: Callable[..., dict[str, Any]] = rates_on


@dataclass(frozen=True)
class GateResult:
    """What the gate found; all checks were evaluated, whatever the first one said.

    `amount` is what the order needs of the limit in the account's currency, `rate` what one unit of
    the order's currency is worth in it; without a rate nothing can be reserved.
    """

    facts: dict[str, Any]
    checks: list[CheckResult]
    amount: Money
    rate: Decimal | None
    policy: Governing
    shadow_facts: dict[str, Any] | None
    began: float
    number: int | None

    @property
    def reasons(self) -> list[CheckResult]:
        """The checks that block."""
        return blocking(self.checks)

    @property
    def cash(self) -> bool:
        """Whether the order takes no credit, because it is paid before it ships."""
        return any(
            check.code == CheckCode.LIMIT and check.figures.get("exemption") == Exemption.CASH
            for check in self.checks
        )

    @property
    def asks_person(self) -> bool:
        """Whether the policy wants an approver to release what passes, too."""
        return bool(self.policy.content["release"].get("asks_person"))

    def good_until(self, at: datetime) -> datetime:
        """Up to when a release at `at` is good, as the policy says."""
        return at + timedelta(days=self.policy.content["release"]["valid_days"])

    @property
    def excess(self) -> Decimal:
        """By how much the limit would be passed, in the account's currency; 0 within it."""
        return excess_of(self.facts, self.checks)


def blocking(checks: list[CheckResult]) -> list[CheckResult]:
    """The checks that block."""
    return [check for check in checks if check.verdict == Verdict.BLOCKED]


def excess_of(facts: Mapping[str, Any], checks: list[CheckResult]) -> Decimal:
    """By how much these checks say a limit is passed, in the account's currency. Pure.

    The larger one of the account's own limit and the tightest group's; 0 where neither blocks.
    """
    rates, found = Rates.of(facts["rates"]), [ZERO]
    for each in blocking(checks):
        if each.code in (CheckCode.LIMIT, CheckCode.GROUP_LIMIT):
            excess, currency = Decimal(each.figures["excess"]), each.figures["currency"]
            found.append(rates.convert(excess, currency, facts["account"]["currency"]) or ZERO)
    return max(found)


# Whether the order `o` is the first of its customer to be released. The latest one is asked for, so
# that its index is read however many orders of the customer never were.
FIRST = """
    NOT EXISTS (
        SELECT FROM (
            SELECT e.id FROM orders_order e
            WHERE e.customer_id = o.customer_id AND e.approved_at IS NOT NULL
                AND e.state <> 'cancelled' AND e.id <> o.id
            ORDER BY e.approved_at DESC LIMIT 1
        ) earlier
    )
"""
# What is known of an order before anything is locked, and who decides about it.
_BEFORE = f"""
    SELECT g.version_id, g.shadow_id, {FIRST}
    FROM orders_order o, credit_governing(o.customer_id) g
    WHERE o.id = %s
"""  # noqa: S608


def prepare(order_id: int, at: datetime, policy: Governing | None = None) -> Prepared:
    """Read the governing policy and ask its gate rules about a stored order. No lock.

    Another `policy` takes its place where somebody only wants to know what it would say.
    Raises Order.DoesNotExist when there is no such order.
    """
    began = perf_counter()
    row = ask((_BEFORE, [order_id]))
    if row is None:
        raise Order.DoesNotExist
    version_id, shadow_id, first = row
    policy = policy or of_versions(version_id, shadow_id)
    return Prepared(
        policy=policy,
        rules=ask_rules(policy.content, order_id, at),
        shadow_rules=ask_rules(policy.shadow, order_id, at) if policy.shadow else {},
        first=first,
        began=began,
    )


def under_lock(prepared: Prepared, at: datetime) -> tuple[str, list[Any]]:
    """The columns to read along with the lock of an order `o`; they make a `Reading`."""
    contents = [prepared.policy.content, prepared.policy.shadow]
    columns = [
        standing.STANDING.format(account="o.account_id") if content else "NULL"
        for content in contents
    ]
    values = [value for content in contents if content for value in standing.question(content, at)]
    number = f"nextval(pg_get_serial_sequence('{Decision._meta.db_table}', 'id'))"
    return ", ".join([*columns, number]), values


def foresee(customer: Customer, policy: Governing | None = None) -> Prepared:
    """What can be prepared for an order that nobody has entered yet: gate rules wait."""
    released = customer.orders.filter(approved_at__isnull=False)
    first = not released.exclude(state=OrderState.CANCELLED).exists()
    return Prepared(policy=policy or governing(customer.pk), first=first)


def check(
    prepared: Prepared,
    account: CreditAccount,
    order: Order,
    at: datetime,
    *,
    held: Decimal = ZERO,
    reading: Reading | None = None,
) -> GateResult:
    """Evaluate every check for what the order still needs.

    Money paid in advance lowers the need of this order only. `held` is what the order itself
    already uses, in the account's currency; `reading` what came with the lock, and is read now
    where nothing did. Raises OrderError when the account could not hold the sum.
    """
    policy = prepared.policy
    reading = reading or _read(prepared, account, at)
    asked = _order_facts(order, held, prepared.first)
    facts = standing.facts(reading.standing, asked, policy.content, at, reading.rates)
    facts["rules"] = prepared.rules
    rates = Rates.of(facts["rates"])
    need = rates.convert(order.unpaid, order.currency, account.currency)
    if account.used + (need or ZERO) > LARGEST:
        raise OrderError(_("The amounts of this account would be larger than can be stored."))
    return GateResult(
        facts=facts,
        checks=judge(facts, policy.content),
        amount=Money(need or ZERO, account.currency),
        rate=rates.rate(order.currency, account.currency),
        policy=policy,
        shadow_facts=_in_shadow(prepared, reading, asked, at),
        began=prepared.began,
        number=reading.number,
    )


def judge(facts: Mapping[str, Any], content: Content) -> list[CheckResult]:
    """Every check and gate rule of the policy on recorded facts. Pure."""
    return evaluate(facts, content) + [
        rule_result(rule, facts["rules"].get(rule["code"])) for rule in content["rules"]
    ]


def decision(
    result: GateResult,
    *,
    order: Order,
    kind: DecisionKind,
    outcome: Outcome,
    by: User | None,
    at: datetime,
    batch: Batch,
) -> Decision:
    """Write the result down as an immutable record, when the batch is sent."""
    made = Decision(
        pk=result.number or reserve_id(Decision),
        order=order,
        order_version=order.version,
        kind=kind,
        outcome=outcome,
        at=at,
        by=by,
        amount=result.amount.amount,
        currency=result.amount.currency,
        excess=result.excess,
        policy_version_id=result.policy.version_id,
        facts=result.facts,
        checks=[check.as_json() for check in result.checks],
        milliseconds=Decimal((perf_counter() - result.began) * 1000) if result.began else None,
    )
    batch.insert([made])
    content, shadow_id = result.policy.shadow, result.policy.shadow_id
    if result.shadow_facts is not None and content is not None and shadow_id is not None:
        checks = judge(result.shadow_facts, content)
        shadow = ShadowDecision(
            decision=made,
            policy_version_id=shadow_id,
            outcome=Outcome.FAILED if blocking(checks) else Outcome.PASSED,
            facts=result.shadow_facts,
            checks=[check.as_json() for check in checks],
        )
        batch.insert([shadow])
    return made


def _order_facts(order: Order, held: Decimal, first: bool | None) -> dict[str, Any]:
    return {
        "total": str(order.total),
        "paid": str(order.paid_amount),
        "need": str(order.unpaid),
        "held": str(held),
        "currency": order.currency,
        "payment_days": order.payment_days,
        "first": first,
    }


def _in_shadow(
    prepared: Prepared, reading: Reading, asked: dict[str, Any], at: datetime
) -> dict[str, Any] | None:
    """The facts that the version in the shadow looks at, where there is one."""
    content = prepared.policy.shadow
    if content is None:
        return None
    facts = standing.facts(reading.shadow, asked, content, at, reading.rates)
    return facts | {"rules": prepared.shadow_rules}


def _read(prepared: Prepared, account: CreditAccount, at: datetime) -> Reading:
    policy = prepared.policy
    shadow = policy.shadow
    return Reading(
        standing=standing.read(account_id=account.pk, content=policy.content, at=at),
        shadow=shadow and standing.read(account_id=account.pk, content=shadow, at=at),
    )
