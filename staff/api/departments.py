"""The departments of the company, and the roles that people hold in it."""

from django.contrib.auth.models import Group
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from staff import company, roles
from staff.api.inputs import NAMES, RenamedIn
from staff.api.schema import described, pages
from staff.api.views import ApiViewSet
from staff.models import Department


class DepartmentWholeSerializer(serializers.ModelSerializer):
    """A department with its name in each language; `name` is in the reader's."""

    name = serializers.CharField()

    class Meta:
        model = Department
        fields = ("id", "code", "name", *NAMES)


class DepartmentIn(RenamedIn):
    """A new department."""

    code = serializers.CharField(max_length=40)
    name_en = serializers.CharField(max_length=120)


class DepartmentViewSet(ApiViewSet):
    """Departments."""

    access = {
        "list": (),
        "create": ("staff.add_department",),
        "partial_update": ("staff.change_department",),
        "remove": ("staff.delete_department",),
    }

    @described("The departments, by code", gives=pages(DepartmentWholeSerializer))
    def list(self, request: Request) -> Response:
        return self.listed(Department.objects.all(), DepartmentWholeSerializer, ("code",))

    @described(
        "Enter a department",
        takes=DepartmentIn,
        gives=DepartmentWholeSerializer,
        status=201,
        example={"code": "quality", "name_en": "Quality", "name_zh_hans": "质量部"},
    )
    def create(self, request: Request) -> Response:
        given = self.given(DepartmentIn)
        made = company.enter_department(values=given, by=self.user, at=self.at)
        return Response(self.shown(DepartmentWholeSerializer, made), 201)

    @described(
        "Rename a department",
        takes=RenamedIn,
        gives=DepartmentWholeSerializer,
        example={"name_en": "Quality and returns"},
    )
    def partial_update(self, request: Request, pk: int) -> Response:
        given = self.given(RenamedIn)
        kept = company.rename_department(department_id=pk, values=given, by=self.user, at=self.at)
        return Response(self.shown(DepartmentWholeSerializer, kept))

    @described("Remove a department that nothing belongs to", gives=DepartmentWholeSerializer)
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, pk: int) -> Response:
        was = self.shown(DepartmentWholeSerializer, Department.objects.get(pk=pk))
        company.remove_department(department_id=pk, by=self.user, at=self.at)
        return Response(was)


class RoleSerializer(serializers.Serializer):
    """A role, or a group that the company made for itself, and the permissions that it gives."""

    code = serializers.CharField(source="name")
    name = serializers.SerializerMethodField()
    permissions = serializers.SerializerMethodField()

    def get_name(self, group: Group) -> str:
        return roles.label(group.name)

    def get_permissions(self, group: Group) -> list[str]:
        return sorted(
            f"{one.content_type.app_label}.{one.codename}" for one in group.permissions.all()
        )


class RoleViewSet(ApiViewSet):
    """Roles. Each may do what it may; a superuser makes further groups in the back office."""

    tag = "people"
    access = {"list": ("staff.view_rolegroup",)}

    @described("The roles, by code, and what each may do", gives=pages(RoleSerializer))
    def list(self, request: Request) -> Response:
        found = Group.objects.prefetch_related("permissions__content_type")
        return self.listed(found, RoleSerializer, ("name",))
