from django.urls import path

from approvals import views
from approvals.calibration import views as calibration
from approvals.matrix import views as matrix

app_name = "approvals"
urlpatterns = [
    path("approvals/", views.request_list, name="list"),
    path("approvals/<int:pk>/", views.request_detail, name="detail"),
    path("approvals/<int:pk>/decide/", views.decide, name="decide"),
    path("approvals/in-hindsight/", calibration.calibration, name="calibration"),
    path("approvals/in-hindsight/export/", calibration.export, name="calibration_export"),
    path("approvals/in-hindsight/orders/", calibration.cases, name="calibration_cases"),
    path(
        "approvals/in-hindsight/orders/export/",
        calibration.cases_export,
        name="calibration_cases_export",
    ),
    path("matrix/", matrix.matrix, name="matrix"),
    path("matrix/test/", matrix.tester, name="matrix_tester"),
]
