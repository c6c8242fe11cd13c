"""The parts of a matrix as forms: a row with its stages."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from approvals.matrix import wording
from approvals.matrix.content import MOST_HOURS, is_code
from approvals.matrix.editing.choices import Choices
from approvals.matrix.enums import Need, Purpose
from approvals.matrix.routing import UNRATED, Content, rows_of
from credit.content import LANGUAGES
from credit.editing.rows import LONGEST_NAME, numbers
from credit.enums import RiskClass
from credit.figures import FigureField
from credit.forms import capitalised
from credit.money import LARGEST

_MOST_PERCENT = Decimal(100_000)
BANDS = ("excess", "percent", "amount")


class StageForm(forms.Form):
    """People who are asked at the same time."""

    need = forms.ChoiceField(label=gettext_lazy("Who has to agree"), choices=capitalised(Need))
    hours = forms.IntegerField(
        label=gettext_lazy("Time limit in business hours"),
        min_value=1,
        max_value=MOST_HOURS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "num-input place-input"}),
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"), required=False, widget=forms.CheckboxSelectMultiple
    )
    people = forms.MultipleChoiceField(
        label=gettext_lazy("Named people"), required=False, widget=forms.CheckboxSelectMultiple
    )
    escalate = forms.ChoiceField(label=gettext_lazy("When time is up, ask"), required=False)

    def __init__(self, data: Any, *, prefix: str, place: int, choices: Choices) -> None:
        super().__init__(data, prefix=prefix)
        self.place = place
        chosen = {name: data.getlist(f"{prefix}-{name}") for name in self.fields}
        nobody = ("", _("Nobody"))
        self._offer("roles", choices.roles_with(chosen["roles"]))
        self._offer("people", choices.people_with(chosen["people"]))
        self._offer("escalate", [nobody, *choices.roles_with(chosen["escalate"])])

    def _offer(self, name: str, options: list[tuple[str, str]]) -> None:
        self.fields[name].choices = options  # type: ignore[attr-defined]

    @property
    def names_people(self) -> bool:
        """Whether somebody is named, so that the list of people is shown open."""
        return bool(self["people"].value())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        judged = not {"roles", "people"} & set(self.errors)
        if judged and not cleaned["roles"] and not cleaned["people"]:
            self.add_error("roles", _("Choose at least one role or person who decides."))
        return cleaned

    def stage(self) -> Content:
        """The stage as the content keeps it; only for a valid form."""
        values = self.cleaned_data
        people = [{"person": int(code)} for code in values["people"]]
        escalate = values["escalate"]
        return {
            "need": values["need"],
            "seats": [*({"role": code} for code in values["roles"]), *people],
            "hours": values["hours"],
            "escalate": {"role": escalate} if escalate else None,
        }


class RowForm(forms.Form):
    """One row: which cases it takes, and the stages that decide about them."""

    code = forms.CharField(widget=forms.HiddenInput, max_length=40)
    purpose = forms.ChoiceField(label=gettext_lazy("It is for"), choices=capitalised(Purpose))
    risk_classes = forms.MultipleChoiceField(
        label=gettext_lazy("Risk classes"),
        required=False,
        choices=[(code, code) for code in RiskClass.values] + [(UNRATED, gettext_lazy("None yet"))],
        widget=forms.CheckboxSelectMultiple,
    )
    segments = forms.MultipleChoiceField(
        label=gettext_lazy("Segments"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reasons = forms.MultipleChoiceField(
        label=gettext_lazy("Reasons, of which one is enough"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data: Any, *, place: int, currency: str, choices: Choices) -> None:
        prefix = f"row-{place}"
        super().__init__(data, prefix=prefix)
        self.place, self.currency, self.names = place, currency, choices.names
        self.opened = False
        self.fields.update(_figures(currency))
        for language, label in zip(LANGUAGES, _language_labels(), strict=True):
            self.fields[f"name_{language}"] = forms.CharField(
                label=label, max_length=LONGEST_NAME, required=language == "en"
            )
        for name, options in (
            ("segments", choices.segments_with(data.getlist(f"{prefix}-segments"))),
            ("reasons", choices.reasons_with(data.getlist(f"{prefix}-reasons"))),
        ):
            self.fields[name].choices = options  # type: ignore[attr-defined]
        self.stages = [
            StageForm(data, prefix=f"{prefix}-stage-{stage}", place=stage, choices=choices)
            for stage in numbers(data.getlist(f"{prefix}-stages"))
        ]

    def name_fields(self) -> list[forms.BoundField]:
        """The fields of the names, English first."""
        return [self[f"name_{language}"] for language in LANGUAGES]

    def band_fields(self) -> list[list[forms.BoundField]]:
        """The two ends of each band."""
        return [[self[f"{name}_from"], self[f"{name}_to"]] for name in BANDS]

    @property
    def title(self) -> str:
        """What the row is called while it is written, in the reader's language where it has it."""
        active = (get_language() or LANGUAGES[0]).lower()
        first = active if active in LANGUAGES else LANGUAGES[0]
        names = (self[f"name_{code}"].value() for code in (first, LANGUAGES[0]))
        return str(next(filter(None, names), None) or _("new row"))

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not is_code(code):
            raise forms.ValidationError(_("Remove this row and add it again."))
        return code

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in BANDS:
            low, high = cleaned.get(f"{name}_from"), cleaned.get(f"{name}_to")
            if high is not None and high <= (low or 0):
                self.add_error(f"{name}_to", _("Write more than the beginning, or nothing."))
        if cleaned.get("purpose") == Purpose.LIMIT and cleaned.get("reasons"):
            text = _("A change of a limit has no reasons to choose. Untick them.")
            self.add_error("reasons", text)
        if not self.stages:
            self.add_error(None, _("Add at least one stage; somebody has to decide."))
        if [form for form in self.stages if not form.is_valid()]:
            self.add_error(None, _("Look at the stages below."))
        return cleaned

    @property
    def words(self) -> str:
        """The row as a sentence; empty until it is whole."""
        if not self.is_valid():
            return ""
        (row,) = rows_of({"rows": [self.row()]})
        return wording.sentence(row, self.currency, self.names)

    def row(self) -> Content:
        """The row as the content keeps it; only for a valid form."""
        values = self.cleaned_data
        bands = {
            name: [_end(values[f"{name}_from"] or 0), _end(values[f"{name}_to"])] for name in BANDS
        }
        chosen = {name: values[name] for name in ("risk_classes", "segments", "reasons")}
        return {
            "code": values["code"],
            "names": {language: values[f"name_{language}"] for language in LANGUAGES},
            "purpose": values["purpose"],
            **bands,
            **chosen,
            "stages": [form.stage() for form in self.stages],
        }


def _end(value: Any) -> str | None:
    return None if value is None else str(value)


def _figures(currency: str) -> dict[str, forms.Field]:
    words = {"currency": currency}
    labels = {
        "excess": (
            _("Excess or increase from, in %(currency)s") % words,
            _("Up to, in %(currency)s") % words,
        ),
        "percent": (_("The same in per cent of the limit, from"), _("Up to, in per cent")),
        "amount": (
            _("Order or resulting limit from, in %(currency)s") % words,
            _("Up to, in %(currency)s") % words,
        ),
    }
    made: dict[str, forms.Field] = {}
    for name, ends in labels.items():
        most = _MOST_PERCENT if name == "percent" else LARGEST
        for end, label in zip(("from", "to"), ends, strict=True):
            made[f"{name}_{end}"] = FigureField(label=label, required=False, most=most)
    return made


def _language_labels() -> tuple[str, str, str]:
    return _("Name in English"), _("Name in 简体中文"), _("Name in 繁體中文")
