from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from config import views
from staff.access import public

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("health/", views.health, name="health"),
    path("ready/", views.ready, name="ready"),
    path("language/", public(set_language), name="set_language"),
    path("", include("staff.urls")),
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
