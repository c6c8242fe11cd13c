"""Every write verb of an alert rule."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from exceptions.detect.enums import RuleAction, RuleState
from exceptions.detect.models import AlertRule, AlertRuleVersion, subject
from exceptions.detect.policies import can_change
from exceptions.triage.enums import Severity
from journal.changes import change
from journal.record import record
from rules.conditions import validate
from rules.facts.base import Json
from staff.models import User


class RuleError(ValueError):
    """The rule cannot be changed like this; the message says what to do."""


@transaction.atomic
def publish(
    *,
    rule_id: int,
    condition: Json,
    severity: Severity,
    department_id: int,
    note: str,
    seen_version: int,
    by: User,
    at: datetime,
) -> AlertRuleVersion:
    """Make a new version of the rule; the next scan uses it. Open tickets keep theirs.

    Raises PermissionDenied, rules.conditions.ConditionError, or RuleError when nothing changes, no
    note says why, or somebody else changed the rule since version `seen_version` was shown.
    """
    rule = _lock(rule_id)
    _may(by)
    condition = validate(condition, subject())
    current = rule.version
    _guard_seen(current, seen_version)
    if current.same_as(condition, severity, department_id):
        raise RuleError(_("Nothing is different from the current version."))
    _guard_note(note)
    made = AlertRuleVersion.objects.create(
        rule=rule,
        number=current.number + 1,
        condition=condition,
        severity=severity,
        department_id=department_id,
        author=by,
        at=at,
        note=note.strip(),
    )
    rule.current = made
    rule.save(update_fields=["current"])
    record(
        action=RuleAction.PUBLISHED,
        subject=rule,
        by=by,
        at=at,
        reason=made.note,
        data={
            "rule": rule.code,
            "version": made.number,
            "before": _contents(current),
            "after": _contents(made),
        },
    )
    return made


@transaction.atomic
def switch(*, rule_id: int, on: bool, reason: str, by: User, at: datetime) -> AlertRule:
    """Put a rule on watch or take it off. Its open tickets stay until they are closed.

    Raises PermissionDenied, or RuleError without a reason and when it is so already.
    """
    rule = _lock(rule_id)
    _may(by)
    if rule.is_live == on:
        raise RuleError(_("The rule is %(state)s already.") % {"state": rule.get_state_display()})
    if not reason.strip():
        raise RuleError(_("Say why."))
    was = rule.state
    rule.state = RuleState.LIVE if on else RuleState.OFF
    rule.save(update_fields=["state"])
    record(
        action=RuleAction.SWITCHED_ON if on else RuleAction.SWITCHED_OFF,
        subject=rule,
        by=by,
        at=at,
        from_state=was,
        to_state=rule.state,
        reason=reason.strip(),
        data={"rule": rule.code},
    )
    return rule


@transaction.atomic
def rename(*, rule_id: int, values: Mapping[str, str], by: User, at: datetime) -> AlertRule:
    """Give the rule other names, which makes no new version of it.

    Nothing is written for no change. Raises PermissionDenied, or ValidationError.
    """
    rule = _lock(rule_id)
    _may(by)
    data = change(rule, values)
    if data["after"]:
        # Of a rule that was never scanned some fields are empty, which the forms would not be.
        rule.clean_fields(exclude={field.name for field in rule._meta.fields} - values.keys())
        rule.save(update_fields=data["after"].keys())
        record(action=RuleAction.RENAMED, subject=rule, by=by, at=at, data=data)
    return rule


def _lock(rule_id: int) -> AlertRule:
    # Waits for a scan of this rule to end, and lets tickets refer to it meanwhile.
    return AlertRule.objects.select_for_update(no_key=True).get(pk=rule_id)


def _guard_note(note: str) -> None:
    if not note.strip():
        raise RuleError(_("Say why the rule is changed."))


def _guard_seen(current: AlertRuleVersion, seen_version: int) -> None:
    if current.number != seen_version:
        raise RuleError(_("Somebody changed this rule meanwhile. Look at it again, then repeat."))


def _contents(version: AlertRuleVersion) -> dict[str, Json]:
    return {
        "condition": version.condition,
        "severity": version.severity,
        "department": version.department.code,
    }


def _may(by: User) -> None:
    if not can_change(by):
        raise PermissionDenied(_("You may not change alert rules."))
