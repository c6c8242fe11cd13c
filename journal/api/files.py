"""Files attached to orders and to requested limits: listed, attached, opened and removed.

The packages of these give each its own address, `FilesOf`; a file is then known by its id.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import FileResponse, Http404
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from journal.api import problems as problems
from journal.attachments import lifecycle, policies
from journal.attachments.models import Attachment
from journal.attachments.subjects import kind_for
from staff.api.inputs import ReasonIn
from staff.api.parsing import Json
from staff.api.people import WhoSerializer
from staff.api.schema import described, pages
from staff.api.views import ApiViewSet

ATTACH = ("journal.add_attachment",)
REMOVE = ("journal.add_attachment", "journal.remove_attachment")
# Whoever asks saves it; what it really is stands in `content_type`.
BYTES = "application/octet-stream"


class AttachmentSerializer(serializers.ModelSerializer):
    """An attached file; it stays in the list after it was removed, with who did it and why."""

    uploaded_by = WhoSerializer()
    removed_by = WhoSerializer(allow_null=True)

    class Meta:
        model = Attachment
        fields = (
            "id",
            "name",
            "about",
            "size",
            "sha256",
            "content_type",
            "uploaded_by",
            "uploaded_at",
            "removed_by",
            "removed_at",
            "removed_because",
        )


class AttachIn(serializers.Serializer):
    """A file, and what it is."""

    file = serializers.FileField(max_length=200, allow_empty_file=True)
    about = serializers.CharField(max_length=200, allow_blank=True, default="")


class FilesOf(ApiViewSet):
    """The files of one kind of subject. `access` says who opens the subjects themselves."""

    tag = "files"

    def subject(self) -> models.Model:
        """The subject of the address, as far as the caller may see it. Raises DoesNotExist."""
        raise NotImplementedError

    def get_parsers(self) -> list[BaseParser]:
        """Files come as a form."""
        uploads = "attach" in getattr(self, "action_map", {}).values()
        return [MultiPartParser()] if uploads else [Json()]

    @described("The files, the oldest first", gives=pages(AttachmentSerializer))
    @action(detail=True)
    def files(self, request: Request, pk: int) -> Response:
        found = Attachment.objects.of(self._open_subject())
        return self.listed(found, AttachmentSerializer, ("uploaded_at", "pk"))

    @described("Attach a file", takes=AttachIn, gives=AttachmentSerializer, status=201)
    @files.mapping.post
    def attach(self, request: Request, pk: int) -> Response:
        given, subject = self.given(AttachIn), self._open_subject()
        made = lifecycle.attach(subject=subject, by=self.user, at=self.at, **given)
        return Response(self.shown(AttachmentSerializer, made), 201)

    def _open_subject(self) -> models.Model:
        """The subject, for whoever may open its page and not only what leads there."""
        subject = self.subject()
        if not policies.can_see(self.user, subject):
            raise PermissionDenied
        return subject


class FileViewSet(ApiViewSet):
    """One attached file, for whoever may see what it belongs to."""

    tag = "files"
    access = {"retrieve": (), "content": (), "remove": REMOVE}

    @described("One file, without its content", gives=AttachmentSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self._told(self._seen(pk))

    @described("The content of a file", gives=OpenApiTypes.BINARY, media=BYTES)
    @action(detail=True)
    def content(self, request: Request, pk: int) -> Any:
        attachment = self._seen(pk)
        if attachment.removed_at and not policies.can_open_removed(self.user):
            raise PermissionDenied
        try:
            stored = attachment.stored.open("rb")
        except FileNotFoundError as error:
            raise Http404 from error
        return FileResponse(
            stored, as_attachment=True, filename=attachment.name, content_type=BYTES
        )

    @described(
        "Take a file off; it stays in the history", takes=ReasonIn, gives=AttachmentSerializer
    )
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: int) -> Response:
        given, attachment = self.given(ReasonIn), self._seen(pk)
        lifecycle.remove(attachment_id=attachment.pk, by=self.user, at=self.at, **given)
        return self._told(self._seen(pk))

    def _seen(self, pk: int) -> Attachment:
        """The file. Raises DoesNotExist for one of something that is not to be seen."""
        attachment = Attachment.objects.select_related("uploaded_by", "removed_by").get(pk=pk)
        kind_for(attachment.subject_type).seen_by(self.user).only("pk").get(
            pk=attachment.subject_id
        )
        return attachment

    def _told(self, attachment: Attachment) -> Response:
        return Response(self.shown(AttachmentSerializer, attachment))
