"""The company: its departments, and the people who work there."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from staff.api.people import DepartmentSerializer, WhoSerializer
from staff.api.schema import described, pages
from staff.api.views import ApiViewSet, filtered
from staff.models import Department, User


class DepartmentViewSet(ApiViewSet):
    """Departments."""

    access = {"list": ()}

    @described("The departments, by code", gives=pages(DepartmentSerializer))
    def list(self, request: Request) -> Response:
        return self.listed(Department.objects.all(), DepartmentSerializer, ("code",))


class PersonSerializer(WhoSerializer):
    """Somebody who works here; their id is named wherever a person is meant."""

    username = serializers.CharField()
    department = serializers.CharField(source="department.code", default=None, allow_null=True)


class PersonFilter(forms.Form):
    """Which people are wanted."""

    q = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=80)
    department = forms.CharField(label=gettext_lazy("Department"), required=False, max_length=40)

    def narrow(self, people: QuerySet[User]) -> QuerySet[User]:
        """The people that pass every filter; only for a valid form."""
        chosen = self.cleaned_data
        if words := chosen["q"]:
            people = people.filter(Q(full_name__icontains=words) | Q(username__icontains=words))
        code = chosen["department"]
        return people.filter(department__code=code) if code else people


class PersonViewSet(ApiViewSet):
    """People."""

    tag = "people"
    access = {"list": ("staff.view_user",)}

    @described(
        "Find people who work here, by user name",
        gives=pages(PersonSerializer),
        filters=PersonFilter,
    )
    def list(self, request: Request) -> Response:
        form = PersonFilter(request.GET)
        filtered(form)
        here: Any = User.objects.filter(is_active=True).select_related("department")
        return self.listed(form.narrow(here), PersonSerializer, ("username",))
