"""Django's own admin, in the product's colours, behind the product's own sign-in."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.db.models.base import ModelBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

# The schedule of background work follows the code; changing it by hand would be undone.
NOT_OFFERED = {"django_celery_beat"}


# Texts of Django admin that its own Chinese catalogues lack; ours have them.
LACKING = (
    gettext_noop("Model name"),
    gettext_noop("Add link"),
    gettext_noop("Change or view list link"),
    gettext_noop("After you’ve created a user, you’ll be able to edit more user options."),
    gettext_noop(" By %(filter_title)s "),
)


class OrdergateAdminSite(AdminSite):
    """The back office: master data and configuration, for people with `is_staff`."""

    site_title = _("Ordergate admin")
    site_header = _("Ordergate admin")
    index_title = _("Set up")
    enable_nav_sidebar = True

    def register(self, model_or_iterable: Any, *args: Any, **options: Any) -> None:
        """As Django, but for models that are operations' business and speak only English."""
        one = isinstance(model_or_iterable, ModelBase)
        models = [model_or_iterable] if one else list(model_or_iterable)
        shown = [model for model in models if model._meta.app_label not in NOT_OFFERED]
        super().register(shown, *args, **options)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Signing in happens in one place only, where attempts are counted."""
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ends the session and shows the product's sign-in page."""
        super().logout(request, extra_context)
        return redirect("staff:sign_in")
