"""How the API answers what is refused about approval requests."""

from django.utils.translation import gettext_lazy as _

from approvals.errors import RequestError
from approvals.matrix.errors import MatrixError
from orders.api import problems as problems
from staff.api.problems import answer_to, declare

REQUEST = declare(
    "request_refused",
    409,
    _("The request cannot be answered like this"),
    _("Read the request: its state and what is asked of whom say what can be done now."),
)

MATRIX = declare(
    "matrix_refused",
    409,
    _("The approval matrix cannot be changed like this"),
    _("The detail says what stands against it and what to do."),
)

answer_to(RequestError, REQUEST)
answer_to(MatrixError, MATRIX)
