"""Quantities per order line, as the forms of shipping and returning ask for them."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

from credit.figures import FigureField
from orders.models import OrderLine


class QuantitiesMixin:
    """Adds a field `line_<id>` for every line of which something can move.

    The verb gets them as `quantities`; None when none of the fields was sent, as by a short form.
    """

    fields: dict[str, Any]
    data: Any

    def ask_for(
        self, lines: Sequence[OrderLine], most: dict[int, Decimal], *, all_of: bool
    ) -> None:
        """One field per line of which something can move; filled in with `all_of`."""
        self.asked = [line for line in lines if most[line.pk]]
        self.most = most
        for line in self.asked:
            field = FigureField(
                label=_("Line %(position)d: %(product)s")
                % {"position": line.position, "product": line.product.sku},
                required=False,
                most=most[line.pk],
                decimal_places=3,
                error_messages={
                    "max_value": _("At most %(most)s.") % {"most": f"{most[line.pk].normalize():f}"}
                },
            )
            field.initial = most[line.pk].normalize() if all_of else None
            self.fields[self.name_of(line)] = field

    @staticmethod
    def name_of(line: OrderLine) -> str:
        return f"line_{line.pk}"

    def goods(self) -> Iterator[tuple[OrderLine, Decimal, BoundField]]:
        """Each line with how much of it can move and its field."""
        for line in self.asked:
            yield line, self.most[line.pk], self[self.name_of(line)]  # type: ignore[index]

    def other_fields(self) -> Iterator[BoundField]:
        """The fields that are not of a line."""
        names = {self.name_of(line) for line in self.asked}
        yield from (field for field in self if field.name not in names)  # type: ignore[attr-defined]

    def take_quantities(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """Move the fields of the lines into `quantities`."""
        sent = any(self.name_of(line) in self.data for line in self.asked)
        given = {line.pk: cleaned.pop(self.name_of(line), None) for line in self.asked}
        cleaned["quantities"] = {pk: n for pk, n in given.items() if n} if sent else None
        return cleaned
