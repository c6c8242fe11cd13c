from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Outcome(IntegerChoices):
    """How an order was paid, as far as is known, from the best to the worst."""

    NOT_DUE = 0, _("not due yet")
    ON_TIME = 1, _("paid on time")
    LATE = 2, _("paid late")
    OVERDUE = 3, _("overdue")
    WRITTEN_OFF = 4, _("written off")


# What counts as late, overdue or not paid at all.
TROUBLED = (Outcome.LATE, Outcome.OVERDUE, Outcome.WRITTEN_OFF)
JUDGED = (Outcome.ON_TIME, *TROUBLED)


class Band(TextChoices):
    """How much of the credit limit an order was over it when it was approved."""

    NONE = "none", _("not over the limit")
    UNDER_10 = "10", _("less than 10 percent over the limit")
    UNDER_25 = "25", _("10 to 25 percent over the limit")
    UNDER_50 = "50", _("25 to 50 percent over the limit")
    UNDER_100 = "100", _("50 to 100 percent over the limit")
    MORE = "more", _("100 percent or more over the limit")
    NO_LIMIT = "unknown", _("no limit to compare with")


class Basis(TextChoices):
    """Which of the released orders are meant."""

    APPROVED = "approved", _("released by an approval")
    PASSED = "passed", _("released without approval")


class Chosen(TextChoices):
    """Outcomes that a list can be narrowed to; the codes of the single ones are their names."""

    JUDGED = "judged", _("time is over")
    TROUBLED = "troubled", _("late, overdue or written off")
    NOT_DUE = "not_due", Outcome.NOT_DUE.label
    ON_TIME = "on_time", Outcome.ON_TIME.label
    LATE = "late", Outcome.LATE.label
    OVERDUE = "overdue", Outcome.OVERDUE.label
    WRITTEN_OFF = "written_off", Outcome.WRITTEN_OFF.label

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """The outcomes that it stands for."""
        several = {Chosen.JUDGED: JUDGED, Chosen.TROUBLED: TROUBLED}
        return several.get(self) or (Outcome[self.name],)
