from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from journal.actions import declare_actions


class TicketState(TextChoices):
    OPEN = "open", _("open")
    ASSIGNED = "assigned", _("assigned")
    IN_PROGRESS = "in_progress", _("in progress")
    CLOSED = "closed", _("closed")


class Outcome(TextChoices):
    """How a ticket ended."""

    SOLVED = "solved", _("solved")
    BY_ITSELF = "by_itself", _("settled by itself")
    ACCEPTED = "accepted", _("accepted as it is")
    FALSE_POSITIVE = "false_positive", _("false positive")


class Subject(TextChoices):
    """What a ticket can be about that is no order."""

    BOOKS = "books", _("Balances differ from the ledger")


class CauseCategory(TextChoices):
    DATA_SOURCE = "data_source", _("data source")
    STOCK_SYNC = "stock_sync", _("stock synchronisation")
    FULFILMENT = "fulfilment", _("fulfilment interrupted")
    RULE_CONFLICT = "rule_conflict", _("rule conflict")
    CREDIT = "credit", _("credit")
    PRODUCT = "product", _("product")
    TRANSACTION = "transaction", _("transaction")


@declare_actions
class TicketAction(TextChoices):
    OPENED = "ticket.opened", _("Ticket opened")
    CLEARED = "ticket.cleared", _("What the ticket is about no longer holds")
    RECURRED = "ticket.recurred", _("What the ticket is about holds again")
    ASSIGNED = "ticket.assigned", _("Ticket assigned")
    STARTED = "ticket.started", _("Work on the ticket started")
    COMMENTED = "ticket.commented", _("Comment on the ticket")
    CLOSED = "ticket.closed", _("Ticket closed")
    REOPENED = "ticket.reopened", _("Ticket reopened")
    WRONGLY_RAISED = "ticket.wrongly_raised", _("Marked as wrongly raised")
    CAUSE_CHANGED = "ticket.cause_changed", _("Cause changed")
