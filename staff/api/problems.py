"""Refusals as programs read them: RFC 9457 problem details, each kind with a page of its own.

A kind has a code that never changes, and its address is the problem's `type`. Apps declare the
kinds of their own errors with `answer_to`; what nobody declared stays our own mistake.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import (
    BadRequest,
    ObjectDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    ValidationError,
)
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.response import Response

from staff.changes import InUse

CONTENT_TYPE = "application/problem+json"
# Where DRF puts what concerns no single field.
_WHOLE = "non_field_errors"


@dataclass(frozen=True)
class Kind:
    """A kind of problem: its title is the same every time, `advice` says what to do about it."""

    code: str
    status: int
    title: str | Promise
    advice: str | Promise


KINDS: dict[str, Kind] = {}
_BY_ERROR: dict[type[Exception], Kind] = {}


class Problem(Exception):
    """A refusal of the API itself. `detail` is for the reader, `more` are further members."""

    def __init__(self, kind: Kind, detail: str = "", **more: Any) -> None:
        super().__init__(detail)
        self.kind, self.detail, self.more = kind, detail, more
        self.headers: dict[str, str] = {}


def declare(code: str, status: int, title: str | Promise, advice: str | Promise) -> Kind:
    """Make a kind of problem known. Raises ValueError for a code that is taken."""
    if code in KINDS:
        raise ValueError(f"the problem {code} is declared twice")
    KINDS[code] = Kind(code, status, title, advice)
    return KINDS[code]


def answer_to(error: type[Exception], kind: Kind) -> None:
    """Answer this error and those derived from it so, unless one of them has its own kind."""
    _BY_ERROR[error] = kind


MALFORMED = declare(
    "malformed",
    400,
    gettext_lazy("The request could not be read"),
    gettext_lazy("Send valid JSON as application/json, and addresses as they were given to you."),
)
BAD_QUERY = declare(
    "bad_query",
    400,
    gettext_lazy("A parameter of the address is wrong"),
    gettext_lazy("The errors name each parameter. Cursors are taken from next and previous only."),
)
NO_IDEMPOTENCY_KEY = declare(
    "idempotency_key_missing",
    400,
    gettext_lazy("An idempotency key is needed"),
    gettext_lazy("Send a header Idempotency-Key with a value that is new for each thing you do."),
)
UNAUTHENTICATED = declare(
    "unauthenticated",
    401,
    gettext_lazy("Nobody is signed in"),
    gettext_lazy("Send the header Authorization: Bearer with a key that is in force."),
)
FORBIDDEN = declare(
    "forbidden",
    403,
    gettext_lazy("This is not allowed"),
    gettext_lazy("An administrator sees in Set up → API keys what the key may do."),
)
NOT_FOUND = declare(
    "not_found",
    404,
    gettext_lazy("There is no such thing"),
    gettext_lazy("It does not exist, or the key may not see it."),
)
BAD_METHOD = declare(
    "method_not_allowed",
    405,
    gettext_lazy("The address knows no such method"),
    gettext_lazy("The header Allow names the methods of the address."),
)
REPEATED_TOO_SOON = declare(
    "idempotency_key_in_use",
    409,
    gettext_lazy("The same request is being worked on"),
    gettext_lazy("Wait a moment and send it again with the same idempotency key."),
)
CHANGED = declare(
    "version_changed",
    412,
    gettext_lazy("It was changed meanwhile"),
    gettext_lazy("Read it again, decide whether your change still holds, and send its version."),
)
TOO_LARGE = declare(
    "too_large",
    413,
    gettext_lazy("The request is too large"),
    gettext_lazy("Send it in several parts."),
)
BAD_TYPE = declare(
    "unsupported_media_type",
    415,
    gettext_lazy("The body is of a kind that is not understood"),
    gettext_lazy("Send application/json."),
)
INVALID = declare(
    "invalid",
    422,
    gettext_lazy("The content is not valid"),
    gettext_lazy("The errors name each field and what is wrong with it."),
)
KEY_TAKEN = declare(
    "idempotency_key_reused",
    422,
    gettext_lazy("The idempotency key belongs to another request"),
    gettext_lazy("Use a new key for each thing you do, the same only to repeat it unchanged."),
)
IN_USE = declare(
    "in_use",
    409,
    gettext_lazy("Something still refers to it"),
    gettext_lazy("The detail says what to do instead."),
)
NO_VERSION = declare(
    "version_missing",
    428,
    gettext_lazy("The version that you saw is needed"),
    gettext_lazy("Send the header If-Match with the ETag of what you read, or its version."),
)
TOO_MANY = declare(
    "too_many_requests",
    429,
    gettext_lazy("Too many requests"),
    gettext_lazy("Wait as many seconds as the header Retry-After says."),
)
FAILED = declare(
    "internal_error",
    500,
    gettext_lazy("Something went wrong here"),
    gettext_lazy("Nothing was changed. Repeat it with the same idempotency key."),
)

for _error, _kind in (
    (exceptions.ParseError, MALFORMED),
    (BadRequest, BAD_QUERY),
    (exceptions.NotAuthenticated, UNAUTHENTICATED),
    (exceptions.AuthenticationFailed, UNAUTHENTICATED),
    (PermissionDenied, FORBIDDEN),
    (exceptions.PermissionDenied, FORBIDDEN),
    (Http404, NOT_FOUND),
    (ObjectDoesNotExist, NOT_FOUND),
    (exceptions.MethodNotAllowed, BAD_METHOD),
    (RequestDataTooBig, TOO_LARGE),
    (exceptions.UnsupportedMediaType, BAD_TYPE),
    (exceptions.ValidationError, INVALID),
    (ValidationError, INVALID),
    (exceptions.Throttled, TOO_MANY),
    (InUse, IN_USE),
):
    answer_to(_error, _kind)


def kind_of(error: Exception) -> Kind | None:
    """How an error is answered, None for one that nobody foresaw."""
    if isinstance(error, Problem):
        return error.kind
    return next((_BY_ERROR[base] for base in type(error).__mro__ if base in _BY_ERROR), None)


def handle(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler. None for our own mistakes, which are raised on and logged."""
    kind = kind_of(error)
    if kind is None:
        return None
    request = context["request"]
    response = Response(content(error, kind, request._request), kind.status)
    response.content_type = CONTENT_TYPE
    for name, value in _headers(error).items():
        response[name] = value
    return response


