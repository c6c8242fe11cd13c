"""What somebody says about the files of an import."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.imports.enums import Delimiter, Encoding
from orders.imports.fields import FIELDS
from orders.imports.lifecycle import Reading
from orders.imports.mapping import Columns, by_name
from orders.imports.problems import Problem
from orders.imports.reading import BadLine
from orders.imports.rights import kinds_for
from orders.models import ImportFile

SAMPLE_LENGTH = 24
COLUMN = "column_"


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
