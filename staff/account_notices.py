"""What people are told when the way into their account changes, whoever changed it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from staff.inbox import declare, notify
from staff.models import User
from staff.signals import company_changed, second_step_changed

# What happened, for the owner of the account; other changes are no way into it.
_SUBJECTS = {
    "password_set": gettext_lazy("Your password was set anew"),
    "turned_on": gettext_lazy("Your second step of sign-in was turned on"),
    "turned_off": gettext_lazy("Your second step of sign-in was turned off"),
    "reset": gettext_lazy("Your second step of sign-in was reset"),
    "codes_renewed": gettext_lazy("Your recovery codes were renewed"),
    "code_used": gettext_lazy("A recovery code of yours was used"),
}


@receiver(company_changed)
def tell_of_password(
    *, subject: models.Model, what: str, by: User, at: datetime, **_signal: object
) -> None:
    """Tell somebody that their account has another password."""
    if what == "person.password_set":
        _tell(subject.pk, "password_set", by, at)


@receiver(second_step_changed)
def tell_of_second_step(
    *, user: User, change: str, by: User | None, at: datetime, **_signal: object
) -> None:
    """Tell somebody what became of their second step."""
    _tell(user.pk, change, by, at)


def _tell(person_id: int, what: str, by: User | None, at: datetime) -> None:
    notify(
        to=[person_id],
        kind="account.sign_in",
        data={"what": what, "by": str(by or "Ordergate")},
        path=reverse("staff:profile"),
        key=f"account-{what}-{at.isoformat()}",
        at=at,
    )


def _text(data: Mapping[str, Any]) -> str:
    return _("By %(by)s. If you did not expect this, tell an administrator at once.") % data


declare(
    "account.sign_in",
    label=gettext_lazy("Your own sign-in"),
    subject=lambda data: str(_SUBJECTS[data["what"]]),
    text=_text,
    icon="key",
)
