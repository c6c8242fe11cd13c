"""Django's own admin, in the product's colours, behind the product's own sign-in."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _


class OrdergateAdminSite(AdminSite):
    """The back office: master data and configuration, for people with `is_staff`."""

    site_title = _("Ordergate admin")
    site_header = _("Ordergate admin")
    index_title = _("Set up")
    enable_nav_sidebar = True

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Signing in happens in one place only, where attempts are counted."""
        return redirect_to_login(request.GET.get("next") or "/admin/")

    def logout(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ends the session and shows the product's sign-in page."""
        super().logout(request, extra_context)
        return redirect("staff:sign_in")
