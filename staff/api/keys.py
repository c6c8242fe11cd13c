"""The keys of integrations, for administrators: no scope lets a key make or end another."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from staff.api import calls, lifecycle
from staff.api.enums import KeyState
from staff.api.forms import CallFilter
from staff.api.lifecycle import KeyRefused
from staff.api.models import ApiCall, ApiKey
from staff.api.people import WhoSerializer
from staff.api.problems import answer_to, declare
from staff.api.schema import described, pages
from staff.api.scopes import Scope
from staff.api.views import ApiViewSet, filtered
from staff.api.whole import Whole

KEY = declare(
    "key_refused",
    422,
    gettext_lazy("The key cannot be like this"),
    gettext_lazy("The detail says what is wrong and what to do."),
)
answer_to(KeyRefused, KEY)

SEE, MANAGE = ("staff.view_apikey",), ("staff.manage_api_keys",)
MOST_YEARS = 50
UNKEPT = {"Cache-Control": "no-store"}


class ApiKeySerializer(serializers.ModelSerializer):
    """A key, without its secret. `acts_as` signs whatever is done with it."""

    acts_as = WhoSerializer(source="user")
    created_by = WhoSerializer()
    state = serializers.ChoiceField(KeyState.choices)

    class Meta:
        model = ApiKey
        fields: tuple[str, ...] = (
            "id",
            "name",
            "key_id",
            "scopes",
            "state",
            "acts_as",
            "created_by",
            "created_at",
            "expires_at",
            "revoked_at",
            "last_used_at",
            "previous_until",
        )


class NewApiKeySerializer(ApiKeySerializer):
    """A key with its `text`, which is told here and never again."""

    text = serializers.CharField()

    class Meta(ApiKeySerializer.Meta):
        fields = (*ApiKeySerializer.Meta.fields, "text")


class ApiKeyIn(serializers.Serializer):
    """A new key: which system calls with it, what it may do, and until when."""

    name = serializers.CharField(max_length=80)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(Scope.choices), min_length=1, max_length=len(Scope)
    )
    expires_at = serializers.DateTimeField(allow_null=True, default=None)

    def validate_expires_at(self, moment: datetime | None) -> datetime | None:
        """The moment. Raises ValidationError for one that nobody means."""
        at: datetime = self.context["view"].at
        if moment and not at.year <= moment.year <= at.year + MOST_YEARS:
            raise ValidationError(_("This is not a likely time. Check the year."))
        return moment


class ApiCallSerializer(serializers.ModelSerializer):
    """One call made with a key, and how it was answered."""

    class Meta:
        model = ApiCall
        fields = (
            "id",
            "at",
            "method",
            "path",
            "status",
            "milliseconds",
            "idempotency_key",
            "replayed",
        )


class KeyViewSet(ApiViewSet):
    """Keys of integrations."""

    access = {
        "list": SEE,
        "retrieve": SEE,
        "create": MANAGE,
        "rotate": MANAGE,
        "revoke": MANAGE,
        "calls": SEE,
    }
    # The answer tells the text of a key, which is kept nowhere.
    without_key = ("create", "rotate")

    @described("All keys, the latest first", gives=pages(ApiKeySerializer))
    def list(self, request: Request) -> Response:
        calls.settle()
        return self.listed(self._keys(), ApiKeySerializer, ("-pk",), self._dressed)

    @described("One key", gives=ApiKeySerializer)
    def retrieve(self, request: Request, pk: int) -> Response:
        calls.settle()
        return self._told(pk)

    @described(
        "Make a key; the answer tells its text, once",
        takes=ApiKeyIn,
        gives=NewApiKeySerializer,
        status=201,
        example={"name": "Web shop", "scopes": ["orders"]},
    )
    def create(self, request: Request) -> Response:
        made, text = lifecycle.create_key(**self.given(ApiKeyIn), by=self.user, at=self.at)
        return self._new(made, text)

    @described(
        "Give a key a new secret, which the answer tells, once; the old one works for a day",
        gives=NewApiKeySerializer,
        status=201,
    )
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, pk: int) -> Response:
        made, text = lifecycle.rotate_key(key_id=pk, by=self.user, at=self.at)
        return self._new(made, text)

    @described("Let a key open nothing from now on", gives=ApiKeySerializer)
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: int) -> Response:
        lifecycle.revoke_key(key_id=pk, by=self.user, at=self.at)
        return self._told(pk)

    @described(
        "The calls of the last 30 days, the latest first",
        gives=pages(ApiCallSerializer),
        filters=CallFilter,
    )
    @action(detail=True)
    def calls(self, request: Request, pk: int) -> Response:
        calls.settle()
        form = CallFilter(request.GET)
        filtered(form)
        found = form.narrow(ApiCall.objects.filter(key=self._keys().get(pk=pk)))
        return self.listed(found, ApiCallSerializer, ("-at", "-pk"))

    def _keys(self) -> Any:
        return ApiKey.objects.select_related("user", "created_by")

    def _dressed(self, keys: Any) -> Any:
        return [Whole(key, state=key.state_at(self.at)) for key in keys]

    def _told(self, pk: int) -> Response:
        [key] = self._dressed([self._keys().get(pk=pk)])
        return Response(self.shown(ApiKeySerializer, key))

    def _new(self, made: ApiKey, text: str) -> Response:
        told = Whole(made, state=made.state_at(self.at), text=text)
        return Response(self.shown(NewApiKeySerializer, told), 201, headers=UNKEPT)
