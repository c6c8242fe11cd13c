"""The forms of people and roles in the back office."""

from typing import Any

from django import forms
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    AdminUserCreationForm,
    UserChangeForm,
)
from django.contrib.auth.models import Group, Permission
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staff import people, permissions, roles
from staff.forms import zone_field
from staff.models import User


class RolesField(forms.ModelMultipleChoiceField):
    """Groups under the names that people know them by."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, group: Group) -> str:
        return roles.label(group.name)


class PersonForm(UserChangeForm):
    class Meta(UserChangeForm.Meta):
        model = User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "time_zone" in self.fields:
            self.fields["time_zone"] = zone_field(self.instance, at=timezone.now())
            self.fields["time_zone"].required = False


_NO_PASSWORD = _("Without a password nobody can sign in to this account.")


class NewPasswordForm(AdminPasswordChangeForm):
    usable_password_help_text = _NO_PASSWORD  # type: ignore[assignment] # lazy, for its reader

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def save(self, commit: bool = True) -> User:
        given = self.cleaned_data
        return people.set_password(
            person_id=self.user.pk,
            password=given["password1"] if given["set_usable_password"] else None,
            by=self.by,
            at=timezone.now(),
        )


class NewPersonForm(AdminUserCreationForm):
    usable_password = AdminUserCreationForm.create_usable_password_field(_NO_PASSWORD)

    class Meta(AdminUserCreationForm.Meta):
        model = User


class PermissionsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, permission: Permission) -> str:
        return permissions.label(permission.content_type.app_label, permission.codename)
