"""The small builder of a gate rule's condition: comparisons joined by all or any.

What to compare and how is one choice ("order total is more than …"), so no choice depends on
another and everything works without a script. What the builder cannot say (groups inside groups)
is kept as it is until somebody writes it anew.
"""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rules import subjects
from rules.conditions import ConditionError, validate
from rules.facts import Choice, Fact, Money
from rules.facts.base import Json
from rules.facts.events import UNIT_LABELS
from rules.facts.states import YesNo
from rules.facts.texts import CONTAINS_ANY_OF, LONGEST_TEXT
from rules.models import WordList
from rules.operators import ORDERED
from rules.subjects import Subject

JOINERS = (
    ("all", gettext_lazy("all of these hold")),
    ("any", gettext_lazy("at least one of these holds")),
)


def about() -> Subject:
    """What gate rules ask about."""
    return subjects.get("order")


def comparison_choices() -> list[tuple[Any, Any]]:
    """Every comparison that can be made, by fact: "order total is more than …"."""
    empty: tuple[Any, Any] = ("", _("Choose what to compare"))
    return [empty, *((capfirst(str(fact.label)), _ways(fact)) for fact in about().facts)]


def _ways(fact: Fact) -> list[tuple[str, str]]:
    if isinstance(fact, YesNo):
        return [
            (f"{fact.name}|is|{flag}", fact.phrase("is", flag == "yes")) for flag in ("yes", "no")
        ]
    return [
        (f"{fact.name}|{operator}|{flag}", fact.phrase(operator, None, holds=not flag, blank=True))
        for operator in fact.operators
        # The contrary of an ordered comparison is another one; that of a text has no name.
        for flag in (("",) if operator in ORDERED else ("", "not"))
    ]


class ComparisonForm(forms.Form):
    """One comparison. `what` decides which fields its value has."""

    what = forms.ChoiceField(
        label=gettext_lazy("Comparison"), widget=forms.Select(attrs={"data-refresh": ""})
    )

    def __init__(self, data: Any, *, prefix: str, row: int, currency: str) -> None:
        self.row, self.currency = row, currency
        prefix = f"{prefix}-{row}"
        super().__init__(data, prefix=prefix)
        self.fields["what"].choices = comparison_choices()  # type: ignore[attr-defined]
        self.fact, self.operator, self.flag = self._chosen(data.get(f"{prefix}-what", ""))
        for name, made in self._value_fields().items():
            self.fields[name] = made

    def _chosen(self, what: str) -> tuple[Fact | None, str, str]:
        known = {code for _label, ways in comparison_choices()[1:] for code, _phrase in ways}
        if what not in known:
            return None, "", ""
        name, operator, flag = what.split("|")
        return about().fact(name), operator, flag

    def _value_fields(self) -> dict[str, forms.Field]:
        fact, label = self.fact, _("Value")
        if fact is None or isinstance(fact, YesNo):
            return {}
        if isinstance(fact, Choice):
            choices: Any = [(code, capfirst(str(name))) for code, name in fact.choices]
            widget = forms.CheckboxSelectMultiple
            return {"value": forms.MultipleChoiceField(label=label, choices=choices, widget=widget)}
        if fact.kind == "text":
            if self.operator == CONTAINS_ANY_OF:
                lists = [(each.code, each.name) for each in WordList.objects.all()]
                return {"value": forms.ChoiceField(label=_("Word list"), choices=lists)}
            return {"value": forms.CharField(label=label, max_length=LONGEST_TEXT)}
        return {"value": _figure(label, fact)} | _unit(fact, self.currency)

    @property
    def value_field(self) -> forms.BoundField | None:
        """The field of the value, if the comparison has one."""
        return self["value"] if "value" in self.fields else None

    @property
    def unit_field(self) -> forms.BoundField | None:
        """The field of the value's unit or currency, if it has one."""
        return self["unit"] if "unit" in self.fields else None

    @property
    def condition(self) -> Json:
        """The comparison as the engine takes it; only for a valid form."""
        name = self.fact.name if self.fact else ""
        made = {"fact": name, "op": self.operator, "value": self._json()}
        return {"not": made} if self.flag == "not" else made

    def _json(self) -> Json:
        value, unit = self.cleaned_data.get("value"), self.cleaned_data.get("unit")
        if isinstance(self.fact, YesNo):
            return self.flag == "yes"
        if isinstance(self.fact, Money):
            return {"amount": value, "currency": unit}
        if self.operator == CONTAINS_ANY_OF:
            return {"word_list": value}
        return {"amount": value, "unit": unit} if unit else value

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                validate(self.condition, about())
            except ConditionError as error:
                self.add_error("value" if "value" in self.fields else "what", error.messages)
        return cleaned


def _figure(label: str, fact: Fact) -> forms.CharField:
    attrs = {"inputmode": "decimal", "autocomplete": "off", "class": "num-input"}
    unit = fact.unit()
    label = _("Value in %(unit)s") % {"unit": unit} if unit else label
    return forms.CharField(label=label, max_length=40, widget=forms.TextInput(attrs=attrs))


def _unit(fact: Fact, currency: str) -> dict[str, forms.Field]:
    if isinstance(fact, Money):
        # The policy's own currency is the likeliest one, so it comes first.
        codes = [(code, code) for code in sorted(fact.currencies, key=lambda c: c != currency)]
        return {"unit": forms.ChoiceField(label=_("Currency"), choices=codes)}
    if fact.kind == "duration":
        return {"unit": forms.ChoiceField(label=_("Unit"), choices=UNIT_LABELS)}
    return {}


def typed(condition: Json, prefix: str) -> dict[str, list[str]] | None:
    """The fields that say this condition, or None for one that the builder cannot say."""
    joiner, leaves = "all", [condition]
    if len(condition) == 1 and next(iter(condition)) in dict(JOINERS):
        ((joiner, leaves),) = condition.items()
    fields = {f"{prefix}-joiner": [joiner], f"{prefix}-rows": [str(i) for i in range(len(leaves))]}
    for place, leaf in enumerate(leaves):
        row = _typed_leaf(leaf)
        if row is None:
            return None
        fields |= {f"{prefix}-{place}-{name}": values for name, values in row.items()}
    return fields


def _typed_leaf(leaf: Json) -> dict[str, list[str]] | None:
    flag = ""
    if set(leaf) == {"not"}:
        flag, leaf = "not", leaf["not"]
    if "fact" not in leaf:
        return None
    value = leaf["value"]
    if isinstance(value, bool):
        flag, value = "yes" if value == (flag != "not") else "no", []
    what = f"{leaf['fact']}|{leaf['op']}|{flag}"
    if what not in {code for _label, ways in comparison_choices()[1:] for code, _phrase in ways}:
        return None
    if isinstance(value, dict):
        shown = [value.get("amount") or value.get("word_list") or ""]
        units = [value[name] for name in ("unit", "currency") if name in value]
        return {"what": [what], "value": shown, "unit": units}
    return {"what": [what], "value": value if isinstance(value, list) else [str(value)]}
