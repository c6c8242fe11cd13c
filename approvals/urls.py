from django.urls import path

from approvals import views
from approvals.matrix import views as matrix

app_name = "approvals"
urlpatterns = [
    path("approvals/", views.request_list, name="list"),
    path("approvals/<int:pk>/", views.request_detail, name="detail"),
    path("approvals/<int:pk>/decide/", views.decide, name="decide"),
    path("matrix/", matrix.matrix, name="matrix"),
    path("matrix/test/", matrix.tester, name="matrix_tester"),
]
