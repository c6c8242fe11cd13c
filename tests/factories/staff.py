"""People for tests. Names are unique within a process, so that tests need not think of any."""

from datetime import date
from itertools import count

from django.contrib.auth.models import Group

from staff.absence import lifecycle
from staff.days import company_day
from staff.hours.lifecycle import SpecialDayInput, set_special_day
from staff.models import Department, User
from tests.factories.moments import DAY, NOW

PASSWORD = "correct horse battery staple"

_number = count(1)


def person(*roles, **values):
    """A person holding `roles` (codes of `staff.roles.Role`), with `PASSWORD` as the password."""
    number = next(_number)
    values = {"username": f"person{number}", "full_name": f"Person {number}"} | values
    user = User.objects.create_user(password=PASSWORD, **values)
    user.groups.set(Group.objects.filter(name__in=roles))
    assert user.groups.count() == len(roles), f"unknown role among {roles}"
    return user


def decider():
    """Somebody whom requests of orders ask; made when there is nobody yet."""
    found = User.objects.filter(groups__name="approver_1", is_active=True).first()
    return found or person("approver_1")


def superuser(**values):
    """A person with every right."""
    values = {"username": f"superuser{next(_number)}"} | values
    return User.objects.create_superuser(password=PASSWORD, **values)


def department(code="warehouse"):
    """One of the departments that every installation starts with."""
    return Department.objects.get(code=code)


def absence(user, substitute=None, first=0, last=7, *, by=None, at=NOW, **values):
    """`user` away from `first` to `last`, in days after that of `at`."""
    today = company_day(at)
    return lifecycle.set_absence(
        user_id=user.pk,
        substitute_id=substitute.pk if substitute else None,
        first_day=today + first * DAY,
        last_day=today + last * DAY,
        by=by or user,
        at=at,
        **values,
    )


def special_day(*, day=None, by=None, at=NOW, **values):
    """A holiday on a day of its own, unless one is named."""
    day = day or date(2100, 1, 1) + next(_number) * DAY
    entered = SpecialDayInput(**{"day": day, "kind": "holiday", "name_en": "Holiday"} | values)
    return set_special_day(entered=entered, by=by or person("administrator"), at=at)
