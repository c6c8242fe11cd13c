from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from credit.enums import CreditAction
from credit.models import CheckSetting
from journal.admin import JournaledAdmin


@admin.register(CheckSetting)
class CheckSettingAdmin(JournaledAdmin):
    journal_action = CreditAction.CHECK_CHANGED
    list_display = ["__str__", "active", "tolerance_amount", "tolerance_days"]
    readonly_fields = ["code"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
