from typing import Any

from django.contrib.auth.models import AbstractUser, Group
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from staff import roles, zones
from staff.absence.models import Absence
from staff.api.models import ApiCall, ApiKey, KeptAnswer
from staff.enums import Language, Theme
from staff.hours.models import SpecialDay, WorkInterval
from staff.inbox.models import Attempt, Delivery, Notice, Unwanted
from staff.names import Named
from staff.second_step.models import RecoveryCode, SecondStep

__all__ = [
    "Absence",
    "ApiCall",
    "ApiKey",
    "Attempt",
    "Delivery",
    "Department",
    "KeptAnswer",
    "Notice",
    "RecoveryCode",
    "RoleGroup",
    "SecondStep",
    "ServiceUser",
    "SpecialDay",
    "Unwanted",
    "User",
    "UserManager",
    "WorkInterval",
]


class Department(Named):
    """A part of the company that tickets are sent to."""

    code = models.SlugField(_("code"), max_length=40, unique=True)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["code"]


class UserManager(DjangoUserManager["User"]):
    """Makes people without `is_staff`, which follows from their roles and is not stored."""

    def create_user(
        self,
        username: str,
        email: str | None = None,
        password: str | None = None,
        **values: Any,
    ) -> "User":
        """An ordinary person; what they may do comes from their roles."""
        user = self.model(
            username=self.model.normalize_username(username),
            email=self.normalize_email(email),
            **values,
        )
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self,
        username: str,
        email: str | None = None,
        password: str | None = None,
        **values: Any,
    ) -> "User":
        """A person with every right."""
        return self.create_user(username, email, password, **values | {"is_superuser": True})


class User(AbstractUser):
    """A person who signs in. Roles are Django groups, see `staff.roles`."""

    # Family and given names are ordered and separated differently in Chinese and English.
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField(_("name"), max_length=150, blank=True)
    department = models.ForeignKey(
        Department,
        verbose_name=_("department"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
    )
    language = models.CharField(
        _("language"),
        max_length=10,
        choices=Language.choices,
        default=Language.BROWSER,
        blank=True,
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="",
        blank=True,
        validators=[zones.validate],
        help_text=_("IANA name such as Asia/Shanghai; empty means the time zone of the server."),
    )
    theme = models.CharField(
        _("appearance"), max_length=10, choices=Theme.choices, default=Theme.SYSTEM
    )

    # Kept here too, since every request asks, and so that sessions end when it changes.
    second_step_since = models.DateTimeField(
        _("second step since"), null=True, blank=True, editable=False
    )

    objects = UserManager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["username"]
        permissions = [
            ("open_admin", _("Can open the back office")),
            ("assign_roles", _("Can give roles to people and take them away")),
            ("reset_second_step", _("Can reset the second step of others’ sign-in")),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The name to show: the person's name, or the sign-in name while none is given."""
        return self.full_name or self.username

    @property
    def is_staff(self) -> bool:  # type: ignore[override]
        """Whether Django admin opens for this person: follows the roles, never set by hand."""
        return self.has_perm("staff.open_admin")

    def get_session_auth_hash(self) -> str:
        """What a session is bound to: the password, and the second step if there is one."""
        bound = super().get_session_auth_hash()
        if self.second_step_since is None:
            return bound
        since = self.second_step_since.timestamp()
        return salted_hmac("staff.second_step.session", f"{bound} {since}").hexdigest()

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.display_name


class ServiceUser(User):
    """Who acts when an integration calls with its key. Not active, so that nobody signs in as it.

    `granted` are the permissions of the key that came with a request, so that nobody need ask; met
    without one, it may do what `staff.api.backend` says.
    """

    granted: frozenset[str] | None = None

    class Meta:
        proxy = True
        verbose_name = _("service user")
        verbose_name_plural = _("service users")
        default_permissions = ()

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return perm in self.get_all_permissions()

    def has_module_perms(self, app_label: str) -> bool:
        return any(name.startswith(f"{app_label}.") for name in self.get_all_permissions())

    def get_all_permissions(self, obj: Any = None) -> Any:
        return super().get_all_permissions(obj) if self.granted is None else self.granted


class RoleGroup(Group):
    """A group as people see it: under the name of its role, among the people."""

    class Meta:
        proxy = True
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return roles.label(self.name)
