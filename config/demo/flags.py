"""What the demo company knows to be wrong with its goods."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from config.demo.business import Company
from config.demo.lots import LOTS
from orders import lifecycle as orders
from orders.enums import FlagKind

# How long ago, by whom, kind, goods, evidence
_FLAGS: list[tuple[timedelta, str, FlagKind, dict[str, str], str]] = [
    (
        timedelta(days=9, hours=4),
        "supply_chain",
        FlagKind.RECALL,
        {"sku": "DRL-030", "lot": LOTS[1]},
        "电池供应商召回函 RC-2291：该批次电芯存在过热风险，停止发货并通知客户退回。",
    ),
    (
        timedelta(days=5, hours=2),
        "customer_service",
        FlagKind.INFRINGEMENT,
        {"sku": "TAP-070"},
        "Letter from Nordhavn Armatur A/S: registered design 008312457-0001. "
        "Nothing ships until our lawyers have answered.",
    ),
    (
        timedelta(days=1, hours=6),
        "warehouse",
        FlagKind.QUALITY,
        {"category": "智能家居"},
        "客诉 KS-1043、KS-1051、KS-1060：门锁蓝牙断连，等待质检复测。",
    ),
]


def plan(company: Company) -> None:
    """Have a lot recalled, a design contested and a category doubted in the last days."""
    skus = {product.sku: product.pk for product in company.products}
    for ago, by, kind, goods, evidence in _FLAGS:
        flag = partial(
            orders.raise_flag,
            product_id=skus.get(goods.get("sku", "")),
            lot=goods.get("lot", ""),
            category=goods.get("category", ""),
            kind=kind,
            evidence=evidence,
            by=company.people[by],
        )
        company.later(company.now - ago, _at(flag))


def _at(verb: Callable[..., object]) -> Callable[[datetime], object]:
    return lambda moment: verb(at=moment)
