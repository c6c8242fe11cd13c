"""The customers of the demo company: who they are, what they may owe, how they pay."""

import csv
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from credit.enums import CustomerStatus, LimitKind
from credit.lifecycle import LimitInput, open_account
from credit.models import Customer, Segment
from staff.models import User

# code, English, 简体中文, 繁體中文, limit that inheriting accounts get in CNY
SEGMENTS = [
    ("distributor", "Distributors", "经销商", "經銷商", None),
    ("retail", "Retail chains", "零售连锁", "零售連鎖", "300000"),
    ("ecommerce", "E-commerce", "电商", "電商", "80000"),
    ("manufacturer", "Manufacturers", "制造企业", "製造業", None),
    ("state", "State-owned enterprises", "国有企业", "國有企業", None),
    ("export", "Export customers", "出口客户", "外銷客戶", None),
]


STATUS = {"watch": CustomerStatus.WATCH, "black": CustomerStatus.BLACKLISTED}


@dataclass(frozen=True)
class Profile:
    """One demo customer. `habit` says how they pay: prompt, slow, bad or advance."""

    code: str
    name: str
    segment: str
    owner: str
    currency: str
    limit: str  # an amount, or a kind of limit
    habit: str
    ship_to: str
    address: str
    country: str
    why: str
    payment_days: int
    vip: bool
    status: str


def profiles() -> list[Profile]:
    """The demo customers, always the same."""
    with Path(__file__).with_name("customers.csv").open(encoding="utf-8", newline="") as file:
        return [_profile(row) for row in csv.DictReader(file, delimiter="|")]


def _profile(row: dict[str, str]) -> Profile:
    mark = row.pop("mark")
    return Profile(
        payment_days=int(row.pop("days")),
        **row | {"code": f"C{row['code']}"},
        vip=mark == "vip",
        status=STATUS.get(mark, CustomerStatus.ACTIVE),
    )


def load(people: dict[str, User], at: datetime) -> dict[str, Customer]:
    """Make segments, customers and their credit accounts, by customer code."""
    segments = {}
    for code, english, hans, hant, limit in SEGMENTS:
        segments[code] = Segment.objects.create(
            code=code,
            name_en=english,
            name_zh_hans=hans,
            name_zh_hant=hant,
            limit_kind=LimitKind.AMOUNT if limit else LimitKind.NONE,
            limit_amount=Decimal(limit) if limit else None,
            limit_currency="CNY" if limit else "",
        )
    made = {}
    for profile in profiles():
        customer = Customer.objects.create(
            code=profile.code,
            name=profile.name,
            segment=segments[profile.segment],
            owner=people[profile.owner],
            payment_days=profile.payment_days,
            vip=profile.vip,
            email=f"{profile.code.lower()}@example.com",
            phone=f"+86 21 5555 {profile.code[1:]}",
            ship_to_name=profile.ship_to,
            ship_to_address=profile.address,
            country=profile.country,
            created_at=at,
        )
        is_kind = profile.limit in LimitKind.values
        open_account(
            customer_id=customer.pk,
            currency=profile.currency,
            limit=LimitInput(
                kind=profile.limit if is_kind else LimitKind.AMOUNT,
                amount=None if is_kind else Decimal(profile.limit),
            ),
            by=people["credit_analyst"],
            at=at,
        )
        made[profile.code] = customer
    return made


def mark(made: dict[str, Customer]) -> None:
    """Put customers on the watch list and the blacklist, after they had done some business."""
    for profile in profiles():
        if profile.status != CustomerStatus.ACTIVE:
            customer = made[profile.code]
            customer.status, customer.status_reason = profile.status, profile.why
            customer.save(update_fields=["status", "status_reason"])
