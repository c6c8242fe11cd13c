"""Values in Django's admin that are only read, linked only for those who may follow the link."""

from typing import Any

from django import template
from django.contrib.admin import AdminSite
from django.contrib.admin.helpers import AdminReadonlyField
from django.core.exceptions import FieldDoesNotExist
from django.db.models import ForeignKey, Model
from django.http import HttpRequest
from django.template.context import Context

register = template.Library()


@register.simple_tag(takes_context=True)
def as_read(context: Context, field: AdminReadonlyField) -> Any:
    """The value of a field that is only read, without its link where the reader may not follow it.

    Django links whatever the admin has a page of, and asks for the right only on that page.
    """
    found, page = _leads_to(field), field.model_admin
    if found is None or page is None or _may_open(page.admin_site, found, context["request"]):
        return field.contents()
    return str(found)


def _leads_to(field: AdminReadonlyField) -> Model | None:
    name, shown = str(field.field["field"]), field.form.instance
    try:
        refers = isinstance(shown._meta.get_field(name), ForeignKey)
    except FieldDoesNotExist:
        return None
    return getattr(shown, name) if refers else None


def _may_open(site: AdminSite, found: Model, request: HttpRequest) -> bool:
    if not site.is_registered(type(found)):
        return True  # there is no page, and so Django makes no link
    return site.get_model_admin(type(found)).has_view_permission(request, found)
