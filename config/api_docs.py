"""The description of the API: for programs, for people, and a page for each kind of problem."""

import json
from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from staff.access import public, signed_in
from staff.api.problems import KINDS


@public
@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """The OpenAPI description as a file; the same in every installation."""
    answer = HttpResponse(_written(get_language()), content_type="application/json")
    answer["Content-Disposition"] = 'inline; filename="ordergate-openapi.json"'
    return answer


@signed_in
@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """Every operation, to be read and tried out in the browser."""
    return render(request, "api/reference.html")


@public
@require_safe
def problems(request: HttpRequest) -> HttpResponse:
    """All kinds of problems, by status."""
    kinds = sorted(KINDS.values(), key=lambda kind: (kind.status, kind.code))
    return render(request, "api/problems.html", {"kinds": kinds})


@public
@require_safe
def problem(request: HttpRequest, code: str) -> HttpResponse:
    """What one kind of problem means and what to do about it: where its `type` leads."""
    if code not in KINDS:
        raise Http404
    return render(request, "api/problem.html", {"kind": KINDS[code]})


def description() -> dict[str, Any]:
    """The OpenAPI description in the active language."""
    generator = SchemaGenerator(patterns=[path("api/", include("config.api"))])
    found: dict[str, Any] = generator.get_schema(request=None, public=True)
    return found


@cache
def _written(_language: str) -> bytes:
    """The description is put together once in a process for each language."""
    return json.dumps(description(), ensure_ascii=False).encode()
