"""Who may change what is watched for."""

from staff.models import User


def can_change(user: User) -> bool:
    return user.has_perm("exceptions.change_alertrule")
