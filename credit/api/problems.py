"""How the API answers what is refused about credit."""

from django.utils.translation import gettext_lazy as _

from credit.errors import CreditError, RaiseNeedsApproval
from staff.api.problems import answer_to, declare

CREDIT = declare(
    "credit_refused",
    422,
    _("The account cannot do this"),
    _("The detail says what is wrong and what to do."),
)
NEEDS_APPROVAL = declare(
    "needs_approval",
    403,
    _("Somebody has to approve this"),
    _("Request the change of the limit; whoever the approval matrix names decides about it."),
)

answer_to(CreditError, CREDIT)
answer_to(RaiseNeedsApproval, NEEDS_APPROVAL)
