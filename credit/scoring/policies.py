"""Who may decide how customers are scored."""

from staff.models import User


def can_change(user: User) -> bool:
    return user.has_perm("credit.change_scorecard")


def can_discard(user: User) -> bool:
    return user.has_perm("credit.delete_scorecard")


def can_publish(user: User) -> bool:
    return user.has_perm("credit.publish_scorecard")
