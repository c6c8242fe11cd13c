"""A whole version as one form, and the content it stands for."""

import json
from decimal import Decimal
from itertools import chain
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit import content as parts
from credit.content import LANGUAGES, MOST_RULES, Content, clean_content
from credit.editing.conditions import typed
from credit.editing.rows import CheckForm, ExemptionForm, RuleForm, ThresholdsForm, numbers
from credit.enums import CheckCode, Exemption
from credit.money import CURRENCIES


class HeadForm(forms.Form):
    """What concerns the whole version. `seen` is the draft as it was when the form was opened."""

    currency = forms.ChoiceField(
        label=gettext_lazy("Currency of the amounts"),
        choices=lambda: [(code, f"{code} · {name}") for code, name in CURRENCIES],
        help_text=gettext_lazy("Accounts in other currencies are compared at the day's rate."),
    )
    note = forms.CharField(
        label=gettext_lazy("Why it is changed"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Kept with the version; it can only be published with a reason."),
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class VersionEditor:
    """The forms of a version. `content` is set by `is_valid`."""

    def __init__(self, data: QueryDict) -> None:
        self.data, self.judged = data, False
        self.content: Content = {}
        chosen = data.get("currency", "")
        currency = chosen if chosen in dict(CURRENCIES) else "CNY"
        self.head = HeadForm(data)
        self.checks = [
            CheckForm(data, code=code, currency=currency) for code in _codes(data.getlist("checks"))
        ]
        self.exemptions = [
            ExemptionForm(data, code=code, currency=currency) for code in Exemption.values
        ]
        self.rules = [
            RuleForm(data, place=place, currency=currency)
            for place in numbers(data.getlist("rules"))
        ]
        self.release = ThresholdsForm(
            data, prefix="release", thresholds=parts.RELEASE, currency=currency
        )

    def is_valid(self) -> bool:
        """Whether the content is whole; every fault is then said beside its field."""
        self.judged = True
        # Every part is asked, so that every fault is said at once.
        faulty = [form for form in self.forms() if not form.is_valid()]
        if faulty:
            return False
        try:
            self.content = clean_content(self._content())
        except ValidationError as error:
            self.head.add_error(None, error.messages)
            return False
        return True

    def forms(self) -> list[forms.Form]:
        """All parts, without the comparisons, which their rules look after."""
        return [self.head, *self.checks, *self.exemptions, *self.rules, self.release]

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        """Every error for the summary on top: the field's id, where it is, what is wrong."""
        if not self.judged:
            return []
        comparisons = chain.from_iterable(rule.comparisons for rule in self.rules)
        found = []
        for form in [*self.forms(), *comparisons]:
            found += [("", place_of(form), str(error)) for error in form.non_field_errors()]
            found += [
                (field.id_for_label, f"{place_of(form)} {field.label}".strip(), str(error))
                for field in form
                for error in field.errors
            ]
        return found

    @property
    def note(self) -> str:
        return str(self.head.cleaned_data["note"])

    def _content(self) -> Content:
        return {
            "currency": self.head.cleaned_data["currency"],
            "checks": [form.row() for form in placed(self.checks)],
            "rules": [form.row() for form in self.rules],
            "exemptions": [row for form in self.exemptions for row in form.rows()],
            "release": self.release.values(),
        }


def place_of(form: Any) -> str:
    """What a part of the form is called in an error."""
    if isinstance(form, RuleForm):
        return _("Gate rule %(number)s:") % {"number": form.place + 1}
    label = getattr(form, "label", "")
    return f"{label}:" if label else ""


def placed(checks: list[CheckForm]) -> list[CheckForm]:
    """The checks as their numbers ask: one that was moved goes before whoever has the number."""

    def key(pair: tuple[int, CheckForm]) -> tuple[int, int]:
        stood, form = pair
        wanted = form.cleaned_data["position"]
        return wanted, (wanted > stood) - (wanted < stood)

    return [form for _stood, form in sorted(enumerate(checks, start=1), key=key)]


def _codes(asked: list[str]) -> list[str]:
    """The checks as the form lists them; each once, and none missing."""
    known = [code for code in dict.fromkeys(asked) if code in CheckCode.values]
    return known + [code for code in CheckCode.values if code not in known]


def fields_of(content: Content, *, note: str = "", seen: str = "") -> QueryDict:
    """What the form posts for this content."""
    data = QueryDict(mutable=True)
    data["currency"], data["note"], data["seen"] = content["currency"], note, seen
    for place, row in enumerate(content["checks"], start=1):
        code = row["check"]
        data.appendlist("checks", code)
        data[f"check-{code}-position"] = str(place)
        data[f"check-{code}-severity"] = row["severity"]
        _put(data, f"check-{code}", parts.THRESHOLDS[code], row)
    _put_exemptions(data, content)
    for place, rule in enumerate(content["rules"]):
        _put_rule(data, place, rule)
    _put(data, "release", parts.RELEASE, content["release"])
    return data


def _put(data: QueryDict, prefix: str, thresholds: Any, values: Content) -> None:
    for name in thresholds:
        value = values.get(name, thresholds[name].default)
        if isinstance(value, bool):
            data.setlist(f"{prefix}-{name}", ["on"] if value else [])
        else:
            data[f"{prefix}-{name}"] = _figure(value)


def _figure(value: Any) -> str:
    text = str(value)
    return f"{Decimal(text):,.2f}" if text.endswith(".00") and len(text) > 6 else text


def _put_exemptions(data: QueryDict, content: Content) -> None:
    for row in content["exemptions"]:
        prefix = f"exempt-{row['exemption']}"
        data[f"{prefix}-granted"] = "on"
        data.setlist(f"{prefix}-skips", row["skips"])
        _put(data, prefix, parts.EXEMPTION_VALUES[row["exemption"]], row)


def _put_rule(data: QueryDict, place: int, rule: Content) -> None:
    prefix = f"rule-{place}"
    data.appendlist("rules", str(place))
    data[f"{prefix}-code"], data[f"{prefix}-severity"] = rule["code"], rule["severity"]
    for language in LANGUAGES:
        data[f"{prefix}-name_{language}"] = rule["names"].get(language, "")
    fields = typed(rule["condition"], prefix)
    if fields is None:
        data[f"{prefix}-kept"] = json.dumps(rule["condition"], ensure_ascii=False)
    for name, values in (fields or {}).items():
        data.setlist(name, values)


def rearranged(posted: QueryDict, wish: str) -> QueryDict | None:
    """What was posted with one more or one less row, as a button asked; None for another button.

    `add-rule`, `drop-rule-2`, `add-2` and `drop-2-0` (comparisons of rule 2), `anew-2`, `show`.
    """
    data = posted.copy()
    verb, _dash, rest = wish.partition("-")
    if wish == "add-rule":
        _one_more(data, "rules", MOST_RULES)
        new = data.getlist("rules")[-1]
        data.setlist(f"rule-{new}-rows", ["0"])
    elif wish.startswith("drop-rule-"):
        _one_less(data, "rules", wish.removeprefix("drop-rule-"))
    elif verb == "add":
        _one_more(data, f"rule-{rest}-rows", 20)
    elif verb == "drop":
        rule, _dash, row = rest.partition("-")
        _one_less(data, f"rule-{rule}-rows", row)
    elif verb == "anew":
        data[f"rule-{rest}-kept"] = ""
        data.setlist(f"rule-{rest}-rows", ["0"])
    elif wish != "show":
        return None
    return data


def _one_more(data: QueryDict, name: str, most: int) -> None:
    present = numbers(data.getlist(name))
    if len(present) < most:
        data.appendlist(name, str(max(present, default=-1) + 1))


def _one_less(data: QueryDict, name: str, which: str) -> None:
    data.setlist(name, [row for row in data.getlist(name) if row != which])
