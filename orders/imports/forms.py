"""What somebody says about the files of an import."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from credit.enums import LimitKind
from credit.models.customer import CODE
from credit.money import CURRENCIES
from orders.imports.enums import DateForm, Delimiter, Encoding, Kind, Status
from orders.imports.fields import FIELDS
from orders.imports.lifecycle import Reading
from orders.imports.mapping import Columns, by_name, fold
from orders.imports.options import Options
from orders.imports.problems import Problem
from orders.imports.reading import BadLine
from orders.imports.rights import kinds_for, submits_orders
from orders.models import ImportFile, ImportRun
from staff import zones
from staff.models import User

SAMPLE_LENGTH = 24
HISTORY = ("yes", _("history: they keep their own times and open no tickets"))
COLUMN = "column_"
WORD = "word_"


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files at once; each is cleaned as one file is."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFilesField, self).clean(one, initial) for one in given]


class UploadForm(forms.Form):
    """The files of one import."""

    uploads = ManyFilesField(
        label=_("CSV or Excel files"),
        widget=ManyFiles(attrs={"accept": ".csv,.txt,.tsv,.xlsx,text/csv"}),
        allow_empty_file=True,
        max_length=200,
        help_text=_(
            "Up to 10 files that belong together, such as customers, products, orders, their lines "
            "and payments; each up to 500 MB. For CSV files UTF-8 is best, other encodings can be "
            "chosen; of an Excel workbook (XLSX) you choose the sheet."
        ),
    )


class FileForm(forms.Form):
    """What one file holds and what its columns mean."""

    kind = forms.ChoiceField(label=_("The file holds"))
    encoding = forms.ChoiceField(label=_("Encoding"), choices=Encoding.choices)
    delimiter = forms.ChoiceField(
        label=_("Separator"),
        required=False,
        choices=[("", _("found by itself")), *Delimiter.choices],
    )

    def __init__(self, file: ImportFile, data: Any = None) -> None:
        initial = {"kind": file.kind, "encoding": file.encoding, "delimiter": file.delimiter}
        super().__init__(data, prefix=f"file{file.pk}", initial=initial)
        self.file = file
        kind: Any = self.fields["kind"]
        kind.choices = [("", "–"), *kinds_for(file.run.created_by)]
        if len(file.tabs) > 1:
            self.fields["tab"] = forms.ChoiceField(
                label=_("Sheet"), choices=[(tab, tab) for tab in file.tabs], initial=file.tab
            )
        holds = (data.get(self.add_prefix("kind")) if data else file.kind) or ""
        choices = [("", "–"), *_column_choices(file)]
        for field in FIELDS.get(holds, ()):
            self.fields[COLUMN + field.code] = forms.ChoiceField(
                label=str(field.label),
                choices=choices,
                required=False,
                initial=file.columns.get(field.code, ""),
            )
        self.needed = {COLUMN + f.code for f in FIELDS.get(holds, ()) if f.required}

    @property
    def tab(self) -> forms.BoundField | None:
        """The choice of the sheet, where there is one."""
        return self["tab"] if "tab" in self.fields else None

    @property
    def fault(self) -> Problem | None:
        """Why nothing of the file can be imported as it is read now; None if nothing is seen."""
        if not self.file.stored:
            return None
        try:
            rows = len(list(islice(self.file.sheet.rows(), 2)))
            self.file.sheet.headers()
        except BadLine as error:
            return Problem(error.code, self.file.name, error.line, figures=dict(error.figures))
        except OSError:
            return None
        return Problem("no_rows", self.file.name) if rows < 2 else None

    @property
    def told(self) -> list[tuple[forms.BoundField, bool]]:
        """The fields that have a column or need one, each with whether it needs one."""
        return [(self[name], name in self.needed) for name in self._columns if self._is_told(name)]

    @property
    def untold(self) -> list[forms.BoundField]:
        """The other fields, which the file need not have."""
        return [self[name] for name in self._columns if not self._is_told(name)]

    @property
    def _columns(self) -> list[str]:
        return [name for name in self.fields if name.startswith(COLUMN)]

    def _is_told(self, name: str) -> bool:
        return name in self.needed or bool(self[name].value())

    def reading(self) -> Reading:
        """How the file is to be read; by the columns' names when it now holds something else."""
        given = self.cleaned_data
        columns: Columns = {
            name.removeprefix(COLUMN): header
            for name, header in given.items()
            if name.startswith(COLUMN) and header
        }
        if given["kind"] != self.file.kind:
            columns = by_name(given["kind"], self.file.headers)
        tab = given.get("tab", self.file.tab)
        return Reading(given["kind"], given["encoding"], given["delimiter"], columns, tab)


def _column_choices(file: ImportFile) -> Iterable[tuple[str, str]]:
    sample: list[str] = []
    try:
        rows = [row.values for row in islice(file.sheet.rows(), 2)] if file.stored else []
        sample = rows[1] if len(rows) > 1 else []
    except (BadLine, OSError):
        sample = []
    for index, header in enumerate(file.headers):
        value = sample[index][:SAMPLE_LENGTH] if index < len(sample) else ""
        if header:
            yield header, f"{header} · {value}" if value else header


