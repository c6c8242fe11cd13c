from django.urls import path

from rules import views

app_name = "rules"
urlpatterns = [
    path("word-lists/", views.word_lists, name="word_lists"),
    path("word-lists/<int:pk>/", views.word_list, name="word_list"),
    path("word-lists/<int:pk>/add/", views.add_words, name="add_words"),
    path("word-lists/<int:pk>/words/<int:word_pk>/remove/", views.remove_word, name="remove_word"),
]
