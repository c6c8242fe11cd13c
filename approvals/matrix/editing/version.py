"""A whole version as one form, and the content it stands for."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from approvals.matrix.content import clean
from approvals.matrix.editing.choices import Choices
from approvals.matrix.editing.rows import BANDS, RowForm
from approvals.matrix.routing import Content
from credit.content import LANGUAGES
from credit.editing.rows import numbers
from credit.editing.version import HeadForm
from credit.money import CURRENCIES


class MatrixEditor:
    """The forms of a version. `content` is set by `is_valid`; `active` is the row worked on."""

    def __init__(self, data: QueryDict, choices: Choices, active: int | None = None) -> None:
        self.data, self.judged = data, False
        self.content: Content = {}
        chosen = data.get("currency", "")
        currency = chosen if chosen in dict(CURRENCIES) else "CNY"
        self.head = HeadForm(data)
        self.rows = [
            RowForm(data, place=place, currency=currency, choices=choices)
            for place in numbers(data.getlist("rows"))
        ]
        for row in self.rows:
            row.opened = row.place == active

    @property
    def next_place(self) -> int:
        """The place that a new row will get, so that the page can scroll to it."""
        return max((row.place for row in self.rows), default=-1) + 1

    def is_valid(self) -> bool:
        """Whether the content is whole; every fault is then said beside its field."""
        self.judged = True
        # Every part is asked, so that every fault is said at once.
        faulty = [form for form in (self.head, *self.rows) if not form.is_valid()]
        for row in self.rows:
            row.opened = row.opened or row in faulty
        if faulty:
            return False
        rows = [row.row() for row in self.rows]
        try:
            self.content = clean({"currency": self.head.cleaned_data["currency"], "rows": rows})
        except ValidationError as error:
            self.head.add_error(None, error.messages)
            return False
        return True

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        """Every error for the summary on top: the field's id, where it is, what is wrong."""
        if not self.judged:
            return []
        found = []
        for place, form in self._placed():
            anchor = form.prefix or ""
            found += [(anchor, place, str(error)) for error in form.non_field_errors()]
            found += [
                (field.id_for_label or field.auto_id, f"{place} {field.label}".strip(), str(error))
                for field in form
                for error in field.errors
            ]
        return found

    def _placed(self) -> list[tuple[str, forms.Form]]:
        """Every form with where it stands, in words."""
        placed: list[tuple[str, forms.Form]] = [("", self.head)]
        for number, row in enumerate(self.rows, start=1):
            words = {"number": number}
            placed.append((_("Row %(number)s:") % words, row))
            for at, stage in enumerate(row.stages, start=1):
                text = _("Row %(number)s, stage %(stage)s:")
                placed.append((text % (words | {"stage": at}), stage))
        return placed

    @property
    def note(self) -> str:
        return str(self.head.cleaned_data["note"])


def fields_of(content: Content, *, note: str = "", seen: str = "") -> QueryDict:
    """What the form posts for this content."""
    data = QueryDict(mutable=True)
    data["currency"], data["note"], data["seen"] = content["currency"], note, seen
    for place, row in enumerate(content["rows"]):
        data.appendlist("rows", str(place))
        _put_row(data, f"row-{place}", row)
    return data


def _put_row(data: QueryDict, prefix: str, row: Content) -> None:
    data[f"{prefix}-code"], data[f"{prefix}-purpose"] = row["code"], row["purpose"]
    for language in LANGUAGES:
        data[f"{prefix}-name_{language}"] = row["names"].get(language, "")
    for name in BANDS:
        low, high = row[name]
        data[f"{prefix}-{name}_from"] = "" if not Decimal(low) else _figure(low)
        data[f"{prefix}-{name}_to"] = "" if high is None else _figure(high)
    for name in ("risk_classes", "segments", "reasons"):
        data.setlist(f"{prefix}-{name}", row[name])
    for place, stage in enumerate(row["stages"]):
        data.appendlist(f"{prefix}-stages", str(place))
        _put_stage(data, f"{prefix}-stage-{place}", stage)


def _put_stage(data: QueryDict, prefix: str, stage: Content) -> None:
    data[f"{prefix}-need"], data[f"{prefix}-hours"] = stage["need"], str(stage["hours"])
    data.setlist(f"{prefix}-roles", [s["role"] for s in stage["seats"] if "role" in s])
    people = [str(s["person"]) for s in stage["seats"] if "person" in s]
    data.setlist(f"{prefix}-people", people)
    data[f"{prefix}-escalate"] = stage["escalate"]["role"] if stage["escalate"] else ""


def _figure(value: str) -> str:
    return f"{Decimal(value):,.2f}" if value.endswith(".00") else value
