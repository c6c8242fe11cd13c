"""The parts of a version as forms: a check, an exemption, the release, a gate rule."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit import content as parts
from credit.content import LANGUAGES, Content, Threshold
from credit.editing.conditions import JOINERS, ComparisonForm, about
from credit.enums import CheckCode, CheckSeverity, Exemption, RiskClass
from credit.figures import FigureField
from credit.forms import capitalised
from credit.money import LARGEST
from rules.conditions import ConditionError
from rules.facts.base import Json
from rules.sentences import sentence

LONGEST_NAME = 120


def _whole(label: str) -> forms.Field:
    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "num-input"})
    return forms.IntegerField(label=label, min_value=0, max_value=3650, widget=widget)


def threshold_field(threshold: Threshold, currency: str) -> forms.Field:
    """The field in which a threshold of that kind is typed; its unit stands in the label."""
    label = capfirst(str(threshold.label))
    if threshold.kind == parts.AMOUNT:
        words = {"value": label, "currency": currency}
        return FigureField(label=_("%(value)s, in %(currency)s") % words, most=LARGEST)
    if threshold.kind == parts.PERCENT:
        label = _("%(value)s, in per cent") % {"value": label}
        return FigureField(label=label, most=Decimal(1000), max_digits=6)
    if threshold.kind == parts.CLASS:
        return forms.ChoiceField(label=label, choices=RiskClass.choices)
    if threshold.kind == parts.FLAG:
        return forms.BooleanField(label=label, required=False)
    return _whole(label)


class ThresholdsForm(forms.Form):
    """The fields of some thresholds; `values` gives them back as the content keeps them."""

    def __init__(
        self, data: Any, *, prefix: str, thresholds: Mapping[str, Threshold], currency: str
    ) -> None:
        super().__init__(data, prefix=prefix)
        self.thresholds = thresholds
        for name, threshold in thresholds.items():
            self.fields[name] = threshold_field(threshold, currency)

    def values(self) -> Content:
        """The thresholds as the content keeps them; only for a valid form."""
        found = {name: self.cleaned_data[name] for name in self.thresholds}
        return {name: str(v) if isinstance(v, Decimal) else v for name, v in found.items()}

    def threshold_fields(self) -> list[forms.BoundField]:
        """The fields of the thresholds alone."""
        return [self[name] for name in self.thresholds]


class CheckForm(ThresholdsForm):
    """One check: its place, how strict it is, its thresholds."""

    position = forms.IntegerField(
        label=gettext_lazy("Place"),
        min_value=1,
        max_value=len(CheckCode),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "num-input place-input"}),
    )
    severity = forms.ChoiceField(label=gettext_lazy("Severity"), choices=capitalised(CheckSeverity))

    def __init__(self, data: Any, *, code: str, currency: str) -> None:
        self.code, self.label = code, CheckCode(code).label
        thresholds = parts.THRESHOLDS[code]
        super().__init__(data, prefix=f"check-{code}", thresholds=thresholds, currency=currency)
        self.always_blocks = code in parts.ALWAYS_BLOCKS
        if self.always_blocks:
            self.fields["severity"].choices = [  # type: ignore[attr-defined]
                (code, label) for code, label in capitalised(CheckSeverity) if code == "block"
            ]

    def row(self) -> Content:
        """The check as the content keeps it."""
        return {"check": self.code, "severity": self.cleaned_data["severity"]} | self.values()


class ExemptionForm(ThresholdsForm):
    """One exemption: whether it is granted, from when on, and the checks that it skips."""

    granted = forms.BooleanField(required=False)
    skips = forms.MultipleChoiceField(
        label=gettext_lazy("Checks that are skipped"),
        required=False,
        choices=[
            (code, label) for code, label in CheckCode.choices if code not in parts.NOT_SKIPPABLE
        ],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any, *, code: str, currency: str) -> None:
        self.code, self.label = code, Exemption(code).label
        thresholds = parts.EXEMPTION_VALUES[code]
        super().__init__(data, prefix=f"exempt-{code}", thresholds=thresholds, currency=currency)
        self.fields["granted"].label = self.label
        for name in thresholds:
            # Only asked for where the exemption is granted.
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("granted"):
            for name in self.thresholds:
                if name not in self.errors and cleaned.get(name) is None:
                    self.add_error(name, _("Write from how many per cent on."))
            if not cleaned.get("skips") and "skips" not in self.errors:
                self.add_error("skips", _("Choose at least one check that is skipped."))
        return cleaned

    def rows(self) -> list[Content]:
        """The exemption as the content keeps it; none where it is not granted."""
        if not self.cleaned_data["granted"]:
            return []
        return [{"exemption": self.code, "skips": self.cleaned_data["skips"]} | self.values()]


class RuleForm(forms.Form):
    """One gate rule with its condition. `kept` is a condition that the builder cannot say."""

    code = forms.SlugField(
        label=gettext_lazy("Code"),
        max_length=40,
        help_text=gettext_lazy("Letters, digits and underscores; decisions refer to it."),
    )
    severity = forms.ChoiceField(label=gettext_lazy("Severity"), choices=capitalised(CheckSeverity))
    joiner = forms.ChoiceField(label=gettext_lazy("It hits when"), choices=JOINERS)
    kept = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20_000)

    def __init__(self, data: Any, *, place: int, currency: str) -> None:
        prefix = f"rule-{place}"
        super().__init__(data, prefix=prefix)
        self.place = place
        for language, label in zip(LANGUAGES, _language_labels(), strict=True):
            self.fields[f"name_{language}"] = forms.CharField(
                label=label, max_length=LONGEST_NAME, required=language == "en"
            )
        self.built = not data.get(f"{prefix}-kept")
        if not self.built:
            self.fields["joiner"].required = False
        rows = numbers(data.getlist(f"{prefix}-rows")) if self.built else []
        self.comparisons = [
            ComparisonForm(data, prefix=prefix, row=row, currency=currency) for row in rows
        ]

    def name_fields(self) -> list[forms.BoundField]:
        """The fields of the names, English first."""
        return [self[f"name_{language}"] for language in LANGUAGES]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not code.isidentifier():
            raise forms.ValidationError(
                _("Use letters, digits and underscores, and begin with a letter.")
            )
        return code

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.built and not self.comparisons:
            self.add_error(None, _("Add at least one comparison."))
        if [form for form in self.comparisons if not form.is_valid()]:
            self.add_error(None, _("Look at the comparisons below."))
        elif not self.errors:
            try:
                self.sentence = sentence(self.condition, about())
            except (ConditionError, ValueError, AttributeError) as error:
                self.add_error(None, getattr(error, "messages", [str(error)]))
        return cleaned

    @property
    def condition(self) -> Json:
        """The condition as the engine takes it; only where every part is valid."""
        if not self.built:
            return json.loads(self.cleaned_data["kept"])
        made = [form.condition for form in self.comparisons]
        return made[0] if len(made) == 1 else {self.cleaned_data["joiner"]: made}

    @property
    def words(self) -> str:
        """The condition as a sentence; empty until it is whole."""
        if self.is_valid():
            return self.sentence
        parts_valid = (
            self.built and self.comparisons and all(f.is_valid() for f in self.comparisons)
        )
        if parts_valid and "joiner" in self.cleaned_data:
            return sentence(self.condition, about())
        return ""

    def row(self) -> Content:
        """The rule as the content keeps it."""
        values = self.cleaned_data
        return {
            "code": values["code"],
            "names": {language: values[f"name_{language}"] for language in LANGUAGES},
            "severity": values["severity"],
            "condition": self.condition,
        }


def numbers(raw: list[str]) -> list[int]:
    """The numbers of repeated rows, each once, as they were posted; nonsense is left out."""
    found = [int(text) for text in raw if text.isascii() and text.isdecimal() and len(text) < 6]
    return list(dict.fromkeys(found))


def _language_labels() -> tuple[str, str, str]:
    return _("Name in English"), _("Name in 简体中文"), _("Name in 繁體中文")
