"""Imports of files: uploaded, described, checked, written, with what is wrong with them."""

from pathlib import Path
from typing import Any

from django.forms import BaseForm
from django.http import FileResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from orders.api import problems as problems
from orders.api.import_parts import (
    DescribeIn,
    ImportSerializer,
    ImportSummarySerializer,
    UploadIn,
    WriteIn,
)
from orders.imports import lifecycle, progress
from orders.imports.forms import COLUMN, FileForm
from orders.imports.lifecycle import Reading
from orders.imports.option_form import WORD, OptionsForm
from orders.models import ImportFile, ImportRun
from orders.tasks import carry_out_import
from staff.api.parsing import Json
from staff.api.schema import described, pages
from staff.api.views import ApiViewSet
from staff.api.whole import Whole

IMPORT = lifecycle.MAY_IMPORT
CSV = "text/csv"


class ImportViewSet(ApiViewSet):
    """Imports of files."""

    access = {
        "list": IMPORT,
        "retrieve": IMPORT,
        "create": IMPORT,
        "describe": IMPORT,
        "check": IMPORT,
        "write": IMPORT,
        "stop": IMPORT,
        "resume": IMPORT,
        "discard": IMPORT,
    }

    def get_parsers(self) -> list[BaseParser]:
        """Files come as a form, everything else as JSON."""
        uploads = "create" in getattr(self, "action_map", {}).values()
        return [MultiPartParser()] if uploads else [Json()]

    @described("Imports, the latest first", gives=pages(ImportSummarySerializer))
    def list(self, request: Request) -> Response:
        return self.listed(self._runs(), ImportSummarySerializer, ("-pk",))

    @described("One import, as far as it is", gives=ImportSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self._told(pk)

    @described("Upload files", takes=UploadIn, gives=ImportSerializer, status=201)
    def create(self, request: Request) -> Response:
        files = self.given(UploadIn)["uploads"]
        return self._told(lifecycle.upload(files=files, by=self.user, at=self.at).pk, 201)

    @described(
        "Say what the files hold and how values are written",
        takes=DescribeIn,
        gives=ImportSerializer,
        example={"options": {"history": True, "date_form": "Y-m-d", "currency": "CNY"}},
    )
    @action(detail=True, methods=["post"])
    def describe(self, request: Request, pk: int) -> Response:
        given, run = self.given(DescribeIn), self._runs().get(pk=pk)
        form = OptionsForm(run, self.user, self.at, _options(run, self, given["options"]))
        files = {one["id"]: one for one in given["files"]}
        readings = {file.pk: _reading(file, files.get(file.pk, {})) for file in run.files.all()}
        _guard(form, "options")
        lifecycle.describe(run_id=pk, readings=readings, options=form.chosen(), by=self.user)
        return self._told(pk)

    @described("Have a worker check the files", gives=ImportSerializer, status=202)
    @action(detail=True, methods=["post"])
    def check(self, request: Request, pk: int) -> Response:
        return self._start(pk, write=False)

    @described(
        "Have a worker import the files that were checked, or the good rows of them",
        takes=WriteIn,
        gives=ImportSerializer,
        status=202,
    )
    @action(detail=True, methods=["post"])
    def write(self, request: Request, pk: int) -> Response:
        return self._start(pk, write=True, **self.given(WriteIn))

    @described("Stop an import; what was imported stays", gives=ImportSerializer)
    @action(detail=True, methods=["post"])
    def stop(self, request: Request, pk: int) -> Response:
        run = self._runs().get(pk=pk)
        lifecycle.stop(run_id=run.pk, by=self.user, at=self.at)
        return self._told(pk)

    @described("Have another worker go on where one died", gives=ImportSerializer, status=202)
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: int) -> Response:
        run = self._runs().get(pk=pk)
        hand_over = carry_out_import.delay
        lifecycle.resume(run_id=run.pk, by=self.user, at=self.at, hand_over=hand_over)
        return self._told(pk, 202)

    @described("Give an import up and delete its files", gives=ImportSerializer)
    @action(detail=True, methods=["post"])
    def discard(self, request: Request, pk: int) -> Response:
        run = self._runs().get(pk=pk)
        lifecycle.discard(run_id=run.pk, by=self.user, at=self.at)
        return self._told(pk)

    def _runs(self) -> Any:
        seen = ImportRun.objects.for_user(self.user)
        return seen.select_related("created_by").prefetch_related("files")

    def _start(self, pk: int, *, write: bool, good_rows: bool = False) -> Response:
        run = self._runs().get(pk=pk)
        progress.forget(run.pk)
        lifecycle.start(
            run_id=run.pk,
            write=write,
            good_rows=good_rows,
            by=self.user,
            at=self.at,
            hand_over=carry_out_import.delay,
        )
        return self._told(pk, 202)

    def _told(self, pk: int, status: int = 200) -> Response:
        run = self._runs().get(pk=pk)
        stage = progress.stage_of(pk) if run.busy else None
        return Response(self.shown(ImportSerializer, Whole(run, stage=stage)), status)


