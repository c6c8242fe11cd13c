"""Imports of files: what was given, how it was read, what came of it."""

import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.imports.enums import BUSY, OPEN, Delimiter, Encoding, Kind, RunState
from orders.imports.options import Options
from orders.imports.problems import Problem
from orders.imports.reading import Sheet
from staff.private_files import private_files
from staff.sentences import again

if TYPE_CHECKING:
    from staff.models import User


def random_name(_file: models.Model, _name: str) -> str:
    """The name somebody gave a file is kept in the database, never on disk."""
    return f"imports/{uuid.uuid4().hex}.csv"


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def for_user(self, user: "User") -> "ImportRunQuerySet":
        """One's own imports, or all of them with the right to see all customers."""
        if user.has_perm("credit.view_all_customers"):
            return self
        return self.filter(created_by=user)


class ImportRun(models.Model):
    """One import of one or several files that belong together."""

    state = models.CharField(
        _("state"), max_length=12, choices=RunState.choices, default=RunState.UPLOADED
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField(_("uploaded"))
    started_at = models.DateTimeField(_("started"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    taken_at = models.DateTimeField(_("taken by a worker"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    good_rows = models.BooleanField(_("bad rows are left out"), default=False)
    choices = models.JSONField(_("choices"), default=dict)
    found = models.JSONField(_("rows found"), default=dict)
    skipped = models.JSONField(_("rows already there"), default=dict)
    left_out = models.JSONField(_("bad rows"), default=dict)
    written = models.JSONField(_("rows imported"), default=dict)
    position = models.JSONField(_("how far each kind of row is imported"), default=dict)
    problem_count = models.PositiveIntegerField(_("problems"), default=0)
    problem_kinds = models.JSONField(_("problems by kind"), default=dict)
    problems = models.JSONField(_("first problems"), default=list)
    notes = models.JSONField(_("notes"), default=list)
    unknown_words = models.JSONField(_("unknown status words"), default=list)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        default_permissions = ("view",)
        permissions = [("import_work", _("Can import what one may enter by hand"))]
        indexes = [
            models.Index(
                fields=["created_at"],
                name="import_with_files",
                condition=~Q(state=RunState.DISCARDED),
            )
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def options(self) -> Options:
        return Options.of(self.choices)

    @property
    def busy(self) -> bool:
        """Whether a worker is at it."""
        return self.state in BUSY

    @property
    def open(self) -> bool:
        """Whether its choices can still be changed."""
        return self.state in OPEN

    @property
    def begun(self) -> bool:
        """Whether some of its rows are imported already, and the rest is not."""
        return bool(self.written) and self.state != RunState.DONE

    @property
    def read_problems(self) -> list[Problem]:
        """The problems that were kept, ready to be read."""
        return [Problem(**problem) for problem in self.problems]


class ImportFile(models.Model):
    """A file of an import. `columns` maps fields to the headers of the file."""

    run = models.ForeignKey(
        ImportRun, verbose_name=_("import"), on_delete=models.CASCADE, related_name="files"
    )
    name = models.CharField(_("file"), max_length=200)
    stored = models.FileField(storage=private_files, upload_to=random_name, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    kind = models.CharField(_("holds"), max_length=10, choices=Kind.choices, blank=True)
    encoding = models.CharField(
        _("encoding"), max_length=12, choices=Encoding.choices, default=Encoding.UTF8
    )
    delimiter = models.CharField(
        _("separator"), max_length=3, choices=Delimiter.choices, blank=True
    )
    tabs = models.JSONField(_("sheets of the workbook"), default=list)
    tab = models.CharField(_("sheet"), max_length=100, blank=True)
    headers = models.JSONField(_("columns of the file"), default=list)
    columns = models.JSONField(_("meaning of the columns"), default=dict)
    first_rows = models.JSONField(_("first rows as understood"), default=list)
    rejected = models.FileField(storage=private_files, upload_to=random_name, blank=True)

    class Meta:
        verbose_name = _("imported file")
        verbose_name_plural = _("imported files")
        default_permissions = ()
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def sheet(self) -> Sheet:
        """The file, ready to be read as it is described."""
        return Sheet(Path(self.stored.path), self.encoding, self.delimiter, self.tab)


class ImportRefusal(models.Model):
    """A row that was good, but that the product refused when it was to be written.

    `message` is why, and `said` the same apart from any language.
    """

    run = models.ForeignKey(
        ImportRun, verbose_name=_("import"), on_delete=models.CASCADE, related_name="refusals"
    )
    file = models.ForeignKey(
        ImportFile, verbose_name=_("file"), on_delete=models.CASCADE, related_name="+"
    )
    line = models.PositiveIntegerField(_("line"))
    message = models.TextField(_("why"))
    said = models.JSONField(null=True)

    class Meta:
        verbose_name = _("refused row")
        verbose_name_plural = _("refused rows")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="import_refusal_once_per_row", fields=["file", "line"])
        ]

    def __str__(self) -> str:
        return f"{self.file_id}:{self.line}"

    @property
    def words(self) -> str:
        """Why, in the language of its reader."""
        return again(self.message, self.said)


class ImportMemory(models.Model):
    """How files with these columns were read the last time."""

    kind = models.CharField(_("holds"), max_length=10, choices=Kind.choices)
    headers_key = models.CharField(max_length=64)
    columns = models.JSONField(_("meaning of the columns"))
    choices = models.JSONField(_("choices"), default=dict)
    updated_at = models.DateTimeField(_("last used"))

    class Meta:
        verbose_name = _("remembered columns")
        verbose_name_plural = _("remembered columns")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                name="import_memory_once_per_headers", fields=["kind", "headers_key"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.headers_key[:8]}"
