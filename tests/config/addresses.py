"""Every address of the product, and an object for each address that names one.

A new view whose address holds an identifier gets one line in SAMPLES; everything else is found.
"""

import re
from dataclasses import dataclass

from django.contrib import admin
from django.urls import URLPattern, get_resolver, reverse

from rules.models import Word, WordList


def _word_list(owner):
    return {"pk": WordList.objects.first().pk}


def _word(owner):
    word = Word.objects.first()
    return {"pk": word.word_list_id, "word_pk": word.pk}


# View name -> function of the salesperson who owns the objects -> arguments of the address.
# Let the object belong to that person, so that the page is really drawn for the role "sales".
SAMPLES = {
    "rules:word_list": _word_list,
    "rules:add_words": _word_list,
    "rules:remove_word": _word,
}


@dataclass(frozen=True)
class Address:
    """One pattern of the URLconf."""

    name: str
    view: object
    in_admin: bool
    parameters: tuple

    def url(self, owner):
        """An address that the pattern matches; KeyError says which sample is missing."""
        if self.in_admin:
            return _admin_url(self)
        if self.parameters and self.name not in SAMPLES:
            wanted = ", ".join(self.parameters)
            raise KeyError(f"{self.name} takes {wanted}: add a line to SAMPLES in {__name__}")
        arguments = SAMPLES[self.name](owner) if self.parameters else {}
        return reverse(self.name, kwargs=arguments)


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
    model = next(model for key, model in models.items() if name.startswith(f"{key}_"))
    first = model._default_manager.values_list("pk", flat=True).first()
    return dict.fromkeys(parameters, first or 0)
