"""Addresses of imports, included in the orders' own."""

from django.urls import path

from orders.imports import views

urlpatterns = [
    path("", views.import_list, name="imports"),
    path("new/", views.upload, name="import_new"),
    path("<int:pk>/", views.detail, name="import"),
    path("<int:pk>/check/", views.describe, name="import_check"),
    path("<int:pk>/write/", views.write, name="import_write"),
    path("<int:pk>/discard/", views.discard, name="import_discard"),
    path("<int:pk>/status/", views.status, name="import_status"),
]
