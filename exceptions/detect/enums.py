from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from journal.actions import declare_actions


class RuleState(TextChoices):
    LIVE = "live", _("on watch")
    OFF = "off", _("off")


@declare_actions
class RuleAction(TextChoices):
    PUBLISHED = "rule.published", _("Rule changed")
    SWITCHED_ON = "rule.switched_on", _("Rule put on watch")
    SWITCHED_OFF = "rule.switched_off", _("Rule switched off")
    RENAMED = "rule.renamed", _("Rule renamed")
