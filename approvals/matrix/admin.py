"""The approval matrix in the back office."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from approvals.matrix.models import MatrixVersion
from approvals.matrix.pages import MatrixPages
from journal.admin import ReadOnlyAdmin


@admin.register(MatrixVersion)
class MatrixAdmin(MatrixPages, ReadOnlyAdmin):
    """Versions are read as sentences, and change through the lifecycle only."""

    class Media:
        css = {"all": ["css/admin_policies.css", "css/admin_matrix.css"]}

    def get_urls(self) -> list[URLPattern]:
        pages = [
            ("draft/", self.draft_page, "draft"),
            ("<int:pk>/publish/", self.publish_page, "publish"),
            ("<int:pk>/discard/", self.discard_page, "discard"),
        ]
        wrap = self.admin_site.admin_view
        name = "approvals_matrixversion_{}".format
        own = [path(route, wrap(view), name=name(page)) for route, view, page in pages]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return self.list_page(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        number = int(object_id) if object_id.isascii() and object_id.isdecimal() else 0
        return self.version_page(request, number)
