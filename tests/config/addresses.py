"""Every address of the product, and an object for each address that names one.

A new view whose address holds an identifier gets one line in SAMPLES; everything else is found.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from django.contrib import admin
from django.urls import URLPattern, get_resolver, reverse

from exceptions.models import AlertRule
from rules.models import Word
from tests.factories import credit, orders
from tests.factories.staff import person


class World:
    """Objects to visit, made when an address first asks for them.

    They belong to one salesperson, so that their pages are really drawn for the role "sales".
    """

    @cached_property
    def owner(self):
        return person("sales")

    @cached_property
    def customer(self):
        return credit.account("500.00", owner=self.owner).customer

    @cached_property
    def draft(self):
        return orders.draft(self.customer.account)

    @cached_property
    def order(self):
        return orders.failed(owner=self.owner)

    @cached_property
    def request(self):
        return orders.open_request(self.order)

    @cached_property
    def rule(self):
        return AlertRule.objects.first()

    @cached_property
    def word(self):
        return Word.objects.first()


# View name -> the World -> arguments of the address.
SAMPLES = {
    "approvals:decide": lambda world: {"pk": world.request.pk},
    "approvals:detail": lambda world: {"pk": world.request.pk},
    "credit:customer": lambda world: {"pk": world.customer.pk},
    "exceptions:rule": lambda world: {"pk": world.rule.pk},
    "orders:detail": lambda world: {"pk": world.order.pk},
    "orders:edit": lambda world: {"pk": world.draft.pk},
    "rules:add_words": lambda world: {"pk": world.word.word_list_id},
    "rules:remove_word": lambda world: {"pk": world.word.word_list_id, "word_pk": world.word.pk},
    "rules:word_list": lambda world: {"pk": world.word.word_list_id},
}


@dataclass(frozen=True)
class Address:
    """One pattern of the URLconf."""

    name: str
    view: object
    in_admin: bool
    parameters: tuple

    def url(self, world):
        """An address that the pattern matches; KeyError says which sample is missing."""
        if self.in_admin:
            return _admin_url(self)
        if self.parameters and self.name not in SAMPLES:
            wanted = ", ".join(self.parameters)
            raise KeyError(f"{self.name} takes {wanted}: add a line to SAMPLES in {__name__}")
        return reverse(self.name, kwargs=SAMPLES[self.name](world) if self.parameters else {})


def every_address():
    """All addresses, those of Django admin included."""
    return list(_walk(get_resolver().url_patterns, (), (), False))


def _walk(patterns, namespaces, parameters, in_admin):
    for pattern in patterns:
        found = (*parameters, *re.compile(pattern.pattern.regex).groupindex)
        if isinstance(pattern, URLPattern):
            name = ":".join((*namespaces, pattern.name or ""))
            yield Address(name, pattern.callback, in_admin, found)
        else:
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern.url_patterns, inner, found, in_admin or "admin" in inner)


def _admin_url(address):
    _, _, name = address.name.partition(":")
    if not name:
        return "/admin/nonsense/"
    fixed = {
        "app_list": {"app_label": "staff"},
        "view_on_site": {"content_type_id": 1, "object_id": 1},
        "auth_user_password_change": {"id": 0},
    }
    return reverse(address.name, kwargs=fixed.get(name) or _object_of(name, address.parameters))


def _object_of(name, parameters):
    if not parameters:
        return {}
    models = {f"{m._meta.app_label}_{m._meta.model_name}": m for m in admin.site._registry}
    key = max((key for key in models if name.startswith(f"{key}_")), key=len)
    first = models[key]._default_manager.values_list("pk", flat=True).first()
    return dict.fromkeys(parameters, first or 0)
