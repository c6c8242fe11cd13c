"""The pages of the matrix's versions in the back office: writing, reading, putting in force."""

from hashlib import sha256
from json import dumps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from approvals.matrix import lifecycle, wording
from approvals.matrix.editing.arranging import rearranged
from approvals.matrix.editing.choices import load_choices
from approvals.matrix.editing.version import MatrixEditor, fields_of
from approvals.matrix.enums import MatrixState
from approvals.matrix.errors import MatrixError
from approvals.matrix.models import MatrixVersion
from approvals.matrix.names import Names, load_names
from approvals.matrix.telling import report
from approvals.matrix.versions import compared, history, in_force

VIEW, CHANGE, PUBLISH = (
    f"approvals.{name}" for name in ("view_matrixversion", "change_matrix", "publish_matrix")
)
_VERSION = "admin:approvals_matrixversion_change"
_PUBLISH = "admin:approvals_matrixversion_publish"


class MatrixPages:
    """Views of `MatrixAdmin`; what they change goes through the lifecycle."""

    admin_site: Any
    opts: Any
    media: Any

    def list_page(self, request: HttpRequest) -> HttpResponse:
        """Every version with what it changed, the latest first."""
        _may(request, VIEW)
        steps = history(load_names())
        return self._page(request, "list", steps=steps, draft=_draft())

    def draft_page(self, request: HttpRequest) -> HttpResponse:
        """Write a new version, or change the draft there is."""
        _may(request, CHANGE)
        draft, names = _draft(), load_names()
        if request.method != "POST":
            start = draft or _start(request.GET.get("from", ""))
            note = draft.note if draft else ""
            data = fields_of(start.content, note=note, seen=_stamp(draft))
            return self._editor(request, draft, MatrixEditor(data, load_choices(names)))
        wish = request.POST.get("do", "save")
        if wish == "check":
            return self._check(request, draft, names)
        if moved := rearranged(request.POST, wish):
            data, active = moved
            editor = MatrixEditor(data, load_choices(names), active)
            return self._editor(request, draft, editor)
        return self._save(request, draft, names)

    def _check(
        self, request: HttpRequest, draft: MatrixVersion | None, names: Names
    ) -> HttpResponse:
        """Say what would keep it from being published, without saving."""
        editor = MatrixEditor(request.POST, load_choices(names))
        if not editor.is_valid():
            return self._editor(request, draft, editor, 422)
        found = report(editor.content, names)
        return self._editor(request, draft, editor, report=found)

    def _save(
        self, request: HttpRequest, draft: MatrixVersion | None, names: Names
    ) -> HttpResponse:
        by: Any = request.user
        editor = MatrixEditor(request.POST, load_choices(names))
        if not editor.is_valid():
            return self._editor(request, draft, editor, 422)
        if request.POST.get("seen", "") != _stamp(draft):
            return self._stale(request, draft, names)
        what: dict[str, Any] = {"content": editor.content, "note": editor.note}
        what |= {"by": by, "at": timezone.now()}
        try:
            if draft:
                saved = lifecycle.edit_draft(version_id=draft.pk, **what)
            else:
                saved = lifecycle.draft_version(**what)
        except (MatrixError, ValidationError) as error:
            editor.head.add_error(None, getattr(error, "messages", [str(error)]))
            return self._editor(request, draft, editor, 409)
        messages.success(request, _("The draft is saved. It routes nothing yet."))
        return redirect(_VERSION, saved.pk)

    def _stale(
        self, request: HttpRequest, draft: MatrixVersion | None, names: Names
    ) -> HttpResponse:
        """Keep what was typed and say what happened; saving once more is then a decision."""
        data = request.POST.copy()
        data["seen"] = _stamp(draft)
        again = MatrixEditor(data, load_choices(names))
        again.is_valid()
        again.head.add_error(
            None, _("Somebody changed this draft meanwhile. Save again to put yours in its place.")
        )
        return self._editor(request, draft, again, 409)

    def version_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One version in words, with what it changes and what can be done with it."""
        version, names = _version(request, pk, VIEW), load_names()
        context: dict[str, Any] = {"step": compared(version, names), "draft": _draft()}
        if version.state == MatrixState.DRAFT:
            context["report"] = report(version.content, names)
        return self._page(request, "version", version=version, names=names, **context)

    def publish_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask once more, showing what changes and what was found; then publish."""
        version = _version(request, pk, PUBLISH)
        if version.state != MatrixState.DRAFT:
            messages.error(request, _("This version is in force or retired."))
            return redirect(_VERSION, pk)
        if request.method == "POST":
            return _publish(request, version)
        names = load_names()
        context: dict[str, Any] = {"step": compared(version, names), "seen": _stamp(version)}
        context |= {"replaced": in_force(), "report": report(version.content, names)}
        return self._page(request, "publish", version=version, **context)

    def discard_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Throw a draft away; posted only."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        version, by = _version(request, pk, CHANGE), request.user
        try:
            lifecycle.discard_draft(version_id=version.pk, by=by, at=timezone.now())  # type: ignore[arg-type]
        except MatrixError as error:
            messages.error(request, str(error))
            return redirect(_VERSION, pk)
        messages.success(request, _("The draft is thrown away."))
        return redirect("admin:approvals_matrixversion_changelist")

    def _editor(
        self,
        request: HttpRequest,
        draft: MatrixVersion | None,
        editor: MatrixEditor,
        status: int = 200,
        **more: Any,
    ) -> HttpResponse:
        return self._page(request, "editor", status, draft=draft, editor=editor, **more)

    def _page(
        self, request: HttpRequest, name: str, status: int = 200, **more: Any
    ) -> HttpResponse:
        user: Any = request.user
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media,
            "may_change": user.has_perm(CHANGE),
            "may_publish": user.has_perm(PUBLISH),
            **more,
        }
        if "names" in more:
            context["groups"] = wording.grouped(more["version"].content, more["names"])
        return render(request, f"admin/approvals/matrix/{name}.html", context, status=status)