def respond(kind: Kind, request: HttpRequest) -> JsonResponse:
    """A problem where there is no API view to answer, as for an address that does not exist."""
    body = content(Problem(kind), kind, request)
    return JsonResponse(body, status=kind.status, content_type=CONTENT_TYPE)


def content(error: Exception, kind: Kind, request: HttpRequest) -> dict[str, Any]:
    """The members of the problem, in the reader's language."""
    more = error.more if isinstance(error, Problem) else {}
    errors = _errors(error)
    return {
        "type": request.build_absolute_uri(reverse("api-problem", args=[kind.code])),
        "title": str(kind.title),
        "status": kind.status,
        "code": kind.code,
        "detail": _detail(error, kind),
        **({"errors": errors} if errors else {}),
        **more,
    }


def refused(error: Exception) -> dict[str, Any]:
    """What one item among many was refused with: code and detail. Raises on what is unforeseen."""
    kind = kind_of(error)
    if kind is None:
        raise error
    errors = _errors(error)
    told = {"code": kind.code, "detail": _detail(error, kind)}
    return told | ({"errors": errors} if errors else {})


def _detail(error: Exception, kind: Kind) -> str:
    if isinstance(error, exceptions.APIException) and not isinstance(
        error, exceptions.ValidationError
    ):
        return str(error.detail)
    if isinstance(error, ObjectDoesNotExist | Http404 | ValidationError | RequestDataTooBig):
        return str(kind.advice)
    if isinstance(error, exceptions.ValidationError):
        return _("Correct the fields that are named and send it again.")
    return str(error) or str(kind.advice)


def _errors(error: Exception) -> dict[str, list[str]]:
    """What is wrong by field; the name of a field within another has dots, "lines.0.price"."""
    if isinstance(error, ValidationError):
        if hasattr(error, "error_dict"):
            return {name: list(texts) for name, texts in error.message_dict.items()}
        return {"": list(error.messages)}
    if isinstance(error, exceptions.ValidationError):
        return dict(_flat(error.detail, ""))
    return {}


def _flat(detail: Any, name: str) -> list[tuple[str, list[str]]]:
    if isinstance(detail, dict):
        inner = [("" if key == _WHOLE else str(key), each) for key, each in detail.items()]
    elif any(isinstance(each, dict | list) for each in detail):
        inner = [(str(place), each) for place, each in enumerate(detail) if each]
    else:
        return [(name, [str(text) for text in detail])]
    found = []
    for key, each in inner:
        found += _flat(each, ".".join(part for part in (name, key) if part))
    return found


def _headers(error: Exception) -> dict[str, str]:
    headers = dict(error.headers) if isinstance(error, Problem) else {}
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        headers["WWW-Authenticate"] = 'Bearer realm="Ordergate"'
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return headers
