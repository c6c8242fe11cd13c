"""The OpenAPI description: what every operation has in common is said here once."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_serializer,
)
from rest_framework import serializers

from staff.api.problems import CONTENT_TYPE
from staff.downloads import CSV, ENDINGS

_ALWAYS = {
    "400": "The request could not be read, or a parameter is wrong.",
    "401": "No key was sent, or none that is in force.",
    "403": "The caller may not do this.",
    "429": "Too many requests in this minute.",
}
_FOUND_BY_ADDRESS = {"404": "It does not exist, or the caller may not see it."}
_WRITING = {
    "409": "It cannot be done as things stand now, or the same request is being worked on.",
    "413": "The body is too large.",
    "415": "The body is not JSON.",
    "422": "The content is not valid, or was refused for what it says.",
}
_VERSIONED = {
    "412": "It was changed since the caller read it.",
    "428": "The caller has to say which version they saw.",
}
_IDEMPOTENCY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string"},
    OpenApiParameter.HEADER,
    description="1 to 255 printable characters, new for each thing that is done. The same request "
    "with the same key is answered as the first time and done once. Needed whenever a key of an "
    "integration posts.",
    examples=[OpenApiExample("uuid", "8e03978e-40d5-43dd-bc93-6894a57f9324")],
)
_FIELDS = OpenApiParameter(
    "fields", str, description="Names of the fields to answer with, separated by commas."
)
_LIMIT = OpenApiParameter(
    "limit",
    {"type": "integer", "minimum": 1, "maximum": 200, "default": 50},
    description="How many things a page has.",
)
_CURSORS = [
    OpenApiParameter(name, str, description="A cursor, taken from next or previous of a page.")
    for name in ("after", "before")
]
_IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string"},
    OpenApiParameter.HEADER,
    description="The ETag of what was read, instead of `version` in the body.",
    examples=[OpenApiExample("ETag", '"4711-2"')],
)


class ProblemSerializer(serializers.Serializer):
    """RFC 9457 problem details. Programs branch on `code`; `detail` is for people."""

    type = serializers.URLField(help_text="Address of a page that explains the code.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField(allow_blank=True)
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="What is wrong by field; a field within a list is named lines.0.price.",
    )


class Schema(AutoSchema):
    """Adds to each operation the answers that every operation of its kind can give."""

    def get_override_parameters(self) -> list[Any]:
        """The parameters of the operation with those that its kind has."""
        own = list(super().get_override_parameters())
        return own if self._asks() else [*own, _IDEMPOTENCY]

    @property
    def _views(self) -> Any:
        """The view set, of which DRF's own types know only the base."""
        return self.view

    def _asks(self) -> bool:
        return self.method == "GET" or self._views.action in self._views.without_key

    def get_tags(self) -> list[str]:
        """What the operation is about."""
        return [getattr(self.view, "tag", None) or self._tokenize_path()[0]]

    def get_operation_id(self) -> str:
        """`orders_submit`: the resource and the action."""
        view = self._views
        return f"{view.basename.replace('-', '_')}_{view.action}"

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        texts = dict(_ALWAYS)
        if "{" in self.path:
            texts |= _FOUND_BY_ADDRESS
        if self.method != "GET":
            texts |= _WRITING
        if any(getattr(each, "name", "") == "If-Match" for each in self.get_override_parameters()):
            texts |= _VERSIONED
        for code, text in texts.items():
            answer = OpenApiResponse(ProblemSerializer, str(text))
            bodies.setdefault(code, self._get_response_for_code(answer, code, [CONTENT_TYPE]))
        return bodies


class CallerScheme(OpenApiAuthenticationExtension):
    """Both ways to say who calls."""

    target_class = "staff.api.authentication.Caller"
    name = ["key", "session"]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, str]]:
        """A key as a bearer token, or the cookie of somebody who is signed in."""
        return [
            {
                "type": "http",
                "scheme": "bearer",
                "description": str(_("A key: `og_<id>_<secret>`.")),
            },
            {"type": "apiKey", "in": "cookie", "name": "sessionid"},
        ]


_STALE: dict[Any, Any] = {
    (412, CONTENT_TYPE): OpenApiResponse(ProblemSerializer, _VERSIONED["412"])
}


def described(
    summary: str,
    *,
    gives: Any,
    status: int = 200,
    takes: Any = None,
    filters: type[forms.Form] | None = None,
    parameters: Sequence[OpenApiParameter] = (),
    versioned: bool = False,
    stale: bool = False,
    example: Any = None,
    media: str = "",
) -> Any:
    """Describe an action: what it takes and gives; `filters` is the form that reads the address.

    `gives` is a serializer class, or `pages(…)` of one; `stale` adds the refusal of what was read
    too long ago, where the body says what was read; `media` is for an answer that is no JSON.
    """
    answer: Any = (status, media) if media else status
    more = [*parameters, *(_IF_MATCH for _ in range(versioned))]
    if getattr(gives, "is_page", False):
        more += [_FIELDS, _LIMIT, *_CURSORS, *(parameters_of(filters) if filters else ())]
    examples = []
    if example is not None:
        examples = [OpenApiExample("example", value=example, request_only=True)]
    return extend_schema(
        summary=summary,
        request=takes,
        responses={answer: gives} | (_STALE if stale else {}),
        parameters=more,
        examples=examples,
    )


_AS = OpenApiParameter(
    "as",
    {"type": "string", "enum": sorted(ENDINGS), "default": CSV},
    description="What kind of file.",
)


def exported(summary: str, *, filters: type[forms.Form] | None = None) -> Any:
    """Describe an action that sends a whole list as a file; `filters` are those of the list."""
    return extend_schema(
        summary=f"{summary}, the whole list as a file",
        request=None,
        responses={(200, *ENDINGS.values()): OpenApiTypes.BINARY},
        parameters=[_AS, *(parameters_of(filters) if filters else ())],
    )


@cache
def pages(serializer: type[serializers.Serializer]) -> Any:
    """The serializer of a page of these things."""
    made = type(
        serializer.__name__.replace("Serializer", "PageSerializer"),
        (serializers.Serializer,),
        {
            "__doc__": "One page of a list, with the addresses of its neighbours.",
            "results": serializer(many=True),
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "is_page": True,
        },
    )
    return extend_schema_serializer(many=False)(made)


_TYPES: list[tuple[type[forms.Field], Any]] = [
    (forms.BooleanField, OpenApiTypes.BOOL),
    (forms.DateField, OpenApiTypes.DATE),
    (forms.DecimalField, OpenApiTypes.DECIMAL),
    (forms.IntegerField, OpenApiTypes.INT),
]


def parameters_of(form: type[forms.Form]) -> list[OpenApiParameter]:
    """The parameters that a filter form reads from the address."""
    return [_parameter(name, field) for name, field in form.base_fields.items()]


def _parameter(name: str, field: forms.Field) -> OpenApiParameter:
    kind: Any = next((kind for known, kind in _TYPES if isinstance(field, known)), None)
    many = isinstance(field, forms.MultipleChoiceField)
    if kind is None:
        kind = {"type": "string"}
        choices = [str(code) for code, _label in getattr(field, "choices", ()) if code != ""]
        if choices:
            kind["enum"] = choices
        elif most := getattr(field, "max_length", None):
            kind["maxLength"] = most
        if many:
            kind = {"type": "array", "items": kind}
    return OpenApiParameter(name, kind, description=str(field.label or ""))
