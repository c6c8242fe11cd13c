"""The thresholds of a rule as a form, made from the rule's own condition."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from exceptions.detect.models import AlertRuleVersion, subject
from exceptions.triage.enums import Severity
from rules.conditions import ConditionError, parameters, with_parameters
from rules.facts.base import Json, Parameter
from staff.models import Department


class AmountAndUnit(forms.MultiWidget):
    """A number beside its unit: hours, days, a currency."""

    template_name = "exceptions/amount_and_unit.html"

    def __init__(self, key: str, units: list[tuple[str, Any]]) -> None:
        # `key` is what the JSON value calls the unit.
        self.key = key
        amount = forms.TextInput(
            attrs={"inputmode": "decimal", "autocomplete": "off", "class": "form-control num-input"}
        )
        unit = forms.Select(choices=units, attrs={"aria-label": _("Unit"), "class": "form-select"})
        super().__init__({"": amount, key: unit})

    def decompress(self, value: Json) -> list[Any]:
        return [value["amount"], value[self.key]] if value else ["", None]


class AmountAndUnitField(forms.MultiValueField):
    """Gives the JSON value of a duration or of an amount of money."""

    def __init__(self, key: str, units: list[tuple[str, Any]], **options: Any) -> None:
        self.key = key
        fields = (forms.CharField(max_length=40), forms.ChoiceField(choices=units))
        super().__init__(fields, widget=AmountAndUnit(key, units), **options)

    def compress(self, parts: list[Any]) -> Json:
        return {"amount": parts[0], self.key: parts[1]} if parts else None


class WordListField(forms.ChoiceField):
    """Gives the JSON value that names a word list."""

    def prepare_value(self, value: Json) -> Any:
        return value["word_list"] if isinstance(value, dict) else value

    def clean(self, value: Any) -> Json:
        return {"word_list": super().clean(value)}


def _field(parameter: Parameter) -> forms.Field:
    options: dict[str, Any] = {
        "label": capfirst(parameter.label),
        "initial": parameter.value,
    }
    if parameter.kind in ("duration", "money"):
        key = "unit" if parameter.kind == "duration" else "currency"
        return AmountAndUnitField(key, list(parameter.units), **options)
    if parameter.kind == "word_list":
        return WordListField(choices=parameter.choices, **options)
    if parameter.kind == "choice":
        widget = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=parameter.choices, widget=widget, **options)
    if parameter.kind == "text":
        return forms.CharField(max_length=parameter.maximum, **options)
    return forms.CharField(
        max_length=40,
        help_text=_("In %(unit)s") % {"unit": parameter.unit} if parameter.unit else "",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "num-input"}),
        **options,
    )


class VersionForm(forms.Form):
    """A new version of a rule: its thresholds, severity and department, and why.

    `seen_version` is the version that the form was opened on.
    """

    severity = forms.ChoiceField(label=_("Severity"), choices=Severity.choices)
    department = forms.ModelChoiceField(
        Department.objects.all(), label=_("Department"), empty_label=None
    )
    note = forms.CharField(
        label=_("Why it is changed"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept with the version."),
        error_messages={"required": _("Say why the rule is changed.")},
    )
    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, version: AlertRuleVersion, data: Any = None) -> None:
        self.version = version
        initial = {
            "severity": version.severity,
            "department": version.department_id,
            "seen_version": version.number,
        }
        super().__init__(data, initial=initial)
        self.paths: dict[str, str] = {}
        for parameter in parameters(version.condition, subject()):
            name = f"value_{len(self.paths)}"
            self.paths[name] = parameter.path
            self.fields[name] = _field(parameter)
        self.order_fields([*self.paths, "severity", "department", "note"])

    def only_looking(self) -> None:
        """For a preview, which needs no reason yet."""
        self.fields["note"].required = False

    def clean(self) -> dict[str, Any]:
        """Adds `condition`; what the engine refuses is said beside its field."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        values = {path: cleaned[name] for name, path in self.paths.items() if name in cleaned}
        condition = self.version.condition
        for name, path in self.paths.items():
            if path not in values:
                continue
            try:
                condition = with_parameters(condition, subject(), {path: values[path]})
            except ConditionError as error:
                self.add_error(name, error.messages)
        cleaned["condition"] = condition
        return cleaned


class SwitchForm(forms.Form):
    """Why a rule is put on watch or taken off it."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why.")},
    )
