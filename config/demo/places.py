"""More places to which customers of the demo company have their goods sent."""

from datetime import datetime

from credit import lifecycle
from credit.lifecycle import Place
from credit.models import Customer

# Customer code, recipient, phone, address, whether it is offered first.
_PLACES = (
    (
        "C1001",
        "苏州仓 李经理",
        "+86 512 5555 0328",
        "江苏省苏州市工业园区星湖街 328 号 3 号库",
        False,
    ),
    ("C1001", "宁波仓 周师傅", "+86 574 5555 0016", "浙江省宁波市北仑区进港路 16 号", False),
    ("C1002", "下沙分拨中心", "+86 571 5555 0088", "浙江省杭州市钱塘区银海街 88 号", True),
    ("C1003", "香港葵涌码头", "+852 5555 0009", "香港新界葵涌货柜码头路 9 号", False),
)


def load(made: dict[str, Customer], at: datetime) -> None:
    """Fill their address books, by whoever looks after them."""
    for code, name, phone, address, default in _PLACES:
        customer = made[code]
        lifecycle.add_address(
            customer_id=customer.pk,
            place=Place(address, name, phone),
            default=default,
            by=customer.owner,
            at=at,
        )
