"""The gate rules of the demo company: what it asks of an order beside the customer's credit."""

from typing import Any

from credit.content import Content
from credit.enums import CheckSeverity


def _compared(fact: str, operator: str, value: Any) -> Content:
    return {"fact": fact, "op": operator, "value": value}


# code, severity, condition, names in English and in both kinds of Chinese
_RULES: tuple[tuple[str, CheckSeverity, Content, tuple[str, str, str]], ...] = (
    (
        "large_order",
        CheckSeverity.BLOCK,
        _compared("order.total", "more_than", {"amount": "500000", "currency": "CNY"}),
        ("Large order", "大额订单", "大額訂單"),
    ),
    (
        "flagged_goods",
        CheckSeverity.BLOCK,
        _compared("order.flagged", "is", True),
        ("Flagged goods", "风险商品", "風險商品"),
    ),
    (
        "below_cost",
        CheckSeverity.WARN,
        _compared("order.margin", "less_than", "0"),
        ("Sold below cost", "低于成本价", "低於成本價"),
    ),
    (
        "unusual_size",
        CheckSeverity.WARN,
        _compared("order.times_median", "more_than", "5"),
        ("Unusual size", "金额异常", "金額異常"),
    ),
    (
        "many_orders",
        CheckSeverity.WARN,
        _compared("order.count_24h", "more_than", "10"),
        ("Many orders in a day", "单日订单过多", "單日訂單過多"),
    ),
    (
        "new_counterparty",
        CheckSeverity.INFORM,
        {
            "any": [
                _compared("order.first_order", "is", True),
                _compared("order.customer_watch", "is", True),
                _compared("order.new_ship_to", "is", True),
            ]
        },
        ("Counterparty to look at", "需留意的交易对手", "需留意的交易對手"),
    ),
)


def rules() -> list[Content]:
    """The rules as a policy version keeps them."""
    return [
        {
            "code": code,
            "names": dict(zip(("en", "zh-hans", "zh-hant"), names, strict=True)),
            "severity": severity.value,
            "condition": condition,
        }
        for code, severity, condition, names in _RULES
    ]