def _publish(request: HttpRequest, version: MatrixVersion) -> HttpResponse:
    by: Any = request.user
    if request.POST.get("seen", "") != _stamp(version):
        messages.error(request, _("This draft was changed meanwhile. Look at it again."))
        return redirect(_PUBLISH, version.pk)
    seen = bool(request.POST.get("overlaps_seen"))
    try:
        lifecycle.publish(version_id=version.pk, by=by, at=timezone.now(), overlaps_seen=seen)
    except MatrixError as error:
        messages.error(request, str(error))
        return redirect(_PUBLISH, version.pk)
    text = _("Version %(number)s is in force now.")
    messages.success(request, text % {"number": version.number})
    return redirect(_VERSION, version.pk)


def _may(request: HttpRequest, permission: str) -> None:
    user: Any = request.user
    if not user.has_perm(permission):
        raise PermissionDenied


def _version(request: HttpRequest, pk: int, permission: str) -> MatrixVersion:
    _may(request, permission)
    versions = MatrixVersion.objects.select_related("author", "published_by")
    return get_object_or_404(versions, pk=pk)


def _draft() -> MatrixVersion | None:
    return MatrixVersion.objects.filter(state=MatrixState.DRAFT).first()


def _start(like: str) -> MatrixVersion:
    """What a new version begins with: a version that was named, or the one in force."""
    if like.isascii() and like.isdecimal() and len(like) < 18:
        return get_object_or_404(MatrixVersion, pk=int(like))
    return MatrixVersion.objects.published().get()


def _stamp(draft: MatrixVersion | None) -> str:
    """What tells whether a draft is still the one that was seen."""
    if draft is None:
        return ""
    return sha256(dumps([draft.pk, draft.content, draft.note]).encode()).hexdigest()
