from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from orders.errors import OrderError
from orders.imports import lifecycle, progress
from orders.imports.enums import Kind, RunState
from orders.imports.forms import FileForm, UploadForm
from orders.imports.noted import NOTES
from orders.imports.option_form import OptionsForm
from orders.imports.preview import preview
from orders.imports.rights import kinds_for
from orders.imports.samples import sample
from orders.models import ImportRun
from orders.tasks import carry_out_import
from staff.access import needs
from staff.downloads import download
from staff.keyset import page
from staff.models import User


@needs(*lifecycle.MAY_IMPORT)
@require_GET
def import_list(request: HttpRequest) -> HttpResponse:
    """Imports that this person may see, newest first."""
    runs = ImportRun.objects.for_user(_user(request)).select_related("created_by")
    context = {"page": page(runs.prefetch_related("files"), request, keys=("-pk",))}
    return render(request, "orders/imports/list.html", context)


@needs(*lifecycle.MAY_IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Choose files; the next page asks what they mean."""
    sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if sent else UploadForm()
    if form.is_valid():
        try:
            run = lifecycle.upload(
                files=form.cleaned_data["uploads"], by=_user(request), at=timezone.now()
            )
            return redirect("orders:import", run.pk)
        except OrderError as error:
            form.add_error("uploads", str(error))
    status = 422 if form.is_bound else 200
    context = {"form": form, "kinds": kinds_for(_user(request))}
    return render(request, "orders/imports/upload.html", context, status=status)


@needs(*lifecycle.MAY_IMPORT)
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One import, as far as it is: its columns, what is wrong, how far, what came of it."""
    return _show(request, _get(request, pk))


@needs(*lifecycle.MAY_IMPORT)
@require_POST
def describe(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what was chosen, and check the files unless only other columns were asked for."""
    run = _get(request, pk)
    form = OptionsForm(run, _user(request), timezone.now(), request.POST)
    files = [FileForm(file, request.POST) for file in run.files.all()]
    if not all([form.is_valid(), *(file.is_valid() for file in files)]):
        return _show(request, run, form=form, files=files, status=422)
    readings = {file.file.pk: file.reading() for file in files}
    try:
        lifecycle.describe(run_id=pk, readings=readings, options=form.chosen(), by=_user(request))
        if request.POST.get("action") == "check":
            _start(request, pk, write=False)
    except OrderError as error:
        messages.error(request, str(error))
    return redirect("orders:import", pk)


@needs(*lifecycle.MAY_IMPORT)
@require_POST
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Import the files that were checked: everything, or the good rows."""
    run = _get(request, pk)
    try:
        _start(request, run.pk, write=True, good_rows=bool(request.POST.get("good_rows")))
    except OrderError as error:
        messages.error(request, str(error))
    return redirect("orders:import", pk)


@needs(*lifecycle.MAY_IMPORT)
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a running import; what was imported stays."""
    run = _get(request, pk)
    try:
        lifecycle.stop(run_id=run.pk, by=_user(request), at=timezone.now())
    except OrderError as error:
        messages.error(request, str(error))
    return redirect("orders:import", pk)


@needs(*lifecycle.MAY_IMPORT)
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Have another worker go on where one died."""
    run, user = _get(request, pk), _user(request)
    try:
        lifecycle.resume(
            run_id=run.pk, by=user, at=timezone.now(), hand_over=carry_out_import.delay
        )
    except OrderError as error:
        messages.error(request, str(error))
    return redirect("orders:import", pk)


@needs(*lifecycle.MAY_IMPORT)
@require_GET
def bad_rows(request: HttpRequest, pk: int, file_pk: int) -> FileResponse:
    """The bad rows of one file, with what is wrong with each, to be corrected."""
    file = get_object_or_404(_get(request, pk).files.exclude(rejected=""), pk=file_pk)
    name = f"{Path(file.name).stem}-bad-rows.csv"
    return FileResponse(
        file.rejected.open("rb"), as_attachment=True, filename=name, content_type="text/csv"
    )


@needs(*lifecycle.MAY_IMPORT)
@require_GET
def sample_file(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    """A file of one kind to begin with, in the reader's language."""
    if kind not in Kind.values:
        raise Http404
    return download(request, sample(kind))


@needs(*lifecycle.MAY_IMPORT)
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up an import and delete its files."""
    run = _get(request, pk)
    try:
        lifecycle.discard(run_id=run.pk, by=_user(request), at=timezone.now())
        messages.success(request, _("The import is discarded and its files are deleted."))
    except OrderError as error:
        messages.error(request, str(error))
        return redirect("orders:import", pk)
    return redirect("orders:imports")


@needs(*lifecycle.MAY_IMPORT)
@require_GET
def status(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a running import is; the whole page again once it has ended."""
    run = _get(request, pk)
    context = {"run": run} | _progress(run)
    response = render(request, "orders/imports/_progress.html", context)
    if not run.busy:
        response.headers["HX-Refresh"] = "true"
    return response


def _user(request: HttpRequest) -> User:
    return request.user  # type: ignore[return-value]


def _get(request: HttpRequest, pk: int) -> ImportRun:
    return get_object_or_404(ImportRun.objects.for_user(_user(request)), pk=pk)


def _start(request: HttpRequest, pk: int, *, write: bool, good_rows: bool = False) -> None:
    progress.forget(pk)
    lifecycle.start(
        run_id=pk,
        write=write,
        good_rows=good_rows,
        by=_user(request),
        at=timezone.now(),
        hand_over=carry_out_import.delay,
    )


def _show(
    request: HttpRequest,
    run: ImportRun,
    *,
    form: OptionsForm | None = None,
    files: list[FileForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    mine = run.created_by_id == _user(request).pk
    own, kept = run.open and mine, list(run.files.all())
    if own and form is None:
        form = OptionsForm(run, _user(request), timezone.now())
        files = [FileForm(file) for file in kept]
    context: dict[str, Any] = {
        "run": run,
        "mine": mine,
        "own": own,
        "may_write_good": own and lifecycle.may_start(run, write=True, good_rows=True),
        "good": sum(run.found.values()),
        "rejected": [file for file in kept if file.rejected],
        "previews": [preview(file) for file in kept if file.first_rows],
        "form": form,
        "files": files,
        "counts": _counts(run),
        "notes": [note | {"text": NOTES[note["code"]]} for note in run.notes],
        "problems": sorted(run.read_problems, key=lambda problem: (problem.file, problem.line)),
        "kinds": _kinds(run),
        "ready": run.state == RunState.READY,
    } | _progress(run)
    return render(request, "orders/imports/detail.html", context, status=status)


def _progress(run: ImportRun) -> dict[str, Any]:
    """How far a busy import is, and whether its worker still lives."""
    if not run.busy:
        return {}
    return {
        "stage": progress.stage_of(run.pk),
        "stopping": progress.is_stopping(run.pk),
        "silent": lifecycle.is_silent(run, timezone.now()),
    }


def _counts(run: ImportRun) -> list[tuple[str, int, int, int]]:
    told = (run.written if run.begun else run.found, run.skipped, run.left_out)
    return [
        (str(Kind(kind).label), *(numbers.get(kind, 0) for numbers in told))
        for kind in Kind.values
        if any(kind in numbers for numbers in told)
    ]


def _kinds(run: ImportRun) -> list[tuple[int, str]]:
    """How often each thing is wrong, in the words of its first problem, the most frequent first."""
    first = {problem.code: problem for problem in reversed(run.read_problems)}
    counted = sorted(run.problem_kinds.items(), key=lambda kind: -kind[1])
    return [(count, first[code].what) for code, count in counted if code in first]
