"""Scorecards in the back office: a draft is edited, tried and published; all others stay."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from credit import lifecycle as credit
from credit.models import (
    CreditScore,
    Industry,
    Scorecard,
    ScorecardBand,
    ScorecardClass,
    ScorecardFactor,
)
from credit.scoring import drafts, lifecycle
from credit.scoring.explain import told
from credit.scoring.preview import preview
from credit.scoring.whole import problems
from journal.admin import ReadOnlyAdmin, VerbAdmin


@admin.register(Industry)
class IndustryAdmin(VerbAdmin):
    list_display = ["code", "__str__", "risk"]
    list_filter = ["risk"]
    search_fields = ["code", "name_en", "name_zh_hans", "name_zh_hant"]

    def enter(self, values: Mapping[str, Any], **who: Any) -> Industry:
        """By the verb."""
        return credit.enter_industry(values=values, **who)

    def change(self, pk: int, values: Mapping[str, Any], **who: Any) -> Industry:
        """By the verb."""
        return credit.change_industry(industry_id=pk, values=values, **who)


class _PartInline(admin.TabularInline):
    """Rows of a card, which may be changed by whoever may change the card, while it is a draft."""

    extra = 0
    classes = ["scorecard-part"]

    def _may(self, request: HttpRequest, obj: Scorecard | None) -> bool:
        return request.user.has_perm("credit.change_scorecard") and bool(obj and obj.is_draft)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("credit.view_scorecard")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, obj)


class FactorInline(_PartInline):
    model = ScorecardFactor


class BandInline(_PartInline):
    model = ScorecardBand


class ClassInline(_PartInline):
    model = ScorecardClass


@admin.register(Scorecard)
class ScorecardAdmin(admin.ModelAdmin):
    change_form_template = "admin/credit/scorecard_form.html"
    list_display = ["__str__", "state", "note", "created_by", "published_by", "published_at"]
    list_filter = ["state"]
    list_select_related = ["created_by", "published_by"]
    readonly_fields = [
        "number", "state", "created_at", "created_by", "published_at", "published_by",
    ]  # fmt: skip
    fieldsets = [
        (None, {"fields": ["number", "state", "note", "currency"]}),
        (None, {"fields": ["created_at", "created_by", "published_at", "published_by"]}),
    ]
    inlines = [FactorInline, ClassInline, BandInline]
    actions = ["make_draft", "publish"]

    class Media:
        css = {"all": ["css/admin_scoring.css"]}

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # a new card begins as a copy of one that works

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.is_draft)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and bool(obj and obj.is_draft)

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("credit.publish_scorecard")

    def has_draft_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("credit.change_scorecard")

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm, formsets: Any, change: bool
    ) -> None:
        """Hand the card and all its rows over to the verb at once."""
        by: Any = request.user
        for formset in formsets:
            formset.save(commit=False)  # tells Django's own history what changed
        card = drafts.edit_draft(
            scorecard_id=form.instance.pk,
            values={name: form.cleaned_data[name] for name in form.changed_data},
            rows={formset.prefix: _rows(formset) for formset in formsets},
            by=by,
            at=timezone.now(),
        )
        for problem in problems(card):
            messages.warning(request, problem)

    def save_model(
        self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool
    ) -> None:
        """Nothing yet: the card is saved with its rows."""

    def delete_model(self, request: HttpRequest, obj: Scorecard) -> None:
        """By the verb."""
        by: Any = request.user
        drafts.discard_draft(scorecard_id=obj.pk, by=by, at=timezone.now())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        extra = {
            "may_publish": self.has_publish_permission(request),
            "may_draft": self.has_draft_permission(request),
        }
        return super().change_view(request, object_id, form_url, (extra_context or {}) | extra)

    @admin.action(
        description=gettext_lazy("Make a draft from the chosen card"), permissions=["draft"]
    )
    def make_draft(self, request: HttpRequest, chosen: models.QuerySet) -> HttpResponse | None:
        card = self._one(request, chosen)
        if card is None:
            return None
        by: Any = request.user
        made = lifecycle.draft_from(scorecard_id=card.pk, by=by, at=timezone.now())
        messages.success(request, _("This is the new draft; it changes nothing until published."))
        return redirect("admin:credit_scorecard_change", made.pk)

    @admin.action(description=gettext_lazy("Publish the chosen draft"), permissions=["publish"])
    def publish(self, request: HttpRequest, chosen: models.QuerySet) -> HttpResponse | None:
        card = self._one(request, chosen)
        if card is None:
            return None
        by: Any = request.user
        if "confirmed" not in request.POST:
            return self._ask(request, card)
        try:
            lifecycle.publish(scorecard_id=card.pk, by=by, at=timezone.now())
        except lifecycle.ScorecardError as error:
            messages.error(request, str(error))
        else:
            told = _("Scorecard %(number)s is in force. All customers are scored anew in a moment.")
            messages.success(request, told % {"number": card.number})
        return redirect("admin:credit_scorecard_change", card.pk)

    def _one(self, request: HttpRequest, chosen: models.QuerySet) -> Scorecard | None:
        cards = list(chosen[:2])
        if len(cards) == 1:
            return cards[0]
        messages.error(request, _("Choose one scorecard."))
        return None

    def _ask(self, request: HttpRequest, card: Scorecard) -> HttpResponse:
        found = problems(card)
        if not card.is_draft:
            found = [_("Only a draft can be published; make a new one from this card.")]
        elif not card.note.strip():
            found.append(_("Write what the scorecard is for before it is published."))
        context = self.admin_site.each_context(request) | {
            "title": _("Publish scorecard %(number)s") % {"number": card.number},
            "opts": self.model._meta,
            "card": card,
            "problems": found,
            "preview": None if found else preview(card, timezone.now()),
            "media": self.media,
            "back": reverse("admin:credit_scorecard_change", args=[card.pk]),
        }
        return TemplateResponse(request, "admin/credit/publish_scorecard.html", context)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Without deleting several: only drafts can be, and those on their own page."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


def _rows(formset: Any) -> list[dict[str, Any]]:
    """What the rows of a formset say, without those that are taken out or stayed empty."""
    kept = [each.cleaned_data for each in formset.forms if each not in formset.deleted_forms]
    fields = [field.name for field in formset.model._meta.concrete_fields[2:]]
    return [{name: one[name] for name in fields} for one in kept if one]


@admin.register(CreditScore)
class CreditScoreAdmin(ReadOnlyAdmin):
    list_display = ["at", "customer", "points", "risk_class", "recommended_limit", "currency"]
    list_filter = ["risk_class"]
    list_select_related = ["customer"]
    search_fields = ["customer__code", "customer__name"]
    show_full_result_count = False
    fields = [
        "customer", "at", "scorecard", "points", "risk_class", "recommended_limit", "currency",
        "reasons",
    ]  # fmt: skip
    readonly_fields = ["reasons"]

    @admin.display(description=gettext_lazy("Reasons"))
    def reasons(self, score: CreditScore) -> SafeString:
        return format_html_join("", "<div>{}</div>", ((line,) for line in told(score)))
