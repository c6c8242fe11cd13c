"""Amounts of money: one way to round, and no adding of apples to pears."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_lazy as _

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
# The largest amount a column of 18 digits with 2 decimals can hold.
LARGEST = Decimal("9999999999999999.99")

# ISO 4217 codes an account can be kept in.
CURRENCIES = [
    ("AUD", _("Australian dollar")),
    ("BRL", _("Brazilian real")),
    ("CAD", _("Canadian dollar")),
    ("CHF", _("Swiss franc")),
    ("CNY", _("Chinese yuan")),
    ("EUR", _("euro")),
    ("GBP", _("pound sterling")),
    ("HKD", _("Hong Kong dollar")),
    ("INR", _("Indian rupee")),
    ("JPY", _("Japanese yen")),
    ("KRW", _("South Korean won")),
    ("MYR", _("Malaysian ringgit")),
    ("SGD", _("Singapore dollar")),
    ("THB", _("Thai baht")),
    ("TWD", _("New Taiwan dollar")),
    ("USD", _("US dollar")),
    ("VND", _("Vietnamese dong")),
]


class CurrencyMismatch(TypeError):
    """Two amounts in different currencies were added or compared."""


def quantize(amount: Decimal) -> Decimal:
    """`amount` rounded to two decimals, halves away from zero."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def is_amount(amount: Decimal) -> bool:
    """Whether `amount` is a number in whole cents that can be stored."""
    return amount.is_finite() and abs(amount) <= LARGEST and amount == quantize(amount)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency. Raises CurrencyMismatch when mixed with another currency."""

    amount: Decimal
    currency: str

    def _other(self, other: "Money") -> Decimal:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} do not mix")
        return other.amount

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._other(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._other(other), self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._other(other)

    def __gt__(self, other: "Money") -> bool:
        return self.amount > self._other(other)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"
