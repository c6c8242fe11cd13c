"""What a new version of a rule changes, readable by people."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from exceptions.detect.models import AlertRuleVersion, subject
from exceptions.triage.enums import Severity
from rules.sentences import sentence


@dataclass(frozen=True)
class Change:
    """One thing that differs between two versions, before and after in the reader's language."""

    label: str
    before: str
    after: str


def differences(before: AlertRuleVersion, after: AlertRuleVersion) -> list[Change]:
    """Everything that `after` changes, in the order of the form."""
    found = [
        Change(
            _("Condition"),
            sentence(before.condition, subject()),
            sentence(after.condition, subject()),
        ),
        Change(
            _("Severity"),
            str(Severity(before.severity).label),
            str(Severity(after.severity).label),
        ),
        Change(_("Department"), before.department.name, after.department.name),
    ]
    return [change for change in found if change.before != change.after]
