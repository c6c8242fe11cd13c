from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Basis(TextChoices):
    """What says how much of its limit an account used at a past moment."""

    LEDGER = "ledger", _("the ledger")
    ORDERS = "orders", _("earlier orders less receipts")


class BacktestState(TextChoices):
    """How far a run is."""

    QUEUED = "queued", _("queued")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("stopped by an error")
    CANCELLED = "cancelled", _("cancelled")


# States in which a worker has it or is to get it.
BUSY = (BacktestState.QUEUED, BacktestState.RUNNING)


class Ending(TextChoices):
    """What came of an order or invoice, as far as it is known when the run is made."""

    ON_TIME = "on_time", _("paid on time")
    LATE = "late", _("paid late")
    NEVER = "never", _("due and not paid")
    NOT_DUE = "not_due", _("not due yet")
    CANCELLED = "cancelled", _("cancelled or rejected")


class Assumption(TextChoices):
    """What a run takes as it is now, because nobody kept how it was."""

    CUSTOMER = "customer", _("status, risk class and payment terms of customers")
    GROUPS = "groups", _("who belongs to which group")
    SEGMENTS = "segments", _("limits of segments")
    REVIEWS = "reviews", _("days on which credit reviews were due")
    ORDERS = "orders", _("what amended orders said when they were submitted")
