"""Figures as people type them: with thousands commas, pasted from a sheet, in full-width digits."""

import re
import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from staff.figures import figure

_PLAIN = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?\Z", re.ASCII)
_MINUS = str.maketrans({"−": "-", "–": "-", "‐": "-", "、": ","})
# Longer than any figure that a column can hold, shorter than what would keep a processor busy.
_LONGEST = 40


def _at_least(bound: Decimal) -> str:
    return gettext("At least %(bound)s is needed here.") % {"bound": figure(bound)}


def _at_most(bound: Decimal) -> str:
    return gettext("At most %(bound)s is possible here.") % {"bound": figure(bound)}


class FigureField(forms.DecimalField):
    """An amount, quantity or percentage. A comma is only taken as a mark of thousands.

    `12,5` is refused rather than read as 125; `NaN`, `1e9` and letters are no figures. `least` and
    `most` are both allowed themselves.
    """

    default_error_messages = {
        "invalid": _("Write a figure such as 1234.50, with a point before the decimals."),
    }

    def __init__(self, *, most: Decimal, least: Decimal = Decimal(0), **options: Any) -> None:
        options.setdefault("max_digits", 18)
        options.setdefault("decimal_places", 2)
        # A figure in the box beside the field says what is wrong better than the browser's bubble.
        options.setdefault("widget", forms.TextInput)
        # Django's own words would show the bounds bare: 25446.32.
        bounds = {"min_value": lazy(_at_least, str)(least), "max_value": lazy(_at_most, str)(most)}
        options["error_messages"] = bounds | options.get("error_messages", {})
        super().__init__(min_value=least, max_value=most, **options)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off", "class": "num-input"}

    def to_python(self, value: Any) -> Any:
        text = unicodedata.normalize("NFKC", str(value or "")).translate(_MINUS)
        text = "".join(text.split())
        if value is not None and not isinstance(value, str):
            return super().to_python(value)
        if not text:
            return None
        if len(text) > _LONGEST or not _PLAIN.match(text) or not re.search(r"\d", text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return Decimal(text.replace(",", ""))

    def prepare_value(self, value: Any) -> Any:
        """A stored figure without needless zeros; what was typed stays as it was typed."""
        if not isinstance(value, Decimal):
            return value
        text = format(value, "f")
        while "." in text and text.endswith("0") and len(text.partition(".")[2]) > 2:
            text = text[:-1]
        return text[:-3] if self.decimal_places != 2 and text.endswith(".00") else text
