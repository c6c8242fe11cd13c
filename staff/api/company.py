"""The people who work here: found, entered, changed, given roles."""

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from staff import people
from staff.api.fields import CodeField
from staff.api.people import WhoSerializer
from staff.api.problems import answer_to, declare
from staff.api.schema import described, pages
from staff.api.views import ApiViewSet, filtered
from staff.enums import Language
from staff.models import Department, User

PERSON = declare(
    "person_refused",
    409,
    gettext_lazy("The account cannot be changed like this"),
    gettext_lazy("The detail says why. What concerns oneself is done by another administrator."),
)
answer_to(people.PersonError, PERSON)

CHANGE = ("staff.change_user",)


class PersonSerializer(WhoSerializer):
    """Somebody who works here; their id is named wherever a person is meant."""

    username = serializers.CharField()
    department = serializers.CharField(source="department.code", default=None, allow_null=True)


class PersonAccountSerializer(serializers.ModelSerializer):
    """Somebody's account with its roles. What it may do follows from them."""

    name = serializers.CharField(source="display_name")
    email = serializers.CharField(source="told_email", allow_null=True)
    department = serializers.CharField(source="department.code", default=None, allow_null=True)
    roles = serializers.SerializerMethodField()
    active = serializers.BooleanField(source="is_active")

    class Meta:
        model = User
        fields = (
            "id",
            "username",
            "name",
            "full_name",
            "email",
            "department",
            "language",
            "roles",
            "active",
            "last_login",
            "date_joined",
        )

    def get_roles(self, person: User) -> list[str]:
        return sorted(group.name for group in person.groups.all())


class PersonChangeIn(serializers.Serializer):
    """What an account says; what is left out stays. Roles and passwords have ways of their own."""

    username = serializers.RegexField(r"^[\w.@+-]+$", max_length=150, required=False)
    full_name = serializers.CharField(max_length=150, allow_blank=True, required=False)
    email = serializers.EmailField(max_length=254, allow_blank=True, required=False)
    department = CodeField(Department.objects.all, allow_null=True, required=False)
    language = serializers.ChoiceField(Language.choices, required=False)


class RolesIn(serializers.Serializer):
    """All the roles that somebody holds from now on, by their codes."""

    roles = serializers.ListField(child=serializers.CharField(max_length=150), max_length=50)

    def validate_roles(self, codes: list[str]) -> list[Group]:
        """The groups. Raises ValidationError for a code that none has."""
        found = list(Group.objects.filter(name__in=codes))
        if unknown := sorted(set(codes) - {group.name for group in found}):
            raise ValidationError(
                _("There is no role %(names)s.") % {"names": ", ".join(unknown)[:100]}
            )
        return found


class PersonIn(PersonChangeIn, RolesIn):
    """A new account. Nobody signs in to it until an administrator gives it a password."""

    username = serializers.RegexField(r"^[\w.@+-]+$", max_length=150)
    roles = serializers.ListField(
        child=serializers.CharField(max_length=150), max_length=50, default=list
    )


class PersonFilter(forms.Form):
    """Which people are wanted; closed accounts only where `closed` says so."""

    q = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=80)
    department = forms.CharField(label=gettext_lazy("Department"), required=False, max_length=40)
    role = forms.CharField(label=gettext_lazy("Role"), required=False, max_length=150)
    closed = forms.BooleanField(label=gettext_lazy("Closed accounts"), required=False)

    def narrow(self, found: QuerySet[User]) -> QuerySet[User]:
        """The people that pass every filter; only for a valid form."""
        chosen = self.cleaned_data
        found = found.filter(api_key=None, is_active=not chosen["closed"])
        if words := chosen["q"]:
            found = found.filter(Q(full_name__icontains=words) | Q(username__icontains=words))
        if role := chosen["role"]:
            found = found.filter(groups__name=role)
        code = chosen["department"]
        return found.filter(department__code=code) if code else found


class PersonViewSet(ApiViewSet):
    """People."""

    tag = "people"
    access = {
        "list": ("staff.view_user",),
        "retrieve": ("staff.view_user",),
        "create": ("staff.add_user",),
        "partial_update": CHANGE,
        "roles": ("staff.assign_roles",),
        "close": CHANGE,
        "reopen": CHANGE,
    }

    @described(
        "Find people who work here, by user name",
        gives=pages(PersonSerializer),
        filters=PersonFilter,
    )
    def list(self, request: Request) -> Response:
        form = PersonFilter(request.GET)
        filtered(form)
        here: Any = User.objects.select_related("department")
        return self.listed(form.narrow(here), PersonSerializer, ("username",))

    @described("Somebody's account, with the roles", gives=PersonAccountSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return self._told(pk)

    @described(
        "Enter a person; a password is given in the back office",
        takes=PersonIn,
        gives=PersonAccountSerializer,
        status=201,
        example={
            "username": "wang.li",
            "full_name": "王力",
            "department": "finance",
            "roles": ["finance"],
        },
    )
    def create(self, request: Request) -> Response:
        given = self.given(PersonIn)
        held = given.pop("roles")
        made = people.enter_person(values=given, roles=held, by=self.user, at=self.at)
        return self._told(made.pk, 201)

    @described(
        "Change what an account says",
        takes=PersonChangeIn,
        gives=PersonAccountSerializer,
        example={"department": "credit"},
    )
    def partial_update(self, request: Request, pk: int) -> Response:
        given = self.given(PersonChangeIn)
        people.change_person(person_id=pk, values=given, by=self.user, at=self.at)
        return self._told(pk)

    @described(
        "Give somebody exactly these roles; nobody changes their own",
        takes=RolesIn,
        gives=PersonAccountSerializer,
        example={"roles": ["sales", "customer_service"]},
    )
    @action(detail=True, methods=["put"])
    def roles(self, request: Request, pk: int) -> Response:
        given = self.given(RolesIn)
        people.set_roles(person_id=pk, by=self.user, at=self.at, **given)
        return self._told(pk)

    @described("Close an account: nobody signs in to it any more", gives=PersonAccountSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: int) -> Response:
        people.close_account(person_id=pk, by=self.user, at=self.at)
        return self._told(pk)

    @described("Open a closed account again", gives=PersonAccountSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: int) -> Response:
        people.reopen_account(person_id=pk, by=self.user, at=self.at)
        return self._told(pk)

    def _told(self, pk: int, status: int = 200) -> Response:
        found = people.seen_by(self.user).select_related("department").prefetch_related("groups")
        account: Any = found.get(pk=pk)
        # An address is told to people only: no program needs it.
        account.told_email = None if self.request.auth else account.email
        return Response(self.shown(PersonAccountSerializer, account), status)
