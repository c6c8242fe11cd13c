"""What every resource of the API is made of.

A resource names for each of its actions the permissions of which one is needed, as `needs` does for
a page; an action without is a mistake that shows when the program starts. Verbs ask their policies
again.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, ClassVar, cast

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.forms import BooleanField, CharField
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.decorators import classonlymethod
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAuthenticated
from rest_framework.exceptions import PermissionDenied as Refused
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.viewsets import GenericViewSet

from staff.access import Access, ByMethod, SignedInRequest
from staff.api import idempotency, rates
from staff.api.kept import kept_one
from staff.api.paging import links, page_of
from staff.api.problems import BAD_QUERY, NO_IDEMPOTENCY_KEY, Problem
from staff.downloads import CSV, ENDINGS, download
from staff.models import User
from staff.sheets import Sheet

READING = ("GET", "HEAD")


class ApiViewSet(GenericViewSet):
    """A resource. `access` has a line for each action; an empty one lets in whoever is signed in.

    `without_key` are the actions that are posted and take no idempotency key: they change nothing,
    know what they are told by a number of the sender, or answer with a secret, which is not kept.
    `or_nothing` are those of which nothing stays when they are refused: they go without savepoints.
    """

    access: ClassVar[Mapping[str, Sequence[str]]] = {}
    without_key: ClassVar[Sequence[str]] = ()
    or_nothing: ClassVar[Sequence[str]] = ()
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    lookup_value_converter = "id"
    pagination_class = None
    filter_backends = ()
    rate: rates.Rate | None = None

    @classonlymethod
    def as_view(cls, actions: Any = None, **initkwargs: Any) -> Any:
        """The view function with its mark. Raises ImproperlyConfigured for a forgotten action."""
        unmarked = set((actions or {}).values()) - set(cls.access)
        if unmarked:
            raise ImproperlyConfigured(f"{cls.__name__}.access says nothing of {unmarked}")
        view: Any = super().as_view(actions, **initkwargs)
        view.access = ByMethod(
            {
                method.upper(): Access(permissions=tuple(cls.access[action]))
                for method, action in (actions or {}).items()
            }
        )
        view.without_key = {m.upper() for m, a in (actions or {}).items() if a in cls.without_key}
        return view

    @property
    def at(self) -> datetime:
        """The present moment, read once for the request."""
        if not hasattr(self, "_at"):
            self._at = timezone.now()
        return self._at

    @property
    def user(self) -> User:
        """Who calls, known by the time an action runs."""
        return cast(User, self.request.user)

    @property
    def page_request(self) -> SignedInRequest:
        """The request as a page with the same list reads it, once an action runs."""
        return cast(SignedInRequest, self.request._request)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer a request: who, whether, how often, and then once."""
        self.args, self.kwargs = args, kwargs
        self.request = asked = self.initialize_request(request, *args, **kwargs)
        self.headers = self.default_response_headers
        try:
            self.initial(asked, *args, **kwargs)
            work = partial(self._work, asked, *args, **kwargs)
            key = "" if asked.method in READING else self._idempotency_key(asked)
            response = self._once(asked, key, work) if key else work()
        except Exception as error:
            response = self._finished(asked, self.handle_exception(error))
        if self.rate:
            for name, value in self.rate.headers.items():
                response[name] = value
        self.response: Any = response
        return response

    def _once(self, asked: Request, key: str, work: Callable[[], HttpResponse]) -> HttpResponse:
        once = idempotency.once_or_nothing if self.action in self.or_nothing else idempotency.once
        return once(asked, key, by=self.user, at=self.at, work=work)

    def _work(self, asked: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Let the action answer; refused or not, the answer is written out in full."""
        try:
            name = (asked.method or "").lower()
            handler = getattr(self, name, self.http_method_not_allowed)
            response = handler(asked, *args, **kwargs)
        except Exception as error:
            response = self.handle_exception(error)
        return self._finished(asked, response)

    def _finished(self, asked: Request, response: Any) -> HttpResponse:
        finished = self.finalize_response(asked, response, *self.args, **self.kwargs)
        return finished.render() if isinstance(finished, Response) else finished

    def check_permissions(self, request: Request) -> None:
        """Ask the mark of the view; an unknown method is answered later, as such.

        Raises NotAuthenticated or PermissionDenied.
        """
        method = "GET" if request.method == "HEAD" else request.method
        action = getattr(self, "action_map", {}).get((method or "").lower())
        if action is None:
            return
        if Access(permissions=tuple(self.access[action])).allows(request.user):
            return
        if not request.user.is_authenticated:
            raise NotAuthenticated(_("Send a key as: Authorization: Bearer og_…"))
        raise Refused(_("You may not do this."))

    def check_throttles(self, request: Request) -> None:
        """Count the call. Raises Throttled beyond the limit."""
        if request.user.is_authenticated:
            self.rate = rates.spend(str(request.user.pk))

    def _idempotency_key(self, asked: Request) -> str:
        """The key of a request that changes something. Raises Problem where a key must be sent."""
        if self.action is None or self.action in self.without_key:
            return ""
        key = idempotency.key_in(asked)
        if not key and asked.auth is not None and asked.method == "POST":
            raise Problem(NO_IDEMPOTENCY_KEY)
        return key

    def given(self, serializer: type[Serializer], **context: Any) -> dict[str, Any]:
        """The body, understood. Raises ValidationError with what is wrong by field."""
        one: Any = None if context else kept_one(serializer)
        if one:
            return cast(dict[str, Any], one.run_validation(self.request.data))
        reader = serializer(
            data=self.request.data, context={**self.get_serializer_context(), **context}
        )
        reader.is_valid(raise_exception=True)
        return cast(dict[str, Any], reader.validated_data)

    def shown(self, serializer: type[Serializer], thing: Any, **context: Any) -> Any:
        """The thing as the answer tells it, with the fields that `?fields=` asks for."""
        one = None if context or "fields" in self.request.GET else kept_one(serializer)
        if one:
            return one.to_representation(thing)
        writer = serializer(thing, context={**self.get_serializer_context(), **context})
        _keep_fields(writer, self.request)
        return writer.data

    def listed(
        self,
        queryset: models.QuerySet[Any],
        serializer: type[Serializer],
        keys: Sequence[str],
        dress: Callable[[Sequence[Any]], Any] = list,
    ) -> Response:
        """One page of the things, sorted by `keys` (see `staff.keyset.page`).

        `dress` turns the rows of the page into what the serializer reads.
        """
        found = page_of(queryset, self.request, keys)
        rows = dress(found.rows)
        writer: Any = serializer(rows, many=True, context=self.get_serializer_context())
        _keep_fields(writer.child, self.request)
        return Response({"results": writer.data, **links(found, self.request)})

    def sent(self, sheet: Sheet) -> StreamingHttpResponse:
        """The whole list as the file that the address asks for. Raises Problem."""
        if self.request.GET.get("as", CSV) not in ENDINGS:
            text = _("as is csv or xlsx.")
            raise Problem(BAD_QUERY, text, errors={"as": [text]})
        return download(self.request._request, sheet)


def _keep_fields(writer: Any, request: Request) -> None:
    wanted = {name for name in request.GET.get("fields", "").split(",") if name}
    if not wanted:
        return
    if unknown := sorted(wanted - set(writer.fields)):
        text = _("There is no field %(names)s.") % {"names": ", ".join(unknown)[:100]}
        raise Problem(BAD_QUERY, text, errors={"fields": [text]})
    for name in set(writer.fields) - wanted:
        writer.fields.pop(name)


def filtered(form: Any) -> dict[str, Any]:
    """What a filter form understood of the address. Raises Problem naming each wrong parameter."""
    errors = _untold(form)
    if errors or not form.is_valid():
        errors = errors or {name: list(texts) for name, texts in form.errors.items()}
        detail = _("Correct the parameters that are named.")
        raise Problem(BAD_QUERY, detail, errors=errors)
    return cast(dict[str, Any], form.cleaned_data)


def _untold(form: Any) -> dict[str, list[str]]:
    """What a form of the browser lets pass and a program does not mean: an empty choice or figure,
    and anything but true or false for a switch.
    """
    errors = {}
    for name, field in form.fields.items():
        if name not in form.data:
            continue
        told = form.data[name]
        switch = isinstance(field, BooleanField)
        if switch and told.lower() not in ("true", "false"):
            errors[name] = [_("Write true or false.")]
        elif not told and type(field) is not CharField:
            errors[name] = [_("Leave it out, or give it a value.")]
    return errors
