from django.contrib import admin
from django.urls import include, path

from config import views

urlpatterns = [
    # First, for addresses are tried in turn and programs ask most often.
    path("api/", include("config.api")),
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("health/", views.health, name="health"),
    path("ready/", views.ready, name="ready"),
    path("language/", views.language, name="set_language"),
    path("theme/", views.theme, name="set_theme"),
    path("", include("staff.urls")),
    path("", include("staff.inbox.urls")),
    path("", include("journal.attachments.urls")),
    path("", include("journal.webhooks.urls")),
    path("", include("credit.urls")),
    path("", include("rules.urls")),
    path("", include("orders.urls")),
    path("", include("approvals.urls")),
    path("", include("exceptions.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "config.views.bad_request"
handler403 = "config.views.forbidden"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"
