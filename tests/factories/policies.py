"""Credit policies in force."""

from copy import deepcopy

from credit.content import clean_content
from credit.enums import PolicyScope, VersionState
from credit.models import PolicyVersion
from tests.factories.moments import NOW


def standard():
    """The published version that governs whoever has no policy of their own."""
    return PolicyVersion.objects.get(policy__scope=PolicyScope.ALL, state=VersionState.PUBLISHED)


def publish(content, policy=None, state=VersionState.PUBLISHED):
    """A version in that state, in place of the one that was."""
    policy = policy or standard().policy
    policy.versions.filter(state=state).update(state=VersionState.RETIRED, retired_at=NOW)
    latest = policy.versions.order_by("number").last()
    return PolicyVersion.objects.create(
        policy=policy,
        number=latest.number + 1 if latest else 1,
        state=state,
        content=clean_content(content),
        created_at=NOW,
        published_at=NOW if state == VersionState.PUBLISHED else None,
    )


def changed(check, content=None, **values):
    """The content of the standard policy with other values for one check."""
    content = deepcopy(content or standard().content)
    next(row for row in content["checks"] if row["check"] == check).update(values)
    return content


def set_check(check, **values):
    """The standard policy with other values for one check, in force."""
    return publish(changed(check, **values))


def set_rules(*rules, **parts):
    """The standard policy with these gate rules, in force."""
    return publish(standard().content | {"rules": list(rules)} | parts)


def rule(code, condition, severity="block", **names):
    return {
        "code": code,
        "names": {"en": names.get("en", code)},
        "severity": severity,
        "condition": condition,
    }