class OptionsForm(forms.Form):
    """The choices that hold for all files of an import."""

    history = forms.TypedChoiceField(
        label=_("The orders are"),
        coerce=lambda value: value == "yes",
        choices=[
            HISTORY,
            ("no", _("new: each is submitted now and goes through the gate")),
        ],
        widget=forms.RadioSelect,
    )
    date_form = forms.ChoiceField(
        label=_("Dates are written as"),
        required=False,
        choices=[("", _("not chosen: only dates that begin with the year")), *DateForm.choices],
        help_text=_("A time of day may follow. Dates that can be read in two ways are refused."),
    )
    time_zone = forms.ChoiceField(label=_("Time zone of the files"))
    currency = forms.ChoiceField(
        label=_("Currency"),
        required=False,
        choices=[("", _("as the files say")), *((code, code) for code, _name in CURRENCIES)],
    )
    decimal_comma = forms.BooleanField(label=_("Decimal comma, as in 1.234,50"), required=False)
    number_prefix = forms.CharField(
        label=_("Put before the order numbers"),
        required=False,
        max_length=20,
        help_text=_("Keeps the numbers of different shops apart, as in shop1-."),
    )
    customer_code = forms.CharField(
        label=_("Customer of orders that name none"),
        required=False,
        max_length=40,
        validators=[CODE],
        help_text=_("A customer code; a new one makes a new customer."),
    )
    customer_name = forms.CharField(
        label=_("Name of that customer, if new"), required=False, max_length=200
    )
    payments_again = forms.BooleanField(
        label=_("Record payments without a reference although they look recorded already"),
        required=False,
        help_text=_(
            "A payment of the same order, amount and day counts as recorded and is skipped, unless "
            "you choose this. Look first whether it is further money."
        ),
    )
    new_customers = forms.BooleanField(
        label=_("Receivables: make customers that are not known"),
        required=False,
        help_text=_("Each gets its code as its name and an account in the currency above."),
    )
    owner = forms.ModelChoiceField(
        label=_("Salesperson of new customers"),
        required=False,
        queryset=User.objects.filter(is_active=True).order_by("full_name", "username"),
        empty_label=_("whoever imports"),
    )
    limit_kind = forms.ChoiceField(
        label=_("Credit of new customers"),
        choices=[c for c in LimitKind.choices if c[0] != LimitKind.AMOUNT],
    )
    payment_days = forms.IntegerField(
        label=_("Payment terms of new customers, in days"), min_value=0, max_value=365
    )
    tax_percent = forms.DecimalField(
        label=_("Tax of new products, in per cent"),
        min_value=Decimal(0),
        max_value=Decimal(100),
        decimal_places=2,
    )

    def __init__(self, run: ImportRun, by: User, at: datetime, data: Any = None) -> None:
        options = run.options
        initial = options.as_json() | {
            "history": "yes" if options.history else "no",
            "owner": options.owner_id,
        }
        super().__init__(data, initial=initial)
        self.options = options
        self._offer("time_zone", zones.choices(at, options.time_zone))
        if not submits_orders(by) and options.history:
            self._offer("history", [HISTORY])
        if not by.has_perm("credit.change_limit"):
            self._offer("limit_kind", [(LimitKind.NONE, LimitKind.NONE.label)])
        for number, word in enumerate(run.unknown_words):
            self.fields[f"{WORD}{number}"] = forms.ChoiceField(
                label=word, required=False, choices=[("", "–"), *Status.choices]
            )
        self.words = run.unknown_words
        self.pays = run.files.filter(kind=Kind.PAYMENTS).exists()

    MAIN = ("history", "date_form", "time_zone", "currency", "decimal_comma", "number_prefix",
            "customer_code", "customer_name", "payments_again")  # fmt: skip
    MORE = ("new_customers", "owner", "limit_kind", "payment_days", "tax_percent")

    def _offer(self, name: str, choices: Any) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def main(self) -> list[forms.BoundField]:
        """The choices that most imports need."""
        return [self[name] for name in self.MAIN if name != "payments_again" or self.pays]

    @property
    def more(self) -> list[forms.BoundField]:
        """The choices about what the import creates besides orders."""
        return [self[name] for name in self.MORE]

    @property
    def status_words(self) -> list[forms.BoundField]:
        """One choice for each status word that was not understood."""
        return [self[f"{WORD}{number}"] for number in range(len(self.words))]

    def chosen(self) -> Options:
        """The options as chosen; what the form does not ask for stays."""
        given = self.cleaned_data
        words = {
            fold(word): given[f"{WORD}{number}"]
            for number, word in enumerate(self.words)
            if given.get(f"{WORD}{number}")
        }
        plain = {name: given[name] for name in (*self.MAIN, *self.MORE) if name != "owner"}
        return Options.of(
            self.options.as_json()
            | plain
            | {
                "owner_id": given["owner"].pk if given["owner"] else None,
                "status_words": self.options.status_words | words,
            }
        )
