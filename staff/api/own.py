"""What concerns the caller alone: who they are, what they chose, their notices and absences."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from staff import lifecycle as people
from staff.api.schema import described, pages
from staff.api.views import ApiViewSet, filtered
from staff.api.whole import Whole
from staff.enums import Language, Theme
from staff.inbox import kinds
from staff.inbox import lifecycle as inbox
from staff.inbox.listing import ALL, UNREAD, kinds_for
from staff.inbox.models import Notice
from staff.listing import listed


@extend_schema_serializer(many=False)
class MeSerializer(serializers.Serializer):
    """Who calls, and what they may do: the names of the permissions."""

    id = serializers.IntegerField()
    name = serializers.CharField(source="display_name")
    username = serializers.CharField()
    email = serializers.CharField(allow_blank=True)
    language = serializers.CharField(allow_blank=True)
    time_zone = serializers.CharField(allow_blank=True)
    theme = serializers.CharField(allow_blank=True)
    department = serializers.CharField(source="department.code", default=None, allow_null=True)
    roles = serializers.ListField(child=serializers.CharField())
    permissions = serializers.ListField(child=serializers.CharField())


class MeIn(serializers.Serializer):
    """What people may change about themselves; what is left out stays.

    A time zone is an IANA name, or empty for the server's. A key keeps the name it was given.
    """

    name = serializers.CharField(max_length=150, allow_blank=True, required=False)
    email = serializers.EmailField(max_length=254, allow_blank=True, required=False)
    time_zone = serializers.CharField(max_length=64, allow_blank=True, required=False)
    language = serializers.ChoiceField(Language.choices, required=False)
    theme = serializers.ChoiceField(Theme.choices, required=False)


class MailKindSerializer(serializers.Serializer):
    """A kind of notice, and whether one wants it by mail too."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    wanted = serializers.BooleanField()


@extend_schema_serializer(many=False)
class MailSerializer(serializers.Serializer):
    """Which notices come by mail; `sends` is whether this installation sends any mail."""

    sends = serializers.BooleanField()
    kinds = MailKindSerializer(many=True)


class MailIn(serializers.Serializer):
    """The kinds of notices that one wants mail about, by code; no mail about all the others."""

    wanted = serializers.ListField(child=serializers.CharField(max_length=60), max_length=100)

    def validate_wanted(self, codes: list[str]) -> list[str]:
        """Refuses a kind that there is not."""
        if unknown := sorted(code for code in codes if not kinds.is_declared(code)):
            text = _("There is no kind of notice %(codes)s.")
            raise ValidationError(text % {"codes": listed(unknown)})
        return codes


class MeViewSet(ApiViewSet):
    """The caller."""

    tag = "me"
    access = {"list": (), "change": (), "mail": (), "choose_mail": ()}

    @described("Who calls, and what they may do", gives=MeSerializer)
    def list(self, request: Request) -> Response:
        return self._told()

    @described(
        "Change one's name, address, language, time zone and appearance",
        takes=MeIn,
        gives=MeSerializer,
        example={"language": "zh-hans", "time_zone": "Asia/Shanghai"},
    )
    @action(detail=False, methods=["patch"], url_path="profile")
    def change(self, request: Request) -> Response:
        given, user = self.given(MeIn), self.user
        if "name" in given or "email" in given:
            name, email = given.pop("name", user.full_name), given.pop("email", user.email)
            people.change_profile(user=user, full_name=name, email=email, **given)
        elif given:
            people.change_preferences(user=user, **given)
        user.refresh_from_db(fields=["full_name", "email", "language", "time_zone", "theme"])
        return self._told()

    @described("Which notices one wants by mail", gives=MailSerializer)
    @action(detail=False)
    def mail(self, request: Request) -> Response:
        return self._told_mail()

    @described(
        "Choose which notices one wants by mail",
        takes=MailIn,
        gives=MailSerializer,
        example={"wanted": ["approval.asked"]},
    )
    @mail.mapping.put
    def choose_mail(self, request: Request) -> Response:
        offered = {kind.code for kind in kinds_for(self.user)}
        unwanted = offered - set(self.given(MailIn)["wanted"])
        inbox.choose_mail(user=self.user, unwanted=unwanted, shown=offered)
        return self._told_mail()

    def _told(self) -> Response:
        roles = sorted(self.user.groups.values_list("name", flat=True))
        permissions = sorted(self.user.get_all_permissions())
        told = Whole(self.user, roles=roles, permissions=permissions)
        return Response(self.shown(MeSerializer, told))

    def _told_mail(self) -> Response:
        unwanted = set(self.user.unwanted_mail.values_list("kind", flat=True))
        found = [
            {"code": kind.code, "label": kind.name, "wanted": kind.code not in unwanted}
            for kind in kinds_for(self.user)
        ]
        told = {"sends": settings.NOTICES_BY_MAIL, "kinds": found}
        return Response(self.shown(MailSerializer, told))


class NoticeSerializer(serializers.ModelSerializer):
    """A notice; `path` is the page that it leads to."""

    subject = serializers.CharField(help_text="The notice in a sentence.")
    text = serializers.CharField(allow_blank=True)

    class Meta:
        model = Notice
        fields = ("id", "kind", "subject", "text", "path", "at", "read_at")


class CountSerializer(serializers.Serializer):
    """How many notices were marked as read."""

    read = serializers.IntegerField()


class NoticeFilter(forms.Form):
    """Which notices are wanted."""

    view = forms.ChoiceField(
        label=gettext_lazy("View"), required=False, choices=[("", ""), (UNREAD, ""), (ALL, "")]
    )


class UnreadIn(serializers.Serializer):
    """The `read_at` of the notices that one has not read after all."""

    read_at = serializers.DateTimeField()


class UnreadSerializer(serializers.Serializer):
    """How many notices are unread again."""

    unread = serializers.IntegerField()


class NoticeViewSet(ApiViewSet):
    """The caller's own notices."""

    tag = "inbox"
    access = {"list": (), "retrieve": (), "read": (), "read_all": (), "unread": ()}

    @described(
        "One's notices, the newest first", gives=pages(NoticeSerializer), filters=NoticeFilter
    )
    def list(self, request: Request) -> Response:
        chosen = filtered(NoticeFilter(request.GET))
        found = self._mine() if chosen["view"] == ALL else self._mine().unread()
        return self.listed(found, NoticeSerializer, ("-at", "-pk"))

    @described("One notice", gives=NoticeSerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        return Response(self.shown(NoticeSerializer, self._mine().get(pk=pk)))

    @described("Mark a notice as read", gives=NoticeSerializer)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: int) -> Response:
        notice = inbox.read(notice=self._mine().get(pk=pk), by=self.user, at=self.at)
        return Response(self.shown(NoticeSerializer, notice))

    @described("Mark all that came so far as read", gives=CountSerializer)
    @action(detail=False, methods=["post"], url_path="read")
    def read_all(self, request: Request) -> Response:
        mine, at = self._mine(), self.at
        count = inbox.read_all(notices=mine, by=self.user, until=at, at=at)
        return Response(self.shown(CountSerializer, {"read": count}))

    @described(
        "Mark as unread again what was marked as read at one moment",
        takes=UnreadIn,
        gives=UnreadSerializer,
    )
    @action(detail=False, methods=["post"])
    def unread(self, request: Request) -> Response:
        count = inbox.unread_again(by=self.user, **self.given(UnreadIn))
        return Response(self.shown(UnreadSerializer, {"unread": count}))

    def _mine(self) -> Any:
        return Notice.objects.for_user(self.user)
