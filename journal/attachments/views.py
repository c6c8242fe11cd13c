"""Attaching, opening and removing files. Rights are those of what they belong to."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from journal.attachments import lifecycle, policies
from journal.attachments.errors import FileRefused
from journal.attachments.forms import AttachForm, RemoveForm
from journal.attachments.models import Attachment
from journal.attachments.subjects import Kind, kind_for, kind_of
from staff.access import SignedInRequest, needs, signed_in

# Nothing in an opened file may run or load anything, whatever the browser makes of it.
_HARMLESS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
}


@needs("journal.add_attachment")
@require_POST
def attach(request: SignedInRequest, kind: str, pk: int) -> HttpResponse:
    """Attach the chosen files; each that is refused is told, the others stay."""
    found = kind_of(kind)
    if found is None:
        raise Http404
    subject = get_object_or_404(found.seen_by(request.user), pk=pk)
    form = AttachForm(request.POST, request.FILES)
    if form.is_valid():
        attach_each(request, subject, form.cleaned_data["chosen"], form.cleaned_data["about"])
    else:
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
    return _back(found, subject)


def attach_each(
    request: SignedInRequest, subject: models.Model, files: Sequence[UploadedFile], about: str = ""
) -> int:
    """Attach each file, tell what became of them, and say how many were taken."""
    taken = 0
    for file in files:
        try:
            lifecycle.attach(
                subject=subject, file=file, about=about, by=request.user, at=timezone.now()
            )
        except FileRefused as refusal:
            messages.error(request, str(refusal))
        else:
            taken += 1
    if taken:
        text = ngettext("%(count)d file is attached.", "%(count)d files are attached.", taken)
        messages.success(request, text % {"count": taken})
    return taken


@signed_in
@require_safe
def download(request: SignedInRequest, pk: int) -> FileResponse:
    """The file itself, for whoever may open the page that it belongs to."""
    attachment, _kind, _subject = _seen(request, pk)
    if attachment.removed_at and not policies.can_open_removed(request.user):
        raise PermissionDenied
    try:
        content = attachment.stored.open("rb")
    except FileNotFoundError as error:
        raise Http404(_("The content of this file is gone from the server.")) from error
    return FileResponse(
        content,
        as_attachment=True,
        filename=attachment.name,
        content_type=attachment.content_type,
        headers=_HARMLESS,
    )


@needs("journal.add_attachment", "journal.remove_attachment")
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask why, then take the file off; it stays in the history."""
    attachment, kind, subject = _seen(request, pk)
    if request.method != "POST" and not _removable(request, attachment):
        messages.warning(request, _("You may not remove this file."))
        return _back(kind, subject)
    form = RemoveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason, at = form.cleaned_data["reason"], timezone.now()
        try:
            lifecycle.remove(attachment_id=pk, reason=reason, by=request.user, at=at)
        except FileRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The file is removed."))
            return _back(kind, subject)
    context = {"form": form, "file": attachment, "subject": subject, "back": kind.page(subject)}
    status = 422 if form.errors else 200
    return render(request, "attachments/remove.html", context, status=status)


def _removable(request: SignedInRequest, attachment: Attachment) -> bool:
    return attachment.removed_at is None and policies.can_remove(request.user, attachment)


def _seen(request: SignedInRequest, pk: int) -> tuple[Attachment, Kind, Any]:
    attachment = get_object_or_404(Attachment.objects.select_related("uploaded_by"), pk=pk)
    kind = kind_for(attachment.subject_type)
    subject = get_object_or_404(kind.seen_by(request.user), pk=attachment.subject_id)
    return attachment, kind, subject


def _back(kind: Kind, subject: models.Model) -> HttpResponseRedirect:
    return redirect(f"{kind.page(subject)}#files")
