"""Credit policies in the back office: whom each is for, and its versions."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from credit.admin.versions import VersionPages
from credit.enums import PolicyScope, VersionState
from credit.lifecycle import scopes
from credit.models import Policy
from credit.versions import history, newest_first
from journal.admin import VerbAdmin

_WHOM = ["scope", "segment", "risk_class", "customer"]


class PolicyForm(forms.ModelForm[Policy]):
    class Meta:
        model = Policy
        fields = ["code", "name_en", "name_zh_hans", "name_zh_hant", *_WHOM, "excluded"]
        help_texts = {
            "code": _("Small letters, digits and hyphens; it stays."),
            "scope": _("The narrowest policy in force governs a customer, alone."),
            "segment": _("Only for a policy of a segment."),
            "risk_class": _("Only for a policy of a risk class."),
            "customer": _("Only for a policy of one customer."),
        }


@admin.register(Policy)
class PolicyAdmin(VersionPages, VerbAdmin):
    """Name, scope and exclusions are changed here; what a policy asks, in its versions."""

    form = PolicyForm
    list_display = ["code", "__str__", "scope", "whom", "in_force", "in_shadow", "drafted"]
    list_filter = ["scope"]
    search_fields = ["code", "name_en", "name_zh_hans", "name_zh_hant", "customer__code"]
    list_select_related = ["segment", "customer"]
    autocomplete_fields = ["segment", "customer", "excluded"]
    fieldsets = [
        (None, {"fields": ["code", "name_en", "name_zh_hans", "name_zh_hant"]}),
        (_("Who it is for"), {"fields": [*_WHOM, "excluded"]}),
    ]

    class Media:
        css = {"all": ["css/admin_policies.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Policy]:
        return super().get_queryset(request).prefetch_related("versions")

    def get_urls(self) -> list[URLPattern]:
        pages = [
            ("why/", self.why_page, "why"),
            ("<int:pk>/draft/", self.draft_page, "draft"),
            ("<int:pk>/versions/<int:version_pk>/", self.version_page, "version"),
            ("<int:pk>/versions/<int:version_pk>/publish/", self.publish_page, "publish"),
            ("<int:pk>/versions/<int:version_pk>/move/", self.move_page, "move"),
        ]
        wrap = self.admin_site.admin_view
        own = [path(route, wrap(view), name=f"credit_policy_{name}") for route, view, name in pages]
        return own + super().get_urls()

    def get_readonly_fields(self, request: HttpRequest, obj: Policy | None = None) -> list[str]:
        """The code stays; so does the scope of the policy that governs whoever has no other."""
        fields = ["code"] if obj else []
        if obj and obj.scope == PolicyScope.ALL:
            fields += _WHOM
        return fields

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # decisions refer to the versions; a policy ends by retiring its version

    def enter(self, values: Mapping[str, Any], **who: Any) -> Policy:
        """By the verb."""
        said = dict(values)
        excluded = said.pop("excluded", ())
        return scopes.enter_policy(values=said, excluded=excluded, **who)

    def change(self, pk: int, values: Mapping[str, Any], **who: Any) -> Policy:
        """By the verb."""
        said = dict(values)
        excluded = said.pop("excluded", None)
        return scopes.change_policy(policy_id=pk, values=said, excluded=excluded, **who)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        extra = {"history": [], "draft": None} | (extra_context or {})
        policy = self.get_object(request, object_id)
        if policy is not None and self.has_view_or_change_permission(request, policy):
            extra["history"] = newest_first(history(policy))
            extra["draft"] = _version(policy, VersionState.DRAFT)
        return super().change_view(request, object_id, form_url, extra)

    def response_post_save_add(self, request: HttpRequest, obj: Policy) -> HttpResponseRedirect:
        """A policy without a version does nothing, so its page comes next."""
        return redirect("admin:credit_policy_change", obj.pk)

    @admin.display(description=_("who it is for"))
    def whom(self, policy: Policy) -> str:
        named = policy.segment or policy.customer or policy.get_risk_class_display()
        return str(named or _("everybody"))

    @admin.display(description=_("in force"))
    def in_force(self, policy: Policy) -> str | SafeString:
        return _link(policy, VersionState.PUBLISHED)

    @admin.display(description=_("in the shadow"))
    def in_shadow(self, policy: Policy) -> str | SafeString:
        return _link(policy, VersionState.SHADOW)

    @admin.display(description=_("draft"))
    def drafted(self, policy: Policy) -> str | SafeString:
        return _link(policy, VersionState.DRAFT)


def _version(policy: Policy, state: str) -> Any:
    return next((v for v in policy.versions.all() if v.state == state), None)


def _link(policy: Policy, state: str) -> str | SafeString:
    version = _version(policy, state)
    if version is None:
        return "–"
    url = reverse("admin:credit_policy_version", args=[policy.pk, version.pk])
    text = _("version %(number)s") % {"number": version.number}
    return format_html('<a href="{}">{}</a>', url, text)
