"""Webhooks in Django admin: to look at. They are changed on their own pages."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from journal.admin import ReadOnlyAdmin
from journal.webhooks.models import WebhookAttempt, WebhookEndpoint, WebhookMessage


@admin.register(WebhookEndpoint)
class EndpointAdmin(ReadOnlyAdmin):
    list_display = ["description", "url", "state", "delivered_at", "failures"]
    list_filter = ["state"]
    fields = [
        "description",
        "url",
        "topics",
        "state",
        "stop",
        "created_by",
        "created_at",
        "delivered_at",
        "failures",
        "failing_since",
        "rest_until",
    ]


class AttemptInline(admin.TabularInline):
    model = WebhookAttempt
    fields = readonly_fields = ("number", "at", "ended_at", "cause", "status", "milliseconds")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(WebhookMessage)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ["topic", "lane", "endpoint", "state", "cause", "attempts", "created_at"]
    list_filter = ["state", "endpoint"]
    list_select_related = ["endpoint"]
    show_full_result_count = False
    ordering = ["-pk"]
    fields = [
        "key",
        "endpoint",
        "topic",
        "lane",
        "state",
        "cause",
        "attempts",
        "created_at",
        "next_at",
        "ended_at",
    ]
    inlines = [AttemptInline]
