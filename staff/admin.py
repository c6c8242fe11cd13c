"""People, departments and roles in the back office, guarded against helping oneself to rights.

* Roles are given by holders of `staff.assign_roles`, never to oneself.
* Only a superuser sees or touches a superuser; nobody else can make one.
* Everything is saved by the verbs of `staff.people` and `staff.company`, as by the API.
* Single permissions are not given to people: what someone may do is always a role.
* The roles of `staff.roles` are shown, not edited: the next upgrade would set them right again.
"""

from copy import copy
from functools import partial
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import FilteredSelectMultiple
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.models import Group, Permission
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

import staff.absence.admin
import staff.hours.admin  # noqa: F401 - both register themselves
from staff import company, people, permissions, roles
from staff.admin_forms import (
    NewPasswordForm,
    NewPersonForm,
    PermissionsField,
    PersonForm,
    RolesField,
)
from staff.inbox import admin as _inbox  # noqa: F401 - its pages register themselves
from staff.models import Department, RoleGroup, User
from staff.second_step.admin import SecondStepAdmin

admin.site.unregister(Group)


class RoleFilter(admin.SimpleListFilter):
    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        names = Group.objects.order_by("name").values_list("name", flat=True)
        return [(name, roles.label(name)) for name in names]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        return queryset.filter(groups__name=self.value()) if self.value() else queryset


def _named(fieldsets: Any) -> Any:
    # Where roles cannot be changed they are still shown under the names that people know.
    return tuple(
        (
            title,
            options | {"fields": ["role_names" if f == "groups" else f for f in options["fields"]]},
        )
        for title, options in fieldsets
    )


@admin.register(User)
class UserAdmin(SecondStepAdmin, auth_admin.UserAdmin):
    form = PersonForm
    add_form = NewPersonForm
    list_display = ("username", "full_name", "department", "role_names", "is_active", "last_login")
    list_filter = (
        RoleFilter, "department", "is_active", ("second_step_since", admin.EmptyFieldListFilter),
    )  # fmt: skip
    list_select_related = ("department",)
    search_fields = ("username", "full_name", "email")
    filter_horizontal = ()
    readonly_fields = ("role_names", "second_step_state", "last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password", "full_name", "email", "department")}),
        (
            _("Roles"),
            {
                "fields": ("is_active", "groups"),
                "description": _(
                    "What somebody may see and do follows from the roles. Take the tick off "
                    "“Active” when somebody leaves: the history keeps the name."
                ),
            },
        ),
        (_("Signing in"), {"fields": ("second_step_state",)}),
        (_("Preferences"), {"fields": ("language", "time_zone", "theme")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "usable_password", "password1", "password2")}),
        (None, {"fields": ("full_name", "email", "department", "groups")}),
    )

    @admin.display(description=_("roles"))
    def role_names(self, person: User) -> str:
        return ", ".join(roles.label(group.name) for group in person.groups.all()) or "–"

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return people.seen_by(_person(request)).order_by("username").prefetch_related("groups")

    def save_model(
        self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool
    ) -> None:
        """By the verbs: what the account says, its roles, and whether it is open."""
        said = form.cleaned_data
        who: dict[str, Any] = {"by": _person(request), "at": timezone.now()}
        if not change:
            values = {name: said[name] for name in ("username", "full_name", "email", "department")}
            password = said["password1"] if said.get("set_usable_password") else None
            held = said.get("groups", ())
            made = people.enter_person(values=values, roles=held, password=password, **who)
            obj.pk = made.pk
            return
        _change(obj.pk, {name: said[name] for name in form.changed_data}, **who)

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool
    ) -> None:
        """Nothing: roles are given with the account."""

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False  # what somebody did stays theirs; a closed account signs nobody in

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None:
            return fieldsets
        if "groups" in self.get_readonly_fields(request, obj):
            fieldsets = _named(fieldsets)
        if not request.user.is_superuser:
            return fieldsets
        return (*fieldsets, (_("All rights"), {"fields": ("is_superuser",)}))

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        fields = [*super().get_readonly_fields(request, obj)]
        if obj is not None and obj.pk == request.user.pk:
            return [*fields, "groups", "is_active", "is_superuser"]
        if not request.user.has_perm("staff.assign_roles"):
            return [*fields, "groups"]
        return fields

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        if db_field.name != "groups":
            return super().formfield_for_manytomany(db_field, request, **kwargs)
        return RolesField(
            Group.objects.order_by("name"),
            required=False,
            label=_("Roles"),
            help_text=_("Who sells must not also decide; who takes money must not also release."),
        )

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        """One's own password is changed where the present one is asked for."""
        if str(request.user.pk) == id:
            return redirect("staff:change_password")
        mine = copy(self)  # one for this request, whose form knows who asks
        mine.change_password_form = partial(NewPasswordForm, by=_person(request))
        return super(UserAdmin, mine).user_change_password(request, id, form_url)


