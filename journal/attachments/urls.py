from django.urls import path

from journal.attachments import views

app_name = "attachments"
urlpatterns = [
    path("files/<slug:kind>/<int:pk>/attach/", views.attach, name="attach"),
    path("files/<int:pk>/", views.download, name="download"),
    path("files/<int:pk>/remove/", views.remove, name="remove"),
]
