"""How the API answers what is refused about orders; about credit it is answered below."""

from django.utils.translation import gettext_lazy as _

from credit.api import problems as problems
from orders import errors
from orders.events.messages import EventConflict
from staff.api.problems import CHANGED, answer_to, declare

WRONG_STATE = declare(
    "wrong_state",
    409,
    _("The order is in another state"),
    _("Read the order: its actions say what can be done with it now."),
)
HELD = declare(
    "order_held",
    409,
    _("The order may not ship yet"),
    _("Its holds and the conditions of its release say what keeps it back."),
)
LAPSED = declare(
    "release_lapsed",
    409,
    _("The release was too old to ship on"),
    _("The order waits for an approver again. Ship it once it is released."),
)
TAKEN = declare(
    "external_id_taken",
    409,
    _("The order is there already"),
    _("The member existing says which order has this number of yours; use that one."),
)
REFUSED = declare(
    "order_refused",
    422,
    _("The order cannot be like this"),
    _("The detail says what is wrong and what to do."),
)
QUANTITY = declare(
    "invalid_quantity",
    422,
    _("A quantity is impossible"),
    _("The lines of the order say how much of each is left."),
)
FUTURE = declare(
    "in_future",
    422,
    _("The moment lies in the future"),
    _("Send when it happened, with its offset, and check your clock."),
)
CONFLICT = declare(
    "event_conflict",
    409,
    _("Another message has this number"),
    _("Send what is new under a number of its own."),
)

for _error, _kind in (
    (errors.OrderError, REFUSED),
    (errors.WrongState, WRONG_STATE),
    (errors.StaleOrder, CHANGED),
    (errors.InFuture, FUTURE),
    (errors.OrderHeld, HELD),
    (errors.ReleaseLapsed, LAPSED),
    (errors.ReasonsChanged, CHANGED),
    (errors.InvalidQuantity, QUANTITY),
    (errors.AlreadyThere, TAKEN),
    (EventConflict, CONFLICT),
):
    answer_to(_error, _kind)
