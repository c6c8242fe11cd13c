"""What somebody chooses for an import, apart from the columns of each file."""

from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings

from credit.enums import LimitKind


@dataclass(frozen=True, slots=True)
class Options:
    """The choices. Empty texts mean: not chosen.

    `status_words` maps folded words of the source to `Status` values. `new_customers` makes a
    customer of each code that invoices name and nobody has. `limit_kind` and `payment_days` are for
    customers and `tax_percent` for products that the import creates.
    `payments_again` records payments without a reference that look recorded already.
    `number_prefix` is put before the order numbers, to keep sources apart.
    """

    history: bool = True
    date_form: str = ""
    time_zone: str = settings.TIME_ZONE
    decimal_comma: bool = False
    currency: str = ""
    number_prefix: str = ""
    status_words: dict[str, str] = field(default_factory=dict)
    payments_again: bool = False
    customer_code: str = ""
    customer_name: str = ""
    product_sku: str = "GOODS"
    product_name: str = "Goods as stated by the source"
    freight_sku: str = "FREIGHT"
    freight_name: str = "Freight"
    new_customers: bool = False
    segment: str = "imported"
    owner_id: int | None = None
    limit_kind: str = LimitKind.NONE
    payment_days: int = 0
    tax_percent: Decimal = Decimal("0.00")

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"tax_percent": str(self.tax_percent)}

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "Options":
        """From what `as_json` made; choices that are no longer known are left out."""
        known = {name: value for name, value in stored.items() if name in cls.__slots__}
        if "tax_percent" in known:
            known["tax_percent"] = Decimal(known["tax_percent"])
        return cls(**known)


# The choices that are about how a file is written, and so remembered with its columns.
REMEMBERED = (
    "date_form",
    "time_zone",
    "decimal_comma",
    "currency",
    "number_prefix",
    "status_words",
)
