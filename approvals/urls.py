from django.urls import path

from approvals.calibration import views as calibration
from approvals.matrix import views as matrix
from approvals.reviewing import views as reviewing
from approvals.views import limits, lists, requests

app_name = "approvals"
urlpatterns = [
    path("approvals/", lists.request_list, name="list"),
    path("approvals/export/", lists.export, name="export"),
    path("approvals/decide/", lists.decide_many, name="decide_many"),
    path("approvals/<int:pk>/", requests.request_detail, name="detail"),
    path("approvals/<int:pk>/decide/", requests.decide, name="decide"),
    path("approvals/<int:pk>/ask/", requests.ask, name="ask"),
    path("approvals/<int:pk>/reply/", requests.reply, name="reply"),
    path("approvals/in-hindsight/", calibration.calibration, name="calibration"),
    path("approvals/in-hindsight/export/", calibration.export, name="calibration_export"),
    path("approvals/in-hindsight/orders/", calibration.cases, name="calibration_cases"),
    path(
        "approvals/in-hindsight/orders/export/",
        calibration.cases_export,
        name="calibration_cases_export",
    ),
    path("orders/<int:pk>/approval/", requests.of_order, name="of_order"),
    path("customers/<int:pk>/limit/request/", limits.request_limit, name="request_limit"),
    path("customers/<int:pk>/limit/requests/", limits.of_customer, name="of_customer"),
    path("approvals/<int:pk>/withdraw/", limits.withdraw_limit, name="withdraw_limit"),
    path("limit-reviews/", reviewing.reviews, name="reviews"),
    path("limit-reviews/together/", reviewing.review_many, name="review_many"),
    path("matrix/", matrix.matrix, name="matrix"),
    path("matrix/test/", matrix.tester, name="matrix_tester"),
]
