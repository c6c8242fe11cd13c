from django.urls import path

from journal.webhooks import acts, views

app_name = "webhooks"
urlpatterns = [
    path("webhooks/", views.endpoints, name="list"),
    path("webhooks/new/", views.new, name="new"),
    path("webhooks/messages/<int:pk>/", views.message, name="message"),
    path("webhooks/<int:pk>/", views.detail, name="detail"),
    path("webhooks/<int:pk>/change/", views.change, name="change"),
    path("webhooks/<int:pk>/off/", acts.switch_off, name="off"),
    path("webhooks/<int:pk>/pause/", acts.pause, name="pause"),
    path("webhooks/<int:pk>/replay/", acts.replay, name="replay"),
    path("webhooks/<int:pk>/replay-dead/", acts.replay_dead, name="replay_dead"),
    path("webhooks/<int:pk>/resume/", acts.resume, name="resume"),
    path("webhooks/<int:pk>/rotate/", acts.rotate, name="rotate"),
    path("webhooks/<int:pk>/test/", acts.send_test, name="test"),
]
