"""Deadlines and causes in the back office; rules and tickets are worked on in the product."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from exceptions.detect import lifecycle as rules
from exceptions.models import AlertRule, AlertRuleVersion, Cause, Scan, SlaTarget, Ticket
from exceptions.process import causes
from exceptions.triage import lifecycle as targets
from journal.admin import ReadOnlyAdmin, VerbAdmin


@admin.register(SlaTarget)
class SlaTargetAdmin(VerbAdmin):
    list_display = ["severity", "respond_minutes", "resolve_minutes"]
    readonly_fields = ["severity"]
    fields = ["severity", "respond_minutes", "resolve_minutes"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change(self, pk: int, values: Mapping[str, Any], **who: Any) -> object:
        """By the verb."""
        return targets.change_target(target_id=pk, values=values, **who)


@admin.register(Cause)
class CauseAdmin(VerbAdmin):
    list_display = ["code", "__str__", "category", "active"]
    list_filter = ["category", "active"]
    search_fields = ["code", "name_en", "name_zh_hans", "name_zh_hant"]
    fields = ["code", "category", "name_en", "name_zh_hans", "name_zh_hant", "active"]

    def enter(self, values: Mapping[str, Any], **who: Any) -> Cause:
        """By the verb."""
        return causes.enter_cause(values=values, **who)

    def change(self, pk: int, values: Mapping[str, Any], **who: Any) -> object:
        """By the verb."""
        return causes.change_cause(cause_id=pk, values=values, **who)


@admin.register(AlertRule)
class AlertRuleAdmin(VerbAdmin):
    """Names only: what a rule looks for is changed on its page, which makes a new version."""

    list_display = ["code", "__str__", "state", "scanned_at", "matched"]
    fields = ["code", "name_en", "name_zh_hans", "name_zh_hant", "state", "current"]
    readonly_fields = ["code", "state", "current"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change(self, pk: int, values: Mapping[str, Any], **who: Any) -> object:
        """By the verb."""
        return rules.rename(rule_id=pk, values=values, **who)


@admin.register(AlertRuleVersion)
class AlertRuleVersionAdmin(ReadOnlyAdmin):
    list_display = ["rule", "number", "severity", "department", "author", "at"]
    list_filter = ["rule"]
    list_select_related = ["rule", "department", "author"]


@admin.register(Scan)
class ScanAdmin(ReadOnlyAdmin):
    list_display = ["started_at", "finished_at", "rules", "opened", "cleared", "recurred"]
    show_full_result_count = False


@admin.register(Ticket)
class TicketAdmin(ReadOnlyAdmin):
    list_display = ["number", "rule", "order", "severity", "state", "department", "assignee"]
    list_filter = ["state", "severity", "department", "rule"]
    list_select_related = ["rule", "order", "department", "assignee"]
    search_fields = ["number", "order__number", "summary"]
    show_full_result_count = False
