"""Deadlines and causes in the back office; rules and tickets are worked on in the product."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from exceptions.detect.enums import RuleAction
from exceptions.models import AlertRule, AlertRuleVersion, Cause, Scan, SlaTarget, Ticket
from exceptions.process.enums import TicketAction
from exceptions.triage.enums import TriageAction
from journal.admin import JournaledAdmin, ReadOnlyAdmin


@admin.register(SlaTarget)
class SlaTargetAdmin(JournaledAdmin):
    journal_action = TriageAction.TARGET_CHANGED
    list_display = ["severity", "respond_minutes", "resolve_minutes"]
    readonly_fields = ["severity"]
    fields = ["severity", "respond_minutes", "resolve_minutes"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Cause)
class CauseAdmin(JournaledAdmin):
    journal_action = TicketAction.CAUSE_CHANGED
    list_display = ["code", "__str__", "category", "active"]
    list_filter = ["category", "active"]
    search_fields = ["code", "name_en", "name_zh_hans", "name_zh_hant"]
    fields = ["code", "category", "name_en", "name_zh_hans", "name_zh_hant", "active"]


@admin.register(AlertRule)
class AlertRuleAdmin(JournaledAdmin):
    """Names only: what a rule looks for is changed on its page, which makes a new version."""

    journal_action = RuleAction.RENAMED
    list_display = ["code", "__str__", "state", "scanned_at", "matched"]
    fields = ["code", "name_en", "name_zh_hans", "name_zh_hant", "state", "current"]
    readonly_fields = ["code", "state", "current"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


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
