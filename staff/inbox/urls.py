from django.urls import path

from staff.inbox import views

app_name = "inbox"
urlpatterns = [
    path("inbox/", views.inbox, name="list"),
    path("inbox/bell/", views.bell, name="bell"),
    path("inbox/read/", views.read_all, name="read_all"),
    path("inbox/undo/", views.undo_read, name="undo"),
    path("inbox/<int:pk>/", views.open_notice, name="open"),
    path("profile/mail/", views.choose_mail, name="choose_mail"),
]
