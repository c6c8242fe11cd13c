"""Permissions in words. Django keeps their names in the database, in one language only."""

from django.apps import apps
from django.utils.translation import gettext as _


def label(app: str, codename: str) -> str:
    """What a permission allows, in the active language."""
    for model in apps.get_app_config(app).get_models():
        if codename in dict(model._meta.permissions):
            return str(dict(model._meta.permissions)[codename])
        verb, _underscore, name = codename.partition("_")
        if name == model._meta.model_name and verb in model._meta.default_permissions:
            return _sentence(verb) % {"things": model._meta.verbose_name_plural}
    return codename


def _sentence(verb: str) -> str:
    return {
        "view": _("Can see: %(things)s"),
        "add": _("Can add: %(things)s"),
        "change": _("Can change: %(things)s"),
        "delete": _("Can delete: %(things)s"),
    }[verb]
