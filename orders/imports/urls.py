"""Addresses of imports, included in the orders' own."""

from django.urls import path

from orders.imports import views

urlpatterns = [
    path("", views.import_list, name="imports"),
    path("samples/<slug:kind>/", views.sample_file, name="import_sample"),
    path("new/", views.upload, name="import_new"),
    path("<int:pk>/", views.detail, name="import"),
    path("<int:pk>/check/", views.describe, name="import_check"),
    path("<int:pk>/write/", views.write, name="import_write"),
    path("<int:pk>/stop/", views.stop, name="import_stop"),
    path("<int:pk>/resume/", views.resume, name="import_resume"),
    path("<int:pk>/bad-rows/<int:file_pk>/", views.bad_rows, name="import_bad_rows"),
    path("<int:pk>/discard/", views.discard, name="import_discard"),
    path("<int:pk>/status/", views.status, name="import_status"),
]
