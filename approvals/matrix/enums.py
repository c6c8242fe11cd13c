from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from journal.actions import declare_actions


class Purpose(TextChoices):
    """What is decided about."""

    ORDER = "order", _("order that failed its check")
    LIMIT = "limit", _("change of a credit limit")


class Need(TextChoices):
    """How many seats of a stage have to agree."""

    ANY = "any", _("one of them is enough")
    ALL = "all", _("all of them together")


class MatrixState(TextChoices):
    """From an idea to the matrix in force. Only a draft can still be changed."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    RETIRED = "retired", _("retired")


@declare_actions
class MatrixAction(TextChoices):
    DRAFTED = "matrix.drafted", _("Draft of the approval matrix written")
    DISCARDED = "matrix.discarded", _("Draft of the approval matrix thrown away")
    PUBLISHED = "matrix.published", _("Approval matrix published")
    RETIRED = "matrix.retired", _("Version of the approval matrix retired")
