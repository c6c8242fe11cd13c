"""What order lines come to. Pure arithmetic; amounts without currency are in the order's."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from credit.money import LARGEST, ZERO, quantize
from orders.errors import InvalidLine
from staff.sentences import sentence as _

HUNDRED = Decimal(100)
LARGEST_QUANTITY = Decimal("999999999.999")
LARGEST_PRICE = Decimal("9999999999.99")
LARGEST_PERCENT = Decimal("100.00")
LONGEST_LOT = 60


@dataclass(frozen=True, slots=True)
class LineInput:
    """One line as entered. `list_price` and `unit_cost` are None where they are not known."""

    product_id: int
    quantity: Decimal
    price: Decimal
    tax_percent: Decimal
    discount_percent: Decimal = ZERO
    list_price: Decimal | None = None
    unit_cost: Decimal | None = None
    lot: str = ""

    @property
    def net(self) -> Decimal:
        """Quantity × price less discount, rounded to cents."""
        return quantize(self.quantity * self.price * (HUNDRED - self.discount_percent) / HUNDRED)

    @property
    def tax(self) -> Decimal:
        """Tax on the rounded net amount, rounded to cents."""
        return quantize(self.net * self.tax_percent / HUNDRED)

    @property
    def cost(self) -> Decimal | None:
        """What the line costs us, None if the unit cost is not known."""
        return None if self.unit_cost is None else quantize(self.quantity * self.unit_cost)


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the lines; `cost` is None as soon as the cost of one line is not known."""

    net: Decimal
    tax: Decimal
    cost: Decimal | None

    @property
    def total(self) -> Decimal:
        return self.net + self.tax

    @property
    def margin_percent(self) -> Decimal | None:
        """(net - cost) / net in percent, None without a cost or without anything sold."""
        if self.cost is None or not self.net:
            return None
        return quantize((self.net - self.cost) * HUNDRED / self.net)


def _fits(figure: Decimal | None, most: Decimal) -> bool:
    """Whether a figure is unknown, or from 0 to `most` with no more decimals than `most` has."""
    if figure is None:
        return True
    return figure.is_finite() and 0 <= figure <= most and figure == figure.quantize(most)


def check_line(position: int, line: LineInput) -> None:
    """Raises InvalidLine, naming the line, for figures that no order can have or store exactly."""
    if not line.quantity or not _fits(line.quantity, LARGEST_QUANTITY):
        problem = _("the quantity must be more than 0 and at most %(most)s") % {
            "most": LARGEST_QUANTITY
        }
    elif not _fits(line.price, LARGEST_PRICE):
        problem = _("the price must be 0 or more and at most %(most)s") % {"most": LARGEST_PRICE}
    elif not (_fits(line.list_price, LARGEST_PRICE) and _fits(line.unit_cost, LARGEST_PRICE)):
        problem = _("list price and cost must be 0 or more and at most %(most)s") % {
            "most": LARGEST_PRICE
        }
    elif not _fits(line.discount_percent, LARGEST_PERCENT):
        problem = _("the discount must be between 0 and 100 %%") % {}
    elif not _fits(line.tax_percent, LARGEST_PERCENT):
        problem = _("the tax must be between 0 and 100 %%") % {}
    elif len(line.lot) > LONGEST_LOT or "\x00" in line.lot:
        problem = _("the lot has at most %(most)s characters") % {"most": LONGEST_LOT}
    else:
        return
    raise InvalidLine(
        _("Line %(position)d: %(problem)s.") % {"position": position, "problem": problem}
    )


def totals(lines: Sequence[LineInput]) -> Totals:
    """The sums of the lines.

    Raises InvalidLine when a line is impossible or the order is larger than can be stored.
    """
    for position, line in enumerate(lines, start=1):
        check_line(position, line)
    costs = [line.cost for line in lines]
    known = [cost for cost in costs if cost is not None]
    sums = Totals(
        net=sum((line.net for line in lines), ZERO),
        tax=sum((line.tax for line in lines), ZERO),
        cost=sum(known, ZERO) if len(known) == len(lines) else None,
    )
    if sums.total > LARGEST or (sums.cost or ZERO) > LARGEST:
        raise InvalidLine(_("The order is too large; split it into several."))
    return sums


def worth(total: Decimal, quantity: Decimal, part: Decimal) -> Decimal:
    """What `part` of a line's `quantity` is worth, of the line's `total` with tax, in cents."""
    return quantize(total * part / quantity)