def _person(request: HttpRequest) -> User:
    return cast(User, request.user)


def _change(pk: int, values: dict[str, Any], **who: Any) -> None:
    """Each change by its verb: the roles and the account being open have their own."""
    held, active = values.pop("groups", None), values.pop("is_active", None)
    people.change_person(person_id=pk, values=values, **who)
    if held is not None:
        people.set_roles(person_id=pk, roles=held, **who)
    if active is not None:
        verb = people.reopen_account if active else people.close_account
        verb(person_id=pk, **who)


@admin.register(Department)
class DepartmentAdmin(admin.ModelAdmin):
    list_display = ("__str__", "code", "members")
    search_fields = ("code", "name_en", "name_zh_hans", "name_zh_hant")
    fields = ("code", "name_en", "name_zh_hans", "name_zh_hant")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Department]:
        return super().get_queryset(request).annotate(member_count=Count("members"))

    def save_model(
        self, request: HttpRequest, obj: Department, form: forms.ModelForm, change: bool
    ) -> None:
        """By the verbs."""
        who: dict[str, Any] = {"by": _person(request), "at": timezone.now()}
        if change:
            values = {name: form.cleaned_data[name] for name in form.changed_data}
            company.rename_department(department_id=obj.pk, values=values, **who)
        else:
            obj.pk = company.enter_department(values=form.cleaned_data, **who).pk

    def delete_model(self, request: HttpRequest, obj: Department) -> None:
        """By the verb; the page before has told what stands against it."""
        company.remove_department(department_id=obj.pk, by=_person(request), at=timezone.now())

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Department]) -> None:
        for department in queryset:
            self.delete_model(request, department)

    @admin.display(description=_("people"), ordering="member_count")
    def members(self, department: Any) -> int:
        return department.member_count

    def get_readonly_fields(self, request: HttpRequest, obj: Department | None = None) -> Any:
        return ("code",) if obj else ()  # rules and routes refer to the code


@admin.register(RoleGroup)
class RoleAdmin(auth_admin.GroupAdmin):
    """Roles of the product to read, and a company's own groups for a superuser to make."""

    list_display = ("role", "people")
    readonly_fields = ("role", "rights")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        return super().get_queryset(request).annotate(people_count=Count("user"))

    @admin.display(description=_("role"), ordering="name")
    def role(self, group: Group) -> str:
        return roles.label(group.name)

    @admin.display(description=_("people"), ordering="people_count")
    def people(self, group: Any) -> int:
        return group.people_count

    @admin.display(description=_("rights"))
    def rights(self, group: Group) -> str:
        held = group.permissions.values_list("content_type__app_label", "codename")
        return format_html_join("", "<li>{}</li>", sorted((permissions.label(*p),) for p in held))

    def get_fields(self, request: HttpRequest, obj: Group | None = None) -> Any:
        editable = self.has_change_permission(request, obj)
        return ("name", "permissions") if editable else ("role", "rights")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        ours = obj is not None and obj.name in roles.Role.values
        return bool(request.user.is_superuser) and not ours

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return self.has_change_permission(request, obj)

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        every = Permission.objects.select_related("content_type")
        return PermissionsField(
            every.filter(content_type__app_label__in=roles.PRODUCT_APPS),
            required=False,
            label=_("Rights"),
            widget=FilteredSelectMultiple(_("rights"), is_stacked=False),
        )
