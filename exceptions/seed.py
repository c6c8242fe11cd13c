"""Rows the product needs from the start; what an administrator changed is left alone."""

from datetime import datetime

from django.apps import apps
from django.db import connections, transaction
from django.utils import timezone

from exceptions.detect.models import AlertRule, AlertRuleVersion, subject
from exceptions.process.enums import CauseCategory
from exceptions.process.models import Cause, Ticket
from exceptions.triage.enums import Severity
from exceptions.triage.models import SlaTarget
from rules import seeds as word_lists
from rules.conditions import validate
from rules.facts.base import Json
from rules.seeds import RESTRICTED_ADDRESS
from staff import departments
from staff.models import Department

# severity: minutes to respond, minutes to resolve
TARGETS = {
    Severity.P1: (30, 4 * 60),
    Severity.P2: (2 * 60, 24 * 60),
    Severity.P3: (8 * 60, 3 * 24 * 60),
    Severity.P4: (24 * 60, 7 * 24 * 60),
}

PAID_UNSHIPPED, MARGIN_LOW, ADDRESS_KEYWORD = "paid_unshipped_24h", "margin_low", "address_keyword"
PROMISE_BROKEN = "promise_broken"
APPROVAL_LATE = "approval_late"

# code: names in English, 简体中文, 繁體中文; severity; department; condition
RULES: dict[str, tuple[tuple[str, str, str], Severity, str, Json]] = {
    PAID_UNSHIPPED: (
        ("Paid, but not shipped", "已付款未发货", "已付款未出貨"),
        Severity.P2,
        "warehouse",
        {
            "all": [
                {
                    "fact": "order.since_payment",
                    "op": "more_than",
                    "value": {"amount": "24", "unit": "hours"},
                },
                {"fact": "order.shipped", "op": "is", "value": False},
            ]
        },
    ),
    # A margin is a matter of price, so it goes to those who answer for prices.
    MARGIN_LOW: (
        ("Low margin", "毛利率过低", "毛利率過低"),
        Severity.P3,
        "sales",
        {"fact": "order.margin", "op": "less_than", "value": "5"},
    ),
    ADDRESS_KEYWORD: (
        ("Restricted word in the ship-to address", "收货地址含受限词", "收貨地址含受限詞"),
        Severity.P2,
        "warehouse",
        {
            "fact": "order.ship_to_address",
            "op": "contains_any_of",
            "value": {"word_list": RESTRICTED_ADDRESS},
        },
    ),
    # The promise on which this order was released, or any other while goods can still be kept back.
    PROMISE_BROKEN: (
        ("A promise to pay was not kept", "付款承诺未兑现", "付款承諾未兌現"),
        Severity.P3,
        "credit",
        {
            "any": [
                {"fact": "order.promise_broken", "op": "is", "value": True},
                {
                    "all": [
                        {"fact": "order.shipped", "op": "is", "value": False},
                        {"fact": "order.broken_promises", "op": "more_than", "value": "0"},
                    ]
                },
            ]
        },
    ),
    # Those who decide have not, or cannot: somebody has to look after it.
    APPROVAL_LATE: (
        ("Approval late, or nobody can decide", "审批超时或无人可审批", "簽核逾時或無人可簽核"),
        Severity.P2,
        "credit",
        {"fact": "order.approval_late", "op": "is", "value": True},
    ),
}

# code: category; names in English, 简体中文, 繁體中文
CAUSES = {
    "wrong_order_data": (
        CauseCategory.DATA_SOURCE,
        ("Wrong data on the order", "订单数据有误", "訂單資料有誤"),
    ),
    "wrong_customer_data": (
        CauseCategory.DATA_SOURCE,
        ("Wrong customer data", "客户资料有误", "客戶資料有誤"),
    ),
    "late_event": (
        CauseCategory.DATA_SOURCE,
        ("Event recorded late or not at all", "事件漏记或迟记", "事件漏記或遲記"),
    ),
    "stock_differs": (
        CauseCategory.STOCK_SYNC,
        ("Stock on record differs from the shelf", "账面库存与实物不符", "帳面庫存與實物不符"),
    ),
    "oversold": (
        CauseCategory.STOCK_SYNC,
        ("Sold more than there was", "超卖", "超賣"),
    ),
    "warehouse_delay": (
        CauseCategory.FULFILMENT,
        ("Delay in the warehouse", "仓库作业延误", "倉庫作業延誤"),
    ),
    "carrier_delay": (
        CauseCategory.FULFILMENT,
        ("The carrier did not pick up", "承运商未揽收", "物流商未取件"),
    ),
    "waiting_for_supply": (
        CauseCategory.FULFILMENT,
        ("Waiting for goods from the supplier", "等待供应商到货", "等待供應商到貨"),
    ),
    "threshold_wrong": (
        CauseCategory.RULE_CONFLICT,
        ("The rule's threshold does not fit", "规则阈值不合适", "規則門檻值不合適"),
    ),
    "rules_contradict": (
        CauseCategory.RULE_CONFLICT,
        ("Two rules contradict each other", "规则相互冲突", "規則互相衝突"),
    ),
    "waiting_for_credit": (
        CauseCategory.CREDIT,
        ("Waiting for a credit decision", "等待信用决策", "等待信用決策"),
    ),
    "customer_overdue": (
        CauseCategory.CREDIT,
        ("The customer is overdue", "客户逾期", "客戶逾期"),
    ),
    "quality_problem": (
        CauseCategory.PRODUCT,
        ("Product quality problem", "产品质量问题", "產品品質問題"),
    ),
    "wrong_price_or_cost": (
        CauseCategory.PRODUCT,
        ("Wrong price or cost of a product", "产品价格或成本有误", "產品價格或成本有誤"),
    ),
    "price_agreed": (
        CauseCategory.TRANSACTION,
        ("Special price agreed with the customer", "与客户议定的特价", "與客戶議定的特價"),
    ),
    "address_unclear": (
        CauseCategory.TRANSACTION,
        ("Ship-to address unclear or not allowed", "收货地址不明或受限", "收貨地址不明或受限"),
    ),
}


def seed(using: str = "default", **_signal: object) -> None:
    """Receiver of post_migrate: SLA targets, causes and the first rules, where they are missing."""
    if Ticket._meta.db_table not in connections[using].introspection.table_names():
        return  # only packages further down were migrated
    # What the rules refer to. Packages below this one are told of a migration after it.
    departments.seed_after_migrate(using=using, apps=apps)
    word_lists.seed_after_migrate(using=using, apps=apps)
    for severity, (respond, resolve) in TARGETS.items():
        SlaTarget.objects.get_or_create(
            severity=severity, defaults={"respond_minutes": respond, "resolve_minutes": resolve}
        )
    for code, (category, names) in CAUSES.items():
        Cause.objects.get_or_create(code=code, defaults={"category": category, **_named(names)})
    at = timezone.now()
    for code in RULES:
        _seed_rule(code, at)


@transaction.atomic
def _seed_rule(code: str, at: datetime) -> None:
    names, severity, department, condition = RULES[code]
    rule, made = AlertRule.objects.get_or_create(code=code, defaults=_named(names))
    if not made:
        return
    rule.current = AlertRuleVersion.objects.create(
        rule=rule,
        number=1,
        condition=validate(condition, subject()),
        severity=severity,
        department=Department.objects.get(code=department),
        at=at,
    )
    rule.save(update_fields=["current"])


def _named(names: tuple[str, str, str]) -> dict[str, str]:
    return dict(zip(("name_en", "name_zh_hans", "name_zh_hant"), names, strict=True))
