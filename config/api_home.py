"""What the browser shows across all packages: the search, and the home page of whoever asks."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config import cockpit
from config import search as find
from staff.api.schema import described, parameters_of
from staff.api.views import ApiViewSet, filtered

API = "/api/v1"


class HitSerializer(serializers.Serializer):
    """A thing that was found; `path` is its page, `url` where the API tells of it."""

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField(help_text="Its number or code.")
    text = serializers.CharField(allow_blank=True)
    state = serializers.CharField(allow_blank=True)
    path = serializers.CharField(source="url")
    url = serializers.CharField(source="address")


class FoundKindSerializer(serializers.Serializer):
    """What was found of one kind; `more` is the list with all of it, null where this is all."""

    kind = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    results = HitSerializer(many=True)
    more = serializers.CharField(allow_null=True)


@extend_schema_serializer(many=False)
class SearchSerializer(serializers.Serializer):
    """What was found, by kind; kinds with nothing are left out."""

    groups = FoundKindSerializer(many=True)


class SearchFilter(forms.Form):
    """What is searched for."""

    q = forms.CharField(
        label=gettext_lazy("Number, code, SKU or part of a name"), required=False, max_length=100
    )


class SearchViewSet(ApiViewSet):
    """The search over everything."""

    tag = "search"
    access = {"list": ()}

    @described(
        "The first orders, customers, tickets and products that match, as far as the caller sees",
        gives=SearchSerializer,
        parameters=parameters_of(SearchFilter),
    )
    def list(self, request: Request) -> Response:
        words = filtered(SearchFilter(request.GET))["q"]
        groups = [_told(group, words) for group in find.everything(self.user, words)]
        return Response(self.shown(SearchSerializer, {"groups": groups}))


def _told(group: find.Group, words: str) -> dict[str, Any]:
    query = group.more.partition("?")[2]
    return {
        "kind": group.kind,
        "label": group.label,
        "results": [
            {**vars(hit), "address": f"{API}/{group.kind}/{hit.pk}/"} for hit in group.hits
        ],
        "more": f"{API}/{group.kind}/?{query}" if query else None,
    }


class TileSerializer(serializers.Serializer):
    """A figure of the home page: `value` as it is, `figure` as people read it.

    `unit` is the currency of an amount. `path` is the list behind it in the browser.
    """

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    value = serializers.CharField(help_text="A number, without grouping.")
    figure = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    tone = serializers.CharField(allow_blank=True, help_text="warning or danger where it presses.")
    path = serializers.CharField(source="url")


class WaitingSerializer(serializers.Serializer):
    """A thing that waits for the caller."""

    id = serializers.IntegerField()
    name = serializers.CharField(help_text="Its number.")
    text = serializers.CharField(allow_blank=True)
    state = serializers.CharField()
    since = serializers.DateTimeField(allow_null=True)
    url = serializers.CharField()


class WorkSerializer(serializers.Serializer):
    """The first few things of one kind that wait, the most pressing first."""

    kind = serializers.CharField()
    results = WaitingSerializer(many=True)


@extend_schema_serializer(many=False)
class HomeSerializer(serializers.Serializer):
    """What the home page shows the caller: figures, and work that waits."""

    tiles = TileSerializer(many=True)
    work = WorkSerializer(many=True)


# The lists of the home page: what each is of, and of a row what it is about and since when.
_WORK: dict[str, tuple[str, Callable[[Any], tuple[str, str, Any]]]] = {
    "approvals": ("approvals", lambda row: (row.name, row.customer.name, row.opened_at)),
    "failed": ("orders", lambda row: (row.number, row.customer.name, row.submitted_at)),
    "tickets": ("tickets", lambda row: (row.number, row.title, row.opened_at)),
}


class HomeViewSet(ApiViewSet):
    """The home page."""

    tag = "me"
    access = {"list": ()}

    @described("The figures and the work of the caller's home page", gives=HomeSerializer)
    def list(self, request: Request) -> Response:
        lists = cockpit.worklists(self.user, self.at)
        work = [_waiting(name, rows) for name, rows in lists.items()]
        told = {"tiles": cockpit.tiles(self.user, self.at), "work": work}
        return Response(self.shown(HomeSerializer, told))


def _waiting(code: str, rows: Any) -> dict[str, Any]:
    kind, told = _WORK[code]
    results = []
    for row in rows:
        name, text, since = told(row)
        url = f"{API}/{kind}/{row.pk}/"
        one = {"id": row.pk, "name": name, "text": text, "state": row.state, "since": since}
        results.append(one | {"url": url})
    return {"kind": kind, "results": results}
