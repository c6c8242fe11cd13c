"""How the API answers what is refused about tickets and alert rules."""

from django.utils.translation import gettext_lazy as _

from exceptions.detect.lifecycle import RuleError
from exceptions.process.errors import TicketError, WrongState
from orders.api import problems as problems
from staff.api.problems import answer_to, declare

TICKET = declare(
    "ticket_refused",
    422,
    _("The ticket cannot be like this"),
    _("The detail says what is wrong and what to do."),
)
TICKET_STATE = declare(
    "ticket_wrong_state",
    409,
    _("The ticket is in another state"),
    _("Read the ticket: its actions say what can be done with it now."),
)
RULE = declare(
    "rule_refused",
    409,
    _("The rule cannot be changed like this"),
    _("Read the rule again; the detail says what is wrong and what to do."),
)

answer_to(TicketError, TICKET)
answer_to(WrongState, TICKET_STATE)
answer_to(RuleError, RULE)
