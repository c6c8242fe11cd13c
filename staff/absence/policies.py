"""Who may say that somebody is away, and who may stand in."""

from django.db.models import QuerySet

from staff.models import User

SET = "staff.add_absence"
END = "staff.change_absence"

# What a substitute must be able to do if the absent person is. Named here as text: the packages
# that these belong to are further up.
_HANDED_OVER = ("approvals.decide",)
_BACKEND = "django.contrib.auth.backends.ModelBackend"


def can_set_absence(by: User, user: User) -> bool:
    """Everybody their own, whoever looks after people anybody's."""
    return by.pk == user.pk or by.has_perm(SET)


def can_end_absence(by: User, user_id: int) -> bool:
    """Everybody their own, whoever looks after people anybody's."""
    return by.pk == user_id or by.has_perm(END)


def lacks_right(user: User, substitute: User) -> bool:
    """Whether the person decides what this substitute may not."""
    return any(user.has_perm(name) and not substitute.has_perm(name) for name in _HANDED_OVER)


def substitutes_for(user: User) -> QuerySet[User]:
    """Everybody who can stand in for the person, by name."""
    people = User.objects.filter(is_active=True).exclude(pk=user.pk)
    for name in _HANDED_OVER:
        if user.has_perm(name):
            people = people & User.objects.with_perm(name, backend=_BACKEND)
    return people.select_related("department").order_by("full_name", "username")