class ImportFileViewSet(ApiViewSet):
    """The files of imports."""

    tag = "imports"
    access = {"bad_rows": IMPORT}

    @described(
        "The bad rows of a file, with what is wrong with each",
        gives=OpenApiTypes.BINARY,
        media=CSV,
    )
    @action(detail=True, url_path="bad-rows")
    def bad_rows(self, request: Request, pk: int) -> Any:
        seen = ImportRun.objects.for_user(self.user)
        file = ImportFile.objects.filter(run__in=seen).exclude(rejected="").get(pk=pk)
        name = f"{Path(file.name).stem}-bad-rows.csv"
        stored = file.rejected.open("rb")
        return FileResponse(stored, as_attachment=True, filename=name, content_type=CSV)


def _options(run: ImportRun, view: ImportViewSet, given: dict[str, Any]) -> dict[str, Any]:
    """The options as the form takes them: those that stand, with the given ones in their place."""
    form = OptionsForm(run, view.user, view.at)
    known = {*form.initial, "status_words"}
    if unknown := sorted(set(given) - known):
        text = _("There is no option %(names)s.") % {"names": ", ".join(unknown)[:100]}
        raise ValidationError({"options": [text]})
    words = given.pop("status_words", None) or {}
    data = {**form.initial, **given}
    data["owner"] = given.get("owner_id", data["owner"])
    data["history"] = "yes" if data["history"] in (True, "yes") else "no"
    places = {word: f"{WORD}{number}" for number, word in enumerate(run.unknown_words)}
    told = words.items() if isinstance(words, dict) else ()
    return data | {places[word]: status for word, status in told if word in places}


def _reading(file: ImportFile, given: dict[str, Any]) -> Reading:
    """How a file is to be read. Raises ValidationError naming what is wrong with it."""
    same = given.get("kind", file.kind) == file.kind
    columns = given.get("columns", file.columns if same else {})
    names = ("kind", "encoding", "delimiter")
    data = {name: given.get(name, getattr(file, name)) for name in names}
    data |= {f"{COLUMN}{code}": header for code, header in columns.items()}
    form = FileForm(file, {f"file{file.pk}-{name}": value for name, value in data.items()})
    _guard(form, f"files.{file.pk}")
    reading = form.reading()
    if same or "columns" not in given:
        return reading
    return Reading(reading.kind, reading.encoding, reading.delimiter, _chosen(form))


def _chosen(form: FileForm) -> dict[str, str]:
    given = form.cleaned_data
    names = [name for name in given if name.startswith(COLUMN) and given[name]]
    return {name.removeprefix(COLUMN): given[name] for name in names}


def _guard(form: BaseForm, name: str) -> None:
    if not form.is_valid():
        found = {
            f"{name}.{field}": [str(text) for text in texts] for field, texts in form.errors.items()
        }
        raise ValidationError(found)
