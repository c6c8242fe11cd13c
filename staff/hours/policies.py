"""Who may change when the company works."""

from staff.models import User

CHANGE = "staff.change_workinterval"


def can_change_hours(by: User) -> bool:
    """Deadlines follow the hours: only whoever looks after the calendar changes them."""
    return by.has_perm(CHANGE)
